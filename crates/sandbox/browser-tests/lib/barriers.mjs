// What a machine can check of how a page serves people who do not see it as drawn: axe-core.

import assert from "node:assert/strict";
import axe from "axe-core";

/** @import {Page} from "playwright-core" */

/** @param {Page} page @param {string} where */
export async function noBarriers(page, where) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(
    violations.map((/** @type {any} */ { id, nodes }) => ({ id, where: nodes.slice(0, 4).map((/** @type {any} */ { html, any }) => [html.slice(0, 160), any[0]?.message]) })),
    [],
    where,
  );
}
