//! A gateway session over a real WebSocket: how it begins, continues, is resumed and ends.

mod client;

use std::time::Duration;

use client::{Came, Client, Decoder, TICKET_BOT, identify, resume};
use discord_sandbox::world::MoreGuilds;
use discord_sandbox::world::model::Privileged;
use discord_sandbox::{Error, Limits, Sandbox};
use serde_json::{Value, json};

#[tokio::test]
async fn a_session_begins_with_every_compression() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    for (query, decoder, more) in [
        ("v=10&encoding=json", Decoder::Plain, json!({})),
        (
            "",
            Decoder::Plain,
            json!({"compress": true, "token": format!("Bot {}", sandbox.token())}),
        ),
        (
            "v=10&encoding=json&compress=zlib-stream",
            Decoder::zlib(),
            json!({"shard": [0, 1]}),
        ),
        (
            "v=10&compress=zstd-stream",
            Decoder::zstd(),
            json!({"presence": null}),
        ),
    ] {
        let mut client = Client::connect_with(&sandbox, query, decoder).await;
        client.send(json!({"op": 1, "d": null})).await;
        assert_eq!(
            client.payload().await["op"],
            11,
            "a heartbeat before identify is answered"
        );
        client.send(identify(&sandbox, &more)).await;
        let ready = client.event("READY").await;
        assert_eq!(ready["v"], 10);
        assert_eq!(ready["user"]["id"], sandbox.bot_id().to_string());
        assert_eq!(
            ready["application"]["id"],
            sandbox.application_id().to_string()
        );
        assert_eq!(ready["resume_gateway_url"], sandbox.gateway_url());
        let guild = sandbox.guild_id().to_string();
        assert_eq!(ready["guilds"], json!([{"id": guild, "unavailable": true}]));
        let created = client.event("GUILD_CREATE").await;
        assert_eq!(created["id"], guild);
        assert_eq!(created["channels"].as_array().unwrap().len(), 4);
        assert_eq!(client.seq, 2);
        sandbox.wait_for_bot().await?;

        let text = "ü".repeat(500);
        let sent = sandbox
            .member()
            .send(sandbox.channel("general")?, &text)
            .await?;
        let message = client.event("MESSAGE_CREATE").await;
        assert_eq!(message["id"], sent.id().to_string());
        client.close(1000).await;
    }
    sandbox.finish().await
}

#[tokio::test]
async fn a_resume_repeats_what_was_missed() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let general = sandbox.channel("general")?;
    let (mut first, ready) = Client::ready(&sandbox, TICKET_BOT).await;
    sandbox.member().send(general, "seen").await?;
    first.event("MESSAGE_CREATE").await;
    let seen = first.seq;
    assert_eq!(sandbox.cut_gateway(1006), 1);
    assert_eq!(first.end().await, Came::Lost);
    let missed = sandbox.member().send(general, "missed").await?;

    let mut second = Client::connect(&sandbox).await;
    second
        .send(resume(&sandbox, &ready["session_id"], seen))
        .await;
    assert_eq!(
        second.event("MESSAGE_CREATE").await["id"],
        missed.id().to_string()
    );
    assert_eq!(second.seq, seen + 1);
    let resumed = second.payload().await;
    assert_eq!(resumed["t"], "RESUMED");
    assert!(
        resumed["d"].is_object() && resumed["s"].is_u64(),
        "{resumed}"
    );
    sandbox.wait_for_bot().await?;

    // A third connection takes the session over while the second is still there.
    let mut third = Client::connect(&sandbox).await;
    third
        .send(resume(&sandbox, &ready["session_id"], second.seq))
        .await;
    third.event("RESUMED").await;
    assert_eq!(second.end().await, Came::Lost);
    let sent = sandbox.member().send(general, "to the third").await?;
    assert_eq!(
        third.event("MESSAGE_CREATE").await["id"],
        sent.id().to_string()
    );
    Ok(())
}

#[tokio::test]
async fn a_session_that_is_over_cannot_be_resumed() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    for end in [
        "closed with 1000",
        "closed with 1001",
        "too old",
        "forgotten",
        "never there",
    ] {
        let (client, ready) = Client::ready(&sandbox, TICKET_BOT).await;
        let mut session = ready["session_id"].clone();
        let disconnected = sandbox.mark();
        match end {
            "closed with 1000" => client.close(1000).await,
            "closed with 1001" => client.close(1001).await,
            "too old" => client.close(4000).await,
            "forgotten" => {
                sandbox.end_sessions();
                drop(client);
            }
            _ => {
                session = json!("0123");
                client.close(1000).await;
            }
        }
        let gone = |entry: &discord_sandbox::record::Entry| {
            entry.what.summary().contains("closed").then_some(())
        };
        if end != "forgotten" {
            sandbox
                .wait_for_entry("the connection is closed", disconnected, gone)
                .await?;
        }
        if end == "too old" {
            sandbox.advance(Duration::from_secs(3600));
        }
        let mut client = Client::connect(&sandbox).await;
        client.send(resume(&sandbox, &session, 1)).await;
        let invalid = client.payload().await;
        assert_eq!(
            (&invalid["op"], &invalid["d"]),
            (&json!(9), &json!(false)),
            "{end}"
        );
        // The same connection may identify again.
        client.identify(&sandbox, &json!({})).await;
        client.close(1000).await;
    }
    Ok(())
}

#[tokio::test]
async fn a_session_survives_other_closes() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    for code in [4000, 3000] {
        let (client, ready) = Client::ready(&sandbox, TICKET_BOT).await;
        let seen = client.seq;
        client.close(code).await;
        let mut client = Client::connect(&sandbox).await;
        client
            .send(resume(&sandbox, &ready["session_id"], seen))
            .await;
        client.event("RESUMED").await;
        client.close(1000).await;
    }
    Ok(())
}

#[tokio::test]
async fn mistakes_close_the_connection_with_their_code() -> Result<(), Error> {
    let sandbox = Sandbox::builder()
        .privileged_intents(Privileged {
            members: false,
            presences: false,
            message_content: false,
        })
        .start()
        .await?;
    let wrong = |more: Value| identify(&sandbox, &more).to_string();
    for (code, first, then) in [
        (4001, json!({"op": 99}).to_string(), None),
        (4002, "not json".to_owned(), None),
        (4002, json!({"op": 2, "d": 5}).to_string(), None),
        (
            4002,
            format!(
                "{{\"op\": 1, \"d\": null, \"x\": \"{}\"}}",
                "x".repeat(4096)
            ),
            None,
        ),
        (4003, json!({"op": 3, "d": {}}).to_string(), None),
        (
            4003,
            json!({"op": 8, "d": {"guild_id": "1", "query": ""}}).to_string(),
            None,
        ),
        (4004, wrong(json!({"token": "wrong"})), None),
        (
            4004,
            json!({"op": 6, "d": {"token": "x", "session_id": "x", "seq": 1}}).to_string(),
            None,
        ),
        (
            4005,
            wrong(json!({"intents": 1})),
            Some(wrong(json!({"intents": 1}))),
        ),
        (4010, wrong(json!({"intents": 1, "shard": [2, 2]})), None),
        (4010, wrong(json!({"intents": 1, "shard": [0, 0]})), None),
        (4010, wrong(json!({"intents": 1, "shard": "all"})), None),
        (4013, wrong(json!({"intents": 1 << 30})), None),
        (4013, wrong(json!({"intents": null})), None),
        (4014, wrong(json!({"intents": TICKET_BOT})), None),
        (4014, wrong(json!({"intents": 1 << 15})), None),
    ] {
        let mut client = Client::connect(&sandbox).await;
        client.send_text(first.clone()).await;
        if let Some(then) = then {
            client.send_text(then).await;
        }
        assert_eq!(client.end().await, Came::Closed(code), "{first:.200}");
    }
    for (code, query) in [
        (4012, "v=6"),
        (4012, "v=x"),
        (4002, "v=10&encoding=etf"),
        (4002, "v=10&compress=gzip"),
    ] {
        let mut client = Client::raw(&sandbox, query, Decoder::Plain).await;
        assert_eq!(client.end().await, Came::Closed(code), "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn each_bit_of_the_intents_is_known_or_refused() -> Result<(), Error> {
    /// Bits that Discord does not document and takes: nothing depends on them.
    const WITHOUT_EFFECT: [u32; 5] = [17, 18, 19, 22, 23];
    let sandbox = Sandbox::start().await?;
    let general = sandbox.channel("general")?;
    let guild = sandbox.guild_id().to_string();
    for bit in 0..63 {
        let mut client = Client::connect(&sandbox).await;
        let intents = json!({"intents": 1_u64 << bit});
        if bit >= 26 {
            client.send(identify(&sandbox, &intents)).await;
            assert_eq!(client.end().await, Came::Closed(4013), "1 << {bit}");
            continue;
        }
        client.send(identify(&sandbox, &intents)).await;
        let ready = client.event("READY").await;
        assert_eq!(ready["guilds"][0]["id"], guild, "1 << {bit}");
        if WITHOUT_EFFECT.contains(&bit) {
            // Without GUILDS and GUILD_MESSAGES there is nothing to receive before the answer.
            sandbox.member().send(general, "unheard").await?;
            client.send(json!({"op": 1, "d": 1})).await;
            assert_eq!(client.payload().await["op"], 11, "1 << {bit}");
        }
        client.close(1000).await;
    }
    Ok(())
}

#[tokio::test]
async fn a_resume_from_the_future_is_refused() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (client, ready) = Client::ready(&sandbox, TICKET_BOT).await;
    client.close(4000).await;
    let mut client = Client::connect(&sandbox).await;
    client
        .send(resume(&sandbox, &ready["session_id"], 1000))
        .await;
    assert_eq!(client.end().await, Came::Closed(4007));
    Ok(())
}

#[tokio::test]
async fn who_sends_too_much_is_closed() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    for _ in 0..119 {
        client.send(json!({"op": 3, "d": {}})).await;
    }
    client.send(json!({"op": 4, "d": {}})).await;
    assert_eq!(client.end().await, Came::Closed(4008));
    Ok(())
}

#[tokio::test]
async fn who_sends_no_heartbeat_is_closed() -> Result<(), Error> {
    let interval = Duration::from_millis(100);
    let sandbox = Sandbox::builder()
        .heartbeat_interval(interval)
        .start()
        .await?;
    let (mut silent, ready) = Client::ready(&sandbox, TICKET_BOT).await;
    assert_eq!(silent.end().await, Came::Closed(4009));
    let mut again = Client::connect(&sandbox).await;
    again.send(resume(&sandbox, &ready["session_id"], 1)).await;
    assert_eq!(
        again.payload().await["op"],
        9,
        "a session that timed out is over"
    );
    Ok(())
}

#[tokio::test]
async fn each_shard_has_its_servers() -> Result<(), Error> {
    let more = MoreGuilds {
        count: 40,
        channels: 2,
        roles: 1,
    };
    let sandbox = Sandbox::builder().more_guilds(more).start().await?;
    let mut all = Vec::new();
    let mut clients = Vec::new();
    for shard in 0..4 {
        let mut client = Client::connect(&sandbox).await;
        let ready = client
            .identify(&sandbox, &json!({"shard": [shard, 4]}))
            .await;
        assert!(!ready["guilds"].as_array().unwrap().is_empty(), "{ready}");
        assert_eq!(ready["shard"], json!([shard, 4]));
        for guild in ready["guilds"].as_array().unwrap() {
            let id: u64 = guild["id"].as_str().unwrap().parse().unwrap();
            assert_eq!((id >> 22) % 4, shard);
            all.push(id);
        }
        clients.push(client);
    }
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 41);
    // An event goes to its server's shard only.
    sandbox
        .member()
        .send(sandbox.channel("general")?, "hello")
        .await?;
    let its_shard = usize::try_from((sandbox.guild_id().0 >> 22) % 4).unwrap();
    for (shard, client) in clients.iter_mut().enumerate() {
        if shard == its_shard {
            client.event("MESSAGE_CREATE").await;
        }
        client.send(json!({"op": 1, "d": null})).await;
        assert_eq!(client.payload().await["op"], 11);
    }
    Ok(())
}

#[tokio::test]
async fn a_bot_is_ready_when_all_of_its_shards_are() -> Result<(), Error> {
    let sandbox = Sandbox::builder()
        .shards(2)
        .max_concurrency(2)
        .limits(Limits::Discord)
        .start()
        .await?;
    let is_awaited = || sandbox.look(|look| !look.bot_is_ready());
    let mut clients = Vec::new();
    // Both at once: they are of different groups.
    for shard in 0..2 {
        assert!(is_awaited());
        let mut client = Client::connect(&sandbox).await;
        client
            .identify(&sandbox, &json!({"shard": [shard, 2]}))
            .await;
        clients.push(client);
    }
    sandbox.wait_for_bot().await?;
    // A third of the same group is too soon.
    let mut third = Client::connect(&sandbox).await;
    third
        .send(identify(&sandbox, &json!({"shard": [0, 2]})))
        .await;
    assert_eq!(third.payload().await["op"], 9);
    Ok(())
}

#[tokio::test]
async fn the_control_api_cuts_and_asks_to_reconnect() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    assert_eq!(sandbox.ask_to_reconnect(), 1);
    assert_eq!(client.payload().await["op"], 7);
    assert_eq!(sandbox.cut_gateway(4000), 1);
    assert_eq!(client.end().await, Came::Closed(4000));

    let (mut client, ready) = Client::ready(&sandbox, TICKET_BOT).await;
    sandbox.reset();
    assert_eq!(client.end().await, Came::Lost);
    let mut client = Client::connect(&sandbox).await;
    client.send(resume(&sandbox, &ready["session_id"], 1)).await;
    assert_eq!(client.payload().await["op"], 9);
    Ok(())
}

#[tokio::test]
async fn a_sandbox_that_stops_lets_go_of_everything() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let address = sandbox.address();
    sandbox.stop().await;
    assert_eq!(client.end().await, Came::Lost);
    let again = Sandbox::builder().listen(address).start().await?;
    assert_eq!(again.address(), address);
    let error = Sandbox::builder()
        .listen(address)
        .start()
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(&address.to_string()) && error.contains("in use"),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn a_heartbeat_is_not_acknowledged_before_a_client_can_note_it() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let sent = std::time::Instant::now();
    client.send(json!({"op": 1, "d": null})).await;
    assert_eq!(client.payload().await["op"], 11);
    let after = sent.elapsed();
    assert!(after >= Duration::from_millis(25), "{after:?}");
    sandbox.finish().await
}

#[tokio::test]
async fn voice_is_not_imitated_and_says_so() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let guild = sandbox.guild_id();
    let join =
        json!({"guild_id": guild, "channel_id": null, "self_mute": false, "self_deaf": false});
    client.send(json!({"op": 4, "d": join})).await;
    // What comes after it is answered.
    client
        .send(json!({"op": 31, "d": {"guild_ids": [guild, "1"]}}))
        .await;
    let sounds = client.event("SOUNDBOARD_SOUNDS").await;
    assert_eq!(sounds, json!({"guild_id": guild, "soundboard_sounds": []}));
    client.send(json!({"op": 3, "d": {"status": "online", "activities": [], "since": null, "afk": false}})).await;
    client.send(json!({"op": 1, "d": null})).await;
    assert_eq!(client.payload().await["op"], 11);
    let problems: Vec<String> = sandbox.problems().into_iter().map(|p| p.what).collect();
    assert_eq!(problems, ["The sandbox does not imitate voice (op 4)"]);
    Ok(())
}

#[tokio::test]
async fn it_is_recorded_which_connection_had_which_shard() -> Result<(), Error> {
    let more = MoreGuilds {
        count: 40,
        channels: 1,
        roles: 1,
    };
    let sandbox = Sandbox::builder()
        .more_guilds(more)
        .shards(4)
        .max_concurrency(4)
        .start()
        .await?;
    let mut clients = Vec::new();
    let mut served = 0;
    for shard in 0..4_u64 {
        let mut client = Client::connect(&sandbox).await;
        client
            .send(identify(&sandbox, &json!({"shard": [shard, 4]})))
            .await;
        let ready = client.event("READY").await;
        for guild in ready["guilds"].as_array().unwrap() {
            let id: u64 = guild["id"].as_str().unwrap().parse().unwrap();
            assert_eq!((id >> 22) % 4, shard, "{guild} goes to its shard only");
            served += 1;
        }
        clients.push(client);
    }
    assert_eq!(served, 41, "each server has a shard");
    sandbox.wait_for_bot().await?;

    // Only the clients of one shard are cut.
    assert_eq!(sandbox.cut_shard(2), 1);
    let mut cut = clients.remove(2);
    cut.end().await;
    let held = sandbox.held_shards();
    let over = held.iter().filter(|held| held.until.is_some());
    assert_eq!(over.map(|held| held.shard).collect::<Vec<_>>(), [2]);
    let session = json!(held[2].session);
    let mut again = Client::connect(&sandbox).await;
    again.send(resume(&sandbox, &session, cut.seq)).await;
    again.event("RESUMED").await;
    let held = sandbox.held_shards();
    let [.., first, _, second] = &held[..] else {
        panic!("{held:?}");
    };
    assert_eq!((first.shard, first.resumed), (2, false));
    assert_eq!((second.shard, second.resumed), (2, true));
    assert_eq!(first.session, second.session);
    assert_eq!(first.overlap(second, sandbox.now().0), None, "{held:?}");
    Ok(())
}
