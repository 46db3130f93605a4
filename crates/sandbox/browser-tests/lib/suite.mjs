// Runs the tests one after another, each on a program and in browser windows of its own.

import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { Bot } from "./bot.mjs";
import { Demo, PATIENCE } from "./demo.mjs";
import { Person } from "./person.mjs";

/** @import {Browser, Page} from "playwright-core" */

/**
 * @typedef {{as?: string, scheme?: "dark" | "light", width?: number, height?: number, language?: "en-US" | "de" | "fr", at?: string, scale?: number, touch?: boolean, beside?: Person, opening?: boolean}} Looking
 * @typedef {(stage: Stage) => Promise<void>} Test
 */

/** @typedef {(stage: Stage, bot: Bot) => Promise<void>} PlayedTest */

/** @type {{name: string, start: () => Promise<{demo: Demo, bot: Bot | null}>, run: PlayedTest}[]} */
const tests = [];

/** With the project's bot. @param {string} name what holds @param {Test} run */
export function test(name, run) {
  const start = async () => ({ demo: await Demo.start(), bot: null });
  tests.push({ name, start, run });
}

/** With a bot that the test plays. @param {string} name what holds @param {PlayedTest} run */
export function testWithBot(name, run) {
  const start = async () => {
    const demo = await Demo.alone();
    return { demo, bot: await Bot.start(demo) };
  };
  tests.push({ name, start, run });
}

/** What a test has: the running program, and windows for people. */
export class Stage {
  /** What went wrong in a page without anybody clicking on it. @type {string[]} */
  wrong = [];
  /** @type {Page[]} */
  pages = [];
  /** @type {string[]} */
  measured = [];

  /** @param {Browser} browser @param {Demo} demo */
  constructor(browser, demo) {
    this.browser = browser;
    this.demo = demo;
  }

  /** A measurement, for the reader of the run. @param {string} what */
  says(what) {
    this.measured.push(what);
  }

  /** A separate window. @param {Looking} [how] */
  async opens(how = {}) {
    const { as = "owner", scheme = "dark", width = 1280, height = 800, language = "en-US", at = this.demo.url, scale = 1, touch = false, beside, opening = true } = how;
    const context = beside?.page.context() ?? (await this.browser.newContext({ colorScheme: scheme, viewport: { width, height }, reducedMotion: "reduce", deviceScaleFactor: scale, hasTouch: touch, isMobile: touch }));
    const page = await context.newPage();
    await page.addInitScript(measure);
    this.pages.push(page);
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => this.wrong.push(`an error in the page: ${error.stack}`));
    page.on("console", (line) => {
      // A refused call is the tests' own doing, and so is a refused WebSocket on a line that a test cuts; a breach of the
      // Content-Security-Policy never is.
      const text = line.text();
      const meant = text.startsWith("Failed to load resource") || (at !== this.demo.url && text.startsWith("WebSocket connection to"));
      if (line.type() === "error" && !meant) this.wrong.push(`on the console: ${text}`);
    });
    page.on("request", (request) => {
      if (/^(https?|wss?):/.test(request.url()) && !request.url().startsWith(`${at}/`)) this.wrong.push(`a request to another host: ${request.url()}`);
    });
    if (!opening) return new Person(page, language);
    await page.goto(`${at}/?as=${as}`);
    await page.locator(".channel-link").first().waitFor({ state: "attached" });
    if (language !== "en-US") {
      await page.locator("#language").selectOption(language);
      await page.locator(`html[lang="${language}"]`).waitFor();
    }
    return new Person(page, language);
  }
}

/** Runs in the page: writes down when the first message was there, and how much jumped without anybody's doing. */
function measure() {
  const measured = { shifted: 0, jumps: /** @type {string[]} */ ([]), messages: 0 };
  Object.assign(globalThis, { measured });
  new PerformanceObserver((list) => {
    for (const entry of /** @type {any[]} */ (list.getEntries())) {
      if (entry.hadRecentInput) continue;
      measured.shifted += entry.value;
      measured.jumps.push(...entry.sources.map((/** @type {any} */ { node }) => node?.className ?? node?.nodeName));
    }
  }).observe({ type: "layout-shift", buffered: true });
  const seen = new MutationObserver(() => {
    if (!document.querySelector("li.message")) return;
    measured.messages = performance.now();
    seen.disconnect();
  });
  seen.observe(document, { childList: true, subtree: true });
}

/** @param {Page} page @returns {Promise<{shifted: number, jumps: string[], messages: number}>} */
export function measuredIn(page) {
  return page.evaluate(() => /** @type {any} */ (globalThis).measured);
}

/** Everything that Chromium needs in order to be alone with the page. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}

/** Runs the tests, and returns how many failed. @param {string} [filter] */
export async function runAll(filter = "") {
  const browser = await launch();
  const pictures = await mkdtemp(join(tmpdir(), "page-failures-"));
  const chosen = tests.filter(({ name }) => name.includes(filter));
  let failed = 0;
  for (const { name, start, run } of chosen) {
    const began = Date.now();
    const ended = once(browser, start, run, join(pictures, name.replaceAll(/\W+/g, "-")));
    // If the program or the bot does not even start, only this test fails.
    const { wrong, measured } = await ended.catch((error) => ({ wrong: [String(error.stack ?? error)], measured: [] }));
    console.log(`${wrong.length ? "FAILED" : "ok    "} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    for (const each of measured) console.log(`       ${each}`);
    for (const each of wrong) console.log(`       ${each.replaceAll("\n", "\n       ")}`);
    if (wrong.length) failed += 1;
  }
  await browser.close();
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  return chosen.length === 0 ? 1 : failed;
}

/**
 * @param {Browser} browser
 * @param {() => Promise<{demo: Demo, bot: Bot | null}>} start
 * @param {PlayedTest} run
 * @param {string} picture where pictures go if it fails
 * @returns {Promise<{wrong: string[], measured: string[]}>}
 */
async function once(browser, start, run, picture) {
  const { demo, bot } = await start();
  const stage = new Stage(browser, demo);
  try {
    await run(stage, /** @type {Bot} */ (bot));
  } catch (error) {
    stage.wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    for (const [index, page] of stage.pages.entries()) {
      const path = `${picture}-${index + 1}.png`;
      await page.screenshot({ path }).then(() => stage.wrong.push(`picture: ${path}`), () => {});
    }
  }
  for (const page of stage.pages) await page.context().close();
  const wrong = [...stage.wrong, ...((await bot?.stop()) ?? []), ...(await demo.stop())];
  return { wrong, measured: stage.measured };
}
