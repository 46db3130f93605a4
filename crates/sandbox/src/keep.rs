//! Keeping the world in a folder, so that the next start continues with it.
//!
//! A separate thread writes the world a short time after each change, and once more at the end. A crash loses
//! about a second. [`folder`] knows the files.

mod folder;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, watch};
use tokio::task::{JoinError, JoinHandle};

use folder::Folder;

use crate::hub::Hub;
use crate::world::{Seed, World};

/// The time after the first of a burst of changes until all of them are written together.
const QUIET: Duration = Duration::from_millis(500);
/// Writing takes at most one part in this many of the time, however large the world is.
const SHARE: u32 = 20;
/// After how long a failed save is retried, even if nothing changes.
const RETRY: Duration = Duration::from_secs(10);

/// Everything that is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// By how much the world's clock is ahead of the real one, in milliseconds.
    pub(crate) ahead: i64,
    /// The seed to which a reset returns.
    pub(crate) seed: Seed,
    pub(crate) world: World,
}

/// A [`Kept`] with the number of changes so far, so that an older one never replaces a newer one.
pub(crate) struct Snapshot {
    pub(crate) changes: u64,
    pub(crate) kept: Kept,
}

/// Opens a folder and locks it, and loads the world in it.
pub(crate) async fn open(folder: PathBuf) -> Result<(Folder, Option<Kept>), KeepError> {
    let path = folder.clone();
    let opening = tokio::task::spawn_blocking(move || {
        let folder = Folder::open(&folder)?;
        let kept = folder.load()?;
        Ok((folder, kept))
    });
    opening.await.map_err(|error| lost(&path, error))?
}

/// The task that saves the world. Dropping this ends it.
pub(crate) struct Keeper {
    hub: Arc<Hub>,
    folder: Arc<Folder>,
    task: JoinHandle<()>,
    trouble: Mutex<watch::Receiver<Option<String>>>,
}

impl Keeper {
    /// Saves the world for the first time, which shows whether saving works at all, and then after each
    /// change.
    pub(crate) async fn start(hub: Arc<Hub>, folder: Folder) -> Result<Self, KeepError> {
        let folder = Arc::new(folder);
        // Subscribe before the first save, so that no change is missed.
        let changed = hub.watch();
        let saved = save(&hub, &folder, None).await?;
        let (tell, trouble) = watch::channel(None);
        let following = follow(Arc::clone(&hub), Arc::clone(&folder), changed, saved, tell);
        let task = tokio::spawn(following);
        Ok(Self {
            hub,
            folder,
            task,
            trouble: Mutex::new(trouble),
        })
    }

    /// Saves the present world, and unlocks the folder.
    pub(crate) async fn close(mut self) -> Result<(), KeepError> {
        self.task.abort();
        // The task was cancelled, as intended.
        let _ = (&mut self.task).await;
        save(&self.hub, &self.folder, None).await.map(drop)
    }

    /// Returns the reason when the world could not be saved. It does so once for each series of failures.
    pub(crate) async fn trouble(&self) -> String {
        let mut trouble = self.trouble.lock().await;
        loop {
            if trouble.changed().await.is_err() {
                return std::future::pending().await;
            }
            if let Some(reason) = &*trouble.borrow_and_update() {
                return reason.clone();
            }
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn follow(
    hub: Arc<Hub>,
    folder: Arc<Folder>,
    mut changed: watch::Receiver<u64>,
    mut saved: u64,
    tell: watch::Sender<Option<String>>,
) {
    let mut pause = QUIET;
    loop {
        let failed = tell.borrow().is_some();
        let wait = if failed { RETRY } else { Duration::MAX };
        // `changed` cannot fail, because the sender lives in the hub, which is borrowed here. A time-out is a
        // retry.
        let _ = tokio::time::timeout(wait, changed.changed()).await;
        tokio::time::sleep(pause).await;
        changed.mark_unchanged();
        let started = Instant::now();
        match save(&hub, &folder, Some(saved)).await {
            Ok(now) => {
                saved = now;
                if failed {
                    tracing::info!("the world is kept again");
                    tell.send_replace(None);
                }
            }
            Err(error) if !failed => {
                tracing::error!(%error, "the world is not kept for now");
                tell.send_replace(Some(error.to_string()));
            }
            // This failure was already reported.
            Err(_) => {}
        }
        pause = QUIET.max(started.elapsed().saturating_mul(SHARE));
    }
}

/// Saves the world, unless its change number is still `saved`. Returns the number of the saved world.
async fn save(hub: &Hub, folder: &Arc<Folder>, saved: Option<u64>) -> Result<u64, KeepError> {
    let Some(snapshot) = hub.snapshot(saved) else {
        return Ok(saved.unwrap_or_default());
    };
    let (writer, changes) = (Arc::clone(folder), snapshot.changes);
    let saving = tokio::task::spawn_blocking(move || writer.save(&snapshot));
    saving.await.map_err(|error| lost(folder.path(), error))??;
    Ok(changes)
}

/// The error if a thread that writes files panicked.
fn lost(folder: &Path, error: JoinError) -> KeepError {
    KeepError::Io {
        doing: "keep the world in",
        path: folder.to_owned(),
        cause: io::Error::other(error),
    }
}

/// Why a world cannot be kept, or a kept world cannot be loaded.
#[derive(Debug)]
pub enum KeepError {
    /// Another program keeps its world there.
    InUse { folder: PathBuf },
    /// The folder contains files that are not those of a kept world.
    NotOurs { folder: PathBuf },
    /// A newer version of this program kept it.
    Newer { file: PathBuf, version: u32 },
    /// The file's content is damaged.
    Damaged { file: PathBuf, what: String },
    /// A file operation failed.
    Io {
        /// The operation, such as `create the folder`.
        doing: &'static str,
        path: PathBuf,
        cause: io::Error,
    },
}

impl fmt::Display for KeepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse { folder } => write!(
                f,
                "{} is in use: another demo or sandbox keeps its world there; stop that one, or \
                 name another folder",
                folder.display()
            ),
            Self::NotOurs { folder } => write!(
                f,
                "{} has files in it but no kept world; name a new or an empty folder",
                folder.display()
            ),
            Self::Newer { file, version } => write!(
                f,
                "{} was kept by a newer version of this program (its format is {version}, the \
                 newest that is known here {}); use that version or name another folder. Nothing \
                 was changed",
                file.display(),
                folder::VERSION
            ),
            Self::Damaged { file, what } => write!(
                f,
                "{} is not a world that this version can continue: {what}; name another folder, or \
                 remove this one to start over. Nothing was changed",
                file.display()
            ),
            Self::Io { doing, path, cause } => {
                write!(f, "cannot {doing} {}: {cause}", path.display())
            }
        }
    }
}

impl std::error::Error for KeepError {}
