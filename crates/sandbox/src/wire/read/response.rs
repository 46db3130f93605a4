//! Responses to interactions, from JSON.

use serde_json::{Value, json};

use super::form::read;
use super::{FilePart, command, component, message};
use crate::error::ApiError;
use crate::world::draft::Response;
use crate::world::model::flags;

/// An application's first answer to an interaction.
pub(crate) fn response(body: &Value, files: Vec<FilePart>) -> Result<Response, ApiError> {
    message::check_sizes(&files)?;
    let kind = read(body, |form| {
        let kind = form.one_imitated("type", &[1, 4, 5, 6, 7, 8, 9], &[12, 13]);
        form.required("type", kind)
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
            let given = read(&nested, |form| {
                let data = form.object("data")?;
                // A deferred response mentions no one yet, but serenity always sends this.
                data.known(&["allowed_mentions"]);
                message::sendable_flags(&data)
            })?;
            Response::Defer {
                ephemeral: given.unwrap_or(0) & flags::EPHEMERAL != 0,
            }
        }
        Some(6) => {
            read(&nested, |form| {
                let data = form.object("data")?;
                // Discord ignores the content of a deferred update.
                data.json();
                message::sendable_flags(&data)
            })?;
            Response::DeferUpdate
        }
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
        _ => {
            read(body, |form| form.known(&["data"]))?;
            Response::Pong
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::reading::noting;

    #[test]
    fn a_file_may_be_no_larger_than_in_a_message() {
        let file = |size| FilePart {
            index: 0,
            filename: "a.bin".into(),
            content_type: None,
            data: vec![0; size].into(),
        };
        for kind in [4, 7] {
            let sent = |size| response(&json!({"type": kind}), vec![file(size)]).map(drop);
            assert_eq!(sent(message::MAX_FILE), Ok(()));
            assert_eq!(sent(message::MAX_FILE + 1), Err(ApiError::RequestTooLarge));
        }
    }

    #[tokio::test]
    async fn of_a_deferred_response_only_what_is_sent_too_early_is_a_problem() {
        let data = json!({"flags": 64, "allowed_mentions": {"parse": ["users"]}, "content": "x"});
        let body = json!({"type": 5, "data": data});
        let (given, read) = noting(async { response(&body, Vec::new()) }).await;
        assert!(matches!(given, Ok(Response::Defer { ephemeral: true })));
        assert_eq!(read.ignored(&body), ["data.content"]);
    }
}
