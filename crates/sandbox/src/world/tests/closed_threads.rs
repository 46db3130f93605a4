//! What is possible in locked and in archived threads: with messages, and with responses to interactions.

use super::*;
use crate::id::InteractionId;
use crate::world::draft::Click;

impl Scene {
    /// A thread of Mia in #support with a message of hers.
    fn mias_thread(&mut self) -> (ChannelId, MessageId) {
        let draft = read::thread(&json!({"name": "t", "type": 11})).unwrap();
        let (now, mia, support) = (self.now, self.ids.member, self.ids.support);
        let thread = self.world.create_thread(now, mia, support, draft);
        let thread = thread.unwrap().value;
        let message = self.say(mia, thread, "hi").unwrap().value;
        (thread, message)
    }

    /// A ticket, and a click of Mia on a button of the bot in it.
    fn clicked_in_ticket(&mut self) -> (ChannelId, InteractionId) {
        let thread = self.tickets_member();
        let row = json!({"type": 1, "components": [interactions::button()]});
        let body = json!({"content": "x", "components": [row]});
        let message = self.send(self.ids.bot, thread, &body).unwrap().value;
        let click = Click {
            channel: thread,
            message,
            custom_id: "c".into(),
            values: Vec::new(),
        };
        let click = self.world.click(self.now, self.ids.member, click);
        (thread, click.unwrap().value)
    }

    fn close(&mut self, thread: ChannelId, locked: bool) {
        let close = json!({"archived": true, "locked": locked});
        let _ = self.edit(self.ids.moderator, thread, &close).unwrap();
    }
}

#[test]
fn messages_of_archived_threads_can_be_deleted_unless_they_are_locked() {
    for (locked, expected) in [(false, [0, 0]), (true, [50083, 0])] {
        let found = [false, true].map(|by_moderator| {
            let mut scene = Scene::new();
            let (thread, message) = scene.mias_thread();
            scene.close(thread, locked);
            let who = if by_moderator {
                scene.ids.moderator
            } else {
                scene.ids.member
            };
            let deleted = scene.world.delete_message(scene.now, who, thread, message);
            assert!(scene.thread(thread).archived);
            code(&deleted)
        });
        assert_eq!(found, expected, "{locked}");
    }
}

#[test]
fn locked_threads_are_for_moderators() {
    let mut scene = Scene::new();
    let (thread, message) = scene.mias_thread();
    let (mia, max) = (scene.ids.member, scene.ids.moderator);
    let _ = scene.edit(max, thread, &json!({"locked": true})).unwrap();
    let edit = read::message_edit(&json!({"content": "x"}), Vec::new()).unwrap();
    let edited = scene
        .world
        .edit_message(scene.now, mia, thread, message, edit);
    assert_eq!(code(&edited), 160_005);
    for body in [
        json!({"name": "n"}),
        json!({"auto_archive_duration": 60}),
        json!({"archived": true}),
    ] {
        assert_eq!(code(&scene.edit(mia, thread, &body)), 50013, "{body}");
        assert_eq!(code(&scene.edit(max, thread, &body)), 0, "{body}");
    }
}

#[test]
fn another_archive_duration_counts_as_activity() {
    let mut scene = Scene::new();
    let (thread, _) = scene.mias_thread();
    let mia = scene.ids.member;
    let hour = json!({"auto_archive_duration": 60});
    let _ = scene.edit(mia, thread, &hour).unwrap();
    assert!(scene.later(50 * MINUTE).is_empty());
    let _ = scene
        .edit(mia, thread, &json!({"auto_archive_duration": 1440}))
        .unwrap();
    assert_eq!(scene.thread(thread).archive_changed, scene.now);
    let _ = scene.edit(mia, thread, &hour).unwrap();
    assert!(scene.later(50 * MINUTE).is_empty());
    // The same duration again changes nothing.
    let _ = scene.edit(mia, thread, &hour).unwrap();
    assert_eq!(scene.later(10 * MINUTE).len(), 1);
}

#[test]
fn a_response_unarchives_a_thread_that_is_not_locked() {
    for (kind, flags, archived) in [(4, 0, false), (5, 0, false), (4, 64, true)] {
        let mut scene = Scene::new();
        let (thread, click) = scene.clicked_in_ticket();
        scene.close(thread, false);
        let answer = json!({"type": kind, "data": {"content": "hi", "flags": flags}});
        let answered = scene.respond(click, &answer);
        assert_eq!(code(&answered), 0, "{answer}");
        assert_eq!(scene.thread(thread).archived, archived, "{answer}");
    }
}

#[test]
fn a_locked_and_archived_thread_takes_ephemeral_responses_only() {
    let mut scene = Scene::new();
    let (thread, click) = scene.clicked_in_ticket();
    scene.close(thread, true);
    for kind in [4, 5, 7] {
        let answer = json!({"type": kind, "data": {"content": "hi"}});
        assert_eq!(code(&scene.respond(click, &answer)), 50083, "{answer}");
    }
    let answer = json!({"type": 4, "data": {"content": "hi", "flags": 64}});
    assert_eq!(code(&scene.respond(click, &answer)), 0);
    let token = scene.token(click);
    for (flags, expected) in [(0, 50083), (64, 0)] {
        let body = json!({"content": "more", "flags": flags});
        assert_eq!(code(&scene.follow_up(&token, &body)), expected);
    }
    assert!(scene.thread(thread).archived);
}

#[test]
fn responses_in_archived_threads_are_edited_only_if_they_are_ephemeral() {
    for (flags, expected) in [(0, 50083), (64, 0)] {
        let mut scene = Scene::new();
        let (thread, click) = scene.clicked_in_ticket();
        let deferred = json!({"type": 5, "data": {"flags": flags}});
        let _ = scene.respond(click, &deferred).unwrap();
        scene.close(thread, false);
        let token = scene.token(click);
        let edited = scene.edit_original(&token, &json!({"content": "x"}));
        assert_eq!(code(&edited), expected);
        assert!(scene.thread(thread).archived);
    }
}

#[test]
fn messages_in_threads_have_a_position() {
    let mut scene = Scene::new();
    let (thread, first) = scene.mias_thread();
    let (mia, general) = (scene.ids.member, scene.ids.general);
    let second = scene.say(mia, thread, "again").unwrap().value;
    let elsewhere = scene.say(mia, general, "hi").unwrap().value;
    let position = |channel, id| {
        let message = scene.world.message(channel, id).unwrap();
        wire::message(&scene.world, message)
            .get("position")
            .cloned()
    };
    assert_eq!(position(thread, first), Some(json!(0)));
    assert_eq!(position(thread, second), Some(json!(1)));
    assert_eq!(position(general, elsewhere), None);
}
