//! Finds the operation of the specification for a call.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

/// The operations, by method and number of segments.
pub(super) struct Routes {
    operations: Vec<Operation>,
}

/// One method of one path, with JSON pointers to its schemas in the specification.
pub(super) struct Operation {
    method: String,
    template: String,
    segments: Vec<Segment>,
    pub(super) body: Body,
    pub(super) body_required: bool,
    /// By status; `4XX` stands for all others from 400 to 499.
    pub(super) answers: BTreeMap<String, Body>,
    /// (`path` or `query`, name) → the pointer to its schema.
    parameters: BTreeMap<(String, String), String>,
}

/// What a request or an answer consists of.
pub(super) enum Body {
    None,
    /// JSON, with the pointer to its schema.
    Json(String),
    /// A picture or the like.
    Other,
}

enum Segment {
    Literal(String),
    Parameter(String),
}

impl Routes {
    pub(super) fn of(spec: &Value) -> Self {
        let mut operations = Vec::new();
        for (template, methods) in entries(&spec["paths"]) {
            let path = format!("/paths/{}", escaped(template));
            let mut shared = BTreeMap::new();
            parameters(
                &methods["parameters"],
                &format!("{path}/parameters"),
                &mut shared,
            );
            for (method, operation) in entries(methods).filter(|(name, _)| *name != "parameters") {
                let at = format!("{path}/{method}");
                operations.push(Operation::of(
                    spec,
                    template,
                    method,
                    operation,
                    &at,
                    shared.clone(),
                ));
            }
        }
        Self { operations }
    }

    /// The operation, and the values of its path parameters. If several templates match, it is the one with
    /// the most literal segments: `/users/@me` is not `/users/{user_id}`.
    pub(super) fn find<'a>(
        &'a self,
        method: &str,
        given: &'a [Cow<'a, str>],
    ) -> Option<(&'a Operation, Vec<(&'a str, &'a str)>)> {
        let fitting = self.operations.iter().filter(|o| o.fits(method, given));
        let best = fitting.max_by_key(|o| o.literals())?;
        let pairs = best.segments.iter().zip(given);
        let named = pairs.filter_map(|(segment, value)| match segment {
            Segment::Parameter(name) => Some((name.as_str(), &**value)),
            Segment::Literal(_) => None,
        });
        Some((best, named.collect()))
    }
}

impl Operation {
    fn of(
        spec: &Value,
        template: &str,
        method: &str,
        operation: &Value,
        at: &str,
        mut known: BTreeMap<(String, String), String>,
    ) -> Self {
        parameters(
            &operation["parameters"],
            &format!("{at}/parameters"),
            &mut known,
        );
        let content = format!("{at}/requestBody/content");
        let mut answers = BTreeMap::new();
        for (status, answer) in entries(&operation["responses"]) {
            let (answer, at) = match answer["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
                Some(pointer) => (
                    spec.pointer(pointer).unwrap_or(&Value::Null),
                    pointer.to_owned(),
                ),
                None => (answer, format!("{at}/responses/{status}")),
            };
            let body = Body::of(&answer["content"], &format!("{at}/content"));
            answers.insert(status.to_owned(), body);
        }
        Self {
            method: method.to_ascii_uppercase(),
            template: template.to_owned(),
            segments: template
                .trim_matches('/')
                .split('/')
                .map(Segment::of)
                .collect(),
            body: Body::of(&operation["requestBody"]["content"], &content),
            body_required: operation["requestBody"]["required"] == true,
            answers,
            parameters: known,
        }
    }

    /// `GET /channels/{channel_id}`.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    /// The body of a response with this status, if that is documented.
    pub(super) fn answer(&self, status: u16) -> Option<&Body> {
        let names = [status.to_string(), format!("{}XX", status / 100)];
        names.iter().find_map(|name| self.answers.get(name))
    }

    pub(super) fn parameter(&self, place: &str, name: &str) -> Option<&str> {
        self.parameters
            .get(&(place.to_owned(), name.to_owned()))
            .map(String::as_str)
    }

    fn fits(&self, method: &str, given: &[Cow<'_, str>]) -> bool {
        self.method == method
            && self.segments.len() == given.len()
            && self
                .segments
                .iter()
                .zip(given)
                .all(|(segment, given)| match segment {
                    Segment::Literal(literal) => literal == given,
                    Segment::Parameter(_) => !given.is_empty(),
                })
    }

    fn literals(&self) -> usize {
        self.segments
            .iter()
            .filter(|s| matches!(s, Segment::Literal(_)))
            .count()
    }
}

impl Body {
    fn of(content: &Value, at: &str) -> Self {
        match content.as_object() {
            None => Self::None,
            Some(media) if media.contains_key("application/json") => {
                Self::Json(format!("{at}/application~1json/schema"))
            }
            Some(_) => Self::Other,
        }
    }
}

impl Segment {
    fn of(text: &str) -> Self {
        let name = text
            .strip_prefix('{')
            .and_then(|text| text.strip_suffix('}'));
        name.map_or_else(
            || Self::Literal(text.to_owned()),
            |name| Self::Parameter(name.to_owned()),
        )
    }
}

fn parameters(list: &Value, at: &str, into: &mut BTreeMap<(String, String), String>) {
    for (n, parameter) in list.as_array().into_iter().flatten().enumerate() {
        if let (Some(place), Some(name)) = (parameter["in"].as_str(), parameter["name"].as_str()) {
            into.insert(
                (place.to_owned(), name.to_owned()),
                format!("{at}/{n}/schema"),
            );
        }
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

/// A name as one step of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
