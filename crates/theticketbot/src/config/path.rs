//! The placeholders in the database's path, by the rules of Python's `string.Template.substitute`:
//! `$NAME`, `${NAME}`, `$$` for a dollar, and anything else with a dollar is an error.

use std::path::PathBuf;

use crate::dirs::Dirs;

pub(super) fn expand(text: &str, dirs: &Dirs) -> Result<PathBuf, String> {
    if text.starts_with("~/") {
        return Err(format!(
            "begins with ~, which only a shell replaces; use the full path of the folder, or one of {PLACEHOLDERS}"
        ));
    }
    // A folder's name may not be valid Unicode, so the path is built as an `OsString`.
    let mut path = std::ffi::OsString::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        path.push(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            path.push("$");
            rest = after;
            continue;
        }
        let braced = rest.strip_prefix('{');
        let name_and_rest = braced.unwrap_or(rest);
        let end = name_and_rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let (name, after) = name_and_rest.split_at(end.unwrap_or(name_and_rest.len()));
        let after = if braced.is_some() {
            after.strip_prefix('}')
        } else {
            Some(after)
        };
        let folder = match name {
            "USER_CONFIG_DIR" => &dirs.config,
            "USER_DATA_DIR" => &dirs.data,
            "USER_LOG_DIR" => &dirs.log,
            "USER_RUNTIME_DIR" => &dirs.runtime,
            "USER_STATE_DIR" => &dirs.state,
            _ => return Err(unknown()),
        };
        rest = after.ok_or_else(unknown)?;
        path.push(folder);
    }
    path.push(rest);
    Ok(path.into())
}

const PLACEHOLDERS: &str = "${USER_CONFIG_DIR}, ${USER_DATA_DIR}, ${USER_LOG_DIR}, ${USER_RUNTIME_DIR}, \
     ${USER_STATE_DIR}";

fn unknown() -> String {
    format!("has a $ that begins none of {PLACEHOLDERS} (a dollar itself is written $$)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn placeholders_are_replaced() {
        let dirs = Dirs {
            config: "/c".into(),
            data: "/d".into(),
            state: "/s".into(),
            log: "/s/log".into(),
            runtime: "/r".into(),
        };
        for (text, path) in [
            ("${USER_DATA_DIR}/theticketbot.db", "/d/theticketbot.db"),
            ("$USER_CONFIG_DIR/x", "/c/x"),
            (
                "${USER_LOG_DIR}${USER_RUNTIME_DIR}${USER_STATE_DIR}",
                "/s/log/r/s",
            ),
            ("data/a$$b.db", "data/a$b.db"),
            ("./~/~.db", "./~/~.db"),
            ("", ""),
        ] {
            assert_eq!(expand(text, &dirs).as_deref(), Ok(Path::new(path)));
        }
        for bad in [
            "$",
            "$HOME/x",
            "${USER_DATA_DIR",
            "${}",
            "$ x",
            "${user_data_dir}",
        ] {
            assert!(expand(bad, &dirs).is_err(), "{bad}");
        }
    }
}
