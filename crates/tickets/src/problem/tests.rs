use super::*;
use crate::decide::examples::*;
use crate::permission::FOR_TICKETS;
use crate::setting::{self, Settings};

const VERIFIED: RoleId = RoleId(31);

fn all() -> Permissions {
    Permission::ALL.into_iter().collect()
}

fn without(lacking: &[Permission]) -> Permissions {
    place(SUPPORT, lacking).permissions
}

/// What @everyone holds by default.
fn ordinary() -> Permissions {
    without(&[Permission::ManageThreads, Permission::MentionEveryone])
}

fn moderators() -> Role {
    Role {
        id: MODERATORS,
        may: without(&[Permission::MentionEveryone]),
        manages_threads: true,
        whose: Whose::People,
        is_mentionable: true,
        size: Some(3),
    }
}

/// A server in which nothing is wrong.
fn facts() -> Facts {
    Facts {
        home: place(
            SUPPORT,
            &[Permission::ManageThreads, Permission::MentionEveryone],
        ),
        destination: None,
        notices: None,
        blind_to_notices: vec![everyone()],
        everyone: ordinary(),
        roles: vec![moderators()],
        members: HashMap::new(),
        is_offered: true,
        gets_reports: false,
        lacks_emoji: false,
        active_threads: 0,
        alone: None,
    }
}

fn with_role(role: Role) -> Facts {
    Facts {
        roles: vec![role],
        ..facts()
    }
}

fn of(facts: &Facts) -> Vec<Problem> {
    problems(&inbox(), facts)
}

#[test]
fn without_its_last_allowed_role_an_inbox_is_closed_to_all() {
    let allowing = |roles: &str| {
        let settings = Settings::default().with(&ALLOWED_ROLES, roles);
        let inbox = Inbox {
            settings,
            ..inbox()
        };
        problems(&inbox, &facts())
    };
    assert_eq!(allowing("99"), [Problem::ClosedToAll]);
    assert_eq!(allowing(&format!("99,{}", MODERATORS.0)), []);
    // Everybody has @everyone.
    assert_eq!(allowing(&GUILD.0.to_string()), []);
}

#[test]
fn an_inbox_that_blocks_all_who_may_is_closed_to_all() {
    let (everyone, moderators) = (GUILD.0.to_string(), MODERATORS.0.to_string());
    let both = format!("{everyone},{moderators}");
    for (allowed, blocked, is_closed) in [
        ("", &*everyone, true),
        (&*everyone, &*both, true),
        (&moderators, &everyone, true),
        (&moderators, &moderators, true),
        (&moderators, "99", false),
        (&everyone, &moderators, false),
        // One of the allowed roles is blocked, and the other was deleted.
        (&format!("99,{moderators}"), &moderators, true),
        ("", &moderators, false),
    ] {
        let settings = Settings::default()
            .with(&ALLOWED_ROLES, allowed)
            .with(&BLOCKED_ROLES, blocked);
        let inbox = Inbox {
            settings,
            ..inbox()
        };
        let found = problems(&inbox, &facts()).contains(&Problem::ClosedToAll);
        assert_eq!(found, is_closed, "allowed {allowed}, blocked {blocked}");
    }
}

#[test]
fn a_button_without_its_emoji_is_a_problem() {
    let facts = Facts {
        lacks_emoji: true,
        ..facts()
    };
    assert_eq!(of(&facts), [Problem::EmojiRefused]);
}

#[test]
fn a_reminder_that_comes_after_the_closing_never_comes() {
    let with = |remind: &str, close: &str| {
        let settings = Settings::default()
            .with(&setting::REMIND_OWNER, remind)
            .with(&setting::CLOSE_IDLE, close);
        let inbox = Inbox {
            settings,
            ..inbox()
        };
        problems(&inbox, &facts())
    };
    assert_eq!(with("7200", "7201"), []);
    assert_eq!(with("7200", "7200"), [Problem::NeverReminds]);
    assert_eq!(with("7201", "7200"), [Problem::NeverReminds]);
    // Only one of them is set.
    assert_eq!(with("7200", "off"), []);
    assert_eq!(with("off", "7200"), []);
}

#[test]
fn a_form_needs_more_permissions() {
    let lacking = [Permission::EmbedLinks, Permission::AttachFiles];
    let facts = Facts {
        home: place(SUPPORT, &lacking),
        ..facts()
    };
    let problems_with = |form: &str| {
        let inbox = Inbox {
            settings: Settings::default().with(&setting::Form, form),
            ..inbox()
        };
        problems(&inbox, &facts)
    };
    let lacks = |permissions: &[Permission]| {
        let channel = SUPPORT;
        let permissions = permissions.to_vec();
        vec![Problem::BotLacks(Missing {
            channel,
            permissions,
        })]
    };
    assert_eq!(of(&facts), []);
    assert_eq!(problems_with("Who? | short"), lacks(&lacking[..1]));
    assert_eq!(problems_with("What? | files"), lacks(&lacking));
}

fn inbox_with(starter: &str, staff: Vec<Mention>) -> Inbox {
    Inbox {
        starter: starter.into(),
        staff,
        ..inbox()
    }
}

#[test]
fn nothing_is_wrong() {
    assert_eq!(of(&facts()), []);
}

#[test]
fn an_inbox_on_no_message() {
    let facts = Facts {
        is_offered: false,
        ..facts()
    };
    assert_eq!(of(&facts), [Problem::NotOffered]);
}

#[test]
fn a_role_that_cannot_be_mentioned() {
    let role = Role {
        is_mentionable: false,
        ..moderators()
    };
    let problem = Problem::NotMentionable {
        roles: vec![MODERATORS],
        channel: SUPPORT,
    };
    assert_eq!(of(&with_role(role)), [problem]);
    // The bot may mention everybody.
    let facts = Facts {
        home: place(SUPPORT, &[]),
        ..with_role(role)
    };
    assert_eq!(of(&facts), []);
    // A role that is not mentioned need not be mentionable.
    let other = Role {
        id: VERIFIED,
        ..role
    };
    let facts = Facts {
        roles: vec![moderators(), other],
        ..self::facts()
    };
    assert_eq!(of(&facts), []);
    // A role that the starting message itself names is mentioned.
    let named = inbox_with("$author $staff <@&31>", inbox().staff);
    let problem = Problem::NotMentionable {
        roles: vec![VERIFIED],
        channel: SUPPORT,
    };
    assert_eq!(problems(&named, &facts), [problem]);
}

#[test]
fn nobody_is_notified() {
    let nobody = inbox_with("", vec![]);
    assert_eq!(problems(&nobody, &facts()), [Problem::NobodyNotified]);
    // A deleted role notifies nobody.
    let gone = inbox_with("", vec![Mention::Role(RoleId(99))]);
    assert_eq!(problems(&gone, &facts()), [Problem::NobodyNotified]);
    for starter in ["Hi $author", "Hi $author, `$staff`", "$author <@&99>"] {
        let silent = inbox_with(starter, inbox().staff);
        let found = problems(&silent, &facts());
        assert_eq!(found, [Problem::StaffNotMentioned], "{starter}");
    }
    // Somebody whom the starting message names is notified.
    let named = inbox_with("$author <@77>", vec![]);
    assert_eq!(problems(&named, &facts()), []);
}

#[test]
fn members_who_cannot_take_part() {
    let nothing = Permissions::default();
    let hidden = Facts {
        everyone: nothing,
        ..facts()
    };
    let lacks = |permissions: &[Permission]| {
        Problem::MembersLack(Missing {
            channel: SUPPORT,
            permissions: permissions.to_vec(),
        })
    };
    assert_eq!(of(&hidden), [lacks(&TO_TAKE_PART)]);
    let read_only = Facts {
        everyone: without(&[Permission::SendMessagesInThreads]),
        ..facts()
    };
    assert_eq!(
        of(&read_only),
        [lacks(&[Permission::SendMessagesInThreads])]
    );
    // A role for verified members has both permissions. A role of bots, administrators or moderators does not
    // count as one for members.
    let verified = Role {
        id: VERIFIED,
        may: ordinary(),
        manages_threads: false,
        ..moderators()
    };
    let with = |role: Role| Facts {
        roles: vec![moderators(), role],
        ..hidden.clone()
    };
    assert_eq!(of(&with(verified)), []);
    for role in [
        Role {
            whose: Whose::Bot,
            ..verified
        },
        Role {
            may: all(),
            whose: Whose::Administrators,
            ..verified
        },
        Role {
            may: all(),
            ..verified
        },
        // One of the two permissions is not enough.
        Role {
            may: without(&[Permission::SendMessagesInThreads, Permission::ManageThreads]),
            ..verified
        },
    ] {
        assert_eq!(of(&with(role)), [lacks(&TO_TAKE_PART)], "{role:?}");
    }
}

#[test]
fn staff_that_cannot_view_the_channel() {
    let role = Role {
        may: Permissions::default(),
        ..moderators()
    };
    let cannot = |staff: &[Mention]| Problem::StaffCannotView {
        staff: staff.to_vec(),
        channel: SUPPORT,
    };
    assert_eq!(of(&with_role(role)), [cannot(&[Mention::Role(MODERATORS)])]);
    let [sees, blind, left, unknown] = [61, 62, 63, 64].map(UserId);
    let team = inbox_with("", [sees, blind, left, unknown].map(Mention::User).into());
    let facts = Facts {
        members: HashMap::from([
            (sees, Some(ordinary())),
            (blind, Some(Permissions::default())),
            (left, None),
        ]),
        ..facts()
    };
    let expected = cannot(&[Mention::User(blind), Mention::User(left)]);
    assert_eq!(problems(&team, &facts), [expected]);
}

#[test]
fn a_role_that_is_too_large() {
    let of_size = |size| {
        of(&with_role(Role {
            size,
            ..moderators()
        }))
    };
    assert_eq!(of_size(Some(99)), []);
    assert_eq!(of_size(None), []);
    let problem = Problem::TooLarge(vec![MODERATORS]);
    assert_eq!(of_size(Some(100)), [problem]);
}

#[test]
fn what_the_bot_lacks_and_where() {
    use Permission::{CreatePrivateThreads, ReadMessageHistory, SendMessages, ViewChannel};
    let lacks = |channel, permissions: &[Permission]| {
        Problem::BotLacks(Missing {
            channel,
            permissions: permissions.to_vec(),
        })
    };
    let there = inbox_with("", inbox().staff);
    let there = Inbox {
        destination: Some(TICKETS),
        ..there
    };
    let facts = Facts {
        home: place(SUPPORT, &[SendMessages]),
        destination: Some(place(TICKETS, &[CreatePrivateThreads])),
        ..facts()
    };
    assert_eq!(
        problems(&there, &facts),
        [
            lacks(SUPPORT, &[SendMessages]),
            lacks(TICKETS, &[CreatePrivateThreads])
        ]
    );
    let mute = Facts {
        home: place(SUPPORT, &[ReadMessageHistory]),
        ..self::facts()
    };
    assert_eq!(of(&mute), [Problem::BotCannotRead(SUPPORT)]);
    // If the bot cannot view the channel, it draws no conclusion about who can view it.
    let hidden = Facts {
        home: place(SUPPORT, &Permission::ALL),
        everyone: Permissions::default(),
        ..with_role(Role {
            may: Permissions::default(),
            is_mentionable: false,
            ..moderators()
        })
    };
    let needed = [ViewChannel, SendMessages, FOR_TICKETS[1], FOR_TICKETS[2]];
    assert_eq!(of(&hidden), [lacks(SUPPORT, &needed)]);
}

#[test]
fn a_destination_that_is_gone() {
    let there = Inbox {
        destination: Some(TICKETS),
        ..inbox()
    };
    let gone = || Problem::DestinationGone { instead: SUPPORT };
    assert_eq!(problems(&there, &facts()), [gone()]);
    let news = Facts {
        home: Place {
            holds_private_threads: false,
            ..facts().home
        },
        ..facts()
    };
    assert_eq!(
        problems(&there, &news),
        [Problem::NoPrivateThreads(SUPPORT), gone()]
    );
}

#[test]
fn a_last_ticket_without_staff_and_a_full_server() {
    let facts = |active_threads, alone| Facts {
        active_threads,
        alone,
        ..facts()
    };
    assert_eq!(of(&facts(900, None)), []);
    let ticket = ChannelId(50);
    assert_eq!(
        of(&facts(901, Some(ticket))),
        [Problem::OwnerAlone(ticket), Problem::ManyThreads(901)]
    );
}

#[test]
fn roles_that_manage_threads_are_offered() {
    let role = |id, manages_threads, whose| Role {
        id: RoleId(id),
        manages_threads,
        whose,
        ..moderators()
    };
    let roles = [
        role(1, true, Whose::People),
        role(2, false, Whose::People),
        role(3, true, Whose::Administrators),
        role(4, true, Whose::Bot),
        role(5, true, Whose::People),
    ];
    assert_eq!(
        offered_staff(&roles),
        [Mention::Role(RoleId(1)), Mention::Role(RoleId(5))]
    );
    let many: Vec<_> = (0..40).map(|id| role(id, true, Whose::People)).collect();
    assert_eq!(offered_staff(&many).len(), 25);
}

#[test]
fn each_problem_has_a_text() {
    let missing = Missing {
        channel: SUPPORT,
        permissions: vec![Permission::ViewChannel],
    };
    let every = [
        Problem::BotLacks(missing.clone()),
        Problem::NoPrivateThreads(SUPPORT),
        Problem::DestinationGone { instead: SUPPORT },
        Problem::MembersLack(missing),
        Problem::NobodyNotified,
        Problem::StaffNotMentioned,
        Problem::NotMentionable {
            roles: vec![MODERATORS],
            channel: SUPPORT,
        },
        Problem::StaffCannotView {
            staff: vec![Mention::User(MIA)],
            channel: SUPPORT,
        },
        Problem::TooLarge(vec![MODERATORS]),
        Problem::OwnerAlone(SUPPORT),
        Problem::BotCannotRead(SUPPORT),
        Problem::ManyThreads(901),
    ];
    let keys: std::collections::BTreeSet<_> =
        every.iter().map(|problem| problem.text().key()).collect();
    assert_eq!(keys.len(), every.len());
}

#[test]
fn notices_must_be_postable() {
    let of = |settings: Settings, notices| {
        let inbox = Inbox {
            settings,
            ..inbox()
        };
        let facts = Facts { notices, ..facts() };
        problems(&inbox, &facts)
    };
    let channel = TICKETS.to_string();
    let set = || Settings::default().with(&Notices, &channel);
    let there = Some(place(TICKETS, &[]));
    assert_eq!(of(set(), there), []);
    assert_eq!(of(set(), None), [Problem::NoticesGone]);
    let lacking = vec![Permission::SendMessages];
    assert_eq!(
        of(set(), Some(place(TICKETS, &lacking))),
        [Problem::NoticesLack(Missing {
            channel: TICKETS,
            permissions: lacking
        })]
    );
    let join = Settings::default().with(&StaffMode, "join");
    assert_eq!(of(join, None), [Problem::JoinWithoutNotices]);
}

fn everyone() -> Mention {
    Mention::Role(RoleId(inbox().guild.0))
}

#[test]
fn notices_are_for_staff() {
    let (team, lead) = (Mention::Role(MODERATORS), Mention::User(UserId(9)));
    let of = |mode: &str, staff: &[Mention], blind: &[Mention]| {
        let settings = Settings::default().with(&Notices, &TICKETS.to_string());
        let inbox = Inbox {
            settings: settings.with(&StaffMode, mode),
            staff: staff.to_vec(),
            ..inbox()
        };
        let facts = Facts {
            notices: Some(place(TICKETS, &[])),
            blind_to_notices: blind.to_vec(),
            ..facts()
        };
        problems(&inbox, &facts)
    };
    let hidden = |staff: &[Mention]| {
        let (staff, channel) = (staff.to_vec(), TICKETS);
        vec![Problem::NoticesHidden { staff, channel }]
    };
    for mode in ["mention", "join"] {
        assert_eq!(of(mode, &[team], &[]), [Problem::NoticesPublic(TICKETS)]);
        assert_eq!(of(mode, &[team], &[everyone()]), []);
        assert_eq!(of(mode, &[team], &[everyone(), team]), hidden(&[team]));
        let all = [everyone(), team, lead];
        assert_eq!(of(mode, &[team, lead], &all), hidden(&[team, lead]));
    }
    // Staff who are mentioned in tickets do not need notices.
    let both = [team, lead];
    assert_eq!(of("mention", &both, &[everyone(), lead]), []);
    assert_eq!(of("join", &both, &[everyone(), lead]), hidden(&[lead]));
}

#[test]
fn staff_who_join_need_no_mention() {
    let large = Role {
        is_mentionable: false,
        size: Some(500),
        ..moderators()
    };
    let of = |settings: Settings| {
        let inbox = Inbox {
            settings,
            ..inbox()
        };
        let facts = Facts {
            notices: Some(place(TICKETS, &[Permission::MentionEveryone])),
            ..with_role(large)
        };
        problems(&inbox, &facts)
    };
    let channel = TICKETS.to_string();
    let join = || {
        let settings = Settings::default().with(&Notices, &channel);
        settings.with(&StaffMode, "join")
    };
    assert_eq!(of(join()), []);
    let not_mentionable = Problem::NotMentionable {
        roles: vec![MODERATORS],
        channel: TICKETS,
    };
    assert_eq!(of(join().with(&NoticePing, "staff")), [not_mentionable]);
}
