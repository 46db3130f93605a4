//! Direct messages, reactions and pins.

use twilight_http::Response;
use twilight_http::api_error::ApiError;
use twilight_http::error::{Error, ErrorType};
use twilight_http::request::channel::reaction::RequestReactionType;
use twilight_model::application::interaction::Interaction;
use twilight_model::application::interaction::application_command::CommandData;
use twilight_model::channel::Message;
use twilight_model::channel::message::EmojiReactionType;
use twilight_model::gateway::GatewayReaction;
use twilight_model::id::marker::MessageMarker;

use crate::threads::{channel_of, user};
use crate::{Bot, Outcome};

impl Bot {
    pub async fn letter(&self, interaction: &Interaction, command: &CommandData) -> Outcome {
        let who = user(&command.options, "who").ok_or("letter without its reader")?;
        let resolved = command.resolved.as_ref().ok_or("nothing resolved")?;
        let reader = resolved.users.get(&who).ok_or("the user is not resolved")?;
        let direct = self.http.create_private_channel(who).await?.model().await?;
        let hello = format!("hello {}", reader.name);
        let sent = self.http.create_message(direct.id).content(&hello).await;
        self.whisper(interaction, whether("sent", sent)?).await
    }

    pub async fn pin(&self, interaction: &Interaction, command: &CommandData) -> Outcome {
        let target = command.target_id.ok_or("Pin without a target")?;
        let target = target.cast::<MessageMarker>();
        let resolved = command.resolved.as_ref().ok_or("nothing resolved")?;
        let message = resolved.messages.get(&target);
        let channel = channel_of(interaction)?;
        if message.ok_or("the message is not resolved")?.pinned {
            self.http.delete_pin(channel, target).await?;
        } else {
            self.http.create_pin(channel, target).await?;
        }
        let pins = self.http.pins(channel).await?.model().await?;
        let content = format!("pins: {}", pins.items.len());
        self.whisper(interaction, content).await
    }

    /// Reacts as somebody else did, or takes that back as they did.
    pub async fn react(&self, reaction: &GatewayReaction, added: bool) -> Outcome {
        if reaction.user_id == self.me {
            return Ok(());
        }
        let EmojiReactionType::Unicode { name } = &reaction.emoji else {
            return Err("an emoji that is not of Unicode".into());
        };
        let emoji = RequestReactionType::Unicode { name };
        let (channel, message) = (reaction.channel_id, reaction.message_id);
        if added {
            self.http.create_reaction(channel, message, &emoji).await?;
        } else {
            let removal = self
                .http
                .delete_current_user_reaction(channel, message, &emoji);
            removal.await?;
        }
        Ok(())
    }
}

/// What to answer once a message was sent, or refused.
pub fn whether(done: &str, sent: Result<Response<Message>, Error>) -> Result<String, Error> {
    let Err(error) = sent else {
        return Ok(done.to_owned());
    };
    match error.kind() {
        ErrorType::Response {
            error: ApiError::General(refusal),
            ..
        } => Ok(format!("refused {}", refusal.code)),
        _ => Err(error),
    }
}
