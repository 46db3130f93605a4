//! The bot in a thread of this process.

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use theticketbot::config::Settings;
use theticketbot::run::Bot;
use theticketbot::store::Store;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::log::Log;

/// How long the database of one that died may still be held.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Inside {
    order: oneshot::Sender<Order>,
    thread: JoinHandle<Result<(), String>>,
}

enum Order {
    Stop,
    Die,
}

impl Inside {
    pub(super) async fn start(settings: Settings, log: Log) -> Result<Self, String> {
        let (order, ordered) = oneshot::channel();
        let (tell, told) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            // The program has one thread for everything but the database, too.
            let _log = log.listen_here();
            live(settings, tell, ordered)
        });
        match told.await {
            Ok(()) => Ok(Self { order, thread }),
            Err(_) => Err(joined(thread)
                .await
                .err()
                .unwrap_or_else(|| "the bot ended while it started".to_owned())),
        }
    }

    pub(super) async fn stop(self) -> Result<(), String> {
        // One that has ended says so below.
        let _ = self.order.send(Order::Stop);
        joined(self.thread).await
    }

    pub(super) async fn die(self) -> Result<(), String> {
        let _ = self.order.send(Order::Die);
        joined(self.thread).await
    }

    pub(super) fn ended(&mut self) -> Option<String> {
        self.thread
            .is_finished()
            .then(|| "the bot ended by itself".to_owned())
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
    ordered: oneshot::Receiver<Order>,
) -> Result<(), String> {
    let store = opened(&settings)?;
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let left = runtime.block_on(async {
        let mut bot = Bot::start(settings, store)
            .await
            .map_err(|error| error.to_string())?;
        // Nobody waits for it if the play is over.
        let _ = started.send(());
        tokio::select! {
            ended = bot.wait() => Err(ended.to_string()),
            order = ordered => match order {
                Ok(Order::Stop) => bot.stop().await.map(|()| None).map_err(|e| e.to_string()),
                Ok(Order::Die) | Err(_) => Ok(Some(bot)),
            }
        }
    });
    // First everything that runs is cut off, as by a signal; then what is left is put away.
    runtime.shutdown_background();
    left.map(drop)
}

/// The one that died gives the database free in a moment.
fn opened(settings: &Settings) -> Result<Store, String> {
    let access = settings.db.access(None).map_err(|e| e.to_string())?;
    let since = Instant::now();
    loop {
        match Store::open(&access) {
            Err(_) if since.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(2)),
            opened => return opened.map_err(|error| error.to_string()),
        }
    }
}
