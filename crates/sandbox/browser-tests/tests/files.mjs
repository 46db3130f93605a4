// Files come by picker, by paste and by drop, and can be taken out again or hidden before they are sent.

import assert from "node:assert/strict";
import { test } from "../lib/suite.mjs";

/** @import {Page} from "playwright-core" */

test("files are pasted and dropped", async (stage) => {
  const mia = await stage.opens({ as: "member" });
  const noah = await stage.opens({ as: "member2" });
  const { page } = mia;
  await mia.goTo("general");
  await noah.goTo("general");

  await give(page, "paste", "textarea[data-key=composer]", ["screenshot.png"]);
  const tray = page.locator(".tray-file");
  await tray.filter({ hasText: "screenshot.png" }).locator("img").waitFor();
  await give(page, "dragover", ".scroller", ["notes.txt"]);
  await page.locator(".chat.dropping").waitFor();
  await give(page, "drop", ".scroller", ["notes.txt", "too-much.txt"]);
  await page.locator(".chat.dropping").waitFor({ state: "detached" });
  await tray.nth(2).waitFor();
  await page.getByRole("button", { name: "Remove too-much.txt" }).click();
  await page.getByRole("button", { name: "Mark screenshot.png as a spoiler" }).click();
  await mia.box.fill("Here.");
  await mia.sends(() => page.keyboard.press("Enter"));

  const message = await noah.sees("Here.");
  await message.locator(".file", { hasText: "notes.txt" }).waitFor();
  await message.locator(".spoiler img").waitFor({ state: "attached" });
  assert.equal(await message.locator(".file, img").count(), 2);

  // Not more than Discord takes, and nothing where nothing may be added.
  await give(page, "drop", ".scroller", [...Array(11).keys()].map((number) => `${number}.txt`));
  await page.locator(".toast", { hasText: "only upload 10 files" }).waitFor();
  assert.equal(await tray.count(), 10);
  await mia.goTo("welcome");
  await give(page, "drop", ".scroller", ["refused.txt"]);
  await page.locator(".toast", { hasText: "can't upload files here" }).waitFor();
  assert.equal(await tray.count(), 0);
});

/**
 * What the browser sends to the page when files are pasted or dropped.
 *
 * @param {Page} page
 * @param {"paste" | "dragover" | "drop"} how
 * @param {string} where
 * @param {string[]} names
 */
async function give(page, how, where, names) {
  const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  await page.locator(where).evaluate(
    (node, { how, names, bytes }) => {
      const data = new DataTransfer();
      for (const name of names) data.items.add(name.endsWith("png") ? new File([new Uint8Array(bytes)], name, { type: "image/png" }) : new File([name], name, { type: "text/plain" }));
      const all = { bubbles: true, cancelable: true };
      node.dispatchEvent(how === "paste" ? new ClipboardEvent(how, { ...all, clipboardData: data }) : new DragEvent(how, { ...all, dataTransfer: data }));
    },
    { how, names, bytes: [...pixel] },
  );
}
