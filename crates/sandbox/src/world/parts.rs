//! What a message may contain: text, embeds, files and rows of controls; or only components.

use super::component::{self, Component, ComponentKind};
use super::draft::{MessageDraft, MessageEdit};
use super::embed::Embed;
use super::model::flags;
use crate::error::{ApiError, ErrorTree};

/// The most components of a message that is made of them.
const MAX_COMPONENTS: usize = 40;
/// The most rows of any other message.
const MAX_ROWS: usize = 5;
/// The most characters of all texts in a message that is made of components.
const MAX_TEXT: usize = 4000;

/// All parts of a message, as they will be after it is sent or edited.
pub(super) struct Parts<'a> {
    /// Whether it is made of components only (`1 << 15`).
    pub components_only: bool,
    pub content: &'a str,
    pub embeds: &'a [Embed],
    pub components: &'a [Component],
    /// The names of its files.
    pub files: Vec<&'a str>,
}

impl Parts<'_> {
    /// Refuses an empty message, and parts that cannot be combined.
    pub(super) fn check(&self) -> Result<(), ApiError> {
        let nothing = self.components.is_empty()
            && (self.components_only || self.files.is_empty())
            && self.content.is_empty()
            && self.embeds.is_empty();
        if nothing {
            return Err(ApiError::EmptyMessage);
        }
        let mut errors = ErrorTree::default();
        if self.components_only {
            self.check_components_only(&mut errors);
        } else {
            self.check_rows(&mut errors);
        }
        self.check_files(&mut errors);
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors.into_error())
        }
    }

    fn check_components_only(&self, errors: &mut ErrorTree) {
        let legacy = [
            ("content", !self.content.is_empty()),
            ("embeds", !self.embeds.is_empty()),
        ];
        for (field, _) in legacy.iter().filter(|(_, used)| *used) {
            let message = format!(
                "The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            );
            let code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
            errors.add(field, code, message);
        }
        if component::all(self.components).len() > MAX_COMPONENTS {
            let message = format!("A message can have at most {MAX_COMPONENTS} components in all");
            errors.add("components", "COMPONENT_MAX_TOTAL_EXCEEDED", message);
        }
        let texts = component::all(self.components).into_iter();
        let characters = texts.map(|(_, component)| match &component.kind {
            ComponentKind::TextDisplay { content } => content.chars().count(),
            _ => 0,
        });
        if characters.sum::<usize>() > MAX_TEXT {
            let message = format!("The texts of a message can have {MAX_TEXT} characters in all");
            let code = "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED";
            errors.add("components", code, message);
        }
    }

    fn check_rows(&self, errors: &mut ErrorTree) {
        if self.components.len() > MAX_ROWS {
            let message = format!("Must be {MAX_ROWS} or fewer in length.");
            errors.add("components", "BASE_TYPE_MAX_LENGTH", message);
        }
        for (index, component) in self.components.iter().enumerate() {
            if !matches!(component.kind, ComponentKind::ActionRow(_)) {
                let message = "Value of field \"type\" must be one of (1,).";
                let path = format!("components.{index}.type");
                errors.add(&path, "UNION_TYPE_CHOICES", message);
            }
        }
    }

    /// Refuses components that refer to missing files.
    fn check_files(&self, errors: &mut ErrorTree) {
        for (place, component) in component::all(self.components) {
            for (field, url) in component.addresses() {
                let name = url.strip_prefix("attachment://");
                let known = |name| self.files.iter().any(|file| is_called(file, name));
                if let Some(name) = name.filter(|name| !known(name)) {
                    let message = format!("The referenced attachment {name:?} was not found");
                    let code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND";
                    errors.add(&format!("{place}.{field}"), code, message);
                }
            }
        }
    }
}

impl MessageDraft {
    /// Refuses an empty message, and parts that cannot be combined.
    pub(super) fn check(&self) -> Result<(), ApiError> {
        Parts {
            components_only: self.flags & flags::COMPONENTS_V2 != 0,
            content: &self.content,
            embeds: &self.embeds,
            components: &self.components,
            files: self.uploads.iter().map(|u| &*u.filename).collect(),
        }
        .check()
    }

    /// Removes what only applications can send.
    pub(super) fn without_components(self) -> Self {
        Self {
            components: Vec::new(),
            flags: self.flags & !flags::COMPONENTS_V2,
            ..self
        }
    }
}

impl MessageEdit {
    /// Removes what only applications can change.
    pub(super) fn without_components(self) -> Self {
        Self {
            components: None,
            flags: self.flags.map(|given| given & !flags::COMPONENTS_V2),
            ..self
        }
    }
}

/// All text of a message in which mentions count.
pub(super) fn text_of(content: &str, components: &[Component]) -> String {
    let displayed = component::displayed_text(components);
    match (content.is_empty(), displayed.is_empty()) {
        (_, true) => content.to_owned(),
        (true, false) => displayed,
        (false, false) => format!("{content}\n{displayed}"),
    }
}

/// Whether a file has this name, before or after unsafe characters were removed.
fn is_called(file: &str, name: &str) -> bool {
    file == name || super::files::safe_name(file) == name
}
