//! Finds the languages: each file in `locales/` is one, so that adding a language is adding a file. And it
//! has the linker put what a running bot uses side by side.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() {
    list_languages();
    order_functions();
}

fn list_languages() {
    println!("cargo::rerun-if-changed=locales");
    let folder =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("Cargo sets it")).join("locales");
    let mut codes: Vec<String> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("cannot list {}: {error}", folder.display()))
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ftl"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    // The first is the one that everything falls back to.
    codes.sort_by_key(|code| (code != "en-US", code.clone()));
    assert!(
        codes.first().is_some_and(|code| code == "en-US"),
        "locales/en-US.ftl is missing: every other language falls back to it"
    );

    let mut list = String::from("&[\n");
    for code in codes {
        let path = folder.join(format!("{code}.ftl"));
        let path = path.to_str().expect("the path is text");
        writeln!(list, "    ({code:?}, include_str!({path:?})),").expect("memory is enough");
    }
    list.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it")).join("languages.rs");
    fs::write(&out, list).unwrap_or_else(|error| panic!("cannot write {}: {error}", out.display()));
}

/// Less of the program is resident then. Only a release is worth it, and not every linker that somebody has
/// chosen knows such a file.
fn order_functions() {
    println!("cargo::rerun-if-changed=order.ld");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|it| it == value);
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let is_chosen = env::var_os("RUSTC_LINKER").is_some()
        || ["linker", "fuse-ld"].iter().any(|it| flags.contains(it));
    let is_gnu = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if is("PROFILE", "release") && is_gnu && !is_chosen {
        let folder = env::var("CARGO_MANIFEST_DIR").expect("Cargo sets it");
        println!("cargo::rustc-link-arg-bins=-T{folder}/order.ld");
    }
}
