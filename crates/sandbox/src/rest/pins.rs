//! Pinned messages, with both of Discord's routes: the older one returns them in one list.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::extract::{Bot, Ids, Params};
use super::{Answer, Done, Routes, done};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{ChannelId, MessageId, Timestamp};
use crate::wire;

/// The older route returns at most this many.
const OLD_LIST: usize = 50;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/channels/{channel}/pins", old_list)
        .put("/channels/{channel}/pins/{message}", pin)
        .delete("/channels/{channel}/pins/{message}", unpin)
        .get("/channels/{channel}/messages/pins", list)
        .put("/channels/{channel}/messages/pins/{message}", pin)
        .delete("/channels/{channel}/messages/pins/{message}", unpin)
}

async fn old_list(State(hub): State<Arc<Hub>>, bot: Bot, Ids(channel): Ids<ChannelId>) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let pins = world.pins_for(now, bot.id, channel)?.into_iter();
        let pins = pins.take(OLD_LIST).map(|m| wire::message(world, m));
        Ok(Json(pins.collect()))
    })
}

async fn list(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(channel): Ids<ChannelId>,
    params: Params,
) -> Answer {
    let limit = params.limit(50, 50)?;
    let before = params.text("before").map(|text| {
        Timestamp::from_iso(text).ok_or_else(|| {
            let message = "Could not parse. Should be ISO8601.";
            ApiError::field("before", "DATE_TIME_TYPE_PARSE", message)
        })
    });
    let before = before.transpose()?;
    let now = hub.now();
    hub.look(|world| {
        let pins = world.pins_for(now, bot.id, channel)?;
        let pins = pins.into_iter().filter_map(|m| Some((m.pinned?, m)));
        let pins: Vec<_> = pins
            .filter(|(at, _)| before.is_none_or(|before| *at < before))
            .collect();
        let items = pins.iter().take(limit).map(
            |(at, message)| json!({"pinned_at": at, "message": wire::message(world, message)}),
        );
        let items: Vec<Value> = items.collect();
        Ok(Json(
            json!({"items": items, "has_more": pins.len() > limit}),
        ))
    })
}

async fn pin(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message)): Ids<(ChannelId, MessageId)>,
) -> Done {
    done(hub.change(|world, now| world.set_pinned(now, bot.id, channel, message, true)))
}

async fn unpin(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message)): Ids<(ChannelId, MessageId)>,
) -> Done {
    done(hub.change(|world, now| world.set_pinned(now, bot.id, channel, message, false)))
}
