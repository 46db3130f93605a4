// Makes the pictures of the documentation, in docs/: an inbox, a ticket, the staff menu, dark and light, and
// the one at the top of the README. Look at them before you commit them. They need a font with coloured emoji
// (Debian: fonts-noto-color-emoji).

import { join } from "node:path";
import { Demo } from "./lib/demo.mjs";
import { banner } from "./lib/files.mjs";
import { DOCS, picture, SCHEMES, withoutGuide } from "./lib/pictures.mjs";
import { launch, Stage } from "./lib/suite.mjs";

/** @import {Person} from "./lib/person.mjs" */

const browser = await launch();
const demo = await Demo.start();
const stage = new Stage(browser, demo);

/** @param {import("./lib/suite.mjs").Looking} how */
const opens = (how) => withoutGuide(stage, how);

/** @param {Person} person */
const toInbox = async (person) => {
  await person.goTo("support");
  await person.sees("Create Ticket");
};

/** @param {Person} person */
const toTicket = async (person) => {
  await person.page.locator(".thread-line .channel-link").first().click();
  await person.sees("That worked");
};

// What is to be seen.
const olivia = await opens({});
await olivia.goTo("general");
await olivia.says("# How can we help?\nPress the button, and you get a **private thread** with our moderators.\n- Questions about the rules\n- Something that looks wrong\n- Anything you'd rather not say in public", [await banner(browser)]);
await olivia.makesInbox(await olivia.sees("How can we help?"), "support");
const mia = await opens({ as: "member" });
await toInbox(mia);
await mia.opensTicket();
await mia.says("Hello! Somebody in **#general** keeps sending me links. What should I do?");
const max = await opens({ as: "moderator" });
await max.page.locator(".thread-line .channel-link").click();
await max.sees("keeps sending me links");
await max.says("Thank you for telling us. Please don't open them; I have removed the messages.");
await mia.sees("removed the messages");
await mia.says("That worked, thanks!");

for (const scheme of SCHEMES) {
  const other = await opens({ as: "member2", scheme, width: 1100, height: 720 });
  await toInbox(other);
  await picture(other, `inbox-${scheme}`);
  const member = await opens({ as: "member", scheme, width: 1100, height: 720 });
  await toTicket(member);
  await picture(member, `ticket-${scheme}`);

  const admin = await opens({ scheme, width: 1100, height: 900 });
  await toInbox(admin);
  await admin.runs(admin.words.staff);
  await admin.sees(admin.words.now);
  await admin.selects(admin.page.locator("li.message", { has: admin.page.locator("[data-custom-id='create-ticket']") }));
  const answer = await admin.sees(admin.words.whom);
  await answer.locator(".select").click();
  await admin.page.locator(".picker .option").first().waitFor();
  await admin.page.screenshot({ path: join(DOCS, `staff-menu-${scheme}.png`) });
  await admin.page.keyboard.press("Escape");
  await answer.getByRole("button", { name: "Dismiss message" }).click();
  await admin.seesNoMore(admin.words.whom);
}

// The inbox as a member sees it beside the ticket as staff see it.
const left = await opens({ as: "member2", width: 640, height: 660 });
await left.page.goto(`${demo.url}/channels/${(await demo.guild()).id}/${await demo.channel("support")}?as=member2`);
await left.sees("Create Ticket");
const right = await opens({ as: "moderator", width: 640, height: 660 });
await right.page.goto(`${max.page.url()}`);
await right.sees("That worked");
const shots = [await picture(left, ""), await picture(right, "")];
const page = await browser.newPage({ viewport: { width: 1300, height: 660 } });
await page.setContent(`<body style="margin:0;display:flex;gap:20px;background:transparent">${shots.map((shot) => `<img style="border-radius:10px" src="data:image/png;base64,${shot.toString("base64")}">`).join("")}`);
await page.waitForFunction(() => [...document.images].every((image) => image.complete));
await page.screenshot({ path: join(DOCS, "demo.png"), omitBackground: true });

await browser.close();
const wrong = [...stage.wrong, ...(await demo.stop())];
for (const each of wrong) console.error(each);
process.exit(wrong.length ? 1 : 0);
