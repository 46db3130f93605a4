//! What a file changes: all of it is read and checked first.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::Path;

use tickets::action::Action;
use tickets::entries::is_on_another;
use tickets::inbox::{Inbox, InboxChange};
use tickets::setting::{self, Circumstances, Kind, Name, Setting, Settings, Stored};
use tickets::{GuildId, InboxId};
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Value};

use super::{registered, value};
use crate::BoxError;
use crate::app::system_time;
use crate::config::ConfigError;
use crate::reconcile::entries::DRAWN;
use crate::store::{Scope, Store};
use crate::translate::{DISCORD_LOCALES, Language, say};

/// One change.
pub(super) struct Change {
    scope: Scope,
    key: &'static str,
    /// What to print about the new value.
    told: String,
    write: Write,
    /// The inbox whose message then looks different.
    redraws: Option<InboxId>,
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
    pub(super) async fn write(self, store: &Store) -> Result<(), BoxError> {
        match self.write {
            Write::Inbox(id, change) => {
                if !store.change_inbox(id, change).await? {
                    return Err(format!("the inbox {id} was removed in the meantime").into());
                }
            }
            Write::Setting(scope, key, value) => store.set_setting(scope, key, value).await?,
        }
        if let Some(inbox) = self.redraws {
            // An empty value marks an unfinished update of the message, so a running bot updates it.
            let scope = Scope::Inbox(inbox);
            store.set_setting(scope, DRAWN, Some(String::new())).await?;
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
                let change = table.change(Scope::Guild(id), setting, value, stored)?;
                if let Some(Change {
                    write: Write::Setting(_, key, Some(new)),
                    ..
                }) = &change
                    && let Some(why) = not_offered(store, id, setting.kind(), new).await?
                {
                    return Err(table.error(value, key, why).into());
                }
                changes.extend(change);
            }
        }
    }
    Ok(changes)
}

/// Why a new value is refused that no menu in Discord would offer.
async fn not_offered(
    store: &Store,
    guild: GuildId,
    kind: Kind,
    new: &str,
) -> Result<Option<String>, BoxError> {
    Ok(match kind {
        Kind::Inbox => {
            let inboxes = store.inboxes_in(guild).await?;
            let is_one = inboxes.iter().any(|inbox| inbox.id.to_string() == new);
            (!is_one).then(|| {
                format!(
                    "this server has no inbox {new}; `theticketbot inboxes export` lists all inboxes"
                )
            })
        }
        Kind::Language if !DISCORD_LOCALES.contains(&new) => Some(format!(
            "must be a language of Discord: {}",
            DISCORD_LOCALES.join(", ")
        )),
        _ => None,
    })
}

async fn inbox(
    store: &Store,
    table: &Table<'_>,
    planned: &[Change],
    servers: &mut HashMap<GuildId, Vec<Inbox>>,
) -> Result<Vec<Change>, BoxError> {
    let (id, place) = table.id("[[inbox]]")?;
    let Some(inbox) = store.inbox(InboxId(id)).await? else {
        let why =
            format!("there is no inbox {id}; `theticketbot inboxes export` lists all inboxes");
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
            name => {
                let setting = table.setting(key, name, false, &["id", "server", "channel"])?;
                let stored = Stored {
                    inbox: Some(&inbox),
                    server: &server,
                };
                let change = table.change(Scope::Inbox(inbox.id), setting, value, stored)?;
                if let Some(Change {
                    write: Write::Setting(_, key, None),
                    ..
                }) = &change
                    && *key == Name.key()
                    && is_on_another(&inbox, beside.iter())
                {
                    let why = "must not be empty, because the message of another inbox offers this \
                         inbox under its name";
                    return Err(table.error(value, key, why).into());
                }
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
    let outdated: Vec<_> = changes
        .iter()
        .filter_map(|change| outdated(change, &inbox, &changes))
        .collect();
    changes.extend(outdated);
    Ok(changes)
}

/// The change of another setting that a change makes obsolete, unless the file changes that setting, too.
fn outdated(change: &Change, inbox: &Inbox, planned: &[Change]) -> Option<Change> {
    let Write::Setting(scope, key, value) = &change.write else {
        return None;
    };
    let setting = setting::find(key)?;
    let outdated = setting.outdates(value.as_deref(), &inbox.settings, system_time())?;
    let is_changed = planned.iter().any(|it| it.key == outdated.key());
    (!is_changed).then(|| Change {
        scope: *scope,
        key: outdated.key(),
        told: told(&Value::from("")),
        write: Write::Setting(*scope, outdated.key(), None),
        redraws: None,
    })
}

/// The values of a setting in the other inboxes of the server: the stored ones, and those that the file sets.
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
        let tables: Vec<Table<'a>> = tables.iter().map(table).collect::<Result<_, _>>()?;
        let mut ids = HashSet::new();
        for table in &tables {
            let (id, place) = table.id(&format!("[[{name}]]"))?;
            if !ids.insert(id) {
                let why = format!("this file has two tables [[{name}]] for {id}; merge them");
                return Err(self.error(place, Some("id"), why));
            }
        }
        Ok(tables)
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

    /// Checks a value that follows from where the inbox's message is, and so cannot be changed here.
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
            let why = format!("unknown setting; allowed here: {}", known.join(", "));
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
        let with = Circumstances {
            now: system_time(),
            inbox: stored.inbox,
            // This command does not call Discord, so it knows neither the bot's user nor its role.
            bot: &[],
            starter: "",
        };
        let new = value::read(setting, &written, &with).map_err(|wrong| {
            let why = match wrong {
                value::Wrong::Type(expected) => expected.to_owned(),
                value::Wrong::TooLong(most) => match setting.kind() {
                    Kind::Roles(_) => format!("must have at most {most} roles"),
                    _ => format!("must have at most {most} characters"),
                },
                value::Wrong::Refused(text) => say(text, Language::DEFAULT),
                value::Wrong::Staff => "@everyone cannot be staff".to_owned(),
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
            Scope::Guild(guild) => (guild, InboxId::SERVER),
            Scope::Inbox(inbox) => (GuildId(0), inbox),
            Scope::Bot => (GuildId(0), InboxId::SERVER),
        };
        let write = match setting.change(guild, inbox, new) {
            Action::ChangeInbox(inbox, change) => Write::Inbox(inbox, change),
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
            redraws: stored
                .inbox
                .filter(|_| setting.shows_on_message())
                .map(|inbox| InboxId::of_message(inbox.message)),
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

/// A value without its positions in the file.
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
