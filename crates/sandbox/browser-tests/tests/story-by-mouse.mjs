// The main story of the project, with the mouse.

import assert from "node:assert/strict";
import { banner } from "../lib/files.mjs";
import { test } from "../lib/suite.mjs";

test("a ticket from message to lock, by mouse", async (stage) => {
  const person = await stage.opens();
  const { page } = person;

  // The owner makes an inbox of a message with a picture.
  await person.goTo("general");
  await person.says("# Need help?\nPress the **button** and tell us.", [await banner(stage.browser)]);
  const message = await person.sees("Need help?");
  const answer = await person.makesInbox(message, "support");
  await answer.locator("button.mention").last().click();
  await person.isIn("support");
  const inbox = await person.sees("Create Ticket");
  await inbox.locator(".embed strong", { hasText: "button" }).waitFor();
  await page.waitForFunction(() => (/** @type {HTMLImageElement | null} */ (document.querySelector(".embed img"))?.naturalWidth ?? 0) > 0);

  // A member opens a ticket and finds the staff in it.
  await person.becomes("Mia");
  await person.goTo("support");
  await person.sees("Create Ticket");
  assert.equal(await person.message("Your inbox is ready").count(), 0, "the owner's answer is for the owner only");
  await person.opensTicket();
  for (const name of ["Mia", "Max", "theticketbot"]) await page.locator(".members .member", { hasText: name }).waitFor();
  await page.locator(".thread-line .channel-link", { hasText: "Mia" }).waitFor();
  await person.says("My question is **this** one.");
  await person.sees("My question is this one.");

  // Staff answer; another member sees nothing of it.
  await person.becomes("Noah");
  await person.goTo("support");
  assert.equal(await page.locator(".thread-line").count(), 0);
  await person.becomes("Max");
  await page.locator(".thread-line .channel-link").click();
  await person.sees("My question is this one.");
  await person.says("Here is the answer.");

  // The owner of the ticket leaves: it gets a note, and is archived and locked.
  await person.becomes("Mia");
  await page.locator(".thread-line .channel-link").click();
  await person.sees("Here is the answer.");
  await page.getByRole("button", { name: "Leave Thread", exact: true }).click();
  await person.isIn("support");
  await page.locator(".thread-line").waitFor({ state: "detached" });

  await person.becomes("Max");
  await person.goTo("support");
  // The list of threads is fetched once, so the bot has to be done before it opens.
  await page.locator(".thread-line").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Threads in #support" }).click();
  await page.getByRole("tab", { name: "Closed" }).click();
  await page.locator(".thread-card", { hasText: "Mia" }).click();
  await person.sees("is no longer in this ticket, so I'm closing and locking it");
  await page.locator(".tag", { hasText: "Closed" }).waitFor();
  await page.locator(".tag", { hasText: "Locked" }).waitFor();

  // Reloading keeps all of it.
  await page.reload();
  await person.sees("is no longer in this ticket, so I'm closing and locking it");
  await person.sees("My question is this one.");
});
