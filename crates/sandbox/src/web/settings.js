// The server's settings: name, language and roles. Also the form that all settings use.

import { el, fill } from "./dom.js";
import { localePicker } from "./locales.js";
import { allRoles, hex } from "./names.js";
import { BIT, has, IN_ROLE, nameOf } from "./permissions.js";
import { confirm, openDialog } from "./popup.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Child} from "./dom.js" */
/** @import {Guild, Id, Role} from "./types.d.ts" */

/** The colours that Discord's client offers for roles. */
const COLOURS = [
  0x1abc9c, 0x2ecc71, 0x3498db, 0x9b59b6, 0xe91e63, 0xf1c40f, 0xe67e22, 0xe74c3c, 0x95a5a6, 0x607d8b,
  0x11806a, 0x1f8b4c, 0x206694, 0x71368a, 0xad1457, 0xc27c0e, 0xa84300, 0x992d22, 0x979c9f, 0x546e7a,
];

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

/** @param {App} app @param {Guild} guild */
function overview(app, guild) {
  if (!has(guild.permissions, "MANAGE_GUILD")) return el("p", { class: "muted" }, say("choose-role"));
  return form(
    [
      field(say("server-name"), el("input", { name: "name", value: guild.name, required: true, maxlength: "100" })),
      field(say("server-language"), localePicker(app, guild.preferred_locale, { name: "preferred_locale" })),
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
            colourField(role.color),
            checkbox("mentionable", say("mentionable"), role.mentionable),
            checkbox("hoist", say("hoist"), role.hoist),
          ],
      el("fieldset", null, el("legend", null, say("overwrites")), boxes),
    ],
    async (values) => {
      const permissions = IN_ROLE.filter((name) => values[`bit ${name}`]).reduce((sum, name) => sum | BIT[name], bits & ~known);
      const rest = everyone ? {} : { name: values.name, color: parseInt(values.color, 16), mentionable: Boolean(values.mentionable), hoist: Boolean(values.hoist) };
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

/** Chooses one of Discord's colours for roles, another one, or none. @param {number} colour */
function colourField(colour) {
  const code = (/** @type {number} */ each) => hex(each).slice(1);
  const own = el("input", { type: "radio", name: "color", value: code(colour), checked: colour !== 0 && !COLOURS.includes(colour), "aria-label": say("colour-own") });
  const picker = el("input", {
    type: "color",
    value: colour ? hex(colour) : "#5865f2",
    "aria-label": say("colour-own"),
    oninput() {
      own.value = picker.value.slice(1);
      own.checked = true;
    },
  });
  return el(
    "fieldset",
    { class: "colours" },
    el("legend", null, say("colour")),
    el("label", { class: "swatch none", title: say("colour-none") }, el("input", { type: "radio", name: "color", value: "0", checked: colour === 0, "aria-label": say("colour-none") })),
    COLOURS.map((each) => el("label", { class: "swatch", title: hex(each), css: { "--colour": hex(each) } }, el("input", { type: "radio", name: "color", value: code(each), checked: each === colour, "aria-label": hex(each) }))),
    el("span", { class: "swatch own" }, own, picker),
  );
}

/**
 * A form that says whether it was saved.
 *
 * @param {Child[]} content
 * @param {(values: Record<string, string>) => Promise<unknown>} save
 * @param {Child} [extra]
 */
export function form(content, save, extra) {
  const problem = el("p", { class: "problem", role: "alert" });
  const saved = el("span", { class: "saved", role: "status" });
  const node = el(
    "form",
    {
      class: "form",
      oninput: () => (saved.textContent = ""),
      async onsubmit(/** @type {SubmitEvent} */ event) {
        event.preventDefault();
        problem.textContent = saved.textContent = "";
        try {
          await save(Object.fromEntries([...new FormData(node)].map(([key, value]) => [key, String(value)])));
          saved.textContent = say("saved");
        } catch (error) {
          problem.textContent = error instanceof Error ? error.message : String(error);
        }
      },
    },
    content,
    problem,
    el("div", { class: "dialog-foot sticky" }, saved, el("span", { class: "grow" }), extra, el("button", { class: "button primary" }, say("save"))),
  );
  return node;
}

/** @param {string} label @param {HTMLElement} control */
export function field(label, control) {
  return el("label", { class: "field" }, el("span", null, label), control);
}

/** @param {string} name @param {string} label @param {boolean} checked */
function checkbox(name, label, checked) {
  return el("label", { class: "check" }, el("input", { type: "checkbox", name, checked }), el("span", null, label));
}
