//! A setting's value in the file: as an admin would enter it, if that leads to what is stored, and
//! otherwise as it is stored.

use tickets::setting::{Entered, Kind, Setting};
use tickets::text::Text;
use toml::Value;

/// The key under which a value stands that is written as it is stored.
pub(super) const STORED: &str = "stored";

/// What is stored, for the file.
pub(super) fn write(setting: &dyn Setting, stored: Option<&str>) -> Value {
    let Some(stored) = stored else {
        // The default, however a control shows it.
        return match setting.kind() {
            Kind::Roles(_) | Kind::Mentions(_) => Value::Array(Vec::new()),
            _ => Value::from(""),
        };
    };
    let written = match setting.kind() {
        Kind::Roles(_) => Value::Array(ids(stored).map(Value::from).collect()),
        Kind::Mentions(_) => Value::Array(stored.split(',').map(Value::from).collect()),
        Kind::Channel => Value::from(stored),
        Kind::Choice(_) | Kind::Line(_) | Kind::Lines(_) | Kind::Language | Kind::Inbox => {
            Value::from(setting.written(Some(stored)))
        }
    };
    let back = entered(&written).map(|entered| setting.enter(&entered));
    match back {
        Some(Ok(back)) if back.as_deref() == Some(stored) => written,
        _ => {
            let table = [(STORED.to_owned(), Value::from(stored))];
            Value::Table(table.into_iter().collect())
        }
    }
}

/// Why a value cannot be used.
pub(super) enum Wrong {
    /// It is of another type.
    Type,
    /// The setting refuses it.
    Refused(Text),
    /// It is written as it is stored, and the setting does not know such a value.
    Unknown,
}

/// What is to be stored; `None` is the default.
pub(super) fn read(setting: &dyn Setting, value: &Value) -> Result<Option<String>, Wrong> {
    if let Value::Table(table) = value {
        let stored = table.get(STORED).and_then(Value::as_str);
        let stored = stored.filter(|_| table.len() == 1).ok_or(Wrong::Type)?;
        return if setting.show(Some(stored)) == setting.show(None) {
            Err(Wrong::Unknown)
        } else {
            Ok(Some(stored.to_owned()))
        };
    }
    if value.as_str() == Some("") {
        return Ok(None);
    }
    let entered = entered(value).ok_or(Wrong::Type)?;
    setting.enter(&entered).map_err(Wrong::Refused)
}

/// As an admin enters it.
fn entered(value: &Value) -> Option<Entered> {
    match value {
        Value::String(text) => Some(Entered::Text(text.clone())),
        Value::Integer(number) => Some(Entered::Text(number.to_string())),
        Value::Array(ids) => {
            let ids = ids.iter().map(|id| id.as_str().map(str::to_owned));
            ids.collect::<Option<_>>().map(Entered::Chosen)
        }
        Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) | Value::Table(_) => None,
    }
}

/// Ids in a text, whatever is between them.
fn ids(stored: &str) -> impl Iterator<Item = &str> {
    stored
        .split(|c: char| !c.is_ascii_digit())
        .filter(|id| !id.is_empty())
}
