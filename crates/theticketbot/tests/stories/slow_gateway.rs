//! A slow gateway: at the start, after a lost connection, and in between.

use std::time::Duration;

use discord_sandbox::record::What;
use discord_sandbox::{EventFault, Fault, Hold, Sandbox};
use theticketbot::run::Bot;
use theticketbot::store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::connecting::count_noted;
use crate::stage::{BUTTON, Result, Stage, settings};

impl Stage {
    /// Waits until the sandbox has recorded this about the gateway.
    pub(crate) async fn noted(&self, mark: u64, words: &str) -> Result {
        let is_it = |what: &What| matches!(what, What::Gateway { what } if what.contains(words));
        let noted = self
            .sandbox
            .wait_for_entry(words, mark, |entry| is_it(&entry.what).then_some(()));
        Ok(noted.await?)
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
