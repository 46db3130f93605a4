//! Which events a bot receives: intents, what it can see, where it is a member, members on
//! request.

mod client;

use client::{Came, Client, TICKET_BOT};
use discord_sandbox::permissions::Permissions;
use discord_sandbox::{Error, Sandbox};
use serde_json::{Value, json};

#[tokio::test]
async fn intents_decide_what_is_delivered() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let general = sandbox.channel("general")?;
    let guilds = 1;
    let (mut quiet, _) = Client::ready(&sandbox, guilds).await;
    let (mut gated, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let (mut full, _) = Client::ready(&sandbox, TICKET_BOT | 1 << 15).await;
    let text = sandbox.member().send(general, "secret").await?;
    let mention = format!("hello <@{}>", sandbox.bot_id());
    sandbox.member().send(general, &mention).await?;
    sandbox.member().leave_guild().await?;

    let message = gated.event("MESSAGE_CREATE").await;
    assert_eq!(
        (&message["id"], &message["content"]),
        (&json!(text.id()), &json!(""))
    );
    assert_eq!(gated.event("MESSAGE_CREATE").await["content"], mention);
    gated.event("GUILD_MEMBER_REMOVE").await;
    assert_eq!(full.event("MESSAGE_CREATE").await["content"], "secret");
    assert_eq!(full.event("MESSAGE_CREATE").await["content"], mention);

    // A heartbeat's answer comes after whatever was to be delivered before it.
    quiet.send(json!({"op": 1, "d": null})).await;
    assert_eq!(quiet.payload().await["op"], 11);
    Ok(())
}

#[tokio::test]
async fn what_the_bot_cannot_see_is_not_delivered() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (general, support) = (sandbox.channel("general")?, sandbox.channel("support")?);
    let bot_role = sandbox.defaults().bot_role;
    let view = Permissions::VIEW_CHANNEL.0;
    sandbox
        .owner()
        .set_role_overwrite(support, bot_role, 0, view)
        .await?;
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    sandbox.member().send(support, "unseen").await?;
    let seen = sandbox.member().send(general, "seen").await?;
    assert_eq!(
        client.event("MESSAGE_CREATE").await["id"],
        seen.id().to_string()
    );

    // Nor is a private thread that it is not in, unless it may manage threads.
    sandbox
        .owner()
        .edit_role(bot_role, json!({"permissions": view.to_string()}))
        .await?;
    let thread = sandbox
        .owner()
        .create_thread(general, "private", true)
        .await?;
    sandbox.owner().send(thread.id(), "unseen").await?;
    let seen = sandbox.member().send(general, "seen").await?;
    let events = client.events_until("MESSAGE_CREATE").await;
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert!(
        !names.iter().any(|name| name.starts_with("THREAD_CREATE")),
        "{names:?}"
    );
    assert_eq!(events.last().unwrap().1["id"], seen.id().to_string());
    Ok(())
}

#[tokio::test]
async fn a_kicked_bot_hears_no_more_until_it_is_invited() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let general = sandbox.channel("general")?;
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    sandbox.owner().kick(sandbox.bot_id()).await?;
    let gone = client.events_until("GUILD_DELETE").await;
    assert_eq!(gone.last().unwrap().1["id"], sandbox.guild_id().to_string());
    assert_ne!(gone.last().unwrap().1["unavailable"], true);
    sandbox.member().send(general, "unheard").await?;
    client.send(json!({"op": 1, "d": null})).await;
    assert_eq!(client.payload().await["op"], 11);

    sandbox.owner().invite(sandbox.bot_id()).await?;
    let created = client.events_until("GUILD_CREATE").await;
    assert_eq!(
        created.last().unwrap().1["id"],
        sandbox.guild_id().to_string()
    );
    let heard = sandbox.member().send(general, "heard").await?;
    // Discord's own message about the join may come before.
    while client.events_until("MESSAGE_CREATE").await.pop().unwrap().1["id"]
        != heard.id().to_string()
    {}
    Ok(())
}

#[tokio::test]
async fn members_are_sent_on_request() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    sandbox.crowd("crowd", 1500)?;
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let guild = sandbox.guild_id();
    let ask = |more: Value| {
        let mut d = json!({"guild_id": guild});
        for (field, value) in more.as_object().unwrap() {
            d[field] = value.clone();
        }
        json!({"op": 8, "d": d})
    };

    client
        .send(ask(json!({"query": "", "limit": 0, "nonce": "all"})))
        .await;
    let mut all = 0;
    for index in 0..2 {
        let chunk = client.event("GUILD_MEMBERS_CHUNK").await;
        assert_eq!(
            (&chunk["chunk_index"], &chunk["chunk_count"]),
            (&json!(index), &json!(2))
        );
        assert_eq!(chunk["nonce"], "all");
        all += chunk["members"].as_array().unwrap().len();
    }
    assert_eq!(all, 1505);

    client.send(ask(json!({"query": "", "limit": 0}))).await;
    let limited = client.event("RATE_LIMITED").await;
    assert_eq!(limited["opcode"], 8);
    assert!(limited["retry_after"].as_f64().unwrap() > 0.0, "{limited}");
    assert_eq!(limited["meta"]["guild_id"], guild.to_string());

    client
        .send(ask(json!({"query": "CROWD", "limit": 1000})))
        .await;
    let chunk = client.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(chunk["members"].as_array().unwrap().len(), 100);

    let mia = sandbox.member().id();
    client
        .send(ask(json!({"user_ids": [mia, "17"], "presences": false})))
        .await;
    let chunk = client.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(chunk["members"][0]["user"]["id"], mia.to_string());
    assert_eq!(chunk["not_found"], json!(["17"]));

    // Without the intent there is no full list.
    let (mut client, _) = Client::ready(&sandbox, 1).await;
    client.send(ask(json!({"query": "", "limit": 0}))).await;
    assert_eq!(client.end().await, Came::Closed(4014));
    Ok(())
}
