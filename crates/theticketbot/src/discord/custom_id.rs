//! The custom ids of buttons, menus and modals. Discord stores them and sends them back.

use std::fmt;
use std::str::FromStr;

use tickets::form::Word;
use tickets::setting::{self, Group, Setting};
use tickets::{ChannelId, InboxId, MessageId, UserId};

/// What a button or menu is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComponentId {
    /// The button under an inbox. The original's inboxes have the same id.
    CreateTicket,
    /// The button of another inbox that this message offers.
    Open(InboxId),
    /// The menu of the other inboxes that this message offers.
    OpenMenu,
    /// The menus that choose which inboxes the message of this inbox offers, counted from 0.
    Entries { inbox: InboxId, menu: usize },
    /// The menu that chooses whether they are shown as buttons or as a menu.
    EntriesLayout(InboxId),
    /// The menu with the staff of this inbox.
    Staff(InboxId),
    /// The button that makes the suggested roles the staff of this inbox.
    UseSuggested(InboxId),
    /// The button that removes this inbox.
    RemoveInbox(InboxId),
    /// The button that posts this removed inbox again.
    PostAgain(InboxId),
    /// The button that forgets this removed inbox.
    ForgetInbox(InboxId),
    /// A button under a list of inboxes: opens this page, which is the next or the previous one.
    InboxPage { page: usize, is_next: bool },
    /// The menu that chooses the inbox whose settings to open: all of them, or this one setting.
    SettingsOf(Option<&'static str>),
    /// The menu with the settings of this group, in the panel of an inbox or of the server.
    Settings(Group, Option<InboxId>),
    /// The button that shows this inbox's form without opening a ticket.
    TryForm(InboxId),
    /// The button that opens the modal of this setting again, with the text that was refused.
    EditSetting(&'static str, Option<InboxId>),
    /// The button that closes its ticket.
    CloseTicket,
    /// The button with which the owner keeps the ticket open.
    KeepOpen,
    /// The button that closes the ticket, under the question whether to close it.
    AgreeToClose,
    /// The menu of inboxes in which the invoker opens a ticket.
    OpenInbox { menu: usize },
    /// The menu of inboxes in which staff open a ticket for this member.
    OpenFor { user: UserId, menu: usize },
    /// The button that opens another ticket for a member who has one.
    OpenAnother { inbox: InboxId, user: UserId },
    /// The menu under a list of tickets.
    JoinTicket,
    /// The button under the notice of this ticket. The bot identifies the ticket by the notice's message, not
    /// by this id.
    Join(ChannelId),
    /// A button under a list of tickets: opens this page. `only` restricts the list to one member's tickets.
    ListPage {
        page: usize,
        only: Option<UserId>,
        is_next: bool,
    },
    /// The button that adds the owner to this reopened ticket.
    AddOwner(ChannelId),
}

/// What a modal is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModalId {
    /// The starting message of this inbox's tickets.
    Starter(InboxId),
    /// The name of this inbox's tickets.
    Name(InboxId),
    /// The reason for closing the ticket in which the modal was opened.
    CloseTicket,
    /// A setting of this inbox, or of the server.
    Setting(&'static str, Option<InboxId>),
    /// The questions that this inbox asks before it opens a ticket.
    Form(InboxId),
    /// The same, as an admin's test that opens no ticket.
    TriedForm(InboxId),
    /// The reason for reporting this message.
    Report(MessageId),
}

/// The id of a field in a form. It contains the question, so that the bot can understand an answer although
/// the form has changed in the meantime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionId {
    pub kind: Word,
    pub label: String,
}

/// The id of the text field, in modals with only one.
pub const MODAL_FIELD: &str = "template";

/// The values of the two choices of a yes-or-no question.
pub const YES: &str = "yes";
pub const NO: &str = "no";

/// The custom id is not one of this bot, or belongs to another version of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownId;

impl fmt::Display for UnknownId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the custom id is unknown")
    }
}

impl std::error::Error for UnknownId {}

const CREATE_TICKET: &str = "create-ticket";
const OPEN: &str = "open";
const OPEN_MENU: &str = "open-menu";
const ENTRIES: &str = "entries";
const ENTRIES_LAYOUT: &str = "entries-layout";
const STAFF: &str = "staff";
const USE_SUGGESTED: &str = "use-suggested";
const CLOSE_TICKET: &str = "close-ticket";
const KEEP_OPEN: &str = "keep-open";
const AGREE_TO_CLOSE: &str = "agree-to-close";
const OPEN_INBOX: &str = "open-inbox";
const OPEN_FOR: &str = "open-for";
const OPEN_ANOTHER: &str = "open-another";
const JOIN_TICKET: &str = "join-ticket";
const REMOVE_INBOX: &str = "remove-inbox";
const POST_AGAIN: &str = "post-again";
const FORGET_INBOX: &str = "forget-inbox";
const INBOXES: &str = "inboxes";
const JOIN: &str = "join";
const LIST: &str = "list";
const NEXT: char = 'n';
const PREVIOUS: char = 'p';
const ADD_OWNER: &str = "add-owner";
const STARTER: &str = "starter";
const NAME: &str = "name";
const FORM: &str = "form";
const TRY: &str = "try";
const TRIED: &str = "tried";
const QUESTION: &str = "ask";
const SETTINGS_OF: &str = "settings-of";
const SETTINGS: &str = "settings";
const EDIT: &str = "edit";
const REPORT: &str = "report";
const SETTING: &str = "setting";

impl fmt::Display for ComponentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateTicket => f.write_str(CREATE_TICKET),
            Self::Open(inbox) => write!(f, "{OPEN}:{inbox}"),
            Self::OpenMenu => f.write_str(OPEN_MENU),
            Self::RemoveInbox(inbox) => write!(f, "{REMOVE_INBOX}:{inbox}"),
            Self::PostAgain(inbox) => write!(f, "{POST_AGAIN}:{inbox}"),
            Self::ForgetInbox(inbox) => write!(f, "{FORGET_INBOX}:{inbox}"),
            Self::Entries { inbox, menu: 0 } => write!(f, "{ENTRIES}:{inbox}"),
            Self::Entries { inbox, menu } => write!(f, "{ENTRIES}:{inbox}:{menu}"),
            Self::EntriesLayout(inbox) => write!(f, "{ENTRIES_LAYOUT}:{inbox}"),
            Self::Staff(inbox) => write!(f, "{STAFF}:{inbox}"),
            Self::UseSuggested(inbox) => write!(f, "{USE_SUGGESTED}:{inbox}"),
            Self::TryForm(inbox) => write!(f, "{TRY}:{inbox}"),
            Self::InboxPage { page, is_next } => {
                let direction = if *is_next { NEXT } else { PREVIOUS };
                write!(f, "{INBOXES}:{direction}{page}")
            }
            Self::SettingsOf(None) => f.write_str(SETTINGS_OF),
            Self::SettingsOf(Some(key)) => write!(f, "{SETTINGS_OF}:{key}"),
            Self::Settings(group, inbox) => {
                write!(f, "{SETTINGS}:{}:{}", group.word(), number(*inbox))
            }
            Self::EditSetting(key, inbox) => write!(f, "{EDIT}:{key}:{}", number(*inbox)),
            Self::CloseTicket => f.write_str(CLOSE_TICKET),
            Self::KeepOpen => f.write_str(KEEP_OPEN),
            Self::AgreeToClose => f.write_str(AGREE_TO_CLOSE),
            Self::OpenInbox { menu: 0 } => f.write_str(OPEN_INBOX),
            Self::OpenInbox { menu } => write!(f, "{OPEN_INBOX}:{menu}"),
            Self::OpenFor { user, menu: 0 } => write!(f, "{OPEN_FOR}:{user}"),
            Self::OpenFor { user, menu } => write!(f, "{OPEN_FOR}:{user}:{menu}"),
            Self::OpenAnother { inbox, user } => write!(f, "{OPEN_ANOTHER}:{inbox}:{user}"),
            Self::JoinTicket => f.write_str(JOIN_TICKET),
            Self::Join(ticket) => write!(f, "{JOIN}:{ticket}"),
            Self::ListPage {
                page,
                only,
                is_next,
            } => {
                let direction = if *is_next { NEXT } else { PREVIOUS };
                write!(f, "{LIST}:{direction}{page}")?;
                only.map_or(Ok(()), |only| write!(f, ":{only}"))
            }
            Self::AddOwner(ticket) => write!(f, "{ADD_OWNER}:{ticket}"),
        }
    }
}

impl FromStr for ComponentId {
    type Err = UnknownId;

    fn from_str(text: &str) -> Result<Self, UnknownId> {
        match text.split_once(':') {
            None if text == CREATE_TICKET => Ok(Self::CreateTicket),
            None if text == OPEN_MENU => Ok(Self::OpenMenu),
            Some((REMOVE_INBOX, id)) => inbox_id(id).map(Self::RemoveInbox),
            Some((POST_AGAIN, id)) => inbox_id(id).map(Self::PostAgain),
            Some((FORGET_INBOX, id)) => inbox_id(id).map(Self::ForgetInbox),
            Some((OPEN, id)) => inbox_id(id).map(Self::Open),
            Some((ENTRIES, rest)) => {
                let (id, menu) = with_menu(rest)?;
                Ok(Self::Entries {
                    inbox: inbox_id(id)?,
                    menu,
                })
            }
            Some((ENTRIES_LAYOUT, id)) => inbox_id(id).map(Self::EntriesLayout),
            None if text == SETTINGS_OF => Ok(Self::SettingsOf(None)),
            None if text == CLOSE_TICKET => Ok(Self::CloseTicket),
            None if text == KEEP_OPEN => Ok(Self::KeepOpen),
            None if text == AGREE_TO_CLOSE => Ok(Self::AgreeToClose),
            None if text == OPEN_INBOX => Ok(Self::OpenInbox { menu: 0 }),
            Some((OPEN_INBOX, menu)) => Ok(Self::OpenInbox {
                menu: menu.parse().map_err(|_| UnknownId)?,
            }),
            Some((OPEN_FOR, rest)) => {
                let (id, menu) = with_menu(rest)?;
                Ok(Self::OpenFor {
                    user: UserId(id_number(id)?),
                    menu,
                })
            }
            Some((OPEN_ANOTHER, ids)) => {
                let (inbox, user) = ids.split_once(':').ok_or(UnknownId)?;
                Ok(Self::OpenAnother {
                    inbox: inbox_id(inbox)?,
                    user: UserId(id_number(user)?),
                })
            }
            None if text == JOIN_TICKET => Ok(Self::JoinTicket),
            Some((INBOXES, page)) => {
                let (page, is_next) = page_of(page).ok_or(UnknownId)?;
                Ok(Self::InboxPage { page, is_next })
            }
            Some((JOIN, id)) => id_number(id).map(|id| Self::Join(ChannelId(id))),
            Some((LIST, page)) => list_page(page).ok_or(UnknownId),
            Some((ADD_OWNER, id)) => id_number(id).map(|id| Self::AddOwner(ChannelId(id))),
            Some((STAFF, id)) => inbox_id(id).map(Self::Staff),
            Some((USE_SUGGESTED, id)) => inbox_id(id).map(Self::UseSuggested),
            Some((TRY, id)) => inbox_id(id).map(Self::TryForm),
            Some((SETTINGS_OF, key)) => Ok(Self::SettingsOf(Some(setting(key)?))),
            Some((SETTINGS, rest)) => {
                let (word, id) = rest.split_once(':').ok_or(UnknownId)?;
                let group = Group::ALL.into_iter().find(|group| group.word() == word);
                Ok(Self::Settings(
                    group.ok_or(UnknownId)?,
                    inbox_or_server(id)?,
                ))
            }
            Some((EDIT, rest)) => {
                let (key, id) = rest.split_once(':').ok_or(UnknownId)?;
                Ok(Self::EditSetting(setting(key)?, inbox_or_server(id)?))
            }
            _ => Err(UnknownId),
        }
    }
}

impl fmt::Display for ModalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starter(inbox) => write!(f, "{STARTER}:{inbox}"),
            Self::Name(inbox) => write!(f, "{NAME}:{inbox}"),
            Self::CloseTicket => f.write_str(CLOSE_TICKET),
            Self::Form(inbox) => write!(f, "{FORM}:{inbox}"),
            Self::TriedForm(inbox) => write!(f, "{TRIED}:{inbox}"),
            Self::Report(message) => write!(f, "{REPORT}:{message}"),
            Self::Setting(key, inbox) => write!(f, "{SETTING}:{key}:{}", number(*inbox)),
        }
    }
}

impl FromStr for ModalId {
    type Err = UnknownId;

    fn from_str(text: &str) -> Result<Self, UnknownId> {
        match text.split_once(':') {
            None if text == CLOSE_TICKET => Ok(Self::CloseTicket),
            Some((STARTER, id)) => inbox_id(id).map(Self::Starter),
            Some((NAME, id)) => inbox_id(id).map(Self::Name),
            Some((FORM, id)) => inbox_id(id).map(Self::Form),
            Some((TRIED, id)) => inbox_id(id).map(Self::TriedForm),
            Some((REPORT, id)) => id_number(id).map(MessageId).map(Self::Report),
            Some((SETTING, rest)) => {
                let (key, id) = rest.split_once(':').ok_or(UnknownId)?;
                Ok(Self::Setting(setting(key)?, inbox_or_server(id)?))
            }
            _ => Err(UnknownId),
        }
    }
}

impl fmt::Display for QuestionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.key().replace(' ', "-");
        write!(f, "{QUESTION}:{kind}:{}", self.label)
    }
}

impl FromStr for QuestionId {
    type Err = UnknownId;

    fn from_str(text: &str) -> Result<Self, UnknownId> {
        let mut parts = text.splitn(3, ':');
        let (Some(QUESTION), Some(kind), Some(label)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(UnknownId);
        };
        let is_it = |word: &Word| word.key().replace(' ', "-") == kind;
        let kind = Word::ALL.into_iter().find(is_it).ok_or(UnknownId)?;
        Ok(Self {
            kind,
            label: label.to_owned(),
        })
    }
}

/// The registry's key that equals this text.
fn setting(key: &str) -> Result<&'static str, UnknownId> {
    let known = setting::find(key);
    known.map(Setting::key).ok_or(UnknownId)
}

/// 0 stands for the server's own settings: no inbox has this id.
fn number(inbox: Option<InboxId>) -> u64 {
    inbox.map_or(0, |inbox| inbox.0)
}

fn inbox_or_server(text: &str) -> Result<Option<InboxId>, UnknownId> {
    match text {
        "0" => Ok(None),
        text => inbox_id(text).map(Some),
    }
}

/// An id, and the number of one of several menus, which is 0 if it is not written.
fn with_menu(text: &str) -> Result<(&str, usize), UnknownId> {
    let (id, menu) = text.split_once(':').unwrap_or((text, "0"));
    Ok((id, menu.parse().map_err(|_| UnknownId)?))
}

fn inbox_id(text: &str) -> Result<InboxId, UnknownId> {
    id_number(text).map(InboxId)
}

/// Each id has one notation: digits without a sign and without leading zeros.
fn id_number(text: &str) -> Result<u64, UnknownId> {
    if !text.starts_with(|c: char| ('1'..='9').contains(&c)) {
        return Err(UnknownId);
    }
    text.parse().map_err(|_| UnknownId)
}

/// Parses a direction, a page, and optionally a member.
fn list_page(text: &str) -> Option<ComponentId> {
    let (page, only) = match text.split_once(':') {
        Some((page, only)) => (page, Some(UserId(id_number(only).ok()?))),
        None => (text, None),
    };
    let (page, is_next) = page_of(page)?;
    Some(ComponentId::ListPage {
        page,
        only,
        is_next,
    })
}

/// Parses a page, and whether the button leads forward.
fn page_of(text: &str) -> Option<(usize, bool)> {
    let page = match text.strip_prefix([NEXT, PREVIOUS])? {
        "0" => 0,
        page => usize::try_from(id_number(page).ok()?).ok()?,
    };
    Some((page, text.starts_with(NEXT)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_are_what_other_versions_know() {
        assert_eq!(ComponentId::CreateTicket.to_string(), "create-ticket");
        assert_eq!(ComponentId::Open(InboxId(7)).to_string(), "open:7");
        assert_eq!(ComponentId::OpenMenu.to_string(), "open-menu");
        assert_eq!(ComponentId::Staff(InboxId(7)).to_string(), "staff:7");
        assert_eq!(ComponentId::CloseTicket.to_string(), "close-ticket");
        assert_eq!(ModalId::CloseTicket.to_string(), "close-ticket");
        assert_eq!(ComponentId::KeepOpen.to_string(), "keep-open");
        assert_eq!(ComponentId::AgreeToClose.to_string(), "agree-to-close");
        assert_eq!(ComponentId::JoinTicket.to_string(), "join-ticket");
        assert_eq!(
            ComponentId::AddOwner(ChannelId(7)).to_string(),
            "add-owner:7"
        );
        let page = |only| ComponentId::ListPage {
            page: 2,
            only,
            is_next: true,
        };
        assert_eq!(page(None).to_string(), "list:n2");
        assert_eq!(page(Some(UserId(7))).to_string(), "list:n2:7");
        assert_eq!(ModalId::Starter(InboxId(7)).to_string(), "starter:7");
        assert_eq!(ModalId::Name(InboxId(7)).to_string(), "name:7");
        assert_eq!(ModalId::Form(InboxId(7)).to_string(), "form:7");
    }

    #[test]
    fn anything_else_is_unknown() {
        for text in [
            "",
            ":",
            "create-ticket ",
            "create-ticket:1",
            "Create-Ticket",
            "staff",
            "staff:",
            "staff:0",
            "staff:01",
            "staff:+1",
            "staff:-1",
            "staff: 1",
            "staff:1 ",
            "staff:1:2",
            "staff:18446744073709551616",
            "join-ticket:1",
            "list",
            "list:",
            "list:n",
            "list:2",
            "list:n02",
            "list:x2",
            "list:n2:",
            "list:n2:0",
            "list:nn2",
            "inboxes",
            "inboxes:",
            "inboxes:2",
            "inboxes:n2:7",
            "open",
            "open:",
            "open:0",
            "open:1:2",
            "open-menu:1",
            "entries:",
            "entries-layout:0",
            "open-inbox:",
            "open-inbox:x",
            "keep-open:1",
            "agree-to-close ",
            "open-for:",
            "open-for:0",
            "open-another:1",
            "open-another:1:",
            "open-another:0:1",
            "add-owner:",
            "add-owner:0",
            "starter:",
            "starter:x",
            "name:0",
            "name:1x",
            "name:\u{661}",
            "report:",
            "report:0",
            "report:1:2",
            "settings-of:",
            "settings-of:nothing",
            "settings",
            "settings:7",
            "settings:nothing:7",
            "settings:access",
            "settings:access:",
            "settings:access:00",
            "edit:cooldown",
            "edit:nothing:7",
            "setting:7",
            "setting:cooldown",
            "setting:cooldown:",
            "setting:cooldown:x",
            "setting:nothing:7",
        ] {
            assert_eq!(text.parse::<ComponentId>(), Err(UnknownId), "{text}");
            assert_eq!(text.parse::<ModalId>(), Err(UnknownId), "{text}");
        }
        // A menu's id is not a modal's id.
        assert_eq!("staff:1".parse::<ModalId>(), Err(UnknownId));
        assert_eq!("name:1".parse::<ComponentId>(), Err(UnknownId));
    }

    proptest! {
        #[test]
        fn ids_survive_a_round_trip(id in 1_u64..) {
            let inbox = InboxId(id);
            let button = ComponentId::TryForm(inbox);
            prop_assert_eq!(button.to_string().parse(), Ok(button));
            let tried = ModalId::TriedForm(inbox);
            prop_assert_eq!(tried.to_string().parse(), Ok(tried));
            let page = usize::try_from(id).unwrap_or(0);
            let only = Some(UserId(id)).filter(|_| id % 2 == 0);
            for component in [
                ComponentId::Open(inbox),
                ComponentId::OpenMenu,
                ComponentId::RemoveInbox(inbox),
                ComponentId::PostAgain(inbox),
                ComponentId::ForgetInbox(inbox),
                ComponentId::Entries { inbox, menu: 0 },
                ComponentId::Entries { inbox, menu: 3 },
                ComponentId::EntriesLayout(inbox),
                ComponentId::Staff(inbox),
                ComponentId::AddOwner(ChannelId(id)),
                ComponentId::OpenInbox { menu: 0 },
                ComponentId::OpenInbox { menu: 4 },
                ComponentId::OpenFor { user: UserId(id), menu: 0 },
                ComponentId::OpenFor { user: UserId(id), menu: 4 },
                ComponentId::OpenAnother { inbox, user: UserId(id) },
                ComponentId::ListPage { page, only, is_next: id % 3 == 0 },
                ComponentId::InboxPage { page, is_next: id % 3 == 0 },
            ] {
                prop_assert_eq!(component.to_string().parse(), Ok(component));
                prop_assert!(component.to_string().len() <= 100);
            }
            let report = ModalId::Report(MessageId(id));
            for modal in [ModalId::Starter(inbox), ModalId::Name(inbox), ModalId::Form(inbox), report] {
                prop_assert_eq!(modal.to_string().parse(), Ok(modal));
                // Discord's limit is 100 characters.
                prop_assert!(modal.to_string().len() <= 100);
            }
            for inbox in [None, Some(inbox)] {
                for group in Group::ALL {
                    let menu = ComponentId::Settings(group, inbox);
                    prop_assert_eq!(menu.to_string().parse(), Ok(menu));
                }
                for key in setting::ALL.iter().map(|setting| setting.key()) {
                    let modal = ModalId::Setting(key, inbox);
                    prop_assert_eq!(modal.to_string().parse(), Ok(modal));
                    let button = ComponentId::EditSetting(key, inbox);
                    prop_assert_eq!(button.to_string().parse(), Ok(button));
                    let menu = ComponentId::SettingsOf(Some(key));
                    prop_assert_eq!(menu.to_string().parse(), Ok(menu));
                    prop_assert!(button.to_string().len() <= 100);
                }
            }
        }

        #[test]
        fn a_question_survives_a_round_trip(label in "\\PC{1,45}", kind in 0..Word::ALL.len()) {
            let id = QuestionId { kind: Word::ALL[kind], label };
            prop_assert!(id.to_string().chars().count() <= 100);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn of_all_texts_only_ours_are_understood(text in any::<String>(), id in any::<u64>()) {
            // With another digit, it would be another valid id.
            prop_assume!(!text.starts_with(|c: char| c.is_ascii_digit()));
            for text in [text.clone(), format!("{text}:{id}"), format!("staff:{id}{text}")] {
                let ours = [
                    ComponentId::CreateTicket.to_string(),
                    ComponentId::Staff(InboxId(id)).to_string(),
                ];
                let is_ours = ours.contains(&text) && !text.ends_with(":0");
                prop_assert_eq!(text.parse::<ComponentId>().is_ok(), is_ours, "{}", text);
                prop_assert_eq!(text.parse::<ModalId>(), Err(UnknownId));
            }
        }

        #[test]
        fn what_is_understood_is_written_the_same(text in "(staff|starter|name|create-ticket|list|add-owner|join-ticket)?:?[np]?[+0-9]{0,21}\\PC?") {
            if let Ok(id) = text.parse::<ComponentId>() {
                prop_assert_eq!(id.to_string(), text.as_str());
            }
            if let Ok(id) = text.parse::<ModalId>() {
                prop_assert_eq!(id.to_string(), text.as_str());
            }
        }
    }
}
