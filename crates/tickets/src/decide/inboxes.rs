//! `/inbox list`: which inboxes are on a page.

use crate::problem::Problem;
use crate::text::MessageLink;
use crate::{ChannelId, InboxId, Mention, Timestamp};

/// How many inboxes are on a page: each may have several problems, and a message has limits.
const PAGE: usize = 4;

/// An inbox in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listed {
    Posted(Posted),
    NotPosted(NotPosted),
}

/// An inbox that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPosted {
    pub inbox: InboxId,
    pub name: String,
    /// How many of its tickets are open.
    pub open: usize,
    /// Until when it is kept.
    pub until: Timestamp,
}

/// An inbox with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    pub link: MessageLink,
    pub name: String,
    pub tickets_in: ChannelId,
    pub staff: Vec<Mention>,
    /// How many of its tickets are open.
    pub open: usize,
    pub problems: Vec<Problem>,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub shown: Vec<T>,
    /// From 0.
    pub page: usize,
    pub pages: usize,
}

/// This page of a server's inboxes, or the last one if there are fewer.
pub fn page<T>(inboxes: Vec<T>, page: usize) -> Page<T> {
    let pages = inboxes.len().div_ceil(PAGE);
    // Some inboxes may be gone since the button was shown.
    let page = page.min(pages.saturating_sub(1));
    let shown = inboxes.into_iter().skip(page * PAGE).take(PAGE);
    Page {
        shown: shown.collect(),
        page,
        pages,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_are_on_a_page() {
        let numbers = |wanted| {
            let page = page((1..=9).collect(), wanted);
            (page.page, page.pages, page.shown)
        };
        assert_eq!(numbers(0), (0, 3, vec![1, 2, 3, 4]));
        assert_eq!(numbers(2), (2, 3, vec![9]));
        assert_eq!(numbers(7), (2, 3, vec![9]));
        let one = page(vec![1, 2, 3, 4], 1);
        assert_eq!((one.page, one.pages), (0, 1));
        let none = page::<u8>(Vec::new(), 0);
        assert_eq!((none.page, none.pages), (0, 0));
    }
}
