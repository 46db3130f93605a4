//! Opens and closes as many tickets as requested, as fast as possible. This shows whether the bot's memory
//! stays flat, and whether it ever exceeds a Discord limit. No call fails here, and closed tickets are not
//! deleted.

use std::time::{Duration, Instant};

use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::{Limits, Person, Sandbox};
use harness::bot::Program;
use harness::{BUTTON, Bot, Home, How, linked_channel};
use tokio::task::JoinSet;

use crate::measure::Usage;
use crate::play::admin::create_inbox;
use crate::report::Tickets;

/// Tickets that are opened or closed at the same time: twice as many as Discord's fifty calls a second allow
/// if each call takes a quarter of a second.
const AT_ONCE: usize = 12;

/// The time between two tickets of one person.
const COOLDOWN: Duration = Duration::from_secs(61);

/// Opens and closes this many tickets, and reports its progress.
pub async fn run(
    how: How,
    people: u32,
    tickets: u64,
    every: u64,
    mut tell: impl FnMut(Tickets),
) -> Result<(), String> {
    // With Discord's own windows, only fifty tickets in five minutes could be opened.
    let limits = Limits::Faster(100);
    let sandbox = Sandbox::builder().oracle(false).limits(limits).start();
    let sandbox = sandbox.await;
    let sandbox = sandbox.map_err(|error| error.to_string())?;
    let people = sandbox.crowd("person", people);
    let people = people.map_err(|error| error.to_string())?;
    let sandbox = std::sync::Arc::new(sandbox);
    let home = Home::on(&sandbox).map_err(|error| error.to_string())?;
    let mut bot = Bot::new(how, home);
    bot.start().await.map_err(|error| error.to_string())?;
    sandbox.wait_for_bot().await.map_err(|e| e.to_string())?;
    let support = sandbox.defaults().support;
    let made = create_inbox(&sandbox.owner(), support, None).await;
    made.map_err(|error| error.to_string())?;
    let inbox = sandbox
        .look(|look| look.newest_message(support).map(|message| message.id))
        .ok_or("there is no inbox")?;
    let usage = |bot: &Bot| {
        let pid = bot.program().map(Program::pid);
        pid.and_then(Usage::of).unwrap_or_default()
    };
    let (mut done, mut last) = (0, (Instant::now(), usage(&bot).cpu, 0));
    let mut row = |bot: &Bot, done: u64| {
        let usage = usage(bot);
        tell(Tickets {
            tickets: done,
            usage,
            since: last.0.elapsed(),
            cpu: usage.cpu.saturating_sub(last.1),
            of: done - last.2,
            database: database_size(bot) / 1024,
            sandbox: Usage::of(std::process::id()).unwrap_or_default().memory,
        });
        last = (Instant::now(), usage.cpu, done);
    };
    row(&bot, 0);
    let mut running = JoinSet::new();
    let mut mark = 0;
    while done < tickets {
        for person in &people {
            if running.len() == AT_ONCE {
                finished(&mut running).await?;
                mark = no_limit_exceeded(&sandbox, mark)?;
                done += 1;
                if done % every == 0 {
                    row(&bot, done);
                }
            }
            if done + running.len() as u64 >= tickets {
                break;
            }
            let (sandbox, person) = (sandbox.clone(), person.clone());
            running.spawn(async move { one(&sandbox, &person, support, inbox).await });
        }
        while !running.is_empty() {
            finished(&mut running).await?;
            mark = no_limit_exceeded(&sandbox, mark)?;
            done += 1;
            if done % every == 0 {
                row(&bot, done);
            }
        }
        sandbox.advance(COOLDOWN);
    }
    let errors = bot.log().take_errors();
    bot.stop().await.map_err(|error| error.to_string())?;
    match errors.first() {
        Some(error) => Err(format!("the bot logged {} errors: {error}", errors.len())),
        None => Ok(()),
    }
}

/// The size of the database in bytes.
fn database_size(bot: &Bot) -> u64 {
    let file = std::fs::metadata(bot.home.database_file());
    file.map_or(0, |file| file.len())
}

/// Fails if the bot exceeded a limit. The record keeps only its newest entries, so it is checked after each
/// ticket. Returns the mark from which to continue.
fn no_limit_exceeded(sandbox: &Sandbox, mark: u64) -> Result<u64, String> {
    let next = sandbox.mark();
    let calls = sandbox.calls_after(mark);
    match calls.iter().find(|call| call.status == 429) {
        Some(call) => Err(format!("a limit was exceeded: {call:?}")),
        None => Ok(next),
    }
}

async fn finished(running: &mut JoinSet<Result<(), String>>) -> Result<(), String> {
    match running.join_next().await {
        Some(one) => one.map_err(|error| error.to_string())?,
        None => Ok(()),
    }
}

/// One ticket, from the click until it is locked.
async fn one(
    sandbox: &Sandbox,
    person: &Person,
    inbox: ChannelId,
    message: MessageId,
) -> Result<(), String> {
    let told = |error: discord_sandbox::Error| error.to_string();
    let answer = person.click(inbox, message, BUTTON).await.map_err(told)?;
    let answer = answer.message().map_err(told)?.id();
    // If the member has to wait, the response says so until the bot edits the link into it.
    let ticket = sandbox
        .wait_until("the link", |look| {
            let mut messages = look.messages(inbox).rev();
            let link = messages.find(|message| message.id == answer)?;
            linked_channel(&link.content).ok()
        })
        .await
        .map_err(told)?;
    let me = person.id();
    sandbox
        .wait_until("the owner is invited", |look| {
            look.is_in_thread(ticket, me).then_some(())
        })
        .await
        .map_err(told)?;
    person.leave(ticket).await.map_err(told)?;
    sandbox
        .wait_until("the ticket is closed", |look| {
            let thread = look.thread(ticket)?;
            (thread.archived && thread.locked).then_some(())
        })
        .await
        .map_err(told)
}
