//! A request body with files: `multipart/form-data`.

use std::hash::{BuildHasher, RandomState};

/// The caller must make the names of fields and files safe: they are not escaped.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Form {
    boundary: String,
    parts: Vec<u8>,
}

impl Form {
    pub(in crate::discord) fn new() -> Self {
        // A random boundary, so that no file can contain it.
        let [a, b] = [0_u8, 1].map(|n| RandomState::new().hash_one(n));
        Self {
            boundary: format!("{a:016x}{b:016x}"),
            parts: Vec::new(),
        }
    }

    #[must_use]
    pub(in crate::discord) fn json(self, name: &str, json: &[u8]) -> Self {
        let about = format!("name=\"{name}\"\r\nContent-Type: application/json");
        self.part(&about, json)
    }

    #[must_use]
    pub(in crate::discord) fn file(self, name: &str, file_name: &str, content: &[u8]) -> Self {
        let about = format!("name=\"{name}\"; filename=\"{file_name}\"");
        self.part(&about, content)
    }

    fn part(mut self, about: &str, content: &[u8]) -> Self {
        let head = format!(
            "--{}\r\nContent-Disposition: form-data; {about}\r\n\r\n",
            self.boundary
        );
        self.parts.extend_from_slice(head.as_bytes());
        self.parts.extend_from_slice(content);
        self.parts.extend_from_slice(b"\r\n");
        self
    }

    pub(super) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    pub(super) fn body(&self) -> Vec<u8> {
        let end = format!("--{}--\r\n", self.boundary);
        [&self.parts[..], end.as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_as_the_standard_has_them() {
        let form = Form::new()
            .json("payload_json", b"{}")
            .file("files[0]", "a.png", b"\x00\xff");
        let boundary = form.content_type();
        let boundary = boundary
            .strip_prefix("multipart/form-data; boundary=")
            .unwrap();
        let expected = format!(
            "--{boundary}\r\n\
             Content-Disposition: form-data; name=\"payload_json\"\r\n\
             Content-Type: application/json\r\n\r\n{{}}\r\n\
             --{boundary}\r\n\
             Content-Disposition: form-data; name=\"files[0]\"; filename=\"a.png\"\r\n\r\n"
        );
        let mut expected = expected.into_bytes();
        expected.extend(b"\x00\xff\r\n");
        expected.extend(format!("--{boundary}--\r\n").bytes());
        assert_eq!(form.body(), expected);
        assert_ne!(Form::new().boundary, form.boundary);
    }
}
