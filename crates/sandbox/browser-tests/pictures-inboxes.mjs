// Makes the small pictures of docs/settings.md, docs/forms.md and docs/inboxes.md: the settings in one place, a form,
// and a message that offers several inboxes in a menu; wide and on a telephone, dark and light. Look at them before
// you commit them. They need a font with coloured emoji (Debian: fonts-noto-color-emoji).

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Demo } from "./lib/demo.mjs";
import { launch, Stage } from "./lib/suite.mjs";

/** @import {Locator} from "playwright-core" */
/** @import {Person} from "./lib/person.mjs" */

const DOCS = join(import.meta.dirname, "../../../docs");
const SCHEMES = /** @type {const} */ (["dark", "light"]);
const SIZES = /** @type {const} */ ([["wide", { width: 900, height: 844 }], ["phone", { width: 390, height: 844, touch: true }]]);
/** So high that the whole panel is there. */
const HIGH = 2000;
const FORM = [
  "What is your name in the game? | short",
  "What happened? | long | as exactly as you can",
  "Where? | one of: Lobby, Survival, Creative",
  "Screenshots | files | optional",
].join("\n");

const browser = await launch();
const demo = await Demo.start();
const stage = new Stage(browser, demo);
const guild = (await demo.guild()).id;
const support = await demo.channel("support");

/** What became of something that the owner does. @param {string} path @param {object} what */
async function does(path, what) {
  const { id } = await demo.post(`/people/owner/${path}`, what);
  const answer = await demo.get(`/people/owner/interactions/${id}?wait=true`);
  if (!["answered", "modal"].includes(answer.state)) throw new Error(`${JSON.stringify(what)} is ${JSON.stringify(answer)}`);
  return answer;
}

/** @param {string} name @param {object} options */
const runs = (name, options) => does("commands", { guild_id: guild, channel_id: support, name, options });

/** @param {string} inbox @param {string} setting @param {unknown} value */
async function sets(inbox, setting, value) {
  const modal = await runs("inbox settings", { inbox, setting });
  return does("modals", { interaction_id: modal.id, values: { template: value } });
}

// Three inboxes on one message, of which one has a form.
const words = await demo.post(`/people/owner/channels/${support}/messages`, { content: "# How can we help?\nChoose what it is about, and you get a **private thread** with our moderators." });
await runs("inbox create", { channel: support, name: "Questions" });
await does("commands", { guild_id: guild, channel_id: support, name: "Select this message", type: 3, target_id: words.id });
await demo.call("DELETE", `/people/owner/channels/${support}/messages/${words.id}`);
for (const [name, emoji, description] of [["Report a member", "🚩", "Somebody breaks the rules"], ["Appeal", "⚖️", "You were banned or timed out"]]) {
  await runs("inbox create", { channel: support, panel: "Questions", name });
  await sets(name, "button-emoji", emoji);
  await sets(name, "description", description);
}
await sets("Report a member", "form", FORM);
await sets("Report a member", "cooldown", "10m");
await sets("Report a member", "hours", "Mon-Fri 09:00-17:00");
const editor = await runs("inbox panel", { inbox: "Questions" });
await does("components", { channel_id: support, message_id: editor.message.id, custom_id: editor.message.components[1].components[0].custom_id, values: ["menu"] });

// Room for what opens below the menu.
for (const content of ["Thank you!", "That was quick.", "See you."]) await demo.post(`/people/member2/channels/${support}/messages`, { content });

/** @param {Person} person */
async function still({ page }) {
  await page.mouse.move(0, 0);
  await page.evaluate(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
}

/** Takes what is on the page here, with a little around it. @param {Person} person @param {string} name @param {...Locator} what */
async function picture({ page }, name, ...what) {
  const boxes = (await Promise.all(what.map((each) => each.boundingBox()))).filter((box) => box !== null);
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const x = Math.max(0, Math.min(...boxes.map((box) => box.x)) - 8);
  const y = Math.max(0, Math.min(...boxes.map((box) => box.y)) - 8);
  const right = Math.min(width, Math.max(...boxes.map((box) => box.x + box.width)) + 8);
  const bottom = Math.min(height, Math.max(...boxes.map((box) => box.y + box.height)) + 8);
  const shot = await page.screenshot({ clip: { x, y, width: right - x, height: bottom - y } });
  await writeFile(join(DOCS, `${name}.webp`), await smaller(shot));
}

/** The same picture in a few kilobytes. @param {Buffer} shot */
async function smaller(shot) {
  const page = await browser.newPage();
  const url = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext("2d")?.drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.5);
  }, `data:image/png;base64,${shot.toString("base64")}`);
  await page.close();
  return Buffer.from(url.split(",")[1], "base64");
}

/** A window at the inbox. @param {import("./lib/suite.mjs").Looking} how */
async function opens(how) {
  const person = await stage.opens(how);
  const hide = person.page.getByLabel(person.say("guide-hide"), { exact: true });
  await hide.waitFor({ state: "attached" });
  await hide.dispatchEvent("click");
  await person.page.goto(`${demo.url}/channels/${guild}/${support}?as=${how.as ?? "owner"}`);
  await person.sees("How can we help?");
  return person;
}

for (const scheme of SCHEMES) {
  for (const [size, how] of SIZES) {
    const admin = await opens({ scheme, ...how, height: HIGH });
    const panel = await runs("inbox settings", { inbox: "Report a member" });
    const message = admin.page.locator(`#message-${panel.message.id}`);
    await message.waitFor();
    await message.scrollIntoViewIfNeeded();
    await still(admin);
    await picture(admin, `settings-${size}-${scheme}`, message.locator(".embed").first(), message.locator(".select").last());

    const mia = await opens({ as: "member", scheme, ...how });
    const { page, dialog } = mia;
    const inbox = await mia.sees("How can we help?");
    await inbox.locator(".select").click();
    await page.locator(".picker .option").first().waitFor();
    await picture(mia, `menu-${size}-${scheme}`, inbox, page.locator(".picker"));
    await page.locator(".picker .option", { hasText: "Report a member" }).click();
    await dialog.waitFor();
    await still(mia);
    await picture(mia, `form-${size}-${scheme}`, dialog);
  }
}

await browser.close();
const wrong = [...stage.wrong, ...(await demo.stop())];
for (const each of wrong) console.error(each);
process.exit(wrong.length ? 1 : 0);
