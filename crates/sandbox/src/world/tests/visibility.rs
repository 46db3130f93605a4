use super::*;

#[test]
fn a_private_thread_is_seen_by_members_and_moderators() {
    let mut scene = Scene::new();
    let thread = scene.tickets_member();
    let place = scene.world.place(thread).unwrap();
    let seen: Vec<&str> = scene
        .everybody()
        .into_iter()
        .filter(|(_, id)| scene.world.can_view(scene.now, place, *id))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(seen, ["bot", "olivia", "max", "mia"]);
}

#[test]
fn a_persons_view_has_only_what_they_see() {
    let mut scene = Scene::new();
    let thread = scene.tickets_member();
    let view = |who| wire::guild_view(&scene.world, scene.now, scene.ids.guild, who).unwrap();
    let mia = view(scene.ids.member);
    assert_eq!(mia["channels"].as_array().unwrap().len(), 4);
    assert_eq!(mia["threads"][0]["id"], json!(thread));
    assert_eq!(mia["threads"][0]["joined"], true);
    assert_eq!(view(scene.ids.owner)["threads"][0]["joined"], false);
    assert_eq!(view(scene.ids.member2)["threads"], json!([]));
    assert_eq!(
        view(scene.ids.owner)["permissions"],
        json!(Permissions::ALL)
    );
}

#[test]
fn ids_are_the_same_in_every_new_world() {
    let ids = || Scene::new().ids.clone();
    let (one, other) = (ids(), ids());
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
    assert!(format!("{one:?}").contains("Token(…)"));
}

#[test]
fn what_is_made_later_has_greater_ids() {
    let more = MoreGuilds {
        count: 20,
        channels: 3,
        roles: 2,
    };
    let mut world = World::new(&Seed {
        more_guilds: more,
        ..Seed::default()
    });
    let greatest = world.channels.keys().map(|id| id.0).max().unwrap();
    // This also works if the clock is before the creation of the world.
    let (bot, general) = (world.defaults().bot, world.defaults().general);
    let draft = read::message(&json!({"content": "x"}), Vec::new()).unwrap();
    let sent = world
        .send_message(Timestamp(0), bot, general, draft)
        .unwrap();
    assert!(sent.value.0 > greatest);
    let shards: BTreeSet<u64> = world.guilds().map(|g| g.id.shard(8)).collect();
    assert!(shards.len() > 4, "servers spread over shards: {shards:?}");
}
