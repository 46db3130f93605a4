//! An inbox, as it is stored.

use std::collections::HashSet;

use crate::permission::{FOR_TICKETS, Permission};
use crate::setting::{
    self, ButtonColour, ButtonEmoji, ButtonLabel, Colour, Emoji, Loudness, Setting, Settings,
    Stored, Typed,
};
use crate::template::cut;
use crate::text::MessageLink;
use crate::{ChannelId, GuildId, InboxId, Mention, MessageId, RoleId};

/// An inbox: a message with a *Create Ticket* button, and what its tickets are like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    pub id: InboxId,
    pub guild: GuildId,
    /// Where the message is.
    pub channel: ChannelId,
    /// The message with the button.
    pub message: MessageId,
    /// Where tickets are created; `None` is the inbox's own channel.
    pub destination: Option<ChannelId>,
    /// The members and roles that are invited, in the order in which they are mentioned.
    pub staff: Vec<Mention>,
    /// The starting message's template; empty for the default.
    pub starter: String,
    /// The template for a ticket's name; empty for the default.
    pub name: String,
    /// Open tickets that one member may have; 0 for no limit.
    pub max_tickets_per_user: u32,
    /// The settings for which the original has no column.
    pub settings: Settings,
}

/// A change of one part of an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InboxChange {
    /// Where tickets are created; `None` is the inbox's own channel.
    Destination(Option<ChannelId>),
    /// Who is invited, in the order in which they are mentioned.
    Staff(Vec<Mention>),
    /// The starting message's template; empty for the default.
    Starter(String),
    /// The template for a ticket's name; empty for the default.
    Name(String),
    /// Open tickets that one member may have; 0 for no limit.
    Limit(u32),
}

impl InboxChange {
    /// What of the inbox it changes, for the log.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Destination(_) => "destination",
            Self::Staff(_) => "staff",
            Self::Starter(_) => "starter",
            Self::Name(_) => "name",
            Self::Limit(_) => "limit-member",
        }
    }
}

/// The button under an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// `None` is *Create Ticket*, in the server's language.
    pub label: Option<String>,
    pub emoji: Option<Emoji>,
    pub colour: Colour,
}

impl Button {
    pub fn of(settings: &Settings) -> Self {
        Self {
            label: settings.get(ButtonLabel),
            emoji: settings.get(ButtonEmoji),
            colour: settings.get(ButtonColour),
        }
    }
}

impl Default for Button {
    fn default() -> Self {
        Self::of(&Settings::default())
    }
}

/// The most characters of an inbox's name.
pub const MAX_INBOX_NAME: usize = 45;

/// The names of these inboxes, which are all of a server. An inbox without its own name has its channel's
/// name, with a number if that is taken.
pub fn names(inboxes: &[Inbox], channels: &[(ChannelId, String)]) -> Vec<String> {
    let own = inboxes.iter().filter_map(Inbox::own_name);
    let mut taken: HashSet<String> = own.map(str::to_lowercase).collect();
    let mut name = |inbox: &Inbox| {
        if let Some(name) = inbox.own_name() {
            return name.to_owned();
        }
        let channel = channels.iter().find(|(id, _)| *id == inbox.channel);
        let wanted = channel.map_or_else(|| inbox.channel.to_string(), |(_, name)| name.clone());
        let name = free_name(&wanted, |name| taken.contains(&name.to_lowercase()));
        taken.insert(name.to_lowercase());
        name
    };
    inboxes.iter().map(&mut name).collect()
}

/// Whether this is only the id of the inbox's channel, because the channel's name was not known.
pub fn is_number(name: &str, inbox: &Inbox) -> bool {
    name.starts_with(&inbox.channel.to_string())
}

/// The wanted name, shortened if needed. If it is taken, the first free number is appended.
pub fn free_name(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u32..).map(|number| {
        let number = format!(" {number}");
        let room = MAX_INBOX_NAME.saturating_sub(number.len());
        format!("{}{number}", cut(wanted, room).trim_end())
    });
    std::iter::once(cut(wanted, MAX_INBOX_NAME).to_owned())
        .chain(numbered)
        .find(|name| !is_taken(name))
        .unwrap_or_default()
}

impl Inbox {
    /// A new inbox with the defaults, shown by this message.
    pub fn new(link: MessageLink, destination: Option<ChannelId>, staff: Vec<Mention>) -> Self {
        Self {
            id: InboxId::of_message(link.message),
            guild: link.guild,
            channel: link.channel,
            message: link.message,
            destination,
            staff,
            starter: String::new(),
            name: String::new(),
            max_tickets_per_user: 1,
            settings: setting::of_new_inboxes(),
        }
    }

    /// The same inbox with this name of its own.
    #[must_use]
    pub fn named(mut self, name: Option<&str>) -> Self {
        let settings = std::mem::take(&mut self.settings);
        self.settings = settings.changed(&setting::Name, name);
        self
    }

    /// A setting's value.
    pub fn get<S: Typed + Copy>(&self, setting: S) -> S::Value {
        let nothing = Settings::default();
        let stored = setting.stored(Stored {
            inbox: Some(self),
            server: &nothing,
        });
        setting.value(stored.as_deref())
    }

    /// The name that an admin gave it in the server.
    pub fn own_name(&self) -> Option<&str> {
        self.settings.stored(setting::Name.key())
    }

    /// Its button.
    pub fn button(&self) -> Button {
        Button::of(&self.settings)
    }

    /// The permissions that the bot needs where the inbox's tickets are created. For a form's answers, it
    /// also posts embeds, and perhaps files.
    pub fn needs(&self) -> Vec<Permission> {
        let mut needs = FOR_TICKETS.to_vec();
        if let Some(form) = self.get(setting::Form) {
            needs.push(Permission::EmbedLinks);
            if form.takes_files() {
                needs.push(Permission::AttachFiles);
            }
        }
        needs
    }

    /// Its staff without roles that were deleted.
    pub fn existing_staff(&self, exists: impl Fn(RoleId) -> bool) -> Vec<Mention> {
        let staff = self.staff.iter().copied();
        staff
            .filter(|who| match who {
                Mention::Role(role) => exists(*role),
                Mention::User(_) => true,
            })
            .collect()
    }

    /// How the staff are notified of a ticket. Without a notice, staff who are only named could not join.
    pub fn loudness(&self, has_notice: bool) -> Loudness {
        match self.get(setting::StaffMode) {
            Loudness::Join if !has_notice => Loudness::Mention,
            loudness => loudness,
        }
    }

    /// Where its tickets are created.
    pub fn tickets_in(&self) -> ChannelId {
        self.destination.unwrap_or(self.channel)
    }

    /// The link to its message.
    pub fn link(&self) -> MessageLink {
        MessageLink {
            guild: self.guild,
            channel: self.channel,
            message: self.message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::{SUPPORT, TICKETS, inbox};

    fn named(name: &str) -> Inbox {
        Inbox {
            settings: Settings::default().with(&setting::Name, name),
            ..inbox()
        }
    }

    #[test]
    fn an_inbox_is_named_after_its_channel() {
        let elsewhere = Inbox {
            channel: TICKETS,
            ..inbox()
        };
        let unknown = Inbox {
            channel: ChannelId(99),
            ..inbox()
        };
        let all = [inbox(), elsewhere, inbox(), named("Support 2"), unknown];
        let channels = [(SUPPORT, "support".into()), (TICKETS, "tickets".into())];
        assert_eq!(
            names(&all, &channels),
            ["support", "tickets", "support 3", "Support 2", "99"]
        );
    }

    #[test]
    fn a_long_name_has_room_for_its_number() {
        let long = "x".repeat(100);
        assert_eq!(free_name(&long, |_| false).len(), MAX_INBOX_NAME);
        let second = free_name(&long, |name| !name.ends_with(" 2"));
        assert_eq!(second.len(), MAX_INBOX_NAME);
    }
}
