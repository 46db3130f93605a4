// What the control API takes and answers, besides Discord's objects (discord.d.ts). The page is checked with these files.
// Together with the table of routes (../routes.rs) they make control-openapi.json, CONTROL.md's tables and the page's
// calls.d.ts. They use only what ../describe/schema.rs can read of TypeScript; a word after @ is one of JSON Schema.

import type { Channel, Choice, DirectChannel, Id, Int, Member, Message, Modal, Moment, Permissions, Role, User } from "./discord.d.ts";

/** Discord's error, where Discord would refuse. */
export interface Refused {
  /** What is wrong, and where. */
  message: string;
  /** Discord's error code, if Discord would refuse. */
  code?: Int;
  /** Which fields are wrong, as Discord says it. */
  errors?: unknown;
}

export interface Person extends User {
  part: "owner" | "moderator" | "member" | null;
  /** The language of the person's client. */
  locale: string;
  guilds: Id[];
}

export interface World {
  application: {
    id: Id;
    name: string;
    bot_user_id: Id;
    /** Whether the bot has a gateway session. */
    connected: boolean;
  };
  people: Person[];
  guilds: { id: Id; name: string }[];
  /** The codes of the languages that people and servers can have. */
  locales: string[];
  /** How many problems there are: `GET /control/problems` has them. */
  problems: Int;
  /** The world's time, in milliseconds since 1970. */
  now: Int;
}

/** A server, as far as the person may see it. */
export interface GuildView {
  id: Id;
  name: string;
  owner_id: Id;
  preferred_locale: string;
  system_channel_id?: Id | null;
  /** What this person may do in the server. */
  permissions: Permissions;
  roles: Role[];
  members: Member[];
  channels: Channel[];
  /** Active threads: private ones only as a member or with Manage Threads. */
  threads: Channel[];
}

export interface View {
  me: User & { locale: string };
  guilds: GuildView[];
  direct_messages?: DirectChannel[];
}

/**
 * `pending`: nothing yet. `deferred`: the bot is thinking. `modal`: a modal was opened. `choices`: there are suggestions
 * for an option. `failed`: no answer in time, or no bot.
 */
export type InteractionState = "pending" | "deferred" | "answered" | "modal" | "choices" | "failed";

/** What was sent to the bot, and how far its answer has come. */
export interface Sent {
  id: Id;
  state: InteractionState;
}

export interface Interaction extends Sent {
  message?: Message;
  modal?: Modal;
  choices?: Choice[];
}

/** A file that is sent along. @additionalProperties false */
export interface Upload {
  /** One that begins with `SPOILER_` is a spoiler. */
  filename: string;
  content_type?: string | null;
  description?: string | null;
  /** @contentEncoding base64 */
  data: string;
}

/** @additionalProperties false */
export interface MessageDraft {
  content?: string;
  message_reference?: { message_id: Id };
  attachments?: Upload[];
}

/** @additionalProperties false */
export interface CommandUse {
  /** Not in direct messages. */
  guild_id?: Id;
  channel_id: Id;
  /** The full path in the default language, such as `inbox create`, or the menu's name. */
  name: string;
  /** 1: slash command (if not said), 2: menu of a user, 3: menu of a message. */
  type?: 1 | 2 | 3 | null;
  /** By name; checked against the definition as a Discord client does. An attachment option is the place, from 0, of one of the `attachments`. */
  options?: Record<string, unknown>;
  attachments?: Upload[];
  /** Of a menu. */
  target_id?: Id | null;
  /** An option for which the bot is asked for `choices`: the command is not run then, and `options` are not checked. */
  focused?: string | null;
}

/** @additionalProperties false */
export interface ModalUse {
  /** The interaction that opened the modal, however long ago. */
  interaction_id: Id;
  /**
   * By `custom_id`: a text; a list of values or ids for a menu or a checkbox group; one value or null for a radio group; true or
   * false for a checkbox; for a file upload the places, from 0, of its files among the `attachments`. What is not named keeps its
   * pre-filled value.
   */
  values?: Record<string, string | boolean | Int | null | (string | Int)[]>;
  attachments?: Upload[];
  /** Close it instead. @default false */
  dismiss?: boolean;
}

/** @additionalProperties false */
export interface Forgery {
  channel_id: Id;
  /** The message that it claims to come from; the bot receives it only if it exists. */
  message_id?: Id | null;
  custom_id: string;
  /** 2 for a button (if not said), 3 and 5 to 8 for menus. */
  component_type?: Int | null;
  /** What was chosen in a menu. */
  values?: string[];
  /** Of a submitted modal, instead of a component: its text inputs by `custom_id`. */
  fields?: Record<string, string> | null;
}

/** @additionalProperties false */
export interface ThreadDraft {
  name: string;
  /** 11: public, 12: private. @default 12 */
  type?: 10 | 11 | 12;
  invitable?: boolean;
  auto_archive_duration?: 60 | 1440 | 4320 | 10080;
  rate_limit_per_user?: Int;
  /** So many at once, at most 1,000: `name 1`, `name 2`, …; or none of them. */
  count?: Int;
  /** Of a forum's post: what it begins with. */
  message?: { content?: string };
  /** Of a forum's post. */
  applied_tags?: Id[];
}

export interface ChannelDraft {
  name: string;
  /** 0: text, 2: voice, 4: category, 5: announcement, 15: forum. @default 0 */
  type?: 0 | 2 | 4 | 5 | 15;
  topic?: string;
  parent_id?: Id;
  permission_overwrites?: { id: Id; type: 0 | 1; allow?: Permissions; deny?: Permissions }[];
  /** Of a forum. */
  available_tags?: { name: string; moderated?: boolean; emoji_name?: string }[];
}

export interface ChannelEdit {
  name?: string;
  topic?: string | null;
  rate_limit_per_user?: Int;
  archived?: boolean;
  locked?: boolean;
  invitable?: boolean;
  auto_archive_duration?: 60 | 1440 | 4320 | 10080;
}

export interface RoleEdit {
  name?: string;
  color?: Int;
  permissions?: Permissions;
  mentionable?: boolean;
  hoist?: boolean;
}

export interface GuildEdit {
  name?: string;
  preferred_locale?: string;
  description?: string | null;
  system_channel_id?: Id | null;
  /** 1 if moderation needs two-factor authentication. Only the owner changes it. */
  mfa_level?: 0 | 1;
}

export interface MemberEdit {
  nick?: string | null;
  roles?: Id[];
  /** Until when the member is in time-out; null ends it. */
  communication_disabled_until?: Moment | null;
}

/** @additionalProperties false */
export interface PersonEdit {
  locale?: string | null;
  global_name?: string | null;
  /** Whether the person takes direct messages; if not, the bot gets 50007. */
  direct_messages?: boolean;
}

/** @additionalProperties false */
export interface PersonDraft {
  username: string;
  global_name?: string | null;
  locale?: string | null;
  guild_id?: Id | null;
  roles?: Id[];
  /** A crowd, at most 100,000: `name1`, `name2`, … */
  count?: Int | null;
  /** How old the account is; its id says it. */
  created_at?: Moment | null;
  /** When the membership began. */
  joined_at?: Moment | null;
}

/** What happens to the next calls that match. @additionalProperties false */
export interface Fault {
  /** Only calls with this method; any if not said. */
  method?: string | null;
  /** Only calls with this path, as in Discord's documentation below `/api/v10` and without a query: `*` stands for one segment, `**` for all that follow. A path such as `/attachments/**` or `/ephemeral-attachments/**` is for downloads. */
  path?: string | null;
  /** Only calls whose body has all that is in this: fields of objects with these values, lists with these items in these places. */
  request?: unknown;
  /** So many calls. @default 1 */
  times?: Int;
  /** The call takes effect before it fails. @default false */
  after?: boolean;
  /** The status of the answer. */
  status?: Int | null;
  /** Discord's error code in the answer. */
  code?: Int | null;
  /** The message in the answer. */
  message?: string | null;
  /** The answer's whole text instead of Discord's; with status 200 if none is said. */
  body?: string | null;
  /** For status 429, in seconds; 1 if not said. */
  retry_after?: number | null;
  /** For status 429: whether it is the global limit. @default false */
  global?: boolean;
  /** For status 429: whether it is a limit that all bots share. @default false */
  shared?: boolean;
  /** For status 429: how many calls the bucket has left, by the headers. Above 0 it is a limit that they do not show. */
  remaining?: Int | null;
  /** The answer is Cloudflare's error 1015 to a blocked address, in this form; without `retry_after` it does not say for how long. */
  cloudflare?: "text" | "html" | "json" | null;
  /** The answer has these headers, in place of others with the same names; alone, the call succeeds. */
  headers?: Record<string, string>;
  /** The call fails at once and takes effect so much later, or when all faults are forgotten. */
  late_ms?: Int | null;
  /** The answer comes so much later; alone, the call succeeds. */
  delay_ms?: Int | null;
  /** The connection is cut instead of an answer. @default false */
  drop?: boolean;
  /** The call waits until all faults are forgotten. @default false */
  hold?: boolean;
}

/** A fault that still waits for a call: the fields of `Fault` as they were given, without those that are null. @additionalProperties false */
export interface WaitingFault {
  id: Id;
  method?: string;
  path?: string;
  request?: unknown;
  /** How many calls it still affects. */
  times: Int;
  after: boolean;
  status?: Int;
  code?: Int;
  message?: string;
  body?: string;
  retry_after?: number;
  global: boolean;
  shared: boolean;
  remaining?: Int;
  cloudflare?: "text" | "html" | "json";
  /** Not there if it is empty. */
  headers?: Record<string, string>;
  late_ms?: Int;
  delay_ms?: Int;
  drop: boolean;
  hold: boolean;
}

/** What happens to the next events of a kind on their way to the bot: `copies` or `behind`, one of the two. @additionalProperties false */
export interface EventFault {
  /** The event's name, such as `MESSAGE_CREATE`. */
  event: string;
  /** So many events. @default 1 */
  times?: Int;
  /** How many times it is repeated, right after itself; at most 100. @default 0 */
  copies?: Int;
  /** After how many later events it comes; at most 100. @default 0 */
  behind?: Int;
}

/**
 * `hello`: op 10 of a connection. `ready`: READY and RESUMED, and whatever comes after. `guilds`: `GUILD_CREATE` of servers
 * that were not sent yet. `acks`: heartbeats are not acknowledged.
 */
export type Hold = "hello" | "ready" | "guilds" | "acks";

/** @additionalProperties false */
export interface Cut {
  /** 1000, 1001, 4000 to 4999, or 1006 (if not said) for no close frame. */
  code?: Int | null;
  /** Only the connections of this shard. */
  shard?: Int | null;
  /** No session can be resumed. @default false */
  invalidate?: boolean;
}

/** `text` or `bytes`, one of the two. @additionalProperties false */
export interface Frame {
  /** Compressed as payloads are. */
  text?: string | null;
  /** Base64: a binary message, past all compression. */
  bytes?: string | null;
}

export interface Connections {
  /** How many gateway connections there were. */
  connections: Int;
}

/** A connection that had a shard's session. Times are in milliseconds on the world's clock. */
export interface HeldShard {
  shard: Int;
  /** The number of all shards. */
  shards: Int;
  connection: Int;
  session: string;
  /** Whether the connection resumed the session, or began it. */
  resumed: boolean;
  from: Int;
  /** Null while the connection is open. */
  until: Int | null;
}

/** @additionalProperties false */
export interface Switch {
  on: boolean;
}

/** @additionalProperties false */
export interface Words {
  words: string[];
}

export interface Intents {
  members: boolean;
  presences: boolean;
  message_content: boolean;
}

/** Something that happened. Tokens are masked. */
export interface RecordEntry {
  /** Counts up from 1, without gaps. */
  seq: Int;
  /** When, in milliseconds since 1970 on the world's clock. */
  at: Int;
  /** A call of the bot, an event that was sent, an action of a person, a change of the gateway, or a call of this API that changes something. */
  kind: "call" | "event" | "person" | "gateway" | "control";
  /** Of a call. */
  method?: string;
  /** Of the bot's call below `/api/v10`, with the query; of this API's below `/control`. */
  path?: string;
  /** Of the bot's call: 0 if the connection was cut instead of an answer. */
  status?: Int;
  /** Of the bot's call: how long the answer took. */
  ms?: Int;
  /** Of the bot's call: the reason for the audit log. */
  reason?: string;
  /** The body of a call; a form as `{payload_json, files}`. */
  request?: unknown;
  /** The answer to the bot's call. */
  response?: unknown;
  /** Of an event. */
  name?: string;
  /** Of an event: the gateway session. */
  session?: string;
  /** Of an event: its `d`. */
  data?: unknown;
  /** Of a person's action: their id. */
  person?: string;
  action?: { do?: string; [key: string]: unknown };
  /** Of the gateway. */
  what?: string;
}

/** Something that a test should fail on. */
export interface Problem {
  at: Int;
  method: string;
  path: string;
  what: string;
}
