// Two people in two windows see at once what the other does.

import assert from "node:assert/strict";
import { noBarriers } from "../lib/barriers.mjs";
import { until } from "../lib/demo.mjs";
import { test } from "../lib/suite.mjs";

test("two people in two windows see each other's actions", async (stage) => {
  const mia = await stage.opens({ as: "member", scheme: "light" });
  const max = await stage.opens({ as: "moderator" });
  const olivia = await stage.opens();
  for (const person of [mia, max, olivia]) await person.goTo("support");

  // Messages: sent, answered, edited, deleted.
  await mia.says("Is anybody here?");
  const question = await max.sees("Is anybody here?");
  await question.hover();
  await question.getByRole("button", { name: "Reply" }).click();
  await max.says("Yes, I am.");
  await mia.message("Yes, I am.").locator(".reply", { hasText: "Is anybody here?" }).waitFor();
  const own = mia.message("Is anybody here?").first();
  await own.hover();
  await own.getByRole("button", { name: "Edit" }).click();
  await mia.page.getByRole("textbox", { name: "Edit message" }).fill("Hello?");
  await mia.page.keyboard.press("Enter");
  await max.sees(/Hello\? \(edited\)/);
  const edited = max.message("Hello? (edited)");
  await edited.hover();
  await edited.getByRole("button", { name: "More" }).click();
  await max.page.getByRole("menuitem", { name: "Delete Message" }).click();
  await max.dialog.getByRole("button", { name: "Delete" }).click();
  await mia.seesNoMore("Hello? (edited)");

  // The typing indicator is shown until the message is sent.
  const typing = max.page.locator(".typing", { hasText: "Mia is typing…" });
  await mia.box.pressSequentially("Hm");
  await typing.waitFor();
  await mia.says("Hm, well.");
  await max.sees("Hm, well.");
  await typing.waitFor({ state: "detached" });

  // Several messages go at once.
  const support = await stage.demo.channel("support");
  const gone = [];
  for (const content of ["One of two.", "Two of two."]) gone.push((await stage.demo.post(`/people/member/channels/${support}/messages`, { content })).id);
  await max.sees("Two of two.");
  await stage.demo.post(`/people/moderator/channels/${support}/messages/bulk-delete`, { messages: gone });
  for (const person of [mia, max, olivia]) await person.seesNoMore(" of two.");

  // A ticket, as its owner and its staff see it.
  await olivia.says("Press the button.");
  await olivia.makesInbox(await olivia.sees("Press the button."), "support");
  await mia.opensTicket();
  await max.page.locator(".thread-line .channel-link").click();
  await mia.says("It is broken.");
  await max.sees("It is broken.");
  await max.chooses("Edit Thread");
  await max.page.getByRole("textbox", { name: "Thread name" }).fill("broken things");
  await max.page.getByRole("button", { name: "Save" }).click();
  await mia.isIn("broken things");
  await mia.page.locator(".thread-line", { hasText: "broken things" }).waitFor();

  // Max calls Noah in, and sends him out again.
  await max.chooses("Add Members");
  await max.dialog.locator(".select").click();
  await max.page.locator(".picker .option", { hasText: "Noah" }).click();
  await max.page.locator(".picker").getByRole("button", { name: "Done" }).click();
  await max.dialog.getByRole("button", { name: "Add", exact: true }).click();
  await mia.sees("Max added Noah");
  await mia.page.locator(".members .member", { hasText: "Noah" }).waitFor();
  const noah = await stage.opens({ as: "member2" });
  await noah.goTo("broken things");
  await noah.sees("It is broken.");
  await max.page.locator(".members .member", { hasText: "Noah" }).click();
  await max.page.getByRole("menuitem", { name: "Remove Noah from Thread" }).click();
  await noah.isIn("support");
  await noah.page.locator(".thread-line").waitFor({ state: "detached" });

  // Locked, unlocked, archived, opened again by a message; gone for both when it is deleted.
  // A menu is built when it opens, so Max's own window must have caught up before he opens it again.
  const locked = max.page.locator(".tag", { hasText: "Locked" });
  const open = async () => {
    for (const { page } of [mia, max]) await page.locator(".tag").first().waitFor({ state: "detached" });
  };
  await max.chooses("Lock Thread");
  await mia.page.locator(".composer-notice.refused", { hasText: "locked" }).waitFor();
  await locked.waitFor();
  await max.chooses("Unlock Thread");
  await open();
  await max.chooses("Close Thread");
  await mia.page.locator(".tag", { hasText: "Closed" }).waitFor();
  await locked.waitFor();
  await max.chooses("Open Thread");
  await open();
  await mia.says("Thank you!");
  await max.sees("Thank you!");
  await max.chooses("Delete Thread");
  await max.dialog.getByRole("button", { name: "Delete" }).click();
  await mia.isIn("support");
  await max.isIn("support");
});

test("what changes in the server shows at once, to those who may see it", async (stage) => {
  const olivia = await stage.opens();
  const mia = await stage.opens({ as: "member" });
  await mia.goTo("tickets");
  await olivia.goTo("tickets");
  await olivia.chooses("Channel Settings");
  await olivia.dialog.locator(".overwrite-targets button", { hasText: "@everyone" }).click();
  await olivia.page.getByRole("group", { name: "View Channels" }).getByRole("radio", { name: "Deny" }).check();
  await olivia.dialog.getByRole("button", { name: "Save" }).click();
  await mia.page.locator(".channel-link", { hasText: "tickets" }).waitFor({ state: "detached" });
  await mia.isIn("general");
  // What is removed is compared with what was saved.
  await olivia.dialog.locator(".saved", { hasText: "Saved" }).waitFor();
  await olivia.dialog.getByRole("button", { name: "Remove @everyone" }).click();
  await olivia.dialog.getByRole("button", { name: "Save" }).click();
  await mia.page.locator(".channel-link", { hasText: "tickets" }).waitFor();
  await olivia.page.keyboard.press("Escape");

  await olivia.page.locator(".server-name").click();
  await olivia.page.getByRole("menuitem", { name: "Create Channel" }).click();
  await olivia.page.getByRole("textbox", { name: "Name" }).fill("brand-new");
  await olivia.page.getByRole("button", { name: "Create" }).click();
  await olivia.isIn("brand-new");
  await mia.goTo("brand-new");
  await olivia.chooses("Delete Channel");
  await olivia.dialog.getByRole("button", { name: "Delete" }).click();
  await mia.isIn("general");

  await mia.page.locator(".server-name").click();
  await mia.page.getByRole("menuitem", { name: "Leave Server" }).click();
  await mia.dialog.getByRole("button", { name: "Leave Server" }).click();
  await olivia.page.locator(".members .member", { hasText: "Mia" }).waitFor({ state: "detached" });
  await mia.page.getByRole("button", { name: "Join Sandbox" }).click();
  await mia.page.locator(".channel-link", { hasText: "general" }).waitFor();
  await olivia.page.locator(".members .member", { hasText: "Mia" }).waitFor();
});

test("reactions are shown, added and removed", async (stage) => {
  const olivia = await stage.opens();
  const mia = await stage.opens({ as: "member" });
  for (const person of [olivia, mia]) await person.goTo("general");
  await olivia.says("Shall we?");
  const seen = await mia.sees("Shall we?");
  await seen.locator(".content").click({ button: "right" });
  await mia.page.getByRole("menuitem", { name: "Add Reaction" }).click();
  await mia.page.getByRole("menuitem", { name: "🎉" }).click();
  const chip = (/** @type {import("../lib/person.mjs").Person} */ person) => person.message("Shall we?").locator(".reaction");
  await mia.page.getByRole("button", { name: "🎉: 1 reaction", pressed: true }).waitFor();
  await olivia.page.getByRole("button", { name: "🎉: 1 reaction", pressed: false }).click();
  await mia.page.getByRole("button", { name: "🎉: 2 reactions", pressed: true }).waitFor();
  await olivia.page.getByRole("button", { name: "🎉: 2 reactions", pressed: true }).waitFor();
  await noBarriers(mia.page, "reactions");
  // They are there after a reload, and go again.
  await olivia.page.reload();
  await olivia.page.getByRole("button", { name: "🎉: 2 reactions", pressed: true }).click();
  await mia.page.getByRole("button", { name: "🎉: 1 reaction", pressed: true }).click();
  for (const person of [olivia, mia]) await chip(person).waitFor({ state: "detached" });
});

test("a message that is being edited keeps its text while the server changes", async (stage) => {
  const { demo } = stage;
  const olivia = await stage.opens();
  const { page } = olivia;
  await olivia.goTo("general");
  await olivia.says("One three.");
  const own = await olivia.sees("One three.");
  await own.hover();
  await own.getByRole("button", { name: "Edit" }).click();
  const field = page.getByRole("textbox", { name: "Edit message" });
  await field.fill("One two three.");
  await field.evaluate((/** @type {HTMLTextAreaElement} */ area) => area.setSelectionRange(4, 7));

  const guild = (await demo.guild()).id;
  await demo.post(`/people/owner/guilds/${guild}/channels`, { name: "brand-new" });
  await page.locator(".channel-link", { hasText: "brand-new" }).waitFor();
  await demo.call("PATCH", `/people/owner/guilds/${guild}/members/${(await demo.get("/world")).people[0].id}`, { nick: "Liv" });
  await page.locator(".members .member", { hasText: "Liv" }).waitFor();
  assert.equal(await field.inputValue(), "One two three.");
  await page.keyboard.type("2,");
  await page.keyboard.press("Enter");
  await olivia.sees("One 2, three.");
});

test("what changes while messages are being loaded stays changed", async (stage) => {
  const { demo } = stage;
  const olivia = await stage.opens();
  const { page } = olivia;
  await olivia.goTo("general");
  await olivia.says("To edit.");
  await olivia.says("To delete.");
  const channel = await demo.channel("general");
  const [deleted, edited] = await demo.get(`/people/owner/channels/${channel}/messages?limit=2`);
  // The page loads everything again when its person changes, and gets the messages as they were before these changes.
  const stale = page.waitForResponse(/\/messages\?limit=/);
  await page.route(
    /\/messages\?limit=/,
    async (route) => {
      const response = await route.fetch();
      await demo.call("PATCH", `/people/owner/channels/${channel}/messages/${edited.id}`, { content: "Edited." });
      await demo.call("DELETE", `/people/owner/channels/${channel}/messages/${deleted.id}`);
      await olivia.sees("Edited.");
      await olivia.seesNoMore("To delete.");
      await route.fulfill({ response });
    },
    { times: 1 },
  );
  const owner = (await demo.get("/world")).people[0].id;
  await demo.call("PATCH", `/people/owner/guilds/${(await demo.guild()).id}/members/${owner}`, { nick: "Liv" });
  await (await stale).finished();
  await olivia.says("The last.");
  await olivia.sees("The last.");
  await olivia.sees("Edited.");
  await olivia.seesNoMore("To delete.");
  await olivia.seesNoMore("To edit.");
});

test("a quick switch from person to person ends at the last one", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  await olivia.goTo("general");
  const { people } = await stage.demo.get("/world");
  const [max, mia] = ["moderator", "member"].map((part) => people.find((/** @type {any} */ person) => person.part === part).id);
  /** @type {import("playwright-core").WebSocket[]} */
  const sockets = [];
  page.on("websocket", (socket) => sockets.push(socket));
  const choose = (/** @type {string[]} */ ids) =>
    page.locator("#person").evaluate((/** @type {HTMLSelectElement} */ select, ids) => {
      for (const id of ids) {
        select.value = id;
        select.dispatchEvent(new Event("change"));
      }
    }, ids);
  const isMia = async () => {
    await page.locator(`.channel-link[href$="?as=${mia}"]`).first().waitFor();
    assert.equal(new URL(page.url()).searchParams.get("as"), mia);
    assert.equal(await page.locator("#person").inputValue(), mia);
  };

  await choose([max, mia]);
  await isMia();
  await olivia.says("Only once.");
  await olivia.sees("Only once.");
  await isMia();
  assert.equal(sockets.filter((socket) => !socket.isClosed()).length, 1);

  // What is still on its way for the person before does not arrive.
  /** @type {import("playwright-core").Route[]} */
  const held = [];
  await page.route(`**/control/people/${max}/view`, (route) => void held.push(route));
  await choose([max]);
  await until("the view is fetched", () => held.length === 1);
  await choose([mia]);
  await isMia();
  const late = page.waitForResponse((response) => response.url().endsWith(`/${max}/view`));
  await held[0].continue();
  await (await late).finished();
  await olivia.says("Still me.");
  await olivia.sees("Still me.");
  await isMia();
});
