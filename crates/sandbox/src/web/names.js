// Names of people, roles and channels, and how mentions of them look.

import { el, icon } from "./dom.js";
import { parseJump } from "./route.js";
import { say } from "./words.js";

/** @import {Names} from "./markdown.js" */
/** @import {Store} from "./store.js" */
/** @import {Channel, Guild, Id, Member, Message, Role, User} from "./types.d.ts" */

/** @param {User | undefined} user @param {{nick?: string | null} | undefined} [member] */
export function nameOf(user, member) {
  return member?.nick || user?.global_name || user?.username || say("unknown-user");
}

/** A user's name in the current server. @param {Store} store @param {User} user */
export function nameHere(store, user) {
  return nameOf(user, store.guild?.members.get(user.id));
}

/** The roles of a member, highest first. @param {Guild} guild @param {Member | undefined} member */
export function rolesOf(guild, member) {
  const roles = (member?.roles ?? []).map((id) => guild.roles.get(id)).filter((role) => role !== undefined);
  return roles.sort((a, b) => b.position - a.position);
}

/** The colour of a member's name, or null. @param {Guild | undefined} guild @param {Id} user */
export function colourOf(guild, user) {
  const coloured = guild && rolesOf(guild, guild.members.get(user)).find(({ color }) => color !== 0);
  return coloured ? hex(coloured.color) : null;
}

/** @param {number} colour */
export function hex(colour) {
  return `#${colour.toString(16).padStart(6, "0")}`;
}

/** Roles but @everyone, highest first. @param {Guild} guild @returns {Role[]} */
export function allRoles(guild) {
  return [...guild.roles.values()].filter(({ id }) => id !== guild.id).sort((a, b) => b.position - a.position);
}

/** Whether a member is in time-out, by the world's clock. @param {Store} store @param {Member} member */
export function isTimedOut(store, { communication_disabled_until: until }) {
  return Boolean(until) && new Date(until ?? 0).getTime() > Math.max(Date.now(), store.world?.now ?? 0);
}

/** @param {Channel} channel */
export function signOf(channel) {
  const sign = isThread(channel) ? "thread" : channel.type === 5 ? "megaphone" : channel.type === 15 ? "forum" : "hash";
  return icon(sign);
}

/** @param {{type: number}} channel */
export function isThread(channel) {
  return channel.type >= 10 && channel.type <= 12;
}

/** An avatar: the first letter of the name on a colour that depends on the id. @param {User} user */
export function avatar(user) {
  const hue = Number((BigInt(user.id) % 1000003n) * 137n % 360n);
  const letter = [...(user.global_name || user.username || "?")][0]?.toUpperCase();
  return el("span", { class: "avatar", "aria-hidden": true, css: { "--hue": String(hue) } }, letter);
}

/** @param {User} user */
export function badge(user) {
  return user.bot ? el("span", { class: "badge" }, say("app")) : null;
}

/**
 * How mentions in a text are shown. A message contains the users it mentions, so they have names even after they left
 * the server.
 *
 * @param {Store} store
 * @param {{go: (place: {guild: Id | null, channel: Id | null, message: Id | null}) => void, session: {learn: (channel: Id) => void}}} actions
 * @param {Message} [message]
 * @returns {Names}
 */
export function namesFor(store, actions, message) {
  const pill = (/** @type {string} */ text, /** @type {string | null} */ colour = null) =>
    el("span", { class: colour ? "mention coloured" : "mention", css: colour ? { "--colour": colour } : {} }, text);
  /** @param {Channel} channel @param {Id | null} to @param {string} text */
  const jump = (channel, to, text) =>
    el(
      "button",
      { type: "button", class: "mention", onclick: () => actions.go({ guild: channel.guild_id, channel: channel.id, message: to }) },
      signOf(channel),
      text,
    );
  return {
    locale: store.me?.locale ?? "en-US",
    user(id) {
      const user = store.guild?.members.get(id)?.user ?? message?.mentions?.find((each) => each.id === id) ?? store.world?.people.find((each) => each.id === id);
      return user ? el("span", { class: "mention", "data-user": id }, `@${nameHere(store, user)}`) : pill(`<@${id}>`);
    },
    role(id) {
      const role = store.guild?.roles.get(id);
      return pill(`@${role?.name ?? say("deleted-role")}`, role?.color ? hex(role.color) : null);
    },
    channel(id) {
      const channel = store.find(id);
      if (!channel) actions.session.learn(id);
      return channel ? jump(channel, null, channel.name) : el("button", { type: "button", class: "mention", onclick: () => actions.go({ guild: store.place.guild, channel: id, message: null }) }, say("unknown-channel"));
    },
    all: (name) => pill(name),
    jump(address) {
      const place = parseJump(address);
      if (!place?.channel) return null;
      const channel = store.find(place.channel);
      if (!channel) actions.session.learn(place.channel);
      const label = channel?.name ?? say("unknown-channel");
      return el(
        "button",
        { type: "button", class: "mention", title: address, onclick: () => actions.go(place) },
        channel ? signOf(channel) : null,
        place.message ? `${label} › ${say("message-link")}` : label,
      );
    },
  };
}
