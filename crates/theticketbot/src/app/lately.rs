//! A short-lived cache of Discord's responses.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::queue::Tasks;

/// How long an answer is used: each typed letter and each change of a setting needs it.
const FRESH_FOR: Duration = Duration::from_secs(60);

/// Discord's answers of the last minute. Each question is asked once at a time.
pub struct Lately<K, V>(Mutex<HashMap<K, Asked<V>>>);

struct Asked<V> {
    at: Instant,
    /// `None` until Discord has answered.
    answer: watch::Receiver<Option<V>>,
}

impl<V> Asked<V> {
    /// Whether the answer can be used, or is still awaited.
    fn is_fresh(&self) -> bool {
        let is_awaited = self.answer.has_changed().is_ok();
        self.at.elapsed() < FRESH_FOR && (is_awaited || self.answer.borrow().is_some())
    }
}

impl<K, V> Default for Lately<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone + Send + Sync + 'static> Lately<K, V> {
    /// The answer, if it comes within this time. If it comes later, it is there for the next who asks.
    pub async fn get(
        &self,
        tasks: &Tasks,
        about: K,
        within: Duration,
        ask: impl Future<Output = Option<V>> + Send + 'static,
    ) -> Option<V> {
        let mut answer = self.ask(tasks, about, ask);
        let answer = timeout(within, answer.wait_for(Option::is_some)).await;
        answer.ok()?.ok()?.clone()
    }

    /// Drops the answer for this key, because it may be stale. That includes an answer that is still on its
    /// way.
    pub fn forget(&self, about: &K) {
        self.lock().remove(about);
    }

    fn ask(
        &self,
        tasks: &Tasks,
        about: K,
        ask: impl Future<Output = Option<V>> + Send + 'static,
    ) -> watch::Receiver<Option<V>> {
        let mut all = self.lock();
        all.retain(|_, asked| asked.is_fresh());
        if let Some(asked) = all.get(&about) {
            return asked.answer.clone();
        }
        let (answered, answer) = watch::channel(None);
        let at = Instant::now();
        let asked = answer.clone();
        all.insert(about, Asked { at, answer });
        let end = tasks.clone();
        tasks.spawn(async move {
            tokio::select! {
                answer = ask => drop(answered.send_replace(answer)),
                // The answer is only a convenience, so a shutdown does not wait for it.
                () = end.stopping() => {}
            }
        });
        asked
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Asked<V>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    const MOMENT: Duration = Duration::from_secs(1);

    fn get(
        lately: &Lately<u8, u8>,
        tasks: &Tasks,
        answer: Option<u8>,
        takes: Duration,
    ) -> impl Future<Output = Option<u8>> {
        lately.get(tasks, 1, MOMENT, async move {
            tokio::time::sleep(takes).await;
            answer
        })
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_used_for_a_minute() {
        let (lately, tasks) = (Lately::default(), Tasks::default());
        let at_once = Duration::ZERO;
        assert_eq!(get(&lately, &tasks, Some(1), at_once).await, Some(1));
        assert_eq!(get(&lately, &tasks, Some(2), at_once).await, Some(1));
        lately.forget(&1);
        assert_eq!(get(&lately, &tasks, Some(3), at_once).await, Some(3));
        tokio::time::advance(FRESH_FOR).await;
        assert_eq!(get(&lately, &tasks, Some(4), at_once).await, Some(4));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_comes_too_late_is_there_the_next_time() {
        let (lately, tasks) = (Lately::default(), Tasks::default());
        let slow = MOMENT * 3 / 2;
        assert_eq!(get(&lately, &tasks, Some(1), slow).await, None);
        // While one call runs, no other is made for the same key.
        assert_eq!(get(&lately, &tasks, Some(2), slow).await, Some(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_not_remembered() {
        let (lately, tasks) = (Lately::default(), Tasks::default());
        assert_eq!(get(&lately, &tasks, None, MOMENT / 2).await, None);
        assert_eq!(get(&lately, &tasks, Some(1), MOMENT / 2).await, Some(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_shutdown_does_not_wait() {
        let (lately, tasks) = (Lately::default(), Tasks::default());
        let none: Option<u8> = lately.get(&tasks, 1, MOMENT, pending()).await;
        assert_eq!(none, None);
        tasks.stop();
        tasks.idle().await;
    }
}
