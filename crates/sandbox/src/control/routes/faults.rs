//! Faults, limits, outages and the clock.

use axum::extract::State;
use serde_json::Value;

use super::{Answer, TheHub};
use crate::control::extract::{Body, Params, Reply};
use crate::control::trouble;
use crate::gateway;

pub(super) async fn faults(State(hub): TheHub) -> Reply {
    Reply(trouble::faults(&hub))
}

pub(super) async fn add_fault(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::add_fault(&hub, body).map(Reply)
}

pub(super) async fn clear_faults(State(hub): TheHub) -> Reply {
    hub.faults().clear();
    Reply(Value::Null)
}

pub(super) async fn remove_fault(State(hub): TheHub, params: Params) -> Answer {
    trouble::remove_fault(&hub, params.id("fault")?).map(Reply)
}

pub(super) async fn limits(State(hub): TheHub) -> Reply {
    Reply(trouble::limits(&hub))
}

pub(super) async fn set_limits(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::set_limits(&hub, body).map(Reply)
}

pub(super) async fn cut_gateway(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::cut_gateway(&hub, body).map(Reply)
}

pub(super) async fn ask_to_reconnect(State(hub): TheHub) -> Reply {
    Reply(trouble::ask_to_reconnect(&hub))
}

pub(super) async fn send_frame(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::send_frame(&hub, body).map(Reply)
}

pub(super) async fn held_shards(State(hub): TheHub) -> Reply {
    Reply(trouble::held_shards(&hub))
}

pub(super) async fn gateway_holds(State(hub): TheHub) -> Reply {
    Reply(trouble::gateway_holds(&hub))
}

pub(super) async fn hold_gateway(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::hold_gateway(&hub, body).map(Reply)
}

pub(super) async fn release_gateway(State(hub): TheHub) -> Reply {
    hub.gateway(|sessions, _| sessions.release());
    Reply(Value::Null)
}

pub(super) async fn event_faults(State(hub): TheHub) -> Reply {
    Reply(trouble::event_faults(&hub))
}

pub(super) async fn add_event_fault(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::add_event_fault(&hub, body).map(Reply)
}

pub(super) async fn clear_event_faults(State(hub): TheHub) -> Reply {
    hub.gateway(gateway::Sessions::clear_event_faults);
    Reply(Value::Null)
}

pub(super) async fn repeat_interaction(State(hub): TheHub, params: Params) -> Answer {
    trouble::repeat_interaction(&hub, params.id("interaction")?).map(Reply)
}

pub(super) async fn set_role_mentions(
    State(hub): TheHub,
    params: Params,
    Body(body): Body,
) -> Answer {
    trouble::set_role_mentions(&hub, params.id("role")?, body).map(Reply)
}

pub(super) async fn intents(State(hub): TheHub) -> Reply {
    Reply(trouble::intents(&hub))
}

pub(super) async fn reset_token(State(hub): TheHub) -> Answer {
    trouble::reset_token(&hub).map(Reply)
}

pub(super) async fn switch_intents(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::switch_intents(&hub, body).map(Reply)
}

pub(super) async fn refused_words(State(hub): TheHub) -> Reply {
    Reply(trouble::refused_words(&hub))
}

pub(super) async fn refuse_words(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::refuse_words(&hub, body).map(Reply)
}

pub(super) async fn blocked_words(State(hub): TheHub) -> Reply {
    Reply(trouble::blocked_words(&hub))
}

pub(super) async fn block_words(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::block_words(&hub, body).map(Reply)
}

pub(super) async fn two_factor(State(hub): TheHub) -> Reply {
    Reply(trouble::two_factor(&hub))
}

pub(super) async fn set_two_factor(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::set_two_factor(&hub, body).map(Reply)
}

pub(super) async fn begin_outage(State(hub): TheHub, params: Params) -> Answer {
    trouble::outage(&hub, params.id("guild")?, true).map(Reply)
}

pub(super) async fn end_outage(State(hub): TheHub, params: Params) -> Answer {
    trouble::outage(&hub, params.id("guild")?, false).map(Reply)
}

pub(super) async fn advance_clock(State(hub): TheHub, Body(body): Body) -> Answer {
    trouble::advance_clock(&hub, body).map(Reply)
}

pub(super) async fn reset(State(hub): TheHub) -> Reply {
    hub.reset();
    Reply(Value::Null)
}
