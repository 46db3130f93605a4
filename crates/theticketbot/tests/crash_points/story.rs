//! The stories and their actions. `check` has the conditions that must hold afterwards.

mod check;
mod inboxes;

use std::time::Duration;

use discord_sandbox::id::{ChannelId, InteractionId, MessageId};
use discord_sandbox::{Answer, Fault, Person, Sandbox};
use harness::bot::Ended;
use harness::{How, Inbox, Point, Result, Stage, linked_channel};
use serde_json::json;
use theticketbot::store::Scope;
use tickets::InboxId;

/// What Mia types into a form.
const ANSWER: &str = "It broke";

/// The button that closes a ticket.
const CLOSE: &str = "close-ticket";

/// The text of a reminder in the channel of the notices.
const REMINDS: &str = "is waiting for an answer";

/// The message that she reports.
const RUDE: &str = "You are all stupid";

const HOUR: Duration = Duration::from_secs(60 * 60);

/// How long people may wait for the end of a story.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// What is happening when the bot is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Story {
    /// Mia clicks and gets a ticket.
    Opening,
    /// The same, but Discord reports too many threads.
    Refusal,
    /// The same, but the bot cannot invite anybody.
    RollingBack,
    /// The same, but the bot cannot delete the thread until it can view the channel again.
    RollingBackLater,
    /// Mia clicks. Her recorded ticket is closed already.
    OpeningAgain,
    /// Olivia opens a ticket for Mia.
    OpeningFor,
    /// Mia submits the inbox's form.
    Form,
    /// Mia clicks and gets a ticket, which has a notice.
    Notice,
    /// Max closes such a ticket with `/ticket close`.
    NoticeOfTheEnd,
    /// Mia clicks, and leaves the ticket before the next start.
    LeavingUnseen,
    /// Mia leaves her ticket.
    Leaving,
    /// Max archives it.
    Archiving,
    /// Max closes it with `/ticket close`, which removes everybody.
    Closing,
    /// Max re-opens it.
    Reopening,
    /// The bot asks Mia whether she still needs help, because she has not answered.
    Reminding,
    /// The bot closes her ticket, because she has not answered.
    Idle,
    /// Max asks Mia whether the ticket can be closed, and she does not answer.
    Asking,
    /// The same, and she writes before the next start.
    AskingAndWriting,
    /// Max asks her a second time.
    AskingAgain,
    /// Mia says that her ticket is solved.
    Solved,
    /// The bot reminds staff in the channel of the notices.
    RemindingStaff,
    /// Max transfers Mia's ticket to another inbox in the same channel.
    Transferring,
    /// The same, and after the next start the bot cannot read the ticket.
    TransferringUnread,
    /// Max transfers it to an inbox of another channel.
    Moving,
    /// Mia reports a message.
    Reporting,
    /// The same, while she has a ticket in the inbox for reports.
    ReportingMore,
    /// Mia reports a message, and after the next start the bot cannot read the ticket.
    ReportingUnread,
    /// Olivia makes an inbox.
    Inbox,
    /// Olivia replaces its message.
    Replacing,
    /// Olivia makes another inbox on its message.
    Entry,
    /// Olivia removes another inbox, which its message offers.
    Removing,
    /// Olivia posts that inbox again.
    PostingAgain,
    /// Olivia lets its message offer another inbox.
    Offering,
    /// Olivia changes the button of an inbox that is on two messages.
    Relabelling,
}

/// The result of a run.
pub(crate) struct Run {
    /// The failpoints of the story's bot, until it was killed or stopped.
    pub(crate) moments: Vec<String>,
    /// The failpoints of the last bot, until it was idle.
    pub(crate) recovery: Vec<String>,
    /// In words.
    pub(crate) outcome: String,
}

impl Story {
    /// Whether the story needs another inbox.
    fn is_about_two(self) -> bool {
        matches!(
            self,
            Self::Removing | Self::PostingAgain | Self::Offering | Self::Relabelling
        )
    }

    /// Runs the story without a kill.
    pub(crate) async fn record(self) -> Result<Run> {
        let run = self.run(&[]).await?;
        Ok(run.ok_or("nothing killed it")?)
    }

    /// Runs the story with a bot that is killed at the first of these points. The next bot is killed at the
    /// next point, and so on. `None` if a bot did not reach its point.
    pub(crate) async fn run(self, deaths: &[Point]) -> Result<Option<Run>> {
        let mut scene = Scene::set(self).await?;
        scene.prepare().await?;
        let mark = scene.stage.sandbox.mark();
        scene.stage.bot.child()?.arm(deaths.first()).await?;
        scene.fault()?;
        let acted = scene.act().await?;
        let come = scene.come_to_its_end(&acted).await;
        let child = scene.stage.bot.child()?;
        let ended = child.stop().await?;
        let mut moments = std::mem::take(&mut child.moments);
        scene.stage.bot.mark_dead();
        if deaths.is_empty() {
            let probes = come?;
            scene.no_call_is_missing(mark, &moments)?;
            // The last responses are those to the probes.
            for when in ["after", "before"] {
                let response = format!("{when} POST interactions/*/*/callback");
                for _ in 0..probes {
                    let at = moments.iter().rposition(|moment| *moment == response);
                    moments.remove(at.ok_or("a probe was answered")?);
                }
            }
        } else if ended == Ended::Stopped {
            // The bot did not reach its point. Then it must at least have finished without an error.
            come?;
            not_met(deaths.first(), &moments)?;
            return Ok(None);
        }
        scene.stage.disconnected().await?;
        scene.act_unseen().await?;
        for death in deaths.iter().skip(1) {
            scene.stage.bot.start_armed(Some(death)).await?;
            let come = scene.recover().await;
            let child = scene.stage.bot.child()?;
            let ended = child.stop().await?;
            let moments = std::mem::take(&mut child.moments);
            scene.stage.bot.mark_dead();
            if ended == Ended::Stopped {
                come?;
                not_met(Some(death), &moments)?;
                return Ok(None);
            }
            scene.stage.disconnected().await?;
        }
        scene.stage.start().await?;
        scene.recover().await?;
        let mut recovery = std::mem::take(&mut scene.stage.bot.child()?.moments);
        // During recovery, all interactions are probes.
        recovery.retain(|moment| !moment.contains("interactions"));
        let outcome = scene.check(&acted).await?;
        scene.stage.stop().await?;
        scene.check_database().await?;
        Ok(Some(Run {
            moments,
            recovery,
            outcome,
        }))
    }
}

/// A bot that reached its point must have been killed there.
fn not_met(point: Option<&Point>, moments: &[String]) -> Result {
    match point.filter(|point| Point::all_of(moments).contains(point)) {
        Some(point) => Err(format!("the bot came to {point} and did not die").into()),
        None => Ok(()),
    }
}

/// A stage with an inbox, and the objects of the story.
struct Scene {
    story: Story,
    stage: Stage,
    support: ChannelId,
    inbox: Inbox,
    ticket: ChannelId,
    /// The form that Mia fills in.
    modal: Option<Answer>,
    /// The message of another inbox.
    other: MessageId,
    /// The response in which Olivia does the last step.
    shown: Option<Answer>,
}

/// The person who acted last, and the interaction that may have a response.
struct Acted {
    by: Person,
    asked: Option<InteractionId>,
}

impl Scene {
    async fn set(story: Story) -> Result<Self> {
        let sandbox = Sandbox::builder().oracle(false).start().await?;
        // Otherwise a busy machine would miss Discord's time limits.
        sandbox.slow_motion(10);
        let stage = Stage::on(sandbox, How::Child(crate::CHILD)).await?;
        let support = stage.support();
        Ok(Self {
            story,
            stage,
            support,
            inbox: Inbox {
                channel: support,
                message: MessageId(0),
            },
            ticket: ChannelId(0),
            modal: None,
            other: MessageId(0),
            shown: None,
        })
    }

    /// Prepares the story, up to the moment from which the bot may be killed.
    async fn prepare(&mut self) -> Result {
        let stage = &mut self.stage;
        stage.start().await?;
        let sandbox = &stage.sandbox;
        let (owner, mia, max) = (sandbox.owner(), sandbox.member(), sandbox.moderator());
        if self.story == Story::Inbox {
            owner
                .run("inbox create", json!({"channel": self.support}))
                .await?;
            stage.idle().await?;
            return Ok(());
        }
        self.inbox = stage.create_inbox().await?;
        if self.story.is_about_two() {
            self.prepare_inboxes().await?;
            self.stage.idle().await?;
            return Ok(());
        }
        match self.story {
            Story::Leaving
            | Story::Archiving
            | Story::Closing
            | Story::Reopening
            | Story::OpeningAgain => {
                self.ticket = stage.open_ticket(&mia, self.inbox).await?;
                stage.idle().await?;
            }
            Story::Reminding
            | Story::Idle
            | Story::Asking
            | Story::AskingAndWriting
            | Story::AskingAgain => {
                if self.story == Story::Reminding {
                    set_setting(stage, self.inbox, "remind-owner", "3600").await?;
                }
                if self.story == Story::Idle {
                    set_setting(stage, self.inbox, "close-idle", "3600").await?;
                }
                self.ticket = stage.open_ticket(&mia, self.inbox).await?;
                max.join(self.ticket).await?;
                max.send(self.ticket, "Better now?").await?;
                stage.idle().await?;
                match self.story {
                    Story::Asking | Story::AskingAndWriting => {}
                    Story::AskingAgain => {
                        max.run_in(self.ticket, "ticket ask-close", json!({}))
                            .await?;
                    }
                    _ => drop(stage.sandbox.advance(2 * HOUR)),
                }
            }
            Story::Solved => {
                set_setting(stage, self.inbox, "close-button", "request").await?;
                self.ticket = stage.open_ticket(&mia, self.inbox).await?;
                stage.idle().await?;
                let starter = stage.own_messages(self.ticket)?;
                let starter = starter.first().ok_or("there is a starting message")?.id;
                let modal = mia.click(self.ticket, starter, CLOSE).await?;
                self.modal = Some(modal);
            }
            Story::RemindingStaff => {
                let channel = stage.sandbox.defaults().tickets.to_string();
                set_setting(stage, self.inbox, "notices", &channel).await?;
                set_setting(stage, self.inbox, "remind-staff", "3600").await?;
                self.ticket = stage.open_ticket(&mia, self.inbox).await?;
                mia.send(self.ticket, "Hello?").await?;
                stage.idle().await?;
                stage.sandbox.advance(2 * HOUR);
            }
            Story::Form => {
                let form = "What happened? | long";
                set_setting(stage, self.inbox, "form", form).await?;
                self.modal = Some(stage.click(&mia, self.inbox).await?);
            }
            Story::Transferring | Story::TransferringUnread | Story::Moving => {
                let options = match self.story {
                    Story::Moving => json!({"destination": stage.sandbox.defaults().tickets}),
                    _ => json!({}),
                };
                self.other = stage.create_inbox_with(options).await?.message;
                if self.story == Story::Moving {
                    let form = "What happened? | long";
                    set_setting(stage, self.inbox, "form", form).await?;
                    let modal = stage.click(&mia, self.inbox).await?;
                    let answers = [("ask:long:What happened?", ANSWER)];
                    let opened = mia.submit(&modal, answers).await?;
                    self.ticket = linked_channel(opened.content()?)?;
                } else {
                    self.ticket = stage.open_ticket(&mia, self.inbox).await?;
                }
                stage.idle().await?;
            }
            Story::Reporting | Story::ReportingMore | Story::ReportingUnread => {
                let modal = owner
                    .run("inbox settings", json!({"setting": "reports"}))
                    .await?;
                let inbox = self.inbox.message.to_string();
                owner
                    .submit_json(&modal, json!({"template": [inbox]}))
                    .await?;
                if self.story != Story::Reporting {
                    self.ticket = stage.open_ticket(&mia, self.inbox).await?;
                }
                stage.idle().await?;
                let noah = stage.sandbox.member2();
                let rude = noah.send(self.support, RUDE).await?.id();
                let modal = mia.use_menu("Report to staff", self.support, rude).await?;
                self.modal = Some(modal);
            }
            Story::Notice | Story::NoticeOfTheEnd => {
                stage.stop().await?;
                let scope = Scope::Inbox(InboxId(self.inbox.message.0));
                let channel = stage.sandbox.defaults().tickets.to_string();
                let store = stage.bot.home.store()?;
                store.set_setting(scope, "notices", Some(channel)).await?;
                drop(store);
                stage.start().await?;
                if self.story == Story::NoticeOfTheEnd {
                    self.ticket = stage.open_ticket(&mia, self.inbox).await?;
                    stage.idle().await?;
                }
            }
            Story::Replacing => {
                owner.run("inbox message", json!({})).await?;
                owner
                    .use_menu("Select this message", self.support, self.inbox.message)
                    .await?;
            }
            _ => {}
        }
        match self.story {
            Story::Reopening => max.archive(self.ticket).await.map(drop)?,
            Story::OpeningAgain => {
                mia.leave(self.ticket).await?;
                stage.idle().await?;
                max.reopen(self.ticket).await?;
                stage.sandbox.advance(Duration::from_secs(61));
            }
            _ => {}
        }
        stage.idle().await?;
        Ok(())
    }

    /// Advances the clock. The bot notices with Discord's next response.
    async fn time_passes(&mut self, time: Duration) -> Result {
        let sandbox = &self.stage.sandbox;
        sandbox.advance(time);
        let owner = sandbox.owner();
        owner.run("ticket help", json!({})).await?;
        self.stage.idle().await?;
        Ok(())
    }

    /// What happens while no bot runs: Mia leaves her ticket or writes in it, or the bot loses a permission.
    async fn act_unseen(&mut self) -> Result {
        let threads = self.stage.threads(self.support)?;
        let mia = self.stage.sandbox.member();
        if self.story == Story::RollingBackLater {
            // With these faults, the next bot would wait until it can view the channel again.
            self.stage.sandbox.clear_faults();
        }
        if matches!(
            self.story,
            Story::ReportingUnread | Story::TransferringUnread
        ) {
            const READ_MESSAGE_HISTORY: u64 = 1 << 16;
            let (owner, role) = (
                self.stage.sandbox.owner(),
                self.stage.sandbox.defaults().bot_role,
            );
            owner
                .set_role_overwrite(self.support, role, 0, READ_MESSAGE_HISTORY)
                .await?;
        }
        if self.story == Story::AskingAndWriting {
            mia.send(self.ticket, "It still doesn't work").await?;
        }
        if let (Story::LeavingUnseen, Some(thread)) = (self.story, threads.last())
            && thread.members.contains_key(&mia.id())
        {
            mia.leave(thread.id).await?;
            self.ticket = thread.id;
            // Discord has added everybody who was mentioned by then.
            self.stage.sandbox.advance(Duration::from_secs(61));
        }
        Ok(())
    }

    /// The story's fault at Discord.
    fn fault(&self) -> Result {
        let fault = match self.story {
            Story::Refusal => {
                Fault::refusal(400, 160_006, "Maximum number of active threads reached")
                    .on("POST", "/channels/*/threads")
            }
            Story::RollingBack | Story::RollingBackLater => {
                Fault::refusal(403, 50_013, "Missing Permissions")
                    .times(100)
                    .on("POST", "/channels/*/messages")
            }
            _ => return Ok(()),
        };
        self.stage.sandbox.fail_next(fault)?;
        if self.story == Story::RollingBackLater {
            for method in ["DELETE", "PATCH"] {
                let fault = Fault::refusal(403, 50_001, "Missing Access").times(100);
                self.stage
                    .sandbox
                    .fail_next(fault.on(method, "/channels/*"))?;
            }
        }
        Ok(())
    }

    async fn act(&self) -> Result<Acted> {
        let sandbox = &self.stage.sandbox;
        let (owner, mia, max) = (sandbox.owner(), sandbox.member(), sandbox.moderator());
        let acted = |by, asked| Ok(Acted { by, asked });
        match self.story {
            Story::Opening
            | Story::LeavingUnseen
            | Story::Notice
            | Story::Refusal
            | Story::RollingBack
            | Story::RollingBackLater
            | Story::OpeningAgain => {
                let asked = self.stage.start_click(&mia, self.inbox).await?;
                acted(mia, Some(asked))
            }
            Story::OpeningFor => {
                let asked = owner.start_user_menu("Open a ticket…", self.support, mia.id());
                let asked = asked.await?;
                acted(owner, Some(asked))
            }
            Story::Form => {
                let modal = self.modal.as_ref().ok_or("Mia has a form")?;
                let answers = [("ask:long:What happened?", ANSWER)];
                let asked = mia.start_submission(modal, answers).await?;
                acted(mia, Some(asked))
            }
            Story::Transferring | Story::TransferringUnread | Story::Moving => {
                let options = json!({"inbox": self.other.to_string()});
                let asked = max.start_command(self.ticket, "ticket transfer", options);
                let asked = asked.await?;
                acted(max, Some(asked))
            }
            Story::Reporting | Story::ReportingMore | Story::ReportingUnread => {
                let modal = self.modal.as_ref().ok_or("Mia reports a message")?;
                let answers = [("ask:long:What is wrong with this message?", ANSWER)];
                let asked = mia.start_submission(modal, answers).await?;
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
            Story::Closing | Story::NoticeOfTheEnd => {
                let options = json!({"reason": "It works", "remove-owner": true});
                let asked = max.start_command(self.ticket, "ticket close", options);
                let asked = asked.await?;
                acted(max, Some(asked))
            }
            Story::Solved => {
                let modal = self.modal.as_ref().ok_or("Mia is asked why")?;
                let asked = mia.start_submission(modal, [("template", "")]).await?;
                acted(mia, Some(asked))
            }
            // Discord's response tells the bot the present time.
            Story::Reminding | Story::Idle | Story::RemindingStaff => {
                let asked = owner.start_command(self.support, "ticket help", json!({}));
                asked.await?;
                acted(owner, None)
            }
            Story::Asking | Story::AskingAndWriting | Story::AskingAgain => {
                let options = json!({"in": "1h"});
                let asked = max.start_command(self.ticket, "ticket ask-close", options);
                let asked = asked.await?;
                acted(max, Some(asked))
            }
            Story::Reopening => {
                max.reopen(self.ticket).await?;
                acted(mia, None)
            }
            Story::Removing | Story::PostingAgain | Story::Offering | Story::Relabelling => {
                let asked = self.act_on_inboxes().await?;
                acted(owner, Some(asked))
            }
            Story::Entry => {
                let panel = self.inbox.message.to_string();
                let options = json!({"channel": self.support, "panel": panel, "name": "Billing"});
                let asked = owner.start_command(self.support, "inbox create", options);
                let asked = asked.await?;
                acted(owner, Some(asked))
            }
            Story::Inbox | Story::Replacing => {
                let source = owner.send(self.support, "Better so?").await?.id();
                let asked = owner
                    .start_menu("Select this message", self.support, source)
                    .await?;
                acted(owner, Some(asked))
            }
        }
    }

    /// Waits until the story is over. Returns how many probes that took. An error if the bot was killed.
    async fn come_to_its_end(&mut self, acted: &Acted) -> Result<usize> {
        // The story ends before the probes, so that the last responses are those to the probes.
        tokio::select! {
            () = self.stage.bot.death() => return Err("the bot is dead".into()),
            seen = tokio::time::timeout(TIME_LIMIT, self.is_seen(acted)) => {
                let seen = seen.unwrap_or_else(|_| Err("nothing comes of it".into()));
                seen.map_err(|error| self.stage.with_log(&error))?;
            }
        }
        if self.story == Story::RollingBackLater {
            self.stage.sandbox.clear_faults();
            self.lose_and_regain_sight().await?;
        }
        self.stage.idle().await
    }

    /// Waits until people can see the end of the story.
    async fn is_seen(&self, acted: &Acted) -> Result {
        if let Some(asked) = acted.asked {
            let answer = acted.by.answer_to(asked).await?;
            answer.content()?;
        }
        let what = format!("the end of {:?}", self.story);
        let seen = self.stage.sandbox.wait_until(&what, |look| {
            let closed = || {
                let thread = look.thread(self.ticket)?;
                Some(thread.archived && thread.locked)
            };
            let is_over = match self.story {
                Story::Leaving
                | Story::Archiving
                | Story::Closing
                | Story::NoticeOfTheEnd
                | Story::Moving
                | Story::Idle => closed()?,
                Story::Reminding => look
                    .messages(self.ticket)
                    .any(|message| message.content.contains("still need help")),
                Story::RemindingStaff => look
                    .messages(look.defaults().tickets)
                    .any(|message| message.content.contains(REMINDS)),
                // Without this condition, the faults would be cleared too early.
                Story::RollingBackLater => look
                    .messages(self.support)
                    .any(|message| message.content.starts_with("Sorry")),
                _ => true,
            };
            is_over.then_some(())
        });
        Ok(seen.await?)
    }

    /// The bot loses access to the channel and gets it back.
    async fn lose_and_regain_sight(&self) -> Result {
        const VIEW_CHANNEL: u64 = 1 << 10;
        let sandbox = &self.stage.sandbox;
        let (owner, role) = (sandbox.owner(), sandbox.defaults().bot_role);
        for deny in [VIEW_CHANNEL, 0] {
            owner
                .set_role_overwrite(self.support, role, 0, deny)
                .await?;
        }
        Ok(())
    }

    /// Waits until the new bot has recovered.
    async fn recover(&mut self) -> Result {
        self.stage.idle().await?;
        // After a start, the bot waits for a while before it sends due messages.
        if matches!(
            self.story,
            Story::Reminding | Story::Idle | Story::RemindingStaff
        ) {
            self.time_passes(HOUR / 4).await?;
        }
        Ok(())
    }

    /// Each call that the sandbox received is a recorded failpoint.
    fn no_call_is_missing(&self, mark: u64, moments: &[String]) -> Result {
        for call in self.stage.sandbox.calls_after(mark) {
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
}

/// Sets a setting of an inbox while the bot is stopped.
async fn set_setting(stage: &mut Stage, inbox: Inbox, key: &str, value: &str) -> Result {
    stage.stop().await?;
    let scope = Scope::Inbox(InboxId(inbox.message.0));
    let store = stage.bot.home.store()?;
    let value = Some(value.to_owned());
    store.set_setting(scope, key, value).await?;
    drop(store);
    stage.start().await
}
