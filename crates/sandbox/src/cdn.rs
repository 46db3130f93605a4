//! Attachments and avatars, at the paths that Discord's CDN has.
//!
//! `server` decides for all files at once which of them browsers may show and which they may only save.

use std::io::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{AttachmentId, ChannelId, EmojiId};
use crate::world::files::Signature;
use crate::world::model::{File, Image};

/// `/attachments/…`, `/ephemeral-attachments/…`, `/avatars/…`, `/embed/avatars/…` and more.
pub(crate) fn router() -> Router<Arc<Hub>> {
    Router::new()
        .route(
            "/attachments/{channel}/{attachment}/{filename}",
            get(attachment),
        )
        .route(
            "/ephemeral-attachments/{channel}/{attachment}/{filename}",
            get(attachment),
        )
        .route("/embed/avatars/{file}", get(default_avatar))
        .route("/avatars/{user}/{file}", get(avatar))
        .route("/icons/{guild}/{file}", get(icon))
        .route("/app-icons/{application}/{file}", get(icon))
        .route("/emojis/{file}", get(emoji))
}

async fn attachment(
    State(hub): State<Arc<Hub>>,
    Path((_, id, filename)): Path<(ChannelId, AttachmentId, String)>,
    Query(signature): Query<Signature>,
) -> Result<Response, ApiError> {
    let found = hub.look(|world| {
        let found = world.file(id).filter(|f| f.filename == filename);
        let usable = world.is_usable(id, &signature);
        found.map(|found| usable.then(|| found.clone()))
    });
    let Some(found) = found.ok_or(ApiError::NotFound)? else {
        let gone = "This content is no longer available.";
        return Ok((StatusCode::NOT_FOUND, gone).into_response());
    };
    let kind = found
        .content_type
        .as_deref()
        .unwrap_or("application/octet-stream");
    let kind = HeaderValue::from_str(kind);
    let octets = HeaderValue::from_static("application/octet-stream");
    let name = format!("inline; filename=\"{}\"", found.filename);
    let mut response = Body::from(Bytes::from_owner(found.data)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind.unwrap_or(octets));
    // File names are made of letters, digits and `_-.` only.
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    // An address always leads to the same content, so clients may cache it.
    let forever = HeaderValue::from_static("private, max-age=43200, immutable");
    headers.insert(header::CACHE_CONTROL, forever);
    Ok(response)
}

/// The picture of users without an avatar: one of six colours.
async fn default_avatar(Path(file): Path<String>) -> Result<Response, ApiError> {
    let number = file.split('.').next().and_then(|n| n.parse().ok());
    picture(number.filter(|n: &usize| *n < COLOURS.len()))
}

/// An avatar of a bot or a webhook. If there is no such file, the response is the user's default picture, but
/// no client asks for that.
async fn avatar(
    State(hub): State<Arc<Hub>>,
    Path((user, file)): Path<(u64, String)>,
) -> Result<Response, ApiError> {
    if let Some(found) = uploaded(&hub, &file) {
        return Ok(found);
    }
    let colours = COLOURS.len() as u64;
    picture(usize::try_from((user >> 22) % colours).ok())
}

async fn icon(
    State(hub): State<Arc<Hub>>,
    Path((_, file)): Path<(u64, String)>,
) -> Result<Response, ApiError> {
    uploaded(&hub, &file).ok_or(ApiError::NotFound)
}

async fn emoji(
    State(hub): State<Arc<Hub>>,
    Path(file): Path<String>,
) -> Result<Response, ApiError> {
    let id = stem(&file).parse().map_err(|_| ApiError::NotFound)?;
    let found = hub.look(|world| {
        world.made_emoji(EmojiId(id))?;
        world.file(AttachmentId(id)).cloned()
    });
    found.map(|file| shown(&file)).ok_or(ApiError::NotFound)
}

/// The picture whose hash is the name of the file. It is served in the format in which it was uploaded,
/// whatever format the request asks for.
fn uploaded(hub: &Hub, file: &str) -> Option<Response> {
    let Image(id) = Image::of_hash(stem(file))?;
    let found = hub.look(|world| world.file(id).cloned())?;
    Some(shown(&found))
}

fn stem(file: &str) -> &str {
    file.split('.').next().unwrap_or(file)
}

fn shown(file: &File) -> Response {
    let kind = file.content_type.as_deref().unwrap_or("image/png");
    let kind = HeaderValue::from_str(kind);
    let kind = kind.unwrap_or(HeaderValue::from_static("image/png"));
    let body = Body::from(Bytes::from_owner(Arc::clone(&file.data)));
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}

const COLOURS: [[u8; 3]; 6] = [
    [0x4f, 0x5b, 0xd5],
    [0x74, 0x7f, 0x8d],
    [0x3b, 0xa5, 0x5c],
    [0xe0, 0x8a, 0x1e],
    [0xd8, 0x4a, 0x4a],
    [0xc2, 0x4d, 0x9d],
];

fn picture(number: Option<usize>) -> Result<Response, ApiError> {
    let colour = number
        .and_then(|n| COLOURS.get(n))
        .ok_or(ApiError::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png(*colour)).into_response())
}

/// A square of one colour, as a PNG.
fn png(colour: [u8; 3]) -> Vec<u8> {
    const SIDE: u32 = 64;
    // Each row begins with its filter type; 0 is none.
    let row = [&[0][..], &colour.repeat(SIDE as usize)].concat();
    let rows = row.repeat(SIDE as usize);
    let mut header = Vec::new();
    header.extend(SIDE.to_be_bytes());
    header.extend(SIDE.to_be_bytes());
    // Bit depth 8, colour type 2 (true colour), and 0 for compression, filter and interlacing.
    header.extend([8, 2, 0, 0, 0]);
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let packed = packed.write_all(&rows).and_then(|()| packed.finish());
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, *b"IHDR", &header);
    // Writing to memory cannot fail.
    chunk(&mut png, *b"IDAT", &packed.unwrap_or_default());
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut crc = flate2::Crc::new();
    crc.update(&kind);
    crc.update(data);
    png.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    png.extend(kind);
    png.extend(data);
    png.extend(crc.sum().to_be_bytes());
}
