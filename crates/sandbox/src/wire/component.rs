//! Components as JSON.

use serde_json::{Value, json};

use crate::world::component::{
    Button, ButtonAction, Checkbox, CheckboxGroup, Component, ComponentKind, Container,
    DefaultValue, FileDisplay, FileUpload, Media, MediaItem, RadioGroup, Section, Select,
    SelectKind, SelectOption, Separator, TextInput,
};

pub(crate) fn components(components: &[Component]) -> Value {
    components.iter().map(component).collect()
}

fn component(component: &Component) -> Value {
    let mut json = match &component.kind {
        ComponentKind::ActionRow(inner) => json!({"components": components(inner)}),
        ComponentKind::Button(found) => button(found),
        ComponentKind::Select(found) => select(found),
        ComponentKind::TextInput(found) => text_input(found),
        ComponentKind::Section(Section {
            components: texts,
            accessory,
        }) => json!({"components": components(texts), "accessory": self::component(accessory)}),
        ComponentKind::TextDisplay { content } => json!({"content": content}),
        ComponentKind::Thumbnail(item) => media_item(item),
        ComponentKind::MediaGallery(items) => {
            json!({"items": items.iter().map(media_item).collect::<Value>()})
        }
        ComponentKind::File(found) => file(found),
        ComponentKind::Separator(Separator { divider, spacing }) => {
            json!({"divider": divider, "spacing": spacing})
        }
        ComponentKind::Container(found) => container(found),
        ComponentKind::Label {
            label,
            description,
            component: inner,
        } => {
            let mut json = json!({"label": label, "component": self::component(inner)});
            put(&mut json, "description", description.as_ref());
            json
        }
        ComponentKind::FileUpload(found) => file_upload(found),
        ComponentKind::RadioGroup(found) => radio_group(found),
        ComponentKind::CheckboxGroup(found) => checkbox_group(found),
        ComponentKind::Checkbox(Checkbox { custom_id, default }) => {
            json!({"custom_id": custom_id, "default": default})
        }
    };
    json["type"] = component.kind.code().into();
    json["id"] = component.id.into();
    json
}

fn button(button: &Button) -> Value {
    let mut json = json!({"style": button.style});
    put(&mut json, "label", button.label.as_ref());
    put(&mut json, "emoji", button.emoji.as_ref());
    if button.disabled {
        json["disabled"] = true.into();
    }
    match &button.action {
        ButtonAction::Click { custom_id } => json["custom_id"] = json!(custom_id),
        ButtonAction::Link { url } => json["url"] = json!(url),
    }
    json
}

fn select(select: &Select) -> Value {
    let mut json = json!({
        "custom_id": select.custom_id,
        "min_values": select.min_values,
        "max_values": select.max_values,
        "disabled": select.disabled,
        "required": select.required,
    });
    put(&mut json, "placeholder", select.placeholder.as_ref());
    match &select.kind {
        SelectKind::Strings(options) => {
            json["options"] = options.iter().map(option).collect();
        }
        SelectKind::Users(values)
        | SelectKind::Roles(values)
        | SelectKind::Mentionables(values) => {
            put_defaults(&mut json, values);
        }
        SelectKind::Channels { defaults, types } => {
            put_defaults(&mut json, defaults);
            if !types.is_empty() {
                json["channel_types"] = json!(types);
            }
        }
    }
    json
}

fn put_defaults(json: &mut Value, values: &[DefaultValue]) {
    if !values.is_empty() {
        json["default_values"] = values
            .iter()
            .map(|value| json!({"id": value.id.to_string(), "type": value.kind.name()}))
            .collect();
    }
}

fn option(option: &SelectOption) -> Value {
    let mut json = json!({"label": option.label, "value": option.value, "default": option.default});
    put(&mut json, "description", option.description.as_ref());
    put(&mut json, "emoji", option.emoji.as_ref());
    json
}

fn media_item(item: &MediaItem) -> Value {
    json!({
        "media": media(&item.media),
        "description": item.description,
        "spoiler": item.spoiler,
    })
}

fn file(file: &FileDisplay) -> Value {
    json!({
        "file": media(&file.file),
        "name": file.name,
        "size": file.size,
        "spoiler": file.spoiler,
    })
}

fn container(container: &Container) -> Value {
    json!({
        "accent_color": container.accent_color,
        "spoiler": container.spoiler,
        "components": components(&container.components),
    })
}

fn media(media: &Media) -> Value {
    let mut json = json!({
        "id": media.id.to_string(),
        "url": media.url,
        "proxy_url": media.proxy_url.as_ref().unwrap_or(&media.url),
        "width": media.width,
        "height": media.height,
        "content_type": media.content_type,
    });
    put(&mut json, "attachment_id", media.attachment.as_ref());
    json
}

fn file_upload(upload: &FileUpload) -> Value {
    json!({
        "custom_id": upload.custom_id,
        "min_values": upload.min_values,
        "max_values": upload.max_values,
        "required": upload.required,
    })
}

fn radio_group(group: &RadioGroup) -> Value {
    json!({
        "custom_id": group.custom_id,
        "options": group.options.iter().map(option).collect::<Value>(),
        "required": group.required,
    })
}

fn checkbox_group(group: &CheckboxGroup) -> Value {
    json!({
        "custom_id": group.custom_id,
        "options": group.options.iter().map(option).collect::<Value>(),
        "min_values": group.min_values,
        "max_values": group.max_values,
        "required": group.required,
    })
}

fn text_input(input: &TextInput) -> Value {
    let mut json = json!({
        "custom_id": input.custom_id,
        "style": input.style,
        "required": input.required,
    });
    put(&mut json, "label", input.label.as_ref());
    put(&mut json, "min_length", input.min_length.as_ref());
    put(&mut json, "max_length", input.max_length.as_ref());
    put(&mut json, "value", input.value.as_ref());
    put(&mut json, "placeholder", input.placeholder.as_ref());
    json
}

fn put<T: serde::Serialize>(json: &mut Value, field: &str, value: Option<&T>) {
    if let Some(value) = value {
        json[field] = json!(value);
    }
}
