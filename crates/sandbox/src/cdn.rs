//! Attachments and avatars, at the paths that Discord's CDN has.
//!
//! What may be shown and what is only saved is decided for all files at once where they leave the
//! server.

use std::io::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{AttachmentId, ChannelId};

/// `/attachments/…`, `/ephemeral-attachments/…`, `/avatars/…`, `/embed/avatars/…`.
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
}

async fn attachment(
    State(hub): State<Arc<Hub>>,
    Path((_, id, filename)): Path<(ChannelId, AttachmentId, String)>,
) -> Result<Response, ApiError> {
    let found = hub.look(|world| world.file(id).filter(|f| f.filename == filename).cloned());
    let found = found.ok_or(ApiError::NotFound)?;
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
    let forever = HeaderValue::from_static("private, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, forever);
    Ok(response)
}

/// The picture of everybody who has none: one of six colours.
async fn default_avatar(Path(file): Path<String>) -> Result<Response, ApiError> {
    let number = file.split('.').next().and_then(|n| n.parse().ok());
    picture(number.filter(|n: &usize| *n < COLOURS.len()))
}

/// Nobody has uploaded an avatar; clients that ask for one get the colour of the user.
async fn avatar(Path((user, _)): Path<(u64, String)>) -> Result<Response, ApiError> {
    let colours = COLOURS.len() as u64;
    picture(usize::try_from((user >> 22) % colours).ok())
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

/// A square of one colour.
fn png(colour: [u8; 3]) -> Vec<u8> {
    const SIDE: u32 = 64;
    // Each row begins with its filter: none.
    let row = [&[0][..], &colour.repeat(SIDE as usize)].concat();
    let rows = row.repeat(SIDE as usize);
    let mut header = Vec::new();
    header.extend(SIDE.to_be_bytes());
    header.extend(SIDE.to_be_bytes());
    // Eight bits, true colour, and the only methods that there are.
    header.extend([8, 2, 0, 0, 0]);
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let packed = packed.write_all(&rows).and_then(|()| packed.finish());
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, *b"IHDR", &header);
    // Writing to memory does not fail.
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
