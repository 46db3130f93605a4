//! Reads types in TypeScript's notation, and writes them as JSON Schema.

use serde_json::{Map, Value, json};

/// The declarations of files, by name.
pub(super) fn declarations(files: &[&str]) -> Map<String, Value> {
    let mut known = Map::new();
    for file in files {
        let mut rest = *file;
        loop {
            let mut reader = Reader {
                rest,
                known: &known,
            };
            let Some((name, schema)) = reader.declaration() else {
                break;
            };
            rest = reader.rest;
            assert!(!known.contains_key(&name), "{name} is declared twice");
            known.insert(name, schema);
        }
    }
    known
}

/// Reads one type.
pub(super) fn schema(text: &str, known: &Map<String, Value>) -> Value {
    let mut reader = Reader { rest: text, known };
    let schema = reader.union();
    assert_eq!(reader.skip(), "", "in {text}");
    schema
}

/// A field: its name, whether it may be left out, and its type.
pub(super) type Field = (String, bool, Value);

/// Reads fields that have no braces around them.
pub(super) fn fields(text: &str, known: &Map<String, Value>) -> Vec<Field> {
    let mut reader = Reader { rest: text, known };
    let mut fields = Vec::new();
    while !reader.skip().is_empty() {
        fields.push(reader.field());
        reader.eat(";");
    }
    fields
}

struct Reader<'a, 'known> {
    rest: &'a str,
    known: &'known Map<String, Value>,
}

impl<'a> Reader<'a, '_> {
    /// Skips blanks, and comments that are only for readers of the file.
    fn skip(&mut self) -> &'a str {
        loop {
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix("//") {
                Some(note) => self.rest = note.split_once('\n').map_or("", |(_, rest)| rest),
                None => return self.rest,
            }
        }
    }

    fn eat(&mut self, token: &str) -> bool {
        let rest = self.skip().strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn need(&mut self, token: &str) {
        let ahead: String = self.skip().chars().take(40).collect();
        assert!(self.eat(token), "{token:?} is missing at {ahead:?}");
    }

    fn until(&mut self, end: &str) -> &'a str {
        let (text, rest) = self
            .skip()
            .split_once(end)
            .unwrap_or_else(|| panic!("no {end:?} after {:.40}", self.rest));
        self.rest = rest;
        text
    }

    fn word(&mut self) -> &'a str {
        let rest = self.skip();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let (word, rest) = rest.split_at(end.unwrap_or(rest.len()));
        self.rest = rest;
        word
    }

    /// `/** text @key value */` as `description` and what the keys say.
    fn doc(&mut self) -> Map<String, Value> {
        let mut said = Map::new();
        if !self.eat("/**") {
            return said;
        }
        let text = self.until("*/");
        let words = text.split_whitespace().filter(|word| *word != "*");
        let text = words.fold(String::new(), |text, word| text + " " + word);
        let mut parts = text.split(" @");
        let description = parts.next().unwrap_or_default().trim();
        if !description.is_empty() {
            said.insert("description".to_owned(), description.into());
        }
        for part in parts {
            let (key, value) = part.split_once(' ').unwrap();
            let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
            said.insert(key.to_owned(), value);
        }
        said
    }

    fn declaration(&mut self) -> Option<(String, Value)> {
        while self.eat("import") {
            self.until(";");
        }
        if self.skip().is_empty() {
            return None;
        }
        let doc = self.doc();
        self.need("export");
        let is_interface = self.eat("interface");
        if !is_interface {
            self.need("type");
        }
        let name = self.word().to_owned();
        let schema = if is_interface {
            let base = self.eat("extends").then(|| self.primary());
            let own = self.primary();
            base.map_or(own.clone(), |base| json!({"allOf": [base, own]}))
        } else {
            self.need("=");
            let schema = self.union();
            self.need(";");
            schema
        };
        Some((name, with(schema, doc)))
    }

    fn field(&mut self) -> Field {
        let doc = self.doc();
        let name = self.word().to_owned();
        let optional = self.eat("?");
        self.need(":");
        (name, optional, with(self.union(), doc))
    }

    fn union(&mut self) -> Value {
        let mut options = vec![self.both()];
        while self.eat("|") {
            options.push(self.both());
        }
        if options.len() == 1 {
            return options.remove(0);
        }
        let null = json!({"type": "null"});
        let values: Option<Vec<&Value>> = options
            .iter()
            .map(|option| {
                option
                    .get("const")
                    .or((*option == null).then_some(&Value::Null))
            })
            .collect();
        if let Some(values) = values {
            return json!({"enum": values});
        }
        let plain = |option: &Value| {
            let only = option.as_object().is_some_and(|fields| fields.len() == 1);
            option.get("type").filter(|_| only).cloned()
        };
        match options.iter().map(plain).collect::<Option<Vec<_>>>() {
            Some(types) => json!({"type": types}),
            None => json!({"anyOf": options}),
        }
    }

    fn both(&mut self) -> Value {
        let first = self.list();
        if self.eat("&") {
            return json!({"allOf": [first, self.both()]});
        }
        first
    }

    fn list(&mut self) -> Value {
        let mut schema = self.primary();
        while self.eat("[]") {
            schema = json!({"type": "array", "items": schema});
        }
        schema
    }

    fn primary(&mut self) -> Value {
        if self.eat("(") {
            let schema = self.union();
            self.need(")");
            return schema;
        }
        if self.eat("{") {
            return self.object();
        }
        if self.eat("\"") {
            return json!({"const": self.until("\"")});
        }
        match self.word() {
            "unknown" => json!({}),
            "null" => json!({"type": "null"}),
            name @ ("string" | "number" | "boolean") => json!({"type": name}),
            "Record" => {
                self.need("<string,");
                let values = self.union();
                self.need(">");
                json!({"type": "object", "additionalProperties": values})
            }
            "Partial" => {
                self.need("<");
                let name = self.word();
                self.need(">");
                let mut whole = self.known[name].clone();
                whole.as_object_mut().unwrap().remove("required");
                whole
            }
            number if number.starts_with(|c: char| c.is_ascii_digit()) => {
                json!({"const": number.parse::<u64>().unwrap()})
            }
            name => {
                assert!(!name.is_empty(), "no type at {:.40}", self.rest);
                json!({"$ref": format!("#/components/schemas/{name}")})
            }
        }
    }

    /// Reads the rest of an object after its opening brace.
    fn object(&mut self) -> Value {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        let mut schema = json!({"type": "object"});
        while !self.eat("}") {
            if self.eat("[key: string]:") {
                schema["additionalProperties"] = self.union();
            } else {
                let (name, optional, value) = self.field();
                if !optional {
                    required.push(name.clone());
                }
                properties.insert(name, value);
            }
            self.eat(";");
        }
        schema["properties"] = properties.into();
        if !required.is_empty() {
            schema["required"] = required.into();
        }
        schema
    }
}

fn with(mut schema: Value, doc: Map<String, Value>) -> Value {
    schema.as_object_mut().unwrap().extend(doc);
    schema
}
