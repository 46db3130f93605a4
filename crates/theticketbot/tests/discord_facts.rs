//! The script for a real token, on the sandbox: the script works, and the sandbox behaves as the bot expects
//! of Discord.

#[path = "../examples/discord_facts/client.rs"]
mod client;
#[path = "../examples/discord_facts/facts.rs"]
mod facts;
#[path = "../examples/discord_facts/gateway.rs"]
mod gateway;

use std::time::Duration;

use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::record::{Entry, What};
use discord_sandbox::{Look, Sandbox};
use expect_test::expect;
use serde_json::json;

const MANAGE_CHANNELS: u64 = 1 << 4;
const MANAGE_ROLES: u64 = 1 << 28;

/// The message with this component, once the script has posted it.
async fn posted(sandbox: &Sandbox, custom_id: &str) -> (ChannelId, MessageId) {
    let find = |entry: &Entry| match &entry.what {
        What::Call(call) if call.is("POST", "/channels/*/messages") => {
            let components = call.response["components"].to_string();
            let is_it = components.contains(&format!("\"{custom_id}\""));
            let id = |field: &str| call.response[field].as_str()?.parse().ok();
            is_it
                .then(|| Some((ChannelId(id("channel_id")?), MessageId(id("id")?))))
                .flatten()
        }
        _ => None,
    };
    let found = sandbox.wait_for_entry("a request to click", 0, find);
    found.await.unwrap()
}

/// Follows the script's requests: clicks, chooses, and confirms that the menu is empty again.
async fn click_as_asked(sandbox: &Sandbox) {
    let member = sandbox.member2();
    let (thread, message) = posted(sandbox, "facts").await;
    let archived = |look: &Look<'_>| look.thread(thread)?.archived.then_some(());
    sandbox
        .wait_until("an archived thread", archived)
        .await
        .unwrap();
    // Discord's apps reopen an archived thread before a click in it.
    member.reopen(thread).await.unwrap();
    member.click(thread, message, "facts").await.unwrap();
    let (channel, message) = posted(sandbox, "facts-menu").await;
    let chosen = member.choose(channel, message, "facts-menu", &["A"]);
    chosen.await.unwrap();
    let (channel, message) = posted(sandbox, "facts-no").await;
    member.click(channel, message, "facts-no").await.unwrap();
}

#[tokio::test]
async fn the_sandbox_agrees_with_what_is_assumed_of_discord() {
    let sandbox = Sandbox::start().await.unwrap();
    let owner = sandbox.owner();
    let permissions = (MANAGE_CHANNELS | MANAGE_ROLES).to_string();
    let role = json!({"name": "Facts", "permissions": permissions});
    let role = owner.create_role(role).await.unwrap();
    owner.give_role(sandbox.bot_id(), role).await.unwrap();
    let setup = facts::Setup {
        client: client::Client::new(&sandbox.url(), &sandbox.token()),
        server: sandbox.guild_id().to_string(),
        member: sandbox.member2().id().to_string(),
        wait_for_clicks: Some(Duration::from_secs(20)),
    };
    let (findings, ()) = tokio::join!(facts::try_all(&setup), click_as_asked(&sandbox));
    let findings = findings.unwrap();
    let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
    expect![[r"
        holds      the creator unlocks a thread without Manage Threads: refused (403, code 50013)
        holds      a member who cannot view the channel is added to a thread in it: refused (403, code 50001), not a member
        holds      mention_roles of a role that may not be mentioned: is empty
        holds      mention_roles of a role that may be mentioned: has the role
        holds      a mention that is edited into a message: adds the member
        holds      a mention in a message that suppresses notifications: adds the member
        holds      a session that is resumed while it is connected: RESUMED; the first connection stays open
        holds      a click on a button in an archived thread: THREAD_UPDATE, INTERACTION_CREATE
        holds      a menu after its message was updated unchanged: shows no choice"]].assert_eq(&shown.join("\n"));
    assert!(findings.iter().all(facts::Finding::holds));
}
