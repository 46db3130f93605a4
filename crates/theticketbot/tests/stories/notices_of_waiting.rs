//! How notices show tickets that wait for staff: since when, and one reminder.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::record::Call;
use discord_sandbox::{Fault, Look};
use serde_json::json;
use tickets::text::{MessageLink, Text};

use crate::notices::{Notice, PAUSE, first_line};
use crate::settings::{pick, write};
use crate::stage::{Inbox, Result, Stage, VIEW_CHANNEL, english, here, time_passes, user};

const MINUTE: Duration = Duration::from_secs(60);

/// A little longer than a change must last before a notice shows it.
const TO_SETTLE: Duration = Duration::from_secs(122);

const SEND_MESSAGES: u64 = 1 << 11;

fn waits_since(message: MessageId) -> Text {
    let since = tickets::MessageId(message.0).created_at().unix_seconds();
    Text::NoticeWaits { since }
}

impl Stage {
    /// Advances the clock of Discord and of the bot.
    async fn passes_for_both(&self, time: Duration) -> Result {
        self.idle().await?;
        // Both clocks advance at once: a response in between would have the new time while the bot's timers
        // have the old.
        self.sandbox.advance(time);
        time_passes(time).await;
        let owner = self.sandbox.owner();
        // The second time, the planned work has run.
        for _ in 0..2 {
            owner.run("ticket help", json!({})).await?;
            self.idle().await?;
        }
        Ok(())
    }

    /// How often the notices of a channel have been edited since then.
    fn edits_after(&self, mark: u64, channel: ChannelId) -> usize {
        let path = format!("/channels/{channel}/messages/*");
        let calls = self.sandbox.calls_after(mark);
        calls.iter().filter(|it| it.is("PATCH", &path)).count()
    }

    /// Waits for the only message of a channel that is not a notice.
    async fn reminder_in(&self, channel: ChannelId) -> Result<(MessageId, Notice)> {
        let is_there = |look: &Look<'_>| {
            let mut all = look.messages(channel);
            all.any(|m| m.content.contains("is waiting for an answer"))
                .then_some(())
        };
        self.sandbox.wait_until("a reminder", is_there).await?;
        self.idle().await?;
        let all = self.notices(channel);
        let is_reminder = |it: &&Notice| it.lines[0].contains("is waiting for an answer");
        let found: Vec<_> = all.iter().filter(is_reminder).cloned().collect();
        assert_eq!(found.len(), 1, "{all:?}");
        Ok((found[0].id, found[0].clone()))
    }

    /// Mia's ticket, in which she has just written, in an inbox that reminds staff after an hour.
    async fn asked_long_ago(&self) -> Result<(Inbox, ChannelId, ChannelId, MessageId)> {
        let (inbox, staff) = self.with_notices().await?;
        write(&self.sandbox.owner(), "remind-staff", "1h").await?;
        let mia = self.sandbox.member();
        let ticket = self.open(&mia, inbox).await?;
        let asked = mia.send(ticket, "Hello?").await?.id();
        self.idle().await?;
        Ok((inbox, staff, ticket, asked))
    }
}

#[tokio::test]
async fn a_notice_says_since_when_its_ticket_waits_for_staff() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    let first = first_line(ticket, &mia, inbox);
    let alone = std::slice::from_ref(&first);
    stage.passes_for_both(TO_SETTLE).await?;
    assert_eq!(stage.notices(staff)[0].lines, alone, "for Mia");

    let asked = mia.send(ticket, "It is broken").await?.id();
    stage.passes_for_both(MINUTE).await?;
    assert_eq!(stage.notices(staff)[0].lines, alone, "not yet");
    stage.passes_for_both(TO_SETTLE).await?;
    let notice = stage.notice_with(staff, waits_since(asked)).await?;
    assert_eq!(notice.lines, [first.clone(), english(waits_since(asked))]);
    assert!(notice.can_be_joined);

    // Max claims the ticket, answers, and Mia writes again: the notice shows the last state.
    max.run_in(ticket, "ticket claim", json!({})).await?;
    let claimed = english(Text::NoticeClaimed {
        member: user(max.id()),
    });
    let notice = stage.notice_with(staff, waits_since(asked)).await?;
    assert_eq!(
        notice.lines[1..],
        [claimed.clone(), english(waits_since(asked))]
    );
    max.send(ticket, "Since when?").await?;
    stage.passes_for_both(MINUTE).await?;
    let again = mia.send(ticket, "Yesterday").await?.id();
    stage.passes_for_both(MINUTE).await?;
    assert_eq!(stage.notices(staff)[0].lines, notice.lines, "not yet");
    stage.passes_for_both(TO_SETTLE).await?;
    let notice = stage.notice_with(staff, waits_since(again)).await?;
    assert_eq!(
        notice.lines[1..],
        [claimed.clone(), english(waits_since(again))]
    );

    // The ticket waits for Mia.
    max.send(ticket, "Try it now").await?;
    stage.passes_for_both(TO_SETTLE).await?;
    let member = user(max.id());
    let notice = stage
        .notice_with(staff, Text::NoticeClaimed { member })
        .await?;
    assert_eq!(notice.lines, [first, claimed]);
    stage.finish().await
}

/// A change that must still last for a moment is shown after a restart, with and without a resumed session.
#[tokio::test]
async fn a_restart_loses_no_change_that_has_to_last() -> Result {
    let mut stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    let asked = mia.send(ticket, "It is broken").await?.id();
    stage.idle().await?;
    stage.stop().await?;
    stage.start().await?;
    stage.passes_for_both(TO_SETTLE).await?;
    stage.notice_with(staff, waits_since(asked)).await?;
    max.join(ticket).await?;
    max.send(ticket, "Since when?").await?;
    stage.idle().await?;
    stage.stop().await?;
    stage.sandbox.advance(TO_SETTLE);
    stage.start_without_session().await?;
    stage.idle().await?;
    let lines = stage.notices(staff)[0].lines.clone();
    assert_eq!(lines, [first_line(ticket, &mia, inbox)]);
    stage.finish().await
}

/// Short changes cost no edit, and lasting changes share the limit of edits for the channel.
#[tokio::test]
async fn twenty_tickets_that_wait_share_their_edits() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let max = stage.sandbox.moderator();
    let crowd = stage.sandbox.crowd("member", 20)?;
    let mut tickets = Vec::new();
    for member in &crowd {
        let ticket = stage.open(member, inbox).await?;
        max.join(ticket).await?;
        tickets.push(ticket);
    }
    stage.idle().await?;
    let mark = stage.sandbox.mark();
    for _ in 0..3 {
        for (member, ticket) in crowd.iter().zip(&tickets) {
            member.send(*ticket, "Hello?").await?;
            max.send(*ticket, "Yes?").await?;
        }
    }
    stage.passes_for_both(TO_SETTLE).await?;
    let edits = stage.edits_after(mark, staff);
    assert_eq!(edits, 0, "120 messages: {:?}", stage.notices(staff));

    for (member, ticket) in crowd.iter().zip(&tickets) {
        member.send(*ticket, "It is broken").await?;
    }
    stage.passes_for_both(TO_SETTLE).await?;
    let waiting = |stage: &Stage| {
        let all = stage.notices(staff);
        let waits = |it: &&Notice| it.lines.last().is_some_and(|it| it.starts_with("Waiting"));
        all.iter().filter(waits).count()
    };
    let at_once = stage.edits_after(mark, staff);
    assert!(at_once <= 2, "{at_once} edits for 20 changes");
    // The speed of the machine decides how often the time between two edits passes, so the test checks the
    // order and number of edits.
    let closing = stage.sandbox.mark();
    max.run_in(tickets[19], "ticket close", json!({})).await?;
    stage.closed(tickets[19], true).await?;
    for _ in 0..100 {
        time_passes(PAUSE).await;
        stage.idle().await?;
        if waiting(&stage) == 19 {
            break;
        }
    }
    let last = stage.notices(staff).pop().ok_or("a notice")?;
    let member = user(max.id());
    let closed = english(Text::NoticeClosedBy { member });
    assert_eq!(last.lines.last(), Some(&closed));
    // One edit may have been in flight when the ticket was closed.
    let edits = stage.sandbox.calls_after(closing).into_iter();
    let thread = format!("/channels/{}", tickets[19]);
    let edits = edits.skip_while(|call| !call.is("PATCH", &thread));
    let notices = format!("/channels/{staff}/messages/*");
    let mut first = edits.filter(|call| call.is("PATCH", &notices)).take(2);
    let is_closing = |call: Call| call.path.ends_with(&last.id.to_string());
    assert!(first.any(is_closing), "a closing waits for no other change");
    assert_eq!(waiting(&stage), 19);
    let all = stage.edits_after(mark, staff);
    time_passes(PAUSE).await;
    stage.idle().await?;
    assert_eq!(stage.edits_after(mark, staff), all, "nothing is left");
    assert!(all <= 21, "{all} edits for 20 changes and a closing");
    stage.finish().await
}

#[tokio::test]
async fn staff_are_reminded_in_the_channel_of_the_notices() -> Result {
    let stage = Stage::set().await?;
    let (_, staff, ticket, asked) = stage.asked_long_ago().await?;
    let (mia, max, owner) = (
        stage.sandbox.member(),
        stage.sandbox.moderator(),
        stage.sandbox.owner(),
    );
    let notice = stage.notices(staff).remove(0);
    stage.hours_pass(2).await?;
    let (first, reminder) = stage.reminder_in(staff).await?;
    let since = tickets::MessageId(asked.0).created_at().unix_seconds();
    let text = english(Text::RemindByNoticeLink {
        ticket: here(ticket),
        since,
        notice: MessageLink {
            guild: tickets::GuildId(stage.sandbox.guild_id().0),
            channel: here(staff),
            message: tickets::MessageId(notice.id.0),
        },
    });
    assert_eq!(reminder.lines, [text]);
    assert!(reminder.pinged.is_empty() && !reminder.can_be_joined);
    assert_eq!(stage.said(ticket).len(), 1, "nothing in the ticket");
    // There is one reminder for each time that the ticket waits.
    stage.hours_pass(50).await?;
    stage.reminder_in(staff).await?;
    owner.delete_message(staff, first).await?;

    // With this setting, a reminder mentions the staff, like a notice.
    pick(&owner, "notice-ping", "staff").await?;
    max.join(ticket).await?;
    max.send(ticket, "Yes?").await?;
    stage.idle().await?;
    mia.send(ticket, "It is broken").await?;
    stage.idle().await?;
    stage.hours_pass(2).await?;
    let (second, reminder) = stage.reminder_in(staff).await?;
    assert_eq!(reminder.pinged, [stage.sandbox.moderator_role().0]);
    owner.delete_message(staff, second).await?;

    // If the ticket is claimed, only that member is notified.
    max.run_in(ticket, "ticket claim", json!({})).await?;
    max.send(ticket, "And now?").await?;
    stage.idle().await?;
    mia.send(ticket, "No").await?;
    stage.idle().await?;
    stage.hours_pass(2).await?;
    let (third, reminder) = stage.reminder_in(staff).await?;
    assert!(reminder.pinged.is_empty());
    let pinged = stage.sandbox.look(|look| {
        let found = look.messages(staff).find(|it| it.id == third);
        found.map(|message| message.mentions.clone())
    });
    assert_eq!(pinged, Some(vec![max.id()]));
    stage.finish().await
}

#[tokio::test]
async fn a_reminder_that_cannot_be_sent_there_is_sent_in_the_ticket() -> Result {
    let stage = Stage::set().await?;
    let (_, staff, ticket, asked) = stage.asked_long_ago().await?;
    let refusal = Fault::refusal(403, 50_013, "Missing Permissions");
    let path = format!("/channels/{staff}/messages");
    stage.sandbox.fail_next(refusal.on("POST", &path))?;
    stage.hours_pass(2).await?;
    let since = tickets::MessageId(asked.0).created_at().unix_seconds();
    let text = english(Text::RemindStaff { since });
    stage.says(ticket, &text).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 2);
    assert_eq!(stage.notices(staff).len(), 1);

    // The bot's cache shows that it may not send the reminder.
    let owner = stage.sandbox.owner();
    let role = stage.sandbox.defaults().bot_role;
    owner
        .set_role_overwrite(staff, role, VIEW_CHANNEL, SEND_MESSAGES)
        .await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    max.join(ticket).await?;
    max.send(ticket, "Yes?").await?;
    stage.idle().await?;
    let asked = mia.send(ticket, "No").await?.id();
    stage.idle().await?;
    stage.hours_pass(2).await?;
    let since = tickets::MessageId(asked.0).created_at().unix_seconds();
    let text = english(Text::RemindStaff { since });
    stage.says(ticket, &text).await?;
    stage.finish().await
}

/// If the response to a sent reminder is lost, the bot does not send the reminder again.
#[tokio::test]
async fn a_reminder_among_the_notices_is_sent_once() -> Result {
    let stage = Stage::set().await?;
    let (_, staff, ticket, _) = stage.asked_long_ago().await?;
    let path = format!("/channels/{staff}/messages");
    let lost = Fault::dropped().after_it_took_effect();
    stage.sandbox.fail_next(lost.on("POST", &path))?;
    stage.hours_pass(2).await?;
    stage.reminder_in(staff).await?;
    stage.hours_pass(9).await?;
    stage.reminder_in(staff).await?;
    assert_eq!(stage.said(ticket).len(), 1);
    stage.finish().await
}

/// A message in a hidden ticket unhides it; a reminder in the notices' channel does not.
#[tokio::test]
async fn a_hidden_ticket_comes_back_when_staff_are_reminded_elsewhere() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let owner = stage.sandbox.owner();
    pick(&owner, "hide-after", "hour").await?;
    write(&owner, "remind-staff", "5h").await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    mia.send(ticket, "Hello?").await?;
    stage.idle().await?;
    stage.hours_pass(2).await?;
    let is_hidden = || stage.thread(ticket).is_some_and(|it| it.archived);
    assert!(is_hidden());
    stage.hours_pass(4).await?;
    stage.reminder_in(staff).await?;
    assert!(!is_hidden());
    assert_eq!(stage.said(ticket).len(), 1);
    stage.finish().await
}
