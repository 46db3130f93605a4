//! How a host's tools check that the program works: `theticketbot health`, and systemd.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use discord_sandbox::Sandbox;

use crate::program::program;
use crate::stage::Result;

async fn health(home: &Path, sandbox: &Sandbox) -> Result<Output> {
    let mut command = program(home, sandbox)?;
    command.arg("health");
    Ok(tokio::task::spawn_blocking(move || command.output()).await??)
}

async fn end(mut child: Child, signal: &str) -> Result {
    Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()?;
    tokio::task::spawn_blocking(move || child.wait()).await??;
    Ok(())
}

/// Runs the check until it has this exit code.
async fn becomes(home: &Path, sandbox: &Sandbox, code: i32) -> Result<Output> {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let output = health(home, sandbox).await?;
        if output.status.code() == Some(code) {
            return Ok(output);
        }
        assert!(Instant::now() < until, "still {output:?}");
    }
}

#[tokio::test]
async fn health_succeeds_while_discord_answers() -> Result {
    let sandbox = Sandbox::builder()
        .heartbeat_interval(Duration::from_millis(100))
        .start()
        .await?;
    let home = tempfile::tempdir()?;
    let before = health(home.path(), &sandbox).await?;
    let said = String::from_utf8(before.stderr)?;
    assert_eq!(before.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error: unhealthy: the bot"), "{said}");
    // The host sees which database the command has looked at.
    let file = home
        .path()
        .join(".local/share/theticketbot/theticketbot.db.heartbeat");
    assert!(said.contains(&*file.to_string_lossy()), "{said}");

    let child = program(home.path(), &sandbox)?
        .stderr(Stdio::null())
        .spawn()?;
    sandbox.wait_for_bot().await?;
    let connected = becomes(home.path(), &sandbox, 0).await?;
    let said = String::from_utf8(connected.stdout)?;
    assert!(said.starts_with("healthy: Discord answered "), "{said}");

    // The next acknowledged heartbeat writes the file again.
    std::fs::write(&file, "1000\n")?;
    becomes(home.path(), &sandbox, 0).await?;

    end(child, "-TERM").await?;
    assert!(!file.exists(), "a stopped bot is not healthy");
    assert_eq!(
        health(home.path(), &sandbox).await?.status.code(),
        Some(1),
        "after the end"
    );
    sandbox.finish().await?;
    Ok(())
}

#[cfg(target_os = "linux")]
mod systemd {
    use std::os::unix::net::UnixDatagram;

    use super::*;

    fn socket(home: &Path) -> Result<UnixDatagram> {
        let socket = UnixDatagram::bind(home.join("notify"))?;
        socket.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(socket)
    }

    fn next(socket: &UnixDatagram) -> Result<String> {
        let mut said = [0; 256];
        let length = socket.recv(&mut said)?;
        Ok(String::from_utf8_lossy(&said[..length]).into_owned())
    }

    #[tokio::test]
    async fn systemd_is_notified_of_readiness_life_and_the_end() -> Result {
        let (sandbox, home) = (Sandbox::start().await?, tempfile::tempdir()?);
        let socket = socket(home.path())?;
        let child = program(home.path(), &sandbox)?
            .env("NOTIFY_SOCKET", home.path().join("notify"))
            .env("WATCHDOG_USEC", "60000")
            .stderr(Stdio::null())
            .spawn()?;
        let (said, socket) = tokio::task::spawn_blocking(move || {
            let said = [next(&socket), next(&socket), next(&socket)].map(Result::unwrap);
            (said, socket)
        })
        .await?;
        let ready = "READY=1\nSTATUS=connected to Discord\n";
        assert_eq!(said, [ready, "WATCHDOG=1\n", "WATCHDOG=1\n"]);
        end(child, "-TERM").await?;
        let last = std::iter::from_fn(|| next(&socket).ok()).find(|said| said != "WATCHDOG=1\n");
        assert_eq!(last.as_deref(), Some("STOPPING=1\n"));
        sandbox.finish().await?;
        Ok(())
    }

    #[tokio::test]
    async fn a_start_that_fails_is_never_ready() -> Result {
        let (sandbox, home) = (Sandbox::start().await?, tempfile::tempdir()?);
        let socket = socket(home.path())?;
        let mut command = program(home.path(), &sandbox)?;
        command
            .env("NOTIFY_SOCKET", home.path().join("notify"))
            .env("THETICKETBOT_TOKEN", "aaaaaa.bbbbbb.cccccc");
        let ended = tokio::task::spawn_blocking(move || command.output()).await??;
        assert!(!ended.status.success());
        socket.set_nonblocking(true)?;
        assert!(next(&socket).is_err(), "nothing was sent");
        sandbox.finish().await?;
        Ok(())
    }
}
