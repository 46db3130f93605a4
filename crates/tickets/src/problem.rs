//! Problems of an inbox that cause no error: tickets of which no staff are notified, or which their owners
//! cannot use. One pure function of an inbox and what is known of its server, for wherever an inbox is
//! created, changed or listed.

use std::collections::HashMap;

use crate::due::Times;
use crate::inbox::Inbox;
use crate::permission::{
    FOR_MESSAGE, Missing, Permission, Permissions, Place, TO_TAKE_PART, missing_for_inbox,
};
use crate::setting::{ALLOWED_ROLES, BLOCKED_ROLES, Loudness, NoticePing, Notices, StaffMode};
use crate::template;
use crate::text::Text;
use crate::{ChannelId, Mention, RoleId, UserId};

/// From about this size, Discord does not add a role's members to a thread. Source: Discord's help pages.
const TOO_LARGE: u64 = 100;

/// The most active threads that Discord allows in a server.
const MAX_THREADS: usize = 1_000;

/// With more active threads than this, the bot warns admins.
const MANY_THREADS: usize = 900;

/// What is known of the server that an inbox is in.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Where the inbox's message is, and what the bot may do there.
    pub home: Place,
    /// The inbox's destination, if it has one that exists.
    pub destination: Option<Place>,
    /// The channel for the inbox's notices, if it has one that exists.
    pub notices: Option<Place>,
    /// The staff who cannot view that channel, if known. Contains @everyone if @everyone cannot view it.
    pub blind_to_notices: Vec<Mention>,
    /// What a member without any role may do where tickets are opened.
    pub everyone: Permissions,
    pub roles: Vec<Role>,
    /// What these members may do where tickets are opened; `None` if they left the server. Nothing is known
    /// of other members.
    pub members: HashMap<UserId, Option<Permissions>>,
    /// Whether a message has a button for the inbox.
    pub is_offered: bool,
    /// Whether the server's reports go to it.
    pub gets_reports: bool,
    /// Whether the inbox's button lacks its emoji, because Discord refused an emoji on the message.
    pub lacks_emoji: bool,
    /// How many active threads of the server the bot can view.
    pub active_threads: usize,
    /// The inbox's last ticket, if only its owner joined it.
    pub alone: Option<ChannelId>,
}

/// A role other than @everyone.
#[derive(Clone, Copy, Debug)]
pub struct Role {
    pub id: RoleId,
    /// What a member who has only this role may do where tickets are opened.
    pub may: Permissions,
    /// Whether it holds Manage Threads in the whole server.
    pub manages_threads: bool,
    pub whose: Whose,
    pub is_mentionable: bool,
    /// How many have it, if that is known.
    pub size: Option<u64>,
}

/// The kind of members that a role is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    People,
    Administrators,
    /// This bot or another one.
    Bot,
}

/// A problem that an admin should fix. Each has a text that says how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The bot lacks permissions that tickets need.
    BotLacks(Missing),
    /// Tickets cannot be in this channel.
    NoPrivateThreads(ChannelId),
    /// The inbox was taken off every message, so no member can open a ticket by a button.
    NotOffered,
    /// The inbox's button has no emoji, because Discord refused an emoji on the message.
    EmojiRefused,
    /// The destination is gone: tickets are opened in the inbox's own channel.
    DestinationGone {
        instead: ChannelId,
    },
    /// The channel for notices is gone.
    NoticesGone,
    /// The bot cannot post notices.
    NoticesLack(Missing),
    /// These staff cannot view the channel for notices.
    NoticesHidden {
        staff: Vec<Mention>,
        channel: ChannelId,
    },
    /// All members can view the channel for notices.
    NoticesPublic(ChannelId),
    /// Staff should join by notices, but the inbox has no channel for them. So staff are mentioned instead.
    JoinWithoutNotices,
    /// Ordinary members cannot take part in tickets.
    MembersLack(Missing),
    /// No member may open a ticket: the allowed roles were deleted or are blocked, or @everyone is blocked.
    ClosedToAll,
    /// There is no staff.
    NobodyNotified,
    /// The starting message does not mention the staff, nor anybody else.
    StaffNotMentioned,
    /// The bot may not mention these roles.
    NotMentionable {
        roles: Vec<RoleId>,
        channel: ChannelId,
    },
    /// These staff cannot view the channel that tickets are opened in.
    StaffCannotView {
        staff: Vec<Mention>,
        channel: ChannelId,
    },
    /// Discord does not invite roles of this size.
    TooLarge(Vec<RoleId>),
    /// Tickets are closed before their owners are reminded.
    NeverReminds,
    /// Only its owner joined this ticket.
    OwnerAlone(ChannelId),
    /// Without Read Message History the bot cannot catch up.
    BotCannotRead(ChannelId),
    ManyThreads(usize),
}

impl Problem {
    /// The sentence that describes the problem and how to fix it.
    pub fn text(&self) -> Text {
        match self.clone() {
            Self::BotLacks(Missing {
                channel,
                permissions,
            }) => Text::ProblemBotLacks {
                channel,
                permissions,
            },
            Self::NoPrivateThreads(channel) => Text::ProblemNoPrivateThreads { channel },
            Self::NotOffered => Text::ProblemNotOffered {},
            Self::EmojiRefused => Text::ProblemEmojiRefused {},
            Self::DestinationGone { instead } => Text::ProblemDestinationGone { channel: instead },
            Self::NoticesGone => Text::ProblemNoticesGone {},
            Self::NoticesLack(Missing {
                channel,
                permissions,
            }) => Text::ProblemNoticesLack {
                channel,
                permissions,
            },
            Self::NoticesHidden { staff, channel } => Text::ProblemNoticesHidden { channel, staff },
            Self::NoticesPublic(channel) => Text::ProblemNoticesPublic { channel },
            Self::JoinWithoutNotices => Text::ProblemJoinWithoutNotices {},
            Self::MembersLack(Missing {
                channel,
                permissions,
            }) => Text::ProblemMembersLack {
                channel,
                permissions,
            },
            Self::ClosedToAll => Text::ProblemClosedToAll {},
            Self::NobodyNotified => Text::ProblemNobodyNotified {},
            Self::StaffNotMentioned => Text::ProblemStaffNotMentioned {},
            Self::NotMentionable { roles, channel } => Text::ProblemNotMentionable {
                channel,
                staff: mentions(roles),
            },
            Self::StaffCannotView { staff, channel } => {
                Text::ProblemStaffCannotView { channel, staff }
            }
            Self::TooLarge(roles) => Text::ProblemTooLarge {
                staff: mentions(roles),
            },
            Self::NeverReminds => Text::ProblemNeverReminds {},
            Self::OwnerAlone(ticket) => Text::ProblemOwnerAlone { ticket },
            Self::BotCannotRead(channel) => Text::ProblemBotCannotRead { channel },
            Self::ManyThreads(count) => Text::ProblemManyThreads {
                count: number(count),
                limit: number(MAX_THREADS),
            },
        }
    }
}

fn mentions(roles: Vec<RoleId>) -> Vec<Mention> {
    roles.into_iter().map(Mention::Role).collect()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Everything that is wrong with an inbox, the worst first.
pub fn problems(inbox: &Inbox, facts: &Facts) -> Vec<Problem> {
    let tickets_in = facts.destination.unwrap_or(facts.home);
    let channel = tickets_in.channel;
    let mut found = Vec::new();
    if !tickets_in.holds_private_threads {
        found.push(Problem::NoPrivateThreads(channel));
    }
    let mut needs = inbox.needs();
    if facts.gets_reports && !needs.contains(&Permission::EmbedLinks) {
        needs.push(Permission::EmbedLinks);
    }
    let missing = missing_for_inbox(facts.home, &FOR_MESSAGE, tickets_in, &needs);
    found.extend(missing.into_iter().map(Problem::BotLacks));
    if !facts.is_offered {
        found.push(Problem::NotOffered);
    }
    if inbox.destination.is_some() && facts.destination.is_none() {
        found.push(Problem::DestinationGone { instead: channel });
    }
    found.extend(about_notices(inbox, facts));
    // Staff who join by notices need no mention.
    let joins = inbox.loudness(may_post(facts.notices)) == Loudness::Join;
    let notified = if joins {
        existing_staff(inbox, facts)
    } else {
        notified(inbox, facts)
    };
    let is_visible = tickets_in.can_be_seen();
    // If the bot cannot view a channel, Discord does not say who else can.
    if is_visible && let Some(lacking) = members_lack(inbox, facts) {
        found.push(Problem::MembersLack(Missing {
            channel,
            permissions: lacking,
        }));
    }
    if is_closed_to_all(inbox, facts) {
        found.push(Problem::ClosedToAll);
    }
    if notified.is_empty() && !joins {
        found.push(if existing_staff(inbox, facts).is_empty() {
            Problem::NobodyNotified
        } else {
            Problem::StaffNotMentioned
        });
    }
    let roles: Vec<&Role> = notified.iter().filter_map(|who| facts.role(*who)).collect();
    let which = |is_so: &dyn Fn(&Role) -> bool| -> Vec<RoleId> {
        let such = roles.iter().filter(|role| is_so(role));
        such.map(|role| role.id).collect()
    };
    let mentioned_in = [
        Some(tickets_in).filter(|_| !joins),
        facts.notices.filter(|_| inbox.get(NoticePing)),
    ];
    for place in mentioned_in.into_iter().flatten() {
        let roles = which(&|role| !role.is_mentionable);
        let is_refused = place.can_be_seen() && !place.permissions.has(Permission::MentionEveryone);
        if is_refused && !roles.is_empty() {
            let channel = place.channel;
            found.push(Problem::NotMentionable { roles, channel });
        }
    }
    let cannot_view: Vec<_> = notified
        .iter()
        .copied()
        .filter(|who| is_visible && !facts.can_view(*who))
        .collect();
    if !cannot_view.is_empty() {
        let staff = cannot_view;
        found.push(Problem::StaffCannotView { staff, channel });
    }
    let too_large = which(&|role| !joins && role.size.is_some_and(|size| size >= TOO_LARGE));
    if !too_large.is_empty() {
        found.push(Problem::TooLarge(too_large));
    }
    if facts.lacks_emoji {
        found.push(Problem::EmojiRefused);
    }
    if Times::of(&inbox.settings).closes_unreminded() {
        found.push(Problem::NeverReminds);
    }
    found.extend(facts.alone.map(Problem::OwnerAlone));
    if is_visible && !tickets_in.permissions.has(Permission::ReadMessageHistory) {
        found.push(Problem::BotCannotRead(channel));
    }
    if facts.active_threads > MANY_THREADS {
        found.push(Problem::ManyThreads(facts.active_threads));
    }
    found
}

/// Whether everybody is blocked, or only members with certain roles may open tickets, and each of these
/// roles is blocked or does not exist.
fn is_closed_to_all(inbox: &Inbox, facts: &Facts) -> bool {
    let everyone = RoleId(inbox.guild.0);
    let (allowed, blocked) = (inbox.get(ALLOWED_ROLES), inbox.get(BLOCKED_ROLES));
    let exists = |role: &RoleId| *role == everyone || facts.role(Mention::Role(*role)).is_some();
    let suffices = |role: &RoleId| exists(role) && !blocked.contains(role);
    blocked.contains(&everyone) || (!allowed.is_empty() && !allowed.iter().any(suffices))
}

/// What is wrong with the channel for notices.
fn about_notices(inbox: &Inbox, facts: &Facts) -> Option<Problem> {
    match (inbox.get(Notices), facts.notices) {
        (Some(_), None) => Some(Problem::NoticesGone),
        (Some(_), Some(place)) => place
            .missing(&FOR_MESSAGE)
            .map(Problem::NoticesLack)
            .or_else(|| about_readers(inbox, facts, place.channel)),
        (None, _) => {
            (inbox.get(StaffMode) == Loudness::Join).then_some(Problem::JoinWithoutNotices)
        }
    }
}

/// The problem with the readers of notices, which are for staff and name who opened a ticket.
fn about_readers(inbox: &Inbox, facts: &Facts, channel: ChannelId) -> Option<Problem> {
    let is_blind = |who: &Mention| facts.blind_to_notices.contains(who);
    if !is_blind(&Mention::Role(RoleId(inbox.guild.0))) {
        return Some(Problem::NoticesPublic(channel));
    }
    let staff = existing_staff(inbox, facts);
    let (hidden, seeing): (Vec<_>, Vec<_>) = staff.into_iter().partition(is_blind);
    // It is enough that some staff see the notices, unless staff learn of tickets only by notices.
    let matters = seeing.is_empty() || inbox.get(StaffMode) == Loudness::Join;
    let staff = hidden;
    (matters && !staff.is_empty()).then_some(Problem::NoticesHidden { staff, channel })
}

fn may_post(place: Option<Place>) -> bool {
    place.is_some_and(|place| place.missing(&FOR_MESSAGE).is_none())
}

/// The members and roles that a new ticket's starting message mentions besides its owner.
fn notified(inbox: &Inbox, facts: &Facts) -> Vec<Mention> {
    let staff = existing_staff(inbox, facts);
    if inbox.starter.is_empty() {
        return staff;
    }
    let owner = template::STAND_IN;
    let text = template::starter(&inbox.starter, owner, &staff);
    let mut mentioned = template::mentions_in(&text);
    mentioned.retain(|who| match who {
        Mention::User(user) => *user != owner,
        // A deleted role has no members.
        Mention::Role(_) => facts.role(*who).is_some(),
    });
    mentioned
}

fn existing_staff(inbox: &Inbox, facts: &Facts) -> Vec<Mention> {
    inbox.existing_staff(|role| facts.role(Mention::Role(role)).is_some())
}

/// The permissions that members lack to take part in tickets, if neither @everyone nor any role of ordinary
/// members has them all.
fn members_lack(inbox: &Inbox, facts: &Facts) -> Option<Vec<Permission>> {
    let lacking = facts.everyone.without(&TO_TAKE_PART);
    let is_of_members = |role: &&Role| {
        role.whose == Whose::People
            && !role.may.has(Permission::ManageThreads)
            && !inbox.staff.contains(&Mention::Role(role.id))
    };
    let mut ordinary = facts.roles.iter().filter(is_of_members);
    let some_can = ordinary.any(|role| role.may.without(&TO_TAKE_PART).is_empty());
    (!lacking.is_empty() && !some_can).then_some(lacking)
}

impl Facts {
    fn role(&self, who: Mention) -> Option<&Role> {
        let Mention::Role(id) = who else { return None };
        self.roles.iter().find(|role| role.id == id)
    }

    /// Whether a member or role of the staff can view the channel for tickets; `true` if that is not known.
    fn can_view(&self, who: Mention) -> bool {
        let may = match who {
            Mention::Role(_) => self.role(who).map(|role| role.may),
            Mention::User(user) => match self.members.get(&user) {
                Some(None) => return false,
                Some(may) => *may,
                None => None,
            },
        };
        may.is_none_or(|may| may.has(Permission::ViewChannel))
    }
}

/// Roles that may become an inbox's staff if its channel names none: those that manage threads in the whole
/// server. Roles of administrators and bots are excluded, because they are not teams that answer.
pub fn offered_staff(roles: &[Role]) -> Vec<Mention> {
    let such = roles
        .iter()
        .filter(|role| role.manages_threads && role.whose == Whose::People);
    such.map(|role| Mention::Role(role.id))
        .take(crate::decide::inbox::MAX_STAFF)
        .collect()
}

/// What the response to `/inbox create` says about a new inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The inbox's problems, without the one that `notice` describes.
    pub problems: Vec<Problem>,
    /// The sentence that says who is notified of the inbox's tickets.
    pub notice: Text,
    /// Roles that could be its staff, if there is none yet. They are saved only when somebody chooses
    /// them.
    pub suggested: Vec<Mention>,
}

impl Created {
    /// What to say about this inbox, with what is known of its server.
    pub fn of(inbox: &Inbox, known: Option<&Facts>) -> Self {
        let mut problems = known.map_or_else(Vec::new, |known| problems(inbox, known));
        problems.retain(|problem| *problem != Problem::NobodyNotified);
        let roles = known.map_or(&[][..], |known| &known.roles);
        let staff = inbox.staff.clone();
        let suggested = if staff.is_empty() {
            offered_staff(roles)
        } else {
            Vec::new()
        };
        let notice = if !staff.is_empty() {
            Text::WillMention { staff }
        } else if suggested.is_empty() {
            Text::NobodyYet {}
        } else {
            Text::NobodyYetOffering {}
        };
        Self {
            problems,
            notice,
            suggested,
        }
    }
}

#[cfg(test)]
mod tests;
