//! The channels of a server in a seed file: their overwrites, messages, tags and posts.

use toml::Spanned;

use super::meaning::{Around, EVERYONE, person};
use super::values::{Ids, Text, id, number, optional, permissions, text, twice, unknown, wrong};
use super::{Wrong, raw};
use crate::permissions::Permissions;
use crate::world::model::ChannelKind;
use crate::world::plan::{
    ChannelPlan, ForumPlan, MemberPlan, MessagePlan, OverwritePlan, PostPlan, TagPlan, TargetPlan,
    Who,
};

pub(super) fn channels(
    list: &[raw::Channel],
    around: &Around<'_>,
    members: &[MemberPlan],
    ids: &mut Ids,
) -> Result<Vec<ChannelPlan>, Wrong> {
    /// Discord's limit.
    const MOST: usize = 500;
    if let Some(one_too_many) = list.get(MOST) {
        let what = format!("this server has more than {MOST} channels");
        return Err(wrong(&one_too_many.name, what));
    }
    let mut channels: Vec<ChannelPlan> = Vec::with_capacity(list.len());
    for raw in list {
        let kind = kind_of(raw);
        let name = text(&raw.name, "name", 1..=100)?;
        let written = crate::world::channel_name(kind, &name);
        if written != name {
            let what = format!("text channels have no capitals and no spaces: write {written:?}");
            return Err(wrong(&raw.name, what));
        }
        let parent = raw.parent.as_ref().map(|parent| {
            if kind == ChannelKind::Category {
                return Err(wrong(parent, "a category cannot be in another one"));
            }
            // The category may be further down in the file.
            let is_it = |c: &raw::Channel| c.name == *parent && kind_of(c) == ChannelKind::Category;
            let found = list.iter().position(is_it);
            found.ok_or_else(|| unknown(parent, "category of this server"))
        });
        channels.push(ChannelPlan {
            id: id(ids, "channel", raw.id.as_ref(), |id| id.0)?,
            kind,
            name,
            parent: parent.transpose()?,
            topic: optional(raw.topic.as_ref(), "topic", 1..=1024)?,
            nsfw: raw.nsfw.unwrap_or(false),
            rate_limit_per_user: number(
                raw.rate_limit_per_user.as_ref(),
                "rate_limit_per_user",
                0..=21600,
            )?,
            overwrites: overwrites(&raw.permission_overwrites, around)?,
            messages: messages(&raw.messages, kind, around, members)?,
            forum: forum(raw, kind)?,
            posts: posts(raw, kind, around, members)?,
        });
    }
    Ok(channels)
}

fn messages(
    list: &[raw::Message],
    kind: ChannelKind,
    around: &Around<'_>,
    members: &[MemberPlan],
) -> Result<Vec<MessagePlan>, Wrong> {
    let message = |raw: &raw::Message| {
        match kind {
            ChannelKind::Category => {
                return Err(wrong(&raw.author, "a category has no messages"));
            }
            ChannelKind::Forum => {
                let what = "a forum has no messages: write `posts`";
                return Err(wrong(&raw.author, what));
            }
            _ => {}
        }
        let author = author(&raw.author, around, members)?;
        let content = text(&raw.content, "content", 1..=2000)?;
        Ok(MessagePlan { author, content })
    };
    list.iter().map(message).collect()
}

/// The author of a message, who must be in the server.
fn author(name: &Text, around: &Around<'_>, members: &[MemberPlan]) -> Result<usize, Wrong> {
    let author = person(around.people, name)?;
    if members.iter().any(|m| m.who == Who::Person(author)) {
        return Ok(author);
    }
    let what = format!("{:?} is not in this server", name.get_ref());
    Err(wrong(name, what))
}

fn forum(raw: &raw::Channel, kind: ChannelKind) -> Result<ForumPlan, Wrong> {
    /// Discord's limit.
    const MOST: usize = 20;
    let mut tags: Vec<TagPlan> = Vec::with_capacity(raw.available_tags.len());
    for tag in &raw.available_tags {
        if kind != ChannelKind::Forum {
            return Err(wrong(&tag.name, "only a forum has tags"));
        }
        let name = text(&tag.name, "name", 1..=50)?;
        if tags.iter().any(|other| other.name == name) {
            return Err(twice(&tag.name, "tag of this forum"));
        }
        if tags.len() == MOST {
            let what = format!("this forum has more than {MOST} tags");
            return Err(wrong(&tag.name, what));
        }
        tags.push(TagPlan {
            name,
            moderated: tag.moderated,
            emoji_name: optional(tag.emoji_name.as_ref(), "emoji_name", 1..=100)?,
        });
    }
    let require_tag = raw.require_tag.unwrap_or(false);
    if require_tag && tags.is_empty() {
        let what = "this channel has `require_tag`, but no `available_tags`";
        return Err(wrong(&raw.name, what));
    }
    Ok(ForumPlan { tags, require_tag })
}

fn posts(
    raw: &raw::Channel,
    kind: ChannelKind,
    around: &Around<'_>,
    members: &[MemberPlan],
) -> Result<Vec<PostPlan>, Wrong> {
    let tag = |name: &Text| {
        let mut known = raw.available_tags.iter();
        let found = known.position(|tag| tag.name.get_ref() == name.get_ref());
        found.ok_or_else(|| unknown(name, "tag of this forum"))
    };
    let post = |post: &raw::Post| {
        if kind != ChannelKind::Forum {
            let what = "only a forum has posts: add `type = \"forum\"`, or write `messages`";
            return Err(wrong(&post.name, what));
        }
        if raw.require_tag == Some(true) && post.applied_tags.is_empty() {
            let what = "each post of this forum needs a tag: write `applied_tags`";
            return Err(wrong(&post.name, what));
        }
        if let Some(sixth) = post.applied_tags.get(5) {
            return Err(wrong(sixth, "a post has five tags at most"));
        }
        Ok(PostPlan {
            author: author(&post.author, around, members)?,
            name: text(&post.name, "name", 1..=100)?,
            content: text(&post.content, "content", 1..=2000)?,
            tags: post
                .applied_tags
                .iter()
                .map(tag)
                .collect::<Result<_, _>>()?,
        })
    };
    raw.posts.iter().map(post).collect()
}

fn kind_of(raw: &raw::Channel) -> ChannelKind {
    match raw.r#type {
        None | Some(raw::ChannelType::Text) => ChannelKind::Text,
        Some(raw::ChannelType::Announcement) => ChannelKind::Announcement,
        Some(raw::ChannelType::Voice) => ChannelKind::Voice,
        Some(raw::ChannelType::Category) => ChannelKind::Category,
        Some(raw::ChannelType::Forum) => ChannelKind::Forum,
    }
}

fn overwrites(
    list: &[Spanned<raw::Overwrite>],
    around: &Around<'_>,
) -> Result<Vec<OverwritePlan>, Wrong> {
    let mut overwrites: Vec<OverwritePlan> = Vec::with_capacity(list.len());
    for spanned in list {
        let raw = spanned.get_ref();
        let target = match (&raw.role, &raw.user) {
            (Some(name), None) if name.get_ref() == EVERYONE => TargetPlan::Everyone,
            (Some(name), None) => TargetPlan::Role(around.role(name)?),
            (None, Some(name)) => TargetPlan::Member(around.who(name)?),
            _ => {
                let what = "an overwrite has either a `role` or a `user`";
                return Err(wrong(spanned, what));
            }
        };
        if overwrites.iter().any(|other| other.target == target) {
            let what = "this channel has two overwrites for the same role or user";
            return Err(wrong(spanned, what));
        }
        let (allow, deny) = (permissions(&raw.allow)?, permissions(&raw.deny)?);
        if (allow & deny) != Permissions::NONE {
            let what = "an overwrite cannot allow and deny the same permission";
            return Err(wrong(spanned, what));
        }
        overwrites.push(OverwritePlan {
            target,
            allow,
            deny,
        });
    }
    Ok(overwrites)
}
