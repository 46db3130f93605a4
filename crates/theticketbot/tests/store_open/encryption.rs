//! Keys and pragmas.

use super::*;

#[tokio::test]
async fn files_of_other_programs_open_with_their_pragmas() {
    let hexkey = "PRAGMA hexkey = '{}'";
    let key = "PRAGMA key = '{}'";
    for (name, pragmas, template, password) in [
        ("mc-chacha20.db", &[][..], key, KEY),
        (
            "mc-chacha20.db",
            &["PRAGMA cipher = 'chacha20'"],
            "PRAGMA key = \"{}\"",
            KEY,
        ),
        ("mc-aes128cbc.db", &["PRAGMA cipher = aes128cbc;"], key, KEY),
        ("mc-aes256cbc.db", &["PRAGMA cipher = aes256cbc"], key, KEY),
        ("mc-rc4.db", &["PRAGMA cipher = rc4"], key, KEY),
        ("mc-ascon128.db", &["PRAGMA cipher = ascon128"], key, KEY),
        ("mc-aegis.db", &["PRAGMA cipher = aegis"], key, KEY),
        (
            "mc-sqlcipher-hexkey.db",
            &["PRAGMA cipher = sqlcipher", "PRAGMA kdf_iter = 5120"],
            hexkey,
            "00ff27",
        ),
        ("sqlcipher-4.db", &[], key, KEY),
        (
            "sqlcipher-4.db",
            &["PRAGMA cipher = sqlcipher", "PRAGMA legacy = 4"],
            key,
            KEY,
        ),
        (
            "sqlcipher-3.db",
            &["PRAGMA cipher = sqlcipher", "PRAGMA legacy = 3"],
            key,
            KEY,
        ),
    ] {
        let (_folder, path) = copy_of(name);
        let right = access(&path, pragmas, template, password);
        assert_eq!(
            maintain::check(&right).unwrap(),
            Vec::<String>::new(),
            "{name}"
        );
        let wrong = access(&path, pragmas, template, "00ff28");
        let error = maintain::check(&wrong).unwrap_err();
        assert!(
            matches!(error, OpenError::WrongKey { .. }),
            "{name}: {error}"
        );
        let error = maintain::check(&Access::plain(&path)).unwrap_err();
        assert!(
            matches!(error, OpenError::MissingKey { .. }),
            "{name}: {error}"
        );
    }
}

#[test]
fn a_plain_file_with_a_key_is_told() {
    let (_folder, path) = copy_of("original-v7.db");
    let error = open_error(&with_key(&path, KEY));
    assert!(matches!(error, OpenError::NotEncrypted { .. }), "{error}");
    assert_eq!(
        fs::read(&path).unwrap(),
        fs::read(data("original-v7.db")).unwrap()
    );
}

#[test]
fn refused_pragmas_are_told_without_what_is_in_them() {
    let (_folder, path) = copy_of("mc-chacha20.db");
    for (pragmas, template, key) in [
        (&["PRAGMA cipher = secret99"][..], "PRAGMA key = '{}'", KEY),
        (&["PRAGMA x = secret99 secret99"], "PRAGMA key = '{}'", KEY),
        (&[], "PRAGMA key = secret99 {}", "secret99"),
        (&[], "PRAGMA hexkey = '{}'", "secret99"),
    ] {
        let error = maintain::check(&access(&path, pragmas, template, key)).unwrap_err();
        let expected = matches!(
            error,
            OpenError::PragmaRefused { number: 1 }
                | OpenError::KeyRefused
                | OpenError::WrongKey { .. }
        );
        assert!(expected, "{error}");
        assert!(
            !format!("{error} {error:?}").contains("secret99"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn an_encrypted_database_stays_encrypted_through_creation_migration_and_copies() {
    // A file that only has SQLCipher's key must be migrated, and the copy that is kept is encrypted, too.
    let (folder, path) = copy_of("sqlcipher-4.db");
    let store = Store::open(&with_key(&path, KEY)).unwrap();
    let tickets = store.unfinished_tickets(GuildId(100), vec![], vec![]).await;
    assert_eq!(tickets.unwrap().tickets.len(), 3);
    let copy = folder.path().join("copy.db");
    maintain::backup(&with_key(&path, KEY), &copy).unwrap();
    drop(store);
    for name in ["theticketbot.db", "theticketbot.db.v7.bak", "copy.db"] {
        let path = folder.path().join(name);
        let error = maintain::check(&Access::plain(&path)).unwrap_err();
        assert!(
            matches!(error, OpenError::MissingKey { .. }),
            "{name}: {error}"
        );
        assert_eq!(
            maintain::check(&with_key(&path, KEY)).unwrap(),
            Vec::<String>::new(),
            "{name}"
        );
    }

    for (number, pragmas) in [
        &[][..],
        &["PRAGMA cipher = sqlcipher", "PRAGMA legacy = 4"],
        &["PRAGMA cipher = sqlcipher", "PRAGMA legacy = 3"],
        &["PRAGMA cipher = rc4"],
        &["PRAGMA page_size = 8192"],
    ]
    .into_iter()
    .enumerate()
    {
        let fresh = folder.path().join(format!("fresh{number}.db"));
        let access = access(&fresh, pragmas, "PRAGMA key = '{}'", KEY);
        let store = Store::open(&access).unwrap();
        store
            .set_setting(Scope::Bot, "a", Some("b".to_owned()))
            .await
            .unwrap();
        drop(store);
        let error = open_error(&Access::plain(&fresh));
        assert!(matches!(error, OpenError::MissingKey { .. }), "{error}");
        let store = Store::open(&access).unwrap();
        assert_eq!(
            store.setting(Scope::Bot, "a").await.unwrap().as_deref(),
            Some("b")
        );
        maintain::backup(&access, &folder.path().join(format!("copy{number}.db"))).unwrap();
    }
}
