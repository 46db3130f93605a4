// Buttons and menus under a message, and what happens when they are used.

import { el } from "./dom.js";
import { markdown } from "./markdown.js";
import { namesFor } from "./names.js";
import { SELECTS, selectMenu } from "./select.js";

/** @import {App} from "./app.js" */
/** @import {Component, Emoji, Message} from "./types.d.ts" */

const STYLES = ["", "primary", "secondary", "success", "danger", "link"];

/** What was chosen in a menu, as long as the message shows that same menu. @type {Map<string, string[]>} */
const chosen = new Map();

/** @param {App} app @param {Message} message */
export function componentsOf(app, message) {
  return (message.components ?? []).map((component) => node(app, message, component));
}

/** @param {App} app @param {Message} message @param {Component} component @returns {Node | null} */
function node(app, message, component) {
  if (component.type === 1) return el("div", { class: "row" }, (component.components ?? []).map((each) => node(app, message, each)));
  if (component.type === 2) return button(app, message, component);
  if (SELECTS.includes(component.type)) return menu(app, message, component);
  if (component.type === 10) return el("div", { class: "markdown" }, markdown(component.content ?? "", namesFor(app.store, app, message)));
  return null;
}

/** @param {App} app @param {Message} message @param {Component} component */
function button(app, message, component) {
  const content = [emoji(component.emoji), component.label];
  const style = STYLES[component.style ?? 2] ?? "secondary";
  if (component.style === 5) {
    return el("a", { class: "button link", href: component.url, target: "_blank", rel: "noreferrer noopener" }, content, " ↗");
  }
  const busy = isBusy(app, message, component);
  return el(
    "button",
    {
      type: "button",
      class: `button ${style}`,
      disabled: component.disabled,
      "aria-busy": busy ? "true" : null,
      "data-key": `component ${message.id} ${component.custom_id}`,
      "data-custom-id": component.custom_id,
      onclick: () => busy || use(app, message, component),
    },
    content,
  );
}

/** @param {App} app @param {Message} message @param {Component} component */
function menu(app, message, component) {
  const key = `${app.api.person} ${message.id} ${JSON.stringify(component)}`;
  const { node } = selectMenu(app, component, {
    values: chosen.get(key),
    busy: isBusy(app, message, component),
    key: `component ${message.id} ${component.custom_id}`,
    onChange(values) {
      chosen.set(key, values);
      use(app, message, component, values);
    },
  });
  node.setAttribute("data-custom-id", component.custom_id ?? "");
  return node;
}

/** @param {App} app @param {Message} message @param {Component} component @param {string[]} [values] */
async function use(app, message, component, values) {
  const what = { channel_id: message.channel_id, message_id: message.id, custom_id: component.custom_id ?? "" };
  try {
    await app.session.interact(app.api.useComponent(values ? { ...what, values } : what), what);
  } catch (error) {
    app.store.complaints.set(message.id, error instanceof Error ? error.message : String(error));
    app.store.changed("messages");
  }
}

/** @param {App} app @param {Message} message @param {Component} component */
function isBusy(app, message, component) {
  return [...app.store.sent.values()].some((sent) => sent.message_id === message.id && sent.custom_id === component.custom_id && sent.state === "pending");
}

/** @param {Emoji | undefined} what */
function emoji(what) {
  if (!what?.name) return null;
  return el("span", { class: "emoji" }, what.id ? `:${what.name}: ` : `${what.name} `);
}
