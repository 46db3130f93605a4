//! Notices: one message for each ticket in a channel of the staff, with *Join*; and how staff are mentioned.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::world::MoreGuilds;
use discord_sandbox::{Answer, Fault, Look, Person, Sandbox};
use serde_json::json;
use tickets::problem::Problem;
use tickets::text::Text;
use tickets::{Mention, RoleId};

use crate::settings::pick;
use crate::stage::{
    Inbox, MANAGE_THREADS, Result, Stage, VIEW_CHANNEL, english, here, link, reported, time_passes,
    user,
};

/// The pause between two edits in a channel of notices.
pub(crate) const PAUSE: Duration = Duration::from_secs(3);

/// Discord's flag of a message that notifies nobody.
pub(crate) const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;

/// A notice as everybody in its channel sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) id: MessageId,
    pub(crate) lines: Vec<String>,
    pub(crate) can_be_joined: bool,
    pub(crate) pinged: Vec<u64>,
}

impl Stage {
    /// An inbox whose notices are in a channel of the staff.
    pub(crate) async fn with_notices(&self) -> Result<(Inbox, ChannelId)> {
        let inbox = self.inbox().await?;
        let owner = self.sandbox.owner();
        let staff = owner.create_channel("staff", 0).await?.id();
        self.idle().await?;
        pick(&owner, "notices", &staff.to_string()).await?;
        Ok((inbox, staff))
    }

    /// The notices in a channel, oldest first.
    pub(crate) fn notices(&self, channel: ChannelId) -> Vec<Notice> {
        let bot = self.sandbox.bot_id();
        self.sandbox.look(|look| {
            let own = look.messages(channel);
            let own = own.filter(|m| m.user() == Some(bot) && m.ephemeral_to.is_none());
            own.map(|m| Notice {
                id: m.id,
                lines: m.content.lines().map(str::to_owned).collect(),
                can_be_joined: !m.components.is_empty(),
                pinged: m.mention_roles.iter().map(|role| role.0).collect(),
            })
            .collect()
        })
    }

    /// The one notice in a channel, once it has this last line.
    pub(crate) async fn notice_with(&self, channel: ChannelId, last: Text) -> Result<Notice> {
        let last = english(last);
        self.caught_up().await?;
        // There may have been another edit just now.
        time_passes(PAUSE).await;
        let shows_it = |look: &Look<'_>| {
            let mut all = look.messages(channel);
            all.any(|m| m.content.lines().last() == Some(&last))
                .then_some(())
        };
        self.sandbox.wait_until(&last, shows_it).await?;
        self.idle().await?;
        let mut all = self.notices(channel);
        assert_eq!(all.len(), 1, "{all:?}");
        Ok(all.remove(0))
    }

    /// Waits until at most this number of notices in a channel do not meet this condition.
    async fn at_most(
        &self,
        channel: ChannelId,
        count: usize,
        is_left: impl Fn(&str) -> bool,
    ) -> Result {
        let bot = self.sandbox.bot_id();
        time_passes(PAUSE).await;
        let is_so = |look: &Look<'_>| {
            let own = look.messages(channel).filter(|m| m.user() == Some(bot));
            (own.filter(|m| is_left(&m.content)).count() <= count).then_some(())
        };
        self.sandbox.wait_until("fewer notices", is_so).await?;
        Ok(())
    }

    async fn join(&self, person: &Person, channel: ChannelId, notice: &Notice) -> Result<Answer> {
        let custom_id = self.sandbox.look(|look| {
            let message = look.messages(channel).find(|m| m.id == notice.id)?;
            let shown = serde_json::to_value(&message.components).ok()?.to_string();
            let (_, rest) = shown.split_once("join:")?;
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            Some(format!("join:{digits}"))
        });
        let custom_id = custom_id.ok_or("the notice has a button")?;
        Ok(person.click(channel, notice.id, &custom_id).await?)
    }

    fn is_in_ticket(&self, ticket: ChannelId, person: &Person) -> bool {
        let id = person.id();
        self.sandbox.look(|look| look.is_in_thread(ticket, id))
    }
}

pub(crate) fn first_line(ticket: ChannelId, owner: &Person, inbox: Inbox) -> String {
    english(Text::NoticeTicket {
        ticket: here(ticket),
        owner: user(owner.id()),
        inbox: format!("<#{}>", inbox.channel),
        opened: here(ticket).created_at().unix_seconds(),
    })
}

#[tokio::test]
async fn a_ticket_has_one_notice_for_its_whole_life() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let sandbox = &stage.sandbox;
    let (mia, max, olivia) = (sandbox.member(), sandbox.moderator(), sandbox.owner());
    let ticket = stage.open(&mia, inbox).await?;
    stage.caught_up().await?;
    let all = stage.notices(staff);
    assert_eq!(all.len(), 1);
    let first = first_line(ticket, &mia, inbox);
    assert_eq!(all[0].lines, std::slice::from_ref(&first));
    assert!(all[0].can_be_joined && all[0].pinged.is_empty());

    let joined = stage.join(&olivia, staff, &all[0]).await?;
    let text = Text::TicketJoined {
        ticket: here(ticket),
    };
    assert_eq!(joined.content()?, english(text));
    assert!(stage.is_in_ticket(ticket, &olivia));
    let member = user(olivia.id());
    let line = Text::NoticeJoined { member };
    let notice = stage.notice_with(staff, line.clone()).await?;
    assert_eq!(notice.id, all[0].id);
    // Only the first member of staff who joins is shown.
    stage.join(&max, staff, &notice).await?;

    max.run_in(ticket, "ticket claim", json!({})).await?;
    let claimed = Text::NoticeClaimed {
        member: user(max.id()),
    };
    let notice = stage.notice_with(staff, claimed.clone()).await?;
    let joined = english(line);
    assert_eq!(
        notice.lines,
        [first.clone(), joined.clone(), english(claimed)]
    );

    let reason = "It works again";
    max.run_in(ticket, "ticket close", json!({"reason": reason}))
        .await?;
    stage.closed(ticket, true).await?;
    let end = Text::NoticeClosedByWithReason {
        member: user(max.id()),
        reason: reason.into(),
    };
    let notice = stage.notice_with(staff, end.clone()).await?;
    assert_eq!(notice.lines, [first.clone(), joined, english(end)]);
    assert!(!notice.can_be_joined);

    // After reopening, the notice has its button again.
    let options = json!({"ticket": ticket.to_string()});
    max.run("ticket reopen", options).await?;
    let claimed = Text::NoticeClaimed {
        member: user(max.id()),
    };
    let notice = stage.notice_with(staff, claimed).await?;
    assert!(notice.can_be_joined);

    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.notice_with(staff, Text::NoticeOwnerLeft {}).await?;
    stage.finish().await
}

#[tokio::test]
async fn staff_who_come_in_by_other_means_are_the_first_to_join() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let sandbox = &stage.sandbox;
    let (mia, max, noah) = (sandbox.member(), sandbox.moderator(), sandbox.member2());
    let owner = sandbox.owner();
    // A member whom Discord adds because of a mention does not count as having joined.
    let ticket = stage.open(&mia, inbox).await?;
    stage.caught_up().await?;
    assert!(stage.is_in_ticket(ticket, &max));
    owner.join(ticket).await?;
    let member = user(owner.id());
    let notice = stage
        .notice_with(staff, Text::NoticeJoined { member })
        .await?;
    owner.delete_message(staff, notice.id).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    sandbox.advance(Duration::from_secs(61));

    pick(&owner, "staff-mode", "join").await?;
    let ticket = stage.open(&mia, inbox).await?;
    stage.caught_up().await?;
    assert!(!stage.is_in_ticket(ticket, &max));
    // A member who is not staff does not count.
    owner.add(ticket, noah.id()).await?;
    stage.idle().await?;
    owner.add(ticket, max.id()).await?;
    let member = user(max.id());
    stage
        .notice_with(staff, Text::NoticeJoined { member })
        .await?;
    stage.finish().await
}

#[tokio::test]
async fn staff_who_come_while_the_bot_is_stopped_are_the_first_to_join() -> Result {
    for keeps_session in [true, false] {
        let mut stage = Stage::set().await?;
        let (inbox, staff) = stage.with_notices().await?;
        let sandbox = &stage.sandbox;
        let (mia, max, noah) = (sandbox.member(), sandbox.moderator(), sandbox.member2());
        let owner = sandbox.owner();
        pick(&owner, "staff-mode", "join").await?;
        let ticket = stage.open(&mia, inbox).await?;
        stage.caught_up().await?;
        stage.stop().await?;
        owner.add(ticket, noah.id()).await?;
        owner.add(ticket, max.id()).await?;
        let later = Duration::from_secs(1);
        stage.sandbox.advance(later);
        owner.join(ticket).await?;
        stage.start_again(keeps_session).await?;
        let member = user(max.id());
        stage
            .notice_with(staff, Text::NoticeJoined { member })
            .await?;
        stage.finish().await?;
    }
    Ok(())
}

#[tokio::test]
async fn each_other_end_is_in_the_notice() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let sandbox = &stage.sandbox;
    let (mia, max, olivia) = (sandbox.member(), sandbox.moderator(), sandbox.owner());
    let ticket = stage.open(&mia, inbox).await?;
    max.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    let notice = stage.notice_with(staff, Text::NoticeClosed {}).await?;
    let first = first_line(ticket, &mia, inbox);

    // The database keeps nothing about the deleted thread, but the notice keeps its first line.
    olivia.delete(ticket).await?;
    let gone = stage.notice_with(staff, Text::NoticeDeleted {}).await?;
    assert_eq!(gone.id, notice.id);
    assert_eq!(gone.lines, [first, english(Text::NoticeDeleted {})]);
    stage.idle().await?;
    stage.finish().await
}

#[tokio::test]
async fn a_notice_can_mention_the_staff() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let sandbox = &stage.sandbox;
    let (mia, max, olivia) = (sandbox.member(), sandbox.moderator(), sandbox.owner());
    pick(&olivia, "notice-ping", "staff").await?;
    let ticket = stage.open(&mia, inbox).await?;
    stage.caught_up().await?;
    let notice = stage.notices(staff).remove(0);
    let role = sandbox.moderator_role();
    assert_eq!(notice.pinged, [role.0]);
    assert_eq!(notice.lines.last(), Some(&format!("<@&{role}>")));
    max.run_in(ticket, "ticket close", json!({})).await?;
    let member = user(max.id());
    stage
        .notice_with(staff, Text::NoticeClosedBy { member })
        .await?;
    stage.finish().await
}

#[tokio::test]
async fn twenty_tickets_share_their_edits() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let max = stage.sandbox.moderator();
    let crowd = stage.sandbox.crowd("member", 20)?;
    let mut tickets = Vec::new();
    for member in &crowd {
        tickets.push(stage.open(member, inbox).await?);
    }
    stage.caught_up().await?;
    assert_eq!(stage.notices(staff).len(), 20);
    let mark = stage.sandbox.mark();
    let path = format!("/channels/{staff}/messages/*");
    let edits = || {
        let calls = stage.sandbox.calls_after(mark);
        calls.iter().filter(|it| it.is("PATCH", &path)).count()
    };
    // Each ticket is claimed, unclaimed and claimed again, and some are closed.
    for ticket in &tickets {
        for command in ["ticket claim", "ticket unclaim", "ticket claim"] {
            max.run_in(*ticket, command, json!({})).await?;
        }
    }
    for ticket in &tickets[15..] {
        max.run_in(*ticket, "ticket close", json!({})).await?;
    }
    stage.caught_up().await?;
    let so_far = edits();
    assert!(so_far < 20, "{so_far} edits for 65 changes");
    // The edits for closings come before the pending edits for claims.
    let member = user(max.id());
    let closed = english(Text::NoticeClosedBy { member });
    for left in (15..20).rev() {
        stage
            .at_most(staff, left, |it| !it.ends_with(&closed))
            .await?;
    }
    let first = edits();
    assert!(
        first <= so_far + 6,
        "{first} edits, of them {so_far} before"
    );
    // Each notice shows the newest state, without an edit for each state before it.
    let claimed = english(Text::NoticeClaimed { member });
    for left in (5..20).rev() {
        stage
            .at_most(staff, left, |it| !it.ends_with(&claimed))
            .await?;
    }
    let all = edits();
    assert!(all <= first + 16, "{all} edits, of them {first} before");
    time_passes(PAUSE).await;
    stage.idle().await?;
    assert_eq!(edits(), all, "then there is nothing to change");
    stage.finish().await
}

#[tokio::test]
async fn a_deleted_notice_is_not_made_again() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let sandbox = &stage.sandbox;
    let (mia, max) = (sandbox.member(), sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    stage.caught_up().await?;
    let notice = stage.notices(staff).remove(0);
    sandbox.owner().delete_message(staff, notice.id).await?;
    stage.idle().await?;
    max.run_in(ticket, "ticket claim", json!({})).await?;
    max.run_in(ticket, "ticket close", json!({"reason": "Done"}))
        .await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert!(stage.notices(staff).is_empty());
    stage.finish().await
}

#[tokio::test]
async fn a_notice_that_cannot_be_posted_stops_nothing() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let refusal = Fault::refusal(403, 50_013, "Missing Permissions");
    let path = format!("/channels/{staff}/messages");
    stage.sandbox.fail_next(refusal.on("POST", &path))?;
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    assert!(stage.notices(staff).is_empty());
    max.run_in(ticket, "ticket close", json!({"reason": "Done"}))
        .await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert!(stage.notices(staff).is_empty());
    stage.finish().await
}

#[tokio::test]
async fn a_notice_is_posted_once_when_its_sending_is_in_doubt() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let mia = stage.sandbox.member();
    let path = format!("/channels/{staff}/messages");
    let lost = Fault::status(500).after_it_took_effect();
    let lost = lost.on("POST", &path).times(5);
    stage.sandbox.fail_next(lost)?;
    let ticket = stage.open(&mia, inbox).await?;
    stage.caught_up().await?;
    stage.sandbox.clear_faults();
    stage.idle().await?;
    let all = stage.notices(staff);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].lines, [first_line(ticket, &mia, inbox)]);
    stage.finish().await
}

#[tokio::test]
async fn what_happened_while_the_bot_was_away_is_shown_later() -> Result {
    let mut stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    stage.stop().await?;
    max.archive(ticket).await?;
    stage.start_without_session().await?;
    stage.notice_with(staff, Text::NoticeClosed {}).await?;
    stage.finish().await
}

#[tokio::test]
async fn only_staff_of_the_ticket_join() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, noah) = (sandbox.owner(), sandbox.member(), sandbox.member2());
    let max = sandbox.moderator();
    let ticket = stage.open(&mia, inbox).await?;
    stage.caught_up().await?;
    let notice = stage.notices(staff).remove(0);
    let refused = stage.join(&noah, staff, &notice).await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    assert!(refused.message()?.is_ephemeral());
    // Manage Threads in the notices' channel or in another channel gives no power over the ticket.
    let powers = VIEW_CHANNEL | MANAGE_THREADS;
    for channel in [staff, stage.tickets()] {
        owner
            .set_member_overwrite(channel, noah.id(), powers, 0)
            .await?;
    }
    let refused = stage.join(&noah, staff, &notice).await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    // Staff who cannot view the tickets' channel have no power.
    owner
        .set_role_overwrite(inbox.channel, sandbox.moderator_role(), 0, VIEW_CHANNEL)
        .await?;
    let refused = stage.join(&max, staff, &notice).await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    owner
        .delete_overwrite(inbox.channel, sandbox.moderator_role().0)
        .await?;
    // A former member of staff.
    owner.take_role(max.id(), sandbox.moderator_role()).await?;
    let refused = stage.join(&max, staff, &notice).await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    assert!(!stage.is_in_ticket(ticket, &noah));

    owner.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    // The notice has no button now, but a client may still show one.
    let late = json!({
        "channel_id": staff, "message_id": notice.id, "custom_id": format!("join:{ticket}"),
    });
    let refused = owner.forge(late.clone()).await?;
    assert_eq!(refused.content()?, english(Text::AlreadyClosed {}));
    owner.delete(ticket).await?;
    stage.notice_with(staff, Text::NoticeDeleted {}).await?;
    let refused = owner.forge(late).await?;
    assert_eq!(refused.content()?, english(Text::TicketDeleted {}));
    stage.finish().await
}

#[tokio::test]
async fn a_forged_button_joins_nothing() -> Result {
    let builder = Sandbox::builder().more_guilds(MoreGuilds {
        count: 1,
        channels: 1,
        roles: 0,
    });
    let stage = Stage::on(builder.start().await?).await?;
    let (inbox, staff) = stage.with_notices().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, noah) = (sandbox.owner(), sandbox.member(), sandbox.member2());
    let ticket = stage.open(&mia, inbox).await?;
    stage.caught_up().await?;
    let notice = stage.notices(staff).remove(0);
    // The ticket in a forged button's id does not count: these messages are a member's and the inbox's, not
    // notices.
    let own = noah.send(staff, "hello").await?.id();
    for (channel, message) in [(staff, own), (inbox.channel, inbox.message)] {
        let forged = json!({
            "channel_id": channel, "message_id": message, "custom_id": format!("join:{ticket}"),
        });
        let refused = owner.forge(forged).await?;
        assert_eq!(refused.content()?, english(Text::TicketDeleted {}));
    }
    // The click comes from another server.
    let view = owner.view().await?;
    let guilds = view["guilds"].as_array().ok_or("servers")?;
    let home = sandbox.guild_id().to_string();
    let other = guilds
        .iter()
        .find(|guild| guild["id"] != home)
        .ok_or("another server")?;
    let elsewhere = other["channels"][0]["id"].clone();
    let menu = json!({
        "channel_id": elsewhere, "custom_id": "join-ticket", "component_type": 3,
        "values": [ticket.to_string()],
    });
    let refused = owner.forge(menu).await?;
    assert_eq!(refused.content()?, english(Text::TicketGone {}));
    let forged = json!({
        "channel_id": elsewhere, "message_id": notice.id, "custom_id": format!("join:{ticket}"),
    });
    let refused = owner.forge(forged).await?;
    assert!(!refused.content()?.contains("<#"), "{refused:?}");
    assert!(!stage.is_in_ticket(ticket, &owner));
    // If the message does not exist, Discord sends no message with the click, which is an unexpected error.
    stage.expected_errors();
    stage.finish().await
}

#[tokio::test]
async fn staff_are_mentioned_silently() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    pick(&stage.sandbox.owner(), "staff-mode", "silent").await?;
    let max = stage.sandbox.moderator();
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    assert!(
        stage.is_in_ticket(ticket, &max),
        "they are added all the same"
    );
    let bot = stage.sandbox.bot_id();
    let flags = stage.sandbox.look(|look| {
        let first = look.messages(ticket).find(|m| m.user() == Some(bot));
        first.map(|message| message.flags)
    });
    assert_eq!(
        flags.map(|flags| flags & SUPPRESS_NOTIFICATIONS),
        Some(SUPPRESS_NOTIFICATIONS)
    );
    stage.finish().await
}

#[tokio::test]
async fn staff_who_join_by_the_notice_are_only_named() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, max) = (sandbox.owner(), sandbox.member(), sandbox.moderator());
    pick(&owner, "staff-mode", "join").await?;
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    assert!(stage.is_in_ticket(ticket, &mia) && !stage.is_in_ticket(ticket, &max));
    assert!(stage.said(ticket)[0].contains(&format!("<@&{}>", sandbox.moderator_role())));
    let notice = stage.notices(staff).remove(0);
    stage.join(&max, staff, &notice).await?;
    assert!(stage.is_in_ticket(ticket, &max));
    stage.finish().await
}

#[tokio::test]
async fn without_their_channel_staff_are_mentioned_again() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, max) = (sandbox.owner(), sandbox.member(), sandbox.moderator());
    pick(&owner, "staff-mode", "join").await?;
    let first = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    owner.delete(staff).await?;
    stage.idle().await?;
    stage.a_minute_passes();
    let noah = sandbox.member2();
    let ticket = stage.open(&noah, inbox).await?;
    assert!(stage.is_in_ticket(ticket, &max));
    // The admin sees the problem.
    let menu = owner.run("inbox staff", json!({})).await?;
    drop(menu);
    let menu = stage.select(&owner, inbox.channel, inbox.message).await?;
    let heading = Text::ChooseStaff {
        inbox: link(&stage, inbox),
    };
    let shown = reported(heading, &[Problem::NoticesGone]);
    assert_eq!(menu.content()?, shown);
    // The first ticket is closed although its notice is gone.
    max.archive(first).await?;
    stage.closed(first, true).await?;
    stage.idle().await?;
    let role = Mention::Role(RoleId(sandbox.moderator_role().0));
    assert!(stage.said(ticket)[0].contains(&role.to_string()));
    stage.finish().await
}

/// These staff learn of tickets from notices, and notices name the members who open tickets.
#[tokio::test]
async fn a_channel_for_notices_that_staff_cannot_view_or_everyone_can_is_a_problem() -> Result {
    let stage = Stage::set().await?;
    let (_, staff) = stage.with_notices().await?;
    let (owner, role) = (stage.sandbox.owner(), stage.sandbox.moderator_role());
    pick(&owner, "staff-mode", "join").await?;
    let channel = here(staff);
    let public = english(Text::ProblemNoticesPublic { channel });
    let team = vec![Mention::Role(RoleId(role.0))];
    let hidden = english(Text::ProblemNoticesHidden {
        channel,
        staff: team,
    });
    let listed = async || -> Result<(bool, bool)> {
        stage.idle().await?;
        let list = owner.run("inbox list", json!({})).await?;
        let listed = list.message()?.embeds()[0]["description"].to_string();
        let listed: String = serde_json::from_str(&listed)?;
        Ok((listed.contains(&public), listed.contains(&hidden)))
    };
    assert_eq!(listed().await?, (true, false));
    // The staff and the bot can still view the channel.
    stage.deny(staff, VIEW_CHANNEL).await?;
    assert_eq!(listed().await?, (false, false));
    owner.set_role_overwrite(staff, role, 0, 0).await?;
    assert_eq!(listed().await?, (false, true));
    stage.finish().await
}

/// An admin removes the inbox by mistake. Its open ticket keeps its notice, and members who are staff only
/// because of the inbox's list can still use *Join*, also after a restart.
#[tokio::test]
async fn tickets_of_a_removed_inbox_keep_their_notices() -> Result {
    let mut stage = Stage::set().await?;
    let (inbox, staff) = stage.with_notices().await?;
    let sandbox = &stage.sandbox;
    let (mia, noah) = (sandbox.member(), sandbox.member2());
    let (max, olivia) = (sandbox.moderator(), sandbox.owner());
    let both = [noah.id().to_string(), max.id().to_string()];
    stage.set_staff(inbox, &both).await?;
    let ticket = stage.open(&mia, inbox).await?;
    stage.caught_up().await?;
    olivia.delete_message(inbox.channel, inbox.message).await?;
    stage.idle().await?;
    stage.stop().await?;
    stage.start().await?;
    stage.idle().await?;
    let [notice] = &stage.notices(staff)[..] else {
        panic!("one notice")
    };
    assert!(notice.can_be_joined);
    stage.join(&noah, staff, notice).await?;
    assert!(stage.is_in_ticket(ticket, &noah));
    noah.run_in(ticket, "ticket claim", json!({})).await?;
    let member = user(noah.id());
    let shown = stage.notice_with(staff, Text::NoticeClaimed { member });
    let shown = shown.await?;
    let first = first_line(ticket, &mia, inbox);
    assert!(
        shown.id == notice.id && shown.lines[0] == first,
        "{shown:?}"
    );

    let reason = "It works again".to_owned();
    noah.run_in(ticket, "ticket close", json!({"reason": reason}))
        .await?;
    stage.closed(ticket, true).await?;
    let closed = Text::NoticeClosedByWithReason { member, reason };
    let shown = stage.notice_with(staff, closed).await?;
    assert!(shown.id == notice.id && !shown.can_be_joined);
    assert_eq!(shown.lines[0], first);
    stage.finish().await
}
