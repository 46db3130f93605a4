-- How many tickets were opened, for $counter.
ALTER TABLE inbox ADD COLUMN counter INTEGER NOT NULL DEFAULT 0;
