//! Builds rows, buttons and menus, without the unused fields of Discord's models.

use tickets::template::cut;
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{
    ActionRow, Button, ButtonStyle, SelectMenu, SelectMenuOption, SelectMenuType,
};

use crate::discord::custom_id::ComponentId;

/// The maximum length of a menu option.
pub(super) const MAX_OPTION: usize = 100;

/// The maximum length of a button's label.
const MAX_LABEL: usize = 80;

pub(super) fn row(components: Vec<Component>) -> Component {
    Component::ActionRow(ActionRow {
        components,
        id: None,
    })
}

pub(super) fn button(id: ComponentId, label: &str, style: ButtonStyle) -> Button {
    Button {
        custom_id: Some(id.to_string()),
        disabled: false,
        emoji: None,
        id: None,
        label: Some(cut(label, MAX_LABEL).to_owned()),
        sku_id: None,
        style,
        url: None,
    }
}

/// A button in its own row.
pub(super) fn lone_button(id: ComponentId, label: &str, style: ButtonStyle) -> Component {
    row(vec![Component::Button(button(id, label, style))])
}

/// A menu with text options. The member chooses one.
pub(super) fn menu(custom_id: String, options: Vec<SelectMenuOption>) -> SelectMenu {
    SelectMenu {
        channel_types: None,
        custom_id,
        default_values: None,
        disabled: false,
        id: None,
        kind: SelectMenuType::Text,
        max_values: None,
        min_values: None,
        options: Some(options),
        placeholder: None,
        required: None,
    }
}
