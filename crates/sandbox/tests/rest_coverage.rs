//! COVERAGE.md says what there is: no more and no less than the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use discord_sandbox::api_calls;
use discord_sandbox::world::EventName;

#[test]
fn every_route_is_in_the_table() {
    let imitated = api_calls().into_iter().filter(|call| call.imitated);
    let routed: BTreeSet<String> = imitated
        .map(|call| format!("{} {}", call.method, call.path))
        .collect();
    assert!(routed.len() > 60, "the routes are found: {routed:?}");
    let methods = ["GET", "PUT", "POST", "PATCH", "DELETE"];
    let listed: BTreeSet<String> = first_cells()
        .into_iter()
        .filter(|cell| methods.iter().any(|method| cell.starts_with(method)))
        .collect();
    assert_eq!(listed, routed);
}

#[test]
fn every_call_that_is_not_imitated_is_in_the_list() {
    let mut paths: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for call in api_calls().into_iter().filter(|call| !call.imitated) {
        paths.entry(call.path).or_default().push(call.method);
    }
    assert!(paths.len() > 20, "{paths:?}");
    for methods in paths.values_mut() {
        // As people list them.
        methods.sort_by_key(|method| {
            ["GET", "PUT", "POST", "PATCH"]
                .iter()
                .position(|m| m == method)
                .unwrap_or(4)
        });
    }
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

fn crate_file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
