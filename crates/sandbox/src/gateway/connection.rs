//! One WebSocket connection of a bot: reads what the client sends, and sends its session's payloads.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures_util::FutureExt;
use serde::Deserialize;
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Instant, timeout};

use super::close::Close;
use super::compress::{Frames, Transport};
use super::inbound::{self, Identify, Inbound};
use super::members;
use super::session::Next;
use super::sessions::{ConnectionId, Order};
use super::sounds;
use super::strange::{Frame, Hold, Holds};
use crate::error::unsupported;
use crate::hub::Hub;
use crate::limits::Start;
use crate::record::RawWhat;
use crate::world::World;

/// How many payloads a client may send in [`WINDOW`].
/// Source: Discord's documentation, "Rate Limiting" of the gateway.
const MOST_SENDS: usize = 120;
const WINDOW: Duration = Duration::from_secs(60);

/// How long sending may take. After that, the client counts as lost.
const SEND_TIME: Duration = Duration::from_secs(20);

/// The delay before a heartbeat is acknowledged, as if Discord were some way off. discord.py on uvloop
/// records a heartbeat only after sending it. If the acknowledgement comes earlier, discord.py believes that
/// the connection lags by a whole interval.
const DISTANCE: Duration = Duration::from_millis(25);

/// How long a client may take to close its side.
const CLOSE_TIME: Duration = Duration::from_secs(2);

/// The query of the gateway's address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Query {
    v: Option<String>,
    encoding: Option<String>,
    compress: Option<String>,
}

impl Query {
    fn transport(&self) -> Result<Transport, Close> {
        match self.v.as_deref() {
            None | Some("" | "9" | "10") => {}
            Some(_) => return Err(Close::InvalidVersion),
        }
        // Discord also has Erlang's term format (`etf`).
        if self
            .encoding
            .as_deref()
            .is_some_and(|e| !e.is_empty() && e != "json")
        {
            return Err(Close::DecodeError);
        }
        Transport::named(self.compress.as_deref()).ok_or(Close::DecodeError)
    }
}

/// Serves a connection until either side ends it.
pub(crate) async fn serve(mut socket: WebSocket, hub: Arc<Hub>, query: Query) {
    let opened = query
        .transport()
        .and_then(|transport| Frames::new(transport).map_err(|_| Close::UnknownError));
    let frames = match opened {
        Ok(frames) => frames,
        Err(close) => {
            hub.note(RawWhat::Gateway {
                what: format!("a connection is refused: {close:?}"),
            });
            return close_politely(&mut socket, close).await;
        }
    };
    let ((id, orders), holds) = hub.gateway(|s, _| (s.connect(), s.holds()));
    let mut connection = Connection {
        id,
        socket,
        frames,
        orders,
        holds,
        greeted: false,
        wake: Arc::new(Notify::new()),
        session: None,
        sends: VecDeque::new(),
        last_beat: Instant::now(),
        hub: Arc::clone(&hub),
    };
    // This ends the connection at any point, even while it waits for a client that does not read.
    let ended = tokio::select! {
        ended = connection.run() => ended,
        () = hub.stopped() => Ended::Lost,
    };
    let (what, over) = match ended {
        Ended::ByClient { code } => (
            format!("closed by the client with {code}"),
            matches!(code, 1000 | 1001),
        ),
        Ended::Lost => ("lost".to_owned(), false),
        Ended::Refused(close) => (
            format!("closed with {}: {close:?}", close.code()),
            close.ends_session(),
        ),
    };
    hub.gateway(|sessions, around| sessions.disconnect(id, over, around.now));
    hub.note(RawWhat::Gateway {
        what: format!("connection {} is {what}", id.0),
    });
    match ended {
        Ended::Refused(close) => close_politely(&mut connection.socket, close).await,
        Ended::ByClient { .. } => see_off(&mut connection.socket).await,
        Ended::Lost => {}
    }
}

struct Connection {
    id: ConnectionId,
    socket: WebSocket,
    frames: Frames,
    orders: mpsc::UnboundedReceiver<Order>,
    holds: watch::Receiver<Holds>,
    /// Whether HELLO, or a raw frame in its place, has been sent.
    greeted: bool,
    /// Notified when the session has something to send.
    wake: Arc<Notify>,
    session: Option<Arc<str>>,
    /// When the client sent its latest payloads.
    sends: VecDeque<Instant>,
    last_beat: Instant,
    hub: Arc<Hub>,
}

/// How a connection ended.
enum Ended {
    ByClient {
        code: u16,
    },
    /// The connection ended without a close frame.
    Lost,
    Refused(Close),
}

impl From<Close> for Ended {
    fn from(close: Close) -> Self {
        Self::Refused(close)
    }
}

impl Connection {
    async fn run(&mut self) -> Ended {
        match self.talk().await {
            Ok(never) => match never {},
            Err(ended) => ended,
        }
    }

    async fn talk(&mut self) -> Result<std::convert::Infallible, Ended> {
        let interval = self.hub.settings().heartbeat_interval;
        self.wait_to_greet().await?;
        self.greet(interval).await?;
        loop {
            // Orders come first, then the client's messages, then payloads. Otherwise a long list of servers
            // would delay the first two.
            if let Ok(order) = self.orders.try_recv() {
                self.obey(order).await?;
            } else if let Some(message) = self.socket.recv().now_or_never() {
                self.receive(message).await?;
            } else if let Some(payload) = self.next()? {
                self.send(payload).await?;
            } else {
                let wake = Arc::clone(&self.wake);
                tokio::select! {
                    Some(order) = self.orders.recv() => self.obey(order).await?,
                    message = self.socket.recv() => self.receive(message).await?,
                    () = wake.notified() => {}
                    Ok(()) = self.holds.changed() => {}
                    () = tokio::time::sleep_until(self.last_beat + 2 * interval) => {
                        return Err(Close::SessionTimedOut.into());
                    }
                }
            }
        }
    }

    /// While HELLO is held, handles only orders and what the client sends.
    async fn wait_to_greet(&mut self) -> Result<(), Ended> {
        let mut told = false;
        while !self.greeted && self.holds.borrow_and_update().contains(&Hold::Hello) {
            if !told {
                told = true;
                self.hub.note(RawWhat::Gateway {
                    what: format!("connection {} waits for its HELLO", self.id.0),
                });
            }
            tokio::select! {
                Some(order) = self.orders.recv() => self.obey(order).await?,
                message = self.socket.recv() => self.receive(message).await?,
                Ok(()) = self.holds.changed() => {}
            }
        }
        Ok(())
    }

    async fn greet(&mut self, interval: Duration) -> Result<(), Ended> {
        self.last_beat = Instant::now();
        if self.greeted {
            return Ok(());
        }
        self.greeted = true;
        let hello = format!(
            r#"{{"t":null,"s":null,"op":10,"d":{{"heartbeat_interval":{},"_trace":["sandbox"]}}}}"#,
            interval.as_millis()
        );
        self.send(hello.into()).await
    }

    /// The session's next payload, if there is one.
    fn next(&mut self) -> Result<Option<Utf8Bytes>, Ended> {
        let Some(session) = &self.session else {
            return Ok(None);
        };
        match self
            .hub
            .gateway(|s, around| s.next(around, session, self.id))
        {
            Next::Send(payload) => Ok(Some(payload)),
            // `Sessions::next` has handled `Tell` already.
            Next::Wait | Next::Tell(_) => Ok(None),
            Next::Overrun => Err(Close::UnknownError.into()),
            Next::Gone => Err(Ended::Lost),
        }
    }

    async fn obey(&mut self, order: Order) -> Result<(), Ended> {
        match order {
            Order::Cut(1006) => Err(Ended::Lost),
            Order::Cut(code) => Err(Close::Asked(code).into()),
            Order::AskToReconnect => {
                self.send(Utf8Bytes::from_static(
                    r#"{"t":null,"s":null,"op":7,"d":null}"#,
                ))
                .await
            }
            Order::Send(frame) => {
                self.hub.note(RawWhat::Gateway {
                    what: format!(
                        "connection {} is sent {} bytes of somebody's own",
                        self.id.0,
                        frame.len()
                    ),
                });
                self.greeted = true;
                match frame {
                    Frame::Text(text) => self.send(text.into()).await,
                    Frame::Bytes(bytes) => self.send_frame(Message::Binary(bytes)).await,
                }
            }
        }
    }

    async fn receive(
        &mut self,
        message: Option<Result<Message, axum::Error>>,
    ) -> Result<(), Ended> {
        match message {
            None | Some(Err(_)) => Err(Ended::Lost),
            Some(Ok(Message::Close(frame))) => {
                // 1005 stands for a close frame without a code.
                Err(Ended::ByClient {
                    code: frame.map_or(1005, |frame| frame.code),
                })
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Text(text))) => self.read(text.as_bytes()).await,
            Some(Ok(Message::Binary(bytes))) => self.read(&bytes).await,
        }
    }

    async fn read(&mut self, payload: &[u8]) -> Result<(), Ended> {
        self.count_send()?;
        match inbound::read(payload)? {
            Inbound::Heartbeat => {
                self.last_beat = Instant::now();
                if self.holds.borrow().contains(&Hold::Acks) {
                    self.hub.note(RawWhat::Gateway {
                        what: format!("connection {} gets no answer to a heartbeat", self.id.0),
                    });
                    return Ok(());
                }
                tokio::time::sleep(DISTANCE).await;
                self.send(Utf8Bytes::from_static(
                    r#"{"t":null,"s":null,"op":11,"d":null}"#,
                ))
                .await
            }
            Inbound::Identify(_) | Inbound::Resume(_) if self.session.is_some() => {
                Err(Close::AlreadyAuthenticated.into())
            }
            Inbound::Identify(identify) => {
                if !self.may_start(&identify)? {
                    return self.say_invalid_session().await;
                }
                let (id, wake) = (self.id, &self.wake);
                let session = self
                    .hub
                    .gateway(|s, around| s.identify(around, id, wake, &identify));
                self.session = Some(session?);
                if identify.compress {
                    self.frames.compress_payloads();
                }
                Ok(())
            }
            Inbound::Resume(resume) => {
                let (id, wake) = (self.id, &self.wake);
                self.session = self
                    .hub
                    .gateway(|s, around| s.resume(around, id, wake, &resume))?;
                match self.session {
                    Some(_) => Ok(()),
                    None => self.say_invalid_session().await,
                }
            }
            _ if self.session.is_none() => Err(Close::NotAuthenticated.into()),
            Inbound::RequestMembers(request) => {
                let id = self.id;
                let outcome = self.hub.gateway(|sessions, around| {
                    let session = sessions.served_by(id)?;
                    Some(members::answer(session, around, &request))
                });
                // If the session is gone, the connection ends at its next check for payloads.
                outcome.unwrap_or(Ok(())).map_err(Ended::from)
            }
            Inbound::PresenceUpdate => Ok(()),
            Inbound::RequestSounds(guilds) => {
                let id = self.id;
                self.hub.gateway(|sessions, around| {
                    if let Some(session) = sessions.served_by(id) {
                        sounds::answer(session, around, &guilds);
                    }
                });
                Ok(())
            }
            Inbound::VoiceState => {
                let what = unsupported("voice (op 4)");
                self.hub.problem("GATEWAY", "op 4", what);
                Ok(())
            }
        }
    }

    /// Whether the limits on sessions let this one begin now. An unknown token is refused
    /// later.
    fn may_start(&self, identify: &Identify) -> Result<bool, Close> {
        let bot = |world: &World| Some(world.application_by_token(&identify.token)?.bot);
        let Some(bot) = self.hub.look(bot) else {
            return Ok(true);
        };
        let shard = identify.shard.map_or(0, |[shard, _]| shard);
        let group = self.hub.settings().sharding.group(shard);
        let start = self.hub.limiter().start(self.hub.now(), bot, group);
        if start != Start::Allowed {
            self.hub.note(RawWhat::Gateway {
                what: format!(
                    "connection {} may not begin a session: {start:?}",
                    self.id.0
                ),
            });
        }
        match start {
            Start::Allowed => Ok(true),
            Start::TooSoon => Ok(false),
            // Discord resets the token in this case. The sandbox keeps it, so that the application can
            // continue.
            Start::UsedUp => Err(Close::AuthenticationFailed),
        }
    }

    async fn say_invalid_session(&mut self) -> Result<(), Ended> {
        let invalid = r#"{"t":null,"s":null,"op":9,"d":false}"#;
        self.send(Utf8Bytes::from_static(invalid)).await
    }

    fn count_send(&mut self) -> Result<(), Close> {
        let now = Instant::now();
        while self.sends.front().is_some_and(|sent| now - *sent >= WINDOW) {
            self.sends.pop_front();
        }
        self.sends.push_back(now);
        if self.sends.len() > MOST_SENDS {
            Err(Close::RateLimited)
        } else {
            Ok(())
        }
    }

    async fn send(&mut self, payload: Utf8Bytes) -> Result<(), Ended> {
        let frame = self
            .frames
            .frame(payload)
            .map_err(|_| Ended::from(Close::UnknownError))?;
        self.send_frame(frame).await
    }

    async fn send_frame(&mut self, frame: Message) -> Result<(), Ended> {
        match timeout(SEND_TIME, self.socket.send(frame)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Ended::Lost),
        }
    }
}

/// Sends a close frame and waits for the client's: dropping the socket at once could lose ours.
async fn close_politely(socket: &mut WebSocket, close: Close) {
    let frame = Message::Close(Some(close.frame()));
    if let Ok(Ok(())) = timeout(CLOSE_TIME, socket.send(frame)).await {
        see_off(socket).await;
    }
}

/// Completes the closing handshake. The reply to a client's close frame is sent when the socket is read
/// again.
async fn see_off(socket: &mut WebSocket) {
    let farewell = async { while let Some(Ok(_)) = socket.recv().await {} };
    // If the client takes longer, the socket is dropped without the handshake.
    let _ = timeout(CLOSE_TIME, farewell).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_version_encoding_and_compression() {
        let transport = |v: &str, encoding: &str, compress: &str| {
            let text = |t: &str| (!t.is_empty()).then(|| t.to_owned());
            Query {
                v: text(v),
                encoding: text(encoding),
                compress: text(compress),
            }
            .transport()
        };
        assert_eq!(transport("10", "json", ""), Ok(Transport::Plain));
        assert_eq!(transport("", "", ""), Ok(Transport::Plain));
        assert_eq!(
            transport("10", "json", "zlib-stream"),
            Ok(Transport::ZlibStream)
        );
        assert_eq!(
            transport("9", "json", "zstd-stream"),
            Ok(Transport::ZstdStream)
        );
        assert_eq!(transport("5", "json", ""), Err(Close::InvalidVersion));
        assert_eq!(transport("10", "etf", ""), Err(Close::DecodeError));
        assert_eq!(transport("10", "json", "lzma"), Err(Close::DecodeError));
    }
}
