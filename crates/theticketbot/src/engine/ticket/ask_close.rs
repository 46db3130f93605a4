//! `/ticket ask-close`: staff ask the owner whether the ticket can be closed. `/ticket snooze`: no
//! reminders for a while.

use tickets::due::Asked;
use tickets::text::{Text, plain};
use tickets::{Mention, MessageId, Timestamp, UserId};

use super::Command;
use crate::app::Failure;
use crate::discord::Message;
use crate::discord::render::allowed_mentions;
use crate::discord::render::due::{Prompt, prompt_buttons};
use crate::reconcile::{check_buttons, refresh_notice};
use crate::translate::say;

impl Command<'_> {
    /// The question pings the owner. It takes the place of an earlier one.
    pub(super) async fn ask_close(
        &self,
        owner: UserId,
        close_at: Option<Timestamp>,
        reason: String,
    ) -> Result<(), Failure> {
        let (app, ticket) = (self.app, self.ticket.id);
        let prompt = self.ask(owner, close_at, &reason).await?;
        let asked = Asked {
            by: self.invoker.user,
            name: self.invoker.display_name.clone(),
            reason,
            close_at,
        };
        app.store.ask_close(ticket, prompt, asked).await?;
        refresh_notice(app, ticket).await?;
        // Also if the owner wrote last, what they write next is an answer.
        app.watched.forget_author(self.ticket.guild, ticket);
        app.alarm.set_again();
        tracing::info!(%ticket, by = %self.invoker.user, "owner asked whether to close the ticket");
        check_buttons(app, &self.ticket).await
    }

    /// Asks for all to see.
    async fn ask(
        &self,
        owner: UserId,
        close_at: Option<Timestamp>,
        reason: &str,
    ) -> Result<MessageId, Failure> {
        let language = self.server_language();
        let name = plain(&self.invoker.display_name);
        let question = if reason.is_empty() {
            Text::AskClose { owner, name }
        } else {
            let reason = reason.to_owned();
            Text::AskCloseReason {
                owner,
                name,
                reason,
            }
        };
        let until = close_at.map(|at| Text::AskCloseUntil {
            // Not earlier than it says.
            until: at.plus(999).unix_seconds(),
        });
        let lines = [Some(question), until].into_iter().flatten();
        let lines: Vec<_> = lines.map(|line| say(line, language)).collect();
        let message = || Message {
            allowed_mentions: allowed_mentions(&[Mention::User(owner)]),
            components: Some(vec![prompt_buttons(Prompt::AskedToClose, language)]),
            ..Message::text(lines.join("\n"))
        };
        self.announce(message, Text::AskedToClose {}).await
    }

    pub(super) async fn snooze(&self, until: Timestamp) -> Result<(), Failure> {
        let (app, ticket, by) = (self.app, self.ticket.id, self.invoker.user);
        app.store.snooze(ticket, until, by).await?;
        app.alarm.set_again();
        tracing::info!(%ticket, %by, "ticket snoozed");
        let until = until.plus(999).unix_seconds();
        Ok(self.response.say(Text::Snoozed { until }).await?)
    }
}
