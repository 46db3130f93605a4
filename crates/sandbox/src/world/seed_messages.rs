//! The messages and forum posts of a new world.

use super::World;
use super::draft::{AllowedMentions, MessageDraft, ThreadDraft};
use super::event::Events;
use super::forums::Post;
use super::model::{Author, ThreadKind};
use super::plan::{GuildPlan, PostPlan};
use super::post::Posting;
use crate::id::{ChannelId, GuildId, MessageId, Timestamp, UserId};
use crate::permissions::Permissions;

impl World {
    /// Adds the plan's messages, each almost a second after the last one.
    pub(super) fn plant_messages(
        &mut self,
        id: GuildId,
        plan: &GuildPlan,
        people: &[UserId],
        at: &mut Timestamp,
    ) {
        let Some(guild) = self.guilds.get(&id) else {
            return;
        };
        let mut channels: Vec<(u32, ChannelId)> = guild
            .channels
            .iter()
            .filter_map(|id| Some((self.channels.get(id)?.position, *id)))
            .collect();
        // The channels were created in the plan's order.
        channels.sort_unstable();
        for ((_, channel), plan) in channels.into_iter().zip(&plan.channels) {
            for message in &plan.messages {
                *at = at.plus(997);
                let posting = Posting {
                    author: Author::User(people[message.author]),
                    ..Posting::new(id, channel)
                };
                self.plant(*at, posting, &message.content);
            }
            for post in &plan.posts {
                *at = at.plus(997);
                self.plant_post(*at, (id, channel), people[post.author], post);
            }
        }
    }

    fn plant_post(
        &mut self,
        at: Timestamp,
        (guild, forum): (GuildId, ChannelId),
        author: UserId,
        plan: &PostPlan,
    ) {
        let Some(channel) = self.channels.get(&forum) else {
            return;
        };
        let tags = plan.tags.iter().map(|index| channel.forum.tags[*index].id);
        let thread = ThreadDraft {
            name: plan.name.clone(),
            kind: ThreadKind::Public,
            auto_archive: None,
            invitable: true,
            rate_limit_per_user: None,
            post: Some(Post {
                tags: tags.collect(),
                pinned: false,
            }),
        };
        let mut events = Events::default();
        let id = self.open_post(at, author, (guild, forum), thread, &mut events);
        let posting = Posting {
            id: Some(MessageId(id.0)),
            author: Author::User(author),
            ..Posting::new(guild, id)
        };
        self.plant(at, posting, &plan.content);
    }

    fn plant(&mut self, at: Timestamp, posting: Posting, content: &str) {
        let draft = MessageDraft {
            content: content.to_owned(),
            ..MessageDraft::default()
        };
        let allowed = AllowedMentions::of_messages();
        // Drop the events, because no client is connected yet.
        let mut events = Events::default();
        self.post(at, posting, draft, &allowed, Permissions::ALL, &mut events);
    }
}
