//! The contract of the database's verbs. Each story gets an empty [`Store`] and knows nothing of the
//! engine behind it, so that every engine can be held to it; what is SQLite's own is in `sqlite`.

mod closings;
mod examples;
mod guilds;
mod inboxes;
mod journal;
mod limits;
mod openings;
mod session;
mod settings;
mod sqlite;
mod tickets;

use tempfile::TempDir;
use theticketbot::store::{Access, Store};

/// An empty database, which lives as long as the folder.
fn sqlite() -> (Store, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Access::plain(folder.path().join("test.db"))).unwrap();
    (store, folder)
}

/// Makes each story a test of each engine.
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
    };
}
use contract;
