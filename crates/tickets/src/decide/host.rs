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
