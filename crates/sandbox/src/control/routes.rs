//! The routes of the control API: one table, whose handlers stand in a file for each part of CONTROL.md.

mod act;
mod faults;
mod read;
mod record;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post, put};

use super::error::ControlError;
use super::extract::Reply;
use super::recorded;
use crate::hub::Hub;

pub(super) use read::PageQuery;

type Answer = Result<Reply, ControlError>;
type TheHub = State<Arc<Hub>>;

/// Everything below `/control`.
pub(crate) fn router(hub: &Arc<Hub>) -> Router<Arc<Hub>> {
    let person = Router::new()
        .route("/", patch(act::edit_self))
        .route("/view", get(read::view))
        .route("/events", get(read::person_events))
        .route("/commands", get(read::commands).post(act::run_command))
        .route("/components", post(act::use_component))
        .route("/modals", post(act::submit_modal))
        .route("/forgeries", post(act::forge))
        .route("/direct-messages", put(act::open_direct_messages))
        .route("/invites/{code}", put(act::use_invite))
        .route("/interactions/{interaction}", get(read::interaction))
        .nest("/channels/{channel}", channels())
        .nest("/guilds/{guild}", guilds());
    let control = Router::new()
        .route("/openapi.json", get(read::description))
        .route("/world", get(read::world))
        .route("/people", post(act::add_people))
        .nest("/people/{person}", person)
        .route(
            "/faults",
            get(faults::faults)
                .post(faults::add_fault)
                .delete(faults::clear_faults),
        )
        .route("/faults/{fault}", delete(faults::remove_fault))
        .route("/limits", get(faults::limits).put(faults::set_limits))
        .route("/gateway/cut", post(faults::cut_gateway))
        .route("/gateway/frames", post(faults::send_frame))
        .route(
            "/gateway/holds",
            get(faults::gateway_holds)
                .post(faults::hold_gateway)
                .delete(faults::release_gateway),
        )
        .route(
            "/gateway/event-faults",
            get(faults::event_faults)
                .post(faults::add_event_fault)
                .delete(faults::clear_event_faults),
        )
        .route(
            "/guilds/{guild}/outage",
            put(faults::begin_outage).delete(faults::end_outage),
        )
        .route("/roles/{role}/mentions", put(faults::set_role_mentions))
        .route(
            "/refused-words",
            get(faults::refused_words).put(faults::refuse_words),
        )
        .route(
            "/blocked-words",
            get(faults::blocked_words).put(faults::block_words),
        )
        .route(
            "/two-factor",
            get(faults::two_factor).put(faults::set_two_factor),
        )
        .route("/intents", get(faults::intents).put(faults::switch_intents))
        .route("/token/reset", post(faults::reset_token))
        .route("/gateway/reconnect", post(faults::ask_to_reconnect))
        .route("/gateway/shards", get(faults::held_shards))
        .route("/clock", post(faults::advance_clock))
        .route("/reset", post(faults::reset))
        .route("/record", get(record::record))
        .route("/record/events", get(record::record_events))
        .route(
            "/problems",
            get(record::problems).delete(record::clear_problems),
        )
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(from_fn_with_state(Arc::clone(hub), recorded::middleware));
    Router::new().nest("/control", control)
}

fn channels() -> Router<Arc<Hub>> {
    Router::new()
        .route(
            "/",
            get(read::channel)
                .patch(act::edit_channel)
                .delete(act::delete_channel),
        )
        .route("/messages", get(read::messages).post(act::send))
        .route("/messages/bulk-delete", post(act::bulk_delete))
        .route(
            "/messages/{message}",
            patch(act::edit).delete(act::delete_message),
        )
        .route(
            "/messages/{message}/reactions/{emoji}",
            put(act::react).delete(act::unreact),
        )
        .route("/pins", get(act::pins))
        .route("/pins/{message}", put(act::pin).delete(act::unpin))
        .route("/messages/{message}/threads", post(act::create_thread_from))
        .route("/webhook-messages", post(act::send_as_webhook))
        .route("/typing", post(act::typing))
        .route("/threads", get(read::threads).post(act::create_thread))
        .route("/members", get(read::thread_members))
        .route(
            "/members/{user}",
            put(act::add_to_thread).delete(act::remove_from_thread),
        )
        .route(
            "/overwrites/{target}",
            put(act::set_overwrite).delete(act::delete_overwrite),
        )
}

fn guilds() -> Router<Arc<Hub>> {
    Router::new()
        .route("/", patch(act::edit_guild))
        .route("/channels", post(act::create_channel))
        .route("/roles", post(act::create_role))
        .route(
            "/roles/{role}",
            patch(act::edit_role).delete(act::delete_role),
        )
        .route(
            "/members/{user}",
            put(act::add_member)
                .patch(act::edit_member)
                .delete(act::remove_member),
        )
        .route("/bans", get(act::bans))
        .route("/bans/{user}", put(act::ban).delete(act::unban))
        .route(
            "/members/{user}/roles/{role}",
            put(act::give_role).delete(act::take_role),
        )
}

async fn unknown(method: Method, uri: Uri) -> Response {
    let what = format!(
        "the control API has no {method} /control{}: see CONTROL.md",
        uri.path()
    );
    ControlError::Unknown(what).into_response()
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
