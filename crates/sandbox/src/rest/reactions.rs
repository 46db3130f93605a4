//! `/channels/{channel}/messages/{message}/reactions`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::extract::{Bot, Ids, Params};
use super::{Answer, Done, Routes, done};
use crate::hub::Hub;
use crate::id::{ChannelId, MessageId, UserId};
use crate::wire;
use crate::world::Unreact;

pub(super) fn routes() -> Routes {
    Routes::new()
        .delete("/channels/{channel}/messages/{message}/reactions", clear)
        .get(
            "/channels/{channel}/messages/{message}/reactions/{emoji}",
            list,
        )
        .delete(
            "/channels/{channel}/messages/{message}/reactions/{emoji}",
            clear_emoji,
        )
        .put(
            "/channels/{channel}/messages/{message}/reactions/{emoji}/@me",
            react,
        )
        .delete(
            "/channels/{channel}/messages/{message}/reactions/{emoji}/@me",
            unreact,
        )
        .delete(
            "/channels/{channel}/messages/{message}/reactions/{emoji}/{user}",
            unreact_other,
        )
}

type Place = (ChannelId, MessageId, String);

async fn list(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message, emoji)): Ids<Place>,
    params: Params,
) -> Answer {
    let limit = params.limit(25, 100)?;
    let after = params.parsed::<UserId>("after")?.unwrap_or(UserId(0));
    // The sandbox has no super reactions, because they need a paid subscription.
    let bursts = params.parsed::<u8>("type")? == Some(1);
    let now = hub.now();
    hub.look(|world| {
        let users = world.reacted(now, bot.id, channel, message, &emoji)?;
        let users = users.into_iter().filter(|user| *user > after && !bursts);
        let users = users.take(limit).filter_map(|user| world.user(user));
        Ok(Json(users.map(wire::user).collect()))
    })
}

async fn react(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message, emoji)): Ids<Place>,
) -> Done {
    done(hub.change(|world, now| world.react(now, bot.id, channel, message, &emoji)))
}

async fn unreact(
    hub: State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message, emoji)): Ids<Place>,
) -> Done {
    take_away(&hub, bot, channel, message, Unreact::One(emoji, bot.id))
}

async fn unreact_other(
    hub: State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message, emoji, user)): Ids<(ChannelId, MessageId, String, UserId)>,
) -> Done {
    take_away(&hub, bot, channel, message, Unreact::One(emoji, user))
}

async fn clear_emoji(
    hub: State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message, emoji)): Ids<Place>,
) -> Done {
    take_away(&hub, bot, channel, message, Unreact::Emoji(emoji))
}

async fn clear(
    hub: State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message)): Ids<(ChannelId, MessageId)>,
) -> Done {
    take_away(&hub, bot, channel, message, Unreact::All)
}

fn take_away(hub: &Hub, bot: Bot, channel: ChannelId, message: MessageId, which: Unreact) -> Done {
    done(hub.change(|world, now| world.unreact(now, bot.id, channel, message, which)))
}
