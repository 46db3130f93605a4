// Embeds and attachments. Only files of this server are loaded. Pictures on other hosts are links.

import { el, icon } from "./dom.js";
import { inline, link, markdown, spoiler } from "./markdown.js";
import { hex } from "./names.js";
import { fullTime } from "./time.js";
import { say, weave } from "./words.js";

/** @import {Names} from "./markdown.js" */
/** @import {Attachment, Embed, EmbedMedia, Message} from "./types.d.ts" */

/** @param {Message} message @param {Names} names */
export function embedsOf(message, names) {
  return galleries(message.embeds ?? []).map(({ embed, images }) => embedNode(embed, images, names));
}

/** @param {Message} message */
export function attachmentsOf(message) {
  const { attachments } = message;
  if (!attachments?.length) return null;
  const pictures = attachments.filter(isPicture);
  const others = attachments.filter((each) => !isPicture(each));
  return el(
    "div",
    { class: "attachments" },
    pictures.length ? el("div", { class: `gallery of-${Math.min(pictures.length, 4)}` }, pictures.map(picture)) : null,
    others.map(fileCard),
  );
}

/** The path of a file that this server holds, or null. @param {string | undefined} address */
export function ownFile(address) {
  if (!address) return null;
  try {
    const url = new URL(address, location.href);
    const ours = url.origin === location.origin || isLoopback(url.hostname) || /^(cdn|media)\.discordapp\.(com|net)$/.test(url.hostname);
    return ours && /^\/(ephemeral-)?(attachments|avatars|icons|embed\/avatars)\//.test(url.pathname) ? url.pathname + url.search : null;
  } catch {
    return null;
  }
}

/** @param {number} bytes */
export function size(bytes) {
  return bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The page may be opened by another of the machine's own names. @param {string} host */
function isLoopback(host) {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

/**
 * Merges consecutive embeds with the same URL into one with all their pictures, as Discord does.
 *
 * @param {Embed[]} embeds
 */
function galleries(embeds) {
  /** @type {{embed: Embed, images: EmbedMedia[]}[]} */
  const out = [];
  for (const embed of embeds) {
    const last = out.at(-1);
    if (last && embed.url && embed.url === last.embed.url && embed.image && last.images.length) last.images.push(embed.image);
    else out.push({ embed, images: embed.image ? [embed.image] : [] });
  }
  return out;
}

/** @param {Embed} embed @param {EmbedMedia[]} images @param {Names} names */
function embedNode(embed, images, names) {
  const { author, title, description, fields, footer, thumbnail, timestamp, provider } = embed;
  const foot = [footer?.text, timestamp ? fullTime(timestamp, names.locale) : null].filter(Boolean).join(" • ");
  return el(
    "article",
    { class: "embed", css: embed.color ? { "--bar": hex(embed.color) } : {} },
    el(
      "div",
      { class: "embed-text" },
      provider?.name ? el("div", { class: "embed-provider" }, provider.name) : null,
      author
        ? el("div", { class: "embed-author" }, image(author.icon_url, "", "embed-icon"), author.url ? link(author.url, [document.createTextNode(author.name)]) : author.name)
        : null,
      title ? el("div", { class: "embed-title" }, embed.url ? link(embed.url, inline(title, names, 11)) : inline(title, names)) : null,
      description ? el("div", { class: "embed-description markdown" }, markdown(description, names)) : null,
      fields?.length
        ? el(
            "dl",
            { class: "embed-fields" },
            fields.map((field) =>
              el(
                "div",
                { class: field.inline ? "inline" : null },
                el("dt", null, inline(field.name, names)),
                el("dd", { class: "markdown" }, markdown(field.value, names)),
              ),
            ),
          )
        : null,
    ),
    thumbnail ? el("div", { class: "embed-thumbnail" }, media(thumbnail)) : null,
    images.length ? el("div", { class: `gallery of-${Math.min(images.length, 4)}` }, images.map((each) => media(each))) : null,
    foot ? el("div", { class: "embed-foot" }, image(footer?.icon_url, "", "embed-icon"), foot) : null,
  );
}

/** A picture or a film, or where it is. @param {EmbedMedia} what @param {string | null} [description] */
export function media({ url, width, height, content_type }, description) {
  const own = ownFile(url);
  if (own && /^video\//.test(content_type ?? "")) return el("video", { src: own, controls: true, "aria-label": description ?? say("picture") });
  if (!own) return url ? el("span", { class: "elsewhere" }, weave("picture-elsewhere", { link: link(url, [document.createTextNode(url)]) })) : null;
  return el("a", { href: own, target: "_blank", rel: "noopener", class: "picture" }, sized(el("img", { src: own, alt: description ?? say("picture"), loading: "lazy" }), width, height));
}

/** @param {string | undefined} url @param {string} alt @param {string} name */
function image(url, alt, name) {
  const own = ownFile(url);
  return own ? el("img", { src: own, alt, class: name }) : null;
}

/** @param {Attachment} attachment */
function isPicture({ content_type, url }) {
  return /^image\/(png|jpe?g|gif|webp|avif|bmp)/.test(content_type ?? "") && ownFile(url) !== null;
}

/** @param {Attachment} attachment */
function picture(attachment) {
  const { url, filename, description, width, height } = attachment;
  const own = ownFile(url) ?? url;
  const node = el(
    "a",
    { href: own, target: "_blank", rel: "noopener", class: "picture", title: description ?? filename },
    sized(el("img", { src: own, alt: description || filename, loading: "lazy" }), width, height),
  );
  return filename.startsWith("SPOILER_") ? spoiler(node) : node;
}

/** A file to hear, to see, or to save. @param {Omit<Attachment, "id">} attachment */
export function fileCard({ url, filename, size: bytes, content_type }) {
  const own = ownFile(url) ?? url;
  if (/^audio\//.test(content_type ?? "")) return el("audio", { src: own, controls: true, "aria-label": filename });
  if (/^video\//.test(content_type ?? "")) return el("video", { src: own, controls: true, "aria-label": filename });
  return el(
    "div",
    { class: "file" },
    icon("file"),
    el("div", null, el("a", { href: own, target: "_blank", rel: "noopener", download: filename }, filename), el("div", { class: "muted" }, size(bytes))),
  );
}

/**
 * Reserves room for a picture before it loads, so that nothing shifts.
 *
 * @param {HTMLImageElement} node
 * @param {number | null} [width]
 * @param {number | null} [height]
 */
function sized(node, width, height) {
  if (width && height) {
    const scale = Math.min(1, 400 / width, 300 / height);
    node.width = Math.round(width * scale);
    node.height = Math.round(height * scale);
  }
  return node;
}
