//! What a bot changes about its own application.

#[path = "client/mod.rs"]
mod gateway;

mod bot;

use bot::{Bot, PIXEL};
use discord_sandbox::{Error, Sandbox};
use gateway::{Came, Client};
use reqwest::Method;
use serde_json::{Value, json};

const ME: &str = "/applications/@me";

/// Where and why a change is refused.
async fn refusal(bot: &Bot, body: Value) -> String {
    let answer = bot.call(Method::PATCH, ME, Some(body), 400).await;
    assert_eq!(answer["code"], 50035);
    answer["errors"].to_string()
}

#[tokio::test]
async fn what_is_said_is_kept_and_the_rest_stays() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let bot = Bot::new(&sandbox);
    let fresh = bot.get(ME).await;
    // Nothing, null and an empty body change nothing that has no value yet.
    assert_eq!(bot.patch(ME, json!({})).await, fresh);
    let nothing = json!({
        "description": null, "icon": null, "cover_image": null, "tags": null, "flags": null,
        "custom_install_url": null, "interactions_endpoint_url": null, "team_id": null,
        "role_connections_verification_url": null, "integration_types_config": null,
        "event_webhooks_status": 1, "event_webhooks_types": [], "explicit_content_filter": 0,
    });
    assert_eq!(bot.patch(ME, nothing).await, fresh);

    let mut wanted = fresh;
    let by_id = format!("/applications/{}", sandbox.application_id());
    for (field, value) in [
        ("description", json!("Opens tickets")),
        (
            "tags",
            json!(["support", "tickets", "modmail", "helpdesk", "staff"]),
        ),
        ("custom_install_url", json!("https://example.org/install")),
        (
            "install_params",
            json!({"scopes": ["bot"], "permissions": "2048"}),
        ),
        (
            "integration_types_config",
            json!({"0": {"oauth2_install_params": {"scopes": ["bot"], "permissions": "8"}}, "1": {}}),
        ),
    ] {
        wanted[field] = value.clone();
        let answer = bot.patch(&by_id, json!({field: value})).await;
        assert_eq!(answer, wanted, "{field}");
    }
    // Libraries send permissions as numbers, too.
    let params = json!({"scopes": ["bot", "applications.commands"], "permissions": 1024});
    let answer = bot.patch(ME, json!({"install_params": params})).await;
    assert_eq!(answer["install_params"]["permissions"], "1024");
    let cleared = json!({"description": null, "tags": [], "custom_install_url": null,
        "install_params": null, "integration_types_config": null});
    let answer = bot.patch(ME, cleared).await;
    assert_eq!(
        (&answer["description"], &answer["tags"]),
        (&json!(""), &json!([]))
    );
    assert_eq!(answer["integration_types_config"], json!({"0": {}}));
    for gone in ["custom_install_url", "install_params"] {
        assert_eq!(answer.get(gone), None, "{gone}");
    }
    assert_eq!(bot.get("/oauth2/applications/@me").await, answer);
    sandbox.finish().await
}

#[tokio::test]
async fn pictures_are_served_where_libraries_look_for_them() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let bot = Bot::new(&sandbox);
    let picture = format!("data:image/png;base64,{}", base64(PIXEL));
    let answer = bot
        .patch(ME, json!({"icon": picture, "cover_image": picture}))
        .await;
    for field in ["icon", "cover_image"] {
        let hash = answer[field].as_str().unwrap();
        let application = sandbox.application_id();
        let address = format!("{}/app-icons/{application}/{hash}.png", sandbox.url());
        let served = reqwest::get(address).await.unwrap();
        assert_eq!(served.bytes().await.unwrap(), PIXEL, "{field}");
    }
    let answer = bot
        .patch(ME, json!({"icon": null, "cover_image": null}))
        .await;
    assert_eq!(answer["icon"], Value::Null);
    assert_eq!(answer.get("cover_image"), None);
    sandbox.finish().await
}

#[tokio::test]
async fn flags_switch_privileged_intents() -> Result<(), Error> {
    const MEMBERS: u64 = 1 << 15;
    const MESSAGE_CONTENT: u64 = 1 << 19;
    let sandbox = Sandbox::builder().bad_requests_are_meant().start().await?;
    let bot = Bot::new(&sandbox);
    let (mut running, _) = Client::ready(&sandbox, gateway::TICKET_BOT).await;
    let answer = bot.patch(ME, json!({"flags": MESSAGE_CONTENT})).await;
    assert_eq!(answer["flags"], MESSAGE_CONTENT);
    assert_eq!(answer["flags_new"], MESSAGE_CONTENT.to_string());
    // The session that runs keeps what it has.
    sandbox
        .owner()
        .send(sandbox.channel("general")?, "hi")
        .await?;
    running.event("MESSAGE_CREATE").await;
    let mut refused = Client::connect(&sandbox).await;
    refused.send(gateway::identify(&sandbox, &json!({}))).await;
    assert_eq!(refused.end().await, Came::Closed(4014));

    bot.patch(ME, json!({"flags": MESSAGE_CONTENT | MEMBERS}))
        .await;
    let (_, ready) = Client::ready(&sandbox, gateway::TICKET_BOT).await;
    assert_eq!(ready["application"]["flags"], MESSAGE_CONTENT | MEMBERS);
    // Which others there are is not the bot's to say.
    let errors = refusal(&bot, json!({"flags": MEMBERS | 1 << 23})).await;
    assert!(errors.contains("1 << 23 of `flags`"), "{errors}");
    sandbox.stop().await;
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_or_not_imitated_is_refused() -> Result<(), Error> {
    let sandbox = Sandbox::builder().bad_requests_are_meant().start().await?;
    let bot = Bot::new(&sandbox);
    let before = bot.get(ME).await;
    for (field, value, code) in [
        (
            "description",
            json!("x".repeat(401)),
            "BASE_TYPE_MAX_LENGTH",
        ),
        ("description", json!({}), "BASE_TYPE_REQUIRED"),
        (
            "tags",
            json!(["a", "b", "c", "d", "e", "f"]),
            "BASE_TYPE_MAX_LENGTH",
        ),
        ("tags", json!(["x".repeat(21)]), "BASE_TYPE_BAD_LENGTH"),
        ("tags", json!([""]), "BASE_TYPE_"),
        ("tags", json!([5]), "STRING_TYPE_CONVERT"),
        ("tags", json!(["a", "a"]), "SET_TYPE_ALREADY_CONTAINS_VALUE"),
        ("tags", json!("a"), "LIST_TYPE_CONVERT"),
        (
            "icon",
            json!("https://example.org/a.png"),
            "BASE_TYPE_INVALID_IMAGE",
        ),
        (
            "custom_install_url",
            json!("example"),
            "URL_TYPE_INVALID_URL",
        ),
        (
            "custom_install_url",
            json!("ftp://example.org"),
            "URL_TYPE_INVALID_SCHEME",
        ),
        (
            "install_params",
            json!({"scopes": ["email"]}),
            "BASE_TYPE_CHOICES",
        ),
        (
            "install_params",
            json!({"scopes": []}),
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            "install_params",
            json!({"permissions": "x"}),
            "NUMBER_TYPE_COERCE",
        ),
        ("install_params", json!([]), "DICT_TYPE_CONVERT"),
        (
            "integration_types_config",
            json!({"2": {}}),
            "BASE_TYPE_CHOICES",
        ),
        (
            "integration_types_config",
            json!({}),
            "BASE_TYPE_BAD_LENGTH",
        ),
        ("event_webhooks_status", json!(3), "BASE_TYPE_CHOICES"),
    ] {
        let errors = refusal(&bot, json!({field: value})).await;
        let there = errors.contains(code) && errors.contains(field);
        assert!(there, "{field} {value}: {errors}");
    }
    for (field, value) in [
        (
            "description",
            json!({"default": "x", "localizations": {"de": "y"}}),
        ),
        ("event_webhooks_status", json!(2)),
        ("event_webhooks_types", json!(["APPLICATION_AUTHORIZED"])),
        ("event_webhooks_url", json!("https://example.org")),
        ("explicit_content_filter", json!(1)),
        ("interactions_endpoint_url", json!("https://example.org")),
        ("max_participants", json!(5)),
        (
            "role_connections_verification_url",
            json!("https://example.org"),
        ),
        ("team_id", json!("1")),
        ("type", json!(4)),
    ] {
        let errors = refusal(&bot, json!({field: value})).await;
        assert!(errors.contains("SANDBOX_UNSUPPORTED"), "{field}: {errors}");
    }
    // A change with something wrong in it changes nothing.
    refusal(&bot, json!({"description": "new", "tags": 5})).await;
    assert_eq!(bot.get(ME).await, before);
    let body = Some(json!({"description": "new"}));
    let answer = bot.call(Method::PATCH, "/applications/1", body, 404).await;
    assert_eq!(answer["code"], 10002);
    sandbox.stop().await;
    Ok(())
}

fn base64(data: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(data)
}
