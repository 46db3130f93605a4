//! Removed inboxes. The values that the original has columns for move to a table here. The settings stay
//! where they were. Both are kept for 30 days, and while one of the inbox's tickets is open.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use tickets::inbox::Inbox;
use tickets::setting::{Reports, Setting, Settings, Typed};
use tickets::{ChannelId, GuildId, InboxId, MessageId, Timestamp};

use super::setting::{self, Scope};
use super::sql::{Connection, Result, Row};
use super::ticket::CLOSED;
use super::{due, execute, from_sql, inbox, mentions_of, optional_id, panel, row, rows, to_sql};

/// An inbox whose message is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// As it was. No message shows it.
    pub inbox: Inbox,
    /// When the inbox was removed. 0 if an admin has forgotten it, but it still has open tickets.
    pub at: Timestamp,
}

/// Keeps an inbox that is about to be deleted.
pub(super) fn keep(conn: &Connection, id: InboxId) -> Result<()> {
    let Some(inbox) = inbox::find(conn, id)? else {
        return Ok(());
    };
    let sql = "SELECT counter FROM inbox WHERE id = ?";
    let counter: Option<i64> = row(conn, sql, [to_sql(id.0)], |row| row.get(0))?;
    let staff: Vec<_> = inbox.staff.iter().map(ToString::to_string).collect();
    execute(
        conn,
        "INSERT INTO removed_inbox (id, guild_id, channel_id, removed_at, destination_id,
             starter_content, default_ticket_name, max_tickets_per_user, counter, staff)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (
            to_sql(id.0),
            to_sql(inbox.guild.0),
            to_sql(inbox.channel.0),
            now(),
            inbox.destination.map(|channel| to_sql(channel.0)),
            &inbox.starter,
            &inbox.name,
            inbox.max_tickets_per_user,
            counter.unwrap_or(0),
            staff.join(" "),
        ),
    )?;
    // The original does not fill this column when it writes tickets.
    let sql = "UPDATE ticket SET of_inbox_id = inbox_id WHERE inbox_id = ?";
    execute(conn, sql, [to_sql(id.0)])
}

/// Keeps all inboxes of a channel that is about to be deleted, but for those that a message elsewhere offers:
/// they move there.
pub(super) fn keep_those_in(conn: &Connection, channel: ChannelId) -> Result<()> {
    let sql =
        "SELECT inbox.id FROM inbox JOIN message ON message.id = inbox.id WHERE channel_id = ?";
    let found = rows(conn, sql, [to_sql(channel.0)], |row| {
        row.get(0).map(|id| InboxId(from_sql(id)))
    })?;
    for id in found {
        let stays = |host: &Inbox| host.channel != channel;
        let inbox = inbox::find(conn, id)?;
        let is_moved = inbox.map(|inbox| panel::rescue(conn, &inbox, stays));
        if !is_moved.transpose()?.unwrap_or_default() {
            keep(conn, id)?;
        }
    }
    Ok(())
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}

pub(super) fn find(conn: &Connection, id: InboxId) -> Result<Option<Removed>> {
    let sql = concat_removed!("WHERE id = ?");
    let found = row(conn, sql, [to_sql(id.0)], read)?;
    found.map(|removed| complete(conn, removed)).transpose()
}

/// The removed inboxes of a server, newest first.
pub(super) fn all_in(conn: &Connection, guild: GuildId) -> Result<Vec<Removed>> {
    let sql = concat_removed!("WHERE guild_id = ? ORDER BY removed_at DESC, id");
    let found = rows(conn, sql, [to_sql(guild.0)], read)?;
    found.into_iter().map(|it| complete(conn, it)).collect()
}

/// Restores a removed inbox with its new message. It gets its tickets and its counter back. Messages that
/// offered it offer it again, and it receives reports again if it did before.
pub(super) fn restore(conn: &Connection, old: InboxId, made: &Inbox) -> Result<()> {
    inbox::create(conn, made)?;
    let sql = "SELECT counter FROM removed_inbox WHERE id = ?";
    let counter: Option<i64> = row(conn, sql, [to_sql(old.0)], |row| row.get(0))?;
    let (new, old_key) = (to_sql(made.id.0), to_sql(old.0));
    let sql = "UPDATE inbox SET counter = ? WHERE id = ?";
    execute(conn, sql, [counter.unwrap_or(0), new])?;
    let sql = "UPDATE ticket SET inbox_id = ?1, of_inbox_id = ?1
         WHERE of_inbox_id = ?2 AND inbox_id IS NULL";
    execute(conn, sql, [new, old_key])?;
    due::wake_inbox(conn, made.id)?;
    panel::replace(conn, made.guild, old, made.id)?;
    panel::changed(conn, made.id)?;
    let scope = Scope::Guild(made.guild);
    let reports = setting::find(conn, scope, Reports.key())?;
    if Reports.value(reports.as_deref()) == Some(old) {
        setting::set(conn, scope, Reports.key(), &made.id.to_string())?;
    }
    delete(conn, old)
}

/// From now on, keeps a removed inbox only while one of its tickets is open.
pub(super) fn forget(conn: &Connection, guild: GuildId, id: InboxId) -> Result<()> {
    let sql = "UPDATE removed_inbox SET removed_at = 0 WHERE id = ? AND guild_id = ?";
    execute(conn, sql, [to_sql(id.0), to_sql(guild.0)])?;
    purge(conn, Timestamp(1))
}

/// Deletes inboxes that were removed before this time and have no open tickets, and the settings of inboxes
/// that are neither stored nor kept.
pub(super) fn purge(conn: &Connection, before: Timestamp) -> Result<()> {
    let deleted = "DELETE FROM removed_inbox WHERE removed_at < ? AND NOT EXISTS (
             SELECT 1 FROM ticket WHERE of_inbox_id = removed_inbox.id AND inbox_id IS NULL
                 AND phase < ?) RETURNING guild_id";
    let guilds = rows(conn, deleted, [before.0, CLOSED], |row| {
        row.get(0).map(|guild| GuildId(from_sql(guild)))
    })?;
    let sql = "DELETE FROM inbox_setting
         WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.id = inbox_setting.inbox_id)
             AND NOT EXISTS (
                 SELECT 1 FROM removed_inbox WHERE removed_inbox.id = inbox_setting.inbox_id)";
    execute(conn, sql, [])?;
    let guilds: BTreeSet<_> = guilds.into_iter().collect();
    guilds
        .into_iter()
        .try_for_each(|guild| panel::prune(conn, guild))
}

fn delete(conn: &Connection, id: InboxId) -> Result<()> {
    let key = [to_sql(id.0)];
    execute(conn, "DELETE FROM inbox_setting WHERE inbox_id = ?", key)?;
    execute(conn, "DELETE FROM removed_inbox WHERE id = ?", key)
}

/// The columns that [`read`] wants, and the given end of the statement.
macro_rules! concat_removed {
    ($end:literal) => {
        concat!(
            "SELECT id, guild_id, channel_id, removed_at, destination_id, starter_content,
                 default_ticket_name, max_tickets_per_user, staff FROM removed_inbox ",
            $end
        )
    };
}
use concat_removed;

/// A removed inbox but for its settings.
fn read(row: &Row<'_>) -> Result<Removed> {
    let id = from_sql(row.get(0)?);
    let staff: String = row.get(8)?;
    Ok(Removed {
        inbox: Inbox {
            id: InboxId(id),
            message: MessageId(id),
            guild: GuildId(from_sql(row.get(1)?)),
            channel: ChannelId(from_sql(row.get(2)?)),
            destination: optional_id(row, 4)?.map(ChannelId),
            staff: mentions_of(&staff),
            starter: row.get(5)?,
            name: row.get(6)?,
            max_tickets_per_user: u32::try_from(row.get::<i64>(7)?.max(0)).unwrap_or(u32::MAX),
            settings: Settings::default(),
        },
        at: Timestamp(row.get(3)?),
    })
}

fn complete(conn: &Connection, removed: Removed) -> Result<Removed> {
    let settings = setting::all(conn, Scope::Inbox(removed.inbox.id))?;
    let inbox = Inbox {
        settings: settings.into_iter().collect(),
        ..removed.inbox
    };
    Ok(Removed { inbox, ..removed })
}
