//! The search among the threads of a channel.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::extract::{Bot, Ids, Params};
use super::threads::page;
use super::{Answer, Routes, messages};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::ChannelId;
use crate::world::{ThreadOrder, ThreadSearch};

const MOST: usize = 25;

pub(super) fn routes() -> Routes {
    Routes::new().get("/channels/{channel}/threads/search", search)
}

async fn search(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(channel): Ids<ChannelId>,
    params: Params,
) -> Answer {
    let search = read(&params)?;
    let now = hub.now();
    hub.look(|world| {
        let found = world.search_threads(now, bot.id, channel, &search)?;
        let mut json = page(world, &found.threads, bot.id);
        let first = found.first_messages.iter();
        json["first_messages"] = first.map(|m| messages::readable(world, m, bot)).collect();
        json["total_results"] = found.total.into();
        json["has_more"] = found.has_more.into();
        Ok(Json(json))
    })
}

fn read(params: &Params) -> Result<ThreadSearch, ApiError> {
    let order = match params.text("sort_by") {
        None | Some("last_message_time") => ThreadOrder::LastMessageTime,
        Some("creation_time") => ThreadOrder::CreationTime,
        Some("archive_time") => ThreadOrder::ArchiveTime,
        Some("relevance") => ThreadOrder::Relevance,
        Some(_) => return Err(not_one_of("sort_by", ORDERS)),
    };
    let ascending = match params.text("sort_order") {
        None | Some("desc") => false,
        Some("asc") => true,
        Some(_) => return Err(not_one_of("sort_order", "'asc', 'desc'")),
    };
    let all_tags = match params.text("tag_setting") {
        None | Some("match_some") => false,
        Some("match_all") => true,
        Some(_) => return Err(not_one_of("tag_setting", "'match_all', 'match_some'")),
    };
    Ok(ThreadSearch {
        name: params
            .text("name")
            .filter(|n| !n.is_empty())
            .map(str::to_owned),
        slop: params.parsed("slop")?.unwrap_or(2).min(100),
        after: params.parsed("min_id")?,
        before: params.parsed("max_id")?,
        tags: params.all("tag")?,
        all_tags,
        archived: params.text("archived").map(|_| params.flag("archived")),
        order,
        ascending,
        offset: params.parsed("offset")?.unwrap_or(0),
        limit: params.limit(MOST, MOST)?,
    })
}

const ORDERS: &str = "'relevance', 'creation_time', 'last_message_time', 'archive_time'";

fn not_one_of(field: &str, choices: &str) -> ApiError {
    let message = format!("Value must be one of ({choices}).");
    ApiError::field(field, "BASE_TYPE_CHOICES", message)
}
