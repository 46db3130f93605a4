//! A proxy between the processes and Discord. All processes use its one address, because another process
//! resumes a session at the address where it began. The proxy can cut each process off, and counts its calls.

use std::collections::BTreeMap;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::Result;

#[derive(Clone)]
pub(super) struct Front {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    sandbox: watch::Sender<Option<SocketAddr>>,
    /// What is cut off, by process id.
    cut: watch::Sender<BTreeMap<u32, Cut>>,
    /// How many calls in servers each process has made, by process id.
    calls: watch::Sender<BTreeMap<u32, u64>>,
}

/// Which connections to Discord a process has lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    All,
    Gateway,
    Calls,
}

impl Front {
    pub(super) async fn new(address: Ipv4Addr) -> Result<Self> {
        let listener = TcpListener::bind((address, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            sandbox: watch::Sender::new(None),
            cut: watch::Sender::default(),
            calls: watch::Sender::default(),
        });
        let passes = shared.clone();
        tokio::spawn(async move {
            while let Ok((client, peer)) = listener.accept().await {
                tokio::spawn(passes.clone().pass(client, peer));
            }
        });
        Ok(Self { address, shared })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn leads_to(&self, sandbox: SocketAddr) {
        self.shared.sandbox.send_replace(Some(sandbox));
    }

    /// Closes these connections of a process, and accepts no new ones.
    pub(super) fn cut(&self, pid: u32, what: Cut) {
        self.shared.cut.send_modify(|cut| {
            cut.insert(pid, what);
        });
    }

    pub(super) fn open(&self, pid: u32) {
        self.shared.cut.send_modify(|cut| {
            cut.remove(&pid);
        });
    }

    /// Counts this process's calls from now on.
    pub(super) fn count(&self, pid: u32) {
        self.shared.calls.send_modify(|calls| {
            calls.entry(pid).or_default();
        });
    }

    pub(super) fn calls(&self) -> BTreeMap<u32, u64> {
        self.shared.calls.borrow().clone()
    }
}

impl Shared {
    async fn pass(self: Arc<Self>, mut client: TcpStream, peer: SocketAddr) {
        let (mut first, mut cut) = ([0; 4096], self.cut.subscribe());
        let Ok(count @ 1..) = client.read(&mut first).await else {
            return;
        };
        let first = &first[..count];
        let is_gateway = has(&first.to_ascii_lowercase(), "upgrade: websocket");
        let is_cut = |cut: &BTreeMap<u32, Cut>| {
            let mut cut = cut.iter().filter(|(_, what)| match what {
                Cut::All => true,
                Cut::Gateway => is_gateway,
                Cut::Calls => !is_gateway,
            });
            cut.any(|(pid, _)| connects_from(*pid, peer))
        };
        let passing = async {
            let Some(sandbox) = *self.sandbox.borrow() else {
                return;
            };
            let Ok(sandbox) = TcpStream::connect(sandbox).await else {
                return;
            };
            let (mut from_sandbox, to_sandbox) = sandbox.into_split();
            let (from_client, mut to_client) = client.into_split();
            // Whichever direction ends first, both sides are closed.
            tokio::select! {
                () = self.forward(first, from_client, to_sandbox, peer) => {}
                _ = copy(&mut from_sandbox, &mut to_client) => {}
            }
        };
        tokio::select! {
            biased;
            _ = cut.wait_for(is_cut) => {}
            () = passing => {}
        }
    }

    async fn forward(
        &self,
        first: &[u8],
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        peer: SocketAddr,
    ) {
        let mut pid = None;
        let mut buffer = first.to_vec();
        let mut count = buffer.len();
        buffer.resize(16 * 1024, 0);
        while count > 0 {
            if is_call_in_a_server(&buffer[..count]) {
                let known = || self.calls.borrow().keys().copied().collect::<Vec<_>>();
                pid = pid.or_else(|| known().into_iter().find(|pid| connects_from(*pid, peer)));
                if let Some(pid) = pid {
                    self.calls.send_modify(|calls| {
                        *calls.entry(pid).or_default() += 1;
                    });
                }
            }
            if to.write_all(&buffer[..count]).await.is_err() {
                return;
            }
            count = from.read(&mut buffer).await.unwrap_or(0);
        }
    }
}

/// Whether these bytes begin a request that only the process with the server's shard may make.
fn is_call_in_a_server(bytes: &[u8]) -> bool {
    let line = bytes
        .split(|byte| *byte == b'\r')
        .next()
        .unwrap_or_default();
    let places = ["/channels/", "/interactions/", "/webhooks/"];
    line.ends_with(b"HTTP/1.1") && places.iter().any(|place| has(line, place))
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|it| it == text.as_bytes())
}

/// Whether the connection from this address belongs to this process, which may have a network of its own.
fn connects_from(pid: u32, peer: SocketAddr) -> bool {
    let IpAddr::V4(address) = peer.ip() else {
        return false;
    };
    let address = u32::from_ne_bytes(address.octets());
    let local = format!("{address:08X}:{:04X}", peer.port());
    // Retry: while other connections come and go, `/proc` may omit this one.
    let inodes = (0..5).find_map(|_| {
        let connections = fs::read_to_string(format!("/proc/{pid}/net/tcp")).ok()?;
        let inodes = connections.lines().filter_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let (address, inode) = (columns.get(1)?, columns.get(9)?);
            (*address == local && *inode != "0").then(|| format!("socket:[{inode}]"))
        });
        let inodes: Vec<String> = inodes.collect();
        (!inodes.is_empty()).then_some(inodes)
    });
    let Ok(files) = fs::read_dir(format!("/proc/{pid}/fd")) else {
        return false;
    };
    let targets = files
        .flatten()
        .filter_map(|it| fs::read_link(it.path()).ok());
    let mut targets = targets.map(|it| it.to_string_lossy().into_owned());
    inodes.is_some_and(|inodes| targets.any(|it| inodes.contains(&it)))
}
