use super::*;

impl Scene {
    /// The log as the owner reads it, oldest first: user, action, target, changes.
    fn log(&self) -> String {
        let filter = AuditFilter {
            limit: 100,
            ..AuditFilter::default()
        };
        let (owner, guild) = (self.ids.owner, self.ids.guild);
        let entries = self
            .world
            .audit_log(self.now, owner, guild, filter)
            .unwrap();
        let lines = entries.iter().rev().map(|entry| {
            let who = &self.world.user(entry.actor).unwrap().username;
            let changes = entry.changes.iter().map(|change| {
                let show = |value: &Option<Value>| value.as_ref().map(Value::to_string);
                let (old, new) = (show(&change.old), show(&change.new));
                let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
                format!(" {}: {old} > {new}", change.key)
            });
            let options = entry.options.iter().filter(|(key, _)| !key.ends_with("id"));
            let options = options.map(|(key, value)| format!(" {key}={value}"));
            let rest: String = changes.chain(options).collect();
            format!("{who} {:?}{rest}\n", entry.action)
        });
        lines.collect()
    }
}

#[test]
fn what_changes_is_in_the_log() {
    let mut scene = Scene::new();
    let ids = scene.ids.clone();
    let (now, max, mia, general) = (scene.now, ids.moderator, ids.member, ids.general);
    let edit = json!({"topic": "Hello", "permission_overwrites": [
        {"id": ids.moderator_role, "type": 0, "allow": "1024", "deny": "0"},
    ]});
    let _ = scene.edit(ids.owner, general, &edit).unwrap();
    // The same edit again changes nothing.
    let _ = scene.edit(ids.owner, general, &edit).unwrap();
    let thread = scene.ticket(true);
    let _ = scene.edit(max, thread, &json!({"name": "sold"})).unwrap();
    let said = scene.say(mia, general, "oops").unwrap().value;
    let _ = scene.world.delete_message(now, max, general, said).unwrap();
    let own = scene.say(mia, general, "mine").unwrap().value;
    let _ = scene.world.delete_message(now, mia, general, own).unwrap();
    let roles = json!({"roles": [ids.moderator_role], "nick": "M"});
    let roles = read::member_edit(&roles).unwrap();
    let _ = scene
        .world
        .edit_member(now, ids.owner, ids.guild, mia, roles)
        .unwrap();
    let _ = scene
        .world
        .kick(now, ids.owner, ids.guild, ids.member2)
        .unwrap();
    let log = scene.log().replace(&ids.moderator_role.to_string(), "ROLE");
    expect_test::expect![[r#"
        olivia ChannelUpdate topic:  > "Hello"
        olivia OverwriteCreate allow:  > "1024" deny:  > "0" role_name=Moderator type=0
        Bot ThreadCreate name:  > "ticket" type:  > 12 archived:  > false locked:  > false auto_archive_duration:  > 4320 rate_limit_per_user:  > 0 invitable:  > true
        max ThreadUpdate name: "ticket" > "sold"
        max MessageDelete count=1
        olivia MemberUpdate nick:  > "M"
        olivia MemberRoleUpdate $add:  > [{"id":"ROLE","name":"Moderator"}]
        olivia MemberKick
    "#]]
    .assert_eq(&log);
}

#[test]
fn the_log_is_for_those_who_may_see_it_and_ends_after_45_days() {
    let mut scene = Scene::new();
    let (guild, filter) = (
        scene.ids.guild,
        AuditFilter {
            limit: 1,
            ..AuditFilter::default()
        },
    );
    scene.ticket(true);
    let seen = scene
        .world
        .audit_log(scene.now, scene.ids.member, guild, filter);
    assert_eq!(seen.unwrap_err().code, 50013);
    let of = |scene: &Scene, filter| {
        let log = scene
            .world
            .audit_log(scene.now, scene.ids.owner, guild, filter);
        log.unwrap().len()
    };
    assert_eq!(of(&scene, filter), 1);
    let by_mia = AuditFilter {
        actor: Some(scene.ids.member),
        ..filter
    };
    assert_eq!(of(&scene, by_mia), 0);
    let kicks = AuditFilter {
        action: Some(20),
        ..filter
    };
    assert_eq!(of(&scene, kicks), 0);
    scene.later(46 * DAY);
    assert_eq!(of(&scene, filter), 0);
}
