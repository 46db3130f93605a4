//! What a person sends to the bot: commands, clicks, choices and modals. Each waits until the bot has answered, or Discord gives up.

use serde_json::{Value, json};

use super::{Person, WHILE_ITS_TOKEN_LASTS, done, sent};
use crate::control::look;
use crate::fields::Fields;
use crate::id::{ChannelId, InteractionId, MessageId, UserId};
use crate::sandbox::Error;
use crate::views::Answer;

impl Person {
    /// Runs a slash command in `#general` of the default server. `name` is the full path in the
    /// default language (`inbox new-tickets name`), `options` an object by option name.
    pub async fn run(&self, name: &str, options: Value) -> Result<Answer, Error> {
        let general = self.hub.look(|world| world.defaults().general);
        self.run_in(general, name, options).await
    }

    /// Runs a slash command in this channel.
    pub async fn run_in(
        &self,
        channel: ChannelId,
        name: &str,
        options: Value,
    ) -> Result<Answer, Error> {
        let id = self.start_command(channel, name, options).await?;
        self.answer_to(id).await
    }

    /// Runs a slash command without waiting for the answer.
    pub async fn start_command(
        &self,
        channel: ChannelId,
        name: &str,
        options: Value,
    ) -> Result<InteractionId, Error> {
        let guild = self.guild_of(channel)?;
        sent(self.actor().run_command(json!({
            "guild_id": guild, "channel_id": channel, "name": name, "options": options,
        })))
    }

    /// Types an option with autocomplete, and waits for what the bot suggests: names and values. The
    /// command is not run.
    pub async fn suggestions(
        &self,
        channel: ChannelId,
        name: &str,
        options: Value,
        focused: &str,
    ) -> Result<Vec<(String, String)>, Error> {
        let guild = self.guild_of(channel)?;
        let id = sent(self.actor().run_command(json!({
            "guild_id": guild, "channel_id": channel, "name": name, "options": options,
            "focused": focused,
        })))?;
        let view = look::answered(&self.hub, self.id, id, WHILE_ITS_TOKEN_LASTS).await?;
        let choices = view["choices"].as_array().cloned().unwrap_or_default();
        let text = |choice: &Value, field: &str| match &choice[field] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let both = |choice: &Value| (text(choice, "name"), text(choice, "value"));
        Ok(choices.iter().map(both).collect())
    }

    /// Picks a command in a message's Apps menu.
    pub async fn use_menu(
        &self,
        name: &str,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<Answer, Error> {
        let id = self.start_menu(name, channel, message).await?;
        self.answer_to(id).await
    }

    /// Picks a command in a message's Apps menu without waiting for the answer.
    pub async fn start_menu(
        &self,
        name: &str,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<InteractionId, Error> {
        self.menu(3, name, channel, message.0).await
    }

    /// Picks a command in a member's Apps menu.
    pub async fn use_user_menu(
        &self,
        name: &str,
        channel: ChannelId,
        user: UserId,
    ) -> Result<Answer, Error> {
        let id = self.start_user_menu(name, channel, user).await?;
        self.answer_to(id).await
    }

    /// Picks a command in a member's Apps menu, without waiting for the response.
    pub async fn start_user_menu(
        &self,
        name: &str,
        channel: ChannelId,
        user: UserId,
    ) -> Result<InteractionId, Error> {
        self.menu(2, name, channel, user.0).await
    }

    async fn menu(
        &self,
        kind: u8,
        name: &str,
        channel: ChannelId,
        target: u64,
    ) -> Result<InteractionId, Error> {
        let guild = self.guild_of(channel)?;
        sent(self.actor().run_command(json!({
            "guild_id": guild, "channel_id": channel, "name": name, "type": kind,
            "target_id": target.to_string(),
        })))
    }

    /// Clicks the button with this `custom_id`.
    pub async fn click(
        &self,
        channel: ChannelId,
        message: MessageId,
        custom_id: &str,
    ) -> Result<Answer, Error> {
        self.choose(channel, message, custom_id, &[]).await
    }

    /// Clicks without waiting for the answer.
    pub async fn start_click(
        &self,
        channel: ChannelId,
        message: MessageId,
        custom_id: &str,
    ) -> Result<InteractionId, Error> {
        self.start_choice(channel, message, custom_id, &[]).await
    }

    /// Chooses in the select menu with this `custom_id`: options' values, or ids.
    pub async fn choose(
        &self,
        channel: ChannelId,
        message: MessageId,
        custom_id: &str,
        values: &[&str],
    ) -> Result<Answer, Error> {
        let id = self
            .start_choice(channel, message, custom_id, values)
            .await?;
        self.answer_to(id).await
    }

    /// Chooses without waiting for the answer.
    pub async fn start_choice(
        &self,
        channel: ChannelId,
        message: MessageId,
        custom_id: &str,
        values: &[&str],
    ) -> Result<InteractionId, Error> {
        let click = json!({
            "channel_id": channel, "message_id": message, "custom_id": custom_id, "values": values,
        });
        let actor = self.actor();
        actor.look_before_clicking(&click).await;
        sent(actor.use_component(click))
    }

    /// Fills in the form that `opened` brought and sends it off. [`Fields`] has something for each
    /// kind of input; texts alone can be given as `[("name", "Mia")]`.
    pub async fn submit(
        &self,
        opened: &Answer,
        fields: impl Into<Fields>,
    ) -> Result<Answer, Error> {
        let id = self.start_submission(opened, fields).await?;
        self.answer_to(id).await
    }

    /// As [`Person::submit`], without waiting for the answer.
    pub async fn start_submission(
        &self,
        opened: &Answer,
        fields: impl Into<Fields>,
    ) -> Result<InteractionId, Error> {
        let (values, attachments) = fields.into().into_parts();
        self.send_form(opened, &values, &attachments)
    }

    /// As [`Person::submit`], with an object by custom id.
    pub async fn submit_json(&self, opened: &Answer, values: Value) -> Result<Answer, Error> {
        let id = self.send_form(opened, &values, &json!([]))?;
        self.answer_to(id).await
    }

    fn send_form(
        &self,
        opened: &Answer,
        values: &Value,
        attachments: &Value,
    ) -> Result<InteractionId, Error> {
        opened.modal()?;
        sent(self.actor().submit_modal(json!({
            "interaction_id": opened.id, "values": values, "attachments": attachments,
        })))
    }

    /// Closes the modal that `opened` contains.
    pub async fn dismiss(&self, opened: &Answer) -> Result<(), Error> {
        opened.modal()?;
        done(
            self.actor()
                .submit_modal(json!({"interaction_id": opened.id, "dismiss": true})),
        )
    }

    /// Sends the bot an interaction that no client could make, as `POST …/forgeries` does: for
    /// example `{"channel_id": …, "custom_id": "not mine"}`.
    pub async fn forge(&self, interaction: Value) -> Result<Answer, Error> {
        let id = sent(self.actor().forge(interaction))?;
        self.answer_to(id).await
    }

    /// Waits for the response to an interaction that was started.
    pub async fn answer_to(&self, id: InteractionId) -> Result<Answer, Error> {
        let view = look::answered(&self.hub, self.id, id, WHILE_ITS_TOKEN_LASTS).await?;
        Ok(Answer::read(&view))
    }

    /// The present state of an interaction's response.
    pub async fn answer_so_far(&self, id: InteractionId) -> Result<Answer, Error> {
        let (view, _) = look::interaction(&self.hub, self.id, id)?;
        Ok(Answer::read(&view))
    }
}
