-- Answers that are owed: Discord shows a member that the bot is thinking, until it says more.
CREATE TABLE owed_answer (
    interaction_id INTEGER PRIMARY KEY,
    token TEXT NOT NULL,
    locale TEXT NOT NULL,
    begun_at INTEGER NOT NULL
);

-- Inboxes that are being posted. Nothing is referenced: the message may not be there yet.
CREATE TABLE posting (
    interaction_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    destination_id INTEGER,
    staff TEXT NOT NULL,
    -- Once it is an inbox.
    message_id INTEGER
);
