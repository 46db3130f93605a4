//! Tries on Discord itself what its documentation leaves open and the bot or the sandbox relies on,
//! and prints what holds.
//!
//! ```sh
//! DISCORD_TOKEN=… DISCORD_SERVER=… DISCORD_MEMBER=… cargo run --example discord_facts
//! ```
//!
//! `DISCORD_SERVER` is the id of a server for tests, `DISCORD_MEMBER` that of a member of it who is
//! neither its owner nor an administrator. The bot needs *Manage Channels*, *Manage Roles*, *Manage
//! Threads*, *Create Private Threads*, *Send Messages* and *Send Messages in Threads*, and must not
//! be an administrator. It creates channels and a role, and deletes them at the end.
//!
//! Some facts need somebody who clicks. They are tried with `DISCORD_CLICKS=1`: the script then posts
//! what to click, and waits for two minutes.

mod client;
mod facts;
mod gateway;

use std::process::ExitCode;
use std::time::Duration;

use client::Client;
use facts::Setup;

#[expect(clippy::print_stdout, reason = "a script's results go to the terminal")]
fn main() -> ExitCode {
    let ended = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(run()));
    match ended {
        Ok(findings) => {
            for finding in &findings {
                println!("{finding}");
            }
            if findings.iter().all(facts::Finding::holds) {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> facts::Result<Vec<facts::Finding>> {
    let url = variable("DISCORD_API_URL").unwrap_or_else(|_| "https://discord.com".to_owned());
    let clicks = variable("DISCORD_CLICKS").is_ok();
    let setup = Setup {
        client: Client::new(&url, &variable("DISCORD_TOKEN")?),
        server: variable("DISCORD_SERVER")?,
        member: variable("DISCORD_MEMBER")?,
        wait_for_clicks: clicks.then_some(Duration::from_secs(120)),
    };
    facts::try_all(&setup).await
}

fn variable(name: &str) -> facts::Result<String> {
    std::env::var(name).map_err(|_| format!("{name} is not set in the environment").into())
}
