//! The question to the owner whether a ticket may be closed.

use tickets::text::Text;
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::ButtonStyle;

use super::component::{button, row};
use crate::discord::custom_id::ComponentId;
use crate::translate::{Language, say};

/// Who asks the question. It decides the labels of the buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// The bot, because the owner has not answered.
    Reminder,
    /// Staff, who think that the ticket is solved.
    AskedToClose,
}

/// The two buttons that answer the question.
pub fn prompt_buttons(prompt: Prompt, server: Language) -> Component {
    let (keep, close) = match prompt {
        Prompt::Reminder => (Text::StillNeedHelpButton {}, Text::CloseButton {}),
        Prompt::AskedToClose => (Text::NotYetButton {}, Text::AgreeToCloseButton {}),
    };
    let button = |id, label, style| Component::Button(button(id, &say(label, server), style));
    let keep = button(ComponentId::KeepOpen, keep, ButtonStyle::Primary);
    let close = button(ComponentId::AgreeToClose, close, ButtonStyle::Secondary);
    let components = match prompt {
        Prompt::Reminder => vec![keep, close],
        Prompt::AskedToClose => vec![close, keep],
    };
    row(components)
}
