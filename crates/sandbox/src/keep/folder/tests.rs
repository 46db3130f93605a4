use std::sync::Arc;

use super::*;
use crate::id::Timestamp;
use crate::wire::read;
use crate::world::{Seed, World};

/// A world with a picture of Mia's in it, after this many changes.
fn snapshot(changes: u64) -> Snapshot {
    let seed = Seed::default();
    let mut world = World::new(&seed);
    let (member, general) = (world.defaults().member, world.defaults().general);
    let picture = read::FilePart {
        index: 0,
        filename: "a.png".into(),
        content_type: None,
        data: b"\x89PNG"[..].into(),
    };
    let draft = read::message(&serde_json::json!({"content": "look"}), vec![picture]).unwrap();
    let sent = world.send_message(Timestamp(1_800_000_000_000), member, general, draft);
    assert!(sent.is_ok());
    let ahead = i64::try_from(changes).unwrap();
    let kept = Kept { ahead, seed, world };
    Snapshot { changes, kept }
}

/// A temporary folder with a world in it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.open().save(&snapshot(1)).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("kept").join(name)
    }

    fn open(&self) -> Folder {
        Folder::open(&self.path("")).unwrap()
    }

    fn refusal(&self) -> String {
        self.open().load().unwrap_err().to_string()
    }

    fn only_file(&self) -> PathBuf {
        let mut files = fs::read_dir(self.path(FILES)).unwrap();
        let file = files.next().unwrap().unwrap().path();
        assert!(files.next().is_none());
        file
    }
}

#[test]
fn what_is_kept_is_there_again() {
    let place = Place::new();
    assert_eq!(place.open().load().unwrap(), Some(snapshot(1).kept));
    assert_eq!(fs::read(place.only_file()).unwrap(), b"\x89PNG");
}

#[test]
fn a_folder_is_one_programs() {
    let place = Place::new();
    let folder = place.open();
    let second = Folder::open(&place.path("")).err().unwrap().to_string();
    assert!(second.contains("is in use: another demo"), "{second}");
    drop(folder);
    place.open();
}

#[test]
fn a_folder_with_something_else_in_it_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("letter.txt"), "dear").unwrap();
    let refused = Folder::open(place.path()).err().unwrap().to_string();
    assert!(
        refused.contains("has files in it but no kept world"),
        "{refused}"
    );
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_read_is_refused_and_stays() {
    let place = Place::new();
    let world = place.path(WORLD);
    let whole = fs::read(&world).unwrap();
    let packed = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (bytes, said) in [
        (flipped, "it is damaged"),
        (whole[..whole.len() - 9].to_vec(), "it is damaged"),
        (b"PNG".to_vec(), "it is damaged"),
        (Vec::new(), "it is damaged"),
        (packed("{}"), "missing field `version`"),
        (packed(r#"{"version": 1}"#), "missing field `ahead`"),
        (
            packed(r#"{"version": 2, "galaxies": []}"#),
            "its format is 2",
        ),
    ] {
        fs::write(&world, &bytes).unwrap();
        let refusal = place.refusal();
        assert!(refusal.contains(said), "{refusal}");
        assert!(refusal.ends_with("Nothing was changed"), "{refusal}");
        assert!(fs::read(&world).unwrap() == bytes, "{refusal}");
    }
    fs::write(&world, &whole).unwrap();
    let attachment = place.only_file();
    fs::remove_file(&attachment).unwrap();
    let refusal = place.refusal();
    assert!(
        refusal.starts_with(&format!(
            "cannot read the attachment {}: ",
            attachment.display()
        )),
        "{refusal}"
    );
}

#[test]
fn a_failed_write_leaves_what_was_kept() {
    let place = Place::new();
    let folder = place.open();
    let in_the_way = place.path("world.json.zst.new");
    fs::create_dir(&in_the_way).unwrap();
    let failed = folder.save(&snapshot(2)).unwrap_err().to_string();
    assert!(failed.starts_with("cannot write "), "{failed}");
    assert_eq!(folder.load().unwrap().map(|kept| kept.ahead), Some(1));
    fs::remove_dir(&in_the_way).unwrap();
    folder.save(&snapshot(2)).unwrap();
    assert_eq!(folder.load().unwrap().map(|kept| kept.ahead), Some(2));
}

#[test]
fn an_older_world_never_takes_the_place_of_a_newer_one() {
    let place = Place::new();
    let folder = place.open();
    folder.save(&snapshot(7)).unwrap();
    folder.save(&snapshot(6)).unwrap();
    assert_eq!(folder.load().unwrap().map(|kept| kept.ahead), Some(7));
}

#[test]
fn attachments_go_with_their_messages_and_what_a_crash_left_goes_too() {
    let place = Place::new();
    let left = place.path(FILES).join("1.new");
    fs::write(&left, "half").unwrap();
    let folder = place.open();
    let mut kept = folder.load().unwrap().unwrap();
    assert!(!left.exists());
    let gone = place.only_file();
    kept.world = World::new(&kept.seed);
    folder.save(&Snapshot { changes: 1, kept }).unwrap();
    assert!(!gone.exists());
}

#[test]
#[cfg(unix)]
fn others_can_read_nothing_of_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    // The folder existed before, and others could read it.
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let folder = Folder::open(place.path()).unwrap();
    folder.save(&snapshot(1)).unwrap();
    let mut looking = vec![place.path().to_owned()];
    let mut seen = 0;
    while let Some(path) = looking.pop() {
        let folder = path.is_dir();
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        let expected = if folder { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}", path.display());
        if folder {
            let entries = fs::read_dir(&path).unwrap();
            looking.extend(entries.map(|entry| entry.unwrap().path()));
        }
        seen += 1;
    }
    assert_eq!(seen, 5, "two folders and three files");
}

#[test]
fn bytes_are_written_once() {
    let place = Place::new();
    let folder = place.open();
    let mut kept = folder.load().unwrap().unwrap();
    // If the file had been written again, it would contain this.
    for (_, file) in kept.world.files_mut() {
        file.data = Arc::from(&b"another"[..]);
    }
    folder.save(&Snapshot { changes: 1, kept }).unwrap();
    assert_eq!(fs::read(place.only_file()).unwrap(), b"\x89PNG");
}
