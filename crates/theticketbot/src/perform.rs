//! Actions, performed: in which order Discord and the database are called, and what happens when a
//! step fails.

pub mod answer;
mod departure;
mod inbox;
mod opening;
pub mod recover;
mod undo;

use tickets::GuildId;
use tickets::action::Action;
use tickets::event::{Asker, Spoken};
use tickets::pending::Pending;
use tickets::text::Text;
use twilight_model::channel::message::Embed;

use crate::context::{Context, Failure, TOKEN_LIFETIME};
use crate::discord::Message;
use crate::register;
use crate::to_discord::menu::staff_menu;
use crate::to_discord::modal::modal;
use crate::translate::{Language, say};
use answer::Answer;

/// On whose behalf something is done.
pub enum Cause<'a> {
    /// A member asked, and waits for an answer.
    Asked {
        asker: &'a Asker,
        answer: &'a Answer,
        /// The selected message's own embeds.
        embeds: Vec<Embed>,
        /// The [gaps](Context::gaps) that there were when they asked.
        gaps: u64,
    },
    /// The host spoke to the bot.
    Spoken(&'a Spoken),
    /// Nobody: something happened in this server.
    Event(GuildId),
}

impl Cause<'_> {
    fn guild(&self) -> GuildId {
        match self {
            Self::Asked { asker, .. } => asker.guild,
            Self::Spoken(spoken) => spoken.guild,
            Self::Event(guild) => *guild,
        }
    }

    /// The server's language, which an interaction tells even before the server is known.
    fn guild_language(&self, context: &Context) -> Language {
        match self {
            Self::Asked { answer, asker, .. } if !context.cache().knows(asker.guild) => {
                answer.guild_language()
            }
            _ => context.language(self.guild()),
        }
    }
}

/// Performs actions in their order. The first that fails ends the row.
pub async fn perform(
    context: &Context,
    cause: &Cause<'_>,
    actions: Vec<Action>,
) -> Result<(), Failure> {
    for action in actions {
        match cause {
            Cause::Asked {
                asker,
                answer,
                embeds,
                gaps,
            } => {
                let asking = Asking {
                    context,
                    asker,
                    answer,
                    embeds,
                    gaps: *gaps,
                    guild_language: cause.guild_language(context),
                };
                asking.perform(action).await?;
            }
            Cause::Spoken(spoken) => reply(context, spoken, action).await?,
            Cause::Event(guild) => happen(context, *guild, action).await?,
        }
    }
    Ok(())
}

/// What is done for a member who asked.
struct Asking<'a> {
    context: &'a Context,
    asker: &'a Asker,
    answer: &'a Answer,
    embeds: &'a [Embed],
    gaps: u64,
    guild_language: Language,
}

impl Asking<'_> {
    async fn perform(&self, action: Action) -> Result<(), Failure> {
        let store = &self.context.store;
        match action {
            Action::Say(text) => self.answer.say(text).await?,
            Action::Ask(text, pending) => self.ask(text, pending).await?,
            Action::KeepWaiting => self.keep_waiting(),
            Action::StopWaiting => {
                let prompt = self
                    .context
                    .selections()
                    .complete(self.asker.guild, self.asker.user);
                self.delete_prompt(prompt);
            }
            Action::ShowStaff { inbox, staff, text } => {
                self.opens();
                let language = self.answer.language();
                let message = Message {
                    components: Some(staff_menu(inbox.message, &staff, language)),
                    ..Message::text(say(text, language))
                };
                self.answer.send(message).await?;
            }
            Action::UpdateStaff { inbox, staff, text } => {
                self.opens();
                let language = self.answer.language();
                let message = Message {
                    components: Some(staff_menu(inbox.message, &staff, language)),
                    ..Message::text(say(text, language))
                };
                self.answer.update(message).await?;
            }
            Action::ShowModal(form) => {
                self.opens();
                let form = modal(&form, self.answer.language(), self.guild_language);
                self.answer.show(form).await?;
            }
            Action::PostInbox(post) => inbox::post(self, post).await?,
            Action::ReplaceMessage {
                inbox: link,
                content,
            } => inbox::replace(self, link, content).await?,
            Action::SetDestination { inbox, destination } => {
                known(store.set_destination(inbox, destination).await?)?;
            }
            Action::SetStaff { inbox, staff } => known(store.set_staff(inbox, staff).await?)?,
            Action::SetStarter { inbox, template } => {
                known(store.set_starter(inbox, template).await?)?;
            }
            Action::SetName { inbox, template } => known(store.set_name(inbox, template).await?)?,
            // Boxed, because all the others need far less room.
            Action::OpenTicket(ticket) => Box::pin(opening::open(self, ticket)).await?,
            other => happen(self.context, self.asker.guild, other).await?,
        }
        Ok(())
    }

    async fn ask(&self, text: Text, pending: Pending) -> Result<(), Failure> {
        self.answer.say(text).await?;
        // Only what the member was asked is waited for.
        let forgotten = self.context.selections().ask(
            self.asker.guild,
            self.asker.user,
            pending,
            self.answer.prompt(),
            self.asker.at,
        );
        self.delete_prompt(forgotten);
        Ok(())
    }

    /// Of those who manage the server it is seen each time that they do.
    fn opens(&self) {
        if !self.asker.manages {
            let (guild, user) = (self.asker.guild, self.asker.user);
            self.context.selections().open(guild, user, self.asker.at);
        }
    }

    fn keep_waiting(&self) {
        self.context
            .selections()
            .renew(self.asker.guild, self.asker.user, self.asker.at);
    }

    /// Deletes a prompt that has served its purpose, while the work goes on. It may be gone
    /// already, which is as good.
    fn delete_prompt(&self, prompt: Option<crate::context::Prompt>) {
        let Some(prompt) = prompt else { return };
        if self.asker.at.since(prompt.at) >= TOKEN_LIFETIME {
            return;
        }
        let (discord, application) = (self.context.discord.clone(), self.context.application.id);
        self.context.tasks.spawn(async move {
            if let Err(error) = discord.delete_answer(application, &prompt.token).await {
                tracing::debug!(%error, "a prompt could not be deleted");
            }
        });
    }
}

/// What is done without anybody asking.
async fn happen(context: &Context, guild: GuildId, action: Action) -> Result<(), Failure> {
    let store = &context.store;
    match action {
        Action::Depart { ticket, note, lock } => {
            departure::depart(context, guild, ticket, note, lock).await?;
        }
        Action::FinishDeparture { ticket, note, lock } => {
            departure::finish(context, guild, ticket, note, lock).await?;
        }
        Action::EndDeparture { ticket, locked } => store.end_departure(ticket, locked).await?,
        Action::NoteDeparture { ticket } => store.note_departure(ticket).await?,
        Action::NoteReturn { ticket } => store.owner_returned(ticket).await?,
        Action::NoteClosed { ticket, locked } => store.note_closed(ticket, locked).await?,
        Action::NoteReopened { ticket } => store.note_reopened(ticket).await?,
        Action::LockArchived { ticket, note } => {
            departure::lock_archived(context, guild, ticket, note).await?;
        }
        Action::Undo { thread } => undo::undo_abandoned(context, guild, thread).await?,
        Action::ForgetChannel(channel) => {
            if let Some(guild) = store.forget_channel(channel).await? {
                context.look_at_closed_soon(guild);
            }
        }
        Action::ForgetMessages(messages) => {
            let inboxes = store.forget_messages(&messages).await?;
            if !inboxes.is_empty() {
                tracing::info!(?inboxes, "deleted inboxes were forgotten");
            }
        }
        Action::ForgetRole(guild, role) => {
            store.remove_staff_role(guild, role).await?;
        }
        other => {
            return Err(Failure::Other(format!("nobody asked for {other:?}")));
        }
    }
    Ok(())
}

/// What is done for the host.
async fn reply(context: &Context, spoken: &Spoken, action: Action) -> Result<(), Failure> {
    let text = match action {
        Action::Reply(text) => text,
        Action::SyncCommands(guild) => {
            let count = register::register(context, guild).await?;
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            match guild {
                None => Text::Synced { count },
                Some(guild) => Text::SyncedInGuild {
                    count,
                    guild: guild.to_string(),
                },
            }
        }
        Action::ReloadConfig => match context.reload() {
            Ok(()) => Text::ConfigReloaded {},
            Err(failure) => {
                let code = crate::handle::report(&failure, "the config was not read again");
                Text::ConfigNotReloaded { code }
            }
        },
        other => return happen(context, spoken.guild, other).await,
    };
    let message = Message::text(say(text, context.language(spoken.guild)));
    // The message that is answered names the answer, so that there is only one.
    let message = message
        .in_reply_to(spoken.message)
        .once(spoken.message.to_string());
    context.discord.send(spoken.channel, &message).await?;
    Ok(())
}

/// The inbox that was to be changed may be gone meanwhile.
fn known(is_known: bool) -> Result<(), Failure> {
    if is_known {
        Ok(())
    } else {
        Err(Failure::Refused(Text::InboxGone {}))
    }
}
