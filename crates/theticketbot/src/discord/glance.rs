//! Finds the channel of a message before parsing the rest. `MESSAGE_CREATE` is by far the most frequent
//! event, and most messages are outside of tickets: this costs one pass over the JSON, without an allocation.

use tickets::{ChannelId, GuildId};

/// The fields that are read before a message is parsed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Glance<'a> {
    pub guild: Option<GuildId>,
    pub channel: Option<ChannelId>,
    /// The raw JSON string, with its quotation marks.
    content: &'a str,
}

impl Glance<'_> {
    /// Whether the message may begin with a mention of the bot.
    pub(super) fn may_address(&self) -> bool {
        let mut text = self.content.trim_start_matches('"');
        // Skips whitespace, which JSON can write as an escape such as `\n`. Any other escape may also be
        // whitespace, so it counts as a possible mention.
        loop {
            let rest = text.trim_start();
            let rest = ["\\n", "\\t", "\\r"]
                .iter()
                .find_map(|blank| rest.strip_prefix(blank))
                .unwrap_or(rest);
            if rest.len() == text.len() {
                return rest.starts_with("<@") || rest.starts_with('\\');
            }
            text = rest;
        }
    }
}

/// Reads these fields of an event. `None` if the JSON is not in Discord's form.
pub(super) fn glance(json: &str) -> Option<Glance<'_>> {
    let mut found = Glance::default();
    let bytes = json.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b'"' => {
                let end = end_of_text(bytes, at)?;
                // Depth 2: the fields of the message, inside the frame.
                if depth == 2
                    && let Some(value) = value_after(bytes, end)
                {
                    note(&mut found, json.get(at..end)?, json.get(value..)?)?;
                    // The loop scans the value, too.
                    at = value;
                    continue;
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found.channel.map(|_| found)
}

/// Stores a field that matters. Discord writes each of them once, so a repetition is an error.
fn note<'a>(found: &mut Glance<'a>, key: &str, rest: &'a str) -> Option<()> {
    match key {
        "\"channel_id\"" if found.channel.is_none() => found.channel = Some(ChannelId(id(rest)?)),
        "\"guild_id\"" if found.guild.is_none() => found.guild = Some(GuildId(id(rest)?)),
        "\"content\"" if found.content.is_empty() => {
            found.content = rest.get(..end_of_text(rest.as_bytes(), 0)?)?;
        }
        "\"channel_id\"" | "\"guild_id\"" | "\"content\"" => return None,
        _ => {}
    }
    Some(())
}

/// Parses an id, which Discord writes as a string.
fn id(rest: &str) -> Option<u64> {
    let digits = rest.strip_prefix('"')?;
    digits.get(..digits.find('"')?)?.parse().ok()
}

/// The index of the value whose key ends at `end`. `None` if the string there is not a key.
fn value_after(bytes: &[u8], end: usize) -> Option<usize> {
    let colon = after_blanks(bytes, end);
    (bytes.get(colon) == Some(&b':')).then(|| after_blanks(bytes, colon + 1))
}

fn after_blanks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace());
    at + blanks.count()
}

/// The index after the closing quotation mark of the string at `begin`. `None` if there is no string.
fn end_of_text(bytes: &[u8], begin: usize) -> Option<usize> {
    if bytes.get(begin) != Some(&b'"') {
        return None;
    }
    let mut at = begin + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn message(content: &str) -> String {
        let message = json!({"t": "MESSAGE_CREATE", "s": 5, "op": 0, "d": {
            "id": "9", "channel_id": "12", "guild_id": "7", "content": content,
            "author": {"id": "3", "username": "\"channel_id\": \"13\""},
            "mentions": [{"id": "4", "channel_id": "14", "guild_id": "8"}],
        }});
        message.to_string()
    }

    #[test]
    fn where_it_was_written_is_read() {
        let json = message("Hello");
        let read = glance(&json).unwrap();
        assert_eq!(read.guild, Some(GuildId(7)));
        assert_eq!(read.channel, Some(ChannelId(12)));
        assert!(!read.may_address());
    }

    #[test]
    fn what_may_address_the_bot_is_recognised() {
        for text in [
            "<@9> sync",
            "  <@9>",
            "\n\t <@!9>",
            "\u{a0}<@9>",
            "\\o/",
            "\u{1}<@9>",
        ] {
            assert!(glance(&message(text)).unwrap().may_address(), "{text:?}");
        }
        for text in ["", "Hello <@9>", "<#9>", "@9", "  a\n<@9>"] {
            assert!(!glance(&message(text)).unwrap().may_address(), "{text:?}");
        }
    }

    #[test]
    fn blanks_and_the_order_of_fields_do_not_matter() {
        let json =
            "{ \"d\" : { \"content\" : \"<@9>\" , \"channel_id\" :\n \"12\" } , \"t\" : \"M\" }";
        let read = glance(json).unwrap();
        assert_eq!((read.channel, read.guild), (Some(ChannelId(12)), None));
        assert!(read.may_address());
    }

    #[test]
    fn what_is_written_in_another_way_is_left_to_the_parser() {
        for json in [
            "",
            "{}",
            "}",
            r#"{"d":{"channel_id":12}}"#,
            r#"{"d":{"channel_id":"x"}}"#,
            r#"{"d":{"channel_id":"12","content":null}}"#,
            r#"{"d":{"channel_id":"12","channel_id":"13"}}"#,
            r#"{"d":{"channel_id":"12"#,
            r#"{"d":{"channel\u005fid":"12"}}"#,
            r#"{"d":{"other":{"channel_id":"12"}}}"#,
        ] {
            assert_eq!(glance(json), None, "{json}");
        }
    }

    proptest! {
        #[test]
        fn it_reads_what_the_parser_reads(text in any::<String>(), channel in 1_u64.., guild in 1_u64..) {
            let frame = json!({"op": 0, "t": "MESSAGE_CREATE", "d": {
                "content": text, "channel_id": channel.to_string(), "guild_id": guild.to_string(),
                "embeds": [{"title": text}],
            }});
            let json = frame.to_string();
            let read = glance(&json).unwrap();
            prop_assert_eq!(read.channel, Some(ChannelId(channel)));
            prop_assert_eq!(read.guild, Some(GuildId(guild)));
            if text.trim_start().starts_with("<@") {
                prop_assert!(read.may_address());
            }
        }

        #[test]
        fn nothing_is_too_strange_for_it(text in any::<String>(), json in "[{}\\[\\]\":,\\\\a-z0-9_ ]{0,40}") {
            let _ = glance(&text).map(|read| read.may_address());
            let _ = glance(&json).map(|read| read.may_address());
        }
    }
}
