//! What a clean stop hands over to the next start: the gateway's sessions and what is known of the
//! servers, so that the next process goes on where this one stopped, and Discord tells it what
//! happened in between.
//!
//! Handed over is only what is whole: everything that was heard is handled. Anything else, and a
//! crash, leaves nothing, and the next start looks for what it missed ([`crate::catch_up`]).

use tickets::{GuildId, UserId};
use twilight_gateway::Session;

use crate::cache::{Cache, FORMAT, Packed};
use crate::context::Context;
use crate::store::{Handover, HandoverOwner, Store, StoreError, StoredSession};

/// Whose sessions can be gone on with.
pub fn owner(application: u64, intents: u64, gateway: &str, shards: u32) -> HandoverOwner {
    HandoverOwner {
        application,
        intents,
        gateway: gateway.to_owned(),
        shards,
        format: FORMAT,
    }
}

/// Takes what an earlier run left for this one; it is gone afterwards, whoever left it.
pub async fn take(
    store: &Store,
    owner: &HandoverOwner,
) -> Result<Option<(Vec<StoredSession>, Cache)>, StoreError> {
    let Some(handover) = store.handover().await? else {
        return Ok(None);
    };
    let is_mine = handover.owner == *owner && handover.sessions.iter().all(is_usable);
    let cache = if is_mine {
        remembered(store, handover.user).await?
    } else {
        None
    };
    store.clear_handover().await?;
    Ok(cache.map(|cache| (handover.sessions, cache)))
}

/// What was known of the servers. `None` if something of it makes no sense.
async fn remembered(store: &Store, me: UserId) -> Result<Option<Cache>, StoreError> {
    let mut cache = Cache::remembered(me);
    let mut last = GuildId(0);
    loop {
        let servers = store.handover_servers(last).await?;
        let Some((newest, _)) = servers.last() else {
            return Ok(Some(cache));
        };
        last = *newest;
        for (id, known) in servers {
            if !cache.remember(id, known.as_deref()) {
                return Ok(None);
            }
        }
    }
}

/// Leaves this for the next start. The cache is empty afterwards.
pub async fn leave(
    context: &Context,
    owner: HandoverOwner,
    user: UserId,
    sessions: Vec<StoredSession>,
) -> Result<(), StoreError> {
    let cache = std::mem::take(&mut *context.cache());
    let handover = Handover {
        owner,
        user,
        sessions,
    };
    let servers = cache.into_servers();
    context.store.leave_handover(handover, servers).await
}

/// A shard's session, as it is stored.
pub fn stored(shard: u32, session: &Session, resume_url: &str) -> StoredSession {
    StoredSession {
        shard,
        id: session.id().to_owned().into(),
        sequence: session.sequence(),
        resume_url: resume_url.trim_end_matches('/').to_owned(),
    }
}

/// Discord's address came from Discord, but the database may have been edited since.
fn is_usable(session: &StoredSession) -> bool {
    let url = session.resume_url.parse::<hyper::Uri>();
    url.is_ok_and(|url| matches!(url.scheme_str(), Some("ws" | "wss")) && url.host().is_some())
}

impl AsRef<[u8]> for Packed {
    fn as_ref(&self) -> &[u8] {
        self.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Access;
    use secrecy::ExposeSecret;

    fn mine() -> HandoverOwner {
        owner(1, 515, "wss://gateway.discord.gg", 2)
    }

    fn session(shard: u32, resume_url: &str) -> StoredSession {
        let session = Session::new(7, format!("secret{shard}"));
        stored(shard, &session, resume_url)
    }

    async fn left(
        sessions: Vec<StoredSession>,
        known: Option<&'static [u8]>,
    ) -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Access::plain(folder.path().join("test.db"))).unwrap();
        let handover = Handover {
            owner: mine(),
            user: UserId(9),
            sessions,
        };
        // More than are read together.
        let servers = (1..=600).map(move |id| (GuildId(id), known));
        store.leave_handover(handover, servers).await.unwrap();
        (store, folder)
    }

    #[tokio::test]
    async fn what_is_left_is_taken_once() {
        let sessions = vec![session(0, "wss://a.discord.gg/"), session(1, "wss://b")];
        let (store, _folder) = left(sessions, None).await;
        let (sessions, cache) = take(&store, &mine()).await.unwrap().expect("it was left");
        let told: Vec<_> = sessions
            .iter()
            .map(|it| {
                (
                    it.shard,
                    it.id.expose_secret(),
                    it.sequence,
                    &*it.resume_url,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (0, "secret0", 7, "wss://a.discord.gg"),
                (1, "secret1", 7, "wss://b")
            ]
        );
        assert!(!format!("{sessions:?}").contains("secret"));
        assert_eq!((cache.me(), cache.len()), (Some(UserId(9)), 600));
        assert!(take(&store, &mine()).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn what_others_left_is_thrown_away() {
        let others = [
            owner(2, 515, "wss://gateway.discord.gg", 2),
            owner(1, 513, "wss://gateway.discord.gg", 2),
            owner(1, 515, "ws://127.0.0.1:8080", 2),
            owner(1, 515, "wss://gateway.discord.gg", 3),
            HandoverOwner {
                format: FORMAT + 1,
                ..mine()
            },
        ];
        for other in others {
            let (store, _folder) = left(vec![session(0, "wss://a")], None).await;
            assert!(take(&store, &other).await.unwrap().is_none(), "{other:?}");
            assert!(take(&store, &mine()).await.unwrap().is_none(), "{other:?}");
        }
    }

    #[tokio::test]
    async fn what_makes_no_sense_is_thrown_away() {
        let good = || session(0, "wss://a");
        for (session, known) in [
            (good(), Some(&b"no server"[..])),
            (session(0, "https://a"), None),
            (session(0, ""), None),
            (session(0, "wss://a b"), None),
        ] {
            let (store, _folder) = left(vec![session], known).await;
            assert!(take(&store, &mine()).await.unwrap().is_none());
            assert!(take(&store, &mine()).await.unwrap().is_none());
        }
    }
}
