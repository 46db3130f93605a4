//! Lists the files of the web page, so that a new one needs no edit elsewhere, and packs each with gzip: the
//! program holds them as browsers take them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;

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
        let name = name.to_string_lossy().replace('\\', "/");
        let packed = out.join(format!("web_{number}.gz"));
        fs::write(&packed, gzip(&fs::read(file)?)?)?;
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
    const SERVED: [&str; 7] = ["html", "js", "css", "svg", "png", "ico", "woff2"];
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
