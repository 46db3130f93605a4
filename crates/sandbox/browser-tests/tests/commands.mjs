// Every command of the bot once, in the language of the person who runs it.

import assert from "node:assert/strict";
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

    await olivia.runsFor(inbox, words.destination, "general");
    await olivia.sees(words.moved);

    await olivia.says("Second *text*.");
    await olivia.runs(words.message);
    await olivia.sees(words.now);
    await olivia.selects(inbox);
    await olivia.sees(words.replacement);
    await olivia.selects(olivia.message("Second text.").filter({ hasNot: page.locator(".embed") }));
    await olivia.sees(words.replaced);
    await olivia.seesNoMore(words.now);
    await inbox.locator(".embed", { hasText: "Second text." }).waitFor();

    await olivia.runsFor(inbox, words.staff);
    const answer = await olivia.sees(words.whom);
    await answer.locator(".select", { hasText: "Moderator" }).click();
    await page.locator(".picker .option", { hasText: "Noah" }).click();
    await page.locator(".picker").getByRole("button", { name: olivia.say("done") }).click();
    await olivia.sees(words.savedStaff);

    await olivia.runsFor(inbox, words.starter);
    const starter = page.getByRole("dialog", { name: words.starterTitle });
    await starter.getByRole("textbox").fill("Welcome, $author! Ask $staff.");
    await starter.getByRole("button", { name: olivia.say("submit") }).click();
    await olivia.sees(words.savedStarter);

    await olivia.runsFor(inbox, words.name);
    const name = page.getByRole("dialog", { name: words.nameTitle });
    await name.getByRole("textbox").fill("$author $counter");
    await name.getByRole("button", { name: olivia.say("submit") }).click();
    await olivia.sees(words.savedName);

    // All of it applies to the next ticket.
    await olivia.opensTicket();
    await olivia.isIn("Olivia 0001");
    await olivia.sees(/Welcome, @Olivia! Ask .*@Noah/);
    await page.locator(".parent-link", { hasText: "general" }).waitFor();
    for (const person of ["Olivia", "Noah", "Max"]) await page.locator(".members .member", { hasText: person }).waitFor();
  });
}

test("the page shows what cannot be done", async (stage) => {
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
  await form.locator(".problem", { hasText: "channel: This option is required" }).waitFor();
  await form.locator("input").fill("nowhere");
  await run.click();
  await form.locator(".problem", { hasText: "channel: Select one of the suggestions" }).waitFor();
  await form.getByRole("button", { name: "Cancel" }).click();

  // Nothing pending.
  await olivia.says("Just a message.");
  const message = await olivia.sees("Just a message.");
  await olivia.selects(message);
  await olivia.sees("I'm not waiting for a message");

  // No answer within three seconds.
  const id = /** @type {string} */ (await message.getAttribute("data-message"));
  await stage.demo.post("/faults", { method: "POST", path: "/interactions/**", status: 404, code: 10062, message: "Unknown interaction", times: 9 });
  await stage.demo.telling("INTERACTION_CREATE", () => olivia.selects(message));
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
  await stage.demo.telling("INTERACTION_CREATE", () => button.click());
  await inbox.locator("[data-custom-id='create-ticket'][aria-busy=true]").waitFor();
  await stage.demo.post("/clock", { advance_ms: 3000 });
  await inbox.locator(".problem", { hasText: "This interaction failed" }).waitFor();
  await inbox.locator("[data-custom-id='create-ticket']:not([aria-busy])").waitFor();
});

test("options are suggested by the bot while they are written", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  // The bot here suggests nothing, so its part is played.
  const fruit = ["Apple", "Apricot", "Banana"].map((name) => ({ name, name_localizations: { de: `${name} auf Deutsch` }, value: name.toLowerCase() }));
  /** @type {any[]} */
  const sent = [];
  await page.route(/\/commands\?guild=/, (route) =>
    route.fulfill({
      json: [{ id: "1", type: 1, name: "fruit", description: "Fruit", options: [{ type: 3, name: "which", description: "Which", required: true, autocomplete: true }, { type: 4, name: "count", description: "How many", autocomplete: true }, { type: 11, name: "photo", description: "A picture of it" }] }],
    }),
  );
  await page.route(/\/commands$/, (route) => {
    sent.push(route.request().postDataJSON());
    return route.fulfill({ json: { id: String(sent.length), state: "pending" } });
  });
  await page.route(/\/interactions\/\d+\?wait=true$/, (route) => {
    const { focused, options } = sent[Number(/(\d+)\?/.exec(route.request().url())?.[1]) - 1];
    if (focused === "count") return route.fulfill({ json: { id: "1", state: "failed" } });
    return route.fulfill({ json: { id: "1", state: "choices", choices: fruit.filter(({ value }) => value.startsWith(options.which ?? "")) } });
  });

  await olivia.box.fill("/fruit");
  await page.locator(".listbox .option", { hasText: "/fruit" }).click();
  const offered = page.locator(".listbox .option");
  await offered.nth(2).waitFor();
  await page.locator("[data-option=which]").fill("ap");
  // The suggestions for the previous text disappear at once.
  await offered.filter({ hasText: "Banana" }).waitFor({ state: "detached" });
  await offered.nth(1).waitFor();
  assert.deepEqual(await offered.allTextContents(), ["Apple", "Apricot"]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "+ count" }).click();
  await page.locator(".listbox .option", { hasText: "Loading options failed" }).waitFor();
  await page.locator("[data-option=count]").fill("many");
  await page.getByRole("button", { name: "Run" }).click();
  await page.locator(".command-form .problem", { hasText: "count: Select one of the suggestions" }).waitFor();
  // What is not suggested may be written all the same.
  await page.locator("[data-option=count]").fill("7");
  // A file goes along.
  await page.getByRole("button", { name: "+ photo" }).click();
  await page.locator("[data-option=photo]").setInputFiles([textFile("apricot.txt", "orange")]);
  await page.getByRole("button", { name: "Run" }).click();
  await page.locator(".command-form").waitFor({ state: "detached" });
  const { name, options, attachments } = sent.findLast(({ focused }) => !focused);
  assert.deepEqual({ name, options }, { name: "fruit", options: { which: "apricot", count: 7, photo: 0 } });
  assert.deepEqual(attachments, [{ filename: "apricot.txt", content_type: "text/plain", data: Buffer.from("orange").toString("base64") }]);
  assert.deepEqual(sent.find(({ focused }) => focused === "count").options, { which: "apricot" }, "the other options are sent too");
});
