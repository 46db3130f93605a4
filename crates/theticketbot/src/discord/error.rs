//! The errors of Discord calls, in the kinds that callers distinguish.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

/// Discord's error codes that the bot handles.
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
    /// The server requires two-factor authentication of moderators, and the host has none.
    pub const TWO_FACTOR_REQUIRED: u64 = 60_003;
    pub const THREAD_ARCHIVED: u64 = 50_083;
    pub const THREAD_LOCKED: u64 = 160_005;
    pub const TOO_MANY_THREADS: u64 = 160_006;
}

/// What a failure means for the caller, by Discord's status and error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The object of the call does not exist, or no longer exists.
    Gone,
    /// The bot lacks a permission, or the thread's state forbids it.
    NotAllowed,
    /// A limit on the number of things, such as active threads, is reached.
    Full,
    /// Discord rejects the content of the call, such as a blocked word in a name.
    RefusedContent,
    TooLarge,
    /// Discord does not accept the token, or no longer accepts it.
    Unauthorized,
    /// The same call may succeed later.
    Transient,
    /// Anything else that Discord refuses: the same call will be refused again.
    Permanent,
}

/// Why a call to Discord failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// Discord responded with an error.
    Refused {
        status: u16,
        /// Discord's error code; 0 if there was none.
        code: u64,
        message: String,
        /// Discord's list of the invalid fields. Empty for most codes.
        detail: String,
    },
    /// There was no response. Unless `unsent`, the call may have taken effect.
    Unreachable { why: String, unsent: bool },
    /// Discord's rate limits forbid the call for this long.
    RateLimited { retry_after: Duration },
    /// The bot cannot parse the response.
    Malformed(String),
}

impl Error {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Refused { status, code, .. } => kind(*status, *code),
            Self::Unreachable { .. } | Self::RateLimited { .. } | Self::Malformed(_) => {
                Kind::Transient
            }
        }
    }

    /// If rate limits were the reason: the time until Discord allows the call again.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// The delay before a call that was not sent is retried, in milliseconds.
    pub fn retry_in(&self) -> i64 {
        const A_MOMENT: Duration = Duration::from_secs(2);
        let wait = self.retry_after().unwrap_or(A_MOMENT);
        i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)
    }

    /// Discord's error code.
    pub fn code(&self) -> Option<u64> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether Discord itself says that the object does not exist.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Refused { status: 404, code, .. } if (10_001..11_000).contains(code))
    }

    /// Whether Discord itself says that the object does not exist, with the code of this kind of object.
    pub fn is_unknown(&self, kind: u64) -> bool {
        matches!(self, Self::Refused { status: 404, code, .. } if *code == kind)
    }

    /// Whether Discord itself says that the user does not exist, or is not in the server.
    pub fn is_unknown_member(&self) -> bool {
        self.is_unknown(code::UNKNOWN_MEMBER) || self.is_unknown(code::UNKNOWN_USER)
    }

    /// Whether the thread is archived, so that the call was refused.
    pub fn is_archived(&self) -> bool {
        self.code() == Some(code::THREAD_ARCHIVED)
    }

    /// Whether the call may have taken effect although it failed.
    pub fn is_ambiguous(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status >= 500,
            Self::Unreachable { unsent, .. } => !unsent,
            Self::RateLimited { .. } => false,
            Self::Malformed(_) => true,
        }
    }

    /// Whether the error is transient: the same call may succeed later.
    pub fn is_transient(&self) -> bool {
        self.kind() == Kind::Transient
    }

    /// Whether Discord failed because of this call (500), rather than being overloaded (503).
    pub fn is_internal(&self) -> bool {
        matches!(self, Self::Refused { status: 500, .. })
    }

    /// Whether the bot may not see or do this.
    pub fn is_forbidden(&self) -> bool {
        matches!(
            self.code(),
            Some(code::MISSING_ACCESS | code::MISSING_PERMISSIONS | code::TWO_FACTOR_REQUIRED)
        )
    }

    /// Whether the interaction already has its first response.
    pub fn is_acknowledged(&self) -> bool {
        self.code() == Some(code::ALREADY_ACKNOWLEDGED)
    }

    /// Whether Discord does not accept the token.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Refused { status: 401, .. })
    }

    /// The error of a response without a success status.
    pub(super) fn of_response(status: u16, body: &[u8]) -> Self {
        let is_discords = serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok();
        if is_discords || status >= 500 || status == 401 {
            Self::refused(status, body)
        } else {
            // A proxy between Discord and the bot has responded.
            Self::Malformed(format!("status {status}, and the body is not JSON"))
        }
    }

    /// Parses the body of an error response. A proxy may have written it, so every field can be missing.
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
            Self::RateLimited { retry_after } => {
                let seconds = retry_after.as_secs_f64().ceil();
                write!(f, "Discord's rate limit allows this again in {seconds} s")
            }
            Self::Unreachable { why, .. } => write!(f, "no answer from Discord: {why}"),
            Self::Malformed(why) => write!(f, "Discord's answer cannot be understood: {why}"),
        }
    }
}

impl std::error::Error for Error {}

/// Source: Discord's "Opcodes and Status Codes", "JSON Error Codes".
fn kind(status: u16, code: u64) -> Kind {
    match (status, code) {
        (429 | 500.., _) => Kind::Transient,
        (401, _) => Kind::Unauthorized,
        (404, 10_001..=10_999) => Kind::Gone,
        (_, 50_001 | 50_013 | 50_083 | 60_003 | code::THREAD_LOCKED) => Kind::NotAllowed,
        (_, 30_001..=30_999 | 160_006) => Kind::Full,
        (_, 50_035 | 200_000 | 200_001 | 240_000) => Kind::RefusedContent,
        (413, _) | (_, 40_005) => Kind::TooLarge,
        _ => Kind::Permanent,
    }
}

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
        // A 404 for an unknown route, or of a misconfigured proxy, says nothing about the object.
        assert!(!refused(404, 0).is_gone());
        assert!(!Error::refused(404, b"<html>not found</html>").is_gone());
        assert!(!refused(403, code::MISSING_ACCESS).is_gone());
        assert!(refused(404, code::UNKNOWN_ROLE).is_unknown(code::UNKNOWN_ROLE));
        assert!(!refused(404, code::UNKNOWN_ROLE).is_unknown(code::UNKNOWN_CHANNEL));
        assert!(!refused(403, code::UNKNOWN_ROLE).is_unknown(code::UNKNOWN_ROLE));
    }

    #[test]
    fn codes_are_classified_by_kind() {
        for (status, code, expected) in [
            (404, code::UNKNOWN_CHANNEL, Kind::Gone),
            (404, 10_004, Kind::Gone),
            (404, code::UNKNOWN_WEBHOOK, Kind::Gone),
            (404, code::UNKNOWN_INTERACTION, Kind::Gone),
            // A 404 for an unknown route, or of a proxy, says nothing about the object.
            (404, 0, Kind::Permanent),
            (403, code::MISSING_ACCESS, Kind::NotAllowed),
            (403, code::MISSING_PERMISSIONS, Kind::NotAllowed),
            (403, code::TWO_FACTOR_REQUIRED, Kind::NotAllowed),
            (400, code::THREAD_ARCHIVED, Kind::NotAllowed),
            (400, code::THREAD_LOCKED, Kind::NotAllowed),
            (400, 30_033, Kind::Full),
            (400, code::TOO_MANY_THREADS, Kind::Full),
            (400, code::INVALID_FORM, Kind::RefusedContent),
            (400, 200_000, Kind::RefusedContent),
            (400, 200_001, Kind::RefusedContent),
            (400, 240_000, Kind::RefusedContent),
            (400, 40_005, Kind::TooLarge),
            (413, 0, Kind::TooLarge),
            (401, 0, Kind::Unauthorized),
            (429, 30_046, Kind::Transient),
            (500, 0, Kind::Transient),
            (504, 0, Kind::Transient),
            (400, 999_999, Kind::Permanent),
            (403, 0, Kind::Permanent),
        ] {
            assert_eq!(refused(status, code).kind(), expected, "{status} {code}");
        }
        let retry_after = Duration::from_millis(59_001);
        let limited = Error::RateLimited { retry_after };
        assert_eq!(limited.kind(), Kind::Transient);
        assert_eq!(limited.retry_after(), Some(retry_after));
        assert!(!limited.is_ambiguous());
        assert!(limited.to_string().ends_with("in 60 s"), "{limited}");
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
