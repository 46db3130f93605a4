//! A submitted modal while it is read: its values are checked against its inputs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::error::{ApiError, ErrorTree};
use crate::id::{AttachmentId, Timestamp, UserId};
use crate::world::World;
use crate::world::component::{
    CheckboxGroup, Component, ComponentKind, FileUpload, RadioGroup, Select, SelectOption,
    TextInput, chosen_beforehand,
};
use crate::world::draft::{Submitted, Upload};
use crate::world::model::{Place, Resolved};

type Files = Vec<Option<(AttachmentId, Upload)>>;

pub(super) struct Filled<'a> {
    world: &'a World,
    now: Timestamp,
    person: UserId,
    place: Place<'a>,
    /// The values that no input has used yet.
    values: BTreeMap<String, Submitted>,
    files: Files,
    /// The files that inputs refer to.
    uploaded: Vec<(AttachmentId, Upload)>,
    resolved: Resolved,
    errors: ErrorTree,
}

impl<'a> Filled<'a> {
    pub(super) fn new(
        world: &'a World,
        now: Timestamp,
        person: UserId,
        place: Place<'a>,
        (values, files): (BTreeMap<String, Submitted>, Files),
    ) -> Self {
        Self {
            world,
            now,
            person,
            place,
            values,
            files,
            uploaded: Vec::new(),
            resolved: Resolved::default(),
            errors: ErrorTree::default(),
        }
    }

    /// A component with its value, as the application receives it.
    pub(super) fn fill(&mut self, component: &Component) -> Value {
        let mut json = match &component.kind {
            ComponentKind::ActionRow(inner) => {
                json!({"components": inner.iter().map(|c| self.fill(c)).collect::<Vec<_>>()})
            }
            ComponentKind::Label { component, .. } => json!({"component": self.fill(component)}),
            ComponentKind::TextInput(input) => json!({"value": self.text(input)}),
            ComponentKind::Select(select) => json!({"values": self.chosen(select)}),
            ComponentKind::FileUpload(upload) => json!({"values": self.upload(upload)}),
            ComponentKind::RadioGroup(group) => json!({"value": self.picked(group)}),
            ComponentKind::CheckboxGroup(group) => json!({"values": self.ticked(group)}),
            ComponentKind::Checkbox(checkbox) => {
                json!({"value": self.checked(&checkbox.custom_id, checkbox.default)})
            }
            // The other components have no value.
            _ => json!({}),
        };
        json["type"] = component.kind.code().into();
        json["id"] = component.id.into();
        if let Some(custom_id) = component.custom_id() {
            json["custom_id"] = custom_id.into();
        }
        json
    }

    /// The users, roles and channels that the values refer to, and the files; an error if anything is wrong.
    pub(super) fn finish(mut self) -> Result<(Resolved, Vec<(AttachmentId, Upload)>), ApiError> {
        for name in self.values.keys() {
            let message = format!("The modal has no input \"{name}\"");
            self.errors
                .add("values", "COMPONENT_VALIDATION_FAILED", message);
        }
        if self.errors.is_empty() && self.files.iter().any(Option::is_some) {
            let message = "No input of the modal has this file";
            self.errors
                .add("attachments", "COMPONENT_VALIDATION_FAILED", message);
        }
        if self.errors.is_empty() {
            Ok((self.resolved, self.uploaded))
        } else {
            Err(self.errors.into_error())
        }
    }

    fn text(&mut self, input: &TextInput) -> String {
        let text = match self.values.remove(&input.custom_id) {
            None => input.value.clone().unwrap_or_default(),
            Some(Submitted::Text(text)) => text,
            Some(_) => {
                self.wrong_kind(&input.custom_id, "a text");
                return String::new();
            }
        };
        let length = text.chars().count();
        let min = input.min_length.unwrap_or(u32::from(input.required)) as usize;
        let max = input.max_length.unwrap_or(4000) as usize;
        let skipped = text.is_empty() && !input.required;
        if !skipped && text.is_empty() {
            self.missing(&input.custom_id);
        } else if !skipped && !(min..=max).contains(&length) {
            self.wrong_length(&input.custom_id, min, max);
        }
        text
    }

    fn chosen(&mut self, select: &Select) -> Vec<String> {
        let Some(values) = self.list(&select.custom_id, || select.kind.defaults()) else {
            return Vec::new();
        };
        let (now, person, place) = (self.now, self.person, self.place);
        let path = path_of(&select.custom_id);
        let checked = self
            .world
            .check_values(now, person, place, select, &values, &path);
        if let Ok(found) = checked {
            self.resolved.users.extend(found.users);
            self.resolved.roles.extend(found.roles);
            self.resolved.channels.extend(found.channels);
        } else if select.required && values.is_empty() {
            self.missing(&select.custom_id);
        } else {
            let message = "The chosen values are not among the choices, too few or too many";
            let code = "SELECT_COMPONENT_INVALID_VALUES";
            self.wrong(&select.custom_id, code, message.into());
        }
        values
    }

    fn upload(&mut self, upload: &FileUpload) -> Vec<String> {
        let Some(places) = self.list(&upload.custom_id, Vec::new) else {
            return Vec::new();
        };
        self.check_count(
            &upload.custom_id,
            places.len(),
            (upload.min_values, upload.max_values),
        );
        let mut ids = Vec::new();
        for place in places {
            let index = place.parse::<usize>().ok();
            let file = index.and_then(|index| self.files.get_mut(index)?.take());
            if let Some(file) = file {
                ids.push(file.0.to_string());
                self.uploaded.push(file);
            } else {
                let message = "Not the place of a file among the attachments";
                let code = "COMPONENT_VALIDATION_FAILED";
                self.wrong(&upload.custom_id, code, message.into());
            }
        }
        ids
    }

    /// The chosen option of a radio group, if there is one.
    fn picked(&mut self, group: &RadioGroup) -> Option<String> {
        let custom_id = &group.custom_id;
        let values = self.list(custom_id, || chosen_beforehand(&group.options))?;
        self.check_options(custom_id, &group.options, &values);
        if group.required && values.is_empty() {
            self.missing(custom_id);
        } else if values.len() > 1 {
            self.wrong_length(custom_id, 0, 1);
        }
        values.into_iter().next()
    }

    /// The chosen options of a checkbox group.
    fn ticked(&mut self, group: &CheckboxGroup) -> Vec<String> {
        let custom_id = &group.custom_id;
        let Some(values) = self.list(custom_id, || chosen_beforehand(&group.options)) else {
            return Vec::new();
        };
        self.check_options(custom_id, &group.options, &values);
        self.check_count(
            custom_id,
            values.len(),
            (group.min_values, group.max_values),
        );
        values
    }

    fn checked(&mut self, custom_id: &str, default: bool) -> bool {
        match self.values.remove(custom_id) {
            None => default,
            Some(Submitted::Checked(checked)) => checked,
            Some(_) => {
                self.wrong_kind(custom_id, "true or false");
                default
            }
        }
    }

    /// The values of an input that takes a list of values or a single one. `None` if the value has another
    /// type.
    fn list(
        &mut self,
        custom_id: &str,
        beforehand: impl FnOnce() -> Vec<String>,
    ) -> Option<Vec<String>> {
        match self.values.remove(custom_id) {
            None => Some(beforehand()),
            Some(Submitted::Chosen(values)) => Some(values),
            Some(Submitted::Text(value)) => Some(vec![value]),
            Some(Submitted::Nothing) => Some(Vec::new()),
            Some(Submitted::Checked(_)) => {
                self.wrong_kind(custom_id, "a list of values");
                None
            }
        }
    }

    fn check_options(&mut self, custom_id: &str, options: &[SelectOption], values: &[String]) {
        for (index, value) in values.iter().enumerate() {
            let known = options.iter().any(|option| option.value == *value);
            let message = if !known {
                format!("\"{value}\" is not among the choices")
            } else if values[..index].contains(value) {
                format!("\"{value}\" is chosen twice")
            } else {
                continue;
            };
            self.wrong(custom_id, "SELECT_COMPONENT_INVALID_VALUES", message);
        }
    }

    fn check_count(&mut self, custom_id: &str, count: usize, (min, max): (u32, u32)) {
        let (min, max) = (min as usize, max as usize);
        if count == 0 && min > 0 {
            self.missing(custom_id);
        } else if !(min..=max).contains(&count) {
            self.wrong_length(custom_id, min, max);
        }
    }

    fn missing(&mut self, custom_id: &str) {
        self.wrong(
            custom_id,
            "BASE_TYPE_REQUIRED",
            "This field is required".into(),
        );
    }

    fn wrong_length(&mut self, custom_id: &str, min: usize, max: usize) {
        let message = format!("Must be between {min} and {max} in length.");
        self.wrong(custom_id, "BASE_TYPE_BAD_LENGTH", message);
    }

    fn wrong_kind(&mut self, custom_id: &str, wanted: &str) {
        let message = format!("This input takes {wanted}");
        self.wrong(custom_id, "STRING_TYPE_CONVERT", message);
    }

    fn wrong(&mut self, custom_id: &str, code: &'static str, message: String) {
        self.errors.add(&path_of(custom_id), code, message);
    }
}

/// The path of an input in an error. Dots would separate the parts of the path.
fn path_of(custom_id: &str) -> String {
    format!("values.{}", custom_id.replace('.', "_"))
}
