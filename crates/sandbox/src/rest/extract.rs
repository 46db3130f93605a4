//! Extractors: who sends a request, the ids in its path, its query and its body.

use std::convert::Infallible;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures_util::stream;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{ApplicationId, UserId};
use crate::wire::read::FilePart;
use crate::wire::reading;

/// The bot that sends the request, found by its token. 401 if the token is missing or wrong.
#[derive(Clone, Copy)]
pub(super) struct Bot {
    pub id: UserId,
    pub application: ApplicationId,
}

impl FromRequestParts<Arc<Hub>> for Bot {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, ApiError> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok());
        // REST requires the prefix `Bot `.
        let token = token
            .and_then(|t| t.strip_prefix("Bot "))
            .ok_or(ApiError::Unauthorized)?;
        hub.look(|world| {
            let application = world.application_by_token(token)?;
            Some(Self {
                id: application.bot,
                application: application.id,
            })
        })
        .ok_or(ApiError::Unauthorized)
    }
}

/// The ids in the path. 50035 if one is not a snowflake.
pub(super) struct Ids<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Hub>> for Ids<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, ApiError> {
        Path::from_request_parts(parts, hub)
            .await
            .map(|Path(ids)| Self(ids))
            .map_err(|_| {
                let message = "A value in the path is not snowflake.";
                ApiError::field("", "NUMBER_TYPE_COERCE", message)
            })
    }
}

/// The bot's reason for the audit log. Clients percent-encode what is not ASCII. Source: Discord's "Audit
/// Log", X-Audit-Log-Reason.
pub(super) struct Reason(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Reason {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(audit_reason(&parts.headers)))
    }
}

pub(crate) fn audit_reason(headers: &HeaderMap) -> Option<String> {
    let encoded = headers.get("x-audit-log-reason")?.as_bytes();
    let decoded = percent_encoding::percent_decode(encoded).decode_utf8_lossy();
    Some(decoded.into_owned())
}

/// The query, read parameter by parameter.
pub(super) struct Params(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = Query::try_from_uri(&parts.uri);
        Ok(Self(query.map(|Query(params)| params).unwrap_or_default()))
    }
}

impl Params {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        reading::parameter(name);
        let mut given = self.0.iter().filter(|(known, _)| known == name);
        given.next_back().map(|(_, value)| &**value)
    }

    /// Clients write booleans in several ways.
    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.text(name), Some("true" | "True" | "1"))
    }

    pub(super) fn parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, ApiError> {
        self.text(name).map(|text| parsed(name, text)).transpose()
    }

    /// All values of a parameter that can be repeated.
    pub(super) fn all<T: FromStr, C: FromIterator<T>>(&self, name: &str) -> Result<C, ApiError> {
        reading::parameter(name);
        let given = self.0.iter().filter(|(known, _)| known == name);
        given.map(|(_, value)| parsed(name, value)).collect()
    }

    /// A limit within Discord's bounds.
    pub(super) fn limit(&self, default: usize, max: usize) -> Result<usize, ApiError> {
        match self.parsed::<usize>("limit")? {
            None => Ok(default),
            Some(limit) if (1..=max).contains(&limit) => Ok(limit),
            Some(0) => {
                let message = "int value should be greater than or equal to 1.";
                Err(ApiError::field("limit", "NUMBER_TYPE_MIN", message))
            }
            Some(_) => {
                let message = format!("int value should be less than or equal to {max}.");
                Err(ApiError::field("limit", "NUMBER_TYPE_MAX", message))
            }
        }
    }
}

fn parsed<T: FromStr>(name: &str, text: &str) -> Result<T, ApiError> {
    text.parse().map_err(|_| {
        let text: String = text.chars().take(50).collect();
        let message = format!("Value \"{text}\" is not what this parameter takes.");
        ApiError::field(name, "NUMBER_TYPE_COERCE", message)
    })
}

/// The body: JSON, or a form of either kind with `payload_json` and files. Null if there is none.
pub(super) struct Payload {
    pub body: Value,
    pub files: Vec<FilePart>,
}

impl FromRequest<Arc<Hub>> for Payload {
    type Rejection = ApiError;

    async fn from_request(request: Request, hub: &Arc<Hub>) -> Result<Self, ApiError> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok());
        let boundary = kind.and_then(|kind| multer::parse_boundary(kind).ok());
        let encoded = kind.is_some_and(is_urlencoded);
        let bytes = Bytes::from_request(request, hub).await;
        let bytes = bytes.map_err(|_| ApiError::RequestTooLarge)?;
        if let Some(boundary) = boundary {
            return form(bytes, boundary).await;
        }
        if encoded {
            return Ok(Self {
                body: urlencoded(&bytes)?,
                files: Vec::new(),
            });
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self {
                body: Value::Null,
                files: Vec::new(),
            });
        }
        let body = serde_json::from_slice(&bytes).map_err(|_| ApiError::InvalidJson)?;
        Ok(Self {
            body,
            files: Vec::new(),
        })
    }
}

impl Payload {
    /// The body as an object, `{}` if there is none.
    pub(super) fn or_empty(self) -> Value {
        if self.body.is_null() {
            Value::Object(Map::new())
        } else {
            self.body
        }
    }
}

/// Whether this Content-Type is that of a form without files, as py-cord sends it.
pub(crate) fn is_urlencoded(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The value of a form's field: a text, except for the one field that is true or false.
fn form_value(name: &str, text: String) -> Value {
    match text.to_ascii_lowercase().parse() {
        Ok(flag) if name == "tts" => Value::Bool(flag),
        _ => Value::String(text),
    }
}

/// The body of such a form: its `payload_json`, or its fields as texts.
pub(crate) fn urlencoded(bytes: &[u8]) -> Result<Value, ApiError> {
    let fields: Map<String, Value> = form_urlencoded::parse(bytes)
        .map(|(name, value)| {
            let value = form_value(&name, value.into_owned());
            (name.into_owned(), value)
        })
        .collect();
    match fields.get("payload_json").and_then(Value::as_str) {
        Some(payload) => serde_json::from_str(payload).map_err(|_| ApiError::InvalidJson),
        None => Ok(Value::Object(fields)),
    }
}

async fn form(bytes: Bytes, boundary: String) -> Result<Payload, ApiError> {
    let body = stream::iter([Ok::<_, Infallible>(bytes)]);
    let mut form = multer::Multipart::new(body, boundary);
    let mut payload = None;
    let mut fields = Map::new();
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| malformed_form())? {
        let name = field.name().unwrap_or_default().to_owned();
        let filename = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(ToString::to_string);
        let data = field.bytes().await.map_err(|_| malformed_form())?;
        if name == "payload_json" {
            let parsed = serde_json::from_slice(&data).map_err(|_| ApiError::InvalidJson)?;
            payload = Some(parsed);
        } else if let Some(filename) = filename {
            let next = files.len() as u64;
            let index = file_index(&name).unwrap_or(next);
            files.push(FilePart {
                index,
                filename,
                content_type,
                data: data.as_ref().into(),
            });
        } else {
            let text = String::from_utf8_lossy(&data).into_owned();
            let value = form_value(&name, text);
            fields.insert(name, value);
        }
    }
    // Without `payload_json` the form's own fields are the body.
    Ok(Payload {
        body: payload.unwrap_or(Value::Object(fields)),
        files,
    })
}

/// The `n` of `files[n]`, or of the older `filen`.
fn file_index(name: &str) -> Option<u64> {
    let rest = name
        .strip_prefix("files[")
        .and_then(|rest| rest.strip_suffix(']'));
    rest.or_else(|| name.strip_prefix("file"))?.parse().ok()
}

fn malformed_form() -> ApiError {
    let message = "The form could not be read.";
    ApiError::field("", "FORM_TYPE_INVALID", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_files_holds_json_or_texts() {
        for (kind, expected) in [
            ("application/x-www-form-urlencoded", true),
            ("Application/X-WWW-Form-Urlencoded; charset=utf-8", true),
            ("application/json", false),
        ] {
            assert_eq!(is_urlencoded(kind), expected, "{kind}");
        }
        let payload = urlencoded(b"payload_json=%7B%22type%22%3A+5%7D&x=1").unwrap();
        assert_eq!(payload, serde_json::json!({"type": 5}));
        let fields = urlencoded(b"content=a+b%20%F0%9F%91%8D&tts=true").unwrap();
        assert_eq!(
            fields,
            serde_json::json!({"content": "a b 👍", "tts": true})
        );
        assert_eq!(urlencoded(b"payload_json=%7B"), Err(ApiError::InvalidJson));
    }

    #[test]
    fn files_are_numbered_by_their_field() {
        for (name, index) in [
            ("files[0]", Some(0)),
            ("files[12]", Some(12)),
            ("file3", Some(3)),
            ("file", None),
            ("x", None),
        ] {
            assert_eq!(file_index(name), index, "{name}");
        }
    }
}
