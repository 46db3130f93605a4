//! The errors of a sandbox.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use super::TIME_LIMIT;
use crate::control::ControlError;
use crate::keep::KeepError;
use crate::record::{Entry, Problem};
use crate::seed_file::SeedError;

/// An error of a sandbox. Its `Debug` is as readable as its `Display`, for tests that return it.
pub enum Error {
    /// The sandbox cannot listen on the address.
    Listen {
        address: SocketAddr,
        cause: io::Error,
    },
    /// A seed file is wrong.
    Seed(SeedError),
    /// The world cannot be kept, or a kept world cannot be loaded.
    Keep(KeepError),
    /// An action was refused, by Discord's rules or because it is invalid.
    Control(ControlError),
    /// The bot responded, but in another way than expected.
    UnexpectedAnswer {
        wanted: &'static str,
        answered: String,
    },
    /// The condition was not met in time. `tail` is the end of the record.
    Timeout { what: String, tail: Vec<Entry> },
    /// There are problems on which a test should fail.
    Problems(Vec<Problem>),
}

impl Error {
    /// Discord's error code, if Discord refused.
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Control(error) => error.code(),
            _ => None,
        }
    }
}

impl From<ControlError> for Error {
    fn from(error: ControlError) -> Self {
        Self::Control(error)
    }
}

impl From<KeepError> for Error {
    fn from(error: KeepError) -> Self {
        Self::Keep(error)
    }
}

impl From<SeedError> for Error {
    fn from(error: SeedError) -> Self {
        Self::Seed(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, cause } if cause.kind() == io::ErrorKind::AddrInUse => {
                write!(
                    f,
                    "cannot listen on {address}: the port is in use; choose another, or 0 for a free one"
                )
            }
            Self::Listen { address, cause } => {
                write!(f, "cannot listen on {address}: {cause}")
            }
            Self::Seed(error) => error.fmt(f),
            Self::Keep(error) => error.fmt(f),
            Self::Control(error) => error.fmt(f),
            Self::UnexpectedAnswer { wanted, answered } => {
                write!(
                    f,
                    "expected the bot to answer with {wanted}, but it answered with {answered}"
                )
            }
            Self::Timeout { what, tail } => {
                writeln!(f, "waited {} s in vain until: {what}", TIME_LIMIT.as_secs())?;
                writeln!(f, "the last {} things that happened:", tail.len())?;
                tail.iter()
                    .try_for_each(|entry| writeln!(f, "{:>6} {}", entry.seq, entry.what.summary()))
            }
            Self::Problems(problems) => {
                writeln!(f, "{} problems:", problems.len())?;
                problems
                    .iter()
                    .try_for_each(|p| writeln!(f, "  {} {}: {}", p.method, p.path, p.what))
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::record::{Call, What};

    #[test]
    fn a_timeout_tells_what_happened_instead() {
        let call = Call {
            method: "POST".to_owned(),
            path: "/channels/1/threads".to_owned(),
            status: 403,
            ms: 2,
            reason: None,
            request: json!({}),
            response: json!({"code": 50013, "message": "Missing Permissions"}),
        };
        let what = What::Call(call);
        let tail = vec![Entry {
            seq: 7,
            at: 0,
            what,
        }];
        let error = Error::Timeout {
            what: "a thread is there".to_owned(),
            tail,
        };
        assert_eq!(
            format!("{error:?}"),
            "waited 10 s in vain until: a thread is there\n\
             the last 1 things that happened:\n\
             \u{20}    7 POST /channels/1/threads -> 403 \
             {\"code\":50013,\"message\":\"Missing Permissions\"}, 2 ms\n"
        );
    }
}
