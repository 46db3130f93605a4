//! One bot for one database: two would answer every click twice.
//!
//! The operating system holds the lock on a small file beside the database, and releases it when the process
//! ends, even after a crash. The lock file stays: deleting it would race with the next start.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::OpenError;
use crate::files;

/// The lock is held until this is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file is not enough: a child process that another thread has just started may hold a
        // copy of the handle.
        let _ = self.file.unlock();
    }
}

impl Lock {
    /// Takes the lock of the database at `path`, or names the process that has it.
    pub fn acquire(path: &Path) -> Result<Self, OpenError> {
        let path = files::resolve(path);
        files::create_parent(&path).map_err(OpenError::io(&path, "create the folder of"))?;
        let name = lock_path(&path);
        let mut file = files::open_or_create(&name).map_err(OpenError::io(&name, "open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::AlreadyRunning {
                    path,
                    pid: read_pid(&mut file),
                });
            }
            Err(TryLockError::Error(error)) => {
                return Err(OpenError::io(&name, "lock")(error));
            }
        }
        write_pid(&mut file).map_err(OpenError::io(&name, "write"))?;
        Ok(Self { file })
    }
}

fn lock_path(database: &Path) -> PathBuf {
    files::with_suffix(database, ".lock")
}

/// The holder's process id. Where a locked file cannot be read (Windows), none.
fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_pid(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())?;
    file.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_that_is_being_started_does_not_keep_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let lock = Lock::acquire(&path).unwrap();
        let of_the_child = lock.file.try_clone().unwrap();
        assert!(Lock::acquire(&path).is_err());
        drop(lock);
        assert!(Lock::acquire(&path).is_ok());
        drop(of_the_child);
    }
}
