//! Notes which parts of a request are read while the response is made, so that a test learns which parts were
//! ignored. Notes are taken only inside [`noting`].

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

tokio::task_local! {
    static READ: RefCell<Read>;
}

/// The parts of a request that were read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// The fields of the body by path, such as `embeds.0.title`. True means that a field was read as a whole;
    /// false, only field by field.
    fields: HashMap<String, bool>,
    parameters: Vec<String>,
}

/// Notes what is read while `answer` runs.
pub(crate) async fn noting<F: Future>(answer: F) -> (F::Output, Read) {
    READ.scope(RefCell::default(), async {
        let output = answer.await;
        (output, READ.with(RefCell::take))
    })
    .await
}

/// Notes that a field was read as a whole, unless its parts are read too.
pub(super) fn whole(path: impl FnOnce() -> String) {
    note(|read| {
        read.fields.entry(plain(path())).or_insert(true);
    });
}

/// Notes that an object was read as a whole.
pub(super) fn all(path: impl FnOnce() -> String) {
    note(|read| {
        read.fields.insert(plain(path()), true);
    });
}

/// Notes that a field was read. Its content is read separately.
pub(super) fn parts(path: impl FnOnce() -> String) {
    note(|read| {
        read.fields.insert(plain(path()), false);
    });
}

/// Notes that a parameter of the query was read.
pub(crate) fn parameter(name: &str) {
    note(|read| read.parameters.push(name.to_owned()));
}

fn note(f: impl FnOnce(&mut Read)) {
    // Fails outside `noting`, where nothing is noted.
    let _ = READ.try_with(|read| f(&mut read.borrow_mut()));
}

/// Removes the empty field name of a body that is a list: `.0.name` becomes `0.name`.
fn plain(path: String) -> String {
    match path.strip_prefix('.') {
        Some(rest) => rest.to_owned(),
        None => path,
    }
}

/// Whether a value has the same effect as a missing one.
pub(crate) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

// Only the specification tells which fields a body may have.
#[cfg(any(test, feature = "oracle"))]
impl Read {
    /// The paths in a body that were not read and are not empty.
    pub(crate) fn ignored(&self, body: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.find_ignored(body, "", &mut found);
        found
    }

    /// Whether a parameter of the query was read.
    pub(crate) fn knows_parameter(&self, name: &str) -> bool {
        self.parameters.iter().any(|read| read == name)
    }

    fn find_ignored(&self, value: &Value, at: &str, found: &mut Vec<String>) {
        let step = |name: &str| {
            if at.is_empty() {
                name.to_owned()
            } else {
                format!("{at}.{name}")
            }
        };
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let path = step(name);
                    match self.fields.get(&path) {
                        Some(true) => {}
                        Some(false) => self.find_ignored(value, &path, found),
                        None if says_nothing(value) => {}
                        None => found.push(path),
                    }
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    let path = step(&index.to_string());
                    if self.fields.get(&path) != Some(&true) {
                        self.find_ignored(value, &path, found);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn what_nobody_read_is_found() {
        let body = json!({
            "content": "x", "poll": {"a": 1}, "tts": false,
            "embeds": [{"title": "t", "kind": "k", "author": {"name": "n", "age": 3}}],
            "emoji": {"id": null, "name": "n"},
        });
        let ((), read) = noting(async {
            whole(|| "content".to_owned());
            parts(|| "embeds".to_owned());
            whole(|| "embeds.0.title".to_owned());
            parts(|| "embeds.0.author".to_owned());
            whole(|| "embeds.0.author.name".to_owned());
            parts(|| "emoji".to_owned());
            all(|| "emoji".to_owned());
            parameter("limit");
        })
        .await;
        assert_eq!(
            read.ignored(&body),
            ["embeds.0.author.age", "embeds.0.kind", "poll"]
        );
        assert!(read.knows_parameter("limit"));
        assert!(!read.knows_parameter("after"));
    }
}
