import type { FaultRule } from "../../mocks/national-portal/faults.ts";
import type { Restart } from "./database-server.ts";
import { FAIL_POINTS, type FailPoint } from "./fail-points.ts";

/** A gateway that is to die: at a place, or at whatever it does when so many more calls were answered. */
export interface Victim {
  /** Which of the gateways, from 0. */
  readonly gateway: number;
  readonly how: FailPoint | "random";
  /** The how-manieth time at the place; or answered calls. */
  readonly count: number;
}

/** What happens in one round. */
export interface RoundPlan {
  readonly victims: readonly Victim[];
  /** PostgreSQL is ended and started in the middle of it. */
  readonly database?: Restart;
  readonly faults: readonly FaultRule[];
  /** The portal refuses connections for a moment. */
  readonly away: boolean;
}

/** What the portal does to calls: late, lost before and after the effect, cut, refused. Far from what opens the breaker for long. */
const WEATHER: readonly (readonly FaultRule[])[] = [
  [],
  [{ fault: "latency", ms: 40 }],
  [{ fault: "latency", ms: 120, share: 0.5, taken: false }],
  [{ fault: "close", share: 0.15 }],
  [{ fault: "close", share: 0.15, taken: true }],
  [
    { fault: "truncated", share: 0.1 },
    { fault: "latency", ms: 25 },
  ],
  [
    { fault: "http-status", status: 502, share: 0.15 },
    { fault: "latency", ms: 25, taken: false },
  ],
  [{ fault: "http-status", status: 504, share: 0.1, taken: true }],
  [{ fault: "error-body", share: 0.04 }],
  [
    { fault: "session-expired", share: 0.05 },
    { fault: "latency", ms: 60 },
  ],
];

/** Places that are passed at every call come round often; the others are waited for as they are. */
const OFTEN: ReadonlySet<FailPoint> = new Set([
  "accept.before-commit",
  "accept.after-commit",
  "claim.after-commit",
  "send.before",
  "send.before-answer",
  "answer.before-reading",
  "settle.before",
  "settle.after-commit",
]);

const below = (random: () => number, limit: number): number => Math.floor(random() * limit);

const countAt = (point: FailPoint, random: () => number): number => (OFTEN.has(point) ? 1 + below(random, 12) : 1);

const planVictim = (gateway: number, random: () => number): Victim => {
  if (random() < 0.4) return { gateway, how: "random", count: 1 + below(random, 60) };
  const how = FAIL_POINTS[below(random, FAIL_POINTS.length)] ?? "claim.after-commit";
  return { gateway, how, count: countAt(how, random) };
};

/** How many gateways die: mostly one, at times all of them. */
const deaths = (gateways: number, random: () => number): number => {
  const drawn = random();
  return Math.min(gateways, drawn < 0.65 ? 1 : drawn < 0.9 ? 2 : gateways);
};

const shuffled = (count: number, random: () => number): number[] =>
  Array.from({ length: count }, (_, i) => ({ i, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ i }) => i);

/** Draws a round. A quarter of them restart PostgreSQL, half of these alone. */
export const planRound = (gateways: number, random: () => number): RoundPlan => {
  const restart: Restart | undefined = random() < 0.25 ? (random() < 0.5 ? "fast" : "immediate") : undefined;
  const dying = restart !== undefined && random() < 0.5 ? 0 : deaths(gateways, random);
  return {
    victims: shuffled(gateways, random)
      .slice(0, dying)
      .map((gateway) => planVictim(gateway, random)),
    ...(restart !== undefined && { database: restart }),
    faults: WEATHER[below(random, WEATHER.length)] ?? [],
    away: random() < 0.1,
  };
};

/**
 * A short plan in which each place is died at once, as many at a time as there are gateways; in between PostgreSQL is restarted both
 * ways. The last round kills at any moment, while the portal is away.
 */
export const planEveryPoint = (gateways: number, random: () => number): RoundPlan[] => {
  const rounds: RoundPlan[] = [];
  for (let from = 0; from < FAIL_POINTS.length; from += gateways) {
    const victims = FAIL_POINTS.slice(from, from + gateways).map(
      (how, gateway): Victim => ({ gateway, how, count: countAt(how, random) }),
    );
    const faults = WEATHER[(from + 1) % WEATHER.length] ?? [];
    const database = rounds.length === 1 ? "fast" : rounds.length === 3 ? "immediate" : undefined;
    rounds.push({ victims, faults, away: false, ...(database !== undefined && { database }) });
  }
  return [...rounds, { victims: [{ gateway: 0, how: "random", count: 20 }], faults: [], away: true }];
};
