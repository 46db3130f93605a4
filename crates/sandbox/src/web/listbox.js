// A list box controlled by an input: arrow keys move, Enter, Tab and clicks choose. The input keeps the focus, and
// `aria-activedescendant` names the active option.

import { el, fill } from "./dom.js";
import { float } from "./popup.js";
import { say } from "./words.js";

/**
 * @typedef {{value: string, label: string, detail?: string, sign?: Node | null, group?: string, selected?: boolean, disabled?: boolean}} Item
 */

let count = 0;

export class Listbox {
  /** @type {Item[]} */
  items = [];
  active = 0;

  /**
   * @param {HTMLInputElement | HTMLTextAreaElement} input
   * @param {{label: string, multiple?: boolean, onChoose: (item: Item) => void}} how
   */
  constructor(input, how) {
    this.input = input;
    this.how = how;
    this.id = `list-${++count}`;
    this.node = el("div", {
      id: this.id,
      role: "listbox",
      class: "listbox",
      "aria-label": how.label,
      // A list can be too long to be seen at once. Beside a combobox, that is known; a message box is none.
      tabindex: input instanceof HTMLTextAreaElement ? "0" : null,
      "aria-multiselectable": how.multiple ? "true" : null,
    });
    this.node.addEventListener("pointerdown", (event) => event.preventDefault());
    this.node.addEventListener("click", (event) => {
      const option = /** @type {Element} */ (event.target).closest("[data-index]");
      if (option) this.choose(Number(option.getAttribute("data-index")));
    });
    // The pointer moves the active option as the arrow keys do. A list that moves under a resting pointer does not count.
    this.node.addEventListener("pointermove", ({ target, pointerType, movementX, movementY }) => {
      const option = pointerType === "mouse" && (movementX || movementY) ? /** @type {Element} */ (target).closest("[data-index]") : null;
      if (!option || Number(option.getAttribute("data-index")) === this.active) return;
      this.active = Number(option.getAttribute("data-index"));
      this.#mark();
    });
    input.setAttribute("aria-autocomplete", "list");
    if (input instanceof HTMLInputElement) input.setAttribute("role", "combobox");
    this.#expanded(false);
  }

  /** @param {Item[]} items @param {number} [active] */
  show(items, active = 0) {
    this.items = items;
    this.active = Math.max(0, Math.min(active, items.length - 1));
    this.#expanded(true);
    this.input.setAttribute("aria-controls", this.id);
    /** @type {HTMLElement[]} */
    const nodes = items.length ? [] : [el("div", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, say("nothing-found"))];
    items.forEach((item, index) => {
      const option = this.#option(item, index);
      const last = nodes.at(-1);
      if (!item.group) nodes.push(option);
      else if (last?.getAttribute("aria-label") === item.group) last.append(option);
      else nodes.push(el("div", { role: "group", class: "group", "aria-label": item.group }, option));
    });
    fill(this.node, nodes);
    this.#mark();
  }

  hide() {
    this.items = [];
    this.#expanded(false);
    for (const name of ["aria-controls", "aria-activedescendant"]) this.input.removeAttribute(name);
  }

  /** @param {number} index */
  choose(index) {
    const item = this.items[index];
    if (item && !item.disabled) this.how.onChoose(item);
  }

  /** Handles a key and returns whether the list used it. @param {KeyboardEvent} event */
  key(event) {
    if (this.items.length === 0 || event.isComposing) return false;
    const last = this.items.length - 1;
    if (event.key === "ArrowDown") this.active = this.active === last ? 0 : this.active + 1;
    else if (event.key === "ArrowUp") this.active = this.active === 0 ? last : this.active - 1;
    else if (event.key === "PageDown") this.active = Math.min(last, this.active + 8);
    else if (event.key === "PageUp") this.active = Math.max(0, this.active - 8);
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey && !this.how.multiple)) {
      event.preventDefault();
      event.stopPropagation();
      this.choose(this.active);
      return true;
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    this.#mark();
    return true;
  }

  /** Only an input is a combobox: a textarea must not have `aria-expanded`. @param {boolean} expanded */
  #expanded(expanded) {
    if (this.input instanceof HTMLInputElement) this.input.setAttribute("aria-expanded", String(expanded));
  }

  /** @param {Item} item @param {number} index */
  #option(item, index) {
    return el(
      "div",
      {
        id: `${this.id}-${index}`,
        role: "option",
        class: "option",
        "data-index": index,
        "data-value": item.value,
        "aria-selected": String(item.selected ?? false),
        "aria-disabled": item.disabled ? "true" : null,
      },
      item.sign ?? null,
      el("span", { class: "option-text" }, el("span", { class: "option-label" }, item.label), item.detail ? el("span", { class: "option-detail" }, item.detail) : null),
      this.how.multiple ? el("span", { class: "tick", "aria-hidden": true }, item.selected ? "✓" : "") : null,
    );
  }

  #mark() {
    this.node.querySelector(".active")?.classList.remove("active");
    const option = this.node.querySelector(`[data-index="${this.active}"]`);
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.classList.add("active");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }
}

/**
 * Suggestions beside an input while somebody types. `items` returns the suggestions for the input's text, or null for
 * none.
 *
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {{label: string, anchor?: Element, items: () => Item[] | null, onChoose: (item: Item) => void}} how
 */
export function suggest(input, how) {
  /** @type {ReturnType<typeof float> | null} */
  let floating = null;
  const list = new Listbox(input, { label: how.label, onChoose: (item) => (close(), how.onChoose(item)) });

  function close() {
    floating?.close();
  }
  function update() {
    const items = how.items();
    if (!items) return close();
    list.show(items);
    if (floating) floating.place();
    else {
      floating = float(list.node, how.anchor ?? input, {
        above: true,
        wide: true,
        onClose: () => {
          floating = null;
          list.hide();
        },
      });
    }
  }
  input.addEventListener("input", update);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (floating) list.key(/** @type {KeyboardEvent} */ (event));
  });
  return { update, close, isOpen: () => floating !== null };
}
