//! What happened, in the domain's words. The edge translates Discord's events into these.

use crate::pending::Task;
use crate::stored::Abandoned;
use crate::{ChannelId, GuildId, Mention, MessageId, RoleId, Timestamp, UserId};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A member asked for something and waits for an answer.
    Asked(Asker, Request),
    /// A thread was archived, locked, re-opened or renamed.
    ThreadChanged {
        guild: GuildId,
        thread: ChannelId,
        archived: bool,
        locked: bool,
    },
    /// Members are no longer in a thread.
    LeftThread {
        guild: GuildId,
        thread: ChannelId,
        users: Vec<UserId>,
    },
    /// Members came into a thread.
    JoinedThread {
        thread: ChannelId,
        users: Vec<UserId>,
    },
    /// A member is no longer in a server.
    LeftGuild { guild: GuildId, user: UserId },
    /// A channel or thread is gone.
    ChannelDeleted { channel: ChannelId },
    /// Messages are gone.
    MessagesDeleted { messages: Vec<MessageId> },
    /// A role is gone.
    RoleDeleted { guild: GuildId, role: RoleId },
    /// Somebody spoke to the bot by mention in a server channel.
    Spoken(Spoken),
    /// Nobody watched this for a while: what became of it is to be found out.
    Unwatched { guild: GuildId, thing: Thing },
}

/// Something that the bot remembers, and that may have changed or gone while it was away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Ticket(ChannelId),
    Inbox {
        channel: ChannelId,
        message: MessageId,
    },
    /// A channel in which tickets are created.
    Channel(ChannelId),
    /// A role that is staff.
    Role(RoleId),
    /// A thread that was not undone.
    Abandoned(Abandoned),
}

/// Who asked, where and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    pub guild: GuildId,
    /// Where they asked: a channel or a thread.
    pub channel: ChannelId,
    pub user: UserId,
    /// As it is shown in that server.
    pub display_name: String,
    /// The account's name, for the audit log.
    pub username: String,
    /// Whether they may manage the server.
    pub manages: bool,
    /// The interaction's own time.
    pub at: Timestamp,
}

/// What a member asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// `/inbox create`.
    CreateInbox {
        channel: ChannelId,
        destination: Option<ChannelId>,
    },
    /// One of the commands that change an inbox.
    ChangeInbox(Task),
    /// *Select this message*.
    Select(Selected),
    /// Saved the menu of `/inbox staff`.
    ChooseStaff {
        inbox: MessageId,
        staff: Vec<Mention>,
    },
    /// Submitted the modal of `/inbox new-tickets starter`.
    SetStarter { inbox: MessageId, template: String },
    /// Submitted the modal of `/inbox new-tickets name`.
    SetName { inbox: MessageId, template: String },
    /// Clicked *Create Ticket*. `slowmode` is that of the inbox's channel, in seconds.
    OpenTicket { inbox: MessageId, slowmode: u32 },
}

/// A selected message, as far as decisions need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    pub id: MessageId,
    pub channel: ChannelId,
    /// The bot itself wrote it, with a *Create Ticket* button.
    pub looks_like_inbox: bool,
    pub text: String,
    pub attachments: Vec<Attachment>,
    /// Whether it has embeds of its own (not previews of its links).
    pub has_embeds: bool,
}

/// A file on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub filename: String,
    /// Where it can be downloaded.
    pub url: String,
    /// In bytes, as Discord says.
    pub size: u64,
    /// The alt text.
    pub description: Option<String>,
    /// Whether an embed can show it.
    pub is_image: bool,
}

impl Attachment {
    /// A spoiler has no mark but its name. Source: Discord's "Uploading Files".
    pub fn is_spoiler(&self) -> bool {
        self.filename.starts_with("SPOILER_")
    }
}

/// A message that begins with a mention of the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    pub guild: GuildId,
    pub channel: ChannelId,
    pub message: MessageId,
    pub author: UserId,
    pub words: Words,
}

/// The words that the bot knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// `sync`, perhaps with what should be a server's id.
    Sync(Option<String>),
    /// `reload-config` or `config-reload`.
    ReloadConfig,
}

impl Words {
    /// Understands the text after the mention; unknown words are nobody's business.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let understood = match words.next()? {
            "sync" => Self::Sync(words.next().map(str::to_owned)),
            "reload-config" | "config-reload" => Self::ReloadConfig,
            _ => return None,
        };
        words.next().is_none().then_some(understood)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(Words::parse(" sync "), Some(Words::Sync(None)));
        assert_eq!(
            Words::parse("sync 12"),
            Some(Words::Sync(Some("12".into())))
        );
        assert_eq!(
            Words::parse("sync me"),
            Some(Words::Sync(Some("me".into())))
        );
        assert_eq!(Words::parse("reload-config"), Some(Words::ReloadConfig));
        assert_eq!(Words::parse("config-reload"), Some(Words::ReloadConfig));
        for unknown in [
            "",
            "hello",
            "Sync",
            "sync 1 2",
            "reload-config now",
            "synchronise",
        ] {
            assert_eq!(Words::parse(unknown), None, "{unknown}");
        }
    }
}
