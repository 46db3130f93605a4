-- Removed inboxes: what is kept of them, apart from their settings. Nothing is referenced: the message is
-- gone, and perhaps its channel.
CREATE TABLE removed_inbox (
    id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    -- In milliseconds since the Unix epoch. 0: kept only while its tickets are open.
    removed_at INTEGER NOT NULL,
    destination_id INTEGER,
    starter_content TEXT NOT NULL,
    default_ticket_name TEXT NOT NULL,
    max_tickets_per_user INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    -- Mentions in their order, with spaces between them.
    staff TEXT NOT NULL
);

CREATE INDEX ix_removed_inbox_guild ON removed_inbox (guild_id);

-- The inbox that a ticket is of, also when that is removed. NULL in rows that the original writes.
ALTER TABLE ticket ADD COLUMN of_inbox_id INTEGER;
UPDATE ticket SET of_inbox_id = inbox_id;
CREATE INDEX ix_ticket_of_inbox ON ticket (of_inbox_id);
