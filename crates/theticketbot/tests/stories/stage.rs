//! The beginning and end of every story: a sandbox with the bot, and checks that nothing is left over.

use std::fmt::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use discord_sandbox::id::{ChannelId, MessageId, UserId};
use discord_sandbox::record::What;
use discord_sandbox::world::MoreGuilds;
use discord_sandbox::world::model::Thread;
use discord_sandbox::{Answer, Look, Message, Person, Sandbox};
use serde_json::{Value, json};
use theticketbot::config::Settings;
use theticketbot::run::Bot;
use theticketbot::store::{Scope, Store};
use theticketbot::translate::{Language, report, say};
use tickets::problem::Problem;
use tickets::text::Text;
use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

pub(crate) use harness::Result;

use crate::settings::write;

/// The id of the button. The original uses the same.
pub(crate) const BUTTON: &str = "create-ticket";

/// Discord's number of the permission View Channel.
pub(crate) const VIEW_CHANNEL: u64 = 1 << 10;

/// Discord's number of the permission Embed Links.
pub(crate) const EMBED_LINKS: u64 = 1 << 14;

/// Discord's number of the permission Manage Threads.
pub(crate) const MANAGE_THREADS: u64 = 1 << 34;

/// A picture of one pixel.
pub(crate) const PICTURE: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 0x0D, b'I', b'D', b'A', b'T',
    0x78, 0xDA, 0x63, 0x64, 0xF8, 0xCF, 0x50, 0x0F, 0, 3, 0x86, 1, 0x80, 0x5A, 0x34, 0x7D, 0x6B, 0,
    0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
];

/// How long a bot may take until it is idle.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// A sandbox with the bot on it.
pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    bot: Option<Bot>,
    home: tempfile::TempDir,
    /// The URL of a PostgreSQL database that replaces the database file.
    url: Option<String>,
    errors: Logged,
    _log: DefaultGuard,
}

/// An inbox in the sandbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inbox {
    pub(crate) channel: ChannelId,
    pub(crate) message: MessageId,
}

impl Stage {
    /// A sandbox, and the bot connected to it with its commands registered.
    pub(crate) async fn set() -> Result<Self> {
        Self::on(Sandbox::start().await?).await
    }

    /// The same on a given sandbox.
    pub(crate) async fn on(sandbox: Sandbox) -> Result<Self> {
        let mut stage = Self::without_bot(sandbox)?;
        stage.start().await?;
        Ok(stage)
    }

    /// The same without the bot, which the story starts.
    pub(crate) fn without_bot(sandbox: Sandbox) -> Result<Self> {
        let errors = Logged::default();
        let log = tracing_subscriber::registry().with(errors.clone());
        Ok(Self {
            sandbox,
            bot: None,
            home: tempfile::tempdir()?,
            url: None,
            errors,
            // A story runs on one thread, so this log does not contain other stories.
            _log: tracing::subscriber::set_default(log),
        })
    }

    /// The bot with its database at this URL, on its own sandbox.
    #[cfg(feature = "postgres")]
    pub(crate) async fn on_postgres(url: String) -> Result<Self> {
        let mut stage = Self::without_bot(Sandbox::start().await?)?;
        stage.url = Some(url);
        stage.start().await?;
        Ok(stage)
    }

    /// Starts the bot, and waits until it serves.
    pub(crate) async fn start(&mut self) -> Result {
        self.begin().await?;
        self.sandbox.wait_for_bot().await?;
        Ok(())
    }

    /// Starts the bot without waiting until it is connected.
    pub(crate) async fn begin(&mut self) -> Result {
        let settings = self.settings();
        let store = self.store()?;
        self.bot = Some(Bot::start(settings, store).await?);
        Ok(())
    }

    /// Adds a bot that the story has started.
    pub(crate) fn has(&mut self, bot: Bot) {
        self.bot = Some(bot);
    }

    /// Starts the bot after its session at Discord has ended.
    pub(crate) async fn start_without_session(&mut self) -> Result {
        self.sandbox.end_sessions();
        self.start().await
    }

    /// Starts the bot, with or without its session.
    pub(crate) async fn start_again(&mut self, keeps_session: bool) -> Result {
        if keeps_session {
            self.start().await
        } else {
            self.start_without_session().await
        }
    }

    /// Stops the bot as SIGTERM does.
    pub(crate) async fn stop(&mut self) -> Result {
        if let Some(bot) = self.bot.take() {
            bot.stop().await?;
            let is_gone = |look: &Look<'_>| (!look.bot_is_ready()).then_some(());
            self.sandbox.wait_until("the bot is gone", is_gone).await?;
        }
        Ok(())
    }

    /// The settings with which the bot starts.
    pub(crate) fn settings(&self) -> Settings {
        let (home, api_url) = (self.home.path(), self.sandbox.url());
        let token = self.sandbox.token();
        match &self.url {
            None => settings(home, &api_url, &token),
            Some(url) => settings_of(
                home,
                &format!("[bot]\ntoken = {token:?}\napi_url = {api_url:?}\n[db]\nurl = {url:?}\n"),
            ),
        }
    }

    /// Ends a story: the bot stops cleanly and has logged no error, and the sandbox received no call that
    /// Discord does not have.
    pub(crate) async fn finish(mut self) -> Result {
        self.stop().await?;
        let errors = self.errors.take();
        assert!(errors.is_empty(), "the bot logged errors: {errors:#?}");
        self.sandbox.finish().await?;
        Ok(())
    }

    /// Takes the errors that the story expects from the log.
    pub(crate) fn expected_errors(&self) -> Vec<String> {
        self.errors.take()
    }

    /// The fields of the lines at INFO with this message.
    pub(crate) fn logged(&self, message: &str) -> Vec<String> {
        let infos = self.errors.infos.lock();
        let infos = infos.unwrap_or_else(PoisonError::into_inner);
        let beginning = format!("message={message} ");
        let lines = infos.iter().filter_map(|line| {
            let fields = line.strip_prefix(&beginning)?;
            Some(fields.trim_end().to_owned())
        });
        lines.collect()
    }

    /// The bot's warnings.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.errors.warnings().clone()
    }

    /// Waits for a warning with these words, and returns all such warnings.
    pub(crate) async fn warned(&self, words: &str) -> Result<Vec<String>> {
        let found = async {
            loop {
                let warnings = self.errors.warnings().clone();
                let found: Vec<_> = warnings
                    .into_iter()
                    .filter(|it| it.contains(words))
                    .collect();
                if !found.is_empty() {
                    return found;
                }
                tokio::task::yield_now().await;
            }
        };
        Ok(tokio::time::timeout(TIME_LIMIT, found)
            .await
            .map_err(|_| format!("the bot does not warn of {words:?}"))?)
    }

    pub(crate) fn support(&self) -> ChannelId {
        self.sandbox.defaults().support
    }

    pub(crate) fn tickets(&self) -> ChannelId {
        self.sandbox.defaults().tickets
    }

    /// The bot is in two servers of the same owner. Returns a channel of the other one.
    pub(crate) async fn with_two_servers() -> Result<(Self, ChannelId)> {
        let builder = Sandbox::builder().more_guilds(MoreGuilds {
            count: 1,
            channels: 1,
            roles: 0,
        });
        let stage = Self::on(builder.start().await?).await?;
        let view = stage.sandbox.owner().view().await?;
        let guilds = view["guilds"].as_array().ok_or("servers")?;
        let home = stage.sandbox.guild_id().to_string();
        let other = guilds
            .iter()
            .find(|guild| guild["id"] != home)
            .ok_or("another server")?;
        let channel = other["channels"][0]["id"].as_str().ok_or("a channel")?;
        Ok((stage, ChannelId(channel.parse()?)))
    }

    /// Two inboxes in one channel, *Help* and *Sales*.
    pub(crate) async fn help_and_sales(&self) -> Result<(Inbox, Inbox)> {
        let owner = self.sandbox.owner();
        let first = self.inbox().await?;
        write(&owner, "name", "Help").await?;
        let second = self.inbox().await?;
        let options = json!({"setting": "name", "inbox": second.message.to_string()});
        let modal = owner.run("inbox settings", options).await?;
        owner.submit(&modal, [("template", "Sales")]).await?;
        Ok((first, second))
    }

    /// Olivia creates an inbox in `#support` with these options and the channel.
    pub(crate) async fn inbox_with(&self, options: Value) -> Result<Inbox> {
        let support = self.support();
        let owner = self.sandbox.owner();
        let source = owner.send(support, "Need help?").await?;
        let mut all = json!({"channel": support});
        all.as_object_mut()
            .expect("it is an object")
            .extend(options.as_object().cloned().unwrap_or_default());
        let mark = self.sandbox.mark();
        owner.run("inbox create", all).await?;
        self.select(&owner, support, source.id()).await?;
        // The bot deletes the prompt last.
        self.sandbox
            .wait_for_entry("the prompt is deleted", mark, |entry| match &entry.what {
                What::Call(call) => call
                    .is("DELETE", "/webhooks/*/*/messages/@original")
                    .then_some(()),
                _ => None,
            })
            .await?;
        Ok(Inbox {
            channel: support,
            message: self.newest_inbox(support),
        })
    }

    /// Olivia creates an inbox in `#support`, whose tickets are in the same channel.
    pub(crate) async fn inbox(&self) -> Result<Inbox> {
        self.inbox_with(json!({})).await
    }

    /// Uses *Select this message*.
    pub(crate) async fn select(
        &self,
        person: &Person,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<Answer> {
        Ok(person
            .use_menu("Select this message", channel, message)
            .await?)
    }

    /// The newest message with a *Create Ticket* button.
    pub(crate) fn newest_inbox(&self, channel: ChannelId) -> MessageId {
        let bot = self.sandbox.bot_id();
        self.sandbox.look(|look| {
            look.messages(channel)
                .rev()
                .find(|m| {
                    m.user() == Some(bot) && !m.components.is_empty() && m.ephemeral_to.is_none()
                })
                .map(|message| message.id)
                .expect("there is an inbox")
        })
    }

    /// Clicks *Create Ticket*.
    pub(crate) async fn click(&self, person: &Person, inbox: Inbox) -> Result<Answer> {
        Ok(person.click(inbox.channel, inbox.message, BUTTON).await?)
    }

    /// Clicks *Create Ticket* and returns the thread, which must be the only one of the click.
    pub(crate) async fn open(&self, person: &Person, inbox: Inbox) -> Result<ChannelId> {
        let answer = self.click(person, inbox).await?;
        let content = answer.content()?;
        let thread = harness::linked_channel(content)?;
        assert_eq!(
            content,
            english(Text::TicketOpened {
                ticket: here(thread)
            })
        );
        // The link can be shown before the starting message has invited everybody.
        let bot = self.sandbox.bot_id();
        self.sandbox
            .wait_until("the starting message", |look| {
                look.messages(thread)
                    .find(|m| m.user() == Some(bot))
                    .map(drop)
            })
            .await?;
        Ok(thread)
    }

    /// Waits until somebody is in a ticket of this channel.
    pub(crate) async fn ticket_of(&self, person: &Person, channel: ChannelId) -> Result<ChannelId> {
        let found = self.sandbox.wait_until("the owner is in a ticket", |look| {
            let threads = look.threads_of(channel);
            let mine = threads
                .iter()
                .find(|t| t.members.contains_key(&person.id()));
            mine.map(|thread| thread.id)
        });
        Ok(found.await?)
    }

    /// The present state of a thread.
    pub(crate) fn thread(&self, id: ChannelId) -> Option<Thread> {
        self.sandbox.look(|look| look.thread(id).cloned())
    }

    /// Waits until a thread is archived and, if `locked`, locked too.
    pub(crate) async fn closed(&self, thread: ChannelId, locked: bool) -> Result {
        let what = format!("thread {thread} is archived, locked: {locked}");
        self.sandbox
            .wait_until(&what, |look| {
                let thread = look.thread(thread)?;
                (thread.archived && thread.locked == locked).then_some(())
            })
            .await?;
        Ok(())
    }

    /// The bot's public messages in a channel or thread, oldest first.
    pub(crate) fn said(&self, channel: ChannelId) -> Vec<String> {
        let bot = self.sandbox.bot_id();
        self.sandbox.look(|look| {
            look.messages(channel)
                .filter(|m| m.user() == Some(bot) && m.ephemeral_to.is_none())
                .filter(|m| !m.content.is_empty())
                .map(|m| m.content.clone())
                .collect()
        })
    }

    /// Waits until the bot has handled everything so far and has nothing left to do, including retries. For
    /// stories in which nothing must happen.
    pub(crate) async fn idle(&self) -> Result {
        self.is_up_to_date().await?;
        let bot = self.bot.as_ref().ok_or("the bot is not running")?;
        Ok(tokio::time::timeout(TIME_LIMIT, bot.idle())
            .await
            .map_err(|_| "the bot does not become idle")?)
    }

    /// Waits until the bot has handled or tried everything so far. It may still retry what failed.
    pub(crate) async fn caught_up(&self) -> Result {
        self.is_up_to_date().await?;
        let bot = self.bot.as_ref().ok_or("the bot is not running")?;
        Ok(tokio::time::timeout(TIME_LIMIT, bot.quiet())
            .await
            .map_err(|_| "the bot does not come to rest")?)
    }

    /// Waits until the bot has received every event and finished its scans. Members may still be waiting.
    pub(crate) async fn scanned(&self) -> Result {
        self.is_up_to_date().await?;
        let bot = self.bot.as_ref().ok_or("the bot is not running")?;
        Ok(tokio::time::timeout(TIME_LIMIT, bot.scanned())
            .await
            .map_err(|_| "the bot does not scan everything")?)
    }

    /// Waits until the bot has received every event.
    pub(crate) async fn is_up_to_date(&self) -> Result {
        let bot = self.bot.as_ref().ok_or("the bot is not running")?;
        let mut received = bot.received();
        let is_up_to_date = async {
            loop {
                let sent = self.sandbox.sequences();
                let all = received.borrow_and_update().clone();
                if !sent.is_empty() && sent.iter().all(|it| all.get(&it.0) == Some(&it.1)) {
                    return;
                }
                // Each event that the bot receives makes the sandbox check this condition again.
                if received.changed().await.is_err() {
                    return;
                }
            }
        };
        Ok(tokio::time::timeout(TIME_LIMIT, is_up_to_date)
            .await
            .map_err(|_| "the bot does not receive all events")?)
    }

    /// An inbox has had this custom emoji since before it was deleted in Discord.
    pub(crate) async fn lose_emoji(&mut self, inbox: u64) -> Result {
        self.stop().await?;
        let scope = Scope::Inbox(tickets::InboxId(inbox));
        let store = self.store()?;
        let emoji = Some("<:desk:1>".to_owned());
        store.set_setting(scope, "button-emoji", emoji).await?;
        drop(store);
        self.start().await
    }

    /// The database, while the bot is stopped.
    pub(crate) fn store(&self) -> Result<Store> {
        // The error type of the store is `Send`, and a story's is not, so it is converted.
        self.settings().db.open().map_err(|error| error as _)
    }

    /// All rows of the database, except what a stop saves for the next start. Only while the bot is stopped.
    pub(crate) fn database(&self) -> Result<Vec<String>> {
        let conn = rusqlite::Connection::open(self.database_file())?;
        let tables: Vec<String> = conn
            .prepare(
                "SELECT name FROM sqlite_master
                 WHERE type = 'table' AND name NOT LIKE 'handover%' ORDER BY name",
            )?
            .query_map([], |row| row.get(0))?
            .collect::<std::result::Result<_, _>>()?;
        let mut all = Vec::new();
        for table in tables {
            let mut rows = conn.prepare(&format!("SELECT * FROM {table}"))?;
            let columns = rows.column_count();
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let values: std::result::Result<Vec<rusqlite::types::Value>, _> =
                    (0..columns).map(|column| row.get(column)).collect();
                all.push(format!("{table}: {:?}", values?));
            }
        }
        Ok(all)
    }

    /// Where the database is.
    pub(crate) fn database_file(&self) -> std::path::PathBuf {
        self.home.path().join("theticketbot.db")
    }

    /// Where the bot's config is.
    pub(crate) fn config_file(&self) -> std::path::PathBuf {
        self.home.path().join("config.toml")
    }

    /// Deletes the database, while the bot is stopped.
    pub(crate) fn forget_everything(&self) -> Result {
        std::fs::remove_file(self.database_file())?;
        Ok(())
    }

    /// Advances Discord's clock past the cooldown.
    pub(crate) fn a_minute_passes(&self) {
        self.sandbox.advance(Duration::from_secs(61));
    }
}

/// The bot's settings with its database in `home`.
pub(crate) fn settings(home: &Path, api_url: &str, token: &str) -> Settings {
    let database = home.join("theticketbot.db");
    let database = database.to_str().expect("the path is Unicode");
    let config =
        format!("[bot]\ntoken = {token:?}\napi_url = {api_url:?}\n[db]\npath = {database:?}\n");
    settings_of(home, &config)
}

/// The settings of a config file with this text.
pub(crate) fn settings_of(home: &Path, config: &str) -> Settings {
    let file = home.join("config.toml");
    std::fs::write(&file, config).expect("a temporary folder can be written");
    let dirs = theticketbot::dirs::Dirs::of_this_user().expect("there is a home");
    theticketbot::config::load(Some(&file), &dirs, None).expect("the config is good")
}

/// The time until which a command waits for a message, from its response.
pub(crate) fn until(asked: &Answer) -> Result<i64> {
    let content = asked.content()?;
    let moment = content
        .split_once("<t:")
        .and_then(|(_, rest)| rest.split_once(":R>"))
        .ok_or_else(|| format!("no moment in {content:?}"))?;
    Ok(moment.0.parse()?)
}

/// A text and an inbox's problems, in English.
pub(crate) fn reported(text: Text, problems: &[Problem]) -> String {
    report(text, problems, None, Language::of("en-US"))
}

/// Advances the bot's clock.
pub(crate) async fn time_passes(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// A sentence in English, as most stories read it.
pub(crate) fn english(text: Text) -> String {
    say(text, Language::of("en-US"))
}

/// The response that links to a ticket to which not all of the staff could be invited.
pub(crate) fn without_staff(link: Text) -> String {
    [link, Text::StaffNotInvited {}].map(english).join("\n")
}

/// The bot's own type for a channel's id.
pub(crate) fn here(channel: ChannelId) -> tickets::ChannelId {
    tickets::ChannelId(channel.0)
}

/// The bot's own type for a person's id.
pub(crate) fn user(id: UserId) -> tickets::UserId {
    tickets::UserId(id.0)
}

/// The bot's own type for a link.
pub(crate) fn link(stage: &Stage, inbox: Inbox) -> tickets::text::MessageLink {
    tickets::text::MessageLink {
        guild: tickets::GuildId(stage.sandbox.guild_id().0),
        channel: here(inbox.channel),
        message: tickets::MessageId(inbox.message.0),
    }
}

/// The same for a message that is not an inbox.
pub(crate) fn link_to(stage: &Stage, message: &Message) -> tickets::text::MessageLink {
    link(
        stage,
        Inbox {
            channel: message.channel_id(),
            message: message.id(),
        },
    )
}

/// Collects the log, except debug lines.
#[derive(Clone, Default)]
struct Logged {
    errors: Arc<Mutex<Vec<String>>>,
    warnings: Arc<Mutex<Vec<String>>>,
    infos: Arc<Mutex<Vec<String>>>,
}

impl Logged {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.errors.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn warnings(&self) -> MutexGuard<'_, Vec<String>> {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: tracing::Subscriber> Layer<S> for Logged {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let list = match *event.metadata().level() {
            tracing::Level::ERROR => &self.errors,
            tracing::Level::WARN => &self.warnings,
            tracing::Level::INFO => &self.infos,
            _ => return,
        };
        let mut line = Line::default();
        event.record(&mut line);
        list.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line.0);
    }
}

#[derive(Default)]
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing into a string cannot fail.
        let _ = write!(self.0, "{field}={value:?} ");
    }
}
