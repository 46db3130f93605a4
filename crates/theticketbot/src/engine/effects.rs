//! Applies what was decided for a member or the host. Nothing is chosen here: actions are applied in their
//! order, and the first that fails stops the rest.

use std::sync::Arc;

use tickets::InboxId;
use tickets::action::{Action, HostAction};
use tickets::decide::host as decide;
use tickets::inbox::InboxChange;
use tickets::pending::Pending;
use tickets::request::{HostRequest, Invoker};
use tickets::text::Text;
use twilight_model::channel::message::Embed;

use super::form;
use super::inbox;
use super::register;
use super::response::Response;
use super::settings;
use super::{create, entries, removal};
use crate::app::report::report;
use crate::app::{App, Failure, Prompt};
use crate::discord::Message;
use crate::discord::invite::invite_link;
use crate::discord::render::entries::editor;
use crate::discord::render::inboxes::inbox_list;
use crate::discord::render::menu::staff_menu;
use crate::discord::render::modal::modal;
use crate::discord::render::settings::suggestions;
use crate::translate::{Language, report as report_problems, say};

/// A member who is being served.
pub(super) struct Serving<'a> {
    pub app: &'a Arc<App>,
    pub invoker: &'a Invoker,
    pub response: &'a Response,
    /// The selected message's own embeds.
    pub embeds: &'a [Embed],
}

impl Serving<'_> {
    /// The server's language.
    pub(super) fn guild_language(&self) -> Language {
        self.response.guild_language(self.app, self.invoker.guild)
    }

    /// Applies one action.
    pub(super) async fn apply(&self, action: Action) -> Result<(), Failure> {
        match action {
            Action::Say(text) => self.response.say(text).await?,
            Action::Ask(text, pending) => self.ask(text, pending).await?,
            Action::KeepWaiting => self.keep_waiting(),
            Action::StopWaiting => {
                let (guild, user) = (self.invoker.guild, self.invoker.user);
                let prompt = self.app.selections().complete(guild, user);
                self.delete_prompt(prompt);
            }
            Action::Report(text, problems) => {
                let content = report_problems(text, &problems, None, self.response.language());
                self.response.send(Message::text(content)).await?;
            }
            Action::ShowStaff {
                inbox,
                staff,
                text,
                problems,
            } => {
                self.opens(inbox);
                let language = self.response.language();
                let content = report_problems(text, &problems, None, language);
                let message = with_staff_menu(content, inbox, &staff, language);
                self.response.send(message).await?;
            }
            Action::UpdateStaff {
                inbox,
                staff,
                text,
                problems,
            } => {
                let language = self.response.language();
                let content = report_problems(text, &problems, None, language);
                let message = with_staff_menu(content, inbox, &staff, language);
                self.response.update(message).await?;
            }
            Action::ShowModal(shown) => {
                self.opens(shown.inbox());
                let shown = modal(&shown, self.response.language(), self.guild_language());
                self.response.show(shown).await?;
            }
            Action::OfferForm { inbox } => form::offer(self.response, inbox).await?,
            Action::PostInbox(post) => inbox::post(self, post).await?,
            Action::ReplaceMessage {
                link,
                content,
                problems,
            } => inbox::replace(self, link, content, &problems).await?,
            Action::ChangeInbox(inbox, change) => self.change(inbox, change).await?,
            Action::AskToRemove { inbox, text } => removal::ask(self, inbox, text).await?,
            Action::RemoveInbox { inbox, name } => removal::remove(self, &inbox, &name).await?,
            Action::ForgetInbox(inbox) => removal::forget(self, inbox).await?,
            Action::Draw(changed) => entries::draw(self, &changed).await?,
            Action::PostEntry(post) => create::post_entry(self, post).await?,
            Action::SetSetting { inbox, key, value } => {
                settings::set(self, inbox, key, value).await?;
            }
            Action::SetServerSetting { guild, key, value } => {
                settings::set_of_server(self, guild, key, value).await?;
            }
            Action::ShowPanel(panel) => settings::show(self, &panel).await?,
            Action::RefuseSetting(refused) => settings::show_refusal(self, refused).await?,
            Action::ChooseInbox {
                inboxes,
                setting,
                text,
            } => settings::ask_for_inbox(self, &inboxes, setting, text).await?,
            Action::ShowInboxes(page) => {
                self.opens(InboxId::SERVER);
                let list = inbox_list(&page, self.response.language());
                self.response.update(list).await?;
            }
            Action::ShowEntries(shown) => {
                self.opens(shown.inbox);
                let editor = editor(&shown, self.response.language());
                self.response.update(editor).await?;
            }
            Action::Suggest(suggested) => {
                let choices = suggestions(suggested, self.response.language());
                self.response.suggest(choices).await?;
            }
        }
        Ok(())
    }

    /// Refuses the change if the inbox has been removed in the meantime.
    async fn change(&self, inbox: InboxId, change: InboxChange) -> Result<(), Failure> {
        let what = change.key();
        if !self.app.store.change_inbox(inbox, change).await? {
            return Err(Failure::Refused(Text::InboxGone {}));
        }
        tracing::info!(%inbox, what, by = %self.invoker.user, "inbox changed");
        Ok(())
    }

    async fn ask(&self, text: Text, pending: Pending) -> Result<(), Failure> {
        self.response.say(text).await?;
        // Stored after the prompt: the bot waits for a selection only if the member has seen the prompt.
        let forgotten = self.app.selections().ask(
            self.invoker.guild,
            self.invoker.user,
            pending,
            self.response.prompt(),
            self.invoker.at,
        );
        self.delete_prompt(forgotten);
        Ok(())
    }

    /// Records that this member opened an inbox's settings. Members who manage the server need no record:
    /// their permission is checked each time.
    pub(super) fn opens(&self, inbox: InboxId) {
        if !self.invoker.manages {
            let (guild, user) = (self.invoker.guild, self.invoker.user);
            self.app
                .selections()
                .open(guild, user, inbox, self.invoker.at);
        }
    }

    /// Keeps a refused selection pending.
    pub(super) fn keep_waiting(&self) {
        let (guild, user) = (self.invoker.guild, self.invoker.user);
        self.app.selections().renew(guild, user, self.invoker.at);
    }

    /// Deletes a prompt that is no longer needed, in the background. A prompt that is already gone is fine.
    fn delete_prompt(&self, prompt: Option<Prompt>) {
        let Some(prompt) = prompt else { return };
        if self.invoker.at.since(prompt.at) >= tickets::opening::machine::TOKEN_LIFETIME {
            return;
        }
        let (discord, application) = (self.app.discord.clone(), self.app.application.id);
        self.app.tasks.spawn(async move {
            if let Err(error) = discord.delete_answer(application, &prompt.token).await {
                tracing::debug!(%error, "a prompt could not be deleted");
            }
        });
    }
}

/// A text with the menu of an inbox's staff below.
pub(super) fn with_staff_menu(
    text: String,
    inbox: InboxId,
    shown: &[tickets::Mention],
    language: Language,
) -> Message {
    Message {
        components: Some(staff_menu(inbox, shown, language)),
        ..Message::text(text)
    }
}

/// Serves the host's words that mention the bot.
pub(super) async fn host(app: &App, request: &HostRequest) -> Result<(), Failure> {
    let actions = if app.application.hosts.contains(&request.author) {
        let knows = |guild| app.cache().is_in(guild);
        let invite = invite_link(app.application.id);
        decide::speak(&request.command, knows, &invite)
    } else {
        let at = request.message.created_at();
        app.strangers().speak(request.guild, at)
    };
    for action in actions {
        let text = match action {
            HostAction::Reply(text) => text,
            HostAction::SyncCommands(guild) => {
                let count = register::register(app, guild).await?;
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                match guild {
                    None => Text::Synced { count },
                    Some(guild) => Text::SyncedInGuild {
                        count,
                        guild: guild.to_string(),
                    },
                }
            }
            HostAction::ReloadConfig => match app.reload() {
                Ok(changed) if changed.is_empty() => Text::ConfigReloaded {},
                Ok(changed) => Text::ConfigNeedsRestart {
                    changed: format!("`{}`", changed.join("`, `")),
                },
                Err(failure) => {
                    let code = report(&failure, "the config could not be reloaded");
                    Text::ConfigNotReloaded { code }
                }
            },
        };
        let message = Message::text(say(text, app.language(request.guild)));
        // The nonce is the host's message: if the reply is sent twice, Discord keeps one.
        let message = message
            .in_reply_to(request.message)
            .once(request.message.to_string());
        app.discord.send(request.channel, &message).await?;
    }
    Ok(())
}
