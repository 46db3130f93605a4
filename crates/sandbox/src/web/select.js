// Discord's five select menus, in messages and in modals.

import { el, fill, icon } from "./dom.js";
import { Listbox } from "./listbox.js";
import { allRoles, avatar, hex, isThread, nameHere, signOf } from "./names.js";
import { float } from "./popup.js";
import { byPosition } from "./session.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Item} from "./listbox.js" */
/** @import {Component} from "./types.d.ts" */

export const SELECTS = [3, 5, 6, 7, 8];

/** No server shows more than this many at once; typing narrows them down. */
const SHOWN = 100;

/**
 * A select menu. `onChange` hears of every finished choice.
 *
 * @param {App} app
 * @param {Component} component
 * @param {{values?: string[], busy?: boolean, label?: string, key?: string, onChange: (values: string[]) => void}} how
 */
export function selectMenu(app, component, how) {
  const least = component.min_values ?? 1;
  const most = component.max_values ?? 1;
  let values = how.values ?? defaults(component);
  const placeholder = component.placeholder ?? say("make-selection");
  const shown = el("span", { class: "select-values" });
  const button = el(
    "button",
    {
      type: "button",
      class: "select",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-busy": how.busy ? "true" : null,
      disabled: component.disabled,
      "data-key": how.key,
      onclick: open,
    },
    el("span", { class: "hidden" }, `${how.label ?? component.placeholder ?? say("menu")}: `),
    shown,
    icon("down"),
  );

  function draw() {
    const all = choices(app, component, "");
    const chosen = values.map((value) => all.find((item) => item.value === value)?.label ?? labelOf(app, value));
    fill(shown, chosen.length ? chosen.map((text) => [el("span", { class: most > 1 ? "chip" : null }, text), " "]) : el("span", { class: "placeholder" }, placeholder));
  }

  function open() {
    if (how.busy) return;
    let draft = [...values];
    const input = el("input", { type: "text", class: "search", placeholder: say("search"), "aria-label": say("search"), autocomplete: "off" });
    const note = el("span", { class: "muted" });
    const list = new Listbox(input, { label: how.label ?? placeholder, multiple: most > 1, onChoose: choose });
    const box = el("div", { class: "picker" }, input, list.node);
    if (most > 1) box.append(el("footer", null, note, el("button", { type: "button", class: "button primary", onclick: () => finish() }, say("done"))));

    function redraw() {
      const items = choices(app, component, input.value).slice(0, SHOWN);
      list.show(items.map((item) => ({ ...item, selected: draft.includes(item.value) })), Math.max(0, list.active));
      note.textContent = say("chosen", { count: draft.length, most });
    }
    /** @param {Item} item */
    function choose({ value }) {
      if (most === 1) {
        draft = draft.includes(value) && least === 0 ? [] : [value];
        return finish();
      }
      if (draft.includes(value)) draft = draft.filter((each) => each !== value);
      else if (draft.length < most) draft.push(value);
      else toast(say("at-most", { most }));
      redraw();
    }
    function finish() {
      floating.close();
      button.focus();
      commit();
    }
    function commit() {
      if (draft.length < least) return toast(say("at-least", { least }));
      // What is chosen already cannot be chosen again, until the message is edited.
      if (draft.length === values.length && draft.every((each) => values.includes(each))) return;
      values = draft;
      draw();
      how.onChange(values);
    }
    input.addEventListener("input", () => {
      list.active = 0;
      redraw();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === " " && input.value === "") {
        event.preventDefault();
        list.choose(list.active);
      } else list.key(event);
    });
    const floating = float(box, button, {
      wide: true,
      focusBack: button,
      onClose: (why) => {
        button.setAttribute("aria-expanded", "false");
        if (why === "outside" && most > 1) commit();
      },
    });
    button.setAttribute("aria-expanded", "true");
    redraw();
    floating.place();
    input.focus();
  }

  draw();
  return { node: button, values: () => values };
}

/** What is chosen before the person chooses. @param {Component} component @returns {string[]} */
export function defaults(component) {
  if (component.type === 3) return (component.options ?? []).filter((option) => option.default).map(({ value }) => value);
  return (component.default_values ?? []).map(({ id }) => String(id));
}

/**
 * What can be chosen, narrowed down by what was typed.
 *
 * @param {App} app
 * @param {{type: number, options?: Component["options"], channel_types?: number[], option?: boolean}} component a menu, or a command's `option`
 * @param {string} typed
 * @returns {Item[]}
 */
export function choices(app, component, typed) {
  /** @type {Record<number, () => Item[]>} */
  const offers = {
    3: () => (component.options ?? []).map(({ label, value, description, emoji }) => ({ value, label: emoji?.name ? `${emoji.name} ${label}` : label, detail: description })),
    5: () => people(app),
    // Discord has @everyone in all of them but the menu of roles.
    6: () => roles(app, component.option ?? false),
    7: () => [...people(app), ...roles(app, true)],
    8: () => channels(app, component.channel_types),
  };
  const wanted = typed.trim().replace(/^[@#]/, "").toLowerCase();
  return (offers[component.type]?.() ?? []).filter(({ label, detail, value }) => [label, detail, value].some((text) => text?.toLowerCase().includes(wanted)));
}

/** @param {App} app @returns {Item[]} */
function people({ store }) {
  return [...(store.guild?.members.values() ?? [])].map(({ user }) => ({
    value: user.id,
    label: nameHere(store, user),
    detail: user.username,
    sign: avatar(user),
    group: say("members"),
  }));
}

/** @param {App} app @param {boolean} everyone @returns {Item[]} */
function roles({ store: { guild } }, everyone) {
  if (!guild) return [];
  return [...allRoles(guild), ...[...guild.roles.values()].filter(({ id }) => everyone && id === guild.id)].map((role) => ({
    value: role.id,
    label: role.name.startsWith("@") ? role.name : `@${role.name}`,
    sign: el("span", { class: "dot", css: role.color ? { "--colour": hex(role.color) } : {} }),
    group: say("roles"),
  }));
}

/** @param {App} app @param {number[]} [types] @returns {Item[]} */
function channels({ store: { guild } }, types) {
  if (!guild) return [];
  const all = [...[...guild.channels.values()].sort(byPosition), ...guild.threads.values()];
  return all
    .filter(({ type }) => !types?.length || types.includes(type))
    .map((channel) => ({ value: channel.id, label: isThread(channel) ? channel.name : `#${channel.name}`, sign: signOf(channel), group: say("channels") }));
}

/** @param {App} app @param {string} id */
function labelOf({ store }, id) {
  const user = store.guild?.members.get(id)?.user ?? store.world?.people.find((each) => each.id === id);
  return user ? nameHere(store, user) : (store.guild?.roles.get(id)?.name ?? store.find(id)?.name ?? id);
}
