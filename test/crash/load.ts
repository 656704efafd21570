import { setTimeout as delay } from "node:timers/promises";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import type { Answer, Call, InsistentClient } from "./insistent-client.ts";

/** One exchange that was accepted. */
export interface Accepted {
  readonly id: string;
  readonly dossier: string;
  readonly kind: "put" | "step";
  /** What the portal sees of it and of nothing else. */
  readonly word: string;
}

/** What a load is made with. */
export interface LoadParts {
  readonly client: InsistentClient;
  readonly random: () => number;
  /** Dossiers worked at side by side. */
  readonly lanes: number;
  /** Tells the portal of a dossier that was born on it. */
  readonly bear: (portalCode: string) => void;
}

/** Between two calls of one lane at most, in milliseconds. */
const THINK_MS = 60;
/** A load that meets nothing but faults gives up. */
const MOST_FAULTS = 100;
/** Shares of dossiers born on the portal, of puts among the later calls, of acts and of repeated calls after each. */
const SHARES = { born: 0.12, put: 0.35, act: 0.2, cancel: 0.3, again: 0.1 };

const exchangeOf = ({ text }: Answer): string =>
  (JSON.parse(text) as { exchanges: { id: string }[] }).exchanges[0]?.id ?? "";

/** Officers at work: dossiers put, replaced and moved on, entries tried again and cancelled, until told to rest. */
export const startLoad = ({ client, random, lanes, bear }: LoadParts) => {
  const accepted: Accepted[] = [];
  const faults: string[] = [];
  let running = true;
  let dossiers = 0;
  let calls = 0;
  let keys = 0;

  const insist = async (call: Call): Promise<Answer> => {
    const keyed = { ...call, key: `call-${++keys}` };
    const answer = await client.call(keyed);
    calls++;
    if (random() < SHARES.again && answer.status < 300) {
      const again = await client.call(keyed);
      if (again.text !== answer.text || !again.replayed) faults.push(`${keyed.key}: the second answer is another one`);
    }
    return answer;
  };

  const accept = async (call: Call, one: Omit<Accepted, "id">): Promise<Accepted> => {
    const answer = await insist(call);
    if (answer.status !== 202) throw new Error(`${call.path} was refused: ${answer.status} ${answer.text}`);
    const taken = { ...one, id: exchangeOf(answer) };
    accepted.push(taken);
    return taken;
  };

  const act = async ({ id }: Accepted, mayCancel: boolean): Promise<void> => {
    const cancels = mayCancel && random() < SHARES.cancel;
    const path = `/v1/ledger/${id}/${cancels ? "cancel" : "retry"}`;
    const answer = await insist({ method: "POST", path, ...(cancels && { body: { reason: "Nhập nhầm" } }) });
    // 409: it was settled or on its way already.
    if (![200, 202, 409].includes(answer.status)) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  };

  const say = (kind: Accepted["kind"], code: string, n: number, portalCode: string | undefined): [Call, string] => {
    const word = `${kind} ${n} of ${code}`;
    const path = `/v1/dossiers/${code}`;
    if (kind === "step") {
      return [{ method: "POST", path: `${path}/events`, body: eventBody(`e${n}`, { content: word }) }, word];
    }
    const body = dossierBody({ summary: word, ...(portalCode !== undefined && { portalCode }) });
    return [{ method: "PUT", path, body }, word];
  };

  const workAt = async (number: number): Promise<void> => {
    const tail = String(number).padStart(6, "0");
    const code = `H04.15-261120-${tail}`;
    const portalCode = random() < SHARES.born ? `G22.99-261119-${tail}` : undefined;
    if (portalCode !== undefined) bear(portalCode);
    const length = 3 + Math.floor(random() * 6);
    for (let n = 1; n <= length && running; n++) {
      const kind = n === 1 || random() < SHARES.put ? "put" : "step";
      const [call, word] = say(kind, code, n, portalCode);
      const taken = await accept(call, { dossier: code, kind, word });
      // Without its first put the portal would refuse the rest of a dossier.
      if (random() < SHARES.act) await act(taken, n > 1);
      await delay(random() * THINK_MS);
    }
  };

  const lane = async (): Promise<void> => {
    while (running && faults.length < MOST_FAULTS) {
      await workAt(++dossiers).catch((error: unknown) => faults.push((error as Error).message));
    }
  };
  let working = Promise.all(Array.from({ length: lanes }, lane));

  return {
    accepted,
    /** What an answer was that it must not be. */
    faults,
    get dossiers() {
      return dossiers;
    },
    /** Waits until so many more calls were answered. */
    progress: async (more: number, patienceMs = 60_000): Promise<void> => {
      const [goal, end] = [calls + more, Date.now() + patienceMs];
      while (calls < goal && Date.now() < end) await delay(5);
    },
    /** Ends after the calls in hand. */
    rest: async (): Promise<void> => {
      running = false;
      await working;
    },
    resume: (): void => {
      running = true;
      working = Promise.all(Array.from({ length: lanes }, lane));
    },
    call: insist,
  };
};

/** A load. */
export type Load = ReturnType<typeof startLoad>;
