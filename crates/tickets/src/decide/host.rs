//! Commands by mention of the bot, which only the host may give.

use crate::GuildId;
use crate::action::Action;
use crate::request::HostCommand;
use crate::text::Text;

/// Decides the command. `is_host`: the application's owner or a member of its team. `knows`: whether
/// the bot is in a server.
pub fn speak(command: &HostCommand, is_host: bool, knows: impl Fn(GuildId) -> bool) -> Vec<Action> {
    if !is_host {
        return vec![Action::Reply(Text::HostOnly {})];
    }
    match command {
        HostCommand::ReloadConfig => vec![Action::ReloadConfig],
        HostCommand::Sync(None) => vec![Action::SyncCommands(None)],
        HostCommand::Sync(Some(word)) => match word.parse() {
            Ok(guild) if knows(guild) => vec![Action::SyncCommands(Some(guild))],
            Ok(guild) => vec![Action::Reply(Text::SyncUnknownGuild {
                guild: guild.to_string(),
            })],
            Err(_) => vec![Action::Reply(Text::SyncNotAGuild { word: word.clone() })],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(command: &HostCommand) -> Vec<Action> {
        speak(command, true, |guild| guild == GuildId(5))
    }

    #[test]
    fn only_the_host_is_obeyed() {
        for command in [
            HostCommand::Sync(None),
            HostCommand::Sync(Some("5".into())),
            HostCommand::ReloadConfig,
        ] {
            assert_eq!(
                speak(&command, false, |_| true),
                [Action::Reply(Text::HostOnly {})]
            );
        }
    }

    #[test]
    fn the_host_syncs_everywhere_or_in_one_server() {
        assert_eq!(said(&HostCommand::Sync(None)), [Action::SyncCommands(None)]);
        assert_eq!(
            said(&HostCommand::Sync(Some("5".into()))),
            [Action::SyncCommands(Some(GuildId(5)))]
        );
        assert_eq!(
            said(&HostCommand::Sync(Some("6".into()))),
            [Action::Reply(Text::SyncUnknownGuild { guild: "6".into() })]
        );
        assert_eq!(
            said(&HostCommand::Sync(Some("here".into()))),
            [Action::Reply(Text::SyncNotAGuild {
                word: "here".into()
            })]
        );
        assert_eq!(said(&HostCommand::ReloadConfig), [Action::ReloadConfig]);
    }
}
