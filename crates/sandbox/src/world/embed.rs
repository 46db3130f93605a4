//! Embeds: the boxes under a message's text.

use serde::{Deserialize, Serialize};

use super::component::{FileDisplay, Media};
use crate::id::Timestamp;

/// An embed as it is stored and sent. Discord makes every embed of a bot `rich`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Embed {
    #[serde(rename = "type")]
    pub kind: Rich,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<EmbedField>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<EmbedAuthor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<EmbedMedia>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<EmbedMedia>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footer: Option<EmbedFooter>,
}

/// The only type of embeds that bots can send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rich {
    #[default]
    Rich,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmbedField {
    pub name: String,
    pub value: String,
    pub inline: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmbedAuthor {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_icon_url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmbedFooter {
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_icon_url: Option<String>,
}

/// An image or a thumbnail. `url` may be `attachment://name` until the message is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmbedMedia {
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

impl Embed {
    /// The characters that count towards the 6,000 of a message.
    pub fn text_length(&self) -> usize {
        let count = |text: &Option<String>| text.as_ref().map_or(0, |t| t.chars().count());
        let fields = self
            .fields
            .iter()
            .map(|f| f.name.chars().count() + f.value.chars().count());
        count(&self.title)
            + count(&self.description)
            + fields.sum::<usize>()
            + self.author.as_ref().map_or(0, |a| a.name.chars().count())
            + self.footer.as_ref().map_or(0, |f| f.text.chars().count())
    }

    /// Every picture of the embed.
    pub fn pictures_mut(&mut self) -> impl Iterator<Item = Picture<'_>> {
        let media = [self.image.as_mut(), self.thumbnail.as_mut()];
        let icons = [
            self.author
                .as_mut()
                .and_then(|a| Some((a.icon_url.as_mut()?, &mut a.proxy_icon_url))),
            self.footer
                .as_mut()
                .and_then(|f| Some((f.icon_url.as_mut()?, &mut f.proxy_icon_url))),
        ];
        media.into_iter().flatten().map(Picture::Media).chain(
            icons
                .into_iter()
                .flatten()
                .map(|(url, proxy)| Picture::Icon { url, proxy }),
        )
    }
}

/// A place in an embed or a component that refers to a picture or a file.
pub enum Picture<'a> {
    Media(&'a mut EmbedMedia),
    Icon {
        url: &'a mut String,
        proxy: &'a mut Option<String>,
    },
    Component(&'a mut Media),
    File(&'a mut FileDisplay),
}

impl<'a> Picture<'a> {
    pub fn url(&self) -> &str {
        match self {
            Self::Media(media) => &media.url,
            Self::Icon { url, .. } => url,
            Self::Component(media) => &media.url,
            Self::File(file) => &file.file.url,
        }
    }

    /// All addresses of this place.
    pub(crate) fn addresses_mut(self) -> impl Iterator<Item = &'a mut String> {
        let (url, proxy) = match self {
            Self::Media(media) => (&mut media.url, &mut media.proxy_url),
            Self::Icon { url, proxy } => (url, proxy),
            Self::Component(media) => (&mut media.url, &mut media.proxy_url),
            Self::File(file) => (&mut file.file.url, &mut file.file.proxy_url),
        };
        [url].into_iter().chain(proxy)
    }
}
