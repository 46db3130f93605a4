// What the page itself says, read from its own files: a button is called in the tests as people see it.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {(key: string, values?: Record<string, string | number>) => string} Say */

/** All sentences of a language. @param {string} language @returns {Map<string, string>} */
export function sentences(language) {
  const source = readFileSync(join(import.meta.dirname, `../../src/web/words/${language}.ftl`), "utf8");
  return new Map([...source.matchAll(/^([\w-]+) =(.*(?:\n .*)*)/gm)].map(([, key, text]) => [key, text.trim()]));
}

/** The sentences of a language, with values put in and chosen by. @param {string} language @returns {Say} */
export function wordsOf(language) {
  const all = sentences(language);
  return (key, values = {}) => {
    const text = all.get(key);
    if (text === undefined) throw new Error(`the page has no words for ${key}`);
    const chosen = text.replace(/\{ \$(\w+) ->\n([^]*?)\n *\}/g, (_, name, cases) => {
      const kind = new Intl.PluralRules(language).select(Number(values[name]));
      return new RegExp(`\\[${kind}\\] (.*)`).exec(cases)?.[1] ?? /\*\[other\] (.*)/.exec(cases)?.[1] ?? "";
    });
    return chosen.replace(/\{ \$(\w+) \}/g, (_, name) => String(values[name] ?? ""));
  };
}
