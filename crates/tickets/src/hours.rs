//! Opening hours: `Mon-Fri 09:00-17:00`, several lines, several times a day, also past midnight, in a
//! time zone with its daylight saving time.

use std::fmt;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use crate::Timestamp;

/// When staff are there. There is at least one span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours(Vec<Line>);

/// Some days with their times, as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    days: Days,
    spans: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Days {
    Every,
    /// From the first day to the second, in the order of the week. The range may pass Sunday.
    Range(Weekday, Weekday),
}

impl Days {
    fn has(self, day: Weekday) -> bool {
        match self {
            Self::Every => true,
            Self::Range(from, to) => from.until(day) <= from.until(to),
        }
    }
}

/// Start and end in minutes of a day. A span that ends before its start ends on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: i16,
    to: i16,
}

const DAY: i16 = 24 * 60;

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The line does not begin with days.
    Days,
    /// There is no time, or one is unclear.
    Times,
}

/// A mistake, and the line that it is in, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub line: usize,
    pub text: String,
    pub fault: Fault,
}

/// The words for each day, in lowercase: English, German, French, from Monday on.
const DAYS: [(Weekday, &[&str]); 7] = [
    (
        Weekday::Monday,
        &["mon", "monday", "mo", "montag", "lun", "lundi"],
    ),
    (
        Weekday::Tuesday,
        &["tue", "tues", "tuesday", "di", "dienstag", "mar", "mardi"],
    ),
    (
        Weekday::Wednesday,
        &["wed", "wednesday", "mi", "mittwoch", "mer", "mercredi"],
    ),
    (
        Weekday::Thursday,
        &[
            "thu",
            "thur",
            "thurs",
            "thursday",
            "do",
            "donnerstag",
            "jeu",
            "jeudi",
        ],
    ),
    (
        Weekday::Friday,
        &["fri", "friday", "fr", "freitag", "ven", "vendredi"],
    ),
    (
        Weekday::Saturday,
        &[
            "sat",
            "saturday",
            "sa",
            "samstag",
            "sonnabend",
            "sam",
            "samedi",
        ],
    ),
    (
        Weekday::Sunday,
        &["sun", "sunday", "so", "sonntag", "dim", "dimanche"],
    ),
];

/// The words for all days.
const EVERY_DAY: [&str; 5] = [
    "daily",
    "every day",
    "täglich",
    "jeden tag",
    "tous les jours",
];

impl Hours {
    /// Reads lines such as `Mon-Fri 09:00-12:00, 13:00-17:00`.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let mut lines = Vec::new();
        let written = text.lines().enumerate();
        for (at, text) in written.filter(|(_, text)| !text.trim().is_empty()) {
            let line = Line::parse(text).map_err(|fault| Mistake {
                line: at + 1,
                text: text.trim().to_owned(),
                fault,
            })?;
            lines.push(line);
        }
        if lines.is_empty() {
            return Err(Mistake {
                line: 1,
                text: String::new(),
                fault: Fault::Days,
            });
        }
        Ok(Self(lines))
    }

    /// Whether staff are there at this moment.
    pub fn is_open(&self, at: Timestamp, zone: &TimeZone) -> bool {
        let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else {
            return true;
        };
        let local = zone.to_datetime(instant);
        let minute = i16::from(local.hour()) * 60 + i16::from(local.minute());
        let today = local.date().weekday();
        let yesterday = today.previous();
        self.0.iter().any(|line| {
            line.spans.iter().any(|span| {
                let ends_today = span.to > span.from;
                let since_today = line.days.has(today)
                    && span.from <= minute
                    && (!ends_today || minute < span.to);
                let since_yesterday = !ends_today && line.days.has(yesterday) && minute < span.to;
                since_today || since_yesterday
            })
        })
    }

    /// When staff are there next, if they are not there now.
    pub fn next(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        if self.is_open(at, zone) {
            return None;
        }
        let instant = jiff::Timestamp::from_millisecond(at.0).ok()?;
        let today = zone.to_datetime(instant).date();
        // Each day of the week begins within eight days. A second week is needed because a clock change may
        // skip a span's start once.
        let days = (0..=15).filter_map(|days| today.checked_add(days.days()).ok());
        let openings = days.flat_map(|date| self.openings(date, zone));
        // When the clocks change, staff may come in the middle of a span, or a second time.
        let changes = zone.following(instant).take(1);
        let changes = changes.map(|change| change.timestamp());
        openings
            .chain(changes)
            .map(|moment| Timestamp(moment.as_millisecond()))
            .filter(|moment| *moment > at && self.is_open(*moment, zone))
            .min()
    }

    /// The moments of a day at which spans begin. If a local time occurs twice, both moments are returned.
    fn openings(&self, date: Date, zone: &TimeZone) -> Vec<jiff::Timestamp> {
        let lines = self.0.iter().filter(|line| line.days.has(date.weekday()));
        lines
            .flat_map(|line| &line.spans)
            .filter_map(|span| {
                let midnight = date.to_datetime(Time::midnight());
                let from = SignedDuration::from_mins(span.from.into());
                let opening = midnight.checked_add(from).ok()?;
                Some(zone.to_ambiguous_timestamp(opening))
            })
            .flat_map(|opening| [opening.earlier(), opening.later()])
            .flatten()
            .collect()
    }
}

impl Line {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim().to_lowercase();
        let at = text
            .find(|c: char| c.is_ascii_digit())
            .ok_or(Fault::Times)?;
        let (days, times) = text.split_at(at);
        let days = days_of(days.trim().trim_end_matches(':').trim_end())?;
        let times = times.split([',', ';']).map(str::trim);
        let spans = times.map(span).collect::<Option<Vec<_>>>();
        let spans = spans.filter(|spans| !spans.is_empty());
        Ok(Self {
            days,
            spans: spans.ok_or(Fault::Times)?,
        })
    }
}

fn days_of(text: &str) -> Result<Days, Fault> {
    if EVERY_DAY.contains(&text) {
        return Ok(Days::Every);
    }
    let mut words = text.split(['-', '–']).map(|word| day(word.trim()));
    let from = words.next().flatten().ok_or(Fault::Days)?;
    let to = match words.next() {
        None => from,
        Some(to) => to.ok_or(Fault::Days)?,
    };
    if words.next().is_some() {
        return Err(Fault::Days);
    }
    Ok(Days::Range(from, to))
}

fn day(word: &str) -> Option<Weekday> {
    let word = word.trim_end_matches('.');
    let known = DAYS.iter().find(|(_, words)| words.contains(&word));
    known.map(|(day, _)| *day)
}

/// `09:00-17:00`. A span without any minutes is a mistake.
fn span(text: &str) -> Option<Span> {
    let (from, to) = text.split_once(['-', '–'])?;
    let (from, to) = (minutes(from.trim())?, minutes(to.trim())?);
    (from < DAY && from != to).then_some(Span { from, to })
}

/// `9`, `9:30`, `09h30` or `24:00`.
fn minutes(text: &str) -> Option<i16> {
    let (hours, minutes) = match text.split_once([':', 'h', '.']) {
        Some((hours, "")) => (hours, "0"),
        Some(parts) => parts,
        None => (text, "0"),
    };
    let number = |text: &str, most: i16| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let number: i16 = is_number.then(|| text.parse().ok())??;
        (number <= most).then_some(number)
    };
    let total = number(hours, 24)? * 60 + number(minutes, 59)?;
    (total <= DAY).then_some(total)
}

/// The text that [`Hours::parse`] reads back, in English, whatever language it was written in.
impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, line) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            match line.days {
                Days::Every => f.write_str("daily")?,
                Days::Range(from, to) if from == to => f.write_str(short(from))?,
                Days::Range(from, to) => write!(f, "{}-{}", short(from), short(to))?,
            }
            for (at, span) in line.spans.iter().enumerate() {
                let before = if at == 0 { " " } else { ", " };
                let Span { from, to } = span;
                write!(
                    f,
                    "{before}{:02}:{:02}-{:02}:{:02}",
                    from / 60,
                    from % 60,
                    to / 60,
                    to % 60
                )?;
            }
        }
        Ok(())
    }
}

fn short(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// The time zone with this name, such as `Europe/Berlin`, as it is written in the list of zones.
pub fn zone(name: &str) -> Option<TimeZone> {
    let name = name.trim().replace(' ', "_");
    // The zones of the system are not used, so that a name means the same on every host.
    jiff::tz::TimeZoneDatabase::bundled().get(&name).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hours(text: &str) -> Hours {
        Hours::parse(text).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}"))
    }

    fn at(text: &str) -> Timestamp {
        let instant: jiff::Timestamp = text.parse().expect("it is a moment");
        Timestamp(instant.as_millisecond())
    }

    fn berlin() -> TimeZone {
        zone("Europe/Berlin").expect("it is compiled in")
    }

    #[test]
    fn office_hours() {
        let hours = hours("Mon-Fri 09:00-12:00, 13:00-17:00\nSat 10-12");
        let berlin = berlin();
        // 2026-03-09 is a Monday; Berlin is an hour ahead of UTC.
        for (moment, is_open) in [
            ("2026-03-09T07:59:59Z", false),
            ("2026-03-09T08:00:00Z", true),
            ("2026-03-09T10:59:59Z", true),
            ("2026-03-09T11:00:00Z", false),
            ("2026-03-09T12:00:00Z", true),
            ("2026-03-09T16:00:00Z", false),
            ("2026-03-14T09:00:00Z", true),
            ("2026-03-15T09:00:00Z", false),
        ] {
            assert_eq!(hours.is_open(at(moment), &berlin), is_open, "{moment}");
        }
        let next = |moment| hours.next(at(moment), &berlin);
        assert_eq!(next("2026-03-09T08:00:00Z"), None);
        assert_eq!(
            next("2026-03-09T11:30:00Z"),
            Some(at("2026-03-09T12:00:00Z"))
        );
        assert_eq!(
            next("2026-03-13T20:00:00Z"),
            Some(at("2026-03-14T09:00:00Z"))
        );
        assert_eq!(
            next("2026-03-14T20:00:00Z"),
            Some(at("2026-03-16T08:00:00Z"))
        );
    }

    #[test]
    fn past_midnight_and_past_sunday() {
        let hours = hours("Fri-Mon 22:00-02:00");
        let utc = TimeZone::UTC;
        for (moment, is_open) in [
            ("2026-03-13T21:59:00Z", false),
            ("2026-03-13T22:00:00Z", true),
            ("2026-03-14T01:59:00Z", true),
            ("2026-03-14T02:00:00Z", false),
            // Monday's span ends on Tuesday.
            ("2026-03-17T01:00:00Z", true),
            ("2026-03-17T22:30:00Z", false),
            // No span began on Thursday.
            ("2026-03-13T01:00:00Z", false),
        ] {
            assert_eq!(hours.is_open(at(moment), &utc), is_open, "{moment}");
        }
        let always = self::hours("daily 00:00-24:00");
        assert!(always.is_open(at("2026-03-13T23:59:59Z"), &utc));
        assert!(always.is_open(at("2026-03-14T00:00:00Z"), &utc));
    }

    /// In Berlin the clocks go from 2:00 to 3:00 on 29 March 2026, and from 3:00 to 2:00 on 25 October.
    #[test]
    fn daylight_saving_time() {
        let berlin = berlin();
        let hours = hours("Sun-Mon 09:00-17:00");
        assert_eq!(
            hours.next(at("2026-03-28T12:00:00Z"), &berlin),
            Some(at("2026-03-29T07:00:00Z"))
        );
        assert_eq!(
            hours.next(at("2026-10-24T12:00:00Z"), &berlin),
            Some(at("2026-10-25T08:00:00Z"))
        );
        // The clock change skips this time: staff come right after the change.
        let skipped = self::hours("Sun 02:30-04:00");
        assert_eq!(
            skipped.next(at("2026-03-28T12:00:00Z"), &berlin),
            Some(at("2026-03-29T01:00:00Z"))
        );
        assert!(skipped.is_open(at("2026-03-29T01:00:00Z"), &berlin));
        // This local time occurs twice: staff come both times.
        assert_eq!(
            skipped.next(at("2026-10-24T12:00:00Z"), &berlin),
            Some(at("2026-10-25T00:30:00Z"))
        );
        assert!(skipped.is_open(at("2026-10-25T01:45:00Z"), &berlin));
        // The clock change skips the whole span.
        let never = self::hours("Sun 02:00-02:45");
        assert_eq!(
            never.next(at("2026-03-27T12:00:00Z"), &berlin),
            Some(at("2026-04-05T00:00:00Z"))
        );
        // Between the two moments at which this local time occurs.
        assert_eq!(
            skipped.next(at("2026-10-25T01:10:00Z"), &berlin),
            Some(at("2026-10-25T01:30:00Z"))
        );
        // New York changes on other days.
        let york = zone("america/new_york").expect("it is compiled in");
        assert_eq!(
            hours.next(at("2026-03-14T12:00:00Z"), &york),
            Some(at("2026-03-15T13:00:00Z"))
        );
    }

    /// Minute by minute, around the two nights on which Berlin's clocks change.
    #[test]
    fn next_is_the_first_moment_at_which_staff_are_there() {
        let berlin = berlin();
        for text in [
            "Sun 02:30-04:00",
            "Sun 02:00-02:45\nMon 9-17",
            "Sun 01:30-02:30",
            "Sun 00:00-02:15, 02:45-03:00",
            "Sun 03:00-03:30",
            "Sat 22:00-02:30",
        ] {
            let hours = hours(text);
            for midnight in ["2026-03-28T23:00:00Z", "2026-10-24T22:00:00Z"] {
                let minute = |minute: i64| at(midnight).plus(minute * 60_000);
                let mut opening = None;
                // The week after those nights is only needed to know the next opening.
                for now in (0..9 * 24 * 60).rev() {
                    let is_open = hours.is_open(minute(now), &berlin);
                    if now < 360 {
                        let next = hours.next(minute(now), &berlin);
                        let expected = opening.filter(|_| !is_open);
                        assert_eq!(next, expected, "{text}, {now} minutes after {midnight}");
                    }
                    if is_open {
                        opening = Some(minute(now));
                    }
                }
            }
        }
    }

    #[test]
    fn all_three_languages_are_understood() {
        for (text, canonical) in [
            ("Montag - Freitag: 9-17", "Mon-Fri 09:00-17:00"),
            ("Mo–Fr 9:00–17:30", "Mon-Fri 09:00-17:30"),
            (
                "lun-ven 9h-12h30, 14h-18h",
                "Mon-Fri 09:00-12:30, 14:00-18:00",
            ),
            ("mardi 10h30-11h", "Tue 10:30-11:00"),
            ("So. 8-24:00", "Sun 08:00-24:00"),
            ("täglich 00:00-24:00", "daily 00:00-24:00"),
            ("\n tous les jours 8-20 \n\n", "daily 08:00-20:00"),
        ] {
            assert_eq!(hours(text).to_string(), canonical, "{text}");
        }
    }

    #[test]
    fn a_mistake_names_its_line() {
        for (text, line, fault) in [
            ("", 1, Fault::Days),
            ("\n\n", 1, Fault::Days),
            ("Mon-Fri", 1, Fault::Times),
            ("Mon 9-17\nFunday 9-17", 2, Fault::Days),
            ("Mon-Fri-Sun 9-17", 1, Fault::Days),
            ("9-17", 1, Fault::Days),
            ("Mon 9", 1, Fault::Times),
            ("Mon 9-9", 1, Fault::Times),
            ("Mon 24:00-25:00", 1, Fault::Times),
            ("Mon 9-17:60", 1, Fault::Times),
            ("Mon 9-17,", 1, Fault::Times),
            ("Mon 9-17 18-20", 1, Fault::Times),
            ("Mon 009-17", 1, Fault::Times),
            ("Mon 9pm-10pm", 1, Fault::Times),
        ] {
            let mistake = Hours::parse(text).expect_err(text);
            assert_eq!((mistake.line, mistake.fault), (line, fault), "{text}");
        }
    }

    #[test]
    fn zones() {
        for known in ["UTC", "Europe/Paris", " Asia/Kolkata ", "america/new york"] {
            assert!(zone(known).is_some(), "{known}");
        }
        for unknown in [
            "",
            "Berlin",
            "Mars/Olympus",
            "../etc/localtime",
            "CET-1CEST",
        ] {
            assert!(zone(unknown).is_none(), "{unknown}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(text in any::<String>(), tail in "(mon|di)[-0-9:, h]{0,20}") {
            for text in [text, tail] {
                if let Ok(hours) = Hours::parse(&text) {
                    prop_assert_eq!(Hours::parse(&hours.to_string()), Ok(hours));
                }
            }
        }

        #[test]
        fn staff_are_there_when_they_are_said_to_be(
            minute in 0_i64..2_700_000, from in 0_i16..1440, length in 1_i16..1440, day in 0_usize..7,
        ) {
            let span = Span { from, to: (from + length) % DAY };
            prop_assume!(span.from != span.to);
            let (day, _) = DAYS[day];
            let line = Line { days: Days::Range(day, day), spans: vec![span] };
            let (hours, berlin) = (Hours(vec![line]), berlin());
            let now = Timestamp(1_767_225_600_000 + minute * 60_000);
            if let Some(next) = hours.next(now, &berlin) {
                prop_assert!(next > now);
                prop_assert!(hours.is_open(next, &berlin) || length < 60, "{hours} {now:?} {next:?}");
            } else {
                prop_assert!(hours.is_open(now, &berlin));
            }
        }
    }
}
