-- A ticket's state. Rows that this program writes begin with presence 0. The default is for rows that
-- the original writes: the bot has not seen those owners join, but they can leave.
-- presence: 0 invited, 1 present, 2 gone.
ALTER TABLE ticket ADD COLUMN presence INTEGER NOT NULL DEFAULT 1;
-- phase: 0 open, 1 closing, 2 closed, 3 closed and locked.
ALTER TABLE ticket ADD COLUMN phase INTEGER NOT NULL DEFAULT 0;
-- Why a ticket is closing; NULL in the other phases.
ALTER TABLE ticket ADD COLUMN closing_reason TEXT;
-- The newest message of the bot in the ticket that was recorded.
ALTER TABLE ticket ADD COLUMN own_message_id INTEGER;

-- `departure` and `closed` are not used any more.
UPDATE ticket SET
    presence = CASE departure WHEN 2 THEN 2 ELSE 1 END,
    phase = CASE
        WHEN departure = 1 OR closed = 2 THEN 1
        WHEN closed = 1 THEN 2
        WHEN closed = 3 THEN 3
        ELSE 0
    END,
    closing_reason = CASE
        WHEN departure = 1 THEN 'owner-left'
        WHEN closed = 2 THEN 'archived'
    END
WHERE departure <> 0 OR closed <> 0;

-- A starting message without the owner's mention invites nobody.
UPDATE ticket SET presence = 0 WHERE departure = 0 AND inbox_id IN (
    SELECT id FROM inbox WHERE starter_content <> ''
    AND instr(starter_content, '$author') = 0 AND instr(starter_content, '${author}') = 0
);

-- Nor does one that was not sent yet.
UPDATE ticket SET presence = 0 WHERE departure = 0 AND id IN (
    SELECT thread_id FROM opening WHERE started = 0
);

-- What must be finished, also after a restart: tickets that are being opened, pending responses,
-- inboxes that are being posted, orphaned threads. Nothing is referenced: an entry must be finished
-- whatever was deleted in the meantime.
CREATE TABLE journal (
    -- The interaction; of an orphaned thread, the thread.
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    inbox_id INTEGER,
    owner_id INTEGER,
    thread_id INTEGER,
    token TEXT NOT NULL,
    locale TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    -- What to do, as JSON.
    body TEXT NOT NULL
);

CREATE UNIQUE INDEX ix_journal_thread ON journal (thread_id) WHERE thread_id IS NOT NULL;
CREATE INDEX ix_journal_inbox_owner ON journal (inbox_id, owner_id);

-- What admins have set, apart from what the original knows. Nothing is referenced: a server may have
-- settings and no inbox, and an inbox's settings outlive it.
CREATE TABLE guild_setting (
    guild_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (guild_id, key)
) WITHOUT ROWID;

CREATE TABLE inbox_setting (
    inbox_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (inbox_id, key)
) WITHOUT ROWID;

CREATE INDEX ix_inbox_setting_guild ON inbox_setting (guild_id);
