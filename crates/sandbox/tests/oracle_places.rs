//! Servers, channels, roles, members and threads: every route is called once, in a way that is
//! right, and Discord's specification finds nothing wrong with the answers and the events.

mod bot;
mod client;

use std::time::Duration;

use bot::{Bot, id};
use client::Client;
use discord_sandbox::{Error, Fault, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

/// All intents that are not only for a server's decoration.
const EVERYTHING: u64 = (1 << 0) | (1 << 1) | (1 << 5) | (1 << 9) | (1 << 11) | (1 << 15);

/// A sandbox, a bot that may do everything in it, and its gateway session.
async fn start() -> Result<(Sandbox, Bot, Client), Error> {
    let sandbox = Sandbox::start().await?;
    let (owner, guild) = (sandbox.owner(), sandbox.guild_id());
    let role = owner
        .create_role(json!({"name": "Everything", "permissions": "8"}))
        .await?;
    owner.give_role(sandbox.bot_id(), role).await?;
    let (client, ready) = Client::ready(&sandbox, EVERYTHING).await;
    assert_eq!(ready["guilds"][0]["id"], guild.to_string());
    let bot = Bot::new(&sandbox);
    Ok((sandbox, bot, client))
}

#[tokio::test]
async fn what_a_bot_asks_first() -> Result<(), Error> {
    let (sandbox, bot, _client) = start().await?;
    assert_eq!(bot.get("/gateway").await["url"], sandbox.gateway_url());
    assert_eq!(bot.get("/gateway/bot").await["shards"], 1);
    for path in [
        "/users/@me",
        "/applications/@me",
        "/oauth2/applications/@me",
        "/users/@me/guilds",
    ] {
        bot.get(path).await;
    }
    let application = format!("/applications/{}", sandbox.application_id());
    assert_eq!(
        bot.get(&application).await["id"],
        sandbox.application_id().to_string()
    );
    let mia = bot.get(&format!("/users/{}", sandbox.member().id())).await;
    assert_eq!(mia["discriminator"], "0");
    sandbox.finish().await
}

#[tokio::test]
async fn a_server() -> Result<(), Error> {
    let (sandbox, bot, _client) = start().await?;
    let guild = format!("/guilds/{}", sandbox.guild_id());
    assert_eq!(bot.get(&guild).await["id"], sandbox.guild_id().to_string());
    let counted = bot.get(&format!("{guild}?with_counts=true")).await;
    assert!(counted["approximate_member_count"].is_u64(), "{counted}");
    assert_eq!(
        bot.get(&format!("{guild}/channels"))
            .await
            .as_array()
            .unwrap()
            .len(),
        4
    );
    bot.get(&format!("{guild}/threads/active")).await;
    sandbox
        .owner()
        .edit_guild(json!({"preferred_locale": "de", "name": "Hilfe"}))
        .await?;
    sandbox.finish().await
}

#[tokio::test]
async fn roles_and_members() -> Result<(), Error> {
    let (sandbox, bot, _client) = start().await?;
    let guild = format!("/guilds/{}", sandbox.guild_id());
    let mia = sandbox.member().id();

    let role = json!({"name": "Staff", "permissions": "1024", "color": 255, "mentionable": true});
    let role = bot.post(&format!("{guild}/roles"), role).await;
    let role_path = format!("{guild}/roles/{}", id(&role));
    bot.patch(
        &role_path,
        json!({"name": "Helpers", "permissions": "0", "hoist": true}),
    )
    .await;
    assert_eq!(bot.get(&role_path).await["name"], "Helpers");
    bot.get(&format!("{guild}/roles")).await;

    let member = format!("{guild}/members/{mia}");
    let member_role = format!("{member}/roles/{}", id(&role));
    bot.quietly(Method::PUT, &member_role).await;
    assert_eq!(bot.get(&member).await["roles"], json!([id(&role)]));
    bot.quietly(Method::DELETE, &member_role).await;
    bot.get(&format!("{guild}/members?limit=1000")).await;
    bot.get(&format!("{guild}/members?limit=2&after={mia}"))
        .await;
    bot.get(&format!("{guild}/members/search?query=m&limit=5"))
        .await;
    let nick = bot.patch(&member, json!({"nick": "Mimi"})).await;
    assert_eq!(nick["nick"], "Mimi");
    bot.quietly(Method::DELETE, &role_path).await;

    sandbox.member2().leave_guild().await?;
    sandbox.member2().join_guild().await?;
    bot.quietly(Method::DELETE, &member).await;
    let counts = bot
        .get(&format!(
            "/guilds/{}/roles/member-counts",
            sandbox.guild_id()
        ))
        .await;
    assert_eq!(counts[sandbox.moderator_role().to_string()], 1);
    assert!(counts.get(sandbox.guild_id().to_string()).is_none());
    sandbox.finish().await
}

#[tokio::test]
async fn channels() -> Result<(), Error> {
    let (sandbox, bot, _client) = start().await?;
    let guild = format!("/guilds/{}", sandbox.guild_id());
    let overwrites = json!([
        {"id": sandbox.guild_id().to_string(), "type": 0, "allow": "0", "deny": "1024"},
        {"id": sandbox.bot_id().to_string(), "type": 1, "allow": "1024", "deny": "0"},
    ]);
    for (kind, name) in [(0, "tickets-2"), (5, "news"), (4, "Support")] {
        let new = json!({"name": name, "type": kind, "permission_overwrites": overwrites});
        let made = bot
            .call(Method::POST, &format!("{guild}/channels"), Some(new), 201)
            .await;
        let path = format!("/channels/{}", id(&made));
        assert_eq!(bot.get(&path).await["type"], kind);
        assert_eq!(
            bot.patch(&path, json!({"name": "renamed"})).await["name"],
            "renamed"
        );

        let overwrite = format!("{path}/permissions/{}", sandbox.moderator_role());
        let allow = json!({"type": 0, "allow": "1024", "deny": "0"});
        bot.call(Method::PUT, &overwrite, Some(allow), 204).await;
        bot.quietly(Method::DELETE, &overwrite).await;
        bot.call(Method::DELETE, &path, None, 200).await;
    }
    let support = format!("/channels/{}", sandbox.channel("support")?);
    let edit = json!({
        "topic": "Ask here", "rate_limit_per_user": 30, "nsfw": false, "position": 1,
        "default_auto_archive_duration": 1440, "permission_overwrites": overwrites,
    });
    assert_eq!(bot.patch(&support, edit).await["rate_limit_per_user"], 30);
    sandbox.finish().await
}

#[tokio::test]
async fn threads() -> Result<(), Error> {
    let (sandbox, bot, _client) = start().await?;
    let tickets = format!("/channels/{}", sandbox.channel("tickets")?);
    let (mia, noah) = (sandbox.member(), sandbox.member2());

    let new = json!({"name": "Mia's", "type": 12, "invitable": false, "auto_archive_duration": 60});
    let made = bot
        .call(Method::POST, &format!("{tickets}/threads"), Some(new), 201)
        .await;
    assert_eq!(made["thread_metadata"]["invitable"], false);
    let thread = format!("/channels/{}", id(&made));
    assert_eq!(bot.get(&thread).await["type"], 12);
    let greeting = json!({"content": format!("<@{}> <@{}>", mia.id(), noah.id())});
    bot.post(&format!("{thread}/messages"), greeting).await;

    let members = format!("{thread}/thread-members");
    assert_eq!(bot.get(&members).await.as_array().unwrap().len(), 3);
    bot.get(&format!("{members}?with_member=true&limit=100"))
        .await;
    bot.get(&format!("{members}/{}", mia.id())).await;
    bot.get(&format!("{members}/{}?with_member=true", mia.id()))
        .await;
    bot.quietly(Method::DELETE, &format!("{members}/{}", noah.id()))
        .await;
    bot.quietly(Method::PUT, &format!("{members}/{}", noah.id()))
        .await;
    bot.quietly(Method::DELETE, &format!("{members}/@me")).await;
    bot.quietly(Method::PUT, &format!("{members}/@me")).await;
    let active = bot
        .get(&format!("/guilds/{}/threads/active", sandbox.guild_id()))
        .await;
    assert_eq!(active["threads"].as_array().unwrap().len(), 1);
    mia.leave(thread_id(&made)).await?;

    bot.patch(&thread, json!({"name": "Mia's, done"})).await;
    let closed = bot
        .patch(&thread, json!({"archived": true, "locked": true}))
        .await;
    assert_eq!(closed["thread_metadata"]["locked"], true);
    for list in [
        "threads/archived/private",
        "users/@me/threads/archived/private",
    ] {
        let archived = bot.get(&format!("{tickets}/{list}?limit=100")).await;
        assert_eq!(archived["threads"].as_array().unwrap().len(), 1, "{list}");
    }
    bot.patch(&thread, json!({"archived": false})).await;

    let said = bot
        .post(
            &format!("{tickets}/messages"),
            json!({"content": "About this"}),
        )
        .await;
    let from = format!("{tickets}/messages/{}/threads", id(&said));
    let about = json!({"name": "About", "auto_archive_duration": 10080});
    let about = bot.call(Method::POST, &from, Some(about), 201).await;
    let starter = bot.get(&format!("{tickets}/messages/{}", id(&said))).await;
    assert_eq!(starter["thread"]["id"], about["id"]);
    bot.patch(
        &format!("/channels/{}", id(&about)),
        json!({"archived": true}),
    )
    .await;
    bot.get(&format!("{tickets}/threads/archived/public")).await;
    bot.call(
        Method::DELETE,
        &format!("/channels/{}", id(&about)),
        None,
        200,
    )
    .await;
    bot.call(Method::DELETE, &thread, None, 200).await;

    // A member who can now view a channel receives its threads.
    let public = json!({"name": "Everyone's", "type": 11});
    bot.call(
        Method::POST,
        &format!("{tickets}/threads"),
        Some(public),
        201,
    )
    .await;
    sandbox.finish().await
}

fn thread_id(thread: &Value) -> discord_sandbox::id::ChannelId {
    id(thread).parse().unwrap()
}

#[tokio::test]
async fn refusals() -> Result<(), Error> {
    let sandbox = Sandbox::builder().bad_requests_are_meant().start().await?;
    let bot = Bot::new(&sandbox);
    let general = format!("/channels/{}", sandbox.channel("general")?);
    let messages = format!("{general}/messages");
    let refused = |method, path: String, body: Option<Value>, status| {
        let bot = &bot;
        async move { bot.call(method, &path, body, status).await }
    };

    let long = json!({"content": "a".repeat(2001), "embeds": [{"title": "t".repeat(257)}]});
    let form = refused(Method::POST, messages.clone(), Some(long), 400).await;
    assert_eq!(form["code"], 50035);
    assert!(
        form["errors"]["content"]["_errors"][0]["code"].is_string(),
        "{form}"
    );
    let empty = refused(Method::POST, messages.clone(), Some(json!({})), 400).await;
    assert_eq!(empty["code"], 50006);
    assert_eq!(
        refused(Method::GET, format!("{messages}/1"), None, 404).await["code"],
        10008
    );
    assert_eq!(
        refused(Method::GET, "/channels/1".to_owned(), None, 404).await["code"],
        10003
    );
    assert_eq!(
        refused(Method::GET, "/guilds/1".to_owned(), None, 404).await["code"],
        10004
    );
    refused(Method::GET, "/users/1".to_owned(), None, 404).await;
    refused(Method::DELETE, general, None, 403).await;
    let nobody = bot.with_token("Bot nobody");
    assert_eq!(
        nobody.call(Method::GET, "/users/@me", None, 401).await["code"],
        0
    );
    sandbox.fail_next(Fault::rate_limited(Duration::from_millis(100)))?;
    let limited = refused(Method::GET, "/users/@me".to_owned(), None, 429).await;
    assert!(limited["retry_after"].is_number(), "{limited}");
    sandbox.finish().await
}
