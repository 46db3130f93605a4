//! What the log says: unexpected errors, each with a code that the person concerned reads, too, and the
//! events of tickets.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Failure, system_time};

/// Logs a failure; returns the code that identifies it in the log.
pub fn report(failure: &Failure, what: &'static str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    // Different from all others of this run, and hardly ever the same as one of another run.
    let number = system_time().0.unsigned_abs() << 8 | COUNT.fetch_add(1, Ordering::Relaxed) & 0xFF;
    let code = short(number);
    tracing::error!(code, %failure, "{what}");
    code
}

/// Logs one line about a ticket, with its ids. Other fields, such as `by`, come after them.
macro_rules! ticket_event {
    ($ticket:expr, $($rest:tt)+) => {{
        let ticket: &tickets::ticket::Ticket = $ticket;
        tracing::info!(
            ticket = %ticket.id,
            inbox = ticket.inbox.map(|inbox| inbox.0),
            owner = ticket.owner.map(|owner| owner.0),
            $($rest)+
        )
    }};
}
pub(crate) use ticket_event;

/// The last seven digits of a number in base 32, without letters and digits that look alike.
fn short(mut number: u64) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut code: Vec<_> = (0..7)
        .map(|_| {
            let letter = LETTERS[usize::try_from(number % 32).unwrap_or(0)];
            number /= 32;
            char::from(letter)
        })
        .collect();
    code.reverse();
    code.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_short_and_differ() {
        let failure = Failure::Other("as this test wants it".to_owned());
        let codes: std::collections::HashSet<_> =
            (0..50).map(|_| report(&failure, "a test")).collect();
        assert_eq!(codes.len(), 50);
        assert!(codes.iter().all(|code| code.len() == 7));
        assert_eq!(short(0), "2222222");
        assert_eq!(short(33), "2222233");
    }
}
