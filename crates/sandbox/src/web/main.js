// The first thing that runs.

import { start } from "./app.js";
import { el, fill } from "./dom.js";
import { keepTimesFresh } from "./time.js";
import { say, speak, spoken } from "./words.js";

const place = /** @type {HTMLElement} */ (document.getElementById("app"));

async function begin() {
  try {
    await speak(navigator.language);
    await start(place);
  } catch (error) {
    // Without its words the page can only speak the language of its source.
    const [again, title] = spoken() ? [say("try-now"), say("title")] : ["Try now", "Sandbox"];
    const why = error instanceof Error && spoken() ? error.message : "The sandbox cannot be reached.";
    fill(place, el("main", { class: "sorry" }, el("h1", null, title), el("p", null, why), el("button", { type: "button", class: "button primary", onclick: begin }, again)));
  }
}

keepTimesFresh();
begin();
