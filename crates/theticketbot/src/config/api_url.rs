//! Where Discord's API is: Discord itself, a sandbox, or a proxy on the way.

use std::fmt;

/// Scheme, host and port, and perhaps a path that comes before `/api/v10`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiUrl {
    https: bool,
    host: String,
    port: Option<u16>,
    /// Empty, or begins with a slash and does not end with one.
    path: String,
}

impl ApiUrl {
    /// Parses what a config says. The error says what is allowed.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (https, rest) = if let Some(rest) = strip_scheme(text, "https://") {
            (true, rest)
        } else if let Some(rest) = strip_scheme(text, "http://") {
            (false, rest)
        } else {
            return Err("must begin with https:// or http://");
        };
        if rest.contains(['?', '#']) {
            return Err("must end with a host, port or path: no ? and no #");
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err("must have no user name or password in it");
        }
        let (host, port) = split_port(authority)?;
        if !is_host(host) {
            return Err("must have a host after the scheme, such as https://discord.com");
        }
        let path = path.trim_end_matches('/');
        if !path.chars().all(|c| c.is_ascii_graphic()) {
            return Err("must have a path of ASCII characters without spaces");
        }
        if path.ends_with("/api") || path.contains("/api/v") {
            return Err("must stop before /api: the bot adds /api/v10 itself");
        }
        Ok(Self {
            https,
            host: host.to_ascii_lowercase(),
            port,
            path: path.to_owned(),
        })
    }

    /// Whether this is Discord itself.
    pub fn is_discord(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the token goes to another machine in plain text.
    pub fn is_readable_on_the_way(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let is_here = host == "localhost"
            || host.ends_with(".localhost")
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback());
        !self.https && !is_here
    }

    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// All but the scheme: `localhost:8080/discord`.
    pub fn without_scheme(&self) -> String {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}{port}{}", self.host, self.path)
    }
}

impl Default for ApiUrl {
    fn default() -> Self {
        Self {
            https: true,
            host: "discord.com".to_owned(),
            port: None,
            path: String::new(),
        }
    }
}

impl fmt::Display for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.without_scheme())
    }
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let start = text.get(..scheme.len())?;
    start
        .eq_ignore_ascii_case(scheme)
        .then(|| &text[scheme.len()..])
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), &'static str> {
    // The colons of an IPv6 address are inside brackets.
    let host_end = authority.rfind(']').map_or(0, |at| at + 1);
    match authority[host_end..].find(':') {
        None => Ok((authority, None)),
        Some(at) => {
            let (host, port) = authority.split_at(host_end + at);
            match port[1..].parse() {
                Ok(port) if port != 0 => Ok((host, Some(port))),
                _ => Err("must have a port from 1 to 65535 after the colon"),
            }
        }
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_on_the_way_is_known() {
        for (url, expected) in [
            ("https://discord.com", false),
            ("http://localhost:8080", false),
            ("http://sandbox.localhost", false),
            ("http://127.0.0.1:8080", false),
            ("http://127.9.9.9", false),
            ("http://[::1]:8080", false),
            ("http://discord.com", true),
            ("http://192.168.1.5:8080", true),
            ("http://localhost.example", true),
        ] {
            let url = ApiUrl::parse(url).unwrap();
            assert_eq!(url.is_readable_on_the_way(), expected, "{url}");
        }
    }

    #[test]
    fn what_is_parsed_reads_the_same() {
        for (text, shown) in [
            ("https://discord.com", "https://discord.com"),
            ("HTTPS://Discord.com/", "https://discord.com"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://127.0.0.1:1/a/b/", "http://127.0.0.1:1/a/b"),
            ("http://[::1]:99", "http://[::1]:99"),
            ("http://proxy_1.internal", "http://proxy_1.internal"),
        ] {
            assert_eq!(ApiUrl::parse(text).unwrap().to_string(), shown);
        }
        assert!(ApiUrl::parse("https://discord.com/").unwrap().is_discord());
        assert!(!ApiUrl::parse("http://discord.com").unwrap().is_discord());
        let local = ApiUrl::parse("http://localhost:8080/x").unwrap();
        assert_eq!(
            (local.is_https(), local.without_scheme()),
            (false, "localhost:8080/x".into())
        );
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        for bad in [
            "",
            "discord.com",
            "ftp://discord.com",
            "https://",
            "https:///x",
            "https://user:secret@discord.com",
            "https://discord.com:0",
            "https://discord.com:99999",
            "https://discord.com:",
            "https://dis cord.com",
            "https://[nonsense]",
            "https://discord.com?x",
            "https://discord.com/api/v10",
            "https://discord.com/a b",
        ] {
            let error = ApiUrl::parse(bad).unwrap_err();
            assert!(error.starts_with("must "), "{bad}: {error}");
        }
    }
}
