//! A slow gateway: at the start, after a lost connection, and in between.

use std::time::Duration;

use discord_sandbox::record::What;
use discord_sandbox::{EventFault, Fault, Hold, Person, Sandbox};
use serde_json::json;
use theticketbot::run::Bot;
use theticketbot::store::Store;
use theticketbot::translate::{Language, say};
use tickets::text::Text;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::connecting::count_noted;
use crate::stage::{BUTTON, Result, Stage, english, settings, user};

impl Stage {
    /// Waits until the sandbox has recorded this about the gateway.
    pub(crate) async fn noted(&self, mark: u64, words: &str) -> Result {
        let is_it = |what: &What| matches!(what, What::Gateway { what } if what.contains(words));
        let noted = self
            .sandbox
            .wait_for_entry(words, mark, |entry| is_it(&entry.what).then_some(()));
        Ok(noted.await?)
    }

    /// The bot crashes, and starts again after this time without knowing any server. Discord does not
    /// describe the server until the gateway is released.
    async fn crashes_and_is_undescribed(&mut self, after: Duration) -> Result {
        self.idle().await?;
        self.stop().await?;
        let saved = rusqlite::Connection::open(self.database_file())?;
        saved.execute_batch("DELETE FROM handover_session; DELETE FROM handover_server")?;
        drop(saved);
        self.sandbox.end_sessions();
        self.sandbox.advance(after);
        self.sandbox.hold_gateway(Hold::Guilds);
        let mark = self.sandbox.mark();
        self.begin().await?;
        self.noted(mark, " begins").await
    }

    async fn is_described(&self) -> Result {
        self.sandbox.release_gateway();
        self.sandbox.wait_for_bot().await?;
        self.idle().await
    }

    /// Makes a call over the network. In the meantime, everything in flight arrives.
    async fn asks_something(&self) -> Result {
        let address = self.sandbox.address();
        let mut stream = tokio::net::TcpStream::connect(address).await?;
        let call =
            format!("GET /control/world HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(call.as_bytes()).await?;
        stream.read_to_end(&mut Vec::new()).await?;
        Ok(())
    }

    /// Waits until the bot gives up a connection without HELLO and has another one.
    async fn is_given_up(&self) -> Result {
        let mark = self.sandbox.mark();
        // The bot's hello timeout is a minute and a half, so the test advances the clock.
        let mut seconds = 0;
        while count_noted(self, mark, "waits for its HELLO") == 0 {
            assert!(seconds < 200, "the bot never times out");
            tokio::time::pause();
            tokio::time::advance(Duration::from_secs(10)).await;
            tokio::time::resume();
            seconds += 10;
            self.asks_something().await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn hello_comes_late() -> Result {
    let mut stage = Stage::without_bot(Sandbox::start().await?)?;
    stage.sandbox.hold_gateway(Hold::Hello);
    stage.begin().await?;
    stage.noted(0, "waits for its HELLO").await?;
    stage.sandbox.release_gateway();
    stage.sandbox.wait_for_bot().await?;
    let inbox = stage.inbox().await?;
    stage.open(&stage.sandbox.member(), inbox).await?;
    assert_eq!(stage.sessions_after(0), (1, 0), "begun and resumed");
    stage.finish().await
}

#[tokio::test]
async fn hello_never_comes_on_a_connection_that_is_dead() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.sandbox.hold_gateway(Hold::Hello);
    let mark = stage.sandbox.mark();
    stage.sandbox.cut_gateway(1006);
    stage.noted(mark, "waits for its HELLO").await?;
    mia.leave(ticket).await?;
    stage.is_given_up().await?;
    stage.sandbox.release_gateway();
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.sessions_after(mark), (0, 1), "begun and resumed");
    stage.finish().await
}

#[tokio::test]
async fn hello_never_comes_after_a_connection_that_ended_before_it_was_ready() -> Result {
    let mut stage = Stage::without_bot(Sandbox::start().await?)?;
    stage.sandbox.hold_gateway(Hold::Ready);
    stage.begin().await?;
    stage.noted(0, " begins").await?;
    stage.sandbox.hold_gateway(Hold::Hello);
    let mark = stage.sandbox.mark();
    stage.sandbox.cut_gateway(1006);
    stage.noted(mark, "waits for its HELLO").await?;
    stage.is_given_up().await?;
    stage.sandbox.release_gateway();
    stage.sandbox.wait_for_bot().await?;
    let inbox = stage.inbox().await?;
    stage.open(&stage.sandbox.member(), inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn ready_comes_late() -> Result {
    let mut stage = Stage::without_bot(Sandbox::start().await?)?;
    stage.sandbox.hold_gateway(Hold::Ready);
    stage.begin().await?;
    stage.noted(0, " begins").await?;
    stage.sandbox.release_gateway();
    stage.sandbox.wait_for_bot().await?;
    let inbox = stage.inbox().await?;
    let (mia, mark) = (stage.sandbox.member(), stage.sandbox.mark());
    let ticket = stage.open(&mia, inbox).await?;
    // RESUMED can also be late: missed events are replayed before it.
    stage.sandbox.hold_gateway(Hold::Ready);
    stage.sandbox.cut_gateway(4000);
    stage.resumed(mark).await?;
    mia.leave(ticket).await?;
    stage.sandbox.release_gateway();
    stage.closed(ticket, true).await?;
    assert_eq!(stage.sessions_after(0), (1, 1), "begun and resumed");
    stage.finish().await
}

#[tokio::test]
async fn a_server_is_described_late_and_a_click_in_it_served_meanwhile() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    stage.stop().await?;
    stage.sandbox.end_sessions();
    mia.leave(ticket).await?;
    stage.sandbox.hold_gateway(Hold::Guilds);
    let mark = stage.sandbox.mark();
    stage.begin().await?;
    stage.noted(mark, " begins").await?;
    let open = stage.open(&noah, inbox).await?;
    assert_eq!(stage.thread(ticket).map(|it| it.archived), Some(false));
    stage.sandbox.release_gateway();
    stage.sandbox.wait_for_bot().await?;
    // The scan finds what the bot missed.
    stage.closed(ticket, true).await?;
    noah.leave(open).await?;
    stage.closed(open, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn no_staff_are_removed_from_a_ticket_before_its_server_is_described() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    max.join(ticket).await?;
    stage.crashes_and_is_undescribed(Duration::ZERO).await?;
    let options = json!({"remove-owner": true});
    max.run_in(ticket, "ticket close", options).await?;
    stage.caught_up().await?;
    stage.is_described().await?;
    stage.closed(ticket, true).await?;
    let is_in = |person: &Person| {
        let id = person.id();
        stage.sandbox.look(|look| look.is_in_thread(ticket, id))
    };
    assert!(is_in(&max) && !is_in(&mia));
    stage.finish().await
}

#[tokio::test]
async fn a_claim_outlasts_a_transfer_before_the_server_is_described() -> Result {
    let mut stage = Stage::set().await?;
    let max = stage.sandbox.moderator();
    let (first, _) = stage.help_and_sales().await?;
    let ticket = stage.open(&stage.sandbox.member(), first).await?;
    max.run_in(ticket, "ticket claim", json!({})).await?;
    stage.crashes_and_is_undescribed(Duration::ZERO).await?;
    let mark = stage.sandbox.mark();
    let options = json!({"inbox": "Sales"});
    let transfer = max
        .start_command(ticket, "ticket transfer", options)
        .await?;
    let responded = stage
        .sandbox
        .wait_for_entry("a response", mark, |entry| match &entry.what {
            What::Call(call) => call.path.ends_with("/callback").then_some(()),
            _ => None,
        });
    responded.await?;
    stage.is_described().await?;
    let done = max.answer_so_far(transfer).await?;
    let inbox = "Sales".to_owned();
    assert_eq!(done.content()?, english(Text::TransferDone { inbox }));
    assert_eq!(stage.holder(ticket).await?, Some(user(max.id())));
    stage.finish().await
}

#[tokio::test]
async fn a_notice_changes_in_the_language_of_its_server_when_that_is_described() -> Result {
    let mut stage = Stage::set().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    owner.edit_guild(json!({"preferred_locale": "de"})).await?;
    let (inbox, staff) = stage.with_notices().await?;
    let ticket = stage.open(&mia, inbox).await?;
    let asked = mia.send(ticket, "Hello?").await?.id();
    // Since the message, more than two minutes have passed.
    stage
        .crashes_and_is_undescribed(Duration::from_secs(180))
        .await?;
    stage.caught_up().await?;
    stage.is_described().await?;
    let since = tickets::MessageId(asked.0).created_at().unix_seconds();
    let waits = say(Text::NoticeWaits { since }, Language::of("de"));
    let notice = stage.notices(staff).remove(0);
    assert_eq!(notice.lines.last(), Some(&waits));
    stage.finish().await
}

#[tokio::test]
async fn heartbeats_that_nobody_answers_end_the_connection_and_not_the_session() -> Result {
    let beats = Sandbox::builder().heartbeat_interval(Duration::from_millis(500));
    let stage = Stage::on(beats.start().await?).await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.caught_up().await?;
    let mark = stage.sandbox.mark();
    stage.sandbox.hold_gateway(Hold::Acks);
    stage.resumed(mark).await?;
    stage.sandbox.release_gateway();
    assert!(count_noted(&stage, mark, "no answer to a heartbeat") >= 1);
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    assert_eq!(stage.sessions_after(mark).0, 0, "no new session begins");
    stage.finish().await
}

#[tokio::test]
async fn a_large_backlog_keeps_no_click_waiting() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    stage.sandbox.hold_gateway(Hold::Hello);
    let mark = stage.sandbox.mark();
    stage.sandbox.cut_gateway(1006);
    stage.noted(mark, "waits for its HELLO").await?;
    let copies = EventFault {
        copies: 19,
        ..EventFault::twice("MESSAGE_CREATE")
    };
    stage.sandbox.fault_event(copies.times(50))?;
    for _ in 0..50 {
        owner.send(stage.tickets(), "<@1> sync").await?;
    }
    let click = mia
        .start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    stage.sandbox.release_gateway();
    let answer = mia.answer_to(click).await?;
    let content = answer.content()?;
    assert!(content.contains("<#"), "{content}");
    assert_eq!(stage.sessions_after(mark), (0, 1), "begun and resumed");
    stage.finish().await
}

#[tokio::test]
async fn the_gateways_address_is_asked_for_until_it_comes() -> Result {
    let mut stage = Stage::without_bot(Sandbox::start().await?)?;
    for fault in [
        Fault::status(500),
        Fault::rate_limited(Duration::from_millis(50)),
        Fault::status(503),
        Fault::slow(Duration::from_millis(300)),
    ] {
        stage.sandbox.fail_next(fault.on("GET", "/gateway/bot"))?;
    }
    stage.start().await?;
    assert!(stage.sandbox.waiting_faults().is_empty());
    stage.finish().await
}

#[tokio::test]
async fn a_gateways_address_that_is_none_is_told() -> Result {
    let sandbox = Sandbox::builder().oracle(false).start().await?;
    let home = tempfile::tempdir()?;
    let settings = settings(home.path(), &sandbox.url(), &sandbox.token());
    let limit = r#""session_start_limit": {"total": 1, "remaining": 1, "reset_after": 0, "max_concurrency": 1}"#;
    for (body, why) in [
        ("", ""),
        ("<html>Bad gateway</html>", ""),
        ("{}", "url"),
        (r#"{"url": 5}"#, ""),
        (
            &format!(r#"{{"url": "nonsense", "shards": 1, {limit}}}"#),
            "ws://",
        ),
        (
            &format!(r#"{{"url": "ws://a", "shards": 4000000000, {limit}}}"#),
            "shards",
        ),
        (&"[".repeat(100_000), ""),
    ] {
        sandbox.fail_next(Fault::answer(body).on("GET", "/gateway/bot"))?;
        let store = Store::open(&settings.db.access(None)?)?;
        let Err(error) = Bot::start(settings.clone(), store).await else {
            panic!("it started with {body}");
        };
        let error = error.to_string();
        assert!(error.starts_with("cannot find the gateway: "), "{error}");
        assert!(error.contains(why), "{error}");
        assert!(error.len() < 500, "{error}");
    }
    sandbox.finish().await?;
    Ok(())
}
