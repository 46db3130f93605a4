//! The bot that is tried: inside this process, where it dies by losing its runtime, or as the real
//! program, which can be killed. Both ways it has the same folder and database all the time.

mod inside;
mod program;

use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use theticketbot::config::Settings;
use theticketbot::dirs::Dirs;
use theticketbot::store::{Access, Store, maintain};

pub use program::Program;

use crate::log::Log;
use inside::Inside;

/// How the bot is run.
#[derive(Clone, Debug)]
pub enum How {
    /// In a thread of this process.
    Inside,
    /// This program, as a process of its own.
    Program(PathBuf),
}

/// A bot with its place on this machine; it runs or not.
pub struct Bot {
    how: How,
    running: Option<Running>,
    home: TempDir,
    log: Log,
    copies: u64,
}

enum Running {
    Inside(Inside),
    Program(Program),
}

impl Bot {
    /// A place for a bot that logs in at `api_url` with this token.
    pub fn new(how: How, api_url: &str, token: &str) -> io::Result<Self> {
        let home = tempfile::Builder::new().prefix("soak-").tempdir()?;
        let database = home.path().join("theticketbot.db");
        let config = format!(
            "[bot]\ntoken = {token:?}\napi_url = {api_url:?}\n[db]\npath = {:?}\n",
            database.to_string_lossy()
        );
        std::fs::write(home.path().join("config.toml"), config)?;
        Ok(Self {
            how,
            running: None,
            home,
            log: Log::default(),
            copies: 0,
        })
    }

    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// How large the database is, in bytes.
    pub fn database_size(&self) -> u64 {
        let file = self.home.path().join("theticketbot.db");
        std::fs::metadata(file).map_or(0, |file| file.len())
    }

    /// What it says.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The real program, if that is what runs.
    pub fn program(&self) -> Option<&Program> {
        match &self.running {
            Some(Running::Program(program)) => Some(program),
            _ => None,
        }
    }

    /// Starts it, unless it runs.
    pub async fn start(&mut self) -> Result<(), String> {
        if self.is_running() {
            return Ok(());
        }
        self.running = Some(match &self.how {
            How::Inside => {
                Running::Inside(Inside::start(self.settings()?, self.log.clone()).await?)
            }
            How::Program(path) => {
                let started = Program::start(path, self.home.path(), self.log.clone());
                Running::Program(started.map_err(|e| format!("{}: {e}", path.display()))?)
            }
        });
        Ok(())
    }

    /// Stops it as a host does. What went wrong with that is an error.
    pub async fn stop(&mut self) -> Result<(), String> {
        match self.running.take() {
            None => Ok(()),
            Some(Running::Inside(inside)) => inside.stop().await,
            Some(Running::Program(program)) => program.stop().await,
        }
    }

    /// Ends it at once, wherever it is.
    pub async fn kill(&mut self) -> Result<(), String> {
        match self.running.take() {
            None => Ok(()),
            Some(Running::Inside(inside)) => inside.die().await,
            Some(Running::Program(program)) => program.kill().await,
        }
    }

    /// Why it ended by itself, if it did.
    pub fn ended(&mut self) -> Option<String> {
        let why = match self.running.as_mut()? {
            Running::Inside(inside) => inside.ended(),
            Running::Program(program) => program.ended(),
        }?;
        self.running = None;
        Some(why)
    }

    /// The database as it is now, in a copy that nobody writes to.
    pub fn database(&mut self) -> Result<Copy, String> {
        self.copies += 1;
        let settings = self.settings()?;
        let access = settings.db.access(None).map_err(|e| e.to_string())?;
        let folder = tempfile::tempdir_in(self.home.path()).map_err(|e| e.to_string())?;
        let path = folder.path().join("copy.db");
        maintain::backup(&access, &path).map_err(|e| e.to_string())?;
        let store = Store::open(&Access::plain(path)).map_err(|e| e.to_string())?;
        Ok(Copy {
            store,
            _folder: folder,
        })
    }

    fn settings(&self) -> Result<Settings, String> {
        settings(self.home.path())
    }
}

/// A copy of the database. It is gone when this is dropped.
pub struct Copy {
    pub store: Store,
    _folder: TempDir,
}

fn settings(home: &Path) -> Result<Settings, String> {
    let dirs = Dirs::of_this_user().map_err(|e| e.to_string())?;
    let file = home.join("config.toml");
    theticketbot::config::load(Some(&file), &dirs, None).map_err(|e| e.to_string())
}
