//! Snowflakes, one type per kind of object, and the times that they contain.
//!
//! In JSON a snowflake is a string. Numbers are accepted too, as by Discord, because some clients send them.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl $name {
            /// When the object was created.
            pub const fn created_at(self) -> Timestamp {
                Timestamp::of_snowflake(self.0)
            }

            /// Reads a snowflake from JSON: a string of digits or a number.
            pub fn from_json(value: &Value) -> Option<Self> {
                snowflake_of(value).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(SnowflakeVisitor).map(Self)
            }
        }
    )+};
}

ids! {
    /// An application, which owns a bot user and commands.
    ApplicationId,
    /// A file of a message.
    AttachmentId,
    /// An entry of a server's audit log.
    AuditEntryId,
    /// A custom emoji of a server or an application.
    EmojiId,
    /// A channel or a thread.
    ChannelId,
    /// An application command.
    CommandId,
    /// A server.
    GuildId,
    /// An interaction of a person with an application: a command, a click, a submitted modal.
    InteractionId,
    /// A message.
    MessageId,
    /// A role. The role of `@everyone` has the id of its server.
    RoleId,
    /// A tag of a forum.
    TagId,
    /// A user: a person or a bot.
    UserId,
    /// A webhook of a channel.
    WebhookId,
}

impl GuildId {
    /// Stands for no server, as in direct messages.
    pub const NONE: Self = Self(0);

    /// Whether this is [`Self::NONE`].
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The role `@everyone`, which every member has.
    pub const fn everyone(self) -> RoleId {
        RoleId(self.0)
    }

    /// The shard of this server, for this number of shards.
    pub const fn shard(self, shards: u64) -> u64 {
        (self.0 >> 22) % shards
    }
}

/// A thread that was started from a message has the id of that message.
impl From<MessageId> for ChannelId {
    fn from(id: MessageId) -> Self {
        Self(id.0)
    }
}

/// A time in the world, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// The first millisecond of 2015, where Discord's snowflakes begin.
const DISCORD_EPOCH: i64 = 1_420_070_400_000;

/// The last year of a [`Timestamp`].
const LAST_YEAR: i64 = 292_278_994;

impl Timestamp {
    /// The time that a snowflake contains.
    pub const fn of_snowflake(snowflake: u64) -> Self {
        Self((snowflake >> 22).cast_signed() + DISCORD_EPOCH)
    }

    /// The first snowflake of this time, or of the nearest time that a snowflake can contain.
    pub fn first_snowflake(self) -> u64 {
        let millis = self.0.saturating_sub(DISCORD_EPOCH);
        millis.clamp(1, (1 << 41) - 1).cast_unsigned() << 22
    }

    /// All snowflakes of this time.
    pub fn snowflakes(self) -> std::ops::Range<u64> {
        let first = self.first_snowflake();
        first..first + (1 << 22)
    }

    /// This many milliseconds later.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// How many milliseconds have passed since `earlier`; negative if it is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads the ISO 8601 forms that clients send: `2026-01-02T03:04:05[.678901](Z|+00:00)`.
    pub fn from_iso(text: &str) -> Option<Self> {
        Self::read(text, 9999)
    }

    fn read(text: &str, last_year: i64) -> Option<Self> {
        let (date, time) = text.split_once(['T', ' '])?;
        let mut parts = date.splitn(3, '-').map(|p| p.parse::<i64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let zone_at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
        let (clock, zone) = time.split_at(zone_at);
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let mut parts = clock.splitn(3, ':').map(|p| p.parse::<i64>().ok());
        let (hour, minute, second) = (
            parts.next()??,
            parts.next()??,
            parts.next().unwrap_or(Some(0))?,
        );
        let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
        let fits = (1970..=last_year).contains(&year)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..=60).contains(&second);
        if !fits {
            return None;
        }
        let offset = match zone.as_bytes() {
            [] | [b'Z' | b'z'] => 0,
            [sign, ..] => {
                let digits: String = zone[1..].chars().filter(|c| *c != ':').collect();
                let hours: i64 = digits.get(..2)?.parse().ok()?;
                let minutes: i64 = digits
                    .get(2..)
                    .filter(|m| !m.is_empty())
                    .unwrap_or("0")
                    .parse()
                    .ok()?;
                if !(0..60).contains(&minutes) {
                    return None;
                }
                let offset = hours * 60 + minutes;
                if *sign == b'-' { -offset } else { offset }
            }
        };
        let minutes = days_from_civil(year, month, day) * 1440 + hour * 60 + minute - offset;
        let seconds = minutes * 60 + second;
        Some(Self(seconds.checked_mul(1000)?.checked_add(millis)?))
    }
}

/// ISO 8601 as Discord writes it.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, millis) = (self.0.div_euclid(86_400_000), self.0.rem_euclid(86_400_000));
        let (year, month, day) = civil_from_days(days);
        let (hour, minute) = (millis / 3_600_000, millis / 60_000 % 60);
        let (second, milli) = (millis / 1000 % 60, millis % 1000);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}000+00:00"
        )
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads what [`Serialize`] writes, for any time to which the world's clock can be moved.
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let found = Self::read(&text, LAST_YEAR);
        found.ok_or_else(|| de::Error::custom(format!("{text:?} is not a moment")))
    }
}

/// Makes snowflakes, which contain the moment of their creation. Each is greater than the one before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snowflakes {
    last: u64,
    /// If set, the ids count up from this time, so that they are the same in each run.
    #[serde(default)]
    counted_from: Option<Timestamp>,
}

/// Counted ids follow the clock in steps of this many milliseconds.
const HOUR: i64 = 3_600_000;

impl Snowflakes {
    /// From now on, ids do not contain the present time. They count up from `moment`, a millisecond each, and
    /// skip ahead only when a whole hour has passed.
    pub fn count_from(&mut self, moment: Timestamp) {
        self.counted_from = Some(moment);
    }

    /// Makes the next snowflake.
    pub fn next(&mut self, now: Timestamp) -> u64 {
        if let Some(from) = self.counted_from {
            let hours = now.since(from).div_euclid(HOUR);
            let first = from.plus(hours.saturating_mul(HOUR)).first_snowflake();
            self.last = first.max((self.last | ((1 << 22) - 1)) + 1);
            return self.last;
        }
        let first = now.since(Timestamp(DISCORD_EPOCH)).max(1).cast_unsigned() << 22;
        self.last = first.max(self.last + 1);
        self.last
    }
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March put the leap day last, so that months have a regular length.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

fn snowflake_of(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => {
            text.parse().ok()
        }
        Value::Number(number) => number.as_u64(),
        _ => None,
    }
}

struct SnowflakeVisitor;

impl Visitor<'_> for SnowflakeVisitor {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a snowflake")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<u64, E> {
        Ok(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<u64, E> {
        u64::try_from(value).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snowflake_holds_its_time() {
        // The example of Discord's API reference.
        let moment = MessageId(175_928_847_299_117_063).created_at();
        assert_eq!(moment.to_string(), "2016-04-30T11:18:25.796000+00:00");
        assert_eq!(Timestamp::from_iso(&moment.to_string()), Some(moment));
    }

    #[test]
    fn a_snowflake_tells_its_moment() {
        let moment = Timestamp(1_795_348_800_123);
        assert_eq!(Timestamp::of_snowflake(moment.first_snowflake()), moment);
        for (strange, nearest) in [
            (0, DISCORD_EPOCH + 1),
            (i64::MAX, DISCORD_EPOCH + (1 << 41) - 1),
        ] {
            let snowflake = Timestamp(strange).first_snowflake();
            assert_eq!(Timestamp::of_snowflake(snowflake), Timestamp(nearest));
        }
    }

    #[test]
    fn snowflakes_grow_even_when_the_clock_does_not() {
        let mut ids = Snowflakes::default();
        let made: Vec<_> = (0..5000)
            .map(|_| ids.next(Timestamp(1_700_000_000_000)))
            .collect();
        assert!(made.is_sorted_by(|a, b| a < b));
        assert!(ids.next(Timestamp(1_600_000_000_000)) > made[4999]);
        assert_eq!(
            Timestamp::of_snowflake(made[0]),
            Timestamp(1_700_000_000_000)
        );
    }

    #[test]
    fn counted_snowflakes_do_not_depend_on_the_clock_within_an_hour() {
        let from = Timestamp(1_700_000_000_000);
        let run = |pause: i64| -> Vec<u64> {
            let mut ids = Snowflakes::default();
            ids.count_from(from);
            let moments = [0, pause, 2 * pause, HOUR * 5 + pause];
            moments.map(|after| ids.next(from.plus(after))).to_vec()
        };
        assert_eq!(run(7), run(90_000));
        let moments: Vec<i64> = run(7)
            .into_iter()
            .map(|id| Timestamp::of_snowflake(id).since(from))
            .collect();
        assert_eq!(moments, [0, 1, 2, HOUR * 5]);
    }

    #[test]
    fn dates_are_read_as_clients_write_them() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:30:15.5+02:00", Some(951_820_215_500)),
            ("2026-11-22T08:06:21.123456+00:00", Some(1_795_334_781_123)),
            ("2026-11-22T08:06Z", Some(1_795_334_760_000)),
            ("2026-13-22T08:06:21Z", None),
            ("yesterday", None),
            ("2026-11-22", None),
            ("9223372036854775807-11-22T08:06:21Z", None),
            ("2026-11-22T08:06:21+é", None),
            ("2026-11-22T08:06:21+99", Some(1_794_978_381_000)),
            ("2026-11-22T08:06:21+00:60", None),
            ("2026-11-22T08:06:21+009223372036854775807", None),
        ] {
            assert_eq!(Timestamp::from_iso(text), millis.map(Timestamp), "{text}");
        }
    }

    #[test]
    fn a_moment_that_was_written_can_be_read() {
        for millis in [0, 1, 951_820_215_500, 253_402_300_800_000, i64::MAX] {
            let text = serde_json::to_string(&Timestamp(millis)).unwrap();
            assert_eq!(
                serde_json::from_str::<Timestamp>(&text).unwrap(),
                Timestamp(millis)
            );
        }
        for bad in ["\"292278994-08-17T07:12:55.808000+00:00\"", "\"now\"", "7"] {
            assert!(serde_json::from_str::<Timestamp>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_and_strings_are_snowflakes() {
        let read = |json: &str| serde_json::from_str::<UserId>(json).ok();
        assert_eq!(read("\"12\""), Some(UserId(12)));
        assert_eq!(read("12"), Some(UserId(12)));
        assert_eq!(read("-1"), None);
        assert_eq!(read("\"x\""), None);
        assert_eq!(serde_json::to_string(&UserId(12)).unwrap(), "\"12\"");
    }
}
