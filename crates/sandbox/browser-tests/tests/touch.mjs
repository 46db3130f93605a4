// With fingers: a long press is what the right mouse button is, and everything is large enough and in reach.

import assert from "node:assert/strict";
import { test } from "../lib/suite.mjs";

/** @import {Locator} from "playwright-core" */

/** How long a finger rests until the menu opens, in milliseconds. */
const LONG_PRESS = 450;

test("a ticket from message to lock, with fingers on a telephone", async (stage) => {
  const person = await stage.opens({ width: 390, height: 844, touch: true });
  const { page } = person;
  const goTo = async (/** @type {string} */ name) => {
    await page.getByRole("button", { name: "Show channels" }).tap();
    await page.locator(".channel-link", { hasText: name }).tap();
    await person.isIn(name);
    await page.locator(".sidebar").waitFor({ state: "hidden" });
  };
  await goTo("support");
  await person.box.tap();
  await page.keyboard.type("Press the button.");
  await person.sends(() => page.getByRole("button", { name: "Send", exact: true }).tap());
  const message = await person.sees("Press the button.");

  await person.box.fill("/inbox create");
  await page.locator(".listbox .option").first().tap();
  await page.locator(".listbox .option", { hasText: "#support" }).tap();
  await page.locator(".command-form").getByRole("button", { name: "Run" }).tap();
  await person.sees(person.words.now);
  await page.locator(".command-form").waitFor({ state: "detached" });

  // A finger that moves scrolls; one that rests opens the menu.
  await press(message.locator(".content"), { slip: 40 });
  assert.equal(await page.getByRole("menu").count(), 0, "no menu while scrolling");
  await press(message.locator(".content"));
  await page.getByRole("menuitem", { name: "Apps" }).tap();
  await page.getByRole("menuitem", { name: person.words.select }).tap();
  await person.sees(person.words.created);

  await person.becomes("Mia");
  await person.isIn("support");
  await page.getByRole("button", { name: "Create Ticket" }).tap();
  const answer = await person.sees(person.words.ticket);
  await person.ticketIn(answer).tap();
  await person.sees(/Welcome/);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} pixels too wide`);
  const name = page.locator(".chat-head h1");
  assert.ok(await name.evaluate((node) => node.scrollWidth <= node.clientWidth), `the ticket's name is cut: ${await name.textContent()}`);
  await page.getByRole("button", { name: "Thread actions" }).tap();
  await page.getByRole("menuitem", { name: "Leave Thread" }).tap();
  await person.isIn("support");

  // Channels have their menu, too, and the finger does not go there as well.
  await page.getByRole("button", { name: "Show channels" }).tap();
  await press(page.locator(".channel-link", { hasText: "general" }));
  await page.getByRole("menuitem", { name: "Copy Channel ID" }).waitFor();
  await person.isIn("support");
});

test("on a phone, menus open at the bottom, and no tap presses something unseen", async (stage) => {
  const person = await stage.opens({ width: 390, height: 844, touch: true });
  const { page } = person;
  const id = await stage.demo.channel("general");
  for (let line = 1; line <= 30; line += 1) await stage.demo.post(`/people/owner/channels/${id}/messages`, { content: `Line ${line}.` });
  const message = await person.sees("Line 30.");
  const used = async () => (await stage.demo.get("/record?limit=1000")).entries.filter((/** @type {any} */ { action }) => action?.do === "use a command").length;

  await press(message.locator(".content"));
  const menu = page.getByRole("menu");
  await page.getByRole("menu", { name: "Message actions" }).waitFor();
  const box = await menu.boundingBox();
  assert.ok(box && box.y + box.height > 800, "it is at the bottom");
  // The submenu replaces the menu, and Back returns to it.
  await page.getByRole("menuitem", { name: "Apps" }).tap();
  await page.getByRole("menu", { name: "Apps" }).waitFor();
  assert.equal(await menu.count(), 1);
  assert.equal(await used(), 0, "the tap that opened the submenu ran nothing");
  await page.getByRole("button", { name: "Back" }).tap();
  await page.getByRole("menuitem", { name: "Copy Text" }).waitFor();
  // A tap outside closes the menu and presses nothing.
  const members = page.getByRole("button", { name: "Show members" });
  const at = await members.boundingBox();
  assert.ok(at);
  await page.touchscreen.tap(at.x + at.width / 2, at.y + at.height / 2);
  await menu.waitFor({ state: "detached" });
  assert.equal(await members.getAttribute("aria-pressed"), "false");

  // The same with a person's menu and its submenu.
  await message.locator(".name-button").or(person.message("Line 1.").first().locator(".name-button")).last().scrollIntoViewIfNeeded();
  await page.locator(".name-button", { hasText: "Olivia" }).first().tap();
  await page.getByRole("menuitem", { name: "Roles" }).tap();
  await page.getByRole("menuitemcheckbox", { name: "Moderator" }).waitFor();
  assert.equal(await page.getByRole("menuitemcheckbox", { name: "Moderator" }).getAttribute("aria-checked"), "false");
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "detached" });
  assert.equal(await members.getAttribute("aria-pressed"), "false", "and nothing came of that tap later");
});

test("on a phone, a tap outside closes a drawer, and names are not cut", async (stage) => {
  const mia = await stage.opens({ as: "member", width: 390, height: 844, touch: true });
  const { page } = mia;
  await page.getByRole("button", { name: "Show members" }).tap();
  await page.locator(".members .member", { hasText: "Max" }).waitFor();
  const drawer = await page.locator(".members").boundingBox();
  assert.ok(drawer && drawer.x > 40, "there is room beside it");
  await page.touchscreen.tap(drawer.x / 2, 500);
  await page.locator(".members").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Show members", pressed: false }).waitFor();
  await page.getByRole("button", { name: "Show channels" }).tap();
  await page.locator(".channel-link", { hasText: "support" }).waitFor();
  await page.touchscreen.tap(370, 500);
  await page.locator(".sidebar").waitFor({ state: "hidden" });
  // The person's name at the top is readable, also on the smallest screen and in landscape.
  for (const [width, height] of [[390, 844], [320, 568], [844, 390], [1024, 768]]) {
    await page.setViewportSize({ width, height });
    const room = await page.locator("#person").evaluate((/** @type {HTMLSelectElement} */ select) => {
      const text = document.createElement("span");
      text.textContent = select.selectedOptions[0].textContent;
      text.style.font = getComputedStyle(select).font;
      document.body.append(text);
      const { width } = text.getBoundingClientRect();
      text.remove();
      return select.clientWidth - width;
    });
    assert.ok(room > 24, `${width} wide, there are only ${room} pixels beside the person's name`);
  }
});

/**
 * Rests a finger on something until its menu would be there, or moves it meanwhile.
 *
 * @param {Locator} what
 * @param {{slip?: number}} [how]
 */
async function press(what, { slip = 0 } = {}) {
  const page = what.page();
  await what.scrollIntoViewIfNeeded();
  const box = await what.boundingBox();
  assert.ok(box);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const line = await page.context().newCDPSession(page);
  const touch = (/** @type {"touchStart" | "touchMove" | "touchEnd"} */ type, /** @type {number} */ at) =>
    line.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y: at }] });
  await touch("touchStart", y);
  if (slip) {
    await touch("touchMove", y + slip);
    // This timer of the page is set later than that of a long press and is longer, so it ends later on any machine.
    await page.evaluate((longer) => new Promise((done) => setTimeout(done, longer)), LONG_PRESS + 50);
  } else await page.getByRole("menu").first().waitFor();
  await touch("touchEnd", y);
  await line.detach();
}
