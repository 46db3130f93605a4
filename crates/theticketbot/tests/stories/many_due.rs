//! Many tickets become due at once, for example after an outage.

use std::time::{Duration, Instant};

use discord_sandbox::id::{ChannelId, GuildId as SandboxGuild};
use discord_sandbox::world::MoreGuilds;
use discord_sandbox::{Fault, Limits, Sandbox};
use serde_json::{Value, json};
use theticketbot::store::Store;
use tickets::text::Text;
use tickets::ticket::{Phase, Presence, State, Ticket};
use tickets::{GuildId, UserId};

use crate::stage::{Result, Stage, english, here, user};

/// More tickets than the bot checks at once.
const MANY: u32 = 2_100;

/// Work for some seconds. `DUE_TICKETS=10000` is what a large bot can have after an outage; with
/// `--nocapture`, the test prints the times.
const SOME: usize = 200;

/// A server can have 1,000 active threads.
const IN_ONE_SERVER: usize = 900;

/// A ticket whose snooze has ended. Nothing else is stored about its waiting.
async fn snoozed(
    store: &Store,
    guild: GuildId,
    thread: tickets::ChannelId,
    owner: Option<UserId>,
    by: UserId,
) -> Result {
    let ticket = Ticket {
        id: thread,
        guild,
        inbox: None,
        owner,
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

/// Adds many copies of this ticket.
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

/// The channels for tickets: `#support`, and a channel in each other server.
async fn places(sandbox: &Sandbox) -> Result<Vec<(SandboxGuild, ChannelId)>> {
    let home = sandbox.guild_id();
    let view = sandbox.owner().view().await?;
    let guilds = view["guilds"].as_array().ok_or("servers")?;
    let id = |value: &Value| value.as_str().and_then(|id| id.parse().ok());
    let others = guilds.iter().filter_map(|guild| {
        let (guild, channel) = (id(&guild["id"])?, id(&guild["channels"][0]["id"])?);
        Some((SandboxGuild(guild), ChannelId(channel)))
    });
    let others = others.filter(|(guild, _)| *guild != home);
    let support = (home, sandbox.defaults().support);
    Ok(std::iter::once(support).chain(others).collect())
}

/// Waits until at most `left` threads, sorted by age, have no message of the bot.
async fn pinged(sandbox: &Sandbox, threads: &mut Vec<ChannelId>, left: usize) -> Result {
    const PATIENCE: Duration = Duration::from_secs(60);
    let bot = Some(sandbox.bot_id());
    let begun = Instant::now();
    loop {
        let waited = sandbox.wait_until("more are pinged", |look| {
            while threads
                .last()
                .is_some_and(|last| look.messages(*last).any(|it| it.user() == bot))
            {
                threads.pop();
            }
            (threads.len() <= left).then_some(())
        });
        match waited.await {
            Err(_) if begun.elapsed() < PATIENCE => {}
            waited => return Ok(waited?),
        }
    }
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
    snoozed(&store, GuildId(1), newer, None, UserId(2)).await?;
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
#[expect(clippy::print_stdout, reason = "it is shown with --nocapture")]
async fn a_click_does_not_wait_for_what_is_due() -> Result {
    let many = match std::env::var("DUE_TICKETS") {
        Ok(many) => many.parse()?,
        Err(_) => SOME,
    };
    let builder = Sandbox::builder()
        .limits(Limits::Discord)
        .more_guilds(MoreGuilds {
            count: u32::try_from(many / IN_ONE_SERVER)?,
            channels: 1,
            roles: 0,
        });
    let mut stage = Stage::on(builder.start().await?).await?;
    let inbox = stage.inbox().await?;
    let (owner, max) = (stage.sandbox.owner(), stage.sandbox.moderator());
    let mut all = Vec::new();
    for (guild, channel) in places(&stage.sandbox).await? {
        let count = u32::try_from(IN_ONE_SERVER.min(many - all.len()))?;
        for thread in owner.create_threads(channel, "Due", true, count).await? {
            owner.send(thread.id(), "Hello?").await?;
            all.push((GuildId(guild.0), thread.id()));
        }
        stage.idle().await?;
    }
    assert_eq!(all.len(), many);
    stage.stop().await?;
    let store = stage.store()?;
    for (guild, thread) in &all {
        let by = user(owner.id());
        snoozed(&store, *guild, here(*thread), Some(by), by).await?;
    }
    drop(store);
    stage.start().await?;
    stage.idle().await?;
    let all: Vec<_> = all.into_iter().map(|(_, thread)| thread).collect();
    let sandbox = &stage.sandbox;
    // The last one is sent only after the clicks, so a click that waited for all of them would fail.
    let last = format!("/channels/{}/messages", all[0]);
    sandbox.fail_next(Fault::held().on("POST", &last))?;
    sandbox.advance(Duration::from_secs(60 * 60));
    // Discord's next response tells the bot the new time.
    max.run("ticket help", json!({})).await?;
    let mut threads = all.clone();
    let begun = Instant::now();
    pinged(sandbox, &mut threads, many - 5).await?;
    println!("the first after {:?}", begun.elapsed());
    let begun = Instant::now();
    let (mut calls, mut refused) = (0, 0);
    let people = sandbox.crowd("fan", 10)?;
    for person in &people {
        let clicked = Instant::now();
        stage.open(person, inbox).await?;
        let took = clicked.elapsed();
        let left = threads.len();
        println!(
            "{left} left after {:?}; a click took {took:?}",
            begun.elapsed()
        );
        let next = left.saturating_sub(many / people.len() - 1).max(1);
        for left in (next..left).rev().step_by(20).chain([next]) {
            let mark = sandbox.mark();
            pinged(sandbox, &mut threads, left).await?;
            let some = sandbox.calls_after(mark);
            calls += some.len();
            refused += some.iter().filter(|call| call.status == 429).count();
        }
    }
    sandbox.clear_faults();
    pinged(sandbox, &mut threads, 0).await?;
    println!(
        "all after {:?}, with {calls} calls, {refused} refused",
        begun.elapsed()
    );
    assert_eq!(refused, 0, "within Discord's limits");
    stage.idle().await?;
    // Each ticket has one message.
    assert!(all.iter().all(|thread| stage.said(*thread).len() == 1));
    stage.finish().await
}
