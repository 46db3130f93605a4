//! `theticketbot inboxes …`: the settings of inboxes as a file, for hosts who keep them under version
//! control or change many at once. Nothing here speaks to Discord.

mod apply;
mod export;
mod value;

use std::path::Path;

use tickets::setting::{ALL, Group, Setting};

use crate::BoxError;
use crate::app::{APPLIED, system_time};
use crate::cli::InboxesCommand;
use crate::config::Settings;
use crate::store::{Scope, Store};

/// Runs the command, and prints what it exports or changes.
pub async fn run(
    command: &InboxesCommand,
    settings: &Settings,
    print: impl Fn(&str),
) -> Result<(), BoxError> {
    let store = settings.db.open_beside()?;
    match command {
        InboxesCommand::Export => print(export::all(&store).await?.trim_end()),
        InboxesCommand::Apply { file, dry_run } => {
            apply_file(&store, file, *dry_run, &print).await?;
        }
    }
    Ok(())
}

async fn apply_file(
    store: &Store,
    file: &Path,
    dry_run: bool,
    print: &impl Fn(&str),
) -> Result<(), BoxError> {
    let text = crate::config::contents(file)
        .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    // The whole file is checked before anything changes.
    let changes = apply::plan(store, file, &text).await?;
    if changes.is_empty() {
        print("Nothing changes: the inboxes are as the file says.");
        return Ok(());
    }
    for change in changes {
        let told = change.to_string();
        if !dry_run {
            change.write(store).await?;
        }
        print(&told);
    }
    if dry_run {
        print("Nothing was changed, because of --dry-run.");
        return Ok(());
    }
    // A running bot checks it each minute.
    let now = system_time().0.to_string();
    store.set_setting(Scope::Bot, APPLIED, Some(now)).await?;
    print("A running bot uses this within a minute; it need not be restarted.");
    Ok(())
}

/// The settings of inboxes, or of servers.
fn registered(of_servers: bool) -> impl Iterator<Item = &'static dyn Setting> {
    let all = ALL.iter().copied();
    all.filter(move |setting| (setting.group() == Group::Server) == of_servers)
}

#[cfg(test)]
mod tests;
