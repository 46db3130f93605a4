// Settings of the server and of a channel, enough to try a bot: language, roles, overwrites, slowmode.

import { el, fill } from "./dom.js";
import { LOCALES } from "./locales.js";
import { allRoles, hex, nameHere } from "./names.js";
import { BIT, has, IN_CHANNEL, IN_ROLE, nameOf } from "./permissions.js";
import { confirm, openDialog } from "./popup.js";
import { selectMenu } from "./select.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Permission} from "./permissions.js" */
/** @import {Child} from "./dom.js" */
/** @import {Channel, Guild, Id, Overwrite, Role} from "./types.d.ts" */

/** @param {App} app @param {Id} id */
export function serverSettings(app, id) {
  const guild = app.store.guilds.get(id);
  if (!guild) return;
  const { body } = openDialog(say("server-settings"), { class: "settings" });
  const roles = el("div", { class: "settings-roles" });
  const editor = el("div", { class: "settings-editor" });

  /** @param {Id | null} current */
  function draw(current) {
    const now = app.store.guilds.get(id) ?? /** @type {Guild} */ (guild);
    const everyone = now.roles.get(id);
    const all = [...allRoles(now), ...(everyone ? [everyone] : [])];
    fill(
      roles,
      el("h3", null, say("roles")),
      all.map((role) =>
        el(
          "button",
          { type: "button", class: "role-line", "data-key": role.id, "aria-current": role.id === current ? "true" : null, onclick: () => draw(role.id) },
          el("span", { class: "dot", css: role.color ? { "--colour": hex(role.color) } : {} }),
          role.name,
        ),
      ),
      el("button", { type: "button", class: "button small", "data-key": "new", onclick: create }, say("create-role")),
    );
    const role = all.find((each) => each.id === current);
    fill(editor, role ? roleForm(app, now, role, draw) : overview(app, now));
  }

  async function create() {
    const role = await app.session.attempt(app.api.createRole(id, { name: say("new-role") }));
    if (!role) return;
    app.store.guilds.get(id)?.roles.set(role.id, role);
    draw(role.id);
  }

  fill(body, el("div", { class: "settings-columns" }, roles, editor));
  draw(null);
}

/** @param {App} app @param {Id} id */
export function channelSettings(app, id) {
  const channel = app.store.find(id);
  if (!channel) return;
  const { body } = openDialog(say("settings-of", { name: channel.name }), { class: "settings" });
  const overwrites = el("div", { class: "overwrites" });
  const general = form(
    [
      field(say("name"), el("input", { name: "name", value: channel.name, required: true, maxlength: "100" })),
      field(say("topic"), el("input", { name: "topic", value: channel.topic ?? "", maxlength: "1024" })),
      field(say("slowmode-seconds"), el("input", { name: "rate_limit_per_user", type: "number", min: "0", max: "21600", value: String(channel.rate_limit_per_user ?? 0) })),
    ],
    ({ name, topic, rate_limit_per_user }) => app.api.editChannel(id, { name, topic, rate_limit_per_user: Number(rate_limit_per_user) }),
  );

  /** @param {Id | null} current */
  function draw(current) {
    const now = app.store.find(id) ?? /** @type {Channel} */ (channel);
    const list = now.permission_overwrites ?? [];
    const target = selectMenu(app, { type: 7, placeholder: say("add-overwrite") }, { label: say("add-overwrite"), onChange: ([chosen]) => draw(chosen ?? null) });
    const shown = current && !list.some((each) => each.id === current) ? [...list, blank(app, current)] : list;
    fill(
      overwrites,
      el("h3", null, say("overwrites")),
      el("div", { class: "overwrite-targets" }, shown.map((each) => el("button", { type: "button", class: "button small", "data-key": each.id, "aria-pressed": String(each.id === current), onclick: () => draw(each.id) }, targetName(app, each)))),
      target.node,
      shown.filter(({ id: each }) => each === current).map((each) => overwriteForm(app, now, each, draw)),
    );
  }

  fill(body, general, overwrites);
  draw(null);
}

/** @param {App} app @param {Guild} guild */
function overview(app, guild) {
  if (!has(guild.permissions, "MANAGE_GUILD")) return el("p", { class: "muted" }, say("choose-role"));
  return form(
    [
      field(say("server-name"), el("input", { name: "name", value: guild.name, required: true, maxlength: "100" })),
      field(say("server-language"), el("select", { name: "preferred_locale" }, LOCALES.map(([code, name]) => el("option", { value: code, selected: code === guild.preferred_locale }, name)))),
    ],
    ({ name, preferred_locale }) => app.api.editGuild(guild.id, { name, preferred_locale }),
  );
}

/** @param {App} app @param {Guild} guild @param {Role} role @param {(current: Id | null) => void} redraw */
function roleForm(app, guild, role, redraw) {
  const everyone = role.id === guild.id;
  const bits = BigInt(role.permissions);
  const boxes = IN_ROLE.map((name) => checkbox(`bit ${name}`, nameOf(name), (bits & BIT[name]) !== 0n));
  const known = IN_ROLE.reduce((sum, name) => sum | BIT[name], 0n);
  return form(
    [
      everyone
        ? null
        : [
            field(say("name"), el("input", { name: "name", value: role.name, required: true, maxlength: "100" })),
            field(say("colour"), el("input", { name: "color", type: "color", value: hex(role.color) })),
            checkbox("mentionable", say("mentionable"), role.mentionable),
            checkbox("hoist", say("hoist"), role.hoist),
          ],
      el("fieldset", null, el("legend", null, say("overwrites")), boxes),
    ],
    async (values) => {
      const permissions = IN_ROLE.filter((name) => values[`bit ${name}`]).reduce((sum, name) => sum | BIT[name], bits & ~known);
      const rest = everyone ? {} : { name: values.name, color: parseInt(values.color.slice(1), 16), mentionable: Boolean(values.mentionable), hoist: Boolean(values.hoist) };
      const changed = await app.api.editRole(guild.id, role.id, { ...rest, permissions: String(permissions) });
      app.store.guilds.get(guild.id)?.roles.set(changed.id, changed);
      redraw(role.id);
    },
    everyone || role.managed
      ? null
      : el("button", { type: "button", class: "button danger", onclick: () => confirm(say("delete-role"), say("delete-sure", { name: role.name }), say("delete"), async () => {
          await app.session.attempt(app.api.deleteRole(guild.id, role.id));
          app.store.guilds.get(guild.id)?.roles.delete(role.id);
          redraw(null);
        }) }, say("delete-role")),
  );
}

/** @param {App} app @param {Channel} channel @param {Overwrite} overwrite @param {(current: Id | null) => void} redraw */
function overwriteForm(app, channel, overwrite, redraw) {
  const allow = BigInt(overwrite.allow);
  const deny = BigInt(overwrite.deny);
  const state = (/** @type {Permission} */ name) => (allow & BIT[name] ? "allow" : deny & BIT[name] ? "deny" : "none");
  const rows = IN_CHANNEL.map((name) =>
    field(nameOf(name), el("select", { name: `bit ${name}`, "data-permission": name }, [["none", say("inherit")], ["allow", say("allow")], ["deny", say("deny")]].map(([value, text]) => el("option", { value, selected: state(name) === value }, text)))),
  );
  const known = IN_CHANNEL.reduce((sum, name) => sum | BIT[name], 0n);
  /** @param {string} which @param {Record<string, string>} values @param {bigint} before */
  const sum = (which, values, before) => String(IN_CHANNEL.filter((name) => values[`bit ${name}`] === which).reduce((bits, name) => bits | BIT[name], before & ~known));
  return form(
    [el("h4", null, targetName(app, overwrite)), el("div", { class: "overwrite-rows" }, rows)],
    async (values) => {
      const next = { type: overwrite.type, allow: sum("allow", values, allow), deny: sum("deny", values, deny) };
      await app.api.setOverwrite(channel.id, overwrite.id, next);
      const others = (app.store.find(channel.id)?.permission_overwrites ?? []).filter(({ id }) => id !== overwrite.id);
      const now = app.store.find(channel.id);
      if (now) now.permission_overwrites = [...others, { id: overwrite.id, ...next }];
      redraw(overwrite.id);
    },
    el("button", { type: "button", class: "button danger", onclick: async () => {
      await app.session.attempt(app.api.removeOverwrite(channel.id, overwrite.id));
      const now = app.store.find(channel.id);
      if (now) now.permission_overwrites = (now.permission_overwrites ?? []).filter(({ id }) => id !== overwrite.id);
      redraw(null);
    } }, say("remove")),
  );
}

/** @param {App} app @param {Id} target @returns {Overwrite} */
function blank(app, target) {
  return { id: target, type: app.store.guild?.roles.has(target) ? 0 : 1, allow: "0", deny: "0" };
}

/** @param {App} app @param {Overwrite} overwrite */
function targetName({ store }, { id, type }) {
  const user = store.guild?.members.get(id)?.user;
  return type === 0 ? (store.guild?.roles.get(id)?.name ?? say("deleted-role")) : user ? nameHere(store, user) : say("unknown-user");
}

/**
 * A form that says whether it was saved.
 *
 * @param {Child[]} content
 * @param {(values: Record<string, string>) => Promise<unknown>} save
 * @param {Child} [extra]
 */
function form(content, save, extra) {
  const problem = el("p", { class: "problem", role: "alert" });
  const node = el(
    "form",
    {
      class: "form",
      async onsubmit(/** @type {SubmitEvent} */ event) {
        event.preventDefault();
        problem.textContent = "";
        try {
          await save(Object.fromEntries([...new FormData(node)].map(([key, value]) => [key, String(value)])));
          toast(say("saved"));
        } catch (error) {
          problem.textContent = error instanceof Error ? error.message : String(error);
        }
      },
    },
    content,
    problem,
    el("div", { class: "dialog-foot" }, extra, el("button", { class: "button primary" }, say("save"))),
  );
  return node;
}

/** @param {string} label @param {HTMLElement} control */
function field(label, control) {
  return el("label", { class: "field" }, el("span", null, label), control);
}

/** @param {string} name @param {string} label @param {boolean} checked */
function checkbox(name, label, checked) {
  return el("label", { class: "check" }, el("input", { type: "checkbox", name, checked }), el("span", null, label));
}
