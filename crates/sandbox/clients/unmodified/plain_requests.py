"""No library: the API with requests and urllib, the gateway with websocket-client."""

import json
import os
from urllib.request import Request, urlopen

import requests
import websocket

API = "https://discord.com/api/v10"
GATEWAY = "wss://gateway.discord.gg/?v=10&encoding=json"

token = os.environ["TOKEN"]


def receive(socket: websocket.WebSocketApp, text: str) -> None:
    event = json.loads(text)
    if event["op"] == 10:
        properties = {"os": "linux", "browser": "plain", "device": "plain"}
        identify = {"token": token, "intents": 1, "properties": properties}
        socket.send(json.dumps({"op": 2, "d": identify}))
    elif event["t"] == "READY":
        application = event["d"]["application"]["id"]
        headers = {"Authorization": f"Bot {token}", "Content-Type": "application/json"}
        commands = json.dumps([{"name": "ping", "description": "Answers"}]).encode()
        address = f"{API}/applications/{application}/commands"
        urlopen(Request(address, commands, headers, method="PUT")).close()
    elif event["t"] == "INTERACTION_CREATE":
        asked = event["d"]
        requests.post(
            f"{API}/interactions/{asked['id']}/{asked['token']}/callback",
            json={"type": 4, "data": {"content": "pong"}},
        ).raise_for_status()


websocket.WebSocketApp(GATEWAY, on_message=receive).run_forever()
