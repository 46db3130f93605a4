//! The commands that set inboxes up, up to the question for a message, and what is saved at the end.

use crate::action::Action;
use crate::event::Asker;
use crate::pending::{Pending, Target, Task};
use crate::permission::{FOR_MESSAGE, Place, missing_for_inbox};
use crate::stored::Inbox;
use crate::template::{DEFAULT_NAME, NameTemplate, mentions_placeholder};
use crate::text::{MessageLink, Text};
use crate::{Mention, RoleId, UserId};

/// `/inbox create`: the places are the inbox's channel and the tickets' destination.
pub fn create(channel: Place, destination: Option<Place>) -> Vec<Action> {
    let missing = missing_for_inbox(channel, &FOR_MESSAGE, destination.unwrap_or(channel));
    if !missing.is_empty() {
        return vec![Action::Say(Text::MissingPermissions { missing })];
    }
    let target = Target::NewInbox {
        channel: channel.channel,
        destination: destination
            .map(|place| place.channel)
            .filter(|&id| id != channel.channel),
    };
    vec![Action::Ask(
        Text::SelectContent {},
        Pending::Content(target),
    )]
}

/// One of the commands that change an inbox. `destination` is known for `/inbox destination`.
pub fn change(task: Task, destination: Option<Place>) -> Vec<Action> {
    if let Some(missing) =
        destination.and_then(|place| place.missing(&crate::permission::FOR_TICKETS))
    {
        return vec![Action::Say(Text::MissingPermissions {
            missing: vec![missing],
        })];
    }
    vec![Action::Ask(Text::SelectInbox {}, Pending::Inbox(task))]
}

/// The most members and roles that a select menu can show and take.
pub const MAX_STAFF: usize = 25;

/// The menu of `/inbox staff` was saved.
pub fn choose_staff(inbox: Option<&Inbox>, asker: &Asker, staff: Vec<Mention>) -> Vec<Action> {
    let Some(inbox) = theirs(inbox, asker) else {
        return gone();
    };
    let link = link(inbox);
    let count = i64::try_from(staff.len()).unwrap_or(i64::MAX);
    vec![
        Action::SetStaff {
            inbox: inbox.id,
            staff: staff.clone(),
        },
        Action::UpdateStaff {
            inbox: link,
            staff: staff.clone(),
            text: Text::StaffSaved {
                inbox: link,
                staff,
                count,
            },
        },
    ]
}

/// The starting message was submitted. `default` is what the modal showed if there was none yet:
/// handing that in unchanged keeps the default, so that it follows the server's language.
pub fn set_starter(
    inbox: Option<&Inbox>,
    asker: &Asker,
    template: &str,
    default: &str,
) -> Vec<Action> {
    let Some(inbox) = theirs(inbox, asker) else {
        return gone();
    };
    let link = link(inbox);
    let template = template.trim();
    let template = if template == default.trim() {
        ""
    } else {
        template
    };
    let text = if template.is_empty() {
        Text::StarterReset { inbox: link }
    } else if mentions_placeholder(template, "author") {
        Text::StarterSaved { inbox: link }
    } else {
        Text::StarterSavedWithoutAuthor { inbox: link }
    };
    vec![
        Action::SetStarter {
            inbox: inbox.id,
            template: template.to_owned(),
        },
        Action::Say(text),
    ]
}

/// The name was submitted.
pub fn set_name(inbox: Option<&Inbox>, asker: &Asker, template: &str) -> Vec<Action> {
    let Some(inbox) = theirs(inbox, asker) else {
        return gone();
    };
    let link = link(inbox);
    let template = template.trim();
    let template = if template == DEFAULT_NAME {
        ""
    } else {
        template
    };
    let sample = NameTemplate {
        template: template.to_owned(),
        author: asker.display_name.clone(),
        at: asker.at,
    };
    let example = sample.render(1).unwrap_or_default();
    let text = if template.is_empty() {
        Text::NameReset {
            inbox: link,
            example,
        }
    } else {
        Text::NameSaved {
            inbox: link,
            example,
        }
    };
    vec![
        Action::SetName {
            inbox: inbox.id,
            template: template.to_owned(),
        },
        Action::Say(text),
    ]
}

/// A channel's own rule for a member or role, as far as the staff depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overwrite {
    pub who: Mention,
    pub allows_manage_threads: bool,
}

/// An inbox's first staff: whom the destination allows Manage Threads by name.
/// Not @everyone, and not the bot or its own role.
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
    // Roles first: they are whom a member expects to answer.
    staff.sort_by_key(|who| matches!(who, Mention::User(_)));
    staff.truncate(MAX_STAFF);
    staff
}

/// The link to an inbox.
pub fn link(inbox: &Inbox) -> MessageLink {
    MessageLink {
        guild: inbox.guild,
        channel: inbox.channel,
        message: inbox.id,
    }
}

/// Component ids come from clients: an inbox of another server is none.
fn theirs<'a>(inbox: Option<&'a Inbox>, asker: &Asker) -> Option<&'a Inbox> {
    inbox.filter(|inbox| inbox.guild == asker.guild)
}

fn gone() -> Vec<Action> {
    vec![Action::Say(Text::InboxGone {})]
}
