//! Answers that are owed to members, and the inboxes that are being posted meanwhile: a journal,
//! so that after a crash nobody looks at "thinking" and no button is without its inbox.

use std::fmt;

use rusqlite::{Connection, Result, Row};
use tickets::stored::Inbox;
use tickets::{ChannelId, GuildId, Mention, MessageId, Timestamp};

use super::{Store, StoreError, execute, from_sql, inbox, rows, to_sql};

/// An answer that Discord waits for, or waited for when the bot ended.
#[derive(Clone, PartialEq, Eq)]
pub struct OwedAnswer {
    pub interaction: u64,
    /// A secret, good for 15 minutes.
    pub token: String,
    /// The member's language, as Discord codes it.
    pub locale: String,
    pub begun_at: Timestamp,
    pub posting: Option<Posting>,
}

/// An inbox that is being posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub guild: GuildId,
    pub channel: ChannelId,
    pub destination: Option<ChannelId>,
    pub staff: Vec<Mention>,
    /// Its message, once it is an inbox.
    pub message: Option<MessageId>,
}

impl fmt::Debug for OwedAnswer {
    /// Without the token: whoever has it can speak for the bot.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwedAnswer")
            .field("interaction", &self.interaction)
            .field("locale", &self.locale)
            .field("begun_at", &self.begun_at)
            .field("posting", &self.posting)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// A member is about to be shown that the bot is thinking.
    pub async fn owe_answer(&self, owed: OwedAnswer) -> Result<(), StoreError> {
        self.write(move |conn| owe(conn, &owed)).await
    }

    /// The member has read how it ended.
    pub async fn answer_given(&self, interaction: u64) -> Result<(), StoreError> {
        self.write(move |conn| given(conn, interaction)).await
    }

    /// An inbox is about to be posted for this interaction.
    pub async fn begin_posting(
        &self,
        interaction: u64,
        posting: Posting,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            execute(
                conn,
                "INSERT OR REPLACE INTO posting
                     (interaction_id, guild_id, channel_id, destination_id, staff)
                 VALUES (?, ?, ?, ?, ?)",
                (
                    to_sql(interaction),
                    to_sql(posting.guild.0),
                    to_sql(posting.channel.0),
                    posting.destination.map(|channel| to_sql(channel.0)),
                    in_words(&posting.staff),
                ),
            )
            .map(drop)
        })
        .await
    }

    /// Its message is there: from now on it is an inbox.
    pub async fn finish_posting(&self, interaction: u64, made: Inbox) -> Result<(), StoreError> {
        self.write(move |conn| {
            inbox::create(conn, &made)?;
            let sql = "UPDATE posting SET message_id = ? WHERE interaction_id = ?";
            execute(conn, sql, [to_sql(made.id.0), to_sql(interaction)]).map(drop)
        })
        .await
    }

    /// The answers that are still owed, oldest first.
    pub async fn owed_answers(&self) -> Result<Vec<OwedAnswer>, StoreError> {
        self.read(|conn| {
            rows(
                conn,
                "SELECT interaction_id, token, locale, begun_at,
                     guild_id, channel_id, destination_id, staff, message_id
                 FROM owed_answer LEFT JOIN posting USING (interaction_id) ORDER BY interaction_id",
                [],
                read,
            )
        })
        .await
    }
}

pub(super) fn owe(conn: &Connection, owed: &OwedAnswer) -> Result<()> {
    execute(
        conn,
        "INSERT OR IGNORE INTO owed_answer (interaction_id, token, locale, begun_at)
         VALUES (?, ?, ?, ?)",
        (
            to_sql(owed.interaction),
            &owed.token,
            &owed.locale,
            owed.begun_at.0,
        ),
    )
    .map(drop)
}

pub(super) fn given(conn: &Connection, interaction: u64) -> Result<()> {
    let key = [to_sql(interaction)];
    execute(
        conn,
        "DELETE FROM owed_answer WHERE interaction_id = ?",
        key,
    )?;
    execute(conn, "DELETE FROM posting WHERE interaction_id = ?", key).map(drop)
}

fn read(row: &Row<'_>) -> Result<OwedAnswer> {
    let guild: Option<i64> = row.get(4)?;
    let posting = match guild {
        None => None,
        Some(guild) => Some(Posting {
            guild: GuildId(from_sql(guild)),
            channel: ChannelId(from_sql(row.get(5)?)),
            destination: row
                .get::<_, Option<i64>>(6)?
                .map(|id| ChannelId(from_sql(id))),
            staff: of_words(&row.get::<_, String>(7)?),
            message: row
                .get::<_, Option<i64>>(8)?
                .map(|id| MessageId(from_sql(id))),
        }),
    };
    Ok(OwedAnswer {
        interaction: from_sql(row.get(0)?),
        token: row.get(1)?,
        locale: row.get(2)?,
        begun_at: Timestamp(row.get(3)?),
        posting,
    })
}

/// Mentions, with a space between two.
fn in_words(staff: &[Mention]) -> String {
    let words: Vec<_> = staff.iter().map(Mention::to_string).collect();
    words.join(" ")
}

fn of_words(words: &str) -> Vec<Mention> {
    words
        .split_ascii_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect()
}
