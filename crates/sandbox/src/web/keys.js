// Keyboard shortcuts of the whole page: typing goes into the message box or a command's form, Ctrl+K opens the switcher, Alt with the
// arrow keys goes through the channels, Escape closes the drawers.

import { openSwitcher } from "./switcher.js";
import { channelsInOrder } from "./sidebar.js";

/** @import {App} from "./app.js" */

/** Elements that handle keys themselves. */
const BUSY = "input, textarea, select, [role=menu], [role=listbox], dialog, video, audio";

/** @param {App} app */
export function listenToKeys(app) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const { key, altKey, shiftKey } = event;
    const control = event.ctrlKey || event.metaKey;
    const target = event.target instanceof Element ? event.target : document.body;
    const dialog = document.querySelector("dialog[open]");
    if (control && !altKey && !shiftKey && key.toLowerCase() === "k") {
      event.preventDefault();
      if (!dialog) openSwitcher(app);
    } else if (dialog) return;
    else if (altKey && !control && (key === "ArrowUp" || key === "ArrowDown")) {
      event.preventDefault();
      step(app, key === "ArrowDown" ? 1 : -1, shiftKey);
    } else if (key === "Escape") app.closeDrawers();
    else if (altKey || target.closest(BUSY)) return;
    // Ctrl+V pastes into whatever has the focus after this event.
    else if (control ? key.toLowerCase() === "v" : isText(key, target)) app.composer.type();
  });
}

/** Whether a key writes a character and does not press the focused element. @param {string} key @param {Element} target */
function isText(key, target) {
  return [...key].length === 1 && (key !== " " || !target.closest("a, button, summary, [role=button], [tabindex='0']"));
}

/**
 * Goes to the channel above or below, or to the next unread one.
 *
 * @param {App} app
 * @param {1 | -1} by
 * @param {boolean} unread
 */
function step(app, by, unread) {
  const { store } = app;
  const { guild } = store;
  if (!guild) return;
  const all = channelsInOrder(store, guild).filter(({ type }) => type !== 4);
  const from = all.findIndex(({ id }) => id === store.place.channel);
  for (let steps = 1; steps <= all.length; steps += 1) {
    const next = all[(from + by * steps + all.length * 2) % all.length];
    if (next.id === store.place.channel || (unread && !store.unread.has(next.id))) continue;
    return app.go({ guild: guild.id, channel: next.id, message: null });
  }
}
