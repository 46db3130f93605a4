//! A bot process whose system clock is wrong.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;

/// C code that shifts the time that a process reads by a number of seconds.
const SHIFT: &str = r#"
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static long shift(void) {
    const char *seconds = getenv("SHIFT_CLOCK");
    return seconds ? atol(seconds) : 0;
}
int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += shift();
    return result;
}
"#;

/// Creates a script in this folder that runs `program` with a clock that is wrong by this many hours. Needs a
/// C compiler.
pub fn skewed(folder: &Path, program: &Path, hours: i32) -> Result<PathBuf> {
    let [source, library] = ["shift.c", "shift.so"].map(|name| folder.join(name));
    if !library.exists() {
        std::fs::write(&source, SHIFT)?;
        let mut command = Command::new("cc");
        command.args(["-shared", "-fPIC", "-o"]);
        let compiled = command.arg(&library).arg(&source).status()?;
        if !compiled.success() {
            return Err("the clock's library cannot be compiled".into());
        }
    }
    let script = format!(
        "#!/bin/sh\nexport SHIFT_CLOCK={} LD_PRELOAD={}\nexec {} \"$@\"\n",
        hours * 3600,
        library.display(),
        program.display()
    );
    let path = folder.join(format!("skewed-by-{hours}-hours"));
    std::fs::write(&path, script)?;
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700))?;
    Ok(path)
}
