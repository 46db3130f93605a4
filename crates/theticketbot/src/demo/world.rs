//! The small server of a demo, in any language: as a seed file of the sandbox.

use serde_json::json;

use crate::translate::{Language, Phrase, phrase};

/// The people that a user of the page can act as. The owner has already written a message for an inbox.
const PEOPLE: [(&str, &str, Option<&str>); 4] = [
    ("olivia", "Olivia", None),
    ("max", "Max", Some("moderator")),
    ("mia", "Mia", Some("member")),
    ("noah", "Noah", Some("member2")),
];

/// The world in which everybody speaks the language of this Discord locale, and the server
/// too. Its texts are in the nearest language that the bot speaks.
pub(super) fn in_language(locale: &str) -> Result<String, toml::ser::Error> {
    let language = Language::of(locale);
    let say = |what| phrase(what, language);
    let people = PEOPLE.map(|(username, global_name, part)| {
        let mut person =
            json!({"username": username, "global_name": global_name, "locale": locale});
        if let Some(part) = part {
            person["part"] = part.into();
        }
        person
    });
    let moderators = say(Phrase::DemoModerators);
    let ticket_channel = |name: String| {
        let overwrites = json!([{"role": moderators, "allow": ["MANAGE_THREADS"]}]);
        json!({"name": name, "permission_overwrites": overwrites})
    };
    let general = say(Phrase::DemoGeneral);
    toml::to_string(&json!({
        "application": {"name": "theticketbot", "owner": "olivia"},
        "people": people,
        "guilds": [{
            "name": say(Phrase::DemoServer),
            "owner": "olivia",
            "preferred_locale": locale,
            "system_channel": general,
            // The sandbox adds the bot's own role.
            "roles": [{
                "name": moderators,
                "permissions": ["MANAGE_THREADS", "MANAGE_MESSAGES"],
                "color": 0x2E_CC71,
                "hoist": true,
                // So that a bot without Mention Everyone can invite them to private threads.
                "mentionable": true,
            }],
            "members": [
                {"user": "max", "roles": [moderators]},
                {"user": "mia"},
                {"user": "noah"},
            ],
            "channels": [
                {"name": general},
                {
                    "name": say(Phrase::DemoWelcome),
                    // Members may not post here, but the bot must be able to.
                    "permission_overwrites": [
                        {"role": "@everyone", "deny": ["SEND_MESSAGES"]},
                        {"role": "@bot", "allow": ["SEND_MESSAGES"]},
                    ],
                    "messages": [{"author": "olivia", "content": say(Phrase::DemoMessage)}],
                },
                ticket_channel(say(Phrase::DemoSupport)),
                ticket_channel(say(Phrase::DemoTickets)),
            ],
        }],
    }))
}

#[cfg(test)]
mod tests {
    use discord_sandbox::Seed;

    use super::*;
    use crate::translate::DISCORD_LOCALES;

    #[test]
    fn there_is_a_world_in_each_language() {
        for locale in DISCORD_LOCALES {
            let text = in_language(locale).unwrap();
            let seed = Seed::from_toml(&text);
            assert!(seed.is_ok(), "{locale}: {seed:?}\n{text}");
        }
        let german = in_language("de").unwrap();
        assert!(german.contains("name = \"allgemein\"") && german.contains("Brauchst du Hilfe?"));
        assert!(in_language("fr").unwrap().contains("locale = \"fr\""));
        assert!(
            in_language("ja")
                .unwrap()
                .contains("preferred_locale = \"ja\"")
        );
    }
}
