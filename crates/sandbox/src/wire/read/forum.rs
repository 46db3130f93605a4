//! Forums and their posts, from JSON.

use serde_json::Value;

use super::form::{Form, read};
use super::message::{self, FilePart};
use super::{MAX_SLOWMODE, thread_draft};
use crate::error::ApiError;
use crate::id::{EmojiId, TagId};
use crate::world::ForumEmoji;
use crate::world::draft::{ForumEdit, PostDraft, TagDraft};
use crate::world::model::ThreadKind;

/// A flag of a forum: each post needs a tag.
pub(crate) const REQUIRE_TAG: u64 = 1 << 4;
/// A flag of a post: it stays at the top.
pub(crate) const PINNED: u64 = 1 << 1;

/// A new post of a forum.
pub(crate) fn post(body: &Value, files: Vec<FilePart>) -> Result<PostDraft, ApiError> {
    message::check_sizes(&files)?;
    read(body, |form| {
        let message = form.required("message", form.object("message"));
        PostDraft {
            thread: thread_draft(form, ThreadKind::Public),
            tags: applied_tags(form).unwrap_or_default(),
            message: message
                .map(|message| message::draft(&message, files))
                .unwrap_or_default(),
        }
    })
}

/// The part of a channel's body that is about forums.
pub(super) fn forum(form: &Form<'_>, flags: Option<u64>) -> ForumEdit {
    ForumEdit {
        tags: form
            .objects("available_tags", 0..=20)
            .map(|forms| forms.iter().map(tag).collect()),
        reaction: form
            .nullable("default_reaction_emoji", |form, field| {
                form.object(field).map(|emoji| emoji_of(&emoji))
            })
            .map(Option::flatten),
        sort_order: form
            .nullable("default_sort_order", |form, field| {
                form.one_of(field, &[0, 1]).map(|order| order == 1)
            })
            .map(|order| order.map(u8::from)),
        layout: form
            .one_of("default_forum_layout", &[0, 1, 2])
            .and_then(|layout| u8::try_from(layout).ok()),
        post_slowmode: form.nullable("default_thread_rate_limit_per_user", |form, field| {
            form.count(field, 0..=MAX_SLOWMODE)
        }),
        tag_required: flags.map(|flags| flags & REQUIRE_TAG != 0),
    }
}

pub(super) fn applied_tags(form: &Form<'_>) -> Option<Vec<TagId>> {
    let mut tags: Vec<TagId> = Vec::new();
    for tag in form.snowflakes("applied_tags", 0..=5)? {
        if !tags.contains(&TagId(tag)) {
            tags.push(TagId(tag));
        }
    }
    Some(tags)
}

/// The flags of a channel or a post. Only those in `settable` can be set here.
pub(super) fn flags(form: &Form<'_>, settable: u64) -> Option<u64> {
    form.flags("flags", !settable)
}

fn tag(form: &Form<'_>) -> TagDraft {
    TagDraft {
        id: form.snowflake("id").map(TagId),
        name: form.must("name", 1..=50),
        moderated: form.flag("moderated").unwrap_or(false),
        emoji: emoji_of(form),
    }
}

/// Exactly one of `emoji_id` and `emoji_name` is set; the other one is null.
fn emoji_of(form: &Form<'_>) -> Option<ForumEmoji> {
    let made = form.snowflake("emoji_id").filter(|id| *id != 0);
    let name = form
        .trimmed("emoji_name", 0..=100)
        .filter(|name| !name.is_empty());
    let made = made.map(|id| ForumEmoji::Made(EmojiId(id)));
    made.or(name.map(ForumEmoji::Unicode))
}
