//! *Report to staff*: shows a modal, then opens a ticket of the reporter, or posts the report in their open
//! ticket.

use std::sync::Arc;

use tickets::decide::report::{Facts, inbox_of, quote};
use tickets::form::render::{self, Embed};
use tickets::form::{self, Answer, Form, Question};
use tickets::inbox::Inbox;
use tickets::opening::admission::{Admitted, Plan, admit};
use tickets::permission::Permission;
use tickets::request::{Invoker, Reported};
use tickets::setting::{self, Setting, Typed};
use tickets::text::Text;
use tickets::ticket::Ticket;
use tickets::{ChannelId, GuildId, MessageId};

use super::facts::{self, Click, Clicked};
use super::response::Response;
use super::{access, beginning, once, recovery};
use crate::app::queue::Key;
use crate::app::report::ticket_event;
use crate::app::{App, Failure};
use crate::discord::custom_id::ModalId;
use crate::discord::render::form::{answer_embeds, form_modal};
use crate::discord::{Error, ErrorKind, Message, code};
use crate::reconcile::{in_queue, known, wait_for_staff};
use crate::store::{Report, Scope, Work};
use crate::translate::{Language, Phrase, phrase, say};

/// Shows the modal, unless a refusal is certain already.
pub(super) async fn ask(
    app: &Arc<App>,
    response: &Response,
    invoker: &Invoker,
    message: Reported,
) -> Result<(), Failure> {
    let inbox = inbox(app, invoker).await?;
    if active_ticket(app, invoker, &inbox).await?.is_none() {
        let click = Click {
            // The modal must be the first response, so no slow call is made here.
            is_quick: true,
            ..Click::on(inbox.id)
        };
        let clicked = facts::click(app, invoker, click, response).await?;
        // Whether the reporter has an open ticket is checked after the modal.
        if clicked.facts.open.is_empty() {
            admitted(app, invoker, clicked).await?;
        }
    }
    let reader = response.language();
    let (guild, user, id) = (invoker.guild, invoker.user, message.id);
    app.reports.keep(guild, user, message, invoker.at);
    let title = phrase(Phrase::ReportModalTitle, reader);
    let modal = form_modal(ModalId::Report(id), &title, &question(reader), reader);
    Ok(response.show(modal).await?)
}

/// Handles the submitted modal.
pub(super) async fn submit(
    app: &Arc<App>,
    response: &Arc<Response>,
    invoker: &Invoker,
    message: MessageId,
    answers: &[Answer],
) -> Result<(), Failure> {
    let (guild, user) = (invoker.guild, invoker.user);
    let inbox = inbox(app, invoker).await?;
    let reported = app.reports.find(guild, user, message, invoker.at);
    let reported = reported.ok_or(Failure::Refused(Text::ReportExpired {}))?;
    let language = response.guild_language(app, guild);
    let page = vec![quote(invoker, &reported, |text| say(text, language))];
    // Staff read the answers in the server's language.
    let answers: Vec<_> = answers
        .iter()
        .filter(|answer| !answer.value.is_nothing())
        .map(|answer| Answer {
            label: say(Text::ReportQuestion {}, language),
            ..answer.clone()
        })
        .collect();
    response.defer().await?;
    match facts::open_ticket(app, invoker, inbox.id).await? {
        Some(ticket) => add(app, response, ticket, page, answers).await?,
        None => open(app, response, invoker, &inbox, page, answers).await?,
    }
    app.reports.forget(guild, user);
    Ok(())
}

/// The inbox that gets reports.
async fn inbox(app: &App, invoker: &Invoker) -> Result<Inbox, Failure> {
    let scope = Scope::Guild(invoker.guild);
    let stored = app.store.setting(scope, setting::Reports.key()).await?;
    let wanted = setting::Reports.value(stored.as_deref());
    let inbox = match wanted {
        Some(inbox) => app.store.inbox(inbox).await?,
        None => None,
    };
    let facts = Facts {
        is_on: wanted.is_some(),
        inbox: inbox.as_ref(),
    };
    let inbox = inbox_of(invoker, &facts).map_err(Failure::Refused)?;
    Ok(inbox.clone())
}

/// The limits for members hold for reports, too. The inbox's form is not shown.
async fn admitted(app: &App, invoker: &Invoker, clicked: Clicked) -> Result<Plan, Failure> {
    let mut facts = clicked.facts;
    let settings = std::mem::take(&mut facts.inbox.settings);
    facts.inbox.settings = settings.with(&setting::Form, "");
    facts.needs = facts.inbox.needs();
    // The report itself is an embed.
    facts.needs.push(Permission::EmbedLinks);
    let admitted = access::admitted(app, invoker, &mut facts, admit).await;
    match admitted.map_err(Failure::Refused)? {
        Admitted::Ticket(plan) => Ok(*plan),
        Admitted::Form(_) => Err(Failure::Refused(Text::UnknownInbox {})),
    }
}

/// A ticket of the reporter in this inbox that is open according to the gateway's events.
async fn active_ticket(
    app: &App,
    invoker: &Invoker,
    inbox: &Inbox,
) -> Result<Option<ChannelId>, Failure> {
    let tickets = app.store.tickets_of(invoker.guild, invoker.user).await?;
    let mut open = tickets.into_iter().filter(|it| it.is_open_in(inbox.id));
    let is_active = |it: &Ticket| known(app, invoker.guild, it.id).is_some_and(|it| !it.locked);
    Ok(open.find(is_active).map(|ticket| ticket.id))
}

/// Opens a ticket for the report.
async fn open(
    app: &Arc<App>,
    response: &Arc<Response>,
    invoker: &Invoker,
    inbox: &Inbox,
    page: Vec<Embed>,
    answers: Vec<Answer>,
) -> Result<(), Failure> {
    let clicked = facts::click(app, invoker, Click::on(inbox.id), response).await?;
    let not_open = clicked.not_open.clone();
    let mut plan = admitted(app, invoker, clicked).await?;
    plan.is_report = true;
    plan.pages = vec![page];
    plan.answers = answers;
    beginning::begin(app, response, plan, not_open).await
}

/// Posts the report in an open ticket, in that ticket's queue.
async fn add(
    app: &Arc<App>,
    response: &Arc<Response>,
    ticket: ChannelId,
    page: Vec<Embed>,
    answers: Vec<Answer>,
) -> Result<(), Failure> {
    let (worker, response) = (app.clone(), response.clone());
    let work = async move { add_now(&worker, &response, ticket, page, answers).await };
    in_queue(app, Key::Channel(ticket), work).await
}

async fn add_now(
    app: &Arc<App>,
    response: &Response,
    ticket: ChannelId,
    page: Vec<Embed>,
    answers: Vec<Answer>,
) -> Result<(), Failure> {
    let clicked = MessageId(response.id());
    let known = app.store.ticket(ticket).await?;
    let known = known.ok_or(Failure::Refused(Text::Interrupted {}))?;
    let report = Report {
        ticket,
        sending: once::sending(&known, clicked),
        answers,
    };
    let message = Message {
        embeds: Some(answer_embeds(embeds(
            page,
            &report.answers,
            app.language(known.guild),
        ))),
        ..Message::default()
    };
    let message = message.once(format!("r{}", response.id()));
    let work = Work::Report(Box::new(report.clone()));
    response.journal(known.guild, work.clone()).await?;
    let done = async {
        let wanted = wanted(&report, response);
        let sent = once::send(app, &wanted, &message);
        finish(app, &report, sent.await.map_err(refused)?.id).await?;
        Ok(response.say(Text::ReportAdded { ticket }).await?)
    };
    recovery::end(app, response, known.guild, work, done.await).await
}

/// The ticket was closed in the meantime, or the bot may not write in it.
fn refused(error: Error) -> Failure {
    let is_closed = matches!(
        error.code(),
        Some(code::THREAD_ARCHIVED | code::THREAD_LOCKED)
    );
    match error.kind() {
        _ if is_closed || error.is_gone() => Failure::Refused(Text::Interrupted {}),
        ErrorKind::NotAllowed => Failure::Refused(Text::TicketForbidden {}),
        _ => error.into(),
    }
}

/// The quoted message with the reporter's text: one message.
fn embeds(mut page: Vec<Embed>, answers: &[Answer], language: Language) -> Vec<Embed> {
    let answers = render::messages(answers, |text| say(text, language), |_, _| None);
    page.extend(answers.into_iter().flatten());
    page
}

/// Continues a report that an earlier run left unfinished. Returns the response for the reporter.
pub(super) async fn recover(
    app: &App,
    guild: GuildId,
    report: &Report,
    response: &Response,
) -> Result<Text, Failure> {
    let ticket = report.ticket;
    let sent = once::find(app, guild, &wanted(report, response)).await?;
    finish(app, report, sent.id).await?;
    Ok(Text::ReportAdded { ticket })
}

/// The message of a report. Every other message that the bot writes into a ticket has a text.
fn wanted(report: &Report, response: &Response) -> once::Wanted {
    once::Wanted {
        thread: report.ticket,
        interaction: response.id(),
        sending: report.sending,
        is_it: |message| message.content.is_empty(),
    }
}

/// Records that the report is in the ticket, which now waits for staff.
async fn finish(app: &App, report: &Report, message: MessageId) -> Result<(), Failure> {
    let Some(ticket) = app.store.ticket(report.ticket).await? else {
        return Ok(());
    };
    app.store.set_own_message(ticket.id, message).await?;
    wait_for_staff(app, &ticket, message).await?;
    ticket_event!(&ticket, "report added");
    Ok(())
}

/// The modal's one question.
fn question(reader: Language) -> Form {
    Form {
        questions: vec![Question {
            label: say(Text::ReportQuestion {}, reader),
            kind: form::Kind::Long,
            description: None,
            is_optional: true,
        }],
    }
}
