//! The commands inside a ticket: who may do what.

use std::ops::RangeInclusive;

use crate::due::Asked;
use crate::permission::Permission;
use crate::request::{Invoker, Target, TicketRequest};
use crate::setting::{OwnerCloses, enter};
use crate::staff::{Member, Powers, is_staff, may_look_after};
use crate::template::cut;
use crate::text::{Text, plain};
use crate::ticket::{ClosingRequest, Phase, Presence, Ticket};
use crate::{ChannelId, Mention, MessageId, Timestamp, UserId};

/// The most characters of a reason.
pub const MAX_REASON: usize = 300;

/// The most characters of a thread's name.
pub const MAX_TICKET_NAME: usize = 100;

/// The facts that a command in a ticket depends on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The ticket that the command was used in.
    pub ticket: Option<Ticket>,
    /// The staff of the ticket's inbox; empty if the inbox is gone.
    pub staff: Vec<Mention>,
    pub powers: Powers,
    /// The channel that the ticket is in.
    pub parent: Option<ChannelId>,
    /// What *Close* does for the owner.
    pub close_button: OwnerCloses,
    /// The owner has said that they think it is solved.
    pub is_solved: bool,
    /// Outside a ticket: the invoker may look after the tickets of an inbox of this server.
    pub looks_after_others: bool,
    /// The question whether to close the ticket, while it has no answer.
    pub prompt: Option<MessageId>,
    /// The member of the staff who asked that question; `None` if the bot asked it.
    pub asked: Option<Asked>,
    /// The bot's own user.
    pub me: Option<UserId>,
}

/// What to do about a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    Close(ClosingRequest),
    /// Open the modal that asks for a reason. If `closes`, the modal closes the ticket. Otherwise it asks the
    /// staff to close it.
    AskReason {
        closes: bool,
    },
    /// Say to staff that the owner thinks it is solved.
    Solved {
        name: String,
        reason: String,
    },
    Add {
        user: UserId,
        name: String,
    },
    Remove {
        user: UserId,
        name: String,
        is_owner: bool,
    },
    Rename(String),
    /// Ask the owner whether to close the ticket. Without an answer, it is closed at `close_at`.
    AskClose {
        owner: UserId,
        close_at: Option<Timestamp>,
        reason: String,
    },
    /// Send no reminders until this moment.
    Snooze(Timestamp),
    /// The owner has kept it open, by the button under this message.
    KeepOpen(MessageId),
    Claim,
    Unclaim,
    /// Give it to another inbox, if that can be.
    Transfer {
        inbox: String,
        reason: String,
        remove_old_staff: bool,
    },
    /// Only respond.
    Say(Text),
}

/// Decides a command, or refuses it with the reason.
pub fn decide(invoker: &Invoker, request: &TicketRequest, facts: &Facts) -> Result<Deed, Text> {
    let ticket = facts
        .ticket
        .as_ref()
        .filter(|ticket| ticket.guild == invoker.guild && ticket.id == invoker.channel);
    if *request == TicketRequest::Help {
        return Ok(Deed::Say(help(invoker, ticket, facts)));
    }
    let ticket = ticket.ok_or(Text::NotATicket {})?;
    let is_staff = is_staff(member(invoker), &facts.staff, facts.powers);
    let is_owner = ticket.owner == Some(invoker.user);
    let may = match request {
        TicketRequest::Claim | TicketRequest::Unclaim => {
            may_look_after(member(invoker), &facts.staff)
        }
        TicketRequest::KeepOpen { .. } if !is_owner => return Err(Text::OnlyForOwner {}),
        TicketRequest::KeepOpen { .. } => true,
        // The owner is asked, so they may agree, whatever the setting of the *Close* button.
        TicketRequest::AgreeToClose { .. } => is_owner || is_staff,
        // The button may be older than the setting.
        TicketRequest::ClickClose | TicketRequest::ConfirmClose { .. } if is_owner && !is_staff => {
            if facts.close_button == OwnerCloses::Off {
                return Err(Text::LeaveToClose {});
            }
            true
        }
        _ => is_staff,
    };
    if !may {
        // The owner can close the ticket by leaving it.
        if is_owner
            && ticket.state.phase == Phase::Open
            && matches!(request, TicketRequest::Close { .. })
        {
            return Err(Text::LeaveToClose {});
        }
        return Err(if may_look_after(member(invoker), &facts.staff) {
            Text::NeedsManageThreads {}
        } else {
            Text::NotTheStaff {}
        });
    }
    let closes = is_staff || facts.close_button == OwnerCloses::Closes;
    let is_closing = match request {
        TicketRequest::Close { .. } => true,
        TicketRequest::ConfirmClose { .. } => closes,
        _ => false,
    };
    match ticket.state.phase {
        Phase::Open => {}
        // Only the database knows who closed the ticket, so the command is refused there.
        Phase::Closing(_) | Phase::Closed { .. } if is_closing => {}
        Phase::Closing(_) => return Err(Text::BeingClosed {}),
        Phase::Closed { .. } => return Err(Text::AlreadyClosed {}),
    }
    if let TicketRequest::KeepOpen { prompt } | TicketRequest::AgreeToClose { prompt } = request
        && facts.prompt != Some(*prompt)
    {
        return Err(Text::PromptOver {});
    }
    match request {
        TicketRequest::Close {
            reason,
            remove_members,
        } => Ok(Deed::Close(closing(invoker, reason, *remove_members))),
        // Checked before somebody types a reason for nothing.
        TicketRequest::ClickClose if !closes && facts.is_solved => Err(Text::AlreadySolved {}),
        TicketRequest::ClickClose => Ok(Deed::AskReason { closes }),
        TicketRequest::ConfirmClose { reason } if closes => {
            Ok(Deed::Close(closing(invoker, reason, false)))
        }
        TicketRequest::ConfirmClose { .. } if facts.is_solved => Err(Text::AlreadySolved {}),
        TicketRequest::ConfirmClose { reason } => Ok(Deed::Solved {
            name: plain(&invoker.display_name),
            reason: shortened(reason),
        }),
        TicketRequest::AskClose { wait, reason } => {
            ask_close(invoker, wait.as_deref(), reason, ticket)
        }
        TicketRequest::Snooze { wait } => Ok(Deed::Snooze(invoker.at.plus(wait_of(wait)?))),
        TicketRequest::KeepOpen { prompt } => Ok(Deed::KeepOpen(*prompt)),
        TicketRequest::AgreeToClose { .. } => {
            let reason = facts.asked.as_ref().map_or("", |asked| &asked.reason);
            Ok(Deed::Close(closing(invoker, reason, false)))
        }
        TicketRequest::Add(target) => add(target, facts),
        TicketRequest::Remove(target) => remove(target, ticket, facts),
        TicketRequest::Rename { name, current } => rename(name, current.as_deref()),
        TicketRequest::Claim if ticket.claimed_by == Some(invoker.user) => {
            Err(Text::AlreadyClaimed {})
        }
        TicketRequest::Claim => Ok(Deed::Claim),
        TicketRequest::Unclaim => match ticket.claimed_by {
            Some(holder) if holder == invoker.user => Ok(Deed::Unclaim),
            Some(_) => Err(Text::ClaimedByAnother {}),
            None => Err(Text::NotClaimed {}),
        },
        TicketRequest::Transfer {
            inbox,
            reason,
            remove_old_staff,
        } => Ok(Deed::Transfer {
            inbox: inbox.clone(),
            reason: shortened(reason),
            remove_old_staff: *remove_old_staff,
        }),
        TicketRequest::Help => Ok(Deed::Say(help(invoker, Some(ticket), facts))),
    }
}

fn closing(invoker: &Invoker, reason: &str, remove_members: bool) -> ClosingRequest {
    ClosingRequest {
        by: invoker.user,
        name: invoker.display_name.clone(),
        reason: shortened(reason),
        remove_members,
        moved_to: None,
    }
}

/// The shortest and the longest time that staff can name, in seconds.
const WAITS: RangeInclusive<i64> = 60..=60 * 24 * 60 * 60;

/// Parses a time that staff wrote, in milliseconds.
fn wait_of(written: &str) -> Result<i64, Text> {
    let seconds = enter::duration(written.trim(), &WAITS)?;
    Ok(seconds.parse().unwrap_or(*WAITS.start()) * 1000)
}

fn ask_close(
    invoker: &Invoker,
    wait: Option<&str>,
    reason: &str,
    ticket: &Ticket,
) -> Result<Deed, Text> {
    let owner = ticket
        .owner
        .filter(|_| ticket.state.presence != Presence::Gone);
    let owner = owner.ok_or(Text::OwnerNotHere {})?;
    let wait = wait.map(wait_of).transpose()?;
    Ok(Deed::AskClose {
        owner,
        close_at: wait.map(|wait| invoker.at.plus(wait)),
        reason: shortened(reason),
    })
}

/// A reason on one line that is not too long.
fn shortened(reason: &str) -> String {
    cut(reason.trim(), MAX_REASON).replace('\n', " ")
}

/// The invoker, with the permissions in the ticket that Discord sends with each command.
fn member(invoker: &Invoker) -> Member<'_> {
    Member {
        user: invoker.user,
        roles: &invoker.roles,
        permissions: Some(invoker.permissions),
    }
}

fn add(target: &Target, facts: &Facts) -> Result<Deed, Text> {
    let name = plain(&target.name);
    if Some(target.user) == facts.me {
        return Err(Text::StaysInTicket {});
    }
    if target.is_bot {
        return Err(Text::BotsCannotBeAdded {});
    }
    let Some(permissions) = target.permissions else {
        return Err(Text::NotInServer { name });
    };
    // Discord shows no thread to members who cannot view its channel.
    if !permissions.has(Permission::ViewChannel) {
        let channel = facts.parent.ok_or(Text::TicketForbidden {})?;
        return Err(Text::CannotViewChannel { name, channel });
    }
    Ok(Deed::Add {
        user: target.user,
        name,
    })
}

fn remove(target: &Target, ticket: &Ticket, facts: &Facts) -> Result<Deed, Text> {
    if Some(target.user) == facts.me {
        return Err(Text::StaysInTicket {});
    }
    Ok(Deed::Remove {
        user: target.user,
        name: plain(&target.name),
        is_owner: ticket.owner == Some(target.user),
    })
}

fn rename(name: &str, current: Option<&str>) -> Result<Deed, Text> {
    let name = cut(name.trim(), MAX_TICKET_NAME);
    if name.is_empty() {
        return Err(Text::EmptyName {});
    }
    // Discord counts an unchanged name, too, and allows few.
    if current == Some(name) {
        return Err(Text::SameName {});
    }
    Ok(Deed::Rename(name.to_owned()))
}

fn help(invoker: &Invoker, ticket: Option<&Ticket>, facts: &Facts) -> Text {
    match ticket {
        Some(_) if is_staff(member(invoker), &facts.staff, facts.powers) => Text::HelpStaff {},
        Some(_) if may_look_after(member(invoker), &facts.staff) => Text::HelpListedStaff {},
        Some(ticket) if ticket.owner == Some(invoker.user) => Text::HelpOwner {},
        Some(_) => Text::HelpGuest {},
        None if facts.looks_after_others => Text::HelpStaffElsewhere {},
        None => Text::HelpElsewhere {},
    }
}

#[cfg(test)]
mod tests;
