"""The original bot's ticket story: an inbox is set up, tickets are opened, left and archived."""

import json
import re
from typing import Any

from .control import Failed, Sandbox, attachment
from .people import EPHEMERAL, Bot, Person, expect, one
from .tour import PRIVATE_THREAD, Tour

SELECT = "Select this message"
CREATE = "create-ticket"


class Story(Tour):
    """Shares with the tour how to look and wait; its steps are its own."""

    def __init__(self, sandbox: Sandbox, bot: Bot, dot: bytes) -> None:
        super().__init__(sandbox, bot, dot)
        self.tickets = 0

    @property
    def support(self) -> str:
        return self.owner.channel_named("support")

    def start(self) -> None:
        """Logs in and registers its commands by itself."""
        self.login()
        expected = {(1, "inbox"), (3, SELECT)}
        self.until(
            "the original's commands",
            lambda: expected == {(c["type"], c["name"]) for c in self.owner.commands()},
        )
        # A bot without Mention Everyone invites a role only if anybody may mention it.
        role = one("Moderator role", self.owner.view()["roles"], lambda r: r["name"] == "Moderator")
        path = f"{self.owner.path}/guilds/{self.sandbox.guild}/roles/{role['id']}"
        self.sandbox.patch(path, {"mentionable": True})
        self._found["role"] = role["id"]

    def inbox(self) -> None:
        """/inbox create, and the message that is selected becomes the inbox."""
        picture = attachment("dot.png", "image/png", self.dot)
        words = self.owner.send(self.general, "Need help?", [picture])
        prompt = self._prompt("inbox create", {"channel": self.support})
        said = self._said(self.owner.use_menu(self.general, SELECT, words["id"]))

        found = self.owner.messages(self.support)
        inbox = one("inbox", found, lambda m: m["author"]["id"] == self.sandbox.bot)
        self._found["inbox"] = inbox["id"]
        if inbox["id"] not in said:
            raise Failed(f"the answer does not link to the inbox: {said!r}")
        button = one("row", inbox["components"])["components"][0]
        expect("the button", (button["type"], button["custom_id"]), (2, CREATE))
        embed = one("embed", inbox["embeds"])
        expect("the embed's text", embed["description"], "Need help?")
        expect("the picture", self.sandbox.fetch(embed["image"]["url"]), self.dot)
        if any(m["id"] == prompt for m in self.owner.messages(self.general)):
            raise Failed("the first prompt was not deleted")

    def opening(self) -> None:
        """A click opens a private thread, with its owner and the staff in it."""
        thread = self._open(self.mia)
        self._found["ticket"] = thread["id"]
        expect("the type", thread["type"], PRIVATE_THREAD)
        expect("the parent", thread["parent_id"], self.support)
        expect("invitable", thread["thread_metadata"]["invitable"], False)
        if not re.fullmatch(r"\d{4}-\d\d-\d\d .+", thread["name"]):
            raise Failed(f"the thread's name is {thread['name']!r}")
        members = self.max.thread_members(thread["id"])
        expect("the members", members, {self.sandbox.bot, self.mia.id, self.max.id})
        starter = self.mia.messages(thread["id"])[-1]["content"]
        if self.mia.mention not in starter or f"<@&{self.found('role')}>" not in starter:
            raise Failed(f"the starter message is {starter!r}")

    def second(self) -> None:
        """A second ticket is refused, with a link to the first."""
        before = self._tickets()
        said = self._said(self.mia.click(self.support, self.found("inbox"), CREATE))
        if self.found("ticket") not in said:
            raise Failed(f"the answer does not link to the first ticket: {said!r}")
        expect("the tickets", self._tickets(), before)

    def leaving(self) -> None:
        """The owner leaves: a note, archived, locked."""
        self._closes(self.found("ticket"), lambda: self.mia.leave_thread(self.found("ticket")))

    def archiving(self) -> None:
        """The staff archives: a note, locked."""
        ticket = self._open(self.noah)["id"]

        def archive() -> None:
            self.sandbox.patch(f"{self.max.path}/channels/{ticket}", {"archived": True})

        self._closes(ticket, archive)

    def leaving_the_guild(self) -> None:
        """The owner leaves the server: a note, archived, locked."""
        zoe = self._somebody("zoe")
        # The original writes a note for each event that it hears of: that somebody left the
        # server, and that they left the thread.
        self._closes(self._open(zoe)["id"], zoe.leave_guild, most_notes=2)

    def staff(self) -> None:
        """/inbox staff: a menu of members and roles changes the staff."""
        answer = self._edit("inbox staff")
        menu = one("row", answer["message"]["components"])["components"][0]
        chosen = [default["id"] for default in menu["default_values"]]
        expect("today's staff", chosen, [self.found("role")])
        staff = [self.found("role"), self.noah.id]
        self.owner.click(self.support, answer["message"]["id"], menu["custom_id"], staff)

    def modals(self) -> None:
        """/inbox new-tickets: modals change the name and the first message."""
        for command, text in (
            ("inbox new-tickets name", "$counter $author"),
            ("inbox new-tickets starter", "$author waits for $staff"),
        ):
            opened = self._edit(command)
            expect("the state", opened["state"], "modal")
            field = one("text input", _text_inputs(opened["modal"]))
            self._said(self.owner.submit(opened["id"], {field["custom_id"]: text}))

    def destination(self) -> None:
        """/inbox destination: the next ticket is in another channel, as it was set up."""
        other = self.owner.channel_named("tickets")
        said = self._said(self._edit("inbox destination", {"channel": other}))
        if other not in said:
            raise Failed(f"the answer does not link to the destination: {said!r}")

        yan = self._somebody("yan")
        thread = self._open(yan)
        expect("the parent", thread["parent_id"], other)
        expect("the name", thread["name"], f"{self.tickets:04} yan")
        starter = self.max.messages(thread["id"])[-1]["content"]
        mentions = sorted(re.findall(r"<@&?\d+>", starter))
        staff = [yan.mention, self.noah.mention, f"<@&{self.found('role')}>"]
        expect("the mentions", mentions, sorted(staff))
        members = self.max.thread_members(thread["id"])
        expect("the members", members, {self.sandbox.bot, yan.id, self.noah.id, self.max.id})

    def message_edit(self) -> None:
        """/inbox message: another message's text takes the place of the first."""
        words = self.owner.send(self.general, "Something wrong?")
        self._edit("inbox message")
        self._said(self.owner.use_menu(self.general, SELECT, words["id"]))
        inbox = self.owner.message(self.support, self.found("inbox"))
        embed = one("embed", inbox["embeds"])
        expect("the embed's text", embed["description"], "Something wrong?")
        if embed.get("image") or inbox["attachments"]:
            raise Failed(f"the old picture is still there: {inbox}")

    def _prompt(self, command: str, options: dict | None = None) -> str:
        """Runs a command that then wants a message to be selected."""
        answer = self.owner.run(self.general, command, options)
        self._said(answer)
        return answer["message"]["id"]

    def _edit(self, command: str, options: dict | None = None) -> dict:
        """Runs a command for the inbox; gives what its selection is answered with."""
        self._prompt(command, options)
        return self.owner.use_menu(self.support, SELECT, self.found("inbox"))

    def _said(self, answer: dict) -> str:
        expect("the state", answer["state"], "answered")
        if not answer["message"]["flags"] & EPHEMERAL:
            raise Failed("the answer is not ephemeral")
        return answer["message"]["content"]

    def _tickets(self) -> set[str]:
        threads = self.owner.view()["threads"]
        return {t["id"] for t in threads if t["owner_id"] == self.sandbox.bot}

    def _open(self, person: Person) -> dict:
        """Somebody clicks; gives the ticket, once the answer links to it."""
        before = self._tickets()
        answer = person.click(self.support, self.found("inbox"), CREATE)
        message = answer["message"]["id"]
        self.tickets += 1

        def linked() -> str | None:
            links = [t for t in self._tickets() - before if t in self._text(person, message)]
            return links[0] if links else None

        ticket = self.until(f"{person.name}'s ticket", linked)
        return person.channel(ticket)

    def _text(self, person: Person, message: str) -> str:
        return person.message(self.support, message)["content"]

    def _closes(self, ticket: str, because: Any, most_notes: int = 1) -> None:
        """What somebody does closes a ticket: with a note that mentions nobody, and locked."""
        before = len(self._notes(ticket))
        because()

        def locked() -> bool:
            state = self.owner.channel(ticket)["thread_metadata"]
            return state["archived"] and state["locked"]

        self.until("the ticket to be archived and locked", locked)
        notes = self._notes(ticket)
        if not 1 <= len(notes) - before <= most_notes:
            raise Failed(f"{len(notes) - before} notes")
        expect("who is pinged", notes[0]["mentions"], [])

    def _notes(self, ticket: str) -> list[dict]:
        messages = self.owner.messages(ticket)
        return [m for m in messages if m["author"]["id"] == self.sandbox.bot and m["type"] == 0]

    def _somebody(self, name: str) -> Person:
        body = {"username": name, "global_name": name, "guild_id": self.sandbox.guild}
        person = one("person", self.sandbox.post("/people", body))
        self.sandbox.names[person["id"]] = name
        return Person(self.sandbox, person["id"])


def _text_inputs(modal: Any) -> list[dict]:
    if isinstance(modal, list):
        return [found for part in modal for found in _text_inputs(part)]
    if not isinstance(modal, dict):
        return []
    if modal.get("type") == 4 and "custom_id" in modal:
        return [modal]
    return [found for part in modal.values() for found in _text_inputs(part)]


def config(sandbox: Sandbox) -> str:
    """The original's own configuration file."""
    return f"[bot]\ntoken = {json.dumps(sandbox.token)}\n"


STEPS = {
    "starts, logs in, registers its commands": Story.start,
    "`/inbox create`, *Select this message*": Story.inbox,
    "a click opens a thread with its owner and the staff": Story.opening,
    "a second click is refused": Story.second,
    "the owner leaves: note, archived, locked": Story.leaving,
    "the staff archives: note, locked": Story.archiving,
    "the owner leaves the server: note, archived, locked": Story.leaving_the_guild,
    "`/inbox staff`": Story.staff,
    "`/inbox new-tickets name`, `starter`": Story.modals,
    "`/inbox destination`, and a ticket as it was set up": Story.destination,
    "`/inbox message`": Story.message_edit,
    "no call failed, no error in its log": Story.nothing_is_wrong,
}
