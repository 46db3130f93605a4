// Two teams share one channel. Neither may manage threads, and each sees and handles its own tickets only.

import assert from "node:assert/strict";
import { test } from "../lib/suite.mjs";

/** @import {Person} from "../lib/person.mjs" */

const MANAGE_THREADS = 1n << 34n;

/** Runs a command in which everything is typed. @param {Person} person @param {string} command @param {Record<string, string>} [options] */
async function types(person, command, options = {}) {
  const { page } = person;
  await person.box.fill(command);
  await page.locator(".listbox .option", { has: page.getByText(command, { exact: true }) }).click();
  const form = page.locator(".command-form");
  await form.waitFor();
  for (const [name, value] of Object.entries(options)) {
    const field = form.locator(".command-field", { has: page.getByText(name, { exact: true }) });
    if ((await field.count()) === 0) await form.getByRole("button", { name: `+ ${name}` }).click();
    await field.locator("input").fill(value);
  }
  await form.getByRole("button", { name: person.say("run") }).click();
  await form.waitFor({ state: "detached" });
}

test("two teams without Manage Threads share a channel, and each sees its own tickets", async (stage) => {
  const { demo } = stage;
  const guild = await demo.guild();
  /** @param {string} name @param {string} member @returns {Promise<void>} */
  const team = async (name, member) => {
    const role = await demo.post(`/people/owner/guilds/${guild.id}/roles`, { name, mentionable: true });
    await demo.call("PUT", `/people/owner/guilds/${guild.id}/members/${member}/roles/${role.id}`);
  };
  const { people } = await demo.get("/world");
  /** @param {string} name */
  const id = (name) => people.find((/** @type {any} */ each) => each.global_name === name).id;
  const moderators = guild.roles.find((/** @type {any} */ { name }) => name === "Moderator").id;
  await demo.call("DELETE", `/people/owner/guilds/${guild.id}/members/${id("Max")}/roles/${moderators}`);
  await team("Billing", id("Noah"));
  await team("Technical", id("Max"));

  // Two inboxes in one channel, whose tickets are there, too.
  const olivia = await stage.opens();
  await olivia.goTo("support");
  const topics = [["Billing", "About payments."], ["Technical", "About the game."]];
  for (const [role, text] of topics) {
    await olivia.says(text);
    await olivia.makesInbox(olivia.message(text).filter({ hasNot: olivia.page.locator(".embed") }), "support");
    const inbox = olivia.message(text).filter({ has: olivia.page.locator("[data-custom-id='create-ticket']") });
    await olivia.runsFor(inbox, olivia.words.staff);
    const answer = await olivia.sees(olivia.words.whom);
    await answer.locator(".select").click();
    await olivia.page.locator(".picker .option", { hasText: role }).click();
    await olivia.page.locator(".picker").getByRole("button", { name: olivia.say("done") }).click();
    const saved = await olivia.sees(olivia.words.savedStaff);
    await saved.getByRole("button", { name: "Dismiss message" }).click();
    await olivia.seesNoMore(olivia.words.savedStaff);
  }

  const mia = await stage.opens({ as: "member" });
  for (const [, text] of topics) {
    await mia.goTo("support");
    await mia.message(text).getByRole("button", { name: "Create Ticket" }).click();
    const answer = await mia.sees(mia.words.ticket);
    await mia.ticketIn(answer).click();
    await mia.sees(/Welcome/);
    await mia.says(`My question. ${text}`);
    await mia.goTo("support");
    await mia.message(mia.words.ticket).getByRole("button", { name: "Dismiss message" }).click();
    await mia.seesNoMore(mia.words.ticket);
  }

  const noah = await stage.opens({ as: "member2" });
  const max = await stage.opens({ as: "moderator" });
  const threads = (/** @type {Person} */ person) => person.page.locator(".thread-line .channel-link");
  for (const [person, part, own] of /** @type {const} */ ([[noah, "member2", "About payments."], [max, "moderator", "About the game."]])) {
    const view = (await demo.get(`/people/${part}/view`)).guilds[0];
    assert.equal(BigInt(view.permissions) & MANAGE_THREADS, 0n, `${part} may not manage threads`);
    const support = view.channels.find((/** @type {any} */ { name }) => name === "support");
    assert.equal(BigInt(support.permissions) & MANAGE_THREADS, 0n, `${part} may not manage threads there`);
    assert.equal(view.threads.length, 1, `${part} sees one ticket`);

    // What they can list is theirs.
    await person.goTo("support");
    await types(person, "/ticket list");
    const list = await person.sees("waiting for staff");
    assert.equal(await list.locator(".content button.mention, .content .mention").count(), 1);
    await threads(person).click();
    await person.sees(`My question. ${own}`);
    await types(person, "/ticket claim");
    await person.sees("is looking after this ticket");
  }

  // They close without the permission, and everybody in that ticket reads why.
  await types(noah, "/ticket close", { reason: "Paid back" });
  await noah.sees("Closed by Noah: Paid back");
  await max.page.locator(".thread-line .channel-link").waitFor();
  await types(max, "/ticket rename", { name: "The game is down" });
  await max.isIn("The game is down");
  await mia.page.locator(".thread-line", { hasText: "The game is down" }).waitFor();
  // The other ticket is closed.
  await threads(mia).nth(1).waitFor({ state: "detached" });
});
