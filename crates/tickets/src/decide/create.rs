//! `/inbox create`: an inbox with its own message, or one on the message of another.

use crate::action::{Action, PostEntry};
use crate::decide::settings::Named;
use crate::inbox::{Inbox, MAX_INBOX_NAME};
use crate::pending::{Pending, Target, waits_until};
use crate::permission::{FOR_MESSAGE, FOR_TICKETS, Place, missing_for_inbox};
use crate::problem::{self, Created};
use crate::setting::{Entered, Name, Setting};
use crate::template::cut;
use crate::text::Text;
use crate::{ChannelId, Mention, Timestamp};

/// The name for a new inbox. It is refused if another inbox of the server has it.
pub fn name(written: Option<&str>, others: &[Named]) -> Result<Option<String>, Text> {
    let Some(written) = written else {
        return Ok(None);
    };
    let entered = Entered::Text(cut(written.trim(), MAX_INBOX_NAME).to_owned());
    let name = Name.enter(&entered)?;
    let others: Vec<_> = others.iter().map(|it| it.name.as_str()).collect();
    match name
        .as_deref()
        .and_then(|name| Name.refused_beside(name, &others))
    {
        Some(refusal) => Err(refusal),
        None => Ok(name),
    }
}

/// An inbox with its own message in `channel` and its tickets in `destination`.
pub fn create(
    channel: Place,
    destination: Option<Place>,
    name: Option<String>,
    at: Timestamp,
) -> Vec<Action> {
    if let Some(refusal) = refusal(channel, destination) {
        return vec![Action::Say(refusal)];
    }
    let target = Target::NewInbox {
        channel: channel.channel,
        destination: destination
            .map(|place| place.channel)
            .filter(|&id| id != channel.channel),
        name,
        again: None,
    };
    vec![Action::Ask(
        Text::SelectContent {
            until: waits_until(at),
        },
        Pending::Content(target),
    )]
}

/// Why there can be no inbox in this channel.
pub(super) fn refusal(channel: Place, destination: Option<Place>) -> Option<Text> {
    let tickets_in = destination.unwrap_or(channel);
    if !tickets_in.holds_private_threads {
        let channel = tickets_in.channel;
        return Some(Text::NoPrivateThreads { channel });
    }
    let missing = missing_for_inbox(channel, &FOR_MESSAGE, tickets_in, &FOR_TICKETS);
    (!missing.is_empty()).then_some(Text::MissingPermissions { missing })
}

/// The facts that a decision about an inbox on another inbox's message depends on.
#[derive(Clone, Debug)]
pub struct EntryFacts {
    /// The inbox that the message belongs to.
    pub host: Inbox,
    /// How many other inboxes the message offers.
    pub offered: usize,
    /// Where the tickets will be.
    pub tickets_in: Place,
    /// The channel that was named for the inbox itself.
    pub channel: ChannelId,
    pub first_staff: Vec<Mention>,
    /// What the new inbox's problems depend on.
    pub known: Option<problem::Facts>,
}

/// An inbox that is only an entry on another one's message.
pub fn create_entry(name: Option<String>, facts: EntryFacts) -> Vec<Action> {
    let EntryFacts {
        host,
        offered,
        tickets_in,
        channel,
        first_staff,
        known,
    } = facts;
    let refusal = if channel != host.channel {
        Some(Text::ChannelOfEntry { inbox: host.link() })
    } else if offered >= host.layout().room() {
        Some(Text::NoRoomForEntries {})
    } else if !tickets_in.holds_private_threads {
        let channel = tickets_in.channel;
        Some(Text::NoPrivateThreads { channel })
    } else {
        let missing = tickets_in.missing(&FOR_TICKETS);
        missing.map(|missing| Text::MissingPermissions {
            missing: vec![missing],
        })
    };
    if let Some(refusal) = refusal {
        return vec![Action::Say(refusal)];
    }
    let Some(name) = name else {
        return vec![Action::Say(Text::EntryNeedsName {})];
    };
    let destination = Some(tickets_in.channel).filter(|id| *id != host.channel);
    let made = Inbox::new(host.link(), destination, first_staff);
    let created = Created::of(&made, known.as_ref());
    vec![Action::PostEntry(PostEntry {
        inbox: made,
        name,
        created,
    })]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MessageId;
    use crate::decide::examples::*;
    use crate::permission::{Missing, Permission};

    const UNTIL: i64 = NOW.unix_seconds() + 600;

    fn named(name: &str) -> Named {
        Named {
            inbox: inbox(),
            name: name.into(),
        }
    }

    #[test]
    fn a_name_is_taken_once() {
        let others = [named("support"), named("Appeals")];
        assert_eq!(name(None, &others), Ok(None));
        assert_eq!(name(Some("  "), &others), Ok(None));
        assert_eq!(
            name(Some(" Billing  desk"), &others),
            Ok(Some("Billing desk".into()))
        );
        let written = "APPEALS".to_owned();
        assert_eq!(
            name(Some("APPEALS"), &others),
            Err(Text::NameTaken { written })
        );
        let long = name(Some(&"x".repeat(60)), &others);
        assert_eq!(long.map(|it| it.map(|it| it.len())), Ok(Some(45)));
    }

    #[test]
    fn create_asks_for_the_content() {
        let asks = |channel, destination, name: Option<&str>| {
            vec![Action::Ask(
                Text::SelectContent { until: UNTIL },
                Pending::Content(Target::NewInbox {
                    channel,
                    destination,
                    name: name.map(str::to_owned),
                    again: None,
                }),
            )]
        };
        let support = place(SUPPORT, &[]);
        let named = Some("Billing".to_owned());
        assert_eq!(
            create(support, None, named, NOW),
            asks(SUPPORT, None, Some("Billing"))
        );
        assert_eq!(
            create(support, Some(place(TICKETS, &[])), None, NOW),
            asks(SUPPORT, Some(TICKETS), None)
        );
        // A destination that is the inbox's own channel is the default.
        assert_eq!(
            create(support, Some(support), None, NOW),
            asks(SUPPORT, None, None)
        );
    }

    #[test]
    fn create_names_what_is_missing_where() {
        let says = |missing| vec![Action::Say(Text::MissingPermissions { missing })];
        let no_threads = [Permission::CreatePrivateThreads];
        assert_eq!(
            create(place(SUPPORT, &no_threads), None, None, NOW),
            says(vec![Missing {
                channel: SUPPORT,
                permissions: no_threads.to_vec()
            }])
        );
        // The inbox's own channel needs no threads when tickets go elsewhere.
        assert!(matches!(
            create(
                place(SUPPORT, &no_threads),
                Some(place(TICKETS, &[])),
                None,
                NOW
            )[..],
            [Action::Ask(..)]
        ));
        assert_eq!(
            create(
                place(SUPPORT, &[Permission::SendMessages]),
                Some(place(TICKETS, &[Permission::SendMessagesInThreads])),
                None,
                NOW
            ),
            says(vec![
                Missing {
                    channel: SUPPORT,
                    permissions: vec![Permission::SendMessages]
                },
                Missing {
                    channel: TICKETS,
                    permissions: vec![Permission::SendMessagesInThreads]
                },
            ])
        );
    }

    #[test]
    fn tickets_cannot_be_in_an_announcement_channel() {
        let news = Place {
            holds_private_threads: false,
            ..place(SUPPORT, &[])
        };
        let refused = vec![Action::Say(Text::NoPrivateThreads { channel: SUPPORT })];
        assert_eq!(create(news, None, None, NOW), refused);
        assert_eq!(create(place(TICKETS, &[]), Some(news), None, NOW), refused);
        // The inbox's message can be in an announcement channel.
        assert!(matches!(
            create(news, Some(place(TICKETS, &[])), None, NOW)[..],
            [Action::Ask(..)]
        ));
        let facts = EntryFacts {
            tickets_in: news,
            ..entry_facts()
        };
        assert_eq!(create_entry(Some(billing()), facts), refused);
    }

    fn billing() -> String {
        "Billing".into()
    }

    fn entry_facts() -> EntryFacts {
        EntryFacts {
            host: inbox(),
            offered: 24,
            tickets_in: place(TICKETS, &[]),
            channel: SUPPORT,
            first_staff: vec![Mention::Role(MODERATORS)],
            known: Some(well()),
        }
    }

    #[test]
    fn an_entry_is_on_the_message_of_its_host() {
        let actions = create_entry(Some(billing()), entry_facts());
        let [Action::PostEntry(post)] = &actions[..] else {
            panic!("{actions:?}")
        };
        assert_eq!(post.inbox.message, MessageId(INBOX_ID.0));
        assert_eq!(post.inbox.destination, Some(TICKETS));
        assert_eq!(post.name, "Billing");
        let staff = vec![Mention::Role(MODERATORS)];
        assert_eq!(post.created.notice, Text::WillMention { staff });
    }

    #[test]
    fn an_entry_is_refused_with_a_reason() {
        let says = |text| vec![Action::Say(text)];
        assert_eq!(
            create_entry(None, entry_facts()),
            says(Text::EntryNeedsName {})
        );
        let elsewhere = EntryFacts {
            channel: TICKETS,
            ..entry_facts()
        };
        let inbox = INBOX_LINK;
        assert_eq!(
            create_entry(Some(billing()), elsewhere),
            says(Text::ChannelOfEntry { inbox })
        );
        let same = EntryFacts {
            channel: SUPPORT,
            ..entry_facts()
        };
        assert!(matches!(
            create_entry(Some(billing()), same)[..],
            [Action::PostEntry(_)]
        ));
        let full = EntryFacts {
            offered: 25,
            ..entry_facts()
        };
        assert_eq!(
            create_entry(Some(billing()), full),
            says(Text::NoRoomForEntries {})
        );
    }
}
