//! The processes' way to Discord. They share one address, because another process resumes a session where
//! it began, and each of them can be cut off.

use std::collections::BTreeSet;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};

use harness::Result;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub(crate) struct Front {
    address: SocketAddr,
    sandbox: watch::Sender<Option<SocketAddr>>,
    /// The processes that are cut off.
    cut: watch::Sender<BTreeSet<u32>>,
}

impl Front {
    pub(crate) async fn new() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (sandbox, cut) = (watch::Sender::new(None), watch::Sender::default());
        let (to, cut_now) = (sandbox.subscribe(), cut.subscribe());
        tokio::spawn(async move {
            while let Ok((client, peer)) = listener.accept().await {
                if let Some(sandbox) = *to.borrow() {
                    tokio::spawn(pass(client, peer, sandbox, cut_now.clone()));
                }
            }
        });
        Ok(Self {
            address,
            sandbox,
            cut,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn leads_to(&self, sandbox: SocketAddr) {
        self.sandbox.send_replace(Some(sandbox));
    }

    /// Ends all connections of this process, and lets none through.
    pub(crate) fn cut(&self, pid: u32) {
        self.cut.send_modify(|cut| {
            cut.insert(pid);
        });
    }

    pub(crate) fn open(&self, pid: u32) {
        self.cut.send_modify(|cut| {
            cut.remove(&pid);
        });
    }
}

async fn pass(
    mut client: TcpStream,
    peer: SocketAddr,
    sandbox: SocketAddr,
    mut cut: watch::Receiver<BTreeSet<u32>>,
) {
    let passing = async {
        if let Ok(mut sandbox) = TcpStream::connect(sandbox).await {
            // However it ends, both sides are closed.
            let _ = copy_bidirectional(&mut client, &mut sandbox).await;
        }
    };
    tokio::select! {
        biased;
        _ = cut.wait_for(|cut| cut.iter().any(|pid| has_port(*pid, peer.port()))) => {}
        () = passing => {}
    }
}

/// Whether a process of this machine has a connection from this port.
fn has_port(pid: u32, port: u16) -> bool {
    let local = format!("0100007F:{port:04X}");
    // The table may lack a connection while others come and go.
    let inodes = (0..5).find_map(|_| {
        let connections = fs::read_to_string("/proc/net/tcp").ok()?;
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
