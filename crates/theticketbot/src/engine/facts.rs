//! Collects the facts that a decision needs, and decides. Nothing is changed here.
//!
//! The cache and the database come first. Before the bot asks Discord, it acknowledges the interaction. For
//! what it finds out of date, it requests a check.

use std::time::Duration;

use futures_util::future::try_join_all;
use tickets::action::Action;
use tickets::decide::{inbox, select};
use tickets::form::Answer;
use tickets::inbox::Inbox;
use tickets::opening::{access as opening_access, admission};
use tickets::pending::{Pending, Target, Task, Waited};
use tickets::permission::{Permissions, Place};
use tickets::problem::offered_staff;
use tickets::request::{InboxRequest, Invoker, Selected};
use tickets::setting::enter::quoted;
use tickets::setting::{self, LimitMember, Notices, SERVER_LIMIT, Setting, Typed};
use tickets::text::{MessageLink, Text};
use tickets::ticket::{HIDDEN_COUNTS_FOR, Phase, Presence, Ticket};
use tickets::{ChannelId, GuildId, InboxId, Mention, MessageId, RoleId};
use tokio::time::timeout;
use tokio::try_join;

use super::response::Response;
use super::{access, create, inboxes, problems, removal};
use crate::app::{App, Failure};
use crate::discord::{Thread, code};
use crate::reconcile::{Check, Work, first_own_message, keeps_open, known};
use crate::store::Scope;
use crate::translate::default_starter_template;

/// What to do for a member who makes or changes an inbox.
pub(super) async fn decide(
    app: &App,
    invoker: &Invoker,
    request: &InboxRequest,
) -> Result<Vec<Action>, Failure> {
    let store = &app.store;
    Ok(match request {
        InboxRequest::Create {
            channel,
            destination,
            name,
            panel,
        } => {
            let wanted = create::Wanted {
                channel: *channel,
                destination: *destination,
                name: name.as_deref(),
                panel: panel.as_deref(),
            };
            create::decide(app, invoker, wanted).await?
        }
        InboxRequest::Change(task) => {
            let destination = match task {
                Task::Destination(channel) => Some(place(app, invoker.guild, *channel)),
                _ => None,
            };
            inbox::change(*task, destination, invoker.at)
        }
        InboxRequest::List { page, .. } => inboxes::decide(app, invoker, *page, None).await?,
        InboxRequest::ChangeNamed { task, inbox } => {
            change_named(app, invoker, *task, inbox).await?
        }
        InboxRequest::Select(message) => {
            let waited = app
                .selections()
                .waited(invoker.guild, invoker.user, invoker.at);
            let facts = selection(app, invoker, message, waited, None).await?;
            select::select(invoker, message, &facts)
        }
        InboxRequest::ChooseStaff { inbox: id, staff } => {
            choose_staff(app, invoker, *id, staff.clone()).await?
        }
        InboxRequest::UseSuggestedStaff { inbox: id } => {
            let known = store.inbox(*id).await?;
            let facts = problem_facts(app, known.as_ref()).await;
            let staff = facts.map_or_else(Vec::new, |facts| offered_staff(&facts.roles));
            choose_staff(app, invoker, *id, staff).await?
        }
        InboxRequest::SetStarter {
            inbox: id,
            template,
        } => {
            let default = default_starter_template(app.language(invoker.guild));
            let known = store.inbox(*id).await?;
            let facts = problem_facts(app, known.as_ref()).await;
            inbox::set_starter(known.as_ref(), invoker, template, &default, facts.as_ref())
        }
        InboxRequest::SetName {
            inbox: id,
            template,
        } => inbox::set_name(store.inbox(*id).await?.as_ref(), invoker, template),
    })
}

/// The admin chose these members and roles as an inbox's staff.
async fn choose_staff(
    app: &App,
    invoker: &Invoker,
    id: InboxId,
    staff: Vec<Mention>,
) -> Result<Vec<Action>, Failure> {
    let known = app.store.inbox(id).await?;
    let bot = bot(app, invoker.guild);
    let changed = known.clone().map(|known| Inbox {
        staff: staff.clone(),
        ..known
    });
    let facts = problem_facts(app, changed.as_ref()).await;
    Ok(inbox::choose_staff(
        known.as_ref(),
        invoker,
        staff,
        &bot,
        facts.as_ref(),
    ))
}

/// A command that names the inbox it changes: decided as if its message had been selected.
async fn change_named(
    app: &App,
    invoker: &Invoker,
    task: Task,
    written: &str,
) -> Result<Vec<Action>, Failure> {
    let Some(named) = super::settings::find(app, invoker.guild, written).await? else {
        let written = quoted(written);
        return Ok(vec![Action::Say(Text::NoSuchInbox { written })]);
    };
    if let Task::Destination(channel) = task {
        let asks = inbox::change(task, Some(place(app, invoker.guild, channel)), invoker.at);
        if matches!(asks[..], [Action::Say(_)]) {
            return Ok(asks);
        }
    }
    let message = Selected {
        id: named.message,
        channel: named.channel,
        looks_like_inbox: true,
        text: String::new(),
        attachments: Vec::new(),
        has_embeds: false,
    };
    let waited = Waited::For(Pending::Inbox(task));
    let facts = selection(app, invoker, &message, waited, Some(named)).await?;
    let mut actions = select::select(invoker, &message, &facts);
    // This command has no prompt, so there is no pending selection to keep or to end.
    actions.retain(|action| !matches!(action, Action::StopWaiting | Action::KeepWaiting));
    Ok(actions)
}

/// The facts of a selection. `named` is an inbox that the command named instead; it may have no message of
/// its own.
async fn selection(
    app: &App,
    invoker: &Invoker,
    message: &Selected,
    waited: Waited,
    named: Option<Inbox>,
) -> Result<select::Facts, Failure> {
    let store = &app.store;
    let (mut selected, mut replaced) = (None, None);
    let (mut channel, mut destination, mut staff_of) = (None, None, None);
    let (mut taken, mut again) = (Vec::new(), None);
    match &waited {
        Waited::For(Pending::Content(Target::NewInbox {
            channel: posted_in,
            destination: tickets_in,
            name,
            again: removed,
        })) => {
            if let Some(id) = removed {
                again = removal::removed(app, invoker, *id).await?;
            }
            channel = Some(*posted_in);
            destination = *tickets_in;
            staff_of = Some(tickets_in.unwrap_or(*posted_in));
            if name.is_some() {
                let known = super::settings::facts(app, invoker.guild).await?;
                taken = known.inboxes.into_iter().map(|it| it.name).collect();
            }
        }
        Waited::For(Pending::Content(Target::Replace { inbox })) => {
            replaced = store.inbox(*inbox).await?;
            channel = replaced.as_ref().map(|inbox| inbox.channel);
        }
        Waited::For(Pending::Inbox(task)) => {
            selected = match named {
                Some(named) => Some(named),
                None => store.inbox_of_message(message.id).await?,
            };
            if let Task::Destination(to) = task {
                destination = Some(*to);
            }
        }
        Waited::Nothing | Waited::Expired => {}
    }
    let first_staff = match &again {
        Some(removed) => removed.staff.clone(),
        None => staff_of.map_or_else(Vec::new, |of| first_staff(app, invoker.guild, of)),
    };
    let changed = changed(
        invoker,
        &waited,
        selected.as_ref(),
        replaced.as_ref().or(again.as_ref()),
        &first_staff,
    );
    Ok(select::Facts {
        waited,
        channel: channel.map(|channel| place(app, invoker.guild, channel)),
        destination: destination.map(|channel| place(app, invoker.guild, channel)),
        first_staff,
        again,
        names: taken,
        known: problem_facts(app, changed.as_ref()).await,
        roles: roles(app, invoker.guild, selected.as_ref()),
        selected,
        replaced,
        max_attachment_size: app.max_attachment_size(),
    })
}

/// The inbox as it will be after a selection, to find its problems.
fn changed(
    invoker: &Invoker,
    waited: &Waited,
    selected: Option<&Inbox>,
    replaced: Option<&Inbox>,
    first_staff: &[Mention],
) -> Option<Inbox> {
    match waited {
        Waited::For(Pending::Content(Target::NewInbox {
            channel,
            destination,
            again,
            ..
        })) => {
            if let Some(removed) = replaced.filter(|_| again.is_some()) {
                return Some(Inbox {
                    destination: *destination,
                    ..removed.clone()
                });
            }
            let link = MessageLink {
                guild: invoker.guild,
                channel: *channel,
                // The new inbox has no message yet.
                message: MessageId(0),
            };
            Some(Inbox::new(link, *destination, first_staff.to_vec()))
        }
        Waited::For(Pending::Content(Target::Replace { .. })) => replaced.cloned(),
        Waited::For(Pending::Inbox(Task::Destination(to))) => {
            let inbox = selected.cloned()?;
            Some(Inbox {
                destination: (*to != inbox.channel).then_some(*to),
                ..inbox
            })
        }
        Waited::For(Pending::Inbox(Task::Staff)) => selected.cloned(),
        // These show a modal or ask again. Problems are found after the member has responded.
        Waited::For(Pending::Inbox(_)) | Waited::Nothing | Waited::Expired => None,
    }
}

/// The facts for the problems of an inbox, if there is one.
pub(super) async fn problem_facts(
    app: &App,
    inbox: Option<&Inbox>,
) -> Option<tickets::problem::Facts> {
    problems::facts(app, inbox?).await
}

/// The bot itself, and the role that Discord made for it.
pub(super) fn bot(app: &App, guild: GuildId) -> Vec<Mention> {
    let cache = app.cache();
    let role = cache.guild(guild).and_then(|known| known.own_role());
    let me = cache.me().map(Mention::User);
    me.into_iter().chain(role.map(Mention::Role)).collect()
}

pub(super) fn first_staff(app: &App, guild: GuildId, channel: ChannelId) -> Vec<Mention> {
    let cache = app.cache();
    match (cache.guild(guild), cache.me()) {
        (Some(guild), Some(me)) => guild.first_staff(channel, me),
        _ => Vec::new(),
    }
}

/// A click on *Create Ticket*, or a submission of the inbox's form.
pub(super) struct Click {
    pub inbox: InboxId,
    /// The slowmode of the channel of the click, in seconds.
    pub slowmode: u32,
    /// The name of the channel of the click.
    pub channel_name: Option<String>,
    pub answers: Option<Vec<Answer>>,
    /// The first response is a modal other than the inbox's form, so there is little time.
    pub is_quick: bool,
    /// Staff open it for somebody else: limits do not apply.
    pub is_by_staff: bool,
}

impl Click {
    /// A request for a ticket that does not come from the inbox's message.
    pub(super) fn on(inbox: InboxId) -> Self {
        Self {
            inbox,
            slowmode: 0,
            channel_name: None,
            answers: None,
            is_quick: false,
            is_by_staff: false,
        }
    }
}

/// Whether a form may be the first response.
pub(super) async fn may_ask(app: &App, click: &Click) -> Result<bool, Failure> {
    let inbox = app.store.inbox(click.inbox).await?;
    Ok(click.answers.is_none() && inbox.is_some_and(|inbox| inbox.get(setting::Form).is_some()))
}

/// The facts for the decision about a click.
pub(super) struct Clicked {
    pub facts: admission::Facts,
    /// The member's tickets that are not open according to Discord, although the database may say so.
    pub not_open: Vec<ChannelId>,
}

/// The facts of a click.
pub(super) async fn click(
    app: &App,
    invoker: &Invoker,
    click: Click,
    response: &Response,
) -> Result<Clicked, Failure> {
    let id = click.inbox;
    let store = &app.store;
    // Requested concurrently: one round trip instead of four.
    let scope = Scope::Guild(invoker.guild);
    let (inbox, tickets, last_opened, server_limit) = try_join!(
        store.inbox(id),
        store.tickets_of(invoker.guild, invoker.user),
        store.last_opened(id, invoker.user),
        store.setting(scope, SERVER_LIMIT.key()),
    )?;
    let inbox = admission::known(inbox, invoker, click.is_by_staff).map_err(Failure::Refused)?;
    let today = invoker.at.day();
    let is_repeated = tickets.iter().any(|it| it.id.created_at().day() == today);
    let has_form = inbox.get(setting::Form).is_some();
    let server_limit = SERVER_LIMIT.value(server_limit.as_deref());
    let is_here = |ticket: &Ticket| ticket.inbox == Some(id);
    let here: Vec<_> = tickets.iter().filter(|it| is_here(it)).copied().collect();
    // Other inboxes count only towards the server's limit.
    let counted = tickets
        .into_iter()
        .filter(|ticket| server_limit > 0 || is_here(ticket));
    let most = if click.is_by_staff {
        0
    } else {
        inbox.get(LimitMember).max(server_limit)
    };
    let (open_in_server, not_open) = match most {
        0 => Default::default(),
        most => {
            let perhaps = perhaps_open(app, invoker.guild, most, counted.collect());
            if (has_form || click.is_quick) && click.answers.is_none() {
                // What Discord does not answer in time is checked when the form is submitted.
                let asked = timeout(BEFORE_A_MODAL, open_tickets(app, invoker, perhaps)).await;
                asked.ok().and_then(Result::ok).unwrap_or_default()
            } else if perhaps.is_empty() {
                Default::default()
            } else {
                response.defer().await?;
                open_tickets(app, invoker, perhaps).await?
            }
        }
    };
    let open = open_in_server.iter().copied();
    let open = open
        .filter(|ticket| here.iter().any(|it| it.id == *ticket))
        .collect();
    let open_in_inbox = if inbox.get(setting::LIMIT_TOTAL) > 0 {
        let over = here.iter().filter(|it| !it.is_closed());
        let over = over.filter(|it| not_open.contains(&it.id)).count();
        store.open_in(id, invoker.at).await?.saturating_sub(over)
    } else {
        0
    };
    let role_names = if !click.is_by_staff && opening_access::needs_names(invoker, &inbox) {
        response.defer().await?;
        app.discord.role_names(invoker.guild).await?
    } else {
        Vec::new()
    };
    let cached = app.cache().guild(invoker.guild);
    let cached = cached.map_or(0, |guild| guild.slowmode(inbox.channel));
    // The click carries the slowmode of the channel it was in, which can be newer than the cache.
    let clicked = (invoker.channel == inbox.channel).then_some(click.slowmode);
    let parent = tickets_in(app, invoker.guild, &inbox);
    let facts = admission::Facts {
        open,
        is_repeated,
        open_in_server,
        server_limit,
        open_in_inbox,
        role_names,
        last_opened,
        slowmode: cached.max(clicked.unwrap_or(0)),
        parent,
        member_may: access::member_may(app, invoker, parent.channel),
        needs: inbox.needs(),
        parent_name: None,
        notices: inbox
            .get(Notices)
            .and_then(|channel| place_that_exists(app, invoker.guild, channel)),
        roles: roles(app, invoker.guild, Some(&inbox)),
        inbox,
        answers: click.answers,
    };
    Ok(Clicked { facts, not_open })
}

/// A modal must be the first response. This is how long calls to Discord may take before the bot shows the
/// modal; most of the three seconds remain for showing it.
pub(super) const BEFORE_A_MODAL: Duration = Duration::from_secs(1);

/// The member's tickets that may be open. For these, the bot asks Discord who is in them.
fn perhaps_open(app: &App, guild: GuildId, most: u32, stored: Vec<Ticket>) -> Vec<Ticket> {
    stored
        .into_iter()
        .filter(|ticket| !ticket.is_closed() || is_active(app, guild, ticket.id))
        .take(most as usize + MORE_TO_ASK)
        .collect()
}

/// The member's tickets that are open according to Discord, and those that are not.
async fn open_tickets(
    app: &App,
    invoker: &Invoker,
    perhaps: Vec<Ticket>,
) -> Result<(Vec<ChannelId>, Vec<ChannelId>), Failure> {
    let questions = perhaps.iter().map(|ticket| is_open(app, invoker, ticket));
    let open = try_join_all(questions).await?;
    let (mut is, mut is_not) = (Vec::new(), Vec::new());
    for (ticket, is_open) in perhaps.into_iter().zip(open) {
        if is_open { &mut is } else { &mut is_not }.push(ticket.id);
    }
    Ok((is, is_not))
}

/// A member can have left tickets that staff keep open; at most this many of them are checked.
const MORE_TO_ASK: usize = 5;

async fn is_open(app: &App, invoker: &Invoker, ticket: &Ticket) -> Result<bool, Failure> {
    let (id, now) = (ticket.id, invoker.at);
    let hidden = || {
        let Some(since) = ticket.hidden_since else {
            // The check stores since when the bot cannot view the ticket.
            let check = Check::thread(ticket.guild, id);
            app.backlog.request(Work::Check(check));
            return true;
        };
        now.since(since) < HIDDEN_COUNTS_FOR
    };
    let is_closing = |ticket: &Ticket| matches!(ticket.state.phase, Phase::Closing(_));
    // A ticket that is being closed does not count as open, although its thread is still active.
    if is_closing(ticket) {
        return Ok(false);
    }
    match known(app, invoker.guild, id) {
        // A locked thread does not count as open: its owner cannot write in it.
        Some(thread) if thread.locked => return Ok(false),
        Some(_) => {}
        // The thread is archived, or so new that the bot has not received its event yet.
        None => match app.discord.thread(id).await {
            Ok(thread) if thread.locked => return Ok(false),
            Ok(thread) if thread.archived && !is_only_hidden(app, ticket, &thread).await? => {
                return Ok(false);
            }
            // The closing may have begun during the call.
            Ok(_) => {
                let now = app.store.ticket(id).await?;
                if now.as_ref().is_some_and(is_closing) {
                    return Ok(false);
                }
            }
            Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => return Ok(false),
            Err(error) if error.is_forbidden() => return Ok(hidden()),
            Err(error) => return Err(error.into()),
        },
    }
    match app.discord.is_in_thread(id, invoker.user).await {
        // The starting message may not have invited the owner: then they have not left.
        Ok(false) if ticket.state.presence == Presence::Invited => {
            let first = match first_own_message(app, id).await {
                Err(error) if error.is_forbidden() || error.is_gone() => None,
                first => first?,
            };
            Ok(first.is_some_and(|message| !message.mentions.contains(&invoker.user)))
        }
        Ok(is_in) => Ok(is_in),
        Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => Ok(false),
        Err(error) if error.is_forbidden() => Ok(hidden()),
        Err(error) => Err(error.into()),
    }
}

/// The newest ticket of a member in an inbox that is open according to Discord.
pub(super) async fn open_ticket(
    app: &App,
    owner: &Invoker,
    inbox: InboxId,
) -> Result<Option<ChannelId>, Failure> {
    let tickets = app.store.tickets_of(owner.guild, owner.user).await?;
    for ticket in tickets.into_iter().filter(|it| it.is_open_in(inbox)) {
        if is_open(app, owner, &ticket).await? {
            return Ok(Some(ticket.id));
        }
    }
    Ok(None)
}

/// Whether Discord's own timer has archived a ticket that still counts as open.
async fn is_only_hidden(app: &App, ticket: &Ticket, thread: &Thread) -> Result<bool, Failure> {
    Ok(thread.is_idle && keeps_open(app, ticket).await?)
}

/// Whether the thread is active according to the gateway's events.
fn is_active(app: &App, guild: GuildId, thread: ChannelId) -> bool {
    known(app, guild, thread).is_some()
}

/// Where an inbox's tickets open: in its own channel if the destination is gone.
pub(super) fn tickets_in(app: &App, guild: GuildId, inbox: &Inbox) -> Place {
    let is_known = |channel| app.cache().place(guild, channel).is_some();
    let wanted = inbox.tickets_in();
    if app.cache().knows(guild) && !is_known(wanted) {
        return place(app, guild, inbox.channel);
    }
    place(app, guild, wanted)
}

/// The bot's permissions in a channel. In a server that Discord has not described yet, they are unknown: then
/// the bot tries, and Discord decides.
pub(super) fn place(app: &App, guild: GuildId, channel: ChannelId) -> Place {
    let cache = app.cache();
    let unknown = if cache.knows(guild) {
        Permissions::default()
    } else {
        Permissions::EVERYTHING
    };
    cache.place(guild, channel).unwrap_or(Place {
        channel,
        permissions: unknown,
        holds_private_threads: true,
    })
}

/// The same, or `None` if the channel does not exist.
fn place_that_exists(app: &App, guild: GuildId, channel: ChannelId) -> Option<Place> {
    let is_gone = app.cache().knows(guild) && app.cache().place(guild, channel).is_none();
    (!is_gone).then(|| place(app, guild, channel))
}

/// The server's roles. If the server is unknown, the roles that the inbox names: the bot assumes that they
/// exist.
fn roles(app: &App, guild: GuildId, inbox: Option<&Inbox>) -> Vec<RoleId> {
    if let Some(guild) = app.cache().guild(guild) {
        return guild.roles();
    }
    let staff = inbox.map_or(&[][..], |inbox| &inbox.staff);
    staff
        .iter()
        .filter_map(|who| match who {
            Mention::Role(role) => Some(*role),
            Mention::User(_) => None,
        })
        .collect()
}
