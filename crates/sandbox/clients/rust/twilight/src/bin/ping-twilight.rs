//! Answers /ping with as many shards as `GET /gateway/bot` recommends: what twilight asks for when
//! it starts so.

use std::env;
use std::error::Error;
use std::sync::Arc;

use twilight_gateway::{ConfigBuilder, Event, EventTypeFlags, Intents, Shard, StreamExt};
use twilight_http::Client;
use twilight_model::application::command::CommandType;
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};
use twilight_util::builder::command::CommandBuilder;

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome {
    let url = env::var("SANDBOX_URL").expect("SANDBOX_URL says where the sandbox is");
    let token = env::var("TOKEN").expect("TOKEN is the bot's token");
    let host = url.trim_start_matches("http://");
    let http = Client::builder()
        .token(token.clone())
        .proxy(host.to_owned(), true)
        .build();
    let http = Arc::new(http);
    let config = ConfigBuilder::new(token, Intents::GUILDS)
        .proxy_url(format!("ws://{host}"))
        .build();
    #[expect(deprecated, reason = "most bots that exist start so")]
    let shards =
        twilight_gateway::create_recommended(&http, config, |_, config| config.build()).await?;
    let runs = shards.map(|shard| tokio::spawn(run(shard, Arc::clone(&http))));
    for run in runs.collect::<Vec<_>>() {
        run.await??;
    }
    Ok(())
}

async fn run(mut shard: Shard, http: Arc<Client>) -> Outcome {
    while let Some(event) = shard.next_event(EventTypeFlags::all()).await {
        match event? {
            Event::Ready(ready) if shard.id().number() == 0 => {
                let ping = CommandBuilder::new("ping", "Answers", CommandType::ChatInput).build();
                let interactions = http.interaction(ready.application.id);
                interactions.set_global_commands(&[ping]).await?;
            }
            Event::InteractionCreate(asked) => {
                let pong = InteractionResponse {
                    kind: InteractionResponseType::ChannelMessageWithSource,
                    data: Some(InteractionResponseData {
                        content: Some("pong".to_owned()),
                        ..InteractionResponseData::default()
                    }),
                };
                http.interaction(asked.application_id)
                    .create_response(asked.id, &asked.token, &pong)
                    .await?;
            }
            _ => {}
        }
    }
    Ok(())
}
