//! What another process needs to resume the shards of this one: saved together with the leases, one
//! statement for all shards, and only what has changed.

use secrecy::ExposeSecret;
use tickets::GuildId;
use tokio_postgres::GenericClient;

use super::leases::execute;
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
    /// What makes a difference: a session with the same mark need not be saved again.
    pub(super) fn mark(&self) -> Option<(String, u64, bool)> {
        let session = self.checkpoint.session.as_ref()?;
        let id = session.id.expose_secret().to_owned();
        Some((id, session.sequence, self.checkpoint.is_whole))
    }

    pub(super) fn guilds(&self) -> impl Iterator<Item = GuildId> {
        self.checkpoint.servers.iter().map(|(guild, _)| *guild)
    }
}

/// Saves these, in a transaction in which no other process can take a shard. Sessions of shards that this
/// process does not hold, or no longer holds, are left out.
pub(super) async fn save(
    client: &impl GenericClient,
    owner: &SessionOwner,
    saves: &[Save],
    held: &[(u32, i64)],
) -> Result<(), StoreError> {
    let saves = saves.iter();
    let saves: Vec<&Save> = saves
        .filter(|it| held.contains(&(it.shard, it.epoch)))
        .collect();
    save_servers(client, &saves).await?;
    save_sessions(client, owner, &saves).await
}

async fn save_servers(client: &impl GenericClient, saves: &[&Save]) -> Result<(), StoreError> {
    let (mut ids, mut known, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for (guild, change) in saves.iter().flat_map(|it| &it.checkpoint.servers) {
        let id = guild.0.cast_signed();
        match change {
            Some(packed) => {
                ids.push(id);
                known.push(packed.as_ref().map(Packed::bytes));
            }
            None => gone.push(id),
        }
    }
    if !ids.is_empty() {
        let sql = "INSERT INTO handover_server (id, known)
             SELECT * FROM unnest($1::bigint[], $2::bytea[])
             ON CONFLICT (id) DO UPDATE SET known = excluded.known";
        execute(client, sql, &[&ids, &known]).await?;
    }
    if !gone.is_empty() {
        let sql = "DELETE FROM handover_server WHERE id = ANY($1)";
        execute(client, sql, &[&gone]).await?;
    }
    Ok(())
}

async fn save_sessions(
    client: &impl GenericClient,
    owner: &SessionOwner,
    saves: &[&Save],
) -> Result<(), StoreError> {
    let (mut shards, mut users, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let (mut sequences, mut urls) = (Vec::new(), Vec::new());
    let (mut whole, mut not_whole) = (Vec::new(), Vec::new());
    for Save { checkpoint, .. } in saves {
        let Some(session) = &checkpoint.session else {
            continue;
        };
        shards.push(i64::from(session.shard));
        users.push(checkpoint.user.0.cast_signed());
        ids.push(session.id.expose_secret());
        sequences.push(session.sequence.cast_signed());
        urls.push(&*session.resume_url);
        let setting = unfinished(session.shard);
        if checkpoint.is_whole {
            whole.push(setting);
        } else {
            not_whole.push(setting);
        }
    }
    if shards.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO handover_session (shard, user_id, session_id, sequence, resume_url,
             shards, application_id, intents, gateway, format)
         SELECT it.*, $6, $7, $8, $9, $10
         FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[]) AS it
         ON CONFLICT (shard) DO UPDATE SET user_id = excluded.user_id,
             session_id = excluded.session_id, sequence = excluded.sequence,
             resume_url = excluded.resume_url, shards = excluded.shards,
             application_id = excluded.application_id, intents = excluded.intents,
             gateway = excluded.gateway, format = excluded.format";
    let application = owner.application.cast_signed();
    let intents = owner.intents.cast_signed();
    let (total, format) = (i64::from(owner.shards), i64::from(owner.format));
    let of_all: [&(dyn tokio_postgres::types::ToSql + Sync); 10] = [
        &shards,
        &users,
        &ids,
        &sequences,
        &urls,
        &total,
        &application,
        &intents,
        &owner.gateway,
        &format,
    ];
    execute(client, sql, &of_all).await?;
    if !whole.is_empty() {
        execute(
            client,
            "DELETE FROM setting WHERE name = ANY($1)",
            &[&whole],
        )
        .await?;
    }
    if !not_whole.is_empty() {
        let sql =
            "INSERT INTO setting (name, value) SELECT name, '1' FROM unnest($1::text[]) AS name
             ON CONFLICT (name) DO NOTHING";
        execute(client, sql, &[&not_whole]).await?;
    }
    Ok(())
}
