import type {
  BillAnswer,
  BillQuestion,
  StatusAnswer,
  StatusQuestion,
} from "../../contracts/platforms/national-portal/inbound.ts";
import { type PortalPush, pushesAbout } from "./push-messages.ts";

/** A run of pushes. Shares are 0 to 1, and drawn with the seed: the same plan is the same run. */
export interface PushPlan {
  /** Base address of the gateway. */
  readonly gateway: string;
  /** `X-Api-Key`. */
  readonly key: string;
  readonly seed: number;
  /** Five pushes each. */
  readonly dossiers: number;
  /** Dossiers pushed at once; what is about one dossier goes one after the other. */
  readonly concurrency?: number;
  /** Pushes that are sent once more, though they were answered. */
  readonly duplicates?: number;
  /** Dossiers whose pushes go in another order than they happened in. */
  readonly reordered?: number;
  /** Pushes that are spoilt at first: cut short, with a wrong key, or hung up on before the answer. */
  readonly faults?: number;
}

/** What became of a run. */
export interface PushReport {
  /** Calls made, spoilt ones and repetitions included. */
  readonly calls: number;
  /** Answers by `error_code`, or by HTTP status where it was not 200; `lost`: none came. */
  readonly answers: Readonly<Record<string, number>>;
  /** By dossier, the marks of the pushes about it in the order in which they were sent. */
  readonly order: Readonly<Record<string, readonly string[]>>;
  /** Pushes that were never taken. */
  readonly notTaken: readonly string[];
  /** What the two look-ups answered once all was pushed: a national status, and whether something is owed. */
  readonly lookedUp: Readonly<Record<string, { readonly status: string; readonly owes: number }>>;
}

/** Tries at one push before the portal gives up: about a minute, so that a gateway that is restarted has time to come back. */
const MOST_TRIES = 65;
const PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1000;

const pauseAfter = (tries: number): number => Math.min(PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const shuffled = <T>(items: readonly T[], random: () => number): T[] => {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
};

/** How one try is spoilt. */
type Spoil = "cut" | "wrong-key" | "hang-up" | "none";
const SPOILS = ["cut", "wrong-key", "hang-up"] as const;

interface Planned {
  readonly push: PortalPush;
  readonly spoil: Spoil;
  readonly repeats: boolean;
}

const planDossier = (code: string, n: number, plan: PushPlan, random: () => number): Planned[] => {
  const pushes = pushesAbout(code, n);
  const ordered = random() < (plan.reordered ?? 0) ? shuffled(pushes, random) : pushes;
  return ordered.map((push) => ({
    push,
    spoil: random() < (plan.faults ?? 0) ? (SPOILS[Math.floor(random() * SPOILS.length)] ?? "none") : "none",
    repeats: random() < (plan.duplicates ?? 0),
  }));
};

/** How the simulator calls out. */
export interface PushSurroundings {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly wait: (ms: number) => Promise<void>;
}

const HANG_UP_MS = 3;

/** Asks the gateway as the portal does: how a dossier stands, and whether it owes anything (np 2.6). */
const lookUp = async ({ gateway, key }: PushPlan, fetch: PushSurroundings["fetch"], code: string) => {
  const ask = async <Answer>(path: string, question: StatusQuestion | BillQuestion): Promise<Answer> => {
    const headers = { "content-type": "application/json", "x-api-key": key };
    const init = { method: "POST", headers, body: JSON.stringify(question) };
    return (await (await fetch(`${gateway}/portal/${path}`, init)).json()) as Answer;
  };
  const { TrangThaiHoSo } = await ask<StatusAnswer>("search/call", { service: "TraCuuHoSo", masohoso: code });
  const { error_code } = await ask<BillAnswer>("dptracuuthanhtoanhs", { MaHoSo: code });
  return { status: TrangThaiHoSo, owes: error_code };
};

/** Makes the portal push what it has, and come again until each push is answered 0 or 1 (np 1.1, "inbound pushes"). */
export const runPushes = async (plan: PushPlan, { fetch, wait }: PushSurroundings): Promise<PushReport> => {
  const random = randomFrom(plan.seed);
  const answers: Record<string, number> = {};
  const order: Record<string, string[]> = {};
  const notTaken: string[] = [];
  const lookedUp: Record<string, { status: string; owes: number }> = {};
  let calls = 0;

  const send = async ({ path, body }: PortalPush, spoil: Spoil): Promise<string> => {
    const text = JSON.stringify(body);
    calls += 1;
    try {
      const response = await fetch(`${plan.gateway}/portal/forward/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": spoil === "wrong-key" ? "wrong" : plan.key },
        body: spoil === "cut" ? text.slice(0, -7) : text,
        ...(spoil === "hang-up" && { signal: AbortSignal.timeout(HANG_UP_MS) }),
      });
      const answer = (await response.json()) as { error_code?: unknown };
      return response.status === 200 ? String(answer.error_code) : `http ${response.status}`;
    } catch {
      return "lost";
    }
  };
  const sendCounted = async (push: PortalPush, spoil: Spoil): Promise<string> => {
    const answer = await send(push, spoil);
    answers[answer] = (answers[answer] ?? 0) + 1;
    return answer;
  };
  const sendUntilTaken = async ({ push, spoil, repeats }: Planned): Promise<void> => {
    let answer = await sendCounted(push, spoil);
    for (let tries = 1; answer !== "0" && answer !== "1"; tries++) {
      if (tries === MOST_TRIES) {
        notTaken.push(push.mark);
        return;
      }
      await wait(pauseAfter(tries));
      answer = await sendCounted(push, "none");
    }
    if (repeats) await sendCounted(push, "none");
  };

  const lookUpPatiently = async (code: string): ReturnType<typeof lookUp> => {
    for (let tries = 1; ; tries++) {
      try {
        return await lookUp(plan, fetch, code);
      } catch (error) {
        if (tries === MOST_TRIES) throw error;
        await wait(pauseAfter(tries));
      }
    }
  };

  const planned = Array.from({ length: plan.dossiers }, (_, n) => {
    const code = `G22.99-261120-${String(plan.seed % 100).padStart(2, "0")}${String(n).padStart(4, "0")}`;
    return { code, pushes: planDossier(code, n, plan, random) };
  });
  const waiting = planned.values();
  const work = async (): Promise<void> => {
    for (const { code, pushes } of waiting) {
      for (const { push } of pushes) order[push.code] = [...(order[push.code] ?? []), push.mark];
      for (const each of pushes) await sendUntilTaken(each);
      lookedUp[code] = await lookUpPatiently(code);
    }
  };
  await Promise.all(Array.from({ length: plan.concurrency ?? 8 }, work));
  return { calls, answers, order, notTaken, lookedUp };
};

const isShare = (value: unknown): boolean =>
  value === undefined || (typeof value === "number" && value >= 0 && value <= 1);
const isCount = (value: unknown, most: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;

/** Reads a plan from outside. Throws `RangeError` that says what it has to be. */
export const readPushPlan = (input: unknown): PushPlan => {
  const plan = (typeof input === "object" && input !== null ? input : {}) as Partial<Record<keyof PushPlan, unknown>>;
  const { gateway, key, seed, dossiers, concurrency = 8, duplicates, reordered, faults } = plan;
  const texts = typeof gateway === "string" && /^https?:\/\//u.test(gateway) && typeof key === "string";
  const counts = isCount(seed, 2 ** 31) && isCount(dossiers, 10_000) && isCount(concurrency, 64);
  if (!texts || !counts || ![duplicates, reordered, faults].every(isShare)) {
    throw new RangeError(
      "gateway (address), key (text), seed, dossiers (at most 10000), concurrency (at most 64); shares: duplicates, reordered, faults",
    );
  }
  return input as PushPlan;
};
