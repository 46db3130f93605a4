//! *Select this message*: completes the command that asked for a message.

use crate::action::{Action, Content, Modal, PostInbox};
use crate::decide::inbox::MAX_STAFF;
use crate::inbox::{Inbox, InboxChange, free_name};
use crate::pending::{EXPIRES_AFTER, Pending, Target, Task, Waited, waits_until};
use crate::permission::{FOR_TICKETS, Missing, Permission, Place, missing_for_inbox};
use crate::problem::{self, Created, Problem, problems};
use crate::request::{Invoker, Selected};
use crate::setting::{self, Setting};
use crate::template::DEFAULT_NAME;
use crate::text::{MessageLink, Text};
use crate::{ChannelId, Mention, MessageId, RoleId};

/// The facts that a selection depends on. The shell collects those that the pending command needs.
#[derive(Clone, Debug)]
pub struct Facts {
    pub waited: Waited,
    /// The inbox whose message was selected.
    pub selected: Option<Inbox>,
    /// The inbox whose message is being replaced.
    pub replaced: Option<Inbox>,
    /// The channel that the content will be in.
    pub channel: Option<Place>,
    /// Where tickets go, for a new inbox or a new destination.
    pub destination: Option<Place>,
    /// The removed inbox that is posted again.
    pub again: Option<Inbox>,
    /// The names of the server's inboxes, if a new inbox has one.
    pub names: Vec<String>,
    /// The first staff of a new inbox.
    pub first_staff: Vec<Mention>,
    /// The server's roles, for the menu of staff.
    pub roles: Vec<RoleId>,
    /// What the inbox's problems depend on after the change.
    pub known: Option<problem::Facts>,
    /// The host's limit for attachments, in bytes.
    pub max_attachment_size: u64,
}

impl Facts {
    fn problems(&self, inbox: &Inbox) -> Vec<Problem> {
        let known = self.known.as_ref();
        known.map_or_else(Vec::new, |known| problems(inbox, known))
    }
}

/// Decides a selection.
pub fn select(invoker: &Invoker, message: &Selected, facts: &Facts) -> Vec<Action> {
    let here = MessageLink {
        guild: invoker.guild,
        channel: message.channel,
        message: message.id,
    };
    let decided = match &facts.waited {
        Waited::Nothing => return vec![Action::Say(Text::NothingPending { message: here })],
        Waited::Expired => {
            let minutes = EXPIRES_AFTER / 60_000;
            return vec![Action::Say(Text::SelectionExpired {
                message: here,
                minutes,
            })];
        }
        Waited::For(Pending::Content(target)) => copy(invoker, message, here, target, facts),
        Waited::For(Pending::Inbox(task)) => change(invoker, message, here, *task, facts),
    };
    match decided {
        Ok(mut actions) => {
            // The bot stops waiting last, so that the member can select again if an action fails. Before
            // another question it stops waiting first, so that the new question stays.
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
    invoker: &Invoker,
    message: &Selected,
    here: MessageLink,
    target: &Target,
    facts: &Facts,
) -> Result<Vec<Action>, Text> {
    if let Target::Replace { .. } = target {
        if facts
            .replaced
            .as_ref()
            .is_none_or(|inbox| inbox.guild != invoker.guild)
        {
            // No selection would help, so the bot stops waiting.
            return Ok(vec![Action::Say(Text::InboxGone {})]);
        }
        if facts
            .replaced
            .as_ref()
            .is_some_and(|inbox| inbox.message == message.id)
        {
            return Err(Text::SelectedItself { message: here });
        }
    }
    let name = name(target, &facts.names)?;
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
                link: inbox.link(),
                content,
                problems: facts.problems(inbox),
            }]
        }
        (Target::Replace { .. }, None) => vec![Action::Say(Text::InboxGone {})],
        (
            Target::NewInbox {
                channel,
                destination,
                again,
                ..
            },
            _,
        ) => {
            if again.is_some() && facts.again.is_none() {
                return Ok(vec![Action::Say(Text::InboxGone {})]);
            }
            let post = post(invoker, *channel, *destination, content, facts);
            let again = *again;
            vec![Action::PostInbox(PostInbox {
                name,
                again,
                ..post
            })]
        }
    })
}

/// The name of a new inbox. Another inbox may have taken it in the meantime. Then only an inbox that is
/// posted again gets a number, because nobody was asked for its name.
fn name(target: &Target, names: &[String]) -> Result<Option<String>, Text> {
    let Target::NewInbox {
        name: Some(name),
        again,
        ..
    } = target
    else {
        return Ok(None);
    };
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let refusal = |name: &str| setting::Name.refused_beside(name, &names);
    match refusal(name) {
        Some(refusal) if again.is_none() => Err(refusal),
        _ => Ok(Some(free_name(name, |name| refusal(name).is_some()))),
    }
}

/// A new inbox.
fn post(
    invoker: &Invoker,
    channel: ChannelId,
    destination: Option<ChannelId>,
    content: Content,
    facts: &Facts,
) -> PostInbox {
    let staff = facts.first_staff.clone();
    let link = MessageLink {
        guild: invoker.guild,
        channel,
        // The message is not posted yet.
        message: MessageId(0),
    };
    let made = || Inbox::new(link, destination, staff.clone());
    let inbox = facts.again.clone().unwrap_or_else(made);
    let created = Created::of(&inbox, facts.known.as_ref());
    PostInbox {
        guild: invoker.guild,
        channel,
        destination,
        name: None,
        again: None,
        staff,
        content,
        created,
    }
}

/// What an inbox will show of the message; `None` if the message has no content.
fn content(message: &Selected) -> Option<Content> {
    let text = message.text.trim();
    let (pictures, files): (Vec<_>, Vec<_>) = message
        .attachments
        .iter()
        .cloned()
        // An embed does not hide spoilers, so they stay files.
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

fn missing_to_post(message: &Selected, target: &Target, facts: &Facts) -> Vec<Missing> {
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
        Target::NewInbox { .. } => missing_for_inbox(
            channel,
            &needed,
            facts.destination.unwrap_or(channel),
            &FOR_TICKETS,
        ),
        Target::Replace { .. } => channel.missing(&needed).into_iter().collect(),
    }
}

fn change(
    invoker: &Invoker,
    message: &Selected,
    here: MessageLink,
    task: Task,
    facts: &Facts,
) -> Result<Vec<Action>, Text> {
    let inbox = match &facts.selected {
        Some(inbox) if inbox.guild == invoker.guild => inbox,
        _ if message.looks_like_inbox => return Err(Text::NoLongerAnInbox { message: here }),
        _ => return Err(Text::NotAnInbox { message: here }),
    };
    let link = inbox.link();
    Ok(match task {
        Task::Destination(channel) => return redirect(inbox, channel, facts),
        Task::Message => vec![Action::Ask(
            Text::SelectReplacement {
                inbox: link,
                until: waits_until(invoker.at),
            },
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
            has_form: inbox.get(setting::Form).is_some(),
        })],
    })
}

fn redirect(inbox: &Inbox, channel: ChannelId, facts: &Facts) -> Result<Vec<Action>, Text> {
    let link = inbox.link();
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
    let destination = (channel != inbox.channel).then_some(channel);
    let changed = Inbox {
        destination,
        ..inbox.clone()
    };
    let text = Text::DestinationChanged {
        inbox: link,
        old,
        new: channel,
    };
    Ok(vec![
        Action::ChangeInbox(inbox.id, InboxChange::Destination(destination)),
        Action::Report(text, facts.problems(&changed)),
    ])
}

fn show_staff(inbox: &Inbox, facts: &Facts) -> Action {
    let link = inbox.link();
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
        inbox: inbox.id,
        staff,
        text,
        problems: facts.problems(inbox),
    }
}

#[cfg(test)]
mod tests;
