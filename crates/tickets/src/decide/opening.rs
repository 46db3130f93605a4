//! *Create Ticket* was clicked.

use crate::action::{Action, OpenTicket, Starter};
use crate::event::Asker;
use crate::permission::{FOR_TICKETS, Place};
use crate::stored::Inbox;
use crate::template::{self, NameTemplate};
use crate::text::Text;
use crate::{ChannelId, Mention, RoleId, Timestamp};

/// The shortest time between two tickets of one member, in seconds.
pub const MIN_COOLDOWN: u32 = 60;

/// What a click needs to be decided.
#[derive(Clone, Debug)]
pub struct Facts {
    pub inbox: Option<Inbox>,
    /// The member's tickets in this inbox that are open by Discord's own word: not archived, not
    /// deleted, the owner still in.
    pub open: Vec<ChannelId>,
    /// When the member last opened one.
    pub last_opened: Option<Timestamp>,
    /// The slowmode of the inbox's channel, in seconds.
    pub slowmode: u32,
    /// Where tickets go: the destination, or the inbox's own channel if that is gone.
    pub parent: Option<Place>,
    /// The server's roles: those that are gone are not mentioned.
    pub roles: Vec<RoleId>,
}

/// Decides a click.
pub fn open(asker: &Asker, facts: &Facts) -> Vec<Action> {
    let Some(inbox) = facts
        .inbox
        .as_ref()
        .filter(|inbox| inbox.guild == asker.guild)
    else {
        return vec![Action::Say(Text::UnknownInbox {})];
    };
    if let Some(refusal) = refusal(asker.at, inbox, facts) {
        return vec![Action::Say(refusal)];
    }
    let Some(parent) = facts.parent else {
        return vec![Action::Say(Text::UnknownInbox {})];
    };
    let staff: Vec<_> = inbox
        .staff
        .iter()
        .copied()
        .filter(|who| match who {
            Mention::Role(role) => facts.roles.contains(role),
            Mention::User(_) => true,
        })
        .collect();
    vec![Action::OpenTicket(OpenTicket {
        inbox: inbox.id,
        guild: asker.guild,
        parent: parent.channel,
        owner: asker.user,
        username: asker.username.clone(),
        name: NameTemplate {
            template: inbox.name.clone(),
            author: asker.display_name.clone(),
            at: asker.at,
        },
        starter: if inbox.starter.is_empty() {
            Starter::Default(Text::DefaultStarter {
                author: asker.user,
                staff: staff.clone(),
                count: i64::try_from(staff.len()).unwrap_or(i64::MAX),
            })
        } else {
            Starter::Own(template::starter(&inbox.starter, asker.user, &staff))
        },
        staff,
    })]
}

fn refusal(now: Timestamp, inbox: &Inbox, facts: &Facts) -> Option<Text> {
    let limit = inbox.max_tickets_per_user;
    if let Some(&ticket) = facts.open.first()
        && limit > 0
        && facts.open.len() >= limit as usize
    {
        return Some(if limit == 1 {
            Text::AlreadyOpen { ticket }
        } else {
            Text::TooManyOpen {
                ticket,
                limit: i64::from(limit),
            }
        });
    }
    let seconds = i64::from(facts.slowmode.max(MIN_COOLDOWN));
    if let Some(last) = facts.last_opened {
        let until = last.plus(seconds * 1000);
        // A moment in the future is a clock that jumped: it must not lock anybody out for long.
        if now < until && last <= now.plus(seconds * 1000) {
            // Rounded up, so that a click at the shown second is served.
            let until = until.plus(999).unix_seconds();
            return Some(Text::CoolingDown { seconds, until });
        }
    }
    let missing = facts.parent?.missing(&FOR_TICKETS)?;
    Some(Text::CannotOpen {
        missing: vec![missing],
    })
}
