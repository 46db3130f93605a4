//! May this member open a ticket, and what will it be like?
//!
//! For an inbox with a form, the bot decides twice: at the click, to show the form only to members who may
//! open a ticket, and again with the answers, because everything may have changed in the meantime.

use super::access;
use crate::form::render::Embed;
use crate::form::{self, Answer, Fitted, Form};
use crate::inbox::Inbox;
use crate::opening::order::Moved;
use crate::permission::{FOR_MESSAGE, Permission, Permissions, Place, TO_TAKE_PART};
use crate::request::{Attachment, Invoker};
use crate::setting::{self, Loudness};
use crate::template::{self, NameTemplate};
use crate::text::{Text, plain};
use crate::{ChannelId, GuildId, InboxId, Mention, RoleId, Timestamp, UserId};

/// The shortest time between two tickets of one member, in seconds.
pub const MIN_COOLDOWN: u32 = 60;

/// The facts that a click depends on.
#[derive(Clone, Debug)]
pub struct Facts {
    pub inbox: Inbox,
    /// The member's tickets in this inbox that are open by Discord's own word: not archived, not
    /// deleted, the owner still in.
    pub open: Vec<ChannelId>,
    /// Whether the member has opened another ticket in the server on the day of the click.
    pub is_repeated: bool,
    /// The member's open tickets in all inboxes of the server, if the server has a limit.
    pub open_in_server: Vec<ChannelId>,
    /// Open tickets that a member may have in the server; 0 for no limit.
    pub server_limit: u32,
    /// How many tickets of the inbox are open or being opened, if the inbox has a total limit.
    pub open_in_inbox: usize,
    /// The names of the server's roles, if a role is to be named.
    pub role_names: Vec<(RoleId, String)>,
    /// When the member last opened a ticket.
    pub last_opened: Option<Timestamp>,
    /// The slowmode of the inbox's channel, in seconds.
    pub slowmode: u32,
    /// Where tickets go: the destination, or the inbox's own channel if that is gone.
    pub parent: Place,
    /// What the member may do in that channel.
    pub member_may: Permissions,
    /// The permissions that the bot needs in that channel.
    pub needs: Vec<Permission>,
    /// The name of that channel, if known. The member may be unable to view the channel.
    pub parent_name: Option<String>,
    /// The channel for the inbox's notices, if it has one that exists.
    pub notices: Option<Place>,
    /// The server's roles: those that are gone are not mentioned.
    pub roles: Vec<RoleId>,
    /// What the member submitted; `None` if this is the click.
    pub answers: Option<Vec<Answer>>,
}

/// What an admitted member gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// The form, as a modal.
    Form(Form),
    Ticket(Box<Plan>),
}

/// A ticket to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub inbox: InboxId,
    pub guild: GuildId,
    /// The inbox's own channel.
    pub home: ChannelId,
    /// Where the thread is created.
    pub parent: ChannelId,
    pub owner: UserId,
    /// Who opened it, for the audit log.
    pub username: String,
    /// The thread's name, but for the counter.
    pub name: NameTemplate,
    pub starter: Starter,
    /// How many open tickets this member may have in this inbox; 0 for no limit.
    pub limit: u32,
    /// How many open tickets this inbox may have in total; 0 for no limit.
    pub limit_total: u32,
    /// How many open tickets this member may have in the server; 0 for no limit.
    pub limit_server: u32,
    /// A separate line of the starting message.
    pub note: Option<Text>,
    /// After how many minutes without a message Discord hides the ticket; `None` for the channel's setting.
    pub hide_after: Option<u16>,
    /// The starting message has a *Close* button.
    pub has_button: bool,
    /// Staff who open it for the owner.
    pub opener: Option<Opener>,
    /// Discord notifies nobody of the starting message.
    pub is_silent: bool,
    /// Members and roles that the starting message names without adding them.
    pub named: Vec<Mention>,
    /// Where the ticket's notice will be.
    pub notice: Option<ChannelId>,
    /// The answers to the form.
    pub answers: Vec<Answer>,
    /// Answers to questions that the form no longer asks.
    pub left_over: Vec<Answer>,
    /// The messages that are posted before the answers, and their files.
    pub pages: Vec<Vec<Embed>>,
    pub files: Vec<Attachment>,
    /// It is about a message that the member has reported.
    pub is_report: bool,
    /// The old ticket that this one replaces.
    pub moved: Option<Moved>,
}

/// Staff who open a ticket for somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opener {
    pub user: UserId,
    /// Their display name in that server.
    pub name: String,
}

/// The starting message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Starter {
    /// The inbox's own starting message, with the placeholders replaced.
    Own(String),
    /// The default, in the server's language.
    Default(Text),
}

/// The inbox of a request for a ticket, if it exists and is in the member's server.
pub fn known(inbox: Option<Inbox>, invoker: &Invoker, is_by_staff: bool) -> Result<Inbox, Text> {
    let inbox = inbox.filter(|inbox| inbox.guild == invoker.guild);
    inbox.ok_or(if is_by_staff {
        Text::InboxGone {}
    } else {
        Text::UnknownInbox {}
    })
}

/// Admits a member to a new ticket, or refuses with the reason.
pub fn admit(invoker: &Invoker, facts: &Facts) -> Result<Admitted, Text> {
    let inbox = &facts.inbox;
    if let Some(refusal) = refusal(invoker, facts) {
        return Err(refusal);
    }
    let form = inbox.get(setting::Form);
    let submitted = match (&form, &facts.answers) {
        (Some(form), None) => return Ok(Admitted::Form(form.clone())),
        (_, answers) => answers.clone().unwrap_or_default(),
    };
    let fitted = form::fit(form.as_ref(), submitted);
    if !fitted.missing.is_empty() {
        return Err(Text::FormAnswersMissing {
            count: i64::try_from(fitted.missing.len()).unwrap_or(i64::MAX),
            questions: fitted.missing,
        });
    }
    Ok(Admitted::Ticket(Box::new(plan(invoker, facts, fitted))))
}

/// Admits a ticket that staff open for its owner. The limits for members do not apply, and nobody is asked
/// the form's questions.
pub fn admit_by_staff(owner: &Invoker, facts: &Facts) -> Result<Box<Plan>, Text> {
    if let Some(refusal) = place_refusal(facts) {
        return Err(refusal);
    }
    let permissions = facts.member_may.without(&TO_TAKE_PART);
    if !permissions.is_empty() {
        return Err(Text::OwnerLacks {
            name: plain(&owner.display_name),
            channel: channel_name(facts),
            permissions,
        });
    }
    let fitted = form::fit(None, Vec::new());
    Ok(Box::new(Plan {
        limit: 0,
        limit_total: 0,
        limit_server: 0,
        note: None,
        ..plan(owner, facts, fitted)
    }))
}

/// Admits a ticket that replaces another one, which staff transfer.
pub fn admit_moved(owner: &Invoker, facts: &Facts) -> Result<Box<Plan>, Text> {
    admit_by_staff(owner, facts).map_err(|refusal| match refusal {
        Text::CannotOpen { missing } => Text::TransferLacks { missing },
        Text::OwnerLacks {
            name,
            channel,
            permissions,
        } => Text::TransferOwnerLacks {
            name,
            channel,
            permissions,
        },
        refusal => refusal,
    })
}

/// The ticket for a member who is admitted.
fn plan(invoker: &Invoker, facts: &Facts, fitted: Fitted) -> Plan {
    let inbox = &facts.inbox;
    let form = inbox.get(setting::Form);
    let title = |form: &Form| form::answer::title(form, &fitted.answers);
    let staff = inbox.existing_staff(|role| facts.roles.contains(&role));
    let notice = facts
        .notices
        .filter(|place| place.missing(&FOR_MESSAGE).is_none());
    let loudness = inbox.loudness(notice.is_some());
    Plan {
        inbox: inbox.id,
        guild: invoker.guild,
        home: inbox.channel,
        parent: facts.parent.channel,
        owner: invoker.user,
        username: invoker.username.clone(),
        name: NameTemplate {
            template: inbox.name.clone(),
            author: invoker.display_name.clone(),
            at: invoker.at,
            is_repeated: facts.is_repeated,
            title: form.as_ref().map(title),
        },
        starter: if inbox.starter.is_empty() {
            Starter::Default(Text::DefaultStarter {
                author: invoker.user,
                count: i64::try_from(staff.len()).unwrap_or(i64::MAX),
                staff,
            })
        } else {
            Starter::Own(template::starter(&inbox.starter, invoker.user, &staff))
        },
        limit: inbox.get(setting::LimitMember),
        limit_total: inbox.get(setting::LIMIT_TOTAL),
        limit_server: facts.server_limit,
        note: access::note(invoker, inbox),
        hide_after: inbox.get(setting::HideAfter),
        opener: None,
        is_silent: loudness == Loudness::Silent,
        named: match loudness {
            Loudness::Join => inbox.staff.clone(),
            Loudness::Mention | Loudness::Silent => Vec::new(),
        },
        notice: notice.map(|place| place.channel),
        has_button: inbox.get(setting::CloseButton) != setting::OwnerCloses::Off,
        answers: fitted.answers,
        left_over: fitted.left_over,
        pages: Vec::new(),
        files: Vec::new(),
        is_report: false,
        moved: None,
    }
}

/// The refusal if a member has as many `open` tickets of an inbox as it allows. It shows the first of them.
pub fn too_many(open: &[ChannelId], limit: u32) -> Option<Text> {
    let &ticket = open.first()?;
    if limit == 0 || open.len() < limit as usize {
        return None;
    }
    Some(if limit == 1 {
        Text::AlreadyOpen { ticket }
    } else {
        Text::TooManyOpen {
            ticket,
            limit: i64::from(limit),
        }
    })
}

/// Whether a refusal is about permissions in a channel. Before a member reads such a refusal, the bot asks
/// Discord for the current state of that channel.
pub fn is_about_access(refusal: &Text) -> bool {
    matches!(
        refusal,
        Text::CannotOpen { .. }
            | Text::CannotOpenThere { .. }
            | Text::MemberLacks { .. }
            | Text::TimedOut { .. }
            | Text::OwnerLacks { .. }
            | Text::TransferLacks { .. }
            | Text::TransferOwnerLacks { .. }
    )
}

/// The refusal if a member has too many open tickets in all inboxes of the server together.
fn too_many_in_server(facts: &Facts) -> Option<Text> {
    let &ticket = facts.open_in_server.first()?;
    let limit = facts.server_limit;
    (limit > 0 && facts.open_in_server.len() >= limit as usize).then_some(Text::TooManyInServer {
        ticket,
        limit: i64::from(limit),
    })
}

/// The refusal if the inbox has too many open tickets of all members.
fn is_full(facts: &Facts) -> Option<Text> {
    let limit = facts.inbox.get(setting::LIMIT_TOTAL);
    (limit > 0 && facts.open_in_inbox >= limit as usize).then_some(Text::InboxFull {})
}

fn refusal(invoker: &Invoker, facts: &Facts) -> Option<Text> {
    let inbox = &facts.inbox;
    if let Some(refusal) = access::refusal(invoker, inbox, &facts.role_names)
        .or_else(|| too_many(&facts.open, inbox.get(setting::LimitMember)))
        .or_else(|| too_many_in_server(facts))
        .or_else(|| is_full(facts))
    {
        return Some(refusal);
    }
    let now = invoker.at;
    let cooldown = inbox.get(setting::Cooldown);
    let seconds = i64::from(cooldown.unwrap_or(facts.slowmode.max(MIN_COOLDOWN)));
    if let Some(last) = facts.last_opened {
        let until = last.plus(seconds * 1000);
        // A time in the future means that the clock jumped. It must not lock out a member for long.
        if now < until && last <= now.plus(seconds * 1000) {
            // Rounded up, so that a click at the shown second is served.
            let until = until.unix_seconds_up();
            return Some(Text::CoolingDown { seconds, until });
        }
    }
    if let Some(refusal) = place_refusal(facts) {
        return Some(refusal);
    }
    let permissions = facts.member_may.without(&TO_TAKE_PART);
    if permissions.is_empty() {
        return None;
    }
    if let Some(until) = invoker.timed_out_until.filter(|_| invoker.is_timed_out())
        && facts.member_may.has(Permission::ViewChannel)
    {
        let until = until.unix_seconds_up();
        return Some(Text::TimedOut { until });
    }
    Some(Text::MemberLacks {
        channel: channel_name(facts),
        permissions,
    })
}

/// Why the bot cannot open tickets where this inbox has them.
fn place_refusal(facts: &Facts) -> Option<Text> {
    let parent = facts.parent;
    if !parent.holds_private_threads {
        let channel = parent.channel;
        return Some(Text::CannotOpenThere { channel });
    }
    let missing = parent.missing(&facts.needs)?;
    Some(Text::CannotOpen {
        missing: vec![missing],
    })
}

/// The channel for tickets, by its name if known, because some members cannot view the channel.
fn channel_name(facts: &Facts) -> String {
    match &facts.parent_name {
        Some(name) => format!("`#{name}`"),
        None => format!("<#{}>", facts.parent.channel),
    }
}

#[cfg(test)]
mod tests;
