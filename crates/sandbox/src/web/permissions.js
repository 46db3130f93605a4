// Permission bits. The server decides; the page only hides actions that it would refuse.

import { say } from "./words.js";

export const BIT = {
  KICK_MEMBERS: 1n << 1n,
  BAN_MEMBERS: 1n << 2n,
  ADMINISTRATOR: 1n << 3n,
  MANAGE_CHANNELS: 1n << 4n,
  MANAGE_GUILD: 1n << 5n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  MANAGE_ROLES: 1n << 28n,
  MANAGE_WEBHOOKS: 1n << 29n,
  USE_APPLICATION_COMMANDS: 1n << 31n,
  MANAGE_THREADS: 1n << 34n,
  CREATE_PUBLIC_THREADS: 1n << 35n,
  CREATE_PRIVATE_THREADS: 1n << 36n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
  MODERATE_MEMBERS: 1n << 40n,
  BYPASS_SLOWMODE: 1n << 52n,
};

/** @typedef {keyof typeof BIT} Permission */

/** The permissions that matter in a channel, in the order of the settings. @type {Permission[]} */
export const IN_CHANNEL = [
  "VIEW_CHANNEL", "MANAGE_CHANNELS", "MANAGE_ROLES", "SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS",
  "CREATE_PUBLIC_THREADS", "CREATE_PRIVATE_THREADS", "MANAGE_THREADS", "MANAGE_MESSAGES", "EMBED_LINKS",
  "ATTACH_FILES", "READ_MESSAGE_HISTORY", "MENTION_EVERYONE", "MANAGE_WEBHOOKS", "USE_APPLICATION_COMMANDS", "BYPASS_SLOWMODE",
];

/** The permissions a role can have, in the order of the settings. @type {Permission[]} */
export const IN_ROLE = [
  "ADMINISTRATOR", "MANAGE_GUILD", "KICK_MEMBERS", "BAN_MEMBERS", "MODERATE_MEMBERS", ...IN_CHANNEL,
];

/**
 * Whether a permission string contains a permission. Administrators have all.
 *
 * @param {string | null | undefined} permissions
 * @param {Permission} name
 */
export function has(permissions, name) {
  const bits = BigInt(permissions ?? "0");
  return (bits & (BIT[name] | BIT.ADMINISTRATOR)) !== 0n;
}

/**
 * The name of a permission as people read it.
 *
 * @param {Permission} name
 */
export function nameOf(name) {
  return say(`permission-${name}`);
}
