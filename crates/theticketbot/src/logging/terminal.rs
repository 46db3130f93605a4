//! One line of the terminal for one event, whatever is in it.

use std::fmt;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// `2026-11-22T08:00:00.000000Z  INFO theticketbot: message field=value`
pub(super) struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let (level, colour) = match *event.metadata().level() {
            Level::ERROR => ("ERROR", "31"),
            Level::WARN => (" WARN", "33"),
            Level::INFO => (" INFO", "32"),
            Level::DEBUG => ("DEBUG", "34"),
            Level::TRACE => ("TRACE", "35"),
        };
        SystemTime.format_time(&mut writer)?;
        if writer.has_ansi_escapes() {
            write!(writer, " \x1b[{colour}m{level}\x1b[0m ")?;
        } else {
            write!(writer, " {level} ")?;
        }
        write!(writer, "{}: ", event.metadata().target())?;
        for span in ctx
            .event_scope()
            .into_iter()
            .flat_map(tracing_subscriber::registry::Scope::from_root)
        {
            write!(writer, "{}", span.name())?;
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>()
                && !fields.is_empty()
            {
                write!(writer, "{{{}}}", escape(fields))?;
            }
            write!(writer, ": ")?;
        }
        let mut fields = String::new();
        ctx.field_format()
            .format_fields(Writer::new(&mut fields), event)?;
        writeln!(writer, "{}", escape(&fields))
    }
}

/// Escapes everything in the text that could move the cursor, begin a new line, or change the direction of
/// the text after it.
pub fn escape(text: &str) -> impl fmt::Display + '_ {
    Escaped(text)
}

struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(is_dangerous) {
            f.write_str(&rest[..at])?;
            let c = rest[at..].chars().next().unwrap_or_default();
            write!(f, "{}", c.escape_default())?;
            rest = &rest[at + c.len_utf8()..];
        }
        f.write_str(rest)
    }
}

fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};
    use tracing_subscriber::layer::SubscriberExt;

    /// What a fresh logger writes while `events` runs.
    fn logged(ansi: bool, events: impl FnOnce()) -> String {
        #[derive(Clone, Default)]
        struct Sink(Arc<Mutex<Vec<u8>>>);
        impl Write for Sink {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let sink = Sink::default();
        let writer = sink.clone();
        let layer = tracing_subscriber::fmt::layer()
            .event_format(Line)
            .with_ansi(ansi)
            .with_writer(move || writer.clone());
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::with_default(subscriber, events);
        let bytes = sink.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_name_cannot_forge_a_line_or_paint_the_terminal() {
        let name =
            "eve\n2026-01-01 INFO theticketbot: all is well\x1b[2J\r\u{202e}\u{9b}31m\u{2028}";
        let text = logged(false, || {
            let span = tracing::info_span!("ticket", owner = name);
            let _entered = span.enter();
            tracing::info!(name, shown = %name, debug = ?name, "hello {name}");
        });
        assert_eq!(text.matches('\n').count(), 1, "{text}");
        let line = text.strip_suffix('\n').unwrap();
        assert_eq!(line.chars().find(|&c| is_dangerous(c)), None, "{text}");
        assert!(line.contains("hello eve\\n2026"), "{text}");
    }

    #[test]
    fn only_the_level_is_coloured() {
        let text = logged(true, || tracing::warn!(count = 2, "careful"));
        assert!(text.contains(" \x1b[33m WARN\x1b[0m theticketbot::logging::terminal::tests: "));
        assert!(text.ends_with(": careful count=2\n"), "{text}");
        let plain = logged(false, || tracing::warn!(count = 2, "careful"));
        assert!(!plain.contains('\x1b'), "{plain}");
    }
}
