//! What another process needs to resume the shards of this one: saved together with the leases, one
//! statement for all shards, and only what has changed.

use secrecy::ExposeSecret;
use tickets::GuildId;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::leases::{Asked, together, with};
use crate::cache::Packed;
use crate::session::{Checkpoint, unfinished};
use crate::store::{SessionOwner, StoreError};

/// How many servers are saved at once: no process can renew a lease in the meantime.
pub(super) const SERVERS_AT_ONCE: usize = 250;

/// A shard's checkpoint under a lease.
pub(super) struct Save {
    pub(super) shard: u32,
    pub(super) epoch: i64,
    pub(super) checkpoint: Checkpoint,
}

impl Save {
    /// Identifies the saved state: a session with the same mark need not be saved again.
    pub(super) fn mark(&self) -> Option<(String, u64, bool)> {
        let session = self.checkpoint.session.as_ref()?;
        let id = session.id.expose_secret().to_owned();
        Some((id, session.sequence, self.checkpoint.is_whole))
    }

    pub(super) fn guilds(&self) -> impl Iterator<Item = GuildId> {
        self.checkpoint.servers.iter().map(|(guild, _)| *guild)
    }
}

/// Saves these checkpoints, and then runs the statements `last`. The caller's transaction keeps other
/// processes from taking a shard. Checkpoints of shards whose leases this process no longer holds are left
/// out.
pub(super) async fn save<'a>(
    client: &Client,
    owner: &'a SessionOwner,
    saves: &'a [Save],
    held: &[(u32, i64)],
    last: Vec<Asked<'a>>,
) -> Result<(), StoreError> {
    // What is written of all shards, column by column.
    let (mut known_ids, mut known, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    let (mut shards, mut users, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let (mut sequences, mut urls) = (Vec::new(), Vec::new());
    let (mut whole, mut not_whole) = (Vec::new(), Vec::new());
    let saves = saves.iter();
    for Save { checkpoint, .. } in saves.filter(|it| held.contains(&(it.shard, it.epoch))) {
        for (guild, change) in &checkpoint.servers {
            let id = guild.0.cast_signed();
            match change {
                Some(packed) => {
                    known_ids.push(id);
                    known.push(packed.as_ref().map(Packed::bytes));
                }
                None => gone.push(id),
            }
        }
        let Some(session) = &checkpoint.session else {
            continue;
        };
        shards.push(i64::from(session.shard));
        users.push(checkpoint.user.0.cast_signed());
        ids.push(session.id.expose_secret());
        sequences.push(session.sequence.cast_signed());
        urls.push(&*session.resume_url);
        let is_unfinished = unfinished(session.shard);
        if checkpoint.is_whole {
            whole.push(is_unfinished);
        } else {
            not_whole.push(is_unfinished);
        }
    }
    let application = owner.application.cast_signed();
    let intents = owner.intents.cast_signed();
    let (total, format) = (i64::from(owner.shards), i64::from(owner.format));
    let mut statements = Vec::new();
    if !known.is_empty() {
        let sql = "INSERT INTO handover_server (id, known) SELECT * FROM unnest($1, $2)
             ON CONFLICT (id) DO UPDATE SET known = excluded.known";
        let known = with(&known, Type::BYTEA_ARRAY);
        statements.push((sql, vec![with(&known_ids, Type::INT8_ARRAY), known]));
    }
    if !gone.is_empty() {
        let sql = "DELETE FROM handover_server WHERE id = ANY($1)";
        statements.push((sql, vec![with(&gone, Type::INT8_ARRAY)]));
    }
    if !shards.is_empty() {
        let sql = "INSERT INTO handover_session (shard, user_id, session_id, sequence, resume_url,
                 shards, application_id, intents, gateway, format)
             SELECT it.*, $6, $7, $8, $9, $10 FROM unnest($1, $2, $3, $4, $5) AS it
             ON CONFLICT (shard) DO UPDATE SET user_id = excluded.user_id,
                 session_id = excluded.session_id, sequence = excluded.sequence,
                 resume_url = excluded.resume_url, shards = excluded.shards,
                 application_id = excluded.application_id, intents = excluded.intents,
                 gateway = excluded.gateway, format = excluded.format";
        let sessions = vec![
            with(&shards, Type::INT8_ARRAY),
            with(&users, Type::INT8_ARRAY),
            with(&ids, Type::TEXT_ARRAY),
            with(&sequences, Type::INT8_ARRAY),
            with(&urls, Type::TEXT_ARRAY),
            with(&total, Type::INT8),
            with(&application, Type::INT8),
            with(&intents, Type::INT8),
            with(&owner.gateway, Type::TEXT),
            with(&format, Type::INT8),
        ];
        statements.push((sql, sessions));
        let sql = "DELETE FROM setting WHERE name = ANY($1)";
        statements.push((sql, vec![with(&whole, Type::TEXT_ARRAY)]));
        let sql = "INSERT INTO setting (name, value) SELECT name, '1' FROM unnest($1) AS name
             ON CONFLICT (name) DO NOTHING";
        statements.push((sql, vec![with(&not_whole, Type::TEXT_ARRAY)]));
    }
    statements.extend(last);
    together(client, &statements).await.map(drop)
}
