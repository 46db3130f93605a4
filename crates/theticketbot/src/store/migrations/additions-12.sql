-- Since when the bot cannot view a ticket, in milliseconds since the Unix epoch.
ALTER TABLE ticket ADD COLUMN hidden_since INTEGER;
-- 1: a minute after it was opened nobody but its owner had joined it, and nobody has since.
ALTER TABLE ticket ADD COLUMN is_alone INTEGER;
CREATE INDEX ix_ticket_alone ON ticket (inbox_id) WHERE is_alone IS NOT NULL;
-- The ticket that takes the place of one that is closed for it.
ALTER TABLE closing ADD COLUMN moved_to INTEGER;
