//! The bot's calls to Discord: one method each.

use std::collections::HashMap;

use hyper::Method;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tickets::{ChannelId, GuildId, MessageId, RoleId, UserId};
use twilight_model::application::command::Command;
use twilight_model::channel::message::{AllowedMentions, Component, Embed, MessageFlags};
use twilight_model::http::attachment::Attachment;
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};

use super::answers::{
    Application, ArchivedPage, ArchivedThreads, GatewayBot, GuildMember, Page, Sent, Thread,
    ThreadMember,
};
use super::http::{Again, Body, Call, Form};
use super::wire::Snowflake;
use super::{Discord, Error, code, wire};

/// A message to send or to edit. A field that is `None` is not sent: an edit does not change it.
#[derive(Debug, Default, Serialize)]
pub struct Message {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embeds: Option<Vec<Embed>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<Component>>,
    /// All files of the message: an edit removes those that are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attachment>>,
    /// If it were missing, Discord would ping everybody whom the message mentions.
    pub allowed_mentions: AllowedMentions,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<MessageFlags>,
    /// With an enforced nonce, Discord creates the message once, even if the call is retried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforce_nonce: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_reference: Option<Reference>,
}

/// The message that is replied to.
#[derive(Debug, Serialize)]
pub struct Reference {
    message_id: String,
    fail_if_not_exists: bool,
}

impl Message {
    /// A text message that pings nobody.
    pub fn text(content: String) -> Self {
        Self {
            content: Some(content),
            ..Self::default()
        }
    }

    /// With this nonce (25 characters at most), Discord creates the message at most once within a few
    /// minutes.
    #[must_use]
    pub fn once(mut self, name: String) -> Self {
        self.nonce = Some(name);
        self.enforce_nonce = Some(true);
        self
    }

    /// A reply, even if that message has been deleted in the meantime.
    #[must_use]
    pub fn in_reply_to(mut self, message: MessageId) -> Self {
        self.message_reference = Some(Reference {
            message_id: message.to_string(),
            fail_if_not_exists: false,
        });
        self
    }

    /// The request body: JSON, or a multipart form if the message has files.
    fn body(&self) -> Result<Body, Error> {
        let payload = to_json(self)?;
        Ok(match &self.attachments {
            Some(files) if !files.is_empty() => {
                let form = Form::new().json("payload_json", &payload);
                Body::Form(files.iter().fold(form, |form, file| {
                    let name = format!("files[{}]", file.id);
                    // `Uploads` has already made the names safe.
                    form.file(&name, &file.filename, &file.file)
                }))
            }
            _ => Body::Json(payload),
        })
    }
}

/// The outcome of acknowledging an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledgement {
    Done,
    /// Another process has acknowledged the interaction.
    Foreign,
}

/// How many members of a thread Discord lists with one call.
const MEMBERS_PAGE: usize = 100;

/// A change to a thread.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct ThreadChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
}

impl ThreadChange {
    /// Archives or unarchives a thread, and leaves its lock as it is.
    pub fn archived(archived: bool) -> Self {
        Self {
            archived: Some(archived),
            locked: None,
        }
    }
}

impl Discord {
    // The application.

    /// Waits for Discord's rate limits without a time limit: if the start failed, a service manager would
    /// restart the bot at once, and each restart would make another call while Discord blocks it.
    pub async fn application(&self) -> Result<Application, Error> {
        self.get_at_last("applications/@me").await
    }

    /// Waits for Discord's rate limits without a time limit, as [`Discord::application`] does.
    pub async fn gateway_bot(&self) -> Result<GatewayBot, Error> {
        self.get_at_last("gateway/bot").await
    }

    /// Replaces all commands, everywhere or in one server.
    pub async fn set_commands(
        &self,
        application: u64,
        guild: Option<GuildId>,
        commands: &[Command],
    ) -> Result<(), Error> {
        let guild_path = guild.map(|id| format!("/guilds/{id}")).unwrap_or_default();
        let mut call = Call::new(
            Method::PUT,
            format!("applications/{application}{guild_path}/commands"),
        );
        call.body = Body::Json(to_json(&commands)?);
        self.http.send(&call).await.map(drop)
    }

    /// Adds a command in one server, or replaces the one with its name.
    pub async fn add_command(
        &self,
        application: u64,
        guild: GuildId,
        command: &Command,
    ) -> Result<(), Error> {
        let path = format!("applications/{application}/guilds/{guild}/commands");
        let mut call = Call::new(Method::POST, path);
        call.body = Body::Json(to_json(command)?);
        self.http.send(&call).await.map(drop)
    }

    /// The ids and names of the commands that are registered in one server only.
    pub async fn commands_of(
        &self,
        application: u64,
        guild: GuildId,
    ) -> Result<Vec<(u64, String)>, Error> {
        #[derive(Deserialize)]
        struct Known {
            id: Snowflake,
            name: String,
        }
        let path = format!("applications/{application}/guilds/{guild}/commands");
        let known: Vec<Known> = self.get(path).await?;
        Ok(known.into_iter().map(|it| (it.id.0, it.name)).collect())
    }

    pub async fn delete_command(
        &self,
        application: u64,
        guild: GuildId,
        id: u64,
    ) -> Result<(), Error> {
        let path = format!("applications/{application}/guilds/{guild}/commands/{id}");
        let call = Call::new(Method::DELETE, path);
        self.http.send(&call).await.map(drop)
    }

    // Interactions.

    /// Gives the first response to an interaction.
    pub async fn respond(
        &self,
        interaction: u64,
        token: &str,
        response: &InteractionResponse,
    ) -> Result<(), Error> {
        let mut call = Call::new(
            Method::POST,
            format!("interactions/{interaction}/{token}/callback"),
        );
        call.body = Body::Json(to_json(response)?);
        self.http.send(&call).await.map(drop)
    }

    /// Gives the first response, and returns the id of the message that it created.
    pub async fn respond_with_message(
        &self,
        interaction: u64,
        token: &str,
        response: &InteractionResponse,
    ) -> Result<MessageId, Error> {
        #[derive(Deserialize)]
        struct Answer {
            interaction: Interaction,
        }
        #[derive(Deserialize)]
        struct Interaction {
            response_message_id: Snowflake,
        }
        let mut call = Call::new(
            Method::POST,
            format!("interactions/{interaction}/{token}/callback?with_response=true"),
        );
        call.body = Body::Json(to_json(response)?);
        let answer: Answer = parse(&self.http.send(&call).await?)?;
        Ok(answer.interaction.response_message_id.into())
    }

    /// Defers the response: Discord shows a new message as "thinking", which only the invoker can see, or
    /// leaves the message with the used component as it is until the bot edits it.
    pub async fn acknowledge(
        &self,
        interaction: u64,
        token: &str,
        kind: InteractionResponseType,
    ) -> Result<Acknowledgement, Error> {
        let data = InteractionResponseData {
            flags: Some(MessageFlags::EPHEMERAL),
            ..InteractionResponseData::default()
        };
        let response = InteractionResponse {
            kind,
            data: Some(data),
        };
        match self.respond(interaction, token, &response).await {
            Err(error) if error.is_acknowledged() => Ok(Acknowledgement::Foreign),
            done => done.map(|()| Acknowledgement::Done),
        }
    }

    /// Edits the first response, or completes a deferred one.
    pub async fn edit_answer(
        &self,
        application: u64,
        token: &str,
        message: &Message,
    ) -> Result<(), Error> {
        let mut call = Call::new(
            Method::PATCH,
            format!("webhooks/{application}/{token}/messages/@original"),
        );
        call.body = message.body()?;
        self.http.send(&call).await.map(drop)
    }

    /// The message of the first response, also of a deferred one. `None` if there is none.
    pub async fn first_answer(&self, application: u64, token: &str) -> Result<Option<Sent>, Error> {
        let path = format!("webhooks/{application}/{token}/messages/@original");
        match self.get(path).await {
            Ok(sent) => Ok(Some(sent)),
            Err(error) if error.is_gone() || error.code() == Some(code::INVALID_TOKEN) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends another message after the first response.
    pub async fn follow_up(
        &self,
        application: u64,
        token: &str,
        message: &Message,
    ) -> Result<(), Error> {
        let mut call = Call::new(Method::POST, format!("webhooks/{application}/{token}"));
        call.body = message.body()?;
        call.again = Again::WhenUnsent;
        self.http.send(&call).await.map(drop)
    }

    pub async fn delete_answer(&self, application: u64, token: &str) -> Result<(), Error> {
        let path = format!("webhooks/{application}/{token}/messages/@original");
        self.http
            .send(&Call::new(Method::DELETE, path))
            .await
            .map(drop)
    }

    // Messages.

    /// Sends a message. Without a nonce, it is not retried if the outcome is unknown.
    pub async fn send(&self, channel: ChannelId, message: &Message) -> Result<Sent, Error> {
        self.send_as(channel, message, false).await
    }

    /// Sends a message that may itself be the cause of a 500, such as one that mentions a large role. After a
    /// 500, it is retried at most once.
    pub async fn try_to_send(&self, channel: ChannelId, message: &Message) -> Result<Sent, Error> {
        self.send_as(channel, message, true).await
    }

    async fn send_as(
        &self,
        channel: ChannelId,
        message: &Message,
        may_be_its_fault: bool,
    ) -> Result<Sent, Error> {
        let mut call = Call::new(Method::POST, format!("channels/{channel}/messages"));
        call.body = message.body()?;
        call.may_be_its_fault = may_be_its_fault;
        if message.enforce_nonce != Some(true) {
            call.again = Again::WhenUnsent;
        }
        parse(&self.http.send(&call).await?)
    }

    pub async fn edit_message(
        &self,
        channel: ChannelId,
        id: MessageId,
        message: &Message,
    ) -> Result<(), Error> {
        let mut call = Call::new(Method::PATCH, format!("channels/{channel}/messages/{id}"));
        call.body = message.body()?;
        self.http.send(&call).await.map(drop)
    }

    pub async fn delete_message(&self, channel: ChannelId, id: MessageId) -> Result<(), Error> {
        let call = Call::new(Method::DELETE, format!("channels/{channel}/messages/{id}"));
        self.http.send(&call).await.map(drop)
    }

    /// The first messages of a thread, newest first, which is Discord's order.
    pub async fn first_messages(&self, thread: ChannelId) -> Result<Vec<Sent>, Error> {
        // The ids of messages are greater than the id of their thread.
        self.messages_after(thread, thread.0).await
    }

    /// The pages that this author has posted among the first messages of a thread, oldest first.
    pub async fn first_pages(&self, thread: ChannelId, author: UserId) -> Result<Vec<Page>, Error> {
        let path = format!("channels/{thread}/messages?after={thread}&limit=50");
        let messages: Vec<wire::Message> = self.get(path).await?;
        let pages = messages.into_iter();
        let mut pages: Vec<_> = pages.filter_map(|it| Page::of(it, author)).collect();
        pages.sort_by_key(|page| page.id);
        Ok(pages)
    }

    /// The first messages whose ids are greater than this one, newest first.
    pub async fn messages_after(&self, channel: ChannelId, id: u64) -> Result<Vec<Sent>, Error> {
        let path = format!("channels/{channel}/messages?after={id}&limit=50");
        self.get(path).await
    }

    /// The last messages of a thread, newest first.
    pub async fn last_messages(&self, thread: ChannelId) -> Result<Vec<Sent>, Error> {
        self.get(format!("channels/{thread}/messages?limit=50"))
            .await
    }

    /// The present state of a message.
    pub async fn message(&self, channel: ChannelId, id: MessageId) -> Result<Sent, Error> {
        self.get(format!("channels/{channel}/messages/{id}")).await
    }

    // Checks whether an object still exists; the error says why not.

    pub async fn see_message(&self, channel: ChannelId, id: MessageId) -> Result<(), Error> {
        self.see(format!("channels/{channel}/messages/{id}")).await
    }

    pub async fn see_channel(&self, channel: ChannelId) -> Result<(), Error> {
        self.see(format!("channels/{channel}")).await
    }

    /// The present state of a channel.
    pub async fn channel(&self, channel: ChannelId) -> Result<wire::Channel, Error> {
        self.get(format!("channels/{channel}")).await
    }

    /// How many members have each role.
    pub async fn role_sizes(&self, guild: GuildId) -> Result<HashMap<RoleId, u64>, Error> {
        let path = format!("guilds/{guild}/roles/member-counts");
        let sizes: HashMap<Snowflake, u64> = self.get(path).await?;
        Ok(sizes
            .into_iter()
            .map(|(role, size)| (role.into(), size))
            .collect())
    }

    pub async fn see_role(&self, guild: GuildId, role: RoleId) -> Result<(), Error> {
        self.see(format!("guilds/{guild}/roles/{role}")).await
    }

    /// The names of a server's channels.
    pub async fn channel_names(&self, guild: GuildId) -> Result<Vec<(ChannelId, String)>, Error> {
        #[derive(Deserialize)]
        struct Channel {
            id: Snowflake,
            #[serde(default)]
            name: Option<String>,
        }
        let channels: Vec<Channel> = self.get(format!("guilds/{guild}/channels")).await?;
        let name = |channel: Channel| Some((channel.id.into(), channel.name?));
        Ok(channels.into_iter().filter_map(name).collect())
    }

    /// The names of a server's roles.
    pub async fn role_names(&self, guild: GuildId) -> Result<Vec<(RoleId, String)>, Error> {
        #[derive(Deserialize)]
        struct Role {
            id: Snowflake,
            name: String,
        }
        let roles: Vec<Role> = self.get(format!("guilds/{guild}/roles")).await?;
        let roles = roles.into_iter();
        Ok(roles.map(|role| (role.id.into(), role.name)).collect())
    }

    // Threads.

    /// Creates a private thread. Only its creator and moderators can invite members to it, and Discord hides
    /// it after `hide_after` minutes without a message. If the outcome is unknown, this is not retried: the
    /// caller searches for the thread first.
    pub async fn create_thread(
        &self,
        parent: ChannelId,
        name: &str,
        hide_after: u16,
        reason: String,
    ) -> Result<ChannelId, Error> {
        #[derive(Serialize)]
        struct Create<'a> {
            name: &'a str,
            auto_archive_duration: u16,
            #[serde(rename = "type")]
            kind: u8,
            invitable: bool,
        }
        const PRIVATE_THREAD: u8 = 12;
        let mut call = Call::new(Method::POST, format!("channels/{parent}/threads"));
        call.body = Body::Json(to_json(&Create {
            name,
            auto_archive_duration: hide_after,
            kind: PRIVATE_THREAD,
            invitable: false,
        })?);
        call.reason = Some(reason);
        call.again = Again::WhenUnsent;
        let thread: Thread = parse(&self.http.send(&call).await?)?;
        Ok(thread.id)
    }

    pub async fn thread(&self, thread: ChannelId) -> Result<Thread, Error> {
        self.get(format!("channels/{thread}")).await
    }

    /// Whether a user is in a thread. An error if the thread does not exist.
    pub async fn is_in_thread(&self, thread: ChannelId, user: UserId) -> Result<bool, Error> {
        let path = format!("channels/{thread}/thread-members/{user}");
        is_member(self.see(path).await)
    }

    /// The members of a thread, with their roles.
    pub async fn thread_members(&self, thread: ChannelId) -> Result<Vec<ThreadMember>, Error> {
        let mut members: Vec<ThreadMember> = Vec::new();
        loop {
            let after = members.last().map_or(0, |last| last.user.0);
            let path = format!(
                "channels/{thread}/thread-members?with_member=true&limit={MEMBERS_PAGE}&after={after}"
            );
            let page: Vec<ThreadMember> = self.get(path).await?;
            let is_full = page.len() >= MEMBERS_PAGE;
            members.extend(page);
            if !is_full {
                return Ok(members);
            }
        }
    }

    /// Adds a member of the server to a thread. No effect if they are already in it.
    pub async fn add_to_thread(
        &self,
        thread: ChannelId,
        user: UserId,
        reason: Option<String>,
    ) -> Result<(), Error> {
        let path = format!("channels/{thread}/thread-members/{user}");
        let mut call = Call::new(Method::PUT, path);
        call.reason = reason;
        self.http.send(&call).await.map(drop)
    }

    pub async fn remove_from_thread(
        &self,
        thread: ChannelId,
        user: UserId,
        reason: Option<String>,
    ) -> Result<(), Error> {
        let path = format!("channels/{thread}/thread-members/{user}");
        let mut call = Call::new(Method::DELETE, path);
        call.reason = reason;
        self.http.send(&call).await.map(drop)
    }

    /// A member of a server; `None` if they are not in it.
    pub async fn guild_member(
        &self,
        guild: GuildId,
        user: UserId,
    ) -> Result<Option<GuildMember>, Error> {
        match self.get(format!("guilds/{guild}/members/{user}")).await {
            Ok(member) => Ok(Some(member)),
            Err(error) if error.is_unknown_member() => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub async fn change_thread(
        &self,
        thread: ChannelId,
        change: ThreadChange,
        reason: String,
    ) -> Result<(), Error> {
        let mut call = Call::new(Method::PATCH, format!("channels/{thread}"));
        call.body = Body::Json(to_json(&change)?);
        call.reason = Some(reason);
        self.http.send(&call).await.map(drop)
    }

    /// Renames a thread. Discord allows two renames in ten minutes. The error says when the next rename is
    /// possible, and other changes to the thread do not wait for it.
    pub async fn rename_thread(
        &self,
        thread: ChannelId,
        name: &str,
        reason: String,
    ) -> Result<(), Error> {
        #[derive(Serialize)]
        struct Rename<'a> {
            name: &'a str,
        }
        let mut call = Call::new(Method::PATCH, format!("channels/{thread}"));
        call.body = Body::Json(to_json(&Rename { name })?);
        call.reason = Some(reason);
        self.http.send(&call).await.map(drop)
    }

    pub async fn delete_channel(&self, channel: ChannelId, reason: String) -> Result<(), Error> {
        let mut call = Call::new(Method::DELETE, format!("channels/{channel}"));
        call.reason = Some(reason);
        self.http.send(&call).await.map(drop)
    }

    /// The active threads of a server that the bot can see.
    pub async fn active_threads(&self, guild: GuildId) -> Result<Vec<Thread>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            threads: Vec<Thread>,
        }
        let path = format!("guilds/{guild}/threads/active");
        let answer: Answer = self.get(path).await?;
        Ok(answer.threads)
    }

    /// A page of a channel's private archived threads. `from` is the previous page's `next`. Without Manage
    /// Threads, Discord lists only the threads that the bot is in (`only_joined`).
    pub async fn archived_page(
        &self,
        channel: ChannelId,
        only_joined: bool,
        from: Option<&str>,
    ) -> Result<ArchivedThreads, Error> {
        let whose = if only_joined { "/users/@me" } else { "" };
        let from = from.map(|from| format!("&before={}", from.replace('+', "%2B")));
        let from = from.unwrap_or_default();
        let path = format!("channels/{channel}{whose}/threads/archived/private?limit=100{from}");
        let page: ArchivedPage = self.get(path).await?;
        Ok(page.read(only_joined))
    }

    // Files.

    /// Downloads an attachment, which must be exactly as large as Discord said.
    pub async fn download(&self, url: &str, size: u64) -> Result<Vec<u8>, Error> {
        self.http.download(url, size).await
    }

    /// Downloads an attachment of at most this size. If it is larger, the error has the kind `TooLarge`.
    pub async fn download_up_to(&self, url: &str, size: u64) -> Result<Vec<u8>, Error> {
        self.http.download_up_to(url, size).await
    }

    /// Whether this is the URL of an attachment at Discord. Discord deletes such a file together with its
    /// message.
    pub fn is_attachment(&self, url: &str) -> bool {
        self.http.is_attachment(url)
    }

    async fn see(&self, path: String) -> Result<(), Error> {
        let call = Call::new(Method::GET, path);
        self.http.send(&call).await.map(drop)
    }

    async fn get_at_last<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let mut call = Call::new(Method::GET, path.to_owned());
        call.max_wait = None;
        parse(&self.http.send(&call).await?)
    }

    async fn get<T: DeserializeOwned>(&self, path: String) -> Result<T, Error> {
        let call = Call::new(Method::GET, path);
        parse(&self.http.send(&call).await?)
    }
}

fn is_member(seen: Result<(), Error>) -> Result<bool, Error> {
    match seen {
        Ok(()) => Ok(true),
        Err(error) if error.is_unknown_member() => Ok(false),
        Err(error) => Err(error),
    }
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value)
        .map_err(|error| Error::Malformed(format!("a request cannot be written: {error}")))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::Malformed(error.to_string()))
}
