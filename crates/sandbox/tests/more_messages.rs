//! Direct messages, reactions, pins, and the order of channels and roles.

mod bot;
mod client;
mod control;

use bot::{Bot, id};
use client::{Client, TICKET_BOT};
use control::Control;
use discord_sandbox::{Error, Sandbox, Seed};
use percent_encoding::NON_ALPHANUMERIC;
use reqwest::Method;
use serde_json::{Value, json};

/// Reactions and direct messages besides a ticket bot's.
const INTENTS: u64 = TICKET_BOT | 1 << 10 | 0b111 << 12;

const WORLD: &str = r#"
people = [{ username = "olivia" }, { username = "mia", part = "member" }]

[[guilds]]
name = "Ordered"
roles = [
    { name = "Low" },
    { name = "Middle" },
    { name = "High" },
    { bot = true, permissions = ["ADMINISTRATOR"] },
]
channels = [{ name = "general" }, { name = "second" }]
"#;

async fn start() -> Result<(Sandbox, Bot, Client), Error> {
    let seed = Seed::from_toml(WORLD).unwrap();
    let builder = Sandbox::builder().seed(seed).bad_requests_are_meant();
    let sandbox = builder.start().await?;
    let bot = Bot::new(&sandbox);
    let (client, _) = Client::ready(&sandbox, INTENTS).await;
    Ok((sandbox, bot, client))
}

#[tokio::test]
async fn a_bot_and_a_person_write_to_each_other() -> Result<(), Error> {
    let (sandbox, bot, mut client) = start().await?;
    let control = Control::new(&sandbox);
    let mia = sandbox.member().id();
    let opened = json!({"recipient_id": mia.to_string()});
    let direct = bot.post("/users/@me/channels", opened.clone()).await;
    assert_eq!(
        (&direct["type"], &direct["recipients"][0]["username"]),
        (&json!(1), &json!("mia"))
    );
    assert_eq!(
        bot.post("/users/@me/channels", opened).await["id"],
        direct["id"]
    );
    let messages = format!("/channels/{}/messages", id(&direct));
    let button = json!({"type": 2, "style": 1, "label": "a", "custom_id": "a"});
    let hello = json!({"content": "Hello", "components": [{"type": 1, "components": [button]}]});
    let hello = bot.post(&messages, hello).await;
    let told = client.event("MESSAGE_CREATE").await;
    assert_eq!(
        (&told["id"], told.get("guild_id"), told.get("member")),
        (&hello["id"], None, None)
    );

    let hers = control
        .ok("PUT", "/people/mia/direct-messages", &Value::Null)
        .await;
    assert_eq!(
        (&hers["id"], &hers["recipients"][0]["bot"]),
        (&direct["id"], &json!(true))
    );
    let view = control.ok("GET", "/people/mia/view", &Value::Null).await;
    assert_eq!(view["direct_messages"][0]["id"], direct["id"]);
    control
        .ok(
            "POST",
            &format!("/people/mia{messages}"),
            &json!({"content": "Hi"}),
        )
        .await;
    let told = client.event("MESSAGE_CREATE").await;
    assert_eq!(
        (&told["content"], &told["author"]["username"]),
        (&json!("Hi"), &json!("mia"))
    );
    // Other people do not receive it.
    let (status, _) = control
        .call("GET", &format!("/people/olivia{messages}"), &Value::Null)
        .await;
    assert_eq!(status, 403);

    let click = json!({"channel_id": direct["id"], "message_id": hello["id"], "custom_id": "a"});
    control.ok("POST", "/people/mia/components", &click).await;
    let told = client.event("INTERACTION_CREATE").await;
    assert_eq!(
        (&told["user"]["username"], &told["context"]),
        (&json!("mia"), &json!(1))
    );
    assert_eq!((told.get("member"), told.get("guild_id")), (None, None));
    let answer = json!({"type": 7, "data": {"content": "Clicked"}});
    let callback = format!(
        "/interactions/{}/{}/callback",
        id(&told),
        told["token"].as_str().unwrap()
    );
    bot.call(Method::POST, &callback, Some(answer), 204).await;
    assert_eq!(
        bot.get(&format!("{messages}/{}", id(&hello))).await["content"],
        "Clicked"
    );

    control
        .ok("PATCH", "/people/mia", &json!({"direct_messages": false}))
        .await;
    let again = json!({"content": "Are you there?"});
    let refused = bot.call(Method::POST, &messages, Some(again), 403).await;
    assert_eq!(refused["code"], 50007);
    let stranger = control
        .ok("POST", "/people", &json!({"username": "far"}))
        .await;
    let far = bot
        .post(
            "/users/@me/channels",
            json!({"recipient_id": stranger[0]["id"]}),
        )
        .await;
    let message = Some(json!({"content": "x"}));
    let path = format!("/channels/{}/messages", id(&far));
    let refused = bot.call(Method::POST, &path, message, 403).await;
    assert_eq!(refused["code"], 50278);
    sandbox.finish().await
}

#[tokio::test]
async fn a_command_is_used_in_direct_messages() -> Result<(), Error> {
    let (sandbox, bot, mut client) = start().await?;
    let control = Control::new(&sandbox);
    let commands = json!([
        {"name": "everywhere", "description": "x"},
        {"name": "servers", "description": "x", "contexts": [0]},
    ]);
    bot.put(
        &format!("/applications/{}/commands", sandbox.application_id()),
        commands,
    )
    .await;
    let direct = control
        .ok("PUT", "/people/mia/direct-messages", &Value::Null)
        .await;
    let run = |name: &str| json!({"channel_id": direct["id"], "name": name});
    control
        .ok("POST", "/people/mia/commands", &run("everywhere"))
        .await;
    let told = client.event("INTERACTION_CREATE").await;
    assert_eq!(
        (&told["data"]["name"], &told["context"]),
        (&json!("everywhere"), &json!(1))
    );
    let (status, refused) = control
        .call("POST", "/people/mia/commands", &run("servers"))
        .await;
    assert_eq!((status, &refused["code"]), (404, &json!(10063)));
    sandbox.finish().await
}

#[tokio::test]
async fn people_and_bots_react() -> Result<(), Error> {
    let (sandbox, bot, mut client) = start().await?;
    let control = Control::new(&sandbox);
    let general = sandbox.channel("general")?;
    let message = sandbox.member().send(general, "Good?").await?.id();
    client.event("MESSAGE_CREATE").await;
    let place = format!("/channels/{general}/messages/{message}");
    let thumbs = "%F0%9F%91%8D";
    bot.quietly(Method::PUT, &format!("{place}/reactions/{thumbs}/@me"))
        .await;
    let added = client.event("MESSAGE_REACTION_ADD").await;
    assert_eq!(added["emoji"], json!({"id": null, "name": "👍"}));
    assert_eq!(
        added["message_author_id"],
        sandbox.member().id().to_string()
    );
    control
        .ok(
            "PUT",
            &format!("/people/mia{place}/reactions/{thumbs}"),
            &Value::Null,
        )
        .await;
    let added = client.event("MESSAGE_REACTION_ADD").await;
    assert_eq!(added["member"]["user"]["username"], "mia");
    let shown = bot.get(&place).await["reactions"][0].clone();
    assert_eq!((&shown["count"], &shown["me"]), (&json!(2), &json!(true)));
    let users = bot.get(&format!("{place}/reactions/{thumbs}")).await;
    assert_eq!(users.as_array().unwrap().len(), 2);
    let hers = control
        .ok(
            "GET",
            &format!("/people/olivia/channels/{general}/messages"),
            &Value::Null,
        )
        .await;
    assert_eq!(hers[0]["reactions"][0]["me"], false);

    let mia = sandbox.member().id();
    bot.quietly(Method::DELETE, &format!("{place}/reactions/{thumbs}/{mia}"))
        .await;
    assert_eq!(
        client.event("MESSAGE_REACTION_REMOVE").await["user_id"],
        mia.to_string()
    );
    bot.quietly(
        Method::PUT,
        &format!("{place}/reactions/%E2%9D%A4%EF%B8%8F/@me"),
    )
    .await;
    client.event("MESSAGE_REACTION_ADD").await;
    // With or without the selector that colours it.
    bot.quietly(Method::DELETE, &format!("{place}/reactions/%E2%9D%A4"))
        .await;
    client.event("MESSAGE_REACTION_REMOVE_EMOJI").await;
    bot.quietly(Method::DELETE, &format!("{place}/reactions"))
        .await;
    client.event("MESSAGE_REACTION_REMOVE_ALL").await;
    assert_eq!(bot.get(&place).await.get("reactions"), None);
    for wrong in ["thumbsup", "a:1", "1"] {
        let path = format!("{place}/reactions/{wrong}/@me");
        assert_eq!(
            bot.call(Method::PUT, &path, None, 400).await["code"],
            10014,
            "{wrong}"
        );
    }
    for number in 0..20 {
        let emoji = char::from_u32(0x1F600 + number).unwrap();
        let emoji =
            percent_encoding::utf8_percent_encode(&emoji.to_string(), NON_ALPHANUMERIC).to_string();
        bot.quietly(Method::PUT, &format!("{place}/reactions/{emoji}/@me"))
            .await;
    }
    let path = format!("{place}/reactions/{thumbs}/@me");
    assert_eq!(bot.call(Method::PUT, &path, None, 400).await["code"], 30010);
    sandbox.finish().await
}

#[tokio::test]
async fn messages_are_pinned_by_either_route() -> Result<(), Error> {
    let (sandbox, bot, mut client) = start().await?;
    let control = Control::new(&sandbox);
    let general = sandbox.channel("general")?;
    let channel = format!("/channels/{general}");
    let mut sent = Vec::new();
    for text in ["one", "two", "three"] {
        sent.push(
            bot.post(&format!("{channel}/messages"), json!({"content": text}))
                .await,
        );
        client.event("MESSAGE_CREATE").await;
    }
    bot.quietly(Method::PUT, &format!("{channel}/pins/{}", id(&sent[0])))
        .await;
    assert_eq!(client.event("MESSAGE_UPDATE").await["pinned"], true);
    let told = client.event("CHANNEL_PINS_UPDATE").await;
    assert!(told["last_pin_timestamp"].is_string(), "{told}");
    let said = client.event("MESSAGE_CREATE").await;
    assert_eq!(
        (&said["type"], &said["message_reference"]["message_id"]),
        (&json!(6), &sent[0]["id"])
    );
    sandbox.advance(std::time::Duration::from_secs(1));
    bot.quietly(
        Method::PUT,
        &format!("{channel}/messages/pins/{}", id(&sent[1])),
    )
    .await;
    sandbox.advance(std::time::Duration::from_secs(1));
    control
        .ok(
            "PUT",
            &format!("/people/olivia{channel}/pins/{}", id(&sent[2])),
            &Value::Null,
        )
        .await;
    let old = bot.get(&format!("{channel}/pins")).await;
    let old: Vec<&Value> = old
        .as_array()
        .unwrap()
        .iter()
        .map(|m| &m["content"])
        .collect();
    assert_eq!(old, ["three", "two", "one"]);
    let page = bot.get(&format!("{channel}/messages/pins?limit=2")).await;
    assert_eq!(
        (&page["has_more"], &page["items"][1]["message"]["content"]),
        (&json!(true), &json!("two"))
    );
    let before = page["items"][1]["pinned_at"]
        .as_str()
        .unwrap()
        .replace('+', "%2B");
    let page = bot
        .get(&format!("{channel}/messages/pins?before={before}"))
        .await;
    assert_eq!(
        (&page["has_more"], &page["items"][0]["message"]["content"]),
        (&json!(false), &json!("one"))
    );
    bot.quietly(
        Method::DELETE,
        &format!("{channel}/messages/pins/{}", id(&sent[2])),
    )
    .await;
    let hers = control
        .ok("GET", &format!("/people/mia{channel}/pins"), &Value::Null)
        .await;
    assert_eq!(hers.as_array().unwrap().len(), 2);
    let (status, _) = control
        .call(
            "PUT",
            &format!("/people/mia{channel}/pins/{}", id(&sent[2])),
            &Value::Null,
        )
        .await;
    assert_eq!(status, 403);
    sandbox.finish().await
}

#[tokio::test]
async fn channels_and_roles_are_put_in_order() -> Result<(), Error> {
    let (sandbox, bot, mut client) = start().await?;
    let guild = sandbox.guild_id();
    let (general, second) = (sandbox.channel("general")?, sandbox.channel("second")?);
    let category = json!({"name": "Category", "type": 4, "permission_overwrites": [
        {"id": guild.to_string(), "type": 0, "deny": "2048"},
    ]});
    let channels = format!("/guilds/{guild}/channels");
    let category = bot.call(Method::POST, &channels, Some(category), 201).await;
    client.event("CHANNEL_CREATE").await;
    let moves = json!([
        {"id": general.to_string(), "position": 5},
        {"id": second.0, "position": 1, "parent_id": category["id"], "lock_permissions": true},
    ]);
    bot.call(Method::PATCH, &channels, Some(moves), 204).await;
    assert_eq!(client.event("CHANNEL_UPDATE").await["position"], 5);
    let second = client.event("CHANNEL_UPDATE").await;
    assert_eq!(
        (
            &second["parent_id"],
            &second["permission_overwrites"][0]["deny"]
        ),
        (&category["id"], &json!("2048"))
    );

    let roles = format!("/guilds/{guild}/roles");
    let named = |list: &Value| {
        let mut roles: Vec<(u64, String)> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|r| {
                (
                    r["position"].as_u64().unwrap(),
                    r["name"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        roles.sort();
        roles.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
    };
    let before = bot.get(&roles).await;
    let old = named(&before);
    assert_eq!(old[..4], ["@everyone", "Low", "Middle", "High"]);
    let role = |name: &str| {
        let mut list = before.as_array().unwrap().iter();
        list.find(|r| r["name"] == name).unwrap()["id"].clone()
    };
    let up = bot
        .patch(&roles, json!([{"id": role("Low"), "position": 3}]))
        .await;
    assert_eq!(named(&up)[..4], ["@everyone", "Middle", "High", "Low"]);
    let down = bot
        .patch(&roles, json!([{"id": role("Low"), "position": 1}]))
        .await;
    assert_eq!(named(&down), old);
    let above = json!([{"id": role("Low"), "position": 9}]);
    assert_eq!(
        bot.call(Method::PATCH, &roles, Some(above), 403).await["code"],
        50013
    );
    let counts = bot.get(&format!("{roles}/member-counts")).await;
    assert_eq!(counts[role("Low").as_str().unwrap()], 0);
    assert_eq!(counts.get(guild.to_string()), None);
    sandbox.finish().await
}

#[tokio::test]
async fn a_bot_changes_its_name() -> Result<(), Error> {
    let (sandbox, bot, mut client) = start().await?;
    let renamed = bot
        .patch("/users/@me", json!({"username": "Renamed"}))
        .await;
    assert_eq!(renamed["username"], "Renamed");
    assert_eq!(client.event("USER_UPDATE").await["username"], "Renamed");
    let guild = sandbox.guild_id();
    let member = bot.get(&format!("/users/@me/guilds/{guild}/member")).await;
    assert_eq!(member["user"]["username"], "Renamed");
    sandbox.finish().await
}

#[tokio::test]
async fn emojis_icons_and_avatars_are_kept_and_served() -> Result<(), Error> {
    let (sandbox, bot, _) = start().await?;
    let intents = INTENTS | 1 << 3;
    let (mut client, _) = Client::ready(&sandbox, intents).await;
    let (guild, general) = (sandbox.guild_id(), sandbox.channel("general")?);
    let image = format!("data:image/png;base64,{DOT}");
    let fetched = |path: String| {
        let url = format!("{}{path}", sandbox.url());
        async move {
            let answer = reqwest::get(url).await.unwrap();
            (
                answer.status().as_u16(),
                answer.headers()["content-type"]
                    .to_str()
                    .unwrap()
                    .to_owned(),
            )
        }
    };
    let png = (200, "image/png".to_owned());
    for home in [
        format!("/guilds/{guild}"),
        format!("/applications/{}", sandbox.application_id()),
    ] {
        let emojis = format!("{home}/emojis");
        let draft = json!({"name": "dot", "image": image});
        let made = bot.call(Method::POST, &emojis, Some(draft), 201).await;
        assert_eq!(
            (&made["name"], &made["user"]["bot"]),
            (&json!("dot"), &json!(true))
        );
        assert_eq!(
            fetched(format!("/emojis/{}.webp?size=64", id(&made))).await,
            png
        );
        let one = format!("{emojis}/{}", id(&made));
        assert_eq!(
            bot.patch(&one, json!({"name": "spot"})).await["name"],
            "spot"
        );
        assert_eq!(bot.get(&one).await["name"], "spot");
        if home.starts_with("/guilds") {
            client.event("GUILD_EMOJIS_UPDATE").await;
            let told = client.event("GUILD_EMOJIS_UPDATE").await;
            assert_eq!(told["emojis"][0]["name"], "spot");
        }
        let message = bot
            .post(
                &format!("/channels/{general}/messages"),
                json!({"content": "x"}),
            )
            .await;
        client.event("MESSAGE_CREATE").await;
        let place = format!("/channels/{general}/messages/{}", id(&message));
        bot.quietly(
            Method::PUT,
            &format!("{place}/reactions/spot:{}/@me", id(&made)),
        )
        .await;
        let told = client.event("MESSAGE_REACTION_ADD").await;
        assert_eq!(told["emoji"], json!({"id": made["id"], "name": "spot"}));
        bot.quietly(Method::DELETE, &one).await;
        assert_eq!(bot.call(Method::GET, &one, None, 404).await["code"], 10014);
        if home.starts_with("/guilds") {
            client.event("GUILD_EMOJIS_UPDATE").await;
        }
    }
    let me = bot.patch("/users/@me", json!({"avatar": image})).await;
    assert_eq!(
        fetched(format!(
            "/avatars/{}/{}.png",
            id(&me),
            me["avatar"].as_str().unwrap()
        ))
        .await,
        png
    );
    let server = bot
        .patch(&format!("/guilds/{guild}"), json!({"icon": image}))
        .await;
    assert_eq!(
        fetched(format!(
            "/icons/{guild}/{}.png",
            server["icon"].as_str().unwrap()
        ))
        .await,
        png
    );
    let listed = bot.get("/users/@me/guilds").await;
    assert_eq!(listed[0]["icon"], server["icon"]);
    let hook = json!({"name": "hook", "avatar": image});
    let hook = bot
        .post(&format!("/channels/{general}/webhooks"), hook)
        .await;
    assert_eq!(
        fetched(format!(
            "/avatars/{}/{}.png",
            id(&hook),
            hook["avatar"].as_str().unwrap()
        ))
        .await,
        png
    );
    let none = bot.patch("/users/@me", json!({"avatar": null})).await;
    assert_eq!(none["avatar"], Value::Null);
    let wrong = json!({"name": "dot", "image": "data:text/plain;base64,aGk="});
    let refused = bot
        .call(
            Method::POST,
            &format!("/guilds/{guild}/emojis"),
            Some(wrong),
            400,
        )
        .await;
    assert_eq!(
        refused["errors"]["image"]["_errors"][0]["code"],
        "BASE_TYPE_INVALID_IMAGE"
    );
    sandbox.finish().await
}

/// A PNG with one pixel.
const DOT: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/eL9GtQAAAABJRU5ErkJggg==";
