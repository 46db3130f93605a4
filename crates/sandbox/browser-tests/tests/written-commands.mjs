// Commands that are written as in the documentation, and typing while a command's form is open.

import assert from "node:assert/strict";
import { test, testWithBot } from "../lib/suite.mjs";

/** @import {Bot} from "../lib/bot.mjs" */
/** @import {Stage} from "../lib/suite.mjs" */

/** A window of the owner's in a ticket of theirs. @param {Stage} stage */
async function inTicket(stage) {
  const olivia = await stage.opens();
  await olivia.goTo("welcome");
  await olivia.makesInbox(await olivia.sees("Need help?"), "welcome");
  await olivia.opensTicket();
  return olivia;
}

test("a command that is written with its options is run, not posted", async (stage) => {
  const olivia = await inTicket(stage);
  const { page } = olivia;
  const form = page.locator(".command-form");
  await page.keyboard.type("/ticket snooze for: 3d");
  await page.locator(".listbox .option", { hasText: "/ticket snooze" }).waitFor();
  await page.keyboard.press("Enter");
  await form.waitFor();
  assert.equal(await form.locator("[data-option=for]").inputValue(), "3d");
  await page.keyboard.press("Enter");
  await olivia.sees("no reminders in this ticket for now");
  await form.waitFor({ state: "detached" });

  // The same if the list of commands is closed.
  await page.keyboard.type("/ticket close remove-owner:no reason:It works: again");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await form.waitFor();
  assert.equal(await form.locator("[data-option=reason]").inputValue(), "It works: again");
  await page.keyboard.press("Enter");
  await olivia.sees("It works: again");
  await page.locator(".tag", { hasText: "Closed" }).waitFor();
  assert.equal(await olivia.message(/^\/|\/ticket \w+ \w+:/).count(), 0, "nothing was posted");
});

/** Registers a command with an option of each kind. @param {Bot} bot */
async function feeds(bot) {
  await bot.commands([
    {
      type: 1,
      name: "feed",
      description: "Feed somebody",
      options: [
        { type: 6, name: "who", description: "Whom", required: true },
        { type: 4, name: "count", description: "How many times" },
        { type: 3, name: "what", name_localizations: { de: "was" }, description: "What", choices: [{ name: "A fish", value: "fish" }] },
        { type: 8, name: "role", description: "For which role" },
        { type: 5, name: "again", description: "Again" },
        { type: 3, name: "note", description: "A note" },
      ],
    },
    { type: 1, name: "zoo", description: "The zoo", options: [{ type: 1, name: "open", description: "Open it" }] },
  ]);
  bot.answers("feed", { type: 4, data: { content: "Fed." } });
}

testWithBot("options may be written in any way that can be understood", async (stage, bot) => {
  await feeds(bot);
  const olivia = await stage.opens();
  const { page } = olivia;
  const { application, people } = await stage.demo.get("/world");
  const form = page.locator(".command-form");
  const noah = people.find((/** @type {any} */ { username }) => username === "noah").id;
  await page.keyboard.type("/Feed again : yes who:@Noah count: 3 what: fish role: moderator note: See: https://example.com for who: he is");
  await page.keyboard.press("Enter");
  await form.waitFor();
  await page.keyboard.press("Enter");
  await olivia.sees("Fed.");
  const { options } = (await bot.got("feed")).data;
  const moderator = (await stage.demo.guild()).roles.find((/** @type {any} */ { name }) => name === "Moderator").id;
  assert.deepEqual(
    options.map((/** @type {any} */ { name, value }) => [name, value]).sort(),
    [["again", true], ["count", 3], ["note", "See: https://example.com for who: he is"], ["role", moderator], ["what", "fish"], ["who", noah]],
  );

  // Text that is not an option, or not a number, stays in the message box.
  for (const [text, wrong] of [["/feed the cat who: Noah", "the cat"], ["/feed who: Noah count: many", "count: many"], ["/zoo shut", "/zoo shut"]]) {
    await olivia.box.fill(text);
    await page.keyboard.press("Enter");
    await page.locator(".toast", { hasText: `“${wrong}”` }).waitFor();
    assert.equal(await olivia.box.inputValue(), text);
  }

  // A value that is not one of the suggestions is in its field, which has the focus.
  await olivia.box.fill("/feed who: Nobody note: Hello");
  await page.keyboard.press("Enter");
  await page.locator("[data-option=who]:focus").waitFor();
  assert.equal(await page.locator("[data-option=who]").inputValue(), "Nobody");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await form.locator(".problem", { hasText: "who: Select one of the suggestions" }).waitFor();
  await form.getByRole("button", { name: "Cancel" }).click();

  // Option names in the person's language are understood, too.
  await page.locator("#language").selectOption("de");
  await olivia.speaks("de");
  await olivia.box.fill("/feed was: a fish who: Noah");
  await page.keyboard.press("Enter");
  await form.waitFor();
  await page.keyboard.press("Enter");
  assert.equal((await bot.got("feed", 2)).data.options.find((/** @type {any} */ { name }) => name === "what").value, "fish");
  await form.waitFor({ state: "detached" });
  const sent = await stage.demo.get(`/people/owner/channels/${await stage.demo.channel("general")}/messages?limit=50`);
  assert.ok(sent.every((/** @type {any} */ { author, content }) => author.id === application.bot_user_id || !content.startsWith("/")), "nothing was posted");
});

test("Enter does not choose a suggestion for an earlier text", async (stage) => {
  const olivia = await inTicket(stage);
  const { page } = olivia;
  await page.keyboard.type("/ticket snooze");
  await page.keyboard.press("Enter");
  await page.locator(".listbox .option").first().waitFor();
  /** @type {any[]} */
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && request.url().endsWith("/commands") && sent.push(request.postDataJSON()));
  await page.keyboard.type("3d");
  await page.keyboard.press("Enter");
  await olivia.sees("no reminders in this ticket for now");
  assert.equal(sent.find(({ focused }) => !focused).options.for, "3d");
});

test("while a command's form is open, typing goes into its first empty text option", async (stage) => {
  const olivia = await inTicket(stage);
  const { page } = olivia;
  await page.keyboard.type("/ticket close");
  await page.locator(".listbox .option").first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("It works again");
  await page.locator("[data-option=reason]:focus").waitFor();
  assert.equal(await page.locator("[data-option=reason]").inputValue(), "It works again");
  await page.keyboard.press("Enter");
  await olivia.sees("It works again");
  await page.locator(".tag", { hasText: "Closed" }).waitFor();
  await page.locator(".command-form").waitFor({ state: "detached" });

  // A required option that is missing comes first, whatever its type is.
  await olivia.goTo("general");
  await olivia.box.fill("/inbox create");
  await page.locator(".listbox .option", { hasText: "/inbox create" }).first().click();
  await page.locator(".chat-head").click({ position: { x: 300, y: 20 } });
  await page.keyboard.type("supp");
  await page.locator(".listbox .option", { hasText: "#support" }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".command-form .primary:focus").waitFor();
  await page.keyboard.type("Help");
  assert.equal(await page.locator("[data-option=name]").inputValue(), "Help");
});
