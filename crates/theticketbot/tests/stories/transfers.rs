//! `/ticket transfer`: two teams in one channel, and inboxes in two channels.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, RoleId};
use discord_sandbox::{Fault, Fields, Look, Person};
use harness::linked_channel;
use serde_json::{Value, json};
use tickets::permission::{Missing, Permission};
use tickets::text::Text;

use crate::notices::{PAUSE, SUPPRESS_NOTIFICATIONS};
use crate::settings::write;
use crate::stage::{
    EMBED_LINKS, Inbox, PICTURE, Result, Stage, VIEW_CHANNEL, english, here, time_passes, user,
    without_staff,
};

/// Two inboxes in one channel, each with its own team, and Mia's ticket in the first.
struct Teams {
    first: Inbox,
    second: Inbox,
    ticket: ChannelId,
    /// One member of each team.
    staff: [Person; 2],
    roles: [RoleId; 2],
}

async fn set_setting(owner: &Person, inbox: Inbox, setting: &str, value: &str) -> Result {
    let options = json!({"setting": setting, "inbox": inbox.message.to_string()});
    let modal = owner.run("inbox settings", options).await?;
    owner
        .submit_json(&modal, json!({"template": [value]}))
        .await?;
    Ok(())
}

impl Teams {
    async fn set(stage: &Stage) -> Result<Self> {
        let sandbox = &stage.sandbox;
        let owner = sandbox.owner();
        let (first, second) = stage.help_and_sales().await?;
        let mut crowd = sandbox.crowd("staff", 2)?.into_iter();
        let staff = [crowd.next(), crowd.next()].map(|it| it.expect("two"));
        let mut roles = Vec::new();
        for (person, inbox) in staff.iter().zip([first, second]) {
            let role = json!({"name": "Team", "mentionable": true});
            let role = owner.create_role(role).await?;
            owner.give_role(person.id(), role).await?;
            stage.set_staff(inbox, &[role.0.to_string()]).await?;
            roles.push(role);
        }
        let ticket = stage.open(&sandbox.member(), first).await?;
        Ok(Self {
            first,
            second,
            ticket,
            staff,
            roles: [roles[0], roles[1]],
        })
    }
}

fn is_in(stage: &Stage, ticket: ChannelId, person: &Person) -> bool {
    let id = person.id();
    stage.sandbox.look(|look| look.is_in_thread(ticket, id))
}

#[tokio::test]
async fn a_ticket_goes_to_another_team() -> Result {
    let stage = Stage::set().await?;
    let teams = Teams::set(&stage).await?;
    let [first, second] = &teams.staff;
    let ticket = teams.ticket;
    assert!(is_in(&stage, ticket, first) && !is_in(&stage, ticket, second));
    let refused = second.run("ticket list", json!({})).await?;
    assert_eq!(refused.content()?, english(Text::NoTickets {}));

    let options = json!({"inbox": "Sales", "reason": "About money", "remove-old-staff": true});
    let done = first.run_in(ticket, "ticket transfer", options).await?;
    let inbox = || "Sales".to_owned();
    assert_eq!(
        done.content()?,
        english(Text::TransferDone { inbox: inbox() })
    );
    assert!(done.message()?.is_ephemeral());
    stage.idle().await?;
    // One message announces the transfer and invites the new team.
    let said = stage.said(ticket);
    let [_, news] = &said[..] else {
        return Err(format!("two messages, not {said:?}").into());
    };
    assert!(
        news.contains("About money") && news.contains("Sales"),
        "{news}"
    );
    assert!(news.contains(&format!("<@&{}>", teams.roles[1])), "{news}");
    assert!(is_in(&stage, ticket, second) && !is_in(&stage, ticket, first));
    assert!(is_in(&stage, ticket, &stage.sandbox.member()));

    // The new team has power over the ticket.
    second.run_in(ticket, "ticket close", json!({})).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 3, "one closing message");
    stage.finish().await
}

/// Nobody of the new team learns of the ticket, so whoever transfers it must know.
#[tokio::test]
async fn a_team_that_cannot_be_mentioned_is_named_in_the_response() -> Result {
    let stage = Stage::set().await?;
    let teams = Teams::set(&stage).await?;
    let ([first, second], ticket) = (&teams.staff, teams.ticket);
    let role = teams.roles[1];
    let unmentionable = json!({"mentionable": false});
    stage.sandbox.owner().edit_role(role, unmentionable).await?;
    stage.idle().await?;
    let options = json!({"inbox": "Sales"});
    let done = first.run_in(ticket, "ticket transfer", options).await?;
    let inbox = "Sales".to_owned();
    let text = english(Text::TransferDoneWithoutStaff { inbox });
    assert_eq!(done.content()?, text);
    assert!(!is_in(&stage, ticket, second));
    let warnings = stage.warned("not every role could be mentioned").await?;
    assert!(warnings[0].contains(&role.to_string()), "{warnings:?}");
    stage.finish().await
}

/// Discord reportedly responds with 500 if a mentioned role is too large.
#[tokio::test]
async fn a_ticket_goes_to_a_team_that_is_too_large() -> Result {
    let stage = Stage::set().await?;
    let teams = Teams::set(&stage).await?;
    let ([first, second], ticket) = (&teams.staff, teams.ticket);
    let messages = format!("/channels/{ticket}/messages");
    let too_large = Fault::status(500).on("POST", &messages).times(2);
    stage.sandbox.fail_next(too_large)?;
    let options = json!({"inbox": "Sales"});
    let done = first.run_in(ticket, "ticket transfer", options).await?;
    let inbox = "Sales".to_owned();
    let text = english(Text::TransferDoneWithoutStaff { inbox });
    assert_eq!(done.content()?, text);
    assert_eq!(stage.said(ticket).len(), 2, "one announcement");
    assert!(!is_in(&stage, ticket, second));
    stage.sandbox.moderator().add(ticket, second.id()).await?;
    second.run_in(ticket, "ticket close", json!({})).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_transfer_that_cannot_be_changes_nothing() -> Result {
    let stage = Stage::set().await?;
    let teams = Teams::set(&stage).await?;
    let owner = stage.sandbox.owner();
    let [first, second] = &teams.staff;
    let ticket = teams.ticket;
    let transfer = async |person: &Person, inbox: &str| {
        let options = json!({"inbox": inbox});
        person.run_in(ticket, "ticket transfer", options).await
    };
    stage.sandbox.moderator().add(ticket, second.id()).await?;
    let refused = transfer(second, "Sales").await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    let same = transfer(first, "Help").await?;
    let inbox = "Help".to_owned();
    assert_eq!(same.content()?, english(Text::SameInbox { inbox }));
    let none = transfer(first, "Nothing").await?;
    let written = "Nothing".to_owned();
    assert_eq!(none.content()?, english(Text::NoSuchInbox { written }));
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    // The command is used outside a ticket.
    let outside = owner
        .run("ticket transfer", json!({"inbox": "Sales"}))
        .await?;
    assert_eq!(outside.content()?, english(Text::NotATicket {}));
    stage.finish().await
}

/// The announcement notifies the new team according to the new inbox's setting.
#[tokio::test]
async fn the_new_team_is_brought_in_as_its_inbox_says() -> Result {
    for (mode, is_silent, comes_in) in [
        ("mention", false, true),
        ("silent", true, true),
        ("join", false, false),
    ] {
        let stage = Stage::set().await?;
        let owner = stage.sandbox.owner();
        let teams = Teams::set(&stage).await?;
        let ([first, second], ticket) = (&teams.staff, teams.ticket);
        let channel = owner.create_channel("sales-staff", 0).await?.id();
        stage.idle().await?;
        set_setting(&owner, teams.second, "notices", &channel.to_string()).await?;
        set_setting(&owner, teams.second, "staff-mode", mode).await?;
        let options = json!({"inbox": "Sales"});
        first.run_in(ticket, "ticket transfer", options).await?;
        stage.idle().await?;
        assert_eq!(is_in(&stage, ticket, second), comes_in, "{mode}");
        let (flags, roles) = stage.sandbox.look(|look| {
            let all = look.messages(ticket);
            let mut said = all.filter(|it| it.ephemeral_to.is_none() && !it.content.is_empty());
            said.next_back()
                .map(|it| (it.flags, it.mention_roles.len()))
                .unzip()
        });
        let suppressed = flags.map(|flags| flags & SUPPRESS_NOTIFICATIONS != 0);
        assert_eq!(suppressed, Some(is_silent), "{mode}");
        assert_eq!(roles, Some(usize::from(comes_in)), "{mode}");
        stage.finish().await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_notice_goes_along() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let teams = Teams::set(&stage).await?;
    let ticket = teams.ticket;
    let channel = owner.create_channel("sales-staff", 0).await?.id();
    stage.idle().await?;
    set_setting(&owner, teams.second, "notices", &channel.to_string()).await?;
    let transfer = async |inbox: &str| {
        owner
            .run_in(ticket, "ticket transfer", json!({"inbox": inbox}))
            .await
    };
    transfer("Sales").await?;
    stage.idle().await?;
    let shown = stage.said(channel);
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].contains("Sales") && shown[0].contains(&ticket.to_string()));
    // The new inbox has its own channel of notices, so the notice is posted again there.
    let other = owner.create_channel("help-staff", 0).await?.id();
    stage.idle().await?;
    let options = json!({"setting": "notices", "inbox": "Help"});
    let modal = owner.run("inbox settings", options).await?;
    owner
        .submit_json(&modal, json!({"template": [other.to_string()]}))
        .await?;
    transfer("Help").await?;
    stage.idle().await?;
    let inbox = "Help".to_owned();
    let moved = english(Text::NoticeMoved { inbox });
    assert!(
        stage.said(channel)[0].ends_with(&moved),
        "{:?}",
        stage.said(channel)
    );
    let shown = stage.said(other);
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].contains("Help"), "{shown:?}");
    stage.finish().await
}

/// A notice says who of the present team has joined, not who of the team before had.
#[tokio::test]
async fn after_a_transfer_somebody_of_the_new_team_joins_first() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let teams = Teams::set(&stage).await?;
    let [first, second] = &teams.staff;
    let old = owner.create_channel("help-staff", 0).await?.id();
    let new = owner.create_channel("sales-staff", 0).await?.id();
    stage.idle().await?;
    for (inbox, channel) in [(teams.first, old), (teams.second, new)] {
        set_setting(&owner, inbox, "notices", &channel.to_string()).await?;
        set_setting(&owner, inbox, "staff-mode", "join").await?;
    }
    let ticket = stage.open(&stage.sandbox.member2(), teams.first).await?;
    stage.idle().await?;
    let joined = |person: &Person| Text::NoticeJoined {
        member: user(person.id()),
    };
    let join = async |person: &Person, channel: ChannelId| {
        let notice = stage.notices(channel)[0].id;
        let button = format!("join:{ticket}");
        person.click(channel, notice, &button).await
    };
    let transfer = async |inbox: &str| {
        let options = json!({"inbox": inbox});
        owner.run_in(ticket, "ticket transfer", options).await
    };
    join(first, old).await?;
    stage.notice_with(old, joined(first)).await?;
    transfer("Sales").await?;
    stage.idle().await?;
    assert_eq!(stage.notices(new)[0].lines.len(), 1, "nobody has joined");
    join(second, new).await?;
    stage.notice_with(new, joined(second)).await?;
    // This team is in the ticket already.
    transfer("Help").await?;
    stage.idle().await?;
    let shown = stage.notices(old).pop().map(|notice| notice.lines);
    let last = shown.as_ref().and_then(|lines| lines.last());
    assert_eq!(last, Some(&english(joined(first))), "{shown:?}");
    stage.finish().await
}

/// Mia's ticket of an inbox with a form, and another inbox, whose tickets are in `#tickets`.
async fn far_away(stage: &Stage) -> Result<ChannelId> {
    let sandbox = &stage.sandbox;
    let inbox = stage.inbox().await?;
    let form = "What happened? | long\nScreenshots | files | optional";
    write(&sandbox.owner(), "form", form).await?;
    let options = json!({"destination": stage.tickets(), "name": "Appeals"});
    stage.inbox_with(options).await?;
    let mia = sandbox.member();
    let modal = stage.click(&mia, inbox).await?;
    let fields = Fields::new()
        .text("ask:long:What happened?", "It *broke*")
        .upload("ask:files:Screenshots", "proof.png", "image/png", PICTURE);
    let opened = mia.submit(&modal, fields).await?;
    stage.idle().await?;
    linked_channel(opened.content()?)
}

fn threads(stage: &Stage, channel: ChannelId) -> usize {
    stage.sandbox.look(|look| look.threads_of(channel).len())
}

/// The embeds and the files of the bot's messages that only have those.
fn pages(stage: &Stage, ticket: ChannelId) -> Vec<(Vec<Value>, usize)> {
    let bot = stage.sandbox.bot_id();
    stage.sandbox.look(|look| {
        let own = look.messages(ticket).filter(|m| m.user() == Some(bot));
        let pages = own.filter(|m| m.content.is_empty() && !m.embeds.is_empty());
        pages
            .map(|m| {
                let embeds = m.embeds.iter().map(|it| json!(it)).collect();
                (embeds, m.attachments.len())
            })
            .collect()
    })
}

#[tokio::test]
async fn in_another_channel_a_new_ticket_takes_its_place() -> Result {
    let stage = Stage::set().await?;
    let old = far_away(&stage).await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let options = json!({"inbox": "Appeals", "reason": "About a ban"});
    let done = max.run_in(old, "ticket transfer", options).await?;
    stage.closed(old, true).await?;
    stage.idle().await?;
    let new = stage.ticket_of(&mia, stage.tickets()).await?;
    let text = Text::TransferOpened { ticket: here(new) };
    assert_eq!(done.content()?, english(text));
    assert!(done.message()?.is_ephemeral());
    // Each ticket links to the other, and the old one gives the reason.
    let (name, reason) = (|| "Max".to_owned(), || "About a ban".to_owned());
    let note = Text::MovedByWithReason {
        name: name(),
        ticket: here(new),
        reason: reason(),
    };
    assert_eq!(stage.said(old).last(), Some(&english(note)));
    assert_eq!(stage.said(old).len(), 2, "{:?}", stage.said(old));
    let line = Text::MovedHereWithReason {
        name: name(),
        ticket: here(old),
        reason: reason(),
    };
    let said = stage.said(new);
    assert!(said[0].ends_with(&english(line)), "{said:?}");
    // The new ticket has the answers and the file, without asking the owner again.
    assert_eq!(pages(&stage, new), pages(&stage, old));
    let [(embeds, 1)] = &pages(&stage, new)[..] else {
        return Err(format!("one page with a file: {:?}", pages(&stage, new)).into());
    };
    assert_eq!(embeds[0]["description"], "It \\*broke\\*");
    // The new ticket belongs to the owner.
    let list = mia.run("ticket list", json!({})).await?;
    let list = list.content()?;
    assert!(list.contains(&new.to_string()), "{list}");
    assert!(!list.contains(&old.to_string()), "{list}");
    mia.leave(new).await?;
    stage.closed(new, true).await?;
    stage.finish().await
}

/// As in the same channel, whoever transfers the ticket must know that the new team was not invited.
#[tokio::test]
async fn a_team_in_another_channel_that_cannot_be_mentioned_is_named() -> Result {
    let stage = Stage::set().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, max) = (sandbox.owner(), sandbox.member(), sandbox.moderator());
    let inbox = stage.inbox().await?;
    let options = json!({"destination": stage.tickets(), "name": "Appeals"});
    let appeals = stage.inbox_with(options).await?;
    let role = json!({"name": "Judges", "mentionable": false});
    let role = owner.create_role(role).await?;
    stage.set_staff(appeals, &[role.0.to_string()]).await?;
    let old = stage.open(&mia, inbox).await?;
    let options = json!({"inbox": "Appeals"});
    let asked = max.start_command(old, "ticket transfer", options).await?;
    stage.closed(old, true).await?;
    stage.idle().await?;
    let new = stage.ticket_of(&mia, stage.tickets()).await?;
    let ticket = here(new);
    let done = max.answer_so_far(asked).await?;
    let text = Text::TransferOpened { ticket };
    assert_eq!(done.content()?, without_staff(text));
    stage.finish().await
}

/// The new ticket takes so long that the old one serves commands again. The bot begins to close the old ticket
/// while one of them is being answered.
#[tokio::test]
async fn a_command_does_not_keep_a_transferred_ticket_open() -> Result {
    let stage = Stage::set().await?;
    let sandbox = &stage.sandbox;
    let (mia, max) = (sandbox.member(), sandbox.moderator());
    let inbox = stage.inbox().await?;
    let options = json!({"destination": stage.tickets(), "name": "Appeals"});
    stage.inbox_with(options).await?;
    let old = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    // The first attempt to send the starting message times out.
    for _ in 0..2 {
        sandbox.fail_next(Fault::held().on("POST", "/channels/*/messages"))?;
    }
    let left = async |faults: usize| {
        let is_so = |_: &Look<'_>| (sandbox.waiting_faults().len() == faults).then_some(());
        sandbox.wait_until("the faults happened", is_so).await
    };
    let options = json!({"inbox": "Appeals"});
    max.start_command(old, "ticket transfer", options).await?;
    left(1).await?;
    time_passes(Duration::from_secs(31)).await;
    left(0).await?;
    let slow = Fault::slow(Duration::from_secs(1));
    sandbox.fail_next(slow.on("POST", "/interactions/*/*/callback"))?;
    max.start_command(old, "ticket claim", json!({})).await?;
    left(0).await?;
    sandbox.clear_faults();
    stage.closed(old, true).await?;
    stage.idle().await?;
    let new = stage.ticket_of(&mia, stage.tickets()).await?;
    let (name, ticket) = ("Max".to_owned(), here(new));
    let note = english(Text::MovedBy { name, ticket });
    assert_eq!(stage.said(old).last(), Some(&note));
    stage.finish().await
}

/// A reason names people, who must not get into the new ticket by it.
#[tokio::test]
async fn a_mention_in_a_reason_adds_nobody() -> Result {
    let stage = Stage::set().await?;
    let old = far_away(&stage).await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, max, noah) = (
        sandbox.owner(),
        sandbox.member(),
        sandbox.moderator(),
        sandbox.member2(),
    );
    let role = owner.create_role(json!({"name": "Directors", "mentionable": true}));
    let role = role.await?;
    owner.give_role(noah.id(), role).await?;
    let reason = format!("<@{}> and <@&{role}> know", noah.id());
    let options = json!({"inbox": "Appeals", "reason": reason});
    max.run_in(old, "ticket transfer", options).await?;
    stage.closed(old, true).await?;
    stage.idle().await?;
    let new = stage.ticket_of(&mia, stage.tickets()).await?;
    assert!(stage.said(new)[0].contains(&reason));
    assert!(!is_in(&stage, new, &noah));
    assert!(is_in(&stage, new, &mia));
    assert_eq!(stage.warnings(), [""; 0]);
    stage.finish().await
}

/// Discord fails for some seconds after the announcement, so the bot cannot tell whether it was sent.
#[tokio::test]
async fn a_transfer_with_an_unknown_outcome_is_finished() -> Result {
    let stage = Stage::set().await?;
    let teams = Teams::set(&stage).await?;
    let ([first, second], ticket) = (&teams.staff, teams.ticket);
    let messages = format!("/channels/{ticket}/messages");
    let lost = Fault::refusal(502, 0, "Bad Gateway").after_it_took_effect();
    stage
        .sandbox
        .fail_next(lost.times(5).on("POST", &messages))?;
    let failing = Fault::refusal(503, 0, "Service Unavailable").times(5);
    stage.sandbox.fail_next(failing.on("GET", &messages))?;
    let options = json!({"inbox": "Sales"});
    let asked = first
        .start_command(ticket, "ticket transfer", options)
        .await?;
    stage.idle().await?;
    assert!(stage.sandbox.waiting_faults().is_empty());
    let done = first.answer_so_far(asked).await?;
    let inbox = "Sales".to_owned();
    assert_eq!(done.content()?, english(Text::TransferDone { inbox }));
    assert_eq!(stage.said(ticket).len(), 2, "one announcement");
    second.run_in(ticket, "ticket close", json!({})).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

/// Discord takes neither the announcement nor the search for it. The bot's next message in the ticket is another.
#[tokio::test]
async fn another_message_is_not_taken_for_an_announcement() -> Result {
    let stage = Stage::set().await?;
    let teams = Teams::set(&stage).await?;
    let ([first, _], ticket) = (&teams.staff, teams.ticket);
    let messages = format!("/channels/{ticket}/messages");
    let failing = Fault::status(500).on("POST", &messages).times(2);
    stage.sandbox.fail_next(failing)?;
    let unreadable = Fault::refusal(503, 0, "Service Unavailable").times(10);
    stage.sandbox.fail_next(unreadable.on("GET", &messages))?;
    let options = json!({"inbox": "Sales"});
    let asked = first
        .start_command(ticket, "ticket transfer", options)
        .await?;
    first
        .start_command(ticket, "ticket claim", json!({}))
        .await?;
    stage.idle().await?;
    assert!(stage.sandbox.waiting_faults().is_empty());
    let done = first.answer_so_far(asked).await?;
    assert_eq!(done.content()?, english(Text::Interrupted {}));
    assert_eq!(stage.said(ticket).len(), 2, "the claim");
    // The ticket has stayed in its inbox.
    assert_eq!(stage.holder(ticket).await?, Some(user(first.id())));
    let options = json!({"inbox": "Help"});
    let same = first.run_in(ticket, "ticket transfer", options).await?;
    let inbox = "Help".to_owned();
    assert_eq!(same.content()?, english(Text::SameInbox { inbox }));
    stage.finish().await
}

/// The new staff have not answered yet, even if the old staff wrote last.
#[tokio::test]
async fn a_transferred_ticket_waits_for_its_new_staff() -> Result {
    let stage = Stage::set().await?;
    let teams = Teams::set(&stage).await?;
    let ([first, second], ticket) = (&teams.staff, teams.ticket);
    let waits = "waiting for staff";
    let list = async || {
        stage.idle().await?;
        let list = second.run("ticket list", json!({})).await?;
        let shown: Result<String> = Ok(list.content()?.to_owned());
        shown
    };
    first.send(ticket, "I pass you on").await?;
    let options = json!({"inbox": "Sales"});
    first.run_in(ticket, "ticket transfer", options).await?;
    let shown = list().await?;
    assert!(shown.contains(waits), "{shown}");
    second.send(ticket, "Hello").await?;
    let shown = list().await?;
    assert!(!shown.contains(waits), "{shown}");
    stage.finish().await
}

#[tokio::test]
async fn where_the_owner_or_the_bot_could_not_be_nothing_happens() -> Result {
    let stage = Stage::set().await?;
    let old = far_away(&stage).await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, max) = (sandbox.owner(), sandbox.member(), sandbox.moderator());
    let transfer = async || {
        max.run_in(old, "ticket transfer", json!({"inbox": "Appeals"}))
            .await
    };
    owner
        .set_member_overwrite(stage.tickets(), mia.id(), 0, VIEW_CHANNEL)
        .await?;
    let refused = transfer().await?;
    let text = Text::TransferOwnerLacks {
        name: "Mia".into(),
        channel: "`#tickets`".into(),
        permissions: vec![Permission::ViewChannel, Permission::SendMessagesInThreads],
    };
    assert_eq!(refused.content()?, english(text));
    owner.delete_overwrite(stage.tickets(), mia.id().0).await?;
    let role = sandbox.defaults().bot_role;
    owner
        .set_role_overwrite(stage.tickets(), role, 0, 1 << 36)
        .await?;
    let refused = transfer().await?;
    let missing = vec![Missing {
        channel: here(stage.tickets()),
        permissions: vec![Permission::CreatePrivateThreads],
    }];
    assert_eq!(refused.content()?, english(Text::TransferLacks { missing }));
    // The answers are embeds.
    owner
        .set_role_overwrite(stage.tickets(), role, 0, EMBED_LINKS)
        .await?;
    let refused = transfer().await?;
    let missing = vec![Missing {
        channel: here(stage.tickets()),
        permissions: vec![Permission::EmbedLinks],
    }];
    assert_eq!(refused.content()?, english(Text::TransferLacks { missing }));
    owner
        .set_role_overwrite(stage.tickets(), role, 0, 0)
        .await?;
    // The bot cannot read the answers, so they would be missing in the new ticket.
    let support = stage.support();
    owner.set_role_overwrite(support, role, 0, 1 << 16).await?;
    let refused = transfer().await?;
    let missing = vec![Missing {
        channel: here(support),
        permissions: vec![Permission::ReadMessageHistory],
    }];
    assert_eq!(refused.content()?, english(Text::TransferLacks { missing }));
    owner.set_role_overwrite(support, role, 0, 0).await?;
    stage.idle().await?;
    assert_eq!(threads(&stage, stage.tickets()), 0);
    assert_eq!(stage.said(old).len(), 1);
    assert_eq!(stage.thread(old).map(|it| it.archived), Some(false));
    // With the permission, the transfer works.
    transfer().await?;
    stage.closed(old, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn the_old_ticket_stays_open_if_the_new_one_is_not_whole() -> Result {
    let stage = Stage::set().await?;
    let old = far_away(&stage).await?;
    let max = stage.sandbox.moderator();
    let transfer = async || {
        max.run_in(old, "ticket transfer", json!({"inbox": "Appeals"}))
            .await
    };
    let refusal = Fault::refusal(403, 50_013, "Missing Permissions");
    stage
        .sandbox
        .fail_next(refusal.on("POST", "/channels/*/messages"))?;
    let asked = transfer().await?;
    stage.idle().await?;
    let failed = max.answer_so_far(asked.id).await?;
    let stays = english(Text::TransferFailed {});
    assert!(failed.content()?.ends_with(&stays), "{failed:?}");
    assert_eq!(threads(&stage, stage.tickets()), 0);
    assert_eq!(stage.thread(old).map(|it| it.archived), Some(false));
    assert_eq!(stage.said(old).len(), 1);
    // The failed transfer does not prevent another attempt.
    transfer().await?;
    stage.closed(old, true).await?;
    stage.idle().await?;
    assert_eq!(threads(&stage, stage.tickets()), 1);
    stage.finish().await
}

#[tokio::test]
async fn two_transfers_at_once_open_one_ticket() -> Result {
    let stage = Stage::set().await?;
    let old = far_away(&stage).await?;
    let (owner, max) = (stage.sandbox.owner(), stage.sandbox.moderator());
    let options = json!({"inbox": "Appeals"});
    let first = max.start_command(old, "ticket transfer", options.clone());
    let first = first.await?;
    let second = owner.start_command(old, "ticket transfer", options).await?;
    let told = [max.answer_to(first).await?, owner.answer_to(second).await?];
    stage.closed(old, true).await?;
    stage.idle().await?;
    assert_eq!(threads(&stage, stage.tickets()), 1, "{told:?}");
    assert_eq!(stage.said(old).len(), 2, "one closing message");
    stage.finish().await
}

#[tokio::test]
async fn the_old_notice_says_where_the_ticket_went() -> Result {
    let stage = Stage::set().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, max) = (sandbox.owner(), sandbox.member(), sandbox.moderator());
    let inbox = stage.inbox().await?;
    let staff = owner.create_channel("staff", 0).await?.id();
    stage.idle().await?;
    set_setting(&owner, inbox, "notices", &staff.to_string()).await?;
    let options = json!({"destination": stage.tickets(), "name": "Appeals"});
    stage.inbox_with(options).await?;
    let old = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    let options = json!({"inbox": "Appeals"});
    max.run_in(old, "ticket transfer", options).await?;
    stage.closed(old, true).await?;
    stage.idle().await?;
    let new = stage.ticket_of(&mia, stage.tickets()).await?;
    let end = Text::NoticeMovedBy {
        member: user(max.id()),
        ticket: here(new),
    };
    let shown = stage.said(staff);
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].ends_with(&english(end)), "{shown:?}");
    stage.finish().await
}

/// After a transfer, the new inbox's settings apply.
#[tokio::test]
async fn a_transferred_ticket_is_reminded_of_as_its_new_inbox_says() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let teams = Teams::set(&stage).await?;
    let ticket = teams.ticket;
    let options = json!({"setting": "remind-staff", "inbox": "Sales"});
    let modal = owner.run("inbox settings", options).await?;
    owner.submit(&modal, [("template", "1h")]).await?;
    stage.sandbox.member().send(ticket, "Hello?").await?;
    stage.idle().await?;
    let options = json!({"inbox": "Sales"});
    teams.staff[0]
        .run_in(ticket, "ticket transfer", options)
        .await?;
    stage.idle().await?;
    let before = stage.said(ticket).len();
    stage.hours_pass(2).await?;
    assert_eq!(stage.said(ticket).len(), before + 1, "one reminder");
    stage.finish().await
}

#[tokio::test]
async fn a_claim_ends_when_the_ticket_goes_to_another_team() -> Result {
    let stage = Stage::set().await?;
    let teams = Teams::set(&stage).await?;
    let [first, _] = &teams.staff;
    first
        .run_in(teams.ticket, "ticket claim", json!({}))
        .await?;
    assert_eq!(stage.holder(teams.ticket).await?, Some(user(first.id())));
    let to = json!({"inbox": "Sales"});
    first.run_in(teams.ticket, "ticket transfer", to).await?;
    assert_eq!(stage.holder(teams.ticket).await?, None);
    stage.finish().await
}

/// The notice of the old team is being changed during the transfer.
#[tokio::test]
async fn the_new_team_can_use_its_notice_after_a_transfer() -> Result {
    let stage = Stage::set().await?;
    let (inbox, old) = stage.with_notices().await?;
    let owner = stage.sandbox.owner();
    let new = owner.create_channel("appeals-staff", 0).await?.id();
    stage.idle().await?;
    let appeals = stage.inbox_with(json!({"name": "Appeals"})).await?;
    set_setting(&owner, appeals, "notices", &new.to_string()).await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    stage.idle().await?;
    time_passes(PAUSE).await;
    // The bot learns Discord's limits of this route.
    owner.run_in(ticket, "ticket claim", json!({})).await?;
    stage.idle().await?;
    time_passes(PAUSE).await;
    let slow =
        Fault::slow(Duration::from_secs(2)).on("PATCH", &format!("/channels/{old}/messages/*"));
    stage.sandbox.fail_next(slow)?;
    let max = stage.sandbox.moderator();
    max.run_in(ticket, "ticket claim", json!({})).await?;
    owner
        .run_in(ticket, "ticket transfer", json!({"inbox": "Appeals"}))
        .await?;
    stage.idle().await?;
    let [left] = &stage.notices(old)[..] else {
        panic!("one notice")
    };
    assert!(!left.can_be_joined, "{left:?}");
    let moved = Text::NoticeMoved {
        inbox: "Appeals".to_owned(),
    };
    assert_eq!(left.lines.last(), Some(&english(moved)));
    let [notice] = &stage.notices(new)[..] else {
        panic!("one notice")
    };
    let joined = max.click(new, notice.id, &format!("join:{ticket}")).await?;
    assert_ne!(joined.content()?, english(Text::TicketGone {}));
    stage.finish().await
}
