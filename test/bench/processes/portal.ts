import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { answerCommands } from "../commands.ts";

/** A national portal that says yes to everything after a while: as little work as a server can have. */
const ANSWERS = {
  login: '{"error_code":"0","session":"bench-session"}',
  procedure:
    '{"error_code":"0","result":[{"MATTHC":"2.000591","TENTTHC":"Thủ tục","LINHVUCTHUCHIEN":[{"MALINHVUC":"G01","TENLINHVUC":"Lĩnh vực"}]}]}',
  done: '{"error_code":"0"}',
} as const;

const kindOf = (path: string, body: string): keyof typeof ANSWERS => {
  if (path.endsWith("/login")) return "login";
  return body.includes('"LayThuTuc"') ? "procedure" : "done";
};

let taken = 0;
/** The correlation ids of the messages in the order they came in. */
let log: string[] = [];

const commands = {
  /** Begins to serve on a free port; every answer takes `delayMs`. With `isLogging` it remembers what came. */
  open: async ({ delayMs, isLogging = false }: { delayMs: number; isLogging?: boolean }) => {
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      request.on("end", async () => {
        const kind = kindOf(request.url ?? "", body);
        if (isLogging && kind === "done") log.push(String(request.headers["x-correlation-id"]));
        await delay(delayMs);
        if (kind === "done") taken++;
        const answer = ANSWERS[kind];
        response.writeHead(200, {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(answer),
        });
        response.end(answer);
      });
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  },
  /** How many messages were taken since the last time of asking; logins and look-ups do not count. */
  taken: async () => {
    const count = taken;
    taken = 0;
    return count;
  },
  /** The correlation ids of the messages since the last time of asking, in the order they came in. */
  log: async () => {
    const ids = log;
    log = [];
    return ids;
  },
};

/** What this process can be told. */
export type PortalCommands = typeof commands;

answerCommands(commands);
