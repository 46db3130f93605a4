//! The journal: all unfinished work that must be finished even after a crash or a restart. That is tickets
//! that are being opened, pending responses, inboxes that are being posted, transfers, reports, questions and
//! orphaned threads.

use std::fmt;

use serde::{Deserialize, Serialize};
use tickets::due::Asked;
use tickets::form::Answer;
use tickets::inbox::Inbox;
use tickets::opening::Opening;
use tickets::opening::machine::End;
use tickets::ticket::{HIDDEN_COUNTS_FOR, Phase, Ticket};
use tickets::waiting::Waiting;
use tickets::{ChannelId, GuildId, InboxId, Mention, MessageId, Timestamp, UserId};

use super::sql::{Connection, Result, Row};
use super::{
    ButtonKind, StoreError, TicketButton, button, closing, execute, exists, from_sql, guild, inbox,
    notice, optional_id, removed, row, rows, ticket, to_sql, waiting,
};

/// Something that must be finished.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The interaction; of an orphaned thread, the thread.
    pub id: u64,
    /// 0 for a response that a version before 2.0 left pending.
    pub guild: GuildId,
    /// The interaction's token, a secret that is good for 15 minutes.
    pub token: String,
    /// The member's language, as Discord codes it.
    pub locale: String,
    pub begun_at: Timestamp,
    pub work: Work,
}

impl Entry {
    /// A thread without a ticket, in this channel.
    pub fn orphan(thread: ChannelId, guild: GuildId, parent: ChannelId, at: Timestamp) -> Self {
        Self {
            id: thread.0,
            guild,
            token: String::new(),
            locale: String::new(),
            begun_at: at,
            work: Work::Orphan { parent },
        }
    }
}

impl fmt::Debug for Entry {
    /// Without the token: whoever has it can speak for the bot.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("id", &self.id)
            .field("guild", &self.guild)
            .field("locale", &self.locale)
            .field("begun_at", &self.begun_at)
            .field("work", &self.work)
            .finish_non_exhaustive()
    }
}

/// What there is to finish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// A ticket is being opened.
    Opening(Box<Opening>),
    /// A member waits for a response.
    Response,
    /// A member waits for a response that replaces the message whose component they used.
    Update,
    /// A member waits for a response to a form with these answers.
    Submission { answers: Vec<Answer> },
    /// An inbox is being posted, and an admin waits for the response.
    Posting(Posting),
    /// A ticket is being transferred to another inbox of its channel.
    Transfer(Box<Transfer>),
    /// A report is being posted in an open ticket.
    Report(Box<Report>),
    /// An owner is being asked whether to close their ticket.
    Question(Box<Question>),
    /// A thread without a ticket that Discord did not let the bot delete yet.
    Orphan { parent: ChannelId },
}

impl Work {
    /// The ticket in whose queue the work is finished.
    pub fn ticket(&self) -> Option<ChannelId> {
        match self {
            Self::Transfer(transfer) => Some(transfer.ticket),
            Self::Report(report) => Some(report.ticket),
            Self::Question(question) => Some(question.ticket),
            _ => None,
        }
    }

    /// Notes that the bot does not try to send the work's message any more. The first such moment counts.
    pub fn end_sending(&mut self, now: Timestamp) {
        let sending = match self {
            Self::Transfer(transfer) => &mut transfer.sending,
            Self::Report(report) => &mut report.sending,
            Self::Question(question) => &mut question.sending,
            _ => return,
        };
        sending.until.get_or_insert(now);
    }

    /// Whether only the response is left to do, apart from an inbox that may have been posted.
    pub fn is_response(&self) -> bool {
        matches!(
            self,
            Self::Response | Self::Update | Self::Submission { .. } | Self::Posting(_)
        )
    }
}

/// A transfer within a channel. If the message that announces it was sent, the transfer is finished after a
/// crash. Otherwise, it has not begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    pub ticket: ChannelId,
    pub from: Option<InboxId>,
    pub to: InboxId,
    pub by: UserId,
    /// The account's name, for the audit log.
    pub username: String,
    pub remove_old_staff: bool,
    /// The announcement.
    #[serde(flatten)]
    pub sending: Sending,
    /// The new staff whom the announcement mentions.
    #[serde(default)]
    pub mentions: Vec<Mention>,
}

/// A report in an open ticket. It counts only if its message was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub ticket: ChannelId,
    #[serde(flatten)]
    pub sending: Sending,
    /// What the reporter wrote, so that the response can show it if the report fails.
    pub answers: Vec<Answer>,
}

/// A question whether to close a ticket. It counts only if its message was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub ticket: ChannelId,
    pub asked: Asked,
    #[serde(flatten)]
    pub sending: Sending,
}

/// When the message of unfinished work was sent, if it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    /// Only messages of the bot that are newer than this one can be it.
    pub after: MessageId,
    /// When the bot no longer tried to send it: newer messages of the bot are others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// An inbox that is being posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    pub guild: GuildId,
    pub channel: ChannelId,
    pub destination: Option<ChannelId>,
    pub staff: Vec<Mention>,
    #[serde(default)]
    pub name: Option<String>,
    /// The removed inbox that is posted again.
    #[serde(default)]
    pub again: Option<InboxId>,
    /// The inbox's id, once the inbox is stored.
    pub inbox: Option<InboxId>,
}

/// An opening that is about to begin, and its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begin {
    /// The interaction.
    pub id: u64,
    pub inbox: InboxId,
    pub guild: GuildId,
    pub owner: UserId,
    /// When the cooldown starts: the opening's `begun_at`.
    pub at: Timestamp,
    /// Open tickets of this member in this inbox; 0 for no limit.
    pub limit: u32,
    /// Open tickets of this inbox in all; 0 for no limit.
    pub limit_total: u32,
    /// Open tickets of this member in the server; 0 for no limit.
    pub limit_server: u32,
    /// Tickets that are known to be closed, even if they are stored as open.
    pub not_open: Vec<ChannelId>,
    /// The open ticket whose place the new one takes.
    pub moved: Option<ChannelId>,
}

/// Makes an opening's entry from the ticket's number.
pub type MakeEntry = Box<dyn FnOnce(u64) -> Entry + Send>;

/// The outcome of beginning an opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    Begun(Entry),
    /// There is an opening of this interaction: Discord may deliver a click twice.
    Repeated,
    /// The member has reached the limit of the inbox. The ticket is the newest of theirs that has a thread.
    Full(Option<ChannelId>),
    /// The inbox has as many tickets as its limit allows.
    FullInbox,
    NoInbox,
    /// The member has reached the limit of the server. The ticket is the newest of theirs that has a thread.
    FullServer(Option<ChannelId>),
    /// The ticket to be transferred is closed, or another takes its place already.
    Moved,
}

/// The outcome of claiming a thread for an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is this opening's, and a ticket.
    Own,
    /// Something else has claimed the thread.
    Taken,
    /// There is no such opening: its server was forgotten in the meantime.
    Unknown,
}

pub(super) fn begin_opening(conn: &Connection, begin: &Begin, make: MakeEntry) -> Result<Begun> {
    let (mut number, mut is_repeated, mut open) = (None, false, Vec::new());
    // One row for each of the member's tickets that is open, or is being opened without a thread yet. If
    // there are none, there is still one row, with the counter.
    rows(
        conn,
        "SELECT counter + 1,
             EXISTS (SELECT 1 FROM journal WHERE journal.id = ?1 AND kind = 'opening'),
             held.is_one, held.ticket_id
         FROM inbox LEFT JOIN (
             SELECT TRUE AS is_one, id AS ticket_id FROM ticket
             WHERE inbox_id = ?2 AND owner_id = ?3 AND phase < ?4 AND presence <> ?5
             UNION ALL SELECT TRUE, NULL FROM journal
             WHERE inbox_id = ?2 AND owner_id = ?3 AND kind = 'opening'
                 AND NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.id = thread_id)
         ) AS held ON TRUE
         WHERE inbox.id = ?2",
        (
            to_sql(begin.id),
            to_sql(begin.inbox.0),
            to_sql(begin.owner.0),
            ticket::CLOSED,
            ticket::GONE,
        ),
        |row| {
            number = Some(from_sql(row.get(0)?));
            is_repeated = row.get(1)?;
            if row.get::<Option<bool>>(2)?.is_some() {
                open.push(optional_id(row, 3)?.map(ChannelId));
            }
            Ok(())
        },
    )?;
    let Some(number) = number else {
        return Ok(Begun::NoInbox);
    };
    if is_repeated {
        return Ok(Begun::Repeated);
    }
    let entry = make(number);
    if let Some(moved) = begin.moved {
        let known = ticket::find(conn, moved)?;
        let is_open = known.is_some_and(|it| it.state.phase == Phase::Open);
        if !is_open || is_moving(conn, begin, moved)? {
            return Ok(Begun::Moved);
        }
    }
    let counts = |held: &Option<ChannelId>| held.is_none_or(|it| !begin.not_open.contains(&it));
    let closed = open.iter().filter(|held| !counts(held)).count();
    open.retain(counts);
    if begin.limit > 0 && open.len() >= begin.limit as usize {
        return Ok(Begun::Full(open.into_iter().flatten().max()));
    }
    if begin.limit_server > 0 {
        let mut open = open_in_server(conn, begin.guild, begin.owner)?;
        open.retain(counts);
        if open.len() >= begin.limit_server as usize {
            return Ok(Begun::FullServer(open.into_iter().flatten().max()));
        }
    }
    if begin.limit_total > 0 {
        let total = open_in(conn, begin.inbox, begin.at)?.saturating_sub(closed);
        if total >= begin.limit_total as usize {
            return Ok(Begun::FullInbox);
        }
    }
    let sql = "UPDATE inbox SET counter = counter + 1 WHERE id = ?";
    execute(conn, sql, [to_sql(begin.inbox.0)])?;
    // The opening replaces the entry of the pending response, because it includes that response.
    delete(conn, entry.id)?;
    insert(conn, &entry)?;
    if begin.moved.is_some() {
        return Ok(Begun::Begun(entry));
    }
    execute(
        conn,
        "INSERT INTO cooldown (inbox_id, user_id, opened_at) VALUES (?, ?, ?)
         ON CONFLICT (inbox_id, user_id) DO UPDATE SET opened_at = excluded.opened_at",
        [to_sql(begin.inbox.0), to_sql(begin.owner.0), begin.at.0],
    )?;
    Ok(Begun::Begun(entry))
}

/// Whether a ticket is being opened that takes the place of this one.
fn is_moving(conn: &Connection, begin: &Begin, moved: ChannelId) -> Result<bool> {
    let sql = concat_entry!("WHERE kind = 'opening' AND guild_id = ? AND owner_id = ?");
    let key = [to_sql(begin.guild.0), to_sql(begin.owner.0)];
    let found = rows(conn, sql, key, read)?;
    Ok(found.into_iter().flatten().any(|entry| match entry.work {
        Work::Opening(opening) => opening.order.moved.is_some_and(|it| it.from == moved),
        _ => false,
    }))
}

/// A member's open tickets in a server, and `None` for each that is being opened and has no thread yet.
fn open_in_server(
    conn: &Connection,
    guild: GuildId,
    owner: UserId,
) -> Result<Vec<Option<ChannelId>>> {
    rows(
        conn,
        "SELECT ticket.id FROM ticket JOIN channel ON channel.id = ticket.id
         WHERE guild_id = ?1 AND owner_id = ?2 AND phase < ?3 AND presence <> ?4
         UNION ALL SELECT NULL FROM journal WHERE kind = 'opening' AND guild_id = ?1 AND owner_id = ?2
             AND NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.id = thread_id)",
        [
            to_sql(guild.0),
            to_sql(owner.0),
            ticket::CLOSED,
            ticket::GONE,
        ],
        |row| Ok(optional_id(row, 0)?.map(ChannelId)),
    )
}

/// How many tickets of an inbox are open or being opened, according to the database. Tickets that have been
/// hidden from the bot for long do not count.
pub(super) fn open_in(conn: &Connection, inbox: InboxId, now: Timestamp) -> Result<usize> {
    let sql = "SELECT (
             SELECT count(*) FROM ticket WHERE inbox_id = ?1 AND phase < ?2
                 AND coalesce(hidden_since > ?3, TRUE)
         ) + (
             SELECT count(*) FROM journal WHERE kind = 'opening' AND inbox_id = ?1
                 AND NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.id = thread_id)
         )";
    let since = now.plus(-HIDDEN_COUNTS_FOR);
    let count = row(
        conn,
        sql,
        [to_sql(inbox.0), ticket::CLOSED, since.0],
        |row| row.get(0).map(from_sql),
    )?;
    Ok(usize::try_from(count.unwrap_or(0)).unwrap_or(usize::MAX))
}

pub(super) fn claim_thread(
    conn: &Connection,
    id: u64,
    thread: ChannelId,
    work: &Work,
) -> Result<Claim> {
    let sql = "SELECT guild_id, inbox_id, owner_id, thread_id,
             EXISTS (SELECT 1 FROM ticket WHERE ticket.id = ?2)
                 OR EXISTS (SELECT 1 FROM journal AS other WHERE other.thread_id = ?2)
         FROM journal WHERE journal.id = ?1 AND kind = 'opening'";
    let found = row(conn, sql, [to_sql(id), to_sql(thread.0)], |row| {
        let (inbox, owner) = (optional_id(row, 1)?, optional_id(row, 2)?);
        let guild = GuildId(from_sql(row.get(0)?));
        let ticket = Ticket::new(thread, guild, inbox.map(InboxId), owner.map(UserId));
        Ok((ticket, optional_id(row, 3)?, row.get::<bool>(4)?))
    })?;
    let Some((ticket, known, is_claimed)) = found else {
        return Ok(Claim::Unknown);
    };
    if known != Some(thread.0) {
        if is_claimed {
            return Ok(Claim::Taken);
        }
        let sql = "UPDATE journal SET thread_id = ? WHERE id = ?";
        execute(conn, sql, [to_sql(thread.0), to_sql(id)])?;
        ticket::insert(conn, &ticket)?;
        let has_content = matches!(work, Work::Opening(opening) if opening.order.has_content());
        waiting::set(conn, thread, Waiting::of_new(thread, has_content))?;
    }
    save(conn, id, work)?;
    Ok(Claim::Own)
}

pub(super) fn is_claimed(conn: &Connection, thread: ChannelId) -> Result<bool> {
    let sql = "SELECT 1 FROM ticket WHERE id = ?1
         UNION ALL SELECT 1 FROM journal WHERE thread_id = ?1";
    exists(conn, sql, [to_sql(thread.0)])
}

pub(super) fn is_opening(conn: &Connection, thread: ChannelId) -> Result<bool> {
    let sql = "SELECT 1 FROM journal WHERE thread_id = ? AND kind = 'opening'";
    exists(conn, sql, [to_sql(thread.0)])
}

pub(super) fn finish_opening(conn: &Connection, id: u64, end: End) -> Result<()> {
    let Some(entry) = find(conn, id)? else {
        return Ok(());
    };
    let Work::Opening(opening) = &entry.work else {
        return Ok(());
    };
    delete(conn, id)?;
    if let (Some(ticket), Some(message)) = (end.ticket, end.button) {
        let button = TicketButton::shown(message, ButtonKind::Starter);
        button::set(conn, ticket, button)?;
    }
    if let (Some(ticket), Some(message)) = (end.ticket, end.message) {
        ticket::set_own_message(conn, ticket, message)?;
        // Nobody can write before the starting message.
        waiting::see(conn, ticket, message)?;
    }
    if let (Some(ticket), Some(channel)) = (end.ticket, end.notice) {
        notice::begin(conn, ticket, channel, end.opener)?;
    }
    if let Some(ticket) = end.ticket.filter(|_| end.awaits_staff) {
        ticket::await_staff(conn, ticket)?;
    }
    if let (Some(ticket), Some(moved)) = (end.ticket, &opening.order.moved) {
        // The closing message will be newer than the interaction.
        let after = MessageId(id);
        closing::begin(conn, moved.from, &moved.closing(ticket), after)?;
    }
    if let Some(thread) = end.rolled_back {
        guild::delete_channel(conn, thread)?;
        if end.is_orphan {
            let parent = opening.order.parent;
            let orphan = Entry::orphan(thread, entry.guild, parent, entry.begun_at);
            insert(conn, &orphan)?;
        }
    }
    // The member does not pay for a failure with the cooldown. If the attempt left an orphaned thread, the
    // cooldown stays, so that repeated attempts do not leave many threads.
    if end.ticket.is_none() && !end.is_orphan {
        give_back_cooldown(conn, opening)?;
    }
    Ok(())
}

/// Deletes the cooldown, unless the member has opened another ticket in the meantime.
fn give_back_cooldown(conn: &Connection, opening: &Opening) -> Result<()> {
    let order = &opening.order;
    execute(
        conn,
        "DELETE FROM cooldown WHERE inbox_id = ? AND user_id = ? AND opened_at = ?",
        [
            to_sql(order.inbox.0),
            to_sql(order.owner.0),
            order.begun_at.0,
        ],
    )
}

/// Writes an entry, unless there is one with its id or its thread.
pub(super) fn insert(conn: &Connection, entry: &Entry) -> Result<()> {
    let columns = Columns::of(&entry.work)?;
    let thread = match &entry.work {
        Work::Opening(opening) => opening.thread().map(|thread| thread.0),
        Work::Orphan { .. } => Some(entry.id),
        _ => None,
    };
    execute(
        conn,
        "INSERT INTO journal (id, kind, guild_id, inbox_id, owner_id, thread_id, token, locale,
             begun_at, body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            to_sql(entry.id),
            columns.kind,
            to_sql(entry.guild.0),
            columns.inbox,
            columns.owner,
            thread.map(to_sql),
            &entry.token,
            &entry.locale,
            entry.begun_at.0,
            columns.body,
        ),
    )
}

/// Saves the progress of an entry. It does not change the entry's thread: only [`claim_thread`] does.
pub(super) fn save(conn: &Connection, id: u64, work: &Work) -> Result<()> {
    let columns = Columns::of(work)?;
    execute(
        conn,
        "UPDATE journal SET kind = ?, inbox_id = ?, owner_id = ?, body = ? WHERE id = ?",
        (
            columns.kind,
            columns.inbox,
            columns.owner,
            columns.body,
            to_sql(id),
        ),
    )
}

pub(super) fn delete(conn: &Connection, id: u64) -> Result<()> {
    execute(conn, "DELETE FROM journal WHERE id = ?", [to_sql(id)])
}

pub(super) fn finish_response(conn: &Connection, id: u64) -> Result<()> {
    let sql = "DELETE FROM journal
         WHERE id = ? AND kind IN ('response', 'submission', 'posting')";
    execute(conn, sql, [to_sql(id)])
}

pub(super) fn forget_orphan(conn: &Connection, thread: ChannelId) -> Result<()> {
    let sql = "DELETE FROM journal WHERE thread_id = ? AND kind = 'orphan'";
    execute(conn, sql, [to_sql(thread.0)])
}

pub(super) fn finish_posting(
    conn: &Connection,
    id: u64,
    made: &Inbox,
    again: Option<InboxId>,
) -> Result<()> {
    match again {
        Some(old) => removed::restore(conn, old, made)?,
        None => inbox::create(conn, made)?,
    }
    if let Some(Work::Posting(posting)) = find(conn, id)?.map(|entry| entry.work) {
        let inbox = Some(made.id);
        save(conn, id, &Work::Posting(Posting { inbox, ..posting }))?;
    }
    Ok(())
}

pub(super) fn all(conn: &Connection) -> Result<Vec<Entry>> {
    let found = rows(conn, concat_entry!("ORDER BY id"), [], read)?;
    Ok(found.into_iter().flatten().collect())
}

pub(super) fn find(conn: &Connection, id: u64) -> Result<Option<Entry>> {
    let sql = concat_entry!("WHERE id = ?");
    Ok(row(conn, sql, [to_sql(id)], read)?.flatten())
}

/// Deletes the entry of this thread, or of the threads that were in this channel, if they are
/// orphans.
pub(super) fn forget_orphans(conn: &Connection, channel: ChannelId) -> Result<()> {
    let found = rows(conn, concat_entry!("WHERE kind = 'orphan'"), [], read)?;
    for entry in found.into_iter().flatten() {
        let Work::Orphan { parent } = entry.work else {
            continue;
        };
        if entry.id == channel.0 || parent == channel {
            delete(conn, entry.id)?;
        }
    }
    Ok(())
}

/// What an entry's columns hold of its work.
struct Columns {
    kind: &'static str,
    inbox: Option<i64>,
    owner: Option<i64>,
    body: String,
}

impl Columns {
    fn of(work: &Work) -> Result<Self> {
        let order = match work {
            Work::Opening(opening) => Some(&opening.order),
            _ => None,
        };
        Ok(Self {
            kind: match work {
                Work::Opening(_) => "opening",
                Work::Response | Work::Update => "response",
                Work::Submission { .. } => "submission",
                Work::Posting(_) => "posting",
                Work::Transfer(_) => "transfer",
                Work::Report(_) => "report",
                Work::Question(_) => "question",
                Work::Orphan { .. } => "orphan",
            },
            inbox: order.map(|order| to_sql(order.inbox.0)),
            owner: order.map(|order| to_sql(order.owner.0)),
            body: serde_json::to_string(work)
                .map_err(|error| StoreError::Other(format!("cannot write an entry: {error}")))?,
        })
    }
}

/// The columns that [`read`] wants, and the given end of the statement.
macro_rules! concat_entry {
    ($end:literal) => {
        concat!(
            "SELECT id, guild_id, token, locale, begun_at, body FROM journal ",
            $end
        )
    };
}
use concat_entry;

/// `None` if the entry makes no sense: one bad row must not keep the others from being finished.
fn read(row: &Row<'_>) -> Result<Option<Entry>> {
    let id = from_sql(row.get(0)?);
    let body: String = row.get(5)?;
    let work = match serde_json::from_str(&body) {
        Ok(work) => work,
        Err(error) => {
            tracing::warn!(entry = id, %error, "unreadable journal entry skipped");
            return Ok(None);
        }
    };
    Ok(Some(Entry {
        id,
        guild: GuildId(from_sql(row.get(1)?)),
        token: row.get(2)?,
        locale: row.get(3)?,
        begun_at: Timestamp(row.get(4)?),
        work,
    }))
}
