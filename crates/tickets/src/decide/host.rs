//! Commands that begin with a mention of the bot. Only the host may use them.

use std::collections::HashMap;

use crate::action::HostAction;
use crate::request::HostCommand;
use crate::text::Text;
use crate::{GuildId, Timestamp};

/// Decides the command of the host: the application's owner or a member of its team. `knows`: whether
/// the bot is in a server. `invite`: the link that adds the bot to a server.
pub fn speak(
    command: &HostCommand,
    knows: impl Fn(GuildId) -> bool,
    invite: &str,
) -> Vec<HostAction> {
    match command {
        HostCommand::ReloadConfig => vec![HostAction::ReloadConfig],
        HostCommand::Help => vec![HostAction::Reply(Text::HostHelp {})],
        HostCommand::Invite => vec![HostAction::Reply(Text::HostInvite {
            link: invite.to_owned(),
        })],
        HostCommand::Sync(None) => vec![HostAction::SyncCommands(None)],
        HostCommand::Sync(Some(word)) => match word.parse() {
            Ok(guild) if knows(guild) => vec![HostAction::SyncCommands(Some(guild))],
            Ok(guild) => vec![HostAction::Reply(Text::SyncUnknownGuild {
                guild: guild.to_string(),
            })],
            Err(_) => vec![HostAction::Reply(Text::SyncNotAGuild {
                word: word.clone(),
            })],
        },
    }
}

/// Refuses the commands of others: in each server at most once a minute, so that members cannot make the
/// bot flood a channel.
#[derive(Debug, Default)]
pub struct Strangers {
    /// When the bot last refused a command in each server. Entries are kept for a minute.
    refused: HashMap<GuildId, Timestamp>,
}

impl Strangers {
    /// In milliseconds.
    const PAUSE: i64 = 60_000;

    /// Decides the command of somebody who is not the host.
    pub fn speak(&mut self, guild: GuildId, now: Timestamp) -> Vec<HostAction> {
        self.refused.retain(|_, last| now.0 - last.0 < Self::PAUSE);
        if self.refused.contains_key(&guild) {
            return Vec::new();
        }
        self.refused.insert(guild, now);
        vec![HostAction::Reply(Text::HostOnly {})]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(command: &HostCommand) -> Vec<HostAction> {
        speak(command, |guild| guild == GuildId(5), "https://invite")
    }

    #[test]
    fn others_are_refused_once_a_minute_in_each_server() {
        let mut strangers = Strangers::default();
        let refusal = [HostAction::Reply(Text::HostOnly {})];
        let mut said =
            |guild, seconds: i64| strangers.speak(GuildId(guild), Timestamp(seconds * 1000));
        assert_eq!(said(1, 100), refusal);
        assert_eq!(said(1, 101), []);
        assert_eq!(said(2, 102), refusal, "another server");
        assert_eq!(said(1, 159), []);
        assert_eq!(said(1, 160), refusal);
        assert_eq!(said(2, 161), []);
    }

    #[test]
    fn the_host_gets_help_and_the_link() {
        assert_eq!(
            said(&HostCommand::Help),
            [HostAction::Reply(Text::HostHelp {})]
        );
        let link = "https://invite".to_owned();
        assert_eq!(
            said(&HostCommand::Invite),
            [HostAction::Reply(Text::HostInvite { link })]
        );
    }

    #[test]
    fn the_host_syncs_everywhere_or_in_one_server() {
        assert_eq!(
            said(&HostCommand::Sync(None)),
            [HostAction::SyncCommands(None)]
        );
        assert_eq!(
            said(&HostCommand::Sync(Some("5".into()))),
            [HostAction::SyncCommands(Some(GuildId(5)))]
        );
        assert_eq!(
            said(&HostCommand::Sync(Some("6".into()))),
            [HostAction::Reply(Text::SyncUnknownGuild {
                guild: "6".into()
            })]
        );
        assert_eq!(
            said(&HostCommand::Sync(Some("here".into()))),
            [HostAction::Reply(Text::SyncNotAGuild {
                word: "here".into()
            })]
        );
        assert_eq!(said(&HostCommand::ReloadConfig), [HostAction::ReloadConfig]);
    }
}
