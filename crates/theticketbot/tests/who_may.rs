//! Who may do what with a ticket: each command for each kind of person. The table is in `docs/staff.md`;
//! `UPDATE_EXPECT=1 cargo test --workspace --test who_may` writes it.

use std::path::Path;

use tickets::decide::join::{self, join};
use tickets::decide::reopen::{self, reopen};
use tickets::decide::report;
use tickets::decide::ticket::{Deed, Facts, decide};
use tickets::inbox::Inbox;
use tickets::permission::Permission::{ManageThreads, SendMessagesInThreads, ViewChannel};
use tickets::permission::{Permission, Permissions};
use tickets::request::{Invoker, Target, TicketRequest};
use tickets::setting::OwnerCloses;
use tickets::staff::{Member, Powers, is_staff, may_look_after};
use tickets::text::MessageLink;
use tickets::ticket::{Phase, Presence, State, Thread, Ticket};
use tickets::{ChannelId, GuildId, InboxId, Mention, MessageId, RoleId, Timestamp, UserId};

const HERE: GuildId = GuildId(1);
const TICKET: ChannelId = ChannelId(50);
const OWNER: UserId = UserId(20);
const STAFF: RoleId = RoleId(30);
const PROMPT: MessageId = MessageId(60);

/// A kind of person: one column of the table.
struct Person {
    title: &'static str,
    user: UserId,
    roles: Vec<RoleId>,
    permissions: Permissions,
    powers: Powers,
    guild: GuildId,
}

fn people() -> Vec<Person> {
    let person = |title, roles: &[RoleId], more: &[Permission]| Person {
        title,
        user: UserId(21),
        roles: roles.to_vec(),
        permissions: [ViewChannel, SendMessagesInThreads]
            .iter()
            .chain(more)
            .copied()
            .collect(),
        powers: Powers::ListedStaff,
        guild: HERE,
    };
    vec![
        Person {
            user: OWNER,
            ..person("owner", &[], &[])
        },
        person("others in the ticket", &[], &[]),
        person("listed staff", &[STAFF], &[]),
        Person {
            powers: Powers::ManageThreads,
            ..person("listed staff, *Manage Threads only*", &[STAFF], &[])
        },
        person("*Manage Threads*", &[], &[ManageThreads]),
        Person {
            permissions: Permissions::EVERYTHING,
            ..person("administrators", &[], &[])
        },
        // An interaction contains only the permissions in its own channel.
        person("*Manage Threads* in another channel", &[], &[]),
        Person {
            permissions: [ManageThreads].into_iter().collect(),
            ..person("staff who cannot view the channel", &[STAFF], &[])
        },
        Person {
            permissions: Permissions::EVERYTHING,
            guild: GuildId(2),
            ..person("administrators of another server", &[STAFF], &[])
        },
    ]
}

impl Person {
    fn invoker(&self) -> Invoker {
        Invoker {
            guild: self.guild,
            channel: TICKET,
            user: self.user,
            display_name: "Max".into(),
            username: "max".into(),
            manages: false,
            roles: self.roles.clone(),
            joined_at: None,
            permissions: self.permissions,
            timed_out_until: None,
            at: Timestamp(0),
        }
    }

    fn member(&self) -> Member<'_> {
        Member {
            user: self.user,
            roles: &self.roles,
            permissions: Some(self.permissions),
        }
    }

    fn decided(&self, request: &TicketRequest, button: OwnerCloses, claimed: bool) -> Option<Deed> {
        let facts = Facts {
            ticket: Some(Ticket {
                claimed_by: claimed.then_some(self.user),
                ..ticket(Phase::Open)
            }),
            staff: vec![Mention::Role(STAFF)],
            powers: self.powers,
            parent: Some(ChannelId(10)),
            close_button: button,
            is_solved: false,
            looks_after_others: false,
            prompt: Some(PROMPT),
            asked: None,
            me: Some(UserId(1)),
        };
        decide(&self.invoker(), request, &facts).ok()
    }

    fn may(&self, request: &TicketRequest) -> bool {
        let claimed = *request == TicketRequest::Unclaim;
        self.decided(request, OwnerCloses::Off, claimed).is_some()
    }

    /// What *Close* does for this person with this setting.
    fn closes(&self, button: OwnerCloses) -> &'static str {
        let reason = String::new();
        match self.decided(&TicketRequest::ConfirmClose { reason }, button, false) {
            Some(Deed::Close(_)) => "yes",
            Some(Deed::Solved { .. }) => "asks staff",
            _ => "no",
        }
    }

    fn may_reopen(&self) -> bool {
        let facts = reopen::Facts {
            ticket: Some(ticket(Phase::Closed { locked: true })),
            thread: Some(Thread {
                archived: true,
                locked: true,
                can_lock: true,
            }),
            permissions: Some(self.permissions),
            staff: vec![Mention::Role(STAFF)],
            powers: self.powers,
        };
        reopen(&self.invoker(), &facts).is_ok()
    }

    fn may_join(&self) -> bool {
        let facts = join::Facts {
            ticket: Some(ticket(Phase::Open)),
            permissions: Some(self.permissions),
            staff: vec![Mention::Role(STAFF)],
        };
        join(&self.invoker(), &facts).is_ok()
    }

    /// The list never contains tickets of another server.
    fn may_list(&self) -> bool {
        self.guild == HERE && may_look_after(self.member(), &[Mention::Role(STAFF)])
    }

    /// Everybody in the server whose inbox receives reports may report.
    fn may_report(&self) -> bool {
        let link = MessageLink {
            guild: HERE,
            channel: ChannelId(10),
            message: MessageId(40),
        };
        let inbox = Inbox::new(link, None, vec![Mention::Role(STAFF)]);
        let facts = report::Facts {
            is_on: true,
            inbox: Some(&inbox),
        };
        report::inbox_of(&self.invoker(), &facts).is_ok()
    }

    /// Only in the inbox's own server, too.
    fn may_open_for_others(&self) -> bool {
        self.guild == HERE && is_staff(self.member(), &[Mention::Role(STAFF)], self.powers)
    }
}

fn ticket(phase: Phase) -> Ticket {
    Ticket {
        id: TICKET,
        guild: HERE,
        inbox: Some(InboxId(40)),
        owner: Some(OWNER),
        state: State {
            presence: Presence::Present,
            phase,
        },
        own_message: None,
        claimed_by: None,
        hidden_since: None,
        is_alone: false,
    }
}

fn target() -> Target {
    Target {
        user: UserId(25),
        name: "Noah".into(),
        is_bot: false,
        permissions: Some([ViewChannel].into_iter().collect()),
    }
}

fn table() -> String {
    let people = people();
    let yes_or_no = |may: bool| if may { "yes" } else { "no" };
    let titles: Vec<_> = people.iter().map(|person| person.title).collect();
    let mut lines = vec![
        format!("| | {} |", titles.join(" | ")),
        format!("|---|{}", "---|".repeat(titles.len())),
    ];
    let mut row = |what: &str, of: &dyn Fn(&Person) -> &'static str| {
        let cells: Vec<_> = people.iter().map(of).collect();
        lines.push(format!("| {what} | {} |", cells.join(" | ")));
    };
    let close = TicketRequest::Close {
        reason: String::new(),
        remove_members: false,
    };
    let rename = TicketRequest::Rename {
        name: "New".into(),
        current: None,
    };
    let transfer = TicketRequest::Transfer {
        inbox: String::new(),
        reason: String::new(),
        remove_old_staff: false,
    };
    let ask_close = TicketRequest::AskClose {
        wait: None,
        reason: String::new(),
    };
    for (what, request) in [
        ("`close`", close),
        ("`add`", TicketRequest::Add(target())),
        ("`remove`", TicketRequest::Remove(target())),
        ("`rename`", rename),
        ("`transfer`", transfer),
        ("`ask-close`", ask_close),
        ("`snooze`", TicketRequest::Snooze { wait: "1h".into() }),
    ] {
        row(what, &|person| yes_or_no(person.may(&request)));
    }
    row("`reopen`", &|person| yes_or_no(person.may_reopen()));
    row("*Open a ticket…* for a member", &|person| {
        yes_or_no(person.may_open_for_others())
    });
    for (what, request) in [
        ("`claim`", TicketRequest::Claim),
        ("`unclaim`", TicketRequest::Unclaim),
    ] {
        row(what, &|person| yes_or_no(person.may(&request)));
    }
    row("*Join*, *Join a ticket…*", &|person| {
        yes_or_no(person.may_join())
    });
    row("`list` of others' tickets", &|person| {
        yes_or_no(person.may_list())
    });
    row("*Report to staff*", &|person| {
        yes_or_no(person.may_report())
    });
    for (what, button) in [
        (
            "*Close* with `close-button` *request*",
            OwnerCloses::Requests,
        ),
        ("*Close* with `close-button` *owner*", OwnerCloses::Closes),
    ] {
        row(what, &|person| person.closes(button));
    }
    for (what, request) in [
        (
            "*I still need help*, *Not yet*",
            TicketRequest::KeepOpen { prompt: PROMPT },
        ),
        (
            "*Close* under a reminder, *Yes, close it*",
            TicketRequest::AgreeToClose { prompt: PROMPT },
        ),
    ] {
        row(what, &|person| yes_or_no(person.may(&request)));
    }
    lines.join("\n")
}

#[test]
fn the_table_in_the_documentation_is_what_is_decided() {
    const START: &str = "<!-- who may do what: written by a test -->\n\n";
    const END: &str = "\n\n<!-- end -->";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/staff.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(START).expect("the table has a start");
    let (written, after) = rest.split_once(END).expect("the table has an end");
    let table = table();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let page = format!("{before}{START}{table}{END}{after}");
        std::fs::write(&path, page).unwrap();
    } else {
        assert_eq!(written, table);
    }
}

/// Only staff of this ticket have power over it, independently of the table.
#[test]
fn only_staff_of_this_ticket_have_powers() {
    for person in people() {
        let is_staff = matches!(
            person.title,
            "listed staff" | "*Manage Threads*" | "administrators"
        );
        assert_eq!(person.may_reopen(), is_staff, "{}", person.title);
        assert_eq!(person.may_open_for_others(), is_staff, "{}", person.title);
        for request in [
            TicketRequest::Add(target()),
            TicketRequest::Remove(target()),
            TicketRequest::Close {
                reason: String::new(),
                remove_members: true,
            },
        ] {
            assert_eq!(person.may(&request), is_staff, "{}", person.title);
        }
    }
}
