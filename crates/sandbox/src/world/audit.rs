//! The audit log of a server: who changed what, and why.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::event::Events;
use super::invites::Invite;
use super::model::{Channel, Guild, Image, MadeEmoji, Member, Role, Thread, Webhook};
use super::{Audience, Body, EventName, World};
use crate::error::ApiError;
use crate::id::{AuditEntryId, ChannelId, GuildId, RoleId, Timestamp, UserId};
use crate::permissions::{Overwrite, Permissions, Target};

/// How long Discord keeps an entry.
const KEPT_MILLIS: i64 = 45 * 86_400_000;

/// The action, with Discord's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u16)]
pub enum AuditAction {
    GuildUpdate = 1,
    ChannelCreate = 10,
    ChannelUpdate = 11,
    ChannelDelete = 12,
    OverwriteCreate = 13,
    OverwriteUpdate = 14,
    OverwriteDelete = 15,
    MemberKick = 20,
    MemberBanAdd = 22,
    MemberBanRemove = 23,
    MemberUpdate = 24,
    MemberRoleUpdate = 25,
    BotAdd = 28,
    RoleCreate = 30,
    RoleUpdate = 31,
    RoleDelete = 32,
    InviteCreate = 40,
    InviteDelete = 42,
    WebhookCreate = 50,
    WebhookUpdate = 51,
    WebhookDelete = 52,
    EmojiCreate = 60,
    EmojiUpdate = 61,
    EmojiDelete = 62,
    MessageDelete = 72,
    MessageBulkDelete = 73,
    MessagePin = 74,
    MessageUnpin = 75,
    ThreadCreate = 110,
    ThreadUpdate = 111,
    ThreadDelete = 112,
}

impl AuditAction {
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// Whether an entry with this action needs at least one change.
    const fn is_update(self) -> bool {
        matches!(
            self,
            Self::GuildUpdate
                | Self::ChannelUpdate
                | Self::MemberUpdate
                | Self::MemberRoleUpdate
                | Self::RoleUpdate
                | Self::WebhookUpdate
                | Self::EmojiUpdate
                | Self::ThreadUpdate
        )
    }
}

/// One thing that somebody did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: AuditEntryId,
    pub actor: UserId,
    pub action: AuditAction,
    pub target: Option<u64>,
    pub changes: Vec<AuditChange>,
    pub options: BTreeMap<String, String>,
    pub reason: Option<String>,
}

/// The old and the new value of one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditChange {
    pub key: String,
    pub old: Option<Value>,
    pub new: Option<Value>,
}

/// Which entries to return.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuditFilter {
    pub actor: Option<UserId>,
    pub target: Option<u64>,
    pub action: Option<u16>,
    pub before: Option<AuditEntryId>,
    /// Returns the entries after this one, oldest first.
    pub after: Option<AuditEntryId>,
    pub limit: usize,
}

/// An entry before it is added to the log.
pub(super) struct AuditDraft {
    action: AuditAction,
    target: Option<u64>,
    changes: Vec<AuditChange>,
    options: BTreeMap<String, String>,
    reason: Option<String>,
}

impl AuditDraft {
    pub(super) fn new(action: AuditAction, target: u64) -> Self {
        Self {
            action,
            target: Some(target),
            changes: Vec::new(),
            options: BTreeMap::new(),
            reason: None,
        }
    }

    /// An entry about a user; without a target if the author is a webhook.
    pub(super) fn about(action: AuditAction, user: Option<UserId>) -> Self {
        Self {
            target: user.map(|user| user.0),
            ..Self::new(action, 0)
        }
    }

    pub(super) fn without_target(action: AuditAction) -> Self {
        Self {
            target: None,
            ..Self::new(action, 0)
        }
    }

    /// Adds each field that differs. `None` stands for a missing value.
    pub(super) fn changing<T: Logged>(mut self, old: Option<&T>, new: Option<&T>) -> Self {
        let fields = |thing: Option<&T>| thing.map(Logged::fields).unwrap_or_default();
        let (before, after) = (fields(old), fields(new));
        let keys = if after.is_empty() { &before } else { &after };
        for (key, _) in keys {
            let find = |fields: &[(&'static str, Value)]| {
                let found = fields.iter().find(|(name, _)| name == key);
                found
                    .map(|(_, value)| value.clone())
                    .filter(|value| !value.is_null())
            };
            let (old, new) = (find(&before), find(&after));
            if old != new {
                self = self.change(key, old, new);
            }
        }
        self
    }

    pub(super) fn change(mut self, key: &str, old: Option<Value>, new: Option<Value>) -> Self {
        let key = key.to_owned();
        self.changes.push(AuditChange { key, old, new });
        self
    }

    pub(super) fn option(mut self, key: &str, value: &impl ToString) -> Self {
        self.options.insert(key.to_owned(), value.to_string());
        self
    }

    /// Uses this reason if the call itself gives none.
    pub(super) fn because(mut self, reason: Option<String>) -> Self {
        self.reason = reason;
        self
    }
}

impl World {
    /// Entries of a server's log, newest first. Needs View Audit Log.
    pub fn audit_log(
        &self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        filter: AuditFilter,
    ) -> Result<Vec<&AuditEntry>, ApiError> {
        self.allowed_in_guild(now, actor, guild, Permissions::VIEW_AUDIT_LOG)?;
        let all = self.audit_logs.get(&guild).into_iter().flatten();
        let fits = |entry: &&AuditEntry| {
            now.since(entry.id.created_at()) <= KEPT_MILLIS
                && filter.actor.is_none_or(|actor| entry.actor == actor)
                && filter
                    .target
                    .is_none_or(|target| entry.target == Some(target))
                && filter
                    .action
                    .is_none_or(|action| entry.action.code() == action)
                && filter.before.is_none_or(|before| entry.id < before)
                && filter.after.is_none_or(|after| entry.id > after)
        };
        let found = all.filter(fits);
        Ok(if filter.after.is_some() {
            found.take(filter.limit).collect()
        } else {
            found.rev().take(filter.limit).collect()
        })
    }

    /// Sets the reason for the following changes.
    pub(crate) fn set_reason(&mut self, reason: Option<String>) {
        self.reason = reason;
    }

    /// Adds an entry to the audit log.
    pub(super) fn log(
        &mut self,
        now: Timestamp,
        (guild, actor): (GuildId, UserId),
        draft: AuditDraft,
        events: &mut Events,
    ) {
        if guild.is_none() || (draft.changes.is_empty() && draft.action.is_update()) {
            return;
        }
        let entry = AuditEntry {
            id: AuditEntryId(self.ids.next(now)),
            actor,
            action: draft.action,
            target: draft.target,
            changes: draft.changes,
            options: draft.options,
            reason: self.reason.clone().or(draft.reason),
        };
        let log = self.audit_logs.entry(guild).or_default();
        let is_old = |entry: &&AuditEntry| now.since(entry.id.created_at()) > KEPT_MILLIS;
        let old = log.iter().take_while(is_old).count();
        log.drain(..old);
        log.push(entry.clone());
        let body = Body::AuditEntry(Box::new(entry));
        let name = EventName::GuildAuditLogEntryCreate;
        events.push(name, guild, Audience::Auditors, body);
    }

    /// Adds an entry for each overwrite that differs.
    pub(super) fn log_overwrites(
        &mut self,
        now: Timestamp,
        who: (GuildId, UserId),
        channel: ChannelId,
        (old, new): (&[Overwrite], &[Overwrite]),
        events: &mut Events,
    ) {
        let of = |all: &[Overwrite], target| all.iter().find(|o| o.target == target).copied();
        let added = new.iter().filter(|o| of(old, o.target).is_none());
        for target in old.iter().chain(added).map(|o| o.target) {
            let (before, after) = (of(old, target), of(new, target));
            if before == after {
                continue;
            }
            let action = match (&before, &after) {
                (None, _) => AuditAction::OverwriteCreate,
                (_, None) => AuditAction::OverwriteDelete,
                _ => AuditAction::OverwriteUpdate,
            };
            let draft = AuditDraft::new(action, channel.0)
                .changing(before.as_ref(), after.as_ref())
                .option("id", &target.id());
            let draft = match target {
                Target::Member(_) => draft.option("type", &1),
                Target::Role(role) => {
                    let name = self.role_name(who.0, role);
                    draft.option("type", &0).option("role_name", &name)
                }
            };
            self.log(now, who, draft, events);
        }
    }

    /// Adds entries for the changes of a member. Changes of roles have an action of their own.
    pub(super) fn log_member(
        &mut self,
        now: Timestamp,
        who: (GuildId, UserId),
        (old, new): (&Member, &Member),
        events: &mut Events,
    ) {
        let user = new.user.0;
        let draft = AuditDraft::new(AuditAction::MemberUpdate, user);
        self.log(now, who, draft.changing(Some(old), Some(new)), events);
        let named = |roles: Vec<&RoleId>| -> Option<Value> {
            let name = |id: &&RoleId| json!({"id": id, "name": self.role_name(who.0, **id)});
            let named: Vec<Value> = roles.iter().map(name).collect();
            (!named.is_empty()).then(|| named.into())
        };
        let added = named(new.roles.difference(&old.roles).collect());
        let taken = named(old.roles.difference(&new.roles).collect());
        let mut draft = AuditDraft::new(AuditAction::MemberRoleUpdate, user);
        if added.is_some() {
            draft = draft.change("$add", None, added);
        }
        if taken.is_some() {
            draft = draft.change("$remove", None, taken);
        }
        self.log(now, who, draft, events);
    }

    fn role_name(&self, guild: GuildId, role: RoleId) -> String {
        let found = self.guild(guild).and_then(|guild| guild.roles.get(&role));
        found.map(|role| role.name.clone()).unwrap_or_default()
    }
}

/// The fields of an object for the log, with Discord's names; null for missing values.
pub(super) trait Logged {
    fn fields(&self) -> Vec<(&'static str, Value)>;
}

impl Logged for Channel {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("name", json!(self.name)),
            ("type", json!(self.kind.code())),
            ("topic", json!(self.topic)),
            ("nsfw", json!(self.nsfw)),
            ("rate_limit_per_user", json!(self.rate_limit_per_user)),
            (
                "default_auto_archive_duration",
                json!(self.default_auto_archive),
            ),
            ("bitrate", json!(self.bitrate)),
            ("user_limit", json!(self.user_limit)),
        ]
    }
}

impl Logged for Thread {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        let tags = self.post.as_ref().map(|post| json!(post.tags));
        vec![
            ("name", json!(self.name)),
            ("type", json!(self.kind.code())),
            ("archived", json!(self.archived)),
            ("locked", json!(self.locked)),
            ("auto_archive_duration", json!(self.auto_archive)),
            ("rate_limit_per_user", json!(self.rate_limit_per_user)),
            (
                "invitable",
                if self.is_private() {
                    json!(self.invitable)
                } else {
                    Value::Null
                },
            ),
            ("applied_tags", tags.unwrap_or_default()),
        ]
    }
}

impl Logged for Overwrite {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![("allow", json!(self.allow)), ("deny", json!(self.deny))]
    }
}

impl Logged for Role {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("name", json!(self.name)),
            ("color", json!(self.color)),
            ("hoist", json!(self.hoist)),
            ("mentionable", json!(self.mentionable)),
            ("permissions", json!(self.permissions)),
        ]
    }
}

impl Logged for Guild {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("name", json!(self.name)),
            ("description", json!(self.description)),
            ("icon_hash", json!(self.icon.map(Image::hash))),
            ("preferred_locale", json!(self.preferred_locale)),
            ("system_channel_id", json!(self.system_channel)),
            ("mfa_level", json!(self.mfa_level)),
        ]
    }
}

impl Logged for Member {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        let until = self.timed_out_until;
        vec![
            ("nick", json!(self.nick)),
            ("communication_disabled_until", json!(until)),
        ]
    }
}

impl Logged for Webhook {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("name", json!(self.name)),
            ("channel_id", json!(self.channel)),
            ("avatar_hash", json!(self.avatar.map(Image::hash))),
        ]
    }
}

impl Logged for MadeEmoji {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![("name", json!(self.name))]
    }
}

impl Logged for Invite {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("code", json!(self.code)),
            ("channel_id", json!(self.channel)),
            ("inviter_id", json!(self.inviter)),
            ("max_age", json!(self.max_age)),
            ("max_uses", json!(self.max_uses)),
            ("uses", json!(self.uses)),
            ("temporary", json!(self.temporary)),
        ]
    }
}
