//! How frames are compressed: not at all, one by one, or as one stream per connection.

use std::io::{self, Write};

use axum::extract::ws::{Message, Utf8Bytes};
use flate2::Compression as Level;
use flate2::write::ZlibEncoder;
use zstd::stream::write::Encoder as ZstdEncoder;

/// What a client asked for in the gateway's address (`compress=…`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Plain,
    ZlibStream,
    ZstdStream,
}

impl Transport {
    /// `None` for a compression that Discord does not have.
    pub(crate) fn named(name: Option<&str>) -> Option<Self> {
        match name {
            None | Some("") => Some(Self::Plain),
            Some("zlib-stream") => Some(Self::ZlibStream),
            Some("zstd-stream") => Some(Self::ZstdStream),
            Some(_) => None,
        }
    }
}

/// Turns payloads into frames. With stream compression, the whole connection has one context, and each
/// payload is flushed, so that the client can read it as soon as its frame arrives.
pub(crate) struct Frames(Context);

enum Context {
    Plain,
    /// `compress: true` in IDENTIFY: every payload is a separate zlib stream.
    EachByItself,
    Zlib(ZlibEncoder<Vec<u8>>),
    Zstd(ZstdEncoder<'static, Vec<u8>>),
}

impl Frames {
    pub(crate) fn new(transport: Transport) -> io::Result<Self> {
        Ok(Self(match transport {
            Transport::Plain => Context::Plain,
            Transport::ZlibStream => Context::Zlib(ZlibEncoder::new(Vec::new(), Level::fast())),
            Transport::ZstdStream => Context::Zstd(ZstdEncoder::new(Vec::new(), 1)?),
        }))
    }

    /// Compresses each payload separately from now on, unless the connection has stream compression.
    pub(crate) fn compress_payloads(&mut self) {
        if matches!(self.0, Context::Plain) {
            self.0 = Context::EachByItself;
        }
    }

    pub(crate) fn frame(&mut self, payload: Utf8Bytes) -> io::Result<Message> {
        let bytes = match &mut self.0 {
            Context::Plain => return Ok(Message::Text(payload)),
            Context::EachByItself => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Level::fast());
                encoder.write_all(payload.as_bytes())?;
                encoder.finish()?
            }
            Context::Zlib(encoder) => {
                encoder.write_all(payload.as_bytes())?;
                // A sync flush ends with 00 00 ff ff, by which clients recognise the end of a payload.
                encoder.flush()?;
                std::mem::take(encoder.get_mut())
            }
            Context::Zstd(encoder) => {
                encoder.write_all(payload.as_bytes())?;
                encoder.flush()?;
                std::mem::take(encoder.get_mut())
            }
        };
        Ok(Message::Binary(bytes.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAYLOADS: [&str; 3] = [r#"{"op":10}"#, "", r#"{"op":0,"t":"READY","d":"ééé"}"#];

    fn frames(transport: Transport, each: bool) -> Vec<Message> {
        let mut frames = Frames::new(transport).unwrap();
        if each {
            frames.compress_payloads();
        }
        PAYLOADS
            .iter()
            .map(|p| frames.frame(Utf8Bytes::from_static(p)).unwrap())
            .collect()
    }

    fn bytes(message: &Message) -> &[u8] {
        let Message::Binary(bytes) = message else {
            panic!("not binary: {message:?}")
        };
        bytes
    }

    #[test]
    fn plain_frames_are_text() {
        let sent = frames(Transport::Plain, false);
        assert_eq!(sent[0], Message::Text(Utf8Bytes::from_static(PAYLOADS[0])));
    }

    #[test]
    fn a_zlib_stream_is_one_stream_and_every_payload_ends_with_a_sync_flush() {
        let mut decoder = flate2::write::ZlibDecoder::new(Vec::new());
        for (message, payload) in frames(Transport::ZlibStream, false).iter().zip(PAYLOADS) {
            let bytes = bytes(message);
            if !payload.is_empty() {
                assert!(bytes.ends_with(&[0, 0, 0xff, 0xff]), "{bytes:x?}");
            }
            decoder.write_all(bytes).unwrap();
            decoder.flush().unwrap();
            assert_eq!(std::mem::take(decoder.get_mut()), payload.as_bytes());
        }
    }

    #[test]
    fn a_zstd_stream_can_be_read_after_every_payload() {
        let mut decoder = zstd::stream::write::Decoder::new(Vec::new()).unwrap();
        for (message, payload) in frames(Transport::ZstdStream, false).iter().zip(PAYLOADS) {
            decoder.write_all(bytes(message)).unwrap();
            decoder.flush().unwrap();
            assert_eq!(std::mem::take(decoder.get_mut()), payload.as_bytes());
        }
    }

    #[test]
    fn compressed_payloads_stand_alone_but_not_within_a_stream() {
        for (message, payload) in frames(Transport::Plain, true).iter().zip(PAYLOADS) {
            let mut decoder = flate2::write::ZlibDecoder::new(Vec::new());
            decoder.write_all(bytes(message)).unwrap();
            assert_eq!(decoder.finish().unwrap(), payload.as_bytes());
        }
        assert_eq!(
            frames(Transport::ZlibStream, true),
            frames(Transport::ZlibStream, false)
        );
    }

    #[test]
    fn only_discords_compressions_have_names() {
        assert_eq!(Transport::named(None), Some(Transport::Plain));
        assert_eq!(
            Transport::named(Some("zstd-stream")),
            Some(Transport::ZstdStream)
        );
        assert_eq!(Transport::named(Some("gzip")), None);
    }
}
