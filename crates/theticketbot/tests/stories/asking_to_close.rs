//! `/ticket ask-close` and `/ticket snooze`.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::{Answer, Fault, Person};
use serde_json::{Value, json};
use tickets::text::Text;
use tickets::waiting::Side;

use crate::settings::{pick, write};
use crate::stage::{Result, Stage, english, here, user};

async fn ask(person: &Person, ticket: ChannelId, options: Value) -> Result<Answer> {
    Ok(person.run_in(ticket, "ticket ask-close", options).await?)
}

impl Stage {
    /// Mia's ticket, in which Max is, too.
    async fn with_staff(&self) -> Result<ChannelId> {
        let inbox = self.inbox().await?;
        let ticket = self.open(&self.sandbox.member(), inbox).await?;
        self.sandbox.moderator().join(ticket).await?;
        self.idle().await?;
        Ok(ticket)
    }

    fn is_open(&self, ticket: ChannelId) -> bool {
        self.thread(ticket).is_some_and(|thread| !thread.archived)
    }

    fn component_count(&self, ticket: ChannelId, message: MessageId) -> usize {
        self.sandbox.look(|look| {
            let found = look.messages(ticket).find(|it| it.id == message);
            found.map_or(0, |message| message.components.len())
        })
    }
}

#[tokio::test]
async fn an_owner_agrees_to_close_the_ticket() -> Result {
    let stage = Stage::set().await?;
    let ticket = stage.with_staff().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let asked = ask(&max, ticket, json!({"reason": "It works"})).await?;
    let question = english(Text::AskCloseReason {
        owner: user(mia.id()),
        name: "Max".into(),
        reason: "It works".into(),
    });
    assert_eq!(asked.content()?, question);
    let prompt = asked.message()?.id();
    let mentions = stage.sandbox.look(|look| {
        let found = look.messages(ticket).find(|it| it.id == prompt);
        found.map(|message| message.mentions.clone())
    });
    assert_eq!(mentions, Some(vec![mia.id()]), "it pings them");
    // Staff cannot answer for the owner.
    let refused = max.click(ticket, prompt, "keep-open").await?;
    assert_eq!(refused.content()?, english(Text::OnlyForOwner {}));
    let closed = mia.click(ticket, prompt, "agree-to-close").await?;
    let note = english(Text::ClosedByWithReason {
        name: "Mia".into(),
        reason: "It works".into(),
    });
    assert_eq!(closed.content()?, note);
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket)[2..], [note]);
    assert_eq!(stage.component_count(ticket, prompt), 0);
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_does_not_agree_keeps_the_ticket_open() -> Result {
    let mut stage = Stage::set().await?;
    let ticket = stage.with_staff().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    mia.send(ticket, "Hello?").await?;
    stage.idle().await?;
    let asked = ask(&max, ticket, json!({"in": "1h"})).await?;
    let prompt = asked.message()?.id();
    mia.click(ticket, prompt, "keep-open").await?;
    stage.idle().await?;
    assert_eq!(stage.component_count(ticket, prompt), 0);
    stage.hours_pass(5).await?;
    assert!(stage.is_open(ticket));
    // Writing also answers the question, even if the owner already wrote last.
    let asked = ask(&max, ticket, json!({"in": "1h"})).await?;
    let prompt = asked.message()?.id();
    mia.send(ticket, "It is still broken").await?;
    stage.idle().await?;
    assert_eq!(stage.component_count(ticket, prompt), 0);
    stage.hours_pass(5).await?;
    assert!(stage.is_open(ticket));
    stage.stop().await?;
    let waiting = stage.store()?.waiting(here(ticket)).await?;
    assert_eq!(waiting.map(|waiting| waiting.side), Some(Side::Staff));
    stage.start().await?;
    stage.finish().await
}

/// Staff wrote after the owner, and the bot has seen neither message.
#[tokio::test]
async fn an_answer_during_a_downtime_keeps_the_ticket_open() -> Result {
    let mut stage = Stage::set().await?;
    let ticket = stage.with_staff().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let asked = ask(&max, ticket, json!({"in": "1h"})).await?;
    let prompt = asked.message()?.id();
    stage.stop().await?;
    mia.send(ticket, "It is still broken").await?;
    max.send(ticket, "Let me see").await?;
    stage.start_without_session().await?;
    stage.idle().await?;
    assert_eq!(stage.component_count(ticket, prompt), 0);
    stage.hours_pass(3).await?;
    assert!(stage.is_open(ticket));
    stage.finish().await
}

/// The outcome of the question is unknown, and stays so while the next run reads the ticket.
#[tokio::test]
async fn a_recovered_question_keeps_its_buttons() -> Result {
    let mut stage = Stage::set().await?;
    let ticket = stage.with_staff().await?;
    let max = stage.sandbox.moderator();
    let lost = Fault::refusal(502, 0, "Bad Gateway").after_it_took_effect();
    let lost = lost.times(5).on("POST", "/interactions/*/*/callback");
    stage.sandbox.fail_next(lost)?;
    let unreadable = Fault::refusal(503, 0, "Service Unavailable").times(1000);
    stage
        .sandbox
        .fail_next(unreadable.on("GET", "/webhooks/*/*/messages/@original"))?;
    max.start_command(ticket, "ticket ask-close", json!({"in": "1h"}))
        .await?;
    stage.scanned().await?;
    stage.stop().await?;
    stage.start_without_session().await?;
    // The scan reads the ticket, while recovery still fails.
    stage.scanned().await?;
    stage.sandbox.clear_faults();
    stage.idle().await?;
    let prompt = stage
        .sandbox
        .look(|look| look.messages(ticket).last().map(|it| it.id));
    let prompt = prompt.ok_or("the question")?;
    assert_eq!(stage.component_count(ticket, prompt), 1);
    stage.hours_pass(2).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_is_closed_in_time_for_whoever_asked_last() -> Result {
    let stage = Stage::set().await?;
    let ticket = stage.with_staff().await?;
    let max = stage.sandbox.moderator();
    let first = ask(&max, ticket, json!({"in": "1h"})).await?;
    stage.idle().await?;
    let options = json!({"in": "3 hours", "reason": "All done"});
    let second = ask(&max, ticket, options).await?;
    assert!(
        second
            .content()?
            .contains("Without an answer, I'll close it <t:")
    );
    stage.idle().await?;
    assert_eq!(stage.component_count(ticket, first.message()?.id()), 0);
    assert_eq!(stage.component_count(ticket, second.message()?.id()), 1);
    stage.hours_pass(2).await?;
    assert!(stage.is_open(ticket));
    stage.hours_pass(2).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let note = english(Text::ClosedByWithReason {
        name: "Max".into(),
        reason: "All done".into(),
    });
    assert_eq!(stage.said(ticket)[3..], [note]);
    stage.finish().await
}

/// The time at which Mia's ticket will be closed passes while the bot is not in the server, or while the
/// server is unavailable. Afterwards, Mia has some minutes to answer.
async fn there_is_time_to_answer_after(outage: bool) -> Result {
    let (stage, elsewhere) = Stage::with_two_servers().await?;
    let ticket = stage.with_staff().await?;
    let (owner, max) = (stage.sandbox.owner(), stage.sandbox.moderator());
    let (guild, bot) = (stage.sandbox.guild_id(), stage.sandbox.bot_id());
    ask(&max, ticket, json!({"in": "1h"})).await?;
    stage.idle().await?;
    if outage {
        stage.sandbox.begin_outage(guild)?;
    } else {
        owner.kick(bot).await?;
    }
    stage.sandbox.advance(Duration::from_secs(2 * 60 * 60));
    // The response has the new time. The second time, the timer has checked the clock.
    for _ in 0..2 {
        owner.run_in(elsewhere, "ticket help", json!({})).await?;
        stage.idle().await?;
    }
    assert!(stage.is_open(ticket));
    if outage {
        stage.sandbox.end_outage(guild)?;
    } else {
        owner.invite(bot).await?;
    }
    stage.idle().await?;
    stage.minutes_pass(9).await?;
    assert!(stage.is_open(ticket));
    stage.minutes_pass(2).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn after_a_new_invitation_there_is_time_to_answer() -> Result {
    there_is_time_to_answer_after(false).await
}

#[tokio::test]
async fn after_an_outage_of_the_server_there_is_time_to_answer() -> Result {
    there_is_time_to_answer_after(true).await
}

/// Without a time, the bot does not close the ticket. Discord's auto-archive timer hides the ticket, and the
/// owner can still answer, because clients unarchive the ticket first.
#[tokio::test]
async fn a_question_without_a_time_waits_also_in_a_hidden_ticket() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    pick(&stage.sandbox.owner(), "hide-after", "hour").await?;
    let ticket = stage.open(&mia, inbox).await?;
    max.join(ticket).await?;
    let asked = ask(&max, ticket, json!({})).await?;
    let prompt = asked.message()?.id();
    stage.idle().await?;
    stage.sandbox.advance(Duration::from_secs(8 * 24 * 60 * 60));
    stage.hours_pass(2).await?;
    let thread = stage.thread(ticket).ok_or("it is there")?;
    assert!(thread.archived && !thread.locked);
    assert_eq!(stage.said(ticket).len(), 2, "the starter and the question");
    // A hidden ticket counts as open for everybody.
    let refused = stage.click(&mia, inbox).await?;
    let open = Text::AlreadyOpen {
        ticket: here(ticket),
    };
    assert_eq!(refused.content()?, english(open));
    let list = max.run("ticket list", json!({})).await?;
    assert!(list.content()?.contains(&ticket.to_string()), "{list:?}");
    mia.reopen(ticket).await?;
    stage.idle().await?;
    let closed = mia.click(ticket, prompt, "agree-to-close").await?;
    let note = english(Text::ClosedBy { name: "Mia".into() });
    assert_eq!(closed.content()?, note);
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket)[2..], [note]);
    assert_eq!(stage.component_count(ticket, prompt), 0);
    stage.finish().await
}

#[tokio::test]
async fn only_staff_ask_and_snooze_and_name_a_time() -> Result {
    let stage = Stage::set().await?;
    let ticket = stage.with_staff().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let refused = ask(&mia, ticket, json!({})).await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    let refused = mia
        .run_in(ticket, "ticket snooze", json!({"for": "1h"}))
        .await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    let refused = max
        .run_in(ticket, "ticket snooze", json!({"for": "12"}))
        .await?;
    let written = "12".to_owned();
    assert_eq!(refused.content()?, english(Text::NotADuration { written }));
    let support = stage.support();
    let elsewhere = ask(&max, support, json!({})).await?;
    assert_eq!(elsewhere.content()?, english(Text::NotATicket {}));
    assert_eq!(stage.said(ticket).len(), 1);
    stage.finish().await
}

#[tokio::test]
async fn a_snooze_delays_reminders_and_pings_whoever_asked() -> Result {
    let stage = Stage::set().await?;
    let ticket = stage.with_staff().await?;
    let (mia, max, owner) = (
        stage.sandbox.member(),
        stage.sandbox.moderator(),
        stage.sandbox.owner(),
    );
    write(&owner, "remind-staff", "1h").await?;
    mia.send(ticket, "Hello?").await?;
    stage.idle().await?;
    let snoozed = max
        .run_in(ticket, "ticket snooze", json!({"for": "6h"}))
        .await?;
    assert!(snoozed.message()?.is_ephemeral());
    stage.hours_pass(5).await?;
    assert_eq!(stage.said(ticket).len(), 1);
    stage.hours_pass(1).await?;
    let ping = english(Text::SnoozeEnded { by: user(max.id()) });
    let message = stage.says(ticket, &ping).await?;
    stage.idle().await?;
    let mentions = stage.sandbox.look(|look| {
        let found = look.messages(ticket).find(|it| it.id == message);
        found.map(|message| message.mentions.clone())
    });
    assert_eq!(mentions, Some(vec![max.id()]));
    assert_eq!(stage.said(ticket).len(), 2);
    // The inbox's reminder counts from the end of the snooze.
    stage.hours_pass(2).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 3);
    stage.finish().await
}

/// A mention would add them to the ticket again.
#[tokio::test]
async fn the_end_of_a_snooze_brings_back_nobody_who_was_removed_and_is_not_staff() -> Result {
    let mut stage = Stage::set().await?;
    let ticket = stage.with_staff().await?;
    let (max, owner) = (stage.sandbox.moderator(), stage.sandbox.owner());
    max.run_in(ticket, "ticket snooze", json!({"for": "1h"}))
        .await?;
    let removed = json!({"member": max.id()});
    owner.run_in(ticket, "ticket remove", removed).await?;
    let moderators = stage.sandbox.defaults().moderator_role;
    owner.take_role(max.id(), moderators).await?;
    stage.hours_pass(2).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 1, "{:?}", stage.said(ticket));
    let is_in = |id| stage.sandbox.look(|look| look.is_in_thread(ticket, id));
    assert!(!is_in(max.id()));
    stage.stop().await?;
    let pending = stage.store()?.pending(here(ticket)).await?;
    let timers = pending.ok_or("it waits")?.timers;
    assert_eq!(timers.snoozed_by, None);
    stage.finish().await
}

/// Discord's own timer hides the ticket after three days. At the end of the snooze, nobody is left to notify.
#[tokio::test]
async fn the_end_of_a_snooze_closes_a_hidden_ticket_without_its_snoozer() -> Result {
    let stage = Stage::set().await?;
    let ticket = stage.with_staff().await?;
    let (max, owner) = (stage.sandbox.moderator(), stage.sandbox.owner());
    max.run_in(ticket, "ticket snooze", json!({"for": "7d"}))
        .await?;
    let removed = json!({"member": max.id()});
    owner.run_in(ticket, "ticket remove", removed).await?;
    let moderators = stage.sandbox.defaults().moderator_role;
    owner.take_role(max.id(), moderators).await?;
    stage.hours_pass(4 * 24).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 1, "it is hidden, not closed");
    stage.hours_pass(4 * 24).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

/// Staff with *Manage Threads* can snooze a ticket that they are not in.
#[tokio::test]
async fn the_end_of_a_snooze_brings_in_staff_who_asked() -> Result {
    let stage = Stage::set().await?;
    let ticket = stage.with_staff().await?;
    let (max, owner) = (stage.sandbox.moderator(), stage.sandbox.owner());
    let removed = json!({"member": max.id()});
    owner.run_in(ticket, "ticket remove", removed).await?;
    max.run_in(ticket, "ticket snooze", json!({"for": "1h"}))
        .await?;
    stage.hours_pass(2).await?;
    let ping = english(Text::SnoozeEnded { by: user(max.id()) });
    stage.says(ticket, &ping).await?;
    stage.idle().await?;
    let is_in = stage
        .sandbox
        .look(|look| look.is_in_thread(ticket, max.id()));
    assert!(is_in);
    stage.finish().await
}

#[tokio::test]
async fn each_choice_of_a_time_is_that_time() -> Result {
    const HOUR: i64 = 60 * 60;
    let stage = Stage::set().await?;
    let ticket = stage.with_staff().await?;
    let max = stage.sandbox.moderator();
    for (command, option) in [("ticket ask-close", "in"), ("ticket snooze", "for")] {
        let typed = json!({option: ""});
        let choices = max.suggestions(ticket, command, typed, option).await?;
        let hours = [1, 6, 12, 24, 3 * 24, 7 * 24];
        assert_eq!(choices.len(), hours.len(), "{choices:?}");
        for ((shown, choice), hours) in choices.into_iter().zip(hours) {
            let now = stage.sandbox.now().0 / 1000;
            let answer = max.run_in(ticket, command, json!({option: choice})).await?;
            let said = answer.content()?;
            let (_, moment) = said.split_once("<t:").ok_or("it says when")?;
            let (moment, _) = moment.split_once(':').ok_or("it says when")?;
            let wait = moment.parse::<i64>()? - now;
            let wanted = hours * HOUR;
            assert!((wanted..=wanted + 5).contains(&wait), "{shown}: {said}");
        }
    }
    stage.finish().await
}
