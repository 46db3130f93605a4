//! The answer to one interaction: first in time, then in full.
//!
//! Discord takes a first answer within three seconds only, and only one. Whoever says something
//! says it here, and does not need to know what was said before.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tickets::text::Text;
use tokio::sync::Mutex;
use tokio::time::timeout;
use twilight_model::channel::message::MessageFlags;
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType as Kind,
};

use crate::context::Prompt;
use crate::discord::{Discord, Error, Message, code};
use crate::from_discord::interaction::Reply;
use crate::store::{OwedAnswer, Store, StoreError};
use crate::translate::{Language, say};

/// An interaction's answer. Everything in it is seen by the member alone.
pub struct Answer {
    discord: Discord,
    store: Store,
    application: u64,
    reply: Reply,
    language: Language,
    state: Mutex<State>,
    /// Whether the database may say that this answer is owed.
    is_owed: AtomicBool,
}

/// How long the database may take before a member is shown a sign without it.
const WRITING: Duration = Duration::from_millis(300);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was said yet.
    Silent,
    /// Discord shows that the bot is thinking.
    Deferred,
    Answered,
    /// Discord does not know the interaction any more.
    TooLate,
}

impl Answer {
    pub fn new(discord: Discord, store: Store, application: u64, reply: Reply) -> Self {
        Self {
            discord,
            store,
            application,
            is_owed: AtomicBool::new(false),
            language: Language::of(&reply.locale),
            reply,
            state: Mutex::new(State::Silent),
        }
    }

    /// The interaction's id, which is good as a name for what it causes.
    pub fn id(&self) -> u64 {
        self.reply.id
    }

    /// The interaction's token; a secret.
    pub fn token(&self) -> &str {
        &self.reply.token
    }

    /// The member's language, as Discord codes it.
    pub fn locale(&self) -> &str {
        &self.reply.locale
    }

    /// The member's language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The server's language as the interaction tells it.
    pub fn guild_language(&self) -> Language {
        Language::of(&self.reply.guild_locale)
    }

    /// How to find this answer again.
    pub fn prompt(&self) -> Prompt {
        Prompt {
            token: self.reply.token.clone(),
            at: self.reply.at,
        }
    }

    /// Makes sure that the member sees something in time, before what may take long. If the bot
    /// ends meanwhile, the next start tells them so.
    pub async fn defer(&self) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        if *state != State::Silent {
            return Ok(());
        }
        self.write_down().await;
        let sent = self.discord.defer(self.reply.id, &self.reply.token).await;
        settle(&mut state, sent, State::Deferred)
    }

    /// The same where it is written down already what the member waits for.
    pub async fn acknowledge(&self) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        if *state != State::Silent {
            return Ok(());
        }
        let sent = self.discord.defer(self.reply.id, &self.reply.token).await;
        settle(&mut state, sent, State::Deferred)
    }

    /// Acknowledges it, and says whether Discord still takes an answer.
    pub async fn is_wanted(&self) -> Result<bool, Error> {
        self.defer().await?;
        let is_wanted = *self.state.lock().await != State::TooLate;
        if !is_wanted {
            self.given().await;
        }
        Ok(is_wanted)
    }

    /// Says a sentence.
    pub async fn say(&self, text: Text) -> Result<(), Error> {
        self.send(Message::text(say(text, self.language))).await
    }

    /// Says a sentence in the place of "thinking". The answer is still to come, in its place.
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
        settle(&mut state, sent, State::Deferred)
    }

    /// Answers, or fills in the answer that was deferred, or adds to the answer.
    pub async fn send(&self, message: Message) -> Result<(), Error> {
        self.speak(Kind::ChannelMessageWithSource, message).await
    }

    /// Changes the message that the used component is on.
    pub async fn update(&self, message: Message) -> Result<(), Error> {
        let kind = if self.reply.from_component {
            Kind::UpdateMessage
        } else {
            Kind::ChannelMessageWithSource
        };
        self.speak(kind, message).await
    }

    /// Opens a form. Possible only as the very first answer.
    pub async fn show(&self, form: InteractionResponseData) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        if *state != State::Silent {
            return Err(Error::Malformed(
                "a form was to be shown after another answer".to_owned(),
            ));
        }
        let sent = self.respond(Kind::Modal, form).await;
        settle(&mut state, sent, State::Answered)
    }

    /// Puts this in the place of whatever was said.
    pub async fn correct(&self, text: Text) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        match *state {
            State::Deferred | State::Answered => {
                let message = Message::text(say(text, self.language));
                let sent = self
                    .discord
                    .edit_answer(self.application, &self.reply.token, &message)
                    .await;
                settle(&mut state, sent, State::Answered)?;
                drop(state);
                self.given().await;
                Ok(())
            }
            State::Silent | State::TooLate => {
                drop(state);
                self.say(text).await
            }
        }
    }

    async fn speak(&self, kind: Kind, mut message: Message) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        let token = &self.reply.token;
        let sent = match *state {
            State::Silent => self.respond(kind, data(message)).await,
            State::Deferred => {
                self.discord
                    .edit_answer(self.application, token, &message)
                    .await
            }
            State::Answered => {
                message.flags = Some(MessageFlags::EPHEMERAL);
                self.discord
                    .follow_up(self.application, token, &message)
                    .await
            }
            State::TooLate => Ok(()),
        };
        settle(&mut state, sent, State::Answered)?;
        drop(state);
        self.given().await;
        Ok(())
    }

    /// It was written down elsewhere that this answer is owed.
    pub fn is_owed(&self) {
        self.is_owed.store(true, Ordering::Relaxed);
    }

    /// A member who waits is worth more than a note that cannot be taken at once.
    async fn write_down(&self) {
        let owed = OwedAnswer {
            interaction: self.reply.id,
            token: self.reply.token.clone(),
            locale: self.reply.locale.clone(),
            begun_at: self.reply.at,
            posting: None,
        };
        self.is_owed();
        match timeout(WRITING, self.store.owe_answer(owed)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "an answer that is owed is not written down"),
            Err(_) => tracing::warn!("the database is slow; a member is answered without it"),
        }
    }

    /// Nothing is owed any more.
    async fn given(&self) {
        if !self.is_owed.swap(false, Ordering::Relaxed) {
            return;
        }
        match self.store.answer_given(self.reply.id).await {
            Ok(()) | Err(StoreError::Closed) => {}
            Err(error) => tracing::warn!(%error, "that an answer was given is not written down"),
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

/// Remembers what was said. That it is too late is nobody's fault that could be mended, and must
/// not stop what the member asked for.
fn settle(state: &mut State, sent: Result<(), Error>, said: State) -> Result<(), Error> {
    match sent {
        Ok(()) if *state == State::TooLate => Ok(()),
        Ok(()) => {
            *state = said;
            Ok(())
        }
        Err(error) if is_too_late(&error) => {
            tracing::warn!(%error, "an answer came too late for Discord");
            *state = State::TooLate;
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Discord has forgotten the interaction, the member has dismissed the answer, or the channel of both
/// is gone.
pub fn is_too_late(error: &Error) -> bool {
    matches!(
        error.code(),
        Some(
            code::UNKNOWN_INTERACTION
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
