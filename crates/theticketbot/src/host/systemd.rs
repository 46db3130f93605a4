//! What systemd asks of a service of `Type=notify`: readiness, the watchdog, the end.
//!
//! Without systemd (`NOTIFY_SOCKET` is not set) nothing is sent.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::sync::watch;
use tokio::time::interval;

/// Reports that the bot is ready once it is connected to Discord, and from then on feeds the watchdog,
/// if the unit has one. Completes when there is nothing more to say.
///
/// The watchdog restarts a program that hangs. If Discord cannot be reached, a restart would not help, but
/// would use up the sessions that Discord allows in a day.
pub async fn attend(mut connected: watch::Receiver<bool>) {
    if connected.wait_for(|connected| *connected).await.is_err() {
        return;
    }
    send(&[
        NotifyState::Ready,
        NotifyState::Status("connected to Discord"),
    ]);
    let Some(limit) = sd_notify::watchdog_enabled() else {
        return;
    };
    let mut ticks = interval((limit / 3).max(Duration::from_millis(10)));
    loop {
        ticks.tick().await;
        send(&[NotifyState::Watchdog]);
    }
}

/// Reports that the bot is stopping.
pub fn stopping() {
    send(&[NotifyState::Stopping]);
}

fn send(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd cannot be notified");
    }
}
