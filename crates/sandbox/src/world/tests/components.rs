//! Messages that are made of components, and what goes together in a message.

use expect_test::expect;

use super::*;
use crate::world::draft::{MessageDraft, Upload};
use crate::world::model::flags;

fn text(content: &str) -> Value {
    json!({"type": 10, "content": content})
}

fn made_of(components: &Value) -> Value {
    json!({"flags": flags::COMPONENTS_V2, "components": components})
}

/// A message with one file, `cat.png`.
fn with_file(body: &Value) -> MessageDraft {
    let mut draft = read::message(body, Vec::new()).unwrap();
    draft.uploads.push(Upload {
        filename: "cat.png".into(),
        title: None,
        description: None,
        content_type: None,
        data: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08"[..].into(),
    });
    draft
}

impl Scene {
    fn change(&mut self, message: MessageId, body: &Value) -> Outcome<MessageId> {
        let edit = read::message_edit(body, Vec::new())?;
        self.world
            .edit_message(self.now, self.ids.bot, self.ids.general, message, edit)
    }

    fn shown(&self, message: MessageId) -> Value {
        let found = self.world.message(self.ids.general, message).unwrap();
        wire::message(&self.world, found)
    }
}

#[test]
fn files_are_shown_by_the_components_that_name_them() {
    let mut scene = Scene::new();
    let (bot, general) = (scene.ids.bot, scene.ids.general);
    let body = made_of(&json!([
        {"type": 17, "accent_color": 255, "components": [
            {"type": 9, "components": [text("# Hi")], "accessory":
                {"type": 11, "media": {"url": "attachment://cat.png"}, "description": "A cat"}},
            {"type": 12, "items": [
                {"media": {"url": "attachment://cat.png"}, "spoiler": true},
                {"media": {"url": "https://example.com/a.png"}},
            ]},
            {"type": 14},
            {"type": 13, "file": {"url": "attachment://cat.png"}},
        ]},
    ]));
    let sent = scene
        .world
        .send_message(scene.now, bot, general, with_file(&body))
        .unwrap()
        .value;
    let shown = scene.shown(sent);
    assert_eq!(shown["flags"], flags::COMPONENTS_V2);
    assert_eq!(shown["attachments"], json!([]));
    let inside = &shown["components"][0]["components"];
    let thumbnail = &inside[0]["accessory"]["media"];
    assert_eq!(
        (&thumbnail["width"], &thumbnail["height"]),
        (&json!(640), &json!(480))
    );
    let url = thumbnail["url"].as_str().unwrap();
    assert!(url.starts_with("http://cdn/attachments/") && url.contains("/cat.png?ex="));
    let gallery = &inside[1]["items"];
    assert_eq!(gallery[0]["media"]["url"], url);
    assert_eq!(gallery[1]["media"]["url"], "https://example.com/a.png");
    assert_eq!(gallery[1]["media"]["width"], Value::Null);
    assert_eq!(inside[2]["spacing"], 1);
    assert_eq!(
        (&inside[3]["name"], &inside[3]["size"]),
        (&json!("cat.png"), &json!(25))
    );
    // Ids count up through all components.
    assert_eq!((&inside[0]["id"], &inside[3]["id"]), (&json!(2), &json!(7)));

    // Components contain the files that they show.
    let file: AttachmentId = thumbnail["attachment_id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(scene.world.file(file).is_some());
    let _ = scene
        .world
        .delete_message(scene.now, bot, general, sent)
        .unwrap();
    assert!(scene.world.file(file).is_none());
}

#[test]
fn what_does_not_go_together_is_refused() {
    let mut scene = Scene::new();
    let (bot, general) = (scene.ids.bot, scene.ids.general);
    let mut found = String::new();
    let mut with_text = made_of(&json!([text("a")]));
    with_text["content"] = "b".into();
    let mut with_embed = made_of(&json!([text("a")]));
    with_embed["embeds"] = json!([{"title": "t"}]);
    for body in [
        with_text,
        with_embed,
        made_of(&json!([text(&"x".repeat(2001)), text(&"x".repeat(2000))])),
        made_of(&json!(vec![
            json!({"type": 9, "components": [text("a")], "accessory":
                {"type": 11, "media": {"url": "https://example.com/a.png"}}});
            14
        ])),
        made_of(
            &json!([{"type": 13, "file": {"url": "attachment://dog.png"}},
            {"type": 12, "items": [{"media": {"url": "attachment://dog.png"}}]}]),
        ),
    ] {
        let sent = scene.send(bot, general, &body);
        found.push_str(&wrong_fields(&sent.unwrap_err()));
    }
    expect![[r#"
        /content: MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2: The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2
        /embeds: MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2: The 'embeds' field cannot be used when using MessageFlags.IS_COMPONENTS_V2
        /components: COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED: The texts of a message can have 4000 characters in all
        /components: COMPONENT_MAX_TOTAL_EXCEEDED: A message can have at most 40 components in all
        /components/0/file/url: UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND: The referenced attachment "dog.png" was not found
        /components/1/items/0/media/url: UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND: The referenced attachment "dog.png" was not found
    "#]].assert_eq(&found);
    // A file alone makes the message empty, because no component shows it.
    let only = with_file(&json!({"flags": flags::COMPONENTS_V2}));
    let sent = scene.world.send_message(scene.now, bot, general, only);
    assert_eq!(code(&sent), 50006);
}

#[test]
fn a_message_made_of_components_stays_so() {
    let mut scene = Scene::new();
    let (bot, general) = (scene.ids.bot, scene.ids.general);
    let sent = scene
        .send(bot, general, &made_of(&json!([text("a")])))
        .unwrap()
        .value;
    let mut found = String::new();
    for body in [
        json!({"content": "b"}),
        json!({"flags": 0, "embeds": [{"title": "t"}]}),
        json!({"components": [{"type": 2, "style": 1, "label": "l", "custom_id": "c"}]}),
    ] {
        found.push_str(&wrong_fields(&scene.change(sent, &body).unwrap_err()));
    }
    expect![[r#"
        /content: MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2: The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2
        /embeds: MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2: The 'embeds' field cannot be used when using MessageFlags.IS_COMPONENTS_V2
        /components/0/type: UNION_TYPE_CHOICES: Value of field "type" must be one of (1, 9, 10, 12, 13, 14, 17,).
    "#]].assert_eq(&found);
    assert_eq!(code(&scene.change(sent, &json!({"components": []}))), 50006);
    // Edits need not repeat the flag.
    let _ = scene
        .change(sent, &json!({"flags": 0, "components": [text("b")]}))
        .unwrap();
    let shown = scene.shown(sent);
    assert_eq!(shown["components"][0]["content"], "b");
    assert_eq!(shown["flags"], flags::COMPONENTS_V2);
}

#[test]
fn an_ordinary_message_can_become_one_made_of_components() {
    let mut scene = Scene::new();
    let (bot, general) = (scene.ids.bot, scene.ids.general);
    let sent = scene.say(bot, general, "a").unwrap().value;
    let components = json!([text("b")]);
    expect![[r#"
        /components/0/type: UNION_TYPE_CHOICES: Value of field "type" must be one of (1,).
    "#]]
    .assert_eq(&wrong_fields(
        &scene
            .change(sent, &json!({"components": components}))
            .unwrap_err(),
    ));
    let mut body = made_of(&components);
    expect![[r#"
        /content: MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2: The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2
    "#]].assert_eq(&wrong_fields(&scene.change(sent, &body).unwrap_err()));
    body["content"] = Value::Null;
    assert_eq!(code(&scene.change(sent, &body)), 0);
    assert_eq!(scene.shown(sent)["content"], "");
}

#[test]
fn texts_among_components_mention_and_invite() {
    let mut scene = Scene::new();
    let thread = scene.ticket(true);
    let (bot, mia, role) = (scene.ids.bot, scene.ids.member, scene.ids.moderator_role);
    let body = made_of(&json!([
        text(&format!("<@{mia}>")),
        {"type": 17, "components": [text(&format!("`<@{bot}>` <@&{role}>"))]},
    ]));
    let sent = scene.send(bot, thread, &body).unwrap().value;
    let message = scene.world.message(thread, sent).unwrap();
    assert_eq!(
        (&message.mentions, &message.mention_roles),
        (&vec![mia], &vec![role])
    );
    assert!(scene.thread(thread).members.contains_key(&mia));
}

#[test]
fn people_send_no_components() {
    let mut scene = Scene::new();
    let (mia, general) = (scene.ids.member, scene.ids.general);
    assert_eq!(
        code(&scene.send(mia, general, &made_of(&json!([text("a")])))),
        50006
    );
    let button = json!({"type": 2, "style": 1, "label": "l", "custom_id": "c"});
    let body = json!({"content": "a", "components": [{"type": 1, "components": [button]}]});
    let sent = scene.send(mia, general, &body).unwrap().value;
    assert_eq!(scene.shown(sent)["components"], json!([]));
    let edit = json!({"content": "b", "components": [{"type": 1, "components": [button]}]});
    let edit = read::message_edit(&edit, Vec::new()).unwrap();
    let _ = scene
        .world
        .edit_message(scene.now, mia, general, sent, edit)
        .unwrap();
    assert_eq!(scene.shown(sent)["components"], json!([]));
}
