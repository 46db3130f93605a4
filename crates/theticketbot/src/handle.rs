//! Every event is handled here: translated, decided, performed; in order for one member or thread,
//! side by side for all others. A handler that fails is logged with a code and answered with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tickets::event::{Event, Request, Thing};
use tickets::text::Text;
use tickets::{ChannelId, GuildId, UserId};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::context::{Context, Failure, NOWHERE, now};
use crate::discord::Message;
use crate::from_discord::interaction::{Asked, Interaction};
use crate::from_discord::{Incoming, interaction, translate};
use crate::gather;
use crate::perform::answer::Answer;
use crate::perform::{Cause, perform};
use crate::tasks::{Queues, catch_panic};
use crate::translate::say;

/// Takes events, and never waits for what they cause.
pub struct Handlers {
    context: Arc<Context>,
    queues: Queues<Key>,
}

/// When an event is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    AtOnce,
    /// It happened while there was no connection.
    Later,
}

/// What is done in order.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// What one member does in one server.
    Member(GuildId, UserId),
    /// What happens to one thread or channel.
    Channel(ChannelId),
    /// Everything else that happens in a server.
    Guild(GuildId),
    /// Deleted messages: the events name no server.
    Messages,
}

/// When nothing was said for so long, the member is shown that the bot is thinking. Discord wants
/// the first answer within three seconds, and it has to get there.
const SILENCE: Duration = Duration::from_millis(1500);

impl Handlers {
    pub fn new(context: Arc<Context>) -> Self {
        Self {
            queues: Queues::new(context.tasks.clone()),
            context,
        }
    }

    /// Handles an event of the gateway, which the cache has learnt from already.
    pub fn handle(&self, incoming: Incoming) {
        self.handle_as(incoming, Told::AtOnce);
    }

    /// The same for one that happened while there was no connection.
    pub fn handle_replayed(&self, incoming: Incoming) {
        self.handle_as(incoming, Told::Later);
    }

    fn handle_as(&self, incoming: Incoming, told: Told) {
        let Some(me) = self.context.cache().me() else {
            return;
        };
        if let Incoming::Interaction(wire) = incoming {
            self.handle_interaction(interaction::translate(*wire, me), told);
            return;
        }
        for event in translate(&incoming, me) {
            self.handle_event(event, incoming.guild().unwrap_or(NOWHERE));
        }
    }

    /// `guild` is where it is looked for if it cannot be handled.
    fn handle_event(&self, event: Event, guild: GuildId) {
        let key = key(&event);
        let context = self.context.clone();
        let pushed = self.queues.push(key, async move {
            let done = catch_panic(respond_to(&context, &event)).await;
            let Err(failure) = flattened(done) else {
                return;
            };
            let code = report(&failure, "an event could not be handled");
            context.miss(guild);
            if let Event::Spoken(spoken) = &event {
                apologise_to_host(&context, spoken, code).await;
            }
        });
        if !pushed {
            tracing::warn!("too much happens at once: an event was not handled");
            self.context.miss(guild);
        }
    }

    /// Finds out what became of something, and does what is to be done about it; in its turn, like
    /// everything that happens to it. How that went is told; `None` if too much waits already.
    pub fn look_after(
        &self,
        guild: GuildId,
        thing: Thing,
    ) -> Option<oneshot::Receiver<Result<(), Failure>>> {
        let event = Event::Unwatched { guild, thing };
        let (tell, told) = oneshot::channel();
        let context = self.context.clone();
        let pushed = self.queues.push(key(&event), async move {
            let done = catch_panic(respond_to(&context, &event)).await;
            // Who asked may have been told to stop.
            let _ = tell.send(flattened(done));
        });
        pushed.then_some(told)
    }

    fn handle_interaction(&self, interaction: Interaction, told: Told) {
        let context = self.context.clone();
        let Interaction { reply, asked } = interaction;
        let key = match &asked {
            Asked::InGuild { asker, .. } => Key::Member(asker.guild, asker.user),
            Asked::Elsewhere | Asked::Unknown(_) => Key::Member(GuildId(0), UserId(reply.id)),
        };
        let answer = Answer::new(
            context.discord.clone(),
            context.store.clone(),
            context.application.id,
            reply,
        );
        let answer = Arc::new(answer);
        let patience = Patience::begin(answer.clone());
        let gaps = context.gaps();
        let pushed = self.queues.push(key, async move {
            let done = catch_panic(answer_to(&context, &answer, asked, told, gaps)).await;
            drop(patience);
            let Err(failure) = flattened(done) else {
                return;
            };
            let text = match failure {
                Failure::Refused(text) => text,
                failure => unexpected(&context, report(&failure, "a member was not served")),
            };
            if let Err(error) = answer.say(text).await {
                tracing::warn!(%error, "and could not be told so");
            }
        });
        if !pushed {
            tracing::warn!("a member asks faster than they can be served");
        }
    }
}

async fn answer_to(
    context: &Context,
    answer: &Answer,
    asked: Asked,
    told: Told,
    gaps: u64,
) -> Result<(), Failure> {
    // Who waited in vain has been told by Discord that it failed, and clicks again: a ticket that
    // opens only now would be one that nobody expects.
    if told == Told::Later && opens_ticket(&asked) && !answer.is_wanted().await? {
        tracing::info!("a click came while there was no connection: it is too late to answer it");
        return Ok(());
    }
    match asked {
        Asked::InGuild {
            asker,
            request,
            embeds,
        } => {
            let actions = gather::asked(context, &asker, &request, answer).await?;
            tracing::debug!(guild = %asker.guild, user = %asker.user, ?actions, "asked");
            let cause = Cause::Asked {
                asker: &asker,
                answer,
                embeds,
                gaps,
            };
            perform(context, &cause, actions).await
        }
        Asked::Elsewhere => Ok(answer.say(Text::ServerOnly {}).await?),
        Asked::Unknown(what) => Err(Failure::Other(format!("unknown to this version: {what}"))),
    }
}

fn opens_ticket(asked: &Asked) -> bool {
    let Asked::InGuild { request, .. } = asked else {
        return false;
    };
    matches!(request, Request::OpenTicket { .. })
}

async fn respond_to(context: &Context, event: &Event) -> Result<(), Failure> {
    let actions = gather::happened(context, event).await?;
    if actions.is_empty() {
        return Ok(());
    }
    tracing::debug!(?actions, "happened");
    let cause = match event {
        Event::Spoken(spoken) => Cause::Spoken(spoken),
        event => Cause::Event(guild_of(event)),
    };
    perform(context, &cause, actions).await
}

fn key(event: &Event) -> Key {
    match event {
        Event::Asked(asker, _) => Key::Member(asker.guild, asker.user),
        Event::ThreadChanged { thread, .. }
        | Event::LeftThread { thread, .. }
        | Event::JoinedThread { thread, .. } => Key::Channel(*thread),
        Event::ChannelDeleted { channel } => Key::Channel(*channel),
        Event::LeftGuild { guild, user } => Key::Member(*guild, *user),
        Event::MessagesDeleted { .. } => Key::Messages,
        Event::RoleDeleted { guild, .. } => Key::Guild(*guild),
        Event::Spoken(spoken) => Key::Guild(spoken.guild),
        Event::Unwatched { guild, thing } => match thing {
            Thing::Ticket(channel) | Thing::Inbox { channel, .. } | Thing::Channel(channel) => {
                Key::Channel(*channel)
            }
            Thing::Abandoned(abandoned) => Key::Channel(abandoned.thread),
            Thing::Role(_) => Key::Guild(*guild),
        },
    }
}

/// Where it happened, as far as what follows depends on the server.
fn guild_of(event: &Event) -> GuildId {
    match event {
        Event::Asked(asker, _) => asker.guild,
        Event::ThreadChanged { guild, .. }
        | Event::LeftThread { guild, .. }
        | Event::LeftGuild { guild, .. }
        | Event::RoleDeleted { guild, .. }
        | Event::Unwatched { guild, .. } => *guild,
        Event::Spoken(spoken) => spoken.guild,
        // Nothing is said about these.
        Event::JoinedThread { .. }
        | Event::ChannelDeleted { .. }
        | Event::MessagesDeleted { .. } => NOWHERE,
    }
}

/// Sees to it that a member is not left without a sign, whatever the handler waits for.
struct Patience(JoinHandle<()>);

impl Patience {
    fn begin(answer: Arc<Answer>) -> Self {
        Self(tokio::spawn(async move {
            tokio::time::sleep(SILENCE).await;
            if let Err(error) = answer.defer().await {
                tracing::warn!(%error, "an interaction could not be acknowledged");
            }
        }))
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Logs a failure; returns the code by which it is found in the log.
pub fn report(failure: &Failure, what: &'static str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    // Different from all others of this run, and hardly ever the same as one of another run.
    let number = now().0.unsigned_abs() << 8 | COUNT.fetch_add(1, Ordering::Relaxed) & 0xFF;
    let code = short(number);
    tracing::error!(code, %failure, "{what}");
    code
}

/// A number in letters and digits that are not mistaken for each other, its last seven.
fn short(mut number: u64) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut code: Vec<_> = (0..7)
        .map(|_| {
            let letter = LETTERS[usize::try_from(number % 32).unwrap_or(0)];
            number /= 32;
            char::from(letter)
        })
        .collect();
    code.reverse();
    code.into_iter().collect()
}

fn unexpected(context: &Context, code: String) -> Text {
    Text::Unexpected {
        code,
        owner: context.owner_mention(),
    }
}

async fn apologise_to_host(context: &Context, spoken: &tickets::event::Spoken, code: String) {
    let text = say(unexpected(context, code), context.language(spoken.guild));
    let message = Message::text(text).in_reply_to(spoken.message);
    if let Err(error) = context.discord.send(spoken.channel, &message).await {
        tracing::warn!(%error, "the host could not be answered");
    }
}

fn flattened<T>(done: Result<Result<T, Failure>, String>) -> Result<T, Failure> {
    done.unwrap_or_else(|panic| Err(Failure::Other(format!("a handler panicked: {panic}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_short_and_differ() {
        let failure = Failure::Other("as this test wants it".to_owned());
        let codes: std::collections::HashSet<_> =
            (0..50).map(|_| report(&failure, "a test")).collect();
        assert_eq!(codes.len(), 50);
        assert!(codes.iter().all(|code| code.len() == 7));
        assert_eq!(short(0), "2222222");
        assert_eq!(short(33), "2222233");
    }
}
