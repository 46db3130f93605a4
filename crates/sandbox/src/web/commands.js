// Slash commands: which there are, what they are called in the person's language, and the form that
// collects their options.

import { el, fill, icon, iconButton, onceAtATime } from "./dom.js";
import { packed } from "./files.js";
import { suggest } from "./listbox.js";
import { choices } from "./select.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Item} from "./listbox.js" */
/** @import {Choice, Command, CommandOption, Leaf} from "./types.d.ts" */

/** Discord falls back between the kinds of English and of Spanish before it takes the default. @type {Record<string, string>} */
const NEAR = { "en-GB": "en-US", "en-US": "en-GB", "es-ES": "es-419", "es-419": "es-ES" };

/** How long typing must pause before the page asks the bot for suggestions, in milliseconds. */
const PAUSE = 150;

/** Option types and the select menu that offers the same. @type {Record<number, number>} */
const AS_SELECT = { 6: 5, 7: 8, 8: 6, 9: 7 };

/**
 * A name in the person's language.
 *
 * @param {{name: string, name_localizations?: Record<string, string> | null}} what
 * @param {string} [locale]
 */
export function localized(what, locale = "en-US") {
  return what.name_localizations?.[locale] ?? what.name_localizations?.[NEAR[locale]] ?? what.name;
}

/** @param {CommandOption | Command} what @param {string} [locale] */
function described(what, locale = "en-US") {
  return what.description_localizations?.[locale] ?? what.description_localizations?.[NEAR[locale]] ?? what.description;
}

/**
 * Everything that can be run: commands without subcommands, and the subcommands of the others.
 *
 * @param {Command[]} commands
 * @param {string} [locale]
 * @returns {Leaf[]}
 */
export function leaves(commands, locale) {
  /** @type {Leaf[]} */
  const out = [];
  /** @param {Command | CommandOption} what @param {string} path @param {string} shown */
  const visit = (what, path, shown) => {
    const below = (what.options ?? []).filter(({ type }) => type <= 2);
    if (below.length === 0) out.push({ path, shown, description: described(what, locale), options: what.options ?? [] });
    for (const each of below) visit(each, `${path} ${each.name}`, `${shown} ${localized(each, locale)}`);
  };
  for (const command of commands) if (command.type === 1) visit(command, command.name, localized(command, locale));
  return out;
}

/** The command's name, if the text begins with it. @param {Leaf} leaf @param {string} text */
function nameIn({ path, shown }, text) {
  return [path, shown].find((name) => text.toLowerCase().startsWith(`/${name.toLowerCase()}`) && /^(\s|$)/.test(text.slice(name.length + 1)));
}

/** The command whose name the text begins with. @param {Leaf[]} all @param {string} text */
export function commandIn(all, text) {
  return all.find((leaf) => nameIn(leaf, text));
}

/** @typedef {{option: CommandOption, value: string}[]} Given the options that a person wrote after the command's name */

/**
 * The options that are written after a command's name, as `name: value`. A value ends where the next option begins.
 *
 * @param {Leaf} leaf
 * @param {string} text
 * @param {string} [locale]
 * @returns {{given: Given, wrong: string | undefined}} `wrong` is text that is not an option, or a value that its field cannot hold
 */
export function optionsIn(leaf, text, locale) {
  const rest = text.slice(1 + (nameIn(leaf, text) ?? text).length);
  /** @type {{option: CommandOption, from: number, to: number}[]} */
  const names = [];
  for (const { 0: written, 1: name, index } of rest.matchAll(/(?<!\S)([^\s:]+)\s*:/g)) {
    const option = leaf.options.find((each) => [each.name, localized(each, locale)].includes(name.toLowerCase()));
    // A name that is repeated belongs to the value.
    if (option && !names.some((each) => each.option === option)) names.push({ option, from: index, to: index + written.length });
  }
  const given = names.map(({ option, to }, index) => ({ option, value: rest.slice(to, names[index + 1]?.from).trim() }));
  const misfit = given.find(({ option, value }) => (option.type === 11 ? value : isNumber(option) && Number.isNaN(Number(value))));
  return { given, wrong: rest.slice(0, names[0]?.from).trim() || (misfit && `${localized(misfit.option, locale)}: ${misfit.value}`) };
}

/** Whether an option's field takes digits only. @param {CommandOption} option */
function isNumber({ type, choices, autocomplete }) {
  return (type === 4 || type === 10) && !choices && !autocomplete;
}

/**
 * What fits to a text that begins with a slash.
 *
 * @param {Leaf[]} all
 * @param {string} text
 */
export function matching(all, text) {
  const wanted = text.slice(1).trim().toLowerCase();
  const rank = (/** @type {Leaf} */ { path, shown }) => {
    const names = [shown.toLowerCase(), path];
    if (names.some((name) => name.startsWith(wanted))) return 0;
    return names.some((name) => name.includes(wanted)) ? 1 : 2;
  };
  const found = all.map((leaf) => ({ leaf, rank: rank(leaf) })).filter((each) => each.rank < 2).sort((a, b) => a.rank - b.rank).map(({ leaf }) => leaf);
  // The whole name may be followed by options.
  return found.length ? found : all.filter((leaf) => nameIn(leaf, text));
}

/**
 * The form in the composer's place once a command was picked.
 *
 * @param {App} app
 * @param {Leaf} leaf
 * @param {Given} given the options that are filled in already
 * @param {() => void} done
 */
export function commandForm(app, leaf, given, done) {
  const locale = app.store.me?.locale;
  const problem = el("p", { class: "problem", role: "alert" });
  const fields = el("div", { class: "command-fields" });
  const extras = el("div", { class: "command-extras" });
  /** @type {Map<string, {option: CommandOption, node: HTMLElement, value: () => unknown, focus: () => void}>} */
  const open = new Map();
  const form = el(
    "form",
    {
      class: "command-form",
      "aria-label": `/${leaf.shown}`,
      onsubmit: onceAtATime(submit),
      onkeydown(/** @type {KeyboardEvent} */ event) {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        done();
      },
    },
    el("div", { class: "command-head" }, icon("slash"), el("strong", null, `/${leaf.shown}`), el("span", { class: "muted" }, leaf.description)),
    el("div", { class: "command-line" }, fields, extras, el("span", { class: "grow" }), el("button", { class: "button primary" }, say("run")), iconButton("close", say("cancel"), { onclick: done })),
    problem,
  );

  /** @param {CommandOption} option */
  function add(option) {
    const field = optionField(app, option, next, () => suggestionsFor(option));
    open.set(option.name, { option, ...field });
    fields.append(field.node);
    drawExtras();
    return field;
  }
  /** What the bot suggests for an option, with what the others hold. @param {CommandOption} option */
  async function suggestionsFor(option) {
    const { guild, channel } = app.store.place;
    if (!guild || !channel) return null;
    const options = Object.fromEntries([...open].map(([name, { value }]) => [name, value()]).filter(([, value]) => value !== undefined && value !== null && !(value instanceof File)));
    return app.api.suggestions({ guild_id: guild, channel_id: channel, name: leaf.path, options, focused: option.name }).catch(() => null);
  }
  function drawExtras() {
    const rest = leaf.options.filter(({ name }) => !open.has(name));
    fill(extras, rest.map((option) => el("button", { type: "button", class: "button small", title: described(option, locale), onclick: () => add(option).focus() }, `+ ${localized(option, locale)}`)));
  }
  /** The first option that keeps the command from being run. */
  const missing = () => [...open.values()].find(({ option, value }) => value() === null || (option.required && value() === undefined));
  /** After a choice: on to the next missing option, or to the button that runs the command. */
  function next() {
    const field = missing();
    if (field) field.focus();
    else /** @type {HTMLElement | null} */ (form.querySelector(".primary"))?.focus();
  }
  /** Focuses the field for a letter that is typed outside the fields: the first empty text option, unless something is missing. */
  function type() {
    const text = leaf.options.find((option) => option.type === 3 && open.get(option.name)?.value() === undefined);
    if (text && !missing()) (open.get(text.name) ?? add(text)).focus();
    else next();
  }
  async function submit() {
    /** @type {Record<string, unknown>} */
    const options = {};
    /** @type {{filename: string, content_type: string, data: string}[]} */
    const attachments = [];
    for (const { option, value, focus } of open.values()) {
      const given = value();
      if (given === null) return complain(say("not-an-option", { name: localized(option, locale) }), focus);
      if (given === undefined && option.required) return complain(say("option-required", { name: localized(option, locale) }), focus);
      // A file is named by its index in the request's files.
      if (given instanceof File) options[option.name] = attachments.push(await packed(given)) - 1;
      else if (given !== undefined) options[option.name] = given;
    }
    const refused = await app.run({ name: leaf.path, type: 1, options, ...(attachments.length && { attachments }) }, `/${leaf.shown}`, true);
    if (refused) complain(refused);
    else done();
  }
  /** @param {string} text @param {() => void} [focus] */
  function complain(text, focus) {
    problem.textContent = text;
    focus?.();
  }

  for (const option of leaf.options) if (option.required) add(option);
  for (const { option, value } of given) {
    const input = (open.get(option.name) ?? add(option)).node.querySelector("input");
    if (input) input.value = value;
  }
  drawExtras();
  return { node: form, focus: next, type };
}

/**
 * The field of one option. Its value is undefined while it is empty and null while it is nothing that can be
 * chosen.
 *
 * @param {App} app
 * @param {CommandOption} option
 * @param {() => void} next
 * @param {() => Promise<Choice[] | null>} ask what the bot suggests, for options with autocomplete
 */
function optionField(app, option, next, ask) {
  const locale = app.store.me?.locale;
  const name = localized(option, locale);
  if (option.type === 11) return fileField(name, described(option, locale), option);
  const number = option.type === 4 || option.type === 10;
  const input = el("input", {
    type: isNumber(option) ? "number" : "text",
    step: option.type === 10 ? "any" : null,
    min: option.min_value,
    max: option.max_value,
    minlength: option.min_length,
    maxlength: option.max_length,
    autocomplete: "off",
    placeholder: described(option, locale),
    "aria-required": option.required ? "true" : null,
    "data-option": option.name,
  });
  const node = el("label", { class: "command-field", title: described(option, locale) }, el("span", null, name), input);
  /** @type {Item | null} */
  let chosen = null;
  if (option.autocomplete) return suggestedField(app, input, node, { name, number, next, ask });
  const offered = offers(app, option);
  if (!offered) {
    return {
      node,
      focus: () => input.focus(),
      value: () => (input.value === "" ? undefined : number ? Number(input.value) : input.value),
    };
  }
  const suggestions = suggest(input, {
    label: name,
    anchor: node,
    items: () => offered(chosen ? "" : input.value).slice(0, 50),
    onChoose(item) {
      chosen = item;
      input.value = item.label;
      next();
    },
  });
  input.addEventListener("input", () => (chosen = null));
  input.addEventListener("focus", () => suggestions.update());
  input.addEventListener("pointerdown", () => document.activeElement === input && suggestions.update());
  return {
    node,
    focus: () => input.focus(),
    value() {
      if (input.value === "") return undefined;
      const exact = chosen ?? offered(input.value).find(({ label, value }) => [label, value].some((text) => bare(text) === bare(input.value)));
      if (!exact) return null;
      if (option.type === 5) return exact.value === "true";
      return number ? Number(exact.value) : exact.value;
    },
  };
}

/** A text for comparison, in which `#support` and `Support` are the same. @param {string} text */
function bare(text) {
  return text.toLowerCase().replace(/^[@#]/, "");
}

/** @param {string} name @param {string} description @param {CommandOption} option */
function fileField(name, description, option) {
  const input = el("input", { type: "file", "aria-required": option.required ? "true" : null, "data-option": option.name });
  return {
    node: el("label", { class: "command-field", title: description }, el("span", null, name), input),
    focus: () => input.focus(),
    value: () => input.files?.[0],
  };
}

/**
 * A field for which the bot suggests values while it is written in. Others may be written, too.
 *
 * @param {App} app
 * @param {HTMLInputElement} input
 * @param {HTMLElement} node
 * @param {{name: string, number: boolean, next: () => void, ask: () => Promise<Choice[] | null>}} how
 */
function suggestedField(app, input, node, { name, number, next, ask }) {
  /** @type {Item[] | null} */
  let items = null;
  /** @type {Item | null} */
  let chosen = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asked = 0;
  const suggestions = suggest(input, {
    label: name,
    anchor: node,
    items: () => items,
    onChoose(item) {
      if (item.disabled) return;
      chosen = item;
      input.value = item.label;
      items = null;
      next();
    },
  });
  async function refresh() {
    // The command was run, or another field has the focus.
    if (document.activeElement !== input) return;
    const question = (asked += 1);
    const found = await ask();
    // Only the answer to the present text counts, and only while the field has the focus.
    if (question !== asked || document.activeElement !== input) return;
    items = found?.map((choice) => ({ value: String(choice.value), label: localized(choice, app.store.me?.locale) })) ?? [{ value: "", label: say("suggestions-failed"), disabled: true }];
    suggestions.update();
  }
  input.addEventListener("input", () => {
    chosen = null;
    // Suggestions for the previous text must not be chosen.
    items = null;
    asked += 1;
    suggestions.close();
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
  input.addEventListener("focus", refresh);
  return {
    node,
    focus: () => input.focus(),
    value() {
      if (input.value === "") return undefined;
      const text = chosen?.value ?? input.value;
      if (!number) return text;
      return Number.isNaN(Number(text)) ? null : Number(text);
    },
  };
}

/**
 * What an option offers, or null if anything can be typed.
 *
 * @param {App} app
 * @param {CommandOption} option
 * @returns {((typed: string) => Item[]) | null}
 */
function offers(app, option) {
  const locale = app.store.me?.locale;
  const select = AS_SELECT[option.type];
  if (select) return (typed) => choices(app, { type: select, channel_types: option.channel_types, option: true }, typed);
  const fixed = option.choices?.map((choice) => ({ value: String(choice.value), label: localized(choice, locale) })) ?? null;
  const all = option.type === 5 ? [{ value: "true", label: say("yes") }, { value: "false", label: say("no") }] : fixed;
  return all && ((typed) => all.filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase())));
}
