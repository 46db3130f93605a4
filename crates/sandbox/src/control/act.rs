//! As a person: everything that somebody can do in a client.
//!
//! Each function is one action. It adds an entry to the record, changes the world by Discord's rules, and
//! returns the body of the control API's response (null for a 204).

mod files;
mod interactions;

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ControlError;
use super::look;
use crate::hub::Hub;
use crate::id::{ChannelId, GuildId, MessageId, RoleId, Timestamp, UserId};
use crate::record::RawWhat;
use crate::wire::read::FilePart;
use crate::wire::{self, read};
use crate::world::draft::{PersonDraft, ThreadDraft};
use crate::world::{Change, Outcome, WebhookDraft, World};

use files::decode_attachments;

pub(super) type Answer = Result<Value, ControlError>;

/// The person who acts, and the sandbox in which they act.
#[derive(Clone, Copy)]
pub(crate) struct Actor<'a> {
    pub hub: &'a Hub,
    pub id: UserId,
}

impl Actor<'_> {
    /// Adds an action to the record: a verb, and the objects it is about.
    pub(super) fn does(self, verb: &str, mut about: Value) {
        about["do"] = json!(verb);
        self.hub.note(RawWhat::Person {
            person: self.id.to_string(),
            action: about,
        });
    }

    pub(super) fn change<T>(
        self,
        f: impl FnOnce(&mut World, Timestamp) -> Outcome<T>,
    ) -> Result<T, ControlError> {
        Ok(self.hub.change(f)?)
    }

    /// Makes a change whose response has no body.
    pub(super) fn done(self, f: impl FnOnce(&mut World, Timestamp) -> Outcome<()>) -> Answer {
        self.change(f)?;
        Ok(Value::Null)
    }

    fn message(self, channel: ChannelId, id: MessageId) -> Answer {
        let found = self.hub.look(|world| {
            let message = world.message(channel, id)?;
            let mut json = wire::message(world, message);
            wire::mark_own_reactions(&mut json, message, self.id);
            Some(json)
        });
        found.ok_or_else(|| ControlError::Unknown(format!("the message {id} is gone again")))
    }

    pub(crate) fn send(self, channel: ChannelId, mut body: Value) -> Answer {
        let files = decode_attachments(&mut body)?;
        self.send_with(channel, &body, files)
    }

    /// Sends a message whose files came in a multipart form.
    pub(crate) fn send_with(
        self,
        channel: ChannelId,
        body: &Value,
        files: Vec<FilePart>,
    ) -> Answer {
        check_fields("", body, MESSAGE)?;
        let names: Vec<&str> = files.iter().map(|file| &*file.filename).collect();
        let content = body.get("content");
        let about = json!({"channel_id": channel, "content": content, "files": names});
        self.does("send a message", about);
        let draft = read::message(body, files)?;
        let id = self.change(|world, now| world.send_message(now, self.id, channel, draft))?;
        self.message(channel, id)
    }

    /// Not recorded: clients send it every few seconds, and no test needs it.
    pub(crate) fn start_typing(self, channel: ChannelId) -> Answer {
        self.done(|world, now| world.start_typing(now, self.id, channel))
    }

    pub(crate) fn edit(self, channel: ChannelId, message: MessageId, body: &Value) -> Answer {
        check_fields("", body, &["content"])?;
        let content = body.get("content");
        self.does(
            "edit a message",
            json!({"channel_id": channel, "message_id": message, "content": content}),
        );
        let edit = read::message_edit(body, Vec::new())?;
        self.change(|world, now| world.edit_message(now, self.id, channel, message, edit))?;
        self.message(channel, message)
    }

    pub(crate) fn delete_message(self, channel: ChannelId, message: MessageId) -> Answer {
        self.does(
            "delete a message",
            json!({"channel_id": channel, "message_id": message}),
        );
        self.done(|world, now| world.delete_message(now, self.id, channel, message))
    }

    pub(crate) fn bulk_delete(self, channel: ChannelId, body: Value) -> Answer {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            messages: Vec<MessageId>,
        }
        let Body { messages } = parse(body)?;
        self.does(
            "delete messages",
            json!({"channel_id": channel, "messages": messages}),
        );
        self.done(|world, now| world.bulk_delete(now, self.id, channel, &messages))
    }

    pub(crate) fn send_as_webhook(self, channel: ChannelId, mut body: Value) -> Answer {
        check_fields("", &body, &["username", "content", "embeds", "attachments"])?;
        let files = decode_attachments(&mut body)?;
        let username = body
            .get("username")
            .and_then(Value::as_str)
            .map(str::to_owned);
        self.does(
            "send by webhook",
            json!({"channel_id": channel, "username": username}),
        );
        let draft = WebhookDraft {
            message: read::message(&body, files)?,
            username,
            // The world itself checks whether the channel is a thread.
            ..WebhookDraft::default()
        };
        let id = self.change(|world, now| world.send_as_webhook(now, self.id, channel, draft))?;
        self.message(channel, id)
    }

    pub(crate) fn add_to_thread(self, thread: ChannelId, user: UserId) -> Answer {
        let verb = if user == self.id {
            "join a thread"
        } else {
            "add to a thread"
        };
        self.does(verb, json!({"channel_id": thread, "user_id": user}));
        self.done(|world, now| world.add_thread_member(now, self.id, thread, user))
    }

    pub(crate) fn remove_from_thread(self, thread: ChannelId, user: UserId) -> Answer {
        let verb = if user == self.id {
            "leave a thread"
        } else {
            "remove from a thread"
        };
        self.does(verb, json!({"channel_id": thread, "user_id": user}));
        self.done(|world, now| world.remove_thread_member(now, self.id, thread, user))
    }

    pub(crate) fn edit_channel(self, channel: ChannelId, body: &Value) -> Answer {
        self.does(
            "edit a channel",
            json!({"channel_id": channel, "changes": body}),
        );
        let edit = read::channel_edit(body)?;
        self.change(|world, now| world.edit_channel(now, self.id, channel, edit))?;
        look::channel(self.hub, self.id, channel)
    }

    pub(crate) fn delete_channel(self, channel: ChannelId) -> Answer {
        self.does("delete a channel", json!({"channel_id": channel}));
        self.change(|world, now| world.delete_channel(now, self.id, channel))?;
        Ok(Value::Null)
    }

    pub(crate) fn create_thread(self, channel: ChannelId, body: &Value) -> Answer {
        check_fields("", body, THREAD)?;
        check_fields("message.", &body["message"], &["content"])?;
        self.does(
            "create a thread",
            json!({"channel_id": channel, "thread": body}),
        );
        if let Some(count) = body.get("count") {
            return self.create_threads(channel, body, count);
        }
        let auto_archive = self.auto_archive(channel, body);
        if body.get("message").is_some() {
            let mut post = read::post(body, Vec::new())?;
            post.thread.auto_archive = auto_archive;
            let id = self.change(|world, now| world.create_post(now, self.id, channel, post))?;
            return look::channel(self.hub, self.id, id);
        }
        let draft = ThreadDraft {
            auto_archive,
            ..read::thread(body)?
        };
        let id = self.change(|world, now| world.create_thread(now, self.id, channel, draft))?;
        look::channel(self.hub, self.id, id)
    }

    /// The duration that a client sends: the person's choice, or else the channel's default.
    fn auto_archive(self, channel: ChannelId, body: &Value) -> Option<u32> {
        let chosen = read::thread(body).ok()?.auto_archive;
        chosen.or_else(|| {
            let default = |world: &World| world.channel(channel)?.default_auto_archive;
            self.hub.look(default)
        })
    }

    /// Creates a public thread from a message.
    pub(crate) fn create_thread_from(
        self,
        channel: ChannelId,
        message: MessageId,
        body: &Value,
    ) -> Answer {
        self.does(
            "create a thread",
            json!({"channel_id": channel, "message_id": message, "thread": body}),
        );
        let draft = ThreadDraft {
            auto_archive: self.auto_archive(channel, body),
            ..read::thread_from_message(body)?
        };
        let made = |world: &mut World, now| {
            world.create_thread_from_message(now, self.id, channel, message, draft)
        };
        let id = self.change(made)?;
        look::channel(self.hub, self.id, id)
    }

    /// Creates `count` threads with numbered names.
    fn create_threads(self, channel: ChannelId, body: &Value, count: &Value) -> Answer {
        const MOST: u64 = 1000;
        let count = count.as_u64().filter(|count| (1..=MOST).contains(count));
        let Some(count) = count else {
            return Err(ControlError::wrong(format!("`count` must be 1 to {MOST}")));
        };
        // Read the body unchanged first, so that an error is about what the caller wrote.
        let first = read::thread(body)?;
        let named = (1..=count).map(|number| {
            let mut body = body.clone();
            body["name"] = format!("{} {number}", first.name).into();
            read::thread(&body)
        });
        let drafts = named.collect::<Result<Vec<_>, _>>()?;
        let ids = self.change(|world, now| world.create_threads(now, self.id, channel, drafts))?;
        let made = ids.iter().map(|id| look::channel(self.hub, self.id, *id));
        made.collect()
    }

    pub(crate) fn set_overwrite(self, channel: ChannelId, target: u64, body: &Value) -> Answer {
        let about =
            json!({"channel_id": channel, "target_id": target.to_string(), "overwrite": body});
        self.does("set permissions", about);
        let overwrite = read::overwrite(target, body)?;
        self.done(|world, now| world.set_overwrite(now, self.id, channel, overwrite))
    }

    pub(crate) fn delete_overwrite(self, channel: ChannelId, target: u64) -> Answer {
        let about = json!({"channel_id": channel, "target_id": target.to_string()});
        self.does("remove permissions", about);
        self.done(|world, now| world.delete_overwrite(now, self.id, channel, target))
    }

    pub(crate) fn create_channel(self, guild: GuildId, body: &Value) -> Answer {
        self.does(
            "create a channel",
            json!({"guild_id": guild, "channel": body}),
        );
        let draft = read::channel(body)?;
        let id = self.change(|world, now| world.create_channel(now, self.id, guild, draft))?;
        look::channel(self.hub, self.id, id)
    }

    pub(crate) fn create_role(self, guild: GuildId, body: &Value) -> Answer {
        self.does("create a role", json!({"guild_id": guild, "role": body}));
        let draft = read::role(body)?;
        let id = self.change(|world, now| world.create_role(now, self.id, guild, draft))?;
        self.role(guild, id)
    }

    pub(crate) fn edit_role(self, guild: GuildId, role: RoleId, body: &Value) -> Answer {
        self.does(
            "edit a role",
            json!({"guild_id": guild, "role_id": role, "changes": body}),
        );
        let edit = read::role(body)?;
        self.change(|world, now| world.edit_role(now, self.id, guild, role, edit))?;
        self.role(guild, role)
    }

    pub(crate) fn delete_role(self, guild: GuildId, role: RoleId) -> Answer {
        self.does("delete a role", json!({"guild_id": guild, "role_id": role}));
        self.done(|world, now| world.delete_role(now, self.id, guild, role))
    }

    fn role(self, guild: GuildId, id: RoleId) -> Answer {
        let found = self
            .hub
            .look(|world| world.guild(guild)?.roles.get(&id).map(wire::role));
        found.ok_or_else(|| ControlError::Unknown(format!("the role {id} is gone again")))
    }

    pub(crate) fn give_role(self, guild: GuildId, user: UserId, role: RoleId) -> Answer {
        self.does(
            "give a role",
            json!({"guild_id": guild, "user_id": user, "role_id": role}),
        );
        self.done(|world, now| world.add_member_role(now, self.id, guild, user, role))
    }

    pub(crate) fn take_role(self, guild: GuildId, user: UserId, role: RoleId) -> Answer {
        self.does(
            "take a role",
            json!({"guild_id": guild, "user_id": user, "role_id": role}),
        );
        self.done(|world, now| world.remove_member_role(now, self.id, guild, user, role))
    }

    /// Removes a member or the bot. If the member is the actor, they leave.
    pub(crate) fn remove_member(self, guild: GuildId, user: UserId) -> Answer {
        let about = json!({"guild_id": guild, "user_id": user});
        if user == self.id {
            self.does("leave the server", about);
            return self.done(|world, now| world.leave_guild(now, self.id, guild));
        }
        self.does("kick", about);
        self.done(|world, now| world.kick(now, self.id, guild, user))
    }

    /// Adds a user to a server: the actor joins, or a bot is invited.
    pub(crate) fn add_member(self, guild: GuildId, user: UserId) -> Answer {
        let about = json!({"guild_id": guild, "user_id": user});
        if user == self.id {
            self.does("join the server", about);
            return self.done(|world, now| world.join_guild(now, self.id, guild));
        }
        self.does("invite a bot", about);
        self.done(|world, now| world.invite_bot(now, self.id, guild, user))
    }

    pub(crate) fn edit_guild(self, guild: GuildId, body: &Value) -> Answer {
        self.does(
            "edit the server",
            json!({"guild_id": guild, "changes": body}),
        );
        // Discord has a separate call for this field, which bots cannot make.
        if let Some(level) = body.get("mfa_level") {
            let level = level.as_u64().and_then(|n| u8::try_from(n).ok());
            let level = level.filter(|level| *level <= 1);
            let level = level.ok_or_else(|| ControlError::wrong("`mfa_level` must be 0 or 1"))?;
            self.change(|world, now| world.set_mfa_level(now, self.id, guild, level))?;
        }
        let edit = read::guild_edit(body)?;
        self.change(|world, now| world.edit_guild(now, self.id, guild, edit))?;
        let now = self.hub.now();
        let view = self
            .hub
            .look(|world| wire::guild_view(world, now, guild, self.id));
        view.ok_or_else(|| ControlError::Unknown(format!("the server {guild} is gone again")))
    }

    pub(crate) fn edit_self(self, body: Value) -> Answer {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            locale: Option<String>,
            // Null removes the name; a missing field keeps it.
            #[serde(default)]
            global_name: Value,
            direct_messages: Option<bool>,
        }
        let names = body.get("global_name").is_some();
        let Body {
            locale,
            global_name,
            direct_messages,
        } = parse(body)?;
        let global_name = match (names, global_name) {
            (false, _) => None,
            (true, Value::Null) => Some(None),
            (true, Value::String(name)) => Some(Some(name)),
            (true, other) => {
                return Err(ControlError::wrong(format!(
                    "`global_name` is {other}: it must be a string or null"
                )));
            }
        };
        check_locale(locale.as_deref())?;
        self.does(
            "edit the profile",
            json!({"locale": locale, "global_name": global_name, "direct_messages": direct_messages}),
        );
        if let Some(taken) = direct_messages {
            self.change(|world, _| world.set_direct_messages(self.id, taken))?;
        }
        self.change(|world, now| world.edit_person(now, self.id, locale, global_name))?;
        look::person(self.hub, self.id)
    }
}

/// New people, perhaps in a server at once.
pub(crate) fn add_people(hub: &Hub, body: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        username: String,
        global_name: Option<String>,
        locale: Option<String>,
        guild_id: Option<GuildId>,
        #[serde(default)]
        roles: Vec<RoleId>,
        count: Option<u32>,
        created_at: Option<String>,
        joined_at: Option<String>,
    }
    const MOST: u32 = 100_000;
    let body: Body = parse(body)?;
    if body.username.trim().is_empty() {
        return Err(ControlError::wrong("`username` is empty"));
    }
    if body.count.is_some_and(|count| !(1..=MOST).contains(&count)) {
        return Err(ControlError::wrong(format!("`count` must be 1 to {MOST}")));
    }
    check_locale(body.locale.as_deref())?;
    let created = moment("created_at", body.created_at.as_deref())?;
    let joined = moment("joined_at", body.joined_at.as_deref())?;
    let numbers: Vec<Option<u32>> = match body.count {
        None => vec![None],
        Some(count) => (1..=count).map(Some).collect(),
    };
    let mut people = Vec::with_capacity(numbers.len());
    for number in numbers {
        let numbered = |name: &str| match number {
            Some(number) => format!("{name}{number}"),
            None => name.to_owned(),
        };
        let draft = PersonDraft {
            username: numbered(&body.username),
            global_name: body.global_name.as_deref().map(numbered),
            locale: body.locale.clone().unwrap_or_else(|| "en-US".to_owned()),
            created,
        };
        let id = hub.change(|world, now| {
            let id = world.add_person(now, draft);
            let Some(guild) = body.guild_id else {
                return Ok(Change {
                    value: id,
                    events: Vec::new(),
                });
            };
            world
                .add_member(now, guild, id, &body.roles, joined.unwrap_or(now))
                .map(|change| change.map(|()| id))
        })?;
        people.push(look::person(hub, id)?);
    }
    Ok(Value::Array(people))
}

/// Refuses a language that Discord does not have.
fn check_locale(locale: Option<&str>) -> Result<(), ControlError> {
    match locale {
        Some(locale) if !read::LOCALES.contains(&locale) => Err(ControlError::wrong(format!(
            "`locale` is {locale:?}, which is none of Discord's languages: {}",
            read::LOCALES.join(", ")
        ))),
        _ => Ok(()),
    }
}

/// Reads a time in ISO 8601.
fn moment(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, ControlError> {
    let read = |text: &str| {
        let moment = Timestamp::from_iso(text);
        moment.ok_or_else(|| {
            ControlError::wrong(format!(
                "`{field}` is {text:?}: it must be a moment such as 2026-11-28T12:00:00Z"
            ))
        })
    };
    text.map(read).transpose()
}

/// The fields of `MessageDraft` and `ThreadDraft` in `types/own.d.ts`.
const MESSAGE: &[&str] = &["content", "message_reference", "attachments"];
const THREAD: &[&str] = &[
    "name",
    "type",
    "invitable",
    "auto_archive_duration",
    "rate_limit_per_user",
    "count",
    "message",
    "applied_tags",
];

/// Refuses unknown fields, which Discord's own API ignores.
fn check_fields(place: &str, body: &Value, known: &[&str]) -> Result<(), ControlError> {
    let mut fields = body.as_object().into_iter().flat_map(|body| body.keys());
    match fields.find(|field| !known.contains(&field.as_str())) {
        None => Ok(()),
        Some(field) => Err(ControlError::wrong(format!(
            "`{place}{field}` is an unknown field, expected one of `{}`",
            known.join("`, `")
        ))),
    }
}

/// Reads a body. An error says which field is wrong, and which fields are known.
pub(crate) fn parse<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, ControlError> {
    let body = if body.is_null() { json!({}) } else { body };
    // Otherwise serde would also accept a list with the values of the fields.
    if !body.is_object() {
        return Err(ControlError::wrong(format!(
            "the body is {body}: it must be an object"
        )));
    }
    serde_path_to_error::deserialize(body).map_err(|error| {
        let place = error.path().to_string();
        let place = if place == "." {
            "the body".to_owned()
        } else {
            format!("`{place}`")
        };
        ControlError::wrong(format!("{place} makes no sense: {}", error.inner()))
    })
}
