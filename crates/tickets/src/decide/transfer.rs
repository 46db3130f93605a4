//! `/ticket transfer`: to which inbox, and whose place in the ticket ends with that.

use crate::decide::settings::Named;
use crate::setting::enter::quoted;
use crate::text::{Text, plain};
use crate::{ChannelId, InboxId, Mention, RoleId, UserId};

/// What a transfer needs to be decided, once it is clear that the invoker is staff.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The inbox that the option names.
    pub wanted: Option<&'a Named>,
    /// What was written there.
    pub written: &'a str,
    /// The ticket's inbox.
    pub inbox: Option<InboxId>,
    /// The channel that the ticket is in.
    pub parent: Option<ChannelId>,
}

/// The inbox that the ticket belongs to from now on, or why not.
pub fn transfer<'a>(facts: &Facts<'a>) -> Result<&'a Named, Text> {
    let wanted = facts.wanted.ok_or_else(|| Text::NoSuchInbox {
        written: quoted(facts.written),
    })?;
    let inbox = plain(&wanted.name);
    if facts.inbox == Some(wanted.inbox.id) {
        return Err(Text::SameInbox { inbox });
    }
    // Discord moves no thread to another channel.
    let channel = wanted.inbox.tickets_in();
    if facts.parent != Some(channel) {
        return Err(Text::TransferElsewhere { inbox, channel });
    }
    Ok(wanted)
}

/// Whether a member of the ticket is of the old staff and leaves with it. `stays`: they may look after the
/// ticket in its new inbox, too.
pub fn leaves(user: UserId, roles: &[RoleId], old: &[Mention], stays: bool) -> bool {
    let is_old = old.iter().any(|who| match who {
        Mention::User(listed) => *listed == user,
        Mention::Role(role) => roles.contains(role),
    });
    is_old && !stays
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::*;
    use crate::inbox::Inbox;

    fn named(id: u64, destination: Option<ChannelId>) -> Named {
        Named {
            inbox: Inbox {
                id: InboxId(id),
                destination,
                ..inbox()
            },
            name: "Sales".into(),
        }
    }

    fn decided(wanted: Option<&Named>) -> Result<InboxId, Text> {
        let facts = Facts {
            wanted,
            written: "sa`les",
            inbox: Some(INBOX_ID),
            parent: Some(SUPPORT),
        };
        transfer(&facts).map(|named| named.inbox.id)
    }

    #[test]
    fn a_ticket_goes_to_another_inbox_of_its_channel() {
        assert_eq!(decided(Some(&named(41, None))), Ok(InboxId(41)));
        let here = named(41, Some(SUPPORT));
        assert_eq!(decided(Some(&here)), Ok(InboxId(41)));
    }

    #[test]
    fn it_stays_where_it_cannot_go() {
        let inbox = || "Sales".to_owned();
        let written = "sa'les".to_owned();
        assert_eq!(decided(None), Err(Text::NoSuchInbox { written }));
        let same = named(INBOX_ID.0, None);
        assert_eq!(
            decided(Some(&same)),
            Err(Text::SameInbox { inbox: inbox() })
        );
        let elsewhere = named(41, Some(TICKETS));
        assert_eq!(
            decided(Some(&elsewhere)),
            Err(Text::TransferElsewhere {
                inbox: inbox(),
                channel: TICKETS
            })
        );
    }

    #[test]
    fn old_staff_leave_unless_they_are_new_staff() {
        let old = [Mention::Role(MODERATORS), Mention::User(UserId(21))];
        for (user, roles) in [(21, &[][..]), (22, &[MODERATORS][..])] {
            assert!(leaves(UserId(user), roles, &old, false));
            assert!(!leaves(UserId(user), roles, &old, true));
        }
        assert!(!leaves(MIA, &[], &old, false));
    }
}
