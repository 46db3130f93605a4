//! What the bot and a member may do in the channel where a ticket would open. The cache is nearly always
//! right; before the bot refuses a member because of it, it asks Discord once.

use tickets::ChannelId;
use tickets::decide::open;
use tickets::decide::settings::Named;
use tickets::opening::admission::{Facts, is_about_access};
use tickets::permission::{Permission, Permissions, Place};
use tickets::request::Invoker;
use tickets::text::Text;

use super::facts::place;
use crate::app::staff::{Rules, parent_of};
use crate::app::{App, Failure};
use crate::cache::Who;
use crate::discord::code;

/// The invoker's permissions in a channel, according to the cache. In a server that Discord has not described
/// yet, all of them: then Discord decides.
pub(super) fn member_may(app: &App, invoker: &Invoker, channel: ChannelId) -> Permissions {
    let Some(guild) = app.cache().guild(invoker.guild) else {
        return Permissions::EVERYTHING;
    };
    let may = guild.may(who(invoker), channel);
    may.unwrap_or_default()
}

/// The inboxes that the invoker can click.
pub(super) fn clickable(app: &App, invoker: &Invoker, inboxes: Vec<Named>) -> Vec<Named> {
    let can_view = |channel| member_may(app, invoker, channel).has(Permission::ViewChannel);
    open::clickable(inboxes, can_view)
}

/// Whether the invoker is staff of the ticket in whose channel they are.
pub(super) async fn is_staff_here(app: &App, invoker: &Invoker) -> Result<bool, Failure> {
    let (guild, thread) = (invoker.guild, invoker.channel);
    let ticket = app.store.ticket(thread).await?;
    let (Some(ticket), Some(parent)) = (ticket, parent_of(app, guild, thread)) else {
        return Ok(false);
    };
    let rules = Rules::of(app, &ticket).await?;
    Ok(rules.is_staff(app, guild, parent, invoker.user, &invoker.roles))
}

/// Decides about a new ticket. If a permission is missing, the bot fetches the channel from Discord once and
/// decides again.
pub(super) async fn admitted<T>(
    app: &App,
    invoker: &Invoker,
    facts: &mut Facts,
    admit: impl Fn(&Invoker, &Facts) -> Result<T, Text>,
) -> Result<T, Text> {
    let admitted = admit(invoker, facts);
    if !admitted.as_ref().is_err_and(is_about_access) {
        return admitted;
    }
    ask(app, invoker, facts).await;
    admit(invoker, facts)
}

/// Takes the permissions from the channel as Discord has it now. If Discord does not answer, those from the
/// cache remain.
async fn ask(app: &App, invoker: &Invoker, facts: &mut Facts) {
    let (parent, home) = (facts.parent, facts.inbox.channel);
    match app.discord.channel(parent.channel).await {
        Ok(now) => {
            let cache = app.cache();
            let known = cache.guild(invoker.guild).zip(cache.me());
            drop(cache);
            let Some((guild, me)) = known else { return };
            let (bot, member_may) = guild.places_now(&now, me, who(invoker));
            facts.parent = bot;
            facts.member_may = member_may;
            facts.parent_name = Some(now.name).filter(|name| !name.is_empty());
        }
        // Tickets go to the inbox's own channel.
        Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => {
            if home == parent.channel {
                return;
            }
            facts.parent = place(app, invoker.guild, home);
            facts.member_may = member_may(app, invoker, home);
        }
        Err(error) if error.is_forbidden() => {
            facts.parent = Place {
                permissions: Permissions::default(),
                ..parent
            };
        }
        Err(error) => {
            tracing::warn!(channel = %parent.channel, %error, "permissions could not be checked");
        }
    }
}

fn who(invoker: &Invoker) -> Who<'_> {
    Who {
        user: Some(invoker.user),
        roles: &invoker.roles,
        is_timed_out: invoker.is_timed_out(),
    }
}
