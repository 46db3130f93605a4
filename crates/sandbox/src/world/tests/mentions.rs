//! Whom an edit of a message mentions.

use super::*;
use crate::world::draft::Click;

impl Scene {
    fn bot_edits(&mut self, channel: ChannelId, message: MessageId, body: &Value) {
        let edit = read::message_edit(body, Vec::new()).unwrap();
        let (now, bot) = (self.now, self.ids.bot);
        let _ = self
            .world
            .edit_message(now, bot, channel, message, edit)
            .unwrap();
    }

    fn mentioned(&self, channel: ChannelId, message: MessageId) -> &[UserId] {
        &self.world.message(channel, message).unwrap().mentions
    }
}

#[test]
fn an_edit_changes_mentions_only_with_its_text() {
    let mut scene = Scene::new();
    let (bot, mia) = (scene.ids.bot, scene.ids.member);
    let thread = scene.ticket(true);
    let quiet = json!({"content": format!("hi <@{mia}>"), "allowed_mentions": {"parse": []}});
    let message = scene.send(bot, thread, &quiet).unwrap().value;
    for body in [
        json!({"embeds": [{"title": "t"}]}),
        json!({"flags": 4}),
        json!({"components": []}),
    ] {
        scene.bot_edits(thread, message, &body);
        assert!(scene.mentioned(thread, message).is_empty(), "{body}");
        assert!(!scene.thread(thread).members.contains_key(&mia), "{body}");
    }
    scene.bot_edits(thread, message, &json!({"content": format!("<@{mia}>")}));
    assert_eq!(scene.mentioned(thread, message), [mia]);
    // Somebody who left is not invited again by a change of the buttons.
    let (now, components) = (scene.now, json!({"components": []}));
    let _ = scene
        .world
        .remove_thread_member(now, mia, thread, mia)
        .unwrap();
    scene.bot_edits(thread, message, &components);
    assert_eq!(scene.mentioned(thread, message), [mia]);
    assert!(!scene.thread(thread).members.contains_key(&mia));
}

#[test]
fn the_text_of_components_mentions_again_when_it_is_edited() {
    let mut scene = Scene::new();
    let (bot, mia, noah, general) = (
        scene.ids.bot,
        scene.ids.member,
        scene.ids.member2,
        scene.ids.general,
    );
    let text = |who: UserId| json!([{"type": 10, "content": format!("<@{who}>")}]);
    let body = json!({"flags": 1 << 15, "components": text(mia)});
    let message = scene.send(bot, general, &body).unwrap().value;
    scene.bot_edits(general, message, &json!({"components": text(noah)}));
    assert_eq!(scene.mentioned(general, message), [noah]);
}

#[test]
fn an_updated_message_keeps_its_mentions() {
    let mut scene = Scene::new();
    let Defaults {
        bot,
        general,
        member,
        moderator_role,
        ..
    } = scene.ids.clone();
    let row = json!([{"type": 1, "components": [interactions::button()]}]);
    let body = json!({"content": format!("<@&{moderator_role}>"), "components": row});
    let message = scene.send(bot, general, &body).unwrap().value;
    for update in [json!({"components": row}), json!({})] {
        let click = Click {
            channel: general,
            message,
            custom_id: "c".into(),
            values: Vec::new(),
        };
        let click = scene.world.click(scene.now, member, click).unwrap().value;
        let _ = scene
            .respond(click, &json!({"type": 7, "data": update}))
            .unwrap();
        let found = scene.world.message(general, message).unwrap();
        assert_eq!(found.mention_roles, [moderator_role], "{update}");
    }
}
