//! The world's rules as small stories: what somebody does, and who gets which event.

#![expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes them so"
)]

mod archived_threads;
mod audit;
mod categories;
mod closed_threads;
mod commands;
mod components;
mod forms;
mod forums;
mod guilds;
mod interactions;
mod mentions;
mod messages;
mod modals;
mod more_forms;
mod properties;
mod reactions;
mod threads;
mod visibility;

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};

use super::draft::ThreadDraft;
use super::model::ThreadKind;
use super::*;
use crate::error::ApiError;
use crate::wire::{self, read};

/// 2026-11-22 12:00.
const NOON: Timestamp = Timestamp(1_795_348_800_000);
const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// A default world at noon, and shorthands to act in it.
pub(super) struct Scene {
    pub world: World,
    pub now: Timestamp,
    pub ids: Defaults,
    /// The bot's intents.
    pub intents: Intents,
}

impl Scene {
    fn new() -> Self {
        let world = World::new(&Seed {
            base_url: "http://cdn".into(),
            ..Seed::default()
        });
        let ids = world.defaults().clone();
        Self {
            world,
            now: NOON,
            ids,
            intents: Intents(u64::MAX),
        }
    }

    /// Lets time pass.
    fn later(&mut self, millis: i64) -> Vec<Event> {
        self.now = self.now.plus(millis);
        self.world.due(self.now)
    }

    fn say(&mut self, who: UserId, channel: ChannelId, text: &str) -> Outcome<MessageId> {
        self.send(who, channel, &json!({"content": text}))
    }

    fn send(&mut self, who: UserId, channel: ChannelId, body: &Value) -> Outcome<MessageId> {
        self.world
            .send_message(self.now, who, channel, read::message(body, Vec::new())?)
    }

    fn edit(&mut self, who: UserId, channel: ChannelId, body: &Value) -> Outcome<ChannelId> {
        self.world
            .edit_channel(self.now, who, channel, read::channel_edit(body)?)
    }

    /// A private thread that the bot has created under #tickets.
    fn ticket(&mut self, invitable: bool) -> ChannelId {
        let draft = ThreadDraft {
            name: "ticket".into(),
            kind: ThreadKind::Private,
            auto_archive: None,
            invitable,
            rate_limit_per_user: None,
            post: None,
        };
        let (bot, tickets) = (self.ids.bot, self.ids.tickets);
        self.world
            .create_thread(self.now, bot, tickets, draft)
            .unwrap()
            .value
    }

    /// A ticket with Mia in it.
    fn tickets_member(&mut self) -> ChannelId {
        let thread = self.ticket(true);
        let text = format!("<@{}>", self.ids.member);
        let _ = self.say(self.ids.bot, thread, &text).unwrap();
        thread
    }

    /// The name of each event, and which users of the default world get it.
    fn told(&self, events: &[Event]) -> String {
        let mut lines = String::new();
        // The audit log has its own tests.
        let is_shown = |event: &&Event| !matches!(event.audience, Audience::Auditors);
        for event in events.iter().filter(is_shown) {
            let who: Vec<&str> = self
                .everybody()
                .into_iter()
                .filter(|(_, id)| self.dispatched(event, *id).is_some())
                .map(|(name, _)| name)
                .collect();
            writeln!(lines, "{} to {}", event.name.as_str(), who.join(" ")).unwrap();
        }
        lines
    }

    /// What this user gets of an event.
    fn dispatched(&self, event: &Event, to: UserId) -> Option<Value> {
        let intents = (to == self.ids.bot).then_some(self.intents);
        wire::dispatch(&self.world, self.now, event, to, intents)
    }

    /// What this user gets of the first event with this name.
    fn heard(&self, events: &[Event], name: EventName, to: UserId) -> Value {
        let event = events.iter().find(|e| e.name == name).expect("it happened");
        self.dispatched(event, to).expect("they are told")
    }

    fn everybody(&self) -> [(&'static str, UserId); 5] {
        let ids = &self.ids;
        [
            ("bot", ids.bot),
            ("olivia", ids.owner),
            ("max", ids.moderator),
            ("mia", ids.member),
            ("noah", ids.member2),
        ]
    }

    fn thread(&self, id: ChannelId) -> &Thread {
        self.world.thread(id).expect("it exists")
    }
}

/// Each story also checks that its final world can be saved and loaded.
impl Drop for Scene {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let text = serde_json::to_string(&self.world).unwrap();
            let mut again: World = serde_json::from_str(&text).unwrap();
            for (id, file) in again.files_mut() {
                file.data = Arc::clone(&self.world.files[&id].data);
            }
            assert!(again == self.world, "the world is another one: {text}");
        }
    }
}

/// The code of an error; 0 for success.
fn code<T>(outcome: &Outcome<T>) -> u32 {
    outcome.as_ref().err().map_or(0, |error| error.code)
}

/// The wrong fields of a refused body, and their errors.
fn wrong_fields(error: &ApiError) -> String {
    fn visit(value: &Value, path: &str, lines: &mut String) {
        for (field, inner) in value.as_object().into_iter().flatten() {
            if field == "_errors" {
                for error in inner.as_array().into_iter().flatten() {
                    let (code, message) = (&error["code"], &error["message"]);
                    let (code, message) = (code.as_str().unwrap(), message.as_str().unwrap());
                    writeln!(lines, "{path}: {code}: {message}").unwrap();
                }
            } else {
                visit(inner, &format!("{path}/{field}"), lines);
            }
        }
    }
    let mut lines = String::new();
    visit(&error.to_json()["errors"], "", &mut lines);
    lines
}
