//! Warnings for the host at a start, about what looks like a mistake.

use std::path::Path;

use crate::config::{Settings, Source};
use crate::files;
use crate::store::{Store, StoreError};

/// Where the original keeps its database by default: below the working folder.
const OLD_DATABASE: &str = "data/theticketbot.db";

/// The notices for these settings.
pub fn notices(settings: &Settings) -> Vec<String> {
    let mut notices = Vec::new();
    if let Some(file) = &settings.file
        && holds_a_secret(settings)
        && files::others_may_read(file).unwrap_or(false)
    {
        notices.push(format!(
            "other users of this machine can read {0}, and it has a secret in it; close it with \
             `chmod 600 {0}`",
            file.display()
        ));
    }
    let (old, current) = (Path::new(OLD_DATABASE), &settings.db.path);
    if !settings.db.is_server() && old.is_file() && files::resolve(old) != files::resolve(current) {
        notices.push(format!(
            "there is a database at {OLD_DATABASE}, and the bot uses another one, {}; if the first \
             is the right one, set path in [db]",
            current.display()
        ));
    }
    let missing: Vec<_> = settings.missing_intents().collect();
    if !missing.is_empty() {
        notices.push(format!(
            "[bot.intents] switches off what the bot needs: {}; without these events, it does not \
             learn of servers, of who joins or leaves, or of messages in tickets. Remove them from \
             [bot.intents], or set them to true",
            missing.join(", ")
        ));
    }
    if settings.api_url.is_readable_on_the_way() {
        notices.push(format!(
            "bot.api_url is {}: the bot token goes to another machine unencrypted; use https://",
            settings.api_url
        ));
    }
    notices
}

/// Warns of starting messages with @everyone or @here. They notify no one, because the bot lets a
/// message mention only the ticket's owner and the staff.
pub async fn warn_of_silent_pings(store: &Store) -> Result<(), StoreError> {
    for inbox in store.inboxes_naming_everybody().await? {
        tracing::warn!(
            %inbox,
            "the starting message of this inbox has @everyone or @here, which pings nobody; name the \
             staff with $staff, and choose them with /inbox staff"
        );
    }
    Ok(())
}

fn holds_a_secret(settings: &Settings) -> bool {
    let sources = &settings.sources;
    let has_key = |pragma: &crate::store::Pragma| {
        let name = pragma.name().to_ascii_lowercase();
        name.ends_with("key")
    };
    sources.token == Source::File
        || sources.db_url == Source::File
        || settings.db.pragmas.iter().any(has_key)
        || settings
            .db
            .key_template
            .as_ref()
            .is_some_and(|template| !template.wants_key())
}
