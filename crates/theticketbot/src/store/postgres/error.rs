//! What can go wrong with PostgreSQL, in words for the host. No password is in them.

use std::error::Error as _;
use std::fmt;

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

use super::url::PostgresUrl;
use crate::store::{OpenError, StoreError};

pub(super) const NO_ANSWER: &str = "it does not answer";

/// Why a database could not be opened.
#[derive(Debug)]
pub enum Problem {
    /// No server answers there, or not yet.
    Unreachable(String),
    /// The user or the password is wrong.
    Refused {
        user: String,
    },
    /// The server's certificate is not to be trusted.
    Certificate(String),
    /// The file of root certificates contains none that is valid.
    RootCertificates(String),
    NoTls,
    NoDatabase {
        database: String,
    },
    /// The user may not create the schema, or not work in it.
    NotAllowed {
        user: String,
        schema: String,
        /// The server's words.
        reason: String,
    },
    /// The user may not connect to this database.
    NotAdmitted {
        user: String,
        database: String,
    },
    /// Another program's tables are in the schema.
    NotOurs {
        schema: String,
        tables: Vec<String>,
    },
    /// A newer version wrote it.
    Newer {
        schema: String,
    },
    /// There are no tables, or those of an older version, and only a start of the bot upgrades them.
    Older {
        schema: String,
    },
    /// A theticketbot runs on it.
    InUse {
        schema: String,
        holder: Option<String>,
    },
    /// The server is older than what is tested.
    OldServer(String),
    /// Members write characters that the database cannot hold.
    Encoding {
        database: String,
        encoding: String,
    },
    Store(StoreError),
}

impl Problem {
    pub(super) fn at(self, url: &PostgresUrl) -> OpenError {
        OpenError::Server {
            server: url.server().to_owned(),
            source: url.source(),
            problem: self,
        }
    }

    /// Whether only a change by the host can make the database open.
    pub(in crate::store) fn needs_the_host(&self) -> bool {
        // These errors may pass: the server may be starting or full, or another bot may be stopping.
        !matches!(
            self,
            Self::Unreachable(_) | Self::Older { .. } | Self::InUse { .. } | Self::Store(_)
        )
    }

    /// Why the server refused a connection or a statement.
    pub(super) fn of(url: &PostgresUrl, error: &tokio_postgres::Error) -> Self {
        let Some(database_error) = error.as_db_error() else {
            return Self::of_connection(url, error);
        };
        match *database_error.code() {
            SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
                Self::Refused {
                    user: url.user().to_owned(),
                }
            }
            SqlState::INVALID_CATALOG_NAME => Self::NoDatabase {
                database: url.database().to_owned(),
            },
            // Without the right to use it, the schema is left out of the search path.
            SqlState::INSUFFICIENT_PRIVILEGE | SqlState::INVALID_SCHEMA_NAME => {
                Self::not_allowed(url, database_error.message().to_owned())
            }
            // The server answered, so the connection is not the problem.
            _ => Self::Store(store_error(error)),
        }
    }

    /// Why a connection could not be made.
    pub(super) fn of_connecting(url: &PostgresUrl, error: &tokio_postgres::Error) -> Self {
        if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) {
            return Self::NotAdmitted {
                user: url.user().to_owned(),
                database: url.database().to_owned(),
            };
        }
        Self::of(url, error)
    }

    pub(super) fn not_allowed(url: &PostgresUrl, reason: String) -> Self {
        Self::NotAllowed {
            user: url.user().to_owned(),
            schema: url.schema().to_owned(),
            reason,
        }
    }

    fn of_connection(url: &PostgresUrl, error: &tokio_postgres::Error) -> Self {
        if takes_no_writes(error) {
            return Self::Store(StoreError::ReadOnlyServer);
        }
        let mut cause = error.source();
        while let Some(inner) = cause {
            let text = inner.to_string();
            if text.contains("server does not support TLS") {
                return Self::NoTls;
            }
            if text.contains("password missing") {
                return Self::Refused {
                    user: url.user().to_owned(),
                };
            }
            let of_tls = inner
                .downcast_ref::<std::io::Error>()
                .and_then(|error| error.get_ref());
            if let Some(error) = of_tls.and_then(|error| error.downcast_ref::<rustls::Error>()) {
                return Self::Certificate(error.to_string());
            }
            cause = inner.source();
        }
        Self::Unreachable(reason(error))
    }
}

impl Problem {
    pub(in crate::store) fn describe(
        &self,
        server: &str,
        source: &str,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        match self {
            Self::Unreachable(reason) => write!(
                f,
                "cannot connect to PostgreSQL at {server} ({reason}); check the host and the port in \
                 {source}, and that the server runs"
            ),
            Self::Refused { user } => write!(
                f,
                "PostgreSQL at {server} refuses the user {user}: the password is wrong or missing, or \
                 pg_hba.conf has no line for this user; check {source}"
            ),
            Self::Certificate(reason) => write!(
                f,
                "the certificate of PostgreSQL at {server} cannot be verified ({reason}); add \
                 sslrootcert=FILE with its authority's certificate to {source}, and use a host name \
                 that is in the certificate"
            ),
            Self::RootCertificates(reason) => write!(
                f,
                "the file of sslrootcert in {source} cannot be used ({reason}); it must have \
                 certificates in PEM format"
            ),
            Self::NoTls => write!(
                f,
                "PostgreSQL at {server} offers no TLS; turn on ssl there, or add sslmode=disable to \
                 {source} if the way to it is safe"
            ),
            Self::NoDatabase { database } => write!(
                f,
                "there is no database {database} at {server}; create it (CREATE DATABASE), or check \
                 {source}"
            ),
            Self::NotAllowed {
                user,
                schema,
                reason,
            } => write!(
                f,
                "the user {user} may not create or use the schema {schema} of {server} ({reason}); as an \
                 administrator, run CREATE SCHEMA {schema} AUTHORIZATION \"{user}\", or if it exists, \
                 ALTER SCHEMA {schema} OWNER TO \"{user}\", and ALTER TABLE … OWNER TO \"{user}\" for \
                 each of its tables"
            ),
            Self::NotAdmitted { user, database } => write!(
                f,
                "the user {user} may not connect to the database {database} at {server}; as an \
                 administrator, run GRANT CONNECT ON DATABASE \"{database}\" TO \"{user}\""
            ),
            Self::NotOurs { schema, tables } => write!(
                f,
                "the schema {schema} of {server} belongs to another program (it has the tables {}); \
                 add schema=NAME to {source} for one of the bot's own",
                tables.join(", ")
            ),
            Self::Newer { schema } => write!(
                f,
                "the schema {schema} of {server} was written by a newer version; update theticketbot, \
                 or restore a backup from before that update"
            ),
            Self::Older { schema } => write!(
                f,
                "the schema {schema} of {server} has no tables of this version; start the bot once, \
                 which creates or upgrades them, and try again"
            ),
            Self::InUse { schema, holder } => {
                write!(
                    f,
                    "the schema {schema} of {server} is in use by another theticketbot"
                )?;
                if let Some(holder) = holder {
                    write!(f, " ({holder})")?;
                }
                write!(
                    f,
                    "; stop that one first, or add another schema=NAME to {source}"
                )
            }
            Self::OldServer(version) => write!(
                f,
                "PostgreSQL at {server} has version {version}; the bot needs version 13 or newer"
            ),
            Self::Encoding { database, encoding } => write!(
                f,
                "the database {database} at {server} has the encoding {encoding}, which cannot hold every \
                 name and message; create another with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE \
                 template0"
            ),
            Self::Store(error) => write!(f, "{server}: {error}"),
        }
    }
}

/// Why the server refused a statement of a command.
pub(crate) fn refused(url: &PostgresUrl, error: &tokio_postgres::Error) -> OpenError {
    Problem::of(url, error).at(url)
}

/// Why a verb failed.
pub(crate) fn store_error(error: &tokio_postgres::Error) -> StoreError {
    let Some(database_error) = error.as_db_error() else {
        return if takes_no_writes(error) {
            StoreError::ReadOnlyServer
        } else if error.is_closed() || has_io_cause(error) {
            lost()
        } else {
            StoreError::Other(reason(error))
        };
    };
    // Without its details, which can have values in them.
    let message = database_error.message();
    match *database_error.code() {
        SqlState::DISK_FULL => StoreError::Full,
        SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::ReadOnlyServer,
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::TOO_MANY_CONNECTIONS
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        | SqlState::QUERY_CANCELED
        | SqlState::LOCK_NOT_AVAILABLE => StoreError::Unreachable(message.to_owned()),
        // A protocol violation is a bug in this program, so it does not count as unreachable.
        ref code if code.code().starts_with("08") && *code != SqlState::PROTOCOL_VIOLATION => {
            StoreError::Unreachable(message.to_owned())
        }
        ref code => StoreError::Other(format!("{message} (SQLSTATE {})", code.code())),
    }
}

/// Why the pool has no connection.
pub(super) fn pool_error(error: &PoolError) -> StoreError {
    match error {
        PoolError::Backend(error) => match store_error(error) {
            StoreError::Other(reason) => StoreError::Unreachable(reason),
            error => error,
        },
        PoolError::Timeout(_) => no_answer(),
        PoolError::Closed => StoreError::Closed,
        PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            StoreError::Other(error.to_string())
        }
    }
}

/// Whether the server has no more connections for this user.
pub(super) fn is_full(error: &PoolError) -> bool {
    matches!(error, PoolError::Backend(error) if error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS))
}

pub(super) fn lost() -> StoreError {
    StoreError::Unreachable("the connection was lost".to_owned())
}

pub(super) fn no_answer() -> StoreError {
    StoreError::Unreachable(NO_ANSWER.to_owned())
}

/// Whether connecting failed because the server is a standby. The library reports that as an I/O error
/// without an error code of the operating system.
fn takes_no_writes(error: &tokio_postgres::Error) -> bool {
    let cause = error
        .source()
        .and_then(|error| error.downcast_ref::<std::io::Error>());
    cause.is_some_and(|error| {
        error.kind() == std::io::ErrorKind::PermissionDenied && error.raw_os_error().is_none()
    })
}

fn has_io_cause(error: &tokio_postgres::Error) -> bool {
    error
        .source()
        .is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

/// The error with its causes, without the query.
fn reason(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.ends_with(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}
