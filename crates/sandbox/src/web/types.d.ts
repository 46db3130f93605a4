// What the page knows: the control API's types, and its own.
// This file is for the type checker: a browser never loads it.

import type { Channel, CommandOption, Id, Member, Role } from "../control/types/discord.d.ts";
import type { GuildView, Sent } from "../control/types/own.d.ts";

export type * from "../control/types/discord.d.ts";
export type * from "../control/types/own.d.ts";

/** A guild as the store keeps it. */
export interface Guild extends Omit<GuildView, "roles" | "members" | "channels" | "threads"> {
  roles: Map<Id, Role>;
  members: Map<Id, Member>;
  channels: Map<Id, Channel>;
  threads: Map<Id, Channel>;
}

/** What this page sent to the bot, until it is answered (and after, if it failed). */
export interface Pending extends Sent {
  channel_id: Id;
  message_id?: Id;
  custom_id?: string;
  name?: string;
  /** Where it was sent from says itself if it fails. */
  quiet?: boolean;
}

/** A subcommand, or a command without any: what a person can run. */
export interface Leaf {
  path: string;
  shown: string;
  description: string;
  options: CommandOption[];
}

export interface GatewayEvent {
  t: string;
  d: any;
}

/** What the page shows. */
export interface Place {
  guild: Id | null;
  channel: Id | null;
  message: Id | null;
}
