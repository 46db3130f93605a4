// The guide from a message to a closed ticket: it ticks off steps, and stays closed once closed.

import assert from "node:assert/strict";
import { test, testWithBot } from "../lib/suite.mjs";

/** @import {Page} from "playwright-core" */

const STEPS = 7;

/** Waits until this many steps are ticked off. @param {Page} page @param {number} count */
const taken = (page, count) => page.waitForFunction((count) => document.querySelectorAll(".guide .taken").length === count, count);

/** The step that is next. @param {Page} page @param {string} text */
const next = (page, text) => page.locator(".guide [aria-current=step]", { hasText: text });

test("the guide leads from a message to a closed ticket", async (stage) => {
  const person = await stage.opens();
  const { page } = person;
  const guide = page.getByRole("region", { name: "From message to ticket" });
  await taken(page, 0);
  await next(page, "Open support and write a message").waitFor();
  await guide.getByRole("button", { name: "support" }).click();
  await person.isIn("support");
  await person.says("Press the button.");

  await next(page, "Run /inbox create and choose support").waitFor();
  await person.runs(person.words.create, "support");
  await person.sees(person.words.now);
  await next(page, "Right-click your message, then choose Apps and Select this message").waitFor();
  await person.selects(await person.sees("Press the button."));
  await person.sees(person.words.created);

  await next(page, "Choose them in the menu below").waitFor();
  await person.runs(person.words.staff);
  await taken(page, 4);
  await next(page, "Switch to Mia. Click the button below the inbox").waitFor();
  await guide.getByRole("button", { name: "Mia" }).click();
  await person.isNow("Mia");
  await person.goTo("support");
  await person.opensTicket();
  // A message of the ticket's owner is not the answer.
  await person.says("My question.");

  await next(page, "Switch to Max. Open the ticket below support").waitFor();
  await taken(page, 5);
  await guide.getByRole("button", { name: "Max" }).click();
  await person.isNow("Max");
  await page.locator(".thread-line .channel-link").click();
  await person.sees("My question.");
  await person.says("The answer.");
  await next(page, "Switch to Mia. Open the ticket").waitFor();
  await guide.getByRole("button", { name: "Mia" }).click();
  await person.isNow("Mia");
  await page.locator(".thread-line .channel-link").click();
  await person.sees("The answer.");
  await page.getByRole("button", { name: "Leave Thread" }).click();
  await taken(page, STEPS);
  await guide.getByText("The bot closed and locked the ticket.").waitFor();

  // Steps stay ticked off after a reload. A closed guide stays closed until somebody opens it from the tools.
  await page.reload();
  await taken(page, STEPS);
  await guide.getByRole("button", { name: "Hide these steps" }).click();
  await guide.waitFor({ state: "hidden" });
  await page.reload();
  await page.locator(".guide li").first().waitFor({ state: "attached" });
  assert.equal(await guide.count(), 0);
  await page.getByRole("button", { name: "Sandbox tools" }).click();
  await page.getByRole("menuitem", { name: "From message to ticket" }).click();
  await taken(page, STEPS);
  await guide.waitFor();
});

test("the message that is prepared in the demo does for an inbox", async (stage) => {
  const olivia = await stage.opens();
  await olivia.goTo("welcome");
  await olivia.makesInbox(await olivia.sees("Need help?"), "welcome");
  await taken(olivia.page, 3);
  await next(olivia.page, "Choose them in the menu below").waitFor();
});

test("on a phone, the guide's next step is above the messages", async (stage) => {
  const olivia = await stage.opens({ width: 390, height: 844, touch: true });
  const { page } = olivia;
  const shown = page.locator(".chat .guide li:visible");
  await next(page, "write a message for people who need help").waitFor();
  assert.equal(await shown.count(), 1, "only what is next");
  await page.locator(".guide").getByText("1 of 7").waitFor();
  await page.getByRole("button", { name: "Show all steps" }).tap();
  await shown.nth(STEPS - 1).waitFor();
  await page.getByRole("button", { name: "Show all steps" }).tap();
  await page.locator(".guide").getByRole("button", { name: "support" }).tap();
  await olivia.isIn("support");
  await olivia.box.tap();
  await page.keyboard.type("Press the button.");
  await olivia.sends(() => page.getByRole("button", { name: "Send", exact: true }).tap());
  await page.locator(".guide").getByText("2 of 7").waitFor();
  await olivia.runs(olivia.words.create, "support");
  await next(page, "Press and hold your message").waitFor();
});

test("the guide ends if staff close the ticket", async (stage) => {
  const person = await stage.opens();
  const { page } = person;
  await person.goTo("welcome");
  await person.makesInbox(await person.sees("Need help?"), "support");
  await person.goTo("support");
  await person.opensTicket();
  await taken(page, 5);
  await person.chooses("Close Thread");
  await taken(page, STEPS);
});

for (const kept of [true, false]) {
  test(`the guide goes on once the suggested staff are ${kept ? "kept" : "changed"}`, async (stage) => {
    const olivia = await stage.opens();
    const { page } = olivia;
    await olivia.goTo("welcome");
    await olivia.makesInbox(await olivia.sees("Need help?"), "welcome");
    await next(page, "or keep its suggestion with the button").waitFor();
    if (kept) await page.getByRole("button", { name: "Use these roles" }).click();
    else {
      await page.locator("li.message .select", { hasText: "Moderator" }).click();
      await page.locator(".picker .option", { hasText: "Noah" }).click();
      await page.locator(".picker").getByRole("button", { name: "Done" }).click();
    }
    await next(page, "Switch to Mia. Click the button below the inbox").waitFor();
    await taken(page, 4);
  });
}

testWithBot("starting over opens all steps of the guide again", async (stage, bot) => {
  const commands = [{ type: 1, name: "inbox", description: "Inboxes", options: [{ type: 1, name: "create", description: "Create an inbox" }] }];
  await bot.commands(commands);
  const olivia = await stage.opens();
  const mia = await stage.opens({ as: "member" });
  const { page } = olivia;
  await olivia.says("Press the button.");
  await taken(page, 1);
  await taken(mia.page, 1);
  await page.getByRole("button", { name: "Sandbox tools" }).click();
  await page.getByRole("menuitem", { name: "Start over" }).click();
  await olivia.dialog.getByRole("button", { name: "Start over" }).click();
  await taken(mia.page, 0);
  await olivia.seesNoMore("Press the button.");
  // The reset removed the commands, too.
  await bot.commands(commands);
  await olivia.goTo("support");
  await next(page, "write a message").waitFor();
  await taken(page, 0);
});
