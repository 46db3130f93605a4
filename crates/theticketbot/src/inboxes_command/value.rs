//! A setting's value in the file: as an admin would enter it, if that leads to what is stored, and
//! otherwise as it is stored.

use tickets::Mention;
use tickets::setting::{Circumstances, Entered, Kind, Setting};
use tickets::text::Text;
use toml::Value;

/// The key of a value in its stored form.
pub(super) const STORED: &str = "stored";

/// What is stored, for the file.
pub(super) fn write(setting: &dyn Setting, stored: Option<&str>) -> Value {
    let Some(stored) = stored else {
        // An empty value means the default, whatever Discord's control shows for it.
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
    let back = entered(setting.kind(), &written).map(|entered| setting.enter(&entered));
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
    /// It is of another type than the setting's.
    Type(&'static str),
    /// It has more characters than the control in Discord takes, or more roles.
    TooLong(usize),
    /// The setting refuses it.
    Refused(Text),
    /// Somebody in it cannot be staff.
    Staff,
    /// It is written as it is stored, and the setting does not know such a value.
    Unknown,
}

/// What must be stored; `None` is the default.
pub(super) fn read(
    setting: &dyn Setting,
    value: &Value,
    with: &Circumstances<'_>,
) -> Result<Option<String>, Wrong> {
    let kind = setting.kind();
    if let Value::Table(table) = value {
        let stored = table.get(STORED).and_then(Value::as_str);
        let stored = stored.filter(|_| table.len() == 1);
        let stored = stored.ok_or(Wrong::Type(expected(kind)))?;
        return if setting.show(Some(stored)) == setting.show(None) {
            Err(Wrong::Unknown)
        } else {
            Ok(Some(stored.to_owned()))
        };
    }
    if value.as_str() == Some("") {
        return Ok(None);
    }
    let entered = entered(kind, value).ok_or(Wrong::Type(expected(kind)))?;
    match (kind, &entered) {
        (Kind::Line(most) | Kind::Lines(most), Entered::Text(text)) => {
            fits(text.chars().count(), most.into())?;
        }
        (Kind::Roles(most), Entered::Chosen(roles)) => fits(roles.len(), most.into())?,
        _ => {}
    }
    let new = setting.enter_with(&entered, with).map_err(Wrong::Refused)?;
    // Discord's menu drops mentions that cannot be staff. For a file, that is an error.
    let count = |stored: Option<&str>| stored.map_or(0, |it| it.split(',').count());
    match (kind, value.as_array()) {
        (Kind::Mentions(_), Some(written)) if count(new.as_deref()) < written.len() => {
            Err(Wrong::Staff)
        }
        _ => Ok(new),
    }
}

fn fits(length: usize, most: usize) -> Result<(), Wrong> {
    if length > most {
        return Err(Wrong::TooLong(most));
    }
    Ok(())
}

/// What a value of this kind must be.
fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Roles(_) => "must be an array of ids of roles, such as [\"123\"]",
        Kind::Mentions(_) => {
            "must be an array of mentions, such as [\"<@&123>\", \"<@456>\"]: a role, and a member"
        }
        Kind::Channel => "must be the id of a channel, or \"\" for the default",
        Kind::Inbox => "must be the id of an inbox, or \"\" for the default",
        Kind::Choice(_) | Kind::Line(_) | Kind::Lines(_) | Kind::Language => "must be a string",
    }
}

/// As an admin enters it. `None` if any of it would be ignored.
fn entered(kind: Kind, value: &Value) -> Option<Entered> {
    let all = |is_one: fn(&str) -> bool| {
        let items = value.as_array()?.iter();
        let items = items.map(|it| it.as_str().filter(|it| is_one(it)).map(str::to_owned));
        items.collect::<Option<Vec<_>>>()
    };
    match kind {
        Kind::Roles(_) => all(is_id).map(Entered::Chosen),
        // Entered as text, the mentions replace the whole list. A menu could only hold some of them.
        Kind::Mentions(_) => {
            let mentions = all(|it| it.parse::<Mention>().is_ok())?;
            Some(Entered::Text(mentions.join(",")))
        }
        Kind::Channel | Kind::Inbox => {
            let id = value.as_str().filter(|id| is_id(id))?;
            Some(Entered::Text(id.to_owned()))
        }
        Kind::Choice(_) | Kind::Line(_) | Kind::Lines(_) | Kind::Language => match value {
            Value::String(text) => Some(Entered::Text(text.clone())),
            Value::Integer(number) if !matches!(kind, Kind::Lines(_)) => {
                Some(Entered::Text(number.to_string()))
            }
            _ => None,
        },
    }
}

fn is_id(text: &str) -> bool {
    text.parse::<u64>().is_ok()
}

/// Ids in a text, whatever is between them.
fn ids(stored: &str) -> impl Iterator<Item = &str> {
    stored
        .split(|c: char| !c.is_ascii_digit())
        .filter(|id| !id.is_empty())
}
