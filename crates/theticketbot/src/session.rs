//! The saved session: what a clean stop leaves for the next start. It holds the gateway's sessions
//! and what is known of the servers, so that the next process resumes where this one stopped, and
//! Discord replays the events in between.
//!
//! The session is saved only if nothing is in flight, pending or failed. Otherwise, and after a
//! crash, the next start scans its servers ([`crate::reconcile`]).
//!
//! In a cluster, each process saves a [`Checkpoint`] of each shard every few seconds, so that another process
//! can resume the shard even after a crash. If the checkpoint says that work was unfinished, that process
//! also scans.

use tickets::{GuildId, UserId};
use twilight_gateway::Session;

use crate::app::App;
#[cfg(feature = "postgres")]
use crate::cache::Change;
use crate::cache::{Cache, FORMAT, Packed};
use crate::shards::Assignment;
use crate::store::{SavedSession, Scope, SessionOwner, ShardSession, Store, StoreError};

/// Identifies the sessions that this bot can resume. `shards` are those of all processes.
pub fn owner(application: u64, intents: u64, gateway: &str, shards: u32) -> SessionOwner {
    SessionOwner {
        application,
        intents,
        gateway: gateway.to_owned(),
        shards,
        format: FORMAT,
    }
}

/// Takes the session that an earlier run saved, and deletes it even if it cannot be used. Exception: a usable
/// session of a cluster's shard stays until this process saves its own within seconds. If this process is
/// killed before that, the next one resumes from the same event, and receives some events twice.
pub async fn take(
    store: &Store,
    owner: &SessionOwner,
    assignment: &Assignment,
) -> Result<Option<(Vec<ShardSession>, Cache)>, StoreError> {
    let Some(saved) = store.saved_session().await? else {
        // A process may have been killed after it saved some servers, but before it saved the session.
        if store.shard().is_some() {
            store.discard_session().await?;
        }
        return Ok(None);
    };
    // The session is only usable if it has exactly the shards of this process.
    let shards = saved.sessions.iter().map(|session| session.shard);
    let is_mine = saved.owner == *owner
        && shards.eq(assignment.shards())
        && saved.sessions.iter().all(is_usable);
    let cache = if is_mine {
        remembered(store, saved.user).await?
    } else {
        None
    };
    if store.shard().is_none() || cache.is_none() {
        store.discard_session().await?;
    }
    Ok(cache.map(|cache| (saved.sessions, cache)))
}

/// The cache from the saved servers. `None` if a server cannot be read.
async fn remembered(store: &Store, me: UserId) -> Result<Option<Cache>, StoreError> {
    let mut cache = Cache::remembered(me);
    let mut last = GuildId(0);
    loop {
        let servers = store.saved_servers(last).await?;
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

/// The setting that says that the servers of a resumed shard must be scanned.
pub fn unfinished(shard: u32) -> String {
    format!("unfinished-shard-{shard}")
}

/// Whether a process of a cluster that had one of these shards before left something unfinished. A process
/// that is alone forgets that at once: if it ends before it has scanned, its session is not saved, and the next
/// start scans anyway.
pub async fn is_unfinished(store: &Store, assignment: &Assignment) -> Result<bool, StoreError> {
    let mut is_unfinished = false;
    for shard in assignment.shards() {
        let name = unfinished(shard);
        if store.setting(Scope::Bot, &name).await?.is_none() {
            continue;
        }
        is_unfinished = true;
        if store.shard().is_none() {
            store.set_setting(Scope::Bot, &name, None).await?;
        }
    }
    Ok(is_unfinished)
}

/// What is saved of a shard while it runs, so that another process can continue.
#[cfg(feature = "postgres")]
pub struct Checkpoint {
    pub user: UserId,
    /// `None` if the shard has no session, or if changed servers remain that must be saved before it.
    pub session: Option<ShardSession>,
    /// Whether every event of the session so far is handled.
    pub is_whole: bool,
    /// Those that have changed since the last checkpoint.
    pub servers: Vec<(GuildId, Change)>,
}

/// The present state of a shard, with at most `most` of the changed servers. The servers may be newer than
/// the session, so some events are applied twice after resuming. That does no harm, while a missed event
/// would.
#[cfg(feature = "postgres")]
pub fn checkpoint(app: &App, most: usize) -> Checkpoint {
    let (session, ended) = app.resumable.session();
    let is_whole = ended.unwrap_or_else(|| app.tasks.is_idle() && app.has_finished());
    let mut cache = app.cache();
    let (servers, is_all) = cache.take_changes(most);
    let me = cache.me().filter(|_| is_all);
    Checkpoint {
        user: me.unwrap_or(UserId(0)),
        session: me.and(session),
        is_whole,
        servers,
    }
}

/// Saves the sessions and the cache for the next start. The cache is empty afterwards.
pub async fn leave(
    app: &App,
    owner: SessionOwner,
    user: UserId,
    sessions: Vec<ShardSession>,
) -> Result<(), StoreError> {
    let cache = std::mem::take(&mut *app.cache());
    let saved = SavedSession {
        owner,
        user,
        sessions,
    };
    let servers = cache
        .into_servers()
        .map(|(id, known)| (id, known.map(Packed::into_bytes)));
    app.store.save_session(saved, Box::new(servers)).await
}

/// A shard's session, as it is stored.
pub fn stored(shard: u32, session: &Session, resume_url: &str) -> ShardSession {
    ShardSession {
        shard,
        id: session.id().to_owned().into(),
        sequence: session.sequence(),
        resume_url: resume_url.trim_end_matches('/').to_owned(),
    }
}

/// Checks the address. It came from Discord, but somebody may have edited the database since.
fn is_usable(session: &ShardSession) -> bool {
    let url = session.resume_url.parse::<hyper::Uri>();
    url.is_ok_and(|url| matches!(url.scheme_str(), Some("ws" | "wss")) && url.host().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Access;
    use secrecy::ExposeSecret;

    fn mine() -> SessionOwner {
        owner(1, 515, "wss://gateway.discord.gg", 2)
    }

    fn both() -> Assignment {
        Assignment::all(2)
    }

    fn session(shard: u32, resume_url: &str) -> ShardSession {
        let session = Session::new(7, format!("secret{shard}"));
        stored(shard, &session, resume_url)
    }

    async fn left(
        sessions: Vec<ShardSession>,
        known: Option<&'static [u8]>,
    ) -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Access::plain(folder.path().join("test.db"))).unwrap();
        let saved = SavedSession {
            owner: mine(),
            user: UserId(9),
            sessions,
        };
        // These are more servers than are read at once.
        let servers = (1..=600).map(move |id| (GuildId(id), known.map(Box::from)));
        store.save_session(saved, Box::new(servers)).await.unwrap();
        (store, folder)
    }

    #[tokio::test]
    async fn what_is_left_is_taken_once() {
        let sessions = vec![session(0, "wss://a.discord.gg/"), session(1, "wss://b")];
        let (store, _folder) = left(sessions, None).await;
        let (sessions, cache) = take(&store, &mine(), &both())
            .await
            .unwrap()
            .expect("it was left");
        let taken: Vec<_> = sessions
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
            taken,
            [
                (0, "secret0", 7, "wss://a.discord.gg"),
                (1, "secret1", 7, "wss://b")
            ]
        );
        assert!(!format!("{sessions:?}").contains("secret"));
        assert_eq!((cache.me(), cache.len()), (Some(UserId(9)), 600));
        assert!(take(&store, &mine(), &both()).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn what_others_left_is_thrown_away() {
        let others = [
            owner(2, 515, "wss://gateway.discord.gg", 2),
            owner(1, 513, "wss://gateway.discord.gg", 2),
            owner(1, 515, "ws://127.0.0.1:8080", 2),
            owner(1, 515, "wss://gateway.discord.gg", 3),
            SessionOwner {
                format: FORMAT + 1,
                ..mine()
            },
        ];
        for other in others {
            let sessions = vec![session(0, "wss://a"), session(1, "wss://a")];
            let (store, _folder) = left(sessions, None).await;
            assert!(
                take(&store, &other, &both()).await.unwrap().is_none(),
                "{other:?}"
            );
            assert!(
                take(&store, &mine(), &both()).await.unwrap().is_none(),
                "{other:?}"
            );
        }
    }

    #[tokio::test]
    async fn sessions_of_other_shards_are_thrown_away() {
        let first = Assignment::parse("0-0", 2).unwrap();
        for (saved, assignment, is_taken) in [
            (vec![0], &first, true),
            (vec![0], &both(), false),
            (vec![0, 1], &first, false),
            (vec![1], &first, false),
        ] {
            let sessions = saved.iter().map(|shard| session(*shard, "wss://a"));
            let (store, _folder) = left(sessions.collect(), None).await;
            let taken = take(&store, &mine(), assignment).await.unwrap();
            assert_eq!(taken.is_some(), is_taken, "{saved:?}");
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
            let (store, _folder) = left(vec![session, self::session(1, "wss://a")], known).await;
            assert!(take(&store, &mine(), &both()).await.unwrap().is_none());
            assert!(take(&store, &mine(), &both()).await.unwrap().is_none());
        }
    }
}
