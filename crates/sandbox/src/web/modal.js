// The form that the bot opens: text inputs and menus, in rows or with labels.

import { el, fill } from "./dom.js";
import { markdown } from "./markdown.js";
import { namesFor } from "./names.js";
import { openDialog } from "./popup.js";
import { SELECTS, selectMenu } from "./select.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Component, Id, Modal} from "./types.d.ts" */

/** @typedef {{node: Node, id: string, value: () => string | string[], problem: () => string | null, focus: () => void, say: (text: string | null) => void}} Field */

let count = 0;

/**
 * @param {App} app
 * @param {Id} interaction
 * @param {Modal} modal
 */
export function openModal(app, interaction, modal) {
  const { body, close } = openDialog(modal.title, {
    class: "modal",
    onDismiss: () => void app.api.dismissModal(interaction).catch(() => {}),
  });
  /** @type {Field[]} */
  const fields = [];
  const problem = el("p", { class: "problem", role: "alert" });
  const send = el("button", { class: "button primary" }, say("submit"));
  const channel = app.store.place.channel ?? "";
  const form = el("form", { class: "form", novalidate: true, onsubmit: submit }, el("p", { class: "from-app" }, say("from-app", { name: app.store.world?.application.name ?? "" })));
  for (const component of modal.components) form.append(...part(component));
  form.append(problem, el("div", { class: "dialog-foot" }, el("button", { type: "button", class: "button", onclick: dismiss }, say("cancel")), send));
  fill(body, form);
  fields[0]?.focus();

  function dismiss() {
    close();
    app.api.dismissModal(interaction).catch(() => {});
  }

  /** @param {Component} component @returns {Node[]} */
  function part(component) {
    if (component.type === 10) return [el("div", { class: "markdown" }, markdown(component.content ?? "", namesFor(app.store, app)))];
    if (component.type === 18 && component.component) return input(component.component, component.label ?? "", component.description);
    if (component.type === 1) return (component.components ?? []).flatMap((each) => input(each, each.label ?? each.placeholder ?? ""));
    return [];
  }

  /** @param {Component} component @param {string} label @param {string} [description] */
  function input(component, label, description) {
    const field = component.type === 4 ? textField(component, label, description) : SELECTS.includes(component.type) ? menuField(app, component, label, description) : null;
    if (!field) return [el("p", { class: "muted" }, say("unknown-component", { type: component.type }))];
    fields.push(field);
    return [field.node];
  }

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    /** @type {Field | null} */
    let wrong = null;
    for (const field of fields) {
      const complaint = field.problem();
      field.say(complaint);
      if (complaint && !wrong) wrong = field;
    }
    if (wrong) return wrong.focus();
    send.setAttribute("aria-busy", "true");
    const values = Object.fromEntries(fields.map((field) => [field.id, field.value()]));
    try {
      await app.session.interact(app.api.submitModal(interaction, values), { channel_id: channel });
      close();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
      send.removeAttribute("aria-busy");
    }
  }
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
  const frame = labelled(label, needed, description, false);
  const menu = selectMenu(app, needed ? component : { ...component, min_values: 0 }, { label, onChange: () => frame.say(menu.node)(null) });
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
      if (chosen === 0) return needed ? say("field-required") : null;
      return chosen < least ? say("at-least", { least }) : null;
    },
  };
}

/** A menu has its label inside. @param {string} label @param {boolean} needed @param {string} [description] @param {boolean} [input] */
function labelled(label, needed, description, input = true) {
  const id = `field-${++count}`;
  const note = `${id}-note`;
  const problem = el("p", { class: "problem", id: `${id}-problem`, role: "alert" });
  const node = el(
    "div",
    { class: "field" },
    el(input ? "label" : "div", { class: "label", for: input ? id : null }, label, needed ? el("span", { class: "needed", title: say("field-required") }, " *") : null),
    description ? el("p", { class: "muted", id: note }, description) : null,
  );
  return {
    id,
    node,
    problem,
    notes: `${note} ${problem.id}`,
    say: (/** @type {Element} */ control) => (/** @type {string | null} */ text) => {
      problem.textContent = text;
      control.setAttribute("aria-invalid", String(text !== null));
    },
  };
}
