//! The tour (see ../../README.md) as a serenity bot.

#![expect(
    clippy::result_large_err,
    reason = "serenity's own error is this large"
)]

use std::collections::HashSet;
use std::env;
use std::sync::Mutex;
use std::time::Duration;

use serenity::all::{
    ActionRowComponent, AutoArchiveDuration, ButtonStyle, ChannelId, ChannelType, Command,
    CommandDataOptionValue, CommandInteraction, CommandOptionType, CommandType,
    ComponentInteraction, ComponentInteractionDataKind, CreateActionRow, CreateAllowedMentions,
    CreateAttachment, CreateButton, CreateCommand, CreateCommandOption, CreateEmbed,
    CreateInputText, CreateInteractionResponse as Response, CreateInteractionResponseFollowup,
    CreateInteractionResponseMessage as ResponseMessage, CreateMessage, CreateModal,
    CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption, CreateThread, EditAttachments,
    EditInteractionResponse, EditMessage, EditThread, Guild, GuildId, HttpBuilder, HttpError,
    InputTextStyle, Interaction, LightMethod, Message, ModalInteraction, Reaction, Ready,
    ResolvedTarget, ResolvedValue, Route, ThreadMembersUpdateEvent, UserId,
};
use serenity::prelude::*;

const DOT: &[u8] = include_bytes!("../../../dot.png");

#[tokio::main]
async fn main() -> serenity::Result<()> {
    // An event that serenity cannot read is only mentioned in its log.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .init();
    let url = env::var("SANDBOX_URL").expect("SANDBOX_URL says where the sandbox is");
    let token = env::var("SANDBOX_TOKEN").expect("SANDBOX_TOKEN is the bot's token");

    // This is all that points serenity at a sandbox: the gateway's address is asked for there.
    // serenity's own rate limiter does not know of `proxy`, and would call Discord itself.
    let http = HttpBuilder::new(&token)
        .proxy(url)
        .ratelimiter_disabled(true)
        .default_allowed_mentions(CreateAllowedMentions::new().all_users(true))
        .build();

    let intents = GatewayIntents::GUILDS
        | GatewayIntents::GUILD_MEMBERS
        | GatewayIntents::GUILD_MESSAGES
        | GatewayIntents::GUILD_MESSAGE_REACTIONS
        | GatewayIntents::DIRECT_MESSAGES;
    let mut client = serenity::client::ClientBuilder::new_with_http(http, intents)
        .event_handler(Bot::default())
        .await?;
    client.start().await
}

#[derive(Default)]
struct Bot {
    registered: Mutex<HashSet<GuildId>>,
}

#[serenity::async_trait]
impl EventHandler for Bot {
    async fn ready(&self, ctx: Context, _: Ready) {
        told(
            "ready",
            Command::set_global_commands(&ctx, global_commands())
                .await
                .map(drop),
        );
    }

    async fn guild_create(&self, ctx: Context, guild: Guild, _: Option<bool>) {
        let new = self
            .registered
            .lock()
            .is_ok_and(|mut registered| registered.insert(guild.id));
        if new {
            told(
                "guild",
                guild
                    .id
                    .set_commands(&ctx, guild_commands())
                    .await
                    .map(drop),
            );
        }
    }

    async fn message(&self, ctx: Context, message: Message) {
        let me = ctx.cache.current_user().id;
        let called = message.guild_id.is_none() || message.mentions_user_id(me);
        if !message.author.bot && called && message.content.contains("ping") {
            told("message", pong(&ctx, &message).await);
        }
    }

    async fn reaction_add(&self, ctx: Context, added: Reaction) {
        if added.user_id != Some(ctx.cache.current_user().id) {
            let (channel, message) = (added.channel_id, added.message_id);
            let outcome = channel.create_reaction(&ctx, message, added.emoji).await;
            told("reaction", outcome);
        }
    }

    async fn reaction_remove(&self, ctx: Context, removed: Reaction) {
        if removed.user_id != Some(ctx.cache.current_user().id) {
            let (channel, message) = (removed.channel_id, removed.message_id);
            let outcome = channel
                .delete_reaction(&ctx, message, None, removed.emoji)
                .await;
            told("reaction", outcome);
        }
    }

    async fn thread_members_update(&self, ctx: Context, update: ThreadMembersUpdateEvent) {
        for user in update.removed_member_ids {
            let gone = CreateMessage::new()
                .content(format!("gone <@{user}>"))
                .allowed_mentions(CreateAllowedMentions::new());
            told("thread", update.id.send_message(&ctx, gone).await.map(drop));
        }
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        let outcome = match interaction {
            Interaction::Command(command) => answer(&ctx, &command).await,
            Interaction::Component(component) => clicked(&ctx, &component).await,
            Interaction::Modal(modal) => submitted(&ctx, &modal).await,
            _ => Ok(()),
        };
        told("interaction", outcome);
    }
}

fn told(what: &str, outcome: serenity::Result<()>) {
    if let Err(error) = outcome {
        eprintln!("error: {what}: {error:?}");
    }
}

fn global_commands() -> Vec<CreateCommand> {
    let tour = CreateCommand::new("tour")
        .description("What the client knows of the guild and of the options")
        .add_option(needed(CommandOptionType::String, "word"))
        .add_option(needed(CommandOptionType::Integer, "times"))
        .add_option(needed(CommandOptionType::User, "who"))
        .add_option(where_option());
    let quote = CreateCommand::new("Quote").kind(CommandType::Message);
    let greet = CreateCommand::new("Greet").kind(CommandType::User);
    vec![tour, quote, greet]
}

fn guild_commands() -> Vec<CreateCommand> {
    let sub = |name: &str, options: &[CreateCommandOption]| {
        let sub = CreateCommandOption::new(CommandOptionType::SubCommand, name, "A step");
        options
            .iter()
            .cloned()
            .fold(sub, CreateCommandOption::add_sub_option)
    };
    let who = needed(CommandOptionType::User, "who");
    let thread = needed(CommandOptionType::Channel, "thread")
        .channel_types(vec![ChannelType::PublicThread, ChannelType::PrivateThread]);
    vec![
        CreateCommand::new("hall").description("A message with buttons and menus"),
        CreateCommand::new("upload").description("Sends a file, edits the message, adds a file"),
        CreateCommand::new("say")
            .description("Says something elsewhere")
            .add_option(where_option())
            .add_option(needed(CommandOptionType::String, "text")),
        CreateCommand::new("letter")
            .description("Writes to somebody directly")
            .add_option(who.clone()),
        CreateCommand::new("Pin").kind(CommandType::Message),
        CreateCommand::new("thread")
            .description("Private threads")
            .add_option(sub("open", std::slice::from_ref(&who)))
            .add_option(sub("add", &[thread.clone(), who.clone()]))
            .add_option(sub("remove", &[thread.clone(), who]))
            .add_option(sub("archive", &[thread])),
    ]
}

fn needed(kind: CommandOptionType, name: &str) -> CreateCommandOption {
    CreateCommandOption::new(kind, name, format!("The {name}")).required(true)
}

fn where_option() -> CreateCommandOption {
    needed(CommandOptionType::Channel, "where").channel_types(vec![ChannelType::Text])
}

async fn answer(ctx: &Context, command: &CommandInteraction) -> serenity::Result<()> {
    match command.data.name.as_str() {
        "tour" => tour(ctx, command).await,
        "Quote" => {
            let Some(ResolvedTarget::Message(target)) = command.data.target() else {
                return Err(SerenityError::Other("Quote without its message"));
            };
            reply(ctx, command, format!("quote: {}", target.content)).await
        }
        "Greet" => {
            let Some(ResolvedTarget::User(target, _)) = command.data.target() else {
                return Err(SerenityError::Other("Greet without its member"));
            };
            reply(ctx, command, format!("hello {}", target.name)).await
        }
        "hall" => {
            command
                .create_response(ctx, Response::Message(hall()))
                .await
        }
        "upload" => upload(ctx, command).await,
        "say" => say(ctx, command).await,
        "letter" => letter(ctx, command).await,
        "Pin" => pin(ctx, command).await,
        "thread" => thread(ctx, command).await,
        _ => Err(SerenityError::Other("an unknown command")),
    }
}

async fn tour(ctx: &Context, command: &CommandInteraction) -> serenity::Result<()> {
    let known = command.guild_id.and_then(|id| {
        let guild = ctx.cache.guild(id)?;
        Some(format!(
            "guild={} channels={} roles={}",
            guild.name,
            guild.channels.len(),
            guild.roles.len()
        ))
    });
    let mut content = known.ok_or(SerenityError::Other("the guild is not in the cache"))?;
    for option in command.data.options() {
        let value = match option.value {
            ResolvedValue::String(word) => word.to_owned(),
            ResolvedValue::Integer(number) => number.to_string(),
            ResolvedValue::User(user, Some(_member)) => user.name.clone(),
            ResolvedValue::Channel(channel) => channel.name.clone().unwrap_or_default(),
            _ => return Err(SerenityError::Other("an option that did not resolve")),
        };
        content = format!("{content} {}={value}", option.name);
    }
    let message = ResponseMessage::new().content(content);
    command
        .create_response(ctx, Response::Message(message))
        .await
}

async fn upload(ctx: &Context, command: &CommandInteraction) -> serenity::Result<()> {
    command.defer(ctx).await?;
    let one = CreateAttachment::bytes("one\n", "one.txt");
    let first = CreateMessage::new().content("first").add_file(one);
    let mut message = command.channel_id.send_message(ctx, first).await?;

    let two = CreateAttachment::bytes("two\n", "two.txt");
    let attachments = EditAttachments::keep_all(&message).add(two);
    message
        .edit(
            ctx,
            EditMessage::new()
                .content("second")
                .attachments(attachments),
        )
        .await?;

    let edit = EditInteractionResponse::new()
        .content(format!("uploaded {}", message.id))
        .embed(
            CreateEmbed::new()
                .title("dot")
                .image("attachment://dot.png"),
        )
        .new_attachment(CreateAttachment::bytes(DOT, "dot.png"));
    command.edit_response(ctx, edit).await.map(drop)
}

async fn say(ctx: &Context, command: &CommandInteraction) -> serenity::Result<()> {
    let mut channel = None;
    let mut text = "";
    for option in command.data.options() {
        match option.value {
            ResolvedValue::Channel(found) => channel = Some(found.id),
            ResolvedValue::String(found) => text = found,
            _ => {}
        }
    }
    let channel = channel.ok_or(SerenityError::Other("say without a channel"))?;
    let text = text.to_owned();
    let content = whether("said", channel.say(&ctx.http, text).await)?;
    reply(ctx, command, content).await
}

async fn letter(ctx: &Context, command: &CommandInteraction) -> serenity::Result<()> {
    let options = command.data.options();
    let Some(ResolvedValue::User(who, _)) = options.first().map(|option| &option.value) else {
        return Err(SerenityError::Other("letter without its reader"));
    };
    let hello = CreateMessage::new().content(format!("hello {}", who.name));
    let content = whether("sent", who.direct_message(ctx, hello).await)?;
    reply(ctx, command, content).await
}

/// What to answer once a message was sent, or refused.
fn whether(done: &str, sent: serenity::Result<Message>) -> serenity::Result<String> {
    match sent {
        Ok(_) => Ok(done.to_owned()),
        Err(SerenityError::Http(HttpError::UnsuccessfulRequest(refusal))) => {
            Ok(format!("refused {}", refusal.error.code))
        }
        Err(error) => Err(error),
    }
}

async fn pin(ctx: &Context, command: &CommandInteraction) -> serenity::Result<()> {
    let Some(ResolvedTarget::Message(target)) = command.data.target() else {
        return Err(SerenityError::Other("Pin without its message"));
    };
    let channel = command.channel_id;
    if target.pinned {
        channel.unpin(ctx, target.id).await?;
    } else {
        channel.pin(ctx, target.id).await?;
    }
    let pins = channel.pins(ctx).await?;
    reply(ctx, command, format!("pins: {}", pins.len())).await
}

async fn thread(ctx: &Context, command: &CommandInteraction) -> serenity::Result<()> {
    let Some(step) = command.data.options.first() else {
        return Err(SerenityError::Other("thread without a step"));
    };
    let CommandDataOptionValue::SubCommand(options) = &step.value else {
        return Err(SerenityError::Other("thread without a step"));
    };
    let user = |name| option(options, name).and_then(CommandDataOptionValue::as_user_id);
    let channel = |name| option(options, name).and_then(CommandDataOptionValue::as_channel_id);

    match (step.name.as_str(), channel("thread"), user("who")) {
        ("open", None, Some(who)) => open(ctx, command, who).await,
        ("add", Some(thread), Some(who)) => {
            thread.add_thread_member(ctx, who).await?;
            count_members(ctx, command, thread).await
        }
        ("remove", Some(thread), Some(who)) => {
            thread.remove_thread_member(ctx, who).await?;
            count_members(ctx, command, thread).await
        }
        ("archive", Some(thread), None) => {
            thread
                .edit_thread(ctx, EditThread::new().archived(true).locked(true))
                .await?;
            reply(ctx, command, "archived".to_owned()).await
        }
        _ => Err(SerenityError::Other("an unknown thread command")),
    }
}

fn option<'a>(
    options: &'a [serenity::all::CommandDataOption],
    name: &str,
) -> Option<&'a CommandDataOptionValue> {
    options
        .iter()
        .find(|option| option.name == name)
        .map(|option| &option.value)
}

async fn open(ctx: &Context, command: &CommandInteraction, who: UserId) -> serenity::Result<()> {
    command.defer_ephemeral(ctx).await?;
    let new = CreateThread::new("tour")
        .kind(ChannelType::PrivateThread)
        .invitable(false)
        .auto_archive_duration(AutoArchiveDuration::OneDay)
        .audit_log_reason("the tour's thread");
    let thread = command.channel_id.create_thread(ctx, new).await?;
    thread.id.add_thread_member(ctx, who).await?;
    thread.id.say(ctx, format!("hello <@{who}>")).await?;
    let edit = EditInteractionResponse::new().content(format!("opened <#{}>", thread.id));
    command.edit_response(ctx, edit).await.map(drop)
}

async fn count_members(
    ctx: &Context,
    command: &CommandInteraction,
    thread: ChannelId,
) -> serenity::Result<()> {
    let members = thread.get_thread_members(ctx).await?;
    reply(ctx, command, format!("members: {}", members.len())).await
}

async fn reply(
    ctx: &Context,
    command: &CommandInteraction,
    content: String,
) -> serenity::Result<()> {
    let message = ResponseMessage::new().content(content).ephemeral(true);
    command
        .create_response(ctx, Response::Message(message))
        .await
}

fn hall() -> ResponseMessage {
    let button = |id: &str, label: &str| {
        CreateButton::new(id)
            .label(label)
            .style(ButtonStyle::Secondary)
    };
    let options = ["red", "green", "blue"]
        .map(|c| CreateSelectMenuOption::new(c, c))
        .to_vec();
    let colours = CreateSelectMenu::new("colours", CreateSelectMenuKind::String { options })
        .min_values(1)
        .max_values(3);
    let people = CreateSelectMenuKind::User {
        default_users: None,
    };
    let people = CreateSelectMenu::new("people", people)
        .min_values(1)
        .max_values(2);
    ResponseMessage::new().content("hall").components(vec![
        CreateActionRow::Buttons(vec![button("knock", "Knock"), button("form", "Form")]),
        CreateActionRow::SelectMenu(colours),
        CreateActionRow::SelectMenu(people),
    ])
}

async fn clicked(ctx: &Context, click: &ComponentInteraction) -> serenity::Result<()> {
    match (&click.data.kind, click.data.custom_id.as_str()) {
        (ComponentInteractionDataKind::Button, "knock") => {
            click.defer_ephemeral(ctx).await?;
            let content = format!("knocked by {}", click.user.name);
            click
                .edit_response(ctx, EditInteractionResponse::new().content(content))
                .await?;
            let more = CreateInteractionResponseFollowup::new()
                .content("and again")
                .ephemeral(true);
            click.create_followup(ctx, more).await.map(drop)
        }
        (ComponentInteractionDataKind::Button, "form") => {
            let name = CreateInputText::new(InputTextStyle::Short, "Name", "name").max_length(40);
            let why = CreateInputText::new(InputTextStyle::Paragraph, "Why", "why")
                .value("because")
                .required(false);
            let rows = vec![
                CreateActionRow::InputText(name),
                CreateActionRow::InputText(why),
            ];
            let modal = CreateModal::new("form", "A form").components(rows);
            click.create_response(ctx, Response::Modal(modal)).await
        }
        (ComponentInteractionDataKind::StringSelect { values }, "colours") => {
            update(ctx, click, format!("colours: {}", values.join(", "))).await
        }
        (ComponentInteractionDataKind::UserSelect { values }, "people") => {
            let resolved = &click.data.resolved.users;
            let mut names: Vec<_> = values
                .iter()
                .filter_map(|id| resolved.get(id))
                .map(|user| &*user.name)
                .collect();
            names.sort_unstable();
            update(ctx, click, format!("people: {}", names.join(", "))).await
        }
        _ => Err(SerenityError::Other("a component nobody sent")),
    }
}

async fn update(
    ctx: &Context,
    click: &ComponentInteraction,
    content: String,
) -> serenity::Result<()> {
    let message = ResponseMessage::new().content(content);
    click
        .create_response(ctx, Response::UpdateMessage(message))
        .await
}

async fn submitted(ctx: &Context, modal: &ModalInteraction) -> serenity::Result<()> {
    let typed = |id: &str| {
        modal
            .data
            .components
            .iter()
            .flat_map(|row| &row.components)
            .find_map(|part| match part {
                ActionRowComponent::InputText(input) if input.custom_id == id => {
                    input.value.clone()
                }
                _ => None,
            })
    };
    let content = format!(
        "form: {} / {}",
        typed("name").unwrap_or_default(),
        typed("why").unwrap_or_default()
    );
    let message = ResponseMessage::new().content(content).ephemeral(true);
    modal.create_response(ctx, Response::Message(message)).await
}

/// Replies, and waits as long as a 429 says. serenity leaves that to a rate limiter that it
/// switches off behind a `proxy`, and its own error does not say how long to wait.
async fn pong(ctx: &Context, message: &Message) -> serenity::Result<()> {
    let body = serde_json::json!({
        "content": "pong",
        "message_reference": {"message_id": message.id, "channel_id": message.channel_id},
    });
    let route = Route::ChannelMessages {
        channel_id: message.channel_id,
    };
    let client = reqwest::Client::new();
    loop {
        let response = serenity::http::Request::new(route, LightMethod::Post)
            .body(Some(serde_json::to_vec(&body)?))
            .build(&client, ctx.http.token(), ctx.http.proxy.as_deref())?
            .send()
            .await?;
        if response.status() != reqwest::StatusCode::TOO_MANY_REQUESTS {
            response.error_for_status()?;
            return Ok(());
        }
        let seconds = response
            .headers()
            .get("retry-after")
            .and_then(|it| it.to_str().ok()?.parse().ok());
        let seconds = seconds.ok_or(SerenityError::Other("a 429 that does not say how long"))?;
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    }
}
