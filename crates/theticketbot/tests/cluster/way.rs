//! A process's way to PostgreSQL, which can be cut.

use std::net::Ipv4Addr;

use harness::Result;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub(crate) struct Way {
    port: u16,
    is_open: watch::Sender<bool>,
}

impl Way {
    /// To this port of the same machine.
    pub(crate) async fn to(server: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let is_open = watch::Sender::new(true);
        let open = is_open.subscribe();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *open.borrow() {
                    tokio::spawn(pass(client, server, open.clone()));
                }
            }
        });
        Ok(Self { port, is_open })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Ends all connections, and lets none through.
    pub(crate) fn cut(&self) {
        self.is_open.send_replace(false);
    }

    pub(crate) fn open(&self) {
        self.is_open.send_replace(true);
    }
}

async fn pass(mut client: TcpStream, server: u16, mut open: watch::Receiver<bool>) {
    let passing = async {
        if let Ok(mut server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await {
            // However it ends, both sides are closed.
            let _ = copy_bidirectional(&mut client, &mut server).await;
        }
    };
    tokio::select! {
        () = passing => {}
        _ = open.wait_for(|open| !*open) => {}
    }
}
