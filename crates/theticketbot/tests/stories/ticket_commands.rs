//! `/ticket`: what staff can do in a ticket, and what others cannot.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, UserId};
use discord_sandbox::record::What;
use discord_sandbox::{Answer, Fault, Limits, Person, Sandbox};
use serde_json::{Value, json};
use tickets::text::Text;
use tickets::ticket::Phase;

use crate::settings::pick;
use crate::stage::{
    Inbox, MANAGE_THREADS, Result, Stage, VIEW_CHANNEL, english, here, time_passes, user,
};

impl Stage {
    /// An inbox and Mia's ticket in it.
    async fn with_ticket(&self) -> Result<(Inbox, ChannelId)> {
        let inbox = self.inbox().await?;
        let ticket = self.open(&self.sandbox.member(), inbox).await?;
        Ok((inbox, ticket))
    }

    /// Olivia saves the menu of the inbox's staff.
    pub(crate) async fn set_staff(&self, inbox: Inbox, staff: &[String]) -> Result {
        let owner = self.sandbox.owner();
        owner.run("inbox staff", json!({})).await?;
        let menu = self.select(&owner, inbox.channel, inbox.message).await?;
        let menu = menu.message()?;
        let custom_id = menu.components()[0]["custom_id"].as_str().ok_or("an id")?;
        let staff: Vec<_> = staff.iter().map(String::as_str).collect();
        owner
            .choose(inbox.channel, menu.id(), custom_id, &staff)
            .await?;
        Ok(())
    }

    fn is_in(&self, ticket: ChannelId, person: UserId) -> bool {
        self.sandbox.look(|look| look.is_in_thread(ticket, person))
    }
}

async fn close(person: &Person, ticket: ChannelId, options: Value) -> Result<Answer> {
    Ok(person.run_in(ticket, "ticket close", options).await?)
}

#[tokio::test]
async fn staff_close_with_a_reason_that_everybody_reads() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let max = stage.sandbox.moderator();
    let mark = stage.sandbox.mark();
    let answer = close(&max, ticket, json!({"reason": "It works again"})).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let note = english(Text::ClosedByWithReason {
        name: "Max".into(),
        reason: "It works again".into(),
    });
    assert_eq!(answer.content()?, note);
    assert!(!answer.message()?.is_ephemeral());
    assert_eq!(stage.said(ticket)[1..], [note], "no second message");
    // One response, and one change of the thread.
    let calls = stage.sandbox.calls_after(mark);
    let methods: Vec<_> = calls.iter().map(|call| call.method.as_str()).collect();
    assert_eq!(methods, ["POST", "PATCH"], "{calls:?}");
    let audited = english(Text::AuditClosed {
        name: "Max".into(),
        id: max.id().to_string(),
    });
    assert_eq!(calls[1].reason, Some(audited));
    // Nobody was removed.
    assert!(stage.is_in(ticket, stage.sandbox.member().id()));
    stage.finish().await
}

#[tokio::test]
async fn everybody_but_staff_can_be_removed_at_once() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let sandbox = &stage.sandbox;
    let (max, mia, noah) = (sandbox.moderator(), sandbox.member(), sandbox.member2());
    max.add(ticket, noah.id()).await?;
    let mark = sandbox.mark();
    close(&max, ticket, json!({"remove-owner": true})).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let removed: Vec<_> = sandbox
        .calls_after(mark)
        .into_iter()
        .filter(|call| call.is("DELETE", "/channels/*/thread-members/*"))
        .filter_map(|call| call.path.rsplit('/').next().map(str::to_owned))
        .collect();
    assert_eq!(
        removed,
        [noah.id().to_string(), mia.id().to_string()],
        "the owner is the last"
    );
    assert!(stage.is_in(ticket, max.id()));
    let note = english(Text::ClosedBy { name: "Max".into() });
    assert_eq!(stage.said(ticket)[1..], [note], "one message");
    stage.finish().await
}

#[tokio::test]
async fn two_who_close_at_once_make_one_message() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let (max, olivia) = (stage.sandbox.moderator(), stage.sandbox.owner());
    let held = Fault::held().on("PATCH", "/channels/*");
    stage.sandbox.fail_next(held)?;
    let first = max.start_command(ticket, "ticket close", json!({})).await?;
    let second = olivia
        .start_command(ticket, "ticket close", json!({}))
        .await?;
    while !stage.sandbox.waiting_faults().is_empty() {
        tokio::task::yield_now().await;
    }
    stage.sandbox.clear_faults();
    max.answer_to(first).await?;
    let second = olivia.answer_to(second).await?;
    assert_eq!(
        second.content()?,
        english(Text::AlreadyClosedBy { name: "Max".into() })
    );
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_leaves_while_staff_close_changes_nothing() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let (max, mia) = (stage.sandbox.moderator(), stage.sandbox.member());
    let held = Fault::held().on("PATCH", "/channels/*");
    stage.sandbox.fail_next(held)?;
    let closing = max.start_command(ticket, "ticket close", json!({})).await?;
    while !stage.sandbox.waiting_faults().is_empty() {
        tokio::task::yield_now().await;
    }
    mia.leave(ticket).await?;
    max.archive(ticket).await?;
    stage.sandbox.clear_faults();
    max.answer_to(closing).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_cannot_be_archived_says_so_and_is_closed_later() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let max = stage.sandbox.moderator();
    let refusal = Fault::refusal(403, 50_001, "Missing Access").on("PATCH", "/channels/*");
    stage.sandbox.fail_next(refusal.times(2))?;
    let answer = close(&max, ticket, json!({})).await?;
    stage.caught_up().await?;
    let note = english(Text::ClosedBy { name: "Max".into() });
    let now = max.answer_so_far(answer.id).await?;
    assert_eq!(now.content()?, english(Text::NotArchived { note }));
    // The bot retries after some seconds.
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

impl Stage {
    /// The bot loses or gets a permission in the channel of an inbox.
    async fn bot_may(&self, inbox: Inbox, permission: u64, may: bool) -> Result {
        let (owner, role) = (self.sandbox.owner(), self.sandbox.defaults().bot_role);
        let denied = if may { 0 } else { permission };
        owner
            .set_role_overwrite(inbox.channel, role, 0, denied)
            .await?;
        self.caught_up().await
    }

    /// Max closes a ticket that he has locked. Without *Manage Threads*, the bot may not archive it.
    async fn forbidden_closing(&self, inbox: Inbox, ticket: ChannelId) -> Result {
        let max = self.sandbox.moderator();
        self.bot_may(inbox, MANAGE_THREADS, false).await?;
        max.lock(ticket).await?;
        let answer = close(&max, ticket, json!({})).await?;
        self.caught_up().await?;
        let note = english(Text::ClosedBy { name: "Max".into() });
        let now = max.answer_so_far(answer.id).await?;
        assert_eq!(now.content()?, english(Text::NotArchived { note }));
        Ok(())
    }
}

#[tokio::test]
async fn a_closing_that_discord_forbids_is_retried_until_it_is_allowed() -> Result {
    let stage = Stage::set().await?;
    let (inbox, ticket) = stage.with_ticket().await?;
    stage.forbidden_closing(inbox, ticket).await?;
    let mark = stage.sandbox.mark();
    time_passes(Duration::from_secs(3)).await;
    let retried = stage
        .sandbox
        .wait_for_entry("the first retry", mark, |entry| match &entry.what {
            What::Call(call) => call.is("PATCH", "/channels/*").then_some(()),
            _ => None,
        });
    retried.await?;
    stage.caught_up().await?;
    stage.bot_may(inbox, MANAGE_THREADS, true).await?;
    time_passes(Duration::from_secs(30)).await;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn a_closing_that_discord_forbade_is_finished_by_the_next_command() -> Result {
    let stage = Stage::set().await?;
    let (inbox, ticket) = stage.with_ticket().await?;
    let olivia = stage.sandbox.owner();
    stage.forbidden_closing(inbox, ticket).await?;
    let again = close(&olivia, ticket, json!({})).await?;
    stage.caught_up().await?;
    let refused = olivia.answer_so_far(again.id).await?;
    assert_eq!(refused.content()?, english(Text::TicketForbidden {}));
    assert!(refused.message()?.is_ephemeral());
    stage.bot_may(inbox, MANAGE_THREADS, true).await?;
    let again = close(&olivia, ticket, json!({})).await?;
    assert_eq!(again.content()?, english(Text::BeingClosed {}));
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

/// Also after a restart, when the bot does not know the thread.
#[tokio::test]
async fn a_ticket_that_the_bot_cannot_view_is_not_closed() -> Result {
    let mut stage = Stage::set().await?;
    let (inbox, ticket) = stage.with_ticket().await?;
    let max = stage.sandbox.moderator();
    stage.bot_may(inbox, VIEW_CHANNEL, false).await?;
    for restarts in [false, true] {
        if restarts {
            stage.stop().await?;
            stage.start_without_session().await?;
        }
        let refused = close(&max, ticket, json!({})).await?;
        assert_eq!(refused.content()?, english(Text::TicketForbidden {}));
        assert!(refused.message()?.is_ephemeral());
        stage.idle().await?;
    }
    stage.stop().await?;
    let stored = stage.store()?.ticket(here(ticket)).await?;
    let phase = stored.map(|ticket| ticket.state.phase);
    assert_eq!(phase, Some(Phase::Open));
    stage.finish().await
}

#[tokio::test]
async fn without_manage_threads_it_is_closed_and_not_locked() -> Result {
    let stage = Stage::set().await?;
    let (inbox, ticket) = stage.with_ticket().await?;
    let bot_role = stage.sandbox.defaults().bot_role;
    let owner = stage.sandbox.owner();
    owner
        .set_role_overwrite(inbox.channel, bot_role, 0, MANAGE_THREADS)
        .await?;
    stage.idle().await?;
    close(&stage.sandbox.moderator(), ticket, json!({})).await?;
    stage.closed(ticket, false).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn listed_staff_have_the_bots_powers_where_the_inbox_says_so() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (owner, noah) = (sandbox.owner(), sandbox.member2());
    // Noah's role is the inbox's staff, and has no Manage Threads.
    let helpers = owner
        .create_role(json!({"name": "Helpers", "mentionable": true}))
        .await?;
    owner.give_role(noah.id(), helpers).await?;
    stage.set_staff(inbox, &[helpers.0.to_string()]).await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    pick(&owner, "staff-powers", "manage-threads").await?;
    let refused = close(&noah, ticket, json!({})).await?;
    assert_eq!(refused.content()?, english(Text::NeedsManageThreads {}));
    pick(&owner, "staff-powers", "listed-staff").await?;
    // A member who loses the role loses the powers.
    owner.take_role(noah.id(), helpers).await?;
    let refused = close(&noah, ticket, json!({})).await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    owner.give_role(noah.id(), helpers).await?;
    close(&noah, ticket, json!({})).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn others_can_close_nothing() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let sandbox = &stage.sandbox;
    let (mia, noah, max) = (sandbox.member(), sandbox.member2(), sandbox.moderator());
    max.add(ticket, noah.id()).await?;
    for person in [&mia, &noah] {
        for (command, options) in [
            ("ticket close", json!({})),
            ("ticket claim", json!({})),
            ("ticket unclaim", json!({})),
            ("ticket rename", json!({"name": "Mine"})),
            ("ticket add", json!({"member": max.id()})),
            ("ticket remove", json!({"member": max.id()})),
        ] {
            let refused = person.run_in(ticket, command, options).await?;
            let text = match command {
                "ticket close" if person.id() == mia.id() => Text::LeaveToClose {},
                _ => Text::NotTheStaff {},
            };
            assert_eq!(refused.content()?, english(text), "{command}");
            assert!(refused.message()?.is_ephemeral());
        }
    }
    let elsewhere = max.run("ticket close", json!({})).await?;
    assert_eq!(elsewhere.content()?, english(Text::NotATicket {}));
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    stage.finish().await
}

/// Manage Threads in another channel gives no power in this one.
#[tokio::test]
async fn manage_threads_elsewhere_is_no_power_here() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let sandbox = &stage.sandbox;
    let (owner, noah) = (sandbox.owner(), sandbox.member2());
    let powers = VIEW_CHANNEL | MANAGE_THREADS;
    owner
        .set_member_overwrite(stage.tickets(), noah.id(), powers, 0)
        .await?;
    sandbox.moderator().add(ticket, noah.id()).await?;
    let (mia, olivia) = (sandbox.member().id(), owner.id());
    for (command, options) in [
        ("close", json!({})),
        ("add", json!({"member": olivia})),
        ("remove", json!({"member": mia})),
        ("rename", json!({"name": "Mine"})),
        ("transfer", json!({"inbox": "support"})),
        ("ask-close", json!({})),
        ("snooze", json!({"for": "1h"})),
        ("claim", json!({})),
    ] {
        let refused = noah
            .run_in(ticket, &format!("ticket {command}"), options)
            .await?;
        let text = english(Text::NotTheStaff {});
        assert_eq!(refused.content()?, text, "{command}");
    }
    // The commands also refuse in the channel in which they have the permission.
    let there = stage.tickets();
    let refused = noah.use_user_menu("Open a ticket…", there, mia).await?;
    assert_eq!(refused.content()?, english(Text::NoInboxesOfYours {}));
    for (options, text) in [
        (json!({}), Text::NoOwnTickets {}),
        (json!({"member": mia}), Text::NoTicketsOf {}),
    ] {
        let none = noah.run_in(there, "ticket list", options).await?;
        assert_eq!(none.content()?, english(text));
    }
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    assert!(stage.is_in(ticket, mia) && !stage.is_in(ticket, olivia));
    stage.finish().await
}

#[tokio::test]
async fn staff_add_and_remove_members() -> Result {
    let stage = Stage::set().await?;
    let (inbox, ticket) = stage.with_ticket().await?;
    let sandbox = &stage.sandbox;
    let (owner, max, noah) = (sandbox.owner(), sandbox.moderator(), sandbox.member2());
    let name = || "Noah".to_owned();
    let add = async |who: UserId| {
        max.run_in(ticket, "ticket add", json!({"member": who}))
            .await
    };
    let remove = async |who: UserId| {
        max.run_in(ticket, "ticket remove", json!({"member": who}))
            .await
    };

    let added = add(noah.id()).await?;
    assert_eq!(
        added.content()?,
        english(Text::MemberAdded { name: name() })
    );
    assert!(stage.is_in(ticket, noah.id()));
    let again = add(noah.id()).await?;
    assert_eq!(
        again.content()?,
        english(Text::AlreadyInTicket { name: name() })
    );
    let removed = remove(noah.id()).await?;
    assert_eq!(
        removed.content()?,
        english(Text::MemberRemoved { name: name() })
    );
    assert!(!stage.is_in(ticket, noah.id()));
    let again = remove(noah.id()).await?;
    assert_eq!(
        again.content()?,
        english(Text::NotInTicket { name: name() })
    );

    // Discord would add the member, but they could not view the ticket.
    owner
        .set_member_overwrite(inbox.channel, noah.id(), 0, VIEW_CHANNEL)
        .await?;
    let blind = add(noah.id()).await?;
    assert_eq!(
        blind.content()?,
        english(Text::CannotViewChannel {
            name: name(),
            channel: here(inbox.channel)
        })
    );
    let itself = add(sandbox.bot_id()).await?;
    assert_eq!(itself.content()?, english(Text::StaysInTicket {}));
    let itself = remove(sandbox.bot_id()).await?;
    assert_eq!(itself.content()?, english(Text::StaysInTicket {}));

    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    stage.finish().await
}

#[tokio::test]
async fn too_many_threads_prevent_reopening_and_are_named() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let max = stage.sandbox.moderator();
    close(&max, ticket, json!({})).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let full = Fault::refusal(400, 160_006, "Maximum number of active threads reached");
    stage.sandbox.fail_next(full.on("PATCH", "/channels/*"))?;
    let general = stage.sandbox.defaults().general;
    let options = json!({"ticket": ticket.to_string()});
    let refused = max.run_in(general, "ticket reopen", options).await?;
    assert_eq!(refused.content()?, english(Text::ThreadsFull {}));
    stage.finish().await
}

#[tokio::test]
async fn removing_the_owner_closes_the_ticket() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let (max, mia) = (stage.sandbox.moderator(), stage.sandbox.member());
    let removed = max
        .run_in(ticket, "ticket remove", json!({"member": mia.id()}))
        .await?;
    assert_eq!(
        removed.content()?,
        english(Text::OwnerRemoved { name: "Mia".into() })
    );
    stage.closed(ticket, true).await?;
    let owner = user(mia.id());
    let note = english(Text::OwnerLeftLocked { owner });
    assert_eq!(stage.said(ticket)[1..], [note]);
    stage.finish().await
}

#[tokio::test]
async fn staff_rename_a_ticket_as_often_as_discord_allows() -> Result {
    let stage = Stage::on(Sandbox::builder().limits(Limits::Discord).start().await?).await?;
    let (_, ticket) = stage.with_ticket().await?;
    let max = stage.sandbox.moderator();
    let rename = async |name: &str| {
        max.run_in(ticket, "ticket rename", json!({"name": name}))
            .await
    };
    let renamed = english(Text::TicketRenamed {
        ticket: here(ticket),
    });
    assert_eq!(rename("Broken lamp").await?.content()?, renamed);
    let name = stage.thread(ticket).map(|thread| thread.name);
    assert_eq!(name.as_deref(), Some("Broken lamp"));
    let same = rename("Broken lamp").await?;
    assert_eq!(same.content()?, english(Text::SameName {}));
    assert_eq!(rename("Broken lamps").await?.content()?, renamed);
    let later = rename("Lamps").await?;
    assert!(later.content()?.contains("two new names"), "{later:?}");
    stage.finish().await
}

#[tokio::test]
async fn a_rename_that_discord_limits_never_delays_closing() -> Result {
    let stage = Stage::on(Sandbox::builder().limits(Limits::Discord).start().await?).await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    for way in ["by command", "by hand", "by its owner"] {
        let ticket = stage.open(&mia, inbox).await?;
        stage.idle().await?;
        for name in ["Lamp", "Broken lamp"] {
            max.run_in(ticket, "ticket rename", json!({"name": name}))
                .await?;
        }
        let began = tokio::time::Instant::now();
        let later = max
            .run_in(ticket, "ticket rename", json!({"name": "Lamps"}))
            .await?;
        assert!(later.content()?.contains("two new names"), "{later:?}");
        match way {
            "by command" => drop(close(&max, ticket, json!({})).await?),
            "by hand" => drop(max.archive(ticket).await?),
            _ => drop(mia.leave(ticket).await?),
        }
        stage.closed(ticket, true).await?;
        stage.idle().await?;
        // The rename limit ends ten minutes after the first rename.
        let waited = began.elapsed();
        assert!(waited < Duration::from_secs(30), "{way}: {waited:?}");
        let name = stage.thread(ticket).map(|thread| thread.name);
        assert_eq!(name.as_deref(), Some("Broken lamp"));
        stage.sandbox.advance(Duration::from_secs(61));
    }
    stage.finish().await
}

#[tokio::test]
async fn a_name_that_discord_refuses_is_explained() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let refusal = Fault::refusal(400, 50_035, "Invalid Form Body").on("PATCH", "/channels/*");
    stage.sandbox.fail_next(refusal)?;
    let answer = stage
        .sandbox
        .moderator()
        .run_in(ticket, "ticket rename", json!({"name": "Rude"}))
        .await?;
    assert_eq!(answer.content()?, english(Text::TicketNameRefused {}));
    stage.finish().await
}

#[tokio::test]
async fn a_claim_is_seen_by_all_and_ends_when_its_holder_leaves() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let (max, olivia) = (stage.sandbox.moderator(), stage.sandbox.owner());
    let claimed = max.run_in(ticket, "ticket claim", json!({})).await?;
    let says = |name: &str| english(Text::ClaimedBy { name: name.into() });
    assert_eq!(claimed.content()?, says("Max"));
    assert!(!claimed.message()?.is_ephemeral());
    let again = max.run_in(ticket, "ticket claim", json!({})).await?;
    assert_eq!(again.content()?, english(Text::AlreadyClaimed {}));
    // Another member of staff takes the claim over.
    let other = olivia.run_in(ticket, "ticket claim", json!({})).await?;
    assert_eq!(other.content()?, says("Olivia"));
    assert!(stage.is_in(ticket, olivia.id()), "they are in it now");
    let not_mine = max.run_in(ticket, "ticket unclaim", json!({})).await?;
    assert_eq!(not_mine.content()?, english(Text::ClaimedByAnother {}));
    olivia.leave(ticket).await?;
    stage.idle().await?;
    let nobody = max.run_in(ticket, "ticket unclaim", json!({})).await?;
    assert_eq!(nobody.content()?, english(Text::NotClaimed {}));
    max.run_in(ticket, "ticket claim", json!({})).await?;
    let ended = max.run_in(ticket, "ticket unclaim", json!({})).await?;
    assert_eq!(
        ended.content()?,
        english(Text::UnclaimedBy { name: "Max".into() })
    );
    stage.idle().await?;
    // The bot does not take the message of a claim for the note of a closing.
    stage.sandbox.member().leave(ticket).await?;
    stage.closed(ticket, true).await?;
    assert_eq!(
        stage.said(ticket).len(),
        6,
        "the starter, four claims, a note"
    );
    stage.finish().await
}

#[tokio::test]
async fn a_holder_who_leaves_while_the_bot_is_away_has_no_claim() -> Result {
    let mut stage = Stage::set().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let max = stage.sandbox.moderator();
    max.run_in(ticket, "ticket claim", json!({})).await?;
    stage.stop().await?;
    max.leave(ticket).await?;
    stage.start_without_session().await?;
    stage.idle().await?;
    let olivia = stage.sandbox.owner();
    let nobody = olivia.run_in(ticket, "ticket unclaim", json!({})).await?;
    assert_eq!(nobody.content()?, english(Text::NotClaimed {}));
    stage.finish().await
}

#[tokio::test]
async fn help_says_what_each_can_do() -> Result {
    let stage = Stage::set().await?;
    let (inbox, ticket) = stage.with_ticket().await?;
    let sandbox = &stage.sandbox;
    let (max, mia, noah) = (sandbox.moderator(), sandbox.member(), sandbox.member2());
    max.add(ticket, noah.id()).await?;
    for (person, text) in [
        (&max, Text::HelpStaff {}),
        (&mia, Text::HelpOwner {}),
        (&noah, Text::HelpGuest {}),
    ] {
        let help = person.run_in(ticket, "ticket help", json!({})).await?;
        assert_eq!(help.content()?, english(text));
    }
    let elsewhere = noah.run("ticket help", json!({})).await?;
    assert_eq!(elsewhere.content()?, english(Text::HelpElsewhere {}));
    // If only Manage Threads gives powers, listed staff can use few commands.
    stage.set_staff(inbox, &[noah.id().to_string()]).await?;
    let help = noah.run_in(ticket, "ticket help", json!({})).await?;
    assert_eq!(help.content()?, english(Text::HelpStaff {}));
    pick(&sandbox.owner(), "staff-powers", "manage-threads").await?;
    let help = noah.run_in(ticket, "ticket help", json!({})).await?;
    assert_eq!(help.content()?, english(Text::HelpListedStaff {}));
    let elsewhere = max.run("ticket help", json!({})).await?;
    assert_eq!(elsewhere.content()?, english(Text::HelpStaffElsewhere {}));
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_of_another_server_is_none() -> Result {
    let (stage, elsewhere) = Stage::with_two_servers().await?;
    let (_, ticket) = stage.with_ticket().await?;
    let refused = close(&stage.sandbox.owner(), elsewhere, json!({})).await?;
    assert_eq!(refused.content()?, english(Text::NotATicket {}));
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    stage.finish().await
}
