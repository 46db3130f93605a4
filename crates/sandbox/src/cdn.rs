//! Attachments and avatars.

use std::sync::Arc;

use axum::Router;

use crate::hub::Hub;

/// `/attachments/…`, `/avatars/…`, `/embed/avatars/…`.
pub fn router() -> Router<Arc<Hub>> {
    Router::new()
}
