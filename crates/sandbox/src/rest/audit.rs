//! The audit log.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::extract::{Bot, Ids, Params};
use super::{Answer, Routes};
use crate::hub::Hub;
use crate::id::{AuditEntryId, GuildId, UserId};
use crate::wire::audit;
use crate::world::AuditFilter;

pub(super) fn routes() -> Routes {
    Routes::new().get("/guilds/{guild}/audit-logs", list)
}

async fn list(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    params: Params,
) -> Answer {
    // Discord treats 0 as no filter.
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
