import os

import discord

bot = discord.Bot(intents=discord.Intents(guilds=True))


@bot.slash_command(description="Answers")
async def ping(context: discord.ApplicationContext) -> None:
    await context.respond("pong")


bot.run(os.environ["TOKEN"])
