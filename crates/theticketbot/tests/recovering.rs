//! The promise that no ticket is lost or stuck: the bot dies, or an answer of Discord is lost, at
//! each call between the click and the link.

use std::time::{Duration, Instant};

use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::record::What;
use discord_sandbox::{Answer, Fault, Person, Sandbox, State};
use serde_json::json;
use theticketbot::config::Settings;
use theticketbot::run::Bot;
use theticketbot::store::{Access, Store};
use theticketbot::translate::{Language, say};
use tickets::stored::Opening;
use tickets::text::Text;
use tickets::{GuildId, Timestamp, UserId};
use tokio::runtime::Runtime;

type Result<T = (), E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// The calls between the click and the link, as Discord's documentation writes them.
const CALLS: [(&str, &str); 4] = [
    ("POST", "/interactions/*/*/callback"),
    ("POST", "/channels/*/threads"),
    ("POST", "/channels/*/messages"),
    ("PATCH", "/webhooks/*/*/messages/@original"),
];

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_bot_that_dies_before_or_after_any_call_finishes_or_undoes_it() -> Result {
    for (method, path) in CALLS {
        for takes_effect in [false, true] {
            let stage = Stage::set().await?;
            let mia = stage.sandbox.member();
            let mut fault = Fault::slow(FOR_EVER).on(method, path);
            if takes_effect {
                fault = fault.after_it_took_effect();
            }
            stage.sandbox.fail_next(fault)?;
            let bot = stage.start().await?;
            let click = mia
                .start_click(stage.support, stage.inbox, "create-ticket")
                .await?;
            stage.fault_is_met().await?;
            bot.dies();

            let bot = stage.start().await?;
            bot.settles().await?;
            stage.has_none_or_one_ticket(&mia).await.map_err(|error| {
                format!("{method} {path}, takes effect: {takes_effect}: {error}")
            })?;
            // Of a click that was never acknowledged Discord itself says so, after three seconds.
            stage.sandbox.advance(Duration::from_secs(4));
            let answer = mia.answer_so_far(click).await?;
            assert_ne!(
                answer.state,
                State::Waiting,
                "{method} {path}, takes effect: {takes_effect}: the answer is stuck"
            );
            bot.stop().await?;
            stage.nothing_is_unfinished().await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_that_is_lost_after_the_call_took_effect_doubles_nothing() -> Result {
    one_ticket_in_spite_of(&Fault::dropped().after_it_took_effect()).await
}

#[tokio::test]
async fn a_call_that_fails_once_is_made_again() -> Result {
    one_ticket_in_spite_of(&Fault::status(502)).await
}

/// Whichever call the fault befalls, there is one ticket, its link is shown, and nothing is left.
async fn one_ticket_in_spite_of(fault: &Fault) -> Result {
    for (method, path) in CALLS {
        let stage = Stage::set().await?;
        let mia = stage.sandbox.member();
        stage.sandbox.fail_next(fault.clone().on(method, path))?;
        let bot = stage.start().await?;
        let answer = stage.click(&mia).await?;
        let shown = answer.content()?;
        assert!(shown.contains("<#"), "{method} {path}: {shown}");
        stage.has_one_ticket(&mia).await?;
        bot.stop().await?;
        stage.nothing_is_unfinished().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_ticket_that_nobody_can_be_invited_to_is_undone_and_told() -> Result {
    let stage = Stage::set().await?;
    let mia = stage.sandbox.member();
    let refused = Fault::refusal(403, 50_013, "Missing Permissions");
    stage
        .sandbox
        .fail_next(refused.on("POST", "/channels/*/messages"))?;
    let bot = stage.start().await?;
    stage.click(&mia).await?;
    // The link was perhaps shown for a moment; in the end there is the reason.
    stage
        .sandbox
        .wait_until("the thread is gone", |look| {
            look.threads_of(stage.support).is_empty().then_some(())
        })
        .await?;
    bot.stop().await?;
    stage.nothing_is_unfinished().await?;
    let answers: Vec<_> = mia
        .messages(stage.support)
        .await?
        .into_iter()
        .filter(discord_sandbox::Message::is_ephemeral)
        .map(|message| message.content().to_owned())
        .collect();
    let [answer] = &answers[..] else {
        panic!("one answer, not {answers:?}")
    };
    assert!(!answer.contains("Your ticket"), "{answer}");
    assert!(
        answer.contains(&format!("<#{}>", stage.support)),
        "{answer}"
    );
    Ok(())
}

#[tokio::test]
async fn what_the_bot_may_not_look_into_is_not_undone() -> Result {
    const VIEW_CHANNEL: u64 = 1 << 10;
    // What it is refused to look at, too: the channel, or the thread in it.
    for (path, looks) in [
        ("/channels/*/threads", "/channels/*"),
        ("/channels/*/messages", "/channels/*/messages"),
    ] {
        let stage = Stage::set().await?;
        let mia = stage.sandbox.member();
        let lost = Fault::slow(FOR_EVER).after_it_took_effect();
        stage.sandbox.fail_next(lost.on("POST", path))?;
        let bot = stage.start().await?;
        let click = mia
            .start_click(stage.support, stage.inbox, "create-ticket")
            .await?;
        stage.fault_is_met().await?;
        bot.dies();
        let (owner, me) = (stage.sandbox.owner(), stage.sandbox.bot_id());
        owner
            .set_member_overwrite(stage.support, me, 0, VIEW_CHANNEL)
            .await?;
        let mark = stage.sandbox.mark();
        let bot = stage.start().await?;
        stage
            .sandbox
            .wait_for_entry("the bot is refused", mark, |entry| match &entry.what {
                What::Call(call) if call.status == 403 && call.is("GET", looks) => Some(()),
                _ => None,
            })
            .await?;
        owner
            .set_member_overwrite(stage.support, me, VIEW_CHANNEL, 0)
            .await?;
        bot.settles().await?;
        stage.has_one_ticket(&mia).await?;
        let told = mia.answer_to(click).await?;
        assert!(told.content()?.contains("<#"), "{path}: {told:?}");
        bot.stop().await?;
        stage.nothing_is_unfinished().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_role_too_large_to_be_invited_does_not_keep_the_owner_out() -> Result {
    let stage = Stage::set().await?;
    let mia = stage.sandbox.member();
    // With the role it fails, and once more.
    let too_large = Fault::status(500).on("POST", "/channels/*/messages");
    stage.sandbox.fail_next(too_large.times(2))?;
    let bot = stage.start().await?;
    stage.click(&mia).await?;
    stage.has_one_ticket(&mia).await?;
    let moderator = stage.sandbox.moderator_role();
    stage
        .sandbox
        .wait_until("the member is told that staff is missing", |look| {
            let mut answers = look.messages(stage.support);
            let told = answers.any(|m| m.ephemeral_to.is_some() && m.content.contains("staff"));
            told.then_some(())
        })
        .await?;
    let pinged = stage.sandbox.look(|look| {
        let thread = look.threads_of(stage.support)[0].id;
        look.messages(thread)
            .any(|m| m.mention_roles.contains(&moderator))
    });
    assert!(!pinged, "the role is too large");
    bot.stop().await?;
    stage.nothing_is_unfinished().await
}

/// An opening from a run long ago: its token is of no use, but the thread is.
#[tokio::test]
async fn what_is_old_is_settled_without_telling() -> Result {
    let stage = Stage::set().await?;
    let opening = Opening {
        interaction: 1,
        token: "expired".to_owned(),
        locale: None,
        inbox: tickets::MessageId(stage.inbox.0),
        guild: GuildId(stage.sandbox.guild_id().0),
        parent: tickets::ChannelId(stage.support.0),
        owner: UserId(stage.sandbox.member().id().0),
        name: "a name that no thread has".to_owned(),
        starter: "Hello".to_owned(),
        thread: None,
        started: false,
        begun_at: Timestamp(0),
    };
    let store = Store::open(&stage.settings().db.access(None)?)?;
    assert!(store.begin_opening(opening).await?);
    drop(store);
    let mark = stage.sandbox.mark();
    let bot = stage.start().await?;
    bot.settles().await?;
    bot.stop().await?;
    stage.nothing_is_unfinished().await?;
    let told = stage.sandbox.calls_after(mark).into_iter();
    assert_eq!(told.filter(|call| call.path.contains("expired")).count(), 0);
    Ok(())
}

#[tokio::test]
async fn a_thread_that_was_archived_meanwhile_is_found() -> Result {
    let stage = Stage::set().await?;
    let mia = stage.sandbox.member();
    // There is more in the archive than what is looked for.
    let bot = stage.start().await?;
    for person in stage.sandbox.crowd("earlier", 3)? {
        person
            .click(stage.support, stage.inbox, "create-ticket")
            .await?;
        stage.sandbox.advance(Duration::from_secs(61));
    }
    let lost = Fault::slow(FOR_EVER).after_it_took_effect();
    stage
        .sandbox
        .fail_next(lost.on("POST", "/channels/*/threads"))?;
    mia.start_click(stage.support, stage.inbox, "create-ticket")
        .await?;
    stage.fault_is_met().await?;
    bot.dies();
    stage.sandbox.advance(Duration::from_secs(8 * 24 * 3600));
    let archived = stage.sandbox.look(|look| {
        let threads = look.threads_of(stage.support);
        threads.iter().filter(|thread| thread.archived).count()
    });
    assert_eq!(archived, 4);

    let bot = stage.start().await?;
    bot.settles().await?;
    let open = stage.sandbox.look(|look| {
        let threads = look.threads_of(stage.support).into_iter();
        let open: Vec<_> = threads.filter(|thread| !thread.archived).collect();
        assert_eq!(open.len(), 1, "it is woken");
        assert_eq!(look.messages(open[0].id).count(), 1, "one starter");
        look.is_in_thread(open[0].id, mia.id())
    });
    assert!(open, "its owner is in it");
    bot.stop().await?;
    stage.nothing_is_unfinished().await
}

/// Staff has locked what it took for somebody's thread: nobody can be invited any more.
#[tokio::test]
async fn a_thread_that_was_locked_meanwhile_is_undone() -> Result {
    let stage = Stage::set().await?;
    let mia = stage.sandbox.member();
    let lost = Fault::slow(FOR_EVER).after_it_took_effect();
    stage
        .sandbox
        .fail_next(lost.on("POST", "/channels/*/threads"))?;
    let bot = stage.start().await?;
    let click = mia
        .start_click(stage.support, stage.inbox, "create-ticket")
        .await?;
    stage.fault_is_met().await?;
    bot.dies();
    let thread = stage
        .sandbox
        .look(|look| look.threads_of(stage.support)[0].id);
    let locked = Fault::refusal(400, 160_005, "Thread is locked").times(3);
    stage
        .sandbox
        .fail_next(locked.on("POST", &format!("/channels/{thread}/messages")))?;
    let bot = stage.start().await?;
    bot.settles().await?;
    assert!(stage.sandbox.look(|look| look.thread(thread).is_none()));
    let answer = mia.answer_to(click).await?;
    assert!(answer.content()?.contains("try again"), "{answer:?}");
    bot.stop().await?;
    stage.nothing_is_unfinished().await
}

#[tokio::test]
async fn who_is_told_after_a_restart_is_told_in_their_own_language() -> Result {
    let stage = Stage::set().await?;
    let mia = stage.sandbox.member();
    mia.set_locale("de").await?;
    let lost = Fault::slow(FOR_EVER).on("POST", "/channels/*/threads");
    stage.sandbox.fail_next(lost)?;
    let bot = stage.start().await?;
    let click = mia
        .start_click(stage.support, stage.inbox, "create-ticket")
        .await?;
    stage.fault_is_met().await?;
    bot.dies();
    let bot = stage.start().await?;
    bot.settles().await?;
    let german = say(Text::OpeningUndone {}, Language::of("de"));
    assert_eq!(mia.answer_to(click).await?.content()?, german);
    bot.stop().await?;
    stage.nothing_is_unfinished().await
}

/// What was begun lies in the future: the host's clock was set back. It is settled all the same.
#[tokio::test]
async fn a_clock_that_was_set_back_keeps_nothing_waiting() -> Result {
    let stage = Stage::set().await?;
    let mia = stage.sandbox.member();
    // The sandbox's clock, and with it the click, is a day ahead of the bot's.
    stage.sandbox.advance(Duration::from_secs(24 * 3600));
    let lost = Fault::slow(FOR_EVER).on("POST", "/channels/*/threads");
    stage.sandbox.fail_next(lost)?;
    let bot = stage.start().await?;
    let click = mia
        .start_click(stage.support, stage.inbox, "create-ticket")
        .await?;
    stage.fault_is_met().await?;
    bot.dies();
    let bot = stage.start().await?;
    bot.settles().await?;
    let answer = mia.answer_to(click).await?;
    assert!(answer.content()?.contains("try again"), "{answer:?}");
    stage.click(&mia).await?;
    stage.has_one_ticket(&mia).await?;
    bot.stop().await?;
    stage.nothing_is_unfinished().await
}

/// A sandbox with an inbox, and a place for the bot's database.
struct Stage {
    sandbox: Sandbox,
    home: tempfile::TempDir,
    support: ChannelId,
    inbox: MessageId,
}

impl Stage {
    async fn set() -> Result<Self> {
        let sandbox = Sandbox::start().await?;
        let mut stage = Self {
            support: sandbox.channel("support")?,
            inbox: MessageId(0),
            home: tempfile::tempdir()?,
            sandbox,
        };
        let bot = stage.start().await?;
        let owner = stage.sandbox.owner();
        let source = owner.send(stage.support, "Need help?").await?;
        owner
            .run("inbox create", json!({"channel": stage.support}))
            .await?;
        owner
            .use_menu("Select this message", stage.support, source.id())
            .await?;
        bot.stop().await?;
        let bot_id = stage.sandbox.bot_id();
        stage.inbox = stage
            .sandbox
            .look(|look| {
                let mut messages = look.messages(stage.support);
                let is_inbox = |m: &&discord_sandbox::world::model::Message| {
                    m.user() == Some(bot_id) && !m.embeds.is_empty()
                };
                messages.find(is_inbox).map(|message| message.id)
            })
            .ok_or("there is no inbox")?;
        Ok(stage)
    }

    fn settings(&self) -> Settings {
        let file = self.home.path().join("config.toml");
        let database = self.home.path().join("theticketbot.db");
        let database = database.to_str().expect("the path is Unicode");
        let config = format!(
            "[bot]\ntoken = {:?}\napi_url = {:?}\n[db]\npath = {:?}\n",
            self.sandbox.token(),
            self.sandbox.url(),
            database
        );
        std::fs::write(&file, config).expect("a temporary folder can be written");
        let dirs = theticketbot::dirs::Dirs::of_this_user().expect("there is a home");
        theticketbot::config::load(Some(&file), &dirs, None).expect("the config is good")
    }

    /// Starts the bot in a runtime of its own, so that it can die like a process.
    async fn start(&self) -> Result<Process> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let settings = self.settings();
        let access = settings.db.access(None)?;
        let store = opened(&access).await?;
        let bot = runtime.spawn(Bot::start(settings, store)).await??;
        self.sandbox.wait_for_bot().await?;
        Ok(Process { runtime, bot })
    }

    async fn click(&self, person: &Person) -> Result<Answer> {
        Ok(person
            .click(self.support, self.inbox, "create-ticket")
            .await?)
    }

    /// Waits until the bot has run into the trouble that was made.
    async fn fault_is_met(&self) -> Result {
        let since = Instant::now();
        while !self.sandbox.waiting_faults().is_empty() {
            if since.elapsed() > Duration::from_secs(10) {
                return Err("the bot never made that call".into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// No thread at all, or a whole ticket.
    async fn has_none_or_one_ticket(&self, owner: &Person) -> Result {
        let threads = self
            .sandbox
            .look(|look| look.threads_of(self.support).len());
        if threads > 0 {
            self.has_one_ticket(owner).await?;
        }
        Ok(())
    }

    /// One thread, its owner in it, with one starting message.
    async fn has_one_ticket(&self, owner: &Person) -> Result {
        let (support, owner, bot) = (self.support, owner.id(), self.sandbox.bot_id());
        let started = self
            .sandbox
            .wait_until("one whole ticket", |look| {
                let threads = look.threads_of(support);
                let [thread] = threads[..] else { return None };
                let is_in = look.is_in_thread(thread.id, owner);
                let said = look.messages(thread.id);
                let said = said.filter(|m| m.user() == Some(bot) && !m.content.is_empty());
                is_in.then(|| said.count())
            })
            .await?;
        if started == 1 {
            Ok(())
        } else {
            Err(format!("{started} starting messages").into())
        }
    }

    /// The journal is empty, and the database knows every ticket.
    async fn nothing_is_unfinished(&self) -> Result {
        let store = opened(&self.settings().db.access(None)?).await?;
        let unfinished = store.openings().await?;
        assert!(unfinished.is_empty(), "{unfinished:?}");
        let threads: Vec<_> = self.sandbox.look(|look| {
            let threads = look.threads_of(self.support);
            threads.iter().map(|thread| thread.id.0).collect()
        });
        for thread in threads {
            let known = store.ticket(tickets::ChannelId(thread)).await?;
            assert!(known.is_some(), "the thread {thread} is a ticket");
        }
        Ok(())
    }
}

/// The one that ended gives the database free in a moment.
async fn opened(access: &Access) -> Result<Store> {
    let since = Instant::now();
    loop {
        match Store::open(access) {
            Err(_) if since.elapsed() < Duration::from_secs(10) => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            opened => return Ok(opened?),
        }
    }
}

/// A bot that can be killed.
struct Process {
    runtime: Runtime,
    bot: Bot,
}

impl Process {
    /// Waits until the bot has seen to what was left half done.
    async fn settles(&self) -> Result {
        let settled = tokio::time::timeout(Duration::from_secs(10), self.bot.settled());
        Ok(settled.await?)
    }

    /// Ends at once, wherever it is.
    fn dies(self) {
        self.runtime.shutdown_background();
        drop(self.bot);
    }

    async fn stop(self) -> Result {
        let stopped = self.runtime.spawn(self.bot.stop()).await;
        self.runtime.shutdown_background();
        Ok(stopped??)
    }
}
