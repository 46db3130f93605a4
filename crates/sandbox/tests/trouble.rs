//! Trouble on demand, over HTTP and the gateway.

mod client;

use client::{Client, TICKET_BOT};
use discord_sandbox::id::ChannelId;
use discord_sandbox::record::What;
use discord_sandbox::world::RoleMentions;
use discord_sandbox::world::model::Privileged;
use discord_sandbox::{Error, EventFault, Frame, Hold, Limits, Sandbox};
use serde_json::{Value, json};

/// A call of the control API: its status and answer.
async fn control(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> (u16, Value) {
    let answer = reqwest::Client::new()
        .request(
            method.parse().unwrap(),
            format!("{}/control{path}", sandbox.url()),
        )
        .json(&body)
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_default())
}

/// One that must be answered with 204.
async fn done(sandbox: &Sandbox, method: &str, path: &str, body: Value) {
    let (status, answer) = control(sandbox, method, path, body).await;
    assert_eq!(status, 204, "{method} {path}: {answer}");
}

/// The contents of the next messages.
async fn contents(client: &mut Client, count: usize) -> Vec<String> {
    let mut contents = Vec::new();
    for _ in 0..count {
        let message = client.event("MESSAGE_CREATE").await;
        contents.push(message["content"].as_str().unwrap().to_owned());
    }
    contents
}

/// With the content of messages.
const READER: u64 = TICKET_BOT | 1 << 15;

#[tokio::test]
async fn an_event_comes_twice() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, READER).await;
    let (mia, support) = (sandbox.member(), sandbox.channel("support")?);
    let fault = json!({"event": "MESSAGE_CREATE", "times": 2, "copies": 1});
    done(&sandbox, "POST", "/gateway/event-faults", fault).await;
    mia.send(support, "one").await?;
    let (_, waiting) = control(&sandbox, "GET", "/gateway/event-faults", json!({})).await;
    assert_eq!(
        waiting,
        json!([{"event": "MESSAGE_CREATE", "times": 1, "copies": 1, "behind": 0}])
    );
    mia.send(support, "two").await?;
    mia.send(support, "three").await?;
    let came = contents(&mut client, 5).await;
    assert_eq!(came, ["one", "one", "two", "two", "three"]);
    assert_eq!(client.seq, 7, "each has a number of its own");
    assert_eq!(sandbox.waiting_event_faults(), []);
    sandbox.finish().await
}

#[tokio::test]
async fn an_event_comes_after_what_happened_later() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, READER).await;
    let (mia, support) = (sandbox.member(), sandbox.channel("support")?);
    let fault = json!({"event": "MESSAGE_CREATE", "behind": 2});
    done(&sandbox, "POST", "/gateway/event-faults", fault).await;
    for text in ["one", "two", "three", "four"] {
        mia.send(support, text).await?;
    }
    assert_eq!(
        contents(&mut client, 4).await,
        ["two", "three", "one", "four"]
    );

    // What nothing follows is sent on request.
    sandbox.fault_event(EventFault::late("MESSAGE_CREATE", 100))?;
    mia.send(support, "five").await?;
    mia.send(support, "six").await?;
    done(&sandbox, "DELETE", "/gateway/event-faults", json!({})).await;
    assert_eq!(contents(&mut client, 2).await, ["six", "five"]);
    sandbox.finish().await
}

#[tokio::test]
async fn an_event_fault_that_cannot_be_is_refused() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    for (fault, wrong) in [
        (json!({}), "event"),
        (json!({"event": "NONSENSE", "copies": 1}), "NONSENSE"),
        (json!({"event": "GUILD_DELETE", "copies": 1}), "once"),
        (json!({"event": "INTERACTION_CREATE", "behind": 1}), "time"),
        (json!({"event": "MESSAGE_CREATE"}), "either"),
        (json!({"event": "MESSAGE_CREATE", "copies": -1}), "`copies`"),
    ] {
        let (status, answer) =
            control(&sandbox, "POST", "/gateway/event-faults", fault.clone()).await;
        assert_eq!(status, 400, "{fault}");
        let message = answer["message"].as_str().unwrap();
        assert!(message.contains(wrong), "{fault}: {message}");
    }
    assert!(
        sandbox
            .fault_event(EventFault::twice("GUILD_CREATE"))
            .is_err()
    );
    sandbox.finish().await
}

/// Waits until the gateway noted something like this.
async fn noted(sandbox: &Sandbox, words: &str) -> Result<(), Error> {
    let is_it = |what: &What| matches!(what, What::Gateway { what } if what.contains(words));
    sandbox
        .wait_for_entry(words, 0, |entry| is_it(&entry.what).then_some(()))
        .await
}

#[tokio::test]
async fn gateway_clients_wait_for_what_is_held() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let path = "/gateway/holds";
    for what in ["hello", "ready", "guilds"] {
        done(&sandbox, "POST", path, json!({"what": what})).await;
    }
    let (_, held) = control(&sandbox, "GET", path, json!({})).await;
    assert_eq!(held, json!(["hello", "ready", "guilds"]));
    done(&sandbox, "DELETE", path, json!({})).await;
    let (status, answer) = control(&sandbox, "POST", path, json!({"what": "tea"})).await;
    assert_eq!(status, 400, "{answer}");

    sandbox.hold_gateway(Hold::Hello);
    let said_hello = async {
        noted(&sandbox, "waits for its HELLO").await?;
        sandbox.release_gateway();
        Ok::<_, Error>(())
    };
    let (mut client, said) = tokio::join!(Client::connect(&sandbox), said_hello);
    said?;

    sandbox.hold_gateway(Hold::Ready);
    client.send(client::identify(&sandbox, &json!({}))).await;
    client.send(json!({"op": 1, "d": null})).await;
    assert_eq!(client.payload().await["op"], 11);
    // Both are released, and one is held again before it can go out.
    sandbox.release_gateway();
    client.event("READY").await;
    client.event("GUILD_CREATE").await;

    sandbox.hold_gateway(Hold::Guilds);
    let mut client = Client::connect(&sandbox).await;
    client.send(client::identify(&sandbox, &json!({}))).await;
    client.event("READY").await;
    client.send(json!({"op": 1, "d": 1})).await;
    assert_eq!(client.payload().await["op"], 11);
    sandbox.release_gateway();
    client.event("GUILD_CREATE").await;

    sandbox.hold_gateway(Hold::Acks);
    client.send(json!({"op": 1, "d": 2})).await;
    noted(&sandbox, "no answer to a heartbeat").await?;
    sandbox.release_gateway();
    client.send(json!({"op": 1, "d": 2})).await;
    assert_eq!(client.payload().await["op"], 11);
    sandbox.finish().await
}

#[tokio::test]
async fn gateway_clients_are_sent_whatever_somebody_likes() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    sandbox.hold_gateway(Hold::Hello);
    let said_hello = async {
        noted(&sandbox, "waits for its HELLO").await?;
        sandbox.send_frame(Frame::text(r#"{"op":10,"d":{"heartbeat_interval":60000}}"#));
        Ok::<_, Error>(())
    };
    let (mut client, said) = tokio::join!(Client::connect(&sandbox), said_hello);
    said?;
    // No other HELLO comes.
    sandbox.release_gateway();
    client.identify(&sandbox, &json!({})).await;
    let path = "/gateway/frames";
    let text = json!({"text": r#"{"op":0,"t":"NONSENSE","s":1,"d":{"a":[1]}}"#});
    let (status, told) = control(&sandbox, "POST", path, text).await;
    assert_eq!((status, told), (200, json!({"connections": 1})));
    assert_eq!(client.event("NONSENSE").await, json!({"a": [1]}));
    for wrong in [json!({}), json!({"bytes": "?"}), json!({"text": 1})] {
        let (status, answer) = control(&sandbox, "POST", path, wrong).await;
        assert_eq!(status, 400, "{answer}");
    }
    sandbox.finish().await
}

#[tokio::test]
async fn an_interaction_is_forged() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, READER).await;
    let (role, support) = (sandbox.moderator_role(), sandbox.channel("support")?);
    let path = "/people/member/forgeries";
    let id = "x".repeat(200);
    let values = [role.to_string(), "no id".to_owned()];
    let body = json!({"channel_id": support, "custom_id": id, "component_type": 7,
        "values": values, "message_id": "5"});
    let (status, sent) = control(&sandbox, "POST", path, body).await;
    assert_eq!((status, &sent["state"]), (200, &json!("pending")));
    let made = client.event("INTERACTION_CREATE").await;
    assert_eq!(made["id"], sent["id"]);
    assert_eq!((&made["type"], &made["message"]), (&json!(3), &Value::Null));
    assert_eq!(made["data"]["custom_id"], json!(id));
    assert_eq!(made["data"]["values"], json!(values));
    assert!(made["data"]["resolved"]["roles"][role.to_string()].is_object());

    let body = json!({"channel_id": support, "custom_id": "f", "fields": {"a": "b"}});
    assert_eq!(control(&sandbox, "POST", path, body).await.0, 200);
    let made = client.event("INTERACTION_CREATE").await;
    let field = &made["data"]["components"][0]["component"];
    assert_eq!(made["type"], 5);
    assert_eq!(
        (&field["custom_id"], &field["value"]),
        (&json!("a"), &json!("b"))
    );

    let nowhere = json!({"channel_id": "1", "custom_id": "f"});
    assert_eq!(control(&sandbox, "POST", path, nowhere).await.0, 404);
    sandbox.finish().await
}

#[tokio::test]
async fn a_guild_becomes_unavailable_and_available_again() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, READER).await;
    let (mia, support) = (sandbox.member(), sandbox.channel("support")?);
    let guild = sandbox.guild_id().to_string();
    let path = format!("/guilds/{guild}/outage");
    done(&sandbox, "PUT", &path, json!({})).await;
    done(&sandbox, "PUT", &path, json!({})).await;
    let gone = client.event("GUILD_DELETE").await;
    assert_eq!(gone, json!({"id": guild, "unavailable": true}));

    // Events in between are not sent, but their results are there afterwards.
    mia.send(support, "in the dark").await?;
    sandbox
        .owner()
        .edit_channel(support, json!({"topic": "changed meanwhile"}))
        .await?;
    // A bot that logs in now waits for it.
    let mut second = Client::connect(&sandbox).await;
    second.send(client::identify(&sandbox, &json!({}))).await;
    let ready = second.event("READY").await;
    assert_eq!(ready["guilds"], json!([{"id": guild, "unavailable": true}]));

    done(&sandbox, "DELETE", &path, json!({})).await;
    done(&sandbox, "DELETE", &path, json!({})).await;
    for client in [&mut client, &mut second] {
        let back = client.event("GUILD_CREATE").await;
        assert_eq!(back["unavailable"], false);
        let channels = back["channels"].as_array().unwrap();
        let topics = channels.iter().map(|c| &c["topic"]);
        assert!(topics.into_iter().any(|t| t == "changed meanwhile"));
    }
    mia.send(support, "hello").await?;
    assert_eq!(contents(&mut client, 1).await, ["hello"]);

    let (status, answer) = control(&sandbox, "PUT", "/guilds/1/outage", json!({})).await;
    assert_eq!(status, 404, "{answer}");
    sandbox.finish().await
}

#[tokio::test]
async fn a_bot_that_is_removed_during_an_outage_is_told() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, READER).await;
    let guild = sandbox.guild_id();
    sandbox.begin_outage(guild)?;
    client.event("GUILD_DELETE").await;
    let bot = sandbox.bot_id();
    let path = format!("/people/owner/guilds/{guild}/members/{bot}");
    done(&sandbox, "DELETE", &path, json!({})).await;
    let removed = client.event("GUILD_DELETE").await;
    assert_eq!(removed, json!({"id": guild.to_string()}));
    sandbox.end_outage(guild)?;
    done(&sandbox, "PUT", &path, json!({})).await;
    client.event("GUILD_CREATE").await;
    sandbox.finish().await
}

/// The owner's private thread in `#support`.
async fn thread(sandbox: &Sandbox) -> Result<ChannelId, Error> {
    let support = sandbox.channel("support")?;
    Ok(sandbox
        .owner()
        .create_thread(support, "help", true)
        .await?
        .id())
}

/// What the bot's call is answered with.
async fn call(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> (u16, Value) {
    let answer = reqwest::Client::new()
        .request(
            method.parse().unwrap(),
            format!("{}/api/v10{path}", sandbox.url()),
        )
        .header("authorization", format!("Bot {}", sandbox.token()))
        .json(&body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_role_is_too_large_to_expand() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (role, max) = (sandbox.moderator_role(), sandbox.moderator().id());
    let id = thread(&sandbox).await?;
    let messages = format!("/channels/{id}/messages");
    let mention = json!({"content": format!("<@&{role}>")});
    let path = format!("/roles/{role}/mentions");
    let is_in = || sandbox.look(|look| look.is_in_thread(id, max));

    done(&sandbox, "PUT", &path, json!({"outcome": "fail"})).await;
    let (status, answer) = call(&sandbox, "POST", &messages, mention.clone()).await;
    assert_eq!((status, &answer["code"]), (500, &json!(0)), "{answer}");
    assert!(sandbox.look(|look| look.newest_message(id).is_none()));
    // Without the mention, or outside threads, nothing fails.
    let (status, plain) = call(&sandbox, "POST", &messages, json!({"content": "x"})).await;
    assert_eq!(status, 200);
    let quiet = json!({"content": format!("<@&{role}>"), "allowed_mentions": {"parse": []}});
    assert_eq!(call(&sandbox, "POST", &messages, quiet).await.0, 200);
    let elsewhere = format!("/channels/{}/messages", sandbox.channel("support")?);
    assert_eq!(
        call(&sandbox, "POST", &elsewhere, mention.clone()).await.0,
        200
    );
    let edited = format!("{messages}/{}", plain["id"].as_str().unwrap());
    assert_eq!(
        call(&sandbox, "PATCH", &edited, mention.clone()).await.0,
        500
    );
    let (_, still) = call(&sandbox, "GET", &edited, json!({})).await;
    assert_eq!(still["content"], "x");
    assert!(!is_in());

    done(&sandbox, "PUT", &path, json!({"outcome": "skip"})).await;
    let (status, sent) = call(&sandbox, "POST", &messages, mention.clone()).await;
    assert_eq!((status, &sent["flags"]), (200, &json!(1 << 8)));
    assert!(!is_in());

    done(&sandbox, "PUT", &path, json!({"outcome": "invite"})).await;
    let (status, sent) = call(&sandbox, "POST", &messages, mention).await;
    assert_eq!((status, &sent["flags"]), (200, &json!(0)));
    assert!(is_in());

    let (status, _) = control(&sandbox, "PUT", &path, json!({"outcome": "no"})).await;
    assert_eq!(status, 400);
    let nobody = json!({"outcome": "skip"});
    let (status, answer) = control(&sandbox, "PUT", "/roles/1/mentions", nobody).await;
    assert_eq!((status, &answer["code"]), (404, &json!(10011)));
    sandbox.finish().await
}

#[tokio::test]
async fn a_token_is_reset_until_the_sandbox_is() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let status = async || call(&sandbox, "GET", "/users/@me", json!({})).await.0;
    assert_eq!(status().await, 200);
    let (answered, told) = control(&sandbox, "POST", "/token/reset", json!({})).await;
    assert_eq!((answered, told), (200, json!({"connections": 0})));
    assert_eq!(status().await, 401);
    sandbox.reset();
    assert_eq!(status().await, 200);
    sandbox.reset_token()?;
    assert_eq!(status().await, 401);
    Ok(())
}

#[tokio::test]
async fn a_privileged_intent_is_switched_off_and_on() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let members = format!("/guilds/{}/members", sandbox.guild_id());
    let (status, _) = call(&sandbox, "GET", &members, json!({})).await;
    assert_eq!(status, 200);
    let off = json!({"members": false});
    let (status, now) = control(&sandbox, "PUT", "/intents", off).await;
    let expected = json!({"members": false, "presences": true, "message_content": true});
    assert_eq!((status, &now), (200, &expected));
    let (status, _) = call(&sandbox, "GET", &members, json!({})).await;
    assert_eq!(status, 403);
    let wrong = json!({"guilds": false});
    let (status, _) = control(&sandbox, "PUT", "/intents", wrong).await;
    assert_eq!(status, 400);
    sandbox.switch_intents(Privileged::default())?;
    let (status, _) = call(&sandbox, "GET", &members, json!({})).await;
    assert_eq!(status, 200);
    sandbox.finish().await
}

#[tokio::test]
async fn a_name_is_refused_for_its_words() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let support = sandbox.channel("support")?;
    let words = json!({"words": ["Pony"]});
    let (status, now) = control(&sandbox, "PUT", "/refused-words", words).await;
    assert_eq!((status, &now), (200, &json!({"words": ["pony"]})));
    let threads = format!("/channels/{support}/threads");
    let (status, answer) = call(&sandbox, "POST", &threads, json!({"name": "My PONY"})).await;
    assert_eq!((status, &answer["code"]), (400, &json!(50035)));
    let error = &answer["errors"]["name"]["_errors"][0]["message"];
    assert!(error.as_str().unwrap().contains("not allowed"), "{answer}");

    let (status, made) = call(&sandbox, "POST", &threads, json!({"name": "My horse"})).await;
    assert_eq!(status, 201);
    let path = format!("/channels/{}", made["id"].as_str().unwrap());
    let (status, _) = call(&sandbox, "PATCH", &path, json!({"name": "ponies, a pony"})).await;
    assert_eq!(status, 400);
    let owner = sandbox.owner();
    let refused = owner.create_channel("ponyhof", 0).await.unwrap_err();
    assert_eq!(refused.code(), Some(50035));
    let refused = owner.rename(support, "pony").await.unwrap_err();
    assert_eq!(refused.code(), Some(50035));

    // A name from before stays, and does not hinder what else is changed.
    sandbox.refuse_words(&["horse"])?;
    let (status, kept) = call(
        &sandbox,
        "PATCH",
        &path,
        json!({"name": "My horse", "locked": true}),
    )
    .await;
    assert_eq!((status, &kept["name"]), (200, &json!("My horse")));
    let (_, now) = control(&sandbox, "GET", "/refused-words", json!({})).await;
    assert_eq!(now, json!({"words": ["horse"]}));
    let (status, _) = control(&sandbox, "PUT", "/refused-words", json!({"words": []})).await;
    assert_eq!(status, 200);
    let (status, _) = call(&sandbox, "POST", &threads, json!({"name": "My pony"})).await;
    assert_eq!(status, 201);
    sandbox.finish().await
}

#[tokio::test]
async fn a_server_is_full_of_active_threads() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let support = sandbox.channel("support")?;
    let path = format!("/people/owner/channels/{support}/threads");
    let many = |count: i64| json!({"name": "many", "type": 12, "count": count});
    for wrong in [0, 1001, -1] {
        let (status, answer) = control(&sandbox, "POST", &path, many(wrong)).await;
        assert_eq!(status, 400, "{answer}");
    }
    let (status, made) = control(&sandbox, "POST", &path, many(998)).await;
    assert_eq!(status, 200);
    let made = made.as_array().unwrap();
    assert_eq!(made.len(), 998);
    assert_eq!(
        (&made[0]["name"], &made[997]["name"]),
        (&json!("many 1"), &json!("many 998"))
    );

    // All or none.
    let (status, answer) = control(&sandbox, "POST", &path, many(3)).await;
    assert_eq!((status, &answer["code"]), (400, &json!(160_006)));
    let owner = sandbox.owner();
    let last = owner.create_threads(support, "last", true, 2).await?;
    assert_eq!(last.len(), 2);
    let threads = format!("/channels/{support}/threads");
    let (status, answer) = call(&sandbox, "POST", &threads, json!({"name": "x"})).await;
    assert_eq!((status, &answer["code"]), (400, &json!(160_006)));
    owner.archive(last[0].id()).await?;
    let (status, _) = call(&sandbox, "POST", &threads, json!({"name": "x"})).await;
    assert_eq!(status, 201);
    sandbox.finish().await
}

#[tokio::test]
async fn a_reset_ends_all_trouble() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let guild = sandbox.guild_id();
    sandbox.begin_outage(guild)?;
    sandbox.fault_event(EventFault::twice("MESSAGE_CREATE"))?;
    sandbox.refuse_words(&["pony"])?;
    sandbox.set_role_mentions(sandbox.moderator_role(), RoleMentions::Fail)?;
    sandbox.set_limits(Limits::Discord);
    done(&sandbox, "POST", "/reset", json!({})).await;
    assert_eq!(sandbox.waiting_event_faults(), []);
    let (_, words) = control(&sandbox, "GET", "/refused-words", json!({})).await;
    assert_eq!(words, json!({"words": []}));
    let (_, limits) = control(&sandbox, "GET", "/limits", json!({})).await;
    assert_eq!(limits, json!({"on": false}));
    // It receives its server, and mentions work.
    let (_client, _) = Client::ready(&sandbox, READER).await;
    let id = thread(&sandbox).await?;
    let mention = json!({"content": format!("<@&{}>", sandbox.moderator_role())});
    let (status, _) = call(
        &sandbox,
        "POST",
        &format!("/channels/{id}/messages"),
        mention,
    )
    .await;
    assert_eq!(status, 200);
    sandbox.finish().await
}

#[tokio::test]
async fn an_interaction_comes_twice() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, READER).await;
    let (mia, general) = (sandbox.member(), sandbox.channel("general")?);
    sandbox.fault_event(EventFault::twice("INTERACTION_CREATE"))?;
    let forged = json!({"channel_id": general, "custom_id": "x"});
    let path = format!("/people/{}/forgeries", mia.id());
    let (_, sent) = control(&sandbox, "POST", &path, forged).await;
    let first = client.event("INTERACTION_CREATE").await;
    assert_eq!(first["id"], sent["id"]);
    assert_eq!(client.event("INTERACTION_CREATE").await, first);

    // Also later, as often as is asked for, while it is known.
    let path = format!("/gateway/interactions/{}", sent["id"].as_str().unwrap());
    done(&sandbox, "POST", &path, Value::Null).await;
    assert_eq!(client.event("INTERACTION_CREATE").await, first);
    sandbox.advance(std::time::Duration::from_secs(16 * 60));
    let (status, refused) = control(&sandbox, "POST", &path, Value::Null).await;
    assert_eq!((status, &refused["code"]), (404, &json!(10062)));
    sandbox.finish().await
}
