// What can be done with threads, as far as this person may: join, leave, add, edit, close, lock, open,
// delete, and the browser of open and closed ones.

import { el, fill } from "./dom.js";
import { isThread, nameHere, signOf } from "./names.js";
import { has } from "./permissions.js";
import { ask, confirm, openDialog, openMenu } from "./popup.js";
import { discordLink } from "./route.js";
import { selectMenu } from "./select.js";
import { compare } from "./snowflake.js";
import { relative } from "./time.js";
import { copy } from "./toast.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {MenuItem} from "./popup.js" */
/** @import {Channel, ChannelEdit, ThreadDraft} from "./types.d.ts" */

/** The most threads that are listed at once. The search finds the others. */
const SHOWN = 50;

/** The most closed threads that the control API lists. */
const LISTED = 100;

/** @param {App} app @param {Channel} thread */
export function rights(app, thread) {
  const manages = has(thread.permissions, "MANAGE_THREADS");
  const owns = thread.owner_id === app.store.me?.id;
  const { archived = false, locked = false, invitable = true } = thread.thread_metadata ?? {};
  const speaks = has(thread.permissions, "SEND_MESSAGES_IN_THREADS");
  return {
    archived,
    locked,
    join: !thread.joined && !archived,
    leave: Boolean(thread.joined) && !archived,
    add: !archived && speaks && (manages || owns || (Boolean(thread.joined) && invitable)),
    remove: !archived && (manages || (owns && thread.type === 12)),
    edit: manages || owns,
    reopen: archived && (manages || (speaks && !locked)),
    manage: manages,
  };
}

/** @param {App} app @param {Channel} thread @param {Element | {x: number, y: number}} anchor */
export function threadMenu(app, thread, anchor) {
  const { api } = app;
  const may = rights(app, thread);
  const change = (/** @type {Record<string, unknown>} */ fields) => () => app.session.attempt(api.editChannel(thread.id, fields));
  /** @type {(MenuItem | false)[]} */
  const items = [
    may.join && { label: say("join-thread"), run: () => app.session.attempt(api.addToThread(thread.id, "@me")) },
    may.leave && { label: say("leave-thread"), run: () => app.session.leave(thread.id, api.removeFromThread(thread.id, "@me")) },
    may.add && { label: say("add-members"), run: () => addMembers(app, thread) },
    may.edit && !may.archived && { label: say("rename"), run: () => edit(app, thread) },
    may.edit && !may.archived && { label: say("archive"), run: change({ archived: true }) },
    may.manage && !may.archived && !may.locked && { label: say("archive-and-lock"), run: change({ archived: true, locked: true }) },
    may.manage && !may.archived && { label: may.locked ? say("unlock") : say("lock"), run: change({ locked: !may.locked }) },
    may.reopen && { label: say("reopen"), run: () => reopen(app, thread) },
    { label: say("copy-link"), run: () => copy(discordLink({ guild: thread.guild_id, channel: thread.id, message: null })) },
    { label: say("copy-thread-id"), run: () => copy(thread.id) },
    may.manage && {
      label: say("delete-thread"),
      danger: true,
      run: () => confirm(say("delete-thread"), say("delete-sure", { name: thread.name }), say("delete"), () => app.session.leave(thread.id, api.deleteChannel(thread.id))),
    },
  ];
  openMenu(items, anchor, { label: thread.name });
}

/** Opens a closed thread, and unlocks it so that its members can write. @param {App} app @param {Channel} thread */
export function reopen(app, thread) {
  const { locked } = rights(app, thread);
  return app.session.attempt(app.api.editChannel(thread.id, { archived: false, ...(locked && { locked: false }) }));
}

/** @param {App} app @param {Channel} thread */
export function addMembers(app, thread) {
  const { body, close } = openDialog(say("add-members"), { class: "small" });
  const problem = el("p", { class: "problem", role: "alert" });
  const menu = selectMenu(app, { type: 5, max_values: 10, placeholder: say("whom") }, { label: say("whom"), onChange: () => {} });
  const add = async () => {
    try {
      for (const user of menu.values()) await app.api.addToThread(thread.id, user);
      close();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  fill(body, menu.node, problem, el("div", { class: "dialog-foot" }, el("button", { type: "button", class: "button", onclick: close }, say("cancel")), el("button", { type: "button", class: "button primary", onclick: add }, say("add"))));
  menu.node.focus();
}

/** @param {App} app @param {Channel} channel where threads belong */
export function threadBrowser(app, channel) {
  const { store } = app;
  const { body, close } = openDialog(say("threads-of", { name: channel.name }), { class: "threads" });
  const list = el("div", { class: "thread-list" });
  const search = el("input", { type: "search", class: "search", placeholder: say("search-threads"), "aria-label": say("search-threads"), autocomplete: "off", oninput: draw });
  const counted = el("p", { class: "muted", role: "status" });
  const tabs = [0, 1].map((index) => el("button", { type: "button", role: "tab", id: `threads-${index}`, onclick: () => show(index) }));
  const panel = el("div", { role: "tabpanel", "aria-labelledby": "threads-0" }, counted, list);
  const bar = el("div", { role: "tablist", class: "tabs", "aria-label": say("threads") }, tabs);
  /** Open threads, and closed threads once they are loaded. @type {[Channel[], Channel[] | null]} */
  const threads = [activeUnder(), null];
  let shown = 0;
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const to = 1 - tabs.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    tabs[to]?.focus();
    show(to);
  });
  const mayCreate = channel.type === 0 && (has(channel.permissions, "CREATE_PRIVATE_THREADS") || has(channel.permissions, "CREATE_PUBLIC_THREADS"));
  fill(
    body,
    el("div", { class: "tabs-line" }, bar, el("span", { class: "grow" }), mayCreate ? el("button", { type: "button", class: "button primary small", onclick: () => (close(), createThread(app, channel)) }, say("create-thread")) : null),
    search,
    panel,
  );

  /** @param {number} which */
  function show(which) {
    shown = which;
    panel.setAttribute("aria-labelledby", `threads-${which}`);
    draw();
  }

  function draw() {
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === shown));
      tab.tabIndex = index === shown ? 0 : -1;
      const name = index === 1 ? say("archived-tab") : say("active-tab");
      const known = threads[index];
      tab.textContent = known ? say("tab-count", { name, count: counting(known) }) : name;
    });
    const all = threads[shown];
    if (!all) return fill(list);
    const wanted = search.value.trim().toLowerCase();
    const found = all.filter((thread) => [thread.name, thread.id, starter(thread)].some((text) => text?.toLowerCase().includes(wanted)));
    counted.textContent = wanted ? say("threads-found", { count: found.length, all: all.length }) : "";
    fill(list, found.length ? found.slice(0, SHOWN).map(line) : el("p", { class: "muted" }, wanted ? say("nothing-found") : say("no-threads")));
    if (found.length > SHOWN) list.append(el("p", { class: "muted" }, say("and-more", { count: found.length - SHOWN })));
  }

  function activeUnder() {
    return [...(store.guild?.threads.values() ?? [])].filter((thread) => thread.parent_id === channel.id && !thread.thread_metadata?.archived).sort((a, b) => compare(b.id, a.id));
  }

  /** @param {Channel} thread */
  function starter(thread) {
    const owner = store.guild?.members.get(thread.owner_id ?? "");
    return owner && nameHere(store, owner.user);
  }

  /** @param {Channel} thread */
  function line(thread) {
    const name = starter(thread);
    const when = thread.thread_metadata?.archived ? thread.thread_metadata.archive_timestamp : null;
    const details = [
      name && say("started-by", { name }),
      thread.thread_metadata?.locked && say("locked"),
      when && say("archived-when", { when: relative(new Date(when), store.me?.locale ?? "en-US") }),
      thread.joined && say("joined-tag"),
    ];
    return el(
      "button",
      { type: "button", class: "thread-card", onclick: () => (close(), app.go({ guild: channel.guild_id, channel: thread.id, message: null })) },
      signOf(thread),
      el("span", null, el("strong", null, thread.name), el("span", { class: "muted" }, details.filter(Boolean).join(" · "))),
    );
  }

  draw();
  tabs[0].focus();
  app.session.attempt(app.api.archivedThreads(channel.id)).then((answer) => {
    threads[1] = answer?.threads ?? [];
    draw();
  });
}

/** The number of threads, with a plus if there may be more. @param {Channel[]} threads */
function counting({ length }) {
  return length >= LISTED ? `${LISTED}+` : length;
}

/** @param {App} app @param {Channel} channel */
function createThread(app, channel) {
  const may = {
    11: has(channel.permissions, "CREATE_PUBLIC_THREADS"),
    12: has(channel.permissions, "CREATE_PRIVATE_THREADS"),
  };
  /** @type {[string, string][]} */
  const kinds = [];
  if (may[12]) kinds.push(["12", say("private-thread")]);
  if (may[11]) kinds.push(["11", say("public-thread")]);
  ask(
    say("create-thread"),
    [
      { name: "name", label: say("name"), required: true, maxlength: 100 },
      { name: "type", label: say("kind"), options: kinds },
    ],
    say("create"),
    async ({ name, type }) => {
      const thread = await app.api.createThread(channel.id, { name, type: /** @type {ThreadDraft["type"]} */ (Number(type)) });
      await app.go({ guild: channel.guild_id, channel: thread.id, message: null });
    },
  );
}

/** @param {App} app @param {Channel} thread */
function edit(app, thread) {
  const { auto_archive_duration: hidden = 4320 } = thread.thread_metadata ?? {};
  const manages = rights(app, thread).manage;
  const durations = [60, 1440, 4320, 10080].map((minutes) => /** @type {[string, string]} */ ([String(minutes), inHoursOrDays(minutes)]));
  ask(
    say("rename"),
    [
      { name: "name", label: say("thread-name"), value: thread.name, required: true, maxlength: 100 },
      { name: "auto_archive_duration", label: say("hide-after"), value: String(hidden), options: durations },
      ...(manages ? [{ name: "rate_limit_per_user", label: say("slowmode-seconds"), type: "number", value: String(thread.rate_limit_per_user ?? 0) }] : []),
    ],
    say("save"),
    ({ name, auto_archive_duration, rate_limit_per_user }) => {
      const change = {
        ...(name !== thread.name && { name }),
        ...(Number(auto_archive_duration) !== hidden && { auto_archive_duration: /** @type {ChannelEdit["auto_archive_duration"]} */ (Number(auto_archive_duration)) }),
        ...(manages && Number(rate_limit_per_user) !== (thread.rate_limit_per_user ?? 0) && { rate_limit_per_user: Number(rate_limit_per_user) }),
      };
      return Object.keys(change).length ? app.api.editChannel(thread.id, change) : Promise.resolve();
    },
  );
}

/** @param {number} minutes */
function inHoursOrDays(minutes) {
  const days = minutes / 1440;
  return days < 1 ? say("hours", { count: minutes / 60 }) : say("days", { count: days });
}

/** The channel that a thread's siblings are under. @param {App} app @param {Channel} channel */
export function parentOf(app, channel) {
  return isThread(channel) ? app.store.find(channel.parent_id ?? "") : channel;
}
