// The guide from a first message to a closed ticket. It reads the activity log and ticks off each step, in
// whichever window it was done. It is shown only if the bot has the commands, and until it is closed.

import * as control from "./api.js";
import { leaves, localized } from "./commands.js";
import { el, fill, icon, iconButton } from "./dom.js";
import { isThread, nameOf, signOf } from "./names.js";
import { BIT, has } from "./permissions.js";
import { byPosition } from "./session.js";
import { say, weave } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Channel, Command, Leaf, Person, RecordEntry} from "./types.d.ts" */

/** The command that creates an inbox, and the commands that choose its staff, in order of preference. */
const CREATE = "inbox create";
const STAFF = ["inbox staff", "inbox settings"];

/** The key in local storage that says the guide was closed. */
const HIDDEN = "guide-hidden";

/**
 * The steps: who takes each, which step has to come before, and how to recognise it in the activity log.
 *
 * @type {{key: string, by: NonNullable<Person["part"]>, after?: string, taken: (entry: RecordEntry, staff: string) => boolean}[]}
 */
const STEPS = [
  { key: "write", by: "owner", taken: (entry) => did(entry, "send a message") },
  { key: "inbox", by: "owner", taken: (entry) => did(entry, "use a command") && entry.action?.name === CREATE },
  // The bot's first message in a channel is the inbox.
  { key: "select", by: "owner", taken: (entry) => succeeded(entry, /^\/channels\/\d+\/messages$/) },
  { key: "staff", by: "owner", after: "select", taken: (entry) => did(entry, "use a component") || (did(entry, "use a command") && STAFF.includes(String(entry.action?.name))) },
  { key: "ticket", by: "member", taken: (entry) => succeeded(entry, /^\/channels\/\d+\/threads$/) },
  { key: "answer", by: "moderator", after: "ticket", taken: (entry, staff) => did(entry, "send a message") && entry.person === staff },
  // The bot also locks a ticket that staff close.
  { key: "leave", by: "member", after: "ticket", taken: (entry) => did(entry, "leave a thread") || succeeded(entry, /^\/channels\/\d+$/, "PATCH") },
];

/** @param {App} app */
export function guide(app) {
  const { store } = app;
  const taken = STEPS.map(() => false);
  /** The bot's commands, if they are those that the steps speak of. @type {Command[] | null} */
  let commands = null;
  let after = 0;
  let updating = false;
  let again = false;
  let all = false;
  let drawn = "";
  const title = el("h2", { id: "guide-title" }, say("guide"));
  const count = el("span", { class: "guide-count" });
  const steps = el("ol", { role: "list" });
  const end = el("p", { class: "guide-end", role: "status" });
  const more = iconButton("down", say("guide-all"), { class: "narrow-only", "aria-expanded": "false", onclick: () => ((all = !all), draw()) });
  const node = el(
    "section",
    { class: "guide", "aria-labelledby": "guide-title", hidden: true },
    el("header", null, title, count, more, iconButton("close", say("guide-hide"), { onclick: hide })),
    steps,
    end,
  );

  const mayShow = () => commands !== null && localStorage.getItem(HIDDEN) !== null;

  /** @param {NonNullable<Person["part"]>} part */
  const playing = (part) => store.world?.people.find((person) => person.part === part);

  /** A button with a person's name that switches to them. @param {NonNullable<Person["part"]>} part */
  function person(part) {
    const found = playing(part);
    if (!found || found.id === app.api.person) return el("strong", null, nameOf(found));
    return el("button", { type: "button", class: "text-button", "data-key": `guide ${part}`, onclick: () => app.become(found.id) }, nameOf(found));
  }

  /** A button that opens the channel for tickets. */
  function place() {
    const channel = ticketChannel(app);
    if (!channel) return el("strong", null, "#…");
    return el("button", { type: "button", class: "mention", "data-key": "guide channel", onclick: () => app.go({ guild: channel.guild_id, channel: channel.id, message: null }) }, signOf(channel), channel.name);
  }

  /** @param {string} key */
  function sentence(key) {
    const locale = store.me?.locale;
    const known = leaves(commands ?? [], locale);
    const strong = (/** @type {string | undefined} */ text) => el("strong", null, text);
    const command = (/** @type {Leaf | undefined} */ leaf) => strong(`/${leaf?.shown}`);
    const menuCommand = commands?.find(({ type }) => type === 3);
    const select = strong(menuCommand && localized(menuCommand, locale));
    const apps = strong(say("apps"));
    switch (key) {
      case "write":
        return weave("guide-write", { channel: place() });
      case "inbox":
        return weave("guide-inbox", { command: command(known.find(({ path }) => path === CREATE)), channel: place() });
      case "select":
        return matchMedia("(hover: none)").matches ? weave("guide-select-touch", { apps, select }) : weave("guide-select", { apps, select });
      case "staff":
        return weave("guide-staff", { command: command(STAFF.map((path) => known.find((leaf) => leaf.path === path)).find(Boolean)) });
      case "ticket":
        return weave("guide-ticket", { channel: place() });
      case "answer":
        return weave("guide-answer", { channel: place() });
      default:
        return weave("guide-leave", { leave: strong(say("leave-thread")) });
    }
  }

  /** Asks to switch to the person who takes the step, unless they are the current person. @param {NonNullable<Person["part"]>} by */
  function switching(by) {
    return playing(by)?.id === app.api.person ? null : [weave("guide-switch", { name: person(by) }), " "];
  }

  function draw() {
    const next = taken.indexOf(false);
    const fresh = STEPS.map(({ key, by }, index) =>
      el(
        "li",
        { class: taken[index] ? "taken" : null, "aria-current": index === next ? "step" : null },
        el("span", { class: "guide-tick", "aria-hidden": true }, taken[index] ? icon("check") : index + 1),
        el(
          "div",
          null,
          el("strong", { class: "guide-step" }, say(`guide-step-${key}`)),
          taken[index] ? el("span", { class: "hidden" }, " ", say("guide-done")) : null,
          index === next ? el("p", null, switching(by), sentence(key)) : null,
        ),
      ),
    );
    // Unchanged steps keep their elements, so that a click on one is not lost.
    const now = fresh.map(({ outerHTML }) => outerHTML).join("");
    if (now !== drawn) fill(steps, fresh);
    drawn = now;
    count.textContent = next === -1 ? "" : say("guide-count", { number: next + 1, count: STEPS.length });
    more.setAttribute("aria-expanded", String(all));
    more.hidden = next === -1;
    node.classList.toggle("all", all);
    fill(end, next === -1 ? weave("guide-end", { moderator: person("moderator"), channel: place() }) : null);
    node.hidden = commands === null || localStorage.getItem(HIDDEN) !== null;
  }

  function hide() {
    localStorage.setItem(HIDDEN, "1");
    draw();
    app.composer.focus();
  }

  function show() {
    localStorage.removeItem(HIDDEN);
    draw();
    update();
  }

  /** Checks whether the bot has registered the commands. It does so after it connects, so this may come late. */
  async function recognise() {
    const guild = store.world?.guilds[0];
    const owner = playing("owner");
    if (!guild || !owner) return;
    if (commands === null) {
      const found = await new control.Client(owner.id).commands(guild.id).catch(() => []);
      if (!leaves(found).some(({ path }) => path === CREATE)) return;
      commands = found;
    }
    draw();
    update();
  }

  /** Reads the new entries of the activity log. */
  async function update() {
    again = true;
    if (updating || node.hidden) return;
    updating = true;
    const before = taken.join();
    try {
      while (again) {
        again = false;
        const { entries, next } = await control.record(after, true);
        after = next;
        for (const entry of entries) {
          // After a reset, all steps are open again.
          if (entry.kind === "control" && entry.path === "/reset") taken.fill(false);
          STEPS.forEach((step, index) => {
            const ready = !step.after || taken[STEPS.findIndex(({ key }) => key === step.after)];
            taken[index] ||= ready && step.taken(entry, playing("moderator")?.id ?? "");
          });
        }
        // A later step also ticks off those that were skipped.
        taken.fill(true, 0, taken.lastIndexOf(true) + 1);
        again ||= entries.length > 0;
      }
    } catch {
      // The next change tries again.
    }
    updating = false;
    if (taken.join() !== before) draw();
  }

  store.on(["world", "place", "guilds"], recognise);
  store.on(["messages", "threadMembers"], update);
  return { node, show, mayShow };
}

/** The channel for tickets: the first in which a role may manage threads, or else the first to write in. @param {App} app @returns {Channel | undefined} */
function ticketChannel({ store: { guild } }) {
  const all = [...(guild?.channels.values() ?? [])].filter((channel) => channel.type === 0 && !isThread(channel)).sort(byPosition);
  const managed = all.find(({ permission_overwrites }) => permission_overwrites?.some(({ type, allow }) => type === 0 && (BigInt(allow) & BIT.MANAGE_THREADS) !== 0n));
  return managed ?? all.find(({ permissions }) => has(permissions, "SEND_MESSAGES"));
}

/** @param {RecordEntry} entry @param {string} deed */
function did(entry, deed) {
  return entry.kind === "person" && entry.action?.do === deed;
}

/** @param {RecordEntry} entry @param {RegExp} path @param {string} [method] */
function succeeded(entry, path, method = "POST") {
  return entry.kind === "call" && entry.method === method && path.test(entry.path ?? "") && (entry.status ?? 500) < 300;
}
