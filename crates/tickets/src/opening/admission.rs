//! May this member open a ticket, and what will it be like?
//!
//! An inbox with a form is decided about twice: at the click, to show the form only to those who may
//! open a ticket, and with the answers, because everything may have changed while they were written.

use super::access;
use crate::form::render::Embed;
use crate::form::{self, Answer, Fitted, Form};
use crate::inbox::Inbox;
use crate::opening::order::Moved;
use crate::permission::{FOR_MESSAGE, Permission, Permissions, Place, TO_TAKE_PART};
use crate::request::{Attachment, Invoker};
use crate::setting::{self, Loudness};
use crate::template::{self, NameTemplate};
use crate::text::{Text, plain};
use crate::{ChannelId, GuildId, InboxId, Mention, RoleId, Timestamp, UserId};

/// The shortest time between two tickets of one member, in seconds.
pub const MIN_COOLDOWN: u32 = 60;

/// What a click needs to be decided.
#[derive(Clone, Debug)]
pub struct Facts {
    pub inbox: Option<Inbox>,
    /// The member's tickets in this inbox that are open by Discord's own word: not archived, not
    /// deleted, the owner still in.
    pub open: Vec<ChannelId>,
    /// Whether the member has opened another ticket in the server on the day of the click.
    pub is_repeated: bool,
    /// The same in all inboxes of the server, if it has a limit.
    pub open_in_server: Vec<ChannelId>,
    /// Open tickets that a member may have in the server; 0 for no limit.
    pub server_limit: u32,
    /// The names of the server's roles, if a role is to be named.
    pub role_names: Vec<(RoleId, String)>,
    /// When the member last opened one.
    pub last_opened: Option<Timestamp>,
    /// The slowmode of the inbox's channel, in seconds.
    pub slowmode: u32,
    /// Where tickets go: the destination, or the inbox's own channel if that is gone.
    pub parent: Option<Place>,
    /// What the member may do there.
    pub member_may: Permissions,
    /// What that channel is called, if it is known: the member may not be able to view it.
    pub parent_name: Option<String>,
    /// The channel for the inbox's notices, if it has one that exists.
    pub notices: Option<Place>,
    /// The server's roles: those that are gone are not mentioned.
    pub roles: Vec<RoleId>,
    /// What the member submitted; `None` if this is the click.
    pub answers: Option<Vec<Answer>>,
}

/// What an admitted member gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// The form, as a modal.
    Form(Form),
    Ticket(Box<Plan>),
}

/// A ticket to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub inbox: InboxId,
    pub guild: GuildId,
    /// The inbox's own channel.
    pub home: ChannelId,
    /// Where the thread is created.
    pub parent: ChannelId,
    pub owner: UserId,
    /// Who opened it, for the audit log.
    pub username: String,
    /// The thread's name, but for the counter.
    pub name: NameTemplate,
    pub starter: Starter,
    /// Open tickets of this member in this inbox that are allowed; 0 for no limit.
    pub limit: u32,
    /// Open tickets of this inbox that are allowed in all; 0 for no limit.
    pub limit_total: u32,
    /// Open tickets of this member that are allowed in the server; 0 for no limit.
    pub limit_server: u32,
    /// What stands on a line of its own in the starting message.
    pub note: Option<Text>,
    /// After so many minutes without a message Discord hides the ticket; `None` is as the channel says.
    pub hide_after: Option<u16>,
    /// The starting message has a *Close* button.
    pub has_button: bool,
    /// Staff who open it for the owner.
    pub opener: Option<Opener>,
    /// Discord notifies nobody of the starting message.
    pub is_silent: bool,
    /// Whom the starting message only names.
    pub named: Vec<Mention>,
    /// Where the ticket's notice will be.
    pub notice: Option<ChannelId>,
    /// The answers to the form.
    pub answers: Vec<Answer>,
    /// Answers to questions that the form does not ask any more.
    pub left_over: Vec<Answer>,
    /// What is posted before the answers, and its files.
    pub pages: Vec<Vec<Embed>>,
    pub files: Vec<Attachment>,
    /// It is about a message that the member has reported.
    pub is_report: bool,
    /// The ticket whose place it takes.
    pub moved: Option<Moved>,
}

/// Staff who open a ticket for somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opener {
    pub user: UserId,
    /// As they are shown in that server.
    pub name: String,
}

/// The starting message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Starter {
    /// The inbox's own, finished.
    Own(String),
    /// The default, in the server's language.
    Default(Text),
}

/// Admits a member to a new ticket, or refuses with the reason.
pub fn admit(invoker: &Invoker, facts: &Facts) -> Result<Admitted, Text> {
    let inbox = facts
        .inbox
        .as_ref()
        .filter(|inbox| inbox.guild == invoker.guild)
        .ok_or(Text::UnknownInbox {})?;
    if let Some(refusal) = refusal(invoker, inbox, facts) {
        return Err(refusal);
    }
    let form = inbox.get(setting::Form);
    let submitted = match (&form, &facts.answers) {
        (Some(form), None) => return Ok(Admitted::Form(form.clone())),
        (_, answers) => answers.clone().unwrap_or_default(),
    };
    let fitted = form::fit(form.as_ref(), submitted);
    if !fitted.missing.is_empty() {
        return Err(Text::FormAnswersMissing {
            count: i64::try_from(fitted.missing.len()).unwrap_or(i64::MAX),
            questions: fitted.missing,
        });
    }
    Ok(Admitted::Ticket(Box::new(plan(
        invoker, inbox, facts, fitted,
    )?)))
}

/// Admits a ticket that takes the place of another, which staff transfer. What limits members does not
/// apply, and they are not asked the form's questions.
pub fn admit_moved(owner: &Invoker, facts: &Facts) -> Result<Box<Plan>, Text> {
    let inbox = facts.inbox.as_ref();
    let inbox = inbox.filter(|inbox| inbox.guild == owner.guild);
    let inbox = inbox.ok_or(Text::InboxGone {})?;
    let refusal = place_refusal(inbox, facts);
    match refusal {
        Some(Text::CannotOpen { missing }) => return Err(Text::TransferLacks { missing }),
        Some(refusal) => return Err(refusal),
        None => {}
    }
    let permissions = facts.member_may.without(&TO_TAKE_PART);
    if !permissions.is_empty() {
        return Err(Text::TransferOwnerLacks {
            name: plain(&owner.display_name),
            channel: channel_name(facts),
            permissions,
        });
    }
    let fitted = form::fit(None, Vec::new());
    let plan = plan(owner, inbox, facts, fitted)?;
    Ok(Box::new(Plan {
        limit: 0,
        limit_total: 0,
        limit_server: 0,
        note: None,
        ..plan
    }))
}

/// The ticket for a member who is admitted.
fn plan(invoker: &Invoker, inbox: &Inbox, facts: &Facts, fitted: Fitted) -> Result<Plan, Text> {
    let parent = facts.parent.ok_or(Text::UnknownInbox {})?;
    let form = inbox.get(setting::Form);
    let title = |form: &Form| form::answer::title(form, &fitted.answers);
    let staff = inbox.existing_staff(|role| facts.roles.contains(&role));
    let notice = facts
        .notices
        .filter(|place| place.missing(&FOR_MESSAGE).is_none());
    let loudness = inbox.loudness(notice.is_some());
    Ok(Plan {
        inbox: inbox.id,
        guild: invoker.guild,
        home: inbox.channel,
        parent: parent.channel,
        owner: invoker.user,
        username: invoker.username.clone(),
        name: NameTemplate {
            template: inbox.name.clone(),
            author: invoker.display_name.clone(),
            at: invoker.at,
            is_repeated: facts.is_repeated,
            title: form.as_ref().map(title),
        },
        starter: if inbox.starter.is_empty() {
            Starter::Default(Text::DefaultStarter {
                author: invoker.user,
                count: i64::try_from(staff.len()).unwrap_or(i64::MAX),
                staff,
            })
        } else {
            Starter::Own(template::starter(&inbox.starter, invoker.user, &staff))
        },
        limit: inbox.get(setting::LimitMember),
        limit_total: inbox.get(setting::LIMIT_TOTAL),
        limit_server: facts.server_limit,
        note: access::note(invoker, inbox),
        hide_after: inbox.get(setting::HideAfter),
        opener: None,
        is_silent: loudness == Loudness::Silent,
        named: match loudness {
            Loudness::Join => inbox.staff.clone(),
            Loudness::Mention | Loudness::Silent => Vec::new(),
        },
        notice: notice.map(|place| place.channel),
        has_button: inbox.get(setting::CloseButton) != setting::OwnerCloses::Off,
        answers: fitted.answers,
        left_over: fitted.left_over,
        pages: Vec::new(),
        files: Vec::new(),
        is_report: false,
        moved: None,
    })
}

/// A member has `open` tickets of an inbox, the first of which is shown, and may not have more.
pub fn too_many(open: &[ChannelId], limit: u32) -> Option<Text> {
    let &ticket = open.first()?;
    if limit == 0 || open.len() < limit as usize {
        return None;
    }
    Some(if limit == 1 {
        Text::AlreadyOpen { ticket }
    } else {
        Text::TooManyOpen {
            ticket,
            limit: i64::from(limit),
        }
    })
}

/// Whether a refusal is about what somebody may do in a channel. Before a member reads such a
/// refusal, Discord is asked how that channel is now.
pub fn is_about_access(refusal: &Text) -> bool {
    matches!(
        refusal,
        Text::CannotOpen { .. }
            | Text::CannotOpenThere { .. }
            | Text::MemberLacks { .. }
            | Text::TimedOut { .. }
            | Text::TransferLacks { .. }
            | Text::TransferOwnerLacks { .. }
    )
}

/// The same in all inboxes of the server together.
fn too_many_in_server(facts: &Facts) -> Option<Text> {
    let &ticket = facts.open_in_server.first()?;
    let limit = facts.server_limit;
    (limit > 0 && facts.open_in_server.len() >= limit as usize).then_some(Text::TooManyInServer {
        ticket,
        limit: i64::from(limit),
    })
}

fn refusal(invoker: &Invoker, inbox: &Inbox, facts: &Facts) -> Option<Text> {
    if let Some(refusal) = access::refusal(invoker, inbox, &facts.role_names)
        .or_else(|| too_many(&facts.open, inbox.get(setting::LimitMember)))
        .or_else(|| too_many_in_server(facts))
    {
        return Some(refusal);
    }
    let now = invoker.at;
    let cooldown = inbox.get(setting::Cooldown);
    let seconds = i64::from(cooldown.unwrap_or(facts.slowmode.max(MIN_COOLDOWN)));
    if let Some(last) = facts.last_opened {
        let until = last.plus(seconds * 1000);
        // A moment in the future is a clock that jumped: it must not lock anybody out for long.
        if now < until && last <= now.plus(seconds * 1000) {
            // Rounded up, so that a click at the shown second is served.
            let until = until.plus(999).unix_seconds();
            return Some(Text::CoolingDown { seconds, until });
        }
    }
    facts.parent?;
    if let Some(refusal) = place_refusal(inbox, facts) {
        return Some(refusal);
    }
    let permissions = facts.member_may.without(&TO_TAKE_PART);
    if permissions.is_empty() {
        return None;
    }
    if let Some(until) = invoker.timed_out_until.filter(|_| invoker.is_timed_out())
        && facts.member_may.has(Permission::ViewChannel)
    {
        let until = until.plus(999).unix_seconds();
        return Some(Text::TimedOut { until });
    }
    Some(Text::MemberLacks {
        channel: channel_name(facts),
        permissions,
    })
}

/// Why the bot cannot open tickets where this inbox has them.
fn place_refusal(inbox: &Inbox, facts: &Facts) -> Option<Text> {
    let parent = facts.parent?;
    if !parent.holds_private_threads {
        let channel = parent.channel;
        return Some(Text::CannotOpenThere { channel });
    }
    let missing = parent.missing(&inbox.needs())?;
    Some(Text::CannotOpen {
        missing: vec![missing],
    })
}

/// The channel for tickets, by its name if that is known: not everybody can view it.
fn channel_name(facts: &Facts) -> String {
    match (&facts.parent_name, facts.parent) {
        (Some(name), _) => format!("`#{name}`"),
        (None, Some(parent)) => format!("<#{}>", parent.channel),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::*;
    use crate::permission::Missing;
    use crate::setting::Settings;
    fn facts() -> Facts {
        Facts {
            inbox: Some(inbox()),
            open: vec![],
            is_repeated: false,
            open_in_server: vec![],
            server_limit: 0,
            role_names: vec![],
            last_opened: None,
            slowmode: 0,
            parent: Some(place(SUPPORT, &[])),
            member_may: Permissions::EVERYTHING,
            parent_name: None,
            notices: None,
            roles: vec![MODERATORS],
            answers: None,
        }
    }

    fn said(facts: &Facts) -> Text {
        admit(&mia(), facts).expect_err("a refusal")
    }

    fn opened(facts: &Facts) -> Plan {
        match admit(&mia(), facts) {
            Ok(Admitted::Ticket(plan)) => *plan,
            other => panic!("a ticket, not {other:?}"),
        }
    }

    /// What limits members does not keep staff from transferring their ticket.
    #[test]
    fn a_transferred_ticket_needs_only_its_place() {
        let limited = Facts {
            open: vec![TICKETS],
            open_in_server: vec![TICKETS],
            server_limit: 1,
            last_opened: Some(NOW),
            ..facts()
        };
        let paused = inbox().settings.with(&setting::Pause, "Not now");
        let form = paused.with(&setting::Form, "Why? | short");
        let limited = Facts {
            inbox: Some(Inbox {
                settings: form,
                ..inbox()
            }),
            ..limited
        };
        assert!(admit(&mia(), &limited).is_err());
        let plan = admit_moved(&mia(), &limited).expect("it is admitted");
        assert_eq!((plan.limit, plan.limit_server), (0, 0));
        assert_eq!((plan.owner, plan.parent), (MIA, SUPPORT));

        let blind = Facts {
            member_may: Permissions::default(),
            ..limited.clone()
        };
        let refusal = admit_moved(&mia(), &blind).expect_err("a refusal");
        assert!(matches!(refusal, Text::TransferOwnerLacks { .. }));
        assert!(is_about_access(&refusal));
        let closed = Facts {
            parent: Some(place(SUPPORT, &[Permission::CreatePrivateThreads])),
            ..limited
        };
        let refusal = admit_moved(&mia(), &closed).expect_err("a refusal");
        assert!(matches!(refusal, Text::TransferLacks { .. }));
    }

    #[test]
    fn a_ticket_has_all_that_it_needs() {
        assert_eq!(
            opened(&facts()),
            Plan {
                inbox: inbox().id,
                guild: GUILD,
                home: SUPPORT,
                parent: SUPPORT,
                owner: MIA,
                username: "mia_".into(),
                name: NameTemplate {
                    template: String::new(),
                    author: "Mia".into(),
                    at: NOW,
                    is_repeated: false,
                    title: None,
                },
                starter: Starter::Default(Text::DefaultStarter {
                    author: MIA,
                    staff: vec![Mention::Role(MODERATORS)],
                    count: 1,
                }),
                limit: 1,
                limit_total: 0,
                limit_server: 0,
                note: None,
                hide_after: None,
                has_button: false,
                opener: None,
                is_silent: false,
                named: vec![],
                notice: None,
                answers: vec![],
                left_over: vec![],
                pages: Vec::new(),
                files: Vec::new(),
                is_report: false,
                moved: None,
            }
        );
    }

    #[test]
    fn staff_are_only_named_where_they_can_join_by_a_notice() {
        let with = |mode: &str, notices| {
            let settings = Settings::default().with(&setting::StaffMode, mode);
            let plan = opened(&Facts {
                inbox: Some(Inbox {
                    settings,
                    ..inbox()
                }),
                notices,
                ..facts()
            });
            (plan.is_silent, plan.named, plan.notice)
        };
        let staff = vec![Mention::Role(MODERATORS)];
        let there = Some(place(TICKETS, &[]));
        assert_eq!(with("join", there), (false, staff, Some(TICKETS)));
        assert_eq!(with("mention", there), (false, vec![], Some(TICKETS)));
        assert_eq!(with("silent", None), (true, vec![], None));
        // The channel is gone, or the bot cannot post there.
        assert_eq!(with("join", None), (false, vec![], None));
        for lacking in [Permission::ViewChannel, Permission::SendMessages] {
            let there = Some(place(TICKETS, &[lacking]));
            assert_eq!(with("join", there), (false, vec![], None));
        }
    }

    fn asking(text: &str) -> Facts {
        Facts {
            inbox: Some(Inbox {
                settings: Settings::default().with(&setting::Form, text),
                ..inbox()
            }),
            ..facts()
        }
    }

    fn answer(label: &str, text: &str) -> Answer {
        Answer {
            label: label.into(),
            kind: form::Word::Short,
            value: form::Value::text(text),
        }
    }

    #[test]
    fn an_inbox_with_a_form_asks_first() {
        let facts = asking("Who? | short");
        let form = form::parse("Who? | short").expect("it is good");
        let form = form.expect("it has a question");
        assert_eq!(admit(&mia(), &facts), Ok(Admitted::Form(form)));
    }

    #[test]
    fn a_form_is_shown_only_to_those_who_may_open_a_ticket() {
        let facts = Facts {
            open: vec![ChannelId(7)],
            ..asking("Who? | short")
        };
        let ticket = ChannelId(7);
        assert_eq!(said(&facts), Text::AlreadyOpen { ticket });
    }

    #[test]
    fn answers_are_checked_again() {
        let submitted = |facts| Facts {
            answers: Some(vec![answer("Who?", "Mia"), answer("Where?", "here")]),
            ..facts
        };
        let plan = opened(&submitted(asking("Who? | short")));
        assert_eq!(plan.answers, [answer("Who?", "Mia")]);
        assert_eq!(plan.left_over, [answer("Where?", "here")]);
        assert_eq!(plan.name.title.as_deref(), Some("Mia"));

        let changed = submitted(asking("Who? | short\nWhen? | short\nWhy? | long"));
        assert_eq!(
            said(&changed),
            Text::FormAnswersMissing {
                questions: vec!["When?".into(), "Why?".into()],
                count: 2
            }
        );
        let plan = opened(&submitted(facts()));
        assert!(plan.answers.is_empty());
        assert_eq!((plan.left_over.len(), plan.name.title), (2, None));
    }

    #[test]
    fn a_form_needs_more_permissions() {
        let lost = [Permission::EmbedLinks, Permission::AttachFiles];
        let with = |text| Facts {
            parent: Some(place(TICKETS, &lost)),
            ..asking(text)
        };
        let missing = |permissions: &[Permission]| Text::CannotOpen {
            missing: vec![Missing {
                channel: TICKETS,
                permissions: permissions.to_vec(),
            }],
        };
        assert_eq!(said(&with("Who? | short")), missing(&lost[..1]));
        assert_eq!(said(&with("What? | files")), missing(&lost));
        assert_eq!(opened(&with("")).owner, MIA);
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
    fn both_limits_hold() {
        let with = |limit, open: &[u64]| Facts {
            server_limit: limit,
            open_in_server: open.iter().copied().map(ChannelId).collect(),
            ..facts()
        };
        assert_eq!(
            said(&with(2, &[9, 8])),
            Text::TooManyInServer {
                ticket: ChannelId(9),
                limit: 2
            }
        );
        assert_eq!(opened(&with(2, &[9])).limit_server, 2);
        assert_eq!(opened(&with(0, &[9, 8])).owner, MIA);
        let full_inbox = Facts {
            open: vec![ChannelId(7)],
            ..with(1, &[7])
        };
        assert!(matches!(said(&full_inbox), Text::AlreadyOpen { .. }));
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
    fn a_cooldown_of_ones_own_replaces_the_default() {
        let after = |seconds_ago: i64, cooldown: &str| Facts {
            inbox: Some(Inbox {
                settings: Settings::default().with(&setting::Cooldown, cooldown),
                ..inbox()
            }),
            last_opened: Some(NOW.plus(-seconds_ago * 1000)),
            slowmode: 300,
            ..facts()
        };
        let until = NOW.unix_seconds() + 5;
        let seconds = 10;
        assert_eq!(said(&after(5, "10")), Text::CoolingDown { seconds, until });
        assert_eq!(opened(&after(10, "10")).owner, MIA);
        assert_eq!(opened(&after(0, "0")).owner, MIA);
        assert!(matches!(
            said(&after(2_591_999, "2592000")),
            Text::CoolingDown { .. }
        ));
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

    /// Facts in which the member lacks this where the ticket would be.
    fn without(lacking: &[Permission]) -> Facts {
        Facts {
            member_may: place(SUPPORT, lacking).permissions,
            parent_name: Some("support".into()),
            ..facts()
        }
    }

    #[test]
    fn a_ticket_that_its_owner_could_not_use_is_refused() {
        use Permission::{SendMessagesInThreads, ViewChannel};
        for lacking in [
            vec![ViewChannel],
            vec![SendMessagesInThreads],
            vec![ViewChannel, SendMessagesInThreads],
        ] {
            let refusal = said(&without(&lacking));
            assert!(is_about_access(&refusal));
            assert_eq!(
                refusal,
                Text::MemberLacks {
                    channel: "`#support`".into(),
                    permissions: lacking
                }
            );
        }
        // A name that is not known is Discord's to show.
        let facts = Facts {
            parent_name: None,
            ..without(&[ViewChannel])
        };
        assert!(matches!(said(&facts), Text::MemberLacks { channel, .. } if channel == "<#10>"));
        // Whatever else they lack does not matter: tickets are threads.
        assert_eq!(opened(&without(&[Permission::SendMessages])).owner, MIA);
    }

    #[test]
    fn names_of_two_tickets_of_one_day_differ() {
        let named = |is_repeated, template: &str| {
            let facts = Facts {
                is_repeated,
                inbox: Some(Inbox {
                    name: template.into(),
                    ..inbox()
                }),
                ..facts()
            };
            opened(&facts).name.render(12)
        };
        assert_eq!(named(false, "").as_deref(), Some("2026-03-09 Mia"));
        assert_eq!(named(true, "").as_deref(), Some("2026-03-09 Mia 0012"));
        // What an admin wrote is as they wrote it.
        assert_eq!(named(true, "$author").as_deref(), Some("Mia"));
    }

    #[test]
    fn what_the_bot_lacks_comes_first() {
        let facts = Facts {
            parent: Some(place(SUPPORT, &[Permission::ViewChannel])),
            ..without(&[Permission::ViewChannel])
        };
        assert!(matches!(said(&facts), Text::CannotOpen { .. }));
    }

    #[test]
    fn a_time_out_says_when_it_ends() {
        let invoker = |seconds: i64| Invoker {
            timed_out_until: Some(NOW.plus(seconds * 1000)),
            ..mia()
        };
        let silenced = without(&[Permission::SendMessagesInThreads]);
        let until = NOW.unix_seconds() + 60;
        assert_eq!(
            admit(&invoker(60), &silenced),
            Err(Text::TimedOut { until })
        );
        // It has ended.
        let refusal = admit(&invoker(-1), &silenced);
        assert!(matches!(refusal, Err(Text::MemberLacks { .. })));
        // The server's owner can be timed out without an effect.
        assert!(admit(&invoker(60), &facts()).is_ok());
        // The channel is hidden from them: that does not end with the time-out.
        let hidden = without(&[Permission::ViewChannel, Permission::SendMessagesInThreads]);
        let refusal = admit(&invoker(60), &hidden);
        assert!(matches!(refusal, Err(Text::MemberLacks { .. })));
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
        assert_eq!(
            opened(&facts).starter,
            Starter::Own("<@20>: <@&30>, <@5>".into())
        );
    }
}
