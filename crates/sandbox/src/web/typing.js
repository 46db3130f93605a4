// The typing indicator: shows who else is typing, in a line of fixed height, and notifies others that this person is typing.

import { el } from "./dom.js";
import { nameHere } from "./names.js";
import { say, spoken } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Id} from "./types.d.ts" */

/** How often others are notified, in milliseconds. */
const EVERY = 8000;
/** The most names that are listed. */
const NAMED = 3;

/** @param {App} app */
export function typingLine(app) {
  const { store } = app;
  const node = el("p", { class: "typing" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let notified = { channel: "", at: 0 };

  function draw() {
    clearTimeout(timer);
    const there = store.typing.get(store.place.channel ?? "") ?? new Map();
    const now = Date.now();
    const typing = [...there].filter(([, until]) => until > now);
    node.textContent = sentence(typing.map(([id]) => nameHere(store, store.guild?.members.get(id)?.user ?? { id, username: "" })));
    if (typing.length) timer = setTimeout(draw, Math.min(...typing.map(([, until]) => until)) - now + 1);
  }

  /** Notifies others that this person is typing, at most once per interval. @param {Id} channel */
  function notify(channel) {
    if (notified.channel === channel && Date.now() - notified.at < EVERY) return;
    notified = { channel, at: Date.now() };
    app.api.typing(channel).catch(() => {});
  }

  store.on(["typing", "place", "members"], draw);
  return { node, notify, sent: () => (notified = { channel: "", at: 0 }) };
}

/** @param {string[]} names */
function sentence(names) {
  if (names.length === 0) return "";
  if (names.length > NAMED) return say("typing-many");
  return say("typing", { count: names.length, names: new Intl.ListFormat(spoken()).format(names) });
}
