// With fingers: a long press is what the right mouse button is, and everything is large enough and in reach.

import assert from "node:assert/strict";
import { test } from "../lib/suite.mjs";

/** @import {Locator} from "playwright-core" */

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
  await page.getByRole("button", { name: "Send", exact: true }).tap();
  const message = await person.sees("Press the button.");

  await person.box.fill("/inbox create");
  await page.locator(".listbox .option").first().tap();
  await page.locator(".listbox .option", { hasText: "#support" }).tap();
  await page.locator(".command-form").getByRole("button", { name: "Run" }).tap();
  await person.sees(person.words.now);

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
  await answer.locator("button.mention").tap();
  await person.sees(/Welcome/);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} pixels too wide`);
  await page.getByRole("button", { name: "Leave Thread", exact: true }).tap();
  await person.isIn("support");

  // Channels have their menu, too, and the finger does not go there as well.
  await page.getByRole("button", { name: "Show channels" }).tap();
  await press(page.locator(".channel-link", { hasText: "general" }));
  await page.getByRole("menuitem", { name: "Copy Channel ID" }).waitFor();
  await person.isIn("support");
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
  if (slip) await touch("touchMove", y + slip);
  else await page.getByRole("menu").first().waitFor();
  await touch("touchEnd", y);
  await line.detach();
}
