const { Client, Events, GatewayIntentBits } = require("discord.js");

const client = new Client({ intents: [GatewayIntentBits.Guilds] });

client.once(Events.ClientReady, () => client.application.commands.set([{ name: "ping", description: "Answers" }]));
client.on(Events.InteractionCreate, (interaction) => interaction.reply("pong"));

client.login(process.env.TOKEN);
