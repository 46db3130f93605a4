//! Work that runs beside the gateway: in order where order matters, counted so that a shutdown can wait
//! for it, and isolated so that a panic in it cannot end the bot.

use tickets::{ChannelId, GuildId, UserId};

use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::Failure;
use crate::store::StoreError;

/// The key of a queue. Jobs with the same key run in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// What one member invokes in one server, and so the tickets that they open.
    Member(GuildId, UserId),
    /// Everything that touches one ticket, thread or channel.
    Channel(ChannelId),
    /// Everything else that happens in a server.
    Guild(GuildId),
}

/// Counts the running tasks, and ends them at a shutdown.
#[derive(Clone, Default)]
pub struct Tasks {
    running: watch::Sender<usize>,
    phase: watch::Sender<Phase>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    #[default]
    Running,
    /// Tasks that only wait for later events end.
    Stopping,
    /// All tasks end.
    Ended,
}

impl Tasks {
    /// Starts a task that only a shutdown waits for.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let counted = Counted::new(self.running.clone());
        let mut phase = self.phase.subscribe();
        tokio::spawn(async move {
            let _counted = counted;
            tokio::select! {
                biased;
                () = work => {}
                _ = phase.wait_for(|phase| *phase == Phase::Ended) => {}
            }
        });
    }

    /// Begins the shutdown: tasks that only wait for later events end.
    pub fn stop(&self) {
        self.phase.send_replace(Phase::Stopping);
    }

    /// Waits for [`Self::stop`].
    pub async fn stopping(&self) {
        let mut phase = self.phase.subscribe();
        // The sender lives as long as `self`.
        let _ = phase.wait_for(|phase| *phase >= Phase::Stopping).await;
    }

    /// Waits before the caller retries a job that failed in the database. False if the caller must not retry:
    /// then the next start, or the next process with the shard, finds the work in the journal.
    pub async fn may_store_again(&self, error: &StoreError) -> bool {
        const A_MOMENT: Duration = Duration::from_secs(2);
        error.is_transient()
            && tokio::time::timeout(A_MOMENT, self.stopping())
                .await
                .is_err()
    }

    /// Ends whatever still runs.
    pub async fn end(&self) {
        self.phase.send_replace(Phase::Ended);
        self.idle().await;
    }

    /// How many tasks run. A queue counts as one task.
    pub fn running(&self) -> usize {
        *self.running.borrow()
    }

    /// Whether nothing runs.
    pub fn is_idle(&self) -> bool {
        *self.running.borrow() == 0
    }

    /// Waits until nothing runs.
    pub async fn idle(&self) {
        let mut running = self.running.subscribe();
        // The sender lives as long as `self`.
        let _ = running.wait_for(|running| *running == 0).await;
    }

    /// Waits until nothing runs, for at most this time. Returns whether nothing runs.
    pub async fn drain(&self, time_limit: Duration) -> bool {
        tokio::time::timeout(time_limit, self.idle()).await.is_ok()
    }
}

struct Counted(watch::Sender<usize>);

impl Counted {
    fn new(running: watch::Sender<usize>) -> Self {
        running.send_modify(|running| *running += 1);
        Self(running)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}

/// The most jobs that wait in one queue. More of them would not be served any faster.
const MAX_WAITING: usize = 64;

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One queue for each key that has jobs. The jobs of a queue run one after the other, and different queues
/// run concurrently. A queue is removed when it is empty.
pub struct Queues<K> {
    waiting: Waiting<K>,
    tasks: Tasks,
}

impl<K: Copy + Eq + Hash + Send + 'static> Queues<K> {
    pub fn new(tasks: Tasks) -> Self {
        Self {
            waiting: Arc::default(),
            tasks,
        }
    }

    /// Runs a job after all earlier jobs with the same key. False if the queue is full: then the job is
    /// dropped.
    pub fn push(&self, key: K, work: impl Future<Output = ()> + Send + 'static) -> bool {
        // A handler is several kilobytes, so it is boxed once instead of being moved around.
        let mut job: Job = Box::pin(work);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = waiting.get_mut(&key) {
            let room = queue.len() < MAX_WAITING;
            if room {
                queue.push_back(job);
            }
            return room;
        }
        waiting.insert(key, VecDeque::new());
        drop(waiting);
        let mut queue = Queue {
            waiting: self.waiting.clone(),
            key,
            is_empty: false,
        };
        self.tasks.spawn(async move {
            loop {
                // Jobs report their own panics. Any other panic must not end the queue.
                let _ = caught(job).await;
                let Some(next) = queue.next() else { return };
                job = next;
            }
        });
        true
    }
}

type Waiting<K> = Arc<Mutex<HashMap<K, VecDeque<Job>>>>;

/// A queue while its jobs are done.
struct Queue<K: Copy + Eq + Hash> {
    waiting: Waiting<K>,
    key: K,
    is_empty: bool,
}

impl<K: Copy + Eq + Hash> Queue<K> {
    /// The next job; `None` ends the queue.
    fn next(&mut self) -> Option<Job> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let next = waiting.get_mut(&self.key).and_then(VecDeque::pop_front);
        if next.is_none() {
            waiting.remove(&self.key);
            self.is_empty = true;
        }
        next
    }
}

/// If the runtime ends first, this drops the waiting jobs. They hold the app, which holds the queues, so the
/// cycle would leak otherwise.
impl<K: Copy + Eq + Hash> Drop for Queue<K> {
    fn drop(&mut self) {
        if !self.is_empty {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let left = waiting.remove(&self.key);
            drop(waiting);
            drop(left);
        }
    }
}

/// Runs a future to its end, or to its panic, whose message is the error.
pub fn catch_panic<T>(work: impl Future<Output = T>) -> impl Future<Output = Result<T, String>> {
    caught(Box::pin(work))
}

/// Runs a future to its end. A panic is a failure.
pub async fn no_panic(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let done = catch_panic(work).await;
    done.unwrap_or_else(|panic| Err(Failure::Other(format!("the bot's code panicked: {panic}"))))
}

async fn caught<T>(mut work: Pin<Box<impl Future<Output = T> + ?Sized>>) -> Result<T, String> {
    poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => std::task::Poll::Ready(Err(panic_message(&*panic))),
        },
    )
    .await
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("panicked").to_owned()
}

#[cfg(test)]
mod tests {
    use tokio::sync::{mpsc, oneshot};

    use super::*;

    #[tokio::test]
    async fn one_key_is_served_in_order_and_others_do_not_wait() {
        let queues = Queues::new(Tasks::default());
        let (done, mut order) = mpsc::unbounded_channel();
        let (open, gate) = oneshot::channel::<()>();
        let report = |what: &'static str| {
            let done = done.clone();
            async move { done.send(what).unwrap() }
        };
        let first = report("first");
        queues.push(1, async move {
            gate.await.unwrap();
            first.await;
        });
        queues.push(1, report("second"));
        queues.push(2, report("other"));
        assert_eq!(order.recv().await, Some("other"));
        open.send(()).unwrap();
        assert_eq!(order.recv().await, Some("first"));
        assert_eq!(order.recv().await, Some("second"));
        assert!(queues.tasks.drain(Duration::from_secs(5)).await);
        assert!(
            queues.waiting.lock().unwrap().is_empty(),
            "idle queues vanish"
        );
    }

    #[tokio::test]
    async fn a_panic_ends_only_its_own_job() {
        let queues = Queues::new(Tasks::default());
        let (done, waiting) = oneshot::channel();
        queues.push(1, async { panic!("as this test wants it") });
        queues.push(1, async move { done.send(()).unwrap() });
        waiting.await.unwrap();
        let caught = catch_panic(async { panic!("number {}", 7) }).await;
        assert_eq!(caught, Err::<(), _>("number 7".to_owned()));
    }

    #[tokio::test]
    async fn a_queue_has_an_end() {
        let queues = Queues::new(Tasks::default());
        queues.push((), std::future::pending());
        let taken = (0..100).filter(|_| queues.push((), async {})).count();
        assert_eq!(taken, MAX_WAITING);
    }

    #[test]
    fn a_runtime_that_ends_takes_what_waits_with_it() {
        let queues = Queues::new(Tasks::default());
        let held = Arc::new(());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            queues.push((), std::future::pending());
            let held = held.clone();
            queues.push((), async move { drop(held) });
        });
        drop(runtime);
        assert_eq!(Arc::strong_count(&held), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_does_not_wait_for_ever() {
        let tasks = Tasks::default();
        tasks.spawn(std::future::pending());
        assert!(!tasks.drain(Duration::from_secs(1)).await);
    }
}
