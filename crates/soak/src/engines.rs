//! Compares SQLite, PostgreSQL near and far, and one of several processes on PostgreSQL, with one bot after
//! the other: how long a member waits from the click to the link, and how much memory the process needs.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use discord_sandbox::{Limits, Sandbox};
use harness::{BUTTON, Bot, Home, How, linked_channel, postgres};
use tokio::time::Instant;

use crate::measure::Usage;
use crate::play::admin;

/// Runs all measurements. Each gives a row of a table.
pub async fn run(
    program: &Path,
    clicks: u32,
    mut say: impl FnMut(&str),
) -> Result<(), harness::Error> {
    let server = postgres::start().ok_or("PostgreSQL is not installed")?;
    say(
        "| database | click to the link, ms: median | 95 of 100 | most | memory, kB |\n|---|--:|--:|--:|--:|",
    );
    let far = |schema: &str, round_trip| -> io::Result<String> {
        let port = distant(server.port(), round_trip)?;
        let url = format!("postgres://bot@127.0.0.1:{port}/postgres?schema={schema}");
        Ok(format!("[db]\nurl = {url:?}\n"))
    };
    let engines = [
        ("SQLite", String::new()),
        ("PostgreSQL", format!("[db]\nurl = {:?}\n", server.url())),
        (
            "PostgreSQL, one of several processes",
            format!(
                "[db]\nurl = {:?}\n[gateway]\ncluster = true\n",
                server.url()
            ),
        ),
        ("PostgreSQL, 1 ms away", far("one", 1)?),
        ("PostgreSQL, 5 ms away", far("five", 5)?),
    ];
    for (name, config) in engines {
        let (mut times, memory) = measure(program, &config, clicks).await?;
        times.sort();
        let at = |of_100: usize| {
            let time = times.get((times.len() * of_100 / 100).min(times.len().saturating_sub(1)));
            time.copied().unwrap_or_default().as_secs_f64() * 1000.0
        };
        say(&format!(
            "| {name} | {:.1} | {:.1} | {:.1} | {memory} |",
            at(50),
            at(95),
            at(100)
        ));
    }
    Ok(())
}

/// A local port that forwards to PostgreSQL and adds this many milliseconds to each round trip.
fn distant(server: u16, round_trip: u64) -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    let half = Duration::from_micros(round_trip * 500);
    // Threads instead of tasks, because tokio's timers are not precise enough.
    thread::spawn(move || {
        for client in listener.incoming() {
            let Ok((client, server)) =
                client.and_then(|it| Ok((it, TcpStream::connect((Ipv4Addr::LOCALHOST, server))?)))
            else {
                continue;
            };
            if let (Ok(to_client), Ok(to_server)) = (client.try_clone(), server.try_clone()) {
                pass_later(client, to_server, half);
                pass_later(server, to_client, half);
            }
        }
    });
    Ok(port)
}

fn pass_later(mut from: TcpStream, mut to: TcpStream, delay: Duration) {
    let (queue, due) = mpsc::channel::<(std::time::Instant, Vec<u8>)>();
    // Without Nagle's algorithm, which would delay small packets.
    let _ = to.set_nodelay(true);
    thread::spawn(move || {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let at = std::time::Instant::now() + delay;
            if queue.send((at, buffer[..count].to_vec())).is_err() {
                break;
            }
        }
    });
    thread::spawn(move || {
        for (at, bytes) in due {
            thread::sleep(at.saturating_duration_since(std::time::Instant::now()));
            if to.write_all(&bytes).is_err() {
                return;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
}

/// Lets this many members click one after the other. Returns their waiting times, and the memory afterwards.
async fn measure(
    program: &Path,
    config: &str,
    clicks: u32,
) -> Result<(Vec<Duration>, u64), harness::Error> {
    let sandbox = Sandbox::builder().limits(Limits::Off).start().await?;
    let home = Home::on(&sandbox)?;
    if !config.is_empty() {
        let (token, url) = (sandbox.token(), sandbox.url());
        home.write_config(&format!(
            "[bot]\ntoken = {token:?}\napi_url = {url:?}\n{config}"
        ))?;
    }
    let mut bot = Bot::new(How::Program(program.to_owned()), home);
    bot.start().await?;
    while sandbox.wait_for_bot().await.is_err() {}
    let support = sandbox.defaults().support;
    admin::create_inbox(&sandbox.owner(), support, None).await?;
    let bot_id = sandbox.bot_id();
    let message = sandbox.look(|look| {
        let mut own = look
            .messages(support)
            .filter(|it| it.user() == Some(bot_id));
        own.find(|it| it.ephemeral_to.is_none() && !it.components.is_empty())
            .map(|it| it.id)
    });
    let message = message.ok_or("there is no inbox")?;
    let mut times = Vec::new();
    for person in sandbox.crowd("member", clicks)? {
        let began = Instant::now();
        let click = person.start_click(support, message, BUTTON).await?;
        loop {
            let mark = sandbox.mark();
            let answer = person.answer_to(click).await?;
            if answer.content().is_ok_and(|it| linked_channel(it).is_ok()) {
                break;
            }
            sandbox.next_entries(mark).await;
        }
        times.push(began.elapsed());
    }
    let pid = bot.program().map(harness::bot::Program::pid);
    let usage = pid.and_then(Usage::of);
    bot.stop().await?;
    Ok((times, usage.map_or(0, |usage| usage.memory)))
}
