//! Buttons about a ticket.

use tickets::ChannelId;
use tickets::decide::ticket::MAX_REASON;
use tickets::template::cut;
use tickets::text::Text;
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{
    ActionRow, Button, ButtonStyle, Label, TextInput, TextInputStyle,
};
use twilight_model::http::interaction::InteractionResponseData;

use crate::discord::custom_id::{ComponentId, MODAL_FIELD, ModalId};
use crate::translate::{Language, Phrase, phrase, say};

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

/// Closes the ticket it is in.
pub fn close_button(server: Language) -> Component {
    let label = say(Text::CloseButton {}, server);
    button(ComponentId::CloseTicket, &label, ButtonStyle::Secondary)
}

/// Asks why a ticket is closed. It is the confirmation, too.
pub fn close_modal(reader: Language) -> InteractionResponseData {
    #[expect(deprecated, reason = "the model still has the field")]
    let input = TextInput {
        custom_id: MODAL_FIELD.to_owned(),
        id: None,
        label: None,
        max_length: u16::try_from(MAX_REASON).ok(),
        min_length: None,
        placeholder: None,
        required: Some(false),
        style: TextInputStyle::Short,
        value: None,
    };
    let label = Component::Label(Label {
        component: Box::new(Component::TextInput(input)),
        description: Some(phrase(Phrase::CloseModalDescription, reader)),
        id: None,
        label: phrase(Phrase::CloseModalLabel, reader),
    });
    InteractionResponseData {
        custom_id: Some(ModalId::CloseTicket.to_string()),
        title: Some(phrase(Phrase::CloseModalTitle, reader)),
        components: Some(vec![label]),
        ..InteractionResponseData::default()
    }
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
