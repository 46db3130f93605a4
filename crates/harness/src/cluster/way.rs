//! A proxy between a process and PostgreSQL. It can cut the connections, or hold back everything that is
//! sent.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

use crate::Result;

pub struct Way {
    port: u16,
    state: Arc<watch::Sender<State>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Becomes `Silent` when a connection of this kind is about to commit.
    Armed(Commit),
    /// Nothing passes, but the connections stay open, as in a network that loses every packet.
    Silent,
    /// All connections are closed, and new ones are refused.
    Cut,
}

/// Which transaction stays open at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// The transaction of a member's request. It holds the write lock, so no other process can write.
    OfARequest,
    /// That of the connection on which the process renews its leases.
    OfTheLeases,
}

impl Way {
    /// Forwards from this address to the server's socket. The target is a socket because another test's
    /// server could take over a port while this server is stopped.
    pub async fn to(server: PathBuf, address: Ipv4Addr) -> Result<Self> {
        let server: Arc<Path> = server.into();
        let listener = TcpListener::bind((address, 0)).await?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(watch::Sender::new(State::Open));
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *shared.borrow() != State::Cut {
                    tokio::spawn(pass(client, server.clone(), shared.clone()));
                }
            }
        });
        Ok(Self { port, state })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    pub fn silence(&self) {
        self.state.send_replace(State::Silent);
    }

    pub fn silence_at(&self, commit: Commit) {
        self.state.send_replace(State::Armed(commit));
    }

    /// Waits until the proxy is `Silent`.
    pub async fn silent(&self) {
        let mut state = self.state.subscribe();
        // The sender lives as long as `self`.
        let _ = state.wait_for(|state| *state == State::Silent).await;
    }

    /// Lets everything pass again, including what was held back, as a network retransmits it.
    pub fn open(&self) {
        self.state.send_replace(State::Open);
    }
}

async fn pass(client: TcpStream, server: Arc<Path>, state: Arc<watch::Sender<State>>) {
    let mut changes = state.subscribe();
    let passing = async {
        let Ok(server) = UnixStream::connect(server).await else {
            return;
        };
        let ((from_client, to_client), (from_server, to_server)) =
            (client.into_split(), server.into_split());
        let there = copy(from_client, to_server, &state, Some(Watched::default()));
        let back = copy(from_server, to_client, &state, None);
        // Whichever direction ends first, both sides are closed.
        tokio::select! {
            () = there => {}
            () = back => {}
        }
    };
    tokio::select! {
        () = passing => {}
        _ = changes.wait_for(|state| *state == State::Cut) => {}
    }
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    state: &watch::Sender<State>,
    mut watched: Option<Watched>,
) {
    let mut passing = state.subscribe();
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let bytes = &buffer[..count];
        if let Some(commit) = watched.as_mut().and_then(|it| it.commits(bytes)) {
            state.send_if_modified(|state| {
                let is_it = *state == State::Armed(commit);
                if is_it {
                    *state = State::Silent;
                }
                is_it
            });
        }
        if passing
            .wait_for(|state| *state != State::Silent)
            .await
            .is_err()
            || to.write_all(bytes).await.is_err()
        {
            return;
        }
    }
}

/// What a connection has done so far, as far as its bytes show.
#[derive(Default)]
struct Watched {
    is_of_leases: bool,
    writes: bool,
}

impl Watched {
    /// Which kind of transaction these bytes commit, if any. The program sends a COMMIT in one piece.
    fn commits(&mut self, bytes: &[u8]) -> Option<Commit> {
        let has = |text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
        self.is_of_leases |= has("LISTEN");
        self.writes |= has("pg_advisory_xact_lock");
        let commits = has("COMMIT") && std::mem::take(&mut self.writes);
        let commit = if self.is_of_leases {
            Commit::OfTheLeases
        } else {
            Commit::OfARequest
        };
        commits.then_some(commit)
    }
}
