//! Explains a mismatch by its cause.
//!
//! If a value must match one of several schemas and matches none, the validator only says "is not valid under
//! any of the schemas". It helps more to say why the value does not match the schema that was meant. The type
//! shows which one that is: `null` or an object, and then the field that distinguishes the kinds of objects.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Error;
use serde_json::Value;

use super::schemas::Wrong;

/// Fields that distinguish kinds of objects.
const KINDS: [&str; 6] = [
    "type",
    "entity_type",
    "event_type",
    "field_type",
    "kind",
    "trigger_type",
];

/// Adds the causes of a validation error to a list.
pub(super) fn explain(error: &ValidationError, into: &mut Vec<Wrong>) {
    match error.kind() {
        Error::OneOfNotValid { context } | Error::AnyOf { context } => union(error, context, into),
        _ => into.push((error.instance_path().to_string(), sentence(error))),
    }
}

/// How far a value is from a branch. The nearest branch is used for the explanation.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    /// This branch was meant, but this many things are wrong.
    Meant(usize),
    /// The value is another kind of object.
    OtherKind,
    /// The value has another type: an object instead of null.
    OtherType,
}

fn union(error: &ValidationError, branches: &[Vec<ValidationError>], into: &mut Vec<Wrong>) {
    let at = error.instance_path().to_string();
    let nearest = branches.iter().min_by_key(|branch| distance(&at, branch));
    match nearest.map(|branch| (distance(&at, branch), branch)) {
        Some((Distance::Meant(_), branch)) => branch.iter().for_each(|error| explain(error, into)),
        Some((Distance::OtherKind, branch)) => {
            let kind = branch.iter().find(|error| tells_kind(&at, error));
            let (at, value) = kind.map_or((at, Value::Null), |error| {
                (
                    error.instance_path().to_string(),
                    error.instance().clone().into_owned(),
                )
            });
            into.push((
                at.clone(),
                format!("{} is none of the kinds allowed here", shown(&at, &value)),
            ));
        }
        _ => {
            let options: Vec<String> = branches.iter().flatten().filter_map(option).collect();
            let value = shown(&at, error.instance());
            let what = if options.is_empty() {
                format!("{value} is of a type that is not allowed here")
            } else {
                format!("{value} is none of {}", options.join(", "))
            };
            into.push((at, what));
        }
    }
}

fn distance(at: &str, branch: &[ValidationError]) -> Distance {
    let whole = |error: &&ValidationError| error.instance_path().to_string() == at;
    let other_type = |error: &ValidationError| {
        matches!(error.kind(), Error::Type { .. } | Error::Constant { .. })
    };
    if branch.iter().filter(whole).any(other_type) {
        Distance::OtherType
    } else if branch.iter().any(|error| tells_kind(at, error)) {
        Distance::OtherKind
    } else {
        Distance::Meant(branch.len())
    }
}

/// Whether the error says that a field names another kind.
fn tells_kind(at: &str, error: &ValidationError) -> bool {
    let field = error.instance_path().to_string();
    let field = field
        .strip_prefix(at)
        .and_then(|field| field.strip_prefix('/'));
    field.is_some_and(|field| KINDS.contains(&field))
        && matches!(error.kind(), Error::Enum { .. } | Error::Constant { .. })
}

/// The only value that a branch allows, if there is only one.
fn option(error: &ValidationError) -> Option<String> {
    match error.kind() {
        Error::Constant { expected_value } => Some(expected_value.to_string()),
        _ => None,
    }
}

fn sentence(error: &ValidationError) -> String {
    let path = error.instance_path().to_string();
    let value = shown(&path, error.instance());
    match error.kind() {
        Error::Required { property } => format!("{property} is missing"),
        Error::Constant { expected_value } => format!("{value} is not {expected_value}"),
        _ => error.masked_with(value).to_string(),
    }
}

/// A value for an error message: shortened, and without secrets.
fn shown(path: &str, value: &Value) -> String {
    const LONG: usize = 60;
    match value {
        Value::Object(_) => "the object".to_owned(),
        Value::Array(_) => "the list".to_owned(),
        Value::String(_) if path.ends_with("token") => "the token".to_owned(),
        other => {
            let text = other.to_string();
            let start: String = text.chars().take(LONG).collect();
            if start.len() < text.len() {
                format!("{start}…")
            } else {
                text
            }
        }
    }
}
