//! The audit log over REST and the gateway, with reasons.

mod bot;
mod client;
mod control;

use bot::Bot;
use client::{Client, TICKET_BOT};
use control::Control;
use discord_sandbox::{Error, Sandbox, Seed};
use reqwest::Method;
use serde_json::json;

const WORLD: &str = r#"
people = [{ username = "olivia" }, { username = "mia", part = "member" }]

[[guilds]]
name = "Watched"
roles = [{ bot = true, permissions = ["ADMINISTRATOR"] }]
members = [{ user = "mia" }]
channels = [{ name = "general" }]
"#;

#[tokio::test]
async fn who_did_what_and_why() -> Result<(), Error> {
    let seed = Seed::from_toml(WORLD).unwrap();
    let sandbox = Sandbox::builder().seed(seed).start().await?;
    let (bot, control) = (Bot::new(&sandbox), Control::new(&sandbox));
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT | 1 << 2).await;
    let (guild, general) = (sandbox.guild_id(), sandbox.channel("general")?);
    let mia = sandbox.member().id();

    let edit = json!({"topic": "Quiet, please"});
    bot.because(
        "noise%20%F0%9F%94%8A",
        Method::PATCH,
        &format!("/channels/{general}"),
        edit,
    )
    .await;
    client.event("CHANNEL_UPDATE").await;
    let told = client.event("GUILD_AUDIT_LOG_ENTRY_CREATE").await;
    assert_eq!(
        (&told["guild_id"], &told["target_id"], &told["action_type"]),
        (&json!(guild), &json!(general), &json!(11))
    );
    assert_eq!(told["reason"], "noise 🔊");
    assert_eq!(
        told["changes"],
        json!([{"key": "topic", "new_value": "Quiet, please"}])
    );

    let banned = format!("/people/olivia/guilds/{guild}/bans/mia");
    control.ok("PUT", &banned, &json!({"reason": "spam"})).await;
    let log = bot.get(&format!("/guilds/{guild}/audit-logs")).await;
    let entries = log["audit_log_entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(
        (&entries[0]["action_type"], &entries[0]["reason"]),
        (&json!(22), &json!("spam"))
    );
    let names: Vec<_> = log["users"].as_array().unwrap().iter().collect();
    assert!(
        names.iter().any(|user| user["id"] == json!(mia)),
        "{names:?}"
    );
    let bans = format!("/guilds/{guild}/audit-logs?action_type=22&target_id={mia}&limit=1");
    let bans = bot.get(&bans).await;
    assert_eq!(bans["audit_log_entries"][0]["id"], entries[0]["id"]);
    let after = entries[1]["id"].as_str().unwrap();
    let after = bot
        .get(&format!("/guilds/{guild}/audit-logs?after={after}"))
        .await;
    assert_eq!(after["audit_log_entries"].as_array().unwrap().len(), 1);
    sandbox.finish().await
}

#[tokio::test]
async fn a_reason_is_not_longer_than_the_log_can_hold() -> Result<(), Error> {
    let seed = Seed::from_toml(WORLD).unwrap();
    let builder = Sandbox::builder().seed(seed).bad_requests_are_meant();
    let sandbox = builder.start().await?;
    let general = sandbox.channel("general")?;
    for (length, status) in [(512, 200), (513, 400)] {
        let answer = reqwest::Client::new()
            .patch(format!("{}/api/v10/channels/{general}", sandbox.url()))
            .header("Authorization", format!("Bot {}", sandbox.token()))
            .header("X-Audit-Log-Reason", "%C3%A9".repeat(length))
            .json(&json!({"topic": length.to_string()}))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{length}");
    }
    let shown = Bot::new(&sandbox)
        .get(&format!("/channels/{general}"))
        .await;
    assert_eq!(shown["topic"], "512");
    sandbox.finish().await
}
