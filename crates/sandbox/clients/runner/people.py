"""People who act on the sandbox, and a bot that is being watched."""

import subprocess
import urllib.parse
from pathlib import Path
from typing import Any, Callable, TypeVar

from .control import BOUND, Failed, Sandbox

T = TypeVar("T")

EPHEMERAL = 1 << 6


class Bot:
    """A bot's process. Its output goes into a log."""

    def __init__(self, command: list, environment: dict[str, str], log: Path) -> None:
        self.log = log
        self._file = log.open("wb")
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._file,
            stderr=subprocess.STDOUT,
        )

    def alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(BOUND)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._file.close()

    def said(self) -> list[str]:
        return self.log.read_text(errors="replace").splitlines()


class Person:
    """Somebody in the sandbox. Each method is one thing that a client can do or show."""

    def __init__(self, sandbox: Sandbox, who: str) -> None:
        self.sandbox = sandbox
        self.id = sandbox.ids.get(who, who)
        self.path = f"/people/{self.id}"
        self.mention = f"<@{self.id}>"

    @property
    def name(self) -> str:
        return self.sandbox.names[self.id]

    def view(self) -> dict:
        """The one server, as this person sees it."""
        guilds = self.sandbox.get(f"{self.path}/view")["guilds"]
        return next(guild for guild in guilds if guild["id"] == self.sandbox.guild)

    def channel(self, channel: str) -> dict:
        return self.sandbox.get(f"{self.path}/channels/{channel}")

    def channel_named(self, name: str) -> str:
        found = [c["id"] for c in self.view()["channels"] if c["name"] == name]
        return found[0] if found else _missing(f"a channel named {name}")

    def messages(self, channel: str) -> list[dict]:
        """Newest first."""
        return self.sandbox.get(f"{self.path}/channels/{channel}/messages?limit=100")

    def message(self, channel: str, message: str) -> dict:
        found = [m for m in self.messages(channel) if m["id"] == message]
        return found[0] if found else _missing(f"the message {message} for {self.name}")

    def thread_members(self, thread: str) -> set[str]:
        members = self.sandbox.get(f"{self.path}/channels/{thread}/members")
        return {member["user_id"] for member in members}

    def send(self, channel: str, content: str, attachments: list[dict] | None = None) -> dict:
        body = {"content": content, "attachments": attachments or []}
        return self.sandbox.post(f"{self.path}/channels/{channel}/messages", body)

    def react(self, channel: str, message: str, emoji: str, *, away: bool = False) -> None:
        act = self.sandbox.delete if away else self.sandbox.put
        reactions = f"{self.path}/channels/{channel}/messages/{message}/reactions"
        act(f"{reactions}/{urllib.parse.quote(emoji)}")

    def pins(self, channel: str) -> list[dict]:
        return self.sandbox.get(f"{self.path}/channels/{channel}/pins")

    def direct_messages(self) -> str:
        """The channel of the direct messages with the bot."""
        return self.sandbox.put(f"{self.path}/direct-messages")["id"]

    def leave_thread(self, thread: str) -> None:
        self.sandbox.delete(f"{self.path}/channels/{thread}/members/@me")

    def leave_guild(self) -> None:
        self.sandbox.delete(f"{self.path}/guilds/{self.sandbox.guild}/members/@me")

    def commands(self) -> list[dict]:
        return self.sandbox.get(f"{self.path}/commands?guild={self.sandbox.guild}")

    def run(self, channel: str, name: str, options: dict | None = None) -> dict:
        """Runs a slash command, and waits for its answer."""
        return self._interact(
            "commands",
            {"channel_id": channel, "name": name, "options": options or {}},
        )

    def use_menu(self, channel: str, name: str, message: str) -> dict:
        """Uses a command of a message's Apps menu, and waits for its answer."""
        return self._interact(
            "commands",
            {"channel_id": channel, "name": name, "type": 3, "target_id": message},
        )

    def use_member_menu(self, channel: str, name: str, user: str) -> dict:
        """Uses a command of a member's Apps menu, and waits for its answer."""
        return self._interact(
            "commands",
            {"channel_id": channel, "name": name, "type": 2, "target_id": user},
        )

    def click(
        self, channel: str, message: str, custom_id: str, values: list[str] | None = None
    ) -> dict:
        body: dict[str, Any] = {
            "channel_id": channel,
            "message_id": message,
            "custom_id": custom_id,
        }
        if values is not None:
            body["values"] = values
        return self._interact("components", body)

    def submit(self, interaction: str, values: dict[str, Any]) -> dict:
        return self._interact("modals", {"interaction_id": interaction, "values": values})

    def _interact(self, kind: str, body: dict) -> dict:
        if kind == "commands":
            body["guild_id"] = self.sandbox.guild
        begun = self.sandbox.post(f"{self.path}/{kind}", body)
        ended = self.sandbox.get(f"{self.path}/interactions/{begun['id']}?wait=true")
        if ended["state"] == "failed":
            raise Failed(f"no answer to {body.get('name') or body.get('custom_id') or kind}")
        return ended


def expect(what: str, actual: T, expected: T) -> None:
    if actual != expected:
        raise Failed(f"{what} is {actual!r}, and should be {expected!r}")


def answered(answer: dict, content: str, *, ephemeral: bool) -> dict:
    """The message of an answer, which must have this content."""
    expect("the state", answer["state"], "answered")
    message = answer["message"]
    expect("the answer", message["content"], content)
    expect("ephemeral", bool(message["flags"] & EPHEMERAL), ephemeral)
    return message


def one(what: str, found: list[T], fits: Callable[[T], bool] = lambda _: True) -> T:
    fitting = [item for item in found if fits(item)]
    if len(fitting) != 1:
        raise Failed(f"{len(fitting)} × {what}, and there should be one: {fitting}")
    return fitting[0]


def _missing(what: str) -> Any:
    raise Failed(f"there is no such thing: {what}")
