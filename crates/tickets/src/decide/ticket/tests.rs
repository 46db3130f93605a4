use super::*;
use crate::decide::examples::*;
use crate::permission::Permissions;
use crate::ticket::{Presence, Reason, State};
use crate::{GuildId, RoleId};

const MAX: UserId = UserId(21);
const NOAH: UserId = UserId(22);
const BOT: UserId = UserId(99);

/// Who uses a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Somebody in the ticket who is neither its owner nor staff.
    Guest,
    Owner,
    /// In the inbox's staff, without Manage Threads.
    Listed,
    /// Not in the inbox's staff.
    ManageThreads,
}

fn invoker(who: Who) -> Invoker {
    use Permission::{ManageThreads, ViewChannel};
    let permissions = match who {
        Who::ManageThreads => vec![ViewChannel, ManageThreads],
        _ => vec![ViewChannel],
    };
    Invoker {
        channel: ticket().id,
        user: if who == Who::Owner { MIA } else { MAX },
        display_name: "Max".into(),
        manages: false,
        roles: match who {
            Who::Listed => vec![MODERATORS],
            _ => vec![RoleId(31)],
        },
        permissions: permissions.into_iter().collect(),
        ..mia()
    }
}

fn facts() -> Facts {
    Facts {
        ticket: Some(ticket()),
        staff: vec![Mention::Role(MODERATORS)],
        powers: Powers::ListedStaff,
        parent: Some(SUPPORT),
        close_button: OwnerCloses::Off,
        is_solved: false,
        looks_after_others: false,
        prompt: Some(PROMPT),
        asked: None,
        me: Some(BOT),
    }
}

fn target(user: UserId) -> Target {
    Target {
        user,
        name: "Noah".into(),
        is_bot: false,
        permissions: Some([Permission::ViewChannel].into_iter().collect()),
    }
}

fn close() -> TicketRequest {
    TicketRequest::Close {
        reason: " It works ".into(),
        remove_members: true,
    }
}

fn rename(name: &str) -> TicketRequest {
    TicketRequest::Rename {
        name: name.into(),
        current: Some("0001 Mia".into()),
    }
}

fn all() -> [TicketRequest; 8] {
    [
        close(),
        TicketRequest::Add(target(NOAH)),
        TicketRequest::Remove(target(NOAH)),
        rename("Broken lamp"),
        TicketRequest::AskClose {
            wait: None,
            reason: String::new(),
        },
        TicketRequest::Snooze { wait: "1h".into() },
        TicketRequest::Claim,
        TicketRequest::Unclaim,
    ]
}

/// The table of docs/staff.md.
#[test]
fn who_may_do_what() {
    for powers in [Powers::ManageThreads, Powers::ListedStaff] {
        for request in all() {
            let claims = matches!(request, TicketRequest::Claim | TicketRequest::Unclaim);
            for who in [Who::Guest, Who::Owner, Who::Listed, Who::ManageThreads] {
                let mut facts = Facts { powers, ..facts() };
                if request == TicketRequest::Unclaim {
                    facts.ticket = facts.ticket.map(|ticket| Ticket {
                        claimed_by: Some(invoker(who).user),
                        ..ticket
                    });
                }
                let expected = match who {
                    Who::ManageThreads => Ok(()),
                    Who::Listed if claims || powers == Powers::ListedStaff => Ok(()),
                    Who::Listed => Err(Text::NeedsManageThreads {}),
                    Who::Owner if request == close() => Err(Text::LeaveToClose {}),
                    Who::Guest | Who::Owner => Err(Text::NotTheStaff {}),
                };
                let decided = decide(&invoker(who), &request, &facts).map(drop);
                assert_eq!(decided, expected, "{who:?} {powers:?} {request:?}");
            }
        }
    }
}

#[test]
fn elsewhere_nothing_works() {
    let max = invoker(Who::ManageThreads);
    let not_here = |facts: &Facts, invoker: &Invoker| {
        for request in all() {
            let decided = decide(invoker, &request, facts);
            assert_eq!(decided, Err(Text::NotATicket {}), "{request:?}");
        }
    };
    let none = Facts {
        ticket: None,
        ..facts()
    };
    not_here(&none, &max);
    // A ticket of another server, or another one than where the command was used.
    let elsewhere = Invoker {
        guild: GuildId(2),
        ..max.clone()
    };
    not_here(&facts(), &elsewhere);
    let next_door = Invoker {
        channel: SUPPORT,
        ..max
    };
    not_here(&facts(), &next_door);
}

#[test]
fn a_ticket_whose_inbox_is_gone_is_for_those_who_manage_threads() {
    let orphan = Facts {
        staff: vec![],
        powers: Powers::default(),
        ..facts()
    };
    assert!(decide(&invoker(Who::ManageThreads), &close(), &orphan).is_ok());
    assert_eq!(
        decide(&invoker(Who::Listed), &close(), &orphan),
        Err(Text::NotTheStaff {})
    );
}

#[test]
fn a_closed_ticket_is_left_alone() {
    let max = invoker(Who::Listed);
    for (phase, text) in [
        (Phase::Closed { locked: true }, Text::AlreadyClosed {}),
        (Phase::Closing(Reason::OwnerLeft), Text::BeingClosed {}),
    ] {
        let state = State {
            presence: Presence::Present,
            phase,
        };
        let facts = Facts {
            ticket: Some(Ticket { state, ..ticket() }),
            ..facts()
        };
        for request in all() {
            let decided = decide(&max, &request, &facts);
            // For `Close`, the database decides, because it knows who closed the ticket first.
            if !matches!(request, TicketRequest::Close { .. }) {
                assert_eq!(decided, Err(text.clone()), "{request:?}");
            }
        }
    }
}

#[test]
fn a_closing_says_who_and_why() {
    let deed = decide(&invoker(Who::Listed), &close(), &facts());
    let Ok(Deed::Close(request)) = deed else {
        panic!("a closing, not {deed:?}")
    };
    assert_eq!((request.by, request.remove_members), (MAX, true));
    assert_eq!(
        request.note(),
        Text::ClosedByWithReason {
            name: "Max".into(),
            reason: "It works".into()
        }
    );
    let silent = ClosingRequest {
        reason: String::new(),
        name: "*Max* <@1>".into(),
        ..request
    };
    assert_eq!(
        silent.note(),
        Text::ClosedBy {
            name: r"\*Max\* \<\@1\>".into()
        }
    );
    let long = TicketRequest::Close {
        reason: "é".repeat(400),
        remove_members: false,
    };
    let Ok(Deed::Close(request)) = decide(&invoker(Who::Listed), &long, &facts()) else {
        panic!("a closing")
    };
    assert_eq!(request.reason.chars().count(), MAX_REASON);
}

#[test]
fn only_people_who_can_see_the_channel_are_added() {
    let max = invoker(Who::Listed);
    let add = |target: Target| decide(&max, &TicketRequest::Add(target), &facts());
    let name = || "Noah".to_owned();
    assert_eq!(
        add(target(NOAH)),
        Ok(Deed::Add {
            user: NOAH,
            name: name()
        })
    );
    assert_eq!(add(target(BOT)), Err(Text::StaysInTicket {}));
    let bot = Target {
        is_bot: true,
        ..target(NOAH)
    };
    assert_eq!(add(bot), Err(Text::BotsCannotBeAdded {}));
    let stranger = Target {
        permissions: None,
        ..target(NOAH)
    };
    assert_eq!(add(stranger), Err(Text::NotInServer { name: name() }));
    let blind = Target {
        permissions: Some(Permissions::default()),
        ..target(NOAH)
    };
    assert_eq!(
        add(blind),
        Err(Text::CannotViewChannel {
            name: name(),
            channel: SUPPORT
        })
    );
}

#[test]
fn removing_the_owner_is_known() {
    let max = invoker(Who::Listed);
    let remove = |target: Target| decide(&max, &TicketRequest::Remove(target), &facts());
    let removed = |user, is_owner| {
        Ok(Deed::Remove {
            user,
            name: "Noah".into(),
            is_owner,
        })
    };
    assert_eq!(remove(target(NOAH)), removed(NOAH, false));
    assert_eq!(remove(target(MIA)), removed(MIA, true));
    assert_eq!(remove(target(BOT)), Err(Text::StaysInTicket {}));
    // A user who has left the server may still be named.
    let gone = Target {
        permissions: None,
        ..target(NOAH)
    };
    assert_eq!(remove(gone), removed(NOAH, false));
}

#[test]
fn a_new_name_is_one() {
    let max = invoker(Who::Listed);
    let named = |name: &str| decide(&max, &rename(name), &facts());
    assert_eq!(named(" Lamp "), Ok(Deed::Rename("Lamp".into())));
    assert_eq!(named("  "), Err(Text::EmptyName {}));
    assert_eq!(named("0001 Mia "), Err(Text::SameName {}));
    assert_eq!(
        named(&"é".repeat(120)),
        Ok(Deed::Rename("é".repeat(MAX_TICKET_NAME)))
    );
}

#[test]
fn a_claim_has_one_holder_who_ends_it() {
    let max = invoker(Who::Listed);
    let held_by = |holder: Option<UserId>| Facts {
        ticket: Some(Ticket {
            claimed_by: holder,
            ..ticket()
        }),
        ..facts()
    };
    let claim = |holder| decide(&max, &TicketRequest::Claim, &held_by(holder));
    let unclaim = |holder| decide(&max, &TicketRequest::Unclaim, &held_by(holder));
    assert_eq!(claim(None), Ok(Deed::Claim));
    assert_eq!(claim(Some(NOAH)), Ok(Deed::Claim), "another takes over");
    assert_eq!(claim(Some(MAX)), Err(Text::AlreadyClaimed {}));
    assert_eq!(unclaim(Some(MAX)), Ok(Deed::Unclaim));
    assert_eq!(unclaim(Some(NOAH)), Err(Text::ClaimedByAnother {}));
    assert_eq!(unclaim(None), Err(Text::NotClaimed {}));
}

#[test]
fn help_says_what_this_member_can_do() {
    let help = |who, facts: &Facts| match decide(&invoker(who), &TicketRequest::Help, facts) {
        Ok(Deed::Say(text)) => text,
        other => panic!("help, not {other:?}"),
    };
    let few = Facts {
        powers: Powers::ManageThreads,
        ..facts()
    };
    let none = Facts {
        ticket: None,
        ..facts()
    };
    assert_eq!(help(Who::Listed, &facts()), Text::HelpStaff {});
    assert_eq!(help(Who::Listed, &few), Text::HelpListedStaff {});
    assert_eq!(help(Who::Owner, &facts()), Text::HelpOwner {});
    assert_eq!(help(Who::Guest, &facts()), Text::HelpGuest {});
    assert_eq!(help(Who::Owner, &none), Text::HelpElsewhere {});
    let staff = Facts {
        looks_after_others: true,
        ..none
    };
    assert_eq!(help(Who::Listed, &staff), Text::HelpStaffElsewhere {});
}

#[test]
fn the_button_closes_for_staff_and_for_owners_where_the_inbox_says_so() {
    let click = |who, facts: &Facts| decide(&invoker(who), &TicketRequest::ClickClose, facts);
    let confirm = |who, facts: &Facts| {
        let reason = "It\nworks ".to_owned();
        decide(
            &invoker(who),
            &TicketRequest::ConfirmClose { reason },
            facts,
        )
    };
    let with = |close_button| Facts {
        close_button,
        ..facts()
    };
    for button in [OwnerCloses::Off, OwnerCloses::Requests, OwnerCloses::Closes] {
        let facts = with(button);
        for who in [Who::Listed, Who::ManageThreads] {
            assert_eq!(click(who, &facts), Ok(Deed::AskReason { closes: true }));
            assert!(
                matches!(confirm(who, &facts), Ok(Deed::Close(_))),
                "{who:?}"
            );
        }
        // The member opened the modal as staff, but no longer is.
        assert_eq!(click(Who::Guest, &facts), Err(Text::NotTheStaff {}));
        assert_eq!(confirm(Who::Guest, &facts), Err(Text::NotTheStaff {}));
    }
    let refused = || Err(Text::LeaveToClose {});
    assert_eq!(click(Who::Owner, &with(OwnerCloses::Off)), refused());
    assert_eq!(confirm(Who::Owner, &with(OwnerCloses::Off)), refused());

    let closes = confirm(Who::Owner, &with(OwnerCloses::Closes));
    let Ok(Deed::Close(request)) = closes else {
        panic!("a closing, not {closes:?}")
    };
    assert_eq!((request.by, request.reason.as_str()), (MIA, "It works"));
    assert!(!request.remove_members);

    let asks = with(OwnerCloses::Requests);
    assert_eq!(
        click(Who::Owner, &asks),
        Ok(Deed::AskReason { closes: false })
    );
    assert_eq!(
        click(Who::Owner, &with(OwnerCloses::Closes)),
        Ok(Deed::AskReason { closes: true })
    );
    assert_eq!(
        confirm(Who::Owner, &asks),
        Ok(Deed::Solved {
            name: "Max".into(),
            reason: "It works".into()
        })
    );
    let again = Facts {
        is_solved: true,
        ..asks
    };
    assert_eq!(confirm(Who::Owner, &again), Err(Text::AlreadySolved {}));
    // The click is also refused, before the owner types a reason.
    assert_eq!(click(Who::Owner, &again), Err(Text::AlreadySolved {}));
    assert_eq!(
        click(Who::Listed, &again),
        Ok(Deed::AskReason { closes: true })
    );
}

const PROMPT: MessageId = MessageId(500);

/// Only the owner can keep the ticket open; the owner and staff can close it.
#[test]
fn a_question_is_answered_by_whom_it_is_for() {
    let keep = TicketRequest::KeepOpen { prompt: PROMPT };
    let agree = TicketRequest::AgreeToClose { prompt: PROMPT };
    for powers in [Powers::ManageThreads, Powers::ListedStaff] {
        let facts = Facts { powers, ..facts() };
        for who in [Who::Guest, Who::Owner, Who::Listed, Who::ManageThreads] {
            let kept = decide(&invoker(who), &keep, &facts);
            let expected = match who {
                Who::Owner => Ok(Deed::KeepOpen(PROMPT)),
                _ => Err(Text::OnlyForOwner {}),
            };
            assert_eq!(kept, expected, "{who:?}");
            let closed = decide(&invoker(who), &agree, &facts).map(drop);
            let expected = match who {
                Who::Owner | Who::ManageThreads => Ok(()),
                Who::Listed if powers == Powers::ListedStaff => Ok(()),
                Who::Listed => Err(Text::NeedsManageThreads {}),
                Who::Guest => Err(Text::NotTheStaff {}),
            };
            assert_eq!(closed, expected, "{who:?} {powers:?}");
        }
    }
}

#[test]
fn a_question_is_answered_once() {
    let mia = invoker(Who::Owner);
    for prompt in [None, Some(MessageId(501))] {
        let facts = Facts { prompt, ..facts() };
        for request in [
            TicketRequest::KeepOpen { prompt: PROMPT },
            TicketRequest::AgreeToClose { prompt: PROMPT },
        ] {
            let decided = decide(&mia, &request, &facts);
            assert_eq!(decided, Err(Text::PromptOver {}), "{request:?}");
        }
    }
}

#[test]
fn who_agrees_closes_with_the_reason_of_whoever_asked() {
    let asked = Asked {
        by: MAX,
        name: "Max".into(),
        reason: "Done".into(),
        close_at: None,
    };
    for (asked, reason) in [(None, ""), (Some(asked), "Done")] {
        let facts = Facts { asked, ..facts() };
        let agree = TicketRequest::AgreeToClose { prompt: PROMPT };
        let Ok(Deed::Close(request)) = decide(&invoker(Who::Owner), &agree, &facts) else {
            panic!("a closing")
        };
        assert_eq!((request.by, request.reason.as_str()), (MIA, reason));
    }
}

#[test]
fn staff_ask_whether_to_close_it() {
    let max = invoker(Who::Listed);
    let ask = |wait: Option<&str>| {
        let request = TicketRequest::AskClose {
            wait: wait.map(str::to_owned),
            reason: " Done ".into(),
        };
        decide(&max, &request, &facts())
    };
    let asked = |close_at| {
        Ok(Deed::AskClose {
            owner: MIA,
            close_at,
            reason: "Done".into(),
        })
    };
    assert_eq!(ask(None), asked(None));
    let hour = 60 * 60 * 1000;
    assert_eq!(ask(Some(" 12h ")), asked(Some(max.at.plus(12 * hour))));
    assert_eq!(ask(Some("3 Tage")), asked(Some(max.at.plus(72 * hour))));
    for written in ["12", "soon", ""] {
        let refused = Text::NotADuration {
            written: written.into(),
        };
        assert_eq!(ask(Some(written)), Err(refused));
    }
    for written in ["59s", "61d"] {
        assert!(
            matches!(ask(Some(written)), Err(Text::DurationOutOfRange { .. })),
            "{written}"
        );
    }
}

#[test]
fn an_owner_who_is_not_there_is_not_asked() {
    let max = invoker(Who::Listed);
    let ask = TicketRequest::AskClose {
        wait: None,
        reason: String::new(),
    };
    let gone = State {
        presence: Presence::Gone,
        phase: Phase::Open,
    };
    for ticket in [
        Ticket {
            owner: None,
            ..ticket()
        },
        Ticket {
            state: gone,
            ..ticket()
        },
    ] {
        let facts = Facts {
            ticket: Some(ticket),
            ..facts()
        };
        assert_eq!(decide(&max, &ask, &facts), Err(Text::OwnerNotHere {}));
    }
}

#[test]
fn a_snooze_ends() {
    let max = invoker(Who::Listed);
    let snooze = |wait: &str| decide(&max, &TicketRequest::Snooze { wait: wait.into() }, &facts());
    let until = max.at.plus(90 * 60 * 1000);
    assert_eq!(snooze("1h30m"), Ok(Deed::Snooze(until)));
    let refused = Text::NotADuration {
        written: "7".into(),
    };
    assert_eq!(snooze("7"), Err(refused));
}
