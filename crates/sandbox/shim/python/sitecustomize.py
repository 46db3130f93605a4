"""Leads an unmodified bot to a sandbox: what it sends to Discord goes there.

    PYTHONPATH=crates/sandbox/shim/python SANDBOX_URL=http://127.0.0.1:8080 python my_bot.py

Python runs this file at its start. Each HTTP and WebSocket client below is changed when the bot
imports it: an address of Discord becomes the sandbox's. discord.py, py-cord, disnake, nextcord,
hikari and interactions.py use aiohttp, and requests (which is urllib3) for webhooks without asyncio.
Without SANDBOX_URL nothing is changed.
"""

import functools
import importlib.abc
import importlib.util
import os
import sys
from urllib.parse import urlsplit

# Whatever is below these names is Discord.
DISCORD = ("discord.com", "discordapp.com", "discord.gg", "discordapp.net")

THERE = urlsplit(os.environ.get("SANDBOX_URL", ""))


def is_discord(host):
    return host is not None and any(host == name or host.endswith("." + name) for name in DISCORD)


def led(address):
    """The address at the sandbox, if it is one of Discord."""
    parts = urlsplit(str(address))
    if not is_discord(parts.hostname):
        return address
    scheme = {"wss": "ws", "https": "http"}.get(parts.scheme, parts.scheme)
    return parts._replace(scheme=scheme, netloc=THERE.netloc).geturl()


def aiohttp(module):
    from yarl import URL

    session = module.ClientSession
    request = session._request

    async def to_the_sandbox(self, method, address, **options):
        url = self._build_url(address) if hasattr(self, "_build_url") else URL(address)
        if is_discord(url.host):
            # What is encoded already stays as it is: an emoji, for example.
            address = URL.build(
                scheme=THERE.scheme,
                host=THERE.hostname,
                port=THERE.port,
                path=url.raw_path,
                query_string=url.raw_query_string,
                encoded=True,
            )
            options.pop("proxy", None)
        return await request(self, method, address, **options)

    session._request = to_the_sandbox


def urllib3(module):
    manager = module.PoolManager
    connection_from_host = manager.connection_from_host

    def to_the_sandbox(self, host, port=None, scheme="http", pool_kwargs=None):
        if is_discord(host):
            host, port, scheme = THERE.hostname, THERE.port, THERE.scheme
        return connection_from_host(self, host, port, scheme, pool_kwargs)

    manager.connection_from_host = to_the_sandbox


def http_client(module):
    """What urllib.request uses."""
    kind = module.HTTPSConnection
    start, connect, putheader = kind.__init__, kind.connect, kind.putheader

    def to_the_sandbox(self, host, *positional, **options):
        start(self, host, *positional, **options)
        self.led = is_discord(self.host)
        if self.led:
            self.host, self.port = THERE.hostname, THERE.port

    def connect_there(self):
        (module.HTTPConnection.connect if self.led else connect)(self)

    def put_host(self, header, *values):
        if self.led and header.lower() == "host":
            values = (THERE.netloc,)
        putheader(self, header, *values)

    kind.__init__, kind.connect, kind.putheader = to_the_sandbox, connect_there, put_host


def httpx(module):
    def lead(request):
        if is_discord(request.url.host):
            request.url = module.URL(led(request.url))
            request.headers["Host"] = THERE.netloc

    transport, waiting = module.HTTPTransport, module.AsyncHTTPTransport
    handle, handle_async = transport.handle_request, waiting.handle_async_request

    def to_the_sandbox(self, request):
        lead(request)
        return handle(self, request)

    async def to_the_sandbox_async(self, request):
        lead(request)
        return await handle_async(self, request)

    transport.handle_request = to_the_sandbox
    waiting.handle_async_request = to_the_sandbox_async


def first_argument(kind, name):
    """A method, or a function of a module, whose first argument is an address."""
    old = getattr(kind, name)
    takes_self = isinstance(kind, type)

    @functools.wraps(old)
    def to_the_sandbox(*positional, **options):
        positional = list(positional)
        for key in ("uri", "url"):
            if key in options:
                options[key] = led(options[key])
        if len(positional) > takes_self:
            positional[takes_self] = led(positional[takes_self])
        return old(*positional, **options)

    setattr(kind, name, to_the_sandbox)


PATCHES = {
    "aiohttp.client": aiohttp,
    "urllib3.poolmanager": urllib3,
    "http.client": http_client,
    "httpx": httpx,
    "websockets.asyncio.client": lambda module: first_argument(module.connect, "__init__"),
    "websockets.legacy.client": lambda module: first_argument(module.Connect, "__init__"),
    "websockets.sync.client": lambda module: first_argument(module, "connect"),
    # websocket-client.
    "websocket._core": lambda module: first_argument(module.WebSocket, "connect"),
    "websocket._app": lambda module: first_argument(module.WebSocketApp, "__init__"),
}


class WhenImported(importlib.abc.MetaPathFinder):
    """Runs a patch as soon as its module has been loaded."""

    def find_spec(self, name, path=None, target=None):
        patch = PATCHES.pop(name, None)
        # Asked again, this finder knows nothing of it.
        spec = patch and importlib.util.find_spec(name)
        if not spec:
            return None
        load = spec.loader.exec_module

        def load_and_patch(module):
            load(module)
            patch(module)

        spec.loader.exec_module = load_and_patch
        return spec


if THERE.netloc:
    sys.meta_path.insert(0, WhenImported())


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
