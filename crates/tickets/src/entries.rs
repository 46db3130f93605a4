//! Several inboxes on one message: which ones it offers besides its own, and how.
//!
//! This is stored with the inbox that the message belongs to, under keys of its own: it has an editor,
//! and is not in the registry of settings.

use crate::InboxId;
use crate::inbox::{Button, Inbox};
use crate::setting::Description;

/// The key of the ids of those inboxes, with commas between them.
pub const ENTRIES: &str = "entries";

/// The key for the layout.
pub const LAYOUT: &str = "entries-layout";

/// The key that names, for an inbox without its own message, the inbox whose message it is on. If several
/// messages offer it, this is one of them.
pub const HOME: &str = "entry-of";

/// The most buttons of a message, its own among them, and the most options of a menu.
const MAX_BUTTONS: usize = 25;
pub const MAX_OPTIONS: usize = 25;

/// With more entries than this, its own among them, an automatic layout has a menu.
const FEW: usize = 5;

/// How a message shows its entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// As buttons, or as a menu if there are many.
    #[default]
    Automatic,
    Buttons,
    Menu,
}

impl Layout {
    pub const ALL: [Self; 3] = [Self::Automatic, Self::Buttons, Self::Menu];

    /// Its word in the database and in menus.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Buttons => "buttons",
            Self::Menu => "menu",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.word() == word)
    }

    /// How many inboxes a message has room for besides its own.
    pub const fn room(self) -> usize {
        match self {
            Self::Buttons => MAX_BUTTONS - 1,
            Self::Automatic | Self::Menu => MAX_OPTIONS,
        }
    }

    fn is_menu(self, others: usize) -> bool {
        match self {
            Self::Automatic => others >= FEW,
            Self::Buttons => others > self.room(),
            Self::Menu => true,
        }
    }
}

/// What a message offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The button of the inbox that it belongs to.
    pub own: Button,
    pub others: Vec<Entry>,
    /// Whether the others are in a menu.
    pub is_menu: bool,
}

/// Another inbox on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub inbox: InboxId,
    /// Labelled with the inbox's name if an admin has not chosen a label.
    pub button: Button,
    pub description: Option<String>,
}

/// What the message of an inbox offers. `all` are the inboxes of its server; entries that are gone are left
/// out.
pub fn offer(host: &Inbox, all: &[Inbox]) -> Offer {
    let find = |id: &InboxId| all.iter().find(|it| it.id == *id && it.guild == host.guild);
    let others: Vec<_> = host
        .entries()
        .iter()
        .filter_map(find)
        .take(MAX_OPTIONS)
        .map(entry)
        .collect();
    Offer {
        own: host.button(),
        is_menu: !others.is_empty() && host.layout().is_menu(others.len()),
        others,
    }
}

fn entry(inbox: &Inbox) -> Entry {
    let mut button = inbox.button();
    button.label = button.label.or(inbox.own_name().map(str::to_owned));
    Entry {
        inbox: inbox.id,
        button,
        description: inbox.get(Description),
    }
}

/// Whether an inbox is, or may be, on the message of another one of its server. There, its name is its label.
pub fn is_on_another<'a>(inbox: &Inbox, all: impl IntoIterator<Item = &'a Inbox>) -> bool {
    let mut all = all.into_iter();
    inbox.home().is_some() || all.any(|it| it.entries().contains(&inbox.id))
}

/// The ids in a stored value.
pub fn read(stored: &str) -> Vec<InboxId> {
    let mut entries = Vec::new();
    for id in stored.split(',').filter_map(|id| id.parse().ok()) {
        let id = InboxId(id);
        if !entries.contains(&id) {
            entries.push(id);
        }
    }
    entries
}

/// How these entries are stored; `None` if there are none.
pub fn stored(entries: &[InboxId]) -> Option<String> {
    let ids: Vec<_> = entries.iter().map(ToString::to_string).collect();
    (!ids.is_empty()).then(|| ids.join(","))
}

impl Inbox {
    /// The inboxes that this inbox's message offers besides its own. Some of them may be removed: the message
    /// offers these again when they are posted again.
    pub fn entries(&self) -> Vec<InboxId> {
        let mut entries = read(self.settings.stored(ENTRIES).unwrap_or_default());
        entries.retain(|id| *id != self.id);
        entries
    }

    /// Whether the inbox has its own message, and that offers this other inbox.
    pub fn offers(&self, other: InboxId) -> bool {
        self.home().is_none() && self.entries().contains(&other)
    }

    pub fn layout(&self) -> Layout {
        let stored = self.settings.stored(LAYOUT);
        stored.and_then(Layout::of).unwrap_or_default()
    }

    /// The inbox whose message this inbox is on, if it has no message of its own.
    pub fn home(&self) -> Option<InboxId> {
        let home = self.settings.stored(HOME)?;
        home.parse().ok().map(InboxId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GuildId;
    use crate::decide::examples::inbox;
    use crate::setting::{ButtonLabel, Name, Settings};

    fn other(id: u64, name: &str) -> Inbox {
        Inbox {
            id: InboxId(id),
            settings: Settings::default().with(&Name, name),
            ..inbox()
        }
    }

    fn host(entries: &str, layout: Layout) -> Inbox {
        let settings = Settings::default()
            .with_stored(ENTRIES, Some(entries.to_owned()))
            .with_stored(LAYOUT, Some(layout.word().to_owned()));
        Inbox {
            settings,
            ..inbox()
        }
    }

    #[test]
    fn entries_are_in_their_order_and_those_that_are_gone_drop_out() {
        let foreign = Inbox {
            guild: GuildId(99),
            ..other(52, "Elsewhere")
        };
        let named = other(51, "Appeals");
        let settings = named.settings.clone().with(&ButtonLabel, "Appeal");
        let all = [other(50, "Billing"), Inbox { settings, ..named }, foreign];
        let host = host("51,x,50,51,52,77,40", Layout::Automatic);
        let offer = offer(&host, &all);
        let labels: Vec<_> = offer
            .others
            .iter()
            .map(|it| it.button.label.as_deref())
            .collect();
        assert_eq!(labels, [Some("Appeal"), Some("Billing")]);
        assert!(!offer.is_menu);
    }

    #[test]
    fn many_entries_are_a_menu_unless_an_admin_wants_buttons() {
        let ids = |count: u64| (50..50 + count).collect::<Vec<_>>();
        let is_menu = |count: u64, layout| {
            let all: Vec<_> = ids(count).iter().map(|id| other(*id, "x")).collect();
            let ids: Vec<_> = ids(count).into_iter().map(InboxId).collect();
            let offer = offer(&host(&stored(&ids).unwrap_or_default(), layout), &all);
            assert!(offer.others.len() <= MAX_OPTIONS);
            offer.is_menu
        };
        assert!(!is_menu(4, Layout::Automatic) && is_menu(5, Layout::Automatic));
        assert!(!is_menu(24, Layout::Buttons) && is_menu(25, Layout::Buttons));
        assert!(is_menu(1, Layout::Menu) && !is_menu(0, Layout::Menu));
        assert!(is_menu(40, Layout::Menu), "what does not fit is left out");
    }
}
