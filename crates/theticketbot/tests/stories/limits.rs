//! Discord's rate limits: the bot obeys each kind of them, and every member still gets a response.
//!
//! The tests advance the bot's clock by hand; the sandbox counts the calls.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use discord_sandbox::record::{Call, What};
use discord_sandbox::{Cloudflare, Fault, Limits, Sandbox, State};
use futures_util::future::join_all;
use theticketbot::discord::{Discord, Error, Message, ThreadChange};
use theticketbot::metrics::Metrics;
use theticketbot::run::Bot;
use tickets::text::Text;
use tickets::{ChannelId, MessageId};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::stage::{BUTTON, Inbox, Result, Stage, english, here};

const MINUTE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);

/// More calls than any story makes.
const ALL: u32 = 100_000;

const CALLBACK: (&str, &str) = ("POST", "/interactions/*/*/callback");
const CREATE: (&str, &str) = ("POST", "/channels/*/threads");
const SAY: (&str, &str) = ("POST", "/channels/*/messages");
const EDIT: (&str, &str) = ("PATCH", "/webhooks/*/*/messages/@original");

/// A sandbox whose gateway does not time out while the bot's clock is advanced.
async fn sandbox() -> Result<Sandbox> {
    let calm = Sandbox::builder().heartbeat_interval(60 * MINUTE);
    Ok(calm.start().await?)
}

async fn stage() -> Result<(Stage, Inbox)> {
    let stage = Stage::on(sandbox().await?).await?;
    let inbox = stage.inbox().await?;
    Ok((stage, inbox))
}

impl Stage {
    /// How often a call was made since then.
    pub(crate) fn count(&self, mark: u64, (method, path): (&str, &str)) -> usize {
        let calls = self.sandbox.calls_after(mark);
        calls.iter().filter(|call| call.is(method, path)).count()
    }

    /// Waits until a call was made since then.
    async fn made(&self, mark: u64, (method, path): (&str, &str)) -> Result<Call> {
        let made = self.sandbox.wait_for_entry(path, mark, |entry| {
            let What::Call(call) = &entry.what else {
                return None;
            };
            call.is(method, path).then(|| call.clone())
        });
        Ok(made.await?)
    }

    /// Waits until somebody has read the link to their ticket.
    async fn linked(&self, inbox: Inbox, ticket: discord_sandbox::id::ChannelId) -> Result {
        let opened = english(Text::TicketOpened {
            ticket: here(ticket),
        });
        self.sandbox
            .wait_until("the link", |look| {
                let mut said = look.messages(inbox.channel);
                said.any(|message| message.content == opened).then_some(())
            })
            .await?;
        Ok(())
    }

    /// Waits until the log says that a limit delayed this number of members.
    async fn not_served(&self, members: usize) -> Result {
        let mut notified = 0;
        let all_told = async {
            while notified < members {
                for error in self.expected_errors() {
                    assert!(error.contains("rate limit"), "{error}");
                    notified += 1;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(30 * SECOND, all_told).await?;
        assert_eq!(notified, members);
        Ok(())
    }

    pub(crate) fn discord(&self) -> Discord {
        let settings = self.settings();
        Discord::new(
            &settings.api_url.to_string(),
            &settings.token,
            Metrics::default(),
        )
    }
}

/// Lets all tasks run until they wait.
async fn quiet() {
    for _ in 0..300 {
        tokio::task::yield_now().await;
    }
}

/// Advances the bot's clock in steps, so that the bot reads each response before a timeout.
async fn time_passes(time: Duration) {
    let mut left = time;
    while !left.is_zero() {
        let step = left.min(5 * SECOND);
        quiet().await;
        tokio::time::pause();
        tokio::time::advance(step).await;
        tokio::time::resume();
        left -= step;
    }
    quiet().await;
}

/// Each kind of Discord's limits, for a minute, except a limit of a single call.
fn a_minutes_limits() -> Vec<Fault> {
    let limited = Fault::rate_limited(MINUTE);
    let mut limits = vec![
        limited.clone(),
        limited.clone().shared(),
        limited.clone().global(),
        // Only the body states the time.
        limited.with_header("retry-after", "in a minute"),
    ];
    limits.extend(Cloudflare::ALL.map(|form| Fault::blocked(form, Some(MINUTE))));
    limits
}

/// For each call between the click and the link: one is refused, and succeeds a minute later.
async fn is_waited_for(call: (&str, &str)) -> Result {
    let (stage, inbox) = stage().await?;
    let limits = a_minutes_limits();
    let people = stage.sandbox.crowd("fan", 7)?;
    assert_eq!(people.len(), limits.len());
    for (person, limit) in people.iter().zip(limits) {
        stage
            .sandbox
            .fail_next(limit.clone().on(call.0, call.1).times(ALL))?;
        let mark = stage.sandbox.mark();
        person
            .start_click(inbox.channel, inbox.message, BUTTON)
            .await?;
        stage.made(mark, call).await?;
        time_passes(59 * SECOND).await;
        assert_eq!(stage.count(mark, call), 1, "{limit:?}");
        stage.sandbox.clear_faults();
        time_passes(2 * SECOND).await;
        let ticket = stage.ticket_of(person, inbox.channel).await?;
        stage.linked(inbox, ticket).await?;
        let most = if call == EDIT { 3 } else { 2 };
        assert!(stage.count(mark, call) <= most, "{limit:?}");
        assert_eq!(stage.said(ticket).len(), 1, "one starter");
    }
    stage.finish().await
}

#[tokio::test]
async fn creating_a_thread_waits_for_a_limit() -> Result {
    is_waited_for(CREATE).await
}

#[tokio::test]
async fn a_starting_message_waits_for_a_limit() -> Result {
    is_waited_for(SAY).await
}

#[tokio::test]
async fn a_link_waits_for_a_limit() -> Result {
    is_waited_for(EDIT).await
}

#[tokio::test]
async fn an_interaction_that_cannot_be_answered_in_time_is_given_up_with_an_error() -> Result {
    let (stage, inbox) = stage().await?;
    let limits = a_minutes_limits();
    let people = stage.sandbox.crowd("fan", 7)?;
    for (person, limit) in people.iter().zip(limits) {
        let limit = limit.on(CALLBACK.0, CALLBACK.1).times(ALL);
        stage.sandbox.fail_next(limit.clone())?;
        let mark = stage.sandbox.mark();
        person
            .start_click(inbox.channel, inbox.message, BUTTON)
            .await?;
        stage.made(mark, CALLBACK).await?;
        time_passes(59 * SECOND).await;
        assert!(stage.count(mark, CALLBACK) <= 2, "{limit:?}");
        stage.sandbox.clear_faults();
        time_passes(2 * SECOND).await;
        stage.not_served(1).await?;
    }
    // The members have a ticket each, and their next click shows the link.
    for person in &people {
        let ticket = stage.ticket_of(person, inbox.channel).await?;
        let open = english(Text::AlreadyOpen {
            ticket: here(ticket),
        });
        assert_eq!(stage.click(person, inbox).await?.content()?, open);
    }
    stage.finish().await
}

#[tokio::test]
async fn while_the_token_is_limited_members_are_answered() -> Result {
    let (stage, inbox) = stage().await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    let limited = Fault::rate_limited(MINUTE).global();
    stage
        .sandbox
        .fail_next(limited.on(CREATE.0, CREATE.1).times(ALL))?;
    let mark = stage.sandbox.mark();
    mia.start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    stage.made(mark, CREATE).await?;
    let noahs = stage.sandbox.mark();
    noah.start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    assert_eq!(stage.made(noahs, CALLBACK).await?.status, 204);
    time_passes(10 * SECOND).await;
    // Both members are notified of the delay, and the bot did not request another thread.
    let delayed = english(Text::OpeningDelayed {});
    stage
        .sandbox
        .wait_until("both are told", |look| {
            let said = look.messages(inbox.channel);
            let notified = said.filter(|message| message.content == delayed).count();
            (notified == 2).then_some(())
        })
        .await?;
    assert_eq!(stage.count(mark, CREATE), 1);
    stage.sandbox.clear_faults();
    time_passes(MINUTE).await;
    for person in [&mia, &noah] {
        let ticket = stage.ticket_of(person, inbox.channel).await?;
        stage.linked(inbox, ticket).await?;
    }
    assert_eq!(stage.count(mark, CREATE), 3);
    stage.finish().await
}

/// Without the limiter, forty clicks during a block made ten thousand calls in twelve seconds, after which
/// Discord bans an IP address.
#[tokio::test]
async fn forty_clicks_during_a_block_make_no_more_calls_than_two_each() -> Result {
    let (stage, inbox) = stage().await?;
    let people = stage.sandbox.crowd("fan", 40)?;
    let blocked = Fault::blocked(Cloudflare::Text, Some(MINUTE));
    stage.sandbox.fail_next(blocked.times(ALL))?;
    let mark = stage.sandbox.mark();
    for person in &people {
        person
            .start_click(inbox.channel, inbox.message, BUTTON)
            .await?;
    }
    // Otherwise the bot would handle a click only after the clock was advanced.
    stage.is_up_to_date().await?;
    stage.made(mark, ("POST", "**")).await?;
    time_passes(5 * MINUTE).await;
    // Each click needs a callback and a thread. Calls in flight together are refused together; after that,
    // one call goes first.
    let acknowledged = stage.count(mark, CALLBACK);
    assert!(acknowledged <= 2 * people.len(), "{acknowledged}");
    let created = stage.count(mark, CREATE);
    assert!(created <= 2 * people.len(), "{created}");
    let all = stage.sandbox.calls_after(mark).len();
    assert!(all <= 2 * people.len(), "{all}");
    stage.sandbox.clear_faults();
    time_passes(2 * MINUTE).await;
    for person in &people {
        stage.ticket_of(person, inbox.channel).await?;
    }
    stage.idle().await?;
    // The bot may have handled a click only after the clock was advanced. Other clicks get an error in time.
    for error in stage.expected_errors() {
        assert!(error.contains("rate limit"), "{error}");
    }
    stage.finish().await
}

#[tokio::test]
async fn a_start_during_a_block_waits_for_its_end_longer_each_time() -> Result {
    const LOGIN: (&str, &str) = ("GET", "/applications/@me");
    for form in Cloudflare::ALL {
        let mut stage = Stage::without_bot(sandbox().await?)?;
        let (settings, store) = (stage.settings(), stage.store()?);
        stage
            .sandbox
            .fail_next(Fault::blocked(form, None).times(3))?;
        let tries = async {
            stage.made(0, LOGIN).await?;
            for (calls, wait) in [(1, 10), (2, 20), (3, 40)] {
                time_passes((wait - 1) * SECOND).await;
                assert_eq!(stage.count(0, LOGIN), calls, "{form:?}");
                let mark = stage.sandbox.mark();
                time_passes(2 * SECOND).await;
                stage.made(mark, LOGIN).await?;
                assert_eq!(stage.count(0, LOGIN), calls + 1, "{form:?}");
            }
            Ok::<_, harness::Error>(())
        };
        let (bot, counted) = tokio::join!(Bot::start(settings, store), tries);
        counted?;
        stage.has(bot?);
        stage.sandbox.wait_for_bot().await?;
        stage.finish().await?;
    }
    Ok(())
}

#[tokio::test]
async fn three_new_names_and_then_closed_at_once() -> Result {
    let stage = Stage::on(Sandbox::builder().limits(Limits::Discord).start().await?).await?;
    let discord = stage.discord();
    let parent = here(stage.support());
    let thread = discord
        .create_thread(parent, "one", 1440, String::new())
        .await?;
    for name in ["two", "three"] {
        discord.rename_thread(thread, name, String::new()).await?;
    }
    let mark = stage.sandbox.mark();
    let refused = discord.rename_thread(thread, "four", String::new()).await;
    let wait = refused.err().and_then(|error| error.retry_after());
    let wait = wait.ok_or("it was not limited")?;
    assert!(wait > 9 * MINUTE && wait <= 10 * MINUTE, "{wait:?}");
    let close = ThreadChange {
        archived: Some(true),
        locked: Some(true),
    };
    let began = tokio::time::Instant::now();
    discord.change_thread(thread, close, String::new()).await?;
    assert!(began.elapsed() < MINUTE, "it waited for the names");
    let closed = stage
        .thread(discord_sandbox::id::ChannelId(thread.0))
        .ok_or("it is gone")?;
    assert_eq!((&*closed.name, closed.archived), ("three", true));
    assert_eq!(stage.count(mark, ("PATCH", "/channels/*")), 2);
    stage.finish().await
}

#[tokio::test]
async fn a_limit_of_one_call_delays_no_other_ticket() -> Result {
    let (stage, inbox) = stage().await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    let hidden = Fault::rate_limited(10 * MINUTE).with_remaining(3);
    stage.sandbox.fail_next(hidden.on(CREATE.0, CREATE.1))?;
    let mark = stage.sandbox.mark();
    let click = mia
        .start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    stage.made(mark, CREATE).await?;
    stage.open(&noah, inbox).await?;
    assert_eq!(stage.count(mark, CREATE), 2, "hers waits for its limit");
    time_passes(10 * MINUTE).await;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let opened = english(Text::TicketOpened {
        ticket: here(ticket),
    });
    assert_eq!(mia.answer_to(click).await?.content()?, opened);
    stage.finish().await
}

#[tokio::test]
async fn a_fourth_edit_of_old_messages_waits_for_some_seconds() -> Result {
    let limited = Sandbox::builder()
        .heartbeat_interval(60 * MINUTE)
        .limits(Limits::Discord);
    let stage = Stage::on(limited.start().await?).await?;
    let discord = stage.discord();
    let channel = here(stage.support());
    let sent = discord
        .send(channel, &Message::text("one".to_owned()))
        .await?;
    stage.sandbox.advance(61 * MINUTE);
    for n in 0..3 {
        edit(&discord, channel, sent.id, n).await?;
    }
    let mark = stage.sandbox.mark();
    let waits = async {
        let refused = stage
            .made(mark, ("PATCH", "/channels/*/messages/*"))
            .await?;
        assert_eq!(
            (refused.status, &refused.response["code"]),
            (429, &30046.into())
        );
        stage.sandbox.advance(6 * SECOND);
        time_passes(7 * SECOND).await;
        Ok::<_, harness::Error>(())
    };
    let (edited, waited) = tokio::join!(edit(&discord, channel, sent.id, 3), waits);
    edited?;
    waited?;
    assert_eq!(stage.count(mark, ("PATCH", "/channels/*/messages/*")), 2);
    stage.finish().await
}

async fn edit(
    discord: &Discord,
    channel: ChannelId,
    message: MessageId,
    n: u32,
) -> Result<(), Error> {
    let text = Message::text(n.to_string());
    discord.edit_message(channel, message, &text).await
}

#[tokio::test]
async fn headers_that_make_no_sense_do_no_harm() -> Result {
    let (stage, inbox) = stage().await?;
    let people = stage.sandbox.crowd("fan", 9)?;
    let odd = [
        "-1",
        "NaN",
        "inf",
        "1e300",
        "",
        "soon",
        "99999999999999999999",
        "-0",
        "0x5",
    ];
    for (person, odd) in people.iter().zip(odd) {
        let mut fault = Fault::default();
        for name in [
            "limit",
            "remaining",
            "reset",
            "reset-after",
            "scope",
            "global",
        ] {
            fault = fault.with_header(&format!("x-ratelimit-{name}"), odd);
        }
        let fault = fault.with_header("retry-after", odd).times(ALL);
        // Valid headers of a limit, except one.
        let whole = Fault::default()
            .with_header("x-ratelimit-bucket", "odd")
            .with_header("x-ratelimit-limit", "5")
            .with_header("x-ratelimit-remaining", "4")
            .with_header("x-ratelimit-reset-after", odd);
        stage.sandbox.fail_next(whole.on(SAY.0, SAY.1))?;
        // A 429 with the same invalid header.
        let refused = Fault::rate_limited(Duration::from_millis(20));
        let refused = refused.with_header("x-ratelimit-reset-after", odd);
        let refused = refused.with_header("retry-after", odd);
        stage.sandbox.fail_next(refused.on(EDIT.0, EDIT.1))?;
        stage.sandbox.fail_next(fault)?;
        let ticket = stage.ticket_after_click(person, inbox).await;
        ticket.map_err(|error| format!("{odd}: {error}"))?;
        stage.sandbox.clear_faults();
    }
    stage.finish().await
}

impl Stage {
    async fn ticket_after_click(&self, person: &discord_sandbox::Person, inbox: Inbox) -> Result {
        person
            .start_click(inbox.channel, inbox.message, BUTTON)
            .await?;
        let ticket = self.ticket_of(person, inbox.channel).await?;
        // The bot either retries or gives up in time, even if the stated wait is a day or unknown.
        time_passes(2 * SECOND).await;
        self.sandbox.clear_faults();
        assert_eq!(self.said(ticket).len(), 1, "one starter");
        // If the stated wait is a day, the bot gives up on showing the link.
        let errors = self.expected_errors();
        let is_limit = |error: &String| error.contains("rate limit");
        assert!(errors.iter().all(is_limit), "{errors:#?}");
        Ok(())
    }
}

#[tokio::test]
async fn with_discords_limits_on_none_is_exceeded() -> Result {
    let stage = Stage::on(Sandbox::builder().limits(Limits::Discord).start().await?).await?;
    let inbox = stage.inbox().await?;
    let people = stage.sandbox.crowd("fan", 40)?;
    let mark = stage.sandbox.mark();
    let mut clicks = Vec::new();
    for person in &people {
        let click = person.start_click(inbox.channel, inbox.message, BUTTON);
        clicks.push(click.await?);
    }
    for (person, click) in people.iter().zip(clicks) {
        assert_eq!(person.answer_to(click).await?.state, State::Answered);
        stage.ticket_of(person, inbox.channel).await?;
    }
    let leaving = people.iter().take(10).map(|person| async {
        let ticket = stage.ticket_of(person, inbox.channel).await?;
        person.leave(ticket).await?;
        stage.closed(ticket, true).await
    });
    for left in join_all(leaving).await {
        left?;
    }
    let calls = stage.sandbox.calls_after(mark);
    let refused: Vec<_> = calls.iter().filter(|call| call.status == 429).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    stage.finish().await
}

/// Counts warnings.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<u32>>);

impl<S: tracing::Subscriber> Layer<S> for Warnings {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() == tracing::Level::WARN {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        }
    }
}

#[tokio::test]
async fn a_limit_is_warned_of_once() -> Result {
    let stage = Stage::without_bot(sandbox().await?)?;
    let warnings = Warnings::default();
    let subscriber = tracing_subscriber::registry().with(warnings.clone());
    let log = tracing::subscriber::set_default(subscriber);
    let discord = stage.discord();
    let channel = here(stage.support());
    discord.thread(channel).await?;
    let limited = Fault::rate_limited(MINUTE).global();
    stage.sandbox.fail_next(limited.times(20))?;
    let mark = stage.sandbox.mark();
    let calls = join_all((0..20).map(|_| discord.thread(channel)));
    let time = async {
        stage.made(mark, ("GET", "/channels/*")).await?;
        quiet().await;
        stage.sandbox.clear_faults();
        time_passes(MINUTE + SECOND).await;
        Ok::<_, harness::Error>(())
    };
    let (calls, time) = tokio::join!(calls, time);
    time?;
    assert!(calls.iter().all(Result::is_ok), "{calls:?}");
    drop(log);
    let warned = *warnings.0.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(warned, 1);
    stage.finish().await
}
