//! How often a click waits for PostgreSQL. Nothing is timed: the server's answers are held back until the bot has
//! sent everything that it can send without them. If it waits for one of them before, it waits in vain.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

use harness::postgres::shared;
use theticketbot::store::{Begun, Claim, PostgresUrl, Store};
use tickets::MessageId;
use tickets::opening::machine::End;

use crate::examples::*;

/// An opening waits for two answers before the thread is created, for two once it is, and for two at its end: one
/// to a question, one to what is written.
#[tokio::test]
async fn each_step_of_an_opening_asks_once_and_writes_once() {
    let Some(cluster) = shared() else { return };
    let way = Way::to(cluster.port());
    let url = cluster.url();
    let (_, schema) = url.split_once('?').unwrap();
    let url = format!("postgres://bot@127.0.0.1:{}/postgres?{schema}", way.port);
    let store = Store::connect(&PostgresUrl::parse(&url).unwrap()).unwrap();
    with_inbox(&store).await;

    // With `COMMIT`, each time.
    way.expect(&[2, 5]);
    let begun = begin(&store, order(), 1).await;
    assert!(matches!(begun, Begun::Begun(_)), "{begun:?}\n{way:?}");
    way.expect(&[2, 12]);
    let claimed = claim(&store, order(), THREAD).await;
    assert_eq!(claimed, Claim::Own, "{way:?}");
    let end = End {
        ticket: Some(THREAD),
        message: Some(MessageId(50)),
        button: Some(MessageId(50)),
        ..End::default()
    };
    way.expect(&[2, 5]);
    let finished = store.finish_opening(CLICK, end).await;
    assert_eq!(finished, Ok(()), "{way:?}");
    // Nothing waits for the `COMMIT` of what only reads.
    way.expect(&[4, 1]);
    let found = store.inbox(INBOX).await;
    assert_eq!(found, Ok(Some(inbox())), "{way:?}");
    way.expect(&[]);
}

/// A way to the server on which answers are held back.
#[derive(Debug)]
struct Way {
    port: u16,
    gate: Arc<Gate>,
}

#[derive(Debug, Default)]
struct Gate {
    asked: Mutex<Asked>,
    changed: Condvar,
}

/// What the bot has asked since the last expectation.
#[derive(Debug, Default)]
struct Asked {
    count: usize,
    /// At these counts, the answers pass.
    passes_at: Vec<usize>,
}

impl Way {
    fn to(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let gate = Arc::<Gate>::default();
        let shared = gate.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).unwrap();
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let (there, back) = (shared.clone(), shared.clone());
                std::thread::spawn(move || there.count(from, to));
                std::thread::spawn(move || back.hold(server, client));
            }
        });
        Self { port, gate }
    }

    /// From now on so many requests come together, and then so many. Everything passes if there are none.
    fn expect(&self, together: &[usize]) {
        let mut asked = self.gate.asked.lock().unwrap();
        asked.count = 0;
        let sums = together.iter().scan(0, |sum, count| {
            *sum += count;
            Some(*sum)
        });
        asked.passes_at = sums.collect();
        self.gate.changed.notify_all();
    }
}

impl Gate {
    /// Passes on what the bot sends, and counts what it wants an answer to.
    fn count(&self, mut from: TcpStream, mut to: TcpStream) {
        // The first message has no kind.
        let (mut has_kind, mut prepares) = (false, false);
        loop {
            let mut head = vec![0; if has_kind { 5 } else { 4 }];
            if from.read_exact(&mut head).is_err() {
                let _ = to.shutdown(std::net::Shutdown::Both);
                return;
            }
            let (kind, length) = head.split_at(head.len() - 4);
            let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
            let mut body = vec![0; length - 4];
            from.read_exact(&mut body).unwrap();
            match kind {
                // Each statement is prepared once.
                b"P" => prepares = body[0] != 0,
                b"S" if std::mem::take(&mut prepares) => {}
                // A new connection asks whether the server takes writes, and is prepared.
                b"Q" if body.starts_with(b"SHOW") || body.starts_with(b"SET") => {}
                b"S" | b"Q" => {
                    self.asked.lock().unwrap().count += 1;
                    self.changed.notify_all();
                }
                _ => {}
            }
            has_kind = true;
            let sent = to.write_all(&head).and_then(|()| to.write_all(&body));
            if sent.is_err() {
                return;
            }
        }
    }

    /// Passes on the server's answers, as soon as they may.
    fn hold(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let asked = self.asked.lock().unwrap();
            let is_early = |asked: &mut Asked| {
                let Asked { count, passes_at } = asked;
                !passes_at.is_empty() && *count > 0 && !passes_at.contains(count)
            };
            drop(self.changed.wait_while(asked, is_early).unwrap());
            if to.write_all(&buffer[..count]).is_err() {
                return;
            }
        }
    }
}
