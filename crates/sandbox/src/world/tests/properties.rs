//! Invariants that hold whatever people do, in any order.

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

/// Errors are fine here; only the world afterwards matters.
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
            // The other actions need this channel.
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
            // Every event can be dispatched, and no one receives events of a thread that they cannot see.
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

    #[test]
    fn no_body_is_too_strange(body in json()) {
        let files = || vec![read::FilePart {
            index: 0,
            filename: "a.png".into(),
            content_type: None,
            data: b"\x89PNG"[..].into(),
        }];
        let mut scene = Scene::new();
        let (now, bot, general) = (scene.now, scene.ids.bot, scene.ids.general);
        if let Ok(draft) = read::message(&body, files()) {
            let sent = scene.world.send_message(now, bot, general, draft);
            if let (Ok(sent), Ok(edit)) = (sent, read::message_edit(&body, files())) {
                let _ = scene.world.edit_message(now, bot, general, sent.value, edit);
            }
        }
        let _ = read::response(&body, files());
        let _ = read::command(&body).map(|spec| read::command_edit(&spec, &body));
        let _ = read::commands(&json!([body.clone(), body.clone()]));
        let _ = (read::thread(&body), read::channel(&body), read::channel_edit(&body));
        let _ = (read::guild_edit(&body), read::role(&body), read::member_edit(&body));
        let _ = (read::overwrite(1, &body), read::bulk_delete(&body), read::webhook(&body));
        // Every error can be converted to JSON.
        for error in [read::message(&body, vec![]).err(), read::command(&body).err()] {
            prop_assert!(error.is_none_or(|error| error.to_json()["errors"].is_object()));
        }
    }
}

/// JSON as a confused client might send it: real field names, wrong values.
fn json() -> impl Strategy<Value = Value> {
    const FIELDS: &[&str] = &[
        "content",
        "embeds",
        "components",
        "attachments",
        "allowed_mentions",
        "parse",
        "users",
        "roles",
        "message_reference",
        "message_id",
        "nonce",
        "flags",
        "type",
        "data",
        "custom_id",
        "style",
        "label",
        "component",
        "options",
        "value",
        "url",
        "image",
        "fields",
        "name",
        "title",
        "description",
        "timestamp",
        "id",
        "channel_types",
        "choices",
        "min_value",
        "name_localizations",
        "_errors",
        "permission_overwrites",
        "allow",
        "messages",
        "default_values",
        "communication_disabled_until",
        "attachment",
        "emoji",
        "author",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2i64..20).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[a-z.]{1,5}".prop_map(Value::from),
        Just(json!("attachment://a.png")),
        Just(json!("https://example.com/\u{1F600}")),
        Just(json!("99999999999999999999-01-01T00:00:00+00:00")),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        let fields = proptest::collection::btree_map(
            proptest::sample::select(FIELDS).prop_map(str::to_owned),
            inner.clone(),
            0..8,
        );
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            fields.prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}
