// The first minute: three steps from a message to a ticket, each ticked off when it has happened, whoever did it
// and in whichever window. Only for a bot that can be led through them; hidden for good once it was closed.

import * as control from "./api.js";
import { el, fill, iconButton } from "./dom.js";
import { nameOf } from "./names.js";
import { S } from "./strings.js";

/** @import {App} from "./app.js" */
/** @import {RecordEntry} from "./types.d.ts" */

/** What the record shows once a step was taken. @type {((entry: RecordEntry) => boolean)[]} */
const TAKEN = [
  ({ kind, action }) => kind === "person" && action?.do === "send a message",
  (entry) => succeeded(entry, /^\/channels\/\d+\/messages$/) && JSON.stringify(entry.request).includes('"create-ticket"'),
  (entry) => succeeded(entry, /^\/channels\/\d+\/threads$/),
];

/** Where it is remembered that nobody wants to see it. */
const HIDDEN = "guide-hidden";

/** @param {App} app */
export function guide(app) {
  const { store } = app;
  const taken = TAKEN.map(() => false);
  let fits = false;
  let after = 0;
  let looking = false;
  let again = false;
  const steps = el("ol", { role: "list" });
  const end = el("p", { class: "guide-end", role: "status" });
  const node = el(
    "section",
    { class: "guide", "aria-labelledby": "guide-title", hidden: true },
    el("header", null, el("h2", { id: "guide-title" }, S.guide), iconButton("close", S.guideHide, { onclick: hide })),
    steps,
    end,
  );

  const mayShow = () => fits && localStorage.getItem(HIDDEN) !== null;

  /** @param {string} part */
  const called = (part) => nameOf(store.world?.people.find((person) => person.part === part));

  function draw() {
    const next = taken.indexOf(false);
    fill(
      steps,
      S.guideSteps(called("owner"), called("member")).map((words, index) =>
        el(
          "li",
          { class: taken[index] ? "taken" : null, "aria-current": index === next ? "step" : null },
          el("span", { class: "guide-tick", "aria-hidden": true }, taken[index] ? "✓" : index + 1),
          el("span", null, words.map((word, at) => (at % 2 ? el("strong", null, word) : word)), taken[index] ? el("span", { class: "hidden" }, ` (${S.guideDone})`) : null),
        ),
      ),
    );
    end.textContent = next === -1 ? S.guideEnd(called("member")) : "";
    node.hidden = !fits || localStorage.getItem(HIDDEN) !== null;
  }

  function hide() {
    localStorage.setItem(HIDDEN, "1");
    draw();
    app.composer.focus();
  }

  function show() {
    localStorage.removeItem(HIDDEN);
    draw();
    look();
  }

  /** Whether the bot has what the steps speak of, which may come late: it has to connect first. */
  async function recognise() {
    const guild = store.world?.guilds[0];
    const owner = store.world?.people.find(({ part }) => part === "owner");
    if (fits || !guild || !owner) return;
    const commands = await new control.Client(owner.id).commands(guild.id).catch(() => []);
    fits = commands.some(({ name, options }) => name === "inbox" && options?.some((option) => option.name === "create"));
    if (!fits) return;
    draw();
    look();
  }

  /** Reads on in the record of what happened, while there is a step to tick off. */
  async function look() {
    again = true;
    if (looking || node.hidden || !taken.includes(false)) return;
    looking = true;
    const before = taken.filter(Boolean).length;
    try {
      while (again) {
        again = false;
        const { entries, next } = await control.record(after);
        after = next;
        for (const entry of entries) TAKEN.forEach((sign, index) => (taken[index] ||= sign(entry)));
        again ||= entries.length > 0;
      }
    } catch {
      // The next change looks again.
    }
    looking = false;
    if (taken.filter(Boolean).length > before) draw();
  }

  store.on(["world"], recognise);
  store.on(["messages", "guilds"], look);
  return { node, show, mayShow };
}

/** @param {RecordEntry} entry @param {RegExp} path */
function succeeded(entry, path) {
  return entry.kind === "call" && entry.method === "POST" && path.test(entry.path ?? "") && (entry.status ?? 500) < 300;
}
