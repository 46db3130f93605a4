// Opens context menus: by right mouse button, by menu key, and by a long press on a touch screen.

/** The duration of a long press in milliseconds, and how far the finger may move in pixels. */
const LONG = 450;
const SLIP = 10;

/**
 * @param {HTMLElement} node
 * @param {(target: Element, anchor: Element | {x: number, y: number}) => boolean} open says whether there was a menu to open
 */
export function onMenu(node, open) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  /** Whether this press has opened a menu already. */
  let opened = false;

  node.addEventListener("contextmenu", (event) => {
    const target = /** @type {Element} */ (event.target);
    clearTimeout(resting);
    // The menu key has no pointer position.
    const anchor = event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : target;
    if (opened || open(target, anchor)) event.preventDefault();
  });
  node.addEventListener("pointerdown", ({ pointerType, isPrimary, target, clientX: x, clientY: y }) => {
    clearTimeout(resting);
    opened = false;
    if (pointerType !== "touch" || !isPrimary) return;
    const rested = () => (opened = open(/** @type {Element} */ (target), { x, y }));
    const stop = () => {
      clearTimeout(resting);
      removeEventListener("pointermove", moved);
      for (const end of ENDS) removeEventListener(end, stop);
    };
    const moved = (/** @type {PointerEvent} */ event) => {
      if (Math.hypot(event.clientX - x, event.clientY - y) > SLIP) stop();
    };
    resting = setTimeout(rested, LONG);
    addEventListener("pointermove", moved);
    for (const end of ENDS) addEventListener(end, stop);
  });
  // The press that opened a menu must not also click the element under the finger.
  node.addEventListener("click", (event) => {
    if (!opened) return;
    opened = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}

const ENDS = /** @type {const} */ (["pointerup", "pointercancel"]);
