//! Whatever people do in whatever order, some things always hold.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Deed {
    Say(usize, usize, bool),
    Add(usize, usize, usize),
    Remove(usize, usize, usize),
    Edit(usize, usize, u8),
    Open(usize),
    Delete(usize, usize),
    Leave(usize),
    Join(usize),
    Wait(i64),
}

fn deed() -> impl Strategy<Value = Deed> {
    let (who, place) = (0usize..5, 0usize..6);
    prop_oneof![
        (who.clone(), place.clone(), any::<bool>()).prop_map(|(w, p, m)| Deed::Say(w, p, m)),
        (who.clone(), place.clone(), who.clone()).prop_map(|(w, p, u)| Deed::Add(w, p, u)),
        (who.clone(), place.clone(), who.clone()).prop_map(|(w, p, u)| Deed::Remove(w, p, u)),
        (who.clone(), place.clone(), 0u8..6).prop_map(|(w, p, e)| Deed::Edit(w, p, e)),
        who.clone().prop_map(Deed::Open),
        (who.clone(), place).prop_map(|(w, p)| Deed::Delete(w, p)),
        who.clone().prop_map(Deed::Leave),
        who.prop_map(Deed::Join),
        (0i64..5000 * MINUTE).prop_map(Deed::Wait),
    ]
}

/// Refusals are fine here; only what becomes of the world matters.
fn act(scene: &mut Scene, deed: &Deed) -> Vec<Event> {
    fn events<T>(outcome: Outcome<T>) -> Vec<Event> {
        outcome.map_or_else(|_| Vec::new(), |change| change.events)
    }
    let people = scene.everybody().map(|(_, id)| id);
    let threads: Vec<ChannelId> = scene.world.threads.keys().copied().collect();
    let mut threads = threads;
    threads.sort();
    let place = |n: usize| threads.get(n).copied().unwrap_or(scene.ids.tickets);
    let now = scene.now;
    match *deed {
        Deed::Say(who, at, mention) => {
            let at = place(at);
            let text = if mention {
                format!("<@{}>", people[3])
            } else {
                "x".into()
            };
            events(scene.say(people[who], at, &text))
        }
        Deed::Add(who, at, user) => {
            let at = place(at);
            events(
                scene
                    .world
                    .add_thread_member(now, people[who], at, people[user]),
            )
        }
        Deed::Remove(who, at, user) => {
            let at = place(at);
            events(
                scene
                    .world
                    .remove_thread_member(now, people[who], at, people[user]),
            )
        }
        Deed::Edit(who, at, what) => {
            let at = place(at);
            let edit = match what {
                0 => json!({"archived": true}),
                1 => json!({"archived": false}),
                2 => json!({"locked": true}),
                3 => json!({"archived": true, "locked": true}),
                4 => json!({"name": "n"}),
                _ => json!({"archived": false, "locked": false}),
            };
            events(scene.edit(people[who], at, &edit))
        }
        Deed::Open(who) => {
            let draft = read::thread(&json!({"name": "t"})).unwrap();
            let tickets = scene.ids.tickets;
            events(scene.world.create_thread(now, people[who], tickets, draft))
        }
        Deed::Delete(who, at) => {
            let at = place(at);
            // The channel itself has to stay for the others.
            if at == scene.ids.tickets {
                return Vec::new();
            }
            events(scene.world.delete_channel(now, people[who], at))
        }
        Deed::Leave(who) => events(scene.world.leave_guild(now, people[who], scene.ids.guild)),
        Deed::Join(who) => events(scene.world.join_guild(now, people[who], scene.ids.guild)),
        Deed::Wait(millis) => scene.later(millis),
    }
}

fn check(scene: &Scene, events: &[Event]) -> Result<(), TestCaseError> {
    let world = &scene.world;
    let guild = world.guild(scene.ids.guild).unwrap();
    for thread in world.threads.values() {
        prop_assert_eq!(guild.active_threads.contains(&thread.id), !thread.archived);
        prop_assert!(world.channels[&thread.parent].threads.contains(&thread.id));
        for user in thread.members.keys() {
            prop_assert!(
                guild.members.contains_key(user),
                "only members of the server are in it"
            );
        }
        if !thread.archived {
            let due = world
                .agenda
                .iter()
                .any(|(_, due)| *due == Due::Archive(thread.id));
            prop_assert!(due, "an active thread will archive itself");
        }
        let messages = world.messages(thread.id).count();
        prop_assert_eq!(thread.message_count as usize, messages);
    }
    for event in events {
        for (name, user) in scene.everybody() {
            // Whatever is dispatched can be, and nobody hears from a thread they cannot see.
            let Some(json) = scene.dispatched(event, user) else {
                continue;
            };
            if event.name != EventName::MessageCreate {
                continue;
            }
            let channel = ChannelId::from_json(&json["channel_id"]).unwrap();
            let place = world.place(channel).unwrap();
            prop_assert!(world.can_view(scene.now, place, user), "{} was told", name);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_world_stays_whole(deeds in proptest::collection::vec(deed(), 0..60)) {
        let mut scene = Scene::new();
        for deed in &deeds {
            let events = act(&mut scene, deed);
            check(&scene, &events)?;
        }
    }
}
