//! What is measured, and with what: built, installed or found.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::arguments::Arguments;
use crate::contestant::Contestant;
use crate::{Result, say};

/// Everything that is started.
pub(crate) struct Programs {
    pub(crate) sandbox: PathBuf,
    pub(crate) contestants: Vec<Contestant>,
}

pub(crate) fn programs(arguments: &Arguments) -> Result<Programs> {
    let target = target()?;
    let work = target.join("bench");
    std::fs::create_dir_all(&work).map_err(|error| format!("{}: {error}", work.display()))?;
    let release = |name: &str| target.join("release").join(name);
    let sandbox = match &arguments.sandbox {
        Some(program) => program.clone(),
        None => built(
            &["--package", "discord-sandbox", "--bin", "sandbox"],
            &target,
            release("sandbox"),
        )?,
    };
    let release = release("theticketbot");
    // First, and then put aside: Cargo gives the other build the same name.
    let slim = match &arguments.slim {
        Some(program) => Some(program.clone()),
        None if arguments.no_slim => None,
        None => {
            let package = ["--package", "theticketbot", "--no-default-features"];
            Some(aside(&built(&package, &target, release.clone())?, &work)?)
        }
    };
    let ours = match &arguments.theticketbot {
        Some(program) => program.clone(),
        None => built(&["--package", "theticketbot"], &target, release)?,
    };
    let mut contestants = vec![Contestant::ours("theticketbot", &existing(&ours)?)];
    if let Some(program) = slim {
        contestants.push(Contestant::slim("without the demo", &existing(&program)?));
    }
    if !arguments.no_original {
        match original(&work) {
            Ok(original) => contestants.push(original),
            Err(why) => say(&format!("the original is left out: {why}")),
        }
    }
    for peer in &arguments.peer {
        contestants.push(Contestant::peer(&peer.name, &peer.command));
    }
    Ok(Programs {
        sandbox: existing(&sandbox)?,
        contestants,
    })
}

/// Where Cargo builds: this program is in `release/` there.
fn target() -> Result<PathBuf> {
    let own = env::current_exe().map_err(|error| format!("where this program is: {error}"))?;
    let folder = own.parent().and_then(Path::parent);
    folder
        .map(Path::to_owned)
        .ok_or_else(|| "this program is in no target folder".to_owned())
}

/// Builds a release, if it is not up to date.
fn built(package: &[&str], folder: &Path, program: PathBuf) -> Result<PathBuf> {
    say(&format!("building: {}", package.join(" ")));
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .args(["build", "--release", "--locked", "--quiet"])
        .args(package)
        .arg("--target-dir")
        .arg(folder)
        .current_dir(root());
    run(&mut build)?;
    Ok(program)
}

/// A copy of a program that the next build replaces.
fn aside(program: &Path, folder: &Path) -> Result<PathBuf> {
    let copy = folder.join("theticketbot-without-demo");
    std::fs::copy(program, &copy).map_err(|error| format!("{}: {error}", copy.display()))?;
    Ok(copy)
}

/// The original in its own virtual environment, with everything pinned.
fn original(folder: &Path) -> Result<Contestant> {
    let client = root().join("crates/sandbox/clients/original");
    let requirements = client.join("requirements.txt");
    let pins = std::fs::read_to_string(&requirements)
        .map_err(|error| format!("{}: {error}", requirements.display()))?;
    let version = pins
        .lines()
        .find_map(|line| line.strip_prefix("theticketbot=="))
        .ok_or("its version is not pinned")?;
    let (venv, mark) = (folder.join("original"), folder.join("installed-from"));
    let python = venv.join("bin/python");
    if std::fs::read_to_string(&mark).ok().as_deref() != Some(&pins) {
        say(&format!("installing the original {version}"));
        run(Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&venv))?;
        run(Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .arg("--requirement")
            .arg(&requirements))?;
        std::fs::write(&mark, pins.as_bytes())
            .map_err(|error| format!("{}: {error}", mark.display()))?;
    }
    let name = format!("original {version}");
    Ok(Contestant::original(
        &name,
        &python,
        &client.join("original.py"),
    ))
}

/// The workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn existing(program: &Path) -> Result<PathBuf> {
    program
        .canonicalize()
        .map_err(|error| format!("{}: {error}", program.display()))
}

fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name} failed ({status}); see above")),
        Err(error) => Err(format!("{name} cannot be started: {error}")),
    }
}
