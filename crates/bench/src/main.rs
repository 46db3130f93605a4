//! Measures theticketbot, the Python original and any other bot that is named, by turns on the same
//! sandbox with the same people, and prints one table. Everything is measured from outside: by
//! the sandbox's clock and record, and by what the system accounts to each process.
//!
//! `cargo run --release --package bench -- all` builds what it needs and takes a few minutes;
//! `… -- memory` measures one thing. PERFORMANCE.md has the figures of a whole run.

mod arguments;
mod contestant;
mod measure;
mod prepare;
mod process;
mod record;
mod sandbox;
mod scene;
mod table;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;
use measure::Bench;
use table::Table;

/// What went wrong, in words for the person who runs this.
type Result<T, E = String> = std::result::Result<T, E>;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            say(&format!("error: {message}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Err("what a process uses is read from /proc, which only Linux has".to_owned());
    }
    let programs = prepare::programs(arguments)?;
    let mut table = Table::new(&programs.contestants);
    let bench = Bench {
        programs: &programs,
        runs: arguments.runs(),
        quick: arguments.quick,
    };
    for measure in arguments.measures() {
        say(&format!("measuring: {}", measure.name()));
        // One measure that fails must not take the others' figures with it.
        if let Err(message) = bench.measure(measure, &mut table) {
            table.failed(&format!(
                "{} was not measured whole: {message}",
                measure.name()
            ));
            say(&format!("{}: {message}", measure.name()));
        }
        // After each, so that an interrupted run leaves something.
        keep(arguments, &table)?;
    }
    print(&table.markdown());
    if table.is_whole() {
        Ok(())
    } else {
        Err("not everything could be measured".to_owned())
    }
}

fn keep(arguments: &Arguments, table: &Table) -> Result<()> {
    if let Some(file) = &arguments.markdown {
        write(file, &table.markdown())?;
    }
    if let Some(file) = &arguments.json {
        write(file, &table.json())?;
    }
    Ok(())
}

fn write(file: &std::path::Path, text: &str) -> Result<()> {
    std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}

/// The figures go to standard output.
#[expect(clippy::print_stdout, reason = "the one place that prints figures")]
fn print(text: &str) {
    println!("{text}");
}

/// What is being done goes to standard error.
#[expect(clippy::print_stderr, reason = "the one place that reports progress")]
fn say(text: &str) {
    eprintln!("bench: {text}");
}
