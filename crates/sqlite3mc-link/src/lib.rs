//! The SQLite library that the bot's database runs on.
//!
//! By default this crate compiles SQLite3MultipleCiphers into the program: SQLite with the
//! ciphers of SQLite3MC, SQLCipher and others built in, so that an encrypted database needs no
//! extra install. rusqlite declares SQLite's functions but links no library of its own here
//! (`libsqlite3-sys/in_gecko`), so what this crate links is what it calls.
//!
//! # Another library
//!
//! To run on SEE, on the system's SQLite or on a build of your own, set these when building:
//!
//! | variable | meaning |
//! |---|---|
//! | `THETICKETBOT_SQLITE_LIB_NAME` | the library's name as a linker wants it: `sqlite3` for `libsqlite3.so` or `sqlite3.lib` |
//! | `THETICKETBOT_SQLITE_LIB_DIR` | the folder it is in; not needed if the linker searches it anyway |
//! | `THETICKETBOT_SQLITE_LIB_KIND` | `dylib` (the default) or `static` |
//!
//! For example, with Debian's package `libsqlite3-dev`:
//!
//! ```sh
//! THETICKETBOT_SQLITE_LIB_NAME=sqlite3 cargo build --release
//! ```
//!
//! The library must be SQLite 3.35 or newer (the bot uses `RETURNING`; 3.40 is the oldest it was
//! tried with) and thread-safe (`SQLITE_THREADSAFE` 1 or 2). Whether a key opens anything then
//! depends on that library: one that cannot encrypt is noticed, and a key refused.

use std::ffi::CStr;
use std::os::raw::c_char;

/// The name and version of the linked library, such as `SQLite3 Multiple Ciphers 2.6.1`.
///
/// Calling this is also what links the library: a linker takes from an archive only what
/// somebody asked for by then.
#[must_use]
pub fn version() -> &'static str {
    // SAFETY: takes no argument, touches no state, and returns a static C string.
    #[expect(unsafe_code, reason = "the one call of a C function in this workspace")]
    let text = unsafe { CStr::from_ptr(library_version()) };
    // Both libraries' versions are ASCII literals in their source.
    text.to_str().unwrap_or("unknown")
}

#[expect(unsafe_code, reason = "the declaration of that C function")]
unsafe extern "C" {
    #[cfg_attr(not(other_sqlite), link_name = "sqlite3mc_version")]
    #[cfg_attr(other_sqlite, link_name = "sqlite3_libversion")]
    fn library_version() -> *const c_char;
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_library_is_linked_and_tells_its_version() {
        let version = super::version();
        assert!(version.contains('.'), "{version}");
        #[cfg(not(other_sqlite))]
        assert!(
            version.starts_with("SQLite3 Multiple Ciphers "),
            "{version}"
        );
    }
}
