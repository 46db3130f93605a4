// The first minute: three steps from a message to a ticket, each ticked off when it has happened, whoever did it
// and in whichever window. Only for a bot that can be led through them; hidden for good once it was closed.

import * as control from "./api.js";
import { leaves, localized } from "./commands.js";
import { el, fill, iconButton } from "./dom.js";
import { nameOf } from "./names.js";
import { say, weave } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Command, RecordEntry} from "./types.d.ts" */

/** What the record shows once a step was taken. @type {((entry: RecordEntry) => boolean)[]} */
const TAKEN = [
  ({ kind, action }) => kind === "person" && action?.do === "send a message",
  // The bot's first message of all is the inbox.
  (entry) => succeeded(entry, /^\/channels\/\d+\/messages$/),
  (entry) => succeeded(entry, /^\/channels\/\d+\/threads$/),
];

/** The command that makes an inbox. */
const CREATE = "inbox create";

/** Where it is remembered that nobody wants to see it. */
const HIDDEN = "guide-hidden";

/** @param {App} app */
export function guide(app) {
  const { store } = app;
  const taken = TAKEN.map(() => false);
  /** The bot's commands, if they are those that the steps speak of. @type {Command[] | null} */
  let commands = null;
  let after = 0;
  let looking = false;
  let again = false;
  const steps = el("ol", { role: "list" });
  const end = el("p", { class: "guide-end", role: "status" });
  const node = el(
    "section",
    { class: "guide", "aria-labelledby": "guide-title", hidden: true },
    el("header", null, el("h2", { id: "guide-title" }, say("guide")), iconButton("close", say("guide-hide"), { onclick: hide })),
    steps,
    end,
  );

  const mayShow = () => commands !== null && localStorage.getItem(HIDDEN) !== null;

  /** @param {string} part */
  const called = (part) => nameOf(store.world?.people.find((person) => person.part === part));

  /** The steps, with the commands as the person's client calls them. */
  function sentences() {
    const strong = (/** @type {string | undefined} */ text) => el("strong", null, text);
    const locale = store.me?.locale;
    const create = leaves(commands ?? [], locale).find(({ path }) => path === CREATE);
    const select = commands?.find(({ type }) => type === 3);
    return [
      weave("guide-write", { owner: strong(called("owner")) }),
      weave("guide-inbox", { command: strong(`/${create?.shown}`), apps: strong(say("apps")), select: strong(select && localized(select, locale)) }),
      weave("guide-ticket", { member: strong(called("member")) }),
    ];
  }

  function draw() {
    const next = taken.indexOf(false);
    fill(
      steps,
      sentences().map((sentence, index) =>
        el(
          "li",
          { class: taken[index] ? "taken" : null, "aria-current": index === next ? "step" : null },
          el("span", { class: "guide-tick", "aria-hidden": true }, taken[index] ? "✓" : index + 1),
          el("span", null, sentence, taken[index] ? el("span", { class: "hidden" }, " ", say("guide-done")) : null),
        ),
      ),
    );
    end.textContent = next === -1 ? say("guide-end", { member: called("member") }) : "";
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
    look();
  }

  /** Whether the bot has what the steps speak of, which may come late: it has to connect first. */
  async function recognise() {
    const guild = store.world?.guilds[0];
    const owner = store.world?.people.find(({ part }) => part === "owner");
    if (!guild || !owner) return;
    if (commands === null) {
      const found = await new control.Client(owner.id).commands(guild.id).catch(() => []);
      if (!leaves(found).some(({ path }) => path === CREATE)) return;
      commands = found;
    }
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
        const { entries, next } = await control.record(after, true);
        after = next;
        for (const entry of entries) TAKEN.forEach((sign, index) => (taken[index] ||= sign(entry)));
        // A message can be there before anybody writes one: who is further has no step to go back to.
        taken.fill(true, 0, taken.lastIndexOf(true) + 1);
        again ||= entries.length > 0;
      }
    } catch {
      // The next change looks again.
    }
    looking = false;
    if (taken.filter(Boolean).length > before) draw();
  }

  store.on(["world", "place"], recognise);
  store.on(["messages", "guilds"], look);
  return { node, show, mayShow };
}

/** @param {RecordEntry} entry @param {RegExp} path */
function succeeded(entry, path) {
  return entry.kind === "call" && entry.method === "POST" && path.test(entry.path ?? "") && (entry.status ?? 500) < 300;
}
