//! Inboxes with a form: the questions before a ticket opens, and the answers.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::record::What;
use discord_sandbox::{Answer, Fault, Fields, Person};
use harness::linked_channel;
use serde_json::{Value, json};
use tickets::text::Text;

use crate::settings;
use crate::stage::{Inbox, PICTURE, Result, Stage, english, here, link};

const NAME: &str = "ask:short:What is your name?";
const WHY: &str = "ask:long:What happened?";
const FORM: &str = "What is your name? | short\nWhat happened? | long | optional";

/// Creates an inbox with these questions.
async fn asking(stage: &Stage, form: &str) -> Result<Inbox> {
    let inbox = stage.inbox().await?;
    ask(stage, form).await?;
    Ok(inbox)
}

/// Changes the questions of the only inbox.
async fn ask(stage: &Stage, form: &str) -> Result {
    let saved = settings::write(&stage.sandbox.owner(), "form", form).await?;
    assert!(settings::news(&saved)?.starts_with("Saved"), "{saved:?}");
    stage.idle().await
}

/// The thread that a response links to.
fn ticket_in(answer: &Answer) -> Result<ChannelId> {
    linked_channel(answer.content()?)
}

/// The embeds of a public message, when there is one with embeds.
async fn posted(stage: &Stage, ticket: ChannelId) -> Result<(MessageId, Vec<Value>)> {
    let bot = stage.sandbox.bot_id();
    let found = stage.sandbox.wait_until("the answers are posted", |look| {
        let mut messages = look.messages(ticket);
        let found = messages.find(|m| m.user() == Some(bot) && !m.embeds.is_empty())?;
        Some((found.id, found.embeds.iter().map(|it| json!(it)).collect()))
    });
    Ok(found.await?)
}

fn field<'a>(embeds: &'a [Value], name: &str) -> &'a str {
    let fields = embeds.iter().filter_map(|embed| embed["fields"].as_array());
    let found = fields.flatten().find(|field| field["name"] == name);
    let found = found.unwrap_or_else(|| panic!("no {name} in {embeds:#?}"));
    found["value"].as_str().expect("it is a text")
}

/// Checks that a refusal has this reason and contains Mia's answers.
fn assert_gave_back(refused: &Answer, why: Text) -> Result {
    let kept = english(Text::FormAnswersKept {});
    assert_eq!(refused.content()?, format!("{}\n\n{kept}", english(why)));
    let embeds = refused.message()?.embeds();
    assert_eq!(field(embeds, "What is your name?"), "Mia");
    Ok(())
}

async fn filled(stage: &Stage, person: &Person, inbox: Inbox) -> Result<(Answer, Fields)> {
    let modal = stage.click(person, inbox).await?;
    let fields = Fields::new().text(NAME, "Mia").text(WHY, "It *broke*");
    Ok((modal, fields))
}

#[tokio::test]
async fn the_answers_follow_the_starting_message() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let mark = stage.sandbox.mark();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    assert_eq!(modal.modal()?.inputs().len(), 2);
    assert_eq!(modal.modal()?.title(), "support");
    assert_eq!(
        stage.sandbox.calls_after(mark).len(),
        1,
        "the modal is the first response"
    );

    let mark = stage.sandbox.mark();
    let opened = mia.submit(&modal, fields).await?;
    let ticket = ticket_in(&opened)?;
    let link = Text::TicketOpened {
        ticket: here(ticket),
    };
    assert_eq!(opened.content()?, english(link));
    let (_, embeds) = posted(&stage, ticket).await?;
    assert_eq!(field(&embeds, "What is your name?"), "Mia");
    assert_eq!(embeds[1]["title"], "What happened?");
    assert_eq!(embeds[1]["description"], "It \\*broke\\*");
    stage.idle().await?;
    assert_eq!(
        stage.sandbox.calls_after(mark).len(),
        5,
        "one more than without a form"
    );
    // The starting message is above the answers.
    assert_eq!(stage.said(ticket).len(), 1);

    // The bot does not store the answers, and closing the ticket works as without a form.
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(
        stage.said(ticket).len(),
        2,
        "the starting message and the note"
    );
    stage.stop().await?;
    let database = stage.database()?.join("\n");
    assert!(!database.contains("broke"), "{database}");
    stage.finish().await
}

#[tokio::test]
async fn every_kind_of_question() -> Result {
    let stage = Stage::set().await?;
    let form = "Which rules? | some of: Spam, Insults\nSure? | yes or no\nWho was it? | member\n\
                Where? | channel | optional\nScreenshots | files | optional";
    let inbox = asking(&stage, form).await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    let modal = stage.click(&mia, inbox).await?;
    let fields = Fields::new()
        .choose("ask:some-of:Which rules?", ["Spam", "Insults"])
        .choose("ask:yes-or-no:Sure?", ["no"])
        .choose("ask:member:Who was it?", [noah.id()])
        .choose("ask:channel:Where?", [stage.support()])
        .upload("ask:files:Screenshots", "a.png", "image/png", PICTURE);
    let opened = mia.submit(&modal, fields).await?;
    let ticket = ticket_in(&opened)?;
    let (message, embeds) = posted(&stage, ticket).await?;
    assert_eq!(field(&embeds, "Which rules?"), "Spam\nInsults");
    assert_eq!(field(&embeds, "Sure?"), "No");
    assert_eq!(
        field(&embeds, "Who was it?"),
        format!("Noah ({})", noah.id())
    );
    assert_eq!(
        field(&embeds, "Where?"),
        format!("support ({})", stage.support())
    );
    assert_eq!(field(&embeds, "Screenshots"), "a.png");
    let files = stage.sandbox.look(|look| {
        let posted = look.messages(ticket).find(|it| it.id == message);
        posted.map(|it| it.attachments.len())
    });
    assert_eq!(files, Some(1));
    // A mention in an answer does not invite the member.
    stage.idle().await?;
    let thread = stage.thread(ticket).expect("it is there");
    assert!(!thread.members.contains_key(&noah.id()));
    stage.finish().await
}

#[tokio::test]
async fn a_file_that_is_too_large_or_gone_is_named() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, "Files | files").await?;
    let mia = stage.sandbox.member();
    let modal = stage.click(&mia, inbox).await?;
    let large = vec![0; 5_000_001];
    let id = "ask:files:Files";
    let fields = Fields::new()
        .upload(id, "large_one.bin", "application/octet-stream", &large)
        .upload(id, "gone.png", "image/png", PICTURE);
    let mark = stage.sandbox.mark();
    stage
        .sandbox
        .fail_next(Fault::held().on("POST", "/channels/*/threads"))?;
    mia.start_submission(&modal, fields).await?;
    let acknowledged = |entry: &discord_sandbox::record::Entry| match &entry.what {
        What::Call(call) => call.is("POST", "/interactions/*/*/callback").then_some(()),
        _ => None,
    };
    stage
        .sandbox
        .wait_for_entry("the acknowledgement", mark, acknowledged)
        .await?;
    // Discord deletes the files when the interaction's token expires.
    stage.sandbox.advance(Duration::from_secs(16 * 60));
    stage.sandbox.clear_faults();
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let (_, embeds) = posted(&stage, ticket).await?;
    let large = Text::FormFileTooLarge {
        filename: "large\\_one.bin".into(),
        limit: 5_000_000,
    };
    let gone = Text::FormFileFailed {
        filename: "gone.png".into(),
    };
    let expected = format!("{}\n{}", english(large), english(gone));
    assert_eq!(field(&embeds, "Files"), expected);
    stage.finish().await
}

#[tokio::test]
async fn answers_mention_nobody() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    let modal = stage.click(&mia, inbox).await?;
    let text = format!("<@{}> @everyone", noah.id());
    let fields = Fields::new().text(NAME, &text).text(WHY, &text);
    let opened = mia.submit(&modal, fields).await?;
    let ticket = ticket_in(&opened)?;
    let (message, embeds) = posted(&stage, ticket).await?;
    let shown = format!("\\<\\@{}\\> \\@everyone", noah.id());
    assert_eq!(field(&embeds, "What is your name?"), shown);
    stage.idle().await?;
    let pinged = stage.sandbox.look(|look| {
        let posted = look.messages(ticket).find(|it| it.id == message);
        posted.map(|it| (it.mention_everyone, it.mentions.len()))
    });
    assert_eq!(pinged, Some((false, 0)));
    let thread = stage.thread(ticket).expect("it is there");
    assert!(!thread.members.contains_key(&noah.id()));
    stage.finish().await
}

#[tokio::test]
async fn a_member_with_an_open_ticket_is_not_asked() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    let ticket = here(ticket_in(&mia.submit(&modal, fields).await?)?);
    stage.idle().await?;
    stage.a_minute_passes();
    let refused = stage.click(&mia, inbox).await?;
    assert_eq!(refused.content()?, english(Text::AlreadyOpen { ticket }));
    stage.finish().await
}

#[tokio::test]
async fn a_form_that_was_submitted_twice_opens_one_ticket() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    // One member opens the modal in two windows.
    let (first, fields) = filled(&stage, &mia, inbox).await?;
    let (second, again) = filled(&stage, &mia, inbox).await?;
    let opened = mia.start_submission(&first, fields).await?;
    let refused = mia.start_submission(&second, again).await?;
    let ticket = here(ticket_in(&mia.answer_to(opened).await?)?);
    let refused = mia.answer_to(refused).await?;
    assert_gave_back(&refused, Text::AlreadyOpen { ticket })?;
    let embeds = refused.message()?.embeds();
    assert_eq!(embeds[1]["description"], "It \\*broke\\*");
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 1);
    stage.finish().await
}

#[tokio::test]
async fn a_form_may_be_submitted_much_later_and_after_a_restart() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    stage.sandbox.advance(Duration::from_secs(14 * 60));
    stage.stop().await?;
    stage.start_without_session().await?;
    let opened = mia.submit(&modal, fields).await?;
    let (_, embeds) = posted(&stage, ticket_in(&opened)?).await?;
    assert_eq!(field(&embeds, "What is your name?"), "Mia");
    stage.finish().await
}

#[tokio::test]
async fn a_form_that_changed_meanwhile_keeps_what_still_fits() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    let changed = "Where? | short | optional\nWhat happened? | long";
    ask(&stage, changed).await?;
    let opened = mia.submit(&modal, fields).await?;
    let ticket = ticket_in(&opened)?;
    let (_, embeds) = posted(&stage, ticket).await?;
    assert_eq!(field(&embeds, "Where?"), english(Text::FormNoAnswer {}));
    assert_eq!(embeds[1]["description"], "It \\*broke\\*");
    assert!(!json!(embeds).to_string().contains("your name"));
    // The member gets back an answer that is not in the ticket.
    let link = Text::TicketOpened {
        ticket: here(ticket),
    };
    let left = english(Text::FormAnswersLeftOver {});
    assert_eq!(opened.content()?, format!("{}\n\n{left}", english(link)));
    let embeds = opened.message()?.embeds();
    assert_eq!(field(embeds, "What is your name?"), "Mia");
    stage.finish().await
}

#[tokio::test]
async fn a_new_question_that_needs_an_answer_gives_the_others_back() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    ask(&stage, "When? | short\nWhat happened? | long").await?;
    let refused = mia.submit(&modal, fields).await?;
    let missing = Text::FormAnswersMissing {
        questions: vec!["When?".into()],
        count: 1,
    };
    assert_gave_back(&refused, missing)?;
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 0);
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_that_is_deleted_meanwhile_gives_the_answers_back() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    let owner = stage.sandbox.owner();
    owner.delete_message(inbox.channel, inbox.message).await?;
    stage.idle().await?;
    let refused = mia.submit(&modal, fields).await?;
    assert_gave_back(&refused, Text::UnknownInbox {})?;
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_fails_gives_the_answers_back() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    let full = Fault::refusal(400, 160_006, "Maximum number of active threads reached");
    stage
        .sandbox
        .fail_next(full.on("POST", "/channels/*/threads"))?;
    let refused = mia.submit(&modal, fields).await?;
    assert_gave_back(&refused, Text::TooManyThreads {})?;
    stage.finish().await
}

#[tokio::test]
async fn answers_that_cannot_be_posted_are_given_back_with_the_link() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    let refusal = Fault::refusal(403, 50_013, "Missing Permissions");
    let refusal = refusal.with_body(json!({"embeds": [{}]}));
    stage
        .sandbox
        .fail_next(refusal.on("POST", "/channels/*/messages"))?;
    let submission = mia.start_submission(&modal, fields).await?;
    stage.idle().await?;
    let opened = mia.answer_to(submission).await?;
    let ticket = ticket_in(&opened)?;
    let expected = Text::TicketOpenedWithoutAnswers {
        ticket: here(ticket),
    };
    assert_eq!(opened.content()?, english(expected));
    let embeds = opened.message()?.embeds();
    assert_eq!(field(embeds, "What is your name?"), "Mia");
    stage.finish().await
}

#[tokio::test]
async fn a_mistake_in_a_form_says_the_line_and_gives_the_text_back() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let wrong = "What? | short\nWhy? | number";
    let refused = settings::write(&owner, "form", wrong).await?;
    let why = english(Text::FormLineUnknownKind {
        line: 2,
        written: "number".into(),
    });
    assert!(refused.content()?.ends_with(&why), "{refused:?}");
    let message = refused.message()?;
    let button = message.button("Edit again").ok_or("no button")?;
    let modal = owner
        .click(message.channel_id(), message.id(), button)
        .await?;
    assert_eq!(modal.modal()?.value("template"), Some(wrong));
    let corrected = "What? | short\nWhy? | lang | freiwillig";
    owner.submit(&modal, [("template", corrected)]).await?;
    stage.idle().await?;
    // The form is stored with keywords, and shown in the reader's language.
    owner.set_locale("fr").await?;
    let shown = owner
        .run("inbox settings", json!({"setting": "form"}))
        .await?;
    let expected = "What? | court\nWhy? | long | facultatif";
    assert_eq!(shown.modal()?.value("template"), Some(expected));

    // Without questions, a click opens a ticket at once.
    settings::write(&owner, "form", "").await?;
    stage.idle().await?;
    let opened = stage.click(&stage.sandbox.member(), inbox).await?;
    ticket_in(&opened)?;
    stage.finish().await
}

#[tokio::test]
async fn a_form_can_be_tried_without_opening_a_ticket() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let owner = stage.sandbox.owner();
    let id = format!("try:{}", inbox.message);
    let general = stage.sandbox.defaults().general;
    let found = stage.sandbox.wait_until("the button to try it", |look| {
        let mut messages = look.messages(general);
        let found = messages.find(|it| format!("{:?}", it.components).contains(&id))?;
        Some(found.id)
    });
    let message = found.await?;
    let modal = owner.click(general, message, &id).await?;
    assert_eq!(modal.modal()?.title(), "support");
    let fields = Fields::new().text(NAME, "Olivia").text(WHY, "_Nothing_");
    let tried = owner.submit(&modal, fields).await?;
    assert_eq!(tried.content()?, english(Text::FormTried {}));
    assert!(tried.message()?.is_ephemeral());
    let embeds = tried.message()?.embeds();
    assert_eq!(field(embeds, "What is your name?"), "Olivia");
    assert_eq!(embeds[1]["description"], "\\_Nothing\\_");
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 0);
    stage.finish().await
}

#[tokio::test]
async fn two_submissions_at_once_never_exceed_the_limit_in_all() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    settings::write(&stage.sandbox.owner(), "limit-total", "1").await?;
    let people = [stage.sandbox.member(), stage.sandbox.member2()];
    let mut submissions = Vec::new();
    for person in &people {
        let (modal, fields) = filled(&stage, person, inbox).await?;
        submissions.push((person, modal, fields));
    }
    let mut started = Vec::new();
    for (person, modal, fields) in submissions {
        started.push((person, person.start_submission(&modal, fields).await?));
    }
    let mut opened = 0;
    for (person, submission) in started {
        let answer = person.answer_to(submission).await?;
        if ticket_in(&answer).is_ok() {
            opened += 1;
        } else {
            let kept = english(Text::FormAnswersKept {});
            assert!(answer.content()?.ends_with(&kept), "{answer:?}");
            let embeds = answer.message()?.embeds();
            assert_eq!(field(embeds, "What is your name?"), "Mia");
        }
    }
    assert_eq!(opened, 1);
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 1);
    stage.finish().await
}

#[tokio::test]
async fn a_tickets_name_can_have_the_first_answer() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let owner = stage.sandbox.owner();
    owner.run("inbox new-tickets name", json!({})).await?;
    let modal = stage.select(&owner, inbox.channel, inbox.message).await?;
    let shown = format!("{:?}", modal.modal()?);
    assert!(shown.contains("$title"), "{shown}");
    let saved = owner
        .submit(&modal, [("template", "$counter $title")])
        .await?;
    // An example name uses the question in place of the answer.
    let example = Some("0001 What is your name?".to_owned());
    let inbox_link = link(&stage, inbox);
    let expected = Text::NameSaved {
        inbox: inbox_link,
        example,
    };
    assert_eq!(saved.content()?, english(expected));
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    let ticket = ticket_in(&mia.submit(&modal, fields).await?)?;
    let thread = stage.thread(ticket).expect("it is there");
    assert_eq!(thread.name, "0001 Mia");
    stage.finish().await
}

#[tokio::test]
async fn the_answers_do_not_wait_for_the_link() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    let link = Fault::held().on("PATCH", "/webhooks/*/*/messages/@original");
    stage.sandbox.fail_next(link)?;
    let submission = mia.start_submission(&modal, fields).await?;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    posted(&stage, ticket).await?;
    stage.sandbox.clear_faults();
    assert_eq!(ticket_in(&mia.answer_to(submission).await?)?, ticket);
    stage.finish().await
}

#[tokio::test]
async fn a_lost_response_posts_the_answers_once() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    let lost = Fault::dropped().after_it_took_effect();
    let lost = lost.with_body(json!({"embeds": [{}]}));
    stage
        .sandbox
        .fail_next(lost.on("POST", "/channels/*/messages"))?;
    let opened = mia.submit(&modal, fields).await?;
    let ticket = ticket_in(&opened)?;
    posted(&stage, ticket).await?;
    stage.idle().await?;
    let bot = stage.sandbox.bot_id();
    let count = stage.sandbox.look(|look| {
        let own = look.messages(ticket).filter(|it| it.user() == Some(bot));
        own.filter(|it| !it.embeds.is_empty()).count()
    });
    assert_eq!(count, 1);
    stage.finish().await
}

#[tokio::test]
async fn a_pause_that_begins_meanwhile_gives_the_answers_back() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    let message = "Back on Monday".to_owned();
    settings::write(&stage.sandbox.owner(), "pause", &message).await?;
    let refused = mia.submit(&modal, fields).await?;
    assert_gave_back(&refused, Text::Paused { message })?;
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 0);
    stage.finish().await
}

#[tokio::test]
async fn a_limit_that_is_reached_meanwhile_gives_the_answers_back() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    settings::write(&stage.sandbox.owner(), "limit-total", "1").await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    let (first, others) = filled(&stage, &noah, inbox).await?;
    ticket_in(&noah.submit(&first, others).await?)?;
    stage.idle().await?;
    let refused = mia.submit(&modal, fields).await?;
    assert_gave_back(&refused, Text::InboxFull {})?;
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 1);
    stage.finish().await
}

#[tokio::test]
async fn a_form_that_is_removed_meanwhile_gives_the_answers_back_with_the_link() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    let mia = stage.sandbox.member();
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    ask(&stage, "").await?;
    let opened = mia.submit(&modal, fields).await?;
    let ticket = ticket_in(&opened)?;
    let link = english(Text::TicketOpened {
        ticket: here(ticket),
    });
    let heading = english(Text::FormAnswersLeftOver {});
    assert_eq!(opened.content()?, format!("{link}\n\n{heading}"));
    let embeds = opened.message()?.embeds();
    assert_eq!(field(embeds, "What is your name?"), "Mia");
    stage.idle().await?;
    let embeds = stage.sandbox.look(|look| {
        let messages = look.messages(ticket);
        messages.map(|it| it.embeds.len()).sum::<usize>()
    });
    assert_eq!(embeds, 0, "nothing but the starting message");
    stage.finish().await
}

#[tokio::test]
async fn nobody_fills_in_the_form_of_a_full_inbox() -> Result {
    let stage = Stage::set().await?;
    let inbox = asking(&stage, FORM).await?;
    settings::write(&stage.sandbox.owner(), "limit-total", "1").await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    let (modal, fields) = filled(&stage, &mia, inbox).await?;
    let ticket = ticket_in(&mia.submit(&modal, fields).await?)?;
    stage.idle().await?;
    let mark = stage.sandbox.mark();
    let refused = stage.click(&noah, inbox).await?;
    assert_eq!(refused.content()?, english(Text::InboxFull {}));
    assert_eq!(stage.sandbox.calls_after(mark).len(), 1);
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let modal = stage.click(&noah, inbox).await?;
    assert_eq!(modal.modal()?.inputs().len(), 2);
    stage.finish().await
}
