//! The memory, files and CPU time of the bot's process, read from Linux's `/proc`. Other systems have no
//! figures.

use std::fs;
use std::time::Duration;

/// The usage at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Memory that is in use, in kB.
    pub memory: u64,
    /// The part of `memory` that is not backed by the program's file or a library: heap and stacks, in kB.
    pub own: u64,
    /// The highest `memory` since the process began, in kB.
    pub peak: u64,
    pub threads: u64,
    /// Open files and connections.
    pub handles: u64,
    /// CPU time since the process began.
    pub cpu: Duration,
}

impl Usage {
    /// What a process uses now; `None` if `/proc` does not say.
    pub fn of(pid: u32) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let handles = fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count();
        Some(Self {
            memory: field(&status, "VmRSS:")?,
            own: field(&status, "RssAnon:")?,
            peak: field(&status, "VmHWM:")?,
            threads: field(&status, "Threads:")?,
            handles: handles as u64,
            cpu: ticks(&stat).map(of_ticks)?,
        })
    }
}

/// The number behind a name in `/proc/PID/status`.
fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// User and system time in `/proc/PID/stat`. The program's name before them can hold anything, but
/// ends at the last bracket.
fn ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}

#[cfg(unix)]
fn of_ticks(ticks: u64) -> Duration {
    let each = Duration::from_secs(1)
        .checked_div(u32::try_from(rustix::param::clock_ticks_per_second()).unwrap_or(100));
    each.unwrap_or_default() * u32::try_from(ticks).unwrap_or(u32::MAX)
}

#[cfg(not(unix))]
fn of_ticks(_: u64) -> Duration {
    Duration::ZERO
}

/// Measures a bot across restarts, which begin new processes.
#[derive(Debug, Default)]
pub struct Meter {
    pid: Option<u32>,
    now: Usage,
    /// The CPU time of earlier processes.
    before: Duration,
    pub highest: Usage,
    pub samples: u64,
}

impl Meter {
    /// Measures the process that is running now.
    pub fn sample(&mut self, pid: u32) {
        let Some(usage) = Usage::of(pid) else { return };
        if self.pid != Some(pid) {
            self.before += self.now.cpu;
            self.pid = Some(pid);
        }
        self.now = usage;
        self.samples += 1;
        let highest = &mut self.highest;
        highest.memory = highest.memory.max(usage.memory);
        highest.peak = highest.peak.max(usage.peak);
        highest.threads = highest.threads.max(usage.threads);
        highest.handles = highest.handles.max(usage.handles);
        highest.cpu = self.before + usage.cpu;
    }

    /// The last sample, with the CPU time of all processes.
    pub fn now(&self) -> Usage {
        Usage {
            cpu: self.before + self.now.cpu,
            ..self.now
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proc_is_read() {
        let status = "Name:\ta) b\nVmHWM:\t    9000 kB\nVmRSS:\t    8000 kB\nThreads:\t2\n";
        assert_eq!(field(status, "VmRSS:"), Some(8000));
        assert_eq!(field(status, "VmSwap:"), None);
        let stat = "12 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14";
        assert_eq!(ticks(stat), Some(11 + 12));
        assert_eq!(ticks("12"), None);
    }
}
