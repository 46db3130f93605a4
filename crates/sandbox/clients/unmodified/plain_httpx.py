"""No library: the API with httpx, the gateway with websockets."""

import asyncio
import json
import os

import httpx
import websockets

API = "https://discord.com/api/v10"
GATEWAY = "wss://gateway.discord.gg/?v=10&encoding=json"


async def main() -> None:
    token = os.environ["TOKEN"]
    headers = {"Authorization": f"Bot {token}"}
    async with httpx.AsyncClient(headers=headers) as http, websockets.connect(GATEWAY) as socket:
        properties = {"os": "linux", "browser": "plain", "device": "plain"}
        await socket.recv()
        identify = {"token": token, "intents": 1, "properties": properties}
        await socket.send(json.dumps({"op": 2, "d": identify}))
        async for text in socket:
            event = json.loads(text)
            if event["t"] == "READY":
                application = event["d"]["application"]["id"]
                commands = [{"name": "ping", "description": "Answers"}]
                address = f"{API}/applications/{application}/commands"
                (await http.put(address, json=commands)).raise_for_status()
            elif event["t"] == "INTERACTION_CREATE":
                asked = event["d"]
                # The client that is not asynchronous goes there, too.
                httpx.post(
                    f"{API}/interactions/{asked['id']}/{asked['token']}/callback",
                    json={"type": 4, "data": {"content": "pong"}},
                ).raise_for_status()


asyncio.run(main())
