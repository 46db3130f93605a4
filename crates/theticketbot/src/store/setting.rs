//! Small values by name. The original keeps `last-sync-version` here; ours begin with their
//! subject, such as `commands-fingerprint`, and never use a name of the original's.

use super::{Store, StoreError, execute, row};

impl Store {
    pub async fn setting(&self, name: &'static str) -> Result<Option<String>, StoreError> {
        self.read(move |conn| {
            // The column has no type: the original could have stored a number.
            let sql = "SELECT CAST(value AS TEXT) FROM setting WHERE name = ?";
            let value: Option<Option<String>> = row(conn, sql, [name], |row| row.get(0))?;
            Ok(value.flatten())
        })
        .await
    }

    pub async fn set_setting(&self, name: &'static str, value: String) -> Result<(), StoreError> {
        self.write(move |conn| {
            execute(
                conn,
                "INSERT INTO setting (name, value) VALUES (?, ?)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
            .map(drop)
        })
        .await
    }
}
