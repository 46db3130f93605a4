// The top bar: the current person and their language, whether the bot is connected, and the tools.

import * as control from "./api.js";
import { el, fill, iconButton } from "./dom.js";
import { localePicker } from "./locales.js";
import { ask, confirm, openMenu } from "./popup.js";
import { toast } from "./toast.js";
import { knows, say, spoken } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Person} from "./types.d.ts" */

/** @param {App} app */
export function topbar(app) {
  const { store } = app;
  const people = el("select", { id: "person", "data-key": "person", "aria-label": say("you-are"), onchange: () => app.become(people.value) });
  const language = localePicker(app, app.store.me?.locale ?? "en-US", { id: "language", "data-key": "language", "aria-label": say("language"), onchange: changeLanguage });
  const languageFrame = el("span", { class: "language" }, language);
  const bot = el("span", { class: "bot-state" });
  const theme = el("span", { class: "theme-switch" });
  const problems = el("button", { type: "button", class: "problems", hidden: true, onclick: () => app.shows("inspector") || app.toggle("inspector") });
  const node = el(
    "header",
    { class: "topbar" },
    el("button", { type: "button", class: "button primary skip", onclick: () => app.composer.focus() }, say("skip")),
    el("strong", { class: "brand" }, say("title")),
    el("label", { for: "person", class: "wide-only" }, say("you-are")),
    people,
    iconButton("plus", say("new-person"), { class: "wide-only", onclick: newPerson }),
    el("label", { for: "language", class: "wide-only" }, say("language")),
    languageFrame,
    el("span", { class: "grow wide-only" }),
    bot,
    problems,
    iconButton("list", say("inspector"), { class: "wide-only", onclick: () => app.toggle("inspector") }),
    theme,
    iconButton("gear", say("tools"), { "aria-haspopup": "menu", onclick: (/** @type {Event} */ event) => tools(/** @type {Element} */ (event.currentTarget)) }),
  );

  function draw() {
    const { world, me } = store;
    fill(
      people,
      (world?.people ?? []).map((person) => el("option", { value: person.id, selected: person.id === app.api.person }, calledWithPart(person))),
    );
    people.value = app.api.person;
    language.value = me?.locale ?? "en-US";
    languageFrame.setAttribute("data-code", language.value.split("-")[0].toUpperCase());
    const connected = world?.application.connected ?? false;
    bot.textContent = world ? botState(world.application.name, connected) : "";
    bot.classList.toggle("on", connected);
    bot.title = bot.textContent ?? "";
    const count = world?.problems ?? 0;
    problems.hidden = count === 0;
    problems.textContent = `⚠ ${count}`;
    problems.title = say("problems", { count });
    problems.setAttribute("aria-label", problems.title);
    const dark = app.isDark();
    fill(theme, iconButton(dark ? "sun" : "moon", dark ? say("theme-light") : say("theme-dark"), { "data-key": "theme", onclick: () => app.switchTheme() }));
  }

  async function changeLanguage() {
    // The menu may be drawn again during the call.
    const locale = language.value;
    const person = await app.session.attempt(app.api.editMe({ locale }));
    if (!person || !store.me) return draw();
    store.me = { ...store.me, locale };
    await app.speak(locale);
    store.changed("world", "guilds", "members", "messages");
  }

  function newPerson() {
    ask(say("new-person"), [{ name: "name", label: say("name"), required: true, maxlength: 32 }], say("create"), async ({ name }) => {
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
        app.guide.mayShow() && { label: say("guide"), run: () => app.guide.show() },
        { label: say("inspector"), run: () => app.toggle("inspector") },
        { label: app.isDark() ? say("theme-light") : say("theme-dark"), run: () => app.switchTheme() },
        { label: say("new-person"), run: newPerson },
        { label: say("advance-minute"), run: () => advance(60_000) },
        { label: say("advance-hour"), run: () => advance(3_600_000) },
        { label: say("advance-day"), run: () => advance(86_400_000) },
        { label: say("reset"), danger: true, run: () => confirm(say("reset"), say("reset-sure"), say("reset"), () => control.reset().then(() => location.assign("/"), toast)) },
      ],
      anchor,
      { label: say("tools") },
    );
  }

  store.on(["world", "place"], draw);
  return node;
}

/** @param {string} name @param {boolean} connected */
function botState(name, connected) {
  return connected ? say("bot-connected", { name }) : say("bot-away", { name });
}

/** A person's name and part. @param {Person} person */
function calledWithPart({ global_name, username, part }) {
  const name = global_name || username;
  const key = `part-${part}`;
  return part && knows(key) ? say("person-with-part", { name, part: say(key) }) : name;
}

/** @param {number} milliseconds */
function advance(milliseconds) {
  control.advance(milliseconds).then(({ now }) => toast(say("now-is", { time: new Date(now).toLocaleString(spoken()) })), toast);
}

/** The bar that is shown while the connection to the sandbox is lost. @param {App} app */
export function lineBar(app) {
  const node = el("div", { class: "line-bar", role: "status", hidden: true });
  app.store.on(["line"], () => {
    const { line } = app.store;
    node.hidden = line !== "lost";
    fill(node, line === "lost" ? [say("line-lost"), " ", el("button", { type: "button", class: "text-button", onclick: () => app.session.retry() }, say("try-now"))] : null);
  });
  return node;
}
