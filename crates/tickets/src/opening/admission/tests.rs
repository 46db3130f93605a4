use super::*;
use crate::decide::examples::*;
use crate::permission::Missing;
use crate::setting::Settings;
fn facts() -> Facts {
    Facts {
        inbox: inbox(),
        open: vec![],
        is_repeated: false,
        open_in_server: vec![],
        server_limit: 0,
        open_in_inbox: 0,
        role_names: vec![],
        last_opened: None,
        slowmode: 0,
        parent: place(SUPPORT, &[]),
        member_may: Permissions::EVERYTHING,
        needs: inbox().needs(),
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

/// The limits for members do not keep staff from transferring a ticket.
#[test]
fn a_transferred_ticket_needs_only_its_place() {
    let limited = Facts {
        open: vec![TICKETS],
        open_in_server: vec![TICKETS],
        server_limit: 1,
        open_in_inbox: 9,
        last_opened: Some(NOW),
        ..facts()
    };
    let paused = inbox().settings.with(&setting::Pause, "Not now");
    let form = paused.with(&setting::Form, "Why? | short");
    let limited = Facts {
        inbox: Inbox {
            settings: form,
            ..inbox()
        },
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
    let refusal = admit_by_staff(&mia(), &blind).expect_err("a refusal");
    assert!(matches!(refusal, Text::OwnerLacks { .. }));
    assert!(is_about_access(&refusal));
    let closed = Facts {
        parent: place(SUPPORT, &[Permission::CreatePrivateThreads]),
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
            inbox: Inbox {
                settings,
                ..inbox()
            },
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
        inbox: Inbox {
            settings: Settings::default().with(&setting::Form, text),
            ..inbox()
        },
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
        parent: place(TICKETS, &lost),
        needs: asking(text).inbox.needs(),
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
    let elsewhere = Inbox {
        guild: GuildId(9),
        ..inbox()
    };
    for unknown in [None, Some(elsewhere)] {
        let refused = |is_by_staff| known(unknown.clone(), &mia(), is_by_staff);
        assert_eq!(refused(false), Err(Text::UnknownInbox {}));
        assert_eq!(refused(true), Err(Text::InboxGone {}));
    }
    assert_eq!(known(Some(inbox()), &mia(), false), Ok(inbox()));
}

#[test]
fn the_limit_is_the_inboxs_own() {
    let with = |limit, open: &[u64]| Facts {
        inbox: Inbox {
            max_tickets_per_user: limit,
            ..inbox()
        },
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
        inbox: Inbox {
            settings: Settings::default().with(&setting::Cooldown, cooldown),
            ..inbox()
        },
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
        parent: place(TICKETS, &lost),
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

/// Facts in which the member lacks these permissions where the ticket would be.
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
    // If the name is not known, Discord has to show it.
    let facts = Facts {
        parent_name: None,
        ..without(&[ViewChannel])
    };
    assert!(matches!(said(&facts), Text::MemberLacks { channel, .. } if channel == "<#10>"));
    // Other missing permissions do not matter, because tickets are threads.
    assert_eq!(opened(&without(&[Permission::SendMessages])).owner, MIA);
}

#[test]
fn names_of_two_tickets_of_one_day_differ() {
    let named = |is_repeated, template: &str| {
        let facts = Facts {
            is_repeated,
            inbox: Inbox {
                name: template.into(),
                ..inbox()
            },
            ..facts()
        };
        opened(&facts).name.render(12)
    };
    assert_eq!(named(false, "").as_deref(), Some("2026-03-09 Mia"));
    assert_eq!(named(true, "").as_deref(), Some("2026-03-09 Mia 0012"));
    // An admin's own template is used as it is, without a counter.
    assert_eq!(named(true, "$author").as_deref(), Some("Mia"));
}

#[test]
fn what_the_bot_lacks_comes_first() {
    let facts = Facts {
        parent: place(SUPPORT, &[Permission::ViewChannel]),
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
    // The time-out has ended.
    let refusal = admit(&invoker(-1), &silenced);
    assert!(matches!(refusal, Err(Text::MemberLacks { .. })));
    // A time-out has no effect on the server's owner.
    assert!(admit(&invoker(60), &facts()).is_ok());
    // The member cannot view the channel, and that does not change when the time-out ends.
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
        parent: news,
        ..facts()
    };
    assert_eq!(said(&facts), Text::CannotOpenThere { channel: SUPPORT });
}

#[test]
fn an_own_starter_mentions_only_staff_that_exists() {
    let gone = Mention::Role(RoleId(99));
    let facts = Facts {
        inbox: Inbox {
            starter: "$author: $staff".into(),
            staff: vec![gone, Mention::Role(MODERATORS), Mention::User(UserId(5))],
            ..inbox()
        },
        ..facts()
    };
    assert_eq!(
        opened(&facts).starter,
        Starter::Own("<@20>: <@&30>, <@5>".into())
    );
}
