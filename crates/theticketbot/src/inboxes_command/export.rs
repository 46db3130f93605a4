//! All settings as TOML.

use std::fmt::Write as _;

use tickets::GuildId;
use tickets::inbox::Inbox;
use tickets::setting::{Settings, Stored};
use toml::Value;

use super::{registered, value};
use crate::BoxError;
use crate::store::{Scope, Store};

const HEAD: &str = "\
# The settings of theticketbot's inboxes. `theticketbot inboxes apply FILE` changes them to the values
# in a file. A setting that is not in the file stays as it is; \"\" is the default. Inboxes are found by their id.
";

/// All inboxes of all servers.
pub(super) async fn all(store: &Store) -> Result<String, BoxError> {
    let mut text = HEAD.to_owned();
    for guild in store.guilds().await? {
        let settings: Settings = store
            .settings(Scope::Guild(guild))
            .await?
            .into_iter()
            .collect();
        let inboxes = store.inboxes_in(guild).await?;
        if inboxes.is_empty() {
            continue;
        }
        table(&mut text, "server", &server(guild, &settings));
        for inbox in &inboxes {
            table(&mut text, "inbox", &self::inbox(inbox, &settings));
        }
    }
    Ok(text)
}

fn table(text: &mut String, name: &str, pairs: &Pairs) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n[[{name}]]");
    for (key, value) in &pairs.0 {
        let _ = writeln!(text, "{key} = {value}");
    }
}

fn server(id: GuildId, settings: &Settings) -> Pairs {
    let mut pairs = Pairs(vec![("id", Value::from(id.to_string()))]);
    pairs.add_settings(true, None, settings);
    pairs
}

fn inbox(inbox: &Inbox, server: &Settings) -> Pairs {
    let mut pairs = Pairs(vec![
        ("id", Value::from(inbox.id.to_string())),
        ("server", Value::from(inbox.guild.to_string())),
        ("channel", Value::from(inbox.channel.to_string())),
    ]);
    pairs.add_settings(false, Some(inbox), server);
    pairs
}

/// Pairs of key and value, in the order in which they are written.
struct Pairs(Vec<(&'static str, Value)>);

impl Pairs {
    fn add_settings(&mut self, of_servers: bool, inbox: Option<&Inbox>, server: &Settings) {
        for setting in registered(of_servers) {
            let stored = setting.stored(Stored { inbox, server });
            let value = value::write(setting, stored.as_deref());
            self.0.push((setting.key(), value));
        }
    }
}
