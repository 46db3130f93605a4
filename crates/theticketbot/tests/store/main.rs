//! The contract of the database's verbs. Each story gets an empty [`Store`] and does not know its engine, so
//! every engine must keep the contract. `sqlite` and `postgres` test what is specific to one engine.

mod closings;
#[cfg(feature = "postgres")]
mod commits;
#[cfg(feature = "postgres")]
mod copying;
mod due;
mod examples;
mod guilds;
mod inboxes;
mod journal;
#[cfg(feature = "postgres")]
mod leases;
mod limits;
mod notices;
mod openings;
mod people;
#[cfg(feature = "postgres")]
mod postgres;
mod session;
mod settings;
mod sqlite;
mod tickets;
#[cfg(feature = "postgres")]
mod trips;
mod waiting;

use tempfile::TempDir;
use theticketbot::store::{Access, Store};

/// An empty database, which exists as long as the folder.
fn sqlite() -> (Store, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Access::plain(folder.path().join("test.db"))).unwrap();
    (store, folder)
}

/// An empty database in its own schema, where PostgreSQL is installed.
#[cfg(feature = "postgres")]
fn on_postgres() -> Option<Store> {
    let url = theticketbot::store::PostgresUrl::parse(&harness::postgres::shared()?.url()).unwrap();
    Some(Store::connect(&url).unwrap())
}

/// Turns each story into one test for each engine.
macro_rules! contract {
    ($($story:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $story() {
                    let (store, _folder) = crate::sqlite();
                    super::$story(store).await;
                }
            )+
        }

        #[cfg(feature = "postgres")]
        mod on_postgres {
            $(
                #[tokio::test]
                async fn $story() {
                    if let Some(store) = crate::on_postgres() {
                        super::$story(store).await;
                    }
                }
            )+
        }
    };
}
use contract;
