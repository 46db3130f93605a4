// The control API, as one person. Every call the page makes is here.

import { knows, say } from "./words.js";

/** @import {ChannelDraft, ChannelEdit, CommandUse, GuildEdit, Id, MemberEdit, MessageDraft, ModalUse, PersonEdit, RoleEdit, ThreadDraft, Upload} from "./types.d.ts" */
/** @import {Calls} from "./calls.d.ts" */

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

export const world = () => call("GET /world", {});

/** @param {Calls["POST /people"]["body"]} person */
export const createPeople = (person) => call("POST /people", {}, person);

export const reset = () => call("POST /reset", {});

/** @param {number} milliseconds */
export const advance = (milliseconds) => call("POST /clock", {}, { advance_ms: milliseconds });

/** What happened, all of it, or only in `brief` that it did. @param {number} after @param {boolean} [brief] */
export const record = (after, brief = false) => call("GET /record", { after, brief });

export const problems = () => call("GET /problems", {});

export const clearProblems = () => call("DELETE /problems", {});

/** Everything one person can do and see. */
export class Client {
  /** @param {Id} person */
  constructor(person) {
    this.person = person;
  }

  get eventsUrl() {
    return `/control/people/${this.person}/events`;
  }

  view() {
    return call("GET /people/{person}/view", { person: this.person });
  }

  /** @param {Id} channel */
  channel(channel) {
    return call("GET /people/{person}/channels/{channel}", this.#in(channel));
  }

  /** @param {Id} channel @param {{before?: Id, after?: Id, limit?: number}} [page] */
  messages(channel, page = {}) {
    return call("GET /people/{person}/channels/{channel}/messages", { ...this.#in(channel), ...page });
  }

  /** @param {Id} channel */
  archivedThreads(channel) {
    return call("GET /people/{person}/channels/{channel}/threads", { ...this.#in(channel), archived: true });
  }

  /** @param {Id} thread */
  threadMembers(thread) {
    return call("GET /people/{person}/channels/{channel}/members", this.#in(thread));
  }

  /** @param {Id} guild */
  commands(guild) {
    return call("GET /people/{person}/commands", { person: this.person, guild });
  }

  /** @param {Id} channel @param {MessageDraft} message @param {{file: Blob, name: string}[]} files */
  send(channel, message, files = []) {
    /** @type {MessageDraft | FormData} */
    let body = message;
    if (files.length > 0) {
      body = new FormData();
      const attachments = files.map(({ name }, id) => ({ id, filename: name }));
      body.set("payload_json", JSON.stringify({ ...message, attachments }));
      for (const [index, { file, name }] of files.entries()) body.set(`files[${index}]`, file, name);
    }
    return call("POST /people/{person}/channels/{channel}/messages", this.#in(channel), body);
  }

  /** @param {Id} channel */
  typing(channel) {
    return call("POST /people/{person}/channels/{channel}/typing", this.#in(channel));
  }

  /** @param {Id} channel @param {Id} message @param {string} content */
  edit(channel, message, content) {
    return call("PATCH /people/{person}/channels/{channel}/messages/{message}", { ...this.#in(channel), message }, { content });
  }

  /** @param {Id} channel @param {Id} message */
  deleteMessage(channel, message) {
    return call("DELETE /people/{person}/channels/{channel}/messages/{message}", { ...this.#in(channel), message });
  }

  /** @param {Id} channel @param {Id} message @param {string} emoji @param {boolean} on */
  react(channel, message, emoji, on) {
    const given = { ...this.#in(channel), message, emoji };
    return call(`${on ? "PUT" : "DELETE"} /people/{person}/channels/{channel}/messages/{message}/reactions/{emoji}`, given);
  }

  /** @param {Id} channel @param {Calls["POST /people/{person}/channels/{channel}/webhook-messages"]["body"]} message */
  sendAsWebhook(channel, message) {
    return call("POST /people/{person}/channels/{channel}/webhook-messages", this.#in(channel), message);
  }

  /** @param {CommandUse} command */
  runCommand(command) {
    return call("POST /people/{person}/commands", { person: this.person }, command);
  }

  /**
   * What the bot suggests for an option that is being written, or null if it did not answer.
   *
   * @param {CommandUse & {focused: string}} command
   */
  async suggestions(command) {
    const { id } = await this.runCommand(command);
    const { choices } = await this.result(id);
    return choices ?? null;
  }

  /** @param {Calls["POST /people/{person}/components"]["body"]} component */
  useComponent(component) {
    return call("POST /people/{person}/components", { person: this.person }, component);
  }

  /** @param {Id} interaction @param {ModalUse["values"]} values @param {Upload[]} attachments */
  submitModal(interaction, values, attachments) {
    return call("POST /people/{person}/modals", { person: this.person }, { interaction_id: interaction, values, attachments });
  }

  /** @param {Id} interaction */
  dismissModal(interaction) {
    return call("POST /people/{person}/modals", { person: this.person }, { interaction_id: interaction, dismiss: true });
  }

  /** @param {Id} interaction */
  interaction(interaction) {
    return call("GET /people/{person}/interactions/{interaction}", { person: this.person, interaction });
  }

  /** Waits for an interaction's result. @param {Id} interaction */
  result(interaction) {
    return call("GET /people/{person}/interactions/{interaction}", { person: this.person, interaction, wait: true });
  }

  /** @param {Id} thread @param {Id} user `@me` joins. */
  addToThread(thread, user) {
    return call("PUT /people/{person}/channels/{channel}/members/{user}", { ...this.#in(thread), user });
  }

  /** @param {Id} thread @param {Id} user `@me` leaves. */
  removeFromThread(thread, user) {
    return call("DELETE /people/{person}/channels/{channel}/members/{user}", { ...this.#in(thread), user });
  }

  /** @param {Id} channel @param {ChannelEdit} change */
  editChannel(channel, change) {
    return call("PATCH /people/{person}/channels/{channel}", this.#in(channel), change);
  }

  /** @param {Id} channel */
  deleteChannel(channel) {
    return call("DELETE /people/{person}/channels/{channel}", this.#in(channel));
  }

  /** @param {Id} channel @param {Id} message @param {string} name */
  createThreadFrom(channel, message, name) {
    return call("POST /people/{person}/channels/{channel}/messages/{message}/threads", { ...this.#in(channel), message }, { name });
  }

  /** @param {Id} channel @param {ThreadDraft} thread In a forum a post. */
  async createThread(channel, thread) {
    const made = await call("POST /people/{person}/channels/{channel}/threads", this.#in(channel), thread);
    return Array.isArray(made) ? made[0] : made;
  }

  /** @param {Id} channel @param {Id} target @param {{type: 0 | 1, allow: string, deny: string}} overwrite */
  setOverwrite(channel, target, overwrite) {
    return call("PUT /people/{person}/channels/{channel}/overwrites/{target}", { ...this.#in(channel), target }, overwrite);
  }

  /** @param {Id} channel @param {Id} target */
  removeOverwrite(channel, target) {
    return call("DELETE /people/{person}/channels/{channel}/overwrites/{target}", { ...this.#in(channel), target });
  }

  /** @param {Id} guild @param {ChannelDraft} channel */
  createChannel(guild, channel) {
    return call("POST /people/{person}/guilds/{guild}/channels", this.#of(guild), channel);
  }

  /** @param {Id} guild @param {RoleEdit} role */
  createRole(guild, role) {
    return call("POST /people/{person}/guilds/{guild}/roles", this.#of(guild), role);
  }

  /** @param {Id} guild @param {Id} role @param {RoleEdit} change */
  editRole(guild, role, change) {
    return call("PATCH /people/{person}/guilds/{guild}/roles/{role}", { ...this.#of(guild), role }, change);
  }

  /** @param {Id} guild @param {Id} role */
  deleteRole(guild, role) {
    return call("DELETE /people/{person}/guilds/{guild}/roles/{role}", { ...this.#of(guild), role });
  }

  /** @param {Id} guild @param {Id} user @param {Id} role @param {boolean} given */
  giveRole(guild, user, role, given) {
    return call(`${given ? "PUT" : "DELETE"} /people/{person}/guilds/{guild}/members/{user}/roles/{role}`, { ...this.#of(guild), user, role });
  }

  /** @param {Id} guild @param {Id} user @param {MemberEdit} change */
  editMember(guild, user, change) {
    return call("PATCH /people/{person}/guilds/{guild}/members/{user}", { ...this.#of(guild), user }, change);
  }

  /** @param {Id} guild @param {Id} user `@me` comes (back) in; the bot is invited. */
  bringIn(guild, user) {
    return call("PUT /people/{person}/guilds/{guild}/members/{user}", { ...this.#of(guild), user });
  }

  /** @param {Id} guild @param {Id} user `@me` leaves; others are kicked. */
  takeOut(guild, user) {
    return call("DELETE /people/{person}/guilds/{guild}/members/{user}", { ...this.#of(guild), user });
  }

  /** @param {Id} guild @param {GuildEdit} change */
  editGuild(guild, change) {
    return call("PATCH /people/{person}/guilds/{guild}", this.#of(guild), change);
  }

  /** @param {PersonEdit} change */
  editMe(change) {
    return call("PATCH /people/{person}", { person: this.person }, change);
  }

  /** @param {Id} channel */
  #in(channel) {
    return { person: this.person, channel };
  }

  /** @param {Id} guild */
  #of(guild) {
    return { person: this.person, guild };
  }
}

/**
 * Makes a call. What is `given` fills the braces of the route; the rest of it is the query.
 *
 * @template {keyof Calls} Route
 * @param {Route} route
 * @param {Calls[Route]["given"]} given
 * @param {Calls[Route]["body"] | FormData} [body]
 * @returns {Promise<Calls[Route]["answer"]>}
 */
async function call(route, given, body) {
  const [method, pattern] = route.split(" ");
  const query = new URLSearchParams();
  let path = pattern;
  for (const [name, value] of Object.entries(given)) {
    if (pattern.includes(`{${name}}`)) path = path.replace(`{${name}}`, encodeURIComponent(value));
    else query.set(name, String(value));
  }
  /** @type {RequestInit} */
  const request = { method, cache: "no-store" };
  if (body instanceof FormData) request.body = body;
  else if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers = { "content-type": "application/json" };
  }
  let answer;
  try {
    answer = await fetch(`/control${path}${query.size ? `?${query}` : ""}`, request);
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
