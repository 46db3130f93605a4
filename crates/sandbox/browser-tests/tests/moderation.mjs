// Forums with their posts, and members in time-out.

import assert from "node:assert/strict";
import { until } from "../lib/demo.mjs";
import { testWithBot } from "../lib/suite.mjs";

testWithBot("a forum lists its posts, and somebody writes a new one", async (stage) => {
  const { demo } = stage;
  const guild = (await demo.guild()).id;
  const tags = [{ name: "bug", emoji_name: "🐛" }, { name: "done", moderated: true }];
  const forum = await demo.post(`/people/owner/guilds/${guild}/channels`, { name: "help", type: 15, topic: "One question in each post.", available_tags: tags });
  const mia = await stage.opens({ as: "member" });
  await mia.goTo("help");
  await mia.page.getByText("One question in each post.").first().waitFor();
  await mia.page.getByText("There are no posts yet.").waitFor();
  assert.equal(await mia.box.isVisible(), false, "a forum has no messages of its own");

  await mia.page.getByRole("button", { name: "New Post" }).click();
  await mia.dialog.getByLabel("Title").fill("Where is the exit?");
  await mia.dialog.getByLabel("Message").fill("I looked\neverywhere.");
  assert.deepEqual(await mia.dialog.getByLabel("Tag").locator("option").allTextContents(), ["No tag", "🐛 bug"], "moderated tags are not hers");
  await mia.dialog.getByLabel("Tag").selectOption({ label: "🐛 bug" });
  await mia.dialog.getByRole("button", { name: "Post", exact: true }).click();
  await mia.isIn("Where is the exit?");
  await mia.sees("everywhere.");
  await mia.says("Found it.");

  // Others see it in the list; a pinned post is above newer ones, and a closed one below.
  await demo.post(`/people/owner/channels/${forum.id}/threads`, { name: "Newer", message: { content: "x" } });
  const closed = await demo.post(`/people/owner/channels/${forum.id}/threads`, { name: "Closed", message: { content: "x" } });
  await demo.call("PATCH", `/people/owner/channels/${closed.id}`, { archived: true });
  const post = (await demo.guild()).threads.find((/** @type {any} */ { name }) => name.startsWith("Where"));
  await demo.call("PATCH", `/people/owner/channels/${post.id}`, { flags: 2 });
  const olivia = await stage.opens();
  await olivia.goTo("help");
  const cards = olivia.page.locator(".post");
  await cards.nth(2).waitFor();
  assert.deepEqual((await cards.locator("strong").allTextContents()).map((name) => name.trim()), ["Where is the exit? Pinned", "Newer", "Closed"]);
  await cards.first().getByText("🐛 bug").waitFor();
  await cards.first().getByText("1 message").waitFor();
  await cards.first().click();
  await olivia.sees("Found it.");
});

testWithBot("a moderator puts a member into time-out, and ends it", async (stage) => {
  const { demo } = stage;
  const max = await stage.opens({ as: "owner" });
  const member = async () => (await demo.guild()).members.find((/** @type {any} */ { user }) => user.username === "mia");
  await max.page.locator(".members .member", { hasText: "Mia" }).click();
  await max.page.getByRole("menuitem", { name: "Timeout Mia" }).click();
  await max.page.getByRole("menuitem", { name: "1 hour" }).click();
  await until("Mia is in time-out", async () => (await member()).communication_disabled_until);
  const left = new Date((await member()).communication_disabled_until).getTime() - (await demo.get("/world")).now;
  assert.ok(left > 3_500_000 && left <= 3_600_000, `${left} ms are left`);
  await max.page.locator(".members .member", { hasText: "Mia" }).getByRole("img", { name: "Timed out" }).waitFor();
  await max.page.locator(".members .member", { hasText: "Mia" }).click();
  await max.page.getByRole("menuitem", { name: "Remove Timeout" }).click();
  await until("Mia may write again", async () => !(await member()).communication_disabled_until);
  // Members cannot do it.
  const mia = await stage.opens({ as: "member" });
  await mia.page.locator(".members .member", { hasText: "Noah" }).click();
  await mia.page.getByRole("menuitem", { name: "Mention" }).waitFor();
  assert.equal(await mia.page.getByRole("menuitem", { name: "Timeout Noah" }).count(), 0);
});

testWithBot("a post that is closed goes to the end of its forum, and stays there", async (stage) => {
  const { demo } = stage;
  const guild = (await demo.guild()).id;
  const forum = await demo.post(`/people/owner/guilds/${guild}/channels`, { name: "help", type: 15 });
  /** @type {Record<string, string>} */
  const posts = {};
  for (const name of ["First", "Second", "Third"]) posts[name] = (await demo.post(`/people/owner/channels/${forum.id}/threads`, { name, message: { content: "x" } })).id;
  const mia = await stage.opens({ as: "member" });
  const names = mia.page.locator(".post strong");
  const shows = (/** @type {string[]} */ wanted) => until(`the forum shows ${wanted}`, async () => (await names.allTextContents()).map((name) => name.trim()).join() === wanted.join());
  const archive = (/** @type {string} */ name, /** @type {boolean} */ archived) => demo.call("PATCH", `/people/owner/channels/${posts[name]}`, { archived });
  await mia.goTo("help");
  await shows(["Third", "Second", "First"]);
  await archive("Third", true);
  await shows(["Second", "First", "Third"]);
  await archive("Second", true);
  await shows(["First", "Second", "Third"]);
  await archive("Third", false);
  await shows(["Third", "First", "Second"]);

  // Posts that are closed while another channel is in view.
  await mia.goTo("general");
  await archive("First", true);
  await mia.goTo("help");
  await shows(["Third", "First", "Second"]);
});

testWithBot("a member may write again as soon as the time-out is over", async (stage) => {
  const { demo } = stage;
  const { guilds, people, now } = await demo.get("/world");
  const me = people.find((/** @type {any} */ { part }) => part === "member").id;
  const mia = await stage.opens({ as: "member" });
  await mia.goTo("general");
  const end = new Date(now + 60_000).toISOString();
  await demo.call("PATCH", `/people/owner/guilds/${guilds[0].id}/members/${me}`, { communication_disabled_until: end });
  await mia.page.locator(".composer-notice.refused").waitFor();
  await demo.post("/clock", { advance_ms: 60_000 });
  await mia.page.locator(".composer-notice.refused").waitFor({ state: "detached" });
  await mia.says("Back again.");
  await mia.sees("Back again.");
});
