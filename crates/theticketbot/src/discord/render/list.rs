//! A page of open tickets, with a menu to join one and buttons to the other pages.

use tickets::decide::list::{Page, Row};
use tickets::template::cut;
use tickets::text::Text;
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{
    Button, ButtonStyle, SelectMenu, SelectMenuOption,
};

use super::component::{MAX_OPTION, button, menu, row};
use crate::discord::Message;
use crate::discord::custom_id::ComponentId;
use crate::translate::{Language, Phrase, phrase, say};

/// A page for this reader.
pub fn list_message(page: &Page, reader: Language) -> Message {
    let mut lines: Vec<String> = page.rows.iter().map(|row| line(row, reader)).collect();
    lines.extend(page.footer.clone().map(|footer| say(footer, reader)));
    Message {
        components: Some(components(page, reader)),
        ..Message::text(lines.join("\n"))
    }
}

fn line(row: &Row, reader: Language) -> String {
    let (ticket, opened) = (row.ticket, row.ticket.created_at().unix_seconds());
    let text = if row.is_claimed {
        Text::ListLineClaimed { ticket, opened }
    } else {
        Text::ListLine { ticket, opened }
    };
    let waits = row.waits_for_staff.map(|since| {
        let since = since.unix_seconds();
        say(Text::ListWaits { since }, reader)
    });
    let hidden = row.is_hidden.then(|| say(Text::ListHidden {}, reader));
    say(text, reader) + &waits.unwrap_or_default() + &hidden.unwrap_or_default()
}

fn components(page: &Page, reader: Language) -> Vec<Component> {
    let mut rows = Vec::new();
    let options: Vec<_> = page
        .rows
        .iter()
        .filter(|row| row.may_look_after)
        .map(option)
        .collect();
    if !options.is_empty() {
        let menu = SelectMenu {
            placeholder: Some(phrase(Phrase::JoinMenuPlaceholder, reader)),
            ..menu(ComponentId::JoinTicket.to_string(), options)
        };
        rows.push(row(vec![Component::SelectMenu(menu)]));
    }
    let only = page.only;
    let id = |page, is_next| ComponentId::ListPage {
        page,
        only,
        is_next,
    };
    rows.extend(page_buttons(page.page, page.pages, reader, id));
    rows
}

/// The buttons to the previous and the next page, if there are several pages. `id` returns a button's id,
/// from its page and whether it leads forward.
pub(super) fn page_buttons(
    page: usize,
    pages: usize,
    reader: Language,
    id: impl Fn(usize, bool) -> ComponentId,
) -> Option<Component> {
    if pages < 2 {
        return None;
    }
    let button = |label: Phrase, to: Option<usize>| {
        let id = id(to.unwrap_or(page), label == Phrase::NextPage);
        Component::Button(Button {
            disabled: to.is_none(),
            ..button(id, &phrase(label, reader), ButtonStyle::Secondary)
        })
    };
    let next = (page + 1 < pages).then_some(page + 1);
    Some(row(vec![
        button(Phrase::PreviousPage, page.checked_sub(1)),
        button(Phrase::NextPage, next),
    ]))
}

fn option(row: &Row) -> SelectMenuOption {
    let name = cut(&row.name, MAX_OPTION);
    SelectMenuOption {
        default: false,
        description: None,
        emoji: None,
        label: if name.is_empty() {
            row.ticket.to_string()
        } else {
            name.to_owned()
        },
        value: row.ticket.to_string(),
    }
}
