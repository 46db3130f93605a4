//! A SIGKILL before or after every single call to Discord and every commit of the database, on the
//! way of each story below: after the next start nothing is lost, doubled or stuck.
//!
//! The steps are not listed here: each story is first run undisturbed and recorded, and then once
//! for each moment of the record. So a new step is covered by itself. `cargo test --test kill_points
//! -- --nocapture` prints what came of each.
#![cfg(unix)]
#![expect(
    clippy::print_stdout,
    reason = "the table is what a reader wants to see"
)]

mod process;
mod stage;

use std::collections::BTreeSet;

use futures_util::StreamExt;
use futures_util::stream::iter;

use process::Point;
use stage::{Run, Story};

type Result<T = (), E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// The test that is the bot when this program is started by itself.
const CHILD: &str = "a_click";

/// Runs at the same time.
const AT_ONCE: usize = 3;

#[test]
fn a_click() -> Result {
    process::be_the_bot_if_told()?;
    survives(Story::Opening)
}

#[test]
fn a_click_that_discord_refuses() -> Result {
    survives(Story::Refusal)
}

#[test]
fn a_ticket_that_nobody_can_be_invited_to() -> Result {
    survives(Story::Undoing)
}

#[test]
fn a_ticket_that_cannot_be_undone_at_once() -> Result {
    survives(Story::UndoingLater)
}

#[test]
fn a_click_by_whom_has_had_a_ticket_before() -> Result {
    survives(Story::OpeningAgain)
}

#[test]
fn an_owner_who_leaves() -> Result {
    survives(Story::Leaving)
}

#[test]
fn a_ticket_that_staff_archives() -> Result {
    survives(Story::Archiving)
}

#[test]
fn a_ticket_that_staff_reopens() -> Result {
    survives(Story::Reopening)
}

#[test]
fn an_inbox_that_is_made() -> Result {
    survives(Story::Inbox)
}

#[test]
fn an_inboxs_message_that_is_replaced() -> Result {
    survives(Story::Replacing)
}

/// The bot that starts after such a death can die like it.
#[test]
fn a_recovery() -> Result {
    runtime()?.block_on(async {
        let first = Story::Opening.recorded().await?;
        let mut points = Vec::new();
        let mut seen = BTreeSet::new();
        let runs = Point::all_of(&first.moments)
            .into_iter()
            .map(|point| async {
                let run = Story::Opening.run(std::slice::from_ref(&point)).await?;
                Ok::<_, Box<dyn std::error::Error + Send + Sync>>((point, run))
            });
        let runs: Vec<_> = iter(runs).buffered(AT_ONCE).collect().await;
        let idle: BTreeSet<_> = Point::all_of(&first.recovery).into_iter().collect();
        for run in runs {
            let (point, run) = run?;
            // What every start does is nothing to interrupt.
            let seconds: Vec<_> = Point::all_of(&run.recovery)
                .into_iter()
                .filter(|second| !idle.contains(second))
                .collect();
            // Recoveries that do the same are interrupted once.
            let steps: BTreeSet<_> = seconds.iter().cloned().collect();
            if seen.insert(steps) {
                points.extend(
                    seconds
                        .into_iter()
                        .map(|second| vec![point.clone(), second]),
                );
            }
        }
        println!(
            "{} ways to recover, {} kill points in them",
            seen.len(),
            points.len()
        );
        assert!(seen.len() > 1, "{seen:?}");
        tried(Story::Opening, points).await
    })
}

/// Whatever the moment at which the bot dies in it, the story ends well.
fn survives(story: Story) -> Result {
    runtime()?.block_on(async {
        let record = story.recorded().await?;
        assert!(
            !record.moments.is_empty(),
            "there is something to interrupt"
        );
        let points = Point::all_of(&record.moments)
            .into_iter()
            .map(|point| vec![point]);
        tried(story, points.collect()).await
    })
}

/// Runs the story once with each of these deaths.
async fn tried(story: Story, deaths: Vec<Vec<Point>>) -> Result {
    let runs = iter(deaths).map(|points| async move {
        let mut run = story.run(&points).await;
        for _ in 0..2 {
            if run.as_ref().is_ok_and(|run| !run.died) {
                run = story.run(&points).await;
            }
        }
        (points, run)
    });
    let runs: Vec<(Vec<Point>, Result<Run>)> = runs.buffered(AT_ONCE).collect().await;
    let died = runs
        .iter()
        .filter(|(_, run)| run.as_ref().is_ok_and(|run| run.died));
    // Two things that are done side by side can save each other a step.
    assert!(
        died.count() * 10 >= runs.len() * 8,
        "most steps are taken every time"
    );
    let mut failures = Vec::new();
    for (points, run) in runs {
        let points: Vec<_> = points.iter().map(ToString::to_string).collect();
        let outcome = match run {
            Ok(run) => run.outcome,
            Err(error) => {
                failures.push(format!("{}: {error}", points.join(", then ")));
                "FAILED".to_owned()
            }
        };
        println!("| {story:?} | {} | {outcome} |", points.join(", then "));
    }
    assert!(
        failures.is_empty(),
        "{} of them end badly:\n{}",
        failures.len(),
        failures.join("\n")
    );
    Ok(())
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?)
}
