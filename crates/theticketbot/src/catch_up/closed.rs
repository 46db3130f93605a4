//! Closed tickets: whether their threads are still there, and still locked.
//!
//! There are many more of them than of others, and hardly ever does anything happen to them. So
//! they are looked at last, and not one by one: the newest one's thread tells in which channel it
//! is, and that channel's archived threads are listed, a hundred with one question. Of those that
//! are not among them the newest is next. Where nothing happened, that is one question more than
//! there are pages.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashSet};

use tickets::event::Thing;
use tickets::permission::Permission;
use tickets::{ChannelId, GuildId};

use super::{Looking, MAX_REFUSALS, PATIENCE};
use crate::context::Failure;
use crate::discord::code;

/// Tickets asked for one by one, at most: a channel that was deleted can have had thousands. The
/// rest is left for the next time.
const MAX_SINGLE: usize = 500;

/// A channel can have many other threads, too: so many pages are read even if they hold few
/// tickets.
const MORE_PAGES: usize = 10;

/// A page has a hundred threads. This is how many must be tickets, on average.
const PER_PAGE: usize = 50;

/// What is not found yet, and whether each is known to have been locked.
type Unseen = BTreeMap<ChannelId, bool>;

impl Looking {
    /// Looks once at the closed tickets of a server, after all that is urgent anywhere. Whether
    /// that was possible.
    pub(super) async fn look_at_closed(&self, guild: GuildId) -> bool {
        let Some(waiting) = Waiting::begin(self, guild) else {
            // Somebody is about to.
            return true;
        };
        let _turn = self.closed.lock().await;
        let mut urgent = self.urgent.subscribe();
        // The sender is borrowed here.
        let _ = urgent.wait_for(|looks| *looks == 0).await;
        drop(waiting);
        let looked = self.closed_tickets(guild).await;
        if let Err(failure) = &looked {
            tracing::warn!(%guild, %failure, "closed tickets cannot be looked at now");
        }
        looked.is_ok()
    }

    async fn closed_tickets(&self, guild: GuildId) -> Result<(), Failure> {
        let closed = self.context.store.closed_tickets(guild).await?;
        let active = self
            .context
            .cache()
            .guild(guild)
            .map(|known| known.active());
        // Those that are open again are looked at with the open ones.
        let active: HashSet<_> = active.into_iter().flatten().collect();
        let closed = closed.into_iter().filter(|(id, _)| !active.contains(id));
        let mut pass = Pass {
            looking: self,
            guild,
            unseen: closed.collect(),
            pages: 0,
            listed: HashSet::new(),
            refusals: 0,
            failures: 0,
        };
        pass.pages = MORE_PAGES + pass.unseen.len() / PER_PAGE;
        for _ in 0..MAX_SINGLE {
            let Some((ticket, was_locked)) = pass.unseen.pop_last() else {
                break;
            };
            pass.see(ticket, was_locked).await?;
            if pass.refusals >= MAX_REFUSALS {
                break;
            }
        }
        match pass.failures {
            0 => Ok(()),
            count => Err(Failure::Other(format!("{count} of them are left"))),
        }
    }
}

/// One pass through a server's closed tickets.
struct Pass<'a> {
    looking: &'a Looking,
    guild: GuildId,
    unseen: Unseen,
    /// Pages that may still be read.
    pages: usize,
    /// The channels whose threads were listed.
    listed: HashSet<ChannelId>,
    refusals: usize,
    failures: usize,
}

impl Pass<'_> {
    /// Asks for one ticket, and then for all that are where it is.
    async fn see(&mut self, ticket: ChannelId, was_locked: bool) -> Result<(), Failure> {
        self.looking.in_turn().await;
        match self.looking.context.discord.thread(ticket).await {
            Ok(thread) => {
                if !thread.archived || was_locked && !thread.locked {
                    self.look_at(ticket).await?;
                }
                if let Some(parent) = thread.parent
                    && self.listed.insert(parent)
                {
                    self.list(parent).await?;
                }
            }
            Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => self.look_at(ticket).await?,
            Err(error) if error.is_forbidden() => self.refusals += 1,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    async fn list(&mut self, channel: ChannelId) -> Result<(), Failure> {
        let context = &self.looking.context;
        let place = context.cache().place(self.guild, channel);
        let sees_all = place.is_some_and(|it| it.permissions.has(Permission::ManageThreads));
        let mut from: Option<String> = None;
        while self.pages > 0 && !self.unseen.is_empty() {
            self.pages -= 1;
            self.looking.in_turn().await;
            let page = context
                .discord
                .archived_page(channel, !sees_all, from.as_deref())
                .await;
            let page = match page {
                // They are asked for one by one, as far as that goes.
                Err(error) if error.is_forbidden() || error.is_gone() => {
                    self.refusals += 1;
                    return Ok(());
                }
                page => page?,
            };
            for thread in page.threads {
                let was_locked = self.unseen.remove(&thread.id);
                if was_locked == Some(true) && !thread.locked {
                    self.look_at(thread.id).await?;
                }
            }
            if page.next.is_none() || page.next == from {
                return Ok(());
            }
            from = page.next;
        }
        Ok(())
    }

    /// Something happened to this one.
    async fn look_at(&mut self, ticket: ChannelId) -> Result<(), Failure> {
        match self
            .looking
            .look_at(self.guild, Thing::Ticket(ticket))
            .await
        {
            Ok(()) => Ok(()),
            Err(failure) if failure.is_forbidden() => {
                self.refusals += 1;
                Ok(())
            }
            Err(failure) if self.failures + 1 >= PATIENCE => Err(failure),
            Err(failure) => {
                tracing::warn!(%ticket, %failure, "cannot be looked at now");
                self.failures += 1;
                Ok(())
            }
        }
    }
}

/// Known to be waiting for its turn.
struct Waiting<'a> {
    looking: &'a Looking,
    guild: GuildId,
    number: u64,
}

impl<'a> Waiting<'a> {
    /// `None` if somebody waits already.
    fn begin(looking: &'a Looking, guild: GuildId) -> Option<Self> {
        let mut looks = looking.looks();
        let number = looks.next();
        match looks.closed.entry(guild) {
            Entry::Occupied(_) => None,
            Entry::Vacant(free) => {
                free.insert(number);
                Some(Self {
                    looking,
                    guild,
                    number,
                })
            }
        }
    }
}

impl Drop for Waiting<'_> {
    /// Whose look was ended, for them somebody else may wait by now.
    fn drop(&mut self) {
        let mut looks = self.looking.looks();
        if looks.closed.get(&self.guild) == Some(&self.number) {
            looks.closed.remove(&self.guild);
        }
    }
}
