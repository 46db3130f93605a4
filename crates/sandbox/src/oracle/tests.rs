//! What the oracle reports, and whether its table of exceptions is correct.

use serde_json::{Value, json};

use super::exceptions::{self, EXCEPTIONS};
use super::schemas::Schemas;
use super::{Kind, Oracle, events};

/// Each mismatch as one line.
fn said(mismatches: &[super::Mismatch]) -> Vec<String> {
    mismatches.iter().map(ToString::to_string).collect()
}

fn request(method: &str, path: &str, body: &Value) -> Vec<String> {
    said(&Oracle::shared().check_request(method, path, body))
}

fn answer(method: &str, path: &str, status: u16, body: &Value) -> Vec<String> {
    said(&Oracle::shared().check_response(method, path, status, body))
}

fn thread() -> Value {
    json!({
        "id": "5", "type": 12, "flags": 0, "guild_id": "1", "name": "Mia", "owner_id": "2",
        "parent_id": "4", "message_count": 0, "member_count": 1, "total_message_sent": 0,
        "thread_metadata": {
            "archived": false, "archive_timestamp": "2026-08-01T12:00:00.000000+00:00",
            "auto_archive_duration": 4320, "locked": false, "invitable": false,
        },
    })
}

#[test]
fn every_exception_is_needed_and_enough() {
    let published = Schemas::of(exceptions::published());
    let amended = Schemas::of(exceptions::amended());
    for exception in EXCEPTIONS {
        assert!(
            exception.reason.len() > 10,
            "a reason for {:?}",
            exception.at
        );
        let sample: Value = serde_json::from_str(exception.sample).unwrap();
        for pointer in exception.at {
            let there = exceptions::published().pointer(pointer);
            assert!(there.is_some(), "{pointer} leads nowhere");
            let before = published.check(pointer, &sample);
            assert_ne!(before, [], "{pointer}: no longer needed for {sample}");
            let after = amended.check(pointer, &sample);
            assert_eq!(after, [], "{pointer}: still refuses {sample}");
        }
    }
}

#[test]
fn the_whole_specification_can_be_asked() {
    let oracle = Oracle::shared();
    let mut asked = 0;
    for (name, _) in exceptions::published()["components"]["schemas"]
        .as_object()
        .unwrap()
    {
        oracle.check_component(name, &Value::Null);
        asked += 1;
    }
    assert!(asked > 500, "{asked} components");
    for component in events::components() {
        assert_ne!(
            oracle.check_component(component, &json!(1)),
            [],
            "{component}"
        );
    }
}

#[test]
fn the_template_with_the_most_literals_is_meant() {
    let place = |method: &str, path: &str| {
        // The status 299 is never documented, so the response is always a mismatch.
        let mismatches = Oracle::shared().check_response(method, path, 299, &Value::Null);
        mismatches.first().map(|mismatch| mismatch.place.clone())
    };
    for (method, path, template) in [
        ("GET", "/users/@me", "/users/@me"),
        ("GET", "/users/5", "/users/{user_id}"),
        (
            "GET",
            "/channels/5/messages?limit=5",
            "/channels/{channel_id}/messages",
        ),
        (
            "PATCH",
            "/webhooks/1/aW50/messages/@original",
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        ),
        (
            "PATCH",
            "/webhooks/1/aW50/messages/%40original",
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        ),
        (
            "PATCH",
            "/webhooks/1/aW50/messages/7",
            "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        ),
        (
            "GET",
            "/guilds/1/members/search?query=m",
            "/guilds/{guild_id}/members/search",
        ),
        (
            "GET",
            "/guilds/1/members/5",
            "/guilds/{guild_id}/members/{user_id}",
        ),
        (
            "GET",
            "/channels/5/users/@me/threads/archived/private",
            "/channels/{channel_id}/users/@me/threads/archived/private",
        ),
    ] {
        assert_eq!(
            place(method, path),
            Some(format!("{method} {template} -> 299"))
        );
    }
    assert_eq!(place("PUT", "/users/@me"), None);
}

#[test]
fn routes_and_statuses_that_are_not_documented_are_named() {
    let none = Value::Null;
    assert_eq!(
        request("GET", "/guilds/1/coffee?strong=1", &none),
        ["GET /guilds/1/coffee: Discord documents no such route"]
    );
    assert_eq!(request("PUT", "/users/@me", &none).len(), 1);
    assert_eq!(answer("GET", "/guilds/1/coffee", 200, &none), [""; 0]);
    assert_eq!(
        answer("POST", "/channels/1/threads", 200, &thread()),
        [
            "answer of POST /channels/{channel_id}/threads -> 200: Discord answers with 201, 429, 4XX"
        ]
    );
    let kinds =
        |status| Oracle::shared().check_response("GET", "/users/@me", status, &none)[0].kind;
    assert_eq!(
        (kinds(204), kinds(200)),
        (Kind::UnknownStatus, Kind::Answer)
    );
    assert_eq!(
        answer("GET", "/users/@me", 502, &json!("Bad Gateway")),
        [""; 0]
    );
}

#[test]
fn an_empty_answer_is_empty() {
    assert_eq!(
        answer("DELETE", "/channels/1/messages/2", 204, &Value::Null),
        [""; 0]
    );
    assert_eq!(
        answer("DELETE", "/channels/1/messages/2", 204, &json!({})),
        [
            "answer of DELETE /channels/{channel_id}/messages/{message_id} -> 204: it must have no body"
        ]
    );
}

#[test]
fn errors_have_their_shape() {
    let path = "/channels/1/messages";
    let form = json!({
        "code": 50035, "message": "Invalid Form Body",
        "errors": {"embeds": {"0": {"title": {"_errors": [
            {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 256 or fewer in length."}
        ]}}}},
    });
    assert_eq!(answer("POST", path, 400, &form), [""; 0]);
    let limited =
        json!({"message": "You are being rate limited.", "retry_after": 1, "global": false});
    assert_eq!(answer("POST", path, 429, &limited), [""; 0]);
    assert_eq!(
        answer(
            "POST",
            path,
            403,
            &json!({"message": "Missing Access", "code": "50001"})
        ),
        [
            "answer of POST /channels/{channel_id}/messages -> 403, at /code: \
          \"50001\" is not of type \"integer\""
        ]
    );
    assert_eq!(
        answer(
            "POST",
            path,
            429,
            &json!({"message": "slow", "global": false})
        ),
        ["answer of POST /channels/{channel_id}/messages -> 429: \"retry_after\" is missing"]
    );
}

#[test]
fn the_cause_is_named_where_several_things_may_stand() {
    let channel = "/channels/5";
    assert_eq!(answer("GET", channel, 200, &thread()), [""; 0]);

    let mut unnamed = thread();
    unnamed["name"] = Value::Null;
    unnamed["thread_metadata"]["archive_timestamp"] = "yesterday".into();
    let start = "answer of GET /channels/{channel_id} -> 200, at ";
    assert_eq!(
        answer("GET", channel, 200, &unnamed),
        [
            format!("{start}/name: null is not of type \"string\""),
            format!(
                "{start}/thread_metadata/archive_timestamp: \"yesterday\" is not a \"date-time\""
            ),
        ]
    );

    let mut strange = thread();
    strange["type"] = 99.into();
    assert_eq!(
        answer("GET", channel, 200, &strange),
        [format!(
            "{start}/type: 99 is none of the kinds allowed here"
        )]
    );

    let mut week = thread();
    week["thread_metadata"]["auto_archive_duration"] = 7.into();
    assert_eq!(
        answer("GET", channel, 200, &week),
        [format!(
            "{start}/thread_metadata/auto_archive_duration: 7 is none of 60, 1440, 4320, 10080"
        )]
    );

    let mut number = thread();
    number["parent_id"] = 4.into();
    assert_eq!(
        answer("GET", channel, 200, &number),
        [format!(
            "{start}/parent_id: 4 is of a type that is not allowed here"
        )]
    );
    let mut word = thread();
    word["parent_id"] = "four".into();
    assert_eq!(
        answer("GET", channel, 200, &word),
        [format!(
            "{start}/parent_id: \"four\" does not match \"^(0|[1-9][0-9]*)$\""
        )]
    );
}

#[test]
fn fields_that_are_not_documented_are_nobodys_business() {
    let mut more = thread();
    more["newly_created"] = true.into();
    assert_eq!(answer("GET", "/channels/5", 200, &more), [""; 0]);
}

#[test]
fn requests_are_held_against_what_they_mean_to_be() {
    let start = "request PATCH /channels/{channel_id}, at ";
    assert_eq!(
        request(
            "PATCH",
            "/channels/5",
            &json!({"archived": true, "locked": true})
        ),
        [""; 0]
    );
    assert_eq!(
        request(
            "PATCH",
            "/channels/5",
            &json!({"archived": true, "locked": 5})
        ),
        [format!(
            "{start}/locked: 5 is not of types \"null\", \"boolean\""
        )]
    );
    assert_eq!(
        request("PATCH", "/channels/5", &json!({"name": "x"})),
        [""; 0]
    );

    let callback = "/interactions/1/aW50/callback";
    let message = json!({"type": 4, "data": {"content": "Hello", "flags": 64}});
    assert_eq!(request("POST", callback, &message), [""; 0]);
    assert_eq!(
        request(
            "POST",
            callback,
            &json!({"type": 4, "data": {"content": 5}})
        ),
        [
            "request POST /interactions/{interaction_id}/{interaction_token}/callback, \
          at /data/content: 5 is not of types \"null\", \"string\""
        ]
    );
    let button = |style: i32| {
        json!({"type": 4, "data": {"components": [{"type": 1, "components": [
            {"type": 2, "style": style, "label": "Create", "custom_id": "create-ticket"}
        ]}]}})
    };
    assert_eq!(request("POST", callback, &button(1)), [""; 0]);
    assert_eq!(
        request("POST", callback, &button(9)),
        [
            "request POST /interactions/{interaction_id}/{interaction_token}/callback, \
          at /data/components/0/components/0/style: 9 is none of 1, 2, 3, 4, 5, 6"
        ]
    );
}

#[test]
fn clients_habits_are_known() {
    let command = json!([{
        "name": "inbox", "description": "Manages inboxes", "type": 1,
        "default_member_permissions": "32",
    }]);
    assert_eq!(
        request("PUT", "/applications/1/commands", &command),
        [""; 0]
    );
    let files = json!({"attachments": [{"id": 0, "filename": "cat.png"}, {"id": "1"}]});
    assert_eq!(request("POST", "/channels/1/messages", &files), [""; 0]);
    let menu = json!({"content": "Staff", "components": [{"type": 1, "components": [{
        "type": 7, "custom_id": "staff", "max_values": 25,
        "default_values": [{"type": "user", "id": 417_719}, {"type": "role", "id": "5"}],
    }]}]});
    assert_eq!(request("POST", "/channels/1/messages", &menu), [""; 0]);
    let reply = json!({
        "content": "Yes", "message_reference": {"message_id": 5, "channel_id": 1, "guild_id": null},
        "allowed_mentions": {"parse": [], "users": [5, "6"], "replied_user": true},
    });
    assert_eq!(request("POST", "/channels/1/messages", &reply), [""; 0]);
    let messages = json!({"messages": [5, "6"]});
    assert_eq!(
        request("POST", "/channels/1/messages/bulk-delete", &messages),
        [""; 0]
    );
}

#[test]
fn parameters_are_checked() {
    let none = Value::Null;
    assert_eq!(
        request("GET", "/channels/5/messages?limit=100&after=7", &none),
        [""; 0]
    );
    assert_eq!(
        request("GET", "/channels/null/messages?limit=1000&around=it", &none),
        [
            "request GET /channels/{channel_id}/messages: path parameter channel_id: \
             \"null\" does not match \"^(0|[1-9][0-9]*)$\"",
            "request GET /channels/{channel_id}/messages: query parameter limit: \
             1000 is greater than the maximum of 100",
            "request GET /channels/{channel_id}/messages: query parameter around: \
             \"it\" does not match \"^(0|[1-9][0-9]*)$\"",
        ]
    );
    for counts in ["true", "false", "1"] {
        assert_eq!(
            request("GET", &format!("/guilds/1?with_counts={counts}"), &none),
            [""; 0]
        );
    }
    assert_eq!(request("GET", "/guilds/1?with_counts=yes", &none).len(), 1);
}

#[test]
fn a_body_that_is_needed_is_missed() {
    assert_eq!(
        request("POST", "/channels/1/threads", &Value::Null),
        ["request POST /channels/{channel_id}/threads: it needs a body"]
    );
    assert_eq!(
        request("PUT", "/channels/1/thread-members/5", &Value::Null),
        [""; 0]
    );
}

#[test]
fn secrets_are_not_repeated() {
    let callback = "/interactions/1/aW50.c2VjcmV0/callback";
    let wrong = request(
        "POST",
        callback,
        &json!({"type": 4, "data": {"token": 5, "content": 1}}),
    );
    assert!(
        !wrong.is_empty() && wrong.iter().all(|line| !line.contains("c2VjcmV0")),
        "{wrong:?}"
    );
}

#[test]
fn events_are_made_of_known_objects() {
    let oracle = Oracle::shared();
    let mut bare = thread();
    bare["newly_created"] = true.into();
    bare["member"] = json!({"join_timestamp": "2026-08-01T12:00:00+00:00", "flags": 0});
    assert_eq!(oracle.check_event("THREAD_CREATE", &bare), []);
    assert_eq!(
        oracle.check_event("TYPING_START", &json!({"anything": 1})),
        []
    );

    let sync = json!({"guild_id": "1", "threads": [thread(), {"id": "6", "type": 12}]});
    let wrong = said(&oracle.check_event("THREAD_LIST_SYNC", &sync));
    assert!(
        wrong.contains(
            &"event THREAD_LIST_SYNC, ThreadResponse, at /threads/1: \"name\" is missing"
                .to_owned()
        ),
        "{wrong:#?}"
    );
    assert!(
        wrong.iter().all(|line| !line.contains("/threads/0")),
        "{wrong:#?}"
    );

    let guild = json!({"id": "1", "members": [], "roles": {}, "channels": [
        {"id": "3", "type": 0, "flags": 0, "name": "general", "position": "0"}
    ]});
    let wrong: Vec<String> = said(&oracle.check_event("GUILD_CREATE", &guild))
        .into_iter()
        .filter(|line| line.contains("/channels/"))
        .collect();
    assert_eq!(
        wrong,
        [
            "event GUILD_CREATE, GuildChannelResponse, at /channels/0/position: \
          \"0\" is not of type \"integer\""
        ]
    );
}
