//! First responses to interactions. They have no Authorization header: the token is in the path.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::Routes;
use super::extract::{Ids, Params, Payload};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::InteractionId;
use crate::wire::{self, read};

pub(super) fn routes() -> Routes {
    Routes::new().post("/interactions/{interaction}/{token}/callback", callback)
}

async fn callback(
    State(hub): State<Arc<Hub>>,
    Ids((interaction, token)): Ids<(InteractionId, String)>,
    params: Params,
    payload: Payload,
) -> Result<Response, ApiError> {
    let response = read::response(&payload.body, payload.files)?;
    let json = hub.change(|world, now| {
        let responded = world.respond(now, interaction, &token, response)?;
        Ok(responded.map(|responded| wire::callback(world, &responded)))
    })?;
    Ok(if params.flag("with_response") {
        Json(json).into_response()
    } else {
        StatusCode::NO_CONTENT.into_response()
    })
}
