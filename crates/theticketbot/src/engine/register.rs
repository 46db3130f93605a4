//! Registers the commands with Discord whenever they differ from those registered last.

use tickets::GuildId;
use twilight_model::application::command::Command;

use crate::app::{App, Failure};
use crate::discord::commands::{definitions, fingerprint, report};
use crate::discord::{Application, Discord};
use crate::reconcile::has_reports;
use crate::store::{Scope, Store};

/// The setting with the fingerprint of the commands registered last.
const SETTING: &str = "commands-fingerprint";

/// Registers the commands if they differ from those registered last for this application. Returns whether
/// they did.
pub async fn if_changed(
    discord: &Discord,
    store: &Store,
    application: &Application,
) -> Result<bool, Failure> {
    let commands = definitions();
    let mark = mark(application.id, &commands);
    if store.setting(Scope::Bot, SETTING).await? == Some(mark) {
        return Ok(false);
    }
    everywhere(discord, store, application, &commands).await?;
    Ok(true)
}

/// Registers the commands now, everywhere.
pub async fn now(
    discord: &Discord,
    store: &Store,
    application: &Application,
) -> Result<usize, Failure> {
    let commands = definitions();
    everywhere(discord, store, application, &commands).await?;
    Ok(commands.len())
}

/// Marks the commands as registered.
pub async fn skip(store: &Store, application: &Application) -> Result<(), Failure> {
    let mark = mark(application.id, &definitions());
    Ok(store.set_setting(Scope::Bot, SETTING, Some(mark)).await?)
}

/// Registers the commands, everywhere or in one server. Returns how many there are.
pub async fn register(app: &App, guild: Option<GuildId>) -> Result<usize, Failure> {
    let Some(guild) = guild else {
        return now(&app.discord, &app.store, &app.application).await;
    };
    let mut commands = definitions();
    if has_reports(app, guild).await? {
        commands.push(report());
    }
    let in_guild: Vec<_> = commands.into_iter().map(of_guild).collect();
    app.discord
        .set_commands(app.application.id, Some(guild), &in_guild)
        .await?;
    Ok(in_guild.len())
}

async fn everywhere(
    discord: &Discord,
    store: &Store,
    application: &Application,
    commands: &[Command],
) -> Result<(), Failure> {
    discord.set_commands(application.id, None, commands).await?;
    let mark = mark(application.id, commands);
    store.set_setting(Scope::Bot, SETTING, Some(mark)).await?;
    tracing::info!(count = commands.len(), "commands registered");
    Ok(())
}

/// The fingerprint includes the application, because one database can be used with several, such as a test's
/// and the real one.
fn mark(application: u64, commands: &[Command]) -> String {
    format!("{application} {}", fingerprint(commands))
}

/// Contexts and installation types are for global commands only.
fn of_guild(command: Command) -> Command {
    Command {
        contexts: None,
        integration_types: None,
        ..command
    }
}
