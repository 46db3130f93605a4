//! The stories whose bot dies, and what must hold afterwards.

mod inboxes;

use std::time::Duration;

use discord_sandbox::id::{ChannelId, InteractionId, MessageId};
use discord_sandbox::world::component::Component;
use discord_sandbox::{Answer, Fault, Person, Sandbox, State};
use harness::bot::Ended;
use harness::{BUTTON, How, Inbox, Point, Result, Stage, linked_channel};
use serde_json::json;
use theticketbot::store::Scope;
use tickets::InboxId;

/// What Mia types into a form.
const ANSWER: &str = "It broke";

/// The button that closes a ticket.
const CLOSE: &str = "close-ticket";

/// What a reminder among the notices says.
const REMINDS: &str = "is waiting for an answer";

/// The message that she reports.
const RUDE: &str = "You are all stupid";

const HOUR: Duration = Duration::from_secs(60 * 60);

/// How long people may wait for the end of a story.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// What happens when the bot dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Story {
    /// Mia clicks and gets a ticket.
    Opening,
    /// The same, and Discord says that there are too many threads.
    Refusal,
    /// The same, and nobody can be invited.
    RollingBack,
    /// The same, and the thread cannot be deleted, until the bot may see the channel again.
    RollingBackLater,
    /// Mia has a ticket on record that is over.
    OpeningAgain,
    /// Mia submits the inbox's form.
    Form,
    /// Mia clicks and gets a ticket, which has a notice.
    Notice,
    /// Max closes such a ticket with `/ticket close`.
    NoticeOfTheEnd,
    /// Mia clicks, and leaves the ticket before the next bot is there.
    LeavingUnseen,
    /// Mia leaves her ticket.
    Leaving,
    /// Max archives it.
    Archiving,
    /// Max closes it with `/ticket close`, and everybody is removed.
    Closing,
    /// Max re-opens it.
    Reopening,
    /// The bot asks Mia, who does not answer, whether she still needs help.
    Reminding,
    /// The bot closes her ticket.
    Idle,
    /// Max asks Mia whether the ticket can be closed, and she does not answer.
    Asking,
    /// The same, and she writes before the next bot is there.
    AskingAndWriting,
    /// Max asks her a second time.
    AskingAgain,
    /// Mia thinks that her ticket is solved.
    Solved,
    /// The bot reminds staff in the channel of the notices.
    RemindingStaff,
    /// Max gives Mia's ticket to another inbox of its channel.
    Transferring,
    /// The same, to an inbox of another channel.
    Moving,
    /// Mia reports a message.
    Reporting,
    /// The same, while she has a ticket in the inbox for reports.
    ReportingMore,
    /// The same, and the next bot cannot read what is in the ticket.
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

/// How a run went.
pub(crate) struct Run {
    /// What the bot of the story did until it died or was stopped.
    pub(crate) moments: Vec<String>,
    /// What the last bot did until it was ready to serve.
    pub(crate) recovery: Vec<String>,
    /// In words.
    pub(crate) outcome: String,
}

impl Story {
    /// Whether there is another inbox.
    fn is_about_two(self) -> bool {
        matches!(
            self,
            Self::Removing | Self::PostingAgain | Self::Offering | Self::Relabelling
        )
    }

    /// Runs it undisturbed.
    pub(crate) async fn record(self) -> Result<Run> {
        let run = self.run(&[]).await?;
        Ok(run.ok_or("nothing killed it")?)
    }

    /// Runs it with a bot that dies at the first of these points; the one that is started after it
    /// dies at the next, and so on. `None` if one of them did not come to its point.
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
        scene.stage.bot.is_dead();
        if deaths.is_empty() {
            let probes = come?;
            scene.no_call_is_missing(mark, &moments)?;
            // The last responses were given to the probes.
            for when in ["after", "before"] {
                let response = format!("{when} POST interactions/*/*/callback");
                for _ in 0..probes {
                    let at = moments.iter().rposition(|moment| *moment == response);
                    moments.remove(at.ok_or("a probe was answered")?);
                }
            }
        } else if ended == Ended::Stopped {
            // It did not come to its point; then at least nothing may have gone wrong.
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
            scene.stage.bot.is_dead();
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
        // Interactions are only the probes.
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

/// A bot that came to the point at which it was to die would have died.
fn not_met(point: Option<&Point>, moments: &[String]) -> Result {
    match point.filter(|point| Point::all_of(moments).contains(point)) {
        Some(point) => Err(format!("the bot came to {point} and did not die").into()),
        None => Ok(()),
    }
}

/// A stage with an inbox, and what is on it.
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
    /// What Olivia sees of it.
    shown: Option<Answer>,
}

/// What was done and may wait for a response.
struct Acted {
    by: Person,
    asked: Option<InteractionId>,
}

impl Scene {
    async fn set(story: Story) -> Result<Self> {
        let sandbox = Sandbox::builder().oracle(false).start().await?;
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

    /// Everything up to the moment at which it may die.
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
            Story::Transferring | Story::Moving => {
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

    /// So much time passes. The bot learns of it by the next response of Discord.
    async fn time_passes(&mut self, time: Duration) -> Result {
        let sandbox = &self.stage.sandbox;
        sandbox.advance(time);
        let owner = sandbox.owner();
        owner.run("ticket help", json!({})).await?;
        self.stage.idle().await?;
        Ok(())
    }

    /// What happens while there is no bot: Mia leaves her ticket, or writes in it, or the bot loses a right.
    async fn act_unseen(&mut self) -> Result {
        let threads = self.stage.threads(self.support)?;
        let mia = self.stage.sandbox.member();
        if self.story == Story::ReportingUnread {
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
            // By then Discord has added everybody who was mentioned.
            self.stage.sandbox.advance(Duration::from_secs(61));
        }
        Ok(())
    }

    /// What goes wrong at Discord.
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
            Story::Form => {
                let modal = self.modal.as_ref().ok_or("Mia has a form")?;
                let answers = [("ask:long:What happened?", ANSWER)];
                let asked = mia.start_submission(modal, answers).await?;
                acted(mia, Some(asked))
            }
            Story::Transferring | Story::Moving => {
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
            // The response tells the bot how late it is.
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

    /// Waits until nothing more will come. Returns how many probes that took. An error if the bot
    /// dies.
    async fn come_to_its_end(&mut self, acted: &Acted) -> Result<usize> {
        // Before the probes, so that the last responses are theirs.
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

    /// Waits until people see the end of it.
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
                // Without it the faults would end too early.
                Story::RollingBackLater => look
                    .messages(self.support)
                    .any(|message| message.content.starts_with("Sorry")),
                _ => true,
            };
            is_over.then_some(())
        });
        Ok(seen.await?)
    }

    /// The bot loses sight of the channel and sees it again.
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

    /// Waits until a bot that was started has finished what was left.
    async fn recover(&mut self) -> Result {
        if self.story == Story::RollingBackLater {
            self.stage.sandbox.clear_faults();
        }
        self.stage.idle().await?;
        // What fell due meanwhile waits for a while after a start.
        if matches!(
            self.story,
            Story::Reminding | Story::Idle | Story::RemindingStaff
        ) {
            self.time_passes(HOUR / 4).await?;
        }
        Ok(())
    }

    /// Every call that the sandbox saw is one of the recorded steps.
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

    /// Everything that must hold when the last bot has finished what the others left. Returns how
    /// it ended.
    async fn check(&mut self, acted: &Acted) -> Result<String> {
        let mut outcome = String::new();
        // Of a click that was never acknowledged Discord itself says so, after three seconds.
        self.stage.sandbox.advance(Duration::from_secs(4));
        if let Some(asked) = acted.asked {
            let answer = acted.by.answer_so_far(asked).await?;
            outcome = match answer.state {
                State::Waiting => return Err("the response is stuck".into()),
                State::Answered => answer.content()?.to_owned(),
                state => format!("{state:?}"),
            };
        }
        self.stage.sandbox.clear_faults();
        match self.story {
            Story::Notice => {
                self.has_notices(None)?;
                self.check_opening(acted, outcome).await
            }
            Story::Opening
            | Story::Refusal
            | Story::RollingBack
            | Story::RollingBackLater
            | Story::OpeningAgain
            | Story::Form => self.check_opening(acted, outcome).await,
            Story::LeavingUnseen if self.ticket == ChannelId(0) => {
                self.check_opening(acted, outcome).await
            }
            Story::Leaving | Story::LeavingUnseen | Story::Archiving => {
                let thread = self.stage.thread(self.ticket)?;
                if !thread.archived || !thread.locked {
                    return Err(format!("not closed: {thread:?}").into());
                }
                self.has_starter_and_note()?;
                self.click_again(&acted.by, None).await?;
                Ok("archived and locked, with one note".to_owned())
            }
            Story::Closing => self.check_closing(&outcome),
            Story::NoticeOfTheEnd => {
                let is_closed = self.stage.thread(self.ticket)?.archived;
                self.has_notices(Some(is_closed))?;
                self.check_closing(&outcome)
            }
            Story::Reminding => self.check_reminder().await,
            Story::Idle => {
                let thread = self.stage.thread(self.ticket)?;
                if !thread.archived || !thread.locked {
                    return Err(format!("not closed: {thread:?}").into());
                }
                self.has_starter_and_note()?;
                Ok("closed, with one note".to_owned())
            }
            Story::Asking => self.check_question(&outcome).await,
            Story::AskingAndWriting => self.check_answered_question(&outcome).await,
            Story::AskingAgain => self.check_second_question(&outcome).await,
            Story::Solved => self.check_solved().await,
            Story::RemindingStaff => {
                let said = self.stage.said(self.stage.sandbox.defaults().tickets)?;
                let reminders = said.iter().filter(|it| it.contains(REMINDS)).count();
                if (said.len(), reminders) != (2, 1) || self.stage.said(self.ticket)?.len() != 1 {
                    return Err(format!("one notice and one reminder, not {said:?}").into());
                }
                Ok("reminded once".to_owned())
            }
            Story::Transferring => self.check_transfer(&outcome).await,
            Story::Moving => self.check_move(&outcome),
            Story::Reporting | Story::ReportingMore | Story::ReportingUnread => {
                self.check_report(acted, outcome).await
            }
            Story::Reopening => {
                if self.stage.thread(self.ticket)?.archived {
                    return Err("it did not stay open".into());
                }
                self.has_starter_and_note()?;
                acted.by.leave(self.ticket).await?;
                self.stage.idle().await?;
                let thread = self.stage.thread(self.ticket)?;
                if !thread.archived || !thread.locked {
                    return Err(format!("its owner left, but {thread:?}").into());
                }
                Ok("it stays open until its owner leaves".to_owned())
            }
            Story::Inbox | Story::Replacing => self.check_inboxes(&outcome).await,
            Story::Entry => self.check_entries(&outcome).await,
            Story::Removing | Story::PostingAgain | Story::Offering | Story::Relabelling => {
                self.check_other(&outcome).await
            }
        }
    }

    /// There is one reminder, and its button works.
    async fn check_reminder(&mut self) -> Result<String> {
        self.has_starter_and_note()?;
        let own = self.stage.own_messages(self.ticket)?;
        let reminder = own.last().ok_or("there is no reminder")?.id;
        let mia = self.stage.sandbox.member();
        let kept = mia.click(self.ticket, reminder, "keep-open").await?;
        let text = kept.content()?.to_owned();
        if text != "Mia still needs help." {
            return Err(text.into());
        }
        self.stage.idle().await?;
        self.has_starter_and_note()?;
        Ok("reminded once".to_owned())
    }

    /// Either there was no question, or it counts: nobody answers it, and the ticket is closed in time.
    async fn check_question(&mut self, outcome: &str) -> Result<String> {
        let with = self.with_buttons()?.len();
        self.time_passes(2 * HOUR).await?;
        let said = self.stage.said(self.ticket)?;
        let thread = self.stage.thread(self.ticket)?;
        let left = self.with_buttons()?;
        match (said.len(), with) {
            (1, 0) if !thread.archived => Ok(format!("no question; {outcome}")),
            (3, 1) if thread.archived && thread.locked && left.is_empty() => {
                Ok(format!("asked, and closed in time; {outcome}"))
            }
            _ => Err(format!("{said:?}, {with}, archived: {}", thread.archived).into()),
        }
    }

    /// Mia has written since: that is an answer.
    async fn check_answered_question(&mut self, outcome: &str) -> Result<String> {
        let with = self.with_buttons()?;
        self.time_passes(2 * HOUR).await?;
        let said = self.stage.said(self.ticket)?;
        if !with.is_empty() || said.len() > 2 || self.stage.thread(self.ticket)?.archived {
            return Err(format!("{said:?}, {with:?}").into());
        }
        Ok(format!("{} questions, and open; {outcome}", said.len() - 1))
    }

    /// The messages in the ticket that have buttons.
    fn with_buttons(&self) -> Result<Vec<MessageId>> {
        let own = self.stage.own_messages(self.ticket)?.into_iter();
        let with = own.filter(|message| !message.components.is_empty());
        Ok(with.map(|message| message.id).collect())
    }

    /// One question counts, and only that has buttons.
    async fn check_second_question(&mut self, outcome: &str) -> Result<String> {
        let with = self.with_buttons()?;
        if with.len() != 1 {
            return Err(format!("not one question has buttons: {with:?}").into());
        }
        self.time_passes(2 * HOUR).await?;
        let said = self.stage.said(self.ticket)?;
        let thread = self.stage.thread(self.ticket)?;
        match said.len() {
            2 if !thread.archived => Ok(format!("no second question; {outcome}")),
            4 if thread.archived && thread.locked => {
                let with = self.with_buttons()?;
                if !with.is_empty() {
                    return Err(format!("closed with buttons: {with:?}").into());
                }
                Ok("asked again, and closed in time".to_owned())
            }
            _ => Err(format!("{said:?}, archived: {}", thread.archived).into()),
        }
    }

    /// What Mia said is there once, with a button, or not at all; and no button is left in the end.
    async fn check_solved(&mut self) -> Result<String> {
        let said = self.stage.said(self.ticket)?.len();
        let with = self.with_buttons()?;
        let sandbox = &self.stage.sandbox;
        let (mia, max) = (sandbox.member(), sandbox.moderator());
        let starter = with
            .first()
            .copied()
            .ok_or("the starting message has one")?;
        let again = mia.click(self.ticket, starter, CLOSE).await?;
        let is_known = again.modal().is_err();
        if said > 2 || with.len() != said || is_known != (said == 2) {
            return Err(format!("{said} messages, {with:?}, known: {is_known}").into());
        }
        max.run_in(self.ticket, "ticket close", json!({})).await?;
        self.stage.idle().await?;
        let left = self.with_buttons()?;
        if !left.is_empty() || !self.stage.thread(self.ticket)?.archived {
            return Err(format!("closed with buttons: {left:?}").into());
        }
        Ok(format!("{} of one message", said - 1))
    }

    /// The ticket belongs to the one inbox or to the other, with at most one message about it, and can be
    /// transferred again.
    async fn check_transfer(&mut self, outcome: &str) -> Result<String> {
        let told = self.stage.said(self.ticket)?.len() - 1;
        let is_done = outcome.contains("belongs to");
        if told > 1 || is_done && told == 0 {
            return Err(format!("{told} messages, but Max reads {outcome:?}").into());
        }
        let max = self.stage.sandbox.moderator();
        let options = json!({"inbox": self.other.to_string()});
        let again = max.run_in(self.ticket, "ticket transfer", options).await?;
        let is_there = again.content()?.contains("already");
        if is_there != (told == 1) {
            return Err(format!("{told} messages, then Max reads {again:?}").into());
        }
        self.stage.idle().await?;
        self.has_starter_and_note()?;
        Ok(format!("{told} messages; Max reads: {outcome}"))
    }

    /// Of the old ticket and the new one, exactly one is open, and it is whole.
    fn check_move(&self, outcome: &str) -> Result<String> {
        let mia = self.stage.sandbox.member();
        let tickets = self.stage.sandbox.defaults().tickets;
        let new = self.stage.threads(tickets)?;
        let old = self.stage.thread(self.ticket)?;
        // The answers have no text of their own.
        let told = |ticket| -> Result<usize> {
            let said = self.stage.said(ticket)?.into_iter();
            Ok(said.filter(|text| !text.is_empty()).count())
        };
        match &new[..] {
            [] if old.archived || told(self.ticket)? != 1 => {
                Err(format!("the ticket is lost; Max reads {outcome:?}").into())
            }
            [] if outcome.contains("goes on") => Err(format!("not moved, but {outcome:?}").into()),
            [] => Ok(format!("not moved; Max reads: {outcome}")),
            [new] => {
                if !old.archived || !old.locked {
                    return Err(format!("both are open; Max reads {outcome:?}").into());
                }
                if told(self.ticket)? != 2 || told(new.id)? != 1 {
                    let said = (self.stage.said(self.ticket)?, self.stage.said(new.id)?);
                    return Err(format!("one message in each, not {said:?}").into());
                }
                self.has_answers(new.id)?;
                if new.archived || !new.members.contains_key(&mia.id()) {
                    return Err(format!("not open with its owner: {new:?}").into());
                }
                Ok(format!("moved; Max reads: {outcome}"))
            }
            _ => Err(format!("{} new tickets", new.len()).into()),
        }
    }

    /// The report is in one ticket once, or Mia has what she typed.
    async fn check_report(&mut self, acted: &Acted, outcome: String) -> Result<String> {
        let threads = self.stage.threads(self.support)?;
        let mut reports = 0;
        for thread in &threads {
            let own = self.stage.own_messages(thread.id)?;
            let has = |text: &str| {
                let with = own
                    .iter()
                    .filter(|it| format!("{:?}", it.embeds).contains(text));
                with.count()
            };
            if has(RUDE) != has(ANSWER) {
                return Err("a report without what was typed about it".into());
            }
            reports += has(RUDE);
            let starters = own.iter().filter(|it| !it.content.is_empty()).count();
            if starters != 1 || !thread.members.contains_key(&acted.by.id()) {
                return Err(format!("not whole: {thread:?}").into());
            }
        }
        if threads.len() > 1 || reports > 1 {
            return Err(format!("{reports} reports in {} tickets", threads.len()).into());
        }
        // It only says so where that is certain.
        if reports > 0 && outcome.contains("before I finished") {
            return Err(format!("it is reported, but {outcome:?}").into());
        }
        if reports == 0 {
            if outcome.contains("Thank you") {
                return Err(format!("no report, but {outcome:?}").into());
            }
            if self.story == Story::Reporting && !threads.is_empty() {
                return Err("a ticket without the report".into());
            }
            if outcome != "Failed" {
                self.gets_answers_back(acted).await?;
            }
        }
        Ok(format!("{reports} reports; Mia reads: {outcome}"))
    }

    async fn check_opening(&mut self, acted: &Acted, mut outcome: String) -> Result<String> {
        let threads = self.stage.threads(self.support)?;
        let new: Vec<_> = threads.iter().filter(|it| it.id != self.ticket).collect();
        let link = new.first().map(|thread| format!("<#{}>", thread.id));
        match (&new[..], &link) {
            ([], _) if outcome.contains("Your ticket") => {
                return Err(format!("no ticket, but {outcome:?}").into());
            }
            ([], _) => {
                if self.story == Story::Form && outcome != "Failed" {
                    self.gets_answers_back(acted).await?;
                }
                outcome = format!("no thread; the member reads: {outcome}");
            }
            ([thread], Some(link)) => {
                if !self.stage.is_in_thread(thread.id, acted.by.id())? {
                    return Err("the owner is not in the thread".into());
                }
                let mut said = self.stage.said(thread.id)?;
                if self.story == Story::Form {
                    self.has_answers(thread.id)?;
                    // They have no text of their own.
                    said.retain(|text| !text.is_empty());
                }
                if said.len() != 1 {
                    return Err(format!("one starting message, not {said:?}").into());
                }
                if outcome != "Failed" && !outcome.contains(link.as_str()) {
                    return Err(format!("a ticket, but {outcome:?}").into());
                }
                outcome = format!("one whole ticket; the member reads: {outcome}");
            }
            _ => return Err(format!("{} threads", new.len()).into()),
        }
        self.click_again(&acted.by, link).await?;
        Ok(outcome)
    }

    /// It is closed with one message and without its owner, unless nothing was begun.
    fn check_closing(&self, outcome: &str) -> Result<String> {
        let thread = self.stage.thread(self.ticket)?;
        let said = self.stage.said(self.ticket)?;
        if !thread.archived {
            if outcome == "Failed" && said.len() == 1 {
                return Ok("nothing was begun, and Max knows".to_owned());
            }
            return Err(format!("open, but Max reads {outcome:?} in {said:?}").into());
        }
        self.has_starter_and_note()?;
        let mia = self.stage.sandbox.member();
        if !thread.locked || thread.members.contains_key(&mia.id()) {
            return Err(format!("not locked and left: {thread:?}").into());
        }
        Ok(format!("closed with one message; Max reads: {outcome}"))
    }

    /// Each ticket has one notice, which says whether and why it is closed.
    fn has_notices(&self, is_closed: Option<bool>) -> Result {
        let tickets = self.stage.threads(self.support)?;
        let notices = self.stage.said(self.stage.sandbox.defaults().tickets)?;
        if notices.len() != tickets.len() {
            return Err(format!("{} tickets have the notices {notices:?}", tickets.len()).into());
        }
        for (ticket, notice) in tickets.iter().zip(&notices) {
            let says_why = notice.contains("It works");
            if !notice.contains(&ticket.id.to_string()) || says_why != is_closed.unwrap_or(false) {
                return Err(format!("the notice of {} is {notice:?}", ticket.id).into());
            }
        }
        Ok(())
    }

    /// What Mia typed is in the ticket once.
    fn has_answers(&self, ticket: ChannelId) -> Result {
        let own = self.stage.own_messages(ticket)?;
        let with = own
            .iter()
            .filter(|it| format!("{:?}", it.embeds).contains(ANSWER));
        match with.count() {
            1 => Ok(()),
            count => Err(format!("the answers are there {count} times").into()),
        }
    }

    /// Where there is no ticket, Mia has what she typed. A client whose submission failed keeps it.
    async fn gets_answers_back(&self, acted: &Acted) -> Result {
        let asked = acted.asked.ok_or("somebody waits")?;
        let answer = acted.by.answer_so_far(asked).await?;
        let embeds = format!("{:?}", answer.message()?.embeds());
        if embeds.contains(ANSWER) {
            Ok(())
        } else {
            Err(format!("the answers are lost: {:?}", answer.content()).into())
        }
    }

    async fn check_inboxes(&mut self, outcome: &str) -> Result<String> {
        let own = self.stage.own_messages(self.support)?.into_iter();
        let inboxes: Vec<_> = own.filter(|message| !message.embeds.is_empty()).collect();
        if inboxes.len() > 1 || self.story == Story::Replacing && inboxes.is_empty() {
            return Err(format!("{} inboxes", inboxes.len()).into());
        }
        for inbox in &inboxes {
            let mia = self.stage.sandbox.member();
            let click = mia.click(self.support, inbox.id, BUTTON).await?;
            let content = click.content()?;
            if !content.contains("<#") {
                return Err(format!("an inbox that answers {content:?}").into());
            }
        }
        if self.story == Story::Inbox && outcome.contains("is ready") == inboxes.is_empty() {
            return Err(format!("{} inboxes, but {outcome:?}", inboxes.len()).into());
        }
        if outcome.contains("is ready") && !outcome.contains("will mention") {
            return Err(format!("who is notified is missing in {outcome:?}").into());
        }
        self.stage.create_inbox().await?;
        self.stage.idle().await?;
        Ok(format!(
            "{} inbox; the admin reads: {outcome}",
            inboxes.len()
        ))
    }

    /// The ids of the buttons on the inbox's message that open tickets of other inboxes.
    fn entries(&self) -> Result<Vec<String>> {
        let own = self.stage.own_messages(self.support)?;
        let mut own = own.into_iter();
        let message = own.find(|it| it.id == self.inbox.message);
        let rows = message.ok_or("the inbox is gone")?.components;
        let buttons = rows.iter().flat_map(Component::children);
        let ids = buttons.filter_map(|(_, it)| it.custom_id().map(str::to_owned));
        Ok(ids.filter(|id| id.starts_with("open:")).collect())
    }

    /// The new inbox is on the message and opens tickets, or it is nowhere.
    async fn check_entries(&mut self, outcome: &str) -> Result<String> {
        let entries = self.entries()?;
        if entries.len() > 1 || outcome.contains("is ready") && entries.is_empty() {
            return Err(format!("{entries:?}, but {outcome:?}").into());
        }
        let mia = self.stage.sandbox.member();
        for id in &entries {
            let click = mia.click(self.support, self.inbox.message, id).await?;
            let content = click.content()?;
            if !content.contains("<#") {
                return Err(format!("an inbox that answers {content:?}").into());
            }
        }
        self.stage.idle().await?;
        let count = entries.len();
        Ok(format!("{count} entries; the admin reads: {outcome}"))
    }

    fn has_starter_and_note(&self) -> Result {
        let said = self.stage.said(self.ticket)?;
        match said.len() {
            2 => Ok(()),
            _ => Err(format!("a starting message and one note, not {said:?}").into()),
        }
    }

    /// Another click shows the open ticket, or opens one.
    async fn click_again(&mut self, person: &Person, open: Option<String>) -> Result {
        self.stage.sandbox.advance(Duration::from_secs(61));
        let before = self.stage.threads(self.support)?.len();
        let answer = self.stage.click(person, self.inbox).await?;
        let told = match self.story {
            // The next form.
            Story::Form if open.is_none() => answer.modal()?.title(),
            _ => answer.content()?,
        };
        self.stage.idle().await?;
        let threads = self.stage.threads(self.support)?;
        match open {
            Some(link) if threads.len() == before && told.contains(&link) => Ok(()),
            None if self.story == Story::Form && threads.len() == before => Ok(()),
            None if threads.len() == before + 1 && told.contains("<#") => {
                let newest = threads.last().ok_or("there is one")?;
                if !newest.members.contains_key(&person.id()) {
                    return Err("the owner is not in the new ticket".into());
                }
                Ok(())
            }
            _ => {
                let after = threads.len();
                Err(format!("{before} threads, then {after}; told {told:?}").into())
            }
        }
    }

    /// Nothing is left to do, and every ticket is known.
    async fn check_database(&self) -> Result {
        let store = self.stage.bot.home.store()?;
        let journal = store.journal().await?;
        if !journal.is_empty() {
            let work: Vec<_> = journal.iter().map(|entry| &entry.work).collect();
            return Err(format!("left in the journal: {work:?}").into());
        }
        if self.story.is_about_two() {
            self.check_stored_inboxes(&store).await?;
        }
        if self.story == Story::Entry || self.story.is_about_two() {
            let host = InboxId(self.inbox.message.0);
            let stored = store.inbox(host).await?.ok_or("the inbox is gone")?;
            let (stored, shown) = (stored.entries(), self.entries()?);
            if stored.len() != shown.len() {
                return Err(format!("stored are {stored:?}, and shown {shown:?}").into());
            }
        }
        let mut threads = self.stage.threads(self.support)?;
        if self.story == Story::Moving {
            let tickets = self.stage.sandbox.defaults().tickets;
            threads.extend(self.stage.threads(tickets)?);
        }
        for thread in threads {
            let id = tickets::ChannelId(thread.id.0);
            let Some(ticket) = store.ticket(id).await? else {
                return Err(format!("the thread {id} is unknown").into());
            };
            if ticket.is_closed() != thread.archived {
                return Err(format!("{ticket:?}, but {thread:?}").into());
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
