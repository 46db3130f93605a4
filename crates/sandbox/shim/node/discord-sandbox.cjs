// Leads an unmodified bot to a sandbox: what it sends to Discord goes there.
//
//     SANDBOX_URL=http://127.0.0.1:8080 node --require ./crates/sandbox/shim/node/discord-sandbox.cjs bot.js
//
// Every library for Node.js reaches Discord by way of `tls.connect`: those with `https`, with `ws`, and with
// `fetch`. A connection to Discord becomes one to the sandbox, without encryption, and the `Host` of each request
// its own, because the sandbox answers to no other name. Without SANDBOX_URL nothing is changed.
"use strict";

const net = require("node:net");
const tls = require("node:tls");

// Whatever is below these names is Discord.
const DISCORD = ["discord.com", "discordapp.com", "discord.gg", "discordapp.net"];

const HEAD = /^[A-Z]+ \S+ HTTP\/1\.1\r\n/;
const HOST = /(\r\nhost: )[^\r\n]*/i;

function isDiscord(host) {
  return DISCORD.some((name) => host === name || host?.endsWith(`.${name}`));
}

function leadTo(sandbox) {
  const { host, hostname, port } = new URL(sandbox);
  const connect = tls.connect;

  tls.connect = (...given) => {
    const options = given.find((each) => each !== null && typeof each === "object") ?? {};
    if (!isDiscord(options.servername || options.host)) {
      return connect(...given);
    }
    const secured = given.find((each) => typeof each === "function");
    const socket = net.connect({ host: hostname, port: Number(port || 80) });
    if (secured) {
      socket.once("secureConnect", secured);
    }
    socket.once("connect", () => socket.emit("secureConnect"));
    // What is asked of a connection that is encrypted.
    Object.assign(socket, { encrypted: true, authorized: true, alpnProtocol: false });
    socket.getPeerCertificate = () => ({});
    socket.getSession = () => undefined;
    socket.isSessionReused = () => false;
    const write = socket.write;
    socket.write = (chunk, ...rest) => {
      const isHead = typeof chunk === "string" && HEAD.test(chunk);
      return write.call(socket, isHead ? chunk.replace(HOST, `$1${host}`) : chunk, ...rest);
    };
    return socket;
  };
}

if (process.env.SANDBOX_URL) {
  leadTo(process.env.SANDBOX_URL);
}
