//! Discord's gateway: connected, kept connected, and left in good order.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{join, join_all};
use secrecy::{ExposeSecret, SecretString};
use tickets::GuildId;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use twilight_gateway::error::{ReceiveMessageError, ReceiveMessageErrorType};
use twilight_gateway::queue::InMemoryQueue;
use twilight_gateway::{
    CloseFrame, ConfigBuilder, Intents, Message, Session, Shard, ShardId, ShardState,
};

use crate::catch_up::CatchUp;
use crate::context::Context;
use crate::discord::GatewayBot;
use crate::from_discord::{Incoming, read};
use crate::handle::Handlers;
use crate::handover;
use crate::perform::recover::Left;
use crate::store::{HandoverOwner, StoredSession};

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

/// How a bot connects.
pub struct Connecting {
    pub token: SecretString,
    pub intents: u64,
    pub gateway: GatewayBot,
    /// What an earlier run was told last.
    pub sessions: Vec<StoredSession>,
}

/// Connects all the shards that Discord recommends, and feeds what they hear to the handlers,
/// until told to stop or until Discord closes one for good.
pub async fn run(
    context: Arc<Context>,
    connecting: Connecting,
    stop: watch::Receiver<bool>,
) -> Result<Shards, GatewayError> {
    let gateway = &connecting.gateway;
    let limit = &gateway.session_start_limit;
    let queue = InMemoryQueue::new(
        limit.max_concurrency.max(1),
        limit.remaining,
        Duration::from_millis(limit.reset_after),
        limit.total,
    );
    let total = gateway.shard_count();
    if limit.remaining < total {
        tracing::warn!(
            remaining = limit.remaining,
            hours = limit.reset_after / 3_600_000,
            "Discord allows only a few new sessions for now; what is more waits for so many hours"
        );
    }
    let handlers = Arc::new(Handlers::new(context.clone()));
    let catch_up = Arc::new(CatchUp::new(
        context.clone(),
        handlers.clone(),
        stop.clone(),
    ));
    let intents = Intents::from_bits_truncate(connecting.intents);
    // All shards share what TLS needs.
    let base = ConfigBuilder::new(connecting.token.expose_secret().to_owned(), intents)
        .queue(queue)
        // A path of its own is added.
        .proxy_url(gateway.url.trim_end_matches('/').to_owned())
        .build();
    let mut shards = JoinSet::new();
    for id in 0..total {
        let mut config = ConfigBuilder::from(base.clone());
        if let Some(stored) = connecting.sessions.iter().find(|stored| stored.shard == id) {
            let session = Session::new(stored.sequence, stored.id.expose_secret().to_owned());
            config = config
                .session(session)
                .resume_url(stored.resume_url.clone());
        }
        let listening = Listening {
            shard: Shard::with_config(ShardId::new(id, total), config.build()),
            context: context.clone(),
            handlers: handlers.clone(),
            catch_up: catch_up.clone(),
            last_close: None,
            haste: Haste::default(),
        };
        shards.spawn(listening.run(stop.clone()));
    }
    let mut stopped = Vec::new();
    while let Some(ended) = shards.join_next().await {
        match ended {
            Ok(Ok(listening)) => stopped.push(listening),
            Ok(Err(closed)) => return Err(told(closed, intents)),
            Err(error) => {
                return Err(GatewayError::Closed(0, format!("a shard failed: {error}")));
            }
        }
    }
    Ok(Shards {
        stopped,
        catch_up,
        owner: handover::owner(
            context.application.id,
            connecting.intents,
            &gateway.url,
            total,
        ),
        context,
    })
}

/// The shards of a bot that was told to stop: connected still, but nobody listens any more.
pub struct Shards {
    stopped: Vec<Listening>,
    catch_up: Arc<CatchUp>,
    context: Arc<Context>,
    owner: HandoverOwner,
}

impl Shards {
    /// Leaves the gateway. If everything that was heard is handled (`drained` says so of what was
    /// being done), the next start can go on with the sessions; else they end, and it has to look
    /// for what it missed.
    pub async fn leave(self, drained: bool) {
        let Self {
            stopped,
            catch_up,
            context,
            owner,
        } = self;
        let me = context.cache().me();
        let mut sessions = None;
        if drained && is_whole(&context, &catch_up).await {
            sessions = stopped.iter().map(Listening::session).collect();
        }
        let frame = match &sessions {
            Some(_) => CloseFrame::RESUME,
            None => CloseFrame::NORMAL,
        };
        let handing_over = async {
            let (Some(sessions), Some(me)) = (sessions, me) else {
                return;
            };
            if let Err(error) = handover::leave(&context, owner, me, sessions).await {
                tracing::warn!(%error, "the next start cannot go on with this session");
            }
        };
        let farewells = stopped.into_iter().map(|it| it.leave(frame.clone()));
        join(join_all(farewells), handing_over).await;
    }
}

/// Whether nothing is left to be done or to be looked for.
async fn is_whole(context: &Context, catch_up: &CatchUp) -> bool {
    let left = Left::read(&context.store).await;
    left.is_ok_and(|left| left.is_nothing())
        && *context.settled.borrow()
        && catch_up.is_complete()
        && context.has_missed_nothing()
}

/// A shard and those who hear what it hears.
struct Listening {
    shard: Shard<InMemoryQueue>,
    context: Arc<Context>,
    handlers: Arc<Handlers>,
    catch_up: Arc<CatchUp>,
    last_close: Option<CloseFrame<'static>>,
    haste: Haste,
}

impl Listening {
    /// Listens until told to stop, or until Discord closes the connection for good.
    async fn run(mut self, mut stop: watch::Receiver<bool>) -> Result<Self, CloseFrame<'static>> {
        loop {
            let heard = tokio::select! {
                heard = self.shard.next() => heard,
                () = stopped(&mut stop) => return Ok(self),
            };
            match heard {
                Some(Ok(Message::Text(json))) => self.hear(&json),
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.as_ref().map(|frame| frame.code);
                    let shard = self.shard.id().number();
                    tracing::info!(shard, ?code, "gateway disconnected");
                    self.last_close = frame;
                    let wait = self.haste.closed(Instant::now());
                    if !wait.is_zero() {
                        tracing::warn!(shard, ?wait, "the gateway connection does not last");
                        tokio::select! {
                            () = sleep(wait) => {}
                            () = stopped(&mut stop) => return Ok(self),
                        }
                    }
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
                self.context.leave_for_later(GuildId(0));
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
        // Once the channel is forgotten, nobody knows what was in it.
        let with_it = self.gone_with(&incoming);
        self.context.cache().learn(&incoming, shard, shards);
        match &incoming {
            Incoming::Ready { .. } | Incoming::Resumed => {
                self.haste.connected(Instant::now());
                self.context.connected.send_replace(true);
            }
            // It is described anew: at a start, after a lost session, an outage or an invitation.
            Incoming::Guild(guild) => self.catch_up.begin(guild.id.into()),
            Incoming::GuildGone { guild, .. } => self.catch_up.end(*guild),
            Incoming::ThreadList { guild, parents, .. } => match parents {
                Some(parents) => self.catch_up.begin_in(*guild, parents.clone()),
                None => self.catch_up.begin(*guild),
            },
            _ => {}
        }
        // Until RESUMED comes, Discord tells what happened before.
        if self.shard.state() == ShardState::Resuming {
            self.handlers.handle_replayed(incoming);
        } else {
            self.handlers.handle(incoming);
        }
        for gone in with_it {
            self.handlers.handle(gone);
        }
    }

    /// The active threads of a deleted channel: Discord tells of the channel only.
    fn gone_with(&self, incoming: &Incoming) -> Vec<Incoming> {
        let Incoming::ChannelDeleted { guild, channel } = *incoming else {
            return Vec::new();
        };
        let cache = self.context.cache();
        let known = cache.guild(guild).into_iter();
        known
            .flat_map(|known| known.active_in(channel))
            .map(|thread| Incoming::ThreadDeleted { guild, thread })
            .collect()
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

    fn session(&self) -> Option<StoredSession> {
        let shard = &self.shard;
        Some(handover::stored(
            shard.id().number(),
            shard.session()?,
            shard.resume_url()?,
        ))
    }

    /// Closes the connection. What still comes meanwhile is not heard: it is told to whoever goes on
    /// with the session.
    async fn leave(mut self, frame: CloseFrame<'static>) {
        if is_disconnected(&self.shard) {
            return;
        }
        self.shard.close(frame);
        // A shard that is left connects again, so nobody waits for Discord's goodbye: when there is
        // nothing more to read, ours is on its way.
        let said = poll_fn(|cx| {
            while let Poll::Ready(heard) = self.shard.poll_next_unpin(cx) {
                if !matches!(heard, Some(Ok(Message::Text(_)))) {
                    return Poll::Ready(());
                }
            }
            if is_disconnected(&self.shard) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        if timeout(FAREWELL, said).await.is_err() {
            tracing::debug!("the gateway was left without a goodbye");
        }
    }
}

fn is_disconnected(shard: &Shard<InMemoryQueue>) -> bool {
    matches!(shard.state(), ShardState::Disconnected { .. })
}

/// Keeps from connecting again and again, where connections are taken and closed at once.
#[derive(Default)]
struct Haste {
    /// Since when Discord tells this connection what happens.
    connected: Option<Instant>,
    /// How many were closed before they were good for anything, one after the other.
    in_row: u32,
}

impl Haste {
    /// A connection that lasts longer is a good one.
    const GOOD: Duration = Duration::from_secs(5);
    const LONGEST: Duration = Duration::from_secs(5);

    fn connected(&mut self, now: Instant) {
        self.connected = Some(now);
    }

    /// How long to wait with the next connection.
    fn closed(&mut self, now: Instant) -> Duration {
        let since = self.connected.take();
        let was_good = since.is_some_and(|since| now - since >= Self::GOOD);
        self.in_row = if was_good { 0 } else { self.in_row + 1 };
        let Some(doublings) = self.in_row.checked_sub(3) else {
            return Duration::ZERO;
        };
        let wait = Duration::from_millis(250 << doublings.min(8));
        wait.min(Self::LONGEST)
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
    fn who_is_closed_again_and_again_waits() {
        let (mut haste, begun) = (Haste::default(), Instant::now());
        let at = |seconds| begun + Duration::from_secs(seconds);
        let in_row: Vec<_> = (0..9)
            .map(|second| haste.closed(at(second)).as_millis())
            .collect();
        assert_eq!(in_row, [0, 0, 250, 500, 1000, 2000, 4000, 5000, 5000]);
        haste.connected(at(60));
        assert_eq!(haste.closed(at(64)).as_millis(), 5000, "it did not last");
        haste.connected(at(70));
        assert_eq!(haste.closed(at(75)).as_millis(), 0, "this one did");
        let again: Vec<_> = (76..79)
            .map(|second| haste.closed(at(second)).as_millis())
            .collect();
        assert_eq!(again, [0, 0, 250]);
    }

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
