// The same story without a mouse: the focus is checked before each key.

import assert from "node:assert/strict";
import { PATIENCE } from "../lib/demo.mjs";
import { test } from "../lib/suite.mjs";

/** @import {Page} from "playwright-core" */

test("a ticket from message to lock, by keyboard only", async (stage) => {
  const person = await stage.opens();
  const { page } = person;
  const keys = keyboard(page);

  // Past the bar, into the message box.
  await keys.press("Tab");
  await keys.press("Enter");
  await keys.focusIs("message box");
  await keys.type("Need help? Press the button.");
  await person.sends(() => keys.press("Enter"));
  await person.sees("Need help?");

  // The command, by its first letters; its channel, by the channel's.
  await keys.type("/inbox cr");
  await page.locator(".listbox .option").first().waitFor();
  await keys.press("Enter");
  await page.locator(".command-form").waitFor();
  await keys.type("supp");
  await page.locator(".listbox .option", { hasText: "#support" }).waitFor();
  await keys.press("Enter");
  await keys.focusIs("Run");
  await keys.press("Enter");
  await person.sees("Now select");
  await page.locator(".command-form").waitFor({ state: "detached" });

  // The message's menu.
  await keys.tabTo("a message", "Shift+Tab");
  await keys.press("End");
  await keys.press("ArrowUp");
  assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ""), /Need help/);
  await keys.press("Shift+F10");
  await page.getByRole("menu", { name: "Message actions" }).waitFor();
  await keys.press("a");
  await keys.focusIs("Apps");
  await keys.press("ArrowRight");
  await keys.focusIs("Select this message");
  await keys.press("Enter");
  await person.sees("Your inbox is ready");

  // Another person, chosen at the top.
  await keys.tabTo("You are", "Shift+Tab");
  await keys.type("Mia");
  await person.isNow("Mia");
  await keys.tabTo("channel support");
  await keys.press("Enter");
  await person.isIn("support");
  await person.sees("Create Ticket");
  await keys.tabTo(/Create Ticket$/);
  await keys.press("Enter");
  await person.sees("Here's your ticket");
  await page.locator(".thread-line .channel-link").waitFor();
  await keys.focusIs(/Create Ticket$/);

  // The ticket: written in, left.
  await keys.tabTo(/^thread /, "Shift+Tab");
  await keys.press("Enter");
  await person.sees("Welcome, @Mia");
  await keys.tabTo("message box");
  await keys.type("My question.");
  await person.sends(() => keys.press("Enter"));
  await person.sees("My question.");
  await keys.tabTo("Leave Thread", "Shift+Tab");
  await keys.press("Enter");
  await person.isIn("support");

  // Staff find it archived and locked.
  await keys.tabTo("You are", "Shift+Tab");
  await keys.type("Max");
  await person.isNow("Max");
  await person.isIn("support");
  // The list of threads is fetched once, so the bot has to be done before it opens.
  await page.locator(".thread-line").waitFor({ state: "detached" });
  await keys.tabTo("Threads in #support");
  await keys.press("Enter");
  await keys.focusIs("Active (0)");
  await keys.press("ArrowRight");
  await keys.focusIs("Closed (1)");
  await page.locator(".thread-card", { hasText: "Mia" }).waitFor();
  await keys.tabTo(/Mia/);
  await keys.press("Enter");
  await person.sees("is no longer in this ticket, so I'm closing and locking it");
  await page.locator(".tag", { hasText: "Locked" }).waitFor();
});

test("files, replies and edits by keyboard", async (stage) => {
  const person = await stage.opens({ as: "member" });
  const { page } = person;
  const keys = keyboard(page);
  const chooser = page.waitForEvent("filechooser");
  await keys.tabTo("Upload files");
  await keys.press("Enter");
  await (await chooser).setFiles([{ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("x") }]);
  await page.locator(".tray-file").waitFor();
  await keys.focusIs("message box");
  await person.sends(() => keys.press("Enter"));
  await page.locator(".file", { hasText: "notes.txt" }).waitFor();

  await keys.type("Frist");
  await person.sends(() => keys.press("Enter"));
  await person.sees("Frist");
  await keys.press("ArrowUp");
  await keys.focusIs("Edit message");
  await keys.press("Control+A");
  await keys.type("First");
  await keys.press("Enter");
  await person.sees(/First \(edited\)/);
  await keys.focusIs("message box");

  await keys.tabTo("a message", "Shift+Tab");
  await keys.press("r");
  await keys.focusIs("message box");
  await page.locator(".bar", { hasText: "Replying to Mia" }).waitFor();
  await keys.type("Second, to @no");
  await page.locator(".listbox .option", { hasText: "Noah" }).waitFor();
  await keys.press("Enter");
  await keys.press("Enter");
  await person.sees(/First.*Second, to @Noah/s);
});

/** @param {Page} page */
function keyboard(page) {
  /** What has the focus, as a person would call it. */
  const focus = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return "nothing";
      if (at.matches("textarea") && at.getAttribute("aria-label")?.startsWith("Message ")) return "message box";
      if (at.matches("li.message")) return "a message";
      const text = (at.textContent ?? "").trim();
      if (at.matches(".thread-line a")) return `thread ${text}`;
      if (at.matches(".channel-link")) return `channel ${text}`;
      if (at.matches(".menu-item")) return at.querySelector("span")?.textContent ?? text;
      return at.getAttribute("aria-label") || text || at.tagName;
    });
  const fits = (/** @type {string} */ is, /** @type {string | RegExp} */ wanted) => (typeof wanted === "string" ? is === wanted : wanted.test(is));
  return {
    press: (/** @type {string} */ key) => page.keyboard.press(key),
    type: (/** @type {string} */ text) => page.keyboard.type(text),
    /** Waits until something has the focus. @param {string | RegExp} what */
    async focusIs(what) {
      const end = Date.now() + PATIENCE;
      for (let is = await focus(); !fits(is, what); is = await focus()) assert.ok(Date.now() < end, `the focus is at ${is}, not at ${what}`);
    },
    /** @param {string | RegExp} what @param {"Tab" | "Shift+Tab"} [key] */
    async tabTo(what, key = "Tab") {
      const way = [await focus()];
      while (!fits(/** @type {string} */ (way.at(-1)), what)) {
        assert.ok(way.length < 90, `${key} does not reach ${what}, only: ${way.join(" → ")}`);
        await page.keyboard.press(key);
        way.push(await focus());
      }
    },
  };
}
