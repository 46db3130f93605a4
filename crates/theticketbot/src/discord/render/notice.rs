//! A ticket's notice in a channel of the staff.

use tickets::template::mention_list;
use tickets::text::Text;
use tickets::{ChannelId, Mention};
use twilight_model::channel::message::component::ButtonStyle;

use super::allowed_mentions;
use super::component::lone_button;
use crate::discord::Message;
use crate::discord::custom_id::ComponentId;
use crate::translate::{Language, say};

/// The content of a notice.
pub struct Shown<'a> {
    pub lines: Vec<Text>,
    /// The ticket that its button joins.
    pub ticket: Option<ChannelId>,
    /// The staff whom it mentions.
    pub staff: &'a [Mention],
    /// Whether the notice is posted now. An edit pings nobody.
    pub is_new: bool,
}

/// A notice in the server's language.
pub fn notice_message(shown: &Shown<'_>, language: Language) -> Message {
    let mut lines: Vec<_> = shown
        .lines
        .iter()
        .map(|line| say(line.clone(), language))
        .collect();
    // The mentions are at the end, so that the first line is always about the ticket.
    if !shown.staff.is_empty() {
        lines.push(mention_list(shown.staff));
    }
    let join = shown.ticket.map(|ticket| {
        let label = say(Text::JoinButton {}, language);
        lone_button(ComponentId::Join(ticket), &label, ButtonStyle::Primary)
    });
    let pinged = if shown.is_new { shown.staff } else { &[] };
    Message {
        components: Some(join.into_iter().collect()),
        allowed_mentions: allowed_mentions(pinged),
        ..Message::text(lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use tickets::RoleId;

    use super::*;

    #[test]
    fn only_a_new_notice_pings() {
        let staff = [Mention::Role(RoleId(30))];
        let message = |is_new| {
            let shown = Shown {
                lines: vec![Text::NoticeClosed {}],
                ticket: Some(ChannelId(50)),
                staff: &staff,
                is_new,
            };
            notice_message(&shown, Language::DEFAULT)
        };
        let (new, changed) = (message(true), message(false));
        assert_eq!(new.allowed_mentions.roles.len(), 1);
        assert!(changed.allowed_mentions.roles.is_empty());
        assert_eq!(new.content, changed.content);
        assert_eq!(new.content.as_deref(), Some("Closed\n<@&30>"));
    }
}
