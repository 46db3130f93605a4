// The sidebar: servers, channels, and below the channels the threads that this person has joined.

import { channelSettings } from "./channel-settings.js";
import { el, fill, icon } from "./dom.js";
import { isThread, signOf } from "./names.js";
import { has } from "./permissions.js";
import { ask, confirm, openMenu } from "./popup.js";
import { discordLink } from "./route.js";
import { byPosition } from "./session.js";
import { serverSettings } from "./settings.js";
import { compare } from "./snowflake.js";
import { threadMenu } from "./threads.js";
import { copy } from "./toast.js";
import { onMenu } from "./touch.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Store} from "./store.js" */
/** @import {Channel, ChannelDraft, Guild} from "./types.d.ts" */

/** @param {App} app */
export function sidebar(app) {
  const { store } = app;
  const rail = el("nav", { class: "rail", "aria-label": say("servers") });
  const head = el("div", { class: "column-head" });
  const channels = el("div", { class: "channels" });
  const guidePlace = el("div", null);
  const node = el("div", { class: "sidebar" }, rail, el("nav", { class: "channel-column", "aria-label": say("channels") }, head, channels, guidePlace));

  function draw() {
    fill(
      rail,
      [...store.guilds.values()].map((guild) =>
        el(
          "button",
          {
            type: "button",
            class: "server",
            title: guild.name,
            "aria-label": guild.name,
            "aria-current": guild.id === store.place.guild ? "true" : null,
            "data-key": guild.id,
            onclick: () => app.go({ guild: guild.id, channel: null, message: null }),
          },
          initials(guild.name),
        ),
      ),
    );
    const { guild } = store;
    fill(
      head,
      guild
        ? el("button", { type: "button", class: "server-name", "data-key": "server", "aria-haspopup": "menu", onclick: (/** @type {Event} */ event) => serverMenu(app, guild, /** @type {Element} */ (event.currentTarget)) }, el("span", null, guild.name), icon("down"))
        : el("span", { class: "server-name" }, say("no-server")),
    );
    fill(channels, guild ? el("ul", null, channelsInOrder(store, guild).map(line)) : joinButtons());
  }

  /** @param {Channel} channel */
  function line(channel) {
    const thread = isThread(channel);
    const current = channel.id === store.place.channel;
    const mentions = store.unread.get(channel.id);
    if (channel.type === 4) return el("li", { class: "category" }, channel.name);
    return el(
      "li",
      { class: thread ? "thread-line" : null },
      el(
        "a",
        {
          href: `/channels/${channel.guild_id}/${channel.id}?as=${store.me?.id ?? ""}`,
          class: `channel-link ${mentions === undefined ? "" : "unread"}`,
          "aria-current": current ? "page" : null,
          "data-key": channel.id,
          "data-channel": channel.id,
          draggable: "false",
          onclick(/** @type {MouseEvent} */ event) {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            app.go({ guild: channel.guild_id, channel: channel.id, message: null });
          },
        },
        signOf(channel),
        el("span", { class: "channel-name" }, channel.name),
        isLockedAway(store.guild, channel) ? icon("lock") : null,
        mentions ? el("span", { class: "count", "aria-label": say("mentions", { count: mentions }) }, mentions) : null,
      ),
    );
  }

  function joinButtons() {
    return [
      el("p", { class: "muted pad" }, say("in-no-server")),
      (store.world?.guilds ?? []).map((guild) => el("button", { type: "button", class: "button primary block", onclick: () => app.join(guild.id) }, say("join", { name: guild.name }))),
    ];
  }

  onMenu(channels, (target, anchor) => {
    const channel = store.find(target.closest("[data-channel]")?.getAttribute("data-channel") ?? "");
    if (!channel) return false;
    if (isThread(channel)) threadMenu(app, channel, anchor);
    else channelMenu(app, channel, anchor);
    return true;
  });

  store.on(["guilds", "place", "world"], draw);
  return { node, guidePlace };
}

/**
 * The channels, categories and threads of the sidebar, from top to bottom: threads that the person has joined or
 * views, or with `all` every open one.
 *
 * @param {Store} store
 * @param {Guild} guild
 * @param {boolean} [all]
 */
export function channelsInOrder(store, guild, all = false) {
  const channels = [...guild.channels.values()].sort(byPosition);
  const top = channels.filter(({ type, parent_id }) => type !== 4 && !parent_id);
  const categories = channels.filter(({ type }) => type === 4);
  const shown = (/** @type {Channel} */ thread) => thread.id === store.place.channel || ((all || thread.joined) && !thread.thread_metadata?.archived);
  const threads = [...guild.threads.values()].filter(shown).sort((a, b) => compare(b.id, a.id));
  return [...top, ...categories.flatMap((category) => [category, ...channels.filter(({ parent_id }) => parent_id === category.id)])].flatMap((channel) => [
    channel,
    ...threads.filter(({ parent_id }) => parent_id === channel.id),
  ]);
}

/** @param {Guild | undefined} guild @param {Channel} channel */
function isLockedAway(guild, channel) {
  if (channel.type === 12) return true;
  const everyone = channel.permission_overwrites?.find(({ id }) => id === guild?.id);
  return (BigInt(everyone?.deny ?? 0) & (1n << 10n)) !== 0n;
}

/** @param {string} name */
function initials(name) {
  return name.split(/\s+/).map((word) => [...word][0] ?? "").slice(0, 3).join("");
}

/** @param {App} app @param {Guild} guild @param {Element} anchor */
function serverMenu(app, guild, anchor) {
  const { store, api } = app;
  const application = store.world?.application;
  const botIsHere = application && guild.members.has(application.bot_user_id);
  const manages = has(guild.permissions, "MANAGE_GUILD");
  openMenu(
    [
      (manages || has(guild.permissions, "MANAGE_ROLES")) && { label: say("server-settings"), run: () => serverSettings(app, guild.id) },
      has(guild.permissions, "MANAGE_CHANNELS") && { label: say("create-channel"), run: () => createChannel(app, guild) },
      manages && application && !botIsHere && { label: say("invite-bot", { name: application.name }), run: () => app.session.attempt(api.bringIn(guild.id, application.bot_user_id)) },
      { label: say("copy-server-id"), run: () => copy(guild.id) },
      guild.owner_id !== store.me?.id && {
        label: say("leave-server"),
        danger: true,
        run: () => confirm(say("leave-server"), say("leave-sure", { name: guild.name }), say("leave-server"), () => app.session.leave(guild.id, api.takeOut(guild.id, "@me"))),
      },
    ],
    anchor,
    { label: guild.name },
  );
}

/** @param {App} app @param {Channel} channel @param {Element | {x: number, y: number}} anchor */
export function channelMenu(app, channel, anchor) {
  const manages = has(channel.permissions, "MANAGE_CHANNELS") || has(channel.permissions, "MANAGE_ROLES");
  openMenu(
    [
      manages && { label: say("channel-settings"), run: () => channelSettings(app, channel.id) },
      has(channel.permissions, "MANAGE_WEBHOOKS") && { label: say("send-as-webhook"), run: () => sendAsWebhook(app, channel) },
      { label: say("copy-link"), run: () => copy(discordLink({ guild: channel.guild_id, channel: channel.id, message: null })) },
      { label: say("copy-channel-id"), run: () => copy(channel.id) },
      has(channel.permissions, "MANAGE_CHANNELS") && {
        label: say("delete-channel"),
        danger: true,
        run: () => confirm(say("delete-channel"), say("delete-sure", { name: channel.name }), say("delete"), () => app.session.leave(channel.id, app.api.deleteChannel(channel.id))),
      },
    ],
    anchor,
    { label: channel.name },
  );
}

/** Messages with embeds, which people cannot write. @param {App} app @param {Channel} channel */
function sendAsWebhook(app, channel) {
  ask(
    say("send-as-webhook"),
    [
      { name: "username", label: say("name"), value: "Webhook", required: true, maxlength: 80 },
      { name: "content", label: say("webhook-text"), maxlength: 2000 },
      { name: "title", label: say("embed-title"), maxlength: 256 },
      { name: "description", label: say("embed-description"), maxlength: 4096 },
      { name: "color", label: say("embed-colour"), type: "color", value: "#5865f2" },
    ],
    say("send"),
    ({ username, content, title, description, color }) => {
      const embeds = title || description ? [{ title, description, color: parseInt(color.slice(1), 16) }] : [];
      return app.api.sendAsWebhook(channel.id, { username, ...(content && { content }), embeds });
    },
  );
}

/** @param {App} app @param {Guild} guild */
function createChannel(app, guild) {
  ask(
    say("create-channel"),
    [
      { name: "name", label: say("name"), required: true, maxlength: 100 },
      { name: "type", label: say("kind"), options: [["0", say("text-channel")], ["5", say("announcement-channel")], ["15", say("forum-channel")]] },
    ],
    say("create"),
    async ({ name, type }) => {
      const channel = await app.api.createChannel(guild.id, { name, type: /** @type {ChannelDraft["type"]} */ (Number(type)) });
      await app.go({ guild: guild.id, channel: channel.id, message: null });
    },
  );
}

