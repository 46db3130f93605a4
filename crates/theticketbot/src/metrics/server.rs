//! The small HTTP server that responds to scrapes.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::Metrics;

/// Scrapers at the same time. One is usual.
const MAX_CONNECTIONS: usize = 4;

/// How long a connection may stay.
const MAX_TIME: Duration = Duration::from_secs(60);

/// How long a client may take to say what it wants.
const HEADER_TIMEOUT: Duration = Duration::from_secs(2);

const OPEN_METRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
const PLAIN: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Responds to scrapes until it is dropped.
pub struct Server {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Where it listens, with the port that was chosen if none was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Listens at this address, and responds with what `metrics` counted.
pub async fn serve(address: SocketAddr, metrics: Metrics) -> io::Result<Server> {
    let listener = TcpListener::bind(address).await?;
    Ok(Server {
        address: listener.local_addr()?,
        accepting: tokio::spawn(accept(listener, metrics)),
    })
}

async fn accept(listener: TcpListener, metrics: Metrics) {
    let free = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        // The semaphore is never closed.
        let Ok(slot) = free.clone().acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let metrics = metrics.clone();
                tokio::spawn(async move {
                    let _ = timeout(MAX_TIME, respond(stream, metrics)).await;
                    drop(slot);
                });
            }
            Err(error) => {
                // Too many open files, for example: that passes.
                tracing::debug!(%error, "a connection for metrics failed");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn respond(stream: TcpStream, metrics: Metrics) {
    let service = service_fn(|request: Request<Incoming>| {
        let response = response(request.method(), request.uri().path(), &metrics);
        async { Ok::<_, Infallible>(response) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection for metrics ended early");
    }
}

fn response(method: &Method, path: &str, metrics: &Metrics) -> Response<Full<Bytes>> {
    let with = |status, kind, text: String| {
        let mut response = Response::new(Full::from(text));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    };
    if path != "/metrics" {
        let text = "The metrics are at /metrics.\n".to_owned();
        return with(StatusCode::NOT_FOUND, PLAIN, text);
    }
    if !matches!(*method, Method::GET | Method::HEAD) {
        let text = "Use GET.\n".to_owned();
        let mut response = with(StatusCode::METHOD_NOT_ALLOWED, PLAIN, text);
        let allowed = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(ALLOW, allowed);
        return response;
    }
    with(StatusCode::OK, OPEN_METRICS, metrics.text())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn asked(server: &Server, request: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let request = format!("{request} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        response
    }

    #[tokio::test]
    async fn it_responds_to_scrapes_and_to_nothing_else() {
        let metrics = Metrics::counting();
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = serve(anywhere, metrics.clone()).await.unwrap();
        metrics.ticket_opened();
        let scraped = asked(&server, "GET /metrics").await;
        assert!(scraped.starts_with("HTTP/1.1 200 OK\r\n"), "{scraped}");
        assert!(scraped.contains("content-type: application/openmetrics-text; version=1.0.0"));
        assert!(scraped.contains("\ntheticketbot_tickets_opened_total 1\n"));
        assert!(scraped.ends_with("# EOF\n"));
        let missed = asked(&server, "GET /").await;
        assert!(missed.starts_with("HTTP/1.1 404 ") && missed.contains("/metrics"));
        let posted = asked(&server, "POST /metrics").await;
        assert!(posted.starts_with("HTTP/1.1 405 ") && posted.contains("allow: GET, HEAD"));
        let taken = serve(server.address(), metrics).await.map(drop);
        assert_eq!(taken.unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }

    #[tokio::test]
    async fn connections_that_say_nothing_do_not_keep_others_out() {
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = serve(anywhere, Metrics::counting()).await.unwrap();
        let mut silent = Vec::new();
        for _ in 0..MAX_CONNECTIONS {
            silent.push(TcpStream::connect(server.address()).await.unwrap());
        }
        assert!(asked(&server, "GET /metrics").await.contains(" 200 OK"));
    }
}
