// Builds elements. Strings become text nodes and are never parsed as HTML. URLs whose scheme could run code are
// left out.

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

/**
 * Makes an element. `on…` properties are listeners, `css` holds custom properties, `true` is an attribute
 * without a value, `false` and null leave the attribute out.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any> | null} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "css") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    else if (name === "value" || name === "checked") Object.assign(node, { [name]: value });
    else if (name === "href" || name === "src") {
      const address = safeAddress(value);
      if (address) node.setAttribute(name, address);
    } else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/**
 * Replaces an element's children. The focused child keeps the focus if its `data-key` is among the new ones.
 *
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  keepFocus(parent, () => {
    parent.replaceChildren();
    append(parent, children);
  });
}

/**
 * Runs a change below `parent`, then focuses the element with the same `data-key` as the one focused before.
 *
 * @param {Element} parent
 * @param {() => void} change
 */
export function keepFocus(parent, change) {
  const focused = document.activeElement;
  const key = focused && parent.contains(focused) ? focused.getAttribute("data-key") : null;
  change();
  if (!key || document.activeElement === focused) return;
  const again = parent.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/** @param {Node} parent @param {Child} child */
export function append(parent, child) {
  if (child === null || child === undefined || child === false) return;
  if (Array.isArray(child)) for (const each of child) append(parent, each);
  else parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
}

/**
 * The URL if it is safe to link to or to load, or null.
 *
 * @param {unknown} address
 */
export function safeAddress(address) {
  if (typeof address !== "string") return null;
  try {
    const url = new URL(address, location.href);
    return ["http:", "https:", "blob:"].includes(url.protocol) ? address : null;
  } catch {
    return null;
  }
}

/**
 * A listener for a form that is sent. A second press of Enter does nothing until the first is done, and the form's main button shows that.
 *
 * @param {() => Promise<unknown>} run
 */
export function onceAtATime(run) {
  let running = false;
  return async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (running) return;
    const button = /** @type {HTMLElement} */ (event.currentTarget).querySelector(".button.primary");
    running = true;
    button?.setAttribute("aria-busy", "true");
    try {
      await run();
    } finally {
      running = false;
      button?.removeAttribute("aria-busy");
    }
  };
}

/** @type {Record<string, string>} */
const icons = {
  hash: "M9 3 7 21M17 3l-2 18M4 8.5h17M3 15.5h17",
  megaphone: "M3 10v4h4l9 5V5l-9 5H3ZM19 9a4 4 0 0 1 0 6M7 14v5",
  clock: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM12 7v5l3 2",
  forum: "M4 4h12v8H9l-3 3v-3H4zM19 9h1v8h-2v3l-3-3h-5",
  pin: "m14 4 6 6-2 1-3 3-1 5-4-4-5 5M10 15 6 11l5-1 3-3Z",
  thread: "M8 4 7 16M15 4l-1 8M4 8h15M3.5 13H12M14 16h7M14 20h5",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  reply: "M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7",
  edit: "m4 20 1-5L16 4l4 4L9 19l-5 1Z",
  more: "M6 12a1 1 0 1 0-2 0 1 1 0 0 0 2 0ZM13 12a1 1 0 1 0-2 0 1 1 0 0 0 2 0ZM20 12a1 1 0 1 0-2 0 1 1 0 0 0 2 0Z",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0M16 4.500a3.5 3.5 0 0 1 0 6.500M18 14.500a6.5 6.5 0 0 1 3.5 5.5",
  gear: "M10.6 4.9L10.7 2.5L13.3 2.5L13.4 4.9L16 6L17.8 4.4L19.6 6.2L18 8L19.1 10.6L21.5 10.7L21.5 13.3L19.1 13.4L18 16L19.6 17.8L17.8 19.6L16 18L13.4 19.1L13.3 21.5L10.7 21.5L10.6 19.1L8 18L6.2 19.6L4.4 17.8L6 16L4.9 13.4L2.5 13.3L2.5 10.7L4.9 10.6L6 8L4.4 6.2L6.2 4.4L8 6ZM12 8.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4Z",
  down: "m6 9 6 6 6-6",
  right: "m9 6 6 6-6 6",
  left: "m15 6-6 6 6 6",
  check: "m5 12 5 5 9-10",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12ZM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  menu: "M4 6h16M4 12h16M4 18h16",
  at: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM16 8v5.500a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.5 7",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  slash: "M16 4 8 20M4 4h16v16H4z",
  list: "M4 6h3M10 6h10M4 12h3M10 12h10M4 18h3M10 18h10",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2.500M12 19.500V22M2 12h2.500M19.500 12H22M4.900 4.900l1.800 1.800M17.300 17.300l1.800 1.800M4.900 19.100l1.800-1.800M17.300 6.700l1.800-1.800",
  moon: "M20 14.500A8.500 8.500 0 1 1 9.500 4a7 7 0 0 0 10.500 10.500Z",
  send: "M4 12 3 4l18 8-18 8 1-8Zm0 0h8",
  arrow: "M5 12h13M13 6l6 6-6 6",
};

/**
 * An icon. Screen readers skip it: the control around it has a name.
 *
 * @param {keyof typeof icons} name
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", icons[name] ?? "");
  svg.append(path);
  return svg;
}

/**
 * A button that shows only an icon. `label` is its name and its tooltip.
 *
 * @param {keyof typeof icons} sign
 * @param {string} label
 * @param {Record<string, any>} [properties]
 */
export function iconButton(sign, label, properties = {}) {
  const { class: extra = "", ...rest } = properties;
  return el("button", { type: "button", class: `icon-button ${extra}`, "aria-label": label, title: label, ...rest }, icon(sign));
}
