-- Tickets' notices, each a message in a channel of the staff. A ticket that is deleted keeps its notice
-- until that says so.
CREATE TABLE notice (
    ticket_id bigint PRIMARY KEY,
    guild_id bigint NOT NULL REFERENCES guild (id) ON DELETE CASCADE,
    channel_id bigint NOT NULL,
    message_id bigint,
    joined_by bigint,
    closed_as text COLLATE "C",
    shown text COLLATE "C"
);

CREATE INDEX ix_notice_channel ON notice (channel_id);
CREATE INDEX ix_notice_guild ON notice (guild_id);
CREATE INDEX ix_notice_message ON notice (message_id);
