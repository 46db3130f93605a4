// A message as a line of text: what a screen reader says of it, and what a reply quotes.

import { markdown } from "./markdown.js";
import { namesFor } from "./names.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Message} from "./types.d.ts" */

/** What stands for a message that has no text: its embed's, its file's name, or that there is none. @param {App} app @param {Message} message */
export function plainText(app, message) {
  const { content, embeds, attachments } = message;
  const embed = embeds?.[0];
  const text = content || embed?.title || embed?.description;
  return (text ? read(app, message, text) : "") || attachments?.[0]?.filename || say("something-new");
}

/** Markup as the words that are seen: names for ids, times as they are shown, nothing of a spoiler. @param {App} app @param {Message} message @param {string} text */
function read(app, message, text) {
  const seen = document.createElement("div");
  seen.append(...markdown(text, namesFor(app.store, app, message)));
  for (const hidden of seen.querySelectorAll(".spoiler")) hidden.replaceWith(say("spoiler"));
  return (seen.textContent ?? "").replace(/\s+/g, " ").trim();
}
