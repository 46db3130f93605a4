// One message as nodes: who, when, what, and what can be done with it.

import { componentsOf } from "./components.js";
import { el, icon } from "./dom.js";
import { attachmentsOf, embedsOf } from "./embeds.js";
import { markdown } from "./markdown.js";
import { avatar, badge, colourOf, nameHere, namesFor, nameOf } from "./names.js";
import { plainText } from "./plain.js";
import { reactionsOf } from "./reactions.js";
import { mentionsMe } from "./store.js";
import { isSystem, systemText } from "./system.js";
import { clock, messageTime } from "./time.js";
import { say, weave } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Message, Pending, User} from "./types.d.ts" */

export const FLAG = { SUPPRESS_EMBEDS: 4, EPHEMERAL: 64, LOADING: 128, ROLES_NOT_ADDED: 256, SILENT: 4096 };

/** Messages of one author within this time stand together under one name. */
const TOGETHER = 7 * 60 * 1000;

/** @param {Message} message @param {number} flag */
export function hasFlag(message, flag) {
  return ((message.flags ?? 0) & flag) !== 0;
}

/** Whether a message continues under the name of the one before. @param {Message} message @param {Message | undefined} before */
export function continues(message, before) {
  return (
    before !== undefined &&
    !isSystem(message) &&
    !isSystem(before) &&
    message.author.id === before.author.id &&
    message.author.username === before.author.username &&
    ![19, 20, 21, 23].includes(message.type) &&
    !message.interaction_metadata &&
    hasFlag(message, FLAG.EPHEMERAL) === hasFlag(before, FLAG.EPHEMERAL) &&
    Date.parse(message.timestamp) - Date.parse(before.timestamp) < TOGETHER
  );
}

/**
 * @param {App} app
 * @param {Message} message
 * @param {{compact: boolean, editor: HTMLElement | null}} how
 */
export function messageNode(app, message, { compact, editor }) {
  const { store } = app;
  const locale = store.me?.locale ?? "en-US";
  const ephemeral = hasFlag(message, FLAG.EPHEMERAL);
  const classes = ["message", compact && "compact", ephemeral && "ephemeral", mentionsMe(store, message) && "mentions-me", isSystem(message) && "system"];
  const node = el("li", {
    class: classes.filter(Boolean).join(" "),
    id: `message-${message.id}`,
    "data-message": message.id,
    "data-key": `message ${message.id}`,
    tabindex: "-1",
  });
  if (isSystem(message)) {
    node.append(...systemText(app, message));
    return node;
  }
  const before = [replyLine(app, message), commandLine(app, message)];
  const side = compact
    ? el("span", { class: "side-time", "aria-hidden": true }, clock(message.timestamp, locale))
    : el("span", { class: "side", "data-user": message.author.id }, avatar(message.author));
  const shown = message.type === 21 && message.referenced_message ? message.referenced_message : message;
  const head = compact
    ? el("h2", { class: "hidden" }, nameHere(store, message.author))
    : el("div", { class: "message-head" }, el("h2", null, author(app, shown)), badge(shown.author), messageTime(shown.timestamp, locale), hasFlag(shown, FLAG.SILENT) ? el("span", { class: "tag", title: say("silent-message") }, say("silent")) : null);
  node.append(...before.filter((each) => each !== null), side, el("div", { class: "message-body" }, head, editor ?? body(app, shown)));
  return node;
}

/**
 * What stands in the list for something that was sent to the bot and has not been answered, or never was.
 *
 * @param {App} app
 * @param {Pending} sent
 */
export function sentNode(app, sent) {
  const { me } = app.store;
  const application = app.store.world?.application;
  const bot = application?.name ?? say("app");
  const failed = sent.state === "failed";
  return el(
    "li",
    { class: "message ephemeral waiting", "data-message": sent.id, "data-key": `message ${sent.id}`, tabindex: "-1" },
    el("div", { class: "message-above" }, weave("used", { name: nameOf(me ?? undefined), command: el("span", { class: "mention" }, sent.name) })),
    el("span", { class: "side" }, avatar({ id: application?.bot_user_id ?? "0", username: bot })),
    el(
      "div",
      { class: "message-body" },
      el("div", { class: "message-head" }, el("h2", null, bot), el("span", { class: "badge" }, say("app"))),
      failed ? el("p", { class: "problem" }, say("no-response", { name: bot })) : el("p", { class: "muted dots" }, say("sending")),
      failed ? onlyYou(() => (app.store.sent.delete(sent.id), app.store.changed("messages"))) : null,
    ),
  );
}

/** @param {App} app @param {Message} message */
function body(app, message) {
  const names = namesFor(app.store, app, message);
  if (hasFlag(message, FLAG.LOADING)) {
    return [el("p", { class: "muted dots" }, say("thinking", { name: nameHere(app.store, message.author) })), footer(app, message)];
  }
  const complaint = app.store.complaints.get(message.id);
  return [
    message.content
      ? el("div", { class: "content markdown" }, markdown(message.content, names), message.edited_timestamp ? edited(message) : null)
      : null,
    attachmentsOf(message),
    hasFlag(message, FLAG.SUPPRESS_EMBEDS) ? null : embedsOf(message, names),
    !message.content && message.edited_timestamp ? edited(message) : null,
    el("div", { class: "components" }, componentsOf(app, message)),
    reactionsOf(app, message),
    complaint ? el("p", { class: "problem", role: "alert" }, complaint) : null,
    hasFlag(message, FLAG.ROLES_NOT_ADDED) ? el("p", { class: "muted" }, say("roles-not-added")) : null,
    threadLink(app, message),
    footer(app, message),
  ];
}

/** @param {App} app @param {Message} message */
function footer(app, message) {
  if (!hasFlag(message, FLAG.EPHEMERAL)) return null;
  return onlyYou(() => {
    app.store.removeMessages(message.channel_id, [message.id]);
    app.session.attempt(app.api.deleteMessage(message.channel_id, message.id));
  });
}

/** @param {() => void} dismiss */
function onlyYou(dismiss) {
  return el(
    "div",
    { class: "only-you" },
    icon("eye"),
    say("only-you"),
    " • ",
    el("button", { type: "button", class: "text-button", onclick: dismiss }, say("dismiss")),
  );
}

/** @param {App} app @param {Message} message */
function author(app, message) {
  const { store } = app;
  const colour = colourOf(store.guild, message.author.id);
  const properties = { class: colour ? "name coloured" : "name", css: colour ? { "--colour": colour } : {} };
  if (message.webhook_id || message.author.bot) return el("span", { ...properties, "data-user": message.author.id }, nameHere(store, message.author));
  return el("button", { type: "button", ...properties, class: `${properties.class} name-button`, "data-user": message.author.id }, nameHere(store, message.author));
}

/** @param {App} app @param {Message} message */
function replyLine(app, message) {
  if (message.type !== 19) return null;
  const to = message.referenced_message;
  if (!to) return el("div", { class: "message-above" }, say("reply-gone"));
  return el(
    "button",
    {
      type: "button",
      class: "message-above reply",
      onclick: () => app.go({ guild: app.store.place.guild, channel: to.channel_id, message: to.id }),
    },
    el("span", { class: "hidden" }, say("reply-to", { name: nameHere(app.store, to.author) }), " "),
    el("strong", null, `@${nameHere(app.store, to.author)}`),
    " ",
    plainText(app, to).slice(0, 120),
  );
}

/** @param {App} app @param {Message} message */
function commandLine(app, message) {
  const meta = message.interaction_metadata ?? message.interaction;
  const name = message.interaction?.name ?? message.interaction_metadata?.name;
  if (!meta || meta.type !== 2) return null;
  const user = /** @type {User} */ (meta.user);
  const who = el("strong", { "data-user": user.id }, nameHere(app.store, user));
  return el(
    "div",
    { class: "message-above" },
    name
      ? weave("used", { name: who, command: el("span", { class: "mention" }, message.type === 20 ? `/${name}` : name) })
      : weave("used-something", { name: who }),
  );
}

/** @param {App} app @param {Message} message */
function threadLink(app, message) {
  const { thread } = message;
  if (!thread || !app.store.find(thread.id)) return null;
  return el(
    "button",
    { type: "button", class: "thread-link", onclick: () => app.go({ guild: thread.guild_id ?? null, channel: thread.id, message: null }) },
    icon("thread"),
    thread.name,
  );
}

/** @param {Message} message */
function edited(message) {
  return el("span", { class: "edited", title: message.edited_timestamp }, ` ${say("edited")}`);
}
