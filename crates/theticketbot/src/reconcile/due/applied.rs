//! The effects of `theticketbot inboxes apply` beside a running bot. Most settings are read when they are
//! needed; this handles the others.

use crate::app::App;
use crate::reconcile::{check_report_command, entries};
use crate::store::StoreError;

/// If `apply` has changed settings, reloads those in memory, and checks the messages that show them.
pub(super) async fn reload_if_changed(app: &App) -> Result<(), StoreError> {
    if !app.take_new_settings().await? {
        return Ok(());
    }
    tracing::info!("settings were changed with `theticketbot inboxes apply`");
    let read = read(app).await;
    if read.is_err() {
        app.forget_settings();
    }
    read
}

async fn read(app: &App) -> Result<(), StoreError> {
    app.load_languages().await?;
    for guild in app.store.guilds().await? {
        if app.cache().is_in(guild) {
            entries::check_all(app, guild).await?;
            check_report_command(app, guild);
        }
    }
    Ok(())
}
