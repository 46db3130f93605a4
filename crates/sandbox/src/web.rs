//! The web page. Its files are compiled into the program, compressed with gzip at build time.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;

/// The name of each file below the page's root, and its compressed content.
static FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// The page may load nothing from other hosts, and nothing inline.
pub(crate) const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The file at this path (`/` is the page itself), or `None` if the page has no such file.
pub(crate) fn file(path: &str, request: &HeaderMap) -> Option<Response> {
    let name = match path.trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    let (name, packed) = FILES.iter().find(|(file, _)| *file == name)?;
    let etag = etag(packed);
    let unchanged = request
        .get(header::IF_NONE_MATCH)
        .and_then(|known| known.to_str().ok())
        .is_some_and(|known| known.split(',').any(|k| k.trim() == etag));
    let gzip = takes_gzip(request);
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else if gzip {
        Body::from(*packed).into_response()
    } else {
        match unpacked(packed) {
            Ok(content) => Body::from(content).into_response(),
            Err(_) => return Some(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        }
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(name)),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(PAGE_POLICY),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if gzip && !unchanged {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    Some(response)
}

/// The page itself, for every address inside it.
pub(crate) fn page(request: &HeaderMap) -> Response {
    file("/", request).unwrap_or_else(|| {
        (
            StatusCode::NOT_FOUND,
            "This sandbox was built without its web page.",
        )
            .into_response()
    })
}

/// A weak tag, because the compressed and the uncompressed file share it.
fn etag(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// Whether the client accepts gzip. Every browser does; other programs may not.
fn takes_gzip(request: &HeaderMap) -> bool {
    request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
            let refused = quality
                .trim()
                .strip_prefix("q=")
                .and_then(|q| q.parse::<f32>().ok())
                .is_some_and(|q| q <= 0.0);
            name.trim().eq_ignore_ascii_case("gzip") && !refused
        })
}

fn unpacked(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut content)?;
    Ok(content)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::Value;

    use super::*;

    #[test]
    fn a_file_that_the_browser_has_is_not_sent_again() {
        let Some((name, content)) = FILES.first() else {
            return;
        };
        let first = file(name, &HeaderMap::new()).unwrap();
        assert_eq!(first.status(), StatusCode::OK);
        let etag = first.headers()[header::ETAG].clone();
        assert_eq!(etag, self::etag(content));
        let again = file(name, &HeaderMap::from_iter([(header::IF_NONE_MATCH, etag)])).unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn the_page_is_packed_for_those_who_take_it_so() {
        let accepting = |value: &'static str| {
            HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
        };
        let body = async |response: Response| {
            axum::body::to_bytes(response.into_body(), 1 << 20)
                .await
                .unwrap()
        };
        for (value, packed) in [
            ("gzip, deflate, br, zstd", true),
            ("br, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("br", false),
            ("", false),
        ] {
            let response = page(&accepting(value));
            let encoding = response.headers().get(header::CONTENT_ENCODING).cloned();
            assert_eq!(encoding.is_some_and(|e| e == "gzip"), packed, "{value:?}");
            let mut content = body(response).await.to_vec();
            if packed {
                content = unpacked(&content).unwrap();
            }
            assert_eq!(content, include_bytes!("web/index.html"), "{value:?}");
        }
    }

    #[test]
    fn the_whole_page_is_small() {
        let sent: usize = FILES.iter().map(|(_, packed)| packed.len()).sum();
        assert!(sent < 150_000, "the page is {sent} bytes");
        assert!(FILES.len() > 30, "only {} files", FILES.len());
    }

    fn unpacked_file(name: &str) -> String {
        let (_, packed) = FILES.iter().find(|(file, _)| *file == name).unwrap();
        String::from_utf8(unpacked(packed).unwrap()).unwrap()
    }

    const LANGUAGES: [&str; 3] = ["en-US", "de", "fr"];

    /// The sentences of a language, with the names of their values.
    fn sentences(language: &str) -> BTreeMap<String, BTreeSet<String>> {
        fn values(piece: &Value, into: &mut BTreeSet<String>) {
            match piece {
                Value::Array(pieces) => pieces.iter().for_each(|piece| values(piece, into)),
                Value::Object(fields) => {
                    for (name, field) in fields {
                        match (name.as_str(), field) {
                            ("value" | "by", Value::String(name)) => {
                                into.insert(name.clone());
                            }
                            ("cases", Value::Object(cases)) => {
                                cases.values().for_each(|case| values(case, into));
                            }
                            _ => values(field, into),
                        }
                    }
                }
                _ => {}
            }
        }
        let words: BTreeMap<String, Value> =
            serde_json::from_str(&unpacked_file(&format!("words/{language}.json"))).unwrap();
        let found = words.into_iter().map(|(key, sentence)| {
            let mut named = BTreeSet::new();
            values(&sentence, &mut named);
            (key, named)
        });
        found.collect()
    }

    #[test]
    fn every_language_has_every_sentence_with_the_same_values() {
        let [english, others @ ..] = LANGUAGES.map(sentences);
        for (language, sentences) in LANGUAGES[1..].iter().zip(others) {
            for key in english.keys().chain(sentences.keys()) {
                assert_eq!(english.get(key), sentences.get(key), "{language}: {key}");
            }
        }
    }

    /// The end of the call whose first argument was just read.
    fn end_of_call(rest: &str) -> usize {
        let mut depth = 1;
        rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        })
        .unwrap()
    }

    #[test]
    fn the_page_has_words_for_all_it_says_and_no_others() {
        let mut known = sentences("en-US");
        let mut families = BTreeSet::new();
        let mut said = BTreeSet::new();
        for (name, _) in FILES
            .iter()
            .filter(|(name, _)| content_type(name).starts_with("text/javascript"))
        {
            let source = unpacked_file(name);
            for quote in ['"', '`'] {
                for call in ["say(", "weave("] {
                    for (at, _) in source.match_indices(&format!("{call}{quote}")) {
                        let rest = &source[at + call.len() + 1..];
                        let (text, rest) = rest.split_once(quote).unwrap();
                        if let Some((family, _)) = text.split_once("${") {
                            families.insert(family.to_owned());
                            continue;
                        }
                        let given = &rest[..end_of_call(rest)];
                        for value in known.get(text).into_iter().flatten() {
                            assert!(given.contains(value), "{name}: {text} has no {value}");
                        }
                        said.insert(text.to_owned());
                    }
                }
            }
            // The page first checks whether these keys exist, because there may be no sentence for them.
            for piece in source.split('`').filter(|_| source.contains("knows(")) {
                if let Some((family @ ("error-" | "did-" | "part-"), _)) = piece.split_once("${") {
                    families.insert(family.to_owned());
                }
            }
        }
        for key in &said {
            assert!(known.remove(key).is_some(), "there are no words for {key}");
        }
        for family in families {
            let before = known.len();
            known.retain(|key, _| !key.starts_with(&family));
            assert!(known.len() < before, "there are no words for any {family}…");
        }
        assert!(known.is_empty(), "nobody says {:?}", known.keys());
    }

    #[test]
    fn there_is_no_way_out_of_the_pages_folder() {
        for path in [
            "/../lib.rs",
            "/web_files.rs",
            "//etc/passwd",
            "/index.html/",
        ] {
            assert!(file(path, &HeaderMap::new()).is_none(), "{path}");
        }
    }
}
