//! `theticketbot inboxes …`: the settings of inboxes as a file, for hosts who keep them under version
//! control or change many at once. Nothing here speaks to Discord.

mod apply;
mod export;
mod value;

use std::path::Path;

use tickets::setting::{ALL, Group, Setting};

use crate::BoxError;
use crate::cli::InboxesCommand;
use crate::config::Settings;
use crate::store::Store;

/// Does what was asked, and prints what is exported or changed.
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
    // All of it is checked before anything changes.
    let changes = apply::plan(store, file, &text).await?;
    if changes.is_empty() {
        print("Nothing changes: the inboxes are as the file says.");
        return Ok(());
    }
    let hides_changes = changes.iter().any(apply::Change::shows_on_message);
    for change in changes {
        let told = change.to_string();
        if !dry_run {
            change.write(store).await?;
        }
        print(&told);
    }
    print(if dry_run {
        "Nothing was changed, because of --dry-run."
    } else {
        "The bot uses this from now on; it need not be restarted."
    });
    if hides_changes {
        print(
            "An inbox's message shows its new button when it is changed in Discord the next time.",
        );
    }
    Ok(())
}

/// The settings of inboxes, or of servers, other than those below.
fn registered(of_servers: bool) -> impl Iterator<Item = &'static dyn Setting> {
    let own = [DESTINATION, STAFF, STARTER, TICKET_NAME];
    let all = ALL.iter().copied();
    let all = all.filter(move |setting| !own.contains(&setting.key()));
    all.filter(move |setting| (setting.group() == Group::Server) == of_servers)
}

// Settings that the file has before all others, as they are stored: texts are not even trimmed.
const DESTINATION: &str = "destination";
const STAFF: &str = "staff";
const STARTER: &str = "starter";
const TICKET_NAME: &str = "ticket-name";

#[cfg(test)]
mod tests;
