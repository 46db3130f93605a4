//! The bot's files on this machine: its config and its database. They remain when the bot stops.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use discord_sandbox::Sandbox;
use tempfile::TempDir;
use theticketbot::config::Settings;
use theticketbot::dirs::Dirs;
use theticketbot::store::{Access, Store, maintain};

use crate::Result;

/// How long a bot that was killed may still hold the database.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A folder with a config and a database. Dropping this deletes the folder.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// Creates the config for a bot on this sandbox.
    pub fn on(sandbox: &Sandbox) -> Result<Self> {
        Self::new(&sandbox.url(), &sandbox.token())
    }

    /// Creates the config for a bot that logs in at `api_url` with this token.
    pub fn new(api_url: &str, token: &str) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("theticketbot-").tempdir()?;
        let home = Self { folder };
        let database = home.database_file();
        let database = database.to_str().ok_or("the path is not Unicode")?;
        home.write_config(&format!(
            "[bot]\ntoken = {token:?}\napi_url = {api_url:?}\n[db]\npath = {database:?}\n"
        ))?;
        Ok(home)
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub fn config_file(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    pub fn database_file(&self) -> PathBuf {
        self.folder.path().join("theticketbot.db")
    }

    /// Replaces the config.
    pub fn write_config(&self, config: &str) -> Result {
        let file = self.config_file();
        std::fs::write(&file, config)?;
        // Otherwise the bot warns that others can read the token.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600))?;
        }
        Ok(())
    }

    /// The settings from the config file.
    pub fn settings(&self) -> Result<Settings> {
        let dirs = Dirs::of_this_user()?;
        let file = self.config_file();
        Ok(theticketbot::config::load(Some(&file), &dirs, None)?)
    }

    /// Opens the database. The bot must be stopped.
    pub fn store(&self) -> Result<Store> {
        open(&self.settings()?)
    }

    /// Opens a copy of the current database. The bot may be running.
    pub fn copy(&self) -> Result<Copy> {
        let folder = tempfile::tempdir_in(self.folder.path())?;
        let path = folder.path().join("copy.db");
        self.back_up(&path)?;
        let store = Store::open(&Access::plain(path))?;
        Ok(Copy {
            store,
            _folder: folder,
        })
    }

    /// Backs the database up into this file. The bot may be running.
    pub fn back_up(&self, file: &std::path::Path) -> Result {
        let access = self.settings()?.db.access(None)?;
        maintain::backup(&access, file)?;
        Ok(())
    }

    /// Restores a backup. The bot must be stopped.
    pub fn restore(&self, file: &std::path::Path) -> Result {
        // Waits until the killed bot has released it.
        drop(self.store()?);
        for suffix in ["-wal", "-shm"] {
            let mut beside = self.database_file().into_os_string();
            beside.push(suffix);
            if let Err(error) = std::fs::remove_file(beside)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                return Err(error.into());
            }
        }
        std::fs::copy(file, self.database_file())?;
        Ok(())
    }
}

/// A copy of the database. Dropping this deletes the copy.
pub struct Copy {
    pub store: Store,
    _folder: TempDir,
}

/// Opens the database. If the bot was just killed, it waits until the bot's lock is released.
pub(crate) fn open(settings: &Settings) -> Result<Store> {
    let access = settings.db.access(None)?;
    let since = Instant::now();
    loop {
        match Store::open(&access) {
            Err(_) if since.elapsed() < TIMEOUT => std::thread::sleep(Duration::from_millis(2)),
            opened => return Ok(opened?),
        }
    }
}
