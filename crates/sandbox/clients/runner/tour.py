"""The tour: what every client's bot must be able to do on the sandbox, step by step.

Each step acts as people do and looks from outside. What the bots answer is written down in
../README.md.
"""

import re
from typing import Any

from .control import Failed, Sandbox
from .people import Bot, Person, answered, expect, one

PRIVATE_THREAD = 12
SEND_MESSAGES = 1 << 11
PIN_MESSAGES = 1 << 51
COMPONENTS_ONLY = 1 << 15
RETRY_AFTER = 1.5
# Timers of some event loops end a few milliseconds early.
TIMER = 0.02

SURVEY = "modal with a menu in it"
PANEL = "message made of components, button in it"

# serenity 0.12 has neither labels nor sections, and hikari 2.7 has no labels.
LACKING = {
    "hikari": frozenset({SURVEY}),
    "serenity": frozenset({SURVEY, PANEL}),
}

# How the bots, and the libraries' own logs, say that something is wrong.
ERROR = re.compile(r"^error: |\bERROR\b|Err deserializing")


class Tour:
    # The steps that this bot does not have.
    lacking: frozenset[str] = frozenset()

    def __init__(self, sandbox: Sandbox, bot: Bot, dot: bytes) -> None:
        self.sandbox = sandbox
        self.bot = bot
        self.dot = dot
        self.owner = Person(sandbox, "owner")
        self.max = Person(sandbox, "moderator")
        self.mia = Person(sandbox, "member")
        self.noah = Person(sandbox, "member2")
        # Calls of the bot that a step made fail on purpose: method, path, status.
        self.meant_to_fail: set[tuple[str, str, int]] = set()
        self._found: dict[str, Any] = {}

    def until(self, what, look):
        return self.sandbox.until(what, look, self.bot.alive)

    @property
    def general(self) -> str:
        return self.mia.channel_named("general")

    def found(self, what: str) -> Any:
        """What an earlier step found."""
        if what not in self._found:
            raise Failed(f"an earlier step did not get as far as {what}")
        return self._found[what]

    def events(self, name: str, after: int = 0) -> list[dict]:
        entries = self.sandbox.record(after)
        return [e for e in entries if e["kind"] == "event" and e["name"] == name]

    def calls(self, method: str, path: str, after: int = 0) -> list[dict]:
        entries = self.sandbox.record(after)
        return [
            entry
            for entry in entries
            if entry["kind"] == "call" and (entry["method"], entry["path"]) == (method, path)
        ]

    # The steps, in their order.

    def login(self) -> None:
        """Logs in, and receives the guild."""
        self.until(
            "a connected bot", lambda: self.sandbox.get("/world")["application"]["connected"]
        )
        self.until("READY", lambda: self.events("READY"))
        created = self.until("GUILD_CREATE", lambda: self.events("GUILD_CREATE"))
        expect("the guild", created[0]["data"]["id"], self.sandbox.guild)

    def commands(self) -> None:
        """Registers global commands and commands of the guild."""
        expected = {
            *({(1, "panel", True)} if PANEL not in self.lacking else ()),
            (1, "tour", False),
            (3, "Quote", False),
            (2, "Greet", False),
            (3, "Pin", True),
            (1, "hall", True),
            (1, "letter", True),
            (1, "upload", True),
            (1, "say", True),
            (1, "thread", True),
        }

        def registered() -> bool:
            commands = self.owner.commands()
            return expected == {(c["type"], c["name"], bool(c.get("guild_id"))) for c in commands}

        self.until("the bot's commands", registered)

    def slash(self) -> None:
        """Answers a slash command with options, from what it knows of the guild."""
        self._tour()

    def _tour(self) -> None:
        options = {"word": "hello", "times": 3, "who": self.noah.id, "where": self.general}
        guild = self.owner.view()
        channels, roles = len(guild["channels"]), len(guild["roles"])
        answered(
            self.mia.run(self.general, "tour", options),
            f"guild={guild['name']} channels={channels} roles={roles} "
            f"word=hello times=3 who={self.noah.name} where=general",
            ephemeral=False,
        )

    def menu(self) -> None:
        """Answers a message command."""
        message = self.noah.send(self.general, "mind the gap")
        answer = self.mia.use_menu(self.general, "Quote", message["id"])
        answered(answer, "quote: mind the gap", ephemeral=True)

    def member_menu(self) -> None:
        """Answers a member command, from the member that comes with it."""
        answer = self.mia.use_member_menu(self.general, "Greet", self.noah.id)
        answered(answer, f"hello {self.noah.name}", ephemeral=True)

    def button(self) -> None:
        """Answers a button late, and follows up."""
        answer = self.mia.run(self.general, "hall")
        self._found["hall"] = answered(answer, "hall", ephemeral=False)["id"]
        answer = self.mia.click(self.general, self.found("hall"), "knock")
        knocked = answered(answer, f"knocked by {self.mia.name}", ephemeral=True)

        def more() -> list[dict]:
            newer = self.mia.messages(self.general)
            return [m for m in newer if m["content"] == "and again"]

        followup = one("follow-up", self.until("the follow-up", more))
        if int(followup["id"]) <= int(knocked["id"]) or not followup["flags"] & 64:
            raise Failed(f"the follow-up is not a later ephemeral message: {followup}")
        seen = [m["content"] for m in self.noah.messages(self.general)]
        if "and again" in seen:
            raise Failed("somebody else sees the ephemeral follow-up")

    def select(self) -> None:
        """Updates its message from two kinds of select menus."""
        hall = self.found("hall")
        self.mia.click(self.general, hall, "colours", ["red", "blue"])
        self._hall_says("colours: red, blue")
        self.mia.click(self.general, hall, "people", [self.owner.id, self.noah.id])
        names = sorted([self.owner.name, self.noah.name])
        self._hall_says(f"people: {', '.join(names)}")

    def _hall_says(self, content: str) -> None:
        hall = self.found("hall")
        self.until(
            f"the menus' message to say {content!r}",
            lambda: self.noah.message(self.general, hall)["content"] == content,
        )

    def modal(self) -> None:
        """Opens a modal, and answers when it is submitted."""
        opened = self.mia.click(self.general, self.found("hall"), "form")
        expect("the state", opened["state"], "modal")
        modal = opened["modal"]
        expect("the modal", (modal["custom_id"], modal["title"]), ("form", "A form"))
        answer = self.mia.submit(opened["id"], {"name": "Mia"})
        answered(answer, "form: Mia / because", ephemeral=True)

    def survey(self) -> None:
        """Opens a modal with a menu in it, and reads what was chosen."""
        opened = self.mia.click(self.general, self.found("hall"), "survey")
        expect("the state", opened["state"], "modal")
        menu = opened["modal"]["components"][0]["component"]
        expect("the menu", (menu["type"], menu["custom_id"]), (3, "mood"))
        answer = self.mia.submit(opened["id"], {"mood": ["sad"]})
        answered(answer, "survey: sad", ephemeral=True)

    def panel(self) -> None:
        """Sends a message made of components, and answers a button in it."""
        answer = self.mia.run(self.general, "panel")
        expect("the state", answer["state"], "answered")
        message = answer["message"]
        expect("made of components", bool(message["flags"] & COMPONENTS_ONLY), True)
        container = one("container", message["components"])
        title, section = container["components"]
        expect("the title", title["content"], "# Panel")
        expect("the text", section["components"][0]["content"], "Press it.")
        answer = self.mia.click(self.general, message["id"], section["accessory"]["custom_id"])
        answered(answer, "pressed", ephemeral=True)

    def upload(self) -> None:
        """Uploads a file, edits the message with another, shows a third in an embed."""
        answer = self.mia.run(self.general, "upload")
        expect("the state", answer["state"], "answered")
        message = answer["message"]
        link = re.fullmatch(r"uploaded (\d+)", message["content"])
        if not link:
            raise Failed(f"the answer is {message['content']!r}")
        image = one("embed", message["embeds"])["image"]["url"]
        expect("the picture", self.sandbox.fetch(image), self.dot)

        edited = self.mia.message(self.general, link[1])
        expect("the edited content", edited["content"], "second")
        if not edited["edited_timestamp"]:
            raise Failed("the message does not say that it was edited")
        files = {a["filename"]: self.sandbox.fetch(a["url"]) for a in edited["attachments"]}
        expect("the files", files, {"one.txt": b"one\n", "two.txt": b"two\n"})

    def refusal(self) -> None:
        """Understands that a permission is missing."""
        channel = self.mia.channel_named("welcome")
        overwrite = f"{self.owner.path}/channels/{channel}/overwrites/{self.sandbox.bot}"
        self.sandbox.put(overwrite, {"type": 1, "allow": "0", "deny": str(SEND_MESSAGES)})
        self.meant_to_fail.add(("POST", f"/channels/{channel}/messages", 403))
        answer = self.owner.run(self.general, "say", {"where": channel, "text": "hello"})
        answered(answer, "refused 50013", ephemeral=True)
        self.sandbox.delete(overwrite)

    def reactions(self) -> None:
        """Reacts as a person does, and takes its reaction back as they do."""
        hall, thumb = self.found("hall"), "👍"
        self.mia.react(self.general, hall, thumb)
        self._reactions([(thumb, 2)])
        self.mia.react(self.general, hall, thumb, away=True)
        self._reactions([])

    def _reactions(self, expected: list[tuple[str, int]]) -> None:
        def shown() -> bool:
            message = self.noah.message(self.general, self.found("hall"))
            found = message.get("reactions", [])
            return expected == [(r["emoji"]["name"], r["count"]) for r in found]

        self.until(f"the reactions {expected}", shown)

    def pins(self) -> None:
        """Pins a message, lists what is pinned, and unpins it."""
        overwrite = f"{self.owner.path}/channels/{self.general}/overwrites/{self.sandbox.bot}"
        self.sandbox.put(overwrite, {"type": 1, "allow": str(PIN_MESSAGES), "deny": "0"})
        message = self.noah.send(self.general, "keep this")["id"]
        for pinned in ([message], []):
            answer = self.max.use_menu(self.general, "Pin", message)
            answered(answer, f"pins: {len(pinned)}", ephemeral=True)
            expect("the pins", [m["id"] for m in self.mia.pins(self.general)], pinned)
        self.sandbox.delete(overwrite)

    def direct_messages(self) -> None:
        """Writes to somebody directly, answers there, and understands who takes no such messages."""
        letter = {"who": self.noah.id}
        answered(self.max.run(self.general, "letter", letter), "sent", ephemeral=True)
        direct = self.noah.direct_messages()
        hello = f"hello {self.noah.name}"
        one("letter", self.noah.messages(direct), lambda m: m["content"] == hello)
        self._ping(self.noah, direct, "ping")

        self.sandbox.patch(self.noah.path, {"direct_messages": False})
        self.meant_to_fail.add(("POST", f"/channels/{direct}/messages", 403))
        answered(self.max.run(self.general, "letter", letter), "refused 50007", ephemeral=True)

    def thread(self) -> None:
        """Creates a private thread, adds a member, writes into it."""
        answer = self.max.run(self.general, "thread open", {"who": self.noah.id})
        opened = re.fullmatch(r"opened <#(\d+)>", answer["message"]["content"])
        if not opened:
            raise Failed(f"the answer is {answer['message']['content']!r}")
        thread = self.noah.channel(opened[1])
        self._found["thread"] = thread["id"]
        expect("the type", thread["type"], PRIVATE_THREAD)
        expect("the name", thread["name"], "tour")
        expect("the parent", thread["parent_id"], self.general)
        expect("the creator", thread["owner_id"], self.sandbox.bot)
        expect("invitable", thread["thread_metadata"]["invitable"], False)
        expect("the members", self._members(), {self.sandbox.bot, self.noah.id})
        seen = [t["id"] for t in self.mia.view()["threads"]]
        if thread["id"] in seen:
            raise Failed("somebody who is no member sees the private thread")
        hello = f"hello {self.noah.mention}"
        one("hello", self.noah.messages(thread["id"]), lambda m: m["content"] == hello)

    def members(self) -> None:
        """Removes and adds members, and notices who leaves."""
        thread = self.found("thread")
        options = {"thread": thread, "who": self.noah.id}
        answer = self.max.run(self.general, "thread remove", options)
        answered(answer, f"members: {len(self._members())}", ephemeral=True)
        if self.noah.id in self._members():
            raise Failed("the member was not removed")
        self._gone(1)

        answer = self.max.run(self.general, "thread add", options)
        answered(answer, f"members: {len(self._members())}", ephemeral=True)
        if self.noah.id not in self._members():
            raise Failed("the member was not added")

        self.noah.leave_thread(thread)
        self._gone(2)

    def _members(self) -> set[str]:
        return self.max.thread_members(self.found("thread"))

    def _gone(self, times: int) -> None:
        def said() -> bool:
            messages = self.max.messages(self.found("thread"))
            return times == sum(m["content"] == f"gone {self.noah.mention}" for m in messages)

        self.until(f"the bot to notice {times} × that somebody left", said)

    def archive(self) -> None:
        """Archives and locks the thread."""
        thread = self.found("thread")
        answered(
            self.max.run(self.general, "thread archive", {"thread": thread}),
            "archived",
            ephemeral=True,
        )
        state = self.max.channel(thread)["thread_metadata"]
        expect("archived, locked", (state["archived"], state["locked"]), (True, True))

    def changes(self) -> None:
        """Understands what people change, and keeps up with it."""
        here, there = f"{self.owner.path}/guilds/{self.sandbox.guild}", f"{self.owner.path}/channels"
        post, patch = self.sandbox.post, self.sandbox.patch
        put, delete = self.sandbox.put, self.sandbox.delete

        # And back, because serenity's cache does not follow a guild's name.
        name = self.owner.view()["name"]
        patch(here, {"name": f"{name}, enlarged"})
        patch(here, {"name": name})
        channel = post(f"{here}/channels", {"name": "annex", "type": 0})["id"]
        patch(f"{there}/{channel}", {"topic": "More room", "rate_limit_per_user": 5})
        role = post(f"{here}/roles", {"name": "Guest", "mentionable": True})["id"]
        patch(f"{here}/roles/{role}", {"color": 0x5865F2, "hoist": True})
        put(f"{there}/{channel}/overwrites/{role}", {"type": 0, "allow": "0", "deny": "2048"})

        guest = {"username": "guest", "guild_id": self.sandbox.guild}
        guest_id = one("person", post("/people", guest))["id"]
        put(f"{here}/members/{guest_id}/roles/{role}")
        delete(f"{here}/members/{guest_id}/roles/{role}")

        messages = [self.owner.send(channel, f"{n} <@&{role}>")["id"] for n in range(4)]
        patch(f"{there}/{channel}/messages/{messages[0]}", {"content": "zero"})
        delete(f"{there}/{channel}/messages/{messages[0]}")
        post(f"{there}/{channel}/messages/bulk-delete", {"messages": messages[1:3]})
        post(f"{there}/{channel}/webhook-messages", {"username": "Hook", "content": "news"})

        thread = post(f"{there}/{channel}/threads", {"name": "aside", "type": 11})["id"]
        self.owner.send(thread, f"look here, {self.mia.mention}")
        patch(f"{there}/{thread}", {"name": "beside", "archived": True})
        patch(f"{there}/{thread}", {"archived": False, "locked": True})
        self._tour()

        delete(f"{there}/{thread}")
        delete(f"{there}/{channel}/overwrites/{role}")
        delete(f"{here}/members/{guest_id}")
        delete(f"{here}/roles/{role}")
        delete(f"{there}/{channel}")
        self._tour()

    def resume(self) -> None:
        """Resumes after its connection was cut, and misses nothing."""
        before = self.sandbox.newest()
        self.sandbox.post("/gateway/cut")
        self._ping_by_mention()
        self._resumed(before)

    def reconnect(self) -> None:
        """Reconnects and resumes when it is asked to (op 7)."""
        before = self.sandbox.newest()
        self.sandbox.post("/gateway/reconnect")
        self._resumed(before)
        self._ping_by_mention()

    def _resumed(self, before: int) -> None:
        def resumed() -> bool:
            entries = self.sandbox.record(before)
            return any(e["kind"] == "gateway" and "is resumed" in e["what"] for e in entries)

        self.until("the session to be resumed", resumed)
        if self.events("READY", before):
            raise Failed("the bot began a new session")

    def session(self) -> None:
        """Begins a new session when the old one is gone (op 9)."""
        before = self.sandbox.newest()
        self.sandbox.post("/gateway/cut", {"invalidate": True})
        self.until("a new READY", lambda: self.events("READY", before))
        self.until("GUILD_CREATE", lambda: self.events("GUILD_CREATE", before))
        self._ping_by_mention()

    def limits(self) -> None:
        """Waits as long as a 429 says, and tries again."""
        before = self.sandbox.newest()
        path = f"/channels/{self.general}/messages"
        self.meant_to_fail.add(("POST", path, 429))
        self.sandbox.post(
            "/faults",
            {"method": "POST", "path": path, "status": 429, "retry_after": RETRY_AFTER},
        )
        self._ping_by_mention()
        calls = self.calls("POST", path, before)
        expect("the calls' status", [call["status"] for call in calls], [429, 200])
        waited = (calls[1]["at"] - calls[0]["at"]) / 1000
        if waited < RETRY_AFTER - TIMER:
            raise Failed(f"the bot waited {waited} s, and not {RETRY_AFTER} s")

    def _ping_by_mention(self) -> None:
        self._ping(self.mia, self.general, f"<@{self.sandbox.bot}> ping")

    def _ping(self, person: Person, channel: str, content: str) -> None:
        ping = person.send(channel, content)

        def replies() -> list[dict]:
            reply = {"author": self.sandbox.bot, "content": "pong", "to": ping["id"]}
            return [m for m in person.messages(channel) if _reply(m) == reply]

        self.until("a pong", replies)
        one("pong", replies())

    def nothing_is_wrong(self) -> None:
        """No call of the bot failed but those that were meant to, and its log has no error."""
        wrong = [
            f"{call['method']} {call['path']}: {call['status']} {call['response']}"
            for call in self.sandbox.record()
            if call["kind"] == "call"
            and not 200 <= call["status"] < 300
            and (call["method"], call["path"], call["status"]) not in self.meant_to_fail
        ]
        wrong += [line for line in self.bot.said() if ERROR.search(line)]
        if wrong:
            raise Failed("; ".join(wrong))


def _reply(message: dict) -> dict:
    to = (message.get("message_reference") or {}).get("message_id")
    return {"author": message["author"]["id"], "content": message["content"], "to": to}


STEPS = {
    "logs in, receives the guild": Tour.login,
    "registers commands, global and of the guild": Tour.commands,
    "slash command with options": Tour.slash,
    "message command": Tour.menu,
    "member command": Tour.member_menu,
    "button, deferred answer, follow-up": Tour.button,
    "select menus, message update": Tour.select,
    "modal": Tour.modal,
    SURVEY: Tour.survey,
    PANEL: Tour.panel,
    "uploads a file, edits with another, embeds a third": Tour.upload,
    "understands a refusal (50013)": Tour.refusal,
    "reactions, its own and a person's": Tour.reactions,
    "pins": Tour.pins,
    "direct messages, refused too (50007)": Tour.direct_messages,
    "private thread": Tour.thread,
    "thread members: removed, added, leaving": Tour.members,
    "archives and locks": Tour.archive,
    "understands what changes, and keeps up": Tour.changes,
    "resumes after a cut connection": Tour.resume,
    "resumes when asked to reconnect (op 7)": Tour.reconnect,
    "new session when the old one is gone (op 9)": Tour.session,
    "honours a 429": Tour.limits,
    "no other call failed, no error in its log": Tour.nothing_is_wrong,
}
