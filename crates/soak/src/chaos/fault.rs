//! What can happen to a process or to PostgreSQL, and how each fault ends.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use clap::ValueEnum;
use fastrand::Rng;
use harness::Result;
use harness::cluster::{Commit, Cut, Stage, skewed};
use tokio::time::{Instant, timeout};

use super::FOURTH;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Fault {
    /// SIGKILL.
    Kill,
    /// SIGSTOP for longer than the leases, then SIGCONT.
    Pause,
    /// The connections to PostgreSQL end, and new ones are refused.
    CutFromPostgres,
    /// Everything between the process and PostgreSQL is lost, but no connection ends.
    SilentPostgres,
    /// As `SilentPostgres`, beginning when a member's request is about to commit.
    SilentCommit,
    /// As `SilentPostgres`, beginning when the process is about to commit its leases.
    SilentRenewal,
    CutFromDiscord,
    CutFromGateway,
    CutFromCalls,
    /// The process's link to everything is down for a while: with `--namespaces` only.
    LinkDown,
    PostgresRestarts,
    /// A process stops and starts again, as in an upgrade.
    Replace,
    /// A fourth process joins, and one of the three leaves.
    Join,
    /// The process that joins has a clock that is wrong by hours.
    WrongClock,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kill => "SIGKILL",
            Self::Pause => "SIGSTOP beyond the lease, SIGCONT",
            Self::CutFromPostgres => "cut off from PostgreSQL",
            Self::SilentPostgres => "packets to PostgreSQL are lost",
            Self::SilentCommit => "packets are lost, a request uncommitted",
            Self::SilentRenewal => "packets are lost, a renewal uncommitted",
            Self::CutFromDiscord => "cut off from Discord",
            Self::CutFromGateway => "cut off from the gateway only",
            Self::CutFromCalls => "cut off from Discord's API only",
            Self::LinkDown => "its network link is down",
            Self::PostgresRestarts => "PostgreSQL restarts",
            Self::Replace => "rolling upgrade",
            Self::Join => "a process joins, another leaves",
            Self::WrongClock => "a process with a wrong clock joins and leaves",
        })
    }
}

impl Fault {
    /// Starts the fault, and ends it once the other processes have the shards. Returns how long it took until
    /// every shard was served again, if the process lost its shards.
    pub(super) async fn happen(
        self,
        stage: &mut Stage,
        victim: &'static str,
        rng: &mut Rng,
        folder: &Path,
    ) -> Result<Option<Duration>> {
        let began = Instant::now();
        match self {
            Self::Kill => {
                let before = stage.sandbox.held_shards().len();
                stage.process(victim).kill().await?;
                let served = stage.served_again(before).await.map(|()| began.elapsed())?;
                stage.start(victim).await?;
                return Ok(Some(served));
            }
            Self::Pause => {
                stage.signal(victim, "STOP")?;
                let served = stage.shared(2).await.map(|_| began.elapsed());
                stage.signal(victim, "CONT")?;
                return served.map(Some);
            }
            Self::CutFromPostgres => stage.way(victim).cut(),
            Self::SilentPostgres => stage.way(victim).silence(),
            Self::SilentCommit | Self::SilentRenewal => {
                let commit = match self {
                    Self::SilentCommit => Commit::OfARequest,
                    _ => Commit::OfTheLeases,
                };
                stage.way(victim).silence_at(commit);
                // If nobody clicks any more, no request commits: then begin the fault anyway.
                if timeout(Duration::from_secs(8), stage.way(victim).silent())
                    .await
                    .is_err()
                {
                    stage.way(victim).silence();
                }
            }
            Self::CutFromDiscord => stage.cut_from_discord(victim, Cut::All)?,
            Self::CutFromGateway => stage.cut_from_discord(victim, Cut::Gateway)?,
            Self::CutFromCalls => stage.cut_from_discord(victim, Cut::Calls)?,
            Self::LinkDown => {
                stage.set_link(victim, false)?;
                let served = stage.shared(2).await.map(|_| began.elapsed());
                stage.set_link(victim, true)?;
                return served.map(Some);
            }
            Self::PostgresRestarts => {
                stage.postgres.stop()?;
                tokio::time::sleep(Duration::from_millis(rng.u64(..12_000))).await;
                stage.postgres.start_again()?;
                return Ok(None);
            }
            Self::Replace => {
                let before = stage.sandbox.held_shards().len();
                stage.process(victim).stop().await?;
                let served = stage.served_again(before).await.map(|()| began.elapsed())?;
                stage.start(victim).await?;
                return Ok(Some(served));
            }
            Self::Join => {
                stage.start(FOURTH).await?;
                stage.shared(4).await?;
                stage.process(victim).stop().await?;
                stage.shared(3).await?;
                stage.start(victim).await?;
                stage.shared(4).await?;
                stage.process(FOURTH).stop().await?;
                return Ok(None);
            }
            Self::WrongClock => {
                let hours = rng.i32(1..24) * if rng.bool() { 1 } else { -1 };
                let program = skewed(folder, stage.program(), hours)?;
                // Forget the earlier process: each program with a wrong clock has a home of its own.
                stage.forget("e");
                stage.start_as("e", program).await?;
                stage.shared(4).await?;
                stage.process("e").stop().await?;
                return Ok(None);
            }
        }
        let served = stage.shared(2).await.map(|_| began.elapsed());
        stage.way(victim).open();
        stage.open_to_discord(victim)?;
        served.map(Some)
    }
}
