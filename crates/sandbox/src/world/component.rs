//! Components of messages and modals, and how they nest.

mod input;
mod layout;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::embed::Picture;
use crate::id::EmojiId;

pub use input::{
    Button, ButtonAction, Checkbox, CheckboxGroup, DefaultKind, DefaultValue, FileUpload,
    RadioGroup, Select, SelectKind, SelectOption, TextInput, chosen_beforehand,
};
pub use layout::{Container, FileDisplay, Media, MediaItem, Section, Separator};

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
    Section(Section),
    TextDisplay {
        content: String,
    },
    Thumbnail(MediaItem),
    MediaGallery(Vec<MediaItem>),
    File(FileDisplay),
    Separator(Separator),
    Container(Container),
    /// A label round one input of a modal.
    Label {
        label: String,
        description: Option<String>,
        component: Box<Component>,
    },
    FileUpload(FileUpload),
    RadioGroup(RadioGroup),
    CheckboxGroup(CheckboxGroup),
    Checkbox(Checkbox),
}

impl ComponentKind {
    /// Discord's number for the kind.
    pub fn code(&self) -> u8 {
        match self {
            Self::ActionRow(_) => 1,
            Self::Button(_) => 2,
            Self::Select(select) => select.kind.code(),
            Self::TextInput(_) => 4,
            Self::Section(_) => 9,
            Self::TextDisplay { .. } => 10,
            Self::Thumbnail(_) => 11,
            Self::MediaGallery(_) => 12,
            Self::File(_) => 13,
            Self::Separator(_) => 14,
            Self::Container(_) => 17,
            Self::Label { .. } => 18,
            Self::FileUpload(_) => 19,
            Self::RadioGroup(_) => 21,
            Self::CheckboxGroup(_) => 22,
            Self::Checkbox(_) => 23,
        }
    }

    fn children_mut(&mut self) -> Vec<&mut Component> {
        match self {
            Self::ActionRow(inner)
            | Self::Container(Container {
                components: inner, ..
            }) => inner.iter_mut().collect(),
            Self::Section(section) => {
                let accessory = &mut *section.accessory;
                section.components.iter_mut().chain([accessory]).collect()
            }
            Self::Label { component, .. } => vec![component],
            _ => Vec::new(),
        }
    }
}

impl Component {
    pub fn custom_id(&self) -> Option<&str> {
        match &self.kind {
            ComponentKind::Button(Button {
                action: ButtonAction::Click { custom_id },
                ..
            })
            | ComponentKind::Select(Select { custom_id, .. })
            | ComponentKind::TextInput(TextInput { custom_id, .. })
            | ComponentKind::FileUpload(FileUpload { custom_id, .. })
            | ComponentKind::RadioGroup(RadioGroup { custom_id, .. })
            | ComponentKind::CheckboxGroup(CheckboxGroup { custom_id, .. })
            | ComponentKind::Checkbox(Checkbox { custom_id, .. }) => Some(custom_id),
            _ => None,
        }
    }

    /// The direct children of this component, each with its path: `components.0`, `accessory`.
    pub fn children(&self) -> Vec<(String, &Component)> {
        let list = |inner: &'_ [Component]| -> Vec<String> {
            let places = (0..inner.len()).map(|index| format!("components.{index}"));
            places.collect()
        };
        match &self.kind {
            ComponentKind::ActionRow(inner)
            | ComponentKind::Container(Container {
                components: inner, ..
            }) => list(inner).into_iter().zip(inner).collect(),
            ComponentKind::Section(section) => {
                let texts = &section.components;
                let accessory = ("accessory".to_owned(), &*section.accessory);
                list(texts)
                    .into_iter()
                    .zip(texts)
                    .chain([accessory])
                    .collect()
            }
            ComponentKind::Label { component, .. } => vec![("component".to_owned(), &**component)],
            _ => Vec::new(),
        }
    }

    /// Every picture, film and file that this component or a component inside it shows.
    pub(super) fn pictures_mut(&mut self) -> Vec<Picture<'_>> {
        match &mut self.kind {
            ComponentKind::Thumbnail(item) => vec![Picture::Component(&mut item.media)],
            ComponentKind::MediaGallery(items) => items
                .iter_mut()
                .map(|item| Picture::Component(&mut item.media))
                .collect(),
            ComponentKind::File(file) => vec![Picture::File(file)],
            layout => {
                let children = layout.children_mut().into_iter();
                children.flat_map(Self::pictures_mut).collect()
            }
        }
    }

    /// The addresses of what this component itself shows.
    pub fn addresses(&self) -> Vec<(String, &str)> {
        match &self.kind {
            ComponentKind::Thumbnail(item) => vec![("media.url".to_owned(), &item.media.url)],
            ComponentKind::MediaGallery(items) => (0..)
                .zip(items)
                .map(|(index, item)| (format!("items.{index}.media.url"), &*item.media.url))
                .collect(),
            ComponentKind::File(file) => vec![("file.url".to_owned(), &file.file.url)],
            _ => Vec::new(),
        }
    }
}

impl Component {
    /// The custom emojis on this component itself.
    pub fn emojis(&self) -> Vec<(String, EmojiId)> {
        let id = |emoji: &Option<Value>| {
            let id = emoji.as_ref()?.get("id")?.as_str()?;
            id.parse().ok().map(EmojiId)
        };
        match &self.kind {
            ComponentKind::Button(button) => id(&button.emoji)
                .map(|id| ("emoji".to_owned(), id))
                .into_iter()
                .collect(),
            ComponentKind::Select(Select {
                kind: SelectKind::Strings(options),
                ..
            }) => (0..)
                .zip(options)
                .filter_map(|(index, option)| {
                    Some((format!("options.{index}.emoji"), id(&option.emoji)?))
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// All components with their paths, such as `components.0.accessory`. A parent comes before its children.
pub fn all(components: &[Component]) -> Vec<(String, &Component)> {
    fn visit<'a>(
        place: String,
        component: &'a Component,
        found: &mut Vec<(String, &'a Component)>,
    ) {
        let children = component.children().into_iter();
        let children: Vec<_> = children
            .map(|(inner, child)| (format!("{place}.{inner}"), child))
            .collect();
        found.push((place, component));
        for (place, child) in children {
            visit(place, child, found);
        }
    }
    let mut found = Vec::new();
    for (index, component) in components.iter().enumerate() {
        visit(format!("components.{index}"), component, &mut found);
    }
    found
}

/// Visits all components. A parent comes before its children.
pub fn each_mut(components: &mut [Component], visit: &mut dyn FnMut(&mut Component)) {
    fn inner(component: &mut Component, visit: &mut dyn FnMut(&mut Component)) {
        visit(component);
        for child in component.kind.children_mut() {
            inner(child, visit);
        }
    }
    for component in components {
        inner(component, visit);
    }
}

/// Numbers the components without an id in reading order, with free ids from 1 on.
pub fn number(components: &mut [Component]) {
    let given = all(components);
    let mut taken: BTreeSet<u32> = given.iter().map(|(_, component)| component.id).collect();
    taken.insert(0);
    let mut next = 1;
    each_mut(components, &mut |component| {
        if component.id == 0 {
            while taken.contains(&next) {
                next += 1;
            }
            component.id = next;
            next += 1;
        }
    });
}

/// Finds the interactive component with this `custom_id`.
pub fn find<'a>(components: &'a [Component], custom_id: &str) -> Option<&'a Component> {
    let mut all = all(components).into_iter();
    all.find_map(|(_, found)| (found.custom_id() == Some(custom_id)).then_some(found))
}

/// The text that a message made of components shows, in reading order. Mentions are read from this text.
pub fn displayed_text(components: &[Component]) -> String {
    let texts = all(components).into_iter().filter_map(|(_, component)| {
        let ComponentKind::TextDisplay { content } = &component.kind else {
            return None;
        };
        Some(content.as_str())
    });
    texts.collect::<Vec<_>>().join("\n")
}
