//! Compiles SQLite3MC, or links the library that the environment names.
//! What can be set, and why, is in the crate's documentation (`src/lib.rs`).

use std::env;
use std::process::exit;

const LIB_NAME: &str = "THETICKETBOT_SQLITE_LIB_NAME";
const LIB_DIR: &str = "THETICKETBOT_SQLITE_LIB_DIR";
const LIB_KIND: &str = "THETICKETBOT_SQLITE_LIB_KIND";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for name in [LIB_NAME, LIB_DIR, LIB_KIND] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    println!("cargo::rustc-check-cfg=cfg(other_sqlite)");
    match (set(LIB_NAME), set(LIB_DIR), set(LIB_KIND)) {
        (Some(name), dir, kind) => link_other(&name, dir.as_deref(), kind.as_deref()),
        (None, None, None) => compile(),
        (None, ..) => fail(&format!(
            "{LIB_DIR} and {LIB_KIND} mean nothing without {LIB_NAME}"
        )),
    }
}

fn link_other(name: &str, dir: Option<&str>, kind: Option<&str>) {
    let kind = match kind {
        None | Some("dylib") => "dylib",
        Some("static") => "static",
        Some(other) => fail(&format!(
            "{LIB_KIND} is {other:?}, but can be: dylib, static"
        )),
    };
    println!("cargo::rustc-cfg=other_sqlite");
    if let Some(dir) = dir {
        println!("cargo::rustc-link-search=native={dir}");
        println!("cargo::rerun-if-changed={dir}");
    }
    println!("cargo::rustc-link-lib={kind}={name}");
}

fn compile() {
    let dir = sqlite3mc_src::source_dir();
    let mut build = cc::Build::new();
    build
        .file(dir.join(sqlite3mc_src::SOURCE_FILE))
        .include(dir)
        // Key derivation runs at every start: unoptimised it takes seconds, in a debug build too. For
        // size, which costs no time that can be measured, and saves a quarter of a megabyte.
        .opt_level_str("s")
        .debug(false)
        .warnings(false)
        // Each connection lives on one thread, so connections need no locks of their own.
        .define("SQLITE_THREADSAFE", "2")
        // A misspelt column in double quotes is an error, not a string.
        .define("SQLITE_DQS", "0")
        // One plan for a statement, whatever is bound to it. Otherwise SQLite compiles it again for
        // every new id.
        .define("SQLITE_ENABLE_QPSG", None)
        .define("SQLITE_DEFAULT_FOREIGN_KEYS", "1")
        .define("SQLITE_DEFAULT_MEMSTATUS", "0")
        // A quarter of a megabyte of pages is plenty for a bot that stores almost nothing.
        .define("SQLITE_DEFAULT_CACHE_SIZE", "-250")
        // Temporary tables stay in memory: on disk they would not be encrypted.
        .define("SQLITE_TEMP_STORE", "2")
        // Overwrite what is deleted, for a database that holds tokens of interactions.
        .define("SQLITE_SECURE_DELETE", "1")
        .define("SQLITE_LIKE_DOESNT_MATCH_BLOBS", None)
        // Nothing unwinds through it: tables for that are a hundred kilobytes.
        .flag_if_supported("-fno-asynchronous-unwind-tables")
        .flag_if_supported("-fno-unwind-tables")
        // What no statement here and no library above asks for.
        .define("SQLITE_OMIT_COMPLETE", None)
        .define("SQLITE_OMIT_GET_TABLE", None)
        .define("SQLITE_OMIT_JSON", None)
        .define("SQLITE_OMIT_PROGRESS_CALLBACK", None)
        .define("SQLITE_OMIT_TCL_VARIABLE", None)
        .define("SQLITE_OMIT_DEPRECATED", None)
        .define("SQLITE_OMIT_LOAD_EXTENSION", None)
        .define("SQLITE_OMIT_SHARED_CACHE", None);
    build.compile("sqlite3mc");
}

/// An empty variable counts as none: that is how a shell script unsets one.
fn set(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn fail(message: &str) -> ! {
    println!("cargo::error={message}");
    exit(1)
}
