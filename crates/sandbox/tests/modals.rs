//! Forms with every kind of input, from the bot's response to its download of the files: over real
//! HTTP, and held against Discord's specification.

mod bot;
mod client;

use std::time::Duration;

use bot::{Bot, PIXEL};
use client::{Client, TICKET_BOT};
use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::{Answer, Error, Fault, Fields, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

/// A form with every kind of input in Discord's specification, five at a time.
fn forms() -> [Value; 2] {
    let options = json!([
        {"label": "Lobby", "value": "lobby", "description": "Where you arrive"},
        {"label": "Survival", "value": "survival"},
        {"label": "Creative", "value": "creative", "default": true},
    ]);
    let label = |text: &str, component: Value| json!({"type": 18, "label": text, "description": "As exactly as you can", "component": component});
    let form = |components: Value| json!({"type": 9, "data": {"custom_id": "form", "title": "Report", "components": components}});
    [
        form(json!([
            {"type": 10, "content": "**Read** the rules first."},
            label("What happened?", json!({"type": 4, "custom_id": "what", "style": 2, "max_length": 1000})),
            label("Where?", json!({"type": 3, "custom_id": "where", "max_values": 2, "options": options})),
            label("Which mode?", json!({"type": 21, "custom_id": "mode", "options": options})),
            label("Screenshots", json!({"type": 19, "custom_id": "files", "min_values": 0, "max_values": 3,
                "required": false})),
        ])),
        form(json!([
            label("Who was it?", json!({"type": 5, "custom_id": "who"})),
            label("Which team?", json!({"type": 6, "custom_id": "team"})),
            label(
                "Tell whom?",
                json!({"type": 7, "custom_id": "tell", "max_values": 25})
            ),
            label(
                "Which channel?",
                json!({"type": 8, "custom_id": "channel", "channel_types": [0]})
            ),
            label(
                "Rules",
                json!({"type": 22, "custom_id": "rules", "options": options})
            ),
        ])),
    ]
}

struct Story {
    sandbox: Sandbox,
    bot: Bot,
    gateway: Client,
    general: ChannelId,
    message: MessageId,
}

impl Story {
    /// A message with a button is there.
    async fn start() -> Result<Self, Error> {
        let sandbox = Sandbox::start().await?;
        let (gateway, _) = Client::ready(&sandbox, TICKET_BOT).await;
        let bot = Bot::new(&sandbox);
        let general = sandbox.channel("general")?;
        let button = json!({"type": 2, "style": 1, "label": "Report", "custom_id": "report"});
        let message = json!({"components": [{"type": 1, "components": [button]}]});
        let message = bot
            .post(&format!("/channels/{general}/messages"), message)
            .await;
        let message = bot::id(&message).parse().unwrap();
        Ok(Self {
            sandbox,
            bot,
            gateway,
            general,
            message,
        })
    }

    /// The next interaction, and where it is answered.
    async fn interaction(&mut self) -> (Value, String) {
        let mut events = self.gateway.events_until("INTERACTION_CREATE").await;
        let (_, interaction) = events.pop().unwrap();
        let text = |field: &str| interaction[field].as_str().unwrap().to_owned();
        let answer = format!("/interactions/{}/{}/callback", text("id"), text("token"));
        (interaction, answer)
    }

    /// Mia clicks, and the bot opens this form.
    async fn open(&mut self, form: Value) -> Result<Answer, Error> {
        let mia = self.sandbox.member();
        let click = mia
            .start_click(self.general, self.message, "report")
            .await?;
        let (_, answer) = self.interaction().await;
        self.bot.call(Method::POST, &answer, Some(form), 204).await;
        mia.answer_to(click).await
    }

    /// What the bot gets when Mia sends the form off. It answers.
    async fn submit(&mut self, opened: &Answer, fields: Fields) -> Result<Value, Error> {
        let mia = self.sandbox.member();
        let sent = mia.start_submission(opened, fields).await?;
        let (interaction, answer) = self.interaction().await;
        let thanks = json!({"type": 4, "data": {"content": "Thanks", "flags": 64}});
        self.bot
            .call(Method::POST, &answer, Some(thanks), 204)
            .await;
        assert_eq!(mia.answer_to(sent).await?.content()?, "Thanks");
        Ok(interaction)
    }
}

/// What the inputs hold, by their custom ids.
fn held(interaction: &Value) -> Value {
    let labels = interaction["data"]["components"].as_array().unwrap();
    let inputs = labels.iter().map(|label| &label["component"]);
    let held = inputs.filter_map(|input| {
        let value = input.get("values").unwrap_or(&input["value"]);
        Some((input["custom_id"].as_str()?.to_owned(), value.clone()))
    });
    Value::Object(held.collect())
}

#[tokio::test]
async fn texts_choices_and_files() -> Result<(), Error> {
    let [form, _] = forms();
    let mut story = Story::start().await?;
    let opened = story.open(form).await?;
    assert_eq!(opened.modal()?.inputs().len(), 4);
    let fields = Fields::new()
        .text("what", "It **burns**")
        .choose("where", ["lobby", "survival"])
        .pick("mode", "survival")
        .upload("files", "lobby.png", "image/png", PIXEL)
        .upload("files", "log.txt", "text/plain", b"3, 2, 1");
    let interaction = story.submit(&opened, fields).await?;
    let mut held = held(&interaction);
    let files = held["files"].take();
    assert_eq!(
        held,
        json!({"what": "It **burns**", "where": ["lobby", "survival"], "mode": "survival", "files": null})
    );
    let attachments = &interaction["data"]["resolved"]["attachments"];
    let [picture, log] = [0, 1].map(|index| &attachments[files[index].as_str().unwrap()]);
    assert_eq!((&picture["width"], &log["size"]), (&json!(1), &json!(7)));

    // The first download fails as asked; the second is the file.
    let url = log["url"].as_str().unwrap();
    let fault = Fault::status(404).on("GET", "/ephemeral-attachments/**");
    story.sandbox.fail_next(fault)?;
    assert_eq!(reqwest::get(url).await.unwrap().status(), 404);
    let file = reqwest::get(url).await.unwrap();
    assert_eq!(file.headers()["content-type"], "text/plain");
    assert_eq!(file.text().await.unwrap(), "3, 2, 1");
    // Its address is good for a quarter of an hour.
    story.sandbox.advance(Duration::from_secs(901));
    assert_eq!(reqwest::get(url).await.unwrap().status(), 404);
    story.sandbox.finish().await
}

#[tokio::test]
async fn people_roles_channels_and_boxes() -> Result<(), Error> {
    let [_, form] = forms();
    let mut story = Story::start().await?;
    let opened = story.open(form).await?;
    let (noah, role) = (
        story.sandbox.member2().id().to_string(),
        story.sandbox.moderator_role().to_string(),
    );
    let fields = Fields::new()
        .choose("who", [&noah])
        .choose("team", [&role])
        .choose("tell", [&role, &noah])
        .choose("channel", [story.general])
        .choose("rules", ["lobby", "creative"]);
    let interaction = story.submit(&opened, fields).await?;
    assert_eq!(held(&interaction)["tell"], json!([role, noah]));
    let resolved = &interaction["data"]["resolved"];
    assert_eq!(resolved["users"][&noah]["username"], "noah");
    assert!(resolved["members"][&noah]["permissions"].is_string());
    assert_eq!(resolved["roles"][&role]["name"], "Moderator");
    let channel = &resolved["channels"][story.general.to_string()];
    assert_eq!(channel["name"], "general");
    story.sandbox.finish().await
}

#[tokio::test]
async fn a_form_is_sent_off_hours_later() -> Result<(), Error> {
    let [_, form] = forms();
    let mut story = Story::start().await?;
    let opened = story.open(form).await?;
    story.sandbox.advance(Duration::from_secs(5 * 3600));
    let noah = story.sandbox.member2().id();
    let fields = Fields::new()
        .choose("who", [noah])
        .choose("team", [story.sandbox.moderator_role()])
        .choose("tell", [noah])
        .choose("channel", [story.general])
        .choose("rules", ["lobby"]);
    story.submit(&opened, fields.clone()).await?;
    // It is gone then.
    let again = story.sandbox.member().submit(&opened, fields).await;
    assert!(again.unwrap_err().to_string().contains("10062"));
    story.sandbox.finish().await
}

#[tokio::test]
async fn what_is_filled_in_wrongly_is_said_at_once() -> Result<(), Error> {
    let [form, _] = forms();
    let mut story = Story::start().await?;
    let opened = story.open(form).await?;
    let mia = story.sandbox.member();
    let refused = async |fields: Fields| {
        let refused = mia.submit(&opened, fields).await.unwrap_err();
        refused.to_string()
    };
    let said = refused(Fields::new().text("what", "").check("where", true)).await;
    for wrong in [
        r#""what":{"_errors":[{"code":"BASE_TYPE_REQUIRED""#,
        r#""where":{"_errors":[{"code":"STRING_TYPE_CONVERT""#,
    ] {
        assert!(said.contains(wrong), "{said}");
    }
    let said = refused(Fields::new().with("what", json!({"a": 1}))).await;
    assert!(said.contains("`values.what` is {\"a\":1}"), "{said}");
    let big = vec![0; 10 * 1024 * 1024 + 1];
    let said = refused(Fields::new().upload("files", "big.bin", "application/zip", &big)).await;
    assert!(said.contains("40005"), "{said}");
    mia.dismiss(&opened).await?;
    story.sandbox.finish().await
}
