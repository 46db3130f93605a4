// The page as a whole: its columns, the current person, and what several columns share.

import * as control from "./api.js";
import { chat } from "./chat.js";
import { el, fill } from "./dom.js";
import { guide } from "./guide.js";
import { inspector } from "./inspector.js";
import { listenToKeys } from "./keys.js";
import { memberPanel } from "./members.js";
import { openModal } from "./modal.js";
import { nameHere } from "./names.js";
import { plainText } from "./plain.js";
import { here } from "./route.js";
import { Session, startingPoint } from "./session.js";
import { sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { announce, toast } from "./toast.js";
import { lineBar, topbar } from "./topbar.js";
import { say, speak } from "./words.js";

/** @import {Draft} from "./composer.js" */
/** @import {Command, CommandUse, Id, Person, Place, World} from "./types.d.ts" */

/** How often the page asks whether the bot is connected. */
const WORLD_EVERY = 4000;

/** Window widths at which the channel list and the member list become drawers over the page. */
const NARROW = matchMedia("(max-width: 760px)");
const MEMBERS_OVER = matchMedia("(max-width: 899px)");

const DARK_SYSTEM = matchMedia("(prefers-color-scheme: dark)");

export class App {
  store = new Store();
  /** The message whose text is being edited. @type {Id | null} */
  editing = null;
  /** Commands as last fetched, for what cannot wait. @type {Command[]} */
  knownCommands = [];

  /** What is written and not sent, by person and channel. @type {Map<string, Draft>} */
  drafts = new Map();
  root = el("div", { class: "app" });

  /** @param {Id} person @param {World} world */
  constructor(person, world) {
    this.store.world = world;
    this.session = new Session(this.store, person);
    this.parts = partsOf(this);
    this.#draw();
    NARROW.addEventListener("change", () => this.#placeGuide());
    MEMBERS_OVER.addEventListener("change", () => this.closeDrawers());
    DARK_SYSTEM.addEventListener("change", () => this.#applyTheme());
    this.#applyTheme();
    if (matchMedia("(min-width: 1100px)").matches) this.root.classList.add("show-members");
    this.#attach();
  }

  get api() {
    return this.session.api;
  }

  get composer() {
    return this.parts.chat.composer;
  }

  get guide() {
    return this.parts.guide;
  }

  get inspector() {
    return this.parts.inspector;
  }

  /** Scrolls to the newest message. */
  toEnd() {
    this.parts.chat.toEnd();
  }

  /** Switches to another person, in the same channel if they can view it. @param {Id} person */
  async become(person) {
    if (person === this.api.person) return;
    const { place } = this.store;
    this.session.stop();
    const session = new Session(this.store, person);
    this.session = session;
    this.editing = null;
    this.knownCommands = [];
    this.#attach();
    this.store.clear();
    await this.loadWorld();
    if (this.session !== session) return;
    await this.speak(this.store.world?.people.find(({ id }) => id === person)?.locale ?? "");
    if (this.session !== session) return;
    session.start({ ...place, message: null }, { quiet: true });
    this.store.changed("world");
    announce(say("now-you-are", { name: this.store.world?.people.find(({ id }) => id === person)?.global_name ?? person }));
  }

  /** Switches the page to a person's language. @param {string} locale */
  async speak(locale) {
    try {
      if (!(await speak(locale))) return;
    } catch (error) {
      return toast(error);
    }
    // Build the page again in the other language.
    this.inspector.watch(false);
    this.store.silence();
    this.parts = partsOf(this);
    this.#draw();
    this.store.changed("world", "guilds", "members", "messages", "threadMembers", "place", "line");
  }

  /** @param {Place} place */
  go(place) {
    this.closeDrawers();
    this.editing = null;
    return this.session.go(place);
  }

  /** Joins a server, also for the second time. @param {Id} guild */
  async join(guild) {
    await this.session.attempt(this.api.bringIn(guild, "@me"));
    await this.session.resync();
  }

  /** @param {Id | null} message */
  edit(message) {
    this.editing = message;
    this.store.changed("messages");
    this.store.flush();
  }

  /** Fetches the commands that this person can use in the current server. @returns {Promise<Command[]>} */
  async commands() {
    const { guild } = this.store;
    if (!guild) return [];
    try {
      const now = await this.session.unlessStopped(this.api.commands(guild.id));
      if (JSON.stringify(now) !== JSON.stringify(this.knownCommands)) this.knownCommands = now;
    } catch (error) {
      toast(error);
    }
    return this.knownCommands;
  }

  /**
   * Runs a command in the current channel. With `quiet`, an error is returned and not shown.
   *
   * @param {Omit<CommandUse, "guild_id" | "channel_id">} command
   * @param {string} shown
   * @param {boolean} [quiet]
   * @returns {Promise<string | null>}
   */
  async run(command, shown, quiet = false) {
    const { guild, channel } = this.store.place;
    if (!guild || !channel) return say("nowhere");
    this.toEnd();
    try {
      await this.session.interact(this.api.runCommand({ guild_id: guild, channel_id: channel, ...command }), { channel_id: channel, name: shown });
      return null;
    } catch (error) {
      if (!quiet) toast(error);
      return error instanceof Error ? error.message : String(error);
    }
  }

  async loadWorld() {
    try {
      const world = await control.world();
      const same = JSON.stringify({ ...world, now: 0 }) === JSON.stringify({ ...this.store.world, now: 0 });
      this.store.world = world;
      if (!same) this.store.changed("world");
    } catch {
      // The connection bar already says that the sandbox cannot be reached.
    }
  }

  /** @param {"channels" | "members" | "inspector"} what */
  toggle(what) {
    this.root.classList.toggle(`show-${what}`);
    if (what === "inspector") this.inspector.watch(this.shows("inspector"));
    this.store.changed("panels");
  }

  /** Closes the drawers: the columns that lie over the page at this window width. */
  closeDrawers() {
    this.root.classList.remove("show-channels");
    if (MEMBERS_OVER.matches) this.root.classList.remove("show-members");
    this.store.changed("panels");
  }

  /** @param {"channels" | "members" | "inspector"} what */
  shows(what) {
    return this.root.classList.contains(`show-${what}`);
  }

  /** Whether the page is dark now. */
  isDark() {
    const chosen = localStorage.getItem("theme");
    return chosen ? chosen === "dark" : DARK_SYSTEM.matches;
  }

  /** Switches between dark and light. If the result is the system's theme, nothing is stored and the page follows the system. */
  switchTheme() {
    const dark = !this.isDark();
    if (dark === DARK_SYSTEM.matches) localStorage.removeItem("theme");
    else localStorage.setItem("theme", dark ? "dark" : "light");
    this.#applyTheme();
  }

  #applyTheme() {
    const chosen = localStorage.getItem("theme");
    document.documentElement.style.colorScheme = chosen ?? "light dark";
    this.store.changed("world");
  }

  /** Builds the visible parts of the page. */
  #draw() {
    const { chat, inspector, sidebar } = this.parts;
    fill(
      this.root,
      topbar(this),
      lineBar(this),
      el("div", { class: "columns" }, sidebar.node, el("div", { class: "veil", onclick: () => this.closeDrawers() }), chat.node, memberPanel(this), inspector.node),
    );
    this.#placeGuide();
    inspector.watch(this.shows("inspector"));
  }

  /** Puts the guide into the sidebar, or above the messages where the sidebar is a drawer. */
  #placeGuide() {
    const { chat, guide, sidebar } = this.parts;
    (NARROW.matches ? chat : sidebar).guidePlace.append(guide.node);
  }

  #attach() {
    this.session.onView = (locale) => this.speak(locale);
    this.session.onModal = (interaction, modal) => openModal(this, interaction, modal);
    this.session.onArrival = (message) => announce(say("says", { name: nameHere(this.store, message.author), text: plainText(this, message) }));
    this.session.onAnswer = () => this.toEnd();
  }
}

/** The parts of the page that other parts call. @param {App} app */
function partsOf(app) {
  return { chat: chat(app), inspector: inspector(app), guide: guide(app), sidebar: sidebar(app) };
}

/**
 * Finds a person by id, or by part: `owner`, `moderator`, `member`, `member2`.
 *
 * @param {Person[]} people
 * @param {string | null} name
 */
function named(people, name) {
  const [, part, number] = /^([a-z]+)(\d*)$/.exec(name ?? "") ?? [];
  const playing = people.filter((person) => person.part === part);
  return people.find(({ id, username }) => id === name || username === name) ?? (part ? playing[Number(number || 1) - 1] : undefined);
}

/** Starts the page. @param {HTMLElement} place */
export async function start(place) {
  const world = await control.world();
  const { person, place: wanted } = startingPoint();
  const me = named(world.people, person) ?? world.people[0];
  await speak(me.locale);
  const app = new App(me.id, world);
  place.replaceChildren(app.root);
  // Draw once before the data arrives, so that the layout does not shift.
  app.store.changed("world", "place", "guilds");
  app.store.flush();
  app.session.start(wanted);
  listenToKeys(app);
  window.addEventListener("popstate", () => {
    app.session.go(here(), { replace: true });
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && app.session.read());
  setInterval(() => document.visibilityState === "visible" && app.loadWorld(), WORLD_EVERY);
}
