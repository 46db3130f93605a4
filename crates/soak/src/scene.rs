//! How things are at one moment, in the world and in the bot's database: what the checks look at.

use std::collections::HashMap;

use discord_sandbox::Look;
use discord_sandbox::id::{ChannelId, GuildId, InteractionId, MessageId, Timestamp, UserId};
use discord_sandbox::permissions::Permissions;
use discord_sandbox::world::component::Component;
use discord_sandbox::world::model::{
    InteractionData, InteractionState, Message, Thread, ThreadKind,
};
use theticketbot::store::Store;
use theticketbot::translate::{Language, say};
use tickets::stored::{Abandoned, Inbox, Opening, Ticket};
use tickets::text::Text;

/// The button's id, which the original gave it.
pub const BUTTON: &str = "create-ticket";

/// How long an interaction can be answered, in milliseconds.
const TOKEN_LIFETIME: i64 = 15 * 60 * 1000;

/// The world, as far as it is about tickets.
#[derive(Debug, Default)]
pub struct Scene {
    /// The private threads that the bot made, oldest first.
    pub tickets: Vec<Seen>,
    /// The messages with a *Create Ticket* button.
    pub inboxes: Vec<(ChannelId, MessageId)>,
    /// What is not answered.
    pub waiting: Vec<Unanswered>,
    /// What Discord gave up waiting for.
    pub failed: Vec<Unanswered>,
    /// Messages of the bot that ping whom nobody chose.
    pub pings: Vec<String>,
}

/// A thread that the bot made.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are facts, each of its own"
)]
pub struct Seen {
    pub id: ChannelId,
    pub name: String,
    /// When its owner clicked, if the answer says so.
    pub clicked: Option<Timestamp>,
    pub archived: bool,
    pub locked: bool,
    /// Whom the starting message mentions first.
    pub owner: Option<UserId>,
    pub owner_is_in: bool,
    /// What the bot said besides notes. There should be one.
    pub starters: Vec<String>,
    pub left_notes: u32,
    pub archived_notes: u32,
    /// Whether the bot may lock it.
    pub can_lock: bool,
}

/// Something that a person did and the bot did not answer.
#[derive(Debug)]
pub struct Unanswered {
    pub id: InteractionId,
    pub created: Timestamp,
    pub person: UserId,
    /// Whether it is a click on *Create Ticket*.
    pub is_click: bool,
}

impl Scene {
    /// Looks at the default server.
    pub fn of(look: &Look<'_>, notes: &Notes) -> Self {
        let mut scene = Self::default();
        let (guild, bot) = (look.defaults().guild, look.defaults().bot);
        let mut clicks = HashMap::new();
        let channels = look.guild(guild).map(|guild| &guild.channels);
        for channel in channels.into_iter().flatten().copied() {
            for message in own(look, channel, bot) {
                if message.ephemeral_to.is_some() {
                    let opened = notes.opened(&message.content);
                    let click = message.interaction.map(InteractionId::created_at);
                    clicks.extend(opened.zip(click));
                    continue;
                }
                scene.pings.extend(ping(message, false));
                if message.components.iter().any(is_create_button) {
                    scene.inboxes.push((channel, message.id));
                }
            }
            let threads = look.threads_of(channel).into_iter();
            for thread in threads.filter(|t| t.owner == bot && t.kind == ThreadKind::Private) {
                let seen = Seen::of(look, thread, bot, notes, &mut scene.pings);
                scene.tickets.push(seen);
            }
        }
        for ticket in &mut scene.tickets {
            ticket.clicked = clicks.get(&ticket.id).copied();
        }
        scene.tickets.sort_by_key(|ticket| ticket.id);
        // Later Discord takes no answer any more.
        let is_young = |created| look.now().since(created) < TOKEN_LIFETIME;
        for interaction in look.interactions().filter(|it| it.guild == guild) {
            // In a channel that is gone there is nothing to answer to either.
            if !is_young(interaction.created) || look.place(interaction.channel).is_none() {
                continue;
            }
            let list = match interaction.state {
                InteractionState::Pending | InteractionState::Deferred => &mut scene.waiting,
                InteractionState::Failed => &mut scene.failed,
                InteractionState::Answered
                | InteractionState::Modal(_)
                | InteractionState::Choices(_) => continue,
            };
            let is_click = matches!(
                &interaction.data,
                InteractionData::Component { custom_id, .. } if custom_id == BUTTON
            );
            list.push(Unanswered {
                id: interaction.id,
                created: interaction.created,
                person: interaction.person,
                is_click,
            });
        }
        scene
    }
}

impl Seen {
    fn of(
        look: &Look<'_>,
        thread: &Thread,
        bot: UserId,
        notes: &Notes,
        pings: &mut Vec<String>,
    ) -> Self {
        let mut seen = Self {
            id: thread.id,
            name: thread.name.clone(),
            clicked: None,
            archived: thread.archived,
            locked: thread.locked,
            owner: None,
            owner_is_in: false,
            starters: Vec::new(),
            left_notes: 0,
            archived_notes: 0,
            can_lock: look.place(thread.id).is_some_and(|place| {
                let permissions = look.permissions_in(look.now(), place, bot);
                permissions.has(Permissions::VIEW_CHANNEL)
                    && permissions.has(Permissions::MANAGE_THREADS)
            }),
        };
        for message in own(look, thread.id, bot).filter(|m| !m.kind.is_system()) {
            match notes.kind(&message.content) {
                Some(Note::Left) => seen.left_notes += 1,
                Some(Note::Archived) => seen.archived_notes += 1,
                None => seen.starters.push(message.content.clone()),
            }
            let is_starter = notes.kind(&message.content).is_none();
            pings.extend(ping(message, is_starter));
        }
        seen.owner = seen.starters.first().and_then(|text| first_mention(text));
        seen.owner_is_in = seen
            .owner
            .is_some_and(|owner| thread.members.contains_key(&owner));
        seen
    }
}

fn own<'a>(
    look: &'a Look<'_>,
    channel: ChannelId,
    bot: UserId,
) -> impl Iterator<Item = &'a Message> {
    look.messages(channel)
        .filter(move |message| message.user() == Some(bot))
}

/// Nobody but a starting message may ping a role, and nothing pings everyone.
fn ping(message: &Message, is_starter: bool) -> Option<String> {
    let pings = message.mention_everyone || !is_starter && !message.mention_roles.is_empty();
    pings.then(|| format!("message {} pings: {:?}", message.id, message.content))
}

/// Whether there is a *Create Ticket* button in it.
pub fn is_create_button(component: &Component) -> bool {
    // However it is nested.
    format!("{component:?}").contains(&format!("{BUTTON:?}"))
}

/// Whom a text mentions first.
pub fn first_mention(text: &str) -> Option<UserId> {
    first_id(text, "<@").map(UserId)
}

fn first_id(text: &str, opening: &str) -> Option<u64> {
    let (_, rest) = text.split_once(opening)?;
    let (id, _) = rest.split_once('>')?;
    id.parse().ok()
}

/// What the bot says of a ticket, to tell it from other messages.
pub struct Notes {
    left: Vec<String>,
    archived: Vec<String>,
    opened: Vec<String>,
}

enum Note {
    Left,
    Archived,
}

impl Default for Notes {
    fn default() -> Self {
        let (owner, ticket) = (tickets::UserId(0), tickets::ChannelId(0));
        let in_all = |texts: Vec<Text>| {
            let each = texts.into_iter();
            each.flat_map(|text| Language::ALL.map(|language| say(text.clone(), language)))
                .collect()
        };
        Self {
            left: in_all(vec![
                Text::OwnerLeft { owner },
                Text::OwnerLeftLocked { owner },
            ]),
            archived: in_all(vec![Text::Archived {}]),
            opened: in_all(vec![
                Text::TicketOpened { ticket },
                Text::TicketOpenedWithoutStaff { ticket },
            ]),
        }
    }
}

impl Notes {
    fn kind(&self, content: &str) -> Option<Note> {
        if self.archived.iter().any(|note| note == content) {
            return Some(Note::Archived);
        }
        let owner = first_mention(content)?;
        let anybody = content.replace(&format!("<@{owner}>"), "<@0>");
        self.left.contains(&anybody).then_some(Note::Left)
    }

    /// The ticket of which this says that it was opened.
    fn opened(&self, content: &str) -> Option<ChannelId> {
        let ticket = first_id(content, "<#")?;
        let any = content.replace(&format!("<#{ticket}>"), "<#0>");
        self.opened.contains(&any).then_some(ChannelId(ticket))
    }
}

/// The database, as far as it is about one server.
#[derive(Debug)]
pub struct Rows {
    pub tickets: Vec<Ticket>,
    pub inboxes: Vec<Inbox>,
    pub openings: Vec<Opening>,
    pub abandoned: Vec<Abandoned>,
}

impl Rows {
    pub async fn of(store: &Store, guild: GuildId) -> Result<Self, String> {
        let guild = tickets::GuildId(guild.0);
        let read = async {
            Ok::<_, theticketbot::store::StoreError>(Self {
                tickets: store.tickets_in(guild).await?,
                inboxes: store.inboxes_in(guild).await?,
                openings: store.openings().await?,
                abandoned: store.abandoned_threads(guild).await?,
            })
        };
        read.await.map_err(|error| format!("the database: {error}"))
    }
}
