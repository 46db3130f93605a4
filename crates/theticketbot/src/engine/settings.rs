//! `/inbox settings`: its facts, and its effects.

use std::sync::Arc;
use std::time::Duration;

use tickets::action::{Action, Modal, Panel, RefusedSetting};
use tickets::decide::settings::{self as decide, Facts, MAX_IN_MENU, Named};
use tickets::inbox::{self, Inbox};
use tickets::request::{Complete, Invoker, Request, SettingsRequest};
use tickets::setting::{Entered, Language, Name, Reports, Setting, Settings};
use tickets::text::Text;
use tickets::{ChannelId, GuildId, InboxId};

use super::access;
use super::effects::Serving;
use super::facts::{BEFORE_A_MODAL, bot, problem_facts};
use crate::app::{App, Failure};
use crate::discord::Message;
use crate::discord::render::settings as render;
use crate::reconcile::{check_report_command, entries};
use crate::store::Scope;
use crate::translate::{default_starter_template, say};

/// Decides for a member who wants to see or change settings.
pub(super) async fn decide(
    app: &App,
    invoker: &Invoker,
    request: &SettingsRequest,
) -> Result<Vec<Action>, Failure> {
    let guild = invoker.guild;
    let mut facts = without_names(app, guild).await?;
    if let Some(roles) = app.cache().guild(guild).map(|guild| guild.roles()) {
        for named in &mut facts.inboxes {
            named.inbox.staff = named.inbox.existing_staff(|role| roles.contains(&role));
        }
    }
    facts.bot = bot(app, guild);
    facts.starter = default_starter_template(app.language(guild));
    let first = decided(invoker, request, &facts);
    if let [Action::ShowModal(Modal::Setting { .. })] = first[..] {
        // This decision names no inbox, so it does not wait for names.
        return Ok(first);
    }
    let opens_one = matches!(
        request,
        SettingsRequest::Open {
            setting: Some(_),
            ..
        }
    );
    let within = if opens_one || matches!(first[..], [Action::ShowModal(_)]) {
        BEFORE_A_MODAL
    } else {
        NAMES_TIMEOUT
    };
    facts = with_names(app, guild, facts, within).await;
    if let SettingsRequest::Enter {
        inbox,
        key,
        entered,
    } = request
        && *key == Name.key()
        && entered.text().is_empty()
    {
        facts.without_name = without_name(app, guild, &facts.inboxes, *inbox).await;
    }
    let changed = decide::changed(invoker, request, &facts);
    let inbox = changed.as_ref().or_else(|| decide::opened(request, &facts));
    facts.known = problem_facts(app, inbox).await;
    Ok(decided(invoker, request, &facts))
}

fn decided(invoker: &Invoker, request: &SettingsRequest, facts: &Facts) -> Vec<Action> {
    match request {
        SettingsRequest::Open { inbox, setting } => {
            decide::open(inbox.as_deref(), setting.as_deref(), facts)
        }
        SettingsRequest::ChooseInbox { inbox, setting } => {
            decide::choose_inbox(*inbox, *setting, facts)
        }
        SettingsRequest::Choose { inbox, key } => decide::choose(invoker, *inbox, key, facts),
        SettingsRequest::Enter {
            inbox,
            key,
            entered,
        } => decide::submit(invoker, *inbox, key, entered, facts),
        SettingsRequest::Edit {
            inbox,
            key,
            written,
        } => decide::edit_again(*inbox, key, written.clone(), facts),
    }
}

/// Decides for a member who wants suggestions for an option.
pub(super) async fn complete(
    app: &App,
    invoker: &Invoker,
    wanted: &Complete,
) -> Result<Vec<Action>, Failure> {
    let mut facts = match wanted {
        // These requests name no inbox.
        Complete::Setting { .. } | Complete::Duration { .. } => Facts::default(),
        _ => facts_in_time(app, invoker.guild).await?,
    };
    match wanted {
        Complete::InboxToOpen { .. } => {
            facts.inboxes = access::clickable(app, invoker, facts.inboxes);
        }
        Complete::InboxToTransfer { .. } if !access::is_staff_here(app, invoker).await? => {
            facts.inboxes.clear();
        }
        _ => {}
    }
    Ok(decide::complete(wanted, &facts))
}

/// How long a response other than a modal waits for the names of channels.
const NAMES_TIMEOUT: Duration = Duration::from_secs(10);

/// The inboxes of a server with their names, and the server's own settings.
pub(super) async fn facts(app: &App, guild: GuildId) -> Result<Facts, Failure> {
    let facts = without_names(app, guild).await?;
    Ok(with_names(app, guild, facts, NAMES_TIMEOUT).await)
}

/// The same for a response that may be a modal: waits only briefly.
pub(super) async fn facts_in_time(app: &App, guild: GuildId) -> Result<Facts, Failure> {
    let facts = without_names(app, guild).await?;
    Ok(with_names(app, guild, facts, BEFORE_A_MODAL).await)
}

/// Finds the inbox that an option names. Names are needed only if the option is not one of the suggested
/// values.
pub(super) async fn find(
    app: &App,
    guild: GuildId,
    written: &str,
) -> Result<Option<Inbox>, Failure> {
    let mut facts = without_names(app, guild).await?;
    if facts.named(written).is_none() {
        facts = with_names(app, guild, facts, BEFORE_A_MODAL).await;
    }
    Ok(facts.named(written).map(|named| named.inbox.clone()))
}

/// The facts from the database alone: inboxes without a name of their own are called by their channel's id.
async fn without_names(app: &App, guild: GuildId) -> Result<Facts, Failure> {
    let (inboxes, server) = tokio::try_join!(
        app.store.inboxes_in(guild),
        app.store.settings(Scope::Guild(guild)),
    )?;
    Ok(Facts {
        inboxes: called(inboxes, &[]),
        server: server.into_iter().collect::<Settings>(),
        ..Facts::default()
    })
}

async fn with_names(app: &App, guild: GuildId, facts: Facts, within: Duration) -> Facts {
    let inboxes = facts.inboxes.into_iter().map(|it| it.inbox).collect();
    Facts {
        inboxes: named_within(app, guild, inboxes, within).await,
        ..facts
    }
}

/// The name of an inbox after its own name is removed.
async fn without_name(
    app: &App,
    guild: GuildId,
    inboxes: &[Named],
    wanted: Option<InboxId>,
) -> Option<String> {
    let mut inboxes: Vec<_> = inboxes.iter().map(|it| it.inbox.clone()).collect();
    let inbox = inboxes.iter_mut().find(|it| Some(it.id) == wanted)?;
    inbox.settings = std::mem::take(&mut inbox.settings).changed(&Name, None);
    let named = named(app, guild, inboxes).await.into_iter();
    let mut named = named.filter(|it| Some(it.inbox.id) == wanted);
    named.next().map(|it| it.name)
}

pub(super) async fn named(app: &App, guild: GuildId, inboxes: Vec<Inbox>) -> Vec<Named> {
    named_within(app, guild, inboxes, NAMES_TIMEOUT).await
}

/// Asks Discord for the names of channels only if an inbox has no name of its own.
async fn named_within(
    app: &App,
    guild: GuildId,
    inboxes: Vec<Inbox>,
    within: Duration,
) -> Vec<Named> {
    if inboxes.iter().all(|inbox| inbox.own_name().is_some()) {
        return called(inboxes, &[]);
    }
    let channels = channel_names(app, guild, within).await;
    called(inboxes, &channels)
}

fn called(inboxes: Vec<Inbox>, channels: &[(ChannelId, String)]) -> Vec<Named> {
    let names = inbox::names(&inboxes, channels);
    inboxes
        .into_iter()
        .zip(names)
        .map(|(inbox, name)| Named { inbox, name })
        .collect()
}

/// The names of a server's channels. Empty if Discord does not answer within this time: then inboxes are
/// called by the ids of their channels.
pub(super) async fn channel_names(
    app: &App,
    guild: GuildId,
    within: Duration,
) -> Arc<[(ChannelId, String)]> {
    let discord = app.discord.clone();
    let ask = async move {
        let names = discord.channel_names(guild).await;
        let names = names.inspect_err(|error| {
            tracing::warn!(
                %guild, %error,
                "cannot read the names of channels; showing their ids"
            );
        });
        names.ok().map(Arc::from)
    };
    let names = app.channel_names.get(&app.tasks, guild, within, ask);
    names.await.unwrap_or_default()
}

/// A valid setting failed after all: Discord refused the button, or another inbox has taken the name. The
/// response gives back what the admin wrote.
pub(super) async fn refuse(
    serving: &Serving<'_>,
    request: &Request,
    text: Text,
) -> Result<(), Failure> {
    match request {
        Request::Settings(SettingsRequest::Enter {
            inbox,
            key,
            entered: Entered::Text(written),
        }) if matches!(text, Text::ButtonRefused {} | Text::NameTaken { .. }) => {
            let refused = RefusedSetting {
                inbox: *inbox,
                key,
                text,
                written: Some(written.clone()),
            };
            show_refusal(serving, refused).await
        }
        _ => Err(Failure::Refused(text)),
    }
}

/// Changes a setting of an inbox.
pub(super) async fn set(
    serving: &Serving<'_>,
    inbox: InboxId,
    key: &'static str,
    value: Option<String>,
) -> Result<(), Failure> {
    let scope = Scope::Inbox(inbox);
    serving.app.store.set_setting(scope, key, value).await?;
    entries::check_all(serving.app, serving.invoker.guild).await?;
    tracing::info!(%inbox, what = key, by = %serving.invoker.user, "inbox changed");
    Ok(())
}

/// Changes a setting of the server.
pub(super) async fn set_of_server(
    serving: &Serving<'_>,
    guild: GuildId,
    key: &'static str,
    value: Option<String>,
) -> Result<(), Failure> {
    let scope = Scope::Guild(guild);
    let store = &serving.app.store;
    store.set_setting(scope, key, value.clone()).await?;
    if key == Language.key() {
        serving.app.set_language(guild, value.as_deref());
        entries::check_all(serving.app, guild).await?;
    }
    if key == Reports.key() {
        check_report_command(serving.app, guild);
    }
    tracing::info!(%guild, what = key, by = %serving.invoker.user, "server changed");
    Ok(())
}

/// Shows all settings.
pub(super) async fn show(serving: &Serving<'_>, panel: &Panel) -> Result<(), Failure> {
    let inbox = panel.inbox.as_ref();
    serving.opens(inbox.map_or(InboxId::SERVER, |inbox| inbox.id));
    let response = serving.response;
    let panel = render::panel(panel, response.language());
    Ok(response.update(panel).await?)
}

/// Says that a value is refused.
pub(super) async fn show_refusal(
    serving: &Serving<'_>,
    refused: RefusedSetting,
) -> Result<(), Failure> {
    let reader = serving.response.language();
    let RefusedSetting {
        inbox,
        key,
        text,
        written,
    } = refused;
    let refusal = render::refusal(inbox, key, &say(text, reader), written, reader);
    Ok(serving.response.send(refusal).await?)
}

/// Asks for the inbox whose settings, or whose `setting`, is wanted.
pub(super) async fn ask_for_inbox(
    serving: &Serving<'_>,
    inboxes: &[(InboxId, String, Option<String>)],
    setting: Option<&'static str>,
    text: Text,
) -> Result<(), Failure> {
    let reader = serving.response.language();
    for (id, ..) in inboxes.iter().take(MAX_IN_MENU) {
        serving.opens(*id);
    }
    let message = Message {
        components: Some(render::inbox_menu(inboxes, setting, reader)),
        ..Message::text(say(text, reader))
    };
    Ok(serving.response.send(message).await?)
}
