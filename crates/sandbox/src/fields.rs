//! What a test fills into a form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value, json};

/// The values for the inputs of a form, by custom id. Other inputs keep the value with which the form was
/// opened.
///
/// ```
/// # use discord_sandbox::Fields;
/// let fields = Fields::new()
///     .text("name", "Mia")
///     .choose("where", ["lobby"])
///     .pick("colour", "red")
///     .check("agreed", true)
///     .upload("screenshots", "lobby.png", "image/png", b"\x89PNG");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: Map<String, Value>,
    files: Vec<Value>,
}

impl Fields {
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes into a text input.
    #[must_use]
    pub fn text(self, custom_id: &str, text: &str) -> Self {
        self.with(custom_id, json!(text))
    }

    /// Chooses in a menu or a checkbox group: values of options, or ids.
    #[must_use]
    pub fn choose<T: ToString>(self, custom_id: &str, values: impl IntoIterator<Item = T>) -> Self {
        let values = values.into_iter().map(|value| value.to_string());
        self.with(custom_id, values.collect())
    }

    /// Picks an option of a radio group.
    #[must_use]
    pub fn pick(self, custom_id: &str, value: &str) -> Self {
        self.with(custom_id, json!(value))
    }

    /// Sets a checkbox.
    #[must_use]
    pub fn check(self, custom_id: &str, checked: bool) -> Self {
        self.with(custom_id, json!(checked))
    }

    /// Adds a file to a file upload.
    #[must_use]
    pub fn upload(
        mut self,
        custom_id: &str,
        filename: &str,
        content_type: &str,
        data: &[u8],
    ) -> Self {
        let place = self.files.len();
        self.files.push(json!({
            "filename": filename,
            "content_type": content_type,
            "data": BASE64.encode(data),
        }));
        let files = self.values.entry(custom_id).or_insert_with(|| json!([]));
        if let Some(places) = files.as_array_mut() {
            places.push(place.into());
        }
        self
    }

    /// Fills an input with JSON, in the format of `POST /control/people/{person}/modals`.
    #[must_use]
    pub fn with(mut self, custom_id: &str, value: Value) -> Self {
        self.values.insert(custom_id.to_owned(), value);
        self
    }

    /// The `values` and the `attachments` of a submission.
    pub(crate) fn into_parts(self) -> (Value, Value) {
        (Value::Object(self.values), Value::Array(self.files))
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Fields {
    fn from(texts: [(&str, &str); N]) -> Self {
        let texts = texts.into_iter();
        texts.fold(Self::new(), |fields, (id, text)| fields.text(id, text))
    }
}
