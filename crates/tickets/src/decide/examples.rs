//! The server, the people, the inbox and the ticket that the tests of the rules share.

use crate::inbox::Inbox;
use crate::permission::{Permission, Permissions, Place};
use crate::problem;
use crate::request::{Invoker, Selected};
use crate::setting::Settings;
use crate::text::MessageLink;
use crate::ticket::{Phase, Presence, State, Ticket};
use crate::{ChannelId, GuildId, InboxId, Mention, MessageId, RoleId, Timestamp, UserId};

pub(crate) const GUILD: GuildId = GuildId(1);
pub(crate) const SUPPORT: ChannelId = ChannelId(10);
pub(crate) const TICKETS: ChannelId = ChannelId(11);
pub(crate) const MIA: UserId = UserId(20);
pub(crate) const MODERATORS: RoleId = RoleId(30);
pub(crate) const INBOX: MessageId = MessageId(40);
pub(crate) const INBOX_ID: InboxId = InboxId::of_message(INBOX);
pub(crate) const INBOX_LINK: MessageLink = MessageLink {
    guild: GUILD,
    channel: SUPPORT,
    message: INBOX,
};
pub(crate) const NOW: Timestamp = Timestamp(1_773_100_799_000);

pub(crate) fn mia() -> Invoker {
    Invoker {
        guild: GUILD,
        channel: SUPPORT,
        user: MIA,
        display_name: "Mia".into(),
        username: "mia_".into(),
        manages: true,
        roles: Vec::new(),
        joined_at: None,
        permissions: Permissions::default(),
        timed_out_until: None,
        at: NOW,
    }
}

/// A member of the staff who is not an admin.
pub(crate) fn max() -> Invoker {
    Invoker {
        user: UserId(21),
        roles: vec![MODERATORS],
        manages: false,
        ..mia()
    }
}

pub(crate) fn inbox() -> Inbox {
    Inbox {
        id: INBOX_ID,
        guild: GUILD,
        channel: SUPPORT,
        message: INBOX,
        destination: None,
        staff: vec![Mention::Role(MODERATORS)],
        starter: String::new(),
        name: String::new(),
        max_tickets_per_user: 1,
        settings: Settings::default(),
    }
}

pub(crate) fn ticket() -> Ticket {
    Ticket {
        id: ChannelId(50),
        guild: GUILD,
        inbox: Some(INBOX_ID),
        owner: Some(MIA),
        state: State {
            presence: Presence::Present,
            phase: Phase::Open,
        },
        own_message: None,
        claimed_by: None,
        hidden_since: None,
        is_alone: false,
    }
}

pub(crate) fn message(text: &str) -> Selected {
    Selected {
        id: MessageId(41),
        channel: SUPPORT,
        looks_like_inbox: false,
        text: text.into(),
        attachments: Vec::new(),
        has_embeds: false,
    }
}

/// A server in which nothing is wrong with the inbox.
pub(crate) fn well() -> problem::Facts {
    problem::Facts {
        home: place(SUPPORT, &[]),
        destination: None,
        notices: None,
        blind_to_notices: vec![],
        everyone: Permissions::EVERYTHING,
        roles: vec![problem::Role {
            id: MODERATORS,
            may: Permissions::EVERYTHING,
            manages_threads: true,
            whose: problem::Whose::People,
            is_mentionable: true,
            size: None,
        }],
        members: std::collections::HashMap::new(),
        is_offered: true,
        gets_reports: false,
        lacks_emoji: false,
        active_threads: 0,
        alone: None,
    }
}

/// A place where the bot may do all but `lacking`.
pub(crate) fn place(channel: ChannelId, lacking: &[Permission]) -> Place {
    let permissions: Permissions = Permission::ALL
        .into_iter()
        .filter(|p| !lacking.contains(p))
        .collect();
    Place {
        channel,
        permissions,
        holds_private_threads: true,
    }
}
