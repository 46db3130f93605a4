//! Questions to the person who starts this program.

use std::io::{self, BufRead, IsTerminal, Write};

use secrecy::SecretString;

/// Whether there is a terminal to ask on.
pub fn is_possible() -> bool {
    io::stdin().is_terminal()
}

/// Says something that belongs to a question, not to the log.
pub fn say(text: &str) {
    // Without a terminal, the text is not needed.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Asks on the terminal without showing what is typed.
pub fn hidden(question: &str) -> io::Result<SecretString> {
    rpassword::prompt_password(question).map(SecretString::from)
}

/// Asks on the terminal; without one, takes a line of what is piped in.
pub fn hidden_or_piped(question: &str) -> io::Result<SecretString> {
    if is_possible() {
        return hidden(question);
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    Ok(line.into())
}
