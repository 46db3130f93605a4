//! Lists the files of the web page, so that a new one needs no edit elsewhere, and packs each with gzip: the
//! program holds them as browsers take them. The page's words are made from Fluent into what it reads without a
//! parser.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;
use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use serde_json::{Map, Value, json};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src/web");
    let web =
        PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("src/web");
    let mut files = Vec::new();
    collect(&web, &mut files)?;
    files.sort();
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let mut table = String::from("[\n");
    for (number, file) in files.iter().enumerate() {
        let name = file.strip_prefix(&web).map_err(io::Error::other)?;
        let mut name = name.to_string_lossy().replace('\\', "/");
        let mut content = fs::read(file)?;
        if let Some(language) = name.strip_suffix(".ftl") {
            content = words(&content).map_err(|why| io::Error::other(format!("{name}: {why}")))?;
            name = format!("{language}.json");
        }
        let packed = out.join(format!("web_{number}.gz"));
        fs::write(&packed, gzip(&content)?)?;
        let packed = packed.to_string_lossy();
        writeln!(
            table,
            "    ({name:?}, include_bytes!({packed:?}) as &[u8]),"
        )
        .map_err(io::Error::other)?;
    }
    table.push_str("]\n");
    fs::write(out.join("web_files.rs"), table)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(content)?;
    packer.finish()
}

/// Every file that a browser may ask for; notes and tests for developers stay out.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    const SERVED: [&str; 8] = ["html", "js", "css", "svg", "png", "ico", "woff2", "ftl"];
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .and_then(|e| e.to_str())
            .is_some_and(|e| SERVED.contains(&e))
        {
            files.push(path);
        }
    }
    Ok(())
}

/// A language's sentences, in the shape that `web/words.js` reads.
fn words(source: &[u8]) -> Result<Vec<u8>, String> {
    let source = std::str::from_utf8(source).map_err(|error| error.to_string())?;
    let resource = fluent_syntax::parser::parse(source).map_err(|(_, errors)| {
        let line = |at: usize| source[..at].lines().count();
        let wrong = errors
            .iter()
            .map(|e| format!("line {}: {e}", line(e.pos.start)));
        wrong.collect::<Vec<_>>().join("; ")
    })?;
    let mut words = Map::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let key = message.id.name;
                let pattern = message
                    .value
                    .as_ref()
                    .filter(|_| message.attributes.is_empty());
                let pattern = pattern.ok_or(format!("{key} must be just a sentence"))?;
                let sentence = sentence(pattern).map_err(|why| format!("{key}: {why}"))?;
                if words.insert(key.to_owned(), sentence).is_some() {
                    return Err(format!("{key} is there twice"));
                }
            }
            Entry::Term(term) => return Err(format!("-{}: no terms here", term.id.name)),
            Entry::Junk { content } => return Err(format!("cannot be read: {content}")),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    serde_json::to_vec(&words).map_err(|error| error.to_string())
}

/// A text, or pieces if there is anything else in it.
fn sentence(pattern: &Pattern<&str>) -> Result<Value, String> {
    let pieces = pieces(pattern)?;
    let texts: Option<Vec<&str>> = pieces.iter().map(Value::as_str).collect();
    Ok(texts.map_or_else(|| json!(pieces), |texts| json!(texts.concat())))
}

fn pieces(pattern: &Pattern<&str>) -> Result<Vec<Value>, String> {
    let piece = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { value } => Ok(json!(value)),
        PatternElement::Placeable {
            expression: Expression::Inline(inline),
        } => Ok(json!({"value": variable(inline)?})),
        PatternElement::Placeable {
            expression: Expression::Select { selector, variants },
        } => {
            let mut choice = json!({"by": variable(selector)?, "cases": {}});
            for variant in variants {
                let pieces = json!(pieces(&variant.value)?);
                let (VariantKey::Identifier { name } | VariantKey::NumberLiteral { value: name }) =
                    variant.key;
                if variant.default {
                    choice["other"] = pieces;
                } else {
                    choice["cases"][name] = pieces;
                }
            }
            Ok(choice)
        }
    };
    pattern.elements.iter().map(piece).collect()
}

/// The page fills in values and chooses by numbers: nothing more is needed.
fn variable<'a>(inline: &InlineExpression<&'a str>) -> Result<&'a str, String> {
    match inline {
        InlineExpression::VariableReference { id } => Ok(id.name),
        _ => Err("only values such as { $name } can be put in".to_owned()),
    }
}
