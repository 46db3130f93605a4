//! Closed tickets: whether their threads still exist, and are still locked.
//!
//! There are many more closed tickets than open ones, and they rarely change. So they are checked last, and
//! not one by one: the bot requests the newest ticket's thread to learn its channel, and lists that channel's
//! archived threads, a hundred with one call. It continues with the newest ticket that was not listed. If
//! nothing changed, this takes one call more than there are pages.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tickets::permission::Permission;
use tickets::{ChannelId, GuildId};
use tokio::time::Instant;

use super::{Pace, in_turn};
use crate::app::{App, Failure};
use crate::discord::code;
use crate::reconcile::Check;

/// How many tickets are requested one by one at most: a deleted channel may have had thousands. The next scan
/// continues with the rest.
const MAX_SINGLE: usize = 500;

/// A channel can have many other threads, too. At least this many pages are read, even if they contain few
/// tickets.
const MORE_PAGES: usize = 10;

/// On average, this many of the hundred threads of a page must be tickets.
const PER_PAGE: usize = 50;

/// After this many refusals within [`WINDOW`], for all servers, the rest waits for the next scan: Discord
/// bans an address after ten thousand refusals in ten minutes.
const MAX_REFUSALS: usize = 500;

/// How long a refusal counts.
const WINDOW: Duration = Duration::from_secs(10 * 60);

/// After this many failures, the rest waits for the next scan.
const MAX_FAILURES: usize = 10;

/// When Discord refused to return a closed ticket, for all servers.
#[derive(Default)]
pub(super) struct Refusals(Mutex<VecDeque<Instant>>);

impl Refusals {
    fn note(&self) {
        self.recent().push_back(Instant::now());
    }

    fn are_too_many(&self) -> bool {
        self.recent().len() >= MAX_REFUSALS
    }

    fn recent(&self) -> MutexGuard<'_, VecDeque<Instant>> {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while recent.front().is_some_and(|it| it.elapsed() >= WINDOW) {
            recent.pop_front();
        }
        recent
    }
}

/// Checks the closed tickets of a server once.
pub(super) async fn check(app: &Arc<App>, pace: &Pace, guild: GuildId) -> Result<(), Failure> {
    let closed = app.store.closed_tickets(guild).await?;
    let active = app.cache().guild(guild).map(|known| known.active());
    // Reopened tickets are checked together with the open ones.
    let active: HashSet<_> = active.into_iter().flatten().collect();
    let closed = closed.into_iter().filter(|(id, _)| !active.contains(id));
    let mut pass = Pass {
        app,
        pace,
        guild,
        unseen: closed.collect(),
        pages: 0,
        listed: HashSet::new(),
        failures: 0,
    };
    pass.pages = MORE_PAGES + pass.unseen.len() / PER_PAGE;
    for _ in 0..MAX_SINGLE {
        if pace.refusals.are_too_many() {
            break;
        }
        let Some((ticket, was_locked)) = pass.unseen.pop_last() else {
            break;
        };
        pass.see(ticket, was_locked).await?;
    }
    match pass.failures {
        0 => Ok(()),
        count => Err(Failure::Other(format!(
            "{count} closed tickets could not be checked"
        ))),
    }
}

/// One pass through a server's closed tickets.
struct Pass<'a> {
    app: &'a Arc<App>,
    pace: &'a Pace,
    guild: GuildId,
    /// The tickets that were not found yet, and whether each is known to have been locked.
    unseen: BTreeMap<ChannelId, bool>,
    /// Pages that may still be read.
    pages: usize,
    /// The channels whose threads were listed.
    listed: HashSet<ChannelId>,
    failures: usize,
}

impl Pass<'_> {
    /// Requests one ticket, and then lists all threads of its channel.
    async fn see(&mut self, ticket: ChannelId, was_locked: bool) -> Result<(), Failure> {
        self.pace.tick().await;
        match self.app.discord.thread(ticket).await {
            Ok(thread) => {
                if !thread.archived || was_locked && !thread.locked {
                    self.check(ticket).await?;
                }
                if let Some(parent) = thread.parent
                    && self.listed.insert(parent)
                {
                    self.list(parent).await?;
                }
            }
            Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => self.check(ticket).await?,
            Err(error) if error.is_forbidden() => self.pace.refusals.note(),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    async fn list(&mut self, channel: ChannelId) -> Result<(), Failure> {
        let place = self.app.cache().place(self.guild, channel);
        let sees_all = place.is_some_and(|it| it.permissions.has(Permission::ManageThreads));
        let mut from: Option<String> = None;
        while self.pages > 0 && !self.unseen.is_empty() {
            self.pages -= 1;
            self.pace.tick().await;
            let page = self
                .app
                .discord
                .archived_page(channel, !sees_all, from.as_deref())
                .await;
            let page = match page {
                // Then the tickets are requested one by one, up to a limit.
                Err(error) if error.is_forbidden() || error.is_gone() => {
                    self.pace.refusals.note();
                    return Ok(());
                }
                page => page?,
            };
            for thread in page.threads {
                let was_locked = self.unseen.remove(&thread.id);
                if was_locked == Some(true) && !thread.locked {
                    self.check(thread.id).await?;
                }
            }
            if page.next.is_none() || page.next == from {
                return Ok(());
            }
            from = page.next;
        }
        Ok(())
    }

    /// Checks a ticket whose thread has changed.
    async fn check(&mut self, ticket: ChannelId) -> Result<(), Failure> {
        match in_turn(self.app, Check::thread(self.guild, ticket)).await {
            Ok(()) => Ok(()),
            Err(failure) if failure.is_forbidden() => {
                self.pace.refusals.note();
                Ok(())
            }
            Err(failure) if self.failures + 1 >= MAX_FAILURES => Err(failure),
            Err(failure) => {
                tracing::warn!(%ticket, %failure, "a check failed");
                self.failures += 1;
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn refusals_are_limited_over_all_servers_for_ten_minutes() {
        let refusals = Refusals::default();
        for _ in 1..MAX_REFUSALS {
            refusals.note();
        }
        assert!(!refusals.are_too_many());
        tokio::time::advance(WINDOW / 2).await;
        refusals.note();
        assert!(refusals.are_too_many());
        tokio::time::advance(WINDOW / 2).await;
        assert!(!refusals.are_too_many(), "the oldest no longer count");
    }
}
