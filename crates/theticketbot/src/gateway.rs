//! Discord's gateway: connected, kept connected, and left in good order.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use twilight_gateway::error::{ReceiveMessageError, ReceiveMessageErrorType};
use twilight_gateway::queue::InMemoryQueue;
use twilight_gateway::{CloseFrame, ConfigBuilder, Intents, Message, Shard, ShardId};

use crate::catch_up::CatchUp;
use crate::context::Context;
use crate::discord::GatewayBot;
use crate::from_discord::{Incoming, read};
use crate::handle::Handlers;

/// Discord ended the connection for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatewayError {
    /// 4004.
    Token,
    /// 4014, with the privileged intents that were asked for.
    Intents(Vec<&'static str>),
    /// Another code that allows no reconnecting.
    Closed(u16, String),
}

impl fmt::Display for GatewayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token => f.write_str(
                "Discord refused the bot token; check token in [bot], or make a new one at \
                 https://discord.com/developers/applications",
            ),
            Self::Intents(names) => write!(
                f,
                "Discord does not give this bot all that its intents ask for; switch on {} on the \
                 Bot page of your application at https://discord.com/developers/applications, \
                 then start again",
                names.join(" and ")
            ),
            Self::Closed(code, reason) => {
                write!(
                    f,
                    "Discord closed the gateway connection for good (code {code}"
                )?;
                if !reason.is_empty() {
                    write!(f, ", {reason}")?;
                }
                f.write_str("); see that your theticketbot is up to date")
            }
        }
    }
}

impl std::error::Error for GatewayError {}

/// How long a connection may take to close.
const FAREWELL: Duration = Duration::from_millis(300);

/// Connects all the shards that Discord recommends, and feeds what they hear to the handlers,
/// until told to stop or until Discord closes one for good.
pub async fn run(
    context: Arc<Context>,
    token: &SecretString,
    intents: u64,
    gateway: &GatewayBot,
    stop: watch::Receiver<bool>,
) -> Result<(), GatewayError> {
    let limit = &gateway.session_start_limit;
    let queue = InMemoryQueue::new(
        limit.max_concurrency.max(1),
        limit.remaining,
        Duration::from_millis(limit.reset_after),
        limit.total,
    );
    let total = gateway.shards.max(1);
    let handlers = Arc::new(Handlers::new(context.clone()));
    let catch_up = Arc::new(CatchUp::new(
        context.clone(),
        handlers.clone(),
        stop.clone(),
    ));
    let intents = Intents::from_bits_truncate(intents);
    let mut shards = JoinSet::new();
    for id in 0..total {
        let config = ConfigBuilder::new(token.expose_secret().to_owned(), intents)
            .queue(queue.clone())
            // A path of its own is added.
            .proxy_url(gateway.url.trim_end_matches('/').to_owned())
            .build();
        let listening = Listening {
            shard: Shard::with_config(ShardId::new(id, total), config),
            context: context.clone(),
            handlers: handlers.clone(),
            catch_up: catch_up.clone(),
            last_close: None,
        };
        shards.spawn(listening.run(stop.clone()));
    }
    while let Some(ended) = shards.join_next().await {
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(closed)) => return Err(told(closed, intents)),
            Err(error) => {
                return Err(GatewayError::Closed(0, format!("a shard failed: {error}")));
            }
        }
    }
    Ok(())
}

/// A shard and those who hear what it hears.
struct Listening {
    shard: Shard<InMemoryQueue>,
    context: Arc<Context>,
    handlers: Arc<Handlers>,
    catch_up: Arc<CatchUp>,
    last_close: Option<CloseFrame<'static>>,
}

impl Listening {
    async fn run(mut self, mut stop: watch::Receiver<bool>) -> Result<(), CloseFrame<'static>> {
        loop {
            let heard = tokio::select! {
                heard = self.shard.next() => heard,
                () = stopped(&mut stop) => {
                    self.leave().await;
                    return Ok(());
                }
            };
            match heard {
                Some(Ok(Message::Text(json))) => self.hear(&json),
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.as_ref().map(|frame| frame.code);
                    tracing::info!(
                        shard = self.shard.id().number(),
                        ?code,
                        "gateway disconnected"
                    );
                    self.last_close = frame;
                }
                Some(Err(error)) => self.stumble(&error),
                None => return Err(self.last_close.unwrap_or(CloseFrame::new(0, ""))),
            }
        }
    }

    fn hear(&mut self, json: &str) {
        let (shard, shards) = (self.shard.id().number(), self.shard.id().total());
        let incoming = match read(json) {
            Ok(Some(incoming)) => incoming,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "an event was not understood");
                return;
            }
        };
        match &incoming {
            Incoming::Ready { guilds, .. } => {
                tracing::info!(
                    shard,
                    shards,
                    servers = guilds.len(),
                    "connected to the gateway"
                );
            }
            Incoming::Resumed => tracing::info!(shard, "gateway session resumed"),
            _ => {}
        }
        self.context.cache().learn(&incoming, shard, shards);
        match &incoming {
            Incoming::Ready { .. } => {
                self.context.connected.send_replace(true);
            }
            // It is described anew: at a start, after a lost session, an outage or an invitation.
            Incoming::Guild(guild) => self.catch_up.begin(guild.id.into()),
            Incoming::GuildGone { guild, .. } => self.catch_up.end(*guild),
            _ => {}
        }
        self.handlers.handle(incoming);
    }

    fn stumble(&self, error: &ReceiveMessageError) {
        // The error's text can hold a whole event, and so a token.
        let shard = self.shard.id().number();
        match error.kind() {
            ReceiveMessageErrorType::Reconnect => {
                let cause = std::error::Error::source(error).map(ToString::to_string);
                tracing::warn!(shard, cause, "the gateway cannot be reached; trying again");
            }
            ReceiveMessageErrorType::Deserializing { .. } => {
                tracing::warn!(shard, "the gateway sent what cannot be read");
            }
            kind => tracing::warn!(shard, ?kind, "the gateway connection failed"),
        }
    }

    /// Ends the session, so that the bot is shown as offline at once.
    async fn leave(&mut self) {
        self.shard.close(CloseFrame::NORMAL);
        let closed = async {
            while let Some(Ok(message)) = self.shard.next().await {
                if matches!(message, Message::Close(_)) {
                    return;
                }
            }
        };
        if timeout(FAREWELL, closed).await.is_err() {
            tracing::debug!("the gateway did not say goodbye");
        }
    }
}

/// Completes when the bot is to stop, or when nobody is left who could say so.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

fn told(frame: CloseFrame<'static>, intents: Intents) -> GatewayError {
    match frame.code {
        4004 => GatewayError::Token,
        4014 => GatewayError::Intents(
            PRIVILEGED
                .iter()
                .filter(|(intent, _)| intents.contains(*intent))
                .map(|(_, name)| *name)
                .collect(),
        ),
        code => GatewayError::Closed(code, frame.reason.into_owned()),
    }
}

/// The intents that want a switch, and what Discord calls it.
const PRIVILEGED: [(Intents, &str); 3] = [
    (Intents::GUILD_MEMBERS, "\"Server Members Intent\""),
    (Intents::GUILD_PRESENCES, "\"Presence Intent\""),
    (Intents::MESSAGE_CONTENT, "\"Message Content Intent\""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_says_what_to_do() {
        let intents = Intents::GUILDS | Intents::GUILD_MEMBERS | Intents::MESSAGE_CONTENT;
        let told = |code| told(CloseFrame::new(code, "why"), intents).to_string();
        assert!(told(4004).contains("token"));
        let switches = "\"Server Members Intent\" and \"Message Content Intent\"";
        assert!(told(4014).contains(switches), "{}", told(4014));
        assert!(told(4011).contains("4011, why"));
    }
}
