// System messages: somebody joined, a thread was renamed, …

import { el, icon } from "./dom.js";
import { nameHere } from "./names.js";
import { messageTime } from "./time.js";
import { say, weave } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Message, User} from "./types.d.ts" */

/** Message types that are not system messages: text, replies, responses to commands, a thread's first message. */
const SPOKEN = [0, 19, 20, 21, 23];

/** @param {Message} message */
export function isSystem(message) {
  return !SPOKEN.includes(message.type);
}

/** @param {App} app @param {Message} message @returns {Node[]} */
export function systemText(app, message) {
  const { author, mentions, content } = message;
  const who = name(app, author);
  const other = mentions?.[0] ? name(app, mentions[0]) : say("unknown-user");
  /** @type {Record<number, () => (Node | string)[]>} */
  const texts = {
    1: () => weave("system-added", { who, other }),
    2: () => (mentions?.[0]?.id === author.id ? weave("system-left", { who }) : weave("system-removed", { who, other })),
    4: () => weave("system-renamed", { who, name: el("strong", null, content) }),
    6: () => weave("system-pinned", { who }),
    7: () => weave("system-joined", { who }),
    18: () => weave("system-thread", { who, thread: threadButton(app, message) }),
  };
  const sentence = texts[message.type]?.() ?? weave("system-other", { who, type: String(message.type), text: content });
  const sign = { 1: "arrow", 2: "arrow", 4: "edit", 7: "arrow", 18: "thread" }[message.type] ?? "list";
  return [
    el("span", { class: `system-sign type-${message.type}` }, icon(sign)),
    el("span", { class: "system-text" }, sentence, " ", messageTime(message.timestamp, app.store.me?.locale ?? "en-US")),
  ];
}

/** @param {App} app @param {Message} message */
function threadButton(app, message) {
  const id = message.message_reference?.channel_id ?? message.thread?.id;
  if (!id) return el("strong", null, message.content);
  return el("button", { type: "button", class: "name-button", onclick: () => app.go({ guild: app.store.place.guild, channel: id, message: null }) }, message.content);
}

/** @param {App} app @param {User} user */
function name(app, user) {
  return el("strong", { "data-user": user.id }, nameHere(app.store, user));
}
