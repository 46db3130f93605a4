//! Why the control API refuses.

use std::fmt;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::error::ApiError;

/// An error of the control API.
#[derive(Clone, Debug, PartialEq)]
pub enum ControlError {
    /// Discord itself would refuse this, with this error.
    Refused(ApiError),
    /// The request is invalid. The text says what is wrong, and where.
    Wrong(String),
    /// Nothing with this id or name exists.
    Unknown(String),
}

impl ControlError {
    pub(crate) fn wrong(what: impl Into<String>) -> Self {
        Self::Wrong(what.into())
    }

    /// Discord's error code, if Discord refused.
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Refused(error) => Some(error.code),
            Self::Wrong(_) | Self::Unknown(_) => None,
        }
    }
}

impl From<ApiError> for ControlError {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => write!(f, "Discord refuses: {error}"),
            Self::Wrong(what) | Self::Unknown(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for ControlError {}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::Refused(error) => {
                let status = StatusCode::from_u16(error.status);
                (status.unwrap_or(StatusCode::BAD_REQUEST), error.to_json())
            }
            Self::Wrong(what) => (StatusCode::BAD_REQUEST, json!({"message": what})),
            Self::Unknown(what) => (StatusCode::NOT_FOUND, json!({"message": what})),
        };
        (status, Json(body)).into_response()
    }
}
