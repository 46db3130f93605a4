// What a machine can check of how the page serves people who do not see it as drawn: axe-core, dark and light.

import assert from "node:assert/strict";
import { noBarriers } from "../lib/barriers.mjs";
import { banner } from "../lib/files.mjs";
import { test } from "../lib/suite.mjs";

for (const scheme of /** @type {const} */ (["dark", "light"])) {
  test(`nothing in the way of anybody, ${scheme}`, async (stage) => {
    const olivia = await stage.opens({ scheme });
    const { page } = olivia;
    const check = (/** @type {string} */ where) => noBarriers(page, where);
    await olivia.goTo("support");
    await check("an empty channel");
    await olivia.says("# Help\n> quote\n- list\n**bold** `code` ||spoiler|| <t:0:R> [link](https://example.com)", [await banner(stage.browser)]);
    await olivia.box.fill("/inbox");
    await page.locator(".listbox .option").first().waitFor();
    await check("the command picker");
    await page.locator(".listbox .option", { hasText: "/inbox create" }).click();
    await page.locator(".listbox .option", { hasText: "#support" }).waitFor();
    await check("a command's options");
    await page.getByRole("button", { name: "Cancel" }).click();
    await olivia.makesInbox(await olivia.sees("spoiler"), "support");
    await check("an inbox");

    const inbox = page.locator("li.message", { has: page.locator("[data-custom-id='create-ticket']") });
    await inbox.locator(".embed-text").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Apps" }).click();
    await page.getByRole("menuitem", { name: olivia.words.select }).waitFor();
    await check("a message's menu");
    await page.keyboard.press("Escape");

    await olivia.runsFor(inbox, olivia.words.staff);
    const answer = await olivia.sees(olivia.words.whom);
    await answer.locator(".select").click();
    await page.locator(".picker .option").first().waitFor();
    await check("a select menu");
    await page.keyboard.press("Escape");

    await olivia.runsFor(inbox, olivia.words.name);
    await olivia.dialog.getByRole("textbox").waitFor();
    await check("a modal");
    await page.keyboard.press("Escape");
    await olivia.dialog.waitFor({ state: "detached" });

    await olivia.opensTicket();
    await check("a ticket");
    await page.getByRole("button", { name: "Threads in #support" }).click();
    await page.locator(".thread-card").first().waitFor();
    await check("the threads");
    await page.keyboard.press("Escape");
    await page.locator(".server-name").click();
    await page.getByRole("menuitem", { name: "Server Settings" }).click();
    await olivia.dialog.getByRole("button", { name: "Moderator", exact: true }).click();
    await check("the server's settings");
    await page.keyboard.press("Escape");
    await olivia.chooses("Close and Lock Thread");
    await page.locator(".tag", { hasText: "Locked" }).waitFor();
    await check("an archived ticket");
    await olivia.goTo("support");
    await olivia.chooses("Channel Settings");
    await olivia.dialog.getByRole("button", { name: "Moderator", exact: true }).click();
    await page.locator("[data-permission=MANAGE_THREADS]").waitFor();
    await check("a channel's settings");
    await olivia.dialog.getByRole("spinbutton").fill("30");
    await olivia.dialog.getByRole("button", { name: "Save" }).click();
    await page.locator(".saved", { hasText: "Saved" }).waitFor();
    await check("a notice");
    await page.keyboard.press("Escape");
    await olivia.chooses("Delete Channel");
    await check("a question");
    await page.keyboard.press("Escape");
    await stage.demo.post(`/people/member/channels/${await stage.demo.channel("support")}/typing`, {});
    await page.locator(".typing", { hasText: "Mia" }).waitFor();
    await check("somebody typing");
    await stage.demo.post("/faults", { method: "POST", path: "/interactions/**", status: 404, code: 10062, message: "Unknown interaction", times: 9 });
    await stage.demo.telling("INTERACTION_CREATE", () => page.getByRole("button", { name: "Create Ticket" }).click());
    await stage.demo.post("/clock", { advance_ms: 3000 });
    await page.locator(".problem", { hasText: "This interaction failed" }).waitFor();
    await check("something that failed");
    await page.locator(".members .member", { hasText: "Noah" }).click();
    await page.getByRole("menuitem", { name: "Roles" }).click();
    await page.getByRole("menuitemcheckbox").first().waitFor();
    await check("a person's menu");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.locator(".switcher .option").first().waitFor();
    await check("where to go");
    await page.keyboard.press("Escape");
    await page.locator(".message .picture").first().click();
    await page.locator(".lightbox-picture").waitFor();
    await check("a picture");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Activity log" }).click();
    await page.locator(".record summary").first().click();
    await check("what happened");
  });
}

test("a narrow screen shows everything that a wide one does", async (stage) => {
  const mia = await stage.opens({ as: "member", width: 390, height: 780, touch: true });
  const { page } = mia;
  const fits = async (/** @type {string} */ where) => {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${where} is ${over} pixels too wide`);
  };
  await mia.box.waitFor();
  await fits("the channel");
  await page.locator(".guide li").first().waitFor({ state: "attached" });
  await noBarriers(page, "a narrow channel");
  await page.getByRole("button", { name: "Show members" }).tap();
  await page.locator(".members .member", { hasText: "Max" }).waitFor();
  await noBarriers(page, "the members");
  await page.locator(".members .member", { hasText: "Max" }).tap();
  await page.getByRole("menuitem", { name: "Apps" }).waitFor();
  await noBarriers(page, "a menu at the bottom");
  await page.getByRole("menuitem", { name: "Apps" }).tap();
  await page.getByRole("button", { name: "Back" }).waitFor();
  await noBarriers(page, "the menu below it");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Show channels" }).click();
  await page.locator(".channel-link", { hasText: "support" }).click();
  await mia.isIn("support");
  await page.locator(".sidebar").waitFor({ state: "hidden" });
  await mia.says("From a telephone.");
  await mia.sees("From a telephone.");
  await fits("a message");
});
