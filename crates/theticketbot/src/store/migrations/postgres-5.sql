-- What SQLite has in additions-12.
ALTER TABLE ticket ADD COLUMN hidden_since bigint;
ALTER TABLE ticket ADD COLUMN is_alone bigint;
CREATE INDEX ix_ticket_alone ON ticket (inbox_id) WHERE is_alone IS NOT NULL;
ALTER TABLE closing ADD COLUMN moved_to bigint;
