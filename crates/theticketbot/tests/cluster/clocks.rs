//! Machines whose clocks differ by hours: leases go by PostgreSQL's.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use harness::Result;

use crate::stage::Stage;

/// What a process asks for the time gets it shifted by so many seconds.
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

#[tokio::test]
async fn clocks_that_differ_by_hours_make_no_difference() -> Result {
    let Some(mut stage) = Stage::new(4, 4).await? else {
        return Ok(());
    };
    stage.in_slow_motion();
    let folder = tempfile::tempdir()?;
    let [source, library] = ["shift.c", "shift.so"].map(|name| folder.path().join(name));
    std::fs::write(&source, SHIFT)?;
    let mut command = Command::new("cc");
    command.args(["-shared", "-fPIC", "-o"]);
    let compiled = command.arg(&library).arg(&source).status()?;
    assert!(compiled.success());
    for (name, hours) in [("a", -5), ("b", 0), ("c", 7)] {
        let program = folder.path().join(name);
        let script = format!(
            "#!/bin/sh\nexport SHIFT_CLOCK={} LD_PRELOAD={}\nexec {} \"$@\"\n",
            hours * 3600,
            library.display(),
            env!("CARGO_BIN_EXE_theticketbot")
        );
        std::fs::write(&program, script)?;
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o700))?;
        stage.start_as(name, program).await?;
    }
    stage.shared(3).await?;
    stage.make_inboxes().await?;
    stage.tickets_work().await?;
    stage.saved().await?;
    // The log has the time as the process sees it, so the clocks do differ.
    let hour = |stage: &mut Stage, name| {
        let log = stage.process(name).log().tail();
        log.first().map(|line| line[11..13].to_owned())
    };
    assert_ne!(hour(&mut stage, "a"), hour(&mut stage, "b"));
    let before = stage.begun();
    stage.process("c").kill().await?;
    stage.shared(2).await?;
    stage.tickets_work().await?;
    stage.process("a").stop().await?;
    stage.shared(1).await?;
    stage.tickets_work().await?;
    assert_eq!(stage.begun(), before, "every session was resumed");
    stage.finish(0).await
}
