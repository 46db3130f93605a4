//! One gateway connection whose events are waited for by name.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::Value;
use tokio::time::timeout;
use twilight_gateway::{CloseFrame, ConfigBuilder, Intents, Message, Session, Shard, ShardId};

use crate::facts::Result;

pub(crate) struct Gateway {
    shard: Shard,
}

/// What a connection brought.
pub(crate) enum Heard {
    Event(String, Value),
    Closed(Option<u16>),
    Nothing,
}

impl Gateway {
    /// Begins a session.
    pub(crate) async fn connect(token: &str, url: &str) -> Result<Self> {
        let mut gateway = Self::open(token, url, None);
        gateway.wait_for("READY").await?;
        Ok(gateway)
    }

    /// Goes on with a session, on a further connection. The caller waits for the outcome.
    pub(crate) fn resume(token: &str, url: &str, session: Session) -> Self {
        Self::open(token, url, Some(session))
    }

    fn open(token: &str, url: &str, session: Option<Session>) -> Self {
        let intents = Intents::GUILDS | Intents::GUILD_MEMBERS | Intents::GUILD_MESSAGES;
        let mut config = ConfigBuilder::new(token.to_owned(), intents)
            .proxy_url(url.trim_end_matches('/').to_owned());
        if let Some(session) = session {
            config = config
                .session(session)
                .resume_url(url.trim_end_matches('/').to_owned());
        }
        Self {
            shard: Shard::with_config(ShardId::ONE, config.build()),
        }
    }

    pub(crate) fn session(&self) -> Option<Session> {
        self.shard.session().cloned()
    }

    /// What comes next within this time.
    pub(crate) async fn next(&mut self, within: Duration) -> Heard {
        loop {
            let Ok(message) = timeout(within, self.shard.next()).await else {
                return Heard::Nothing;
            };
            match message {
                Some(Ok(Message::Text(text))) => {
                    let mut event: Value = serde_json::from_str(&text).unwrap_or_default();
                    if let Some(name) = event["t"].as_str() {
                        return Heard::Event(name.to_owned(), event["d"].take());
                    }
                    if event["op"] == 9 {
                        return Heard::Event("INVALID_SESSION".to_owned(), Value::Null);
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    return Heard::Closed(frame.map(|frame| frame.code));
                }
                Some(Err(error)) => return Heard::Event(error.to_string(), Value::Null),
                None => return Heard::Closed(None),
            }
        }
    }

    /// The next event of this name, within twenty seconds.
    pub(crate) async fn wait_for(&mut self, name: &str) -> Result<Value> {
        self.wait_for_one(name, |_| true, Duration::from_secs(20))
            .await
    }

    /// The next event of this name for which `is_it` holds.
    pub(crate) async fn wait_for_one(
        &mut self,
        name: &str,
        is_it: impl Fn(&Value) -> bool,
        within: Duration,
    ) -> Result<Value> {
        let waiting = async {
            loop {
                match self.next(within).await {
                    Heard::Event(event, data) if event == name && is_it(&data) => return Ok(data),
                    Heard::Event(..) => {}
                    Heard::Closed(code) => return Err(format!("closed with {code:?}")),
                    Heard::Nothing => return Err("nothing was heard".to_owned()),
                }
            }
        };
        match timeout(within, waiting).await {
            Ok(Ok(data)) => Ok(data),
            Ok(Err(why)) => Err(format!("no {name}: {why}").into()),
            Err(_) => Err(format!("no {name} within {} s", within.as_secs()).into()),
        }
    }

    pub(crate) async fn leave(mut self) {
        self.shard.close(CloseFrame::NORMAL);
        while let Heard::Event(..) = self.next(Duration::from_secs(1)).await {}
    }
}
