//! The demo as hosts run it: a separate process, whose world survives a stop and a crash.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// More than any step here takes.
const TIME_LIMIT: Duration = Duration::from_secs(10);

fn program(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_theticketbot"));
    command
        .arg("demo")
        .args(args)
        .current_dir(home)
        .env_clear()
        // Without this, the demo would find the system's own programs, including one that opens a browser.
        .env("PATH", home)
        .env("HOME", home)
        .env("TMPDIR", home)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A running demo.
struct Demo {
    child: Child,
    address: String,
}

impl Demo {
    /// Starts it, and waits until the bot is connected with its commands registered.
    fn start(home: &Path, args: &[&str]) -> Self {
        let mut child = program(home, args).spawn().unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let Some((_, address)) = line.trim().split_once("http://") else {
            let _ = child.kill();
            panic!("{line:?} {:?}", child.wait_with_output());
        };
        let demo = Self {
            address: address.to_owned(),
            child,
        };
        demo.wait_for(|entry| entry["kind"] == "event" && entry["name"] == "GUILD_CREATE");
        demo
    }

    /// Reads the sandbox's record until this has happened.
    fn wait_for(&self, happened: impl Fn(&Value) -> bool) {
        let stream = self.request("GET", "/record/events", &Value::Null);
        let found = BufReader::new(stream).lines().any(|line| {
            let line = line.unwrap();
            let entry = line.strip_prefix("data:").map(serde_json::from_str);
            entry.is_some_and(|entry| happened(&entry.unwrap()))
        });
        assert!(found);
    }

    fn request(&self, method: &str, path: &str, body: &Value) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let (host, body) = (&self.address, body.to_string());
        write!(
            stream,
            "{method} /control{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Last-Event-ID: 0\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        stream
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut answer = String::new();
        let mut stream = self.request(method, path, body);
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 20"), "{method} {path}: {answer}");
        serde_json::from_str(body).unwrap_or_default()
    }

    fn get(&self, path: &str) -> Value {
        self.call("GET", path, &Value::Null)
    }

    /// A person does something that the bot responds to. Returns the response's text.
    fn asks(&self, person: &str, what: &str, body: &Value) -> String {
        let asked = self.call("POST", &format!("/people/{person}/{what}"), body);
        let id = asked["id"].as_str().unwrap();
        let answer = self.get(&format!("/people/{person}/interactions/{id}?wait=true"));
        answer["message"]["content"].as_str().unwrap().to_owned()
    }

    /// The server, and its channel with this name.
    fn channel(&self, name: &str) -> (Value, Value) {
        let guild = self.get("/people/owner/view")["guilds"][0].take();
        let channels = guild["channels"].as_array().unwrap();
        let found = channels.iter().find(|channel| channel["name"] == name);
        let found = found.unwrap_or_else(|| panic!("#{name} in {guild}"));
        (guild["id"].clone(), found["id"].clone())
    }

    /// Olivia creates an inbox from the prepared message in `#welcome`.
    fn make_inbox(&self) {
        let (guild, welcome) = self.channel("welcome");
        let messages = self.messages(&welcome);
        let here = json!({"guild_id": guild, "channel_id": welcome});
        let with = |more: Value| {
            let mut body = here.clone();
            let more = more.as_object().unwrap().clone();
            body.as_object_mut().unwrap().extend(more);
            body
        };
        let create = json!({"name": "inbox create", "options": {"channel": welcome}});
        self.asks("owner", "commands", &with(create));
        let select =
            json!({"name": "Select this message", "type": 3, "target_id": messages[0]["id"]});
        self.asks("owner", "commands", &with(select));
    }

    fn messages(&self, channel: &Value) -> Value {
        let channel = channel.as_str().unwrap();
        self.get(&format!("/people/owner/channels/{channel}/messages"))
    }

    /// Clicks *Create Ticket*, and returns the response's text.
    fn clicks(&self, person: &str) -> String {
        let (_, welcome) = self.channel("welcome");
        let messages = self.messages(&welcome);
        let mut messages = messages.as_array().unwrap().iter();
        let inbox = messages.find(|message| !message["components"][0].is_null());
        let button = json!({
            "channel_id": welcome,
            "message_id": inbox.unwrap()["id"],
            "custom_id": "create-ticket",
        });
        self.asks(person, "components", &button)
    }

    /// The tickets that somebody is in.
    fn tickets(&self, person: &str) -> Vec<String> {
        let view = self.get(&format!("/people/{person}/view"));
        let threads = view["guilds"][0]["threads"].as_array().unwrap().clone();
        let joined = threads.iter().filter(|thread| thread["joined"] == true);
        joined
            .map(|t| t["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The ticket that a person has just opened. Discord may show the link before the invitation.
    fn ticket(&self, person: &str) -> String {
        let started = Instant::now();
        loop {
            match &self.tickets(person)[..] {
                [ticket] => return ticket.clone(),
                _ if started.elapsed() > TIME_LIMIT => panic!("{person} has no ticket"),
                _ => std::thread::yield_now(),
            }
        }
    }

    fn interrupt(self) -> Output {
        let id = self.child.id().to_string();
        let kill = Command::new("kill").args(["-INT", &id]).status();
        assert!(kill.unwrap().success());
        self.child.wait_with_output().unwrap()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The log of a demo that has ended.
fn log(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn what_is_kept_survives_a_stop_and_a_crash() {
    let home = tempfile::tempdir().unwrap();
    let args = ["--keep", "kept"];

    let demo = Demo::start(home.path(), &args);
    demo.make_inbox();
    demo.clicks("member");
    let tickets = [demo.ticket("member")];
    let ended = demo.interrupt();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(!log(&ended).contains("ERROR"), "{ended:?}");

    let demo = Demo::start(home.path(), &args);
    assert_eq!(demo.tickets("member"), tickets);
    let refused = demo.clicks("member");
    assert!(refused.contains(&format!("<#{}>", tickets[0])), "{refused}");
    assert_eq!(demo.tickets("member"), tickets);
    demo.clicks("member2");
    demo.ticket("member2");
    // The sandbox may not have saved the last click, but the bot's database has it.
    demo.kill();

    let demo = Demo::start(home.path(), &args);
    assert_eq!(demo.tickets("member"), tickets);
    // If the world has lost the last ticket, the member can open another one after the cooldown.
    demo.call("POST", "/clock", &json!({"advance_ms": 61_000}));
    demo.clicks("member2");
    demo.ticket("member2");
    let second = program(home.path(), &args).output().unwrap();
    assert_eq!(second.status.code(), Some(1), "{second:?}");
    assert!(
        log(&second).starts_with("error: kept is in use"),
        "{second:?}"
    );
    assert_eq!(demo.interrupt().status.code(), Some(0));
}

/// *Start over* on the page.
#[test]
fn after_a_reset_everything_works_as_before() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path(), &[]);
    demo.make_inbox();
    demo.clicks("member");
    demo.ticket("member");
    let (guild, _) = demo.channel("welcome");
    let offered = format!("/people/owner/commands?guild={}", guild.as_str().unwrap());
    let before = demo.get(&offered);
    demo.call("POST", "/reset", &json!({}));
    let is_reset = Cell::new(false);
    demo.wait_for(|entry| {
        let resets = entry["what"] == "the world is reset";
        is_reset.set(is_reset.get() || resets);
        is_reset.get() && entry["name"] == "GUILD_CREATE"
    });
    assert!(demo.tickets("member").is_empty());
    assert_eq!(demo.get(&offered), before);
    demo.make_inbox();
    for person in ["member2", "member"] {
        // The bot remembers when it has opened a ticket for the member.
        demo.call("POST", "/clock", &json!({"advance_ms": 61_000}));
        demo.clicks(person);
        demo.ticket(person);
    }
    let ended = demo.interrupt();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(!log(&ended).contains("ERROR"), "{ended:?}");
}

#[test]
fn it_speaks_the_language_that_it_is_told() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path(), &["--language", "de"]);
    let (guild, general) = demo.channel("allgemein");
    let view = demo.get("/people/member/view");
    assert_eq!(view["me"]["locale"], "de");
    assert_eq!(view["guilds"][0]["preferred_locale"], "de");
    let create = json!({
        "guild_id": guild,
        "channel_id": general,
        "name": "inbox create",
        "options": {"channel": general},
    });
    let answer = demo.asks("owner", "commands", &create);
    assert!(answer.starts_with("Wähle jetzt"), "{answer}");
    assert_eq!(demo.interrupt().status.code(), Some(0));
}

#[test]
fn a_browser_is_opened_only_if_that_is_asked_for() {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name);
    let programs = path("programs");
    std::fs::create_dir(&programs).unwrap();
    let browser = programs.join("xdg-open");
    std::fs::write(&browser, "#!/bin/sh\necho \"$1\" > opened\n").unwrap();
    std::fs::set_permissions(&browser, Permissions::from_mode(0o700)).unwrap();

    let mut child = program(home.path(), &["--open"])
        .env("PATH", &programs)
        .spawn()
        .unwrap();
    let started = Instant::now();
    let opened = loop {
        match std::fs::read_to_string(path("opened")) {
            Ok(line) if line.ends_with('\n') => break line,
            _ if started.elapsed() > TIME_LIMIT => panic!("nothing was opened"),
            _ => std::thread::yield_now(),
        }
    };
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    assert_eq!(said.trim(), format!("The demo is at {}", opened.trim()));
    child.kill().unwrap();
    child.wait().unwrap();

    // Without `--open`, and with it but without a browser.
    for (args, has_hint) in [(&[][..], false), (&["--open"], true)] {
        let demo = Demo::start(home.path(), args);
        let said = demo.interrupt();
        let hint = log(&said).contains("no browser could be opened");
        assert_eq!((said.status.code(), hint), (Some(0), has_hint), "{said:?}");
        assert!(!log(&said).contains("discord.com"), "{said:?}");
    }
}

#[test]
fn what_cannot_be_is_said() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("world.toml"), "gilds = []").unwrap();
    std::fs::create_dir(home.path().join("full")).unwrap();
    std::fs::write(home.path().join("full/letter.txt"), "dear").unwrap();
    for (args, expected) in [
        (
            &["--seed", "world.toml"][..],
            "world.toml, line 1: unknown field `gilds`",
        ),
        (&["--seed", "none.toml"], "none.toml: there is no such file"),
        (
            &["--keep", "full"],
            "full has files in it but no kept world",
        ),
        (
            &["--keep", "world.toml"],
            "cannot create the folder world.toml",
        ),
        (&["--language", "klingon"], "Discord has these: ar, bg"),
    ] {
        let ended = program(home.path(), args).output().unwrap();
        let said = log(&ended);
        assert!(!ended.status.success(), "{args:?}");
        assert!(
            said.starts_with("error: ") && said.contains(expected),
            "{said}"
        );
    }
}
