//! Kills the bot with SIGKILL before or after each change of Discord and each commit of the database, in each
//! story below. After the next start, nothing is lost, duplicated or stuck.
//!
//! The steps are not listed here: each story first runs once without a kill and is recorded, and then once
//! for each point of the record. So a new step is covered automatically. A run also fails if the bot reaches
//! its point and does not die. Calls that only read are left out: a kill before or after them leaves the same
//! state as a kill after the last change. `cargo test --test crash_points -- --nocapture` prints how each run
//! ended.
#![cfg(unix)]
#![expect(
    clippy::print_stdout,
    reason = "the table is what a reader wants to see"
)]

mod story;

use std::collections::BTreeSet;

use futures_util::StreamExt;
use futures_util::stream::iter;
use harness::{Point, Result};
use tokio::sync::Semaphore;

use story::{Run, Story};

/// The test that runs the bot when this program starts itself as a child process.
const CHILD: &str = "a_click";

/// The table's word for a point that only the recorded run reached.
const NOT_MET: &str = "not met again";

/// How many runs of one test are concurrent.
const AT_ONCE: usize = 3;

/// How many runs of all tests are concurrent. Each is a process, and Discord waits only three seconds for a
/// response.
static RUNNING: Semaphore = Semaphore::const_new(8);

/// Steps that run concurrently can make one of them unnecessary, such as saving progress that is
/// already complete. So a run that does not reach its point is repeated, up to this number of times.
/// After that, the point counts as one that almost no run reaches, and is only listed.
const TRIES: usize = 12;

#[test]
fn a_click() -> Result {
    harness::bot::be_the_bot_if_asked()?;
    survives(Story::Opening)
}

#[test]
fn a_click_that_discord_refuses() -> Result {
    survives(Story::Refusal)
}

#[test]
fn a_ticket_that_nobody_can_be_invited_to() -> Result {
    survives(Story::RollingBack)
}

#[test]
fn a_ticket_that_cannot_be_rolled_back_at_once() -> Result {
    survives(Story::RollingBackLater)
}

#[test]
fn a_click_by_a_member_who_had_a_ticket_before() -> Result {
    survives(Story::OpeningAgain)
}

#[test]
fn a_form_that_is_submitted() -> Result {
    survives(Story::Form)
}

#[test]
fn a_ticket_with_a_notice() -> Result {
    survives(Story::Notice)
}

#[test]
fn a_ticket_with_a_notice_that_is_closed() -> Result {
    survives(Story::NoticeOfTheEnd)
}

#[test]
fn an_owner_who_comes_and_leaves_while_there_is_no_bot() -> Result {
    survives(Story::LeavingUnseen)
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
fn a_ticket_that_staff_closes_by_command() -> Result {
    survives(Story::Closing)
}

#[test]
fn a_ticket_that_staff_reopens() -> Result {
    survives(Story::Reopening)
}

#[test]
fn an_owner_who_is_reminded() -> Result {
    survives(Story::Reminding)
}

#[test]
fn a_ticket_without_an_answer_that_is_closed() -> Result {
    survives(Story::Idle)
}

#[test]
fn an_owner_who_is_asked_whether_to_close() -> Result {
    survives(Story::Asking)
}

#[test]
fn an_owner_who_answers_while_there_is_no_bot() -> Result {
    survives(Story::AskingAndWriting)
}

#[test]
fn an_owner_who_is_asked_once_more() -> Result {
    survives(Story::AskingAgain)
}

#[test]
fn an_owner_who_thinks_that_it_is_solved() -> Result {
    survives(Story::Solved)
}

#[test]
fn staff_who_are_reminded_among_the_notices() -> Result {
    survives(Story::RemindingStaff)
}

#[test]
fn a_ticket_that_goes_to_another_inbox() -> Result {
    survives(Story::Transferring)
}

#[test]
fn a_ticket_that_goes_to_another_inbox_where_the_bot_cannot_read() -> Result {
    survives(Story::TransferringUnread)
}

#[test]
fn a_ticket_that_goes_to_another_channel() -> Result {
    survives(Story::Moving)
}

#[test]
fn staff_who_open_a_ticket_for_a_member() -> Result {
    survives(Story::OpeningFor)
}

#[test]
fn a_message_that_is_reported() -> Result {
    survives(Story::Reporting)
}

#[test]
fn a_message_that_is_reported_by_somebody_with_a_ticket() -> Result {
    survives(Story::ReportingMore)
}

#[test]
fn a_message_that_is_reported_where_the_bot_cannot_read() -> Result {
    survives(Story::ReportingUnread)
}

#[test]
fn an_inbox_that_is_made() -> Result {
    survives(Story::Inbox)
}

#[test]
fn an_inboxs_message_that_is_replaced() -> Result {
    survives(Story::Replacing)
}

#[test]
fn an_inbox_on_the_message_of_another() -> Result {
    survives(Story::Entry)
}

#[test]
fn an_inbox_that_is_removed() -> Result {
    survives(Story::Removing)
}

#[test]
fn a_removed_inbox_that_is_posted_again() -> Result {
    survives(Story::PostingAgain)
}

#[test]
fn an_inbox_that_another_message_offers() -> Result {
    survives(Story::Offering)
}

#[test]
fn a_button_that_is_on_two_messages() -> Result {
    survives(Story::Relabelling)
}

/// The bot that recovers can be killed, too.
#[test]
fn a_recovery() -> Result {
    runtime()?.block_on(async {
        let first = Story::Opening.record().await?;
        let idle: BTreeSet<_> = points(&first.recovery).collect();
        let runs = points(&first.moments).map(|point| {
            let deaths = vec![point];
            async move { (run_until_dead(Story::Opening, &deaths).await, deaths) }
        });
        let runs: Vec<_> = iter(runs).buffered(AT_ONCE).collect().await;
        let mut deaths = Vec::new();
        let mut seen = BTreeSet::new();
        for (run, first_death) in runs {
            let run = run.map_err(|error| format!("{}: {error}", shown(&first_death)))?;
            let Some(run) = run else {
                println!("{}: {NOT_MET}", shown(&first_death));
                continue;
            };
            // Skips the points that every start has.
            let seconds: Vec<_> = points(&run.recovery)
                .filter(|second| !idle.contains(second))
                .collect();
            // If several recoveries have the same steps, only one of them is interrupted.
            let steps: BTreeSet<_> = seconds.iter().cloned().collect();
            if seen.insert(steps) {
                let both = |second| [first_death.clone(), vec![second]].concat();
                deaths.extend(seconds.into_iter().map(both));
            }
        }
        println!(
            "{} ways to recover, {} crash points in them",
            seen.len(),
            deaths.len()
        );
        assert!(seen.len() > 1, "{seen:?}");
        try_all(Story::Opening, deaths).await
    })
}

/// The story must end well, wherever it is interrupted.
fn survives(story: Story) -> Result {
    runtime()?.block_on(async {
        let record = story.record().await?;
        let deaths: Vec<_> = points(&record.moments).map(|point| vec![point]).collect();
        assert!(!deaths.is_empty(), "there is something to interrupt");
        try_all(story, deaths).await
    })
}

/// The points of a run at which something changes.
fn points(moments: &[String]) -> impl Iterator<Item = Point> + use<> {
    let changes = |point: &Point| !point.moment.contains(" GET ");
    Point::all_of(moments).into_iter().filter(changes)
}

/// Runs the story once for each of these series of kills.
async fn try_all(story: Story, deaths: Vec<Vec<Point>>) -> Result {
    let runs = deaths.into_iter().map(|deaths| async move {
        let run = run_until_dead(story, &deaths).await;
        (deaths, run)
    });
    let runs: Vec<_> = iter(runs).buffered(AT_ONCE).collect().await;
    let mut failures = Vec::new();
    for (deaths, run) in runs {
        let deaths = shown(&deaths);
        let outcome = match run {
            Ok(Some(run)) => run.outcome,
            Ok(None) => NOT_MET.to_owned(),
            Err(error) => {
                failures.push(format!("{deaths}: {error}"));
                "FAILED".to_owned()
            }
        };
        println!("| {story:?} | {deaths} | {outcome} |");
    }
    assert!(
        failures.is_empty(),
        "{} of them end badly:\n{}",
        failures.len(),
        failures.join("\n")
    );
    Ok(())
}

/// Runs the story until the bot was killed at all of these points. `None` if no run reached them.
async fn run_until_dead(story: Story, deaths: &[Point]) -> Result<Option<Run>> {
    let _turn = RUNNING.acquire().await?;
    for _ in 0..TRIES {
        if let Some(run) = story.run(deaths).await? {
            return Ok(Some(run));
        }
    }
    Ok(None)
}

fn shown(deaths: &[Point]) -> String {
    let deaths: Vec<_> = deaths.iter().map(ToString::to_string).collect();
    deaths.join(", then ")
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?)
}
