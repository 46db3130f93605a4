//! Buttons about a ticket.

use tickets::ChannelId;
use tickets::template::cut;
use tickets::text::Text;
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{ActionRow, Button, ButtonStyle};

use crate::discord::custom_id::ComponentId;
use crate::translate::{Language, say};

/// The most characters on a button.
const MAX_LABEL: usize = 80;

/// Adds the owner to a ticket that was opened again.
pub fn add_owner_button(ticket: ChannelId, name: &str, reader: Language) -> Component {
    let label = Text::AddOwner {
        name: name.to_owned(),
    };
    button(
        ComponentId::AddOwner(ticket),
        &say(label, reader),
        ButtonStyle::Secondary,
    )
}

/// A button in a row of its own.
fn button(id: ComponentId, label: &str, style: ButtonStyle) -> Component {
    let button = Button {
        custom_id: Some(id.to_string()),
        disabled: false,
        emoji: None,
        id: None,
        label: Some(cut(label, MAX_LABEL).to_owned()),
        sku_id: None,
        style,
        url: None,
    };
    Component::ActionRow(ActionRow {
        components: vec![Component::Button(button)],
        id: None,
    })
}
