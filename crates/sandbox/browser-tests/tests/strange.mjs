// Text that would be a program, had the page a hole: names, messages, embeds, file names, answers.

import assert from "node:assert/strict";
import { textFile } from "../lib/files.mjs";
import { test } from "../lib/suite.mjs";

const IMG = "<img src=x onerror=hacked=1>";
const SCRIPT = "<script>hacked=1</script>";
const HOSTILE = [
  IMG, SCRIPT, "<svg onload=hacked=1>", "<b>bold</b>", "&lt;i&gt;", '"><img src=x onerror=hacked=1>',
  "[a link](javascript:hacked=1)", "<javascript:hacked=1>", "[b](<javascript:hacked=1>)", "[c](data:text/html,<script>hacked=1</script>)",
  "```html\n<img src=x onerror=hacked=1>\n```", "||<img src=x onerror=hacked=1>||", "<@1><@&1><#1></x:1><a:b:1>", "<t:99999999999999:F>",
  "# <img src=x onerror=hacked=1>", "> <img src=x onerror=hacked=1>", "`${hacked=1}` {{hacked=1}}", "constructor __proto__ toString",
];

test("text never becomes a program", async (stage) => {
  const { demo } = stage;
  const guild = await demo.guild();
  const general = await demo.channel("general");
  const owner = (/** @type {string} */ path, /** @type {unknown} */ body, method = "POST") => demo.call(method, `/people/owner${path}`, body);

  await owner(`/guilds/${guild.id}`, { name: IMG }, "PATCH");
  await demo.call("PATCH", "/people/member2", { global_name: IMG });
  const role = await owner(`/guilds/${guild.id}/roles`, { name: SCRIPT, hoist: true, color: 0xff0000 });
  await demo.call("PUT", `/people/owner/guilds/${guild.id}/members/${(await demo.get("/world")).people[3].id}/roles/${role.id}`);
  await owner(`/channels/${general}`, { topic: IMG }, "PATCH");
  await owner(`/channels/${general}/threads`, { name: IMG, type: 11 });
  for (const content of HOSTILE) await demo.post(`/people/member2/channels/${general}/messages`, { content });
  await demo.post(`/people/member2/channels/${general}/messages`, {
    content: "files",
    attachments: [
      { filename: "<img src=x onerror=hacked=1>.txt", data: "eA==" },
      { filename: "evil.html", content_type: "text/html", data: Buffer.from(SCRIPT).toString("base64") },
      { filename: "evil.svg", content_type: "image/svg+xml", data: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="hacked=1">${SCRIPT}</svg>`).toString("base64") },
    ],
  });
  await owner(`/channels/${general}/webhook-messages`, {
    username: IMG,
    content: SCRIPT,
    embeds: [
      {
        title: IMG, description: IMG, color: 0xff0000, url: "https://example.com/\"onmouseover=hacked=1",
        author: { name: IMG }, footer: { text: IMG },
        fields: [{ name: IMG, value: SCRIPT, inline: true }],
        image: { url: "https://example.com/picture.png" },
      },
    ],
  });

  const olivia = await stage.opens();
  const { page } = olivia;
  const scripts = await page.locator("script").count();
  const clean = async (/** @type {string} */ where) => {
    assert.equal(await page.evaluate(() => "hacked" in globalThis), false, `${where}: something ran`);
    assert.equal(await page.locator("[onerror], [onload], [onmouseover], iframe, object, embed").count(), 0, `${where}: hostile elements`);
    assert.equal(await page.locator("script").count(), scripts, `${where}: another script`);
    const addresses = await page.locator("a[href], img[src]").evaluateAll((all) => all.map((each) => each.getAttribute("href") ?? each.getAttribute("src") ?? ""));
    for (const address of addresses) assert.match(address, /^(https?:\/\/|\/|blob:)/, `${where}: leads to ${address}`);
  };

  await olivia.goTo("general");
  await olivia.sees("files");
  // What was written is what is read.
  for (const text of [IMG, SCRIPT, "<b>bold</b>"]) assert.ok((await page.locator(".content").allTextContents()).some((each) => each.includes(text)), text);
  for (const part of [".embed-title", ".embed-description", ".embed-author", ".embed-foot", ".embed-fields"]) await page.locator(part, { hasText: IMG }).waitFor();
  await page.locator(".server-name", { hasText: IMG }).waitFor();
  await clean("the channel");

  await olivia.box.fill("Hello @<im");
  await page.locator(".listbox .option", { hasText: IMG }).click();
  await olivia.sends(() => page.getByRole("button", { name: "Send", exact: true }).click());
  await page.locator(".message .mention", { hasText: IMG }).last().waitFor();
  await clean("a mention");

  await olivia.says(IMG, [textFile("<svg onload=hacked=1>.txt", IMG)]);
  await page.locator(".file", { hasText: "onload" }).or(page.locator(".file", { hasText: "svg" })).last().waitFor();
  await clean("an upload");

  await page.locator(".members .member", { hasText: IMG }).click();
  await page.getByRole("menuitem", { name: "Mention" }).waitFor();
  await clean("a person's menu");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Threads in #general" }).click();
  await page.locator(".thread-card", { hasText: IMG }).click();
  await olivia.isIn(IMG);
  await clean("a thread");

  await page.getByRole("button", { name: "Activity log" }).click();
  await page.locator(".record li").first().waitFor();
  for (const entry of (await page.locator(".record summary").all()).slice(-8)) await entry.click();
  await page.locator(".record pre").first().waitFor();
  await clean("what happened");

  await page.locator(".server-name").click();
  await page.getByRole("menuitem", { name: "Server Settings" }).click();
  await olivia.dialog.getByRole("button", { name: SCRIPT }).click();
  await clean("the settings");
  await page.keyboard.press("Escape");

  // On buttons and in menus.
  await page.route(/\/messages\?/, async (route) => {
    const answer = await route.fetch();
    const messages = await answer.json();
    for (const message of messages) if (message.content === "files") message.components = hostileComponents();
    await route.fulfill({ response: answer, json: messages });
  });
  await page.reload();
  await olivia.goTo("general");
  await page.locator("a.button.link", { hasText: IMG }).waitFor();
  await page.locator("button.button", { hasText: SCRIPT }).waitFor();
  const menu = page.locator(".select", { hasText: IMG });
  await menu.click();
  await page.locator(".picker .option", { hasText: SCRIPT }).waitFor();
  await clean("components");
  await page.keyboard.press("Escape");

  // The bot takes the words on, into an inbox and into a ticket's name.
  await olivia.goTo("general");
  await olivia.says(IMG);
  await olivia.makesInbox(olivia.message(IMG).last(), "support");
  await olivia.goTo("support");
  await olivia.runsFor(page.locator("li.message", { has: page.locator("[data-custom-id='create-ticket']") }), olivia.words.staff);
  await (await olivia.sees(olivia.words.whom)).locator(".select").click();
  await page.locator(".picker .option", { hasText: IMG }).first().waitFor();
  await page.locator(".picker .option", { hasText: SCRIPT }).first().waitFor();
  await clean("a menu");
  await page.keyboard.press("Escape");
  const noah = await stage.opens({ as: "member2" });
  await noah.goTo("support");
  await noah.opensTicket();
  await noah.isIn(IMG);
  assert.equal(await noah.page.evaluate(() => "hacked" in globalThis), false);
  assert.equal(await noah.page.locator("[onerror]").count(), 0);
});

/** What no bot here makes, but another could. */
function hostileComponents() {
  const emoji = { name: IMG };
  return [
    {
      type: 1,
      components: [
        { type: 2, style: 5, label: IMG, url: 'https://example.com/?"><script>', emoji },
        { type: 2, style: 5, label: "leads astray", url: "javascript:hacked=1" },
        { type: 2, style: 1, label: SCRIPT, custom_id: IMG, emoji },
      ],
    },
    { type: 1, components: [{ type: 3, custom_id: SCRIPT, placeholder: IMG, options: [{ label: SCRIPT, value: IMG, description: IMG, emoji }] }] },
    { type: 10, content: `${IMG}[x](javascript:hacked=1)` },
  ];
}
