//! What people want of the bot, in the domain's words: somebody waits for a response.

use serde::{Deserialize, Serialize};

use crate::entries::Layout;
use crate::form::Answer;
use crate::pending::Task;
use crate::permission::Permissions;
use crate::setting::Entered;
use crate::{ChannelId, GuildId, InboxId, Mention, MessageId, RoleId, Timestamp, UserId};

/// The member who invoked something, where and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoker {
    pub guild: GuildId,
    /// The channel or thread in which they invoked it.
    pub channel: ChannelId,
    pub user: UserId,
    /// Their display name in that server.
    pub display_name: String,
    /// The account's name, for the audit log.
    pub username: String,
    /// Whether they may manage the server.
    pub manages: bool,
    /// Their roles, without @everyone.
    pub roles: Vec<RoleId>,
    /// When they joined the server, if Discord says so.
    pub joined_at: Option<Timestamp>,
    /// What they may do in `channel`.
    pub permissions: Permissions,
    /// Until when a time-out keeps them from writing, if there is one.
    pub timed_out_until: Option<Timestamp>,
    /// The interaction's own time.
    pub at: Timestamp,
}

impl Invoker {
    /// Whether a time-out keeps them from writing.
    pub fn is_timed_out(&self) -> bool {
        self.timed_out_until.is_some_and(|until| until > self.at)
    }
}

/// What a member wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Inbox(InboxRequest),
    Entries(EntriesRequest),
    Removal(RemovalRequest),
    Settings(SettingsRequest),
    /// Is typing an option of a command, and wants suggestions.
    Complete(Complete),
    /// Clicked *Create Ticket*, or submitted the inbox's form with these answers.
    OpenTicket {
        inbox: InboxId,
        /// The slowmode of the channel in which they clicked, in seconds; 0 if unknown.
        slowmode: u32,
        /// The name of the channel in which they clicked.
        channel_name: Option<String>,
        answers: Option<Vec<Answer>>,
        /// The message whose menu was used, which must be reset.
        menu: Option<MessageId>,
    },
    /// Wants to see the inbox's form without opening a ticket.
    TryForm {
        inbox: InboxId,
    },
    /// Submitted a form that was only tried.
    TriedForm {
        answers: Vec<Answer>,
    },
    /// `/ticket` inside a ticket.
    Ticket(TicketRequest),
    Anywhere(AnywhereRequest),
    /// *Report to staff* in this message's Apps menu.
    Report(Reported),
    /// Submitted the modal of *Report to staff*, with what is wrong with this message.
    SubmitReport {
        message: MessageId,
        answers: Vec<Answer>,
    },
}

/// Makes or changes an inbox, or shows the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InboxRequest {
    /// `/inbox create`.
    Create {
        channel: ChannelId,
        destination: Option<ChannelId>,
        name: Option<String>,
        /// The inbox whose message will offer the new one.
        panel: Option<String>,
    },
    /// One of the commands that change an inbox.
    Change(Task),
    /// One of these commands with an inbox that was named, so that no message needs to be selected.
    ChangeNamed { task: Task, inbox: String },
    /// *Select this message*.
    Select(Selected),
    /// Saved the menu of `/inbox staff`.
    ChooseStaff { inbox: InboxId, staff: Vec<Mention> },
    /// Clicked *Use these roles* under the menu.
    UseSuggestedStaff { inbox: InboxId },
    /// Submitted the modal of `/inbox new-tickets starter`.
    SetStarter { inbox: InboxId, template: String },
    /// Submitted the modal of `/inbox new-tickets name`.
    SetName { inbox: InboxId, template: String },
    /// `/inbox list`, or a button to another page of it.
    List { page: usize, by_button: bool },
}

/// Chooses which inboxes a message offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntriesRequest {
    /// `/inbox panel`.
    Edit { inbox: String },
    /// Chose, in the menu of `/inbox panel`, which inboxes the message offers.
    Choose {
        inbox: InboxId,
        chosen: Vec<InboxId>,
        /// What the menu showed as chosen.
        before: Vec<InboxId>,
    },
    /// Chose, in the other menu of `/inbox panel`, how they are shown.
    Arrange { inbox: InboxId, layout: Layout },
}

/// Removes an inbox, or posts a removed one again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemovalRequest {
    /// `/inbox remove`.
    Remove { inbox: String },
    /// Confirmed the removal of an inbox.
    Confirm { inbox: InboxId },
    /// Wants to post a removed inbox again.
    PostAgain { inbox: InboxId },
    /// No longer wants to keep a removed inbox.
    Forget { inbox: InboxId },
}

/// Shows or changes settings. `inbox` is `None` for a setting of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsRequest {
    /// `/inbox settings`, with what was written in its options.
    Open {
        inbox: Option<String>,
        setting: Option<String>,
    },
    /// Chose the inbox whose settings are wanted, or whose `setting` is wanted.
    ChooseInbox {
        inbox: InboxId,
        setting: Option<&'static str>,
    },
    /// Picked a setting in the panel.
    Choose {
        inbox: Option<InboxId>,
        key: &'static str,
    },
    /// Submitted the control of a setting.
    Enter {
        inbox: Option<InboxId>,
        key: &'static str,
        entered: Entered,
    },
    /// Wants to correct what was refused.
    Edit {
        inbox: Option<InboxId>,
        key: &'static str,
        written: String,
    },
}

/// About tickets, from any channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnywhereRequest {
    /// `/ticket open`. `inbox`: a suggestion's id, or what was typed.
    Open { inbox: Option<String> },
    /// *Open a ticket…* in a member's Apps menu, or a later step of it.
    OpenFor {
        user: UserId,
        inbox: Option<InboxId>,
        /// The user has an open ticket, and should get another one.
        another: bool,
    },
    /// `/ticket list`, or a button to another page of it. `only`: list only the tickets of this member.
    List { only: Option<UserId>, page: usize },
    /// Clicked *Join* under a ticket's notice, which is this message.
    JoinByNotice { message: MessageId },
    /// Chose in the menu of a list.
    Join { ticket: ChannelId },
    /// `/ticket reopen`.
    Reopen { ticket: ChannelId },
    /// Clicked *Add …* after reopening a ticket.
    AddOwner { ticket: ChannelId },
}

/// A message that is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    pub id: MessageId,
    pub channel: ChannelId,
    pub author: UserId,
    /// The author's name as it is shown, if Discord sends it.
    pub author_name: String,
    pub text: String,
    /// The names of its files.
    pub files: Vec<String>,
}

/// The subcommands of `/ticket`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketRequest {
    Close {
        reason: String,
        remove_members: bool,
    },
    Add(Target),
    Remove(Target),
    /// `current` is the ticket's name so far.
    Rename {
        name: String,
        current: Option<String>,
    },
    /// Clicked *Close*.
    ClickClose,
    /// Submitted the modal that *Close* opens.
    ConfirmClose {
        reason: String,
    },
    /// `wait` is what was written for the time after which the ticket is closed without an answer.
    AskClose {
        wait: Option<String>,
        reason: String,
    },
    Snooze {
        wait: String,
    },
    /// Clicked *I still need help* or *Not yet* under this message.
    KeepOpen {
        prompt: MessageId,
    },
    /// Clicked the button that agrees to close the ticket.
    AgreeToClose {
        prompt: MessageId,
    },
    Claim,
    Unclaim,
    /// `inbox`: a suggestion's id, or what was typed.
    Transfer {
        inbox: String,
        reason: String,
        remove_old_staff: bool,
    },
    Help,
}

impl TicketRequest {
    /// Whether the request makes sense only while the owner is in the ticket.
    pub fn needs_owner(&self) -> bool {
        matches!(self, Self::AskClose { .. } | Self::Transfer { .. })
    }
}

/// A user whom a command is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub user: UserId,
    /// Their display name in that server.
    pub name: String,
    pub is_bot: bool,
    /// What they may do where the command was used. `None` if they are not in the server.
    pub permissions: Option<Permissions>,
}

impl Request {
    /// Whether the request comes from a message that only this member sees, and that the response replaces.
    pub fn is_of_a_panel(&self) -> bool {
        match self {
            Self::Inbox(request) => matches!(
                request,
                InboxRequest::ChooseStaff { .. }
                    | InboxRequest::UseSuggestedStaff { .. }
                    | InboxRequest::List { .. }
            ),
            Self::Entries(request) => !matches!(request, EntriesRequest::Edit { .. }),
            Self::Removal(request) => matches!(
                request,
                RemovalRequest::Confirm { .. } | RemovalRequest::Forget { .. }
            ),
            Self::Settings(request) => !matches!(request, SettingsRequest::Open { .. }),
            Self::Anywhere(request) => matches!(request, AnywhereRequest::List { .. }),
            Self::Complete(_)
            | Self::OpenTicket { .. }
            | Self::TryForm { .. }
            | Self::TriedForm { .. }
            | Self::Ticket(_)
            | Self::Report(_)
            | Self::SubmitReport { .. } => false,
        }
    }

    /// The inbox whose menu or modal the request came from; [`InboxId::SERVER`] for one of the server. Discord checks who may
    /// use a command, but a menu can stay open after its reader has lost the permission.
    pub fn menu_of(&self) -> Option<InboxId> {
        match self {
            Self::Inbox(request) => match request {
                InboxRequest::ChooseStaff { inbox, .. }
                | InboxRequest::UseSuggestedStaff { inbox }
                | InboxRequest::SetStarter { inbox, .. }
                | InboxRequest::SetName { inbox, .. } => Some(*inbox),
                InboxRequest::List { by_button, .. } => by_button.then_some(InboxId::SERVER),
                InboxRequest::Create { .. }
                | InboxRequest::Change(_)
                | InboxRequest::ChangeNamed { .. }
                | InboxRequest::Select(_) => None,
            },
            Self::Entries(request) => match request {
                EntriesRequest::Choose { inbox, .. } | EntriesRequest::Arrange { inbox, .. } => {
                    Some(*inbox)
                }
                EntriesRequest::Edit { .. } => None,
            },
            Self::Removal(request) => match request {
                RemovalRequest::Confirm { inbox } => Some(*inbox),
                RemovalRequest::PostAgain { .. } | RemovalRequest::Forget { .. } => Some(InboxId::SERVER),
                RemovalRequest::Remove { .. } => None,
            },
            Self::Settings(request) => match request {
                SettingsRequest::ChooseInbox { inbox, .. } => Some(*inbox),
                SettingsRequest::Choose { inbox, .. }
                | SettingsRequest::Enter { inbox, .. }
                | SettingsRequest::Edit { inbox, .. } => Some(inbox.unwrap_or(InboxId::SERVER)),
                SettingsRequest::Open { .. } => None,
            },
            Self::Complete(_)
            | Self::OpenTicket { .. }
            // Every member may see and try a form.
            | Self::TryForm { .. }
            | Self::TriedForm { .. }
            | Self::Ticket(_)
            | Self::Anywhere(_)
            | Self::Report(_)
            | Self::SubmitReport { .. } => None,
        }
    }
}

/// The option that somebody is typing, and what is typed so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complete {
    Inbox {
        typed: String,
    },
    /// An inbox that the member can open a ticket in.
    InboxToOpen {
        typed: String,
    },
    /// An inbox to which staff can transfer the ticket in this channel.
    InboxToTransfer {
        typed: String,
    },
    Setting {
        typed: String,
    },
    /// A closed ticket.
    ClosedTicket {
        typed: String,
    },
    Duration {
        typed: String,
    },
}

/// A selected message, reduced to what decisions need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    pub id: MessageId,
    pub channel: ChannelId,
    /// The bot itself wrote it, with a *Create Ticket* button.
    pub looks_like_inbox: bool,
    pub text: String,
    pub attachments: Vec<Attachment>,
    /// Whether it has embeds of its own (not previews of its links).
    pub has_embeds: bool,
}

/// A file on a message, or in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub filename: String,
    /// Where it can be downloaded.
    pub url: String,
    /// In bytes, as Discord says.
    pub size: u64,
    /// The alt text.
    pub description: Option<String>,
    /// Whether an embed can show it.
    pub is_image: bool,
}

impl Attachment {
    /// Discord marks a spoiler only by its name. Source: Discord's "Uploading Files".
    pub fn is_spoiler(&self) -> bool {
        self.filename.starts_with("SPOILER_")
    }
}

/// A message in a server that begins with a mention of the bot and a known word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostRequest {
    pub guild: GuildId,
    pub channel: ChannelId,
    pub message: MessageId,
    pub author: UserId,
    pub command: HostCommand,
}

/// The commands by mention of the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostCommand {
    /// `sync`, perhaps followed by a word that should be a server's id.
    Sync(Option<String>),
    /// `reload-config` or `config-reload`.
    ReloadConfig,
    /// Asks which commands there are.
    Help,
    /// Asks how to add the bot to a server.
    Invite,
}

impl HostCommand {
    /// Parses the text after the mention; unknown words are ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let understood = match words.next()? {
            "sync" => Self::Sync(words.next().map(str::to_owned)),
            "reload-config" | "config-reload" => Self::ReloadConfig,
            "help" => Self::Help,
            "invite" => Self::Invite,
            _ => return None,
        };
        words.next().is_none().then_some(understood)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(HostCommand::parse(" sync "), Some(HostCommand::Sync(None)));
        assert_eq!(
            HostCommand::parse("sync 12"),
            Some(HostCommand::Sync(Some("12".into())))
        );
        assert_eq!(
            HostCommand::parse("sync me"),
            Some(HostCommand::Sync(Some("me".into())))
        );
        assert_eq!(
            HostCommand::parse("reload-config"),
            Some(HostCommand::ReloadConfig)
        );
        assert_eq!(
            HostCommand::parse("config-reload"),
            Some(HostCommand::ReloadConfig)
        );
        assert_eq!(HostCommand::parse("help"), Some(HostCommand::Help));
        assert_eq!(HostCommand::parse(" invite"), Some(HostCommand::Invite));
        for unknown in [
            "",
            "help me",
            "invite 12",
            "hello",
            "Sync",
            "sync 1 2",
            "reload-config now",
            "synchronise",
        ] {
            assert_eq!(HostCommand::parse(unknown), None, "{unknown}");
        }
    }
}
