import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { isTooSlow, watchSlowSenders } from "../../src/runtime/node-slow-senders.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("a small request has a minute, a large one more by what it has brought", () => {
  expect([isTooSlow(59_999, 0), isTooSlow(60_001, 0)]).toEqual([false, true]);
  const gigabyte = 1024 ** 3;
  expect([isTooSlow(3_600_000, gigabyte), isTooSlow(60_000 + 16_385_000, gigabyte)]).toEqual([false, true]);
});

test("a sender that stalls is cut, one that has sent everything is not", async () => {
  let now = 0;
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const senders = watchSlowSenders(() => now);
  const arrived: IncomingMessage[] = [];
  const server = createServer((incoming) => {
    senders.watch(incoming);
    arrived.push(incoming);
    incoming.on("error", () => undefined).resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const open = (length: number, body: string) => {
      const sent = request({ port, method: "POST", headers: { "content-length": length } });
      const ended = new Promise<string>((resolve) => sent.once("error", ({ message }) => resolve(message)));
      sent.write(body);
      return { sent, ended };
    };
    const stalling = open(100, "x");
    const whole = open(1, "x");
    whole.sent.end();
    while (arrived.length < 2 || !arrived.some(({ complete }) => complete)) await delay(5);
    now = 59_000;
    vi.advanceTimersByTime(5000);
    expect(arrived.map(({ socket }) => socket.destroyed)).toEqual([false, false]);
    now = 66_000;
    vi.advanceTimersByTime(5000);
    expect(await stalling.ended).toBe("socket hang up");
    expect(arrived.filter(({ socket }) => socket.destroyed)).toHaveLength(1);
    whole.sent.destroy();
  } finally {
    senders.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
