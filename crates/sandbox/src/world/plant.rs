//! Creates a world from its seed.
//!
//! The ids are the same every time, so that a reset keeps them: they contain a fixed time instead of the one
//! at which the world is created.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::forums::{Forum, ForumEmoji, Tag};
use super::model::{Application, Channel, ChannelKind, Guild, Member, Profile, Role, Token, User};
use super::plan::{GuildPlan, Part, Plan, TargetPlan, Who};
use super::seed::{BOT_PERMISSIONS, Defaults, MoreGuilds, Seed};
use super::{Due, World};
use crate::id::{ApplicationId, ChannelId, GuildId, RoleId, Snowflakes, TagId, Timestamp, UserId};
use crate::permissions::{Overwrite, Permissions, Target};

/// 2026-01-05, the creation time of the first object. Each following one is almost a second newer.
const CREATED: Timestamp = Timestamp(1_767_571_200_000);
/// When people joined, unless the seed file gives a time.
const JOINED: Timestamp = CREATED.plus(3_600_000);

impl World {
    /// A new world.
    pub fn new(seed: &Seed) -> Self {
        let plan = &seed.plan;
        let mut maker = Maker::new(plan.given_ids());
        let application = ApplicationId(maker.id(plan.application));
        // Applications made since 2016 share their id with their bot.
        let bot = UserId(application.0);
        let guilds: Vec<GuildId> = plan
            .guilds
            .iter()
            .map(|guild| GuildId(maker.id(guild.id)))
            .collect();
        let people: Vec<UserId> = plan
            .people
            .iter()
            .map(|person| UserId(maker.id(person.id)))
            .collect();
        let token = Token(seed.token.clone().unwrap_or_else(|| default_token(bot)));
        let bot_name = seed.bot_name.as_ref().unwrap_or(&plan.bot_name).clone();
        let mut world = Self {
            ids: Snowflakes::default(),
            base_url: seed.base_url.trim_end_matches('/').to_owned(),
            applications: BTreeMap::from([(
                application,
                Application {
                    id: application,
                    name: bot_name.clone(),
                    bot,
                    owner: people[plan.owner],
                    token: token.clone(),
                    privileged: seed.privileged,
                    owner_has_two_factors: true,
                    emojis: BTreeMap::new(),
                    profile: Profile::default(),
                },
            )]),
            users: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: HashMap::new(),
            threads: HashMap::new(),
            messages: HashMap::new(),
            files: HashMap::new(),
            webhooks: BTreeMap::new(),
            invites: BTreeMap::new(),
            audit_logs: BTreeMap::new(),
            reason: None,
            commands: BTreeMap::new(),
            interactions: HashMap::new(),
            interaction_tokens: HashMap::new(),
            nonces: super::nonces::Nonces::default(),
            last_written: HashMap::new(),
            agenda: BTreeSet::new(),
            trouble: super::trouble::Trouble::default(),
            seen_at: super::SeenAt::default(),
            defaults: Defaults {
                application,
                bot,
                token,
                guild: guilds[0],
                owner: people[plan.guilds[0].owner],
                moderator: UserId(0),
                member: UserId(0),
                member2: UserId(0),
                moderator_role: RoleId(0),
                bot_role: RoleId(0),
                general: ChannelId(0),
                welcome: ChannelId(0),
                support: ChannelId(0),
                tickets: ChannelId(0),
            },
        };
        world.plant_users(plan, &people, bot_name);
        for (id, guild) in guilds.iter().zip(&plan.guilds) {
            world.plant_guild(*id, guild, &people, &mut maker);
        }
        world.find_defaults();
        world.further_guilds(seed.more_guilds, &mut maker);
        // Ids that are made later must differ from the seed's, even if the clock is wrong.
        world.ids = maker.ids;
        for (id, guild) in guilds.iter().zip(&plan.guilds) {
            world.plant_messages(*id, guild, &people, &mut maker.at);
        }
        if let Some(moment) = seed.ids_from {
            world.ids.count_from(moment);
        }
        world
    }

    /// The person in this part, or with this username.
    pub fn person_named(&self, name: &str) -> Option<UserId> {
        let known = |id: &UserId| self.users.contains_key(id);
        self.defaults.person(name).filter(known).or_else(|| {
            self.people()
                .find(|user| user.username == name)
                .map(|user| user.id)
        })
    }

    fn plant_users(&mut self, plan: &Plan, ids: &[UserId], bot_name: String) {
        let bot = User {
            id: self.defaults.bot,
            username: bot_name,
            global_name: None,
            locale: "en-US".into(),
            bot: true,
            guilds: BTreeSet::new(),
            refuses_direct_messages: false,
            avatar: None,
        };
        self.users.insert(bot.id, bot);
        for (id, person) in ids.iter().zip(&plan.people) {
            let user = User {
                id: *id,
                username: person.username.clone(),
                global_name: person.global_name.clone(),
                locale: person.locale.clone(),
                bot: false,
                guilds: BTreeSet::new(),
                refuses_direct_messages: false,
                avatar: None,
            };
            self.users.insert(user.id, user);
            match person.part {
                Some(Part::Moderator) => self.defaults.moderator = *id,
                Some(Part::Member) => self.defaults.member = *id,
                Some(Part::Member2) => self.defaults.member2 = *id,
                None => {}
            }
        }
    }

    fn plant_guild(&mut self, id: GuildId, plan: &GuildPlan, people: &[UserId], maker: &mut Maker) {
        let bot = self.defaults.bot;
        let mut guild = new_guild(id, &plan.name, people[plan.owner]);
        guild.preferred_locale.clone_from(&plan.preferred_locale);
        guild.description.clone_from(&plan.description);
        if let Some(permissions) = plan.everyone
            && let Some(everyone) = guild.roles.get_mut(&id.everyone())
        {
            everyone.permissions = permissions;
        }
        let roles: Vec<RoleId> = plan
            .roles
            .iter()
            .map(|role| RoleId(maker.id(role.id)))
            .collect();
        for ((position, role), id) in (1..).zip(&plan.roles).zip(&roles) {
            let name = role.name.as_ref().unwrap_or(&self.users[&bot].username);
            let role = Role {
                color: role.color,
                hoist: role.hoist,
                position,
                mentionable: role.mentionable,
                bot: role.bot.then_some(bot),
                ..new_role(*id, name, role.permissions)
            };
            guild.roles.insert(role.id, role);
        }
        let channels: Vec<ChannelId> = plan
            .channels
            .iter()
            .map(|channel| ChannelId(maker.id(channel.id)))
            .collect();
        guild.system_channel = plan.system_channel.map(|index| channels[index]);
        self.guilds.insert(id, guild);
        let user = |who: Who| match who {
            Who::Bot => bot,
            Who::Person(index) => people[index],
        };
        for member in &plan.members {
            let roles = member.roles.iter().map(|index| roles[*index]).collect();
            let seat = Member {
                user: user(member.who),
                nick: member.nick.clone(),
                roles,
                joined_at: member.joined_at.unwrap_or(JOINED),
                timed_out_until: member.timed_out_until,
            };
            self.seat(id, seat);
        }
        for ((position, plan), channel) in (0..).zip(&plan.channels).zip(&channels) {
            let overwrites = plan.overwrites.iter().map(|overwrite| Overwrite {
                target: match overwrite.target {
                    TargetPlan::Everyone => Target::Role(id.everyone()),
                    TargetPlan::Role(index) => Target::Role(roles[index]),
                    TargetPlan::Member(who) => Target::Member(user(who)),
                },
                allow: overwrite.allow,
                deny: overwrite.deny,
            });
            let tags = plan.forum.tags.iter().map(|tag| Tag {
                id: TagId(maker.id(None)),
                name: tag.name.clone(),
                moderated: tag.moderated,
                emoji: tag.emoji_name.clone().map(ForumEmoji::Unicode),
            });
            self.place_channel(Channel {
                kind: plan.kind,
                forum: Forum {
                    tags: tags.collect(),
                    tag_required: plan.forum.require_tag,
                    ..Forum::default()
                },
                parent: plan.parent.map(|index| channels[index]),
                topic: plan.topic.clone(),
                nsfw: plan.nsfw,
                rate_limit_per_user: plan.rate_limit_per_user,
                overwrites: overwrites.collect(),
                ..new_channel(id, *channel, &plan.name, position)
            });
        }
    }

    /// Finds the objects of the default world in the first server.
    fn find_defaults(&mut self) {
        let defaults = &self.defaults;
        let Some(guild) = self.guilds.get(&defaults.guild) else {
            return;
        };
        let mut channels: Vec<&Channel> = guild
            .channels
            .iter()
            .filter_map(|id| self.channels.get(id))
            .collect();
        channels.sort_by_key(|channel| channel.position);
        let named = |name: &str| channels.iter().find(|c| c.name == name).map(|c| c.id);
        let text = channels.iter().find(|c| c.kind == ChannelKind::Text);
        let none = ChannelId(0);
        let own = guild.roles.values().find(|role| role.bot.is_some());
        let moderator = guild.members.get(&defaults.moderator);
        let first_role = moderator.and_then(|member| {
            let roles = member.roles.iter().filter_map(|id| guild.roles.get(id));
            roles.min_by_key(|role| role.position)
        });
        self.defaults = Defaults {
            moderator_role: first_role.map_or(RoleId(0), |role| role.id),
            bot_role: own.map_or(RoleId(0), |role| role.id),
            general: named("general").or(text.map(|c| c.id)).unwrap_or(none),
            welcome: named("welcome").unwrap_or(none),
            support: named("support").unwrap_or(none),
            tickets: named("tickets").unwrap_or(none),
            ..defaults.clone()
        };
    }

    fn further_guilds(&mut self, more: MoreGuilds, maker: &mut Maker) {
        let (owner, bot) = (self.defaults.owner, self.defaults.bot);
        for number in 1..=more.count {
            let id = GuildId(maker.next());
            let mut guild = new_guild(id, &format!("Server {number}"), owner);
            for position in 1..=more.roles {
                let role = RoleId(maker.next_to());
                let name = format!("Role {position}");
                let role = Role {
                    position,
                    ..new_role(role, &name, Permissions::NONE)
                };
                guild.roles.insert(role.id, role);
            }
            let own = RoleId(maker.next_to());
            let own = Role {
                bot: Some(bot),
                position: more.roles + 1,
                ..new_role(own, &self.users[&bot].username, BOT_PERMISSIONS)
            };
            let own_id = own.id;
            guild.roles.insert(own.id, own);
            self.guilds.insert(id, guild);
            self.seat(id, long_standing(owner, BTreeSet::new()));
            self.seat(id, long_standing(bot, BTreeSet::from([own_id])));
            for position in 0..more.channels {
                let channel = ChannelId(maker.next_to());
                let name = format!("channel-{position}");
                self.place_channel(new_channel(id, channel, &name, position));
            }
        }
    }

    fn seat(&mut self, guild: GuildId, member: Member) {
        if let Some(until) = member.timed_out_until {
            self.agenda
                .insert((until, Due::EndTimeOut(guild, member.user)));
        }
        if let (Some(guild), Some(user)) = (
            self.guilds.get_mut(&guild),
            self.users.get_mut(&member.user),
        ) {
            guild.members.insert(user.id, member);
            user.guilds.insert(guild.id);
        }
    }

    fn place_channel(&mut self, channel: Channel) {
        if let Some(guild) = self.guilds.get_mut(&channel.guild) {
            guild.channels.insert(channel.id);
        }
        self.channels.insert(channel.id, channel);
    }
}

/// A text channel with default settings.
pub(super) fn new_channel(guild: GuildId, id: ChannelId, name: &str, position: u32) -> Channel {
    Channel {
        id,
        guild,
        kind: ChannelKind::Text,
        name: name.into(),
        position,
        parent: None,
        topic: None,
        nsfw: false,
        overwrites: Vec::new(),
        rate_limit_per_user: 0,
        default_auto_archive: None,
        bitrate: None,
        user_limit: 0,
        last_message: None,
        last_pin: None,
        recipients: Vec::new(),
        forum: Forum::default(),
        threads: BTreeSet::new(),
    }
}

/// A role with default settings.
pub(super) fn new_role(id: RoleId, name: &str, permissions: Permissions) -> Role {
    Role {
        id,
        name: name.into(),
        color: 0,
        hoist: false,
        position: 0,
        permissions,
        mentionable: false,
        bot: None,
    }
}

fn new_guild(id: GuildId, name: &str, owner: UserId) -> Guild {
    let everyone = new_role(id.everyone(), "@everyone", Permissions::DEFAULT_EVERYONE);
    Guild {
        id,
        name: name.into(),
        owner,
        preferred_locale: "en-US".into(),
        description: None,
        system_channel: None,
        roles: BTreeMap::from([(everyone.id, everyone)]),
        members: BTreeMap::new(),
        channels: BTreeSet::new(),
        active_threads: BTreeSet::new(),
        mfa_level: 0,
        bans: BTreeMap::new(),
        emojis: BTreeMap::new(),
        icon: None,
    }
}

/// A token with three parts like a real one. The first is the user's id, as clients expect.
fn default_token(bot: UserId) -> String {
    use base64::Engine as _;
    let id = base64::engine::general_purpose::STANDARD_NO_PAD.encode(bot.to_string());
    format!("{id}.sand.box-has-no-secrets-this-token-is-public")
}

/// Makes ids that differ from those that the seed file gives.
struct Maker {
    ids: Snowflakes,
    at: Timestamp,
    given: BTreeSet<u64>,
}

impl Maker {
    fn new(given: BTreeSet<u64>) -> Self {
        Self {
            ids: Snowflakes::default(),
            at: CREATED,
            given,
        }
    }

    /// The given id, or a new one.
    fn id(&mut self, given: Option<u64>) -> u64 {
        given.unwrap_or_else(|| self.next())
    }

    /// An id almost a second later than the last one. The step is odd, so that servers are spread over all
    /// shards.
    fn next(&mut self) -> u64 {
        self.at = self.at.plus(997);
        self.next_to()
    }

    /// An id of the same time as the last one.
    fn next_to(&mut self) -> u64 {
        loop {
            let id = self.ids.next(self.at);
            if !self.given.contains(&id) {
                return id;
            }
        }
    }
}

/// A member since the world was created.
fn long_standing(user: UserId, roles: BTreeSet<RoleId>) -> Member {
    Member {
        user,
        nick: None,
        roles,
        joined_at: JOINED,
        timed_out_until: None,
    }
}
