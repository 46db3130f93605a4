// The member list: of the server, or of the current thread.

import { el, fill, icon, iconButton } from "./dom.js";
import { userMenu } from "./menus.js";
import { allRoles, avatar, badge, colourOf, isThread, isTimedOut, nameHere, rolesOf } from "./names.js";
import { addMembers, rights } from "./threads.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Channel, Guild, Member, ThreadMember} from "./types.d.ts" */

/** The most members that are listed per group. */
const SHOWN = 200;

/** @param {App} app */
export function memberPanel(app) {
  const { store } = app;
  const node = el("aside", { class: "members", "aria-label": say("members") });
  /** @type {{thread: string, members: ThreadMember[]} | null} */
  let loaded = null;
  let asked = 0;

  async function load() {
    const { channel } = store;
    if (!channel || !isThread(channel)) return draw();
    const question = (asked += 1);
    const members = await app.api.threadMembers(channel.id).catch(() => []);
    if (question !== asked) return;
    loaded = { thread: channel.id, members };
    draw();
  }

  function draw() {
    const { guild, channel } = store;
    if (!guild) return fill(node);
    if (channel && isThread(channel)) fill(node, threadMembers(guild, channel));
    else fill(node, groups(guild).map(([title, members]) => group(guild, title, members)));
  }

  /** @param {Guild} guild @param {Channel} thread */
  function threadMembers(guild, thread) {
    const members = loaded?.thread === thread.id ? loaded.members.map(({ user_id, member }) => guild.members.get(user_id) ?? member).filter((member) => member !== undefined) : [];
    return [
      el(
        "div",
        { class: "members-head" },
        el("h2", null, say("thread-members", { count: members.length })),
        rights(app, thread).add ? iconButton("plus", say("add-members"), { "data-key": "add", onclick: () => addMembers(app, thread) }) : null,
      ),
      el("ul", null, members.slice(0, SHOWN).map((member) => line(guild, member))),
      more(members.length),
    ];
  }

  /** @param {Guild} guild @param {string} title @param {Member[]} members */
  function group(guild, title, members) {
    return [el("h2", null, say("group-of", { name: title, count: members.length })), el("ul", null, members.slice(0, SHOWN).map((member) => line(guild, member))), more(members.length)];
  }

  /** @param {number} count */
  const more = (count) => (count > SHOWN ? el("p", { class: "muted pad" }, say("and-more", { count: count - SHOWN })) : null);

  /** @param {Guild} guild @param {Member} member */
  function line(guild, member) {
    const { user } = member;
    const colour = colourOf(guild, user.id);
    return el(
      "li",
      null,
      el(
        "button",
        {
          type: "button",
          class: "member",
          "data-key": `member ${user.id}`,
          "aria-haspopup": "menu",
          onclick: (/** @type {Event} */ event) => userMenu(app, user.id, /** @type {Element} */ (event.currentTarget)),
          oncontextmenu(/** @type {MouseEvent} */ event) {
            event.preventDefault();
            userMenu(app, user.id, /** @type {Element} */ (event.currentTarget));
          },
        },
        avatar(user),
        el("span", { class: colour ? "name coloured" : "name", css: colour ? { "--colour": colour } : {} }, nameHere(store, user)),
        badge(user),
        isTimedOut(store, member) ? el("span", { class: "timed-out", title: say("timed-out"), role: "img", "aria-label": say("timed-out") }, icon("clock")) : null,
        guild.owner_id === user.id ? el("span", { class: "crown", title: say("owner"), role: "img", "aria-label": say("owner") }, "♛") : null,
      ),
    );
  }

  /** Hoisted roles have their own groups. @param {Guild} guild @returns {[string, Member[]][]} */
  function groups(guild) {
    const hoisted = allRoles(guild).filter(({ hoist }) => hoist);
    /** @type {Map<string, Member[]>} */
    const sorted = new Map(hoisted.map(({ id }) => [id, []]));
    /** @type {Member[]} */
    const rest = [];
    const byName = [...guild.members.values()].sort((a, b) => nameHere(store, a.user).localeCompare(nameHere(store, b.user)));
    for (const member of byName) {
      const role = rolesOf(guild, member).find(({ hoist }) => hoist);
      (sorted.get(role?.id ?? "") ?? rest).push(member);
    }
    /** @type {[string, Member[]][]} */
    const named = hoisted.map(({ id, name }) => [name, sorted.get(id) ?? []]);
    return [...named.filter(([, members]) => members.length), [say("members"), rest]];
  }

  store.on(["place", "threadMembers"], load);
  store.on(["members", "guilds"], draw);
  return node;
}
