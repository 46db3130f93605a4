//! What every handler works with: Discord, the database, what is known, what is waited for.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tickets::pending::Selections;
use tickets::text::Text;
use tickets::{ChannelId, GuildId, Timestamp};
use tokio::sync::{mpsc, watch};

use crate::cache::Cache;
use crate::config::Settings;
use crate::dirs::Dirs;
use crate::discord::{Application, Discord, Error};
use crate::store::{Store, StoreError};
use crate::tasks::Tasks;
use crate::translate::Language;

/// One for the whole bot.
pub struct Context {
    pub discord: Discord,
    pub store: Store,
    pub application: Application,
    pub tasks: Tasks,
    /// Becomes true when the gateway is connected for the first time.
    pub connected: watch::Sender<bool>,
    /// Becomes true when everything is finished or undone that an earlier run left half done.
    pub settled: watch::Sender<bool>,
    /// How many servers are being looked through for what happened while the bot was away.
    pub catching_up: watch::Sender<usize>,
    missed: watch::Sender<Missed>,
    /// How often there was a gap in what Discord told.
    gaps: AtomicU64,
    /// The interactions whose openings could not be brought to an end at once.
    unsettled: mpsc::UnboundedSender<u64>,
    /// Openings that could not be settled for long, and their servers.
    left: Mutex<Vec<(GuildId, u64)>>,
    /// The tickets whose owners' leaving is being answered at this moment, and by how many.
    departing: Mutex<HashMap<ChannelId, usize>>,
    /// Threads that were found for openings whose answers were lost. There are few.
    found: Mutex<HashSet<ChannelId>>,
    /// Tickets that were re-opened just when it was found that their owners are not there.
    reopened: Mutex<HashMap<ChannelId, Ownerless>>,
    settings: Settings,
    /// Where the config's placeholders point, for reading it again.
    dirs: Option<Dirs>,
    max_attachment_size: AtomicU64,
    cache: Mutex<Cache>,
    selections: Mutex<Selections<Prompt>>,
}

/// The server of what names none.
pub const NOWHERE: GuildId = GuildId(0);

/// Where something happened that could not be handled.
#[derive(Default)]
struct Missed {
    /// Where it is still to be looked for.
    guilds: HashSet<GuildId>,
    news: News,
}

/// What nobody looks for yet.
#[derive(Default)]
pub struct News {
    /// Servers where something was missed.
    pub guilds: HashSet<GuildId>,
    /// Single tickets.
    pub tickets: HashMap<GuildId, Vec<ChannelId>>,
    /// Servers whose closed tickets may be gone.
    pub closed: HashSet<GuildId>,
}

impl News {
    fn is_empty(&self) -> bool {
        self.guilds.is_empty() && self.tickets.is_empty() && self.closed.is_empty()
    }
}

/// The answer that asks for a selection: how it is found again, to delete it.
#[derive(Clone)]
pub struct Prompt {
    /// Of the interaction that it answers; a secret.
    pub token: String,
    pub at: Timestamp,
}

/// How long an interaction's token is good, in milliseconds.
pub const TOKEN_LIFETIME: i64 = 15 * 60 * 1000;

impl Context {
    pub fn new(
        discord: Discord,
        store: Store,
        application: Application,
        settings: Settings,
        dirs: Option<Dirs>,
        unsettled: mpsc::UnboundedSender<u64>,
    ) -> Self {
        Self {
            unsettled,
            left: Mutex::default(),
            discord,
            store,
            application,
            tasks: Tasks::default(),
            connected: watch::Sender::new(false),
            settled: watch::Sender::new(false),
            catching_up: watch::Sender::new(0),
            missed: watch::Sender::default(),
            gaps: AtomicU64::new(0),
            departing: Mutex::default(),
            found: Mutex::default(),
            reopened: Mutex::default(),
            max_attachment_size: AtomicU64::new(settings.max_attachment_size),
            settings,
            dirs,
            cache: Mutex::default(),
            selections: Mutex::default(),
        }
    }

    /// What is known of servers. Held for moments only, never while waiting.
    pub fn cache(&self) -> MutexGuard<'_, Cache> {
        // What panicked left at worst one event half learnt; the next ones mend it.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something that happened there was not handled: somebody looks for it soon.
    pub fn miss(&self, guild: GuildId) {
        self.missed.send_modify(|missed| {
            missed.guilds.insert(guild);
            missed.news.guilds.insert(guild);
        });
    }

    /// Something may have happened to a ticket that nobody saw: somebody looks at it soon.
    pub fn look_soon(&self, guild: GuildId, ticket: ChannelId) {
        self.missed.send_modify(|missed| {
            missed.news.tickets.entry(guild).or_default().push(ticket);
        });
    }

    /// Closed tickets may have gone, of which Discord does not tell: somebody looks at them soon.
    pub fn look_at_closed_soon(&self, guild: GuildId) {
        self.missed.send_modify(|missed| {
            missed.news.closed.insert(guild);
        });
    }

    /// Something there cannot be looked for now: the next start does.
    pub fn leave_for_later(&self, guild: GuildId) {
        self.missed.send_modify(|missed| {
            missed.guilds.insert(guild);
        });
    }

    /// Nothing is missed there any more.
    pub fn has_looked(&self, guild: GuildId) {
        self.missed
            .send_if_modified(|missed| missed.guilds.remove(&guild));
    }

    /// Waits until something was missed.
    pub async fn has_news(&self) {
        let mut missed = self.missed.subscribe();
        // The sender is borrowed here.
        let _ = missed.wait_for(|missed| !missed.news.is_empty()).await;
    }

    /// Waits until somebody looks for all that was missed.
    pub async fn has_no_news(&self) {
        let mut missed = self.missed.subscribe();
        // The sender is borrowed here.
        let _ = missed.wait_for(|missed| missed.news.is_empty()).await;
    }

    /// What was missed, for one who looks for it from now on.
    pub fn take_news(&self) -> News {
        let mut news = News::default();
        self.missed.send_if_modified(|missed| {
            news = std::mem::take(&mut missed.news);
            !news.is_empty()
        });
        news
    }

    /// Whether everything that happened was handled, or looked for since.
    pub fn has_missed_nothing(&self) -> bool {
        let missed = self.missed.borrow();
        missed.guilds.is_empty() && missed.news.is_empty()
    }

    /// Discord did not tell of everything for a while.
    pub fn note_gap(&self) {
        self.gaps.fetch_add(1, Ordering::Relaxed);
    }

    /// How often there was a gap in what Discord told. What began before a gap and ends after it
    /// cannot rely on having heard of everything.
    pub fn gaps(&self) -> u64 {
        self.gaps.load(Ordering::Relaxed)
    }

    /// What is waited for. Held for moments only.
    pub fn selections(&self) -> MutexGuard<'_, Selections<Prompt>> {
        self.selections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// An opening could not be brought to an end: whoever sees to what is left half done sees to it.
    pub fn see_to_it_later(&self, interaction: u64) {
        // If nobody is left who does, the next start will.
        let _ = self.unsettled.send(interaction);
    }

    /// An opening cannot be settled as things are. They may be better when its server is looked
    /// through again.
    pub fn leave_opening(&self, guild: GuildId, interaction: u64) {
        self.left().push((guild, interaction));
    }

    /// A server is looked through: what was left there is seen to again.
    pub fn see_to_left_openings(&self, guild: GuildId) {
        for (_, interaction) in self.left().extract_if(.., |(left, _)| *left == guild) {
            self.see_to_it_later(interaction);
        }
    }

    fn left(&self) -> MutexGuard<'_, Vec<(GuildId, u64)>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds a ticket as one whose owner's leaving is being answered, until the answer is given or
    /// has failed.
    pub fn departing(&self, ticket: ChannelId) -> Departing<'_> {
        *self.departures().entry(ticket).or_default() += 1;
        Departing {
            context: self,
            ticket,
        }
    }

    /// Threads that were looked for and found: they may have been created for somebody else, who has
    /// not been told of them yet. Held for moments only.
    pub fn found(&self) -> MutexGuard<'_, HashSet<ChannelId>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A ticket was re-opened and its owner found gone from it; whether they are still in the server
    /// is said too. Perhaps they left only after it was re-opened: then Discord tells so in a moment.
    pub fn reopened_without_owner(&self, ticket: ChannelId, is_in_server: bool) {
        let mut reopened = self.reopened();
        reopened.retain(|_, ownerless| ownerless.is_news());
        let since = Instant::now();
        reopened.insert(
            ticket,
            Ownerless {
                since,
                is_in_server,
            },
        );
    }

    /// Whether that the owner left the thread, or the `server`, tells why they were found gone when
    /// the ticket was re-opened a moment ago. It is told once.
    pub fn left_when_reopened(&self, ticket: ChannelId, server: bool) -> bool {
        let mut reopened = self.reopened();
        let tells = |ownerless: &Ownerless| {
            // Who was still in the server then leaves it for the first time now.
            ownerless.is_news() && !(server && ownerless.is_in_server)
        };
        reopened.get(&ticket).is_some_and(tells) && reopened.remove(&ticket).is_some()
    }

    pub fn is_archived_again(&self, ticket: ChannelId) {
        self.reopened().remove(&ticket);
    }

    fn reopened(&self) -> MutexGuard<'_, HashMap<ChannelId, Ownerless>> {
        self.reopened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is_departing(&self, ticket: ChannelId) -> bool {
        self.departures().contains_key(&ticket)
    }

    fn departures(&self) -> MutexGuard<'_, HashMap<ChannelId, usize>> {
        self.departing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A server's language.
    pub fn language(&self, guild: GuildId) -> Language {
        self.cache().language(guild)
    }

    pub fn max_attachment_size(&self) -> u64 {
        self.max_attachment_size.load(Ordering::Relaxed)
    }

    /// Reads the config file again. What can change while running changes now; everything else
    /// with the next start.
    pub fn reload(&self) -> Result<(), Failure> {
        let Some(dirs) = &self.dirs else {
            return Err(Failure::Other(
                "this bot was started without a config file".to_owned(),
            ));
        };
        let settings = self
            .settings
            .reload(dirs, crate::secrets::token())
            .map_err(|error| Failure::Other(error.to_string()))?;
        self.max_attachment_size
            .store(settings.max_attachment_size, Ordering::Relaxed);
        Ok(())
    }

    /// The owner of the application, as who is told about in errors.
    pub fn owner_mention(&self) -> String {
        self.application.owner.map_or_else(
            || self.application.name.clone(),
            |owner| format!("<@{owner}>"),
        )
    }
}

/// The owner of a ticket that was re-opened is not in it.
struct Ownerless {
    since: Instant,
    is_in_server: bool,
}

impl Ownerless {
    /// Discord tells of what happened within moments.
    const MOMENTS: Duration = Duration::from_secs(10);

    fn is_news(&self) -> bool {
        self.since.elapsed() < Self::MOMENTS
    }
}

/// See [`Context::departing`].
pub struct Departing<'a> {
    context: &'a Context,
    ticket: ChannelId,
}

impl Drop for Departing<'_> {
    fn drop(&mut self) {
        let mut departures = self.context.departures();
        if let Some(answering) = departures.get_mut(&self.ticket) {
            *answering -= 1;
            if *answering == 0 {
                departures.remove(&self.ticket);
            }
        }
    }
}

/// The present moment, for what has no interaction to take it from.
pub fn now() -> Timestamp {
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
    Other(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(text) => f.write_str(text.key()),
            Self::Store(error) => error.fmt(f),
            Self::Discord(error) => error.fmt(f),
            Self::Other(why) => f.write_str(why),
        }
    }
}

impl Failure {
    /// Whether Discord says that the bot may not do or see this.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Self::Discord(error) if error.is_forbidden())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Discord(error)
    }
}
