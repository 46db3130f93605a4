-- Whether a ticket is archived, and locked if the bot may: then a start need not ask for it.
ALTER TABLE ticket ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
