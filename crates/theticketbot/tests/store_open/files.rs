//! Copies, permissions, locks and killed processes.

use super::*;

/// A host copies a backup over the database of a killed bot. Without a check, SQLite would read it together
/// with the old journal: it would be damaged, or still have the old content.
#[test]
fn a_restored_backup_is_not_mixed_with_the_old_journal() {
    let (folder, path) = copy_of("original-v7.db");
    let access = Access::plain(&path);
    let backup = folder.path().join("backup.db");
    drop(Store::open(&access).unwrap());
    maintain::backup(&access, &backup).unwrap();
    let count = |path: &Path| -> i64 {
        let conn = Connection::open(path).unwrap();
        conn.query_row("SELECT count(*) FROM ticket", [], |row| row.get(0))
            .unwrap()
    };
    // A killed bot leaves its last changes in the journal only.
    let killed = tempfile::tempdir().unwrap();
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("PRAGMA journal_mode = WAL; DELETE FROM ticket")
        .unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("theticketbot.db{suffix}");
        fs::copy(folder.path().join(&name), killed.path().join(&name)).unwrap();
    }
    let wal = fs::metadata(killed.path().join("theticketbot.db-wal")).unwrap();
    assert!(wal.len() > 0);
    let path = killed.path().join("theticketbot.db");
    let access = Access::plain(&path);
    let kept = maintain::restore(&access, &backup).unwrap();
    assert_eq!(count(&path), 3);
    assert_eq!(maintain::check(&access).unwrap(), Vec::<String>::new());
    assert_eq!(
        count(&kept.unwrap()),
        0,
        "what was there before is whole, too"
    );
    // While a bot runs, restoring is refused. A second restore keeps the replaced file under another name.
    let store = Store::open(&access).unwrap();
    let refused = maintain::restore(&access, &backup).unwrap_err();
    assert!(
        matches!(refused, OpenError::AlreadyRunning { .. }),
        "{refused}"
    );
    drop(store);
    let again = maintain::restore(&access, &backup).unwrap().unwrap();
    assert!(again.ends_with("theticketbot.db.replaced.2.bak"));
    drop(conn);
}

/// On a full disk, a part of the old database must not look like all of it.
#[test]
fn an_old_database_that_cannot_be_copied_leaves_no_part() {
    let (folder, path) = copy_of("original-v7.db");
    let access = Access::plain(&path);
    let backup = folder.path().join("backup.db");
    maintain::backup(&access, &backup).unwrap();
    // The copy of the database succeeds, and that of its journal fails.
    fs::create_dir(folder.path().join("theticketbot.db-wal")).unwrap();
    maintain::restore(&access, &backup).unwrap_err();
    let left = files_in(&folder);
    assert!(
        !left.iter().any(|name| name.contains("replaced")),
        "{left:?}"
    );
}

#[test]
fn a_backup_touches_no_other_file() {
    let (folder, path) = copy_of("original-v7.db");
    let access = Access::plain(&path);
    let before = files_in(&folder);
    let others = [
        "copy.db.new",
        "copy.db.new-wal",
        "copy.db.1.new",
        "copy.db.2.new-shm",
    ];
    for name in others {
        fs::write(folder.path().join(name), name).unwrap();
    }
    maintain::backup(&access, &folder.path().join("copy.db")).unwrap();
    for name in others {
        let content = fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(content, name);
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    let mut after = files_in(&folder);
    after.retain(|name| name != "copy.db");
    assert_eq!(after, before);
    // SQLite would read an existing journal as the journal of the copy.
    for name in ["other.db-wal", "other.db-journal", "other.db"] {
        fs::write(folder.path().join(name), "x").unwrap();
        let error = maintain::backup(&access, &folder.path().join("other.db")).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
        fs::remove_file(folder.path().join(name)).unwrap();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn new_files_and_folders_are_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/theticketbot.db");
    let store = Store::open(&Access::plain(&path)).unwrap();
    store
        .set_setting(Scope::Bot, "a", Some("b".to_owned()))
        .await
        .unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let name = format!("{}{suffix}", path.display());
        assert_eq!(mode(Path::new(&name)), 0o600, "{suffix}");
    }
}

#[test]
fn a_second_bot_is_refused_by_name_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theticketbot.db");
    let first = Store::open(&Access::plain(&path)).unwrap();
    let other_name = folder.path().join("link.db");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&path, &other_name).unwrap();
    #[cfg(not(unix))]
    let other_name = path.clone();
    for path in [&path, &other_name] {
        match open_error(&Access::plain(path)) {
            OpenError::AlreadyRunning { pid, .. } => assert_eq!(pid, Some(std::process::id())),
            other => panic!("{other}"),
        }
    }
    drop(first);
    drop(Store::open(&Access::plain(&path)).unwrap());
}

#[test]
fn a_check_finds_what_is_wrong() {
    let (_folder, path) = copy_of("original-v7.db");
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF; INSERT INTO inbox_staff VALUES (1, '<@1>')")
        .unwrap();
    drop(conn);
    let problems = maintain::check(&Access::plain(&path)).unwrap();
    assert_eq!(problems, ["a row of inbox_staff points to no row of inbox"]);
}

/// A killed bot loses nothing that was reported as written, and leaves no lock.
#[cfg(unix)]
#[test]
fn a_killed_bot_leaves_its_data_and_no_lock() {
    if let Ok(path) = std::env::var("TEST_STORE_TO_FILL") {
        fill_until_killed(&path);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theticketbot.db");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "files::a_killed_bot_leaves_its_data_and_no_lock",
            "--exact",
            "--nocapture",
        ])
        .env("TEST_STORE_TO_FILL", &path)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let said = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| {
            line.split_once("written ")?
                .1
                .trim()
                .parse::<u64>()
                .ok()
                .filter(|n| *n >= 20)
        })
        .expect("the child says what it has written");
    match open_error(&Access::plain(&path)) {
        OpenError::AlreadyRunning { pid, .. } => assert_eq!(pid, Some(child.id())),
        other => panic!("{other}"),
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let store = Store::open(&Access::plain(&path)).unwrap();
    let kept = runtime
        .block_on(store.setting(Scope::Bot, "number"))
        .unwrap()
        .unwrap();
    assert!(kept.parse::<u64>().unwrap() >= said, "{kept} of {said}");
}

#[cfg(unix)]
fn fill_until_killed(path: &str) -> ! {
    use std::io::Write;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let store = Store::open(&Access::plain(path)).unwrap();
    for number in 1_u64.. {
        runtime
            .block_on(store.set_setting(Scope::Bot, "number", Some(number.to_string())))
            .unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "written {number}")
            .and_then(|()| out.flush())
            .unwrap();
    }
    unreachable!("somebody kills it")
}
