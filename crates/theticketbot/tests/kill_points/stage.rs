//! The stories whose bot dies, and what must hold afterwards.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, InteractionId, MessageId};
use discord_sandbox::{Fault, Person, Sandbox, State};
use serde_json::json;
use theticketbot::config::Settings;
use theticketbot::store::Store;

use crate::Result;
use crate::process::{Point, Process};

/// What happens when the bot dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Story {
    /// Mia clicks and gets a ticket.
    Opening,
    /// The same, and Discord says that there are too many threads.
    Refusal,
    /// The same, and nobody can be invited.
    Undoing,
    /// The same, and the thread cannot be deleted, until the bot may see the channel again.
    UndoingLater,
    /// Mia has a ticket on record that is over.
    OpeningAgain,
    /// Mia leaves her ticket.
    Leaving,
    /// Max archives it.
    Archiving,
    /// Max re-opens it.
    Reopening,
    /// Olivia makes an inbox.
    Inbox,
    /// Olivia replaces its message.
    Replacing,
}

/// How a run went.
pub(crate) struct Run {
    /// What the bot of the story did until it died or was stopped.
    pub(crate) moments: Vec<String>,
    /// What the last bot did until it was ready to serve.
    pub(crate) recovery: Vec<String>,
    /// In words.
    pub(crate) outcome: String,
    /// Whether it died where it was meant to.
    pub(crate) died: bool,
}

impl Run {
    /// A step that is not taken every time was not taken this time.
    fn beside(moments: Vec<String>) -> Self {
        Self {
            moments,
            recovery: Vec::new(),
            outcome: "it did not come to this".to_owned(),
            died: false,
        }
    }
}

impl Story {
    /// Runs it undisturbed.
    pub(crate) async fn recorded(self) -> Result<Run> {
        self.run(&[]).await
    }

    /// Runs it with a bot that dies at the first of these points; the one that is started after it
    /// dies at the next, and so on.
    pub(crate) async fn run(self, deaths: &[Point]) -> Result<Run> {
        let mut stage = Stage::set(self).await?;
        let mut bot = stage.prepare().await?;
        let mark = stage.sandbox.mark();
        bot.arm(deaths.first()).await?;
        stage.fault()?;
        let acted = stage.act().await?;
        let ended = tokio::select! {
            () = bot.is_over() => Ok(()),
            ended = stage.comes_to_its_end(&acted) => ended,
        };
        if deaths.is_empty() {
            ended?;
        }
        let (stopped, mut moments) = bot.stop().await?;
        if deaths.is_empty() {
            stage.no_call_is_missing(mark, &moments)?;
            // The last answer was given to the question whether all is done.
            for when in ["after", "before"] {
                let answer = format!("{when} POST interactions/*/*/callback");
                if let Some(at) = moments.iter().rposition(|moment| *moment == answer) {
                    moments.remove(at);
                }
            }
        } else if stopped {
            return Ok(Run::beside(moments));
        }
        for death in deaths.iter().skip(1) {
            let mut bot = Process::start(stage.home.path(), Some(death))?;
            let is_ready = tokio::select! {
                () = bot.is_over() => false,
                ready = stage.recovers() => ready.is_ok(),
            };
            if is_ready {
                // It may die of that.
                let _ = bot.catches_up().await;
            }
            let (stopped, moments) = bot.stop().await?;
            if stopped {
                return Ok(Run::beside(moments));
            }
        }
        let mut bot = stage.start().await?;
        stage.recovers().await?;
        bot.catches_up().await?;
        let mut recovery = bot.moments.clone();
        // Interactions are only what this test asks.
        recovery.retain(|moment| !moment.contains("interactions"));
        let outcome = stage.check(&acted).await?;
        let (stopped, _) = bot.stop().await?;
        assert!(stopped);
        stage.check_database().await?;
        Ok(Run {
            moments,
            recovery,
            outcome,
            died: true,
        })
    }
}

/// A sandbox with an inbox, and a place for the bot's database.
struct Stage {
    story: Story,
    sandbox: Sandbox,
    home: tempfile::TempDir,
    support: ChannelId,
    /// What Olivia copies into inboxes.
    source: MessageId,
    inbox: MessageId,
    ticket: ChannelId,
}

/// What was done and may wait for an answer.
struct Acted {
    by: Person,
    asked: Option<InteractionId>,
}

impl Stage {
    async fn set(story: Story) -> Result<Self> {
        let sandbox = Sandbox::builder().oracle(false).start().await?;
        let home = tempfile::tempdir()?;
        let database = home.path().join("theticketbot.db");
        let database = database.to_str().ok_or("the path is Unicode")?;
        let config = format!(
            "[bot]\ntoken = {:?}\napi_url = {:?}\n[db]\npath = {:?}\n",
            sandbox.token(),
            sandbox.url(),
            database,
        );
        std::fs::write(home.path().join("config.toml"), config)?;
        let support = sandbox.channel("support")?;
        let source = sandbox.owner().send(support, "Need help?").await?.id();
        Ok(Self {
            story,
            sandbox,
            home,
            support,
            source,
            inbox: MessageId(0),
            ticket: ChannelId(0),
        })
    }

    /// Everything up to the moment at which it may die.
    async fn prepare(&mut self) -> Result<Process> {
        let mut bot = self.start().await?;
        let (owner, mia, max) = (
            self.sandbox.owner(),
            self.sandbox.member(),
            self.sandbox.moderator(),
        );
        if self.story == Story::Inbox {
            owner
                .run("inbox create", json!({"channel": self.support}))
                .await?;
            return Ok(bot);
        }
        self.inbox = self.made_inbox().await?;
        let prompt_is_deleted = "after DELETE webhooks/*/*/messages/@original";
        bot.passes(prompt_is_deleted).await?;
        match self.story {
            Story::Leaving | Story::Archiving | Story::Reopening | Story::OpeningAgain => {
                self.click(&mia).await?;
                self.ticket = self.owner_is_in(&mia).await?;
                bot.passes("after commit finish_opening").await?;
            }
            Story::Replacing => {
                owner.run("inbox message", json!({})).await?;
                owner
                    .use_menu("Select this message", self.support, self.inbox)
                    .await?;
                bot.passes(prompt_is_deleted).await?;
            }
            _ => {}
        }
        match self.story {
            Story::Reopening => {
                max.archive(self.ticket).await?;
                bot.passes("after commit set_closed").await?;
            }
            Story::OpeningAgain => {
                mia.leave(self.ticket).await?;
                bot.passes("after commit end_departure").await?;
                max.reopen(self.ticket).await?;
                bot.passes("after commit set_closed").await?;
                self.sandbox.advance(Duration::from_secs(61));
            }
            _ => {}
        }
        Ok(bot)
    }

    /// What goes wrong at Discord.
    fn fault(&self) -> Result {
        let fault = match self.story {
            Story::Refusal => {
                Fault::refusal(400, 160_006, "Maximum number of active threads reached")
                    .on("POST", "/channels/*/threads")
            }
            Story::Undoing | Story::UndoingLater => {
                Fault::refusal(403, 50_013, "Missing Permissions")
                    .times(100)
                    .on("POST", "/channels/*/messages")
            }
            _ => return Ok(()),
        };
        self.sandbox.fail_next(fault)?;
        if self.story == Story::UndoingLater {
            for method in ["DELETE", "PATCH"] {
                let fault = Fault::refusal(403, 50_001, "Missing Access").times(100);
                self.sandbox.fail_next(fault.on(method, "/channels/*"))?;
            }
        }
        Ok(())
    }

    async fn act(&self) -> Result<Acted> {
        let (owner, mia, max) = (
            self.sandbox.owner(),
            self.sandbox.member(),
            self.sandbox.moderator(),
        );
        let acted = |by, asked| Ok(Acted { by, asked });
        match self.story {
            Story::Opening
            | Story::Refusal
            | Story::Undoing
            | Story::UndoingLater
            | Story::OpeningAgain => {
                let asked = mia
                    .start_click(self.support, self.inbox, "create-ticket")
                    .await?;
                acted(mia, Some(asked))
            }
            Story::Leaving => {
                mia.leave(self.ticket).await?;
                acted(mia, None)
            }
            Story::Archiving => {
                max.archive(self.ticket).await?;
                acted(mia, None)
            }
            Story::Reopening => {
                max.reopen(self.ticket).await?;
                acted(mia, None)
            }
            Story::Inbox | Story::Replacing => {
                let source = match self.story {
                    Story::Inbox => self.source,
                    _ => owner.send(self.support, "Better so?").await?.id(),
                };
                let asked = owner
                    .start_menu("Select this message", self.support, source)
                    .await?;
                acted(owner, Some(asked))
            }
        }
    }

    /// Waits until nothing more will come, if nobody dies.
    async fn comes_to_its_end(&self, acted: &Acted) -> Result {
        if let Some(asked) = acted.asked {
            acted.by.answer_to(asked).await?;
        }
        match self.story {
            Story::Opening | Story::OpeningAgain => {
                self.owner_is_in(&acted.by).await?;
            }
            Story::Undoing => {
                self.sandbox
                    .wait_until("the thread is gone", |look| {
                        look.threads_of(self.support).is_empty().then_some(())
                    })
                    .await?;
            }
            Story::UndoingLater => {
                self.sandbox
                    .wait_until("the reason is told", |look| {
                        let mut answers = look.messages(self.support);
                        let told = answers.any(|m| m.content.starts_with("Sorry"));
                        told.then_some(())
                    })
                    .await?;
                self.sandbox.clear_faults();
                self.is_seen_again().await?;
            }
            Story::Leaving | Story::Archiving => self.closed().await?,
            Story::Refusal | Story::Reopening | Story::Inbox | Story::Replacing => {}
        }
        self.answers().await
    }

    /// The bot loses sight of the channel and sees it again. Then no empty thread is in it.
    async fn is_seen_again(&self) -> Result {
        const VIEW_CHANNEL: u64 = 1 << 10;
        let (owner, role) = (self.sandbox.owner(), self.sandbox.defaults().bot_role);
        for deny in [VIEW_CHANNEL, 0] {
            owner
                .set_role_overwrite(self.support, role, 0, deny)
                .await?;
        }
        self.sandbox
            .wait_until("the thread is gone", |look| {
                look.threads_of(self.support).is_empty().then_some(())
            })
            .await?;
        Ok(())
    }

    /// Waits until the bot has heard everything that has happened so far.
    async fn answers(&self) -> Result {
        let owner = self.sandbox.owner();
        let here = owner.send(self.support, "anything").await?;
        owner
            .use_menu("Select this message", self.support, here.id())
            .await?;
        Ok(())
    }

    async fn start(&self) -> Result<Process> {
        let mut bot = Process::start(self.home.path(), None)?;
        bot.is_ready().await?;
        self.sandbox.wait_for_bot().await?;
        Ok(bot)
    }

    /// Waits until a bot that was started has heard of everything.
    async fn recovers(&self) -> Result {
        self.sandbox.wait_for_bot().await?;
        self.answers().await
    }

    async fn click(&self, person: &Person) -> Result<String> {
        let answer = person
            .click(self.support, self.inbox, "create-ticket")
            .await?;
        Ok(answer.content()?.to_owned())
    }

    async fn made_inbox(&self) -> Result<MessageId> {
        let owner = self.sandbox.owner();
        owner
            .run("inbox create", json!({"channel": self.support}))
            .await?;
        let made = owner
            .use_menu("Select this message", self.support, self.source)
            .await?;
        let link = made.content()?;
        let id = link.rsplit('/').next().and_then(|id| {
            let digits: String = id.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
        Ok(MessageId(id.ok_or_else(|| format!("no link in {link:?}"))?))
    }

    /// Waits until the person is in a ticket of theirs that is open, with its starter.
    async fn owner_is_in(&self, owner: &Person) -> Result<ChannelId> {
        let (support, owner, bot) = (self.support, owner.id(), self.sandbox.bot_id());
        let found = self.sandbox.wait_until("the owner is in a ticket", |look| {
            let threads = look.threads_of(support);
            let thread = threads
                .iter()
                .find(|thread| !thread.archived && thread.members.contains_key(&owner))?;
            let mut said = look.messages(thread.id);
            said.any(|m| m.user() == Some(bot)).then_some(thread.id)
        });
        Ok(found.await?)
    }

    async fn closed(&self) -> Result {
        let closed = self.sandbox.wait_until("the ticket is closed", |look| {
            let thread = look.thread(self.ticket)?;
            (thread.archived && thread.locked).then_some(())
        });
        Ok(closed.await?)
    }

    /// Every call that the sandbox saw is one of the recorded steps.
    fn no_call_is_missing(&self, mark: u64, moments: &[String]) -> Result {
        for call in self.sandbox.calls_after(mark) {
            let is_step = moments.iter().any(|moment| {
                let call_step = moment
                    .strip_prefix("after ")
                    .and_then(|m| m.split_once(' '));
                call_step.is_some_and(|(method, path)| call.is(method, path))
            });
            if !is_step {
                return Err(format!("{} {} is no step", call.method, call.path).into());
            }
        }
        Ok(())
    }

    /// Everything that must hold when the last bot has seen to what the others left. Returns what
    /// it is that came of it.
    async fn check(&self, acted: &Acted) -> Result<String> {
        let mut outcome = String::new();
        // Of a click that was never acknowledged Discord itself says so, after three seconds.
        self.sandbox.advance(Duration::from_secs(4));
        if let Some(asked) = acted.asked {
            let answer = acted.by.answer_so_far(asked).await?;
            outcome = match answer.state {
                State::Waiting => return Err("the answer is stuck".into()),
                State::Answered => answer.content()?.to_owned(),
                state => format!("{state:?}"),
            };
        }
        self.sandbox.clear_faults();
        if self.story == Story::UndoingLater {
            self.is_seen_again().await?;
        }
        let threads = self.sandbox.look(|look| {
            let threads = look.threads_of(self.support);
            threads.into_iter().cloned().collect::<Vec<_>>()
        });
        match self.story {
            Story::Opening
            | Story::Refusal
            | Story::Undoing
            | Story::UndoingLater
            | Story::OpeningAgain => {
                let new: Vec<_> = threads.iter().filter(|it| it.id != self.ticket).collect();
                let link = new.first().map(|thread| format!("<#{}>", thread.id));
                match (&new[..], &link) {
                    ([], _) if outcome.contains("Your ticket") => {
                        return Err(format!("no ticket, but {outcome:?}").into());
                    }
                    ([], _) => outcome = format!("no thread; the member reads: {outcome}"),
                    ([thread], Some(link)) => {
                        self.is_whole(thread.id, &acted.by)?;
                        if outcome != "Failed" && !outcome.contains(link.as_str()) {
                            return Err(format!("a ticket, but {outcome:?}").into());
                        }
                        outcome = format!("one whole ticket; the member reads: {outcome}");
                    }
                    _ => return Err(format!("{} threads", new.len()).into()),
                }
                self.a_new_click_behaves(&acted.by, link).await?;
            }
            Story::Leaving | Story::Archiving => {
                self.closed().await?;
                let said = self.said(self.ticket);
                if said.len() != 2 {
                    return Err(format!("a starter and one note, not {said:?}").into());
                }
                "archived and locked, with one note".clone_into(&mut outcome);
                self.a_new_click_behaves(&acted.by, None).await?;
            }
            Story::Reopening => {
                let thread = self.sandbox.look(|look| look.thread(self.ticket).cloned());
                if thread.is_none_or(|thread| thread.archived) {
                    return Err("it did not stay open".into());
                }
                let said = self.said(self.ticket);
                if said.len() != 2 {
                    return Err(format!("a starter and one note, not {said:?}").into());
                }
                acted.by.leave(self.ticket).await?;
                self.closed().await?;
                "it stays open until its owner leaves".clone_into(&mut outcome);
            }
            Story::Inbox | Story::Replacing => {
                let bot = self.sandbox.bot_id();
                let inboxes: Vec<_> = self.sandbox.look(|look| {
                    let messages = look.messages(self.support);
                    let of_bot = messages.filter(|m| m.user() == Some(bot) && !m.embeds.is_empty());
                    of_bot.map(|message| message.id).collect()
                });
                if inboxes.len() > 1 {
                    return Err(format!("{} inboxes", inboxes.len()).into());
                }
                for inbox in &inboxes {
                    let mia = self.sandbox.member();
                    let click = mia.click(self.support, *inbox, "create-ticket").await?;
                    let content = click.content()?;
                    if !content.contains("<#") {
                        return Err(format!("an inbox that answers {content:?}").into());
                    }
                }
                if self.story == Story::Inbox
                    && outcome.contains("is ready") != (inboxes.len() == 1)
                {
                    return Err(format!("{} inboxes, but {outcome:?}", inboxes.len()).into());
                }
                outcome = format!("{} inbox; the admin reads: {outcome}", inboxes.len());
                self.made_inbox().await?;
            }
        }
        Ok(outcome)
    }

    /// The owner is in it, and one starter.
    fn is_whole(&self, thread: ChannelId, owner: &Person) -> Result {
        if !self
            .sandbox
            .look(|look| look.is_in_thread(thread, owner.id()))
        {
            return Err("the owner is not in the thread".into());
        }
        match self.said(thread).len() {
            1 => Ok(()),
            other => Err(format!("{other} starting messages").into()),
        }
    }

    /// What the bot wrote there, oldest first.
    fn said(&self, thread: ChannelId) -> Vec<String> {
        let bot = self.sandbox.bot_id();
        self.sandbox.look(|look| {
            let said = look.messages(thread);
            said.filter(|m| m.user() == Some(bot) && !m.content.is_empty())
                .map(|m| m.content.clone())
                .collect()
        })
    }

    /// It shows the open ticket, or opens one.
    async fn a_new_click_behaves(&self, person: &Person, open: Option<String>) -> Result {
        self.sandbox.advance(Duration::from_secs(61));
        let before = self
            .sandbox
            .look(|look| look.threads_of(self.support).len());
        let told = self.click(person).await?;
        let after = self
            .sandbox
            .look(|look| look.threads_of(self.support).len());
        match open {
            Some(link) if after == before && told.contains(&link) => Ok(()),
            None if after == before + 1 && told.contains("<#") => {
                self.owner_is_in(person).await?;
                Ok(())
            }
            _ => Err(format!("{before} threads, then {after}; told {told:?}").into()),
        }
    }

    /// Nothing is left to do, and every ticket is known.
    async fn check_database(&self) -> Result {
        let store = Store::open(&self.settings()?.db.access(None)?)?;
        let unfinished = store.openings().await?;
        if !unfinished.is_empty() {
            return Err(format!("left in the journal: {unfinished:?}").into());
        }
        let guild = tickets::GuildId(self.sandbox.guild_id().0);
        let abandoned = store.abandoned_threads(guild).await?;
        if !abandoned.is_empty() {
            return Err(format!("still to be undone: {abandoned:?}").into());
        }
        let owed = store.owed_answers().await?;
        if !owed.is_empty() {
            return Err(format!("still owed: {owed:?}").into());
        }
        let threads = self.sandbox.look(|look| {
            let threads = look.threads_of(self.support);
            threads.iter().map(|thread| thread.id.0).collect::<Vec<_>>()
        });
        for thread in threads {
            if store.ticket(tickets::ChannelId(thread)).await?.is_none() {
                return Err(format!("the thread {thread} is unknown").into());
            }
        }
        Ok(())
    }

    fn settings(&self) -> Result<Settings> {
        let dirs = theticketbot::dirs::Dirs::of_this_user()?;
        let file = self.home.path().join("config.toml");
        Ok(theticketbot::config::load(Some(&file), &dirs, None)?)
    }
}
