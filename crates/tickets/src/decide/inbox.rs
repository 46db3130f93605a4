//! The commands that change an inbox, up to the question for a message, and what their menus and modals save.

use crate::action::Action;
use crate::inbox::{Inbox, InboxChange};
use crate::pending::{Pending, Task, waits_until};
use crate::permission::{FOR_TICKETS, Place};
use crate::problem::{self, problems};
use crate::request::Invoker;
use crate::setting::{self, Setting};
use crate::template::DEFAULT_NAME;
use crate::text::Text;
use crate::{Mention, RoleId, Timestamp, UserId};

/// One of the commands that change an inbox. `destination` is known for `/inbox destination`.
pub fn change(task: Task, destination: Option<Place>, at: Timestamp) -> Vec<Action> {
    if let Some(place) = destination.filter(|place| !place.holds_private_threads) {
        return vec![Action::Say(Text::NoPrivateThreads {
            channel: place.channel,
        })];
    }
    if let Some(missing) = destination.and_then(|place| place.missing(&FOR_TICKETS)) {
        return vec![Action::Say(Text::MissingPermissions {
            missing: vec![missing],
        })];
    }
    let until = waits_until(at);
    vec![Action::Ask(
        Text::SelectInbox { until },
        Pending::Inbox(task),
    )]
}

/// The most members and roles that a select menu can show and take.
pub const MAX_STAFF: usize = setting::MAX_STAFF as usize;

/// The refusal if a member may no longer use a menu or form. Discord checks who runs a command, but not who
/// uses the menu that it opened, and members may lose *Manage Server* in the meantime. Admins can also let
/// other members run the command; the bot only knows that they opened the menu (`has_opened`).
pub fn refusal(invoker: &Invoker, has_opened: bool) -> Option<Vec<Action>> {
    let may = invoker.manages || has_opened;
    (!may).then(|| vec![Action::Say(Text::NoLongerAllowed {})])
}

/// The menu of `/inbox staff` was saved. @everyone, the bot and its own role (`bot`) cannot be staff;
/// the others are saved.
pub fn choose_staff(
    inbox: Option<&Inbox>,
    invoker: &Invoker,
    mut staff: Vec<Mention>,
    bot: &[Mention],
    facts: Option<&problem::Facts>,
) -> Vec<Action> {
    let Some(inbox) = theirs(inbox, invoker) else {
        return gone();
    };
    let everyone = Mention::Role(RoleId(invoker.guild.0));
    let chosen = staff.len();
    staff.retain(|who| *who != everyone && !bot.contains(who));
    let has_refused = staff.len() < chosen;
    let changed = Inbox {
        staff: staff.clone(),
        ..inbox.clone()
    };
    let mut problems = facts.map_or_else(Vec::new, |facts| problems(&changed, facts));
    problems.retain(|problem| !setting::Staff.says(problem));
    vec![
        Action::ChangeInbox(inbox.id, InboxChange::Staff(staff.clone())),
        Action::UpdateStaff {
            inbox: inbox.id,
            staff,
            text: setting::Staff::said(&changed, has_refused),
            problems,
        },
    ]
}

/// An admin submitted the starting message. `default` is what the modal showed if the inbox had none. If the
/// admin submits `default` unchanged, the inbox keeps the default, which follows the server's language.
pub fn set_starter(
    inbox: Option<&Inbox>,
    invoker: &Invoker,
    template: &str,
    default: &str,
    facts: Option<&problem::Facts>,
) -> Vec<Action> {
    let Some(inbox) = theirs(inbox, invoker) else {
        return gone();
    };
    let template = template.trim();
    let template = if template == default.trim() {
        ""
    } else {
        template
    };
    let changed = Inbox {
        starter: template.to_owned(),
        ..inbox.clone()
    };
    let problems = facts.map_or_else(Vec::new, |facts| problems(&changed, facts));
    vec![
        Action::ChangeInbox(inbox.id, InboxChange::Starter(template.to_owned())),
        Action::Report(setting::Starter::said(&changed), problems),
    ]
}

/// An admin submitted the template for tickets' names.
pub fn set_name(inbox: Option<&Inbox>, invoker: &Invoker, template: &str) -> Vec<Action> {
    let Some(inbox) = theirs(inbox, invoker) else {
        return gone();
    };
    let template = template.trim();
    let template = if template == DEFAULT_NAME {
        ""
    } else {
        template
    };
    let changed = Inbox {
        name: template.to_owned(),
        ..inbox.clone()
    };
    vec![
        Action::ChangeInbox(inbox.id, InboxChange::Name(template.to_owned())),
        Action::Say(setting::TicketName::said(&changed, invoker)),
    ]
}

/// A channel's permission overwrite for a member or role, reduced to what the first staff depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overwrite {
    pub who: Mention,
    pub allows_manage_threads: bool,
}

/// An inbox's first staff: the members and roles that an overwrite of the destination allows Manage Threads.
/// @everyone, the bot and its own role are excluded.
pub fn first_staff(
    overwrites: &[Overwrite],
    everyone: RoleId,
    bot: UserId,
    bot_role: Option<RoleId>,
) -> Vec<Mention> {
    let mut staff: Vec<_> = overwrites
        .iter()
        .filter(|overwrite| overwrite.allows_manage_threads)
        .map(|overwrite| overwrite.who)
        .filter(|&who| {
            who != Mention::Role(everyone)
                && who != Mention::User(bot)
                && bot_role.is_none_or(|role| who != Mention::Role(role))
        })
        .collect();
    // Roles come first, because members expect a team to answer.
    staff.sort_by_key(|who| matches!(who, Mention::User(_)));
    staff.truncate(MAX_STAFF);
    staff
}

/// Component ids come from clients, so an id may name an inbox of another server. It is ignored.
fn theirs<'a>(inbox: Option<&'a Inbox>, invoker: &Invoker) -> Option<&'a Inbox> {
    inbox.filter(|inbox| inbox.guild == invoker.guild)
}

fn gone() -> Vec<Action> {
    vec![Action::Say(Text::InboxGone {})]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::*;
    use crate::permission::{Missing, Permission};
    use crate::problem::Problem;
    use crate::{ChannelId, GuildId};

    const UNTIL: i64 = NOW.unix_seconds() + 600;

    #[test]
    fn who_may_no_longer_manage_the_server_is_refused() {
        let nobody = Invoker {
            manages: false,
            ..mia()
        };
        let refused = Some(vec![Action::Say(Text::NoLongerAllowed {})]);
        assert_eq!(refusal(&nobody, false), refused);
        assert_eq!(refusal(&nobody, true), None);
        assert_eq!(refusal(&mia(), false), None);
    }

    #[test]
    fn tickets_cannot_go_to_an_announcement_channel() {
        let news = Place {
            holds_private_threads: false,
            ..place(SUPPORT, &[])
        };
        let refused = vec![Action::Say(Text::NoPrivateThreads { channel: SUPPORT })];
        assert_eq!(change(Task::Destination(SUPPORT), Some(news), NOW), refused);
    }

    #[test]
    fn a_new_destination_is_checked_before_the_question() {
        let task = Task::Destination(TICKETS);
        assert_eq!(
            change(task, Some(place(TICKETS, &[])), NOW),
            vec![Action::Ask(
                Text::SelectInbox { until: UNTIL },
                Pending::Inbox(task)
            )]
        );
        assert_eq!(
            change(task, Some(place(TICKETS, &[Permission::ViewChannel])), NOW),
            vec![Action::Say(Text::MissingPermissions {
                missing: vec![Missing {
                    channel: TICKETS,
                    permissions: vec![Permission::ViewChannel]
                }]
            })]
        );
        assert!(matches!(
            change(Task::Staff, None, NOW)[..],
            [Action::Ask(..)]
        ));
    }

    #[test]
    fn ids_of_another_servers_inbox_are_not_trusted() {
        let foreign = Inbox {
            guild: GuildId(99),
            ..inbox()
        };
        for unknown in [None, Some(&foreign)] {
            assert_eq!(
                choose_staff(unknown, &mia(), vec![], &[], Some(&well())),
                gone()
            );
            assert_eq!(set_starter(unknown, &mia(), "x", "", Some(&well())), gone());
            assert_eq!(set_name(unknown, &mia(), "x"), gone());
        }
    }

    #[test]
    fn staff_is_saved_and_shown() {
        let staff = vec![Mention::User(MIA)];
        assert_eq!(
            choose_staff(Some(&inbox()), &mia(), staff.clone(), &[], Some(&well())),
            vec![
                Action::ChangeInbox(INBOX_ID, InboxChange::Staff(staff.clone())),
                Action::UpdateStaff {
                    inbox: INBOX_ID,
                    staff: staff.clone(),
                    text: Text::StaffSaved {
                        inbox: INBOX_LINK,
                        staff,
                        count: 1
                    },
                    problems: vec![],
                },
            ]
        );
    }

    #[test]
    fn a_starter_is_saved_and_what_it_lacks_is_told() {
        let default = "$author meets $staff";
        for (submitted, saved, said) in [
            (
                "Hi $author",
                "Hi $author",
                Text::StarterSaved { inbox: INBOX_LINK },
            ),
            (
                "  Hi ${author} ",
                "Hi ${author}",
                Text::StarterSaved { inbox: INBOX_LINK },
            ),
            (
                "Hello",
                "Hello",
                Text::StarterSavedWithoutAuthor { inbox: INBOX_LINK },
            ),
            (
                "$$author",
                "$$author",
                Text::StarterSavedWithoutAuthor { inbox: INBOX_LINK },
            ),
            (
                "`$author`",
                "`$author`",
                Text::StarterSavedWithoutAuthor { inbox: INBOX_LINK },
            ),
            ("", "", Text::StarterReset { inbox: INBOX_LINK }),
            (" \n", "", Text::StarterReset { inbox: INBOX_LINK }),
            (default, "", Text::StarterReset { inbox: INBOX_LINK }),
        ] {
            // No saved text mentions the staff; only the default does.
            let problems = if saved.is_empty() {
                vec![]
            } else {
                vec![Problem::StaffNotMentioned]
            };
            assert_eq!(
                set_starter(Some(&inbox()), &mia(), submitted, default, Some(&well())),
                vec![
                    Action::ChangeInbox(INBOX_ID, InboxChange::Starter(saved.into())),
                    Action::Report(said, problems)
                ],
                "{submitted:?}"
            );
        }
    }

    #[test]
    fn a_name_is_saved_with_an_example() {
        for (submitted, saved, reset, example) in [
            (
                "$counter $author",
                "$counter $author",
                false,
                Some("0001 Mia"),
            ),
            ("", "", true, Some("2026-03-09 Mia")),
            (DEFAULT_NAME, "", true, Some("2026-03-09 Mia")),
            // The name has no visible character, so tickets get the neutral name.
            ("\u{200B}", "\u{200B}", false, None),
        ] {
            let example = example.map(str::to_owned);
            let said = if reset {
                Text::NameReset {
                    inbox: INBOX_LINK,
                    example,
                }
            } else {
                Text::NameSaved {
                    inbox: INBOX_LINK,
                    example,
                }
            };
            assert_eq!(
                set_name(Some(&inbox()), &mia(), submitted),
                vec![
                    Action::ChangeInbox(INBOX_ID, InboxChange::Name(saved.into())),
                    Action::Say(said)
                ]
            );
        }
    }

    #[test]
    fn the_first_staff_is_whom_the_channel_allows_manage_threads() {
        let overwrite = |who, allows_manage_threads| Overwrite {
            who,
            allows_manage_threads,
        };
        let (everyone, bot, bot_role) = (RoleId(1), UserId(2), RoleId(3));
        let overwrites = [
            overwrite(Mention::User(MIA), true),
            overwrite(Mention::User(UserId(21)), false),
            overwrite(Mention::Role(everyone), true),
            overwrite(Mention::User(bot), true),
            overwrite(Mention::Role(bot_role), true),
            overwrite(Mention::Role(MODERATORS), true),
        ];
        assert_eq!(
            first_staff(&overwrites, everyone, bot, Some(bot_role)),
            [Mention::Role(MODERATORS), Mention::User(MIA)]
        );
        let crowd: Vec<_> = (100..140)
            .map(|id| overwrite(Mention::User(UserId(id)), true))
            .collect();
        assert_eq!(first_staff(&crowd, everyone, bot, None).len(), MAX_STAFF);
    }

    #[test]
    fn tickets_go_to_the_inboxs_own_channel_by_default() {
        assert_eq!(inbox().tickets_in(), SUPPORT);
        let elsewhere = Inbox {
            destination: Some(ChannelId(77)),
            ..inbox()
        };
        assert_eq!(elsewhere.tickets_in(), ChannelId(77));
    }

    #[test]
    fn everyone_and_the_bot_cannot_be_staff() {
        let moderators = Mention::Role(MODERATORS);
        let (bot, everyone) = (Mention::User(UserId(9)), Mention::Role(RoleId(GUILD.0)));
        let chosen = vec![everyone, moderators, bot];
        let actions = choose_staff(Some(&inbox()), &mia(), chosen, &[bot], Some(&well()));
        assert_eq!(
            actions,
            vec![
                Action::ChangeInbox(INBOX_ID, InboxChange::Staff(vec![moderators])),
                Action::UpdateStaff {
                    inbox: INBOX_ID,
                    staff: vec![moderators],
                    text: Text::StaffSavedWithout {
                        inbox: INBOX_LINK,
                        staff: vec![moderators],
                        count: 1
                    },
                    problems: vec![],
                },
            ]
        );
    }
}
