"""The sandbox as seen from outside: its program, and its control API."""

import base64
import json
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Callable, TypeVar

T = TypeVar("T")

# Nothing that a bot does here takes longer, however slow the machine.
BOUND = 30.0


class Failed(Exception):
    """What was expected did not happen; the message says what."""


class Sandbox:
    """A sandbox program that was started for one bot, and its control API."""

    def __init__(self, program: Path, log: Path, *more: str) -> None:
        self._log = log.open("wb")
        command = [program, "--listen", "127.0.0.1:0", *more]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._log)
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            raise Failed(f"the sandbox did not start; see {log}")
        where = json.loads(line)
        self.url: str = where["url"]
        self.token: str = where["token"]
        self.guild: str = where["guild_id"]
        self._watch = _Watch(f"{self.url}/control/record/events")
        world = self.get("/world")
        self.bot: str = world["application"]["bot_user_id"]
        self.names = {person["id"]: person["username"] for person in world["people"]}
        self.ids = {person["part"]: person["id"] for person in world["people"] if person["part"]}
        # Two people have the part `member`; their names in the control API tell them apart.
        self.ids["member"], self.ids["member2"] = where["members"]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(BOUND)
        self._process.stdout.close()
        self._log.close()

    def get(self, path: str) -> Any:
        return self._call("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self._call("POST", path, body or {})

    def put(self, path: str, body: Any = None) -> Any:
        return self._call("PUT", path, body or {})

    def patch(self, path: str, body: Any) -> Any:
        return self._call("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self._call("DELETE", path)

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(f"{self.url}/control{path}", method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=BOUND) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise Failed(f"{method} {path}: {error.code} {error.read().decode()}") from None
        except TimeoutError:
            raise Failed(f"{method} {path}: no answer within {BOUND:.0f} s") from None
        return json.loads(text) if text else None

    def until(self, what: str, look: Callable[[], T | None], alive: Callable[[], bool]) -> T:
        """What `look` finds, as soon as it finds something; it looks again after each change."""
        deadline = time.monotonic() + BOUND
        while True:
            seen = self._watch.changes
            found = look()
            if found:
                return found
            if not alive():
                raise Failed(f"the bot has ended; still waiting for {what}")
            if time.monotonic() > deadline:
                raise Failed(f"waited {BOUND:.0f} s in vain for {what}")
            self._watch.wait(seen)

    def record(self, after: int = 0) -> list[dict]:
        entries: list[dict] = []
        while True:
            page = self.get(f"/record?after={after}")
            entries += page["entries"]
            if page["next"] == after or not page["entries"]:
                return entries
            after = page["next"]

    def newest(self) -> int:
        """The number of the newest entry: what comes later is after it."""
        return self.get(f"/record?after={2**53}")["next"]

    def fetch(self, url: str) -> bytes:
        """A file of the sandbox's own CDN."""
        if not url.startswith(self.url):
            raise Failed(f"{url} is not an address of the sandbox")
        try:
            with urllib.request.urlopen(url, timeout=BOUND) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise Failed(f"GET {url}: {error.code} {error.read().decode()}") from None


def attachment(filename: str, content_type: str, data: bytes) -> dict:
    data64 = base64.b64encode(data).decode()
    return {"filename": filename, "content_type": content_type, "data": data64}


class _Watch:
    """Counts what happens in the sandbox, so that waiting ends when something did."""

    # Not everything that changes is in the record, so look again after this long in any case.
    PATIENCE = 0.25

    def __init__(self, url: str) -> None:
        self.changes = 0
        self._changed = threading.Condition()
        stream = urllib.request.urlopen(url)
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: Any) -> None:
        try:
            for line in stream:
                if line.startswith(b"data:"):
                    with self._changed:
                        self.changes += 1
                        self._changed.notify_all()
        except (OSError, ValueError):
            pass  # The sandbox was stopped.

    def wait(self, seen: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self.changes != seen, self.PATIENCE)
