//! Buttons about a ticket.

use tickets::decide::open::Choice;
use tickets::decide::settings::MAX_IN_MENU;
use tickets::decide::ticket::MAX_REASON;
use tickets::template::cut;
use tickets::text::Text;
use tickets::{ChannelId, InboxId, UserId};
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{
    ButtonStyle, Label, SelectMenu, SelectMenuOption, TextInput, TextInputStyle,
};
use twilight_model::http::interaction::InteractionResponseData;

use super::component::{MAX_OPTION, lone_button, menu, row};
use crate::discord::custom_id::{ComponentId, MODAL_FIELD, ModalId};
use crate::translate::{Language, Phrase, phrase, say};

/// The button that adds the owner to a reopened ticket.
pub fn add_owner_button(ticket: ChannelId, name: &str, reader: Language) -> Component {
    let label = Text::AddOwner {
        name: name.to_owned(),
    };
    lone_button(
        ComponentId::AddOwner(ticket),
        &say(label, reader),
        ButtonStyle::Secondary,
    )
}

/// Menus of inboxes, for opening a ticket in one of them. `id` takes the number of the menu.
pub fn choice_menus(
    id: impl Fn(usize) -> ComponentId,
    choices: &[Choice],
    reader: Language,
) -> Vec<Component> {
    let option = |(inbox, name): &Choice| SelectMenuOption {
        default: false,
        description: None,
        emoji: None,
        label: cut(name, MAX_OPTION).to_owned(),
        value: inbox.to_string(),
    };
    let menus = choices.chunks(MAX_IN_MENU).enumerate();
    menus
        .map(|(number, choices)| {
            let menu = SelectMenu {
                placeholder: Some(phrase(Phrase::InboxMenuPlaceholder, reader)),
                ..menu(id(number).to_string(), choices.iter().map(option).collect())
            };
            row(vec![Component::SelectMenu(menu)])
        })
        .collect()
}

/// The button that opens another ticket for a member who has one.
pub fn open_another_button(inbox: InboxId, user: UserId, reader: Language) -> Component {
    let id = ComponentId::OpenAnother { inbox, user };
    let label = say(Text::OpenAnother {}, reader);
    lone_button(id, &label, ButtonStyle::Secondary)
}

/// The button that closes the ticket in which it is.
pub fn close_button(server: Language) -> Component {
    let label = say(Text::CloseButton {}, server);
    lone_button(ComponentId::CloseTicket, &label, ButtonStyle::Secondary)
}

/// The modal that asks for the reason for closing, or for asking staff to close (`closes` is false). It also
/// serves as the confirmation.
pub fn close_modal(closes: bool, reader: Language) -> InteractionResponseData {
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
        title: Some(phrase(
            if closes {
                Phrase::CloseModalTitle
            } else {
                Phrase::AskCloseModalTitle
            },
            reader,
        )),
        components: Some(vec![label]),
        ..InteractionResponseData::default()
    }
}
