// Dates and times as people read them, in the person's language.

import { el } from "./dom.js";
import { say } from "./words.js";

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};

/**
 * What `<t:…>` shows.
 *
 * @param {number} seconds
 * @param {string} style
 * @param {string} locale
 */
export function timestamp(seconds, style, locale) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return el("span", null, say("invalid-date"));
  const text = style === "R" ? relative(date, locale) : format(date, STYLES[style], locale);
  return el(
    "time",
    { class: "timestamp", datetime: date.toISOString(), title: format(date, STYLES.F, locale), "data-relative": style === "R" ? locale : null },
    text,
  );
}

/** A message's time: today's without the day. @param {string} iso @param {string} locale */
export function messageTime(iso, locale) {
  const date = new Date(iso);
  const time = format(date, STYLES.t, locale);
  const text = sameDay(date, new Date()) ? time : format(date, STYLES.s, locale);
  return el("time", { datetime: iso, title: format(date, STYLES.F, locale) }, text);
}

/** @param {string} iso @param {string} locale */
export function clock(iso, locale) {
  return format(new Date(iso), STYLES.t, locale);
}

/** @param {string} iso @param {string} locale */
export function day(iso, locale) {
  return format(new Date(iso), { dateStyle: "long" }, locale);
}

/** @param {string} iso @param {string} locale */
export function fullTime(iso, locale) {
  return format(new Date(iso), STYLES.s, locale);
}

/** @param {Date} a @param {Date} b */
export function sameDay(a, b) {
  return a.toDateString() === b.toDateString();
}

/** @param {Date} date @param {string} locale */
export function relative(date, locale) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
  const units = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(known(locale), { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** Updates the relative times on the page as time passes. */
export function keepTimesFresh() {
  setInterval(() => {
    for (const node of document.querySelectorAll("time[data-relative]")) {
      node.textContent = relative(new Date(node.getAttribute("datetime") ?? ""), node.getAttribute("data-relative") ?? "en-US");
    }
  }, 15000);
}

/** @param {Date} date @param {Intl.DateTimeFormatOptions} style @param {string} locale */
function format(date, style, locale) {
  return new Intl.DateTimeFormat(known(locale), style).format(date);
}

/** @param {string} locale */
function known(locale) {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? "en-US";
  } catch {
    return "en-US";
  }
}
