// The menus of a message and of a person, with the Apps that the bot registered for them.

import { world } from "./api.js";
import { localized } from "./commands.js";
import { FLAG, hasFlag } from "./message.js";
import { allRoles, isThread, isTimedOut, nameHere } from "./names.js";
import { has } from "./permissions.js";
import { ask, confirm, openMenu } from "./popup.js";
import { reactionItems } from "./reactions.js";
import { discordLink } from "./route.js";
import { isSystem } from "./system.js";
import { copy, toast } from "./toast.js";
import { say } from "./words.js";

/** @import {App} from "./app.js" */
/** @import {Command, Id, Member, Message} from "./types.d.ts" */

/**
 * @param {App} app
 * @param {Message} message
 * @param {Element | {x: number, y: number}} anchor
 * @param {HTMLElement | null} [focusBack]
 */
export async function messageMenu(app, message, anchor, focusBack) {
  const { store } = app;
  const channel = store.find(message.channel_id);
  const ephemeral = hasFlag(message, FLAG.EPHEMERAL);
  const own = message.author.id === store.me?.id;
  const speaks = !isSystem(message);
  const mayDelete = ephemeral || own || has(channel?.permissions, "MANAGE_MESSAGES");
  const mayThread = speaks && !ephemeral && !message.thread && channel !== undefined && !isThread(channel) && has(channel.permissions, "CREATE_PUBLIC_THREADS");
  const commands = speaks ? await app.commands() : [];
  openMenu(
    [
      speaks && !ephemeral && { label: say("reply"), hint: "R", run: () => app.composer.reply(message) },
      speaks && own && !ephemeral && { label: say("edit"), hint: "E", run: () => app.edit(message.id) },
      speaks && !ephemeral && { label: say("apps"), items: appItems(app, commands, 3, message.id) },
      speaks && !ephemeral && { label: say("add-reaction"), items: reactionItems(app, message) },
      mayThread && { label: say("create-thread"), run: () => createThreadFrom(app, message) },
      message.content ? { label: say("copy-text"), run: () => copy(message.content) } : null,
      { label: say("copy-link"), run: () => copy(discordLink({ guild: channel?.guild_id ?? null, channel: message.channel_id, message: message.id })) },
      { label: say("copy-message-id"), run: () => copy(message.id) },
      mayDelete && {
        label: ephemeral ? say("dismiss") : say("delete-message"),
        danger: true,
        run: () => remove(app, message, ephemeral),
      },
    ],
    anchor,
    { label: say("message-actions"), focusBack },
  );
}

/**
 * @param {App} app
 * @param {Id} user
 * @param {Element | {x: number, y: number}} anchor
 */
export async function userMenu(app, user, anchor) {
  const { store, api } = app;
  const { guild, channel } = store;
  const member = guild?.members.get(user);
  if (!guild || !member) return toast(say("not-here"));
  const commands = await app.commands();
  const name = nameHere(store, member.user);
  const mine = user === store.me?.id;
  const inThread = channel && isThread(channel);
  const maySort = inThread && (has(channel.permissions, "MANAGE_THREADS") || (channel.type === 12 && channel.owner_id === store.me?.id));
  const person = store.world?.people.some(({ id }) => id === user);
  const mayGive = has(guild.permissions, "MANAGE_ROLES");
  openMenu(
    [
      { label: say("mention"), run: () => (app.closeDrawers(), app.composer.mention(`<@${user}>`, `@${name}`)) },
      !mine && person && { label: say("act-as", { name }), run: () => app.become(user) },
      { label: say("apps"), items: appItems(app, commands, 2, user) },
      mayGive && {
        label: say("roles"),
        items: allRoles(guild)
          .filter(({ managed }) => !managed)
          .map((role) => {
            const given = member.roles.includes(role.id);
            return { label: role.name, checked: given, run: () => app.session.attempt(api.giveRole(guild.id, user, role.id, !given)) };
          }),
      },
      { label: say("copy-user-id"), run: () => copy(user) },
      inThread && !mine && maySort && { label: say("remove-from-thread", { name }), danger: true, run: () => app.session.attempt(api.removeFromThread(channel.id, user)) },
      !mine && has(guild.permissions, "MODERATE_MEMBERS") && timeOut(app, guild.id, member, name),
      !mine &&
        has(guild.permissions, "KICK_MEMBERS") && {
          label: say("kick", { name }),
          danger: true,
          run: () => confirm(say("kick", { name }), say("kick-sure", { name, guild: guild.name }), say("kick", { name }), () => app.session.attempt(api.takeOut(guild.id, user))),
        },
    ],
    anchor,
    { label: name },
  );
}

/** The time-outs that Discord offers, in minutes. */
const TIME_OUTS = [1, 5, 10, 60, 1440, 10080];

/**
 * The menu of time-outs, or the end of the one that there is.
 *
 * @param {App} app
 * @param {Id} guild
 * @param {Member} member
 * @param {string} name
 */
function timeOut(app, guild, member, name) {
  const until = (/** @type {string | null} */ moment) => app.session.attempt(app.api.editMember(guild, member.user.id, { communication_disabled_until: moment }));
  if (isTimedOut(app.store, member)) return { label: say("end-time-out"), run: () => until(null) };
  return {
    label: say("time-out", { name }),
    danger: true,
    items: TIME_OUTS.map((minutes) => ({
      label: minutes < 60 ? say("minutes", { count: minutes }) : minutes < 1440 ? say("hours", { count: minutes / 60 }) : say("days", { count: minutes / 1440 }),
      // By the world's clock, which may be ahead.
      run: () => app.session.attempt(world()).then((known) => known && until(new Date(known.now + minutes * 60_000).toISOString())),
    })),
  };
}

/**
 * @param {App} app
 * @param {Command[]} commands
 * @param {2 | 3} type for people, or for messages
 * @param {Id} target
 */
function appItems(app, commands, type, target) {
  const fitting = commands.filter((command) => command.type === type);
  if (fitting.length === 0) return [{ label: say("no-apps") }];
  return fitting.map((command) => ({ label: localized(command, app.store.me?.locale), run: () => app.run({ name: command.name, type, target_id: target }, localized(command, app.store.me?.locale)) }));
}

/** A thread that everybody can see who sees the message. @param {App} app @param {Message} message */
function createThreadFrom(app, message) {
  ask(say("create-thread"), [{ name: "name", label: say("name"), required: true, maxlength: 100 }], say("create"), async ({ name }) => {
    const thread = await app.api.createThreadFrom(message.channel_id, message.id, name);
    await app.go({ guild: thread.guild_id, channel: thread.id, message: null });
  });
}

/** @param {App} app @param {Message} message @param {boolean} ephemeral */
function remove(app, message, ephemeral) {
  const run = () => app.session.attempt(app.api.deleteMessage(message.channel_id, message.id)).then(() => app.store.flush());
  if (!ephemeral) return confirm(say("delete-message"), say("delete-message-sure"), say("delete"), run);
  app.store.removeMessages(message.channel_id, [message.id]);
  run();
}
