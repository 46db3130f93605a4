//! A ticket is opened: from the click to the link.
//!
//! What is about to happen is written down first: whatever the bot dies of, nobody is left with a
//! sign that it is thinking. Then, side by side: the acknowledgement and the thread; and when the thread is there, the row of the ticket, the starting message that invites
//! everybody, and the link. So a member waits for two round trips to Discord. What a crash leaves
//! half done is finished or undone by [`super::recover`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tickets::action::{OpenTicket, Starter};
use tickets::permission::{FOR_TICKETS, Missing, Permission};
use tickets::stored::Opening;
use tickets::template::{self, MAX_STARTER, cut, mentions_placeholder};
use tickets::text::Text;
use tickets::{ChannelId, Mention};
use tokio::join;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::Asking;
use super::recover::{find_created, first_own_message};
use super::undo::{Remains, abandon, undo};
use crate::context::{Context, Failure};
use crate::discord::{Error, Message, code};
use crate::store::Claim;
use crate::to_discord::allowed_mentions;
use crate::translate::say;

/// How long a member is left with a sign that the bot is thinking, and without a word.
const SILENCE: Duration = Duration::from_secs(5);

/// How many threads are created for one ticket, if others take them for theirs.
const MAX_TAKEN: usize = 3;

/// Opens the ticket, and answers with its link or with the reason why there is none. What cannot be
/// brought to an end now is seen to a little later.
pub(super) async fn open(asking: &Asking<'_>, ticket: OpenTicket) -> Result<(), Failure> {
    let Some(opening) = written_down(asking, &ticket).await? else {
        asking.answer.say(Text::UnknownInbox {}).await?;
        return Ok(());
    };
    let context = asking.context;
    if !context.store.begin_opening(opening.clone()).await? {
        // Discord told of one click twice; the other one is being served.
        return Ok(());
    }
    let guild = opening.guild;
    let opened = carry_out(asking, ticket, opening).await;
    match &opened {
        // The owner may have left unseen meanwhile, and who looked then found no ticket yet.
        Ok(Some(thread)) if context.gaps() != asking.gaps => context.look_soon(guild, *thread),
        Ok(_) => {}
        Err(_) => context.see_to_it_later(asking.answer.id()),
    }
    opened.map(drop)
}

/// The thread is returned, if there is a ticket.
async fn carry_out(
    asking: &Asking<'_>,
    ticket: OpenTicket,
    opening: Opening,
) -> Result<Option<ChannelId>, Failure> {
    let (created, mut told) = oneshot::channel();
    let linked = AtomicBool::new(false);
    let patience = Instant::now() + SILENCE;
    let answer = async {
        asking.answer.acknowledge().await?;
        let ticket = if let Ok(ticket) = timeout_at(patience, &mut told).await {
            ticket
        } else {
            let delayed = asking.answer.meanwhile(Text::OpeningDelayed {}).await;
            if let Err(error) = delayed {
                tracing::warn!(%error, "a member who waits could not be told so");
            }
            told.await
        };
        if let Ok(ticket) = ticket {
            asking.answer.say(Text::TicketOpened { ticket }).await?;
            linked.store(true, Ordering::Relaxed);
        }
        Ok::<_, Error>(())
    };
    let (answered, opened) = join!(
        answer,
        create_and_start(asking, ticket, opening, created, &linked)
    );
    let ticket = match opened? {
        Opened::Whole(ticket) => {
            answered?;
            ticket
        }
        Opened::WithoutStaff(ticket) => {
            let text = Text::TicketOpenedWithoutStaff { ticket };
            asking.answer.correct(text).await?;
            ticket
        }
        Opened::Refused(text, remains) => {
            come_to_nothing(asking, remains).await?;
            asking.answer.correct(text).await?;
            return Ok(None);
        }
    };
    let interaction = asking.answer.id();
    asking.context.store.finish_opening(interaction).await?;
    Ok(Some(ticket))
}

/// It came to nothing, and the member is yet to be told.
async fn come_to_nothing(asking: &Asking<'_>, remains: Remains) -> Result<(), Failure> {
    let (answer, guild) = (asking.answer, asking.asker.guild);
    abandon(asking.context, answer.id(), guild, remains, true).await?;
    answer.is_owed();
    Ok(())
}

/// What became of it.
enum Opened {
    Whole(ChannelId),
    /// The ticket is there, but not all of the staff.
    WithoutStaff(ChannelId),
    /// There is no ticket.
    Refused(Text, Remains),
}

async fn create_and_start(
    asking: &Asking<'_>,
    ticket: OpenTicket,
    mut opening: Opening,
    created: oneshot::Sender<ChannelId>,
    linked: &AtomicBool,
) -> Result<Opened, Failure> {
    let mut created = Some(created);
    for _ in 0..MAX_TAKEN {
        let thread = match create(asking, &ticket, &mut opening).await {
            Ok(thread) => thread,
            Err(Stopped::Refused(text)) => return Ok(Opened::Refused(text, Remains::NONE)),
            Err(Stopped::Failed(failure)) => {
                tracing::warn!(inbox = %opening.inbox, guild = %opening.guild, "no thread was created");
                come_to_nothing(asking, Remains::NONE).await?;
                return Err(failure);
            }
            // A thread may have been created all the same: it is looked for again in a moment.
            Err(Stopped::InDoubt(failure)) => return Err(failure),
        };
        let link = || {
            // Nobody waits for it if the answer failed.
            let _ = created.take().map(|created| created.send(thread));
        };
        match begin(asking.context, &opening, thread, link, linked).await? {
            Begun::Theirs => tracing::info!(%thread, "the thread is another's: once more"),
            Begun::Started(Started::Whole) => return Ok(Opened::Whole(thread)),
            Begun::Started(Started::WithoutStaff) => return Ok(Opened::WithoutStaff(thread)),
            Begun::Undone(error, remains) => {
                let text = if error.is_forbidden() {
                    let lost = [Permission::SendMessagesInThreads];
                    cannot_open(asking.context, &opening, &lost)
                } else {
                    Text::OpeningUndone {}
                };
                return Ok(Opened::Refused(text, remains));
            }
        }
    }
    let taken = "each thread that was created for it is another's";
    Err(Failure::Other(taken.to_owned()))
}

/// What became of a thread that was created.
enum Begun {
    Started(Started),
    /// Somebody whose own answer was lost has taken it for theirs.
    Theirs,
    Undone(Error, Remains),
}

/// Makes a ticket of the thread: its row, its starting message, and the link are seen to side by
/// side. `link` shows the link.
async fn begin(
    context: &Context,
    opening: &Opening,
    thread: ChannelId,
    link: impl FnOnce(),
    linked: &AtomicBool,
) -> Result<Begun, Failure> {
    let (tell, told) = oneshot::channel();
    // This is on its way to the database before it is looked whether anybody has found the thread;
    // who finds it later, asks the database later.
    let claiming = async {
        let claim = context
            .store
            .opening_created(opening.interaction, thread)
            .await?;
        let _ = tell.send(claim);
        Ok::<_, Failure>(claim)
    };
    let starting = async {
        let was_found = context.found().contains(&thread);
        if was_found && !matches!(told.await, Ok(Claim::Own | Claim::Unknown)) {
            return Ok(None);
        }
        link();
        let started = start(context, opening, thread).await;
        // If the link is there too, the whole row is deleted in a moment.
        if started.is_ok() && !linked.load(Ordering::Relaxed) {
            context.store.opening_started(opening.interaction).await?;
        }
        Ok::<_, Failure>(Some(started))
    };
    let (claim, started) = join!(claiming, starting);
    if claim? == Claim::Taken {
        return Ok(Begun::Theirs);
    }
    match started? {
        None => Ok(Begun::Theirs),
        Some(Ok(started)) => Ok(Begun::Started(started)),
        Some(Err(error)) => {
            tracing::warn!(%thread, %error, "nobody could be invited: the ticket is undone");
            let remains = match undo(context, opening.guild, thread).await {
                Ok(()) => Remains::NONE,
                Err(left) => Remains::thread(context, opening, thread, &left),
            };
            Ok(Begun::Undone(error, remains))
        }
    }
}

/// The journal's row. `None` if the inbox was deleted since.
async fn written_down(
    asking: &Asking<'_>,
    ticket: &OpenTicket,
) -> Result<Option<Opening>, Failure> {
    let store = &asking.context.store;
    let wants_counter = mentions_placeholder(&ticket.name.template, "counter");
    let counter = if wants_counter {
        match store.next_counter(ticket.inbox).await? {
            Some(counter) => counter,
            None => return Ok(None),
        }
    } else {
        0
    };
    let name = match ticket.name.render(counter) {
        Some(name) => name,
        None => neutral_name(asking, ticket).await?,
    };
    let starter = match &ticket.starter {
        Starter::Own(text) => text.clone(),
        Starter::Default(text) => say(text.clone(), asking.guild_language),
    };
    Ok(Some(Opening {
        interaction: asking.answer.id(),
        token: asking.answer.token().to_owned(),
        locale: Some(asking.answer.locale().to_owned()),
        inbox: ticket.inbox,
        guild: ticket.guild,
        parent: ticket.parent,
        owner: ticket.owner,
        name,
        starter: cut(&starter, MAX_STARTER).to_owned(),
        thread: None,
        started: false,
        begun_at: asking.asker.at,
    }))
}

/// Why there is no thread.
enum Stopped {
    Refused(Text),
    Failed(Failure),
    /// No answer came, and the thread was not found: it may still appear.
    InDoubt(Failure),
}

impl<E: Into<Failure>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Creates the thread; with a neutral name or in the inbox's own channel if Discord wants it so.
async fn create(
    asking: &Asking<'_>,
    ticket: &OpenTicket,
    opening: &mut Opening,
) -> Result<ChannelId, Stopped> {
    let context = asking.context;
    let reason = say(
        Text::AuditOpened {
            name: ticket.username.clone(),
            id: ticket.owner.to_string(),
        },
        asking.guild_language,
    );
    let mut is_neutral = false;
    let mut was_in_doubt = false;
    loop {
        let created = context
            .discord
            .create_thread(opening.parent, &opening.name, reason.clone())
            .await;
        let error = match created {
            Ok(thread) => return Ok(thread),
            Err(error) => error,
        };
        match error.code() {
            Some(code::INVALID_FORM) if !is_neutral => {
                tracing::info!(%error, "Discord refused a ticket's name");
                is_neutral = true;
                opening.name = neutral_name(asking, ticket).await?;
            }
            // The destination was deleted a moment ago.
            Some(code::UNKNOWN_CHANNEL) if opening.parent != asking.asker.channel => {
                opening.parent = asking.asker.channel;
                let store = &context.store;
                store
                    .opening_moved(opening.interaction, opening.parent)
                    .await?;
            }
            Some(code::UNKNOWN_CHANNEL) => return Err(Stopped::Refused(Text::UnknownInbox {})),
            Some(code::TOO_MANY_THREADS) => {
                return Err(Stopped::Refused(Text::TooManyThreads {}));
            }
            Some(code::MISSING_ACCESS) => {
                let text = cannot_open(context, opening, &[Permission::ViewChannel]);
                return Err(Stopped::Refused(text));
            }
            Some(code::MISSING_PERMISSIONS) => {
                let text = cannot_open(context, opening, &[Permission::CreatePrivateThreads]);
                return Err(Stopped::Refused(text));
            }
            _ if error.is_ambiguous() => match find_created(context, opening).await {
                Ok(Some(thread)) => return Ok(thread),
                // Discord says that there is none: once more.
                Ok(None) if !was_in_doubt => was_in_doubt = true,
                Ok(None) | Err(_) => return Err(Stopped::InDoubt(error.into())),
            },
            _ => return Err(Stopped::Failed(error.into())),
        }
    }
}

async fn neutral_name(asking: &Asking<'_>, ticket: &OpenTicket) -> Result<String, Failure> {
    let counter = asking.context.store.next_counter(ticket.inbox).await?;
    let counter = template::four_digits(counter.unwrap_or(0));
    Ok(say(Text::NeutralName { counter }, asking.guild_language))
}

/// What is missing, by what is known of the channel, or else by what Discord's refusal means.
fn cannot_open(context: &Context, opening: &Opening, by_refusal: &[Permission]) -> Text {
    let known = context
        .cache()
        .place(opening.guild, opening.parent)
        .and_then(|place| place.missing(&FOR_TICKETS));
    let missing = known.unwrap_or_else(|| Missing {
        channel: opening.parent,
        permissions: by_refusal.to_vec(),
    });
    Text::CannotOpen {
        missing: vec![missing],
    }
}

/// Who was invited.
pub(super) enum Started {
    Whole,
    WithoutStaff,
}

/// Sends the starting message, whose mentions invite. A role can be too large for Discord to
/// invite: then rather the owner and the single members than nobody.
pub(super) async fn start(
    context: &Context,
    opening: &Opening,
    thread: ChannelId,
) -> Result<Started, Error> {
    if opening.starter.trim().is_empty() {
        // An admin's own starter can come out empty; then nobody is invited, as they wrote it.
        return Ok(Started::Whole);
    }
    let discord = &context.discord;
    let everybody = template::mentions_in(&opening.starter);
    let without_roles = everybody
        .iter()
        .copied()
        .filter(|who| matches!(who, Mention::User(_)));
    let attempts = [
        ("", everybody.clone()),
        ("m", without_roles.collect()),
        ("o", vec![Mention::User(opening.owner)]),
    ];
    let mut failed = None;
    for (attempt, mentions) in attempts {
        let is_first = failed.is_none();
        if !is_first && mentions == everybody {
            continue;
        }
        let message = Message {
            allowed_mentions: allowed_mentions(&mentions),
            ..Message::text(opening.starter.clone())
        };
        let message = message.once(format!("{}{attempt}", opening.interaction));
        let invites_a_role = mentions.iter().any(|who| matches!(who, Mention::Role(_)));
        let sent = if invites_a_role {
            discord.try_to_send(thread, &message).await
        } else {
            discord.send(thread, &message).await
        };
        match sent {
            Ok(sent) if is_first && !sent.left_roles_out => return Ok(Started::Whole),
            Ok(_) => return Ok(Started::WithoutStaff),
            Err(error) if error.is_forbidden() || error.is_gone() => return Err(error),
            // It may have been sent all the same, and another attempt is another message.
            Err(error) if error.is_ambiguous() => match first_own_message(context, thread).await {
                Ok(None) => failed = Some(error),
                Ok(Some(_)) if is_first => return Ok(Started::Whole),
                Ok(Some(_)) => return Ok(Started::WithoutStaff),
                Err(_) => return Err(error),
            },
            Err(error) => failed = Some(error),
        }
    }
    // There is at least one attempt, and each that does not return has failed.
    Err(failed.unwrap_or_else(|| Error::Malformed("no starting message".to_owned())))
}
