// The activity log: problems, the bot's calls, the events it received, and what people did. It is fetched only while it
// is visible.

import * as control from "./api.js";
import { el, fill, iconButton } from "./dom.js";
import { nameOf } from "./names.js";
import { toast } from "./toast.js";
import { knows, say, spoken } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {RecordEntry} from "./types.d.ts" */

const EVERY = 1000;
const KEPT = 500;

/** @type {RecordEntry["kind"][]} */
const KINDS = ["call", "event", "person", "gateway"];

/** @param {App} app */
export function inspector(app) {
  /** What is in the list, oldest first. A row stays as it is while others come and go. @type {{entry: RecordEntry, node: HTMLElement}[]} */
  let rows = [];
  let after = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** How often the log was opened or closed. A request from before the last time is not followed by another. */
  let watched = 0;
  const wanted = new Set(KINDS);
  const list = el("ol", { class: "record", role: "list", "aria-label": say("inspector") });
  const wrong = el("section", { class: "record-problems", hidden: true });
  let told = 0;
  const search = el("input", { type: "search", class: "search", placeholder: say("filter"), "aria-label": say("filter"), oninput: filter });
  const node = el(
    "aside",
    { class: "inspector", "aria-label": say("inspector") },
    el("div", { class: "column-head" }, el("h2", null, say("inspector")), el("span", { class: "grow" }), iconButton("trash", say("clear"), { onclick: () => ((rows = []), fill(list)) }), iconButton("close", say("close"), { onclick: () => app.toggle("inspector") })),
    el(
      "div",
      { class: "inspector-filter" },
      search,
      KINDS.map((kind) => el("label", { class: "check" }, el("input", { type: "checkbox", checked: true, onchange: () => (wanted.has(kind) ? wanted.delete(kind) : wanted.add(kind), filter()) }), say(`kind-${kind}`))),
    ),
    wrong,
    list,
  );

  /** @param {string} id */
  const nameIt = (id) => nameOf(app.store.world?.people.find((each) => each.id === id) ?? { id, username: id });

  /** @param {RecordEntry} entry */
  function fits(entry) {
    const text = search.value.toLowerCase();
    return wanted.has(entry.kind) && (!text || JSON.stringify(entry).toLowerCase().includes(text));
  }

  function filter() {
    list.replaceChildren(...rows.filter(({ entry }) => fits(entry)).map(({ node }) => node));
    list.scrollTop = list.scrollHeight;
  }

  /** Adds rows, and follows the end if it is in view. @param {RecordEntry[]} entries */
  function add(entries) {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const added = entries.filter(({ kind }) => KINDS.includes(kind)).map((entry) => ({ entry, node: row(entry, nameIt) }));
    list.append(...added.filter(({ entry }) => fits(entry)).map(({ node }) => node));
    rows.push(...added);
    for (const { node } of rows.splice(0, Math.max(0, rows.length - KEPT))) node.remove();
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  /** What a test should fail on, above everything else. */
  async function drawProblems() {
    const problems = await control.problems();
    told = problems.length;
    wrong.hidden = told === 0;
    const clear = el("button", { type: "button", class: "text-button", onclick: () => control.clearProblems().then(drawProblems).then(() => app.loadWorld(), toast) }, say("clear"));
    fill(wrong, [el("h3", null, say("problems", { count: told }), clear), el("ul", null, problems.map(({ method, path, what }) => el("li", null, el("code", null, `${method} ${path}`), " ", what)))]);
  }

  /** @param {number} watch */
  async function poll(watch) {
    try {
      if ((app.store.world?.problems ?? 0) !== told) await drawProblems();
      const answer = await control.record(after);
      if (watch !== watched) return;
      after = answer.next;
      add(answer.entries);
    } catch {
      // The next request retries.
    }
    if (watch === watched) timer = setTimeout(() => poll(watch), EVERY);
  }

  return {
    node,
    /** @param {boolean} shown */
    watch(shown) {
      clearTimeout(timer);
      watched += 1;
      if (shown) poll(watched);
    },
  };
}

/** @param {RecordEntry} entry @param {(id: string) => string} nameIt */
function row(entry, nameIt) {
  const at = new Date(entry.at).toLocaleTimeString(spoken());
  const details = [
    ["request", entry.request],
    ["response", entry.response],
    ["data", entry.data],
    ["action", entry.action],
  ].filter(([, value]) => value !== undefined && value !== null && value !== "");
  const failed = (entry.status ?? 0) >= 400;
  const line = [el("span", { class: "muted" }, at), " ", el("span", { class: `kind ${entry.kind}` }, say(`kind-${entry.kind}`)), " ", summary(entry, nameIt), entry.status ? el("span", { class: failed ? "status bad" : "status" }, ` ${entry.status}`) : null, entry.ms === undefined ? null : el("span", { class: "muted" }, ` ${Math.round(entry.ms)} ms`)];
  if (details.length === 0) return el("li", null, line);
  const body = el("div", { class: "record-body" });
  return el(
    "li",
    null,
    el(
      "details",
      {
        ontoggle() {
          if (!body.firstChild) fill(body, details.map(([name, value]) => [el("h3", null, say(`record-${name}`)), el("pre", { tabindex: "0" }, typeof value === "string" ? value : JSON.stringify(value, null, 2))]));
        },
      },
      el("summary", null, line),
      body,
    ),
  );
}

/** @param {RecordEntry} entry @param {(id: string) => string} nameIt */
function summary(entry, nameIt) {
  if (entry.kind === "call") return `${entry.method} ${entry.path}`;
  if (entry.kind === "event") return entry.name;
  if (entry.kind === "person") return deed(nameIt(entry.person ?? ""), entry.action);
  return typeof entry.what === "string" ? entry.what : JSON.stringify(entry.what);
}

/** What a person did, as a sentence if there is one. @param {string} name @param {RecordEntry["action"]} action */
function deed(name, action) {
  const key = `did-${action?.do?.replaceAll(" ", "-")}`;
  if (knows(key)) return say("person-did", { name, deed: say(key) });
  return say("person-did-other", { name, deed: action?.do ?? JSON.stringify(action) });
}
