//! `/inbox create`: its facts, and its effect for an inbox that is an entry on another inbox's message.

use tickets::action::{Action, PostEntry};
use tickets::decide::create::{self, EntryFacts};
use tickets::decide::settings::Facts;
use tickets::entries::HOME;
use tickets::inbox::Inbox;
use tickets::problem::Problem;
use tickets::request::Invoker;
use tickets::setting::Name;
use tickets::setting::enter::quoted;
use tickets::text::{MessageLink, Text};
use tickets::{ChannelId, InboxId};

use super::effects::Serving;
use super::facts::{first_staff, place, problem_facts};
use super::{inbox, settings};
use crate::app::{App, Failure};
use crate::reconcile::entries;

/// The options of `/inbox create`.
pub(super) struct Wanted<'a> {
    pub channel: ChannelId,
    pub destination: Option<ChannelId>,
    pub name: Option<&'a str>,
    /// The inbox whose message will offer the new one.
    pub panel: Option<&'a str>,
}

pub(super) async fn decide(
    app: &App,
    invoker: &Invoker,
    wanted: Wanted<'_>,
) -> Result<Vec<Action>, Failure> {
    let Wanted {
        channel,
        destination,
        name,
        panel,
    } = wanted;
    // Without a name, the decision does not depend on the other inboxes.
    let known = if name.is_some() || panel.is_some() {
        settings::facts(app, invoker.guild).await?
    } else {
        Facts::default()
    };
    let name = create::name(name, &known.inboxes).map_err(Failure::Refused)?;
    let place = |channel| place(app, invoker.guild, channel);
    let Some(panel) = panel else {
        let destination = destination.map(place);
        return Ok(create::create(
            place(channel),
            destination,
            name,
            invoker.at,
        ));
    };
    let Some(named) = known.named(panel) else {
        let written = quoted(panel);
        return Err(Failure::Refused(Text::NoSuchInbox { written }));
    };
    let home = known.inbox(named.inbox.home()).unwrap_or(named);
    let host = home.inbox.clone();
    let tickets_in = place(destination.unwrap_or(host.channel));
    let first_staff = first_staff(app, invoker.guild, tickets_in.channel);
    let planned = Inbox::new(host.link(), destination, first_staff.clone());
    let facts = EntryFacts {
        tickets_in,
        channel,
        first_staff,
        known: problem_facts(app, Some(&planned)).await,
        offered: known.count(&host.entries()),
        host,
    };
    Ok(create::create_entry(name, facts))
}

/// Creates an inbox as an entry on another inbox's message, and changes that message. If the change fails,
/// the inbox exists all the same, and the message is checked again later.
pub(super) async fn post_entry(serving: &Serving<'_>, post: PostEntry) -> Result<(), Failure> {
    let (app, response) = (serving.app, serving.response);
    response.defer().await?;
    let link = post.inbox.link();
    let mut created = post.created;
    let home = InboxId::of_message(link.message);
    let settings = post.inbox.settings.clone();
    let made = Inbox {
        // An interaction's id is unique among Discord's ids, and no message has it.
        id: InboxId(response.id()),
        settings: settings
            .with(&Name, &post.name)
            .with_stored(HOME, Some(home.to_string())),
        ..post.inbox
    };
    let id = made.id;
    if !app.store.create_entry(made.clone()).await? {
        return Err(Failure::Refused(Text::InboxGone {}));
    }
    tracing::info!(inbox = %id, guild = %link.guild, by = %serving.invoker.user, "inbox created");
    entries::check_soon(app, link.guild, link.channel, link.message);
    let (is_shown, missing) = match shown(serving, link).await {
        Ok(()) => (true, Vec::new()),
        gone @ Err(Failure::Refused(Text::InboxGone {})) => return gone,
        Err(Failure::Refused(Text::MissingPermissions { missing })) => (false, missing),
        Err(failure) => {
            tracing::warn!(inbox = %id, %failure, "a new inbox is not on its message yet; retrying");
            (false, Vec::new())
        }
    };
    let missing = missing.into_iter().map(Problem::BotLacks);
    let new: Vec<_> = missing
        .filter(|it| !created.problems.contains(it))
        .collect();
    created.problems.extend(new);
    let text = if is_shown {
        Text::EntryCreated { inbox: link }
    } else {
        Text::EntryNotShown { inbox: link }
    };
    serving.opens(id);
    let message = inbox::ready(text, &made, created, response.language());
    Ok(response.send(message).await?)
}

/// Changes the message. The error says why Discord refuses the change.
async fn shown(serving: &Serving<'_>, link: MessageLink) -> Result<(), Failure> {
    let MessageLink {
        channel, message, ..
    } = link;
    let language = serving.guild_language();
    let shown = entries::show(serving.app, message, None, language, false).await;
    inbox::changed(serving, channel, message, shown).await
}
