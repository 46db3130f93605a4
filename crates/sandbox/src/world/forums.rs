//! Forums: channels that contain only posts. A post is a public thread with tags. Its first message has the
//! same id as the thread.

use serde::{Deserialize, Serialize};

use super::draft::{AllowedMentions, ForumEdit, PostDraft, TagDraft, ThreadDraft};
use super::event::Events;
use super::messages::needs;
use super::model::{Author, Channel, ChannelKind, Place, Thread};
use super::parts::text_of;
use super::post::Posting;
use super::{Outcome, World, require};
use crate::error::ApiError;
use crate::id::{ChannelId, EmojiId, GuildId, MessageId, TagId, Timestamp, UserId};
use crate::permissions::Permissions;

/// The settings that only forums have, except for `post_slowmode`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Forum {
    pub tags: Vec<Tag>,
    /// The reaction that clients offer on posts.
    pub reaction: Option<ForumEmoji>,
    /// The initial order of posts in clients: 0 by activity, 1 by age.
    pub sort_order: Option<u8>,
    /// The initial layout of posts in clients: 1 as a list, 2 as tiles.
    pub layout: u8,
    /// The slowmode in new posts, or in new threads of a text channel, in seconds.
    pub post_slowmode: Option<u32>,
    /// Whether each post needs a tag.
    pub tag_required: bool,
}

/// A tag for posts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    pub id: TagId,
    pub name: String,
    /// Whether only members with Manage Threads can add and remove it.
    pub moderated: bool,
    pub emoji: Option<ForumEmoji>,
}

/// An emoji of a tag, or of the default reaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForumEmoji {
    Made(EmojiId),
    Unicode(String),
}

/// The settings that only threads in forums have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Post {
    pub tags: Vec<TagId>,
    /// Whether the post stays at the top. Only one post of a forum can.
    pub pinned: bool,
}

impl World {
    /// Creates a post and its first message.
    pub fn create_post(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        draft: PostDraft,
    ) -> Outcome<ChannelId> {
        let PostDraft {
            thread,
            tags,
            message,
        } = draft;
        let (place, permissions) = self.visible(now, actor, channel)?;
        let Place::Channel(forum) = place else {
            return Err(ApiError::WrongChannelType);
        };
        if forum.kind != ChannelKind::Forum {
            return Err(ApiError::WrongChannelType);
        }
        require(permissions, needs(&message))?;
        check_tags(forum, permissions, &[], &tags)?;
        if forum.forum.tag_required && tags.is_empty() {
            return Err(ApiError::TagRequired);
        }
        self.check_name(&thread.name)?;
        let is_bot = self.user(actor).is_some_and(|user| user.bot);
        let message = if is_bot {
            message
        } else {
            self.check_title(permissions, &thread.name)?;
            self.check_auto_moderation(permissions, &message.content)?;
            self.check_slowmode(now, actor, place, permissions)?;
            message.without_components()
        };
        message.check()?;
        self.check_emojis(self.application_of(actor), &message.components)?;
        let (guild, slow) = (forum.guild, forum.rate_limit_per_user > 0);
        self.check_active_threads(guild)?;
        let allowed = message.allowed_mentions.clone();
        let allowed = allowed.unwrap_or_else(AllowedMentions::of_messages);
        let text = text_of(&message.content, &message.components);
        let mentions = self.mentions_in(guild, &text, &allowed, permissions);
        self.check_role_mentions(channel, &mentions)?;
        let thread = ThreadDraft {
            post: Some(Post {
                tags,
                pinned: false,
            }),
            ..thread
        };
        let mut events = Events::default();
        let id = self.open_post(now, actor, (guild, channel), thread, &mut events);
        let posting = Posting {
            id: Some(MessageId(id.0)),
            author: Author::User(actor),
            invites: Some(actor),
            ..Posting::new(guild, id)
        };
        self.post(now, posting, message, &allowed, permissions, &mut events);
        if slow && !is_bot {
            self.last_written.insert((channel, actor), now);
        }
        Ok(events.done(id))
    }

    /// Creates the thread of a post, to which the first message is added next.
    pub(super) fn open_post(
        &mut self,
        now: Timestamp,
        creator: UserId,
        (guild, forum): (GuildId, ChannelId),
        thread: ThreadDraft,
        events: &mut Events,
    ) -> ChannelId {
        let id = ChannelId(self.ids.next(now));
        self.open_thread(now, creator, (guild, forum), id, thread, events);
        if let Some(forum) = self.channels.get_mut(&forum) {
            forum.last_message = Some(MessageId(id.0));
        }
        id
    }

    /// A forum after a change. New tags get ids.
    pub(super) fn edited_forum(
        &mut self,
        now: Timestamp,
        old: &Forum,
        edit: ForumEdit,
    ) -> Result<Forum, ApiError> {
        let tags = match edit.tags {
            Some(drafts) => self.tags_from(now, &old.tags, drafts)?,
            None => old.tags.clone(),
        };
        Ok(Forum {
            tags,
            reaction: edit.reaction.unwrap_or_else(|| old.reaction.clone()),
            sort_order: edit.sort_order.unwrap_or(old.sort_order),
            layout: edit.layout.unwrap_or(old.layout),
            post_slowmode: edit.post_slowmode.unwrap_or(old.post_slowmode),
            tag_required: edit.tag_required.unwrap_or(old.tag_required),
        })
    }

    fn tags_from(
        &mut self,
        now: Timestamp,
        old: &[Tag],
        drafts: Vec<TagDraft>,
    ) -> Result<Vec<Tag>, ApiError> {
        let mut tags: Vec<Tag> = Vec::with_capacity(drafts.len());
        for draft in drafts {
            if tags.iter().any(|tag| tag.name == draft.name) {
                return Err(ApiError::TagNameTaken);
            }
            let id = match draft.id {
                Some(id) if old.iter().any(|tag| tag.id == id) => id,
                Some(_) => return Err(ApiError::UnknownTag),
                None => TagId(self.ids.next(now)),
            };
            tags.push(Tag {
                id,
                name: draft.name,
                moderated: draft.moderated,
                emoji: draft.emoji,
            });
        }
        Ok(tags)
    }

    /// Removes tags from posts if their forum no longer has them.
    pub(super) fn drop_missing_tags(&mut self, forum: ChannelId) {
        let Some(channel) = self.channels.get(&forum) else {
            return;
        };
        let known: Vec<TagId> = channel.forum.tags.iter().map(|tag| tag.id).collect();
        for id in &channel.threads {
            if let Some(post) = self.threads.get_mut(id).and_then(|t| t.post.as_mut()) {
                post.tags.retain(|tag| known.contains(tag));
            }
        }
    }

    /// Fails unless the post's tags belong to the forum, and at most one post of the forum is pinned.
    pub(super) fn check_post(
        &self,
        parent: &Channel,
        permissions: Permissions,
        (old, new): (&Thread, &Thread),
    ) -> Result<(), ApiError> {
        let (Some(before), Some(after)) = (&old.post, &new.post) else {
            return Ok(());
        };
        check_tags(parent, permissions, &before.tags, &after.tags)?;
        let pinned = |thread: &&Thread| thread.post.as_ref().is_some_and(|post| post.pinned);
        let mut others = parent.threads.iter().filter(|id| **id != old.id);
        if after.pinned && !before.pinned {
            let other = others.any(|id| self.threads.get(id).as_ref().is_some_and(pinned));
            if other {
                return Err(ApiError::TooManyPinnedPosts);
            }
        }
        Ok(())
    }
}

/// Fails unless the member may change a post's tags in this way.
pub(super) fn check_tags(
    forum: &Channel,
    permissions: Permissions,
    old: &[TagId],
    new: &[TagId],
) -> Result<(), ApiError> {
    let find = |id: &TagId| forum.forum.tags.iter().find(|tag| tag.id == *id);
    if new.iter().any(|id| find(id).is_none()) {
        return Err(ApiError::UnknownTag);
    }
    let added = new.iter().filter(|id| !old.contains(id));
    let taken = old.iter().filter(|id| !new.contains(id));
    let moderated = added.chain(taken).filter_map(find).any(|tag| tag.moderated);
    if moderated {
        require(permissions, Permissions::MANAGE_THREADS)?;
    }
    Ok(())
}
