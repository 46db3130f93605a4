// The built program, started as a host would start it, and its control API.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** How long anything may take before it counts as not happening. */
export const PATIENCE = 20_000;

/** The program under test: what THETICKETBOT names, or the release build. */
export const PROGRAM = resolve(process.env.THETICKETBOT ?? join(import.meta.dirname, "../../../../target/release/theticketbot"));

/** The sandbox alone, for tests that play the bot themselves: what SANDBOX names, or what is beside the program. */
export const SANDBOX = resolve(process.env.SANDBOX ?? join(dirname(PROGRAM), "sandbox"));

/** The bot's token in a sandbox that runs alone. */
export const TOKEN = "page-tests";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
// Nothing stays behind when a script fails.
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

export class Demo {
  /**
   * @param {string} url
   * @param {import("node:child_process").ChildProcess} process
   * @param {string} home
   */
  constructor(url, process, home) {
    this.url = url;
    this.process = process;
    this.home = home;
  }

  /** Starts it, and returns once the bot is there with its commands. */
  static async start() {
    const demo = await Demo.#run(PROGRAM, ["demo", "--port", "0"], /demo is at (http:\/\/\S+)/);
    await until("the bot is connected and its commands are registered", async () => {
      const { application, guilds } = await demo.get("/world");
      return application.connected && (await demo.get(`/people/owner/commands?guild=${guilds[0].id}`)).length > 0;
    });
    return demo;
  }

  /** Starts the sandbox alone, without a bot. */
  static alone() {
    return Demo.#run(SANDBOX, ["--listen", "127.0.0.1:0", "--token", TOKEN], /"url":\s*"(http:[^"]+)"/);
  }

  /** @param {string} program @param {string[]} options @param {RegExp} address */
  static async #run(program, options, address) {
    if (!existsSync(program)) throw new Error(`${program} is not there. Build it first: cargo build --release`);
    const home = await mkdtemp(join(tmpdir(), "page-"));
    const child = spawn(program, options, {
      env: { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    try {
      return new Demo(await addressFrom(child, address), child, home);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** @param {string} path below `/control` */
  get(path) {
    return this.call("GET", path);
  }

  /** @param {string} path @param {unknown} body */
  post(path, body) {
    return this.call("POST", path, body);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async call(method, path, body) {
    const response = await fetch(`${this.url}/control${path}`, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /**
   * Does something, and returns once the bot has received its event.
   *
   * @param {string} event
   * @param {() => Promise<unknown>} act
   */
  async telling(event, act) {
    const { next } = await this.get("/record?after=1000000000&brief=true");
    await act();
    await until(`the bot receives ${event}`, async () => {
      const { entries } = await this.get(`/record?after=${next}&brief=true`);
      return entries.some((/** @type {any} */ { name }) => name === event);
    });
  }

  /** The default world's server, as its owner sees it. */
  async guild() {
    return (await this.get("/people/owner/view")).guilds[0];
  }

  /** @param {string} name @returns {Promise<string>} */
  async channel(name) {
    return (await this.guild()).channels.find((/** @type {any} */ each) => each.name === name).id;
  }

  /** Stops it as Ctrl+C does, and says what was wrong with that. @returns {Promise<string[]>} */
  async stop() {
    const wrong = [];
    const problems = await this.get("/problems").catch((error) => [String(error)]);
    if (problems.length) wrong.push(`the sandbox has problems: ${JSON.stringify(problems)}`);
    const ended = this.process.exitCode ?? this.process.signalCode ?? new Promise((done) => this.process.once("exit", (code, signal) => done(signal ?? code)));
    this.process.kill("SIGINT");
    const giveUp = setTimeout(() => this.process.kill("SIGKILL"), PATIENCE);
    const how = await ended;
    clearTimeout(giveUp);
    if (how !== 0) wrong.push(`the program ended with ${how}`);
    await rm(this.home, { recursive: true, force: true });
    return wrong;
  }
}

/**
 * Looks again and again until something is so.
 *
 * @param {string} what
 * @param {() => Promise<unknown> | unknown} holds
 */
export async function until(what, holds) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    if (await holds()) return;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

/** @param {import("node:child_process").ChildProcess} child @param {RegExp} pattern @returns {Promise<string>} */
function addressFrom(child, pattern) {
  let said = "";
  return new Promise((found, failed) => {
    const listen = (/** @type {Buffer} */ data) => {
      said += data;
      const address = pattern.exec(said)?.[1];
      if (address) found(address.replace(/\/$/, ""));
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`${child.spawnfile} ended with ${code}:\n${said}`)));
  });
}
