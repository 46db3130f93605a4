-- What a clean stop leaves for the next start, which takes it out before it connects. First the
-- gateway's sessions, one for each shard ...
CREATE TABLE handover_session (
    shard INTEGER PRIMARY KEY,
    shards INTEGER NOT NULL,
    application_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    intents INTEGER NOT NULL,
    gateway TEXT NOT NULL,
    format INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    resume_url TEXT NOT NULL
);

-- ... and what is known of each server, in that format; NULL is one of which nothing was told yet.
CREATE TABLE handover_server (
    id INTEGER PRIMARY KEY,
    known BLOB
);
