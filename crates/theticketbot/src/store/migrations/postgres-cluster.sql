-- Several processes on one schema: who may serve which shard. See docs/cluster.md.

-- The processes that run, by their last sign of life.
CREATE TABLE IF NOT EXISTS cluster_process (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    version text NOT NULL,
    started timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Whether Discord can be reached from there.
ALTER TABLE cluster_process ADD COLUMN IF NOT EXISTS reaches_discord boolean NOT NULL DEFAULT true;

-- One row: how many shards there are to be.
CREATE TABLE IF NOT EXISTS cluster_total (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    total bigint NOT NULL
);

-- The leases.
CREATE TABLE IF NOT EXISTS cluster_shard (
    shard bigint PRIMARY KEY,
    holder bigint,
    epoch bigint NOT NULL DEFAULT 0,
    until timestamptz,
    -- When Discord last answered this shard.
    answered timestamptz
);

-- No epoch is used twice, whatever becomes of the rows.
CREATE SEQUENCE IF NOT EXISTS cluster_epoch;

-- When a shard of each bucket last began a session.
CREATE TABLE IF NOT EXISTS cluster_start (bucket bigint PRIMARY KEY, at timestamptz NOT NULL);
