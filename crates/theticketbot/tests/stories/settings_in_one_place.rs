//! The destination, the staff, the starting message and the name of tickets are in `/inbox settings`, in
//! addition to the commands of version 1.

use discord_sandbox::Answer;
use serde_json::{Value, json};
use tickets::Mention;
use tickets::RoleId;
use tickets::permission::{Missing, Permission};
use tickets::problem::Problem;
use tickets::text::Text;

use crate::settings::{control, line, news, pick_in, write};
use crate::stage::{Inbox, Result, Stage, VIEW_CHANNEL, english, here, link, reported, user};

/// Opens the panel of the only inbox, and the modal of a setting.
async fn opened(stage: &Stage, key: &str) -> Result<(Answer, Answer)> {
    let owner = stage.sandbox.owner();
    let panel = owner.run("inbox settings", json!({})).await?;
    let modal = pick_in(&panel, &owner, key).await?;
    Ok((panel, modal))
}

/// Submits a menu of this control.
async fn choose(stage: &Stage, modal: &Answer, chosen: &[String]) -> Result<Answer> {
    let owner = stage.sandbox.owner();
    let values = json!({"template": chosen});
    Ok(owner.submit_json(modal, values).await?)
}

fn moderators(stage: &Stage) -> Mention {
    Mention::Role(RoleId(stage.sandbox.moderator_role().0))
}

/// The ids that the menu of a modal preselects.
fn chosen_in(modal: &Answer) -> Result<Vec<Value>> {
    let menu = modal.modal()?.inputs()[0];
    let values = menu["default_values"].as_array().cloned();
    let values = values.ok_or("the menu shows what is chosen")?;
    Ok(values.into_iter().map(|it| it["id"].clone()).collect())
}

async fn one_inbox() -> Result<(Stage, Inbox)> {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    Ok((stage, inbox))
}

#[tokio::test]
async fn where_tickets_go() -> Result {
    let (stage, inbox) = one_inbox().await?;
    let (support, tickets) = (stage.support(), stage.tickets());
    let (panel, modal) = opened(&stage, "destination").await?;
    let key = "Channel for new tickets";
    assert_eq!(line(&panel, key)?, "the inbox's channel");

    // The response replaces the overview, and has the same text as the command.
    let saved = choose(&stage, &modal, &[tickets.to_string()]).await?;
    assert_eq!(saved.message()?.id(), panel.message()?.id());
    assert_eq!(line(&saved, key)?, format!("<#{tickets}>"));
    let changed = |old, new| Text::DestinationChanged {
        inbox: link(&stage, inbox),
        old: here(old),
        new: here(new),
    };
    assert_eq!(news(&saved)?, english(changed(support, tickets)));
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    assert_eq!(stage.thread(ticket).map(|it| it.parent), Some(tickets));

    let modal = control(&stage.sandbox.owner(), "destination").await?;
    assert_eq!(chosen_in(&modal)?, [tickets.to_string()]);
    let again = choose(&stage, &modal, &[tickets.to_string()]).await?;
    let channel = here(tickets);
    let inbox = link(&stage, inbox);
    assert_eq!(
        news(&again)?,
        english(Text::DestinationUnchanged { inbox, channel })
    );
    // Choosing the inbox's own channel restores the default.
    let modal = control(&stage.sandbox.owner(), "destination").await?;
    let back = choose(&stage, &modal, &[support.to_string()]).await?;
    assert_eq!(news(&back)?, english(changed(tickets, support)));
    assert_eq!(line(&back, key)?, "the inbox's channel");
    stage.finish().await
}

#[tokio::test]
async fn a_channel_in_which_tickets_would_fail_is_refused() -> Result {
    let (stage, inbox) = one_inbox().await?;
    let (owner, tickets) = (stage.sandbox.owner(), stage.tickets());
    let bot = stage.sandbox.defaults().bot_role;
    owner
        .set_role_overwrite(tickets, bot, 0, VIEW_CHANNEL)
        .await?;
    stage.idle().await?;
    let modal = control(&owner, "destination").await?;
    let refused = choose(&stage, &modal, &[tickets.to_string()]).await?;
    let why = english(Text::MissingPermissions {
        missing: vec![Missing {
            channel: here(tickets),
            permissions: vec![
                Permission::ViewChannel,
                Permission::CreatePrivateThreads,
                Permission::SendMessagesInThreads,
            ],
        }],
    });
    assert_eq!(
        refused.content()?,
        format!("**Channel for new tickets**: {why}")
    );
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    let parent = stage.thread(ticket).map(|it| it.parent);
    assert_eq!(parent, Some(stage.support()), "nothing was saved");
    stage.finish().await
}

#[tokio::test]
async fn the_staff() -> Result {
    let (stage, inbox) = one_inbox().await?;
    let (panel, modal) = opened(&stage, "staff").await?;
    let role = stage.sandbox.moderator_role();
    let noah = stage.sandbox.member2();
    assert_eq!(line(&panel, "Staff")?, moderators(&stage).to_string());
    assert_eq!(chosen_in(&modal)?, [role.to_string()]);
    let chosen = [role.to_string(), noah.id().to_string()];
    let saved = choose(&stage, &modal, &chosen).await?;
    assert_eq!(saved.message()?.id(), panel.message()?.id());
    let staff = vec![moderators(&stage), Mention::User(user(noah.id()))];
    let shown: Vec<_> = staff.iter().map(Mention::to_string).collect();
    assert_eq!(line(&saved, "Staff")?, shown.join(", "));
    let told = Text::StaffSaved {
        inbox: link(&stage, inbox),
        staff,
        count: 2,
    };
    assert_eq!(news(&saved)?, english(told));
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    let said = stage.said(ticket);
    assert!(shown.iter().all(|who| said[0].contains(who)), "{said:?}");

    // @everyone, the bot and its role cannot be staff; the others are saved.
    let modal = control(&stage.sandbox.owner(), "staff").await?;
    assert_eq!(chosen_in(&modal)?, chosen);
    let everybody = [
        stage.sandbox.guild_id().to_string(),
        role.to_string(),
        stage.sandbox.bot_id().to_string(),
    ];
    let saved = choose(&stage, &modal, &everybody).await?;
    let told = Text::StaffSavedWithout {
        inbox: link(&stage, inbox),
        staff: vec![moderators(&stage)],
        count: 1,
    };
    assert_eq!(news(&saved)?, english(told));

    // If the staff list is empty, the response says so once.
    let modal = control(&stage.sandbox.owner(), "staff").await?;
    let saved = choose(&stage, &modal, &[]).await?;
    assert_eq!(line(&saved, "Staff")?, "nobody");
    let told = Text::StaffSaved {
        inbox: link(&stage, inbox),
        staff: vec![],
        count: 0,
    };
    assert_eq!(news(&saved)?, english(told));
    stage.finish().await
}

#[tokio::test]
async fn a_panel_says_what_a_change_breaks() -> Result {
    let (stage, inbox) = one_inbox().await?;
    let owner = stage.sandbox.owner();
    let modal = control(&owner, "staff").await?;
    let noah = stage.sandbox.member2().id();
    choose(&stage, &modal, &[noah.to_string()]).await?;
    let saved = write(&owner, "starter", "Hello $author").await?;
    let told = Text::StarterSaved {
        inbox: link(&stage, inbox),
    };
    assert_eq!(news(&saved)?, reported(told, &[Problem::StaffNotMentioned]));
    // Another setting that is saved shows the problem, too.
    let saved = write(&owner, "limit-member", "2").await?;
    let told = Text::SettingSaved {
        setting: "limit-member",
        value: ("limit-member", tickets::setting::Shown::Number(2)),
    };
    assert_eq!(news(&saved)?, reported(told, &[Problem::StaffNotMentioned]));
    // The overview shows the problem, too, when it is opened.
    let panel = owner.run("inbox settings", json!({})).await?;
    assert_eq!(news(&panel)?, english(Problem::StaffNotMentioned.text()));
    // A setting of the server does not hide the problem.
    let modal = pick_in(&panel, &owner, "server-limit").await?;
    let saved = owner.submit(&modal, [("template", "3")]).await?;
    let told = Text::SettingSaved {
        setting: "server-limit",
        value: ("server-limit", tickets::setting::Shown::Number(3)),
    };
    assert_eq!(news(&saved)?, reported(told, &[Problem::StaffNotMentioned]));
    stage.finish().await
}

#[tokio::test]
async fn the_starting_message() -> Result {
    let (stage, inbox) = one_inbox().await?;
    let owner = stage.sandbox.owner();
    let (panel, modal) = opened(&stage, "starter").await?;
    assert_eq!(line(&panel, "Starting message")?, "the default message");
    let default = modal.modal()?.value("template").unwrap_or_default();
    assert!(default.contains("$author"), "{default}");

    // If the text is submitted unchanged, it stays the default and follows the server's language.
    let same = default.to_owned();
    let saved = owner.submit(&modal, [("template", same.as_str())]).await?;
    let told = |text: fn(tickets::text::MessageLink) -> Text| english(text(link(&stage, inbox)));
    let reset = told(|inbox| Text::StarterReset { inbox });
    assert!(news(&saved)?.starts_with(&reset), "{saved:?}");
    assert_eq!(line(&saved, "Starting message")?, "the default message");

    let saved = write(&owner, "starter", "Moin $author, $staff helps").await?;
    let said = told(|inbox| Text::StarterSaved { inbox });
    assert!(news(&saved)?.starts_with(&said), "{saved:?}");
    let shown = line(&saved, "Starting message")?;
    assert_eq!(shown, "`Moin $author, $staff helps`");
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    assert!(stage.said(ticket)[0].starts_with("Moin <@"));
    let saved = write(&owner, "starter", "`$author`").await?;
    let said = told(|inbox| Text::StarterSavedWithoutAuthor { inbox });
    assert!(news(&saved)?.starts_with(&said), "{saved:?}");
    stage.finish().await
}

#[tokio::test]
async fn the_name_of_tickets() -> Result {
    let (stage, inbox) = one_inbox().await?;
    let owner = stage.sandbox.owner();
    let (panel, modal) = opened(&stage, "ticket-name").await?;
    let default = modal.modal()?.value("template").unwrap_or_default();
    let shown = line(&panel, "Name of new tickets")?;
    assert_eq!(shown, format!("`{default}`"));
    let saved = owner
        .submit(&modal, [("template", "$counter $author")])
        .await?;
    assert_eq!(saved.message()?.id(), panel.message()?.id());
    let told = Text::NameSaved {
        inbox: link(&stage, inbox),
        example: Some("0001 Olivia".into()),
    };
    assert!(news(&saved)?.starts_with(&english(told)), "{saved:?}");
    let shown = line(&saved, "Name of new tickets")?;
    assert_eq!(shown, "`$counter $author`");
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    let name = stage.thread(ticket).map(|it| it.name);
    assert_eq!(name.as_deref(), Some("0001 Mia"));
    // The example is a name that Discord would accept, and stays in its code span.
    for (template, example) in [("\u{200B}", "`Ticket 0001`"), ("a`b", "`a'b`")] {
        let (_, modal) = opened(&stage, "ticket-name").await?;
        let saved = owner.submit(&modal, [("template", template)]).await?;
        assert!(news(&saved)?.contains(example), "{saved:?}");
    }
    stage.finish().await
}
