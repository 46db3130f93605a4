//! Whatever the gateway sends: no event can end the bot, and the error does not contain what was
//! in it.

mod events;

use events::{known, paths, replace, value};
use proptest::prelude::*;
use serde_json::Value;
use theticketbot::cache::Cache;
use theticketbot::discord::events::{Incoming, read};
use theticketbot::discord::interactions;
use tickets::UserId;

/// Everything that happens to a frame before it is dispatched.
fn hear(cache: &mut Cache, frame: &str) {
    let incoming = match read(frame) {
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
        let read = read(&frame.to_string());
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
