// No library: the API with fetch and https, the gateway with ws, in a module.
import { request } from "node:https";
import WebSocket from "ws";

const API = "https://discord.com/api/v10";
const token = process.env.TOKEN;
const socket = new WebSocket("wss://gateway.discord.gg/?v=10&encoding=json");

socket.on("message", async (text) => {
  const { op, t, d } = JSON.parse(text);
  if (op === 10) {
    const properties = { os: "linux", browser: "plain", device: "plain" };
    socket.send(JSON.stringify({ op: 2, d: { token, intents: 1, properties } }));
  } else if (t === "READY") {
    const options = { method: "PUT", headers: { authorization: `Bot ${token}`, "content-type": "application/json" } };
    const call = request(`${API}/applications/${d.application.id}/commands`, options, (answer) => answer.resume());
    call.end(JSON.stringify([{ name: "ping", description: "Answers" }]));
  } else if (t === "INTERACTION_CREATE") {
    const body = JSON.stringify({ type: 4, data: { content: "pong" } });
    const answer = await fetch(`${API}/interactions/${d.id}/${d.token}/callback`, { method: "POST", headers: { "content-type": "application/json" }, body });
    if (!answer.ok) throw new Error(await answer.text());
  }
});
