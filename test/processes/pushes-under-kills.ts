import { setTimeout as delay } from "node:timers/promises";
import type { Event } from "../../contracts/services/inbox.ts";
import type { WebhookWithSecret } from "../../contracts/services/webhooks.ts";
import { type PushReport, runPushes } from "../../mocks/national-portal/push-run.ts";
import { createProvince, type ReceivedWebhook } from "../../mocks/province/create-province.ts";
import { serve } from "../../mocks/server.ts";
import { DEMO_PORTAL_KEY } from "../../src/demo-settings.ts";
import { freePort } from "./free-port.ts";
import { type GatewayChild, startGateway, tokenOf } from "./gateway-child.ts";

/** How much is pushed, and how often the gateway is killed meanwhile. */
export interface PushStorm {
  readonly seed: number;
  /** Five pushes each. */
  readonly dossiers: number;
  readonly kills: number;
  /** Where the gateway keeps its database, which outlives it. */
  readonly dataDir: string;
  /** How to reach a portal that outlives the gateway. */
  readonly portal: Readonly<Record<string, string>>;
  readonly say?: (line: string) => void;
}

/** What the portal and the province each saw. */
export interface PushStormReport {
  readonly pushes: PushReport;
  /** By dossier, the marks of what the province took, each at the first time it was taken. */
  readonly told: Readonly<Record<string, readonly string[]>>;
  /** Events that the province took, each once. */
  readonly taken: number;
  /** Deliveries that it took once more: sent again, because the answer was not settled before a kill. */
  readonly takenAgain: number;
  readonly refused: number;
  readonly kills: number;
  readonly seconds: number;
}

/** The receiver refuses one in so many at its first try. */
const REFUSES_ONE_IN = 10;
const PUSHES_EACH = 5;
const LONGEST_WAIT_MS = 120_000;

/** What an event was pushed as, in the simulator's words. */
const markOf = ({ type, subject, data }: Event): string => {
  if (type === "dossier.amended") return `amendment ${subject}`;
  if (type === "dossier.received") return `promotion ${subject}`;
  if (type === "tax-notice.received") return `notice ${subject}`;
  const { amount } = (data["receipt"] ?? {}) as { amount?: number };
  return `receipt ${subject} ${amount}`;
};

const isTaken = ({ status }: ReceivedWebhook): boolean => status !== undefined && status < 300;

/** A province's software that takes webhooks: it refuses some at their first try. */
const openReceiver = async () => {
  const receiver = createProvince({ now: () => new Date() });
  const refused = new Set<string>();
  receiver.behave(({ id }) => {
    const chosen = Number.parseInt(id.slice(-4), 16) % REFUSES_ONE_IN === 0 && !refused.has(id);
    if (chosen) refused.add(id);
    return { status: chosen ? 503 : 204 };
  });
  return { receiver, refused, served: await serve(receiver.app) };
};

const addWebhook = async (gateway: GatewayChild, url: string): Promise<void> => {
  const types = ["dossier.received", "dossier.amended", "tax-notice.received", "tax-receipt.received"];
  const answer = await fetch(`${gateway.url}/v1/webhooks`, {
    method: "POST",
    headers: { authorization: `Bearer ${await tokenOf(gateway.url)}`, "content-type": "application/json" },
    body: JSON.stringify({ url, types }),
  });
  if (answer.status !== 201) throw new Error(`no webhook: ${answer.status} ${await answer.text()}`);
  await (answer.json() as Promise<WebhookWithSecret>);
};

/** Kills the gateway each time another share of the pushes was taken by the province, and starts it again. */
const killing = async (
  start: () => Promise<GatewayChild>,
  first: GatewayChild,
  { kills, dossiers, say }: PushStorm,
  taken: () => number,
  isOver: () => boolean,
): Promise<{ readonly last: GatewayChild; readonly done: number }> => {
  let gateway = first;
  let done = 0;
  for (; done < kills; done++) {
    const enough = ((done + 1) * PUSHES_EACH * dossiers) / (kills + 2);
    while (taken() < enough && !isOver()) await delay(5);
    if (isOver()) break;
    say?.(`kill ${done + 1} after ${taken()} were taken`);
    await gateway.kill();
    gateway = await start();
  }
  return { last: gateway, done };
};

/**
 * Pushes, repeated, reordered and spoilt, while the gateway is killed with SIGKILL and started again on the same port and database.
 * The receiver of webhooks refuses some of what it is told at first.
 */
export const pushUnderKills = async (storm: PushStorm): Promise<PushStormReport> => {
  const { seed, dossiers, dataDir } = storm;
  const begun = performance.now();
  const { receiver, refused, served } = await openReceiver();
  const settings = {
    ...storm.portal,
    PORT: String(await freePort()),
    DATA_DIR: dataDir,
    WEBHOOK_ALLOW_PRIVATE: "true",
    PROVINCE_RETRY_BASE_MS: "50",
    PROVINCE_RETRY_MAX_MS: "500",
  };
  const start = () => startGateway(settings);
  const first = await start();
  await addWebhook(first, `${served.url}/hooks/main`);
  let over = false;
  const taken = () => receiver.taken().length;
  const killed = killing(start, first, storm, taken, () => over);
  const plan = { gateway: first.url, key: DEMO_PORTAL_KEY, seed, dossiers };
  const shares = { duplicates: 0.3, reordered: 0.3, faults: 0.15 };
  const pushes = await runPushes({ ...plan, ...shares }, { fetch: (url, init) => fetch(url, init), wait: delay });
  for (const end = Date.now() + LONGEST_WAIT_MS; taken() < PUSHES_EACH * dossiers; await delay(50)) {
    if (Date.now() > end) break;
  }
  over = true;
  const { last, done } = await killed;
  await last.stop();
  await served.close();
  const accepted = receiver.received().filter(isTaken);
  const firstTaken = new Map(accepted.toReversed().map((message) => [message.id, message]));
  const inOrder = accepted.filter((message) => firstTaken.get(message.id) === message);
  const events = inOrder.map(({ body }) => JSON.parse(body) as Event);
  const bySubject = Object.groupBy(events, ({ subject }) => subject);
  return {
    pushes,
    told: Object.fromEntries(Object.entries(bySubject).map(([code, some = []]) => [code, some.map(markOf)])),
    taken: events.length,
    takenAgain: accepted.length - events.length,
    refused: refused.size,
    kills: done,
    seconds: (performance.now() - begun) / 1000,
  };
};
