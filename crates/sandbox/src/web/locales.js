// The languages that people and servers can have. The sandbox lists them; each is named in its own language.

import { el } from "./dom.js";

/** @import {App} from "./app.js" */

/**
 * A menu of all languages.
 *
 * @param {App} app
 * @param {string} chosen Discord's code of a language
 * @param {Record<string, any>} properties
 */
export function localePicker(app, chosen, properties) {
  const select = el("select", properties);
  const codes = app.store.world?.locales ?? [chosen];
  const named = codes.map((code) => /** @type {const} */ ([code, nameOf(code)])).sort(([, a], [, b]) => a.localeCompare(b));
  select.append(...named.map(([code, name]) => el("option", { value: code, lang: code }, name)));
  select.value = chosen;
  return select;
}

/** @param {string} code */
function nameOf(code) {
  const name = new Intl.DisplayNames(code, { type: "language", languageDisplay: "standard", style: "short" }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}
