//! Discord is called here and only here.
//!
//! [`Discord`] has one method for each thing that the bot asks of Discord, in `calls`. Below
//! them, `http` makes a call, and again where that is safe; [`error`] is what callers tell failures
//! apart by.

mod answers;
mod calls;
pub mod commands;
pub mod custom_id;
pub mod error;
pub mod events;
mod glance;
mod http;
pub mod interactions;
pub mod invite;
mod lenient;
pub mod render;
pub mod wire;

use std::sync::Arc;

use secrecy::SecretString;
use tickets::Timestamp;
use tokio::sync::watch;

pub use answers::{
    Application, ArchivedThreads, Asks, GatewayBot, GuildMember, Page, Sent, SessionStartLimit,
    Thread, ThreadMember,
};
pub use calls::{Acknowledgement, Message, ThreadChange};
pub use error::{Error, Kind as ErrorKind, code};

use self::http::Http;
use crate::metrics::Metrics;

/// A handle on Discord. Cheap to clone.
#[derive(Clone)]
pub struct Discord {
    http: Arc<Http>,
}

impl Discord {
    /// `api_url` is scheme, host, port and perhaps a path. No call is made yet.
    pub fn new(api_url: &str, token: &SecretString, metrics: Metrics) -> Self {
        install_tls();
        Self {
            http: Arc::new(Http::new(api_url, token, metrics)),
        }
    }

    /// Where calls are counted.
    pub fn metrics(&self) -> &Metrics {
        &self.http.metrics
    }

    /// Whether the last call got no response at all.
    #[cfg(feature = "postgres")]
    pub(crate) fn is_silent(&self) -> bool {
        self.http.is_silent()
    }

    /// Whether anything answers at the gateway's address.
    #[cfg(feature = "postgres")]
    pub(crate) async fn has_gateway(url: &str) -> bool {
        Http::has_gateway(url).await
    }

    /// From now on no call is made once this process may no longer act.
    #[cfg(feature = "postgres")]
    pub(crate) fn obey(&self, fence: crate::fence::Fence) {
        self.http.obey(fence);
    }

    /// From now on this process makes its part of the calls that the bot may make in a second, by the
    /// shards that it has.
    #[cfg(feature = "postgres")]
    pub(crate) fn take_share(&self, shards: u32, total: u32) {
        self.http.take_share(shards, total);
    }

    /// What Discord's own clock shows now, if it has ever said so.
    pub fn now(&self) -> Option<Timestamp> {
        self.http.clock.now()
    }

    /// How often that was another time than was to be expected.
    pub fn time_moves(&self) -> watch::Receiver<u64> {
        self.http.clock.moves()
    }

    /// Completes when Discord no longer takes the token.
    pub async fn revoked(&self) {
        self.http.revoked().await;
    }
}

/// Chooses the one implementation of cryptography that is compiled in.
fn install_tls() {
    // An error says that it is chosen already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
