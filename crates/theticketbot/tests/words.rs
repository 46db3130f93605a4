//! The code contains no text for people: all of it is in the translations.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The parts of Discord's models and calls that contain text for people.
const SHOWN: [&str; 9] = [
    ".content(",
    "content: Some(",
    "content = Some(",
    "label: Some(",
    "title: Some(",
    "placeholder: Some(",
    "description: Some(",
    "text: Some(",
    ".reason(",
];

/// Files that build such texts, but must have no words of their own.
const WORDLESS: [&str; 4] = [
    "discord/commands.rs",
    "discord/custom_id.rs",
    "discord/render/",
    "translate.rs",
];

/// Literals in these files that are allowed: names by which Discord identifies commands, and an error.
const EXCEPTIONS: [&str; 4] = [
    "Select this message",
    "Open a ticket…",
    "Report to staff",
    "the custom id is unknown",
];

#[test]
fn what_people_read_is_translated() {
    let mut faults = String::new();
    for (name, code) in sources() {
        for (line, text) in code.lines().enumerate() {
            let text = text.trim_start();
            for place in SHOWN {
                if takes_a_literal(text, place) {
                    writeln!(faults, "src/{name}:{}: {text}", line + 1).unwrap();
                }
            }
        }
    }
    assert!(
        faults.is_empty(),
        "say it with a Text or a Phrase:\n{faults}"
    );
}

#[test]
fn modules_without_words_have_none() {
    let mut faults = String::new();
    let wordless = |name: &str| WORDLESS.iter().any(|start| name.starts_with(start));
    let mut seen = 0;
    for (name, code) in sources().into_iter().filter(|(name, _)| wordless(name)) {
        seen += 1;
        for literal in literals(&code) {
            if has_two_words(&literal) && !EXCEPTIONS.contains(&literal.as_str()) {
                writeln!(faults, "src/{name}: {literal:?}").unwrap();
            }
        }
    }
    assert!(
        faults.is_empty(),
        "say it with a Text or a Phrase:\n{faults}"
    );
    assert!(seen >= WORDLESS.len(), "the list of files is out of date");
}

#[test]
fn the_search_finds_what_it_should() {
    for found in [
        r#".content("Hello")"#,
        r#".content(&format!("Hello {x}"))"#,
        r#"content: Some("Hello".to_owned()),"#,
        r#"label: Some(format!("{x} more")),"#,
        r#".reason("gone")"#,
    ] {
        assert!(
            SHOWN.iter().any(|place| takes_a_literal(found, place)),
            "{found}"
        );
    }
    for clean in [
        ".content(&say(text, language))",
        "content: Some(say(text, language)),",
        r#".content("")"#,
        "label: Some(label),",
    ] {
        assert!(
            !SHOWN.iter().any(|place| takes_a_literal(clean, place)),
            "{clean}"
        );
    }
    let code = "a(\"two words\"); // \"in a comment\"\n#[expect(x, reason = \"no text\")]\nb(\"x\\\"y z\")";
    assert_eq!(literals(code), ["two words", "x\\\"y z"]);
}

/// Each file below `src` with its name, up to its tests.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
                files.push(path);
            }
        }
    }
    files
        .into_iter()
        .map(|path| {
            let code = std::fs::read_to_string(&path).unwrap();
            let name = path
                .strip_prefix(&root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            let code = code
                .split("#[cfg(test)]")
                .next()
                .unwrap_or_default()
                .to_owned();
            (name, code)
        })
        .collect()
}

/// Whether the code passes a literal with letters here.
fn takes_a_literal(line: &str, place: &str) -> bool {
    let Some((_, argument)) = line.split_once(place) else {
        return false;
    };
    let argument = argument
        .trim_start_matches('&')
        .trim_start_matches("format!(");
    let literal = argument
        .strip_prefix('"')
        .and_then(|rest| rest.split('"').next());
    literal.is_some_and(|literal| literal.contains(char::is_alphabetic))
}

fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in code.lines().map(str::trim_start) {
        if line.starts_with("//") || line.starts_with("#[") || line.contains("reason = \"") {
            continue;
        }
        let mut current: Option<String> = None;
        let mut characters = line.chars().peekable();
        while let Some(c) = characters.next() {
            match (&mut current, c) {
                (Some(literal), '\\') => {
                    literal.push(c);
                    literal.extend(characters.next());
                }
                (Some(_), '"') => found.extend(current.take()),
                (Some(literal), _) => literal.push(c),
                (None, '"') => current = Some(String::new()),
                (None, '/') if characters.peek() == Some(&'/') => break,
                (None, _) => {}
            }
        }
    }
    found
}

fn has_two_words(literal: &str) -> bool {
    let is_word = |word: &str| word.chars().all(char::is_alphabetic);
    let words: Vec<_> = literal.split(' ').filter(|word| !word.is_empty()).collect();
    words
        .windows(2)
        .any(|pair| is_word(pair[0]) && is_word(pair[1]))
}
