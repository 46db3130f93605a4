//! The files of forms: two submissions download theirs at once.

use discord_sandbox::id::ChannelId;
use discord_sandbox::{Fault, Fields, Person};
use harness::linked_channel;
use serde_json::json;

use crate::settings::write;
use crate::stage::{Inbox, PICTURE, Result, Stage};

const NAME: &str = "ask:short:Name";
const FILES: &str = "ask:files:Files";

impl Stage {
    /// Submits the inbox's form, perhaps with a file, and waits for the link.
    async fn submitted(&self, person: &Person, inbox: Inbox, has_file: bool) -> Result<ChannelId> {
        let modal = self.click(person, inbox).await?;
        let mut fields = Fields::new().text(NAME, "Somebody");
        if has_file {
            fields = fields.upload(FILES, "a.png", "image/png", PICTURE);
        }
        let opened = person.submit(&modal, fields).await?;
        linked_channel(opened.content()?)
    }

    /// How many files the messages with answers in a ticket have.
    fn answers_in(&self, ticket: ChannelId) -> Vec<usize> {
        let bot = self.sandbox.bot_id();
        self.sandbox.look(|look| {
            let own = look.messages(ticket).filter(|it| it.user() == Some(bot));
            let answers = own.filter(|it| !it.embeds.is_empty());
            answers.map(|it| it.attachments.len()).collect()
        })
    }

    /// How many downloads have begun of those that are held.
    async fn held_downloads(&self, all: u32, wanted: u32) {
        loop {
            let left = self.sandbox.waiting_faults();
            let left = left.first().map_or(0, |fault| fault.times);
            if all - left >= wanted {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn two_submissions_download_files_at_once() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let form = "Name | short\nFiles | files | optional";
    write(&stage.sandbox.owner(), "form", form).await?;
    stage.idle().await?;
    let people = stage.sandbox.crowd("member", 4)?;
    let hold = Fault::held()
        .on("GET", "/ephemeral-attachments/**")
        .times(3);
    stage.sandbox.fail_next(hold)?;

    // All three get their tickets and links at once, and two of them begin with the files.
    let mut tickets = Vec::new();
    for person in &people[..3] {
        tickets.push(stage.submitted(person, inbox, true).await?);
    }
    stage.held_downloads(3, 2).await;
    // Answers without files do not wait for others' files. When they are posted, the third has not begun.
    let other = stage.submitted(&people[3], inbox, false).await?;
    let posted = |ticket| !stage.answers_in(ticket).is_empty();
    let bot = stage.sandbox.bot_id();
    stage
        .sandbox
        .wait_until("answers without files", |look| {
            let mut messages = look.messages(other);
            messages.find(|it| it.user() == Some(bot) && !it.embeds.is_empty())?;
            Some(())
        })
        .await?;
    let left = stage.sandbox.waiting_faults();
    assert_eq!(left.first().map(|fault| fault.times), Some(1), "{left:?}");
    assert!(!tickets.iter().any(|ticket| posted(*ticket)));
    for ticket in &tickets {
        assert_eq!(stage.said(*ticket).len(), 1, "the starting message");
    }

    // Whoever waited gets everything, once.
    stage.sandbox.clear_faults();
    stage.idle().await?;
    for ticket in tickets {
        assert_eq!(stage.answers_in(ticket), [1], "{}", json!(ticket));
    }
    stage.finish().await
}
