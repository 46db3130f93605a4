//! *Report to staff* in a message's Apps menu: which inbox gets a report, and what it shows.

use crate::form::render::{Embed, Field, escape};
use crate::inbox::Inbox;
use crate::request::{Invoker, Reported};
use crate::template::cut;
use crate::text::{MessageLink, Text, plain};

/// The most characters of a message that a report quotes.
pub const MAX_QUOTE: usize = 1_000;

/// How long a message is kept that a member is about to report, in milliseconds.
pub const KEPT_FOR: i64 = 15 * 60 * 1000;

/// The facts that a report depends on.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Whether the server's setting names an inbox.
    pub is_on: bool,
    /// The inbox that it names, if there is one.
    pub inbox: Option<&'a Inbox>,
}

/// The inbox that gets the report, or the reason for a refusal. Everybody in the server can report a message.
pub fn inbox_of<'a>(invoker: &Invoker, facts: &Facts<'a>) -> Result<&'a Inbox, Text> {
    if !facts.is_on {
        return Err(Text::ReportsOff {});
    }
    let inbox = facts.inbox.filter(|inbox| inbox.guild == invoker.guild);
    inbox.ok_or(Text::ReportInboxGone {})
}

/// How the ticket shows the message. It names the author without a mention, which would add them to the
/// ticket.
pub fn quote(invoker: &Invoker, message: &Reported, say: impl Fn(Text) -> String) -> Embed {
    let link = MessageLink {
        guild: invoker.guild,
        channel: message.channel,
        message: message.id,
    };
    let field = |name, value| Field {
        name: say(name),
        value,
    };
    let author = format!("{} ({})", plain(&message.author_name), message.author);
    let sent = message.id.created_at().unix_seconds();
    let mut fields = vec![
        field(Text::ReportAuthor {}, author),
        field(
            Text::ReportWhere {},
            say(Text::ReportPlace {
                channel: message.channel,
                link,
                sent,
            }),
        ),
    ];
    if !message.files.is_empty() {
        let names = message.files.iter().map(|name| escape(name));
        let names = names.collect::<Vec<_>>().join("\n");
        fields.push(field(
            Text::ReportFiles {},
            cut(&names, MAX_FIELD).to_owned(),
        ));
    }
    let quoted = cut(&message.text, MAX_QUOTE);
    let text = if quoted.trim().is_empty() {
        say(Text::ReportWithoutText {})
    } else {
        let more = if quoted.len() < message.text.len() {
            "…"
        } else {
            ""
        };
        format!("{}{more}", escape(quoted))
    };
    Embed {
        title: Some(say(Text::ReportTitle {})),
        description: Some(text),
        fields,
    }
}

/// The most characters of a field. Source: Discord's "Message Resource", "Embed Limits".
const MAX_FIELD: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::*;
    use crate::{GuildId, MessageId, UserId};

    fn message() -> Reported {
        Reported {
            id: MessageId(9 << 22),
            channel: SUPPORT,
            author: UserId(25),
            author_name: "N*o*ah".into(),
            text: "<@1> **look**".into(),
            files: vec!["a_b.png".into()],
        }
    }

    #[test]
    fn a_report_needs_the_servers_own_inbox() {
        let inbox = inbox();
        let facts = |is_on, inbox| Facts { is_on, inbox };
        assert_eq!(
            inbox_of(&mia(), &facts(false, None)),
            Err(Text::ReportsOff {})
        );
        assert_eq!(
            inbox_of(&mia(), &facts(true, None)),
            Err(Text::ReportInboxGone {})
        );
        assert_eq!(inbox_of(&mia(), &facts(true, Some(&inbox))), Ok(&inbox));
        let elsewhere = Invoker {
            guild: GuildId(GUILD.0 + 1),
            ..mia()
        };
        assert_eq!(
            inbox_of(&elsewhere, &facts(true, Some(&inbox))),
            Err(Text::ReportInboxGone {})
        );
    }

    #[test]
    fn a_quote_is_text_and_mentions_nobody() {
        let shown = quote(&mia(), &message(), |text| text.key().to_owned());
        let text = shown.description.unwrap();
        assert_eq!(text, r"\<\@1\> \*\*look\*\*");
        let values: Vec<_> = shown.fields.iter().map(|it| it.value.as_str()).collect();
        assert_eq!(values, [r"N\*o\*ah (25)", "report-place", r"a\_b.png"]);
    }

    #[test]
    fn a_long_quote_is_cut_and_an_empty_one_says_so() {
        let quoted = |text: String| {
            let message = Reported { text, ..message() };
            let shown = quote(&mia(), &message, |text| text.key().to_owned());
            shown.description.unwrap()
        };
        let long = quoted("é".repeat(1_001));
        assert_eq!(long, format!("{}…", "é".repeat(1_000)));
        assert_eq!(quoted("é".repeat(1_000)), "é".repeat(1_000));
        assert_eq!(quoted(" \n".into()), "report-without-text");
        // The backslashes from escaping still fit into an embed.
        assert!(quoted("*".repeat(1_001)).chars().count() <= 4096);
    }
}
