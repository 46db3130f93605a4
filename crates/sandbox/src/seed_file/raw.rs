//! The fields of a seed file, before they are interpreted. Values that can be invalid, or that refer to
//! something else, keep their position for error messages.

use serde::Deserialize;
use toml::Spanned;

use crate::id::{ApplicationId, ChannelId, GuildId, RoleId, UserId};

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) application: Option<Application>,
    #[serde(default)]
    pub(super) people: Vec<Person>,
    #[serde(default)]
    pub(super) guilds: Vec<Guild>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Application {
    pub(super) id: Option<Spanned<ApplicationId>>,
    pub(super) name: Option<Text>,
    pub(super) token: Option<Text>,
    pub(super) owner: Option<Text>,
    pub(super) intents: Option<Vec<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) id: Option<Spanned<UserId>>,
    pub(super) created_at: Option<Text>,
    pub(super) username: Text,
    pub(super) global_name: Option<Text>,
    pub(super) locale: Option<Text>,
    pub(super) part: Option<Spanned<Part>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Part {
    Moderator,
    Member,
    Member2,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Guild {
    pub(super) id: Option<Spanned<GuildId>>,
    pub(super) name: Text,
    pub(super) owner: Option<Text>,
    pub(super) preferred_locale: Option<Text>,
    pub(super) description: Option<Text>,
    pub(super) system_channel: Option<Text>,
    /// Whether the bot is in the server; true by default.
    pub(super) bot: Option<bool>,
    #[serde(default)]
    pub(super) roles: Vec<Spanned<Role>>,
    /// The members. By default everybody, without roles.
    pub(super) members: Option<Vec<Member>>,
    #[serde(default)]
    pub(super) channels: Vec<Channel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) id: Option<Spanned<RoleId>>,
    pub(super) name: Option<Text>,
    pub(super) permissions: Option<Vec<Text>>,
    pub(super) color: Option<Spanned<u32>>,
    pub(super) hoist: Option<bool>,
    pub(super) mentionable: Option<bool>,
    /// Whether it is the bot's own.
    #[serde(default)]
    pub(super) bot: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Member {
    pub(super) user: Text,
    pub(super) nick: Option<Text>,
    #[serde(default)]
    pub(super) roles: Vec<Text>,
    pub(super) joined_at: Option<Text>,
    pub(super) communication_disabled_until: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Channel {
    pub(super) id: Option<Spanned<ChannelId>>,
    pub(super) name: Text,
    pub(super) r#type: Option<ChannelType>,
    pub(super) parent: Option<Text>,
    pub(super) topic: Option<Text>,
    pub(super) nsfw: Option<bool>,
    pub(super) rate_limit_per_user: Option<Spanned<u32>>,
    #[serde(default)]
    pub(super) permission_overwrites: Vec<Spanned<Overwrite>>,
    /// Oldest first.
    #[serde(default)]
    pub(super) messages: Vec<Message>,
    /// For forums.
    #[serde(default)]
    pub(super) available_tags: Vec<Tag>,
    /// Whether each post of a forum needs a tag.
    pub(super) require_tag: Option<bool>,
    /// For forums, oldest first.
    #[serde(default)]
    pub(super) posts: Vec<Post>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tag {
    pub(super) name: Text,
    #[serde(default)]
    pub(super) moderated: bool,
    pub(super) emoji_name: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Post {
    pub(super) author: Text,
    pub(super) name: Text,
    pub(super) content: Text,
    /// Names of the forum's tags.
    #[serde(default)]
    pub(super) applied_tags: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    pub(super) author: Text,
    pub(super) content: Text,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ChannelType {
    Text,
    Announcement,
    Voice,
    Category,
    Forum,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Overwrite {
    pub(super) role: Option<Text>,
    pub(super) user: Option<Text>,
    #[serde(default)]
    pub(super) allow: Vec<Text>,
    #[serde(default)]
    pub(super) deny: Vec<Text>,
}
