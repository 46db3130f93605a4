// A channel's settings: name, topic, slowmode, and the permissions of each role and member. All changes are kept
// in a draft until one Save sends them.

import { el, fill } from "./dom.js";
import { nameHere } from "./names.js";
import { BIT, IN_CHANNEL, nameOf } from "./permissions.js";
import { openDialog } from "./popup.js";
import { selectMenu } from "./select.js";
import { field, form } from "./settings.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Permission} from "./permissions.js" */
/** @import {Id, Overwrite} from "./types.d.ts" */

/** @typedef {"deny" | "inherit" | "allow"} State */

/** The states of a permission, each with its sign. @type {[State, string][]} */
const STATES = [["deny", "✕"], ["inherit", "–"], ["allow", "✓"]];

/** @param {App} app @param {Id} id */
export function channelSettings(app, id) {
  const channel = app.store.find(id);
  if (!channel) return;
  const { body } = openDialog(say("settings-of", { name: channel.name }), { class: "settings" });
  /** The overwrites in the sandbox, and the draft of them. */
  const before = new Map((channel.permission_overwrites ?? []).map((each) => [each.id, each]));
  const everyone = channel.guild_id;
  /** @type {Map<Id, Overwrite>} */
  const draft = new Map([[everyone, before.get(everyone) ?? blank(app, everyone)], ...before]);
  let current = everyone;
  const targets = el("div", { class: "overwrite-targets" });
  const adder = el("div", null);
  const editor = el("div", { class: "overwrite-editor" });

  function draw() {
    const target = selectMenu(app, { type: 7, placeholder: say("add-overwrite") }, { label: say("add-overwrite"), onChange: ([chosen]) => chosen && add(chosen) });
    fill(
      targets,
      [...draft.values()].map((each) =>
        el("button", { type: "button", class: "button small", "data-key": each.id, "aria-pressed": String(each.id === current), onclick: () => choose(each.id) }, targetName(app, each)),
      ),
    );
    fill(adder, target.node);
    const overwrite = draft.get(current);
    fill(editor, overwrite ? permissions(overwrite) : null);
  }

  /** @param {Id} target */
  function choose(target) {
    current = target;
    draw();
  }

  /** @param {Id} target */
  function add(target) {
    if (!draft.has(target)) draft.set(target, blank(app, target));
    choose(target);
  }

  /** @param {Id} target */
  function remove(target) {
    draft.delete(target);
    if (target === everyone) draft.set(everyone, blank(app, everyone));
    choose(everyone);
  }

  /** @param {Overwrite} overwrite */
  function permissions(overwrite) {
    return [
      el("h4", null, targetName(app, overwrite)),
      el("div", { class: "permission-rows" }, IN_CHANNEL.map((name) => row(overwrite, name))),
      el("button", { type: "button", class: "button danger small", onclick: () => remove(overwrite.id) }, say("remove-overwrite", { name: targetName(app, overwrite) })),
    ];
  }

  /** @param {Overwrite} overwrite @param {Permission} name */
  function row(overwrite, name) {
    const set = (/** @type {State} */ state) => draft.set(overwrite.id, changed(draft.get(overwrite.id) ?? overwrite, BIT[name], state));
    return el(
      "fieldset",
      { class: "permission", "data-permission": name },
      el("legend", null, nameOf(name)),
      el(
        "span",
        { class: "permission-states" },
        STATES.map(([state, sign]) =>
          el(
            "label",
            { class: `permission-state ${state}`, title: say(`state-${state}`) },
            el("input", { type: "radio", name: `${overwrite.id} ${name}`, value: state, checked: stateOf(overwrite, BIT[name]) === state, onchange: () => set(state) }),
            el("span", { "aria-hidden": true }, sign),
            el("span", { class: "hidden" }, say(`state-${state}`)),
          ),
        ),
      ),
    );
  }

  /** @param {Record<string, string>} values */
  async function save({ name, topic, rate_limit_per_user }) {
    const now = app.store.find(id) ?? channel;
    const change = {
      ...(name !== now?.name && { name }),
      ...(topic !== (now?.topic ?? "") && { topic }),
      ...(Number(rate_limit_per_user) !== (now?.rate_limit_per_user ?? 0) && { rate_limit_per_user: Number(rate_limit_per_user) }),
    };
    if (Object.keys(change).length) await app.api.editChannel(id, change);
    // An empty overwrite for @everyone is not sent: Discord has none by default.
    const wanted = [...draft.values()].filter(({ id: target, allow, deny }) => target !== everyone || allow !== "0" || deny !== "0");
    for (const { id: target, type, allow, deny } of wanted) {
      const old = before.get(target);
      if (old?.allow === allow && old.deny === deny) continue;
      await app.api.setOverwrite(id, target, { type: type === 0 ? 0 : 1, allow, deny });
      before.set(target, { id: target, type, allow, deny });
    }
    for (const target of [...before.keys()]) {
      if (wanted.some((each) => each.id === target)) continue;
      await app.api.removeOverwrite(id, target);
      before.delete(target);
    }
  }

  fill(
    body,
    form(
      [
        field(say("name"), el("input", { name: "name", value: channel.name, required: true, maxlength: "100" })),
        field(say("topic"), el("input", { name: "topic", value: channel.topic ?? "", maxlength: "1024" })),
        field(say("slowmode-seconds"), el("input", { name: "rate_limit_per_user", type: "number", min: "0", max: "21600", value: String(channel.rate_limit_per_user ?? 0) })),
        el("h3", null, say("overwrites")),
        targets,
        adder,
        editor,
      ],
      save,
    ),
  );
  draw();
}

/** @param {App} app @param {Id} target @returns {Overwrite} */
function blank(app, target) {
  return { id: target, type: app.store.guild?.roles.has(target) ? 0 : 1, allow: "0", deny: "0" };
}

/** @param {Overwrite} overwrite @param {bigint} bit @returns {State} */
function stateOf({ allow, deny }, bit) {
  return BigInt(allow) & bit ? "allow" : BigInt(deny) & bit ? "deny" : "inherit";
}

/** @param {Overwrite} overwrite @param {bigint} bit @param {State} state @returns {Overwrite} */
function changed(overwrite, bit, state) {
  const allow = BigInt(overwrite.allow) & ~bit;
  const deny = BigInt(overwrite.deny) & ~bit;
  return { ...overwrite, allow: String(state === "allow" ? allow | bit : allow), deny: String(state === "deny" ? deny | bit : deny) };
}

/** @param {App} app @param {Overwrite} overwrite */
function targetName({ store }, { id, type }) {
  const user = store.guild?.members.get(id)?.user;
  return type === 0 ? (store.guild?.roles.get(id)?.name ?? say("deleted-role")) : user ? nameHere(store, user) : say("unknown-user");
}
