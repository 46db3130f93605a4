//! The folders for this program's files. They are the same that Python's platformdirs chooses for the
//! original (app `theticketbot`, author `thegamecracks`), so that a host's existing files are found.
//!
//! On Linux and macOS, an XDG variable overrides the default unless it is blank; relative paths are allowed.
//! Only macOS's log folder has no such variable. On Windows, the folders contain the author's name.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

const APP: &str = "theticketbot";
const AUTHOR: &str = "thegamecracks";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    pub config: PathBuf,
    pub data: PathBuf,
    pub state: PathBuf,
    pub log: PathBuf,
    pub runtime: PathBuf,
}

impl Dirs {
    /// The folders of the user who runs this program.
    pub fn of_this_user() -> Result<Self, NoHome> {
        let os = Os::this();
        let base = Base::of_this_user(os)?;
        Ok(Self::resolve(os, |name| std::env::var_os(name), &base))
    }

    /// The folders on a system, by its environment and base folders.
    pub fn resolve(os: Os, env: impl Fn(&str) -> Option<OsString>, base: &Base) -> Self {
        let set = |name: &str| {
            let value = env(name)?;
            match value.to_str().map(str::trim) {
                Some("") => None,
                Some(trimmed) => Some(PathBuf::from(trimmed)),
                None => Some(PathBuf::from(value)),
            }
        };
        let xdg = |name: &str, default: &str| {
            set(name)
                .unwrap_or_else(|| base.home.join(default))
                .join(APP)
        };
        match os {
            Os::Unix => {
                let state = xdg("XDG_STATE_HOME", ".local/state");
                Self {
                    config: xdg("XDG_CONFIG_HOME", ".config"),
                    data: xdg("XDG_DATA_HOME", ".local/share"),
                    log: state.join("log"),
                    state,
                    runtime: set("XDG_RUNTIME_DIR")
                        .unwrap_or_else(|| base.runtime.clone())
                        .join(APP),
                }
            }
            Os::MacOs => {
                let support = "Library/Application Support";
                Self {
                    config: xdg("XDG_CONFIG_HOME", support),
                    data: xdg("XDG_DATA_HOME", support),
                    state: xdg("XDG_STATE_HOME", support),
                    log: base.home.join("Library/Logs").join(APP),
                    runtime: xdg("XDG_RUNTIME_DIR", "Library/Caches/TemporaryItems"),
                }
            }
            Os::Windows => {
                let local = set("WIN_PD_OVERRIDE_LOCAL_APPDATA")
                    .unwrap_or_else(|| base.local_app_data.clone());
                let ours = |folder: &Path| folder.join(AUTHOR).join(APP);
                let data = ours(&local);
                Self {
                    config: data.clone(),
                    state: data.clone(),
                    log: data.join("Logs"),
                    runtime: ours(&local.join("Temp")),
                    data,
                }
            }
        }
    }
}

/// The systems that differ in where files go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Os {
    /// Linux and the BSDs.
    Unix,
    MacOs,
    Windows,
}

impl Os {
    const fn this() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            Self::Unix
        }
    }
}

/// The base folders, according to the operating system.
#[derive(Clone, Debug)]
pub struct Base {
    pub home: PathBuf,
    /// Windows only: `%LOCALAPPDATA%`.
    pub local_app_data: PathBuf,
    /// Unix only: where runtime files go if no variable says so.
    pub runtime: PathBuf,
}

impl Base {
    fn of_this_user(os: Os) -> Result<Self, NoHome> {
        let home = dirs::home_dir().ok_or(NoHome)?;
        let local_app_data = match os {
            Os::Windows => dirs::data_local_dir().ok_or(NoHome)?,
            Os::Unix | Os::MacOs => PathBuf::new(),
        };
        Ok(Self {
            runtime: default_runtime_dir(&home),
            home,
            local_app_data,
        })
    }
}

/// The system does not say where this user's files are.
#[derive(Debug)]
pub struct NoHome;

impl fmt::Display for NoHome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this user has no home folder; set HOME to a folder for the bot")
    }
}

impl std::error::Error for NoHome {}

#[cfg(unix)]
fn default_runtime_dir(home: &Path) -> PathBuf {
    use std::os::unix::fs::MetadataExt;
    // The owner of this process is the user; the owner of the home folder is the fallback.
    let owner = std::fs::metadata("/proc/self").or_else(|_| std::fs::metadata(home));
    let id = owner.map_or(0, |owner| owner.uid());
    let run = if cfg!(any(target_os = "freebsd", target_os = "netbsd")) {
        format!("/var/run/user/{id}")
    } else if cfg!(target_os = "openbsd") {
        format!("/tmp/run/user/{id}")
    } else {
        format!("/run/user/{id}")
    };
    let run = PathBuf::from(run);
    if run.is_dir() {
        run
    } else {
        std::env::temp_dir().join(format!("runtime-{id}"))
    }
}

#[cfg(not(unix))]
fn default_runtime_dir(_home: &Path) -> PathBuf {
    PathBuf::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dirs(os: Os, env: &[(&str, &str)]) -> [String; 5] {
        let base = Base {
            home: "/home/host".into(),
            local_app_data: "C:/Users/host/AppData/Local".into(),
            runtime: "/run/user/1000".into(),
        };
        let lookup = |name: &str| {
            env.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| OsString::from(value))
        };
        let Dirs {
            config,
            data,
            state,
            log,
            runtime,
        } = Dirs::resolve(os, lookup, &base);
        [config, data, state, log, runtime].map(|path| path.to_str().unwrap().replace('\\', "/"))
    }

    #[test]
    fn linux_follows_xdg() {
        assert_eq!(
            dirs(Os::Unix, &[]),
            [
                "/home/host/.config/theticketbot",
                "/home/host/.local/share/theticketbot",
                "/home/host/.local/state/theticketbot",
                "/home/host/.local/state/theticketbot/log",
                "/run/user/1000/theticketbot",
            ]
        );
        let env = [
            ("XDG_CONFIG_HOME", "/c"),
            ("XDG_DATA_HOME", "relative"),
            ("XDG_STATE_HOME", " /s "),
            ("XDG_RUNTIME_DIR", "/r"),
        ];
        assert_eq!(
            dirs(Os::Unix, &env),
            [
                "/c/theticketbot",
                "relative/theticketbot",
                "/s/theticketbot",
                "/s/theticketbot/log",
                "/r/theticketbot",
            ]
        );
        assert_eq!(
            dirs(Os::Unix, &[("XDG_CONFIG_HOME", " ")]),
            dirs(Os::Unix, &[])
        );
    }

    #[test]
    fn macos_has_its_library_and_knows_xdg_but_for_logs() {
        let support = "/home/host/Library/Application Support/theticketbot";
        assert_eq!(
            dirs(Os::MacOs, &[]),
            [
                support,
                support,
                support,
                "/home/host/Library/Logs/theticketbot",
                "/home/host/Library/Caches/TemporaryItems/theticketbot",
            ]
        );
        let env = [
            ("XDG_CONFIG_HOME", "/c"),
            ("XDG_STATE_HOME", "/s"),
            ("XDG_RUNTIME_DIR", "/r"),
        ];
        assert_eq!(
            dirs(Os::MacOs, &env),
            [
                "/c/theticketbot",
                support,
                "/s/theticketbot",
                "/home/host/Library/Logs/theticketbot",
                "/r/theticketbot",
            ]
        );
    }

    #[test]
    fn windows_has_the_author_in_its_paths() {
        let ours = "C:/Users/host/AppData/Local/thegamecracks/theticketbot";
        let logs = format!("{ours}/Logs");
        let temp = "C:/Users/host/AppData/Local/Temp/thegamecracks/theticketbot";
        let expected = [ours, ours, ours, &logs, temp];
        assert_eq!(dirs(Os::Windows, &[]), expected);
        assert_eq!(dirs(Os::Windows, &[("XDG_CONFIG_HOME", "/c")]), expected);
        let env = [("WIN_PD_OVERRIDE_LOCAL_APPDATA", "D:/x")];
        assert_eq!(
            dirs(Os::Windows, &env)[1],
            "D:/x/thegamecracks/theticketbot"
        );
    }
}
