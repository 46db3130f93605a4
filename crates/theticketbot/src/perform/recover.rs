//! What a crash or a lost answer left half done: openings are finished, or undone and told; answers
//! that are owed are given.

use std::sync::Arc;
use std::time::Duration;

use tickets::decide::inbox::link;
use tickets::stored::{Inbox, Opening};
use tickets::text::Text;
use tickets::{ChannelId, GuildId};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::answer::is_too_late;
use super::opening::{Started, start};
use super::undo::{Remains, abandon, undo};
use crate::context::{Context, Failure, TOKEN_LIFETIME, now};
use crate::discord::{Error, Message, Thread};
use crate::store::{Claim, OwedAnswer, Posting, Store, StoreError};
use crate::translate::{Language, say};

/// When something is tried again that could not be settled. A member has to wait for a minute
/// before their next ticket; until then it is known what became of this one.
const ROUNDS: [Duration; 4] = [
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
];

/// What an earlier run left half done.
pub struct Left {
    openings: Vec<Opening>,
    answers: Vec<OwedAnswer>,
}

impl Left {
    pub async fn read(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            openings: store.openings().await?,
            answers: store.owed_answers().await?,
        })
    }

    pub fn is_nothing(&self) -> bool {
        self.openings.is_empty() && self.answers.is_empty()
    }
}

/// Settles what an earlier run left half done, once the bot knows who it is; and from then on what
/// this run could not bring to an end at once.
pub async fn attend(
    context: Arc<Context>,
    left: Left,
    mut unsettled: mpsc::UnboundedReceiver<u64>,
    mut stop: watch::Receiver<bool>,
) {
    let mut connected = context.connected.subscribe();
    let attending = async {
        // The sender lives as long as the context.
        let _ = connected.wait_for(|connected| *connected).await;
        let mut earlier = settle_all(&context, left).await;
        let mut later = JoinSet::new();
        loop {
            if earlier.is_empty() {
                context.settled.send_replace(true);
            }
            tokio::select! {
                Some(interaction) = unsettled.recv() => {
                    // Its answer was lost: the thread may appear at any time.
                    later.spawn(opening_later(context.clone(), interaction, |_| true));
                }
                Some(_) = earlier.join_next() => {}
                Some(_) = later.join_next() => {}
            }
        }
    };
    tokio::select! {
        () = attending => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
}

/// Settles one after the other. What cannot be settled now is tried again later, beside the rest.
async fn settle_all(context: &Arc<Context>, left: Left) -> JoinSet<()> {
    let mut later = JoinSet::new();
    let mut interrupted = Vec::new();
    for opening in left.openings {
        let interaction = opening.interaction;
        interrupted.push(interaction);
        let may_still_appear = may_be_under_way(&opening);
        // Whether its owner is there is found out when the server is looked through.
        let outcome = settle(context, opening, may_still_appear).await;
        if !settled(interaction, &outcome) {
            let again = opening_later(context.clone(), interaction, may_be_under_way);
            later.spawn(again);
        }
    }
    for owed in left.answers {
        // An opening's own answer says it all.
        if interrupted.contains(&owed.interaction) {
            continue;
        }
        if let Err(failure) = give(context, &owed).await {
            tracing::warn!(interaction = owed.interaction, %failure, "an answer is still owed");
            later.spawn(answer_later(context.clone(), owed));
        }
    }
    later
}

/// Whether nothing is left to do.
fn settled(interaction: u64, outcome: &Result<Option<Settled>, Failure>) -> bool {
    match outcome {
        Ok(Some(Settled { outcome, .. })) => {
            tracing::info!(interaction, outcome, "an opening was interrupted");
            true
        }
        Ok(None) => false,
        Err(failure) => {
            tracing::warn!(interaction, %failure, "an interrupted opening could not be settled");
            false
        }
    }
}

async fn opening_later(
    context: Arc<Context>,
    interaction: u64,
    may_still_appear: fn(&Opening) -> bool,
) {
    for (round, wait) in (1..).zip(ROUNDS) {
        sleep(wait).await;
        let outcome = match context.store.opening(interaction).await {
            Ok(Some(opening)) => {
                let may_still_appear = round < ROUNDS.len() && may_still_appear(&opening);
                settle(&context, opening, may_still_appear).await
            }
            Ok(None) => return,
            Err(error) => Err(error.into()),
        };
        if settled(interaction, &outcome) {
            // The owner may have left meanwhile, when there was no ticket yet.
            if let Ok(Some(Settled {
                ticket: Some((guild, thread)),
                ..
            })) = outcome
            {
                context.look_soon(guild, thread);
            }
            return;
        }
    }
    tracing::warn!(
        interaction,
        "an opening is left until its server is looked through again"
    );
    let opening = context.store.opening(interaction).await.ok().flatten();
    if let Some(opening) = opening {
        if let Err(failure) = tell(&context, &opening, Text::Interrupted {}).await {
            tracing::warn!(interaction, %failure, "an interruption could not be told");
        }
        context.leave_opening(opening.guild, interaction);
    }
}

async fn answer_later(context: Arc<Context>, owed: OwedAnswer) {
    for wait in ROUNDS {
        sleep(wait).await;
        match give(&context, &owed).await {
            Ok(()) => return,
            Err(failure) => {
                tracing::warn!(interaction = owed.interaction, %failure, "an answer is still owed");
            }
        }
    }
}

/// The thread that was created for this opening although no answer said so. It is a ticket then.
pub(super) async fn find_created(
    context: &Context,
    opening: &Opening,
) -> Result<Option<ChannelId>, Failure> {
    let active = context.discord.active_threads(opening.guild).await?;
    if let Some(thread) = claim_one_of(context, opening, active).await? {
        return Ok(Some(thread));
    }
    // Discord archives a thread in which nothing happens.
    let archived = archived_since(context, opening).await?;
    claim_one_of(context, opening, archived).await
}

/// The archived threads that are no older than this opening.
async fn archived_since(context: &Context, opening: &Opening) -> Result<Vec<Thread>, Error> {
    let mut found = Vec::new();
    let mut from: Option<String> = None;
    loop {
        let page = context
            .discord
            .archived_page(opening.parent, true, from.as_deref())
            .await;
        let page = match page {
            // Where the bot may not look, it cannot finish anything either.
            Err(error) if error.is_forbidden() || error.is_gone() => return Ok(found),
            page => page?,
        };
        // They come newest first.
        let oldest = page.threads.last();
        let is_last = oldest.is_none_or(|oldest| !is_newer(oldest, opening));
        found.extend(page.threads.into_iter().filter(|it| is_newer(it, opening)));
        if is_last || page.next.is_none() || page.next == from {
            return Ok(found);
        }
        from = page.next;
    }
}

/// Takes the oldest of these threads that was created for this opening, as far as one can tell, and
/// is nobody else's.
async fn claim_one_of(
    context: &Context,
    opening: &Opening,
    threads: Vec<Thread>,
) -> Result<Option<ChannelId>, Failure> {
    let me = context.cache().me();
    let language = context.language(opening.guild);
    let mut found: Vec<_> = threads
        .into_iter()
        .filter(|thread| {
            let is_mine = me.is_some() && thread.creator == me;
            let is_here = thread.parent.is_none_or(|parent| parent == opening.parent);
            let is_named = thread.name == opening.name || is_neutral(&thread.name, language);
            is_newer(thread, opening) && is_mine && is_here && is_named
        })
        .map(|thread| thread.id)
        .collect();
    found.sort_unstable();
    for thread in found {
        if context.store.is_claimed(thread).await? || !is_free(context, opening, thread).await? {
            continue;
        }
        // Who created it may be about to hear of it, and must know in time.
        context.found().insert(thread);
        let store = &context.store;
        match store.opening_created(opening.interaction, thread).await? {
            Claim::Own => return Ok(Some(thread)),
            Claim::Taken => {}
            Claim::Unknown => return Ok(None),
        }
    }
    Ok(None)
}

/// Whether a thread is no older than the opening.
fn is_newer(thread: &Thread, opening: &Opening) -> bool {
    // Discord's clock and the click's are the same; a second is for rounding.
    thread.created_at().since(opening.begun_at) > -1000
}

/// Discord may have refused the name that was written down.
fn is_neutral(name: &str, language: Language) -> bool {
    const COUNTER: char = '\u{1}';
    let pattern = say(
        Text::NeutralName {
            counter: COUNTER.to_string(),
        },
        language,
    );
    pattern.split_once(COUNTER).is_some_and(|(before, after)| {
        let counter = name
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after));
        counter.is_some_and(|counter| {
            counter.len() == 4 && counter.bytes().all(|b| b.is_ascii_digit())
        })
    })
}

/// Two members can have the same name. A thread that is somebody else's says so by its beginning.
async fn is_free(context: &Context, opening: &Opening, thread: ChannelId) -> Result<bool, Error> {
    let first = first_own_message(context, thread).await?;
    Ok(first.is_none_or(|content| content == opening.starter))
}

/// Whether the bot that died may have asked for the thread so shortly before that it is still to
/// appear.
fn may_be_under_way(opening: &Opening) -> bool {
    // A moment in the future is a clock that jumped.
    const MOMENTS_AGO: std::ops::Range<i64> = 0..2_000;
    MOMENTS_AGO.contains(&now().since(opening.begun_at))
}

/// How an interrupted opening ended.
struct Settled {
    outcome: &'static str,
    /// The ticket, if there is one.
    ticket: Option<(GuildId, ChannelId)>,
}

impl Settled {
    fn without_ticket(outcome: &'static str) -> Self {
        Self {
            outcome,
            ticket: None,
        }
    }
}

/// Finishes or undoes it, and says how it ended; `None` if that is not known yet.
async fn settle(
    context: &Context,
    opening: Opening,
    may_still_appear: bool,
) -> Result<Option<Settled>, Failure> {
    let thread = if let Some(thread) = opening.thread {
        thread
    } else {
        let Some(thread) = find_created(context, &opening).await? else {
            if may_still_appear || is_out_of_sight(context, opening.parent).await? {
                return Ok(None);
            }
            come_to_nothing(context, &opening, Remains::NONE).await?;
            let outcome = "undone: there was no thread yet";
            return Ok(Some(Settled::without_ticket(outcome)));
        };
        thread
    };
    let opened = Settled {
        outcome: "finished",
        ticket: Some((opening.guild, thread)),
    };
    let invited = match is_started(context, &opening, thread).await {
        // Perhaps it is a ticket already: who may not look must not undo it.
        Err(error) if error.is_forbidden() => return Err(error.into()),
        Ok(true) => Ok(Started::Whole),
        Ok(false) => start(context, &opening, thread).await,
        Err(error) => Err(error),
    };
    let (settled, text) = match invited {
        Ok(Started::Whole) => (opened, Text::TicketOpened { ticket: thread }),
        Ok(Started::WithoutStaff) => (
            Settled {
                outcome: "finished without staff",
                ..opened
            },
            Text::TicketOpenedWithoutStaff { ticket: thread },
        ),
        Err(error) if error.is_gone() => {
            come_to_nothing(context, &opening, Remains::NONE).await?;
            let outcome = "undone: the thread is gone";
            return Ok(Some(Settled::without_ticket(outcome)));
        }
        Err(error) if error.is_passing() => return Err(error.into()),
        // It would be the same the next time.
        Err(_) => {
            let remains = match undo(context, opening.guild, thread).await {
                Ok(()) => Remains::NONE,
                Err(error) if error.is_passing() => return Err(error.into()),
                Err(error) => Remains::thread(context, &opening, thread, &error),
            };
            come_to_nothing(context, &opening, remains).await?;
            let outcome = "undone: nobody could be invited";
            return Ok(Some(Settled::without_ticket(outcome)));
        }
    };
    tell(context, &opening, text).await?;
    context.store.finish_opening(opening.interaction).await?;
    Ok(Some(settled))
}

/// Whether the bot may not look into a channel: then nothing follows from what it finds there.
async fn is_out_of_sight(context: &Context, channel: ChannelId) -> Result<bool, Error> {
    match context.discord.see_channel(channel).await {
        Err(error) if error.is_forbidden() => Ok(true),
        Err(error) if error.is_gone() => Ok(false),
        seen => seen.map(|()| false),
    }
}

/// Tells the member that there is no ticket, and forgets the opening.
async fn come_to_nothing(
    context: &Context,
    opening: &Opening,
    remains: Remains,
) -> Result<(), Failure> {
    tell(context, opening, Text::OpeningUndone {}).await?;
    abandon(context, opening.interaction, opening.guild, remains, false).await
}

/// Gives the answer that is owed: how it ended, or that it was interrupted.
async fn give(context: &Context, owed: &OwedAnswer) -> Result<(), Failure> {
    let text = match &owed.posting {
        Some(posting) => posted(context, owed.interaction, posting).await?,
        None => Text::Interrupted {},
    };
    if now().since(owed.begun_at) < TOKEN_LIFETIME {
        let text = say(text, Language::of(&owed.locale));
        edit_answer(context, &owed.token, text).await?;
    }
    context.store.answer_given(owed.interaction).await?;
    Ok(())
}

/// An inbox whose message is there becomes one.
async fn posted(context: &Context, interaction: u64, posting: &Posting) -> Result<Text, Failure> {
    let message = match posting.message {
        Some(message) => message,
        None => match find_posted(context, interaction, posting).await? {
            Some(message) => message,
            None => return Ok(Text::Interrupted {}),
        },
    };
    let inbox = Inbox {
        id: message,
        guild: posting.guild,
        channel: posting.channel,
        destination: posting.destination,
        staff: posting.staff.clone(),
        starter: String::new(),
        name: String::new(),
        max_tickets_per_user: 1,
    };
    let text = Text::InboxCreated {
        inbox: link(&inbox),
    };
    if posting.message.is_none() {
        context.store.finish_posting(interaction, inbox).await?;
    }
    Ok(text)
}

/// The message with a button that was sent for this interaction although no answer said so.
async fn find_posted(
    context: &Context,
    interaction: u64,
    posting: &Posting,
) -> Result<Option<tickets::MessageId>, Failure> {
    let me = context.cache().me();
    let messages = match context
        .discord
        .messages_after(posting.channel, interaction)
        .await
    {
        // Where the bot may not look, the admin sees for themselves.
        Err(error) if error.is_forbidden() || error.is_gone() => return Ok(None),
        messages => messages?,
    };
    let mut own: Vec<_> = messages
        .into_iter()
        .filter(|message| message.has_button && Some(message.author) == me)
        .map(|message| message.id)
        .collect();
    own.sort_unstable();
    for message in own {
        if context.store.inbox(message).await?.is_none() {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// Whether the starting message is there.
async fn is_started(
    context: &Context,
    opening: &Opening,
    thread: ChannelId,
) -> Result<bool, Error> {
    Ok(opening.started || first_own_message(context, thread).await?.is_some())
}

/// The first that the bot said in a thread: its starting message, if it was sent.
pub(super) async fn first_own_message(
    context: &Context,
    thread: ChannelId,
) -> Result<Option<String>, Error> {
    let me = context.cache().me();
    let messages = context.discord.first_messages(thread).await?;
    Ok(messages
        .into_iter()
        .filter(|message| message.is_ordinary && Some(message.author) == me)
        .min_by_key(|message| message.id)
        .map(|message| message.content))
}

/// Tells the member, if Discord still takes an answer.
async fn tell(context: &Context, opening: &Opening, text: Text) -> Result<(), Failure> {
    if now().since(opening.begun_at) >= TOKEN_LIFETIME {
        return Ok(());
    }
    let language = match &opening.locale {
        Some(locale) => Language::of(locale),
        // An older version did not write it down.
        None => context.language(opening.guild),
    };
    edit_answer(context, &opening.token, say(text, language)).await
}

/// That Discord knows nothing of the answer any more is as good as told. So is any other refusal:
/// it would be the same the next time.
async fn edit_answer(context: &Context, token: &str, text: String) -> Result<(), Failure> {
    let message = Message::text(text);
    let edited = context
        .discord
        .edit_answer(context.application.id, token, &message)
        .await;
    match edited {
        Err(error) if is_too_late(&error) => Ok(()),
        Err(error) if !error.is_passing() => {
            tracing::warn!(%error, "an interruption could not be told");
            Ok(())
        }
        edited => Ok(edited?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neutral_name_is_known_in_each_language() {
        for language in Language::ALL {
            let named = |counter: &str| {
                let counter = counter.to_owned();
                say(Text::NeutralName { counter }, language)
            };
            assert!(is_neutral(&named("0042"), language));
            assert!(!is_neutral(&named("42"), language));
            assert!(!is_neutral("2026-03-09 Mia", language));
        }
    }
}
