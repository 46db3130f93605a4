//! From TOML text to [`Settings`]: each key is checked at its position, so that an error has the file,
//! line, column, key, and what is allowed. It never contains the value.

use std::net::SocketAddr;
use std::path::Path;

use secrecy::SecretString;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{ApiUrl, ConfigError, Database, Settings, Source, Sources, first_run, intents, path};
use crate::dirs::Dirs;
use crate::shards::{Assignment, MOST_SHARDS};
use crate::store::{KeyTemplate, Pragma};

pub(super) fn settings(
    file: Option<&Path>,
    text: &str,
    dirs: &Dirs,
) -> Result<Settings, ConfigError> {
    let default_path = path::expand("${USER_DATA_DIR}/theticketbot.db", dirs)
        .expect("the default path has a known placeholder");
    let mut settings = Settings {
        file: file.map(Path::to_owned),
        token: SecretString::default(),
        api_url: ApiUrl::default(),
        max_attachment_size: 5_000_000,
        intents: intents::DEFAULT,
        db: Database {
            path: default_path,
            pragmas: Vec::new(),
            key_template: None,
            #[cfg(feature = "postgres")]
            url: None,
        },
        assignment: None,
        #[cfg(feature = "postgres")]
        is_cluster: false,
        metrics_listen: None,
        sources: Sources::default(),
        notices: Vec::new(),
    };
    let source = Text { file, text };
    let document = DeTable::parse(text).map_err(|error| source.syntax_error(&error))?;
    let root = Table {
        source,
        name: "",
        entries: document.get_ref(),
    };
    for (key, value) in root.entries() {
        match key.get_ref().as_ref() {
            "bot" => read_bot(root.table(value, "bot")?, &mut settings)?,
            "db" => read_db(root.table(value, "db")?, &mut settings, dirs)?,
            "gateway" => read_gateway(root.table(value, "gateway")?, &mut settings)?,
            "metrics" => read_metrics(root.table(value, "metrics")?, &mut settings)?,
            _ => return Err(root.unknown(key, "[bot], [db], [gateway] and [metrics]")),
        }
    }
    Ok(settings)
}

fn read_bot(bot: Table<'_>, settings: &mut Settings) -> Result<(), ConfigError> {
    for (key, value) in bot.entries() {
        match key.get_ref().as_ref() {
            "token" => {
                let token = bot.string(value, "token")?;
                if let Some(problem) = first_run::unusable_token(token) {
                    return Err(bot.wrong(value, "token", problem));
                }
                settings.token = token.into();
                settings.sources.token = Source::File;
            }
            "api_url" => {
                let url = bot.string(value, "api_url")?;
                settings.api_url =
                    ApiUrl::parse(url).map_err(|message| bot.wrong(value, "api_url", message))?;
                settings.sources.api_url = Source::File;
            }
            "inbox" => read_inbox(bot.table(value, "bot.inbox")?, settings)?,
            "intents" => read_intents(bot.table(value, "bot.intents")?, settings)?,
            name @ ("extensions" | "allow_jishaku") => settings.notices.push(format!(
                "bot.{name} in the config file means nothing to this program and is ignored"
            )),
            _ => {
                return Err(bot.unknown(
                    key,
                    "token, api_url, inbox, intents (and extensions and allow_jishaku, ignored)",
                ));
            }
        }
    }
    Ok(())
}

fn read_inbox(inbox: Table<'_>, settings: &mut Settings) -> Result<(), ConfigError> {
    for (key, value) in inbox.entries() {
        match key.get_ref().as_ref() {
            "max_attachment_size" => {
                settings.max_attachment_size = inbox.size(value, "max_attachment_size")?;
                settings.sources.max_attachment_size = Source::File;
            }
            _ => return Err(inbox.unknown(key, "max_attachment_size")),
        }
    }
    Ok(())
}

fn read_intents(table: Table<'_>, settings: &mut Settings) -> Result<(), ConfigError> {
    let mut later = Vec::new();
    for (key, value) in table.entries() {
        let name = key.get_ref().as_ref();
        let Some(bits) = intents::bits(name) else {
            let allowed = intents::names().collect::<Vec<_>>().join(", ");
            return Err(table.unknown(key, &allowed));
        };
        let on = table.boolean(value, name)?;
        settings.sources.intents = Source::File;
        if intents::in_original_defaults(name) {
            switch(&mut settings.intents, bits, on);
        } else {
            later.push((bits, on));
        }
    }
    for (bits, on) in later {
        switch(&mut settings.intents, bits, on);
    }
    Ok(())
}

fn switch(intents: &mut u64, bits: u64, on: bool) {
    if on {
        *intents |= bits;
    } else {
        *intents &= !bits;
    }
}

fn read_db(db: Table<'_>, settings: &mut Settings, dirs: &Dirs) -> Result<(), ConfigError> {
    let mut url = None;
    for (key, value) in db.entries() {
        match key.get_ref().as_ref() {
            "path" => {
                let text = db.string(value, "path")?;
                if text.is_empty() {
                    return Err(db.wrong(value, "path", "must not be empty"));
                }
                settings.db.path =
                    path::expand(text, dirs).map_err(|message| db.wrong(value, "path", message))?;
                settings.sources.db_path = Source::File;
            }
            "pragmas" => {
                settings.db.pragmas = read_pragmas(db, value)?;
                settings.sources.db_pragmas = Source::File;
            }
            "key_template" => {
                let text = db.string(value, "key_template")?;
                settings.db.key_template = match text {
                    "" => None,
                    text => Some(
                        KeyTemplate::parse(text)
                            .map_err(|error| db.wrong(value, "key_template", error.to_string()))?,
                    ),
                };
                settings.sources.db_key_template = Source::File;
            }
            "url" => {
                let text = db.string(value, "url")?;
                url = (!text.is_empty()).then_some((value, text));
            }
            _ => return Err(db.unknown(key, "path, pragmas, key_template, url")),
        }
    }
    let Some((value, text)) = url else {
        return Ok(());
    };
    let has_file = settings.sources.db_path == Source::File
        || !settings.db.pragmas.is_empty()
        || settings.db.key_template.is_some();
    if has_file {
        let why = "must stand alone: path, pragmas and key_template are of a database file";
        return Err(db.wrong(value, "url", why));
    }
    set_url(settings, text, "url of [db]").map_err(|why| db.wrong(value, "url", why))?;
    settings.sources.db_url = Source::File;
    Ok(())
}

#[cfg(feature = "postgres")]
pub(super) fn set_url(
    settings: &mut Settings,
    text: &str,
    source: &'static str,
) -> Result<(), &'static str> {
    let url = crate::store::PostgresUrl::parse(text)?.found_in(source);
    if url.is_readable_on_the_way() {
        settings.notices.push(format!(
            "the connection to PostgreSQL at {} is not encrypted: others on the way can read it; \
             remove sslmode=disable from {source} if the server offers TLS",
            url.server()
        ));
    }
    // A URL from the environment overrides everything in the file about a database file.
    settings.db.pragmas.clear();
    settings.db.key_template = None;
    settings.sources.db_path = Source::Default;
    settings.sources.db_pragmas = Source::Default;
    settings.sources.db_key_template = Source::Default;
    // The bot's other files, such as the heartbeat file, stay in the folder of the database file. The
    // schema's name keeps those of several bots apart.
    let name = format!("theticketbot.{}", url.schema());
    settings.db.path.set_file_name(name);
    settings.db.url = Some(url);
    Ok(())
}

#[cfg(not(feature = "postgres"))]
pub(super) fn set_url(_: &mut Settings, _: &str, _: &'static str) -> Result<(), &'static str> {
    Err("cannot be used: this program was built without PostgreSQL (the feature postgres)")
}

#[cfg(feature = "postgres")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "builds without PostgreSQL refuse it"
)]
fn set_cluster(settings: &mut Settings, is_cluster: bool) -> Result<(), &'static str> {
    settings.is_cluster = is_cluster;
    Ok(())
}

#[cfg(not(feature = "postgres"))]
fn set_cluster(_: &mut Settings, is_cluster: bool) -> Result<(), &'static str> {
    if is_cluster {
        return Err(
            "cannot be used: this program was built without PostgreSQL (the feature postgres)",
        );
    }
    Ok(())
}

fn read_gateway(gateway: Table<'_>, settings: &mut Settings) -> Result<(), ConfigError> {
    let (mut shards, mut total, mut cluster) = (None, None, None);
    for (key, value) in gateway.entries() {
        match key.get_ref().as_ref() {
            "shards" => {
                let text = gateway.string(value, "shards")?;
                shards = (!text.is_empty()).then_some((value, text));
                settings.sources.gateway_shards = Source::File;
            }
            "total" => {
                let allowed = format!("must be a number from 1 to {MOST_SHARDS}");
                let number = gateway.number(value, "total", &allowed)?;
                let number = u32::try_from(number).ok();
                let number = number.filter(|number| (1..=MOST_SHARDS).contains(number));
                total = Some(number.ok_or_else(|| gateway.wrong(value, "total", allowed))?);
                settings.sources.gateway_total = Source::File;
            }
            "cluster" => {
                let is_cluster = gateway.boolean(value, "cluster")?;
                cluster = is_cluster.then_some(value);
                set_cluster(settings, is_cluster)
                    .map_err(|why| gateway.wrong(value, "cluster", why))?;
                settings.sources.gateway_cluster = Source::File;
            }
            _ => return Err(gateway.unknown(key, "shards, total, cluster")),
        }
    }
    if let (Some(value), Some(_)) = (cluster, shards) {
        let why = "must stand without shards: the processes share them";
        return Err(gateway.wrong(value, "cluster", why));
    }
    settings.assignment = match (shards, total) {
        (None, total) => total.map(Assignment::all),
        (Some((value, _)), None) => {
            let why = "needs total beside it: the number of shards in all processes";
            return Err(gateway.wrong(value, "shards", why));
        }
        (Some((value, text)), Some(total)) => {
            let parsed = Assignment::parse(text, total);
            Some(parsed.map_err(|why| gateway.wrong(value, "shards", why))?)
        }
    };
    Ok(())
}

fn read_metrics(metrics: Table<'_>, settings: &mut Settings) -> Result<(), ConfigError> {
    for (key, value) in metrics.entries() {
        match key.get_ref().as_ref() {
            "listen" => {
                settings.metrics_listen = match metrics.string(value, "listen")? {
                    "" => None,
                    text => Some(
                        listen_address(text).map_err(|why| metrics.wrong(value, "listen", why))?,
                    ),
                };
                settings.sources.metrics_listen = Source::File;
                if let Some(address) = settings.metrics_listen
                    && !address.ip().is_loopback()
                {
                    settings.notices.push(format!(
                        "metrics.listen is {address}: other machines can read the metrics"
                    ));
                }
            }
            _ => return Err(metrics.unknown(key, "listen")),
        }
    }
    Ok(())
}

fn listen_address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(
        |_| "must be an IP address and a port, such as \"127.0.0.1:9464\", or \"\" for no metrics",
    )
}

fn read_pragmas(db: Table<'_>, value: &Spanned<DeValue<'_>>) -> Result<Vec<Pragma>, ConfigError> {
    let Some(array) = value.get_ref().as_array() else {
        return Err(db.wrong_type(value, "pragmas", "an array of strings"));
    };
    let parse = |item: &Spanned<DeValue<'_>>| {
        let text = db.string(item, "pragmas")?;
        Pragma::parse(text).map_err(|error| db.wrong(item, "pragmas", error.to_string()))
    };
    array.iter().map(parse).collect()
}

/// The file that is being read.
#[derive(Clone, Copy)]
struct Text<'a> {
    file: Option<&'a Path>,
    text: &'a str,
}

impl Text<'_> {
    fn syntax_error(self, error: &toml::de::Error) -> ConfigError {
        let byte = error.span().map_or(0, |span| span.start);
        // The parser's message is only about syntax. Its `Display` would also show the source text, which may
        // hold a secret.
        ConfigError::at(
            self.file,
            self.text,
            byte,
            None,
            format!("not TOML: {}", error.message()),
        )
    }
}

/// One table of the file. `name` is empty for the whole file.
#[derive(Clone, Copy)]
struct Table<'a> {
    source: Text<'a>,
    name: &'a str,
    entries: &'a DeTable<'a>,
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;

impl<'a> Table<'a> {
    /// In the file's order.
    fn entries(self) -> Vec<(&'a Key<'a>, &'a Spanned<DeValue<'a>>)> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
    }

    fn table(
        self,
        value: &'a Spanned<DeValue<'a>>,
        name: &'a str,
    ) -> Result<Table<'a>, ConfigError> {
        match value.get_ref().as_table() {
            Some(entries) => Ok(Table {
                source: self.source,
                name,
                entries,
            }),
            None => Err(self.at(value, Some(name), format!("must be a table: [{name}]"))),
        }
    }

    fn string(self, value: &'a Spanned<DeValue<'a>>, key: &str) -> Result<&'a str, ConfigError> {
        value
            .get_ref()
            .as_str()
            .ok_or_else(|| self.wrong_type(value, key, "a string"))
    }

    fn boolean(self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<bool, ConfigError> {
        value
            .get_ref()
            .as_bool()
            .ok_or_else(|| self.wrong_type(value, key, "true or false"))
    }

    fn size(self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<u64, ConfigError> {
        self.number(value, key, "must be a number of bytes, 0 or more")
    }

    fn number(
        self,
        value: &Spanned<DeValue<'_>>,
        key: &str,
        allowed: &str,
    ) -> Result<u64, ConfigError> {
        let Some(integer) = value.get_ref().as_integer() else {
            return Err(self.wrong_type(value, key, "a whole number"));
        };
        // TOML's integers are `i64`.
        i64::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .and_then(|number| u64::try_from(number).ok())
            .ok_or_else(|| self.wrong(value, key, allowed))
    }

    fn unknown(self, key: &Key<'_>, allowed: &str) -> ConfigError {
        let name = key.get_ref();
        // A secret that was pasted in the wrong place must not be shown. The config's keys have no capital
        // letters or digits, and most secrets have.
        let shown = name.len() <= 40 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let full = shown.then(|| self.full_name(name));
        let message = format!("unknown key; allowed here: {allowed}");
        ConfigError::at(
            self.source.file,
            self.source.text,
            key.span().start,
            full.as_deref(),
            message,
        )
    }

    fn wrong_type(self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &str) -> ConfigError {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        self.wrong(value, key, format!("must be {wanted}, not {found}"))
    }

    fn wrong(
        self,
        value: &Spanned<DeValue<'_>>,
        key: &str,
        message: impl Into<String>,
    ) -> ConfigError {
        let name = self.full_name(key);
        self.at(value, Some(&name), message)
    }

    fn at(
        self,
        value: &Spanned<DeValue<'_>>,
        key: Option<&str>,
        message: impl Into<String>,
    ) -> ConfigError {
        ConfigError::at(
            self.source.file,
            self.source.text,
            value.span().start,
            key,
            message,
        )
    }

    fn full_name(self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.name)
        }
    }
}
