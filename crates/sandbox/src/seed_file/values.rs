//! Values of a seed file that can be invalid, and their error messages.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;

use super::Wrong;
use crate::permissions::Permissions;

pub(super) type Text = Spanned<String>;

pub(super) fn permissions(names: &[Text]) -> Result<Permissions, Wrong> {
    names.iter().try_fold(Permissions::NONE, |sum, name| {
        let found = Permissions::NAMED.iter().find(|(n, _)| n == name.get_ref());
        let (_, permission) = found.ok_or_else(|| {
            let what = format!(
                "{:?} is not a permission: they are named as in Discord's documentation, such as \
                 MANAGE_THREADS",
                name.get_ref()
            );
            wrong(name, what)
        })?;
        Ok(sum | *permission)
    })
}

pub(super) fn text(
    text: &Text,
    field: &str,
    length: RangeInclusive<usize>,
) -> Result<String, Wrong> {
    let count = text.get_ref().chars().count();
    if !length.contains(&count) || text.get_ref().trim() != text.get_ref() {
        let (least, most) = (length.start(), length.end());
        let what =
            format!("`{field}` must have {least} to {most} characters, and no spaces around it");
        return Err(wrong(text, what));
    }
    Ok(text.get_ref().clone())
}

pub(super) fn optional(
    text: Option<&Text>,
    field: &str,
    length: RangeInclusive<usize>,
) -> Result<Option<String>, Wrong> {
    text.map(|text| self::text(text, field, length)).transpose()
}

/// A number; 0 by default.
pub(super) fn number(
    number: Option<&Spanned<u32>>,
    field: &str,
    range: RangeInclusive<u32>,
) -> Result<u32, Wrong> {
    match number {
        None => Ok(0),
        Some(number) if range.contains(number.get_ref()) => Ok(*number.get_ref()),
        Some(number) => {
            let (least, most) = (range.start(), range.end());
            Err(wrong(
                number,
                format!("`{field}` must be {least} to {most}"),
            ))
        }
    }
}

/// The ids that are already used, with the kind of object.
#[derive(Default)]
pub(super) struct Ids(pub(super) BTreeSet<(&'static str, u64)>);

impl Ids {
    pub(super) fn take(
        &mut self,
        kind: &'static str,
        place: Range<usize>,
        id: u64,
    ) -> Result<u64, Wrong> {
        // A snowflake contains a time since 2015 in all but its lowest 22 bits.
        let what = if !(1 << 22..=i64::MAX.unsigned_abs()).contains(&id) {
            format!("{id} is not a snowflake: ids are such as 1457512345678901234")
        } else if !self.0.insert((kind, id)) {
            format!("the id {id} is another {kind}'s already")
        } else {
            return Ok(id);
        };
        Err(Wrong {
            place: Some(place),
            what,
        })
    }
}

pub(super) fn id<T: Copy>(
    ids: &mut Ids,
    kind: &'static str,
    given: Option<&Spanned<T>>,
    number: impl Fn(T) -> u64,
) -> Result<Option<u64>, Wrong> {
    given
        .map(|given| ids.take(kind, span(given), number(*given.get_ref())))
        .transpose()
}

pub(super) fn span<T>(value: &Spanned<T>) -> Range<usize> {
    value.span()
}

pub(super) fn wrong<T>(place: &Spanned<T>, what: impl Into<String>) -> Wrong {
    Wrong {
        place: Some(span(place)),
        what: what.into(),
    }
}

pub(super) fn unknown(name: &Text, kind: &str) -> Wrong {
    wrong(name, format!("{:?} is not a {kind}", name.get_ref()))
}

pub(super) fn twice(name: &Text, kind: &str) -> Wrong {
    wrong(
        name,
        format!("{:?} is another {kind} already", name.get_ref()),
    )
}

pub(super) fn whole(what: &str) -> Wrong {
    Wrong {
        place: None,
        what: what.to_owned(),
    }
}
