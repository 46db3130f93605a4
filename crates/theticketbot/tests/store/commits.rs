//! The response to a commit is lost, and the server is shutting down when the bot asks for the outcome.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use harness::postgres::shared;
use theticketbot::store::{PostgresUrl, Store};

use crate::examples::*;

#[tokio::test]
async fn what_was_committed_is_done_although_the_server_goes_away_when_asked() {
    let Some(cluster) = shared() else { return };
    let next = Arc::new(Mutex::new(Next::Pass));
    let port = way_to(cluster.port(), next.clone());
    let url = cluster.url();
    let (_, schema) = url.split_once('?').unwrap();
    let url = format!("postgres://bot@127.0.0.1:{port}/postgres?{schema}");
    let store = Store::connect(&PostgresUrl::parse(&url).unwrap()).unwrap();
    with_inbox(&store).await;
    *next.lock().unwrap() = Next::LoseCommit;
    assert_eq!(store.next_number(INBOX).await, Ok(Some(1)));
    assert_eq!(*next.lock().unwrap(), Next::Pass, "it was asked");
    assert_eq!(store.next_number(INBOX).await, Ok(Some(2)));
}

/// What the proxy does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Pass,
    /// Drops the response to a commit, and the connection.
    LoseCommit,
    /// Answers the question for a transaction's state with a server shutdown.
    Stop,
}

fn way_to(server: u16, next: Arc<Mutex<Next>>) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).unwrap();
            let is_cut = Arc::new(Mutex::new(false));
            let (from, to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            let cut = is_cut.clone();
            std::thread::spawn(move || answers(from, to, &cut));
            let next = next.clone();
            std::thread::spawn(move || requests(client, server, &next, &is_cut));
        }
    });
    port
}

fn answers(mut server: TcpStream, mut client: TcpStream, is_cut: &Mutex<bool>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = server.read(&mut buffer) {
        if *is_cut.lock().unwrap() || client.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
}

fn requests(
    mut client: TcpStream,
    mut server: TcpStream,
    next: &Mutex<Next>,
    is_cut: &Mutex<bool>,
) {
    // The first message of the protocol has no type byte.
    let mut head = vec![0; 4];
    while client.read_exact(&mut head).is_ok() {
        let length = u32::from_be_bytes(head[head.len() - 4..].try_into().unwrap());
        let mut body = vec![0; length as usize - 4];
        client.read_exact(&mut body).unwrap();
        let mut next = next.lock().unwrap();
        let text = String::from_utf8_lossy(&body);
        if *next == Next::LoseCommit && text.starts_with("COMMIT") {
            *next = Next::Stop;
            *is_cut.lock().unwrap() = true;
        } else if *next == Next::Stop && text.contains("pg_xact_status") {
            *next = Next::Pass;
            let error = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0";
            let length = u32::try_from(error.len() + 4).unwrap().to_be_bytes();
            let _ = client.write_all(&[&b"E"[..], &length, error].concat());
            break;
        }
        drop(next);
        if server.write_all(&[head, body].concat()).is_err() {
            break;
        }
        head = vec![0; 5];
    }
    let _ = server.shutdown(Shutdown::Both);
}
