// The page's URLs are like Discord's: /channels/{guild}/{channel}/{message}. The current person is in `?as=`.

/** @import {Id, Place} from "./types.d.ts" */

/**
 * The place in the address bar.
 *
 * @returns {Place}
 */
export function here() {
  return parsePath(location.pathname) ?? { guild: null, channel: null, message: null };
}

/** The person in the address bar. */
export function person() {
  return new URLSearchParams(location.search).get("as");
}

/**
 * The place that a Discord link points to, or null for any other link.
 *
 * @param {string} address
 */
export function parseJump(address) {
  let url;
  try {
    url = new URL(address, location.href);
  } catch {
    return null;
  }
  const ours = url.origin === location.origin || /^((ptb|canary)\.)?discord(app)?\.com$/.test(url.hostname);
  return ours ? parsePath(url.pathname) : null;
}

/**
 * @param {Place} place
 * @param {Id} as
 */
export function href(place, as) {
  const parts = [place.guild, place.channel, place.message].filter(Boolean);
  return `${parts.length ? `/channels/${parts.join("/")}` : "/"}?as=${encodeURIComponent(as)}`;
}

/**
 * A link in Discord's own format, to share.
 *
 * @param {Place} place
 */
export function discordLink(place) {
  return `https://discord.com/channels/${[place.guild, place.channel, place.message].filter(Boolean).join("/")}`;
}

/**
 * @param {string} path
 * @returns {Place | null}
 */
function parsePath(path) {
  const match = /^\/channels\/(\d+)(?:\/(\d+))?(?:\/(\d+))?\/?$/.exec(path);
  return match ? { guild: match[1], channel: match[2] ?? null, message: match[3] ?? null } : null;
}
