// A message as one line of plain text, for screen readers and for the quote above a reply.

import { textsIn } from "./components.js";
import { markdown } from "./markdown.js";
import { namesFor } from "./names.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Message} from "./types.d.ts" */

/** A message's text, or else its embed's, or else the name of its first file. @param {App} app @param {Message} message */
export function plainText(app, message) {
  const { content, embeds, attachments } = message;
  const embed = embeds?.[0];
  const text = content || textsIn(message.components).join("\n") || embed?.title || embed?.description;
  return (text ? read(app, message, text) : "") || attachments?.[0]?.filename || say("something-new");
}

/** Renders markup to text: names for ids, times as shown, and no content of spoilers. @param {App} app @param {Message} message @param {string} text */
function read(app, message, text) {
  const seen = document.createElement("div");
  seen.append(...markdown(text, namesFor(app.store, app, message)));
  for (const hidden of seen.querySelectorAll(".spoiler")) hidden.replaceWith(say("spoiler"));
  return (seen.textContent ?? "").replace(/\s+/g, " ").trim();
}
