//! From JSON to drafts: converts a request's body to a draft for the world, or to a 50035 that says which
//! field is wrong. Unknown fields are ignored, and numeric snowflakes are accepted.

mod application;
mod command;
mod component;
mod embed;
mod form;
mod forum;
mod message;
mod response;

use std::collections::BTreeSet;

use serde_json::Value;

pub(crate) use application::application_edit;
pub(crate) use command::{LOCALES, command, command_edit, commands};
pub(crate) use forum::{PINNED, REQUIRE_TAG, post};
pub(crate) use message::{FilePart, MAX_FILE, bulk_delete, message, message_edit, uploads};
pub(crate) use response::response;

use crate::error::ApiError;
use crate::id::{ChannelId, RoleId, UserId};
use crate::permissions::{Overwrite, Permissions, Target};
use crate::world::draft::Upload;
use crate::world::draft::{
    ChannelDraft, ChannelEdit, GuildEdit, MemberEdit, RoleEdit, ThreadDraft, VoiceDraft,
};
use crate::world::model::{ChannelKind, ThreadKind};
use crate::world::{
    BanDraft, ChannelMove, EmojiDraft, EmojiEdit, InviteDraft, RoleMove, WebhookDraft, WebhookEdit,
};
use form::{Form, read};

const AUTO_ARCHIVE: &[u32] = &[60, 1440, 4320, 10080];
/// The longest slowmode: six hours.
const MAX_SLOWMODE: u32 = 21600;

/// A thread that does not start from a message. Private is Discord's default.
pub(crate) fn thread(body: &Value) -> Result<ThreadDraft, ApiError> {
    read(body, |form| {
        // Only for forums.
        form.known(&["message", "applied_tags"]);
        let kind = match form.one_of("type", &[10, 11, 12]) {
            Some(10) => ThreadKind::Announcement,
            Some(11) => ThreadKind::Public,
            _ => ThreadKind::Private,
        };
        thread_draft(form, kind)
    })
}

/// A thread that starts from a message. Its kind depends on the channel.
pub(crate) fn thread_from_message(body: &Value) -> Result<ThreadDraft, ApiError> {
    read(body, |form| thread_draft(form, ThreadKind::Public))
}

fn thread_draft(form: &Form<'_>, kind: ThreadKind) -> ThreadDraft {
    ThreadDraft {
        name: form.must("name", 1..=100),
        kind,
        auto_archive: form.one_of("auto_archive_duration", AUTO_ARCHIVE),
        invitable: form.flag("invitable").unwrap_or(true),
        rate_limit_per_user: form.count("rate_limit_per_user", 0..=MAX_SLOWMODE),
        post: None,
    }
}

/// A new channel.
pub(crate) fn channel(body: &Value) -> Result<ChannelDraft, ApiError> {
    read(body, |form| ChannelDraft {
        name: form.must("name", 1..=100),
        kind: kind(form).unwrap_or(ChannelKind::Text),
        voice: voice(form),
        forum: forum::forum(form, forum::flags(form, REQUIRE_TAG)),
        default_auto_archive: form.one_of("default_auto_archive_duration", AUTO_ARCHIVE),
        topic: form.trimmed("topic", 0..=4096).filter(|t| !t.is_empty()),
        parent: form.snowflake("parent_id").map(ChannelId),
        nsfw: form.flag("nsfw").unwrap_or(false),
        position: form.count("position", 0..=i32::MAX.unsigned_abs()),
        rate_limit_per_user: form
            .count("rate_limit_per_user", 0..=MAX_SLOWMODE)
            .unwrap_or(0),
        overwrites: overwrites(form).unwrap_or_default(),
    })
}

/// A change of a channel or thread.
pub(crate) fn channel_edit(body: &Value) -> Result<ChannelEdit, ApiError> {
    read(body, |form| {
        let flags = forum::flags(form, REQUIRE_TAG | PINNED);
        ChannelEdit {
            voice: voice(form),
            forum: forum::forum(form, flags),
            tags: forum::applied_tags(form),
            pinned: flags.map(|flags| flags & PINNED != 0),
            name: form.mentions("name").then(|| form.must("name", 1..=100)),
            topic: form
                .nullable("topic", |f, field| f.trimmed(field, 0..=4096))
                .map(|topic| topic.filter(|t| !t.is_empty())),
            nsfw: form.flag("nsfw"),
            position: form.count("position", 0..=i32::MAX.unsigned_abs()),
            parent: form
                .nullable("parent_id", Form::snowflake)
                .map(|id| id.map(ChannelId)),
            rate_limit_per_user: form.count("rate_limit_per_user", 0..=MAX_SLOWMODE),
            overwrites: overwrites(form),
            kind: if form.mentions("type") {
                kind(form)
            } else {
                None
            },
            default_auto_archive: form.nullable("default_auto_archive_duration", |f, field| {
                f.one_of(field, AUTO_ARCHIVE)
            }),
            archived: form.flag("archived"),
            locked: form.flag("locked"),
            invitable: form.flag("invitable"),
            auto_archive: form.one_of("auto_archive_duration", AUTO_ARCHIVE),
        }
    })
}

/// `{type, allow, deny}` for a role's or a member's id.
pub(crate) fn overwrite(id: u64, body: &Value) -> Result<Overwrite, ApiError> {
    read(body, |form| overwrite_of(form, id)).and_then(|overwrite| {
        // Cannot be `None`: without a type, the note above has already made this return.
        overwrite.ok_or(ApiError::InvalidFormBody)
    })
}

/// A change of a server.
pub(crate) fn guild_edit(body: &Value) -> Result<GuildEdit, ApiError> {
    read(body, |form| {
        form.not_imitated(&[
            "afk_channel_id",
            "afk_timeout",
            "banner",
            "default_message_notifications",
            "discovery_splash",
            "explicit_content_filter",
            "features",
            "home_header",
            "premium_progress_bar_enabled",
            "public_updates_channel_id",
            "region",
            "rules_channel_id",
            "safety_alerts_channel_id",
            "splash",
            "system_channel_flags",
            "verification_level",
        ]);
        guild_edit_of(form)
    })
}

fn guild_edit_of(form: &Form<'_>) -> GuildEdit {
    GuildEdit {
        icon: form.nullable("icon", Form::picture),
        name: form.mentions("name").then(|| form.must("name", 2..=100)),
        preferred_locale: form.text("preferred_locale", 0..=10).and_then(|locale| {
            let known = LOCALES.contains(&locale.as_str());
            if !known {
                form.note(
                    "preferred_locale",
                    "ENUM_TYPE_COERCE",
                    "Value is not a locale.",
                );
            }
            known.then_some(locale)
        }),
        description: form.nullable("description", |f, field| f.trimmed(field, 0..=300)),
        system_channel: form
            .nullable("system_channel_id", Form::snowflake)
            .map(|id| id.map(ChannelId)),
    }
}

/// A new role, or a change of one.
pub(crate) fn role(body: &Value) -> Result<RoleEdit, ApiError> {
    // `{}` and no body both mean Discord's defaults.
    let empty = serde_json::json!({});
    read(if body.is_null() { &empty } else { body }, |form| {
        form.not_imitated(&["icon", "unicode_emoji"]);
        if let Some(colors) = form.object("colors") {
            colors.not_imitated(&["secondary_color", "tertiary_color"]);
        }
        RoleEdit {
            name: form.trimmed("name", 1..=100),
            color: form
                .count("color", 0..=0xFF_FFFF)
                .or_else(|| form.object("colors")?.count("primary_color", 0..=0xFF_FFFF)),
            hoist: form.flag("hoist"),
            permissions: form
                .permissions("permissions")
                .map(|p| p & Permissions::ALL),
            mentionable: form.flag("mentionable"),
        }
    })
}

/// A change of a bot's own user.
pub(crate) fn current_user(body: &Value) -> Result<CurrentUserEdit, ApiError> {
    read(body, |form| {
        form.not_imitated(&["banner"]);
        CurrentUserEdit {
            username: form.trimmed("username", 2..=32),
            avatar: form.nullable("avatar", Form::picture),
        }
    })
}

#[expect(
    clippy::option_option,
    reason = "JSON has both: to leave alone, and to take away"
)]
pub(crate) struct CurrentUserEdit {
    pub username: Option<String>,
    pub avatar: Option<Option<Upload>>,
}

/// A new emoji.
pub(crate) fn emoji(body: &Value) -> Result<EmojiDraft, ApiError> {
    let draft = read(body, |form| {
        Some(EmojiDraft {
            name: form.must("name", 2..=32),
            image: form.required("image", emoji_image(form))?,
            roles: emoji_roles(form).unwrap_or_default(),
        })
    })?;
    draft.ok_or(ApiError::InvalidFormBody)
}

/// The most bytes of an emoji.
const MAX_EMOJI: usize = 256 * 1024;

fn emoji_image(form: &Form<'_>) -> Option<Upload> {
    let image = form.picture("image")?;
    if image.data.len() > MAX_EMOJI {
        let message = "File cannot be larger than 256.0 kb.";
        form.note("image", "BINARY_TYPE_MAX_SIZE", message);
    }
    Some(image)
}

/// A change of an emoji.
pub(crate) fn emoji_edit(body: &Value) -> Result<EmojiEdit, ApiError> {
    read(body, |form| EmojiEdit {
        name: form.mentions("name").then(|| form.must("name", 2..=32)),
        roles: emoji_roles(form),
    })
}

fn emoji_roles(form: &Form<'_>) -> Option<BTreeSet<RoleId>> {
    let roles = form.snowflakes("roles", 0..=1521)?;
    Some(roles.into_iter().map(RoleId).collect())
}

/// The user with whom to open direct messages.
pub(crate) fn recipient(body: &Value) -> Result<UserId, ApiError> {
    let user = read(body, |form| {
        form.not_imitated(&["access_tokens", "nicks"]);
        form.required("recipient_id", form.snowflake("recipient_id"))
    })?;
    user.map(UserId).ok_or(ApiError::InvalidRecipients)
}

/// Channels of a server that get another position.
pub(crate) fn channel_moves(body: &Value) -> Result<Vec<ChannelMove>, ApiError> {
    read(&serde_json::json!({"": body}), |form| {
        let forms = form.objects("", 0..=500).unwrap_or_default();
        let moves = forms.iter().filter_map(|form| {
            Some(ChannelMove {
                channel: ChannelId(form.required("id", form.snowflake("id"))?),
                position: form.count("position", 0..=i32::MAX.unsigned_abs()),
                parent: form
                    .nullable("parent_id", Form::snowflake)
                    .map(|id| id.map(ChannelId)),
                lock_permissions: form.flag("lock_permissions").unwrap_or(false),
            })
        });
        moves.collect()
    })
}

/// Roles of a server that get another position.
pub(crate) fn role_moves(body: &Value) -> Result<Vec<RoleMove>, ApiError> {
    read(&serde_json::json!({"": body}), |form| {
        let forms = form.objects("", 0..=250).unwrap_or_default();
        let moves = forms.iter().filter_map(|form| {
            Some(RoleMove {
                role: RoleId(form.required("id", form.snowflake("id"))?),
                position: form.count("position", 0..=i32::MAX.unsigned_abs()),
            })
        });
        moves.collect()
    })
}

/// A new invite. Discord wants a body, even an empty one.
pub(crate) fn invite(body: &Value) -> Result<InviteDraft, ApiError> {
    /// A day, which is Discord's default.
    const MAX_AGE: u32 = 86_400;
    read(body, |form| {
        form.not_imitated(&[
            "role_ids",
            "target_application_id",
            "target_type",
            "target_user_id",
        ]);
        InviteDraft {
            max_age: form.count("max_age", 0..=5_184_000).unwrap_or(MAX_AGE),
            max_uses: form.count("max_uses", 0..=100).unwrap_or(0),
            temporary: form.flag("temporary").unwrap_or(false),
            unique: form.flag("unique").unwrap_or(false),
        }
    })
}

/// The options of a ban.
pub(crate) fn ban(body: &Value, reason: Option<String>) -> Result<BanDraft, ApiError> {
    let empty = serde_json::json!({});
    read(if body.is_null() { &empty } else { body }, |form| {
        let days = form.count("delete_message_days", 0..=7);
        let seconds = form.count("delete_message_seconds", 0..=604_800);
        BanDraft {
            delete_message_seconds: seconds.or(days.map(|d| d * 86_400)).unwrap_or(0),
            reason,
        }
    })
}

/// The users to ban.
pub(crate) fn bulk_ban(body: &Value) -> Result<Vec<UserId>, ApiError> {
    read(body, |form| {
        let users = form.required("user_ids", form.unique_snowflakes("user_ids", 1..=200));
        users.unwrap_or_default().into_iter().map(UserId).collect()
    })
}

/// A change of a member.
pub(crate) fn member_edit(body: &Value) -> Result<MemberEdit, ApiError> {
    read(body, |form| {
        form.not_imitated(&[
            "avatar",
            "banner",
            "bio",
            "channel_id",
            "deaf",
            "flags",
            "mute",
        ]);
        MemberEdit {
            nick: form
                .nullable("nick", |f, field| f.trimmed(field, 0..=32))
                .map(|nick| nick.filter(|n| !n.is_empty())),
            roles: form
                .snowflakes("roles", 0..=250)
                .map(|ids| ids.into_iter().map(RoleId).collect()),
            timed_out_until: form.nullable("communication_disabled_until", Form::moment),
        }
    })
}

/// The name of a new webhook, and its avatar.
pub(crate) fn webhook(body: &Value) -> Result<(String, Option<Upload>), ApiError> {
    read(body, |form| {
        let name = form.required("name", webhook_name(form, "name"));
        (name.unwrap_or_default(), form.picture("avatar"))
    })
}

/// A name that a webhook may have. Source: Discord's "Create Webhook".
fn webhook_name(form: &Form<'_>, field: &str) -> Option<String> {
    let name = form.trimmed(field, 1..=80)?;
    let lower = name.to_lowercase();
    if let Some(word) = ["clyde", "discord"]
        .iter()
        .find(|word| lower.contains(**word))
    {
        let message = format!("Username cannot contain \"{word}\"");
        form.note(field, "USERNAME_INVALID_CONTAINS", message);
    } else if ["everyone", "here"].contains(&&*lower) {
        let message = format!("Username cannot be \"{lower}\"");
        form.note(field, "USERNAME_INVALID", message);
    }
    Some(name)
}

/// A change of a webhook. With only its token, a client can change only the name and avatar.
pub(crate) fn webhook_edit(body: &Value, by_token: bool) -> Result<WebhookEdit, ApiError> {
    read(body, |form| {
        if by_token {
            form.known(&["channel_id"]);
        }
        WebhookEdit {
            avatar: form.nullable("avatar", Form::picture),
            name: form.mentions("name").then(|| {
                let name = form.required("name", webhook_name(form, "name"));
                name.unwrap_or_default()
            }),
            channel: form
                .snowflake("channel_id")
                .filter(|_| !by_token)
                .map(ChannelId),
        }
    })
}

/// What a webhook sends: a message, its name and picture, and the post that it creates.
pub(crate) fn webhook_message(
    body: &Value,
    files: Vec<FilePart>,
) -> Result<WebhookDraft, ApiError> {
    let draft = read(body, |form| {
        let name = form.trimmed("thread_name", 1..=100);
        let tags = forum::applied_tags(form).unwrap_or_default();
        form.known(&["avatar_url"]);
        let has_avatar = form.raw("avatar_url").is_some_and(|given| given != "");
        let avatar_url = has_avatar.then(|| form.url("avatar_url", &["http", "https"]));
        WebhookDraft {
            username: webhook_name(form, "username"),
            avatar_url: avatar_url.flatten(),
            post: name.map(|name| (name, tags)),
            ..WebhookDraft::default()
        }
    })?;
    Ok(WebhookDraft {
        message: message(body, files)?,
        ..draft
    })
}

/// Fields of kinds of channels that the sandbox does not have.
const OF_OTHER_CHANNELS: &[&str] = &[
    "default_tag_setting",
    "icon",
    "rtc_region",
    "video_quality_mode",
];

/// The settings of a voice channel. Voice is not imitated, but the settings are kept.
fn voice(form: &Form<'_>) -> VoiceDraft {
    form.not_imitated(OF_OTHER_CHANNELS);
    VoiceDraft {
        bitrate: form.count("bitrate", 8000..=384_000),
        user_limit: form.count("user_limit", 0..=10_000),
    }
}

fn kind(form: &Form<'_>) -> Option<ChannelKind> {
    form.one_imitated("type", &[0, 2, 4, 5, 15], &[13, 14])
        .and_then(|code| ChannelKind::from_code(u64::from(code)))
}

fn overwrites(form: &Form<'_>) -> Option<Vec<Overwrite>> {
    let forms = form.objects("permission_overwrites", 0..=1000)?;
    let one = |f: &Form<'_>| overwrite_of(f, f.required("id", f.snowflake("id"))?);
    Some(forms.iter().filter_map(one).collect())
}

fn overwrite_of(form: &Form<'_>, id: u64) -> Option<Overwrite> {
    // Old clients write the type as a word.
    let word = form.raw("type").and_then(Value::as_str);
    let code = match word {
        Some("role") => Some(0),
        Some("member") => Some(1),
        _ => form.required("type", form.one_of("type", &[0, 1])),
    };
    let target = if code? == 0 {
        Target::Role(RoleId(id))
    } else {
        Target::Member(UserId(id))
    };
    Some(Overwrite {
        target,
        allow: form.permissions("allow").unwrap_or_default(),
        deny: form.permissions("deny").unwrap_or_default(),
    })
}
