//! The program. Everything is in the library, so that tests can reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    theticketbot::main_with(std::env::args_os())
}
