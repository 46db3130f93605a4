//! The gateway intents by the names that discord.py gives them, as the original's config has them.

/// Servers, their members, and the messages in them: what a ticket bot needs.
pub(super) const DEFAULT: u64 = 1 << 0 | 1 << 1 | 1 << 9;

/// The names of the intents that the bot needs and that are off.
pub(super) fn missing(intents: u64) -> impl Iterator<Item = &'static str> {
    let needed =
        move |bits: u64| bits.is_power_of_two() && DEFAULT & bits != 0 && intents & bits == 0;
    let off = NAMES.iter().filter(move |(_, bits)| needed(*bits));
    off.map(|(name, _)| *name)
}

/// The bits of a name; none for an unknown one.
pub(super) fn bits(name: &str) -> Option<u64> {
    NAMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, bits)| *bits)
}

/// The known names, in Discord's order.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

/// The names that stand for exactly one intent each, and whether these bits contain that intent.
pub(super) fn states(intents: u64) -> impl Iterator<Item = (&'static str, bool)> {
    NAMES
        .iter()
        .filter(|(name, _)| in_original_defaults(name))
        .map(move |(name, bits)| (*name, intents & bits != 0))
}

/// Whether the original's default config has this name. The original applies a user's values for these names
/// first, and then those for other names in the order of the file. That matters when two names overlap.
pub(super) fn in_original_defaults(name: &str) -> bool {
    bits(name).is_some_and(u64::is_power_of_two)
        && !["bans", "emojis", "expressions"].contains(&name)
}

const NAMES: [(&str, u64); 29] = [
    ("guilds", 1 << 0),
    ("members", 1 << 1),
    ("moderation", 1 << 2),
    ("bans", 1 << 2),
    ("emojis_and_stickers", 1 << 3),
    ("emojis", 1 << 3),
    ("expressions", 1 << 3),
    ("integrations", 1 << 4),
    ("webhooks", 1 << 5),
    ("invites", 1 << 6),
    ("voice_states", 1 << 7),
    ("presences", 1 << 8),
    ("messages", 1 << 9 | 1 << 12),
    ("guild_messages", 1 << 9),
    ("dm_messages", 1 << 12),
    ("reactions", 1 << 10 | 1 << 13),
    ("guild_reactions", 1 << 10),
    ("dm_reactions", 1 << 13),
    ("typing", 1 << 11 | 1 << 14),
    ("guild_typing", 1 << 11),
    ("dm_typing", 1 << 14),
    ("message_content", 1 << 15),
    ("guild_scheduled_events", 1 << 16),
    ("auto_moderation", 1 << 20 | 1 << 21),
    ("auto_moderation_configuration", 1 << 20),
    ("auto_moderation_execution", 1 << 21),
    ("polls", 1 << 24 | 1 << 25),
    ("guild_polls", 1 << 24),
    ("dm_polls", 1 << 25),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_needed_intents_that_are_off_are_named() {
        let missing = |intents| missing(intents).collect::<Vec<_>>();
        assert!(missing(DEFAULT).is_empty());
        assert_eq!(missing(0), ["guilds", "members", "guild_messages"]);
        let without_members = DEFAULT & !bits("members").unwrap();
        assert_eq!(missing(without_members), ["members"]);
    }
}
