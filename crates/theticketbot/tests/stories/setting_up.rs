//! No set-up can fail silently: if tickets of an inbox reach no staff, or members cannot use them, the admin
//! sees a warning, and members get no useless ticket.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, RoleId, UserId};
use discord_sandbox::{Answer, EventFault, Fault};
use serde_json::{Value, json};
use tickets::Mention;
use tickets::permission::{Missing, Permission, TO_TAKE_PART};
use tickets::problem::Problem;
use tickets::text::Text;

use crate::stage::{
    Inbox, MANAGE_THREADS, Result, Stage, VIEW_CHANNEL, english, here, link, reported, time_passes,
    user, without_staff,
};

/// Discord's number of the permission Send Messages.
const SEND_MESSAGES: u64 = 1 << 11;

const MINUTE: Duration = Duration::from_secs(61);

impl Stage {
    /// Olivia runs `/inbox create` with these options, and selects a message.
    async fn create(&self, options: Value) -> Result<(Inbox, Answer)> {
        let (owner, support) = (self.sandbox.owner(), self.support());
        let source = owner.send(support, "Need help?").await?;
        owner.run("inbox create", options).await?;
        let answer = self.select(&owner, support, source.id()).await?;
        let inbox = Inbox {
            channel: support,
            message: self.newest_inbox(support),
        };
        Ok((inbox, answer))
    }

    fn everyone(&self) -> RoleId {
        RoleId(self.sandbox.guild_id().0)
    }

    fn moderators(&self) -> Mention {
        role(self.sandbox.moderator_role())
    }

    /// Denies @everyone these permissions in a channel; moderators and the bot keep them.
    pub(crate) async fn deny(&self, channel: ChannelId, permissions: u64) -> Result {
        let owner = self.sandbox.owner();
        owner
            .set_role_overwrite(channel, self.everyone(), 0, permissions)
            .await?;
        let staff = [
            self.sandbox.moderator_role(),
            self.sandbox.defaults().bot_role,
        ];
        for role in staff {
            let allow = permissions | MANAGE_THREADS;
            owner.set_role_overwrite(channel, role, allow, 0).await?;
        }
        Ok(())
    }

    /// Olivia runs `/inbox staff` and selects the inbox.
    async fn staff_menu(&self, inbox: Inbox) -> Result<Answer> {
        let owner = self.sandbox.owner();
        owner.run("inbox staff", json!({})).await?;
        self.select(&owner, inbox.channel, inbox.message).await
    }

    fn menu_text(&self, inbox: Inbox, problems: &[Problem]) -> String {
        let inbox = link(self, inbox);
        reported(Text::ChooseStaff { inbox }, problems)
    }
}

fn role(id: RoleId) -> Mention {
    Mention::Role(tickets::RoleId(id.0))
}

fn lacks(channel: ChannelId, permissions: &[Permission]) -> Missing {
    Missing {
        channel: here(channel),
        permissions: permissions.to_vec(),
    }
}

/// The refusal for a member without these permissions in a channel with this name.
fn refusal(channel: &str, permissions: &[Permission]) -> String {
    english(Text::MemberLacks {
        channel: format!("`#{channel}`"),
        permissions: permissions.to_vec(),
    })
}

#[tokio::test]
async fn a_destination_that_members_cannot_view() -> Result {
    let stage = Stage::set().await?;
    let (mia, tickets) = (stage.sandbox.member(), stage.tickets());
    stage.deny(tickets, VIEW_CHANNEL).await?;
    let options = json!({"channel": stage.support(), "destination": tickets});
    let (inbox, created) = stage.create(options).await?;
    let problem = Problem::MembersLack(lacks(tickets, &TO_TAKE_PART));
    let warning = english(problem.text());
    assert!(created.content()?.contains(&warning), "{created:?}");

    stage.idle().await?;
    let mark = stage.sandbox.mark();
    let refused = stage.click(&mia, inbox).await?;
    assert_eq!(refused.content()?, refusal("tickets", &TO_TAKE_PART));
    let calls = stage.sandbox.calls_after(mark);
    let is_answered = calls[1].is("POST", "/interactions/*/*/callback");
    assert!(
        calls[0].is("GET", "/channels/*") && is_answered,
        "{calls:?}"
    );
    assert_eq!(calls.len(), 2, "Discord is asked once");
    stage.a_minute_passes();
    stage.click(&mia, inbox).await?;
    assert_eq!(stage.threads(tickets), []);

    // A new destination also causes the warning, and moderators can open tickets.
    let owner = stage.sandbox.owner();
    let max = stage.sandbox.moderator();
    stage.open(&max, inbox).await?;
    let general = stage.sandbox.channel("general")?;
    for (to, expected) in [(general, vec![]), (tickets, vec![problem])] {
        owner
            .run("inbox destination", json!({"channel": to}))
            .await?;
        let moved = stage.select(&owner, inbox.channel, inbox.message).await?;
        let old = if to == general { tickets } else { general };
        let text = Text::DestinationChanged {
            inbox: link(&stage, inbox),
            old: here(old),
            new: here(to),
        };
        assert_eq!(moved.content()?, reported(text, &expected));
    }
    stage.finish().await
}

#[tokio::test]
async fn a_channel_in_which_members_only_read() -> Result {
    let stage = Stage::set().await?;
    let (mia, support) = (stage.sandbox.member(), stage.support());
    let write = Permission::SendMessages.bit() | Permission::SendMessagesInThreads.bit();
    stage.deny(support, write).await?;
    let (inbox, created) = stage.create(json!({"channel": support})).await?;
    let lacking = [Permission::SendMessagesInThreads];
    let warning = english(Problem::MembersLack(lacks(support, &lacking)).text());
    assert!(created.content()?.contains(&warning), "{created:?}");
    let refused = stage.click(&mia, inbox).await?;
    assert_eq!(refused.content()?, refusal("support", &lacking));
    assert_eq!(stage.threads(support), []);
    // Send Messages in Threads is enough for a ticket, and members still cannot write in the channel itself.
    let owner = stage.sandbox.owner();
    owner
        .set_role_overwrite(support, stage.everyone(), lacking[0].bit(), SEND_MESSAGES)
        .await?;
    stage.idle().await?;
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn nobody_is_refused_for_what_is_no_longer_so() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    stage.deny(inbox.channel, VIEW_CHANNEL).await?;
    stage.idle().await?;
    // The event that allows everybody to view the channel again is late.
    stage
        .sandbox
        .fault_event(EventFault::late("CHANNEL_UPDATE", 100))?;
    let owner = stage.sandbox.owner();
    owner
        .delete_overwrite(inbox.channel, stage.everyone().0)
        .await?;
    stage.open(&mia, inbox).await?;
    stage.sandbox.clear_event_faults();
    stage.finish().await
}

#[tokio::test]
async fn a_member_with_the_right_role_or_an_overwrite_of_their_own() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    let support = stage.support();
    stage.deny(support, VIEW_CHANNEL).await?;
    let verified = owner.create_role(json!({"name": "Verified"})).await?;
    owner
        .set_role_overwrite(support, verified, VIEW_CHANNEL, 0)
        .await?;
    owner
        .set_member_overwrite(support, noah.id(), VIEW_CHANNEL, 0)
        .await?;
    owner.give_role(mia.id(), verified).await?;
    // Members have a role that can view the channel, so there is no problem.
    let (inbox, created) = stage.create(json!({"channel": support})).await?;
    assert!(!created.content()?.contains('⚠'), "{created:?}");
    stage.open(&mia, inbox).await?;
    stage.open(&noah, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn when_discord_does_not_say_what_is_known_stands() -> Result {
    let stage = Stage::set().await?;
    let tickets = stage.tickets();
    let inbox = stage.inbox_with(json!({"destination": tickets})).await?;
    stage.deny(tickets, VIEW_CHANNEL).await?;
    stage.idle().await?;
    let lost = Fault::status(404).on("GET", "/channels/*");
    stage.sandbox.fail_next(lost)?;
    let mia = stage.sandbox.member();
    let refused = stage.click(&mia, inbox).await;
    let text = Text::MemberLacks {
        channel: format!("<#{tickets}>"),
        permissions: TO_TAKE_PART.to_vec(),
    };
    assert_eq!(refused?.content()?, english(text));
    stage.finish().await
}

#[tokio::test]
async fn a_staff_role_that_cannot_be_mentioned() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let moderators = stage.sandbox.moderator_role();
    // Discord creates roles that are not mentionable.
    owner
        .edit_role(moderators, json!({"mentionable": false}))
        .await?;
    let (inbox, created) = stage.create(json!({"channel": stage.support()})).await?;
    let problem = Problem::NotMentionable {
        roles: vec![tickets::RoleId(moderators.0)],
        channel: here(inbox.channel),
    };
    let warning = english(problem.text());
    assert!(created.content()?.contains(&warning), "{created:?}");
    let menu = stage.staff_menu(inbox).await?;
    assert_eq!(menu.content()?, stage.menu_text(inbox, &[problem]));

    let mia = stage.sandbox.member();
    stage.click(&mia, inbox).await?;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let told = without_staff(Text::TicketOpened {
        ticket: here(ticket),
    });
    stage
        .sandbox
        .wait_until("the member is told", |look| {
            let mut answers = look.messages(inbox.channel);
            answers.any(|m| m.content == told).then_some(())
        })
        .await?;
    stage.idle().await?;
    let warnings = stage.warned("not every role could be mentioned").await?;
    let [warning] = &warnings[..] else {
        panic!("one warning, not {warnings:#?}");
    };
    assert!(warning.contains(&format!("<@&{moderators}>")), "{warning}");
    // The admin follows the warning's advice.
    owner
        .edit_role(moderators, json!({"mentionable": true}))
        .await?;
    let menu = stage.staff_menu(inbox).await?;
    assert_eq!(menu.content()?, stage.menu_text(inbox, &[]));
    stage.finish().await
}

#[tokio::test]
async fn a_channel_that_names_no_staff() -> Result {
    let stage = Stage::set().await?;
    let (owner, support) = (stage.sandbox.owner(), stage.support());
    let moderators = stage.sandbox.moderator_role();
    owner.delete_overwrite(support, moderators.0).await?;
    let (inbox, created) = stage.create(json!({"channel": support})).await?;
    let text = Text::InboxCreated {
        inbox: link(&stage, inbox),
    };
    let notice = Text::NobodyYetOffering {};
    assert_eq!(
        created.content()?,
        format!("{}\n{}", english(text.clone()), english(notice))
    );
    // The bot suggests the role with Manage Threads, but does not save it.
    let answer = created.message()?;
    let [menu, button] = answer.components()[..] else {
        panic!("the menu of staff, and a button");
    };
    let suggested = json!([{"type": "role", "id": moderators.to_string()}]);
    assert_eq!(menu["default_values"], suggested);
    let nobody = [Problem::NobodyNotified];
    let shown = stage.staff_menu(inbox).await?;
    assert_eq!(shown.content()?, stage.menu_text(inbox, &nobody));

    // A client sends a menu only if it was changed, so there is also a button.
    let text_saved = Text::StaffSaved {
        inbox: link(&stage, inbox),
        staff: vec![stage.moderators()],
        count: 1,
    };
    let id = |part: &Value| part["custom_id"].as_str().map(str::to_owned);
    let (menu, button) = (id(menu).expect("a menu"), id(button).expect("a button"));
    let saved = owner
        .click(answer.channel_id(), answer.id(), &button)
        .await?;
    assert_eq!(saved.content()?, english(text_saved.clone()));
    let [_menu] = saved.message()?.components()[..] else {
        panic!("the button is no longer needed");
    };
    let chosen = moderators.to_string();
    owner
        .choose(answer.channel_id(), answer.id(), &menu, &[])
        .await?;
    let saved = owner
        .choose(answer.channel_id(), answer.id(), &menu, &[&chosen])
        .await?;
    assert_eq!(saved.content()?, english(text_saved));

    // No role can be suggested now.
    owner
        .edit_role(moderators, json!({"permissions": "0"}))
        .await?;
    let (inbox, created) = stage.create(json!({"channel": support})).await?;
    let text = Text::InboxCreated {
        inbox: link(&stage, inbox),
    };
    let notice = Text::NobodyYet {};
    assert_eq!(
        created.content()?,
        format!("{}\n{}", english(text), english(notice))
    );
    stage.finish().await
}

#[tokio::test]
async fn staff_that_cannot_view_the_tickets() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let (noah, support) = (stage.sandbox.member2(), stage.support());
    let inbox = stage.inbox().await?;
    stage.deny(support, VIEW_CHANNEL).await?;
    let verified = owner.create_role(json!({"name": "Verified"})).await?;
    owner
        .set_role_overwrite(support, verified, VIEW_CHANNEL, 0)
        .await?;
    let blind = owner
        .create_role(json!({"name": "Helpers", "mentionable": true}))
        .await?;
    stage.idle().await?;
    let menu = stage.staff_menu(inbox).await?;
    let answer = menu.message()?;
    let id = answer.components()[0]["custom_id"].clone();
    let id = id.as_str().expect("it has an id");
    let [noahs, blinds] = [noah.id().to_string(), blind.to_string()];
    let saved = owner
        .choose(answer.channel_id(), answer.id(), id, &[&noahs, &blinds])
        .await?;
    let staff = vec![Mention::User(user(noah.id())), role(blind)];
    let text = Text::StaffSaved {
        inbox: link(&stage, inbox),
        staff: staff.clone(),
        count: 2,
    };
    let problem = Problem::StaffCannotView {
        staff,
        channel: here(support),
    };
    assert_eq!(saved.content()?, reported(text, &[problem]));
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_only_its_owner_joins() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, max) = (stage.sandbox.owner(), stage.sandbox.moderator());
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    // In this ticket, staff are added.
    stage.open(&noah, inbox).await?;
    // Then the role loses its only member.
    let moderators = stage.sandbox.moderator_role();
    owner.take_role(max.id(), moderators).await?;
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    time_passes(MINUTE).await;
    let warnings = stage.warned("nobody but the owner joined").await?;
    let of_mia = format!("ticket={ticket}");
    assert!(warnings.len() == 1 && warnings[0].contains(&of_mia));
    let menu = stage.staff_menu(inbox).await?;
    let problem = Problem::OwnerAlone(here(ticket));
    let problems = [problem];
    assert_eq!(menu.content()?, stage.menu_text(inbox, &problems));
    // The problem is stored, so it is shown after a restart, too.
    stage.stop().await?;
    stage.start_without_session().await?;
    stage.idle().await?;
    let menu = stage.staff_menu(inbox).await?;
    assert_eq!(menu.content()?, stage.menu_text(inbox, &problems));
    // A member of staff joins late.
    owner.add(ticket, max.id()).await?;
    stage.idle().await?;
    let menu = stage.staff_menu(inbox).await?;
    assert_eq!(menu.content()?, stage.menu_text(inbox, &[]));
    stage.finish().await
}

/// Mia opens a ticket that mentions a role without members.
async fn a_ticket_without_staff() -> Result<(Stage, Inbox, ChannelId)> {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, max) = (stage.sandbox.owner(), stage.sandbox.moderator());
    let moderators = stage.sandbox.moderator_role();
    owner.take_role(max.id(), moderators).await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    Ok((stage, inbox, ticket))
}

/// If the owner leaves within a minute, the bot draws no conclusion about staff.
#[tokio::test]
async fn a_ticket_whose_owner_leaves_at_once() -> Result {
    let (stage, inbox, ticket) = a_ticket_without_staff().await?;
    stage.sandbox.member().leave(ticket).await?;
    stage.idle().await?;
    time_passes(MINUTE).await;
    stage.idle().await?;
    let is_of_it = |it: &String| it.contains("nobody but the owner joined");
    assert!(!stage.warnings().iter().any(is_of_it));
    let menu = stage.staff_menu(inbox).await?;
    assert_eq!(menu.content()?, stage.menu_text(inbox, &[]));
    stage.finish().await
}

/// Staff join while the bot is stopped, so it misses the event.
#[tokio::test]
async fn a_ticket_that_staff_joined_unseen() -> Result {
    for keeps_session in [true, false] {
        let (mut stage, inbox, ticket) = a_ticket_without_staff().await?;
        let (owner, max) = (stage.sandbox.owner(), stage.sandbox.moderator());
        stage.idle().await?;
        time_passes(MINUTE).await;
        stage.warned("nobody but the owner joined").await?;
        stage.stop().await?;
        owner.add(ticket, max.id()).await?;
        stage.start_again(keeps_session).await?;
        stage.idle().await?;
        let menu = stage.staff_menu(inbox).await?;
        assert_eq!(menu.content()?, stage.menu_text(inbox, &[]));
        stage.finish().await?;
    }
    Ok(())
}

/// The bot stops less than a minute after the opening.
#[tokio::test]
async fn a_ticket_that_was_opened_right_before_a_restart() -> Result {
    for (keeps_session, staff_come) in [(true, false), (false, false), (true, true), (false, true)]
    {
        let (mut stage, inbox, ticket) = a_ticket_without_staff().await?;
        let (owner, max) = (stage.sandbox.owner(), stage.sandbox.moderator());
        stage.idle().await?;
        stage.stop().await?;
        if staff_come {
            owner.add(ticket, max.id()).await?;
        }
        stage.start_again(keeps_session).await?;
        stage.idle().await?;
        time_passes(MINUTE).await;
        stage.idle().await?;
        let problems = if staff_come {
            Vec::new()
        } else {
            stage.warned("nobody but the owner joined").await?;
            vec![Problem::OwnerAlone(here(ticket))]
        };
        let menu = stage.staff_menu(inbox).await?;
        assert_eq!(menu.content()?, stage.menu_text(inbox, &problems));
        stage.finish().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_starting_message_is_checked_as_it_is_sent() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let submit = async |text: &str| -> Result<String> {
        owner.run("inbox new-tickets starter", json!({})).await?;
        let modal = stage.select(&owner, inbox.channel, inbox.message).await?;
        let saved = owner.submit(&modal, [("template", text)]).await?;
        Ok(saved.content()?.to_owned())
    };
    let inbox_link = link(&stage, inbox);
    let not_invited = Text::StarterSavedWithoutAuthor { inbox: inbox_link };
    for code in ["`$author` $staff", "```\n$author\n``` $staff"] {
        assert_eq!(submit(code).await?, english(not_invited.clone()), "{code}");
    }
    // With a longer text, the mention would be cut off.
    let long = format!("{}$author", "x".repeat(1_990));
    let saved = Text::StarterSaved { inbox: inbox_link };
    let problem = Problem::StaffNotMentioned;
    assert_eq!(submit(&long).await?, reported(saved, &[problem]));
    let ticket = stage.open(&mia, inbox).await?;
    let is_in = stage
        .sandbox
        .look(|look| look.is_in_thread(ticket, mia.id()));
    assert!(is_in, "the owner is invited");
    let said = stage.said(ticket);
    assert_eq!(said[0].chars().count(), 2_000);
    assert!(said[0].ends_with(&format!("<@{}>", mia.id())));
    stage.finish().await
}

#[tokio::test]
async fn a_member_in_a_time_out() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia: UserId = stage.sandbox.member().id();
    let owner = stage.sandbox.owner();
    owner.time_out(mia, Duration::from_secs(3600)).await?;
    let click = json!({"channel_id": inbox.channel, "message_id": inbox.message,
        "custom_id": crate::stage::BUTTON});
    let refused = stage.sandbox.member().forge(click).await?;
    let said = refused.content()?;
    assert!(said.starts_with("You're timed out"), "{said}");
    assert!(said.contains("<t:"), "{said}");
    assert_eq!(stage.threads(inbox.channel), []);
    owner.time_out(mia, Duration::ZERO).await?;
    stage.open(&stage.sandbox.member(), inbox).await?;
    stage.finish().await
}
