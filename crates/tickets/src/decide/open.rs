//! `/ticket open`, and *Open a ticket…* in a member's Apps menu, by which staff open a ticket for
//! somebody else.

use std::collections::HashSet;

use super::settings::{MAX_IN_MENU, Named};
use crate::request::Target;
use crate::setting::enter::quoted;
use crate::text::{Text, plain};
use crate::{ChannelId, InboxId};

/// An inbox that can be chosen, with its name.
pub type Choice = (InboxId, String);

/// What to do for a member who wants a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// As if they had clicked the inbox's button.
    Click(InboxId),
    /// Let them choose.
    Choose(Vec<Choice>),
}

/// How many inboxes the menus of one message hold: 25 in each of five.
const MAX_CHOICES: usize = 5 * MAX_IN_MENU;

/// The inboxes whose button a member can see: on their own message, or on that of an inbox that offers them.
pub fn clickable(inboxes: Vec<Named>, can_view: impl Fn(ChannelId) -> bool) -> Vec<Named> {
    let shown: HashSet<InboxId> = inboxes
        .iter()
        .filter(|it| can_view(it.inbox.channel))
        .flat_map(|it| it.inbox.entries().into_iter().chain([it.inbox.id]))
        .collect();
    let mut inboxes = inboxes;
    inboxes.retain(|it| shown.contains(&it.inbox.id));
    inboxes
}

/// Decides `/ticket open` in a server with these inboxes. `named` is what the member wrote for the inbox: the
/// id of a suggestion, or a name.
pub fn open(named: Option<&str>, inboxes: &[Choice]) -> Result<Open, Text> {
    if inboxes.is_empty() {
        return Err(Text::NoInboxHere {});
    }
    let Some(named) = named.map(str::trim) else {
        return Ok(match inboxes {
            [(only, _)] => Open::Click(*only),
            many => Open::Choose(many.iter().take(MAX_CHOICES).cloned().collect()),
        });
    };
    let is_meant = |(id, name): &&Choice| {
        id.to_string() == named || name.to_lowercase() == named.to_lowercase()
    };
    match inboxes.iter().find(is_meant) {
        Some((inbox, _)) => Ok(Open::Click(*inbox)),
        None => Err(Text::NoSuchInbox {
            written: quoted(named),
        }),
    }
}

/// The facts that opening a ticket for somebody else depends on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The inboxes for which the invoker is staff.
    pub inboxes: Vec<Choice>,
    /// The one that was chosen.
    pub chosen: Option<InboxId>,
    /// An open ticket that the target has in the inbox; `None` if the invoker wants to open another one.
    pub open: Option<ChannelId>,
}

/// What to do for staff who open a ticket for somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenFor {
    Choose(Vec<Choice>),
    /// The target already has an open ticket.
    Link {
        inbox: InboxId,
        ticket: ChannelId,
    },
    Open(InboxId),
}

/// The inbox to open the ticket in: the chosen one, or the only one.
pub fn inbox_of(inboxes: &[Choice], chosen: Option<InboxId>) -> Option<InboxId> {
    match (chosen, inboxes) {
        (Some(chosen), all) => all.iter().map(|(id, _)| *id).find(|id| *id == chosen),
        (None, [(only, _)]) => Some(*only),
        (None, _) => None,
    }
}

/// Decides *Open a ticket…*, or refuses with the reason.
pub fn open_for(target: &Target, facts: &Facts) -> Result<OpenFor, Text> {
    let name = || plain(&target.name);
    if facts.inboxes.is_empty() {
        return Err(Text::NoInboxesOfYours {});
    }
    if target.is_bot {
        return Err(Text::NotForBots {});
    }
    if target.permissions.is_none() {
        return Err(Text::NotInServer { name: name() });
    }
    let Some(inbox) = inbox_of(&facts.inboxes, facts.chosen) else {
        if facts.chosen.is_some() {
            return Err(Text::NoInboxesOfYours {});
        }
        let all = facts.inboxes.iter().take(MAX_CHOICES);
        return Ok(OpenFor::Choose(all.cloned().collect()));
    };
    Ok(match facts.open {
        Some(ticket) => OpenFor::Link { inbox, ticket },
        None => OpenFor::Open(inbox),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UserId;
    use crate::decide::examples::*;
    use crate::entries::{ENTRIES, stored};
    use crate::inbox::Inbox;
    use crate::permission::Permissions;
    use crate::setting::Settings;

    fn both() -> Vec<Choice> {
        vec![
            (InboxId(40), "Support".into()),
            (InboxId(41), "Appeals".into()),
        ]
    }

    #[test]
    fn a_member_opens_the_inbox_that_is_meant() {
        let click = |id| Ok(Open::Click(InboxId(id)));
        assert_eq!(open(None, &[]), Err(Text::NoInboxHere {}));
        assert_eq!(open(None, &both()[..1]), click(40));
        assert_eq!(open(None, &both()), Ok(Open::Choose(both())));
        assert_eq!(open(Some("41"), &both()), click(41));
        assert_eq!(open(Some(" appeals"), &both()), click(41));
        let written = "*x".to_owned();
        assert_eq!(
            open(Some("*x"), &both()),
            Err(Text::NoSuchInbox { written })
        );
        let many: Vec<_> = (1..140).map(|id| (InboxId(id), String::new())).collect();
        let Ok(Open::Choose(shown)) = open(None, &many) else {
            panic!("a menu")
        };
        assert_eq!(shown.len(), MAX_CHOICES);
    }

    #[test]
    fn what_a_member_can_click_is_offered() {
        let named = |id, channel, entries: &[u64]| {
            let entries: Vec<_> = entries.iter().copied().map(InboxId).collect();
            Named {
                inbox: Inbox {
                    id: InboxId(id),
                    channel,
                    settings: Settings::default().with_stored(ENTRIES, stored(&entries)),
                    ..inbox()
                },
                name: String::new(),
            }
        };
        // 42 is on the message of 40, and 43 on that of 41.
        let all = vec![
            named(40, SUPPORT, &[42]),
            named(41, TICKETS, &[43]),
            named(42, TICKETS, &[]),
            named(43, TICKETS, &[]),
        ];
        let offered = |can_view: &dyn Fn(ChannelId) -> bool| -> Vec<u64> {
            let offered = clickable(all.clone(), can_view);
            offered.iter().map(|it| it.inbox.id.0).collect()
        };
        assert_eq!(offered(&|_| true), [40, 41, 42, 43]);
        assert_eq!(offered(&|channel| channel == SUPPORT), [40, 42]);
        assert_eq!(offered(&|_| false), [] as [u64; 0]);
    }

    fn noah() -> Target {
        Target {
            user: UserId(22),
            name: "Noah".into(),
            is_bot: false,
            permissions: Some(Permissions::default()),
        }
    }

    fn facts(inboxes: &[Choice]) -> Facts {
        Facts {
            inboxes: inboxes.to_vec(),
            chosen: None,
            open: None,
        }
    }

    #[test]
    fn staff_open_in_an_inbox_of_theirs() {
        let one = facts(&both()[..1]);
        assert_eq!(open_for(&noah(), &one), Ok(OpenFor::Open(InboxId(40))));
        let two = facts(&both());
        assert_eq!(open_for(&noah(), &two), Ok(OpenFor::Choose(both())));
        let chosen = |id| {
            let chosen = Some(InboxId(id));
            open_for(
                &noah(),
                &Facts {
                    chosen,
                    ..two.clone()
                },
            )
        };
        assert_eq!(chosen(41), Ok(OpenFor::Open(InboxId(41))));
        // The menu did not offer this inbox, so the request is forged.
        assert_eq!(chosen(42), Err(Text::NoInboxesOfYours {}));
        let none = facts(&[]);
        assert_eq!(open_for(&noah(), &none), Err(Text::NoInboxesOfYours {}));
    }

    #[test]
    fn who_cannot_have_a_ticket_is_said() {
        let one = facts(&both()[..1]);
        let name = || "Noah".to_owned();
        let bot = Target {
            is_bot: true,
            ..noah()
        };
        assert_eq!(open_for(&bot, &one), Err(Text::NotForBots {}));
        let gone = Target {
            permissions: None,
            ..noah()
        };
        let refused = Err(Text::NotInServer { name: name() });
        assert_eq!(open_for(&gone, &one), refused);
        let ticket = ChannelId(50);
        let open = Facts {
            open: Some(ticket),
            ..one
        };
        let inbox = InboxId(40);
        assert_eq!(
            open_for(&noah(), &open),
            Ok(OpenFor::Link { inbox, ticket })
        );
    }
}
