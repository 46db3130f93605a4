-- The language of who clicked, for an answer that is given after a restart. NULL was written by an
-- older version.
ALTER TABLE opening ADD COLUMN locale TEXT;

-- Threads that nobody could be invited to, and that Discord did not let the bot delete yet. Nothing
-- is referenced: it is no ticket any more.
CREATE TABLE abandoned_thread (
    id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    parent_id INTEGER NOT NULL
);
