// The state of one person's client. Events change it; it never fetches. Views subscribe to topics and are called once
// per batch of changes.

import { has } from "./permissions.js";
import { codeOf, withReaction } from "./reactions.js";
import { compare } from "./snowflake.js";

/** @import {Channel, GatewayEvent, Guild, GuildView, Id, Member, Message, Place, Pending, User, View, World} from "./types.d.ts" */

/**
 * The topics: `guilds` is everything in the sidebar, `members` the members of servers, `messages` the messages of any
 * channel, `threadMembers` the members of any thread, `place` the current channel, `world` the sandbox, `line` the
 * connection, `typing` who is typing, `panels` which columns are visible.
 *
 * @typedef {"guilds" | "members" | "messages" | "threadMembers" | "place" | "world" | "line" | "typing" | "panels"} Topic
 */

/**
 * The loaded messages of a channel, oldest first, without gaps. `failed`: the last page could not be loaded. `touched`: what has
 * become of messages while a page is being loaded; null for a deleted one.
 *
 * @typedef {{messages: Message[], hasOlder: boolean, hasNewer: boolean, failed: boolean, touched: Map<Id, Message | null> | null}} Log
 */

/** How long somebody counts as typing, in milliseconds. */
const TYPING = 10_000;

export class Store {
  /** @type {World | null} */
  world = null;
  /** @type {(User & {locale: string}) | null} */
  me = null;
  /** @type {Map<Id, Guild>} */
  guilds = new Map();
  /** @type {Map<Id, Log>} */
  logs = new Map();
  /** @type {Map<Id, Pending>} */
  sent = new Map();
  /** Channels with something new, and how often it mentions this person. @type {Map<Id, number>} */
  unread = new Map();
  /** The first unread message of a channel, for the line above it. @type {Map<Id, Id>} */
  firstNew = new Map();
  /** Who is typing where, and until when. @type {Map<Id, Map<Id, number>>} */
  typing = new Map();
  /** Where there is a slowmode: when this person may write again. @type {Map<Id, number>} */
  waits = new Map();
  /** Why a message's component could not be used. @type {Map<Id, string>} */
  complaints = new Map();
  /** @type {Place} */
  place = { guild: null, channel: null, message: null };
  /** @type {"connecting" | "open" | "lost"} */
  line = "connecting";

  /** @type {Map<Topic, Set<() => void>>} */
  #subscribers = new Map();
  /** @type {Set<Topic>} */
  #changed = new Set();
  #flushing = false;

  /**
   * @param {Topic[]} topics
   * @param {() => void} callback
   */
  on(topics, callback) {
    for (const topic of topics) {
      if (!this.#subscribers.has(topic)) this.#subscribers.set(topic, new Set());
      this.#subscribers.get(topic)?.add(callback);
    }
  }

  /** Removes all subscribers, before the page is built again. */
  silence() {
    this.#subscribers.clear();
  }

  /** Marks topics as changed. Their subscribers are called soon, once per batch. @param {...Topic} topics */
  changed(...topics) {
    for (const topic of topics) this.#changed.add(topic);
    if (this.#flushing) return;
    this.#flushing = true;
    setTimeout(() => this.flush(), 8);
  }

  /** Calls the subscribers now. */
  flush() {
    this.#flushing = false;
    const callbacks = new Set([...this.#changed].flatMap((topic) => [...(this.#subscribers.get(topic) ?? [])]));
    this.#changed.clear();
    for (const callback of callbacks) callback();
  }

  /** Clears the state, for another person. */
  clear() {
    this.me = null;
    for (const map of [this.guilds, this.logs, this.sent, this.unread, this.firstNew, this.typing, this.waits, this.complaints]) map.clear();
    this.changed("guilds", "members", "messages", "threadMembers", "place");
  }

  /** @param {View} view */
  setView(view) {
    this.me = view.me;
    this.guilds = new Map(view.guilds.map((guild) => [guild.id, this.#guildFrom(guild)]));
    this.changed("guilds", "members", "messages", "threadMembers", "place");
  }

  /** The current server. */
  get guild() {
    return this.place.guild ? this.guilds.get(this.place.guild) : undefined;
  }

  /** The current channel or thread. */
  get channel() {
    return this.place.channel ? this.find(this.place.channel) : undefined;
  }

  /** A channel or thread, wherever it is. @param {Id} id @returns {Channel | undefined} */
  find(id) {
    for (const guild of this.guilds.values()) {
      const found = guild.channels.get(id) ?? guild.threads.get(id);
      if (found) return found;
    }
    return undefined;
  }

  /** The newest message of each channel and thread, or null if it has none. @returns {Map<Id, Id | null>} */
  newest() {
    const all = [...this.guilds.values()].flatMap(({ channels, threads }) => [...channels.values(), ...threads.values()]);
    return new Map(all.map(({ id, last_message_id: last }) => [id, last ?? null]));
  }

  /** @param {Id} guild @param {Id} user @returns {Member | undefined} */
  member(guild, user) {
    return this.guilds.get(guild)?.members.get(user);
  }

  /** @param {Id} channel @returns {Log} */
  log(channel) {
    let log = this.logs.get(channel);
    if (!log) this.logs.set(channel, (log = { messages: [], hasOlder: true, hasNewer: false, failed: false, touched: null }));
    return log;
  }

  /** @param {Id} channel @param {Id} message @returns {Message | undefined} */
  message(channel, message) {
    return this.logs.get(channel)?.messages.find(({ id }) => id === message);
  }

  /** Stores a thread that was fetched separately. @param {Channel} thread */
  keepThread(thread) {
    this.#putThread(thread);
    this.changed("guilds");
  }

  /** Inserts or replaces a message if it belongs to the loaded part. @param {Message} message */
  putMessage(message) {
    const log = this.logs.get(message.channel_id);
    if (!log) return;
    const { messages } = log;
    let at = messages.length;
    while (at > 0 && compare(messages[at - 1].id, message.id) >= 0) at -= 1;
    const known = messages[at]?.id === message.id ? messages[at] : undefined;
    const now = { ...known, ...message };
    log.touched?.set(now.id, now);
    if (known) messages[at] = now;
    else if (at < messages.length ? at > 0 || !log.hasOlder : !log.hasNewer) messages.splice(at, 0, now);
    this.changed("messages");
  }

  /** Replaces a loaded message. @param {{channel_id: Id, message_id: Id}} which @param {(message: Message) => Message} change */
  changeMessage({ channel_id, message_id }, change) {
    const log = this.logs.get(channel_id);
    const at = log?.messages.findIndex(({ id }) => id === message_id) ?? -1;
    if (!log || at < 0) return;
    log.messages[at] = change(log.messages[at]);
    log.touched?.set(message_id, log.messages[at]);
    this.changed("messages");
  }

  /** @param {Id} channel @param {Id[]} ids */
  removeMessages(channel, ids) {
    const log = this.logs.get(channel);
    if (log) log.messages = log.messages.filter(({ id }) => !ids.includes(id));
    for (const id of ids) log?.touched?.set(id, null);
    this.changed("messages");
  }

  /** Counts a message as unread, unless the person wrote it or sees it now. @param {Message} message */
  countUnread(message) {
    const { channel_id, id, author } = message;
    const isVisible = this.place.channel === channel_id && document.visibilityState === "visible";
    if (isVisible || author.id === this.me?.id) return;
    if (!this.firstNew.has(channel_id)) this.firstNew.set(channel_id, id);
    this.unread.set(channel_id, (this.unread.get(channel_id) ?? 0) + (mentionsMe(this, message) ? 1 : 0));
    this.changed("guilds");
  }

  /** @param {GatewayEvent} event */
  apply({ t, d }) {
    const handler = handlers[t];
    if (handler) handler(this, d);
  }

  /** @param {GuildView} view @returns {Guild} */
  #guildFrom(view) {
    return {
      ...view,
      roles: new Map(view.roles.map((role) => [role.id, role])),
      members: new Map(view.members.map((member) => [member.user.id, member])),
      channels: new Map(view.channels.map((channel) => [channel.id, { ...channel, guild_id: view.id }])),
      threads: new Map(view.threads.map((thread) => [thread.id, { ...thread, guild_id: view.id }])),
    };
  }

  /** @param {Channel} thread */
  #putThread(thread) {
    const guild = this.guilds.get(thread.guild_id);
    if (!guild) return;
    const known = guild.threads.get(thread.id);
    guild.threads.set(thread.id, { ...known, ...thread });
  }

  /** @param {Id} channel */
  forgetChannel(channel) {
    for (const guild of this.guilds.values()) {
      guild.channels.delete(channel);
      guild.threads.delete(channel);
      for (const thread of [...guild.threads.values()]) if (thread.parent_id === channel) this.forgetChannel(thread.id);
    }
    this.logs.delete(channel);
    this.unread.delete(channel);
    this.firstNew.delete(channel);
    this.changed("guilds", "place");
  }
}

/** What each event changes. @type {Record<string, (store: Store, d: any) => void>} */
const handlers = {
  TYPING_START(store, d) {
    if (d.user_id === store.me?.id) return;
    const there = store.typing.get(d.channel_id) ?? new Map();
    store.typing.set(d.channel_id, there.set(d.user_id, Date.now() + TYPING));
    store.changed("typing");
  },
  MESSAGE_CREATE(store, d) {
    store.putMessage(d);
    if (store.typing.get(d.channel_id)?.delete(d.author.id)) store.changed("typing");
    const channel = store.find(d.channel_id);
    if (channel) channel.last_message_id = d.id;
    store.countUnread(d);
  },
  MESSAGE_UPDATE(store, d) {
    if (d.author) store.putMessage(d);
  },
  MESSAGE_REACTION_ADD: (store, d) => store.changeMessage(d, (message) => withReaction(message, d.emoji, 1, d.user_id === store.me?.id)),
  MESSAGE_REACTION_REMOVE: (store, d) => store.changeMessage(d, (message) => withReaction(message, d.emoji, -1, d.user_id === store.me?.id)),
  MESSAGE_REACTION_REMOVE_ALL: (store, d) => store.changeMessage(d, (message) => ({ ...message, reactions: [] })),
  MESSAGE_REACTION_REMOVE_EMOJI: (store, d) => store.changeMessage(d, (message) => ({ ...message, reactions: message.reactions?.filter(({ emoji }) => codeOf(emoji) !== codeOf(d.emoji)) })),
  MESSAGE_DELETE(store, d) {
    store.removeMessages(d.channel_id, [d.id]);
  },
  MESSAGE_DELETE_BULK(store, d) {
    store.removeMessages(d.channel_id, d.ids);
  },

  CHANNEL_CREATE: putChannel,
  CHANNEL_UPDATE: putChannel,
  CHANNEL_DELETE(store, d) {
    store.forgetChannel(d.id);
  },

  THREAD_CREATE(store, d) {
    store.keepThread(d.member && d.joined === undefined ? { ...d, joined: true } : d);
  },
  THREAD_UPDATE(store, d) {
    store.keepThread(d);
  },
  THREAD_DELETE(store, d) {
    store.forgetChannel(d.id);
  },
  THREAD_LIST_SYNC(store, d) {
    for (const thread of d.threads ?? []) store.keepThread({ guild_id: d.guild_id, ...thread });
  },
  THREAD_MEMBER_UPDATE(store, d) {
    const thread = store.find(d.id);
    if (thread && (d.user_id === undefined || d.user_id === store.me?.id)) store.keepThread({ ...thread, joined: true });
    store.changed("threadMembers");
  },
  THREAD_MEMBERS_UPDATE(store, d) {
    const thread = store.find(d.id);
    store.changed("threadMembers");
    if (!thread) return;
    const me = store.me?.id ?? "";
    const removed = (d.removed_member_ids ?? []).includes(me);
    const added = (d.added_members ?? []).some((/** @type {any} */ member) => member.user_id === me);
    if (removed && thread.type === 12 && !has(thread.permissions, "MANAGE_THREADS")) store.forgetChannel(d.id);
    else store.keepThread({ ...thread, member_count: d.member_count, joined: added || (thread.joined && !removed) });
  },

  GUILD_UPDATE(store, d) {
    const guild = store.guilds.get(d.id);
    if (!guild) return;
    for (const key of /** @type {const} */ (["name", "owner_id", "preferred_locale"])) if (d[key]) guild[key] = d[key];
    store.changed("guilds");
  },
  GUILD_DELETE(store, d) {
    if (d.unavailable) return;
    store.guilds.delete(d.id);
    store.changed("guilds", "members", "place");
  },
  GUILD_ROLE_CREATE: putRole,
  GUILD_ROLE_UPDATE: putRole,
  GUILD_ROLE_DELETE(store, d) {
    const guild = store.guilds.get(d.guild_id);
    guild?.roles.delete(d.role_id);
    for (const member of guild?.members.values() ?? []) member.roles = member.roles.filter((id) => id !== d.role_id);
    store.changed("guilds", "members", "messages");
  },
  GUILD_MEMBER_ADD: putMember,
  GUILD_MEMBER_UPDATE: putMember,
  GUILD_MEMBER_REMOVE(store, d) {
    store.guilds.get(d.guild_id)?.members.delete(d.user.id);
    store.changed("members", "threadMembers");
  },
};

/** @param {Store} store @param {any} d */
function putChannel(store, d) {
  const guild = store.guilds.get(d.guild_id);
  guild?.channels.set(d.id, { ...guild.channels.get(d.id), ...d });
  store.changed("guilds", "place");
}

/** @param {Store} store @param {any} d */
function putRole(store, d) {
  store.guilds.get(d.guild_id)?.roles.set(d.role.id, d.role);
  store.changed("guilds", "members", "messages");
}

/** @param {Store} store @param {any} d */
function putMember(store, d) {
  const guild = store.guilds.get(d.guild_id);
  if (!guild) return;
  guild.members.set(d.user.id, { ...guild.members.get(d.user.id), ...d });
  if (store.me?.id === d.user.id) store.me = { ...store.me, ...d.user };
  store.changed("members", "messages", "threadMembers");
}

/** Whether a message mentions this person, by name, by a role of theirs, or with everybody. @param {Store} store @param {Message} message */
export function mentionsMe(store, message) {
  if (message.mention_everyone) return true;
  if (message.mentions?.some(({ id }) => id === store.me?.id)) return true;
  const guild = store.find(message.channel_id)?.guild_id ?? message.guild_id ?? "";
  const roles = store.member(guild, store.me?.id ?? "")?.roles ?? [];
  return message.mention_roles?.some((id) => roles.includes(id)) ?? false;
}
