//! One connection, which its caller uses alone.

use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::Client;

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
    let config = url.config(mode);
    let hosts = u32::try_from(config.get_hosts().len()).unwrap_or(u32::MAX);
    let each = config.get_connect_timeout().copied().unwrap_or_default();
    // That of the library is for each host, and only until the connection is accepted.
    let limit = each.saturating_mul(hosts).saturating_add(TIME_LIMIT);
    let connecting = async {
        let (client, connection) = config.connect(tls.clone()).await?;
        let connection = tokio::spawn(async move {
            // The client gets the error with its next statement.
            let _ = connection.await;
        });
        Ok((client, connection))
    };
    match timeout(limit, connecting).await {
        Ok(connected) => connected.map_err(|error| Problem::of_connecting(url, &error)),
        Err(_) => Err(Problem::Unreachable(NO_ANSWER.to_owned())),
    }
}
