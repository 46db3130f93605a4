// A lost connection is shown, and healed without anybody's doing.

import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { until } from "../lib/demo.mjs";
import { textFile } from "../lib/files.mjs";
import { test, testWithBot } from "../lib/suite.mjs";

test("a lost connection is shown and healed", async (stage) => {
  const line = await breakableLine(stage.demo.url);
  try {
    const olivia = await stage.opens({ at: line.url });
    await olivia.goTo("general");
    await olivia.says("Before.");
    await olivia.sees("Before.");
    const notice = olivia.page.locator(".line-bar", { hasText: "Connection lost" });
    assert.equal(await notice.count(), 0);

    line.cut();
    await notice.waitFor();
    await olivia.sees("Before.");
    await olivia.box.fill("Kept.");
    await olivia.page.getByRole("button", { name: "Send", exact: true }).click();
    await olivia.page.getByRole("alert").filter({ hasText: "Can't reach the sandbox" }).first().waitFor();
    assert.equal(await olivia.box.inputValue(), "Kept.", "what was written is not lost");
    const channel = await stage.demo.channel("general");
    await stage.demo.post(`/people/member/channels/${channel}/messages`, { content: "Meanwhile." });

    line.mend();
    await notice.waitFor({ state: "hidden" });
    await olivia.sees("Meanwhile.");
    await olivia.page.getByRole("button", { name: "Send", exact: true }).click();
    await olivia.sees("Kept.");
    await stage.demo.post(`/people/member/channels/${channel}/messages`, { content: "Afterwards." });
    await olivia.sees("Afterwards.");
  } finally {
    line.close();
  }
});

test("a dozen windows of one browser are all alive", async (stage) => {
  const first = await stage.opens();
  const windows = [first];
  while (windows.length < 12) windows.push(await stage.opens({ beside: first, as: windows.length % 2 ? "member" : "owner" }));
  await first.says("To all of you.");
  for (const each of windows) await each.sees("To all of you.");
  await /** @type {import("../lib/person.mjs").Person} */ (windows.at(-1)).says("Heard.");
  for (const each of windows) await each.sees("Heard.");
});

test("a page without its sandbox says so", async (stage) => {
  const line = await breakableLine(stage.demo.url);
  try {
    const { page } = await stage.opens({ at: line.url });
    const blocked = /\/control\/world$/;
    await page.route(blocked, (route) => route.abort());
    await page.reload();
    await page.getByText("Can't reach the sandbox.").waitFor();
    await page.unroute(blocked);
    await page.getByRole("button", { name: "Try now" }).click();
    await page.locator(".channel-link").first().waitFor();
  } finally {
    line.close();
  }
});

test("what is typed while a message is being sent is the next message", async (stage) => {
  const olivia = await stage.opens();
  const { page, box } = olivia;
  await olivia.goTo("general");
  const posted = /\/channels\/\d+\/messages$/;
  /** @type {import("playwright-core").Route[]} */
  const held = [];
  await page.route(posted, (route) => void held.push(route));

  await page.locator("input[type=file]").setInputFiles([textFile("hours.txt", "9 to 5")]);
  await page.locator(".tray-file").waitFor();
  await box.fill("First.");
  await page.keyboard.press("Enter");
  assert.equal(await box.inputValue(), "");
  await page.locator(".tray-file").waitFor({ state: "detached" });
  await page.keyboard.type("Second.");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Third.");
  await until("the first message is on its way", () => held.length === 1);

  // Nothing that was not sent is lost.
  await held[0].abort();
  await page.getByRole("alert").filter({ hasText: "Can't reach the sandbox" }).first().waitFor();
  await page.locator(".tray-file", { hasText: "hours.txt" }).waitFor();
  assert.equal(await box.inputValue(), "First.\nSecond.\nThird.");
  await page.keyboard.type(" Fourth.");
  assert.equal(await box.inputValue(), "First.\nSecond.\nThird. Fourth.", "the cursor is where it was");

  // What could be sent does not come back.
  await page.keyboard.press("Enter");
  await page.keyboard.type("Fifth.");
  await until("the message is on its way", () => held.length === 2);
  await held[1].continue();
  await page.unroute(posted);
  await (await olivia.sees("Third. Fourth.")).getByText("hours.txt").waitFor();
  assert.equal(await box.inputValue(), "Fifth.");
});

testWithBot("what happened while the connection was lost is shown after it", async (stage, bot) => {
  const { demo } = stage;
  await bot.commands(["slow", "never"].map((name) => ({ name, description: "Answers late." })));
  const button = { type: 1, components: [{ type: 2, style: 1, label: "Press me", custom_id: "press" }] };
  await bot.says("general", { content: "A button.", components: [button] });
  const support = await demo.channel("support");
  const { people } = await demo.get("/world");
  const line = await breakableLine(demo.url);
  try {
    const mia = await stage.opens({ as: "member", at: line.url });
    const { page } = mia;
    await mia.goTo("general");
    for (const name of ["/slow", "/never"]) await mia.runs([name]);
    await page.getByRole("button", { name: "Press me" }).click();
    const slow = await bot.got("slow");
    const press = await bot.got("press");
    await page.locator("li.message.waiting").nth(1).waitFor();
    await page.locator("[data-custom-id=press][aria-busy=true]").waitFor();

    line.cut();
    await page.locator(".line-bar", { hasText: "Connection lost" }).waitFor();
    await bot.post(`/interactions/${slow.id}/${slow.token}/callback`, { type: 4, data: { content: "Late, but here." } });
    await bot.post(`/interactions/${press.id}/${press.token}/callback`, { type: 6 });
    await demo.post("/clock", { advance_ms: 4000 });
    const me = people.find((/** @type {any} */ { part }) => part === "member").id;
    await demo.post(`/people/owner/channels/${support}/messages`, { content: "Nothing special." });
    await demo.post(`/people/owner/channels/${support}/messages`, { content: `Where are you, <@${me}>?` });
    await demo.post(`/people/member/channels/${await demo.channel("tickets")}/messages`, { content: "My own." });

    await line.mend();
    await mia.sees("Late, but here.");
    await page.locator("[data-custom-id=press]:not([aria-busy])").waitFor();
    await page.locator("li.message.waiting .problem").waitFor();
    assert.equal(await page.locator("li.message.waiting").count(), 1, "only the failed one is still there");
    await page.locator(`.channel-link.unread[data-channel="${support}"] .count`).getByText("1").waitFor();
    assert.equal(await page.locator(".channel-link.unread").count(), 1);
    await mia.goTo("support");
    await page.locator("li.message", { hasText: "Nothing special." }).locator(".new-line").waitFor();
  } finally {
    line.close();
  }
});

/** A way to the sandbox that can be cut and mended. @param {string} to */
async function breakableLine(to) {
  const { host, hostname, port } = new URL(to);
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, host };
    if (headers.origin) headers.origin = to;
    const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  /** The server no longer closes connections that became WebSockets. @type {Set<import("node:stream").Duplex>} */
  const upgraded = new Set();
  server.on("upgrade", (incoming, socket) => {
    const headers = Object.entries({ ...incoming.headers, host, origin: to }).map(([name, value]) => `${name}: ${value}\r\n`);
    const onward = connect(Number(port), hostname, () => onward.write(`GET ${incoming.url} HTTP/1.1\r\n${headers.join("")}\r\n`));
    upgraded.add(socket);
    for (const [end, other] of [[socket, onward], [onward, socket]]) {
      end.pipe(other);
      end.on("error", () => other.destroy());
      end.on("close", () => other.destroy());
    }
  });
  // The port stays taken while the line is cut: somebody else could get it otherwise.
  let whole = true;
  server.on("connection", (socket) => whole || socket.destroy());
  await new Promise((ready, failed) => server.once("error", failed).listen(0, "127.0.0.1", () => ready(undefined)));
  const own = /** @type {import("node:net").AddressInfo} */ (server.address()).port;
  const cut = () => {
    whole = false;
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
  };
  const close = () => {
    cut();
    server.close();
  };
  return { url: `http://127.0.0.1:${own}`, cut, mend: () => void (whole = true), close };
}
