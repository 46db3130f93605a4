// The control API, as one person. Every call the page makes is here.

import { knows, say } from "./words.js";

/** @import {Channel, Choice, Command, GuildView, Id, InteractionState, Member, Message, Modal, Person, RecordEntry, Role, ThreadMember, View, World} from "./types.d.ts" */

/** The server refused, or could not be reached (status 0). The message is fit for a person. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {any} body
   */
  constructor(status, body) {
    super(describe(status, body));
    this.status = status;
    this.code = body?.code ?? 0;
  }
}

/** @returns {Promise<World>} */
export const world = () => call("GET", "/world");

/** @param {Record<string, any>} person @returns {Promise<Person[]>} */
export const createPeople = (person) => call("POST", "/people", person);

/** @returns {Promise<unknown>} */
export const reset = () => call("POST", "/reset", {});

/** @param {number} milliseconds @returns {Promise<{now: number}>} */
export const advance = (milliseconds) => call("POST", "/clock", { advance_ms: milliseconds });

/**
 * What happened, all of it, or only in `brief` that it did.
 *
 * @param {number} after
 * @param {boolean} [brief]
 * @returns {Promise<{entries: RecordEntry[], next: number}>}
 */
export const record = (after, brief = false) => call("GET", `/record?after=${after}&limit=1000${brief ? "&brief=true" : ""}`);

/** Everything one person can do and see. */
export class Client {
  /** @param {Id} person */
  constructor(person) {
    this.person = person;
    this.root = `/people/${person}`;
  }

  get eventsUrl() {
    return `/control${this.root}/events`;
  }

  /** @returns {Promise<View>} */
  view() {
    return call("GET", `${this.root}/view`);
  }

  /** @param {Id} channel @returns {Promise<Channel>} */
  channel(channel) {
    return call("GET", this.#channel(channel));
  }

  /**
   * @param {Id} channel
   * @param {{before?: Id, after?: Id, limit?: number}} [page]
   * @returns {Promise<Message[]>}
   */
  messages(channel, page = {}) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(page)) query.set(name, String(value));
    return call("GET", `${this.#channel(channel)}/messages?${query}`);
  }

  /** @param {Id} channel @returns {Promise<{threads: Channel[]}>} */
  archivedThreads(channel) {
    return call("GET", `${this.#channel(channel)}/threads?archived=true`);
  }

  /** @param {Id} thread @returns {Promise<ThreadMember[]>} */
  threadMembers(thread) {
    return call("GET", `${this.#channel(thread)}/members`);
  }

  /** @param {Id} guild @returns {Promise<Command[]>} */
  commands(guild) {
    return call("GET", `${this.root}/commands?guild=${guild}`);
  }

  /**
   * @param {Id} channel
   * @param {{content?: string, message_reference?: {message_id: Id}}} message
   * @param {{file: Blob, name: string}[]} files
   * @returns {Promise<Message>}
   */
  send(channel, message, files = []) {
    const path = `${this.#channel(channel)}/messages`;
    if (files.length === 0) return call("POST", path, message);
    const form = new FormData();
    const attachments = files.map(({ name }, id) => ({ id, filename: name }));
    form.set("payload_json", JSON.stringify({ ...message, attachments }));
    files.forEach(({ file, name }, index) => form.set(`files[${index}]`, file, name));
    return call("POST", path, form);
  }

  /** @param {Id} channel @returns {Promise<void>} */
  typing(channel) {
    return call("POST", `${this.#channel(channel)}/typing`);
  }

  /** @param {Id} channel @param {Id} message @param {string} content @returns {Promise<Message>} */
  edit(channel, message, content) {
    return call("PATCH", `${this.#channel(channel)}/messages/${message}`, { content });
  }

  /** @param {Id} channel @param {Id} message @returns {Promise<void>} */
  deleteMessage(channel, message) {
    return call("DELETE", `${this.#channel(channel)}/messages/${message}`);
  }

  /** @param {Id} channel @param {Id} message @param {string} emoji @param {boolean} on @returns {Promise<void>} */
  react(channel, message, emoji, on) {
    return call(on ? "PUT" : "DELETE", `${this.#channel(channel)}/messages/${message}/reactions/${encodeURIComponent(emoji)}`);
  }

  /** @param {Id} channel @param {Record<string, any>} message @returns {Promise<Message>} */
  sendAsWebhook(channel, message) {
    return call("POST", `${this.#channel(channel)}/webhook-messages`, message);
  }

  /**
   * @param {{guild_id: Id, channel_id: Id, name: string, type?: number, options?: Record<string, any>, attachments?: object[], target_id?: Id}} command
   * @returns {Promise<{id: Id, state: InteractionState}>}
   */
  runCommand(command) {
    return call("POST", `${this.root}/commands`, command);
  }

  /**
   * What the bot suggests for an option that is being written, or null if it did not answer.
   *
   * @param {{guild_id: Id, channel_id: Id, name: string, options: Record<string, any>, focused: string}} command
   * @returns {Promise<Choice[] | null>}
   */
  async suggestions(command) {
    const { id } = await call("POST", `${this.root}/commands`, command);
    const { choices } = await call("GET", `${this.root}/interactions/${id}?wait=true`);
    return choices ?? null;
  }

  /**
   * @param {{channel_id: Id, message_id: Id, custom_id: string, values?: string[]}} component
   * @returns {Promise<{id: Id, state: InteractionState}>}
   */
  useComponent(component) {
    return call("POST", `${this.root}/components`, component);
  }

  /**
   * @param {Id} interaction
   * @param {Record<string, string | string[] | number[] | boolean | null>} values
   * @param {{filename: string, content_type: string, data: string}[]} attachments
   * @returns {Promise<{id: Id, state: InteractionState}>}
   */
  submitModal(interaction, values, attachments) {
    return call("POST", `${this.root}/modals`, { interaction_id: interaction, values, attachments });
  }

  /** @param {Id} interaction @returns {Promise<unknown>} */
  dismissModal(interaction) {
    return call("POST", `${this.root}/modals`, { interaction_id: interaction, dismiss: true });
  }

  /** @param {Id} interaction @returns {Promise<{id: Id, state: InteractionState, message?: Message, modal?: Modal}>} */
  interaction(interaction) {
    return call("GET", `${this.root}/interactions/${interaction}`);
  }

  /** Waits for an interaction's result. @param {Id} interaction @returns {Promise<{id: Id, state: InteractionState}>} */
  result(interaction) {
    return call("GET", `${this.root}/interactions/${interaction}?wait=true`);
  }

  /** @param {Id} thread @param {Id} user `@me` joins. @returns {Promise<void>} */
  addToThread(thread, user) {
    return call("PUT", `${this.#channel(thread)}/members/${user}`);
  }

  /** @param {Id} thread @param {Id} user `@me` leaves. @returns {Promise<void>} */
  removeFromThread(thread, user) {
    return call("DELETE", `${this.#channel(thread)}/members/${user}`);
  }

  /** @param {Id} channel @param {Record<string, any>} change @returns {Promise<Channel>} */
  editChannel(channel, change) {
    return call("PATCH", this.#channel(channel), change);
  }

  /** @param {Id} channel @returns {Promise<void>} */
  deleteChannel(channel) {
    return call("DELETE", this.#channel(channel));
  }

  /** @param {Id} channel @param {Id} message @param {string} name @returns {Promise<Channel>} */
  createThreadFrom(channel, message, name) {
    return call("POST", `${this.#channel(channel)}/messages/${message}/threads`, { name });
  }

  /** @param {Id} channel @param {{name: string, type: number, invitable?: boolean} | {name: string, message: {content: string}, applied_tags: Id[]}} thread In a forum a post. @returns {Promise<Channel>} */
  createThread(channel, thread) {
    return call("POST", `${this.#channel(channel)}/threads`, thread);
  }

  /** @param {Id} channel @param {Id} target @param {{type: number, allow: string, deny: string}} overwrite @returns {Promise<void>} */
  setOverwrite(channel, target, overwrite) {
    return call("PUT", `${this.#channel(channel)}/overwrites/${target}`, overwrite);
  }

  /** @param {Id} channel @param {Id} target @returns {Promise<void>} */
  removeOverwrite(channel, target) {
    return call("DELETE", `${this.#channel(channel)}/overwrites/${target}`);
  }

  /** @param {Id} guild @param {Record<string, any>} channel @returns {Promise<Channel>} */
  createChannel(guild, channel) {
    return call("POST", `${this.#guild(guild)}/channels`, channel);
  }

  /** @param {Id} guild @param {Record<string, any>} role @returns {Promise<Role>} */
  createRole(guild, role) {
    return call("POST", `${this.#guild(guild)}/roles`, role);
  }

  /** @param {Id} guild @param {Id} role @param {Record<string, any>} change @returns {Promise<Role>} */
  editRole(guild, role, change) {
    return call("PATCH", `${this.#guild(guild)}/roles/${role}`, change);
  }

  /** @param {Id} guild @param {Id} role @returns {Promise<void>} */
  deleteRole(guild, role) {
    return call("DELETE", `${this.#guild(guild)}/roles/${role}`);
  }

  /** @param {Id} guild @param {Id} user @param {Id} role @param {boolean} given @returns {Promise<void>} */
  giveRole(guild, user, role, given) {
    return call(given ? "PUT" : "DELETE", `${this.#guild(guild)}/members/${user}/roles/${role}`);
  }

  /** @param {Id} guild @param {Id} user @param {{communication_disabled_until?: string | null}} change @returns {Promise<Member>} */
  editMember(guild, user, change) {
    return call("PATCH", `${this.#guild(guild)}/members/${user}`, change);
  }

  /** @param {Id} guild @param {Id} user `@me` comes (back) in; the bot is invited. @returns {Promise<void>} */
  bringIn(guild, user) {
    return call("PUT", `${this.#guild(guild)}/members/${user}`);
  }

  /** @param {Id} guild @param {Id} user `@me` leaves; others are kicked. @returns {Promise<void>} */
  takeOut(guild, user) {
    return call("DELETE", `${this.#guild(guild)}/members/${user}`);
  }

  /** @param {Id} guild @param {{preferred_locale?: string, name?: string}} change @returns {Promise<GuildView>} */
  editGuild(guild, change) {
    return call("PATCH", this.#guild(guild), change);
  }

  /** @param {{locale?: string, global_name?: string}} change @returns {Promise<Person>} */
  editMe(change) {
    return call("PATCH", this.root, change);
  }

  /** @param {Id} id */
  #channel(id) {
    return `${this.root}/channels/${id}`;
  }

  /** @param {Id} id */
  #guild(id) {
    return `${this.root}/guilds/${id}`;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function call(method, path, body) {
  /** @type {RequestInit} */
  const request = { method, cache: "no-store" };
  if (body instanceof FormData) request.body = body;
  else if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers = { "content-type": "application/json" };
  }
  let answer;
  try {
    answer = await fetch(`/control${path}`, request);
  } catch {
    throw new Refusal(0, null);
  }
  const text = await answer.text();
  const json = parse(text);
  if (!answer.ok) throw new Refusal(answer.status, json);
  return json;
}

/** @param {string} text */
function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/**
 * @param {number} status
 * @param {any} body
 */
function describe(status, body) {
  if (status === 0) return say("unreachable");
  const details = body?.errors ? leaves(body.errors, "") : [];
  const own = `error-${body?.code}`;
  const message = body?.code && knows(own) ? say(own) : (body?.message ?? say("answered", { status }));
  return [message, ...details].join("\n");
}

/**
 * Discord's tree of errors as lines `where: what`.
 *
 * @param {any} tree
 * @param {string} path
 * @returns {string[]}
 */
function leaves(tree, path) {
  if (tree === null || typeof tree !== "object") return [];
  const here = (tree._errors ?? []).map((/** @type {any} */ error) => `${path}: ${error.message}`);
  const below = Object.entries(tree)
    .filter(([key]) => key !== "_errors")
    .flatMap(([key, value]) => leaves(value, path ? `${path}.${key}` : key));
  return [...here, ...below];
}
