"""Leads an unmodified bot to a sandbox: what it sends to Discord goes there.

    PYTHONPATH=crates/sandbox/shim/python SANDBOX_URL=http://127.0.0.1:8080 python my_bot.py

Python runs this file at its start. Every Discord library for Python makes its calls and opens its
gateway with aiohttp, so it is enough to change where aiohttp connects. Without SANDBOX_URL, and
without aiohttp, nothing is changed.
"""

import os
import sys

# Whatever is below these names is Discord.
DISCORD = ("discord.com", "discordapp.com", "discord.gg", "discordapp.net")


def is_discord(host):
    return host is not None and any(host == name or host.endswith("." + name) for name in DISCORD)


def lead_to(sandbox):
    try:
        import aiohttp
        from yarl import URL
    except ImportError:
        return
    there = URL(sandbox)
    request = aiohttp.ClientSession._request

    async def to_the_sandbox(self, method, address, **options):
        url = self._build_url(address) if hasattr(self, "_build_url") else URL(address)
        if is_discord(url.host):
            # What is encoded already stays as it is: an emoji, for example.
            url = URL.build(
                scheme=there.scheme,
                host=there.host,
                port=there.port,
                path=url.raw_path,
                query_string=url.raw_query_string,
                encoded=True,
            )
            options.pop("proxy", None)
            return await request(self, method, url, **options)
        return await request(self, method, address, **options)

    aiohttp.ClientSession._request = to_the_sandbox


if os.environ.get("SANDBOX_URL"):
    lead_to(os.environ["SANDBOX_URL"])


def run_the_next():
    """There can be only one module of this name: one that was found before goes on being run."""
    here = os.path.dirname(os.path.abspath(__file__))
    for folder in sys.path:
        file = os.path.join(folder, "sitecustomize.py")
        if os.path.abspath(folder or ".") != here and os.path.isfile(file):
            with open(file, encoding="utf-8") as text:
                exec(compile(text.read(), file, "exec"), {"__name__": "sitecustomize"})
            return


run_the_next()
