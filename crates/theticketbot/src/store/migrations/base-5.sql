-- Tickets can be created in another channel than the inbox's own.
ALTER TABLE inbox ADD COLUMN destination_id INTEGER REFERENCES channel (id) ON DELETE SET NULL;
