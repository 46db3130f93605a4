// Makes the pictures of the staff's pages, in docs/: a ticket with its close button, a channel of notices, and
// `/ticket list`, each wide and on a telephone, dark and light. Look at them before you commit them.

import { Demo, until } from "./lib/demo.mjs";
import { picture, SCHEMES, withoutGuide } from "./lib/pictures.mjs";
import { launch, Stage } from "./lib/suite.mjs";

/** @import {Person} from "./lib/person.mjs" */

const SIZES = /** @type {const} */ ({ "": { width: 900, height: 560 }, "-phone": { width: 390, height: 640, touch: true } });

const browser = await launch();
const demo = await Demo.start();
const stage = new Stage(browser, demo);
const guild = await demo.guild();
const support = await demo.channel("support");

/** Waits until the bot has responded, and returns how. @param {string} who @param {Promise<{id: string}>} done @returns {Promise<any>} */
async function responded(who, done) {
  const { id } = await done;
  return demo.get(`/people/${who}/interactions/${id}?wait=true`);
}

/** @param {string} who @param {string} channel @param {string} name @param {object} [options] */
const runs = (who, channel, name, options = {}) => responded(who, demo.post(`/people/${who}/commands`, { guild_id: guild.id, channel_id: channel, name, options }));

/** @param {string} who @param {string} channel @param {string} content */
const says = (who, channel, content) => demo.post(`/people/${who}/channels/${channel}/messages`, { content });

/** Chooses in the menu of a setting. @param {string} setting @param {string} value */
async function sets(setting, value) {
  const { id } = await runs("owner", support, "inbox settings", { setting });
  await responded("owner", demo.post("/people/owner/modals", { interaction_id: id, values: { template: [value] } }));
}

// An inbox with notices, and what its staff see on a busy day.
const notices = (await demo.post(`/people/owner/guilds/${guild.id}/channels`, { name: "ticket-notices", type: 0 })).id;
const olivia = await withoutGuide(stage, {});
await olivia.goTo("support");
await olivia.says("# How can we help?\nPress the button, and you get a **private thread** with our moderators.");
await olivia.makesInbox(await olivia.sees("How can we help?"), "support");
await sets("notices", notices);
await sets("close-button", "owner");
await sets("staff-mode", "silent");

/** Opens a ticket, and says what it is about. @param {string} who @param {string} text @returns {Promise<string>} */
async function opensTicket(who, text) {
  const messages = await demo.get(`/people/${who}/channels/${support}/messages`);
  const inbox = messages.find((/** @type {any} */ { components }) => JSON.stringify(components).includes("create-ticket"));
  const answer = await responded(who, demo.post(`/people/${who}/components`, { channel_id: support, message_id: inbox.id, custom_id: "create-ticket" }));
  const ticket = /<#(\d+)>/.exec(answer.message.content)?.[1] ?? "";
  await says(who, ticket, text);
  return ticket;
}

/** @param {string} username @param {string} global_name @returns {Promise<string>} */
const newcomer = async (username, global_name) => (await demo.post("/people", { username, global_name, guild_id: guild.id }))[0].id;

/** Waits until a notice has this line. @param {RegExp} line */
const noticed = (line) =>
  until(`a notice says ${line}`, async () => {
    const all = await demo.get(`/people/owner/channels/${notices}/messages`);
    return all.some((/** @type {any} */ { content }) => line.test(content));
  });

const lena = await newcomer("lena", "Lena");
const tom = await newcomer("tom", "Tom");
const refund = await opensTicket(lena, "I was charged twice for my subscription.");
await runs("moderator", refund, "ticket claim");
await says("moderator", refund, "I have paid the second one back.");
await runs("moderator", refund, "ticket close", { reason: "Paid back" });
await noticed(/Paid back/);
const gone = await opensTicket(tom, "Never mind, I found it.");
await demo.call("DELETE", `/people/${tom}/channels/${gone}/members/@me`);
await noticed(/no longer in it/);
await demo.post("/clock", { advance_ms: 50 * 60_000 });
await opensTicket("member2", "I can't log in since this morning.");
await demo.post("/clock", { advance_ms: 20 * 60_000 });
const links = await opensTicket("member", "Hello! Somebody in **#general** keeps sending me links. What should I do?");
await runs("moderator", links, "ticket claim");
await says("moderator", links, "Thank you for telling us. Please don't open them; I have removed the messages.");
await demo.post("/clock", { advance_ms: 5 * 60_000 });
await runs("owner", support, "ticket help");
await noticed(/Waiting for staff/);
await noticed(/looking after it/);

/** A window whose clock is the world's, in this channel. @param {import("./lib/suite.mjs").Looking} how @param {string} channel */
async function opensIn(how, channel) {
  const person = await withoutGuide(stage, how);
  await person.page.clock.setFixedTime((await demo.get("/world")).now);
  await person.page.goto(`${demo.url}/channels/${guild.id}/${channel}?as=${how.as}`);
  return person;
}

/** Goes elsewhere in the same window, which then still knows the threads that it has shown. @param {Person} person @param {string} channel */
const goes = ({ page }, channel) =>
  page.evaluate((path) => {
    history.pushState(null, "", path + location.search);
    dispatchEvent(new PopStateEvent("popstate"));
  }, `/channels/${guild.id}/${channel}`);

for (const scheme of SCHEMES) {
  for (const [size, how] of Object.entries(SIZES)) {
    const member = await opensIn({ as: "member", scheme, ...how }, links);
    await member.sees("removed the messages");
    await picture(member, `close-button${size}-${scheme}`);

    const staff = await opensIn({ as: "moderator", scheme, ...how }, refund);
    await staff.sees("Paid back");
    await goes(staff, gone);
    await staff.sees("Never mind");
    await goes(staff, notices);
    await staff.sees("Waiting for staff");
    await picture(staff, `notices${size}-${scheme}`);

    await goes(staff, support);
    await staff.sees("Create Ticket");
    await staff.box.fill("/ticket list");
    await staff.page.locator(".listbox .option", { hasText: "/ticket list" }).first().click();
    await staff.page.locator(".command-form").getByRole("button", { name: staff.say("run") }).click();
    const list = await staff.sees("Opened in the last 7 days");
    await picture(staff, `ticket-list${size}-${scheme}`);
    await list.getByRole("button", { name: "Dismiss message" }).click();
    await staff.seesNoMore("Opened in the last 7 days");
  }
}

await browser.close();
const wrong = [...stage.wrong, ...(await demo.stop())];
for (const each of wrong) console.error(each);
process.exit(wrong.length ? 1 : 0);
