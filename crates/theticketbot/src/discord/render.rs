//! Converts the bot's own types into Discord's models. Nothing here sends them.

mod component;
pub mod due;
pub mod entries;
pub mod form;
pub mod inboxes;
pub mod list;
pub mod menu;
pub mod message;
pub mod modal;
pub mod notice;
pub mod settings;
pub mod ticket;

use tickets::Mention;
use twilight_model::channel::message::AllowedMentions;
use twilight_model::id::Id;

/// Discord's limit for each list in allowed mentions: users, and roles.
const MAX_ALLOWED: usize = 100;

/// Lets a message ping exactly these members and roles.
pub fn allowed_mentions(mentions: &[Mention]) -> AllowedMentions {
    let mut allowed = AllowedMentions::default();
    for mention in mentions {
        // 0 is not a valid id.
        match *mention {
            Mention::User(user) => add(&mut allowed.users, Id::new_checked(user.0)),
            Mention::Role(role) => add(&mut allowed.roles, Id::new_checked(role.0)),
        }
    }
    allowed
}

fn add<T: PartialEq>(list: &mut Vec<T>, id: Option<T>) {
    if let Some(id) = id
        && list.len() < MAX_ALLOWED
        && !list.contains(&id)
    {
        list.push(id);
    }
}

#[cfg(test)]
mod tests {
    use tickets::{RoleId, UserId};

    use super::*;

    #[test]
    fn only_who_is_listed_is_pinged() {
        let mentions = [
            Mention::User(UserId(1)),
            Mention::Role(RoleId(2)),
            Mention::User(UserId(1)),
            Mention::User(UserId(0)),
        ];
        let allowed = allowed_mentions(&mentions);
        assert_eq!(allowed.users, [Id::new(1)]);
        assert_eq!(allowed.roles, [Id::new(2)]);
        assert!(allowed.parse.is_empty() && !allowed.replied_user);
        assert_eq!(allowed_mentions(&[]), AllowedMentions::default());
    }

    #[test]
    fn no_more_than_discord_takes() {
        let crowd: Vec<_> = (1..=150)
            .flat_map(|id| [Mention::User(UserId(id)), Mention::Role(RoleId(id))])
            .collect();
        let allowed = allowed_mentions(&crowd);
        assert_eq!((allowed.users.len(), allowed.roles.len()), (100, 100));
    }
}
