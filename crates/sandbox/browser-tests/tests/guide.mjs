// The guided first minute: ticked off as it happens, and gone when it is closed.

import assert from "node:assert/strict";
import { test } from "../lib/suite.mjs";

test("the first minute is guided, and the guide can be closed", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  const guide = page.getByRole("region", { name: "From message to ticket" });
  const taken = (/** @type {number} */ count) => page.waitForFunction((count) => document.querySelectorAll(".guide .taken").length === count, count);
  await guide.waitFor();
  await taken(0);
  await guide.locator("[aria-current=step]", { hasText: "As Olivia, write a message" }).waitFor();

  await olivia.goTo("support");
  await olivia.says("Press the button.");
  await taken(1);
  await guide.locator("[aria-current=step]", { hasText: "/inbox create" }).waitFor();
  await olivia.makesInbox(await olivia.sees("Press the button."), "support");
  await taken(2);
  await olivia.becomes("Mia");
  await guide.locator("[aria-current=step]", { hasText: "Switch to Mia" }).waitFor();
  await olivia.opensTicket();
  await taken(3);
  await guide.getByText("That's it").waitFor();

  // What was done is known after a reload; what was closed stays closed, until it is asked for.
  await page.reload();
  await taken(3);
  await guide.getByRole("button", { name: "Hide these steps" }).click();
  await guide.waitFor({ state: "hidden" });
  await page.reload();
  await olivia.sees("Welcome");
  assert.equal(await guide.count(), 0);
  await page.getByRole("button", { name: "Sandbox tools" }).click();
  await page.getByRole("menuitem", { name: "From message to ticket" }).click();
  await taken(3);
  await guide.waitFor();
});

test("the message that is prepared in the demo does for an inbox", async (stage) => {
  const olivia = await stage.opens();
  await olivia.goTo("welcome");
  await olivia.makesInbox(await olivia.sees("Need help?"), "welcome");
  await olivia.page.waitForFunction(() => document.querySelectorAll(".guide .taken").length === 2);
  await olivia.page.locator(".guide [aria-current=step]", { hasText: "Switch to Mia" }).waitFor();
});
