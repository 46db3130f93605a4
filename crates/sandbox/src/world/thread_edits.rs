//! Changing threads: who may change what, and what that causes.

use super::audit::{AuditAction, AuditDraft};
use super::channels::put;
use super::draft::ChannelEdit;
use super::event::Events;
use super::model::{MessageKind, Thread};
use super::post::SystemMessage;
use super::{Due, Outcome, World, require};
use crate::error::ApiError;
use crate::id::{ChannelId, Timestamp, UserId};
use crate::permissions::Permissions;

impl World {
    pub(super) fn edit_thread(
        &mut self,
        now: Timestamp,
        actor: UserId,
        id: ChannelId,
        edit: ChannelEdit,
    ) -> Outcome<ChannelId> {
        let (place, permissions) = self.visible(now, actor, id)?;
        let old = place.thread().ok_or(ApiError::WrongChannelType)?.clone();
        let mut new = old.clone();
        put(&mut new.name, edit.name);
        put(&mut new.archived, edit.archived);
        put(&mut new.locked, edit.locked);
        put(&mut new.auto_archive, edit.auto_archive);
        put(&mut new.rate_limit_per_user, edit.rate_limit_per_user);
        if new.is_private() {
            put(&mut new.invitable, edit.invitable);
        }
        if let Some(post) = &mut new.post {
            put(&mut post.tags, edit.tags);
            put(&mut post.pinned, edit.pinned);
        }
        if new.auto_archive != old.auto_archive {
            // This counts as activity. Source: Discord's "Threads".
            new.archive_changed = now;
            new.active_at = now;
        }
        check_thread_edit(&old, &new, actor, permissions)?;
        self.check_post(place.channel(), permissions, (&old, &new))?;
        // A thread may keep its name, even if the name would be refused now.
        if new.name != old.name {
            self.check_name(&new.name)?;
        }
        if old.archived && !new.archived {
            self.check_active_threads(old.guild)?;
        }
        let mut events = Events::default();
        if Changed::between(&old, &new).any() || old.archived != new.archived {
            let (archived, unarchived) =
                (!old.archived && new.archived, old.archived && !new.archived);
            let renamed = (old.name != new.name).then(|| new.name.clone());
            let archives_at = new.archives_at();
            let entry = AuditDraft::new(AuditAction::ThreadUpdate, id.0);
            let entry = entry.changing(Some(&old), Some(&new));
            self.threads.insert(id, new);
            if archived || unarchived {
                self.set_archived(now, id, archived);
            } else if !old.archived {
                self.agenda.insert((archives_at, Due::Archive(id)));
            }
            self.push_thread_update(id, unarchived, &mut events);
            if let Some(content) = renamed {
                let about = SystemMessage {
                    content,
                    ..SystemMessage::default()
                };
                let kind = MessageKind::ChannelNameChange;
                self.post_system(now, (old.guild, id), actor, kind, about, &mut events);
            }
            self.log(now, (old.guild, actor), entry, &mut events);
        }
        Ok(events.done(id))
    }
}

/// The differences between two states of a thread, grouped by who may make them.
struct Changed {
    by_owner: bool,
    by_moderator: bool,
}

impl Changed {
    fn between(old: &Thread, new: &Thread) -> Self {
        let tags = |thread: &Thread| thread.post.as_ref().map(|post| post.tags.clone());
        let is_pinned = |thread: &Thread| thread.post.as_ref().is_some_and(|post| post.pinned);
        Self {
            by_owner: tags(old) != tags(new)
                || old.name != new.name
                || old.auto_archive != new.auto_archive
                || old.invitable != new.invitable,
            by_moderator: is_pinned(old) != is_pinned(new)
                || old.locked != new.locked
                || old.rate_limit_per_user != new.rate_limit_per_user,
        }
    }

    fn any(&self) -> bool {
        self.by_owner || self.by_moderator
    }
}

/// Discord's rules for changing threads.
fn check_thread_edit(
    old: &Thread,
    new: &Thread,
    actor: UserId,
    permissions: Permissions,
) -> Result<(), ApiError> {
    let changed = Changed::between(old, new);
    let moderator = permissions.has(Permissions::MANAGE_THREADS);
    if old.archived && new.archived && changed.any() {
        return Err(ApiError::ThreadArchived);
    }
    if moderator {
        return Ok(());
    }
    let owner = old.owner == actor;
    let archiving = !old.archived && new.archived;
    let unarchiving = old.archived && !new.archived;
    let restricted = !owner || old.locked;
    if changed.by_moderator || ((changed.by_owner || archiving) && restricted) {
        return require(permissions, Permissions::MANAGE_THREADS);
    }
    if unarchiving {
        // A member who may write in the thread may unarchive it, unless it is locked.
        if old.locked {
            return Err(ApiError::ThreadLocked);
        }
        return require(permissions, Permissions::SEND_MESSAGES);
    }
    Ok(())
}
