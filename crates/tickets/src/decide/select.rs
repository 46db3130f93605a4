//! *Select this message*: completes the command that asked for a message.

use crate::action::{Action, Content, Modal, PostInbox};
use crate::decide::inbox::{MAX_STAFF, link};
use crate::event::{Asker, Selected};
use crate::pending::{EXPIRES_AFTER, Pending, Target, Task, Waited};
use crate::permission::{FOR_TICKETS, Missing, Permission, Place, missing_for_inbox};
use crate::stored::Inbox;
use crate::template::DEFAULT_NAME;
use crate::text::{MessageLink, Text};
use crate::{Mention, RoleId};

/// What a selection needs to be decided. The shell gathers what the pending command calls for.
#[derive(Clone, Debug)]
pub struct Facts {
    pub waited: Waited,
    /// The inbox that the selected message is.
    pub selected: Option<Inbox>,
    /// The inbox whose message is being replaced.
    pub replaced: Option<Inbox>,
    /// The channel that the content will be in.
    pub channel: Option<Place>,
    /// Where tickets go, for a new inbox or a new destination.
    pub destination: Option<Place>,
    /// The first staff of a new inbox.
    pub first_staff: Vec<Mention>,
    /// The server's roles, for the menu of staff.
    pub roles: Vec<RoleId>,
    /// The host's limit, in bytes.
    pub max_attachment_size: u64,
}

/// Decides a selection.
pub fn select(asker: &Asker, message: &Selected, facts: &Facts) -> Vec<Action> {
    let here = MessageLink {
        guild: asker.guild,
        channel: message.channel,
        message: message.id,
    };
    let decided = match facts.waited {
        Waited::Nothing => return vec![Action::Say(Text::NothingPending { message: here })],
        Waited::Expired => {
            let minutes = EXPIRES_AFTER / 60_000;
            return vec![Action::Say(Text::SelectionExpired {
                message: here,
                minutes,
            })];
        }
        Waited::For(Pending::Content(target)) => copy(asker, message, here, target, facts),
        Waited::For(Pending::Inbox(task)) => change(asker, message, here, task, facts),
    };
    match decided {
        Ok(mut actions) => {
            // Last, so that what fails on the way can be tried again; but before the next question.
            let asks_again = actions
                .iter()
                .any(|action| matches!(action, Action::Ask(..)));
            actions.insert(
                if asks_again { 0 } else { actions.len() },
                Action::StopWaiting,
            );
            actions
        }
        Err(refusal) => vec![Action::KeepWaiting, Action::Say(refusal)],
    }
}

fn copy(
    asker: &Asker,
    message: &Selected,
    here: MessageLink,
    target: Target,
    facts: &Facts,
) -> Result<Vec<Action>, Text> {
    if let Target::Replace { inbox } = target {
        if facts
            .replaced
            .as_ref()
            .is_none_or(|inbox| inbox.guild != asker.guild)
        {
            // Nothing that could be selected would help: the waiting ends.
            return Ok(vec![Action::Say(Text::InboxGone {})]);
        }
        if message.id == inbox {
            return Err(Text::SelectedItself { message: here });
        }
    }
    let total: u64 = message.attachments.iter().map(|file| file.size).sum();
    if total > facts.max_attachment_size {
        return Err(Text::AttachmentsTooLarge {
            limit: facts.max_attachment_size,
        });
    }
    let content = content(message).ok_or(Text::NothingToCopy { message: here })?;
    let missing = missing_to_post(message, target, facts);
    if !missing.is_empty() {
        return Err(Text::MissingPermissions { missing });
    }
    Ok(match (target, &facts.replaced) {
        (Target::Replace { .. }, Some(inbox)) => {
            vec![Action::ReplaceMessage {
                inbox: link(inbox),
                content,
            }]
        }
        (Target::Replace { .. }, None) => vec![Action::Say(Text::InboxGone {})],
        (
            Target::NewInbox {
                channel,
                destination,
            },
            _,
        ) => vec![Action::PostInbox(PostInbox {
            guild: asker.guild,
            channel,
            destination,
            staff: facts.first_staff.clone(),
            content,
        })],
    })
}

/// What of the message an inbox will show; `None` if there is nothing.
fn content(message: &Selected) -> Option<Content> {
    let text = message.text.trim();
    let (pictures, files): (Vec<_>, Vec<_>) = message
        .attachments
        .iter()
        .cloned()
        // An embed shows a spoiler openly, so those stay files.
        .partition(|file| file.is_image && !file.is_spoiler());
    if text.is_empty() && message.has_embeds {
        return Some(Content::Embeds {
            files: message.attachments.clone(),
        });
    }
    let something = !text.is_empty() || !pictures.is_empty() || !files.is_empty();
    something.then(|| Content::Text {
        text: text.to_owned(),
        pictures,
        files,
    })
}

fn missing_to_post(message: &Selected, target: Target, facts: &Facts) -> Vec<Missing> {
    let Some(channel) = facts.channel else {
        return Vec::new();
    };
    let mut needed = vec![
        Permission::ViewChannel,
        Permission::SendMessages,
        Permission::EmbedLinks,
    ];
    if !message.attachments.is_empty() {
        needed.push(Permission::AttachFiles);
    }
    match target {
        Target::NewInbox { .. } => {
            missing_for_inbox(channel, &needed, facts.destination.unwrap_or(channel))
        }
        Target::Replace { .. } => channel.missing(&needed).into_iter().collect(),
    }
}

fn change(
    asker: &Asker,
    message: &Selected,
    here: MessageLink,
    task: Task,
    facts: &Facts,
) -> Result<Vec<Action>, Text> {
    let inbox = match &facts.selected {
        Some(inbox) if inbox.guild == asker.guild => inbox,
        _ if message.looks_like_inbox => return Err(Text::NoLongerAnInbox { message: here }),
        _ => return Err(Text::NotAnInbox { message: here }),
    };
    let link = link(inbox);
    Ok(match task {
        Task::Destination(channel) => return redirect(inbox, channel, facts),
        Task::Message => vec![Action::Ask(
            Text::SelectReplacement { inbox: link },
            Pending::Content(Target::Replace { inbox: inbox.id }),
        )],
        Task::Staff => vec![show_staff(inbox, facts)],
        Task::Starter => vec![Action::ShowModal(Modal::Starter {
            inbox: inbox.id,
            template: (!inbox.starter.is_empty()).then(|| inbox.starter.clone()),
        })],
        Task::Name => vec![Action::ShowModal(Modal::Name {
            inbox: inbox.id,
            template: if inbox.name.is_empty() {
                DEFAULT_NAME
            } else {
                &inbox.name
            }
            .to_owned(),
        })],
    })
}

fn redirect(inbox: &Inbox, channel: crate::ChannelId, facts: &Facts) -> Result<Vec<Action>, Text> {
    let link = link(inbox);
    let old = inbox.tickets_in();
    if old == channel {
        return Ok(vec![Action::Say(Text::DestinationUnchanged {
            inbox: link,
            channel,
        })]);
    }
    if let Some(missing) = facts
        .destination
        .and_then(|place| place.missing(&FOR_TICKETS))
    {
        return Err(Text::MissingPermissions {
            missing: vec![missing],
        });
    }
    Ok(vec![
        Action::SetDestination {
            inbox: inbox.id,
            destination: (channel != inbox.channel).then_some(channel),
        },
        Action::Say(Text::DestinationChanged {
            inbox: link,
            old,
            new: channel,
        }),
    ])
}

fn show_staff(inbox: &Inbox, facts: &Facts) -> Action {
    let link = link(inbox);
    let mut staff: Vec<_> = inbox
        .staff
        .iter()
        .copied()
        .filter(|who| match who {
            Mention::Role(role) => facts.roles.contains(role),
            Mention::User(_) => true,
        })
        .collect();
    let total = staff.len();
    staff.truncate(MAX_STAFF);
    let text = if total > MAX_STAFF {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Text::ChooseStaffShortened {
            inbox: link,
            shown: count(MAX_STAFF),
            total: count(total),
        }
    } else {
        Text::ChooseStaff { inbox: link }
    };
    Action::ShowStaff {
        inbox: link,
        staff,
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::*;
    use crate::event::Attachment;
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
            first_staff: vec![Mention::Role(MODERATORS)],
            roles: vec![MODERATORS],
            max_attachment_size: 5_000_000,
        }
    }

    fn new_inbox() -> Facts {
        facts(Pending::Content(Target::NewInbox {
            channel: SUPPORT,
            destination: Some(TICKETS),
        }))
    }

    fn replacing() -> Facts {
        Facts {
            replaced: Some(inbox()),
            ..facts(Pending::Content(Target::Replace { inbox: INBOX }))
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
                minutes: 3
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
                    guild: GUILD,
                    channel: SUPPORT,
                    destination: Some(TICKETS),
                    staff: vec![Mention::Role(MODERATORS)],
                    content: Content::Text {
                        text: "Need help?".into(),
                        pictures: vec![cat],
                        files: vec![notes, hidden],
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
                    inbox: INBOX_LINK,
                    content: Content::Embeds { files: vec![] }
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
                Action::SetDestination {
                    inbox: INBOX,
                    destination: Some(TICKETS)
                },
                Action::Say(Text::DestinationChanged {
                    inbox: INBOX_LINK,
                    old: SUPPORT,
                    new: TICKETS
                }),
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
        // Back home is stored as "no destination".
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
            Action::SetDestination {
                inbox: INBOX,
                destination: None
            }
        );
    }

    #[test]
    fn the_next_question_comes_after_the_end_of_the_first() {
        assert_eq!(
            select(&mia(), &message(""), &changing(Task::Message)),
            vec![
                Action::StopWaiting,
                Action::Ask(
                    Text::SelectReplacement { inbox: INBOX_LINK },
                    Pending::Content(Target::Replace { inbox: INBOX })
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
                inbox: INBOX_LINK,
                staff: vec![Mention::Role(MODERATORS), Mention::User(MIA)],
                text: Text::ChooseStaff { inbox: INBOX_LINK },
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
                inbox: INBOX,
                template,
            })
        };
        let name = |template: &str| {
            Action::ShowModal(Modal::Name {
                inbox: INBOX,
                template: template.into(),
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
}
