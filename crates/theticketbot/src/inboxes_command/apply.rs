//! What a file changes: all of it is read and checked first.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::path::Path;

use tickets::action::Action;
use tickets::inbox::Inbox;
use tickets::setting::{Setting, Settings, Stored};
use tickets::template::{MAX_NAME, MAX_STARTER};
use tickets::{ChannelId, GuildId, InboxId, Mention, RoleId};
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Value};

use super::{DESTINATION, STAFF, STARTER, TICKET_NAME, registered, value};
use crate::BoxError;
use crate::config::ConfigError;
use crate::store::{InboxChange, Scope, Store};
use crate::translate::{Language, say};

/// One change.
pub(super) struct Change {
    scope: Scope,
    key: &'static str,
    /// What to tell of the new value.
    told: String,
    write: Write,
    shows_on_message: bool,
}

enum Write {
    Inbox(InboxId, InboxChange),
    Setting(Scope, &'static str, Option<String>),
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scope {
            Scope::Inbox(id) => write!(f, "inbox {id}: ")?,
            Scope::Guild(id) => write!(f, "server {id}: ")?,
            Scope::Bot => {}
        }
        write!(f, "{} = {}", self.key, self.told)
    }
}

impl Change {
    /// Whether the inbox's message would look different.
    pub(super) fn shows_on_message(&self) -> bool {
        self.shows_on_message
    }

    pub(super) async fn write(self, store: &Store) -> Result<(), BoxError> {
        match self.write {
            Write::Inbox(id, change) => {
                if !store.change_inbox(id, change).await? {
                    return Err(format!("the inbox {id} was removed in the meantime").into());
                }
            }
            Write::Setting(scope, key, value) => store.set_setting(scope, key, value).await?,
        }
        Ok(())
    }
}

/// What this file changes.
pub(super) async fn plan(store: &Store, file: &Path, text: &str) -> Result<Vec<Change>, BoxError> {
    let source = Source { file, text };
    let document = DeTable::parse(text).map_err(|error| source.syntax_error(&error))?;
    let mut changes = Vec::new();
    let mut servers = HashMap::new();
    for (key, value) in in_order(document.get_ref()) {
        let tables = || source.tables(value, key.get_ref());
        match key.get_ref().as_ref() {
            "server" => {
                for table in tables()? {
                    changes.extend(server(store, &table).await?);
                }
            }
            "inbox" => {
                for table in tables()? {
                    let more = inbox(store, &table, &changes, &mut servers).await?;
                    changes.extend(more);
                }
            }
            _ => {
                let why = "unknown key; allowed here: [[server]] and [[inbox]]";
                return Err(source
                    .error(key.span().start, Some(key.get_ref()), why)
                    .into());
            }
        }
    }
    Ok(changes)
}

async fn server(store: &Store, table: &Table<'_>) -> Result<Vec<Change>, BoxError> {
    let (id, place) = table.id("[[server]]")?;
    let id = GuildId(id);
    if !store.guilds().await?.contains(&id) {
        let why = format!("there is no server {id} in the database");
        return Err(table.source.error(place, Some("id"), why).into());
    }
    let server: Settings = store
        .settings(Scope::Guild(id))
        .await?
        .into_iter()
        .collect();
    let mut changes = Vec::new();
    for (key, value) in &table.entries {
        match key.get_ref().as_ref() {
            "id" => {}
            name => {
                let setting = table.setting(key, name, true, &["id"])?;
                let stored = Stored {
                    inbox: None,
                    server: &server,
                };
                changes.extend(table.change(Scope::Guild(id), setting, value, stored)?);
            }
        }
    }
    Ok(changes)
}

async fn inbox(
    store: &Store,
    table: &Table<'_>,
    planned: &[Change],
    servers: &mut HashMap<GuildId, Vec<Inbox>>,
) -> Result<Vec<Change>, BoxError> {
    const ORIGINAL: [&str; 7] = [
        "id",
        "server",
        "channel",
        DESTINATION,
        STAFF,
        STARTER,
        TICKET_NAME,
    ];
    let (id, place) = table.id("[[inbox]]")?;
    let Some(inbox) = store.inbox(InboxId(id)).await? else {
        let why = format!(
            "there is no inbox {id}; `theticketbot inboxes export` lists those that there are"
        );
        return Err(table.source.error(place, Some("id"), why).into());
    };
    let beside = match servers.entry(inbox.guild) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(new) => new.insert(store.inboxes_in(inbox.guild).await?),
    };
    let server = store.settings(Scope::Guild(inbox.guild)).await?;
    let server: Settings = server.into_iter().collect();
    let mut changes = Vec::new();
    for (key, value) in &table.entries {
        match key.get_ref().as_ref() {
            "id" => {}
            "server" => table.same(value, "server", inbox.guild.0)?,
            "channel" => table.same(value, "channel", inbox.channel.0)?,
            key @ (DESTINATION | STAFF | STARTER | TICKET_NAME) => {
                changes.extend(original(table, key, value, &inbox)?);
            }
            name => {
                let setting = table.setting(key, name, false, &ORIGINAL)?;
                let stored = Stored {
                    inbox: Some(&inbox),
                    server: &server,
                };
                let change = table.change(Scope::Inbox(inbox.id), setting, value, stored)?;
                if let Some(Change {
                    write: Write::Setting(_, key, Some(new)),
                    ..
                }) = &change
                {
                    let others = others(beside, &inbox, key, planned);
                    let others: Vec<&str> = others.iter().map(String::as_str).collect();
                    if let Some(refusal) = setting.refused_beside(new, &others) {
                        let why = say(refusal, Language::DEFAULT);
                        return Err(table.error(value, key, why).into());
                    }
                }
                changes.extend(change);
            }
        }
    }
    Ok(changes)
}

/// What a setting is in the other inboxes of the server, and what the file makes it.
fn others(beside: &[Inbox], inbox: &Inbox, wanted: &str, planned: &[Change]) -> Vec<String> {
    let mut found = Vec::new();
    for other in beside {
        if other.id == inbox.id {
            continue;
        }
        found.extend(other.settings.stored(wanted).map(str::to_owned));
        found.extend(planned.iter().filter_map(|change| match &change.write {
            Write::Setting(Scope::Inbox(id), key, value) if *id == other.id && *key == wanted => {
                value.clone()
            }
            _ => None,
        }));
    }
    found
}

/// What the original has a column for.
fn original(
    table: &Table<'_>,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    inbox: &Inbox,
) -> Result<Option<Change>, ConfigError> {
    let (key, change) = match key {
        DESTINATION => {
            let text = table.string(value, key, 20)?;
            let id = (!text.is_empty()).then(|| text.parse().map(ChannelId));
            let Ok(destination) = id.transpose() else {
                let why = "must be the id of a channel, or \"\" for the inbox's own channel";
                return Err(table.error(value, key, why));
            };
            if destination == inbox.destination {
                return Ok(None);
            }
            (DESTINATION, InboxChange::Destination(destination))
        }
        STAFF => {
            let staff = staff(table, value, inbox)?;
            if staff == inbox.staff {
                return Ok(None);
            }
            (STAFF, InboxChange::Staff(staff))
        }
        STARTER => {
            let text = table.string(value, key, MAX_STARTER)?;
            if text == inbox.starter {
                return Ok(None);
            }
            (STARTER, InboxChange::Starter(text.to_owned()))
        }
        _ => {
            let text = table.string(value, key, MAX_NAME)?;
            if text == inbox.name {
                return Ok(None);
            }
            (TICKET_NAME, InboxChange::Name(text.to_owned()))
        }
    };
    Ok(Some(Change {
        scope: Scope::Inbox(inbox.id),
        key,
        told: told(&plain(value.get_ref())),
        write: Write::Inbox(inbox.id, change),
        shows_on_message: false,
    }))
}

fn staff(
    table: &Table<'_>,
    value: &Spanned<DeValue<'_>>,
    inbox: &Inbox,
) -> Result<Vec<Mention>, ConfigError> {
    let mentions = value.get_ref().as_array().map(|mentions| {
        let parse = |mention: &Spanned<DeValue<'_>>| mention.get_ref().as_str()?.parse().ok();
        mentions.iter().map(parse).collect::<Option<Vec<Mention>>>()
    });
    let everyone = Mention::Role(RoleId(inbox.guild.0));
    match mentions.flatten() {
        None => Err(table.error(
            value,
            STAFF,
            "must be an array of mentions, such as [\"<@&123>\", \"<@456>\"]: a role, and a member",
        )),
        Some(staff) if staff.contains(&everyone) => {
            Err(table.error(value, STAFF, "@everyone cannot be staff"))
        }
        Some(staff) => Ok(staff),
    }
}

/// The file.
#[derive(Clone, Copy)]
struct Source<'a> {
    file: &'a Path,
    text: &'a str,
}

impl<'a> Source<'a> {
    fn error(self, byte: usize, key: Option<&str>, why: impl Into<String>) -> ConfigError {
        ConfigError::at(Some(self.file), self.text, byte, key, why)
    }

    fn syntax_error(self, error: &toml::de::Error) -> ConfigError {
        let byte = error.span().map_or(0, |span| span.start);
        self.error(byte, None, format!("not TOML: {}", error.message()))
    }

    /// The tables under `[[name]]`.
    fn tables(
        self,
        value: &'a Spanned<DeValue<'a>>,
        name: &str,
    ) -> Result<Vec<Table<'a>>, ConfigError> {
        let wrong = || {
            let why = format!("must be tables: [[{name}]]");
            self.error(value.span().start, Some(name), why)
        };
        let tables = value.get_ref().as_array().ok_or_else(wrong)?;
        let table = |item: &'a Spanned<DeValue<'a>>| {
            let entries = item.get_ref().as_table().ok_or_else(wrong)?;
            Ok(Table {
                source: self,
                start: item.span().start,
                entries: in_order(entries),
            })
        };
        tables.iter().map(table).collect()
    }
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;
type Pair<'a> = (&'a Key<'a>, &'a Spanned<DeValue<'a>>);

/// In the file's order.
fn in_order<'a>(table: &'a DeTable<'a>) -> Vec<Pair<'a>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// One server or inbox.
struct Table<'a> {
    source: Source<'a>,
    start: usize,
    entries: Vec<Pair<'a>>,
}

impl Table<'_> {
    fn error(
        &self,
        value: &Spanned<DeValue<'_>>,
        key: &str,
        why: impl Into<String>,
    ) -> ConfigError {
        self.source.error(value.span().start, Some(key), why)
    }

    /// Its id, and where that stands.
    fn id(&self, name: &str) -> Result<(u64, usize), ConfigError> {
        let id = self.entries.iter().find(|(key, _)| key.get_ref() == "id");
        let Some((_, value)) = id else {
            let why = format!("{name} must have an id, such as id = \"123\"");
            return Err(self.source.error(self.start, None, why));
        };
        let id = value.get_ref().as_str().and_then(|id| id.parse().ok());
        match id {
            Some(id) => Ok((id, value.span().start)),
            None => Err(self.error(value, "id", "must be an id between quotes, such as \"123\"")),
        }
    }

    fn string<'b>(
        &self,
        value: &'b Spanned<DeValue<'_>>,
        key: &str,
        most: usize,
    ) -> Result<&'b str, ConfigError> {
        match value.get_ref().as_str() {
            None => Err(self.error(value, key, "must be a string")),
            Some(text) if text.chars().count() > most => {
                Err(self.error(value, key, format!("must have at most {most} characters")))
            }
            Some(text) => Ok(text),
        }
    }

    /// What an inbox's message decides, nobody can change.
    fn same(&self, value: &Spanned<DeValue<'_>>, key: &str, id: u64) -> Result<(), ConfigError> {
        if value.get_ref().as_str() == Some(id.to_string().as_str()) {
            return Ok(());
        }
        let why = format!("must be \"{id}\", where the inbox's message is; it cannot be changed");
        Err(self.error(value, key, why))
    }

    /// The setting of this name.
    fn setting(
        &self,
        key: &Key<'_>,
        name: &str,
        of_servers: bool,
        others: &[&'static str],
    ) -> Result<&'static dyn Setting, ConfigError> {
        let found = registered(of_servers).find(|setting| setting.key() == name);
        found.ok_or_else(|| {
            let known = registered(of_servers).map(Setting::key);
            let known: Vec<&str> = others.iter().copied().chain(known).collect();
            let why = format!("unknown setting; there are: {}", known.join(", "));
            self.source.error(key.span().start, Some(name), why)
        })
    }

    /// The change of a setting, if its value is another than what is stored.
    fn change(
        &self,
        scope: Scope,
        setting: &dyn Setting,
        value: &Spanned<DeValue<'_>>,
        stored: Stored<'_>,
    ) -> Result<Option<Change>, ConfigError> {
        let key = setting.key();
        let written = plain(value.get_ref());
        let new = value::read(setting, &written).map_err(|wrong| {
            let why = match wrong {
                value::Wrong::Type => "must be a string, or an array of ids for roles".to_owned(),
                value::Wrong::Refused(text) => say(text, Language::DEFAULT),
                value::Wrong::Unknown => {
                    "this version does not know such a stored value".to_owned()
                }
            };
            self.error(value, key, why)
        })?;
        if new == setting.stored(stored) {
            return Ok(None);
        }
        let (guild, inbox) = match scope {
            Scope::Guild(guild) => (guild, InboxId(0)),
            Scope::Inbox(inbox) => (GuildId(0), inbox),
            Scope::Bot => (GuildId(0), InboxId(0)),
        };
        let write = match setting.change(guild, inbox, new) {
            Action::SetLimit { inbox, limit } => Write::Inbox(inbox, InboxChange::Limit(limit)),
            Action::SetSetting { inbox, key, value } => {
                Write::Setting(Scope::Inbox(inbox), key, value)
            }
            Action::SetServerSetting { guild, key, value } => {
                Write::Setting(Scope::Guild(guild), key, value)
            }
            _ => return Err(self.error(value, key, "this can be changed in Discord only")),
        };
        Ok(Some(Change {
            scope,
            key,
            told: told(&written),
            write,
            shows_on_message: setting.shows_on_message(),
        }))
    }
}

/// The beginning of a value.
fn told(value: &Value) -> String {
    const MOST: usize = 60;
    let text = value.to_string().replace('\n', " ");
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// A value without its places.
fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix());
            Value::from(number.unwrap_or(i64::MAX))
        }
        DeValue::Array(values) => {
            let values = values.iter().map(|value| plain(value.get_ref()));
            Value::Array(values.collect())
        }
        DeValue::Table(table) => {
            let pair = |(key, value): (&Key<'_>, &Spanned<DeValue<'_>>)| {
                (key.get_ref().to_string(), plain(value.get_ref()))
            };
            Value::Table(table.iter().map(pair).collect())
        }
        // No setting is any of these.
        DeValue::Boolean(is_on) => Value::Boolean(*is_on),
        DeValue::Float(_) | DeValue::Datetime(_) => Value::Boolean(false),
    }
}
