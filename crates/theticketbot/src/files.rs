//! Files and folders that only their owner can read: config, database, logs.
//!
//! If root creates a file in another user's folder, that user becomes its owner. For example, a host restores
//! a backup as root, and the bot runs as another user.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Checks that the process may open as many files and connections as a start needs. Otherwise libraries may
/// abort the program later.
#[cfg(unix)]
pub fn may_open_enough() -> io::Result<()> {
    // Enough for the database, the log and a few connections. `/` is the only file that surely exists in a
    // container.
    let enough = 0..32;
    let opened: io::Result<Vec<_>> = enough.map(|_| File::open("/")).collect();
    opened.map(drop)
}

/// Creates a folder and those above it that are missing, closed to others. Those that exist keep
/// their permissions.
pub fn create_dir(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Creates a file that must not exist yet.
pub fn create_new(path: &Path) -> io::Result<File> {
    private().read(true).write(true).create_new(true).open(path)
}

/// Opens a file for reading and writing, creating it if it is missing.
pub fn open_or_create(path: &Path) -> io::Result<File> {
    open_or_own(private().read(true).write(true).truncate(false), path)
}

/// Opens a file for appending, creating it if it is missing.
pub fn append(path: &Path) -> io::Result<File> {
    open_or_own(private().append(true), path)
}

fn open_or_own(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    match options.clone().create_new(true).open(path) {
        Ok(file) => hand_over(&file, path).map(|()| file),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            options.create(true).open(path)
        }
        Err(error) => Err(error),
    }
}

/// If root has created this file, gives it to the owner of its folder.
pub fn hand_over(file: &File, path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let folder = fs::metadata(folder_of(path))?;
        if file.metadata()?.uid() == 0 && folder.uid() != 0 {
            fchown(file, Some(folder.uid()), Some(folder.gid()))?;
        }
    }
    #[cfg(not(unix))]
    let _ = (file, path);
    Ok(())
}

#[cfg(unix)]
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Atomically replaces a file with a finished one. After a crash, either the old or the new file is there,
/// complete.
pub fn replace(finished: &Path, place: &Path) -> io::Result<()> {
    File::options()
        .read(true)
        .write(true)
        .open(finished)?
        .sync_all()?;
    fs::rename(finished, place)?;
    // The folder's own entry must reach the disk too. Only Unix can open a folder for that.
    #[cfg(unix)]
    File::open(folder_of(place))?.sync_all()?;
    Ok(())
}

/// Closes a file to other users, and returns whether it was open to them. A missing file counts as closed.
pub fn make_private(path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if !others_may_read(path)? {
            return Ok(false);
        }
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        Ok(true)
    }
    // Elsewhere a user's folder is closed to others.
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(false)
    }
}

/// Whether other users may read or change a file.
pub fn others_may_read(path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        match fs::metadata(path) {
            Ok(about) => Ok(about.is_file() && about.permissions().mode() & 0o077 != 0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(false)
    }
}

/// Opens a file for reading. A pipe or a device is refused: opening one may never end. A link to a missing file
/// is refused as well, and not as a missing file: a new file must not replace it.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let about = fs::metadata(path).map_err(|error| match fs::read_link(path) {
        Ok(target) if error.kind() == io::ErrorKind::NotFound => io::Error::other(format!(
            "it is a link to {}, which is not there",
            target.display()
        )),
        _ => error,
    })?;
    if !about.is_file() {
        let message = "it is not a regular file";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    File::open(path)
}

/// Deletes a file. A missing file is no error.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Creates the folder that a file is to be in.
pub fn create_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => create_dir(folder),
        _ => Ok(()),
    }
}

/// Resolves links to the real path. The files beside a database must be the same by whatever path a host
/// names the database.
pub fn resolve(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (
        absolute
            .parent()
            .and_then(|folder| folder.canonicalize().ok()),
        absolute.file_name(),
    ) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => absolute,
    }
}

/// The path with something after its last name: `a/b.db` and `.lock` make `a/b.db.lock`.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_created_is_closed_to_others() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("a/b");
        create_dir(&dir).unwrap();
        assert_eq!((mode(&dir), mode(dir.parent().unwrap())), (0o700, 0o700));
        drop(create_new(&dir.join("new")).unwrap());
        drop(open_or_create(&dir.join("open")).unwrap());
        drop(append(&dir.join("append")).unwrap());
        for name in ["new", "open", "append"] {
            assert_eq!(mode(&dir.join(name)), 0o600, "{name}");
        }
        assert!(
            create_new(&dir.join("new")).is_err(),
            "an existing file is never taken over"
        );
    }

    #[test]
    fn what_root_creates_belongs_to_the_owner_of_the_folder() {
        use std::os::unix::fs::{MetadataExt, chown};
        let temp = tempfile::tempdir().unwrap();
        let me = fs::metadata(temp.path()).unwrap().uid();
        let owner = if me == 0 { 65534 } else { me };
        chown(temp.path(), Some(owner), None).unwrap();
        let (lock, log) = (temp.path().join("lock"), temp.path().join("log"));
        drop(open_or_create(&lock).unwrap());
        drop(append(&log).unwrap());
        for file in [&lock, &log] {
            assert_eq!(fs::metadata(file).unwrap().uid(), owner);
        }
        // A file that exists already keeps its owner.
        chown(&lock, Some(me), None).unwrap();
        drop(open_or_create(&lock).unwrap());
        assert_eq!(fs::metadata(&lock).unwrap().uid(), me);
    }

    #[test]
    fn a_file_of_everybodys_becomes_private() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("f");
        assert!(!make_private(&file).unwrap(), "it is not there");
        fs::write(&file, "x").unwrap();
        for open in [0o644, 0o640, 0o660, 0o777] {
            fs::set_permissions(&file, fs::Permissions::from_mode(open)).unwrap();
            assert!(make_private(&file).unwrap(), "{open:o}");
            assert_eq!(mode(&file), 0o600);
        }
        assert!(!make_private(&file).unwrap());
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let temp = tempfile::tempdir().unwrap();
        let pipe = temp.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        for odd in [&pipe, temp.path()] {
            let error = open_regular(odd).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{odd:?}");
        }
        fs::write(temp.path().join("f"), "x").unwrap();
        assert!(open_regular(&temp.path().join("f")).is_ok());
    }

    #[test]
    fn a_replaced_file_is_the_finished_one() {
        let temp = tempfile::tempdir().unwrap();
        let (old, new) = (temp.path().join("f"), temp.path().join("f.new"));
        fs::write(&old, "old").unwrap();
        fs::write(&new, "new").unwrap();
        replace(&new, &old).unwrap();
        assert_eq!(fs::read_to_string(&old).unwrap(), "new");
        assert!(!new.exists());
        remove(&new).unwrap();
    }
}
