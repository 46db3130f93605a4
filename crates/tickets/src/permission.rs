//! The permissions that tickets depend on, and which of them are missing where.

use crate::ChannelId;

/// A permission that the bot, its staff or its members need. Source: Discord's "Permissions" page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    ViewChannel,
    SendMessages,
    EmbedLinks,
    AttachFiles,
    ManageThreads,
    CreatePrivateThreads,
    SendMessagesInThreads,
    ReadMessageHistory,
    MentionEveryone,
}

impl Permission {
    /// All of them, in the order in which they are named to people.
    pub const ALL: [Self; 9] = [
        Self::ViewChannel,
        Self::SendMessages,
        Self::EmbedLinks,
        Self::AttachFiles,
        Self::CreatePrivateThreads,
        Self::SendMessagesInThreads,
        Self::ManageThreads,
        Self::ReadMessageHistory,
        Self::MentionEveryone,
    ];

    /// The bit of Discord's permission set.
    pub const fn bit(self) -> u64 {
        1 << match self {
            Self::ViewChannel => 10,
            Self::SendMessages => 11,
            Self::EmbedLinks => 14,
            Self::AttachFiles => 15,
            Self::ReadMessageHistory => 16,
            Self::MentionEveryone => 17,
            Self::ManageThreads => 34,
            Self::CreatePrivateThreads => 36,
            Self::SendMessagesInThreads => 38,
        }
    }

    /// The key of its name in the translations.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ViewChannel => "permission-view-channel",
            Self::SendMessages => "permission-send-messages",
            Self::EmbedLinks => "permission-embed-links",
            Self::AttachFiles => "permission-attach-files",
            Self::ManageThreads => "permission-manage-threads",
            Self::CreatePrivateThreads => "permission-create-private-threads",
            Self::SendMessagesInThreads => "permission-send-messages-in-threads",
            Self::ReadMessageHistory => "permission-read-message-history",
            Self::MentionEveryone => "permission-mention-everyone",
        }
    }
}

/// What somebody may do in a channel: Discord's permission set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Permissions(pub u64);

impl Permissions {
    /// Every bit, for a bot that is an administrator.
    pub const EVERYTHING: Self = Self(u64::MAX);

    /// Whether `permission` is among them.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Which of `needed` are not among them.
    pub fn without(self, needed: &[Permission]) -> Vec<Permission> {
        let missing = needed.iter().copied();
        missing.filter(|&it| !self.has(it)).collect()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(
            permissions
                .into_iter()
                .fold(0, |set, permission| set | permission.bit()),
        )
    }
}

/// What is missing in one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub channel: ChannelId,
    /// Never empty.
    pub permissions: Vec<Permission>,
}

/// A channel and what the bot may do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub channel: ChannelId,
    pub permissions: Permissions,
    /// Announcement channels cannot hold any, whatever the permissions. Source: Discord's "Threads".
    pub holds_private_threads: bool,
}

impl Place {
    /// Whether the bot sees the channel at all.
    pub const fn can_be_seen(self) -> bool {
        self.permissions.has(Permission::ViewChannel)
    }

    /// Whether the bot may read the messages in it. Otherwise, Discord returns an empty list instead of an error.
    pub const fn can_be_read(self) -> bool {
        self.can_be_seen() && self.permissions.has(Permission::ReadMessageHistory)
    }

    /// Which of `needed` are missing here.
    pub fn missing(self, needed: &[Permission]) -> Option<Missing> {
        let permissions = self.permissions.without(needed);
        (!permissions.is_empty()).then_some(Missing {
            channel: self.channel,
            permissions,
        })
    }
}

/// What is missing where an inbox's message is (or will be) posted, and where its tickets go. If both are the
/// same channel, there is one entry for both.
pub fn missing_for_inbox(
    channel: Place,
    for_message: &[Permission],
    destination: Place,
    for_tickets: &[Permission],
) -> Vec<Missing> {
    if channel.channel == destination.channel {
        let mut needed = for_message.to_vec();
        needed.extend(for_tickets.iter().filter(|p| !for_message.contains(p)));
        needed.sort_by_key(|p| Permission::ALL.iter().position(|q| q == p));
        return channel.missing(&needed).into_iter().collect();
    }
    [
        channel.missing(for_message),
        destination.missing(for_tickets),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// To post an inbox's message at all.
pub const FOR_MESSAGE: [Permission; 2] = [Permission::ViewChannel, Permission::SendMessages];

/// To open tickets.
pub const FOR_TICKETS: [Permission; 3] = [
    Permission::ViewChannel,
    Permission::CreatePrivateThreads,
    Permission::SendMessagesInThreads,
];

/// The permissions that a ticket's owner needs to see the ticket and write in it.
pub const TO_TAKE_PART: [Permission; 2] =
    [Permission::ViewChannel, Permission::SendMessagesInThreads];

#[cfg(test)]
mod tests {
    use super::*;
    use Permission::*;

    fn place(channel: u64, permissions: &[Permission]) -> Place {
        Place {
            channel: ChannelId(channel),
            permissions: permissions.iter().copied().collect(),
            holds_private_threads: true,
        }
    }

    #[test]
    fn each_channel_is_named_once_with_what_it_lacks() {
        let all = place(1, &Permission::ALL);
        assert_eq!(missing_for_inbox(all, &FOR_MESSAGE, all, &FOR_TICKETS), []);
        assert_eq!(
            missing_for_inbox(
                place(1, &[ViewChannel]),
                &FOR_MESSAGE,
                place(1, &[ViewChannel]),
                &FOR_TICKETS
            ),
            [Missing {
                channel: ChannelId(1),
                permissions: vec![SendMessages, CreatePrivateThreads, SendMessagesInThreads]
            }]
        );
        assert_eq!(
            missing_for_inbox(
                place(1, &[]),
                &FOR_MESSAGE,
                place(2, &[CreatePrivateThreads]),
                &FOR_TICKETS
            ),
            [
                Missing {
                    channel: ChannelId(1),
                    permissions: vec![ViewChannel, SendMessages]
                },
                Missing {
                    channel: ChannelId(2),
                    permissions: vec![ViewChannel, SendMessagesInThreads]
                },
            ]
        );
    }

    #[test]
    fn bits_are_discords() {
        let all: Permissions = Permission::ALL.into_iter().collect();
        assert_eq!(all, Permissions(0x54_0003_CC00));
        assert!(
            Permission::ALL
                .into_iter()
                .all(|p| Permissions::EVERYTHING.has(p))
        );
    }
}
