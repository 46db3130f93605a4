// The list of a channel's threads.

import assert from "node:assert/strict";
import { test } from "../lib/suite.mjs";

test("threads are counted, searched, edited and opened again", async (stage) => {
  const { demo } = stage;
  const support = await demo.channel("support");
  const open = await demo.post(`/people/owner/channels/${support}/threads`, { name: "question", type: 11, count: 60 });
  for (const { id } of open.slice(0, 3)) await demo.call("PATCH", `/people/owner/channels/${id}`, { archived: true });
  const olivia = await stage.opens();
  const { page } = olivia;
  await olivia.goTo("support");
  await page.getByRole("button", { name: "Threads in #support" }).click();
  await page.getByRole("tab", { name: "Active (57)" }).waitFor();
  await page.getByRole("tab", { name: "Closed (3)" }).waitFor();
  const card = page.locator(".thread-card");
  assert.equal(await card.count(), 50, "not all at once");
  await page.getByText("and 7 more").waitFor();
  await page.getByRole("searchbox", { name: "Search threads by name" }).fill("question 5");
  await page.getByText("11 of 57 threads").waitFor();
  assert.equal(await card.count(), 11);
  await page.getByRole("tab", { name: "Closed (3)" }).click();
  await page.getByText("0 of 3 threads").waitFor();
  await page.getByText("No results").waitFor();
  await page.getByRole("searchbox", { name: "Search threads by name" }).fill("3");
  await card.filter({ hasText: "question 3" }).click();
  await olivia.isIn("question 3");

  // Open it again from the bar, then edit it.
  await page.locator(".bar").getByRole("button", { name: "Open Thread" }).click();
  await page.locator(".tag").waitFor({ state: "detached" });
  await olivia.chooses("Edit Thread");
  await olivia.dialog.getByLabel("Thread name").fill("answered");
  await olivia.dialog.getByLabel("Hide after inactivity of").selectOption({ label: "1 hour" });
  await olivia.dialog.getByLabel("Slowmode (seconds)").fill("30");
  await olivia.dialog.getByRole("button", { name: "Save" }).click();
  await olivia.isIn("answered");
  const edited = await demo.get(`/people/owner/channels/${open[2].id}`);
  assert.deepEqual([edited.name, edited.thread_metadata.auto_archive_duration, edited.rate_limit_per_user], ["answered", 60, 30]);

  // Opening a locked thread unlocks it.
  await olivia.chooses("Close and Lock Thread");
  await page.locator(".tag", { hasText: "Locked" }).waitFor();
  await page.locator(".bar").getByRole("button", { name: "Open Thread" }).click();
  await page.locator(".tag").first().waitFor({ state: "detached" });
  const opened = await demo.get(`/people/owner/channels/${open[2].id}`);
  assert.deepEqual([opened.thread_metadata.archived, opened.thread_metadata.locked], [false, false]);
});

test("links to closed threads have names, also after a reload", async (stage) => {
  const { demo } = stage;
  const [thread, gone] = await demo.post(`/people/owner/channels/${await demo.channel("support")}/threads`, { name: "old question", type: 11, count: 2 });
  await demo.call("PATCH", `/people/owner/channels/${thread.id}`, { archived: true });
  await demo.call("DELETE", `/people/owner/channels/${gone.id}`);
  await demo.post(`/people/owner/channels/${await demo.channel("general")}/messages`, { content: `See <#${thread.id}>, <#${thread.id}> and <#${gone.id}>.` });
  const mia = await stage.opens({ as: "member", opening: false });
  const { page } = mia;
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => /channels\/\d+$/.test(request.url()) && asked.push(request.url()));
  await page.goto(`${demo.url}/?as=member`);
  await mia.goTo("general");
  const link = mia.message("See").locator("button.mention");
  await link.filter({ hasText: thread.name }).nth(1).waitFor();
  await page.reload();
  await link.filter({ hasText: thread.name }).nth(1).waitFor();
  await link.filter({ hasText: "unknown" }).waitFor();
  await mia.becomes("Max");
  await link.filter({ hasText: thread.name }).nth(1).waitFor();
  // Once for each time that the page loaded the view.
  assert.equal(asked.filter((url) => url.endsWith(thread.id)).length, 3);
  await link.first().click();
  await mia.isIn(thread.name);
});
