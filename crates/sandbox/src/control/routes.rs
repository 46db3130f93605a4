//! The control API's table of routes. Their handlers are in one file for each part. `describe` generates
//! control-openapi.json, the tables of CONTROL.md and the page's `calls.d.ts` from it.

mod act;
mod faults;
mod read;
mod record;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};

use super::error::ControlError;
use super::extract::Reply;
use super::recorded;
use super::table::{Route, delete, get, patch, post, put};
use crate::hub::Hub;

pub(super) use read::PageQuery;

type Answer = Result<Reply, ControlError>;
type TheHub = State<Arc<Hub>>;

/// Everything below `/control`.
pub(crate) fn router(hub: &Arc<Hub>) -> Router<Arc<Hub>> {
    let routes = table().into_iter().flat_map(|(_, routes)| routes);
    let control = routes
        .fold(Router::new(), |router, route| {
            router.route(&route.path, route.handler)
        })
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(from_fn_with_state(Arc::clone(hub), recorded::middleware));
    Router::new().nest("/control", control)
}

/// All routes, by the parts of CONTROL.md.
pub(super) fn table() -> [(&'static str, Vec<Route>); 4] {
    [
        ("Read", reading()),
        ("Act", acting()),
        ("Inject faults", injecting()),
        ("Record", recording()),
    ]
}

fn reading() -> Vec<Route> {
    vec![
        get("/openapi.json", read::description)
            .gives("unknown")
            .says("The description of this API, in OpenAPI 3.1."),
        get("/world", read::world)
            .gives("World")
            .says("Everybody and everything at a glance."),
        get("…/view", read::view)
            .gives("View")
            .says("What the person's client knows. Only what this person may see."),
        get("…/channels/{channel}", read::channel)
            .gives("Channel")
            .says("A channel or a thread."),
        get("…/channels/{channel}/messages", read::messages)
            .query("before?: Id; after?: Id; /** At most 100. @default 50 */ limit?: Int")
            .gives("Message[]")
            .says(
                "Messages, newest first. The person's own ephemeral ones (flag 64) are in their places.",
            ),
        get("…/channels/{channel}/pins", act::pins)
            .gives("Message[]")
            .says("The pinned messages, those that were pinned last first."),
        get("…/channels/{channel}/threads", read::threads)
            .query("/** The archived ones instead of the active ones. @default false */ archived?: boolean")
            .gives("{ threads: Channel[] }")
            .says("Threads under a channel that the person can see, newest first."),
        get("…/channels/{channel}/members", read::thread_members)
            .gives("ThreadMember[]")
            .says("Who is in a thread, each with its guild `member`."),
        get("…/commands", read::commands)
            .query("guild: Id")
            .gives("Command[]")
            .says(
                "The commands that the person may use in a server. `guild` is required. The answer has the server's own commands \
                 and the application's global ones.",
            ),
        get("…/interactions/{interaction}", read::interaction)
            .query(
                "/** Answer once the state is neither `pending` nor `deferred`. @default false */ wait?: boolean; \
                 /** Wait no longer: then the interaction is returned as it is. @default 30000 */ timeout_ms?: Int",
            )
            .gives("Interaction")
            .says("How far the bot's answer has come."),
        get("…/events", read::person_events)
            .streams()
            .says("The events of the person's client. Server-sent events, or a WebSocket: see below."),
    ]
}

fn acting() -> Vec<Route> {
    vec![
        post("…/channels/{channel}/messages", act::send_message)
            .takes_with_files("MessageDraft")
            .gives("Message")
            .says("Send a message."),
        patch("…/channels/{channel}/messages/{message}", act::edit_message)
            .takes("{ content: string | null }")
            .gives("Message")
            .says("Edit one's own message."),
        delete("…/channels/{channel}/messages/{message}", act::delete_message)
            .says("Delete a message. An ephemeral message is dismissed."),
        post("…/channels/{channel}/messages/bulk-delete", act::bulk_delete)
            .takes("{ messages: Id[] }")
            .says("Delete several messages."),
        put("…/channels/{channel}/messages/{message}/reactions/{emoji}", act::react)
            .says("React to a message. With an emoji of Unicode, or with `name:id`."),
        delete("…/channels/{channel}/messages/{message}/reactions/{emoji}", act::unreact)
            .says("Take one's own reaction away."),
        put("…/channels/{channel}/pins/{message}", act::pin).says("Pin a message."),
        delete("…/channels/{channel}/pins/{message}", act::unpin).says("Unpin a message."),
        put("…/invites/{code}", act::use_invite)
            .says("Come into a server with an invite. It counts as used."),
        put("…/direct-messages", act::open_direct_messages)
            .gives("DirectChannel")
            .says(
                "Open direct messages with the bot. They take messages, clicks and commands as other channels do, \
                 without `guild_id`.",
            ),
        post("…/channels/{channel}/webhook-messages", act::send_as_webhook)
            .takes("{ username?: string; content?: string; embeds?: Embed[]; attachments?: Upload[] }")
            .gives("Message")
            .says("Send a message by a webhook that this person made. Needs Manage Webhooks."),
        post("…/channels/{channel}/typing", act::start_typing)
            .says("Show that the person is typing."),
        post("…/commands", act::run_command)
            .takes("CommandUse")
            .gives("Sent")
            .says("Use a command, or ask for suggestions (`focused`)."),
        post("…/components", act::use_component)
            .takes("{ channel_id: Id; message_id: Id; custom_id: string; values?: string[] }")
            .gives("Sent")
            .says("Click a button, or choose in a menu."),
        post("…/modals", act::submit_modal)
            .takes("ModalUse")
            .gives("Sent")
            .says(
                "Submit a modal, or close it. It closes once the bot has answered; if the bot does not, it can be \
                 submitted again.",
            ),
        post("…/forgeries", act::forge)
            .takes("Forgery")
            .gives("Sent")
            .says(
                "Send an interaction that no client could make. Discord checks what is used against the message and the \
                 modal that are there; here only the channel is checked. For tests that a bot does not trust ids.",
            ),
        put("…/channels/{channel}/members/{user}", act::add_to_thread)
            .says("Add somebody to a thread, or join it (`@me`)."),
        delete("…/channels/{channel}/members/{user}", act::remove_from_thread)
            .says("Remove somebody from a thread, or leave it (`@me`)."),
        patch("…/channels/{channel}", act::edit_channel)
            .takes("ChannelEdit")
            .gives("Channel")
            .says("Change a channel or a thread."),
        delete("…/channels/{channel}", act::delete_channel).says("Delete a channel or a thread."),
        post("…/channels/{channel}/threads", act::create_thread)
            .takes("ThreadDraft")
            .gives("Channel | Channel[]")
            .says("Create a thread, many threads (`count`), or a post of a forum (`message`)."),
        post("…/channels/{channel}/messages/{message}/threads", act::create_thread_from_message)
            .takes("{ name: string; auto_archive_duration?: 60 | 1440 | 4320 | 10080 }")
            .gives("Channel")
            .says("Create a public thread that begins with a message."),
        put("…/channels/{channel}/overwrites/{target}", act::set_overwrite)
            .takes("{ type: 0 | 1; allow?: Permissions; deny?: Permissions }")
            .says("Set a channel's permissions for a role (type 0) or a member (1)."),
        delete("…/channels/{channel}/overwrites/{target}", act::delete_overwrite)
            .says("Remove a channel's permissions for a role or a member."),
        post("…/guilds/{guild}/channels", act::create_channel)
            .takes("ChannelDraft")
            .gives("Channel")
            .says("Create a channel."),
        post("…/guilds/{guild}/roles", act::create_role)
            .may_take("RoleEdit")
            .gives("Role")
            .says("Create a role."),
        patch("…/guilds/{guild}/roles/{role}", act::edit_role)
            .takes("RoleEdit")
            .gives("Role")
            .says("Change a role."),
        delete("…/guilds/{guild}/roles/{role}", act::delete_role).says("Delete a role."),
        put("…/guilds/{guild}/members/{user}/roles/{role}", act::give_role)
            .says("Give a role to a member."),
        delete("…/guilds/{guild}/members/{user}/roles/{role}", act::take_role)
            .says("Take a role from a member."),
        put("…/guilds/{guild}/members/{user}", act::add_member).says(
            "Come (back) into the server (`@me`), or invite the bot (back). The second needs Manage Server.",
        ),
        patch("…/guilds/{guild}/members/{user}", act::edit_member)
            .takes("MemberEdit")
            .gives("Member")
            .says("Change a member: nickname, roles, time-out."),
        delete("…/guilds/{guild}/members/{user}", act::remove_member)
            .says("Leave the server (`@me`), or kick a member or the bot."),
        get("…/guilds/{guild}/bans", act::bans)
            .gives("{ user: User; reason: string | null }[]")
            .says("Who is banned."),
        put("…/guilds/{guild}/bans/{user}", act::ban)
            .may_take("{ /** At most 604,800. */ delete_message_seconds?: Int; reason?: string }")
            .says("Ban somebody, whether they are in the server or not. A banned member cannot join again."),
        delete("…/guilds/{guild}/bans/{user}", act::unban).says("Lift a ban."),
        patch("…/guilds/{guild}", act::edit_guild)
            .takes("GuildEdit")
            .gives("GuildView")
            .says("Change the server."),
        patch("…", act::edit_person)
            .takes("PersonEdit")
            .gives("Person")
            .says("Change one's own language or name, or whether one takes direct messages."),
        post("/people", act::add_people)
            .takes("PersonDraft")
            .gives("Person[]")
            .says("New people, perhaps in a server at once."),
    ]
}

fn injecting() -> Vec<Route> {
    vec![
        post("/faults", faults::add_fault)
            .takes("Fault")
            .gives("{ id: Id }")
            .says(
                "Let the bot's next calls fail, or be slow. Those that match get `status` before they take effect, or with \
                 `after` once they have.",
            ),
        get("/faults", faults::faults)
            .gives("WaitingFault[]")
            .says("The faults that still wait for a call, `times` counted down."),
        delete("/faults", faults::clear_faults).says("Forget all faults."),
        delete("/faults/{fault}", faults::remove_fault).says("Forget a fault."),
        put("/limits", faults::set_limits)
            .takes("Switch")
            .gives("Switch")
            .says(
                "Switch Discord's limits on or off. They are those on calls (per route, 50 a second in all, two renames of a \
                 channel in ten minutes, three edits of messages older than an hour in six seconds in a channel, 10,000 \
                 invalid calls in ten minutes) and on sessions (one IDENTIFY in five seconds, 1,000 a day). Nothing is used \
                 up afterwards. They go by the world's time, so that `clock` ends a wait. They are off at first, unless the \
                 program runs with `--limits`.",
            ),
        get("/limits", faults::limits)
            .gives("Switch")
            .says("Whether Discord's limits are on."),
        post("/gateway/cut", faults::cut_gateway)
            .may_take("Cut")
            .gives("Connections")
            .says("Cut every gateway connection, or those of one shard."),
        post("/gateway/reconnect", faults::ask_to_reconnect)
            .gives("Connections")
            .says("Ask every gateway client to reconnect (op 7)."),
        post("/gateway/holds", faults::hold_gateway)
            .takes("{ what: Hold }")
            .says("Let gateway clients wait for something until it is released."),
        get("/gateway/holds", faults::gateway_holds)
            .gives("Hold[]")
            .says("What gateway clients wait for."),
        delete("/gateway/holds", faults::release_gateway)
            .says("Give gateway clients all that they wait for."),
        get("/gateway/shards", faults::held_shards)
            .gives("HeldShard[]")
            .says("Which connection had which shard, and when, oldest first. The newest 10,000 are kept."),
        post("/gateway/frames", faults::send_frame)
            .takes("Frame")
            .gives("Connections")
            .says(
                "Send anything to every gateway client. It is not numbered and not repeated after a resume. In a connection \
                 that waits for its HELLO it takes its place.",
            ),
        post("/gateway/event-faults", faults::add_event_fault)
            .takes("EventFault")
            .says(
                "Let events come twice, or late. Not `GUILD_CREATE` and `GUILD_DELETE`, which come once and at their time; \
                 interactions may come twice, but not late.",
            ),
        get("/gateway/event-faults", faults::event_faults)
            .gives("EventFault[]")
            .says("The event faults that still wait for an event, `times` counted down."),
        delete("/gateway/event-faults", faults::clear_event_faults)
            .says("Forget all event faults, and send what is held back."),
        post("/gateway/interactions/{interaction}", faults::repeat_interaction).says(
            "Let an interaction come to the bot once more, also after it was answered, with what is used as it is by then. \
             Until it expires, 15 minutes after its beginning.",
        ),
        put("/guilds/{guild}/outage", faults::begin_outage).says(
            "Make a server unavailable to bots. They get `GUILD_DELETE` with `unavailable: true`, and no event from it but \
             interactions and removal; at a login it stays `unavailable`. People and calls are not concerned.",
        ),
        delete("/guilds/{guild}/outage", faults::end_outage)
            .says("Make a server available again (`GUILD_CREATE`, as it is by then)."),
        put("/roles/{role}/mentions", faults::set_role_mentions)
            .takes("{ outcome: \"invite\" | \"skip\" | \"fail\" }")
            .says(
                "What mentioning a role in a thread leads to. `invite` as ever (up to 99 members); `skip`: nobody is invited, \
                 and the message has flag `1 << 8`; `fail`: the message, or its edit, is answered with 500 and has no effect.",
            ),
        put("/refused-words", faults::refuse_words)
            .takes("Words")
            .gives("Words")
            .says(
                "Refuse names of channels and threads that contain one of these words. In whatever case, with 50035 at \
                 `name`. An empty list ends it.",
            ),
        get("/refused-words", faults::refused_words)
            .gives("Words")
            .says("The words that names may not have, in lower case."),
        put("/blocked-words", faults::block_words)
            .takes("Words")
            .gives("Words")
            .says(
                "Let AutoMod block what people write, and titles of threads, with one of these words. In whatever case, with \
                 200000 for messages and 200001 for titles. Bots and members with Manage Server are exempt, as at Discord.",
            ),
        get("/blocked-words", faults::blocked_words)
            .gives("Words")
            .says("The words that AutoMod blocks, in lower case."),
        put("/two-factor", faults::set_two_factor)
            .takes("Switch")
            .gives("Switch")
            .says(
                "Say whether the account of the bot's owner has two-factor authentication. Without it, in a server with \
                 `mfa_level: 1`, what needs an elevated permission (Manage Threads is one) is refused to the bot with 60003.",
            ),
        get("/two-factor", faults::two_factor)
            .gives("Switch")
            .says("Whether the account of the bot's owner has two-factor authentication."),
        put("/intents", faults::switch_intents)
            .takes("Partial<Intents>")
            .gives("Intents")
            .says(
                "Switch privileged intents on and off, as in Discord's developer portal. It holds from the next IDENTIFY on: \
                 one that asks for what is off is closed with 4014.",
            ),
        get("/intents", faults::intents)
            .gives("Intents")
            .says("Which privileged intents are on."),
        post("/token/reset", faults::reset_token)
            .gives("Connections")
            .says(
                "Take the bot's token away, as *Reset Token* in Discord's developer portal. Calls get 401, gateway \
                 connections are closed with 4004. `reset` gives it back.",
            ),
        post("/clock", faults::advance_clock)
            .takes("{ advance_ms: Int }")
            .gives("{ now: Int }")
            .says(
                "Move the world's time forward. What is due then happens: threads archive themselves, interactions and the \
                 addresses of files expire. Ids hold the moment: 25 years on they are above 2^62, 60 years on above 2^63.",
            ),
        post("/reset", faults::reset).says(
            "Start over. The world is as it was at the start, with the same token and ids, without faults, and with the limits \
             as at the start; gateway connections are cut. Commands stay registered: the global ones, and those of servers \
             that the bot is in at the start. A bot cannot notice a reset, and many bots register only what has changed.",
        ),
    ]
}

fn recording() -> Vec<Route> {
    vec![
        get("/record", record::record)
            .query(
                "/** @default 0 */ after?: Int; /** @default 1000 */ limit?: Int; \
                 /** Without bodies, data and what people wrote; of a command, its name stays. @default false */ brief?: boolean",
            )
            .gives("{ entries: RecordEntry[]; /** What to give as `after` next time. */ next: Int }")
            .says("What happened, oldest first. The newest 10,000 entries are kept."),
        get("/record/events", record::record_events)
            .streams()
            .says("The record as server-sent events, from now on or from after `Last-Event-ID`."),
        get("/problems", record::problems)
            .gives("Problem[]")
            .says(
                "What a test should fail on. Unknown routes, what Discord's specification does not allow (with the feature \
                 `oracle`; it is waited for), and whatever else.",
            ),
        delete("/problems", record::clear_problems).says("Forget the problems."),
    ]
}

async fn unknown(method: Method, uri: Uri) -> Response {
    let what = format!(
        "the control API has no {method} /control{}: see CONTROL.md",
        uri.path()
    );
    ControlError::Unknown(what).into_response()
}

/// The number of the last event that a client saw before it lost its connection.
fn last_event(headers: &HeaderMap) -> Option<u64> {
    headers
        .get("last-event-id")?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}
