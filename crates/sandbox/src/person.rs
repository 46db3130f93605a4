//! Acting and reading as a person. Every method does what the control API does for the page.
#![expect(
    clippy::unused_async,
    reason = "a test reads the same whether an action waits for the bot or not"
)]

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::control::act::Actor;
use crate::control::{ControlError, look};
use crate::fields::Fields;
use crate::hub::Hub;
use crate::id::{ChannelId, GuildId, InteractionId, MessageId, RoleId, UserId};
use crate::sandbox::Error;
use crate::views::{Answer, Channel, Message};
use crate::wire::read::FilePart;
use crate::world::draft::{Page, Start};

/// An interaction whose answer is "thinking" until then will never have another.
const WHILE_ITS_TOKEN_LASTS: Duration = Duration::from_secs(15 * 60);

/// Somebody in the sandbox. What a method refuses, Discord would refuse.
#[derive(Clone)]
pub struct Person {
    hub: Arc<Hub>,
    id: UserId,
}

/// Messages.
impl Person {
    /// Sends a message.
    pub async fn send(&self, channel: ChannelId, content: &str) -> Result<Message, Error> {
        self.send_json(channel, json!({"content": content})).await
    }

    /// Sends a message that has more than text, such as a `message_reference`: the body of
    /// `POST /control/people/{person}/channels/{channel}/messages`.
    pub async fn send_json(&self, channel: ChannelId, body: Value) -> Result<Message, Error> {
        Ok(Message(self.actor().send(channel, body)?))
    }

    /// Sends a message with files: each a name, a content type and the bytes.
    pub async fn upload(
        &self,
        channel: ChannelId,
        content: &str,
        files: &[(&str, &str, &[u8])],
    ) -> Result<Message, Error> {
        let parts = (0..)
            .zip(files)
            .map(|(index, (filename, content_type, data))| FilePart {
                index,
                filename: (*filename).to_owned(),
                content_type: Some((*content_type).to_owned()),
                data: (*data).into(),
            });
        let parts = parts.collect();
        Ok(Message(self.actor().send_with(
            channel,
            &json!({"content": content}),
            parts,
        )?))
    }

    /// Edits an own message.
    pub async fn edit(
        &self,
        channel: ChannelId,
        message: MessageId,
        content: &str,
    ) -> Result<Message, Error> {
        Ok(Message(self.actor().edit(
            channel,
            message,
            &json!({"content": content}),
        )?))
    }

    /// Deletes a message, or dismisses an ephemeral one.
    pub async fn delete_message(
        &self,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<(), Error> {
        done(self.actor().delete_message(channel, message))
    }

    /// Deletes several messages at once.
    pub async fn bulk_delete(
        &self,
        channel: ChannelId,
        messages: &[MessageId],
    ) -> Result<(), Error> {
        done(
            self.actor()
                .bulk_delete(channel, json!({"messages": messages})),
        )
    }

    /// What a webhook made by this person sends: `{username?, content?, embeds?}`.
    pub async fn send_as_webhook(&self, channel: ChannelId, body: Value) -> Result<Message, Error> {
        Ok(Message(self.actor().send_as_webhook(channel, body)?))
    }
}

/// Commands, buttons, menus and forms. Each waits until the bot has answered, or Discord gives up.
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
        let id = self.menu(2, name, channel, user.0).await?;
        self.answer_to(id).await
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

    /// Closes the form that `opened` brought.
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

    /// Waits for the answer to something that was started.
    pub async fn answer_to(&self, id: InteractionId) -> Result<Answer, Error> {
        let view = look::answered(&self.hub, self.id, id, WHILE_ITS_TOKEN_LASTS).await?;
        Ok(Answer::read(&view))
    }

    /// How far the answer has come.
    pub async fn answer_so_far(&self, id: InteractionId) -> Result<Answer, Error> {
        let (view, _) = look::interaction(&self.hub, self.id, id)?;
        Ok(Answer::read(&view))
    }
}

/// Threads.
impl Person {
    pub async fn create_thread(
        &self,
        channel: ChannelId,
        name: &str,
        private: bool,
    ) -> Result<Channel, Error> {
        let kind = if private { 12 } else { 11 };
        let body = json!({"name": name, "type": kind});
        Ok(Channel(self.actor().create_thread(channel, &body)?))
    }

    /// Creates a thread from a message, which everybody can see who sees the channel.
    pub async fn create_thread_from(
        &self,
        channel: ChannelId,
        message: MessageId,
        name: &str,
    ) -> Result<Channel, Error> {
        let body = json!({"name": name});
        let made = self.actor().create_thread_from(channel, message, &body)?;
        Ok(Channel(made))
    }

    /// Many threads at once: `name 1`, `name 2`, …. A server has room for 1,000 active ones.
    pub async fn create_threads(
        &self,
        channel: ChannelId,
        name: &str,
        private: bool,
        count: u32,
    ) -> Result<Vec<Channel>, Error> {
        let kind = if private { 12 } else { 11 };
        let body = json!({"name": name, "type": kind, "count": count});
        let made = self.actor().create_thread(channel, &body)?;
        let made = made.as_array().into_iter().flatten();
        Ok(made.cloned().map(Channel).collect())
    }

    pub async fn join(&self, thread: ChannelId) -> Result<(), Error> {
        self.add(thread, self.id).await
    }

    pub async fn leave(&self, thread: ChannelId) -> Result<(), Error> {
        self.remove(thread, self.id).await
    }

    /// Adds somebody to a thread.
    pub async fn add(&self, thread: ChannelId, user: UserId) -> Result<(), Error> {
        done(self.actor().add_to_thread(thread, user))
    }

    /// Removes somebody from a thread.
    pub async fn remove(&self, thread: ChannelId, user: UserId) -> Result<(), Error> {
        done(self.actor().remove_from_thread(thread, user))
    }

    pub async fn archive(&self, thread: ChannelId) -> Result<Channel, Error> {
        self.edit_channel(thread, json!({"archived": true})).await
    }

    /// Brings a thread back from the archive.
    pub async fn reopen(&self, thread: ChannelId) -> Result<Channel, Error> {
        self.edit_channel(thread, json!({"archived": false})).await
    }

    pub async fn lock(&self, thread: ChannelId) -> Result<Channel, Error> {
        self.edit_channel(thread, json!({"locked": true})).await
    }

    pub async fn unlock(&self, thread: ChannelId) -> Result<Channel, Error> {
        self.edit_channel(thread, json!({"locked": false})).await
    }

    pub async fn rename(&self, channel: ChannelId, name: &str) -> Result<Channel, Error> {
        self.edit_channel(channel, json!({"name": name})).await
    }
}

/// The server, its channels, roles and members.
impl Person {
    /// Changes a channel or a thread.
    pub async fn edit_channel(&self, channel: ChannelId, edit: Value) -> Result<Channel, Error> {
        Ok(Channel(self.actor().edit_channel(channel, &edit)?))
    }

    /// Deletes a channel or a thread.
    pub async fn delete(&self, channel: ChannelId) -> Result<(), Error> {
        done(self.actor().delete_channel(channel))
    }

    /// Makes a channel in the default server; `kind` is 0 for text, 5 for announcements.
    pub async fn create_channel(&self, name: &str, kind: u8) -> Result<Channel, Error> {
        let body = json!({"name": name, "type": kind});
        Ok(Channel(self.actor().create_channel(self.guild(), &body)?))
    }

    /// Sets a role's permissions in a channel. Bits as in [`crate::permissions::Permissions`].
    pub async fn set_role_overwrite(
        &self,
        channel: ChannelId,
        role: RoleId,
        allow: u64,
        deny: u64,
    ) -> Result<(), Error> {
        self.overwrite(channel, role.0, 0, allow, deny)
    }

    /// Sets a member's permissions in a channel.
    pub async fn set_member_overwrite(
        &self,
        channel: ChannelId,
        user: UserId,
        allow: u64,
        deny: u64,
    ) -> Result<(), Error> {
        self.overwrite(channel, user.0, 1, allow, deny)
    }

    fn overwrite(
        &self,
        channel: ChannelId,
        target: u64,
        kind: u8,
        allow: u64,
        deny: u64,
    ) -> Result<(), Error> {
        let body = json!({"type": kind, "allow": allow.to_string(), "deny": deny.to_string()});
        done(self.actor().set_overwrite(channel, target, &body))
    }

    /// Removes a role's or a member's permissions in a channel.
    pub async fn delete_overwrite(&self, channel: ChannelId, target: u64) -> Result<(), Error> {
        done(self.actor().delete_overwrite(channel, target))
    }

    /// Makes a role in the default server: `{name?, color?, permissions?, mentionable?, hoist?}`.
    pub async fn create_role(&self, role: Value) -> Result<RoleId, Error> {
        let made = self.actor().create_role(self.guild(), &role)?;
        let id = RoleId::from_json(&made["id"]);
        Ok(id.ok_or_else(|| ControlError::wrong(format!("the new role has no id: {made}")))?)
    }

    pub async fn edit_role(&self, role: RoleId, edit: Value) -> Result<(), Error> {
        done(self.actor().edit_role(self.guild(), role, &edit))
    }

    pub async fn delete_role(&self, role: RoleId) -> Result<(), Error> {
        done(self.actor().delete_role(self.guild(), role))
    }

    pub async fn give_role(&self, user: UserId, role: RoleId) -> Result<(), Error> {
        done(self.actor().give_role(self.guild(), user, role))
    }

    pub async fn take_role(&self, user: UserId, role: RoleId) -> Result<(), Error> {
        done(self.actor().take_role(self.guild(), user, role))
    }

    /// Changes a member of the default server: `{nick?, roles?, communication_disabled_until?}`.
    pub async fn edit_member(&self, user: UserId, edit: Value) -> Result<Value, Error> {
        Ok(self.actor().edit_member(self.guild(), user, &edit)?)
    }

    /// Times a member of the default server out for so long; for no time at all to end it.
    pub async fn time_out(&self, user: UserId, how_long: Duration) -> Result<(), Error> {
        let millis = i64::try_from(how_long.as_millis()).unwrap_or(i64::MAX);
        let until = (millis > 0).then(|| self.hub.now().plus(millis));
        let edit = json!({"communication_disabled_until": until});
        done(self.actor().edit_member(self.guild(), user, &edit))
    }

    /// Removes a member, or the bot, from the default server.
    pub async fn kick(&self, user: UserId) -> Result<(), Error> {
        done(self.actor().remove_member(self.guild(), user))
    }

    /// Invites the bot (back) into the default server.
    pub async fn invite(&self, bot: UserId) -> Result<(), Error> {
        done(self.actor().add_member(self.guild(), bot))
    }

    /// Leaves the default server.
    pub async fn leave_guild(&self) -> Result<(), Error> {
        done(self.actor().remove_member(self.guild(), self.id))
    }

    /// Comes (back) into the default server.
    pub async fn join_guild(&self) -> Result<(), Error> {
        done(self.actor().add_member(self.guild(), self.id))
    }

    /// Changes the default server: `{preferred_locale?, name?}`.
    pub async fn edit_guild(&self, edit: Value) -> Result<(), Error> {
        done(self.actor().edit_guild(self.guild(), &edit))
    }

    /// Changes the language of this person's client.
    pub async fn set_locale(&self, locale: &str) -> Result<(), Error> {
        done(self.actor().edit_self(json!({"locale": locale})))
    }

    /// Changes how the person is called everywhere.
    pub async fn set_global_name(&self, name: &str) -> Result<(), Error> {
        done(self.actor().edit_self(json!({"global_name": name})))
    }
}

/// Looking.
impl Person {
    pub fn id(&self) -> UserId {
        self.id
    }

    /// All that the person's client knows: `{me, guilds: [...]}`, as CONTROL.md has it.
    pub async fn view(&self) -> Result<Value, Error> {
        Ok(look::view(&self.hub, self.id)?)
    }

    /// A channel or a thread.
    pub async fn channel(&self, channel: ChannelId) -> Result<Channel, Error> {
        Ok(Channel(look::channel(&self.hub, self.id, channel)?))
    }

    /// The channel with this name, if the person can see it.
    pub async fn channel_named(&self, name: &str) -> Result<Channel, Error> {
        let view = self.view().await?;
        let channels = view["guilds"].as_array().into_iter().flatten();
        let mut channels = channels
            .filter_map(|guild| guild["channels"].as_array())
            .flatten();
        let found = channels
            .find(|channel| channel["name"] == name)
            .cloned()
            .map(Channel);
        let unknown = || ControlError::Unknown(format!("{self:?} sees no channel #{name}"));
        Ok(found.ok_or_else(unknown)?)
    }

    /// The newest 100 messages that the person sees, newest first, with their ephemeral ones.
    pub async fn messages(&self, channel: ChannelId) -> Result<Vec<Message>, Error> {
        let page = Page {
            start: Start::Newest,
            limit: 100,
        };
        Ok(items(
            look::messages(&self.hub, self.id, channel, page)?,
            Message,
        ))
    }

    /// The active threads that the person sees, in all their servers.
    pub async fn threads(&self) -> Result<Vec<Channel>, Error> {
        let view = self.view().await?;
        let guilds = view["guilds"].as_array().into_iter().flatten();
        let threads = guilds
            .filter_map(|guild| guild["threads"].as_array())
            .flatten();
        Ok(threads.cloned().map(Channel).collect())
    }

    /// The archived threads under a channel that the person sees, newest first.
    pub async fn archived_threads(&self, channel: ChannelId) -> Result<Vec<Channel>, Error> {
        let mut list = look::threads(&self.hub, self.id, channel, true)?;
        Ok(items(list["threads"].take(), Channel))
    }

    /// Who is in a thread.
    pub async fn thread_members(&self, thread: ChannelId) -> Result<Vec<UserId>, Error> {
        let members = look::thread_members(&self.hub, self.id, thread)?;
        let members = members.as_array().into_iter().flatten();
        Ok(members
            .filter_map(|member| UserId::from_json(&member["user_id"]))
            .collect())
    }

    /// The commands that the person may use in the default server, with all localisations.
    pub async fn commands(&self) -> Result<Vec<Value>, Error> {
        Ok(items(
            look::commands(&self.hub, self.id, self.guild())?,
            |command| command,
        ))
    }

    fn actor(&self) -> Actor<'_> {
        Actor {
            hub: &self.hub,
            id: self.id,
        }
    }

    fn guild(&self) -> GuildId {
        self.hub.look(|world| world.defaults().guild)
    }

    fn guild_of(&self, channel: ChannelId) -> Result<GuildId, Error> {
        let guild = self.hub.look(|world| Some(world.place(channel)?.guild()));
        let unknown = || ControlError::Unknown(format!("there is no channel {channel}"));
        Ok(guild.ok_or_else(unknown)?)
    }

    pub(crate) fn new(hub: Arc<Hub>, id: UserId) -> Self {
        Self { hub, id }
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self
            .hub
            .look(|w| w.user(self.id).map(|user| user.display_name().to_owned()));
        write!(f, "{} ({})", name.as_deref().unwrap_or("nobody"), self.id)
    }
}

/// The id of what was sent to the bot.
fn sent(answer: Result<Value, ControlError>) -> Result<InteractionId, Error> {
    let answer = answer?;
    let id = InteractionId::from_json(&answer["id"]);
    Ok(id.ok_or_else(|| ControlError::wrong(format!("the interaction has no id: {answer}")))?)
}

fn done(answer: Result<Value, ControlError>) -> Result<(), Error> {
    Ok(answer.map(drop)?)
}

fn items<T>(list: Value, wrap: impl Fn(Value) -> T) -> Vec<T> {
    match list {
        Value::Array(items) => items.into_iter().map(wrap).collect(),
        _ => Vec::new(),
    }
}
