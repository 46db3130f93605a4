//! Files in forms: two submissions download their files at once, and several messages share many files.

use discord_sandbox::id::ChannelId;
use discord_sandbox::{Fault, Fields, Person};
use harness::linked_channel;
use serde_json::json;
use tickets::text::Text;

use crate::settings::write;
use crate::stage::{Inbox, PICTURE, Result, Stage, english};

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

    /// Waits until this number of the held downloads have begun.
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

    // All three members get their tickets and links at once, and the downloads of two submissions begin.
    let mut tickets = Vec::new();
    for person in &people[..3] {
        tickets.push(stage.submitted(person, inbox, true).await?);
    }
    stage.held_downloads(3, 2).await;
    // Answers without files do not wait for other members' files. The third submission's download has still
    // not begun when they are posted.
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

    // Each submission's files are posted once.
    stage.sandbox.clear_faults();
    stage.idle().await?;
    for ticket in tickets {
        assert_eq!(stage.answers_in(ticket), [1], "{}", json!(ticket));
    }
    stage.finish().await
}

impl Stage {
    /// The bot's messages without a text: how many embeds and which files each of them has.
    fn pages(&self, ticket: ChannelId) -> Vec<(usize, Vec<String>)> {
        let bot = self.sandbox.bot_id();
        self.sandbox.look(|look| {
            let own = look.messages(ticket).filter(|it| it.user() == Some(bot));
            let pages = own.filter(|it| it.content.is_empty());
            pages
                .map(|it| {
                    let files = it.attachments.iter().map(|file| file.filename.clone());
                    (it.embeds.len(), files.collect())
                })
                .collect()
        })
    }
}

const TWO_QUESTIONS: &str = "A | files\nB | files";

/// Six files in each of two answers, from `file0.png` to `file11.png`.
fn twelve() -> Fields {
    (0..12).fold(Fields::new(), |fields, number| {
        let question = if number < 6 {
            "ask:files:A"
        } else {
            "ask:files:B"
        };
        let name = format!("file{number}.png");
        fields.upload(question, &name, "image/png", PICTURE)
    })
}

fn names(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("file{number}.png")).collect()
}

/// A message can have ten files. The others are in another message, even if a response is lost.
#[tokio::test]
async fn more_than_ten_files_go_into_several_messages() -> Result {
    let lost = || Fault::dropped().after_it_took_effect();
    let cases = [
        None,
        Some(lost().with_body(json!({"embeds": [{}]}))),
        Some(lost().with_body(json!({"attachments": [{"filename": "file10.png"}]}))),
    ];
    for lost in cases {
        let stage = Stage::set().await?;
        let inbox = stage.inbox().await?;
        write(&stage.sandbox.owner(), "form", TWO_QUESTIONS).await?;
        stage.idle().await?;
        let mia = stage.sandbox.member();
        let modal = stage.click(&mia, inbox).await?;
        if let Some(lost) = lost {
            stage
                .sandbox
                .fail_next(lost.on("POST", "/channels/*/messages"))?;
        }
        let opened = mia.submit(&modal, twelve()).await?;
        let ticket = linked_channel(opened.content()?)?;
        stage.idle().await?;
        let expected = [(1, names(0..10)), (0, names(10..12))];
        assert_eq!(stage.pages(ticket), expected);
        stage.finish().await?;
    }
    Ok(())
}

/// A transfer to another channel also keeps all files.
#[tokio::test]
async fn more_than_ten_files_are_transferred() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    write(&stage.sandbox.owner(), "form", TWO_QUESTIONS).await?;
    let options = json!({"destination": stage.tickets(), "name": "Appeals"});
    stage.inbox_with(options).await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let modal = stage.click(&mia, inbox).await?;
    let opened = mia.submit(&modal, twelve()).await?;
    let old = linked_channel(opened.content()?)?;
    stage.idle().await?;
    max.run_in(old, "ticket transfer", json!({"inbox": "Appeals"}))
        .await?;
    stage.closed(old, true).await?;
    stage.idle().await?;
    let new = stage.ticket_of(&mia, stage.tickets()).await?;
    let expected = [(1, names(0..10)), (0, names(10..12))];
    assert_eq!(stage.pages(new), expected);
    stage.finish().await
}

/// A message can have 25 MiB of files.
#[tokio::test]
async fn files_that_are_large_together_go_into_several_messages() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    write(&stage.sandbox.owner(), "form", "Files | files").await?;
    stage.idle().await?;
    let mia = stage.sandbox.member();
    let modal = stage.click(&mia, inbox).await?;
    let large = vec![0; 4_900_000];
    let fields = (0..6).fold(Fields::new(), |fields, number| {
        fields.upload(FILES, &format!("{number}.bin"), "image/png", &large)
    });
    let opened = mia.submit(&modal, fields).await?;
    let ticket = linked_channel(opened.content()?)?;
    stage.idle().await?;
    let pages = stage.pages(ticket);
    let counts: Vec<_> = pages.iter().map(|(_, files)| files.len()).collect();
    assert_eq!(counts, [5, 1]);
    stage.finish().await
}

/// The message that should have a file names it if Discord refused the file.
#[tokio::test]
async fn files_that_discord_refuses_are_named_in_their_message() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    write(&stage.sandbox.owner(), "form", TWO_QUESTIONS).await?;
    stage.idle().await?;
    let mia = stage.sandbox.member();
    let modal = stage.click(&mia, inbox).await?;
    let refusal = Fault::refusal(413, 40_005, "Request entity too large");
    let refusal = refusal.with_body(json!({"attachments": [{"filename": "file10.png"}]}));
    stage
        .sandbox
        .fail_next(refusal.on("POST", "/channels/*/messages"))?;
    let opened = mia.submit(&modal, twelve()).await?;
    let ticket = linked_channel(opened.content()?)?;
    stage.idle().await?;
    assert_eq!(stage.pages(ticket), [(1, names(0..10)), (1, vec![])]);
    let bot = stage.sandbox.bot_id();
    let last = stage.sandbox.look(|look| {
        let mut own = look.messages(ticket).filter(|it| it.user() == Some(bot));
        own.next_back().map(|it| json!(it.embeds))
    });
    let failed = |filename: &str| {
        english(Text::FormFileFailed {
            filename: filename.to_owned(),
        })
    };
    let named = [failed("file10.png"), failed("file11.png")].join("\n");
    assert_eq!(last.ok_or("a message")?[0]["description"], json!(named));
    stage.finish().await
}

/// Discord limits the characters of all embeds in a message.
#[tokio::test]
async fn long_answers_go_into_several_messages() -> Result {
    for lost in [None, Some("1"), Some("3")] {
        let stage = Stage::set().await?;
        let inbox = stage.inbox().await?;
        let form = "1 | long\n2 | long\n3 | long\n4 | long\nFiles | files";
        write(&stage.sandbox.owner(), "form", form).await?;
        stage.idle().await?;
        let mia = stage.sandbox.member();
        let modal = stage.click(&mia, inbox).await?;
        if let Some(title) = lost {
            let lost = Fault::dropped().after_it_took_effect();
            let lost = lost.with_body(json!({"embeds": [{"title": title}]}));
            stage
                .sandbox
                .fail_next(lost.on("POST", "/channels/*/messages"))?;
        }
        let fields = (1..=4).fold(Fields::new(), |fields, number| {
            fields.text(&format!("ask:long:{number}"), &"*".repeat(1_000))
        });
        let fields = fields.upload(FILES, "a.png", "image/png", PICTURE);
        let opened = mia.submit(&modal, fields).await?;
        let ticket = linked_channel(opened.content()?)?;
        stage.idle().await?;
        let expected = [(2, vec!["a.png".to_owned()]), (3, vec![])];
        assert_eq!(stage.pages(ticket), expected, "{lost:?}");
        stage.finish().await?;
    }
    Ok(())
}
