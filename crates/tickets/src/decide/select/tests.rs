use super::*;
use crate::decide::examples::*;
use crate::request::Attachment;
use crate::{ChannelId, GuildId, MessageId, UserId};

const HERE: MessageLink = MessageLink {
    guild: GUILD,
    channel: SUPPORT,
    message: MessageId(41),
};

fn facts(pending: Pending) -> Facts {
    Facts {
        waited: Waited::For(pending),
        selected: None,
        replaced: None,
        channel: Some(place(SUPPORT, &[])),
        destination: Some(place(TICKETS, &[])),
        again: None,
        names: Vec::new(),
        first_staff: vec![Mention::Role(MODERATORS)],
        roles: vec![MODERATORS],
        known: None,
        max_attachment_size: 5_000_000,
    }
}

fn new_inbox() -> Facts {
    facts(Pending::Content(Target::NewInbox {
        channel: SUPPORT,
        destination: Some(TICKETS),
        name: None,
        again: None,
    }))
}

fn replacing() -> Facts {
    Facts {
        replaced: Some(inbox()),
        ..facts(Pending::Content(Target::Replace { inbox: INBOX_ID }))
    }
}

fn changing(task: Task) -> Facts {
    Facts {
        selected: Some(inbox()),
        ..facts(Pending::Inbox(task))
    }
}

fn file(filename: &str, size: u64, is_image: bool) -> Attachment {
    Attachment {
        filename: filename.into(),
        url: format!("https://cdn.example/{filename}"),
        size,
        description: None,
        is_image,
    }
}

fn refused(text: Text) -> Vec<Action> {
    vec![Action::KeepWaiting, Action::Say(text)]
}

#[test]
fn each_wrong_selection_has_its_own_explanation() {
    let waited = |waited| Facts {
        waited,
        ..new_inbox()
    };
    assert_eq!(
        select(&mia(), &message("hi"), &waited(Waited::Nothing)),
        vec![Action::Say(Text::NothingPending { message: HERE })]
    );
    assert_eq!(
        select(&mia(), &message("hi"), &waited(Waited::Expired)),
        vec![Action::Say(Text::SelectionExpired {
            message: HERE,
            minutes: 10
        })]
    );
    let unknown = Facts {
        selected: None,
        ..changing(Task::Staff)
    };
    assert_eq!(
        select(&mia(), &message("hi"), &unknown),
        refused(Text::NotAnInbox { message: HERE })
    );
    let was_one = Selected {
        looks_like_inbox: true,
        ..message("")
    };
    assert_eq!(
        select(&mia(), &was_one, &unknown),
        refused(Text::NoLongerAnInbox { message: HERE })
    );
    let foreign = Facts {
        selected: Some(Inbox {
            guild: GuildId(9),
            ..inbox()
        }),
        ..changing(Task::Staff)
    };
    assert_eq!(
        select(&mia(), &message("hi"), &foreign),
        refused(Text::NotAnInbox { message: HERE })
    );
}

#[test]
fn a_text_and_its_pictures_become_an_inbox() {
    let (cat, notes) = (file("cat.png", 10, true), file("notes.pdf", 10, false));
    let hidden = file("SPOILER_end.png", 10, true);
    let selected = Selected {
        attachments: vec![cat.clone(), notes.clone(), hidden.clone()],
        has_embeds: true,
        ..message(" Need help? ")
    };
    assert_eq!(
        select(&mia(), &selected, &new_inbox()),
        vec![
            Action::PostInbox(PostInbox {
                name: None,
                again: None,
                guild: GUILD,
                channel: SUPPORT,
                destination: Some(TICKETS),
                staff: vec![Mention::Role(MODERATORS)],
                content: Content::Text {
                    text: "Need help?".into(),
                    pictures: vec![cat],
                    files: vec![notes, hidden],
                },
                created: Created {
                    problems: vec![],
                    notice: Text::WillMention {
                        staff: vec![Mention::Role(MODERATORS)]
                    },
                    suggested: vec![],
                },
            }),
            Action::StopWaiting,
        ]
    );
}

#[test]
fn without_text_a_messages_own_embeds_are_copied() {
    let selected = Selected {
        has_embeds: true,
        ..message("")
    };
    let actions = select(&mia(), &selected, &replacing());
    assert_eq!(
        actions,
        vec![
            Action::ReplaceMessage {
                link: INBOX_LINK,
                content: Content::Embeds { files: vec![] },
                problems: vec![],
            },
            Action::StopWaiting,
        ]
    );
}

#[test]
fn pictures_alone_are_enough_and_nothing_is_not() {
    let picture = Selected {
        attachments: vec![file("a.png", 1, true)],
        ..message("")
    };
    assert!(matches!(
        select(&mia(), &picture, &new_inbox())[..],
        [Action::PostInbox(_), Action::StopWaiting]
    ));
    assert_eq!(
        select(&mia(), &message(" \n"), &new_inbox()),
        refused(Text::NothingToCopy { message: HERE })
    );
}

#[test]
fn too_large_is_refused_by_the_total() {
    let with = |sizes: &[u64]| Selected {
        attachments: sizes
            .iter()
            .map(|&size| file("a.png", size, true))
            .collect(),
        ..message("hi")
    };
    assert!(matches!(
        select(&mia(), &with(&[2_500_000, 2_500_000]), &new_inbox())[..],
        [Action::PostInbox(_), ..]
    ));
    assert_eq!(
        select(&mia(), &with(&[2_500_000, 2_500_001]), &new_inbox()),
        refused(Text::AttachmentsTooLarge { limit: 5_000_000 })
    );
}

#[test]
fn posting_needs_embed_links_and_attach_files_only_when_used() {
    let lacking = |permissions: &[Permission]| Facts {
        channel: Some(place(SUPPORT, permissions)),
        ..replacing()
    };
    let refuses = |permissions: &[Permission]| {
        refused(Text::MissingPermissions {
            missing: vec![Missing {
                channel: SUPPORT,
                permissions: permissions.to_vec(),
            }],
        })
    };
    let picture = Selected {
        attachments: vec![file("a.png", 1, true)],
        ..message("hi")
    };
    let no_files = [Permission::AttachFiles];
    assert_eq!(
        select(&mia(), &picture, &lacking(&no_files)),
        refuses(&no_files)
    );
    assert!(matches!(
        select(&mia(), &message("hi"), &lacking(&no_files))[..],
        [Action::ReplaceMessage { .. }, ..]
    ));
    let no_embeds = [Permission::EmbedLinks];
    assert_eq!(
        select(&mia(), &message("hi"), &lacking(&no_embeds)),
        refuses(&no_embeds)
    );
}

#[test]
fn an_inbox_cannot_replace_itself_and_a_retry_works() {
    let itself = Selected {
        id: INBOX,
        looks_like_inbox: true,
        ..message("")
    };
    let link = MessageLink {
        message: INBOX,
        ..HERE
    };
    assert_eq!(
        select(&mia(), &itself, &replacing()),
        refused(Text::SelectedItself { message: link })
    );
    assert!(matches!(
        select(&mia(), &message("new"), &replacing())[..],
        [Action::ReplaceMessage { .. }, Action::StopWaiting]
    ));
}

#[test]
fn an_inbox_that_vanished_ends_the_waiting() {
    for replaced in [
        None,
        Some(Inbox {
            guild: GuildId(9),
            ..inbox()
        }),
    ] {
        let facts = Facts {
            replaced,
            ..replacing()
        };
        assert_eq!(
            select(&mia(), &message("new"), &facts),
            vec![Action::Say(Text::InboxGone {}), Action::StopWaiting]
        );
    }
}

#[test]
fn a_new_destination_says_old_and_new() {
    let task = Task::Destination(TICKETS);
    assert_eq!(
        select(&mia(), &message(""), &changing(task)),
        vec![
            Action::ChangeInbox(INBOX_ID, InboxChange::Destination(Some(TICKETS))),
            Action::Report(
                Text::DestinationChanged {
                    inbox: INBOX_LINK,
                    old: SUPPORT,
                    new: TICKETS
                },
                vec![]
            ),
            Action::StopWaiting,
        ]
    );
    assert_eq!(
        select(&mia(), &message(""), &changing(Task::Destination(SUPPORT))),
        vec![
            Action::Say(Text::DestinationUnchanged {
                inbox: INBOX_LINK,
                channel: SUPPORT
            }),
            Action::StopWaiting,
        ]
    );
    // The inbox's own channel is stored as "no destination".
    let elsewhere = Facts {
        selected: Some(Inbox {
            destination: Some(TICKETS),
            ..inbox()
        }),
        destination: Some(place(SUPPORT, &[])),
        ..changing(Task::Destination(SUPPORT))
    };
    assert_eq!(
        select(&mia(), &message(""), &elsewhere)[0],
        Action::ChangeInbox(INBOX_ID, InboxChange::Destination(None))
    );
}

#[test]
fn the_next_question_comes_after_the_end_of_the_first() {
    assert_eq!(
        select(&mia(), &message(""), &changing(Task::Message)),
        vec![
            Action::StopWaiting,
            Action::Ask(
                Text::SelectReplacement {
                    inbox: INBOX_LINK,
                    until: NOW.unix_seconds() + 600
                },
                Pending::Content(Target::Replace { inbox: INBOX_ID })
            ),
        ]
    );
}

#[test]
fn roles_that_are_gone_drop_out_of_the_menu() {
    let gone = Mention::Role(RoleId(99));
    let mut known = inbox();
    known.staff.extend([gone, Mention::User(MIA)]);
    let facts = Facts {
        selected: Some(known),
        ..changing(Task::Staff)
    };
    assert_eq!(
        select(&mia(), &message(""), &facts)[0],
        Action::ShowStaff {
            inbox: INBOX_ID,
            staff: vec![Mention::Role(MODERATORS), Mention::User(MIA)],
            text: Text::ChooseStaff { inbox: INBOX_LINK },
            problems: vec![],
        }
    );
}

#[test]
fn a_menu_that_cannot_show_all_says_so() {
    let staff = (0..30).map(|id| Mention::User(UserId(id))).collect();
    let facts = Facts {
        selected: Some(Inbox { staff, ..inbox() }),
        ..changing(Task::Staff)
    };
    let Action::ShowStaff { staff, text, .. } = &select(&mia(), &message(""), &facts)[0] else {
        panic!("no menu");
    };
    assert_eq!(staff.len(), MAX_STAFF);
    assert_eq!(
        text,
        &Text::ChooseStaffShortened {
            inbox: INBOX_LINK,
            shown: 25,
            total: 30
        }
    );
}

#[test]
fn modals_are_filled_with_what_is_there() {
    let own = Inbox {
        starter: "Hi".into(),
        name: "n".into(),
        ..inbox()
    };
    let modal = |task, inbox| {
        let facts = Facts {
            selected: Some(inbox),
            ..changing(task)
        };
        select(&mia(), &message(""), &facts)[0].clone()
    };
    let starter = |template: Option<&str>| {
        let template = template.map(str::to_owned);
        Action::ShowModal(Modal::Starter {
            inbox: INBOX_ID,
            template,
        })
    };
    let name = |template: &str| {
        Action::ShowModal(Modal::Name {
            inbox: INBOX_ID,
            template: template.into(),
            has_form: false,
        })
    };
    assert_eq!(modal(Task::Starter, own.clone()), starter(Some("Hi")));
    assert_eq!(modal(Task::Starter, inbox()), starter(None));
    assert_eq!(modal(Task::Name, own), name("n"));
    assert_eq!(modal(Task::Name, inbox()), name(DEFAULT_NAME));
}

#[test]
fn a_destination_that_lost_its_permissions_meanwhile_is_refused() {
    let facts = Facts {
        destination: Some(place(TICKETS, &[Permission::CreatePrivateThreads])),
        ..changing(Task::Destination(TICKETS))
    };
    assert_eq!(
        select(&mia(), &message(""), &facts),
        refused(Text::MissingPermissions {
            missing: vec![Missing {
                channel: ChannelId(11),
                permissions: vec![Permission::CreatePrivateThreads]
            }]
        })
    );
}

#[test]
fn a_new_inbox_says_who_is_notified_and_suggests_who_could_be() {
    let created = |first_staff: &[Mention], manages_threads| {
        let mut known = well();
        known.roles[0].manages_threads = manages_threads;
        known.destination = Some(place(TICKETS, &[]));
        let facts = Facts {
            first_staff: first_staff.to_vec(),
            known: Some(known),
            ..new_inbox()
        };
        let mut actions = select(&mia(), &message("Need help?"), &facts);
        let Action::PostInbox(post) = actions.remove(0) else {
            panic!("no inbox");
        };
        assert_eq!(post.created.problems, [], "the notice says it");
        assert_eq!(post.staff, first_staff, "a suggestion is not saved");
        (post.created.notice, post.created.suggested)
    };
    let moderators = vec![Mention::Role(MODERATORS)];
    let will = Text::WillMention {
        staff: moderators.clone(),
    };
    assert_eq!(created(&moderators, true), (will, vec![]));
    let offering = (Text::NobodyYetOffering {}, moderators);
    assert_eq!(created(&[], true), offering);
    assert_eq!(created(&[], false), (Text::NobodyYet {}, vec![]));
}

#[test]
fn each_change_tells_what_is_wrong_with_the_inbox() {
    let mut known = well();
    known.roles[0].is_mentionable = false;
    known.home = place(SUPPORT, &[Permission::MentionEveryone]);
    known.destination = Some(place(TICKETS, &[Permission::MentionEveryone]));
    let with = |facts: Facts| Facts {
        known: Some(known.clone()),
        ..facts
    };
    let expected = [Problem::NotMentionable {
        roles: vec![MODERATORS],
        channel: TICKETS,
    }];
    let done = |facts, selected: &Selected| select(&mia(), selected, &with(facts));
    let created = &done(new_inbox(), &message("Hi"))[0];
    assert!(matches!(created, Action::PostInbox(post) if post.created.problems == expected));
    let replaced = &done(replacing(), &message("Hi"))[0];
    assert!(matches!(replaced, Action::ReplaceMessage { problems, .. } if *problems == expected));
    let shown = &done(changing(Task::Staff), &message(""))[0];
    assert!(matches!(shown, Action::ShowStaff { problems, .. } if *problems == expected));
    let moved = &done(changing(Task::Destination(TICKETS)), &message(""))[1];
    assert!(matches!(moved, Action::Report(_, problems) if *problems == expected));
}

#[test]
fn a_name_that_was_taken_meanwhile_is_refused() {
    let mut facts = new_inbox();
    facts.waited = Waited::For(Pending::Content(Target::NewInbox {
        channel: SUPPORT,
        destination: None,
        name: Some("Billing".into()),
        again: None,
    }));
    let created = select(&mia(), &message("Need help?"), &facts);
    let [Action::PostInbox(post), ..] = &created[..] else {
        panic!("{created:?}")
    };
    assert_eq!(post.name.as_deref(), Some("Billing"));
    facts.names = vec!["support".into(), "billing".into()];
    let written = "Billing".to_owned();
    assert_eq!(
        select(&mia(), &message("Need help?"), &facts),
        [
            Action::KeepWaiting,
            Action::Say(Text::NameTaken { written })
        ]
    );
}

#[test]
fn a_removed_inbox_is_posted_again_with_its_staff() {
    let mut facts = new_inbox();
    let target = Target::NewInbox {
        channel: SUPPORT,
        destination: None,
        name: None,
        again: Some(INBOX_ID),
    };
    facts.waited = Waited::For(Pending::Content(target));
    facts.again = Some(inbox());
    facts.first_staff = inbox().staff;
    let posted = select(&mia(), &message("Need help?"), &facts);
    let [Action::PostInbox(post), ..] = &posted[..] else {
        panic!("{posted:?}")
    };
    assert_eq!((post.again, &post.staff), (Some(INBOX_ID), &inbox().staff));
    // Nobody was asked for the name, so the inbox gets a free one.
    facts.waited = Waited::For(Pending::Content(Target::NewInbox {
        channel: SUPPORT,
        destination: None,
        name: Some("Billing".into()),
        again: Some(INBOX_ID),
    }));
    facts.names = vec!["support".into(), "billing".into()];
    let posted = select(&mia(), &message("Need help?"), &facts);
    let [Action::PostInbox(post), ..] = &posted[..] else {
        panic!("{posted:?}")
    };
    assert_eq!(post.name.as_deref(), Some("Billing 2"));
    facts.again = None;
    let gone = select(&mia(), &message("Need help?"), &facts);
    assert!(gone.contains(&Action::Say(Text::InboxGone {})), "{gone:?}");
}
