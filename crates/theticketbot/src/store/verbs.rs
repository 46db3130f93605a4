//! The verbs on an engine: each is one job, in its own transaction. An engine names its commits after
//! the method here, so a verb that writes passes a closure, not a function.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tickets::due::Asked;
use tickets::inbox::{Inbox, InboxChange};
use tickets::notice::Notice;
use tickets::opening::machine::End;
use tickets::ticket::{ClosingRequest, Presence, State, Ticket};
use tickets::waiting::Waiting;
use tickets::{ChannelId, GuildId, InboxId, MessageId, RoleId, Timestamp, UserId};

use super::sql::{Connection, Result as Done};
use super::{
    Begin, Begun, Claim, ClosingBegun, Entry, MakeEntry, Notified, Opened, Pending, Removed,
    SavedServers, SavedSession, Scope, Storage, StoreError, TicketButton, Trace, Unfinished,
    Unsettled, Work, button, closing, due, guild, inbox, journal, member, notice, removed, session,
    setting, ticket, waiting,
};
use crate::shards::shard_of;

/// What a job does. It puts its result where its caller takes it.
type Body = Box<dyn FnOnce(&Connection) -> Done<()> + Send>;

/// What an engine runs.
pub(super) struct Job {
    pub(super) kind: Kind,
    /// The type name of the closure, which contains the verb's name.
    pub(super) name: &'static str,
    work: Body,
}

impl Job {
    /// Does the work. A panic fails this job only; it was reported where it happened.
    pub(super) fn perform(self, conn: &Connection) -> Done<()> {
        let done = catch_unwind(AssertUnwindSafe(|| (self.work)(conn)));
        done.unwrap_or_else(|_| Err(StoreError::Other("a database job panicked".to_owned())))
    }
}

/// Runs jobs. It is not generic over the type of a job, so that each engine's code is compiled once and not
/// for each verb.
#[async_trait]
pub(super) trait Engine: Send + Sync {
    /// Runs one job in a transaction, and returns once that is committed.
    async fn run(&self, job: Job) -> Done<()>;

    /// Whether other processes can reach the database.
    fn is_shared(&self) -> bool;

    /// Whether a bot runs on the database. Only an engine that was opened beside a bot is asked this.
    async fn has_bot(&self) -> Done<bool>;

    /// Completes when another process has taken the database over.
    async fn taken_over(&self);

    /// The shard whose servers this store holds, and the number of shards; `None` for all servers.
    fn shard(&self) -> Option<(u32, u32)> {
        None
    }
}

/// Whether a job may write. A writing job gets the right to write at its beginning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Reads,
    Writes,
}

/// The step of a commit, as a failpoint has it: the verb, out of its closure's name, such as
/// `…::Storage>::begin_opening<'_, '_>::{{closure}}`.
pub(super) struct Commit<'a>(pub(super) &'a str);

impl fmt::Display for Commit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = self.0.rsplit("::").find(|part| !part.starts_with('{'));
        let verb = verb.and_then(|verb| verb.split('<').next());
        write!(f, "commit {}", verb.unwrap_or_default())
    }
}

/// Runs one job on an engine, and returns its result once it is committed.
pub(super) async fn run<T, W>(engine: &dyn Engine, kind: Kind, work: W) -> Done<T>
where
    T: Send + 'static,
    W: FnOnce(&Connection) -> Done<T> + Send + 'static,
{
    let result = Arc::new(Mutex::new(None));
    let place = result.clone();
    let job = Job {
        kind,
        name: std::any::type_name::<W>(),
        work: Box::new(move |conn| {
            let value = work(conn)?;
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            Ok(())
        }),
    };
    engine.run(job).await?;
    let value = result.lock().unwrap_or_else(PoisonError::into_inner).take();
    value.ok_or(StoreError::Closed)
}

/// The verbs on an engine.
pub(super) struct Verbs(Box<dyn Engine>);

impl Verbs {
    pub(super) fn on(engine: impl Engine + 'static) -> Self {
        Self(Box::new(engine))
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

#[async_trait]
impl Storage for Verbs {
    fn is_shared(&self) -> bool {
        self.0.is_shared()
    }

    fn shard(&self) -> Option<(u32, u32)> {
        self.0.shard()
    }

    async fn has_bot(&self) -> Result<bool, StoreError> {
        self.0.has_bot().await
    }

    async fn traces(&self, person: UserId) -> Result<Vec<Trace>, StoreError> {
        self.read(move |conn| member::traces(conn, person)).await
    }

    async fn unfinished(&self, person: UserId) -> Result<Unfinished, StoreError> {
        self.read(move |conn| member::unfinished(conn, person))
            .await
    }

    async fn forget_person(
        &self,
        person: UserId,
        closed: Vec<ChannelId>,
    ) -> Result<Unfinished, StoreError> {
        self.write(move |conn| member::forget(conn, person, &closed))
            .await
    }

    async fn taken_over(&self) {
        self.0.taken_over().await;
    }

    async fn bind(&self, application: u64) -> Result<Option<u64>, StoreError> {
        self.write(move |conn| setting::bind(conn, application))
            .await
    }

    #[cfg(feature = "postgres")]
    async fn content(&self) -> Result<super::Content, StoreError> {
        self.read(super::copy::read).await
    }

    #[cfg(feature = "postgres")]
    async fn write_content(&self, content: super::Content) -> Result<super::Written, StoreError> {
        self.write(move |conn| super::copy::write(conn, &content))
            .await
    }

    async fn inbox(&self, id: InboxId) -> Result<Option<Inbox>, StoreError> {
        self.read(move |conn| inbox::find(conn, id)).await
    }

    async fn inbox_of_message(&self, message: MessageId) -> Result<Option<Inbox>, StoreError> {
        self.read(move |conn| inbox::find(conn, InboxId::of_message(message)))
            .await
    }

    async fn inboxes_in(&self, guild: GuildId) -> Result<Vec<Inbox>, StoreError> {
        self.read(move |conn| inbox::all_in(conn, guild)).await
    }

    async fn inboxes_naming_everybody(&self) -> Result<Vec<InboxId>, StoreError> {
        self.read(inbox::naming_everybody).await
    }

    async fn create_entry(&self, made: Inbox) -> Result<bool, StoreError> {
        self.write(move |conn| inbox::create_entry(conn, &made))
            .await
    }

    async fn change_inbox(&self, id: InboxId, change: InboxChange) -> Result<bool, StoreError> {
        self.write(move |conn| inbox::change(conn, id, &change))
            .await
    }

    async fn forget_messages(&self, ids: &[MessageId]) -> Result<Vec<InboxId>, StoreError> {
        let ids = ids.to_vec();
        self.write(move |conn| inbox::forget_messages(conn, &ids))
            .await
    }

    async fn forget_role(&self, guild: GuildId, role: RoleId) -> Result<usize, StoreError> {
        self.write(move |conn| inbox::forget_role(conn, guild, role))
            .await
    }

    async fn setting(&self, scope: Scope, key: &str) -> Result<Option<String>, StoreError> {
        let key = key.to_owned();
        self.read(move |conn| setting::find(conn, scope, &key))
            .await
    }

    async fn settings(&self, scope: Scope) -> Result<Vec<(String, String)>, StoreError> {
        self.read(move |conn| setting::all(conn, scope)).await
    }

    async fn set_setting(
        &self,
        scope: Scope,
        key: &str,
        value: Option<String>,
    ) -> Result<(), StoreError> {
        let key = key.to_owned();
        self.write(move |conn| match value {
            Some(value) => setting::set(conn, scope, &key, &value),
            None => setting::remove(conn, scope, &key),
        })
        .await
    }

    async fn ticket(&self, id: ChannelId) -> Result<Option<Ticket>, StoreError> {
        self.read(move |conn| ticket::find(conn, id)).await
    }

    async fn tickets_of(&self, guild: GuildId, owner: UserId) -> Result<Vec<Ticket>, StoreError> {
        self.read(move |conn| ticket::all_of(conn, guild, owner))
            .await
    }

    async fn open_tickets(&self, guild: GuildId) -> Result<Vec<Ticket>, StoreError> {
        self.read(move |conn| ticket::open_in(conn, guild)).await
    }

    async fn newest_closed(&self, guild: GuildId, most: usize) -> Result<Vec<Ticket>, StoreError> {
        self.read(move |conn| ticket::newest_closed(conn, guild, most))
            .await
    }

    async fn opened_since(
        &self,
        guild: GuildId,
        week: Timestamp,
        month: Timestamp,
    ) -> Result<Vec<Opened>, StoreError> {
        self.read(move |conn| ticket::opened_since(conn, guild, week, month))
            .await
    }

    async fn set_ticket(
        &self,
        id: ChannelId,
        state: State,
        own_message: Option<MessageId>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| ticket::set(conn, id, state, own_message))
            .await
    }

    async fn reopen_ticket(
        &self,
        id: ChannelId,
        presence: Presence,
        own_message: Option<MessageId>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |conn| ticket::reopen(conn, id, presence, own_message, at))
            .await
    }

    async fn set_hidden(&self, id: ChannelId, since: Option<Timestamp>) -> Result<(), StoreError> {
        self.write(move |conn| ticket::set_hidden(conn, id, since))
            .await
    }

    async fn set_alone(&self, id: ChannelId, is_alone: bool) -> Result<(), StoreError> {
        self.write(move |conn| ticket::set_alone(conn, id, is_alone))
            .await
    }

    async fn awaiting_staff(&self) -> Result<Vec<(GuildId, ChannelId)>, StoreError> {
        let mut tickets = self.read(ticket::awaiting_staff).await?;
        tickets.retain(|(guild, _)| self.serves(*guild));
        Ok(tickets)
    }

    async fn alone_in(&self, inbox: InboxId) -> Result<Option<ChannelId>, StoreError> {
        self.read(move |conn| ticket::alone_in(conn, inbox)).await
    }

    async fn begin_closing(
        &self,
        id: ChannelId,
        request: ClosingRequest,
        after: MessageId,
    ) -> Result<ClosingBegun, StoreError> {
        self.write(move |conn| closing::begin(conn, id, &request, after))
            .await
    }

    async fn closing(&self, id: ChannelId) -> Result<Option<ClosingRequest>, StoreError> {
        self.read(move |conn| closing::find(conn, id)).await
    }

    async fn ticket_buttons(&self, id: ChannelId) -> Result<Vec<TicketButton>, StoreError> {
        self.read(move |conn| button::of_ticket(conn, id)).await
    }

    async fn set_ticket_button(
        &self,
        id: ChannelId,
        button: TicketButton,
    ) -> Result<(), StoreError> {
        self.write(move |conn| button::set(conn, id, button)).await
    }

    async fn waiting(&self, id: ChannelId) -> Result<Option<Waiting>, StoreError> {
        self.read(move |conn| waiting::find(conn, id)).await
    }

    async fn waiting_in(&self, guild: GuildId) -> Result<Vec<(ChannelId, Waiting)>, StoreError> {
        self.read(move |conn| waiting::open_in(conn, guild)).await
    }

    async fn set_waiting(&self, id: ChannelId, waiting: Waiting) -> Result<(), StoreError> {
        self.write(move |conn| waiting::set(conn, id, waiting))
            .await
    }

    async fn transfer_ticket(
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

    async fn pending(&self, id: ChannelId) -> Result<Option<Pending>, StoreError> {
        self.read(move |conn| due::find(conn, id)).await
    }

    async fn due(
        &self,
        now: Timestamp,
        older_than: Option<ChannelId>,
        most: usize,
    ) -> Result<Vec<(GuildId, ChannelId)>, StoreError> {
        self.read(move |conn| due::now(conn, now, older_than, most))
            .await
    }

    async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        self.read(move |conn| due::first_after(conn, now)).await
    }

    async fn set_due(&self, id: ChannelId, at: Option<Timestamp>) -> Result<(), StoreError> {
        self.write(move |conn| due::set(conn, id, at)).await
    }

    async fn begin_sending(&self, id: ChannelId) -> Result<(), StoreError> {
        self.write(move |conn| due::begin_sending(conn, id)).await
    }

    async fn sent(
        &self,
        id: ChannelId,
        message: MessageId,
        whom: Notified,
    ) -> Result<(), StoreError> {
        self.write(move |conn| due::sent(conn, id, message, whom))
            .await
    }

    async fn ask_close(
        &self,
        id: ChannelId,
        prompt: MessageId,
        asked: Asked,
    ) -> Result<(), StoreError> {
        self.write(move |conn| due::ask_close(conn, id, prompt, &asked))
            .await
    }

    async fn snooze(&self, id: ChannelId, until: Timestamp, by: UserId) -> Result<(), StoreError> {
        self.write(move |conn| due::snooze(conn, id, until, by))
            .await
    }

    async fn end_snooze(&self, id: ChannelId) -> Result<(), StoreError> {
        self.write(move |conn| due::end_snooze(conn, id)).await
    }

    async fn claim_ticket(&self, id: ChannelId, by: Option<UserId>) -> Result<(), StoreError> {
        self.write(move |conn| ticket::claim(conn, id, by)).await
    }

    async fn end_claims(
        &self,
        guild: GuildId,
        holder: UserId,
    ) -> Result<Vec<ChannelId>, StoreError> {
        self.write(move |conn| ticket::end_claims(conn, guild, holder))
            .await
    }

    async fn notice(&self, ticket: ChannelId) -> Result<Option<Notice>, StoreError> {
        self.read(move |conn| notice::find(conn, ticket)).await
    }

    async fn notice_of_message(&self, message: MessageId) -> Result<Option<Notice>, StoreError> {
        self.read(move |conn| notice::of_message(conn, message))
            .await
    }

    async fn unfinished_notices(&self, channel: ChannelId) -> Result<Vec<Notice>, StoreError> {
        self.read(move |conn| notice::unfinished_in(conn, channel))
            .await
    }

    async fn notice_channels(
        &self,
        guild: Option<GuildId>,
    ) -> Result<Vec<(GuildId, ChannelId)>, StoreError> {
        self.read(move |conn| notice::unfinished(conn, guild)).await
    }

    async fn set_notice(
        &self,
        ticket: ChannelId,
        channel: ChannelId,
        message: MessageId,
        shown: String,
    ) -> Result<bool, StoreError> {
        self.write(move |conn| notice::set(conn, ticket, channel, message, &shown))
            .await
    }

    async fn note_join(&self, ticket: ChannelId, by: UserId) -> Result<(), StoreError> {
        self.write(move |conn| notice::join(conn, ticket, by)).await
    }

    async fn forget_notice(&self, ticket: ChannelId) -> Result<(), StoreError> {
        self.write(move |conn| notice::forget(conn, ticket)).await
    }

    async fn forget_notices_in(&self, channel: ChannelId) -> Result<(), StoreError> {
        self.write(move |conn| notice::forget_in(conn, channel))
            .await
    }

    async fn adopt_ticket(&self, ticket: Ticket) -> Result<(), StoreError> {
        self.write(move |conn| {
            if ticket::find(conn, ticket.id)?.is_some() {
                return Ok(());
            }
            journal::forget_orphan(conn, ticket.id)?;
            ticket::insert(conn, &ticket)
        })
        .await
    }

    async fn unfinished_tickets(
        &self,
        guild: GuildId,
        active: Vec<ChannelId>,
        own: Vec<ChannelId>,
    ) -> Result<Unsettled, StoreError> {
        self.read(move |conn| ticket::unfinished(conn, guild, &active, &own))
            .await
    }

    async fn closed_tickets(&self, guild: GuildId) -> Result<Vec<(ChannelId, bool)>, StoreError> {
        self.read(move |conn| ticket::closed(conn, guild)).await
    }

    async fn forget_channel(&self, id: ChannelId) -> Result<Option<GuildId>, StoreError> {
        self.write(move |conn| guild::forget_channel(conn, id))
            .await
    }

    async fn begin_opening(&self, begin: Begin, make: MakeEntry) -> Result<Begun, StoreError> {
        self.write(move |conn| journal::begin_opening(conn, &begin, make))
            .await
    }

    async fn next_number(&self, inbox: InboxId) -> Result<Option<u64>, StoreError> {
        self.write(move |conn| inbox::next_number(conn, inbox))
            .await
    }

    async fn open_in(&self, inbox: InboxId, now: Timestamp) -> Result<usize, StoreError> {
        self.read(move |conn| journal::open_in(conn, inbox, now))
            .await
    }

    async fn last_opened(
        &self,
        inbox: InboxId,
        owner: UserId,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.read(move |conn| inbox::last_opened(conn, inbox, owner))
            .await
    }

    async fn claim_thread(
        &self,
        id: u64,
        thread: ChannelId,
        work: Work,
    ) -> Result<Claim, StoreError> {
        self.write(move |conn| journal::claim_thread(conn, id, thread, &work))
            .await
    }

    async fn is_claimed(&self, thread: ChannelId) -> Result<bool, StoreError> {
        self.read(move |conn| journal::is_claimed(conn, thread))
            .await
    }

    async fn is_opening(&self, thread: ChannelId) -> Result<bool, StoreError> {
        self.read(move |conn| journal::is_opening(conn, thread))
            .await
    }

    async fn finish_opening(&self, id: u64, end: End) -> Result<(), StoreError> {
        self.write(move |conn| journal::finish_opening(conn, id, end))
            .await
    }

    async fn begin(&self, entry: Entry) -> Result<(), StoreError> {
        self.write(move |conn| journal::insert(conn, &entry)).await
    }

    async fn save(&self, id: u64, work: Work) -> Result<(), StoreError> {
        self.write(move |conn| journal::save(conn, id, &work)).await
    }

    async fn finish(&self, id: u64) -> Result<(), StoreError> {
        self.write(move |conn| journal::delete(conn, id)).await
    }

    async fn finish_response(&self, id: u64) -> Result<(), StoreError> {
        self.write(move |conn| journal::finish_response(conn, id))
            .await
    }

    async fn finish_posting(
        &self,
        id: u64,
        inbox: Inbox,
        again: Option<InboxId>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| journal::finish_posting(conn, id, &inbox, again))
            .await
    }

    async fn removed_inbox(&self, id: InboxId) -> Result<Option<Removed>, StoreError> {
        self.read(move |conn| removed::find(conn, id)).await
    }

    async fn removed_inboxes(&self, guild: GuildId) -> Result<Vec<Removed>, StoreError> {
        self.read(move |conn| removed::all_in(conn, guild)).await
    }

    async fn forget_removed_inbox(&self, guild: GuildId, id: InboxId) -> Result<(), StoreError> {
        self.write(move |conn| removed::forget(conn, guild, id))
            .await
    }

    async fn journal(&self) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.read(journal::all).await?;
        entries.retain(|entry| self.serves(entry.guild));
        Ok(entries)
    }

    async fn entry(&self, id: u64) -> Result<Option<Entry>, StoreError> {
        self.read(move |conn| journal::find(conn, id)).await
    }

    async fn guilds(&self) -> Result<Vec<GuildId>, StoreError> {
        let mut guilds = self.read(guild::all).await?;
        guilds.retain(|guild| self.serves(*guild));
        Ok(guilds)
    }

    async fn remembered(&self, guilds: Vec<GuildId>) -> Result<Vec<GuildId>, StoreError> {
        self.read(move |conn| guild::remembered(conn, guilds)).await
    }

    async fn forget_guild(&self, id: GuildId) -> Result<(), StoreError> {
        self.write(move |conn| guild::forget(conn, id)).await
    }

    async fn purge(&self, before: Timestamp) -> Result<(), StoreError> {
        self.write(move |conn| guild::purge(conn, before)).await
    }

    async fn save_session(
        &self,
        session: SavedSession,
        servers: SavedServers,
    ) -> Result<(), StoreError> {
        let shard = self.0.shard();
        self.write(move |conn| session::save(conn, shard, &session, servers))
            .await
    }

    async fn saved_session(&self) -> Result<Option<SavedSession>, StoreError> {
        let shard = self.0.shard();
        self.read(move |conn| session::find(conn, shard)).await
    }

    async fn saved_servers(
        &self,
        after: GuildId,
    ) -> Result<Vec<(GuildId, Option<Vec<u8>>)>, StoreError> {
        let shard = self.0.shard();
        self.read(move |conn| session::servers(conn, shard, after))
            .await
    }

    async fn discard_session(&self) -> Result<(), StoreError> {
        let shard = self.0.shard();
        self.write(move |conn| session::discard(conn, shard)).await
    }
}
