//! Discord's objects in tests: their JSON, with methods for the most frequent questions.

use std::fmt;
use std::ops::Deref;

use serde_json::Value;

use crate::id::{ChannelId, GuildId, InteractionId, MessageId, UserId};
use crate::sandbox::Error;

macro_rules! views {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        ///
        /// It is Discord's JSON: `view["field"]` reads any of it.
        #[derive(Clone, PartialEq)]
        pub struct $name(pub Value);

        impl Deref for $name {
            type Target = Value;

            fn deref(&self) -> &Value {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:#}", self.0)
            }
        }
    )+};
}

views! {
    /// A message, as the person who requested it sees it.
    Message,
    /// A channel or a thread, as the person who asked sees it, with their `permissions` and, for a
    /// thread, whether they `joined`.
    Channel,
    /// A modal that the bot opened.
    Modal,
}

impl Message {
    pub fn id(&self) -> MessageId {
        id(&self.0, "id").map_or(MessageId(0), MessageId)
    }

    pub fn channel_id(&self) -> ChannelId {
        id(&self.0, "channel_id").map_or(ChannelId(0), ChannelId)
    }

    pub fn content(&self) -> &str {
        text(&self.0, "content")
    }

    pub fn author_id(&self) -> UserId {
        id(&self.0["author"], "id").map_or(UserId(0), UserId)
    }

    /// Discord's number for the kind of message: 0 ordinary, 1 somebody was added, …
    pub fn kind(&self) -> u64 {
        self.0["type"].as_u64().unwrap_or(0)
    }

    pub fn embeds(&self) -> &[Value] {
        list(&self.0, "embeds")
    }

    pub fn attachments(&self) -> &[Value] {
        list(&self.0, "attachments")
    }

    /// Whether only one person sees it.
    pub fn is_ephemeral(&self) -> bool {
        self.0["flags"].as_u64().unwrap_or(0) & (1 << 6) != 0
    }

    /// The users whom the message mentions, except for suppressed mentions.
    pub fn mentioned_users(&self) -> Vec<UserId> {
        list(&self.0, "mentions")
            .iter()
            .filter_map(|user| id(user, "id").map(UserId))
            .collect()
    }

    /// Every button, menu, text and picture in the message, in order, without the components around them.
    pub fn components(&self) -> Vec<&Value> {
        fn collect<'a>(components: &'a [Value], into: &mut Vec<&'a Value>) {
            for component in components {
                match component["components"].as_array() {
                    Some(inner) => collect(inner, into),
                    None => into.push(component),
                }
                into.extend(component.get("accessory"));
            }
        }
        let mut found = Vec::new();
        collect(list(&self.0, "components"), &mut found);
        found
    }

    /// The message's text. If the message is made of components, all their texts, one per line.
    pub fn text(&self) -> String {
        let displayed = self.components().into_iter();
        let displayed = displayed.filter_map(|component| component["content"].as_str());
        let content = Some(self.content()).filter(|content| !content.is_empty());
        let all: Vec<&str> = content.into_iter().chain(displayed).collect();
        all.join("\n")
    }

    /// The `custom_id` of the button with this label.
    pub fn button(&self, label: &str) -> Option<&str> {
        let components = self.components();
        let button = components
            .into_iter()
            .find(|c| c["type"] == 2 && c["label"] == label)?;
        button["custom_id"].as_str()
    }
}

impl Channel {
    pub fn id(&self) -> ChannelId {
        id(&self.0, "id").map_or(ChannelId(0), ChannelId)
    }

    pub fn guild_id(&self) -> GuildId {
        id(&self.0, "guild_id").map_or(GuildId(0), GuildId)
    }

    /// The channel above a thread; a channel's category.
    pub fn parent_id(&self) -> Option<ChannelId> {
        id(&self.0, "parent_id").map(ChannelId)
    }

    pub fn name(&self) -> &str {
        text(&self.0, "name")
    }

    /// Discord's number for the kind of channel: 0 text, 11 public thread, 12 private thread, …
    pub fn kind(&self) -> u64 {
        self.0["type"].as_u64().unwrap_or(0)
    }

    /// Whether a thread is archived; false for a channel.
    pub fn is_archived(&self) -> bool {
        self.0["thread_metadata"]["archived"] == true
    }

    /// Whether a thread is locked; false for a channel.
    pub fn is_locked(&self) -> bool {
        self.0["thread_metadata"]["locked"] == true
    }

    /// Whether the person who requested it is in the thread.
    pub fn is_joined(&self) -> bool {
        self.0["joined"] == true
    }
}

impl Modal {
    pub fn title(&self) -> &str {
        text(&self.0, "title")
    }

    pub fn custom_id(&self) -> &str {
        text(&self.0, "custom_id")
    }

    /// The inputs of the modal, without the labels and rows around them.
    pub fn inputs(&self) -> Vec<&Value> {
        list(&self.0, "components")
            .iter()
            .flat_map(
                |part| match (part.get("component"), part["components"].as_array()) {
                    (Some(component), _) => vec![component],
                    (None, Some(components)) => components.iter().collect(),
                    (None, None) => Vec::new(),
                },
            )
            .collect()
    }

    /// The initial text of an input.
    pub fn value(&self, custom_id: &str) -> Option<&str> {
        let inputs = self.inputs();
        inputs
            .into_iter()
            .find(|input| input["custom_id"] == custom_id)?["value"]
            .as_str()
    }
}

/// The state of an interaction's response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// No response yet, or still "thinking…".
    Waiting,
    Answered,
    /// The bot opened a form.
    Modal,
    /// No answer within 3 seconds, or no bot: "This application did not respond".
    Failed,
}

/// The bot's response to a command, a click or a modal.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub id: InteractionId,
    pub state: State,
    message: Option<Message>,
    modal: Option<Modal>,
}

impl Answer {
    /// Reads an interaction from the control API's JSON.
    pub(crate) fn read(view: &Value) -> Self {
        let part = |name: &str| view.get(name).filter(|part| !part.is_null()).cloned();
        Self {
            id: id(view, "id").map_or(InteractionId(0), InteractionId),
            state: match view["state"].as_str() {
                Some("answered") => State::Answered,
                Some("modal") => State::Modal,
                Some("failed") => State::Failed,
                _ => State::Waiting,
            },
            message: part("message").map(Message),
            modal: part("modal").map(Modal),
        }
    }

    /// The message of the response. Fails if there is none.
    pub fn message(&self) -> Result<&Message, Error> {
        self.message
            .as_ref()
            .ok_or_else(|| self.unexpected("a message"))
    }

    /// The text of the response. Fails if there is none.
    pub fn content(&self) -> Result<&str, Error> {
        self.message().map(Message::content)
    }

    /// The modal that the bot opened. Fails if there is none.
    pub fn modal(&self) -> Result<&Modal, Error> {
        self.modal.as_ref().ok_or_else(|| self.unexpected("a form"))
    }

    fn unexpected(&self, wanted: &'static str) -> Error {
        let answered = match (&self.message, &self.modal, self.state) {
            (Some(message), ..) => format!("a message: {:?}", message.content()),
            (_, Some(modal), _) => format!("a form: {:?}", modal.title()),
            (.., State::Failed) => "nothing (the interaction failed)".to_owned(),
            (.., State::Waiting) => "nothing yet".to_owned(),
            (.., State::Answered | State::Modal) => "without a message".to_owned(),
        };
        Error::UnexpectedAnswer { wanted, answered }
    }
}

fn id(value: &Value, field: &str) -> Option<u64> {
    value[field].as_str()?.parse().ok()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn components_are_found_wherever_they_are_nested() {
        let message = Message(json!({"components": [{"type": 1, "components": [
            {"type": 2, "label": "Yes", "custom_id": "y"},
            {"type": 2, "label": "Look", "url": "http://localhost"},
        ]}]}));
        assert_eq!(message.components().len(), 2);
        let section = json!({"type": 9, "components": [{"type": 10, "content": "Hi"}],
            "accessory": {"type": 2, "label": "Go", "custom_id": "g"}});
        let message = Message(json!({"components": [{"type": 17, "components": [section]}]}));
        assert_eq!(message.components().len(), 2);
        assert_eq!((message.button("Go"), &*message.text()), (Some("g"), "Hi"));
        let message = Message(json!({"components": [{"type": 1, "components": [
            {"type": 2, "label": "Yes", "custom_id": "y"},
            {"type": 2, "label": "Look", "url": "http://localhost"},
        ]}]}));
        assert_eq!(message.button("Yes"), Some("y"));
        assert_eq!(message.button("Look"), None);
    }

    #[test]
    fn a_forms_inputs_stand_under_labels_or_in_rows() {
        let modal = Modal(json!({"title": "T", "components": [
            {"type": 18, "component": {"type": 4, "custom_id": "a", "value": "A"}},
            {"type": 1, "components": [{"type": 4, "custom_id": "b"}]},
            {"type": 10, "content": "text"},
        ]}));
        assert_eq!(modal.inputs().len(), 2);
        assert_eq!((modal.value("a"), modal.value("b")), (Some("A"), None));
    }

    #[test]
    fn an_answer_says_what_it_is_when_it_is_not_what_was_wanted() {
        let answer =
            Answer::read(&json!({"id": "1", "state": "answered", "message": {"content": "no"}}));
        assert_eq!(answer.content().unwrap(), "no");
        let error = answer.modal().unwrap_err().to_string();
        assert_eq!(
            error,
            "expected the bot to answer with a form, but it answered with a message: \"no\""
        );
        let failed = Answer::read(&json!({"id": "1", "state": "failed"}));
        assert!(
            failed
                .content()
                .unwrap_err()
                .to_string()
                .contains("the interaction failed")
        );
    }
}
