//! The routes of the control API.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::header::{CONTENT_TYPE, UPGRADE};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post, put};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ControlError;
use super::extract::{Body, MessageBody, Params, Query, Reply};
use super::{act, events, look, recorded, trouble};
use crate::gateway;
use crate::hub::Hub;
use crate::id::MessageId;

/// Clients send nothing that would be longer.
const LONGEST_FRAME: usize = 4096;

type Answer = Result<Reply, ControlError>;
type TheHub = State<Arc<Hub>>;

/// Everything below `/control`.
pub(crate) fn router(hub: &Arc<Hub>) -> Router<Arc<Hub>> {
    let person = Router::new()
        .route("/", patch(edit_self))
        .route("/view", get(view))
        .route("/events", get(person_events))
        .route("/commands", get(commands).post(run_command))
        .route("/components", post(use_component))
        .route("/modals", post(submit_modal))
        .route("/forgeries", post(forge))
        .route("/direct-messages", put(open_direct_messages))
        .route("/invites/{code}", put(use_invite))
        .route("/interactions/{interaction}", get(interaction))
        .nest("/channels/{channel}", channels())
        .nest("/guilds/{guild}", guilds());
    let control = Router::new()
        .route("/openapi.json", get(description))
        .route("/world", get(world))
        .route("/people", post(add_people))
        .nest("/people/{person}", person)
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/faults/{fault}", delete(remove_fault))
        .route("/limits", get(limits).put(set_limits))
        .route("/gateway/cut", post(cut_gateway))
        .route("/gateway/frames", post(send_frame))
        .route(
            "/gateway/holds",
            get(gateway_holds)
                .post(hold_gateway)
                .delete(release_gateway),
        )
        .route(
            "/gateway/twists",
            get(twists).post(add_twist).delete(clear_twists),
        )
        .route(
            "/guilds/{guild}/outage",
            put(begin_outage).delete(end_outage),
        )
        .route("/roles/{role}/mentions", put(set_role_mentions))
        .route("/refused-words", get(refused_words).put(refuse_words))
        .route("/blocked-words", get(blocked_words).put(block_words))
        .route("/two-factor", get(two_factor).put(set_two_factor))
        .route("/intents", get(intents).put(switch_intents))
        .route("/token/reset", post(reset_token))
        .route("/gateway/reconnect", post(ask_to_reconnect))
        .route("/gateway/shards", get(held_shards))
        .route("/clock", post(advance_clock))
        .route("/reset", post(reset))
        .route("/record", get(record))
        .route("/record/events", get(record_events))
        .route("/problems", get(problems).delete(clear_problems))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(from_fn_with_state(Arc::clone(hub), recorded::middleware));
    Router::new().nest("/control", control)
}

fn channels() -> Router<Arc<Hub>> {
    Router::new()
        .route("/", get(channel).patch(edit_channel).delete(delete_channel))
        .route("/messages", get(messages).post(send))
        .route("/messages/bulk-delete", post(bulk_delete))
        .route("/messages/{message}", patch(edit).delete(delete_message))
        .route(
            "/messages/{message}/reactions/{emoji}",
            put(react).delete(unreact),
        )
        .route("/pins", get(pins))
        .route("/pins/{message}", put(pin).delete(unpin))
        .route("/messages/{message}/threads", post(create_thread_from))
        .route("/webhook-messages", post(send_as_webhook))
        .route("/typing", post(typing))
        .route("/threads", get(threads).post(create_thread))
        .route("/members", get(thread_members))
        .route(
            "/members/{user}",
            put(add_to_thread).delete(remove_from_thread),
        )
        .route(
            "/overwrites/{target}",
            put(set_overwrite).delete(delete_overwrite),
        )
}

fn guilds() -> Router<Arc<Hub>> {
    Router::new()
        .route("/", patch(edit_guild))
        .route("/channels", post(create_channel))
        .route("/roles", post(create_role))
        .route("/roles/{role}", patch(edit_role).delete(delete_role))
        .route(
            "/members/{user}",
            put(add_member).patch(edit_member).delete(remove_member),
        )
        .route("/bans", get(bans))
        .route("/bans/{user}", put(ban).delete(unban))
        .route(
            "/members/{user}/roles/{role}",
            put(give_role).delete(take_role),
        )
}

async fn unknown(method: Method, uri: Uri) -> Response {
    let what = format!(
        "the control API has no {method} /control{}: see CONTROL.md",
        uri.path()
    );
    ControlError::Unknown(what).into_response()
}

// Read.

/// What all this is, for programs.
async fn description() -> impl IntoResponse {
    const DESCRIPTION: &str = include_str!("../../control-openapi.json");
    ([(CONTENT_TYPE, "application/json")], DESCRIPTION)
}

async fn world(State(hub): TheHub) -> Reply {
    Reply(look::world(&hub))
}

async fn view(State(hub): TheHub, params: Params) -> Answer {
    look::view(&hub, params.actor()?.id).map(Reply)
}

async fn channel(State(hub): TheHub, params: Params) -> Answer {
    look::channel(&hub, params.actor()?.id, params.id("channel")?).map(Reply)
}

#[derive(Deserialize)]
pub(crate) struct PageQuery {
    pub(super) before: Option<MessageId>,
    pub(super) after: Option<MessageId>,
    pub(super) limit: Option<usize>,
}

async fn messages(State(hub): TheHub, params: Params, Query(query): Query<PageQuery>) -> Answer {
    let page = look::page(&query)?;
    look::messages(&hub, params.actor()?.id, params.id("channel")?, page).map(Reply)
}

#[derive(Deserialize)]
struct ThreadsQuery {
    #[serde(default)]
    archived: bool,
}

async fn threads(State(hub): TheHub, params: Params, Query(query): Query<ThreadsQuery>) -> Answer {
    look::threads(
        &hub,
        params.actor()?.id,
        params.id("channel")?,
        query.archived,
    )
    .map(Reply)
}

async fn thread_members(State(hub): TheHub, params: Params) -> Answer {
    look::thread_members(&hub, params.actor()?.id, params.id("channel")?).map(Reply)
}

#[derive(Deserialize)]
struct CommandsQuery {
    guild: crate::id::GuildId,
}

async fn commands(
    State(hub): TheHub,
    params: Params,
    Query(query): Query<CommandsQuery>,
) -> Answer {
    look::commands(&hub, params.actor()?.id, query.guild).map(Reply)
}

#[derive(Deserialize)]
struct InteractionQuery {
    #[serde(default)]
    wait: bool,
    timeout_ms: Option<u64>,
}

/// How long `wait=true` waits by default.
const PATIENCE: Duration = Duration::from_secs(30);

async fn interaction(
    State(hub): TheHub,
    params: Params,
    Query(query): Query<InteractionQuery>,
) -> Answer {
    let (who, id) = (params.actor()?.id, params.id("interaction")?);
    if query.wait {
        let patience = query.timeout_ms.map_or(PATIENCE, Duration::from_millis);
        return look::answered(&hub, who, id, patience).await.map(Reply);
    }
    look::interaction(&hub, who, id).map(|(view, _)| Reply(view))
}

async fn person_events(
    State(hub): TheHub,
    params: Params,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let person = match params.actor() {
        Ok(actor) => actor.id,
        Err(error) => return error.into_response(),
    };
    match upgrade {
        Ok(upgrade) => upgrade
            .max_message_size(LONGEST_FRAME)
            .on_upgrade(move |socket| events::person_socket(socket, hub, person)),
        Err(error) if headers.contains_key(UPGRADE) => error.into_response(),
        Err(_) => events::person(hub, person, last_event(&headers)).into_response(),
    }
}

// Act.

async fn send(params: Params, body: MessageBody) -> Answer {
    let (actor, channel) = (params.actor()?, params.id("channel")?);
    match body {
        MessageBody::Json(body) => actor.send(channel, body),
        MessageBody::Form(body, files) => actor.send_with(channel, &body, files),
    }
    .map(Reply)
}

async fn typing(params: Params) -> Answer {
    let actor = params.actor()?;
    actor.start_typing(params.id("channel")?).map(Reply)
}

async fn edit(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .edit(params.id("channel")?, params.id("message")?, &body)
        .map(Reply)
}

async fn delete_message(params: Params) -> Answer {
    params
        .actor()?
        .delete_message(params.id("channel")?, params.id("message")?)
        .map(Reply)
}

async fn react(params: Params) -> Answer {
    let (channel, message) = (params.id("channel")?, params.id("message")?);
    params
        .actor()?
        .react(channel, message, params.text("emoji")?)
        .map(Reply)
}

async fn unreact(params: Params) -> Answer {
    let (channel, message) = (params.id("channel")?, params.id("message")?);
    let emoji = params.text("emoji")?.to_owned();
    params.actor()?.unreact(channel, message, emoji).map(Reply)
}

async fn pins(params: Params) -> Answer {
    params.actor()?.pins(params.id("channel")?).map(Reply)
}

async fn pin(params: Params) -> Answer {
    let (channel, message) = (params.id("channel")?, params.id("message")?);
    params
        .actor()?
        .set_pinned(channel, message, true)
        .map(Reply)
}

async fn unpin(params: Params) -> Answer {
    let (channel, message) = (params.id("channel")?, params.id("message")?);
    params
        .actor()?
        .set_pinned(channel, message, false)
        .map(Reply)
}

async fn use_invite(params: Params) -> Answer {
    params.actor()?.use_invite(params.text("code")?).map(Reply)
}

async fn open_direct_messages(params: Params) -> Answer {
    params.actor()?.open_direct_messages().map(Reply)
}

async fn bulk_delete(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .bulk_delete(params.id("channel")?, body)
        .map(Reply)
}

async fn send_as_webhook(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .send_as_webhook(params.id("channel")?, body)
        .map(Reply)
}

async fn run_command(params: Params, Body(body): Body) -> Answer {
    params.actor()?.run_command(body).map(Reply)
}

async fn use_component(params: Params, Body(body): Body) -> Answer {
    let actor = params.actor()?;
    actor.look_before_clicking(&body).await;
    actor.use_component(body).map(Reply)
}

async fn forge(params: Params, Body(body): Body) -> Answer {
    params.actor()?.forge(body).map(Reply)
}

async fn submit_modal(params: Params, Body(body): Body) -> Answer {
    let actor = params.actor()?;
    actor.fill_in(&body).await;
    actor.submit_modal(body).map(Reply)
}

async fn add_to_thread(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .add_to_thread(params.id("channel")?, params.user(actor.id)?)
        .map(Reply)
}

async fn remove_from_thread(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .remove_from_thread(params.id("channel")?, params.user(actor.id)?)
        .map(Reply)
}

async fn edit_channel(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .edit_channel(params.id("channel")?, &body)
        .map(Reply)
}

async fn delete_channel(params: Params) -> Answer {
    params
        .actor()?
        .delete_channel(params.id("channel")?)
        .map(Reply)
}

async fn create_thread_from(params: Params, Body(body): Body) -> Answer {
    let actor = params.actor()?;
    let (channel, message) = (params.id("channel")?, params.id("message")?);
    actor.create_thread_from(channel, message, &body).map(Reply)
}

async fn create_thread(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .create_thread(params.id("channel")?, &body)
        .map(Reply)
}

async fn set_overwrite(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .set_overwrite(params.id("channel")?, params.id("target")?, &body)
        .map(Reply)
}

async fn delete_overwrite(params: Params) -> Answer {
    params
        .actor()?
        .delete_overwrite(params.id("channel")?, params.id("target")?)
        .map(Reply)
}

async fn create_channel(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .create_channel(params.id("guild")?, &body)
        .map(Reply)
}

async fn create_role(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .create_role(params.id("guild")?, &body)
        .map(Reply)
}

async fn edit_role(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .edit_role(params.id("guild")?, params.id("role")?, &body)
        .map(Reply)
}

async fn delete_role(params: Params) -> Answer {
    params
        .actor()?
        .delete_role(params.id("guild")?, params.id("role")?)
        .map(Reply)
}

async fn give_role(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .give_role(
            params.id("guild")?,
            params.user(actor.id)?,
            params.id("role")?,
        )
        .map(Reply)
}

async fn take_role(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .take_role(
            params.id("guild")?,
            params.user(actor.id)?,
            params.id("role")?,
        )
        .map(Reply)
}

async fn add_member(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .add_member(params.id("guild")?, params.user(actor.id)?)
        .map(Reply)
}

async fn remove_member(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .remove_member(params.id("guild")?, params.user(actor.id)?)
        .map(Reply)
}

async fn edit_member(params: Params, Body(body): Body) -> Answer {
    let actor = params.actor()?;
    actor
        .edit_member(params.id("guild")?, params.user(actor.id)?, &body)
        .map(Reply)
}

async fn bans(params: Params) -> Answer {
    params.actor()?.bans(params.id("guild")?).map(Reply)
}

async fn ban(params: Params, Body(body): Body) -> Answer {
    let actor = params.actor()?;
    actor
        .ban(params.id("guild")?, params.user(actor.id)?, body)
        .map(Reply)
}

async fn unban(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .unban(params.id("guild")?, params.user(actor.id)?)
        .map(Reply)
}

async fn edit_guild(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .edit_guild(params.id("guild")?, &body)
        .map(Reply)
}

async fn edit_self(params: Params, Body(body): Body) -> Answer {
    params.actor()?.edit_self(body).map(Reply)
}

async fn add_people(State(hub): TheHub, Body(body): Body) -> Answer {
    act::add_people(&hub, body).map(Reply)
}

// Inject faults.

async fn faults(State(hub): TheHub) -> Reply {
    Reply(trouble::faults(&hub))
}

async fn add_fault(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::add_fault(&hub, body).map(Reply)
}

async fn clear_faults(State(hub): TheHub) -> Reply {
    hub.faults().clear();
    Reply(Value::Null)
}

async fn remove_fault(State(hub): TheHub, params: Params) -> Answer {
    trouble::remove_fault(&hub, params.id("fault")?).map(Reply)
}

async fn limits(State(hub): TheHub) -> Reply {
    Reply(trouble::limits(&hub))
}

async fn set_limits(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::set_limits(&hub, body).map(Reply)
}

async fn cut_gateway(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::cut_gateway(&hub, body).map(Reply)
}

async fn ask_to_reconnect(State(hub): TheHub) -> Reply {
    Reply(trouble::ask_to_reconnect(&hub))
}

async fn send_frame(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::send_frame(&hub, body).map(Reply)
}

async fn held_shards(State(hub): TheHub) -> Reply {
    Reply(trouble::held_shards(&hub))
}

async fn gateway_holds(State(hub): TheHub) -> Reply {
    Reply(trouble::gateway_holds(&hub))
}

async fn hold_gateway(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::hold_gateway(&hub, body).map(Reply)
}

async fn release_gateway(State(hub): TheHub) -> Reply {
    hub.gateway(|sessions, _| sessions.release());
    Reply(Value::Null)
}

async fn twists(State(hub): TheHub) -> Reply {
    Reply(trouble::twists(&hub))
}

async fn add_twist(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::add_twist(&hub, body).map(Reply)
}

async fn clear_twists(State(hub): TheHub) -> Reply {
    hub.gateway(gateway::Sessions::untwist);
    Reply(Value::Null)
}

async fn set_role_mentions(State(hub): TheHub, params: Params, Body(body): Body) -> Answer {
    trouble::set_role_mentions(&hub, params.id("role")?, body).map(Reply)
}

async fn intents(State(hub): TheHub) -> Reply {
    Reply(trouble::intents(&hub))
}

async fn reset_token(State(hub): TheHub) -> Answer {
    trouble::reset_token(&hub).map(Reply)
}

async fn switch_intents(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::switch_intents(&hub, body).map(Reply)
}

async fn refused_words(State(hub): TheHub) -> Reply {
    Reply(trouble::refused_words(&hub))
}

async fn refuse_words(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::refuse_words(&hub, body).map(Reply)
}

async fn blocked_words(State(hub): TheHub) -> Reply {
    Reply(trouble::blocked_words(&hub))
}

async fn block_words(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::block_words(&hub, body).map(Reply)
}

async fn two_factor(State(hub): TheHub) -> Reply {
    Reply(trouble::two_factor(&hub))
}

async fn set_two_factor(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::set_two_factor(&hub, body).map(Reply)
}

async fn begin_outage(State(hub): TheHub, params: Params) -> Answer {
    trouble::outage(&hub, params.id("guild")?, true).map(Reply)
}

async fn end_outage(State(hub): TheHub, params: Params) -> Answer {
    trouble::outage(&hub, params.id("guild")?, false).map(Reply)
}

async fn advance_clock(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::advance_clock(&hub, body).map(Reply)
}

async fn reset(State(hub): TheHub) -> Reply {
    hub.reset();
    Reply(Value::Null)
}

// The record.

#[derive(Deserialize)]
struct RecordQuery {
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
    #[serde(default)]
    brief: bool,
}

async fn record(State(hub): TheHub, Query(query): Query<RecordQuery>) -> Reply {
    Reply(trouble::record(
        &hub,
        query.after,
        query.limit.unwrap_or(1000),
        query.brief,
    ))
}

async fn record_events(State(hub): TheHub, headers: HeaderMap) -> Response {
    events::record(hub, last_event(&headers)).into_response()
}

async fn problems(State(hub): TheHub) -> Reply {
    hub.inspector().caught_up().await;
    Reply(json!(hub.record().problems()))
}

async fn clear_problems(State(hub): TheHub) -> Reply {
    hub.inspector().caught_up().await;
    hub.record().clear_problems();
    Reply(Value::Null)
}

/// The number of the last event that a client saw before it lost its connection.
fn last_event(headers: &HeaderMap) -> Option<u64> {
    headers
        .get("last-event-id")?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}
