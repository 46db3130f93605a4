use expect_test::expect;

use super::commands::{invocation, register};
use super::*;
use crate::id::InteractionId;
use crate::world::draft::{Click, Response};
use crate::world::model::flags;

const SECOND: i64 = 1000;

/// A scene in which Olivia has run `/inbox create`.
fn asked() -> (Scene, InteractionId) {
    let mut scene = Scene::new();
    register(&mut scene);
    let run = invocation(
        &scene,
        "inbox create",
        json!({"channel": scene.ids.general}),
    );
    let ran = scene
        .world
        .invoke_command(scene.now, scene.ids.owner, run)
        .unwrap();
    expect![[r#"
        INTERACTION_CREATE to olivia
        INTERACTION_CREATE to bot
    "#]]
    .assert_eq(&scene.told(&ran.events));
    (scene, ran.value)
}

impl Scene {
    pub(super) fn respond(&mut self, id: InteractionId, body: &Value) -> Outcome<Responded> {
        let token = self.token(id);
        let response = read::response(body, Vec::new())?;
        self.world.respond(self.now, id, &token, response)
    }

    pub(super) fn token(&self, id: InteractionId) -> String {
        self.world
            .interaction(id)
            .map(|i| i.token.clone())
            .unwrap_or_default()
    }

    pub(super) fn state(&self, id: InteractionId) -> Value {
        wire::interaction_view(&self.world, id).unwrap()["state"].clone()
    }

    pub(super) fn follow_up(
        &mut self,
        token: &str,
        body: &Value,
    ) -> Outcome<(ChannelId, MessageId)> {
        let draft = read::message(body, Vec::new())?;
        self.world
            .send_followup(self.now, self.ids.application, token, draft)
    }

    pub(super) fn edit_original(
        &mut self,
        token: &str,
        body: &Value,
    ) -> Outcome<(ChannelId, MessageId)> {
        let edit = read::message_edit(body, Vec::new())?;
        self.world
            .edit_followup(self.now, self.ids.application, token, None, edit)
    }

    /// A message of the bot with these components, and a click on one by Mia.
    pub(super) fn clicked(
        &mut self,
        component: &Value,
        values: &[&str],
    ) -> (MessageId, Outcome<InteractionId>) {
        let body = json!({"content": "x", "components": [{"type": 1, "components": [component]}]});
        // The bot sends the message, so that the click goes to its application.
        let (channel, bot) = (self.ids.general, self.ids.bot);
        let message = self.send(bot, channel, &body).unwrap().value;
        let click = self.click(message, values);
        (message, click)
    }

    fn click(&mut self, message: MessageId, values: &[&str]) -> Outcome<InteractionId> {
        let click = Click {
            channel: self.ids.general,
            message,
            custom_id: "c".into(),
            values: values.iter().map(|v| (*v).to_owned()).collect(),
        };
        self.world.click(self.now, self.ids.member, click)
    }
}

pub(super) fn button() -> Value {
    json!({"type": 2, "style": 1, "label": "l", "custom_id": "c"})
}

#[test]
fn an_ephemeral_answer_is_for_one_person() {
    let (mut scene, id) = asked();
    let answer = json!({"type": 4, "data": {"content": "hi", "flags": 64}});
    let done = scene.respond(id, &answer).unwrap();
    expect![[r#"
        MESSAGE_CREATE to olivia
        INTERACTION_SUCCESS to olivia
    "#]]
    .assert_eq(&scene.told(&done.events));
    let message = scene.heard(&done.events, EventName::MessageCreate, scene.ids.owner);
    assert_eq!(
        (&message["type"], &message["flags"]),
        (&json!(20), &json!(64))
    );
    let metadata = &message["interaction_metadata"];
    assert_eq!(metadata["name"], "inbox create");
    let owners = json!({"0": scene.ids.guild});
    assert_eq!(metadata["authorizing_integration_owners"], owners);
    assert_eq!(scene.state(id), "answered");
    // The message is in the channel, but only she sees it.
    let list = |who| {
        let page = draft::Page {
            start: draft::Start::Newest,
            limit: 50,
        };
        scene
            .world
            .messages_for(scene.now, who, scene.ids.general, page)
            .unwrap()
            .len()
    };
    assert_eq!(
        [
            list(scene.ids.owner),
            list(scene.ids.bot),
            list(scene.ids.member)
        ],
        [1, 0, 0]
    );
    let message = MessageId::from_json(&message["id"]).unwrap();
    let (now, general, owner) = (scene.now, scene.ids.general, scene.ids.owner);
    let others = scene
        .world
        .delete_message(now, scene.ids.member, general, message);
    assert_eq!(code(&others), 10008);
    let dismissed = scene
        .world
        .delete_message(now, owner, general, message)
        .unwrap();
    expect![[r#"
        MESSAGE_DELETE to olivia
    "#]]
    .assert_eq(&scene.told(&dismissed.events));
    let token = scene.token(id);
    assert_eq!(
        code(&scene.edit_original(&token, &json!({"content": "x"}))),
        10008
    );
}

#[test]
fn an_answer_is_given_once_and_in_time() {
    let pong = json!({"type": 5});
    let (mut scene, id) = asked();
    let response = read::response(&pong, vec![]).unwrap();
    assert_eq!(
        code(&scene.world.respond(scene.now, id, "another", response)),
        10062
    );
    assert_eq!(code(&scene.respond(InteractionId(1), &pong)), 10062);
    assert!(scene.later(3 * SECOND).is_empty());
    assert_eq!(code(&scene.respond(id, &pong)), 0);
    assert_eq!(code(&scene.respond(id, &pong)), 40060);

    let (mut scene, id) = asked();
    let failed = scene.later(3 * SECOND + 1);
    expect![[r#"
        INTERACTION_FAILURE to olivia
    "#]]
    .assert_eq(&scene.told(&failed));
    assert_eq!(scene.state(id), "failed");
    assert_eq!(code(&scene.respond(id, &pong)), 10062);
    let token = scene.token(id);
    assert_eq!(
        code(&scene.follow_up(&token, &json!({"content": "x"}))),
        10015
    );
    let application = scene.ids.application;
    let original = scene.world.original(scene.now, application, &token);
    assert_eq!(original.unwrap_err().code, 10015);
}

#[test]
fn a_deferred_answer_is_filled_by_the_first_follow_up() {
    for ephemeral in [false, true] {
        let (mut scene, id) = asked();
        let flags = if ephemeral { 64 } else { 0 };
        let deferred = scene
            .respond(id, &json!({"type": 5, "data": {"flags": flags}}))
            .unwrap();
        let message = scene.heard(&deferred.events, EventName::MessageCreate, scene.ids.owner);
        assert_eq!(message["flags"], flags | flags::LOADING);
        assert_eq!(scene.state(id), "deferred");
        let token = scene.token(id);
        // The follow-up's own flag is ignored.
        let filled = scene
            .follow_up(&token, &json!({"content": "done", "flags": 64 - flags}))
            .unwrap();
        assert_eq!(json!(filled.value.1), message["id"]);
        assert_eq!(scene.state(id), "answered");
        let update = scene.heard(&filled.events, EventName::MessageUpdate, scene.ids.owner);
        assert_eq!(
            (&update["content"], &update["flags"]),
            (&json!("done"), &json!(flags))
        );
        assert!(update["edited_timestamp"].is_null());
        let told = scene.told(&filled.events);
        assert_eq!(
            told.contains("MESSAGE_UPDATE to bot olivia"),
            !ephemeral,
            "{told}"
        );
        let next = scene
            .follow_up(&token, &json!({"content": "more"}))
            .unwrap();
        assert_ne!(next.value.1, filled.value.1);
    }
}

#[test]
fn a_token_is_good_for_a_quarter_of_an_hour() {
    let (mut scene, id) = asked();
    let _ = scene
        .respond(id, &json!({"type": 4, "data": {"content": "hi"}}))
        .unwrap();
    let token = scene.token(id);
    scene.later(15 * MINUTE);
    assert_eq!(
        code(&scene.edit_original(&token, &json!({"content": "x"}))),
        0
    );
    scene.later(1);
    assert_eq!(
        code(&scene.edit_original(&token, &json!({"content": "y"}))),
        50027
    );
    assert!(scene.world.interaction(id).is_none(), "it is forgotten");
    let other = scene.ids.application;
    let made_up = scene
        .world
        .original(scene.now, other, "aW50ZXJhY3Rpb246MTI")
        .unwrap_err();
    assert_eq!(made_up.code, 10015);
}

#[test]
fn before_the_answer_there_is_no_webhook() {
    let (mut scene, id) = asked();
    let token = scene.token(id);
    assert_eq!(
        code(&scene.edit_original(&token, &json!({"content": "x"}))),
        10015
    );
    assert_eq!(
        code(&scene.follow_up(&token, &json!({"content": "x"}))),
        10015
    );
}

#[test]
fn answers_belong_to_their_application_and_interaction() {
    let (mut scene, id) = asked();
    let _ = scene
        .respond(id, &json!({"type": 4, "data": {"content": "hi"}}))
        .unwrap();
    let token = scene.token(id);
    let other = scene
        .world
        .original(scene.now, ApplicationId(1), &token)
        .unwrap_err();
    assert_eq!(other.code, 10015);
    // Another message of the bot cannot be changed with this token.
    let (bot, general) = (scene.ids.bot, scene.ids.general);
    let own = scene.say(bot, general, "own").unwrap().value;
    let found = scene
        .world
        .followup(scene.now, scene.ids.application, &token, own);
    assert_eq!(found.unwrap_err().code, 10008);
}

#[test]
fn a_button_updates_its_message() {
    let mut scene = Scene::new();
    let (message, click) = scene.clicked(&button(), &[]);
    let click = click.unwrap();
    let event = scene.heard(
        &click.events[1..],
        EventName::InteractionCreate,
        scene.ids.bot,
    );
    assert_eq!(
        event["data"],
        json!({"custom_id": "c", "component_type": 2, "id": 2})
    );
    assert_eq!(event["message"]["id"], json!(message));
    let update = json!({"type": 7, "data": {"content": "new", "components": []}});
    let updated = scene.respond(click.value, &update).unwrap();
    expect![[r#"
        MESSAGE_UPDATE to bot olivia max mia noah
        INTERACTION_SUCCESS to mia
    "#]]
    .assert_eq(&scene.told(&updated.events));
    assert_eq!(updated.value.message, Some(message));
    let gone = scene.click(message, &[]);
    assert_eq!(code(&gone), 50035);
}

#[test]
fn an_interaction_that_comes_again_has_still_one_answer() {
    let mut scene = Scene::new();
    let (_, click) = scene.clicked(&button(), &[]);
    let click = click.unwrap();
    let bot = scene.ids.bot;
    let first = scene.heard(&click.events[1..], EventName::InteractionCreate, bot);
    let pong = json!({"type": 4, "data": {"content": "pong"}});
    let _ = scene.respond(click.value, &pong).unwrap();
    let again = scene.world.repeat_interaction(scene.now, click.value);
    let again = again.unwrap();
    expect![[r#"
        INTERACTION_CREATE to bot
    "#]]
    .assert_eq(&scene.told(&again.events));
    let again = scene.heard(&again.events, EventName::InteractionCreate, bot);
    for field in ["id", "token", "data", "member"] {
        assert_eq!(again[field], first[field]);
    }
    assert_eq!(code(&scene.respond(click.value, &pong)), 40060);
    let later = scene.now.plus(15 * 60_000 + 1);
    let expired = scene.world.repeat_interaction(later, click.value);
    assert_eq!(code(&expired), 10062);
}

#[test]
fn an_update_is_an_edit_whatever_it_says() {
    for (response, is_edit) in [
        (json!({"type": 7, "data": {}}), true),
        (json!({"type": 7}), true),
        (json!({"type": 7, "data": {"flags": 4}}), true),
        (json!({"type": 6}), false),
    ] {
        let mut scene = Scene::new();
        let (message, click) = scene.clicked(&button(), &[]);
        let _ = scene.respond(click.unwrap().value, &response).unwrap();
        let found = scene.world.message(scene.ids.general, message).unwrap();
        assert_eq!(found.edited.is_some(), is_edit, "{response}");
        assert_eq!((&*found.content, found.components.len()), ("x", 1));
    }
}

#[test]
fn an_answer_to_a_button_is_a_reply() {
    let mut scene = Scene::new();
    let (message, click) = scene.clicked(&button(), &[]);
    let id = click.unwrap().value;
    let done = scene
        .respond(id, &json!({"type": 4, "data": {"content": "hi"}}))
        .unwrap();
    let answer = scene.heard(&done.events, EventName::MessageCreate, scene.ids.member);
    assert_eq!(answer["type"], 19);
    assert_eq!(answer["message_reference"]["message_id"], json!(message));
    assert_eq!(answer["webhook_id"], json!(scene.ids.application));
    assert!(answer.get("member").is_none());
}

#[test]
fn what_cannot_be_used_is_refused() {
    let mut scene = Scene::new();
    let mut disabled = button();
    disabled["disabled"] = true.into();
    assert_eq!(code(&scene.clicked(&disabled, &[]).1), 50035);
    let link = json!({"type": 2, "style": 5, "label": "l", "url": "https://example.com"});
    assert_eq!(code(&scene.clicked(&link, &[]).1), 50035);
    let menu = json!({"type": 3, "custom_id": "c", "min_values": 1, "max_values": 2, "options": [
        {"label": "A", "value": "a"}, {"label": "B", "value": "b"},
    ]});
    for (values, expected) in [
        (&["a", "b"][..], 0),
        (&[], 50035),
        (&["c"], 50035),
        (&["a", "a"], 50035),
    ] {
        assert_eq!(
            code(&scene.clicked(&menu, values).1),
            expected,
            "{values:?}"
        );
    }
}

#[test]
fn menus_of_people_resolve_whom_they_name() {
    let mut scene = Scene::new();
    let (noah, role) = (
        scene.ids.member2.to_string(),
        scene.ids.moderator_role.to_string(),
    );
    let menu = json!({"type": 7, "custom_id": "c", "max_values": 25});
    let (_, click) = scene.clicked(&menu, &[&noah, &role]);
    let click = click.unwrap();
    let event = scene.heard(
        &click.events[1..],
        EventName::InteractionCreate,
        scene.ids.bot,
    );
    let data = &event["data"];
    assert_eq!(data["values"], json!([noah, role]));
    assert_eq!(data["resolved"]["users"][&noah]["username"], "noah");
    assert_eq!(data["resolved"]["roles"][&role]["name"], "Moderator");
    let channels = json!({"type": 8, "custom_id": "c", "channel_types": [5]});
    let general = scene.ids.general.to_string();
    assert_eq!(code(&scene.clicked(&channels, &[&general]).1), 50035);
}

#[test]
fn a_command_has_no_message_to_update() {
    let (mut scene, id) = asked();
    assert_eq!(code(&scene.respond(id, &json!({"type": 6}))), 50035);
    assert_eq!(
        code(&scene.respond(id, &json!({"type": 7, "data": {"content": "x"}}))),
        50035
    );
    assert_eq!(
        code(&scene.respond(id, &json!({"type": 4, "data": {}}))),
        50006
    );
    // None of these calls counted as a response.
    let response = scene
        .world
        .respond(scene.now, id, &scene.token(id), Response::Pong);
    assert_eq!(code(&response), 0);
}

#[test]
fn answers_need_no_permission_and_ping_only_people() {
    let (mut scene, id) = asked();
    let Defaults {
        owner,
        bot,
        general,
        member,
        moderator_role,
        ..
    } = scene.ids.clone();
    let none = json!({"type": 1, "allow": "0", "deny": Permissions::SEND_MESSAGES});
    let none = read::overwrite(bot.0, &none).unwrap();
    let _ = scene
        .world
        .set_overwrite(scene.now, owner, general, none)
        .unwrap();
    let text = format!("<@{member}> <@&{moderator_role}> @everyone");
    let done = scene
        .respond(id, &json!({"type": 4, "data": {"content": text}}))
        .unwrap();
    let message = scene.heard(&done.events, EventName::MessageCreate, owner);
    assert_eq!(message["mentions"][0]["id"], json!(member));
    assert_eq!(message["mention_roles"], json!([]));
    assert_eq!(message["mention_everyone"], false);
}

#[test]
fn thinking_has_an_end() {
    let (mut scene, id) = asked();
    let _ = scene.respond(id, &json!({"type": 5})).unwrap();
    let events = scene.later(15 * MINUTE + 1);
    expect![[r#"
        INTERACTION_FAILURE to olivia
    "#]]
    .assert_eq(&scene.told(&events));
}
