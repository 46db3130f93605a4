//! Messages that are made of components, from JSON.

use super::super::form::Form;
use super::{
    BUTTON, CONTAINER, FILE, GALLERY, ROW, SECTION, SEPARATOR, TEXT_DISPLAY, THUMBNAIL, button,
    kind, message_part, numbered, row, text_display,
};
use crate::world::component::{
    Component, ComponentKind, Container, FileDisplay, Media, MediaItem, Section, Separator,
};

/// The components that a container may have.
const INSIDE: &[u32] = &[ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR];
/// The components that may be at the top level of a message that is made of components.
const TOP: &[u32] = &[
    ROW,
    SECTION,
    TEXT_DISPLAY,
    GALLERY,
    FILE,
    SEPARATOR,
    CONTAINER,
];

/// A component at the top.
pub(super) fn top(form: &Form<'_>) -> Option<Component> {
    part(form, TOP)
}

fn part(form: &Form<'_>, allowed: &[u32]) -> Option<Component> {
    let kind = match kind(form, allowed)? {
        ROW => return row(form, message_part),
        SECTION => ComponentKind::Section(section(form)?),
        TEXT_DISPLAY => text_display(form),
        GALLERY => ComponentKind::MediaGallery(gallery(form)?),
        FILE => ComponentKind::File(file(form)?),
        SEPARATOR => ComponentKind::Separator(separator(form)),
        _ => ComponentKind::Container(container(form)?),
    };
    Some(numbered(form, kind))
}

fn section(form: &Form<'_>) -> Option<Section> {
    let texts = form.required("components", form.objects("components", 1..=3));
    let texts = texts.unwrap_or_default();
    let texts = texts.iter().filter_map(|text| {
        kind(text, &[TEXT_DISPLAY])?;
        Some(numbered(text, text_display(text)))
    });
    let components = texts.collect();
    let accessory = form.required("accessory", form.object("accessory"))?;
    let shown = match kind(&accessory, &[BUTTON, THUMBNAIL])? {
        BUTTON => ComponentKind::Button(button(&accessory)?),
        _ => ComponentKind::Thumbnail(media_item(&accessory)?),
    };
    Some(Section {
        components,
        accessory: Box::new(numbered(&accessory, shown)),
    })
}

fn gallery(form: &Form<'_>) -> Option<Vec<MediaItem>> {
    let items = form.required("items", form.objects("items", 1..=10))?;
    Some(items.iter().filter_map(media_item).collect())
}

/// A thumbnail, or an item of a gallery.
fn media_item(form: &Form<'_>) -> Option<MediaItem> {
    let media = form.required("media", form.object("media"))?;
    Some(MediaItem {
        media: found_later(&media, &["http", "https", "attachment"])?,
        description: form.trimmed("description", 1..=1024),
        spoiler: form.flag("spoiler").unwrap_or(false),
    })
}

fn file(form: &Form<'_>) -> Option<FileDisplay> {
    let file = form.required("file", form.object("file"))?;
    Some(FileDisplay {
        file: found_later(&file, &["attachment"])?,
        spoiler: form.flag("spoiler").unwrap_or(false),
        name: None,
        size: None,
    })
}

fn found_later(form: &Form<'_>, schemes: &[&str]) -> Option<Media> {
    Some(Media {
        url: form.required("url", form.url("url", schemes))?,
        ..Media::default()
    })
}

fn separator(form: &Form<'_>) -> Separator {
    let spacing = form.one_of("spacing", &[1, 2]);
    Separator {
        divider: form.flag("divider").unwrap_or(true),
        spacing: spacing.and_then(|s| u8::try_from(s).ok()).unwrap_or(1),
    }
}

fn container(form: &Form<'_>) -> Option<Container> {
    let inner = form.required("components", form.objects("components", 1..=40))?;
    Some(Container {
        accent_color: form.count("accent_color", 0..=0xFF_FFFF),
        spoiler: form.flag("spoiler").unwrap_or(false),
        components: inner.iter().filter_map(|f| part(f, INSIDE)).collect(),
    })
}
