// The first thing that runs.

import { start } from "./app.js";
import { el, fill } from "./dom.js";
import { S } from "./strings.js";
import { keepTimesFresh } from "./time.js";

const place = /** @type {HTMLElement} */ (document.getElementById("app"));

async function begin() {
  try {
    await start(place);
  } catch (error) {
    const again = el("button", { type: "button", class: "button primary", onclick: begin }, S.tryNow);
    fill(place, el("main", { class: "sorry" }, el("h1", null, S.title), el("p", null, error instanceof Error ? error.message : S.unreachable), again));
  }
}

keepTimesFresh();
begin();
