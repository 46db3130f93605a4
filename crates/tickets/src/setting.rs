//! The registry of settings. Everything about a setting follows from its entry here: the command
//! `/inbox settings` with its suggestions and its overview ([`Panel`](crate::action::Panel)), the
//! control that changes the setting, custom ids, checks, storage, the keys of its texts, and the page
//! `docs/settings.md`.
//!
//! # Reading one
//!
//! `inbox.get(setting::Lock)` is the value for an inbox, in the setting's own type. For a server, it is
//! `settings.get(setting::Language)` on the [`Settings`] that the store has of that server.
//!
//! # Adding one
//!
//! 1. Add a file in the folder `setting`, with a unit struct that implements [`Setting`] (its key, its
//!    group, its control, how an entered value is checked, how a stored one is shown) and [`Typed`]
//!    (the value that the program reads). Settings of one kind share a type and are constants of it,
//!    as in `age.rs`. [`enter`] has checks that several settings share. The stored value is a text.
//!    Without a stored text, the setting has its default, which must be how the original behaves.
//! 2. Declare the file below with `mod`, and export its type or constants with `pub use`.
//! 3. Add it to [`ALL`], which gives the overview its order.
//! 4. Add its texts in each language (`crates/theticketbot/locales`): `setting-KEY` (at most 45
//!    characters), `setting-KEY-description` (at most 100), and one for each of its
//!    [words](Setting::words), `setting-KEY-WORD`.
//! 5. Read it where it matters. Whether a member may open a ticket is decided in `opening::admission`.
//!    A new sentence is a variant of [`Text`], with its text in each language.
//!
//! `cargo test --workspace --test translations` names missing texts. With `UPDATE_EXPECT=1`, it writes
//! the page and the snapshots.

mod age;
mod button_colour;
mod button_emoji;
mod button_label;
mod close_button;
mod cooldown;
mod description;
mod destination;
pub mod enter;
mod form;
mod hide_after;
mod hours;
mod language;
mod limit;
mod limit_member;
mod lock;
mod name;
mod notice_ping;
mod notices;
mod outside_hours;
mod pause;
mod pause_end;
mod period;
mod reports;
mod roles;
mod staff;
mod staff_mode;
mod staff_powers;
mod starter;
mod ticket_name;
mod time_zone;

use std::collections::BTreeMap;

use crate::action::Action;
use crate::inbox::Inbox;
use crate::problem::{self, Problem};
use crate::request::Invoker;
use crate::text::Text;
use crate::{ChannelId, GuildId, InboxId, Mention, Timestamp};

pub use age::{ACCOUNT_AGE, MEMBER_AGE};
pub use button_colour::{ButtonColour, Colour};
pub use button_emoji::{ButtonEmoji, Emoji};
pub use button_label::ButtonLabel;
pub use close_button::{CloseButton, OwnerCloses};
pub use cooldown::Cooldown;
pub use description::Description;
pub use destination::Destination;
pub use form::Form;
pub use hide_after::HideAfter;
pub use hours::{Hours, staff_are_back};
pub use language::Language;
pub use limit::{LIMIT_TOTAL, SERVER_LIMIT};
pub use limit_member::LimitMember;
pub use lock::Lock;
pub use name::Name;
pub use notice_ping::NoticePing;
pub use notices::Notices;
pub use outside_hours::OutsideHours;
pub use pause::Pause;
pub use pause_end::PauseEnd;
pub use period::{CLOSE_IDLE, Period, REMIND_OWNER, REMIND_STAFF};
pub use reports::Reports;
pub use roles::{ALLOWED_ROLES, BLOCKED_ROLES};
pub use staff::{MAX_STAFF, Staff};
pub use staff_mode::{Loudness, StaffMode};
pub use staff_powers::StaffPowers;
pub use starter::Starter;
pub use ticket_name::TicketName;
pub use time_zone::Zone;

/// All settings, in the order in which the overview lists them.
pub const ALL: &[&dyn Setting] = &[
    &Name,
    &ButtonLabel,
    &ButtonEmoji,
    &ButtonColour,
    &Description,
    &Form,
    &LimitMember,
    &LIMIT_TOTAL,
    &Cooldown,
    &ALLOWED_ROLES,
    &BLOCKED_ROLES,
    &ACCOUNT_AGE,
    &MEMBER_AGE,
    &Pause,
    &PauseEnd,
    &Hours,
    &Zone,
    &OutsideHours,
    &Destination,
    &Starter,
    &TicketName,
    &HideAfter,
    &CloseButton,
    &Lock,
    &REMIND_OWNER,
    &CLOSE_IDLE,
    &Staff,
    &StaffPowers,
    &StaffMode,
    &Notices,
    &NoticePing,
    &REMIND_STAFF,
    &Language,
    &SERVER_LIMIT,
    &Reports,
];

/// The setting with this key.
pub fn find(key: &str) -> Option<&'static dyn Setting> {
    ALL.iter().copied().find(|setting| setting.key() == key)
}

/// A part of the overview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What members see before they open a ticket.
    Inbox,
    /// Who may open tickets, when, and how many.
    Access,
    /// What tickets are like.
    Tickets,
    /// Who answers them, and how they hear of them.
    Staff,
    /// The whole server's settings.
    Server,
}

impl Group {
    /// All groups, in their order. A message holds five menus, one for each.
    pub const ALL: [Self; 5] = [
        Self::Inbox,
        Self::Access,
        Self::Tickets,
        Self::Staff,
        Self::Server,
    ];

    /// Its word in custom ids.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Access => "access",
            Self::Tickets => "tickets",
            Self::Staff => "staff",
            Self::Server => "server",
        }
    }

    /// The key of its name in the translations.
    pub const fn name_key(self) -> &'static str {
        match self {
            Self::Inbox => "settings-group-inbox",
            Self::Access => "settings-group-access",
            Self::Tickets => "settings-group-tickets",
            Self::Staff => "settings-group-staff",
            Self::Server => "settings-group-server",
        }
    }
}

/// The control that changes a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of these words. Two of them are a switch.
    Choice(&'static [&'static str]),
    /// A text of at most this number of characters, on one line.
    Line(u16),
    /// A text of at most this number of characters, on several lines.
    Lines(u16),
    /// At most this number of roles.
    Roles(u8),
    /// At most this number of members and roles.
    Mentions(u8),
    /// A text channel, or none.
    Channel,
    /// One of the program's languages, or none.
    Language,
    /// One of the server's inboxes, or none.
    Inbox,
}

/// What an admin entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    Text(String),
    /// The words, ids or mentions that were chosen in a menu.
    Chosen(Vec<String>),
}

impl Entered {
    /// The text, trimmed; of a menu, what was chosen first.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text.trim(),
            Self::Chosen(values) => values.first().map_or("", String::as_str),
        }
    }
}

/// A value as the overview shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// One of the setting's own words.
    Word(&'static str),
    Number(i64),
    /// In seconds.
    Duration(i64),
    /// As an admin wrote it.
    Text(String),
    Mentions(Vec<Mention>),
    Channel(ChannelId),
    /// In seconds since the Unix epoch.
    Moment(i64),
    /// Discord's code for it.
    Language(String),
    /// As it is written in a message.
    Emoji(String),
}

/// What is stored of an inbox and of its server.
#[derive(Clone, Copy)]
pub struct Stored<'a> {
    pub inbox: Option<&'a Inbox>,
    pub server: &'a Settings,
}

/// What a new value may depend on, besides what was entered.
#[derive(Clone, Copy)]
pub struct Circumstances<'a> {
    pub now: Timestamp,
    /// The inbox before the change.
    pub inbox: Option<&'a Inbox>,
    /// The bot itself, and its own role.
    pub bot: &'a [Mention],
    /// The default starting message, in the server's language.
    pub starter: &'a str,
}

/// One setting. The value that the program reads is in [`Typed`].
pub trait Setting: Sync {
    /// Its key: in the database, in custom ids, in the translations. Lowercase words and dashes.
    fn key(&self) -> &'static str;

    fn group(&self) -> Group;

    /// The control that changes the setting.
    fn kind(&self) -> Kind;

    /// Checks what was entered, and returns what to store; `None` is the default.
    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text>;

    /// The same check for a setting that depends on more than what was entered.
    fn enter_with(
        &self,
        entered: &Entered,
        _with: &Circumstances<'_>,
    ) -> Result<Option<String>, Text> {
        self.enter(entered)
    }

    /// Why a new value is refused, if that depends on the server.
    fn refused_for(
        &self,
        _before: &Inbox,
        _after: &Inbox,
        _known: &problem::Facts,
    ) -> Option<Text> {
        None
    }

    /// The response when the setting is saved for an inbox, if it says more than the new value.
    fn saved(
        &self,
        _before: &Inbox,
        _after: &Inbox,
        _entered: &Entered,
        _invoker: &Invoker,
    ) -> Option<Text> {
        None
    }

    /// Whether the response from `saved` already mentions this problem.
    fn says(&self, _problem: &Problem) -> bool {
        false
    }

    /// Why a value is refused because of the names of the server's other inboxes.
    fn refused_beside(&self, _value: &str, _others: &[&str]) -> Option<Text> {
        None
    }

    /// Another setting whose stored value is obsolete after this change.
    fn outdates(
        &self,
        _value: Option<&str>,
        _stored: &Settings,
        _now: Timestamp,
    ) -> Option<&'static dyn Setting> {
        None
    }

    /// Whether a change of the setting also changes the inbox's message.
    fn shows_on_message(&self) -> bool {
        false
    }

    /// How what is stored is shown; `None` is the default.
    fn show(&self, stored: Option<&str>) -> Shown;

    /// Its words; each has a text.
    fn words(&self) -> &'static [&'static str] {
        match self.kind() {
            Kind::Choice(words) => words,
            _ => &[],
        }
    }

    /// The text that fills its control.
    fn written(&self, stored: Option<&str>) -> String {
        stored.unwrap_or_default().to_owned()
    }

    /// The text that fills its control, with the setting's own words in the reader's language.
    fn in_words(&self, written: &str, word: &dyn Fn(&str) -> String) -> String {
        let _ = word;
        written.to_owned()
    }

    /// Whether an admin can try out the new value.
    fn can_be_tried(&self) -> bool {
        false
    }

    /// The stored value. Settings for which the original has columns override this.
    fn stored(&self, of: Stored<'_>) -> Option<String> {
        let settings = match self.group() {
            Group::Server => of.server,
            _ => &of.inbox?.settings,
        };
        settings.stored(self.key()).map(str::to_owned)
    }

    /// Sets this value in an inbox; the counterpart of `stored`.
    fn put(&self, inbox: &mut Inbox, value: Option<&str>) {
        let value = value.map(str::to_owned);
        inbox.settings = std::mem::take(&mut inbox.settings).with_stored(self.key(), value);
    }

    /// The action that stores a value.
    fn change(&self, guild: GuildId, inbox: InboxId, value: Option<String>) -> Action {
        let key = self.key();
        match self.group() {
            Group::Server => Action::SetServerSetting { guild, key, value },
            _ => Action::SetSetting { inbox, key, value },
        }
    }
}

/// What the program reads.
pub trait Typed: Setting {
    type Value;

    /// The value of a stored text. A text that this version does not know means the default.
    fn value(&self, stored: Option<&str>) -> Self::Value;
}

/// The settings of one inbox or one server, as they are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    pub fn get<S: Typed + Copy>(&self, setting: S) -> S::Value {
        setting.value(self.stored(setting.key()))
    }

    pub fn stored(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// With this value of a setting.
    #[must_use]
    pub fn with(mut self, setting: &dyn Setting, value: &str) -> Self {
        self.0.insert(setting.key().to_owned(), value.to_owned());
        self
    }

    /// With this value stored under a key, or with none.
    #[must_use]
    pub fn with_stored(mut self, key: &str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.0.insert(key.to_owned(), value),
            None => self.0.remove(key),
        };
        self
    }

    /// With this value stored for a setting, or with none.
    #[must_use]
    pub fn changed(self, setting: &dyn Setting, value: Option<&str>) -> Self {
        self.with_stored(setting.key(), value.map(str::to_owned))
    }

    /// Each key with what is stored.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

impl FromIterator<(String, String)> for Settings {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// The settings that a new inbox starts with. Inboxes of 1.x keep the defaults.
pub fn of_new_inboxes() -> Settings {
    Settings::default().with(&StaffPowers, staff_powers::LISTED_STAFF)
}

#[cfg(test)]
mod tests;
