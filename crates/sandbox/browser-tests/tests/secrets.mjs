// What a person may not see never reaches their browser: not in an answer and not as an event, also when they
// lose a permission while they look.

import assert from "node:assert/strict";
import { test } from "../lib/suite.mjs";

/** @import {Page} from "playwright-core" */

test("what a person may not see never reaches the browser", async (stage) => {
  const { demo } = stage;
  const guild = await demo.guild();
  const tickets = await demo.channel("tickets");
  const hidden = { type: 0, allow: "0", deny: String(1 << 10) };
  await demo.call("PUT", `/people/owner/channels/${tickets}/overwrites/${guild.id}`, hidden);
  await demo.post(`/people/owner/channels/${tickets}/messages`, { content: "secret-before" });

  const mia = await stage.opens({ as: "member", opening: false });
  const heard = everythingHeard(mia.page);
  await mia.page.goto(`${demo.url}/channels/${guild.id}/${tickets}?as=member`);
  await mia.page.locator(".toast", { hasText: "you don't have access to it" }).waitFor();
  await mia.isIn("general");
  const general = await demo.channel("general");

  // While she looks: a hidden channel, a private thread, an answer for somebody else.
  const owner = `/people/owner/channels`;
  await demo.post(`${owner}/${tickets}/messages`, { content: "secret-live" });
  await demo.post(`${owner}/${tickets}/typing`, {});
  const thread = await demo.post(`${owner}/${general}/threads`, { name: "secret-thread", type: 12 });
  await demo.post(`${owner}/${thread.id}/messages`, { content: "secret-in-a-thread" });
  const olivia = await stage.opens();
  await olivia.goTo("general");
  await olivia.runs(olivia.words.create, "general");
  await olivia.sees(olivia.words.now);
  await demo.post(`${owner}/${general}/messages`, { content: "This is for all." });
  await mia.sees("This is for all.");

  // What she loses is taken away at once, and nothing more of it comes.
  const support = await demo.channel("support");
  await mia.goTo("support");
  await demo.post(`${owner}/${support}/messages`, { content: "Still for all." });
  await mia.sees("Still for all.");
  await demo.call("PUT", `/people/owner/channels/${support}/overwrites/${guild.id}`, hidden);
  await mia.isIn("general");
  await mia.page.locator(".channel-link", { hasText: "support" }).waitFor({ state: "detached" });
  await demo.post(`${owner}/${support}/messages`, { content: "secret-after" });
  await demo.call("PATCH", `${owner}/${support}`, { topic: "secret-topic" });
  await demo.call("PATCH", `${owner}/${support}`, { name: "secret-name" });
  await demo.post(`${owner}/${general}/messages`, { content: "The last one." });
  await mia.sees("The last one.");
  assert.equal(await mia.page.getByText("Still for all.").count(), 0, "what was on the screen is gone");
  // The browser discards answers that were not read before a reload.
  await heard();
  await mia.page.reload();
  await mia.sees("The last one.");

  const all = (await heard()).join("\n");
  assert.ok(all.includes("The last one."), "everything was listened to");
  for (const secret of ["secret-before", "secret-live", "secret-thread", "secret-in-a-thread", "secret-after", "secret-topic", "secret-name", olivia.words.now]) {
    const at = all.indexOf(secret);
    assert.equal(at, -1, `${secret}: …${all.slice(Math.max(0, at - 300), at + 100)}`);
  }
});

/** Every answer and every event that a page gets from now on. @param {Page} page */
function everythingHeard(page) {
  /** @type {Promise<string>[]} */
  const heard = [];
  page.on("response", (response) => {
    if (new URL(response.url()).pathname.startsWith("/control")) heard.push(response.text().catch(() => ""));
  });
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => heard.push(Promise.resolve(String(payload)))));
  return () => Promise.all(heard);
}
