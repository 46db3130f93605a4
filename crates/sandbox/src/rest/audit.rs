//! The audit log.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};

use super::Answer;
use super::extract::{Bot, Ids, Params};
use crate::hub::Hub;
use crate::id::{AuditEntryId, GuildId, UserId};
use crate::wire::audit;
use crate::world::AuditFilter;

pub(super) fn routes() -> Router<Arc<Hub>> {
    Router::new().route("/guilds/{guild}/audit-logs", get(list))
}

async fn list(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    params: Params,
) -> Answer {
    // Discord means by 0 that there is no filter.
    let filter = AuditFilter {
        actor: params.parsed::<UserId>("user_id")?,
        target: params.parsed("target_id")?,
        action: params.parsed("action_type")?.filter(|action| *action != 0),
        before: params.parsed::<AuditEntryId>("before")?,
        after: params.parsed::<AuditEntryId>("after")?,
        limit: params.limit(50, 100)?,
    };
    let now = hub.now();
    hub.look(|world| {
        let found = world.audit_log(now, bot.id, guild, filter)?;
        Ok(Json(audit::log(world, &found)))
    })
}
