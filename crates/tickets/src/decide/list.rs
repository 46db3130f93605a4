//! `/ticket list`: which open tickets a member is shown, and in which order.

use crate::text::Text;
use crate::{ChannelId, Timestamp, UserId};

/// How many tickets are on a page.
pub const PAGE: usize = 10;

/// An open ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub ticket: ChannelId,
    /// The thread's name.
    pub name: String,
    /// Discord's own timer has hidden it.
    pub is_hidden: bool,
    pub owner: Option<UserId>,
    /// Somebody has claimed it.
    pub is_claimed: bool,
    /// Since when it waits for staff, if it does.
    pub waits_for_staff: Option<Timestamp>,
    /// Whether the invoker may look after it.
    pub may_look_after: bool,
}

/// How many tickets were opened recently in the inboxes for which the invoker is staff.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lately {
    pub week: i64,
    pub month: i64,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The tickets on this page: first those that wait for staff, the longest wait first, then the oldest.
    pub rows: Vec<Row>,
    /// From 0.
    pub page: usize,
    pub pages: usize,
    /// If set, the list has only the tickets of this member.
    pub only: Option<UserId>,
    /// For staff: the number of tickets.
    pub footer: Option<Text>,
}

/// In milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Since when a ticket counts as opened in the last 7 and 30 days.
pub fn since(now: Timestamp) -> [Timestamp; 2] {
    [now.plus(-7 * DAY), now.plus(-30 * DAY)]
}

/// Decides which of these tickets a member is shown: their own and those that they may look after. `only`
/// limits the list to the tickets of one member. `lately` is for staff.
pub fn list(
    invoker: UserId,
    only: Option<UserId>,
    page: usize,
    rows: Vec<Row>,
    lately: Option<Lately>,
) -> Result<Page, Text> {
    let is_shown = |row: &Row| {
        let is_own = row.owner == Some(invoker);
        (is_own || row.may_look_after) && only.is_none_or(|only| row.owner == Some(only))
    };
    let mut rows: Vec<_> = rows.into_iter().filter(is_shown).collect();
    if rows.is_empty() {
        return Err(if only.is_some_and(|only| only != invoker) {
            Text::NoTicketsOf {}
        } else if lately.is_some() && only.is_none() {
            Text::NoTickets {}
        } else {
            Text::NoOwnTickets {}
        });
    }
    // Tickets that wait for staff come first, the longest wait first. The others are in the order of their
    // ids, which grow with time.
    rows.sort_by_key(|row| {
        let since = row.waits_for_staff;
        (since.is_none(), since, row.ticket)
    });
    let open = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let pages = rows.len().div_ceil(PAGE);
    // Some tickets may be closed since the button was shown.
    let page = page.min(pages - 1);
    Ok(Page {
        rows: rows.into_iter().skip(page * PAGE).take(PAGE).collect(),
        page,
        pages,
        only,
        // The counts are of whole inboxes, not of one member.
        footer: lately
            .filter(|_| only.is_none())
            .map(|Lately { week, month }| Text::ListFooter { open, week, month }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIA: UserId = UserId(20);
    const MAX: UserId = UserId(21);

    fn row(ticket: u64, owner: UserId, may_look_after: bool) -> Row {
        Row {
            ticket: ChannelId(ticket),
            name: String::new(),
            is_hidden: false,
            owner: Some(owner),
            is_claimed: false,
            waits_for_staff: None,
            may_look_after,
        }
    }

    fn shown(listed: Result<Page, Text>) -> Vec<u64> {
        let rows = listed.map_or_else(|_| Vec::new(), |page| page.rows);
        rows.into_iter().map(|row| row.ticket.0).collect()
    }

    #[test]
    fn members_see_their_own_tickets_and_staff_see_those_of_their_inboxes() {
        let rows = || vec![row(5, MIA, false), row(3, MAX, false), row(4, MAX, true)];
        let lately = Some(Lately { week: 2, month: 9 });
        let mias = vec![row(5, MIA, false), row(3, MAX, false)];
        assert_eq!(shown(list(MIA, None, 0, mias, None)), [5]);
        assert_eq!(shown(list(MAX, None, 0, rows(), lately)), [3, 4]);
        // A member does not see another member's tickets by naming them.
        let theirs = || vec![row(5, MIA, false), row(3, MAX, false)];
        assert_eq!(shown(list(MIA, Some(MAX), 0, theirs(), None)), [0; 0]);
        assert_eq!(shown(list(MAX, Some(MAX), 0, rows(), lately)), [3, 4]);
        assert_eq!(shown(list(MAX, Some(MIA), 0, rows(), lately)), [0; 0]);
        for (only, reason) in [(MIA, Text::NoTicketsOf {}), (MAX, Text::NoOwnTickets {})] {
            let none = list(MAX, Some(only), 0, Vec::new(), lately);
            assert_eq!(none, Err(reason));
        }
        let of_max = list(MAX, Some(MAX), 0, rows(), lately).unwrap();
        assert_eq!(of_max.footer, None, "it would count whole inboxes");
    }

    #[test]
    fn nothing_to_show_is_said() {
        let none = |lately| list(MIA, None, 0, vec![row(3, MAX, false)], lately);
        assert_eq!(none(None), Err(Text::NoOwnTickets {}));
        assert_eq!(none(Some(Lately::default())), Err(Text::NoTickets {}));
    }

    #[test]
    fn ten_are_on_a_page_oldest_first() {
        let rows = || (1..=21).rev().map(|id| row(id, MIA, false)).collect();
        let page = |page| list(MIA, None, page, rows(), Some(Lately { week: 3, month: 30 }));
        assert_eq!(shown(page(0)), (1..=10).collect::<Vec<_>>());
        assert_eq!(shown(page(2)), [21]);
        let last = page(9).unwrap();
        assert_eq!((last.page, last.pages), (2, 3));
        let footer = Text::ListFooter {
            open: 21,
            week: 3,
            month: 30,
        };
        assert_eq!(last.footer, Some(footer));
    }

    #[test]
    fn what_waits_for_staff_is_first_and_the_longest_of_all() {
        let waits = |ticket, since| Row {
            waits_for_staff: Some(Timestamp(since)),
            ..row(ticket, MIA, true)
        };
        let rows = vec![
            row(1, MIA, true),
            waits(2, 50),
            row(4, MIA, true),
            waits(3, 40),
        ];
        let lately = Some(Lately::default());
        assert_eq!(shown(list(MAX, None, 0, rows, lately)), [3, 2, 1, 4]);
    }

    #[test]
    fn a_week_and_a_month_are_days() {
        let now = Timestamp(40 * DAY);
        assert_eq!(since(now), [Timestamp(33 * DAY), Timestamp(10 * DAY)]);
    }
}
