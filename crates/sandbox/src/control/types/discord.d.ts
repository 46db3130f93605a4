// What Discord also has, as the control API answers it: all fields are Discord's own, and these are the ones that the
// page reads. own.d.ts has the rest.

/** An id. @pattern ^[0-9]+$ */
export type Id = string;

/** A set of permissions: the bits of Discord's documentation as a decimal number. @pattern ^[0-9]+$ */
export type Permissions = string;

/** A whole number. @type integer */
export type Int = number;

/** A moment, in ISO 8601. */
export type Moment = string;

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
  joined_at?: Moment;
  communication_disabled_until?: Moment | null;
}

export interface Role {
  id: Id;
  name: string;
  color: Int;
  position: Int;
  hoist: boolean;
  mentionable: boolean;
  managed: boolean;
  permissions: Permissions;
}

export interface Overwrite {
  id: Id;
  /** 0: a role, 1: a member. */
  type: Int;
  allow: Permissions;
  deny: Permissions;
}

export interface ThreadMetadata {
  archived: boolean;
  locked: boolean;
  invitable?: boolean;
  auto_archive_duration: Int;
  archive_timestamp: Moment;
  create_timestamp?: Moment | null;
}

export interface ForumTag {
  id: Id;
  name: string;
  moderated: boolean;
  emoji_name: string | null;
}

/** A channel or a thread. */
export interface Channel {
  id: Id;
  type: Int;
  guild_id: Id;
  name: string;
  topic?: string | null;
  position?: Int;
  parent_id?: Id | null;
  owner_id?: Id;
  last_message_id?: Id | null;
  rate_limit_per_user?: Int;
  member_count?: Int;
  message_count?: Int;
  permission_overwrites?: Overwrite[];
  thread_metadata?: ThreadMetadata;
  flags?: Int;
  /** Forums only. */
  available_tags?: ForumTag[];
  /** Forums only: 0 by activity, 1 by age. */
  default_sort_order?: Int | null;
  /** Posts of forums only. */
  applied_tags?: Id[];
  /** What this person may do here. */
  permissions?: Permissions;
  /** Threads only: whether this person is a member. */
  joined?: boolean;
}

/** Direct messages with the bot. */
export interface DirectChannel {
  id: Id;
  type: 1;
  recipients: User[];
  permissions?: Permissions;
}

export interface ThreadMember {
  id?: Id;
  user_id: Id;
  join_timestamp?: Moment;
  member?: Member;
}

export interface Attachment {
  id: Id;
  filename: string;
  url: string;
  size: Int;
  content_type?: string;
  description?: string | null;
  width?: Int | null;
  height?: Int | null;
}

export interface EmbedMedia {
  url?: string;
  width?: Int | null;
  height?: Int | null;
  content_type?: string | null;
}

export interface Embed {
  title?: string;
  description?: string;
  url?: string;
  timestamp?: Moment;
  color?: Int;
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
  count: Int;
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
  width?: Int | null;
  height?: Int | null;
  content_type?: string | null;
}

/** Any component: `type` says which of the others it has. */
export interface Component {
  type: Int;
  id?: Int;
  custom_id?: string;
  components?: Component[];
  component?: Component;
  accessory?: Component;
  style?: Int;
  label?: string;
  description?: string;
  emoji?: Emoji;
  url?: string;
  disabled?: boolean;
  placeholder?: string;
  min_values?: Int;
  max_values?: Int;
  options?: SelectOption[];
  channel_types?: Int[];
  default_values?: { id: Id; type: "user" | "role" | "channel" }[];
  value?: string;
  default?: boolean;
  required?: boolean;
  min_length?: Int;
  max_length?: Int;
  content?: string;
  accent_color?: Int | null;
  spoiler?: boolean;
  divider?: boolean;
  spacing?: Int;
  size?: Int;
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
  timestamp: Moment;
  edited_timestamp?: Moment | null;
  type: Int;
  flags?: Int;
  mentions?: (User & { member?: Partial<Member> })[];
  mention_roles?: Id[];
  mention_everyone?: boolean;
  attachments: Attachment[];
  embeds: Embed[];
  components?: Component[];
  reactions?: Reaction[];
  message_reference?: { message_id?: Id; channel_id?: Id; guild_id?: Id };
  referenced_message?: Message | null;
  interaction_metadata?: { id: Id; type: Int; user: User; name?: string };
  interaction?: { id: Id; type: Int; user: User; name: string };
  webhook_id?: Id;
  thread?: Channel;
}

export interface Choice {
  name: string;
  name_localizations?: Record<string, string> | null;
  value: string | number;
}

export interface CommandOption {
  type: Int;
  name: string;
  name_localizations?: Record<string, string> | null;
  description: string;
  description_localizations?: Record<string, string> | null;
  required?: boolean;
  autocomplete?: boolean;
  choices?: Choice[];
  options?: CommandOption[];
  channel_types?: Int[];
  min_value?: number;
  max_value?: number;
  min_length?: Int;
  max_length?: Int;
}

/** A command of the application, with all its localisations. */
export interface Command {
  id: Id;
  type: Int;
  name: string;
  name_localizations?: Record<string, string> | null;
  description: string;
  description_localizations?: Record<string, string> | null;
  options?: CommandOption[];
}
