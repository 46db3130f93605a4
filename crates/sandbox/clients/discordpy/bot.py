"""The tour (see ../README.md) as a discord.py bot."""

import asyncio
import io
import os
import pathlib

import discord
import yarl
from discord import app_commands, ui

URL = os.environ["SANDBOX_URL"]
DOT = pathlib.Path(__file__).parent.parent / "dot.png"

# These two lines are all that points discord.py at a sandbox.
discord.http.Route.BASE = f"{URL}/api/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(URL.replace("http", "ws", 1))


class Bot(discord.Client):
    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(
                guilds=True, members=True, messages=True, guild_reactions=True
            ),
            allowed_mentions=discord.AllowedMentions(users=True, roles=False, everyone=False),
        )
        self.tree = app_commands.CommandTree(self)
        self.registered: set[int] = set()

    async def setup_hook(self) -> None:
        self.tree.add_command(tour)
        self.tree.add_command(quote)
        self.tree.add_command(greet)
        await self.tree.sync()

    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self.register(guild)

    async def on_ready(self) -> None:
        for guild in self.guilds:
            await self.register(guild)

    async def register(self, guild: discord.Guild) -> None:
        if guild.id in self.registered:
            return
        self.registered.add(guild.id)
        for command in (hall, panel, upload, say, letter, pin, ThreadCommands()):
            self.tree.add_command(command, guild=guild)
        await self.tree.sync(guild=guild)

    async def on_message(self, message: discord.Message) -> None:
        called = message.guild is None or self.user in message.mentions
        if not message.author.bot and called and "ping" in message.content:
            await message.reply("pong")

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        if payload.user_id != self.user.id:
            message = self.get_channel(payload.channel_id).get_partial_message(payload.message_id)
            await message.add_reaction(payload.emoji)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        if payload.user_id != self.user.id:
            message = self.get_channel(payload.channel_id).get_partial_message(payload.message_id)
            await message.remove_reaction(payload.emoji, self.user)

    async def on_raw_thread_member_remove(self, payload: discord.RawThreadMembersUpdate) -> None:
        thread = self.get_channel(payload.thread_id)
        for user_id in payload.data.get("removed_member_ids", ()):
            await thread.send(f"gone <@{user_id}>", allowed_mentions=discord.AllowedMentions.none())


@app_commands.command(description="What the client knows of the guild and of the options")
async def tour(
    interaction: discord.Interaction,
    word: str,
    times: int,
    who: discord.Member,
    where: discord.TextChannel,
) -> None:
    guild = interaction.guild
    await interaction.response.send_message(
        f"guild={guild.name} channels={len(guild.channels)} roles={len(guild.roles)} "
        f"word={word} times={times} who={who.name} where={where.name}"
    )


@app_commands.context_menu(name="Quote")
async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"quote: {message.content}", ephemeral=True)


@app_commands.context_menu(name="Greet")
async def greet(interaction: discord.Interaction, member: discord.Member) -> None:
    await interaction.response.send_message(f"hello {member.name}", ephemeral=True)


@app_commands.command(description="A message with buttons and menus")
async def hall(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("hall", view=Hall())


class Hall(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Knock", custom_id="knock")
    async def knock(self, interaction: discord.Interaction, _button: ui.Button) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(content=f"knocked by {interaction.user.name}")
        await interaction.followup.send("and again", ephemeral=True)

    @ui.button(label="Form", custom_id="form")
    async def form(self, interaction: discord.Interaction, _button: ui.Button) -> None:
        await interaction.response.send_modal(Form())

    @ui.button(label="Survey", custom_id="survey")
    async def survey(self, interaction: discord.Interaction, _button: ui.Button) -> None:
        await interaction.response.send_modal(Survey())

    @ui.select(
        custom_id="colours",
        min_values=1,
        max_values=3,
        options=[discord.SelectOption(label=c.title(), value=c) for c in ("red", "green", "blue")],
    )
    async def colours(self, interaction: discord.Interaction, select: ui.Select) -> None:
        await interaction.response.edit_message(content=f"colours: {', '.join(select.values)}")

    @ui.select(cls=ui.UserSelect, custom_id="people", min_values=1, max_values=2)
    async def people(self, interaction: discord.Interaction, select: ui.UserSelect) -> None:
        names = ", ".join(sorted(user.name for user in select.values))
        await interaction.response.edit_message(content=f"people: {names}")


class Form(ui.Modal, title="A form"):
    name = ui.Label(text="Name", component=ui.TextInput(custom_id="name", max_length=40))
    why = ui.Label(
        text="Why",
        component=ui.TextInput(
            custom_id="why", style=discord.TextStyle.paragraph, default="because", required=False
        ),
    )

    def __init__(self) -> None:
        super().__init__(custom_id="form")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        name, why = self.name.component.value, self.why.component.value
        await interaction.response.send_message(f"form: {name} / {why}", ephemeral=True)


class Survey(ui.Modal, title="A survey"):
    mood = ui.Label(
        text="Mood",
        component=ui.Select(
            custom_id="mood",
            options=[discord.SelectOption(label=m.title(), value=m) for m in ("glad", "sad")],
        ),
    )

    def __init__(self) -> None:
        super().__init__(custom_id="survey")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        mood = ", ".join(self.mood.component.values)
        await interaction.response.send_message(f"survey: {mood}", ephemeral=True)


@app_commands.command(description="A message made of components")
async def panel(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(view=Panel())


class Press(ui.Button):
    def __init__(self) -> None:
        super().__init__(label="Press", custom_id="press")

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("pressed", ephemeral=True)


class Panel(ui.LayoutView):
    def __init__(self) -> None:
        super().__init__(timeout=None)
        section = ui.Section("Press it.", accessory=Press())
        self.add_item(ui.Container(ui.TextDisplay("# Panel"), section, accent_colour=0x5865F2))


@app_commands.command(description="Sends a file, edits the message, adds a file")
async def upload(interaction: discord.Interaction) -> None:
    await interaction.response.defer(thinking=True)
    message = await interaction.channel.send(
        "first", file=discord.File(io.BytesIO(b"one\n"), "one.txt")
    )
    two = discord.File(io.BytesIO(b"two\n"), "two.txt")
    await message.edit(content="second", attachments=[*message.attachments, two])
    embed = discord.Embed(title="dot").set_image(url="attachment://dot.png")
    await interaction.edit_original_response(
        content=f"uploaded {message.id}", embed=embed, attachments=[discord.File(DOT)]
    )


@app_commands.command(description="Says something elsewhere")
async def say(interaction: discord.Interaction, where: discord.TextChannel, text: str) -> None:
    try:
        await where.send(text)
    except discord.HTTPException as e:
        await interaction.response.send_message(f"refused {e.code}", ephemeral=True)
    else:
        await interaction.response.send_message("said", ephemeral=True)


@app_commands.command(description="Writes to somebody directly")
async def letter(interaction: discord.Interaction, who: discord.Member) -> None:
    try:
        await who.send(f"hello {who.name}")
    except discord.HTTPException as e:
        await interaction.response.send_message(f"refused {e.code}", ephemeral=True)
    else:
        await interaction.response.send_message("sent", ephemeral=True)


@app_commands.context_menu(name="Pin")
async def pin(interaction: discord.Interaction, message: discord.Message) -> None:
    await (message.unpin() if message.pinned else message.pin())
    pins = [pinned async for pinned in interaction.channel.pins()]
    await interaction.response.send_message(f"pins: {len(pins)}", ephemeral=True)


class ThreadCommands(app_commands.Group, name="thread", description="Private threads"):
    @app_commands.command(description="Opens a private thread")
    async def open(self, interaction: discord.Interaction, who: discord.Member) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        thread = await interaction.channel.create_thread(
            name="tour",
            type=discord.ChannelType.private_thread,
            invitable=False,
            auto_archive_duration=1440,
            reason="the tour's thread",
        )
        await thread.add_user(who)
        await thread.send(f"hello {who.mention}")
        await interaction.edit_original_response(content=f"opened <#{thread.id}>")

    @app_commands.command(description="Adds somebody to a thread")
    async def add(
        self, interaction: discord.Interaction, thread: discord.Thread, who: discord.Member
    ) -> None:
        await thread.add_user(who)
        members = await thread.fetch_members()
        await interaction.response.send_message(f"members: {len(members)}", ephemeral=True)

    @app_commands.command(description="Removes somebody from a thread")
    async def remove(
        self, interaction: discord.Interaction, thread: discord.Thread, who: discord.Member
    ) -> None:
        await thread.remove_user(who)
        members = await thread.fetch_members()
        await interaction.response.send_message(f"members: {len(members)}", ephemeral=True)

    @app_commands.command(description="Archives and locks a thread")
    async def archive(self, interaction: discord.Interaction, thread: discord.Thread) -> None:
        await thread.edit(archived=True, locked=True)
        await interaction.response.send_message("archived", ephemeral=True)


async def main() -> None:
    discord.utils.setup_logging()
    async with Bot() as bot:
        await bot.start(os.environ["SANDBOX_TOKEN"])


asyncio.run(main())
