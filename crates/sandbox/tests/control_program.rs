//! The program itself: what it prints, how it stops, and what it says when it cannot start.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn sandbox(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sandbox"));
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn fails(arguments: &[&str]) -> Output {
    let output = sandbox(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    assert_eq!(output.stdout, b"", "{arguments:?}");
    output
}

/// The one line that it complains with.
fn complaint(arguments: &[&str]) -> String {
    let text = String::from_utf8(fails(arguments).stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    text.trim_end().to_owned()
}

#[test]
#[cfg(unix)]
fn it_says_where_it_is_and_stops_when_told() {
    for signal in ["-TERM", "-INT"] {
        let mut running = sandbox(&["--listen", "127.0.0.1:0", "--token", "a.b.c"])
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(running.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        assert!(
            said["url"]
                .as_str()
                .unwrap()
                .starts_with("http://127.0.0.1:"),
            "{said}"
        );
        assert!(
            said["gateway"]
                .as_str()
                .unwrap()
                .starts_with("ws://127.0.0.1:"),
            "{said}"
        );
        assert_eq!(said["token"], "a.b.c");
        assert_eq!(said["members"].as_array().unwrap().len(), 2);
        for id in ["application_id", "guild_id", "owner", "moderator"] {
            assert!(
                said[id].as_str().unwrap().parse::<u64>().is_ok(),
                "{id}: {said}"
            );
        }
        let address = said["url"]
            .as_str()
            .unwrap()
            .strip_prefix("http://")
            .unwrap();
        let complaint = complaint(&["--listen", address]);
        assert!(
            complaint.contains(address) && complaint.contains("in use; choose another"),
            "{complaint}"
        );

        let kill = Command::new("kill")
            .args([signal, &running.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        assert_eq!(running.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn it_says_each_problem_once() {
    let mut running = sandbox(&[]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(running.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let host = said["url"]
        .as_str()
        .unwrap()
        .strip_prefix("http://")
        .unwrap();
    for path in ["lobbies/1", "lobbies/2", "sticker-packs/1"] {
        let mut stream = TcpStream::connect(host).unwrap();
        let request =
            format!("GET /api/v10/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    let mut lines = BufReader::new(running.stderr.take().unwrap()).lines();
    let mut next = || lines.next().unwrap().unwrap();
    let imitate = "The sandbox does not imitate the call GET";
    assert_eq!(
        next(),
        format!("problem: GET /lobbies/1: {imitate} /lobbies/{{lobby}}")
    );
    assert_eq!(
        next(),
        format!("problem: GET /sticker-packs/1: {imitate} /sticker-packs/{{pack}}")
    );
    running.kill().unwrap();
    running.wait().unwrap();
}

#[test]
fn it_begins_with_the_world_of_a_seed_file() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/worlds/school.toml");
    let mut running = sandbox(&["--seed", file, "--token", "a.b.c"])
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(running.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    running.kill().unwrap();
    running.wait().unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(said["application_id"], "1300000000000000001");
    assert_eq!(said["guild_id"], "1300000000000000002");
    assert_eq!(said["token"], "a.b.c", "options go before the file");
    assert_eq!(said["members"].as_array().unwrap().len(), 1);
}

#[test]
#[cfg(unix)]
fn it_goes_on_with_a_world_that_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let keep = ["--keep", folder.path().to_str().unwrap()];
    let school = concat!(env!("CARGO_MANIFEST_DIR"), "/worlds/school.toml");
    for (more, warns) in [
        (&["--seed", school][..], false),
        (&[], false),
        (&["--token", "another"], true),
    ] {
        let mut running = sandbox(&[&keep[..], more].concat()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(running.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(said["application_id"], "1300000000000000001");
        assert_eq!(said["token"], "school.test.token");
        assert!(complaint(&keep).contains("is in use"));
        let kill = Command::new("kill").arg(running.id().to_string()).status();
        assert!(kill.unwrap().success());
        let ended = running.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(0));
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(
            said.contains("warning: continuing with the kept world"),
            warns
        );
    }
}

#[test]
#[cfg(unix)]
fn it_writes_down_what_happens() {
    let file = std::env::temp_dir().join(format!("sandbox-{}.jsonl", std::process::id()));
    let name = file.to_str().unwrap();
    let mut running = sandbox(&["--record", name, "--token", "a.b.c"])
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(running.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let address = said["url"].as_str().unwrap().replace("http://", "");
    for path in ["/users/@me", "/users/1"] {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(
            stream,
            "GET /api/v10{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bot a.b.c\r\n\
             Connection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    }
    let kill = Command::new("kill").arg(running.id().to_string()).status();
    assert!(kill.unwrap().success());
    assert_eq!(running.wait().unwrap().code(), Some(0));

    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let calls: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|entry| entry["kind"] == "call")
        .collect();
    let told: Vec<_> = calls
        .iter()
        .map(|call| (&call["path"], &call["status"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("/users/@me"), &json!(200)),
            (&json!("/users/1"), &json!(404))
        ]
    );
    assert!(!text.contains("a.b.c"), "{text}");
}

#[test]
#[cfg(unix)]
fn a_record_that_is_replayed_is_not_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let step = json!({"kind": "control", "method": "POST", "path": "/clock",
        "request": {"advance_ms": 1}});
    std::fs::write(path("a.jsonl"), step.to_string()).unwrap();
    std::os::unix::fs::symlink(path("a.jsonl"), path("symlink")).unwrap();
    std::fs::hard_link(path("a.jsonl"), path("link")).unwrap();
    let around = format!("{}/../{}", place.path().display(), {
        let name = place.path().file_name().unwrap();
        format!("{}/a.jsonl", name.display())
    });
    for same in [path("a.jsonl"), path("symlink"), path("link"), around] {
        let complaint = complaint(&["--replay", &path("a.jsonl"), "--record", &same]);
        let expected = format!("error: --record {same} is the file of --replay");
        assert!(complaint.starts_with(&expected), "{complaint}");
        let kept = std::fs::read_to_string(path("a.jsonl")).unwrap();
        assert_eq!(kept, step.to_string());
    }
}

#[test]
fn what_cannot_be_is_said_in_one_line() {
    for (arguments, expected) in [
        (
            &["--seed", concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")][..],
            "lib.rs, line 1: ",
        ),
        (
            &["--seed", "/nowhere.toml"],
            "/nowhere.toml: there is no such file",
        ),
        (&["--listen", "nonsense"], "\"nonsense\" is not an address"),
        (&["--listen", "127.0.0.1"], "such as 127.0.0.1:8080"),
        (&["--listen", "0.0.0.0:0"], "add --expose"),
        (&["--without-intent", "guilds"], "not a privileged intent"),
        (
            &["--record", "/nowhere/to/be/found"],
            "--record /nowhere/to/be/found: ",
        ),
        (&["--token", ""], "--token is empty"),
    ] {
        let complaint = complaint(arguments);
        assert!(
            complaint.starts_with("error: ") && complaint.contains(expected),
            "{complaint}"
        );
    }
}
