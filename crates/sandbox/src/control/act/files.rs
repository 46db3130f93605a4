//! Files in JSON bodies.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::error::ControlError;
use crate::wire::read::{self, FilePart};
use crate::world::draft::Upload;

/// Takes the files out of a JSON message: `attachments: [{filename, content_type?, description?,
/// data}]` becomes what Discord has, `[{id, filename, description?}]`.
pub(super) fn decode_attachments(body: &mut Value) -> Result<Vec<FilePart>, ControlError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        filename: String,
        content_type: Option<String>,
        description: Option<String>,
        data: String,
    }
    let Some(attachments) = body.get_mut("attachments") else {
        return Ok(Vec::new());
    };
    let files: Vec<File> = serde_json::from_value(attachments.take())
        .map_err(|error| ControlError::wrong(format!("`attachments` makes no sense: {error}")))?;
    let mut parts = Vec::with_capacity(files.len());
    let mut described = Vec::with_capacity(files.len());
    for (index, file) in (0..).zip(files) {
        let data = BASE64.decode(file.data.as_bytes()).map_err(|error| {
            ControlError::wrong(format!(
                "`attachments[{index}].data` is not base64: {error}"
            ))
        })?;
        let mut attachment = json!({"id": index, "filename": file.filename});
        if let Some(description) = file.description {
            attachment["description"] = description.into();
        }
        described.push(attachment);
        let (filename, content_type) = (file.filename, file.content_type);
        parts.push(FilePart {
            index,
            filename,
            content_type,
            data: data.into(),
        });
    }
    *attachments = Value::Array(described);
    Ok(parts)
}

/// Removes the `attachments` from the body of a command or a modal, and reads them.
pub(super) fn take_uploads(body: &mut Value) -> Result<Vec<Upload>, ControlError> {
    let files = decode_attachments(body)?;
    let attached = body.as_object_mut().and_then(|b| b.remove("attachments"));
    let attached = json!({"attachments": attached.unwrap_or_else(|| json!([]))});
    Ok(read::uploads(&attached, files)?)
}
