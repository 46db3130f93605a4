//! Begins to open a ticket: the journal has the opening before anything is created.

use std::sync::Arc;

use tickets::opening::{Moved, Opening, Order, Plan, Starter, admission};
use tickets::template::{self, four_digits, mentions_in};
use tickets::text::{Text, plain};
use tickets::{ChannelId, Mention};

use super::opening;
use super::response::Response;
use crate::app::{App, Failure};
use crate::store::{Begin, Begun as Stored, Entry, Work};
use crate::translate::{Language, say};

/// Writes the opening into the journal, and opens the ticket. `not_open` are tickets of the owner that are not
/// open according to Discord, although the database may say so.
pub(super) async fn begin(
    app: &Arc<App>,
    response: &Arc<Response>,
    plan: Plan,
    not_open: Vec<ChannelId>,
) -> Result<(), Failure> {
    let language = response.guild_language(app, plan.guild);
    let opening = match journal(app, response, plan, not_open, language).await? {
        Begun::Opening(opening) => opening,
        Begun::Refused(text) => return Err(Failure::Refused(text)),
        Begun::Repeated => return Ok(()),
    };
    let opening = if response.is_acknowledged().await {
        opening.acknowledged()
    } else {
        *opening
    };
    // Boxed: this future is much larger than the others.
    Box::pin(opening::open(app, response.clone(), opening)).await;
    Ok(())
}

/// The outcome of beginning to open a ticket.
enum Begun {
    Opening(Box<Opening>),
    Refused(Text),
    /// The same click is already being served.
    Repeated,
}

/// Writes the opening into the journal. The transaction checks the limits once more, so that two concurrent
/// clicks never exceed them.
async fn journal(
    app: &App,
    response: &Response,
    plan: Plan,
    not_open: Vec<ChannelId>,
    language: Language,
) -> Result<Begun, Failure> {
    let begin = Begin {
        id: response.id(),
        inbox: plan.inbox,
        guild: plan.guild,
        owner: plan.owner,
        at: plan.name.at,
        limit: plan.limit,
        limit_total: plan.limit_total,
        limit_server: plan.limit_server,
        not_open,
        moved: plan.moved.as_ref().map(|moved| moved.from),
    };
    let (limit, limit_server, guild) = (plan.limit, plan.limit_server, plan.guild);
    // The transaction calls `make`, because it takes the ticket's number.
    let (entry, id) = (response.entry(guild, Work::Response), response.id());
    let make = Box::new(move |number| {
        let opening = Opening::new(order(id, plan, number, language));
        Entry {
            work: Work::Opening(Box::new(opening.as_written())),
            ..entry
        }
    });
    Ok(match app.store.begin_opening(begin, make).await? {
        Stored::Begun(entry) => {
            response.mark_journaled();
            match entry.work {
                Work::Opening(opening) => Begun::Opening(Box::new(Opening::new(opening.order))),
                _ => Begun::Repeated,
            }
        }
        Stored::Repeated => Begun::Repeated,
        Stored::NoInbox => Begun::Refused(Text::UnknownInbox {}),
        Stored::Moved => Begun::Refused(Text::BeingTransferred {}),
        Stored::Full(Some(ticket)) => {
            let refusal = admission::too_many(&[ticket], 1).filter(|_| limit == 1);
            Begun::Refused(refusal.unwrap_or(Text::TooManyOpen {
                ticket,
                limit: i64::from(limit),
            }))
        }
        Stored::FullServer(Some(ticket)) => Begun::Refused(Text::TooManyInServer {
            ticket,
            limit: i64::from(limit_server),
        }),
        Stored::FullInbox => Begun::Refused(Text::InboxFull {}),
        // The ticket that fills the limit is still being opened by another click of this member.
        Stored::Full(None) | Stored::FullServer(None) => Begun::Refused(Text::OpeningDelayed {}),
    })
}

fn order(interaction: u64, plan: Plan, number: u64, language: Language) -> Order {
    let neutral = || {
        let counter = four_digits(number);
        say(Text::NeutralName { counter }, language)
    };
    let opened_by = plan.opener.as_ref().map(|opener| Text::OpenedBy {
        name: plain(&opener.name),
    });
    let moved = plan.moved.as_ref().map(Moved::note);
    let lines = opened_by.into_iter().chain(plan.note).chain(moved);
    let mut lines: Vec<_> = lines.map(|line| say(line, language)).collect();
    let starter = match plan.starter {
        Starter::Own(text) => text,
        Starter::Default(text) => say(text, language),
    };
    // The lines name members and roles without adding them, for example in a reason.
    let mut named = plan.named;
    let added = mentions_in(&starter);
    let noted = mentions_in(&lines.join("\n")).into_iter();
    named.extend(noted.filter(|who| !added.contains(who)));
    // The owner must be invited into the new ticket before the old one is closed.
    if plan.moved.is_some() && !template::invites(&starter, plan.owner) {
        lines.push(Mention::User(plan.owner).to_string());
    }
    Order {
        interaction,
        guild: plan.guild,
        inbox: plan.inbox,
        home: plan.home,
        parent: plan.parent,
        owner: plan.owner,
        username: plan.username,
        name: plan.name.render(number).unwrap_or_else(neutral),
        number,
        starter: template::with_lines(&starter, plan.owner, &lines),
        begun_at: plan.name.at,
        answers: plan.answers,
        left_over: plan.left_over,
        pages: plan.pages,
        files: plan.files,
        is_report: plan.is_report,
        moved: plan.moved,
        hide_after: plan.hide_after,
        has_button: plan.has_button,
        opener: plan.opener.map(|opener| opener.user),
        is_silent: plan.is_silent,
        named,
        notice: plan.notice,
    }
}
