-- The messages in tickets that have buttons, which are taken away before a ticket is archived.
CREATE TABLE ticket_button (
    message_id INTEGER PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
    is_starter INTEGER NOT NULL,
    is_shown INTEGER NOT NULL
);

CREATE INDEX ix_ticket_button_ticket ON ticket_button (ticket_id);
