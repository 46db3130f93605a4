//! A log file that is rotated when it is full, with a few old ones kept: `x`, `x.1`, `x.2`, …

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::files;

pub(super) struct RollingFile {
    path: PathBuf,
    file: File,
    size: u64,
    limit: u64,
    old_files: u32,
}

impl RollingFile {
    /// Appends to the existing file, or creates it and its folder, private to the user.
    pub(super) fn open(path: &Path, limit: u64, old_files: u32) -> io::Result<Self> {
        files::create_parent(path)?;
        let file = files::append(path)?;
        let size = file.metadata()?.len();
        Ok(Self {
            path: path.to_owned(),
            file,
            size,
            limit,
            old_files,
        })
    }

    fn roll(&mut self) -> io::Result<()> {
        for number in (1..self.old_files).rev() {
            rename(&self.old(number), &self.old(number + 1))?;
        }
        rename(&self.path, &self.old(1))?;
        self.file = files::append(&self.path)?;
        self.size = 0;
        Ok(())
    }

    fn old(&self, number: u32) -> PathBuf {
        files::with_suffix(&self.path, &format!(".{number}"))
    }
}

impl Write for RollingFile {
    /// Takes a whole line at once, so that no line is in two files.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let length = line.len() as u64;
        if self.size > 0 && self.size + length > self.limit {
            // If the rotation fails, a file that is too large is better than a lost line. The rotation is
            // retried after as much text again, not with every line.
            if self.roll().is_err() {
                self.size = 0;
            }
        }
        self.file.write_all(line)?;
        self.size += length;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_files_are_kept_in_order_and_no_line_is_split() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("deep/log.jsonl");
        let mut log = RollingFile::open(&path, 10, 3).unwrap();
        for number in 0..10 {
            log.write_all(format!("line{number}\n").as_bytes()).unwrap();
        }
        drop(log);
        let read = |suffix: &str| fs::read_to_string(files::with_suffix(&path, suffix)).ok();
        assert_eq!(read("").as_deref(), Some("line9\n"));
        assert_eq!(read(".1").as_deref(), Some("line8\n"));
        assert_eq!(read(".3").as_deref(), Some("line6\n"));
        assert_eq!(read(".4"), None);
    }

    #[test]
    fn the_size_counts_from_the_file_that_is_there() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("log");
        for _ in 0..3 {
            let mut log = RollingFile::open(&path, 10, 3).unwrap();
            log.write_all(b"12345").unwrap();
        }
        assert_eq!(fs::read(&path).unwrap(), b"12345");
        assert_eq!(
            fs::read(files::with_suffix(&path, ".1")).unwrap(),
            b"1234512345"
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("deep/log");
        let mut log = RollingFile::open(&path, 5, 1).unwrap();
        log.write_all(b"1234").unwrap();
        log.write_all(b"1234").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        assert_eq!(
            (mode(&path), mode(&files::with_suffix(&path, ".1"))),
            (0o600, 0o600)
        );
    }
}
