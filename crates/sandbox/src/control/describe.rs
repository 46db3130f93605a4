//! Generates files from the table of routes and the types: control-openapi.json, the tables of CONTROL.md,
//! and the types of the page's calls.
//!
//!     UPDATE_EXPECT=1 cargo test --workspace --lib control::describe

mod schema;

use std::fmt::Write as _;

use expect_test::expect_file;
use serde_json::{Map, Value, json};

use super::routes::table;
use super::table::{About, Answer, Body, Route};
use schema::{declarations, fields, schema};

const FILES: [&str; 2] = [
    include_str!("types/discord.d.ts"),
    include_str!("types/own.d.ts"),
];

/// The parameters of paths, and what they are.
const PLACES: [(&str, &str, &str); 11] = [
    (
        "person",
        "string",
        "A user id, a username, or `owner`, `moderator`, `member`, `member2`.",
    ),
    ("channel", "Id", "A channel or a thread."),
    ("message", "Id", "A message."),
    ("guild", "Id", "A server."),
    ("role", "Id", "A role."),
    (
        "user",
        "string",
        "A user's id, a username, or `@me` for the person who acts.",
    ),
    ("target", "Id", "A role or a member."),
    ("interaction", "Id", "An interaction."),
    ("fault", "Id", "A fault."),
    (
        "emoji",
        "string",
        "An emoji of Unicode, or `name:id` of one that was made.",
    ),
    ("code", "string", "An invite's code."),
];

#[test]
fn the_files_are_as_the_table_says() {
    let mut text = serde_json::to_string_pretty(&openapi()).unwrap();
    text.push('\n');
    expect_file!["../../control-openapi.json"].assert_eq(&text);
    expect_file!["../../CONTROL.md"].assert_eq(&documentation(include_str!("../../CONTROL.md")));
    expect_file!["../web/calls.d.ts"].assert_eq(&calls());
}

fn openapi() -> Value {
    let known = declarations(&FILES);
    let places = PLACES.map(|(name, kind, text)| {
        let value = json!({"name": name, "in": "path", "required": true, "description": text,
            "schema": schema(kind, &known)});
        (name.to_owned(), value)
    });
    let mut paths = Map::new();
    for (part, routes) in table() {
        for route in routes {
            let path = format!("/control{}", route.path);
            let item = paths.entry(path).or_insert_with(|| json!({}));
            let names = names(&route.path);
            if !names.is_empty() {
                let refs = names
                    .iter()
                    .map(|name| json!({"$ref": format!("#/components/parameters/{name}")}));
                item["parameters"] = refs.collect();
            }
            item[route.about.method.to_lowercase()] = operation(part, &route.about, &known);
        }
    }
    let refused = json!({
        "description": "Refused: as Discord refuses it, with Discord's code; 400 if the request is wrong in itself, \
            404 if something is not there, 403 if it comes from another site.",
        "content": content(&schema("Refused", &known)),
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "The sandbox's control API",
            "version": "1",
            "summary": "Act as a person, read what a person can see, inject faults, and read the record.",
            "description": "Described at length in CONTROL.md. Everything else that the sandbox serves is Discord's own API.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": table().iter().map(|(part, _)| json!({"name": part})).collect::<Value>(),
        "paths": paths,
        "components": {
            "schemas": known,
            "parameters": Map::from_iter(places),
            "responses": {"Refused": refused},
        },
    })
}

fn operation(part: &str, about: &About, known: &Map<String, Value>) -> Value {
    let (summary, more) = about
        .text
        .split_once(". ")
        .unwrap_or((about.text.trim_end_matches('.'), ""));
    let mut operation =
        json!({"operationId": camel(about.name), "tags": [part], "summary": summary});
    if !more.is_empty() {
        operation["description"] = more.into();
    }
    let mut parameters: Vec<Value> = fields(about.query, known).into_iter().map(query).collect();
    if about.answer == Answer::Stream {
        parameters.push(
            json!({"name": "Last-Event-ID", "in": "header", "schema": {"type": "string"},
            "description": "The number of the last event that was seen."}),
        );
    }
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some((text, required)) = about.body.text() {
        let mut schema = schema(text, known);
        if text.starts_with('{') {
            schema["additionalProperties"] = false.into();
        }
        let mut content = content(&schema);
        if let Body::WithFiles(_) = about.body {
            content["multipart/form-data"] = json!({
                "schema": {"type": "object", "properties": {"payload_json": {"type": "string",
                    "description": "The body, as Discord has it; the files are `files[n]`."}}},
                "encoding": {"payload_json": {"contentType": "application/json"}},
            });
        }
        operation["requestBody"] = json!({"required": required, "content": content});
    }
    let (status, answer) = match about.answer {
        Answer::Nothing => ("204", json!({"description": "Done."})),
        Answer::Json(text) => (
            "200",
            json!({"description": summary, "content": content(&schema(text, known))}),
        ),
        Answer::Stream => (
            "200",
            json!({"description": summary, "content": {"text/event-stream": {"schema": {"type": "string"}}}}),
        ),
    };
    operation["responses"] =
        json!({status: answer, "default": {"$ref": "#/components/responses/Refused"}});
    operation
}

/// CONTROL.md with the generated tables between their marks.
fn documentation(old: &str) -> String {
    let mut text = old.to_owned();
    for (part, routes) in table() {
        let mut rows =
            String::from("\n| call | takes | answers | what it does |\n|---|---|---|---|\n");
        for route in &routes {
            let query = fields(route.about.query, &declarations(&FILES));
            let query = query.iter().enumerate();
            let query = query.fold(String::new(), |text, (at, (name, ..))| {
                text + if at == 0 { "?" } else { "&" } + name + "="
            });
            let path = match route.path.strip_prefix("/people/{person}") {
                Some(rest) if !rest.is_empty() => format!("…{rest}"),
                _ => format!("/control{}", route.path),
            };
            let code = |text: &str| format!("`{}`", without_notes(text).replace('|', "\\|"));
            let body = route
                .about
                .body
                .text()
                .map(|(text, _)| code(text))
                .unwrap_or_default();
            let answer = match route.about.answer {
                Answer::Nothing => "204".to_owned(),
                Answer::Json(text) => code(text),
                Answer::Stream => "events".to_owned(),
            };
            let (method, text) = (route.about.method, route.about.text);
            writeln!(
                rows,
                "| `{method} {path}{query}` | {body} | {answer} | {text} |"
            )
            .unwrap();
        }
        let begin = format!("<!-- {part}: begin -->\n");
        let start = text
            .find(&begin)
            .unwrap_or_else(|| panic!("CONTROL.md has no {begin}"))
            + begin.len();
        let end = text.find(&format!("\n<!-- {part}: end -->")).unwrap();
        text.replace_range(start..end, &rows);
    }
    text
}

/// The types of the page's calls: path parameters, query, body and response.
fn calls() -> String {
    let known = declarations(&FILES);
    let mut text = String::from(
        "// Made from the table of routes (../control/routes.rs), as `../control/describe.rs` says. The page's calls are\n\
         // checked with it; a browser never loads it.\n\n\
         import type * as T from \"./types.d.ts\";\n\nexport interface Calls {\n",
    );
    let prefixed = |text: &str| {
        let mut out = String::new();
        for piece in text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_') {
            let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_');
            let prefix = if known.contains_key(word) { "T." } else { "" };
            out = out + prefix + piece;
        }
        out
    };
    for Route { path, about, .. } in table().into_iter().flat_map(|(_, routes)| routes) {
        let mut fields = names(&path)
            .iter()
            .fold(String::new(), |all, name| all + name + ": string; ");
        let query = without_notes(about.query);
        fields += &prefixed(&query);
        let body = about
            .body
            .text()
            .map_or("undefined".to_owned(), |(text, _)| {
                prefixed(&without_notes(text))
            });
        let answer = match about.answer {
            Answer::Nothing => "null".to_owned(),
            Answer::Json(text) => prefixed(&without_notes(text)),
            Answer::Stream => continue,
        };
        let fields = fields.trim().trim_end_matches(';');
        let fields = if fields.is_empty() {
            "{}".to_owned()
        } else {
            format!("{{ {fields} }}")
        };
        writeln!(
            text,
            "  \"{} {path}\": {{ given: {fields}; body: {body}; answer: {answer} }};",
            about.method
        )
        .unwrap();
    }
    text + "}\n"
}

impl Body {
    /// The type of the body, and whether the body is required.
    const fn text(self) -> Option<(&'static str, bool)> {
        match self {
            Self::None => None,
            Self::Json(text) | Self::WithFiles(text) => Some((text, true)),
            Self::Optional(text) => Some((text, false)),
        }
    }
}

fn query((name, optional, mut schema): (String, bool, Value)) -> Value {
    let mut parameter = json!({"name": name, "in": "query"});
    if let Some(text) = schema.as_object_mut().unwrap().remove("description") {
        parameter["description"] = text;
    }
    if !optional {
        parameter["required"] = true.into();
    }
    parameter["schema"] = schema;
    parameter
}

fn content(schema: &Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

/// The names of a path's parameters.
fn names(path: &str) -> Vec<&str> {
    let pieces = path.split('{').skip(1);
    pieces
        .map(|piece| piece.split_once('}').unwrap().0)
        .collect()
}

fn without_notes(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once("/**") {
        out += before;
        rest = after.split_once("*/").unwrap().1.trim_start();
    }
    out + rest
}

/// `handler_name` as `handlerName`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |all, word| {
        all + &word[..1].to_uppercase() + &word[1..]
    })
}
