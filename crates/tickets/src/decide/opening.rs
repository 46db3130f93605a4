//! *Create Ticket* was clicked.

use crate::action::{Action, OpenTicket, Starter};
use crate::event::Asker;
use crate::permission::{FOR_TICKETS, Place};
use crate::stored::{Abandoned, Inbox};
use crate::template::{self, NameTemplate};
use crate::text::Text;
use crate::{ChannelId, Mention, RoleId, Timestamp};

/// The shortest time between two tickets of one member, in seconds.
pub const MIN_COOLDOWN: u32 = 60;

/// What a click needs to be decided.
#[derive(Clone, Debug)]
pub struct Facts {
    pub inbox: Option<Inbox>,
    /// The member's tickets in this inbox that are open by Discord's own word: not archived, not
    /// deleted, the owner still in.
    pub open: Vec<ChannelId>,
    /// When the member last opened one.
    pub last_opened: Option<Timestamp>,
    /// The slowmode of the inbox's channel, in seconds.
    pub slowmode: u32,
    /// Where tickets go: the destination, or the inbox's own channel if that is gone.
    pub parent: Option<Place>,
    /// The server's roles: those that are gone are not mentioned.
    pub roles: Vec<RoleId>,
}

/// Decides a click.
pub fn open(asker: &Asker, facts: &Facts) -> Vec<Action> {
    let Some(inbox) = facts
        .inbox
        .as_ref()
        .filter(|inbox| inbox.guild == asker.guild)
    else {
        return vec![Action::Say(Text::UnknownInbox {})];
    };
    if let Some(refusal) = refusal(asker.at, inbox, facts) {
        return vec![Action::Say(refusal)];
    }
    let Some(parent) = facts.parent else {
        return vec![Action::Say(Text::UnknownInbox {})];
    };
    let staff: Vec<_> = inbox
        .staff
        .iter()
        .copied()
        .filter(|who| match who {
            Mention::Role(role) => facts.roles.contains(role),
            Mention::User(_) => true,
        })
        .collect();
    vec![Action::OpenTicket(OpenTicket {
        inbox: inbox.id,
        guild: asker.guild,
        parent: parent.channel,
        owner: asker.user,
        username: asker.username.clone(),
        name: NameTemplate {
            template: inbox.name.clone(),
            author: asker.display_name.clone(),
            at: asker.at,
        },
        starter: if inbox.starter.is_empty() {
            Starter::Default(Text::DefaultStarter {
                author: asker.user,
                staff: staff.clone(),
                count: i64::try_from(staff.len()).unwrap_or(i64::MAX),
            })
        } else {
            Starter::Own(template::starter(&inbox.starter, asker.user, &staff))
        },
        staff,
    })]
}

/// What to do about a thread that could not be undone. `place` is its channel as the bot sees it;
/// `None` if it does not: it may be gone, and the thread with it.
pub fn abandoned(abandoned: Abandoned, place: Option<Place>) -> Vec<Action> {
    if place.is_none_or(Place::can_be_seen) {
        vec![Action::Undo {
            thread: abandoned.thread,
        }]
    } else {
        Vec::new()
    }
}

fn refusal(now: Timestamp, inbox: &Inbox, facts: &Facts) -> Option<Text> {
    let limit = inbox.max_tickets_per_user;
    if let Some(&ticket) = facts.open.first()
        && limit > 0
        && facts.open.len() >= limit as usize
    {
        return Some(if limit == 1 {
            Text::AlreadyOpen { ticket }
        } else {
            Text::TooManyOpen {
                ticket,
                limit: i64::from(limit),
            }
        });
    }
    let seconds = i64::from(facts.slowmode.max(MIN_COOLDOWN));
    if let Some(last) = facts.last_opened {
        let until = last.plus(seconds * 1000);
        // A moment in the future is a clock that jumped: it must not lock anybody out for long.
        if now < until && last <= now.plus(seconds * 1000) {
            // Rounded up, so that a click at the shown second is served.
            let until = until.plus(999).unix_seconds();
            return Some(Text::CoolingDown { seconds, until });
        }
    }
    let parent = facts.parent?;
    if !parent.holds_private_threads {
        let channel = parent.channel;
        return Some(Text::CannotOpenThere { channel });
    }
    let missing = parent.missing(&FOR_TICKETS)?;
    Some(Text::CannotOpen {
        missing: vec![missing],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::*;
    use crate::permission::{Missing, Permission};
    use crate::{GuildId, UserId};

    fn facts() -> Facts {
        Facts {
            inbox: Some(inbox()),
            open: vec![],
            last_opened: None,
            slowmode: 0,
            parent: Some(place(SUPPORT, &[])),
            roles: vec![MODERATORS],
        }
    }

    fn said(facts: &Facts) -> Text {
        match &open(&mia(), facts)[..] {
            [Action::Say(text)] => text.clone(),
            other => panic!("expected a refusal, not {other:?}"),
        }
    }

    fn opened(facts: &Facts) -> OpenTicket {
        match &open(&mia(), facts)[..] {
            [Action::OpenTicket(ticket)] => ticket.clone(),
            other => panic!("expected a ticket, not {other:?}"),
        }
    }

    #[test]
    fn a_ticket_has_all_that_it_needs() {
        assert_eq!(
            opened(&facts()),
            OpenTicket {
                inbox: INBOX,
                guild: GUILD,
                parent: SUPPORT,
                owner: MIA,
                username: "mia_".into(),
                name: NameTemplate {
                    template: String::new(),
                    author: "Mia".into(),
                    at: NOW
                },
                starter: Starter::Default(Text::DefaultStarter {
                    author: MIA,
                    staff: vec![Mention::Role(MODERATORS)],
                    count: 1,
                }),
                staff: vec![Mention::Role(MODERATORS)],
            }
        );
    }

    #[test]
    fn the_inbox_must_be_known_and_of_this_server() {
        for inbox in [
            None,
            Some(Inbox {
                guild: GuildId(9),
                ..inbox()
            }),
        ] {
            assert_eq!(said(&Facts { inbox, ..facts() }), Text::UnknownInbox {});
        }
    }

    #[test]
    fn the_limit_is_the_inboxs_own() {
        let with = |limit, open: &[u64]| Facts {
            inbox: Some(Inbox {
                max_tickets_per_user: limit,
                ..inbox()
            }),
            open: open.iter().copied().map(ChannelId).collect(),
            ..facts()
        };
        assert_eq!(
            said(&with(1, &[7])),
            Text::AlreadyOpen {
                ticket: ChannelId(7)
            }
        );
        assert_eq!(
            said(&with(2, &[8, 7])),
            Text::TooManyOpen {
                ticket: ChannelId(8),
                limit: 2
            }
        );
        assert_eq!(opened(&with(2, &[7])).owner, MIA);
        assert_eq!(opened(&with(0, &[9, 8, 7])).owner, MIA);
    }

    #[test]
    fn the_cooldown_is_a_minute_or_the_channels_slowmode() {
        let after = |seconds_ago: i64, slowmode| Facts {
            last_opened: Some(NOW.plus(-seconds_ago * 1000)),
            slowmode,
            ..facts()
        };
        let waits = |seconds, until| Text::CoolingDown {
            seconds,
            until: NOW.unix_seconds() + until,
        };
        assert_eq!(said(&after(0, 0)), waits(60, 60));
        assert_eq!(said(&after(59, 30)), waits(60, 1));
        assert_eq!(opened(&after(60, 30)).owner, MIA);
        assert_eq!(said(&after(60, 300)), waits(300, 240));
        assert_eq!(opened(&after(300, 300)).owner, MIA);
    }

    #[test]
    fn a_clock_that_jumped_locks_nobody_out() {
        let future = |seconds: i64| Facts {
            last_opened: Some(NOW.plus(seconds * 1000)),
            ..facts()
        };
        assert!(matches!(said(&future(1)), Text::CoolingDown { .. }));
        assert_eq!(opened(&future(3600)).owner, MIA);
    }

    #[test]
    fn an_open_ticket_is_told_before_the_cooldown() {
        let facts = Facts {
            open: vec![ChannelId(7)],
            last_opened: Some(NOW),
            ..facts()
        };
        assert_eq!(
            said(&facts),
            Text::AlreadyOpen {
                ticket: ChannelId(7)
            }
        );
    }

    #[test]
    fn lost_permissions_are_named_with_the_channel() {
        let lost = vec![
            Permission::CreatePrivateThreads,
            Permission::SendMessagesInThreads,
        ];
        let facts = Facts {
            parent: Some(place(TICKETS, &lost)),
            ..facts()
        };
        assert_eq!(
            said(&facts),
            Text::CannotOpen {
                missing: vec![Missing {
                    channel: TICKETS,
                    permissions: lost
                }]
            }
        );
    }

    #[test]
    fn an_inbox_whose_destination_is_gone_may_be_where_no_ticket_can_be() {
        let news = Place {
            holds_private_threads: false,
            ..place(SUPPORT, &[])
        };
        let facts = Facts {
            parent: Some(news),
            ..facts()
        };
        assert_eq!(said(&facts), Text::CannotOpenThere { channel: SUPPORT });
    }

    #[test]
    fn an_own_starter_mentions_only_staff_that_exists() {
        let gone = Mention::Role(RoleId(99));
        let facts = Facts {
            inbox: Some(Inbox {
                starter: "$author: $staff".into(),
                staff: vec![gone, Mention::Role(MODERATORS), Mention::User(UserId(5))],
                ..inbox()
            }),
            ..facts()
        };
        let ticket = opened(&facts);
        assert_eq!(ticket.starter, Starter::Own("<@20>: <@&30> <@5>".into()));
        assert_eq!(
            ticket.staff,
            [Mention::Role(MODERATORS), Mention::User(UserId(5))]
        );
    }

    #[test]
    fn what_is_out_of_sight_cannot_be_undone() {
        let left = Abandoned {
            thread: ChannelId(7),
            parent: SUPPORT,
        };
        let undone = [Action::Undo {
            thread: ChannelId(7),
        }];
        assert_eq!(abandoned(left, Some(place(SUPPORT, &[]))), undone);
        assert_eq!(abandoned(left, None), undone);
        let unseen = place(SUPPORT, &[Permission::ViewChannel]);
        assert_eq!(abandoned(left, Some(unseen)), []);
    }
}
