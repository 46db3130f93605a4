// Every text of the page itself, in one place.

/** The languages that Discord has. @type {[string, string][]} */
export const LOCALES = [
  ["en-US", "English, US"], ["en-GB", "English, UK"], ["bg", "български"], ["cs", "Čeština"], ["da", "Dansk"],
  ["de", "Deutsch"], ["el", "Ελληνικά"], ["es-ES", "Español"], ["es-419", "Español, LATAM"], ["fi", "Suomi"],
  ["fr", "Français"], ["hi", "हिन्दी"], ["hr", "Hrvatski"], ["hu", "Magyar"], ["id", "Bahasa Indonesia"],
  ["it", "Italiano"], ["ja", "日本語"], ["ko", "한국어"], ["lt", "Lietuviškai"], ["nl", "Nederlands"], ["no", "Norsk"],
  ["pl", "Polski"], ["pt-BR", "Português do Brasil"], ["ro", "Română"], ["ru", "Русский"], ["sv-SE", "Svenska"],
  ["th", "ไทย"], ["tr", "Türkçe"], ["uk", "Українська"], ["vi", "Tiếng Việt"], ["zh-CN", "中文"], ["zh-TW", "繁體中文"],
];

export const S = {
  title: "Sandbox",
  app: "APP",
  apps: "Apps",
  add: "Add",
  allow: "Allow",
  cancel: "Cancel",
  clear: "Clear",
  close: "Close",
  create: "Create",
  delete: "Delete",
  deny: "Deny",
  dismiss: "Dismiss message",
  done: "Done",
  edit: "Edit",
  edited: "(edited)",
  embed: "Embed",
  filter: "Filter",
  inherit: "Inherit",
  kind: "Kind",
  language: "Language",
  lock: "Lock",
  locked: "Locked",
  members: "Members",
  mention: "Mention",
  more: "More",
  name: "Name",
  no: "No",
  owner: "Server owner",
  picture: "Picture",
  rename: "Rename",
  reply: "Reply",
  roles: "Roles",
  run: "Run",
  save: "Save",
  saved: "Saved.",
  search: "Search",
  send: "Send",
  spoiler: "Spoiler",
  servers: "Servers",
  channels: "Channels",
  channel: "Channel",
  submit: "Submit",
  theme: "Light or dark",
  topic: "Topic",
  tools: "Sandbox tools",
  unlock: "Unlock",
  yes: "Yes",
  messages: "Messages",
  attachment: "Attachment",
  attachments: "Files to send",
  attach: "Add files",
  suggestions: "Suggestions",
  threads: "Threads",

  // The line to the sandbox, and errors.
  unreachable: "The sandbox cannot be reached.",
  /** @param {number} status */
  answered: (status) => `The sandbox answered ${status}.`,
  lineLost: "Connection lost. Trying to reconnect…",
  tryNow: "Try now",
  /** @param {string} name */
  placeGone: (name) => `${name} is not here any more.`,
  noSuchPlace: "That channel does not exist, or you cannot see it.",
  copied: "Copied.",
  /** @param {string} text */
  copyFailed: (text) => `Could not copy. Here it is: ${text}`,
  nothingFound: "Nothing found",

  // Who is looking.
  youAre: "You are",
  /** @param {string} name @param {string | null} part */
  person: (name, part) => (part ? `${name} (${part})` : name),
  /** @param {string} name */
  nowYouAre: (name) => `You are now ${name}.`,
  /** @param {string} name */
  actAs: (name) => `Act as ${name}`,
  newPerson: "New person",
  /** @param {string} name @param {boolean} connected */
  botState: (name, connected) => `${name}: ${connected ? "connected" : "not connected"}`,
  themes: { auto: "Colours as your system has them.", dark: "Dark.", light: "Light." },
  inspector: "What happened",
  kinds: { call: "Call", event: "Event", person: "Person", gateway: "Gateway" },
  advanceMinute: "Move time on by a minute",
  advanceHour: "Move time on by an hour",
  advanceDay: "Move time on by a day",
  /** @param {string} time */
  nowIs: (time) => `In the sandbox it is now ${time}.`,
  reset: "Start afresh",
  resetSure: "Everything in the sandbox goes back to the beginning.",

  skip: "Jump to the message box",

  // The first minute.
  guide: "From message to ticket",
  guideHide: "Hide these steps",
  guideDone: "done",
  /** Each step's words; those at odd places stand out. @param {string} owner @param {string} member @returns {string[][]} */
  guideSteps: (owner, member) => [
    ["As ", owner, ", write a message for people who need help."],
    ["Run ", "/inbox create", ". Then right-click your message and choose ", "Apps", " and ", "Select this message", "."],
    ["Become ", member, " at the top of the page, and press ", "Create Ticket", "."],
  ],
  /** @param {string} member */
  guideEnd: (member) => `That is all: a private thread with the staff. Leave it as ${member}, and the bot closes it.`,

  // Servers and channels.
  nowhere: "There is nothing to see here.",
  noServer: "No server",
  inNoServer: "You are in no server.",
  /** @param {string} name */
  join: (name) => `Join ${name}`,
  serverSettings: "Server settings",
  serverName: "Server name",
  serverLanguage: "Server language",
  copyServerId: "Copy Server ID",
  leaveServer: "Leave server",
  /** @param {string} name */
  leaveSure: (name) => `You can come back to ${name} any time, from here.`,
  /** @param {string} name */
  inviteBot: (name) => `Invite ${name}`,
  createChannel: "Create channel",
  textChannel: "Text",
  announcementChannel: "Announcement",
  channelSettings: "Channel settings",
  /** @param {string} name */
  settingsOf: (name) => `Settings of ${name}`,
  copyChannelId: "Copy Channel ID",
  deleteChannel: "Delete channel",
  /** @param {string} name */
  deleteChannelSure: (name) => `${name} will be gone for good.`,
  channelActions: "Channel actions",
  sendAsWebhook: "Send as a webhook",
  webhookName: "Name",
  webhookText: "Text",
  embedTitle: "Embed: title",
  embedDescription: "Embed: description",
  embedColour: "Embed: colour",
  showChannels: "Show channels",
  showMembers: "Members",
  slowmodeSeconds: "Slowmode, in seconds",
  /** @param {number} count */
  mentions: (count) => (count === 1 ? "1 mention" : `${count} mentions`),
  deletedRole: "deleted-role",
  unknownUser: "unknown-user",
  unknownChannel: "unknown",
  overwrites: "Permissions",
  addOverwrite: "Add a role or a member",
  removeOverwrite: "Remove",
  createRole: "Create role",
  newRole: "new role",
  deleteRole: "Delete role",
  chooseRole: "Choose a role.",
  colour: "Colour",
  mentionable: "Anyone may mention this role",
  hoist: "Show its members apart",
  permissionsTitle: "Permissions",
  permissions: {
    KICK_MEMBERS: "Kick Members",
    BAN_MEMBERS: "Ban Members",
    ADMINISTRATOR: "Administrator",
    MANAGE_CHANNELS: "Manage Channels",
    MANAGE_GUILD: "Manage Server",
    VIEW_CHANNEL: "View Channels",
    SEND_MESSAGES: "Send Messages",
    MANAGE_MESSAGES: "Manage Messages",
    EMBED_LINKS: "Embed Links",
    ATTACH_FILES: "Attach Files",
    READ_MESSAGE_HISTORY: "Read Message History",
    MENTION_EVERYONE: "Mention Everyone",
    MANAGE_ROLES: "Manage Roles",
    MANAGE_WEBHOOKS: "Manage Webhooks",
    USE_APPLICATION_COMMANDS: "Use Application Commands",
    MANAGE_THREADS: "Manage Threads",
    CREATE_PUBLIC_THREADS: "Create Public Threads",
    CREATE_PRIVATE_THREADS: "Create Private Threads",
    SEND_MESSAGES_IN_THREADS: "Send Messages in Threads",
    MODERATE_MEMBERS: "Time Out Members",
  },

  // Messages.
  /** @param {string} name */
  messagesIn: (name) => `Messages in ${name}`,
  /** @param {string} name */
  welcome: (name) => `Welcome to #${name}!`,
  /** @param {string} name */
  startOf: (name) => `This is the start of the #${name} channel.`,
  startOfThread: "This is the start of the thread.",
  jumpToPresent: "You are looking at older messages. Jump to the present",
  messageActions: "Message actions",
  /** @param {string} name @param {string} text */
  says: (name, text) => `${name}: ${text}`,
  somethingNew: "something new",
  messageLink: "message",
  copyText: "Copy Text",
  copyLink: "Copy Link",
  copyMessageId: "Copy Message ID",
  copyUserId: "Copy User ID",
  deleteMessage: "Delete message",
  deleteMessageSure: "This message will be gone for good.",
  editMessage: "Edit message",
  noApps: "No commands here",
  notHere: "Not in this server any more.",
  onlyYou: "Only you can see this",
  /** @param {string} name */
  thinking: (name) => `${name} is thinking…`,
  sending: "Sending command…",
  /** @param {string} name */
  used: (name) => `${name} used`,
  usedVerb: "used",
  usedACommand: "used a command",
  /** @param {string} name */
  noResponse: (name) => `${name}: this application did not respond.`,
  interactionFailed: "This interaction failed. This application did not respond.",
  replyGone: "The message this replies to was deleted.",
  /** @param {string} name */
  replyTo: (name) => `Go to the message of ${name} that this replies to`,
  pictureElsewhere: "A picture on another host, not loaded here:",
  invalidDate: "Invalid date",
  system: {
    added: "added",
    removed: "removed",
    left: "left.",
    renamed: "changed the name:",
    pinned: "pinned a message.",
    joined: "joined the server.",
    startedThread: "started a thread:",
    /** @param {number} type */
    other: (type) => `(message of type ${type})`,
  },

  // Writing.
  /** @param {string} name */
  messageTo: (name) => `Message ${name}`,
  replyingTo: "Replying to",
  cancelReply: "Do not reply",
  mayNotSend: "You do not have permission to send messages here.",
  lockedThread: "This thread is locked. Only those with Manage Threads can write in it.",
  archived: "This thread is archived. Sending a message opens it again.",
  archivedAndLocked: "This thread is archived and locked.",
  /** @param {number} seconds */
  slowmode: (seconds) => `Slowmode: one message every ${seconds} s.`,
  /** @param {number} most */
  tooManyFiles: (most) => `At most ${most} files at once.`,
  noFilesHere: "You cannot add files here.",
  dropHere: "Drop to add",
  /** @param {string} name */
  spoilerFile: (name) => `Mark ${name} as a spoiler`,
  /** @param {string} name */
  removeFile: (name) => `Remove ${name}`,

  // Menus, commands, modals.
  makeSelection: "Make a selection",
  menu: "Menu",
  /** @param {number} count @param {number} most */
  chosen: (count, most) => `${count} of ${most}`,
  /** @param {number} most */
  atMost: (most) => `At most ${most} can be chosen.`,
  /** @param {number} least */
  atLeast: (least) => `Choose at least ${least}.`,
  /** @param {string} name */
  required: (name) => `${name}: this option is required.`,
  /** @param {string} name */
  notAnOption: (name) => `${name}: choose one of those offered.`,
  fieldRequired: "This field is required.",
  /** @param {number} least */
  tooShort: (least) => `At least ${least} characters.`,
  /** @param {string} name */
  fromApp: (name) => `This form is from ${name}.`,
  /** @param {number} type */
  unknownComponent: (type) => `This page cannot show components of type ${type}.`,

  // Threads and members.
  active: "Active",
  archivedTab: "Archived",
  archivedTag: "Archived",
  joined: "joined",
  noThreads: "There are no threads here.",
  /** @param {string} name */
  threadsOf: (name) => `Threads of ${name}`,
  /** @param {string} name */
  startedBy: (name) => `started by ${name}`,
  /** @param {string} when */
  archivedWhen: (when) => `archived ${when}`,
  threadActions: "Thread actions",
  createThread: "Create thread",
  privateThread: "Private",
  publicThread: "Public",
  joinThread: "Join",
  leaveThread: "Leave",
  addMembers: "Add members",
  whom: "Whom?",
  archive: "Archive",
  archiveAndLock: "Archive and lock",
  reopen: "Re-open",
  reopenAndUnlock: "Re-open and unlock",
  copyThreadId: "Copy Thread ID",
  deleteThread: "Delete thread",
  /** @param {number} count */
  threadMembers: (count) => `In this thread — ${count}`,
  /** @param {number} count */
  andMore: (count) => `and ${count} more`,
  /** @param {string} name */
  removeFromThread: (name) => `Remove ${name} from the thread`,
  /** @param {string} name */
  kick: (name) => `Kick ${name}`,
  /** @param {string} name @param {string} guild */
  kickSure: (name, guild) => `${name} will leave ${guild}.`,
};
