// Buttons and menus under messages, and messages that are made of components.

import assert from "node:assert/strict";
import { noBarriers } from "../lib/barriers.mjs";
import { banner } from "../lib/files.mjs";
import { testWithBot } from "../lib/suite.mjs";

const OPTIONS = [
  { label: "Bug", value: "bug", emoji: { name: "🐛" } },
  { label: "Question", value: "question", description: "Anything else" },
];
/** @param {...object} components */
const row = (...components) => ({ type: 1, components });
const PANEL = [
  row(
    { type: 2, style: 1, label: "Open", custom_id: "open", emoji: { name: "🎫" } },
    { type: 2, style: 2, custom_id: "emoji", emoji: { name: "📖" } },
    { type: 2, style: 3, label: "Fine", custom_id: "fine" },
    { type: 2, style: 4, label: "Closed", custom_id: "closed", disabled: true },
  ),
  row({ type: 3, custom_id: "topic", placeholder: "Which topic?", options: OPTIONS }),
];

for (const scheme of /** @type {const} */ (["dark", "light"])) {
  testWithBot(`buttons and menus under a message, ${scheme}`, async (stage, bot) => {
    const mia = await stage.opens({ as: "member", scheme });
    const { page } = mia;
    const sent = await bot.says("general", { content: "Support", components: PANEL });
    await mia.sees("Support");
    const message = page.locator(`#message-${sent.id}`);
    await noBarriers(page, "a panel");
    assert.ok(await message.getByRole("button", { name: "Closed" }).isDisabled());
    bot.answers("emoji", { type: 4, data: { content: "Read!", flags: 64 } });
    await message.getByRole("button", { name: "📖" }).click();
    await mia.sees("Read!");

    // What is chosen stays, and cannot be chosen again, until the message is edited.
    bot.answers("topic", { type: 6 });
    const menu = message.locator("[data-custom-id=topic]");
    const chooses = async (/** @type {string} */ option) => {
      // The menu does not open until the bot has answered what was chosen before.
      await menu.and(page.locator(":not([aria-busy])")).click();
      await page.locator(".picker .option", { hasText: option }).click();
      await page.locator(".picker").waitFor({ state: "detached" });
    };
    await chooses("Bug");
    assert.deepEqual((await bot.got("topic")).data.values, ["bug"]);
    await menu.filter({ hasText: "🐛 Bug" }).waitFor();
    await chooses("Bug");
    await chooses("Question");
    assert.deepEqual((await bot.got("topic", 2)).data.values, ["question"], "the same choice was not sent twice");
    await menu.filter({ hasText: "Question" }).waitFor();
    await bot.call("PATCH", `/channels/${sent.channel_id}/messages/${sent.id}`, { components: PANEL });
    await menu.filter({ hasText: "Which topic?" }).waitFor();

    // The update that an answer is does the same.
    bot.answers("topic", { type: 7, data: { components: PANEL } });
    await chooses("Question");
    await bot.got("topic", 3);
    await menu.filter({ hasText: "Which topic?" }).waitFor();
    await chooses("Question");
    await bot.got("topic", 4);
  });

  testWithBot(`a message made of components, ${scheme}`, async (stage, bot) => {
    const mia = await stage.opens({ as: "member", scheme });
    const { page } = mia;
    const picture = await banner(stage.browser);
    const form = new FormData();
    const url = `attachment://${picture.name}`;
    const body = {
      flags: 1 << 15,
      components: [
        {
          type: 17,
          accent_color: 0x5865f2,
          components: [
            { type: 10, content: "# Tickets\nAsk **us**." },
            { type: 9, components: [{ type: 10, content: "Open one here." }], accessory: { type: 2, style: 3, label: "Open", custom_id: "open" } },
            { type: 9, components: [{ type: 10, content: "Our banner" }], accessory: { type: 11, media: { url }, description: "Our banner, small" } },
            { type: 14, spacing: 2 },
            { type: 12, items: [{ media: { url }, description: "Our banner, large" }, { media: { url: "https://example.com/a.png" } }] },
            { type: 13, file: { url }, spoiler: true },
            PANEL[1],
          ],
        },
        { type: 17, spoiler: true, components: [{ type: 10, content: "A secret." }] },
        { type: 14 },
        { type: 10, content: "-# The end" },
      ],
    };
    form.append("payload_json", JSON.stringify(body));
    form.append("files[0]", new Blob([Uint8Array.from(picture.buffer)], { type: picture.mimeType }), picture.name);
    const sent = await bot.says("general", form);
    await mia.sees("Open one here.");
    const message = page.locator(`#message-${sent.id}`);
    await message.getByRole("heading", { name: "Tickets" }).waitFor();
    await message.getByRole("img", { name: "Our banner, large" }).waitFor();
    await message.getByRole("img", { name: "Our banner, small" }).waitFor();
    await message.locator(".spoiler .file", { hasText: picture.name }).waitFor({ state: "attached" });
    await noBarriers(page, "a message made of components");
    await message.locator(".spoiler:has(.container)").click();
    await message.getByText("A secret.").waitFor();
    bot.answers("open", { type: 4, data: { content: "Opened", flags: 64 } });
    await message.getByRole("button", { name: "Open" }).click();
    await mia.sees("Opened");
    bot.answers("topic", { type: 4, data: { content: "Chosen", flags: 64 } });
    await message.locator("[data-custom-id=topic]").click();
    await page.locator(".picker .option", { hasText: "Bug" }).click();
    await mia.sees("Chosen");
    const { page: small } = await stage.opens({ as: "member2", scheme, width: 390, height: 844, touch: true });
    await small.locator(".container", { hasText: "Open one here." }).waitFor();
    const over = await small.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${over} pixels too wide`);
  });
}

testWithBot("a locked thread takes no clicks, a closed one is opened by them", async (stage, bot) => {
  const general = await stage.demo.channel("general");
  const thread = await bot.post(`/channels/${general}/threads`, { name: "Help", type: 11 });
  await bot.post(`/channels/${thread.id}/messages`, { content: "Solved?", components: [row({ type: 2, style: 1, label: "Yes", custom_id: "yes" })] });
  const mia = await stage.opens({ as: "member", opening: false });
  await mia.page.goto(`${stage.demo.url}/channels/${(await stage.demo.guild()).id}/${thread.id}?as=member`);
  const yes = mia.page.getByRole("button", { name: "Yes" });
  await yes.waitFor();
  const change = (/** @type {object} */ fields) => stage.demo.call("PATCH", `/people/owner/channels/${thread.id}`, fields);
  await change({ locked: true });
  await mia.page.locator("button[data-custom-id=yes]:disabled").waitFor();
  await change({ locked: false });
  await mia.page.locator("button[data-custom-id=yes]:enabled").waitFor();
  await change({ archived: true });
  await mia.page.locator(".tag", { hasText: "Closed" }).or(mia.page.locator(".tag", { hasText: "Archived" })).first().waitFor();
  bot.answers("yes", { type: 4, data: { content: "Good!" } });
  await yes.click();
  await mia.sees("Good!");
  const { thread_metadata: now } = await stage.demo.get(`/people/member/channels/${thread.id}`);
  assert.equal(now.archived, false);
});

testWithBot("a thread on a message, and what is sent in silence", async (stage, bot) => {
  const max = await stage.opens({ as: "moderator" });
  const { page } = max;
  await bot.says("general", { content: "A new ticket", flags: 4096 });
  const message = await max.sees("A new ticket");
  await message.locator(".tag", { hasText: "Silent" }).waitFor();
  await message.locator(".content").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Create Thread" }).click();
  await max.dialog.getByRole("textbox").fill("Notes");
  await max.dialog.getByRole("button", { name: "Create" }).click();
  await max.isIn("Notes");
  await max.sees("A new ticket");
  await max.says("He wrote before.");
  await max.goTo("general");
  await message.getByRole("button", { name: "Notes" }).click();
  await max.sees("He wrote before.");
});
