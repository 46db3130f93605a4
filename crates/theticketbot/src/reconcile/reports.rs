//! The command *Report to staff*: a server has it while its setting `reports` names an inbox.

use tickets::GuildId;
use tickets::setting::{self, Setting, Typed};

use super::Work;
use crate::app::reports::REGISTERED;
use crate::app::{App, Failure};
use crate::discord::commands::{fingerprint, report};
use crate::store::Scope;

/// Checks the command, because the setting or its inbox may have changed.
pub fn check_soon(app: &App, guild: GuildId) {
    app.backlog.request(Work::Commands(guild));
}

/// Whether the registered command of a server may differ from what it should be.
pub(super) async fn is_outdated(app: &App, guild: GuildId) -> Result<bool, Failure> {
    Ok(wanted(app, guild).await? != registered(app, guild).await?)
}

/// Registers the command, or removes it.
pub(super) async fn check(app: &App, guild: GuildId) -> Result<(), Failure> {
    let wanted = wanted(app, guild).await?;
    if wanted == registered(app, guild).await? {
        return Ok(());
    }
    let done = match wanted {
        Some(_) => {
            let application = app.application.id;
            app.discord.add_command(application, guild, &report()).await
        }
        None => remove(app, guild).await,
    };
    if let Err(error) = &done
        && error.is_forbidden()
    {
        tracing::warn!(
            %guild, %error,
            "the command for reports cannot be registered; invite the bot again with the link that is \
             logged at its start"
        );
    }
    done?;
    let is_there = wanted.is_some();
    app.store
        .set_setting(Scope::Guild(guild), REGISTERED, wanted)
        .await?;
    tracing::info!(%guild, is_there, "the command for reports was changed");
    Ok(())
}

/// Whether a server should have the command.
pub async fn has_reports(app: &App, guild: GuildId) -> Result<bool, Failure> {
    Ok(wanted(app, guild).await?.is_some())
}

/// What should be registered in a server.
async fn wanted(app: &App, guild: GuildId) -> Result<Option<String>, Failure> {
    let (scope, key) = (Scope::Guild(guild), setting::Reports.key());
    let stored = app.store.setting(scope, key).await?;
    let Some(inbox) = setting::Reports.value(stored.as_deref()) else {
        return Ok(None);
    };
    let inbox = app.store.inbox(inbox).await?;
    let is_here = inbox.is_some_and(|inbox| inbox.guild == guild);
    let application = app.application.id;
    Ok(is_here.then(|| format!("{application} {}", fingerprint(&[report()]))))
}

async fn registered(app: &App, guild: GuildId) -> Result<Option<String>, Failure> {
    Ok(app.store.setting(Scope::Guild(guild), REGISTERED).await?)
}

async fn remove(app: &App, guild: GuildId) -> Result<(), crate::discord::Error> {
    let (application, wanted) = (app.application.id, report());
    let known = app.discord.commands_of(application, guild).await?;
    let is_it = |(_, name): &&(u64, String)| *name == wanted.name;
    for (id, _) in known.iter().filter(is_it) {
        let removed = app.discord.delete_command(application, guild, *id).await;
        removed.or_else(|error| if error.is_gone() { Ok(()) } else { Err(error) })?;
    }
    Ok(())
}
