// What opens a menu of something: the right mouse button, the menu key, and on a touch screen a long press.

/** How long a finger rests, and how far it may slip meanwhile. */
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
    // With the menu key there is no place of the pointer.
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
  // The finger that opened a menu must not also press what it lies on.
  node.addEventListener("click", (event) => {
    if (!opened) return;
    opened = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}

const ENDS = /** @type {const} */ (["pointerup", "pointercancel"]);
