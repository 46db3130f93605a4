// The inputs of a form: texts, menus, files, and options that are all in sight.

import { el, fill, iconButton } from "./dom.js";
import { size } from "./embeds.js";
import { SELECTS, selectMenu } from "./select.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Component, SelectOption} from "./types.d.ts" */

/**
 * One input. `files` is there only for a file upload; `problem` is why the form cannot be sent off.
 *
 * @typedef {{node: Node, id: string, value: () => string | string[] | boolean | null, files?: () => File[], problem: () => string | null, focus: () => void, say: (text: string | null) => void}} Field
 */

/** Bytes that one file may have. */
const MAX_FILE = 10 * 1024 * 1024;

let count = 0;

/**
 * The field for an input, or null if this page does not know it.
 *
 * @param {App} app
 * @param {Component} component
 * @param {string} label
 * @param {string} [description]
 * @returns {Field | null}
 */
export function fieldFor(app, component, label, description) {
  if (SELECTS.includes(component.type)) return menuField(app, component, label, description);
  if (component.type === 4) return textField(component, label, description);
  if (component.type === 19) return filesField(component, label, description);
  if (component.type === 21) return radioField(component, label, description);
  if (component.type === 22) return boxesField(component, label, description);
  if (component.type === 23) return boxField(component, label, description);
  return null;
}

/** @param {Component} component @param {string} label @param {string} [description] @returns {Field} */
function textField(component, label, description) {
  const long = component.style === 2;
  const needed = component.required ?? true;
  const frame = labelled(label, needed, description);
  const properties = {
    id: frame.id,
    class: "text-input",
    value: component.value ?? "",
    placeholder: component.placeholder,
    maxlength: component.max_length ?? 4000,
    "aria-required": String(needed),
    "aria-describedby": frame.notes,
    autocomplete: "off",
    "data-custom-id": component.custom_id,
  };
  const control = long ? el("textarea", { ...properties, rows: "6" }) : el("input", { type: "text", ...properties });
  const counter = el("span", { class: "counter", "aria-hidden": true });
  const tally = () => (counter.textContent = component.max_length ? `${control.value.length}/${component.max_length}` : "");
  control.addEventListener("input", tally);
  tally();
  frame.node.append(el("div", { class: "text-frame" }, control, counter), frame.problem);
  const least = component.min_length ?? 0;
  return {
    node: frame.node,
    id: component.custom_id ?? "",
    value: () => control.value,
    focus: () => control.focus(),
    say: frame.say(control),
    problem() {
      if (needed && control.value === "") return say("field-required");
      return control.value !== "" && control.value.length < least ? say("too-short", { least }) : null;
    },
  };
}

/** @param {App} app @param {Component} component @param {string} label @param {string} [description] @returns {Field} */
function menuField(app, component, label, description) {
  const needed = component.required ?? true;
  const frame = labelled(label, needed, description, "menu");
  const menu = selectMenu(app, component, { label, onChange: () => frame.say(menu.node)(null) });
  menu.node.id = frame.id;
  menu.node.setAttribute("data-custom-id", component.custom_id ?? "");
  menu.node.setAttribute("aria-describedby", frame.notes);
  frame.node.append(menu.node, frame.problem);
  const least = component.min_values ?? 1;
  return {
    node: frame.node,
    id: component.custom_id ?? "",
    value: menu.values,
    focus: () => menu.node.focus(),
    say: frame.say(menu.node),
    problem() {
      const chosen = menu.values().length;
      if (chosen === 0 && least > 0) return needed ? say("field-required") : say("at-least", { least });
      return chosen < least ? say("at-least", { least }) : null;
    },
  };
}

/** @param {Component} component @param {string} label @param {string} [description] @returns {Field} */
function filesField(component, label, description) {
  const needed = component.required ?? true;
  const least = component.min_values ?? 1;
  const most = component.max_values ?? 1;
  /** @type {File[]} */
  let files = [];
  const frame = labelled(label, needed, description);
  const input = el("input", {
    id: frame.id,
    type: "file",
    class: "hidden",
    multiple: most > 1,
    "aria-required": String(needed),
    "aria-describedby": frame.notes,
    "data-custom-id": component.custom_id,
    onchange: () => (add(input.files), (input.value = "")),
  });
  const list = el("ul", { class: "chosen-files" });
  const room = el("span", { class: "muted" });
  const pick = el("label", { class: "button small", for: frame.id }, say("choose-files"));
  const zone = el("div", { class: "drop-zone", ondragover: hold, ondragleave: release, ondrop: drop }, input, pick, room);
  frame.node.append(zone, list, frame.problem);

  /** @param {Iterable<File> | null} more */
  function add(more) {
    const given = [...(more ?? [])];
    // A single file takes the place of the one before.
    const all = most === 1 ? given.slice(-1) : [...files, ...given];
    const large = all.find((file) => file.size > MAX_FILE);
    files = all.filter((file) => file.size <= MAX_FILE).slice(0, most);
    frame.say(input)(large ? say("file-too-large", { name: large.name, size: size(MAX_FILE) }) : all.length > most ? say("too-many-files", { most }) : null);
    draw();
  }
  function draw() {
    room.textContent = say("chosen", { count: files.length, most });
    fill(
      list,
      files.map((file, index) =>
        el(
          "li",
          null,
          el("span", { class: "grow" }, file.name, " ", el("span", { class: "muted" }, size(file.size))),
          iconButton("trash", say("remove-file", { name: file.name }), { onclick: () => (files.splice(index, 1), draw(), input.focus()) }),
        ),
      ),
    );
  }
  /** @param {DragEvent} event */
  function hold(event) {
    event.preventDefault();
    zone.classList.add("over");
  }
  function release() {
    zone.classList.remove("over");
  }
  /** @param {DragEvent} event */
  function drop(event) {
    event.preventDefault();
    event.stopPropagation();
    release();
    add(event.dataTransfer?.files ?? null);
  }
  draw();
  return {
    node: frame.node,
    id: component.custom_id ?? "",
    value: () => [],
    files: () => files,
    focus: () => input.focus(),
    say: frame.say(input),
    problem() {
      if (files.length >= least) return null;
      return files.length === 0 && needed ? say("field-required") : say("at-least-files", { least });
    },
  };
}

/** @param {Component} component @param {string} label @param {string} [description] @returns {Field} */
function radioField(component, label, description) {
  const needed = component.required ?? true;
  const group = optionGroup("radio", component, label, needed, description);
  if (!needed) {
    // What need not be chosen can be taken back, by choosing it once more.
    let last = group.inputs.find(({ checked }) => checked);
    for (const input of group.inputs) {
      input.addEventListener("click", () => {
        if (last === input) input.checked = false;
        last = input.checked ? input : undefined;
      });
    }
  }
  return {
    ...group.field,
    value: () => group.values()[0] ?? null,
    problem: () => (needed && group.values().length === 0 ? say("field-required") : null),
  };
}

/** @param {Component} component @param {string} label @param {string} [description] @returns {Field} */
function boxesField(component, label, description) {
  const needed = component.required ?? true;
  const least = component.min_values ?? 1;
  const most = component.max_values ?? component.options?.length ?? 1;
  const group = optionGroup("checkbox", component, label, needed, description);
  return {
    ...group.field,
    value: group.values,
    problem() {
      const chosen = group.values().length;
      if (chosen === 0 && needed) return say("field-required");
      return chosen < least ? say("at-least", { least }) : chosen > most ? say("at-most", { most }) : null;
    },
  };
}

/** @param {Component} component @param {string} label @param {string} [description] @returns {Field} */
function boxField(component, label, description) {
  const id = `field-${++count}`;
  const input = el("input", { type: "checkbox", id, checked: component.default ?? false, "aria-describedby": description ? `${id}-note` : null, "data-custom-id": component.custom_id });
  const node = el("div", { class: "field" }, el("label", { class: "choice", for: id }, input, el("span", { class: "label" }, label)), description ? el("p", { class: "muted", id: `${id}-note` }, description) : null);
  return {
    node,
    id: component.custom_id ?? "",
    value: () => input.checked,
    focus: () => input.focus(),
    say: () => {},
    problem: () => null,
  };
}

/**
 * Options that are all visible.
 *
 * @param {"radio" | "checkbox"} type
 * @param {Component} component
 * @param {string} label
 * @param {boolean} needed
 * @param {string} [description]
 */
function optionGroup(type, component, label, needed, description) {
  const frame = labelled(label, needed, description, "group");
  const choices = (component.options ?? []).map((option) => choice(type, frame.id, option));
  const inputs = choices.map(({ input }) => input);
  frame.node.append(...choices.map(({ node }) => node), frame.problem);
  frame.node.setAttribute("role", type === "radio" ? "radiogroup" : "group");
  frame.node.setAttribute("aria-describedby", frame.notes);
  frame.node.setAttribute("data-custom-id", component.custom_id ?? "");
  if (type === "radio") frame.node.setAttribute("aria-required", String(needed));
  return {
    inputs,
    values: () => inputs.filter(({ checked }) => checked).map(({ value }) => value),
    field: {
      node: frame.node,
      id: component.custom_id ?? "",
      focus: () => (inputs.find(({ checked }) => checked) ?? inputs[0])?.focus(),
      // A group of checkboxes cannot be called invalid: each of its boxes is.
      say: (/** @type {string | null} */ text) => inputs.forEach((input) => frame.say(input)(text)),
    },
  };
}

/** @param {"radio" | "checkbox"} type @param {string} name @param {SelectOption} option */
function choice(type, name, { label, value, description, default: chosen }) {
  const input = el("input", { type, name, value, checked: chosen ?? false });
  const text = el("span", { class: "option-text" }, el("span", { class: "option-label" }, label), description ? el("span", { class: "option-detail" }, description) : null);
  return { input, node: el("label", { class: "choice" }, input, text) };
}

/**
 * What is round an input. A menu has its label inside, a group of options is named by it.
 *
 * @param {string} label
 * @param {boolean} needed
 * @param {string} [description]
 * @param {"input" | "menu" | "group"} [kind]
 */
function labelled(label, needed, description, kind = "input") {
  const id = `field-${++count}`;
  const note = `${id}-note`;
  const problem = el("p", { class: "problem", id: `${id}-problem`, role: "alert" });
  const node = el(
    "div",
    { class: "field", "aria-labelledby": kind === "group" ? `${id}-label` : null },
    el(
      kind === "input" ? "label" : "div",
      { class: "label", id: `${id}-label`, for: kind === "input" ? id : null },
      label,
      needed ? el("span", { class: "needed", title: say("field-required") }, " *") : null,
    ),
    description ? el("p", { class: "muted", id: note }, description) : null,
  );
  return {
    id,
    node,
    problem,
    notes: description ? `${note} ${problem.id}` : problem.id,
    say: (/** @type {Element} */ control) => (/** @type {string | null} */ text) => {
      problem.textContent = text;
      control.setAttribute("aria-invalid", String(text !== null));
    },
  };
}
