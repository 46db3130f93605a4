//! Modals: what they may contain, and what a submission contains.

use expect_test::expect;

use super::commands::invocation;
use super::interactions::button;
use super::*;
use crate::id::InteractionId;
use crate::world::draft::{Submission, Submitted, Upload};

/// A modal that has been opened for Mia.
fn opened() -> (Scene, InteractionId) {
    let mut scene = Scene::new();
    let id = scene.clicked(&button(), &[]).1.unwrap().value;
    let modal = json!({"type": 9, "data": {"custom_id": "m", "title": "T", "components": [
        {"type": 10, "content": "Read this"},
        {"type": 18, "label": "Text", "component":
            {"type": 4, "custom_id": "text", "style": 1, "value": "old", "max_length": 5}},
        {"type": 18, "label": "Who", "component":
            {"type": 5, "custom_id": "who", "required": false, "min_values": 0}},
    ]}});
    let done = scene.respond(id, &modal).unwrap();
    expect![[r#"
        INTERACTION_MODAL_CREATE to mia
    "#]]
    .assert_eq(&scene.told(&done.events));
    let event = scene.heard(
        &done.events,
        EventName::InteractionModalCreate,
        scene.ids.member,
    );
    assert_eq!(event["modal"]["components"][1]["component"]["value"], "old");
    (scene, id)
}

#[test]
fn a_modal_is_no_original_message() {
    let (scene, id) = opened();
    let (application, token) = (scene.ids.application, scene.token(id));
    let original = scene.world.original(scene.now, application, &token);
    assert_eq!(original.unwrap_err().code, 10008);
}

fn submission(opened_by: InteractionId, values: &[(&str, Submitted)]) -> Submission {
    let values = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    Submission {
        opened_by,
        values: values.collect(),
        files: Vec::new(),
    }
}

#[test]
fn a_modal_is_sent_with_its_values() {
    let (mut scene, id) = opened();
    let noah = scene.ids.member2.to_string();
    let chosen = Submitted::Chosen(vec![noah.clone()]);
    let filled = submission(id, &[("who", chosen)]);
    let sent = scene
        .world
        .submit_modal(scene.now, scene.ids.member, filled)
        .unwrap();
    let event = scene.heard(
        &sent.events[1..],
        EventName::InteractionCreate,
        scene.ids.bot,
    );
    assert_eq!(event["type"], 5);
    assert_eq!(
        event["data"]["components"],
        json!([
            {"type": 10, "id": 1},
            {"type": 18, "id": 2, "component":
                {"type": 4, "id": 3, "custom_id": "text", "value": "old"}},
            {"type": 18, "id": 4, "component":
                {"type": 5, "id": 5, "custom_id": "who", "values": [noah]}},
        ])
    );
    assert!(
        event["message"].is_object(),
        "the message that the modal came from"
    );
    let again = scene
        .world
        .submit_modal(scene.now, scene.ids.member, submission(id, &[]));
    assert_eq!(code(&again), 10062);
    // A modal cannot be the response to a modal.
    let modal = json!({"type": 9, "data": {"custom_id": "m", "title": "T", "components": [
        {"type": 10, "content": "x"},
    ]}});
    assert_eq!(code(&scene.respond(sent.value, &modal)), 50035);
    assert_eq!(code(&scene.respond(sent.value, &json!({"type": 6}))), 0);
}

#[test]
fn what_is_wrong_in_a_modal_is_said() {
    let (mut scene, id) = opened();
    let text = |text: &str| Submitted::Text(text.into());
    let mut found = String::new();
    for values in [
        vec![("text", text(""))],
        vec![("text", text("too long"))],
        vec![("who", Submitted::Chosen(vec!["1".into()]))],
        vec![("nothing", text("x"))],
    ] {
        let filled = submission(id, &values);
        let error = scene
            .world
            .submit_modal(scene.now, scene.ids.member, filled)
            .unwrap_err();
        found.push_str(&wrong_fields(&error));
    }
    expect![[r#"
        /values/text: BASE_TYPE_REQUIRED: This field is required
        /values/text: BASE_TYPE_BAD_LENGTH: Must be between 1 and 5 in length.
        /values/who: SELECT_COMPONENT_INVALID_VALUES: The chosen values are not among the choices, too few or too many
        /values: COMPONENT_VALIDATION_FAILED: The modal has no input "nothing"
    "#]].assert_eq(&found);
    let other = scene
        .world
        .submit_modal(scene.now, scene.ids.member2, submission(id, &[]));
    assert_eq!(code(&other), 10062);
    let _ = scene
        .world
        .dismiss_modal(scene.now, scene.ids.member, id)
        .unwrap();
    let gone = scene
        .world
        .submit_modal(scene.now, scene.ids.member, submission(id, &[]));
    assert_eq!(code(&gone), 10062);
}

/// A modal with these components, opened for Mia by a click.
fn opened_with(components: &Value) -> (Scene, InteractionId) {
    let mut scene = Scene::new();
    let id = scene.clicked(&button(), &[]).1.unwrap().value;
    let data = json!({"custom_id": "m", "title": "T", "components": components});
    let _ = scene
        .respond(id, &json!({"type": 9, "data": data}))
        .unwrap();
    (scene, id)
}

/// One optional input of each kind.
fn every_kind() -> Value {
    let options = json!([
        {"label": "A", "value": "a"}, {"label": "B", "value": "b"}, {"label": "C", "value": "c"},
    ]);
    let label = |component: Value| json!({"type": 18, "label": "l", "component": component});
    json!([
        label(
            json!({"type": 3, "custom_id": "menu", "required": false, "min_values": 0, "max_values": 2,
            "options": options})
        ),
        label(
            json!({"type": 19, "custom_id": "files", "required": false, "min_values": 0, "max_values": 2})
        ),
        label(json!({"type": 21, "custom_id": "radio", "required": false, "options": options})),
        label(
            json!({"type": 22, "custom_id": "boxes", "required": false, "min_values": 0,
            "options": options})
        ),
        label(json!({"type": 23, "custom_id": "box", "default": true})),
    ])
}

fn file(name: &str) -> Upload {
    Upload {
        filename: name.into(),
        title: None,
        description: None,
        content_type: None,
        data: name.as_bytes().into(),
    }
}

fn chosen(values: &[&str]) -> Submitted {
    Submitted::Chosen(values.iter().map(|v| (*v).to_owned()).collect())
}

#[test]
fn every_kind_of_input_is_sent_as_discord_sends_it() {
    let (mut scene, id) = opened_with(&every_kind());
    let values = [
        ("menu", chosen(&["b", "a"])),
        ("files", chosen(&["1", "0"])),
        ("radio", Submitted::Text("c".into())),
        ("boxes", chosen(&["c"])),
        ("box", Submitted::Checked(false)),
    ];
    let mut filled = submission(id, &values);
    filled.files = vec![file("one.txt"), file("two.png")];
    let sent = scene
        .world
        .submit_modal(scene.now, scene.ids.member, filled)
        .unwrap();
    let event = scene.heard(
        &sent.events[1..],
        EventName::InteractionCreate,
        scene.ids.bot,
    );
    let data = &event["data"];
    let inputs: Vec<&Value> = data["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|label| &label["component"])
        .collect();
    let files: Vec<&str> = inputs[1]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    assert_eq!(
        json!(inputs),
        json!([
            {"type": 3, "id": 2, "custom_id": "menu", "values": ["b", "a"]},
            {"type": 19, "id": 4, "custom_id": "files", "values": files},
            {"type": 21, "id": 6, "custom_id": "radio", "value": "c"},
            {"type": 22, "id": 8, "custom_id": "boxes", "values": ["c"]},
            {"type": 23, "id": 10, "custom_id": "box", "value": false},
        ])
    );
    let attachments = &data["resolved"]["attachments"];
    let names = files.iter().map(|id| &attachments[id]["filename"]);
    assert_eq!(names.collect::<Vec<_>>(), ["two.png", "one.txt"]);
    assert_eq!(attachments[files[0]]["ephemeral"], true);
    // The address is good as long as the token is.
    let url = attachments[files[0]]["url"].as_str().unwrap();
    assert!(
        url.starts_with("http://cdn/ephemeral-attachments/"),
        "{url}"
    );
    let held: Vec<AttachmentId> = files.iter().map(|id| id.parse().unwrap()).collect();
    assert!(held.iter().all(|id| scene.world.file(*id).is_some()));
    let _ = scene.later(15 * MINUTE + 1);
    assert!(held.iter().all(|id| scene.world.file(*id).is_none()));
}

#[test]
fn what_is_not_filled_in_is_nothing_or_the_default() {
    let (mut scene, id) = opened_with(&every_kind());
    let sent = scene
        .world
        .submit_modal(scene.now, scene.ids.member, submission(id, &[]))
        .unwrap();
    let event = scene.heard(
        &sent.events[1..],
        EventName::InteractionCreate,
        scene.ids.bot,
    );
    let inputs = event["data"]["components"].as_array().unwrap().iter();
    let values: Vec<&Value> = inputs
        .map(|label| {
            let input = &label["component"];
            input.get("values").unwrap_or(&input["value"])
        })
        .collect();
    assert_eq!(json!(values), json!([[], [], null, [], true]));
    assert!(event["data"].get("resolved").is_none());
}

#[test]
fn what_is_wrong_in_each_kind_is_said() {
    let options = json!([{"label": "A", "value": "a"}, {"label": "B", "value": "b"}]);
    let label = |component: Value| json!({"type": 18, "label": "l", "component": component});
    let (mut scene, id) = opened_with(&json!([
        label(json!({"type": 19, "custom_id": "files", "min_values": 2, "max_values": 2})),
        label(json!({"type": 21, "custom_id": "radio", "options": options})),
        label(json!({"type": 22, "custom_id": "boxes", "max_values": 1, "options": options})),
        label(json!({"type": 23, "custom_id": "box"})),
        // The menu is optional, but a choice cannot be empty, because `min_values` is 1.
        label(json!({"type": 3, "custom_id": "menu", "required": false, "options": options})),
    ]));
    let mut found = String::new();
    for values in [
        vec![],
        vec![
            ("files", chosen(&["0"])),
            ("radio", chosen(&["a", "b"])),
            ("boxes", chosen(&["a", "b"])),
            ("box", Submitted::Text("yes".into())),
            ("menu", chosen(&["a"])),
        ],
        vec![
            ("files", chosen(&["0", "0"])),
            ("radio", chosen(&["c"])),
            ("boxes", Submitted::Checked(true)),
            ("menu", chosen(&["c"])),
        ],
        vec![
            ("files", chosen(&["0", "5"])),
            ("radio", Submitted::Nothing),
            ("boxes", chosen(&["a", "a"])),
            ("menu", chosen(&["a"])),
        ],
    ] {
        let mut filled = submission(id, &values);
        filled.files = vec![file("one.txt")];
        let sent = scene
            .world
            .submit_modal(scene.now, scene.ids.member, filled);
        found.push_str(&wrong_fields(&sent.unwrap_err()));
        found.push('\n');
    }
    expect![[r#"
        /values/boxes: BASE_TYPE_REQUIRED: This field is required
        /values/files: BASE_TYPE_REQUIRED: This field is required
        /values/menu: SELECT_COMPONENT_INVALID_VALUES: The chosen values are not among the choices, too few or too many
        /values/radio: BASE_TYPE_REQUIRED: This field is required

        /values/box: STRING_TYPE_CONVERT: This input takes true or false
        /values/boxes: BASE_TYPE_BAD_LENGTH: Must be between 1 and 1 in length.
        /values/files: BASE_TYPE_BAD_LENGTH: Must be between 2 and 2 in length.
        /values/radio: BASE_TYPE_BAD_LENGTH: Must be between 0 and 1 in length.

        /values/boxes: STRING_TYPE_CONVERT: This input takes a list of values
        /values/files: COMPONENT_VALIDATION_FAILED: Not the place of a file among the attachments
        /values/menu: SELECT_COMPONENT_INVALID_VALUES: The chosen values are not among the choices, too few or too many
        /values/radio: SELECT_COMPONENT_INVALID_VALUES: "c" is not among the choices

        /values/boxes: SELECT_COMPONENT_INVALID_VALUES: "a" is chosen twice
        /values/boxes: BASE_TYPE_BAD_LENGTH: Must be between 1 and 1 in length.
        /values/files: COMPONENT_VALIDATION_FAILED: Not the place of a file among the attachments
        /values/radio: BASE_TYPE_REQUIRED: This field is required

    "#]].assert_eq(&found);
    // Nothing was sent, and no files are stored.
    assert_eq!(scene.state(id), "modal");
    assert_eq!(scene.world.files().count(), 0);
}

#[test]
fn a_file_that_no_input_has_is_refused() {
    let (mut scene, id) = opened_with(&every_kind());
    let mut filled = submission(id, &[]);
    filled.files = vec![file("one.txt")];
    let sent = scene
        .world
        .submit_modal(scene.now, scene.ids.member, filled);
    expect![[r#"
        /attachments: COMPONENT_VALIDATION_FAILED: No input of the modal has this file
    "#]]
    .assert_eq(&wrong_fields(&sent.unwrap_err()));
}

#[test]
fn a_modal_can_be_sent_off_after_any_time() {
    let (mut scene, id) = opened();
    let token = scene.token(id);
    let _ = scene.later(3 * DAY);
    assert_eq!(scene.state(id), "modal");
    // The interaction of the click has expired.
    assert_eq!(
        code(&scene.follow_up(&token, &json!({"content": "x"}))),
        50027
    );
    let sent = scene
        .world
        .submit_modal(scene.now, scene.ids.member, submission(id, &[]))
        .unwrap();
    // The submission is a new interaction, with its own token.
    assert!(
        scene.world.interaction(id).is_some(),
        "open until it is answered"
    );
    assert_eq!(
        code(&scene.respond(sent.value, &json!({"type": 4, "data": {"content": "x"}}))),
        0
    );
    assert!(
        scene.world.interaction(id).is_none(),
        "kept for its modal only"
    );
    let again = scene
        .world
        .submit_modal(scene.now, scene.ids.member, submission(id, &[]));
    assert_eq!(code(&again), 10062);
}

#[test]
fn a_modal_stays_open_if_nobody_answers_its_submission() {
    let (mut scene, id) = opened();
    let submit = |scene: &mut Scene| {
        let filled = submission(id, &[]);
        scene
            .world
            .submit_modal(scene.now, scene.ids.member, filled)
    };
    let first = submit(&mut scene).unwrap().value;
    // The first submission still waits for its response.
    assert_eq!(code(&submit(&mut scene)), 10062);
    let _ = scene.later(3001);
    assert_eq!(scene.state(first), "failed");
    let second = submit(&mut scene).unwrap().value;
    let _ = scene
        .respond(second, &json!({"type": 5, "data": {"flags": 64}}))
        .unwrap();
    assert_eq!(code(&submit(&mut scene)), 10062);
}

#[test]
fn a_modal_that_is_closed_late_is_forgotten() {
    let (mut scene, id) = opened();
    let _ = scene.later(DAY);
    let _ = scene
        .world
        .dismiss_modal(scene.now, scene.ids.member, id)
        .unwrap();
    assert!(scene.world.interaction(id).is_none());
}

#[test]
fn suggestions_cannot_be_answered_with_a_modal() {
    let mut scene = Scene::new();
    let definition = json!([{"name": "find", "description": "Finds", "options": [
        {"type": 3, "name": "what", "description": "What", "autocomplete": true},
    ]}]);
    let specs = read::commands(&definition).unwrap();
    let application = scene.ids.application;
    let _ = scene
        .world
        .put_commands(scene.now, application, None, specs)
        .unwrap();
    let mut run = invocation(&scene, "find", json!({}));
    run.focused = Some("what".into());
    let id = scene
        .world
        .invoke_command(scene.now, scene.ids.member, run)
        .unwrap()
        .value;
    let modal = json!({"type": 9, "data": {"custom_id": "m", "title": "T",
        "components": [{"type": 10, "content": "x"}]}});
    expect![[r#"
        /type: INTERACTION_CALLBACK_TYPE_INVALID: Autocomplete can only be answered with choices
    "#]]
    .assert_eq(&wrong_fields(&scene.respond(id, &modal).unwrap_err()));
}
