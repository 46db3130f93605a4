//! The folder of a kept world.
//!
//! ```text
//! world.json.zst   everything but the bytes of attachments; replaced as a whole
//! files/ID         the bytes of an attachment, written once
//! world.lock       locked as long as a program keeps its world here
//! ```
//!
//! A file is written under another name first and then takes its place, so that a crash leaves the
//! old one or the new one. An attachment is there before the world that shows it, and goes after
//! it. What is read was written by this program: a checksum holds that, not a rule for each field.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{KeepError, Kept, Snapshot};
use crate::id::AttachmentId;

/// The format's. It rises when an older program could no longer read a file correctly; a field
/// that older files do not have gets a default instead.
pub(super) const VERSION: u32 = 1;

const WORLD: &str = "world.json.zst";
const LOCK: &str = "world.lock";
const FILES: &str = "files";
/// The end of the name of what is not finished.
const UNFINISHED: &str = ".new";

/// How long a folder that is in use is waited for.
const TIME_LIMIT: Duration = Duration::from_millis(500);

/// A folder that is ours as long as this lives.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
    written: Mutex<Written>,
}

/// What is in the folder.
#[derive(Default)]
struct Written {
    files: BTreeSet<AttachmentId>,
    changes: Option<u64>,
}

/// What stands in the file. The version comes first.
#[derive(Serialize)]
struct Writing<'a> {
    version: u32,
    #[serde(flatten)]
    kept: &'a Kept,
}

/// As much as every version has.
#[derive(Deserialize)]
struct Header {
    version: u32,
}

impl Folder {
    /// Takes the folder, which is created if it is not there.
    pub(crate) fn open(path: &Path) -> Result<Self, KeepError> {
        let failed = |doing, path: &Path| {
            let path = path.to_owned();
            move |cause| KeepError::Io { doing, path, cause }
        };
        create_dir(path).map_err(failed("create the folder", path))?;
        let lock = path.join(LOCK);
        if !lock.exists() && !path.join(WORLD).exists() {
            let mut entries = fs::read_dir(path).map_err(failed("read the folder", path))?;
            if entries.next().is_some() {
                return Err(KeepError::NotOurs {
                    folder: path.to_owned(),
                });
            }
        }
        let file = private()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock)
            .map_err(failed("write", &lock))?;
        take(&file).map_err(|error| match error {
            TryLockError::WouldBlock => KeepError::InUse {
                folder: path.to_owned(),
            },
            TryLockError::Error(cause) => failed("lock", &lock)(cause),
        })?;
        close_to_others(path).map_err(failed("close to others the folder", path))?;
        let files = path.join(FILES);
        create_dir(&files).map_err(failed("create the folder", &files))?;
        Ok(Self {
            path: path.to_owned(),
            _lock: file,
            written: Mutex::default(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The world that was kept here, if one was.
    pub(crate) fn load(&self) -> Result<Option<Kept>, KeepError> {
        let path = self.path.join(WORLD);
        let damaged = |what: String| KeepError::Damaged {
            file: path.clone(),
            what,
        };
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(|cause| KeepError::Io {
                doing: "read",
                path: path.clone(),
                cause,
            })?,
        };
        let mut text = Vec::new();
        zstd::Decoder::new(file)
            .and_then(|mut file| file.read_to_end(&mut text))
            .map_err(|error| damaged(format!("it is damaged ({error})")))?;
        let header: Header =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if header.version > VERSION {
            return Err(KeepError::Newer {
                file: path,
                version: header.version,
            });
        }
        let mut kept: Kept =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, file) in kept.world.files_mut() {
            let path = self.file(id);
            let bytes = fs::read(&path).map_err(|cause| KeepError::Io {
                doing: "read the attachment",
                path,
                cause,
            })?;
            file.data = bytes.into();
            written.files.insert(id);
        }
        drop(written);
        self.tidy();
        Ok(Some(kept))
    }

    /// Writes a world, unless a newer one is there.
    pub(super) fn save(&self, snapshot: &Snapshot) -> Result<(), KeepError> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.changes.is_some_and(|has| has > snapshot.changes) {
            return Ok(());
        }
        let world = &snapshot.kept.world;
        for (id, file) in world.files() {
            if !written.files.contains(&id) {
                replace(&self.file(id), |to| to.write_all(&file.data))?;
                written.files.insert(id);
            }
        }
        replace(&self.path.join(WORLD), |to| write(&snapshot.kept, to))?;
        written.changes = Some(snapshot.changes);
        let shown: BTreeSet<AttachmentId> = world.files().map(|(id, _)| id).collect();
        for gone in written.files.difference(&shown) {
            // A file that stays is removed at the next start.
            let _ = fs::remove_file(self.file(*gone));
        }
        written.files = shown;
        Ok(())
    }

    /// Removes what a crash has left behind: it is part of no world.
    fn tidy(&self) {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let known: BTreeSet<PathBuf> = written.files.iter().map(|id| self.file(*id)).collect();
        let entries = fs::read_dir(self.path.join(FILES)).into_iter().flatten();
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if !known.contains(&path) {
                // It does no harm.
                let _ = fs::remove_file(path);
            }
        }
    }

    fn file(&self, id: AttachmentId) -> PathBuf {
        self.path.join(FILES).join(id.to_string())
    }
}

fn write(kept: &Kept, to: &mut dyn Write) -> io::Result<()> {
    let mut packed = zstd::Encoder::new(to, zstd::DEFAULT_COMPRESSION_LEVEL)?;
    packed.include_checksum(true)?;
    let mut text = BufWriter::new(packed);
    let version = VERSION;
    serde_json::to_writer(&mut text, &Writing { version, kept })?;
    let packed = text.into_inner().map_err(io::IntoInnerError::into_error)?;
    packed.finish().map(drop)
}

/// Writes a file so that at any moment the old one or the new one is there whole.
fn replace(
    path: &Path,
    contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), KeepError> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(UNFINISHED);
    let unfinished = PathBuf::from(unfinished);
    let attempt = || {
        let mut file = private()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&unfinished)?;
        contents(&mut file)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        // The folder's own entry must reach the disk too. Only Unix can open a folder for that.
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    attempt().map_err(|cause| {
        // Half a file would only take room that may be scarce.
        let _ = fs::remove_file(&unfinished);
        KeepError::Io {
            doing: "write",
            path: path.to_owned(),
            cause,
        }
    })
}

/// Locks the file. The process that holds the lock may be about to end.
fn take(lock: &File) -> Result<(), TryLockError> {
    let until = Instant::now() + TIME_LIMIT;
    loop {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < until => {
                thread::sleep(TIME_LIMIT / 50);
            }
            tried => return tried,
        }
    }
}

/// Creates a folder and those above it that are missing, closed to others.
fn create_dir(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// There are tokens in it, if only those of a world that is not real.
fn close_to_others(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if folder.metadata()?.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests;
