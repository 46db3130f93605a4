//! Which requests the sandbox accepts: those addressed to it by its own address, and not from another site's
//! page. Otherwise any page that a developer has open could act in their sandbox (DNS rebinding, cross-site
//! requests).

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, Uri, header};

/// The names under which a sandbox answers.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    listens: SocketAddr,
    /// Further host names, from the builder.
    names: Vec<String>,
    /// The address of a relay that forwards connections to the sandbox.
    relay: Option<SocketAddr>,
}

impl Guard {
    pub(crate) fn new(listens: SocketAddr, names: Vec<String>, relay: Option<SocketAddr>) -> Self {
        Self {
            listens,
            names,
            relay,
        }
    }

    /// Refuses a request that the sandbox must not accept. The error says what is wrong, and what would be
    /// right.
    pub(crate) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), String> {
        let host = match headers.get(header::HOST) {
            Some(host) => host
                .to_str()
                .map_err(|_| "The Host header is not text.".to_owned())?,
            // HTTP/1.1 requires the header. Without it, an absolute address in the request line has the host.
            None => uri
                .authority()
                .ok_or("The Host header is missing.")?
                .as_str(),
        };
        if !self.is_own(host) {
            return Err(format!(
                "The sandbox listens on {}; a request for {host:?} is not for it. Use http://{} \
                 or http://localhost:{}.",
                self.listens,
                self.listens,
                self.listens.port()
            ));
        }
        let Some(origin) = headers.get(header::ORIGIN) else {
            return Ok(());
        };
        let own = origin.to_str().ok().and_then(|o| o.strip_prefix("http://"));
        // The origin must have the same host as the request. Another one of the accepted names is not enough.
        if own.is_some_and(|origin| origin.eq_ignore_ascii_case(host)) {
            Ok(())
        } else {
            Err(format!(
                "A page of {origin:?} may not use the sandbox: only its own page may."
            ))
        }
    }

    fn is_own(&self, host: &str) -> bool {
        let Some((name, port)) = split_port(host) else {
            return false;
        };
        if self.relay.is_some_and(|relay| host == relay.to_string()) {
            return true;
        }
        if port != self.listens.port() {
            return false;
        }
        if name.eq_ignore_ascii_case("localhost")
            || self.names.iter().any(|own| own.eq_ignore_ascii_case(name))
        {
            return true;
        }
        let address = name
            .strip_prefix('[')
            .and_then(|n| n.strip_suffix(']'))
            .unwrap_or(name);
        let Ok(address) = address.parse::<IpAddr>() else {
            return false;
        };
        // DNS rebinding needs a name, so any address of this machine is harmless.
        address == self.listens.ip() || address.is_loopback() || self.listens.ip().is_unspecified()
    }
}

/// `name:port`, `[v6]:port`; without a port it is HTTP's own, 80.
fn split_port(host: &str) -> Option<(&str, u16)> {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => Some((name, port.parse().ok()?)),
        _ => Some((host, 80)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(listens: &str, host: &str, origin: Option<&str>) -> bool {
        let guard = Guard::new(
            listens.parse().unwrap(),
            vec!["sandbox.internal".to_owned()],
            Some(([127, 0, 0, 1], 9999).into()),
        );
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        guard
            .check(&Uri::from_static("/control/world"), &headers)
            .is_ok()
    }

    #[test]
    fn only_the_sandboxs_own_names_are_accepted() {
        let at = "127.0.0.1:8080";
        for (host, expected) in [
            ("127.0.0.1:8080", true),
            ("localhost:8080", true),
            ("LOCALHOST:8080", true),
            ("[::1]:8080", true),
            ("sandbox.internal:8080", true),
            ("127.0.0.1", false),
            ("127.0.0.1:8081", false),
            ("127.0.0.1:9999", true),
            ("localhost:9999", false),
            ("evil.example:8080", false),
            ("127.0.0.1.evil.example:8080", false),
            ("192.168.0.2:8080", false),
            ("", false),
        ] {
            assert_eq!(check(at, host, None), expected, "{host}");
        }
        assert!(check("127.0.0.1:80", "localhost", None));
        assert!(check("[::1]:8080", "[::1]:8080", None));
        assert!(check("0.0.0.0:8080", "192.168.0.2:8080", None));
        assert!(!check("0.0.0.0:8080", "evil.example:8080", None));
    }

    #[test]
    fn only_the_own_page_is_an_accepted_origin() {
        let at = "127.0.0.1:8080";
        for (origin, expected) in [
            ("http://127.0.0.1:8080", true),
            ("http://localhost:8080", false),
            ("https://127.0.0.1:8080", false),
            ("http://evil.example", false),
            ("null", false),
        ] {
            assert_eq!(check(at, at, Some(origin)), expected, "{origin}");
        }
    }

    #[test]
    fn a_request_without_a_host_is_refused() {
        let guard = Guard::new("127.0.0.1:1".parse().unwrap(), Vec::new(), None);
        assert!(
            guard
                .check(&Uri::from_static("/"), &HeaderMap::new())
                .is_err()
        );
    }
}
