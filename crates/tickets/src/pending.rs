//! What a selection will mean: commands that need a message remember here what it is for.
//!
//! Data, not closures, so that it can be inspected, compared and tested.

use std::collections::HashMap;

use crate::{ChannelId, GuildId, InboxId, Timestamp, UserId};

/// How long a command waits for its message, in milliseconds.
pub const EXPIRES_AFTER: i64 = 10 * 60 * 1000;

/// When a command that asks now stops waiting, in seconds since the Unix epoch.
pub fn waits_until(now: Timestamp) -> i64 {
    now.plus(EXPIRES_AFTER).unix_seconds()
}

/// How long the bot remembers an expired command, so that it can say why a selection is refused.
const FORGOTTEN_AFTER: i64 = 60 * 60 * 1000;

/// How long an opened menu or form may be used, in milliseconds, by members whose permission the bot cannot
/// check again.
pub const OPEN_FOR: i64 = 15 * 60 * 1000;

/// What the selected message is wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pending {
    /// The message will be copied.
    Content(Target),
    /// The message is an inbox, to which something is to be done.
    Inbox(Task),
}

/// Where the copied message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    NewInbox {
        channel: ChannelId,
        destination: Option<ChannelId>,
        /// What the inbox will be called; `None` for its channel's name.
        name: Option<String>,
        /// The removed inbox that is posted again.
        again: Option<InboxId>,
    },
    Replace {
        inbox: InboxId,
    },
}

/// What is to be done to an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Destination(ChannelId),
    Message,
    Staff,
    Starter,
    Name,
}

/// The selections that the bot waits for: one for each member in each server. With `P`, the shell finds the
/// prompt again and deletes it.
#[derive(Debug)]
pub struct Selections<P> {
    waiting: HashMap<(GuildId, UserId), Waiting<P>>,
    /// When the bot last showed a member a menu or modal of an inbox.
    opened: HashMap<(GuildId, UserId, InboxId), Timestamp>,
}

#[derive(Debug)]
struct Waiting<P> {
    pending: Pending,
    prompt: P,
    since: Timestamp,
}

/// What is waited for when a message is selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waited {
    Nothing,
    Expired,
    For(Pending),
}

impl<P> Default for Selections<P> {
    fn default() -> Self {
        Self {
            waiting: HashMap::new(),
            opened: HashMap::new(),
        }
    }
}

impl<P> Selections<P> {
    /// Waits for a selection. A new command replaces the last one, whose prompt is returned.
    pub fn ask(
        &mut self,
        guild: GuildId,
        user: UserId,
        pending: Pending,
        prompt: P,
        now: Timestamp,
    ) -> Option<P> {
        self.waiting
            .retain(|_, waiting| now.since(waiting.since) < FORGOTTEN_AFTER);
        self.waiting
            .insert(
                (guild, user),
                Waiting {
                    pending,
                    prompt,
                    since: now,
                },
            )
            .map(|old| old.prompt)
    }

    /// What this member's selection is for.
    pub fn waited(&self, guild: GuildId, user: UserId, now: Timestamp) -> Waited {
        match self.waiting.get(&(guild, user)) {
            None => Waited::Nothing,
            Some(waiting) if now.since(waiting.since) >= EXPIRES_AFTER => Waited::Expired,
            Some(waiting) => Waited::For(waiting.pending.clone()),
        }
    }

    /// Restarts the time after a refusal.
    pub fn renew(&mut self, guild: GuildId, user: UserId, now: Timestamp) {
        if let Some(waiting) = self.waiting.get_mut(&(guild, user)) {
            waiting.since = now;
        }
    }

    /// Records that this member is shown a menu or modal of this inbox now. Using it does not renew its time.
    pub fn open(&mut self, guild: GuildId, user: UserId, inbox: InboxId, now: Timestamp) {
        self.opened.retain(|_, since| now.since(*since) < OPEN_FOR);
        self.opened.insert((guild, user, inbox), now);
    }

    /// Whether this member was recently shown a menu or modal of this inbox.
    pub fn has_opened(&self, guild: GuildId, user: UserId, inbox: InboxId, now: Timestamp) -> bool {
        let since = self.opened.get(&(guild, user, inbox));
        since.is_some_and(|since| now.since(*since) < OPEN_FOR)
    }

    /// Stops waiting, and returns the prompt, which is no longer needed.
    pub fn complete(&mut self, guild: GuildId, user: UserId) -> Option<P> {
        self.waiting
            .remove(&(guild, user))
            .map(|waiting| waiting.prompt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUILD: GuildId = GuildId(1);
    const MIA: UserId = UserId(2);
    const NOAH: UserId = UserId(3);
    const STAFF: Pending = Pending::Inbox(Task::Staff);
    const NAME: Pending = Pending::Inbox(Task::Name);

    #[test]
    fn what_was_opened_may_be_used_for_a_while() {
        let mut selections = Selections::<()>::default();
        let inbox = InboxId(40);
        selections.open(GUILD, MIA, inbox, Timestamp(0));
        let has = |guild, user, inbox, at| selections.has_opened(guild, user, inbox, Timestamp(at));
        assert!(has(GUILD, MIA, inbox, OPEN_FOR - 1));
        assert!(!has(GUILD, MIA, inbox, OPEN_FOR));
        assert!(!has(GUILD, MIA, InboxId(41), 1), "another inbox");
        assert!(!has(GUILD, NOAH, inbox, 1));
        assert!(!has(GuildId(9), MIA, inbox, 1));
    }

    #[test]
    fn belongs_to_one_member_of_one_server() {
        let mut selections = Selections::default();
        selections.ask(GUILD, MIA, STAFF, "prompt", Timestamp(0));
        assert_eq!(
            selections.waited(GUILD, MIA, Timestamp(1)),
            Waited::For(STAFF)
        );
        assert_eq!(
            selections.waited(GUILD, NOAH, Timestamp(1)),
            Waited::Nothing
        );
        assert_eq!(
            selections.waited(GuildId(9), MIA, Timestamp(1)),
            Waited::Nothing
        );
    }

    #[test]
    fn the_newest_wins() {
        let mut selections = Selections::default();
        assert_eq!(
            selections.ask(GUILD, MIA, STAFF, "first", Timestamp(0)),
            None
        );
        assert_eq!(
            selections.ask(GUILD, MIA, NAME, "second", Timestamp(1)),
            Some("first")
        );
        assert_eq!(
            selections.waited(GUILD, MIA, Timestamp(1)),
            Waited::For(NAME)
        );
        assert_eq!(selections.complete(GUILD, MIA), Some("second"));
        assert_eq!(selections.complete(GUILD, MIA), None);
        assert_eq!(selections.waited(GUILD, MIA, Timestamp(1)), Waited::Nothing);
    }

    #[test]
    fn expires_after_ten_minutes_unless_renewed() {
        let mut selections = Selections::default();
        selections.ask(GUILD, MIA, STAFF, (), Timestamp(0));
        assert_eq!(
            selections.waited(GUILD, MIA, Timestamp(599_999)),
            Waited::For(STAFF)
        );
        assert_eq!(
            selections.waited(GUILD, MIA, Timestamp(600_000)),
            Waited::Expired
        );
        selections.renew(GUILD, MIA, Timestamp(599_999));
        assert_eq!(
            selections.waited(GUILD, MIA, Timestamp(1_199_998)),
            Waited::For(STAFF)
        );
        assert_eq!(
            selections.waited(GUILD, MIA, Timestamp(1_199_999)),
            Waited::Expired
        );
    }

    #[test]
    fn what_expired_is_remembered_for_an_hour_only() {
        let mut selections = Selections::default();
        selections.ask(GUILD, MIA, STAFF, (), Timestamp(0));
        selections.ask(GUILD, NOAH, STAFF, (), Timestamp(FORGOTTEN_AFTER - 1));
        assert_eq!(
            selections.waited(GUILD, MIA, Timestamp(FORGOTTEN_AFTER)),
            Waited::Expired
        );
        selections.ask(GUILD, NOAH, STAFF, (), Timestamp(FORGOTTEN_AFTER));
        assert_eq!(
            selections.waited(GUILD, MIA, Timestamp(FORGOTTEN_AFTER)),
            Waited::Nothing
        );
    }
}
