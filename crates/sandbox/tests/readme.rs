//! What the README shows works.

use discord_sandbox::{Error, Sandbox};
use serde_json::json;

const README: &str = include_str!("../README.md");

#[tokio::test]
async fn ping_is_answered() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let bot = tokio::spawn(my_bot::run(sandbox.url(), sandbox.token()));
    sandbox.wait_for_bot().await?;

    let mia = sandbox.member();
    let answer = mia.run("ping", json!({})).await?;
    assert_eq!(answer.content()?, "pong");

    bot.abort();
    sandbox.finish().await // fails if there were problems
}

#[test]
fn the_test_of_the_readme_is_the_one_above() {
    let own = include_str!("readme.rs");
    let mut blocks = README.split("```rust\n").skip(1);
    let shown = blocks
        .find(|block| block.contains("#[tokio::test]"))
        .unwrap();
    let shown = shown.split("```").next().unwrap();
    assert!(own.contains(shown), "{shown}");
}

#[test]
fn what_points_a_library_at_it_is_what_the_clients_do() {
    for (bot, lines) in [
        (
            include_str!("../clients/discordpy/bot.py"),
            &[
                "discord.http.Route.BASE = f\"{URL}/api/v10\"",
                "discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(",
            ][..],
        ),
        (
            include_str!("../clients/unmodified/run"),
            &[
                "discord.http.Route.API_BASE_URL = f\"{URL}/api/v10\"",
                "disnake.http.Route.BASE = f\"{URL}/api/v10\"",
                "nextcord.http.Route.BASE = f\"{URL}/api/v10\"",
                "from interactions.api.http.route import Route",
                "Route.BASE = f\"{URL}/api/v10\"",
                "rest_url=f\"{",
                "rest: { baseURL: `${",
            ],
        ),
        (
            include_str!("../clients/discordjs/bot.js"),
            &["new Client({", "/api`, cdn: "],
        ),
        (
            include_str!("../clients/rust/serenity/src/main.rs"),
            &[
                "HttpBuilder::new(",
                ".proxy(",
                ".ratelimiter_disabled(true)",
                "ClientBuilder::new_with_http(http, intents)",
            ],
        ),
        (
            include_str!("../clients/rust/twilight/src/main.rs"),
            &[
                ".proxy(",
                ", true)",
                ".proxy_url(format!(\"ws://{",
                "Shard::with_config(ShardId::ONE, config)",
            ],
        ),
    ] {
        for line in lines {
            assert!(bot.contains(line) && README.contains(line), "{line}");
        }
    }
}

#[tokio::test]
async fn the_seed_file_of_the_readme_works() {
    let mut blocks = README.split("```toml\n").skip(1);
    let world = blocks.find(|block| block.contains("[[guilds]]")).unwrap();
    let world = world.split("```").next().unwrap();
    let file = std::env::temp_dir().join(format!("readme-{}.toml", std::process::id()));
    std::fs::write(&file, world).unwrap();
    let builder = Sandbox::builder().seed_file(&file);
    std::fs::remove_file(&file).unwrap();

    let sandbox = builder.unwrap().start().await.unwrap();
    assert_eq!(sandbox.guild_id().0, 1_300_000_000_000_000_002);
    let ada = sandbox.person_named("ada").unwrap();
    assert_eq!(ada.id(), sandbox.moderator().id());
    let staff = sandbox.channel("staff").unwrap();
    ada.send(staff, "Bonjour").await.unwrap();
    let linus = sandbox.person_named("linus").unwrap();
    assert_eq!(
        linus.send(staff, "Hi").await.unwrap_err().code(),
        Some(50001)
    );
    assert!(sandbox.person_named("moderators").is_err());

    // A reset brings the same world back.
    sandbox.reset();
    assert_eq!(sandbox.person_named("ada").unwrap().id(), ada.id());
    sandbox.finish().await.unwrap();
}

/// As small as a bot can be.
mod my_bot {
    use futures_util::{SinkExt as _, StreamExt as _};
    use serde_json::{Value, json};
    use tokio_tungstenite::tungstenite::Message;

    pub(super) async fn run(url: String, token: String) {
        let (http, api) = (reqwest::Client::new(), format!("{url}/api/v10"));
        let authorization = format!("Bot {token}");
        let me = http.get(format!("{api}/applications/@me"));
        let me = me
            .header("Authorization", &authorization)
            .send()
            .await
            .unwrap();
        let me: Value = me.json().await.unwrap();
        let commands = json!([{"name": "ping", "description": "Answers"}]);
        let path = format!("{api}/applications/{}/commands", me["id"].as_str().unwrap());
        let put = http.put(path).header("Authorization", &authorization);
        put.json(&commands)
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();

        let gateway = url.replace("http", "ws");
        let (mut socket, _) = tokio_tungstenite::connect_async(gateway).await.unwrap();
        let properties = json!({"os": "linux", "browser": "test", "device": "test"});
        let identify =
            json!({"op": 2, "d": {"token": token, "intents": 1, "properties": properties}});
        socket
            .send(Message::text(identify.to_string()))
            .await
            .unwrap();
        while let Some(Ok(message)) = socket.next().await {
            let Ok(text) = message.to_text() else {
                continue;
            };
            let Ok(payload) = serde_json::from_str::<Value>(text) else {
                continue;
            };
            if payload["t"] == "INTERACTION_CREATE" {
                let part = |name: &str| payload["d"][name].as_str().unwrap().to_owned();
                let path = format!(
                    "{api}/interactions/{}/{}/callback",
                    part("id"),
                    part("token")
                );
                let pong = json!({"type": 4, "data": {"content": "pong"}});
                http.post(path).json(&pong).send().await.unwrap();
            }
        }
    }
}
