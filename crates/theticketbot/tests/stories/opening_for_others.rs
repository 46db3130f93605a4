//! `/ticket open`, and *Open a ticket…* in a member's Apps menu.

use discord_sandbox::id::ChannelId;
use discord_sandbox::{EventFault, Fault};
use serde_json::json;
use tickets::permission::{Missing, Permission, TO_TAKE_PART};
use tickets::text::Text;

use crate::settings::{pick, write};
use crate::stage::{Inbox, Result, Stage, VIEW_CHANNEL, english, here, without_staff};

const OPEN_FOR: &str = "Open a ticket…";

#[tokio::test]
async fn a_member_opens_a_ticket_by_command() -> Result {
    let stage = Stage::set().await?;
    let mia = stage.sandbox.member();
    let none = mia.run("ticket open", json!({})).await?;
    assert_eq!(none.content()?, english(Text::NoInboxHere {}));
    let inbox = stage.inbox().await?;
    mia.run("ticket open", json!({})).await?;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let again = mia.run("ticket open", json!({})).await?;
    let ticket = here(ticket);
    assert_eq!(again.content()?, english(Text::AlreadyOpen { ticket }));
    stage.finish().await
}

#[tokio::test]
async fn with_several_inboxes_the_member_chooses() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let other = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let mia = stage.sandbox.member();
    let general = stage.sandbox.defaults().general;
    let menu = mia.run("ticket open", json!({})).await?;
    assert_eq!(menu.content()?, english(Text::ChooseInbox {}));
    let id = other.message.to_string();
    mia.choose(general, menu.message()?.id(), "open-inbox", &[&id])
        .await?;
    stage.ticket_of(&mia, stage.tickets()).await?;
    let unknown = mia.run("ticket open", json!({"inbox": "nothing"})).await?;
    let written = "nothing".to_owned();
    assert_eq!(unknown.content()?, english(Text::NoSuchInbox { written }));
    stage.finish().await
}

#[tokio::test]
async fn who_opens_a_ticket_for_a_member_reads_that_staff_are_missing() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, max, role) = (
        sandbox.member(),
        sandbox.moderator(),
        sandbox.moderator_role(),
    );
    let unmentionable = json!({"mentionable": false});
    sandbox.owner().edit_role(role, unmentionable).await?;
    let opened = max.use_user_menu(OPEN_FOR, inbox.channel, mia.id()).await?;
    stage.idle().await?;
    let ticket = here(stage.ticket_of(&mia, inbox.channel).await?);
    let opened = max.answer_to(opened.id).await?;
    let link = Text::TicketOpenedFor { ticket };
    assert_eq!(opened.content()?, without_staff(link));
    stage.warned("not every role could be mentioned").await?;
    stage.finish().await
}

#[tokio::test]
async fn staff_open_a_ticket_for_a_member() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, max) = (sandbox.member(), sandbox.moderator());
    let mark = sandbox.mark();
    let opened = max.use_user_menu(OPEN_FOR, inbox.channel, mia.id()).await?;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let link = here(ticket);
    let calls = stage.sandbox.calls_after(mark);
    let created = calls.iter().find(|call| call.path.ends_with("/threads"));
    let reason = created.and_then(|call| call.reason.as_deref());
    let expected = format!("({})", max.id());
    assert!(
        reason.is_some_and(|reason| reason.ends_with(&expected)),
        "the audit log names who opened it: {reason:?}"
    );
    assert_eq!(
        opened.content()?,
        english(Text::TicketOpenedFor { ticket: link })
    );
    let staff = max.id();
    stage
        .sandbox
        .wait_until("the opener is in it", |look| {
            look.is_in_thread(ticket, staff).then_some(())
        })
        .await?;
    stage.idle().await?;
    let starter = &stage.said(ticket)[0];
    let by = english(Text::OpenedBy { name: "Max".into() });
    assert!(starter.ends_with(&by), "{starter}");
    assert!(starter.contains(&mia.id().to_string()), "{starter}");

    // Mia has a ticket now.
    let has = max.use_user_menu(OPEN_FOR, inbox.channel, mia.id()).await?;
    let name = "Mia".to_owned();
    let text = Text::HasOpenTicket { name, ticket: link };
    assert_eq!(has.content()?, english(text));
    let button = has.message()?.button("Open another").ok_or("a button")?;
    max.click(inbox.channel, has.message()?.id(), button)
        .await?;
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 2);
    // The ticket belongs to the member, who closes it by leaving.
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

/// The opening runs in the queue of the staff member, so the event about the owner does not wait for it.
#[tokio::test]
async fn an_owner_who_leaves_the_server_meanwhile_is_noticed() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let held = Fault::held().on("POST", "/channels/*/messages");
    stage.sandbox.fail_next(held)?;
    max.start_user_menu(OPEN_FOR, inbox.channel, mia.id())
        .await?;
    let ticket = stage
        .sandbox
        .wait_until("the starting message is held", |look| {
            let threads = look.threads_of(inbox.channel);
            threads.first().map(|thread| thread.id)
        })
        .await?;
    mia.leave_guild().await?;
    stage.is_up_to_date().await?;
    stage.sandbox.clear_faults();
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn whom_no_ticket_can_be_opened_for_is_said() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, noah, max, owner) = (
        sandbox.member(),
        sandbox.member2(),
        sandbox.moderator(),
        sandbox.owner(),
    );
    let bot = max
        .use_user_menu(OPEN_FOR, inbox.channel, sandbox.bot_id())
        .await?;
    assert_eq!(bot.content()?, english(Text::NotForBots {}));
    owner
        .set_member_overwrite(inbox.channel, noah.id(), 0, VIEW_CHANNEL)
        .await?;
    let general = sandbox.defaults().general;
    let blind = max.use_user_menu(OPEN_FOR, general, noah.id()).await?;
    let text = Text::OwnerLacks {
        name: "Noah".into(),
        channel: "`#support`".into(),
        permissions: TO_TAKE_PART.to_vec(),
    };
    assert_eq!(blind.content()?, english(text));
    // A member forges the menu and the button of staff.
    let id = inbox.message.to_string();
    for forged in [
        json!({"channel_id": general, "custom_id": format!("open-for:{}", noah.id()),
            "component_type": 3, "values": [id]}),
        json!({"channel_id": general, "custom_id": format!("open-another:{id}:{}", noah.id()),
            "component_type": 2}),
    ] {
        let refused = mia.forge(forged).await?;
        assert_eq!(refused.content()?, english(Text::NoInboxesOfYours {}));
    }
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 0);
    stage.finish().await
}

impl Stage {
    /// Max opens a ticket for Mia. In the end, both are in it.
    async fn opened_for_mia(&self, inbox: Inbox) -> Result<ChannelId> {
        let (mia, max) = (self.sandbox.member(), self.sandbox.moderator());
        let opened = max.use_user_menu(OPEN_FOR, inbox.channel, mia.id()).await?;
        let ticket = harness::linked_channel(opened.content()?)?;
        let link = here(ticket);
        assert_eq!(
            opened.content()?,
            english(Text::TicketOpenedFor { ticket: link })
        );
        self.idle().await?;
        for person in [&mia, &max] {
            let id = person.id();
            assert!(self.sandbox.look(|look| look.is_in_thread(ticket, id)));
        }
        Ok(ticket)
    }
}

/// Limits and other conditions apply only to members, not to staff.
#[tokio::test]
async fn what_refuses_members_does_not_refuse_staff() -> Result {
    let settings = [
        ("server-limit", "1"),
        ("limit-total", "1"),
        ("limit-member", "1"),
        ("cooldown", "1d"),
        ("form", "What happened? | long"),
        ("pause", "We are on holiday."),
        ("account-age", "52w"),
        ("member-age", "52w"),
    ];
    for (setting, value) in settings {
        let stage = Stage::set().await?;
        let inbox = stage.inbox().await?;
        let (owner, mia, max) = (
            stage.sandbox.owner(),
            stage.sandbox.member(),
            stage.sandbox.moderator(),
        );
        write(&owner, setting, value).await?;
        let ticket = stage.opened_for_mia(inbox).await?;
        let has = max.use_user_menu(OPEN_FOR, inbox.channel, mia.id()).await?;
        let text = Text::HasOpenTicket {
            name: "Mia".into(),
            ticket: here(ticket),
        };
        assert_eq!(has.content()?, english(text), "{setting}");
        let button = has.message()?.button("Open another").ok_or("a button")?;
        let another = max
            .click(inbox.channel, has.message()?.id(), button)
            .await?;
        let another = harness::linked_channel(another.content()?)?;
        assert_ne!(another, ticket, "{setting}");
        stage.finish().await?;
    }
    Ok(())
}

#[tokio::test]
async fn roles_and_hours_do_not_refuse_staff() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let muted = owner.create_role(json!({"name": "Muted"})).await?;
    owner.give_role(stage.sandbox.member().id(), muted).await?;
    let modal = crate::settings::control(&owner, "blocked-roles").await?;
    let roles = json!({"template": [muted.0.to_string()]});
    owner.submit_json(&modal, roles).await?;
    // The sandbox's clock does not start at this time.
    write(&owner, "hours", "Mon 00:00-00:01").await?;
    pick(&owner, "outside-hours", "refuse").await?;
    stage.opened_for_mia(inbox).await?;
    stage.finish().await
}

/// The cache of the channel can be out of date, so the bot asks Discord once.
#[tokio::test]
async fn a_member_who_could_not_write_in_it_is_named_to_staff() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, max) = (sandbox.owner(), sandbox.member(), sandbox.moderator());
    let denied = Permission::SendMessagesInThreads;
    owner
        .set_member_overwrite(inbox.channel, mia.id(), 0, denied.bit())
        .await?;
    stage.idle().await?;
    let mark = sandbox.mark();
    let refused = max.use_user_menu(OPEN_FOR, inbox.channel, mia.id()).await?;
    let text = Text::OwnerLacks {
        name: "Mia".into(),
        channel: "`#support`".into(),
        permissions: vec![denied],
    };
    assert_eq!(refused.content()?, english(text));
    let calls = sandbox.calls_after(mark);
    let path = format!("/channels/{}", inbox.channel);
    assert_eq!(calls.iter().filter(|it| it.is("GET", &path)).count(), 1);
    // The event that allows her to write again is late.
    sandbox.fault_event(EventFault::late("CHANNEL_UPDATE", 100))?;
    owner.delete_overwrite(inbox.channel, mia.id().0).await?;
    stage.opened_for_mia(inbox).await?;
    stage.finish().await
}

/// The bot's own permissions are missing, not the member's.
#[tokio::test]
async fn what_the_bot_lacks_is_said_to_staff() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, max) = (sandbox.owner(), sandbox.member(), sandbox.moderator());
    let role = sandbox.defaults().bot_role;
    let denied = Permission::CreatePrivateThreads;
    owner
        .set_role_overwrite(inbox.channel, role, 0, denied.bit())
        .await?;
    let refused = max.use_user_menu(OPEN_FOR, inbox.channel, mia.id()).await?;
    let missing = vec![Missing {
        channel: here(inbox.channel),
        permissions: vec![denied],
    }];
    assert_eq!(refused.content()?, english(Text::CannotOpen { missing }));
    stage.finish().await
}

#[tokio::test]
async fn the_opener_joins_also_if_discord_fails_at_first() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    // The starting message does not mention Mia.
    let (mia, owner) = (stage.sandbox.member(), stage.sandbox.owner());
    let fault = Fault::status(503).times(6);
    let path = format!("/channels/*/thread-members/{}", owner.id());
    stage.sandbox.fail_next(fault.on("PUT", &path))?;
    let opened = owner
        .use_user_menu(OPEN_FOR, inbox.channel, mia.id())
        .await?;
    let ticket = harness::linked_channel(opened.content()?)?;
    let staff = owner.id();
    stage
        .sandbox
        .wait_until("the opener is in it", |look| {
            look.is_in_thread(ticket, staff).then_some(())
        })
        .await?;
    stage.finish().await
}

/// Discord's auto-archive timer has hidden the ticket, but it is open.
#[tokio::test]
async fn a_hidden_ticket_is_linked_first() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia, max) = (
        stage.sandbox.owner(),
        stage.sandbox.member(),
        stage.sandbox.moderator(),
    );
    pick(&owner, "hide-after", "hour").await?;
    write(&owner, "remind-owner", "5h").await?;
    let ticket = stage.open(&mia, inbox).await?;
    stage.hours_pass(2).await?;
    let thread = stage.thread(ticket).ok_or("the ticket")?;
    assert!(thread.archived && !thread.locked);
    let has = max.use_user_menu(OPEN_FOR, inbox.channel, mia.id()).await?;
    let text = Text::HasOpenTicket {
        name: "Mia".into(),
        ticket: here(ticket),
    };
    assert_eq!(has.content()?, english(text));
    stage.finish().await
}

#[tokio::test]
async fn slowmode_elsewhere_is_no_cooldown() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, noah) = (sandbox.owner(), sandbox.member(), sandbox.member2());
    let general = sandbox.defaults().general;
    let slow = json!({"rate_limit_per_user": 300});
    // The slowmode of the inbox's channel counts in every channel.
    owner.edit_channel(inbox.channel, slow.clone()).await?;
    let ticket = stage.open(&mia, inbox).await?;
    owner.delete(ticket).await?;
    stage.a_minute_passes();
    let refused = mia.run_in(general, "ticket open", json!({})).await?;
    let refused = refused.content()?;
    assert!(refused.contains("5 minutes"), "{refused}");
    // The slowmode of another channel never counts.
    owner
        .edit_channel(inbox.channel, json!({"rate_limit_per_user": 0}))
        .await?;
    owner.edit_channel(general, slow).await?;
    let open = async || noah.run_in(general, "ticket open", json!({})).await;
    let ticket = harness::linked_channel(open().await?.content()?)?;
    owner.delete(ticket).await?;
    stage.idle().await?;
    stage.a_minute_passes();
    harness::linked_channel(open().await?.content()?)?;
    stage.finish().await
}

/// A member can open a ticket in an inbox if they can view its message.
#[tokio::test]
async fn only_inboxes_that_a_member_can_view_are_offered() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox_with(json!({"name": "Help"})).await?;
    let hidden = json!({"channel": stage.tickets(), "destination": stage.support(),
        "name": "Complaints"});
    stage.inbox_with(hidden).await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, max) = (sandbox.owner(), sandbox.member(), sandbox.moderator());
    owner
        .set_member_overwrite(stage.tickets(), mia.id(), 0, VIEW_CHANNEL)
        .await?;
    stage.idle().await?;
    let general = sandbox.defaults().general;
    let suggested = async |person: &discord_sandbox::Person| -> Result<Vec<String>> {
        let found = person
            .suggestions(general, "ticket open", json!({"inbox": ""}), "inbox")
            .await?;
        Ok(found.into_iter().map(|(name, _)| name).collect())
    };
    assert_eq!(suggested(&mia).await?, ["Help"]);
    assert_eq!(suggested(&max).await?, ["Help", "Complaints"]);
    let written = "complaints".to_owned();
    let refused = mia
        .run("ticket open", json!({"inbox": "complaints"}))
        .await?;
    assert_eq!(refused.content()?, english(Text::NoSuchInbox { written }));
    // Mia can view only one inbox now, so there is no menu.
    let opened = mia.run("ticket open", json!({})).await?;
    let ticket = harness::linked_channel(opened.content()?)?;
    assert_eq!(
        stage.thread(ticket).map(|it| it.parent),
        Some(inbox.channel)
    );
    // Another message that she can view now offers the inbox, so she can open a ticket in it.
    let options = json!({"inbox": "help"});
    let editor = owner.run("inbox panel", options).await?;
    let menu = editor.message()?;
    let component = menu.components()[0].clone();
    let id = component["custom_id"].as_str().ok_or("a menu")?;
    let other = component["options"][0]["value"]
        .as_str()
        .ok_or("an inbox")?;
    owner
        .choose(menu.channel_id(), menu.id(), id, &[other])
        .await?;
    stage.idle().await?;
    assert_eq!(suggested(&mia).await?, ["Help", "Complaints"]);
    stage.finish().await
}

/// The title of the form is the inbox's name in lists, if the inbox has no name of its own.
#[tokio::test]
async fn a_form_is_called_as_the_inbox_is_listed() -> Result {
    let stage = Stage::set().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, noah) = (sandbox.owner(), sandbox.member(), sandbox.member2());
    let first = stage.inbox().await?;
    let form = "What happened? | long";
    write(&owner, "form", form).await?;
    let general = sandbox.defaults().general;
    let modal = mia.run_in(general, "ticket open", json!({})).await?;
    assert_eq!(modal.modal()?.title(), "support");

    let second = stage.inbox().await?;
    let options = json!({"inbox": second.message.to_string(), "setting": "form"});
    let modal = owner.run("inbox settings", options).await?;
    owner.submit(&modal, [("template", form)]).await?;
    stage.idle().await?;
    for (inbox, title) in [(first, "support"), (second, "support 2")] {
        let clicked = stage.click(&mia, inbox).await?;
        assert_eq!(clicked.modal()?.title(), title);
        let menu = noah.run_in(general, "ticket open", json!({})).await?;
        let id = inbox.message.to_string();
        let chosen = noah
            .choose(general, menu.message()?.id(), "open-inbox", &[&id])
            .await?;
        assert_eq!(chosen.modal()?.title(), title);
    }
    stage.finish().await
}

/// A menu holds 25 inboxes, so there are two.
#[tokio::test]
async fn staff_of_many_inboxes_reach_each() -> Result {
    let stage = Stage::set().await?;
    let first = stage.inbox().await?;
    for number in 0..25 {
        let options = json!({"name": format!("Desk {number:02}")});
        stage.inbox_with(options).await?;
    }
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let shown = max.use_user_menu(OPEN_FOR, first.channel, mia.id()).await?;
    let shown = shown.message()?;
    let menus = shown.components();
    assert_eq!(menus.len(), 2, "{menus:?}");
    let last = menus[1]["options"][0]["value"].as_str().ok_or("an inbox")?;
    let menu = menus[1]["custom_id"].as_str().ok_or("a menu")?;
    max.choose(first.channel, shown.id(), menu, &[last]).await?;
    let ticket = stage.ticket_of(&mia, first.channel).await?;
    stage.idle().await?;
    let store = stage.settings().db.open_beside()?;
    let known = store.ticket(here(ticket)).await?;
    let inbox = known.and_then(|ticket| ticket.inbox);
    assert_eq!(inbox.map(|inbox| inbox.to_string()).as_deref(), Some(last));
    stage.finish().await
}
