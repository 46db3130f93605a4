// A person at the page: what they do with the mouse, and what they see.

import { wordsOf } from "./words.mjs";

/** @import {Locator, Page} from "playwright-core" */

/** What the bot says, in the languages that the tests speak. */
export const WORDS = {
  "en-US": {
    select: "Select this message",
    create: ["/inbox create", "channel", "destination"],
    destination: ["/inbox destination", "channel"],
    message: ["/inbox message"],
    staff: ["/inbox staff"],
    starter: ["/inbox new-tickets starter"],
    name: ["/inbox new-tickets name"],
    now: "Now select",
    created: "Your inbox is ready",
    moved: "now go to",
    replacement: "should show from now on",
    replaced: "shows its new message",
    whom: "mention the members and roles below",
    savedStaff: "Saved. New tickets from",
    starterTitle: "Starting message of new tickets",
    savedStarter: "will begin with your message",
    nameTitle: "Name of new tickets",
    savedName: "will have names like this",
    ticket: "Here's your ticket",
  },
  de: {
    select: "Diese Nachricht auswählen",
    create: ["/postfach erstellen", "kanal", "ziel"],
    destination: ["/postfach ziel", "kanal"],
    message: ["/postfach nachricht"],
    staff: ["/postfach team"],
    starter: ["/postfach neue-tickets startnachricht"],
    name: ["/postfach neue-tickets name"],
    now: "Wähle jetzt",
    created: "Dein Postfach ist fertig",
    moved: "gehen jetzt in",
    replacement: "von nun an zeigen soll",
    replaced: "zeigt seine neue Nachricht",
    whom: "erwähnen die Mitglieder und Rollen unten",
    savedStaff: "Gespeichert. Neue Tickets aus",
    starterTitle: "Startnachricht neuer Tickets",
    savedStarter: "beginnen mit deiner Nachricht",
    nameTitle: "Name neuer Tickets",
    savedName: "heißen zum Beispiel so",
    ticket: "Hier ist dein Ticket",
  },
  fr: {
    select: "Choisir ce message",
    create: ["/guichet créer", "salon", "destination"],
    destination: ["/guichet destination", "salon"],
    message: ["/guichet message"],
    staff: ["/guichet équipe"],
    starter: ["/guichet nouveaux-tickets accueil"],
    name: ["/guichet nouveaux-tickets nom"],
    now: "Choisis maintenant",
    created: "Ton guichet est prêt",
    moved: "vont désormais dans",
    replacement: "doit désormais afficher",
    replaced: "affiche son nouveau message",
    whom: "mentionnent les membres et rôles ci-dessous",
    savedStaff: "Enregistré. Les nouveaux tickets",
    starterTitle: "Message d’accueil des nouveaux tickets",
    savedStarter: "commenceront par ton message",
    nameTitle: "Nom des nouveaux tickets",
    savedName: "porteront un nom comme celui-ci",
    ticket: "Voici ton ticket",
  },
};

/** Waits until the newest message is in view. @param {Page} page */
export const atEnd = (page) =>
  page.waitForFunction(() => {
    const list = /** @type {Element} */ (document.querySelector(".scroller"));
    return list.scrollHeight - list.scrollTop - list.clientHeight < 2;
  });

export class Person {
  /** @param {Page} page @param {keyof typeof WORDS} language */
  constructor(page, language = "en-US") {
    this.page = page;
    this.words = WORDS[language];
    this.say = wordsOf(language);
  }

  get box() {
    return this.page.locator("textarea[data-key=composer]");
  }

  /** Waits until the page speaks a language. @param {keyof typeof WORDS} language */
  async speaks(language) {
    await this.page.locator(`html[lang="${language}"]`).waitFor();
    await this.page.locator("#language").and(this.page.getByLabel(wordsOf(language)("language"), { exact: true })).waitFor();
  }

  get dialog() {
    return this.page.getByRole("dialog");
  }

  /** Messages with this text. @param {string | RegExp} text @returns {Locator} */
  message(text) {
    return this.page.locator("li.message:not(.waiting)", { hasText: text });
  }

  /** Waits for a message. @param {string | RegExp} text */
  async sees(text) {
    await this.message(text).last().waitFor();
    return this.message(text).last();
  }

  /** Waits until no message has this text. @param {string | RegExp} text */
  async seesNoMore(text) {
    await this.message(text).first().waitFor({ state: "detached" });
  }

  /** @param {string} name of a channel, or of a thread that has been joined */
  async goTo(name) {
    await this.page.locator(".channel-link", { has: this.page.getByText(name, { exact: true }) }).click();
    await this.isIn(name);
  }

  /** @param {string | RegExp} name */
  async isIn(name) {
    await this.page.locator(".chat-head h1", { hasText: name }).waitFor();
  }

  /** @param {string} text @param {{name: string, mimeType: string, buffer: Buffer}[]} [files] */
  async says(text, files = []) {
    if (files.length) {
      await this.page.locator("input[type=file]").setInputFiles(files);
      await this.page.locator(".tray-file").nth(files.length - 1).waitFor();
    }
    await this.box.fill(text);
    await this.sends(() => this.page.getByRole("button", { name: this.say("send"), exact: true }).click());
  }

  /**
   * Sends what is written, and waits until the page knows that it was sent. The message itself can be there earlier.
   *
   * @param {() => Promise<unknown>} press
   */
  async sends(press) {
    const sent = this.page.waitForResponse((response) => response.request().method() === "POST" && /\/channels\/\d+\/messages$/.test(response.url()));
    await Promise.all([sent, press()]);
    await this.page.locator(".composer-line:not([aria-busy])").waitFor({ state: "attached" });
  }

  /** Becomes another person, at the top of the page. @param {string} name */
  async becomes(name) {
    const people = this.page.locator("#person");
    await people.selectOption(await people.locator("option", { hasText: name }).getAttribute("value"));
    await this.isNow(name);
  }

  /** Waits until the page shows what another person sees, and hears of what happens. @param {string} name */
  async isNow(name) {
    const value = await this.page.locator("#person option", { hasText: name }).getAttribute("value");
    await this.page.waitForURL((url) => url.searchParams.get("as") === value);
    await this.page.locator(".channel-link").first().waitFor({ state: "attached" });
  }

  /**
   * Runs a slash command: types its beginning, clicks it, fills its options from what they offer.
   *
   * @param {string[]} command as it is called, and its options
   * @param {...string} values of the options, as far as they are used
   */
  async runs([command, ...options], ...values) {
    const { page } = this;
    await this.box.fill(command);
    await page.locator(".listbox .option", { has: page.getByText(command, { exact: true }) }).click();
    const form = page.locator(".command-form");
    await form.waitFor();
    for (const [index, value] of values.entries()) {
      const field = form.locator(".command-field", { has: page.getByText(options[index], { exact: true }) });
      if ((await field.count()) === 0) await form.getByRole("button", { name: `+ ${options[index]}` }).click();
      await field.locator("input").fill(value);
      await page.locator(".listbox .option", { hasText: value }).first().click();
    }
    await form.getByRole("button", { name: this.say("run") }).click();
    await form.waitFor({ state: "detached" });
  }

  /** Selects a message in its Apps menu, by right click. @param {Locator} message */
  async selects(message) {
    await message.locator(".content, .embed-text").first().click({ button: "right" });
    await this.page.getByRole("menuitem", { name: this.say("apps") }).click();
    await this.page.getByRole("menuitem", { name: this.words.select }).click();
  }

  /**
   * Runs a command that asks for a message, and selects one. The prompt is gone afterwards: the next command has its own.
   *
   * @param {Locator} message
   * @param {string[]} command
   * @param {...string} values of the command's options
   */
  async runsFor(message, command, ...values) {
    await this.runs(command, ...values);
    await this.sees(this.words.now);
    await this.selects(message);
    await this.seesNoMore(this.words.now);
  }

  /** Makes an inbox of a message here. @param {Locator} message @param {string} channel @param {string} [destination] */
  async makesInbox(message, channel, destination) {
    await this.runsFor(message, this.words.create, ...[channel, destination].filter((each) => each !== undefined));
    return this.sees(this.words.created);
  }

  /** Opens a ticket at the inbox that is in view, and goes there. */
  async opensTicket() {
    await this.page.getByRole("button", { name: "Create Ticket" }).last().click();
    const answer = await this.sees(this.words.ticket);
    await this.ticketIn(answer).click();
    await this.sees(/Welcome/);
  }

  /** The link to a ticket, once the ticket can be opened: the answer can come before the person is in it. @param {Locator} answer */
  ticketIn(answer) {
    return answer.locator("button.mention", { hasNotText: this.say("unknown-channel") });
  }

  /** Opens the menu of the channel or thread and chooses from it. @param {string} entry */
  async chooses(entry) {
    await this.page.locator(".chat-head [data-key=actions]").click();
    await this.page.getByRole("menuitem", { name: entry, exact: true }).click();
  }
}
