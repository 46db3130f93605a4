// The message list. It keeps the elements of unchanged messages, loads more on scrolling, and sticks to the end while
// the end is visible. Only part of a long channel is in the page.

import { usable } from "./components.js";
import { editBox } from "./composer.js";
import { el, fill, iconButton, keepFocus } from "./dom.js";
import { openLightbox } from "./lightbox.js";
import { messageMenu, userMenu } from "./menus.js";
import { continues, hasFlag, FLAG, messageNode, sentNode } from "./message.js";
import { isThread } from "./names.js";
import { compare } from "./snowflake.js";
import { isSystem } from "./system.js";
import { day, sameDay } from "./time.js";
import { onMenu } from "./touch.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Log} from "./store.js" */
/** @import {Channel, Message, Place, Pending} from "./types.d.ts" */

/** The distance from an end, in pixels, at which more is loaded. */
const NEAR = 600;

/** @param {App} app */
export function messageList(app) {
  const { store } = app;
  const list = el("ol", { class: "messages", role: "list", "aria-label": say("messages") });
  const beginning = el("div", { class: "beginning" });
  const scroller = el("div", { class: "scroller" }, beginning, list);
  const presentBar = el(
    "button",
    { type: "button", class: "present-bar", hidden: true, onclick: () => toEnd() },
  );
  const toolbar = el("div", { class: "toolbar", role: "group", "aria-label": say("message-actions") });
  /** @type {Map<string, {depends: unknown[], node: HTMLElement}>} */
  let rows = new Map();
  let stuck = true;
  let lastTop = 0;
  /** The newest message when the list was last at its end. @type {string | null} */
  let read = null;
  let people = 0;
  /** @type {string | null} */
  let channel = null;
  /** @type {Place | null} */
  let arrivedAt = null;
  /** The message with the tab stop. @type {string | null} */
  let current = null;
  /** The text of the message that is being edited. It stays when the message is drawn again. @type {{id: string, node: HTMLElement} | null} */
  let editor = null;

  function draw() {
    const log = store.place.channel ? store.logs.get(store.place.channel) : undefined;
    if (store.place.channel !== channel) {
      channel = store.place.channel;
      rows = new Map();
      fill(list);
      stuck = true;
      current = null;
      read = null;
    }
    if (editor?.id !== app.editing) editor = null;
    const anchor = stuck ? null : firstVisible();
    const top = anchor?.getBoundingClientRect().top ?? 0;
    const entries = channel ? together(log?.messages ?? [], [...store.sent.values()].filter((sent) => sent.name && sent.channel_id === channel)) : [];
    reconcile(entries);
    list.setAttribute("aria-label", say("messages-in", { name: store.channel?.name ?? "" }));
    fill(beginning, log && !log.hasOlder && store.channel ? welcome(store.channel) : null);
    drawBar(log);
    if (anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - top;
    if (stuck) scroller.scrollTop = scroller.scrollHeight;
    arrive();
    // If a page could not be loaded, scrolling or reconnecting tries again.
    if (!log?.failed) loadMore();
  }

  /** @param {({message: Message} | {sent: Pending})[]} entries */
  function reconcile(entries) {
    /** @type {typeof rows} */
    const next = new Map();
    /** @type {Message | undefined} */
    let before;
    keepFocus(list, () => {
      let place = list.firstElementChild;
      for (const entry of entries) {
        const { id, depends, make, message } = "message" in entry ? ofMessage(entry.message, before) : ofSent(entry.sent);
        const old = rows.get(id);
        const kept = old && depends.every((each, index) => each === old.depends[index]) ? old.node : make();
        if (old && old.node !== kept) {
          if (place === old.node) place = old.node.nextElementSibling;
          if (toolbar.parentElement === old.node) kept.append(toolbar);
          old.node.remove();
        }
        if (kept === place) place = place.nextElementSibling;
        else list.insertBefore(kept, place);
        next.set(id, { depends, node: kept });
        before = message;
      }
      for (const [id, { node }] of rows) if (!next.has(id)) node.remove();
    });
    rows = next;
    rove(current && rows.has(current) ? current : ([...rows.keys()].at(-1) ?? null));
  }

  /** @param {Message} message @param {Message | undefined} before */
  function ofMessage(message, before) {
    const compact = continues(message, before);
    const newDay = !before || !sameDay(new Date(before.timestamp), new Date(message.timestamp));
    const busy = [...store.sent.values()].filter((sent) => sent.message_id === message.id).map(({ custom_id }) => custom_id).join();
    const editing = app.editing === message.id;
    const firstNew = store.firstNew.get(message.channel_id) === message.id;
    return {
      id: message.id,
      message,
      depends: [message, compact && !newDay && !firstNew, newDay, firstNew, busy, editing, !message.components?.length || usable(app, message), message.thread && store.find(message.thread.id)?.name, store.complaints.get(message.id), people],
      make() {
        const node = messageNode(app, message, { compact: compact && !newDay && !firstNew, editor: editing ? editorOf(message) : null });
        if (firstNew) node.prepend(el("div", { class: "new-line" }, el("span", null, say("new"))));
        if (newDay) node.prepend(el("div", { class: "day" }, el("span", null, day(message.timestamp, store.me?.locale ?? "en-US"))));
        return node;
      },
    };
  }

  /** @param {Message} message */
  function editorOf(message) {
    editor ??= { id: message.id, node: editBox(app, message) };
    return editor.node;
  }

  /** @param {Pending} sent */
  function ofSent(sent) {
    return { id: sent.id, message: undefined, depends: [sent.state], make: () => sentNode(app, sent) };
  }

  /** Says how many new messages are below the visible part. @param {Log | undefined} log */
  function drawBar(log) {
    const newest = log?.messages.at(-1)?.id ?? null;
    if (stuck || !read) read = newest;
    const later = read;
    const unseen = later ? (log?.messages.filter(({ id, author }) => compare(id, later) > 0 && author.id !== store.me?.id).length ?? 0) : 0;
    presentBar.hidden = !log?.hasNewer && unseen === 0;
    presentBar.textContent = log?.hasNewer ? say("jump-to-present") : say("new-messages", { count: unseen });
  }

  /** Scrolls to the newest message, and loads it first if necessary. */
  function toEnd() {
    stuck = true;
    if (channel && store.logs.get(channel)?.hasNewer) app.session.present(channel);
    else store.changed("messages");
  }

  /** The first visible message. It keeps its position when messages are added above it. */
  function firstVisible() {
    const { top } = scroller.getBoundingClientRect();
    return [...list.children].find((node) => node.getBoundingClientRect().bottom > top);
  }

  /** Scrolls to the message in the address, once. */
  function arrive() {
    const { place } = store;
    if (place === arrivedAt || !place.message || place.channel !== channel) return;
    const node = rows.get(place.message)?.node;
    if (!node) return;
    arrivedAt = place;
    stuck = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("found");
    rove(place.message);
    node.focus({ preventScroll: true });
    setTimeout(() => node.classList.remove("found"), 2500);
  }

  function loadMore() {
    const log = channel ? store.logs.get(channel) : undefined;
    if (!channel || !log || log.messages.length === 0) return;
    if (log.hasOlder && scroller.scrollTop < NEAR) app.session.older(channel);
    else if (log.hasNewer && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR) app.session.newer(channel);
    else if (stuck) app.session.trim(channel);
  }

  /** Moves the tab stop to one message. @param {string | null} id */
  function rove(id) {
    if (current && current !== id) rows.get(current)?.node.setAttribute("tabindex", "-1");
    current = id;
    if (id) rows.get(id)?.node.setAttribute("tabindex", "0");
  }

  /** @param {Element | null} target @returns {{node: HTMLElement, id: string} | null} */
  function messageAt(target) {
    const node = /** @type {HTMLElement | null | undefined} */ (target?.closest("[data-message]"));
    return node ? { node, id: node.dataset.message ?? "" } : null;
  }

  /** @param {string} id */
  const message = (id) => (channel ? store.message(channel, id) : undefined);

  /** Moves the toolbar to the message with the pointer or the focus. @param {Element | null} target */
  function moveToolbar(target) {
    const at = messageAt(target);
    const what = at && message(at.id);
    if (!at || !what || toolbar.parentElement === at.node) return;
    if (toolbar.contains(document.activeElement) && toolbar.isConnected) return;
    const own = what.author.id === store.me?.id && !isSystem(what);
    const ephemeral = hasFlag(what, FLAG.EPHEMERAL);
    fill(
      toolbar,
      ephemeral || isSystem(what) ? null : iconButton("reply", say("reply"), { onclick: () => app.composer.reply(what), "data-key": "reply" }),
      own && !ephemeral ? iconButton("edit", say("edit"), { onclick: () => app.edit(what.id), "data-key": "edit" }) : null,
      iconButton("more", say("more"), {
        "aria-haspopup": "menu",
        "data-key": "more",
        onclick: (/** @type {Event} */ event) => messageMenu(app, what, /** @type {Element} */ (event.currentTarget)),
      }),
    );
    at.node.append(toolbar);
  }

  scroller.addEventListener("scroll", () => {
    // Only scrolling up releases the end: the list also moves when it or the composer grows.
    const log = channel ? store.logs.get(channel) : undefined;
    if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40) stuck = !log?.hasNewer;
    else if (scroller.scrollTop < lastTop) stuck = false;
    lastTop = scroller.scrollTop;
    drawBar(log);
    loadMore();
  });
  new ResizeObserver(() => stuck && (scroller.scrollTop = scroller.scrollHeight)).observe(list);
  new ResizeObserver(() => stuck && (scroller.scrollTop = scroller.scrollHeight)).observe(scroller);

  list.addEventListener("pointerover", (event) => moveToolbar(/** @type {Element} */ (event.target)));
  list.addEventListener("focusin", (event) => {
    const at = messageAt(/** @type {Element} */ (event.target));
    if (at) rove(at.id);
    moveToolbar(/** @type {Element} */ (event.target));
  });
  list.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const picture = /** @type {HTMLAnchorElement | null} */ (target.closest("a.picture"));
    if (picture && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      return openLightbox(picture);
    }
    const button = target.closest(".name-button[data-user]");
    if (button) userMenu(app, button.getAttribute("data-user") ?? "", button);
  });
  onMenu(list, (target, anchor) => {
    const at = messageAt(target);
    const what = at && message(at.id);
    if (!at || !what || target.closest("textarea, input")) return false;
    const user = target.closest("[data-user]");
    if (user) userMenu(app, user.getAttribute("data-user") ?? "", anchor);
    else messageMenu(app, what, anchor, at.node);
    return true;
  });
  list.addEventListener("keydown", (event) => {
    const at = messageAt(/** @type {Element} */ (event.target));
    if (!at) return;
    const what = message(at.id);
    if ((event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) && what) {
      event.preventDefault();
      return void messageMenu(app, what, at.node, at.node);
    }
    if (event.target !== at.node) return;
    const ids = [...rows.keys()];
    const index = ids.indexOf(at.id);
    const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: ids.length - 1 }[event.key];
    const key = to === undefined ? undefined : ids[to];
    if (key) {
      event.preventDefault();
      rows.get(key)?.node.focus();
    } else if (event.key === "r" && what && !isSystem(what)) (event.preventDefault(), app.composer.reply(what));
    else if (event.key === "e" && what?.author.id === store.me?.id) (event.preventDefault(), app.edit(at.id));
  });

  store.on(["messages", "place"], draw);
  store.on(["members", "guilds"], () => {
    people += 1;
    draw();
  });
  return { nodes: [scroller, presentBar], toEnd };
}

/**
 * Messages, and between them the commands that the bot has not responded to.
 *
 * @param {Message[]} messages
 * @param {Pending[]} sent
 * @returns {({message: Message} | {sent: Pending})[]}
 */
function together(messages, sent) {
  /** @type {({message: Message} | {sent: Pending})[]} */
  const entries = messages.map((message) => ({ message }));
  for (const each of sent) {
    let at = entries.length;
    const local = each.id.startsWith("local-");
    while (!local && at > 0 && compare(idOf(entries[at - 1]), each.id) > 0) at -= 1;
    entries.splice(at, 0, { sent: each });
  }
  return entries;
}

/** @param {{message: Message} | {sent: Pending}} entry */
function idOf(entry) {
  return "message" in entry ? entry.message.id : entry.sent.id;
}

/** @param {Channel} channel */
function welcome(channel) {
  const thread = isThread(channel);
  return [el("h2", null, thread ? channel.name : say("welcome", { name: channel.name })), el("p", { class: "muted" }, thread ? say("start-of-thread") : channel.topic || say("start-of", { name: channel.name }))];
}
