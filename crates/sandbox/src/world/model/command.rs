//! An application's commands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{ApplicationId, CommandId, GuildId};
use crate::permissions::Permissions;

/// An application command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command {
    pub id: CommandId,
    pub application: ApplicationId,
    /// `None` for a global command.
    pub guild: Option<GuildId>,
    /// A snowflake that changes whenever the command changes.
    pub version: u64,
    pub spec: CommandSpec,
}

/// A command's definition, as the application registered it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandSpec {
    pub kind: CommandKind,
    pub name: String,
    pub name_localizations: Option<BTreeMap<String, String>>,
    pub description: String,
    pub description_localizations: Option<BTreeMap<String, String>>,
    pub options: Vec<CommandOption>,
    pub default_member_permissions: Option<Permissions>,
    /// The contexts in which it can be used: 0 servers, 1 direct messages with the bot, 2 others.
    pub contexts: Option<Vec<u8>>,
    pub integration_types: Option<Vec<u8>>,
    pub dm_permission: bool,
    pub nsfw: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum CommandKind {
    ChatInput = 1,
    User = 2,
    Message = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum OptionKind {
    SubCommand = 1,
    SubCommandGroup = 2,
    String = 3,
    Integer = 4,
    Boolean = 5,
    User = 6,
    Channel = 7,
    Role = 8,
    Mentionable = 9,
    Number = 10,
    Attachment = 11,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandOption {
    pub kind: OptionKind,
    pub name: String,
    pub name_localizations: Option<BTreeMap<String, String>>,
    pub description: String,
    pub description_localizations: Option<BTreeMap<String, String>>,
    pub required: bool,
    pub autocomplete: bool,
    pub choices: Vec<Choice>,
    pub channel_types: Vec<u8>,
    pub min_value: Option<f64>,
    pub max_value: Option<f64>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub options: Vec<CommandOption>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    pub name: String,
    pub name_localizations: Option<BTreeMap<String, String>>,
    pub value: Value,
}
