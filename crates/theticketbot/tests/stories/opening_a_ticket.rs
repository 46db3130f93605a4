//! *Create Ticket*: from a click to a private thread.

use std::time::Duration;

use discord_sandbox::EventFault;
use serde_json::json;
use tickets::permission::{Missing, Permission};
use tickets::text::Text;

use crate::stage::{Inbox, Result, Stage, english, here, user, without_staff};

#[tokio::test]
async fn a_click_opens_a_private_thread_with_the_staff() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    let ticket = stage.open(&mia, inbox).await?;

    let thread = stage.thread(ticket).expect("it is there");
    assert!(thread.is_private() && !thread.invitable);
    assert_eq!(thread.parent, stage.support());
    assert_eq!(thread.owner, stage.sandbox.bot_id());
    assert!(thread.name.ends_with(" Mia"), "{}", thread.name);
    let members: Vec<_> = thread.members.keys().copied().collect();
    assert!(members.contains(&mia.id()), "the owner is in");
    assert!(
        members.contains(&stage.sandbox.moderator().id()),
        "the staff is in"
    );
    assert!(!members.contains(&noah.id()), "only her");

    let role = tickets::Mention::Role(tickets::RoleId(stage.sandbox.moderator_role().0));
    let starter = Text::DefaultStarter {
        author: user(mia.id()),
        staff: vec![role],
        count: 1,
    };
    assert_eq!(stage.said(ticket), [english(starter)]);
    assert!(
        noah.channel(ticket).await.is_err(),
        "others do not even see it"
    );
    stage.finish().await
}

#[tokio::test]
async fn an_opening_makes_no_call_beyond_the_four_that_it_needs() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mark = stage.sandbox.mark();
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    let mut calls: Vec<_> = stage
        .sandbox
        .calls_after(mark)
        .into_iter()
        .map(|call| match call {
            call if call.is("POST", "/interactions/*/*/callback") => "acknowledgement",
            call if call.is("POST", "/channels/*/threads") => "thread",
            call if call.is("POST", &format!("/channels/{ticket}/messages")) => "starter",
            call if call.is("PATCH", "/webhooks/*/*/messages/@original") => "link",
            other => panic!("unexpected: {} {}", other.method, other.path),
        })
        .collect();
    calls.sort_unstable();
    assert_eq!(calls, ["acknowledgement", "link", "starter", "thread"]);
    stage.finish().await
}

#[tokio::test]
async fn two_tickets_of_one_day_have_names_of_their_own() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    // Starts after midnight, so that the date does not change in between.
    let day = 24 * 60 * 60 * 1000;
    let left = day - stage.sandbox.now().0 % day;
    stage
        .sandbox
        .advance(Duration::from_millis(left.unsigned_abs()));
    let mut names = Vec::new();
    for _ in 0..3 {
        let ticket = stage.open(&mia, inbox).await?;
        names.push(stage.thread(ticket).expect("it is there").name);
        mia.leave(ticket).await?;
        stage.closed(ticket, true).await?;
        stage.a_minute_passes();
    }
    assert!(names[0].ends_with(" Mia"), "{names:?}");
    assert!(names[1].ends_with(" Mia 0002"), "{names:?}");
    assert!(names[2].ends_with(" Mia 0003"), "{names:?}");
    stage.finish().await
}

#[tokio::test]
async fn the_audit_log_names_the_member() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    stage.open(&mia, inbox).await?;
    let calls = stage.sandbox.calls();
    let reasons: Vec<_> = calls
        .iter()
        .filter_map(|call| call.reason.clone())
        .collect();
    let expected = english(Text::AuditOpened {
        name: "mia".into(),
        id: mia.id().to_string(),
    });
    assert!(
        reasons.contains(&expected),
        "{expected:?} is not in {reasons:?}"
    );
    stage.finish().await
}

#[tokio::test]
async fn one_open_ticket_at_a_time() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let first = stage.open(&mia, inbox).await?;
    stage.a_minute_passes();
    let refused = stage.click(&mia, inbox).await?;
    assert_eq!(
        refused.content()?,
        english(Text::AlreadyOpen {
            ticket: here(first)
        })
    );

    // Noah has no ticket yet.
    stage.open(&stage.sandbox.member2(), inbox).await?;

    // An archived ticket does not count.
    stage.sandbox.moderator().archive(first).await?;
    stage.closed(first, true).await?;
    let second = stage.open(&mia, inbox).await?;
    assert_ne!(first, second);
    stage.finish().await
}

#[tokio::test]
async fn the_limit_holds_when_tickets_go_elsewhere_and_after_a_restart() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let first = stage.open(&mia, inbox).await?;
    owner
        .run("inbox destination", json!({"channel": stage.tickets()}))
        .await?;
    stage.select(&owner, inbox.channel, inbox.message).await?;
    stage.a_minute_passes();
    let response = english(Text::AlreadyOpen {
        ticket: here(first),
    });
    assert_eq!(stage.click(&mia, inbox).await?.content()?, response);

    stage.stop().await?;
    stage.start().await?;
    stage.a_minute_passes();
    assert_eq!(stage.click(&mia, inbox).await?.content()?, response);
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_in_a_hidden_channel_counts_for_a_week() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox_for_tickets().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let first = stage.open(&mia, inbox).await?;
    owner
        .run("inbox destination", json!({"channel": stage.support()}))
        .await?;
    stage.select(&owner, inbox.channel, inbox.message).await?;
    stage.tickets_are_visible(false).await?;
    let counts = english(Text::AlreadyOpen {
        ticket: here(first),
    });
    stage.sandbox.advance(Duration::from_secs(2 * 60));
    assert_eq!(stage.click(&mia, inbox).await?.content()?, counts);
    stage.idle().await?;
    let day = Duration::from_secs(24 * 60 * 60);
    // Days pass while the bot is stopped.
    for _ in 0..3 {
        stage.sandbox.advance(2 * day);
        stage.stop().await?;
        stage.start_without_session().await?;
        assert_eq!(stage.click(&mia, inbox).await?.content()?, counts);
    }
    // The bot stored the time a moment after the click.
    stage.sandbox.advance(day + Duration::from_secs(60));
    let second = stage.open(&mia, inbox).await?;
    assert_ne!(first, second);
    stage.finish().await
}

/// The starting message separates staff by commas, and tells owners how to close the ticket.
#[tokio::test]
async fn a_starting_message_names_its_staff_and_the_way_out() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let role = stage.sandbox.moderator_role();
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let staff = [role.to_string(), max.id().to_string()];
    stage.set_staff(inbox, &staff).await?;
    let ticket = stage.open(&mia, inbox).await?;
    let said = stage.said(ticket).remove(0);
    assert!(
        said.contains(&format!("<@&{role}>, <@{}>", max.id())),
        "{said}"
    );
    assert!(
        said.contains("leave this thread to close the ticket"),
        "{said}"
    );
    stage.finish().await
}

/// If the bot can view the channel in between, the week begins again.
#[tokio::test]
async fn a_ticket_that_was_visible_again_counts_for_another_week() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox_for_tickets().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    crate::settings::pick(&owner, "hide-after", "week").await?;
    let first = stage.open(&mia, inbox).await?;
    owner
        .run("inbox destination", json!({"channel": stage.support()}))
        .await?;
    stage.select(&owner, inbox.channel, inbox.message).await?;
    let day = Duration::from_secs(24 * 60 * 60);
    for is_visible in [false, true, false] {
        stage.tickets_are_visible(is_visible).await?;
        if is_visible {
            mia.send(first, "Is anybody there?").await?;
        }
        stage.idle().await?;
        // A scan after a start counts, too.
        stage.stop().await?;
        stage.start_without_session().await?;
        stage.idle().await?;
        stage.sandbox.advance(6 * day);
    }
    let counts = english(Text::AlreadyOpen {
        ticket: here(first),
    });
    assert_eq!(stage.click(&mia, inbox).await?.content()?, counts);
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_the_gateway_has_not_told_of_yet_counts() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    stage
        .sandbox
        .fault_event(EventFault::late("THREAD_CREATE", 100))?;
    let first = stage.open(&mia, inbox).await?;
    stage.a_minute_passes();
    let refused = stage.click(&mia, inbox).await?;
    let response = Text::AlreadyOpen {
        ticket: here(first),
    };
    assert_eq!(refused.content()?, english(response));
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_its_owner_left_or_that_is_gone_does_not_count() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let first = stage.open(&mia, inbox).await?;
    mia.leave(first).await?;
    stage.closed(first, true).await?;
    // Staff reopen the ticket, but its owner is not in it.
    stage.sandbox.moderator().reopen(first).await?;
    stage.a_minute_passes();
    let second = stage.open(&mia, inbox).await?;
    stage.sandbox.owner().delete(second).await?;
    stage.a_minute_passes();
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_minute_lies_between_two_tickets() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let first = stage.open(&mia, inbox).await?;
    // Neither a deleted ticket nor a restart shortens the cooldown.
    stage.sandbox.owner().delete(first).await?;
    stage.stop().await?;
    stage.start().await?;
    let refused = stage.click(&mia, inbox).await?;
    assert!(
        refused.content()?.contains("1 minute"),
        "{}",
        refused.content()?
    );
    stage.a_minute_passes();
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn the_channels_slowmode_can_make_it_longer() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    owner
        .edit_channel(inbox.channel, json!({"rate_limit_per_user": 300}))
        .await?;
    let first = stage.open(&mia, inbox).await?;
    owner.delete(first).await?;
    stage.a_minute_passes();
    let refused = stage.click(&mia, inbox).await?;
    assert!(
        refused.content()?.contains("5 minutes"),
        "{}",
        refused.content()?
    );
    stage.sandbox.advance(Duration::from_secs(240));
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn lost_permissions_are_told_with_the_channel() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let bot_role = stage.sandbox.defaults().bot_role;
    let lost = Permission::CreatePrivateThreads;
    stage
        .sandbox
        .owner()
        .set_role_overwrite(inbox.channel, bot_role, 0, lost.bit())
        .await?;
    let refused = stage.click(&stage.sandbox.member(), inbox).await?;
    let missing = vec![Missing {
        channel: here(inbox.channel),
        permissions: vec![lost],
    }];
    assert_eq!(refused.content()?, english(Text::CannotOpen { missing }));
    stage.finish().await
}

#[tokio::test]
async fn a_name_that_discord_refuses_is_replaced_by_a_neutral_one() -> Result {
    use discord_sandbox::Fault;
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let refusal = Fault::refusal(400, 50_035, "Invalid Form Body");
    stage
        .sandbox
        .fail_next(refusal.on("POST", "/channels/*/threads"))?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    assert_eq!(
        stage.thread(ticket).map(|thread| thread.name),
        Some("Ticket 0001".into())
    );
    stage.finish().await
}

#[tokio::test]
async fn a_destination_that_is_gone_falls_back_to_the_inboxs_own_channel() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let first = stage.open(&stage.sandbox.member(), inbox).await?;
    assert_eq!(
        stage.thread(first).map(|thread| thread.parent),
        Some(stage.tickets())
    );
    stage.sandbox.owner().delete(stage.tickets()).await?;
    let second = stage.open(&stage.sandbox.member2(), inbox).await?;
    assert_eq!(
        stage.thread(second).map(|thread| thread.parent),
        Some(inbox.channel)
    );
    stage.finish().await
}

#[tokio::test]
async fn too_many_active_threads_is_told() -> Result {
    use discord_sandbox::Fault;
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let full = Fault::refusal(400, 160_006, "Maximum number of active threads reached");
    stage
        .sandbox
        .fail_next(full.on("POST", "/channels/*/threads"))?;
    let mia = stage.sandbox.member();
    let refused = stage.click(&mia, inbox).await?;
    assert_eq!(refused.content()?, english(Text::TooManyThreads {}));
    // The refusal was not the member's fault, so there is no cooldown.
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn staff_that_cannot_be_invited_by_role_is_told() -> Result {
    use discord_sandbox::Fault;
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    // Discord reportedly responds with 500 if a mentioned role is too large. One such response may be a
    // transient error; after two, the bot leaves the role out.
    let too_large = Fault::status(500)
        .on("POST", "/channels/*/messages")
        .times(2);
    stage.sandbox.fail_next(too_large)?;
    let mia = stage.sandbox.member();
    stage.click(&mia, inbox).await?;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let response = without_staff(Text::TicketOpened {
        ticket: here(ticket),
    });
    // The response already shows the link, and is then edited.
    stage
        .sandbox
        .wait_until("the member is response", |look| {
            let mut answers = look.messages(inbox.channel);
            answers.any(|m| m.content == response).then_some(())
        })
        .await?;
    stage.expected_errors();
    stage.sandbox.clear_faults();
    stage.finish().await
}

#[tokio::test]
async fn a_button_of_an_unknown_inbox_says_so() -> Result {
    let mut stage = Stage::set().await?;
    let inbox: Inbox = stage.inbox().await?;
    stage.stop().await?;
    stage.forget_everything()?;
    stage.start().await?;
    let refused = stage.click(&stage.sandbox.member(), inbox).await?;
    assert_eq!(refused.content()?, english(Text::UnknownInbox {}));
    stage.finish().await
}
