//! The response to one interaction: first in time, then in full.
//!
//! Discord takes only one first response, within three seconds. A caller sends what it has to say, and this
//! type knows whether that is the first response, an edit of it or a follow-up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tickets::form::Answer;
use tickets::opening::step::Acknowledged;
use tickets::text::Text;
use tickets::{GuildId, MessageId};
use tokio::sync::Mutex;
use tokio::time::timeout;
use twilight_model::application::command::CommandOptionChoice;
use twilight_model::channel::message::MessageFlags;
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType as Kind,
};

use super::form;
use crate::app::queue::Tasks;
use crate::app::{App, Prompt};
use crate::discord::interactions::ReplyTo;
use crate::discord::{Acknowledgement, Discord, Error, Message, code};
use crate::store::{Entry, Store, StoreError, Work};
use crate::translate::{Language, say};

/// The response to an interaction. Only the member sees it, unless it is announced.
pub struct Response {
    discord: Discord,
    store: Store,
    tasks: Tasks,
    application: u64,
    reply: ReplyTo,
    language: Language,
    /// The answers that the member submitted, which a refusal gives back.
    answers: Vec<Answer>,
    /// The response replaces the message whose component was used.
    is_in_place: bool,
    /// How many gaps the gateway's events had when the interaction came.
    pub gaps: u64,
    state: Mutex<State>,
    /// Whether the journal may have an entry that says that this response is pending.
    is_pending: AtomicBool,
    /// Whether the interaction's journal entry belongs to other work, which removes it.
    is_journaled: AtomicBool,
}

/// How long the bot waits for the database before it acknowledges without a journal entry.
const RECORD_TIMEOUT: Duration = Duration::from_millis(300);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// No response was sent yet.
    Silent,
    /// Discord shows that the bot is thinking.
    Deferred,
    /// The message that the used component is on will be replaced.
    Updating,
    Answered,
    /// The response is public.
    Announced,
    /// Discord no longer knows the interaction.
    TooLate,
}

impl Response {
    pub fn new(app: &App, reply: ReplyTo, answers: Vec<Answer>) -> Self {
        Self {
            answers,
            is_in_place: false,
            discord: app.discord.clone(),
            store: app.store.clone(),
            tasks: app.tasks.clone(),
            application: app.application.id,
            gaps: app.gaps(),
            is_pending: AtomicBool::new(false),
            is_journaled: AtomicBool::new(false),
            language: Language::of(&reply.locale),
            reply,
            state: Mutex::new(State::Silent),
        }
    }

    /// A response that replaces the message whose component was used, if a component was used. That message
    /// must be ephemeral.
    #[must_use]
    pub fn in_place(self) -> Self {
        Self {
            is_in_place: self.reply.from_component,
            ..self
        }
    }

    /// A response that an earlier run deferred, from its journal entry.
    pub fn pending(app: &App, entry: &Entry) -> Self {
        let reply = ReplyTo {
            id: entry.id,
            guild: entry.guild,
            token: entry.token.clone(),
            locale: entry.locale.clone(),
            guild_locale: String::new(),
            from_component: false,
            at: entry.begun_at,
        };
        let answers = match &entry.work {
            Work::Submission { answers } => answers.clone(),
            Work::Report(report) => report.answers.clone(),
            _ => Vec::new(),
        };
        let mut response = Self::new(app, reply, answers);
        response.state = Mutex::new(match entry.work {
            Work::Update => State::Updating,
            _ => State::Deferred,
        });
        response
    }

    /// The interaction's id, which is also the key of its journal entry and of its nonces.
    pub fn id(&self) -> u64 {
        self.reply.id
    }

    /// The member's language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The server's language. The interaction says it even if the server has not been described yet.
    pub fn guild_language(&self, app: &App, guild: GuildId) -> Language {
        if let Some(set) = app.language_that_is_set(guild) {
            return set;
        }
        let cache = app.cache();
        if cache.knows(guild) || self.reply.guild_locale.is_empty() {
            cache.language(guild)
        } else {
            Language::of(&self.reply.guild_locale)
        }
    }

    /// The data for deleting this response later.
    pub fn prompt(&self) -> Prompt {
        Prompt {
            token: self.reply.token.clone(),
            at: self.reply.at,
        }
    }

    /// A journal entry with which the next start can respond.
    pub fn entry(&self, guild: GuildId, work: Work) -> Entry {
        Entry {
            id: self.reply.id,
            guild,
            token: self.reply.token.clone(),
            locale: self.reply.locale.clone(),
            begun_at: self.reply.at,
            work,
        }
    }

    /// Acknowledges the interaction before slow work. If the bot stops in the meantime, the next start
    /// responds that the request was interrupted.
    pub async fn defer(&self) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        if *state != State::Silent {
            return Ok(());
        }
        self.record_pending().await;
        let acknowledged = self.acknowledge_first(&mut state).await?;
        drop(state);
        if acknowledged == Acknowledged::Foreign {
            self.mark_responded().await;
        }
        Ok(())
    }

    /// The kind of acknowledgement, and the state after it.
    fn deferral(&self) -> (Kind, State) {
        if self.is_in_place {
            (Kind::DeferredUpdateMessage, State::Updating)
        } else {
            (Kind::DeferredChannelMessageWithSource, State::Deferred)
        }
    }

    /// The same as [`Self::defer`] if the journal already has the member's request.
    pub async fn acknowledge(&self) -> Result<Acknowledged, Error> {
        let mut state = self.state.lock().await;
        if *state != State::Silent {
            return Ok(Acknowledged::Done);
        }
        self.acknowledge_first(&mut state).await
    }

    async fn acknowledge_first(&self, state: &mut State) -> Result<Acknowledged, Error> {
        let (kind, deferred) = self.deferral();
        let (id, token) = (self.reply.id, &self.reply.token);
        let sent = self.discord.acknowledge(id, token, kind).await;
        if let Ok(Acknowledgement::Foreign) = sent {
            tracing::warn!(
                "another process responds to this bot's interactions; is the bot running twice?"
            );
            *state = State::TooLate;
            return Ok(Acknowledged::Foreign);
        }
        assume(state, &sent, deferred);
        record(state, sent.map(drop), deferred)?;
        Ok(match *state {
            State::TooLate => Acknowledged::TooLate,
            _ => Acknowledged::Done,
        })
    }

    /// Whether a response was sent already.
    pub async fn is_acknowledged(&self) -> bool {
        *self.state.lock().await != State::Silent
    }

    /// Acknowledges the interaction. Returns whether Discord still takes a response.
    pub async fn is_wanted(&self) -> Result<bool, Error> {
        self.defer().await?;
        let is_wanted = *self.state.lock().await != State::TooLate;
        if !is_wanted {
            self.mark_responded().await;
        }
        Ok(is_wanted)
    }

    /// Whether the process that had this shard before has responded. If it has, that process does the rest,
    /// or the recovery from the journal does.
    #[cfg(feature = "postgres")]
    pub async fn has_responded_before(&self) -> bool {
        // Locked, so that this process does not respond during the call.
        let mut state = self.state.lock().await;
        if *state == State::Silent {
            let token = &self.reply.token;
            let answer = self.discord.first_answer(self.application, token).await;
            // If this call fails, nothing is lost: Discord refuses a second first response.
            if answer.is_ok_and(|answer| answer.is_some()) {
                *state = State::TooLate;
            }
        }
        *state == State::TooLate
    }

    /// Sends a sentence.
    pub async fn say(&self, text: Text) -> Result<(), Error> {
        self.send(Message::text(say(text, self.language))).await
    }

    /// Shows a sentence instead of "thinking". The response will replace it.
    pub async fn meanwhile(&self, text: Text) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        if *state != State::Deferred {
            return Ok(());
        }
        let message = Message::text(say(text, self.language));
        let sent = self
            .discord
            .edit_answer(self.application, &self.reply.token, &message)
            .await;
        record(&mut state, sent, State::Deferred)
    }

    /// Sends the first response, or fills in the deferred one, or adds a follow-up.
    pub async fn send(&self, message: Message) -> Result<(), Error> {
        self.speak(Kind::ChannelMessageWithSource, message).await
    }

    /// Changes the message whose component was used.
    pub async fn update(&self, message: Message) -> Result<(), Error> {
        let kind = if self.reply.from_component {
            Kind::UpdateMessage
        } else {
            Kind::ChannelMessageWithSource
        };
        self.speak(kind, message).await
    }

    /// Shows a modal, which must be the first response. If there was another, the member reads that it is too
    /// late.
    pub async fn show(&self, modal: InteractionResponseData) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        if *state != State::Silent {
            drop(state);
            return self.say(Text::ModalNotShown {}).await;
        }
        let sent = self.respond(Kind::Modal, modal).await;
        record(&mut state, sent, State::Answered)
    }

    /// Posts a public message as the first response. Returns the message's id, or `None` if there already was
    /// a response or Discord takes none.
    pub async fn announce(&self, message: Message) -> Result<Option<MessageId>, Error> {
        let mut state = self.state.lock().await;
        if *state != State::Silent {
            return Ok(None);
        }
        let response = InteractionResponse {
            kind: Kind::ChannelMessageWithSource,
            data: Some(InteractionResponseData {
                flags: None,
                ..data(message)
            }),
        };
        let sent = self
            .discord
            .respond_with_message(self.reply.id, &self.reply.token, &response);
        match sent.await {
            Ok(id) => {
                *state = State::Announced;
                Ok(Some(id))
            }
            Err(error) => {
                if is_too_late(&error) {
                    tracing::warn!(%error, "Discord refused a response that came too late");
                    *state = State::TooLate;
                    return Ok(None);
                }
                if error.is_ambiguous() {
                    // The response may have been sent, so no other is.
                    *state = State::TooLate;
                }
                Err(error)
            }
        }
    }

    /// The first response, if it is public and the outcome of sending it is unknown.
    pub async fn announced(&self) -> Result<Option<MessageId>, Error> {
        let mut state = self.state.lock().await;
        let token = &self.reply.token;
        let answer = self.discord.first_answer(self.application, token).await?;
        let announced = answer.filter(|answer| !answer.is_ephemeral);
        if announced.is_some() {
            *state = State::Announced;
        }
        Ok(announced.map(|answer| answer.id))
    }

    /// Whether the response is public.
    pub async fn is_public(&self) -> bool {
        *self.state.lock().await == State::Announced
    }

    /// Changes what [was announced](Self::announce).
    pub async fn change_announced(&self, message: &Message) -> Result<(), Error> {
        let token = &self.reply.token;
        self.discord
            .edit_answer(self.application, token, message)
            .await
    }

    /// Sends suggestions for an option while the member types it.
    pub async fn suggest(&self, choices: Vec<CommandOptionChoice>) -> Result<(), Error> {
        let data = InteractionResponseData {
            choices: Some(choices),
            ..InteractionResponseData::default()
        };
        let kind = Kind::ApplicationCommandAutocompleteResult;
        let mut state = self.state.lock().await;
        let sent = self.respond(kind, data).await;
        record(&mut state, sent, State::Answered)
    }

    /// Sends a sentence that ends the request, with the answers that the member submitted.
    pub async fn refuse(&self, text: Text) -> Result<(), Error> {
        for message in form::refusal(text, &self.answers, self.language) {
            self.send(message).await?;
        }
        Ok(())
    }

    /// Replaces the response: the first of these messages replaces it, and the others follow.
    pub async fn correct_all(&self, messages: Vec<Message>) -> Result<(), Error> {
        let mut messages = messages.into_iter();
        if let Some(first) = messages.next() {
            self.replace(first).await?;
        }
        for message in messages {
            self.send(message).await?;
        }
        Ok(())
    }

    /// Replaces the response with a sentence that ends the request.
    pub async fn correct(&self, text: Text) -> Result<(), Error> {
        let messages = form::refusal(text, &self.answers, self.language);
        self.correct_all(messages).await
    }

    async fn replace(&self, message: Message) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        match *state {
            State::Deferred | State::Answered => {
                let sent = self
                    .discord
                    .edit_answer(self.application, &self.reply.token, &message)
                    .await;
                record(&mut state, sent, State::Answered)?;
                drop(state);
                self.mark_responded().await;
                Ok(())
            }
            State::Silent | State::Updating | State::TooLate | State::Announced => {
                drop(state);
                self.send(message).await
            }
        }
    }

    async fn speak(&self, kind: Kind, message: Message) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        let token = &self.reply.token;
        let mut said = State::Answered;
        let sent = match *state {
            // An edited message stays as public as it is.
            State::Silent if kind == Kind::UpdateMessage => {
                let mut data = data(message);
                data.flags = None;
                self.respond(kind, data).await
            }
            State::Silent => self.respond(kind, data(message)).await,
            State::Updating if kind != Kind::UpdateMessage => {
                // The message can still be replaced later.
                said = State::Updating;
                self.add(message).await
            }
            State::Deferred | State::Updating => {
                self.discord
                    .edit_answer(self.application, token, &message)
                    .await
            }
            State::Answered | State::Announced => self.add(message).await,
            State::TooLate => Ok(()),
        };
        record(&mut state, sent, said)?;
        drop(state);
        self.mark_responded().await;
        Ok(())
    }

    /// Sends an ephemeral follow-up.
    async fn add(&self, mut message: Message) -> Result<(), Error> {
        message.flags = Some(MessageFlags::EPHEMERAL);
        let token = &self.reply.token;
        self.discord
            .follow_up(self.application, token, &message)
            .await
    }

    /// The interaction's journal entry now belongs to other work, which removes it.
    pub fn mark_journaled(&self) {
        self.is_journaled.store(true, Ordering::Relaxed);
        self.is_pending.store(false, Ordering::Relaxed);
    }

    /// Records in the journal what must be finished, in addition to the response. The caller that finishes
    /// the work removes the entry.
    pub async fn journal(&self, guild: GuildId, work: Work) -> Result<(), StoreError> {
        self.mark_journaled();
        self.store.begin(self.entry(guild, work.clone())).await?;
        // `begin` keeps an entry that exists already, such as that of the pending response.
        self.store.save(self.reply.id, work).await
    }

    /// Records the pending response. The acknowledgement does not wait for a slow database.
    async fn record_pending(&self) {
        if self.is_journaled.load(Ordering::Relaxed) {
            return;
        }
        let work = if self.is_in_place {
            Work::Update
        } else if self.answers.is_empty() {
            Work::Response
        } else {
            let answers = self.answers.clone();
            Work::Submission { answers }
        };
        let entry = self.entry(self.reply.guild, work);
        self.is_pending.store(true, Ordering::Relaxed);
        match timeout(RECORD_TIMEOUT, self.store.begin(entry)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a pending response could not be recorded"),
            Err(_) => tracing::warn!("the database is slow; a pending response is not recorded"),
        }
    }

    /// Removes the journal entry: the response is no longer pending.
    async fn mark_responded(&self) {
        if !self.is_pending.swap(false, Ordering::Relaxed) {
            return;
        }
        match self.store.finish_response(self.reply.id).await {
            Ok(()) | Err(StoreError::Closed) => {}
            Err(mut error) => {
                tracing::warn!(%error, "a response was sent, but is still recorded as pending");
                // Otherwise the next process with this shard would respond that the request was interrupted.
                let (tasks, store, id) = (self.tasks.clone(), self.store.clone(), self.reply.id);
                self.tasks.spawn(async move {
                    while tasks.may_store_again(&error).await {
                        match store.finish_response(id).await {
                            Ok(()) => return,
                            Err(again) => error = again,
                        }
                    }
                });
            }
        }
    }

    async fn respond(&self, kind: Kind, data: InteractionResponseData) -> Result<(), Error> {
        let response = InteractionResponse {
            kind,
            data: Some(data),
        };
        self.discord
            .respond(self.reply.id, &self.reply.token, &response)
            .await
    }
}

/// If the response to an acknowledgement was lost, it may have taken effect, so the bot edits from now on. If
/// it did not take effect, the edit fails with an error that says so.
fn assume<T>(state: &mut State, sent: &Result<T, Error>, deferred: State) {
    if sent.as_ref().is_err_and(Error::is_transient) {
        *state = deferred;
    }
}

/// Records the state after a call. A response that is too late must not stop the work that the member asked
/// for.
fn record(state: &mut State, sent: Result<(), Error>, said: State) -> Result<(), Error> {
    match sent {
        Ok(()) if *state == State::TooLate => Ok(()),
        Ok(()) => {
            *state = said;
            Ok(())
        }
        Err(error) if is_too_late(&error) => {
            tracing::warn!(%error, "Discord refused a response that came too late");
            *state = State::TooLate;
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Discord has forgotten the interaction, the member has dismissed the response, or its channel is gone.
pub fn is_too_late(error: &Error) -> bool {
    matches!(
        error.code(),
        Some(
            code::UNKNOWN_INTERACTION
                | code::ALREADY_ACKNOWLEDGED
                | code::UNKNOWN_WEBHOOK
                | code::INVALID_TOKEN
                | code::UNKNOWN_MESSAGE
                | code::UNKNOWN_CHANNEL
        )
    )
}

fn data(message: Message) -> InteractionResponseData {
    InteractionResponseData {
        allowed_mentions: Some(message.allowed_mentions),
        components: message.components,
        content: message.content,
        embeds: message.embeds,
        flags: Some(MessageFlags::EPHEMERAL),
        ..InteractionResponseData::default()
    }
}
