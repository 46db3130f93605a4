//! One job's transaction. A verb is a plain function that runs its statements one after another, so a job
//! has a thread, and waits there for the connection, which the engine's own thread drives.
//!
//! To save round trips, statements are sent together. `BEGIN` is sent with the first statement. A statement
//! whose result the verb does not use is sent with the next one, for example with `COMMIT`. A transaction
//! that only reads does not wait for its `COMMIT`. So a verb that reads with one statement takes one round
//! trip, and one that then writes takes two.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::future::ready;
use std::time::Duration;

use deadpool_postgres::Object;
use futures_util::future::{OptionFuture, join_all, try_join_all};
use tokio::runtime::Handle;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Column, Error, SimpleQueryMessage, Statement};

use super::Limit;
use super::error::{self, store_error};
use crate::failpoint;
use crate::store::StoreError;
use crate::store::engine::{Commit, Job, Kind};
use crate::store::sql::{Columns, Owned, Result, Row, Statements, Value};

/// A connection without an answer for this long is given up. The server ends a statement earlier.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// How many statements may wait to be sent with the next one. With so few futures, [`join_all`] polls them in
/// their order.
const MOST_WAITING: usize = 16;

/// What became of a job.
pub(super) enum Outcome {
    Done(Result<()>),
    /// The connection was lost during the commit of this transaction. Only the server knows.
    Unknown(Xid),
}

/// A transaction's number at the server.
#[derive(Clone, Debug)]
pub(super) struct Xid(pub(super) String);

pub(super) struct Transaction {
    connection: Object,
    engine: Handle,
    kind: Kind,
    begin: String,
    /// The epoch in which this process may write.
    epoch: i64,
    limit: Limit,
    state: Cell<State>,
    xid: Cell<Option<Xid>>,
    /// What is sent with the next statement.
    waiting: RefCell<Vec<(&'static str, Vec<Owned>)>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was sent.
    New,
    Open,
    /// The connection cannot be used again.
    Broken,
}

impl Transaction {
    /// A transaction on this connection, which `engine` drives. If it writes, it first takes the lock with
    /// these numbers, and fails unless `right` returns this epoch.
    pub(super) fn new(
        connection: Object,
        engine: Handle,
        kind: Kind,
        (class, key): (i32, i32),
        (right, epoch): (String, i64),
        limit: Limit,
    ) -> Self {
        let begin = match kind {
            Kind::Reads => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned(),
            // One writer at a time, as in SQLite: so a verb needs no thought about others. After the
            // lock each statement sees all that is committed.
            Kind::Writes => format!(
                "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({class}, {key}); \
                 {right}"
            ),
        };
        Self {
            connection,
            engine,
            kind,
            begin,
            epoch,
            limit,
            state: Cell::new(State::New),
            xid: Cell::new(None),
            waiting: RefCell::default(),
        }
    }

    /// Runs a job on the thread that calls this, and commits what it wrote.
    pub(super) fn run(self, job: Job) -> Outcome {
        let name = job.name;
        let result = job.perform(&self);
        match (result, self.state.get()) {
            (Ok(()), State::New) if !self.waiting.borrow().is_empty() => self.commit(name),
            (result, State::New) => Outcome::Done(result),
            (Ok(()), State::Broken) => Outcome::Done(Err(error::lost())),
            (Err(error), _) => {
                self.roll_back();
                Outcome::Done(Err(error))
            }
            (Ok(()), State::Open) if self.kind == Kind::Reads => {
                self.end_in_background();
                Outcome::Done(Ok(()))
            }
            (Ok(()), State::Open) => self.commit(name),
        }
    }

    fn commit(self, name: &'static str) -> Outcome {
        failpoint::before(Commit(name));
        if self.state.get() == State::New
            && let Err(error) = self.exchange(&[], async |_| Ok(()))
        {
            // `COMMIT` was not sent yet.
            self.roll_back();
            return Outcome::Done(Err(error));
        }
        let commit = async |_| self.connection.batch_execute("COMMIT").await;
        let committed = self.exchange(&[], commit);
        match (committed, self.xid.take()) {
            (Ok(()), _) => {
                failpoint::after(Commit(name));
                Outcome::Done(Ok(()))
            }
            (Err(StoreError::Unreachable(_)), Some(xid)) => {
                self.discard();
                Outcome::Unknown(xid)
            }
            (Err(error), _) => {
                self.roll_back();
                Outcome::Done(Err(error))
            }
        }
    }

    fn roll_back(self) {
        let is_open = self.state.get() == State::Open;
        if !is_open
            || self
                .wait(self.connection.batch_execute("ROLLBACK"))
                .is_err()
        {
            self.discard();
        }
    }

    /// The connection goes back to the pool when the transaction has ended.
    fn end_in_background(self) {
        let connection = self.connection;
        self.engine.spawn(async move {
            let end = tokio::time::timeout(TIME_LIMIT, connection.batch_execute("COMMIT"));
            if !matches!(end.await, Ok(Ok(()))) {
                drop(Object::take(connection));
            }
        });
    }

    /// Closes the connection.
    fn discard(self) {
        drop(Object::take(self.connection));
    }

    /// Waits for a response of the server, up to the time limit.
    fn wait<T>(&self, answer: impl Future<Output = std::result::Result<T, Error>>) -> Result<T> {
        let answer = async { tokio::time::timeout(TIME_LIMIT, answer).await.ok() };
        let error = match self.engine.block_on(self.limit.of(answer)).flatten() {
            Some(Ok(answer)) => return Ok(answer),
            Some(Err(error)) => store_error(&error),
            None => error::no_answer(),
        };
        if matches!(
            error,
            StoreError::Unreachable(_) | StoreError::ReadOnlyServer | StoreError::TakenOver
        ) {
            self.state.set(State::Broken);
        }
        Err(error)
    }

    /// Sends the waiting statements and those of `last`, and waits for all responses.
    fn exchange<T>(
        &self,
        sql: &[&'static str],
        last: impl AsyncFnOnce(Vec<Statement>) -> std::result::Result<T, Error>,
    ) -> Result<T> {
        if self.state.get() == State::Broken {
            return Err(error::lost());
        }
        let waiting = self.waiting.take();
        let all = waiting.iter().map(|(sql, _)| sql).chain(sql);
        let prepared =
            all.map(|sql| async move { self.connection.prepare_cached(&numbered(sql)).await });
        let mut statements = self.wait(try_join_all(prepared))?;
        let sql = statements.split_off(waiting.len());
        let begins = self.state.replace(State::Open) == State::New;
        // If `BEGIN` itself failed, the statements after it would run without the transaction, the lock and
        // the epoch. `BEGIN` waits for nothing, so only a manual cancellation within microseconds could make
        // it fail. If a later statement fails, so do all after it.
        let start = begins.then(|| self.connection.simple_query(&self.begin));
        let writes = statements
            .iter()
            .zip(&waiting)
            .map(|(statement, (_, params))| {
                let params = params.iter().map(Owned::value);
                self.connection.execute_raw(statement, params)
            });
        // Each future sends its statement when it is first polled, so the order is kept.
        let (begun, written, done) = self.wait(async {
            let start = OptionFuture::from(start);
            Ok(tokio::join!(biased; start, join_all(writes), last(sql)))
        })?;
        if let Some(begun) = begun {
            let begun = self.wait(ready(begun))?;
            if self.kind == Kind::Writes {
                self.check_epoch(&begun)?;
            }
        }
        for written in written {
            self.wait(ready(written))?;
        }
        self.wait(ready(done))
    }

    /// Whether this process is still the one that may write.
    fn check_epoch(&self, begun: &[SimpleQueryMessage]) -> Result<()> {
        for message in begun {
            if let SimpleQueryMessage::Row(row) = message
                && let Ok(Some(epoch)) = row.try_get("epoch")
            {
                let xid = row.try_get(1).ok().flatten();
                self.xid.set(xid.map(|xid| Xid(xid.to_owned())));
                if epoch.parse() == Ok(self.epoch) {
                    return Ok(());
                }
            }
        }
        Err(StoreError::TakenOver)
    }
}

impl Statements for Transaction {
    fn execute(&self, sql: &'static str, params: &[Value<'_>]) -> Result<()> {
        let params = params.iter().copied().map(Owned::of).collect();
        self.waiting.borrow_mut().push((sql, params));
        if self.waiting.borrow().len() < MOST_WAITING {
            return Ok(());
        }
        self.exchange(&[], async |_| Ok(()))
    }

    fn change(&self, sql: &'static str, params: &[Value<'_>]) -> Result<usize> {
        let changed = self.exchange(&[sql], async |statements| {
            let params = params.iter().copied();
            self.connection.execute_raw(&statements[0], params).await
        })?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    fn query(
        &self,
        sql: &[&'static str],
        params: &[Value<'_>],
        each: &mut dyn FnMut(usize, &Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        let params: Vec<&(dyn ToSql + Sync)> =
            params.iter().map(|it| it as &(dyn ToSql + Sync)).collect();
        let found = self.exchange(sql, async |statements| {
            let queries = statements
                .iter()
                .map(|it| self.connection.query(it, &params));
            try_join_all(queries).await
        })?;
        for (index, rows) in found.iter().enumerate() {
            for row in rows {
                if !each(index, &Row(row))? {
                    break;
                }
            }
        }
        Ok(())
    }

    fn batch(&self, sql: &'static str) -> Result<()> {
        let statements = sql.split(';').filter(|it| !it.trim().is_empty());
        statements
            .into_iter()
            .try_for_each(|it| Statements::execute(self, it, &[]))
    }
}

/// Replaces `?1` by `$1`, and each `?` by the next number.
fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let (mut next, mut in_text) = (0, false);
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                in_text = !in_text;
                out.push(c);
            }
            '?' if !in_text => {
                out.push('$');
                if !chars.peek().is_some_and(char::is_ascii_digit) {
                    next += 1;
                    // Writing to a string cannot fail.
                    let _ = write!(out, "{next}");
                }
            }
            c => out.push(c),
        }
    }
    out
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match *self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => match *ty {
                Type::INT2 => i16::try_from(number)?.to_sql(ty, out),
                Type::INT4 => i32::try_from(number)?.to_sql(ty, out),
                Type::BOOL => (number != 0).to_sql(ty, out),
                Type::TEXT => number.to_string().to_sql(ty, out),
                _ => number.to_sql(ty, out),
            },
            // The server would read these bytes as a number, or as an invalid message.
            Self::Text(_) | Self::Blob(_) if is_number(ty) => {
                Err("a column of numbers is to hold text or bytes".into())
            }
            // PostgreSQL's text can hold any character but NUL.
            Self::Text(text) if text.contains('\0') => {
                text.replace('\0', "\u{fffd}").to_sql(ty, out)
            }
            Self::Text(text) => text.to_sql(ty, out),
            Self::Blob(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl Columns for tokio_postgres::Row {
    fn value(&self, column: usize) -> Result<Value<'_>> {
        let of_type = self.columns().get(column).map(Column::type_);
        let read = || {
            Ok(match of_type {
                Some(&Type::INT8) => integer(self.try_get::<_, Option<i64>>(column)?),
                Some(&Type::INT4) => integer(self.try_get::<_, Option<i32>>(column)?),
                Some(&Type::BOOL) => integer(self.try_get::<_, Option<bool>>(column)?),
                Some(&Type::BYTEA) => {
                    let bytes: Option<_> = self.try_get(column)?;
                    bytes.map_or(Value::Null, Value::Blob)
                }
                _ => {
                    let text: Option<_> = self.try_get(column)?;
                    text.map_or(Value::Null, Value::Text)
                }
            })
        };
        read().map_err(|error| store_error(&error))
    }
}

fn is_number(ty: &Type) -> bool {
    matches!(*ty, Type::INT2 | Type::INT4 | Type::INT8 | Type::BOOL)
}

fn integer(number: Option<impl Into<i64>>) -> Value<'static> {
    number.map_or(Value::Null, |number| Value::Integer(number.into()))
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn parameters_are_numbered_outside_of_text() {
        for (sql, expected) in [
            ("a = ? AND b = ?", "a = $1 AND b = $2"),
            ("a = ?2 OR ?1 = ?12", "a = $2 OR $1 = $12"),
            ("'?' = ? AND 'it''s ?' = ?", "'?' = $1 AND 'it''s ?' = $2"),
            ("SELECT 1", "SELECT 1"),
        ] {
            assert_eq!(numbered(sql), expected);
        }
    }
}
