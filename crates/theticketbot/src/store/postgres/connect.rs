//! How a connection begins.

use std::pin::Pin;

use deadpool_postgres::Connect;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::{Client, Config, Error};

use super::error::{NO_ANSWER, Problem};
use super::tls::Tls;
use super::url::PostgresUrl;
use super::{Mode, TIME_LIMIT};

/// Connects. The task ends with the client, or when the connection is lost.
pub(super) async fn connect(
    url: &PostgresUrl,
    tls: &Tls,
    mode: Mode,
) -> Result<(Client, JoinHandle<()>), Problem> {
    let config = url.config();
    let hosts = u32::try_from(config.get_hosts().len()).unwrap_or(u32::MAX);
    let each = config.get_connect_timeout().copied().unwrap_or_default();
    // The library's own limit applies to each host, and ends once the connection is accepted.
    let limit = each.saturating_mul(hosts).saturating_add(TIME_LIMIT);
    match timeout(limit, begin(config, tls.clone(), url.session(mode))).await {
        Ok(connected) => connected.map_err(|error| Problem::of_connecting(url, &error)),
        Err(_) => Err(Problem::Unreachable(NO_ANSWER.to_owned())),
    }
}

/// Connects for the pool, which has its own time limit.
pub(super) struct OfPool {
    pub(super) tls: Tls,
    pub(super) session: String,
}

impl Connect for OfPool {
    fn connect(
        &self,
        config: &Config,
    ) -> Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + '_>> {
        Box::pin(begin(
            config.clone(),
            self.tls.clone(),
            self.session.clone(),
        ))
    }
}

async fn begin(
    config: Config,
    tls: Tls,
    session: String,
) -> Result<(Client, JoinHandle<()>), Error> {
    let (client, connection) = config.connect(tls).await?;
    let connection = tokio::spawn(async move {
        // The client gets the error with its next statement.
        let _ = connection.await;
    });
    client.batch_execute(&session).await?;
    Ok((client, connection))
}
