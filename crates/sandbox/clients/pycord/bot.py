"""The tour (see ../README.md) as a py-cord bot. What it sends to interactions are forms."""

import io
import os
import pathlib

import discord
from discord import ui

URL = os.environ["SANDBOX_URL"]
GUILDS = [int(os.environ["SANDBOX_GUILD"])]
DOT = pathlib.Path(__file__).parent.parent / "dot.png"

# This line is all that points py-cord at a sandbox.
discord.http.Route.API_BASE_URL = f"{URL}/api/v10"

bot = discord.Bot(
    intents=discord.Intents(guilds=True, members=True, messages=True, guild_reactions=True),
    allowed_mentions=discord.AllowedMentions(users=True, roles=False, everyone=False),
)


@bot.event
async def on_message(message: discord.Message) -> None:
    called = message.guild is None or bot.user in message.mentions
    if not message.author.bot and called and "ping" in message.content:
        await message.reply("pong")


@bot.event
async def on_raw_reaction_add(payload: discord.RawReactionActionEvent) -> None:
    if payload.user_id != bot.user.id:
        message = bot.get_channel(payload.channel_id).get_partial_message(payload.message_id)
        await message.add_reaction(payload.emoji)


@bot.event
async def on_raw_reaction_remove(payload: discord.RawReactionActionEvent) -> None:
    if payload.user_id != bot.user.id:
        message = bot.get_channel(payload.channel_id).get_partial_message(payload.message_id)
        await message.remove_reaction(payload.emoji, bot.user)


@bot.event
async def on_raw_thread_member_remove(payload: discord.RawThreadMembersUpdateEvent) -> None:
    thread = bot.get_channel(payload.thread_id)
    for user_id in payload.data.get("removed_member_ids", ()):
        await thread.send(f"gone <@{user_id}>", allowed_mentions=discord.AllowedMentions.none())


@bot.slash_command(description="What the client knows of the guild and of the options")
async def tour(
    context: discord.ApplicationContext,
    word: str,
    times: int,
    who: discord.Member,
    where: discord.TextChannel,
) -> None:
    guild = context.guild
    await context.respond(
        f"guild={guild.name} channels={len(guild.channels)} roles={len(guild.roles)} "
        f"word={word} times={times} who={who.name} where={where.name}"
    )


@bot.message_command(name="Quote")
async def quote(context: discord.ApplicationContext, message: discord.Message) -> None:
    await context.respond(f"quote: {message.content}", ephemeral=True)


@bot.user_command(name="Greet")
async def greet(context: discord.ApplicationContext, member: discord.Member) -> None:
    await context.respond(f"hello {member.name}", ephemeral=True)


class Form(ui.Modal):
    def __init__(self) -> None:
        name = ui.InputText(label="Name", custom_id="name", max_length=40)
        why = ui.InputText(
            label="Why",
            custom_id="why",
            style=discord.InputTextStyle.long,
            value="because",
            required=False,
        )
        super().__init__(name, why, title="A form", custom_id="form")

    async def callback(self, interaction: discord.Interaction) -> None:
        name, why = (child.value for child in self.children)
        await interaction.response.send_message(f"form: {name} / {why}", ephemeral=True)


class Survey(ui.DesignerModal):
    def __init__(self) -> None:
        options = [discord.SelectOption(label=m.title(), value=m) for m in ("glad", "sad")]
        self.mood = ui.StringSelect(custom_id="mood", options=options)
        super().__init__(ui.Label("Mood", self.mood), title="A survey", custom_id="survey")

    async def callback(self, interaction: discord.Interaction) -> None:
        mood = ", ".join(self.mood.values)
        await interaction.response.send_message(f"survey: {mood}", ephemeral=True)


class Hall(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Knock", custom_id="knock")
    async def knock(self, _button: ui.Button, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, invisible=False)
        await interaction.edit_original_response(content=f"knocked by {interaction.user.name}")
        await interaction.followup.send("and again", ephemeral=True)

    @ui.button(label="Form", custom_id="form")
    async def form(self, _button: ui.Button, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())

    @ui.button(label="Survey", custom_id="survey")
    async def survey(self, _button: ui.Button, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Survey())

    @ui.string_select(
        custom_id="colours",
        max_values=3,
        options=[discord.SelectOption(label=c.title(), value=c) for c in ("red", "green", "blue")],
    )
    async def colours(self, select: ui.Select, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content=f"colours: {', '.join(select.values)}")

    @ui.user_select(custom_id="people", max_values=2)
    async def people(self, select: ui.Select, interaction: discord.Interaction) -> None:
        names = ", ".join(sorted(user.name for user in select.values))
        await interaction.response.edit_message(content=f"people: {names}")


@bot.slash_command(guild_ids=GUILDS, description="A message with buttons and menus")
async def hall(context: discord.ApplicationContext) -> None:
    await context.respond("hall", view=Hall())


class Press(ui.Button):
    def __init__(self) -> None:
        super().__init__(label="Press", custom_id="press")

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("pressed", ephemeral=True)


@bot.slash_command(guild_ids=GUILDS, description="A message made of components")
async def panel(context: discord.ApplicationContext) -> None:
    section = ui.Section(ui.TextDisplay("Press it."), accessory=Press())
    container = ui.Container(ui.TextDisplay("# Panel"), section, colour=0x5865F2)
    await context.respond(view=ui.DesignerView(container, timeout=None))


@bot.slash_command(guild_ids=GUILDS, description="Sends a file, edits the message, adds a file")
async def upload(context: discord.ApplicationContext) -> None:
    await context.defer()
    message = await context.channel.send(
        "first", file=discord.File(io.BytesIO(b"one\n"), "one.txt")
    )
    two = discord.File(io.BytesIO(b"two\n"), "two.txt")
    await message.edit(content="second", attachments=message.attachments, file=two)
    embed = discord.Embed(title="dot").set_image(url="attachment://dot.png")
    await context.edit(content=f"uploaded {message.id}", embed=embed, file=discord.File(DOT))


@bot.slash_command(guild_ids=GUILDS, description="Says something elsewhere")
async def say(
    context: discord.ApplicationContext, where: discord.TextChannel, text: str
) -> None:
    try:
        await where.send(text)
    except discord.HTTPException as e:
        await context.respond(f"refused {e.code}", ephemeral=True)
    else:
        await context.respond("said", ephemeral=True)


@bot.slash_command(guild_ids=GUILDS, description="Writes to somebody directly")
async def letter(context: discord.ApplicationContext, who: discord.Member) -> None:
    try:
        await who.send(f"hello {who.name}")
    except discord.HTTPException as e:
        await context.respond(f"refused {e.code}", ephemeral=True)
    else:
        await context.respond("sent", ephemeral=True)


@bot.message_command(guild_ids=GUILDS, name="Pin")
async def pin(context: discord.ApplicationContext, message: discord.Message) -> None:
    await (message.unpin() if message.pinned else message.pin())
    pins = [pinned async for pinned in context.channel.pins()]
    await context.respond(f"pins: {len(pins)}", ephemeral=True)


PrivateThread = discord.Option(
    discord.SlashCommandOptionType.channel, channel_types=[discord.ChannelType.private_thread]
)
threads = bot.create_group("thread", "Private threads", guild_ids=GUILDS)


@threads.command(name="open", description="Opens a private thread")
async def open_thread(context: discord.ApplicationContext, who: discord.Member) -> None:
    await context.defer(ephemeral=True)
    thread = await context.channel.create_thread(
        name="tour",
        type=discord.ChannelType.private_thread,
        invitable=False,
        auto_archive_duration=1440,
        reason="the tour's thread",
    )
    await thread.add_user(who)
    await thread.send(f"hello {who.mention}")
    await context.edit(content=f"opened <#{thread.id}>")


@threads.command(description="Adds somebody to a thread")
async def add(
    context: discord.ApplicationContext, thread: PrivateThread, who: discord.Member
) -> None:
    await thread.add_user(who)
    members = await thread.fetch_members()
    await context.respond(f"members: {len(members)}", ephemeral=True)


@threads.command(description="Removes somebody from a thread")
async def remove(
    context: discord.ApplicationContext, thread: PrivateThread, who: discord.Member
) -> None:
    await thread.remove_user(who)
    members = await thread.fetch_members()
    await context.respond(f"members: {len(members)}", ephemeral=True)


@threads.command(description="Archives and locks a thread")
async def archive(context: discord.ApplicationContext, thread: PrivateThread) -> None:
    await thread.edit(archived=True, locked=True)
    await context.respond("archived", ephemeral=True)


bot.run(os.environ["SANDBOX_TOKEN"])
