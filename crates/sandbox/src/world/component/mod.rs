//! Components: what messages and modals are made of, and how they nest.

mod input;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use input::{
    Button, ButtonAction, Checkbox, CheckboxGroup, DefaultKind, DefaultValue, FileUpload,
    RadioGroup, Select, SelectKind, SelectOption, TextInput, chosen_beforehand,
};

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
    FileUpload(FileUpload),
    RadioGroup(RadioGroup),
    CheckboxGroup(CheckboxGroup),
    Checkbox(Checkbox),
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
            Self::FileUpload(_) => 19,
            Self::RadioGroup(_) => 21,
            Self::CheckboxGroup(_) => 22,
            Self::Checkbox(_) => 23,
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

    /// The components right inside this one, each with its place: `components.0`, `accessory`.
    pub fn children(&self) -> Vec<(String, &Component)> {
        match &self.kind {
            ComponentKind::ActionRow(inner) => {
                let places = (0..inner.len()).map(|index| format!("components.{index}"));
                places.zip(inner).collect()
            }
            ComponentKind::Label { component, .. } => {
                vec![("component".to_owned(), &**component)]
            }
            _ => Vec::new(),
        }
    }

    fn children_mut(&mut self) -> Vec<&mut Component> {
        match &mut self.kind {
            ComponentKind::ActionRow(inner) => inner.iter_mut().collect(),
            ComponentKind::Label { component, .. } => vec![component],
            _ => Vec::new(),
        }
    }
}

/// All components with their places, such as `components.0.accessory`: each before what it holds.
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

/// Visits all components, each before what it holds.
pub fn each_mut(components: &mut [Component], visit: &mut dyn FnMut(&mut Component)) {
    fn inner(component: &mut Component, visit: &mut dyn FnMut(&mut Component)) {
        visit(component);
        for child in component.children_mut() {
            inner(child, visit);
        }
    }
    for component in components {
        inner(component, visit);
    }
}

/// Gives every component without an id one that is free, in reading order, from 1 on.
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

/// Looks for the interactive component with this `custom_id`.
pub fn find<'a>(components: &'a [Component], custom_id: &str) -> Option<&'a Component> {
    let mut all = all(components).into_iter();
    all.find_map(|(_, found)| (found.custom_id() == Some(custom_id)).then_some(found))
}
