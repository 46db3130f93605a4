//! Moves the rows of the tables in which earlier versions kept unfinished work into the journal, and drops
//! these tables. This is code and not SQL, because an entry's body is JSON, and the SQLite library may be
//! built without JSON.

use tickets::opening::{Opening, Order};
use tickets::{ChannelId, GuildId, InboxId, Timestamp, UserId};

use crate::store::journal::{self, Entry, Posting, Work};
use crate::store::sql::{Connection, Result, Row};
use crate::store::{from_sql, mentions_of, optional_id, rows};

/// Moves every row, and drops the old tables.
pub(super) fn move_into_journal(conn: &Connection) -> Result<()> {
    // One interaction can have both an opening and a pending response. The opening is inserted first, so it
    // wins. It includes the response.
    for (sql, read) in [
        (OPENINGS, opening as fn(&Row<'_>) -> Result<Entry>),
        (RESPONSES, response),
        (ORPHANS, orphan),
    ] {
        for entry in rows(conn, sql, [], read)? {
            journal::insert(conn, &entry)?;
        }
    }
    conn.batch(
        "DROP TABLE opening; DROP TABLE owed_answer; DROP TABLE posting;
         DROP TABLE abandoned_thread;",
    )
}

/// `home` is the inbox's own channel, if the inbox still exists.
const OPENINGS: &str =
    "SELECT interaction_id, token, locale, begun_at, opening.guild_id, inbox_id, parent_id,
         owner_id, name, starter, thread_id, started, coalesce(channel.id, parent_id)
     FROM opening LEFT JOIN message ON message.id = inbox_id
     LEFT JOIN channel ON channel.id = message.channel_id";

fn opening(row: &Row<'_>) -> Result<Entry> {
    let begun_at = Timestamp(row.get(3)?);
    let guild = GuildId(from_sql(row.get(4)?));
    let order = Order {
        interaction: from_sql(row.get(0)?),
        guild,
        inbox: InboxId(from_sql(row.get(5)?)),
        home: ChannelId(from_sql(row.get(12)?)),
        parent: ChannelId(from_sql(row.get(6)?)),
        owner: UserId(from_sql(row.get(7)?)),
        // Earlier versions did not store this.
        username: String::new(),
        number: 0,
        name: row.get(8)?,
        starter: row.get(9)?,
        hide_after: None,
        has_button: false,
        opener: None,
        is_silent: false,
        named: Vec::new(),
        notice: None,
        begun_at,
        answers: Vec::new(),
        left_over: Vec::new(),
        pages: Vec::new(),
        files: Vec::new(),
        is_report: false,
        moved: None,
    };
    let thread = optional_id(row, 10)?.map(ChannelId);
    Ok(Entry {
        id: order.interaction,
        guild,
        token: row.get(1)?,
        locale: row.get::<Option<String>>(2)?.unwrap_or_default(),
        begun_at,
        work: Work::Opening(Box::new(Opening::restored(order, thread, row.get(11)?))),
    })
}

const RESPONSES: &str = "SELECT interaction_id, token, locale, begun_at, guild_id, channel_id,
         destination_id, staff, message_id
     FROM owed_answer LEFT JOIN posting USING (interaction_id)";

fn response(row: &Row<'_>) -> Result<Entry> {
    // Earlier versions stored a server only for a response with an inbox that was being posted.
    let guild = optional_id(row, 4)?.map(GuildId);
    let work = match guild {
        None => Work::Response,
        Some(guild) => Work::Posting(Posting {
            name: None,
            again: None,
            guild,
            channel: ChannelId(from_sql(row.get(5)?)),
            destination: optional_id(row, 6)?.map(ChannelId),
            staff: mentions_of(&row.get::<String>(7)?),
            inbox: optional_id(row, 8)?.map(InboxId),
        }),
    };
    Ok(Entry {
        id: from_sql(row.get(0)?),
        guild: guild.unwrap_or(GuildId(0)),
        token: row.get(1)?,
        locale: row.get(2)?,
        begun_at: Timestamp(row.get(3)?),
        work,
    })
}

const ORPHANS: &str = "SELECT id, guild_id, parent_id FROM abandoned_thread";

fn orphan(row: &Row<'_>) -> Result<Entry> {
    let thread = ChannelId(from_sql(row.get(0)?));
    let guild = GuildId(from_sql(row.get(1)?));
    let parent = ChannelId(from_sql(row.get(2)?));
    Ok(Entry::orphan(thread, guild, parent, thread.created_at()))
}
