// The form that the bot opens: its texts, its inputs, and what becomes of them.

import { el, fill, onceAtATime } from "./dom.js";
import { packed } from "./files.js";
import { markdown } from "./markdown.js";
import { fieldFor } from "./modal-fields.js";
import { namesFor } from "./names.js";
import { openDialog } from "./popup.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Component, Id, Modal} from "./types.d.ts" */
/** @import {Field} from "./modal-fields.js" */

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
  const channel = app.store.place.channel ?? "";
  const form = el("form", { class: "form", novalidate: true, onsubmit: onceAtATime(submit) }, el("p", { class: "from-app" }, say("from-app", { name: app.store.world?.application.name ?? "" })));
  for (const component of modal.components) form.append(...part(component));
  form.append(problem, el("div", { class: "dialog-foot" }, el("button", { type: "button", class: "button", onclick: dismiss }, say("cancel")), el("button", { class: "button primary" }, say("submit"))));
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
    const field = fieldFor(app, component, label, description);
    if (!field) return [el("p", { class: "muted" }, say("unknown-component", { type: component.type }))];
    fields.push(field);
    return [field.node];
  }

  async function submit() {
    /** @type {Field | null} */
    let wrong = null;
    for (const field of fields) {
      const complaint = field.problem();
      field.say(complaint);
      if (complaint && !wrong) wrong = field;
    }
    if (wrong) return wrong.focus();
    problem.textContent = "";
    try {
      // A file is named by its index in the request's files.
      const files = await Promise.all(fields.flatMap((field) => field.files?.() ?? []).map(packed));
      let place = 0;
      const values = Object.fromEntries(fields.map((field) => [field.id, field.files ? field.files().map(() => place++) : field.value()]));
      const sent = await app.session.interact(app.api.submitModal(interaction, values, files), { channel_id: channel, quiet: true });
      // The modal stays open, with its content, until the bot responds. "Thinking…" is a response; events may be missed.
      const answered = await Promise.race([app.session.outcome(sent), app.api.result(sent).then(({ state }) => state !== "failed")]);
      if (answered) return close();
      throw new Error(say("try-again"));
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}
