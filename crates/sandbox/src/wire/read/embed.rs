//! Embeds from JSON.

use super::form::Form;
use crate::world::embed::{Embed, EmbedAuthor, EmbedField, EmbedFooter, EmbedMedia, Rich};

const WEB: &[&str] = &["http", "https"];
const PICTURE: &[&str] = &["http", "https", "attachment"];

/// The most characters that all embeds of a message may have together.
const TOTAL: usize = 6000;

/// The `embeds` of a message; `None` if the field is missing or null.
pub(super) fn embeds(form: &Form<'_>) -> Option<Vec<Embed>> {
    let embeds: Vec<_> = form.objects("embeds", 0..=10)?.iter().map(embed).collect();
    if embeds.iter().map(Embed::text_length).sum::<usize>() > TOTAL {
        let message = format!("Embed size exceeds maximum size of {TOTAL}");
        form.note("embeds", "MAX_EMBED_SIZE_EXCEEDED", message);
    }
    Some(embeds)
}

fn embed(form: &Form<'_>) -> Embed {
    // The type is always `rich`, whatever the request says.
    form.known(&["type"]);
    let text = |field, max| form.trimmed(field, 0..=max).filter(|t| !t.is_empty());
    let embed = Embed {
        kind: Rich::Rich,
        url: form.url("url", WEB),
        title: text("title", 256),
        description: text("description", 4096),
        color: form.count("color", 0..=0xFF_FFFF),
        timestamp: form.moment("timestamp"),
        fields: form
            .objects("fields", 0..=25)
            .unwrap_or_default()
            .iter()
            .map(|field| EmbedField {
                name: field.must("name", 1..=256),
                value: field.must("value", 1..=1024),
                inline: field.flag("inline").unwrap_or(false),
            })
            .collect(),
        author: form.object("author").map(|author| EmbedAuthor {
            name: author.must("name", 1..=256),
            url: author.url("url", WEB),
            icon_url: author.url("icon_url", PICTURE),
            proxy_icon_url: None,
        }),
        image: form.object("image").and_then(|image| media(&image)),
        thumbnail: form.object("thumbnail").and_then(|image| media(&image)),
        footer: form.object("footer").map(|footer| EmbedFooter {
            text: footer.must("text", 1..=2048),
            icon_url: footer.url("icon_url", PICTURE),
            proxy_icon_url: None,
        }),
    };
    if embed.is_empty() && !has_any(form) {
        form.note(
            "description",
            "BASE_TYPE_REQUIRED",
            "This field is required",
        );
    }
    embed
}

/// Whether the object has any content. If the embed is empty nevertheless, the content was wrong, and its
/// error is noted already.
fn has_any(form: &Form<'_>) -> bool {
    [
        "title",
        "description",
        "url",
        "fields",
        "author",
        "image",
        "thumbnail",
        "footer",
    ]
    .iter()
    .any(|field| form.raw(field).is_some_and(|v| v.as_str() != Some("")))
}

/// A picture without an address is ignored, because clients send such embeds when they copy one.
fn media(form: &Form<'_>) -> Option<EmbedMedia> {
    form.not_imitated(&["description"]);
    // Discord determines these itself and ignores the values.
    form.known(&[
        "height",
        "width",
        "is_animated",
        "placeholder",
        "placeholder_version",
    ]);
    Some(EmbedMedia {
        url: form.url("url", PICTURE)?,
        proxy_url: None,
        width: None,
        height: None,
        content_type: None,
    })
}

impl Embed {
    /// Whether the embed would show nothing.
    fn is_empty(&self) -> bool {
        self.title.is_none()
            && self.description.is_none()
            && self.fields.is_empty()
            && self.author.is_none()
            && self.image.is_none()
            && self.thumbnail.is_none()
            && self.footer.is_none()
    }
}
