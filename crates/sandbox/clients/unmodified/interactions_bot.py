import os

import interactions

client = interactions.Client(token=os.environ["TOKEN"])


@interactions.slash_command(name="ping", description="Answers")
async def ping(context: interactions.SlashContext) -> None:
    await context.send("pong")


client.start()
