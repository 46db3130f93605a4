//! The state that all of the engine uses: handles to the store, Discord, queues and so on, and short-lived
//! data behind locks.

pub mod alarm;
pub mod archived;
pub mod backlog;
pub mod entries;
pub mod joining;
pub mod lately;
pub mod notices;
pub mod openings;
pub mod queue;
pub mod report;
pub mod reports;
#[cfg(feature = "postgres")]
pub mod resumable;
pub mod seen;
pub mod staff;
pub mod watched;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use tickets::decide::host::Strangers;
use tickets::pending::Selections;
use tickets::setting::enter::quoted;
use tickets::setting::{Language as LanguageSetting, Setting, Typed};
use tickets::text::Text;
use tickets::{ChannelId, GuildId, RoleId, Timestamp, UserId};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::cache::Cache;
use crate::config::Settings;
use crate::dirs::Dirs;
use crate::discord::{Application, Discord, Error, ErrorKind};
use crate::host::TwoFactors;
use crate::store::{Scope, Store, StoreError};
use crate::translate::Language;

use alarm::Alarm;
use archived::Archived;
use backlog::{Backlog, Work};
use entries::Entries;
use joining::Joining;
use lately::Lately;
use notices::Notices;
use openings::Openings;
use queue::{Key, Queues, Tasks};
use reports::{REGISTERED, Reports};
use seen::Seen;
use watched::Watched;

/// A setting of the bot itself. `theticketbot inboxes apply` gives it a new value each time, so that a
/// running bot notices the change.
pub const APPLIED: &str = "inboxes-applied";

/// The shared state. There is one for each bot; in a cluster, one for each shard.
pub struct App {
    pub discord: Discord,
    pub store: Store,
    pub application: Application,
    /// The running tasks.
    pub tasks: Tasks,
    /// Jobs that wait for earlier jobs with the same key.
    pub queues: Queues<Key>,
    /// What is due, now or later.
    pub backlog: Backlog,
    pub openings: Openings,
    pub joining: Joining,
    pub reports: Reports,
    pub seen: Seen,
    pub watched: Watched,
    pub notices: Notices,
    pub entries: Entries,
    pub archived: Archived,
    /// What the channels of servers are called.
    pub channel_names: Lately<GuildId, Arc<[(ChannelId, String)]>>,
    /// The roles of members, `None` for those who are not in the server.
    pub members: Lately<(GuildId, UserId), Option<Arc<[RoleId]>>>,
    pub alarm: Alarm,
    pub clock: Clock,
    /// Becomes true when the gateway is connected for the first time.
    pub connected: watch::Sender<bool>,
    /// Becomes true when the unfinished work of earlier runs was started again.
    pub recovered: watch::Sender<bool>,
    /// The number of the last event that each shard has received and passed on.
    pub received: watch::Sender<BTreeMap<u64, u64>>,
    /// Where another process continues, if this is one of several.
    #[cfg(feature = "postgres")]
    pub resumable: resumable::Resumable,
    /// Whether there is a connection to the gateway.
    #[cfg(feature = "postgres")]
    pub is_linked: AtomicBool,
    pub two_factors: TwoFactors,
    /// How often there was a gap in Discord's events.
    gaps: AtomicU64,
    /// When the last gap ended, in milliseconds since the Unix epoch.
    gap_ended: AtomicI64,
    /// Whether the bot failed to parse an event. Only a full scan finds out what such an event said.
    unread: AtomicBool,
    config: Arc<Config>,
    cache: Mutex<Cache>,
    selections: Mutex<Selections<Prompt>>,
    strangers: Mutex<Strangers>,
    /// The servers whose language an admin has set.
    languages: Mutex<HashMap<GuildId, Language>>,
    /// The value of [`APPLIED`] that this process last read from the database.
    applied: Mutex<Option<String>>,
}

/// The config of a process, which can be read again while the bot runs.
pub struct Config {
    /// With which the process has started.
    pub settings: Settings,
    /// What the config's placeholders stand for; needed to read the config again.
    dirs: Option<Dirs>,
    max_attachment_size: AtomicU64,
}

impl Config {
    pub fn new(settings: Settings, dirs: Option<Dirs>) -> Self {
        Self {
            max_attachment_size: AtomicU64::new(settings.max_attachment_size),
            settings,
            dirs,
        }
    }
}

/// A pending response that asks an admin to select a message. The bot needs the token to delete the response
/// later.
#[derive(Clone)]
pub struct Prompt {
    /// The token of the interaction that it responds to; a secret.
    pub token: String,
    pub at: Timestamp,
}

impl App {
    pub fn new(
        discord: Discord,
        store: Store,
        application: Application,
        config: Arc<Config>,
    ) -> Arc<Self> {
        let tasks = Tasks::default();
        let clock = Clock::start(discord.now());
        let alarm = Alarm::new(discord.time_moves());
        Arc::new(Self {
            discord,
            store,
            application,
            queues: Queues::new(tasks.clone()),
            tasks,
            backlog: Backlog::default(),
            openings: Openings::default(),
            joining: Joining::default(),
            reports: Reports::default(),
            seen: Seen::default(),
            watched: Watched::default(),
            notices: Notices::default(),
            entries: Entries::default(),
            archived: Archived::default(),
            channel_names: Lately::default(),
            members: Lately::default(),
            alarm,
            gap_ended: AtomicI64::new(clock.now().0),
            clock,
            connected: watch::Sender::new(false),
            recovered: watch::Sender::new(false),
            received: watch::Sender::default(),
            #[cfg(feature = "postgres")]
            resumable: resumable::Resumable::default(),
            #[cfg(feature = "postgres")]
            is_linked: AtomicBool::new(false),
            two_factors: TwoFactors::default(),
            gaps: AtomicU64::new(0),
            unread: AtomicBool::new(false),
            config,
            cache: Mutex::default(),
            selections: Mutex::default(),
            strangers: Mutex::default(),
            languages: Mutex::default(),
            applied: Mutex::default(),
        })
    }

    /// What the bot knows about servers. Hold the lock only briefly, and never across an await.
    pub fn cache(&self) -> MutexGuard<'_, Cache> {
        // A panic can leave at most one event half applied to the cache. Later events correct that.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The selections that are pending. Hold the lock only briefly.
    pub fn selections(&self) -> MutexGuard<'_, Selections<Prompt>> {
        self.selections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// When the bot last refused the host's commands to somebody else, for each server. Hold the lock only
    /// briefly.
    pub fn strangers(&self) -> MutexGuard<'_, Strangers> {
        self.strangers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether no work in memory is unfinished, so that the next start needs no scan.
    pub fn has_finished(&self) -> bool {
        *self.recovered.borrow()
            && self.openings.is_empty()
            && self.joining.is_clear()
            && self.backlog.is_idle()
            && self.has_read_everything()
    }

    /// Fails until Discord has sent this server. For work that depends on what people may do there, or that
    /// writes in the server's language.
    pub fn check_known(&self, guild: GuildId) -> Result<(), Failure> {
        if self.cache().awaits(guild) {
            return Err(Failure::ServerUnknown);
        }
        Ok(())
    }

    /// A server's language: what an admin has set, or else what Discord says.
    pub fn language(&self, guild: GuildId) -> Language {
        let set = self.language_that_is_set(guild);
        set.unwrap_or_else(|| self.cache().language(guild))
    }

    /// The language that an admin has set.
    pub fn language_that_is_set(&self, guild: GuildId) -> Option<Language> {
        let languages = self.languages.lock();
        let languages = languages.unwrap_or_else(PoisonError::into_inner);
        languages.get(&guild).copied()
    }

    /// An admin has set a server's language, or wants Discord's again.
    pub fn set_language(&self, guild: GuildId, code: Option<&str>) {
        let languages = self.languages.lock();
        let mut languages = languages.unwrap_or_else(PoisonError::into_inner);
        match code {
            Some(code) => languages.insert(guild, Language::of(code)),
            None => languages.remove(&guild),
        };
    }

    /// Reads [`APPLIED`] from the database and remembers it. Returns whether it has changed.
    pub async fn take_new_settings(&self) -> Result<bool, StoreError> {
        let stored = self.store.setting(Scope::Bot, APPLIED).await?;
        let mut applied = self.applied.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = *applied != stored;
        *applied = stored;
        Ok(is_new)
    }

    /// Forgets the last [`APPLIED`], because reading the settings failed. The next check then tries again.
    pub fn forget_settings(&self) {
        let mut applied = self.applied.lock().unwrap_or_else(PoisonError::into_inner);
        *applied = None;
    }

    /// Reads which languages were set.
    pub async fn load_languages(&self) -> Result<(), StoreError> {
        for guild in self.store.guilds().await? {
            let key = LanguageSetting.key();
            let stored = self.store.settings(Scope::Guild(guild)).await?;
            let find = |key| stored.iter().find(|(known, _)| known == key);
            if find(REGISTERED).is_some() {
                // The bot may have been updated, and a new version may word the command differently.
                self.backlog.request(Work::Commands(guild));
            }
            let code = find(key).map(|(_, value)| value.as_str());
            let code = LanguageSetting.value(code);
            self.set_language(guild, code.as_deref());
        }
        Ok(())
    }

    /// Notes that a gap in Discord's events has ended.
    pub fn note_gap(&self) {
        self.gaps.fetch_add(1, Ordering::Relaxed);
        self.gap_ended.store(self.now().0, Ordering::Relaxed);
    }

    /// Whether no event is missing since this moment.
    pub fn was_told_since(&self, then: Timestamp) -> bool {
        then.0 > self.gap_ended.load(Ordering::Relaxed)
    }

    /// How often there was a gap in Discord's events. What was observed before a gap must be
    /// observed again after it.
    pub fn gaps(&self) -> u64 {
        self.gaps.load(Ordering::Relaxed)
    }

    /// Notes that the bot failed to parse an event.
    pub fn note_unread(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    /// Whether every event could be read.
    pub fn has_read_everything(&self) -> bool {
        !self.unread.load(Ordering::Relaxed)
    }

    /// Whether Discord sends the bot events about who joins and leaves threads.
    pub fn hears_of_members(&self) -> bool {
        const GUILD_MEMBERS: u64 = 1 << 1;
        self.config.settings.intents & GUILD_MEMBERS != 0
    }

    pub fn max_attachment_size(&self) -> u64 {
        self.config.max_attachment_size.load(Ordering::Relaxed)
    }

    /// Reads the config file again, for all shards of this process. Settings that can change while the bot runs
    /// take effect now, all others at the next start; those of them that have changed are returned.
    pub fn reload(&self) -> Result<Vec<&'static str>, Failure> {
        let Some(dirs) = &self.config.dirs else {
            return Err(Failure::Other(
                "this bot was started without a config file".to_owned(),
            ));
        };
        let settings = self
            .config
            .settings
            .reload(dirs)
            .map_err(|error| Failure::Other(error.to_string()))?;
        self.config
            .max_attachment_size
            .store(settings.max_attachment_size, Ordering::Relaxed);
        Ok(self.config.settings.needing_restart(&settings))
    }

    /// What a member reads about an unexpected failure. It names the host: with a mention, or by the
    /// application's name if the owner is unknown.
    pub fn unexpected(&self, code: String) -> Text {
        let owner = self.application.owner.map_or_else(
            || self.application.name.clone(),
            |owner| format!("<@{owner}>"),
        );
        Text::Unexpected { code, owner }
    }

    /// The present moment by Discord's own clock, from which all its ids come.
    pub fn now(&self) -> Timestamp {
        self.discord.now().unwrap_or_else(|| self.clock.now())
    }

    /// Waits until nothing runs and nothing is due now; what failed may be tried again later.
    pub async fn quiet(&self) {
        loop {
            self.tasks.idle().await;
            self.backlog.quiet().await;
            self.alarm.idle().await;
            if self.tasks.is_idle() && self.backlog.is_quiet() && self.alarm.is_idle() {
                return;
            }
        }
    }

    /// Waits until nothing runs, nothing is due, and no failed work waits for a retry. Then every event so
    /// far is handled.
    pub async fn idle(&self) {
        loop {
            self.tasks.idle().await;
            self.backlog.idle().await;
            self.alarm.idle().await;
            if self.tasks.is_idle() && self.backlog.is_idle() && self.alarm.is_idle() {
                return;
            }
        }
    }
}

/// The present time by Discord's clock, measured from one reading with a monotonic clock. So it advances
/// evenly even if Discord's clock or the system's clock jumps.
pub struct Clock {
    started: Instant,
    then: Timestamp,
}

impl Clock {
    /// `discord` is what Discord's clock shows; the system's may be wrong by hours.
    fn start(discord: Option<Timestamp>) -> Self {
        Self {
            started: Instant::now(),
            then: discord.unwrap_or_else(system_time),
        }
    }

    pub fn now(&self) -> Timestamp {
        let passed = self.started.elapsed().as_millis();
        self.then.plus(i64::try_from(passed).unwrap_or(i64::MAX))
    }
}

/// The system's own time.
pub fn system_time() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Why something was not done.
#[derive(Debug)]
pub enum Failure {
    /// For a reason that the member should read.
    Refused(Text),
    Store(StoreError),
    Discord(Error),
    /// Discord has yet to send the server. When it does, the bot tries again.
    ServerUnknown,
    Other(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(text) => f.write_str(text.key()),
            Self::Store(error) => error.fmt(f),
            Self::Discord(error) => error.fmt(f),
            Self::ServerUnknown => f.write_str("Discord has not sent this server yet"),
            Self::Other(why) => f.write_str(why),
        }
    }
}

impl Failure {
    /// Whether Discord says that the bot may not do or see this.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Self::Discord(error) if error.is_forbidden())
    }

    /// Whether the log should have this as an error. A refusal, a missing permission, and a server that
    /// Discord has not sent yet are none.
    pub fn is_unexpected(&self) -> bool {
        !matches!(self, Self::Refused(_) | Self::ServerUnknown) && !self.is_forbidden()
    }

    /// Whether Discord does not allow this, for example because the thread is locked.
    pub fn is_not_allowed(&self) -> bool {
        matches!(self, Self::Discord(error) if error.kind() == ErrorKind::NotAllowed)
    }

    /// Whether it is unknown what the failed step has changed, or a later attempt may succeed.
    pub fn is_unclear(&self) -> bool {
        match self {
            Self::Refused(_) => false,
            Self::Store(_) | Self::ServerUnknown | Self::Other(_) => true,
            Self::Discord(error) => error.is_ambiguous() || error.is_transient(),
        }
    }

    /// Whether Discord says that the object of the call is gone.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Discord(error) if error.is_gone())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NameTaken(name) => {
                let written = quoted(&name);
                Self::Refused(Text::NameTaken { written })
            }
            error => Self::Store(error),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Discord(error)
    }
}
