//! What a world begins as.
//!
//! The ids are the same every time, so that a reset keeps them: they hold a moment of their own,
//! not the one at which the world was made.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::World;
use super::model::{
    Application, Channel, ChannelKind, Guild, Member, Privileged, Role, Token, User,
};
use crate::id::{ApplicationId, ChannelId, GuildId, RoleId, Snowflakes, Timestamp, UserId};
use crate::permissions::{Overwrite, Permissions, Target};

/// What to begin with: the default world, and perhaps more.
#[derive(Clone, Debug, Default)]
pub struct Seed {
    /// Where the sandbox listens, such as `http://127.0.0.1:4000`: attachments' addresses begin so.
    pub base_url: String,
    /// The bot's token; a made-up one if not given.
    pub token: Option<String>,
    /// The bot's name; `Bot` if not given.
    pub bot_name: Option<String>,
    /// Which privileged intents are switched on; all of them by default.
    pub privileged: Privileged,
    /// Further servers with the bot in them, to see how it copes.
    pub more_guilds: MoreGuilds,
}

/// Servers that are all alike.
#[derive(Clone, Copy, Debug, Default)]
pub struct MoreGuilds {
    pub count: u32,
    /// Text channels in each.
    pub channels: u32,
    /// Roles in each, besides `@everyone` and the bot's.
    pub roles: u32,
}

/// Who and what is in the default world.
#[derive(Clone, Debug)]
pub struct Defaults {
    pub application: ApplicationId,
    pub bot: UserId,
    pub token: Token,
    pub guild: GuildId,
    pub owner: UserId,
    pub moderator: UserId,
    pub member: UserId,
    pub member2: UserId,
    pub moderator_role: RoleId,
    pub bot_role: RoleId,
    pub general: ChannelId,
    pub welcome: ChannelId,
    pub support: ChannelId,
    pub tickets: ChannelId,
}

impl Defaults {
    /// The person with this name in the control API: `owner`, `moderator`, `member`, `member2`.
    pub fn person(&self, name: &str) -> Option<UserId> {
        match name {
            "owner" => Some(self.owner),
            "moderator" => Some(self.moderator),
            "member" => Some(self.member),
            "member2" => Some(self.member2),
            _ => None,
        }
    }

    /// The part that a person plays.
    pub fn part(&self, user: UserId) -> Option<&'static str> {
        match user {
            _ if user == self.owner => Some("owner"),
            _ if user == self.moderator => Some("moderator"),
            _ if user == self.member || user == self.member2 => Some("member"),
            _ => None,
        }
    }
}

/// The permissions of the bot's role: those of a ticket bot's invite link, and Manage Threads.
pub(super) const BOT_PERMISSIONS: Permissions = Permissions(
    Permissions::VIEW_CHANNEL.0
        | Permissions::SEND_MESSAGES.0
        | Permissions::CREATE_PRIVATE_THREADS.0
        | Permissions::SEND_MESSAGES_IN_THREADS.0
        | Permissions::EMBED_LINKS.0
        | Permissions::ATTACH_FILES.0
        | Permissions::MANAGE_THREADS.0,
);

/// 2026-01-05, from when on the things of a new world were made, nearly a second apart.
const CREATED: Timestamp = Timestamp(1_767_571_200_000);

impl World {
    /// A new world.
    pub fn new(seed: &Seed) -> Self {
        let mut maker = Maker {
            ids: Snowflakes::default(),
            at: CREATED,
        };
        let application = ApplicationId(maker.next());
        // Applications made since 2016 share their id with their bot.
        let bot = UserId(application.0);
        let token = Token(seed.token.clone().unwrap_or_else(|| default_token(bot)));
        let defaults = Defaults {
            application,
            bot,
            token: token.clone(),
            guild: GuildId(maker.next()),
            owner: UserId(maker.next()),
            moderator: UserId(maker.next()),
            member: UserId(maker.next()),
            member2: UserId(maker.next()),
            moderator_role: RoleId(maker.next()),
            bot_role: RoleId(maker.next()),
            general: ChannelId(maker.next()),
            welcome: ChannelId(maker.next()),
            support: ChannelId(maker.next()),
            tickets: ChannelId(maker.next()),
        };
        let bot_name = seed.bot_name.clone().unwrap_or_else(|| "Bot".into());
        let mut world = Self {
            ids: Snowflakes::default(),
            base_url: seed.base_url.trim_end_matches('/').to_owned(),
            applications: BTreeMap::from([(
                application,
                Application {
                    id: application,
                    name: bot_name.clone(),
                    bot,
                    owner: defaults.owner,
                    token,
                    privileged: seed.privileged,
                },
            )]),
            users: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: HashMap::new(),
            threads: HashMap::new(),
            messages: HashMap::new(),
            files: HashMap::new(),
            webhooks: BTreeMap::new(),
            commands: BTreeMap::new(),
            interactions: HashMap::new(),
            interaction_tokens: HashMap::new(),
            nonces: super::nonces::Nonces::default(),
            last_written: HashMap::new(),
            agenda: BTreeSet::new(),
            defaults,
        };
        world.default_people(&bot_name);
        world.default_guild();
        world.further_guilds(seed.more_guilds, &mut maker);
        // Nothing that is made later may have an id that the seed uses, however wrong the clock.
        world.ids = maker.ids;
        world
    }

    fn default_people(&mut self, bot_name: &str) {
        let d = self.defaults.clone();
        for (id, username, global_name, bot) in [
            (d.bot, bot_name, None, true),
            (d.owner, "olivia", Some("Olivia"), false),
            (d.moderator, "max", Some("Max"), false),
            (d.member, "mia", Some("Mia"), false),
            (d.member2, "noah", Some("Noah"), false),
        ] {
            let user = User {
                id,
                username: username.into(),
                global_name: global_name.map(Into::into),
                locale: "en-US".into(),
                bot,
                guilds: BTreeSet::new(),
            };
            self.users.insert(id, user);
        }
    }

    fn default_guild(&mut self) {
        let d = self.defaults.clone();
        let bot_name = self.users[&d.bot].username.clone();
        let mut guild = new_guild(d.guild, "Sandbox", d.owner);
        guild.system_channel = Some(d.general);
        let everyone = d.guild.everyone();
        let moderating = Permissions::MANAGE_THREADS | Permissions::MANAGE_MESSAGES;
        for (position, role) in (1..).zip([
            Role {
                hoist: true,
                // So that a bot without Mention Everyone can invite them to private threads.
                mentionable: true,
                ..new_role(d.moderator_role, "Moderator", moderating)
            },
            Role {
                bot: Some(d.bot),
                ..new_role(d.bot_role, &bot_name, BOT_PERMISSIONS)
            },
        ]) {
            guild.roles.insert(role.id, Role { position, ..role });
        }
        self.guilds.insert(d.guild, guild);
        for (user, roles) in [
            (d.owner, vec![]),
            (d.moderator, vec![d.moderator_role]),
            (d.member, vec![]),
            (d.member2, vec![]),
            (d.bot, vec![d.bot_role]),
        ] {
            self.seat(d.guild, user, roles);
        }
        let read_only = Overwrite {
            target: Target::Role(everyone),
            allow: Permissions::NONE,
            deny: Permissions::SEND_MESSAGES,
        };
        // The bot has to be able to post where members may not.
        let bot_writes = Overwrite {
            target: Target::Role(d.bot_role),
            allow: Permissions::SEND_MESSAGES,
            deny: Permissions::NONE,
        };
        let moderated = Overwrite {
            target: Target::Role(d.moderator_role),
            allow: Permissions::MANAGE_THREADS,
            deny: Permissions::NONE,
        };
        for (position, (id, name, overwrites)) in (0..).zip([
            (d.general, "general", vec![]),
            (d.welcome, "welcome", vec![read_only, bot_writes]),
            (d.support, "support", vec![moderated]),
            (d.tickets, "tickets", vec![moderated]),
        ]) {
            self.place_channel(d.guild, id, name, position, overwrites);
        }
    }

    fn further_guilds(&mut self, more: MoreGuilds, maker: &mut Maker) {
        let (owner, bot) = (self.defaults.owner, self.defaults.bot);
        for number in 1..=more.count {
            let id = GuildId(maker.next());
            let mut guild = new_guild(id, &format!("Server {number}"), owner);
            for position in 1..=more.roles {
                let role = RoleId(maker.ids.next(maker.at));
                let name = format!("Role {position}");
                let role = Role {
                    position,
                    ..new_role(role, &name, Permissions::NONE)
                };
                guild.roles.insert(role.id, role);
            }
            let own = RoleId(maker.ids.next(maker.at));
            let own = Role {
                bot: Some(bot),
                position: more.roles + 1,
                ..new_role(own, &self.users[&bot].username, BOT_PERMISSIONS)
            };
            let own_id = own.id;
            guild.roles.insert(own.id, own);
            self.guilds.insert(id, guild);
            self.seat(id, owner, vec![]);
            self.seat(id, bot, vec![own_id]);
            for position in 0..more.channels {
                let channel = ChannelId(maker.ids.next(maker.at));
                self.place_channel(
                    id,
                    channel,
                    &format!("channel-{position}"),
                    position,
                    vec![],
                );
            }
        }
    }

    fn seat(&mut self, guild: GuildId, user: UserId, roles: Vec<RoleId>) {
        let member = Member {
            user,
            nick: None,
            roles: roles.into_iter().collect(),
            joined_at: CREATED.plus(3_600_000),
            timed_out_until: None,
        };
        if let (Some(guild), Some(user)) = (self.guilds.get_mut(&guild), self.users.get_mut(&user))
        {
            guild.members.insert(user.id, member);
            user.guilds.insert(guild.id);
        }
    }

    fn place_channel(
        &mut self,
        guild: GuildId,
        id: ChannelId,
        name: &str,
        position: u32,
        overwrites: Vec<Overwrite>,
    ) {
        let channel = Channel {
            id,
            guild,
            kind: ChannelKind::Text,
            name: name.into(),
            position,
            parent: None,
            topic: None,
            nsfw: false,
            overwrites,
            rate_limit_per_user: 0,
            default_auto_archive: None,
            last_message: None,
            threads: BTreeSet::new(),
        };
        self.channels.insert(id, channel);
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.channels.insert(id);
        }
    }
}

/// A role with nothing special about it.
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
    }
}

/// Three parts like a real token, the first of them the user's id, as clients expect.
fn default_token(bot: UserId) -> String {
    use base64::Engine as _;
    let id = base64::engine::general_purpose::STANDARD_NO_PAD.encode(bot.to_string());
    format!("{id}.sand.box-has-no-secrets-this-token-is-public")
}

struct Maker {
    ids: Snowflakes,
    at: Timestamp,
}

impl Maker {
    /// Nearly a second later each time: an odd number, so that servers spread over all shards.
    fn next(&mut self) -> u64 {
        self.at = self.at.plus(997);
        self.ids.next(self.at)
    }
}
