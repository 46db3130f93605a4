//! The search for the thread of an opening, if the response to the call that created it was lost.

use tickets::ChannelId;
use tickets::opening::step::{Claimed, Searched};

use super::steps::Run;
use crate::app::Failure;
use crate::discord::Thread;
use crate::reconcile::first_own_message;

impl Run {
    /// Searches for the thread that was created for this opening if the response to that call was lost.
    pub(super) async fn search(&self) -> Result<Searched, Failure> {
        let order = &self.opening.order;
        let active = match self.app.discord.active_threads(order.guild).await {
            Err(error) if error.is_gone() => return Ok(Searched::Nothing),
            Err(error) => {
                tracing::warn!(guild = %order.guild, %error, "cannot search for a thread; retrying later");
                return Ok(Searched::Unclear);
            }
            Ok(active) => active,
        };
        if let Some(thread) = self.claim_one_of(active).await? {
            return Ok(Searched::Found(thread));
        }
        // Discord may have archived the thread, because nobody wrote in it.
        let Some(archived) = self.archived_since().await? else {
            return Ok(Searched::Unclear);
        };
        Ok(match self.claim_one_of(archived).await? {
            Some(thread) => Searched::Found(thread),
            None => Searched::Nothing,
        })
    }

    /// The archived threads that are no older than this opening; `None` if the bot cannot find out now.
    async fn archived_since(&self) -> Result<Option<Vec<Thread>>, Failure> {
        let mut found = Vec::new();
        let mut from: Option<String> = None;
        loop {
            let page = self
                .app
                .discord
                .archived_page(self.opening.order.parent, true, from.as_deref())
                .await;
            let page = match page {
                Err(error) if error.is_gone() => return Ok(Some(found)),
                Err(error) if error.is_forbidden() => return self.without_archived(found).await,
                Err(error) if error.is_transient() => return Ok(None),
                page => page?,
            };
            // Discord lists the newest first.
            let oldest = page.threads.last();
            let is_last = oldest.is_none_or(|oldest| !self.is_newer(oldest));
            found.extend(page.threads.into_iter().filter(|it| self.is_newer(it)));
            if is_last || page.next.is_none() || page.next == from {
                return Ok(Some(found));
            }
            from = page.next;
        }
    }

    /// The archived threads if Discord does not list them: if the bot can view the channel, there are no more
    /// than those found so far.
    async fn without_archived(&self, found: Vec<Thread>) -> Result<Option<Vec<Thread>>, Failure> {
        match self
            .app
            .discord
            .see_channel(self.opening.order.parent)
            .await
        {
            Ok(()) => Ok(Some(found)),
            Err(error) if error.is_gone() => Ok(Some(found)),
            Err(error) if error.is_forbidden() || error.is_transient() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Claims the oldest of these threads that fits this opening and that no other ticket or opening has
    /// claimed.
    async fn claim_one_of(&self, threads: Vec<Thread>) -> Result<Option<ChannelId>, Failure> {
        let order = &self.opening.order;
        let me = self.app.cache().me();
        let mut found: Vec<_> = threads
            .into_iter()
            .filter(|thread| {
                let is_mine = me.is_some() && thread.creator == me;
                let is_here = thread.parent.is_none_or(|parent| parent == order.parent);
                is_mine && is_here && thread.name == order.name && self.is_newer(thread)
            })
            .map(|thread| thread.id)
            .collect();
        found.sort_unstable();
        for thread in found {
            if self.app.store.is_claimed(thread).await? || !self.is_free(thread).await? {
                continue;
            }
            // The opening that created the thread may receive its id at any moment, and must know that it is
            // contested.
            self.app.openings.found().insert(thread);
            match self.claim(thread).await? {
                Claimed::Own => return Ok(Some(thread)),
                Claimed::Taken => {}
                Claimed::Forgotten => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Whether a thread is no older than the opening.
    fn is_newer(&self, thread: &Thread) -> bool {
        // Both times come from Discord's clock; the second allows for rounding.
        thread.created_at().since(self.opening.order.begun_at) > -1000
    }

    /// Two members can have the same name, and so two threads. A thread that has a starting message belongs
    /// to the member whom it mentions, even if they have left, or to the member who is in it.
    async fn is_free(&self, thread: ChannelId) -> Result<bool, Failure> {
        let first = match first_own_message(&self.app, thread).await {
            Err(error) if error.is_forbidden() || error.is_gone() => return Ok(false),
            first => first?,
        };
        let owner = self.opening.order.owner;
        match first {
            Some(message) if !message.mentions.contains(&owner) => {
                Ok(self.app.discord.is_in_thread(thread, owner).await?)
            }
            _ => Ok(true),
        }
    }
}
