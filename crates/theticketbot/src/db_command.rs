//! `theticketbot db …`: what a host does with the database, without a database shell.

#[cfg(feature = "postgres")]
mod copy;

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use crate::BoxError;
use crate::cli::DbCommand;
use crate::config::{Database, Settings};
use crate::prompt;
use crate::secrets::{self, KeyError};
use crate::store::maintain::{self, KeyChange};
use crate::store::{Access, KeyTemplate, OpenError, StoreError};

/// Runs the command, and returns its message.
pub fn run(command: &DbCommand, settings: &Settings) -> Result<String, BoxError> {
    let db = &settings.db;
    match command {
        #[cfg(feature = "postgres")]
        DbCommand::Copy { to } => copy::copy(db, to.as_deref()),
        DbCommand::Check => check(needs_file(db)?),
        DbCommand::Backup { target } => backup(needs_file(db)?, target),
        DbCommand::Restore { source } => restore(needs_file(db)?, source),
        DbCommand::Encrypt => encrypt(needs_file(db)?),
        DbCommand::Rekey => rekey(needs_file(db)?),
        DbCommand::Decrypt => decrypt(needs_file(db)?),
    }
}

/// Refuses a command for database files if the database is PostgreSQL.
fn needs_file(db: &Database) -> Result<&Database, BoxError> {
    if db.is_server() {
        return Err(
            "the database is PostgreSQL, and this command is for a database file; \
             docs/postgresql.md says what to do instead"
                .into(),
        );
    }
    Ok(db)
}

/// The key template that `db encrypt` uses if the config has none.
const DEFAULT_TEMPLATE: &str = "PRAGMA key = '{}'";

fn check(db: &Database) -> Result<String, BoxError> {
    let problems = match maintain::check(&opened_by_config(db)?) {
        // The error's own words suggest this command.
        Err(OpenError::Store {
            path,
            error: StoreError::Corrupt,
        }) => return Err(format!("{} is damaged; restore a backup", path.display()).into()),
        checked => checked?,
    };
    if problems.is_empty() {
        return Ok(format!("{} is all right", db.path.display()));
    }
    let list = problems.join("\n  ");
    Err(format!("{} is damaged:\n  {list}", db.path.display()).into())
}

fn backup(db: &Database, target: &Path) -> Result<String, BoxError> {
    maintain::backup(&opened_by_config(db)?, target)?;
    let kept = if db.key_template.is_some() {
        ", encrypted with the same key"
    } else {
        ""
    };
    Ok(format!(
        "{} was copied to {}{kept}",
        db.path.display(),
        target.display()
    ))
}

fn restore(db: &Database, source: &Path) -> Result<String, BoxError> {
    let restored = maintain::restore(&opened_by_config(db)?, source);
    let kept = restored.map_err(|error| -> BoxError {
        match error {
            OpenError::NotEncrypted { path } => format!(
                "{} is not encrypted, but key_template is set in [db]; remove key_template, restore \
                 the file, and then run `theticketbot db encrypt`",
                path.display()
            )
            .into(),
            error => error.into(),
        }
    })?;
    let kept = kept
        .map(|kept| format!("; what was there before is {}", kept.display()))
        .unwrap_or_default();
    Ok(format!(
        "{} was restored from {}{kept}",
        db.path.display(),
        source.display()
    ))
}

fn encrypt(db: &Database) -> Result<String, BoxError> {
    let configured = db.key_template.clone();
    let template = match &configured {
        Some(template) => template.clone(),
        None => KeyTemplate::parse(DEFAULT_TEMPLATE)?,
    };
    let plain = access(db, None, None)?;
    let change = KeyChange::of(&plain).map_err(|error| -> BoxError {
        match error {
            OpenError::MissingKey { path } => format!(
                "{} is already encrypted; `theticketbot db rekey` changes the key",
                path.display()
            )
            .into(),
            error => error.into(),
        }
    })?;
    let key = new_key(&template)?;
    let encrypted = access(db, Some(&template), Some(&key))?;
    change.make(&rekey_pragma(&template, &key)?, &encrypted)?;
    let advice = match configured {
        Some(_) => "The config is set for it already.".to_owned(),
        None => format!(
            "Set this in the config file, or the bot will not open it:\n\n[db]\nkey_template = \
             \"{DEFAULT_TEMPLATE}\""
        ),
    };
    Ok(format!(
        "{} is encrypted now. {advice}{}",
        db.path.display(),
        copies_stay(db)
    ))
}

fn rekey(db: &Database) -> Result<String, BoxError> {
    let template = needed_template(db)?;
    let change = KeyChange::of(&opened_by_config(db)?)?;
    let key = new_key(template)?;
    let new = access(db, Some(template), Some(&key))?;
    change.make(&rekey_pragma(template, &key)?, &new)?;
    let advice = "The config needs no change; give the bot the new key at its next start.";
    Ok(format!(
        "{} has a new key now. {advice}{}",
        db.path.display(),
        copies_stay(db)
    ))
}

fn decrypt(db: &Database) -> Result<String, BoxError> {
    let template = needed_template(db)?;
    let old = opened_by_config(db)?;
    let plain = Access {
        key: None,
        pragmas: Vec::new(),
        path: db.path.clone(),
    };
    let rekey = rekey_pragma(template, &SecretString::default())?;
    KeyChange::of(&old)?.make(&rekey, &plain)?;
    Ok(format!(
        "{} is no longer encrypted. Remove key_template, and pragmas about its cipher, from [db] \
         in the config file, or the bot will not open it",
        db.path.display()
    ))
}

/// How to open the database according to the config.
fn opened_by_config(db: &Database) -> Result<Access, BoxError> {
    Ok(db.access(secrets::database_key(db.key_template.as_ref())?.as_ref())?)
}

fn access(
    db: &Database,
    template: Option<&KeyTemplate>,
    key: Option<&SecretString>,
) -> Result<Access, BoxError> {
    let db = Database {
        key_template: template.cloned(),
        ..db.clone()
    };
    Ok(db.access(key)?)
}

fn needed_template(db: &Database) -> Result<&KeyTemplate, BoxError> {
    match &db.key_template {
        Some(template) if template.wants_key() => Ok(template),
        Some(_) => Err(
            "key_template in [db] has the key written into it; put {} in its place, so \
                        that another key can go there"
                .into(),
        ),
        None => Err(
            "key_template is not set in [db]; without it the database cannot be opened as \
                     an encrypted one"
                .into(),
        ),
    }
}

fn rekey_pragma(template: &KeyTemplate, key: &SecretString) -> Result<SecretString, BoxError> {
    let rekey = template.rekey().ok_or(
        "key_template in [db] is none of PRAGMA key, hexkey or textkey, so it is not known how to \
         change the key; do it with a shell of your SQLite library",
    )?;
    Ok(rekey.fill(key)?)
}

/// The new key: from the environment, else typed twice.
fn new_key(template: &KeyTemplate) -> Result<SecretString, BoxError> {
    if !template.wants_key() {
        return Ok(SecretString::default());
    }
    if let Some(key) = secrets::from_environment(secrets::DB_NEW_KEY) {
        return Ok(key);
    }
    let key = secrets::ask_key(secrets::DB_NEW_KEY, "New database key: ")?;
    // Only a person can mistype, so piped input has the key once.
    if prompt::is_possible() {
        let again = secrets::ask_key(secrets::DB_NEW_KEY, "New database key again: ")?;
        if again.expose_secret() != key.expose_secret() {
            return Err(KeyError::Different.into());
        }
    }
    Ok(key)
}

/// A reminder that older copies are still readable with the old key, or without one.
fn copies_stay(db: &Database) -> String {
    format!(
        "\nOlder copies beside it ({}.*.bak) stay as they are.",
        db.path.display()
    )
}
