//! The database: what the bot remembers between two events. SQL is here and only here, but for the leases
//! of several processes (`cluster::leases`).
//!
//! [`Store`] is a cheap handle on a [`Storage`]: the verbs of the domain, each of which is one
//! transaction. `verbs` runs them on an engine; their statements are in `inbox`, `ticket`, `journal`,
//! `guild`, `setting` and `session`, in the SQL (`sql`) that every engine takes. One engine is SQLite:
//! one connection on its own thread (`worker`), and everything about the file in `file`. The other is
//! PostgreSQL (`postgres`).

mod button;
mod closing;
#[cfg(feature = "postgres")]
mod copy;
mod due;
mod file;
mod guild;
mod inbox;
mod journal;
mod member;
mod notice;
mod parents;
#[cfg(feature = "postgres")]
mod postgres;
mod removed;
mod session;
mod setting;
mod sql;
mod tables;
mod ticket;
mod verbs;
mod waiting;
mod worker;

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use async_trait::async_trait;
use tickets::due::Asked;
use tickets::inbox::{Inbox, InboxChange};
use tickets::notice::Notice;
use tickets::opening::machine::End;
use tickets::ticket::{ClosingRequest, Presence, State, Ticket};
use tickets::waiting::Waiting;
use tickets::{ChannelId, GuildId, InboxId, MessageId, RoleId, Timestamp, UserId};

pub use button::{ButtonKind, TicketButton};
pub use closing::ClosingBegun;
#[cfg(feature = "postgres")]
pub use copy::{Content, Written};
pub use due::{Notified, Pending};
pub use file::{
    Access, KeyTemplate, KeyTemplateError, Lock, OpenError, Pragma, PragmaError, StoreError,
    maintain,
};
pub use journal::{
    Begin, Begun, Claim, Entry, MakeEntry, Posting, Question, Report, Transfer, Work,
};
pub use member::{Trace, Unfinished};
#[cfg(feature = "postgres")]
pub use postgres::{Lease, PostgresUrl, Problem, SharedDatabase};
#[cfg(feature = "postgres")]
pub(crate) use postgres::{
    connect_beside, notify_cluster, refused as postgres_refused, store_error as postgres_error,
};
pub use removed::Removed;
pub use session::{SavedServers, SavedSession, SessionOwner, ShardSession};
pub use setting::Scope;
pub use ticket::{Opened, Unsettled};

use sql::{changed, execute, exists, from_sql, mentions_of, optional_id, row, rows, to_sql};

/// A handle on the database. When the last clone is dropped, the database is closed.
#[derive(Clone)]
pub struct Store {
    storage: Arc<dyn Storage>,
}

impl Store {
    /// Opens the database, creating or migrating the file as needed, and keeps every other bot out
    /// of it. Blocks while a key is derived, which can take a second.
    pub fn open(access: &Access) -> Result<Self, OpenError> {
        Ok(Self {
            storage: Arc::new(verbs::Verbs::on(worker::open(access)?)),
        })
    }

    /// Opens a database that exists and was written by this version, also while a bot runs on it.
    pub fn beside(access: &Access) -> Result<Self, OpenError> {
        Ok(Self {
            storage: Arc::new(verbs::Verbs::on(worker::open_beside(access)?)),
        })
    }

    /// Opens a database of PostgreSQL whose tables are those of this version, also while a bot runs on it.
    /// Blocks until the server has answered.
    #[cfg(feature = "postgres")]
    pub fn connect_beside(url: &PostgresUrl) -> Result<Self, OpenError> {
        Ok(Self {
            storage: Arc::new(verbs::Verbs::on(postgres::Session::beside(url)?)),
        })
    }

    /// Opens a database of PostgreSQL, creating or migrating its tables as needed, and keeps every other
    /// bot out of it. Blocks until the server has answered.
    #[cfg(feature = "postgres")]
    pub fn connect(url: &PostgresUrl) -> Result<Self, OpenError> {
        Ok(Self {
            storage: Arc::new(verbs::Verbs::on(postgres::Session::alone(url)?)),
        })
    }
}

impl Deref for Store {
    type Target = dyn Storage;

    fn deref(&self) -> &Self::Target {
        &*self.storage
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

/// The verbs of the domain. Each verb is one transaction, so a verb that fails has written nothing.
#[async_trait]
pub trait Storage: Send + Sync {
    // The database itself.

    /// Whether other processes can reach the database. If so, only one application may use it.
    fn is_shared(&self) -> bool;

    /// The shard whose servers this store holds, and the number of shards; `None` for all servers.
    fn shard(&self) -> Option<(u32, u32)>;

    /// Whether a bot runs on the database. Only a store that was opened beside a bot is asked this.
    async fn has_bot(&self) -> Result<bool, StoreError>;

    /// Completes when another process has taken the database over, so that no write succeeds.
    async fn taken_over(&self);

    /// Binds the database to this application, unless it is bound to another, and returns that one.
    async fn bind(&self, application: u64) -> Result<Option<u64>, StoreError>;

    /// Everything in the database except a saved session.
    #[cfg(feature = "postgres")]
    async fn content(&self) -> Result<Content, StoreError>;

    /// Writes what another database holds into this one, if it is empty, and compares both.
    #[cfg(feature = "postgres")]
    async fn write_content(&self, content: Content) -> Result<Written, StoreError>;

    // A person.

    /// Where something is stored about a person: every column in which their id is, as a number or in a
    /// text.
    async fn traces(&self, person: UserId) -> Result<Vec<Trace>, StoreError>;

    /// What has to be finished before a person can be forgotten.
    async fn unfinished(&self, person: UserId) -> Result<Unfinished, StoreError>;

    /// Removes what is stored about a person, unless something other than these tickets is unfinished.
    /// Returns what is unfinished.
    async fn forget_person(
        &self,
        person: UserId,
        closed: Vec<ChannelId>,
    ) -> Result<Unfinished, StoreError>;

    // Inboxes.

    async fn inbox(&self, id: InboxId) -> Result<Option<Inbox>, StoreError>;

    /// The inbox that this message shows.
    async fn inbox_of_message(&self, message: MessageId) -> Result<Option<Inbox>, StoreError>;

    /// The inboxes of a server, oldest first.
    async fn inboxes_in(&self, guild: GuildId) -> Result<Vec<Inbox>, StoreError>;

    /// The inboxes whose starting message has `@everyone` or `@here`.
    async fn inboxes_naming_everybody(&self) -> Result<Vec<InboxId>, StoreError>;

    /// Writes a new inbox that is on the message of another, and adds it to what that message offers. False if
    /// there is no such message.
    async fn create_entry(&self, inbox: Inbox) -> Result<bool, StoreError>;

    /// Changes one part of an inbox. False if there is no such inbox.
    async fn change_inbox(&self, id: InboxId, change: InboxChange) -> Result<bool, StoreError>;

    /// Forgets deleted messages, and returns the inboxes among them, which are removed: their tickets stay,
    /// and they are [kept](Self::removed_inbox).
    async fn forget_messages(&self, ids: &[MessageId]) -> Result<Vec<InboxId>, StoreError>;

    /// Removes a deleted role from the staff of every inbox, and returns how many inboxes had it.
    async fn forget_role(&self, guild: GuildId, role: RoleId) -> Result<usize, StoreError>;

    // Removed inboxes. They are kept for 30 days, and while one of their tickets is open.

    async fn removed_inbox(&self, id: InboxId) -> Result<Option<Removed>, StoreError>;

    /// The removed inboxes of a server, newest first.
    async fn removed_inboxes(&self, guild: GuildId) -> Result<Vec<Removed>, StoreError>;

    /// Keeps a server's removed inbox no longer than its tickets are open.
    async fn forget_removed_inbox(&self, guild: GuildId, id: InboxId) -> Result<(), StoreError>;

    // Settings.

    async fn setting(&self, scope: Scope, key: &str) -> Result<Option<String>, StoreError>;

    /// All settings of a scope with their values, in the order of their keys.
    async fn settings(&self, scope: Scope) -> Result<Vec<(String, String)>, StoreError>;

    /// Sets a setting, or removes it. Nothing is written for an inbox that never existed. A name that another
    /// inbox of the server already has is an error.
    async fn set_setting(
        &self,
        scope: Scope,
        key: &str,
        value: Option<String>,
    ) -> Result<(), StoreError>;

    // Tickets.

    async fn ticket(&self, id: ChannelId) -> Result<Option<Ticket>, StoreError>;

    /// A member's tickets in a server, newest first, also those whose inbox is gone.
    async fn tickets_of(&self, guild: GuildId, owner: UserId) -> Result<Vec<Ticket>, StoreError>;

    /// The tickets of a server that are not closed, according to the database, oldest first.
    async fn open_tickets(&self, guild: GuildId) -> Result<Vec<Ticket>, StoreError>;

    /// The closed tickets of a server, newest first; so many at most.
    async fn newest_closed(&self, guild: GuildId, most: usize) -> Result<Vec<Ticket>, StoreError>;

    /// How many tickets were opened in each inbox of a server since these two times. Tickets whose threads
    /// were deleted do not count.
    async fn opened_since(
        &self,
        guild: GuildId,
        week: Timestamp,
        month: Timestamp,
    ) -> Result<Vec<Opened>, StoreError>;

    /// Stores a ticket's state and the newest of the bot's own messages in it; `None` leaves that
    /// message as it is. Writes nothing if nothing changes, or if there is no such ticket.
    async fn set_ticket(
        &self,
        id: ChannelId,
        state: State,
        own_message: Option<MessageId>,
    ) -> Result<(), StoreError>;

    /// Stores that a closed ticket was reopened at this time, and otherwise does what
    /// [`set_ticket`](Self::set_ticket) does. Time before the reopening does not count for what is due.
    async fn reopen_ticket(
        &self,
        id: ChannelId,
        presence: Presence,
        own_message: Option<MessageId>,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Stores since when the bot cannot view a ticket; `None` means that it can. An earlier time that is
    /// stored stays.
    async fn set_hidden(&self, id: ChannelId, since: Option<Timestamp>) -> Result<(), StoreError>;

    /// Stores whether only the owner has joined a ticket, which is the newest one of its inbox.
    async fn set_alone(&self, id: ChannelId, is_alone: bool) -> Result<(), StoreError>;

    /// The open tickets for which it is still unknown whether anybody but the owner joins.
    async fn awaiting_staff(&self) -> Result<Vec<(GuildId, ChannelId)>, StoreError>;

    /// An inbox's last ticket, if only its owner joined it.
    async fn alone_in(&self, inbox: InboxId) -> Result<Option<ChannelId>, StoreError>;

    /// Notes that somebody closes an open ticket through the bot. `after` is older than every message
    /// that the bot will send for it.
    async fn begin_closing(
        &self,
        id: ChannelId,
        request: ClosingRequest,
        after: MessageId,
    ) -> Result<ClosingBegun, StoreError>;

    /// Who closes a ticket through the bot.
    async fn closing(&self, id: ChannelId) -> Result<Option<ClosingRequest>, StoreError>;

    /// The messages in a ticket that have buttons, or had some that may come back, oldest first.
    async fn ticket_buttons(&self, id: ChannelId) -> Result<Vec<TicketButton>, StoreError>;

    /// Stores whether a message in a ticket still has buttons.
    async fn set_ticket_button(
        &self,
        id: ChannelId,
        button: TicketButton,
    ) -> Result<(), StoreError>;

    /// Whom a ticket waits for; `None` if that is not known yet.
    async fn waiting(&self, id: ChannelId) -> Result<Option<Waiting>, StoreError>;

    /// Whom the open tickets of a server wait for, if known.
    async fn waiting_in(&self, guild: GuildId) -> Result<Vec<(ChannelId, Waiting)>, StoreError>;

    /// Stores whom a ticket waits for.
    async fn set_waiting(&self, id: ChannelId, waiting: Waiting) -> Result<(), StoreError>;

    /// Transfers a ticket to another inbox, whose notices are in this channel. `None` leaves the ticket's
    /// notice where it is.
    async fn transfer_ticket(
        &self,
        id: ChannelId,
        inbox: InboxId,
        notices: Option<ChannelId>,
    ) -> Result<(), StoreError>;

    /// The timers of a ticket. `None` if it is not known whom the ticket waits for.
    async fn pending(&self, id: ChannelId) -> Result<Option<Pending>, StoreError>;

    /// Tickets in which something may be due now, newest first, up to a given number. `older_than` continues
    /// an earlier list.
    async fn due(
        &self,
        now: Timestamp,
        older_than: Option<ChannelId>,
        most: usize,
    ) -> Result<Vec<(GuildId, ChannelId)>, StoreError>;

    /// The first moment after this one at which to decide what is due.
    async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError>;

    /// Stores when to decide again what is due about a ticket; `None` is never.
    async fn set_due(&self, id: ChannelId, at: Option<Timestamp>) -> Result<(), StoreError>;

    /// Notes that a message that is due is about to be sent in a ticket.
    async fn begin_sending(&self, id: ChannelId) -> Result<(), StoreError>;

    /// Stores that the bot has sent a due message.
    async fn sent(
        &self,
        id: ChannelId,
        message: MessageId,
        whom: Notified,
    ) -> Result<(), StoreError>;

    /// Stores that somebody has asked the owner, by this message, whether to close a ticket.
    async fn ask_close(
        &self,
        id: ChannelId,
        prompt: MessageId,
        asked: Asked,
    ) -> Result<(), StoreError>;

    /// Stores that there are no reminders in a ticket until then, and who wants to be notified then.
    async fn snooze(&self, id: ChannelId, until: Timestamp, by: UserId) -> Result<(), StoreError>;

    /// Stores that a snooze has ended and nobody waits for its end.
    async fn end_snooze(&self, id: ChannelId) -> Result<(), StoreError>;

    /// Stores who has claimed a ticket.
    async fn claim_ticket(&self, id: ChannelId, by: Option<UserId>) -> Result<(), StoreError>;

    /// Ends the claims of a member who has left the server. Returns the tickets that are open.
    async fn end_claims(
        &self,
        guild: GuildId,
        holder: UserId,
    ) -> Result<Vec<ChannelId>, StoreError>;

    // Notices.

    /// A ticket's notice.
    async fn notice(&self, ticket: ChannelId) -> Result<Option<Notice>, StoreError>;

    /// The notice that has this message.
    async fn notice_of_message(&self, message: MessageId) -> Result<Option<Notice>, StoreError>;

    /// The notices in a channel that may have to be posted or changed, now or later, oldest first.
    async fn unfinished_notices(&self, channel: ChannelId) -> Result<Vec<Notice>, StoreError>;

    /// The channels that have such notices, of one server or of all.
    async fn notice_channels(
        &self,
        guild: Option<GuildId>,
    ) -> Result<Vec<(GuildId, ChannelId)>, StoreError>;

    /// Stores which message in this channel is a ticket's notice, and what it shows. Returns false if the
    /// notice is no longer in this channel.
    async fn set_notice(
        &self,
        ticket: ChannelId,
        channel: ChannelId,
        message: MessageId,
        shown: String,
    ) -> Result<bool, StoreError>;

    /// Stores who joined a ticket, if nobody was before them. Only a ticket with a notice needs it.
    async fn note_join(&self, ticket: ChannelId, by: UserId) -> Result<(), StoreError>;

    /// Forgets a ticket's notice, because it is gone or cannot be posted. It is not posted again.
    async fn forget_notice(&self, ticket: ChannelId) -> Result<(), StoreError>;

    /// Forgets every notice in a channel.
    async fn forget_notices_in(&self, channel: ChannelId) -> Result<(), StoreError>;

    /// Inserts a ticket that the database has lost, unless it is there.
    async fn adopt_ticket(&self, ticket: Ticket) -> Result<(), StoreError>;

    /// What must be checked in a server after a gap. `active` are its active threads, and `own` those
    /// of them that the bot created.
    async fn unfinished_tickets(
        &self,
        guild: GuildId,
        active: Vec<ChannelId>,
        own: Vec<ChannelId>,
    ) -> Result<Unsettled, StoreError>;

    /// The closed tickets of a server, oldest first, and whether each is known to be locked.
    async fn closed_tickets(&self, guild: GuildId) -> Result<Vec<(ChannelId, bool)>, StoreError>;

    /// Forgets a deleted channel or thread, with its inboxes, its ticket and its orphaned threads. Inboxes
    /// that created their tickets there now use their own channel. Returns the server if other tickets may
    /// have been in the channel, because the channel of a ticket is not stored.
    async fn forget_channel(&self, id: ChannelId) -> Result<Option<GuildId>, StoreError>;

    // Openings.

    /// Checks the limits, counts the ticket, writes the opening's entry and starts the cooldown. `make` gets
    /// the ticket's number. It may be called even if no opening begins, so it must have no side effects.
    async fn begin_opening(&self, begin: Begin, make: MakeEntry) -> Result<Begun, StoreError>;

    /// The number of the next ticket; no two callers get the same. `None` if there is no such inbox.
    async fn next_number(&self, inbox: InboxId) -> Result<Option<u64>, StoreError>;

    /// How many tickets of an inbox count as open now, or are being opened.
    async fn open_in(&self, inbox: InboxId, now: Timestamp) -> Result<usize, StoreError>;

    /// When the member last opened a ticket in an inbox. If the database has no cooldown, which the original
    /// does not write, it is the creation of their newest thread.
    async fn last_opened(
        &self,
        inbox: InboxId,
        owner: UserId,
    ) -> Result<Option<Timestamp>, StoreError>;

    /// Makes a thread the ticket of this opening, and saves the opening's progress, unless something else has
    /// claimed the thread.
    async fn claim_thread(
        &self,
        id: u64,
        thread: ChannelId,
        work: Work,
    ) -> Result<Claim, StoreError>;

    /// Whether a thread is a ticket or an orphan, or belongs to an opening.
    async fn is_claimed(&self, thread: ChannelId) -> Result<bool, StoreError>;

    /// Whether a ticket is still being opened, so that its owner may not be in it yet.
    async fn is_opening(&self, thread: ChannelId) -> Result<bool, StoreError>;

    /// Deletes an opening's entry and applies its result: stores the starting message, or forgets the thread
    /// that was deleted, or records an orphan, or removes the cooldown.
    async fn finish_opening(&self, id: u64, end: End) -> Result<(), StoreError>;

    // The journal.

    /// Writes an entry, unless there is one with its id.
    async fn begin(&self, entry: Entry) -> Result<(), StoreError>;

    /// Writes how far an entry's work has come. Does nothing if there is no such entry.
    async fn save(&self, id: u64, work: Work) -> Result<(), StoreError>;

    /// Deletes an entry, because its work is done.
    async fn finish(&self, id: u64) -> Result<(), StoreError>;

    /// Deletes the entry of a response that was sent. Other work that has the interaction's entry stays.
    async fn finish_response(&self, id: u64) -> Result<(), StoreError>;

    /// Stores a new inbox, whose counter starts at 0, and records it in the entry of its posting. An error if
    /// the id is already used. `again` is the removed inbox that is posted again: it keeps its tickets and
    /// its counter.
    async fn finish_posting(
        &self,
        id: u64,
        inbox: Inbox,
        again: Option<InboxId>,
    ) -> Result<(), StoreError>;

    /// All entries, oldest first.
    async fn journal(&self) -> Result<Vec<Entry>, StoreError>;

    async fn entry(&self, id: u64) -> Result<Option<Entry>, StoreError>;

    // Servers.

    /// The servers that anything is stored about.
    async fn guilds(&self) -> Result<Vec<GuildId>, StoreError>;

    /// Those of these servers about which something is stored.
    async fn remembered(&self, guilds: Vec<GuildId>) -> Result<Vec<GuildId>, StoreError>;

    /// Forgets a server that the bot is no longer in.
    async fn forget_guild(&self, id: GuildId) -> Result<(), StoreError>;

    /// Removes cooldowns that began before this time, and inboxes that were removed before it.
    async fn purge(&self, before: Timestamp) -> Result<(), StoreError>;

    // The saved gateway session.

    /// Replaces the saved session. For a server with `None`, the bot knows only the id.
    async fn save_session(
        &self,
        session: SavedSession,
        servers: SavedServers,
    ) -> Result<(), StoreError>;

    /// The saved session, without its servers.
    async fn saved_session(&self) -> Result<Option<SavedSession>, StoreError>;

    /// Some of the saved servers, in the order of their ids; those after this one. The caller has
    /// read all of them when none come.
    async fn saved_servers(
        &self,
        after: GuildId,
    ) -> Result<Vec<(GuildId, Option<Vec<u8>>)>, StoreError>;

    async fn discard_session(&self) -> Result<(), StoreError>;
}
