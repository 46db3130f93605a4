// Short notices over the messages: errors, and confirmations such as "Copied". Screen readers announce them.

import { el, iconButton } from "./dom.js";
import { say } from "./words.js";

const STAY = 8000;

/** @param {unknown} what an error, or a text */
export function toast(what) {
  const error = what instanceof Error;
  const text = error ? what.message : String(what);
  const notice = el(
    "div",
    { class: error ? "toast bad" : "toast" },
    el("span", null, text),
    iconButton("close", say("close"), { onclick: () => notice.remove() }),
  );
  const shelf = document.querySelector(".shelf");
  // An open dialog makes everything outside it inert, so the notices move into it.
  const home = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  if (shelf && shelf.parentElement !== home) home.append(shelf);
  document.getElementById(error ? "alerts" : "notices")?.append(notice);
  setTimeout(() => notice.remove(), STAY);
}

/** For screen readers only. @param {string} text */
export function announce(text) {
  const line = document.getElementById("announcer");
  if (line) line.textContent = text;
}

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(say("copied"));
  } catch {
    toast(say("copy-failed", { text }));
  }
}
