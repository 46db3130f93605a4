//! What a member wants of a ticket, by a subcommand of `/ticket`.

use tickets::ChannelId;
use tickets::request::{Request, Target, TicketRequest};

use crate::discord::commands::names;
use crate::discord::wire::{self, OptionValue, Snowflake};

/// Understands a subcommand. `channel_name` is the name of the channel it was used in.
pub(super) fn request(
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
            return Ok(Request::OpenSomewhere { inbox });
        }
        names::LIST => {
            let only = text(options, names::MEMBER).and_then(|id| id.parse().ok());
            return Ok(Request::ListTickets { only, page: 0 });
        }
        names::REOPEN => {
            let named = text(options, names::TICKET).ok_or_else(unknown)?;
            let ticket = named_ticket(&named);
            return Ok(Request::ReopenTicket { ticket });
        }
        _ => return Err(unknown()),
    }))
}

/// The ticket that somebody typed: an id, a mention, or a link to the thread or a message in it. What is
/// none of these names no ticket.
fn named_ticket(text: &str) -> ChannelId {
    let text = text.trim();
    let mention = text.strip_prefix("<#").and_then(|it| it.strip_suffix('>'));
    // https://discord.com/channels/SERVER/THREAD, perhaps with a message behind it.
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

/// Discord resolves a user whom an option names. Anything else, such as the id of @everyone, is nobody who
/// is in the server.
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

/// The member whose Apps menu was used.
pub(super) fn open_for(data: &wire::InteractionData) -> Result<Request, String> {
    let target = data.target_id.ok_or("a menu without a member")?;
    Ok(Request::OpenFor {
        user: target.into(),
        inbox: None,
        another: false,
    })
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
