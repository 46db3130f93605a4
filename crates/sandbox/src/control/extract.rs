//! Extractors for the handlers. Their errors say what is wrong with the request.

use std::str::FromStr;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Multipart, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::act::Actor;
use super::error::ControlError;
use super::look;
use crate::hub::Hub;
use crate::id::UserId;
use crate::wire::read::FilePart;

/// A response: JSON, or 204 if it is null.
pub(super) struct Reply(pub Value);

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        match self.0 {
            Value::Null => StatusCode::NO_CONTENT.into_response(),
            value => Json(value).into_response(),
        }
    }
}

/// The parameters of a route's path.
pub(super) struct Params {
    hub: Arc<Hub>,
    named: Vec<(String, String)>,
}

impl Params {
    /// The person in the path, who acts or reads.
    pub(super) fn actor(&self) -> Result<Actor<'_>, ControlError> {
        let id = look::who(&self.hub, self.text("person")?)?;
        Ok(Actor { hub: &self.hub, id })
    }

    /// An id.
    pub(super) fn id<T: FromStr>(&self, name: &str) -> Result<T, ControlError> {
        let text = self.text(name)?;
        text.parse().map_err(|_| {
            ControlError::wrong(format!("{text:?} in the path is not an id of a {name}"))
        })
    }

    /// A user's id, or `@me` for the one who acts.
    pub(super) fn user(&self, me: UserId) -> Result<UserId, ControlError> {
        match self.text("user")? {
            "@me" => Ok(me),
            text => match self.hub.look(|world| world.person_named(text)) {
                Some(named) => Ok(named),
                None => self.id("user"),
            },
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<&str, ControlError> {
        let found = self.named.iter().find(|(key, _)| key == name);
        let (_, text) = found.ok_or_else(|| ControlError::Unknown("no such path".to_owned()))?;
        Ok(text)
    }
}

impl FromRequestParts<Arc<Hub>> for Params {
    type Rejection = ControlError;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, ControlError> {
        let params = RawPathParams::from_request_parts(parts, hub)
            .await
            .map_err(|error| ControlError::wrong(error.body_text()))?;
        let named = params
            .iter()
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect();
        Ok(Self {
            hub: Arc::clone(hub),
            named,
        })
    }
}

/// The query of the request.
pub(super) struct Query<T>(pub T);

impl<T: serde::de::DeserializeOwned> FromRequestParts<Arc<Hub>> for Query<T> {
    type Rejection = ControlError;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, ControlError> {
        let query = axum::extract::Query::from_request_parts(parts, hub).await;
        match query {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(error) => Err(ControlError::wrong(error.body_text())),
        }
    }
}

/// A JSON body; null if there is none.
pub(super) struct Body(pub Value);

impl FromRequest<Arc<Hub>> for Body {
    type Rejection = ControlError;

    async fn from_request(request: Request, hub: &Arc<Hub>) -> Result<Self, ControlError> {
        // Only JSON is accepted: another site's page could send a form without the browser asking first, but
        // not JSON.
        let kind = content_type(request.headers()).to_owned();
        let bytes = Bytes::from_request(request, hub)
            .await
            .map_err(|error| ControlError::wrong(error.body_text()))?;
        if kind == "application/json" {
            return serde_json::from_slice(&bytes)
                .map(Self)
                .map_err(|error| ControlError::wrong(format!("the body is not JSON: {error}")));
        }
        if kind.is_empty() && bytes.is_empty() {
            return Ok(Self(Value::Null));
        }
        Err(ControlError::wrong(format!(
            "the body's Content-Type is {kind:?}: it must be application/json"
        )))
    }
}

/// A message's body: JSON, or a form with `payload_json` and `files[n]`.
pub(super) enum MessageBody {
    Json(Value),
    Form(Value, Vec<FilePart>),
}

impl FromRequest<Arc<Hub>> for MessageBody {
    type Rejection = ControlError;

    async fn from_request(request: Request, hub: &Arc<Hub>) -> Result<Self, ControlError> {
        if content_type(request.headers()) != "multipart/form-data" {
            return Body::from_request(request, hub)
                .await
                .map(|Body(body)| Self::Json(body));
        }
        let mut form = Multipart::from_request(request, hub)
            .await
            .map_err(|error| ControlError::wrong(error.body_text()))?;
        let mut payload = Value::Object(serde_json::Map::new());
        let mut files = Vec::new();
        while let Some(field) = form
            .next_field()
            .await
            .map_err(|error| ControlError::wrong(error.body_text()))?
        {
            let name = field.name().unwrap_or_default().to_owned();
            let filename = field.file_name().map(str::to_owned);
            let content_type = field.content_type().map(str::to_owned);
            let data = field
                .bytes()
                .await
                .map_err(|error| ControlError::wrong(error.body_text()))?;
            if name == "payload_json" {
                payload = serde_json::from_slice(&data).map_err(|error| {
                    ControlError::wrong(format!("`payload_json` is not JSON: {error}"))
                })?;
                continue;
            }
            let index = name
                .strip_prefix("files[")
                .and_then(|n| n.strip_suffix(']'));
            let Some(index) = index.and_then(|n| n.parse().ok()) else {
                return Err(ControlError::wrong(format!(
                    "the form has a field {name:?}: only payload_json and files[n] are known"
                )));
            };
            let filename =
                filename.ok_or_else(|| ControlError::wrong(format!("{name} has no file name")))?;
            files.push(FilePart {
                index,
                filename,
                content_type,
                data: data.to_vec().into(),
            });
        }
        Ok(Self::Form(payload, files))
    }
}

/// The content type in lower case, without parameters such as a charset.
fn content_type(headers: &HeaderMap) -> &str {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    value
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
}
