//! What must hold after the last bot has recovered.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::world::component::Component;
use discord_sandbox::{Answer, Person, State};
use harness::{BUTTON, Result};
use serde_json::json;
use tickets::InboxId;

use super::{ANSWER, Acted, CLOSE, HOUR, REMINDS, RUDE, Scene, Story};

impl Scene {
    /// Checks everything that must hold after the last bot has recovered. Returns how the run ended.
    pub(super) async fn check(&mut self, acted: &Acted) -> Result<String> {
        let mut outcome = String::new();
        // After three seconds, Discord reports a click without an acknowledgement as failed.
        self.stage.sandbox.advance(Duration::from_secs(4));
        if let Some(asked) = acted.asked {
            let answer = acted.by.answer_so_far(asked).await?;
            outcome = match answer.state {
                State::Waiting => return Err("the response is stuck".into()),
                State::Answered => read(&answer)?,
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
            | Story::OpeningFor
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
            Story::TransferringUnread => self.check_unread_transfer(&outcome).await,
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

    /// Either there is no question, or there is one without an answer, and the ticket is closed in time.
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

    /// Mia has written in the meantime, which answers the question.
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

    /// Only the second question counts, and only it has buttons.
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

    /// Mia's message that the ticket is solved is there once, with a button, or not at all. After the
    /// closing, no button is left.
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

    /// The ticket belongs to either inbox, has at most one message about the transfer, and can be transferred
    /// again.
    async fn check_transfer(&mut self, outcome: &str) -> Result<String> {
        let sent = self.stage.said(self.ticket)?.len() - 1;
        let is_done = outcome.contains("belongs to");
        if sent > 1 || is_done && sent == 0 {
            return Err(format!("{sent} messages, but Max reads {outcome:?}").into());
        }
        let max = self.stage.sandbox.moderator();
        let options = json!({"inbox": self.other.to_string()});
        let again = max.run_in(self.ticket, "ticket transfer", options).await?;
        let is_there = again.content()?.contains("already");
        if is_there != (sent == 1) {
            return Err(format!("{sent} messages, then Max reads {again:?}").into());
        }
        self.stage.idle().await?;
        self.has_starter_and_note()?;
        Ok(format!("{sent} messages; Max reads: {outcome}"))
    }

    /// The response to Max claims nothing that is uncertain, and he can still transfer the ticket.
    async fn check_unread_transfer(&mut self, outcome: &str) -> Result<String> {
        let told = self.stage.said(self.ticket)?.len() - 1;
        let says_too_much = match told {
            0 => outcome.contains("belongs to"),
            1 => outcome.contains("before I finished"),
            _ => true,
        };
        if says_too_much {
            return Err(format!("{told} messages, but Max reads {outcome:?}").into());
        }
        let max = self.stage.sandbox.moderator();
        let options = json!({"inbox": self.other.to_string()});
        let again = max.run_in(self.ticket, "ticket transfer", options.clone());
        let is_there = again.await?.content()?.contains("already");
        self.stage.idle().await?;
        let more = self.stage.said(self.ticket)?.len() - 1 - told;
        if more != usize::from(!is_there) || is_there && told == 0 {
            return Err(format!("{told} messages, then {more}; known: {is_there}").into());
        }
        let again = max.run_in(self.ticket, "ticket transfer", options).await?;
        if !again.content()?.contains("already") {
            return Err(format!("it does not belong there: {again:?}").into());
        }
        Ok(format!("{told} messages; Max reads: {outcome}"))
    }

    /// Exactly one of the old and the new ticket is open, and it is complete.
    fn check_move(&self, outcome: &str) -> Result<String> {
        let mia = self.stage.sandbox.member();
        let tickets = self.stage.sandbox.defaults().tickets;
        let new = self.stage.threads(tickets)?;
        let old = self.stage.thread(self.ticket)?;
        // The messages with answers have no text.
        let told = |ticket| -> Result<usize> {
            let said = self.stage.said(ticket)?.into_iter();
            Ok(said.filter(|text| !text.is_empty()).count())
        };
        match &new[..] {
            [] if old.archived || told(self.ticket)? != 1 => {
                Err(format!("the ticket is lost; Max reads {outcome:?}").into())
            }
            [] if outcome.contains("continues in") => {
                Err(format!("not moved, but {outcome:?}").into())
            }
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

    /// The report is in one ticket once, or Mia gets her text back.
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
        // The response may say that the bot restarted before it finished only if there is no report.
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
                let (owner, by) = (self.stage.sandbox.member().id(), acted.by.id());
                for person in [owner, by] {
                    if !self.stage.is_in_thread(thread.id, person)? {
                        return Err("the owner or who opened it is not in the thread".into());
                    }
                }
                let mut said = self.stage.said(thread.id)?;
                if self.story == Story::Form {
                    self.has_answers(thread.id)?;
                    // The messages with answers have no text.
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
        self.click_again(&self.stage.sandbox.member(), link).await?;
        Ok(outcome)
    }

    /// The ticket is closed with one message and without its owner, unless the closing did not begin.
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

    /// Mia's answers are in the ticket once.
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

    /// Without a ticket, Mia gets her answers back, or her client keeps them because the submission failed.
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
    pub(super) fn entries(&self) -> Result<Vec<String>> {
        let own = self.stage.own_messages(self.support)?;
        let mut own = own.into_iter();
        let message = own.find(|it| it.id == self.inbox.message);
        let rows = message.ok_or("the inbox is gone")?.components;
        let buttons = rows.iter().flat_map(Component::children);
        let ids = buttons.filter_map(|(_, it)| it.custom_id().map(str::to_owned));
        Ok(ids.filter(|id| id.starts_with("open:")).collect())
    }

    /// The new inbox is on the message and opens tickets, or it does not exist.
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

    /// Another click shows the open ticket, or opens a new one.
    async fn click_again(&mut self, person: &Person, open: Option<String>) -> Result {
        self.stage.sandbox.advance(Duration::from_secs(61));
        let before = self.stage.threads(self.support)?.len();
        let answer = self.stage.click(person, self.inbox).await?;
        let told = match self.story {
            // Discord shows the form again.
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

    /// Nothing is unfinished, and the database has every ticket.
    pub(super) async fn check_database(&self) -> Result {
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

/// The text of a response. In `/inbox settings`, it is below the overview.
fn read(answer: &Answer) -> Result<String> {
    let content = answer.content()?;
    let below = answer.message()?.embeds().last();
    let below = below.and_then(|embed| embed["description"].as_str());
    let read = below.filter(|_| content.is_empty());
    Ok(read.unwrap_or(content).to_owned())
}
