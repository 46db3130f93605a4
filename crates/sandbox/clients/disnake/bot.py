"""The tour (see ../README.md) as a disnake bot."""

import io
import os
import pathlib

import disnake
from disnake import ui
from disnake.ext import commands

URL = os.environ["SANDBOX_URL"]
GUILDS = [int(os.environ["SANDBOX_GUILD"])]
DOT = pathlib.Path(__file__).parent.parent / "dot.png"

# This line is all that points disnake at a sandbox.
disnake.http.Route.BASE = f"{URL}/api/v10"

bot = commands.InteractionBot(
    intents=disnake.Intents(guilds=True, members=True, messages=True, guild_reactions=True),
    allowed_mentions=disnake.AllowedMentions(users=True, roles=False, everyone=False),
)


@bot.event
async def on_message(message: disnake.Message) -> None:
    called = message.guild is None or bot.user in message.mentions
    if not message.author.bot and called and "ping" in message.content:
        await message.reply("pong")


@bot.event
async def on_raw_reaction_add(payload: disnake.RawReactionActionEvent) -> None:
    if payload.user_id != bot.user.id:
        message = bot.get_channel(payload.channel_id).get_partial_message(payload.message_id)
        await message.add_reaction(payload.emoji)


@bot.event
async def on_raw_reaction_remove(payload: disnake.RawReactionActionEvent) -> None:
    if payload.user_id != bot.user.id:
        message = bot.get_channel(payload.channel_id).get_partial_message(payload.message_id)
        await message.remove_reaction(payload.emoji, bot.user)


@bot.event
async def on_raw_thread_member_remove(payload: disnake.RawThreadMemberRemoveEvent) -> None:
    quiet = disnake.AllowedMentions.none()
    await payload.thread.send(f"gone <@{payload.member_id}>", allowed_mentions=quiet)


@bot.slash_command(description="What the client knows of the guild and of the options")
async def tour(
    interaction: disnake.ApplicationCommandInteraction,
    word: str,
    times: int,
    who: disnake.Member,
    where: disnake.TextChannel,
) -> None:
    guild = interaction.guild
    await interaction.response.send_message(
        f"guild={guild.name} channels={len(guild.channels)} roles={len(guild.roles)} "
        f"word={word} times={times} who={who.name} where={where.name}"
    )


@bot.message_command(name="Quote")
async def quote(
    interaction: disnake.MessageCommandInteraction, message: disnake.Message
) -> None:
    await interaction.response.send_message(f"quote: {message.content}", ephemeral=True)


@bot.user_command(name="Greet")
async def greet(interaction: disnake.UserCommandInteraction, member: disnake.Member) -> None:
    await interaction.response.send_message(f"hello {member.name}", ephemeral=True)


class Form(ui.Modal):
    def __init__(self) -> None:
        name = ui.TextInput(label="Name", custom_id="name", max_length=40)
        why = ui.TextInput(
            label="Why",
            custom_id="why",
            style=disnake.TextInputStyle.paragraph,
            value="because",
            required=False,
        )
        super().__init__(title="A form", custom_id="form", components=[name, why])

    async def callback(self, interaction: disnake.ModalInteraction) -> None:
        name, why = interaction.text_values["name"], interaction.text_values["why"]
        await interaction.response.send_message(f"form: {name} / {why}", ephemeral=True)


class Survey(ui.Modal):
    def __init__(self) -> None:
        options = [disnake.SelectOption(label=m.title(), value=m) for m in ("glad", "sad")]
        mood = ui.Label("Mood", ui.StringSelect(custom_id="mood", options=options))
        super().__init__(title="A survey", custom_id="survey", components=[mood])

    async def callback(self, interaction: disnake.ModalInteraction) -> None:
        mood = ", ".join(interaction.values["mood"])
        await interaction.response.send_message(f"survey: {mood}", ephemeral=True)


class Hall(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Knock", custom_id="knock")
    async def knock(self, _button: ui.Button, interaction: disnake.MessageInteraction) -> None:
        await interaction.response.defer(ephemeral=True, with_message=True)
        await interaction.edit_original_response(content=f"knocked by {interaction.user.name}")
        await interaction.followup.send("and again", ephemeral=True)

    @ui.button(label="Form", custom_id="form")
    async def form(self, _button: ui.Button, interaction: disnake.MessageInteraction) -> None:
        await interaction.response.send_modal(Form())

    @ui.button(label="Survey", custom_id="survey")
    async def survey(self, _button: ui.Button, interaction: disnake.MessageInteraction) -> None:
        await interaction.response.send_modal(Survey())

    @ui.string_select(
        custom_id="colours",
        max_values=3,
        options=[disnake.SelectOption(label=c.title(), value=c) for c in ("red", "green", "blue")],
    )
    async def colours(
        self, select: ui.StringSelect, interaction: disnake.MessageInteraction
    ) -> None:
        await interaction.response.edit_message(content=f"colours: {', '.join(select.values)}")

    @ui.user_select(custom_id="people", max_values=2)
    async def people(self, select: ui.UserSelect, interaction: disnake.MessageInteraction) -> None:
        names = ", ".join(sorted(user.name for user in select.values))
        await interaction.response.edit_message(content=f"people: {names}")


@bot.slash_command(guild_ids=GUILDS, description="A message with buttons and menus")
async def hall(interaction: disnake.ApplicationCommandInteraction) -> None:
    await interaction.response.send_message("hall", view=Hall())


@bot.slash_command(guild_ids=GUILDS, description="A message made of components")
async def panel(interaction: disnake.ApplicationCommandInteraction) -> None:
    section = ui.Section("Press it.", accessory=ui.Button(label="Press", custom_id="press"))
    colour = disnake.Colour(0x5865F2)
    container = ui.Container(ui.TextDisplay("# Panel"), section, accent_colour=colour)
    await interaction.response.send_message(components=[container])


@bot.listen()
async def on_button_click(interaction: disnake.MessageInteraction) -> None:
    if interaction.component.custom_id == "press":
        await interaction.response.send_message("pressed", ephemeral=True)


@bot.slash_command(guild_ids=GUILDS, description="Sends a file, edits the message, adds a file")
async def upload(interaction: disnake.ApplicationCommandInteraction) -> None:
    await interaction.response.defer()
    message = await interaction.channel.send(
        "first", file=disnake.File(io.BytesIO(b"one\n"), "one.txt")
    )
    two = disnake.File(io.BytesIO(b"two\n"), "two.txt")
    await message.edit("second", file=two)
    embed = disnake.Embed(title="dot").set_image(url="attachment://dot.png")
    await interaction.edit_original_response(
        f"uploaded {message.id}", embed=embed, file=disnake.File(DOT)
    )


@bot.slash_command(guild_ids=GUILDS, description="Says something elsewhere")
async def say(
    interaction: disnake.ApplicationCommandInteraction, where: disnake.TextChannel, text: str
) -> None:
    try:
        await where.send(text)
    except disnake.HTTPException as e:
        await interaction.response.send_message(f"refused {e.code}", ephemeral=True)
    else:
        await interaction.response.send_message("said", ephemeral=True)


@bot.slash_command(guild_ids=GUILDS, description="Writes to somebody directly")
async def letter(interaction: disnake.ApplicationCommandInteraction, who: disnake.Member) -> None:
    try:
        await who.send(f"hello {who.name}")
    except disnake.HTTPException as e:
        await interaction.response.send_message(f"refused {e.code}", ephemeral=True)
    else:
        await interaction.response.send_message("sent", ephemeral=True)


@bot.message_command(guild_ids=GUILDS, name="Pin")
async def pin(interaction: disnake.MessageCommandInteraction, message: disnake.Message) -> None:
    await (message.unpin() if message.pinned else message.pin())
    pins = [pinned async for pinned in interaction.channel.pins()]
    await interaction.response.send_message(f"pins: {len(pins)}", ephemeral=True)


@bot.slash_command(guild_ids=GUILDS, description="Private threads")
async def thread(_interaction: disnake.ApplicationCommandInteraction) -> None:
    pass


@thread.sub_command(name="open", description="Opens a private thread")
async def open_thread(
    interaction: disnake.ApplicationCommandInteraction, who: disnake.Member
) -> None:
    await interaction.response.defer(ephemeral=True)
    made = await interaction.channel.create_thread(
        name="tour",
        type=disnake.ChannelType.private_thread,
        invitable=False,
        auto_archive_duration=1440,
        reason="the tour's thread",
    )
    await made.add_user(who)
    await made.send(f"hello {who.mention}")
    await interaction.edit_original_response(f"opened <#{made.id}>")


@thread.sub_command(description="Adds somebody to a thread")
async def add(
    interaction: disnake.ApplicationCommandInteraction, thread: disnake.Thread, who: disnake.Member
) -> None:
    await thread.add_user(who)
    members = await thread.fetch_members()
    await interaction.response.send_message(f"members: {len(members)}", ephemeral=True)


@thread.sub_command(description="Removes somebody from a thread")
async def remove(
    interaction: disnake.ApplicationCommandInteraction, thread: disnake.Thread, who: disnake.Member
) -> None:
    await thread.remove_user(who)
    members = await thread.fetch_members()
    await interaction.response.send_message(f"members: {len(members)}", ephemeral=True)


@thread.sub_command(description="Archives and locks a thread")
async def archive(
    interaction: disnake.ApplicationCommandInteraction, thread: disnake.Thread
) -> None:
    await thread.edit(archived=True, locked=True)
    await interaction.response.send_message("archived", ephemeral=True)


bot.run(os.environ["SANDBOX_TOKEN"])
