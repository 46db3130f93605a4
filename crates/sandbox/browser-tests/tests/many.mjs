// A long channel: only a part of it is in the page, and all of it can be reached.

import assert from "node:assert/strict";
import { banner } from "../lib/files.mjs";
import { atEnd } from "../lib/person.mjs";
import { measuredIn, test } from "../lib/suite.mjs";

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
  await mia.page.getByRole("button", { name: /Jump to present/ }).click();
  await mia.sees("The newest.");
  await atEnd(mia.page);
});

test("a channel with 5,000 messages is there at once, and nothing jumps", async (stage) => {
  const { demo } = stage;
  const channel = await demo.channel("general");
  const picture = (await banner(stage.browser)).buffer.toString("base64");
  const posts = Array.from({ length: 4990 }, (_, number) => ({ content: `Line ${number}.` }));
  const write = async () => {
    for (let post = posts.pop(); post; post = posts.pop()) await demo.post(`/people/member/channels/${channel}/messages`, post);
  };
  await Promise.all(Array.from({ length: 20 }, write));
  for (let number = 0; number < 10; number += 1) {
    await demo.post(`/people/member/channels/${channel}/messages`, { content: `# Picture ${number}`, attachments: [{ filename: "banner.png", content_type: "image/png", data: picture }] });
  }

  const noah = await stage.opens({ as: "member2" });
  const { page } = noah;
  await noah.sees("Picture 9");
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  const { shifted, jumps, messages } = await measuredIn(page);
  const { elements, paint, loaded } = await page.evaluate(() => ({
    elements: document.querySelectorAll("*").length,
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    loaded: /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource")).filter(({ name }) => !name.includes("/attachments/")).reduce((sum, { transferSize }) => sum + transferSize, 0),
  }));
  stage.says(`first paint after ${paint.toFixed(0)} ms, the messages after ${messages.toFixed(0)} ms; ${(loaded / 1000).toFixed(0)} kB beside the pictures, ${elements} elements, ${shifted.toFixed(3)} shifted`);
  assert.ok(elements < 2000, `${elements} elements for a window of the list`);
  assert.ok(shifted < 0.01, `${shifted} of the page jumped: ${jumps.join(", ")}`);
  await atEnd(page);
});

test("a page of messages that cannot be loaded is fetched again only on scrolling", async (stage) => {
  const { demo } = stage;
  const general = await demo.channel("general");
  for (let number = 1; number <= 120; number += 1) await demo.post(`/people/member/channels/${general}/messages`, { content: `Message ${number}.` });
  const olivia = await stage.opens();
  const { page } = olivia;
  await olivia.goTo("general");
  await olivia.sees("Message 120.");
  const older = /\/messages\?before=/;
  let asked = 0;
  await page.route(older, (route) => {
    asked += 1;
    return route.abort();
  });
  const alerts = page.getByRole("alert").filter({ hasText: "Can't reach the sandbox" });
  await page.locator(".scroller").evaluate((scroller) => (scroller.scrollTop = 0));
  await alerts.first().waitFor();
  // The list is drawn again, and still nothing is fetched.
  const first = asked;
  await demo.post(`/people/member/channels/${general}/messages`, { content: "One more." });
  await olivia.message("One more.").waitFor({ state: "attached" });
  assert.equal(asked, first);
  await page.unroute(older);
  await page.locator(".scroller").evaluate((scroller) => (scroller.scrollTop = 20));
  await olivia.message("Message 70.").waitFor({ state: "attached" });
});
