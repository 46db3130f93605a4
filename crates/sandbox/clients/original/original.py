"""Starts the original bot on a sandbox: only discord.py's base addresses are other ones."""

import os
import sys

import discord
import yarl
from theticketbot.__main__ import main

URL = os.environ["SANDBOX_URL"]

discord.http.Route.BASE = f"{URL}/api/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(URL.replace("http", "ws", 1))

sys.exit(main())
