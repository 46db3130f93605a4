use expect_test::expect;

use super::*;
use crate::permissions::Target;
use crate::world::draft::MemberEdit;

#[test]
fn leaving_takes_a_member_out_of_threads() {
    let mut scene = Scene::new();
    let thread = scene.tickets_member();
    let mia = scene.ids.member;
    let left = scene
        .world
        .leave_guild(scene.now, mia, scene.ids.guild)
        .unwrap();
    expect![[r#"
        GUILD_MEMBER_REMOVE to bot olivia max noah
        GUILD_DELETE to mia
        THREAD_MEMBERS_UPDATE to bot olivia max
    "#]]
    .assert_eq(&scene.told(&left.events));
    assert!(!scene.thread(thread).members.contains_key(&mia));
    assert_eq!(
        code(&scene.world.leave_guild(scene.now, mia, scene.ids.guild)),
        10004
    );
    let joined = scene
        .world
        .join_guild(scene.now, mia, scene.ids.guild)
        .unwrap();
    expect![[r#"
        GUILD_CREATE to mia
        GUILD_MEMBER_ADD to bot olivia max mia noah
        MESSAGE_CREATE to bot olivia max mia noah
    "#]]
    .assert_eq(&scene.told(&joined.events));
}

#[test]
fn the_owner_stays() {
    let mut scene = Scene::new();
    let left = scene
        .world
        .leave_guild(scene.now, scene.ids.owner, scene.ids.guild);
    assert_eq!(code(&left), 50055);
}

#[test]
fn the_bot_can_be_kicked_and_invited_again() {
    let mut scene = Scene::new();
    let Defaults {
        bot,
        guild,
        owner,
        member,
        ..
    } = scene.ids.clone();
    assert_eq!(
        code(&scene.world.kick(scene.now, member, guild, bot)),
        50013
    );
    let kicked = scene.world.kick(scene.now, owner, guild, bot).unwrap();
    expect![[r#"
        GUILD_MEMBER_REMOVE to olivia max mia noah
        GUILD_DELETE to bot
        GUILD_ROLE_DELETE to olivia max mia noah
    "#]]
    .assert_eq(&scene.told(&kicked.events));
    assert_eq!(code(&scene.say(bot, scene.ids.general, "hi")), 50001);
    assert_eq!(
        code(&scene.world.invite_bot(scene.now, member, guild, bot)),
        50013
    );
    let invited = scene
        .world
        .invite_bot(scene.now, owner, guild, bot)
        .unwrap();
    expect![[r#"
        GUILD_CREATE to bot
        GUILD_ROLE_CREATE to bot olivia max mia noah
        GUILD_MEMBER_ADD to bot olivia max mia noah
        MESSAGE_CREATE to bot olivia max mia noah
    "#]]
    .assert_eq(&scene.told(&invited.events));
    assert_eq!(code(&scene.say(bot, scene.ids.general, "hi")), 0);
}

#[test]
fn ranks_decide_about_roles_and_kicks() {
    let mut scene = Scene::new();
    let Defaults {
        owner,
        moderator,
        member,
        guild,
        moderator_role,
        ..
    } = scene.ids.clone();
    let now = scene.now;
    let wish = json!({"permissions": (Permissions::KICK_MEMBERS | Permissions::MANAGE_ROLES)});
    let edit = read::role(&wish).unwrap();
    let _ = scene
        .world
        .edit_role(now, owner, guild, moderator_role, edit)
        .unwrap();
    let low = read::role(&json!({"name": "low"})).unwrap();
    let low = scene.world.create_role(now, moderator, guild, low);
    // The new role would have everyone's permissions, which the moderator has.
    let low = low.unwrap().value;
    assert_eq!(
        code(
            &scene
                .world
                .add_member_role(now, moderator, guild, member, low)
        ),
        0
    );
    let own = scene
        .world
        .add_member_role(now, moderator, guild, member, moderator_role);
    assert_eq!(code(&own), 50013);
    assert_eq!(code(&scene.world.kick(now, moderator, guild, owner)), 50013);
    assert_eq!(
        code(&scene.world.kick(now, moderator, guild, scene.ids.bot)),
        50013
    );
    assert_eq!(code(&scene.world.kick(now, moderator, guild, member)), 0);
    let more = read::role(&json!({"permissions": "8"})).unwrap();
    assert_eq!(
        code(&scene.world.create_role(now, moderator, guild, more)),
        50013
    );
    assert_eq!(
        code(
            &scene
                .world
                .delete_role(now, owner, guild, scene.ids.bot_role)
        ),
        50028
    );
    assert_eq!(
        code(&scene.world.delete_role(now, owner, guild, guild.everyone())),
        50028
    );
}

#[test]
fn a_deleted_role_is_gone_everywhere() {
    let mut scene = Scene::new();
    let Defaults {
        owner,
        guild,
        moderator_role,
        moderator,
        support,
        ..
    } = scene.ids.clone();
    let deleted = scene
        .world
        .delete_role(scene.now, owner, guild, moderator_role)
        .unwrap();
    expect![[r#"
        GUILD_ROLE_DELETE to bot olivia max mia noah
        RESYNC to olivia max mia noah
    "#]]
    .assert_eq(&scene.told(&deleted.events));
    assert!(
        scene
            .world
            .member(guild, moderator)
            .unwrap()
            .roles
            .is_empty()
    );
    let overwrites = &scene.world.channel(support).unwrap().overwrites;
    assert!(
        overwrites
            .iter()
            .all(|o| o.target != Target::Role(moderator_role))
    );
}

#[test]
fn the_page_notices_the_end_of_a_time_out() {
    let mut scene = Scene::new();
    let Defaults {
        owner,
        member,
        guild,
        ..
    } = scene.ids.clone();
    let time_out = |scene: &mut Scene, until: Option<Timestamp>| {
        let edit = MemberEdit {
            timed_out_until: Some(until),
            ..MemberEdit::default()
        };
        let now = scene.now;
        let _ = scene
            .world
            .edit_member(now, owner, guild, member, edit)
            .unwrap();
    };
    let soon = Some(scene.now.plus(MINUTE));
    let later = Some(scene.now.plus(2 * MINUTE));
    let latest = Some(scene.now.plus(3 * MINUTE));
    time_out(&mut scene, soon);
    let events = scene.later(MINUTE);
    expect!["RESYNC to olivia max mia noah"].assert_eq(scene.told(&events).trim());

    // Only the time that was set last counts.
    time_out(&mut scene, later);
    time_out(&mut scene, latest);
    assert!(scene.later(MINUTE).is_empty());
    time_out(&mut scene, None);
    assert!(scene.later(MINUTE).is_empty());
}

#[test]
fn a_time_out_silences() {
    let mut scene = Scene::new();
    let Defaults {
        owner,
        member,
        guild,
        general,
        ..
    } = scene.ids.clone();
    let until = Some(Some(scene.now.plus(MINUTE)));
    let edit = MemberEdit {
        timed_out_until: until,
        ..MemberEdit::default()
    };
    let changed = scene
        .world
        .edit_member(scene.now, owner, guild, member, edit.clone())
        .unwrap();
    expect![[r#"
        GUILD_MEMBER_UPDATE to bot olivia max mia noah
        RESYNC to mia
    "#]]
    .assert_eq(&scene.told(&changed.events));
    assert_eq!(code(&scene.say(member, general, "hi")), 50013);
    assert!(
        scene
            .world
            .messages_for(
                scene.now,
                member,
                general,
                draft::Page {
                    start: draft::Start::Newest,
                    limit: 1
                }
            )
            .is_ok()
    );
    scene.later(MINUTE);
    assert_eq!(code(&scene.say(member, general, "hi")), 0);
    assert_eq!(
        code(
            &scene
                .world
                .edit_member(scene.now, member, guild, owner, edit)
        ),
        50013
    );
}

#[test]
fn what_becomes_visible_is_told() {
    let mut scene = Scene::new();
    let Defaults {
        owner,
        bot,
        tickets,
        guild,
        ..
    } = scene.ids.clone();
    let hidden = json!({"type": 0, "allow": "0", "deny": Permissions::VIEW_CHANNEL});
    let hidden = read::overwrite(guild.0, &hidden).unwrap();
    scene.ticket(true);
    let changed = scene
        .world
        .set_overwrite(scene.now, owner, tickets, hidden)
        .unwrap();
    // The bot can no longer see the channel, so it receives a masked one.
    expect![[r#"
        CHANNEL_UPDATE to bot olivia
        RESYNC to olivia max mia noah
    "#]]
    .assert_eq(&scene.told(&changed.events));
    let update = scene.heard(&changed.events, EventName::ChannelUpdate, bot);
    assert_eq!(
        (&update["name"], &update["flags"]),
        (&json!("___hidden___"), &json!(1 << 17))
    );
    assert_eq!(code(&scene.say(bot, tickets, "hi")), 50001);

    let seen = json!({"type": 1, "allow": Permissions::VIEW_CHANNEL, "deny": "0"});
    let seen = read::overwrite(bot.0, &seen).unwrap();
    let changed = scene
        .world
        .set_overwrite(scene.now, owner, tickets, seen)
        .unwrap();
    expect![[r#"
        CHANNEL_UPDATE to bot olivia
        THREAD_LIST_SYNC to bot
        RESYNC to olivia max mia noah
    "#]]
    .assert_eq(&scene.told(&changed.events));
    let sync = scene.heard(&changed.events, EventName::ThreadListSync, bot);
    assert_eq!(sync["threads"].as_array().unwrap().len(), 1);
    assert_eq!(sync["members"].as_array().unwrap().len(), 1);
}

#[test]
fn a_deleted_channel_takes_its_threads_along() {
    let mut scene = Scene::new();
    let Defaults {
        owner,
        tickets,
        guild,
        member,
        ..
    } = scene.ids.clone();
    let thread = scene.tickets_member();
    let deleted = scene
        .world
        .delete_channel(scene.now, owner, tickets)
        .unwrap();
    expect![[r#"
        CHANNEL_DELETE to bot olivia max mia noah
    "#]]
    .assert_eq(&scene.told(&deleted.events));
    assert!(scene.world.thread(thread).is_none());
    assert!(scene.world.guild(guild).unwrap().active_threads.is_empty());
    assert_eq!(code(&scene.say(member, thread, "hi")), 10003);
    // The thread is gone, so nothing becomes due.
    assert!(scene.later(30 * DAY).is_empty());
}

#[test]
fn nobody_gives_what_they_do_not_have() {
    let mut scene = Scene::new();
    let Defaults {
        owner,
        moderator,
        moderator_role,
        guild,
        support,
        member,
        ..
    } = scene.ids.clone();
    let role = read::role(&json!({"permissions": Permissions::MANAGE_ROLES})).unwrap();
    let _ = scene
        .world
        .edit_role(scene.now, owner, guild, moderator_role, role)
        .unwrap();
    let set = |scene: &mut Scene, who: UserId, whose: u64, allow: Permissions, deny| {
        let kind = u8::from(whose != guild.0);
        let body = json!({"type": kind, "allow": allow, "deny": deny});
        let overwrite = read::overwrite(whose, &body).unwrap();
        code(
            &scene
                .world
                .set_overwrite(scene.now, who, support, overwrite),
        )
    };
    let none = Permissions::NONE;
    let give = |scene: &mut Scene, bits| set(scene, moderator, member.0, bits, none);
    assert_eq!(give(&mut scene, Permissions::ATTACH_FILES), 0);
    assert_eq!(give(&mut scene, Permissions::MANAGE_WEBHOOKS), 50013);
    // What counts is what they have in the server: who locks a channel can unlock it.
    let lock = |scene: &mut Scene, deny| set(scene, moderator, guild.0, none, deny);
    assert_eq!(lock(&mut scene, Permissions::SEND_MESSAGES), 0);
    assert_eq!(lock(&mut scene, none), 0);
    // With Manage Roles from an overwrite there, they may set everything.
    let manage = Permissions::MANAGE_ROLES;
    assert_eq!(set(&mut scene, owner, moderator.0, manage, none), 0);
    assert_eq!(give(&mut scene, Permissions::MANAGE_WEBHOOKS), 0);
    let unknown = scene.world.delete_overwrite(scene.now, owner, support, 1);
    assert_eq!(code(&unknown), 10009);
}

#[test]
fn channels_are_named_as_discord_names_them() {
    let mut scene = Scene::new();
    let Defaults {
        owner,
        member,
        guild,
        ..
    } = scene.ids.clone();
    let draft = |body: Value| read::channel(&body).unwrap();
    let wish = json!({"name": "Big News", "type": 5, "topic": ""});
    let made = scene
        .world
        .create_channel(scene.now, owner, guild, draft(wish.clone()))
        .unwrap();
    let channel = scene.world.channel(made.value).unwrap();
    assert_eq!(
        (channel.name.as_str(), channel.topic.as_deref()),
        ("big-news", None)
    );
    assert_eq!(channel.position, 4);
    assert_eq!(
        code(
            &scene
                .world
                .create_channel(scene.now, member, guild, draft(wish))
        ),
        50013
    );
}

#[test]
fn a_bot_without_presences_is_told_of_itself_only() {
    let scene = Scene::new();
    let Defaults {
        bot, guild, member, ..
    } = scene.ids.clone();
    let create = |to, intents| wire::guild_create(&scene.world, scene.now, guild, to, intents);
    let members = |json: &Value| json["members"].as_array().unwrap().len();
    let own = create(bot, Some(Intents(0x203))).unwrap();
    assert_eq!((members(&own), &own["member_count"]), (1, &json!(5)));
    assert_eq!(members(&create(bot, Some(Intents(0x303))).unwrap()), 5);
    assert_eq!(members(&create(member, None).unwrap()), 5);
    assert!(create(bot, Some(Intents(0x200))).is_none());
    assert!(create(UserId(1), None).is_none());
}

#[test]
fn invites_are_told_to_who_manages_their_channel() {
    let mut scene = Scene::new();
    let (now, owner, bot, general) = (scene.now, scene.ids.owner, scene.ids.bot, scene.ids.general);
    let invite = |scene: &mut Scene| {
        let draft = read::invite(&json!({"unique": true})).unwrap();
        let made = scene
            .world
            .create_invite(now, owner, general, draft)
            .unwrap();
        let gone = scene.world.delete_invite(now, owner, &made.value).unwrap();
        scene.told(&made.events) + &scene.told(&gone.events)
    };
    expect![[r#"
        INVITE_CREATE to olivia
        INVITE_DELETE to olivia
    "#]]
    .assert_eq(&invite(&mut scene));
    let manage = json!({"type": 1, "allow": Permissions::MANAGE_CHANNELS});
    let manage = read::overwrite(bot.0, &manage).unwrap();
    let _ = scene
        .world
        .set_overwrite(now, owner, general, manage)
        .unwrap();
    expect![[r#"
        INVITE_CREATE to bot olivia
        INVITE_DELETE to bot olivia
    "#]]
    .assert_eq(&invite(&mut scene));
}
