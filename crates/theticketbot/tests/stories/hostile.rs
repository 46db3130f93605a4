//! Members choose dangerous names and texts, and the system's umask lets everybody read new files. The real
//! program pings only the members and roles that the admin chose, writes one line for one event, and keeps
//! its files private.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use discord_sandbox::Sandbox;
use discord_sandbox::id::ChannelId;
use serde_json::{Value, json};

use crate::stage::{BUTTON, Result};

/// A dangerous name: it contains a forged log line, terminal escapes and pings.
const NAME: &str = "eve\n2026-01-01T00:00:00.000000Z ERROR theticketbot: forged \u{202e}@everyone";

/// The program under a umask with which every file is readable by all users, unless the program prevents it.
fn program(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", "umask 000; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_theticketbot"))
        .args(arguments)
        .current_dir(home)
        .env_clear()
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("TMPDIR", home)
        .stdin(Stdio::null());
    command
}

fn end(child: &Child) -> Result {
    let ended = Command::new("kill").arg(child.id().to_string()).status()?;
    assert!(ended.success());
    Ok(())
}

/// Every file and folder below this one that other users can read.
fn open_to_others(folder: &Path) -> Result<Vec<String>> {
    let mut open = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let about = fs::symlink_metadata(&path)?;
        let mode = about.permissions().mode() & 0o777;
        let wanted = if about.is_dir() { 0o700 } else { 0o600 };
        if mode != wanted {
            open.push(format!("{mode:o} {}", path.display()));
        }
        if about.is_dir() {
            open.extend(open_to_others(&path)?);
        }
    }
    Ok(open)
}

/// A folder that only its owner can read.
fn closed_folder(path: &Path) -> Result {
    Ok(DirBuilder::new().recursive(true).mode(0o700).create(path)?)
}

fn closed_file(path: &Path, content: &[u8]) -> Result {
    fs::write(path, content)?;
    Ok(fs::set_permissions(path, Permissions::from_mode(0o600))?)
}

/// Each message of the bot in a channel: whether it pings everyone, and which members and roles.
fn pinged(sandbox: &Sandbox, channel: ChannelId) -> Vec<(bool, Vec<u64>, Vec<u64>)> {
    let bot = sandbox.bot_id();
    sandbox.look(|look| {
        look.messages(channel)
            .filter(|message| message.user() == Some(bot))
            .map(|message| {
                (
                    message.mention_everyone,
                    message.mentions.iter().map(|user| user.0).collect(),
                    message.mention_roles.iter().map(|role| role.0).collect(),
                )
            })
            .collect()
    })
}

#[tokio::test]
async fn names_ping_nobody_and_forge_no_line_and_no_file_is_open() -> Result {
    let (sandbox, home) = (Sandbox::start().await?, tempfile::tempdir()?);
    let home = home.path();
    closed_file(
        &home.join("config.toml"),
        format!("[bot]\napi_url = {:?}\n", sandbox.url()).as_bytes(),
    )?;
    // A database of the original, which is copied when it is migrated, and a full log.
    let data = home.join(".local/share/theticketbot");
    let log = home.join(".local/state/theticketbot/log");
    closed_folder(&data)?;
    closed_folder(&log)?;
    let original = fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/db/original-v3.db"
    ))?;
    closed_file(&data.join("theticketbot.db"), &original)?;
    closed_file(
        &log.join("theticketbot.jsonl"),
        "\n".repeat(5_000_000).as_bytes(),
    )?;

    let mut command = program(home, &["-v"]);
    command.env("THETICKETBOT_TOKEN", sandbox.token());
    let child = command.stderr(Stdio::piped()).spawn()?;
    sandbox.wait_for_bot().await?;

    let (owner, mia) = (sandbox.owner(), sandbox.member());
    let support = sandbox.defaults().support;
    let role = sandbox.moderator_role();
    let ping = format!("@everyone @here <@&{role}> <@{}>", sandbox.member2().id());
    mia.set_global_name(&format!("{NAME} <@&{role}>")).await?;
    owner
        .edit_guild(json!({"name": "@everyone \u{202e}"}))
        .await?;
    owner
        .edit_channel(support, json!({"name": "everyone-\u{202e}here"}))
        .await?;
    let source = owner.send(support, &format!("{ping}\n{NAME}")).await?;
    owner
        .run("inbox create", json!({"channel": support}))
        .await?;
    owner
        .use_menu("Select this message", support, source.id())
        .await?;
    let bot = sandbox.bot_id();
    let inbox = sandbox.look(|look| {
        let mut all = look.messages(support).rev();
        all.find(|m| m.user() == Some(bot) && m.ephemeral_to.is_none() && !m.components.is_empty())
            .map(|message| message.id)
    });
    let inbox = inbox.ok_or("an inbox")?;
    for (command, template) in [
        (
            "inbox new-tickets starter",
            "$author: @everyone @here $staff",
        ),
        ("inbox new-tickets name", "@everyone $author"),
    ] {
        owner.run(command, json!({})).await?;
        let form = owner
            .use_menu("Select this message", support, inbox)
            .await?;
        owner.submit(&form, [("template", template)]).await?;
    }
    mia.forge(json!({"channel_id": support, "custom_id": NAME}))
        .await?;
    mia.click(support, inbox, BUTTON).await?;
    let ticket = sandbox
        .wait_until("mia is in the ticket", |look| {
            let threads = look.threads_of(support);
            let mut mine = threads
                .iter()
                .filter(|it| it.members.contains_key(&mia.id()));
            mine.next().map(|thread| thread.id)
        })
        .await?;
    mia.leave(ticket).await?;
    sandbox
        .wait_until("the ticket is closed", |look| {
            look.thread(ticket).filter(|it| it.locked).map(drop)
        })
        .await?;

    // The inbox and the note ping nobody; the starting message pings the chosen staff.
    for (everyone, users, roles) in pinged(&sandbox, support) {
        assert!(!everyone && users.is_empty() && roles.is_empty());
    }
    let in_ticket: Vec<_> = pinged(&sandbox, ticket);
    let no_pings = (false, vec![], vec![]);
    assert!(
        in_ticket.contains(&(false, vec![mia.id().0], vec![role.0])),
        "{in_ticket:?}"
    );
    let others = in_ticket.iter().filter(|it| it.1 != [mia.id().0]);
    assert!(others.clone().count() >= 1);
    assert!(
        others.into_iter().all(|it| *it == no_pings),
        "{in_ticket:?}"
    );

    // The files are also private while the bot runs.
    assert_eq!(open_to_others(home)?, [] as [String; 0]);
    let backup = program(home, &["db", "backup", "copy.db"]).output()?;
    assert!(backup.status.success(), "{backup:?}");
    end(&child)?;
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output()).await??;
    assert_eq!(open_to_others(home)?, [] as [String; 0]);
    assert!(
        fs::read_dir(&data)?
            .any(|it| it.is_ok_and(|it| { it.file_name().to_string_lossy().ends_with(".bak") }))
    );
    assert!(log.join("theticketbot.jsonl.1").exists(), "the full log");

    // Each event is one line of the log.
    let said = String::from_utf8(ended.stderr)?;
    assert!(said.contains("forged"), "{said}");
    for line in said.lines() {
        assert!(
            line.starts_with("20") && !line.starts_with("2026-01-01T"),
            "{line}"
        );
        assert!(!line.contains(['\u{202e}', '\r', '\x1b']), "{line}");
    }
    let written = fs::read_to_string(log.join("theticketbot.jsonl"))?;
    let lines: Vec<Value> = written
        .lines()
        .filter(|line| !line.is_empty())
        .map(serde_json::from_str)
        .collect::<std::result::Result<_, _>>()?;
    assert!(written.contains("forged"));
    for line in lines {
        assert!(
            line["level"].is_string() && line["timestamp"].is_string(),
            "{line}"
        );
        assert!(
            !line["timestamp"]
                .as_str()
                .unwrap_or_default()
                .starts_with("2026-01-01T")
        );
    }
    // No secret is in the log: neither the bot's token nor that of an interaction.
    let calls = sandbox.calls();
    let mut tokens: Vec<String> = calls
        .iter()
        .filter(|call| call.is("POST", "/interactions/*/*/callback"))
        .filter_map(|call| call.path.split('/').nth(3).map(str::to_owned))
        .collect();
    assert!(!tokens.is_empty());
    tokens.push(sandbox.token());
    for token in tokens {
        assert!(!said.contains(&token) && !written.contains(&token));
    }
    sandbox.finish().await?;
    Ok(())
}

#[cfg(feature = "demo")]
#[test]
fn what_a_demo_keeps_is_its_owners() -> Result {
    let home = tempfile::tempdir()?;
    let mut command = program(home.path(), &["demo", "--keep", "kept"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("its output")?).read_line(&mut line)?;
    assert!(line.contains("http://"), "{line}");
    end(&child)?;
    child.wait()?;
    let kept = home.path().join("kept");
    assert!(fs::read_dir(&kept)?.count() >= 2);
    assert_eq!(open_to_others(home.path())?, [] as [String; 0]);
    Ok(())
}
