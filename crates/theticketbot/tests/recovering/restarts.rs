//! What the bot does when it starts after a crash.

use std::time::Duration;

use discord_sandbox::Fault;
use discord_sandbox::id::InteractionId;
use discord_sandbox::record::What;
use harness::{How, Inbox, Result, Stage};
use serde_json::json;
use theticketbot::store::{Begin, Begun, Entry, Scope, Work};
use theticketbot::translate::{Language, say};
use tickets::opening::{Opening, Order};
use tickets::text::Text;
use tickets::{GuildId, InboxId, Timestamp, UserId};

use crate::{
    FOR_EVER, english, has_one_ticket, links_to_a_ticket, nothing_is_unfinished, restore,
    stage_with_inbox,
};

/// An opening from a run long ago: its token has expired.
#[tokio::test]
async fn an_old_opening_ends_without_a_response() -> Result {
    const OLD: &str = "expired";
    let (mut stage, inbox) = stage_with_inbox().await?;
    stage.stop().await?;
    let guild = GuildId(stage.sandbox.guild_id().0);
    let owner = UserId(stage.sandbox.member().id().0);
    let channel = tickets::ChannelId(inbox.channel.0);
    let begin = Begin {
        id: 1,
        inbox: InboxId(inbox.message.0),
        guild,
        owner,
        at: Timestamp(0),
        limit: 1,
        limit_total: 0,
        limit_server: 0,
        not_open: Vec::new(),
        moved: None,
    };
    let order = Order {
        interaction: 1,
        guild,
        inbox: InboxId(inbox.message.0),
        home: channel,
        parent: channel,
        owner,
        username: "mia".to_owned(),
        name: "a name that no thread has".to_owned(),
        number: 1,
        starter: "Hello".to_owned(),
        begun_at: Timestamp(0),
        answers: Vec::new(),
        left_over: Vec::new(),
        pages: Vec::new(),
        files: Vec::new(),
        is_report: false,
        moved: None,
        hide_after: None,
        has_button: false,
        opener: None,
        is_silent: false,
        named: Vec::new(),
        notice: None,
    };
    let entry = Entry {
        id: 1,
        guild,
        token: OLD.to_owned(),
        locale: "en-US".to_owned(),
        begun_at: Timestamp(0),
        work: Work::Opening(Box::new(Opening::new(order).as_written())),
    };
    let store = stage.bot.home.store()?;
    let outcome = store.begin_opening(begin, Box::new(|_| entry)).await?;
    assert!(matches!(outcome, Begun::Begun(_)), "{outcome:?}");
    drop(store);
    let mark = stage.sandbox.mark();
    stage.start().await?;
    stage.idle().await?;
    assert_eq!(stage.threads(inbox.channel)?.len(), 0);
    let told = stage.sandbox.calls_after(mark).into_iter();
    assert_eq!(told.filter(|call| call.path.contains(OLD)).count(), 0);
    nothing_is_unfinished(&mut stage, inbox).await
}

#[tokio::test]
async fn a_thread_that_was_archived_meanwhile_is_found() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let mia = stage.sandbox.member();
    // The archive has more threads than the bot searches for.
    for person in stage.sandbox.crowd("earlier", 3)? {
        stage.open_ticket(&person, inbox).await?;
    }
    let lost = Fault::slow(FOR_EVER).after_it_took_effect();
    stage
        .sandbox
        .fail_next(lost.on("POST", "/channels/*/threads"))?;
    stage.start_click(&mia, inbox).await?;
    stage.faults_met().await?;
    stage.kill().await?;
    stage.sandbox.advance(Duration::from_secs(8 * 24 * 3600));
    let threads = stage.threads(inbox.channel)?;
    assert_eq!(threads.iter().filter(|thread| thread.archived).count(), 4);

    stage.start().await?;
    stage.idle().await?;
    let mut threads = stage.threads(inbox.channel)?;
    threads.retain(|thread| !thread.archived);
    let [open] = &threads[..] else {
        panic!("it is woken: {threads:?}");
    };
    assert_eq!(stage.said(open.id)?.len(), 1, "one starting message");
    assert!(open.members.contains_key(&mia.id()), "its owner is in it");
    nothing_is_unfinished(&mut stage, inbox).await
}

/// Staff have locked a thread that they did not recognize: members can no longer be invited.
#[tokio::test]
async fn a_thread_that_was_locked_meanwhile_is_rolled_back() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let mia = stage.sandbox.member();
    let lost = Fault::slow(FOR_EVER).after_it_took_effect();
    stage
        .sandbox
        .fail_next(lost.on("POST", "/channels/*/threads"))?;
    let click = stage.start_click(&mia, inbox).await?;
    stage.faults_met().await?;
    stage.kill().await?;
    let thread = stage.threads(inbox.channel)?[0].id;
    let locked = Fault::refusal(400, 160_005, "Thread is locked").times(3);
    stage
        .sandbox
        .fail_next(locked.on("POST", &format!("/channels/{thread}/messages")))?;
    stage.start().await?;
    stage.idle().await?;
    assert_eq!(stage.threads(inbox.channel)?.len(), 0);
    let answer = mia.answer_to(click).await?;
    assert!(answer.content()?.contains("try again"), "{answer:?}");
    nothing_is_unfinished(&mut stage, inbox).await
}

/// A stage whose bot was killed while it posted the inbox *Billing*, and the click that asked for it.
async fn killed_while_posting() -> Result<(Stage, Inbox, InteractionId)> {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let (owner, support) = (stage.sandbox.owner(), inbox.channel);
    let source = owner.send(support, "Questions about bills").await?.id();
    let options = json!({"channel": support, "name": "Billing"});
    owner.run("inbox create", options).await?;
    let lost = Fault::slow(FOR_EVER).after_it_took_effect();
    let posting = format!("/channels/{support}/messages");
    stage.sandbox.fail_next(lost.on("POST", &posting))?;
    let select = "Select this message";
    let selected = owner.start_menu(select, support, source).await?;
    stage.faults_met().await?;
    stage.kill().await?;
    Ok((stage, inbox, selected))
}

/// Starts the bot. Its first response fails, also when the call is retried.
async fn start_without_response(stage: &mut Stage) -> Result {
    let failing = Fault::refusal(503, 0, "Service Unavailable").times(5);
    let response = "/webhooks/*/*/messages/@original";
    stage.sandbox.fail_next(failing.on("PATCH", response))?;
    stage.start().await?;
    stage.idle().await?;
    Ok(())
}

/// The bot is killed while it posts an inbox, and another inbox takes the name before the next start.
#[tokio::test]
async fn an_inbox_that_has_lost_its_name_is_not_made() -> Result {
    let (mut stage, inbox, selected) = killed_while_posting().await?;
    let (owner, support) = (stage.sandbox.owner(), inbox.channel);
    let store = stage.bot.home.store()?;
    let scope = Scope::Inbox(InboxId(inbox.message.0));
    let name = Some("billing".to_owned());
    store.set_setting(scope, "name", name).await?;
    drop(store);
    start_without_response(&mut stage).await?;
    let refused = owner.answer_so_far(selected).await?;
    let written = "Billing".to_owned();
    assert_eq!(refused.content()?, english(Text::NameTaken { written }));
    let own = stage.own_messages(support)?;
    let posted = own.iter().filter(|message| !message.embeds.is_empty());
    let posted: Vec<_> = posted.map(|message| message.id).collect();
    assert_eq!(posted, [inbox.message]);
    nothing_is_unfinished(&mut stage, inbox).await
}

/// The same for an inbox that is made: the response is retried, and says so.
#[tokio::test]
async fn a_response_about_a_posted_inbox_is_retried() -> Result {
    let (mut stage, inbox, selected) = killed_while_posting().await?;
    let (owner, support) = (stage.sandbox.owner(), inbox.channel);
    start_without_response(&mut stage).await?;
    let created = owner.answer_so_far(selected).await?;
    let posted = stage.own_messages(support)?.last().map(|it| it.id);
    let posted = posted.ok_or("it is posted")?.to_string();
    assert!(created.content()?.contains(&posted), "{created:?}");
    nothing_is_unfinished(&mut stage, inbox).await
}

/// The bot is killed after it has deferred a response that replaces an overview. The overview stays.
#[tokio::test]
async fn an_overview_stays_if_its_menu_is_interrupted() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let owner = stage.sandbox.owner();
    let panel = owner.run("inbox settings", json!({})).await?;
    let panel = panel.message()?;
    let menus = panel.components();
    let menu = menus.iter().find_map(|menu| {
        let mut options = menu["options"].as_array()?.iter();
        let values = options.find_map(|it| it["value"].as_str().filter(|it| it.contains('=')));
        Some((menu["custom_id"].as_str()?, values?))
    });
    let (menu, switch) = menu.ok_or("no menu has a switch")?;
    // The next start has no names of channels yet.
    stage.stop().await?;
    stage.start().await?;
    stage.idle().await?;
    let names = Fault::slow(FOR_EVER).on("GET", "/guilds/*/channels");
    stage.sandbox.fail_next(names)?;
    let mark = stage.sandbox.mark();
    owner
        .start_choice(panel.channel_id(), panel.id(), menu, &[switch])
        .await?;
    stage.faults_met().await?;
    stage
        .sandbox
        .wait_for_entry("the response is deferred", mark, |entry| {
            match &entry.what {
                What::Call(call) if call.request["type"] == 6 => Some(()),
                _ => None,
            }
        })
        .await?;
    stage.kill().await?;
    stage.start().await?;
    stage.idle().await?;
    let private = stage.sandbox.look(|look| {
        let all = look.messages(panel.channel_id());
        let private = all.filter(|it| it.ephemeral_to == Some(owner.id()));
        let shown = private.map(|it| (it.content.clone(), it.embeds.len()));
        shown.collect::<Vec<_>>()
    });
    let interrupted = (english(Text::Interrupted {}), 0);
    assert_eq!(private, [(panel.content().to_owned(), 1), interrupted]);
    nothing_is_unfinished(&mut stage, inbox).await
}

#[tokio::test]
async fn after_a_restart_a_member_still_reads_their_own_language() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let mia = stage.sandbox.member();
    mia.set_locale("de").await?;
    let lost = Fault::slow(FOR_EVER).on("POST", "/channels/*/threads");
    stage.sandbox.fail_next(lost)?;
    let click = stage.start_click(&mia, inbox).await?;
    stage.faults_met().await?;
    stage.kill().await?;
    stage.start().await?;
    stage.idle().await?;
    has_one_ticket(&stage, inbox, &mia)?;
    let ticket = tickets::ChannelId(stage.threads(inbox.channel)?[0].id.0);
    let german = say(Text::TicketOpened { ticket }, Language::of("de"));
    assert_eq!(mia.answer_to(click).await?.content()?, german);
    nothing_is_unfinished(&mut stage, inbox).await
}

/// The recorded time is in the future, because the host's clock was set back.
#[tokio::test]
async fn a_clock_that_was_set_back_keeps_nothing_waiting() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let mia = stage.sandbox.member();
    // The clock of the sandbox, and so the click's id, is a day ahead of the bot's clock.
    stage.sandbox.advance(Duration::from_secs(24 * 3600));
    let lost = Fault::slow(FOR_EVER).on("POST", "/channels/*/threads");
    stage.sandbox.fail_next(lost)?;
    let click = stage.start_click(&mia, inbox).await?;
    stage.faults_met().await?;
    stage.kill().await?;
    stage.start().await?;
    stage.idle().await?;
    links_to_a_ticket(&mia.answer_to(click).await?)?;
    has_one_ticket(&stage, inbox, &mia)?;
    nothing_is_unfinished(&mut stage, inbox).await
}

/// The host restores a backup that is older than these tickets.
#[tokio::test]
async fn tickets_that_a_restored_backup_lacks_are_found_again() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    let before = stage.open_ticket(&noah, inbox).await?;
    stage.idle().await?;
    let backup = stage.bot.home.folder().join("backup.db");
    stage.bot.home.back_up(&backup)?;
    let since = stage.open_ticket(&mia, inbox).await?;
    stage.idle().await?;
    restore(&mut stage, &backup).await?;
    let found = crate::stored(&stage, since).await?;
    assert_eq!(found.owner, Some(UserId(mia.id().0)));
    for (person, ticket) in [(mia, since), (noah, before)] {
        person.leave(ticket).await?;
        stage.idle().await?;
        assert!(crate::is_closed(&stage, ticket)?, "{ticket}");
        assert_eq!(
            stage.said(ticket)?.len(),
            2,
            "a starting message and a note"
        );
    }
    nothing_is_unfinished(&mut stage, inbox).await
}

/// The same with a separate process that the system kills.
#[test]
fn a_process_that_is_killed_is_followed_by_one_that_goes_on() -> Result {
    harness::bot::be_the_bot_if_asked()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(kill_a_process())
}

async fn kill_a_process() -> Result {
    let how = How::Child("restarts::a_process_that_is_killed_is_followed_by_one_that_goes_on");
    let mut stage = Stage::new(how).await?;
    stage.start().await?;
    let inbox = stage.create_inbox().await?;
    let mia = stage.sandbox.member();
    let held = Fault::slow(FOR_EVER).on("POST", "/channels/*/messages");
    stage.sandbox.fail_next(held)?;
    stage.start_click(&mia, inbox).await?;
    stage.faults_met().await?;
    stage.kill().await?;
    stage.start().await?;
    stage.idle().await?;
    has_one_ticket(&stage, inbox, &mia)?;
    nothing_is_unfinished(&mut stage, inbox).await
}
