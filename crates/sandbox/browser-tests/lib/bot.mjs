// A bot that a test plays itself, for what the project's own bot does not do.

import WebSocket from "ws";
import { TOKEN, until } from "./demo.mjs";

/** @import {Demo} from "./demo.mjs" */

/** `GUILDS`, `GUILD_MEMBERS`, `GUILD_MESSAGES`. */
const INTENTS = 515;

export class Bot {
  /** What was done with the bot, in order. @type {any[]} */
  interactions = [];
  /** How each command, custom id or form is answered. @type {Map<string, object | ((interaction: any) => object | null)>} */
  #answers = new Map();
  /** What was wrong with each answer, or null. @type {Promise<unknown>[]} */
  #given = [];

  /** @param {Demo} demo @param {WebSocket} socket */
  constructor(demo, socket) {
    this.demo = demo;
    this.socket = socket;
  }

  /** Logs in. @param {Demo} demo */
  static async start(demo) {
    const socket = new WebSocket(`${demo.url.replace(/^http/, "ws")}/?v=10&encoding=json`);
    const bot = new Bot(demo, socket);
    await new Promise((ready, failed) => {
      socket.on("error", failed);
      socket.on("close", (code) => failed(new Error(`the gateway closed with ${code}`)));
      socket.on("message", (data) => {
        const { op, t, d } = JSON.parse(String(data));
        if (op === 10) {
          const beat = () => socket.send(JSON.stringify({ op: 1, d: null }));
          setInterval(beat, d.heartbeat_interval).unref();
          socket.send(JSON.stringify({ op: 2, d: { token: TOKEN, intents: INTENTS, properties: { os: "linux", browser: "page-tests", device: "page-tests" } } }));
        }
        if (t === "GUILD_CREATE") ready(undefined);
        if (t === "INTERACTION_CREATE") bot.#given.push(bot.#take(d).then(() => null, (error) => error));
      });
    });
    return bot;
  }

  /**
   * Answers what is done with a command, a custom id or a form from now on; null leaves it unanswered.
   *
   * @param {string} name
   * @param {object | ((interaction: any) => object | null)} response
   */
  answers(name, response) {
    this.#answers.set(name, response);
  }

  /** The first interaction with this command, custom id or form, or a later one, once it is there. @param {string} name @param {number} [count] */
  async got(name, count = 1) {
    const found = () => this.interactions.filter(({ data }) => (data.custom_id ?? data.name) === name);
    await until(`the bot receives ${name}`, () => found().length >= count);
    return found()[count - 1];
  }

  /** @param {string} path below `/api/v10` @param {unknown} body @returns {Promise<any>} */
  post(path, body) {
    return this.call("POST", path, body);
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  async call(method, path, body) {
    const form = body instanceof FormData;
    const response = await fetch(`${this.demo.url}/api/v10${path}`, {
      method,
      headers: { authorization: `Bot ${TOKEN}`, ...(form ? {} : { "content-type": "application/json" }) },
      body: form ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** Sends a message. @param {string} channel its name @param {object} message */
  async says(channel, message) {
    return this.post(`/channels/${await this.demo.channel(channel)}/messages`, message);
  }

  /** Registers commands. @param {object[]} commands */
  async commands(commands) {
    const { application } = await this.demo.get("/world");
    await this.call("PUT", `/applications/${application.id}/commands`, commands);
  }

  /** Ends the connection, and says what was wrong with the answers. @returns {Promise<string[]>} */
  async stop() {
    this.socket.removeAllListeners("close");
    this.socket.close();
    return (await Promise.all(this.#given)).filter(Boolean).map((error) => `the bot could not answer: ${error}`);
  }

  /** @param {any} interaction */
  async #take(interaction) {
    this.interactions.push(interaction);
    const { id, token, data } = interaction;
    const known = this.#answers.get(data.custom_id ?? data.name);
    const response = typeof known === "function" ? known(interaction) : known;
    if (response) await this.post(`/interactions/${id}/${token}/callback`, response);
  }
}
