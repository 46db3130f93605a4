//! The steps of an opening: each makes its calls and returns their outcome.

use std::sync::Arc;

use tickets::opening::step::{
    Acknowledged, Claimed, Created, Examined, Joined, Responded, RolledBack, Started,
};
use tickets::opening::{Attempt, Opening, Outcome, Reply, Step};
use tickets::permission::{FOR_TICKETS, Missing, Permission};
use tickets::template;
use tickets::text::Text;
use tickets::{ChannelId, Mention, UserId};
use twilight_model::channel::message::MessageFlags;

use crate::app::report::report;
use crate::app::{App, Failure};
use crate::discord::render::allowed_mentions;
use crate::discord::render::ticket::close_button;
use crate::discord::{ErrorKind, Message, Sent, code};
use crate::engine::response::Response;
use crate::engine::{form, invite};
use crate::reconcile::{first_own_message, roll_back};
use crate::store::{Claim, Work};
use crate::translate::{Language, say};

/// After how many minutes without a message Discord hides a ticket, if its channel has no default: three
/// days. The API ignores the channel's default, so the bot always sends a value.
const HIDE_AFTER: u16 = 3 * 24 * 60;

/// One step, with the parts of the opening that it needs.
pub(super) struct Run {
    pub app: Arc<App>,
    pub response: Arc<Response>,
    pub opening: Opening,
}

impl Run {
    pub(super) async fn step(self, step: Step) -> Result<Outcome, Failure> {
        Ok(match step {
            Step::Acknowledge => Outcome::Acknowledged(self.acknowledge().await?),
            Step::Create { parent, name } => Outcome::Created(self.create(parent, &name).await),
            Step::Search => Outcome::Searched(self.search().await?),
            Step::Number { is_first } => Outcome::Numbered(self.neutral_name(is_first).await?),
            Step::Claim(thread) => Outcome::Claimed(self.claim(thread).await?),
            Step::Start { thread, attempt } => Outcome::Started(self.send(thread, attempt).await),
            Step::Examine(thread) => Outcome::Examined(self.examine(thread).await),
            Step::Post { thread, skip } => {
                let (order, language) = (&self.opening.order, self.server_language());
                let posted = form::post(&self.app, order, language, thread, skip).await;
                Outcome::Posted(posted)
            }
            Step::Review(thread) => {
                let (order, language) = (&self.opening.order, self.server_language());
                let starter = self.opening.starting_message();
                let reviewed = form::review(&self.app, order, language, thread, starter).await;
                Outcome::Reviewed(reviewed)
            }
            Step::Join { thread, user } => Outcome::Joined(self.join(thread, user).await),
            Step::Respond(reply) => Outcome::Responded(self.respond(&reply).await),
            Step::RollBack(thread) => Outcome::RolledBack(self.roll_back(thread).await),
        })
    }

    fn server_language(&self) -> Language {
        let guild = self.opening.order.guild;
        self.response.guild_language(&self.app, guild)
    }

    async fn acknowledge(&self) -> Result<Acknowledged, Failure> {
        Ok(self.response.acknowledge().await?)
    }

    async fn create(&self, parent: ChannelId, name: &str) -> Created {
        let order = &self.opening.order;
        let text = Text::AuditOpened {
            name: order.username.clone(),
            id: order.opener.unwrap_or(order.owner).to_string(),
        };
        let reason = say(text, self.response.guild_language(&self.app, order.guild));
        let known = self.app.cache().guild(order.guild);
        let by_channel = known.and_then(|known| known.hide_after(parent));
        let hide_after = order.hide_after.or(by_channel);
        let created = self
            .app
            .discord
            .create_thread(parent, name, hide_after.unwrap_or(HIDE_AFTER), reason)
            .await;
        let error = match created {
            Ok(id) => {
                let contested = self.app.openings.found().contains(&id);
                return Created::Thread { id, contested };
            }
            Err(error) => error,
        };
        tracing::warn!(
            inbox = %order.inbox, guild = %order.guild, %error,
            "the thread of a ticket could not be created"
        );
        if error.retry_after().is_some() {
            return Created::Later(error.retry_in());
        }
        match error.kind() {
            ErrorKind::Gone => Created::ChannelGone,
            ErrorKind::RefusedContent => Created::BadName,
            ErrorKind::Full => Created::Refused(Text::TooManyThreads {}),
            ErrorKind::NotAllowed => {
                let by_refusal = if error.code() == Some(code::MISSING_ACCESS) {
                    Permission::ViewChannel
                } else {
                    Permission::CreatePrivateThreads
                };
                Created::Refused(self.cannot_open(&[by_refusal]))
            }
            _ if error.is_ambiguous() || error.is_transient() => Created::Doubt,
            _ => {
                let code = report(&error.into(), "a thread could not be created");
                Created::Refused(self.app.unexpected(code))
            }
        }
    }

    /// Names the missing permissions: from the cache, or else from Discord's refusal.
    fn cannot_open(&self, by_refusal: &[Permission]) -> Text {
        let order = &self.opening.order;
        let known = self
            .app
            .cache()
            .place(order.guild, order.parent)
            .and_then(|place| place.missing(&FOR_TICKETS));
        let missing = known.unwrap_or_else(|| Missing {
            channel: order.parent,
            permissions: by_refusal.to_vec(),
        });
        Text::CannotOpen {
            missing: vec![missing],
        }
    }

    async fn neutral_name(&self, is_first: bool) -> Result<String, Failure> {
        let order = &self.opening.order;
        let counter = if is_first {
            order.number
        } else {
            let next = self.app.store.next_number(order.inbox).await?;
            next.unwrap_or(order.number)
        };
        let counter = template::four_digits(counter);
        let language = self.response.guild_language(&self.app, order.guild);
        Ok(say(Text::NeutralName { counter }, language))
    }

    pub(super) async fn claim(&self, thread: ChannelId) -> Result<Claimed, Failure> {
        let id = self.opening.order.interaction;
        let work = Work::Opening(Box::new(self.opening.as_claimed(thread)));
        Ok(match self.app.store.claim_thread(id, thread, work).await? {
            Claim::Own => Claimed::Own,
            Claim::Taken => {
                tracing::info!(%thread, "another opening has claimed the thread");
                Claimed::Taken
            }
            Claim::Unknown => Claimed::Forgotten,
        })
    }

    /// Sends the starting message, whose mentions invite the owner and the staff.
    async fn send(&self, thread: ChannelId, attempt: Attempt) -> Started {
        let order = &self.opening.order;
        let mentions = order.mentions(attempt);
        let message = Message {
            flags: order
                .is_silent
                .then_some(MessageFlags::SUPPRESS_NOTIFICATIONS),
            allowed_mentions: allowed_mentions(&mentions),
            components: order.has_button.then(|| {
                let language = self.response.guild_language(&self.app, order.guild);
                vec![close_button(language)]
            }),
            ..Message::text(order.starter.clone())
        };
        let message = message.once(format!("{}{}", order.interaction, attempt.suffix()));
        let invites_a_role = mentions.iter().any(|who| matches!(who, Mention::Role(_)));
        if invites_a_role && self.app.hears_of_members() {
            let gaps = self.app.gaps();
            let joining = &self.app.joining;
            joining.watch(thread, order.owner, gaps);
        }
        let sent = if invites_a_role {
            self.app.discord.try_to_send(thread, &message).await
        } else {
            self.app.discord.send(thread, &message).await
        };
        let error = match sent {
            Ok(sent) => {
                return Started::Sent {
                    message: sent.id,
                    left_out: self.left_out(thread, &sent),
                };
            }
            Err(error) => error,
        };
        tracing::warn!(%thread, %error, "a starting message could not be sent");
        match error.kind() {
            // Staff have locked the thread, because they took it for somebody's ticket.
            ErrorKind::NotAllowed if error.code() == Some(code::THREAD_LOCKED) => {
                Started::Refused(Text::OpeningRolledBack {})
            }
            ErrorKind::NotAllowed => {
                Started::Refused(self.cannot_open(&[Permission::SendMessagesInThreads]))
            }
            ErrorKind::Gone => Started::Refused(Text::OpeningRolledBack {}),
            ErrorKind::RefusedContent | ErrorKind::TooLarge => {
                Started::Refused(Text::StarterRefused {})
            }
            _ if error.is_ambiguous() => Started::Doubt,
            _ if error.is_transient() => Started::Later(error.retry_in()),
            _ => Started::TooMuch,
        }
    }

    /// Whether the starting message did not mention all of its roles.
    fn left_out(&self, thread: ChannelId, sent: &Sent) -> bool {
        let order = &self.opening.order;
        let mentions = order.mentions(Attempt::Everybody);
        let left_out = invite::left_out(thread, order.inbox, &mentions, sent);
        if left_out {
            self.app.joining.forget(thread);
        }
        left_out
    }

    async fn examine(&self, thread: ChannelId) -> Examined {
        match first_own_message(&self.app, thread).await {
            Ok(Some(message)) => Examined::Found {
                left_out: self.left_out(thread, &message),
                message: message.id,
            },
            Ok(None) => Examined::Nothing,
            Err(error) if error.is_gone() => Examined::Gone,
            Err(error) => {
                tracing::warn!(%thread, %error, "cannot search for the starting message; retrying later");
                Examined::Unclear
            }
        }
    }

    async fn join(&self, thread: ChannelId, user: UserId) -> Joined {
        let joined = self.app.discord.add_to_thread(thread, user, None).await;
        let Err(error) = joined else {
            return Joined::Done;
        };
        tracing::warn!(%thread, %error, "staff who opened a ticket could not join it");
        if error.is_transient() || error.is_ambiguous() {
            Joined::Again
        } else {
            Joined::Refused
        }
    }

    async fn respond(&self, reply: &Reply) -> Responded {
        let sent = match reply {
            Reply::Delayed => self.response.meanwhile(Text::OpeningDelayed {}).await,
            reply => self.response.correct_all(self.messages(reply)).await,
        };
        match sent {
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, "could not respond to a member; retrying");
                Responded::Again
            }
            Err(error) => {
                tracing::warn!(%error, "could not respond to a member");
                Responded::Done
            }
            Ok(()) => Responded::Done,
        }
    }

    /// The member's response, with those of their answers that are not in the ticket.
    fn messages(&self, reply: &Reply) -> Vec<Message> {
        let (order, language) = (&self.opening.order, self.response.language());
        let say = |text: Text| say(text, language);
        let mut lines = match reply {
            Reply::Ended(text) if order.moved.is_some() => {
                vec![say(text.clone()), say(Text::TransferFailed {})]
            }
            Reply::Ended(text) => {
                let all = [&order.answers[..], &order.left_over].concat();
                return form::refusal(text.clone(), &all, language);
            }
            Reply::OpenedWithoutAnswers(ticket) => {
                let text = Text::TicketOpenedWithoutAnswers { ticket: *ticket };
                return form::messages(say(text), &order.answers, language);
            }
            Reply::Delayed => vec![say(Text::OpeningDelayed {})],
            Reply::Opened(ticket) => vec![say(self.opened(*ticket))],
            Reply::OpenedWithoutStaff(ticket) => {
                vec![say(self.opened(*ticket)), say(Text::StaffNotInvited {})]
            }
        };
        if order.left_over.is_empty() || matches!(reply, Reply::Ended(_)) {
            return vec![Message::text(lines.join("\n"))];
        }
        lines.extend([String::new(), say(Text::FormAnswersLeftOver {})]);
        form::messages(lines.join("\n"), &order.left_over, language)
    }

    /// The link to the ticket, for whoever asked for it.
    fn opened(&self, ticket: ChannelId) -> Text {
        let order = &self.opening.order;
        if order.moved.is_some() {
            Text::TransferOpened { ticket }
        } else if order.is_report {
            Text::ReportOpened { ticket }
        } else if order.opener.is_some() {
            Text::TicketOpenedFor { ticket }
        } else {
            Text::TicketOpened { ticket }
        }
    }

    async fn roll_back(&self, thread: ChannelId) -> RolledBack {
        match roll_back(&self.app, self.opening.order.guild, thread).await {
            Ok(()) => RolledBack::Done,
            Err(error) if error.is_transient() => RolledBack::Again,
            Err(error) => {
                tracing::warn!(%thread, %error, "cannot delete an orphaned thread; retrying later");
                RolledBack::Orphaned
            }
        }
    }
}
