import os

import nextcord
from nextcord.ext import commands

bot = commands.Bot(intents=nextcord.Intents(guilds=True))


@bot.slash_command(description="Answers")
async def ping(interaction: nextcord.Interaction) -> None:
    await interaction.response.send_message("pong")


bot.run(os.environ["TOKEN"])
