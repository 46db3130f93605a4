//! Each bit of each field of flags. It is imitated, refused in the one way for that, or listed
//! here with the reason why nothing happens.

use std::collections::BTreeSet;

use discord_sandbox::oracle::exceptions::published;
use serde_json::{Value, json};

use super::samples::{also_of_type, samples};
use super::{Operation, Stage, add_content, id, is_unsupported};

/// As many as a number in JSON has without a sign.
const BITS: u32 = 63;

const EPHEMERAL: u64 = 1 << 6;
const COMPONENTS_ONLY: u32 = 15;

/// Bits that change nothing: part of the place, the bits, and why.
const NOTHING_HAPPENS: &[(&str, &[u32], &str)] = &[
    (
        "message",
        &[0, 1, 3, 4, 5, 7, 8, 14],
        "Discord sets these itself; its documentation lists what can be set",
    ),
    (
        "sent message",
        &[6],
        "only what answers an interaction can be for one person",
    ),
    (
        "edited message",
        &[6, 12],
        "of an edit, Discord takes SUPPRESS_EMBEDS and IS_COMPONENTS_V2",
    ),
    (
        "deferred message",
        &[2, 12, 15],
        "what a message is becomes clear when it is filled in (assumed)",
    ),
    (
        "update that follows",
        &[2, 6, 12, 15],
        "nothing is sent yet that could have a flag",
    ),
];

/// Which rows of the table are about a place.
fn kinds(operation: &Operation, body: &Value) -> &'static [&'static str] {
    let path = operation.path;
    let messages = path.contains("/messages") || path.contains("{webhook_token}");
    if path.ends_with("/callback") {
        match body["type"].as_u64() {
            Some(4) => &["message"],
            Some(5) => &["message", "deferred message"],
            Some(7) => &["message", "edited message"],
            _ => &["message", "update that follows"],
        }
    } else if path.starts_with("/lobbies") || !(messages || path.ends_with("/threads")) {
        &[]
    } else if operation.method == "PATCH" {
        &["message", "edited message"]
    } else {
        &["message", "sent message"]
    }
}

/// Pointers to the flags in a body.
fn places(body: &Value, at: &str, found: &mut Vec<String>) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                let place = format!("{at}/{name}");
                if name.ends_with("flags") && value.is_number() {
                    found.push(place);
                } else {
                    places(value, &place, found);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// The flags that something has after the call.
fn result(operation: &Operation, field: &str, answer: &Value) -> u64 {
    let interaction = &answer["interaction"];
    let place = match operation.path {
        path if path.ends_with("/callback") => &answer["resource"]["message"]["flags"],
        path if path.ends_with("/threads") => &answer["message"]["flags"],
        _ => &answer[field],
    };
    match place.as_u64() {
        Some(flags) => flags,
        // Of a deferred response Discord says no more.
        None if interaction["response_message_ephemeral"] == true => EPHEMERAL,
        None => 0,
    }
}

/// A forum and a post in it: flags mean other things there.
async fn forum(stage: &Stage) -> (String, String) {
    let guild = stage.sandbox.defaults().guild;
    let forum = json!({"name": "forum", "type": 15});
    let forum = stage
        .made(&format!("/guilds/{guild}/channels"), forum)
        .await;
    let post = json!({"name": "post", "message": {"content": "x"}});
    let posts = format!("/channels/{}/threads", id(&forum));
    let post = stage.made(&posts, post).await;
    (id(&forum), id(&post))
}

/// The addresses at which the flags of an operation are tried.
async fn addresses(
    stage: &mut Stage,
    operation: &Operation,
    forum: &(String, String),
) -> Vec<String> {
    if operation.path.ends_with("/callback") {
        // The one before may be without its button.
        stage.message = id(&stage.button().await);
    }
    let path = stage.path(operation).await;
    match operation.name().as_str() {
        "POST /channels/{channel_id}/threads" => vec![format!("/channels/{}/threads", forum.0)],
        "PATCH /channels/{channel_id}" => {
            let more = [&forum.0, &forum.1].map(|id| format!("/channels/{id}"));
            more.into_iter().chain([path]).collect()
        }
        _ if path.ends_with("/callback") => vec![format!("{path}?with_response=true")],
        "POST /webhooks/{webhook_id}/{webhook_token}" => {
            vec![format!("{path}?wait=true"), answered(stage).await]
        }
        _ if path.ends_with("/@original") => {
            vec![format!("{}/messages/@original", answered(stage).await)]
        }
        _ => vec![path],
    }
}

/// The webhook of an interaction that has been answered.
async fn answered(stage: &mut Stage) -> String {
    let mut all = Operation::all().into_iter();
    let callback = all.find(|operation| operation.path.ends_with("/callback"));
    let path = stage.path(&callback.unwrap()).await;
    let answer = json!({"type": 4, "data": {"content": "x"}});
    let (status, _) = stage.send("POST", &path, Some(&answer)).await;
    assert_eq!(status, 204);
    let application = stage.sandbox.defaults().application;
    let token = path.split('/').nth(3).unwrap();
    format!("/webhooks/{application}/{token}")
}

/// Messages of components only have no text.
fn of_components(body: &mut Value, place: &str) {
    let (message, _) = place.rsplit_once('/').unwrap();
    if let Some(message) = body.pointer_mut(message).and_then(Value::as_object_mut) {
        message.insert("content".to_owned(), Value::Null);
        let text = json!([{"type": 10, "content": "x"}]);
        message.insert("components".to_owned(), text);
    }
}

#[tokio::test]
async fn no_flag_is_ignored_in_silence() {
    let mut wrong = BTreeSet::new();
    let mut used = BTreeSet::new();
    let mut fields = BTreeSet::new();
    let mut imitated = BTreeSet::new();
    for operation in Operation::all() {
        let Some(schema) = operation.body() else {
            continue;
        };
        let mut stage = Stage::new().await;
        let forum = forum(&stage).await;
        let mut bodies = samples(published(), schema, &stage.ids);
        if operation.path.ends_with("/callback") {
            also_of_type(&mut bodies, 4, 5);
            also_of_type(&mut bodies, 6, 7);
        }
        for mut body in bodies {
            add_content(&operation, &mut body);
            let mut found = Vec::new();
            places(&body, "", &mut found);
            for place in found {
                let kind = body["type"].as_u64();
                if !fields.insert((operation.name(), place.clone(), kind)) {
                    continue;
                }
                for bit in 0..BITS {
                    let mut body = body.clone();
                    *body.pointer_mut(&place).unwrap() = (1_u64 << bit).into();
                    if bit == COMPONENTS_ONLY && !kinds(&operation, &body).is_empty() {
                        of_components(&mut body, &place);
                    }
                    let field = place.rsplit('/').next().unwrap();
                    let (mut refused, mut shown, mut answers) = (0, 0, Vec::new());
                    let paths = addresses(&mut stage, &operation, &forum).await;
                    for path in &paths {
                        let (status, answer) =
                            stage.send(&operation.method, path, Some(&body)).await;
                        let accepted = (200..300).contains(&status);
                        refused += usize::from(is_unsupported(&answer));
                        let flags = result(&operation, field, &answer);
                        shown += usize::from(accepted && flags & (1 << bit) != 0);
                        answers.push(format!("{status} {answer}"));
                    }
                    let known = NOTHING_HAPPENS.iter().find(|(about, bits, _)| {
                        kinds(&operation, &body).contains(about) && bits.contains(&bit)
                    });
                    let name = format!("{} {place} {kind:?} 1 << {bit}", operation.name());
                    match (known, refused + shown == paths.len()) {
                        (None, true) => {
                            imitated.extend((shown > 0).then_some((operation.name(), bit)));
                        }
                        (Some((about, ..)), false) if answers[0].starts_with('2') => {
                            used.insert((*about, bit));
                        }
                        _ => {
                            wrong.insert(format!("{name}: {known:?}: {answers:?}"));
                        }
                    }
                }
            }
        }
        stage.sandbox.stop().await;
    }
    let list: Vec<&str> = wrong.iter().map(String::as_str).collect();
    assert!(
        list.is_empty(),
        "{} wrong:\n{}",
        list.len(),
        list.join("\n")
    );
    let listed = NOTHING_HAPPENS.iter();
    let listed = listed.flat_map(|(about, bits, _)| bits.iter().map(move |bit| (*about, *bit)));
    let unused: Vec<_> = listed.filter(|row| !used.contains(row)).collect();
    assert!(unused.is_empty(), "no longer needed: {unused:?}");
    assert!(fields.len() > 20, "{fields:?}");
    assert!(imitated.len() > 15, "{imitated:?}");
}
