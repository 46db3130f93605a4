//! Discord's events, translated into the domain's at the edge.
//!
//! [`wire`] has the few fields that are read of each event, [`read`] makes an [`Incoming`] of the
//! gateway's JSON, and [`translate`] makes the domain's [`tickets::event::Event`] of that. What an
//! interaction asks for is understood in [`interaction`].

mod incoming;
pub mod interaction;
pub mod wire;

use tickets::UserId;
use tickets::event::{Event, Spoken, Words};

pub use incoming::{Incoming, Left, ReadError, Thread, read};

/// What happened, so far as a decision could depend on it. Interactions are translated by
/// [`interaction::translate`], because they want an answer.
pub fn translate(incoming: &Incoming, me: UserId) -> Vec<Event> {
    if let Incoming::ThreadMembers {
        guild,
        thread,
        joined,
        left,
    } = incoming
    {
        let left = (!left.is_empty()).then(|| Event::LeftThread {
            guild: *guild,
            thread: *thread,
            users: left.clone(),
        });
        let joined = (!joined.is_empty()).then(|| Event::JoinedThread {
            thread: *thread,
            users: joined.clone(),
        });
        return left.into_iter().chain(joined).collect();
    }
    single(incoming, me).into_iter().collect()
}

fn single(incoming: &Incoming, me: UserId) -> Option<Event> {
    Some(match incoming {
        Incoming::ThreadChanged(thread) => Event::ThreadChanged {
            guild: thread.guild,
            thread: thread.id,
            archived: thread.archived,
            locked: thread.locked,
        },
        Incoming::MemberLeft(Left { guild, user }) if *user != me => Event::LeftGuild {
            guild: *guild,
            user: *user,
        },
        Incoming::ThreadDeleted { thread, .. } => Event::ChannelDeleted { channel: *thread },
        Incoming::ChannelDeleted { channel, .. } => Event::ChannelDeleted { channel: *channel },
        Incoming::MessagesDeleted { messages, .. } => Event::MessagesDeleted {
            messages: messages.clone(),
        },
        Incoming::RoleDeleted { guild, role } => Event::RoleDeleted {
            guild: *guild,
            role: *role,
        },
        Incoming::Message(message) => Event::Spoken(spoken(message, me)?),
        _ => return None,
    })
}

/// Words to the bot begin with a mention of it. Other bots have nothing to say.
fn spoken(message: &wire::Message, me: UserId) -> Option<Spoken> {
    if message.author.bot {
        return None;
    }
    let words = [format!("<@{me}>"), format!("<@!{me}>")]
        .iter()
        .find_map(|mention| message.content.trim_start().strip_prefix(mention.as_str()))?;
    Some(Spoken {
        guild: message.guild_id?.into(),
        channel: message.channel_id.into(),
        message: message.id.into(),
        author: message.author.id.into(),
        words: Words::parse(words)?,
    })
}

#[cfg(test)]
mod tests {
    use tickets::{ChannelId, GuildId, MessageId, RoleId};

    use super::*;

    const ME: UserId = UserId(99);

    fn event(name: &str, d: &str) -> Option<Event> {
        let json = format!(r#"{{"op":0,"s":3,"t":"{name}","d":{d}}}"#);
        let incoming = read(&json).expect("an event that can be read")?;
        translate(&incoming, ME).pop()
    }

    #[test]
    fn threads() {
        let thread = r#"{"id":"5","guild_id":"1","parent_id":"2","type":12,
            "thread_metadata":{"archived":true,"locked":false}}"#;
        assert_eq!(
            event("THREAD_UPDATE", thread),
            Some(Event::ThreadChanged {
                guild: GuildId(1),
                thread: ChannelId(5),
                archived: true,
                locked: false
            })
        );
        let left = r#"{"id":"5","guild_id":"1","member_count":1,"removed_member_ids":["7"]}"#;
        assert_eq!(
            event("THREAD_MEMBERS_UPDATE", left),
            Some(Event::LeftThread {
                guild: GuildId(1),
                thread: ChannelId(5),
                users: vec![UserId(7)]
            })
        );
        let joined = r#"{"id":"5","guild_id":"1","added_members":[{"id":"5","user_id":"7"}]}"#;
        assert_eq!(
            event("THREAD_MEMBERS_UPDATE", joined),
            Some(Event::JoinedThread {
                thread: ChannelId(5),
                users: vec![UserId(7)]
            })
        );
        assert_eq!(
            event(
                "THREAD_DELETE",
                r#"{"id":"5","guild_id":"1","parent_id":"2","type":12}"#
            ),
            Some(Event::ChannelDeleted {
                channel: ChannelId(5)
            })
        );
    }

    #[test]
    fn what_is_gone() {
        assert_eq!(
            event(
                "GUILD_MEMBER_REMOVE",
                r#"{"guild_id":"1","user":{"id":"7","username":"mia"}}"#
            ),
            Some(Event::LeftGuild {
                guild: GuildId(1),
                user: UserId(7)
            })
        );
        assert_eq!(
            event(
                "GUILD_MEMBER_REMOVE",
                r#"{"guild_id":"1","user":{"id":"99","username":"me"}}"#
            ),
            None
        );
        assert_eq!(
            event("CHANNEL_DELETE", r#"{"id":"2","guild_id":"1","type":0}"#),
            Some(Event::ChannelDeleted {
                channel: ChannelId(2)
            })
        );
        assert_eq!(
            event(
                "MESSAGE_DELETE",
                r#"{"id":"3","channel_id":"2","guild_id":"1"}"#
            ),
            Some(Event::MessagesDeleted {
                messages: vec![MessageId(3)]
            })
        );
        assert_eq!(
            event(
                "MESSAGE_DELETE_BULK",
                r#"{"ids":["3","4"],"channel_id":"2","guild_id":"1"}"#
            ),
            Some(Event::MessagesDeleted {
                messages: vec![MessageId(3), MessageId(4)]
            })
        );
        assert_eq!(
            event("GUILD_ROLE_DELETE", r#"{"role_id":"8","guild_id":"1"}"#),
            Some(Event::RoleDeleted {
                guild: GuildId(1),
                role: RoleId(8)
            })
        );
    }

    #[test]
    fn some_come_while_others_go() {
        let both = r#"{"op":0,"s":3,"t":"THREAD_MEMBERS_UPDATE","d":{"id":"5","guild_id":"1",
            "added_members":[{"user_id":"7"}],"removed_member_ids":["8"]}}"#;
        let incoming = read(both).unwrap().unwrap();
        assert!(matches!(
            translate(&incoming, ME)[..],
            [Event::LeftThread { .. }, Event::JoinedThread { .. }]
        ));
    }

    #[test]
    fn words_begin_with_a_mention_of_the_bot() {
        let said = |content: &str, bot: bool| {
            event(
                "MESSAGE_CREATE",
                &format!(
                    r#"{{"id":"3","channel_id":"2","guild_id":"1","content":"{content}",
                        "author":{{"id":"7","username":"mia","bot":{bot}}}}}"#
                ),
            )
        };
        let spoken = Event::Spoken(Spoken {
            guild: GuildId(1),
            channel: ChannelId(2),
            message: MessageId(3),
            author: UserId(7),
            words: Words::Sync(None),
        });
        assert_eq!(said("<@99> sync", false), Some(spoken.clone()));
        assert_eq!(said(" <@!99>sync", false), Some(spoken));
        for other in ["sync", "<@98> sync", "hi <@99> sync", "<@99> hello"] {
            assert_eq!(said(other, false), None, "{other}");
        }
        assert_eq!(said("<@99> sync", true), None);
        let direct = r#"{"id":"3","channel_id":"2","content":"<@99> sync","author":{"id":"7"}}"#;
        assert_eq!(event("MESSAGE_CREATE", direct), None);
    }

    #[test]
    fn other_events_are_nobodys_business() {
        for name in ["TYPING_START", "PRESENCE_UPDATE", "SOMETHING_NEW"] {
            assert_eq!(event(name, "{\"a\":1}"), None);
        }
        assert!(read(r#"{"op":11,"d":null}"#).unwrap().is_none());
    }
}
