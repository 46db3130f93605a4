//! An inbox's message: embeds, pictures, files, and its button.

use std::collections::HashSet;

use tickets::inbox;
use tickets::request::Attachment;
use tickets::setting::{Colour, Emoji};
use tickets::template::cut;
use tickets::text::Text;
use twilight_model::channel::message::component::{Button, ButtonStyle};
use twilight_model::channel::message::embed::EmbedThumbnail;
use twilight_model::channel::message::embed::{EmbedAuthor, EmbedFooter, EmbedImage};
use twilight_model::channel::message::{Component, Embed, EmojiReactionType};
use twilight_model::http::attachment::Attachment as Upload;
use twilight_model::id::Id;

use super::component::{self, row};
use crate::discord::custom_id::ComponentId;
use crate::translate::{Language, say};

/// The content of an inbox's message: [`tickets::action::Content`] with downloaded files.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A text as an embed, with pictures in it and other files above it.
    Text {
        text: String,
        pictures: Vec<Download>,
        files: Vec<Download>,
    },
    /// Copies of a message's own embeds.
    Embeds {
        embeds: Vec<Embed>,
        files: Vec<Download>,
        /// The downloaded pictures of the embeds, by their old URL. They must be uploaded again.
        pictures: Vec<(String, Download)>,
    },
}

/// A downloaded attachment.
#[derive(Clone, Debug, PartialEq)]
pub struct Download {
    pub attachment: Attachment,
    pub bytes: Vec<u8>,
}

/// A message to send. If it edits another, all of the old content and attachments are replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct InboxMessage {
    pub embeds: Vec<Embed>,
    pub attachments: Vec<Upload>,
    pub components: Vec<Component>,
}

/// The message of an inbox in a server of this language.
pub fn inbox_message(body: Body, button: &inbox::Button, server: Language) -> InboxMessage {
    let mut uploads = Uploads::default();
    let embeds = match body {
        Body::Text {
            text,
            pictures,
            files,
        } => {
            let names: Vec<_> = pictures.into_iter().map(|it| uploads.add(it)).collect();
            for file in files {
                uploads.add(file);
            }
            text_embeds(&text, &names)
        }
        Body::Embeds {
            embeds,
            files,
            pictures,
        } => {
            for file in files {
                uploads.add(file);
            }
            let names: Vec<_> = pictures
                .into_iter()
                .map(|(url, picture)| (url, uploads.add(picture)))
                .collect();
            let mut copies = own_embeds(&embeds);
            for url in copies.iter_mut().flat_map(addresses) {
                if let Some((_, name)) = names.iter().find(|(old, _)| old == url) {
                    *url = format!("attachment://{name}");
                }
            }
            copies
        }
    };
    InboxMessage {
        embeds,
        attachments: uploads.list,
        components: vec![button_row(button, server)],
    }
}

/// A message's own embeds, without link previews, ready to be sent again: the fields that Discord adds are
/// removed.
pub fn own_embeds(embeds: &[Embed]) -> Vec<Embed> {
    embeds
        .iter()
        .filter(|embed| embed.kind == RICH)
        .take(MAX_EMBEDS)
        .map(cleaned)
        .collect()
}

/// The URLs of the pictures in the embeds to copy, without duplicates.
pub fn pictures(embeds: &[Embed]) -> Vec<String> {
    let mut found = Vec::new();
    for url in own_embeds(embeds).iter_mut().flat_map(addresses) {
        if !found.contains(url) {
            found.push(url.clone());
        }
    }
    found
}

/// The URLs of an embed's pictures.
fn addresses(embed: &mut Embed) -> impl Iterator<Item = &mut String> {
    let image = embed.image.as_mut().map(|it| &mut it.url);
    let thumbnail = embed.thumbnail.as_mut().map(|it| &mut it.url);
    let author = embed.author.as_mut().and_then(|it| it.icon_url.as_mut());
    let footer = embed.footer.as_mut().and_then(|it| it.icon_url.as_mut());
    [image, thumbnail, author, footer].into_iter().flatten()
}

/// Discord's type of every embed that is not a preview.
const RICH: &str = "rich";

/// Discord's limits for a message: embeds, and files.
pub const MAX_FILES: usize = 10;
const MAX_EMBEDS: usize = MAX_FILES;

/// Discord's limit for an embed's description.
const MAX_DESCRIPTION: usize = 4096;

/// Discord's limit for a file's alt text.
const MAX_ALT_TEXT: usize = 1024;

/// The maximum length of a filename here. Discord's own limit is higher.
const MAX_FILENAME: usize = 100;

/// Discord shows embeds with the same URL as one gallery of at most four pictures, and hides the others.
/// Source: discord-api-docs, issue 1418.
const GALLERY: usize = 4;

/// The URL that groups embeds into a gallery. Members do not see it, because an embed without a title shows
/// no link.
const GALLERY_URL: &str = "https://discord.com/";

fn text_embeds(text: &str, pictures: &[String]) -> Vec<Embed> {
    let description = (!text.is_empty()).then(|| cut(text, MAX_DESCRIPTION).to_owned());
    let mut embeds: Vec<_> = pictures
        .iter()
        .take(MAX_EMBEDS)
        .enumerate()
        .map(|(index, name)| Embed {
            image: Some(image(format!("attachment://{name}"))),
            url: (pictures.len() > 1).then(|| format!("{GALLERY_URL}#{}", index / GALLERY + 1)),
            ..empty_embed()
        })
        .collect();
    if embeds.is_empty() && description.is_some() {
        embeds.push(empty_embed());
    }
    if let Some(first) = embeds.first_mut() {
        first.description = description;
    }
    embeds
}

fn cleaned(embed: &Embed) -> Embed {
    let Embed {
        author,
        color,
        description,
        fields,
        footer,
        image: picture,
        thumbnail,
        timestamp,
        title,
        url,
        flags: _,
        kind: _,
        provider: _,
        video: _,
    } = embed.clone();
    Embed {
        author: author.map(|author| EmbedAuthor {
            proxy_icon_url: None,
            ..author
        }),
        color,
        description,
        fields,
        footer: footer.map(|footer| EmbedFooter {
            proxy_icon_url: None,
            ..footer
        }),
        image: picture.map(|picture| image(picture.url)),
        thumbnail: thumbnail.map(|thumbnail| EmbedThumbnail {
            url: thumbnail.url,
            height: None,
            proxy_url: None,
            width: None,
        }),
        timestamp,
        title,
        url,
        ..empty_embed()
    }
}

/// An embed without content.
pub(super) fn empty_embed() -> Embed {
    Embed {
        author: None,
        color: None,
        description: None,
        fields: Vec::new(),
        flags: None,
        footer: None,
        image: None,
        kind: RICH.to_owned(),
        provider: None,
        thumbnail: None,
        timestamp: None,
        title: None,
        url: None,
        video: None,
    }
}

fn image(url: String) -> EmbedImage {
    EmbedImage {
        height: None,
        proxy_url: None,
        url,
        width: None,
        content_type: None,
        placeholder: None,
        placeholder_version: None,
        flags: None,
    }
}

/// The button under an inbox, in a server of this language.
pub fn button_row(button: &inbox::Button, server: Language) -> Component {
    row(vec![inbox_button(
        ComponentId::CreateTicket,
        button,
        server,
    )])
}

/// A button that opens a ticket.
pub(super) fn inbox_button(id: ComponentId, button: &inbox::Button, server: Language) -> Component {
    let label = button.label.clone();
    let label = label.unwrap_or_else(|| say(Text::CreateTicket {}, server));
    let style = match button.colour {
        Colour::Blurple => ButtonStyle::Primary,
        Colour::Grey => ButtonStyle::Secondary,
        Colour::Green => ButtonStyle::Success,
        Colour::Red => ButtonStyle::Danger,
    };
    Component::Button(Button {
        emoji: button.emoji.as_ref().and_then(emoji),
        ..component::button(id, &label, style)
    })
}

/// An emoji on a button, or in a menu.
pub(super) fn emoji(emoji: &Emoji) -> Option<EmojiReactionType> {
    Some(match emoji {
        Emoji::Unicode(name) => EmojiReactionType::Unicode { name: name.clone() },
        Emoji::Custom { animated, name, id } => EmojiReactionType::Custom {
            animated: *animated,
            id: Id::new_checked(*id)?,
            name: Some(name.clone()),
        },
    })
}

/// The files of one message, each with a unique number and name.
#[derive(Default)]
pub struct Uploads {
    list: Vec<Upload>,
    names: HashSet<String>,
}

impl Uploads {
    /// Adds a file, and returns its name in the message.
    pub fn add(&mut self, download: Download) -> String {
        let Download { attachment, bytes } = download;
        let name = self.free_name(&attachment.filename);
        let mut upload = Upload::from_bytes(name.clone(), bytes, self.list.len() as u64);
        upload.description = attachment
            .description
            .filter(|alt_text| !alt_text.is_empty())
            .map(|alt_text| cut(&alt_text, MAX_ALT_TEXT).to_owned());
        self.list.push(upload);
        name
    }

    /// The files, in Discord's model.
    pub fn into_list(self) -> Vec<Upload> {
        self.list
    }

    fn free_name(&mut self, wanted: &str) -> String {
        let safe = safe_filename(wanted);
        let (stem, extension) = parts(&safe);
        let numbered = (2..).map(|number| format!("{stem}-{number}{extension}"));
        std::iter::once(safe.clone())
            .chain(numbered)
            // Discord may treat names that differ only in case as the same name.
            .find(|name| self.names.insert(name.to_lowercase()))
            .unwrap_or_default()
    }
}

/// A name of ASCII letters, digits, dots, dashes and underscores. An embed refers to its picture by this
/// name, so Discord must not have a reason to change it. The prefix of a spoiler is kept.
fn safe_filename(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|c| match c {
            c if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') => c,
            _ => '_',
        })
        .collect();
    let (stem, extension) = parts(&safe);
    let tells_something = stem.contains(|c: char| c.is_ascii_alphanumeric());
    let stem = if tells_something { stem } else { "file" };
    let room = MAX_FILENAME.saturating_sub(extension.len());
    // The name is ASCII here, so any byte index is valid.
    format!("{}{extension}", &stem[..stem.len().min(room)])
}

/// Splits a name before its extension, if it has a short one.
fn parts(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if name.len() - dot <= 10 => name.split_at(dot),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests;
