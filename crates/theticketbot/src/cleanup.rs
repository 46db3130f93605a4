//! The weekly cleanup. It deletes the data of servers that removed the bot, not at once, so that a mistaken
//! removal loses nothing. It also deletes old cooldowns, and the inboxes that were removed long ago.

use std::sync::Arc;
use std::time::Duration;

use tickets::Timestamp;
use tickets::decide::removal;

use crate::app::{App, Failure, system_time};
use crate::shards::Assignment;

/// Waits for each Saturday, 00:00 UTC, and cleans up.
pub async fn weekly(app: Arc<App>, assignment: Assignment) {
    loop {
        let next = next_saturday(system_time());
        // Clocks jump and machines sleep, so it checks the clock each day instead of one long wait.
        while system_time() < next {
            let left = next.duration_since(system_time());
            tokio::time::sleep(left.min(A_DAY)).await;
        }
        if let Err(failure) = clean_up(&app, &assignment).await {
            tracing::warn!(%failure, "the weekly cleanup failed; retrying next week");
        }
    }
}

/// The longest cooldown that an inbox can have, in milliseconds. The longest slowmode of a channel is
/// shorter.
const LONGEST_COOLDOWN: i64 = 30 * DAY;

/// How long cooldowns and removed inboxes are kept, in milliseconds.
const KEPT_FOR: i64 = if LONGEST_COOLDOWN > removal::KEPT_FOR {
    LONGEST_COOLDOWN
} else {
    removal::KEPT_FOR
};

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
const DAY: i64 = 24 * 60 * 60 * 1000;
const WEEK: i64 = 7 * DAY;

async fn clean_up(app: &App, assignment: &Assignment) -> Result<(), Failure> {
    app.store.purge(app.now().plus(-KEPT_FOR)).await?;
    if !app.cache().is_complete(assignment.shards()) {
        // Discord has not sent all servers: a missing one may just be unknown yet.
        tracing::info!(
            "not all shards are connected; keeping the data of all servers for another week"
        );
        return Ok(());
    }
    for guild in app.store.guilds().await? {
        // Whether the bot is in the servers of other processes is not known here.
        if assignment.serves(guild) && !app.cache().is_in(guild) {
            app.store.forget_guild(guild).await?;
            app.set_language(guild, None);
            tracing::info!(%guild, "the bot is no longer in this server; its data was deleted");
        }
    }
    Ok(())
}

/// The first Saturday midnight after this moment.
fn next_saturday(after: Timestamp) -> Timestamp {
    // The first of January 1970 was a Thursday.
    const FIRST_SATURDAY: i64 = 2 * DAY;
    let since = after.0 - FIRST_SATURDAY;
    Timestamp(FIRST_SATURDAY + (since.div_euclid(WEEK) + 1) * WEEK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tickets::setting::{Cooldown, Entered, Setting};

    #[test]
    fn a_cooldown_is_kept_as_long_as_it_can_last() {
        let enter = |text: &str| Cooldown.enter(&Entered::Text(text.to_owned()));
        let longest = enter("30d").unwrap().unwrap();
        assert_eq!(longest.parse(), Ok(LONGEST_COOLDOWN / 1000));
        assert!(enter("31d").is_err());
    }

    #[test]
    fn saturdays_begin_at_midnight_utc() {
        // 2026-11-21 was a Saturday.
        const SATURDAY: i64 = 1_795_219_200_000;
        let next = |at: i64| next_saturday(Timestamp(at)).0;
        assert_eq!(next(SATURDAY - 1), SATURDAY);
        assert_eq!(next(SATURDAY), SATURDAY + WEEK);
        assert_eq!(next(SATURDAY + 1), SATURDAY + WEEK);
        assert_eq!(next(SATURDAY - WEEK), SATURDAY);
        assert_eq!(next(0), 2 * DAY);
    }
}
