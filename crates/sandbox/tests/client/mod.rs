//! A gateway client for tests: as plain as it can be, with every compression.
#![allow(dead_code, reason = "not every test file uses all of it")]

use std::time::Duration;

use discord_sandbox::Sandbox;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Nothing here takes longer, unless it never happens.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// `GUILDS`, `GUILD_MEMBERS`, `GUILD_MESSAGES`: what a ticket bot asks for.
pub(crate) const TICKET_BOT: u64 = 515;

pub(crate) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    decoder: Decoder,
    /// The number of the newest event.
    pub(crate) seq: u64,
}

pub(crate) enum Decoder {
    Plain,
    Zlib(flate2::Decompress),
    Zstd(zstd::stream::write::Decoder<'static, Vec<u8>>),
}

/// What came: a payload, or the end.
#[derive(Debug, PartialEq)]
pub(crate) enum Came {
    Payload(Value),
    Closed(u16),
    /// The connection is gone without a close frame.
    Lost,
}

impl Client {
    /// Connects, and takes the HELLO.
    pub(crate) async fn connect(sandbox: &Sandbox) -> Self {
        Self::connect_with(sandbox, "v=10&encoding=json", Decoder::Plain).await
    }

    pub(crate) async fn connect_with(sandbox: &Sandbox, query: &str, decoder: Decoder) -> Self {
        let mut client = Self::raw(sandbox, query, decoder).await;
        let hello = client.payload().await;
        assert_eq!(hello["op"], 10);
        assert!(hello["d"]["heartbeat_interval"].is_u64(), "{hello}");
        client
    }

    /// Connects, and takes nothing.
    pub(crate) async fn raw(sandbox: &Sandbox, query: &str, decoder: Decoder) -> Self {
        let url = format!("{}/?{query}", sandbox.gateway_url());
        let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        Self {
            socket,
            decoder,
            seq: 0,
        }
    }

    /// Connects, identifies, and takes READY and every `GUILD_CREATE`; gives back READY's data.
    pub(crate) async fn ready(sandbox: &Sandbox, intents: u64) -> (Self, Value) {
        let mut client = Self::connect(sandbox).await;
        let ready = client.identify(sandbox, &json!({"intents": intents})).await;
        (client, ready)
    }

    /// Identifies, with `more` in the payload; gives back READY's data.
    pub(crate) async fn identify(&mut self, sandbox: &Sandbox, more: &Value) -> Value {
        self.send(identify(sandbox, more)).await;
        let ready = self.event("READY").await;
        for _ in ready["guilds"].as_array().unwrap() {
            self.event("GUILD_CREATE").await;
        }
        ready
    }

    pub(crate) async fn send(&mut self, payload: Value) {
        self.send_text(payload.to_string()).await;
    }

    pub(crate) async fn send_text(&mut self, text: String) {
        // The server may have closed: what it said is read afterwards.
        let _ = self.socket.send(Message::text(text)).await;
    }

    pub(crate) async fn close(mut self, code: u16) {
        let frame = CloseFrame {
            code: code.into(),
            reason: "".into(),
        };
        self.socket.send(Message::Close(Some(frame))).await.unwrap();
        while let Some(Ok(_)) = self.socket.next().await {}
    }

    /// The next payload, whatever it is.
    pub(crate) async fn payload(&mut self) -> Value {
        match self.came().await {
            Came::Payload(payload) => payload,
            end => panic!("the connection ended: {end:?}"),
        }
    }

    /// The next event, which must be this one; gives back its data.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        let mut payload = self.payload().await;
        assert_eq!(payload["t"], name, "{payload:#}");
        payload["d"].take()
    }

    /// Events up to this one, which is the last of them: their names and data.
    pub(crate) async fn events_until(&mut self, name: &str) -> Vec<(String, Value)> {
        let mut events = Vec::new();
        loop {
            let mut payload = self.payload().await;
            let Some(event) = payload["t"].as_str().map(str::to_owned) else {
                continue;
            };
            events.push((event.clone(), payload["d"].take()));
            if event == name {
                return events;
            }
        }
    }

    /// The end of the connection; whatever comes before it does not matter.
    pub(crate) async fn end(&mut self) -> Came {
        loop {
            match self.came().await {
                Came::Payload(_) => {}
                end => return end,
            }
        }
    }

    pub(crate) async fn came(&mut self) -> Came {
        tokio::time::timeout(TIME_LIMIT, self.wait())
            .await
            .expect("nothing came")
    }

    async fn wait(&mut self) -> Came {
        let text = match self.socket.next().await {
            Some(Ok(Message::Text(text))) => text.as_bytes().to_vec(),
            Some(Ok(Message::Binary(bytes))) => self.decoder.decode(&bytes),
            Some(Ok(Message::Close(frame))) => {
                return Came::Closed(frame.map_or(1005, |frame| frame.code.into()));
            }
            Some(Ok(other)) => panic!("unexpected frame: {other:?}"),
            None | Some(Err(_)) => return Came::Lost,
        };
        let payload: Value = serde_json::from_slice(&text).unwrap();
        if let Some(seq) = payload["s"].as_u64() {
            self.seq = seq;
        }
        Came::Payload(payload)
    }
}

impl Decoder {
    pub(crate) fn zlib() -> Self {
        Self::Zlib(flate2::Decompress::new(true))
    }

    pub(crate) fn zstd() -> Self {
        Self::Zstd(zstd::stream::write::Decoder::new(Vec::new()).unwrap())
    }

    fn decode(&mut self, bytes: &[u8]) -> Vec<u8> {
        use std::io::{Read as _, Write as _};
        match self {
            // `compress: true`: each payload separately.
            Self::Plain => {
                let mut text = Vec::new();
                flate2::read::ZlibDecoder::new(bytes)
                    .read_to_end(&mut text)
                    .unwrap();
                text
            }
            Self::Zlib(stream) => {
                assert!(bytes.ends_with(&[0, 0, 0xff, 0xff]));
                let mut text = Vec::with_capacity(1024 * 1024);
                let flush = flate2::FlushDecompress::Sync;
                stream.decompress_vec(bytes, &mut text, flush).unwrap();
                text
            }
            Self::Zstd(stream) => {
                stream.write_all(bytes).unwrap();
                stream.flush().unwrap();
                std::mem::take(stream.get_mut())
            }
        }
    }
}

/// An IDENTIFY with the right token and all that clients usually send.
pub(crate) fn identify(sandbox: &Sandbox, more: &Value) -> Value {
    let mut d = json!({
        "token": sandbox.token(),
        "intents": TICKET_BOT,
        "properties": {"os": "linux", "browser": "test", "device": "test"},
    });
    for (field, value) in more.as_object().unwrap() {
        d[field] = value.clone();
    }
    json!({"op": 2, "d": d})
}

pub(crate) fn resume(sandbox: &Sandbox, session: &Value, seq: u64) -> Value {
    json!({"op": 6, "d": {"token": sandbox.token(), "session_id": session, "seq": seq}})
}
