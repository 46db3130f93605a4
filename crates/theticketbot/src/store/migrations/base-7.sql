-- What a deletion cascades to is found by index.
CREATE INDEX ix_ticket_owner ON ticket (owner_id);
CREATE INDEX ix_inbox_destination ON inbox (destination_id);
