//! Categories: what channels take over from them, and how many they hold.

use expect_test::expect;

use super::*;

impl Scene {
    fn create(&mut self, who: UserId, body: &Value) -> Outcome<ChannelId> {
        let draft = read::channel(body)?;
        self.world
            .create_channel(self.now, who, self.ids.guild, draft)
    }

    fn overwrites(&self, channel: ChannelId) -> Value {
        let channel = self.world.place(channel).unwrap();
        wire::channel(channel)["permission_overwrites"].clone()
    }
}

/// An overwrite that hides a channel from everyone.
fn hidden(scene: &Scene) -> Value {
    let deny = Permissions::VIEW_CHANNEL;
    json!([{"id": scene.ids.guild.0.to_string(), "type": 0, "allow": "0", "deny": deny}])
}

#[test]
fn a_channel_begins_with_its_categorys_overwrites() {
    let mut scene = Scene::new();
    let (owner, hidden) = (scene.ids.owner, hidden(&scene));
    let body = json!({"name": "Staff", "type": 4, "permission_overwrites": hidden});
    let category = scene.create(owner, &body).unwrap().value;
    let child = json!({"name": "a", "parent_id": category, "permission_overwrites": []});
    let child = scene.create(owner, &child).unwrap().value;
    assert_eq!(scene.overwrites(child), hidden);
    let seen = json!([{"id": scene.ids.bot, "type": 1, "allow": "1024", "deny": "0"}]);
    let own = json!({"name": "b", "parent_id": category, "permission_overwrites": seen});
    let own = scene.create(owner, &own).unwrap().value;
    assert_eq!(scene.overwrites(own), seen);

    // A channel with the same overwrites keeps up with its category; one with its own does not.
    let open = json!({"permission_overwrites": []});
    let edited = scene.edit(owner, category, &open).unwrap();
    expect![[r#"
        CHANNEL_UPDATE to bot olivia max mia noah
        CHANNEL_UPDATE to bot olivia max mia noah
        THREAD_LIST_SYNC to bot
        THREAD_LIST_SYNC to bot
        RESYNC to olivia max mia noah
    "#]]
    .assert_eq(&scene.told(&edited.events));
    assert_eq!(scene.overwrites(child), json!([]));
    assert_eq!(scene.overwrites(own), seen);
}

#[test]
fn a_category_holds_fifty_channels() {
    let mut scene = Scene::new();
    let (owner, general) = (scene.ids.owner, scene.ids.general);
    let body = json!({"name": "Full", "type": 4});
    let category = scene.create(owner, &body).unwrap().value;
    let child = json!({"name": "a", "parent_id": category});
    let mut last = general;
    for _ in 0..50 {
        last = scene.create(owner, &child).unwrap().value;
    }
    let full = scene.create(owner, &child).unwrap_err();
    expect![[r#"
        /parent_id: CHANNEL_PARENT_MAX_CHANNELS: Maximum number of channels in category reached (50)
    "#]]
    .assert_eq(&wrong_fields(&full));
    let into = json!({"parent_id": category});
    assert_eq!(code(&scene.edit(owner, general, &into)), 50035);
    assert_eq!(code(&scene.edit(owner, last, &into)), 0);
    let moves = read::channel_moves(&json!([{"id": general, "parent_id": category}])).unwrap();
    let (now, guild) = (scene.now, scene.ids.guild);
    assert_eq!(
        code(&scene.world.move_channels(now, owner, guild, &moves)),
        50035
    );
}

#[test]
fn only_administrators_create_a_channel_with_manage_roles() {
    let mut scene = Scene::new();
    let Defaults {
        owner,
        moderator,
        moderator_role,
        guild,
        ..
    } = scene.ids.clone();
    let manage = Permissions::MANAGE_ROLES | Permissions::MANAGE_CHANNELS;
    for (own, expected) in [(manage, 50013), (Permissions::ADMINISTRATOR, 0)] {
        let role = read::role(&json!({"permissions": own})).unwrap();
        let _ = scene
            .world
            .edit_role(scene.now, owner, guild, moderator_role, role)
            .unwrap();
        let overwrite = json!({"id": moderator, "type": 1, "allow": Permissions::MANAGE_ROLES});
        let body = json!({"name": "a", "permission_overwrites": [overwrite]});
        assert_eq!(code(&scene.create(moderator, &body)), expected);
    }
}

#[test]
fn one_channel_at_a_time_changes_its_category() {
    let mut scene = Scene::new();
    let Defaults {
        owner,
        moderator,
        moderator_role,
        guild,
        general,
        welcome,
        ..
    } = scene.ids.clone();
    let category = json!({"name": "Staff", "type": 4});
    let category = scene.create(owner, &category).unwrap().value;
    let role = read::role(&json!({"permissions": Permissions::MANAGE_CHANNELS})).unwrap();
    let _ = scene
        .world
        .edit_role(scene.now, owner, guild, moderator_role, role)
        .unwrap();
    let hidden = json!({"permission_overwrites": hidden(&scene)});
    let _ = scene.edit(owner, welcome, &hidden).unwrap();
    for (moves, expected) in [
        (
            json!([{"id": general, "parent_id": null}, {"id": welcome, "parent_id": null}]),
            40009,
        ),
        // The position of a channel that they cannot view, but not its category.
        (json!([{"id": welcome, "position": 5}]), 0),
        (json!([{"id": welcome, "parent_id": category}]), 50001),
        (
            json!([{"id": general, "parent_id": category, "lock_permissions": true}]),
            50013,
        ),
        (
            json!([{"id": general, "parent_id": category}, {"id": welcome, "position": 1}]),
            0,
        ),
    ] {
        let read = read::channel_moves(&moves).unwrap();
        let moved = scene
            .world
            .move_channels(scene.now, moderator, guild, &read);
        assert_eq!(code(&moved), expected, "{moves}");
    }
}
