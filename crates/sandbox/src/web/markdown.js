// Discord's markdown as nodes. Nothing here parses HTML: whatever is not markup stays text. Each rule scans a bounded
// part of the text once, so that no message can hang the page.

import { el } from "./dom.js";
import { timestamp } from "./time.js";
import { say } from "./words.js";

/** @import {Id} from "./types.d.ts" */

/**
 * How ids become names. `jump` returns null for links that do not lead to Discord.
 *
 * @typedef {{
 *   user: (id: Id) => Node, role: (id: Id) => Node, channel: (id: Id) => Node, all: (name: string) => Node,
 *   jump: (address: string) => Node | null, locale: string,
 * }} Names
 */

const DEEPEST = 12;

/**
 * A whole message, or an embed's description.
 *
 * @param {string} text
 * @param {Names} names
 * @returns {Node[]}
 */
export function markdown(text, names, depth = 0) {
  /** @type {Node[]} */
  const out = [];
  let plain = "";
  let rest = text;
  const flush = () => {
    if (plain) out.push(...inline(plain, names, depth));
    plain = "";
  };
  while (rest) {
    const lineStart = plain === "" || plain.endsWith("\n");
    const block = codeBlock(rest) ?? (lineStart && depth < DEEPEST ? lineBlock(rest, names, depth) : null);
    if (block) {
      flush();
      out.push(block.node);
      rest = rest.slice(block.length);
      continue;
    }
    const piece = (/^(?:\\[\s\S]|(`{1,2})(?!`)[^`]+\1(?!`)|[^\n`\\]+|[\s\S])/.exec(rest) ?? [""])[0];
    plain += piece;
    rest = rest.slice(piece.length);
  }
  flush();
  return out;
}

/**
 * One line's worth of markup: titles, names of fields.
 *
 * @param {string} text
 * @param {Names} names
 * @returns {Node[]}
 */
export function inline(text, names, depth = 0) {
  /** @type {Node[]} */
  const out = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = depth < DEEPEST ? mark(text, at, names, depth) : null;
    if (!found) {
      plain += text[at++];
      continue;
    }
    if (plain) out.push(document.createTextNode(plain));
    plain = "";
    out.push(found.node);
    at += found.length;
  }
  if (plain) out.push(document.createTextNode(plain));
  return out;
}

/** @typedef {{node: Node, length: number} | null} Found */

/** @param {string} text @returns {Found} */
function codeBlock(text) {
  const match = text.startsWith("```") ? /^```(?:[\w+#.-]*\n)?([\s\S]+?)```\n?/.exec(text) : null;
  return match && { node: el("pre", { tabindex: "0" }, el("code", null, match[1].replace(/\n$/, ""))), length: match[0].length };
}

/**
 * @param {string} text
 * @param {Names} names
 * @param {number} depth
 * @returns {Found}
 */
function lineBlock(text, names, depth) {
  let match = /^>>> ([\s\S]*)$/.exec(text);
  if (match) return { node: el("blockquote", null, markdown(match[1], names, depth + 1)), length: text.length };
  match = /^(?:> [^\n]*(?:\n|$))+/.exec(text);
  if (match) {
    const inner = match[0].replace(/\n$/, "").replace(/^> /gm, "");
    return { node: el("blockquote", null, markdown(inner, names, depth + 1)), length: match[0].length };
  }
  match = /^(#{1,3}) +([^\n]+)\n?/.exec(text);
  if (match) {
    const level = String(match[1].length);
    const heading = el("div", { class: `heading h${level}`, role: "heading", "aria-level": String(match[1].length + 2) });
    heading.append(...inline(match[2], names, depth + 1));
    return { node: heading, length: match[0].length };
  }
  match = /^-# ([^\n]+)\n?/.exec(text);
  if (match) return { node: el("small", { class: "subtext" }, inline(match[1], names, depth + 1)), length: match[0].length };
  match = /^(?: *(?:[-*]|\d{1,9}\.) +[^\n]+(?:\n|$))+/.exec(text);
  return match && { node: list(match[0], names, depth), length: match[0].length };
}

/**
 * Items with more indentation form a nested list in the item before.
 *
 * @param {string} text
 * @param {Names} names
 * @param {number} depth
 */
function list(text, names, depth) {
  const root = document.createDocumentFragment();
  /** @type {{indent: number, ordered: boolean, list: HTMLElement}[]} */
  const open = [];
  for (const line of text.trimEnd().split("\n")) {
    const [, spaces, sign, content] = /^( *)([-*]|\d+\.) +(.+)$/.exec(line) ?? ["", "", "-", line];
    const ordered = sign.endsWith(".");
    const indent = spaces.length;
    while (open.length && (indent < open[open.length - 1].indent || (indent === open[open.length - 1].indent && ordered !== open[open.length - 1].ordered))) open.pop();
    const last = open.at(-1);
    if (!last || (indent > last.indent && open.length < DEEPEST)) {
      const deeper = ordered ? el("ol", { start: parseInt(sign, 10) }) : el("ul", null);
      (last?.list.lastElementChild ?? root).append(deeper);
      open.push({ indent, ordered, list: deeper });
    }
    open[open.length - 1].list.append(el("li", null, inline(content, names, depth + 1)));
  }
  return root;
}

/**
 * The markup that begins at this position, or null.
 *
 * @param {string} text
 * @param {number} at
 * @param {Names} names
 * @param {number} depth
 * @returns {Found}
 */
function mark(text, at, names, depth) {
  switch (text[at]) {
    case "\\": {
      const match = matchAt(/\\([^0-9A-Za-z\s])/y, text, at);
      return match && { node: document.createTextNode(match[1]), length: 2 };
    }
    case "`": {
      const match = matchAt(/(`{1,2})(?!`)([^`]|[^`][^]*?[^`])\1(?!`)/y, text, at);
      return match && { node: el("code", null, match[2]), length: match[0].length };
    }
    case "*":
      return wrapped(text, at, "**", "strong", names, depth) ?? wrapped(text, at, "*", "em", names, depth);
    case "_":
      return wrapped(text, at, "__", "u", names, depth) ?? wrapped(text, at, "_", "em", names, depth);
    case "~":
      return wrapped(text, at, "~~", "s", names, depth);
    case "|": {
      const found = wrapped(text, at, "||", "span", names, depth);
      return found && { node: spoiler(found.node), length: found.length };
    }
    case "[": {
      const match = matchAt(/\[((?:[^[\]\\\n]|\\.)+)\]\(<?(https?:\/\/[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)?)>?(?: +"[^"]*")?\)/y, text, at);
      return match && { node: link(match[2], inline(match[1], names, match[1].includes("://") ? DEEPEST : DEEPEST - 1)), length: match[0].length };
    }
    case "h": {
      const match = at > 0 && /\w/.test(text[at - 1]) ? null : matchAt(/https?:\/\/[^\s<]*[^\s<.,:;"')\]*_~|]/y, text, at);
      return match && { node: names.jump(match[0]) ?? link(match[0], [document.createTextNode(match[0])]), length: match[0].length };
    }
    case "@": {
      const match = matchAt(/@(everyone|here)/y, text, at);
      return match && { node: names.all(match[0]), length: match[0].length };
    }
    case "<":
      return angled(text, at, names);
    default:
      return null;
  }
}

/**
 * @param {string} text
 * @param {number} at
 * @param {Names} names
 * @returns {Found}
 */
function angled(text, at, names) {
  let match = matchAt(/<(@!?|@&|#)(\d{1,20})>/y, text, at);
  if (match) {
    const kind = match[1] === "#" ? "channel" : match[1] === "@&" ? "role" : "user";
    return { node: names[kind](match[2]), length: match[0].length };
  }
  match = matchAt(/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, text, at);
  if (match) return { node: timestamp(Number(match[1]), match[2] ?? "f", names.locale), length: match[0].length };
  match = matchAt(/<\/([^:>\n]{1,100}):(\d{1,20})>/y, text, at);
  if (match) return { node: el("span", { class: "mention" }, `/${match[1]}`), length: match[0].length };
  match = matchAt(/<a?(:\w{2,32}:)\d{1,20}>/y, text, at);
  if (match) return { node: el("span", { class: "emoji" }, match[1]), length: match[0].length };
  match = matchAt(/<(https?:\/\/[^\s>]+)>/y, text, at);
  return match && { node: names.jump(match[1]) ?? link(match[1], [document.createTextNode(match[1])]), length: match[0].length };
}

/**
 * @param {string} text
 * @param {number} at
 * @param {string} marker
 * @param {"strong" | "em" | "u" | "s" | "span"} tag
 * @param {Names} names
 * @param {number} depth
 * @returns {Found}
 */
function wrapped(text, at, marker, tag, names, depth) {
  if (!text.startsWith(marker, at)) return null;
  const single = marker.length === 1;
  const from = at + marker.length;
  if (single && (/\s/.test(text[from] ?? " ") || text[from] === marker)) return null;
  if (marker === "_" && /\w/.test(text[at - 1] ?? " ")) return null;
  const end = closing(text, from, marker);
  if (end <= from) return null;
  return { node: el(tag, null, inline(text.slice(from, end), names, depth + 1)), length: end + marker.length - at };
}

/**
 * The position of the closing marker, or -1.
 *
 * @param {string} text
 * @param {number} from
 * @param {string} marker
 */
function closing(text, from, marker) {
  const single = marker.length === 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text.startsWith(marker, at)) {
      if (single && text[at + 1] === marker) {
        const after = text.indexOf(marker + marker, at + 2);
        if (after < 0) return -1;
        at = after + 1;
      } else if (single && (/\s/.test(text[at - 1]) || (marker === "_" && /\w/.test(text[at + 1] ?? " ")))) continue;
      else return marker !== "||" && !single && text[at + 2] === marker[0] && text[at + 3] !== marker[0] ? at + 1 : at;
    }
  }
  return -1;
}

/** A spoiler: hidden until somebody clicks it. @param {Node} content */
export function spoiler(content) {
  const button = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-expanded": "false", "aria-label": say("spoiler") }, content);
  // Hidden content cannot have the focus.
  if (content instanceof HTMLElement) content.inert = true;
  const reveal = (/** @type {Event} */ event) => {
    if (button.getAttribute("aria-expanded") === "true") return;
    event.preventDefault();
    event.stopPropagation();
    button.setAttribute("aria-expanded", "true");
    if (content instanceof HTMLElement) content.inert = false;
    for (const name of ["role", "tabindex", "aria-label"]) button.removeAttribute(name);
  };
  button.addEventListener("click", reveal, true);
  button.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") reveal(event);
  });
  return button;
}

/** @param {string} address @param {Node[]} content */
export function link(address, content) {
  return el("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, content);
}

/** @param {RegExp} sticky @param {string} text @param {number} at */
function matchAt(sticky, text, at) {
  sticky.lastIndex = at;
  return sticky.exec(text);
}
