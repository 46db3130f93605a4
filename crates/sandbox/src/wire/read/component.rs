//! Components from JSON: what messages and modals are made of.

mod controls;
mod layout;
mod modal;

use std::collections::BTreeSet;

use super::form::Form;
use crate::world::component::{self, Component, ComponentKind};
use controls::{button, select};

pub(super) use controls::channel_types;
pub(super) use modal::modal;

const ROW: u32 = 1;
const BUTTON: u32 = 2;
const TEXT_INPUT: u32 = 4;
const SECTION: u32 = 9;
const TEXT_DISPLAY: u32 = 10;
const THUMBNAIL: u32 = 11;
const GALLERY: u32 = 12;
const FILE: u32 = 13;
const SEPARATOR: u32 = 14;
const CONTAINER: u32 = 17;
const LABEL: u32 = 18;
const FILE_UPLOAD: u32 = 19;
const RADIO_GROUP: u32 = 21;
const CHECKBOX_GROUP: u32 = 22;
const CHECKBOX: u32 = 23;

/// The components that are allowed at the top level of a message.
#[derive(Clone, Copy)]
pub(super) enum Top {
    /// Action rows only.
    Rows,
    /// Any component of messages. Whether this message may have it is checked later.
    Any,
}

/// The `components` of a message; `None` if the field is missing or null.
pub(super) fn components(form: &Form<'_>, top: Top) -> Option<Vec<Component>> {
    let (most, read): (_, fn(&Form<'_>) -> Option<Component>) = match top {
        Top::Rows => (5, |part| row(part, message_part)),
        Top::Any => (40, layout::top),
    };
    let parts = form.objects("components", 0..=most)?;
    let mut parts: Vec<Component> = parts.iter().filter_map(read).collect();
    unique(form, &parts);
    component::number(&mut parts);
    Some(parts)
}

fn row(form: &Form<'_>, part: fn(&Form<'_>) -> Option<Component>) -> Option<Component> {
    kind(form, &[ROW])?;
    let inner = form.objects("components", 1..=5);
    let inner = form.required("components", inner)?;
    let inner: Vec<Component> = inner.iter().filter_map(part).collect();
    let wide = |c: &Component| !matches!(c.kind, ComponentKind::Button(_));
    if inner.len() > 1 && inner.iter().any(wide) {
        let message = "The specified component exceeds the maximum width";
        form.note("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message);
    }
    Some(numbered(form, ComponentKind::ActionRow(inner)))
}

fn message_part(form: &Form<'_>) -> Option<Component> {
    let kind = match kind(form, &[BUTTON, 3, 5, 6, 7, 8])? {
        BUTTON => ComponentKind::Button(button(form)?),
        code => ComponentKind::Select(select(form, code, false)),
    };
    Some(numbered(form, kind))
}

fn text_display(form: &Form<'_>) -> ComponentKind {
    let content = form.must("content", 1..=4000);
    ComponentKind::TextDisplay { content }
}

/// The component's type, if that type is allowed here.
fn kind(form: &Form<'_>, allowed: &[u32]) -> Option<u32> {
    let code = form.required("type", form.count("type", 0..=u32::MAX))?;
    if allowed.contains(&code) {
        return Some(code);
    }
    let names: Vec<String> = allowed.iter().map(u32::to_string).collect();
    let message = format!(
        "Value of field \"type\" must be one of ({},).",
        names.join(", ")
    );
    form.note("type", "UNION_TYPE_CHOICES", message);
    None
}

fn numbered(form: &Form<'_>, kind: ComponentKind) -> Component {
    Component {
        id: form.count("id", 0..=i32::MAX.unsigned_abs()).unwrap_or(0),
        kind,
    }
}

/// Notes an error for custom ids and ids that several components share.
fn unique(form: &Form<'_>, components: &[Component]) {
    let all = component::all(components);
    let mut seen = BTreeSet::new();
    let mut custom_ids = all
        .iter()
        .filter_map(|(_, c)| c.custom_id().filter(|id| !id.is_empty()));
    if custom_ids.any(|id| !seen.insert(id)) {
        let message = "Component custom id cannot be duplicated";
        form.note("components", "COMPONENT_CUSTOM_ID_DUPLICATED", message);
    }
    let mut seen = BTreeSet::new();
    let mut ids = all.iter().map(|(_, c)| c.id).filter(|id| *id != 0);
    if ids.any(|id| !seen.insert(id)) {
        let message = "Component id cannot be duplicated";
        form.note("components", "COMPONENT_ID_DUPLICATED", message);
    }
}
