//! `/ticket list` and `/ticket reopen`: finding tickets from any channel.

use std::time::Duration;

use discord_sandbox::id::ChannelId;
use discord_sandbox::{Message, Person};
use serde_json::json;
use tickets::text::Text;

use crate::settings;
use crate::stage::{MANAGE_THREADS, Result, Stage, VIEW_CHANNEL, english, here, time_passes};

/// The tickets in a list, in its order.
fn listed(message: &Message) -> Vec<ChannelId> {
    let links = message.content().split("<#").skip(1);
    let ids = links.filter_map(|rest| rest.split('>').next()?.parse().ok());
    ids.map(ChannelId).collect()
}

/// The link that *Copy Link* copies.
fn link_of(stage: &Stage, ticket: ChannelId) -> String {
    let guild = stage.sandbox.guild_id();
    format!("https://discord.com/channels/{guild}/{ticket}")
}

#[tokio::test]
async fn members_list_their_own_tickets_and_staff_those_of_their_inboxes() -> Result {
    let stage = Stage::set().await?;
    let here = stage.inbox().await?;
    let there = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let sandbox = &stage.sandbox;
    let (mia, noah, max) = (sandbox.member(), sandbox.member2(), sandbox.moderator());
    let none = mia.run("ticket list", json!({})).await?;
    assert_eq!(none.content()?, english(Text::NoOwnTickets {}));
    let none = max.run("ticket list", json!({})).await?;
    assert_eq!(none.content()?, english(Text::NoTickets {}));

    let first = stage.open(&mia, here).await?;
    let second = stage.open(&noah, here).await?;
    let third = stage.open(&mia, there).await?;
    let own = mia.run("ticket list", json!({})).await?;
    assert!(own.message()?.is_ephemeral());
    assert_eq!(listed(own.message()?), [first, third]);
    assert_eq!(own.message()?.components().len(), 0, "nothing to join");
    // Members cannot see another member's tickets with the option.
    let others = mia.run("ticket list", json!({"member": noah.id()})).await?;
    assert_eq!(others.content()?, english(Text::NoTicketsOf {}));

    let all = max.run("ticket list", json!({})).await?;
    assert_eq!(listed(all.message()?), [first, second, third]);
    let footer = english(Text::ListFooter {
        open: 3,
        week: 3,
        month: 3,
    });
    assert!(all.content()?.ends_with(&footer), "{all:?}");
    let mias = max.run("ticket list", json!({"member": mia.id()})).await?;
    assert_eq!(listed(mias.message()?), [first, third]);

    // Staff who cannot view a channel do not see its tickets.
    sandbox
        .owner()
        .set_role_overwrite(stage.tickets(), sandbox.moderator_role(), 0, VIEW_CHANNEL)
        .await?;
    let fewer = max.run("ticket list", json!({})).await?;
    assert_eq!(listed(fewer.message()?), [first, second]);
    stage.finish().await
}

#[tokio::test]
async fn staff_join_a_ticket_from_the_list_and_others_cannot() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, noah, olivia) = (sandbox.member(), sandbox.member2(), sandbox.owner());
    let ticket = stage.open(&mia, inbox).await?;
    let list = olivia
        .run_in(inbox.channel, "ticket list", json!({}))
        .await?;
    let menu = list.message()?;
    let joined = olivia
        .choose(
            inbox.channel,
            menu.id(),
            "join-ticket",
            &[&ticket.to_string()],
        )
        .await?;
    assert_eq!(
        joined.content()?,
        english(Text::TicketJoined {
            ticket: here(ticket)
        })
    );
    let is_in = |person| stage.sandbox.look(|look| look.is_in_thread(ticket, person));
    assert!(is_in(olivia.id()));
    // Another member forges the menu.
    for (value, text) in [
        (ticket.to_string(), Text::NotTheStaff {}),
        (inbox.channel.to_string(), Text::TicketGone {}),
        ("7".to_owned(), Text::TicketGone {}),
        ("x".to_owned(), Text::TicketGone {}),
    ] {
        let forged = json!({
            "channel_id": inbox.channel, "custom_id": "join-ticket", "component_type": 3,
            "values": [value],
        });
        let refused = noah.forge(forged).await?;
        assert_eq!(refused.content()?, english(text));
    }
    assert!(!is_in(noah.id()));
    stage.finish().await
}

#[tokio::test]
async fn a_long_list_has_pages() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let crowd = stage.sandbox.crowd("member", 12)?;
    for member in &crowd {
        stage.open(member, inbox).await?;
    }
    let max = stage.sandbox.moderator();
    let list = max.run_in(inbox.channel, "ticket list", json!({})).await?;
    assert_eq!(listed(list.message()?).len(), 10);
    let next = list.message()?.button("Next").ok_or("a button")?.to_owned();
    let second = max
        .click(inbox.channel, list.message()?.id(), &next)
        .await?;
    assert_eq!(second.message()?.id(), list.message()?.id(), "in its place");
    assert_eq!(listed(second.message()?).len(), 2);
    let back = second.message()?.button("Previous").ok_or("a button")?;
    let first = max.click(inbox.channel, list.message()?.id(), back).await?;
    assert_eq!(listed(first.message()?).len(), 10);
    stage.finish().await
}

#[tokio::test]
async fn staff_reopen_a_ticket_and_bring_its_owner_back() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, max) = (sandbox.member(), sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let reopened = max
        .run("ticket reopen", json!({"ticket": ticket.to_string()}))
        .await?;
    assert_eq!(
        reopened.content()?,
        english(Text::TicketReopened {
            ticket: here(ticket)
        })
    );
    stage.idle().await?;
    let now = stage.thread(ticket).map(|it| (it.archived, it.locked));
    assert_eq!(now, Some((false, false)));
    let note = english(Text::ReopenedBy { name: "Max".into() });
    assert_eq!(stage.said(ticket)[2..], [note]);
    assert!(
        !stage
            .sandbox
            .look(|look| look.is_in_thread(ticket, mia.id()))
    );

    // A member who is not staff forges Max's button.
    let button = reopened.message()?.button("Add Mia").ok_or("a button")?;
    let forged = json!({
        "channel_id": inbox.channel, "custom_id": button, "component_type": 2,
    });
    let refused = stage.sandbox.member2().forge(forged).await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    let general = stage.sandbox.defaults().general;
    let added = max.click(general, reopened.message()?.id(), button).await?;
    assert_eq!(
        added.content()?,
        english(Text::MemberAdded { name: "Mia".into() })
    );
    assert!(
        stage
            .sandbox
            .look(|look| look.is_in_thread(ticket, mia.id()))
    );

    // The reopened ticket can be closed like any other.
    let again = max
        .run("ticket reopen", json!({"ticket": link_of(&stage, ticket)}))
        .await?;
    assert_eq!(
        again.content()?,
        english(Text::TicketIsOpen {
            ticket: here(ticket)
        })
    );
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 4);
    stage.finish().await
}

#[tokio::test]
async fn what_is_not_theirs_cannot_be_reopened() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, noah, max) = (sandbox.member(), sandbox.member2(), sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    max.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    // Manage Threads in another channel gives no power here.
    sandbox
        .owner()
        .set_member_overwrite(stage.tickets(), noah.id(), VIEW_CHANNEL | MANAGE_THREADS, 0)
        .await?;
    for person in [&mia, &noah] {
        let refused = person
            .run("ticket reopen", json!({"ticket": ticket.to_string()}))
            .await?;
        assert_eq!(refused.content()?, english(Text::TicketGone {}));
    }
    for named in ["7", "nothing", &inbox.channel.to_string()] {
        let refused = max.run("ticket reopen", json!({"ticket": named})).await?;
        assert_eq!(refused.content()?, english(Text::TicketGone {}), "{named}");
    }
    stage.idle().await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn without_manage_threads_a_locked_ticket_stays_closed() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let max = sandbox.moderator();
    let ticket = stage.open(&sandbox.member(), inbox).await?;
    max.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    let bot_role = sandbox.defaults().bot_role;
    sandbox
        .owner()
        .set_role_overwrite(inbox.channel, bot_role, 0, MANAGE_THREADS)
        .await?;
    stage.idle().await?;
    let reopened = max
        .run("ticket reopen", json!({"ticket": ticket.to_string()}))
        .await?;
    assert_eq!(
        reopened.content()?,
        english(Text::TicketStaysLocked {
            ticket: here(ticket)
        })
    );
    let now = stage.thread(ticket).map(|it| (it.archived, it.locked));
    assert_eq!(now, Some((true, true)));
    stage.finish().await
}

/// Two teams share a channel. Without Manage Threads, each team sees and closes only its own tickets.
#[tokio::test]
async fn two_teams_in_one_channel_have_only_their_own_tickets() -> Result {
    let stage = Stage::set().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, noah) = (sandbox.owner(), sandbox.member(), sandbox.member2());
    let crowd = sandbox.crowd("staff", 2)?;
    let (billing, appeals) = (&crowd[0], &crowd[1]);
    let mut inboxes = Vec::new();
    for (member, name) in [(billing, "Billing"), (appeals, "Appeals")] {
        let role = owner
            .create_role(json!({"name": name, "mentionable": true}))
            .await?;
        owner.give_role(member.id(), role).await?;
        let inbox = stage.inbox().await?;
        stage.set_staff(inbox, &[role.0.to_string()]).await?;
        inboxes.push(inbox);
    }
    let of_billing = stage.open(&mia, inboxes[0]).await?;
    let of_appeals = stage.open(&noah, inboxes[1]).await?;
    for (member, own, others) in [
        (billing, of_billing, of_appeals),
        (appeals, of_appeals, of_billing),
    ] {
        let list = member.run("ticket list", json!({})).await?;
        assert_eq!(listed(list.message()?), [own]);
        let forged = json!({
            "channel_id": stage.support(), "custom_id": "join-ticket", "component_type": 3,
            "values": [others.to_string()],
        });
        let refused = member.forge(forged).await?;
        assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
        assert!(
            !stage
                .sandbox
                .look(|look| look.is_in_thread(others, member.id()))
        );
        // The starting message has added the team's member, who can close and reopen the ticket through the
        // bot.
        member.run_in(own, "ticket close", json!({})).await?;
        stage.closed(own, true).await?;
        stage.idle().await?;
        let option = json!({"ticket": own.to_string()});
        let reopened = member.run("ticket reopen", option).await?;
        let ticket = here(own);
        assert_eq!(
            reopened.content()?,
            english(Text::TicketReopened { ticket })
        );
        let option = json!({"ticket": others.to_string()});
        let refused = member.run("ticket reopen", option).await?;
        assert_eq!(refused.content()?, english(Text::TicketGone {}));
    }
    stage.finish().await
}

/// The suggested tickets for the typed text.
async fn suggested(stage: &Stage, person: &Person, typed: &str) -> Result<Vec<ChannelId>> {
    let options = json!({"ticket": typed});
    let suggested = person
        .suggestions(stage.support(), "ticket reopen", options, "ticket")
        .await?;
    let ids = suggested
        .into_iter()
        .map(|(_, id)| Ok(ChannelId(id.parse()?)));
    ids.collect()
}

/// How often the bot has listed archived threads since then.
fn lists_asked_for(stage: &Stage, mark: u64) -> usize {
    let calls = stage.sandbox.calls_after(mark);
    calls
        .iter()
        .filter(|it| it.path.contains("/archived/"))
        .count()
}

/// If an inbox gets another destination, its old tickets stay in their channel.
#[tokio::test]
async fn closed_tickets_in_a_former_destination_are_suggested() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (owner, max) = (sandbox.owner(), sandbox.moderator());
    let (mia, noah) = (sandbox.member(), sandbox.member2());
    let former = [
        stage.open(&mia, inbox).await?,
        stage.open(&noah, inbox).await?,
    ];
    for ticket in former {
        max.archive(ticket).await?;
        stage.closed(ticket, true).await?;
    }
    let tickets = stage.tickets().to_string();
    settings::pick(&owner, "destination", &tickets).await?;
    stage.a_minute_passes();
    let newest = stage.open(&mia, inbox).await?;
    max.archive(newest).await?;
    stage.closed(newest, true).await?;
    stage.idle().await?;
    let mark = sandbox.mark();
    let [first, second] = former;
    for _ in 0..2 {
        let all = suggested(&stage, &max, "").await?;
        assert_eq!(all, [newest, second, first]);
    }
    // The bot lists each channel once, and asks for one thread to find the former channel.
    assert_eq!(lists_asked_for(&stage, mark), 2);
    let calls = sandbox.calls_after(mark);
    let threads = calls.iter().filter(|it| it.is("GET", "/channels/*"));
    assert_eq!(threads.count(), 1);
    // Members without power over tickets in a channel get no suggestions from it.
    let moderators = sandbox.moderator_role();
    owner
        .set_role_overwrite(inbox.channel, moderators, 0, VIEW_CHANNEL)
        .await?;
    stage.idle().await?;
    let options = json!({"ticket": ""});
    let general = sandbox.defaults().general;
    let shown = max.suggestions(general, "ticket reopen", options, "ticket");
    assert_eq!(shown.await?.len(), 1);
    stage.finish().await
}

#[tokio::test]
async fn closed_tickets_are_suggested_to_their_staff() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, noah, max) = (sandbox.member(), sandbox.member2(), sandbox.moderator());
    let first = stage.open(&mia, inbox).await?;
    let second = stage.open(&noah, inbox).await?;
    let open = stage.open(&sandbox.owner(), inbox).await?;
    for ticket in [first, second] {
        max.archive(ticket).await?;
        stage.closed(ticket, true).await?;
    }
    stage.idle().await?;
    let mark = sandbox.mark();
    // Suggestions are closed tickets only, newest first.
    assert_eq!(suggested(&stage, &max, "").await?, [second, first]);
    assert_eq!(suggested(&stage, &max, "noah").await?, [second]);
    // Typing letter by letter causes only one list.
    assert_eq!(lists_asked_for(&stage, mark), 1);
    let none = suggested(&stage, &mia, "").await?;
    assert!(none.is_empty(), "its owner is no staff");
    // After a minute, the bot asks for the list again.
    max.archive(open).await?;
    stage.closed(open, true).await?;
    stage.idle().await?;
    time_passes(Duration::from_secs(61)).await;
    let all = [open, second, first];
    assert_eq!(suggested(&stage, &max, "").await?, all);
    assert_eq!(lists_asked_for(&stage, mark), 2);

    let chosen = json!({"ticket": second.to_string()});
    let reopened = max.run("ticket reopen", chosen).await?;
    let text = Text::TicketReopened {
        ticket: here(second),
    };
    assert!(reopened.content()?.contains(&english(text)));
    stage.finish().await
}

/// Discord's auto-archive timer hides a ticket whose inbox has reminders. The ticket is open, so it is listed
/// and can be joined.
#[tokio::test]
async fn a_ticket_that_discord_hides_is_listed_and_can_be_joined() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, noah) = (sandbox.owner(), sandbox.member(), sandbox.member2());
    settings::pick(&owner, "hide-after", "hour").await?;
    settings::write(&owner, "remind-owner", "30d").await?;
    let (ticket, closed) = (
        stage.open(&mia, inbox).await?,
        stage.open(&noah, inbox).await?,
    );
    owner.archive(closed).await?;
    stage.idle().await?;
    stage.hours_pass(2).await?;
    assert!(stage.thread(ticket).is_some_and(|it| it.archived));
    // In the second round, the bot missed the event.
    for _ in 0..2 {
        for person in [&mia, &owner] {
            let list = person.run("ticket list", json!({})).await?;
            assert_eq!(listed(list.message()?), [ticket]);
            let hidden = english(Text::ListHidden {});
            assert!(list.content()?.contains(&hidden), "{list:?}");
        }
        let others = noah.run("ticket list", json!({})).await?;
        assert_eq!(others.content()?, english(Text::NoOwnTickets {}));
        stage.stop().await?;
        stage.start_without_session().await?;
    }
    let list = owner
        .run_in(inbox.channel, "ticket list", json!({}))
        .await?;
    let menu = list.message()?;
    let name = stage.thread(ticket).ok_or("it is there")?.name;
    assert_eq!(menu.components()[0]["options"][0]["label"], name);
    let id = ticket.to_string();
    let joined = owner
        .choose(inbox.channel, menu.id(), "join-ticket", &[&id])
        .await?;
    let ticket_here = here(ticket);
    let text = Text::TicketJoined {
        ticket: ticket_here,
    };
    assert_eq!(joined.content()?, english(text));
    stage.idle().await?;
    let thread = stage.thread(ticket).ok_or("it is there")?;
    assert!(!thread.archived && thread.members.contains_key(&owner.id()));
    assert_eq!(stage.said(ticket).len(), 1, "no message is needed for it");
    // A closed ticket cannot be joined, although the old menu still offers it.
    owner.leave(ticket).await?;
    owner.archive(ticket).await?;
    stage.idle().await?;
    let refused = owner
        .choose(inbox.channel, menu.id(), "join-ticket", &[&id])
        .await?;
    assert_eq!(refused.content()?, english(Text::AlreadyClosed {}));
    stage.finish().await
}
