//! How often a click waits for PostgreSQL, without measuring time: a proxy holds back the server's responses
//! until the bot has sent everything that it can send without them. If the bot waits earlier, the test hangs.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

use harness::postgres::shared;
use theticketbot::store::{Begun, Claim, PostgresUrl, Store};
use tickets::MessageId;
use tickets::opening::machine::End;

use crate::examples::*;

/// An opening waits for two responses before it creates the thread, for two after that, and for two at its
/// end: each time one for a question and one for a write.
#[tokio::test]
async fn each_step_of_an_opening_asks_once_and_writes_once() {
    let Some(cluster) = shared() else { return };
    let way = Way::to(cluster.port());
    let url = cluster.url();
    let (_, schema) = url.split_once('?').unwrap();
    let url = format!("postgres://bot@127.0.0.1:{}/postgres?{schema}", way.port);
    let store = Store::connect(&PostgresUrl::parse(&url).unwrap()).unwrap();
    with_inbox(&store).await;

    // The counts include `COMMIT`.
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
    // A verb that only reads does not wait for its `COMMIT`.
    way.expect(&[4, 1]);
    let found = store.inbox(INBOX).await;
    assert_eq!(found, Ok(Some(inbox())), "{way:?}");
    way.expect(&[]);
}

/// A proxy in front of the server that holds back responses.
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

/// The requests of the bot since the last call of `expect`.
#[derive(Debug, Default)]
struct Asked {
    count: usize,
    /// The counts at which the held responses are released.
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

    /// Expects the bot to send requests in groups of these sizes. An empty list releases everything.
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
    /// Forwards the bot's messages, and counts those that need a response.
    fn count(&self, mut from: TcpStream, mut to: TcpStream) {
        // The first message of the protocol has no type byte.
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
                // The first preparation of a statement is not counted.
                b"P" => prepares = body[0] != 0,
                b"S" if std::mem::take(&mut prepares) => {}
                // A new connection first checks whether the server accepts writes, and is configured. This is
                // not counted.
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

    /// Forwards the server's responses when they are released.
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
