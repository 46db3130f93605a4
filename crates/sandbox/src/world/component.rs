//! Components: rows, buttons, menus, and what a modal is made of.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A component with its numeric id, unique in its message or modal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Component {
    pub id: u32,
    pub kind: ComponentKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ComponentKind {
    ActionRow(Vec<Component>),
    Button(Button),
    Select(Select),
    TextInput(TextInput),
    /// Text in a modal.
    TextDisplay {
        content: String,
    },
    /// A label round one input of a modal.
    Label {
        label: String,
        description: Option<String>,
        component: Box<Component>,
    },
}

impl ComponentKind {
    /// The number on the wire.
    pub fn code(&self) -> u8 {
        match self {
            Self::ActionRow(_) => 1,
            Self::Button(_) => 2,
            Self::Select(select) => select.kind.code(),
            Self::TextInput(_) => 4,
            Self::TextDisplay { .. } => 10,
            Self::Label { .. } => 18,
        }
    }
}

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

    /// What is chosen before the person chooses.
    pub fn defaults(&self) -> Vec<String> {
        match self {
            Self::Strings(options) => options
                .iter()
                .filter(|o| o.default)
                .map(|o| o.value.clone())
                .collect(),
            Self::Users(defaults)
            | Self::Roles(defaults)
            | Self::Mentionables(defaults)
            | Self::Channels { defaults, .. } => {
                defaults.iter().map(|d| d.id.to_string()).collect()
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelectOption {
    pub label: String,
    pub value: String,
    pub description: Option<String>,
    pub emoji: Option<Value>,
    pub default: bool,
}

/// Something that is chosen beforehand.
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
    /// Only outside a [`ComponentKind::Label`].
    pub label: Option<String>,
    pub min_length: Option<u32>,
    pub max_length: Option<u32>,
    pub required: bool,
    pub value: Option<String>,
    pub placeholder: Option<String>,
}

/// Gives every component without an id one that is free, in reading order, from 1 on.
pub fn number(components: &mut [Component]) {
    let mut taken = BTreeSet::new();
    walk(components, &mut |component| {
        taken.insert(component.id);
    });
    let mut next = 1;
    walk(components, &mut |component| {
        if component.id == 0 {
            while taken.contains(&next) {
                next += 1;
            }
            component.id = next;
            next += 1;
        }
    });
}

/// Looks for the interactive component with this `custom_id`.
pub fn find<'a>(components: &'a [Component], custom_id: &str) -> Option<&'a Component> {
    components
        .iter()
        .find_map(|component| match &component.kind {
            ComponentKind::ActionRow(inner) => find(inner, custom_id),
            ComponentKind::Label { component, .. } => {
                find(std::slice::from_ref(&**component), custom_id)
            }
            _ => (component.custom_id() == Some(custom_id)).then_some(component),
        })
}

impl Component {
    pub fn custom_id(&self) -> Option<&str> {
        match &self.kind {
            ComponentKind::Button(Button {
                action: ButtonAction::Click { custom_id },
                ..
            })
            | ComponentKind::Select(Select { custom_id, .. })
            | ComponentKind::TextInput(TextInput { custom_id, .. }) => Some(custom_id),
            _ => None,
        }
    }
}

/// Visits all components, a container before what it holds.
fn walk(components: &mut [Component], visit: &mut dyn FnMut(&mut Component)) {
    for component in components {
        visit(component);
        match &mut component.kind {
            ComponentKind::ActionRow(inner) => walk(inner, visit),
            ComponentKind::Label { component, .. } => {
                walk(std::slice::from_mut(&mut **component), visit);
            }
            _ => {}
        }
    }
}
