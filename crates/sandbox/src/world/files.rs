//! Uploaded files: their names, types, sizes in pixels, and addresses.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::Deserialize;

use super::World;
use super::draft::Upload;
use super::interactions::TOKEN_MILLIS;
use super::model::{Attachment, File, Image, Message};
use crate::id::{AttachmentId, ChannelId, Timestamp};

/// Twelve hours, in milliseconds.
const HALF_A_DAY: i64 = 12 * 3_600_000;

/// The query of an attachment's address: until when and since when it is valid, and a value that shows that
/// the sandbox made it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Signature {
    #[serde(default)]
    pub(crate) ex: String,
    #[serde(default)]
    pub(crate) is: String,
    #[serde(default)]
    pub(crate) hm: String,
}

impl World {
    /// The address of a channel's attachment.
    pub fn attachment_url(&self, channel: ChannelId, attachment: &Attachment) -> String {
        let Attachment { id, filename, .. } = attachment;
        let address = format!("{}/attachments/{channel}/{id}/{filename}", self.base_url);
        self.signed(&address, *id)
    }

    /// One of the sandbox's own addresses with a new signature; `None` for any other address.
    pub(crate) fn freshly_signed(&self, url: &str) -> Option<String> {
        let (address, _) = url.split_once('?').unwrap_or((url, ""));
        let path = address
            .strip_prefix(&self.base_url)?
            .strip_prefix("/attachments/")?;
        let id = path.split('/').nth(1)?.parse().ok()?;
        Some(self.signed(address, AttachmentId(id)))
    }

    /// Whether an address with this signature is still valid.
    pub(crate) fn is_usable(&self, id: AttachmentId, signature: &Signature) -> bool {
        let Signature { ex, is, hm } = signature;
        let seconds = |hex: &str| i64::from_str_radix(hex, 16).ok();
        let (Some(expires), Some(issued)) = (seconds(ex), seconds(is)) else {
            return false;
        };
        *hm == Self::seal(id, issued, expires) && self.seen_at.0.0 < expires.saturating_mul(1000)
    }

    /// Signs an address for a day at most. The result stays the same for half a day, so that clients can use
    /// their cached file.
    fn signed(&self, address: &str, id: AttachmentId) -> String {
        let made = id.created_at();
        let age = self.seen_at.0.since(made).max(0);
        let issued = made.plus(age / HALF_A_DAY * HALF_A_DAY).0 / 1000;
        let expires = issued + 2 * HALF_A_DAY / 1000;
        let seal = Self::seal(id, issued, expires);
        format!("{address}?ex={expires:x}&is={issued:x}&hm={seal}&")
    }

    /// A value that an address cannot contain by accident. It is no secret, because a wrong address is a
    /// mistake in a test, not an attack.
    fn seal(id: AttachmentId, issued: i64, expires: i64) -> String {
        let part = |number: u8| {
            let mut hasher = DefaultHasher::new();
            (number, id, issued, expires).hash(&mut hasher);
            format!("{:016x}", hasher.finish())
        };
        (0..4).map(part).collect()
    }

    /// The address of a file that was uploaded with a command or a modal. Like Discord's addresses, it
    /// contains its expiry, which is that of the interaction's token.
    pub fn ephemeral_attachment_url(&self, channel: ChannelId, attachment: &Attachment) -> String {
        let Attachment { id, filename, .. } = attachment;
        let since = id.created_at().0 / 1000;
        let until = since + TOKEN_MILLIS / 1000;
        let base = &self.base_url;
        let seal = Self::seal(*id, since, until);
        let place = format!("{base}/ephemeral-attachments/{channel}/{id}/{filename}");
        format!("{place}?ex={until:x}&is={since:x}&hm={seal}&")
    }

    /// The file that one of the sandbox's own addresses leads to.
    pub(super) fn file_at(&self, url: &str) -> Option<&File> {
        self.files.get(&self.attachment_at(url)?)
    }

    /// The id of the sandbox's own file at an address.
    pub(super) fn attachment_at(&self, url: &str) -> Option<AttachmentId> {
        let path = url.split('?').next()?.strip_prefix(&self.base_url)?;
        let path = path
            .strip_prefix("/attachments/")
            .or_else(|| path.strip_prefix("/ephemeral-attachments/"))?;
        let id = AttachmentId(path.split('/').nth(1)?.parse().ok()?);
        self.files.contains_key(&id).then_some(id)
    }

    /// Keeps the bytes of an upload.
    pub(super) fn keep_file(&mut self, now: Timestamp, upload: Upload) -> Attachment {
        let id = AttachmentId(self.ids.next(now));
        self.keep_file_as(id, upload)
    }

    pub(super) fn keep_file_as(&mut self, id: AttachmentId, upload: Upload) -> Attachment {
        let filename = safe_name(&upload.filename);
        let content_type = content_type(&filename, upload.content_type, &upload.data);
        let attachment = Attachment {
            id,
            filename: filename.clone(),
            title: upload.title,
            description: upload.description,
            content_type: content_type.clone(),
            size: upload.data.len() as u64,
            dimensions: dimensions(&upload.data),
        };
        self.files.insert(
            id,
            File {
                filename,
                content_type,
                data: upload.data,
            },
        );
        attachment
    }

    /// Keeps the bytes of an avatar or an icon.
    pub(super) fn keep_picture(&mut self, now: Timestamp, upload: Upload) -> Image {
        Image(self.keep_file(now, upload).id)
    }

    /// Deletes the files of a deleted message, including those that only its embeds or components show.
    pub(super) fn drop_files(&mut self, mut message: Message) {
        for attachment in &message.attachments {
            self.files.remove(&attachment.id);
        }
        let prefix = format!("{}/attachments/{}/", self.base_url, message.channel);
        for picture in message.pictures_mut() {
            let id = picture
                .url()
                .strip_prefix(&prefix)
                .and_then(|rest| rest.split('/').next());
            if let Some(id) = id.and_then(|id| id.parse().ok()) {
                self.files.remove(&AttachmentId(id));
            }
        }
    }
}

/// The width and height of a picture, from its first bytes.
pub fn dimensions(data: &[u8]) -> Option<(u32, u32)> {
    match data {
        [0x89, b'P', b'N', b'G', ..] => Some((big(data.get(16..20)?), big(data.get(20..24)?))),
        [b'G', b'I', b'F', b'8', ..] => Some((little(data.get(6..8)?), little(data.get(8..10)?))),
        [0xFF, 0xD8, ..] => jpeg(data),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => webp(data),
        _ => None,
    }
}

/// Keeps letters, digits, `_`, `-` and `.`, as Discord does.
pub(super) fn safe_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let safe: String = name
        .chars()
        .take(260)
        .map(|c| if fits(c) { c } else { '_' })
        .collect();
    match safe.trim_matches('.') {
        "" => "unknown".into(),
        _ => safe,
    }
}

/// The type of a picture, from its first bytes.
pub(crate) fn picture_type(data: &[u8]) -> Option<&'static str> {
    match data {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [0xFF, 0xD8, ..] => Some("image/jpeg"),
        _ if data.starts_with(b"RIFF") && data.get(8..12) == Some(b"WEBP") => Some("image/webp"),
        _ if data.get(4..12) == Some(b"ftypavif") => Some("image/avif"),
        _ => None,
    }
}

fn content_type(filename: &str, declared: Option<String>, data: &[u8]) -> Option<String> {
    let declared = declared.filter(|t| t.contains('/') && t != "application/octet-stream");
    let extension = filename
        .rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase());
    let by_name = match extension.as_deref() {
        Some("txt" | "log" | "md") => Some("text/plain; charset=utf-8"),
        Some("json") => Some("application/json; charset=utf-8"),
        Some("csv") => Some("text/csv; charset=utf-8"),
        Some("html" | "htm") => Some("text/html; charset=utf-8"),
        Some("svg") => Some("image/svg+xml"),
        Some("png") => Some("image/png"),
        Some("gif") => Some("image/gif"),
        Some("jpg" | "jpeg") => Some("image/jpeg"),
        Some("webp") => Some("image/webp"),
        Some("mp4") => Some("video/mp4"),
        Some("webm") => Some("video/webm"),
        Some("mp3") => Some("audio/mpeg"),
        Some("ogg") => Some("audio/ogg"),
        Some("pdf") => Some("application/pdf"),
        Some("zip") => Some("application/zip"),
        _ => None,
    };
    picture_type(data)
        .map(Into::into)
        .or(declared)
        .or(by_name.map(Into::into))
}

/// A JPEG's frame header comes after segments that begin with their length.
fn jpeg(data: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let [0xFF, marker] = *data.get(at..at + 2)? else {
            return None;
        };
        let is_frame = matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        if is_frame {
            return Some((
                big(data.get(at + 7..at + 9)?),
                big(data.get(at + 5..at + 7)?),
            ));
        }
        at += 2 + big(data.get(at + 2..at + 4)?) as usize;
    }
}

fn webp(data: &[u8]) -> Option<(u32, u32)> {
    match data.get(12..16)? {
        b"VP8X" => Some((little(data.get(24..27)?) + 1, little(data.get(27..30)?) + 1)),
        b"VP8L" => {
            let bits = little(data.get(21..25)?);
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        b"VP8 " => Some((
            little(data.get(26..28)?) & 0x3FFF,
            little(data.get(28..30)?) & 0x3FFF,
        )),
        _ => None,
    }
}

fn big(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn little(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rev()
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_tell_their_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08";
        let gif = b"GIF89a\x10\0\x20\0";
        let jpeg = b"\xff\xd8\xff\xe0\0\x04AB\xff\xc0\0\x11\x08\0\x30\0\x40\x03";
        let vp8x = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x0f\0\0\x1f\0\0";
        for (data, size) in [
            (&png[..], Some((640, 480))),
            (gif, Some((16, 32))),
            (jpeg, Some((64, 48))),
            (vp8x, Some((16, 32))),
            (&png[..20], None),
            (b"\xff\xd8\xff\xe0\0\0", None),
            (b"hello", None),
            (b"", None),
        ] {
            assert_eq!(dimensions(data), size, "{data:?}");
        }
    }

    #[test]
    fn names_are_made_safe() {
        for (name, safe) in [
            ("cat.png", "cat.png"),
            ("my cat (1).png", "my_cat__1_.png"),
            ("../../etc/passwd", "passwd"),
            ("..", "unknown"),
            ("", "unknown"),
            ("ключ.txt", "____.txt"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
    }

    #[test]
    fn content_decides_before_the_sender() {
        let told = || Some("text/html".to_owned());
        assert_eq!(
            content_type("a.png", told(), b"\x89PNG").as_deref(),
            Some("image/png")
        );
        assert_eq!(
            content_type("a.bin", told(), b"x").as_deref(),
            Some("text/html")
        );
        assert_eq!(
            content_type("a.pdf", None, b"x").as_deref(),
            Some("application/pdf")
        );
        assert_eq!(content_type("a", None, b"x"), None);
    }
}
