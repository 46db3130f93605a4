// Reactions below a message. A click on one adds or removes the person's own.

import { el } from "./dom.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {MenuItem} from "./popup.js" */
/** @import {Emoji, Message, Reaction} from "./types.d.ts" */

/** The emojis that the message menu offers. */
const OFFERED = ["👍", "👎", "❤️", "😂", "🎉", "👀", "✅", "❌"];

/** @param {App} app @param {Message} message */
export function reactionsOf(app, message) {
  if (!message.reactions?.length) return null;
  return el("ul", { class: "reactions", "aria-label": say("reactions") }, message.reactions.map((reaction) => el("li", null, button(app, message, reaction))));
}

/** The entries that add a reaction. @param {App} app @param {Message} message @returns {MenuItem[]} */
export function reactionItems(app, message) {
  return OFFERED.map((name) => ({ label: name, run: () => app.session.attempt(app.api.react(message.channel_id, message.id, name, true)) }));
}

/**
 * A message with a changed reaction.
 *
 * @param {Message} message
 * @param {Emoji} emoji
 * @param {1 | -1} by
 * @param {boolean} own whether it is the current person's
 * @returns {Message}
 */
export function withReaction(message, emoji, by, own) {
  const before = message.reactions ?? [];
  const known = before.find((each) => codeOf(each.emoji) === codeOf(emoji));
  const changed = { emoji, count: (known?.count ?? 0) + by, me: own ? by > 0 : (known?.me ?? false) };
  const all = known ? before.map((each) => (each === known ? changed : each)) : [...before, changed];
  return { ...message, reactions: all.filter(({ count }) => count > 0) };
}

/** How URLs and comparisons name an emoji. @param {Emoji} emoji */
export function codeOf({ id, name }) {
  return id ? `${name}:${id}` : (name ?? "");
}

/** @param {App} app @param {Message} message @param {Reaction} reaction */
function button(app, message, { emoji, count, me }) {
  const shown = emoji.id ? `:${emoji.name}:` : (emoji.name ?? "");
  return el(
    "button",
    {
      type: "button",
      class: "reaction",
      "aria-pressed": String(me),
      "aria-label": say("reaction", { emoji: shown, count }),
      "data-key": `reaction ${message.id} ${codeOf(emoji)}`,
      onclick: () => app.session.attempt(app.api.react(message.channel_id, message.id, codeOf(emoji), !me)),
    },
    el("span", { class: "emoji" }, shown),
    " ",
    count,
  );
}
