//! Inboxes: what is stored of them, and how it changes.

use tickets::entries::{self, ENTRIES};
use tickets::inbox::{Inbox, InboxChange};
use tickets::setting::Settings;
use tickets::{ChannelId, GuildId, InboxId, Mention, MessageId, RoleId, Timestamp, UserId};

use super::setting::{self, Scope};
use super::sql::{Connection, Result, Row, Value};
use super::{
    Posting, Work, changed, execute, exists, from_sql, journal, notice, optional_id, panel,
    parents, removed, row, rows, to_sql,
};

pub(super) fn find(conn: &Connection, id: InboxId) -> Result<Option<Inbox>> {
    let statements = [
        concat_inbox!("WHERE inbox.id = ?"),
        "SELECT inbox_id, mention FROM inbox_staff WHERE inbox_id = ? ORDER BY rowid",
        "SELECT inbox_id, key, value FROM inbox_setting WHERE inbox_id = ? ORDER BY key",
    ];
    Ok(read_whole(conn, &statements, to_sql(id.0))?.pop())
}

pub(super) fn all_in(conn: &Connection, guild: GuildId) -> Result<Vec<Inbox>> {
    let statements = [
        concat_inbox!("WHERE channel.guild_id = ? ORDER BY inbox.id"),
        "SELECT inbox_id, mention FROM inbox_staff JOIN message ON message.id = inbox_id
         JOIN channel ON channel.id = channel_id
         WHERE channel.guild_id = ? ORDER BY inbox_staff.rowid",
        "SELECT inbox_id, key, value FROM inbox_setting WHERE guild_id = ? ORDER BY key",
    ];
    read_whole(conn, &statements, to_sql(guild.0))
}

/// Changes one part of an inbox. False if the inbox does not exist.
pub(super) fn change(conn: &Connection, id: InboxId, change: &InboxChange) -> Result<bool> {
    let key = to_sql(id.0);
    let changed = match change {
        InboxChange::Destination(destination) => return set_destination(conn, id, *destination),
        InboxChange::Staff(staff) => return set_staff(conn, id, staff),
        InboxChange::Starter(starter) => {
            let sql = "UPDATE inbox SET starter_content = ? WHERE id = ?";
            changed(conn, sql, (starter, key))?
        }
        InboxChange::Name(name) => {
            let sql = "UPDATE inbox SET default_ticket_name = ? WHERE id = ?";
            changed(conn, sql, (name, key))?
        }
        InboxChange::Limit(limit) => {
            let sql = "UPDATE inbox SET max_tickets_per_user = ? WHERE id = ?";
            changed(conn, sql, (limit, key))?
        }
    };
    Ok(changed > 0)
}

fn set_destination(conn: &Connection, id: InboxId, destination: Option<ChannelId>) -> Result<bool> {
    let sql = concat_inbox!("WHERE inbox.id = ?");
    let Some(old) = row(conn, sql, [to_sql(id.0)], read)? else {
        return Ok(false);
    };
    if let Some(new) = destination {
        parents::add_channel(conn, new, old.guild)?;
    }
    execute(
        conn,
        "UPDATE inbox SET destination_id = ? WHERE id = ?",
        (destination.map(|channel| to_sql(channel.0)), to_sql(id.0)),
    )?;
    if let Some(gone) = old.destination {
        parents::drop_channel_if_unused(conn, gone)?;
    }
    Ok(true)
}

fn set_staff(conn: &Connection, id: InboxId, staff: &[Mention]) -> Result<bool> {
    if !exists(conn, "SELECT 1 FROM inbox WHERE id = ?", [to_sql(id.0)])? {
        return Ok(false);
    }
    let sql = "DELETE FROM inbox_staff WHERE inbox_id = ?";
    execute(conn, sql, [to_sql(id.0)])?;
    write_staff(conn, id, staff)?;
    Ok(true)
}

pub(super) fn forget_messages(conn: &Connection, ids: &[MessageId]) -> Result<Vec<InboxId>> {
    let mut inboxes = Vec::new();
    for &id in ids {
        notice::forget_message(conn, id)?;
        if forget_message(conn, id)? {
            inboxes.push(InboxId::of_message(id));
            for entry in panel::on_message(conn, id)? {
                if panel::rescue(conn, &entry, |_| true)? {
                    continue;
                }
                if forget_message(conn, MessageId(entry.id.0))? {
                    inboxes.push(entry.id);
                }
            }
        }
    }
    Ok(inboxes)
}

/// Forgets a message. Returns whether an inbox had this id.
fn forget_message(conn: &Connection, id: MessageId) -> Result<bool> {
    let found = row(
        conn,
        "SELECT channel_id, inbox.id IS NOT NULL, destination_id
         FROM message LEFT JOIN inbox ON inbox.id = message.id WHERE message.id = ?",
        [to_sql(id.0)],
        |row| Ok((row.get(0)?, row.get(1)?, row.get::<Option<i64>>(2)?)),
    )?;
    let Some((channel, was_inbox, destination)) = found else {
        return Ok(false);
    };
    removed::keep(conn, InboxId::of_message(id))?;
    execute(conn, "DELETE FROM message WHERE id = ?", [to_sql(id.0)])?;
    for channel in [Some(channel), destination].into_iter().flatten() {
        parents::drop_channel_if_unused(conn, ChannelId(from_sql(channel)))?;
    }
    Ok(was_inbox)
}

pub(super) fn forget_role(conn: &Connection, guild: GuildId, role: RoleId) -> Result<usize> {
    changed(
        conn,
        "DELETE FROM inbox_staff WHERE mention = ? AND inbox_id IN (
             SELECT message.id FROM message
             JOIN channel ON channel.id = message.channel_id WHERE channel.guild_id = ?)",
        (Mention::Role(role).to_string(), to_sql(guild.0)),
    )
}

pub(super) fn next_number(conn: &Connection, id: InboxId) -> Result<Option<u64>> {
    let sql = "UPDATE inbox SET counter = counter + 1 WHERE id = ? RETURNING counter";
    row(conn, sql, [to_sql(id.0)], |row| row.get(0).map(from_sql))
}

pub(super) fn last_opened(
    conn: &Connection,
    id: InboxId,
    owner: UserId,
) -> Result<Option<Timestamp>> {
    let key = [to_sql(id.0), to_sql(owner.0)];
    let sql = "SELECT (SELECT opened_at FROM cooldown WHERE inbox_id = ?1 AND user_id = ?2),
         (SELECT max(id) FROM ticket WHERE inbox_id = ?1 AND owner_id = ?2)";
    let found = row(conn, sql, key, |row| {
        let begun = row.get::<Option<i64>>(0)?.map(Timestamp);
        let newest = optional_id(row, 1)?.map(Timestamp::of_snowflake);
        Ok(begun.or(newest))
    })?;
    Ok(found.flatten())
}

pub(super) fn naming_everybody(conn: &Connection) -> Result<Vec<InboxId>> {
    rows(
        conn,
        "SELECT id FROM inbox
         WHERE replace(starter_content, '@everyone', '') <> starter_content
             OR replace(starter_content, '@here', '') <> starter_content",
        [],
        |row| row.get(0).map(|id| InboxId(from_sql(id))),
    )
}

/// Stores an inbox that shares the message of another inbox. False if that inbox does not exist. Does nothing
/// if the new inbox exists already.
pub(super) fn create_entry(conn: &Connection, made: &Inbox) -> Result<bool> {
    let Some(host) = find(conn, InboxId::of_message(made.message))? else {
        return Ok(false);
    };
    if find(conn, made.id)?.is_some() {
        return Ok(true);
    }
    create(conn, made)?;
    let mut entries = host.entries();
    entries.push(made.id);
    let value = entries::stored(&entries).unwrap_or_default();
    setting::set(conn, Scope::Inbox(host.id), ENTRIES, &value)?;
    panel::prune(conn, made.guild)?;
    // The entry of the interaction has the same id. After a crash, its response says that the inbox was
    // created.
    let posting = Posting {
        guild: made.guild,
        channel: made.channel,
        destination: made.destination,
        staff: made.staff.clone(),
        name: None,
        again: None,
        inbox: Some(made.id),
    };
    journal::save(conn, made.id.0, &Work::Posting(posting))?;
    Ok(true)
}

/// Stores a new inbox. An error if the id is already used.
pub(super) fn create(conn: &Connection, inbox: &Inbox) -> Result<()> {
    // An inbox without its own message has a row that stands for one.
    parents::add_message(conn, MessageId(inbox.id.0), inbox.channel, inbox.guild)?;
    if let Some(destination) = inbox.destination {
        parents::add_channel(conn, destination, inbox.guild)?;
    }
    execute(
        conn,
        "INSERT INTO inbox (id, destination_id, starter_content, default_ticket_name,
             max_tickets_per_user) VALUES (?, ?, ?, ?, ?)",
        (
            to_sql(inbox.id.0),
            inbox.destination.map(|channel| to_sql(channel.0)),
            &inbox.starter,
            &inbox.name,
            inbox.max_tickets_per_user,
        ),
    )?;
    write_staff(conn, inbox.id, &inbox.staff)?;
    for (key, value) in inbox.settings.iter() {
        setting::set(conn, Scope::Inbox(inbox.id), key, value)?;
    }
    Ok(())
}

/// The columns that [`read`] wants, and the given end of the statement.
macro_rules! concat_inbox {
    ($end:literal) => {
        concat!(
            "SELECT inbox.id, channel.guild_id, channel.id, destination_id, starter_content,
                 default_ticket_name, max_tickets_per_user
             FROM inbox JOIN message ON message.id = inbox.id
             JOIN channel ON channel.id = message.channel_id AND channel.guild_id IS NOT NULL ",
            $end
        )
    };
}
use concat_inbox;

/// An inbox but for its staff and settings.
fn read(row: &Row<'_>) -> Result<Inbox> {
    Ok(Inbox {
        id: InboxId(from_sql(row.get(0)?)),
        message: MessageId(from_sql(row.get(0)?)),
        guild: GuildId(from_sql(row.get(1)?)),
        channel: ChannelId(from_sql(row.get(2)?)),
        destination: optional_id(row, 3)?.map(ChannelId),
        staff: Vec::new(),
        settings: Settings::default(),
        starter: row.get(4)?,
        name: row.get(5)?,
        // Somebody may have written an impossible limit by hand: a negative one counts as none, a huge one as
        // the maximum.
        max_tickets_per_user: u32::try_from(row.get::<i64>(6)?.max(0)).unwrap_or(u32::MAX),
    })
}

/// Reads the inboxes with the first statement, and their staff and settings with the others.
fn read_whole(conn: &Connection, statements: &[&'static str], key: i64) -> Result<Vec<Inbox>> {
    let (mut found, mut settings) = (Vec::new(), Vec::new());
    conn.query(statements, &[Value::Integer(key)], &mut |index, it| {
        if index == 0 {
            found.push(read(it)?);
            settings.push(Vec::new());
            return Ok(true);
        }
        let id = InboxId(from_sql(it.get(0)?));
        // A row may belong to a removed inbox.
        if let Some(at) = found.iter().position(|inbox: &Inbox| inbox.id == id) {
            match (index, it.get::<String>(1)?) {
                // A value that is not a mention is ignored.
                (1, mention) => found[at].staff.extend(mention.parse::<Mention>()),
                (_, key) => settings[at].push((key, it.get(2)?)),
            }
        }
        Ok(true)
    })?;
    for (inbox, settings) in found.iter_mut().zip(settings) {
        inbox.settings = settings.into_iter().collect();
        if let Some(home) = inbox.home() {
            inbox.message = MessageId(home.0);
        }
    }
    Ok(found)
}

fn write_staff(conn: &Connection, id: InboxId, staff: &[Mention]) -> Result<()> {
    for mention in staff {
        execute(
            conn,
            "INSERT INTO inbox_staff (inbox_id, mention) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (to_sql(id.0), mention.to_string()),
        )?;
    }
    Ok(())
}
