//! `theticketbot db copy`: from a file to PostgreSQL, or back.

use std::path::PathBuf;

use secrecy::ExposeSecret;

use crate::config::Database;
use crate::store::{Access, PostgresUrl, Store, Written, maintain};
use crate::{BoxError, runtime, secrets};

/// Copies everything into an empty database, and returns what to say.
pub(super) fn copy(db: &Database, to: Option<&str>) -> Result<String, BoxError> {
    let target = Target::of(db, to)?;
    // Both are opened as a start of the bot opens them, which fails while a bot runs on one of them.
    let source = db.open()?;
    let names = Names {
        source: match &db.url {
            Some(url) => name_of(url),
            None => db.path.display().to_string(),
        },
        target: target.name(),
    };
    let copied = match &target {
        Target::Server(url) => copy_to(&source, &Store::connect(url)?, &names)?,
        Target::File(file) => maintain::create(file, |draft| {
            copy_to(&source, &Store::open(&Access::plain(draft))?, &names)
        })?,
    };
    let Some(counts) = copied else {
        return Err(target.is_not_empty().into());
    };
    let counts: Vec<String> = counts
        .iter()
        .map(|(table, count)| format!("  {table}: {count}"))
        .collect();
    let text = format!(
        "Everything was copied to {}, read again and compared. Rows of each table:\n{}\n{}",
        target.name(),
        counts.join("\n"),
        target.advice()
    );
    Ok(text)
}

/// How many rows of each table were copied; `None` if there is something in the other database.
fn copy_to(source: &Store, store: &Store, names: &Names) -> Result<Option<Counts>, BoxError> {
    let runtime = runtime()?;
    let content = runtime.block_on(source.content());
    let content = content.map_err(|error| format!("cannot read {}: {error}", names.source))?;
    let counts = content.counts();
    let written = runtime.block_on(store.write_content(content));
    let written = written.map_err(|error| format!("cannot write {}: {error}", names.target))?;
    Ok((written == Written::Same).then_some(counts))
}

struct Names {
    source: String,
    target: String,
}

type Counts = Vec<(&'static str, usize)>;

enum Target {
    Server(PostgresUrl),
    File(PathBuf),
}

impl Target {
    fn of(db: &Database, to: Option<&str>) -> Result<Self, BoxError> {
        let variable = secrets::DB_COPY_URL;
        let from_environment = secrets::from_environment(variable);
        let target = match (to, &from_environment) {
            (Some(text), _) if text.contains("://") => {
                let url = parse(text, "--to")?;
                if url.has_password() {
                    return Err(format!(
                        "other users of this machine can read a password on the command line; set \
                         {variable} to the URL, and leave out --to"
                    )
                    .into());
                }
                Self::Server(url)
            }
            (Some(file), _) => Self::File(file.into()),
            (None, Some(url)) => Self::Server(parse(url.expose_secret(), variable)?),
            (None, None) => {
                return Err(format!(
                    "add --to with a file or a URL without a password, or set {variable} to a URL"
                )
                .into());
            }
        };
        match &target {
            Self::File(file) if file.symlink_metadata().is_ok() => Err(format!(
                "{} already exists; name a file that does not",
                file.display()
            )
            .into()),
            Self::File(_) if !db.is_server() => {
                Err("use `theticketbot db backup` to copy one file to another".into())
            }
            Self::Server(_) if db.is_server() => {
                Err("use pg_dump to copy from one PostgreSQL to another".into())
            }
            Self::File(_) | Self::Server(_) => Ok(target),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Server(url) => name_of(url),
            Self::File(file) => file.display().to_string(),
        }
    }

    fn is_not_empty(&self) -> String {
        format!(
            "{} is not empty, so nothing was copied; choose another schema, or empty this one \
             (DROP SCHEMA … CASCADE)",
            self.name()
        )
    }

    const fn advice(&self) -> &'static str {
        match self {
            Self::Server(_) => {
                "Now set url in [db] of the config file, or THETICKETBOT_DB_URL, instead of path. Do \
                 not start a bot on the old file again: the copy does not get its changes."
            }
            Self::File(_) => {
                "Now set path in [db] of the config file to it, and remove url and \
                 THETICKETBOT_DB_URL. Do not start a bot on the old schema again: the copy does not get \
                 its changes. The file is not encrypted; `theticketbot db encrypt` encrypts it."
            }
        }
    }
}

fn name_of(url: &PostgresUrl) -> String {
    format!("the schema {} of {}", url.schema(), url.server())
}

fn parse(text: &str, name: &'static str) -> Result<PostgresUrl, BoxError> {
    let url = PostgresUrl::parse(text).map_err(|why| format!("{name} {why}"))?;
    Ok(url.found_in(name))
}
