//! The search among the threads of a channel, and among the posts of a forum.

use std::collections::BTreeSet;

use super::World;
use super::model::{Message, Place, Thread};
use crate::error::ApiError;
use crate::id::{ChannelId, TagId, Timestamp, UserId};
use crate::permissions::Permissions;

/// Which threads, and in which order.
#[derive(Clone, Debug)]
pub struct ThreadSearch {
    /// Words that the name must contain, in this order.
    pub name: Option<String>,
    /// How many other words may stand between them.
    pub slop: usize,
    pub after: Option<ChannelId>,
    pub before: Option<ChannelId>,
    pub tags: BTreeSet<TagId>,
    /// Whether a post needs all of the tags rather than one.
    pub all_tags: bool,
    /// Only archived ones, or only active ones.
    pub archived: Option<bool>,
    pub order: ThreadOrder,
    pub ascending: bool,
    pub offset: usize,
    pub limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThreadOrder {
    Relevance,
    CreationTime,
    LastMessageTime,
    ArchiveTime,
}

/// A page of what was found.
#[derive(Debug)]
pub struct FoundThreads<'a> {
    pub threads: Vec<&'a Thread>,
    /// The first message of each thread that has one.
    pub first_messages: Vec<&'a Message>,
    pub total: usize,
    pub has_more: bool,
}

impl World {
    /// The threads under a channel that `actor` can see and that the search describes.
    pub fn search_threads(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        search: &ThreadSearch,
    ) -> Result<FoundThreads<'_>, ApiError> {
        let (place, _) = self.allowed(now, actor, channel, Permissions::READ_MESSAGE_HISTORY)?;
        let Place::Channel(parent) = place else {
            return Err(ApiError::WrongChannelType);
        };
        let under = parent.threads.iter().filter_map(|id| self.threads.get(id));
        let seen = under.filter(|thread| self.can_view(now, Place::Thread(thread, parent), actor));
        let mut found: Vec<(usize, &Thread)> = seen
            .filter_map(|thread| Some((search.matches(thread)?, thread)))
            .collect();
        found.sort_by_key(|(skipped, thread)| search.order.key(*skipped, thread));
        if !search.ascending {
            found.reverse();
        }
        let total = found.len();
        let page = found.into_iter().map(|(_, thread)| thread);
        let threads: Vec<_> = page.skip(search.offset).take(search.limit).collect();
        let first = threads
            .iter()
            .filter_map(|thread| self.messages(thread.id).next());
        Ok(FoundThreads {
            first_messages: first.collect(),
            has_more: search.offset + threads.len() < total,
            total,
            threads,
        })
    }
}

impl ThreadSearch {
    /// How many words of the name were skipped, if the thread matches.
    fn matches(&self, thread: &Thread) -> Option<usize> {
        let carries = |tag: &TagId| thread.post.as_ref().is_some_and(|p| p.tags.contains(tag));
        let tagged = if self.all_tags {
            self.tags.iter().all(carries)
        } else {
            self.tags.is_empty() || self.tags.iter().any(carries)
        };
        let fits = tagged
            && self
                .archived
                .is_none_or(|archived| thread.archived == archived)
            && self.after.is_none_or(|after| thread.id > after)
            && self.before.is_none_or(|before| thread.id < before);
        if !fits {
            return None;
        }
        match &self.name {
            Some(wanted) => {
                skipped(&words(wanted), &words(&thread.name)).filter(|n| *n <= self.slop)
            }
            None => Some(0),
        }
    }
}

impl ThreadOrder {
    fn key(self, skipped: usize, thread: &Thread) -> (i64, ChannelId) {
        // Ids are sorted by time, also within a millisecond.
        let last = thread.last_message.map_or(thread.id.0, |message| message.0);
        let first = match self {
            Self::Relevance => -i64::try_from(skipped).unwrap_or(i64::MAX),
            Self::CreationTime => thread.created.0,
            Self::LastMessageTime => i64::try_from(last).unwrap_or(i64::MAX),
            Self::ArchiveTime => thread.archive_changed.0,
        };
        (first, thread.id)
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The fewest words of a name between the wanted ones; `None` if one of these is missing. The last wanted
/// word can be the beginning of a word, as while somebody types.
fn skipped(wanted: &[String], name: &[String]) -> Option<usize> {
    let (last, whole) = wanted.split_last()?;
    let fewest = |from: usize| {
        let mut at = from;
        for (index, word) in wanted.iter().enumerate() {
            let is_last = index == whole.len();
            let fits = |found: &String| found == word || is_last && found.starts_with(last);
            at += name.get(at..)?.iter().position(fits)? + 1;
        }
        Some(at - from - wanted.len())
    };
    (0..name.len()).filter_map(fewest).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_name_in_their_order() {
        let skips = |wanted: &str, name: &str| skipped(&words(wanted), &words(name));
        assert_eq!(skips("exit", "Where is the exit?"), Some(0));
        assert_eq!(skips("WHERE exit", "Where is the exit?"), Some(2));
        assert_eq!(skips("where ex", "Where is the exit?"), Some(2));
        assert_eq!(skips("exit where", "Where is the exit?"), None);
        assert_eq!(skips("is exi t", "Where is the exit?"), None);
        assert_eq!(skips("a b", "a x x a b"), Some(0));
        assert_eq!(skips("?", "anything"), None);
    }
}
