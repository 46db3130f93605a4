//! A handful of plays with fixed seeds, for every run of the tests; `SOAK_SEED=7` plays another one,
//! and `SOAK_STEPS=100` only its beginning.

use std::time::Duration;

use harness::How;
use soak::play::{Failure, Options, Play};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_promise_holds_whatever_happens() -> Result<(), Failure> {
    let number = |name| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse().ok())
    };
    let steps = number("SOAK_STEPS").unwrap_or(100);
    let seeds = number("SOAK_SEED").map_or_else(|| vec![1, 2, 3, 4], |seed| vec![seed]);
    let plays = seeds
        .into_iter()
        .map(|seed| tokio::spawn(played(seed, steps)));
    for play in plays.collect::<Vec<_>>() {
        play.await.expect("a play does not panic")?;
    }
    Ok(())
}

async fn played(seed: u64, steps: u64) -> Result<(), Failure> {
    let mut play = Play::begin(Options {
        seed,
        how: How::Inside,
        people: 10,
        faults: true,
        storm_every: 2,
        segment: (20, 80),
        keep: 40,
        timeout: Duration::from_secs(20),
        goes_on: false,
        oracle: true,
    })
    .await?;
    while play.memory.step < steps {
        play.segment(steps - play.memory.step).await?;
    }
    let counts = play.finish().await?;
    print(&format!("seed {seed}: {counts:?}"));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "how much was tried is the result")]
fn print(text: &str) {
    println!("{text}");
}
