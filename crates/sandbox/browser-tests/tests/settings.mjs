// What an admin tries out before they touch the real server, and the view behind what happened.

import assert from "node:assert/strict";
import { until } from "../lib/demo.mjs";
import { test, testWithBot } from "../lib/suite.mjs";

test("a server's settings reach the bot and the members", async (stage) => {
  const olivia = await stage.opens();
  const mia = await stage.opens({ as: "member" });
  const { page } = olivia;

  // The server's language is the language of what everybody sees.
  await page.locator(".server-name").click();
  await page.getByRole("menuitem", { name: "Server Settings" }).click();
  await olivia.dialog.getByLabel("Server language").selectOption("de");
  await olivia.dialog.getByRole("button", { name: "Save" }).click();
  await page.locator(".saved", { hasText: "Saved" }).waitFor();

  // A new role, given to Noah, seen by everybody.
  await olivia.dialog.getByRole("button", { name: "Create Role" }).click();
  await olivia.dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Helpers");
  await olivia.dialog.getByRole("radio", { name: "#e91e63" }).check();
  await olivia.dialog.getByLabel("Display role members separately").check();
  await olivia.dialog.getByRole("button", { name: "Save" }).click();
  await olivia.dialog.getByRole("button", { name: "Helpers" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".members .member", { hasText: "Noah" }).click();
  await page.getByRole("menuitem", { name: "Roles" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Helpers" }).click();
  await mia.page.locator(".members h2", { hasText: "Helpers — 1" }).waitFor();
  const coloured = mia.page.locator(".members .coloured");
  await coloured.filter({ hasText: "Noah" }).waitFor();
  assert.equal(await coloured.filter({ hasText: "Noah" }).evaluate((node) => node.style.getPropertyValue("--colour")), "#e91e63");
  // The demo's moderators have a colour, too.
  await coloured.filter({ hasText: "Max" }).waitFor();

  // The bot names what it lacks; then it is given back.
  await olivia.goTo("tickets");
  await olivia.chooses("Channel Settings");
  await olivia.dialog.getByRole("spinbutton", { name: "Slowmode (seconds)" }).fill("90");
  await olivia.dialog.locator(".select").click();
  await page.locator(".picker .option", { hasText: "theticketbot" }).first().click();
  await page.getByRole("group", { name: "Create Private Threads" }).getByRole("radio", { name: "Deny" }).check();
  await page.getByRole("group", { name: "Manage Threads" }).getByRole("radio", { name: "Allow" }).check();
  await page.getByRole("group", { name: "Attach Files" }).getByRole("radio", { name: "Allow" }).check();
  await page.getByRole("group", { name: "Attach Files" }).getByRole("radio", { name: "Inherit" }).check();
  // Changes for one target stay while another is edited. One Save sends all.
  await olivia.dialog.locator(".overwrite-targets button", { hasText: "Moderator" }).click();
  await page.getByRole("group", { name: "Manage Messages" }).getByRole("radio", { name: "Deny" }).check();
  await olivia.dialog.locator(".overwrite-targets button", { hasText: "theticketbot" }).click();
  assert.ok(await page.getByRole("group", { name: "Create Private Threads" }).getByRole("radio", { name: "Deny" }).isChecked());
  await olivia.dialog.getByRole("button", { name: "Save" }).click();
  await olivia.dialog.locator(".saved", { hasText: "Saved" }).waitFor();
  const tickets = (await stage.demo.guild()).channels.find((/** @type {any} */ { name }) => name === "tickets");
  assert.equal(tickets.rate_limit_per_user, 90);
  const bits = tickets.permission_overwrites.map((/** @type {any} */ { allow, deny }) => [BigInt(allow), BigInt(deny)]);
  assert.deepEqual(bits, [[1n << 34n, 1n << 13n], [1n << 34n, 1n << 36n]], "those of the moderators, and those of the bot");
  await page.keyboard.press("Escape");
  await mia.goTo("tickets");
  await mia.page.locator(".composer-notice", { hasText: "one message every 90 seconds" }).waitFor();
  await mia.says("Once.");
  await mia.page.locator(".composer-notice", { hasText: /send a message in \d+ seconds/ }).waitFor();
  await mia.box.fill("Twice.");
  await mia.page.keyboard.press("Enter");
  await mia.page.locator(".toast.bad", { hasText: "Please wait before you send another message" }).waitFor();
  assert.equal(await mia.box.inputValue(), "Twice.", "what could not be sent is kept");
  await stage.demo.post("/clock", { advance_ms: 90_000 });
  await mia.page.keyboard.press("Enter");
  await mia.sees("Twice.");
  await olivia.goTo("general");
  await olivia.runs(olivia.words.create, "general", "tickets");
  await olivia.sees(/I'm missing some permissions.*tickets: Create Private Threads/s);
  await olivia.goTo("tickets");
  await olivia.chooses("Channel Settings");
  await olivia.dialog.locator(".overwrite-targets button", { hasText: "theticketbot" }).click();
  await olivia.dialog.getByRole("button", { name: "Remove theticketbot" }).click();
  await olivia.dialog.locator(".overwrite-targets button", { hasText: "theticketbot" }).waitFor({ state: "detached" });
  await olivia.dialog.getByRole("button", { name: "Save" }).click();
  await olivia.dialog.locator(".saved", { hasText: "Saved" }).waitFor();
  await page.keyboard.press("Escape");
  await olivia.goTo("general");
  await olivia.says("Hallo!");
  await olivia.makesInbox(await olivia.sees("Hallo!"), "general", "tickets");
  await mia.goTo("general");
  await mia.page.getByRole("button", { name: "Ticket erstellen" }).waitFor();

  // The role goes, and with it its heading.
  await page.locator(".server-name").click();
  await page.getByRole("menuitem", { name: "Server Settings" }).click();
  await olivia.dialog.getByRole("button", { name: "Helpers" }).click();
  await olivia.dialog.getByRole("button", { name: "Delete Role" }).click();
  await olivia.dialog.last().getByRole("button", { name: "Delete", exact: true }).click();
  await mia.page.locator(".members h2", { hasText: "Helpers" }).waitFor({ state: "detached" });
});

testWithBot("problems are counted in the bar, and listed in the activity log", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  const count = page.getByRole("button", { name: "1 problem" });
  await page.getByRole("combobox").first().waitFor();
  if (await count.isVisible()) throw new Error("a problem before anything happened");
  await fetch(`${stage.demo.url}/api/v10/no/such/route`);
  await count.click();
  const problems = page.locator(".record-problems");
  await problems.locator("li", { hasText: "GET /no/such/route" }).waitFor();
  await problems.getByRole("button", { name: "Clear" }).click();
  await problems.waitFor({ state: "hidden" });
  await count.waitFor({ state: "hidden" });
});

test("the activity log can be read and filtered", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  await olivia.goTo("support");
  await olivia.runs(olivia.words.create, "support");
  await olivia.sees(olivia.words.now);
  await page.getByRole("button", { name: "Activity log" }).click();
  const record = page.locator(".record li");
  await record.filter({ hasText: "Olivia used a command" }).waitFor();
  await record.filter({ hasText: "INTERACTION_CREATE" }).last().waitFor();
  const callback = record.filter({ hasText: /POST \/interactions\/\d+\/\*\*\*\/callback/ });
  await callback.waitFor();
  await callback.locator("summary").click();
  await callback.locator("pre", { hasText: "Now select the message" }).waitFor();

  await page.getByRole("searchbox", { name: "Filter" }).fill("gateway/bot");
  await record.filter({ hasText: "GET /gateway/bot" }).waitFor();
  await record.filter({ hasText: "INTERACTION_CREATE" }).first().waitFor({ state: "detached" });
  await page.getByRole("searchbox", { name: "Filter" }).fill("");
  await page.getByRole("checkbox", { name: "Call" }).uncheck();
  await record.filter({ hasText: "INTERACTION_CREATE" }).last().waitFor();
  await record.filter({ hasText: "GET /gateway/bot" }).waitFor({ state: "detached" });
});

test("a press on a dialog's scrollbar does not close it, but one beside it does", async (stage) => {
  const olivia = await stage.opens({ height: 360 });
  const { page, dialog } = olivia;
  await page.locator(".server-name").click();
  await page.getByRole("menuitem", { name: "Server Settings" }).click();
  await dialog.getByRole("textbox", { name: "Server name" }).fill("Not saved yet");
  const box = await dialog.boundingBox();
  assert.ok(box);
  // Headless browsers draw no scrollbars, so the event is made by hand where one would be.
  const press = (/** @type {number} */ clientX) => dialog.dispatchEvent("pointerdown", { clientX, clientY: box.y + box.height / 2, bubbles: true });
  await press(box.x + box.width - 4);
  assert.equal(await dialog.getByRole("textbox", { name: "Server name" }).inputValue(), "Not saved yet");
  await press(box.x + box.width + 4);
  await dialog.waitFor({ state: "detached" });
});

test("an entry of the activity log can be read while others come", async (stage) => {
  const { demo } = stage;
  const olivia = await stage.opens({ height: 500 });
  const { page } = olivia;
  const support = await demo.channel("support");
  const say = (/** @type {string} */ content) => demo.post(`/people/member/channels/${support}/messages`, { content });
  const record = page.locator(".record li");
  const list = page.locator(".record");
  const atEnd = () => list.evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight < 40);
  await page.getByRole("button", { name: "Activity log" }).click();
  for (let number = 0; number < 30; number += 1) await say(`Line ${number}.`);
  await record.filter({ hasText: "MESSAGE_CREATE" }).nth(29).waitFor();
  await until("the end is in view", atEnd);

  const first = record.filter({ has: page.locator("summary") }).first();
  await first.locator("summary").click();
  await first.locator("pre").first().waitFor();
  await list.evaluate((node) => (node.scrollTop = 0));
  await say("One more.");
  await record.filter({ hasText: "MESSAGE_CREATE" }).nth(30).waitFor({ state: "attached" });
  await first.locator("pre").first().waitFor();
  assert.equal(await list.evaluate((node) => node.scrollTop), 0);
  await list.evaluate((node) => (node.scrollTop = node.scrollHeight));
  await say("And another.");
  await record.filter({ hasText: "MESSAGE_CREATE" }).nth(31).waitFor();
  await until("the end is in view", atEnd);

  // Closing the log stops its requests, also while one is under way.
  /** @type {import("playwright-core").Route[]} */
  const held = [];
  await page.route(/\/control\/record\?/, (route) => (route.request().url().includes("brief=true") ? route.continue() : void held.push(route)));
  await until("the log is fetched", () => held.length === 1);
  const log = page.getByRole("button", { name: "Activity log" });
  await log.click();
  await log.click();
  await until("the log is fetched again", () => held.length === 2);
  await say("The last.");
  for (const route of held.splice(0)) await route.continue();
  await record.filter({ hasText: "MESSAGE_CREATE" }).nth(32).waitFor();
  await until("the log is fetched again", () => held.length > 0);
  assert.equal(await record.filter({ hasText: "MESSAGE_CREATE" }).count(), 33, "no entry is there twice");
  await page.unrouteAll({ behavior: "ignoreErrors" });
});
