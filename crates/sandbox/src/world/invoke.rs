//! A person runs a command: checked as a Discord client and Discord would.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::commands::may_use;
use super::draft::{Invocation, Upload};
use super::event::Events;
use super::model::{
    Command, CommandKind, CommandOption, InteractionData, InteractionMetadata, OptionKind, Place,
    Resolved,
};
use super::{Outcome, World, require};
use crate::error::{ApiError, ErrorTree};
use crate::id::{
    AttachmentId, ChannelId, GuildId, InteractionId, MessageId, RoleId, Timestamp, UserId,
};
use crate::permissions::Permissions;

impl World {
    /// Runs a command. The application and the person's client receive `INTERACTION_CREATE`.
    pub fn invoke_command(
        &mut self,
        now: Timestamp,
        person: UserId,
        mut invocation: Invocation,
    ) -> Outcome<InteractionId> {
        let channel = invocation.channel;
        let files = std::mem::take(&mut invocation.files);
        let mut files = self.named(now, files);
        let mut chosen = Vec::new();
        let (place, permissions) = self.visible(now, person, channel)?;
        if place.guild() != invocation.guild {
            return Err(ApiError::UnknownChannel);
        }
        require(permissions, Permissions::USE_APPLICATION_COMMANDS)?;
        if place.thread().is_some_and(|t| t.archived) {
            return Err(ApiError::ThreadArchived);
        }
        let (command, path) = self
            .find_command(&invocation)
            .ok_or(ApiError::UnknownCommand)?;
        if !may_use(permissions, &command.spec) {
            return Err(ApiError::MissingPermissions);
        }
        let mut resolved = Resolved::default();
        let (options, target) = match command.spec.kind {
            CommandKind::ChatInput => {
                let leaf = path.last().map_or(&command.spec.options, |o| &o.options);
                let given = &invocation.options;
                let read = if let Some(focused) = &invocation.focused {
                    half_written(leaf, given, focused)?
                } else {
                    let mut read =
                        self.read_options(now, person, place, leaf, given, &mut resolved)?;
                    chosen = choose_files(&mut read, &mut files)?;
                    read
                };
                (nest(&path, read), None)
            }
            kind => {
                let target =
                    self.read_target(now, person, place, kind, invocation.target, &mut resolved)?;
                (Vec::new(), Some(target))
            }
        };
        let (application, name) = (command.application, invocation.name);
        let is_message = command.spec.kind == CommandKind::Message;
        let root = command.spec.name.clone();
        let (command, guild_command) = (command.id, command.guild.is_some());
        let kind = invocation.kind;
        let place = (place.guild(), channel);
        let files = chosen.into_iter();
        resolved.attachments = files
            .map(|(id, upload)| self.keep_file_as(id, upload))
            .collect();
        let data = InteractionData::Command {
            command,
            guild_command,
            kind,
            name: root,
            options,
            target,
            resolved,
            autocomplete: invocation.focused.is_some(),
        };
        let metadata = InteractionMetadata {
            id: InteractionId(0),
            kind: 2,
            user: person,
            name: Some(name),
            target_message: target.filter(|_| is_message).map(MessageId),
            target_user: target.filter(|_| !is_message).map(UserId),
            interacted_message: None,
            triggered_by: None,
        };
        let mut events = Events::default();
        let id = self.begin_interaction(now, application, place, data, metadata, None, &mut events);
        Ok(events.done(id))
    }

    /// The command, and its groups and subcommands down to the one that is run.
    fn find_command(&self, invocation: &Invocation) -> Option<(&Command, Vec<&CommandOption>)> {
        let mut words = invocation.name.split_whitespace();
        // The name of a menu command may contain spaces.
        let root = if invocation.kind == CommandKind::ChatInput {
            words.next()?
        } else {
            words = "".split_whitespace();
            &invocation.name
        };
        let command = self
            .commands_in(invocation.guild)
            .find(|c| c.spec.kind == invocation.kind && c.spec.name == root)?;
        let mut path: Vec<&CommandOption> = Vec::new();
        let mut options = &command.spec.options;
        for word in words {
            let next = options.iter().find(|o| o.kind.nests() && o.name == word)?;
            path.push(next);
            options = &next.options;
        }
        // A group, or a command with subcommands, cannot itself be run.
        options
            .iter()
            .all(|o| !o.kind.nests())
            .then_some((command, path))
    }

    fn read_options(
        &self,
        now: Timestamp,
        person: UserId,
        place: Place<'_>,
        definitions: &[CommandOption],
        given: &BTreeMap<String, Value>,
        resolved: &mut Resolved,
    ) -> Result<Vec<Value>, ApiError> {
        let mut errors = ErrorTree::default();
        for name in given.keys() {
            if definitions.iter().all(|o| o.name != *name) {
                let message = format!("The command has no option \"{name}\"");
                errors.add("options", "APPLICATION_COMMAND_INVALID_OPTION", message);
            }
        }
        let mut read = Vec::new();
        for option in definitions {
            let path = format!("options.{}", option.name);
            match given.get(&option.name).filter(|v| !v.is_null()) {
                None if option.required => {
                    errors.add(&path, "BASE_TYPE_REQUIRED", "This field is required");
                }
                None => {}
                Some(value) => {
                    match self.read_option(now, person, place, option, value, resolved) {
                        Ok(value) => read.push(json!({
                            "name": option.name,
                            "type": option.kind as u8,
                            "value": value,
                        })),
                        Err(message) => {
                            errors.add(&path, "APPLICATION_COMMAND_INVALID_OPTION_VALUE", message);
                        }
                    }
                }
            }
        }
        if errors.is_empty() {
            Ok(read)
        } else {
            Err(errors.into_error())
        }
    }

    fn read_option(
        &self,
        now: Timestamp,
        person: UserId,
        place: Place<'_>,
        option: &CommandOption,
        value: &Value,
        resolved: &mut Resolved,
    ) -> Result<Value, String> {
        let id = UserId::from_json(value).map(|id| id.0);
        let known = |known: bool, what: &str| {
            if known {
                Ok(json!(id.unwrap_or(0).to_string()))
            } else {
                Err(format!("Not a {what}"))
            }
        };
        let guild = place.guild();
        match option.kind {
            OptionKind::String => read_text(option, value),
            OptionKind::Integer => {
                let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
                let number = number.ok_or("Not an integer")?;
                #[expect(clippy::cast_precision_loss, reason = "bounds are well within 2^53")]
                in_bounds(option, number as f64)?;
                among_choices(option, json!(number))
            }
            OptionKind::Number => {
                let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
                let number = number.ok_or("Not a number")?;
                in_bounds(option, number)?;
                among_choices(option, json!(number))
            }
            OptionKind::Boolean => {
                let flag = value.as_bool().or_else(|| value.as_str()?.parse().ok());
                flag.map(Value::Bool)
                    .ok_or_else(|| "Neither true nor false".into())
            }
            OptionKind::User => known(self.resolve_user(id, resolved), "user"),
            OptionKind::Role => known(self.resolve_role(guild, id, resolved), "role"),
            OptionKind::Mentionable => known(
                self.resolve_role(guild, id, resolved) || self.resolve_user(id, resolved),
                "user or role",
            ),
            OptionKind::Channel => known(
                self.resolve_channel(now, person, guild, id, &option.channel_types, resolved),
                "channel of a fitting type",
            ),
            // An index into the uploaded files. It is resolved after all other options were checked.
            OptionKind::Attachment => Ok(value.clone()),
            OptionKind::SubCommand | OptionKind::SubCommandGroup => Err("Not a value".into()),
        }
    }

    fn read_target(
        &self,
        now: Timestamp,
        person: UserId,
        place: Place<'_>,
        kind: CommandKind,
        target: Option<u64>,
        resolved: &mut Resolved,
    ) -> Result<u64, ApiError> {
        let required = ApiError::field("target_id", "BASE_TYPE_REQUIRED", "This field is required");
        let target = target.ok_or(required)?;
        if kind == CommandKind::Message {
            let message = self.message_for(now, person, place.id(), MessageId(target))?;
            // Ephemeral messages have no Apps menu.
            if message.ephemeral_to.is_some() {
                return Err(ApiError::UnknownMessage);
            }
            resolved.messages.insert((place.id(), message.id));
        } else if !self.resolve_user(Some(target), resolved) {
            return Err(ApiError::UnknownUser);
        }
        Ok(target)
    }

    pub(super) fn resolve_user(&self, id: Option<u64>, resolved: &mut Resolved) -> bool {
        let known = id.map(UserId).filter(|id| self.users.contains_key(id));
        resolved.users.extend(known);
        known.is_some()
    }

    pub(super) fn resolve_role(
        &self,
        guild: GuildId,
        id: Option<u64>,
        resolved: &mut Resolved,
    ) -> bool {
        let exists = |id: &RoleId| {
            self.guilds
                .get(&guild)
                .is_some_and(|g| g.roles.contains_key(id))
        };
        let known = id.map(RoleId).filter(exists);
        resolved.roles.extend(known);
        known.is_some()
    }

    pub(super) fn resolve_channel(
        &self,
        now: Timestamp,
        person: UserId,
        guild: GuildId,
        id: Option<u64>,
        types: &[u8],
        resolved: &mut Resolved,
    ) -> bool {
        let place = id.and_then(|id| self.place(ChannelId(id)));
        let fitting = place.filter(|place| {
            place.guild() == guild
                && (types.is_empty() || types.contains(&place.type_code()))
                && self.can_view(now, *place, person)
        });
        resolved.channels.extend(fitting.map(Place::id));
        fitting.is_some()
    }
}

/// The options that the person has filled in so far, for an application that should suggest values for the
/// focused one. They are checked only when the command is run.
fn half_written(
    definitions: &[CommandOption],
    given: &BTreeMap<String, Value>,
    focused: &str,
) -> Result<Vec<Value>, ApiError> {
    let wanted = definitions.iter().find(|o| o.name == focused);
    if !wanted.is_some_and(|o| o.autocomplete) {
        let message = format!("The command suggests nothing for an option \"{focused}\"");
        let code = "APPLICATION_COMMAND_INVALID_OPTION";
        return Err(ApiError::field("focused", code, message));
    }
    let written = definitions
        .iter()
        .filter(|o| o.kind != OptionKind::Attachment);
    let written = written.filter_map(|option| {
        let is_focused = option.name == focused;
        let nothing = json!("");
        let value = given.get(&option.name).or(is_focused.then_some(&nothing))?;
        let mut json = json!({"name": option.name, "type": option.kind as u8, "value": value});
        if is_focused {
            json["focused"] = true.into();
        }
        Some(json)
    });
    Ok(written.collect())
}

/// Wraps the options of the command that is run in its subcommand and group.
fn nest(path: &[&CommandOption], leaf: Vec<Value>) -> Vec<Value> {
    path.iter().rev().fold(leaf, |inner, option| {
        vec![json!({"name": option.name, "type": option.kind as u8, "options": inner})]
    })
}

/// The files that the given options refer to by index. Replaces each index with the id of its file.
fn choose_files(
    given: &mut [Value],
    files: &mut [Option<(AttachmentId, Upload)>],
) -> Result<Vec<(AttachmentId, Upload)>, ApiError> {
    let mut chosen = Vec::new();
    for option in given {
        if option["type"] != OptionKind::Attachment as u8 {
            continue;
        }
        let index = option["value"]
            .as_u64()
            .or_else(|| option["value"].as_str()?.parse().ok());
        let index = index.and_then(|index| usize::try_from(index).ok());
        let file = index.and_then(|index| files.get_mut(index)?.take());
        let (id, upload) = file.ok_or_else(|| {
            let path = format!("options.{}", option["name"].as_str().unwrap_or_default());
            let message = "Not the place of a file among the attachments";
            ApiError::field(&path, "APPLICATION_COMMAND_INVALID_OPTION_VALUE", message)
        })?;
        option["value"] = id.to_string().into();
        chosen.push((id, upload));
    }
    Ok(chosen)
}

fn read_text(option: &CommandOption, value: &Value) -> Result<Value, String> {
    let text = value.as_str().ok_or("Not a text")?;
    let length = text.chars().count() as u64;
    let (min, max) = (
        option.min_length.unwrap_or(0),
        option.max_length.unwrap_or(6000),
    );
    if !(min..=max).contains(&length) {
        return Err(format!("Must be between {min} and {max} in length."));
    }
    among_choices(option, json!(text))
}

/// The value of a choice, which may be given by its value or its name.
fn among_choices(option: &CommandOption, value: Value) -> Result<Value, String> {
    if option.choices.is_empty() {
        return Ok(value);
    }
    let chosen = option
        .choices
        .iter()
        .find(|c| c.value == value || json!(c.name) == value);
    chosen
        .map(|c| c.value.clone())
        .ok_or_else(|| "Not among the choices".into())
}

fn in_bounds(option: &CommandOption, number: f64) -> Result<(), String> {
    if let Some(min) = option.min_value.filter(|min| number < *min) {
        return Err(format!("Must be at least {min}"));
    }
    if let Some(max) = option.max_value.filter(|max| number > *max) {
        return Err(format!("Must be at most {max}"));
    }
    Ok(())
}
