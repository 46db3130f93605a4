//! A page of a server's inboxes: an embed for each, and buttons to the other pages.

use tickets::InboxId;
use tickets::decide::inboxes::{Listed, NotPosted, Page, Posted};
use tickets::text::Text;
use twilight_model::channel::message::component::ButtonStyle;
use twilight_model::channel::message::{Component, Embed};

use super::component::{button, lone_button, row};
use super::list::page_buttons;
use super::message::empty_embed;
use crate::discord::Message;
use crate::discord::custom_id::ComponentId;
use crate::translate::{Language, Phrase, link, phrase, phrase_of, problem_lines, say};

/// Discord limits all embeds of a message together to 6,000 characters.
const MAX_DESCRIPTION: usize = 1_400;

/// A page for this reader, which replaces the earlier one.
pub fn inbox_list(page: &Page<Listed>, reader: Language) -> Message {
    let buttons = page_buttons(page.page, page.pages, reader, |page, is_next| {
        ComponentId::InboxPage { page, is_next }
    });
    let nothing = page
        .shown
        .is_empty()
        .then(|| say(Text::NoInboxes {}, reader));
    let not_posted = page.shown.iter().filter_map(|it| match it {
        Listed::NotPosted(inbox) => Some(again_row(inbox, reader)),
        Listed::Posted(_) => None,
    });
    let embed = |inbox: &Listed| match inbox {
        Listed::Posted(inbox) => posted(inbox, reader),
        Listed::NotPosted(inbox) => self::not_posted(inbox, reader),
    };
    Message {
        content: Some(nothing.unwrap_or_default()),
        embeds: Some(page.shown.iter().map(embed).collect()),
        components: Some(not_posted.chain(buttons).collect()),
        ..Message::default()
    }
}

/// The button that removes the inbox, without another confirmation.
pub fn remove_button(inbox: InboxId, reader: Language) -> Component {
    let label = phrase(Phrase::RemoveInbox, reader);
    let id = ComponentId::RemoveInbox(inbox);
    lone_button(id, &label, ButtonStyle::Danger)
}

/// The buttons of a removed inbox: post it again, or forget it.
fn again_row(removed: &NotPosted, reader: Language) -> Component {
    let label = |phrase| phrase_of(phrase, &[("inbox", &removed.name)], reader);
    let (again, forget) = (label(Phrase::PostAgain), label(Phrase::ForgetInbox));
    let inbox = removed.inbox;
    let again = button(ComponentId::PostAgain(inbox), &again, ButtonStyle::Primary);
    let forget = button(
        ComponentId::ForgetInbox(inbox),
        &forget,
        ButtonStyle::Secondary,
    );
    row(vec![Component::Button(again), Component::Button(forget)])
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn not_posted(removed: &NotPosted, reader: Language) -> Embed {
    let text = Text::InboxNotPosted {
        open: count(removed.open),
        until: removed.until.unix_seconds(),
    };
    Embed {
        title: Some(removed.name.clone()),
        description: Some(say(text, reader)),
        ..empty_embed()
    }
}

fn posted(inbox: &Posted, reader: Language) -> Embed {
    let text = Text::InboxListed {
        channel: inbox.tickets_in,
        count: count(inbox.staff.len()),
        staff: inbox.staff.clone(),
        open: count(inbox.open),
    };
    let mut description = say(text, reader);
    let room = MAX_DESCRIPTION.saturating_sub(description.chars().count());
    description += &problem_lines(&inbox.problems, room, reader);
    Embed {
        title: Some(inbox.name.clone()),
        url: Some(link(inbox.link)),
        description: Some(description),
        ..empty_embed()
    }
}

#[cfg(test)]
mod tests {
    use tickets::problem::Problem;
    use tickets::text::MessageLink;
    use tickets::{ChannelId, GuildId, Mention, MessageId, Timestamp, UserId};

    use super::*;

    fn message(page: usize, pages: usize, reader: Language) -> Message {
        let listed = Listed::Posted(Posted {
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
        });
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
            let whole = say(Problem::StaffNotMentioned.text(), language);
            for embed in &embeds {
                let shown = embed.description.as_deref().unwrap_or_default();
                assert!(shown.ends_with(&whole), "{language:?}: {shown}");
            }
        }
    }

    #[test]
    fn removed_inboxes_have_buttons() {
        let removed = Listed::NotPosted(NotPosted {
            inbox: InboxId(7),
            name: "x".repeat(45),
            open: 1,
            until: Timestamp(1_000),
        });
        for language in Language::ALL {
            let page = Page {
                shown: vec![removed.clone(); 4],
                page: 0,
                pages: 2,
            };
            let message = inbox_list(&page, language);
            let json = serde_json::to_value(message.components).expect("components are JSON");
            assert_eq!(json.as_array().map(Vec::len), Some(5));
            let buttons = &json[3]["components"];
            assert_eq!(buttons[0]["custom_id"], "post-again:7");
            assert_eq!(buttons[1]["custom_id"], "forget-inbox:7");
            for button in [&buttons[0], &buttons[1]] {
                let label = button["label"].as_str().unwrap_or_default();
                assert!((46..=80).contains(&label.chars().count()), "{label}");
            }
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
