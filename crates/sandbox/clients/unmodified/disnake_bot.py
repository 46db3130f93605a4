import os

import disnake
from disnake.ext import commands

bot = commands.InteractionBot(intents=disnake.Intents(guilds=True))


@bot.slash_command(description="Answers")
async def ping(interaction: disnake.ApplicationCommandInteraction) -> None:
    await interaction.response.send_message("pong")


bot.run(os.environ["TOKEN"])
