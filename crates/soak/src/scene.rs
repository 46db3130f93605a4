//! The state of the world and of the bot's database at one moment, as the checks read it.

use std::collections::{HashMap, HashSet};

use discord_sandbox::Look;
use discord_sandbox::id::{ChannelId, GuildId, InteractionId, MessageId, Timestamp, UserId};
use discord_sandbox::permissions::Permissions;
use discord_sandbox::world::component::Component;
use discord_sandbox::world::model::{
    InteractionData, InteractionState, Message, Thread, ThreadKind,
};
use harness::BUTTON;
use theticketbot::store::{Entry, Scope, Store, StoreError};
use theticketbot::translate::{Language, say};
use tickets::InboxId;
use tickets::inbox::Inbox;
use tickets::setting::{CLOSE_IDLE, REMIND_OWNER, REMIND_STAFF, Setting};
use tickets::text::Text;
use tickets::ticket::{
    Found, Hint, Observed, Owner, Phase, Presence, Ticket, hidden_needs, is_archived_by_timer,
    needs,
};

/// How long Discord accepts responses to an interaction, in milliseconds.
const TOKEN_LIFETIME: i64 = 15 * 60 * 1000;

/// The part of the world that is about tickets.
#[derive(Debug, Default)]
pub struct Scene {
    /// The private threads that the bot made, oldest first.
    pub tickets: Vec<Seen>,
    /// The messages with a *Create Ticket* button.
    pub inboxes: Vec<(ChannelId, MessageId)>,
    /// The interactions without a response.
    pub waiting: Vec<Unanswered>,
    /// The interactions that have failed because no response came in time.
    pub failed: Vec<Unanswered>,
    /// Clicks with more than one response.
    pub doubled: Vec<InteractionId>,
    /// Messages of the bot that ping somebody whom they should not ping.
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
    /// When the owner clicked, if a response links to this thread.
    pub clicked: Option<Timestamp>,
    pub archived: bool,
    pub locked: bool,
    /// The first person whom the starting message mentions.
    pub owner: Option<UserId>,
    pub owner_is_in: bool,
    /// Whether the owner has been in the server since the thread was created.
    pub owner_is_here: bool,
    /// The bot's messages other than closing messages and those of commands. There should be exactly one.
    pub starters: Vec<String>,
    /// The number of closing messages.
    pub notes: u32,
    /// The bot's newest message.
    pub newest: Option<MessageId>,
    /// Whether the bot may lock the thread.
    pub can_lock: bool,
    /// Whether Discord's own timer has archived the thread.
    pub is_hidden: bool,
    /// Whether the ticket replaces another one.
    pub is_transferred: bool,
    /// Whether the ticket was transferred from another inbox, which named it.
    pub was_given: bool,
    /// The number of messages about the ticket in the channel of the notices.
    pub notices: usize,
}

/// Something that a person did without a response from the bot.
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
        let mut noticed: HashMap<ChannelId, usize> = HashMap::new();
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
                if let Some(ticket) = notes.noticed(&message.content) {
                    *noticed.entry(ticket).or_default() += 1;
                }
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
            ticket.notices = noticed.get(&ticket.id).copied().unwrap_or(0);
        }
        scene.tickets.sort_by_key(|ticket| ticket.id);
        // Discord accepts no response after that.
        let is_young = |created| look.now().since(created) < TOKEN_LIFETIME;
        for interaction in look.interactions().filter(|it| it.guild == guild) {
            // If the channel is gone, there is nothing to respond to either.
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
            is_hidden: thread.archived
                && !thread.locked
                && is_archived_by_timer(
                    tickets::ChannelId(thread.id.0),
                    thread.last_message.map(|id| tickets::MessageId(id.0)),
                    thread.auto_archive.into(),
                    tickets::Timestamp(thread.archive_changed.0),
                ),
            is_transferred: false,
            was_given: false,
            notices: 0,
        };
        let said = own(look, thread.id, bot).filter(|m| !m.kind.is_system());
        for message in said.filter(|m| m.ephemeral_to.is_none()) {
            let is_note = notes.has(&message.content);
            seen.was_given |= notes.says_it_was_given(&message.content);
            if is_note {
                seen.notes += 1;
            } else if !notes.is_of_a_command(&message.content) {
                seen.is_transferred |= notes.says_where_it_was(&message.content);
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

    /// Whether the thread is archived, and not only hidden by Discord's own timer.
    pub fn is_closed(&self) -> bool {
        self.archived && !self.is_hidden
    }

    /// What the bot would observe if it checked this ticket now. `is_kept_open` means that the ticket counts
    /// as open although Discord's own timer has hidden it.
    pub fn observed(&self, ticket: &Ticket, is_kept_open: bool) -> Observed {
        let thread = tickets::ticket::Thread {
            archived: self.archived,
            locked: self.locked,
            can_lock: self.can_lock,
        };
        let (found, needs) = if is_kept_open {
            let needs = hidden_needs(ticket, thread, Hint::None);
            (Found::Idle(thread), needs)
        } else {
            let needs = needs(ticket, thread, Hint::None);
            (Found::There(thread), needs)
        };
        let owner = match ticket.state.presence {
            _ if !needs.owner => Owner::Unknown,
            _ if self.owner_is_in => Owner::In,
            Presence::Invited if !self.owner_is_here => Owner::LeftServer,
            _ => Owner::Out { was_in: false },
        };
        let newest = self.newest.map(|id| tickets::MessageId(id.0));
        Observed {
            found,
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

/// Returns a message's ping that is not allowed. Only a starting message may ping a role, and no message may
/// ping everyone.
fn ping(message: &Message, is_starter: bool) -> Option<String> {
    let pings = message.mention_everyone || !is_starter && !message.mention_roles.is_empty();
    pings.then(|| format!("message {} pings: {:?}", message.id, message.content))
}

/// Whether a component is, or contains, a *Create Ticket* button.
pub fn is_create_button(component: &Component) -> bool {
    // The debug text contains nested components, too.
    format!("{component:?}").contains(&format!("{BUTTON:?}"))
}

/// The first user whom a text mentions.
pub fn first_mention(text: &str) -> Option<UserId> {
    first_id(text, "<@").map(UserId)
}

fn first_id(text: &str, opening: &str) -> Option<u64> {
    let (_, rest) = text.split_once(opening)?;
    let (id, _) = rest.split_once('>')?;
    id.parse().ok()
}

/// The bot's sentences about tickets, which distinguish its kinds of messages.
pub struct Notes {
    closed: Vec<Pattern>,
    commands: Vec<Pattern>,
    given: Vec<Pattern>,
    moved: Vec<Pattern>,
    notices: Vec<Pattern>,
    opened: Vec<String>,
}

/// A sentence with gaps for its values.
struct Pattern(Vec<String>);

/// Marks the place of a value in a sentence.
const ANY: char = '\u{1}';

impl Pattern {
    fn of(text: &Text) -> impl Iterator<Item = Self> {
        let said = Language::ALL.map(|language| say(text.clone(), language));
        said.into_iter().map(|said| {
            let mut pieces = said;
            for value in ["<@0>", "<#0>", "<t:0:R>"] {
                pieces = pieces.replace(value, &ANY.to_string());
            }
            Self(pieces.split(ANY).map(str::to_owned).collect())
        })
    }

    fn is_in(&self, text: &str) -> bool {
        let mut rest = text;
        self.0
            .iter()
            .all(|piece| match rest.split_once(piece.as_str()) {
                Some((_, after)) => {
                    rest = after;
                    true
                }
                None => false,
            })
    }

    fn begins(&self, text: &str) -> bool {
        let first = self.0.first();
        first.is_some_and(|first| text.starts_with(first.as_str())) && self.is_in(text)
    }
}

impl Default for Notes {
    fn default() -> Self {
        let (owner, ticket) = (tickets::UserId(0), tickets::ChannelId(0));
        let (by, since, until) = (owner, 0, 0);
        let any = || ANY.to_string();
        let (name, inbox, reason) = (any, any, any);
        let patterns = |texts: Vec<Text>| texts.iter().flat_map(Pattern::of).collect();
        Self {
            closed: patterns(vec![
                Text::OwnerLeft { owner },
                Text::OwnerLeftLocked { owner },
                Text::Archived {},
                Text::ClosedWithoutAnswer {},
                Text::ClosedBy { name: name() },
                Text::MovedBy {
                    name: name(),
                    ticket,
                },
                Text::MovedByWithReason {
                    name: name(),
                    ticket,
                    reason: reason(),
                },
            ]),
            commands: patterns(vec![
                Text::ClaimedBy { name: name() },
                Text::UnclaimedBy { name: name() },
                Text::StillNeedHelp { owner },
                Text::StillNeedHelpOrClosed { owner, until },
                Text::StillNeedsHelp { name: name() },
                Text::AskClose {
                    owner,
                    name: name(),
                },
                Text::AskCloseReason {
                    owner,
                    name: name(),
                    reason: reason(),
                },
                Text::ThinksSolved { name: name() },
                Text::ThinksSolvedWithReason {
                    name: name(),
                    reason: reason(),
                },
                Text::SnoozeEnded { by },
                Text::RemindClaimer { by, since },
                Text::RemindStaff { since },
                Text::ReopenedBy { name: name() },
            ]),
            given: patterns(vec![
                Text::Transferred {
                    name: name(),
                    inbox: inbox(),
                },
                Text::TransferredWithReason {
                    name: name(),
                    inbox: inbox(),
                    reason: reason(),
                },
            ]),
            moved: patterns(vec![Text::MovedHere {
                name: name(),
                ticket,
            }]),
            notices: patterns(vec![
                Text::NoticeTicket {
                    ticket,
                    owner,
                    inbox: inbox(),
                    opened: 0,
                },
                Text::NoticeTicketAlone { ticket, opened: 0 },
            ]),
            opened: Language::ALL
                .map(|language| say(Text::TicketOpened { ticket }, language))
                .to_vec(),
        }
    }
}

impl Notes {
    fn has(&self, content: &str) -> bool {
        self.closed.iter().any(|note| note.begins(content))
    }

    /// Whether a message belongs to a command, or is a reminder, or a report with embeds only.
    fn is_of_a_command(&self, content: &str) -> bool {
        let is_said = self.commands.iter().any(|text| text.begins(content));
        content.is_empty() || is_said || self.says_it_was_given(content)
    }

    fn says_it_was_given(&self, content: &str) -> bool {
        self.given.iter().any(|text| text.begins(content))
    }

    fn says_where_it_was(&self, content: &str) -> bool {
        self.moved.iter().any(|line| line.is_in(content))
    }

    /// The ticket that a notice is about.
    fn noticed(&self, content: &str) -> Option<ChannelId> {
        let is_notice = self.notices.iter().any(|line| line.begins(content));
        first_id(content, "<#").map(ChannelId).filter(|_| is_notice)
    }

    /// The ticket that a message reports as opened.
    fn opened(&self, content: &str) -> Option<ChannelId> {
        let ticket = first_id(content, "<#")?;
        let any = content.replace(&format!("<#{ticket}>"), "<#0>");
        // Below, it may say that not all of the staff could be invited.
        let link = any.lines().next()?;
        let is_opened = self.opened.iter().any(|opened| opened == link);
        is_opened.then_some(ChannelId(ticket))
    }
}

/// The part of the database that is about one server.
#[derive(Debug, Default)]
pub struct Rows {
    pub tickets: Vec<Ticket>,
    pub inboxes: Vec<Inbox>,
    pub journal: Vec<Entry>,
    /// When to decide what is due about a ticket.
    pub due: HashMap<ChannelId, Timestamp>,
    /// The open tickets that count as open although Discord's own timer has hidden them.
    pub kept_open: HashSet<ChannelId>,
}

impl Rows {
    pub async fn of(store: &Store, guild: GuildId) -> Result<Self, String> {
        let guild = tickets::GuildId(guild.0);
        let read = async {
            let open = store.unfinished_tickets(guild, Vec::new(), Vec::new());
            let mut ids = open.await?.tickets;
            let closed = store.closed_tickets(guild).await?.into_iter();
            ids.extend(closed.map(|(id, _)| id));
            let (mut tickets, mut due) = (Vec::new(), HashMap::new());
            let mut kept_open = HashSet::new();
            for id in ids {
                let Some(ticket) = store.ticket(id).await? else {
                    continue;
                };
                let pending = store.pending(id).await?;
                let at = pending.as_ref().and_then(|it| it.due);
                due.extend(at.map(|at| (ChannelId(id.0), Timestamp(at.0))));
                let is_asked = pending
                    .is_some_and(|it| it.timers.asked.is_some() || it.timers.snoozed_by.is_some());
                if ticket.state.phase == Phase::Open
                    && (is_asked || has_timers(store, ticket.inbox).await?)
                {
                    kept_open.insert(ChannelId(id.0));
                }
                tickets.push(ticket);
            }
            Ok::<_, StoreError>(Self {
                due,
                kept_open,
                tickets,
                inboxes: store.inboxes_in(guild).await?,
                journal: store.journal().await?,
            })
        };
        read.await.map_err(|error| format!("the database: {error}"))
    }
}

/// Whether an inbox reminds, or closes tickets without an answer.
async fn has_timers(store: &Store, inbox: Option<InboxId>) -> Result<bool, StoreError> {
    let Some(inbox) = inbox else {
        return Ok(false);
    };
    let settings = store.settings(Scope::Inbox(inbox)).await?;
    let timers = [REMIND_OWNER, CLOSE_IDLE, REMIND_STAFF].map(|setting| setting.key());
    Ok(settings
        .iter()
        .any(|(key, _)| timers.contains(&key.as_str())))
}
