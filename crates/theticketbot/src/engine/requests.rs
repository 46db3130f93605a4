//! Requests: a member waits for a response. The requests of one member in one server are served in order;
//! members never wait for each other. If a request fails, the member gets a code, and the log has the same
//! code.

use std::sync::Arc;
use std::time::Duration;

use tickets::action::Action;
use tickets::decide::inbox::refusal;
use tickets::opening::{Admitted, admit};
use tickets::request::{AnywhereRequest, Complete, HostRequest, Invoker, Request, TicketRequest};
use tickets::text::Text;
use tickets::{GuildId, UserId};
use tokio::sync::oneshot;

use super::access;
use super::beginning;
use super::effects::{self, Serving};
use super::entries;
use super::facts;
use super::form;
use super::recovery;
use super::removal;
use super::reports;
use super::response::Response;
use super::settings;
use super::ticket;
use crate::app::queue::{Key, no_panic};
use crate::app::report::report;
use crate::app::{App, Failure};
use crate::discord::Message;
use crate::discord::custom_id::ModalId;
use crate::discord::interactions::{Interaction, Invoked};
use crate::reconcile::entries::reset as reset_menu;
use crate::translate::say;

/// After this long without a response, the bot acknowledges the interaction. Discord wants the first response
/// within three seconds, and the call takes time.
const ACKNOWLEDGE_AFTER: Duration = Duration::from_millis(1500);

/// Serves an interaction in its queue.
pub(super) fn serve(app: &Arc<App>, interaction: Interaction, is_late: bool) {
    let Interaction { reply, invoked } = interaction;
    let request = match &invoked {
        Invoked::InGuild { request, .. } => Some(request),
        Invoked::Elsewhere | Invoked::Unknown(_) => None,
    };
    let answers = match request {
        Some(
            Request::OpenTicket {
                answers: Some(answers),
                ..
            }
            | Request::SubmitReport { answers, .. },
        ) => answers.clone(),
        _ => Vec::new(),
    };
    // Suggestions cannot be deferred.
    let suggests = matches!(request, Some(Request::Complete(_)));
    let key = match &invoked {
        Invoked::InGuild {
            invoker, request, ..
        } => key(invoker, request),
        Invoked::Elsewhere | Invoked::Unknown(_) => Key::Member(GuildId(0), UserId(reply.id)),
    };
    let mut response = Response::new(app, reply, answers);
    if request.is_some_and(Request::is_of_a_panel) {
        response = response.in_place();
    }
    let response = Arc::new(response);
    let timer = (!suggests).then(|| AcknowledgementTimer::start(app, response.clone()));
    let worker = app.clone();
    let pushed = app.queues.push(key, async move {
        let done = no_panic(respond(&worker, &response, invoked, is_late)).await;
        drop(timer);
        let Err(failure) = done else {
            return;
        };
        let text = match failure {
            Failure::Refused(text) => {
                worker.discord.metrics().refused(text.key());
                text
            }
            failure => worker.unexpected(report(&failure, "a request failed")),
        };
        if suggests {
            return;
        }
        if let Err(error) = response.refuse(text).await {
            tracing::warn!(%error, "could not respond to a failed request; retrying");
            recovery::retry_response(&worker, &response).await;
        }
    });
    if !pushed {
        tracing::warn!(
            of = ?key,
            "a member sends too many requests at once; one was dropped"
        );
    }
}

/// The queue of a request.
fn key(invoker: &Invoker, request: &Request) -> Key {
    match request {
        // A modal must be the first response, so it does not wait for other work in the ticket.
        Request::Ticket(TicketRequest::ClickClose) => Key::Member(invoker.guild, invoker.user),
        // Everything that touches a ticket runs in that ticket's queue.
        Request::Ticket(_) => Key::Channel(invoker.channel),
        Request::Anywhere(
            AnywhereRequest::Join { ticket }
            | AnywhereRequest::Reopen { ticket }
            | AnywhereRequest::AddOwner { ticket },
        ) => Key::Channel(*ticket),
        _ => Key::Member(invoker.guild, invoker.user),
    }
}

async fn respond(
    app: &Arc<App>,
    response: &Arc<Response>,
    what: Invoked,
    is_late: bool,
) -> Result<(), Failure> {
    let (invoker, request, embeds) = match what {
        Invoked::InGuild {
            invoker,
            request,
            embeds,
        } => (invoker, request, embeds),
        Invoked::Elsewhere => return Ok(response.say(Text::ServerOnly {}).await?),
        Invoked::Unknown(name) => {
            return Err(Failure::Other(format!("unknown to this version: {name}")));
        }
    };
    // A crashed process has saved its session some events ago, and Discord replays those events.
    #[cfg(feature = "postgres")]
    if is_late
        && app.store.shard().is_some()
        && !matches!(request, Request::Complete(_))
        && response.has_responded_before().await
    {
        tracing::info!("an interaction was handled before this shard moved");
        return Ok(());
    }
    let serving = Serving {
        app,
        invoker: &invoker,
        response,
        embeds: &embeds,
    };
    if let Some(inbox) = request.menu_of() {
        let (guild, user) = (invoker.guild, invoker.user);
        let has_opened = app.selections().has_opened(guild, user, inbox, invoker.at);
        if let Some(refusal) = refusal(&invoker, has_opened) {
            return apply(&serving, &request, refusal).await;
        }
    }
    let actions = match &request {
        Request::Inbox(request) => facts::decide(app, &invoker, request).await?,
        Request::Entries(request) => entries::decide(app, &invoker, request).await?,
        Request::Removal(request) => removal::decide(app, &invoker, request).await?,
        Request::Settings(request) => settings::decide(app, &invoker, request).await?,
        Request::Complete(Complete::ClosedTicket { typed }) => {
            return ticket::closed_tickets(app, response, &invoker, typed).await;
        }
        Request::Complete(wanted) => settings::complete(app, &invoker, wanted).await?,
        Request::OpenTicket {
            inbox,
            slowmode,
            channel_name,
            answers,
            menu,
        } => {
            let click = facts::Click {
                slowmode: *slowmode,
                channel_name: channel_name.clone(),
                answers: answers.clone(),
                ..facts::Click::on(*inbox)
            };
            let done = open_ticket(app, response, &invoker, click, is_late).await;
            if let Some(message) = *menu {
                reset_menu(app, invoker.guild, invoker.channel, message);
            }
            return done;
        }
        Request::TryForm { inbox } => {
            return form::try_it(app, response, invoker.guild, *inbox).await;
        }
        Request::TriedForm { answers } => return Ok(form::show_tried(response, answers).await?),
        Request::Ticket(request) => return ticket::serve(app, response, &invoker, request).await,
        Request::Anywhere(request) => {
            return ticket::serve_anywhere(app, response, &invoker, request).await;
        }
        Request::Report(message) => {
            return reports::ask(app, response, &invoker, message.clone()).await;
        }
        Request::SubmitReport { message, answers } => {
            return reports::submit(app, response, &invoker, *message, answers).await;
        }
    };
    apply(&serving, &request, actions).await
}

async fn apply(
    serving: &Serving<'_>,
    request: &Request,
    actions: Vec<Action>,
) -> Result<(), Failure> {
    for action in actions {
        match serving.apply(action).await {
            Err(Failure::Refused(text)) => return settings::refuse(serving, request, text).await,
            applied => applied?,
        }
    }
    Ok(())
}

pub(super) async fn open_ticket(
    app: &Arc<App>,
    response: &Arc<Response>,
    invoker: &Invoker,
    click: facts::Click,
    is_late: bool,
) -> Result<(), Failure> {
    let inbox = click.inbox;
    // Discord has shown this member a failure, and they click again: a ticket that opens now would be
    // unexpected.
    if is_late && !facts::may_ask(app, &click).await? && !response.is_wanted().await? {
        tracing::info!("a click arrived too late to respond, because there was no connection");
        return Ok(());
    }
    let channel_name = click.channel_name.clone();
    let admitted = async {
        let clicked = facts::click(app, invoker, click, response).await?;
        let mut facts = clicked.facts;
        let admitted = access::admitted(app, invoker, &mut facts, admit).await;
        Ok((admitted.map_err(Failure::Refused)?, facts, clicked.not_open))
    };
    let (admitted, facts, not_open) = admitted.await.inspect_err(|failure| {
        if let Failure::Refused(text) = failure {
            tracing::info!(%inbox, user = %invoker.user, reason = text.key(), "ticket refused");
        }
    })?;
    let plan = match admitted {
        Admitted::Ticket(plan) => *plan,
        Admitted::Form(form) => {
            let known = &facts.inbox;
            let channel_name = channel_name.filter(|_| invoker.channel == known.channel);
            let title = form::title(app, known, channel_name, response.language()).await?;
            let modal = ModalId::Form(inbox);
            return Ok(form::ask(response, modal, &title, &form).await?);
        }
    };
    beginning::begin(app, response, plan, not_open).await
}

/// Serves the host's words in the queue of their server.
pub(super) fn serve_host(app: &Arc<App>, request: HostRequest) {
    let worker = app.clone();
    let pushed = app.queues.push(Key::Guild(request.guild), async move {
        let Err(failure) = no_panic(effects::host(&worker, &request)).await else {
            return;
        };
        let code = report(&failure, "a request of the host failed");
        let text = say(worker.unexpected(code), worker.language(request.guild));
        let message = Message::text(text).in_reply_to(request.message);
        if let Err(error) = worker.discord.send(request.channel, &message).await {
            tracing::warn!(%error, "could not respond to the host");
        }
    });
    if !pushed {
        tracing::warn!("too many requests at once; one by mention was dropped");
    }
}

/// Acknowledges the interaction in time, whatever the request waits for.
struct AcknowledgementTimer {
    /// Dropped with the timer, which ends the wait.
    _alive: oneshot::Sender<()>,
}

impl AcknowledgementTimer {
    fn start(app: &App, response: Arc<Response>) -> Self {
        let (alive, over) = oneshot::channel();
        app.tasks.spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(ACKNOWLEDGE_AFTER) => {}
                _ = over => return,
            }
            // A call that was sent is not cancelled, because its outcome would be unknown.
            if let Err(error) = response.defer().await {
                tracing::warn!(%error, "an interaction could not be acknowledged");
            }
        });
        Self { _alive: alive }
    }
}
