import type { Restart } from "./database-server.ts";
import { FAIL_POINTS } from "./fail-points.ts";
import type { Death, TakeOver } from "./fleet.ts";

/** What a run did and saw. */
export interface Report {
  readonly seed: number;
  rounds: number;
  checks: number;
  seconds: number;
  readonly kills: Map<Death, number>;
  readonly restarts: Record<Restart, number>;
  /** Exchanges that callers were answered for with 202. */
  accepted: number;
  delivered: number;
  /** Entries that replays made. */
  replayed: number;
  /** Entries that were given up at rest, after they failed twice. */
  cancelled: number;
  /** Messages that arrived again directly after themselves. */
  repeated: number;
  /** Calls that callers had to make again under the same key. */
  callsRepeated: number;
  /** The work of dead processes that others took over. */
  readonly takeOvers: TakeOver[];
  /** Sums that were looked at. */
  balances: number;
  /** What must not be. */
  readonly faults: string[];
}

/** A report of nothing. */
export const emptyReport = (seed: number): Report => ({
  seed,
  rounds: 0,
  checks: 0,
  seconds: 0,
  kills: new Map(),
  restarts: { fast: 0, immediate: 0 },
  accepted: 0,
  delivered: 0,
  replayed: 0,
  cancelled: 0,
  repeated: 0,
  callsRepeated: 0,
  takeOvers: [],
  balances: 0,
  faults: [],
});

/** The longest of some take-overs, in ms. */
export const longestOf = (takeOvers: readonly TakeOver[]): number => Math.max(0, ...takeOvers.map(({ ms }) => ms));

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The report for people. */
export const printedReport = (report: Report): string => {
  const { kills, restarts, faults, takeOvers } = report;
  const calm = takeOvers.filter((one) => one.calm);
  const all = [...kills.values()].reduce((sum, count) => sum + count, 0);
  const points = FAIL_POINTS.map((point) => `  ${point.padEnd(24)} ${kills.get(point) ?? 0}`);
  return [
    `seed ${report.seed}, ${report.rounds} rounds, ${report.checks} checks, ${report.seconds} s`,
    `kills ${all}: ${kills.get("random") ?? 0} at any moment, the others at a place:`,
    ...points,
    `PostgreSQL restarts: ${restarts.fast} fast, ${restarts.immediate} immediate`,
    `exchanges accepted ${report.accepted}, made by replays ${report.replayed}, delivered ${report.delivered}, given up ${report.cancelled}`,
    `calls repeated under their key ${report.callsRepeated}, messages repeated at the portal ${report.repeated}`,
    `sums of the ledger looked at ${report.balances}`,
    `work taken over ${takeOvers.length} times, longest ${seconds(longestOf(takeOvers))}`,
    `  of these with a database and another gateway all the time ${calm.length}, longest ${seconds(longestOf(calm))}`,
    faults.length === 0 ? "every promise held" : `FAULTS ${faults.length}:\n${faults.slice(0, 20).join("\n")}`,
  ].join("\n");
};
