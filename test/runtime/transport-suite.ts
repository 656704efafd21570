import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { HttpAnswer, HttpRequest, Transport } from "../../contracts/adapter.ts";
import { TransportError } from "../../contracts/adapter.ts";
import { deadPort, type Script, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

/** A transport under test, and what ends its connections. */
export interface TransportUnderTest {
  readonly transport: Transport;
  close(): Promise<void>;
}

const post = (url: string, body: string): HttpRequest => ({
  method: "POST",
  url,
  headers: { "content-type": "application/json", "x-trace": "t-1" },
  body,
});

const get = (url: string): HttpRequest => ({ method: "GET", url, headers: {} });

/** What the call rejected with; fails the test when it was no `TransportError`. */
export async function failureOf(call: Promise<HttpAnswer>): Promise<{ reason: string; sent: boolean }> {
  const error = await call.then(
    () => new Error("the call was answered"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TransportError)) throw error;
  return { reason: error.reason, sent: error.sent };
}

/** The behaviour that every transport has: the port `Transport` of contracts/adapter.ts. */
export function transportSuite(name: string, create: () => TransportUnderTest): void {
  describe(name, () => {
    const closers: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const close of closers.splice(0).reverse()) await close();
    });

    const serve = async (script: Script): Promise<ScriptedServer> => {
      const server = await startScriptedServer(script);
      closers.push(() => server.close());
      return server;
    };
    const send = (
      request: HttpRequest,
      { signal = AbortSignal.timeout(10_000), maxAnswerBytes = 10_000 } = {},
    ): Promise<HttpAnswer> => {
      const { transport, close } = create();
      closers.push(close);
      return transport(request, { signal, maxAnswerBytes });
    };

    test("method, path, query, headers and body arrive, and status, headers and body come back", async () => {
      const server = await serve((request, response) => {
        response.writeHead(418, { "X-Echo": `${request.headers["x-trace"]}`, "Set-Cookie": ["a=1", "b=2"] });
        response.end(`${request.method} ${request.url} ${request.text}`);
      });
      const answer = await send(post(`${server.url}/g?service=hồ-sơ`, '{"tên":"Nguyễn"}'));
      expect(answer.status).toBe(418);
      expect(answer.headers["x-echo"]).toBe("t-1");
      expect(answer.headers["set-cookie"]).toBe("a=1, b=2");
      expect(answer.body).toBe('POST /g?service=h%E1%BB%93-s%C6%A1 {"tên":"Nguyễn"}');
      expect(answer.overlong).toBe(false);
    });

    test("bytes of an answer go to who takes them, of any length and past the cap, and what is not wanted is not read", async () => {
      const size = 3 * 1024 * 1024;
      const server = await serve((_request, response) => {
        response.writeHead(200, { "content-type": "application/pdf" });
        response.end(Buffer.alloc(size, 0xff));
      });
      let taken = 0;
      const whole = await send({
        ...get(server.url),
        receive: ({ headers }) =>
          headers["content-type"] === "application/pdf"
            ? async (bytes) => {
                for await (const part of bytes) {
                  expect(part.every((byte) => byte === 0xff)).toBe(true);
                  taken += part.length;
                  // Slower than they come: the connection waits.
                  if (taken > size / 2) await Promise.resolve();
                }
              }
            : null,
      });
      expect([whole.status, whole.body, whole.overlong, taken]).toEqual([200, "", false, size]);
      const begun = await send({
        ...get(server.url),
        receive: () => async (bytes) => {
          for await (const _part of bytes) return;
        },
      });
      expect([begun.status, begun.body]).toEqual([200, ""]);
      const text = await send({ ...get(server.url), receive: () => null });
      expect(text.overlong).toBe(true);
    });

    test("bytes that cannot be kept, or that break off, fail the call", async () => {
      const server = await serve((request, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("begun");
        if (request.url === "/broken") setImmediate(() => response.destroy());
      });
      const sink = (fails: boolean) => async (bytes: AsyncIterable<Uint8Array>) => {
        for await (const _part of bytes) if (fails) throw new Error("the disk is full");
      };
      for (const [path, fails] of [
        ["/broken", false],
        ["/kept", true],
      ] as const) {
        const call = send({ ...get(`${server.url}${path}`), receive: () => sink(fails) });
        expect(await failureOf(call)).toEqual({ reason: "reset", sent: true });
      }
    });

    test("a stream of bytes arrives whole, in pieces as they come", async () => {
      const server = await serve((request, response) => response.end(`${request.method} ${request.text}`));
      const stream = (async function* () {
        for (const part of ["một", " hai", " ba"]) yield new TextEncoder().encode(part);
      })();
      const answer = await send({ method: "POST", url: server.url, headers: {}, stream });
      expect(answer.body).toBe("POST một hai ba");
    });

    test("a stream that breaks is a failed call, never a shorter message", async () => {
      let answered = false;
      const server = await serve((_request, response) => {
        answered = true;
        response.end();
      });
      const stream = (async function* () {
        yield new TextEncoder().encode("một");
        throw new Error("the source broke");
      })();
      await failureOf(send({ method: "POST", url: server.url, headers: {}, stream }));
      expect(answered).toBe(false);
    });

    test("an answer with no body is an empty text", async () => {
      const server = await serve((_request, response) => response.writeHead(204).end());
      expect(await send(get(server.url))).toMatchObject({ status: 204, body: "", overlong: false });
    });

    test("a redirect is handed back and not followed", async () => {
      const server = await serve((_request, response) => response.writeHead(302, { Location: "/elsewhere" }).end());
      const answer = await send(get(`${server.url}/here`));
      expect([answer.status, answer.headers["location"]]).toEqual([302, "/elsewhere"]);
      expect(server.requests).toEqual(["GET /here"]);
    });

    test("an answer of exactly the allowed length is whole", async () => {
      const server = await serve((_request, response) => response.end("x".repeat(500)));
      const answer = await send(get(server.url), { maxAnswerBytes: 500 });
      expect([answer.body.length, answer.overlong]).toEqual([500, false]);
    });

    test("an endless answer is cut at the allowed length, between characters, and the connection is dropped", async () => {
      let dropped: Promise<unknown> = Promise.resolve();
      const server = await serve((_request, response) => {
        dropped = once(response, "close");
        const pour = (): void => {
          while (!response.destroyed && response.write("ồ".repeat(10_000)));
          response.once("drain", pour);
        };
        pour();
      });
      const answer = await send(get(server.url), { maxAnswerBytes: 100_001 });
      expect(answer.overlong).toBe(true);
      expect(answer.body).toBe("ồ".repeat(33_333));
      await dropped;
    });

    test("bytes that are no UTF-8 are shown as replacement characters", async () => {
      const server = await serve((_request, response) => response.end(Buffer.from([0x61, 0xff, 0x62, 0xe1, 0xbb])));
      expect((await send(get(server.url))).body).toBe("a\uFFFDb\uFFFD");
    });

    test("a refused connection was not sent", async () => {
      const url = `http://127.0.0.1:${await deadPort()}/`;
      expect(await failureOf(send(post(url, "{}")))).toEqual({ reason: "connect", sent: false });
    });

    test("a signal that fired before the call sends nothing", async () => {
      const server = await serve((_request, response) => response.end());
      const failure = await failureOf(send(post(server.url, "{}"), { signal: AbortSignal.abort() }));
      expect(failure).toEqual({ reason: "cancelled", sent: false });
      expect(server.connections.taken).toBe(0);
    });

    test("a connection reset after the request arrived was sent", async () => {
      const server = await serve((request) => request.socket.resetAndDestroy());
      expect(await failureOf(send(post(server.url, "{}")))).toEqual({ reason: "reset", sent: true });
    });

    test("a connection closed without an answer was sent", async () => {
      const server = await serve((request) => request.socket.end());
      expect(await failureOf(send(post(server.url, "{}")))).toEqual({ reason: "reset", sent: true });
    });

    test("an answer that breaks off in its body is a reset after sending", async () => {
      const server = await serve((request, response) => {
        response.writeHead(200, { "Content-Length": "100" });
        response.write("half", () => request.socket.destroy());
      });
      expect(await failureOf(send(post(server.url, "{}")))).toEqual({ reason: "reset", sent: true });
    });

    test("an answer that is not HTTP is a reset after sending", async () => {
      const server = createTcpServer((socket) => void socket.once("data", () => socket.end("nonsense\r\n\r\n")));
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      closers.push(async () => void server.close());
      const address = server.address();
      const port = address !== null && typeof address === "object" ? address.port : 0;
      expect(await failureOf(send(get(`http://127.0.0.1:${port}/`)))).toEqual({ reason: "reset", sent: true });
    });

    test("a deadline that passes while the platform is silent is a timeout after sending", async () => {
      const server = await serve(() => undefined);
      const failure = await failureOf(send(post(server.url, "{}"), { signal: AbortSignal.timeout(80) }));
      expect(failure).toEqual({ reason: "timeout", sent: true });
    });

    test("a deadline that passes in the middle of the answer is a timeout after sending", async () => {
      const server = await serve((_request, response) => void response.write("half"));
      const failure = await failureOf(send(post(server.url, "{}"), { signal: AbortSignal.timeout(80) }));
      expect(failure).toEqual({ reason: "timeout", sent: true });
    });

    test("a call given up while it runs is cancelled after sending, and its connection is dropped", async () => {
      const arrived = Promise.withResolvers<ServerResponse>();
      const server = await serve((_request, response) => arrived.resolve(response));
      const given = new AbortController();
      const call = failureOf(send(post(server.url, "{}"), { signal: given.signal }));
      const dropped = once(await arrived.promise, "close");
      given.abort();
      expect(await call).toEqual({ reason: "cancelled", sent: true });
      await dropped;
    });
  });
}
