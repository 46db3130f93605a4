//! Parses interactions: what a member requests with a command, a button, a menu or a modal.

use std::collections::HashMap;

use tickets::entries::Layout;
use tickets::form::{Answer, Value, Word};
use tickets::pending::Task;
use tickets::permission::Permissions;
use tickets::request::{
    self, AnywhereRequest, Complete, EntriesRequest, InboxRequest, Invoker, RemovalRequest,
    Reported, Request, Selected, SettingsRequest, TicketRequest,
};
use tickets::setting::{self, Entered, Kind, Setting};
use tickets::{ChannelId, GuildId, InboxId, Mention, RoleId, Timestamp, UserId};
use twilight_model::channel::message::Embed;

use super::commands::{names, ticket};
use super::custom_id::{ComponentId, MODAL_FIELD, ModalId, QuestionId, YES};
use super::wire;
use crate::translate::{Language, settings as words};

/// An interaction, with the data that a response to it needs.
pub struct Interaction {
    pub reply: ReplyTo,
    pub invoked: Invoked,
}

/// The data that a response to an interaction needs.
pub struct ReplyTo {
    pub id: u64,
    /// The interaction's server; 0 in a direct message.
    pub guild: GuildId,
    /// The interaction's token. It is a secret, and valid for 15 minutes.
    pub token: String,
    /// The member's own locale, as Discord codes it.
    pub locale: String,
    /// The server's locale.
    pub guild_locale: String,
    /// Whether it came from a component, whose message a response can edit.
    pub from_component: bool,
    pub at: Timestamp,
}

/// What was invoked.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all of them are in a server, and none is kept"
)]
pub enum Invoked {
    InGuild {
        invoker: Invoker,
        request: Request,
        /// The embeds of the selected message, for an inbox that copies them.
        embeds: Vec<Embed>,
    },
    /// Outside of a server.
    Elsewhere,
    /// Unknown to this version: its name or id, for the log.
    Unknown(String),
}

/// Parses an interaction.
pub fn translate(wire: wire::Interaction, me: UserId) -> Interaction {
    let reply = ReplyTo {
        id: wire.id.0,
        guild: GuildId(wire.guild_id.map_or(0, |id| id.0)),
        token: wire.token,
        locale: wire.locale.unwrap_or_default(),
        guild_locale: wire.guild_locale.unwrap_or_default(),
        from_component: wire.kind == COMPONENT || (wire.kind == MODAL && wire.message.is_some()),
        at: Timestamp::of_snowflake(wire.id.0),
    };
    let (Some(guild), Some(channel), Some(member)) = (wire.guild_id, wire.channel_id, wire.member)
    else {
        return Interaction {
            reply,
            invoked: Invoked::Elsewhere,
        };
    };
    let Some(invoker) = who(guild.into(), channel.into(), member, reply.at) else {
        return Interaction {
            reply,
            invoked: Invoked::Elsewhere,
        };
    };
    let slowmode = wire
        .channel
        .as_ref()
        .and_then(|channel| channel.rate_limit_per_user)
        .unwrap_or(0);
    let channel_name = wire.channel.and_then(|channel| channel.name);
    let understood = match (wire.kind, wire.data) {
        (COMMAND, Some(data)) => command(data, me, channel_name, Language::of(&reply.locale)),
        (COMPLETION, Some(data)) => completion(&data),
        (COMPONENT, Some(data)) => component(&data, wire.message, slowmode, channel_name),
        (MODAL, Some(data)) => modal(&data, slowmode, channel_name),
        (kind, _) => Err(format!("interaction of type {kind}")),
    };
    Interaction {
        reply,
        invoked: match understood {
            Ok((request, embeds)) => Invoked::InGuild {
                invoker,
                request,
                embeds,
            },
            Err(what) => Invoked::Unknown(what),
        },
    }
}

// Discord's interaction types.
const COMMAND: u8 = 2;
const COMPONENT: u8 = 3;
const COMPLETION: u8 = 4;
const MODAL: u8 = 5;

// Discord's bits of two permissions.
const ADMINISTRATOR: u64 = 1 << 3;
const MANAGE_GUILD: u64 = 1 << 5;

type Understood = Result<(Request, Vec<Embed>), String>;

fn who(guild: GuildId, channel: ChannelId, member: wire::Member, at: Timestamp) -> Option<Invoker> {
    let user = member.user?;
    let permissions = member.permissions.map_or(0, |bits| bits.0);
    Some(Invoker {
        guild,
        channel,
        user: user.id.into(),
        display_name: member
            .nick
            .or(user.global_name)
            .unwrap_or_else(|| user.username.clone()),
        username: user.username,
        manages: permissions & (ADMINISTRATOR | MANAGE_GUILD) != 0,
        roles: member.roles.into_iter().map(RoleId::from).collect(),
        joined_at: member.joined_at.and_then(|at| moment(&at)),
        permissions: Permissions(permissions),
        timed_out_until: member
            .communication_disabled_until
            .and_then(|until| moment(&until)),
        at,
    })
}

/// Parses a time that Discord writes in ISO 8601.
pub fn moment(text: &str) -> Option<Timestamp> {
    let moment = twilight_model::util::Timestamp::parse(text).ok()?;
    Some(Timestamp(moment.as_micros() / 1000))
}

fn command(
    data: wire::InteractionData,
    me: UserId,
    channel_name: Option<String>,
    reader: Language,
) -> Understood {
    match data.name.as_str() {
        names::TICKET => ticket::request(&data, channel_name).map(|request| (request, Vec::new())),
        names::INBOX => inbox(&data.options, reader).map(|request| (request, Vec::new())),
        names::SELECT => select(data, me),
        names::REPORT => report(data),
        names::OPEN_FOR => ticket::request_to_open(&data).map(|request| (request, Vec::new())),
        other => Err(format!("command {other}")),
    }
}

fn inbox(options: &[wire::CommandOption], reader: Language) -> Result<Request, String> {
    let unknown = || "subcommand of /inbox".to_owned();
    let subcommand = options.first().ok_or_else(unknown)?;
    let channel = |name| channel_option(&subcommand.options, name);
    let change = |options: &[wire::CommandOption], task| {
        Ok(match text_option(options, names::INBOX) {
            Some(inbox) => Request::Inbox(InboxRequest::ChangeNamed { task, inbox }),
            None => Request::Inbox(InboxRequest::Change(task)),
        })
    };
    let options = &subcommand.options;
    match subcommand.name.as_str() {
        names::CREATE => Ok(Request::Inbox(InboxRequest::Create {
            channel: channel(names::CHANNEL).ok_or_else(unknown)?,
            destination: channel(names::DESTINATION),
            name: text_option(options, names::NAME),
            panel: text_option(options, names::PANEL),
        })),
        names::REMOVE => Ok(Request::Removal(RemovalRequest::Remove {
            inbox: text_option(options, names::INBOX).ok_or_else(unknown)?,
        })),
        names::PANEL => Ok(Request::Entries(EntriesRequest::Edit {
            inbox: text_option(options, names::INBOX).ok_or_else(unknown)?,
        })),
        names::DESTINATION => change(
            options,
            Task::Destination(channel(names::CHANNEL).ok_or_else(unknown)?),
        ),
        names::MESSAGE => change(options, Task::Message),
        names::STAFF => change(options, Task::Staff),
        names::LIST => Ok(Request::Inbox(InboxRequest::List {
            page: 0,
            by_button: false,
        })),
        names::SETTINGS => Ok(Request::Settings(SettingsRequest::Open {
            inbox: text_option(&subcommand.options, names::INBOX),
            // If the admin typed a suggestion instead of choosing it, Discord sends its name instead of its
            // key.
            setting: text_option(&subcommand.options, names::SETTING)
                .map(|written| words::named(&written, reader).map_or(written, str::to_owned)),
        })),
        names::NEW_TICKETS => {
            let inner = options.first().ok_or_else(unknown)?;
            match inner.name.as_str() {
                names::STARTER => change(&inner.options, Task::Starter),
                names::NAME => change(&inner.options, Task::Name),
                _ => Err(unknown()),
            }
        }
        _ => Err(unknown()),
    }
}

fn text_option(options: &[wire::CommandOption], name: &str) -> Option<String> {
    let option = options.iter().find(|option| option.name == name)?;
    match option.value.as_ref()? {
        wire::OptionValue::Text(text) => Some(text.clone()),
        wire::OptionValue::Flag(_) | wire::OptionValue::Other(_) => None,
    }
}

/// Suggestions for the option that the member is typing, in any command.
fn completion(data: &wire::InteractionData) -> Understood {
    let focused = all_options(&data.options).into_iter().find(|it| it.focused);
    let typed = match focused.and_then(|option| option.value.as_ref()) {
        Some(wire::OptionValue::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let is = |subcommand| {
        data.name == names::TICKET && data.options.iter().any(|it| it.name == subcommand)
    };
    let wanted = match focused.map(|option| option.name.as_str()) {
        Some(names::INBOX) if is(names::OPEN) => Complete::InboxToOpen { typed },
        Some(names::INBOX) if is(names::TRANSFER) => Complete::InboxToTransfer { typed },
        Some(names::INBOX | names::PANEL) => Complete::Inbox { typed },
        Some(names::SETTING) => Complete::Setting { typed },
        Some(names::TICKET) => Complete::ClosedTicket { typed },
        Some(names::IN | names::FOR) => Complete::Duration { typed },
        other => return Err(format!("suggestions for {}", other.unwrap_or("nothing"))),
    };
    Ok((Request::Complete(wanted), Vec::new()))
}

fn all_options(options: &[wire::CommandOption]) -> Vec<&wire::CommandOption> {
    let mut found = Vec::new();
    for option in options {
        found.push(option);
        found.extend(all_options(&option.options));
    }
    found
}

fn channel_option(options: &[wire::CommandOption], name: &str) -> Option<ChannelId> {
    text_option(options, name)?.parse().ok()
}

/// *Report to staff*: Discord sends the message with the command.
fn report(mut data: wire::InteractionData) -> Understood {
    let message = data
        .target_id
        .and_then(|id| data.resolved.messages.remove(&id))
        .ok_or_else(|| "a report without a message".to_owned())?;
    let author = message.author.as_ref();
    let nick = message.member.and_then(|member| member.nick);
    let files = message.attachments.into_iter().map(|it| it.filename);
    let reported = Reported {
        id: message.id.into(),
        channel: message.channel_id.into(),
        author: author.map_or(UserId(0), |author| author.id.into()),
        author_name: nick
            .or_else(|| author.map(wire::User::display_name))
            .unwrap_or_default(),
        text: message.content,
        files: files.collect(),
    };
    Ok((Request::Report(reported), Vec::new()))
}

fn select(mut data: wire::InteractionData, me: UserId) -> Understood {
    let message = data
        .target_id
        .and_then(|id| data.resolved.messages.remove(&id))
        .ok_or_else(|| "selection without a message".to_owned())?;
    let is_inbox_button = |component: &wire::Component| {
        component.all().iter().any(|inner| {
            let id = inner.custom_id.as_deref().and_then(|id| id.parse().ok());
            id == Some(ComponentId::CreateTicket)
        })
    };
    let author = message.author.as_ref().map(|author| author.id.into());
    // System messages can have content, but no person wrote it.
    let is_written = WRITTEN.contains(&message.kind);
    let selected = Selected {
        id: message.id.into(),
        channel: message.channel_id.into(),
        looks_like_inbox: author == Some(me) && message.components.iter().any(is_inbox_button),
        text: if is_written {
            message.content
        } else {
            String::new()
        },
        attachments: message.attachments.into_iter().map(attachment).collect(),
        has_embeds: message.embeds.iter().any(|embed| embed.kind == "rich"),
    };
    Ok((
        Request::Inbox(InboxRequest::Select(selected)),
        message.embeds,
    ))
}

/// Discord's types of messages with an author: ordinary messages, replies, and responses to slash and context
/// menu commands.
pub(super) const WRITTEN: [u8; 4] = [0, 19, 20, 23];

pub(super) fn attachment(wire: wire::Attachment) -> request::Attachment {
    const SHOWN: [&str; 5] = ["png", "jpg", "jpeg", "gif", "webp"];
    let is_image = match &wire.content_type {
        Some(kind) => kind
            .strip_prefix("image/")
            .is_some_and(|kind| SHOWN.iter().any(|shown| kind.starts_with(shown))),
        None => wire
            .filename
            .rsplit_once('.')
            .is_some_and(|(_, end)| SHOWN.iter().any(|shown| end.eq_ignore_ascii_case(shown))),
    };
    request::Attachment {
        filename: wire.filename,
        url: wire.url,
        size: wire.size,
        description: wire.description,
        is_image,
    }
}

fn component(
    data: &wire::InteractionData,
    message: Option<wire::WithMessageId>,
    slowmode: u32,
    channel_name: Option<String>,
) -> Understood {
    let unknown = || format!("component {}", shortened(&data.custom_id));
    let chosen_first = data.values.first().map_or("", String::as_str);
    let click = |inbox, menu| Request::OpenTicket {
        inbox,
        slowmode,
        channel_name,
        answers: None,
        menu,
    };
    let request = match (data.custom_id.parse(), message) {
        (Ok(ComponentId::CreateTicket), Some(message)) => {
            click(InboxId::of_message(message.id.into()), None)
        }
        (Ok(ComponentId::Open(inbox)), _) => click(inbox, None),
        (Ok(ComponentId::OpenMenu), Some(message)) => {
            click(InboxId(first_id(data)), Some(message.id.into()))
        }
        (Ok(ComponentId::Entries { inbox, .. }), message) => {
            Request::Entries(EntriesRequest::Choose {
                inbox,
                chosen: inboxes(&data.values).ok_or_else(unknown)?,
                before: inboxes(&chosen_before(&data.custom_id, message.as_ref()))
                    .ok_or_else(unknown)?,
            })
        }
        (Ok(ComponentId::EntriesLayout(inbox)), _) => Request::Entries(EntriesRequest::Arrange {
            inbox,
            layout: Layout::of(chosen_first).ok_or_else(unknown)?,
        }),
        (Ok(ComponentId::TryForm(inbox)), _) => Request::TryForm { inbox },
        (Ok(ComponentId::RemoveInbox(inbox)), _) => {
            Request::Removal(RemovalRequest::Confirm { inbox })
        }
        (Ok(ComponentId::PostAgain(inbox)), _) => {
            Request::Removal(RemovalRequest::PostAgain { inbox })
        }
        (Ok(ComponentId::ForgetInbox(inbox)), _) => {
            Request::Removal(RemovalRequest::Forget { inbox })
        }
        (Ok(ComponentId::InboxPage { page, .. }), _) => Request::Inbox(InboxRequest::List {
            page,
            by_button: true,
        }),
        (Ok(ComponentId::SettingsOf(setting)), _) => {
            Request::Settings(SettingsRequest::ChooseInbox {
                inbox: chosen_first.parse().map_err(|_| unknown())?,
                setting,
            })
        }
        (Ok(ComponentId::Settings(_, inbox)), _) => match chosen_first.split_once('=') {
            // A setting with two words: the value contains the word to set.
            Some((key, word)) => Request::Settings(SettingsRequest::Enter {
                inbox,
                key: setting::find(key).ok_or_else(unknown)?.key(),
                entered: Entered::Text(word.to_owned()),
            }),
            None => Request::Settings(SettingsRequest::Choose {
                inbox,
                key: setting::find(chosen_first).ok_or_else(unknown)?.key(),
            }),
        },
        (Ok(ComponentId::EditSetting(key, inbox)), Some(message)) => {
            Request::Settings(SettingsRequest::Edit {
                inbox,
                key,
                // The message shows the text that was refused.
                written: written_in(message),
            })
        }
        (Ok(ComponentId::CloseTicket), _) => Request::Ticket(TicketRequest::ClickClose),
        (Ok(ComponentId::KeepOpen), Some(message)) => Request::Ticket(TicketRequest::KeepOpen {
            prompt: message.id.into(),
        }),
        (Ok(ComponentId::AgreeToClose), Some(message)) => {
            Request::Ticket(TicketRequest::AgreeToClose {
                prompt: message.id.into(),
            })
        }
        (Ok(ComponentId::OpenInbox { .. }), _) => Request::OpenTicket {
            inbox: InboxId(first_id(data)),
            slowmode: 0,
            channel_name: None,
            answers: None,
            menu: None,
        },
        (Ok(ComponentId::OpenFor { user, .. }), _) => Request::Anywhere(AnywhereRequest::OpenFor {
            user,
            inbox: Some(InboxId(first_id(data))),
            another: false,
        }),
        (Ok(ComponentId::OpenAnother { inbox, user }), _) => {
            Request::Anywhere(AnywhereRequest::OpenFor {
                user,
                inbox: Some(inbox),
                another: true,
            })
        }
        (Ok(ComponentId::Join(_)), Some(message)) => {
            Request::Anywhere(AnywhereRequest::JoinByNotice {
                message: message.id.into(),
            })
        }
        (Ok(ComponentId::JoinTicket), _) => Request::Anywhere(AnywhereRequest::Join {
            ticket: ChannelId(first_id(data)),
        }),
        (Ok(ComponentId::ListPage { page, only, .. }), _) => {
            Request::Anywhere(AnywhereRequest::List { only, page })
        }
        (Ok(ComponentId::AddOwner(ticket)), _) => {
            Request::Anywhere(AnywhereRequest::AddOwner { ticket })
        }
        (Ok(ComponentId::Staff(inbox)), _) => Request::Inbox(InboxRequest::ChooseStaff {
            inbox,
            staff: chosen(&data.values, &data.resolved)?,
        }),
        (Ok(ComponentId::UseSuggested(inbox)), _) => {
            Request::Inbox(InboxRequest::UseSuggestedStaff { inbox })
        }
        _ => return Err(unknown()),
    };
    Ok((request, Vec::new()))
}

/// The text that was refused: a refusal shows it in an embed.
fn written_in(message: wire::WithMessageId) -> String {
    let embed = message.embeds.into_iter().next();
    embed
        .and_then(|embed| embed.description)
        .unwrap_or_default()
}

fn inboxes<T: AsRef<str>>(ids: &[T]) -> Option<Vec<InboxId>> {
    let ids = ids.iter().map(|id| id.as_ref().parse().ok().map(InboxId));
    ids.collect()
}

/// The options that the menu with this id showed as chosen before it was used.
fn chosen_before<'a>(menu: &str, message: Option<&'a wire::WithMessageId>) -> Vec<&'a str> {
    let components = message.into_iter().flat_map(|it| &it.components);
    let components = components.flat_map(wire::Component::all);
    let used = components.filter(|it| it.custom_id.as_deref() == Some(menu));
    let options = used.flat_map(|it| &it.options);
    let chosen = options.filter(|option| option.default);
    chosen.map(|option| option.value.as_str()).collect()
}

/// The id that was chosen in a menu. 0, which no object has, if it is not an id.
fn first_id(data: &wire::InteractionData) -> u64 {
    let first = data.values.first();
    first.and_then(|id| id.parse().ok()).unwrap_or(0)
}

/// Discord sends the ids of members and roles in one list, and the details of the roles show which ids are
/// roles.
fn chosen(values: &[String], resolved: &wire::Resolved) -> Result<Vec<Mention>, String> {
    values
        .iter()
        .map(|value| {
            let id: u64 = value
                .parse()
                .map_err(|_| "a chosen value is no id".to_owned())?;
            Ok(if resolved.roles.contains_key(&wire::Snowflake(id)) {
                Mention::Role(RoleId(id))
            } else {
                Mention::User(UserId(id))
            })
        })
        .collect()
}

fn modal(data: &wire::InteractionData, slowmode: u32, channel_name: Option<String>) -> Understood {
    let field = data
        .components
        .iter()
        .flat_map(wire::Component::all)
        .find(|component| component.custom_id.as_deref() == Some(MODAL_FIELD));
    let template = field
        .and_then(|component| component.value.clone())
        .unwrap_or_default();
    let request = match data.custom_id.parse() {
        Ok(ModalId::Starter(inbox)) => Request::Inbox(InboxRequest::SetStarter { inbox, template }),
        Ok(ModalId::Name(inbox)) => Request::Inbox(InboxRequest::SetName { inbox, template }),
        Ok(ModalId::CloseTicket) => {
            let reason = template;
            Request::Ticket(TicketRequest::ConfirmClose { reason })
        }
        Ok(ModalId::Form(inbox)) => Request::OpenTicket {
            inbox,
            slowmode,
            channel_name,
            answers: Some(answers(data)),
            menu: None,
        },
        Ok(ModalId::Report(message)) => Request::SubmitReport {
            message,
            answers: answers(data),
        },
        Ok(ModalId::TriedForm(_)) => Request::TriedForm {
            answers: answers(data),
        },
        Ok(ModalId::Setting(key, inbox)) => Request::Settings(SettingsRequest::Enter {
            inbox,
            key,
            entered: match setting::find(key).map(Setting::kind) {
                Some(Kind::Line(_) | Kind::Lines(_)) => Entered::Text(template),
                Some(Kind::Mentions(_)) => {
                    let values = field.map_or(&[][..], |field| &field.values);
                    let chosen = chosen(values, &data.resolved)?;
                    Entered::Chosen(chosen.iter().map(Mention::to_string).collect())
                }
                _ => Entered::Chosen(field.map_or_else(Vec::new, |field| field.values.clone())),
            },
        }),
        Err(_) => return Err(format!("form {}", shortened(&data.custom_id))),
    };
    Ok((request, Vec::new()))
}

/// The answers of a submitted form. The fields' ids contain the questions, because the form may have changed
/// since the member opened it.
fn answers(data: &wire::InteractionData) -> Vec<Answer> {
    let fields = data.components.iter().flat_map(wire::Component::all);
    fields
        .filter_map(|field| {
            let QuestionId { kind, label } = field.custom_id.as_deref()?.parse().ok()?;
            let value = value(kind, field, &data.resolved);
            Some(Answer { label, kind, value })
        })
        .collect()
}

fn value(kind: Word, field: &wire::Component, resolved: &wire::Resolved) -> Value {
    let first = field.values.first();
    let id = || first?.parse().ok().map(wire::Snowflake);
    let name = |names: &HashMap<wire::Snowflake, wire::Named>, id| {
        names
            .get(&id)
            .map_or_else(String::new, |it| it.name.clone())
    };
    let chosen = match kind {
        Word::Short | Word::Long => Some(Value::text(field.value.as_deref().unwrap_or_default())),
        Word::OneOf | Word::SomeOf => Some(Value::choices(field.values.clone())),
        Word::YesOrNo => first.map(|value| Value::YesOrNo(value == YES)),
        Word::Member => id().map(|id| Value::Member {
            id: id.into(),
            name: resolved.name_of(id),
        }),
        Word::Role => id().map(|id| Value::Role {
            id: id.into(),
            name: name(&resolved.roles, id),
        }),
        Word::Channel => id().map(|id| Value::Channel {
            id: id.into(),
            name: name(&resolved.channels, id),
        }),
        Word::Files => {
            let ids = field.values.iter().filter_map(|id| id.parse().ok());
            let files = ids.filter_map(|id| resolved.attachments.get(&wire::Snowflake(id)));
            Some(Value::files(files.cloned().map(attachment).collect()))
        }
        Word::Optional => None,
    };
    chosen.unwrap_or(Value::Nothing)
}

/// Discord's limit for a custom id is 100 characters, but a forged one can be longer.
fn shortened(id: &str) -> String {
    id.chars().take(100).collect()
}

#[cfg(test)]
mod tests;
