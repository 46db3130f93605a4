// What can be done with threads, as far as this person may: join, leave, add, rename, archive, lock, re-open,
// delete, and the browser of active and archived ones.

import { el, fill } from "./dom.js";
import { isThread, nameHere, signOf } from "./names.js";
import { has } from "./permissions.js";
import { ask, confirm, openDialog, openMenu } from "./popup.js";
import { discordLink } from "./route.js";
import { selectMenu } from "./select.js";
import { compare } from "./snowflake.js";
import { S } from "./strings.js";
import { relative } from "./time.js";
import { copy } from "./toast.js";

/** @import {App} from "./app.js" */
/** @import {MenuItem} from "./popup.js" */
/** @import {Channel} from "./types.d.ts" */

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
    may.join && { label: S.joinThread, run: () => app.session.attempt(api.addToThread(thread.id, "@me")) },
    may.leave && { label: S.leaveThread, run: () => app.session.attempt(api.removeFromThread(thread.id, "@me")) },
    may.add && { label: S.addMembers, run: () => addMembers(app, thread) },
    may.edit && !may.archived && { label: S.rename, run: () => rename(app, thread) },
    may.edit && !may.archived && { label: S.archive, run: change({ archived: true }) },
    may.manage && !may.archived && !may.locked && { label: S.archiveAndLock, run: change({ archived: true, locked: true }) },
    may.manage && !may.archived && { label: may.locked ? S.unlock : S.lock, run: change({ locked: !may.locked }) },
    may.reopen && { label: S.reopen, run: change({ archived: false }) },
    may.reopen && may.locked && { label: S.reopenAndUnlock, run: change({ archived: false, locked: false }) },
    { label: S.copyLink, run: () => copy(discordLink({ guild: thread.guild_id, channel: thread.id, message: null })) },
    { label: S.copyThreadId, run: () => copy(thread.id) },
    may.manage && {
      label: S.deleteThread,
      danger: true,
      run: () => confirm(S.deleteThread, S.deleteChannelSure(thread.name), S.delete, () => app.session.attempt(api.deleteChannel(thread.id))),
    },
  ];
  openMenu(items, anchor, { label: thread.name });
}

/** @param {App} app @param {Channel} thread */
export function addMembers(app, thread) {
  const { body, close } = openDialog(S.addMembers, { class: "small" });
  const problem = el("p", { class: "problem", role: "alert" });
  const menu = selectMenu(app, { type: 5, max_values: 10, placeholder: S.whom }, { label: S.whom, onChange: () => {} });
  const add = async () => {
    try {
      for (const user of menu.values()) await app.api.addToThread(thread.id, user);
      close();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  fill(body, menu.node, problem, el("footer", { class: "dialog-foot" }, el("button", { type: "button", class: "button", onclick: close }, S.cancel), el("button", { type: "button", class: "button primary", onclick: add }, S.add)));
  menu.node.focus();
}

/** @param {App} app @param {Channel} channel where threads belong */
export function threadBrowser(app, channel) {
  const { store } = app;
  const { body, close } = openDialog(S.threadsOf(channel.name), { class: "threads" });
  const list = el("div", { class: "thread-list" });
  const tabs = [S.active, S.archivedTab].map((text, index) => el("button", { type: "button", role: "tab", id: `threads-${index}`, onclick: () => show(index) }, text));
  const panel = el("div", { role: "tabpanel", "aria-labelledby": "threads-0" }, list);
  const bar = el("div", { role: "tablist", class: "tabs", "aria-label": S.threads }, tabs);
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const to = 1 - tabs.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    tabs[to]?.focus();
    show(to);
  });
  const mayCreate = channel.type === 0 && (has(channel.permissions, "CREATE_PRIVATE_THREADS") || has(channel.permissions, "CREATE_PUBLIC_THREADS"));
  fill(
    body,
    el("div", { class: "tabs-line" }, bar, el("span", { class: "grow" }), mayCreate ? el("button", { type: "button", class: "button primary small", onclick: () => (close(), createThread(app, channel)) }, S.createThread) : null),
    panel,
  );

  /** @param {number} which */
  async function show(which) {
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === which));
      tab.tabIndex = index === which ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `threads-${which}`);
    const threads = which === 1 ? ((await app.session.attempt(app.api.archivedThreads(channel.id)))?.threads ?? []) : activeUnder(channel);
    fill(list, threads.length ? threads.map(line) : el("p", { class: "muted" }, S.noThreads));
  }

  /** @param {Channel} channel */
  function activeUnder(channel) {
    return [...(store.guild?.threads.values() ?? [])].filter((thread) => thread.parent_id === channel.id && !thread.thread_metadata?.archived).sort((a, b) => compare(b.id, a.id));
  }

  /** @param {Channel} thread */
  function line(thread) {
    const owner = store.guild?.members.get(thread.owner_id ?? "");
    const when = thread.thread_metadata?.archived ? thread.thread_metadata.archive_timestamp : null;
    const details = [
      owner && S.startedBy(nameHere(store, owner.user)),
      thread.thread_metadata?.locked && S.locked,
      when && S.archivedWhen(relative(new Date(when), store.me?.locale ?? "en-US")),
      thread.joined && S.joined,
    ];
    return el(
      "button",
      { type: "button", class: "thread-card", onclick: () => (close(), app.go({ guild: channel.guild_id, channel: thread.id, message: null })) },
      signOf(thread),
      el("span", null, el("strong", null, thread.name), el("span", { class: "muted" }, details.filter(Boolean).join(" · "))),
    );
  }

  show(0).then(() => tabs[0].focus());
}

/** @param {App} app @param {Channel} channel */
function createThread(app, channel) {
  const may = {
    11: has(channel.permissions, "CREATE_PUBLIC_THREADS"),
    12: has(channel.permissions, "CREATE_PRIVATE_THREADS"),
  };
  /** @type {[string, string][]} */
  const kinds = [];
  if (may[12]) kinds.push(["12", S.privateThread]);
  if (may[11]) kinds.push(["11", S.publicThread]);
  ask(
    S.createThread,
    [
      { name: "name", label: S.name, required: true, maxlength: 100 },
      { name: "type", label: S.kind, options: kinds },
    ],
    S.create,
    async ({ name, type }) => {
      const thread = await app.api.createThread(channel.id, { name, type: Number(type) });
      await app.go({ guild: channel.guild_id, channel: thread.id, message: null });
    },
  );
}

/** @param {App} app @param {Channel} thread */
function rename(app, thread) {
  ask(S.rename, [{ name: "name", label: S.name, value: thread.name, required: true, maxlength: 100 }], S.save, ({ name }) => app.api.editChannel(thread.id, { name }));
}

/** The channel that a thread's siblings are under. @param {App} app @param {Channel} channel */
export function parentOf(app, channel) {
  return isThread(channel) ? app.store.find(channel.parent_id ?? "") : channel;
}
