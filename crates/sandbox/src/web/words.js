// The page's text in the current person's language. The sentences are in `words/*.ftl`. The build checks them and
// turns each file into JSON that needs no parser here.

/**
 * A sentence: a text, or its pieces. A piece is a text, the name of a value, or a choice by a number.
 *
 * @typedef {string | {value: string} | {by: string, cases: Record<string, Piece[]>, other: Piece[]}} Piece
 * @typedef {Record<string, string | Piece[]>} Words
 */

/** The languages of the page. The first is the fallback. */
const SPOKEN = ["en-US", "de", "fr"];

/** @type {Words} */
let words = {};
let current = "";
/** The language that was asked for last. */
let wanted = "";

/** The page's language that fits a locale best. @param {string} locale */
function best(locale) {
  const bare = (/** @type {string} */ code) => code.split("-")[0];
  return SPOKEN.find((code) => code === locale) ?? SPOKEN.find((code) => bare(code) === bare(locale)) ?? SPOKEN[0];
}

/**
 * Loads the sentences for a person's language.
 *
 * @param {string} locale
 * @returns {Promise<boolean>} whether the language changed
 */
export async function speak(locale) {
  const code = best(locale);
  wanted = code;
  if (code === current) return false;
  const answer = await fetch(`/words/${code}.json`);
  if (!answer.ok) throw new Error(`/words/${code}.json: ${answer.status}`);
  const loaded = await answer.json();
  if (code !== wanted) return false;
  words = loaded;
  current = code;
  document.documentElement.lang = code;
  return true;
}

/** The current language. */
export function spoken() {
  return current;
}

/**
 * A sentence as text.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function say(key, values = {}) {
  return weave(key, values).join("");
}

/**
 * A sentence with elements as values.
 *
 * @param {string} key
 * @param {Record<string, Node | string | number>} [values]
 * @returns {(Node | string)[]}
 */
export function weave(key, values = {}) {
  const found = words[key];
  if (found === undefined) throw new Error(`the page has no words for ${key}`);
  return typeof found === "string" ? [found] : found.flatMap((piece) => put(piece, values));
}

/** Whether there is a sentence with this key. @param {string} key */
export function knows(key) {
  return key in words;
}

/**
 * @param {Piece} piece
 * @param {Record<string, Node | string | number>} values
 * @returns {(Node | string)[]}
 */
function put(piece, values) {
  if (typeof piece === "string") return [piece];
  if ("value" in piece) {
    const value = values[piece.value] ?? "";
    return [typeof value === "number" ? value.toLocaleString(current) : value];
  }
  const number = Number(values[piece.by]);
  const chosen = piece.cases[number] ?? piece.cases[new Intl.PluralRules(current).select(number)] ?? piece.other;
  return chosen.flatMap((each) => put(each, values));
}
