//! The calls that Discord documents and the sandbox does not imitate. All are refused in the same way, so
//! that a bot that needs one gets an error, and its test cannot pass by mistake.
//!
//! A test compares this list and the imitated routes with Discord's OpenAPI file.

use super::Routes;

pub(super) fn routes() -> Routes {
    NOT_IMITATED
        .iter()
        .fold(Routes::new(), |routes, (method, path)| {
            routes.refused(method, path)
        })
}

/// The method and path of each call.
const NOT_IMITATED: &[(&str, &str)] = &[
    (
        "GET",
        "/applications/{application}/activity-instances/{instance}",
    ),
    ("POST", "/applications/{application}/attachment"),
    ("POST", "/applications/{application}/entitlements"),
    (
        "GET",
        "/applications/{application}/entitlements/{entitlement}",
    ),
    (
        "DELETE",
        "/applications/{application}/entitlements/{entitlement}",
    ),
    (
        "POST",
        "/applications/{application}/entitlements/{entitlement}/consume",
    ),
    (
        "GET",
        "/applications/{application}/guilds/{guild}/commands/{command}/permissions",
    ),
    (
        "PUT",
        "/applications/{application}/guilds/{guild}/commands/{command}/permissions",
    ),
    (
        "PUT",
        "/applications/{application}/role-connections/metadata",
    ),
    ("POST", "/channels/{channel}/followers"),
    ("POST", "/channels/{channel}/messages/{message}/crosspost"),
    (
        "GET",
        "/channels/{channel}/polls/{message}/answers/{answer}",
    ),
    ("POST", "/channels/{channel}/polls/{message}/expire"),
    ("PUT", "/channels/{channel}/recipients/{user}"),
    ("DELETE", "/channels/{channel}/recipients/{user}"),
    ("POST", "/channels/{channel}/send-soundboard-sound"),
    ("PUT", "/channels/{channel}/voice-status"),
    ("GET", "/guilds/templates/{code}"),
    ("GET", "/guilds/{guild}/auto-moderation/rules"),
    ("POST", "/guilds/{guild}/auto-moderation/rules"),
    ("GET", "/guilds/{guild}/auto-moderation/rules/{rule}"),
    ("PATCH", "/guilds/{guild}/auto-moderation/rules/{rule}"),
    ("DELETE", "/guilds/{guild}/auto-moderation/rules/{rule}"),
    ("PUT", "/guilds/{guild}/incident-actions"),
    ("GET", "/guilds/{guild}/integrations"),
    ("DELETE", "/guilds/{guild}/integrations/{integration}"),
    ("PUT", "/guilds/{guild}/members/{user}"),
    ("GET", "/guilds/{guild}/messages/search"),
    ("GET", "/guilds/{guild}/new-member-welcome"),
    ("GET", "/guilds/{guild}/onboarding"),
    ("PUT", "/guilds/{guild}/onboarding"),
    ("GET", "/guilds/{guild}/preview"),
    ("GET", "/guilds/{guild}/prune"),
    ("POST", "/guilds/{guild}/prune"),
    ("GET", "/guilds/{guild}/requests"),
    ("PATCH", "/guilds/{guild}/requests/{request}"),
    ("POST", "/guilds/{guild}/scheduled-events"),
    ("GET", "/guilds/{guild}/scheduled-events/{event}"),
    ("PATCH", "/guilds/{guild}/scheduled-events/{event}"),
    ("DELETE", "/guilds/{guild}/scheduled-events/{event}"),
    (
        "POST",
        "/guilds/{guild}/scheduled-events/{event}/exceptions",
    ),
    (
        "PATCH",
        "/guilds/{guild}/scheduled-events/{event}/exceptions/{exception}",
    ),
    (
        "DELETE",
        "/guilds/{guild}/scheduled-events/{event}/exceptions/{exception}",
    ),
    ("GET", "/guilds/{guild}/scheduled-events/{event}/users"),
    (
        "GET",
        "/guilds/{guild}/scheduled-events/{event}/users/counts",
    ),
    (
        "GET",
        "/guilds/{guild}/scheduled-events/{event}/{exception}/users",
    ),
    ("POST", "/guilds/{guild}/soundboard-sounds"),
    ("GET", "/guilds/{guild}/soundboard-sounds/{sound}"),
    ("PATCH", "/guilds/{guild}/soundboard-sounds/{sound}"),
    ("DELETE", "/guilds/{guild}/soundboard-sounds/{sound}"),
    ("POST", "/guilds/{guild}/stickers"),
    ("GET", "/guilds/{guild}/stickers/{sticker}"),
    ("PATCH", "/guilds/{guild}/stickers/{sticker}"),
    ("DELETE", "/guilds/{guild}/stickers/{sticker}"),
    ("POST", "/guilds/{guild}/templates"),
    ("PUT", "/guilds/{guild}/templates/{code}"),
    ("PATCH", "/guilds/{guild}/templates/{code}"),
    ("DELETE", "/guilds/{guild}/templates/{code}"),
    ("GET", "/guilds/{guild}/vanity-url"),
    ("GET", "/guilds/{guild}/voice-states/@me"),
    ("PATCH", "/guilds/{guild}/voice-states/@me"),
    ("GET", "/guilds/{guild}/voice-states/{user}"),
    ("PATCH", "/guilds/{guild}/voice-states/{user}"),
    ("GET", "/guilds/{guild}/welcome-screen"),
    ("PATCH", "/guilds/{guild}/welcome-screen"),
    ("GET", "/guilds/{guild}/widget"),
    ("PATCH", "/guilds/{guild}/widget"),
    ("GET", "/guilds/{guild}/widget.json"),
    ("GET", "/guilds/{guild}/widget.png"),
    ("GET", "/invites/{code}/target-users"),
    ("PUT", "/invites/{code}/target-users"),
    ("GET", "/invites/{code}/target-users/job-status"),
    ("PUT", "/lobbies"),
    ("POST", "/lobbies"),
    ("GET", "/lobbies/{lobby}"),
    ("PATCH", "/lobbies/{lobby}"),
    ("DELETE", "/lobbies/{lobby}"),
    ("PATCH", "/lobbies/{lobby}/channel-linking"),
    ("DELETE", "/lobbies/{lobby}/members/@me"),
    ("POST", "/lobbies/{lobby}/members/@me/invites"),
    ("POST", "/lobbies/{lobby}/members/bulk"),
    ("PUT", "/lobbies/{lobby}/members/{user}"),
    ("DELETE", "/lobbies/{lobby}/members/{user}"),
    ("POST", "/lobbies/{lobby}/members/{user}/invites"),
    ("GET", "/lobbies/{lobby}/messages"),
    ("POST", "/lobbies/{lobby}/messages"),
    (
        "PUT",
        "/lobbies/{lobby}/messages/{message}/moderation-metadata",
    ),
    ("GET", "/oauth2/@me"),
    ("GET", "/oauth2/keys"),
    ("GET", "/oauth2/userinfo"),
    (
        "PUT",
        "/partner-sdk/dms/{user}/{other}/messages/{message}/moderation-metadata",
    ),
    ("POST", "/partner-sdk/provisional-accounts/unmerge"),
    ("POST", "/partner-sdk/provisional-accounts/unmerge/bot"),
    ("POST", "/partner-sdk/token"),
    ("POST", "/partner-sdk/token/bot"),
    ("GET", "/skus/{sku}/subscriptions"),
    ("GET", "/skus/{sku}/subscriptions/{subscription}"),
    ("POST", "/stage-instances"),
    ("GET", "/stage-instances/{channel}"),
    ("PATCH", "/stage-instances/{channel}"),
    ("DELETE", "/stage-instances/{channel}"),
    ("GET", "/sticker-packs/{pack}"),
    ("GET", "/stickers/{sticker}"),
    ("GET", "/users/@me/applications/{application}/entitlements"),
    (
        "GET",
        "/users/@me/applications/{application}/role-connection",
    ),
    (
        "PUT",
        "/users/@me/applications/{application}/role-connection",
    ),
    (
        "DELETE",
        "/users/@me/applications/{application}/role-connection",
    ),
    ("GET", "/users/@me/connections"),
    ("POST", "/webhooks/{webhook}/{token}/github"),
    ("POST", "/webhooks/{webhook}/{token}/slack"),
];
