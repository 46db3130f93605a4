// Messages look as they do in Discord: markdown, mentions, replies, embeds with galleries, system lines.

import assert from "node:assert/strict";
import { banner } from "../lib/files.mjs";
import { test } from "../lib/suite.mjs";

test("markdown, mentions and times are drawn", async (stage) => {
  const { demo } = stage;
  const guild = await demo.guild();
  const channel = await demo.channel("general");
  const mia = (await demo.get("/world")).people.find((/** @type {any} */ { part }) => part === "member").id;
  const moderator = guild.roles.find((/** @type {any} */ { name }) => name === "Moderator").id;
  /** @type {[string, string, string][]} what is written, where it is then, and as what it reads */
  const CASES = [
    ["**bold**", "strong", "bold"],
    ["*slanted*", "em", "slanted"],
    ["__under__", "u", "under"],
    ["~~gone~~", "s, del", "gone"],
    ["***both***", "em strong, strong em", "both"],
    ["`a **code**`", "code", "a **code**"],
    ["```js\nlet a = 1;\n```", "pre", "let a = 1;"],
    ["> quoted\n> lines", "blockquote", "quoted"],
    ["# Large", "h1, h2, h3, h4, [role=heading]", "Large"],
    ["- one\n- two", "ul li", "one"],
    ["1. first\n2. second", "ol li", "first"],
    ["||hidden||", ".spoiler", "hidden"],
    ["[words](https://example.com/a)", "a[href='https://example.com/a']", "words"],
    ["https://example.com/b", "a[href='https://example.com/b']", "https://example.com/b"],
    ["<t:0:R>", "time", "ago"],
    [`<@${mia}>`, ".mention", "@Mia"],
    [`<@&${moderator}>`, ".mention", "@Moderator"],
    [`<#${channel}>`, ".mention", "general"],
    ["\\*plain\\*", ".content", "*plain*"],
    ["2 * 3 * 4 _ 5", ".content", "2 * 3 * 4 _ 5"],
  ];
  const olivia = await stage.opens();
  await olivia.goTo("general");
  for (const [content, where, reads] of CASES) {
    const { id } = await demo.post(`/people/member2/channels/${channel}/messages`, { content });
    await olivia.page.locator(`#message-${id} .content`).waitFor();
    const found = await olivia.page.locator(`#message-${id}`).locator(where).allTextContents();
    assert.ok(found.some((text) => text.includes(reads)), `${content} should be ${where} with ${reads}: ${await olivia.page.locator(`#message-${id} .content`).innerHTML()}`);
  }
  // A spoiler opens when it is pressed.
  const spoiler = olivia.page.locator(".spoiler").last();
  assert.equal(await spoiler.getAttribute("aria-expanded"), "false");
  await spoiler.click();
  assert.equal(await spoiler.getAttribute("aria-expanded"), "true");
});

test("embeds, galleries, pictures and the APP badge are drawn", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  const picture = await banner(stage.browser);
  await olivia.goTo("general");
  await olivia.says("Three pictures.", [1, 2, 3].map((number) => ({ ...picture, name: `${number}.png` })));
  await page.locator(".message .gallery.of-3 img").nth(2).waitFor();
  await olivia.makesInbox(await olivia.sees("Three pictures."), "support");
  await olivia.goTo("support");
  const inbox = await olivia.sees("Create Ticket");
  await inbox.locator(".badge", { hasText: "APP" }).waitFor();
  await inbox.locator(".embed .gallery.of-3 img").nth(2).waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll(".embed img")].every((image) => /** @type {HTMLImageElement} */ (image).naturalWidth > 0));
  assert.equal(await inbox.locator(".embed").count(), 1, "one embed with all three");

  await stage.demo.post(`/people/owner/channels/${await stage.demo.channel("support")}/webhook-messages`, {
    username: "News",
    embeds: [{ title: "Title", description: "**Text**", color: 0x00ff00, footer: { text: "Foot" }, fields: [{ name: "Field", value: "Value", inline: true }] }],
  });
  const embed = (await olivia.sees("Foot")).locator(".embed");
  await embed.locator(".embed-title", { hasText: "Title" }).waitFor();
  await embed.locator(".embed-description strong", { hasText: "Text" }).waitFor();
  await embed.locator(".embed-fields .inline dt", { hasText: "Field" }).waitFor();
  const bar = await embed.evaluate((node) => getComputedStyle(node).borderLeftColor);
  assert.equal(bar, "rgb(0, 255, 0)");
});
