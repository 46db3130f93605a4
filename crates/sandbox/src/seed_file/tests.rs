//! What seed files mean, and the errors about wrong ones.

use std::collections::BTreeSet;

use super::*;
use crate::id::Timestamp;
use crate::permissions::{Permissions, Target};
use crate::world::World;
use crate::world::model::{ChannelKind, Guild, Role};

const SCHOOL: &str = include_str!("../../worlds/school.toml");

fn world(text: &str) -> World {
    let seed = Seed::from_toml(text).unwrap_or_else(|error| panic!("{error}"));
    World::new(&seed)
}

fn role<'a>(guild: &'a Guild, name: &str) -> &'a Role {
    guild.roles.values().find(|role| role.name == name).unwrap()
}

/// A file with these lines in or after its only server.
fn with(lines: &str) -> String {
    format!(
        "people = [{{ username = 'ada' }}, {{ username = 'bob' }}]\n\
         [[guilds]]\n\
         name = 'Here'\n\
         {lines}"
    )
}

#[test]
fn the_default_world_is_a_seed_file() {
    let world = World::new(&Seed::default());
    let defaults = world.defaults().clone();
    let names = |name| world.user(world.person_named(name).unwrap()).unwrap();
    for (name, username) in [
        ("owner", "olivia"),
        ("moderator", "max"),
        ("member", "mia"),
        ("member2", "noah"),
    ] {
        assert_eq!(names(name).username, username);
        assert_eq!(names(username).username, username);
    }
    let guild = world.guild(defaults.guild).unwrap();
    assert_eq!(guild.owner, defaults.owner);
    assert_eq!(guild.system_channel, Some(defaults.general));
    assert_eq!(guild.members.len(), 5);
    let moderator = &guild.roles[&defaults.moderator_role];
    assert_eq!(
        (moderator.name.as_str(), moderator.position),
        ("Moderator", 1)
    );
    assert_eq!(guild.roles[&defaults.bot_role].bot, Some(defaults.bot));
    for (id, name) in [
        (defaults.general, "general"),
        (defaults.welcome, "welcome"),
        (defaults.support, "support"),
        (defaults.tickets, "tickets"),
    ] {
        assert_eq!(world.channel(id).unwrap().name, name);
    }
    let application = world.application(defaults.application).unwrap();
    assert_eq!(application.owner, defaults.owner);
    assert_eq!(
        Seed::default().privileged,
        crate::world::model::Privileged::default()
    );
}

#[test]
fn a_file_can_say_everything() {
    let world = world(SCHOOL);
    let d = world.defaults();
    let application = world.application(d.application).unwrap();
    assert_eq!(application.name, "Librarian");
    assert_eq!(application.token.0, "school.test.token");
    assert_eq!(d.bot.0, 1_300_000_000_000_000_001);
    assert_eq!(application.owner, world.person_named("grace").unwrap());
    assert!(application.privileged.members && !application.privileged.message_content);

    let school = world.guild(d.guild).unwrap();
    assert_eq!(
        (school.name.as_str(), school.id.0),
        ("School", 1_300_000_000_000_000_002)
    );
    assert_eq!(school.preferred_locale, "de");
    assert_eq!(school.owner, world.person_named("grace").unwrap());
    let ada = world.person_named("ada").unwrap();
    assert_eq!(world.user(ada).unwrap().locale, "fr");
    assert_eq!((d.moderator, d.owner), (ada, school.owner));
    assert_eq!(world.display_name(school.id, ada), "Countess");
    assert_eq!(d.moderator_role, role(school, "Teacher").id);
    let everyone = &school.roles[&school.id.everyone()];
    assert!(
        !everyone
            .permissions
            .has(Permissions::CREATE_PRIVATE_THREADS)
    );
    let teacher = role(school, "Teacher");
    assert_eq!((teacher.color, teacher.position), (0x00E6_7E22, 2));
    assert!(role(school, "Librarian").position > teacher.position);

    let channel = |name: &str| {
        let mut all = school.channels.iter().map(|id| world.channel(*id).unwrap());
        all.find(|channel| channel.name == name).unwrap()
    };
    let help = channel("help");
    assert_eq!(help.id.0, 1_300_000_000_000_000_003);
    assert_eq!(help.parent, Some(channel("Lessons").id));
    assert_eq!(channel("news").kind, ChannelKind::Announcement);
    let news: Vec<_> = world.messages(channel("news").id).collect();
    assert_eq!(news.len(), 2);
    assert_eq!(
        (news[0].content.as_str(), news[0].user()),
        ("Welcome, everybody", Some(school.owner))
    );
    assert_eq!(channel("news").last_message, Some(news[1].id));
    assert_eq!(
        (help.rate_limit_per_user, help.topic.as_deref()),
        (10, Some("Ask here"))
    );
    let targets: Vec<Target> = help.overwrites.iter().map(|o| o.target).collect();
    let linus = world.person_named("linus").unwrap();
    assert_eq!(
        targets,
        [
            Target::Role(school.id.everyone()),
            Target::Role(teacher.id),
            Target::Role(d.bot_role),
            Target::Member(linus),
        ]
    );
    let now = Timestamp(0);
    let sees = |user| world.visible(now, user, help.id).is_ok();
    assert!(sees(ada) && sees(d.bot) && !sees(linus));

    // The second server has everybody except the bot.
    let club = world.guilds().find(|guild| guild.name == "Club").unwrap();
    assert!(!club.members.contains_key(&d.bot));
    assert_eq!(club.members.len(), 3);
    let given = [school.id.0, d.bot.0, help.id.0];
    assert!(!given.contains(&club.id.0));
}

#[test]
fn little_has_to_be_said() {
    let world = world(&with("channels = [{ name = 'talk' }]"));
    let d = world.defaults();
    let guild = world.guild(d.guild).unwrap();
    let bob = world.person_named("bob").unwrap();
    assert!(guild.members.contains_key(&bob) && guild.members.contains_key(&d.bot));
    assert_eq!(world.display_name(guild.id, d.bot), "Bot");
    assert_eq!(guild.roles[&d.bot_role].name, "Bot");
    assert_eq!(world.channel(d.general).unwrap().name, "talk");
    assert_eq!(world.person_named("moderator"), None);
    assert_eq!(d.owner, world.person_named("ada").unwrap());
    let ids: BTreeSet<u64> = world.users().map(|user| user.id.0).collect();
    assert_eq!(ids.len(), 3);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, expected) in [
        ("", "it has no people: write one [[people]] at least"),
        (
            "people = [{ username = 'ada' }]",
            "it has no server: write one [[guilds]] at least",
        ),
        (
            "people = [\n{ username = 'Ada L' }]\n[[guilds]]\nname = 'Here'",
            "line 2: \"Ada L\" is not a username: ",
        ),
        (
            "people = [{ username = 'ada' },\n\n{ username = 'ada' }]\n[[guilds]]\nname = 'Here'",
            "line 3: \"ada\" is another person already",
        ),
        (
            "people = [{ username = 'owner' }]\n[[guilds]]\nname = 'Here'",
            "line 1: the username \"owner\" is a word",
        ),
        (
            "people = [{ username = 'ada', part = 'boss' }]",
            "line 1: unknown variant `boss`, expected one of `moderator`, `member`, `member2`",
        ),
        (
            "people = [{ username = 'ada', locale = 'xx' }]\n[[guilds]]\nname = 'Here'",
            "line 1: \"xx\" is none of Discord's languages: id, da",
        ),
        ("x = ", "line 1: "),
        (&with("nam = 1"), "line 4: unknown field `nam`"),
        (
            &with("owner = 'carl'"),
            "line 4: \"carl\" is not a username in [[people]]",
        ),
        (
            &with("system_channel = 'x'"),
            "line 4: \"x\" is not a text channel of this server",
        ),
        (&with("id = '12'"), "line 4: 12 is not a snowflake"),
        (&with("id = 'x'"), "line 4: invalid digit"),
        (
            &with(
                "[[guilds]]\nid = 1300000000000000001\nname='B2'\n[[guilds]]\nid='1300000000000000001'\nname = 'C2'",
            ),
            "line 8: the id 1300000000000000001 is another guild's already",
        ),
        (
            &with("[[guilds.roles]]\ncolor = 1"),
            "line 4: this role has no `name`",
        ),
        (
            &with("[[guilds.roles]]\nname = 'R'\npermissions = [\n'manage_threads']"),
            "line 7: \"manage_threads\" is not a permission: ",
        ),
        (
            &with("[[guilds.roles]]\nname = 'R'\n[[guilds.roles]]\nname = 'R'"),
            "line 7: \"R\" is another role of this server already",
        ),
        (
            &with("[[guilds.roles]]\nname = 'R'\ncolor = 16777216"),
            "line 6: `color` must be 0 to 16777215",
        ),
        (
            &with("roles = [{ bot = true }, { bot = true }]"),
            "line 4: this server has two roles with `bot = true`",
        ),
        (
            &with("bot = false\nroles = [{ bot = true }]"),
            "line 5: this role is the bot's, but the bot is not in this server",
        ),
        (
            &with("roles = [{ name = '@everyone', hoist = true }]"),
            "line 4: of @everyone only the permissions can be said",
        ),
        (
            &with("roles = [{ name = '@here' }]"),
            "line 4: a role's name must not begin with @",
        ),
        (
            &with("members = [{ user = 'bob', roles = ['R'] }]"),
            "line 4: \"R\" is not a role of this server",
        ),
        (
            &with("members = [{ user = 'bob', roles = ['@bot'] }]"),
            "line 4: nobody else can have the bot's own role",
        ),
        (
            &with("members = [{ user = 'bob' },\n{ user = 'bob' }]"),
            "line 5: \"bob\" is another member of this server already",
        ),
        (
            &with("channels = [{ name = 'Big Talk' }]"),
            "line 4: text channels have no capitals and no spaces: write \"big-talk\"",
        ),
        (
            &with("channels = [{ name = 'a', parent = 'b' }, { name = 'b' }]"),
            "line 4: \"b\" is not a category of this server",
        ),
        (
            &with("channels = [{ name = 'a', type = 'stage' }]"),
            "line 4: unknown variant `stage`",
        ),
        (
            &with("channels = [{ name = 'a', rate_limit_per_user = 21601 }]"),
            "line 4: `rate_limit_per_user` must be 0 to 21600",
        ),
        (
            &with("[[guilds.channels]]\nname = 'a'\npermission_overwrites = [\n{ allow = [] }]"),
            "line 7: an overwrite has either a `role` or a `user`",
        ),
        (
            &with(
                "[[guilds.channels]]\nname = 'a'\npermission_overwrites = [\n{ user = 'bob', allow = ['SPEAK'], deny = ['SPEAK'] }]",
            ),
            "line 7: an overwrite cannot allow and deny the same permission",
        ),
        (
            &with(
                "[[guilds.channels]]\nname = 'a'\npermission_overwrites = [{ user = 'bob' },\n{ user = 'bob' }]",
            ),
            "line 7: this channel has two overwrites for the same role or user",
        ),
        (
            &with(
                "bot = false\nchannels = [{ name = 'a', permission_overwrites = [{ role = '@bot' }] }]",
            ),
            "line 5: the bot is not in this server",
        ),
        (
            &with("[application]\nintents = ['GUILDS']"),
            "line 5: \"GUILDS\" is not a privileged intent",
        ),
        (
            &with("[application]\nowner = 'eve'"),
            "line 5: \"eve\" is not a username in [[people]]",
        ),
    ] {
        let error = Seed::from_toml(text).expect_err(text).to_string();
        assert!(error.starts_with(expected), "{text}\n{error}");
        assert!(!error.contains('\n'), "{error}");
    }
}

#[test]
fn a_token_is_never_repeated() {
    for token in ["'very secret'", "\"very\\nsecret\"", "''"] {
        let text = with(&format!("[application]\ntoken = {token}"));
        let error = Seed::from_toml(&text).expect_err(&text).to_string();
        assert!(error.starts_with("line 5: "), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn errors_name_the_file() {
    let error = Seed::read("/nowhere/world.toml").unwrap_err();
    assert_eq!(
        error.to_string(),
        "/nowhere/world.toml: there is no such file"
    );
    assert_eq!(error.line(), None);
}

#[test]
fn everyone_without_permissions_has_discords_default_ones() {
    let with = |role: &str| {
        let text = format!(
            "[[people]]\nusername = 'grace'\n[[guilds]]\nname = 'School'\nroles = [{role}]"
        );
        let world = World::new(&Seed::from_toml(&text).unwrap());
        let guild = world.guild(world.defaults().guild).unwrap();
        guild.roles[&guild.id.everyone()].permissions
    };
    let default = with("");
    assert!(default.has(Permissions::SEND_MESSAGES));
    assert_eq!(with("{ name = '@everyone' }"), default);
    assert_eq!(
        with("{ name = '@everyone', permissions = [] }"),
        Permissions::NONE
    );
}

#[test]
fn accounts_and_memberships_have_their_ages() {
    let world = world(
        "people = [
            { username = 'ada' },
            { username = 'bob', created_at = '2026-11-20T12:00:00Z' },
            { username = 'eve', created_at = '2026-11-20T12:00:00Z' },
        ]
        [[guilds]]
        name = 'Here'
        members = [
            { user = 'bob', joined_at = '2026-11-21T00:00:00Z' },
            { user = 'eve', communication_disabled_until = '2026-12-24T18:00:00Z' },
        ]",
    );
    let at = |text: &str| Timestamp::from_iso(text).unwrap();
    let [bob, eve] = ["bob", "eve"].map(|name| world.person_named(name).unwrap());
    assert_ne!(bob, eve);
    assert_eq!(bob.created_at(), at("2026-11-20T12:00:00Z"));
    assert_eq!(eve.created_at(), bob.created_at());
    let guild = world.defaults().guild;
    let member = |user| world.member(guild, user).unwrap();
    assert_eq!(member(bob).joined_at, at("2026-11-21T00:00:00Z"));
    let until = at("2026-12-24T18:00:00Z");
    assert_eq!(member(eve).timed_out_until, Some(until));
}

#[test]
fn what_is_wrong_with_a_moment_is_said() {
    for (person, what) in [
        (
            "created_at = 'yesterday'",
            "\"yesterday\" is not a moment such as",
        ),
        (
            "created_at = '2026-11-20T12:00:00Z', id = '1300000000000000001'",
            "give one of both",
        ),
    ] {
        let text =
            format!("people = [{{ username = 'ada', {person} }}]\n[[guilds]]\nname = 'Here'");
        let error = Seed::from_toml(&text).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn a_forum_has_its_posts() {
    let world = world(SCHOOL);
    let school = world.guild(world.defaults().guild).unwrap();
    let mut channels = school.channels.iter().map(|id| world.channel(*id).unwrap());
    let forum = channels.find(|c| c.name == "questions").unwrap();
    assert_eq!(forum.kind, ChannelKind::Forum);
    let [homework, answered] = &forum.forum.tags[..] else {
        panic!("two tags");
    };
    assert_eq!(homework.name, "homework");
    assert_eq!(
        homework.emoji,
        Some(crate::world::ForumEmoji::Unicode("📚".into()))
    );
    assert!(answered.moderated && forum.forum.tag_required);
    let id = forum.threads.iter().next().unwrap();
    let post = world.thread(*id).unwrap();
    assert_eq!((post.name.as_str(), post.archived), ("Page 12", false));
    assert_eq!(post.post.as_ref().unwrap().tags, [homework.id]);
    let first = world.messages(*id).next().unwrap();
    assert_eq!((first.id.0, &*first.content), (id.0, "Who understands it?"));
    assert_eq!(first.user(), world.person_named("linus"));
}

#[test]
fn what_is_wrong_with_a_forum_is_said() {
    let post =
        |more: &str| format!("posts = [{{ author = 'ada', name = 'Hi', content = 'x'{more} }}]");
    let tags = "type = 'forum'\navailable_tags = [{ name = 'bug' }]";
    for (channel, what) in [
        (
            post(""),
            "line 6: only a forum has posts: add `type = \"forum\"`",
        ),
        (
            "available_tags = [{ name = 'bug' }]".to_owned(),
            "line 6: only a forum has tags",
        ),
        (
            "type = 'forum'\nmessages = [{ author = 'ada', content = 'x' }]".to_owned(),
            "line 7: a forum has no messages: write `posts`",
        ),
        (
            format!("{tags}\n{}", post(", applied_tags = ['idea']")),
            "line 8: \"idea\" is not a tag of this forum",
        ),
        (
            format!("{tags}\nrequire_tag = true\n{}", post("")),
            "line 9: each post of this forum needs a tag: write `applied_tags`",
        ),
        (
            "type = 'forum'\nrequire_tag = true".to_owned(),
            "line 5: this channel has `require_tag`, but no `available_tags`",
        ),
        (
            "type = 'forum'\navailable_tags = [{ name = 'a' }, { name = 'a' }]".to_owned(),
            "line 7: \"a\" is another tag of this forum already",
        ),
    ] {
        let text = with(&format!("[[guilds.channels]]\nname = 'help'\n{channel}"));
        let error = Seed::from_toml(&text).expect_err(&text).to_string();
        assert!(error.starts_with(what), "{text}\n{error}");
    }
}
