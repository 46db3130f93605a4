//! The specification's schemas, made ready when they are first needed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Registry, Validator};
use serde_json::Value;

use super::explain;

/// What is wrong, and where in the body: (JSON pointer, sentence).
pub(super) type Wrong = (String, String);

/// The URI by which schemas refer to the specification.
const SPEC: &str = "urn:discord";

pub(super) struct Schemas {
    spec: &'static Value,
    registry: Registry<'static>,
    /// Compiled validators, by JSON pointer into the specification.
    ready: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Schemas {
    pub(super) fn of(spec: &'static Value) -> Self {
        let registry = Registry::new()
            .add(SPEC, spec)
            .and_then(jsonschema::RegistryBuilder::prepare);
        // Cannot fail: the file is compiled into the program, and every test reads it.
        let registry = registry.expect("Discord's specification is a JSON document");
        Self {
            spec,
            registry,
            ready: Mutex::default(),
        }
    }

    /// Validates a body against the schema at this pointer.
    pub(super) fn check(&self, schema: &str, body: &Value) -> Vec<Wrong> {
        let validator = self.ready(schema);
        let mut wrong: Vec<Wrong> = Vec::new();
        for error in validator.iter_errors(body) {
            explain::explain(&error, &mut wrong);
        }
        wrong.dedup();
        wrong
    }

    /// As [`Self::check`], for a request. Some bodies have several schemas that differ only in their keys (a
    /// change of a channel or of a thread). The body must match one of the schemas that know most of its
    /// keys. Otherwise `{"locked": 5}` would pass as a change of a channel, where unknown keys are ignored.
    pub(super) fn check_body(&self, schema: &str, body: &Value) -> Vec<Wrong> {
        let branches = self
            .spec
            .pointer(schema)
            .and_then(|schema| schema["anyOf"].as_array());
        let (Some(branches), Some(body_keys)) = (branches, body.as_object()) else {
            return self.check(schema, body);
        };
        let known = |branch: &Value| {
            let branch = branch["$ref"]
                .as_str()
                .and_then(|r| self.spec.pointer(r.strip_prefix('#')?));
            let properties = branch.and_then(|branch| branch["properties"].as_object());
            properties.map_or(0, |p| {
                body_keys.keys().filter(|key| p.contains_key(*key)).count()
            })
        };
        let most = branches.iter().map(known).max().unwrap_or(0);
        let tried = branches
            .iter()
            .enumerate()
            .filter(|(_, branch)| known(branch) == most);
        let tried: Vec<_> = tried
            .map(|(n, _)| self.check(&format!("{schema}/anyOf/{n}"), body))
            .collect();
        if let [only] = &tried[..] {
            only.clone()
        } else if tried.iter().any(Vec::is_empty) {
            Vec::new()
        } else {
            // If all of them fail, the union fails too, and it has the best explanation.
            self.check(schema, body)
        }
    }

    /// Whether the schema at this pointer knows a field, by its path such as `embeds.0.title`.
    pub(super) fn documents(&self, schema: &str, path: &str) -> bool {
        let mut schemas = vec![self.spec.pointer(schema).unwrap_or(&Value::Null)];
        for step in path.split('.') {
            let mut next = Vec::new();
            for schema in schemas {
                self.descend(schema, step, &mut next);
            }
            schemas = next;
        }
        !schemas.is_empty()
    }

    /// Finds the schemas of `step` in all alternatives of a schema.
    fn descend(&self, schema: &'static Value, step: &str, found: &mut Vec<&'static Value>) {
        if let Some(place) = schema["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
            self.descend(
                self.spec.pointer(place).unwrap_or(&Value::Null),
                step,
                found,
            );
        }
        for several in ["anyOf", "oneOf", "allOf"] {
            for schema in schema[several].as_array().into_iter().flatten() {
                self.descend(schema, step, found);
            }
        }
        if let Some(field) = schema["properties"].get(step) {
            found.push(field);
        }
        if step.bytes().all(|b| b.is_ascii_digit())
            && let Some(items) = schema.get("items")
        {
            found.push(items);
        }
    }

    /// Validates a parameter of a path or a query against the schema at this pointer.
    pub(super) fn check_text(&self, schema: &str, text: &str) -> Vec<Wrong> {
        self.check(schema, &self.read(schema, text))
    }

    /// Converts a parameter's text to the JSON that it means.
    fn read(&self, schema: &str, text: &str) -> Value {
        let mut schema = self.spec.pointer(schema).unwrap_or(&Value::Null);
        if let Some(pointer) = schema["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
            schema = self.spec.pointer(pointer).unwrap_or(&Value::Null);
        }
        let meant = match schema["type"].as_str() {
            Some("integer") => text.parse().ok().map(|n: i64| n.into()),
            // Clients send either form, and Discord accepts both.
            Some("boolean") => match text {
                "true" | "True" | "1" => Some(true.into()),
                "false" | "False" | "0" => Some(false.into()),
                _ => None,
            },
            // A list is sent as a repeated parameter, so this text is one item.
            Some("array") => Some(vec![text].into()),
            _ => None,
        };
        meant.unwrap_or_else(|| text.into())
    }

    fn ready(&self, schema: &str) -> Arc<Validator> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = ready.get(schema) {
            return Arc::clone(validator);
        }
        let fragment = schema.replace('{', "%7B").replace('}', "%7D");
        let built = jsonschema::draft202012::options()
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .build(&serde_json::json!({"$ref": format!("{SPEC}#{fragment}")}));
        // Cannot fail: the pointers come from the specification, or name a component in the code.
        let validator = built.unwrap_or_else(|error| panic!("no schema at {schema}: {error}"));
        let validator = Arc::new(validator);
        ready.insert(schema.to_owned(), Arc::clone(&validator));
        validator
    }
}
