//! Words that only the host may say.

use crate::GuildId;
use crate::action::Action;
use crate::event::Words;
use crate::text::Text;

/// Decides the words. `is_host`: the application's owner or a member of its team. `knows`: whether
/// the bot is in a server.
pub fn speak(words: &Words, is_host: bool, knows: impl Fn(GuildId) -> bool) -> Vec<Action> {
    if !is_host {
        return vec![Action::Reply(Text::HostOnly {})];
    }
    match words {
        Words::ReloadConfig => vec![Action::ReloadConfig],
        Words::Sync(None) => vec![Action::SyncCommands(None)],
        Words::Sync(Some(word)) => match word.parse() {
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

    fn said(words: &Words) -> Vec<Action> {
        speak(words, true, |guild| guild == GuildId(5))
    }

    #[test]
    fn only_the_host_is_obeyed() {
        for words in [
            Words::Sync(None),
            Words::Sync(Some("5".into())),
            Words::ReloadConfig,
        ] {
            assert_eq!(
                speak(&words, false, |_| true),
                [Action::Reply(Text::HostOnly {})]
            );
        }
    }

    #[test]
    fn the_host_syncs_everywhere_or_in_one_server() {
        assert_eq!(said(&Words::Sync(None)), [Action::SyncCommands(None)]);
        assert_eq!(
            said(&Words::Sync(Some("5".into()))),
            [Action::SyncCommands(Some(GuildId(5)))]
        );
        assert_eq!(
            said(&Words::Sync(Some("6".into()))),
            [Action::Reply(Text::SyncUnknownGuild { guild: "6".into() })]
        );
        assert_eq!(
            said(&Words::Sync(Some("here".into()))),
            [Action::Reply(Text::SyncNotAGuild {
                word: "here".into()
            })]
        );
        assert_eq!(said(&Words::ReloadConfig), [Action::ReloadConfig]);
    }
}
