use expect_test::expect;

use super::*;
use crate::wire::read::FilePart;
use crate::world::draft::{Page, Start};

fn picture(index: u64, name: &str) -> FilePart {
    let data = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08";
    FilePart {
        index,
        filename: name.into(),
        content_type: None,
        data: data[..].into(),
    }
}

fn shown(scene: &Scene, channel: ChannelId, id: MessageId) -> Value {
    wire::message(&scene.world, scene.world.message(channel, id).unwrap())
}

#[test]
fn who_may_write_where() {
    let mut scene = Scene::new();
    let ids = scene.ids.clone();
    for (who, channel, expected) in [
        (ids.member, ids.general, 0),
        (ids.member, ids.welcome, 50013),
        (ids.bot, ids.welcome, 0),
        (ids.owner, ids.welcome, 0),
        (ids.member, ChannelId(1), 10003),
    ] {
        assert_eq!(
            code(&scene.say(who, channel, "hi")),
            expected,
            "{who} in {channel}"
        );
    }
    assert_eq!(code(&scene.say(ids.member, ids.general, " \n ")), 50006);
}

#[test]
fn a_deny_on_files_or_embeds_refuses_the_message() {
    let mut scene = Scene::new();
    let (now, owner, general) = (scene.now, scene.ids.owner, scene.ids.general);
    let files_and_embeds = Permissions::ATTACH_FILES | Permissions::EMBED_LINKS;
    let body = json!({"type": 1, "allow": "0", "deny": files_and_embeds});
    let overwrite = read::overwrite(scene.ids.bot.0, &body).unwrap();
    let _ = scene
        .world
        .set_overwrite(now, owner, general, overwrite)
        .unwrap();
    let embed = json!({"embeds": [{"title": "t"}]});
    assert_eq!(code(&scene.send(scene.ids.bot, general, &embed)), 50013);
    let draft = read::message(&json!({}), vec![picture(0, "a.png")]).unwrap();
    assert_eq!(
        code(&scene.world.send_message(now, scene.ids.bot, general, draft)),
        50013
    );
    assert_eq!(code(&scene.say(scene.ids.bot, general, "text")), 0);
}

#[test]
fn a_file_that_an_embed_shows_is_no_attachment() {
    let mut scene = Scene::new();
    let body = json!({
        "embeds": [{"image": {"url": "attachment://my_cat.png"}}],
        "attachments": [{"id": 0, "description": "A cat"}, {"id": "1"}],
    });
    let files = vec![picture(0, "my cat.png"), picture(1, "dog.png")];
    let draft = read::message(&body, files).unwrap();
    let (now, bot, general) = (scene.now, scene.ids.bot, scene.ids.general);
    let id = scene
        .world
        .send_message(now, bot, general, draft)
        .unwrap()
        .value;
    let json = shown(&scene, general, id);
    let image = &json["embeds"][0]["image"];
    assert!(
        image["url"].as_str().unwrap().contains("/my_cat.png?ex="),
        "{image}"
    );
    assert_eq!(
        (&image["width"], &image["height"]),
        (&json!(640), &json!(480))
    );
    assert_eq!(json["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(json["attachments"][0]["filename"], "dog.png");
    assert_eq!(json["attachments"][0]["content_type"], "image/png");

    // An edit with an empty list of attachments drops the dog, but not the cat.
    let cat = scene.world.files.keys().copied().min().unwrap();
    let edit = read::message_edit(&json!({"attachments": [], "content": "x"}), vec![]).unwrap();
    let _ = scene
        .world
        .edit_message(now, bot, general, id, edit)
        .unwrap();
    assert_eq!(scene.world.files.keys().copied().collect::<Vec<_>>(), [cat]);
    let _ = scene.world.delete_message(now, bot, general, id).unwrap();
    assert!(scene.world.files.is_empty());
}

#[test]
fn an_edit_keeps_and_adds_attachments() {
    let mut scene = Scene::new();
    let (now, bot, general) = (scene.now, scene.ids.bot, scene.ids.general);
    let draft = read::message(&json!({}), vec![picture(0, "a.png"), picture(1, "b.png")]).unwrap();
    let id = scene
        .world
        .send_message(now, bot, general, draft)
        .unwrap()
        .value;
    let first = shown(&scene, general, id)["attachments"][0]["id"].clone();
    let edit = |scene: &mut Scene, body: Value, files| {
        let edit = read::message_edit(&body, files).unwrap();
        scene.world.edit_message(now, bot, general, id, edit)
    };
    let kept_and_new = json!({"attachments": [{"id": first}, {"id": 0}]});
    let _ = edit(&mut scene, kept_and_new, vec![picture(0, "c.png")]).unwrap();
    let names = |scene: &Scene| {
        let json = shown(scene, general, id);
        let list = json["attachments"].as_array().unwrap().clone();
        list.iter()
            .map(|a| a["filename"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&scene), ["a.png", "c.png"]);
    // Without a list of attachments, the old ones stay.
    let _ = edit(&mut scene, json!({"content": "x"}), vec![]).unwrap();
    assert_eq!(names(&scene), ["a.png", "c.png"]);
    let unknown = edit(&mut scene, json!({"attachments": [{"id": "1"}]}), vec![]);
    assert_eq!(code(&unknown), 50035);
    let emptied = edit(
        &mut scene,
        json!({"attachments": [], "content": null}),
        vec![],
    );
    assert_eq!(code(&emptied), 50006);
}

#[test]
fn a_nonce_sends_once() {
    let mut scene = Scene::new();
    let (bot, general) = (scene.ids.bot, scene.ids.general);
    let body = json!({"content": "hi", "nonce": "n1", "enforce_nonce": true});
    let first = scene.send(bot, general, &body).unwrap();
    let again = scene.send(bot, general, &body).unwrap();
    assert_eq!(first.value, again.value);
    assert!(again.events.is_empty());
    // The message is sent again without `enforce_nonce`, by another author, or after a while.
    let other = scene
        .send(bot, general, &json!({"content": "hi", "nonce": "n1"}))
        .unwrap();
    assert_ne!(first.value, other.value);
    assert_ne!(
        scene.send(scene.ids.owner, general, &body).unwrap().value,
        first.value
    );
    scene.later(6 * MINUTE);
    assert_ne!(scene.send(bot, general, &body).unwrap().value, other.value);
}

#[test]
fn replies_mention_their_author() {
    let mut scene = Scene::new();
    let (mia, noah, general) = (scene.ids.member, scene.ids.member2, scene.ids.general);
    let question = scene.say(mia, general, "?").unwrap().value;
    let reply = |body: Value| {
        let mut body = body;
        body["content"] = "!".into();
        body["message_reference"]["message_id"] = json!(question);
        body
    };
    let sent = scene.send(noah, general, &reply(json!({}))).unwrap();
    let message = scene.heard(&sent.events, EventName::MessageCreate, mia);
    assert_eq!(message["type"], 19);
    assert_eq!(message["mentions"][0]["id"], json!(mia));
    assert_eq!(message["referenced_message"]["content"], "?");
    let silent = reply(json!({"allowed_mentions": {"parse": ["users"], "replied_user": false}}));
    let sent = scene.send(noah, general, &silent).unwrap();
    let message = scene.heard(&sent.events, EventName::MessageCreate, mia);
    assert_eq!(message["mentions"], json!([]));

    let _ = scene
        .world
        .delete_message(scene.now, mia, general, question)
        .unwrap();
    assert_eq!(code(&scene.send(noah, general, &reply(json!({})))), 50035);
    let lenient = json!({"message_reference": {"fail_if_not_exists": false}});
    let sent = scene.send(noah, general, &reply(lenient)).unwrap();
    assert_eq!(
        scene.heard(&sent.events, EventName::MessageCreate, mia)["type"],
        0
    );
}

#[test]
fn everyone_is_mentioned_only_by_who_may() {
    let mut scene = Scene::new();
    let general = scene.ids.general;
    for (who, expected) in [(scene.ids.member, false), (scene.ids.owner, true)] {
        let sent = scene.say(who, general, "@everyone").unwrap();
        let message = scene.heard(&sent.events, EventName::MessageCreate, scene.ids.member2);
        assert_eq!(message["mention_everyone"], expected);
    }
}

#[test]
fn who_may_edit_and_delete() {
    let mut scene = Scene::new();
    let ids = scene.ids.clone();
    let id = scene.say(ids.member, ids.general, "hi").unwrap().value;
    let edit = |scene: &mut Scene, who, body: Value| {
        let edit = read::message_edit(&body, vec![]).unwrap();
        code(
            &scene
                .world
                .edit_message(scene.now, who, ids.general, id, edit),
        )
    };
    assert_eq!(
        edit(&mut scene, ids.moderator, json!({"content": "x"})),
        50005
    );
    assert_eq!(edit(&mut scene, ids.moderator, json!({"flags": 4})), 0);
    assert_eq!(edit(&mut scene, ids.member2, json!({"flags": 4})), 50013);
    assert!(shown(&scene, ids.general, id)["edited_timestamp"].is_null());
    assert_eq!(edit(&mut scene, ids.member, json!({"content": "x"})), 0);
    assert!(shown(&scene, ids.general, id)["edited_timestamp"].is_string());
    let delete =
        |scene: &mut Scene, who| scene.world.delete_message(scene.now, who, ids.general, id);
    assert_eq!(code(&delete(&mut scene, ids.member2)), 50013);
    let deleted = delete(&mut scene, ids.moderator).unwrap();
    expect![[r#"
        MESSAGE_DELETE to bot olivia max mia noah
    "#]]
    .assert_eq(&scene.told(&deleted.events));
    assert_eq!(code(&delete(&mut scene, ids.moderator)), 10008);
}

#[test]
fn many_are_deleted_at_once() {
    let mut scene = Scene::new();
    let (moderator, general) = (scene.ids.moderator, scene.ids.general);
    let mut messages = Vec::new();
    for _ in 0..3 {
        messages.push(scene.say(scene.ids.member, general, "hi").unwrap().value);
    }
    let (now, member) = (scene.now, scene.ids.member);
    let delete = |scene: &mut Scene, who, now, messages: &[MessageId]| {
        scene.world.bulk_delete(now, who, general, messages)
    };
    assert_eq!(
        code(&delete(&mut scene, moderator, now, &messages[..1])),
        50016
    );
    assert_eq!(code(&delete(&mut scene, member, now, &messages)), 50013);
    assert_eq!(
        code(&delete(
            &mut scene,
            moderator,
            now.plus(15 * DAY),
            &messages
        )),
        50034
    );
    let gone = delete(&mut scene, moderator, now, &messages).unwrap();
    let event = scene.heard(&gone.events, EventName::MessageDeleteBulk, scene.ids.bot);
    assert_eq!(event["ids"], json!(messages));
    assert!(
        delete(&mut scene, moderator, now, &messages)
            .unwrap()
            .events
            .is_empty()
    );
}

#[test]
fn pages_are_newest_first() {
    let mut scene = Scene::new();
    let (mia, general) = (scene.ids.member, scene.ids.general);
    let ids: Vec<MessageId> = (0..5)
        .map(|n| scene.say(mia, general, &n.to_string()).unwrap().value)
        .collect();
    for (start, limit, expected) in [
        (Start::Newest, 2, "43"),
        (Start::Before(ids[2]), 9, "10"),
        (Start::After(ids[1]), 2, "32"),
        (Start::Around(ids[2]), 3, "321"),
        (Start::After(MessageId(u64::MAX)), 2, ""),
    ] {
        let page = scene
            .world
            .messages_for(scene.now, mia, general, Page { start, limit });
        let text: String = page.unwrap().iter().map(|m| m.content.as_str()).collect();
        assert_eq!(text, expected, "{start:?}");
    }
}

#[test]
fn slowmode_holds_people_but_not_bots_or_moderators() {
    let mut scene = Scene::new();
    let ids = scene.ids.clone();
    let _ = scene
        .edit(ids.owner, ids.support, &json!({"rate_limit_per_user": 30}))
        .unwrap();
    for (who, expected) in [
        (ids.member, 20016),
        (ids.moderator, 0),
        (ids.bot, 0),
        (ids.owner, 0),
    ] {
        assert_eq!(code(&scene.say(who, ids.support, "1")), 0);
        assert_eq!(code(&scene.say(who, ids.support, "2")), expected, "{who}");
    }
    scene.later(30_000);
    assert_eq!(code(&scene.say(ids.member, ids.support, "3")), 0);
}

#[test]
fn content_is_for_bots_that_may_read_it() {
    let mut scene = Scene::new();
    scene.intents = Intents(Intents::GUILD_MESSAGES.0);
    let (mia, bot, general) = (scene.ids.member, scene.ids.bot, scene.ids.general);
    let mention = format!("hey <@{bot}>");
    for (who, text, expected) in [
        (mia, "secret", ""),
        (mia, mention.as_str(), mention.as_str()),
        (bot, "own", "own"),
    ] {
        let sent = scene.say(who, general, text).unwrap();
        assert_eq!(
            scene.heard(&sent.events, EventName::MessageCreate, bot)["content"],
            expected
        );
    }
    let sent = scene.say(mia, general, "secret").unwrap();
    let noah = scene.ids.member2;
    assert_eq!(
        scene.heard(&sent.events, EventName::MessageCreate, noah)["content"],
        "secret"
    );
}

#[test]
fn people_have_no_components() {
    let mut scene = Scene::new();
    let button = json!({"content": "x", "components": [{"type": 1, "components": [
        {"type": 2, "style": 1, "label": "l", "custom_id": "c"},
    ]}]});
    for (who, expected) in [(scene.ids.member, 0), (scene.ids.bot, 1)] {
        let id = scene.send(who, scene.ids.general, &button).unwrap().value;
        let json = shown(&scene, scene.ids.general, id);
        assert_eq!(json["components"].as_array().unwrap().len(), expected);
    }
}

#[test]
fn a_webhook_has_a_name_but_is_no_member() {
    let mut scene = Scene::new();
    let draft = |text: &str| WebhookDraft {
        message: read::message(&json!({"content": text}), vec![]).unwrap(),
        username: Some("News".into()),
        ..WebhookDraft::default()
    };
    let (now, owner, general) = (scene.now, scene.ids.owner, scene.ids.general);
    let sent = scene
        .world
        .send_as_webhook(now, owner, general, draft("@everyone"))
        .unwrap();
    let message = scene.heard(&sent.events, EventName::MessageCreate, scene.ids.bot);
    assert_eq!(message["author"]["username"], "News");
    assert_eq!(message["webhook_id"], message["author"]["id"]);
    assert!(message.get("member").is_none());
    assert_eq!(message["mention_everyone"], false);
    let refused = scene
        .world
        .send_as_webhook(now, scene.ids.member, general, draft("x"));
    assert_eq!(code(&refused), 50013);
    assert_eq!(scene.world.webhooks.len(), 1);
}

#[test]
fn addresses_of_files_move_with_the_world() {
    let mut scene = Scene::new();
    let (bot, general) = (scene.ids.bot, scene.ids.general);
    let places = ["attachments", "ephemeral-attachments", "elsewhere"];
    let embeds = places.map(|place| json!({"image": {"url": format!("http://cdn/{place}/1/2/a")}}));
    let sent = scene
        .send(bot, general, &json!({"embeds": embeds}))
        .unwrap();
    scene.world.move_to("http://new");
    let json = shown(&scene, general, sent.value);
    let hosts = [0, 1, 2].map(|n| {
        let url = json["embeds"][n]["image"]["url"].as_str().unwrap();
        url.split('/').nth(2).unwrap().to_owned()
    });
    assert_eq!(hosts, ["new", "new", "cdn"]);
}
