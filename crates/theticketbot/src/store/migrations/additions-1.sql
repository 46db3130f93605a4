-- How far the answer to the owner's leaving has come: 0 present, 1 begun, 2 done.
ALTER TABLE ticket ADD COLUMN departure INTEGER NOT NULL DEFAULT 0;

-- When a member last opened a ticket in an inbox, in milliseconds since 1970.
-- It outlives the ticket, or deleting that would end the cooldown.
CREATE TABLE cooldown (
    inbox_id INTEGER NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    PRIMARY KEY (inbox_id, user_id)
) WITHOUT ROWID;

CREATE INDEX ix_cooldown_opened_at ON cooldown (opened_at);

-- Tickets that are being opened. Nothing is referenced: what was begun must be finished or undone
-- whatever was deleted meanwhile.
CREATE TABLE opening (
    interaction_id INTEGER PRIMARY KEY,
    token TEXT NOT NULL,
    inbox_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    parent_id INTEGER NOT NULL,
    owner_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    starter TEXT NOT NULL,
    thread_id INTEGER,
    started INTEGER NOT NULL,
    begun_at INTEGER NOT NULL
);
