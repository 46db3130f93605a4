//! The tour (see ../../README.md) as a twilight bot.

mod commands;
mod direct;
mod messages;
mod threads;

use std::collections::HashSet;
use std::env;
use std::error::Error;
use std::sync::{Arc, Mutex};

use twilight_cache_inmemory::{DefaultInMemoryCache, ResourceType};
use twilight_gateway::{
    CloseFrame, ConfigBuilder, Event, EventTypeFlags, Intents, Shard, ShardId, StreamExt,
};
use twilight_http::Client;
use twilight_model::application::interaction::application_command::{
    CommandData, CommandDataOption, CommandOptionValue,
};
use twilight_model::application::interaction::message_component::MessageComponentInteractionData;
use twilight_model::application::interaction::modal::{
    ModalInteractionComponent, ModalInteractionData,
};
use twilight_model::application::interaction::{Interaction, InteractionData};
use twilight_model::channel::message::{AllowedMentions, MentionType, MessageFlags};
use twilight_model::gateway::payload::incoming::{MessageCreate, ThreadMembersUpdate};
use twilight_model::http::attachment::Attachment;
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, GuildMarker, MessageMarker, UserMarker};
use twilight_util::builder::embed::{EmbedBuilder, ImageSource};

use threads::{channel, channel_of};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

const DOT: &[u8] = include_bytes!("../../../dot.png");

#[tokio::main]
async fn main() -> Outcome {
    let url = env::var("SANDBOX_URL").expect("SANDBOX_URL says where the sandbox is");
    let token = env::var("SANDBOX_TOKEN").expect("SANDBOX_TOKEN is the bot's token");
    let host = url.trim_start_matches("http://");

    let mut pings = AllowedMentions::default();
    pings.parse.push(MentionType::Users);

    // The two proxies are all that points twilight at a sandbox.
    let http = Client::builder()
        .token(token.clone())
        .proxy(host.to_owned(), true)
        .default_allowed_mentions(pings)
        .build();
    let intents = Intents::GUILDS
        | Intents::GUILD_MEMBERS
        | Intents::GUILD_MESSAGES
        | Intents::GUILD_MESSAGE_REACTIONS
        | Intents::DIRECT_MESSAGES;
    let config = ConfigBuilder::new(token, intents)
        .proxy_url(format!("ws://{host}"))
        .build();
    let mut shard = Shard::with_config(ShardId::ONE, config);

    let application = http.current_user_application().await?.model().await?.id;
    let me = http.current_user().await?.model().await?.id;
    let kinds = ResourceType::GUILD | ResourceType::CHANNEL | ResourceType::ROLE;
    let cache = DefaultInMemoryCache::builder()
        .resource_types(kinds)
        .build();
    let bot = Arc::new(Bot {
        http,
        cache,
        application,
        me,
        registered: Mutex::default(),
    });

    bot.http
        .interaction(application)
        .set_global_commands(&commands::global())
        .await?;

    while let Some(event) = shard.next_event(EventTypeFlags::all()).await {
        match event {
            Ok(event) => {
                bot.cache.update(&event);
                let bot = Arc::clone(&bot);
                tokio::spawn(async move {
                    if let Err(error) = bot.handle(event).await {
                        eprintln!("error: {error:?}");
                    }
                });
            }
            Err(error) => eprintln!("error: gateway: {error:?}"),
        }
    }
    shard.close(CloseFrame::NORMAL);
    Ok(())
}

struct Bot {
    http: Client,
    cache: DefaultInMemoryCache,
    application: Id<ApplicationMarker>,
    me: Id<UserMarker>,
    registered: Mutex<HashSet<Id<GuildMarker>>>,
}

impl Bot {
    async fn handle(&self, event: Event) -> Outcome {
        match event {
            Event::GuildCreate(guild) => self.register(guild.id()).await,
            Event::MessageCreate(message) => self.pong(&message).await,
            Event::ReactionAdd(reaction) => self.react(&reaction, true).await,
            Event::ReactionRemove(reaction) => self.react(&reaction, false).await,
            Event::ThreadMembersUpdate(update) => self.gone(&update).await,
            Event::InteractionCreate(interaction) => {
                let mut interaction = interaction.0;
                match interaction.data.take() {
                    Some(InteractionData::ApplicationCommand(command)) => {
                        self.command(&interaction, &command).await
                    }
                    Some(InteractionData::MessageComponent(click)) => {
                        self.clicked(&interaction, &click).await
                    }
                    Some(InteractionData::ModalSubmit(modal)) => {
                        self.submitted(&interaction, &modal).await
                    }
                    _ => Err("an interaction of a kind nobody asked for".into()),
                }
            }
            _ => Ok(()),
        }
    }

    async fn register(&self, guild: Id<GuildMarker>) -> Outcome {
        let new = self
            .registered
            .lock()
            .is_ok_and(|mut registered| registered.insert(guild));
        if new {
            let definitions = commands::guild();
            let interactions = self.http.interaction(self.application);
            interactions.set_guild_commands(guild, &definitions).await?;
        }
        Ok(())
    }

    async fn pong(&self, message: &MessageCreate) -> Outcome {
        let mentioned = message.mentions.iter().any(|mention| mention.id == self.me);
        let called = message.guild_id.is_none() || mentioned;
        if !message.author.bot && called && message.content.contains("ping") {
            let answer = self.http.create_message(message.channel_id).content("pong");
            answer.reply(message.id).await?;
        }
        Ok(())
    }

    async fn gone(&self, update: &ThreadMembersUpdate) -> Outcome {
        let silent = AllowedMentions::default();
        for user in &update.removed_member_ids {
            let content = format!("gone <@{user}>");
            let message = self.http.create_message(update.id).content(&content);
            message.allowed_mentions(Some(&silent)).await?;
        }
        Ok(())
    }

    async fn command(&self, interaction: &Interaction, command: &CommandData) -> Outcome {
        match command.name.as_str() {
            "tour" => self.tour(interaction, command).await,
            "Quote" => {
                let target = command
                    .target_id
                    .ok_or("Quote without a target")?
                    .cast::<MessageMarker>();
                let resolved = command.resolved.as_ref().ok_or("nothing resolved")?;
                let message = resolved
                    .messages
                    .get(&target)
                    .ok_or("the target is missing")?;
                self.whisper(interaction, format!("quote: {}", message.content))
                    .await
            }
            "Greet" => {
                let target = command.target_id.ok_or("Greet without a target")?;
                let resolved = command.resolved.as_ref().ok_or("nothing resolved")?;
                let user = resolved.users.get(&target.cast());
                let name = &user.ok_or("the target is missing")?.name;
                self.whisper(interaction, format!("hello {name}")).await
            }
            "hall" => {
                let kind = InteractionResponseType::ChannelMessageWithSource;
                self.respond(interaction, kind, messages::hall()).await
            }
            "panel" => {
                let kind = InteractionResponseType::ChannelMessageWithSource;
                self.respond(interaction, kind, messages::panel()).await
            }
            "upload" => self.upload(interaction).await,
            "say" => self.say(interaction, command).await,
            "letter" => self.letter(interaction, command).await,
            "Pin" => self.pin(interaction, command).await,
            "thread" => match command.options.first() {
                Some(CommandDataOption {
                    name,
                    value: CommandOptionValue::SubCommand(options),
                }) => self.thread(interaction, name, options).await,
                _ => Err("thread without a step".into()),
            },
            _ => Err("an unknown command".into()),
        }
    }

    async fn tour(&self, interaction: &Interaction, command: &CommandData) -> Outcome {
        let id = interaction.guild_id.ok_or("not in a guild")?;
        let resolved = command.resolved.as_ref().ok_or("nothing resolved")?;
        let name = self
            .cache
            .guild(id)
            .ok_or("the guild is not in the cache")?
            .name()
            .to_owned();
        // The cache counts threads as channels.
        let is_channel = |id: &Id<_>| self.cache.channel(*id).is_some_and(|c| !c.kind.is_thread());
        let channels = self
            .cache
            .guild_channels(id)
            .ok_or("no channels in the cache")?;
        let channels = channels.iter().filter(|id| is_channel(id)).count();
        let roles = self.cache.guild_roles(id).map_or(0, |roles| roles.len());

        let mut content = format!("guild={name} channels={channels} roles={roles}");
        for option in &command.options {
            let value = match &option.value {
                CommandOptionValue::String(word) => word.clone(),
                CommandOptionValue::Integer(number) => number.to_string(),
                CommandOptionValue::User(id) => {
                    resolved
                        .members
                        .get(id)
                        .ok_or("the member is not resolved")?;
                    resolved
                        .users
                        .get(id)
                        .ok_or("the user is not resolved")?
                        .name
                        .clone()
                }
                CommandOptionValue::Channel(id) => resolved
                    .channels
                    .get(id)
                    .ok_or("the channel is not resolved")?
                    .name
                    .clone(),
                _ => return Err("an unknown option".into()),
            };
            content = format!("{content} {}={value}", option.name);
        }
        let data = InteractionResponseData {
            content: Some(content),
            ..Default::default()
        };
        self.respond(
            interaction,
            InteractionResponseType::ChannelMessageWithSource,
            data,
        )
        .await
    }

    async fn upload(&self, interaction: &Interaction) -> Outcome {
        self.defer(interaction, MessageFlags::empty()).await?;
        let one = [Attachment::from_bytes("one.txt".into(), b"one\n".into(), 0)];
        let two = [Attachment::from_bytes("two.txt".into(), b"two\n".into(), 1)];
        let dot = [Attachment::from_bytes("dot.png".into(), DOT.into(), 0)];

        let channel = channel_of(interaction)?;
        let first = self
            .http
            .create_message(channel)
            .content("first")
            .attachments(&one);
        let message = first.await?.model().await?;

        let kept: Vec<_> = message
            .attachments
            .iter()
            .map(|attachment| attachment.id)
            .collect();
        self.http
            .update_message(channel, message.id)
            .content(Some("second"))
            .keep_attachment_ids(&kept)
            .attachments(&two)
            .await?;

        let image = ImageSource::attachment("dot.png")?;
        let embed = [EmbedBuilder::new().title("dot").image(image).build()];
        self.http
            .interaction(self.application)
            .update_response(&interaction.token)
            .content(Some(&format!("uploaded {}", message.id)))
            .embeds(Some(&embed))
            .attachments(&dot)
            .await?;
        Ok(())
    }

    async fn say(&self, interaction: &Interaction, command: &CommandData) -> Outcome {
        let channel = channel(&command.options, "where").ok_or("say without a channel")?;
        let text = command
            .options
            .iter()
            .find_map(|option| match &option.value {
                CommandOptionValue::String(text) => Some(text),
                _ => None,
            });
        let said = self
            .http
            .create_message(channel)
            .content(text.ok_or("say without words")?)
            .await;
        self.whisper(interaction, direct::whether("said", said)?)
            .await
    }

    async fn clicked(
        &self,
        interaction: &Interaction,
        click: &MessageComponentInteractionData,
    ) -> Outcome {
        match click.custom_id.as_str() {
            "knock" => {
                self.defer(interaction, MessageFlags::EPHEMERAL).await?;
                let name = &interaction.author().ok_or("nobody clicked")?.name;
                let interactions = self.http.interaction(self.application);
                let content = format!("knocked by {name}");
                interactions
                    .update_response(&interaction.token)
                    .content(Some(&content))
                    .await?;
                let more = interactions
                    .create_followup(&interaction.token)
                    .content("and again");
                more.flags(MessageFlags::EPHEMERAL).await?;
                Ok(())
            }
            "form" => {
                self.respond(
                    interaction,
                    InteractionResponseType::Modal,
                    messages::form(),
                )
                .await
            }
            "survey" => {
                let kind = InteractionResponseType::Modal;
                self.respond(interaction, kind, messages::survey()).await
            }
            "press" => self.whisper(interaction, "pressed".to_owned()).await,
            "colours" => {
                self.update(interaction, format!("colours: {}", click.values.join(", ")))
                    .await
            }
            "people" => {
                let resolved = click.resolved.as_ref().ok_or("nothing resolved")?;
                let mut names: Vec<_> = resolved.users.values().map(|user| &*user.name).collect();
                names.sort_unstable();
                self.update(interaction, format!("people: {}", names.join(", ")))
                    .await
            }
            _ => Err("a component nobody sent".into()),
        }
    }

    async fn submitted(&self, interaction: &Interaction, modal: &ModalInteractionData) -> Outcome {
        if modal.custom_id == "survey" {
            let chosen = modal.components.iter().find_map(|part| match part {
                ModalInteractionComponent::Label(label) => match &*label.component {
                    ModalInteractionComponent::StringSelect(menu) => Some(menu.values.join(", ")),
                    _ => None,
                },
                _ => None,
            });
            let mood = chosen.ok_or("the survey has no menu")?;
            return self.whisper(interaction, format!("survey: {mood}")).await;
        }
        let typed = |id: &str| {
            modal.components.iter().find_map(|part| match part {
                ModalInteractionComponent::Label(label) => match &*label.component {
                    ModalInteractionComponent::TextInput(input) if input.custom_id == id => {
                        Some(input.value.clone())
                    }
                    _ => None,
                },
                _ => None,
            })
        };
        let name = typed("name").ok_or("the modal has no name")?;
        let why = typed("why").ok_or("the modal has no why")?;
        self.whisper(interaction, format!("form: {name} / {why}"))
            .await
    }

    async fn whisper(&self, interaction: &Interaction, content: String) -> Outcome {
        let data = InteractionResponseData {
            content: Some(content),
            flags: Some(MessageFlags::EPHEMERAL),
            ..Default::default()
        };
        self.respond(
            interaction,
            InteractionResponseType::ChannelMessageWithSource,
            data,
        )
        .await
    }

    async fn update(&self, interaction: &Interaction, content: String) -> Outcome {
        let data = InteractionResponseData {
            content: Some(content),
            ..Default::default()
        };
        self.respond(interaction, InteractionResponseType::UpdateMessage, data)
            .await
    }

    async fn defer(&self, interaction: &Interaction, flags: MessageFlags) -> Outcome {
        let data = InteractionResponseData {
            flags: Some(flags),
            ..Default::default()
        };
        let kind = InteractionResponseType::DeferredChannelMessageWithSource;
        self.respond(interaction, kind, data).await
    }

    async fn respond(
        &self,
        interaction: &Interaction,
        kind: InteractionResponseType,
        data: InteractionResponseData,
    ) -> Outcome {
        let response = InteractionResponse {
            kind,
            data: Some(data),
        };
        self.http
            .interaction(self.application)
            .create_response(interaction.id, &interaction.token, &response)
            .await?;
        Ok(())
    }
}
