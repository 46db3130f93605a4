//! `/ticket reopen`: staff open a closed ticket again, from any channel, because there are no commands in
//! archived threads.

use crate::Mention;
use crate::permission::Permissions;
use crate::request::Invoker;
use crate::staff::{Member, Powers, is_staff, may_look_after};
use crate::text::Text;
use crate::ticket::{Thread, Ticket};

/// The facts that reopening depends on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The ticket that the option names. It may be of another server.
    pub ticket: Option<Ticket>,
    /// Its thread, as Discord has it now; `None` if it is gone, or the bot cannot view it.
    pub thread: Option<Thread>,
    /// What the invoker may do in the thread's channel; `None` if the bot cannot view that.
    pub permissions: Option<Permissions>,
    pub staff: Vec<Mention>,
    pub powers: Powers,
}

/// How a ticket is opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reopening {
    /// The thread is locked, and the bot may unlock it.
    pub unlock: bool,
}

/// Decides, or refuses with the reason. Members who are not staff do not learn whether there is a ticket.
pub fn reopen(invoker: &Invoker, facts: &Facts) -> Result<Reopening, Text> {
    let ticket = facts.ticket.as_ref();
    let ticket = ticket.filter(|ticket| ticket.guild == invoker.guild);
    let (Some(ticket), Some(thread)) = (ticket, facts.thread) else {
        return Err(Text::TicketGone {});
    };
    let member = Member {
        user: invoker.user,
        roles: &invoker.roles,
        permissions: facts.permissions,
    };
    if !is_staff(member, &facts.staff, facts.powers) {
        return Err(if may_look_after(member, &facts.staff) {
            Text::NeedsManageThreads {}
        } else {
            Text::TicketGone {}
        });
    }
    if !thread.archived && !thread.locked {
        return Err(Text::TicketIsOpen { ticket: ticket.id });
    }
    // Only Manage Threads unlocks a thread, or opens a locked one.
    if thread.locked && !thread.can_lock {
        return Err(Text::TicketStaysLocked { ticket: ticket.id });
    }
    Ok(Reopening {
        unlock: thread.locked,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GuildId;
    use crate::decide::examples::*;
    use crate::permission::Permission::{self, ManageThreads, ViewChannel};

    const CLOSED: Thread = Thread {
        archived: true,
        locked: true,
        can_lock: true,
    };

    fn facts(permissions: &[Permission]) -> Facts {
        Facts {
            ticket: Some(ticket()),
            thread: Some(CLOSED),
            permissions: Some(permissions.iter().copied().collect()),
            staff: vec![Mention::Role(MODERATORS)],
            powers: Powers::ListedStaff,
        }
    }

    #[test]
    fn staff_reopen_and_unlock_where_the_bot_may() {
        let reopened = |thread| {
            let thread = Some(thread);
            reopen(
                &max(),
                &Facts {
                    thread,
                    ..facts(&[ViewChannel])
                },
            )
        };
        let how = |unlock| Ok(Reopening { unlock });
        let ticket = ticket().id;
        assert_eq!(reopened(CLOSED), how(true));
        let weak = Thread {
            can_lock: false,
            ..CLOSED
        };
        assert_eq!(reopened(weak), Err(Text::TicketStaysLocked { ticket }));
        let archived = Thread {
            locked: false,
            ..CLOSED
        };
        assert_eq!(reopened(archived), how(false));
        let locked = Thread {
            archived: false,
            ..CLOSED
        };
        assert_eq!(reopened(locked), how(true));
        let open = Thread {
            archived: false,
            ..archived
        };
        assert_eq!(reopened(open), Err(Text::TicketIsOpen { ticket }));
    }

    #[test]
    fn others_do_not_learn_that_there_is_a_ticket() {
        let gone = Err(Text::TicketGone {});
        let stranger = Invoker {
            roles: vec![],
            ..max()
        };
        assert_eq!(reopen(&stranger, &facts(&[ViewChannel])), gone);
        assert_eq!(reopen(&mia(), &facts(&[ViewChannel])), gone, "its owner");
        // Max is listed, but cannot view the channel, or the bot cannot view it.
        assert_eq!(reopen(&max(), &facts(&[ManageThreads])), gone);
        let hidden = Facts {
            permissions: None,
            ..facts(&[])
        };
        assert_eq!(reopen(&max(), &hidden), gone);
        let none = Facts {
            ticket: None,
            ..facts(&[ViewChannel])
        };
        assert_eq!(reopen(&max(), &none), gone);
        let elsewhere = Invoker {
            guild: GuildId(2),
            ..max()
        };
        assert_eq!(
            reopen(&elsewhere, &facts(&[ViewChannel, ManageThreads])),
            gone
        );
        let few = Facts {
            powers: Powers::ManageThreads,
            ..facts(&[ViewChannel])
        };
        assert_eq!(reopen(&max(), &few), Err(Text::NeedsManageThreads {}));
    }
}
