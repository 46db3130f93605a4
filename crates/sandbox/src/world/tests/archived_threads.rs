use expect_test::expect;

use super::*;

#[test]
fn archived_threads_can_only_be_opened_again() {
    let mut scene = Scene::new();
    let thread = scene.tickets_member();
    let (now, bot, mia) = (scene.now, scene.ids.bot, scene.ids.member);
    let archived = scene.edit(bot, thread, &json!({"archived": true})).unwrap();
    expect![[r#"
        THREAD_UPDATE to bot olivia max mia
    "#]]
    .assert_eq(&scene.told(&archived.events));

    for (what, expected) in [
        (json!({"name": "x"}), 50083),
        (json!({"locked": true}), 50083),
        (json!({"archived": true, "locked": true}), 50083),
        // This changes nothing.
        (json!({"locked": false}), 0),
        (json!({"archived": true}), 0),
    ] {
        let edited = scene.edit(bot, thread, &what);
        assert_eq!(code(&edited), expected, "{what}");
        assert!(
            edited.is_err() || edited.is_ok_and(|e| e.events.is_empty()),
            "{what}"
        );
    }
    let members = [
        scene
            .world
            .add_thread_member(now, bot, thread, scene.ids.member2),
        scene.world.remove_thread_member(now, bot, thread, mia),
        scene.world.remove_thread_member(now, mia, thread, mia),
    ];
    assert!(members.iter().all(|outcome| code(outcome) == 50083));

    let opened = scene
        .edit(mia, thread, &json!({"archived": false}))
        .unwrap();
    expect![[r#"
        THREAD_UPDATE to bot olivia max mia
        THREAD_MEMBER_UPDATE to bot mia
    "#]]
    .assert_eq(&scene.told(&opened.events));
}

#[test]
fn writing_opens_an_archived_thread_unless_it_is_locked() {
    let mut scene = Scene::new();
    let thread = scene.tickets_member();
    let (bot, mia) = (scene.ids.bot, scene.ids.member);
    let _ = scene.edit(bot, thread, &json!({"archived": true})).unwrap();
    let sent = scene.say(mia, thread, "one more thing").unwrap();
    expect![[r#"
        THREAD_UPDATE to bot olivia max mia
        THREAD_MEMBER_UPDATE to bot mia
        MESSAGE_CREATE to bot olivia max mia
    "#]]
    .assert_eq(&scene.told(&sent.events));
    assert!(!scene.thread(thread).archived);

    let _ = scene
        .edit(bot, thread, &json!({"archived": true, "locked": true}))
        .unwrap();
    assert_eq!(code(&scene.say(mia, thread, "hello?")), 160_005);
    assert_eq!(
        code(&scene.edit(mia, thread, &json!({"archived": false}))),
        160_005
    );
    // Members with Manage Threads may.
    let _ = scene
        .say(scene.ids.moderator, thread, "a last word")
        .unwrap();
    assert!(!scene.thread(thread).archived && scene.thread(thread).locked);
    assert_eq!(code(&scene.say(mia, thread, "hello?")), 160_005);
}

#[test]
fn quiet_threads_archive_themselves() {
    let mut scene = Scene::new();
    let thread = scene.tickets_member();
    let _ = scene
        .edit(scene.ids.bot, thread, &json!({"auto_archive_duration": 60}))
        .unwrap();
    assert!(scene.later(59 * MINUTE).is_empty());
    let _ = scene.say(scene.ids.member, thread, "still here").unwrap();
    assert!(scene.later(59 * MINUTE).is_empty());
    let events = scene.later(MINUTE);
    expect![[r#"
        THREAD_UPDATE to bot olivia max mia
    "#]]
    .assert_eq(&scene.told(&events));
    assert!(scene.thread(thread).archived);
    assert_eq!(
        scene
            .world
            .guild(scene.ids.guild)
            .unwrap()
            .active_threads
            .len(),
        0
    );
    // Since the thread was reopened, its time counts from then on.
    let _ = scene
        .edit(scene.ids.bot, thread, &json!({"archived": false}))
        .unwrap();
    assert!(scene.later(59 * MINUTE).is_empty());
    assert_eq!(scene.later(MINUTE).len(), 1);
}

#[test]
fn archived_threads_are_listed_newest_first() {
    let mut scene = Scene::new();
    let mut threads = Vec::new();
    for _ in 0..3 {
        let thread = scene.tickets_member();
        scene.later(MINUTE);
        let _ = scene
            .edit(scene.ids.bot, thread, &json!({"archived": true}))
            .unwrap();
        threads.push(thread);
    }
    let list = |scene: &Scene, who, which, before, limit| {
        let found =
            scene
                .world
                .archived_threads(scene.now, who, scene.ids.tickets, which, before, limit);
        found.map(|page| {
            (
                page.threads.iter().map(|t| t.id).collect::<Vec<_>>(),
                page.has_more,
            )
        })
    };
    let (owner, bot, mia) = (scene.ids.owner, scene.ids.bot, scene.ids.member);
    let newest = vec![threads[2], threads[1]];
    assert_eq!(
        list(&scene, owner, Archived::Private, None, 2),
        Ok((newest, true))
    );
    let before = Some(scene.thread(threads[1]).archive_changed);
    assert_eq!(
        list(&scene, bot, Archived::Private, before, 2),
        Ok((vec![threads[0]], false))
    );
    assert_eq!(
        list(&scene, mia, Archived::Private, None, 2)
            .unwrap_err()
            .code,
        50013
    );
    assert_eq!(
        list(&scene, mia, Archived::JoinedPrivate, None, 9)
            .unwrap()
            .0
            .len(),
        3
    );
    assert_eq!(
        list(&scene, owner, Archived::JoinedPrivate, None, 9)
            .unwrap()
            .0
            .len(),
        0
    );
    assert_eq!(
        list(&scene, mia, Archived::Public, None, 9)
            .unwrap()
            .0
            .len(),
        0
    );
}
