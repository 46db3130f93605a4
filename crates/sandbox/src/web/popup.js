// Menus, lists and dialogs over the page. All of them close with Escape and return the focus.

import { el, fill, icon, onceAtATime } from "./dom.js";
import { say } from "./words.js";

/** @type {(() => void) | null} */
let closeCurrent = null;

/** Screens on which menus open as sheets at the bottom: too narrow for a submenu beside a menu, or used by touch. */
const SHEETS = "(max-width: 760px), (pointer: coarse)";

/**
 * Shows `node` beside `anchor`, in the top layer, until the person presses Escape, clicks elsewhere, or `close` is called.
 *
 * @param {HTMLElement} node
 * @param {Element | {x: number, y: number}} anchor
 * @param {{above?: boolean, wide?: boolean, sheet?: boolean, focusBack?: HTMLElement | null, onClose?: (how: "escape" | "outside" | "code") => void}} [how]
 * A `sheet` covers the page: a press outside of its content closes it and does nothing else.
 */
export function float(node, anchor, how = {}) {
  closeCurrent?.();
  const page = document.querySelector("main") ?? document.body;
  const host = anchor instanceof Element ? (anchor.closest("dialog") ?? page) : page;
  node.setAttribute("popover", "manual");
  node.classList.add("floating");
  host.append(node);
  node.showPopover();
  const place = () => how.sheet || position(node, anchor, how.above ?? false, how.wide ?? false);
  place();

  let open = true;
  /** @param {"escape" | "outside" | "code"} why */
  function close(why) {
    if (!open) return;
    open = false;
    closeCurrent = null;
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
    window.removeEventListener("resize", place);
    const hadFocus = node.contains(document.activeElement);
    node.remove();
    if (how.focusBack && (hadFocus || why === "escape")) how.focusBack.focus();
    how.onClose?.(why);
  }
  /** @param {PointerEvent} event */
  function outside(event) {
    const target = /** @type {Node} */ (event.target);
    if (node.contains(target) || (anchor instanceof Element && anchor.contains(target))) return;
    close("outside");
  }
  if (how.sheet) onPress(node, (event) => event.target === node && close("outside"));
  /** @param {KeyboardEvent} event */
  function escape(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close("escape");
  }
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  window.addEventListener("resize", place);
  closeCurrent = () => close("code");
  return { close: () => close("code"), place };
}

/**
 * @param {HTMLElement} node
 * @param {Element | {x: number, y: number}} anchor
 * @param {boolean} above
 * @param {boolean} wide
 */
function position(node, anchor, above, wide) {
  const margin = 6;
  const box = anchor instanceof Element ? anchor.getBoundingClientRect() : new DOMRect(anchor.x, anchor.y, 0, 0);
  if (wide) node.style.width = `${box.width}px`;
  const { width, height } = node.getBoundingClientRect();
  const left = Math.max(margin, Math.min(box.left, innerWidth - width - margin));
  const below = box.bottom + 4;
  const over = box.top - height - 4;
  const fitsBelow = below + height <= innerHeight - margin;
  const top = above ? (over >= margin ? over : below) : fitsBelow ? below : over;
  node.style.left = `${left}px`;
  node.style.top = `${Math.max(margin, Math.min(top, innerHeight - height - margin))}px`;
}

/**
 * @typedef {{label: string, run?: () => void, items?: MenuItem[], danger?: boolean, checked?: boolean, hint?: string}} MenuItem
 */

/**
 * Opens a menu at a control or a point, or as a sheet at the bottom. Arrow keys, Home, End and first letters move the focus.
 *
 * @param {(MenuItem | null | false | undefined)[]} items
 * @param {Element | {x: number, y: number}} anchor
 * @param {{label: string, focusBack?: HTMLElement | null}} how
 */
export function openMenu(items, anchor, how) {
  const focusBack = how.focusBack ?? (document.activeElement instanceof HTMLElement ? document.activeElement : null);
  const sheet = matchMedia(SHEETS).matches;
  const box = el("div", { class: "menu-box" });
  const node = sheet ? el("div", { class: "sheet" }, box) : box;
  const floating = float(node, anchor, { focusBack, sheet });
  const finish = (/** @type {() => void} */ run) => {
    floating.close();
    run();
  };
  const shown = /** @type {MenuItem[]} */ (items.filter(Boolean));
  if (sheet) return turnTo(box, shown, how.label, finish);
  box.append(menuOf(shown, how.label, finish, attachSubmenu));
  floating.place();
  focusFirst(box);
}

/**
 * Shows a menu as the only content of a sheet. A submenu replaces it.
 *
 * @param {HTMLElement} box
 * @param {MenuItem[]} items
 * @param {string} label
 * @param {(run: () => void) => void} finish
 * @param {() => void} [back] shows the menu that this one replaced
 */
function turnTo(box, items, label, finish, back) {
  const menu = menuOf(items, label, finish, (_, entry, below) => {
    const down = () => turnTo(box, below.items ?? [], below.label, finish, () => turnTo(box, items, label, finish, back));
    onPress(entry, down);
    entry.addEventListener("keydown", (event) => event.key === "ArrowRight" && down());
  });
  menu.addEventListener("keydown", (event) => event.key === "ArrowLeft" && back?.());
  fill(
    box,
    el(
      "div",
      { class: "sheet-head" },
      back ? el("button", { type: "button", class: "icon-button", "aria-label": say("back"), onclick: back }, icon("left")) : null,
      el("span", { class: "sheet-title", "aria-hidden": true }, label),
    ),
    menu,
  );
  focusFirst(box);
}

/** @param {HTMLElement} box */
function focusFirst(box) {
  /** @type {HTMLElement | null} */ (box.querySelector("[role^=menuitem]"))?.focus();
}

/**
 * @param {MenuItem[]} items
 * @param {string} label
 * @param {(run: () => void) => void} finish
 * @param {(menu: HTMLElement, entry: HTMLButtonElement, item: MenuItem, finish: (run: () => void) => void) => void} attach adds the submenu of an entry
 * @returns {HTMLElement}
 */
function menuOf(items, label, finish, attach) {
  const menu = el("div", { role: "menu", "aria-label": label, class: "menu" });
  for (const item of items) {
    const role = item.checked === undefined ? "menuitem" : "menuitemcheckbox";
    const entry = el(
      "button",
      {
        type: "button",
        role,
        class: `menu-item ${item.danger ? "danger" : ""}`,
        tabindex: "-1",
        "aria-haspopup": item.items ? "menu" : null,
        "aria-expanded": item.items ? "false" : null,
        "aria-checked": item.checked === undefined ? null : String(item.checked),
      },
      el("span", null, item.label),
      item.hint ? el("kbd", null, item.hint) : null,
      item.items ? el("span", { class: "menu-arrow", "aria-hidden": true }, "›") : null,
    );
    menu.append(entry);
    if (item.items) attach(menu, entry, item, finish);
    else onPress(entry, () => finish(item.run ?? (() => {})));
    entry.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && entry.focus());
  }
  menu.addEventListener("keydown", (event) => moveInMenu(menu, event));
  return menu;
}

/**
 * Calls `run` for clicks whose press began on this element, so that the press that opened a menu cannot also choose from it.
 *
 * @param {HTMLElement} node
 * @param {(event: MouseEvent) => void} run
 */
function onPress(node, run) {
  let pressed = false;
  node.addEventListener("pointerdown", () => (pressed = true));
  node.addEventListener("click", (event) => {
    // Clicks by keyboard have no press, and `detail` is 0.
    if (pressed || event.detail === 0) run(event);
    pressed = false;
  });
}

/**
 * Opens a submenu beside its entry, or on the other side if there is no room.
 *
 * @param {HTMLElement} menu
 * @param {HTMLButtonElement} entry
 * @param {MenuItem} item
 * @param {(run: () => void) => void} finish
 */
function attachSubmenu(menu, entry, item, finish) {
  const submenu = menuOf(item.items ?? [], item.label, finish, attachSubmenu);
  submenu.classList.add("submenu");
  submenu.hidden = true;
  entry.after(submenu);
  /** @param {boolean} open */
  const show = (open) => {
    submenu.hidden = !open;
    entry.setAttribute("aria-expanded", String(open));
    if (!open) return;
    const box = entry.getBoundingClientRect();
    const { width, height } = submenu.getBoundingClientRect();
    const right = box.right + width + 6 < innerWidth;
    submenu.style.left = `${right ? box.right - 2 : Math.max(6, box.left - width + 2)}px`;
    submenu.style.top = `${Math.max(6, Math.min(box.top - 6, innerHeight - height - 6))}px`;
  };
  const enter = () => {
    show(true);
    focusFirst(submenu);
  };
  entry.addEventListener("click", enter);
  entry.addEventListener("pointerenter", () => show(true));
  entry.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") enter();
  });
  menu.addEventListener("focusin", (event) => {
    const inside = event.target === entry || submenu.contains(/** @type {Node} */ (event.target));
    if (!inside) show(false);
  });
  submenu.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft") return;
    show(false);
    entry.focus();
  });
}

/**
 * @param {HTMLElement} menu
 * @param {KeyboardEvent} event
 */
function moveInMenu(menu, event) {
  const entries = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll(":scope > .menu-item")]);
  const at = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (at < 0) return;
  const letter = event.key.length === 1 && event.key !== " " ? event.key.toLowerCase() : null;
  const to = {
    ArrowDown: (at + 1) % entries.length,
    ArrowUp: (at + entries.length - 1) % entries.length,
    Home: 0,
    End: entries.length - 1,
    Tab: at,
  }[event.key];
  if (to !== undefined) entries[to].focus();
  else if (letter) {
    const later = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
    later.find((entry) => entry.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Opens a modal dialog. The browser keeps the focus inside and returns it afterwards.
 *
 * @param {string} title
 * @param {{class?: string, onDismiss?: () => void}} [how]
 */
export function openDialog(title, how = {}) {
  const heading = el("h2", { id: `dialog-${Date.now()}` }, title);
  const body = el("div", { class: "dialog-body" });
  const closer = el("button", { type: "button", class: "icon-button", "aria-label": say("close"), onclick: () => dismiss() }, "✕");
  const dialog = el(
    "dialog",
    { class: how.class, "aria-labelledby": heading.id },
    el("div", { class: "dialog-head" }, heading, closer),
    body,
  );
  const before = document.activeElement;
  let done = false;
  function close() {
    if (done) return;
    done = true;
    const shelf = dialog.querySelector(".shelf");
    if (shelf) document.body.append(shelf);
    dialog.close();
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  }
  function dismiss() {
    close();
    how.onDismiss?.();
  }
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    dismiss();
  });
  dialog.addEventListener("pointerdown", (event) => {
    // The backdrop's presses come to the dialog, as do those of its own scrollbar.
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const inside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
    if (event.target === dialog && !inside) dismiss();
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, body, close };
}

/**
 * Asks for confirmation before something that cannot be undone.
 *
 * @param {string} title
 * @param {string} text
 * @param {string} verb what the button says
 * @param {() => void} run
 */
export function confirm(title, text, verb, run) {
  const { body, close } = openDialog(title, { class: "small" });
  const yes = el("button", { type: "button", class: "button danger", onclick: () => (close(), run()) }, verb);
  fill(
    body,
    el("p", null, text),
    el("div", { class: "dialog-foot" }, el("button", { type: "button", class: "button", onclick: close }, say("cancel")), yes),
  );
  yes.focus();
}

/**
 * Asks for a few values. If `run` throws, the form stays open and shows the error.
 *
 * @param {string} title
 * @param {{name: string, label: string, value?: string, type?: string, required?: boolean, maxlength?: number, options?: [string, string][]}[]} fields
 * @param {string} verb
 * @param {(values: Record<string, string>) => Promise<unknown>} run
 */
export function ask(title, fields, verb, run) {
  const { body, close } = openDialog(title, { class: "small" });
  const problem = el("p", { class: "problem", role: "alert" });
  const form = el("form", {
    class: "form",
    onsubmit: onceAtATime(async () => {
      const values = Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, String(value)]));
      try {
        await run(values);
        close();
      } catch (error) {
        problem.textContent = error instanceof Error ? error.message : String(error);
      }
    }),
  });
  for (const { name, label, value = "", type = "text", required, maxlength, options } of fields) {
    const control = options
      ? el("select", { name }, options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)))
      : type === "checkbox"
        ? el("input", { name, type, checked: value === "on" })
        : type === "textarea"
          ? el("textarea", { class: "text-input", name, required, maxlength, rows: 4 }, value)
          : el("input", { name, type, value, required, maxlength, autocomplete: "off" });
    form.append(el("label", { class: type === "checkbox" ? "check" : "field" }, el("span", null, label), control));
  }
  form.append(
    problem,
    el(
      "div",
      { class: "dialog-foot" },
      el("button", { type: "button", class: "button", onclick: close }, say("cancel")),
      el("button", { class: "button primary" }, verb),
    ),
  );
  fill(body, form);
  /** @type {HTMLElement | null} */ (form.querySelector("input, select"))?.focus();
}
