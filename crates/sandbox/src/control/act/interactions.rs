//! What people send to the bot: commands, clicks, choices and forms.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::files::take_uploads;
use super::{Actor, Answer, parse};
use crate::control::error::ControlError;
use crate::control::look;
use crate::id::{ChannelId, GuildId, InteractionId, MessageId, UserId};
use crate::world::Change;
use crate::world::draft::{Click, Forgery, Invocation, Submission, Submitted};
use crate::world::model::CommandKind;

impl Actor<'_> {
    pub(crate) fn run_command(self, mut body: Value) -> Answer {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            // Not in direct messages.
            guild_id: Option<GuildId>,
            channel_id: ChannelId,
            name: String,
            r#type: Option<u8>,
            #[serde(default)]
            options: BTreeMap<String, Value>,
            target_id: Option<UserId>,
            focused: Option<String>,
        }
        let about = without_data(&body);
        let files = take_uploads(&mut body)?;
        let body: Body = parse(body)?;
        let kind = match body.r#type.unwrap_or(1) {
            1 => CommandKind::ChatInput,
            2 => CommandKind::User,
            3 => CommandKind::Message,
            other => {
                return Err(ControlError::wrong(format!(
                    "`type` is {other}: it must be 1 (slash), 2 (user menu) or 3 (message menu)"
                )));
            }
        };
        // Requests for suggestions are not recorded: clients send one for each key.
        if body.focused.is_none() {
            self.does("use a command", about);
        }
        let invocation = Invocation {
            guild: body.guild_id.unwrap_or(GuildId::NONE),
            channel: body.channel_id,
            name: body.name,
            kind,
            options: body.options,
            target: body.target_id.map(|id| id.0),
            files,
            focused: body.focused,
        };
        let id = self.change(|world, now| world.invoke_command(now, self.id, invocation))?;
        self.sent_to_bot(id)
    }

    pub(crate) fn use_component(self, body: Value) -> Answer {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            channel_id: ChannelId,
            message_id: MessageId,
            custom_id: String,
            #[serde(default)]
            values: Vec<String>,
        }
        let about = body.clone();
        let body: Body = parse(body)?;
        self.does("use a component", about);
        let click = Click {
            channel: body.channel_id,
            message: body.message_id,
            custom_id: body.custom_id,
            values: body.values,
        };
        let id = self.change(|world, now| world.click(now, self.id, click))?;
        self.sent_to_bot(id)
    }

    /// Sends an interaction that no client could send.
    pub(crate) fn forge(self, body: Value) -> Answer {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            channel_id: ChannelId,
            message_id: Option<MessageId>,
            custom_id: String,
            component_type: Option<u8>,
            #[serde(default)]
            values: Vec<String>,
            fields: Option<BTreeMap<String, String>>,
        }
        let about = body.clone();
        let body: Body = parse(body)?;
        self.does("forge an interaction", about);
        let forgery = Forgery {
            channel: body.channel_id,
            message: body.message_id,
            custom_id: body.custom_id,
            component_type: body.component_type.unwrap_or(2),
            values: body.values,
            fields: body.fields,
        };
        let id = self.change(|world, now| world.forge(now, self.id, forgery))?;
        self.sent_to_bot(id)
    }

    pub(crate) fn submit_modal(self, mut body: Value) -> Answer {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            interaction_id: InteractionId,
            #[serde(default)]
            values: BTreeMap<String, Value>,
            #[serde(default)]
            dismiss: bool,
        }
        let about = without_data(&body);
        let files = take_uploads(&mut body)?;
        let body: Body = parse(body)?;
        let opened_by = body.interaction_id;
        if body.dismiss {
            self.does("close a modal", about);
            // Dismissing may make the world forget the interaction, so the response is written out below.
            self.change(|world, now| world.dismiss_modal(now, self.id, opened_by))?;
            return Ok(json!({"id": opened_by, "state": "answered"}));
        }
        self.does("submit a modal", about);
        let values = body.values.into_iter();
        let values = values.map(|(id, value)| Ok((id.clone(), filled_in(&id, value)?)));
        let submission = Submission {
            opened_by,
            values: values.collect::<Result<_, ControlError>>()?,
            files,
        };
        let id = self.change(|world, now| world.submit_modal(now, self.id, submission))?;
        self.sent_to_bot(id)
    }

    /// The state that the client knows right after it has sent an interaction. If no bot is connected, the
    /// interaction fails at once.
    fn sent_to_bot(self, id: InteractionId) -> Answer {
        let served = self.hub.glance(|world, sessions, _| {
            let interaction = world.interaction(id)?;
            let bot = world.application(interaction.application)?.bot;
            Some(sessions.serves(bot, interaction.guild))
        });
        if served != Some(true) {
            self.change(|world, _| {
                Ok(Change {
                    value: (),
                    events: world.fail_interaction(id),
                })
            })?;
        }
        let (_, state) = look::interaction(self.hub, self.id, id)?;
        Ok(json!({"id": id, "state": state.name()}))
    }
}

/// Reads the value of an input: a text, true or false, null, or a list. A list has values, ids or indexes of
/// files, which may be numbers.
fn filled_in(custom_id: &str, value: Value) -> Result<Submitted, ControlError> {
    let wrong = |value: &Value| {
        ControlError::wrong(format!(
            "`values.{custom_id}` is {value}: it must be a string, true or false, null, or a list of \
             strings or numbers"
        ))
    };
    Ok(match value {
        Value::Null => Submitted::Nothing,
        Value::Bool(checked) => Submitted::Checked(checked),
        Value::String(text) => Submitted::Text(text),
        Value::Array(values) => Submitted::Chosen(
            values
                .into_iter()
                .map(|value| match value {
                    Value::String(value) => Ok(value),
                    Value::Number(number) => Ok(number.to_string()),
                    other => Err(wrong(&other)),
                })
                .collect::<Result<_, _>>()?,
        ),
        Value::Number(number) => Submitted::Chosen(vec![number.to_string()]),
        other @ Value::Object(_) => return Err(wrong(&other)),
    })
}

/// A body for the record, without the bytes of its files.
fn without_data(body: &Value) -> Value {
    let mut about = body.clone();
    let files = about.get_mut("attachments").and_then(Value::as_array_mut);
    for file in files.into_iter().flatten().filter_map(Value::as_object_mut) {
        file.remove("data");
    }
    about
}
