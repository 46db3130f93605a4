//! `[db] url`: where PostgreSQL is, as whom, and which schema is the bot's.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use super::Mode;

/// A checked URL. Nothing shows it but [`PostgresUrl::server`], which has no password in it.
#[derive(Clone)]
pub struct PostgresUrl {
    /// As PostgreSQL's client library takes it: without the parameters that are ours.
    text: SecretString,
    server: String,
    user: String,
    database: String,
    schema: String,
    pub(super) root_certificates: Option<PathBuf>,
    is_encrypted: bool,
    leaves_machine: bool,
    /// Where a host finds this URL, to change it.
    source: &'static str,
}

/// Wherever they are set.
impl PartialEq for PostgresUrl {
    fn eq(&self, other: &Self) -> bool {
        self.text.expose_secret() == other.text.expose_secret()
            && self.schema == other.schema
            && self.root_certificates == other.root_certificates
            && self.is_encrypted == other.is_encrypted
    }
}

/// The schema if the URL names none.
const SCHEMA: &str = "theticketbot";

impl PostgresUrl {
    /// Parses what a config says. The error says what is allowed, and nothing of the text.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if !(text.starts_with("postgres://") || text.starts_with("postgresql://")) {
            return Err(
                "must begin with postgres://, such as postgres://USER:PASSWORD@HOST/DATABASE",
            );
        }
        let (start, query) = text.split_once('?').unwrap_or((text, ""));
        let authority = start.split('/').nth(2).unwrap_or_default();
        let is_misplaced = text.contains('@') && !authority.contains('@');
        if is_misplaced || start.matches('@').count() > 1 {
            // Otherwise, a part of the password would be used as the host.
            return Err(
                "must have one @, before the host; in the password, write @ as %40, / as %2F and ? as %3F",
            );
        }
        let (mut schema, mut mode, mut root_certificates) = (SCHEMA.to_owned(), None, None);
        let mut others = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("schema", name)) if is_plain_name(name) => name.clone_into(&mut schema),
                Some(("schema", _)) => {
                    return Err("must have a schema of the characters a-z, 0-9 and _");
                }
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", file)) => {
                    root_certificates = Some(PathBuf::from(decoded(file)));
                }
                Some(("options" | "channel_binding", _)) => {
                    return Err("must not have options or channel_binding in it");
                }
                _ => others.push(pair),
            }
        }
        let text = if others.is_empty() {
            start.to_owned()
        } else {
            format!("{start}?{}", others.join("&"))
        };
        // The library's error is not shown, because it could contain a part of the password.
        let config: tokio_postgres::Config = text.parse().map_err(|_| {
            "must be a URL such as postgres://USER:PASSWORD@HOST:5432/DATABASE; characters like @ : / ? # \
             in the password are written as %40 %3A %2F %3F %23, and the parameters are those of \
             docs/postgresql.md"
        })?;
        let hosts = config.get_hosts();
        let is_nowhere = |host: &Host| matches!(host, Host::Tcp(name) if name.is_empty());
        if hosts.is_empty() || hosts.iter().any(is_nowhere) {
            return Err("must have a host, such as postgres://USER:PASSWORD@HOST/DATABASE");
        }
        if !config.get_hostaddrs().is_empty() {
            // The name of the host decides whether TLS is used.
            return Err("must not have hostaddr in it: name the address as the host");
        }
        let Some(user) = config.get_user() else {
            return Err("must have a user, such as postgres://USER:PASSWORD@HOST/DATABASE");
        };
        let leaves_machine = hosts.iter().any(leaves_machine);
        let is_encrypted = match mode {
            None => leaves_machine || root_certificates.is_some(),
            Some("require" | "verify-ca" | "verify-full") => true,
            Some("disable") => false,
            Some(_) => {
                return Err("must have the sslmode verify-full, which is the default, or disable");
            }
        };
        if is_encrypted && hosts.iter().any(|host| !matches!(host, Host::Tcp(_))) {
            return Err("must not ask for TLS over a socket");
        }
        Ok(Self {
            server: shown(&config),
            user: user.to_owned(),
            database: config.get_dbname().unwrap_or(user).to_owned(),
            text: text.into(),
            schema,
            root_certificates,
            is_encrypted,
            leaves_machine,
            source: "url of [db]",
        })
    }

    /// The same URL, but set somewhere else than in the config file.
    #[must_use]
    pub const fn found_in(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    pub const fn source(&self) -> &'static str {
        self.source
    }

    /// Host, port and database: what a message may show.
    pub fn server(&self) -> &str {
        &self.server
    }

    pub fn has_password(&self) -> bool {
        self.config().get_password().is_some()
    }

    pub fn user(&self) -> &str {
        &self.user
    }

    pub fn database(&self) -> &str {
        &self.database
    }

    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// Whether the connection is encrypted, and the server's certificate is verified.
    pub const fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// Whether the database's content goes to another machine in plain text.
    pub const fn is_readable_on_the_way(&self) -> bool {
        self.leaves_machine && !self.is_encrypted
    }

    /// The URL without its password: for `--dump-config`.
    pub fn without_password(&self) -> String {
        let mode = if self.is_encrypted {
            "verify-full"
        } else {
            "disable"
        };
        format!(
            "postgres://{}@{}?schema={}&sslmode={mode}",
            self.user, self.server, self.schema
        )
    }

    /// The first statements on each connection: they select the bot's schema, and set time limits. They are
    /// not sent as options of the connection, because PgBouncer does not pass these on.
    pub(super) fn session(&self, mode: Mode) -> String {
        // One of several processes that vanishes in a transaction must not keep the others waiting.
        let idle = match mode {
            Mode::Together => 3,
            Mode::Alone | Mode::Beside => 30,
        };
        format!(
            "SET search_path = \"{}\"; SET statement_timeout = '10s'; SET lock_timeout = '10s'; \
             SET idle_in_transaction_session_timeout = '{idle}s'; SET tcp_keepalives_idle = 10; \
             SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3",
            self.schema
        )
    }

    /// For a connection to a server that takes writes.
    pub(super) fn config(&self) -> tokio_postgres::Config {
        let text = self.text.expose_secret();
        let mut config: tokio_postgres::Config = text.parse().expect("it was parsed before");
        config
            .ssl_mode(if self.is_encrypted {
                SslMode::Require
            } else {
                SslMode::Disable
            })
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .keepalives_idle(Duration::from_secs(10));
        if config.get_application_name().is_none() {
            config.application_name(format!("theticketbot process {}", std::process::id()));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(3));
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(Duration::from_secs(10));
        }
        config
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresUrl").field(&self.server).finish()
    }
}

fn is_plain_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.len() <= 63
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn leaves_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            let address = name.trim_start_matches('[').trim_end_matches(']');
            let is_here = name == "localhost"
                || address
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|ip| ip.is_loopback());
            !is_here
        }
        #[cfg(unix)]
        Host::Unix(_) => false,
    }
}

fn shown(config: &tokio_postgres::Config) -> String {
    let ports = config.get_ports();
    let port = |at: usize| ports.get(at).or(ports.first()).copied().unwrap_or(5432);
    let hosts = config.get_hosts().iter().enumerate();
    let hosts = hosts.map(|(at, host)| match host {
        Host::Tcp(name) => format!("{name}:{}", port(at)),
        #[cfg(unix)]
        Host::Unix(folder) => format!("{}:{}", folder.display(), port(at)),
    });
    let database = config
        .get_dbname()
        .or(config.get_user())
        .unwrap_or_default();
    format!("{}/{database}", hosts.collect::<Vec<_>>().join(","))
}

/// A parameter with its percent signs resolved.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let (b'%', Some(byte)) = (first, byte) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_parsed_is_shown_without_the_password() {
        for (text, shown) in [
            (
                "postgres://bot:hunter2@db.example/tickets",
                "postgres://bot@db.example:5432/tickets?schema=theticketbot&sslmode=verify-full",
            ),
            (
                "postgresql://bot:hunt%40er2@127.0.0.1:99?schema=two",
                "postgres://bot@127.0.0.1:99/bot?schema=two&sslmode=disable",
            ),
            (
                "postgres://bot@a,b:6000/x?sslmode=disable",
                "postgres://bot@a:5432,b:6000/x?schema=theticketbot&sslmode=disable",
            ),
            (
                "postgres://bot:hunt#er2@h/x?application_name=a@b",
                "postgres://bot@h:5432/x?schema=theticketbot&sslmode=verify-full",
            ),
            (
                "postgres://bot:hunter2@%2Frun%2Fpostgresql/x?connect_timeout=1",
                "postgres://bot@/run/postgresql:5432/x?schema=theticketbot&sslmode=disable",
            ),
        ] {
            let url = PostgresUrl::parse(text).unwrap();
            assert_eq!(url.without_password(), shown);
            assert!(!format!("{url:?}").contains("hunt"), "{url:?}");
        }
    }

    #[test]
    fn a_server_elsewhere_is_verified_unless_the_host_says_otherwise() {
        for (text, is_encrypted, is_readable) in [
            ("postgres://u@db.example/x", true, false),
            ("postgres://u@db.example/x?sslmode=require", true, false),
            ("postgres://u@db.example/x?sslmode=disable", false, true),
            ("postgres://u@localhost/x", false, false),
            ("postgres://u@localhost/x?sslmode=verify-full", true, false),
            (
                "postgres://u@localhost/x?sslrootcert=/a%20b.pem",
                true,
                false,
            ),
        ] {
            let url = PostgresUrl::parse(text).unwrap();
            let found = (url.is_encrypted(), url.is_readable_on_the_way());
            assert_eq!(found, (is_encrypted, is_readable), "{text}");
        }
        let url = PostgresUrl::parse("postgres://u@h/x?sslrootcert=/a%20b.pem").unwrap();
        assert_eq!(url.root_certificates, Some("/a b.pem".into()));
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_a_secret() {
        for bad in [
            "",
            "mysql://u:hunter2@h/x",
            "postgres://u:hunter2@/x",
            "postgres://u:hunter2@h:port/x",
            "postgres://h/x",
            "postgres://u:hunter2@h/x?hunter2=1",
            "postgres://u:hunt@er2@h/x",
            "postgres://u:hunt/e@r2@h/x",
            "postgres://u:hunt/er2@h/x",
            "postgres://h:5432/x?user=u&password=hunt@er2",
            "postgres://u:hunt?e@r2@h/x",
            "postgres://u:hunt#e@r2@h/x",
            "postgres://u:hunt@e/r2@h/x",
            "postgres://u:hunt@e?r2@h/x",
            "postgres://u:hunter2@localhost/x?hostaddr=10.0.0.5",
            "postgres://u:hunter2@h/x?schema=A-b",
            "postgres://u:hunter2@h/x?schema=",
            "postgres://u:hunter2@h/x?sslmode=prefer",
            "postgres://u:hunter2@h/x?options=-cfoo",
            "postgres://u:hunter2@%2Frun/x?sslmode=require",
        ] {
            let error = PostgresUrl::parse(bad).map(drop).expect_err(bad);
            assert!(error.starts_with("must "), "{bad}: {error}");
            assert!(!error.contains("hunt"), "{bad}: {error}");
        }
    }
}
