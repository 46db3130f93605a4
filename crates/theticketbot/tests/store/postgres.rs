//! What is specific to PostgreSQL: which process has a schema, restarts of the bot and of the server, the
//! epochs, and the error messages for the host.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use harness::postgres::{Cluster, shared, start, start_with};
use theticketbot::store::{OpenError, PostgresUrl, Problem, SharedDatabase, Store, StoreError};

use crate::examples::*;

fn open(url: &str) -> Result<Store, OpenError> {
    Store::connect(&PostgresUrl::parse(url).unwrap())
}

/// The error of a failed start, which must name the problem and no secret.
fn refused(url: &str) -> (Problem, String) {
    match open(url) {
        Err(error) => {
            let text = error.to_string();
            assert!(!text.contains("hunter2"), "{text}");
            let debug = format!("{error:?}");
            assert!(!debug.contains("hunter2"), "{debug}");
            match error {
                OpenError::Server { problem, .. } => (problem, text),
                other => panic!("{other}"),
            }
        }
        Ok(_) => panic!("{url} is opened"),
    }
}

#[tokio::test]
async fn everything_survives_a_restart() {
    let Some(cluster) = shared() else { return };
    let url = cluster.url();
    let store = open(&url).unwrap();
    with_ticket(&store).await;
    drop(store);
    let store = open(&url).unwrap();
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(inbox()));
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
    assert_eq!(store.next_number(INBOX).await.unwrap(), Some(2));
}

#[tokio::test]
async fn a_schema_has_one_process() {
    let Some(cluster) = shared() else { return };
    let url = cluster.url();
    let store = open(&url).unwrap();
    let (problem, text) = refused(&url);
    assert!(matches!(problem, Problem::InUse { .. }), "{text}");
    let holder = format!("(theticketbot process {})", std::process::id());
    assert!(text.contains(&holder), "{text}");
    // Another schema belongs to another bot.
    let other = open(&cluster.url()).unwrap();
    drop((store, other));
    open(&url).unwrap();
}

/// If several processes start at once on an empty database, one of them creates the tables and gets the
/// schema.
#[tokio::test]
async fn several_starts_at_once_leave_one_process_and_one_set_of_tables() {
    let Some(cluster) = shared() else { return };
    let url = cluster.url();
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let url = url.clone();
            std::thread::spawn(move || open(&url))
        })
        .collect();
    let started: Vec<_> = starts.into_iter().map(|it| it.join().unwrap()).collect();
    for refused in started.iter().filter_map(|it| it.as_ref().err()) {
        let in_use = matches!(
            refused,
            OpenError::Server {
                problem: Problem::InUse { .. },
                ..
            }
        );
        assert!(in_use, "{refused}");
    }
    let [store] = &started.iter().flatten().collect::<Vec<_>>()[..] else {
        panic!("one has started: {started:?}");
    };
    with_ticket(store).await;
}

#[tokio::test]
async fn a_newer_or_strange_schema_is_refused() {
    let Some(cluster) = shared() else { return };
    let newer = cluster.url_of("newer");
    drop(open(&newer).unwrap());
    cluster.sql("UPDATE newer.bot SET version = 99").unwrap();
    let (problem, text) = refused(&newer);
    assert!(matches!(problem, Problem::Newer { .. }), "{text}");
    cluster
        .sql("CREATE SCHEMA strange; CREATE TABLE strange.song ()")
        .unwrap();
    let (problem, text) = refused(&cluster.url_of("strange"));
    assert!(
        matches!(&problem, Problem::NotOurs { tables, .. } if tables == &["song"]),
        "{text}"
    );
    assert_eq!(cluster.sql("SELECT version FROM newer.bot").unwrap(), "99");
}

/// PgBouncer refuses a connection with unknown startup parameters.
#[tokio::test]
async fn a_connection_asks_for_what_poolers_know() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    let opening = std::thread::spawn(move || refused(&format!("postgres://bot@{address}/x")));
    let (mut client, _) = server.accept().unwrap();
    let mut length = [0; 4];
    client.read_exact(&mut length).unwrap();
    let mut startup = vec![0; u32::from_be_bytes(length) as usize - 4];
    client.read_exact(&mut startup).unwrap();
    drop((client, server));
    let parameters = String::from_utf8(startup[4..].to_vec()).unwrap();
    for name in parameters.trim_end_matches('\0').split('\0').step_by(2) {
        let known = ["user", "database", "client_encoding", "application_name"];
        assert!(known.contains(&name), "{name}");
    }
    opening.join().unwrap();
}

/// A server accepts the connection and then does not respond.
#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let (problem, text) = refused(&format!("postgres://bot@{address}/x?connect_timeout=1"));
    assert!(matches!(problem, Problem::Unreachable(_)), "{text}");
    assert!(text.contains("it does not answer"), "{text}");
}

/// Such a database could not store all characters that members write.
#[tokio::test]
async fn a_database_of_another_encoding_is_refused() {
    let Some(cluster) = shared() else { return };
    cluster
        .sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        .unwrap();
    let url = cluster.url().replace("/postgres?", "/latin?");
    let Err(error) = open(&url) else {
        panic!("it is opened");
    };
    assert!(error.needs_the_host(), "{error}");
    let text = error.to_string();
    assert!(text.contains("LATIN1") && text.contains("UTF8"), "{text}");
}

#[tokio::test]
async fn every_process_that_has_the_schema_is_named() {
    let Some(cluster) = shared() else { return };
    let url = cluster.url();
    let process = |name: &str| {
        let url = format!("{url}&application_name={name}");
        SharedDatabase::connect(&PostgresUrl::parse(&url).unwrap()).unwrap()
    };
    let _processes = [process("one"), process("two")];
    let (problem, text) = refused(&url);
    assert!(matches!(problem, Problem::InUse { .. }), "{text}");
    assert!(text.contains("(one, two)"), "{text}");
}

/// If an administrator has already created the objects (for example by restoring a backup), the error does
/// not advise to create them.
#[tokio::test]
async fn what_belongs_to_another_role_is_said() {
    let Some(cluster) = shared() else { return };
    cluster.sql("CREATE ROLE guest LOGIN").unwrap();
    let advice = |schema: &str, setup: &str| {
        cluster.sql(setup).unwrap();
        let url = cluster.url_of(schema).replace("//bot@", "//guest@");
        let (problem, text) = refused(&url);
        assert!(matches!(problem, Problem::NotAllowed { .. }), "{text}");
        let advice = format!("ALTER SCHEMA {schema} OWNER TO \"guest\"");
        assert!(text.contains(&advice), "{text}");
        text
    };
    advice("unusable", "CREATE SCHEMA unusable");
    let text = advice(
        "finished",
        "CREATE SCHEMA finished; GRANT USAGE ON SCHEMA finished TO guest",
    );
    assert!(
        text.contains("permission denied for schema finished"),
        "{text}"
    );
    drop(open(&cluster.url_of("restored")).unwrap());
    advice("restored", "SELECT 1");
    advice(
        "restored",
        "GRANT USAGE ON SCHEMA restored TO guest; GRANT ALL ON restored.bot TO guest",
    );
    let text = advice(
        "restored",
        "GRANT ALL ON ALL TABLES IN SCHEMA restored TO guest; REVOKE ALL ON restored.ticket FROM guest",
    );
    assert!(
        text.contains("permission denied for table ticket"),
        "{text}"
    );
    cluster.sql("CREATE DATABASE locked").unwrap();
    let revoke = "REVOKE CONNECT ON DATABASE locked FROM public";
    cluster.sql(revoke).unwrap();
    let url = cluster
        .url()
        .replace("//bot@", "//guest@")
        .replace("/postgres?", "/locked?");
    let (_, text) = refused(&url);
    let advice = "GRANT CONNECT ON DATABASE \"locked\" TO \"guest\"";
    assert!(text.contains(advice), "{text}");
}

/// Two connections suffice: one for the guard, and one on which jobs take turns.
#[tokio::test]
async fn few_connections_are_enough() {
    let Some(cluster) = shared() else { return };
    cluster
        .sql("CREATE ROLE few LOGIN CONNECTION LIMIT 2; CREATE SCHEMA few AUTHORIZATION few")
        .unwrap();
    let store = open(&cluster.url_of("few").replace("//bot@", "//few@")).unwrap();
    with_inbox(&store).await;
    for _ in 0..10 {
        let reads = (0..8).map(|_| store.inbox(INBOX));
        let (reads, number) = tokio::join!(
            futures_util::future::join_all(reads),
            store.next_number(INBOX)
        );
        for read in reads {
            assert_eq!(read, Ok(Some(inbox())));
        }
        assert!(number.is_ok(), "{number:?}");
    }
}

#[tokio::test]
async fn a_role_that_owns_only_its_schema_is_enough() {
    let Some(cluster) = shared() else { return };
    cluster.sql("CREATE ROLE plain LOGIN").unwrap();
    let url = cluster.url_of("of_plain").replace("//bot@", "//plain@");
    let (problem, text) = refused(&url);
    assert!(matches!(problem, Problem::NotAllowed { .. }), "{text}");
    let advice = "CREATE SCHEMA of_plain AUTHORIZATION \"plain\"";
    assert!(text.contains(advice), "{text}");
    cluster.sql(advice).unwrap();
    let store = open(&url).unwrap();
    with_ticket(&store).await;
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
}

/// While the server is away, each verb fails with a reason. The first verb after that works.
#[tokio::test]
async fn a_server_that_comes_back_is_used_again() {
    let Some(cluster) = start() else { return };
    let store = open(&cluster.url()).unwrap();
    with_inbox(&store).await;
    cluster.stop().unwrap();
    for _ in 0..10 {
        let error = store.next_number(INBOX).await.unwrap_err();
        assert!(matches!(error, StoreError::Unreachable(_)), "{error}");
    }
    cluster.start_again().unwrap();
    let number = until(async || store.next_number(INBOX).await.ok().flatten()).await;
    assert_eq!(number, 1);
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(inbox()));
}

/// If the response to a commit is lost, the bot asks for its outcome, so nothing is done twice or lost.
#[tokio::test]
async fn what_a_verb_says_is_true_whenever_the_server_dies() {
    let Some(cluster) = start() else { return };
    let store = open(&cluster.url()).unwrap();
    with_inbox(&store).await;
    let mut last = 0;
    for _ in 0..5 {
        let is_over = Arc::new(AtomicBool::new(false));
        let clicks = tokio::spawn({
            let (store, is_over) = (store.clone(), is_over.clone());
            async move {
                let mut numbers = Vec::new();
                while !is_over.load(Ordering::Relaxed) {
                    match store.next_number(INBOX).await {
                        Ok(number) => numbers.extend(number),
                        Err(error) => {
                            assert!(matches!(error, StoreError::Unreachable(_)), "{error}");
                        }
                    }
                }
                numbers
            }
        });
        // The server is killed while verbs run, at a random moment.
        until(async || store.inbox(INBOX).await.ok()).await;
        cluster.stop().unwrap();
        cluster.start_again().unwrap();
        until(async || store.inbox(INBOX).await.ok()).await;
        is_over.store(true, Ordering::Relaxed);
        let numbers = clicks.await.unwrap();
        let expected: Vec<u64> = (last + 1..).take(numbers.len()).collect();
        assert_eq!(numbers, expected, "what failed was not written");
        last += numbers.len() as u64;
    }
    assert_eq!(store.next_number(INBOX).await, Ok(Some(last + 1)));
}

/// A process loses its connection, and another one takes its schema: the first process writes nothing more
/// and ends.
#[tokio::test]
async fn a_process_whose_schema_was_taken_over_ends() {
    let Some(cluster) = start() else { return };
    let url = cluster.url_of("taken");
    let first = open(&url).unwrap();
    with_inbox(&first).await;
    // Simulates another process that started in the meantime.
    let taken = "UPDATE taken.bot SET epoch = epoch + 1";
    cluster.sql(taken).unwrap();
    assert_eq!(first.next_number(INBOX).await, Err(StoreError::TakenOver));
    end_connections(&cluster);
    let ended = tokio::time::timeout(Duration::from_secs(20), first.taken_over());
    ended.await.expect("the process notices it");
    assert_eq!(first.inbox(INBOX).await, Err(StoreError::TakenOver));
    drop(first);
    let second = open(&url).unwrap();
    assert_eq!(second.next_number(INBOX).await, Ok(Some(1)));
}

/// If a process loses its lock and no other process takes it, it takes the lock again.
#[tokio::test]
async fn a_lost_lock_is_taken_again() {
    let Some(cluster) = start() else { return };
    let url = cluster.url();
    let store = open(&url).unwrap();
    with_inbox(&store).await;
    end_connections(&cluster);
    until(async || store.next_number(INBOX).await.ok().flatten()).await;
    let held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1953038337";
    until(async || (cluster.sql(held).unwrap() == "1").then_some(())).await;
    let (problem, text) = refused(&url);
    assert!(matches!(problem, Problem::InUse { .. }), "{text}");
}

fn end_connections(cluster: &Cluster) {
    cluster
        .sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE application_name LIKE 'theticketbot%'",
        )
        .unwrap();
}

#[tokio::test]
async fn what_is_wrong_with_the_way_to_the_server_is_said() {
    let Some(cluster) = shared() else { return };
    let port = cluster.port();
    let problem = |url: &str| {
        let (problem, text) = refused(url);
        // The error says what to do.
        assert!(text.contains("url") || text.contains("CREATE"), "{text}");
        (problem, text)
    };
    let (found, text) = problem("postgres://bot:hunter2@127.0.0.1:1/postgres");
    assert!(matches!(found, Problem::Unreachable(_)), "{text}");
    assert!(text.contains("127.0.0.1:1/postgres"), "{text}");
    let (found, text) = problem(&format!("postgres://bot@127.0.0.1:{port}/nothing"));
    assert!(matches!(found, Problem::NoDatabase { .. }), "{text}");
    let (found, text) = problem(&format!(
        "postgres://bot@127.0.0.1:{port}/postgres?sslmode=verify-full"
    ));
    assert!(matches!(found, Problem::NoTls), "{text}");
    let (found, text) = problem(&format!(
        "postgres://bot@127.0.0.1:{port}/postgres?sslrootcert=/nowhere.pem"
    ));
    assert!(matches!(found, Problem::RootCertificates(_)), "{text}");
    // The server has responded, so the connection is not the problem.
    for (role, limit, reason) in [
        (
            "reader",
            "SET default_transaction_read_only = on",
            "accepts no writes",
        ),
        ("crowd", "CONNECTION LIMIT 0", "too many connections"),
    ] {
        let create = format!("CREATE ROLE {role} LOGIN; ALTER ROLE {role} {limit}");
        cluster.sql(&create).unwrap();
        let (found, text) = refused(&format!("postgres://{role}@127.0.0.1:{port}/postgres"));
        assert!(matches!(found, Problem::Store(_)), "{text}");
        assert!(text.contains(reason), "{text}");
        assert!(!text.contains("keeps trying"), "{text}");
    }
}

#[tokio::test]
async fn passwords_and_certificates_are_verified() {
    let files: [(&str, &[u8]); 2] = [
        ("server.pem", include_bytes!("../data/tls/server.pem")),
        ("server.key", include_bytes!("../data/tls/server.key")),
    ];
    let configuration = "ssl = on\nssl_cert_file = '../server.pem'\nssl_key_file = '../server.key'";
    let Some(cluster) = start_with(configuration, &files) else {
        return;
    };
    let role = "CREATE ROLE mia LOGIN PASSWORD 'hunter2'; CREATE SCHEMA s AUTHORIZATION mia";
    cluster.sql(role).unwrap();
    let port = cluster.port();
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/ca.pem");
    let url = |who: &str, host: &str, more: &str| {
        format!("postgres://{who}@{host}:{port}/postgres?schema=s{more}")
    };
    let trusted = format!("&sslrootcert={authority}");
    for who in ["mia:hunter", "mia", "nobody:hunter2"] {
        for more in ["&sslmode=disable", &trusted] {
            let (problem, text) = refused(&url(who, "localhost", more));
            assert!(
                matches!(problem, Problem::Refused { .. }),
                "{who} {more}: {text}"
            );
        }
    }
    // No public authority has signed the certificate, and the certificate is not valid for the IP address.
    for (host, more) in [("localhost", "&sslmode=require"), ("127.0.0.1", &*trusted)] {
        let (problem, text) = refused(&url("mia:hunter2", host, more));
        assert!(matches!(problem, Problem::Certificate(_)), "{host}: {text}");
    }
    let store = open(&url("mia:hunter2", "localhost", &trusted)).unwrap();
    with_ticket(&store).await;
    let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE ssl AND usename = 'mia'";
    assert_ne!(cluster.sql(encrypted).unwrap(), "0");
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
}

/// Repeats an attempt until it has a result.
async fn until<T>(attempt: impl AsyncFn() -> Option<T>) -> T {
    let repeated = async {
        loop {
            if let Some(result) = attempt().await {
                return result;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let time_limit = Duration::from_secs(20);
    let result = tokio::time::timeout(time_limit, repeated).await;
    result.expect("it works at last")
}

/// A command works beside a running bot, and upgrades no schema.
#[tokio::test]
async fn a_command_works_beside_the_bot() {
    let Some(cluster) = shared() else { return };
    let url = PostgresUrl::parse(&cluster.url()).unwrap();
    let Err(OpenError::Server { problem, .. }) = Store::connect_beside(&url) else {
        panic!("there are no tables");
    };
    assert!(matches!(problem, Problem::Older { .. }), "{problem:?}");
    let bot = Store::connect(&url).unwrap();
    with_ticket(&bot).await;
    let command = Store::connect_beside(&url).unwrap();
    assert!(command.has_bot().await.unwrap());
    assert_eq!(command.ticket(THREAD).await.unwrap(), Some(ticket()));
    command.claim_ticket(THREAD, Some(OWNER)).await.unwrap();
    let claimed = bot.ticket(THREAD).await.unwrap().unwrap();
    assert_eq!(claimed.claimed_by, Some(OWNER));
    // The bot continues, and another one can follow it.
    bot.claim_ticket(THREAD, None).await.unwrap();
    drop(bot);
    // PostgreSQL has not noticed yet that the connection is closed.
    while command.has_bot().await.unwrap() {
        tokio::task::yield_now().await;
    }
    let next = Store::connect(&url).unwrap();
    assert_eq!(next.ticket(THREAD).await.unwrap(), Some(ticket()));
}
