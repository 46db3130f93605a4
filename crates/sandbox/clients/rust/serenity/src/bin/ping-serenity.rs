//! Answers /ping with as many shards as `GET /gateway/bot` recommends: what serenity asks for when
//! it starts so.

#![expect(
    clippy::result_large_err,
    reason = "serenity's own error is this large"
)]

use std::env;

use serenity::all::{
    Command, CreateCommand, CreateInteractionResponse as Response,
    CreateInteractionResponseMessage as ResponseMessage, HttpBuilder, Interaction, Ready,
};
use serenity::prelude::*;

#[tokio::main]
async fn main() -> serenity::Result<()> {
    let url = env::var("SANDBOX_URL").expect("SANDBOX_URL says where the sandbox is");
    let token = env::var("TOKEN").expect("TOKEN is the bot's token");
    let http = HttpBuilder::new(&token)
        .proxy(url)
        .ratelimiter_disabled(true)
        .build();
    let intents = GatewayIntents::GUILDS;
    let mut client = serenity::client::ClientBuilder::new_with_http(http, intents)
        .event_handler(Bot)
        .await?;
    client.start_autosharded().await
}

struct Bot;

#[serenity::async_trait]
impl EventHandler for Bot {
    async fn ready(&self, ctx: Context, _: Ready) {
        let ping = CreateCommand::new("ping").description("Answers");
        if ctx.shard_id.0 == 0
            && let Err(error) = Command::set_global_commands(&ctx, vec![ping]).await
        {
            eprintln!("error: {error:?}");
        }
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        let Interaction::Command(command) = interaction else {
            return;
        };
        let pong = Response::Message(ResponseMessage::new().content("pong"));
        if let Err(error) = command.create_response(&ctx, pong).await {
            eprintln!("error: {error:?}");
        }
    }
}
