import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A mail that the server took. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  /** User and password as given, if any were. */
  readonly login?: string;
}

/** How the server behaves. */
export interface SmtpBehaviour {
  readonly port?: number;
  /** The reply to a recipient that is refused: `550 no such mailbox`. */
  readonly refuse?: (recipient: string) => string | undefined;
  /** Asks for user and password. */
  readonly login?: boolean;
  /** Reply to the mail's content. */
  readonly atEnd?: () => Promise<string> | string;
  /** Takes connections and says nothing. */
  readonly silent?: boolean;
}

const words = (value: string): string =>
  value
    .replaceAll(/\?=\s+=\?/gu, "?==?")
    .replaceAll(/=\?UTF-8\?([BQ])\?([^?]*)\?=/giu, (_all, kind: string, data: string) =>
      kind.toUpperCase() === "B" ? `<b>${data}</b>` : `<q>${data.replaceAll("_", " ")}</q>`,
    )
    .replaceAll(/<b>(.*?)<\/b>/gu, (_all, data: string) => Buffer.from(data, "base64").toString("utf8"))
    .replaceAll(/(?:<q>.*?<\/q>)+/gu, (all) => quotedPrintable(all.replaceAll(/<\/?q>/gu, "")));

const quotedPrintable = (text: string): string => {
  const joined = text.replaceAll(/=\r?\n/gu, "");
  const bytes = [...joined.matchAll(/=([0-9A-F]{2})|([\s\S])/giu)].flatMap(([, hex, character]) =>
    hex === undefined ? [...Buffer.from(character ?? "", "utf8")] : [Number.parseInt(hex, 16)],
  );
  return Buffer.from(bytes).toString("utf8");
};

const readMail = (raw: string) => {
  const end = raw.indexOf("\r\n\r\n");
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/gu, " ")
    .split("\r\n");
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(":")).toLowerCase(),
      words(line.slice(line.indexOf(":") + 1).trim()),
    ]),
  );
  const body = raw.slice(end + 4).replaceAll(/^\.\./gmu, ".");
  const encoding = headers.get("content-transfer-encoding");
  const text = encoding === "base64" ? Buffer.from(body, "base64").toString("utf8") : quotedPrintable(body);
  return { headers, text: text.replaceAll("\r\n", "\n") };
};

/** Speaks with one client (RFC 5321), one line at a time. */
const converse = (socket: Socket, behaviour: SmtpBehaviour, take: (mail: ReceivedMail) => void): void => {
  let buffer = "";
  let from = "";
  let to: string[] = [];
  let login: string | undefined;
  let inData = false;
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const addressIn = (line: string): string => /<([^>]*)>/u.exec(line)?.[1] ?? "";
  const commands: Readonly<Record<string, (line: string) => string>> = {
    EHLO: () => (behaviour.login ? "250-test\r\n250 AUTH PLAIN" : "250 test"),
    AUTH: (line) => {
      const given = Buffer.from(line.split(" ")[2] ?? "", "base64").toString("utf8");
      login = given.split("\0").slice(1).join(":");
      return login === "gateway:p@ss/word" ? "235 welcome" : "535 wrong";
    },
    MAIL: (line) => {
      from = addressIn(line);
      return behaviour.login && login === undefined ? "530 log in first" : "250 ok";
    },
    RCPT: (line) => {
      const refusal = behaviour.refuse?.(addressIn(line));
      if (refusal === undefined) to.push(addressIn(line));
      return refusal ?? "250 ok";
    },
    DATA: () => {
      inData = true;
      return "354 go on";
    },
    STAR: () => "502 no TLS here",
    QUIT: () => "221 bye",
  };
  const command = (line: string): void => say(commands[line.slice(0, 4).toUpperCase()]?.(line) ?? "250 ok");
  const finish = async (raw: string): Promise<void> => {
    inData = false;
    const reply = (await behaviour.atEnd?.()) ?? "250 taken";
    if (reply.startsWith("250")) take({ from, to, ...readMail(raw), ...(login !== undefined && { login }) });
    to = [];
    say(reply);
  };
  const step = (): boolean => {
    const mark = inData ? "\r\n.\r\n" : "\r\n";
    const end = buffer.indexOf(mark);
    if (end < 0) return false;
    const part = buffer.slice(0, end);
    buffer = buffer.slice(end + mark.length);
    if (inData) void finish(part);
    else command(part);
    return true;
  };
  socket.setEncoding("utf8").on("error", () => undefined);
  if (behaviour.silent) return;
  socket.on("data", (chunk: string) => {
    buffer += chunk;
    while (step());
  });
  say("220 test ESMTP");
};

/** Starts a mail server on a free port of 127.0.0.1. */
export const startSmtpServer = async (behaviour: SmtpBehaviour = {}) => {
  const mails: ReceivedMail[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    converse(socket, behaviour, (mail) => mails.push(mail));
  });
  server.listen(behaviour.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    mails: mails as readonly ReceivedMail[],
    close: async (): Promise<void> => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
};
