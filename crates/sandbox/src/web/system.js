// Messages that Discord itself writes: somebody joined, a thread was renamed, …

import { el, icon } from "./dom.js";
import { nameHere } from "./names.js";
import { S } from "./strings.js";
import { messageTime } from "./time.js";

/** @import {App} from "./app.js" */
/** @import {Message, User} from "./types.d.ts" */

/** Types that look like messages of a person: text, replies, answers to commands, a thread's first message. */
const SPOKEN = [0, 19, 20, 21, 23];

/** @param {Message} message */
export function isSystem(message) {
  return !SPOKEN.includes(message.type);
}

/** @param {App} app @param {Message} message @returns {Node[]} */
export function systemText(app, message) {
  const { author, mentions, content } = message;
  const who = name(app, author);
  const other = mentions?.[0] ? name(app, mentions[0]) : null;
  /** @type {Record<number, () => (Node | string)[]>} */
  const texts = {
    1: () => [who, S.system.added, other ?? S.unknownUser],
    2: () => (mentions?.[0]?.id === author.id ? [who, S.system.left] : [who, S.system.removed, other ?? S.unknownUser]),
    4: () => [who, S.system.renamed, el("strong", null, content)],
    6: () => [who, S.system.pinned],
    7: () => [who, S.system.joined],
    18: () => [who, S.system.startedThread, threadButton(app, message)],
  };
  const parts = texts[message.type]?.() ?? [who, S.system.other(message.type), content];
  const sign = { 1: "arrow", 2: "arrow", 4: "edit", 7: "arrow", 18: "thread" }[message.type] ?? "list";
  return [
    el("span", { class: `system-sign type-${message.type}` }, icon(sign)),
    el("span", { class: "system-text" }, parts.flatMap((part) => [part, " "]), messageTime(message.timestamp, app.store.me?.locale ?? "en-US")),
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
