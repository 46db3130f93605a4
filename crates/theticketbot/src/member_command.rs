//! `theticketbot member …`: what a host does about one person, such as when they ask to be forgotten.

use tickets::{ChannelId, UserId};

use crate::cli::MemberCommand;
use crate::config::Settings;
use crate::discord::{Discord, Error, ThreadChange};
use crate::metrics::Metrics;
use crate::store::{Trace, Unfinished};
use crate::{BoxError, secrets};

/// Runs the command, and prints what it finds and does.
pub async fn run(
    command: &MemberCommand,
    settings: &Settings,
    print: impl Fn(&str),
) -> Result<(), BoxError> {
    let MemberCommand::Forget { id, close, dry_run } = *command;
    forget(settings, UserId(id), close, dry_run, &print).await
}

async fn forget(
    settings: &Settings,
    id: UserId,
    close: bool,
    dry_run: bool,
    print: &impl Fn(&str),
) -> Result<(), BoxError> {
    let store = settings.db.open_beside()?;
    let traces = store.traces(id).await?;
    if traces.is_empty() {
        print(&format!("Nothing is stored about {id}."));
        return Ok(());
    }
    print(&format!("Stored about {id}:\n{}", list(&traces)));
    if dry_run {
        return Ok(());
    }
    let mut unfinished = store.unfinished(id).await?;
    if close && !unfinished.is_served {
        for ticket in &unfinished.tickets {
            archive(settings, *ticket).await?;
            print(&format!("Ticket {ticket} is archived."));
        }
    } else {
        refuse(&unfinished)?;
    }
    let closed = std::mem::take(&mut unfinished.tickets);
    refuse(&store.forget_person(id, closed.clone()).await?)?;
    let kept = store.traces(id).await?;
    if kept.is_empty() {
        print("All of this was removed.");
    } else {
        let kept = list(&kept);
        print(&format!(
            "All of this was removed, except what admins wrote and what expires soon:\n{kept}"
        ));
    }
    if traces
        .iter()
        .any(|trace| trace.column == "inbox_staff.mention")
    {
        print("Check who is notified of new tickets, with /inbox staff.");
    }
    if !closed.is_empty() {
        let who = if store.has_bot().await? {
            "The running bot"
        } else {
            "The bot's next start"
        };
        print(&format!(
            "{who} closes the archived tickets, and locks them where it may."
        ));
    }
    print(
        "Their threads stay in Discord until somebody deletes them there. The log and backups of the \
         database can still contain the id.",
    );
    Ok(())
}

fn refuse(unfinished: &Unfinished) -> Result<(), BoxError> {
    if unfinished.is_served {
        return Err(
            "nothing was removed: the bot is doing something for them, such as opening a ticket; \
             let it run for a minute, and try again"
                .into(),
        );
    }
    let tickets = &unfinished.tickets;
    if tickets.is_empty() {
        return Ok(());
    }
    let tickets: Vec<_> = tickets.iter().map(ToString::to_string).collect();
    Err(format!(
        "nothing was removed: they have an open ticket ({}); close it in Discord, or add --close to \
         have it archived",
        tickets.join(", ")
    )
    .into())
}

/// One line for each.
fn list(traces: &[Trace]) -> String {
    let line = |Trace { column, rows }: &Trace| match meaning(column) {
        Some(meaning) => format!("  {rows} × {meaning} ({column})"),
        None => format!("  {rows} × {column}"),
    };
    traces.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What an id in this column means.
fn meaning(column: &str) -> Option<&'static str> {
    Some(match column {
        "user.id" => "known as the owner of a ticket",
        "member.user_id" => "server in which they have a ticket",
        "ticket.owner_id" => "owner of a ticket",
        "ticket.claimed_by" => "holder of a ticket's claim",
        "closing.by_id" => "closed a ticket",
        "notice.joined_by" => "first to join a ticket",
        "notice.shown" => "shown in a ticket's notice",
        "cooldown.user_id" => "time of the last ticket in an inbox",
        "inbox_staff.mention" => "staff of an inbox",
        "removed_inbox.staff" => "staff of an inbox that was removed",
        "removed_inbox.starter_content" => {
            "named in the starting message of an inbox that was removed"
        }
        "inbox.starter_content" => "named in the starting message of an inbox",
        "journal.owner_id" | "journal.body" => "request that is not finished",
        _ => return None,
    })
}

/// Archives a ticket. That is what staff can do as well, so the bot closes it like any other.
async fn archive(settings: &Settings, ticket: ChannelId) -> Result<(), BoxError> {
    if !settings.has_token() {
        return Err(format!(
            "archiving a ticket needs the bot token; set token in [bot], or {}",
            secrets::TOKEN
        )
        .into());
    }
    let api_url = settings.api_url.to_string();
    let discord = Discord::new(&api_url, &settings.token, Metrics::default());
    let change = ThreadChange::archived(true);
    let reason = "theticketbot member forget --close".to_owned();
    match discord.change_thread(ticket, change, reason).await {
        Err(error) if !is_done(&error) => {
            Err(format!("ticket {ticket} cannot be archived: {error}").into())
        }
        _ => Ok(()),
    }
}

/// Whether somebody else has already archived or deleted the thread.
fn is_done(error: &Error) -> bool {
    error.is_gone() || error.is_archived()
}
