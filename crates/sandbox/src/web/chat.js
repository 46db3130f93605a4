// The middle column: the channel's header, its messages, and the composer.

import { composer } from "./composer.js";
import { el, fill, icon, iconButton } from "./dom.js";
import { forumView, isForum } from "./forum.js";
import { messageList } from "./messages.js";
import { isThread, signOf } from "./names.js";
import { channelMenu } from "./sidebar.js";
import { parentOf, rights, threadBrowser, threadMenu } from "./threads.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Store} from "./store.js" */

/** @param {App} app */
export function chat(app) {
  const { store } = app;
  const head = el("header", { class: "column-head chat-head" });
  const list = messageList(app);
  const writer = composer(app);
  const guidePlace = el("div", null);
  const frame = el("div", { class: "list-frame" }, list.nodes);
  const node = el("main", { class: "chat", "aria-label": say("channel") }, head, guidePlace, frame, forumView(app), writer.node);

  function draw() {
    const { channel } = store;
    frame.hidden = writer.node.hidden = isForum(channel);
    const menuButton = iconButton("menu", say("show-channels"), { class: "narrow-only", "data-key": "show channels", onclick: () => app.toggle("channels") });
    if (!channel) return fill(head, menuButton, el("h1", null, store.me ? say("nowhere") : ""));
    const thread = isThread(channel);
    const parent = parentOf(app, channel);
    const may = thread ? rights(app, channel) : null;
    const api = app.api;
    document.title = `${unreadSign(store)}${thread ? channel.name : `#${channel.name}`} · ${store.guild?.name ?? ""} · ${say("title")}`;
    fill(
      head,
      menuButton,
      thread && parent
        ? [el("button", { type: "button", class: "parent-link", "data-key": "parent", onclick: () => app.go({ guild: channel.guild_id, channel: parent.id, message: null }) }, signOf(parent), parent.name), icon("right")]
        : null,
      el(
        "div",
        { class: "chat-title" },
        el("h1", null, signOf(channel), el("span", { class: "chat-name" }, channel.name)),
        may?.archived ? el("span", { class: "tag" }, say("archived-tag")) : null,
        may?.locked ? el("span", { class: "tag" }, say("locked")) : null,
      ),
      channel.topic && !isForum(channel) ? el("span", { class: "topic" }, channel.topic) : null,
      el("span", { class: "grow" }),
      may?.join ? el("button", { type: "button", class: "button primary small", "data-key": "join", onclick: () => app.session.attempt(api.addToThread(channel.id, "@me")) }, say("join-thread")) : null,
      may?.leave ? el("button", { type: "button", class: "button small wide-only", "data-key": "join", onclick: () => app.session.leave(channel.id, api.removeFromThread(channel.id, "@me")) }, say("leave-thread")) : null,
      iconButton("more", thread ? say("thread-actions") : say("channel-actions"), {
        "aria-haspopup": "menu",
        "data-key": "actions",
        onclick: (/** @type {Event} */ event) => (thread ? threadMenu : channelMenu)(app, channel, /** @type {Element} */ (event.currentTarget)),
      }),
      parent ? iconButton("thread", say("threads-of", { name: parent.name }), { class: thread ? "wide-only" : "", "data-key": "threads", onclick: () => threadBrowser(app, parent) }) : null,
      iconButton("people", say("show-members"), { "aria-pressed": String(app.shows("members")), "data-key": "members", onclick: () => app.toggle("members") }),
    );
  }

  node.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    node.classList.add("dropping");
  });
  for (const name of ["dragleave", "drop", "dragend"]) node.addEventListener(name, () => node.classList.remove("dropping"));
  node.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    writer.addFiles(event.dataTransfer.files);
  });
  node.setAttribute("data-drop", say("drop-here"));

  store.on(["place", "guilds", "panels"], draw);
  return { node, guidePlace, composer: writer, toEnd: list.toEnd };
}

/** The prefix of the window's title: the number of mentions in other channels, or a dot for unread messages. @param {Store} store */
function unreadSign({ unread }) {
  const mentions = [...unread.values()].reduce((sum, count) => sum + count, 0);
  return mentions ? `(${mentions}) ` : unread.size ? "• " : "";
}
