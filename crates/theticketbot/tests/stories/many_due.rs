//! Many tickets fall due at once, as after an outage.

use std::time::Duration;

use discord_sandbox::Look;
use discord_sandbox::id::ChannelId;
use serde_json::json;
use theticketbot::discord::Message;
use theticketbot::store::Store;
use tickets::text::Text;
use tickets::ticket::{Phase, Presence, State, Ticket};
use tickets::{GuildId, UserId};

use crate::stage::{Result, Stage, english, here, user};

/// More than the bot looks at at once.
const MANY: u32 = 2_100;

/// Some seconds' work.
const SOME: usize = 200;

/// A ticket whose snooze is over, and nothing more is known of it.
async fn snoozed(store: &Store, guild: GuildId, thread: tickets::ChannelId, by: UserId) -> Result {
    let ticket = Ticket {
        id: thread,
        guild,
        inbox: None,
        owner: None,
        state: State {
            presence: Presence::Present,
            phase: Phase::Open,
        },
        own_message: None,
        claimed_by: None,
        hidden_since: None,
        is_alone: false,
    };
    store.adopt_ticket(ticket).await?;
    let until = thread.created_at().plus(60_000);
    Ok(store.snooze(thread, until, by).await?)
}

/// Many more tickets like this one.
fn multiply(stage: &Stage, ticket: tickets::ChannelId) -> Result {
    let conn = rusqlite::Connection::open(stage.database_file())?;
    conn.execute_batch(&format!(
        "BEGIN;
         CREATE TEMP TABLE more AS WITH RECURSIVE more (number) AS
             (SELECT 1 UNION ALL SELECT number + 1 FROM more WHERE number < {MANY})
             SELECT number FROM more;
         INSERT INTO channel SELECT id + number, guild_id FROM channel, more WHERE id = {ticket};
         INSERT INTO ticket (id, presence, phase)
             SELECT id + number, presence, phase FROM ticket, more WHERE id = {ticket};
         INSERT INTO waiting (ticket_id, for_staff, since_id, seen_id, due_at, snoozed_until,
                 snoozed_by)
             SELECT ticket_id + number, for_staff, since_id, seen_id, due_at, snoozed_until,
                 snoozed_by
             FROM waiting, more WHERE ticket_id = {ticket};
         COMMIT;"
    ))?;
    Ok(())
}

/// How many of these threads have more than the bot's first message.
fn pinged(look: &Look<'_>, threads: &[ChannelId]) -> usize {
    let bot = Some(look.defaults().bot);
    let has_more = |thread: &&ChannelId| {
        let own = look.messages(**thread).filter(|it| it.user() == bot);
        own.count() > 1
    };
    threads.iter().filter(has_more).count()
}

#[tokio::test]
async fn a_server_without_the_bot_keeps_no_other_waiting() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    max.run_in(ticket, "ticket snooze", json!({"for": "1h"}))
        .await?;
    stage.stop().await?;
    let store = stage.store()?;
    let newer = tickets::ChannelId(ticket.0 + 1);
    snoozed(&store, GuildId(1), newer, UserId(2)).await?;
    drop(store);
    multiply(&stage, newer)?;
    stage.start().await?;
    stage.hours_pass(2).await?;
    let by = user(max.id());
    stage
        .says(ticket, &english(Text::SnoozeEnded { by }))
        .await?;
    stage.finish().await
}

#[tokio::test]
async fn a_click_does_not_wait_for_what_is_due() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    stage.stop().await?;
    let (discord, parent) = (stage.discord(), here(inbox.channel));
    let store = stage.store()?;
    let guild = GuildId(stage.sandbox.guild_id().0);
    let mut threads = Vec::new();
    for number in 0..SOME {
        let name = format!("No. {number}");
        let thread = discord.create_thread(parent, &name, 1440, String::new());
        let thread = thread.await?;
        let text = Message::text("Hello".to_owned());
        discord.send(thread, &text).await?;
        snoozed(&store, guild, thread, user(max.id())).await?;
        threads.push(ChannelId(thread.0));
    }
    drop(store);
    stage.start().await?;
    stage.idle().await?;
    let sandbox = &stage.sandbox;
    sandbox.advance(Duration::from_secs(60 * 60));
    // The bot learns of it by the next response of Discord.
    max.run("ticket help", json!({})).await?;
    let begun = sandbox.wait_until("some are pinged", |look| {
        (pinged(look, &threads) >= 5).then_some(())
    });
    begun.await?;
    stage.open(&mia, inbox).await?;
    let by_then = sandbox.look(|look| pinged(look, &threads));
    assert!(by_then < SOME, "the click waited for all of them");
    for so_far in (by_then..=SOME).step_by(20) {
        let more = sandbox.wait_until("some more are pinged", |look| {
            (pinged(look, &threads) >= so_far).then_some(())
        });
        more.await?;
    }
    stage.idle().await?;
    // Each once.
    assert!(threads.iter().all(|thread| stage.said(*thread).len() == 2));
    stage.finish().await
}
