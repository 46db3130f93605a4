//! Reads one JSON object field by field, and notes each error with its path, in Discord's words. A wrong
//! field is read as absent; if there are notes in the end, the whole body is refused.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value};

use crate::error::{ApiError, ErrorTree, UNSUPPORTED, unsupported};
use crate::id::{MessageId, Timestamp};
use crate::permissions::Permissions;
use crate::wire::reading;
use crate::world::draft::Upload;
use crate::world::files::picture_type;

/// Reads a body with `f`. Returns 50035 if any error was noted.
pub(super) fn read<T>(body: &Value, f: impl FnOnce(&Form<'_>) -> T) -> Result<T, ApiError> {
    let notes = RefCell::new(ErrorTree::default());
    let form = Form::new(body, String::new(), &notes);
    let value = f(&form);
    let notes = notes.into_inner();
    if notes.is_empty() {
        Ok(value)
    } else {
        Err(notes.into_error())
    }
}

/// One object, or one value of a list, and its path.
#[derive(Clone)]
pub(super) struct Form<'a> {
    fields: Option<&'a Map<String, Value>>,
    value: &'a Value,
    path: String,
    notes: &'a RefCell<ErrorTree>,
}

impl<'a> Form<'a> {
    fn new(value: &'a Value, path: String, notes: &'a RefCell<ErrorTree>) -> Self {
        let form = Self {
            fields: value.as_object(),
            value,
            path,
            notes,
        };
        if form.fields.is_none() {
            form.note(
                "",
                "DICT_TYPE_CONVERT",
                "Only dictionaries may be used in a DictType",
            );
        }
        form
    }

    /// Notes an error in a field; with an empty name, in the whole object.
    pub(super) fn note(&self, field: &str, code: &'static str, message: impl Into<String>) {
        let path = self.path_of(field);
        self.notes.borrow_mut().add(&path, code, message);
    }

    /// The value of a field, if it is not missing or null.
    pub(super) fn raw(&self, field: &str) -> Option<&'a Value> {
        reading::whole(|| self.path_of(field));
        self.glimpse(field)
    }

    /// The value of a field, without marking it as read.
    fn glimpse(&self, field: &str) -> Option<&'a Value> {
        self.fields?.get(field).filter(|v| !v.is_null())
    }

    /// Notes an error for each of these fields that is not empty: they have an effect at Discord, but not
    /// here.
    pub(super) fn not_imitated(&self, fields: &[&str]) {
        for field in fields {
            reading::whole(|| self.path_of(field));
            if self
                .glimpse(field)
                .is_some_and(|v| !reading::says_nothing(v))
            {
                self.note(field, UNSUPPORTED, unsupported(&format!("`{field}` here")));
            }
        }
    }

    /// Marks fields as read that Discord ignores, too.
    pub(super) fn known(&self, fields: &[&str]) {
        for field in fields {
            reading::whole(|| self.path_of(field));
        }
    }

    /// A number from a fixed set. The sandbox imitates only some of them.
    pub(super) fn one_imitated(
        &self,
        field: &str,
        imitated: &[u32],
        others: &[u32],
    ) -> Option<u32> {
        let all: Vec<u32> = imitated.iter().chain(others).copied().collect();
        let number = self.one_of(field, &all)?;
        if imitated.contains(&number) {
            return Some(number);
        }
        let what = format!("the value {number} of `{field}` here");
        self.note(field, UNSUPPORTED, unsupported(&what));
        None
    }

    /// Flags. Those of `missing` are refused: flags that have an effect at Discord and are not imitated, and
    /// flags that Discord does not document.
    pub(super) fn flags(&self, field: &str, missing: u64) -> Option<u64> {
        let given = self.int(field, 0..=i64::MAX)?.cast_unsigned();
        let bit = given & missing;
        if bit != 0 {
            let what = format!("1 << {} of `{field}` here", bit.trailing_zeros());
            self.note(field, UNSUPPORTED, unsupported(&what));
        }
        Some(given)
    }

    /// The names of all fields.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.fields
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
    }

    /// Whether the field is there, even if null.
    pub(super) fn mentions(&self, field: &str) -> bool {
        self.fields.is_some_and(|f| f.contains_key(field))
    }

    /// `value`; notes an error if it is `None`, because the field is required.
    pub(super) fn required<T>(&self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.glimpse(field).is_none() {
            self.note(field, "BASE_TYPE_REQUIRED", "This field is required");
        }
        value
    }

    /// `Some(None)` for null, `None` for absent.
    #[expect(
        clippy::option_option,
        reason = "JSON has both: to leave alone, and to take away"
    )]
    pub(super) fn nullable<T>(
        &self,
        field: &str,
        read: impl FnOnce(&Self, &str) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.fields?.get(field)? {
            Value::Null => {
                reading::whole(|| self.path_of(field));
                Some(None)
            }
            _ => read(self, field).map(Some),
        }
    }

    /// A text whose length in characters is in this range. Like Discord, accepts numbers as text.
    pub(super) fn text(&self, field: &str, length: RangeInclusive<usize>) -> Option<String> {
        let text = match self.raw(field)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            other => {
                let message = format!("Could not interpret \"{}\" as string.", brief(other));
                self.note(field, "STRING_TYPE_CONVERT", message);
                return None;
            }
        };
        self.fits(field, text.chars().count(), &length)
            .then_some(text)
    }

    /// As [`Form::text`], without leading and trailing white space.
    pub(super) fn trimmed(&self, field: &str, length: RangeInclusive<usize>) -> Option<String> {
        let text = self.text(field, 0..=usize::MAX)?.trim().to_owned();
        self.fits(field, text.chars().count(), &length)
            .then_some(text)
    }

    /// A required text.
    pub(super) fn must(&self, field: &str, length: RangeInclusive<usize>) -> String {
        let text = self.trimmed(field, length);
        self.required(field, text).unwrap_or_default()
    }

    pub(super) fn flag(&self, field: &str) -> Option<bool> {
        let flag = self.raw(field)?.as_bool();
        if flag.is_none() {
            let message = "Must be either true or false.";
            self.note(field, "BOOLEAN_TYPE_CONVERT", message);
        }
        flag
    }

    pub(super) fn int(&self, field: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.raw(field)?;
        let number = match value {
            Value::Number(number) => whole(number),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let Some(number) = number else {
            let message = format!("Value \"{}\" is not int.", brief(value));
            self.note(field, "NUMBER_TYPE_COERCE", message);
            return None;
        };
        if number < *range.start() {
            let message = format!(
                "int value should be greater than or equal to {}.",
                range.start()
            );
            self.note(field, "NUMBER_TYPE_MIN", message);
            return None;
        }
        if number > *range.end() {
            let message = format!("int value should be less than or equal to {}.", range.end());
            self.note(field, "NUMBER_TYPE_MAX", message);
            return None;
        }
        Some(number)
    }

    /// An unsigned 32-bit number.
    pub(super) fn count(&self, field: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let range = i64::from(*range.start())..=i64::from(*range.end());
        self.int(field, range).and_then(|n| u32::try_from(n).ok())
    }

    /// A number of a fixed set.
    pub(super) fn one_of(&self, field: &str, choices: &[u32]) -> Option<u32> {
        let number = self.count(field, 0..=u32::MAX)?;
        if choices.contains(&number) {
            return Some(number);
        }
        let choices: Vec<String> = choices.iter().map(u32::to_string).collect();
        let message = format!("Value must be one of {{{}}}.", choices.join(", "));
        self.note(field, "BASE_TYPE_CHOICES", message);
        None
    }

    pub(super) fn number(&self, field: &str) -> Option<f64> {
        let value = self.raw(field)?;
        let number = value.as_f64();
        if number.is_none() {
            let message = format!("Value \"{}\" is not float.", brief(value));
            self.note(field, "NUMBER_TYPE_COERCE", message);
        }
        number
    }

    pub(super) fn snowflake(&self, field: &str) -> Option<u64> {
        let value = self.raw(field)?;
        let id = as_snowflake(value);
        if id.is_none() {
            self.not_a_snowflake(field, value);
        }
        id
    }

    pub(super) fn permissions(&self, field: &str) -> Option<Permissions> {
        let value = self.raw(field)?;
        let permissions = Permissions::from_json(value);
        if permissions.is_none() {
            let message = format!("Value \"{}\" is not int.", brief(value));
            self.note(field, "NUMBER_TYPE_COERCE", message);
        }
        permissions
    }

    pub(super) fn moment(&self, field: &str) -> Option<Timestamp> {
        let value = self.raw(field)?;
        let moment = value.as_str().and_then(Timestamp::from_iso);
        if moment.is_none() {
            let message = format!("Could not parse {}. Should be ISO8601.", brief(value));
            self.note(field, "DATE_TIME_TYPE_PARSE", message);
        }
        moment
    }

    /// An address with one of these schemes.
    pub(super) fn url(&self, field: &str, schemes: &[&str]) -> Option<String> {
        let url = self.trimmed(field, 0..=2048)?;
        match url.split_once("://") {
            Some((scheme, rest)) if schemes.contains(&scheme.to_lowercase().as_str()) => {
                let plain = !rest.is_empty() && !rest.contains(char::is_whitespace);
                if plain {
                    return Some(url);
                }
                self.note(field, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
            }
            Some((scheme, _)) => {
                let message = format!(
                    "Scheme \"{}\" is not supported. Scheme must be one of ({}).",
                    scheme.chars().take(50).collect::<String>().to_lowercase(),
                    schemes
                        .iter()
                        .map(|s| format!("'{s}'"))
                        .collect::<Vec<_>>()
                        .join(", "),
                );
                self.note(field, "URL_TYPE_INVALID_SCHEME", message);
            }
            None => self.note(field, "URL_TYPE_INVALID_URL", "Not a well formed URL."),
        }
        None
    }

    /// A picture as a `data:` address.
    pub(super) fn picture(&self, field: &str) -> Option<Upload> {
        let text = self.text(field, 0..=usize::MAX)?;
        let encoded = text
            .strip_prefix("data:")
            .and_then(|rest| rest.split_once(";base64,"));
        // The content decides: discord.js says `image/jpg` of every picture.
        let encoded = encoded.filter(|(said, _)| said.starts_with("image/"));
        let data = encoded.and_then(|(_, data)| BASE64.decode(data).ok());
        let read = data.and_then(|data| Some((picture_type(&data)?, data)));
        let Some((kind, data)) = read else {
            let message = "Invalid image data";
            self.note(field, "BASE_TYPE_INVALID_IMAGE", message);
            return None;
        };
        let extension = kind.strip_prefix("image/").unwrap_or("png");
        Some(Upload {
            filename: format!("image.{extension}"),
            title: None,
            description: None,
            content_type: Some(kind.to_owned()),
            data: data.into(),
        })
    }

    /// The object in a field.
    pub(super) fn object(&self, field: &str) -> Option<Form<'a>> {
        reading::parts(|| self.path_of(field));
        let form = Form::new(self.glimpse(field)?, self.path_of(field), self.notes);
        form.fields.is_some().then_some(form)
    }

    /// The objects of a list.
    pub(super) fn objects(
        &self,
        field: &str,
        length: RangeInclusive<usize>,
    ) -> Option<Vec<Form<'a>>> {
        reading::parts(|| self.path_of(field));
        let forms = self
            .list(field, length)?
            .iter()
            .enumerate()
            .map(|(index, value)| {
                Form::new(value, self.path_of(&format!("{field}.{index}")), self.notes)
            });
        Some(forms.filter(|form| form.fields.is_some()).collect())
    }

    /// The snowflakes of a list.
    pub(super) fn snowflakes(
        &self,
        field: &str,
        length: RangeInclusive<usize>,
    ) -> Option<Vec<u64>> {
        let mut ids = Vec::new();
        for (index, value) in self.values(field, length)?.iter().enumerate() {
            match as_snowflake(value) {
                Some(id) => ids.push(id),
                None => self.not_a_snowflake(&format!("{field}.{index}"), value),
            }
        }
        Some(ids)
    }

    /// As [`Form::snowflakes`], without duplicates.
    pub(super) fn unique_snowflakes(
        &self,
        field: &str,
        length: RangeInclusive<usize>,
    ) -> Option<Vec<u64>> {
        let mut seen = BTreeSet::new();
        for (index, value) in self.values(field, length.clone())?.iter().enumerate() {
            if as_snowflake(value).is_some_and(|id| !seen.insert(id)) {
                self.note_double(&format!("{field}.{index}"));
            }
        }
        self.snowflakes(field, length)
    }

    /// The texts of a list without duplicates and without leading and trailing white space.
    pub(super) fn unique_texts(
        &self,
        field: &str,
        length: RangeInclusive<usize>,
        of_each: RangeInclusive<usize>,
    ) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        for (index, value) in self.values(field, length)?.iter().enumerate() {
            let place = format!("{field}.{index}");
            let Some(text) = value.as_str().map(str::trim) else {
                let message = format!("Could not interpret \"{}\" as string.", brief(value));
                self.note(&place, "STRING_TYPE_CONVERT", message);
                continue;
            };
            if texts.iter().any(|other| other == text) {
                self.note_double(&place);
            } else if self.fits(&place, text.chars().count(), &of_each) {
                texts.push(text.to_owned());
            }
        }
        Some(texts)
    }

    /// The values of a list, whatever they are.
    pub(super) fn values(
        &self,
        field: &str,
        length: RangeInclusive<usize>,
    ) -> Option<&'a Vec<Value>> {
        reading::whole(|| self.path_of(field));
        self.list(field, length)
    }

    fn list(&self, field: &str, length: RangeInclusive<usize>) -> Option<&'a Vec<Value>> {
        let Value::Array(list) = self.glimpse(field)? else {
            self.note(
                field,
                "LIST_TYPE_CONVERT",
                "Only iterables may be used in a ListType",
            );
            return None;
        };
        self.fits(field, list.len(), &length).then_some(list)
    }

    /// The path of a field of this object.
    pub(super) fn path_of(&self, field: &str) -> String {
        match (self.path.as_str(), field) {
            (path, "") => path.to_owned(),
            ("", field) => field.to_owned(),
            (path, field) => format!("{path}.{field}"),
        }
    }

    /// The JSON that is being read.
    pub(super) fn json(&self) -> &'a Value {
        reading::all(|| self.path.clone());
        self.value
    }

    fn fits(&self, field: &str, length: usize, allowed: &RangeInclusive<usize>) -> bool {
        if allowed.contains(&length) {
            return true;
        }
        let (min, max) = (*allowed.start(), *allowed.end());
        if min > 0 && length == 0 && self.glimpse(field).is_some_and(Value::is_string) {
            self.note(field, "BASE_TYPE_REQUIRED", "This field is required");
        } else if min == 0 {
            let message = format!("Must be {max} or fewer in length.");
            self.note(field, "BASE_TYPE_MAX_LENGTH", message);
        } else {
            let message = format!("Must be between {min} and {max} in length.");
            self.note(field, "BASE_TYPE_BAD_LENGTH", message);
        }
        false
    }

    fn note_double(&self, field: &str) {
        let message = "The set already contains this value";
        self.note(field, "SET_TYPE_ALREADY_CONTAINS_VALUE", message);
    }

    fn not_a_snowflake(&self, field: &str, value: &Value) {
        let message = format!("Value \"{}\" is not snowflake.", brief(value));
        self.note(field, "NUMBER_TYPE_COERCE", message);
    }
}

/// A snowflake as a string or a number.
fn as_snowflake(value: &Value) -> Option<u64> {
    MessageId::from_json(value).map(|id| id.0)
}

/// A number without a fraction, also if it is written as `5.0`.
fn whole(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number
            .as_f64()
            .filter(|f| f.fract() == 0.0 && f.abs() < 9e15)?;
        #[expect(clippy::cast_possible_truncation, reason = "whole and small enough")]
        Some(float as i64)
    })
}

fn brief(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.chars().take(50).collect()
}
