-- What SQLite has in additions-11.
CREATE TABLE removed_inbox (
    id bigint PRIMARY KEY,
    guild_id bigint NOT NULL,
    channel_id bigint NOT NULL,
    removed_at bigint NOT NULL,
    destination_id bigint,
    starter_content text COLLATE "C" NOT NULL,
    default_ticket_name text COLLATE "C" NOT NULL,
    max_tickets_per_user bigint NOT NULL,
    counter bigint NOT NULL,
    staff text COLLATE "C" NOT NULL
);

CREATE INDEX ix_removed_inbox_guild ON removed_inbox (guild_id);

ALTER TABLE ticket ADD COLUMN of_inbox_id bigint;
UPDATE ticket SET of_inbox_id = inbox_id;
CREATE INDEX ix_ticket_of_inbox ON ticket (of_inbox_id);
