// Shows a picture in full size in a dialog. The arrow keys go through the pictures of its message.

import { el, fill, iconButton } from "./dom.js";
import { openDialog } from "./popup.js";
import { say } from "./words.js";

/** @param {HTMLAnchorElement} picture the link around the picture in the message */
export function openLightbox(picture) {
  const all = /** @type {HTMLAnchorElement[]} */ ([...(picture.closest("[data-message]") ?? document).querySelectorAll("a.picture")]).filter((each) => !each.closest(".spoiler[role=button]"));
  let at = Math.max(0, all.indexOf(picture));
  const { dialog, body } = openDialog(say("picture"), { class: "lightbox" });

  function draw() {
    const { href } = all[at];
    const small = all[at].querySelector("img");
    const count = all.length > 1 ? say("picture-count", { number: at + 1, count: all.length }) : "";
    fill(
      body,
      all.length > 1 ? iconButton("left", say("picture-before"), { class: "lightbox-turn", "data-key": "before", onclick: () => turn(-1) }) : null,
      el("img", { src: href, alt: small?.alt ?? "", class: "lightbox-picture" }),
      all.length > 1 ? iconButton("right", say("picture-after"), { class: "lightbox-turn", "data-key": "after", onclick: () => turn(1) }) : null,
      el("p", { class: "lightbox-foot" }, el("span", { role: "status" }, count), el("a", { href, target: "_blank", rel: "noopener" }, say("picture-open"))),
    );
  }

  /** @param {number} by */
  function turn(by) {
    at = (at + by + all.length) % all.length;
    draw();
  }

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") turn(-1);
    else if (event.key === "ArrowRight") turn(1);
  });
  draw();
}
