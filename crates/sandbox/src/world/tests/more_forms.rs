//! Error messages about malformed bodies: limits of buttons and menus, lists without duplicates, names of
//! webhooks, pictures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use expect_test::expect;

use super::forms::{message, refusals};
use super::*;

#[test]
fn buttons_and_menus() {
    let row = |component: Value| json!({"components": [{"type": 1, "components": [component]}]});
    let link = |length: usize| {
        let url = format!("https://a.b/{}", "x".repeat(length - 12));
        row(json!({"type": 2, "style": 5, "label": "l", "url": url}))
    };
    let menu = |most: u32| {
        row(
            json!({"type": 3, "custom_id": "a", "max_values": most, "options": [
                {"label": "A", "value": "a"}, {"label": "B", "value": "b"},
            ]}),
        )
    };
    let found = refusals(
        |body| message(body).map(drop),
        &[
            link(513),
            row(json!({"type": 2, "style": 6, "sku_id": "1", "label": "l"})),
            menu(3),
        ],
    );
    expect![[r#"
        /components/0/components/0/url: BASE_TYPE_MAX_LENGTH: Must be 512 or fewer in length.
        /components/0/components/0/style: SANDBOX_UNSUPPORTED: The sandbox does not imitate the value 6 of `style` here
        /components/0/components/0/options: BASE_TYPE_BAD_LENGTH: Must be between 3 and 25 in length.
    "#]]
    .assert_eq(&found);
    assert!(message(&link(512)).is_ok() && message(&menu(2)).is_ok());
}

#[test]
fn lists_without_duplicates() {
    let ids = |ids: Value| json!({"messages": ids});
    let lists = [ids(json!(["1", 1])), ids(json!(["abc", "1", "2"]))];
    let found = refusals(read::bulk_delete, &lists);
    expect![[r#"
        /messages/1: SET_TYPE_ALREADY_CONTAINS_VALUE: The set already contains this value
        /messages/0: NUMBER_TYPE_COERCE: Value "abc" is not snowflake.
    "#]]
    .assert_eq(&found);
    let found = refusals(read::bulk_ban, &[json!({"user_ids": ["5", "6", "5"]})]);
    expect![[r#"
        /user_ids/2: SET_TYPE_ALREADY_CONTAINS_VALUE: The set already contains this value
    "#]]
    .assert_eq(&found);
}

#[test]
fn names_of_webhooks() {
    let found = refusals(
        read::webhook,
        &[
            json!({"name": "My Discord"}),
            json!({"name": "clyde2"}),
            json!({"name": "here"}),
            json!({"name": "Where"}),
        ],
    );
    expect![[r#"
        /name: USERNAME_INVALID_CONTAINS: Username cannot contain "discord"
        /name: USERNAME_INVALID_CONTAINS: Username cannot contain "clyde"
        /name: USERNAME_INVALID: Username cannot be "here"
        fine: {"name":"Where"}
    "#]]
    .assert_eq(&found);
    let edit = |body: &Value| read::webhook_edit(body, false);
    assert!(edit(&json!({"name": "everyone"})).is_err());
    let sent = |body: &Value| read::webhook_message(body, Vec::new());
    assert!(sent(&json!({"content": "x", "username": "DISCORD"})).is_err());
}

#[test]
fn pictures() {
    let picture = |kind: &str, data: &[u8]| {
        let image = format!("data:{kind};base64,{}", BASE64.encode(data));
        json!({"name": "dot", "image": image})
    };
    let png = |size: usize| {
        let mut data = b"\x89PNG\r\n\x1a\n".to_vec();
        data.resize(size, 0);
        data
    };
    let found = refusals(
        read::emoji,
        &[
            picture("image/png", b"<svg/>"),
            picture("image/svg+xml", b"<svg/>"),
            picture("image/png", &png(256 * 1024 + 1)),
        ],
    );
    expect![[r#"
        /image: BASE_TYPE_INVALID_IMAGE: Invalid image data
        /image: BASE_TYPE_INVALID_IMAGE: Invalid image data
        /image: BINARY_TYPE_MAX_SIZE: File cannot be larger than 256.0 kb.
    "#]]
    .assert_eq(&found);
    // discord.js says `image/jpg` of every picture.
    let read = read::emoji(&picture("image/jpg", &png(256 * 1024))).unwrap();
    assert_eq!(read.image.content_type.as_deref(), Some("image/png"));
}
