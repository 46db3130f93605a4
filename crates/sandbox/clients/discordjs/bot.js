// The tour (see ../README.md) as a discord.js bot.
"use strict";

const path = require("node:path");
const {
  ActionRowBuilder,
  ApplicationCommandOptionType: Option,
  ApplicationCommandType,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  ChannelType,
  Client,
  ContainerBuilder,
  DiscordAPIError,
  EmbedBuilder,
  Events,
  GatewayIntentBits,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  Partials,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
  ThreadAutoArchiveDuration,
  UserSelectMenuBuilder,
} = require("discord.js");

const url = process.env.SANDBOX_URL;
const dot = path.join(__dirname, "..", "dot.png");

const client = new Client({
  intents: [
    GatewayIntentBits.Guilds,
    GatewayIntentBits.GuildMembers,
    GatewayIntentBits.GuildMessages,
    GatewayIntentBits.GuildMessageReactions,
    GatewayIntentBits.DirectMessages,
  ],
  partials: [Partials.Channel, Partials.Message, Partials.Reaction],
  allowedMentions: { parse: ["users"] },
  // This line is all that points discord.js at a sandbox.
  rest: { api: `${url}/api`, cdn: url, mediaProxy: url },
});

const who = { name: "who", description: "Somebody", type: Option.User, required: true };
const thread = {
  name: "thread",
  description: "A thread",
  type: Option.Channel,
  channelTypes: [ChannelType.PublicThread, ChannelType.PrivateThread],
  required: true,
};
const where = {
  name: "where",
  description: "A channel",
  type: Option.Channel,
  channelTypes: [ChannelType.GuildText],
  required: true,
};

const globalCommands = [
  {
    name: "tour",
    description: "What the client knows of the guild and of the options",
    options: [
      { name: "word", description: "A word", type: Option.String, required: true },
      { name: "times", description: "A number", type: Option.Integer, required: true },
      who,
      where,
    ],
  },
  { name: "Quote", type: ApplicationCommandType.Message },
  { name: "Greet", type: ApplicationCommandType.User },
];

const guildCommands = [
  { name: "hall", description: "A message with buttons and menus" },
  { name: "panel", description: "A message made of components" },
  { name: "upload", description: "Sends a file, edits the message, adds a file" },
  {
    name: "say",
    description: "Says something elsewhere",
    options: [where, { name: "text", description: "Words", type: Option.String, required: true }],
  },
  { name: "letter", description: "Writes to somebody directly", options: [who] },
  { name: "Pin", type: ApplicationCommandType.Message },
  {
    name: "thread",
    description: "Private threads",
    options: [
      { name: "open", description: "Opens a private thread", type: Option.Subcommand, options: [who] },
      { name: "add", description: "Adds somebody to a thread", type: Option.Subcommand, options: [thread, who] },
      { name: "remove", description: "Removes somebody from a thread", type: Option.Subcommand, options: [thread, who] },
      { name: "archive", description: "Archives and locks a thread", type: Option.Subcommand, options: [thread] },
    ],
  },
];

client.once(Events.ClientReady, async () => {
  await client.application.commands.set(globalCommands);
  for (const guild of client.guilds.cache.values()) await guild.commands.set(guildCommands);
});

client.on(Events.MessageCreate, async (message) => {
  const called = !message.inGuild() || message.mentions.has(client.user);
  if (!message.author.bot && called && message.content.includes("ping")) {
    await message.reply("pong");
  }
});

client.on(Events.MessageReactionAdd, async (reaction, user) => {
  if (user.id !== client.user.id) await reaction.message.react(reaction.emoji);
});

client.on(Events.MessageReactionRemove, async (reaction, user) => {
  if (user.id !== client.user.id) await reaction.users.remove(client.user);
});

client.on(Events.ThreadMembersUpdate, async (_added, removed, thread) => {
  for (const id of removed.keys()) {
    await thread.send({ content: `gone <@${id}>`, allowedMentions: { parse: [] } });
  }
});

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isChatInputCommand()) {
    const sub = interaction.options.getSubcommand(false);
    await commands[sub ? `${interaction.commandName} ${sub}` : interaction.commandName](interaction);
  } else if (interaction.isMessageContextMenuCommand()) {
    await menus[interaction.commandName](interaction, interaction.targetMessage);
  } else if (interaction.isUserContextMenuCommand()) {
    const content = `hello ${interaction.targetMember.user.username}`;
    await interaction.reply({ content, flags: MessageFlags.Ephemeral });
  } else if (interaction.isMessageComponent()) {
    await components[interaction.customId](interaction);
  } else if (interaction.isModalSubmit()) {
    const fields = interaction.fields;
    const content =
      interaction.customId === "survey"
        ? `survey: ${fields.getStringSelectValues("mood").join(", ")}`
        : `form: ${fields.getTextInputValue("name")} / ${fields.getTextInputValue("why")}`;
    await interaction.reply({ content, flags: MessageFlags.Ephemeral });
  }
});

const commands = {
  async tour(interaction) {
    const { guild, options } = interaction;
    const channels = guild.channels.cache.filter((channel) => !channel.isThread()).size;
    await interaction.reply(
      `guild=${guild.name} channels=${channels} roles=${guild.roles.cache.size} ` +
        `word=${options.getString("word")} times=${options.getInteger("times")} ` +
        `who=${options.getUser("who").username} where=${options.getChannel("where").name}`,
    );
  },

  async hall(interaction) {
    const buttons = new ActionRowBuilder().addComponents(
      new ButtonBuilder().setCustomId("knock").setLabel("Knock").setStyle(ButtonStyle.Secondary),
      new ButtonBuilder().setCustomId("form").setLabel("Form").setStyle(ButtonStyle.Secondary),
      new ButtonBuilder().setCustomId("survey").setLabel("Survey").setStyle(ButtonStyle.Secondary),
    );
    const colours = new StringSelectMenuBuilder()
      .setCustomId("colours")
      .setMinValues(1)
      .setMaxValues(3)
      .addOptions(["red", "green", "blue"].map((value) => ({ label: value.toUpperCase(), value })));
    const people = new UserSelectMenuBuilder().setCustomId("people").setMinValues(1).setMaxValues(2);
    await interaction.reply({
      content: "hall",
      components: [
        buttons,
        new ActionRowBuilder().addComponents(colours),
        new ActionRowBuilder().addComponents(people),
      ],
    });
  },

  async panel(interaction) {
    const container = new ContainerBuilder()
      .setAccentColor(0x5865f2)
      .addTextDisplayComponents((text) => text.setContent("# Panel"))
      .addSectionComponents((section) =>
        section
          .addTextDisplayComponents((text) => text.setContent("Press it."))
          .setButtonAccessory((button) => button.setCustomId("press").setLabel("Press").setStyle(ButtonStyle.Secondary)),
      );
    await interaction.reply({ components: [container], flags: MessageFlags.IsComponentsV2 });
  },

  async upload(interaction) {
    await interaction.deferReply();
    const one = new AttachmentBuilder(Buffer.from("one\n"), { name: "one.txt" });
    const two = new AttachmentBuilder(Buffer.from("two\n"), { name: "two.txt" });
    const message = await interaction.channel.send({ content: "first", files: [one] });
    await message.edit({ content: "second", attachments: [...message.attachments.values()], files: [two] });
    await interaction.editReply({
      content: `uploaded ${message.id}`,
      embeds: [new EmbedBuilder().setTitle("dot").setImage("attachment://dot.png")],
      files: [new AttachmentBuilder(dot)],
    });
  },

  async say(interaction) {
    const where = interaction.options.getChannel("where");
    await whether(interaction, "said", () => where.send(interaction.options.getString("text")));
  },

  async letter(interaction) {
    const who = interaction.options.getUser("who");
    await whether(interaction, "sent", () => who.send(`hello ${who.username}`));
  },

  async "thread open"(interaction) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const user = interaction.options.getUser("who");
    const thread = await interaction.channel.threads.create({
      name: "tour",
      type: ChannelType.PrivateThread,
      invitable: false,
      autoArchiveDuration: ThreadAutoArchiveDuration.OneDay,
      reason: "the tour's thread",
    });
    await thread.members.add(user);
    await thread.send(`hello ${user}`);
    await interaction.editReply(`opened ${thread}`);
  },

  async "thread add"(interaction) {
    const thread = interaction.options.getChannel("thread");
    await thread.members.add(interaction.options.getUser("who"));
    await countMembers(interaction, thread);
  },

  async "thread remove"(interaction) {
    const thread = interaction.options.getChannel("thread");
    await thread.members.remove(interaction.options.getUser("who"));
    await countMembers(interaction, thread);
  },

  async "thread archive"(interaction) {
    await interaction.options.getChannel("thread").edit({ archived: true, locked: true });
    await interaction.reply({ content: "archived", flags: MessageFlags.Ephemeral });
  },
};

async function whether(interaction, done, send) {
  let content = done;
  try {
    await send();
  } catch (error) {
    if (!(error instanceof DiscordAPIError)) throw error;
    content = `refused ${error.code}`;
  }
  await interaction.reply({ content, flags: MessageFlags.Ephemeral });
}

const menus = {
  async Quote(interaction, message) {
    await interaction.reply({ content: `quote: ${message.content}`, flags: MessageFlags.Ephemeral });
  },

  async Pin(interaction, message) {
    await (message.pinned ? message.unpin() : message.pin());
    const pins = await interaction.channel.messages.fetchPins({ cache: false });
    await interaction.reply({ content: `pins: ${pins.items.length}`, flags: MessageFlags.Ephemeral });
  },
};

const components = {
  async knock(interaction) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply(`knocked by ${interaction.user.username}`);
    await interaction.followUp({ content: "and again", flags: MessageFlags.Ephemeral });
  },

  async form(interaction) {
    const name = new TextInputBuilder().setCustomId("name").setStyle(TextInputStyle.Short).setMaxLength(40);
    const why = new TextInputBuilder()
      .setCustomId("why")
      .setStyle(TextInputStyle.Paragraph)
      .setValue("because")
      .setRequired(false);
    const modal = new ModalBuilder()
      .setCustomId("form")
      .setTitle("A form")
      .addLabelComponents(
        new LabelBuilder().setLabel("Name").setTextInputComponent(name),
        new LabelBuilder().setLabel("Why").setTextInputComponent(why),
      );
    await interaction.showModal(modal);
  },

  async survey(interaction) {
    const mood = new StringSelectMenuBuilder()
      .setCustomId("mood")
      .addOptions(["glad", "sad"].map((value) => ({ label: value.toUpperCase(), value })));
    const modal = new ModalBuilder()
      .setCustomId("survey")
      .setTitle("A survey")
      .addLabelComponents(new LabelBuilder().setLabel("Mood").setStringSelectMenuComponent(mood));
    await interaction.showModal(modal);
  },

  async press(interaction) {
    await interaction.reply({ content: "pressed", flags: MessageFlags.Ephemeral });
  },

  async colours(interaction) {
    await interaction.update(`colours: ${interaction.values.join(", ")}`);
  },

  async people(interaction) {
    const names = interaction.users.map((user) => user.username).sort();
    await interaction.update(`people: ${names.join(", ")}`);
  },
};

async function countMembers(interaction, thread) {
  const members = await thread.members.fetch({ cache: false });
  await interaction.reply({ content: `members: ${members.size}`, flags: MessageFlags.Ephemeral });
}

client.login(process.env.SANDBOX_TOKEN);
