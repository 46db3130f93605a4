//! Messages, edits and allowed mentions, from JSON and uploaded files.

use std::sync::Arc;

use serde_json::Value;

use super::component::{self, Top};
use super::embed;
use super::form::{Form, read};
use crate::error::{ApiError, UNSUPPORTED, unsupported};
use crate::id::{AttachmentId, ChannelId, MessageId, RoleId, UserId};
use crate::world::draft::{
    AllowedMentions, AllowedOf, MessageDraft, MessageEdit, ReferenceDraft, Upload,
};
use crate::world::model::flags;

/// A `files[n]` part of a form.
#[derive(Clone, Debug)]
pub(crate) struct FilePart {
    pub index: u64,
    pub filename: String,
    pub content_type: Option<String>,
    pub data: Arc<[u8]>,
}

/// The most bytes of one file.
pub(crate) const MAX_FILE: usize = 10 * 1024 * 1024;
/// The most bytes of all files of a request.
const MAX_REQUEST: usize = 25 * 1024 * 1024;

/// The flags that a sender may set.
const SENDABLE: u64 = flags::SUPPRESS_EMBEDS
    | flags::EPHEMERAL
    | flags::SUPPRESS_NOTIFICATIONS
    | flags::COMPONENTS_V2;

/// Flags that Discord documents, sets itself and ignores in a request: `CROSSPOSTED` to
/// `SOURCE_MESSAGE_DELETED`, `URGENT`, `HAS_THREAD`, `LOADING`, `FAILED_TO_MENTION_SOME_ROLES_IN_THREAD`
/// and `HAS_SNAPSHOT`. All others are refused, such as that of voice messages.
const NOT_SENDABLE: u64 = 0b11 | 0b11 << 3 | 1 << 5 | 0b11 << 7 | 1 << 14;

/// A new message.
pub(crate) fn message(body: &Value, files: Vec<FilePart>) -> Result<MessageDraft, ApiError> {
    check_sizes(&files)?;
    read(body, |form| draft(form, files))
}

/// A change of a message.
pub(crate) fn message_edit(body: &Value, files: Vec<FilePart>) -> Result<MessageEdit, ApiError> {
    check_sizes(&files)?;
    read(body, |form| edit(form, files))
}

/// The files of a command or a modal. Their inputs limit the number of files.
pub(crate) fn uploads(body: &Value, files: Vec<FilePart>) -> Result<Vec<Upload>, ApiError> {
    if files.iter().any(|file| file.data.len() > MAX_FILE) {
        return Err(ApiError::RequestTooLarge);
    }
    read(body, |form| attachments(form, files, usize::MAX).1)
}

/// The most files of a message.
const MOST_FILES: usize = 10;

/// Parts of a message that the sandbox does not have.
const NOT_IMITATED: &[&str] = &["poll", "shared_client_theme", "sticker_ids"];

pub(super) fn draft(form: &Form<'_>, files: Vec<FilePart>) -> MessageDraft {
    form.not_imitated(NOT_IMITATED);
    let (kept, uploads) = attachments(form, files, MOST_FILES);
    for (id, _) in kept.unwrap_or_default() {
        let message = format!("Attachment \"{id}\" was not uploaded with this request");
        form.note("attachments", "ATTACHMENT_NOT_FOUND", message);
    }
    let given = sendable_flags(form).unwrap_or(0);
    let top = if given & flags::COMPONENTS_V2 == 0 {
        Top::Rows
    } else {
        Top::Any
    };
    MessageDraft {
        content: form.trimmed("content", 0..=2000).unwrap_or_default(),
        embeds: embed::embeds(form).unwrap_or_default(),
        components: component::components(form, top).unwrap_or_default(),
        uploads,
        flags: given,
        tts: form.flag("tts").unwrap_or(false),
        allowed_mentions: allowed_mentions(form),
        reference: reference(form),
        nonce: nonce(form),
        enforce_nonce: form.flag("enforce_nonce").unwrap_or(false),
    }
}

pub(super) fn edit(form: &Form<'_>, files: Vec<FilePart>) -> MessageEdit {
    form.not_imitated(NOT_IMITATED);
    let (keep, uploads) = attachments(form, files, MOST_FILES);
    // Null empties a field; a missing field keeps it.
    let emptied = |field: &str| form.mentions(field) && form.raw(field).is_none();
    MessageEdit {
        content: if emptied("content") {
            Some(String::new())
        } else {
            form.trimmed("content", 0..=2000)
        },
        embeds: if emptied("embeds") {
            Some(vec![])
        } else {
            embed::embeds(form)
        },
        components: if emptied("components") {
            Some(vec![])
        } else {
            component::components(form, Top::Any)
        },
        keep,
        uploads,
        flags: sendable_flags(form),
        allowed_mentions: allowed_mentions(form),
        counts_always: false,
    }
}

pub(super) fn check_sizes(files: &[FilePart]) -> Result<(), ApiError> {
    let total: usize = files.iter().map(|f| f.data.len()).sum();
    if total > MAX_REQUEST || files.iter().any(|f| f.data.len() > MAX_FILE) {
        return Err(ApiError::RequestTooLarge);
    }
    Ok(())
}

/// If a file's name begins with this, clients show the file only after a click.
const SPOILER: &str = "SPOILER_";

/// What a body says about an uploaded file.
#[derive(Default)]
struct Told {
    index: u64,
    filename: Option<String>,
    title: Option<String>,
    description: Option<String>,
    is_spoiler: bool,
}

type Kept = Vec<(AttachmentId, Option<String>)>;

/// The old attachments to keep, if the body lists any, and the new ones.
fn attachments(
    form: &Form<'_>,
    mut files: Vec<FilePart>,
    most: usize,
) -> (Option<Kept>, Vec<Upload>) {
    files.sort_by_key(|file| file.index);
    let listed = form.objects("attachments", 0..=most);
    let mut kept = Vec::new();
    let mut told: Vec<Told> = Vec::new();
    for item in listed.iter().flatten() {
        let Some(id) = item.required("id", item.snowflake("id")) else {
            continue;
        };
        let description = item.text("description", 0..=1024).filter(|d| !d.is_empty());
        if files.iter().any(|file| file.index == id) {
            item.not_imitated(&["duration_secs", "is_remix", "waveform"]);
            told.push(Told {
                index: id,
                filename: item.text("filename", 1..=260),
                title: item.text("title", 0..=1024).filter(|t| !t.is_empty()),
                description,
                is_spoiler: item.flag("is_spoiler").unwrap_or(false),
            });
        } else {
            // A file keeps the name with which it was uploaded.
            item.known(&["filename"]);
            kept.push((AttachmentId(id), description));
        }
    }
    if files.len() + kept.len() > most {
        let message = format!("Must be {most} or fewer in length.");
        form.note("attachments", "BASE_TYPE_BAD_LENGTH", message);
    }
    let uploads = files.into_iter().map(|file| {
        let place = told.iter().position(|told| told.index == file.index);
        let told = place
            .map(|place| told.swap_remove(place))
            .unwrap_or_default();
        let filename = told.filename.unwrap_or(file.filename);
        Upload {
            filename: if told.is_spoiler && !filename.starts_with(SPOILER) {
                format!("{SPOILER}{filename}")
            } else {
                filename
            },
            title: told.title,
            description: told.description,
            content_type: file.content_type,
            data: file.data,
        }
    });
    (listed.is_some().then_some(kept), uploads.collect())
}

pub(super) fn sendable_flags(form: &Form<'_>) -> Option<u64> {
    Some(form.flags("flags", !(SENDABLE | NOT_SENDABLE))? & SENDABLE)
}

fn reference(form: &Form<'_>) -> Option<ReferenceDraft> {
    let reference = form.object("message_reference")?;
    if reference.int("type", 0..=1) == Some(1) {
        reference.note("type", UNSUPPORTED, unsupported("forwarding"));
    }
    let message = reference.required("message_id", reference.snowflake("message_id"))?;
    // The server is known from the message.
    reference.known(&["guild_id"]);
    Some(ReferenceDraft {
        channel: reference.snowflake("channel_id").map(ChannelId),
        message: MessageId(message),
        fail_if_not_exists: reference.flag("fail_if_not_exists").unwrap_or(true),
    })
}

fn nonce(form: &Form<'_>) -> Option<Value> {
    match form.raw("nonce")? {
        Value::Number(number) => Some(Value::Number(number.clone())),
        _ => form.text("nonce", 0..=25).map(Value::String),
    }
}

fn allowed_mentions(form: &Form<'_>) -> Option<AllowedMentions> {
    let form = form.object("allowed_mentions")?;
    let parse: Vec<&str> = form
        .values("parse", 0..=3)
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(index, kind)| {
            let known = |kind: &&str| ["users", "roles", "everyone"].contains(kind);
            let kind = kind.as_str().filter(known);
            if kind.is_none() {
                let message = "Value must be one of ('users', 'everyone', 'roles').";
                form.note(&format!("parse.{index}"), "BASE_TYPE_CHOICES", message);
            }
            kind
        })
        .collect();
    Some(AllowedMentions {
        everyone: parse.contains(&"everyone"),
        users: allowed_of(&form, "users", &parse, UserId),
        roles: allowed_of(&form, "roles", &parse, RoleId),
        replied_user: form.flag("replied_user").unwrap_or(false),
    })
}

fn allowed_of<T>(
    form: &Form<'_>,
    field: &'static str,
    parse: &[&str],
    id: fn(u64) -> T,
) -> AllowedOf<T> {
    let listed = form.snowflakes(field, 0..=100).unwrap_or_default();
    match (parse.contains(&field), listed.is_empty()) {
        (true, true) => AllowedOf::All,
        (true, false) => {
            let message =
                format!("parse:[\"{field}\"] and {field}: [ids...] are mutually exclusive.");
            form.note("", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
            AllowedOf::All
        }
        (false, _) => AllowedOf::Only(listed.into_iter().map(id).collect()),
    }
}

/// The ids of a bulk deletion.
pub(crate) fn bulk_delete(body: &Value) -> Result<Vec<MessageId>, ApiError> {
    let count = body["messages"].as_array().map_or(0, Vec::len);
    if !(2..=100).contains(&count) {
        return Err(ApiError::BulkDeleteCount);
    }
    read(body, |form| {
        let ids = form.unique_snowflakes("messages", 0..=100);
        ids.into_iter().flatten().map(MessageId).collect()
    })
}
