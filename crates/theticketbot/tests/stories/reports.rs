//! *Report to staff* in a message's Apps menu.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::{Answer, Person};
use harness::linked_channel;
use serde_json::{Value, json};
use tickets::permission::{Missing, Permission};
use tickets::text::Text;

use crate::settings::{news, write};
use crate::stage::{EMBED_LINKS, Inbox, PICTURE, Result, Stage, english, here};

const REPORT: &str = "Report to staff";
const FIELD: &str = "ask:long:What is wrong with this message?";

/// An inbox that receives reports.
async fn receiving(stage: &Stage) -> Result<Inbox> {
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let saved = set_reports(&owner, &inbox.message.to_string()).await?;
    assert!(news(&saved)?.starts_with("Saved"), "{saved:?}");
    stage.idle().await?;
    Ok(inbox)
}

async fn set_reports(owner: &Person, value: &str) -> Result<Answer> {
    let options = json!({"setting": "reports"});
    let modal = owner.run("inbox settings", options).await?;
    Ok(owner
        .submit_json(&modal, json!({"template": [value]}))
        .await?)
}

/// Whether a member's Apps menu has the command.
async fn can_report(person: &Person) -> Result<bool> {
    let commands = person.commands().await?;
    Ok(commands.iter().any(|command| command["name"] == REPORT))
}

/// Noah posts a rude message.
async fn rude(stage: &Stage) -> Result<MessageId> {
    let noah = stage.sandbox.member2();
    let general = stage.sandbox.defaults().general;
    let message = noah.send(general, "You are **stupid** <@1>").await?;
    Ok(message.id())
}

async fn menu(stage: &Stage, message: MessageId) -> Result<Answer> {
    let general = stage.sandbox.defaults().general;
    let mia = stage.sandbox.member();
    Ok(mia.use_menu(REPORT, general, message).await?)
}

/// The embeds of the bot's messages that have no text.
fn pages(stage: &Stage, ticket: ChannelId) -> Vec<Vec<Value>> {
    let bot = stage.sandbox.bot_id();
    stage.sandbox.look(|look| {
        let own = look.messages(ticket).filter(|m| m.user() == Some(bot));
        let pages = own.filter(|m| m.content.is_empty() && !m.embeds.is_empty());
        pages
            .map(|m| m.embeds.iter().map(|it| json!(it)).collect())
            .collect()
    })
}

fn threads(stage: &Stage, channel: ChannelId) -> usize {
    stage.sandbox.look(|look| look.threads_of(channel).len())
}

#[tokio::test]
async fn after_a_reset_of_the_sandbox_messages_can_be_reported() -> Result {
    let stage = Stage::set().await?;
    let mia = stage.sandbox.member();
    receiving(&stage).await?;
    stage.sandbox.reset();
    stage.sandbox.wait_for_bot().await?;
    stage.idle().await?;
    // The inbox is gone, and the bot has noticed it.
    assert!(!can_report(&mia).await?);
    receiving(&stage).await?;
    assert!(can_report(&mia).await?);
    Ok(())
}

#[tokio::test]
async fn a_member_reports_a_message() -> Result {
    let stage = Stage::set().await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    assert!(!can_report(&mia).await?);
    let inbox = receiving(&stage).await?;
    assert!(can_report(&mia).await?);
    let general = stage.sandbox.defaults().general;
    let file = noah
        .upload(general, "Look", &[("rude_one.png", "image/png", PICTURE)])
        .await?;
    let modal = menu(&stage, file.id()).await?;
    let opened = mia.submit(&modal, [(FIELD, "It is *rude*")]).await?;
    let ticket = linked_channel(opened.content()?)?;
    assert_eq!(
        opened.content()?,
        english(Text::ReportOpened {
            ticket: here(ticket)
        })
    );
    stage.idle().await?;
    let first = pages(&stage, ticket);
    let [page] = &first[..] else {
        return Err(format!("one message with the report, not {first:?}").into());
    };
    assert_eq!(page[0]["title"], english(Text::ReportTitle {}));
    assert_eq!(page[0]["description"], "Look");
    let fields = page[0]["fields"].to_string();
    for wanted in [
        format!("Noah ({})", noah.id()),
        format!("<#{general}>"),
        format!("{general}/{}", file.id()),
        "rude\\\\_one.png".to_owned(),
    ] {
        assert!(fields.contains(&wanted), "{wanted} is not in {fields}");
    }
    assert_eq!(page[1]["description"], "It is \\*rude\\*");
    // The author of the reported message is not in the ticket.
    let thread = stage.thread(ticket).ok_or("it is there")?;
    assert!(thread.members.contains_key(&mia.id()));
    assert!(!thread.members.contains_key(&noah.id()));
    // The ticket waits for staff.
    let max = stage.sandbox.moderator();
    let list = max.run("ticket list", json!({})).await?;
    let list = list.content()?;
    assert!(list.contains(&ticket.to_string()), "{list}");

    // Another report goes into the same ticket, without a cooldown.
    let message = rude(&stage).await?;
    let modal = menu(&stage, message).await?;
    let added = mia.submit(&modal, [(FIELD, "")]).await?;
    let text = Text::ReportAdded {
        ticket: here(ticket),
    };
    assert_eq!(added.content()?, english(text));
    stage.idle().await?;
    let both = pages(&stage, ticket);
    assert_eq!(both.len(), 2, "{both:?}");
    let quoted = "You are \\*\\*stupid\\*\\* \\<\\@1\\>";
    assert_eq!(both[1][0]["description"], quoted);
    assert_eq!(both[1].len(), 1, "nothing was written about it");
    assert_eq!(threads(&stage, inbox.channel), 1);
    // The bot recognizes the report as its own message, so the closing adds only one message.
    max.run_in(ticket, "ticket close", json!({})).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 2, "{:?}", stage.said(ticket));
    stage.finish().await
}

/// Staff who wrote last also answer a report that is added to the ticket.
#[tokio::test]
async fn an_answer_to_an_added_report_counts() -> Result {
    let stage = Stage::set().await?;
    let inbox = receiving(&stage).await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    max.send(ticket, "Hello").await?;
    stage.idle().await?;
    let modal = menu(&stage, rude(&stage).await?).await?;
    mia.submit(&modal, [(FIELD, "")]).await?;
    stage.idle().await?;
    let list = async || max.run("ticket list", json!({})).await;
    let waits = list().await?;
    assert!(waits.content()?.contains("waiting for staff"), "{waits:?}");
    max.send(ticket, "I'll handle it").await?;
    stage.idle().await?;
    let waits = list().await?;
    assert!(!waits.content()?.contains("waiting for staff"), "{waits:?}");
    stage.finish().await
}

/// Checks a refusal that gives the member's text back.
fn assert_refused(answer: &Answer, why: Text) -> Result {
    let content = answer.content()?;
    assert!(content.starts_with(&english(why)), "{content}");
    let embeds = answer.message()?.embeds();
    assert_eq!(embeds[0]["description"], "Typed");
    Ok(())
}

#[tokio::test]
async fn a_report_that_cannot_be_is_refused_with_a_sentence() -> Result {
    let stage = Stage::set().await?;
    let inbox = receiving(&stage).await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let message = rude(&stage).await?;
    // A pause refuses the report before the modal opens and after it.
    let modal = menu(&stage, message).await?;
    write(&owner, "pause", "Not today").await?;
    let refused = menu(&stage, message).await?;
    assert!(refused.content()?.contains("Not today"), "{refused:?}");
    let refused = mia.submit(&modal, [(FIELD, "Typed")]).await?;
    assert!(refused.content()?.contains("Not today"), "{refused:?}");
    assert_eq!(refused.message()?.embeds()[0]["description"], "Typed");
    write(&owner, "pause", "").await?;

    // The modal is submitted too late, and the member gets the text back.
    let modal = menu(&stage, message).await?;
    let later = menu(&stage, rude(&stage).await?).await?;
    let expired = mia.submit(&modal, [(FIELD, "Typed")]).await?;
    assert_refused(&expired, Text::ReportExpired {})?;
    stage.sandbox.advance(Duration::from_secs(16 * 60));
    let expired = mia.submit(&later, [(FIELD, "Typed")]).await?;
    assert_refused(&expired, Text::ReportExpired {})?;

    // The member is over a limit.
    let ticket = stage.open(&mia, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let refused = menu(&stage, message).await?;
    assert!(refused.content()?.contains("next ticket"), "{refused:?}");
    stage.a_minute_passes();

    // The inbox was removed.
    let modal = menu(&stage, message).await?;
    owner.delete_message(inbox.channel, inbox.message).await?;
    stage.idle().await?;
    let refused = mia.submit(&modal, [(FIELD, "Typed")]).await?;
    assert_refused(&refused, Text::ReportInboxGone {})?;
    assert!(!can_report(&mia).await?, "the command goes with its inbox");
    assert_eq!(threads(&stage, inbox.channel), 1, "only Mia's own ticket");
    stage.finish().await
}

#[tokio::test]
async fn the_command_is_there_while_reports_go_somewhere() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = receiving(&stage).await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let message = rude(&stage).await?;
    let modal = menu(&stage, message).await?;
    stage.stop().await?;
    stage.start().await?;
    assert!(can_report(&mia).await?);
    // The bot keeps the reported message in memory only, so a restart loses it.
    let expired = mia.submit(&modal, [(FIELD, "Typed")]).await?;
    assert_refused(&expired, Text::ReportExpired {})?;
    let modal = menu(&stage, message).await?;
    let shown = set_reports(&owner, "none").await?;
    assert!(news(&shown)?.starts_with("Saved"), "{shown:?}");
    stage.idle().await?;
    assert!(!can_report(&mia).await?);
    let off = mia.submit(&modal, [(FIELD, "Typed")]).await?;
    assert_refused(&off, Text::ReportsOff {})?;
    set_reports(&owner, &inbox.message.to_string()).await?;
    stage.idle().await?;
    assert!(can_report(&mia).await?);
    stage.finish().await
}

#[tokio::test]
async fn a_server_whose_commands_are_synced_keeps_its_reports() -> Result {
    let stage = Stage::set().await?;
    let (mia, owner) = (stage.sandbox.member(), stage.sandbox.owner());
    let guild = stage.sandbox.guild_id();
    let sync = async |words: &str| {
        let mark = stage.sandbox.mark();
        let text = format!("<@{}> {words}", stage.sandbox.bot_id());
        owner.send(stage.support(), &text).await?;
        stage.idle().await?;
        let calls = stage.sandbox.calls_after(mark);
        assert!(calls.iter().any(|call| call.method == "PUT"), "{words}");
        can_report(&mia).await
    };
    receiving(&stage).await?;
    assert!(sync(&format!("sync {guild}")).await?);
    assert!(sync("sync").await?);
    set_reports(&owner, "none").await?;
    stage.idle().await?;
    assert!(!can_report(&mia).await?, "it is removed as before");
    assert!(!sync(&format!("sync {guild}")).await?);
    stage.finish().await
}

/// A report is an embed. An inbox without a form posts none otherwise.
#[tokio::test]
async fn a_report_is_refused_where_the_bot_may_not_post_embeds() -> Result {
    let stage = Stage::set().await?;
    let inbox = receiving(&stage).await?;
    let (owner, bot) = (stage.sandbox.owner(), stage.sandbox.bot_id());
    owner
        .set_member_overwrite(inbox.channel, bot, 0, EMBED_LINKS)
        .await?;
    stage.idle().await?;
    let refused = menu(&stage, rude(&stage).await?).await?;
    let missing = vec![Missing {
        channel: here(inbox.channel),
        permissions: vec![Permission::EmbedLinks],
    }];
    let text = Text::CannotOpen { missing };
    assert_eq!(refused.content()?, english(text));
    assert_eq!(threads(&stage, inbox.channel), 0);
    let list = owner.run("inbox list", json!({})).await?;
    let shown = json!(list.message()?.embeds()).to_string();
    assert!(shown.contains("Embed Links"), "{shown}");
    stage.finish().await
}
