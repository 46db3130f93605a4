use expect_test::expect;

use super::*;
use crate::world::draft::{Invocation, Upload};
use crate::world::model::{CommandKind, InteractionData};

/// `/inbox create channel [size]` for Manage Server, a message menu for all.
fn definitions() -> Value {
    json!([
        {
            "name": "inbox",
            "description": "Inboxes",
            "default_member_permissions": Permissions::MANAGE_GUILD,
            "options": [
                {"type": 1, "name": "create", "description": "Create one", "options": [
                    {"type": 7, "name": "channel", "description": "Where", "required": true,
                     "channel_types": [0, 5]},
                    {"type": 4, "name": "size", "description": "How large", "min_value": 1,
                     "max_value": 9},
                    {"type": 3, "name": "tone", "description": "How", "choices": [
                        {"name": "Loud", "value": "loud"}, {"name": "Quiet", "value": "quiet"},
                    ]},
                ]},
                {"type": 2, "name": "new-tickets", "description": "Tickets", "options": [
                    {"type": 1, "name": "name", "description": "Their name"},
                ]},
            ],
        },
        {"type": 3, "name": "Select this message"},
        {"type": 2, "name": "Greet"},
    ])
}

pub(super) fn register(scene: &mut Scene) {
    let specs = read::commands(&definitions()).unwrap();
    let application = scene.ids.application;
    let _ = scene
        .world
        .put_commands(scene.now, application, None, specs)
        .unwrap();
}

pub(super) fn invocation(scene: &Scene, name: &str, options: Value) -> Invocation {
    Invocation {
        guild: scene.ids.guild,
        channel: scene.ids.general,
        name: name.into(),
        kind: CommandKind::ChatInput,
        options: serde_json::from_value(options).unwrap(),
        target: None,
        files: Vec::new(),
        focused: None,
    }
}

#[test]
fn replacing_keeps_the_ids_of_what_stays() {
    let mut scene = Scene::new();
    register(&mut scene);
    let application = scene.ids.application;
    let before = scene.world.commands(application, None).to_vec();
    register(&mut scene);
    assert_eq!(scene.world.commands(application, None), before);
    let mut fewer = definitions();
    fewer[0]["description"] = "Other".into();
    fewer.as_array_mut().unwrap().truncate(1);
    let specs = read::commands(&fewer).unwrap();
    let after = scene
        .world
        .put_commands(scene.now, application, None, specs)
        .unwrap()
        .value;
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].id, before[0].id);
    assert_ne!(after[0].version, before[0].version);
}

#[test]
fn who_may_use_which() {
    let mut scene = Scene::new();
    register(&mut scene);
    let names = |scene: &Scene, who| {
        let found = scene
            .world
            .commands_for(scene.now, who, scene.ids.guild)
            .unwrap();
        found
            .iter()
            .map(|c| c.spec.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&scene, scene.ids.owner),
        ["inbox", "Select this message", "Greet"]
    );
    assert_eq!(
        names(&scene, scene.ids.member),
        ["Select this message", "Greet"]
    );
    let run = invocation(
        &scene,
        "inbox create",
        json!({"channel": scene.ids.general}),
    );
    assert_eq!(
        code(&scene.world.invoke_command(scene.now, scene.ids.member, run)),
        50013
    );
    // If the bot is not in the server, there are no commands.
    let Defaults {
        owner, guild, bot, ..
    } = scene.ids.clone();
    let _ = scene.world.kick(scene.now, owner, guild, bot).unwrap();
    assert!(names(&scene, owner).is_empty());
}

#[test]
fn a_file_can_be_an_option() {
    let mut scene = Scene::new();
    let (application, member, bot) = (scene.ids.application, scene.ids.member, scene.ids.bot);
    let file = json!([{"name": "show", "description": "Shows", "options": [
        {"type": 11, "name": "file", "description": "What", "required": true},
    ]}]);
    let specs = read::commands(&file).unwrap();
    let put = scene
        .world
        .put_commands(scene.now, application, None, specs);
    assert!(put.is_ok());
    let show = |scene: &mut Scene, value: Value| {
        let mut run = invocation(scene, "show", json!({"file": value}));
        run.files = vec![Upload {
            title: None,
            filename: "cat.png".into(),
            description: None,
            content_type: None,
            data: b"\x89PNG"[..].into(),
        }];
        scene.world.invoke_command(scene.now, member, run)
    };
    for wrong in [json!(1), json!("cat.png"), json!({})] {
        let refused = show(&mut scene, wrong).unwrap_err();
        assert!(wrong_fields(&refused).starts_with("/options/file: "));
    }
    let ran = show(&mut scene, json!(0)).unwrap();
    let event = scene.heard(&ran.events[1..], EventName::InteractionCreate, bot);
    let id = event["data"]["options"][0]["value"].as_str().unwrap();
    let shown = &event["data"]["resolved"]["attachments"][id];
    assert_eq!(
        (&shown["size"], &shown["ephemeral"]),
        (&json!(4), &json!(true))
    );
    assert!(shown["url"].as_str().unwrap().contains("/cat.png?ex="));
    let file = AttachmentId(id.parse().unwrap());
    assert!(scene.world.file(file).is_some());
    scene.later(16 * MINUTE);
    assert!(
        scene.world.file(file).is_none(),
        "it goes with the interaction"
    );
}

#[test]
fn a_subcommand_is_sent_as_it_is_nested() {
    let mut scene = Scene::new();
    register(&mut scene);
    let options = json!({"channel": scene.ids.support, "size": "7", "tone": "Loud"});
    let run = invocation(&scene, "inbox create", options);
    let ran = scene
        .world
        .invoke_command(scene.now, scene.ids.owner, run)
        .unwrap();
    let event = scene.heard(
        &ran.events[1..],
        EventName::InteractionCreate,
        scene.ids.bot,
    );
    let support = scene.ids.support;
    assert_eq!(
        event["data"]["options"],
        json!([{"name": "create", "type": 1, "options": [
            {"name": "channel", "type": 7, "value": support},
            {"name": "size", "type": 4, "value": 7},
            {"name": "tone", "type": 3, "value": "loud"},
        ]}])
    );
    assert_eq!(event["data"]["name"], "inbox");
    assert_eq!(
        event["data"]["resolved"]["channels"][support.to_string()]["name"],
        "support"
    );
    assert_eq!(event["member"]["permissions"], json!(Permissions::ALL));
    assert_eq!(event["context"], 0);

    let run = invocation(&scene, "inbox new-tickets name", json!({}));
    let ran = scene
        .world
        .invoke_command(scene.now, scene.ids.owner, run)
        .unwrap();
    let event = scene.heard(
        &ran.events[1..],
        EventName::InteractionCreate,
        scene.ids.bot,
    );
    assert_eq!(
        event["data"]["options"],
        json!([{"name": "new-tickets", "type": 2, "options": [
            {"name": "name", "type": 1, "options": []},
        ]}])
    );
}

#[test]
fn options_are_checked_as_a_client_does() {
    let mut scene = Scene::new();
    register(&mut scene);
    let (owner, general) = (scene.ids.owner, scene.ids.general);
    let mut found = String::new();
    for options in [
        json!({}),
        json!({"channel": "1"}),
        json!({"channel": general, "size": 10}),
        json!({"channel": general, "size": "many"}),
        json!({"channel": general, "tone": "shrill"}),
        json!({"channel": general, "colour": "red"}),
    ] {
        let run = invocation(&scene, "inbox create", options);
        let error = scene
            .world
            .invoke_command(scene.now, owner, run)
            .unwrap_err();
        assert_eq!(error.code, 50035);
        found.push_str(&wrong_fields(&error));
    }
    expect![[r#"
        /options/channel: BASE_TYPE_REQUIRED: This field is required
        /options/channel: APPLICATION_COMMAND_INVALID_OPTION_VALUE: Not a channel of a fitting type
        /options/size: APPLICATION_COMMAND_INVALID_OPTION_VALUE: Must be at most 9
        /options/size: APPLICATION_COMMAND_INVALID_OPTION_VALUE: Not an integer
        /options/tone: APPLICATION_COMMAND_INVALID_OPTION_VALUE: Not among the choices
        /options: APPLICATION_COMMAND_INVALID_OPTION: The command has no option "colour"
    "#]]
    .assert_eq(&found);
    for name in ["inbox", "inbox new-tickets", "inbox destroy", "outbox", ""] {
        let run = invocation(&scene, name, json!({}));
        assert_eq!(
            code(&scene.world.invoke_command(scene.now, owner, run)),
            10063,
            "{name}"
        );
    }
}

#[test]
fn a_message_menu_carries_the_message() {
    let mut scene = Scene::new();
    scene.intents = Intents(0);
    register(&mut scene);
    let Defaults {
        member,
        general,
        bot,
        ..
    } = scene.ids.clone();
    let message = scene.say(member, general, "look").unwrap().value;
    let menu = |target| Invocation {
        kind: CommandKind::Message,
        target,
        ..invocation(&scene, "Select this message", json!({}))
    };
    let (right, none, unknown) = (menu(Some(message.0)), menu(None), menu(Some(1)));
    let ran = scene
        .world
        .invoke_command(scene.now, member, right)
        .unwrap();
    let event = scene.heard(&ran.events[1..], EventName::InteractionCreate, bot);
    assert_eq!(event["data"]["target_id"], json!(message));
    // The target's content is included even without the message-content intent.
    assert_eq!(
        event["data"]["resolved"]["messages"][message.to_string()]["content"],
        "look"
    );
    assert_eq!(
        code(&scene.world.invoke_command(scene.now, member, none)),
        50035
    );
    assert_eq!(
        code(&scene.world.invoke_command(scene.now, member, unknown)),
        10008
    );
    let found = scene.world.interaction(ran.value).unwrap();
    assert!(matches!(
        found.data,
        InteractionData::Command {
            kind: CommandKind::Message,
            ..
        }
    ));
}

#[test]
fn a_user_menu_carries_the_user() {
    let mut scene = Scene::new();
    register(&mut scene);
    let Defaults {
        member,
        member2,
        bot,
        ..
    } = scene.ids.clone();
    let run = Invocation {
        kind: CommandKind::User,
        target: Some(member2.0),
        ..invocation(&scene, "Greet", json!({}))
    };
    let ran = scene.world.invoke_command(scene.now, member, run).unwrap();
    let event = scene.heard(&ran.events[1..], EventName::InteractionCreate, bot);
    let resolved = &event["data"]["resolved"];
    assert_eq!(resolved["users"][member2.to_string()]["username"], "noah");
    assert!(
        resolved["members"][member2.to_string()]
            .get("user")
            .is_none()
    );
}

#[test]
fn there_is_an_end_to_commands() {
    let mut scene = Scene::new();
    let application = scene.ids.application;
    let menus = |count| {
        let menus: Vec<Value> = (0..count)
            .map(|n| json!({"type": 3, "name": format!("m{n}")}))
            .collect();
        read::commands(&json!(menus)).unwrap()
    };
    let now = scene.now;
    assert_eq!(
        code(&scene.world.put_commands(now, application, None, menus(16))),
        30032
    );
    assert_eq!(
        code(&scene.world.put_commands(now, application, None, menus(15))),
        0
    );
    let one_more = read::command(&json!({"type": 3, "name": "x"})).unwrap();
    assert_eq!(
        code(
            &scene
                .world
                .create_command(now, application, None, one_more.clone())
        ),
        30032
    );
    // Another scope has a count of its own.
    let guild = Some(scene.ids.guild);
    assert_eq!(
        code(
            &scene
                .world
                .create_command(now, application, guild, one_more.clone())
        ),
        0
    );
    let elsewhere = Some(GuildId(1));
    assert_eq!(
        code(
            &scene
                .world
                .create_command(now, application, elsewhere, one_more)
        ),
        50001
    );
}

#[test]
fn options_are_suggested_while_a_command_is_written() {
    let mut scene = Scene::new();
    let Defaults {
        member,
        bot,
        application,
        ..
    } = scene.ids.clone();
    let definition = json!([{"name": "find", "description": "Finds", "options": [
        {"type": 3, "name": "what", "description": "What", "required": true, "autocomplete": true},
        {"type": 4, "name": "most", "description": "How many", "max_value": 9},
    ]}]);
    let specs = read::commands(&definition).unwrap();
    let _ = scene
        .world
        .put_commands(scene.now, application, None, specs)
        .unwrap();
    let writing = |focused: &str| Invocation {
        focused: Some(focused.into()),
        ..invocation(&scene, "find", json!({"most": 99}))
    };
    let (wrong, right) = (writing("most"), writing("what"));
    let world = &mut scene.world;
    assert_eq!(code(&world.invoke_command(scene.now, member, wrong)), 50035);

    let asked = world.invoke_command(scene.now, member, right).unwrap();
    // The person's client gets no event: it waits for the response, and shows nothing else.
    assert_eq!(asked.events.len(), 1);
    let event = scene.heard(&asked.events, EventName::InteractionCreate, bot);
    assert_eq!(event["type"], 4);
    assert_eq!(
        event["data"]["options"],
        json!([
            {"name": "what", "type": 3, "value": "", "focused": true},
            {"name": "most", "type": 4, "value": 99},
        ])
    );

    let id = asked.value;
    let token = event["token"].as_str().unwrap().to_owned();
    let mut answer = |body: Value| {
        let response = read::response(&body, Vec::new())?;
        let answered = scene.world.respond(scene.now, id, &token, response);
        answered.map(|_| ())
    };
    let message = answer(json!({"type": 4, "data": {"content": "No"}}));
    assert_eq!(message.unwrap_err().code, 50035);
    let nameless = answer(json!({"type": 8, "data": {"choices": [{"value": "x"}]}}));
    assert_eq!(nameless.unwrap_err().code, 50035);
    answer(json!({"type": 8, "data": {"choices": [{"name": "This", "value": "this"}]}})).unwrap();
    let view = wire::interaction_view(&scene.world, id).unwrap();
    assert_eq!(view["state"], "choices");
    assert_eq!(view["choices"][0]["value"], "this");

    // If the command is run with this text, the bot can no longer respond with choices.
    let run = invocation(&scene, "find", json!({"what": "anything"}));
    let ran = scene.world.invoke_command(scene.now, member, run).unwrap();
    let event = scene.heard(&ran.events[1..], EventName::InteractionCreate, bot);
    assert_eq!(event["type"], 2);
    let choices = read::response(&json!({"type": 8, "data": {"choices": []}}), Vec::new());
    let token = event["token"].as_str().unwrap();
    let refused = scene
        .world
        .respond(scene.now, ran.value, token, choices.unwrap());
    assert_eq!(code(&refused), 50035);
}

#[test]
fn a_command_cannot_take_the_name_of_another() {
    let mut scene = Scene::new();
    register(&mut scene);
    let (now, application) = (scene.now, scene.ids.application);
    let menus = read::commands(&json!([
        {"type": 3, "name": "Quote"},
        {"type": 3, "name": "Greet"},
        {"type": 2, "name": "Wave"},
    ]));
    let menus = scene
        .world
        .put_commands(now, application, None, menus.unwrap())
        .unwrap()
        .value;
    for (name, expected) in [("Greet", 40041), ("Wave", 0), ("Wave", 0)] {
        let spec = read::command_edit(&menus[0].spec, &json!({"name": name})).unwrap();
        let edited = scene
            .world
            .edit_command(now, application, None, menus[0].id, spec);
        assert_eq!(code(&edited), expected, "{name}");
    }
}
