//! The folder of a kept world.
//!
//! ```text
//! world.json.zst   everything but the bytes of attachments; replaced as a whole
//! files/ID         the bytes of an attachment, written once
//! world.lock       locked as long as a program keeps its world here
//! ```
//!
//! Each file is written under another name and then renamed, so that a crash leaves either the old one or the
//! new one. An attachment is written before the world that shows it, and removed after the world no longer
//! does. This program wrote what it reads here, so a checksum is enough, without checks of each field.

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

/// The version of the format. It increases if an older program could misread a file. A field that older files
/// lack gets a default instead.
pub(super) const VERSION: u32 = 1;

const WORLD: &str = "world.json.zst";
const LOCK: &str = "world.lock";
const FILES: &str = "files";
/// The suffix of files that are not completely written.
const UNFINISHED: &str = ".new";

/// How long to wait for a folder that is in use.
const TIME_LIMIT: Duration = Duration::from_millis(500);

/// A folder that is locked for this program while this exists.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
    written: Mutex<Written>,
}

/// What the folder contains.
#[derive(Default)]
struct Written {
    files: BTreeSet<AttachmentId>,
    changes: Option<u64>,
}

/// The content of the file. The version comes first.
#[derive(Serialize)]
struct Writing<'a> {
    version: u32,
    #[serde(flatten)]
    kept: &'a Kept,
}

/// The part that every version has.
#[derive(Deserialize)]
struct Header {
    version: u32,
}

impl Folder {
    /// Opens and locks the folder, and creates it if it is missing.
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

    /// Loads the world in the folder, if there is one.
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

    /// Saves a world, unless the folder has a newer one.
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
            // If this fails, the next start removes the file.
            let _ = fs::remove_file(self.file(*gone));
        }
        written.files = shown;
        Ok(())
    }

    /// Removes files that a crash has left and that belong to no world.
    fn tidy(&self) {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let known: BTreeSet<PathBuf> = written.files.iter().map(|id| self.file(*id)).collect();
        let entries = fs::read_dir(self.path.join(FILES)).into_iter().flatten();
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if !known.contains(&path) {
                // If this fails, the file only takes space.
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

/// Writes a file atomically: at any time, either the old one or the new one is complete.
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
        // The folder's entry must reach the disk as well. Only Unix can open a folder to sync it.
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    attempt().map_err(|cause| {
        // An incomplete file would only take space, which may be scarce.
        let _ = fs::remove_file(&unfinished);
        KeepError::Io {
            doing: "write",
            path: path.to_owned(),
            cause,
        }
    })
}

/// Locks the file. It retries for a while, because the process with the lock may be about to end.
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

/// Creates a folder and its missing parents. Other users cannot read them.
fn create_dir(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The files contain tokens, although only those of an imitated Discord.
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
