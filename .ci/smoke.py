#!/usr/bin/env python3
"""Starts the built programs as a host would, and opens a ticket through the control API.

Usage: smoke.py path/to/theticketbot path/to/sandbox
"""

import base64
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

THETICKETBOT, SANDBOX = (os.path.abspath(path) for path in sys.argv[1:3])

# The smallest PNG there is.
PICTURE = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
).decode()


def environment(home):
    """An environment in which nothing touches the person who runs this."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {"HOME": home, "XDG_RUNTIME_DIR": home}


def read_until(process, pattern, seconds=20):
    """Reads the program's standard output until a line matches."""
    until, seen = time.monotonic() + seconds, ""
    while time.monotonic() < until:
        ready, _, _ = select.select([process.stdout], [], [], 0.2)
        if ready:
            line = process.stdout.readline()
            seen += line
            if found := re.search(pattern, line):
                return found
        if process.poll() is not None:
            break
    sys.exit(f"smoke: no line like {pattern!r} within {seconds} s; it printed:\n{seen}")


class Control:
    """The sandbox's control API."""

    def __init__(self, url):
        self.url = url.rstrip("/")

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.url}/control{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                answer = response.read()
                return json.loads(answer) if answer else None
        except urllib.error.HTTPError as error:
            sys.exit(f"smoke: {method} {path}: {error.code} {error.read().decode()}")

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body):
        return self.call("POST", path, body)

    def wait(self, what, check, seconds=20):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := check():
                return found
            time.sleep(0.05)
        tail = self.get("/record?limit=10000")["entries"][-15:]
        sys.exit(f"smoke: {what} did not happen within {seconds} s; last:\n{json.dumps(tail, indent=1)}")

    def answer(self, person, interaction):
        answered = self.get(f"/people/{person}/interactions/{interaction['id']}?wait=true")
        if answered["state"] not in ("answered", "modal"):
            sys.exit(f"smoke: the bot did not answer: {answered}")
        return answered


def open_a_ticket(control, with_picture=True):
    """The story of the README: message, inbox, ticket, leaving."""
    control.wait("the bot's connection", lambda: control.get("/world")["application"]["connected"])
    view = control.get("/people/owner/view")
    guild = view["guilds"][0]
    support = next(c["id"] for c in guild["channels"] if c["name"] == "support")
    control.wait("the registration of commands", lambda: control.get(f"/people/owner/commands?guild={guild['id']}"))

    picture = {"filename": "cat.png", "content_type": "image/png", "data": PICTURE}
    attachments = [picture] if with_picture else []
    message = control.post(f"/people/owner/channels/{support}/messages", {"content": "Need help?", "attachments": attachments})
    where = {"guild_id": guild["id"], "channel_id": support}
    control.answer("owner", control.post("/people/owner/commands", where | {"name": "inbox create", "options": {"channel": support}}))
    select_this = where | {"name": "Select this message", "type": 3, "target_id": message["id"]}
    control.answer("owner", control.post("/people/owner/commands", select_this))

    def inbox():
        messages = control.get(f"/people/member/channels/{support}/messages")
        return next((m for m in messages if m.get("components") and not m.get("flags", 0) & 64), None)

    button = {"channel_id": support, "message_id": control.wait("the inbox", inbox)["id"], "custom_id": "create-ticket"}
    control.answer("member", control.post("/people/member/components", button))
    [member, moderator] = (control.get(f"/people/{name}/view")["me"]["id"] for name in ("member", "moderator"))

    def joined():
        return [t for g in control.get("/people/member/view")["guilds"] for t in g["threads"] if t["joined"]]

    [ticket] = control.wait("the ticket", joined)

    def both_in_it():
        members = control.get(f"/people/member/channels/{ticket['id']}/members")
        return {member, moderator} <= {m["user_id"] for m in members}

    control.wait("member and moderator in the ticket", both_in_it)

    control.call("DELETE", f"/people/member/channels/{ticket['id']}/members/@me")

    def closed():
        state = control.get(f"/people/owner/channels/{ticket['id']}")["thread_metadata"]
        return state["archived"] and state["locked"]

    control.wait("the ticket's archiving and locking", closed)
    if problems := control.get("/problems"):
        sys.exit(f"smoke: the sandbox saw problems: {problems}")


def stop(process, by, seconds=5):
    """The programs give unfinished work 1.5 s; the rest of the limit is for a busy machine."""
    started = time.monotonic()
    process.send_signal(by)
    code = process.wait(timeout=20)
    took = time.monotonic() - started
    if code != 0 or took > seconds:
        sys.exit(f"smoke: {by.name} ended it with code {code} after {took:.1f} s")
    return took


def demo(home):
    started = time.monotonic()
    start = lambda: subprocess.Popen(
        [THETICKETBOT, "demo", "--port", "0", "--keep", "kept"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment(home), cwd=home,
    )
    process = start()
    try:
        url = read_until(process, r"(http://(?:127\.0\.0\.1|localhost):\d+)")[1]
        with urllib.request.urlopen(url, timeout=10) as page:
            if "<html" not in page.read().decode().lower():
                sys.exit("smoke: the page is not HTML")
        open_a_ticket(Control(url))
        print(f"demo: a ticket was opened and closed, {time.monotonic() - started:.1f} s after the start")
        print(f"demo: stopped within {stop(process, signal.SIGINT):.2f} s")
        process = start()
        control = Control(read_until(process, r"(http://(?:127\.0\.0\.1|localhost):\d+)")[1])
        support = next(c["id"] for c in control.get("/people/owner/view")["guilds"][0]["channels"] if c["name"] == "support")
        if len(control.get(f"/people/owner/channels/{support}/threads?archived=true")["threads"]) != 1:
            sys.exit("smoke: the ticket is not there after the second start")
        stop(process, signal.SIGTERM)
        print("demo: the ticket is still there at the next start")
    finally:
        process.kill()


def a_ticket_on(sandbox, home, command, before=(), config="", log=None, also=lambda bot, url: None):
    """Starts the sandbox and the bot on it (first with each of `before`, to its end), opens a ticket,
    and stops the bot. What the bot logs goes to the file `log`. Returns how long stopping took."""
    sandbox = subprocess.Popen([sandbox, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True, env=environment(home))
    bot = None
    try:
        started = json.loads(sandbox.stdout.readline())
        with open(os.path.join(home, "config.toml"), "w", encoding="utf-8") as file:
            file.write(f'[bot]\napi_url = "{started["url"]}"\n{config}')
        start = lambda *more: subprocess.Popen(
            [*command, *more], stdin=subprocess.DEVNULL, stderr=log, cwd=home,
            env=environment(home) | {"THETICKETBOT_TOKEN": started["token"]},
        )
        for option in before:
            if (code := start(option).wait(timeout=20)) != 0:
                sys.exit(f"smoke: {option} ended with code {code}")
        bot = start()
        open_a_ticket(Control(started["url"]))
        also(bot, started["url"])
        took = stop(bot, signal.SIGTERM)
        stop(sandbox, signal.SIGTERM)
        return took
    finally:
        sandbox.kill()
        if bot:
            bot.kill()


def is_small(bot, _url):
    """What a bot with one server has in memory after a ticket: 8 MB before it, and 9 after it."""
    with open(f"/proc/{bot.pid}/status", encoding="utf-8") as file:
        resident = int(re.search(r"VmRSS:\s+(\d+) kB", file.read())[1])
    print(f"two programs: the bot has {resident / 1000:.1f} MB in memory")
    if resident > 11_000:
        sys.exit("smoke: that is more than 11 MB; if much has changed, run .ci/order")


def both_programs(home):
    """The sandbox as a separate program, and the bot pointed at it, in two starts."""
    took = a_ticket_on(SANDBOX, home, [THETICKETBOT], before=["--sync"], also=is_small)
    print(f"two programs: a ticket was opened; the bot stopped within {took:.2f} s")


def refusals(home):
    """Bad input: one clear message, and the code that tells a service manager whether to retry."""
    cases = {
        "no token, no terminal": ("", {}, "token", 78),
        "unknown key": ("[bot]\ntokn = 'x'\n", {}, "tokn", 78),
        # Discord may answer the next time, so that a service manager is to try again.
        "no answer": ("[bot]\napi_url = 'http://127.0.0.1:9'\n", {"THETICKETBOT_TOKEN": "nonsense"}, "no answer", 1),
    }
    for what, (config, more, expected, code) in cases.items():
        with tempfile.TemporaryDirectory() as place:
            with open(os.path.join(place, "config.toml"), "w", encoding="utf-8") as file:
                file.write(config)
            run = subprocess.run(
                [THETICKETBOT], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=place,
                env=environment(place) | more, timeout=20,
            )
            if run.returncode != code or expected not in run.stderr or "panicked" in run.stderr:
                sys.exit(f"smoke: {what}: code {run.returncode}, said:\n{run.stderr}")
    print(f"refusals: {len(cases)} kinds of bad input, each with a message and its code")


if __name__ == "__main__":
    for story in (demo, both_programs, refusals):
        with tempfile.TemporaryDirectory() as home:
            story(home)
