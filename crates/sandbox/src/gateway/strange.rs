//! Gateway faults: the gateway holds something back, or sends raw frames.

use std::collections::BTreeSet;

use axum::body::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

/// Something that gateway clients wait for, until it is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hold {
    /// A connection's HELLO (op 10). A [`Frame`] that is sent meanwhile takes its place.
    Hello,
    /// READY and RESUMED, and everything after them.
    Ready,
    /// Each `GUILD_CREATE` of a server that was not sent yet.
    Guilds,
    /// The acknowledgements of heartbeats. They are dropped, not sent later.
    Acks,
}

/// What is held at present.
pub(crate) type Holds = BTreeSet<Hold>;

/// Something that is sent to every gateway client as it is. As JSON it is the body of
/// `POST /control/gateway/frames`: `{"text": …}` or `{"bytes": base64}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A text in place of a payload. It is compressed as any payload, but not numbered, and not sent again
    /// after a resume.
    Text(String),
    /// A binary message, which is not compressed.
    Bytes(Bytes),
}

impl Frame {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Bytes(Bytes::from(bytes.into()))
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

/// A [`Frame`] in the format of the control API.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFrame {
    text: Option<String>,
    bytes: Option<String>,
}

impl RawFrame {
    /// Reads the frame. The error says why that is not possible.
    pub(crate) fn read(self) -> Result<Frame, String> {
        match (self.text, self.bytes) {
            (Some(text), None) => Ok(Frame::Text(text)),
            (None, Some(bytes)) => BASE64
                .decode(bytes)
                .map(Frame::bytes)
                .map_err(|error| format!("`bytes` is not base64: {error}")),
            _ => Err("a frame needs either `text` or `bytes`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_frame_is_text_or_bytes() {
        let read = |json: Value| serde_json::from_value::<RawFrame>(json).unwrap().read();
        assert_eq!(read(json!({"text": "{"})), Ok(Frame::text("{")));
        assert_eq!(read(json!({"bytes": "AP8="})), Ok(Frame::bytes([0, 255])));
        for wrong in [
            json!({}),
            json!({"text": "", "bytes": ""}),
            json!({"bytes": "?"}),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
