// Forms with every kind of input, filled in by mouse, by keyboard and by touch.

import assert from "node:assert/strict";
import { noBarriers } from "../lib/barriers.mjs";
import { textFile } from "../lib/files.mjs";
import { atEnd } from "../lib/person.mjs";
import { testWithBot } from "../lib/suite.mjs";
import { wordsOf } from "../lib/words.mjs";

/** @import {Bot} from "../lib/bot.mjs" */
/** @import {Person} from "../lib/person.mjs" */

const OPTIONS = [
  { label: "Lobby", value: "lobby", description: "Where you arrive" },
  { label: "Survival", value: "survival", emoji: { name: "🌲" } },
  { label: "Creative", value: "creative" },
];
const PLAIN = OPTIONS.map(({ emoji: _, ...option }) => option);

/** @param {string} label @param {object} component @param {string} [description] */
const labelled = (label, component, description) => ({ type: 18, label, component, ...(description && { description }) });

/** @param {object[]} components */
const form = (components) => ({ type: 9, data: { custom_id: "report", title: "Report", components } });

const FIRST = form([
  { type: 10, content: "**Read** the rules first." },
  labelled("What happened?", { type: 4, custom_id: "what", style: 2, max_length: 100 }, "As exactly as you can"),
  labelled("Where?", { type: 3, custom_id: "where", max_values: 2, options: OPTIONS }),
  labelled("Which mode?", { type: 21, custom_id: "mode", options: PLAIN }, "One of them"),
  labelled("Screenshots", { type: 19, custom_id: "files", min_values: 0, max_values: 2, required: false }),
]);
const SECOND = form([
  labelled("Who was it?", { type: 5, custom_id: "who" }),
  labelled("Which rules?", { type: 22, custom_id: "rules", max_values: 2, options: PLAIN }),
  labelled("Best mode", { type: 21, custom_id: "best", required: false, options: PLAIN }),
  labelled("Read by all", { type: 23, custom_id: "public", default: true }, "Everybody may read it"),
]);
const THANKS = { type: 4, data: { content: "Thanks!", flags: 64 } };

/** A button that opens a form, pressed. @param {Person} person @param {Bot} bot @param {object} what */
async function opens(person, bot, what) {
  bot.answers("open", what);
  bot.answers("report", THANKS);
  await bot.says("general", { content: "Tell us.", components: [{ type: 1, components: [{ type: 2, style: 1, label: "Report", custom_id: "open" }] }] });
  await person.sees("Tell us.");
  await person.page.getByRole("button", { name: "Report" }).last().click();
  await person.dialog.waitFor();
}

/** What the bot got, by custom id. @param {Bot} bot @param {number} [count] */
async function held(bot, count) {
  const { data } = await bot.got("report", count);
  const inputs = data.components.map((/** @type {any} */ { component }) => component).filter(Boolean);
  return { values: Object.fromEntries(inputs.map((/** @type {any} */ { custom_id, value, values }) => [custom_id, values ?? value])), resolved: data.resolved };
}

for (const scheme of /** @type {const} */ (["dark", "light"])) {
  testWithBot(`a form with every kind of input, by mouse, ${scheme}`, async (stage, bot) => {
    const mia = await stage.opens({ as: "member", scheme });
    const { page, dialog } = mia;
    await opens(mia, bot, FIRST);
    await noBarriers(page, "an empty form");
    const send = dialog.getByRole("button", { name: "Submit" });
    await send.click();
    await dialog.locator(".problem", { hasText: "This field is required." }).nth(2).waitFor();
    await noBarriers(page, "a form that cannot be sent off");

    await dialog.getByRole("textbox", { name: "What happened?" }).fill("It **burns**");
    await dialog.locator("[data-custom-id=where]").click();
    await page.locator(".picker .option", { hasText: "Lobby" }).click();
    await page.locator(".picker .option", { hasText: "Survival" }).click();
    await page.locator(".picker").getByRole("button", { name: "Done" }).click();
    await dialog.getByRole("radio", { name: "Creative" }).check();
    await dialog.locator("input[type=file]").setInputFiles([textFile("a.txt", "aa"), textFile("b.txt", "b")]);
    await dialog.getByRole("button", { name: "Remove a.txt" }).click();
    await noBarriers(page, "a filled form");
    await send.click();
    await dialog.waitFor({ state: "detached" });
    await mia.sees("Thanks!");
    const { values, resolved } = await held(bot);
    const [file] = values.files;
    assert.deepEqual({ ...values, files: 1 }, { what: "It **burns**", where: ["lobby", "survival"], mode: "creative", files: 1 });
    assert.equal(resolved.attachments[file].filename, "b.txt");
    assert.equal(await (await fetch(resolved.attachments[file].url)).text(), "b");
  });
}

testWithBot("a form with every kind of input, by keyboard", async (stage, bot) => {
  const mia = await stage.opens({ as: "member" });
  const { page, dialog } = mia;
  await opens(mia, bot, SECOND);
  const { keyboard } = page;
  // The first input has the focus.
  await dialog.locator("[data-custom-id=who]:focus").waitFor();
  await keyboard.press("Enter");
  await keyboard.type("noah");
  await keyboard.press("Enter");
  await dialog.locator("[data-custom-id=who]:focus", { hasText: "Noah" }).waitFor();
  await keyboard.press("Tab");
  await keyboard.press("Space");
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await keyboard.press("Space");
  await keyboard.press("Tab");
  // One option of a radio group is enough to reach it; arrows choose.
  await keyboard.press("Space");
  await keyboard.press("ArrowDown");
  await keyboard.press("Tab");
  await keyboard.press("Space");
  await keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  const { values, resolved } = await held(bot);
  const [noah] = values.who;
  assert.deepEqual({ ...values, who: 1 }, { who: 1, rules: ["lobby", "creative"], best: "survival", public: false });
  assert.equal(resolved.users[noah].username, "noah");
});

testWithBot("a form on a telephone, in three languages", async (stage, bot) => {
  for (const [index, language] of /** @type {const} */ (["en-US", "de", "fr"]).entries()) {
    await stage.demo.call("PATCH", "/people/member", { locale: language });
    const mia = await stage.opens({ as: "member", width: 390, height: 844, touch: true });
    const { page, dialog } = mia;
    await page.locator(`html[lang="${language}"]`).waitFor();
    const say = wordsOf(language);
    await opens(mia, bot, SECOND);
    await noBarriers(page, `a form in ${language}`);
    const over = await dialog.evaluate((node) => node.scrollWidth - node.clientWidth);
    assert.ok(over <= 0, `${over} pixels too wide`);
    const send = dialog.getByRole("button", { name: say("submit") });
    await dialog.getByText("Lobby").first().tap();
    await dialog.getByText("Survival").first().tap();
    await dialog.getByText("Creative").first().tap();
    // What need not be chosen can be taken back.
    await dialog.getByRole("radio", { name: "Lobby" }).tap();
    await dialog.getByRole("radio", { name: "Lobby" }).tap();
    await send.tap();
    await dialog.locator(".problem", { hasText: /\b2\b/ }).waitFor();
    await dialog.getByText("Creative").first().tap();
    await dialog.locator("[data-custom-id=who]").tap();
    await page.locator(".picker .option", { hasText: "Max" }).tap();
    await send.tap();
    await dialog.waitFor({ state: "detached" });
    const { values } = await held(bot, index + 1);
    assert.deepEqual({ ...values, who: 1 }, { who: 1, rules: ["lobby", "survival"], best: null, public: true });
    await page.close();
  }
});

testWithBot("a form that the bot does not answer stays open with what is in it", async (stage, bot) => {
  const mia = await stage.opens({ as: "member" });
  const { dialog } = mia;
  await opens(mia, bot, form([labelled("Your name", { type: 4, custom_id: "name", style: 1 })]));
  bot.answers("report", () => null);
  await dialog.getByRole("textbox").fill("Mia");
  const send = dialog.getByRole("button", { name: "Submit" });
  await stage.demo.telling("INTERACTION_CREATE", () => send.click());
  await stage.demo.post("/clock", { advance_ms: 3000 });
  await dialog.locator(".problem", { hasText: "Something went wrong. Try again." }).waitFor();
  assert.equal(await mia.page.locator(".toast").count(), 0, "said once");
  bot.answers("report", THANKS);
  await send.click();
  await dialog.waitFor({ state: "detached" });
  await mia.sees("Thanks!");
  assert.deepEqual((await held(bot, 2)).values, { name: "Mia" });
});

testWithBot("the answer to a form that was opened far above comes into sight", async (stage, bot) => {
  const mia = await stage.opens({ as: "member" });
  const { page, dialog } = mia;
  bot.answers("open", form([labelled("Your name", { type: 4, custom_id: "name", style: 1 })]));
  bot.answers("report", THANKS);
  await bot.says("general", { content: "Tell us.", components: [{ type: 1, components: [{ type: 2, style: 1, label: "Report", custom_id: "open" }] }] });
  const general = await stage.demo.channel("general");
  for (let line = 1; line <= 40; line += 1) await stage.demo.post(`/people/member2/channels/${general}/messages`, { content: `Line ${line}.` });
  await mia.sees("Line 40.");
  const report = page.getByRole("button", { name: "Report" });
  await report.scrollIntoViewIfNeeded();
  await report.click();
  await dialog.getByRole("textbox").fill("Mia");
  await dialog.getByRole("button", { name: "Submit" }).click();
  await dialog.waitFor({ state: "detached" });
  await mia.sees("Thanks!");
  await atEnd(page);
});
