//! Attacks of members who have no power over a ticket. `ticket_commands`, `close_button`, `ticket_lists` and
//! `notices` cover the staff's own commands and buttons.

use discord_sandbox::Person;
use serde_json::{Value, json};
use tickets::text::Text;

use crate::stage::{Result, Stage, VIEW_CHANNEL, english};

/// The owner of two servers has all permissions in each, but in one they cannot reach objects of the other.
#[tokio::test]
async fn ids_of_another_server_reach_nothing() -> Result {
    let (stage, elsewhere) = Stage::with_two_servers().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, noah) = (sandbox.owner(), sandbox.member(), sandbox.member2());
    let closed = stage.open(&mia, inbox).await?;
    owner.archive(closed).await?;
    stage.closed(closed, true).await?;
    let open = stage.open(&noah, inbox).await?;
    stage.idle().await?;

    // An option names the ticket, and the bot suggests nothing.
    for ticket in [closed, open] {
        for named in [ticket.to_string(), format!("<#{ticket}>")] {
            let options = json!({"ticket": named});
            let refused = owner.run_in(elsewhere, "ticket reopen", options).await?;
            assert_eq!(refused.content()?, english(Text::TicketGone {}));
        }
    }
    let typed = json!({"ticket": ""});
    let suggested = owner.suggestions(elsewhere, "ticket reopen", typed, "ticket");
    assert_eq!(suggested.await?, []);
    let typed = json!({"inbox": ""});
    let suggested = owner.suggestions(elsewhere, "ticket open", typed, "inbox");
    assert_eq!(suggested.await?, []);
    let options = json!({"inbox": inbox.message.to_string()});
    let refused = owner.run_in(elsewhere, "ticket open", options).await?;
    assert_eq!(refused.content()?, english(Text::NoInboxHere {}));

    // A custom id names the ticket.
    let menu = |custom_id: String, value: String| {
        json!({"channel_id": elsewhere, "custom_id": custom_id, "component_type": 3,
            "values": [value]})
    };
    let button = |custom_id: String| json!({"channel_id": elsewhere, "custom_id": custom_id});
    let forged: [(Value, Text); 5] = [
        (button(format!("add-owner:{open}")), Text::TicketGone {}),
        (
            menu("join-ticket".into(), open.to_string()),
            Text::TicketGone {},
        ),
        (
            menu(format!("open-for:{}", mia.id()), inbox.message.to_string()),
            Text::NoInboxesOfYours {},
        ),
        (
            button(format!("open-another:{}:{}", inbox.message, mia.id())),
            Text::NoInboxesOfYours {},
        ),
        (button("close-ticket".into()), Text::NotATicket {}),
    ];
    for (forged, text) in forged {
        let refused = owner.forge(forged.clone()).await?;
        assert_eq!(refused.content()?, english(text), "{forged}");
    }
    stage.idle().await?;
    assert!(!sandbox.look(|look| look.is_in_thread(open, owner.id())));
    assert_eq!(stage.thread(closed).map(|it| it.archived), Some(true));
    assert_eq!(stage.thread(open).map(|it| it.archived), Some(false));
    let threads = sandbox.look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 2);
    stage.finish().await
}

/// A ticket cannot be transferred to an inbox of another server.
#[tokio::test]
async fn a_ticket_is_not_transferred_to_another_server() -> Result {
    let (stage, elsewhere) = Stage::with_two_servers().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    let source = owner.send(elsewhere, "Need help?").await?;
    let options = json!({"channel": elsewhere});
    owner.run_in(elsewhere, "inbox create", options).await?;
    stage.select(&owner, elsewhere, source.id()).await?;
    stage.idle().await?;
    let foreign = stage.newest_inbox(elsewhere).to_string();
    let options = json!({"inbox": foreign});
    let refused = owner.run_in(ticket, "ticket transfer", options).await?;
    let written = foreign;
    assert_eq!(refused.content()?, english(Text::NoSuchInbox { written }));
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    stage.finish().await
}

/// The message of a report comes from Discord with the command. A modal's forged id names no message.
#[tokio::test]
async fn a_forged_report_is_about_nothing() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let secret = owner.send(stage.tickets(), "Secret").await?.id();
    let forged = json!({"channel_id": inbox.channel, "custom_id": format!("report:{secret}"),
        "fields": {"ask:long:What is wrong with this message?": "Show me"}});
    let refused = mia.forge(forged.clone()).await?;
    let why = english(Text::ReportsOff {});
    assert!(refused.content()?.starts_with(&why), "{refused:?}");
    let modal = owner
        .run("inbox settings", json!({"setting": "reports"}))
        .await?;
    let id = inbox.message.to_string();
    owner.submit_json(&modal, json!({"template": [id]})).await?;
    stage.idle().await?;
    let refused = mia.forge(forged).await?;
    let why = english(Text::ReportExpired {});
    assert!(refused.content()?.starts_with(&why), "{refused:?}");
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 0);
    stage.finish().await
}

/// Discord does not show them the ticket, but ids can be guessed.
#[tokio::test]
async fn staff_who_cannot_view_the_channel_have_no_power_there() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia) = (sandbox.owner(), sandbox.member());
    let (noah, max) = (sandbox.member2(), sandbox.moderator());
    // Noah is in the inbox's staff list, and Max has Manage Threads.
    stage.set_staff(inbox, &[noah.id().to_string()]).await?;
    let closed = stage.open(&mia, inbox).await?;
    owner.archive(closed).await?;
    stage.closed(closed, true).await?;
    stage.a_minute_passes();
    let open = stage.open(&mia, inbox).await?;
    for person in [&noah, &max] {
        owner
            .set_member_overwrite(inbox.channel, person.id(), 0, VIEW_CHANNEL)
            .await?;
    }
    stage.idle().await?;
    let general = sandbox.defaults().general;
    let id = inbox.message.to_string();
    for person in [&noah, &max] {
        let button = json!({"channel_id": open, "custom_id": "close-ticket"});
        let modal =
            json!({"channel_id": open, "custom_id": "close-ticket", "fields": {"template": "x"}});
        let open_for = json!({"channel_id": general, "component_type": 3,
            "custom_id": format!("open-for:{}", mia.id()), "values": [id]});
        let another = json!({"channel_id": general,
            "custom_id": format!("open-another:{id}:{}", mia.id())});
        let add = json!({"channel_id": general, "custom_id": format!("add-owner:{open}")});
        let join = json!({"channel_id": general, "component_type": 3,
            "custom_id": "join-ticket", "values": [open.to_string()]});
        for (forged, text) in [
            (button, Text::NotTheStaff {}),
            (modal, Text::NotTheStaff {}),
            (open_for, Text::NoInboxesOfYours {}),
            (another, Text::NoInboxesOfYours {}),
            (add, Text::NotTheStaff {}),
            (join, Text::NotTheStaff {}),
        ] {
            let refused = person.forge(forged.clone()).await?;
            assert_eq!(refused.content()?, english(text), "{forged}");
        }
        for ticket in [closed, open] {
            let options = json!({"ticket": ticket.to_string()});
            let refused = person.run("ticket reopen", options).await?;
            assert_eq!(refused.content()?, english(Text::TicketGone {}));
        }
        let typed = json!({"ticket": ""});
        let suggested = person.suggestions(general, "ticket reopen", typed, "ticket");
        assert_eq!(suggested.await?, []);
        // Discord rejects commands in a channel that the member cannot view.
        for command in ["ticket close", "ticket claim"] {
            assert!(person.run_in(open, command, json!({})).await.is_err());
        }
    }
    let opened = max.use_user_menu("Open a ticket…", general, mia.id());
    let text = english(Text::NoInboxesOfYours {});
    assert_eq!(opened.await?.content()?, text);
    stage.idle().await?;
    assert_eq!(stage.thread(closed).map(|it| it.archived), Some(true));
    assert_eq!(stage.thread(open).map(|it| it.archived), Some(false));
    assert_eq!(stage.said(open).len(), 1, "only the starter");
    let threads = sandbox.look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 2);
    stage.finish().await
}

/// The names of inboxes can be those of hidden channels.
#[tokio::test]
async fn only_staff_of_a_ticket_are_suggested_inboxes_to_transfer_it_to() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, max) = (sandbox.member(), sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    let general = sandbox.defaults().general;
    let suggested = async |person: &Person, channel| {
        let typed = json!({"inbox": ""});
        person
            .suggestions(channel, "ticket transfer", typed, "inbox")
            .await
    };
    for channel in [general, ticket] {
        assert_eq!(suggested(&mia, channel).await?, []);
    }
    assert_eq!(suggested(&max, general).await?, [], "not in a ticket");
    assert_eq!(suggested(&max, ticket).await?.len(), 1);
    stage.finish().await
}

/// An inbox of another server is neither listed nor changed, even for the same owner.
#[tokio::test]
async fn an_inbox_of_another_server_is_neither_listed_nor_changed() -> Result {
    let (stage, elsewhere) = Stage::with_two_servers().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (owner, mia) = (sandbox.owner(), sandbox.member());
    stage.open(&mia, inbox).await?;
    stage.open(&owner, inbox).await?;
    let none = owner.run_in(elsewhere, "ticket list", json!({})).await?;
    assert_eq!(none.content()?, english(Text::NoOwnTickets {}));
    let page = json!({"channel_id": elsewhere, "custom_id": format!("list:n0:{}", mia.id())});
    let none = owner.forge(page).await?;
    assert_eq!(none.content()?, english(Text::NoTicketsOf {}));

    let id = inbox.message.to_string();
    for command in ["inbox settings", "inbox panel", "inbox remove"] {
        let refused = owner
            .run_in(elsewhere, command, json!({"inbox": id}))
            .await?;
        let written = id.clone();
        let text = english(Text::NoSuchInbox { written });
        assert_eq!(refused.content()?, text, "{command}");
    }
    let forged = |custom_id: String| json!({"channel_id": elsewhere, "custom_id": custom_id});
    let mut modal = forged(format!("setting:cooldown:{id}"));
    modal["fields"] = json!({"template": "5m"});
    let mut entries = forged(format!("entries:{id}"));
    entries["component_type"] = json!(3);
    entries["values"] = json!([id]);
    let mut layout = forged(format!("entries-layout:{id}"));
    layout["component_type"] = json!(3);
    layout["values"] = json!(["menu"]);
    for forged in [
        modal,
        entries,
        layout,
        forged(format!("use-suggested:{id}")),
        forged(format!("remove-inbox:{id}")),
        forged(format!("post-again:{id}")),
    ] {
        let refused = owner.forge(forged.clone()).await?;
        let text = english(Text::InboxGone {});
        assert_eq!(refused.content()?, text, "{forged}");
    }
    stage.idle().await?;
    let messages = owner.messages(inbox.channel).await?;
    let message = messages.iter().find(|it| it.id() == inbox.message);
    let message = message.ok_or("it is there")?;
    assert_eq!(message.components().len(), 1);
    assert_eq!(stage.logged("inbox changed"), Vec::<String>::new());
    stage.finish().await
}
