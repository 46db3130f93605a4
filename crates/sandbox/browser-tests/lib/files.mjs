// Files that people upload in the tests.

/** @import {Browser} from "playwright-core" */

/** A picture drawn by the browser itself, so that none needs to be kept here. @param {Browser} browser */
export async function banner(browser) {
  const page = await browser.newPage({ viewport: { width: 640, height: 220 } });
  await page.setContent(`<body style="margin:0;height:220px;display:grid;place-items:center;color:#fff;
    background:linear-gradient(120deg,#5865f2,#1fa38a 70%,#f0b132);font:600 44px system-ui,sans-serif">We are here to help`);
  const buffer = await page.screenshot();
  await page.close();
  return { name: "welcome.png", mimeType: "image/png", buffer };
}

/** @param {string} name @param {string} text */
export function textFile(name, text) {
  return { name, mimeType: "text/plain", buffer: Buffer.from(text) };
}
