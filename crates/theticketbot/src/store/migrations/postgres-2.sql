-- What SQLite has in additions-9.
CREATE TABLE waiting (
    ticket_id bigint PRIMARY KEY REFERENCES ticket (id) ON DELETE CASCADE,
    for_staff bigint NOT NULL,
    since_id bigint NOT NULL,
    seen_id bigint NOT NULL,
    due_at bigint,
    reminded_id bigint,
    is_sending bigint NOT NULL DEFAULT 0,
    prompt_id bigint,
    asked_by bigint,
    asked_name text,
    asked_reason text,
    close_at bigint,
    snoozed_until bigint,
    snoozed_by bigint
);

CREATE INDEX ix_waiting_due ON waiting (due_at) WHERE due_at IS NOT NULL;
