import os

import hikari

bot = hikari.GatewayBot(os.environ["TOKEN"], intents=hikari.Intents.GUILDS, banner=None)


@bot.listen()
async def started(_event: hikari.StartedEvent) -> None:
    application = await bot.rest.fetch_application()
    command = bot.rest.slash_command_builder("ping", "Answers")
    await bot.rest.set_application_commands(application.id, [command])


@bot.listen()
async def asked(event: hikari.InteractionCreateEvent) -> None:
    await event.interaction.create_initial_response(
        hikari.ResponseType.MESSAGE_CREATE, "pong"
    )


bot.run(check_for_updates=False)
