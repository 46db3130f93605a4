//! What moderators do, and what keeps a bot from doing it: bans, time-outs, `AutoMod`, two-factor
//! authentication.

mod bot;
mod client;
mod control;

use bot::{Bot, id};
use client::{Client, TICKET_BOT};
use control::Control;
use discord_sandbox::{Error, Sandbox, Seed};
use reqwest::Method;
use serde_json::{Value, json};

/// The moderation intent besides a ticket bot's.
const MODERATION: u64 = TICKET_BOT | 1 << 2;

/// A server whose bot may do everything.
const WORLD: &str = r#"
people = [
    { username = "olivia" },
    { username = "max", part = "moderator" },
    { username = "mia", part = "member" },
]

[[guilds]]
name = "Moderated"
roles = [
    { name = "Moderator", permissions = ["BAN_MEMBERS", "MODERATE_MEMBERS", "MANAGE_NICKNAMES"] },
    { bot = true, permissions = ["ADMINISTRATOR"] },
]
members = [{ user = "max", roles = ["Moderator"] }, { user = "mia" }]
channels = [{ name = "general" }]
"#;

async fn start() -> Result<(Sandbox, Bot), Error> {
    let seed = Seed::from_toml(WORLD).unwrap();
    let builder = Sandbox::builder().seed(seed).bad_requests_are_meant();
    let sandbox = builder.start().await?;
    let bot = Bot::new(&sandbox);
    Ok((sandbox, bot))
}

#[tokio::test]
async fn a_moderator_bans_and_lifts_the_ban() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let control = Control::new(&sandbox);
    let (mut client, _) = Client::ready(&sandbox, MODERATION).await;
    let (guild, mia) = (sandbox.guild_id(), sandbox.member().id());
    let general = sandbox.channel("general")?;
    let written = sandbox.member().send(general, "spam").await?;
    client.event("MESSAGE_CREATE").await;

    let bans = format!("/people/moderator/guilds/{guild}/bans");
    let ban = json!({"delete_message_seconds": 60, "reason": "spam"});
    control.ok("PUT", &format!("{bans}/mia"), &ban).await;
    let added = client.event("GUILD_BAN_ADD").await;
    assert_eq!(added["user"]["id"], mia.to_string());
    client.event("GUILD_MEMBER_REMOVE").await;
    let deleted = client.event("MESSAGE_DELETE_BULK").await;
    let logged = client.event("GUILD_AUDIT_LOG_ENTRY_CREATE").await;
    assert_eq!(logged["reason"], "spam");
    assert_eq!(deleted["ids"], json!([written.id().to_string()]));

    let listed = bot.get(&format!("/guilds/{guild}/bans")).await;
    assert_eq!(
        (&listed[0]["user"]["username"], &listed[0]["reason"]),
        (&json!("mia"), &json!("spam"))
    );
    assert_eq!(control.ok("GET", &bans, &Value::Null).await, listed);
    let (status, refused) = control
        .call(
            "PUT",
            &format!("/people/mia/guilds/{guild}/members/@me"),
            &Value::Null,
        )
        .await;
    assert_eq!((status, &refused["code"]), (403, &json!(40007)));

    control
        .ok("DELETE", &format!("{bans}/mia"), &Value::Null)
        .await;
    client.event("GUILD_BAN_REMOVE").await;
    client.event("GUILD_AUDIT_LOG_ENTRY_CREATE").await;
    let one = format!("/guilds/{guild}/bans/{mia}");
    assert_eq!(bot.call(Method::GET, &one, None, 404).await["code"], 10026);
    control
        .ok(
            "PUT",
            &format!("/people/mia/guilds/{guild}/members/@me"),
            &Value::Null,
        )
        .await;
    // The owner stands above everybody.
    let (status, _) = control
        .call("PUT", &format!("{bans}/olivia"), &json!({}))
        .await;
    assert_eq!(status, 403);
    sandbox.finish().await
}

#[tokio::test]
async fn a_bot_takes_a_nickname_in_the_old_way() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let path = format!("/guilds/{}/members/@me/nick", sandbox.guild_id());
    let nick = json!({"nick": "Helper"});
    assert_eq!(bot.patch(&path, nick.clone()).await, nick);
    sandbox.finish().await
}

#[tokio::test]
async fn a_bot_bans_one_and_many() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let guild = sandbox.guild_id();
    let [mia, max, owner] =
        [sandbox.member(), sandbox.moderator(), sandbox.owner()].map(|p| p.id());
    // Without a body, as libraries send it.
    let one = format!("/guilds/{guild}/bans/{mia}");
    bot.quietly(Method::PUT, &one).await;
    assert_eq!(bot.get(&one).await["reason"], Value::Null);
    bot.quietly(Method::DELETE, &one).await;
    let many = json!({"user_ids": [mia.to_string(), max.to_string(), owner.to_string()]});
    let outcome = bot.post(&format!("/guilds/{guild}/bulk-ban"), many).await;
    let (banned, failed) = (json!([mia, max]), json!([owner]));
    assert_eq!(
        outcome,
        json!({"banned_users": banned, "failed_users": failed})
    );
    let page = bot
        .get(&format!(
            "/guilds/{guild}/bans?limit=1&after={}",
            mia.min(max)
        ))
        .await;
    assert_eq!(page[0]["user"]["id"], mia.max(max).to_string());
    // Of `before` and `after`, only `before` counts.
    let last = mia.max(max);
    let page = bot
        .get(&format!("/guilds/{guild}/bans?before={last}&after={last}"))
        .await;
    assert_eq!(page.as_array().unwrap().len(), 1);
    assert_eq!(page[0]["user"]["id"], mia.min(max).to_string());
    let nobody = json!({"user_ids": [owner.to_string()]});
    let path = format!("/guilds/{guild}/bulk-ban");
    let refused = bot.call(Method::POST, &path, Some(nobody), 400).await;
    assert_eq!(refused["code"], 500_000);
    sandbox.finish().await
}

#[tokio::test]
async fn a_moderator_puts_somebody_in_time_out() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let control = Control::new(&sandbox);
    let (guild, general) = (sandbox.guild_id(), sandbox.channel("general")?);
    let path = format!("/people/moderator/guilds/{guild}/members/mia");
    let until = sandbox.now().plus(60_000).to_string();
    let edited = json!({"communication_disabled_until": until, "nick": "Quiet"});
    let member = control.ok("PATCH", &path, &edited).await;
    assert_eq!(
        (&member["nick"], &member["communication_disabled_until"]),
        (&json!("Quiet"), &json!(until))
    );
    assert!(sandbox.member().send(general, "hi").await.is_err());
    let shown = bot
        .get(&format!(
            "/guilds/{guild}/members/{}",
            sandbox.member().id()
        ))
        .await;
    assert_eq!(shown["communication_disabled_until"], until);
    control
        .ok(
            "PATCH",
            &path,
            &json!({"communication_disabled_until": null}),
        )
        .await;
    sandbox.member().send(general, "hi").await?;
    let (status, _) = control
        .call("PATCH", &path.replace("mia", "olivia"), &edited)
        .await;
    assert_eq!(status, 403);
    sandbox.finish().await
}

#[tokio::test]
async fn auto_moderation_is_for_people() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let control = Control::new(&sandbox);
    let general = sandbox.channel("general")?;
    let words = json!({"words": ["Pony"]});
    assert_eq!(
        control.ok("PUT", "/blocked-words", &words).await,
        json!({"words": ["pony"]})
    );
    let refused = sandbox
        .member()
        .send(general, "My ponyhof")
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("200000"), "{refused}");
    let title = json!({"name": "Pony", "type": 11});
    let threads = format!("channels/{general}/threads");
    let (status, refused) = control
        .call("POST", &format!("/people/mia/{threads}"), &title)
        .await;
    assert_eq!((status, &refused["code"]), (400, &json!(200_001)));
    // Members who manage the server are exempt, and so is the bot.
    sandbox.owner().send(general, "pony").await?;
    bot.post(
        &format!("/channels/{general}/messages"),
        json!({"content": "pony"}),
    )
    .await;
    control
        .ok("PUT", "/blocked-words", &json!({"words": []}))
        .await;
    sandbox.member().send(general, "pony").await?;
    sandbox.finish().await
}

#[tokio::test]
async fn a_server_can_ask_for_two_factor_authentication() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let control = Control::new(&sandbox);
    let (guild, general) = (sandbox.guild_id(), sandbox.channel("general")?);
    let thread = json!({"name": "One", "type": 12});
    let thread = bot
        .call(
            Method::POST,
            &format!("/channels/{general}/threads"),
            Some(thread),
            201,
        )
        .await;
    let thread = format!("/channels/{}", id(&thread));
    let server = format!("guilds/{guild}");
    let (status, _) = control
        .call(
            "PATCH",
            &format!("/people/max/{server}"),
            &json!({"mfa_level": 1}),
        )
        .await;
    assert_eq!(status, 403, "only the owner changes it");
    control
        .ok(
            "PATCH",
            &format!("/people/olivia/{server}"),
            &json!({"mfa_level": 1}),
        )
        .await;
    assert_eq!(bot.get(&format!("/{server}")).await["mfa_level"], 1);
    // The owner of the application has it.
    assert_eq!(bot.get("/users/@me").await["mfa_enabled"], true);
    bot.patch(&thread, json!({"locked": true})).await;
    assert_eq!(
        control
            .ok("PUT", "/two-factor", &json!({"on": false}))
            .await,
        json!({"on": false})
    );
    assert_eq!(bot.get("/users/@me").await["mfa_enabled"], false);
    let unlocked = json!({"locked": false});
    let refused = bot
        .call(Method::PATCH, &thread, Some(unlocked.clone()), 403)
        .await;
    assert_eq!(
        refused,
        json!({"code": 60003, "message": "Two factor is required for this operation"})
    );
    let role = json!({"name": "x"});
    let refused = bot
        .call(Method::POST, &format!("/{server}/roles"), Some(role), 403)
        .await;
    assert_eq!(refused["code"], 60003);
    // What needs no elevated permission still works, and permissions are shown as they were granted.
    let hello = json!({"content": "hello"});
    bot.post(&format!("/channels/{general}/messages"), hello)
        .await;
    let own = bot.get("/users/@me/guilds").await[0]["permissions"].clone();
    let own: u64 = own.as_str().unwrap().parse().unwrap();
    assert!(own & 1 << 34 != 0 && own < 1 << 60, "{own}");
    control.ok("PUT", "/two-factor", &json!({"on": true})).await;
    bot.patch(&thread, unlocked).await;
    sandbox.finish().await
}
