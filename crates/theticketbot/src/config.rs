//! The config file: it is found, read and checked, and its values replace the defaults.
//!
//! `read` converts the TOML into values, and reports the position of an invalid one. [`Settings`] contains
//! only valid values. No error and no `Debug` here shows a value of the file, because any line of it could
//! hold a secret.

mod api_url;
mod dump;
mod error;
mod first_run;
mod intents;
mod path;
mod read;

use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::dirs::Dirs;
use crate::files;
use crate::shards::Assignment;
#[cfg(feature = "postgres")]
use crate::store::PostgresUrl;
use crate::store::{Access, KeyTemplate, KeyTemplateError, Pragma, Store};
use crate::{BoxError, secrets};

pub use api_url::ApiUrl;
pub use dump::dump;
pub use error::ConfigError;
pub use first_run::{FirstRun, FirstRunError, looks_like_a_token};

/// Everything that can be configured, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The config file. `None` if there is none; then the defaults apply.
    pub file: Option<PathBuf>,
    /// Empty if none is configured; see [`Settings::has_token`].
    pub token: SecretString,
    pub api_url: ApiUrl,
    /// How many bytes the attachments of an inbox's message may have in all.
    pub max_attachment_size: u64,
    /// The gateway intents as Discord's bits.
    pub intents: u64,
    pub db: Database,
    /// Which shards this process runs; all of them by default.
    pub assignment: Option<Assignment>,
    /// Whether several processes share the shards, by leases in PostgreSQL.
    #[cfg(feature = "postgres")]
    pub is_cluster: bool,
    /// Where metrics can be scraped; nowhere by default.
    pub metrics_listen: Option<SocketAddr>,
    /// Where each setting comes from.
    pub sources: Sources,
    /// Notices for the host, logged once, such as keys that only the original had.
    pub notices: Vec<String>,
}

/// Where the database is and how to get into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Database {
    pub path: PathBuf,
    pub pragmas: Vec<Pragma>,
    pub key_template: Option<KeyTemplate>,
    /// The URL of PostgreSQL. If it is set, the bot does not use the file.
    #[cfg(feature = "postgres")]
    pub url: Option<PostgresUrl>,
}

impl Database {
    /// Opens the database. The key comes from the environment, or else from the terminal. Blocks.
    pub fn open(&self) -> Result<Store, BoxError> {
        #[cfg(feature = "postgres")]
        if let Some(url) = &self.url {
            return Ok(Store::connect(url)?);
        }
        let access = self.access(secrets::database_key(self.key_template.as_ref())?.as_ref())?;
        Ok(Store::open(&access)?)
    }

    /// Opens a database whose tables are those of this version, even while a bot runs on it. Blocks.
    pub fn open_beside(&self) -> Result<Store, BoxError> {
        #[cfg(feature = "postgres")]
        if let Some(url) = &self.url {
            return Ok(Store::connect_beside(url)?);
        }
        let access = self.access(secrets::database_key(self.key_template.as_ref())?.as_ref())?;
        Ok(Store::beside(&access)?)
    }

    /// The name of the database's engine, for the log.
    pub fn engine(&self) -> String {
        #[cfg(feature = "postgres")]
        if let Some(url) = &self.url {
            return format!(
                "the schema {} of PostgreSQL at {}",
                url.schema(),
                url.server()
            );
        }
        sqlite3mc_link::version().to_owned()
    }

    /// Whether it is PostgreSQL and not a file.
    pub fn is_server(&self) -> bool {
        #[cfg(feature = "postgres")]
        return self.url.is_some();
        #[cfg(not(feature = "postgres"))]
        return false;
    }

    /// How to open the database with this key. `None` is for a template without a place for a key.
    pub fn access(&self, key: Option<&SecretString>) -> Result<Access, KeyTemplateError> {
        let empty = SecretString::default();
        let key = self
            .key_template
            .as_ref()
            .map(|template| template.fill(key.unwrap_or(&empty)));
        Ok(Access {
            path: self.path.clone(),
            pragmas: self.pragmas.clone(),
            key: key.transpose()?,
        })
    }
}

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    #[default]
    Default,
    File,
    Environment,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    pub token: Source,
    pub api_url: Source,
    pub max_attachment_size: Source,
    pub intents: Source,
    pub db_path: Source,
    pub db_pragmas: Source,
    pub db_key_template: Source,
    pub db_url: Source,
    pub gateway_shards: Source,
    pub gateway_total: Source,
    pub gateway_cluster: Source,
    pub metrics_listen: Source,
}

impl Settings {
    /// The names of the intents that the bot needs and that are off.
    pub fn missing_intents(&self) -> impl Iterator<Item = &'static str> {
        intents::missing(self.intents)
    }

    pub fn has_token(&self) -> bool {
        !self.token.expose_secret().is_empty()
    }

    /// Reads the same file again.
    pub fn reload(&self, dirs: &Dirs) -> Result<Self, ConfigError> {
        in_force(self.file.as_deref(), dirs)
    }

    /// The parts of the config that differ in `new`, and that a bot reads only when it starts.
    pub fn needing_restart(&self, new: &Self) -> Vec<&'static str> {
        // A bot without a config file has its settings from somewhere else.
        if self.file.is_none() {
            return Vec::new();
        }
        #[cfg(feature = "postgres")]
        let cluster_differs = self.is_cluster != new.is_cluster;
        #[cfg(not(feature = "postgres"))]
        let cluster_differs = false;
        let differs = [
            (
                "bot.token",
                self.token.expose_secret() != new.token.expose_secret(),
            ),
            ("bot.api_url", self.api_url != new.api_url),
            ("bot.intents", self.intents != new.intents),
            ("db", self.db != new.db),
            (
                "gateway",
                self.assignment != new.assignment || cluster_differs,
            ),
            ("metrics", self.metrics_listen != new.metrics_listen),
        ];
        let differing = differs.into_iter().filter(|(_, differs)| *differs);
        differing.map(|(name, _)| name).collect()
    }
}

/// The settings of this file and of the environment, which overrides it.
pub fn in_force(file: Option<&Path>, dirs: &Dirs) -> Result<Settings, ConfigError> {
    let mut settings = load(file, dirs, secrets::token())?;
    if let Some(url) = secrets::from_environment(secrets::DB_URL) {
        use_database_url(&mut settings, &url)?;
    }
    Ok(settings)
}

/// Reads the config file, or uses the defaults if there is none. A token from the environment overrides that
/// of the file.
pub fn load(
    file: Option<&Path>,
    dirs: &Dirs,
    token: Option<SecretString>,
) -> Result<Settings, ConfigError> {
    let text = match file {
        Some(file) => contents(file).map_err(|error| ConfigError::unreadable(file, &error))?,
        None => String::new(),
    };
    let mut settings = read::settings(file, &text, dirs)?;
    if let Some(token) = token {
        if let Some(problem) = first_run::unusable_token(token.expose_secret()) {
            return Err(ConfigError::environment(secrets::TOKEN, problem));
        }
        settings.token = token;
        settings.sources.token = Source::Environment;
    }
    if settings.has_token() && !looks_like_a_token(settings.token.expose_secret()) {
        settings.notices.push(
            "the bot token does not have the form of Discord's tokens; check it if the login fails"
                .to_owned(),
        );
    }
    Ok(settings)
}

/// Uses the database's URL from the environment. It overrides that of the file.
pub fn use_database_url(settings: &mut Settings, url: &SecretString) -> Result<(), ConfigError> {
    let refused = |problem| ConfigError::environment(secrets::DB_URL, problem);
    read::set_url(settings, url.expose_secret(), secrets::DB_URL).map_err(refused)?;
    settings.sources.db_url = Source::Environment;
    Ok(())
}

/// A larger file is not a config file, and a device may have no end.
const LARGEST: u64 = 1_000_000;

/// The text of a file that a host wrote.
pub(crate) fn contents(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    files::open_regular(file)?
        .take(LARGEST + 1)
        .read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(text)
}

/// Which config file is used, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    pub file: Option<PathBuf>,
    /// Another config file that exists but is not used.
    pub ignored: Option<PathBuf>,
}

/// The file named on the command line, else the user's own, else the one in the working folder.
pub fn locate(named: Option<&Path>, dirs: &Dirs) -> Located {
    locate_in(named, &user_file(dirs), Path::new("config.toml"))
}

/// The user's own config file, which the first run writes.
pub fn user_file(dirs: &Dirs) -> PathBuf {
    dirs.config.join("config.toml")
}

fn locate_in(named: Option<&Path>, user: &Path, here: &Path) -> Located {
    // A file that cannot be reached is not missing: the defaults would start with another, empty database.
    let found = |path: &Path| match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        _ => Some(path.to_owned()),
    };
    match (named, found(user), found(here)) {
        (Some(named), ..) => Located {
            file: Some(named.to_owned()),
            ignored: None,
        },
        (None, Some(user), here) => {
            // If the working folder is the config folder, both paths name one file.
            let same = here.as_ref().is_some_and(|here| {
                matches!((here.canonicalize(), user.canonicalize()), (Ok(a), Ok(b)) if a == b)
            });
            Located {
                file: Some(user),
                ignored: here.filter(|here| here.exists() && !same),
            }
        }
        (None, None, here) => Located {
            file: here,
            ignored: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_users_file_goes_before_the_one_here_and_a_named_one_before_both() {
        let temp = tempfile::tempdir().unwrap();
        let (user, here) = (temp.path().join("user.toml"), temp.path().join("here.toml"));
        let located = |file: Option<&PathBuf>, ignored: Option<&PathBuf>| Located {
            file: file.cloned(),
            ignored: ignored.cloned(),
        };
        assert_eq!(locate_in(None, &user, &here), located(None, None));
        fs::write(&here, "").unwrap();
        assert_eq!(locate_in(None, &user, &here), located(Some(&here), None));
        fs::write(&user, "").unwrap();
        assert_eq!(
            locate_in(None, &user, &here),
            located(Some(&user), Some(&here))
        );
        assert_eq!(locate_in(None, &user, &user), located(Some(&user), None));
        let named = temp.path().join("named.toml");
        assert_eq!(
            locate_in(Some(&named), &user, &here),
            located(Some(&named), None)
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_cannot_be_reached_is_found() {
        let temp = tempfile::tempdir().unwrap();
        let path = |name: &str| temp.path().join(name);
        std::os::unix::fs::symlink("nowhere", path("link.toml")).unwrap();
        std::os::unix::fs::symlink("loop", path("loop")).unwrap();
        for user in [path("link.toml"), path("loop/config.toml")] {
            let located = locate_in(None, &user, &path("none.toml"));
            assert_eq!(located.file, Some(user));
        }
    }
}
