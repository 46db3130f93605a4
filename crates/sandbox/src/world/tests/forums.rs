use super::*;
use crate::id::TagId;

/// A scene with a forum that the owner made, and its tags `bug` and, moderated, `done`.
fn forum() -> (Scene, ChannelId, TagId, TagId) {
    let mut scene = Scene::new();
    let body = json!({"name": "Help Here", "type": 15, "available_tags": [
        {"name": "bug", "emoji_name": "🐛"}, {"name": "done", "moderated": true},
    ]});
    let draft = read::channel(&body).unwrap();
    let (owner, guild) = (scene.ids.owner, scene.ids.guild);
    let made = scene.world.create_channel(scene.now, owner, guild, draft);
    let forum = made.unwrap().value;
    let tags = &scene.world.channel(forum).unwrap().forum.tags;
    let (bug, done) = (tags[0].id, tags[1].id);
    (scene, forum, bug, done)
}

impl Scene {
    fn post(&mut self, who: UserId, forum: ChannelId, body: &Value) -> Outcome<ChannelId> {
        let draft = read::post(body, Vec::new())?;
        self.world.create_post(self.now, who, forum, draft)
    }
}

fn question(tags: &[TagId]) -> Value {
    json!({"name": "It burns", "message": {"content": "Where is the exit?"}, "applied_tags": tags})
}

#[test]
fn a_post_begins_with_a_message_of_its_own_id() {
    let (mut scene, forum, bug, _) = forum();
    let (mia, bot) = (scene.ids.member, scene.ids.bot);
    let made = scene.post(mia, forum, &question(&[bug])).unwrap();
    let post = made.value;
    let names: Vec<_> = made
        .events
        .iter()
        .map(|event| event.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "THREAD_CREATE",
            "THREAD_MEMBERS_UPDATE",
            "GUILD_AUDIT_LOG_ENTRY_CREATE",
            "MESSAGE_CREATE"
        ]
    );
    let told = scene.heard(&made.events, EventName::ThreadCreate, bot);
    assert_eq!(
        (&told["type"], &told["applied_tags"], &told["parent_id"]),
        (&json!(11), &json!([bug]), &json!(forum))
    );
    let first = scene.world.message(post, MessageId(post.0)).unwrap();
    assert_eq!(first.content, "Where is the exit?");
    let found = scene.world.channel(forum).unwrap();
    assert_eq!(
        (&*found.name, found.last_message),
        ("help-here", Some(MessageId(post.0)))
    );
    // The first message is not counted, whether it exists or not.
    assert_eq!(scene.thread(post).message_count, 0);
    let _ = scene.say(bot, post, "Left.").unwrap();
    let erased = scene
        .world
        .delete_message(scene.now, mia, post, MessageId(post.0));
    assert_eq!((code(&erased), scene.thread(post).message_count), (0, 1));
}

#[test]
fn a_forum_holds_posts_only() {
    let (mut scene, forum, _, _) = forum();
    let (mia, general) = (scene.ids.member, scene.ids.general);
    assert_eq!(code(&scene.say(mia, forum, "hello")), 50008);
    let thread = read::thread(&json!({"name": "t", "type": 11})).unwrap();
    let made = scene.world.create_thread(scene.now, mia, forum, thread);
    assert_eq!(code(&made), 50024);
    assert_eq!(code(&scene.post(mia, general, &question(&[]))), 50024);
    let empty = json!({"name": "t", "message": {}});
    assert_eq!(code(&scene.post(mia, forum, &empty)), 50006);
    let error = read::post(&json!({"name": "t"}), Vec::new()).unwrap_err();
    assert_eq!(
        wrong_fields(&error),
        "/message: BASE_TYPE_REQUIRED: This field is required\n"
    );
}

#[test]
fn tags_are_the_forums_and_some_are_for_moderators() {
    let (mut scene, forum, bug, done) = forum();
    let (mia, max) = (scene.ids.member, scene.ids.moderator);
    assert_eq!(code(&scene.post(mia, forum, &question(&[TagId(7)]))), 10087);
    assert_eq!(code(&scene.post(mia, forum, &question(&[done]))), 50013);
    let post = scene.post(mia, forum, &question(&[bug])).unwrap().value;
    let tagged = |tags: &[TagId]| json!({"applied_tags": tags});
    assert_eq!(code(&scene.edit(mia, post, &tagged(&[bug, done]))), 50013);
    assert_eq!(code(&scene.edit(max, post, &tagged(&[done]))), 0);
    assert_eq!(code(&scene.edit(mia, post, &tagged(&[bug]))), 50013);

    let owner = scene.ids.owner;
    let required = json!({"flags": 16});
    assert_eq!(code(&scene.edit(owner, forum, &required)), 0);
    assert_eq!(code(&scene.post(mia, forum, &question(&[]))), 40067);
    // Tags that stay keep their ids; removed tags are taken from posts.
    let left = json!({"available_tags": [{"id": bug, "name": "fault"}, {"name": "idea"}]});
    assert_eq!(code(&scene.edit(owner, forum, &left)), 0);
    assert_eq!(scene.thread(post).post.clone().unwrap().tags, []);
    let found = scene.world.channel(forum).unwrap();
    let names: Vec<&str> = found.forum.tags.iter().map(|tag| &*tag.name).collect();
    assert_eq!(
        (names, found.forum.tags[0].id),
        (vec!["fault", "idea"], bug)
    );
    let twice = json!({"available_tags": [{"name": "a"}, {"name": "a"}]});
    assert_eq!(code(&scene.edit(owner, forum, &twice)), 40061);
}

#[test]
fn one_post_is_pinned_at_most_by_a_moderator() {
    let (mut scene, forum, _, _) = forum();
    let (mia, max) = (scene.ids.member, scene.ids.moderator);
    let first = scene.post(mia, forum, &question(&[])).unwrap().value;
    let second = scene.post(mia, forum, &question(&[])).unwrap().value;
    let (pin, unpin) = (json!({"flags": 2}), json!({"flags": 0}));
    assert_eq!(code(&scene.edit(mia, first, &pin)), 50013);
    assert_eq!(code(&scene.edit(max, first, &pin)), 0);
    assert_eq!(code(&scene.edit(max, second, &pin)), 30047);
    assert_eq!(code(&scene.edit(max, first, &unpin)), 0);
    assert_eq!(code(&scene.edit(max, second, &pin)), 0);
}

#[test]
fn a_pinned_post_is_archived_by_hand_only_and_is_then_not_pinned() {
    let (mut scene, forum, _, _) = forum();
    let max = scene.ids.moderator;
    let post = scene.post(max, forum, &question(&[])).unwrap().value;
    let pinned = json!({"flags": 2, "auto_archive_duration": 60});
    let _ = scene.edit(max, post, &pinned).unwrap();
    assert!(scene.later(2 * DAY).is_empty());
    let _ = scene.edit(max, post, &json!({"archived": true})).unwrap();
    assert!(!scene.thread(post).post.clone().unwrap().pinned);
    let _ = scene.edit(max, post, &json!({"archived": false})).unwrap();
    let _ = scene.edit(max, post, &json!({"flags": 2})).unwrap();
    assert!(scene.later(2 * DAY).is_empty());
    // Without the pin, the post has been quiet for long enough.
    let _ = scene.edit(max, post, &json!({"flags": 0})).unwrap();
    assert_eq!(scene.later(0).len(), 1);
}

#[test]
fn new_threads_take_over_the_slowmode_of_their_channel() {
    let mut scene = Scene::new();
    let (owner, bot, tickets) = (scene.ids.owner, scene.ids.bot, scene.ids.tickets);
    let slow = json!({"default_thread_rate_limit_per_user": 30});
    let _ = scene.edit(owner, tickets, &slow).unwrap();
    let shown = wire::channel(scene.world.place(tickets).unwrap());
    assert_eq!(shown["default_thread_rate_limit_per_user"], 30);
    let slow = scene.ticket(true);
    assert_eq!(scene.thread(slow).rate_limit_per_user, 30);
    let own = read::thread(&json!({"name": "t", "rate_limit_per_user": 5})).unwrap();
    let own = scene.world.create_thread(scene.now, bot, tickets, own);
    assert_eq!(scene.thread(own.unwrap().value).rate_limit_per_user, 5);
}

#[test]
fn settings_of_forums_are_refused_elsewhere() {
    let mut scene = Scene::new();
    let (owner, general, guild) = (scene.ids.owner, scene.ids.general, scene.ids.guild);
    for (field, value) in [
        ("available_tags", json!([{"name": "a"}])),
        ("default_reaction_emoji", json!({"emoji_name": "👍"})),
        ("default_sort_order", json!(1)),
        ("default_forum_layout", json!(2)),
        ("flags", json!(16)),
    ] {
        let refused = scene.edit(owner, general, &json!({field: value}));
        let refused = refused.unwrap_err();
        assert!(!refused.unsupported_sentences().is_empty(), "{field}");
        let draft = read::channel(&json!({"name": "a", field: value})).unwrap();
        let made = scene.world.create_channel(scene.now, owner, guild, draft);
        assert_eq!(made.unwrap_err(), refused, "{field}");
    }
}
