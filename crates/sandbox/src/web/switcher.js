// The quick switcher (Ctrl+K): goes to a channel, a thread or another person by name.

import { el, fill } from "./dom.js";
import { Listbox } from "./listbox.js";
import { avatar, isThread, nameOf, signOf } from "./names.js";
import { openDialog } from "./popup.js";
import { channelsInOrder } from "./sidebar.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Item} from "./listbox.js" */

/** The most entries that are listed at once. */
const SHOWN = 50;

/** @param {App} app */
export function openSwitcher(app) {
  const { store } = app;
  const { body, close } = openDialog(say("switcher"), { class: "small switcher" });
  const input = el("input", { type: "text", class: "search", placeholder: say("switcher-hint"), "aria-label": say("switcher"), autocomplete: "off" });
  const list = new Listbox(input, { label: say("switcher"), onChoose: choose });

  /** @param {Item} item */
  function choose({ value }) {
    close();
    const [kind, guild, id] = value.split(" ");
    if (kind === "person") return app.become(guild);
    app.go({ guild, channel: id, message: null });
    app.composer.focus();
  }

  function draw() {
    const wanted = input.value.trim().replace(/^[#@]/, "").toLowerCase();
    const found = [...places(), ...people()].filter(({ label }) => label.toLowerCase().includes(wanted));
    const first = (/** @type {Item} */ { label }) => Number(!label.toLowerCase().startsWith(wanted));
    list.show([...found.filter(isPlace), ...found.filter((item) => !isPlace(item))].sort((a, b) => Number(isPlace(b)) - Number(isPlace(a)) || first(a) - first(b)).slice(0, SHOWN));
  }

  /** Channels and threads, unread ones first. @returns {Item[]} */
  function places() {
    const all = [...store.guilds.values()].flatMap((guild) => channelsInOrder(store, guild, true).filter(({ type }) => type !== 4).map((channel) => ({ guild, channel })));
    const rank = (/** @type {string} */ id) => (store.unread.has(id) ? 1 + (store.unread.get(id) ?? 0) : 0);
    return all
      .filter(({ channel }) => channel.id !== store.place.channel)
      .sort((a, b) => rank(b.channel.id) - rank(a.channel.id))
      .map(({ guild, channel }) => ({
        value: `place ${guild.id} ${channel.id}`,
        label: channel.name,
        detail: isThread(channel) ? `#${store.find(channel.parent_id ?? "")?.name ?? ""}` : guild.name,
        sign: signOf(channel),
        group: say("channels"),
      }));
  }

  /** @returns {Item[]} */
  function people() {
    const others = (store.world?.people ?? []).filter(({ id }) => id !== app.api.person);
    return others.map((person) => ({ value: `person ${person.id}`, label: nameOf(person), sign: avatar(person), group: say("people") }));
  }

  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => void list.key(event));
  fill(body, input, list.node);
  draw();
  input.focus();
}

/** @param {Item} item */
function isPlace({ value }) {
  return value.startsWith("place ");
}
