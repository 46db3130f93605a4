// The page is in its person's language: all of it, and at once when that changes.

import assert from "node:assert/strict";
import { test } from "../lib/suite.mjs";
import { sentences, wordsOf } from "../lib/words.mjs";

/** @import {Page} from "playwright-core" */

/** Words that stand in most English sentences and in no German or French one. */
const ENGLISH = /\b(the|you|your|this|that|with|not|only|has|have|what|who|click|and|of|to|is|are|channels?|settings|roles?|members|delete|send|create|copy)\b/i;

for (const language of /** @type {const} */ (["de", "fr"])) {
  test(`nobody who speaks ${language} reads English`, async (stage) => {
    const person = await stage.opens({ language });
    const { page, say } = person;
    await person.speaks(language);
    await page.locator("#language").focus();
    const check = (/** @type {string} */ where) => noEnglish(page, language, where);
    await page.locator(".guide li").last().waitFor();
    await check("at first");

    await person.goTo("support");
    await person.says("Hallo!");
    const message = await person.sees("Hallo!");
    await message.hover();
    await check("a message");
    await message.locator(".content").click({ button: "right" });
    await page.getByRole("menu").first().waitFor();
    await page.getByRole("menuitem", { name: say("apps") }).click();
    await check("its menu");
    await page.keyboard.press("Escape");

    await person.box.fill("/");
    await page.locator(".listbox .option").first().waitFor();
    await check("the commands");
    await page.locator(".listbox .option").first().click();
    await page.locator(".command-form").waitFor();
    await page.locator(".command-form input").first().press("Escape");
    await page.getByRole("button", { name: say("run") }).click();
    await page.locator(".command-form .problem:not(:empty)").waitFor();
    await check("a command that lacks something");
    await page.getByRole("button", { name: say("cancel") }).click();

    for (const head of [".server-name", ".chat-head [data-key=actions]"]) {
      await page.locator(head).click();
      await page.locator(".menu-item").first().waitFor();
      await check(`the menu of ${head}`);
      await page.locator(".menu-item").first().click();
      await person.dialog.waitFor();
      await check(`the settings behind ${head}`);
      if (head === ".server-name") {
        await person.dialog.locator(".role-line").first().click();
        await check("a role");
      }
      await page.keyboard.press("Escape");
      await person.dialog.waitFor({ state: "detached" });
    }

    await page.locator(".chat-head [data-key=actions]").click();
    await page.getByRole("menuitem", { name: say("delete-channel") }).click();
    await person.dialog.waitFor();
    await check("before a channel is deleted");
    await page.keyboard.press("Escape");

    await page.locator(".chat-head [data-key=threads]").click();
    await page.getByRole("button", { name: say("create-thread") }).click();
    await person.dialog.locator("input").fill("Faden");
    await check("a new thread");
    await person.dialog.getByRole("button", { name: say("create"), exact: true }).click();
    await person.isIn("Faden");
    await page.locator(".members-head").waitFor();
    await check("a thread");
    await page.locator(".members-head button").click();
    await person.dialog.locator(".select").click();
    await page.locator(".picker").waitFor();
    await check("adding somebody to it");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await person.dialog.waitFor({ state: "detached" });
    for (const entry of ["archive-and-lock", "reopen"]) {
      await page.locator(".chat-head [data-key=actions]").click();
      await check("a thread's menu");
      await page.getByRole("menuitem", { name: say(entry), exact: true }).click();
      await page.locator(".tag").first().waitFor({ state: entry === "archive-and-lock" ? "visible" : "detached" });
      await check(entry);
    }

    await page.getByRole("button", { name: say("inspector") }).click();
    await page.locator(".record li", { hasText: say("did-create-a-thread") }).waitFor();
    await page.getByRole("button", { name: say("tools") }).click();
    await page.locator(".menu-item").first().waitFor();
    await check("the tools");
    await page.keyboard.press("Escape");

    // What is refused, and what fails.
    const channel = await stage.demo.channel("support");
    await stage.demo.call("PATCH", `/people/owner/channels/${channel}`, { rate_limit_per_user: 600 });
    await stage.demo.call("PATCH", "/people/member", { locale: language });
    await person.becomes("Mia");
    await person.speaks(language);
    await person.goTo("support");
    await person.says("Hallo?");
    await page.locator(".composer-notice").waitFor();
    await person.box.fill("Hallo??");
    await page.keyboard.press("Enter");
    await page.locator(".toast.bad", { hasText: say("error-20016") }).waitFor();
    await check("slowmode");
  });
}

test("the page takes another language at once, and each person their own", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  await olivia.goTo("support");
  await olivia.box.fill("A draft");
  await page.locator("#language").focus();
  await page.locator("#language").selectOption("fr");
  await olivia.speaks("fr");
  await olivia.isIn("support");
  assert.equal(await olivia.box.inputValue(), "A draft", "what was written is kept");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "language", "the focus stays");
  await olivia.becomes("Mia");
  await olivia.speaks("en-US");
  await olivia.becomes("Olivia");
  await olivia.speaks("fr");
  await page.reload();
  await olivia.speaks("fr");
  // A language that the page has no words for.
  const shown = (/** @type {string} */ code) => page.locator(`.language[data-code=${code}]`).waitFor();
  await page.locator("#language").selectOption("ja");
  await olivia.speaks("en-US");
  await shown("JA");
  await page.locator("#language").selectOption("en-GB");
  await shown("EN");
  await olivia.speaks("en-US");
  assert.equal(await page.locator("#language").inputValue(), "en-GB");
});

/**
 * Everything that can be read or heard is in a language: not one of the page's English sentences, and no English
 * word. What people called things themselves, and the record's paths and data, have no language.
 *
 * @param {Page} page
 * @param {string} language
 * @param {string} where
 */
async function noEnglish(page, language, where) {
  const read = await page.evaluate(() => {
    /** @type {string[]} */
    const found = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement;
      if (!element || element.closest(".record, noscript, #language, [name=preferred_locale]")) continue;
      if (node instanceof Element) for (const name of ["aria-label", "title", "placeholder", "alt", "data-drop"]) found.push(node.getAttribute(name) ?? "");
      else found.push(node.textContent ?? "");
    }
    return found.map((text) => text.trim()).filter(Boolean);
  });
  const [english, own] = ["en-US", language].map(sentences);
  const foreign = new Set([...english].filter(([key, text]) => own.get(key) !== text).map(([, text]) => text));
  const both = new Set(own.values());
  const wrong = read.filter((text) => !both.has(text) && (foreign.has(text) || ENGLISH.test(text)));
  assert.deepEqual(wrong, [], where);
  assert.equal(await page.evaluate(() => document.documentElement.lang), language);
  assert.ok(read.some((text) => text === wordsOf(language)("language")));
}
