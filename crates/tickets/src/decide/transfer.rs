//! `/ticket transfer`: which inbox gets the ticket, and which members leave it.

use crate::decide::settings::Named;
use crate::setting::enter::quoted;
use crate::text::{Text, plain};
use crate::{ChannelId, InboxId, Mention, RoleId, UserId};

/// The facts that a transfer depends on, once it is clear that the invoker is staff.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The inbox that the option names.
    pub wanted: Option<&'a Named>,
    /// The text that was written for the option.
    pub written: &'a str,
    /// The ticket's inbox.
    pub inbox: Option<InboxId>,
    /// The channel that the ticket is in.
    pub parent: Option<ChannelId>,
    /// The channel that tickets of the wanted inbox are in.
    pub channel: Option<ChannelId>,
    /// The ticket's owner, if they are there.
    pub owner: Option<UserId>,
}

/// How a ticket gets to an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer<'a> {
    /// The ticket keeps its thread and belongs to this inbox from now on.
    Here(&'a Named),
    /// Discord cannot move a thread to another channel, so a new ticket is opened for this owner.
    Elsewhere(&'a Named, UserId),
}

/// How the ticket is transferred, or why not.
pub fn transfer<'a>(facts: &Facts<'a>) -> Result<Transfer<'a>, Text> {
    let wanted = facts.wanted.ok_or_else(|| Text::NoSuchInbox {
        written: quoted(facts.written),
    })?;
    let inbox = plain(&wanted.name);
    if facts.inbox == Some(wanted.inbox.id) {
        return Err(Text::SameInbox { inbox });
    }
    if facts.parent.is_some() && facts.parent == facts.channel {
        return Ok(Transfer::Here(wanted));
    }
    let owner = facts.owner.ok_or(Text::OwnerNotHere {})?;
    Ok(Transfer::Elsewhere(wanted, owner))
}

/// Whether a member belongs to the old staff and must leave the ticket. `stays`: they are staff in the new
/// inbox, too.
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

    fn decided(wanted: Option<&Named>, owner: Option<UserId>) -> Result<(InboxId, bool), Text> {
        let facts = Facts {
            wanted,
            written: "sa`les",
            inbox: Some(INBOX_ID),
            parent: Some(SUPPORT),
            channel: wanted.map(|it| it.inbox.tickets_in()),
            owner,
        };
        transfer(&facts).map(|how| match how {
            Transfer::Here(named) => (named.inbox.id, true),
            Transfer::Elsewhere(named, owner) => {
                assert_eq!(owner, MIA);
                (named.inbox.id, false)
            }
        })
    }

    #[test]
    fn a_ticket_goes_to_another_inbox_of_its_channel() {
        for owner in [None, Some(MIA)] {
            let here = Ok((InboxId(41), true));
            assert_eq!(decided(Some(&named(41, None)), owner), here);
            assert_eq!(decided(Some(&named(41, Some(SUPPORT))), owner), here);
        }
    }

    #[test]
    fn in_another_channel_a_new_one_takes_its_place() {
        let elsewhere = named(41, Some(TICKETS));
        let decided = |owner| decided(Some(&elsewhere), owner);
        assert_eq!(decided(Some(MIA)), Ok((InboxId(41), false)));
        // A new ticket without an owner would be empty.
        assert_eq!(decided(None), Err(Text::OwnerNotHere {}));
    }

    #[test]
    fn it_stays_where_it_cannot_go() {
        let inbox = "Sales".to_owned();
        let written = "sa'les".to_owned();
        assert_eq!(decided(None, Some(MIA)), Err(Text::NoSuchInbox { written }));
        let same = named(INBOX_ID.0, None);
        assert_eq!(
            decided(Some(&same), Some(MIA)),
            Err(Text::SameInbox { inbox })
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
