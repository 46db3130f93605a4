//! People and a bot: commands, buttons, forms and menus, through the library as a bot's own tests
//! use it.

mod client;

use std::time::Duration;

use client::{Client, TICKET_BOT};
use discord_sandbox::{Error, Fault, Fields, Sandbox, State};
use serde_json::{Value, json};

/// A bot that answers each interaction by what it is called.
struct Bot {
    gateway: Client,
    http: reqwest::Client,
    api: String,
    application: String,
    token: String,
}

impl Bot {
    async fn start(sandbox: &Sandbox) -> Self {
        let (gateway, _) = Client::ready(sandbox, TICKET_BOT).await;
        let bot = Self {
            gateway,
            http: reqwest::Client::new(),
            api: format!("{}/api/v10", sandbox.url()),
            application: sandbox.application_id().to_string(),
            token: sandbox.token(),
        };
        let commands = json!([
            {"name": "ping", "description": "Answers"},
            {"name": "slow", "description": "Thinks first"},
            {"name": "silent", "description": "Never answers"},
            {"name": "form", "description": "Opens a form"},
            {"name": "echo", "description": "Repeats", "options": [
                {"type": 3, "name": "text", "description": "What", "required": true},
            ]},
            {"name": "Quote", "type": 3},
        ]);
        let path = format!("/applications/{}/commands", bot.application);
        bot.rest("PUT", &path, &commands).await;
        bot
    }

    async fn rest(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self
            .http
            .request(method.parse().unwrap(), format!("{}{path}", self.api))
            .header("authorization", format!("Bot {}", self.token))
            .json(body)
            .send()
            .await
            .unwrap();
        let (status, body) = (answer.status(), answer.bytes().await.unwrap());
        assert!(status.is_success(), "{method} {path}: {status} {body:?}");
        serde_json::from_slice(&body).unwrap_or_default()
    }

    /// Responds to interactions until it is dropped.
    async fn serve(&mut self) -> std::convert::Infallible {
        loop {
            let events = self.gateway.events_until("INTERACTION_CREATE").await;
            let (_, interaction) = events.last().unwrap();
            let text = |field: &Value| field.as_str().unwrap_or_default().to_owned();
            let (id, token) = (text(&interaction["id"]), text(&interaction["token"]));
            let data = &interaction["data"];
            let name = text(&data["name"]) + &text(&data["custom_id"]);
            let answer = match name.as_str() {
                "ping" => json!({"type": 4, "data": {"content": "pong", "flags": 64,
                "components": [{"type": 1, "components": [
                    {"type": 2, "style": 1, "label": "Again", "custom_id": "again"},
                ]}, {"type": 1, "components": [
                    {"type": 5, "custom_id": "who", "max_values": 2},
                ]}]}}),
                "again" => json!({"type": 7, "data": {"content": "pong again"}}),
                "who" => {
                    let who = json!(data["values"]).to_string();
                    json!({"type": 4, "data": {"content": who}})
                }
                "echo" => json!({"type": 4, "data": {"content": data["options"][0]["value"]}}),
                "Quote" => {
                    let target = text(&data["target_id"]);
                    let quoted = &data["resolved"]["messages"][&target]["content"];
                    json!({"type": 4, "data": {"content": format!("> {}", quoted.as_str().unwrap())}})
                }
                "form" => json!({"type": 9, "data": {"custom_id": "filled", "title": "A form",
                    "components": [{"type": 18, "label": "Name", "component":
                        {"type": 4, "custom_id": "name", "style": 1, "value": "nobody"}}]}}),
                "filled" => {
                    let value = &data["components"][0]["component"]["value"];
                    json!({"type": 4, "data": {"content": value}})
                }
                "slow" => json!({"type": 5}),
                _ => continue,
            };
            self.rest(
                "POST",
                &format!("/interactions/{id}/{token}/callback"),
                &answer,
            )
            .await;
            if name == "slow" {
                let path = format!("/webhooks/{}/{token}/messages/@original", self.application);
                self.rest("PATCH", &path, &json!({"content": "done"})).await;
            }
        }
    }
}

/// Lets the bot serve while people do something.
async fn with_bot(
    sandbox: &Sandbox,
    story: impl Future<Output = Result<(), Error>>,
) -> Result<(), Error> {
    let mut bot = Bot::start(sandbox).await;
    sandbox.wait_for_bot().await?;
    tokio::select! {
        never = bot.serve() => match never {},
        end = story => end,
    }
}

#[tokio::test]
async fn people_use_a_bot() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    with_bot(&sandbox, async {
        let (mia, noah) = (sandbox.member(), sandbox.member2());
        let general = sandbox.channel("general")?;
        let answer = mia.run("ping", json!({})).await?;
        assert_eq!((answer.state, answer.content()?), (State::Answered, "pong"));
        let message = answer.message()?;
        assert!(message.is_ephemeral());
        assert_eq!(noah.messages(general).await?, [], "it is Mia's alone");
        let button = message.button("Again").unwrap().to_owned();
        mia.click(general, message.id(), &button).await?;
        assert_eq!(mia.messages(general).await?[0].content(), "pong again");
        let noah_id = noah.id().to_string();
        let chosen = mia
            .choose(general, message.id(), "who", &[&noah_id])
            .await?;
        assert_eq!(chosen.content()?, json!([noah_id]).to_string());
        mia.delete_message(general, message.id()).await?;

        assert_eq!(
            noah.run("echo", json!({"text": "hello"}))
                .await?
                .content()?,
            "hello"
        );
        let error = noah.run("echo", json!({})).await.unwrap_err();
        assert!(error.to_string().contains("text"), "{error}");
        let error = noah.run("nothing", json!({})).await.unwrap_err();
        assert!(
            error.to_string().contains("nothing") || error.code().is_some(),
            "{error}"
        );

        let said = mia.send(general, "words").await?;
        let quoted = noah.use_menu("Quote", general, said.id()).await?;
        assert_eq!(quoted.content()?, "> words");
        assert_eq!(mia.run("slow", json!({})).await?.content()?, "done");

        let form = mia.run("form", json!({})).await?;
        assert_eq!(
            (form.state, form.modal()?.title()),
            (State::Modal, "A form")
        );
        assert_eq!(form.modal()?.value("name"), Some("nobody"));
        assert!(
            form.content()
                .unwrap_err()
                .to_string()
                .contains("a form: \"A form\"")
        );
        assert_eq!(
            mia.submit(&form, [("name", "Mia")]).await?.content()?,
            "Mia"
        );
        let form = mia.run("form", json!({})).await?;
        mia.dismiss(&form).await?;
        assert_eq!(
            mia.submit(&mia.run("form", json!({})).await?, Fields::new())
                .await?
                .content()?,
            "nobody"
        );
        Ok(())
    })
    .await?;
    assert!(
        sandbox
            .calls()
            .iter()
            .any(|call| call.is("POST", "/interactions/*/***/callback"))
    );
    sandbox.finish().await
}

#[tokio::test]
async fn time_runs_out_for_a_silent_bot() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    with_bot(&sandbox, async {
        let mia = sandbox.member();
        let general = sandbox.channel("general")?;
        let sent = mia.start_command(general, "silent", json!({})).await?;
        assert_eq!(mia.answer_so_far(sent).await?.state, State::Waiting);
        sandbox.advance(Duration::from_secs(4));
        assert_eq!(mia.answer_to(sent).await?.state, State::Failed);
        Ok(())
    })
    .await?;
    sandbox.finish().await
}

#[tokio::test]
async fn a_crowd_is_served_in_order() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    // A busy machine may not answer 300 commands within three seconds.
    sandbox.slow_motion(20);
    let crowd = sandbox.crowd("visitor", 300)?;
    with_bot(&sandbox, async {
        let general = sandbox.channel("general")?;
        let mut sent = Vec::new();
        for (number, person) in crowd.iter().enumerate() {
            let echo = json!({"text": number.to_string()});
            sent.push(person.start_command(general, "echo", echo).await?);
        }
        for (number, (person, id)) in crowd.iter().zip(sent).enumerate() {
            assert_eq!(person.answer_to(id).await?.content()?, number.to_string());
        }
        Ok(())
    })
    .await?;
    sandbox.finish().await
}

#[tokio::test]
async fn waiting_ends_with_the_change_that_was_waited_for() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let general = sandbox.channel("general")?;
    sandbox.fail_next(Fault::status(500))?;
    assert!(sandbox.fail_next(Fault::default()).is_err());
    let member = sandbox.member();
    let waiting = sandbox.wait_until("Mia has written", |look| {
        let message = look.newest_message(general)?;
        (message.user() == Some(member.id())).then(|| message.content.clone())
    });
    let (found, sent) = tokio::join!(waiting, member.send(general, "here"));
    assert_eq!((found?, sent?.content()), ("here".to_owned(), "here"));
    Ok(())
}

#[tokio::test]
async fn ages_and_time_outs_are_as_they_are_made() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (hour, day) = (Duration::from_secs(3600), Duration::from_secs(86_400));
    let eve = sandbox.newcomer("eve", 3 * day, hour)?;
    let guild = sandbox.guild_id();
    let (made, joined) = sandbox.look(|look| {
        let member = look.member(guild, eve.id()).unwrap();
        let ago = |moment| look.now().since(moment);
        (ago(eve.id().created_at()), ago(member.joined_at))
    });
    let near = |millis: i64, wanted: Duration| {
        let wanted = i64::try_from(wanted.as_millis()).unwrap();
        (wanted..wanted + 60_000).contains(&millis)
    };
    assert!(near(made, 3 * day) && near(joined, hour), "{made} {joined}");

    // A time-out removes the right to write, and ends automatically.
    let general = sandbox.channel("general")?;
    let owner = sandbox.owner();
    owner.time_out(eve.id(), hour).await?;
    let refused = eve.send(general, "Hello").await.unwrap_err();
    assert!(refused.to_string().contains("50013"), "{refused}");
    let may = eve.channel(general).await?["permissions"].clone();
    assert_eq!(may, "66560", "view, and read what was said");
    sandbox.advance(hour);
    eve.send(general, "Hello again").await?;
    owner.time_out(eve.id(), hour).await?;
    owner.time_out(eve.id(), Duration::ZERO).await?;
    eve.send(general, "And again").await?;
    let nobody = eve.edit_member(owner.id(), json!({"nick": "x"})).await;
    assert!(nobody.is_err(), "it takes permissions");
    sandbox.finish().await
}
