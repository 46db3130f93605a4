//! Messages that offer several inboxes. An inbox without its own message is on one of the messages that offer
//! it, which is its home, and is removed with the last of them.

use tickets::entries::{self, ENTRIES, HOME};
use tickets::inbox::Inbox;
use tickets::{ChannelId, GuildId, InboxId, MessageId};

use super::setting::{self, Scope};
use super::sql::{Connection, Result};
use super::{execute, from_sql, inbox, parents, rows, to_sql};

/// The inboxes without their own message whose home is this message.
pub(super) fn on_message(conn: &Connection, id: MessageId) -> Result<Vec<Inbox>> {
    let sql = "SELECT inbox_id FROM inbox_setting WHERE key = ? AND value = ?";
    let found = rows(conn, sql, (HOME, id.to_string()), |row| {
        row.get(0).map(|id| InboxId(from_sql(id)))
    })?;
    // A row may belong to a removed inbox.
    let found = found.into_iter().map(|id| inbox::find(conn, id));
    found.filter_map(Result::transpose).collect()
}

/// Before a message or a channel is gone: moves an inbox to another message that offers it. False if no
/// other does. `stays` says of which inboxes the messages stay.
pub(super) fn rescue(
    conn: &Connection,
    entry: &Inbox,
    stays: impl Fn(&Inbox) -> bool,
) -> Result<bool> {
    if entry.home().is_none() {
        return Ok(false);
    }
    let all = inbox::all_in(conn, entry.guild)?;
    match all.iter().find(|it| it.offers(entry.id) && stays(it)) {
        Some(host) => move_to(conn, entry, host).map(|()| true),
        None => Ok(false),
    }
}

/// After a change of what an inbox's message offers: inboxes of the server whose home does not offer them move
/// to a message that does. If there is none, they stay.
pub(super) fn changed(conn: &Connection, host: InboxId) -> Result<()> {
    let Some(host) = inbox::find(conn, host)? else {
        return Ok(());
    };
    prune(conn, host.guild)?;
    let all = inbox::all_in(conn, host.guild)?;
    for entry in &all {
        let Some(home) = entry.home() else {
            continue;
        };
        let mut hosts = all.iter().filter(|it| it.offers(entry.id)).peekable();
        let first = hosts.peek().copied();
        if let Some(first) = first.filter(|_| hosts.all(|it| it.id != home)) {
            move_to(conn, entry, first)?;
        }
    }
    Ok(())
}

/// Forgets that messages of a server offer inboxes that are neither stored nor kept.
pub(super) fn prune(conn: &Connection, guild: GuildId) -> Result<()> {
    let sql = "SELECT inbox.id FROM inbox JOIN message ON message.id = inbox.id
         JOIN channel ON channel.id = message.channel_id WHERE channel.guild_id = ?1
         UNION SELECT removed_inbox.id FROM removed_inbox WHERE removed_inbox.guild_id = ?1";
    let known = rows(conn, sql, [to_sql(guild.0)], |row| {
        row.get(0).map(|id| InboxId(from_sql(id)))
    })?;
    let change = |id| known.contains(&id).then_some(id);
    rewrite(conn, guild, change)
}

/// Messages of a server that offered an inbox offer another one instead, also those that are gone.
pub(super) fn replace(conn: &Connection, guild: GuildId, old: InboxId, new: InboxId) -> Result<()> {
    rewrite(conn, guild, |id| Some(if id == old { new } else { id }))
}

/// Changes or leaves out each of the inboxes that the messages of a server offer. A removed inbox keeps what its
/// message offered.
fn rewrite(
    conn: &Connection,
    guild: GuildId,
    change: impl Fn(InboxId) -> Option<InboxId>,
) -> Result<()> {
    let sql = "SELECT inbox_id, value FROM inbox_setting WHERE guild_id = ? AND key = ?";
    let found = rows(conn, sql, (to_sql(guild.0), ENTRIES), |row| {
        Ok((InboxId(from_sql(row.get(0)?)), row.get::<String>(1)?))
    })?;
    for (host, value) in found {
        let before = entries::read(&value);
        let after: Vec<_> = before.iter().copied().filter_map(&change).collect();
        if after == before {
            continue;
        }
        let scope = Scope::Inbox(host);
        match entries::stored(&after) {
            Some(value) => setting::set(conn, scope, ENTRIES, &value)?,
            None => setting::remove(conn, scope, ENTRIES)?,
        }
    }
    Ok(())
}

/// Moves an inbox to the message of another one. Its tickets open where they did before.
fn move_to(conn: &Connection, entry: &Inbox, host: &Inbox) -> Result<()> {
    let home = host.id.to_string();
    setting::set(conn, Scope::Inbox(entry.id), HOME, &home)?;
    if host.channel == entry.channel {
        return Ok(());
    }
    // The row that stands for the inbox's message.
    let sql = "UPDATE message SET channel_id = ? WHERE id = ?";
    execute(conn, sql, [to_sql(host.channel.0), to_sql(entry.id.0)])?;
    let tickets_in = Some(entry.tickets_in()).filter(|id| *id != host.channel);
    let sql = "UPDATE inbox SET destination_id = ? WHERE id = ?";
    let destination = tickets_in.map(|ChannelId(id)| to_sql(id));
    execute(conn, sql, (destination, to_sql(entry.id.0)))?;
    parents::drop_channel_if_unused(conn, entry.channel)
}
