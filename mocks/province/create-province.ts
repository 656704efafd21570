import { Hono } from "hono";
import {
  SECRET_PREFIX,
  SIGNATURE_VERSION,
  signedContent,
  WEBHOOK_HEADERS,
} from "../../contracts/platforms/province/wire.ts";

/** One webhook as it came in. */
export interface ReceivedWebhook {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The status it was answered with; absent while it is not answered. */
  status?: number;
}

/** How the receiver answers from now on. `hang`: never. A function decides by the message. */
export type Behaviour =
  | "hang"
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> };

/** The software of a province that takes webhooks: it checks signatures, and remembers everything that came. */
export interface ProvinceReceiver {
  readonly app: { fetch(request: Request): Response | Promise<Response> };
  /** Everything that came to `/hooks/{name}`, in order, whatever it was answered. */
  received(name?: string): readonly ReceivedWebhook[];
  /** Ids taken by a 2xx, each once, in the order taken. */
  taken(name?: string): readonly string[];
  behave(behaviour: Behaviour | ((message: ReceivedWebhook) => Behaviour), name?: string): void;
  /** From now on refuses what none of these secrets signed, with 401. Without: takes everything. */
  expect(secrets: readonly string[], name?: string): void;
}

/** What a receiver needs from outside. */
export interface ReceiverParts {
  readonly now: () => Date;
}

/** A receiver refuses what was signed longer ago, or will be signed in so long: a recorded message must not work for ever. */
const TOLERANCE_SECONDS = 300;

const hmac = async (secret: string, content: string): Promise<string> => {
  const raw = Uint8Array.from(atob(secret.replace(SECRET_PREFIX, "")), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const bytes = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(content));
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
};

const isSigned = async (message: ReceivedWebhook, secrets: readonly string[], now: Date): Promise<boolean> => {
  const timestamp = message.headers[WEBHOOK_HEADERS.timestamp] ?? "";
  if (!(Math.abs(now.getTime() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS)) return false;
  const given = (message.headers[WEBHOOK_HEADERS.signature] ?? "").split(" ");
  for (const secret of secrets) {
    const wanted = SIGNATURE_VERSION + (await hmac(secret, signedContent(message.id, timestamp, message.body)));
    if (given.includes(wanted)) return true;
  }
  return false;
};

interface Hook {
  readonly received: ReceivedWebhook[];
  readonly taken: Set<string>;
  behave: (message: ReceivedWebhook) => Behaviour;
  secrets: readonly string[] | null;
}

/** Makes a receiver with as many addresses `/hooks/{name}` as anybody asks for; a GET there shows what came. */
export const createProvince = ({ now }: ReceiverParts): ProvinceReceiver => {
  const hooks = new Map<string, Hook>();
  const hookOf = (name: string): Hook => {
    const hook = hooks.get(name) ?? { received: [], taken: new Set(), behave: () => ({ status: 204 }), secrets: null };
    hooks.set(name, hook);
    return hook;
  };

  const answer = (message: ReceivedWebhook, hook: Hook, behaviour: Behaviour): Response | Promise<Response> => {
    if (behaviour === "hang") return new Promise(() => undefined);
    message.status = behaviour.status;
    if (behaviour.status >= 200 && behaviour.status < 300) hook.taken.add(message.id);
    const { status, body, headers } = behaviour;
    return new Response(status === 204 ? null : (body ?? ""), { status, ...(headers && { headers }) });
  };

  const app = new Hono();
  app.post("/hooks/:name", async (c) => {
    const hook = hookOf(c.req.param("name"));
    const headers = c.req.header();
    const id = headers[WEBHOOK_HEADERS.id] ?? "";
    const message: ReceivedWebhook = { id, at: now().getTime(), headers, body: await c.req.text() };
    hook.received.push(message);
    if (hook.secrets !== null && !(await isSigned(message, hook.secrets, now()))) {
      return answer(message, hook, { status: 401 });
    }
    return answer(message, hook, hook.behave(message));
  });
  app.get("/hooks/:name", (c) => c.json({ received: hookOf(c.req.param("name")).received }));
  return {
    app,
    received: (name = "main") => hookOf(name).received,
    taken: (name = "main") => [...hookOf(name).taken],
    behave: (behaviour, name = "main") => {
      hookOf(name).behave = typeof behaviour === "function" ? behaviour : () => behaviour;
    },
    expect: (secrets, name = "main") => {
      hookOf(name).secrets = secrets;
    },
  };
};
