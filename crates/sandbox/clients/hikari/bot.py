"""The tour (see ../README.md) as a hikari bot. hikari has no labels, so it has no survey."""

import os
import pathlib

import hikari
from hikari import impl

URL = os.environ["SANDBOX_URL"]
GUILD = int(os.environ["SANDBOX_GUILD"])
DOT = pathlib.Path(__file__).parent.parent / "dot.png"

# The address is all that points hikari at a sandbox.
bot = hikari.GatewayBot(
    os.environ["SANDBOX_TOKEN"],
    rest_url=f"{URL}/api/v10",
    intents=hikari.Intents.GUILDS
    | hikari.Intents.GUILD_MEMBERS
    | hikari.Intents.ALL_MESSAGES
    | hikari.Intents.GUILD_MESSAGE_REACTIONS,
    banner=None,
)

CHANNEL, USER, STRING = hikari.OptionType.CHANNEL, hikari.OptionType.USER, hikari.OptionType.STRING
INTEGER = hikari.OptionType.INTEGER


def option(name: str, kind: hikari.OptionType, *types: hikari.ChannelType) -> hikari.CommandOption:
    return hikari.CommandOption(
        type=kind, name=name, description=name, is_required=True, channel_types=list(types) or None
    )


def thread_command(name: str, *options: hikari.CommandOption) -> hikari.CommandOption:
    return hikari.CommandOption(
        type=hikari.OptionType.SUB_COMMAND, name=name, description=name, options=list(options)
    )


def slash(name: str, *options: hikari.CommandOption) -> hikari.api.SlashCommandBuilder:
    builder = bot.rest.slash_command_builder(name, f"The command {name}")
    for one in options:
        builder.add_option(one)
    return builder


@bot.listen()
async def started(_event: hikari.StartedEvent) -> None:
    application = await bot.rest.fetch_application()
    text, private = hikari.ChannelType.GUILD_TEXT, hikari.ChannelType.GUILD_PRIVATE_THREAD
    where, thread = option("where", CHANNEL, text), option("thread", CHANNEL, private)
    who = option("who", USER)
    await bot.rest.set_application_commands(
        application.id,
        [
            slash("tour", option("word", STRING), option("times", INTEGER), who, where),
            bot.rest.context_menu_command_builder(hikari.CommandType.MESSAGE, "Quote"),
            bot.rest.context_menu_command_builder(hikari.CommandType.USER, "Greet"),
        ],
    )
    threads = slash(
        "thread",
        thread_command("open", who),
        thread_command("add", thread, who),
        thread_command("remove", thread, who),
        thread_command("archive", thread),
    )
    say = slash("say", where, option("text", STRING))
    pin = bot.rest.context_menu_command_builder(hikari.CommandType.MESSAGE, "Pin")
    letter = slash("letter", who)
    own = [slash("hall"), slash("panel"), slash("upload"), say, letter, pin, threads]
    await bot.rest.set_application_commands(application.id, own, GUILD)


@bot.listen()
async def message(event: hikari.MessageCreateEvent) -> None:
    mentioned = event.message.user_mentions_ids or ()
    called = event.message.guild_id is None or bot.get_me().id in mentioned
    if not event.is_bot and called and "ping" in (event.message.content or ""):
        await event.message.respond("pong", reply=True)


@bot.listen()
async def reaction(event: hikari.GuildReactionAddEvent) -> None:
    if event.user_id != bot.get_me().id:
        await bot.rest.add_reaction(event.channel_id, event.message_id, event.emoji_name)


@bot.listen()
async def reaction_gone(event: hikari.GuildReactionDeleteEvent) -> None:
    if event.user_id != bot.get_me().id:
        await bot.rest.delete_my_reaction(event.channel_id, event.message_id, event.emoji_name)


@bot.listen()
async def members(event: hikari.ThreadMembersUpdateEvent) -> None:
    for user in event.removed_member_ids:
        await bot.rest.create_message(event.thread_id, f"gone <@{user}>", user_mentions=False)


async def reply(interaction: hikari.PartialInteraction, content: str, **more: object) -> None:
    await interaction.create_initial_response(
        hikari.ResponseType.MESSAGE_CREATE, content, **more
    )


async def whisper(interaction: hikari.PartialInteraction, content: str) -> None:
    await reply(interaction, content, flags=hikari.MessageFlag.EPHEMERAL)


@bot.listen()
async def commands(event: hikari.CommandInteractionCreateEvent) -> None:
    interaction = event.interaction
    options = list(interaction.options or ())
    name = interaction.command_name
    if name == "thread":
        name, options = f"thread {options[0].name}", list(options[0].options or ())
    await COMMANDS[name](interaction, {option.name: option.value for option in options})


async def tour(interaction: hikari.CommandInteraction, options: dict) -> None:
    guild = bot.cache.get_guild(GUILD)
    who = interaction.resolved.members[options["who"]]
    where = interaction.resolved.channels[options["where"]]
    await reply(
        interaction,
        f"guild={guild.name} channels={len(guild.get_channels())} roles={len(guild.get_roles())} "
        f"word={options['word']} times={options['times']} who={who.username} where={where.name}",
    )


async def quote(interaction: hikari.CommandInteraction, _options: dict) -> None:
    quoted = interaction.resolved.messages[interaction.target_id]
    await whisper(interaction, f"quote: {quoted.content}")


async def greet(interaction: hikari.CommandInteraction, _options: dict) -> None:
    member = interaction.resolved.members[interaction.target_id]
    await whisper(interaction, f"hello {member.username}")


async def hall(interaction: hikari.CommandInteraction, _options: dict) -> None:
    buttons = impl.MessageActionRowBuilder()
    buttons.add_interactive_button(hikari.ButtonStyle.PRIMARY, "knock", label="Knock")
    buttons.add_interactive_button(hikari.ButtonStyle.PRIMARY, "form", label="Form")
    colours = impl.MessageActionRowBuilder()
    menu = colours.add_text_menu("colours", min_values=1, max_values=3)
    for colour in ("red", "green", "blue"):
        menu.add_option(colour.title(), colour)
    people = impl.MessageActionRowBuilder()
    people.add_select_menu(
        hikari.ComponentType.USER_SELECT_MENU, "people", min_values=1, max_values=2
    )
    await reply(interaction, "hall", components=[buttons, colours, people])


async def panel(interaction: hikari.CommandInteraction, _options: dict) -> None:
    press = impl.InteractiveButtonBuilder(
        style=hikari.ButtonStyle.PRIMARY, custom_id="press", label="Press"
    )
    section = impl.SectionComponentBuilder(accessory=press)
    section.add_text_display("Press it.")
    container = impl.ContainerComponentBuilder(accent_color=hikari.Color(0x5865F2))
    container.add_text_display("# Panel")
    container.add_component(section)
    await interaction.create_initial_response(
        hikari.ResponseType.MESSAGE_CREATE, component=container
    )


async def upload(interaction: hikari.CommandInteraction, _options: dict) -> None:
    await interaction.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
    sent = await bot.rest.create_message(
        interaction.channel_id, "first", attachment=hikari.Bytes(b"one\n", "one.txt")
    )
    two = hikari.Bytes(b"two\n", "two.txt")
    await sent.edit("second", attachments=[*sent.attachments, two])
    embed = hikari.Embed(title="dot").set_image(hikari.File(DOT))
    await interaction.edit_initial_response(f"uploaded {sent.id}", embed=embed)


async def say(interaction: hikari.CommandInteraction, options: dict) -> None:
    try:
        await bot.rest.create_message(options["where"], options["text"])
    except hikari.ClientHTTPResponseError as e:
        await whisper(interaction, f"refused {e.code}")
    else:
        await whisper(interaction, "said")


async def letter(interaction: hikari.CommandInteraction, options: dict) -> None:
    who = interaction.resolved.members[options["who"]]
    try:
        await who.user.send(f"hello {who.username}")
    except hikari.ClientHTTPResponseError as e:
        await whisper(interaction, f"refused {e.code}")
    else:
        await whisper(interaction, "sent")


async def pin(interaction: hikari.CommandInteraction, _options: dict) -> None:
    channel, target = interaction.channel_id, interaction.resolved.messages[interaction.target_id]
    if target.is_pinned:
        await bot.rest.unpin_message(channel, target)
    else:
        await bot.rest.pin_message(channel, target)
    await whisper(interaction, f"pins: {len(await bot.rest.fetch_pins(channel))}")


async def open_thread(interaction: hikari.CommandInteraction, options: dict) -> None:
    await interaction.create_initial_response(
        hikari.ResponseType.DEFERRED_MESSAGE_CREATE, flags=hikari.MessageFlag.EPHEMERAL
    )
    thread = await bot.rest.create_thread(
        interaction.channel_id,
        hikari.ChannelType.GUILD_PRIVATE_THREAD,
        "tour",
        invitable=False,
        reason="the tour's thread",
    )
    await bot.rest.add_thread_member(thread, options["who"])
    await bot.rest.create_message(thread, f"hello <@{options['who']}>", user_mentions=True)
    await interaction.edit_initial_response(f"opened <#{thread.id}>")


async def count_members(interaction: hikari.CommandInteraction, thread: int) -> None:
    found = await bot.rest.fetch_thread_members(thread)
    await whisper(interaction, f"members: {len(found)}")


async def add(interaction: hikari.CommandInteraction, options: dict) -> None:
    await bot.rest.add_thread_member(options["thread"], options["who"])
    await count_members(interaction, options["thread"])


async def remove(interaction: hikari.CommandInteraction, options: dict) -> None:
    await bot.rest.remove_thread_member(options["thread"], options["who"])
    await count_members(interaction, options["thread"])


async def archive(interaction: hikari.CommandInteraction, options: dict) -> None:
    await bot.rest.edit_channel(options["thread"], archived=True, locked=True)
    await whisper(interaction, "archived")


COMMANDS = {
    "tour": tour,
    "Quote": quote,
    "Greet": greet,
    "hall": hall,
    "panel": panel,
    "upload": upload,
    "say": say,
    "letter": letter,
    "Pin": pin,
    "thread open": open_thread,
    "thread add": add,
    "thread remove": remove,
    "thread archive": archive,
}


@bot.listen()
async def components(event: hikari.ComponentInteractionCreateEvent) -> None:
    interaction = event.interaction
    match interaction.custom_id:
        case "knock":
            await interaction.create_initial_response(
                hikari.ResponseType.DEFERRED_MESSAGE_CREATE, flags=hikari.MessageFlag.EPHEMERAL
            )
            await interaction.edit_initial_response(f"knocked by {interaction.user.username}")
            await interaction.execute("and again", flags=hikari.MessageFlag.EPHEMERAL)
        case "form":
            name, why = impl.ModalActionRowBuilder(), impl.ModalActionRowBuilder()
            name.add_text_input("name", "Name", max_length=40)
            why.add_text_input(
                "why",
                "Why",
                style=hikari.TextInputStyle.PARAGRAPH,
                value="because",
                required=False,
            )
            await interaction.create_modal_response("A form", "form", components=[name, why])
        case "colours":
            await update(interaction, f"colours: {', '.join(interaction.values)}")
        case "people":
            users = interaction.resolved.users.values()
            await update(interaction, f"people: {', '.join(sorted(u.username for u in users))}")
        case "press":
            await whisper(interaction, "pressed")


async def update(interaction: hikari.ComponentInteraction, content: str) -> None:
    await interaction.create_initial_response(hikari.ResponseType.MESSAGE_UPDATE, content)


@bot.listen()
async def modals(event: hikari.ModalInteractionCreateEvent) -> None:
    rows = event.interaction.components
    name, why = (row.components[0].value for row in rows)
    await whisper(event.interaction, f"form: {name} / {why}")


bot.run(check_for_updates=False)
