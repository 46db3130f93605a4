// What the scripts that make the pictures of the documentation share.

import { join } from "node:path";

/** @import {Person} from "./person.mjs" */
/** @import {Looking, Stage} from "./suite.mjs" */

export const DOCS = join(import.meta.dirname, "../../../../docs");
export const SCHEMES = /** @type {const} */ (["dark", "light"]);

/** A window without the guide of the first minute. @param {Stage} stage @param {Looking} how */
export async function withoutGuide(stage, how) {
  const person = await stage.opens(how);
  const hide = person.page.getByLabel(person.say("guide-hide"), { exact: true });
  await hide.waitFor({ state: "attached" });
  await hide.dispatchEvent("click");
  return person;
}

/** @param {Person} person @param {string} name of the file in docs/; empty: none */
export async function picture({ page }, name) {
  await page.mouse.move(0, 0);
  await page.evaluate(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  return page.screenshot(name ? { path: join(DOCS, `${name}.png`) } : {});
}
