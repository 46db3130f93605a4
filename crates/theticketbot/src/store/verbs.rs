//! The verbs of [`Store`]. Each verb is one job, in its own transaction. An engine names its commits after the
//! method here, so a verb that writes passes a closure, not a function.

use std::sync::Arc;

use tickets::due::Asked;
use tickets::entries::ENTRIES;
use tickets::inbox::{Inbox, InboxChange};
use tickets::notice::Notice;
use tickets::opening::machine::End;
use tickets::ticket::{ClosingRequest, Phase, Presence, State, Ticket};
use tickets::waiting::Waiting;
use tickets::{ChannelId, GuildId, InboxId, MessageId, RoleId, Timestamp, UserId};

use super::engine::{Engine, Kind, run};
use super::sql::{Connection, Result as Done};
use super::{
    Begin, Begun, Claim, ClosingBegun, Entry, MakeEntry, Notified, Opened, Pending, Removed,
    SavedServers, SavedSession, Scope, Store, StoreError, TicketButton, Trace, Unfinished,
    Unsettled, Work, button, closing, due, guild, inbox, journal, member, notice, panel, removed,
    session, setting, ticket, waiting,
};
#[cfg(feature = "postgres")]
use super::{Content, Written, copy};
use crate::shards::shard_of;

impl Store {
    pub(super) fn on(engine: impl Engine + 'static) -> Self {
        Self(Arc::new(engine))
    }

    /// Whether this store holds a server.
    fn serves(&self, guild: GuildId) -> bool {
        let shard = self.0.shard();
        shard.is_none_or(|(shard, total)| shard_of(guild, total) == shard)
    }

    /// Runs one job that only reads.
    async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Done<T> + Send + 'static,
    ) -> Done<T> {
        run(&*self.0, Kind::Reads, job).await
    }

    /// Runs one job that may write.
    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Done<T> + Send + 'static,
    ) -> Done<T> {
        run(&*self.0, Kind::Writes, job).await
    }
}

/// The verbs.
impl Store {
    // The database itself.

    /// Whether other processes can reach the database. If so, only one application may use it.
    pub fn is_shared(&self) -> bool {
        self.0.is_shared()
    }

    /// The shard whose servers this store holds, and the number of shards; `None` for all servers.
    pub fn shard(&self) -> Option<(u32, u32)> {
        self.0.shard()
    }

    /// Whether a bot runs on the database. Only a store that was opened beside a bot is asked this.
    pub async fn has_bot(&self) -> Result<bool, StoreError> {
        self.0.has_bot().await
    }

    /// Completes when another process has taken the database over, so that no write succeeds.
    pub async fn taken_over(&self) {
        self.0.taken_over().await;
    }

    /// Binds the database to this application, unless it is bound to another, and returns that one.
    pub async fn bind(&self, application: u64) -> Result<Option<u64>, StoreError> {
        self.write(move |conn| setting::bind(conn, application))
            .await
    }

    /// Everything in the database except a saved session.
    #[cfg(feature = "postgres")]
    pub async fn content(&self) -> Result<Content, StoreError> {
        self.read(copy::read).await
    }

    /// Writes what another database holds into this one, if it is empty, and compares both.
    #[cfg(feature = "postgres")]
    pub async fn write_content(&self, content: Content) -> Result<Written, StoreError> {
        self.write(move |conn| copy::write(conn, &content)).await
    }

    // A person.

    /// Where something is stored about a person: every column in which their id is, as a number or in a
    /// text.
    pub async fn traces(&self, person: UserId) -> Result<Vec<Trace>, StoreError> {
        self.read(move |conn| member::traces(conn, person)).await
    }

    /// What has to be finished before a person can be forgotten.
    pub async fn unfinished(&self, person: UserId) -> Result<Unfinished, StoreError> {
        self.read(move |conn| member::unfinished(conn, person))
            .await
    }

    /// Removes what is stored about a person, unless something other than these tickets is unfinished.
    /// Returns what is unfinished.
    pub async fn forget_person(
        &self,
        person: UserId,
        closed: Vec<ChannelId>,
    ) -> Result<Unfinished, StoreError> {
        self.write(move |conn| member::forget(conn, person, &closed))
            .await
    }

    // Inboxes.

    pub async fn inbox(&self, id: InboxId) -> Result<Option<Inbox>, StoreError> {
        self.read(move |conn| inbox::find(conn, id)).await
    }

    /// The inbox that this message shows.
    pub async fn inbox_of_message(&self, message: MessageId) -> Result<Option<Inbox>, StoreError> {
        self.read(move |conn| inbox::find(conn, InboxId::of_message(message)))
            .await
    }

    /// The inboxes of a server, oldest first.
    pub async fn inboxes_in(&self, guild: GuildId) -> Result<Vec<Inbox>, StoreError> {
        self.read(move |conn| inbox::all_in(conn, guild)).await
    }

    /// The inboxes whose starting message has `@everyone` or `@here`.
    pub async fn inboxes_naming_everybody(&self) -> Result<Vec<InboxId>, StoreError> {
        self.read(inbox::naming_everybody).await
    }

    /// Writes a new inbox that is on the message of another, and adds it to what that message offers. False if
    /// there is no such message.
    pub async fn create_entry(&self, inbox: Inbox) -> Result<bool, StoreError> {
        self.write(move |conn| inbox::create_entry(conn, &inbox))
            .await
    }

    /// Changes one part of an inbox. False if there is no such inbox.
    pub async fn change_inbox(&self, id: InboxId, change: InboxChange) -> Result<bool, StoreError> {
        self.write(move |conn| inbox::change(conn, id, &change))
            .await
    }

    /// Forgets deleted messages, and returns the inboxes among them, which are removed: their tickets stay,
    /// and they are [kept](Self::removed_inbox). Inboxes that another message offers, too, stay on that one.
    pub async fn forget_messages(&self, ids: &[MessageId]) -> Result<Vec<InboxId>, StoreError> {
        let ids = ids.to_vec();
        self.write(move |conn| inbox::forget_messages(conn, &ids))
            .await
    }

    /// Removes a deleted role from the staff of every inbox, and returns how many inboxes had it.
    pub async fn forget_role(&self, guild: GuildId, role: RoleId) -> Result<usize, StoreError> {
        self.write(move |conn| inbox::forget_role(conn, guild, role))
            .await
    }

    // Removed inboxes. They are kept for 30 days, and while one of their tickets is open.

    pub async fn removed_inbox(&self, id: InboxId) -> Result<Option<Removed>, StoreError> {
        self.read(move |conn| removed::find(conn, id)).await
    }

    /// The removed inboxes of a server, newest first.
    pub async fn removed_inboxes(&self, guild: GuildId) -> Result<Vec<Removed>, StoreError> {
        self.read(move |conn| removed::all_in(conn, guild)).await
    }

    /// Keeps a server's removed inbox no longer than its tickets are open.
    pub async fn forget_removed_inbox(
        &self,
        guild: GuildId,
        id: InboxId,
    ) -> Result<(), StoreError> {
        self.write(move |conn| removed::forget(conn, guild, id))
            .await
    }

    // Settings.

    pub async fn setting(&self, scope: Scope, key: &str) -> Result<Option<String>, StoreError> {
        let key = key.to_owned();
        self.read(move |conn| setting::find(conn, scope, &key))
            .await
    }

    /// All settings of a scope with their values, in the order of their keys.
    pub async fn settings(&self, scope: Scope) -> Result<Vec<(String, String)>, StoreError> {
        self.read(move |conn| setting::all(conn, scope)).await
    }

    /// Sets a setting, or removes it. Nothing is written for an inbox that never existed. A name that another
    /// inbox of the server already has is an error.
    pub async fn set_setting(
        &self,
        scope: Scope,
        key: &str,
        value: Option<String>,
    ) -> Result<(), StoreError> {
        let key = key.to_owned();
        self.write(move |conn| {
            match value {
                Some(value) => setting::set(conn, scope, &key, &value)?,
                None => setting::remove(conn, scope, &key)?,
            }
            match scope {
                Scope::Inbox(host) if key == ENTRIES => panel::changed(conn, host),
                _ => Ok(()),
            }
        })
        .await
    }

    // Tickets.

    pub async fn ticket(&self, id: ChannelId) -> Result<Option<Ticket>, StoreError> {
        self.read(move |conn| ticket::find(conn, id)).await
    }

    /// A member's tickets in a server, newest first, also those whose inbox is gone.
    pub async fn tickets_of(
        &self,
        guild: GuildId,
        owner: UserId,
    ) -> Result<Vec<Ticket>, StoreError> {
        self.read(move |conn| ticket::all_of(conn, guild, owner))
            .await
    }

    /// The tickets of a server that are not closed, according to the database, oldest first.
    pub async fn open_tickets(&self, guild: GuildId) -> Result<Vec<Ticket>, StoreError> {
        self.read(move |conn| ticket::open_in(conn, guild)).await
    }

    /// The closed tickets of a server, newest first; so many at most.
    pub async fn newest_closed(
        &self,
        guild: GuildId,
        most: usize,
    ) -> Result<Vec<Ticket>, StoreError> {
        self.read(move |conn| ticket::newest_closed(conn, guild, most))
            .await
    }

    /// The closed tickets of a server, oldest first, and whether each is known to be locked.
    pub async fn closed_tickets(
        &self,
        guild: GuildId,
    ) -> Result<Vec<(ChannelId, bool)>, StoreError> {
        self.read(move |conn| ticket::closed(conn, guild)).await
    }

    /// What must be checked in a server after a gap. `active` are its active threads, and `own` those
    /// of them that the bot created.
    pub async fn unfinished_tickets(
        &self,
        guild: GuildId,
        active: Vec<ChannelId>,
        own: Vec<ChannelId>,
    ) -> Result<Unsettled, StoreError> {
        self.read(move |conn| ticket::unfinished(conn, guild, &active, &own))
            .await
    }

    /// How many tickets were opened in each inbox of a server since these two times. Tickets whose threads
    /// were deleted do not count.
    pub async fn opened_since(
        &self,
        guild: GuildId,
        week: Timestamp,
        month: Timestamp,
    ) -> Result<Vec<Opened>, StoreError> {
        self.read(move |conn| ticket::opened_since(conn, guild, week, month))
            .await
    }

    /// Inserts a ticket that the database has lost, unless it is there.
    pub async fn adopt_ticket(&self, ticket: Ticket) -> Result<(), StoreError> {
        self.write(move |conn| {
            if ticket::find(conn, ticket.id)?.is_some() {
                return Ok(());
            }
            journal::forget_orphan(conn, ticket.id)?;
            ticket::insert(conn, &ticket)
        })
        .await
    }

    /// Stores the state of a ticket that was in this phase, and the newest of the bot's own messages in it;
    /// `None` leaves that message as it is. Returns false and writes nothing if the ticket is in another phase
    /// now, because somebody else has begun to close it, or if there is no such ticket.
    pub async fn set_ticket(
        &self,
        id: ChannelId,
        was: Phase,
        state: State,
        own_message: Option<MessageId>,
    ) -> Result<bool, StoreError> {
        self.write(move |conn| ticket::change(conn, id, was, state, own_message))
            .await
    }

    /// Stores a message of the bot's own in a ticket, unless a newer one is stored already.
    pub async fn set_own_message(
        &self,
        id: ChannelId,
        message: MessageId,
    ) -> Result<(), StoreError> {
        self.write(move |conn| ticket::set_own_message(conn, id, message))
            .await
    }

    /// Stores that a closed ticket was reopened at this time, and the newest of the bot's own messages in it. Time before the reopening does not count for what is due.
    pub async fn reopen_ticket(
        &self,
        id: ChannelId,
        presence: Presence,
        own_message: Option<MessageId>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |conn| ticket::reopen(conn, id, presence, own_message, at))
            .await
    }

    /// Stores since when the bot cannot view a ticket; `None` means that it can. An earlier time that is
    /// stored stays.
    pub async fn set_hidden(
        &self,
        id: ChannelId,
        since: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| ticket::set_hidden(conn, id, since))
            .await
    }

    /// Stores whether only the owner has joined a ticket, which is the newest one of its inbox.
    pub async fn set_alone(&self, id: ChannelId, is_alone: bool) -> Result<(), StoreError> {
        self.write(move |conn| ticket::set_alone(conn, id, is_alone))
            .await
    }

    /// The open tickets for which it is still unknown whether anybody but the owner joins.
    pub async fn awaiting_staff(&self) -> Result<Vec<(GuildId, ChannelId)>, StoreError> {
        let mut tickets = self.read(ticket::awaiting_staff).await?;
        tickets.retain(|(guild, _)| self.serves(*guild));
        Ok(tickets)
    }

    /// An inbox's last ticket, if only its owner joined it.
    pub async fn alone_in(&self, inbox: InboxId) -> Result<Option<ChannelId>, StoreError> {
        self.read(move |conn| ticket::alone_in(conn, inbox)).await
    }

    /// Notes that somebody closes an open ticket through the bot. `after` is older than every message
    /// that the bot will send for it.
    pub async fn begin_closing(
        &self,
        id: ChannelId,
        request: ClosingRequest,
        after: MessageId,
    ) -> Result<ClosingBegun, StoreError> {
        self.write(move |conn| closing::begin(conn, id, &request, after))
            .await
    }

    /// Who closes a ticket through the bot.
    pub async fn closing(&self, id: ChannelId) -> Result<Option<ClosingRequest>, StoreError> {
        self.read(move |conn| closing::find(conn, id)).await
    }

    /// The messages in a ticket that have buttons, or had some that may come back, oldest first.
    pub async fn ticket_buttons(&self, id: ChannelId) -> Result<Vec<TicketButton>, StoreError> {
        self.read(move |conn| button::of_ticket(conn, id)).await
    }

    /// Stores whether a message in a ticket still has buttons.
    pub async fn set_ticket_button(
        &self,
        id: ChannelId,
        button: TicketButton,
    ) -> Result<(), StoreError> {
        self.write(move |conn| button::set(conn, id, button)).await
    }

    /// Whom a ticket waits for; `None` if that is not known yet.
    pub async fn waiting(&self, id: ChannelId) -> Result<Option<Waiting>, StoreError> {
        self.read(move |conn| waiting::find(conn, id)).await
    }

    /// Whom the open tickets of a server wait for, if known.
    pub async fn waiting_in(
        &self,
        guild: GuildId,
    ) -> Result<Vec<(ChannelId, Waiting)>, StoreError> {
        self.read(move |conn| waiting::open_in(conn, guild)).await
    }

    /// Stores whom a ticket waits for.
    pub async fn set_waiting(&self, id: ChannelId, waiting: Waiting) -> Result<(), StoreError> {
        self.write(move |conn| waiting::set(conn, id, waiting))
            .await
    }

    /// Transfers a ticket to another inbox, whose notices are in this channel. `None` leaves the ticket's
    /// notice where it is.
    pub async fn transfer_ticket(
        &self,
        id: ChannelId,
        inbox: InboxId,
        notices: Option<ChannelId>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            ticket::transfer(conn, id, inbox)?;
            notice::transfer(conn, id, notices)
        })
        .await
    }

    /// Stores who has claimed a ticket.
    pub async fn claim_ticket(&self, id: ChannelId, by: Option<UserId>) -> Result<(), StoreError> {
        self.write(move |conn| ticket::claim(conn, id, by)).await
    }

    /// Ends the claims of a member who has left the server. Returns the tickets that are open.
    pub async fn end_claims(
        &self,
        guild: GuildId,
        holder: UserId,
    ) -> Result<Vec<ChannelId>, StoreError> {
        self.write(move |conn| ticket::end_claims(conn, guild, holder))
            .await
    }

    // What is due in a ticket.

    /// The timers of a ticket. `None` if it is not known whom the ticket waits for.
    pub async fn pending(&self, id: ChannelId) -> Result<Option<Pending>, StoreError> {
        self.read(move |conn| due::find(conn, id)).await
    }

    /// Tickets in which something may be due now, newest first, up to a given number. `older_than` continues
    /// an earlier list.
    pub async fn due(
        &self,
        now: Timestamp,
        older_than: Option<ChannelId>,
        most: usize,
    ) -> Result<Vec<(GuildId, ChannelId)>, StoreError> {
        self.read(move |conn| due::now(conn, now, older_than, most))
            .await
    }

    /// The first moment after this one at which to decide what is due.
    pub async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        self.read(move |conn| due::first_after(conn, now)).await
    }

    /// Stores when to decide again what is due about a ticket; `None` is never.
    pub async fn set_due(&self, id: ChannelId, at: Option<Timestamp>) -> Result<(), StoreError> {
        self.write(move |conn| due::set(conn, id, at)).await
    }

    /// Notes that a message that is due is about to be sent in a ticket.
    pub async fn begin_sending(&self, id: ChannelId) -> Result<(), StoreError> {
        self.write(move |conn| due::begin_sending(conn, id)).await
    }

    /// Stores that the bot has sent a due message.
    pub async fn sent(
        &self,
        id: ChannelId,
        message: MessageId,
        whom: Notified,
    ) -> Result<(), StoreError> {
        self.write(move |conn| due::sent(conn, id, message, whom))
            .await
    }

    /// Stores that somebody has asked the owner, by this message, whether to close a ticket.
    pub async fn ask_close(
        &self,
        id: ChannelId,
        prompt: MessageId,
        asked: Asked,
    ) -> Result<(), StoreError> {
        self.write(move |conn| due::ask_close(conn, id, prompt, &asked))
            .await
    }

    /// Stores that there are no reminders in a ticket until then, and who wants to be notified then.
    pub async fn snooze(
        &self,
        id: ChannelId,
        until: Timestamp,
        by: UserId,
    ) -> Result<(), StoreError> {
        self.write(move |conn| due::snooze(conn, id, until, by))
            .await
    }

    /// Stores that a snooze has ended and nobody waits for its end.
    pub async fn end_snooze(&self, id: ChannelId) -> Result<(), StoreError> {
        self.write(move |conn| due::end_snooze(conn, id)).await
    }

    // Notices.

    /// A ticket's notice.
    pub async fn notice(&self, ticket: ChannelId) -> Result<Option<Notice>, StoreError> {
        self.read(move |conn| notice::find(conn, ticket)).await
    }

    /// The notice that has this message.
    pub async fn notice_of_message(
        &self,
        message: MessageId,
    ) -> Result<Option<Notice>, StoreError> {
        self.read(move |conn| notice::of_message(conn, message))
            .await
    }

    /// The notices in a channel that may have to be posted or changed, now or later, oldest first.
    pub async fn unfinished_notices(&self, channel: ChannelId) -> Result<Vec<Notice>, StoreError> {
        self.read(move |conn| notice::unfinished_in(conn, channel))
            .await
    }

    /// The channels that have such notices, of one server or of all.
    pub async fn notice_channels(
        &self,
        guild: Option<GuildId>,
    ) -> Result<Vec<(GuildId, ChannelId)>, StoreError> {
        self.read(move |conn| notice::unfinished(conn, guild)).await
    }

    /// Stores which message in this channel is a ticket's notice, and what it shows. Returns false if the
    /// notice is no longer in this channel.
    pub async fn set_notice(
        &self,
        ticket: ChannelId,
        channel: ChannelId,
        message: MessageId,
        shown: String,
    ) -> Result<bool, StoreError> {
        self.write(move |conn| notice::set(conn, ticket, channel, message, &shown))
            .await
    }

    /// Stores who joined a ticket, if nobody was before them. Only a ticket with a notice needs it.
    pub async fn note_join(&self, ticket: ChannelId, by: UserId) -> Result<(), StoreError> {
        self.write(move |conn| notice::join(conn, ticket, by)).await
    }

    /// Forgets a ticket's notice, because it is gone or cannot be posted. It is not posted again.
    pub async fn forget_notice(&self, ticket: ChannelId) -> Result<(), StoreError> {
        self.write(move |conn| notice::forget(conn, ticket)).await
    }

    /// Forgets every notice in a channel.
    pub async fn forget_notices_in(&self, channel: ChannelId) -> Result<(), StoreError> {
        self.write(move |conn| notice::forget_in(conn, channel))
            .await
    }

    // Openings.

    /// Checks the limits, counts the ticket, writes the opening's entry and starts the cooldown. `make` gets
    /// the ticket's number. It may be called even if no opening begins, so it must have no side effects.
    pub async fn begin_opening(&self, begin: Begin, make: MakeEntry) -> Result<Begun, StoreError> {
        self.write(move |conn| journal::begin_opening(conn, &begin, make))
            .await
    }

    /// The number of the next ticket; no two callers get the same. `None` if there is no such inbox.
    pub async fn next_number(&self, inbox: InboxId) -> Result<Option<u64>, StoreError> {
        self.write(move |conn| inbox::next_number(conn, inbox))
            .await
    }

    /// How many tickets of an inbox count as open now, or are being opened.
    pub async fn open_in(&self, inbox: InboxId, now: Timestamp) -> Result<usize, StoreError> {
        self.read(move |conn| journal::open_in(conn, inbox, now))
            .await
    }

    /// When the member last opened a ticket in an inbox. If the database has no cooldown, which the original
    /// does not write, it is the creation of their newest thread.
    pub async fn last_opened(
        &self,
        inbox: InboxId,
        owner: UserId,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.read(move |conn| inbox::last_opened(conn, inbox, owner))
            .await
    }

    /// Makes a thread the ticket of this opening, and saves the opening's progress, unless something else has
    /// claimed the thread.
    pub async fn claim_thread(
        &self,
        id: u64,
        thread: ChannelId,
        work: Work,
    ) -> Result<Claim, StoreError> {
        self.write(move |conn| journal::claim_thread(conn, id, thread, &work))
            .await
    }

    /// Whether a thread is a ticket or an orphan, or belongs to an opening.
    pub async fn is_claimed(&self, thread: ChannelId) -> Result<bool, StoreError> {
        self.read(move |conn| journal::is_claimed(conn, thread))
            .await
    }

    /// Whether a ticket is still being opened, so that its owner may not be in it yet.
    pub async fn is_opening(&self, thread: ChannelId) -> Result<bool, StoreError> {
        self.read(move |conn| journal::is_opening(conn, thread))
            .await
    }

    /// Deletes an opening's entry and applies its result: stores the starting message, or forgets the thread
    /// that was deleted, or records an orphan, or removes the cooldown.
    pub async fn finish_opening(&self, id: u64, end: End) -> Result<(), StoreError> {
        self.write(move |conn| journal::finish_opening(conn, id, end))
            .await
    }

    // The journal.

    /// Writes an entry, unless there is one with its id.
    pub async fn begin(&self, entry: Entry) -> Result<(), StoreError> {
        self.write(move |conn| journal::insert(conn, &entry)).await
    }

    /// Writes how far an entry's work has come. Does nothing if there is no such entry.
    pub async fn save(&self, id: u64, work: Work) -> Result<(), StoreError> {
        self.write(move |conn| journal::save(conn, id, &work)).await
    }

    /// Deletes an entry, because its work is done.
    pub async fn finish(&self, id: u64) -> Result<(), StoreError> {
        self.write(move |conn| journal::delete(conn, id)).await
    }

    /// Deletes the entry of a response that was sent. Other work that has the interaction's entry stays.
    pub async fn finish_response(&self, id: u64) -> Result<(), StoreError> {
        self.write(move |conn| journal::finish_response(conn, id))
            .await
    }

    /// Stores a new inbox, whose counter starts at 0, and records it in the entry of its posting. An error if
    /// the id is already used. `again` is the removed inbox that is posted again: it keeps its tickets and
    /// its counter.
    pub async fn finish_posting(
        &self,
        id: u64,
        inbox: Inbox,
        again: Option<InboxId>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| journal::finish_posting(conn, id, &inbox, again))
            .await
    }

    /// All entries, oldest first.
    pub async fn journal(&self) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.read(journal::all).await?;
        entries.retain(|entry| self.serves(entry.guild));
        Ok(entries)
    }

    pub async fn entry(&self, id: u64) -> Result<Option<Entry>, StoreError> {
        self.read(move |conn| journal::find(conn, id)).await
    }

    // Servers.

    /// The servers that anything is stored about.
    pub async fn guilds(&self) -> Result<Vec<GuildId>, StoreError> {
        let mut guilds = self.read(guild::all).await?;
        guilds.retain(|guild| self.serves(*guild));
        Ok(guilds)
    }

    /// Those of these servers about which something is stored.
    pub async fn remembered(&self, guilds: Vec<GuildId>) -> Result<Vec<GuildId>, StoreError> {
        self.read(move |conn| guild::remembered(conn, guilds)).await
    }

    /// Forgets a deleted channel or thread, with its inboxes, its ticket and its orphaned threads. Inboxes
    /// that created their tickets there now use their own channel. Returns the server if other tickets may
    /// have been in the channel, because the channel of a ticket is not stored.
    pub async fn forget_channel(&self, id: ChannelId) -> Result<Option<GuildId>, StoreError> {
        self.write(move |conn| guild::forget_channel(conn, id))
            .await
    }

    /// Forgets a server that the bot is no longer in.
    pub async fn forget_guild(&self, id: GuildId) -> Result<(), StoreError> {
        self.write(move |conn| guild::forget(conn, id)).await
    }

    /// Removes cooldowns that began before this time, and inboxes that were removed before it.
    pub async fn purge(&self, before: Timestamp) -> Result<(), StoreError> {
        self.write(move |conn| guild::purge(conn, before)).await
    }

    // The saved gateway session.

    /// Replaces the saved session. For a server with `None`, the bot knows only the id.
    pub async fn save_session(
        &self,
        session: SavedSession,
        servers: SavedServers,
    ) -> Result<(), StoreError> {
        let shard = self.0.shard();
        self.write(move |conn| session::save(conn, shard, &session, servers))
            .await
    }

    /// The saved session, without its servers.
    pub async fn saved_session(&self) -> Result<Option<SavedSession>, StoreError> {
        let shard = self.0.shard();
        self.read(move |conn| session::find(conn, shard)).await
    }

    /// Some of the saved servers, in the order of their ids; those after this one. The caller has
    /// read all of them when none come.
    pub async fn saved_servers(
        &self,
        after: GuildId,
    ) -> Result<Vec<(GuildId, Option<Vec<u8>>)>, StoreError> {
        let shard = self.0.shard();
        self.read(move |conn| session::servers(conn, shard, after))
            .await
    }

    pub async fn discard_session(&self) -> Result<(), StoreError> {
        let shard = self.0.shard();
        self.write(move |conn| session::discard(conn, shard)).await
    }
}
