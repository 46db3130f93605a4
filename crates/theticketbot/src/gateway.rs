//! Discord's gateway: the bot connects, reconnects, and leaves so that the next start can resume.

mod backoff;
mod turns;

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{join, join_all};
use secrecy::{ExposeSecret, SecretString};
use tickets::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep, timeout};
use twilight_gateway::error::{ReceiveMessageError, ReceiveMessageErrorType};
use twilight_gateway::{
    CloseFrame, Config, ConfigBuilder, Intents, Message, Session, Shard, ShardId, ShardState,
};

use crate::app::queue::catch_panic;
use crate::app::{App, system_time};
use crate::discord::GatewayBot;
use crate::discord::events::{Incoming, read};
use crate::engine::dispatch::{dispatch, gone_with, note_access};
use crate::host::heartbeat::Heartbeat;
use crate::metrics::{self, Metrics};
use crate::reconcile::{Check, Reported, check_soon};
use crate::secrets;
use crate::session;
use crate::store::{SessionOwner, ShardSession};

use crate::shards::Assignment;
use backoff::{Backoff, HelloTimeout, Wordless};
pub use turns::Turns;

/// Discord closed the connection permanently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatewayError {
    /// The bot token is invalid (code 4004).
    Token,
    /// The application lacks a privileged intent (code 4014). The list has the privileged intents that the
    /// bot requests.
    Intents(Vec<&'static str>),
    /// Another code that allows no reconnecting.
    Closed(u16, String),
}

impl fmt::Display for GatewayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token => write!(
                f,
                "Discord refused the bot token; check {}, or make a new one at \
                 https://discord.com/developers/applications",
                secrets::where_the_token_is()
            ),
            Self::Intents(names) => write!(
                f,
                "Discord refused the intents that this bot needs; switch on {} on the page Bot of your \
                 application at https://discord.com/developers/applications, then start again",
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
                f.write_str("); check that theticketbot is up to date")
            }
        }
    }
}

impl std::error::Error for GatewayError {}

impl GatewayError {
    /// Whether every further session would end the same way.
    /// Source: Discord's "Gateway Close Event Codes": 4010 to 4014.
    pub fn needs_the_host(&self) -> bool {
        match self {
            Self::Token | Self::Intents(_) => true,
            Self::Closed(code, _) => (4010..=4014).contains(code),
        }
    }
}

/// How long a connection may take to close.
const FAREWELL: Duration = Duration::from_millis(300);

/// How a bot connects.
pub struct Connecting {
    pub token: SecretString,
    pub intents: u64,
    pub gateway: GatewayBot,
    /// The shards to connect.
    pub assignment: Assignment,
    pub turns: Turns,
    /// The sessions that an earlier run saved.
    pub sessions: Vec<ShardSession>,
    /// Notes when Discord answers.
    pub heartbeat: Heartbeat,
    pub metrics: Metrics,
}

/// Connects these shards, and passes their events to the handlers, until `stop` or until Discord closes one
/// of the connections permanently.
pub async fn run(
    app: Arc<App>,
    connecting: Connecting,
    stop: watch::Receiver<bool>,
) -> Result<Shards, GatewayError> {
    let gateway = &connecting.gateway;
    let total = connecting.assignment.total();
    let intents = Intents::from_bits_truncate(connecting.intents);
    // All shards share one TLS configuration.
    let base = ConfigBuilder::new(connecting.token.expose_secret().to_owned(), intents)
        .queue(connecting.turns.clone())
        // The library adds the path.
        .proxy_url(gateway.url.trim_end_matches('/').to_owned())
        // The bot sends no commands, only what keeps the connection.
        .ratelimit_messages(false)
        .build();
    let mut shards = JoinSet::new();
    for id in connecting.assignment.shards() {
        let stored = connecting.sessions.iter().find(|stored| stored.shard == id);
        let going_on = stored.map(|stored| GoingOn {
            session: Session::new(stored.sequence, stored.id.expose_secret().to_owned()),
            resume_url: Some(stored.resume_url.clone()),
        });
        let post = Post {
            id: ShardId::new(id, total),
            config: base.clone(),
            app: app.clone(),
            heartbeat: connecting.heartbeat.clone(),
            metrics: connecting.metrics.clone(),
        };
        shards.spawn(post.listen(going_on, stop.clone()));
    }
    let mut stopped = Vec::new();
    while let Some(ended) = shards.join_next().await {
        match ended {
            Ok(Ok(listening)) => stopped.push(listening),
            Ok(Err(closed)) => return Err(explain(closed, intents)),
            Err(error) => {
                return Err(GatewayError::Closed(0, format!("a shard failed: {error}")));
            }
        }
    }
    Ok(Shards {
        stopped,
        owner: session::owner(app.application.id, connecting.intents, &gateway.url, total),
        app,
    })
}

/// The shards of a bot that is stopping: still connected, but their events are no longer read.
pub struct Shards {
    stopped: Vec<Listening>,
    app: Arc<App>,
    owner: SessionOwner,
}

impl Shards {
    /// Leaves the gateway. The next start can resume the sessions if every event is handled; `drained` says
    /// whether work in flight is done. Otherwise the sessions end, and the next start scans. In a cluster,
    /// another process takes a shard at once, so its session is always kept and no interaction is missed; the
    /// caller then saves the session.
    pub async fn leave(self, drained: bool) {
        let Self {
            stopped,
            app,
            owner,
        } = self;
        let me = app.cache().me();
        let mut sessions = None;
        let is_whole = drained && is_whole(&app).await;
        #[cfg(feature = "postgres")]
        if app.store.shard().is_some() {
            let session = stopped.first().and_then(Listening::session);
            app.resumable.end(session, is_whole);
            let farewells = stopped.into_iter();
            join_all(farewells.map(|it| it.leave(CloseFrame::RESUME))).await;
            return;
        }
        if is_whole {
            sessions = stopped.iter().map(Listening::session).collect();
        }
        let frame = match &sessions {
            Some(_) => CloseFrame::RESUME,
            None => CloseFrame::NORMAL,
        };
        let saving = async {
            let (Some(sessions), Some(me)) = (sessions, me) else {
                return;
            };
            if let Err(error) = session::leave(&app, owner, me, sessions).await {
                tracing::warn!(
                    %error,
                    "the session could not be saved; the next start cannot resume it"
                );
            }
        };
        let farewells = stopped.into_iter().map(|it| it.leave(frame.clone()));
        join(join_all(farewells), saving).await;
    }
}

/// Whether nothing is in flight, pending or failed.
async fn is_whole(app: &App) -> bool {
    let journal = app.store.journal().await;
    journal.is_ok_and(|journal| journal.is_empty()) && app.has_finished()
}

/// A session that a new connection continues with.
struct GoingOn {
    session: Session,
    resume_url: Option<String>,
}

/// What every connection of a shard needs: its configuration and the receivers of its events.
struct Post {
    id: ShardId,
    config: Config<Turns>,
    app: Arc<App>,
    heartbeat: Heartbeat,
    metrics: Metrics,
}

impl Post {
    /// Listens until `stop`, or until Discord closes the connection permanently. A shard that fails,
    /// or that receives nothing at all, is replaced.
    async fn listen(
        self,
        mut going_on: Option<GoingOn>,
        mut stop: watch::Receiver<bool>,
    ) -> Result<Listening, CloseFrame<'static>> {
        let shard = self.id.number();
        // Every end of a connection counts, whoever noticed it.
        let backoff = Arc::new(Mutex::new(Backoff::default()));
        loop {
            let listening = self.listening(going_on.take(), backoff.clone());
            match catch_panic(listening.run(stop.clone())).await {
                Ok(Ended::Stopped(listening)) => return Ok(*listening),
                Ok(Ended::Closed(frame)) => return Err(frame),
                Ok(Ended::Silent(session)) => {
                    tracing::warn!(shard, "no hello from the gateway; reconnecting");
                    going_on = session;
                }
                // The client library may panic on input that only Discord could rule out. The session
                // is lost, so a scan finds the missed events.
                Err(panic) => {
                    tracing::error!(
                        shard,
                        panic,
                        "the gateway client failed; starting a new session"
                    );
                    self.metrics.shard_disconnected(shard, 0);
                }
            }
            let pause = lock(&backoff).closed(Instant::now());
            pause.warn(shard);
            tokio::select! {
                () = sleep(pause.wait) => {}
                () = stopped(&mut stop) => return Ok(self.listening(going_on, backoff)),
            }
        }
    }

    fn listening(&self, going_on: Option<GoingOn>, backoff: Arc<Mutex<Backoff>>) -> Listening {
        let mut config = ConfigBuilder::from(self.config.clone());
        if let Some(GoingOn {
            session,
            resume_url,
        }) = going_on
        {
            config = config.session(session);
            if let Some(url) = resume_url {
                config = config.resume_url(url);
            }
        }
        Listening {
            shard: Shard::with_config(self.id, config.build()),
            app: self.app.clone(),
            heartbeat: self.heartbeat.clone(),
            metrics: self.metrics.clone(),
            acknowledged: None,
            connected: false,
            last_close: None,
            backoff,
            hello_timeout: HelloTimeout::default(),
            wordless: Wordless::default(),
        }
    }
}

/// Why a shard no longer listens.
enum Ended {
    Stopped(Box<Listening>),
    Closed(CloseFrame<'static>),
    Silent(Option<GoingOn>),
}

/// A shard with the receivers of its events.
struct Listening {
    shard: Shard<Turns>,
    app: Arc<App>,
    heartbeat: Heartbeat,
    metrics: Metrics,
    /// When Discord last acknowledged a heartbeat on this connection.
    acknowledged: Option<std::time::Instant>,
    /// Whether Discord sends events on this connection, according to the metrics.
    connected: bool,
    last_close: Option<CloseFrame<'static>>,
    backoff: Arc<Mutex<Backoff>>,
    hello_timeout: HelloTimeout,
    wordless: Wordless,
}

/// What happened on a connection.
enum Heard {
    Said(Option<Result<Message, ReceiveMessageError>>),
    /// A connection ended without a close frame, and the library makes another.
    Lost,
}

fn lock(backoff: &Mutex<Backoff>) -> MutexGuard<'_, Backoff> {
    backoff.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Listening {
    /// Listens until `stop`, or until Discord closes the connection permanently.
    async fn run(mut self, mut stop: watch::Receiver<bool>) -> Ended {
        let mut checks = interval(HelloTimeout::CHECK_EVERY);
        loop {
            let heard = tokio::select! {
                heard = next(&mut self.shard, &mut self.wordless) => heard,
                () = stopped(&mut stop) => return Ended::Stopped(Box::new(self)),
                now = checks.tick() => {
                    if self.hello_timeout.has_expired(self.shard.state(), now) {
                        return Ended::Silent(self.going_on());
                    }
                    continue;
                }
            };
            self.hello_timeout.reset();
            let heard = match heard {
                Heard::Said(heard) => heard,
                Heard::Lost => {
                    if !self.ended(None, &mut stop).await {
                        return Ended::Stopped(Box::new(self));
                    }
                    continue;
                }
            };
            match heard {
                Some(Ok(Message::Text(json))) => {
                    #[cfg(feature = "postgres")]
                    self.note_link(true);
                    self.note_heartbeat();
                    self.hear(&json);
                    self.note_received();
                }
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.as_ref().map(|frame| frame.code);
                    self.last_close = frame;
                    if self.wordless.is_counted() {
                        self.note_end(code.unwrap_or_default());
                    } else if !self.ended(code, &mut stop).await {
                        return Ended::Stopped(Box::new(self));
                    }
                }
                Some(Err(error)) => {
                    self.log_error(&error);
                    if !self.shard.state().is_identified() {
                        self.note_end(0);
                    }
                }
                None => {
                    let frame = self.last_close.unwrap_or(CloseFrame::new(0, ""));
                    return Ended::Closed(frame);
                }
            }
        }
    }

    /// Handles the end of a connection, and waits for the back-off. False if the bot is to stop.
    async fn ended(&mut self, code: Option<u16>, stop: &mut watch::Receiver<bool>) -> bool {
        let shard = self.shard.id().number();
        let pause = lock(&self.backoff).closed(Instant::now());
        if pause.in_row > Backoff::SHOWN {
            tracing::debug!(shard, code, "gateway disconnected");
        } else {
            tracing::info!(shard, code, "gateway disconnected");
        }
        pause.warn(shard);
        self.note_end(code.unwrap_or_default());
        if pause.wait.is_zero() {
            return true;
        }
        tokio::select! {
            () = sleep(pause.wait) => true,
            () = stopped(stop) => false,
        }
    }

    /// The library handles acknowledgements itself, so the bot compares the time of the last one with the
    /// time that it knows.
    fn note_heartbeat(&mut self) {
        let acknowledged = self.shard.latency().received();
        if acknowledged != self.acknowledged {
            self.acknowledged = acknowledged;
            if acknowledged.is_some() {
                let shard = self.shard.id().number();
                self.heartbeat.answered(shard);
                if let Some(latency) = self.shard.latency().recent().first() {
                    self.metrics.gateway_latency(shard, *latency);
                }
            }
        }
    }

    /// Whether there is a connection on which Discord says anything.
    #[cfg(feature = "postgres")]
    fn note_link(&self, is_linked: bool) {
        self.app
            .is_linked
            .store(is_linked, std::sync::atomic::Ordering::Relaxed);
    }

    /// Notes the end of a connection. Failed attempts to connect do not count.
    fn note_end(&mut self, code: u16) {
        #[cfg(feature = "postgres")]
        self.note_link(false);
        if std::mem::take(&mut self.connected) {
            let shard = self.shard.id().number();
            self.metrics.shard_disconnected(shard, code);
        }
    }

    fn hear(&mut self, json: &str) {
        let (shard, shards) = (self.shard.id().number(), self.shard.id().total());
        let watched = |guild, channel| self.app.watched.has(guild, channel);
        let incoming = match read(json, watched) {
            Ok(Some(incoming)) => incoming,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "an event could not be parsed; ignoring it");
                self.app.note_unread();
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
        self.app.two_factors.notice(&incoming);
        // Once the channel is removed from the cache, its threads are no longer known.
        let with_it = gone_with(&self.app, &incoming);
        let me = {
            let mut cache = self.app.cache();
            cache.learn(&incoming, shard, shards);
            cache.me()
        };
        if let Some(me) = me {
            self.app.watched.learn(&incoming, me);
        }
        let session = match &incoming {
            Incoming::Ready { .. } => Some(metrics::Session::Started),
            Incoming::Resumed => Some(metrics::Session::Resumed),
            _ => None,
        };
        if let Some(session) = session {
            lock(&self.backoff).connected(Instant::now());
            // The first heartbeat is due only in 41 seconds.
            self.heartbeat.answered(shard);
            self.connected = true;
            self.metrics.shard_connected(shard, session);
            if matches!(session, metrics::Session::Started) || !*self.app.connected.borrow() {
                self.app.alarm.note_online(self.app.now());
            }
            self.app.connected.send_replace(true);
        }
        note_access(&self.app, &incoming);
        if let Incoming::Interaction(interaction) = &incoming {
            self.metrics.event_age(age(interaction.id.0));
        }
        // Until RESUMED comes, Discord replays earlier events.
        let is_late = self.shard.state() == ShardState::Resuming;
        dispatch(&self.app, incoming, is_late);
        for (guild, thread) in with_it {
            check_soon(&self.app, Check::thread(guild, thread), Reported::Gone);
        }
    }

    /// Whether Discord sends events on this connection.
    fn is_active(&self) -> bool {
        self.shard.state() == ShardState::Active
    }

    /// Notes that every event so far has been passed on.
    fn note_received(&self) {
        let Some(session) = self.shard.session().filter(|_| self.is_active()) else {
            return;
        };
        let (shard, sequence) = (u64::from(self.shard.id().number()), session.sequence());
        self.app
            .received
            .send_if_modified(|received| received.insert(shard, sequence) != Some(sequence));
        #[cfg(feature = "postgres")]
        if self.app.store.shard().is_some() {
            let resumable = &self.app.resumable;
            resumable.reached(session.id(), sequence, || self.session());
        }
    }

    fn log_error(&self, error: &ReceiveMessageError) {
        // The error's text can hold a whole event, and so a token.
        let shard = self.shard.id().number();
        match error.kind() {
            ReceiveMessageErrorType::Reconnect => {
                let cause = std::error::Error::source(error).map(ToString::to_string);
                tracing::warn!(shard, cause, "cannot reach the gateway; retrying");
            }
            ReceiveMessageErrorType::Deserializing { .. } => {
                tracing::warn!(shard, "the gateway sent an invalid frame");
            }
            _ => tracing::warn!(shard, "the gateway sent data that cannot be decompressed"),
        }
    }

    fn session(&self) -> Option<ShardSession> {
        let shard = &self.shard;
        Some(session::stored(
            shard.id().number(),
            shard.session()?,
            shard.resume_url()?,
        ))
    }

    fn going_on(&self) -> Option<GoingOn> {
        Some(GoingOn {
            session: self.shard.session()?.clone(),
            resume_url: self.shard.resume_url().map(str::to_owned),
        })
    }

    /// Closes the connection. Events that still arrive are ignored: Discord replays them when the
    /// session is resumed.
    async fn leave(mut self, frame: CloseFrame<'static>) {
        if is_disconnected(&self.shard) {
            return;
        }
        self.shard.close(frame);
        // The library would reconnect after Discord's close frame, so the bot does not wait for it:
        // when there is nothing more to read, its own close frame is on its way.
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
            tracing::debug!("left the gateway without a close frame");
        }
    }
}

/// Waits for the next message, or for the end of a connection without a close frame.
async fn next(shard: &mut Shard<Turns>, wordless: &mut Wordless) -> Heard {
    poll_fn(|cx| match shard.poll_next_unpin(cx) {
        Poll::Ready(said) => Poll::Ready(Heard::Said(said)),
        Poll::Pending if wordless.ended(shard.state()) => Poll::Ready(Heard::Lost),
        Poll::Pending => Poll::Pending,
    })
    .await
}

/// How long ago Discord made this id. Clocks differ a little, so it can seem to be in the future.
fn age(id: u64) -> Duration {
    system_time().duration_since(Timestamp::of_snowflake(id))
}

fn is_disconnected(shard: &Shard<Turns>) -> bool {
    matches!(shard.state(), ShardState::Disconnected { .. })
}

/// Completes when the bot is to stop, or when the sender is dropped.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

fn explain(frame: CloseFrame<'static>, intents: Intents) -> GatewayError {
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

/// The intents that a host must switch on in the Developer Portal, with their names there.
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
        let text = |code| explain(CloseFrame::new(code, "why"), intents).to_string();
        assert!(text(4004).contains("token"));
        let switches = "\"Server Members Intent\" and \"Message Content Intent\"";
        assert!(text(4014).contains(switches), "{}", text(4014));
        assert!(text(4011).contains("4011, why"));
    }
}
