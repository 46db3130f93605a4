//! Messages, commands and interactions: every route is called once, in a way that is right, and
//! Discord's specification finds nothing wrong with the answers and the events.

mod bot;
mod client;

use bot::{Bot, PIXEL, id};
use client::Client;
use discord_sandbox::{Error, Person, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

/// What a ticket bot asks for, and message content.
const INTENTS: u64 = client::TICKET_BOT | (1 << 15);

async fn start() -> Result<(Sandbox, Bot, Client), Error> {
    let sandbox = Sandbox::start().await?;
    let (client, _) = Client::ready(&sandbox, INTENTS).await;
    let bot = Bot::new(&sandbox);
    Ok((sandbox, bot, client))
}

/// A message with an embed and all kinds of components.
fn rich() -> Value {
    json!({
        "content": "Hello",
        "embeds": [{
            "title": "Support", "description": "Click", "url": "https://example.com",
            "color": 255, "timestamp": "2026-08-01T12:00:00Z",
            "fields": [{"name": "Open", "value": "Always", "inline": true}, {"name": "a", "value": "b"}],
            "author": {"name": "Olivia", "icon_url": "https://example.com/o.png"},
            "footer": {"text": "The end"}, "image": {"url": "https://example.com/i.png"},
        }],
        "components": [
            {"type": 1, "components": [
                {"type": 2, "style": 1, "label": "Create Ticket", "custom_id": "create-ticket"},
                {"type": 2, "style": 5, "label": "Rules", "url": "https://example.com", "emoji": {"name": "📖"}},
            ]},
            {"type": 1, "components": [{
                "type": 3, "custom_id": "topic", "placeholder": "Which?", "min_values": 0,
                "options": [{"label": "A", "value": "a", "description": "first", "default": true}],
            }]},
            {"type": 1, "components": [{"type": 5, "custom_id": "people"}]},
            {"type": 1, "components": [{"type": 7, "custom_id": "staff", "max_values": 25}]},
            {"type": 1, "components": [{"type": 8, "custom_id": "place", "channel_types": [0]}]},
        ],
        "allowed_mentions": {"parse": []},
    })
}

#[tokio::test]
async fn messages() -> Result<(), Error> {
    let (sandbox, bot, _client) = start().await?;
    let channel = format!("/channels/{}", sandbox.channel("general")?);
    let messages = format!("{channel}/messages");

    let plain = bot
        .post(
            &messages,
            json!({"content": "Hi", "nonce": "7", "enforce_nonce": true}),
        )
        .await;
    bot.post(&messages, rich()).await;
    let picture = json!({
        "attachments": [{"id": 0, "description": "A pixel"}, {"id": "1", "filename": "a.txt"}],
        "embeds": [{"image": {"url": "attachment://pixel.png"}}],
    });
    let files: &[(&str, &str, &[u8])] = &[
        ("pixel.png", "image/png", PIXEL),
        ("a.txt", "text/plain", b"a"),
    ];
    let sent = bot.form(Method::POST, &messages, &picture, files).await;
    assert_eq!(sent["attachments"].as_array().unwrap().len(), 1, "{sent}");
    let reply = json!({"content": "Yes", "message_reference": {"message_id": id(&plain)}});
    let reply = bot.post(&messages, reply).await;
    assert_eq!(reply["referenced_message"]["id"], plain["id"]);

    let path = format!("{messages}/{}", id(&sent));
    let kept = json!({"content": "Now", "attachments": [{
        "id": id(&sent["attachments"][0]), "filename": sent["attachments"][0]["filename"],
    }]});
    bot.patch(&path, kept).await;
    let more: &[(&str, &str, &[u8])] = &[("b.txt", "text/plain", b"b")];
    bot.form(
        Method::PATCH,
        &path,
        &json!({"attachments": [{"id": 0}]}),
        more,
    )
    .await;
    bot.get(&path).await;
    bot.get(&format!("{messages}?limit=100")).await;
    bot.get(&format!("{messages}?limit=2&before={}", id(&reply)))
        .await;
    bot.get(&format!("{messages}?around={}", id(&plain))).await;
    bot.quietly(Method::POST, &format!("{channel}/typing"))
        .await;
    bot.quietly(Method::DELETE, &path).await;

    // Messages of people are sent over the gateway.
    let mia = sandbox.member();
    let general = sandbox.channel("general")?;
    let said = mia
        .upload(general, "Look", &[("cat.png", "image/png", PIXEL)])
        .await?;
    mia.edit(
        general,
        said.id(),
        &format!("Look, <@{}>", sandbox.bot_id()),
    )
    .await?;
    sandbox
        .owner()
        .send_as_webhook(general, json!({"content": "News"}))
        .await?;
    bot.get(&format!("{messages}?limit=3")).await;
    sandbox.owner().delete_message(general, said.id()).await?;
    sandbox.finish().await
}

#[tokio::test]
async fn many_messages_and_webhooks() -> Result<(), Error> {
    let (sandbox, bot, _client) = start().await?;
    let owner = sandbox.owner();
    let role = owner
        .create_role(json!({"name": "Everything", "permissions": "8"}))
        .await?;
    owner.give_role(sandbox.bot_id(), role).await?;
    let channel = format!("/channels/{}", sandbox.channel("general")?);
    let messages = format!("{channel}/messages");
    let one = bot.post(&messages, json!({"content": "1"})).await;
    let two = bot.post(&messages, json!({"content": "2"})).await;
    let both = json!({"messages": [id(&one), id(&two)]});
    bot.call(
        Method::POST,
        &format!("{messages}/bulk-delete"),
        Some(both),
        204,
    )
    .await;

    let hook = bot
        .post(&format!("{channel}/webhooks"), json!({"name": "News"}))
        .await;
    bot.get(&format!("{channel}/webhooks")).await;
    bot.get(&format!("/webhooks/{}", id(&hook))).await;
    let execute = format!(
        "/webhooks/{}/{}",
        id(&hook),
        hook["token"].as_str().unwrap()
    );
    let hello = json!({"content": "Hello", "username": "Herald"});
    bot.call(Method::POST, &execute, Some(hello.clone()), 204)
        .await;
    let sent = bot.post(&format!("{execute}?wait=true"), hello).await;
    assert_eq!(sent["webhook_id"], hook["id"]);
    bot.quietly(Method::DELETE, &format!("/webhooks/{}", id(&hook)))
        .await;
    sandbox.finish().await
}

/// Commands of every type, with every type of option.
fn commands() -> Value {
    let options: Vec<Value> = (3..=11)
        .map(|kind| {
            let mut option = json!({
                "type": kind, "name": format!("option-{kind}"), "description": "An option",
                "name_localizations": {"de": format!("angabe-{kind}")},
                "description_localizations": {"de": "Eine Angabe"},
            });
            match kind {
                3 => {
                    option["choices"] =
                        json!([{"name": "A", "value": "a", "name_localizations": {"de": "Ä"}}]);
                }
                4 => option["min_value"] = 1.into(),
                7 => option["channel_types"] = json!([0, 5]),
                10 => option["max_value"] = 2.5.into(),
                _ => {}
            }
            option
        })
        .collect();
    json!([
        {"type": 1, "name": "everything", "description": "All options", "options": options},
        {"type": 1, "name": "inbox", "description": "Manages inboxes", "contexts": [0],
         "default_member_permissions": "32", "name_localizations": {"de": "posteingang"},
         "options": [
            {"type": 1, "name": "create", "description": "Creates one", "options": [
                {"type": 7, "name": "channel", "description": "Where", "required": true}]},
            {"type": 2, "name": "new-tickets", "description": "Tickets", "options": [
                {"type": 1, "name": "name", "description": "Their name"}]},
         ]},
        {"type": 3, "name": "Select this message", "contexts": [0]},
        {"type": 2, "name": "Greet", "description": ""},
    ])
}

#[tokio::test]
async fn application_commands() -> Result<(), Error> {
    let (sandbox, bot, _client) = start().await?;
    let application = format!("/applications/{}", sandbox.application_id());
    let in_guild = format!("{application}/guilds/{}", sandbox.guild_id());
    for place in [application, in_guild] {
        let path = format!("{place}/commands");
        assert_eq!(
            bot.put(&path, commands()).await.as_array().unwrap().len(),
            4
        );
        let found = bot.get(&path).await;
        bot.get(&format!("{path}?with_localizations=true")).await;
        let one = format!("{path}/{}", id(&found[0]));
        bot.get(&one).await;
        bot.patch(&one, json!({"description": "Changed"})).await;
        let new = json!({"name": "ping", "description": "Answers", "type": 1});
        bot.call(Method::POST, &path, Some(new.clone()), 201).await;
        bot.call(Method::POST, &path, Some(new), 200).await;
        bot.quietly(Method::DELETE, &one).await;
        bot.put(&path, json!([])).await;
    }
    sandbox.finish().await
}

/// The next interaction that reaches the bot: its path for answers, and its path for what follows.
async fn next(client: &mut Client) -> (String, String) {
    let (_, found) = client
        .events_until("INTERACTION_CREATE")
        .await
        .pop()
        .unwrap();
    let token = found["token"].as_str().unwrap();
    let application = found["application_id"].as_str().unwrap();
    (
        format!("/interactions/{}/{token}/callback", id(&found)),
        format!("/webhooks/{application}/{token}"),
    )
}

struct Story {
    sandbox: Sandbox,
    /// Without a token: interactions need none.
    bot: Bot,
    client: Client,
    mia: Person,
}

impl Story {
    async fn start() -> Result<Self, Error> {
        let (sandbox, bot, client) = start().await?;
        let application = sandbox.application_id();
        bot.put(&format!("/applications/{application}/commands"), commands())
            .await;
        let bot = bot.with_token("");
        let mia = sandbox.owner();
        Ok(Self {
            sandbox,
            bot,
            client,
            mia,
        })
    }

    /// A command was run: where to answer it.
    async fn run(&mut self) -> Result<(String, String), Error> {
        let general = self.sandbox.channel("general")?;
        let options = json!({
            "option-3": "a", "option-4": 5, "option-5": true, "option-6": self.mia.id(),
            "option-7": general, "option-8": self.sandbox.moderator_role(),
            "option-9": self.mia.id(), "option-10": 0.5,
        });
        self.mia
            .start_command(general, "everything", options)
            .await?;
        Ok(next(&mut self.client).await)
    }

    async fn answer(&self, path: &str, body: Value) {
        self.bot.call(Method::POST, path, Some(body), 204).await;
    }
}

#[tokio::test]
async fn answers_to_commands() -> Result<(), Error> {
    let mut story = Story::start().await?;
    let (answer, hook) = story.run().await?;
    story
        .answer(
            &answer,
            json!({"type": 4, "data": {"content": "Yes", "flags": 64}}),
        )
        .await;
    let original = format!("{hook}/messages/@original");
    story.bot.get(&original).await;
    story.bot.patch(&original, rich()).await;
    // Libraries ask for what a follow-up does anyway.
    let asked = format!("{hook}?wait=true&with_components=false");
    let more = story.bot.post(&asked, json!({"content": "And more"})).await;
    let path = format!("{hook}/messages/{}", id(&more));
    story.bot.get(&path).await;
    let files: &[(&str, &str, &[u8])] = &[("pixel.png", "image/png", PIXEL)];
    story
        .bot
        .form(
            Method::PATCH,
            &path,
            &json!({"attachments": [{"id": 0}]}),
            files,
        )
        .await;
    story.bot.quietly(Method::DELETE, &path).await;
    story.bot.quietly(Method::DELETE, &original).await;

    let (answer, _) = story.run().await?;
    let mut data = rich();
    data["flags"] = 64.into();
    let answered = format!("{answer}?with_response=true");
    let told = story
        .bot
        .post(&answered, json!({"type": 4, "data": data}))
        .await;
    assert_eq!(told["resource"]["type"], 4);

    let (answer, hook) = story.run().await?;
    let answered = format!("{answer}?with_response=true");
    let told = story
        .bot
        .post(&answered, json!({"type": 5, "data": {"flags": 64}}))
        .await;
    assert_eq!(told["interaction"]["response_message_loading"], true);
    assert_eq!(told["resource"], Value::Null, "nothing is there yet");
    story.bot.post(&hook, json!({"content": "At last"})).await;

    let (answer, _) = story.run().await?;
    let form = json!({"content": "A picture", "attachments": [{"id": 0}]});
    let form = json!({"type": 4, "data": form});
    story
        .bot
        .form(
            Method::POST,
            &format!("{answer}?with_response=true"),
            &form,
            files,
        )
        .await;
    story.sandbox.finish().await
}

#[tokio::test]
async fn answers_to_menus() -> Result<(), Error> {
    let mut story = Story::start().await?;
    let general = story.sandbox.channel("general")?;
    let message = story.mia.send(general, "Pick me").await?;
    let (menu, user) = (story.mia.clone(), story.mia.clone());
    let ((), answer) = tokio::join!(
        async {
            let (answer, _) = next(&mut story.client).await;
            let told = json!({"type": 4, "data": {"content": "Selected", "flags": 64}});
            story.bot.call(Method::POST, &answer, Some(told), 204).await;
        },
        menu.use_menu("Select this message", general, message.id()),
    );
    assert_eq!(answer?.content()?, "Selected");
    let ((), answer) = tokio::join!(
        async {
            let (answer, _) = next(&mut story.client).await;
            let told = json!({"type": 4, "data": {"content": "Greeted"}});
            story.bot.call(Method::POST, &answer, Some(told), 204).await;
        },
        user.use_user_menu("Greet", general, user.id()),
    );
    assert_eq!(answer?.content()?, "Greeted");
    story.sandbox.finish().await
}

#[tokio::test]
async fn answers_to_components_and_forms() -> Result<(), Error> {
    let mut story = Story::start().await?;
    let general = story.sandbox.channel("general")?;
    let bot = Bot::new(&story.sandbox);
    let message = bot
        .post(&format!("/channels/{general}/messages"), rich())
        .await;
    let message = id(&message).parse().unwrap();

    story
        .mia
        .start_click(general, message, "create-ticket")
        .await?;
    let (answer, hook) = next(&mut story.client).await;
    story.answer(&answer, json!({"type": 6})).await;
    story
        .bot
        .patch(
            &format!("{hook}/messages/@original"),
            json!({"content": "Later"}),
        )
        .await;

    let mia = story.mia.clone();
    let staff = [
        mia.id().to_string(),
        story.sandbox.moderator_role().to_string(),
    ];
    let staff: Vec<&str> = staff.iter().map(String::as_str).collect();
    let ((), chosen) = tokio::join!(
        async {
            let (answer, _) = next(&mut story.client).await;
            let update = json!({"type": 7, "data": {"content": "Chosen"}});
            story
                .bot
                .post(&format!("{answer}?with_response=true"), update)
                .await;
        },
        mia.choose(general, message, "staff", &staff),
    );
    chosen?;

    let form = json!({"type": 9, "data": {"custom_id": "name", "title": "Name", "components": [
        {"type": 18, "label": "Name of new tickets", "description": "As you like", "component":
            {"type": 4, "custom_id": "text", "style": 1, "max_length": 100, "value": "$author"}},
    ]}});
    let ((), opened) = tokio::join!(
        async {
            let (answer, _) = next(&mut story.client).await;
            story.answer(&answer, form).await;
        },
        mia.click(general, message, "create-ticket"),
    );
    let opened = opened?;
    let ((), submitted) = tokio::join!(
        async {
            let (answer, _) = next(&mut story.client).await;
            let told = json!({"type": 4, "data": {"content": "Saved", "flags": 64}});
            story
                .bot
                .post(&format!("{answer}?with_response=true"), told)
                .await;
        },
        mia.submit(&opened, [("text", "$counter")]),
    );
    assert_eq!(submitted?.content()?, "Saved");
    story.sandbox.finish().await
}
