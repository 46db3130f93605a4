//! COVERAGE.md says what there is: no more and no less than the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use discord_sandbox::world::EventName;

#[test]
fn every_route_is_in_the_table() {
    let mut written = BTreeSet::new();
    for entry in fs::read_dir(crate_file("src/rest")).unwrap() {
        let file = entry.unwrap().path();
        // A list of what is refused, which has a test of its own.
        if file.ends_with("unsupported.rs") {
            continue;
        }
        let source = fs::read_to_string(file).unwrap();
        written.extend(routes(&source));
    }
    assert!(written.len() > 60, "the routes are found: {written:?}");
    let methods = ["GET", "PUT", "POST", "PATCH", "DELETE"];
    let listed: BTreeSet<String> = first_cells()
        .into_iter()
        .filter(|cell| methods.iter().any(|method| cell.starts_with(method)))
        .collect();
    assert_eq!(listed, written);
}

#[test]
fn every_call_that_is_not_imitated_is_in_the_list() {
    let source = fs::read_to_string(crate_file("src/rest/unsupported.rs")).unwrap();
    let table = source
        .split("NOT_IMITATED: &[(&str, &str)] = &[")
        .nth(1)
        .unwrap();
    // Whatever stands in quotes, two and two: a long row is broken into lines.
    let table = table.split("];").next().unwrap();
    let texts: Vec<&str> = table.split('"').skip(1).step_by(2).collect();
    let mut paths: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in texts.chunks(2) {
        paths.entry(row[1]).or_default().push(row[0]);
    }
    assert!(paths.len() > 20, "{paths:?}");
    let lines = paths
        .iter()
        .map(|(path, methods)| format!("- `{} {path}`\n", methods.join(", ")));
    let wanted = lines.collect::<String>();
    let text = fs::read_to_string(crate_file("COVERAGE.md")).unwrap();
    let (before, rest) = text.split_once("<!-- not imitated: begin -->\n").unwrap();
    let (there, after) = rest.split_once("<!-- not imitated: end -->").unwrap();
    if there != wanted && std::env::var_os("UPDATE_EXPECT").is_some() {
        let text = format!(
            "{before}<!-- not imitated: begin -->\n{wanted}<!-- not imitated: end -->{after}"
        );
        fs::write(crate_file("COVERAGE.md"), text).unwrap();
    } else {
        assert_eq!(there, wanted, "UPDATE_EXPECT=1 writes the list");
    }
}

#[test]
fn every_event_is_in_the_table() {
    let known: BTreeSet<String> = EventName::ALL
        .iter()
        .map(|name| name.as_str().to_owned())
        .collect();
    let is_name = |cell: &String| cell.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let listed: BTreeSet<String> = first_cells().into_iter().filter(is_name).collect();
    assert_eq!(listed, known);
}

/// The first cell of each row that begins with code.
fn first_cells() -> Vec<String> {
    let text = fs::read_to_string(crate_file("COVERAGE.md")).unwrap();
    // What follows the tables of calls and events is about other things.
    let tables = text.split("\n## Known").next().unwrap();
    let cells = tables
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    cells.map(|(cell, _)| cell.to_owned()).collect()
}

/// The methods and paths that a file of routes registers.
fn routes(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for route in source.split(".route(").skip(1) {
        let (_, rest) = route.split_once('"').unwrap();
        let (path, rest) = rest.split_once('"').unwrap();
        // The handlers end where the function does, if no other route follows.
        let handlers = rest.split("\n}\n").next().unwrap();
        for method in ["get", "put", "post", "patch", "delete"] {
            let calls = [
                format!(" {method}("),
                format!(".{method}("),
                format!("\n{method}("),
            ];
            if calls.iter().any(|call| handlers.contains(call)) {
                found.push(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    found
}

fn crate_file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
