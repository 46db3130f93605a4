//! `/inbox list`: which inboxes are on a page.

use crate::decide::settings::Named;
use crate::problem::Problem;
use crate::text::MessageLink;
use crate::{ChannelId, Mention};

/// So many inboxes are on a page: each may have several problems, and a message has limits.
const PAGE: usize = 4;

/// An inbox in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
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

/// This page of a server's inboxes, or the last one if there are fewer. `None` without inboxes.
pub fn page(inboxes: Vec<Named>, page: usize) -> Option<Page<Named>> {
    let pages = inboxes.len().div_ceil(PAGE);
    // Some were removed since the button was shown.
    let page = page.min(pages.checked_sub(1)?);
    let shown = inboxes.into_iter().skip(page * PAGE).take(PAGE);
    Some(Page {
        shown: shown.collect(),
        page,
        pages,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::inbox;

    fn inboxes(count: usize) -> Vec<Named> {
        let named = |number: usize| Named {
            inbox: inbox(),
            name: number.to_string(),
        };
        (1..=count).map(named).collect()
    }

    #[test]
    fn four_are_on_a_page() {
        let names = |wanted| {
            let page = page(inboxes(9), wanted).expect("there are some");
            let names: Vec<_> = page.shown.iter().map(|it| it.name.as_str()).collect();
            (page.page, page.pages, names.join(" "))
        };
        assert_eq!(names(0), (0, 3, "1 2 3 4".into()));
        assert_eq!(names(2), (2, 3, "9".into()));
        assert_eq!(names(7), (2, 3, "9".into()));
        assert_eq!(
            page(inboxes(4), 1).map(|it| (it.page, it.pages)),
            Some((0, 1))
        );
        assert_eq!(page(inboxes(0), 0), None);
    }
}
