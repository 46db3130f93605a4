//! Guesses the kind of a file, for a better error than "file is not a database".

use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::files;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sniff {
    Missing,
    Empty,
    /// The file has the header of an SQLite database that is not encrypted.
    Plain,
    /// Probably encrypted: whole pages of noise.
    Encrypted,
    Other,
}

/// How every SQLite file begins that is not encrypted.
const MAGIC: &[u8] = b"SQLite format 3\0";

pub(super) fn sniff(path: &Path) -> io::Result<Sniff> {
    let file = match files::open_regular(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Sniff::Missing),
        file => file?,
    };
    let length = file.metadata()?.len();
    let mut head = Vec::new();
    file.take(4096).read_to_end(&mut head)?;
    Ok(judge(length, &head))
}

fn judge(length: u64, head: &[u8]) -> Sniff {
    if length == 0 {
        return Sniff::Empty;
    }
    if head.starts_with(MAGIC) {
        return Sniff::Plain;
    }
    // Of 512 bytes of noise about 221 values are different; of text, never half as many.
    let different = head.iter().collect::<std::collections::HashSet<_>>().len();
    if length >= 512 && length.is_multiple_of(512) && different >= 180 {
        Sniff::Encrypted
    } else {
        Sniff::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_files_are_distinguished() {
        // Here, any sequence with many different bytes looks random.
        let noise: Vec<u8> = (0..4096_u32)
            .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        assert_eq!(judge(0, b""), Sniff::Empty);
        assert_eq!(judge(8192, b"SQLite format 3\0 and so on"), Sniff::Plain);
        assert_eq!(judge(8192, &noise), Sniff::Encrypted);
        assert_eq!(judge(8191, &noise), Sniff::Other, "no whole pages");
        assert_eq!(
            judge(4096, &b"some notes, and more of them. ".repeat(200)[..4096]),
            Sniff::Other
        );
        assert_eq!(sniff(Path::new("/nowhere/at/all")).unwrap(), Sniff::Missing);
    }
}
