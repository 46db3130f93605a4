//! A world that is kept in a folder continues at the next start.

mod bot;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use bot::Bot;
use discord_sandbox::{Error, Sandbox};
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08";

async fn start(folder: &Path) -> Result<Sandbox, Error> {
    Sandbox::builder().keep(folder).start().await
}

#[tokio::test]
async fn everything_is_there_again() -> Result<(), Error> {
    let place = tempfile::tempdir().unwrap();
    let sandbox = start(place.path()).await?;
    assert!(!sandbox.goes_on());
    let (mia, owner) = (sandbox.member(), sandbox.owner());
    let general = sandbox.channel("general")?;
    let shown = mia
        .upload(general, "look", &[("cat.png", "image/png", PNG)])
        .await?;
    let address = shown.attachments()[0]["url"].as_str().unwrap();
    let old_url = sandbox.url();
    assert!(address.starts_with(&old_url), "{address}");
    let bot = Bot::new(&sandbox);
    let embed = json!({"embeds": [{"image": {"url": address}, "author": {"name": "a", "icon_url": address}}]});
    bot.post(&format!("/channels/{general}/messages"), embed)
        .await;
    let thread = mia.create_thread(general, "My question", true).await?;
    mia.send(thread.id(), "It does not work").await?;
    owner.archive(thread.id()).await?;
    let commands = format!("/applications/{}/commands", sandbox.application_id());
    let ping =
        json!([{"name": "ping", "description": "Answers", "default_member_permissions": "32"}]);
    bot.put(&commands, ping).await;
    let registered = bot.get(&commands).await;
    sandbox.advance(Duration::from_secs(86_400));
    let newest = mia.send(general, "the last").await?.id();
    let (before, now) = (view(&sandbox).await, sandbox.now());
    sandbox.close().await?;

    let sandbox = start(place.path()).await?;
    assert!(sandbox.goes_on());
    let after = view(&sandbox).await;
    assert_eq!(after["messages"].as_array().map(Vec::len), Some(3));
    let moved = before.to_string().replace(&old_url, &sandbox.url());
    assert_eq!(after.to_string(), moved);
    assert!(sandbox.now() >= now, "the clock has not been set back");
    assert!(sandbox.member().send(general, "later").await?.id() > newest);
    assert_eq!(Bot::new(&sandbox).get(&commands).await, registered);

    let address = after["messages"][0]["attachments"][0]["url"]
        .as_str()
        .unwrap();
    let bytes = reqwest::get(address).await.unwrap().bytes().await.unwrap();
    assert_eq!(&bytes[..], PNG);
    let embed = &after["messages"][1]["embeds"][0];
    for shown in [&embed["image"]["url"], &embed["author"]["icon_url"]] {
        assert_eq!(*shown, address);
    }
    sandbox.finish().await
}

/// What Mia sees of the server, and in `#general`.
async fn view(sandbox: &Sandbox) -> Value {
    let general = sandbox.channel("general").unwrap();
    let control = format!("{}/control/people/mia", sandbox.url());
    let read = async |path: String| -> Value {
        let answer = reqwest::get(format!("{control}{path}")).await.unwrap();
        answer.json().await.unwrap()
    };
    let mut view = read("/view".to_owned()).await;
    view["messages"] = read(format!("/channels/{general}/messages")).await;
    // Newest first, as Discord lists them.
    view["messages"].as_array_mut().unwrap().reverse();
    view
}

#[tokio::test]
async fn a_reset_leads_to_what_the_world_once_began_with() -> Result<(), Error> {
    let place = tempfile::tempdir().unwrap();
    let school = concat!(env!("CARGO_MANIFEST_DIR"), "/worlds/school.toml");
    let first = Sandbox::builder().seed_file(school)?.keep(place.path());
    first.start().await?.close().await?;
    let sandbox = start(place.path()).await?;
    sandbox.reset();
    assert!(sandbox.person_named("linus").is_ok());
    sandbox.close().await
}

#[tokio::test]
async fn what_changes_is_written_while_it_runs() -> Result<(), Error> {
    let place = tempfile::tempdir().unwrap();
    let sandbox = start(place.path()).await?;
    let world = place.path().join("world.json.zst");
    let read = || zstd::decode_all(&fs::read(&world).unwrap()[..]).unwrap();
    let has = |text: &str| {
        read()
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    let general = sandbox.channel("general")?;
    sandbox.member().send(general, "remember me").await?;
    let started = Instant::now();
    while !has("remember me") {
        assert!(started.elapsed() < Duration::from_secs(10));
        tokio::task::yield_now().await;
    }
    // Killed: nothing more is written.
    drop(sandbox);
    let sandbox = start(place.path()).await?;
    let messages = sandbox.member().messages(general).await?;
    assert_eq!(messages[0].content(), "remember me");
    sandbox.close().await
}

#[tokio::test]
async fn who_runs_it_learns_that_it_is_not_kept() -> Result<(), Error> {
    let place = tempfile::tempdir().unwrap();
    let sandbox = start(place.path()).await?;
    let in_the_way = place.path().join("world.json.zst.new");
    fs::create_dir(&in_the_way).unwrap();
    let general = sandbox.channel("general")?;
    sandbox.member().send(general, "remember me").await?;
    let fails = tokio::time::timeout(Duration::from_secs(10), sandbox.keeping_fails());
    let reason = fails.await.unwrap();
    assert!(reason.starts_with("cannot write "), "{reason}");
    let refused = sandbox.close().await.unwrap_err().to_string();
    assert_eq!(refused, reason);
    Ok(())
}

#[tokio::test]
async fn a_world_of_the_first_version_can_still_be_read() -> Result<(), Error> {
    let place = tempfile::tempdir().unwrap();
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kept-1");
    fs::create_dir(place.path().join("files")).unwrap();
    fs::copy(
        stored.join("world.json.zst"),
        place.path().join("world.json.zst"),
    )
    .unwrap();
    for file in fs::read_dir(stored.join("files")).unwrap() {
        let file = file.unwrap();
        fs::copy(
            file.path(),
            place.path().join("files").join(file.file_name()),
        )
        .unwrap();
    }
    let sandbox = start(place.path()).await?;
    assert!(sandbox.goes_on());
    let support = sandbox.channel("support")?;
    let (inbox, tickets) = sandbox.look(|look| {
        let inbox = look.messages(support).find(|m| !m.components.is_empty());
        let inbox = inbox.map(|message| message.embeds.len());
        (inbox, look.threads_of(support).len())
    });
    assert_eq!((inbox, tickets), (Some(1), 1));
    sandbox.close().await
}
