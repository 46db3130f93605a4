// A long channel: only a part of it is in the page, and all of it can be reached.

import assert from "node:assert/strict";
import { test } from "../lib/suite.mjs";

const MANY = 700;

test("a long channel is shown in parts", async (stage) => {
  const { demo } = stage;
  const channel = await demo.channel("general");
  for (let number = 0; number < MANY; number += 1) await demo.post(`/people/member/channels/${channel}/messages`, { content: `Line ${number}.` });
  const mia = await stage.opens({ as: "member" });
  await mia.sees(`Line ${MANY - 1}.`);
  const shown = () => mia.page.locator("li.message").count();
  assert.ok((await shown()) <= 100, "at first, no more than a page or two");

  // Up to the beginning, without ever holding everything.
  const scroller = mia.page.locator(".scroller");
  for (;;) {
    const first = await mia.page.locator("li.message").first().getAttribute("id");
    await scroller.evaluate((node) => (node.scrollTop = 0));
    assert.ok((await shown()) < MANY - 100, "the whole channel is in the page");
    if (await mia.message("Line 0.").count()) break;
    await mia.page.waitForFunction((first) => document.querySelector("li.message")?.id !== first, first);
  }

  // What is new waits at the end, where one click leads.
  await demo.post(`/people/member2/channels/${channel}/messages`, { content: "The newest." });
  await mia.page.getByRole("button", { name: /Jump to the present/ }).click();
  await mia.sees("The newest.");
  await mia.page.waitForFunction(() => {
    const list = /** @type {Element} */ (document.querySelector(".scroller"));
    return list.scrollHeight - list.scrollTop - list.clientHeight < 2;
  });
});
