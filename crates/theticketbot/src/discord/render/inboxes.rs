//! A page of a server's inboxes: an embed for each, and buttons to the other pages.

use tickets::decide::inboxes::{Listed, Page};
use tickets::template::cut;
use tickets::text::Text;
use twilight_model::channel::message::Embed;

use super::list::page_buttons;
use super::message::empty_embed;
use crate::discord::Message;
use crate::discord::custom_id::ComponentId;
use crate::translate::{Language, link, report};

/// The embeds of a message have 6,000 characters in all.
const MAX_DESCRIPTION: usize = 1_400;

/// A page for this reader, in place of another.
pub fn inbox_list(page: &Page<Listed>, reader: Language) -> Message {
    let buttons = page_buttons(page.page, page.pages, reader, |page, is_next| {
        ComponentId::InboxPage { page, is_next }
    });
    Message {
        content: Some(String::new()),
        embeds: Some(page.shown.iter().map(|it| embed(it, reader)).collect()),
        components: Some(buttons.into_iter().collect()),
        ..Message::default()
    }
}

fn embed(inbox: &Listed, reader: Language) -> Embed {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let text = Text::InboxListed {
        channel: inbox.tickets_in,
        count: count(inbox.staff.len()),
        staff: inbox.staff.clone(),
        open: count(inbox.open),
    };
    let description = report(text, &inbox.problems, None, reader);
    Embed {
        title: Some(inbox.name.clone()),
        url: Some(link(inbox.link)),
        description: Some(cut(&description, MAX_DESCRIPTION).to_owned()),
        ..empty_embed()
    }
}

#[cfg(test)]
mod tests {
    use tickets::problem::Problem;
    use tickets::text::MessageLink;
    use tickets::{ChannelId, GuildId, Mention, MessageId, UserId};

    use super::*;

    fn message(page: usize, pages: usize, reader: Language) -> Message {
        let listed = Listed {
            link: MessageLink {
                guild: GuildId(1),
                channel: ChannelId(10),
                message: MessageId(40),
            },
            name: "x".repeat(45),
            tickets_in: ChannelId(11),
            staff: vec![Mention::User(UserId(u64::MAX)); 100],
            open: 3,
            problems: vec![Problem::StaffNotMentioned; 30],
        };
        let page = Page {
            shown: vec![listed; 4],
            page,
            pages,
        };
        inbox_list(&page, reader)
    }

    #[test]
    fn a_page_fits_in_a_message() {
        for language in Language::ALL {
            let embeds = message(0, 1, language).embeds.unwrap_or_default();
            let length = |text: &Option<String>| text.as_ref().map_or(0, |it| it.chars().count());
            let all = embeds.iter();
            let total: usize = all
                .map(|it| length(&it.title) + length(&it.description))
                .sum();
            assert_eq!(embeds.len(), 4);
            assert!(total <= 6_000, "{language:?}: {total}");
        }
    }

    #[test]
    fn buttons_lead_to_the_pages_beside_it() {
        let ids = |page, pages| {
            let json = serde_json::to_value(message(page, pages, Language::DEFAULT).components);
            let json = json.expect("components are JSON");
            let buttons = json[0]["components"].as_array().cloned();
            let buttons = buttons.unwrap_or_default().into_iter();
            buttons
                .map(|it| (it["custom_id"].clone(), it["disabled"] == true))
                .map(|(id, disabled)| format!("{} {disabled}", id.as_str().unwrap_or_default()))
                .collect::<Vec<_>>()
        };
        assert!(ids(0, 1).is_empty());
        assert_eq!(ids(0, 2), ["inboxes:p0 true", "inboxes:n1 false"]);
        assert_eq!(ids(1, 3), ["inboxes:p0 false", "inboxes:n2 false"]);
        assert_eq!(ids(2, 3), ["inboxes:p1 false", "inboxes:n2 true"]);
    }
}
