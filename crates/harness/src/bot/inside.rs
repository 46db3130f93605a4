//! The bot in a thread of this process, with its own runtime and clock.

use std::thread::JoinHandle;
use std::time::Duration;

use theticketbot::config::Settings;
use theticketbot::run::Bot;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};

use crate::Result;
use crate::home::open;
use crate::log::Log;

pub(super) struct Inside {
    orders: mpsc::UnboundedSender<Order>,
    thread: JoinHandle<Result<(), String>>,
}

enum Order {
    Idle(oneshot::Sender<()>),
    Advance(Duration, oneshot::Sender<()>),
    Stop,
    Die,
}

impl Inside {
    pub(super) async fn start(settings: Settings, log: Log) -> Result<Self, String> {
        let (orders, ordered) = mpsc::unbounded_channel();
        let (started, has_started) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            // Listening on this thread is enough: the bot has one thread for everything except the database.
            let _log = log.listen_here();
            live(settings, started, ordered)
        });
        match has_started.await {
            Ok(()) => Ok(Self { orders, thread }),
            Err(_) => Err(joined(thread)
                .await
                .err()
                .unwrap_or_else(|| "the bot ended while it started".to_owned())),
        }
    }

    pub(super) async fn stop(self) -> Result<(), String> {
        // If the bot has ended already, sending fails, and the thread's result below says why.
        let _ = self.orders.send(Order::Stop);
        joined(self.thread).await
    }

    pub(super) async fn die(self) -> Result<(), String> {
        let _ = self.orders.send(Order::Die);
        joined(self.thread).await
    }

    pub(super) async fn idle(&self) -> Result {
        self.order(Order::Idle).await
    }

    pub(super) async fn time_passes(&self, time: Duration) -> Result {
        self.order(|done| Order::Advance(time, done)).await
    }

    async fn order(&self, order: impl FnOnce(oneshot::Sender<()>) -> Order) -> Result {
        let (done, is_done) = oneshot::channel();
        let _ = self.orders.send(order(done));
        is_done
            .await
            .map_err(|_| "the bot ended unexpectedly".into())
    }

    pub(super) fn ended(&mut self) -> Option<String> {
        self.thread
            .is_finished()
            .then(|| "the bot ended unexpectedly".to_owned())
    }
}

async fn joined(thread: JoinHandle<Result<(), String>>) -> Result<(), String> {
    tokio::task::spawn_blocking(move || thread.join())
        .await
        .map_err(|error| error.to_string())?
        .unwrap_or_else(|_| Err("the bot panicked".to_owned()))
}

fn live(
    settings: Settings,
    started: oneshot::Sender<()>,
    orders: mpsc::UnboundedReceiver<Order>,
) -> Result<(), String> {
    let store = open(&settings).map_err(|error| error.to_string())?;
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let left = runtime.block_on(async {
        let bot = Bot::start(settings, store)
            .await
            .map_err(|error| error.to_string())?;
        // The receiver is dropped if the test is over.
        let _ = started.send(());
        serve(bot, orders).await
    });
    // As a signal would, this first cancels all tasks. Only then the bot itself is dropped.
    runtime.shutdown_background();
    left.map(drop)
}

/// Carries out commands until one of them ends the bot. `Order::Die` returns the bot without stopping it.
async fn serve(
    mut bot: Bot,
    mut orders: mpsc::UnboundedReceiver<Order>,
) -> Result<Option<Bot>, String> {
    let mut waiting: Vec<oneshot::Sender<()>> = Vec::new();
    loop {
        let order = if waiting.is_empty() {
            tokio::select! {
                ended = bot.wait() => return Err(ended.to_string()),
                order = orders.recv() => order,
            }
        } else {
            tokio::select! {
                () = bot.idle() => {
                    for waiting in waiting.drain(..) {
                        // The receiver is dropped if the test is over.
                        let _ = waiting.send(());
                    }
                    continue;
                }
                order = orders.recv() => order,
            }
        };
        match order {
            Some(Order::Idle(done)) => waiting.push(done),
            Some(Order::Advance(time, done)) => {
                tokio::time::pause();
                tokio::time::advance(time).await;
                tokio::time::resume();
                let _ = done.send(());
            }
            Some(Order::Stop) => {
                return bot.stop().await.map(|()| None).map_err(|e| e.to_string());
            }
            Some(Order::Die) | None => return Ok(Some(bot)),
        }
    }
}
