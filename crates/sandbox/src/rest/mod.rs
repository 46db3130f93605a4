//! The routes of `/api/v10`: thin skins over the world.

use std::sync::Arc;

use axum::Router;

use crate::hub::Hub;

/// Everything below `/api`, `/api/v9` and `/api/v10`; paths begin with `/api`.
pub fn router() -> Router<Arc<Hub>> {
    Router::new()
}
