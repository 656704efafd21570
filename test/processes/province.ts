import { setTimeout as delay } from "node:timers/promises";
import type { EntryView, LedgerSummary } from "../../contracts/services/ledger.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";

/** One sum line of the ledger. */
export type Sums = LedgerSummary["items"][number];

/** How much a province sends. */
export interface Load {
  readonly dossiers: number;
  readonly steps: number;
  /** What tells the codes of this load from those of another. */
  readonly series: number;
}

/** A province at work: it sends every call again until it is accepted, as one-stop software does. */
export interface Province {
  /** Dossier codes of its load. */
  readonly codes: readonly string[];
  /** How many calls were accepted so far. */
  readonly accepted: number;
  /** Fulfilled when everything was accepted. */
  readonly done: Promise<void>;
  /** Waits for something; rejects at once when a call is refused meanwhile. */
  until<T>(wished: Promise<T>): Promise<T>;
}

/** The words of step `n` as the portal shows them. */
export const wordsOf = (n: number): string => `Thẩm định hồ sơ e${n}`;

const PATIENCE_MS = 40_000;

/** Gives an answer of 202, however often it takes. */
const insist = async (call: () => Promise<Response>, end: number): Promise<void> => {
  for (;;) {
    // A lost call is a value here. Not `instanceof Response`: serving a simulator puts another class in its place.
    const answer = await call().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    const lost = answer instanceof Error;
    const body = lost ? answer.message : await answer.text();
    if (!lost && answer.status === 202) return;
    // A refusal would be repeated for ever; whatever else there is passes.
    const isRefusal = !lost && answer.status < 500 && answer.status !== 429;
    if (isRefusal || Date.now() > end) throw new Error(`not accepted: ${lost ? "" : answer.status} ${body}`);
    await delay(20);
  }
};

/**
 * Begins to send a load: each dossier's calls one after another, all dossiers at once.
 *
 * @param gateways the addresses to choose from at this moment; none while all are down.
 */
export const startProvince = (gateways: () => readonly string[], token: string, load: Load): Province => {
  const end = Date.now() + PATIENCE_MS;
  let accepted = 0;
  let turn = 0;
  const send = async (method: string, path: string, body: unknown): Promise<void> => {
    await insist(async () => {
      const urls = gateways();
      const url = urls[turn++ % Math.max(1, urls.length)];
      if (url === undefined) throw new Error("no gateway is up");
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      return fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
    }, end);
    accepted++;
  };
  const sendDossier = async (code: string): Promise<void> => {
    await send("PUT", `/v1/dossiers/${code}`, dossierBody());
    for (let n = 1; n <= load.steps; n++) await send("POST", `/v1/dossiers/${code}/events`, eventBody(`e${n}`));
  };
  const codes = Array.from(
    { length: load.dossiers },
    (_, i) => `H04.15-2611${10 + load.series}-${String(i + 1).padStart(4, "0")}`,
  );
  const done = Promise.all(codes.map(sendDossier)).then(() => undefined);
  // Looked at in the end; until then it must not count as unhandled.
  done.catch(() => undefined);
  return {
    codes,
    get accepted() {
      return accepted;
    },
    done,
    until: (wished) => Promise.race([wished, done.then(() => wished)]),
  };
};

/** The sums of the ledger. */
export const sumsOf = async (url: string, token: string): Promise<Sums> => {
  const answer = await fetch(`${url}/v1/ledger/summary`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  const { items } = (await answer.json()) as LedgerSummary;
  const [sums] = items;
  if (sums === undefined) throw new Error("the ledger is empty");
  return sums;
};

/** How many of the newest 200 steps took more than one attempt. */
export const retriedSteps = async (url: string, token: string): Promise<number> => {
  const path = "/v1/ledger?operation=dossier.step&limit=200";
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const { items } = (await answer.json()) as { items: EntryView[] };
  return items.filter(({ attempts }) => attempts > 1).length;
};

/** Waits until nothing is pending. */
export const drainedOf = async (url: string, token: string, seconds: number): Promise<Sums> => {
  for (const end = Date.now() + seconds * 1000; ; await delay(50)) {
    const sums = await sumsOf(url, token);
    if (sums.pending === 0) return sums;
    if (Date.now() > end) throw new Error(`still on their way: ${JSON.stringify(sums)}`);
  }
};
