-- Who looks after a ticket.
ALTER TABLE ticket ADD COLUMN claimed_by INTEGER;

-- Who closes, or has closed, a ticket through the bot. What they wrote and their name are kept only
-- until the ticket is closed.
CREATE TABLE closing (
    ticket_id INTEGER PRIMARY KEY REFERENCES ticket (id) ON DELETE CASCADE,
    by_id INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    remove_members INTEGER NOT NULL
);
