//! Joining a ticket as staff, by its notice or from a list. The setting `staff-powers` does not matter here.

use crate::Mention;
use crate::permission::Permissions;
use crate::request::Invoker;
use crate::staff::{Member, may_look_after};
use crate::text::Text;
use crate::ticket::Ticket;

/// The facts that a decision about joining depends on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The ticket that a notice or a menu names. It may be of another server.
    pub ticket: Option<Ticket>,
    /// What the invoker may do in the ticket's channel; `None` if the bot cannot view that.
    pub permissions: Option<Permissions>,
    pub staff: Vec<Mention>,
}

/// The ticket to join, or why not.
pub fn join(invoker: &Invoker, facts: &Facts) -> Result<Ticket, Text> {
    let ticket = facts.ticket.filter(|ticket| ticket.guild == invoker.guild);
    let ticket = ticket.ok_or(Text::TicketGone {})?;
    let member = Member {
        user: invoker.user,
        roles: &invoker.roles,
        permissions: facts.permissions,
    };
    if !may_look_after(member, &facts.staff) {
        return Err(Text::NotTheStaff {});
    }
    if ticket.is_closed() {
        return Err(Text::AlreadyClosed {});
    }
    Ok(ticket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GuildId;
    use crate::decide::examples::*;
    use crate::permission::Permission::{self, ManageThreads, ViewChannel};
    use crate::ticket::{Phase, State};

    fn facts(permissions: &[Permission]) -> Facts {
        Facts {
            ticket: Some(ticket()),
            permissions: Some(permissions.iter().copied().collect()),
            staff: vec![Mention::Role(MODERATORS)],
        }
    }

    #[test]
    fn staff_join() {
        assert_eq!(join(&max(), &facts(&[ViewChannel])), Ok(ticket()));
        let unlisted = Invoker {
            roles: vec![],
            ..max()
        };
        let manager = facts(&[ViewChannel, ManageThreads]);
        assert_eq!(join(&unlisted, &manager), Ok(ticket()));
    }

    #[test]
    fn nobody_else_joins() {
        let refused = Err(Text::NotTheStaff {});
        let former = Invoker {
            roles: vec![],
            ..max()
        };
        assert_eq!(join(&former, &facts(&[ViewChannel])), refused);
        assert_eq!(join(&mia(), &facts(&[ViewChannel])), refused, "its owner");
        // Only the permissions in the ticket's channel count.
        let manager = Invoker {
            permissions: [ViewChannel, ManageThreads].into_iter().collect(),
            ..former
        };
        assert_eq!(join(&manager, &facts(&[ViewChannel])), refused);
        assert_eq!(join(&max(), &facts(&[])), refused);
        let hidden = Facts {
            permissions: None,
            ..facts(&[])
        };
        assert_eq!(join(&max(), &hidden), refused);
    }

    #[test]
    fn what_is_gone_closed_or_of_another_server_is_not_joined() {
        let gone = Err(Text::TicketGone {});
        let none = Facts {
            ticket: None,
            ..facts(&[ViewChannel])
        };
        assert_eq!(join(&max(), &none), gone);
        let elsewhere = Invoker {
            guild: GuildId(2),
            ..max()
        };
        assert_eq!(join(&elsewhere, &facts(&[ViewChannel])), gone);
        let phase = Phase::Closed { locked: true };
        let state = State {
            phase,
            ..ticket().state
        };
        let closed = Facts {
            ticket: Some(Ticket { state, ..ticket() }),
            ..facts(&[ViewChannel])
        };
        assert_eq!(join(&max(), &closed), Err(Text::AlreadyClosed {}));
    }
}
