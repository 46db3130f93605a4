//! `/ticket`: what members and staff do with tickets. Everybody sees it; who may do what is decided
//! when it is used.

use twilight_model::application::command::{Command, CommandType};
use twilight_model::application::interaction::InteractionContextType;
use twilight_model::guild::Permissions;
use twilight_model::oauth::ApplicationIntegrationType;
use twilight_util::builder::command::{
    BooleanBuilder, CommandBuilder, StringBuilder, SubCommandBuilder, UserBuilder,
};

use tickets::decide::ticket::{MAX_REASON, MAX_TICKET_NAME};

use super::{english, localized, names, subcommand, suggested};
use crate::translate::Phrase as P;

/// The most characters of what names a ticket: an id or a mention.
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
