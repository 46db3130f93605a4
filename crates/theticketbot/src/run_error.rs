//! Why the bot ended.

use std::fmt;

use crate::app::Failure;
use crate::gateway::GatewayError;

/// Why the bot ended.
#[derive(Debug)]
pub enum RunError {
    /// Discord does not take the token.
    Token,
    /// Discord revoked the token while the bot ran.
    Revoked,
    Gateway(GatewayError),
    /// The database belongs to another application.
    OtherApplication {
        owner: u64,
        application: u64,
        name: String,
    },
    /// Another process has taken the database over.
    TakenOver,
    /// A step of the start failed.
    Start {
        doing: String,
        failure: Failure,
    },
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The same words as the gateway's.
            Self::Token => GatewayError::Token.fmt(f),
            Self::Revoked => write!(
                f,
                "Discord no longer accepts the bot token; make a new one at \
                 https://discord.com/developers/applications and set {}",
                crate::secrets::where_the_token_is()
            ),
            Self::Gateway(error) => error.fmt(f),
            Self::OtherApplication {
                owner,
                application,
                name,
            } => write!(
                f,
                "the database belongs to the application {owner}, and the token is that of \
                 {application} ({name}); use that application's token, or give this one a schema of its \
                 own with schema=NAME in url of [db]"
            ),
            Self::TakenOver => f.write_str(
                "another theticketbot has taken the database over while this one could not reach it; \
                 only one process may run on a schema",
            ),
            Self::Start { doing, failure } => write!(f, "cannot {doing}: {failure}"),
        }
    }
}

impl std::error::Error for RunError {}

impl RunError {
    /// Whether another token is needed.
    pub fn is_about_the_token(&self) -> bool {
        matches!(self, Self::Token | Self::Gateway(GatewayError::Token))
    }

    /// Whether the bot ends again and again until the host changes something.
    pub fn needs_the_host(&self) -> bool {
        match self {
            Self::Token | Self::Revoked | Self::OtherApplication { .. } => true,
            Self::Gateway(error) => error.needs_the_host(),
            Self::Start { .. } | Self::TakenOver => false,
        }
    }

    pub(crate) fn start(doing: &str) -> impl Fn(Failure) -> Self {
        move |failure| match failure {
            Failure::Discord(error) if error.is_unauthorized() => Self::Token,
            failure => Self::Start {
                doing: doing.to_owned(),
                failure,
            },
        }
    }
}
