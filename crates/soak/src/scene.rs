//! How things are at one moment, in the world and in the bot's database: what the checks read.

use std::collections::HashMap;

use discord_sandbox::Look;
use discord_sandbox::id::{ChannelId, GuildId, InteractionId, MessageId, Timestamp, UserId};
use discord_sandbox::permissions::Permissions;
use discord_sandbox::world::component::Component;
use discord_sandbox::world::model::{
    InteractionData, InteractionState, Message, Thread, ThreadKind,
};
use harness::BUTTON;
use theticketbot::store::{Entry, Store};
use theticketbot::translate::{Language, say};
use tickets::inbox::Inbox;
use tickets::text::Text;
use tickets::ticket::{Found, Hint, Observed, Owner, Presence, Ticket, needs};

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
    /// Clicks with more than one response.
    pub doubled: Vec<InteractionId>,
    /// Messages of the bot with pings that were not chosen.
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
    /// Whether they have been in the server since the thread was created.
    pub owner_is_here: bool,
    /// What the bot said besides notes. There should be one.
    pub starters: Vec<String>,
    /// That the owner left, or that it was archived.
    pub notes: u32,
    /// The newest of the bot's messages.
    pub newest: Option<MessageId>,
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
    /// Reads the default server.
    pub fn of(look: &Look<'_>, notes: &Notes) -> Self {
        Self::of_guild(look, look.defaults().guild, notes)
    }

    pub fn of_guild(look: &Look<'_>, guild: GuildId, notes: &Notes) -> Self {
        let mut scene = Self::default();
        let bot = look.defaults().bot;
        let mut clicks = HashMap::new();
        let mut responses: HashMap<InteractionId, usize> = HashMap::new();
        let channels = look.guild(guild).map(|guild| &guild.channels);
        for channel in channels.into_iter().flatten().copied() {
            for message in own(look, channel, bot) {
                if message.ephemeral_to.is_some() {
                    let opened = notes.opened(&message.content);
                    let click = message.interaction.map(InteractionId::created_at);
                    clicks.extend(opened.zip(click));
                    if let Some(interaction) = message.interaction {
                        *responses.entry(interaction).or_default() += 1;
                    }
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
        // Later Discord accepts no response.
        let is_young = |created| look.now().since(created) < TOKEN_LIFETIME;
        for interaction in look.interactions().filter(|it| it.guild == guild) {
            // In a channel that is gone there is nothing to answer to either.
            if !is_young(interaction.created) || look.place(interaction.channel).is_none() {
                continue;
            }
            let is_click = matches!(
                &interaction.data,
                InteractionData::Component { custom_id, .. } if custom_id == BUTTON
            );
            if is_click
                && responses
                    .get(&interaction.id)
                    .is_some_and(|count| *count > 1)
            {
                scene.doubled.push(interaction.id);
            }
            let list = match interaction.state {
                InteractionState::Pending | InteractionState::Deferred => &mut scene.waiting,
                InteractionState::Failed => &mut scene.failed,
                InteractionState::Answered
                | InteractionState::Modal(_)
                | InteractionState::Choices(_) => continue,
            };
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
            owner_is_here: false,
            starters: Vec::new(),
            notes: 0,
            newest: None,
            can_lock: look.place(thread.id).is_some_and(|place| {
                let permissions = look.permissions_in(look.now(), place, bot);
                permissions.has(Permissions::VIEW_CHANNEL)
                    && permissions.has(Permissions::MANAGE_THREADS)
            }),
        };
        for message in own(look, thread.id, bot).filter(|m| !m.kind.is_system()) {
            let is_note = notes.has(&message.content);
            if is_note {
                seen.notes += 1;
            } else {
                seen.starters.push(message.content.clone());
            }
            seen.newest = Some(message.id);
            pings.extend(ping(message, !is_note));
        }
        seen.owner = seen.starters.first().and_then(|text| first_mention(text));
        if let Some(owner) = seen.owner {
            seen.owner_is_in = thread.members.contains_key(&owner);
            let member = look.member(thread.guild, owner);
            seen.owner_is_here = member.is_some_and(|it| it.joined_at <= thread.created);
        }
        seen
    }

    /// What the bot would observe if it checked this ticket now.
    pub fn observed(&self, ticket: &Ticket) -> Observed {
        let thread = tickets::ticket::Thread {
            archived: self.archived,
            locked: self.locked,
            can_lock: self.can_lock,
        };
        let needs = needs(ticket, thread, Hint::None);
        let owner = match ticket.state.presence {
            _ if !needs.owner => Owner::Unknown,
            _ if self.owner_is_in => Owner::In,
            Presence::Invited if !self.owner_is_here => Owner::LeftServer,
            _ => Owner::Out { was_in: false },
        };
        let newest = self.newest.map(|id| tickets::MessageId(id.0));
        Observed {
            found: Found::There(thread),
            owner,
            unrecorded: newest.filter(|_| needs.note && newest > ticket.own_message),
            request: None,
        }
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

/// Only a starting message may ping a role, and no message pings everyone.
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
    closed: Vec<String>,
    opened: Vec<String>,
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
            closed: in_all(vec![
                Text::OwnerLeft { owner },
                Text::OwnerLeftLocked { owner },
                Text::Archived {},
            ]),
            opened: in_all(vec![
                Text::TicketOpened { ticket },
                Text::TicketOpenedWithoutStaff { ticket },
            ]),
        }
    }
}

impl Notes {
    fn has(&self, content: &str) -> bool {
        let anybody = match first_mention(content) {
            Some(owner) => content.replace(&format!("<@{owner}>"), "<@0>"),
            None => content.to_owned(),
        };
        self.closed.contains(&anybody)
    }

    /// The ticket that this says was opened.
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
    pub journal: Vec<Entry>,
}

impl Rows {
    pub async fn of(store: &Store, guild: GuildId) -> Result<Self, String> {
        let guild = tickets::GuildId(guild.0);
        let read = async {
            let open = store.unfinished_tickets(guild, Vec::new(), Vec::new());
            let mut ids = open.await?.tickets;
            let closed = store.closed_tickets(guild).await?.into_iter();
            ids.extend(closed.map(|(id, _)| id));
            let mut tickets = Vec::new();
            for id in ids {
                tickets.extend(store.ticket(id).await?);
            }
            Ok::<_, theticketbot::store::StoreError>(Self {
                tickets,
                inboxes: store.inboxes_in(guild).await?,
                journal: store.journal().await?,
            })
        };
        read.await.map_err(|error| format!("the database: {error}"))
    }
}
