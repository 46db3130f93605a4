//! What Discord's OpenAPI file describes, as JSON to send: each field and each value of an
//! enumeration at least once.

use serde_json::{Map, Value, json};

/// Deeper than this nothing new is described.
const DEEPEST: usize = 9;

/// The ids that samples are about, by what a field or parameter is called.
pub(crate) struct Ids {
    pub(crate) named: Vec<(&'static str, String)>,
}

impl Ids {
    /// An id for a field or parameter with this name.
    pub(crate) fn of(&self, name: &str) -> String {
        let found = self.named.iter().find(|(part, _)| name.contains(part));
        found.map_or_else(|| "1".to_owned(), |(_, id)| id.clone())
    }
}

/// Samples of a schema: the first is the plainest, each other has something that it has not.
pub(crate) fn samples(spec: &'static Value, schema: &'static Value, ids: &Ids) -> Vec<Value> {
    Sampler { spec, ids }.of(schema, "", 0)
}

/// What is described for one type of interaction response can be sent as the other, too: a message
/// as one that follows later, and an update that follows later as one that is there.
pub(crate) fn also_of_type(bodies: &mut Vec<Value>, described: u64, other: u64) {
    let of_type = bodies.iter().filter(|body| body["type"] == described);
    let more: Vec<Value> = of_type
        .map(|body| merged(body, &json!({"type": other})))
        .collect();
    bodies.extend(more);
}

struct Sampler<'a> {
    spec: &'static Value,
    ids: &'a Ids,
}

impl Sampler<'_> {
    fn of(&self, schema: &'static Value, name: &str, depth: usize) -> Vec<Value> {
        if let Some(place) = schema["$ref"].as_str() {
            let target = self
                .spec
                .pointer(&place[1..])
                .expect("a reference leads somewhere");
            return self.of(target, name, depth + 1);
        }
        if depth > DEEPEST {
            return Vec::new();
        }
        if let Some(value) = schema.get("const") {
            return vec![value.clone()];
        }
        if let Some(values) = schema["enum"].as_array() {
            return values.clone();
        }
        for several in ["oneOf", "anyOf"] {
            if let Some(branches) = schema[several].as_array() {
                let branches = branches.iter().filter(|branch| branch["type"] != "null");
                return branches.flat_map(|b| self.of(b, name, depth + 1)).collect();
            }
        }
        if schema["allOf"].is_array() {
            return self.together(schema, name, depth);
        }
        match kind(schema) {
            "object" => self.object(schema, name, depth),
            "array" => self.array(schema, name, depth),
            "boolean" => vec![json!(true)],
            "integer" | "number" => vec![number(schema)],
            _ => vec![self.text(schema, name)],
        }
    }

    /// All fields of all parts.
    fn together(&self, schema: &'static Value, name: &str, depth: usize) -> Vec<Value> {
        let parts = schema["allOf"].as_array().into_iter().flatten();
        let mut parts = parts.map(|part| self.of(part, name, depth + 1));
        let first = parts.next().unwrap_or_default();
        parts.fold(first, |all, part| {
            let (Some(base), Some(other)) = (all.first().cloned(), part.first().cloned()) else {
                return all;
            };
            let left = all.into_iter().map(|one| merged(&one, &other));
            let right = part.iter().skip(1).map(|one| merged(&base, one));
            left.chain(right).collect()
        })
    }

    fn object(&self, schema: &'static Value, name: &str, depth: usize) -> Vec<Value> {
        let Some(properties) = schema["properties"].as_object() else {
            // A map, nearly always of translations by language.
            let key = match name {
                "integration_types_config" => "0",
                _ => "de",
            };
            return match schema.get("additionalProperties").filter(|s| s.is_object()) {
                Some(inner) => {
                    let values = self.of(inner, "", depth + 1);
                    values
                        .into_iter()
                        .map(|value| json!({key: value}))
                        .collect()
                }
                None => vec![json!({})],
            };
        };
        let required = |name: &str| {
            let list = schema["required"].as_array().into_iter().flatten();
            list.into_iter().any(|field| field == name)
        };
        let fields: Vec<(&String, Vec<Value>)> = properties
            .iter()
            .map(|(name, schema)| (name, self.of(schema, name, depth + 1)))
            .collect();
        let least: Map<String, Value> = fields
            .iter()
            .filter(|(name, values)| required(name) && !values.is_empty())
            .map(|(name, values)| ((*name).clone(), values[0].clone()))
            .collect();
        let mut found = vec![Value::Object(least.clone())];
        for (name, values) in fields {
            let already = usize::from(required(name));
            for value in values.into_iter().skip(already) {
                let mut more = least.clone();
                more.insert(name.clone(), value);
                found.push(Value::Object(more));
            }
        }
        found
    }

    fn array(&self, schema: &'static Value, name: &str, depth: usize) -> Vec<Value> {
        let least = usize::try_from(schema["minItems"].as_u64().unwrap_or(1)).unwrap_or(1);
        let items = self.of(&schema["items"], name, depth + 1);
        let list = |item: Value| {
            let items = (0..least.max(1)).map(|index| another(&item, index));
            items.collect()
        };
        items.into_iter().map(list).collect()
    }

    fn text(&self, schema: &Value, name: &str) -> Value {
        let text = match schema["format"].as_str() {
            Some("snowflake") => self.ids.of(name),
            Some("date-time") => "2026-01-02T03:04:05+00:00".to_owned(),
            Some("uri") => "https://example.org/a".to_owned(),
            _ if schema["contentEncoding"] == "base64" => DOT.to_owned(),
            _ if name.contains("url") => "https://example.org/a".to_owned(),
            _ => {
                let least = schema["minLength"].as_u64().unwrap_or(1);
                "abcdefghijklmnopqrstuvwxyz"
                    .chars()
                    .cycle()
                    .take(usize::try_from(least.max(3)).unwrap_or(3))
                    .collect()
            }
        };
        text.into()
    }
}

/// The item at this place of a list, in which no id is twice.
fn another(item: &Value, index: usize) -> Value {
    let id = item.as_str().and_then(|id| id.parse::<u64>().ok());
    id.map_or_else(|| item.clone(), |id| (id + index as u64).to_string().into())
}

/// A picture, as fields have it.
pub(crate) const DOT: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/eL9GtQAAAABJRU5ErkJggg==";

fn number(schema: &Value) -> Value {
    let least = schema["minimum"].as_i64().unwrap_or(1);
    let most = schema["maximum"].as_i64().unwrap_or(i64::MAX);
    least.max(1).min(most).into()
}

/// The type, of several the one that is not null.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => {
            let mut kinds = kinds.iter().filter_map(Value::as_str);
            kinds.find(|kind| *kind != "null").unwrap_or("null")
        }
        _ if schema["properties"].is_object() => "object",
        _ => "string",
    }
}

fn merged(one: &Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let all = one.iter().chain(other);
            Value::Object(all.map(|(k, v)| (k.clone(), v.clone())).collect())
        }
        _ => one.clone(),
    }
}
