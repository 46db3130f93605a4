//! The bot stops and starts again: it resumes its session, Discord replays the events in between, and the bot
//! handles them as if it had been running.

use std::time::Duration;

use discord_sandbox::record::{Call, What};
use discord_sandbox::world::MoreGuilds;
use discord_sandbox::{Limits, Sandbox, State};
use serde_json::json;
use theticketbot::session::unfinished;
use theticketbot::store::Scope;
use tickets::InboxId;
use tickets::RoleId;
use tickets::text::Text;

use crate::connecting::count_noted;
use crate::stage::{BUTTON, MANAGE_THREADS, Result, Stage, english, here, user};

impl Stage {
    /// Stops the bot, lets the people act, and starts the bot again, which resumes its session.
    async fn restart(&mut self, acts: impl AsyncFnOnce(&Self) -> Result) -> Result<Vec<Call>> {
        // The session is saved only if nothing is in flight.
        self.caught_up().await?;
        self.stop().await?;
        acts(self).await?;
        let mark = self.sandbox.mark();
        self.start().await?;
        assert_eq!(self.sessions_after(mark), (0, 1), "begun and resumed");
        self.caught_up().await?;
        Ok(self.sandbox.calls_after(mark))
    }

    /// How many sessions began after a mark, and how many were resumed.
    pub(crate) fn sessions_after(&self, mark: u64) -> (usize, usize) {
        sessions_after(&self.sandbox, mark)
    }
}

/// How many sessions began after a mark, and how many were resumed.
pub(crate) fn sessions_after(sandbox: &Sandbox, mark: u64) -> (usize, usize) {
    let entries = sandbox.record_after(mark);
    let count = |words: &str| {
        let is_counted = |what: &What| match what {
            What::Gateway { what } => what.starts_with("session ") && what.contains(words),
            _ => false,
        };
        entries
            .iter()
            .filter(|entry| is_counted(&entry.what))
            .count()
    };
    (count(" begins"), count(" is resumed"))
}

/// The calls with which a start logs in.
fn is_login(call: &Call) -> bool {
    call.is("GET", "/oauth2/applications/@me")
        || call.is("GET", "/applications/@me")
        || call.is("GET", "/gateway/bot")
}

/// The other calls of the bot, without responses to interactions.
fn others(calls: &[Call]) -> Vec<String> {
    let is_other = |call: &&Call| !is_login(call) && !call.path.starts_with("/interactions/");
    let others = calls.iter().filter(is_other);
    others
        .map(|call| format!("{} {}", call.method, call.path))
        .collect()
}

#[tokio::test]
async fn a_restart_in_which_nothing_happens_asks_nothing_and_writes_nothing() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    stage.open(&stage.sandbox.member(), inbox).await?;
    stage.idle().await?;
    stage.stop().await?;
    let before = stage.database()?;
    stage.start().await?;
    let calls = stage.restart(async |_| Ok(())).await?;
    assert_eq!(others(&calls), [] as [String; 0]);
    let logins = calls.iter().filter(|call| is_login(call)).count();
    assert_eq!(logins, 2, "{calls:?}");
    stage.stop().await?;
    assert_eq!(stage.database()?, before);
    stage.finish().await
}

/// A cluster keeps the session of a shard even if something is unfinished, and notes that. The next process
/// may be one that is alone.
#[tokio::test]
async fn what_a_cluster_left_unfinished_is_looked_for_once() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    let noted = async |stage: &Stage| {
        let (store, one) = (stage.store()?, Some("1".to_owned()));
        Ok(store.set_setting(Scope::Bot, &unfinished(0), one).await?)
    };
    let calls = others(&stage.restart(noted).await?);
    let is_checked = calls.iter().any(|it| it.contains(&ticket.to_string()));
    assert!(is_checked, "{calls:?}");
    let calls = stage.restart(async |_| Ok(())).await?;
    assert_eq!(others(&calls), Vec::<String>::new());
    stage.finish().await
}

#[tokio::test]
async fn a_channel_that_is_deleted_meanwhile_takes_its_open_tickets_along() -> Result {
    let mut stage = Stage::set().await?;
    let elsewhere = json!({"destination": stage.tickets()});
    let inbox = stage.inbox_with(elsewhere).await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    let (owner, tickets) = (stage.sandbox.owner(), stage.tickets());
    stage
        .restart(async |_| {
            owner.delete(tickets).await?;
            Ok(())
        })
        .await?;
    stage.stop().await?;
    assert_eq!(stage.store()?.ticket(here(ticket)).await?, None);
    stage.finish().await
}

#[tokio::test]
async fn what_happens_meanwhile_is_handled_once_without_looking_for_it() -> Result {
    let mut stage = Stage::set().await?;
    let (inbox, deleted) = (stage.inbox().await?, stage.inbox().await?);
    let crowd = stage.sandbox.crowd("member", 4)?;
    let mut tickets = Vec::new();
    for person in &crowd {
        tickets.push(stage.open(person, inbox).await?);
    }
    let [left, gone, archived, kept] = tickets[..] else {
        panic!("four tickets")
    };
    let (owner, max) = (stage.sandbox.owner(), stage.sandbox.moderator());
    let role = stage.sandbox.moderator_role();
    let calls = stage
        .restart(async |_| {
            crowd[0].leave(left).await?;
            crowd[1].leave_guild().await?;
            max.archive(archived).await?;
            owner.delete_role(role).await?;
            owner
                .delete_message(deleted.channel, deleted.message)
                .await?;
            Ok(())
        })
        .await?;
    for ticket in [left, gone, archived] {
        stage.closed(ticket, true).await?;
        assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    }
    let note = english(Text::OwnerLeftLocked {
        owner: user(crowd[0].id()),
    });
    assert_eq!(stage.said(left)[1..], [note]);
    assert_eq!(stage.said(kept).len(), 1);
    let looked_for = |call: &&String| call.contains(&kept.to_string());
    assert_eq!(others(&calls).iter().find(looked_for), None);
    // At the next start, nothing is replayed again.
    let calls = stage.restart(async |_| Ok(())).await?;
    assert_eq!(others(&calls), [] as [String; 0]);
    stage.stop().await?;
    let store = stage.store()?;
    assert_eq!(store.inbox(InboxId(deleted.message.0)).await?, None);
    let kept = store.inbox(InboxId(inbox.message.0)).await?;
    let staff = kept.ok_or("that inbox is there")?.staff;
    assert!(!staff.contains(&tickets::Mention::Role(RoleId(role.0))));
    drop(store);
    stage.finish().await
}

#[tokio::test]
async fn what_is_known_of_the_server_is_true_afterwards() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    let other = stage.open(&stage.sandbox.member2(), inbox).await?;
    let owner = stage.sandbox.owner();
    let bot_role = stage.sandbox.defaults().bot_role;
    let mut made = None;
    stage
        .restart(async |stage| {
            // The bot may not lock tickets in this channel any more.
            owner
                .set_role_overwrite(stage.support(), bot_role, 0, MANAGE_THREADS)
                .await?;
            owner.set_locale("de").await?;
            owner.edit_guild(json!({"preferred_locale": "de"})).await?;
            made = Some(owner.create_channel("made-meanwhile", 0).await?.id());
            Ok(())
        })
        .await?;
    let made = made.ok_or("a channel")?;
    mia.leave(ticket).await?;
    stage.closed(ticket, false).await?;
    let note = Text::OwnerLeft {
        owner: user(mia.id()),
    };
    let german = theticketbot::translate::Language::of("de");
    let german = theticketbot::translate::say(note, german);
    assert_eq!(stage.said(ticket)[1..], [german]);
    // Changes before the stop are known after it, too.
    owner
        .set_role_overwrite(stage.support(), bot_role, MANAGE_THREADS, 0)
        .await?;
    stage.restart(async |_| Ok(())).await?;
    stage.sandbox.member2().leave(other).await?;
    stage.closed(other, true).await?;
    let elsewhere = stage.inbox_with(json!({"destination": made})).await?;
    stage.a_minute_passes();
    let ticket = stage.open(&mia, elsewhere).await?;
    let parent = stage.thread(ticket).map(|thread| thread.parent);
    assert_eq!(parent, Some(made));
    stage.finish().await
}

#[tokio::test]
async fn a_click_that_can_still_be_answered_is() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let mut click = None;
    stage
        .restart(async |_| {
            click = Some(
                mia.start_click(inbox.channel, inbox.message, BUTTON)
                    .await?,
            );
            Ok(())
        })
        .await?;
    let answer = mia.answer_to(click.ok_or("a click")?).await?;
    assert!(answer.content()?.contains("<#"), "{answer:?}");
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    assert_eq!(stage.said(ticket).len(), 1);
    stage.finish().await
}

#[tokio::test]
async fn a_click_that_nobody_waits_for_any_more_opens_nothing() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let mut click = None;
    stage
        .restart(async |stage| {
            click = Some(
                mia.start_click(inbox.channel, inbox.message, BUTTON)
                    .await?,
            );
            stage.sandbox.advance(Duration::from_secs(4));
            Ok(())
        })
        .await?;
    let answer = mia.answer_so_far(click.ok_or("a click")?).await?;
    assert_eq!(answer.state, State::Failed);
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 0);
    // The refused click started no cooldown, and no response is pending.
    stage.open(&mia, inbox).await?;
    stage.restart(async |_| Ok(())).await?;
    stage.finish().await
}

#[tokio::test]
async fn what_could_not_be_handled_is_looked_for_by_the_next_start() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    let refused = discord_sandbox::Fault::refusal(400, 50_035, "Invalid Form Body");
    let path = format!("/channels/{ticket}");
    stage.sandbox.fail_next(refused.on("PATCH", &path))?;
    let mark = stage.sandbox.mark();
    mia.leave(ticket).await?;
    let refused = |entry: &discord_sandbox::record::Entry| match &entry.what {
        What::Call(call) => call.is("PATCH", &path).then_some(()),
        _ => None,
    };
    stage
        .sandbox
        .wait_for_entry("the refusal", mark, refused)
        .await?;
    stage.stop().await?;
    assert_eq!(stage.expected_errors().len(), 1);
    let mark = stage.sandbox.mark();
    stage.start().await?;
    assert_eq!(stage.sessions_after(mark), (1, 0), "begun and resumed");
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn what_could_not_be_handled_is_looked_for_again_soon() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    let refused = discord_sandbox::Fault::refusal(400, 50_035, "Invalid Form Body");
    let path = format!("/channels/{ticket}");
    stage.sandbox.fail_next(refused.on("PATCH", &path))?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    assert_eq!(stage.expected_errors().len(), 1);
    // No event is missing now, so the session can be resumed after a stop.
    stage.restart(async |_| Ok(())).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_session_that_discord_forgot_is_replaced_and_caught_up_with() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    stage.stop().await?;
    mia.leave(ticket).await?;
    // Discord keeps a session for some minutes only.
    stage.sandbox.advance(Duration::from_secs(3600));
    let mark = stage.sandbox.mark();
    stage.start().await?;
    assert_eq!(stage.sessions_after(mark), (1, 0), "begun and resumed");
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn a_server_that_removed_the_bot_meanwhile_is_gone_and_a_new_one_is_served() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, bot) = (stage.sandbox.owner(), stage.sandbox.bot_id());
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    // The session is saved only if nothing is in flight.
    stage.idle().await?;
    stage.stop().await?;
    owner.kick(bot).await?;
    mia.leave(ticket).await?;
    owner.invite(bot).await?;
    let mark = stage.sandbox.mark();
    stage.start().await?;
    assert_eq!(stage.sessions_after(mark), (0, 1), "begun and resumed");
    // Discord sends the server again, so the bot scans it.
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn eight_shards_begin_as_discord_allows_and_all_go_on() -> Result {
    let sandbox = Sandbox::builder()
        .shards(8)
        .max_concurrency(8)
        .limits(Limits::Discord)
        .more_guilds(MoreGuilds {
            count: 80,
            channels: 3,
            roles: 2,
        })
        .start()
        .await?;
    let mut stage = Stage::on(sandbox).await?;
    assert_eq!(stage.sessions_after(0), (8, 0), "begun and resumed");
    assert_eq!(count_noted(&stage, 0, "may not begin"), 0);
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    // The sessions are saved only if nothing is in flight.
    stage.idle().await?;
    stage.stop().await?;
    mia.leave(ticket).await?;
    let mark = stage.sandbox.mark();
    stage.start().await?;
    assert_eq!(stage.sessions_after(mark), (0, 8), "begun and resumed");
    stage.closed(ticket, true).await?;
    stage.stop().await?;
    let servers = stage.store()?.guilds().await?.len();
    assert_eq!(servers, 1, "the others have nothing to remember");
    assert!(stage.store()?.ticket(here(ticket)).await?.is_some());
    stage.finish().await
}
