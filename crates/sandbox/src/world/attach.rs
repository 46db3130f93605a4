//! Uploads of a message, and the embeds and components that show them.

use super::World;
use super::component::Component;
use super::draft::Upload;
use super::embed::{Embed, Picture};
use super::model::Attachment;
use crate::error::ApiError;
use crate::id::{AttachmentId, ChannelId, Timestamp};

/// The parts of a message that can show files, and the files themselves.
pub(super) struct Shown {
    pub attachments: Vec<Attachment>,
    pub embeds: Vec<Embed>,
    pub components: Vec<Component>,
}

impl World {
    /// Stores uploads and resolves `attachment://` addresses to them. A file that an embed or a component
    /// shows is removed from the attachments.
    pub(super) fn attach(
        &mut self,
        now: Timestamp,
        channel: ChannelId,
        uploads: Vec<Upload>,
        mut shown: Shown,
    ) -> Shown {
        let kept = shown.attachments.into_iter();
        let mut files: Vec<(Attachment, String)> = kept.map(|a| (a.clone(), a.filename)).collect();
        for upload in uploads {
            let told_name = upload.filename.clone();
            files.push((self.keep_file(now, upload), told_name));
        }
        let mut elsewhere = Vec::new();
        let embeds = shown.embeds.iter_mut().flat_map(Embed::pictures_mut);
        let components = shown.components.iter_mut();
        let components = components.flat_map(Component::pictures_mut);
        for mut picture in embeds.chain(components.filter(|picture| !picture.is_found())) {
            let found = match picture.url().strip_prefix("attachment://") {
                Some(name) => {
                    let mut named = files
                        .iter()
                        .filter(|(a, told)| a.filename == name || told == name);
                    let Some((attachment, _)) = named.next() else {
                        continue;
                    };
                    elsewhere.push(attachment.id);
                    Found::attached(attachment, self.attachment_url(channel, attachment))
                }
                None => self.found_at(picture.url()),
            };
            picture.show(self.ids.next(now), found);
        }
        let listed = files.into_iter().map(|(attachment, _)| attachment);
        shown.attachments = listed.filter(|a| !elsewhere.contains(&a.id)).collect();
        shown
    }

    /// Resolves an address: one of the sandbox's own files, or something elsewhere.
    fn found_at(&self, url: &str) -> Found {
        let file = self.file_at(url);
        Found {
            url: url.to_owned(),
            dimensions: file.and_then(|file| super::files::dimensions(&file.data)),
            content_type: file.and_then(|file| file.content_type.clone()),
            attachment: None,
        }
    }
}

/// What an address in a message leads to.
struct Found {
    url: String,
    dimensions: Option<(u32, u32)>,
    content_type: Option<String>,
    /// If the address refers to an attachment of this message: its id, name and size.
    attachment: Option<(AttachmentId, String, u64)>,
}

impl Found {
    fn attached(attachment: &Attachment, url: String) -> Self {
        let Attachment { id, filename, .. } = attachment;
        Self {
            url,
            dimensions: attachment.dimensions,
            content_type: attachment.content_type.clone(),
            attachment: Some((*id, filename.clone(), attachment.size)),
        }
    }
}

impl Picture<'_> {
    /// Whether a component's picture was resolved when the message was sent.
    fn is_found(&self) -> bool {
        match self {
            Self::Component(media) => media.id != 0,
            Self::File(file) => file.file.id != 0,
            Self::Media(_) | Self::Icon { .. } => false,
        }
    }

    /// Sets a picture's file. `id` is only for pictures of components.
    fn show(&mut self, id: u64, found: Found) {
        let (width, height) = found.dimensions.unzip();
        match self {
            Self::Media(media) => {
                media.proxy_url = Some(found.url.clone());
                media.url = found.url;
                media.width = width;
                media.height = height;
                media.content_type = found.content_type;
            }
            Self::Icon { url, proxy } => {
                **proxy = Some(found.url.clone());
                **url = found.url;
            }
            Self::Component(media) => {
                media.id = id;
                media.proxy_url = Some(found.url.clone());
                media.url = found.url;
                media.width = width;
                media.height = height;
                media.content_type = found.content_type;
                media.attachment = found.attachment.map(|(id, ..)| id);
            }
            Self::File(file) => {
                let known = found.attachment.clone();
                Picture::Component(&mut file.file).show(id, found);
                if let Some((_, name, size)) = known {
                    file.name = Some(name);
                    file.size = Some(size);
                }
            }
        }
    }
}

/// The old attachments that an edit keeps.
pub(super) fn kept_attachments(
    old: &[Attachment],
    keep: Option<Vec<(AttachmentId, Option<String>)>>,
) -> Result<Vec<Attachment>, ApiError> {
    let Some(keep) = keep else {
        return Ok(old.to_vec());
    };
    let mut kept = Vec::new();
    for (id, description) in keep {
        let Some(found) = old.iter().find(|a| a.id == id) else {
            let message = format!("Attachment \"{id}\" is not on this message");
            let code = "ATTACHMENT_NOT_FOUND";
            return Err(ApiError::field("attachments", code, message));
        };
        kept.push(Attachment {
            description: description.or_else(|| found.description.clone()),
            ..found.clone()
        });
    }
    Ok(kept)
}
