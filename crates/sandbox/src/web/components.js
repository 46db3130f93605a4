// What stands under a message, or what it is made of: buttons, menus, texts, pictures and boxes; and what happens
// when they are used.

import { el } from "./dom.js";
import { fileCard, media } from "./embeds.js";
import { markdown, spoiler } from "./markdown.js";
import { hex, namesFor } from "./names.js";
import { has } from "./permissions.js";
import { SELECTS, selectMenu } from "./select.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Component, Emoji, Message} from "./types.d.ts" */

const STYLES = ["", "primary", "secondary", "success", "danger", "link"];

/** What was chosen in a menu, until its message is edited. @type {Map<string, string[]>} */
const chosen = new Map();

/** @param {App} app @param {Message} message */
export function componentsOf(app, message) {
  return (message.components ?? []).map((component) => node(app, message, component));
}

/** Whether what is under a message can be used: in a locked thread only by those who manage threads. @param {App} app @param {Message} message */
export function usable(app, message) {
  const place = app.store.find(message.channel_id);
  return !place?.thread_metadata?.locked || has(place.permissions, "MANAGE_THREADS");
}

/** All texts of a message that is made of components. @param {Component[] | undefined} components @returns {string[]} */
export function textsIn(components) {
  return (components ?? []).flatMap(({ type, content, components: inner }) => (type === 10 && content ? [content] : textsIn(inner)));
}

/** @param {App} app @param {Message} message @param {Component} component @returns {Node | null} */
function node(app, message, component) {
  if (SELECTS.includes(component.type)) return menu(app, message, component);
  switch (component.type) {
    case 1:
      return el("div", { class: "row" }, inside(app, message, component));
    case 2:
      return button(app, message, component);
    case 9:
      return el("div", { class: "section" }, el("div", { class: "section-texts" }, inside(app, message, component)), component.accessory ? node(app, message, component.accessory) : null);
    case 10:
      return el("div", { class: "markdown" }, markdown(component.content ?? "", namesFor(app.store, app, message)));
    case 11:
      return el("div", { class: "thumbnail" }, hidden(component, media(component.media ?? {}, component.description)));
    case 12:
      return el("div", { class: `gallery of-${Math.min(component.items?.length ?? 0, 4)}` }, (component.items ?? []).map((item) => hidden(item, media(item.media, item.description))));
    case 13:
      return hidden(component, fileCard({ url: component.file?.url ?? "", filename: component.name ?? "", size: component.size ?? 0, content_type: component.file?.content_type ?? undefined }));
    case 14:
      return el(component.divider === false ? "div" : "hr", { class: component.spacing === 2 ? "separator large" : "separator" });
    case 17:
      return hidden(component, el("div", { class: "container", css: component.accent_color ? { "--bar": hex(component.accent_color) } : {} }, inside(app, message, component)));
    default:
      return el("p", { class: "muted" }, say("unknown-component", { type: component.type }));
  }
}

/** @param {App} app @param {Message} message @param {Component} component */
function inside(app, message, component) {
  return (component.components ?? []).map((each) => node(app, message, each));
}

/** Behind a spoiler, if it is one. @param {{spoiler?: boolean}} what @param {Node | null} shown */
function hidden(what, shown) {
  return what.spoiler && shown ? spoiler(shown) : shown;
}

/** @param {App} app @param {Message} message @param {Component} component */
function button(app, message, component) {
  const content = [emoji(component.emoji), component.label];
  const style = STYLES[component.style ?? 2] ?? "secondary";
  if (component.style === 5) {
    return el("a", { class: "button link", href: component.disabled ? null : component.url, target: "_blank", rel: "noreferrer noopener", "aria-disabled": component.disabled ? "true" : null }, content, " ↗");
  }
  const busy = isBusy(app, message, component);
  return el(
    "button",
    {
      type: "button",
      class: `button ${style}`,
      disabled: component.disabled || !usable(app, message),
      "aria-busy": busy ? "true" : null,
      // A button may have nothing but an emoji.
      "aria-label": component.label ? null : component.emoji?.name,
      "data-key": `component ${message.id} ${component.custom_id}`,
      "data-custom-id": component.custom_id,
      onclick: () => busy || use(app, message, component),
    },
    content,
  );
}

/** @param {App} app @param {Message} message @param {Component} component */
function menu(app, message, component) {
  const key = [app.api.person, message.id, message.edited_timestamp ?? "", component.custom_id].join(" ");
  const { node } = selectMenu(app, usable(app, message) ? component : { ...component, disabled: true }, {
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
    // As Discord's clients do, a closed thread is opened first.
    if (app.store.find(message.channel_id)?.thread_metadata?.archived) await app.api.editChannel(message.channel_id, { archived: false });
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
