//! A process, and what the system accounts to it.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Result;

/// A process that ends when this is dropped.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    pub(crate) fn of(child: Child, log: PathBuf) -> Self {
        Self { child, log }
    }

    /// Processor time so far, in milliseconds.
    pub(crate) fn cpu_ms(&self) -> Result<f64> {
        // The times of all threads, those that have ended too, but in whole ticks only.
        let stat = self.read("stat")?;
        let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let field = |at: usize| after_name.split_whitespace().nth(at)?.parse::<f64>().ok();
        let ticks = field(11).zip(field(12)).map(|(user, system)| user + system);
        let ticks = ticks.ok_or("/proc/…/stat cannot be read")?;
        // The times of the living threads, in nanoseconds, where the system keeps them.
        let nanoseconds: f64 = self
            .each_thread("schedstat")
            .iter()
            .filter_map(|stat| stat.split_whitespace().next()?.parse::<f64>().ok())
            .sum();
        Ok((ticks * MS_PER_TICK).max(nanoseconds / 1e6))
    }

    /// Resident memory now, in kB.
    pub(crate) fn resident_kb(&self) -> Result<f64> {
        self.status("VmRSS")
    }

    /// The most resident memory that it ever had, in kB.
    pub(crate) fn peak_kb(&self) -> Result<f64> {
        self.status("VmHWM")
    }

    /// How often its threads have gone to sleep, and so were woken, all together.
    pub(crate) fn sleeps(&self) -> f64 {
        self.each_thread("status")
            .iter()
            .filter_map(|status| number(status, "voluntary_ctxt_switches"))
            .sum()
    }

    /// Waits until it does nothing for a while.
    pub(crate) fn wait_until_quiet(&mut self) -> Result<()> {
        let until = Instant::now() + TIMEOUT;
        let (mut used, mut since) = (self.cpu_ms()?, Instant::now());
        while since.elapsed() < QUIET {
            sleep(Duration::from_millis(50));
            self.check()?;
            let now = self.cpu_ms()?;
            if now - used > NOISE_MS {
                (used, since) = (now, Instant::now());
            }
            if Instant::now() > until {
                return Err("the bot does not become idle".to_owned());
            }
        }
        Ok(())
    }

    /// An error with the last of what it wrote, if it has ended.
    pub(crate) fn check(&mut self) -> Result<()> {
        let Ok(Some(status)) = self.child.try_wait() else {
            return Ok(());
        };
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let mut last: Vec<_> = log.lines().rev().take(8).collect();
        last.reverse();
        Err(format!(
            "the bot has ended ({status}):\n{}",
            last.join("\n")
        ))
    }

    /// Ends it as a service manager would.
    pub(crate) fn stop(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status();
        sent.map_err(|error| format!("kill: {error}"))?;
        let until = Instant::now() + TIMEOUT;
        while Instant::now() < until {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return Ok(());
            }
            sleep(Duration::from_millis(10));
        }
        Err("the bot does not stop".to_owned())
    }

    fn status(&self, name: &str) -> Result<f64> {
        number(&self.read("status")?, name).ok_or_else(|| format!("no {name} in /proc/…/status"))
    }

    fn read(&self, name: &str) -> Result<String> {
        let path = format!("/proc/{}/{name}", self.child.id());
        fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))
    }

    fn each_thread(&self, name: &str) -> Vec<String> {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id()));
        let threads = threads.into_iter().flatten().flatten();
        threads
            .filter_map(|thread| fs::read_to_string(thread.path().join(name)).ok())
            .collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Linux counts processor time for programs in hundredths of a second.
const MS_PER_TICK: f64 = 10.0;

/// How long anything may take here.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A bot that does nothing for so long has done what there was to do.
const QUIET: Duration = Duration::from_millis(1500);

/// Less than this is no work: a heartbeat, or a timer.
const NOISE_MS: f64 = 2.0;

fn number(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let value = line.strip_prefix(':')?.split_whitespace().next()?;
    value.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_by_its_whole_name() {
        let status = "VmHWM:\t  7804 kB\nVmRSS:\t  7800 kB\nvoluntary_ctxt_switches:\t42\n\
                      nonvoluntary_ctxt_switches:\t7\n";
        assert_eq!(number(status, "VmRSS"), Some(7800.0));
        assert_eq!(number(status, "voluntary_ctxt_switches"), Some(42.0));
        assert_eq!(number(status, "Vm"), None);
    }
}
