//! Modals from JSON.

use std::sync::Arc;

use super::super::form::Form;
use super::controls::{bounds, group_options, select};
use super::{
    CHECKBOX, CHECKBOX_GROUP, FILE_UPLOAD, LABEL, RADIO_GROUP, ROW, TEXT_DISPLAY, TEXT_INPUT, kind,
    numbered, row, text_display, unique,
};
use crate::world::component::{
    self, Checkbox, CheckboxGroup, Component, ComponentKind, FileUpload, RadioGroup, TextInput,
};
use crate::world::model::Modal;

/// The components that a label may have.
const INPUTS: &[u32] = &[
    TEXT_INPUT,
    3,
    5,
    6,
    7,
    8,
    FILE_UPLOAD,
    RADIO_GROUP,
    CHECKBOX_GROUP,
    CHECKBOX,
];

/// The data of a modal response.
pub(in crate::wire::read) fn modal(form: &Form<'_>) -> Arc<Modal> {
    let parts = form.objects("components", 1..=5);
    let parts = form.required("components", parts).unwrap_or_default();
    let mut components: Vec<Component> = parts.iter().filter_map(modal_part).collect();
    unique(form, &components);
    component::number(&mut components);
    Arc::new(Modal {
        custom_id: form.must("custom_id", 1..=100),
        title: form.must("title", 1..=45),
        components,
    })
}

fn modal_part(form: &Form<'_>) -> Option<Component> {
    match kind(form, &[ROW, TEXT_DISPLAY, LABEL])? {
        ROW => row(form, |input| {
            kind(input, &[TEXT_INPUT])?;
            Some(numbered(
                input,
                ComponentKind::TextInput(text_input(input, true)),
            ))
        }),
        TEXT_DISPLAY => Some(numbered(form, text_display(form))),
        _ => label(form),
    }
}

fn label(form: &Form<'_>) -> Option<Component> {
    let text = form.must("label", 1..=45);
    let description = form.trimmed("description", 1..=100);
    let inner = form.object("component");
    let inner = form.required("component", inner)?;
    let input = match kind(&inner, INPUTS)? {
        TEXT_INPUT => ComponentKind::TextInput(text_input(&inner, false)),
        FILE_UPLOAD => ComponentKind::FileUpload(file_upload(&inner)),
        RADIO_GROUP => ComponentKind::RadioGroup(radio_group(&inner)),
        CHECKBOX_GROUP => ComponentKind::CheckboxGroup(checkbox_group(&inner)),
        CHECKBOX => ComponentKind::Checkbox(Checkbox {
            custom_id: inner.must("custom_id", 1..=100),
            default: inner.flag("default").unwrap_or(false),
        }),
        code => ComponentKind::Select(select(&inner, code, true)),
    };
    let component = Box::new(numbered(&inner, input));
    Some(numbered(
        form,
        ComponentKind::Label {
            label: text,
            description,
            component,
        },
    ))
}

fn text_input(form: &Form<'_>, has_label: bool) -> TextInput {
    let style = form.one_of("style", &[1, 2]);
    let min_length = form.count("min_length", 0..=4000);
    let max_length = form.count("max_length", 1..=4000);
    if min_length.is_some_and(|min| max_length.is_some_and(|max| min > max)) {
        let message = "min_length must be less than or equal to max_length";
        form.note("min_length", "TEXT_INPUT_COMPONENT_INVALID_LENGTH", message);
    }
    let value = form.text("value", 0..=max_length.unwrap_or(4000) as usize);
    TextInput {
        custom_id: form.must("custom_id", 1..=100),
        style: form
            .required("style", style)
            .and_then(|s| u8::try_from(s).ok())
            .unwrap_or(1),
        label: has_label.then(|| form.must("label", 1..=45)),
        min_length,
        max_length,
        required: form.flag("required").unwrap_or(true),
        value: value.filter(|v| !v.is_empty()),
        placeholder: form.text("placeholder", 0..=100).filter(|p| !p.is_empty()),
    }
}

fn file_upload(form: &Form<'_>) -> FileUpload {
    let required = form.flag("required").unwrap_or(true);
    let (min_values, max_values) = bounds(form, 10, 1, Some(required));
    FileUpload {
        custom_id: form.must("custom_id", 1..=100),
        min_values,
        max_values,
        required,
    }
}

fn radio_group(form: &Form<'_>) -> RadioGroup {
    let options = group_options(form, 2..=10);
    if options.iter().filter(|option| option.default).count() > 1 {
        let message = "Only one option can be the default";
        form.note(
            "options",
            "RADIO_GROUP_COMPONENT_MULTIPLE_DEFAULTS",
            message,
        );
    }
    RadioGroup {
        custom_id: form.must("custom_id", 1..=100),
        options,
        required: form.flag("required").unwrap_or(true),
    }
}

fn checkbox_group(form: &Form<'_>) -> CheckboxGroup {
    let options = group_options(form, 1..=10);
    let required = form.flag("required").unwrap_or(true);
    let all = u32::try_from(options.len()).unwrap_or(1).max(1);
    let (min_values, max_values) = bounds(form, 10, all, Some(required));
    CheckboxGroup {
        custom_id: form.must("custom_id", 1..=100),
        options,
        min_values,
        max_values,
        required,
    }
}
