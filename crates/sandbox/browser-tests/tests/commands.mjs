// Every command of the bot once, in the language of the person who runs it.

import { banner, textFile } from "../lib/files.mjs";
import { test } from "../lib/suite.mjs";

for (const language of /** @type {const} */ (["en-US", "de"])) {
  test(`every command of the bot, in ${language}`, async (stage) => {
    const olivia = await stage.opens({ language });
    const { page, words } = olivia;
    await olivia.goTo("support");
    await olivia.says("First **text**.", [await banner(stage.browser), textFile("hours.txt", "9 to 5")]);
    await olivia.makesInbox(await olivia.sees("First text."), "support", "tickets");
    const inbox = page.locator("li.message", { has: page.locator("[data-custom-id='create-ticket']") });

    await olivia.runs(words.destination, "general");
    await olivia.sees(words.now);
    await olivia.selects(inbox);
    await olivia.sees(words.moved);

    await olivia.says("Second *text*.");
    await olivia.runs(words.message);
    await olivia.sees(words.now);
    await olivia.selects(inbox);
    await olivia.message(words.now).waitFor();
    await olivia.selects(olivia.message("Second text.").filter({ hasNot: page.locator(".embed") }));
    await olivia.sees(words.replaced);
    await inbox.locator(".embed", { hasText: "Second text." }).waitFor();

    await olivia.runs(words.staff);
    await olivia.sees(words.now);
    await olivia.selects(inbox);
    const answer = await olivia.sees(words.whom);
    await answer.locator(".select", { hasText: "Moderator" }).click();
    await page.locator(".picker .option", { hasText: "Noah" }).click();
    await page.locator(".picker").getByRole("button", { name: olivia.say("done") }).click();
    await olivia.sees(words.savedStaff);

    await olivia.runs(words.starter);
    await olivia.sees(words.now);
    await olivia.selects(inbox);
    const starter = page.getByRole("dialog", { name: words.starterTitle });
    await starter.getByRole("textbox").fill("Welcome, $author! Ask $staff.");
    await starter.getByRole("button", { name: olivia.say("submit") }).click();
    await olivia.sees(words.savedStarter);

    await olivia.runs(words.name);
    await olivia.sees(words.now);
    await olivia.selects(inbox);
    const name = page.getByRole("dialog", { name: words.nameTitle });
    await name.getByRole("textbox").fill("$author $counter");
    await name.getByRole("button", { name: olivia.say("submit") }).click();
    await olivia.sees(words.savedName);

    // All of it holds for the next ticket.
    await olivia.opensTicket();
    await olivia.isIn("Olivia 0001");
    await olivia.sees(/Welcome, @Olivia! Ask .*@Noah/);
    await page.locator(".parent-link", { hasText: "general" }).waitFor();
    for (const person of ["Olivia", "Noah", "Max"]) await page.locator(".members .member", { hasText: person }).waitFor();
  });
}

test("what cannot be done is told in the page", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  await olivia.goTo("general");

  // An option that is missing, and one that is nothing that can be chosen.
  await olivia.box.fill("/inbox create");
  await page.locator(".listbox .option", { hasText: "/inbox create" }).first().click();
  const form = page.locator(".command-form");
  const run = form.getByRole("button", { name: "Run" });
  await form.locator("input").press("Escape");
  await run.click();
  await form.locator(".problem", { hasText: "channel: this option is required." }).waitFor();
  await form.locator("input").fill("nowhere");
  await run.click();
  await form.locator(".problem", { hasText: "channel: choose one of those offered." }).waitFor();
  await form.getByRole("button", { name: "Cancel" }).click();

  // Nothing pending.
  await olivia.says("Just a message.");
  const message = await olivia.sees("Just a message.");
  await olivia.selects(message);
  await olivia.sees("I'm not waiting for a message");

  // No answer within three seconds.
  const id = /** @type {string} */ (await message.getAttribute("data-message"));
  await stage.demo.post("/faults", { method: "POST", path: "/interactions/**", status: 404, code: 10062, message: "Unknown interaction", times: 9 });
  await olivia.selects(message);
  const waiting = page.locator(".message.waiting");
  await waiting.waitFor();
  await stage.demo.post("/clock", { advance_ms: 3000 });
  await waiting.locator(".problem", { hasText: "did not respond" }).waitFor();
  await waiting.getByRole("button", { name: "Dismiss message" }).click();
  await waiting.waitFor({ state: "detached" });
  await page.locator(`[data-message="${id}"]`).waitFor();

  // The same with a button: it is busy, then it says so, and can be pressed again.
  await stage.demo.call("DELETE", "/faults");
  await olivia.makesInbox(message, "general");
  const inbox = page.locator("li.message", { has: page.locator("[data-custom-id='create-ticket']") });
  const button = inbox.getByRole("button", { name: "Create Ticket" });
  await stage.demo.post("/faults", { method: "POST", path: "/interactions/**", status: 404, code: 10062, message: "Unknown interaction", times: 9 });
  await button.click();
  await inbox.locator("[data-custom-id='create-ticket'][aria-busy=true]").waitFor();
  await stage.demo.post("/clock", { advance_ms: 3000 });
  await inbox.locator(".problem", { hasText: "This interaction failed" }).waitFor();
  await inbox.locator("[data-custom-id='create-ticket']:not([aria-busy])").waitFor();
});
