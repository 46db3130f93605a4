// The bar across the top: who I am, in which language, how the line and the bot are, and the tools.

import * as control from "./api.js";
import { el, fill, iconButton } from "./dom.js";
import { ask, confirm, openMenu } from "./popup.js";
import { LOCALES, S } from "./strings.js";
import { toast } from "./toast.js";

/** @import {App} from "./app.js" */

/** @param {App} app */
export function topbar(app) {
  const { store } = app;
  const people = el("select", { id: "person", "aria-label": S.youAre, onchange: () => app.become(people.value) });
  const language = el("select", { id: "language", "aria-label": S.language, onchange: changeLanguage }, LOCALES.map(([code, name]) => el("option", { value: code, lang: code }, name)));
  const bot = el("span", { class: "bot-state" });
  const node = el(
    "header",
    { class: "topbar" },
    el("button", { type: "button", class: "button primary skip", onclick: () => app.composer.focus() }, S.skip),
    el("strong", { class: "brand" }, S.title),
    el("label", { for: "person", class: "wide-only" }, S.youAre),
    people,
    iconButton("plus", S.newPerson, { onclick: newPerson }),
    el("label", { for: "language", class: "wide-only" }, S.language),
    language,
    el("span", { class: "grow" }),
    bot,
    iconButton("list", S.inspector, { onclick: () => app.toggle("inspector") }),
    iconButton("theme", S.theme, { onclick: () => app.nextTheme() }),
    iconButton("gear", S.tools, { "aria-haspopup": "menu", onclick: (/** @type {Event} */ event) => tools(/** @type {Element} */ (event.currentTarget)) }),
  );

  function draw() {
    const { world, me } = store;
    fill(
      people,
      (world?.people ?? []).map((person) => el("option", { value: person.id, selected: person.id === app.api.person }, S.person(person.global_name || person.username, person.part))),
    );
    people.value = app.api.person;
    language.value = me?.locale ?? "en-US";
    const connected = world?.application.connected ?? false;
    bot.textContent = world ? S.botState(world.application.name, connected) : "";
    bot.classList.toggle("on", connected);
  }

  async function changeLanguage() {
    const person = await app.session.attempt(app.api.editMe({ locale: language.value }));
    if (!person || !store.me) return draw();
    store.me = { ...store.me, locale: language.value };
    store.changed("world", "guilds", "members", "messages");
  }

  function newPerson() {
    ask(S.newPerson, [{ name: "name", label: S.name, required: true, maxlength: 32 }], S.create, async ({ name }) => {
      const username = name.toLowerCase().replace(/[^a-z0-9_.]+/g, "_").slice(0, 32) || "person";
      const guild = store.place.guild ?? store.world?.guilds[0]?.id;
      const [person] = await control.createPeople({ username, global_name: name, guild_id: guild });
      await app.loadWorld();
      if (person) await app.become(person.id);
    });
  }

  /** @param {Element} anchor */
  function tools(anchor) {
    openMenu(
      [
        app.guide.mayShow() && { label: S.guide, run: () => app.guide.show() },
        { label: S.advanceMinute, run: () => advance(60_000) },
        { label: S.advanceHour, run: () => advance(3_600_000) },
        { label: S.advanceDay, run: () => advance(86_400_000) },
        { label: S.reset, danger: true, run: () => confirm(S.reset, S.resetSure, S.reset, () => control.reset().then(() => location.assign("/"), toast)) },
      ],
      anchor,
      { label: S.tools },
    );
  }

  store.on(["world", "place"], draw);
  return node;
}

/** @param {number} milliseconds */
function advance(milliseconds) {
  control.advance(milliseconds).then(({ now }) => toast(S.nowIs(new Date(now).toLocaleString())), toast);
}

/** The line across the page when the sandbox cannot be heard. @param {App} app */
export function lineBar(app) {
  const node = el("div", { class: "line-bar", role: "status", hidden: true });
  app.store.on(["line"], () => {
    const { line } = app.store;
    node.hidden = line !== "lost";
    fill(node, line === "lost" ? [S.lineLost, " ", el("button", { type: "button", class: "text-button", onclick: () => app.session.retry() }, S.tryNow)] : null);
  });
  return node;
}
