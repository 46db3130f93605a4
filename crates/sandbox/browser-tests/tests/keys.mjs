// Keyboard shortcuts of the whole page.

import assert from "node:assert/strict";
import { test, testWithBot } from "../lib/suite.mjs";

test("typing anywhere goes into the message box", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  await olivia.goTo("support");
  await page.keyboard.type("Typed at once");
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "Typed at once");
  await olivia.sends(() => page.keyboard.press("Enter"));
  await olivia.sees("Typed at once");
  // Also after a click on an empty place, and with the focus on a message, which has its own keys.
  await page.locator(".chat-head").click({ position: { x: 300, y: 20 } });
  await page.keyboard.type("again");
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "again");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await olivia.message("Typed at once").focus();
  await page.keyboard.press("r");
  await page.locator(".bar", { hasText: "Replying to Olivia" }).waitFor();
  await page.keyboard.press("Escape");
  // Other inputs and menus keep what is typed there.
  await page.getByRole("button", { name: "Activity log" }).click();
  await page.getByRole("searchbox", { name: "Filter" }).fill("");
  await page.keyboard.type("filtered");
  assert.equal(await page.getByRole("searchbox", { name: "Filter" }).inputValue(), "filtered");
  await page.locator("#person").focus();
  await page.keyboard.type("M");
  assert.equal(await olivia.box.inputValue(), "");
});

test("Ctrl+K goes to a channel, a thread or another person", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  const general = await stage.demo.channel("general");
  await stage.demo.post(`/people/owner/channels/${general}/threads`, { name: "plans for spring", type: 11 });
  const option = page.locator(".switcher .option");
  await page.keyboard.press("Control+k");
  await olivia.dialog.getByRole("combobox").waitFor();
  await page.keyboard.type("supp");
  await option.filter({ hasText: "support" }).waitFor();
  await page.keyboard.press("Enter");
  await olivia.isIn("support");
  await page.keyboard.type("Hello");
  assert.equal(await olivia.box.inputValue(), "Hello", "typing goes on in the message box");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("spring");
  await option.filter({ hasText: "plans for spring" }).waitFor();
  await page.keyboard.press("Enter");
  await olivia.isIn("plans for spring");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("mia");
  await option.filter({ hasText: "Mia" }).waitFor();
  await page.keyboard.press("Enter");
  await olivia.isNow("Mia");

  // Unread channels come first.
  const tickets = await stage.demo.channel("tickets");
  await stage.demo.post(`/people/owner/channels/${tickets}/messages`, { content: "New." });
  await page.locator(".channel-link.unread", { hasText: "tickets" }).waitFor();
  await page.keyboard.press("Control+k");
  await option.first().filter({ hasText: "tickets" }).waitFor();
  await page.keyboard.press("Escape");
  await olivia.dialog.waitFor({ state: "detached" });
});

test("Alt with the arrow keys goes through the channels", async (stage) => {
  const mia = await stage.opens({ as: "member" });
  const { page } = mia;
  await mia.goTo("general");
  await page.keyboard.press("Alt+ArrowDown");
  await mia.isIn("welcome");
  await page.keyboard.press("Alt+ArrowDown");
  await mia.isIn("support");
  await page.keyboard.press("Alt+ArrowUp");
  await page.keyboard.press("Alt+ArrowUp");
  await mia.isIn("general");
  await page.keyboard.press("Alt+ArrowUp");
  await mia.isIn("tickets");
  // With Shift, to the next unread channel.
  await stage.demo.post(`/people/owner/channels/${await stage.demo.channel("support")}/messages`, { content: "New." });
  await page.locator(".channel-link.unread", { hasText: "support" }).waitFor();
  await page.keyboard.press("Alt+Shift+ArrowUp");
  await mia.isIn("support");
});

test("in a list of suggestions, pointer and arrow keys share one active option", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  await olivia.box.fill("/inbox");
  const option = page.locator(".listbox .option");
  await option.nth(3).waitFor();
  await page.mouse.move(0, 0);
  await option.nth(2).hover();
  await page.locator(".listbox .option.active[data-index='2']").waitFor();
  assert.equal(await page.locator(".listbox .option.active").count(), 1);
  await page.keyboard.press("ArrowDown");
  await page.locator(".listbox .option.active[data-index='3']").waitFor();
  assert.equal(await olivia.box.getAttribute("aria-activedescendant"), await option.nth(3).getAttribute("id"));
});

test("people are suggested before roles, and both can have the same name", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  const { application } = await stage.demo.get("/world");
  const role = (await stage.demo.guild()).roles.find((/** @type {any} */ { name }) => name === "theticketbot").id;
  const option = page.locator(".listbox .option", { hasText: "theticketbot" });
  await page.keyboard.type("Ask @theticketbot");
  await option.nth(1).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("or @theticketbot");
  await option.nth(1).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  const message = await olivia.sees("Ask @theticketbot or @theticketbot");
  const id = await message.getAttribute("data-message");
  const channel = await stage.demo.channel("general");
  const sent = (await stage.demo.get(`/people/owner/channels/${channel}/messages?limit=50`)).find((/** @type {any} */ each) => each.id === id);
  assert.equal(sent.content, `Ask <@${application.bot_user_id}> or <@&${role}>`);
});

testWithBot("a second press of Enter does not send a form or a command again", async (stage, bot) => {
  await bot.commands([{ name: "once", description: "Answers." }]);
  bot.answers("once", { type: 4, data: { content: "Once." } });
  const olivia = await stage.opens();
  const { page, dialog } = olivia;
  /** @type {import("playwright-core").Route[]} */
  const held = [];
  await page.route(/\/control\/people\/\d+\/(guilds\/\d+\/channels|commands)$/, (route) => (route.request().method() === "POST" ? void held.push(route) : route.continue()));

  await page.locator(".server-name").click();
  await page.getByRole("menuitem", { name: "Create Channel" }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill("brand-new");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await dialog.locator(".button.primary[aria-busy=true]").waitFor();
  await held[0].continue();
  await olivia.isIn("brand-new");
  assert.equal(held.length, 1);

  await olivia.box.fill("/once");
  await page.keyboard.press("Enter");
  await page.locator(".command-form .button.primary:focus").waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.locator(".command-form .button.primary[aria-busy=true]").waitFor();
  await held[1].continue();
  await olivia.sees("Once.");
  await page.locator(".command-form").waitFor({ state: "detached" });
  assert.equal(held.length, 2);
});
