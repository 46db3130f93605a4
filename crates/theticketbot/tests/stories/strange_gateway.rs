//! A gateway sends invalid frames to the real bot over a real connection: the bot keeps working.

use std::env;

use discord_sandbox::{Frame, Hold, Sandbox};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::connecting::count_noted;
use crate::events::{known, paths, replace, value};
use crate::stage::{Inbox, Result, Stage};

/// Without checks against Discord's specification, because invalid frames can lead to invalid calls.
async fn stage() -> Result<Stage> {
    let builder = Sandbox::builder().oracle(false).bad_requests_are_meant();
    Stage::on(builder.start().await?).await
}

impl Stage {
    /// The bot serves a click, and closes a ticket whose owner leaves.
    async fn serves(&self, inbox: Inbox) -> Result {
        let mia = self.sandbox.member();
        self.a_minute_passes();
        let ticket = self.open(&mia, inbox).await?;
        mia.leave(ticket).await?;
        self.closed(ticket, true).await
    }

    /// Sends a frame, and waits until the bot has handled it.
    async fn sends(&self, frame: Frame) -> Result {
        assert_eq!(self.sandbox.send_frame(frame), 1, "the bot is connected");
        self.idle().await
    }
}

fn seed() -> u64 {
    env::var("FUZZ_SEED").map_or(7, |seed| seed.parse().expect("FUZZ_SEED is a number"))
}

fn cases() -> u32 {
    env::var("PROPTEST_CASES").map_or(300, |cases| cases.parse().expect("a number of cases"))
}

/// An event with random values in some places, which Discord would never send.
fn strange_event(events: Vec<Value>) -> impl Strategy<Value = Value> {
    let places = prop::collection::vec((any::<prop::sample::Index>(), value()), 1..4);
    (any::<prop::sample::Index>(), places, any::<u32>()).prop_map(move |(which, changes, seq)| {
        let mut event = which.get(&events).clone();
        for (at, value) in changes {
            let within: Vec<String> = paths(&event["d"]);
            if !within.is_empty() {
                let path = format!("/d{}", at.get::<String>(&within));
                replace(&mut event, &path, value);
            }
        }
        // The sequence number goes up and down.
        event["s"] = json!(seq % 50);
        event
    })
}

/// Events about existing objects, so that the bot handles as much of them as possible.
fn about(stage: &Stage) -> Vec<Value> {
    let sandbox = &stage.sandbox;
    let names = [
        ("1", sandbox.guild_id().to_string()),
        ("2", sandbox.owner().id().to_string()),
        ("5", sandbox.application_id().to_string()),
        ("7", sandbox.member2().id().to_string()),
        ("9", sandbox.bot_id().to_string()),
        ("10", stage.tickets().to_string()),
        ("30", sandbox.moderator_role().to_string()),
    ];
    let mut events = known();
    for event in &mut events {
        for path in paths(event) {
            let place = event.pointer_mut(&path).expect("it was there");
            let real = names.iter().find(|(name, _)| place == name);
            if let Some((_, id)) = real {
                *place = json!(id);
            }
        }
    }
    events
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "it is shown if the test fails")]
async fn whatever_it_sends_the_connection_stays_and_members_are_served() -> Result {
    let stage = stage().await?;
    let inbox = stage.inbox().await?;
    let (seed, cases) = (seed(), cases());
    println!("FUZZ_SEED={seed} PROPTEST_CASES={cases}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let events = strange_event(about(&stage));
    let mark = stage.sandbox.mark();
    for case in 0..cases {
        let mut event = events.new_tree(&mut runner).expect("an event").current();
        // Each interaction needs its own id, because the bot drops repeated ones.
        if event["d"]["id"] == "100" {
            event["d"]["id"] = json!((1_000 + case).to_string());
        }
        let sent = stage.sandbox.send_frame(Frame::text(event.to_string()));
        assert_eq!(sent, 1, "the bot is gone before case {case}");
        // The bot handles them in batches, so that the queue does not become too long.
        if case % 100 == 99 {
            stage.idle().await?;
        }
    }
    // The bot still receives events on the same connection, although its cache may be wrong.
    stage.idle().await?;
    assert_eq!(stage.sessions_after(mark), (0, 0), "begun and resumed");
    assert_eq!(count_noted(&stage, mark, "is lost"), 0);
    // A new session corrects the cache.
    stage.sandbox.end_sessions();
    stage.noted(mark, " begins").await?;
    stage.sandbox.wait_for_bot().await?;
    stage.serves(inbox).await?;
    for error in stage.expected_errors() {
        let known = ["an event could not be parsed", "unknown"];
        assert!(known.iter().any(|it| error.contains(it)), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
    stage.finish().await
}

#[tokio::test]
async fn frames_that_are_no_payloads_are_passed_over() -> Result {
    let stage = stage().await?;
    let inbox = stage.inbox().await?;
    let mark = stage.sandbox.mark();
    let large = json!({"op": 0, "s": 1, "t": "MESSAGE_CREATE", "d": "x".repeat(1_000_000)});
    let frames = [
        "",
        "{",
        "null",
        "[]",
        "5",
        "\u{feff}{}",
        "\"op\"",
        r#"{"op":"ten"}"#,
        r#"{"op":-1}"#,
        r#"{"op":99,"d":{"a":1}}"#,
        r#"{"op":255}"#,
        r#"{"op":0}"#,
        r#"{"op":0,"t":"MESSAGE_CREATE"}"#,
        r#"{"op":0,"t":"MESSAGE_CREATE","s":-5,"d":{}}"#,
        r#"{"op":0,"t":null,"s":1,"d":{}}"#,
        r#"{"op":0,"t":"SOMETHING_NEW","s":18446744073709551615,"d":{}}"#,
        r#"{"op":9,"d":"perhaps"}"#,
        r#"{"op":10}"#,
        r#"{"op":10,"d":{"heartbeat_interval":"soon"}}"#,
        r#"{"op":11}"#,
        r#"{"op":1,"d":null}"#,
        &large.to_string(),
        &"[".repeat(200_000),
    ];
    for frame in frames {
        stage.sends(Frame::text(frame)).await?;
    }
    assert_eq!(stage.sessions_after(mark), (0, 0), "begun and resumed");
    stage.serves(inbox).await?;
    let errors = stage.expected_errors();
    assert!(errors.len() <= 1, "{errors:?}");
    stage.finish().await
}

#[tokio::test]
async fn a_damaged_stream_is_reconnected() -> Result {
    let stage = stage().await?;
    let inbox = stage.inbox().await?;
    for damage in [
        &[1, 2, 3, 0, 0, 255, 255][..],
        &[0xFF; 64],
        b"{}\x00\x00\xff\xff",
    ] {
        let mark = stage.sandbox.mark();
        stage.sandbox.send_frame(Frame::bytes(damage));
        // An incomplete compressed message is not an error yet, so the next frame shows the damage.
        stage.sandbox.send_frame(Frame::text("{}"));
        stage.resumed(mark).await?;
        assert_eq!(stage.sessions_after(mark).0, 0, "no new session begins");
    }
    stage.serves(inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_hello_in_the_middle_costs_a_connection_at_most() -> Result {
    let stage = stage().await?;
    let inbox = stage.inbox().await?;
    let mark = stage.sandbox.mark();
    let hello = r#"{"op":10,"d":{"heartbeat_interval":41250}}"#;
    assert_eq!(stage.sandbox.send_frame(Frame::text(hello)), 1);
    stage.resumed(mark).await?;
    assert_eq!(stage.sessions_after(mark), (0, 1), "begun and resumed");
    stage.serves(inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_hello_that_makes_no_sense_does_not_end_the_bot() -> Result {
    let stage = stage().await?;
    let inbox = stage.inbox().await?;
    for interval in ["0", "18446744073709551615"] {
        let mark = stage.sandbox.mark();
        stage.sandbox.hold_gateway(Hold::Hello);
        stage.sandbox.cut_gateway(1006);
        stage.noted(mark, "waits for its HELLO").await?;
        let hello = format!(r#"{{"op":10,"d":{{"heartbeat_interval":{interval}}}}}"#);
        stage.sandbox.send_frame(Frame::text(hello));
        stage.sandbox.release_gateway();
        stage.noted(mark, "session ").await?;
        stage.sandbox.wait_for_bot().await?;
        stage.serves(inbox).await?;
        let (begun, resumed) = stage.sessions_after(mark);
        assert!(begun + resumed <= 3, "{begun} begun, {resumed} resumed");
    }
    let errors = stage.expected_errors();
    assert!(!errors.is_empty(), "a beat each 0 ms was taken");
    for error in errors {
        assert!(error.contains("the gateway client failed"), "{error}");
    }
    stage.finish().await
}

#[tokio::test]
async fn a_place_to_resume_that_is_none_costs_the_session_only() -> Result {
    let stage = stage().await?;
    let inbox = stage.inbox().await?;
    let ready = json!({"op": 0, "t": "READY", "s": 1, "d": {"v": 10, "guilds": [],
        "user": {"id": stage.sandbox.bot_id(), "username": "bot"},
        "session_id": "none", "resume_gateway_url": "no address at all",
        "application": {"id": stage.sandbox.application_id(), "flags": 0}}});
    let mark = stage.sandbox.mark();
    stage.sandbox.send_frame(Frame::text(ready.to_string()));
    stage.sandbox.ask_to_reconnect();
    stage.noted(mark, " begins").await?;
    stage.sandbox.wait_for_bot().await?;
    stage.serves(inbox).await?;
    assert_eq!(stage.sessions_after(mark), (1, 0), "begun and resumed");
    for error in stage.expected_errors() {
        assert!(error.contains("the gateway client failed"), "{error}");
    }
    stage.finish().await
}
