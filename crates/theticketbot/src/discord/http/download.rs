//! Downloads of attachments.

use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

use super::{connector, lost, malformed, unreachable};
use crate::discord::{Error, ErrorKind as Kind};

/// How long a download may take.
const TIMEOUT: Duration = Duration::from_secs(30);

pub(super) struct Downloads {
    client: legacy::Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    /// The URL of Discord's API, or of a server that replaces it, such as the sandbox.
    api_url: String,
}

impl Downloads {
    pub(super) fn new(api_url: &str) -> Self {
        Self {
            client: legacy::Client::builder(TokioExecutor::new())
                // Downloads are rare, so no connection stays open.
                .pool_max_idle_per_host(0)
                .build(connector()),
            api_url: api_url.to_owned(),
        }
    }

    /// Downloads the file at `url`, which must have exactly the size that Discord stated.
    pub(super) async fn download(&self, url: &str, size: u64) -> Result<Vec<u8>, Error> {
        let data = self.download_up_to(url, size).await.map_err(|error| {
            if error.kind() == Kind::TooLarge {
                malformed("the attachment is larger than Discord said")
            } else {
                error
            }
        })?;
        if data.len() as u64 == size {
            Ok(data)
        } else {
            Err(malformed("the attachment is smaller than Discord said"))
        }
    }

    /// Downloads the file at `url`. If it is larger than `size`, the error has the kind `TooLarge`.
    pub(super) async fn download_up_to(&self, url: &str, size: u64) -> Result<Vec<u8>, Error> {
        let url: hyper::Uri = url.parse().map_err(|_| malformed("not a URL"))?;
        if !may_download(&url, &self.api_url) {
            return Err(malformed("the attachment is not on Discord's own server"));
        }
        timeout(TIMEOUT, self.download_all(url, size))
            .await
            .unwrap_or_else(|_| Err(lost("timed out")))
    }

    /// Whether this is the URL of an attachment at Discord. Discord deletes such a file together with its
    /// message.
    pub(super) fn is_attachment(&self, url: &str) -> bool {
        const FOLDERS: [&str; 2] = ["/attachments/", "/ephemeral-attachments/"];
        let url = url.parse::<hyper::Uri>();
        url.is_ok_and(|url| {
            FOLDERS.iter().any(|it| url.path().starts_with(it)) && may_download(&url, &self.api_url)
        })
    }

    async fn download_all(&self, url: hyper::Uri, size: u64) -> Result<Vec<u8>, Error> {
        let response = self
            .client
            .get(url)
            .await
            .map_err(|error| unreachable(&error))?;
        if !response.status().is_success() {
            return Err(Error::refused(response.status().as_u16(), b""));
        }
        let mut body = response.into_body();
        let mut data = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| lost(&error.to_string()))?;
            let Some(chunk) = frame.data_ref() else {
                continue;
            };
            if (data.len() + chunk.len()) as u64 > size {
                return Err(Error::refused(413, b""));
            }
            data.extend_from_slice(chunk);
        }
        Ok(data)
    }
}

/// Attachments are on Discord's own servers, or on the server that replaces Discord.
fn may_download(url: &hyper::Uri, api_url: &str) -> bool {
    const DISCORDS: [&str; 2] = ["cdn.discordapp.com", "media.discordapp.net"];
    let is_own = api_url
        .parse::<hyper::Uri>()
        .is_ok_and(|own| own.scheme() == url.scheme() && own.authority() == url.authority());
    let is_discords = url.scheme_str() == Some("https")
        && url
            .authority()
            .is_some_and(|at| DISCORDS.contains(&at.as_str()));
    is_own || is_discords
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attachments_come_from_discord_or_its_stand_in_only() {
        let may = |api_url: &str, url: &str| may_download(&url.parse().unwrap(), api_url);
        let discord = "https://discord.com";
        assert!(may(
            discord,
            "https://cdn.discordapp.com/attachments/1/2/a.png?ex=1"
        ));
        assert!(may(
            discord,
            "https://media.discordapp.net/attachments/1/2/a.png"
        ));
        for wrong in [
            "http://cdn.discordapp.com/attachments/1/2/a.png",
            "https://cdn.discordapp.com.example/a.png",
            "https://cdn.discordapp.com:444/a.png",
            "https://user@cdn.discordapp.com/a.png",
            "http://127.0.0.1/a.png",
            "http://169.254.169.254/latest/meta-data",
            "/a.png",
        ] {
            assert!(!may(discord, wrong), "{wrong}");
        }
        let sandbox = "http://127.0.0.1:8080";
        assert!(may(sandbox, "http://127.0.0.1:8080/attachments/1/2/a.png"));
        assert!(!may(sandbox, "http://127.0.0.1:8081/attachments/1/2/a.png"));
    }
}
