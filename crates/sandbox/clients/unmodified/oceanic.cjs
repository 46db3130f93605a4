const { Client, Intents } = require("oceanic.js");

const client = new Client({ auth: `Bot ${process.env.TOKEN}`, gateway: { intents: Intents.GUILDS } });

client.once("ready", () => client.application.bulkEditGlobalCommands([{ name: "ping", description: "Answers", type: 1 }]));
client.on("interactionCreate", (interaction) => interaction.createMessage({ content: "pong" }));
client.on("error", (error) => console.error(error));

client.connect();
