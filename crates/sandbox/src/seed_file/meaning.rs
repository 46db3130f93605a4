//! From the fields of a seed file to their meaning.

use super::channels::channels;
use super::values::{
    Ids, Text, id, number, optional, permissions, span, text, twice, unknown, whole, wrong,
};
use super::{Wrong, raw};
use crate::id::Timestamp;
use crate::permissions::Permissions;
use crate::wire::read::LOCALES;
use crate::world::model::{ChannelKind, Privileged};
use crate::world::plan::{GuildPlan, MemberPlan, Part, PersonPlan, Plan, RolePlan, Who};
use crate::world::{BOT_PERMISSIONS, MoreGuilds, Seed};

/// The name of `@everyone` in a file. `BOT` stands for the bot in place of a role or a member.
pub(super) const EVERYONE: &str = "@everyone";
const BOT: &str = "@bot";

pub(super) fn of(file: raw::File) -> Result<Seed, Wrong> {
    if file.people.is_empty() {
        return Err(whole("it has no people: write one [[people]] at least"));
    }
    if file.guilds.is_empty() {
        return Err(whole("it has no server: write one [[guilds]] at least"));
    }
    let mut ids = Ids::default();
    let people = people(&file.people, &mut ids)?;
    let guilds: Vec<GuildPlan> = file
        .guilds
        .iter()
        .map(|guild| self::guild(guild, &people, &mut ids))
        .collect::<Result<_, _>>()?;
    let application = file.application.unwrap_or_default();
    let owner = match &application.owner {
        Some(name) => person(&people, name)?,
        None => guilds[0].owner,
    };
    let token = application.token.as_ref().map(token).transpose()?;
    let bot_name = application.name.as_ref();
    let bot_name = bot_name.map(|name| text(name, "name", 1..=32));
    Ok(Seed {
        token,
        bot_name: None,
        privileged: match &application.intents {
            Some(names) => privileged(names)?,
            None => Privileged::default(),
        },
        plan: Plan {
            // No person may have the bot's id, because the bot is a user, too.
            application: application
                .id
                .map(|id| ids.take("user", span(&id), id.get_ref().0))
                .transpose()?,
            bot_name: bot_name.transpose()?.unwrap_or_else(|| "Bot".to_owned()),
            owner,
            people,
            guilds,
        },
        base_url: String::new(),
        more_guilds: MoreGuilds::default(),
        ids_from: None,
    })
}

fn people(list: &[raw::Person], ids: &mut Ids) -> Result<Vec<PersonPlan>, Wrong> {
    let mut people: Vec<PersonPlan> = Vec::with_capacity(list.len());
    for raw in list {
        let username = raw.username.get_ref();
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
        if !(2..=32).contains(&username.len())
            || !username.chars().all(good)
            || username.chars().all(|c| c.is_ascii_digit())
        {
            return Err(wrong(
                &raw.username,
                format!(
                    "{username:?} is not a username: 2 to 32 of a to z, 0 to 9, _ and ., not digits only"
                ),
            ));
        }
        if ["owner", "moderator", "member", "member2"].contains(&&**username) {
            return Err(wrong(
                &raw.username,
                format!("the username {username:?} is a word of the control API: take another"),
            ));
        }
        if people.iter().any(|person| person.username == *username) {
            return Err(twice(&raw.username, "person"));
        }
        let part = raw.part.as_ref().map(|part| {
            let word = match part.get_ref() {
                raw::Part::Moderator => Part::Moderator,
                raw::Part::Member => Part::Member,
                raw::Part::Member2 => Part::Member2,
            };
            if people.iter().any(|person| person.part == Some(word)) {
                return Err(wrong(part, "somebody else plays this part already"));
            }
            Ok(word)
        });
        people.push(PersonPlan {
            id: user_id(raw, ids)?,
            username: username.clone(),
            global_name: optional(raw.global_name.as_ref(), "global_name", 1..=32)?,
            locale: locale(raw.locale.as_ref())?,
            part: part.transpose()?,
        });
    }
    Ok(people)
}

/// The id that the file gives a person, or one that contains the creation time of the account.
fn user_id(raw: &raw::Person, ids: &mut Ids) -> Result<Option<u64>, Wrong> {
    let Some(created) = &raw.created_at else {
        return id(ids, "user", raw.id.as_ref(), |id| id.0);
    };
    if raw.id.is_some() {
        let what = "the id says when the account was made: give one of both";
        return Err(wrong(created, what));
    }
    let mut ids_then = moment(created)?.snowflakes();
    Ok(ids_then.find(|number| ids.0.insert(("user", *number))))
}

/// A moment such as `2026-11-28T12:00:00Z`.
fn moment(text: &Text) -> Result<Timestamp, Wrong> {
    Timestamp::from_iso(text.get_ref()).ok_or_else(|| {
        let what = format!(
            "{:?} is not a moment such as 2026-11-28T12:00:00Z",
            text.get_ref()
        );
        wrong(text, what)
    })
}

fn guild(raw: &raw::Guild, people: &[PersonPlan], ids: &mut Ids) -> Result<GuildPlan, Wrong> {
    let has_bot = raw.bot.unwrap_or(true);
    let owner = match &raw.owner {
        Some(name) => person(people, name)?,
        None => 0,
    };
    let id = id(ids, "guild", raw.id.as_ref(), |id| id.0)?;
    let Roles { everyone, roles } = roles(raw, has_bot, ids)?;
    let around = Around {
        people,
        roles: &roles,
        has_bot,
    };
    let members = match &raw.members {
        Some(list) => members(list, owner, &around)?,
        None => (0..people.len())
            .map(Who::Person)
            .chain(has_bot.then_some(Who::Bot))
            .map(|who| around.member(who))
            .collect(),
    };
    let channels = channels(&raw.channels, &around, &members, ids)?;
    let system_channel = raw.system_channel.as_ref().map(|name| {
        let found = channels.iter().position(|channel| {
            channel.name == *name.get_ref() && channel.kind == ChannelKind::Text
        });
        found.ok_or_else(|| unknown(name, "text channel of this server"))
    });
    Ok(GuildPlan {
        id,
        name: text(&raw.name, "name", 2..=100)?,
        owner,
        preferred_locale: locale(raw.preferred_locale.as_ref())?,
        description: optional(raw.description.as_ref(), "description", 1..=300)?,
        system_channel: system_channel.transpose()?,
        everyone,
        members,
        channels,
        roles,
    })
}

struct Roles {
    everyone: Option<Permissions>,
    roles: Vec<RolePlan>,
}

fn roles(guild: &raw::Guild, has_bot: bool, ids: &mut Ids) -> Result<Roles, Wrong> {
    /// Discord's limit, without `@everyone`.
    const MOST: usize = 249;
    let mut everyone = None;
    let mut roles: Vec<RolePlan> = Vec::new();
    for spanned in &guild.roles {
        let raw = spanned.get_ref();
        let name = match &raw.name {
            Some(name) if name.get_ref() == EVERYONE => {
                if everyone.is_some() {
                    return Err(twice(name, "role"));
                }
                if raw.bot || raw.id.is_some() || raw.color.is_some() || raw.hoist.is_some() {
                    let what = "of @everyone only the permissions can be said";
                    return Err(wrong(name, what));
                }
                everyone = Some(match &raw.permissions {
                    Some(names) => permissions(names)?,
                    None => Permissions::DEFAULT_EVERYONE,
                });
                continue;
            }
            Some(name) => {
                let text = text(name, "name", 1..=100)?;
                if text.starts_with('@') {
                    return Err(wrong(name, "a role's name must not begin with @"));
                }
                if roles.iter().any(|role| role.name.as_ref() == Some(&text)) {
                    return Err(twice(name, "role of this server"));
                }
                Some(text)
            }
            None if raw.bot => None,
            None => return Err(wrong(spanned, "this role has no `name`")),
        };
        if raw.bot && (!has_bot || roles.iter().any(|role| role.bot)) {
            let what = if has_bot {
                "this server has two roles with `bot = true`: the bot has one"
            } else {
                "this role is the bot's, but the bot is not in this server (`bot = false`)"
            };
            return Err(wrong(spanned, what));
        }
        let given = match &raw.permissions {
            Some(names) => permissions(names)?,
            None if raw.bot => BOT_PERMISSIONS,
            None => Permissions::NONE,
        };
        roles.push(RolePlan {
            id: id(ids, "role", raw.id.as_ref(), |id| id.0)?,
            name,
            color: number(raw.color.as_ref(), "color", 0..=0x00FF_FFFF)?,
            hoist: raw.hoist.unwrap_or(false),
            mentionable: raw.mentionable.unwrap_or(false),
            permissions: given,
            bot: raw.bot,
        });
    }
    if has_bot && !roles.iter().any(|role| role.bot) {
        roles.push(RolePlan {
            id: None,
            name: None,
            color: 0,
            hoist: false,
            mentionable: false,
            permissions: BOT_PERMISSIONS,
            bot: true,
        });
    }
    if roles.len() > MOST {
        let what = format!("this server has more than {MOST} roles");
        return Err(wrong(&guild.name, what));
    }
    Ok(Roles { everyone, roles })
}

fn members(
    list: &[raw::Member],
    owner: usize,
    around: &Around<'_>,
) -> Result<Vec<MemberPlan>, Wrong> {
    let mut members: Vec<MemberPlan> = Vec::new();
    for raw in list {
        let who = around.who(&raw.user)?;
        if members.iter().any(|member| member.who == who) {
            return Err(twice(&raw.user, "member of this server"));
        }
        let mut member = around.member(who);
        member.nick = optional(raw.nick.as_ref(), "nick", 1..=32)?;
        member.joined_at = raw.joined_at.as_ref().map(moment).transpose()?;
        let timed_out = raw.communication_disabled_until.as_ref();
        member.timed_out_until = timed_out.map(moment).transpose()?;
        for name in &raw.roles {
            let index = around.role(name)?;
            if around.roles[index].bot {
                return Err(wrong(name, "nobody else can have the bot's own role"));
            }
            member.roles.push(index);
        }
        members.push(member);
    }
    let bot = around.has_bot.then_some(Who::Bot);
    for who in [Who::Person(owner)].into_iter().chain(bot) {
        if !members.iter().any(|member| member.who == who) {
            members.push(around.member(who));
        }
    }
    Ok(members)
}

/// What the names in a server refer to.
pub(super) struct Around<'a> {
    pub(super) people: &'a [PersonPlan],
    roles: &'a [RolePlan],
    has_bot: bool,
}

impl Around<'_> {
    /// A member with only their own role.
    fn member(&self, who: Who) -> MemberPlan {
        let own = self.roles.iter().position(|role| role.bot);
        MemberPlan {
            who,
            nick: None,
            joined_at: None,
            timed_out_until: None,
            roles: own.filter(|_| who == Who::Bot).into_iter().collect(),
        }
    }

    pub(super) fn who(&self, name: &Text) -> Result<Who, Wrong> {
        if name.get_ref() != BOT {
            return person(self.people, name).map(Who::Person);
        }
        self.check_bot(name)?;
        Ok(Who::Bot)
    }

    pub(super) fn role(&self, name: &Text) -> Result<usize, Wrong> {
        if name.get_ref() == BOT {
            self.check_bot(name)?;
            // Every server with the bot has such a role.
            let own = self.roles.iter().position(|role| role.bot);
            return own.ok_or_else(|| unknown(name, "role of this server"));
        }
        let named = |role: &RolePlan| role.name.as_ref() == Some(name.get_ref());
        let found = self.roles.iter().position(named);
        found.ok_or_else(|| unknown(name, "role of this server"))
    }

    fn check_bot(&self, name: &Text) -> Result<(), Wrong> {
        if self.has_bot {
            return Ok(());
        }
        let what = "the bot is not in this server (`bot = false`)";
        Err(wrong(name, what))
    }
}

pub(super) fn person(people: &[PersonPlan], name: &Text) -> Result<usize, Wrong> {
    let found = people
        .iter()
        .position(|person| person.username == *name.get_ref());
    found.ok_or_else(|| unknown(name, "username in [[people]]"))
}

fn privileged(names: &[Text]) -> Result<Privileged, Wrong> {
    let mut intents = Privileged {
        members: false,
        presences: false,
        message_content: false,
    };
    for name in names {
        match name.get_ref().as_str() {
            "GUILD_MEMBERS" => intents.members = true,
            "GUILD_PRESENCES" => intents.presences = true,
            "MESSAGE_CONTENT" => intents.message_content = true,
            other => {
                let what = format!(
                    "{other:?} is not a privileged intent: GUILD_MEMBERS, GUILD_PRESENCES or \
                     MESSAGE_CONTENT (all others are always on)"
                );
                return Err(wrong(name, what));
            }
        }
    }
    Ok(intents)
}

/// Reads a token. The error message does not contain it.
fn token(token: &Text) -> Result<String, Wrong> {
    let good = |c: char| c.is_ascii_graphic();
    if token.get_ref().is_empty() || !token.get_ref().chars().all(good) {
        let what = "`token` is empty, or has characters in it that cannot be in a header";
        return Err(wrong(token, what));
    }
    Ok(token.get_ref().clone())
}

fn locale(name: Option<&Text>) -> Result<String, Wrong> {
    match name {
        None => Ok("en-US".to_owned()),
        Some(name) if LOCALES.contains(&&**name.get_ref()) => Ok(name.get_ref().clone()),
        Some(name) => {
            let known = LOCALES.join(", ");
            let what = format!(
                "{:?} is none of Discord's languages: {known}",
                name.get_ref()
            );
            Err(wrong(name, what))
        }
    }
}
