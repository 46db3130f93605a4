//! `/ticket ask-close`: staff ask the owner whether the ticket can be closed. `/ticket snooze`: no
//! reminders for a while.

use tickets::due::Asked;
use tickets::text::{Text, plain};
use tickets::ticket::{Phase, Ticket};
use tickets::{GuildId, Mention, MessageId, Timestamp, UserId};

use super::Command;
use crate::app::report::ticket_event;
use crate::app::{App, Failure};
use crate::discord::render::allowed_mentions;
use crate::discord::render::due::{Prompt, prompt_buttons};
use crate::discord::{Asks, Message, Sent};
use crate::engine::response::Response;
use crate::engine::{once, recovery};
use crate::reconcile::{check_buttons, read_newest, refresh_notice};
use crate::store::{Question, Work};
use crate::translate::say;

impl Command<'_> {
    /// Posts the question, which pings the owner. It replaces an earlier one.
    pub(super) async fn ask_close(
        &self,
        owner: UserId,
        close_at: Option<Timestamp>,
        reason: String,
    ) -> Result<(), Failure> {
        let (app, ticket) = (self.app, &self.ticket);
        let question = Question {
            ticket: ticket.id,
            sending: once::sending(ticket, MessageId(self.response.id())),
            asked: Asked {
                by: self.invoker.user,
                name: self.invoker.display_name.clone(),
                reason,
                close_at,
            },
        };
        let work = Work::Question(Box::new(question.clone()));
        self.response.journal(ticket.guild, work.clone()).await?;
        let done = async {
            let prompt = self.ask(owner, &question.asked).await?;
            count(app, ticket, question.asked, prompt).await
        };
        recovery::end(app, self.response, ticket.guild, work, done.await).await
    }

    /// Posts the question for everybody in the ticket.
    async fn ask(&self, owner: UserId, asked: &Asked) -> Result<MessageId, Failure> {
        let language = self.server_language();
        let name = plain(&self.invoker.display_name);
        let question = if asked.reason.is_empty() {
            Text::AskClose { owner, name }
        } else {
            let reason = asked.reason.clone();
            Text::AskCloseReason {
                owner,
                name,
                reason,
            }
        };
        let until = asked.close_at.map(|at| Text::AskCloseUntil {
            // Rounded up, so that the ticket does not close before the time it shows.
            until: at.unix_seconds_up(),
        });
        let lines = [Some(question), until].into_iter().flatten();
        let lines: Vec<_> = lines.map(|line| say(line, language)).collect();
        let message = || Message {
            allowed_mentions: allowed_mentions(&[Mention::User(owner)]),
            components: Some(vec![prompt_buttons(Prompt::AskedToClose, language)]),
            ..Message::text(lines.join("\n"))
        };
        self.announce(message, Text::AskedToClose {}, is_question)
            .await
    }

    pub(super) async fn snooze(&self, until: Timestamp) -> Result<(), Failure> {
        let (app, ticket, by) = (self.app, self.ticket.id, self.invoker.user);
        app.store.snooze(ticket, until, by).await?;
        app.alarm.set_again();
        ticket_event!(&self.ticket, %by, "ticket snoozed");
        let until = until.unix_seconds_up();
        Ok(self.response.say(Text::Snoozed { until }).await?)
    }
}

fn is_question(message: &Sent) -> bool {
    message.asks == Some(Asks::Owner)
}

/// Stores the question: from now on, only its buttons count.
async fn count(app: &App, ticket: &Ticket, asked: Asked, prompt: MessageId) -> Result<(), Failure> {
    let (id, by) = (ticket.id, asked.by);
    app.store.ask_close(id, prompt, asked).await?;
    refresh_notice(app, id).await?;
    // Even if the owner wrote the last message, their next one is an answer.
    app.watched.forget_author(ticket.guild, id);
    app.alarm.set_again();
    ticket_event!(ticket, %by, "owner asked whether to close the ticket");
    check_buttons(app, ticket).await
}

fn wanted(question: &Question, response: &Response) -> once::Wanted {
    once::Wanted {
        thread: question.ticket,
        interaction: response.id(),
        sending: question.sending,
        is_it: is_question,
    }
}

/// Continues a question that an earlier run left unfinished. Returns the response for the staff member who
/// asked.
pub(in crate::engine) async fn recover(
    app: &App,
    guild: GuildId,
    question: &Question,
    response: &Response,
) -> Result<Text, Failure> {
    let id = question.ticket;
    // The interaction's own response can be found even where the bot cannot read the thread.
    let prompt = match response.announced().await? {
        Some(announced) => announced,
        None => {
            once::find(app, guild, &wanted(question, response))
                .await?
                .id
        }
    };
    let open = app.store.ticket(id).await?;
    if let Some(ticket) = open.filter(|it| it.state.phase == Phase::Open) {
        count(app, &ticket, question.asked.clone(), prompt).await?;
        // The owner may have answered by writing in the meantime.
        read_newest(app, &ticket).await?;
    }
    Ok(Text::AskedToClose {})
}
