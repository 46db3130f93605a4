//! Collects the facts for [`tickets::problem`], mostly from the cache. The bot asks Discord only for the
//! sizes of roles and for the roles of single staff members.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tickets::entries::offer;
use tickets::inbox::Inbox;
use tickets::permission::{Permission, Permissions, Place};
use tickets::problem::{Facts, Problem};
use tickets::setting::{ButtonEmoji, Emoji, Notices, Reports, Setting, Typed};
use tickets::{ChannelId, GuildId, Mention, RoleId, UserId};

use crate::app::App;
use crate::cache::{Guild, Who};
use crate::discord::Discord;
use crate::reconcile::entries::lacks_emojis;
use crate::store::{Scope, StoreError};

/// All problems of an inbox, the most severe first. Nothing is known about a server that Discord has not
/// described yet.
pub async fn problems(app: &App, inbox: &Inbox) -> Vec<Problem> {
    let facts = facts(app, inbox).await;
    facts.map_or_else(Vec::new, |facts| tickets::problem::problems(inbox, &facts))
}

/// The facts about an inbox as it is, or as it will be.
pub(super) async fn facts(app: &App, inbox: &Inbox) -> Option<Facts> {
    let (guild, me) = {
        let cache = app.cache();
        cache.guild(inbox.guild).zip(cache.me())?
    };
    let place = |channel| {
        guild.place(channel, me).unwrap_or(Place {
            channel,
            permissions: Permissions::default(),
            holds_private_threads: true,
        })
    };
    let destination = inbox.destination.filter(|it| guild.has_channel(*it));
    let tickets_in = destination.unwrap_or(inbox.channel);
    let mut roles = guild.roles_in(tickets_in);
    let (sizes, staff, alone, is_offered, gets_reports, lacks_emoji) = tokio::join!(
        sizes(app, inbox),
        members(app, inbox),
        app.store.alone_in(inbox.id),
        is_offered(app, inbox),
        gets_reports(app, inbox),
        lacks_emoji(app, inbox),
    );
    for role in &mut roles {
        role.size = sizes.get(&role.id).copied();
    }
    let notices = inbox.get(Notices);
    let notices = notices.and_then(|channel| guild.place(channel, me));
    let blind = notices.map(|notices| blind(&guild, inbox, &staff, notices.channel));
    let members = staff.iter().map(|(user, roles)| {
        let may = |roles: &Arc<[RoleId]>| guild.may(member(*user, roles), tickets_in);
        let may = roles.as_ref().map(|roles| may(roles).unwrap_or_default());
        (*user, may)
    });
    Some(Facts {
        home: place(inbox.channel),
        destination: destination.map(place),
        notices,
        blind_to_notices: blind.unwrap_or_default(),
        everyone: guild.may(Who::NOBODY, tickets_in).unwrap_or_default(),
        roles,
        members: members.collect(),
        is_offered: is_offered.unwrap_or_else(|error| {
            tracing::warn!(
                inbox = %inbox.id, %error,
                "cannot read whether a message offers this inbox; not checking that"
            );
            true
        }),
        gets_reports: gets_reports.unwrap_or_else(|error| {
            tracing::warn!(
                inbox = %inbox.id, %error,
                "cannot read whether this inbox gets reports; not checking what they need"
            );
            false
        }),
        lacks_emoji: lacks_emoji.unwrap_or_else(|error| {
            tracing::warn!(
                inbox = %inbox.id, %error,
                "cannot read whether this inbox's button has its emoji; not checking that"
            );
            false
        }),
        active_threads: guild.active().len(),
        alone: alone.unwrap_or_else(|error| {
            tracing::warn!(
                inbox = %inbox.id, %error,
                "cannot read the last ticket of this inbox; not checking who joined it"
            );
            None
        }),
    })
}

/// Whether a message has a button for an inbox: its own, or that of another inbox.
async fn is_offered(app: &App, inbox: &Inbox) -> Result<bool, StoreError> {
    if inbox.home().is_none() {
        return Ok(true);
    }
    let all = app.store.inboxes_in(inbox.guild).await?;
    // A new inbox is not stored yet, and its message is about to offer it.
    let is_known = all.iter().any(|it| it.id == inbox.id);
    Ok(!is_known || all.iter().any(|host| offers(host, inbox, &all)))
}

/// Whether an inbox's button lacks its custom emoji, because Discord refused an emoji on the message.
async fn lacks_emoji(app: &App, inbox: &Inbox) -> Result<bool, StoreError> {
    let emoji = inbox.get(ButtonEmoji);
    if !matches!(emoji, Some(Emoji::Custom { .. })) {
        return Ok(false);
    }
    let all = app.store.inboxes_in(inbox.guild).await?;
    // The message does not show another emoji until it is stored.
    let is_stored = |it: &Inbox| it.id == inbox.id && it.get(ButtonEmoji) == emoji;
    let is_on = |host: &Inbox| host.id == inbox.id || offers(host, inbox, &all);
    let mut hosts = all.iter().filter(|host| lacks_emojis(host));
    Ok(all.iter().any(is_stored) && hosts.any(is_on))
}

fn offers(host: &Inbox, inbox: &Inbox, all: &[Inbox]) -> bool {
    let others = offer(host, all).others;
    others.iter().any(|entry| entry.inbox == inbox.id)
}

/// Whether the server's reports go to an inbox.
async fn gets_reports(app: &App, inbox: &Inbox) -> Result<bool, StoreError> {
    let scope = Scope::Guild(inbox.guild);
    let stored = app.store.setting(scope, Reports.key()).await?;
    Ok(Reports.value(stored.as_deref()) == Some(inbox.id))
}

/// How many members the roles have. Empty if the inbox names no role, or if Discord does not answer.
async fn sizes(app: &App, inbox: &Inbox) -> HashMap<RoleId, u64> {
    let names_a_role = inbox
        .staff
        .iter()
        .any(|who| matches!(who, Mention::Role(_)))
        || inbox.starter.contains("<@&");
    if !names_a_role {
        return HashMap::new();
    }
    let sizes = app.discord.role_sizes(inbox.guild).await;
    sizes.unwrap_or_else(|error| {
        tracing::debug!(guild = %inbox.guild, %error, "the sizes of roles are not known");
        HashMap::new()
    })
}

/// Which staff cannot view a channel, and whether @everyone cannot, as far as the bot knows.
fn blind(guild: &Guild, inbox: &Inbox, staff: &Staff, channel: ChannelId) -> Vec<Mention> {
    let can_view = |who: &Mention| {
        let may = match who {
            Mention::Role(role) => {
                let roles = &[*role];
                guild.may(
                    Who {
                        roles,
                        ..Who::NOBODY
                    },
                    channel,
                )
            }
            Mention::User(user) => match staff.get(user) {
                Some(Some(roles)) => guild.may(member(*user, roles), channel),
                _ => None,
            },
        };
        may.is_none_or(|may| may.has(Permission::ViewChannel))
    };
    let everyone = Mention::Role(RoleId(inbox.guild.0));
    let all = std::iter::once(everyone).chain(inbox.staff.iter().copied());
    all.filter(|who| !can_view(who)).collect()
}

fn member(user: UserId, roles: &[RoleId]) -> Who<'_> {
    Who {
        user: Some(user),
        roles,
        is_timed_out: false,
    }
}

/// The staff who are single members, with their roles.
type Staff = HashMap<UserId, Roles>;

/// The roles of a member; `None` if they left the server.
type Roles = Option<Arc<[RoleId]>>;

/// How long a response waits for the members. Requesting 25 of them can take half a minute under Discord's
/// limits.
const WAIT_FOR_MEMBERS: Duration = Duration::from_secs(1);

/// Requests the members. Those whom Discord does not return in time are left out.
async fn members(app: &App, inbox: &Inbox) -> Staff {
    let users = inbox.staff.iter().filter_map(|who| match who {
        Mention::User(user) => Some(*user),
        Mention::Role(_) => None,
    });
    let guild = inbox.guild;
    let asked = users
        .take(tickets::decide::inbox::MAX_STAFF)
        .map(|user| async move {
            let ask = member_roles(app.discord.clone(), guild, user);
            let roles = app
                .members
                .get(&app.tasks, (guild, user), WAIT_FOR_MEMBERS, ask);
            Some((user, roles.await?))
        });
    join_all(asked).await.into_iter().flatten().collect()
}

async fn member_roles(discord: Discord, guild: GuildId, user: UserId) -> Option<Roles> {
    match discord.guild_member(guild, user).await {
        Ok(member) => Some(member.map(|member| member.roles.into())),
        Err(error) => {
            tracing::debug!(%user, %error, "a member of the staff could not be checked");
            None
        }
    }
}
