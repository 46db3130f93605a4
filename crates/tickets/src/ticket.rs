//! A ticket after it was opened: what is stored of it, what can be observed, and the one rule that
//! says what to do ([`reconcile`]).
//!
//! The rule is level-triggered. It does not ask what happened, but compares the stored state with the
//! observed one; events are only hints to check. So it does not matter how many events come, in which order,
//! or whether some were missed.

use crate::text::{Text, plain};
use crate::{ChannelId, GuildId, InboxId, MessageId, Timestamp, UserId};

/// A ticket: a private thread that an inbox opened for a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The thread.
    pub id: ChannelId,
    pub guild: GuildId,
    /// `None` once the inbox was deleted.
    pub inbox: Option<InboxId>,
    /// `None` if the owner's row is gone (an original's database can have that).
    pub owner: Option<UserId>,
    pub state: State,
    /// The newest of the bot's own messages in the ticket that was recorded. If the bot finds a newer one, it
    /// was interrupted before recording it. So the bot knows its messages by their ids, not by their text.
    pub own_message: Option<MessageId>,
    /// The member who has claimed the ticket. If they leave it, the claim ends.
    pub claimed_by: Option<UserId>,
    /// Since when the bot cannot view it.
    pub hidden_since: Option<Timestamp>,
    /// Nobody but the owner has joined the ticket. The bot concludes this a minute after the ticket opened.
    pub is_alone: bool,
}

impl Ticket {
    /// A ticket that has just been opened.
    pub const fn new(
        id: ChannelId,
        guild: GuildId,
        inbox: Option<InboxId>,
        owner: Option<UserId>,
    ) -> Self {
        Self {
            id,
            guild,
            inbox,
            owner,
            state: State::NEW,
            own_message: None,
            claimed_by: None,
            hidden_since: None,
            is_alone: false,
        }
    }

    /// Whether it is stored as an open ticket of this inbox.
    pub fn is_open_in(&self, inbox: InboxId) -> bool {
        self.inbox == Some(inbox) && self.state.phase == Phase::Open
    }

    /// Whether the ticket was archived, no matter by whom.
    pub fn is_closed(&self) -> bool {
        matches!(self.state.phase, Phase::Closed { .. })
    }
}

/// How long a ticket that the bot cannot view still counts as open, in milliseconds.
pub const HIDDEN_COUNTS_FOR: i64 = 7 * 24 * 60 * 60 * 1000;

/// The part of a ticket that changes during its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub presence: Presence,
    pub phase: Phase,
}

impl State {
    /// A ticket that was created just now.
    pub const NEW: Self = Self {
        presence: Presence::Invited,
        phase: Phase::Open,
    };
}

/// Whether the owner is in the thread, according to Discord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The owner may have been mentioned. A mention is not membership, and only a member can leave. See
    /// [`Invited`].
    Invited,
    /// Discord said that they are a member of the thread.
    Present,
    /// They were a member, and no longer are.
    Gone,
}

/// How far a ticket has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Open,
    /// Being closed: stored before the first call, so that an interrupted closing is finished.
    Closing(Reason),
    Closed {
        locked: bool,
    },
}

/// Why a ticket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The owner left or was removed.
    OwnerLeft,
    /// Staff or Discord's timer archived the thread.
    Archived,
    /// Staff removed the bot from the thread.
    BotRemoved,
    /// Somebody closed it through the bot.
    Requested,
    /// The owner did not answer, and the inbox wants such tickets closed.
    NoAnswer,
}

impl Reason {
    /// All of them, each with the word that it is stored as.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::OwnerLeft, "owner-left"),
        (Self::Archived, "archived"),
        (Self::BotRemoved, "bot-removed"),
        (Self::Requested, "requested"),
        (Self::NoAnswer, "no-answer"),
    ];

    /// The word that it is stored as, and that the log shows.
    pub fn key(self) -> &'static str {
        let known = Self::ALL.into_iter().find(|(reason, _)| *reason == self);
        known.map_or("archived", |(_, key)| key)
    }

    /// The reason with this word.
    pub fn of_key(key: &str) -> Option<Self> {
        let known = Self::ALL.into_iter().find(|(_, known)| *known == key);
        known.map(|(reason, _)| reason)
    }

    /// The closing message; `None` where a message would add the bot to the thread again.
    fn note(
        self,
        owner: Option<UserId>,
        lock: bool,
        request: Option<&ClosingRequest>,
    ) -> Option<Text> {
        match (self, owner) {
            (Self::OwnerLeft, Some(owner)) if lock => Some(Text::OwnerLeftLocked { owner }),
            (Self::OwnerLeft, Some(owner)) => Some(Text::OwnerLeft { owner }),
            (Self::Archived, _) | (Self::OwnerLeft, None) => Some(Text::Archived {}),
            (Self::BotRemoved, _) => None,
            (Self::NoAnswer, _) => Some(Text::ClosedWithoutAnswer {}),
            (Self::Requested, _) => Some(request.map_or(Text::Archived {}, ClosingRequest::note)),
        }
    }
}

/// Who closes a ticket through the bot, and how. It is stored until the ticket is closed, so that an
/// interrupted closing is finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingRequest {
    pub by: UserId,
    /// Their display name in that server.
    pub name: String,
    /// The reason that they wrote; may be empty.
    pub reason: String,
    /// Everybody who is not staff is removed first, the owner last.
    pub remove_members: bool,
    /// The new ticket that replaces this one.
    pub moved_to: Option<ChannelId>,
}

impl ClosingRequest {
    /// The closing message.
    pub fn note(&self) -> Text {
        let name = plain(&self.name);
        if let Some(ticket) = self.moved_to {
            if self.reason.is_empty() {
                return Text::MovedBy { name, ticket };
            }
            let reason = self.reason.clone();
            return Text::MovedByWithReason {
                name,
                ticket,
                reason,
            };
        }
        if self.reason.is_empty() {
            Text::ClosedBy { name }
        } else {
            let reason = self.reason.clone();
            Text::ClosedByWithReason { name, reason }
        }
    }
}

/// A hint that came with an event: what the event itself says, at the time when it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Check it; nothing more is known.
    None,
    /// The thread's state and its channel, as the event has them.
    Thread {
        archived: bool,
        locked: bool,
        /// Discord's own timer has archived it.
        is_idle: bool,
        parent: Option<ChannelId>,
    },
    /// The owner is a member of the thread now.
    OwnerJoined,
    /// The owner was a member of the thread until now.
    OwnerRemoved,
    /// The bot was removed from the thread.
    BotRemoved,
    /// The bot sent the closing message of somebody who closes the ticket through the bot.
    Noted(MessageId),
    /// The thread was deleted.
    Gone,
}

/// In which state the bot finds a ticket's thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Discord says that there is no such thread.
    Gone,
    /// The bot cannot view the channel, so it draws no conclusion.
    Hidden,
    /// The bot can view the channel, but is no longer in the thread.
    Removed {
        can_archive: bool,
        lock: bool,
    },
    There(Thread),
    /// Discord's own timer has hidden the thread, and its inbox or somebody wants the ticket open. So the
    /// ticket stays open, unless its owner has left in the meantime.
    Idle(Thread),
}

impl Found {
    /// The same state for an inbox that only wants closed tickets archived.
    #[must_use]
    pub fn without_lock(self) -> Self {
        match self {
            Self::Removed { can_archive, .. } => Self::Removed {
                can_archive,
                lock: false,
            },
            Self::There(thread) => Self::There(thread.without_lock()),
            Self::Idle(thread) => Self::Idle(thread.without_lock()),
            Self::Gone | Self::Hidden => self,
        }
    }
}

/// A ticket's thread, as Discord has it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thread {
    pub archived: bool,
    pub locked: bool,
    /// Whether the bot locks the thread when it closes the ticket: it has Manage Threads there, and the inbox
    /// wants that.
    pub can_lock: bool,
}

impl Thread {
    fn without_lock(self) -> Self {
        Self {
            can_lock: false,
            ..self
        }
    }
}

/// Whether Discord's own timer has archived a thread: its last message was as old as the thread's setting
/// says. If people archive a thread, they do it before that.
pub fn is_archived_by_timer(
    thread: ChannelId,
    last_message: Option<MessageId>,
    hide_after_minutes: i64,
    archived_at: Timestamp,
) -> bool {
    let last = last_message.map_or(thread.created_at(), MessageId::created_at);
    archived_at.since(last) >= hide_after_minutes.saturating_mul(60_000)
}

/// What Discord says of the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A member of the thread.
    In,
    /// Not a member of the thread. `was_in`: they were until now.
    Out { was_in: bool },
    /// Not even in the server, or they left it and came back.
    LeftServer,
    /// Not asked, because it does not matter.
    Unknown,
}

impl Owner {
    const fn is_out(self) -> bool {
        matches!(self, Self::Out { .. } | Self::LeftServer)
    }
}

/// What [`reconcile`] needs to know besides the thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Whether the owner is in the thread. If they never were, also whether they are in the server.
    pub owner: bool,
    /// Whether the bot has sent a message that was not recorded.
    pub note: bool,
    /// Who closes the ticket through the bot.
    pub request: bool,
}

/// What the bot must find out, given what the event says already.
pub fn needs(ticket: &Ticket, thread: Thread, hint: Hint) -> Needs {
    let is_told = matches!(hint, Hint::OwnerJoined | Hint::OwnerRemoved);
    // A change of the thread says nothing about its owner, and if the owner of an open ticket leaves, another
    // event says so.
    let is_watched = matches!(hint, Hint::Thread { .. });
    let owner = !thread.archived
        && match ticket.state.phase {
            Phase::Open => !is_watched,
            Phase::Closed { .. } | Phase::Closing(Reason::OwnerLeft) => true,
            Phase::Closing(_) => false,
        };
    Needs {
        owner: owner && !is_told && ticket.owner.is_some(),
        note: matches!(
            ticket.state.phase,
            Phase::Closing(
                Reason::OwnerLeft | Reason::Archived | Reason::Requested | Reason::NoAnswer
            )
        ) && !matches!(hint, Hint::Noted(_)),
        request: ticket.state.phase == Phase::Closing(Reason::Requested),
    }
}

/// What the bot must find out about a thread that Discord has hidden while the ticket counts as open: whether
/// its owner has left.
pub fn hidden_needs(ticket: &Ticket, thread: Thread, hint: Hint) -> Needs {
    let active = Thread {
        archived: false,
        ..thread
    };
    let is_open = ticket.state.phase == Phase::Open;
    Needs {
        owner: is_open && needs(ticket, active, hint).owner,
        note: false,
        request: false,
    }
}

/// What an event says of the owner.
pub fn told_of_owner(hint: Hint) -> Owner {
    match hint {
        Hint::OwnerJoined => Owner::In,
        Hint::OwnerRemoved => Owner::Out { was_in: true },
        Hint::None | Hint::Thread { .. } | Hint::BotRemoved | Hint::Noted(_) | Hint::Gone => {
            Owner::Unknown
        }
    }
}

/// The bot's message that an event contains.
pub fn told_of_note(hint: Hint) -> Option<MessageId> {
    match hint {
        Hint::Noted(message) => Some(message),
        _ => None,
    }
}

/// Everything that was observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    pub found: Found,
    pub owner: Owner,
    /// A message of the bot's that was sent and not recorded.
    pub unrecorded: Option<MessageId>,
    /// Who closes the ticket through the bot.
    pub request: Option<ClosingRequest>,
}

/// What to do about a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The thread is gone, so forget the ticket.
    Forget,
    /// Only store this state.
    Store(State),
    /// Close it.
    Close(Closing),
}

/// How a ticket is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    pub reason: Reason,
    /// The closing message to send first; it wakes an archived thread. `None` if there is none or it was
    /// sent.
    pub note: Option<Text>,
    /// The note that was sent already.
    pub noted: Option<MessageId>,
    /// The bot must wake the thread first, because an archived thread cannot be locked.
    pub wake: bool,
    pub lock: bool,
    /// Somebody has locked it already.
    pub is_locked: bool,
    /// What to store about the owner.
    pub presence: Presence,
    /// Who closes the ticket through the bot.
    pub request: Option<ClosingRequest>,
}

/// The rule: decides what to do from the stored state and the observed one.
pub fn reconcile(ticket: &Ticket, seen: &Observed) -> Option<Effect> {
    let thread = match seen.found {
        Found::Gone => return Some(Effect::Forget),
        Found::Hidden => return None,
        Found::Idle(thread) => return idle(ticket, thread, seen.owner),
        Found::Removed { can_archive, lock } => return removed(ticket, can_archive, lock),
        Found::There(thread) => thread,
    };
    let effect = match ticket.state.phase {
        Phase::Open => open(ticket, thread, seen.owner),
        Phase::Closing(reason) => interrupted(ticket, reason, thread, seen),
        Phase::Closed { locked } => closed(ticket, locked, thread, seen.owner),
    };
    // A state that is already stored is not written again.
    Some(effect).filter(|effect| *effect != Effect::Store(ticket.state))
}

fn open(ticket: &Ticket, thread: Thread, owner: Owner) -> Effect {
    let presence = presence(ticket, owner);
    if thread.archived {
        return archived(ticket, thread, presence);
    }
    owner_left(ticket, thread, owner).unwrap_or(Effect::Store(State {
        presence,
        phase: Phase::Open,
    }))
}

/// Discord has hidden the thread. Members do not leave such a thread, but they may leave the server.
fn idle(ticket: &Ticket, thread: Thread, owner: Owner) -> Option<Effect> {
    let is_open = ticket.state.phase == Phase::Open;
    owner_left(ticket, thread, owner).filter(|_| is_open)
}

/// Closes an open ticket whose owner has left.
fn owner_left(ticket: &Ticket, thread: Thread, owner: Owner) -> Option<Effect> {
    let leaves = match (ticket.state.presence, owner) {
        (Presence::Present, Owner::Out { .. })
        | (Presence::Invited | Presence::Present, Owner::LeftServer)
        // The owner was brought back and removed again, or left a ticket that was reopened.
        | (_, Owner::Out { was_in: true }) => true,
        // An owner who was never in the thread has not left it. A ticket that staff reopened without its
        // owner stays open.
        (Presence::Invited | Presence::Gone, Owner::Out { was_in: false })
        | (Presence::Gone, Owner::LeftServer)
        | (_, Owner::In | Owner::Unknown) => false,
    };
    leaves.then(|| {
        Effect::Close(close(
            ticket,
            Reason::OwnerLeft,
            thread,
            Presence::Gone,
            None,
        ))
    })
}

/// Somebody else archived it.
fn archived(ticket: &Ticket, thread: Thread, presence: Presence) -> Effect {
    if thread.locked || !thread.can_lock {
        let locked = thread.locked;
        return Effect::Store(State {
            presence,
            phase: Phase::Closed { locked },
        });
    }
    Effect::Close(close(ticket, Reason::Archived, thread, presence, None))
}

fn closed(ticket: &Ticket, locked: bool, thread: Thread, owner: Owner) -> Effect {
    if thread.archived {
        // The ticket was closed without a lock, and nothing has changed. If the bot gets the permission to
        // lock later, it must not wake all such tickets.
        let presence = presence(ticket, owner);
        return if thread.locked == locked {
            Effect::Store(State {
                presence,
                phase: ticket.state.phase,
            })
        } else {
            archived(ticket, thread, presence)
        };
    }
    // Staff reopened the ticket. If they do so without its owner, they want it to stay open.
    let presence = if owner.is_out() {
        Presence::Gone
    } else {
        presence(ticket, owner)
    };
    Effect::Store(State {
        presence,
        phase: Phase::Open,
    })
}

/// Finishes a closing that was interrupted.
fn interrupted(ticket: &Ticket, reason: Reason, thread: Thread, seen: &Observed) -> Effect {
    if reason == Reason::OwnerLeft && seen.owner == Owner::In && !thread.archived {
        // Somebody has brought the owner back.
        return Effect::Store(State {
            presence: Presence::Present,
            phase: Phase::Open,
        });
    }
    let presence = match reason {
        Reason::OwnerLeft => Presence::Gone,
        Reason::Archived | Reason::BotRemoved | Reason::Requested | Reason::NoAnswer => {
            presence(ticket, seen.owner)
        }
    };
    let removes = seen.request.as_ref().is_some_and(|it| it.remove_members);
    // Discord's own timer may have archived the ticket before the closing message was sent.
    let lacks_note = reason != Reason::Archived && seen.unrecorded.is_none() && !thread.locked;
    if thread.archived && (thread.locked || !thread.can_lock) && !removes && !lacks_note {
        let locked = thread.locked;
        return Effect::Store(State {
            presence,
            phase: Phase::Closed { locked },
        });
    }
    let mut closing = close(ticket, reason, thread, presence, seen.request.clone());
    if let Some(noted) = seen.unrecorded {
        closing.note = None;
        closing.noted = Some(noted);
        closing.wake = thread.archived && (closing.lock || removes);
    }
    Effect::Close(closing)
}

/// Staff removed the bot. With Manage Threads, the bot still closes the thread. Without it, the bot cannot,
/// but the ticket no longer counts as open.
fn removed(ticket: &Ticket, can_archive: bool, lock: bool) -> Option<Effect> {
    match ticket.state.phase {
        Phase::Closed { .. } => None,
        Phase::Open | Phase::Closing(_) if can_archive => Some(Effect::Close(Closing {
            reason: Reason::BotRemoved,
            note: None,
            noted: None,
            wake: false,
            lock,
            is_locked: false,
            presence: ticket.state.presence,
            request: None,
        })),
        Phase::Open | Phase::Closing(_) => Some(Effect::Store(State {
            presence: ticket.state.presence,
            phase: Phase::Closed { locked: false },
        })),
    }
}

fn close(
    ticket: &Ticket,
    reason: Reason,
    thread: Thread,
    presence: Presence,
    request: Option<ClosingRequest>,
) -> Closing {
    let lock = thread.can_lock;
    let note = reason.note(ticket.owner, lock, request.as_ref());
    Closing {
        reason,
        // Sending a note wakes the thread.
        wake: note.is_none() && thread.archived && lock,
        note,
        noted: None,
        lock,
        is_locked: thread.locked,
        presence,
        request,
    }
}

fn presence(ticket: &Ticket, owner: Owner) -> Presence {
    match (ticket.state.presence, owner) {
        (_, Owner::In) => Presence::Present,
        (Presence::Present, owner) if owner.is_out() => Presence::Gone,
        (_, Owner::LeftServer) => Presence::Gone,
        (known, _) => known,
    }
}

/// What shows whether an owner was in the thread before, if the owner is not in it and the bot has
/// missed events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invited {
    /// When the starting message was sent, if it mentions them.
    pub at: Option<Timestamp>,
    /// Whether they can view the channel.
    pub can_view: bool,
}

impl Invited {
    /// Whether the owner was in the thread. Discord adds mentioned members who can view the channel. `None`:
    /// Discord may be about to add the owner.
    pub fn was_in(self, now: Timestamp) -> Option<bool> {
        /// In milliseconds.
        const ADDED_WITHIN: i64 = 60_000;
        match self.at.filter(|_| self.can_view) {
            None => Some(false),
            Some(at) => (now.since(at) >= ADDED_WITHIN).then_some(true),
        }
    }
}

/// A private thread of the bot that is not a ticket according to the database, and that no opening
/// has claimed within [`UNCLAIMED_AFTER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The bot's first message in it.
    pub starter: Option<MessageId>,
    /// The first user whom that message mentions.
    pub mentioned: Option<UserId>,
    /// Whether the bot may read the thread. Otherwise, Discord lists no messages, which proves nothing.
    pub can_read: bool,
    /// Whether anybody but the bot has written in it.
    pub is_written_in: bool,
}

/// What to do about a [`Stray`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrayEffect {
    /// The database has lost this ticket, for example because a backup was restored. It becomes a ticket
    /// again.
    Adopt {
        owner: Option<UserId>,
        starter: Option<MessageId>,
    },
    /// The thread may be a ticket. The bot checks again at the next scan.
    Leave,
    /// Nobody was invited, and nobody has written in the thread: delete it.
    Delete,
}

/// How long an opening has to claim a thread, in seconds.
pub const UNCLAIMED_AFTER: u64 = 60;

/// What to do about a thread that no opening has claimed.
pub fn stray(stray: Stray) -> StrayEffect {
    if stray.starter.is_some() || stray.is_written_in {
        StrayEffect::Adopt {
            owner: stray.mentioned,
            starter: stray.starter,
        }
    } else if stray.can_read {
        StrayEffect::Delete
    } else {
        StrayEffect::Leave
    }
}

#[cfg(test)]
mod tests;
