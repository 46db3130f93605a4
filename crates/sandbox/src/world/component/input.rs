//! Interactive components: buttons and menus of messages, and the inputs of modals.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Button {
    /// 1 primary, 2 secondary, 3 success, 4 danger, 5 link.
    pub style: u8,
    pub label: Option<String>,
    pub emoji: Option<Value>,
    pub disabled: bool,
    pub action: ButtonAction,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ButtonAction {
    Click { custom_id: String },
    Link { url: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Select {
    pub custom_id: String,
    pub kind: SelectKind,
    pub placeholder: Option<String>,
    pub min_values: u32,
    pub max_values: u32,
    pub disabled: bool,
    /// In a modal, whether something must be chosen.
    pub required: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SelectKind {
    Strings(Vec<SelectOption>),
    Users(Vec<DefaultValue>),
    Roles(Vec<DefaultValue>),
    Mentionables(Vec<DefaultValue>),
    Channels {
        defaults: Vec<DefaultValue>,
        types: Vec<u8>,
    },
}

impl SelectKind {
    pub fn code(&self) -> u8 {
        match self {
            Self::Strings(_) => 3,
            Self::Users(_) => 5,
            Self::Roles(_) => 6,
            Self::Mentionables(_) => 7,
            Self::Channels { .. } => 8,
        }
    }

    /// The values that are chosen initially.
    pub fn defaults(&self) -> Vec<String> {
        match self {
            Self::Strings(options) => chosen_beforehand(options),
            Self::Users(defaults)
            | Self::Roles(defaults)
            | Self::Mentionables(defaults)
            | Self::Channels { defaults, .. } => {
                defaults.iter().map(|d| d.id.to_string()).collect()
            }
        }
    }
}

/// One of the choices of a string select, a radio group or a checkbox group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelectOption {
    pub label: String,
    pub value: String,
    pub description: Option<String>,
    /// Only in a string select.
    pub emoji: Option<Value>,
    pub default: bool,
}

/// The values of the options that are chosen initially.
pub fn chosen_beforehand(options: &[SelectOption]) -> Vec<String> {
    let chosen = options.iter().filter(|option| option.default);
    chosen.map(|option| option.value.clone()).collect()
}

/// A user, role or channel that is chosen initially.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultValue {
    pub id: u64,
    pub kind: DefaultKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DefaultKind {
    User,
    Role,
    Channel,
}

impl DefaultKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Role => "role",
            Self::Channel => "channel",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextInput {
    pub custom_id: String,
    /// 1 one line, 2 a paragraph.
    pub style: u8,
    /// Only outside a [`super::ComponentKind::Label`].
    pub label: Option<String>,
    pub min_length: Option<u32>,
    pub max_length: Option<u32>,
    pub required: bool,
    pub value: Option<String>,
    pub placeholder: Option<String>,
}

/// An input for files in a modal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileUpload {
    pub custom_id: String,
    pub min_values: u32,
    pub max_values: u32,
    pub required: bool,
}

/// One of several options, which are all visible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RadioGroup {
    pub custom_id: String,
    pub options: Vec<SelectOption>,
    pub required: bool,
}

/// Any number of several options, which are all visible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckboxGroup {
    pub custom_id: String,
    pub options: Vec<SelectOption>,
    pub min_values: u32,
    pub max_values: u32,
    pub required: bool,
}

/// Yes or no. It cannot be required.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkbox {
    pub custom_id: String,
    pub default: bool,
}
