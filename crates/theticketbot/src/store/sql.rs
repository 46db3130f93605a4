//! The SQL of the verbs, which is the same for every engine. An engine implements [`Statements`].
//!
//! Statements have `?` or `?1` for their parameters, integers of 64 bits, text and bytes, and stay
//! within what SQLite 3.35 and PostgreSQL 13 both have: `ON CONFLICT … DO NOTHING` instead of `INSERT OR
//! IGNORE`, a qualified column wherever another table (or `excluded`) has one of that name, and `"user"`
//! in quotes. The contract tests run each verb on each engine.

use tickets::Mention;

use super::StoreError;

pub(super) type Result<T> = std::result::Result<T, StoreError>;

/// An engine's connection, with a transaction open.
pub(super) type Connection = dyn Statements;

/// How an engine runs statements. They run one after another, but may be sent to a server together. An engine
/// may keep them prepared.
pub(super) trait Statements {
    /// Runs a statement. If it fails, the job fails, but perhaps only with a later statement or at its end.
    fn execute(&self, sql: &'static str, params: &[Value<'_>]) -> Result<()> {
        self.change(sql, params).map(drop)
    }

    /// How many rows a statement changed.
    fn change(&self, sql: &'static str, params: &[Value<'_>]) -> Result<usize>;

    /// Hands each row of these statements, which have the same parameters, to `each`, with the statement's
    /// index. The other rows of a statement are left out if `each` returns false.
    fn query(
        &self,
        sql: &[&'static str],
        params: &[Value<'_>],
        each: &mut dyn FnMut(usize, &Row<'_>) -> Result<bool>,
    ) -> Result<()>;

    /// Runs several statements without parameters.
    fn batch(&self, sql: &'static str) -> Result<()>;
}

/// A parameter, or what a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Null,
    Integer(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

/// A [`Value`] that owns its data.
#[cfg(feature = "postgres")]
#[derive(PartialEq, Eq)]
pub(super) enum Owned {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

#[cfg(feature = "postgres")]
impl Owned {
    pub(super) fn of(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer(number),
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }

    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Integer(number) => Value::Integer(*number),
            Self::Text(text) => Value::Text(text),
            Self::Blob(bytes) => Value::Blob(bytes),
        }
    }
}

/// An engine's row.
pub(super) trait Columns {
    fn value(&self, column: usize) -> Result<Value<'_>>;
}

/// One row of a statement's result.
pub(super) struct Row<'a>(pub(super) &'a dyn Columns);

impl Row<'_> {
    pub(super) fn value(&self, column: usize) -> Result<Value<'_>> {
        self.0.value(column)
    }

    pub(super) fn get<T: FromValue>(&self, column: usize) -> Result<T> {
        let value = self.value(column)?;
        T::from_value(value).ok_or_else(|| {
            let found = match value {
                Value::Null => "nothing",
                Value::Integer(_) => "a number",
                Value::Text(_) => "text",
                Value::Blob(_) => "bytes",
            };
            StoreError::Other(format!("column {column} of a row holds {found}"))
        })
    }
}

/// What a column's value can be read as; `None` if it is something else.
pub(super) trait FromValue: Sized {
    fn from_value(value: Value<'_>) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(number),
            Value::Null | Value::Text(_) | Value::Blob(_) => None,
        }
    }
}

impl FromValue for u32 {
    fn from_value(value: Value<'_>) -> Option<Self> {
        i64::from_value(value)?.try_into().ok()
    }
}

impl FromValue for bool {
    fn from_value(value: Value<'_>) -> Option<Self> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl FromValue for String {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.to_owned()),
            Value::Null | Value::Integer(_) | Value::Blob(_) => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// What can be a parameter.
pub(super) trait ToValue {
    fn to_value(&self) -> Value<'_>;
}

impl ToValue for i64 {
    fn to_value(&self) -> Value<'_> {
        Value::Integer(*self)
    }
}

impl ToValue for u32 {
    fn to_value(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}

/// The parameters of a statement: an array, or a tuple if they differ in type.
pub(super) trait Params {
    fn with<R>(&self, run: impl FnOnce(&[Value<'_>]) -> R) -> R;
}

// Only one array type without elements has an implementation, so that the type of `[]` can be inferred.
impl Params for [i64; 0] {
    fn with<R>(&self, run: impl FnOnce(&[Value<'_>]) -> R) -> R {
        run(&[])
    }
}

macro_rules! array_params {
    ($($length:literal)+) => {$(
        impl<T: ToValue> Params for [T; $length] {
            fn with<R>(&self, run: impl FnOnce(&[Value<'_>]) -> R) -> R {
                run(&self.each_ref().map(ToValue::to_value))
            }
        }
    )+};
}
array_params!(1 2 3 4 5 6);

macro_rules! tuple_params {
    ($($name:ident)+) => {
        impl<$($name: ToValue),+> Params for ($($name,)+) {
            fn with<R>(&self, run: impl FnOnce(&[Value<'_>]) -> R) -> R {
                #[expect(non_snake_case, reason = "the types' names")]
                let ($($name,)+) = self;
                run(&[$($name.to_value()),+])
            }
        }
    };
}
tuple_params!(A B);
tuple_params!(A B C);
tuple_params!(A B C D);
tuple_params!(A B C D E);
tuple_params!(A B C D E F);
tuple_params!(A B C D E F G);
tuple_params!(A B C D E F G H);
tuple_params!(A B C D E F G H I);
tuple_params!(A B C D E F G H I J);
tuple_params!(A B C D E F G H I J K);
tuple_params!(A B C D E F G H I J K L);

/// A database's integers are signed and Discord's ids are not; no id of this century needs that bit.
pub(super) const fn to_sql(id: u64) -> i64 {
    id.cast_signed()
}

pub(super) const fn from_sql(id: i64) -> u64 {
    id.cast_unsigned()
}

/// An id in a column that can be NULL.
pub(super) fn optional_id(row: &Row<'_>, column: usize) -> Result<Option<u64>> {
    Ok(row.get::<Option<i64>>(column)?.map(from_sql))
}

/// The mentions in a text, separated by spaces. Words that are not mentions are skipped.
pub(super) fn mentions_of(text: &str) -> Vec<Mention> {
    text.split_ascii_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect()
}

/// Runs one statement that is kept prepared. If it fails, the job fails, perhaps only at its end.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a verb writes its parameters where it calls"
)]
pub(super) fn execute(conn: &Connection, sql: &'static str, params: impl Params) -> Result<()> {
    params.with(|params| conn.execute(sql, params))
}

/// Runs one statement, which is kept prepared, and returns how many rows it has changed.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a verb writes its parameters where it calls"
)]
pub(super) fn changed(conn: &Connection, sql: &'static str, params: impl Params) -> Result<usize> {
    params.with(|params| conn.change(sql, params))
}

/// All rows of one statement that is kept prepared.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a verb writes its parameters where it calls"
)]
pub(super) fn rows<T>(
    conn: &Connection,
    sql: &'static str,
    params: impl Params,
    mut row: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut found = Vec::new();
    params.with(|params| {
        conn.query(&[sql], params, &mut |_, it| {
            found.push(row(it)?);
            Ok(true)
        })
    })?;
    Ok(found)
}

/// The first row, if there is one, of a statement that is kept prepared.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a verb writes its parameters where it calls"
)]
pub(super) fn row<T>(
    conn: &Connection,
    sql: &'static str,
    params: impl Params,
    row: impl FnOnce(&Row<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let (mut row, mut found) = (Some(row), None);
    params.with(|params| {
        conn.query(&[sql], params, &mut |_, it| {
            found = row.take().map(|row| row(it)).transpose()?;
            Ok(false)
        })
    })?;
    Ok(found)
}

/// Whether a statement that is kept prepared finds anything.
pub(super) fn exists(conn: &Connection, sql: &'static str, params: impl Params) -> Result<bool> {
    Ok(row(conn, sql, params, |_| Ok(()))?.is_some())
}
