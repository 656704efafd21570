import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createNodeTransport, type NodeTransport } from "../../src/runtime/node-transport.ts";
import { type Script, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";
import { failureOf, transportSuite } from "./transport-suite.ts";

const open = (connections = 4): NodeTransport => createNodeTransport({ connections, connectTimeoutMs: 5_000 });

transportSuite("the transport of Node", open);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  closers.push(() => server.close());
  return server;
}

const call = ({ transport }: NodeTransport, url: string, signal = AbortSignal.timeout(10_000)) =>
  transport({ method: "POST", url, headers: {}, body: "{}" }, { signal, maxAnswerBytes: 1_000 });

test("a connection is kept and used again", async () => {
  const server = await serve((_request, response) => response.end("ok"));
  const node = open(1);
  for (let n = 0; n < 5; n += 1) await call(node, server.url);
  expect([server.requests.length, server.connections.taken]).toEqual([5, 1]);
  await node.close();
});

test("a hundred calls at once share the connections allowed, one request at a time on each", async () => {
  let running = 0;
  let most = 0;
  const server = await serve((_request, response) => {
    running += 1;
    most = Math.max(most, running);
    setTimeout(() => {
      running -= 1;
      response.end("ok");
    }, 2);
  });
  const node = open(3);
  const answers = await Promise.all(Array.from({ length: 100 }, () => call(node, server.url)));
  expect(answers.map((answer) => answer.body)).toEqual(Array.from({ length: 100 }, () => "ok"));
  expect([most, server.connections.most]).toEqual([3, 3]);
  await node.close();
});

test("a kept connection that the platform closes under a request counts as sent", async () => {
  let answered = 0;
  const server = await serve((request, response) => {
    answered += 1;
    if (answered === 1) response.end("ok");
    else request.socket.resetAndDestroy();
  });
  const node = open(1);
  await call(node, server.url);
  expect(await failureOf(call(node, server.url))).toEqual({ reason: "reset", sent: true });
  expect(server.connections.taken).toBe(1);
  await node.close();
});

test("a call whose deadline passes while it waits for a free connection was not sent, nor is it sent later", async () => {
  const finish = Promise.withResolvers<void>();
  const server = await serve((_request, response) => void finish.promise.then(() => response.end("ok")));
  const node = open(1);
  const first = call(node, `${server.url}/first`);
  const second = await failureOf(call(node, `${server.url}/second`, AbortSignal.timeout(50)));
  expect(second).toEqual({ reason: "timeout", sent: false });
  finish.resolve();
  expect((await first).body).toBe("ok");
  expect((await call(node, `${server.url}/third`)).body).toBe("ok");
  expect(server.requests).toEqual(["POST /first", "POST /third"]);
  await node.close();
});

test("a TLS handshake that fails was not sent", async () => {
  const server = await serve((_request, response) => response.end("plain"));
  const node = open();
  const failure = await failureOf(call(node, server.url.replace("http:", "https:")));
  expect(failure).toEqual({ reason: "connect", sent: false });
  expect(server.requests).toEqual([]);
  await node.close();
});

/** Takes connections and never says a word: a TLS handshake with it hangs. */
async function silentPort(): Promise<number> {
  const server = createTcpServer((socket) => void socket.on("error", () => undefined).resume());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

test("a deadline that passes during the TLS handshake is a timeout before sending", async () => {
  const node = createNodeTransport({ connections: 1, connectTimeoutMs: 200 });
  const failure = await failureOf(call(node, `https://127.0.0.1:${await silentPort()}/`, AbortSignal.timeout(50)));
  expect(failure).toEqual({ reason: "timeout", sent: false });
  await node.close();
});

test("a handshake longer than the connect timeout cannot connect and was not sent", async () => {
  const node = createNodeTransport({ connections: 1, connectTimeoutMs: 100 });
  const failure = await failureOf(call(node, `https://127.0.0.1:${await silentPort()}/`));
  expect(failure).toEqual({ reason: "connect", sent: false });
  await node.close();
});

test("an address or a header that cannot be sent is a failure before sending, not a crash", async () => {
  const node = open();
  expect(await failureOf(call(node, "not an address"))).toEqual({ reason: "connect", sent: false });
  const headers = { "x-bad": "line\r\nbreak" };
  const request = { method: "GET", url: "http://127.0.0.1:1/", headers } as const;
  const sent = node.transport(request, { signal: AbortSignal.timeout(1_000), maxAnswerBytes: 10 });
  expect(await failureOf(sent)).toEqual({ reason: "connect", sent: false });
  await node.close();
});

test("closing waits for the calls that run and takes no more", async () => {
  const arrived = Promise.withResolvers<() => void>();
  const server = await serve((_request, response) => arrived.resolve(() => response.end("late")));
  const node = open();
  const running = call(node, server.url);
  const answer = await arrived.promise;
  const closed = node.close();
  expect(await failureOf(call(node, server.url))).toEqual({ reason: "connect", sent: false });
  answer();
  expect((await running).body).toBe("late");
  await closed;
});
