//! Error messages about malformed bodies.

use expect_test::expect;

use super::*;

pub(super) fn refusals<T>(
    read: impl Fn(&Value) -> Result<T, ApiError>,
    bodies: &[Value],
) -> String {
    let mut found = String::new();
    for body in bodies {
        match read(body) {
            Ok(_) => writeln!(found, "fine: {body}").unwrap(),
            Err(error) => found.push_str(&wrong_fields(&error)),
        }
    }
    found
}

pub(super) fn message(body: &Value) -> Result<draft::MessageDraft, ApiError> {
    read::message(body, Vec::new())
}

#[test]
fn messages() {
    let long = "x".repeat(2001);
    let found = refusals(
        message,
        &[
            json!({"content": long}),
            json!({"content": ["x"]}),
            json!({"nonce": "x".repeat(26)}),
            json!({"tts": "yes"}),
            json!({"message_reference": {}}),
            json!({"attachments": [{"id": "5"}]}),
            json!({"allowed_mentions": {"parse": ["users"], "users": ["1"]}}),
            json!({"allowed_mentions": {"parse": ["all"], "roles": ["x"]}}),
            json!([]),
            json!({"content": 5, "unknown": true, "nonce": 7, "embeds": null}),
        ],
    );
    expect![[r#"
        /content: BASE_TYPE_MAX_LENGTH: Must be 2000 or fewer in length.
        /content: STRING_TYPE_CONVERT: Could not interpret "["x"]" as string.
        /nonce: BASE_TYPE_MAX_LENGTH: Must be 25 or fewer in length.
        /tts: BOOLEAN_TYPE_CONVERT: Must be either true or false.
        /message_reference/message_id: BASE_TYPE_REQUIRED: This field is required
        /attachments: ATTACHMENT_NOT_FOUND: Attachment "5" was not uploaded with this request
        /allowed_mentions: MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE: parse:["users"] and users: [ids...] are mutually exclusive.
        /allowed_mentions/parse/0: BASE_TYPE_CHOICES: Value must be one of ('users', 'everyone', 'roles').
        /allowed_mentions/roles/0: NUMBER_TYPE_COERCE: Value "x" is not snowflake.
        : DICT_TYPE_CONVERT: Only dictionaries may be used in a DictType
        fine: {"content":5,"embeds":null,"nonce":7,"unknown":true}
    "#]].assert_eq(&found);
}

#[test]
fn embeds() {
    let embed = |embed: Value| json!({"embeds": [embed]});
    let half = "x".repeat(3500);
    let found = refusals(
        message,
        &[
            embed(json!({})),
            embed(json!({"title": "x".repeat(257)})),
            embed(json!({"url": "ftp://x", "title": "t"})),
            embed(json!({"image": {"url": "cat.png"}})),
            embed(json!({"fields": [{"name": "", "value": "v"}]})),
            embed(json!({"title": "t", "footer": {}})),
            embed(json!({"title": "t", "color": 16_777_216})),
            embed(json!({"title": "t", "timestamp": "today"})),
            json!({"embeds": [{"description": half}, {"description": half}]}),
            json!({"embeds": vec![json!({"title": "t"}); 11]}),
            embed(json!({"image": {"url": "attachment://cat.png"}})),
            // An embed that a client has copied from a message.
            embed(
                json!({"title": "t", "type": "image", "image": {"url": "https://x/y", "width": 5}}),
            ),
        ],
    );
    expect![[r#"
        /embeds/0/description: BASE_TYPE_REQUIRED: This field is required
        /embeds/0/title: BASE_TYPE_MAX_LENGTH: Must be 256 or fewer in length.
        /embeds/0/url: URL_TYPE_INVALID_SCHEME: Scheme "ftp" is not supported. Scheme must be one of ('http', 'https').
        /embeds/0/image/url: URL_TYPE_INVALID_URL: Not a well formed URL.
        /embeds/0/fields/0/name: BASE_TYPE_REQUIRED: This field is required
        /embeds/0/footer/text: BASE_TYPE_REQUIRED: This field is required
        /embeds/0/color: NUMBER_TYPE_MAX: int value should be less than or equal to 16777215.
        /embeds/0/timestamp: DATE_TIME_TYPE_PARSE: Could not parse today. Should be ISO8601.
        /embeds: MAX_EMBED_SIZE_EXCEEDED: Embed size exceeds maximum size of 6000
        /embeds: BASE_TYPE_MAX_LENGTH: Must be 10 or fewer in length.
        fine: {"embeds":[{"image":{"url":"attachment://cat.png"}}]}
        fine: {"embeds":[{"image":{"url":"https://x/y","width":5},"title":"t","type":"image"}]}
    "#]].assert_eq(&found);
}

#[test]
fn components() {
    let row = |components: Value| json!({"components": [{"type": 1, "components": components}]});
    let button = |id: &str| json!({"type": 2, "style": 1, "label": "l", "custom_id": id});
    let found = refusals(
        message,
        &[
            row(json!([])),
            row(json!(vec![button("a"); 2])),
            row(json!([button("a"), {"type": 5, "custom_id": "b"}])),
            row(json!([{"type": 2, "style": 1, "custom_id": "a"}])),
            row(json!([{"type": 2, "style": 5, "label": "l", "custom_id": "a"}])),
            row(json!([{"type": 2, "style": 9, "label": "l", "custom_id": "a"}])),
            row(json!([{"type": 4, "style": 1, "label": "l", "custom_id": "a"}])),
            row(json!([{"type": 3, "custom_id": "a", "options": []}])),
            row(
                json!([{"type": 3, "custom_id": "a", "min_values": 2, "options": [
                    {"label": "A", "value": "a"}, {"label": "B", "value": "a"},
                ]}]),
            ),
            row(json!([{"type": 5, "custom_id": "a", "default_values": [
                {"id": 5, "type": "role"}, {"type": "user"},
            ]}])),
            json!({"components": [button("a")]}),
            row(
                json!([{"type": 7, "custom_id": "a", "max_values": 25, "default_values": [
                    {"id": 5, "type": "role"}, {"id": "6", "type": "user"},
                ]}]),
            ),
        ],
    );
    expect![[r#"
        /components/0/components: BASE_TYPE_BAD_LENGTH: Must be between 1 and 5 in length.
        /components: COMPONENT_CUSTOM_ID_DUPLICATED: Component custom id cannot be duplicated
        /components/0/components: COMPONENT_LAYOUT_WIDTH_EXCEEDED: The specified component exceeds the maximum width
        /components/0/components/0: BUTTON_COMPONENT_INVALID_LABEL: A label or emoji is required
        /components/0/components/0/custom_id: BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE: A custom id and url cannot both be specified
        /components/0/components/0/url: BASE_TYPE_REQUIRED: This field is required
        /components/0/components/0/style: BASE_TYPE_CHOICES: Value must be one of {1, 2, 3, 4, 5, 6}.
        /components/0/components/0/type: UNION_TYPE_CHOICES: Value of field "type" must be one of (2, 3, 5, 6, 7, 8,).
        /components/0/components/0/options: BASE_TYPE_BAD_LENGTH: Must be between 1 and 25 in length.
        /components/0/components/0/min_values: SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX_VALUES: min_values must be less than or equal to max_values
        /components/0/components/0/options/1/value: SELECT_COMPONENT_OPTION_VALUE_DUPLICATED: The specified option value is already used
        /components/0/components/0/default_values/0/type: BASE_TYPE_CHOICES: Value must be one of ('user').
        /components/0/components/0/default_values/1/id: BASE_TYPE_REQUIRED: This field is required
        /components/0/type: UNION_TYPE_CHOICES: Value of field "type" must be one of (1,).
        fine: {"components":[{"components":[{"custom_id":"a","default_values":[{"id":5,"type":"role"},{"id":"6","type":"user"}],"max_values":25,"type":7}],"type":1}]}
    "#]].assert_eq(&found);
}

#[test]
fn messages_made_of_components() {
    let made_of = |components: Value| json!({"flags": 1 << 15, "components": components});
    let text = json!({"type": 10, "content": "t"});
    let button = json!({"type": 2, "style": 1, "label": "l", "custom_id": "a"});
    let found = refusals(
        message,
        &[
            made_of(json!([button])),
            made_of(json!([{"type": 10, "content": ""}])),
            made_of(json!([{"type": 10, "content": "x".repeat(4001)}])),
            made_of(json!([{"type": 9, "components": []}])),
            made_of(json!([{"type": 9, "components": vec![text.clone(); 4], "accessory": button}])),
            made_of(json!([{"type": 9, "components": [button], "accessory": text}])),
            made_of(json!([{"type": 9, "components": [text], "accessory":
                {"type": 11, "media": {"url": "cat.png"}, "description": ""}}])),
            made_of(json!([{"type": 12, "items": []}, {"type": 12}])),
            made_of(json!([{"type": 12, "items": [{"media": {}}]}])),
            made_of(json!([{"type": 13, "file": {"url": "https://example.com/a.zip"}}])),
            made_of(json!([{"type": 14, "spacing": 3, "divider": 1}])),
            made_of(json!([{"type": 17, "accent_color": 16_777_216, "components": []}])),
            made_of(json!([{"type": 17, "components": [{"type": 17, "components": [text]}]}])),
            made_of(
                json!([{"type": 17, "components": [{"type": 1, "components": [button]}]},
                {"type": 9, "components": [text], "accessory": button}]),
            ),
            json!({"components": [text]}),
        ],
    );
    expect![[r#"
        /components/0/type: UNION_TYPE_CHOICES: Value of field "type" must be one of (1, 9, 10, 12, 13, 14, 17,).
        /components/0/content: BASE_TYPE_REQUIRED: This field is required
        /components/0/content: BASE_TYPE_BAD_LENGTH: Must be between 1 and 4000 in length.
        /components/0/accessory: BASE_TYPE_REQUIRED: This field is required
        /components/0/components: BASE_TYPE_BAD_LENGTH: Must be between 1 and 3 in length.
        /components/0/components: BASE_TYPE_BAD_LENGTH: Must be between 1 and 3 in length.
        /components/0/accessory/type: UNION_TYPE_CHOICES: Value of field "type" must be one of (2, 11,).
        /components/0/components/0/type: UNION_TYPE_CHOICES: Value of field "type" must be one of (10,).
        /components/0/accessory/media/url: URL_TYPE_INVALID_URL: Not a well formed URL.
        /components/0/items: BASE_TYPE_BAD_LENGTH: Must be between 1 and 10 in length.
        /components/1/items: BASE_TYPE_REQUIRED: This field is required
        /components/0/items/0/media/url: BASE_TYPE_REQUIRED: This field is required
        /components/0/file/url: URL_TYPE_INVALID_SCHEME: Scheme "https" is not supported. Scheme must be one of ('attachment').
        /components/0/divider: BOOLEAN_TYPE_CONVERT: Must be either true or false.
        /components/0/spacing: BASE_TYPE_CHOICES: Value must be one of {1, 2}.
        /components/0/components: BASE_TYPE_BAD_LENGTH: Must be between 1 and 40 in length.
        /components/0/components/0/type: UNION_TYPE_CHOICES: Value of field "type" must be one of (1, 9, 10, 12, 13, 14,).
        /components: COMPONENT_CUSTOM_ID_DUPLICATED: Component custom id cannot be duplicated
        /components/0/type: UNION_TYPE_CHOICES: Value of field "type" must be one of (1,).
    "#]].assert_eq(&found);
}

#[test]
fn commands() {
    let with = |options: Value| json!({"name": "n", "description": "d", "options": options});
    let option = |name: &str| json!({"type": 3, "name": name, "description": "d"});
    let mut required = option("b");
    required["required"] = true.into();
    let found = refusals(
        read::command,
        &[
            json!({"name": "n"}),
            json!({"name": "Inbox", "description": "d"}),
            json!({"name": "in box", "description": "d"}),
            json!({"type": 3, "name": "Select this", "description": "d"}),
            json!({"name": "n", "description": "d", "name_localizations": {"xx": "n", "de": "Ä"}}),
            with(json!([option("a"), option("a")])),
            with(json!([option("a"), required])),
            with(json!([option("a"), {"type": 1, "name": "s", "description": "d"}])),
            with(
                json!([{"type": 1, "name": "s", "description": "d", "options": [
                    {"type": 1, "name": "t", "description": "d"},
                ]}]),
            ),
            with(
                json!([{"type": 4, "name": "s", "description": "d", "choices": [
                    {"name": "One", "value": "one"},
                ]}]),
            ),
            with(json!(vec![option("a"); 26])),
            json!({"name": "n", "description": "d", "contexts": [3]}),
            json!({"name": "n", "description": "x".repeat(101)}),
            json!({"name": "größe", "description": "d", "default_member_permissions": "32"}),
            json!({"type": 3, "name": "Select this message"}),
        ],
    );
    expect![[r#"
        /description: BASE_TYPE_REQUIRED: This field is required
        /name: APPLICATION_COMMAND_INVALID_NAME: Command name is invalid
        /name: APPLICATION_COMMAND_INVALID_NAME: Command name is invalid
        /description: APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION: Context menu commands cannot have description
        /name_localizations: ENUM_TYPE_COERCE: Value must be one of (id, da, de, en-GB, en-US, es-ES, es-419, fr, hr, it, lt, hu, nl, no, pl, pt-BR, ro, fi, sv-SE, vi, tr, cs, el, bg, ru, uk, hi, th, zh-CN, ja, zh-TW, ko, ar, he).
        /name_localizations/de: APPLICATION_COMMAND_INVALID_LOCALIZATION: Localization is invalid
        /options/1: APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS: Option name already exists
        /options/1: APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID: Required options must be placed before non-required options
        /options: APPLICATION_COMMAND_OPTIONS_TYPE_INVALID: Sub-commands and sub-command groups cannot stand beside other options
        /options/0/options/0/type: APPLICATION_COMMAND_OPTIONS_TYPE_INVALID: Sub-command option type is not allowed here
        /options/0/choices/0/value: APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_INVALID: Choice value does not fit the option's type
        /options: BASE_TYPE_MAX_LENGTH: Must be 25 or fewer in length.
        /contexts/0: BASE_TYPE_CHOICES: Value must be a number from 0 to 2, once.
        /description: BASE_TYPE_BAD_LENGTH: Must be between 1 and 100 in length.
        fine: {"default_member_permissions":"32","description":"d","name":"größe"}
        fine: {"name":"Select this message","type":3}
    "#]].assert_eq(&found);
    let twice = json!([{"type": 3, "name": "a"}, {"type": 3, "name": "a"}, {"name": "A"}]);
    expect![[r#"
        /2/description: BASE_TYPE_REQUIRED: This field is required
        /2/name: APPLICATION_COMMAND_INVALID_NAME: Command name is invalid
        : LIST_TYPE_CONVERT: Only iterables may be used in a ListType
        /1: APPLICATION_COMMANDS_DUPLICATE_NAME: Application command names must be unique
    "#]]
    .assert_eq(&refusals(
        read::commands,
        &[
            twice,
            json!({}),
            json!([{"type": 3, "name": "a"}, {"type": 3, "name": "a"}]),
        ],
    ));
    let big: Vec<Value> = (0..25)
        .map(|n| {
            json!({"type": 3, "name": format!("o{n}"), "description": "x".repeat(100), "choices": [
                {"name": "y".repeat(100), "value": "z".repeat(100)},
                {"name": "w".repeat(100), "value": "v".repeat(20)},
            ]})
        })
        .collect();
    expect![[r#"
        : APPLICATION_COMMAND_TOO_LARGE: Command exceeds maximum size of 8000
    "#]]
    .assert_eq(&refusals(read::command, &[with(json!(big))]));
}

#[test]
fn modals() {
    let modal = |components: Value| json!({"type": 9, "data": {"custom_id": "m", "title": "t", "components": components}});
    let text = json!({"type": 4, "custom_id": "a", "style": 1});
    let found = refusals(
        |body| read::response(body, Vec::new()),
        &[
            json!({}),
            json!({"type": 99}),
            json!({"type": 8}),
            json!({"type": 9}),
            json!({"type": 9, "data": {"custom_id": "m", "title": "x".repeat(46)}}),
            modal(json!([{"type": 18, "label": "x".repeat(46), "component": text}])),
            modal(json!([{"type": 18, "label": "l"}])),
            modal(json!([{"type": 1, "components": [text]}])),
            modal(json!([{"type": 2}])),
            modal(json!([{"type": 18, "label": "l", "component":
                {"type": 4, "custom_id": "a", "style": 3, "min_length": 5, "max_length": 2, "value": "xyz"}}])),
            modal(
                json!([{"type": 18, "label": "l", "component": text}, {"type": 18, "label": "l", "component": text}]),
            ),
            modal(json!([{"type": 18, "label": "l", "component": text}])),
        ],
    );
    expect![[r#"
        /type: BASE_TYPE_REQUIRED: This field is required
        /type: BASE_TYPE_CHOICES: Value must be one of {1, 4, 5, 6, 7, 8, 9, 12, 13}.
        /data/choices: BASE_TYPE_REQUIRED: This field is required
        /data/components: BASE_TYPE_REQUIRED: This field is required
        /data/custom_id: BASE_TYPE_REQUIRED: This field is required
        /data/title: BASE_TYPE_REQUIRED: This field is required
        /data/components: BASE_TYPE_REQUIRED: This field is required
        /data/title: BASE_TYPE_BAD_LENGTH: Must be between 1 and 45 in length.
        /data/components/0/label: BASE_TYPE_BAD_LENGTH: Must be between 1 and 45 in length.
        /data/components/0/component: BASE_TYPE_REQUIRED: This field is required
        /data/components/0/components/0/label: BASE_TYPE_REQUIRED: This field is required
        /data/components/0/type: UNION_TYPE_CHOICES: Value of field "type" must be one of (1, 10, 18,).
        /data/components/0/component/min_length: TEXT_INPUT_COMPONENT_INVALID_LENGTH: min_length must be less than or equal to max_length
        /data/components/0/component/style: BASE_TYPE_CHOICES: Value must be one of {1, 2}.
        /data/components/0/component/value: BASE_TYPE_MAX_LENGTH: Must be 2 or fewer in length.
        /data/components: COMPONENT_CUSTOM_ID_DUPLICATED: Component custom id cannot be duplicated
        fine: {"data":{"components":[{"component":{"custom_id":"a","style":1,"type":4},"label":"l","type":18}],"custom_id":"m","title":"t"},"type":9}
    "#]].assert_eq(&found);
}

#[test]
fn inputs_of_modals() {
    let labelled = |component: Value| {
        json!({"type": 9, "data": {"custom_id": "m", "title": "t", "components": [
            {"type": 18, "label": "l", "component": component},
        ]}})
    };
    let options = |n: usize| -> Vec<Value> {
        let option = |n| json!({"label": format!("Option {n}"), "value": format!("{n}")});
        (0..n).map(option).collect()
    };
    let mut twice = options(2);
    for option in &mut twice {
        option["default"] = true.into();
    }
    let found = refusals(
        |body| read::response(body, Vec::new()),
        &[
            labelled(json!({"type": 3, "custom_id": "a", "min_values": 0, "options": options(1)})),
            labelled(json!({"type": 6, "custom_id": "a", "disabled": true})),
            labelled(json!({"type": 19, "custom_id": "a", "max_values": 11})),
            labelled(json!({"type": 19, "custom_id": "a", "min_values": 3, "max_values": 2})),
            labelled(json!({"type": 19, "custom_id": "a", "min_values": 0})),
            labelled(json!({"type": 21, "custom_id": "a", "options": options(1)})),
            labelled(json!({"type": 21, "custom_id": "a", "options": options(11)})),
            labelled(json!({"type": 21, "custom_id": "a", "options": twice})),
            labelled(json!({"type": 22, "custom_id": "a"})),
            labelled(json!({"type": 22, "custom_id": "a", "options": [
                {"label": "x".repeat(101), "value": "a"}, {"label": "l", "value": "a"},
            ]})),
            labelled(json!({"type": 22, "custom_id": "a", "min_values": 0, "options": options(2)})),
            labelled(json!({"type": 23, "custom_id": "x".repeat(101), "default": "yes"})),
            labelled(json!({"type": 2, "custom_id": "a", "style": 1, "label": "l"})),
            json!({"type": 9, "data": {"custom_id": "m", "title": "t", "components": [
                {"type": 18, "label": "l", "description": "x".repeat(101), "component":
                    {"type": 23, "custom_id": "a"}},
            ]}}),
            json!({"type": 9, "data": {"custom_id": "m", "title": "t", "components": [
                {"type": 10, "id": 7, "content": "a"}, {"type": 10, "id": 7, "content": "b"},
            ]}}),
            json!({"type": 9, "data": {"custom_id": "m", "title": "t", "components":
                vec![json!({"type": 10, "content": "a"}); 6]}}),
        ],
    );
    expect![[r#"
        /data/components/0/component/min_values: COMPONENT_REQUIRED_MIN_VALUES: min_values must be at least 1 if the component is required
        /data/components/0/component/disabled: COMPONENT_DISABLED_IN_MODAL: A modal cannot have disabled components
        /data/components/0/component/max_values: NUMBER_TYPE_MAX: int value should be less than or equal to 10.
        /data/components/0/component/min_values: SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX_VALUES: min_values must be less than or equal to max_values
        /data/components/0/component/min_values: COMPONENT_REQUIRED_MIN_VALUES: min_values must be at least 1 if the component is required
        /data/components/0/component/options: BASE_TYPE_BAD_LENGTH: Must be between 2 and 10 in length.
        /data/components/0/component/options: BASE_TYPE_BAD_LENGTH: Must be between 2 and 10 in length.
        /data/components/0/component/options: RADIO_GROUP_COMPONENT_MULTIPLE_DEFAULTS: Only one option can be the default
        /data/components/0/component/options: BASE_TYPE_REQUIRED: This field is required
        /data/components/0/component/options/0/label: BASE_TYPE_BAD_LENGTH: Must be between 1 and 100 in length.
        /data/components/0/component/options/1/value: SELECT_COMPONENT_OPTION_VALUE_DUPLICATED: The specified option value is already used
        /data/components/0/component/min_values: COMPONENT_REQUIRED_MIN_VALUES: min_values must be at least 1 if the component is required
        /data/components/0/component/custom_id: BASE_TYPE_BAD_LENGTH: Must be between 1 and 100 in length.
        /data/components/0/component/default: BOOLEAN_TYPE_CONVERT: Must be either true or false.
        /data/components/0/component/type: UNION_TYPE_CHOICES: Value of field "type" must be one of (4, 3, 5, 6, 7, 8, 19, 21, 22, 23,).
        /data/components/0/description: BASE_TYPE_BAD_LENGTH: Must be between 1 and 100 in length.
        /data/components: COMPONENT_ID_DUPLICATED: Component id cannot be duplicated
        /data/components: BASE_TYPE_BAD_LENGTH: Must be between 1 and 5 in length.
    "#]].assert_eq(&found);
    let fine = [
        json!({"type": 19, "custom_id": "a", "min_values": 0, "max_values": 10, "required": false}),
        json!({"type": 21, "custom_id": "a", "options": options(10)}),
        json!({"type": 22, "custom_id": "a", "options": options(10)}),
        json!({"type": 23, "custom_id": "a"}),
        json!({"type": 8, "custom_id": "a", "channel_types": [0], "disabled": false}),
    ];
    for component in fine {
        let read = read::response(&labelled(component.clone()), Vec::new());
        assert!(read.is_ok(), "{component}: {read:?}");
    }
}

#[test]
fn emoji() {
    let button = |emoji: Value| {
        let button = json!({"type": 2, "style": 1, "custom_id": "a", "emoji": emoji});
        json!({"components": [{"type": 1, "components": [button]}]})
    };
    let found = refusals(
        message,
        &[
            button(json!({"name": "ticket"})),
            button(json!({})),
            button(json!({"id": null, "name": ""})),
            button(json!({"id": "x", "name": "a"})),
        ],
    );
    expect![[r#"
        /components/0/components/0/emoji/name: COMPONENT_INVALID_EMOJI: Invalid emoji
        /components/0/components/0/emoji/name: COMPONENT_INVALID_EMOJI: Invalid emoji
        /components/0/components/0/emoji/name: COMPONENT_INVALID_EMOJI: Invalid emoji
        /components/0/components/0/emoji/id: NUMBER_TYPE_COERCE: Value "x" is not snowflake.
        /components/0/components/0/emoji/name: COMPONENT_INVALID_EMOJI: Invalid emoji
    "#]]
    .assert_eq(&found);
    for (emoji, read_as) in [
        (json!({"name": "🎫"}), json!({"name": "🎫"})),
        (json!({"name": "👩🏽‍🚒", "id": null}), json!({"name": "👩🏽‍🚒"})),
        (json!({"name": "1️⃣"}), json!({"name": "1️⃣"})),
        (json!({"name": "❤️"}), json!({"name": "❤️"})),
        (
            json!({"id": 5, "name": "blob"}),
            json!({"id": "5", "name": "blob", "animated": false}),
        ),
    ] {
        let draft = message(&button(emoji.clone())).unwrap();
        let shown = wire::components(&draft.components);
        assert_eq!(shown[0]["components"][0]["emoji"], read_as);
        // The same in a menu: null fields are left out.
        let option = json!({"label": "a", "value": "a", "emoji": emoji});
        let menu = json!({"type": 3, "custom_id": "a", "options": [option]});
        let menu = json!({"components": [{"type": 1, "components": [menu]}]});
        let shown = wire::components(&message(&menu).unwrap().components);
        assert_eq!(shown[0]["components"][0]["options"][0]["emoji"], read_as);
    }
}

#[test]
fn channels_threads_and_members() {
    let found = refusals(
        read::thread,
        &[
            json!({}),
            json!({"name": "   "}),
            json!({"name": "x".repeat(101)}),
            json!({"name": "t", "auto_archive_duration": 61, "type": 5}),
            json!({"name": "t", "rate_limit_per_user": "5"}),
        ],
    );
    expect![[r#"
        /name: BASE_TYPE_REQUIRED: This field is required
        /name: BASE_TYPE_REQUIRED: This field is required
        /name: BASE_TYPE_BAD_LENGTH: Must be between 1 and 100 in length.
        /auto_archive_duration: BASE_TYPE_CHOICES: Value must be one of {60, 1440, 4320, 10080}.
        /type: BASE_TYPE_CHOICES: Value must be one of {10, 11, 12}.
        fine: {"name":"t","rate_limit_per_user":"5"}
    "#]]
    .assert_eq(&found);
    let found = refusals(
        read::channel_edit,
        &[
            json!({"name": null, "rate_limit_per_user": 99_999}),
            json!({"topic": null, "parent_id": "x"}),
            json!({"permission_overwrites": [{"id": "1"}, {"id": "1", "type": "role", "allow": "x"}]}),
            json!({"archived": "true"}),
            json!({}),
        ],
    );
    expect![[r#"
        /name: BASE_TYPE_REQUIRED: This field is required
        /rate_limit_per_user: NUMBER_TYPE_MAX: int value should be less than or equal to 21600.
        /parent_id: NUMBER_TYPE_COERCE: Value "x" is not snowflake.
        /permission_overwrites/0/type: BASE_TYPE_REQUIRED: This field is required
        /permission_overwrites/1/allow: NUMBER_TYPE_COERCE: Value "x" is not int.
        /archived: BOOLEAN_TYPE_CONVERT: Must be either true or false.
        fine: {}
    "#]]
    .assert_eq(&found);
    let found = refusals(
        read::member_edit,
        &[
            json!({"nick": "x".repeat(33), "communication_disabled_until": "soon", "roles": ["a"]}),
            json!({"nick": null, "communication_disabled_until": null}),
        ],
    );
    expect![[r#"
        /communication_disabled_until: DATE_TIME_TYPE_PARSE: Could not parse soon. Should be ISO8601.
        /nick: BASE_TYPE_MAX_LENGTH: Must be 32 or fewer in length.
        /roles/0: NUMBER_TYPE_COERCE: Value "a" is not snowflake.
        fine: {"communication_disabled_until":null,"nick":null}
    "#]].assert_eq(&found);
}
