//! `/ticket`: the commands of members and staff, as Discord shows them and as it sends them. All members see
//! them; the bot checks permissions when a command is used.

use twilight_model::application::command::{Command, CommandType};
use twilight_model::application::interaction::InteractionContextType;
use twilight_model::guild::Permissions;
use twilight_model::oauth::ApplicationIntegrationType;
use twilight_util::builder::command::{
    BooleanBuilder, CommandBuilder, StringBuilder, SubCommandBuilder, UserBuilder,
};

use tickets::ChannelId;
use tickets::decide::ticket::{MAX_REASON, MAX_TICKET_NAME};
use tickets::request::{AnywhereRequest, Request, Target, TicketRequest};

use super::{english, localized, names, subcommand, suggested};
use crate::discord::wire::{self, OptionValue, Snowflake};
use crate::translate::Phrase as P;

/// The English names of the commands and their options, which Discord also sends.
pub(super) mod own_names {
    pub const TICKET: &str = "ticket";
    pub const CLOSE: &str = "close";
    pub const REASON: &str = "reason";
    pub const REMOVE_OWNER: &str = "remove-owner";
    pub const ADD: &str = "add";
    pub const MEMBER: &str = "member";
    pub const RENAME: &str = "rename";
    pub const ASK_CLOSE: &str = "ask-close";
    pub const IN: &str = "in";
    pub const SNOOZE: &str = "snooze";
    pub const FOR: &str = "for";
    pub const CLAIM: &str = "claim";
    pub const UNCLAIM: &str = "unclaim";
    pub const TRANSFER: &str = "transfer";
    pub const REMOVE_OLD_STAFF: &str = "remove-old-staff";
    pub const HELP: &str = "help";
    pub const OPEN: &str = "open";
    /// A command in a member's Apps menu.
    pub const OPEN_FOR: &str = "Open a ticket…";
    pub const REOPEN: &str = "reopen";
}

/// The maximum length of an option that names a ticket: an id, a mention or a link.
const MAX_TICKET_OPTION: usize = 100;

pub(super) fn ticket() -> Command {
    let description = english(P::CommandTicketDescription);
    CommandBuilder::new(names::TICKET, description, CommandType::ChatInput)
        .contexts([InteractionContextType::Guild])
        .integration_types([ApplicationIntegrationType::GuildInstall])
        .name_localizations(localized(P::CommandTicket))
        .description_localizations(localized(P::CommandTicketDescription))
        .option(
            subcommand(names::OPEN, P::CommandOpen, P::CommandOpenDescription).option(suggested(
                names::INBOX,
                P::CommandInbox,
                P::CommandOpenInboxDescription,
            )),
        )
        .option(close())
        .option(ask_close())
        .option(
            subcommand(names::SNOOZE, P::CommandSnooze, P::CommandSnoozeDescription).option(
                suggested(
                    names::FOR,
                    P::CommandSnoozeFor,
                    P::CommandSnoozeForDescription,
                )
                .required(true),
            ),
        )
        .option(
            subcommand(names::REOPEN, P::CommandReopen, P::CommandReopenDescription).option(
                string(
                    names::TICKET,
                    P::CommandTicket,
                    P::CommandReopenTicketDescription,
                    MAX_TICKET_OPTION,
                )
                .autocomplete(true)
                .required(true),
            ),
        )
        .option(
            subcommand(names::ADD, P::CommandAdd, P::CommandAddDescription)
                .option(member(P::CommandAddMemberDescription)),
        )
        .option(
            subcommand(names::REMOVE, P::CommandRemove, P::CommandRemoveDescription)
                .option(member(P::CommandRemoveMemberDescription)),
        )
        .option(
            subcommand(names::RENAME, P::CommandRename, P::CommandRenameDescription).option(
                string(
                    names::NAME,
                    P::CommandRenameName,
                    P::CommandRenameNameDescription,
                    MAX_TICKET_NAME,
                )
                .required(true),
            ),
        )
        .option(subcommand(
            names::CLAIM,
            P::CommandClaim,
            P::CommandClaimDescription,
        ))
        .option(subcommand(
            names::UNCLAIM,
            P::CommandUnclaim,
            P::CommandUnclaimDescription,
        ))
        .option(transfer())
        .option(
            subcommand(names::LIST, P::CommandList, P::CommandListDescription)
                .option(member(P::CommandListMemberDescription).required(false)),
        )
        .option(subcommand(
            names::HELP,
            P::CommandHelp,
            P::CommandHelpDescription,
        ))
        .build()
}

/// *Open a ticket…* in a member's Apps menu; a server's admins can show it to others.
pub(super) fn open_for() -> Command {
    CommandBuilder::new(names::OPEN_FOR, "", CommandType::User)
        .contexts([InteractionContextType::Guild])
        .integration_types([ApplicationIntegrationType::GuildInstall])
        .default_member_permissions(Permissions::MANAGE_THREADS)
        .name_localizations(localized(P::CommandOpenFor))
        .build()
}

fn close() -> SubCommandBuilder {
    subcommand(names::CLOSE, P::CommandClose, P::CommandCloseDescription)
        .option(string(
            names::REASON,
            P::CommandCloseReason,
            P::CommandCloseReasonDescription,
            MAX_REASON,
        ))
        .option(
            BooleanBuilder::new(
                names::REMOVE_OWNER,
                english(P::CommandCloseRemoveOwnerDescription),
            )
            .name_localizations(localized(P::CommandCloseRemoveOwner))
            .description_localizations(localized(P::CommandCloseRemoveOwnerDescription)),
        )
}

fn ask_close() -> SubCommandBuilder {
    subcommand(
        names::ASK_CLOSE,
        P::CommandAskClose,
        P::CommandAskCloseDescription,
    )
    .option(suggested(
        names::IN,
        P::CommandAskCloseIn,
        P::CommandAskCloseInDescription,
    ))
    .option(string(
        names::REASON,
        P::CommandCloseReason,
        P::CommandCloseReasonDescription,
        MAX_REASON,
    ))
}

fn transfer() -> SubCommandBuilder {
    let inbox = suggested(
        names::INBOX,
        P::CommandInbox,
        P::CommandTransferInboxDescription,
    );
    let remove = BooleanBuilder::new(
        names::REMOVE_OLD_STAFF,
        english(P::CommandTransferRemoveOldStaffDescription),
    );
    subcommand(
        names::TRANSFER,
        P::CommandTransfer,
        P::CommandTransferDescription,
    )
    .option(inbox.required(true))
    .option(string(
        names::REASON,
        P::CommandCloseReason,
        P::CommandCloseReasonDescription,
        MAX_REASON,
    ))
    .option(
        remove
            .name_localizations(localized(P::CommandTransferRemoveOldStaff))
            .description_localizations(localized(P::CommandTransferRemoveOldStaffDescription)),
    )
}

fn member(description: P) -> UserBuilder {
    UserBuilder::new(names::MEMBER, english(description))
        .name_localizations(localized(P::CommandMember))
        .description_localizations(localized(description))
        .required(true)
}

fn string(name: &str, localized_name: P, description: P, max: usize) -> StringBuilder {
    let builder = StringBuilder::new(name, english(description))
        .name_localizations(localized(localized_name))
        .description_localizations(localized(description));
    match u16::try_from(max) {
        Ok(max) => builder.max_length(max),
        Err(_) => builder,
    }
}

/// Parses a subcommand. `channel_name` is the name of the channel in which it was used.
pub(in crate::discord) fn request(
    data: &wire::InteractionData,
    channel_name: Option<String>,
) -> Result<Request, String> {
    let unknown = || "subcommand of /ticket".to_owned();
    let subcommand = data.options.first().ok_or_else(unknown)?;
    let options = &subcommand.options;
    Ok(Request::Ticket(match subcommand.name.as_str() {
        names::CLOSE => TicketRequest::Close {
            reason: text(options, names::REASON).unwrap_or_default(),
            remove_members: flag(options, names::REMOVE_OWNER),
        },
        names::ADD => TicketRequest::Add(target(options, &data.resolved).ok_or_else(unknown)?),
        names::REMOVE => {
            TicketRequest::Remove(target(options, &data.resolved).ok_or_else(unknown)?)
        }
        names::RENAME => TicketRequest::Rename {
            name: text(options, names::NAME).ok_or_else(unknown)?,
            current: channel_name,
        },
        names::ASK_CLOSE => TicketRequest::AskClose {
            wait: text(options, names::IN),
            reason: text(options, names::REASON).unwrap_or_default(),
        },
        names::SNOOZE => TicketRequest::Snooze {
            wait: text(options, names::FOR).ok_or_else(unknown)?,
        },
        names::CLAIM => TicketRequest::Claim,
        names::UNCLAIM => TicketRequest::Unclaim,
        names::TRANSFER => TicketRequest::Transfer {
            inbox: text(options, names::INBOX).ok_or_else(unknown)?,
            reason: text(options, names::REASON).unwrap_or_default(),
            remove_old_staff: flag(options, names::REMOVE_OLD_STAFF),
        },
        names::HELP => TicketRequest::Help,
        names::OPEN => {
            let inbox = text(options, names::INBOX);
            return Ok(Request::Anywhere(AnywhereRequest::Open { inbox }));
        }
        names::LIST => {
            let only = text(options, names::MEMBER).and_then(|id| id.parse().ok());
            return Ok(Request::Anywhere(AnywhereRequest::List { only, page: 0 }));
        }
        names::REOPEN => {
            let named = text(options, names::TICKET).ok_or_else(unknown)?;
            let ticket = named_ticket(&named);
            return Ok(Request::Anywhere(AnywhereRequest::Reopen { ticket }));
        }
        _ => return Err(unknown()),
    }))
}

/// The ticket that a member typed: an id, a mention, or a link to the thread or to a message in it. Other
/// text yields an id that no ticket has.
fn named_ticket(text: &str) -> ChannelId {
    let text = text.trim();
    let mention = text.strip_prefix("<#").and_then(|it| it.strip_suffix('>'));
    // https://discord.com/channels/SERVER/THREAD, optionally followed by a message's id.
    let link = text
        .split_once("/channels/")
        .and_then(|(_, path)| path.split('/').nth(1));
    ChannelId(mention.or(link).unwrap_or(text).parse().unwrap_or(0))
}

fn value<'a>(options: &'a [wire::CommandOption], name: &str) -> Option<&'a OptionValue> {
    let option = options.iter().find(|option| option.name == name)?;
    option.value.as_ref()
}

fn text(options: &[wire::CommandOption], name: &str) -> Option<String> {
    match value(options, name)? {
        OptionValue::Text(text) => Some(text.clone()),
        OptionValue::Flag(_) | OptionValue::Other(_) => None,
    }
}

fn flag(options: &[wire::CommandOption], name: &str) -> bool {
    matches!(value(options, name), Some(OptionValue::Flag(true)))
}

/// Discord sends the details of a user whom an option names. If they are missing (for example for the id of
/// @everyone), the id belongs to no member of the server.
fn target(options: &[wire::CommandOption], resolved: &wire::Resolved) -> Option<Target> {
    let id: u64 = text(options, names::MEMBER)?.parse().ok()?;
    let nobody = || Target {
        user: tickets::UserId(id),
        name: id.to_string(),
        is_bot: false,
        permissions: None,
    };
    Some(resolved_target(Snowflake(id), resolved).unwrap_or_else(nobody))
}

/// *Open a ticket…*: the target is the member whose Apps menu was used.
pub(in crate::discord) fn request_to_open(data: &wire::InteractionData) -> Result<Request, String> {
    let target = data.target_id.ok_or("a menu without a member")?;
    Ok(Request::Anywhere(AnywhereRequest::OpenFor {
        user: target.into(),
        inbox: None,
        another: false,
    }))
}

fn resolved_target(id: Snowflake, resolved: &wire::Resolved) -> Option<Target> {
    let user = resolved.users.get(&id)?;
    let member = resolved.members.get(&id);
    Some(Target {
        user: id.into(),
        name: member
            .and_then(|member| member.nick.clone())
            .unwrap_or_else(|| user.display_name()),
        is_bot: user.bot,
        permissions: member.map(|member| {
            let permissions = member.permissions.map_or(0, |bits| bits.0);
            tickets::permission::Permissions(permissions)
        }),
    })
}
