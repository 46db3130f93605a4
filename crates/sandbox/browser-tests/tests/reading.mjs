// Answers, mentions and new messages are visible; pictures open; screen readers get words.

import assert from "node:assert/strict";
import { banner } from "../lib/files.mjs";
import { atEnd } from "../lib/person.mjs";
import { test } from "../lib/suite.mjs";

/** @import {Page} from "playwright-core" */

/** @param {import("../lib/suite.mjs").Stage} stage @param {string} channel @param {number} count */
async function fillWith(stage, channel, count) {
  const id = await stage.demo.channel(channel);
  for (let line = 1; line <= count; line += 1) await stage.demo.post(`/people/member2/channels/${id}/messages`, { content: `Line ${line}.` });
  return id;
}

/** Scrolls up with the wheel. @param {Page} page */
async function readAbove(page) {
  await page.locator(".scroller").hover();
  await page.mouse.wheel(0, -600);
  await page.waitForFunction(() => {
    const list = /** @type {Element} */ (document.querySelector(".scroller"));
    return list.scrollHeight - list.scrollTop - list.clientHeight > 300;
  });
}

test("new messages are counted while somebody reads above", async (stage) => {
  const id = await fillWith(stage, "general", 40);
  const mia = await stage.opens({ as: "member" });
  const { page } = mia;
  await mia.sees("Line 40.");
  const bar = page.locator(".present-bar");
  await readAbove(page);
  assert.equal(await bar.isVisible(), false, "nothing is new yet");
  await stage.demo.post(`/people/owner/channels/${id}/messages`, { content: "The first." });
  await bar.getByText("1 new message ↓", { exact: true }).waitFor();
  await stage.demo.post(`/people/owner/channels/${id}/messages`, { content: "The second." });
  await bar.getByText("2 new messages ↓", { exact: true }).waitFor();
  await bar.click();
  await atEnd(page);
  await bar.waitFor({ state: "hidden" });
  // Scrolling down hides the button, too.
  await readAbove(page);
  await stage.demo.post(`/people/owner/channels/${id}/messages`, { content: "The third." });
  await bar.getByText("1 new message ↓", { exact: true }).waitFor();
  await page.locator(".scroller").hover();
  await page.mouse.wheel(0, 5000);
  await bar.waitFor({ state: "hidden" });
});

test("answers scroll into view, also after a modal and a menu far above", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  await olivia.goTo("support");
  await olivia.says("Press the button.");
  await olivia.makesInbox(await olivia.sees("Press the button."), "support");
  const inbox = page.locator("li.message", { has: page.locator("[data-custom-id='create-ticket']") });
  await fillWith(stage, "support", 40);
  await olivia.sees("Line 40.");

  await olivia.runsFor(inbox, olivia.words.name);
  await olivia.dialog.getByRole("textbox").fill("$author $counter");
  await olivia.dialog.getByRole("button", { name: "Submit" }).click();
  await (await olivia.sees(olivia.words.savedName)).waitFor();
  await atEnd(page);

  await olivia.runsFor(inbox, olivia.words.staff);
  const menu = (await olivia.sees(olivia.words.whom)).locator(".select");
  await atEnd(page);
  await fillWith(stage, "support", 40);
  await olivia.message("Line 40.").nth(1).waitFor();
  await menu.click();
  await page.locator(".picker .option", { hasText: "Noah" }).click();
  await page.locator(".picker").getByRole("button", { name: "Done" }).click();
  await olivia.sees(olivia.words.savedStaff);

  // The same with a button.
  await inbox.scrollIntoViewIfNeeded();
  await inbox.getByRole("button", { name: "Create Ticket" }).click();
  await olivia.sees(olivia.words.ticket);
  await atEnd(page);
});

test("a role mention is highlighted for its members, and the title counts mentions", async (stage) => {
  const max = await stage.opens({ as: "moderator" });
  const mia = await stage.opens({ as: "member" });
  const guild = await stage.demo.guild();
  const moderators = guild.roles.find((/** @type {any} */ { name }) => name === "Moderator").id;
  const general = await stage.demo.channel("general");
  const support = await stage.demo.channel("support");
  await stage.demo.post(`/people/owner/channels/${general}/messages`, { content: `Hello <@&${moderators}>` });
  await (await max.sees("Hello @Moderator")).and(max.page.locator(".mentions-me")).waitFor();
  await mia.sees("Hello @Moderator");
  assert.equal(await mia.page.locator(".mentions-me").count(), 0);
  assert.equal(await max.page.title(), "#general · Sandbox · Sandbox");

  await stage.demo.post(`/people/owner/channels/${support}/messages`, { content: `Hello <@&${moderators}>` });
  await max.page.waitForFunction(() => document.title === "(1) #general · Sandbox · Sandbox");
  await mia.page.waitForFunction(() => document.title === "• #general · Sandbox · Sandbox");
  await max.goTo("support");
  await max.page.waitForFunction(() => document.title === "#support · Sandbox · Sandbox");
});

test("a picture opens in full size, and the arrow keys go to the next", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  const picture = await banner(stage.browser);
  await olivia.goTo("general");
  await olivia.says("Three pictures.", ["one.png", "two.png", "three.png"].map((name) => ({ ...picture, name })));
  await page.locator(".message .picture").nth(2).waitFor();
  await page.locator(".message .picture").first().click();
  const shown = olivia.dialog.locator(".lightbox-picture");
  const shows = (/** @type {string} */ alt) => page.waitForFunction((alt) => {
    const image = /** @type {HTMLImageElement | null} */ (document.querySelector(".lightbox-picture"));
    return image?.alt === alt && image.naturalWidth === 640 && image.width === 640;
  }, alt);
  await shows("one.png");
  await olivia.dialog.getByText("1 of 3").waitFor();
  await page.keyboard.press("ArrowRight");
  await shows("two.png");
  await olivia.dialog.getByRole("button", { name: "Next picture" }).click();
  await shows("three.png");
  await page.keyboard.press("ArrowRight");
  await shows("one.png");
  assert.match(await olivia.dialog.getByRole("link", { name: "Open in browser" }).getAttribute("href") ?? "", /\/attachments\//);
  await page.keyboard.press("Escape");
  await shown.waitFor({ state: "detached" });
});

test("screen readers get words, not markup", async (stage) => {
  const mia = await stage.opens({ as: "member" });
  const general = await stage.demo.channel("general");
  const people = (await stage.demo.get("/world")).people;
  const heard = (/** @type {string} */ text) => mia.page.waitForFunction((text) => document.getElementById("announcer")?.textContent === text, text);
  await mia.goTo("general");
  const say = (/** @type {string} */ content) => stage.demo.post(`/people/owner/channels/${general}/messages`, { content });
  await say(`**Hi** <@${people[2].id}>, see <#${general}> <t:0:R>, ||secret|| and \`code\``);
  await heard(`Olivia: Hi @Mia, see general ${await mia.page.evaluate(() => new Intl.RelativeTimeFormat("en-US", { numeric: "auto" }).format(Math.round(-Date.now() / 1000 / 31536000), "year"))}, Spoiler and code`);
  await stage.demo.post(`/people/owner/channels/${general}/webhook-messages`, { username: "News", embeds: [{ title: "The **title**" }] });
  await heard("News: The title");
});

test("a line marks the first unread message", async (stage) => {
  const mia = await stage.opens({ as: "member" });
  const { page } = mia;
  const support = await stage.demo.channel("support");
  const say = (/** @type {string} */ content) => stage.demo.post(`/people/owner/channels/${support}/messages`, { content });
  await say("Old.");
  await mia.goTo("support");
  await mia.sees("Old.");
  await mia.goTo("general");
  await say("First.");
  await say("Second.");
  await page.locator(".channel-link.unread", { hasText: "support" }).waitFor();
  await mia.goTo("support");
  await mia.message("First.").locator(".new-line", { hasText: "New" }).waitFor();
  assert.equal(await page.locator(".new-line").count(), 1);
  // The line is gone after an answer, and at the next visit.
  await mia.says("I see.");
  await page.locator(".new-line").waitFor({ state: "detached" });
  await mia.goTo("general");
  await say("Third.");
  await page.locator(".channel-link.unread", { hasText: "support" }).waitFor();
  await mia.goTo("support");
  await mia.message("Third.").locator(".new-line").waitFor();
  await mia.goTo("general");
  await mia.goTo("support");
  await mia.sees("Third.");
  assert.equal(await page.locator(".new-line").count(), 0);
});

test("each person has their own drafts", async (stage) => {
  const person = await stage.opens();
  await person.goTo("support");
  await person.box.fill("Olivia's words");
  await person.becomes("Mia");
  await person.isIn("support");
  await person.page.waitForFunction(() => document.querySelector("textarea")?.value === "");
  await person.box.fill("Mia's words");
  await person.goTo("general");
  await person.becomes("Olivia");
  await person.goTo("support");
  assert.equal(await person.box.inputValue(), "Olivia's words");
});
