//! Placeholders in what admins write: `$author`, `${counter}`, `$$`.
//!
//! The rules are those of Python's `string.Template.safe_substitute`, which inboxes of the
//! original were written for: unknown names and lone dollars stay as they are.

use time::OffsetDateTime;
use unicode_segmentation::UnicodeSegmentation;

use crate::text::is_directional;
use crate::{Mention, Timestamp, UserId};

/// The template for a ticket's name where an inbox has none.
pub const DEFAULT_NAME: &str = "$year-$month-$day $author";

/// The same for a member's further tickets of one day, so that their names differ.
const REPEATED_NAME: &str = "$year-$month-$day $author $counter";

/// The most characters that Discord takes as a thread's name.
pub const MAX_NAME: usize = 100;

/// The most characters that Discord takes as a message.
pub const MAX_STARTER: usize = 2000;

/// Replaces each `$name` and `${name}` that `value_of` knows, and `$$` by a dollar.
///
/// Names are an ASCII letter or `_`, then letters, digits and `_`; they are case-sensitive.
pub fn substitute(template: &str, mut value_of: impl FnMut(&str) -> Option<String>) -> String {
    let mut result = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(dollar) = rest.find('$') {
        result.push_str(&rest[..dollar]);
        let after = &rest[dollar + 1..];
        let (taken, replacement) = match placeholder(after) {
            Placeholder::Dollar => (1, Some("$".to_owned())),
            Placeholder::Named { name, length } => (length, value_of(name)),
            Placeholder::None => (0, None),
        };
        match replacement {
            Some(value) => result.push_str(&value),
            None => result.push_str(&rest[dollar..=dollar + taken]),
        }
        rest = &after[taken..];
    }
    result.push_str(rest);
    result
}

/// What a ticket's name is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTemplate {
    /// The inbox's own template; empty for the default.
    pub template: String,
    /// The owner's display name in the server.
    pub author: String,
    /// When the button was clicked.
    pub at: Timestamp,
    /// Whether the owner has opened another ticket on that day.
    pub is_repeated: bool,
    /// The first short answer to the inbox's form, or nothing if there is none. `None` if the inbox has no
    /// form: then `$title` is no placeholder, as in the original.
    pub title: Option<String>,
}

impl NameTemplate {
    /// The name, at most 100 characters; `None` if nothing visible is left of it.
    pub fn render(&self, counter: u64) -> Option<String> {
        // A snowflake's time always lies in the years that the library knows.
        let date = OffsetDateTime::from_unix_timestamp(self.at.unix_seconds())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let template = match (self.template.as_str(), self.is_repeated) {
            ("", false) => DEFAULT_NAME,
            ("", true) => REPEATED_NAME,
            (own, _) => own,
        };
        let name = substitute(template, |name| {
            Some(match name {
                "year" => format!("{:04}", date.year()),
                "month" => format!("{:02}", u8::from(date.month())),
                "day" => format!("{:02}", date.day()),
                "author" => self.author.clone(),
                "counter" => four_digits(counter),
                "title" => return self.title.clone(),
                _ => return None,
            })
        });
        // Line breaks cannot be in a name; Discord would refuse it.
        let name: String = name
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let name = cut(name.trim(), MAX_NAME).trim_end();
        name.chars().any(is_visible).then(|| name.to_owned())
    }
}

/// The counter as it is shown: its last four digits.
pub fn four_digits(counter: u64) -> String {
    format!("{:04}", counter % 10_000)
}

/// Stands for the owner of a ticket that is not open yet. No other user's mention is longer.
pub const STAND_IN: UserId = UserId(u64::MAX);

/// The starting message of a ticket, at most 2,000 characters. If the text is too long, its end is cut, but
/// never the owner's mention: if the mention comes too late, the text before it is shortened.
pub fn starter(template: &str, author: UserId, staff: &[Mention]) -> String {
    let owner = Mention::User(author).to_string();
    let text = substitute(template, |name| match name {
        "author" => Some(owner.clone()),
        "staff" => Some(mention_list(staff)),
        _ => None,
    });
    shortened(&text, author, MAX_STARTER)
}

/// A starting message with the bot's own lines at its end. The message is shortened to make room for them.
pub fn with_lines(starter: &str, author: UserId, lines: &[String]) -> String {
    let end = lines.join("\n");
    if end.is_empty() {
        return shortened(starter, author, MAX_STARTER);
    }
    let room = MAX_STARTER.saturating_sub(end.chars().count() + 1);
    format!("{}\n{end}", shortened(starter, author, room).trim_end())
}

fn shortened(text: &str, author: UserId, most: usize) -> String {
    let owner = Mention::User(author).to_string();
    let short = cut(text, most);
    let mut mentions = outside_code(text)
        .filter_map(|(start, part)| part.find(&owner).map(|inside| start + inside));
    let Some(start) = mentions.next().filter(|_| !invites(short, author)) else {
        return short.to_owned();
    };
    let room = most.saturating_sub(owner.chars().count());
    format!("{}{owner}", cut(&text[..start], room))
}

/// Whether a starting message mentions its ticket's owner, so that it invites them.
pub fn invites(starter: &str, owner: UserId) -> bool {
    mentions_in(starter).contains(&Mention::User(owner))
}

/// Mentions as they stand in a sentence.
pub fn mention_list(mentions: &[Mention]) -> String {
    mentions
        .iter()
        .map(Mention::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The members and roles that a text mentions, each once, in their order. Mentions in code do not
/// count, as in Discord.
pub fn mentions_in(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    for (_, part) in outside_code(text) {
        add_mentions(part, &mut found);
    }
    found
}

/// The parts of a text that are not in a code span or code block, each with its start. Code ends with as many
/// backticks as it begins with. Source: `CommonMark`, "Code spans".
fn outside_code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let from = next.take()?;
        let mut at = from;
        while let Some(start) = text[at..].find('`').map(|tick| at + tick) {
            let ticks = run_of_ticks(&text[start..]);
            let inner = start + ticks;
            if let Some(length) = closing(&text[inner..], ticks) {
                next = Some(inner + length + ticks);
                return Some((from, &text[from..start]));
            }
            // Backticks that are not closed are text.
            at = inner;
        }
        Some((from, &text[from..]))
    })
}

fn run_of_ticks(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b'`').count()
}

/// Where a code span ends that began with this number of backticks.
fn closing(inner: &str, ticks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(start) = inner[at..].find('`').map(|tick| at + tick) {
        let found = run_of_ticks(&inner[start..]);
        if found == ticks {
            return Some(start);
        }
        at = start + found;
    }
    None
}

fn add_mentions(text: &str, found: &mut Vec<Mention>) {
    let mut rest = text;
    while let Some(start) = rest.find("<@") {
        rest = &rest[start..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        match rest[..end].parse() {
            Ok(mention) => {
                if !found.contains(&mention) {
                    found.push(mention);
                }
                rest = &rest[end..];
            }
            // A mention may begin inside text that is no mention.
            Err(_) => rest = &rest[2..],
        }
    }
}

/// The beginning of `text`, at most `max` characters (code points, as Discord counts), never
/// ending inside a mention, an emoji or another character that people see as one.
pub fn cut(text: &str, max: usize) -> &str {
    let Some((limit, _)) = text.char_indices().nth(max) else {
        return text;
    };
    let end = text
        .grapheme_indices(true)
        .map(|(start, _)| start)
        .take_while(|&start| start <= limit)
        .last()
        .unwrap_or(0);
    // A single "character" can have thousands of combining marks. It is cut, so that some text stays.
    let end = if end == 0 { limit } else { end };
    match open_markup(text, end) {
        Some(start) if start > 0 => &text[..start],
        _ => &text[..end],
    }
}

enum Placeholder<'a> {
    Dollar,
    Named {
        name: &'a str,
        /// Bytes after the dollar.
        length: usize,
    },
    None,
}

fn placeholder(after_dollar: &str) -> Placeholder<'_> {
    if after_dollar.starts_with('$') {
        return Placeholder::Dollar;
    }
    if let Some(braced) = after_dollar.strip_prefix('{') {
        let name = identifier(braced);
        return if !name.is_empty() && braced[name.len()..].starts_with('}') {
            Placeholder::Named {
                name,
                length: name.len() + 2,
            }
        } else {
            Placeholder::None
        };
    }
    match identifier(after_dollar) {
        "" => Placeholder::None,
        name => Placeholder::Named {
            name,
            length: name.len(),
        },
    }
}

/// The longest identifier that `text` begins with, or nothing.
fn identifier(text: &str) -> &str {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return "";
    }
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    &text[..end]
}

/// The start of a mention or custom emoji that a cut at `end` would split.
fn open_markup(text: &str, end: usize) -> Option<usize> {
    let start = text[..end].rfind('<')?;
    let close = start + text[start..].find('>')?;
    let is_markup = ["<@", "<#", "<:", "<a:", "<t:", "</", "<id:"]
        .iter()
        .any(|prefix| text[start..].starts_with(prefix))
        && !text[start..close].contains(char::is_whitespace);
    (is_markup && close >= end).then_some(start)
}

/// Whether a character is visible. Discord refuses a name without a visible character.
fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !is_directional(c)
        && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{FEFF}' | '\u{00AD}' | '\u{3164}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each name that a test knows becomes `[name]`.
    fn known(template: &str) -> String {
        substitute(template, |name| {
            ["author", "_x1"]
                .contains(&name)
                .then(|| format!("[{name}]"))
        })
    }

    #[test]
    fn placeholders_follow_pythons_rules() {
        for (template, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("$author", "[author]"),
            ("${author}", "[author]"),
            ("a $author b", "a [author] b"),
            ("$author$author", "[author][author]"),
            ("${author}s and $authors", "[author]s and $authors"),
            ("$author-x", "[author]-x"),
            ("$author’s", "[author]’s"),
            ("$authoré", "[author]é"),
            ("$_x1", "[_x1]"),
            ("$Author $AUTHOR", "$Author $AUTHOR"),
            ("$$", "$"),
            ("$$author", "$author"),
            ("$$$author", "$[author]"),
            ("$$$$", "$$"),
            ("$", "$"),
            ("5$", "5$"),
            ("$ author", "$ author"),
            ("$5 $1author", "$5 $1author"),
            ("${", "${"),
            ("${}", "${}"),
            ("${author", "${author"),
            ("${author }", "${author }"),
            ("${ author}", "${ author}"),
            ("${$author}", "${[author]}"),
            ("${1a}", "${1a}"),
            ("$unknown ${unknown}", "$unknown ${unknown}"),
            ("$\u{212A}", "$\u{212A}"),
            ("😀$author😀", "😀[author]😀"),
        ] {
            assert_eq!(known(template), expected, "{template}");
        }
    }

    #[test]
    fn a_replacement_is_not_looked_at_again() {
        assert_eq!(
            substitute("$a", |_| Some("$b $$ ${a}".into())),
            "$b $$ ${a}"
        );
    }

    fn name(template: &str, author: &str, counter: u64) -> Option<String> {
        // 9 March 2026, 23:59:59.999 UTC.
        let at = Timestamp(1_773_100_799_999);
        NameTemplate {
            template: template.into(),
            author: author.into(),
            at,
            is_repeated: false,
            title: None,
        }
        .render(counter)
    }

    #[test]
    fn a_title_is_what_the_form_was_answered_with() {
        let with = |template: &str, title: Option<&str>| {
            NameTemplate {
                template: template.into(),
                author: "Mia".into(),
                at: Timestamp(0),
                is_repeated: false,
                title: title.map(str::to_owned),
            }
            .render(1)
        };
        let name = with("$counter $title", Some("Lost\nsword"));
        assert_eq!(name.as_deref(), Some("0001 Lost sword"));
        assert_eq!(with("$counter $title", Some("")).as_deref(), Some("0001"));
        assert_eq!(with("$title", Some("")), None);
        // Without a form, `$title` is no placeholder, as in the original.
        assert_eq!(with("$title", None).as_deref(), Some("$title"));
        let long = with("$title", Some(&"é".repeat(200)));
        assert_eq!(long.map(|it| it.chars().count()), Some(MAX_NAME));
    }

    #[test]
    fn names() {
        for (template, author, counter, expected) in [
            ("", "Mia", 1, "2026-03-09 Mia"),
            ("$counter", "Mia", 1, "0001"),
            ("$counter", "Mia", 9_999, "9999"),
            ("$counter", "Mia", 10_000, "0000"),
            ("$counter", "Mia", 12_345, "2345"),
            ("  $author\n$day/$month/$year ", "Mia", 1, "Mia 09/03/2026"),
            ("$staff", "Mia", 1, "$staff"),
            ("$author", "$counter", 1, "$counter"),
        ] {
            assert_eq!(
                name(template, author, counter).as_deref(),
                Some(expected),
                "{template}"
            );
        }
    }

    #[test]
    fn a_name_of_nothing_visible_is_none() {
        for author in [
            "",
            "   ",
            "\u{200B}",
            "\u{3164}",
            "\n\t",
            "\u{AD}\u{FEFF}",
            "\u{202E}",
            "\u{2800}",
        ] {
            assert_eq!(name("$author", author, 1), None, "{author:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_at_100_characters() {
        assert_eq!(
            name("$author", &"x".repeat(99), 1).unwrap().chars().count(),
            99
        );
        assert_eq!(
            name("$author", &"é".repeat(150), 1).unwrap(),
            "é".repeat(100)
        );
        // A family of four is one character to people and seven to Discord.
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(
            name("$author", &family.repeat(20), 1).unwrap(),
            family.repeat(14)
        );
    }

    #[test]
    fn cuts_never_tear_a_mention() {
        for (text, max, expected) in [
            ("hello", 5, "hello"),
            ("hello", 4, "hell"),
            ("hi <@123>", 9, "hi <@123>"),
            ("hi <@123>!", 9, "hi <@123>"),
            ("hi <@123>", 8, "hi "),
            ("hi <@&123> you", 5, "hi "),
            ("hi <#123> you", 4, "hi "),
            ("<:cat:123> <a:dog:4>", 15, "<:cat:123> "),
            ("at <t:1700000000:R>", 10, "at "),
            ("a < b and b > c", 10, "a < b and "),
            ("a <b", 3, "a <"),
            ("e\u{301}e\u{301}", 3, "e\u{301}"),
            ("", 0, ""),
        ] {
            assert_eq!(cut(text, max), expected, "{text} at {max}");
        }
    }

    #[test]
    fn a_starter_names_author_and_staff() {
        let staff = [Mention::Role(crate::RoleId(2)), Mention::User(UserId(3))];
        assert_eq!(
            starter("$author, meet $staff. $counter", UserId(1), &staff),
            "<@1>, meet <@&2>, <@3>. $counter"
        );
        let long = starter(&format!("{} $author", "x".repeat(1_996)), UserId(1), &[]);
        assert_eq!(long, format!("{}<@1>", "x".repeat(1_996)));
    }

    #[test]
    fn code_mentions_nobody() {
        let users = |text: &str| mentions_in(text);
        let [one, two] = [1, 2].map(|id| Mention::User(UserId(id)));
        for (text, expected) in [
            ("`<@1>` <@2>", vec![two]),
            ("```\n<@1>\n``` <@2>", vec![two]),
            ("``<@1>` <@1>`` <@2>", vec![two]),
            ("<@1> `code` <@2>", vec![one, two]),
            // These backticks are not closed.
            ("`<@1>", vec![one]),
            ("``<@1>` <@2>", vec![one, two]),
            ("```<@1>`` <@2>", vec![one, two]),
            ("`<@1>`` <@2>", vec![one, two]),
            ("é`<@1>`é<@2>", vec![two]),
        ] {
            assert_eq!(users(text), expected, "{text}");
        }
    }

    #[test]
    fn a_cut_never_removes_the_owners_mention() {
        let owner = UserId(123_456_789_012_345_678);
        let mention = format!("<@{}>", owner.0);
        let of = |template: &str| starter(template, owner, &[]);
        let text = of(&format!("{}$author and more", "x".repeat(1_990)));
        assert_eq!(text.chars().count(), 2_000);
        assert!(text.ends_with(&mention) && text.starts_with("xxx"));
        // A text that fits is not changed. After a mention at the start, the text is kept.
        assert_eq!(of("Hi $author!"), format!("Hi {mention}!"));
        let text = of(&format!("$author {}", "y".repeat(1_999)));
        assert!(text.starts_with(&mention) && text.ends_with('y'));
        // The mention in code does not count, the one behind it does.
        let text = of(&format!("`$author`{}$author", "z".repeat(1_970)));
        assert!(invites(&text, owner) && text.chars().count() <= 2_000);
        // There is none to keep.
        let text = of(&format!("{}`$author`", "x".repeat(1_990)));
        assert!(!invites(&text, owner) && text.chars().count() <= 2_000);
    }

    #[test]
    fn lines_at_the_end_have_room_and_leave_the_owners_mention() {
        let owner = UserId(7);
        let lines = ["one".to_owned(), "two".to_owned()];
        assert_eq!(with_lines("Hello <@7>", owner, &[]), "Hello <@7>");
        assert_eq!(
            with_lines("Hello <@7>", owner, &lines),
            "Hello <@7>\none\ntwo"
        );
        let long = starter(&format!("{} $author", "x".repeat(1990)), owner, &[]);
        let sent = with_lines(&long, owner, &lines);
        assert_eq!(sent.chars().count(), MAX_STARTER);
        assert!(
            invites(&sent, owner) && sent.ends_with("<@7>\none\ntwo"),
            "{sent}"
        );
    }

    #[test]
    fn mentions_are_found_once_each() {
        use crate::RoleId;
        assert_eq!(
            mentions_in("<@1> <@&2><@!1> <@<@3> <@x> <#4> <@5"),
            [
                Mention::User(UserId(1)),
                Mention::Role(RoleId(2)),
                Mention::User(UserId(3))
            ]
        );
    }

    proptest! {
        #[test]
        fn without_known_names_only_double_dollars_change(text in "[$a{}\\PC]{0,40}") {
            prop_assert_eq!(substitute(&text, |_| None), text.replace("$$", "$"));
        }

        #[test]
        fn a_name_in_braces_is_found_anywhere(before in "[^$]{0,9}", after in "\\PC{0,9}") {
            let text = format!("{before}${{author}}{after}");
            let expected = format!("{before}[author]");
            prop_assert!(known(&text).starts_with(&expected));
        }

        #[test]
        fn a_cut_is_a_beginning_and_short_enough(text in "(<@[0-9]{1,3}>|\\PC){0,40}", max in 0_usize..60) {
            let short = cut(&text, max);
            prop_assert!(text.starts_with(short));
            prop_assert!(short.chars().count() <= max);
            if text.chars().count() <= max {
                prop_assert_eq!(short, &text);
            }
        }

        #[test]
        fn rendering_never_fails(template in "\\PC{0,120}", author in "\\PC{0,40}", counter: u64) {
            if let Some(name) = name(&template, &author, counter) {
                prop_assert!((1..=MAX_NAME).contains(&name.chars().count()));
            }
        }
    }
}
