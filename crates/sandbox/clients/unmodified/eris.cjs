const Eris = require("eris");

const client = new Eris.Client(`Bot ${process.env.TOKEN}`, { intents: ["guilds"] });

client.once("ready", () => client.bulkEditCommands([{ name: "ping", description: "Answers", type: 1 }]));
client.on("interactionCreate", (interaction) => interaction.createMessage("pong"));
client.on("error", (error) => console.error(error));

client.connect();
