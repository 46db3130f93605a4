//! What can go wrong when Discord is called, so far as callers tell it apart.

use std::fmt;

use serde::Deserialize;

/// Discord's error codes that decide what happens next.
/// Source: Discord's "Opcodes and Status Codes", "JSON Error Codes".
pub mod code {
    pub const UNKNOWN_CHANNEL: u64 = 10_003;
    pub const UNKNOWN_MEMBER: u64 = 10_007;
    pub const UNKNOWN_MESSAGE: u64 = 10_008;
    pub const UNKNOWN_ROLE: u64 = 10_011;
    pub const UNKNOWN_USER: u64 = 10_013;
    pub const UNKNOWN_WEBHOOK: u64 = 10_015;
    pub const UNKNOWN_INTERACTION: u64 = 10_062;
    pub const ALREADY_ACKNOWLEDGED: u64 = 40_060;
    pub const MISSING_ACCESS: u64 = 50_001;
    pub const MISSING_PERMISSIONS: u64 = 50_013;
    pub const INVALID_TOKEN: u64 = 50_027;
    pub const INVALID_FORM: u64 = 50_035;
    pub const THREAD_ARCHIVED: u64 = 50_083;
    pub const TOO_MANY_THREADS: u64 = 160_006;
}

/// Why a call to Discord failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// Discord answered, and the answer was no.
    Refused {
        status: u16,
        /// Discord's own code; 0 if it gave none.
        code: u64,
        message: String,
        /// Which fields were wrong, as Discord says it. Empty for most codes.
        detail: String,
    },
    /// No answer came. Unless `unsent`, the call may have taken effect.
    Unreachable { why: String, unsent: bool },
    /// An answer came that makes no sense to us.
    Malformed(String),
}

impl Error {
    /// Discord's own code for the refusal.
    pub fn code(&self) -> Option<u64> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether Discord itself says that the thing asked for does not exist.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Refused { status: 404, code, .. } if (10_001..11_000).contains(code))
    }

    /// Whether Discord itself says that there is no such thing, by that kind of thing's own code.
    pub fn is_unknown(&self, kind: u64) -> bool {
        matches!(self, Self::Refused { status: 404, code, .. } if *code == kind)
    }

    /// Whether the call may have taken effect although it failed.
    pub fn is_ambiguous(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status >= 500,
            Self::Unreachable { unsent, .. } => !unsent,
            Self::Malformed(_) => true,
        }
    }

    /// Whether the same call may succeed later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status >= 500 || *status == 429,
            Self::Unreachable { .. } | Self::Malformed(_) => true,
        }
    }

    /// Whether Discord stumbled over this very call, rather than being overloaded.
    pub fn is_internal(&self) -> bool {
        matches!(self, Self::Refused { status: 500, .. })
    }

    /// Whether the bot may not see or do this.
    pub fn is_forbidden(&self) -> bool {
        matches!(
            self.code(),
            Some(code::MISSING_ACCESS | code::MISSING_PERMISSIONS)
        )
    }

    /// Whether the token is no (longer) a token.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Refused { status: 401, .. })
    }

    /// Understands the body of a refusal, which a proxy in between may have written.
    pub(super) fn refused(status: u16, body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Body<'a> {
            #[serde(default)]
            code: u64,
            #[serde(default)]
            message: String,
            #[serde(borrow)]
            errors: Option<&'a serde_json::value::RawValue>,
        }
        let Ok(body) = serde_json::from_slice::<Body<'_>>(body) else {
            return Self::Refused {
                status,
                code: 0,
                message: String::new(),
                detail: String::new(),
            };
        };
        let mut detail = body
            .errors
            .map(|raw| raw.get().to_owned())
            .unwrap_or_default();
        if let Some((end, _)) = detail.char_indices().nth(500) {
            detail.truncate(end);
        }
        Self::Refused {
            status,
            code: body.code,
            message: body.message,
            detail,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused {
                status,
                code,
                message,
                detail,
            } => {
                write!(f, "Discord refused with status {status}")?;
                if *code != 0 {
                    write!(f, ", code {code}")?;
                }
                if !message.is_empty() {
                    write!(f, ": {message}")?;
                }
                if !detail.is_empty() {
                    write!(f, " {detail}")?;
                }
                Ok(())
            }
            Self::Unreachable { why, .. } => write!(f, "no answer from Discord: {why}"),
            Self::Malformed(why) => write!(f, "Discord's answer cannot be understood: {why}"),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: u64) -> Error {
        Error::refused(
            status,
            format!(r#"{{"code": {code}, "message": "no"}}"#).as_bytes(),
        )
    }

    #[test]
    fn a_thing_is_gone_only_by_its_own_code() {
        assert!(refused(404, code::UNKNOWN_CHANNEL).is_gone());
        // An unknown route, or a proxy that is misconfigured, says nothing about the thing.
        assert!(!refused(404, 0).is_gone());
        assert!(!Error::refused(404, b"<html>not found</html>").is_gone());
        assert!(!refused(403, code::MISSING_ACCESS).is_gone());
        assert!(refused(404, code::UNKNOWN_ROLE).is_unknown(code::UNKNOWN_ROLE));
        assert!(!refused(404, code::UNKNOWN_ROLE).is_unknown(code::UNKNOWN_CHANNEL));
        assert!(!refused(403, code::UNKNOWN_ROLE).is_unknown(code::UNKNOWN_ROLE));
    }

    #[test]
    fn what_may_have_taken_effect_is_known() {
        assert!(refused(502, 0).is_ambiguous());
        assert!(!refused(403, code::MISSING_ACCESS).is_ambiguous());
        let unreachable = |unsent| Error::Unreachable {
            why: "down".into(),
            unsent,
        };
        assert!(unreachable(false).is_ambiguous());
        assert!(!unreachable(true).is_ambiguous());
    }

    #[test]
    fn the_wrong_fields_are_told() {
        let body = br#"{"code": 50035, "message": "Invalid Form Body", "errors": {"name": {"_errors": []}}}"#;
        assert_eq!(
            Error::refused(400, body).to_string(),
            r#"Discord refused with status 400, code 50035: Invalid Form Body {"name": {"_errors": []}}"#
        );
    }
}
