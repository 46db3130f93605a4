//! Components that are not interactive, in messages that are made of components.

use serde::{Deserialize, Serialize};

use super::Component;
use crate::id::AttachmentId;

/// Texts with a button or a picture next to them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub components: Vec<Component>,
    pub accessory: Box<Component>,
}

/// A box around other components.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Container {
    pub accent_color: Option<u32>,
    pub spoiler: bool,
    pub components: Vec<Component>,
}

/// A picture or a film: a thumbnail, or one of a gallery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MediaItem {
    pub media: Media,
    pub description: Option<String>,
    pub spoiler: bool,
}

/// A file that was uploaded with the message, to be downloaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileDisplay {
    pub file: Media,
    pub spoiler: bool,
    /// Set when the message is sent.
    pub name: Option<String>,
    pub size: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Separator {
    pub divider: bool,
    /// 1 small, 2 large.
    pub spacing: u8,
}

/// A picture, a film or a file. Until the message is sent, `url` may be `attachment://name`, and the other
/// fields are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Media {
    pub id: u64,
    pub url: String,
    pub proxy_url: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub content_type: Option<String>,
    pub attachment: Option<AttachmentId>,
}
