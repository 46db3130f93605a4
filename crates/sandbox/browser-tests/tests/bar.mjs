// The top bar, and the notices.

import assert from "node:assert/strict";
import { test } from "../lib/suite.mjs";

for (const scheme of /** @type {const} */ (["dark", "light"])) {
  test(`every click on the theme switch changes the theme, on a ${scheme} system`, async (stage) => {
    const { page } = await stage.opens({ scheme });
    const other = scheme === "dark" ? "light" : "dark";
    const brightness = () => page.evaluate(() => Number(/\d+/.exec(getComputedStyle(document.body).backgroundColor)?.[0]));
    const switchTo = (/** @type {string} */ name) => page.getByRole("button", { name: `Switch to ${name} theme` });
    const first = await brightness();
    await switchTo(other).click();
    await switchTo(scheme).waitFor();
    assert.ok(Math.abs((await brightness()) - first) > 100);
    await page.reload();
    await switchTo(scheme).waitFor();
    await switchTo(scheme).click();
    await switchTo(other).waitFor();
    assert.equal(await brightness(), first);
    // With the system's own theme chosen, the page follows the system.
    await page.emulateMedia({ colorScheme: other });
    await switchTo(scheme).waitFor();
    assert.ok(Math.abs((await brightness()) - first) > 100);
  });
}

test("notices do not cover the channels, the members or the activity log", async (stage) => {
  for (const [width, panels] of /** @type {[number, string[]][]} */ ([[1440, ["members"]], [1440, ["members", "inspector"]], [1024, ["members"]], [1024, ["inspector"]]])) {
    const olivia = await stage.opens({ width, height: 900 });
    const { page } = olivia;
    await olivia.goTo("general");
    for (const panel of ["members", "inspector"]) {
      const shown = await page.locator(`.${panel}`).isVisible();
      if (shown !== panels.includes(panel)) await page.getByRole("button", { name: panel === "members" ? "Show members" : "Activity log" }).first().click();
    }
    await page.locator(".chat-head [data-key=actions]").click();
    await page.getByRole("menuitem", { name: "Copy Channel ID" }).click();
    const notice = await page.locator(".toast").boundingBox();
    assert.ok(notice);
    for (const panel of [...panels, "channel-column"]) {
      const box = await page.locator(`.${panel}`).boundingBox();
      assert.ok(box && (notice.x + notice.width <= box.x || notice.x >= box.x + box.width), `${width}: a notice covers ${panel}`);
    }
  }
});

test("both language menus list the sandbox's languages", async (stage) => {
  const olivia = await stage.opens();
  const { page } = olivia;
  const codes = (/** @type {string} */ menu) => page.locator(`${menu} option`).evaluateAll((all) => all.map((each) => /** @type {HTMLOptionElement} */ (each).value).sort());
  const { locales } = await stage.demo.get("/world");
  assert.ok(locales.length > 30);
  assert.deepEqual(await codes("#language"), [...locales].sort());
  await page.locator(".server-name").click();
  await page.getByRole("menuitem", { name: "Server Settings" }).click();
  await page.locator("[name=preferred_locale]").waitFor();
  assert.deepEqual(await codes("[name=preferred_locale]"), [...locales].sort());
  assert.equal(await page.locator("[name=preferred_locale] option[value=de]").textContent(), "Deutsch");
});
