//! *Create Ticket* takes two round trips. The tests check which calls wait for each other, without measuring
//! time: one call is held, and the calls that are made in the meantime did not wait for it.

use std::collections::BTreeSet;

use discord_sandbox::Fault;
use discord_sandbox::id::{ChannelId, InteractionId};
use discord_sandbox::record::{Call, What};
use rusqlite::{Connection, OpenFlags};

use crate::settings::pick;
use crate::stage::{BUTTON, Inbox, Result, Stage};

#[tokio::test]
async fn nothing_but_the_link_waits_for_the_acknowledgement() -> Result {
    let (stage, held) = Held::begin(Step::Acknowledgement).await?;
    held.meanwhile(&stage, &[Step::Thread, Step::Starter])
        .await?;
    held.end(stage).await
}

#[tokio::test]
async fn the_acknowledgement_does_not_wait_for_the_thread() -> Result {
    let (stage, held) = Held::begin(Step::Thread).await?;
    held.meanwhile(&stage, &[Step::Acknowledgement]).await?;
    held.end(stage).await
}

#[tokio::test]
async fn the_link_does_not_wait_for_the_starter() -> Result {
    let (stage, held) = Held::begin(Step::Starter).await?;
    let others = [Step::Acknowledgement, Step::Thread, Step::Link];
    held.meanwhile(&stage, &others).await?;
    held.end(stage).await
}

#[tokio::test]
async fn the_starter_does_not_wait_for_the_link_nor_for_the_database() -> Result {
    let (stage, held) = Held::begin(Step::Link).await?;
    let others = [Step::Acknowledgement, Step::Thread, Step::Starter];
    held.meanwhile(&stage, &others).await?;
    // The journal is committed while the bot waits for the network.
    let known = loop {
        if let Some(thread) = thread_on_disk(&stage)? {
            break thread;
        }
        tokio::task::yield_now().await;
    };
    assert!(stage.thread(ChannelId(known)).is_some());
    held.end(stage).await
}

#[tokio::test]
async fn a_notice_is_one_call_more_and_comes_after_the_link() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let notices = stage.tickets();
    pick(&stage.sandbox.owner(), "notices", &notices.to_string()).await?;
    stage.idle().await?;
    let (method, path) = Step::Link.route();
    stage.sandbox.fail_next(Fault::held().on(method, path))?;
    let mark = stage.sandbox.mark();
    let mia = stage.sandbox.member();
    let click = mia
        .start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    let mut others: BTreeSet<_> = [Step::Acknowledgement, Step::Thread, Step::Starter].into();
    stage
        .sandbox
        .wait_for_entry("the calls before the link", mark, |entry| {
            if let What::Call(call) = &entry.what {
                let is_notice = call.path.contains(&notices.to_string());
                assert!(!is_notice, "the notice waits for the link");
                others.remove(&Step::of(call));
            }
            others.is_empty().then_some(())
        })
        .await?;
    stage.sandbox.clear_faults();
    mia.answer_to(click).await?;
    stage.idle().await?;
    let calls = stage.sandbox.calls_after(mark);
    assert_eq!(calls.len(), Step::ALL.len() + 1, "{calls:?}");
    let last = calls.last().ok_or("five calls")?;
    assert!(
        last.is("POST", &format!("/channels/{notices}/messages")),
        "{last:?}"
    );
    stage.finish().await
}

/// The calls of an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Acknowledgement,
    Thread,
    Starter,
    Link,
}

impl Step {
    const ALL: [Self; 4] = [
        Self::Acknowledgement,
        Self::Thread,
        Self::Starter,
        Self::Link,
    ];

    fn route(self) -> (&'static str, &'static str) {
        match self {
            Self::Acknowledgement => ("POST", "/interactions/*/*/callback"),
            Self::Thread => ("POST", "/channels/*/threads"),
            Self::Starter => ("POST", "/channels/*/messages"),
            Self::Link => ("PATCH", "/webhooks/*/*/messages/@original"),
        }
    }

    /// Any other call is an error.
    fn of(call: &Call) -> Self {
        let is_it = |step: &Self| call.is(step.route().0, step.route().1);
        let found = Self::ALL.into_iter().find(is_it);
        found.unwrap_or_else(|| panic!("a call beyond the four: {} {}", call.method, call.path))
    }
}

/// A click with one held call.
struct Held {
    step: Step,
    inbox: Inbox,
    click: InteractionId,
    /// The position in the record before the click.
    mark: u64,
}

impl Held {
    async fn begin(step: Step) -> Result<(Stage, Self)> {
        let stage = Stage::set().await?;
        let inbox = stage.inbox().await?;
        let (method, path) = step.route();
        stage.sandbox.fail_next(Fault::held().on(method, path))?;
        let mark = stage.sandbox.mark();
        let mia = stage.sandbox.member();
        let click = mia
            .start_click(inbox.channel, inbox.message, BUTTON)
            .await?;
        let held = Self {
            step,
            inbox,
            click,
            mark,
        };
        Ok((stage, held))
    }

    /// Waits until these calls were answered while the other call is held. Any other call is an error.
    async fn meanwhile(&self, stage: &Stage, steps: &[Step]) -> Result {
        let mut waited: BTreeSet<Step> = steps.iter().copied().collect();
        let what = format!("{steps:?} while {:?} is held", self.step);
        stage
            .sandbox
            .wait_for_entry(&what, self.mark, |entry| {
                if let What::Call(call) = &entry.what {
                    assert!(waited.remove(&Step::of(call)), "twice, or too early");
                }
                waited.is_empty().then_some(())
            })
            .await?;
        Ok(())
    }

    /// Releases the held call: the ticket is opened with four calls in total.
    async fn end(self, stage: Stage) -> Result {
        stage.sandbox.clear_faults();
        let mia = stage.sandbox.member();
        let answer = mia.answer_to(self.click).await?;
        let ticket = stage.ticket_of(&mia, self.inbox.channel).await?;
        assert!(answer.content()?.contains(&format!("<#{ticket}>")));
        let mut steps = BTreeSet::new();
        stage
            .sandbox
            .wait_for_entry("all four calls", self.mark, |entry| {
                if let What::Call(call) = &entry.what {
                    assert!(steps.insert(Step::of(call)), "twice");
                }
                (steps.len() == Step::ALL.len()).then_some(())
            })
            .await?;
        stage.finish().await
    }
}

/// The thread of the only opening in the journal, as a second connection sees it.
fn thread_on_disk(stage: &Stage) -> Result<Option<u64>> {
    let file = stage.settings().db.path;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = Connection::open_with_flags(file, flags)?;
    let thread: Option<i64> =
        database.query_row("SELECT thread_id FROM journal", [], |row| row.get(0))?;
    Ok(thread.map(i64::cast_unsigned))
}
