// What the page knows of the server's JSON. Discord's own names; only the fields that the page reads.
// This file is for the type checker: a browser never loads it.

export type Id = string;

export interface User {
  id: Id;
  username: string;
  global_name?: string | null;
  avatar?: string | null;
  bot?: boolean;
}

export interface Member {
  user: User;
  nick?: string | null;
  roles: Id[];
  joined_at?: string;
  communication_disabled_until?: string | null;
}

export interface Role {
  id: Id;
  name: string;
  color: number;
  position: number;
  hoist: boolean;
  mentionable: boolean;
  managed: boolean;
  permissions: string;
}

export interface Overwrite {
  id: Id;
  type: number;
  allow: string;
  deny: string;
}

export interface ThreadMetadata {
  archived: boolean;
  locked: boolean;
  invitable?: boolean;
  auto_archive_duration: number;
  archive_timestamp: string;
  create_timestamp?: string | null;
}

export interface ForumTag {
  id: Id;
  name: string;
  moderated: boolean;
  emoji_name: string | null;
}

export interface Channel {
  id: Id;
  type: number;
  guild_id: Id;
  name: string;
  topic?: string | null;
  position?: number;
  parent_id?: Id | null;
  owner_id?: Id;
  last_message_id?: Id | null;
  rate_limit_per_user?: number;
  member_count?: number;
  message_count?: number;
  permission_overwrites?: Overwrite[];
  thread_metadata?: ThreadMetadata;
  flags?: number;
  /** Forums only. */
  available_tags?: ForumTag[];
  /** Forums only: 0 by activity, 1 by age. */
  default_sort_order?: number | null;
  /** Posts of forums only. */
  applied_tags?: Id[];
  /** What this person may do here, as a decimal string. */
  permissions?: string;
  /** Threads only: whether this person is a member. */
  joined?: boolean;
}

export interface ThreadMember {
  id?: Id;
  user_id: Id;
  join_timestamp?: string;
  member?: Member;
}

/** A guild as `GET /control/people/{person}/view` sends it. */
export interface GuildView {
  id: Id;
  name: string;
  owner_id: Id;
  preferred_locale: string;
  permissions: string;
  roles: Role[];
  members: Member[];
  channels: Channel[];
  threads: Channel[];
}

/** A guild as the store keeps it. */
export interface Guild extends Omit<GuildView, "roles" | "members" | "channels" | "threads"> {
  roles: Map<Id, Role>;
  members: Map<Id, Member>;
  channels: Map<Id, Channel>;
  threads: Map<Id, Channel>;
}

export interface View {
  me: User & { locale: string };
  guilds: GuildView[];
}

export interface Person extends User {
  part: "owner" | "moderator" | "member" | null;
  locale: string;
  guilds: Id[];
}

export interface World {
  application: { id: Id; name: string; bot_user_id: Id; connected: boolean };
  people: Person[];
  guilds: { id: Id; name: string }[];
  /** The codes of the languages that people and servers may have. */
  locales: string[];
  now: number;
}

export interface Attachment {
  id: Id;
  filename: string;
  url: string;
  size: number;
  content_type?: string;
  description?: string | null;
  width?: number | null;
  height?: number | null;
}

export interface EmbedMedia {
  url?: string;
  width?: number | null;
  height?: number | null;
  content_type?: string | null;
}

export interface Embed {
  title?: string;
  description?: string;
  url?: string;
  timestamp?: string;
  color?: number;
  footer?: { text: string; icon_url?: string };
  image?: EmbedMedia;
  thumbnail?: EmbedMedia;
  author?: { name: string; url?: string; icon_url?: string };
  provider?: { name?: string; url?: string };
  fields?: { name: string; value: string; inline?: boolean }[];
}

export interface Emoji {
  id?: Id | null;
  name?: string | null;
}

export interface Reaction {
  emoji: Emoji;
  count: number;
  /** Whether the current person reacted with it. */
  me: boolean;
}

export interface SelectOption {
  label: string;
  value: string;
  description?: string;
  emoji?: Emoji;
  default?: boolean;
}

export interface Media {
  url: string;
  width?: number | null;
  height?: number | null;
  content_type?: string | null;
}

/** Any component: the page reads `type` and then what that type has. */
export interface Component {
  type: number;
  id?: number;
  custom_id?: string;
  components?: Component[];
  component?: Component;
  accessory?: Component;
  style?: number;
  label?: string;
  description?: string;
  emoji?: Emoji;
  url?: string;
  disabled?: boolean;
  placeholder?: string;
  min_values?: number;
  max_values?: number;
  options?: SelectOption[];
  channel_types?: number[];
  default_values?: { id: Id; type: "user" | "role" | "channel" }[];
  value?: string;
  default?: boolean;
  required?: boolean;
  min_length?: number;
  max_length?: number;
  content?: string;
  accent_color?: number | null;
  spoiler?: boolean;
  divider?: boolean;
  spacing?: number;
  size?: number;
  media?: Media;
  items?: { media: Media; description?: string | null; spoiler?: boolean }[];
  file?: Media;
  name?: string;
}

export interface Modal {
  custom_id: string;
  title: string;
  components: Component[];
}

export interface Message {
  id: Id;
  channel_id: Id;
  guild_id?: Id;
  author: User;
  member?: Partial<Member>;
  content: string;
  timestamp: string;
  edited_timestamp?: string | null;
  type: number;
  flags?: number;
  mentions?: (User & { member?: Partial<Member> })[];
  mention_roles?: Id[];
  mention_everyone?: boolean;
  attachments: Attachment[];
  embeds: Embed[];
  components?: Component[];
  reactions?: Reaction[];
  message_reference?: { message_id?: Id; channel_id?: Id; guild_id?: Id };
  referenced_message?: Message | null;
  interaction_metadata?: { id: Id; type: number; user: User; name?: string };
  interaction?: { id: Id; type: number; user: User; name: string };
  webhook_id?: Id;
  thread?: Channel;
}

export type InteractionState = "pending" | "deferred" | "answered" | "modal" | "failed";

/** What this page sent to the bot, until it is answered (and after, if it failed). */
export interface Sent {
  id: Id;
  channel_id: Id;
  message_id?: Id;
  custom_id?: string;
  name?: string;
  state: InteractionState;
  /** Where it was sent from says itself if it fails. */
  quiet?: boolean;
}

export interface Choice {
  name: string;
  name_localizations?: Record<string, string> | null;
  value: string | number;
}

export interface CommandOption {
  type: number;
  name: string;
  name_localizations?: Record<string, string> | null;
  description: string;
  description_localizations?: Record<string, string> | null;
  required?: boolean;
  autocomplete?: boolean;
  choices?: Choice[];
  options?: CommandOption[];
  channel_types?: number[];
  min_value?: number;
  max_value?: number;
  min_length?: number;
  max_length?: number;
}

export interface Command extends Omit<CommandOption, "type"> {
  id: Id;
  type: number;
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

export interface RecordEntry {
  seq: number;
  at: number | string;
  kind: "call" | "event" | "person" | "gateway" | "control";
  method?: string;
  path?: string;
  status?: number;
  ms?: number;
  request?: unknown;
  response?: unknown;
  name?: string;
  session?: string;
  data?: unknown;
  person?: string;
  action?: { do?: string; [key: string]: unknown };
  what?: string;
}

/** What the page shows. */
export interface Place {
  guild: Id | null;
  channel: Id | null;
  message: Id | null;
}
