-- Tickets' notices, each a message in a channel of the staff. A ticket that is deleted keeps its notice
-- until that says so.
CREATE TABLE notice (
    ticket_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL REFERENCES guild (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL,
    -- NULL until it is posted.
    message_id INTEGER,
    joined_by INTEGER,
    -- Why the ticket was closed last.
    closed_as TEXT,
    -- What it shows, if that is known.
    shown TEXT
);

CREATE INDEX ix_notice_channel ON notice (channel_id);
CREATE INDEX ix_notice_guild ON notice (guild_id);
CREATE INDEX ix_notice_message ON notice (message_id);
