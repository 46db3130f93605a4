//! No gateway event can crash the bot, and no error contains an event's content.

mod events;

use events::{known, paths, replace, value};
use proptest::prelude::*;
use serde_json::{Value, json};
use theticketbot::cache::Cache;
use theticketbot::discord::events::{Incoming, read};
use theticketbot::discord::interactions::{self, Invoked};
use tickets::UserId;
use tickets::request::{InboxRequest, Request};

/// Handles a frame up to the dispatch.
fn hear(cache: &mut Cache, frame: &str) {
    let incoming = match read(frame, |_, _| true) {
        Ok(Some(incoming)) => incoming,
        Ok(None) => return,
        Err(error) => {
            let message = error.to_string();
            assert!(!message.contains("secret"), "{message}");
            return;
        }
    };
    cache.learn(&incoming, 0, 1);
    if let Incoming::Interaction(wire) = incoming {
        interactions::translate(*wire, UserId(9));
    }
}

#[test]
fn every_known_event_is_understood() {
    for frame in known() {
        let read = read(&frame.to_string(), |_, _| true);
        assert!(matches!(read, Ok(Some(_))), "{frame}");
    }
}

#[test]
fn a_missing_field_is_no_end() {
    let mut cache = Cache::default();
    for frame in known() {
        for path in paths(&frame) {
            let mut without = frame.clone();
            remove(&mut without, &path);
            hear(&mut cache, &without.to_string());
        }
    }
}

/// Fields without which an event is useless.
fn is_needed(event: &str, path: &str) -> bool {
    let needed: &[&str] = match event {
        "READY" => &["/d/user", "/d/user/id"],
        "GUILD_CREATE" | "GUILD_UPDATE" | "GUILD_DELETE" | "THREAD_CREATE" | "THREAD_UPDATE"
        | "THREAD_DELETE" => &["/d/id"],
        "CHANNEL_CREATE" | "CHANNEL_UPDATE" | "CHANNEL_DELETE" => &["/d/id", "/d/type"],
        "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" => &[
            "/d/guild_id",
            "/d/role",
            "/d/role/id",
            "/d/role/permissions",
        ],
        "GUILD_ROLE_DELETE" => &["/d/guild_id", "/d/role_id"],
        "GUILD_MEMBER_UPDATE" | "GUILD_MEMBER_REMOVE" => &["/d/guild_id", "/d/user", "/d/user/id"],
        "THREAD_LIST_SYNC" => &["/d/guild_id"],
        "THREAD_MEMBERS_UPDATE" => &["/d/id", "/d/guild_id"],
        "MESSAGE_CREATE" | "MESSAGE_DELETE" => &["/d/id", "/d/channel_id"],
        "MESSAGE_DELETE_BULK" => &["/d/channel_id"],
        "INTERACTION_CREATE" => &["/d/id", "/d/type", "/d/token"],
        _ => &[],
    };
    !path.starts_with("/d/") || needed.contains(&path)
}

#[test]
fn what_is_not_needed_and_not_understood_is_skipped_in_every_event() {
    let mut tried = 0;
    for frame in known() {
        let name = frame["t"].as_str().expect("it has a name");
        for path in paths(&frame) {
            if is_needed(name, &path) {
                continue;
            }
            for strange in [json!({"a": [1]}), json!([[]]), json!(-1.5), json!("\u{0}")] {
                let mut changed = frame.clone();
                replace(&mut changed, &path, strange);
                let read = read(&changed.to_string(), |_, _| true);
                assert!(read.is_ok(), "{path} in {changed}");
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn a_server_with_an_outage_may_be_described_by_its_id_only() {
    let frame = json!({"op": 0, "s": 1, "t": "GUILD_CREATE",
        "d": {"id": "1", "unavailable": true}});
    let read = read(&frame.to_string(), |_, _| true);
    assert!(matches!(
        read,
        Ok(Some(Incoming::GuildGone {
            unavailable: true,
            ..
        }))
    ));
}

#[test]
fn a_selected_message_with_a_preview_that_cannot_be_read() {
    let frame = json!({"op": 0, "s": 1, "t": "INTERACTION_CREATE", "d": {"id": "100", "type": 2,
        "token": "secret", "guild_id": "1", "channel_id": "10",
        "member": {"user": {"id": "7", "username": "mia"}, "roles": [], "permissions": "32"},
        "data": {"name": "Select this message", "type": 3, "target_id": "40", "resolved":
            {"messages": {"40": {"id": "40", "channel_id": "10", "content": "Need help?",
            "author": {"id": "7"}, "embeds": [{"type": "article", "author":
                {"url": "https://a.example"}}]}}}}}});
    let Ok(Some(Incoming::Interaction(wire))) = read(&frame.to_string(), |_, _| true) else {
        panic!("it is read");
    };
    let Invoked::InGuild { request, .. } = interactions::translate(*wire, UserId(9)).invoked else {
        panic!("it is understood");
    };
    assert!(
        matches!(request, Request::Inbox(InboxRequest::Select(it)) if it.text == "Need help?" && !it.has_embeds)
    );
}

#[test]
fn a_cut_frame_is_no_end() {
    let mut cache = Cache::default();
    for frame in known() {
        let text = frame.to_string();
        for (at, _) in text.char_indices() {
            hear(&mut cache, &text[..at]);
        }
    }
}

#[test]
fn deep_nesting_is_no_end() {
    let mut cache = Cache::default();
    for depth in [100, 127, 128, 129, 20_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        for name in [
            "READY",
            "INTERACTION_CREATE",
            "GUILD_CREATE",
            "NO_SUCH_EVENT",
        ] {
            hear(
                &mut cache,
                &format!(r#"{{"op":0,"s":1,"t":"{name}","d":{deep}}}"#),
            );
            hear(
                &mut cache,
                &format!(r#"{{"op":0,"s":1,"t":"{name}","d":{{"id":"1","data":{deep}}}}}"#),
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn other_values_in_known_events_are_no_end(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), value()), 1..4),
    ) {
        let mut frame = which.get(&known()).clone();
        for (at, value) in changes {
            let paths = paths(&frame);
            if !paths.is_empty() {
                replace(&mut frame, at.get::<String>(&paths), value);
            }
        }
        hear(&mut Cache::default(), &frame.to_string());
    }

    #[test]
    fn any_text_is_no_end(text in "\\PC{0,80}", json in value()) {
        let mut cache = Cache::default();
        hear(&mut cache, &text);
        hear(&mut cache, &json.to_string());
        hear(&mut cache, &format!(r#"{{"op":0,"s":1,"t":"MESSAGE_CREATE","d":{json}}}"#));
    }
}

fn remove(frame: &mut Value, path: &str) {
    let Some((parent, name)) = path.rsplit_once('/') else {
        return;
    };
    match frame.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.remove(name)),
        Some(Value::Array(items)) => {
            let at = name.parse().unwrap_or(usize::MAX);
            if at < items.len() {
                items.remove(at);
            }
        }
        _ => {}
    }
}

/// Most events are messages outside of tickets: only their channel is read.
#[test]
fn a_message_elsewhere_is_read_no_further_than_its_channel() {
    let message = |content: &str| {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        format!(
            r#"{{"op":0,"s":1,"t":"MESSAGE_CREATE","d":{{"id":"1","channel_id":"5","guild_id":"2",
                "content":{content},"embeds":{deep}}}}}"#
        )
    };
    let hello = message(r#""Hello""#);
    let mut asked = None;
    let read_elsewhere = read(&hello, |guild, channel| {
        asked = Some((guild.0, channel.0));
        false
    });
    assert!(matches!(read_elsewhere, Ok(None)));
    assert_eq!(asked, Some((2, 5)));
    // In a ticket, or if it may begin with a mention of the bot, the whole message is parsed.
    assert!(read(&hello, |_, _| true).is_err());
    assert!(read(&message(r#""<@9> help""#), |_, _| false).is_err());
}
