//! Invites: made, used, expired, deleted.

mod bot;
mod client;
mod control;

use bot::Bot;
use client::{Client, TICKET_BOT};
use control::Control;
use discord_sandbox::{Error, Sandbox, Seed};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const WORLD: &str = r#"
people = [{ username = "olivia" }, { username = "mia", part = "member" }, { username = "far" }]

[[guilds]]
name = "Inviting"
roles = [{ bot = true, permissions = ["ADMINISTRATOR"] }]
members = [{ user = "mia" }]
channels = [{ name = "general" }]
"#;

#[tokio::test]
async fn people_come_in_with_an_invite_until_it_is_used_up() -> Result<(), Error> {
    let seed = Seed::from_toml(WORLD).unwrap();
    let builder = Sandbox::builder().seed(seed).bad_requests_are_meant();
    let sandbox = builder.start().await?;
    let (bot, control) = (Bot::new(&sandbox), Control::new(&sandbox));
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT | 1 << 6).await;
    let (guild, general) = (sandbox.guild_id(), sandbox.channel("general")?);
    let invites = format!("/channels/{general}/invites");
    let once = bot
        .post(&invites, json!({"max_uses": 1, "max_age": 0}))
        .await;
    let code = once["code"].as_str().unwrap().to_owned();
    assert_eq!(
        (&once["max_uses"], &once["expires_at"]),
        (&json!(1), &Value::Null)
    );
    let told = client.event("INVITE_CREATE").await;
    assert_eq!(
        (&told["code"], &told["inviter"]["bot"]),
        (&json!(code), &json!(true))
    );
    let again = bot
        .post(&invites, json!({"max_uses": 1, "max_age": 0}))
        .await;
    assert_eq!(again["code"], code);

    let shown = bot.get(&format!("/invites/{code}?with_counts=true")).await;
    assert_eq!(
        (&shown["approximate_member_count"], shown.get("uses")),
        (&json!(3), None)
    );
    control
        .ok("PUT", &format!("/people/far/invites/{code}"), &Value::Null)
        .await;
    assert_eq!(
        client.event("GUILD_MEMBER_ADD").await["user"]["username"],
        "far"
    );
    let used = bot
        .call(Method::GET, &format!("/invites/{code}"), None, 404)
        .await;
    assert_eq!(used["code"], 10006);
    let (status, _) = control
        .call("PUT", &format!("/people/far/invites/{code}"), &Value::Null)
        .await;
    assert_eq!(status, 404);

    let day = bot.post(&invites, json!({})).await;
    client.event("INVITE_CREATE").await;
    assert_eq!(
        bot.get(&format!("/guilds/{guild}/invites")).await[0]["code"],
        day["code"]
    );
    sandbox.advance(Duration::from_secs(86_400));
    assert_eq!(bot.get(&invites).await, json!([]));

    let last = bot.post(&invites, json!({"unique": true})).await;
    client.event("INVITE_CREATE").await;
    let last = last["code"].as_str().unwrap();
    let gone = bot
        .call(Method::DELETE, &format!("/invites/{last}"), None, 200)
        .await;
    assert_eq!(gone["code"], last);
    assert_eq!(client.event("INVITE_DELETE").await["code"], last);
    sandbox.finish().await
}

#[tokio::test]
async fn who_reads_the_audit_log_sees_invites_without_their_uses() -> Result<(), Error> {
    let watching = r#"["CREATE_INSTANT_INVITE", "VIEW_AUDIT_LOG"]"#;
    let seed = Seed::from_toml(&WORLD.replace(r#"["ADMINISTRATOR"]"#, watching)).unwrap();
    let sandbox = Sandbox::builder().seed(seed).start().await?;
    let bot = Bot::new(&sandbox);
    let (guild, general) = (sandbox.guild_id(), sandbox.channel("general")?);
    let made = bot
        .post(&format!("/channels/{general}/invites"), json!({}))
        .await;
    let listed = bot.get(&format!("/guilds/{guild}/invites")).await;
    assert_eq!(
        (&listed[0]["code"], listed[0].get("uses")),
        (&made["code"], None)
    );
    sandbox.finish().await
}
