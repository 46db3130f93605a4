use expect_test::expect;

use super::*;

#[test]
fn a_private_thread_is_told_to_who_may_see_it() {
    let mut scene = Scene::new();
    let draft = read::thread(&json!({"name": "t", "invitable": false})).unwrap();
    let (now, bot, tickets) = (scene.now, scene.ids.bot, scene.ids.tickets);
    let made = scene.world.create_thread(now, bot, tickets, draft).unwrap();
    expect![[r#"
        THREAD_CREATE to bot olivia max
        THREAD_MEMBERS_UPDATE to bot olivia max
    "#]]
    .assert_eq(&scene.told(&made.events));
    let created = scene.heard(&made.events, EventName::ThreadCreate, bot);
    assert_eq!(created["newly_created"], true);
    assert_eq!(created["type"], 12);
    assert_eq!(created["thread_metadata"]["invitable"], false);
}

#[test]
fn a_public_thread_is_announced_in_its_channel() {
    let mut scene = Scene::new();
    let (now, mia, general) = (scene.now, scene.ids.member, scene.ids.general);
    let draft = read::thread(&json!({"name": "t", "type": 11})).unwrap();
    let made = scene.world.create_thread(now, mia, general, draft).unwrap();
    expect![[r#"
        THREAD_CREATE to bot olivia max mia noah
        THREAD_MEMBERS_UPDATE to bot olivia max mia noah
        MESSAGE_CREATE to bot olivia max mia noah
    "#]]
    .assert_eq(&scene.told(&made.events));
    let message = scene.heard(&made.events, EventName::MessageCreate, mia);
    assert_eq!(
        (&message["type"], &message["content"]),
        (&json!(18), &json!("t"))
    );
}

#[test]
fn a_thread_from_a_message_has_its_id() {
    let mut scene = Scene::new();
    let (now, mia, general) = (scene.now, scene.ids.member, scene.ids.general);
    let message = scene.say(mia, general, "a question").unwrap().value;
    let draft = || read::thread_from_message(&json!({"name": "t"})).unwrap();
    let made = scene
        .world
        .create_thread_from_message(now, scene.ids.member2, general, message, draft())
        .unwrap();
    assert_eq!(made.value.0, message.0);
    expect![[r#"
        THREAD_CREATE to bot olivia max mia noah
        THREAD_MEMBERS_UPDATE to bot olivia max mia noah
        MESSAGE_UPDATE to bot olivia max mia noah
        MESSAGE_CREATE to bot olivia max mia noah
    "#]]
    .assert_eq(&scene.told(&made.events));
    let starter = scene.heard(&made.events, EventName::MessageCreate, mia);
    assert_eq!(starter["type"], 21);
    assert_eq!(starter["referenced_message"]["content"], "a question");
    // The starting message is not counted.
    assert_eq!(scene.thread(made.value).message_count, 0);
    let again = scene
        .world
        .create_thread_from_message(now, mia, general, message, draft());
    assert_eq!(code(&again), 160_004);
}

#[test]
fn a_mention_invites_into_a_private_thread() {
    let mut scene = Scene::new();
    let Defaults {
        owner,
        guild,
        moderator_role,
        ..
    } = scene.ids.clone();
    let let_mention = |scene: &mut Scene, mentionable: bool| {
        let edit = read::role(&json!({"mentionable": mentionable})).unwrap();
        let _ = scene
            .world
            .edit_role(scene.now, owner, guild, moderator_role, edit)
            .unwrap();
    };
    let_mention(&mut scene, false);
    let thread = scene.ticket(false);
    let text = format!("<@{}>, <@&{}>", scene.ids.member, scene.ids.moderator_role);
    // The role cannot be mentioned, so only Mia is invited.
    let sent = scene.say(scene.ids.bot, thread, &text).unwrap();
    expect![[r#"
        THREAD_MEMBERS_UPDATE to bot olivia max mia
        THREAD_CREATE to mia
        MESSAGE_CREATE to bot olivia max mia
    "#]]
    .assert_eq(&scene.told(&sent.events));
    let created = scene.heard(&sent.events, EventName::ThreadCreate, scene.ids.member);
    assert_eq!(created["member"]["user_id"], json!(scene.ids.member));
    assert!(created.get("newly_created").is_none());
    let added = scene.heard(&sent.events, EventName::ThreadMembersUpdate, scene.ids.bot);
    assert_eq!(added["member_count"], 2);
    assert_eq!(
        added["added_members"][0]["member"]["user"]["username"],
        "mia"
    );

    let_mention(&mut scene, true);
    let sent = scene.say(scene.ids.bot, thread, &text).unwrap();
    expect![[r#"
        THREAD_MEMBERS_UPDATE to bot olivia max mia
        THREAD_CREATE to max
        MESSAGE_CREATE to bot olivia max mia
    "#]]
    .assert_eq(&scene.told(&sent.events));
}

#[test]
fn mentions_that_do_not_count_invite_nobody() {
    let mut scene = Scene::new();
    let thread = scene.ticket(true);
    let text = format!("<@{}>", scene.ids.member);
    let body = json!({"content": text, "allowed_mentions": {"parse": []}});
    let sent = scene.send(scene.ids.bot, thread, &body).unwrap();
    assert_eq!(scene.thread(thread).members.len(), 1);
    assert_eq!(
        scene.heard(&sent.events, EventName::MessageCreate, scene.ids.bot)["mentions"],
        json!([])
    );
    let quoted = format!("`{text}`");
    let _ = scene.say(scene.ids.bot, thread, &quoted).unwrap();
    assert_eq!(scene.thread(thread).members.len(), 1);
}

#[test]
fn only_who_may_see_the_parent_can_be_invited() {
    let mut scene = Scene::new();
    let body = json!({"type": 1, "allow": "0", "deny": "1024"});
    let hidden = read::overwrite(scene.ids.member.0, &body).unwrap();
    let (now, owner, tickets) = (scene.now, scene.ids.owner, scene.ids.tickets);
    let _ = scene
        .world
        .set_overwrite(now, owner, tickets, hidden)
        .unwrap();
    let thread = scene.tickets_member();
    assert!(!scene.thread(thread).members.contains_key(&scene.ids.member));
    let added = scene
        .world
        .add_thread_member(now, scene.ids.bot, thread, scene.ids.member);
    assert_eq!(code(&added), 50001);
}

#[test]
fn only_some_invite_where_it_is_not_for_all() {
    for (invitable, expected) in [(true, true), (false, false)] {
        let mut scene = Scene::new();
        let thread = scene.ticket(invitable);
        let _ = scene
            .say(scene.ids.bot, thread, &format!("<@{}>", scene.ids.member))
            .unwrap();
        let noah = scene.ids.member2;
        let _ = scene
            .say(scene.ids.member, thread, &format!("<@{noah}>"))
            .unwrap();
        assert_eq!(scene.thread(thread).members.contains_key(&noah), expected);
        let added = scene
            .world
            .add_thread_member(scene.now, scene.ids.member, thread, noah);
        assert_eq!(code(&added), if expected { 0 } else { 50013 });
        // A moderator always may.
        let _ = scene
            .say(scene.ids.moderator, thread, &format!("<@{noah}>"))
            .unwrap();
        assert!(scene.thread(thread).members.contains_key(&noah));
    }
}

#[test]
fn a_large_role_is_not_expanded() {
    let mut scene = Scene::new();
    let (now, owner, guild) = (scene.now, scene.ids.owner, scene.ids.guild);
    let wish = read::role(&json!({"mentionable": true})).unwrap();
    let role = scene
        .world
        .create_role(now, owner, guild, wish)
        .unwrap()
        .value;
    for n in 0..100 {
        let person = draft::PersonDraft {
            username: format!("p{n}"),
            global_name: None,
            locale: "en-US".into(),
            created: None,
        };
        let person = scene.world.add_person(now, person);
        let _ = scene
            .world
            .add_member(now, guild, person, &[role], now)
            .unwrap();
    }
    let thread = scene.ticket(true);
    let sent = scene
        .say(scene.ids.bot, thread, &format!("<@&{role}>"))
        .unwrap();
    let message = scene.heard(&sent.events, EventName::MessageCreate, scene.ids.bot);
    assert_eq!(message["flags"], 1 << 8);
    assert_eq!(scene.thread(thread).members.len(), 1);
}

#[test]
fn adding_and_removing_leaves_a_note() {
    let mut scene = Scene::new();
    let thread = scene.ticket(true);
    let (now, bot, noah) = (scene.now, scene.ids.bot, scene.ids.member2);
    let added = scene
        .world
        .add_thread_member(now, bot, thread, noah)
        .unwrap();
    expect![[r#"
        THREAD_MEMBERS_UPDATE to bot olivia max noah
        THREAD_CREATE to noah
        MESSAGE_CREATE to bot olivia max noah
    "#]]
    .assert_eq(&scene.told(&added.events));
    let note = scene.heard(&added.events, EventName::MessageCreate, noah);
    assert_eq!(
        (&note["type"], &note["mentions"][0]["id"]),
        (&json!(1), &json!(noah))
    );
    let again = scene
        .world
        .add_thread_member(now, bot, thread, noah)
        .unwrap();
    assert!(again.events.is_empty());

    // The removed member gets this event, and no later ones.
    let removed = scene
        .world
        .remove_thread_member(now, bot, thread, noah)
        .unwrap();
    expect![[r#"
        THREAD_MEMBERS_UPDATE to bot olivia max noah
        MESSAGE_CREATE to bot olivia max
    "#]]
    .assert_eq(&scene.told(&removed.events));
    let again = scene.world.remove_thread_member(now, bot, thread, noah);
    assert_eq!(code(&again), 10007);
}

#[test]
fn leaving_leaves_no_note() {
    let mut scene = Scene::new();
    let thread = scene.tickets_member();
    let mia = scene.ids.member;
    let left = scene
        .world
        .remove_thread_member(scene.now, mia, thread, mia)
        .unwrap();
    expect![[r#"
        THREAD_MEMBERS_UPDATE to bot olivia max mia
    "#]]
    .assert_eq(&scene.told(&left.events));
    assert_eq!(code(&scene.say(mia, thread, "still here?")), 50001);
    // She cannot rejoin on her own.
    assert_eq!(
        code(&scene.world.add_thread_member(scene.now, mia, thread, mia)),
        50001
    );
}

#[test]
fn without_the_members_intent_a_bot_hears_of_itself_only() {
    let mut scene = Scene::new();
    scene.intents = Intents(Intents::GUILDS.0 | Intents::GUILD_MESSAGES.0);
    let thread = scene.ticket(true);
    let added = scene
        .world
        .add_thread_member(scene.now, scene.ids.bot, thread, scene.ids.member)
        .unwrap();
    expect![[r#"
        THREAD_MEMBERS_UPDATE to olivia max mia
        THREAD_CREATE to mia
        MESSAGE_CREATE to bot olivia max mia
    "#]]
    .assert_eq(&scene.told(&added.events));
    let (owner, bot) = (scene.ids.owner, scene.ids.bot);
    let removed = scene
        .world
        .remove_thread_member(scene.now, owner, thread, bot)
        .unwrap();
    assert!(scene.dispatched(&removed.events[0], bot).is_some());
}

#[test]
fn who_may_change_what_about_a_thread() {
    // For its creator, another member, and a moderator.
    for (edit, expected) in [
        (json!({"name": "n"}), [0, 50013, 0]),
        (json!({"archived": true}), [0, 50013, 0]),
        (json!({"locked": true}), [50013, 50013, 0]),
        (json!({"rate_limit_per_user": 5}), [50013, 50013, 0]),
        (json!({"locked": false}), [0, 0, 0]),
    ] {
        let found = [0, 1, 2].map(|person| {
            let mut scene = Scene::new();
            let draft = read::thread(&json!({"name": "t", "type": 11})).unwrap();
            let (now, ids) = (scene.now, scene.ids.clone());
            let made = scene
                .world
                .create_thread(now, ids.member, ids.support, draft);
            let who = [ids.member, ids.member2, ids.moderator][person];
            code(&scene.edit(who, made.unwrap().value, &edit))
        });
        assert_eq!(found, expected, "{edit}");
    }
}

#[test]
fn a_rename_leaves_a_note() {
    let mut scene = Scene::new();
    let thread = scene.tickets_member();
    let edited = scene
        .edit(scene.ids.bot, thread, &json!({"name": "  solved "}))
        .unwrap();
    let note = scene.heard(&edited.events, EventName::MessageCreate, scene.ids.member);
    assert_eq!(
        (&note["type"], &note["content"]),
        (&json!(4), &json!("solved"))
    );
}

#[test]
fn a_server_has_at_most_a_thousand_active_threads() {
    let mut scene = Scene::new();
    let first = scene.ticket(true);
    for _ in 1..1000 {
        scene.ticket(true);
    }
    let (now, bot, tickets) = (scene.now, scene.ids.bot, scene.ids.tickets);
    let draft = || read::thread(&json!({"name": "t"})).unwrap();
    assert_eq!(
        code(&scene.world.create_thread(now, bot, tickets, draft())),
        160_006
    );
    let _ = scene.edit(bot, first, &json!({"archived": true})).unwrap();
    assert_eq!(
        code(&scene.world.create_thread(now, bot, tickets, draft())),
        0
    );
    assert_eq!(
        code(&scene.edit(bot, first, &json!({"archived": false}))),
        160_006
    );
}

#[test]
fn deleting_is_for_moderators() {
    let mut scene = Scene::new();
    let thread = scene.tickets_member();
    let (now, mia, moderator) = (scene.now, scene.ids.member, scene.ids.moderator);
    assert_eq!(code(&scene.world.delete_channel(now, mia, thread)), 50013);
    let deleted = scene.world.delete_channel(now, moderator, thread).unwrap();
    expect![[r#"
        THREAD_DELETE to bot olivia max mia
    "#]]
    .assert_eq(&scene.told(&deleted.events));
    let event = scene.heard(&deleted.events, EventName::ThreadDelete, mia);
    assert_eq!(event["type"], 12);
    assert_eq!(event["parent_id"], json!(scene.ids.tickets));
    assert_eq!(code(&scene.say(mia, thread, "gone?")), 10003);
}
