//! The real program in a separate process, on a sandbox: starting and stopping.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use discord_sandbox::Sandbox;
use discord_sandbox::record::What;
use discord_sandbox::world::model::Privileged;
use serde_json::json;

use crate::resuming::sessions_after;
use crate::stage::{BUTTON, Result};

pub(crate) fn program(home: &Path, sandbox: &Sandbox) -> Result<Command> {
    let config = format!("[bot]\napi_url = {:?}\n", sandbox.url());
    std::fs::write(home.join("config.toml"), config)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_theticketbot"));
    command
        .current_dir(home)
        .env_clear()
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("THETICKETBOT_TOKEN", sandbox.token())
        .stdin(Stdio::null());
    Ok(command)
}

/// Runs the program to its end, while the sandbox keeps running.
async fn run(mut command: Command) -> std::io::Result<Output> {
    tokio::task::spawn_blocking(move || command.output()).await?
}

/// Waits until the bot is connected and has responded to the host.
async fn it_answers(sandbox: &Sandbox) -> Result {
    sandbox.wait_for_bot().await?;
    let (owner, support) = (sandbox.owner(), sandbox.defaults().support);
    let bot = sandbox.bot_id();
    owner
        .send(support, &format!("<@{bot}> reload-config"))
        .await?;
    let answer = |look: &discord_sandbox::Look<'_>| {
        let newest = look.newest_message(support);
        newest
            .filter(|message| message.user() == Some(bot))
            .map(drop)
    };
    Ok(sandbox.wait_until("the bot answers", answer).await?)
}

fn registrations(sandbox: &Sandbox) -> usize {
    let calls = sandbox.calls();
    calls
        .iter()
        .filter(|call| call.is("PUT", "/applications/*/commands"))
        .count()
}

#[tokio::test]
async fn sync_registers_and_ends() -> Result {
    let (sandbox, home) = (Sandbox::start().await?, tempfile::tempdir()?);
    let mut command = program(home.path(), &sandbox)?;
    command.arg("--sync");
    let ended = run(command).await?;
    assert_eq!(
        ended.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    assert_eq!(registrations(&sandbox), 1);
    sandbox.finish().await?;
    Ok(())
}

#[tokio::test]
async fn a_refused_token_ends_it_with_code_78() -> Result {
    const WRONG: &str = "aaaaaa.bbbbbb.cccccc";
    let (sandbox, home) = (Sandbox::start().await?, tempfile::tempdir()?);
    for is_in_environment in [true, false] {
        let mut command = program(home.path(), &sandbox)?;
        // The error names the source of the refused token.
        let place = if is_in_environment {
            command.env("THETICKETBOT_TOKEN", WRONG);
            "check THETICKETBOT_TOKEN in the environment, "
        } else {
            let api_url = sandbox.url();
            let config = format!("[bot]\ntoken = {WRONG:?}\napi_url = {api_url:?}\n");
            std::fs::write(home.path().join("config.toml"), config)?;
            command.env_remove("THETICKETBOT_TOKEN");
            "check token in [bot], "
        };
        let ended = run(command).await?;
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(78), "{said}");
        let last = said.lines().last().unwrap_or_default();
        let expected = format!("error: Discord refused the bot token; {place}");
        assert!(last.starts_with(&expected), "{said}");
        assert!(!said.contains("bbbbbb"), "{said}");
    }
    sandbox.finish().await?;
    Ok(())
}

/// The lines of `-v` are readable, and contain neither messages nor names of people.
#[cfg(unix)]
#[tokio::test]
async fn verbose_lines_have_fields_and_no_text_of_anybody() -> Result {
    let (sandbox, home) = (Sandbox::start().await?, tempfile::tempdir()?);
    let log = home.path().join("log");
    let mut command = program(home.path(), &sandbox)?;
    command.arg("-v").stderr(std::fs::File::create(&log)?);
    let child = command.spawn()?;
    it_answers(&sandbox).await?;
    let (owner, max) = (sandbox.owner(), sandbox.moderator());
    let (mia, support) = (sandbox.member(), sandbox.defaults().support);
    let source = owner.send(support, "secret-of-the-inbox").await?;
    let options = json!({"channel": support, "name": "secret-name"});
    owner.run("inbox create", options).await?;
    owner
        .use_menu("Select this message", support, source.id())
        .await?;
    let inbox = sandbox.look(|look| {
        let mut all = look.messages(support).rev();
        let found = all.find(|it| !it.components.is_empty() && it.ephemeral_to.is_none());
        found.map(|message| message.id)
    });
    let inbox = inbox.ok_or("an inbox")?;
    let opened = mia.click(support, inbox, BUTTON).await?;
    let ticket = harness::linked_channel(opened.content()?)?;
    max.join(ticket).await?;
    mia.send(ticket, "secret-of-the-member").await?;
    max.send(ticket, "secret-of-the-staff").await?;
    sandbox.cut_gateway(4000);
    sandbox.wait_for_bot().await?;
    let reason = json!({"reason": "secret-reason"});
    max.run_in(ticket, "ticket close", reason).await?;
    Command::new("kill").arg(child.id().to_string()).status()?;
    let mut child = child;
    tokio::task::spawn_blocking(move || child.wait()).await??;

    let logged = std::fs::read_to_string(&log)?;
    let lines = |level: &str| logged.lines().filter(|line| line.contains(level)).count();
    assert!(lines("DEBUG") > 0 && lines("INFO") > 3, "{logged}");
    assert!(logged.contains(&format!("ticket={ticket}")), "{logged}");
    // The lines have no Rust debug output.
    for unwanted in [
        "secret", "Mia", "Max", "Olivia", "Some(", "None", "Ok(", "Err(", " { ",
    ] {
        assert!(!logged.contains(unwanted), "{unwanted} is in {logged}");
    }
    sandbox.finish().await?;
    Ok(())
}

/// Whether the only session since then was resumed.
fn is_resumed(sandbox: &Sandbox, mark: u64) -> bool {
    let sessions = sessions_after(sandbox, mark);
    assert!(
        matches!(sessions, (0, 1) | (1, 0)),
        "begun and resumed: {sessions:?}"
    );
    sessions == (0, 1)
}

/// Repeats a story until a start has resumed the session: on a busy machine, a stop may be too slow to
/// save it.
async fn until_resumed(story: impl AsyncFn() -> Result<bool>) -> Result {
    for _ in 0..5 {
        if story().await? {
            return Ok(());
        }
    }
    Err("no start resumed the session".into())
}

#[cfg(unix)]
#[tokio::test]
async fn no_sync_registers_nothing_and_a_signal_ends_it_within_two_seconds() -> Result {
    let story = async |signal: &str| -> Result<bool> {
        let (sandbox, home) = (Sandbox::start().await?, tempfile::tempdir()?);
        let mut command = program(home.path(), &sandbox)?;
        command.arg("--no-sync").stderr(Stdio::piped());
        let child = command.spawn()?;
        it_answers(&sandbox).await?;
        let began = Instant::now();
        Command::new("kill")
            .args([format!("-{signal}"), child.id().to_string()])
            .status()?;
        let ended = tokio::task::spawn_blocking(move || child.wait_with_output()).await??;
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(0), "{said}");
        assert!(said.contains("https://discord.com/oauth2/authorize?client_id="));
        assert_eq!(registrations(&sandbox), 0);
        // After this time, the bot gives up what is unfinished, and its session with it.
        if began.elapsed() >= Duration::from_millis(1500) {
            sandbox.finish().await?;
            return Ok(false);
        }
        // The bot closed the connection with a code that keeps the session resumable.
        let left = |entry: &discord_sandbox::record::Entry| match &entry.what {
            What::Gateway { what } if what.contains("closed by the client with 4000") => Some(()),
            _ => None,
        };
        sandbox.wait_for_entry("the bot leaves", 0, left).await?;
        // The next start resumes, and does not register the commands again.
        let mark = sandbox.mark();
        let child = program(home.path(), &sandbox)?
            .stderr(Stdio::null())
            .spawn()?;
        sandbox.wait_for_bot().await?;
        let is_resumed = is_resumed(&sandbox, mark);
        if is_resumed {
            assert_eq!(registrations(&sandbox), 0);
        }
        Command::new("kill").arg(child.id().to_string()).status()?;
        let mut child = child;
        tokio::task::spawn_blocking(move || child.wait()).await??;
        sandbox.finish().await?;
        Ok(is_resumed)
    };
    // If the tests run with `nohup`, the bot ignores SIGHUP, too. Other systems do not say.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
    let ignored = ignored.map(|mask| u64::from_str_radix(mask.trim(), 16));
    let hangup = ignored.transpose()?.filter(|mask| mask & 1 == 0);
    let hangup = hangup.map(|_| "HUP");
    for signal in ["TERM", "INT"].into_iter().chain(hangup) {
        until_resumed(async || story(signal).await).await?;
    }
    Ok(())
}

/// With `nohup`, the bot keeps running when its terminal is closed.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_ignored_hangup_stays_ignored() -> Result {
    let (sandbox, home) = (Sandbox::start().await?, tempfile::tempdir()?);
    let bot = program(home.path(), &sandbox)?;
    let mut command = Command::new("nohup");
    command
        .arg(bot.get_program())
        .current_dir(home.path())
        .env_clear()
        .envs(
            bot.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let child = command.spawn()?;
    it_answers(&sandbox).await?;
    let signal = |name: &str| {
        Command::new("kill")
            .args([name.to_owned(), child.id().to_string()])
            .status()
    };
    signal("-HUP")?;
    it_answers(&sandbox).await?;
    signal("-TERM")?;
    let mut child = child;
    let ended = tokio::task::spawn_blocking(move || child.wait()).await??;
    assert_eq!(ended.code(), Some(0));
    sandbox.finish().await?;
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn a_crash_leaves_no_session_to_go_on_with() -> Result {
    let (sandbox, home) = (Sandbox::start().await?, tempfile::tempdir()?);
    let begin = async || -> Result<std::process::Child> {
        let mut command = program(home.path(), &sandbox)?;
        let child = command.stderr(Stdio::null()).spawn()?;
        it_answers(&sandbox).await?;
        Ok(child)
    };
    let end = async |mut child: std::process::Child, signal: &str| -> Result {
        Command::new("kill")
            .args([signal.to_owned(), child.id().to_string()])
            .status()?;
        tokio::task::spawn_blocking(move || child.wait()).await??;
        let is_gone = |look: &discord_sandbox::Look<'_>| (!look.bot_is_ready()).then_some(());
        sandbox.wait_until("the bot is gone", is_gone).await?;
        Ok(())
    };
    until_resumed(async || {
        end(begin().await?, "-TERM").await?;
        // The start that resumes the saved session also removes it from the database.
        let mark = sandbox.mark();
        let child = begin().await?;
        let is_resumed = is_resumed(&sandbox, mark);
        end(child, "-KILL").await?;
        Ok(is_resumed)
    })
    .await?;
    let mark = sandbox.mark();
    let child = begin().await?;
    assert_eq!(sessions_after(&sandbox, mark), (1, 0), "begun and resumed");
    end(child, "-TERM").await?;
    sandbox.finish().await?;
    Ok(())
}

#[tokio::test]
async fn a_token_that_is_reset_while_it_runs_ends_it_with_code_78() -> Result {
    let (sandbox, home) = (Sandbox::start().await?, tempfile::tempdir()?);
    let running = tokio::spawn(run(program(home.path(), &sandbox)?));
    it_answers(&sandbox).await?;
    sandbox.reset_token()?;
    let ended = running.await??;
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(78), "{said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("error: Discord no longer accepts the bot token"),
        "{said}"
    );
    Ok(())
}

#[tokio::test]
async fn an_intent_that_is_not_granted_ends_it_with_code_78_and_its_switch() -> Result {
    let off = Privileged {
        members: false,
        ..Privileged::default()
    };
    let sandbox = Sandbox::builder().privileged_intents(off).start().await?;
    let home = tempfile::tempdir()?;
    let ended = run(program(home.path(), &sandbox)?).await?;
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(78), "{said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("error: ") && last.contains("switch on \"Server Members Intent\""),
        "{said}"
    );
    sandbox.finish().await?;
    Ok(())
}
