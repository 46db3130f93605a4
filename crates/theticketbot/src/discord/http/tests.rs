//! HTTP connections that fail, stall or return invalid data.

use hyper::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

fn error_of(tried: Tried) -> Error {
    match tried {
        Tried::Failed(error) => error,
        Tried::Done(body) => panic!("{body:?}"),
        Tried::Limited(limited) => panic!("{limited:?}"),
    }
}

#[tokio::test]
async fn nobody_there_means_that_nothing_was_sent() {
    crate::discord::install_tls();
    // After its listener is dropped, the port is free and refuses connections.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let http = Http::new(
        &format!("http://{address}"),
        &SecretString::from("a.b.c"),
        Metrics::default(),
    );
    let call = Call::new(Method::GET, "gateway".to_owned());
    let error = error_of(http.attempt(&call, None).await);
    assert!(
        matches!(error, Error::Unreachable { unsent: true, .. }),
        "{error}"
    );
    assert!(!error.to_string().contains("a.b.c"));
}

/// A local server that returns the same response to every request.
async fn server_that_says(answer: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    url
}

/// When the leases are renewed, another process may have had the shard in between.
#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_call_without_leases_is_not_made_once_they_are_renewed() {
    crate::discord::install_tls();
    let url = server_that_says("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
    let http = Http::new(&url, &SecretString::from("a.b.c"), Metrics::default());
    let fence = crate::fence::Fence::default();
    http.obey(fence.clone());
    fence.extend(Instant::now());
    let call = Call::new(Method::GET, "gateway".to_owned());
    let renewing = async { fence.extend(Instant::now() + Duration::from_secs(60)) };
    let (made, ()) = tokio::join!(http.send(&call), renewing);
    let error = made.unwrap_err();
    assert!(error.to_string().contains("leases"), "{error}");
    assert!(http.send(&call).await.is_ok());
}

/// A local HTTP/2 server. Its first connection responds to one request and then receives nothing more, as if the
/// network dropped every packet. The next connections work.
async fn server_that_is_cut_off() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut cut_off = Vec::new();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (handled, mut requests) = tokio::sync::mpsc::unbounded_channel();
            let service = hyper::service::service_fn(move |_| {
                let _ = handled.send(());
                let body = Full::new(Bytes::from_static(b"{}"));
                async { Ok::<_, std::convert::Infallible>(hyper::Response::new(body)) }
            });
            let io = hyper_util::rt::TokioIo::new(stream);
            let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            let mut connection = Box::pin(server.serve_connection(io, service));
            if cut_off.is_empty() {
                tokio::select! {
                    _ = &mut connection => {}
                    _ = async {
                        requests.recv().await;
                        requests.recv().await
                    } => {}
                }
                cut_off.push(connection);
            } else {
                tokio::spawn(connection);
            }
        }
    });
    url
}

/// A retry uses another connection.
#[tokio::test]
async fn a_dead_connection_is_given_up() {
    crate::discord::install_tls();
    let url = server_that_is_cut_off().await;
    let mut http = Http::new(&url, &SecretString::from("a.b.c"), Metrics::default());
    // Without TLS, HTTP/2 cannot be negotiated.
    http.client = client().http2_only(true).build(connector());
    let call = Call::new(Method::GET, "gateway".to_owned());
    assert!(http.send(&call).await.is_ok());
    assert!(http.send(&call).await.is_ok());
}

/// A local server that sends this beginning and then nothing more. The future completes when a request has
/// arrived.
async fn server_that_stalls(beginning: &'static str) -> (String, impl Future<Output = ()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (asked, was_asked) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        stream.write_all(beginning.as_bytes()).await.unwrap();
        asked.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    (url, async { was_asked.await.unwrap() })
}

#[tokio::test]
async fn who_never_answers_is_not_waited_for_for_ever() {
    crate::discord::install_tls();
    let unfinished = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe";
    for (path, beginning, time_limit) in [
        ("channels/1", "", TIMEOUT),
        ("channels/1", unfinished, TIMEOUT),
        ("interactions/1/a/callback", "", INTERACTION_TIMEOUT),
        ("interactions/1/a/callback", unfinished, TIMEOUT),
    ] {
        let (url, asked) = server_that_stalls(beginning).await;
        let http = Http::new(&url, &SecretString::from("a.b.c"), Metrics::default());
        let call = Call::new(Method::POST, path.to_owned());
        let attempt = http.attempt(&call, None);
        tokio::pin!(attempt);
        tokio::select! {
            _ = &mut attempt => panic!("{path}"),
            () = asked => {}
        }
        // From here on, the clock advances automatically to the next timer.
        tokio::time::pause();
        let since = Instant::now();
        let error = error_of(attempt.await);
        assert!(error.is_ambiguous(), "{path}, {beginning:?}: {error}");
        assert!(since.elapsed() <= time_limit + Duration::from_secs(1));
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_download_is_taken_only_if_it_is_what_discord_said() {
    crate::discord::install_tls();
    let five = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    let endless = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";
    let cut_off = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nhello";
    let gone = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
    let elsewhere =
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    for (answer, size, is_taken) in [
        (five, 5, true),
        (five, 4, false),
        (five, 6, false),
        (endless, 4, false),
        (cut_off, 9, false),
        (gone, 5, false),
        (elsewhere, 5, false),
    ] {
        let url = server_that_says(answer).await;
        let http = Http::new(&url, &SecretString::from("a.b.c"), Metrics::default());
        let picture = format!("{url}/attachments/1/2/a.png");
        let taken = http.download(&picture, size).await;
        assert_eq!(taken.is_ok(), is_taken, "{answer:?} as {size}: {taken:?}");
    }
}

#[tokio::test]
async fn connections_that_are_not_used_are_closed() {
    crate::discord::install_tls();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (ended, has_ended) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        while stream.read(&mut request).await.unwrap() > 0 {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
            stream.write_all(answer).await.unwrap();
        }
        ended.send(()).unwrap();
    });
    let http = Http::new(&url, &SecretString::from("a.b.c"), Metrics::default());
    let call = Call::new(Method::GET, "gateway".to_owned());
    for _ in 0..2 {
        // The two calls share one connection.
        assert_eq!(http.send(&call).await.unwrap(), b"{}");
    }
    tokio::time::pause();
    timeout(3 * MAX_IDLE, has_ended).await.unwrap().unwrap();
}
