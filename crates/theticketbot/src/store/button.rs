//! The messages in a ticket that have buttons. The bot removes the buttons before it archives the ticket.

use tickets::{ChannelId, MessageId};

use super::sql::{Connection, Result};
use super::{execute, from_sql, rows, to_sql};

/// A message of the bot's in a ticket that has, or had, buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketButton {
    pub message: MessageId,
    pub kind: ButtonKind,
    pub is_shown: bool,
}

impl TicketButton {
    pub fn shown(message: MessageId, kind: ButtonKind) -> Self {
        Self {
            message,
            kind,
            is_shown: true,
        }
    }
}

/// What its buttons are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ButtonKind {
    /// The starting message, whose button comes back when the ticket is opened again.
    Starter,
    /// The owner has marked the ticket as solved, and staff can close it.
    Solved,
    /// The owner is asked whether to close it. Only the newest question counts.
    Prompt,
}

impl ButtonKind {
    // What the column `is_starter` holds.
    const ALL: [(Self, i64); 3] = [(Self::Solved, 0), (Self::Starter, 1), (Self::Prompt, 2)];

    fn of_sql(number: i64) -> Self {
        let known = Self::ALL.into_iter().find(|(_, known)| *known == number);
        known.map_or(Self::Solved, |(kind, _)| kind)
    }

    fn to_sql(self) -> i64 {
        let known = Self::ALL.into_iter().find(|(kind, _)| *kind == self);
        known.map_or(0, |(_, number)| number)
    }
}

pub(super) fn of_ticket(conn: &Connection, ticket: ChannelId) -> Result<Vec<TicketButton>> {
    rows(
        conn,
        "SELECT message_id, is_starter, is_shown FROM ticket_button WHERE ticket_id = ?
         ORDER BY message_id",
        [to_sql(ticket.0)],
        |row| {
            Ok(TicketButton {
                message: MessageId(from_sql(row.get(0)?)),
                kind: ButtonKind::of_sql(row.get(1)?),
                is_shown: row.get(2)?,
            })
        },
    )
}

/// Writes a button, or its new state. A button that is not shown, and not on a starting message, is removed.
pub(super) fn set(conn: &Connection, ticket: ChannelId, button: TicketButton) -> Result<()> {
    if !button.is_shown && button.kind != ButtonKind::Starter {
        let sql = "DELETE FROM ticket_button WHERE message_id = ?";
        return execute(conn, sql, [to_sql(button.message.0)]);
    }
    execute(
        conn,
        "INSERT INTO ticket_button (message_id, ticket_id, is_starter, is_shown)
         SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM ticket WHERE id = ?2)
         ON CONFLICT (message_id) DO UPDATE SET is_shown = excluded.is_shown",
        (
            to_sql(button.message.0),
            to_sql(ticket.0),
            button.kind.to_sql(),
            button.is_shown,
        ),
    )
}
