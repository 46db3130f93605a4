// One person's session: loads what that person can see, keeps the store up to date from the stream, pages
// messages, and follows the person's interactions until the bot responds.

import { Client, Refusal } from "./api.js";
import { isForum } from "./forum.js";
import { href, person as personInAddress, here } from "./route.js";
import { compare, next } from "./snowflake.js";
import { listen } from "./stream.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

/** @import {Log, Store} from "./store.js" */
/** @import {GatewayEvent, Id, InteractionState, Message, Modal, Place, Pending} from "./types.d.ts" */

const PAGE = 50;
/** The list shows no more than this many messages at once; the rest is fetched when scrolled to. */
const WINDOW = 200;

/** The event that says an interaction's state, unless it still waits. @type {Record<string, string>} */
const OUTCOMES = {
  deferred: "INTERACTION_SUCCESS",
  answered: "INTERACTION_SUCCESS",
  modal: "INTERACTION_MODAL_CREATE",
  failed: "INTERACTION_FAILURE",
};

export class Session {
  /** Called with a modal that the bot opened for something done here. @type {(interaction: Id, modal: Modal) => void} */
  onModal = () => {};
  /** Called with the person's language, each time everything was loaded. @type {(locale: string) => void} */
  onView = () => {};
  /** Called with a message that has just arrived in the current channel. @type {(message: Message) => void} */
  onArrival = () => {};
  /** Called when the bot responds to this person in the current channel. */
  onAnswer = () => {};

  /** @type {ReturnType<typeof listen> | null} */
  #stream = null;
  /** Events that came before the view did. @type {GatewayEvent[] | null} */
  #early = null;
  /** Interactions that this page began; another window's modals are not ours. @type {Set<Id>} */
  #own = new Set();
  /** Interactions that the bot responded to, or that failed. @type {Set<Id>} */
  #finished = new Set();
  /** Those that failed before the call that began them was answered. @type {Set<Id>} */
  #failed = new Set();
  /** What became of interactions, and who waits for it: true once the bot has answered. @type {Map<Id, boolean>} */
  #outcomes = new Map();
  /** @type {Map<Id, (answered: boolean) => void>} */
  #waiting = new Map();
  /** @type {Set<Promise<unknown>>} */
  #underway = new Set();
  #count = 0;
  #quiet = false;
  #stopped = false;
  /** What the person is leaving or deleting. @type {Set<Id>} */
  #leaving = new Set();
  /** Pages that are being fetched. @type {Map<Id, Promise<void>>} */
  #paging = new Map();
  /** Threads that were fetched for their names since the view was loaded. @type {Set<Id>} */
  #learned = new Set();

  /**
   * @param {Store} store
   * @param {Id} person
   */
  constructor(store, person) {
    this.store = store;
    this.api = new Client(person);
  }

  /** @param {Place} place @param {{quiet?: boolean}} [how] quiet, if the person may well not see that place */
  start(place, how = {}) {
    this.#quiet = how.quiet ?? false;
    this.store.clear();
    this.store.place = place;
    this.#setLine("connecting");
    this.#stream?.close();
    this.#stream = listen(this.api.eventsUrl, {
      onOpen: () => this.resync(),
      onLost: () => this.#setLine("lost"),
      onEvent: (event) => (this.#early ? this.#early.push(event) : this.#handle(event)),
    });
  }

  stop() {
    this.#stopped = true;
    this.#stream?.close();
    this.#stream = null;
  }

  /**
   * A call's result, which never comes if the session is stopped first: the store belongs to another person then.
   *
   * @template T
   * @param {Promise<T>} call
   * @returns {Promise<T>}
   */
  unlessStopped(call) {
    return new Promise((done, failed) => {
      call.then((result) => this.#stopped || done(result), (error) => this.#stopped || failed(error));
    });
  }

  retry() {
    this.#stream?.retry();
  }

  /** Loads everything again; events that arrive meanwhile are applied after it. */
  async resync() {
    if (this.#early) return;
    this.#early = [];
    const before = this.store.line === "lost" ? this.store.newest() : new Map();
    try {
      const view = await this.unlessStopped(this.api.view());
      this.store.setView(view);
      this.#learned.clear();
      this.onView(this.store.me?.locale ?? "");
      this.#setLine("open");
    } catch (error) {
      this.#early = null;
      this.#setLine("lost");
      toast(error);
      setTimeout(() => this.retry(), 2000);
      return;
    }
    const after = this.store.newest();
    const early = this.#early;
    this.#early = null;
    const { channel } = this.store.place;
    for (const id of [...this.store.logs.keys()]) if (id !== channel) this.store.logs.delete(id);
    for (const event of early) this.#handle(event);
    await this.go(this.store.place, { replace: true, refresh: true });
    this.#quiet = false;
    const heard = new Set(early.map(({ d }) => d.id));
    await Promise.all([this.#recall(), this.#countMissed(before, after, heard)]);
  }

  /** Asks what became of the interactions that still wait: their events may have been missed. */
  async #recall() {
    const { sent } = this.store;
    const waiting = [...sent.values()].filter(({ id, state }) => state === "pending" && !id.startsWith("local-"));
    for (const { id } of waiting) {
      // The sandbox refuses if it has forgotten an expired interaction.
      const known = await this.unlessStopped(this.api.interaction(id)).catch(({ status }) => (status ? { id, state: "failed" } : null));
      const event = known && OUTCOMES[known.state];
      if (event && sent.has(id)) this.#follow(event, known);
    }
  }

  /**
   * Counts the messages that came while the connection was lost.
   *
   * @param {Map<Id, Id | null>} before the newest message of each channel, as known before the view was loaded
   * @param {Map<Id, Id | null>} after the same by the view
   * @param {Set<Id>} heard messages whose events came
   */
  async #countMissed(before, after, heard) {
    for (const [channel, last] of after) {
      const known = before.get(channel);
      if (!last || known === undefined || (known && compare(last, known) <= 0)) continue;
      const page = await this.unlessStopped(this.api.messages(channel, { after: known ?? "0", limit: PAGE })).catch(() => []);
      const missed = page.reverse().filter(({ id }) => compare(id, last) <= 0 && !heard.has(id));
      for (const message of missed) this.store.countUnread(message);
    }
  }

  /**
   * Goes to another channel, or the nearest one that this person can view.
   *
   * @param {Partial<Place>} to
   * @param {{replace?: boolean, refresh?: boolean}} [how]
   */
  async go(to, how = {}) {
    const { store } = this;
    const wanted = { guild: to.guild ?? null, channel: to.channel ?? null, message: to.message ?? null };
    if (wanted.channel && !store.find(wanted.channel)) await this.#lookUp(wanted.channel);
    const place = this.#nearest(wanted);
    const moved = place.channel !== store.place.channel || place.guild !== store.place.guild;
    if (moved) store.firstNew.delete(store.place.channel ?? "");
    store.place = place;
    const address = href(place, this.api.person);
    if (how.replace || address === location.pathname + location.search) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    this.read();
    if (moved) store.complaints.clear();
    store.changed("place", "guilds", "messages", "threadMembers");
    if (place.channel) await this.#load(place.channel, place.message, how.refresh ?? false);
  }

  /** Marks the current channel as read. */
  read() {
    if (this.store.place.channel && this.store.unread.delete(this.store.place.channel)) this.store.changed("guilds");
  }

  /** Fetches the page before the loaded messages. @param {Id} channel */
  async older(channel) {
    if (this.#paging.has(channel)) return;
    await this.#page(channel, async (log) => {
      if (!log.hasOlder) return;
      const first = log.messages[0]?.id;
      const page = await this.api.messages(channel, first ? { before: first, limit: PAGE } : { limit: PAGE });
      log.hasOlder = page.length === PAGE;
      log.messages = [...page.reverse().filter(({ id }) => !first || compare(id, first) < 0), ...log.messages];
      if (log.messages.length > WINDOW) {
        log.messages.length = WINDOW;
        log.hasNewer = true;
      }
    });
  }

  /** Fetches the page after the loaded messages. @param {Id} channel */
  async newer(channel) {
    if (this.#paging.has(channel)) return;
    await this.#page(channel, async (log) => {
      const last = log.messages.at(-1)?.id;
      if (!log.hasNewer || !last) return;
      const page = await this.api.messages(channel, { after: last, limit: PAGE });
      log.hasNewer = page.length === PAGE;
      log.messages = [...log.messages, ...page.reverse().filter(({ id }) => compare(id, last) > 0)];
      trimOldest(log);
    });
  }

  /** Goes back to the newest messages. @param {Id} channel */
  present(channel) {
    this.store.place = { ...this.store.place, message: null };
    return this.#page(channel, async (log, arrived) => {
      Object.assign(log, { messages: [], hasOlder: true, hasNewer: false });
      const page = (await this.api.messages(channel, { limit: PAGE })).reverse();
      Object.assign(log, { messages: join(page, arrived()), hasOlder: page.length === PAGE });
    });
  }

  /** Lets go of the oldest messages while the end is being read. @param {Id} channel */
  trim(channel) {
    const log = this.store.logs.get(channel);
    if (log && !log.hasNewer) trimOldest(log);
  }

  /**
   * Does something to which the bot answers. Until then it counts as sent; refusals go to the caller.
   *
   * @param {Promise<{id: Id, state: InteractionState}>} call
   * @param {Omit<Pending, "id" | "state">} what
   */
  async interact(call, what) {
    const { sent, complaints } = this.store;
    const local = `local-${++this.#count}`;
    sent.set(local, { ...what, id: local, state: "pending" });
    if (what.message_id) complaints.delete(what.message_id);
    this.store.changed("messages");
    this.#underway.add(call);
    try {
      const { id, state } = await this.unlessStopped(call);
      this.#own.add(id);
      if (state === "failed") this.#finish(id, false);
      if (state === "failed" || this.#failed.delete(id)) this.#fail({ ...what, id, state: "failed" });
      else if (state === "pending" && !this.#finished.has(id)) sent.set(id, { ...what, id, state });
      return id;
    } finally {
      sent.delete(local);
      this.#underway.delete(call);
      this.store.changed("messages");
    }
  }

  /** Waits until the bot has answered an interaction (true), or it has failed. @param {Id} id @returns {Promise<boolean>} */
  outcome(id) {
    const known = this.#outcomes.get(id);
    return known === undefined ? new Promise((done) => this.#waiting.set(id, done)) : Promise.resolve(known);
  }

  /** @param {Id} id @param {boolean} answered */
  #finish(id, answered) {
    this.#outcomes.set(id, answered);
    this.#waiting.get(id)?.(answered);
    this.#waiting.delete(id);
  }

  /**
   * Runs something for the person and shows why it was refused.
   *
   * @template T
   * @param {Promise<T>} call
   * @returns {Promise<T | undefined>}
   */
  async attempt(call) {
    try {
      return await call;
    } catch (error) {
      toast(error);
      return undefined;
    }
  }

  /**
   * Leaves or deletes a place, so its removal needs no notification.
   *
   * @param {Id} place
   * @param {Promise<unknown>} call
   */
  async leave(place, call) {
    this.#leaving.add(place);
    try {
      await call;
    } catch (error) {
      this.#leaving.delete(place);
      toast(error);
    }
  }

  /** @param {GatewayEvent} event */
  #handle({ t, d }) {
    const { store } = this;
    if (t === "RESYNC" || t === "GUILD_CREATE") return void this.resync();
    if (t.startsWith("INTERACTION_")) return this.#follow(t, d);
    const left = t === "GUILD_DELETE" || (t.endsWith("_DELETE") && !t.startsWith("MESSAGE")) || t === "THREAD_MEMBERS_UPDATE";
    const channel = store.channel;
    store.apply({ t, d });
    if (t === "MESSAGE_CREATE" && d.interaction_metadata) this.#answered(d);
    if (t === "MESSAGE_CREATE" && d.channel_id === store.place.channel && d.author.id !== store.me?.id) this.onArrival(d);
    if (left && channel && !store.channel) {
      const own = [channel.id, channel.parent_id ?? "", channel.guild_id].filter((id) => this.#leaving.delete(id));
      if (own.length === 0) toast(say("place-gone", { name: channel.name }));
      this.go({ guild: store.place.guild, channel: channel.parent_id ?? null }, { replace: true });
    }
  }

  /** A response replaces the entry that waited for it, also if it arrives before the call returns. @param {Message} answer */
  #answered({ channel_id, interaction_metadata }) {
    const { sent, me, place } = this.store;
    if (!interaction_metadata) return;
    this.#finished.add(interaction_metadata.id);
    sent.delete(interaction_metadata.id);
    if (interaction_metadata.user.id !== me?.id) return;
    for (const each of [...sent.values()]) if (each.name && each.id.startsWith("local-")) sent.delete(each.id);
    if (channel_id === place.channel) this.onAnswer();
  }

  /** Shows that the bot did not respond, where the interaction was sent from. @param {Pending} sent */
  #fail(sent) {
    if (sent.name) this.store.sent.set(sent.id, { ...sent, state: "failed" });
    else if (sent.message_id) this.store.complaints.set(sent.message_id, say("interaction-failed"));
    else if (!sent.quiet) toast(say("interaction-failed"));
  }

  /** @param {string} t @param {any} d */
  #follow(t, d) {
    const { store } = this;
    const known = store.sent.get(d.id);
    if (t === "INTERACTION_CREATE") {
      // Not shown twice if this page's own call is about to report it.
      if (d.state === "pending" && this.#underway.size === 0 && !this.#finished.has(d.id)) store.sent.set(d.id, { ...known, ...d });
    } else {
      this.#finished.add(d.id);
      this.#finish(d.id, t !== "INTERACTION_FAILURE");
      store.sent.delete(d.id);
    }
    if (t === "INTERACTION_SUCCESS" && d.message) store.putMessage(d.message);
    if (t === "INTERACTION_FAILURE") {
      if (known) this.#fail(known);
      // Its own call is still in flight, and reports the failure when it returns.
      else if (this.#underway.size > 0) this.#failed.add(d.id);
    }
    if (t === "INTERACTION_MODAL_CREATE") {
      this.unlessStopped(Promise.allSettled([...this.#underway])).then(() => this.#own.has(d.id) && this.onModal(d.id, d.modal));
    }
    store.changed("messages");
  }

  /** Fetches a closed thread that a message mentions, so that its name can be shown. Each thread is fetched once. @param {Id} id */
  async learn(id) {
    if (this.#early || this.#learned.has(id)) return;
    this.#learned.add(id);
    const found = await this.unlessStopped(this.api.channel(id)).catch(() => null);
    if (found?.thread_metadata) this.store.keepThread(found);
  }

  /** A channel that the view does not hold: an archived thread, or nothing. @param {Id} channel */
  async #lookUp(channel) {
    try {
      const found = await this.unlessStopped(this.api.channel(channel));
      if (found.thread_metadata) this.store.keepThread(found);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 0) toast(error);
      else if (!this.#quiet) toast(say("no-such-place"));
    }
  }

  /** @param {Place} wanted @returns {Place} */
  #nearest(wanted) {
    const { store } = this;
    const channel = wanted.channel ? store.find(wanted.channel) : undefined;
    if (channel) return { guild: channel.guild_id, channel: channel.id, message: wanted.message };
    const guild = store.guilds.get(wanted.guild ?? "") ?? [...store.guilds.values()][0];
    if (!guild) return { guild: null, channel: null, message: null };
    const first = [...guild.channels.values()].filter(({ type }) => type !== 4).sort(byPosition)[0];
    return { guild: guild.id, channel: first?.id ?? null, message: null };
  }

  /**
   * Loads a channel's newest messages, or those round one of them.
   *
   * @param {Id} channel
   * @param {Id | null} message
   * @param {boolean} refresh
   */
  async #load(channel, message, refresh) {
    // A forum has posts, and no messages of its own.
    if (isForum(this.store.find(channel))) return;
    const log = this.store.log(channel);
    if (message && !this.store.message(channel, message)) {
      return this.#page(channel, async (log) => {
        const [before, after] = await Promise.all([
          this.api.messages(channel, { before: next(message), limit: PAGE }),
          this.api.messages(channel, { after: message, limit: PAGE }),
        ]);
        log.messages = [...after, ...before].sort((a, b) => compare(a.id, b.id));
        Object.assign(log, { hasOlder: before.length === PAGE, hasNewer: after.length === PAGE });
      });
    }
    if (log.messages.length > 0 && !refresh) return;
    await this.#page(channel, async (log, arrived) => {
      if (log.hasNewer) return;
      const page = (await this.api.messages(channel, { limit: PAGE })).reverse();
      const first = page[0]?.id;
      const overlaps = first && log.messages.some(({ id }) => id === first);
      const older = overlaps ? log.messages.filter(({ id }) => compare(id, first) < 0) : [];
      if (!overlaps) log.hasOlder = page.length === PAGE;
      log.messages = [...older, ...join(page, arrived())];
    });
  }

  /**
   * One change of a channel's log at a time. `arrived` returns what arrives while a page is loading.
   *
   * @param {Id} channel
   * @param {(log: Log, arrived: () => Message[]) => Promise<void>} change
   */
  async #page(channel, change) {
    await this.#paging.get(channel);
    const log = this.store.log(channel);
    const known = new Set(log.messages.map(({ id }) => id));
    const arrived = () => log.messages.filter(({ id }) => !known.has(id));
    log.failed = false;
    log.touched = new Map();
    const page = this.unlessStopped(change(log, arrived)).catch((error) => {
      log.failed = true;
      toast(error);
    });
    this.#paging.set(channel, page);
    await page;
    this.#paging.delete(channel);
    // What events said in the meantime is newer than the page.
    const { touched } = log;
    log.touched = null;
    log.messages = log.messages.flatMap((message) => (touched.has(message.id) ? (touched.get(message.id) ?? []) : message));
    this.store.changed("messages");
  }

  /** @param {"connecting" | "open" | "lost"} line */
  #setLine(line) {
    this.store.line = line;
    this.store.changed("line");
  }
}

/** The person and the channel in the page's address. */
export function startingPoint() {
  return { person: personInAddress(), place: here() };
}

/** @param {{position?: number, id: Id}} a @param {{position?: number, id: Id}} b */
export function byPosition(a, b) {
  return (a.position ?? 0) - (b.position ?? 0) || compare(a.id, b.id);
}

/** A page and what arrived after it. @param {Message[]} page @param {Message[]} arrived */
function join(page, arrived) {
  const last = page.at(-1)?.id;
  return [...page, ...arrived.filter(({ id }) => !last || compare(id, last) > 0)];
}

/** @param {Log} log */
function trimOldest(log) {
  if (log.messages.length <= WINDOW) return;
  log.messages = log.messages.slice(-WINDOW);
  log.hasOlder = true;
}
