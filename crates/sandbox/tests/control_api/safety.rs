//! What other sites and uploaded files cannot do.

use crate::caller::{Caller, read};
use discord_sandbox::{Error, Sandbox};
use reqwest::{Method, StatusCode, header};

#[tokio::test]
async fn files_are_served_but_never_run() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let general = sandbox.channel("general")?;
    let files: [(&str, &str, &[u8]); 3] = [
        ("cat.gif", "image/gif", b"GIF89a\x01\0\x01\0"),
        ("page.html", "text/html", b"<script>alert(1)</script>"),
        (
            "drawing.svg",
            "image/svg+xml",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
    ];
    let message = sandbox.member().upload(general, "", &files).await?;
    for (attachment, saved) in message.attachments().iter().zip([false, true, true]) {
        let url = attachment["url"].as_str().unwrap();
        let answer = caller.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{url}");
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("sandbox")
        );
        let disposition = headers
            .get("content-disposition")
            .map(|d| d.to_str().unwrap());
        assert_eq!(
            disposition.is_some_and(|d| d.starts_with("attachment")),
            saved,
            "{url}"
        );
    }
    let (status, _) = read(caller.bot("GET", "/attachments/1/2/x.png").await.unwrap()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn other_sites_are_kept_out() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let own = sandbox.url();
    let port = sandbox.address().port();
    let rebound = format!("evil.example:{port}");
    let local = format!("localhost:{port}");
    for (name, value, status) in [
        (header::ORIGIN, own.as_str(), 200),
        (header::ORIGIN, "http://evil.example", 403),
        (header::ORIGIN, "null", 403),
        (header::HOST, local.as_str(), 200),
        (header::HOST, rebound.as_str(), 403),
        (header::HOST, "127.0.0.1", 403),
    ] {
        for path in ["/control/world", "/api/v10/gateway", "/"] {
            let answer = caller.request(Method::GET, path).header(&name, value);
            let answer = answer.send().await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{name}: {value} {path}");
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        }
    }
    Ok(())
}

#[tokio::test]
async fn other_sites_and_other_machines_hear_nothing() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    assert!(sandbox.address().ip().is_loopback());
    let caller = Caller::new(&sandbox);
    let events = format!("/control/people/{}/events", sandbox.owner().id());
    let rebound = format!("evil.example:{}", sandbox.address().port());
    // Browsers send no preflight for these, and let any site read what comes over a WebSocket.
    for path in [events.as_str(), "/?v=10&encoding=json"] {
        for (name, value) in [
            (header::ORIGIN, "http://evil.example"),
            (header::HOST, &rebound),
        ] {
            let stream = caller.request(Method::GET, path).header(&name, value);
            let socket = caller
                .request(Method::GET, path)
                .header(&name, value)
                .header(header::CONNECTION, "upgrade")
                .header(header::UPGRADE, "websocket")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
            for request in [stream, socket] {
                let answer = request.send().await.unwrap();
                assert_eq!(answer.status().as_u16(), 403, "{name}: {value} {path}");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_page_is_served_with_a_strict_policy() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let place = format!(
        "/channels/{}/{}",
        sandbox.guild_id(),
        sandbox.channel("general")?
    );
    for path in ["/", &place] {
        let answer = caller.request(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.contains("script-src 'self'") && policy.starts_with("default-src 'none'"));
        assert!(!policy.contains("unsafe"), "{policy}");
    }
    let gone = caller
        .request(Method::GET, "/no-such-file.js")
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
    Ok(())
}
