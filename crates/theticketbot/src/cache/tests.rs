use serde_json::{Value, json};

use tickets::permission::{Permission, Permissions};
use tickets::{Mention, RoleId};

use super::*;
use crate::discord::events::read;

const ME: u64 = 99;
const GUILD: GuildId = GuildId(1);
const TEXT_CHANNEL: ChannelId = ChannelId(10);
const NEWS: ChannelId = ChannelId(11);

const VIEW: u64 = 1 << 10;
const SEND: u64 = 1 << 11;
const EMBED: u64 = 1 << 14;
const READ_HISTORY: u64 = 1 << 16;
const MANAGE_THREADS: u64 = 1 << 34;
const PRIVATE_THREADS: u64 = 1 << 36;
const SEND_IN_THREADS: u64 = 1 << 38;
const ADMINISTRATOR: u64 = 1 << 3;

fn tell(cache: &mut Cache, name: &str, d: &Value) {
    let json = json!({"t": name, "s": 1, "op": 0, "d": d}).to_string();
    let incoming = read(&json, |_, _| true)
        .unwrap()
        .expect("an event that is read");
    cache.learn(&incoming, 0, 1);
}

fn role(id: u64, permissions: u64) -> Value {
    json!({"id": id.to_string(), "permissions": permissions.to_string(), "name": "role"})
}

fn channel(id: ChannelId, kind: u8, overwrites: &Value) -> Value {
    json!({"id": id.to_string(), "guild_id": "1", "type": kind, "name": "channel",
        "rate_limit_per_user": 30, "permission_overwrites": overwrites})
}

fn overwrite(id: u64, kind: u8, allow: u64, deny: u64) -> Value {
    json!({"id": id.to_string(), "type": kind, "allow": allow.to_string(),
        "deny": deny.to_string()})
}

fn guild(everyone: u64, own: u64, overwrites: &Value) -> Value {
    let mut own_role = role(5, own);
    own_role["tags"] = json!({"bot_id": ME.to_string()});
    json!({
        "id": "1", "owner_id": "20", "preferred_locale": "de", "unavailable": false,
        "roles": [role(1, everyone), own_role, role(6, 0)],
        "channels": [channel(TEXT_CHANNEL, 0, overwrites), channel(NEWS, 5, &json!([])),
            channel(ChannelId(12), 2, &json!([]))],
        "threads": [{"id": "50", "parent_id": "10", "type": 12,
            "thread_metadata": {"archived": false, "locked": false}}],
        "members": [{"user": {"id": ME.to_string(), "username": "bot"}, "roles": ["5"]}],
    })
}

fn cache_of(guild: &Value) -> Cache {
    let mut cache = Cache::default();
    let ready = json!({"user": {"id": ME.to_string(), "username": "bot"},
        "guilds": [{"id": "1", "unavailable": true}]});
    tell(&mut cache, "READY", &ready);
    tell(&mut cache, "GUILD_CREATE", guild);
    cache
}

fn has(cache: &Cache, channel: ChannelId) -> u64 {
    let place = cache.place(GUILD, channel).expect("a known channel");
    place.permissions.0
}

#[test]
fn a_server_is_known_once_discord_describes_it() {
    let mut cache = Cache::default();
    let ready = json!({"user": {"id": ME.to_string()}, "guilds": [{"id": "1"}, {"id": "2"}]});
    tell(&mut cache, "READY", &ready);
    assert!(cache.is_in(GUILD) && cache.guild(GUILD).is_none());
    assert!(cache.awaits(GUILD) && !cache.awaits(GuildId(3)));
    assert!(cache.is_complete(0..1) && !cache.is_complete(0..2));
    tell(&mut cache, "GUILD_CREATE", &guild(VIEW, 0, &json!([])));
    assert_eq!(cache.guild(GUILD).unwrap().owner, UserId(20));
    assert_eq!(cache.language(GUILD).code(), "de");
    assert_eq!(cache.len(), 2);
    // An outage is no removal.
    tell(
        &mut cache,
        "GUILD_DELETE",
        &json!({"id": "1", "unavailable": true}),
    );
    assert!(cache.is_in(GUILD) && cache.guild(GUILD).is_none());
    tell(&mut cache, "GUILD_DELETE", &json!({"id": "1"}));
    assert!(!cache.is_in(GUILD));
    // A new session does not name servers that the bot was removed from meanwhile.
    tell(
        &mut cache,
        "READY",
        &json!({"user": {"id": ME.to_string()}, "guilds": []}),
    );
    assert_eq!(cache.len(), 0);
}

#[test]
fn each_shard_speaks_for_its_own_servers() {
    let mut cache = Cache::default();
    let ready = |guilds: &[u64]| Incoming::Ready {
        me: UserId(ME),
        guilds: guilds.iter().map(|id| GuildId(id << 22)).collect(),
        has_two_factors: None,
    };
    cache.learn(&ready(&[2, 4]), 0, 2);
    cache.learn(&ready(&[1]), 1, 2);
    assert_eq!(cache.len(), 3);
    cache.learn(&ready(&[4]), 0, 2);
    assert!(!cache.is_in(GuildId(2 << 22)));
    assert!(cache.is_in(GuildId(1 << 22)) && cache.is_in(GuildId(4 << 22)));
}

#[test]
fn roles_add_up_and_overwrites_are_applied_in_their_order() {
    let cache = cache_of(&guild(VIEW, SEND | PRIVATE_THREADS, &json!([])));
    assert_eq!(has(&cache, TEXT_CHANNEL), VIEW | SEND | PRIVATE_THREADS);
    // @everyone is denied, the bot's role allowed again, the bot itself denied something.
    let overwrites = json!([
        overwrite(ME, 1, 0, SEND),
        overwrite(5, 0, VIEW | MANAGE_THREADS, 0),
        overwrite(1, 0, 0, VIEW),
        overwrite(6, 0, 0, VIEW),
        overwrite(20, 1, 0, VIEW),
    ]);
    let cache = cache_of(&guild(VIEW, SEND | PRIVATE_THREADS, &overwrites));
    assert_eq!(
        has(&cache, TEXT_CHANNEL),
        VIEW | MANAGE_THREADS | PRIVATE_THREADS
    );
}

#[test]
fn who_cannot_see_can_do_nothing_and_administrators_all() {
    let hidden = json!([overwrite(1, 0, 0, VIEW)]);
    let cache = cache_of(&guild(VIEW | SEND, 0, &hidden));
    assert_eq!(has(&cache, TEXT_CHANNEL), 0);
    let cache = cache_of(&guild(VIEW, ADMINISTRATOR, &hidden));
    let everything: Permissions = Permission::ALL.into_iter().collect();
    assert_eq!(has(&cache, TEXT_CHANNEL), everything.0);
    // Without Send Messages, the bot cannot embed links.
    let cache = cache_of(&guild(VIEW | EMBED, 0, &json!([])));
    assert_eq!(has(&cache, TEXT_CHANNEL), VIEW);
}

#[test]
fn a_members_permissions_follow_from_their_roles() {
    let overwrites = json!([
        overwrite(1, 0, 0, VIEW),
        overwrite(6, 0, VIEW, 0),
        overwrite(30, 1, VIEW, 0),
    ]);
    let everyone = VIEW | SEND | SEND_IN_THREADS | READ_HISTORY;
    let cache = cache_of(&guild(everyone, 0, &overwrites));
    let guild = cache.guild(GUILD).expect("it is known");
    let may = |user, roles: &[u64], is_timed_out| {
        let roles: Vec<_> = roles.iter().copied().map(RoleId).collect();
        let who = Who {
            user: Some(UserId(user)),
            roles: &roles,
            is_timed_out,
        };
        let permissions = guild.may(who, TEXT_CHANNEL);
        permissions.expect("a known channel").0
    };
    assert_eq!(may(40, &[], false), 0);
    assert_eq!(may(40, &[6], false), everyone);
    assert_eq!(may(30, &[], false), everyone, "an overwrite of their own");
    let all: Permissions = Permission::ALL.into_iter().collect();
    assert_eq!(may(20, &[], true), all.0, "the server's owner");
    assert_eq!(may(40, &[6], true), VIEW | READ_HISTORY);
    let nobody = Who {
        user: None,
        roles: &[],
        is_timed_out: false,
    };
    assert!(guild.may(nobody, ChannelId(99)).is_none());
}

#[test]
fn announcement_channels_have_no_private_threads() {
    let cache = cache_of(&guild(VIEW | PRIVATE_THREADS, 0, &json!([])));
    let holds = |channel| cache.place(GUILD, channel).unwrap().holds_private_threads;
    assert!(holds(TEXT_CHANNEL));
    assert!(!holds(NEWS), "whatever the bot may do there");
    assert!(
        cache.place(GUILD, ChannelId(12)).is_none(),
        "a voice channel"
    );
}

#[test]
fn changes_are_followed() {
    let mut cache = cache_of(&guild(VIEW, SEND, &json!([])));
    assert_eq!(cache.guild(GUILD).unwrap().slowmode(TEXT_CHANNEL), 30);
    tell(
        &mut cache,
        "CHANNEL_UPDATE",
        &channel(
            TEXT_CHANNEL,
            0,
            &json!([overwrite(5, 0, MANAGE_THREADS, SEND)]),
        ),
    );
    assert_eq!(has(&cache, TEXT_CHANNEL), VIEW | MANAGE_THREADS);
    tell(
        &mut cache,
        "GUILD_ROLE_UPDATE",
        &json!({"guild_id": "1", "role": role(6, EMBED | SEND)}),
    );
    assert_eq!(has(&cache, TEXT_CHANNEL), VIEW | MANAGE_THREADS);
    tell(
        &mut cache,
        "GUILD_MEMBER_UPDATE",
        &json!({"guild_id": "1", "user": {"id": ME.to_string()}, "roles": ["6"]}),
    );
    assert_eq!(has(&cache, TEXT_CHANNEL), VIEW | SEND | EMBED);
    tell(
        &mut cache,
        "GUILD_ROLE_DELETE",
        &json!({"guild_id": "1", "role_id": "6"}),
    );
    assert_eq!(has(&cache, TEXT_CHANNEL), VIEW);
    assert_eq!(cache.guild(GUILD).unwrap().roles(), [RoleId(1), RoleId(5)]);
    tell(
        &mut cache,
        "GUILD_UPDATE",
        &json!({"id": "1", "owner_id": ME.to_string(), "preferred_locale": "fr"}),
    );
    assert_eq!(cache.language(GUILD).code(), "fr");
    tell(
        &mut cache,
        "CHANNEL_DELETE",
        &channel(TEXT_CHANNEL, 0, &json!([])),
    );
    assert!(cache.place(GUILD, TEXT_CHANNEL).is_none());
}

#[test]
fn active_threads_are_known_with_their_channel() {
    let mut cache = cache_of(&guild(VIEW, 0, &json!([])));
    let parent = |cache: &Cache, id| {
        let thread = cache.guild(GUILD).unwrap().active_thread(ChannelId(id));
        thread.map(|thread| thread.parent)
    };
    let thread = |id: u64, archived: bool| {
        json!({"id": id.to_string(), "guild_id": "1", "parent_id": "10", "type": 12,
            "thread_metadata": {"archived": archived, "locked": false}})
    };
    assert_eq!(parent(&cache, 50), Some(TEXT_CHANNEL));
    tell(&mut cache, "THREAD_UPDATE", &thread(50, true));
    assert_eq!(parent(&cache, 50), None);
    tell(&mut cache, "THREAD_UPDATE", &thread(50, false));
    tell(&mut cache, "THREAD_CREATE", &thread(49, false));
    assert_eq!(
        (parent(&cache, 49), parent(&cache, 50)),
        (Some(TEXT_CHANNEL), Some(TEXT_CHANNEL))
    );
    tell(
        &mut cache,
        "THREAD_DELETE",
        &json!({"id": "49", "guild_id": "1", "type": 12}),
    );
    assert_eq!(parent(&cache, 49), None);
    let list = json!({"guild_id": "1", "channel_ids": ["10"], "threads": [thread(51, false)],
        "members": []});
    tell(&mut cache, "THREAD_LIST_SYNC", &list);
    assert_eq!(
        (parent(&cache, 50), parent(&cache, 51)),
        (None, Some(TEXT_CHANNEL))
    );
    tell(
        &mut cache,
        "CHANNEL_DELETE",
        &channel(TEXT_CHANNEL, 0, &json!([])),
    );
    assert_eq!(parent(&cache, 51), None);
}

#[test]
fn the_first_staff_is_whom_the_channel_names() {
    let overwrites = json!([
        overwrite(20, 1, MANAGE_THREADS, 0),
        overwrite(6, 0, MANAGE_THREADS | VIEW, 0),
        overwrite(5, 0, MANAGE_THREADS, 0),
        overwrite(ME, 1, MANAGE_THREADS, 0),
        overwrite(1, 0, MANAGE_THREADS, 0),
        overwrite(21, 1, VIEW, 0),
    ]);
    let cache = cache_of(&guild(VIEW, 0, &overwrites));
    assert_eq!(
        cache
            .guild(GUILD)
            .unwrap()
            .first_staff(TEXT_CHANNEL, UserId(ME)),
        [Mention::Role(RoleId(6)), Mention::User(UserId(20))]
    );
}

#[test]
fn what_is_remembered_is_what_was_known() {
    let overwrites = json!([
        overwrite(5, 0, MANAGE_THREADS, 0),
        overwrite(ME, 1, 0, SEND)
    ]);
    let mut cache = cache_of(&guild(VIEW, SEND, &overwrites));
    tell(
        &mut cache,
        "GUILD_DELETE",
        &json!({"id": "2", "unavailable": true}),
    );
    let before = (cache.guild(GUILD), has(&cache, TEXT_CHANNEL));
    let mut after = Cache::remembered(UserId(ME));
    for (id, known) in cache.into_servers() {
        assert!(after.remember(id, known.as_ref().map(Packed::bytes)));
    }
    assert_eq!((after.guild(GUILD), has(&after, TEXT_CHANNEL)), before);
    assert!(after.is_in(GuildId(2)) && !after.knows(GuildId(2)));
    assert!(
        !after.is_complete(0..1),
        "nothing is certain before Discord says so"
    );
    tell(&mut after, "RESUMED", &json!({}));
    assert!(after.is_complete(0..1));
    assert!(!after.remember(GuildId(3), Some(b"no server")));
}

#[test]
fn a_large_server_takes_little_room() {
    let id = |n: u64| (1 << 60) + n * (1 << 40);
    let mut wire = guild(VIEW, SEND, &json!([]));
    wire["roles"] = (1..=20).map(|n| role(id(n), VIEW)).collect();
    let size = |wire: &Value| {
        let cache = cache_of(wire);
        let (_, packed) = cache.into_servers().next().unwrap();
        packed.unwrap().bytes().len()
    };
    let mut with = |overwrites: Value| {
        wire["channels"] = (100..150)
            .map(|n| channel(ChannelId(id(n)), 0, &overwrites))
            .collect();
        size(&wire)
    };
    assert!(with(json!([])) < 800);
    let overwrites = json!([
        overwrite(id(1), 0, 0, VIEW),
        overwrite(id(2), 0, VIEW, 0),
        overwrite(id(3), 0, VIEW, 0),
    ]);
    let closed = with(overwrites);
    assert!(closed < 1300, "{closed} bytes");
}

#[test]
fn members_permissions_follow_from_their_roles() {
    let overwrites = json!([
        {"id": "6", "type": 0, "allow": MANAGE_THREADS.to_string(), "deny": "0"},
        {"id": "21", "type": 1, "allow": "0", "deny": VIEW.to_string()},
    ]);
    let may = |everyone: u64, member: u64, roles: &[u64]| {
        let cache = cache_of(&guild(everyone, VIEW, &overwrites));
        let roles: Vec<_> = roles.iter().copied().map(RoleId).collect();
        let known = cache.guild(GUILD).unwrap();
        let permissions = known.permissions_of(TEXT_CHANNEL, UserId(member), &roles, UserId(ME));
        permissions.map(|it| {
            (
                it.has(Permission::ViewChannel),
                it.has(Permission::ManageThreads),
            )
        })
    };
    assert_eq!(may(VIEW, 22, &[]), Some((true, false)));
    assert_eq!(may(VIEW, 22, &[6]), Some((true, true)));
    assert_eq!(
        may(VIEW, 21, &[6]),
        Some((false, false)),
        "an own overwrite"
    );
    assert_eq!(may(0, 22, &[6]), Some((false, false)), "cannot view");
    assert_eq!(may(0, 20, &[]), Some((true, true)), "the server's owner");
    // Discord does not send the real overwrites of a channel that the bot cannot view.
    let hidden = json!([{"id": "1", "type": 0, "allow": "0", "deny": VIEW.to_string()}]);
    let cache = cache_of(&guild(VIEW, 0, &hidden));
    let known = cache.guild(GUILD).unwrap();
    let permissions = known.permissions_of(TEXT_CHANNEL, UserId(20), &[], UserId(ME));
    assert_eq!(permissions, None);
}

/// Each server that has changed is returned once.
#[cfg(feature = "postgres")]
#[test]
fn changes_are_noted_once() {
    let mut cache = cache_of(&guild(VIEW, SEND, &json!([])));
    let all = |cache: &mut Cache| {
        let (changes, is_all) = cache.take_changes(100);
        assert!(is_all);
        changes
    };
    assert_eq!(all(&mut cache), [], "nobody stores them");
    cache.note_changes();
    tell(&mut cache, "CHANNEL_UPDATE", &channel(NEWS, 5, &json!([])));
    assert_eq!(all(&mut cache), [], "it is as it was");
    tell(&mut cache, "CHANNEL_DELETE", &channel(NEWS, 5, &json!([])));
    let [(GUILD, Some(Some(packed)))] = &all(&mut cache)[..] else {
        panic!("the server has changed");
    };
    assert_eq!(Some(packed.unpack(GUILD)), cache.guild(GUILD));
    assert_eq!(all(&mut cache), []);
    cache.put_back([GUILD].into_iter());
    let (none, is_all) = cache.take_changes(0);
    assert!(none.is_empty() && !is_all);
    assert_eq!(all(&mut cache).len(), 1);

    tell(
        &mut cache,
        "GUILD_DELETE",
        &json!({"id": "1", "unavailable": true}),
    );
    assert_eq!(all(&mut cache), [(GUILD, Some(None))]);
    tell(&mut cache, "GUILD_DELETE", &json!({"id": "1"}));
    assert_eq!(all(&mut cache), [(GUILD, None)]);
    // A new session names another server, and this one no more.
    tell(&mut cache, "GUILD_CREATE", &guild(VIEW, SEND, &json!([])));
    all(&mut cache);
    let ready = json!({"user": {"id": ME.to_string(), "username": "bot"},
        "guilds": [{"id": "2", "unavailable": true}], "session_id": "s", "resume_gateway_url": "ws://a"});
    tell(&mut cache, "READY", &ready);
    let mut changes = all(&mut cache);
    changes.sort_by_key(|(id, _)| id.0);
    assert_eq!(changes, [(GUILD, None), (GuildId(2), Some(None))]);
}
