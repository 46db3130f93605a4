//! Removing an inbox, and posting it again.

use crate::action::Action;
use crate::decide::create::refusal;
use crate::decide::settings::Facts;
use crate::inbox::{Inbox, free_name};
use crate::pending::{Pending, Target, waits_until};
use crate::permission::Place;
use crate::setting::enter::quoted;
use crate::text::{Text, plain};
use crate::ticket::Ticket;
use crate::{InboxId, Timestamp};

/// How long a removed inbox is kept, in milliseconds.
pub const KEPT_FOR: i64 = 30 * 24 * 60 * 60 * 1000;

/// `/inbox remove`: asks for confirmation and states the consequences.
pub fn ask(written: &str, facts: &Facts, open: &[Ticket]) -> Vec<Action> {
    let Some(named) = facts.named(written) else {
        let written = quoted(written);
        return vec![Action::Say(Text::NoSuchInbox { written })];
    };
    let id = named.inbox.id;
    // Those that another message offers stay there.
    let stays = |entry: &Inbox| {
        let mut others = facts.inboxes.iter().filter(|it| it.inbox.id != id);
        others.any(|host| host.inbox.offers(entry.id))
    };
    let on_message = facts.inboxes.iter().map(|it| &it.inbox);
    let also = on_message.filter(|it| it.home() == Some(id) && !stays(it));
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let open = open.iter().filter(|it| it.inbox == Some(id)).count();
    vec![Action::AskToRemove {
        inbox: id,
        text: Text::RemoveInbox {
            name: plain(&named.name),
            inbox: named.inbox.link(),
            open: count(open),
            also: count(also.count()),
        },
    }]
}

/// An admin confirmed the removal.
pub fn remove(id: InboxId, facts: &Facts) -> Vec<Action> {
    match facts.inbox(Some(id)) {
        None => vec![Action::Say(Text::InboxGone {})],
        Some(named) => vec![Action::RemoveInbox {
            inbox: Box::new(named.inbox.clone()),
            name: named.name.clone(),
        }],
    }
}

/// *Post again*: asks for the message that the inbox will show. `channel` is the inbox's former channel;
/// `None` if that is gone. `names` are the names of the server's inboxes.
pub fn post_again(
    removed: &Inbox,
    channel: Option<Place>,
    destination: Option<Place>,
    names: &[String],
    at: Timestamp,
) -> Vec<Action> {
    let Some(channel) = channel else {
        return vec![Action::Say(Text::ChannelGone {})];
    };
    if let Some(refusal) = refusal(channel, destination) {
        return vec![Action::Say(refusal)];
    }
    // Another inbox may have taken the name in the meantime.
    let is_taken = |name: &str| {
        names
            .iter()
            .any(|it| it.to_lowercase() == name.to_lowercase())
    };
    let target = Target::NewInbox {
        channel: channel.channel,
        destination: destination.map(|place| place.channel),
        name: removed.own_name().map(|name| free_name(name, is_taken)),
        again: Some(removed.id),
    };
    let until = waits_until(at);
    vec![Action::Ask(
        Text::SelectContent { until },
        Pending::Content(target),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::*;
    use crate::decide::settings::Named;
    use crate::entries::{ENTRIES, HOME};
    use crate::permission::Permission;

    fn facts() -> Facts {
        let named = |inbox, name: &str| Named {
            inbox,
            name: name.into(),
        };
        let mut entry = inbox();
        entry.id = InboxId(60);
        let home = Some(INBOX_ID.to_string());
        entry.settings = entry.settings.with_stored(HOME, home);
        Facts {
            inboxes: vec![named(inbox(), "a_b"), named(entry, "Billing")],
            ..Facts::default()
        }
    }

    #[test]
    fn removing_says_what_goes_with_it() {
        let open = [ticket(), ticket()];
        let asked = |written| match &ask(written, &facts(), &open)[..] {
            [Action::AskToRemove { inbox, text }] => (inbox.0, text.clone()),
            other => panic!("{other:?}"),
        };
        let text = |name: &str, open, also| Text::RemoveInbox {
            name: name.into(),
            inbox: INBOX_LINK,
            open,
            also,
        };
        assert_eq!(asked("a_b"), (40, text(r"a\_b", 2, 1)));
        assert_eq!(asked("billing"), (60, text("Billing", 0, 0)));
        let gone = [Action::Say(Text::InboxGone {})];
        assert_eq!(remove(InboxId(9), &facts()), gone);
        let removed = remove(INBOX_ID, &facts());
        assert!(matches!(&removed[..], [Action::RemoveInbox { name, .. }] if name == "a_b"));
    }

    #[test]
    fn an_inbox_on_another_message_too_is_not_removed() {
        let also = |id: u64, home: Option<u64>| {
            let mut facts = facts();
            let mut other = inbox();
            other.id = InboxId(id);
            let home = home.map(|home| home.to_string());
            let settings = other.settings.with_stored(HOME, home);
            other.settings = settings.with_stored(ENTRIES, Some("60".into()));
            facts.inboxes.push(Named {
                inbox: other,
                name: "Other".into(),
            });
            match &ask("a_b", &facts, &[])[..] {
                [
                    Action::AskToRemove {
                        text: Text::RemoveInbox { also, .. },
                        ..
                    },
                ] => *also,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(also(70, None), 0);
        assert_eq!(
            also(70, Some(INBOX_ID.0)),
            2,
            "without a message of its own"
        );
    }

    #[test]
    fn posting_again_asks_for_the_message() {
        let support = Some(place(SUPPORT, &[]));
        let taken = ["support".to_owned(), "billing".to_owned()];
        let billing = inbox().named(Some("Billing"));
        let tickets = Some(place(TICKETS, &[]));
        let again = post_again(&billing, support, tickets, &taken, NOW);
        let target = Target::NewInbox {
            channel: SUPPORT,
            destination: Some(TICKETS),
            name: Some("Billing 2".into()),
            again: Some(INBOX_ID),
        };
        let [Action::Ask(_, pending)] = &again[..] else {
            panic!("{again:?}")
        };
        assert_eq!(*pending, Pending::Content(target));
        let gone = [Action::Say(Text::ChannelGone {})];
        assert_eq!(post_again(&inbox(), None, None, &[], NOW), gone);
        let lacking = Some(place(SUPPORT, &[Permission::SendMessages]));
        let refused = post_again(&inbox(), lacking, None, &[], NOW);
        assert!(matches!(
            refused[..],
            [Action::Say(Text::MissingPermissions { .. })]
        ));
    }
}
