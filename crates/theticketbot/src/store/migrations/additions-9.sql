-- Whom a ticket waits for, its owner's side or staff, and what is due about that.
CREATE TABLE waiting (
    ticket_id INTEGER PRIMARY KEY REFERENCES ticket (id) ON DELETE CASCADE,
    for_staff INTEGER NOT NULL,
    -- The message since which it does, whose id says when.
    since_id INTEGER NOT NULL,
    -- Every message up to this one is taken into account.
    seen_id INTEGER NOT NULL,
    -- When it is to be decided what is due, in milliseconds since the Unix epoch.
    due_at INTEGER,
    -- The reminder of what it waits for now.
    reminded_id INTEGER,
    -- A message that was due is being sent, and not yet recorded.
    is_sending INTEGER NOT NULL DEFAULT 0,
    -- The message whose buttons ask the owner whether to close it.
    prompt_id INTEGER,
    -- Who asked to close it, and when that happens without a response. Kept until it is answered.
    asked_by INTEGER,
    asked_name TEXT,
    asked_reason TEXT,
    close_at INTEGER,
    -- Until when there are no reminders, and whom to notify then.
    snoozed_until INTEGER,
    snoozed_by INTEGER
);

CREATE INDEX ix_waiting_due ON waiting (due_at) WHERE due_at IS NOT NULL;
