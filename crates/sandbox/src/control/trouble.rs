//! Injects faults, and reads what happened.

use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

use super::act::parse;
use super::error::ControlError;
use crate::faults::Fault;
use crate::gateway::{EventFault, Hold, Order, RawFrame};
use crate::hub::Hub;
use crate::id::{GuildId, InteractionId, RoleId};
use crate::limits::Limits;
use crate::world::model::Privileged;
use crate::world::{RoleMentions, World};

pub(crate) fn add_fault(hub: &Hub, body: Value) -> Result<Value, ControlError> {
    let fault: Fault = parse(body)?;
    fault.check().map_err(ControlError::Wrong)?;
    Ok(json!({"id": hub.faults().add(fault).to_string()}))
}

pub(crate) fn faults(hub: &Hub) -> Value {
    let faults = hub.faults().list().into_iter().map(|(id, fault)| {
        let mut fault = json!(fault);
        fault["id"] = json!(id.to_string());
        fault
    });
    faults.collect()
}

pub(crate) fn remove_fault(hub: &Hub, id: u64) -> Result<Value, ControlError> {
    if hub.faults().remove(id) {
        Ok(Value::Null)
    } else {
        Err(ControlError::Unknown(format!(
            "there is no fault {id}: it may be used up"
        )))
    }
}

pub(crate) fn limits(hub: &Hub) -> Value {
    json!({"on": hub.limiter().limits() != Limits::Off})
}

pub(crate) fn set_limits(hub: &Hub, body: Value) -> Result<Value, ControlError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        on: bool,
    }
    let Body { on } = parse(body)?;
    hub.limiter()
        .set(if on { Limits::Discord } else { Limits::Off });
    Ok(limits(hub))
}

pub(crate) fn cut_gateway(hub: &Hub, body: Value) -> Result<Value, ControlError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        code: Option<u16>,
        shard: Option<u64>,
        #[serde(default)]
        invalidate: bool,
    }
    let Body {
        code,
        shard,
        invalidate,
    } = parse(body)?;
    let code = code.unwrap_or(1006);
    if !matches!(code, 1000 | 1001 | 1006 | 4000..=4999) {
        return Err(ControlError::wrong(format!(
            "`code` is {code}: it must be 1000, 1001, 1006 (no close frame) or 4000 to 4999"
        )));
    }
    let cut = hub.gateway(|sessions, _| {
        let order = Order::Cut(code);
        let cut = match shard {
            Some(shard) => sessions.order_shard(shard, &order),
            None => sessions.order(&order),
        };
        if invalidate {
            sessions.forget();
        }
        cut
    });
    Ok(json!({"connections": cut}))
}

pub(crate) fn reset_token(hub: &Hub) -> Result<Value, ControlError> {
    hub.change(|world, _| world.reset_tokens())?;
    let connections = hub.gateway(|sessions, _| {
        let cut = sessions.order(&Order::Cut(4004));
        sessions.forget();
        cut
    });
    Ok(json!({"connections": connections}))
}

pub(crate) fn ask_to_reconnect(hub: &Hub) -> Value {
    json!({"connections": hub.gateway(|sessions, _| sessions.order(&Order::AskToReconnect))})
}

pub(crate) fn held_shards(hub: &Hub) -> Value {
    hub.gateway(|sessions, _| json!(sessions.held()))
}

pub(crate) fn add_event_fault(hub: &Hub, body: Value) -> Result<Value, ControlError> {
    let fault: EventFault = parse(body)?;
    fault.check().map_err(ControlError::Wrong)?;
    hub.gateway(|sessions, _| sessions.fault_event(fault));
    Ok(Value::Null)
}

/// Sends an interaction to the bot again.
pub(crate) fn repeat_interaction(hub: &Hub, id: InteractionId) -> Result<Value, ControlError> {
    hub.change(|world, now| world.repeat_interaction(now, id))?;
    Ok(Value::Null)
}

pub(crate) fn event_faults(hub: &Hub) -> Value {
    hub.gateway(|sessions, _| json!(sessions.event_faults()))
}

pub(crate) fn hold_gateway(hub: &Hub, body: Value) -> Result<Value, ControlError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        what: Hold,
    }
    let Body { what } = parse(body)?;
    hub.gateway(|sessions, _| sessions.hold(what));
    Ok(Value::Null)
}

pub(crate) fn gateway_holds(hub: &Hub) -> Value {
    hub.gateway(|sessions, _| json!(*sessions.holds().borrow()))
}

pub(crate) fn send_frame(hub: &Hub, body: Value) -> Result<Value, ControlError> {
    let frame: RawFrame = parse(body)?;
    let order = Order::Send(frame.read().map_err(ControlError::Wrong)?);
    Ok(json!({"connections": hub.gateway(|sessions, _| sessions.order(&order))}))
}

/// Begins or ends the outage of a server, during which bots cannot use it.
pub(crate) fn outage(hub: &Hub, guild: GuildId, begins: bool) -> Result<Value, ControlError> {
    if hub.look(|world| world.guild(guild).is_none()) {
        return Err(ControlError::Unknown(format!("there is no server {guild}")));
    }
    hub.gateway(|sessions, around| {
        if begins {
            sessions.take_away(around, guild);
        } else {
            sessions.give_back(guild);
        }
    });
    Ok(Value::Null)
}

pub(crate) fn set_role_mentions(
    hub: &Hub,
    role: RoleId,
    body: Value,
) -> Result<Value, ControlError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        outcome: RoleMentions,
    }
    let Body { outcome } = parse(body)?;
    hub.change(|world, _| world.set_role_mentions(role, outcome))?;
    Ok(Value::Null)
}

pub(crate) fn refuse_words(hub: &Hub, body: Value) -> Result<Value, ControlError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        words: Vec<String>,
    }
    let Body { words } = parse(body)?;
    hub.change(|world, _| world.refuse_words(&words))?;
    Ok(refused_words(hub))
}

pub(crate) fn refused_words(hub: &Hub) -> Value {
    hub.look(|world| json!({"words": world.refused_words()}))
}

pub(crate) fn block_words(hub: &Hub, body: Value) -> Result<Value, ControlError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        words: Vec<String>,
    }
    let Body { words } = parse(body)?;
    hub.change(|world, _| world.block_words(&words))?;
    Ok(blocked_words(hub))
}

pub(crate) fn blocked_words(hub: &Hub) -> Value {
    hub.look(|world| json!({"words": world.blocked_words()}))
}

pub(crate) fn set_two_factor(hub: &Hub, body: Value) -> Result<Value, ControlError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        on: bool,
    }
    let Body { on } = parse(body)?;
    hub.change(|world, _| world.set_two_factors(on))?;
    Ok(two_factor(hub))
}

pub(crate) fn two_factor(hub: &Hub) -> Value {
    let on = |world: &World| world.applications().all(|a| a.owner_has_two_factors);
    json!({"on": hub.look(on)})
}

pub(crate) fn switch_intents(hub: &Hub, body: Value) -> Result<Value, ControlError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        members: Option<bool>,
        presences: Option<bool>,
        message_content: Option<bool>,
    }
    let body: Body = parse(body)?;
    let now = privileged(hub);
    let switched = Privileged {
        members: body.members.unwrap_or(now.members),
        presences: body.presences.unwrap_or(now.presences),
        message_content: body.message_content.unwrap_or(now.message_content),
    };
    hub.change(|world, _| world.set_privileged(switched))?;
    Ok(intents(hub))
}

pub(crate) fn intents(hub: &Hub) -> Value {
    let now = privileged(hub);
    json!({
        "members": now.members,
        "presences": now.presences,
        "message_content": now.message_content,
    })
}

fn privileged(hub: &Hub) -> Privileged {
    hub.look(|world| {
        let first = world.applications().next();
        first.map_or_else(Privileged::default, |application| application.privileged)
    })
}

/// How far the clock can be moved: a hundred years. Snowflakes can hold times until 2154.
const FURTHEST: u64 = 100 * 365 * 86_400_000;

pub(crate) fn advance_clock(hub: &Hub, body: Value) -> Result<Value, ControlError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        advance_ms: u64,
    }
    let Body { advance_ms } = parse(body)?;
    if advance_ms > FURTHEST {
        return Err(ControlError::wrong(format!(
            "`advance_ms` is more than {FURTHEST}: a hundred years"
        )));
    }
    Ok(json!({"now": hub.advance(Duration::from_millis(advance_ms)).0}))
}

pub(crate) fn record(hub: &Hub, after: u64, limit: usize, brief: bool) -> Value {
    let entries = hub.record().after(after, limit);
    let next = entries
        .last()
        .map_or_else(|| after.min(hub.record().newest()), |entry| entry.seq);
    let shown = entries.iter().map(|entry| {
        let entry = json!(entry);
        if brief { outline(entry) } else { entry }
    });
    json!({"entries": shown.collect::<Vec<_>>(), "next": next})
}

/// A record entry without what people wrote: of a command, only its name is kept.
fn outline(mut entry: Value) -> Value {
    if let Some(fields) = entry.as_object_mut() {
        for said in ["request", "response", "reason", "data"] {
            fields.remove(said);
        }
        if let Some(action) = fields.get_mut("action") {
            let mut deed = json!({"do": action["do"]});
            if let Some(name) = action.get("name") {
                deed["name"] = name.clone();
            }
            *action = deed;
        }
    }
    entry
}
