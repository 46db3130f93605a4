// A forum: its posts as a list, and the dialog for a new one. A post is a thread with tags.

import { el, fill, icon } from "./dom.js";
import { nameHere, signOf } from "./names.js";
import { has } from "./permissions.js";
import { ask } from "./popup.js";
import { compare } from "./snowflake.js";
import { relative } from "./time.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Channel, ForumTag, Guild, Id} from "./types.d.ts" */

/** The flag of a post that stays at the top. */
const PINNED = 1 << 1;
/** The flag of a forum whose posts all need a tag. */
const REQUIRE_TAG = 1 << 4;

/** @param {{type: number} | undefined} channel */
export function isForum(channel) {
  return channel?.type === 15;
}

/** @param {App} app */
export function forumView(app) {
  const { store } = app;
  const node = el("section", { class: "forum", hidden: true });
  /** The closed posts of the forum in view, as loaded with its server. @type {{forum: Id, guild: Guild, posts: Channel[]} | null} */
  let closed = null;

  function draw() {
    const { channel, guild } = store;
    if (closed?.forum !== channel?.id) closed = null;
    node.hidden = !isForum(channel);
    if (!channel || !guild || !isForum(channel)) return fill(node);
    node.setAttribute("aria-label", channel.name);
    // What the store has of a post is newer.
    const known = [...guild.threads.values()].filter(({ parent_id }) => parent_id === channel.id);
    const posts = [...new Map([...(closed?.posts ?? []), ...known].map((post) => [post.id, post])).values()].sort(order(channel));
    fill(
      node,
      el(
        "div",
        { class: "forum-head" },
        channel.topic ? el("p", { class: "muted" }, channel.topic) : null,
        has(channel.permissions, "SEND_MESSAGES") ? el("button", { type: "button", class: "button primary", "data-key": "new post", onclick: () => newPost(app, channel) }, say("new-post")) : null,
      ),
      posts.length ? el("ul", { class: "posts" }, posts.map((post) => el("li", null, card(channel, post)))) : el("p", { class: "muted" }, say("no-posts")),
    );
  }

  /** Pinned posts first, then as the forum says; closed posts last, those that were closed last first. @param {Channel} forum */
  const order = (forum) => (/** @type {Channel} */ a, /** @type {Channel} */ b) => {
    const closing = (/** @type {Channel} */ { thread_metadata: data }) => (data?.archived ? Date.parse(data.archive_timestamp) : Infinity);
    if (closing(a) !== closing(b)) return closing(b) - closing(a);
    const pinned = Number(isPinned(b)) - Number(isPinned(a));
    const key = (/** @type {Channel} */ post) => (forum.default_sort_order === 1 ? post.id : (post.last_message_id ?? post.id));
    return pinned || compare(key(b), key(a));
  };

  /** @param {Channel} forum @param {Channel} post */
  function card(forum, post) {
    const author = store.guild?.members.get(post.owner_id ?? "");
    const { archived = false, locked = false, archive_timestamp: when = "" } = post.thread_metadata ?? {};
    const tags = (post.applied_tags ?? []).map((id) => forum.available_tags?.find((tag) => tag.id === id)).filter((tag) => tag !== undefined);
    const details = [
      author && say("started-by", { name: nameHere(store, author.user) }),
      locked && say("locked"),
      archived && say("archived-when", { when: relative(new Date(when), store.me?.locale ?? "en-US") }),
      say("post-replies", { count: post.message_count ?? 0 }),
    ];
    return el(
      "button",
      { type: "button", class: "thread-card post", "data-key": post.id, onclick: () => app.go({ guild: forum.guild_id, channel: post.id, message: null }) },
      signOf(post),
      el(
        "span",
        null,
        el("strong", null, post.name, " ", isPinned(post) ? el("span", { class: "post-pin" }, icon("pin"), el("span", { class: "hidden" }, say("pinned"))) : null),
        tags.length ? el("span", { class: "post-tags" }, tags.map((tag) => el("span", { class: "chip" }, labelOf(tag)))) : null,
        el("span", { class: "muted" }, details.filter(Boolean).join(" · ")),
      ),
    );
  }

  function load() {
    const { channel, guild } = store;
    draw();
    // After a reconnect, the server is another object, and posts may have been closed meanwhile.
    if (!channel || !guild || !isForum(channel) || closed?.guild === guild) return;
    const own = (closed = { forum: channel.id, guild, posts: closed?.posts ?? [] });
    app.session.attempt(app.api.archivedThreads(channel.id)).then((answer) => {
      if (closed !== own) return;
      own.posts = answer?.threads ?? own.posts;
      draw();
    });
  }

  store.on(["place"], load);
  store.on(["guilds", "members"], draw);
  return node;
}

/** @param {Channel} post */
function isPinned(post) {
  return ((post.flags ?? 0) & PINNED) !== 0;
}

/** @param {ForumTag} tag */
function labelOf(tag) {
  return tag.emoji_name ? `${tag.emoji_name} ${tag.name}` : tag.name;
}

/** @param {App} app @param {Channel} forum */
function newPost(app, forum) {
  const moderates = has(forum.permissions, "MANAGE_THREADS");
  const usable = (forum.available_tags ?? []).filter(({ moderated }) => moderates || !moderated);
  const needed = ((forum.flags ?? 0) & REQUIRE_TAG) !== 0;
  /** @type {[string, string][]} */
  const none = needed ? [] : [["", say("no-tag")]];
  /** @type {[string, string][]} */
  const tags = usable.map((tag) => [tag.id, labelOf(tag)]);
  ask(
    say("new-post"),
    [
      { name: "name", label: say("post-title"), required: true, maxlength: 100 },
      { name: "content", label: say("post-message"), type: "textarea", required: true, maxlength: 2000 },
      ...(tags.length ? [{ name: "tag", label: say("post-tag"), options: [...none, ...tags] }] : []),
    ],
    say("publish"),
    async ({ name, content, tag }) => {
      const post = await app.api.createThread(forum.id, { name, message: { content }, applied_tags: tag ? [tag] : [] });
      await app.go({ guild: forum.guild_id, channel: post.id, message: null });
    },
  );
}
