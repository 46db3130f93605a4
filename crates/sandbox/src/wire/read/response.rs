//! Answers to interactions, from JSON.

use serde_json::{Value, json};

use super::form::read;
use super::{FilePart, command, component, message};
use crate::error::ApiError;
use crate::world::draft::Response;
use crate::world::model::flags;

/// An application's first answer to an interaction.
pub(crate) fn response(body: &Value, files: Vec<FilePart>) -> Result<Response, ApiError> {
    let kind = read(body, |form| {
        form.required("type", form.one_of("type", &[1, 4, 5, 6, 7, 8, 9, 12]))
    })?;
    let empty = json!({});
    let data = if body["data"].is_null() {
        &empty
    } else {
        &body["data"]
    };
    let nested = json!({"data": data});
    Ok(match kind {
        Some(4) => Response::Message(read(&nested, |form| {
            form.object("data")
                .map(|data| message::draft(&data, files))
                .unwrap_or_default()
        })?),
        Some(5) => {
            let given = data["flags"].as_u64().unwrap_or(0);
            Response::Defer {
                ephemeral: given & flags::EPHEMERAL != 0,
            }
        }
        Some(6) => Response::DeferUpdate,
        Some(7) => Response::Update(read(&nested, |form| {
            form.object("data")
                .map(|data| message::edit(&data, files))
                .unwrap_or_default()
        })?),
        Some(9) => {
            let modal = read(&nested, |form| {
                form.object("data").map(|d| component::modal(&d))
            })?;
            modal
                .map(Response::Modal)
                .ok_or(ApiError::InvalidFormBody)?
        }
        Some(8) => {
            let choices = read(&nested, |form| {
                let suggested = form.object("data").map(|data| command::suggestions(&data));
                suggested.unwrap_or_default()
            })?;
            Response::Choices(choices.into())
        }
        Some(12) => {
            let message = "Activities are not imitated here";
            return Err(ApiError::field("type", "SANDBOX_UNSUPPORTED", message));
        }
        _ => Response::Pong,
    })
}
