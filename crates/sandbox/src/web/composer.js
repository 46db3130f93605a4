// Where messages are written: text with suggestions, files by picker, paste and drop, replies, and slash
// commands. Each person keeps a draft for each channel.

import { commandForm, commandIn, leaves, localized, matching, optionsIn } from "./commands.js";
import { el, fill, iconButton } from "./dom.js";
import { size } from "./embeds.js";
import { suggest } from "./listbox.js";
import { isThread, nameHere } from "./names.js";
import { has } from "./permissions.js";
import { choices } from "./select.js";
import { reopen } from "./threads.js";
import { toast } from "./toast.js";
import { typingLine } from "./typing.js";
import { say, weave } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Item} from "./listbox.js" */
/** @import {Session} from "./session.js" */
/** @import {Channel, Id, Leaf, Message} from "./types.d.ts" */

const MOST_FILES = 10;

/** @typedef {{text: string, files: {file: File, spoiler: boolean, preview: string | null}[], replyTo: Message | null, mentions: Map<string, string>}} Draft */
/** @typedef {{draft: Draft, content: string, from: string, to: Id, session: Session}} Outgoing */

/** @param {App} app */
export function composer(app) {
  const { store } = app;
  const { drafts } = app;
  /** @type {Id | null} */
  let channel = null;
  /** The key of the draft in the text area: person and channel. */
  let shown = "";
  /** @type {ReturnType<typeof commandForm> | null} */
  let command = null;
  /** What is being sent, in order. @type {Outgoing[]} */
  let outbox = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let ticking;
  let asked = { person: "", at: 0 };

  const area = el("textarea", { rows: "1", maxlength: "4000", autocomplete: "off", enterkeyhint: "send", "data-key": "composer" });
  const picker = el("input", { type: "file", multiple: true, class: "hidden", tabindex: "-1", "aria-label": say("attach"), onchange: () => (addFiles(picker.files), (picker.value = "")) });
  const attach = iconButton("plus", say("attach"), { onclick: () => picker.click() });
  const send = iconButton("send", say("send"), { onclick: () => submit() });
  const line = el("div", { class: "composer-line" }, attach, picker, area, send);
  const above = el("div", { class: "composer-above" });
  const tray = el("div", { class: "tray", role: "list", "aria-label": say("attachments") });
  const notice = el("p", { class: "composer-notice" });
  const commandPlace = el("div", null);
  const typing = typingLine(app);
  const node = el("div", { class: "composer" }, above, tray, line, commandPlace, notice, typing.node);

  const suggestions = suggest(area, { label: say("suggestions"), anchor: line, items, onChoose: choose });

  /** @returns {Draft} */
  function draft() {
    let known = drafts.get(shown);
    if (!known) drafts.set(shown, (known = { text: "", files: [], replyTo: null, mentions: new Map() }));
    return known;
  }

  function draw() {
    const now = store.channel;
    const key = `${app.api.person} ${store.place.channel}`;
    if (key !== shown) {
      channel = store.place.channel;
      shown = key;
      leaveCommand();
      area.value = draft().text;
      grow();
    }
    // Before anything is known, nothing is refused either.
    const refused = now ? whyNot(now) : store.me ? say("nowhere") : null;
    const name = now ? (isThread(now) ? now.name : `#${now.name}`) : "";
    area.placeholder = now ? say("message-to", { name }) : "";
    area.setAttribute("aria-label", say("message-to", { name }));
    area.disabled = refused !== null || !now;
    attach.hidden = refused !== null || (now !== undefined && !has(now.permissions, "ATTACH_FILES"));
    line.hidden = refused !== null || command !== null;
    notice.textContent = refused ?? slowmode(now);
    notice.hidden = !notice.textContent;
    notice.classList.toggle("refused", refused !== null);
    drawAbove(now);
    drawTray();
  }

  /** What there is to say of the slowmode here. @param {Channel | undefined} now */
  function slowmode(now) {
    clearTimeout(ticking);
    if (!now?.rate_limit_per_user || has(now.permissions, "BYPASS_SLOWMODE")) return "";
    const left = Math.ceil(((store.waits.get(now.id) ?? 0) - Date.now()) / 1000);
    if (left <= 0) return say("slowmode", { seconds: now.rate_limit_per_user });
    ticking = setTimeout(draw, 1000);
    return say("slowmode-wait", { seconds: left });
  }

  /** @param {Channel | undefined} now */
  function drawAbove(now) {
    const { replyTo } = draft();
    fill(
      above,
      now?.thread_metadata?.archived ? archivedBar(app, now) : null,
      replyTo
        ? el("div", { class: "bar" }, weave("replying-to", { name: el("strong", null, nameHere(store, replyTo.author)) }), el("span", { class: "grow" }), iconButton("close", say("cancel-reply"), { onclick: () => ((draft().replyTo = null), draw(), area.focus()) }))
        : null,
    );
  }

  function drawTray() {
    const { files } = draft();
    tray.hidden = files.length === 0;
    fill(
      tray,
      files.map((each) =>
        el(
          "div",
          { class: "tray-file", role: "listitem" },
          each.preview ? el("img", { src: each.preview, alt: "", class: each.spoiler ? "blurred" : null }) : el("span", { class: "tray-sign", "aria-hidden": true }, each.file.name.split(".").pop()),
          el("span", { class: "tray-name" }, each.file.name),
          el("span", { class: "muted" }, size(each.file.size)),
          el(
            "span",
            { class: "tray-actions" },
            iconButton("eye", say("spoiler-file", { name: each.file.name }), { "aria-pressed": String(each.spoiler), onclick: () => ((each.spoiler = !each.spoiler), drawTray()) }),
            iconButton("trash", say("remove-file", { name: each.file.name }), { onclick: () => removeFile(each) }),
          ),
        ),
      ),
    );
  }

  /** @param {Iterable<File> | null} files */
  function addFiles(files) {
    for (const file of files ?? []) {
      if (draft().files.length >= MOST_FILES) {
        toast(say("too-many-files", { most: MOST_FILES }));
        break;
      }
      draft().files.push({ file, spoiler: false, preview: /^image\//.test(file.type) ? URL.createObjectURL(file) : null });
    }
    drawTray();
    area.focus();
  }

  /** @param {Draft["files"][number]} which */
  function removeFile(which) {
    if (which.preview) URL.revokeObjectURL(which.preview);
    draft().files = draft().files.filter((each) => each !== which);
    drawTray();
    area.focus();
  }

  async function submit() {
    const typed = () => written(area.value, draft().mentions).trim();
    const known = () => leaves(app.knownCommands, store.me?.locale);
    const from = shown;
    // While the commands load, keys still go into the message box: wait only if the command is unknown.
    if (typed().startsWith("/") && !commandIn(known(), typed())) await app.commands();
    if (shown !== from) return;
    const text = typed();
    if (text.startsWith("/")) {
      const found = commandIn(known(), text);
      if (found) return startCommand(found);
      const first = text.slice(1).split(/\s/)[0].toLowerCase();
      if (known().some(({ path, shown }) => [path, shown].some((name) => name.split(" ")[0].toLowerCase() === first))) return toast(say("no-such-command", { text }));
    }
    post(text);
  }

  /** Takes the message out of the box at once: what is typed from now on is the next one. @param {string} content */
  function post(content) {
    if (!channel || (!content && draft().files.length === 0)) return;
    outbox.push({ draft: draft(), content, from: shown, to: channel, session: app.session });
    drafts.delete(shown);
    area.value = "";
    grow();
    draw();
    if (outbox.length === 1) deliver();
  }

  /** Sends one message after another, in the order in which they were written. */
  async function deliver() {
    line.setAttribute("aria-busy", "true");
    while (outbox.length > 0) {
      const [{ draft, content, from, to, session }] = outbox;
      const files = draft.files.map(({ file, spoiler }) => ({ file, name: spoiler ? `SPOILER_${file.name}` : file.name }));
      const reply = draft.replyTo ? { message_reference: { message_id: draft.replyTo.id } } : {};
      const sent = await session.attempt(session.api.send(to, { content, ...reply }, files));
      // If one cannot be sent, those after it in this channel are not sent either.
      const done = outbox.filter((each, index) => (sent ? index === 0 : each.from === from));
      outbox = outbox.filter((each) => !done.includes(each));
      if (!sent) {
        putBack(from, done);
        continue;
      }
      for (const { preview } of draft.files) if (preview) URL.revokeObjectURL(preview);
      if (session !== app.session) continue;
      typing.sent();
      store.firstNew.delete(to);
      store.waits.set(to, Date.now() + (store.find(to)?.rate_limit_per_user ?? 0) * 1000);
      draw();
      present(sent);
    }
    line.removeAttribute("aria-busy");
  }

  /** Scrolls to a message that was sent. @param {Message} sent */
  async function present(sent) {
    if (store.logs.get(sent.channel_id)?.hasNewer) await app.session.present(sent.channel_id);
    store.putMessage(sent);
    app.toEnd();
  }

  /** Puts messages that were not sent back into the box, in front of what was written since. @param {string} key @param {Outgoing[]} unsent */
  function putBack(key, unsent) {
    const since = drafts.get(key);
    const all = [...unsent.map(({ draft }) => draft), ...(since ? [since] : [])];
    const before = unsent.map(({ draft }) => draft.text).filter(Boolean).join("\n");
    const gap = before && since?.text ? "\n" : "";
    drafts.set(key, {
      text: `${before}${gap}${since?.text ?? ""}`,
      files: all.flatMap(({ files }) => files),
      replyTo: all.find(({ replyTo }) => replyTo)?.replyTo ?? null,
      mentions: new Map(all.flatMap(({ mentions }) => [...mentions])),
    });
    if (shown !== key) return;
    // The cursor stays where somebody is typing.
    area.setRangeText(`${before}${gap}`, 0, 0, "preserve");
    grow();
    draw();
  }

  /** @returns {Item[] | null} */
  function items() {
    const before = area.value.slice(0, area.selectionStart);
    if (/^\/[^\n]*$/.test(area.value)) {
      freshenCommands();
      const found = matching(leaves(app.knownCommands, store.me?.locale), area.value);
      const list = found.map((leaf) => ({
        value: leaf.path,
        label: `/${leaf.shown}`,
        detail: [leaf.description, leaf.options.map((option) => (option.required ? localized(option, store.me?.locale) : `[${localized(option, store.me?.locale)}]`)).join(" ")].filter(Boolean).join("  ·  "),
        group: store.world?.application.name,
      }));
      return list.length ? list : null;
    }
    const query = /(?:^|\s)([@#][^\s@#]{0,32})$/.exec(before)?.[1];
    if (!query) return null;
    const found = choices(app, { type: query[0] === "#" ? 8 : 7 }, query.slice(1)).filter(({ label }) => label !== "@everyone");
    return found.length ? found.slice(0, 10) : null;
  }

  /** The bot may have registered others since: reloads them every few seconds while the text begins with a slash. */
  function freshenCommands() {
    const { person } = app.api;
    if (asked.person === person && Date.now() - asked.at < 3000) return;
    asked = { person, at: Date.now() };
    app.commands().then(() => suggestions.update());
  }

  /** @param {Item} item */
  function choose(item) {
    if (item.label.startsWith("/")) {
      const leaf = leaves(app.knownCommands, store.me?.locale).find(({ path }) => path === item.value);
      return leaf && startCommand(leaf);
    }
    const guild = store.guild;
    const markup = item.group === say("channels") ? `<#${item.value}>` : guild?.roles.has(item.value) ? `<@&${item.value}>` : `<@${item.value}>`;
    const label = item.group === say("channels") ? (item.label.startsWith("#") ? item.label : `#${item.label}`) : item.label.startsWith("@") ? item.label : `@${item.label}`;
    const start = area.value.slice(0, area.selectionStart).search(/[@#][^\s@#]*$/);
    insert(label, markup, Math.max(0, start));
  }

  /** @param {string} label @param {string} markup @param {number} from */
  function insert(label, markup, from) {
    const { mentions } = draft();
    // A role and a person can have the same name. The second mention is written as markup.
    const others = area.value.slice(0, from) + area.value.slice(area.selectionEnd);
    const taken = others.includes(label) && (mentions.get(label) ?? markup) !== markup;
    if (!taken) mentions.set(label, markup);
    area.setRangeText(`${taken ? markup : label} `, from, area.selectionEnd, "end");
    area.focus();
    keep();
  }

  /** Opens a command's form, with the options that are written after its name. @param {Leaf} leaf */
  function startCommand(leaf) {
    const { given, wrong } = optionsIn(leaf, area.value.trim(), store.me?.locale);
    if (wrong) return toast(say("not-understood", { command: `/${leaf.shown}`, text: wrong }));
    area.value = "";
    keep();
    command = commandForm(app, leaf, given, () => {
      leaveCommand();
      draw();
      area.focus();
    });
    fill(commandPlace, command.node);
    draw();
    command.focus();
  }

  function leaveCommand() {
    command = null;
    fill(commandPlace);
  }

  function grow() {
    area.style.height = "auto";
    if (area.scrollHeight > 0) area.style.height = `${Math.min(area.scrollHeight, innerHeight / 2)}px`;
  }

  function keep() {
    draft().text = area.value;
    grow();
  }

  area.addEventListener("input", () => {
    keep();
    if (channel && area.value && !area.value.startsWith("/")) typing.notify(channel);
  });
  area.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && draft().replyTo) {
      draft().replyTo = null;
      draw();
    } else if (event.key === "ArrowUp" && area.value === "") {
      const own = channel ? store.logs.get(channel)?.messages.findLast((message) => message.author.id === store.me?.id && message.type in { 0: 1, 19: 1 }) : null;
      if (own) (event.preventDefault(), app.edit(own.id));
    }
  });
  area.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (!files?.length || attach.hidden) return;
    event.preventDefault();
    addFiles(files);
  });

  store.on(["place", "guilds"], draw);
  return {
    node,
    addFiles: (/** @type {FileList} */ files) => (attach.hidden ? toast(say("no-files-here")) : addFiles(files)),
    focus: () => (command ? command.focus() : area.focus()),
    /** Focuses the field for a letter that is typed outside all fields. */
    type: () => (command ? command.type() : area.focus()),
    /** @param {Message} message */
    reply(message) {
      draft().replyTo = message;
      draw();
      area.focus();
    },
    /** @param {string} markup @param {string} label */
    mention: (markup, label) => insert(label, markup, area.selectionStart),
  };
}

/** The place of a message's text while it is edited. @param {App} app @param {Message} message */
export function editBox(app, message) {
  const area = el("textarea", { class: "edit-area", rows: "1", "aria-label": say("edit-message"), value: message.content, "data-key": `edit ${message.id}` });
  const grow = () => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  };
  const finish = () => {
    app.edit(null);
    app.composer.focus();
  };
  const save = async () => {
    const content = area.value.trim();
    if (content === message.content || (await app.session.attempt(app.api.edit(message.channel_id, message.id, content)))) finish();
  };
  area.addEventListener("input", grow);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") finish();
    else if (event.key === "Enter" && !event.shiftKey) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  setTimeout(() => {
    grow();
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  });
  return el(
    "div",
    { class: "edit-box" },
    area,
    el("div", { class: "edit-actions" }, el("button", { type: "button", class: "text-button", onclick: finish }, say("cancel")), " • ", el("button", { type: "button", class: "text-button", onclick: save }, say("save"))),
  );
}

/**
 * Names that were picked from the suggestions become mentions.
 *
 * @param {string} text
 * @param {Map<string, string>} mentions
 */
function written(text, mentions) {
  const byLength = [...mentions].sort(([a], [b]) => b.length - a.length);
  return byLength.reduce((now, [label, markup]) => now.replaceAll(label, () => markup), text);
}

/** Why nothing can be written here, or null. @param {Channel} channel */
function whyNot(channel) {
  const thread = isThread(channel);
  if (!has(channel.permissions, thread ? "SEND_MESSAGES_IN_THREADS" : "SEND_MESSAGES")) return say("may-not-send");
  if (channel.thread_metadata?.locked && !has(channel.permissions, "MANAGE_THREADS")) return say("locked-thread");
  return null;
}

/** @param {App} app @param {Channel} thread */
function archivedBar(app, thread) {
  const { locked } = thread.thread_metadata ?? {};
  const may = has(thread.permissions, locked ? "MANAGE_THREADS" : "SEND_MESSAGES_IN_THREADS");
  return el(
    "div",
    { class: "bar" },
    locked ? say("archived-and-locked") : say("archived"),
    el("span", { class: "grow" }),
    may ? el("button", { type: "button", class: "button small", onclick: () => reopen(app, thread) }, say("reopen")) : null,
  );
}
