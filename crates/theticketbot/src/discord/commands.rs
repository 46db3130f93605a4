//! The definitions of the bot's commands, and a fingerprint that shows whether they changed.

use serde_json::Value;
use tickets::inbox::MAX_INBOX_NAME;
use twilight_model::application::command::{Command, CommandType};
use twilight_model::application::interaction::InteractionContextType;
use twilight_model::channel::ChannelType;
use twilight_model::guild::Permissions;
use twilight_model::oauth::ApplicationIntegrationType;
use twilight_util::builder::command::{
    ChannelBuilder, CommandBuilder, StringBuilder, SubCommandBuilder, SubCommandGroupBuilder,
};

use crate::translate::{DISCORD_LOCALES, Language, Phrase, phrase};

pub(in crate::discord) mod ticket;

/// The English names, which Discord sends in every language.
pub mod names {
    pub use super::ticket::own_names::*;

    pub const INBOX: &str = "inbox";
    pub const CREATE: &str = "create";
    pub const DESTINATION: &str = "destination";
    pub const MESSAGE: &str = "message";
    pub const STAFF: &str = "staff";
    pub const NEW_TICKETS: &str = "new-tickets";
    pub const STARTER: &str = "starter";
    pub const NAME: &str = "name";
    pub const PANEL: &str = "panel";
    pub const SETTINGS: &str = "settings";
    /// An option of `settings`.
    pub const SETTING: &str = "setting";
    /// An option of `create` and of `destination`.
    pub const CHANNEL: &str = "channel";
    /// The name of the message command.
    pub const SELECT: &str = "Select this message";

    pub const REMOVE: &str = "remove";
    /// A command in a message's Apps menu.
    pub const REPORT: &str = "Report to staff";
    pub const LIST: &str = "list";
}

/// All commands, in all languages.
pub fn definitions() -> Vec<Command> {
    vec![inbox(), ticket::ticket(), ticket::open_for(), select()]
}

/// *Report to staff*. The bot registers it in a server only while reports have an inbox there.
pub fn report() -> Command {
    CommandBuilder::new(names::REPORT, "", CommandType::Message)
        .name_localizations(localized(Phrase::CommandReport))
        .build()
}

/// A fingerprint that changes if and only if the definitions change.
pub fn fingerprint(commands: &[Command]) -> String {
    fingerprint_of(&serde_json::to_value(commands).unwrap_or_default())
}

/// A fingerprint of JSON that does not depend on the order of keys.
pub fn fingerprint_of(json: &Value) -> String {
    let mut text = String::new();
    write_sorted(json, &mut text);
    format!("{:016x}", fnv1a(text.as_bytes()))
}

fn inbox() -> Command {
    use Phrase as P;

    let create = subcommand(names::CREATE, P::CommandCreate, P::CommandCreateDescription)
        .option(
            channel(
                names::CHANNEL,
                P::CommandCreateChannel,
                P::CommandCreateChannelDescription,
                &[ChannelType::GuildText, ChannelType::GuildAnnouncement],
            )
            .required(true),
        )
        .option(channel(
            names::DESTINATION,
            P::CommandCreateDestination,
            P::CommandCreateDestinationDescription,
            &[ChannelType::GuildText],
        ))
        .option(
            text(
                names::NAME,
                P::CommandCreateName,
                P::CommandCreateNameDescription,
            )
            .max_length(u16::try_from(MAX_INBOX_NAME).unwrap_or(u16::MAX)),
        )
        .option(suggested(
            names::PANEL,
            P::CommandCreatePanel,
            P::CommandCreatePanelDescription,
        ));
    let remove = subcommand(
        names::REMOVE,
        P::CommandInboxRemove,
        P::CommandInboxRemoveDescription,
    )
    .option(
        suggested(
            names::INBOX,
            P::CommandSettingsInbox,
            P::CommandInboxRemoveInboxDescription,
        )
        .required(true),
    );
    let panel = subcommand(names::PANEL, P::CommandPanel, P::CommandPanelDescription).option(
        suggested(
            names::INBOX,
            P::CommandSettingsInbox,
            P::CommandPanelInboxDescription,
        )
        .required(true),
    );
    let destination = subcommand(
        names::DESTINATION,
        P::CommandDestination,
        P::CommandDestinationDescription,
    )
    .option(
        channel(
            names::CHANNEL,
            P::CommandDestinationChannel,
            P::CommandDestinationChannelDescription,
            &[ChannelType::GuildText],
        )
        .required(true),
    )
    .option(which_inbox());
    let message = subcommand(
        names::MESSAGE,
        P::CommandMessage,
        P::CommandMessageDescription,
    )
    .option(which_inbox());
    let staff =
        subcommand(names::STAFF, P::CommandStaff, P::CommandStaffDescription).option(which_inbox());
    let new_tickets =
        SubCommandGroupBuilder::new(names::NEW_TICKETS, english(P::CommandNewTicketsDescription))
            .name_localizations(localized(P::CommandNewTickets))
            .description_localizations(localized(P::CommandNewTicketsDescription))
            .subcommands([
                subcommand(
                    names::STARTER,
                    P::CommandStarter,
                    P::CommandStarterDescription,
                )
                .option(which_inbox()),
                subcommand(names::NAME, P::CommandName, P::CommandNameDescription)
                    .option(which_inbox()),
            ]);

    let settings = subcommand(
        names::SETTINGS,
        P::CommandSettings,
        P::CommandSettingsDescription,
    )
    .option(which_inbox())
    .option(suggested(
        names::SETTING,
        P::CommandSettingsSetting,
        P::CommandSettingsSettingDescription,
    ));

    let description = english(P::CommandInboxDescription);
    for_admins(CommandBuilder::new(
        names::INBOX,
        description,
        CommandType::ChatInput,
    ))
    .name_localizations(localized(P::CommandInbox))
    .description_localizations(localized(P::CommandInboxDescription))
    .option(create)
    .option(destination)
    .option(message)
    .option(panel)
    .option(remove)
    .option(staff)
    .option(new_tickets)
    .option(subcommand(
        names::LIST,
        P::CommandInboxList,
        P::CommandInboxListDescription,
    ))
    .option(settings)
    .build()
}

fn select() -> Command {
    // Discord requires an empty description for commands in the Apps menu.
    for_admins(CommandBuilder::new(names::SELECT, "", CommandType::Message))
        .name_localizations(localized(Phrase::CommandSelect))
        .build()
}

/// For servers only. Members need Manage Server, unless a server's admins change that.
fn for_admins(command: CommandBuilder) -> CommandBuilder {
    command
        .contexts([InteractionContextType::Guild])
        .integration_types([ApplicationIntegrationType::GuildInstall])
        .default_member_permissions(Permissions::MANAGE_GUILD)
}

fn subcommand(name: &str, localized_name: Phrase, description: Phrase) -> SubCommandBuilder {
    SubCommandBuilder::new(name, english(description))
        .name_localizations(localized(localized_name))
        .description_localizations(localized(description))
}

fn channel(
    name: &str,
    localized_name: Phrase,
    description: Phrase,
    kinds: &[ChannelType],
) -> ChannelBuilder {
    ChannelBuilder::new(name, english(description))
        .name_localizations(localized(localized_name))
        .description_localizations(localized(description))
        .channel_types(kinds.iter().copied())
}

/// The option that names an inbox. Without it, the admin selects the inbox's message.
fn which_inbox() -> StringBuilder {
    suggested(
        names::INBOX,
        Phrase::CommandSettingsInbox,
        Phrase::CommandSettingsInboxDescription,
    )
}

/// A text option.
fn text(name: &str, localized_name: Phrase, description: Phrase) -> StringBuilder {
    StringBuilder::new(name, english(description))
        .name_localizations(localized(localized_name))
        .description_localizations(localized(description))
}

/// A text option with autocompletion.
fn suggested(name: &str, localized_name: Phrase, description: Phrase) -> StringBuilder {
    text(name, localized_name, description).autocomplete(true)
}

fn english(of: Phrase) -> String {
    phrase(of, Language::DEFAULT)
}

/// The translations of a phrase, by Discord's locale. Locales for which the bot has no language of its own
/// are left out: the default covers them.
fn localized(of: Phrase) -> impl Iterator<Item = (&'static str, String)> {
    DISCORD_LOCALES
        .iter()
        .map(|&locale| (locale, Language::of(locale)))
        .filter(|&(_, language)| language != Language::DEFAULT)
        .map(move |(locale, language)| (locale, phrase(of, language)))
}

/// Writes JSON with sorted keys, because the maps of localizations have a random order.
fn write_sorted(json: &Value, text: &mut String) {
    match json {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (key, value) in entries {
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write_sorted(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write_sorted(item, text);
                text.push(',');
            }
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

/// FNV-1a, 64 bits. Unlike the standard library's hasher, it is the same in every version.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
