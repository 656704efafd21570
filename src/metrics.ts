import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Settlement } from "../contracts/ledger.ts";
import type { Imbalance } from "./ledger/summarize-entries.ts";

/** One request that was answered. */
export interface ServedRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** How many unsettled entries a platform has in one state. */
export interface Backlog {
  readonly platform: string;
  readonly state: string;
  readonly count: number;
  readonly oldestSeconds: number;
}

/** One alarm that stands. */
export interface StandingAlarm {
  readonly kind: string;
  readonly severity: string;
  readonly subject: string;
}

/** The process's figures, in Prometheus' words. */
export interface Metrics {
  served(request: ServedRequest): void;
  settled(platform: string, settlements: readonly Settlement[]): void;
  tookOver(platform: string, count: number): void;
  /** A call was refused for its client's own limit. */
  limited(client: string): void;
  /** The exposition text; backlog, alarms and balance are read from the database at the time of asking, so that all processes agree. */
  exposition(
    backlog: readonly Backlog[],
    alarms: readonly StandingAlarm[],
    imbalances: readonly Imbalance[],
  ): Promise<{ contentType: string; text: string }>;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A registry of its own: nothing global, no timers. */
export const createMetrics = (): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: "gateway_http_request_seconds",
    help: "Time to answer a request",
    labelNames: ["method", "route", "status"],
    buckets: SECONDS,
    registers,
  });
  const attempts = new Histogram({
    name: "gateway_attempt_seconds",
    help: "Time of one attempt at a platform",
    labelNames: ["platform", "kind", "outcome"],
    buckets: SECONDS,
    registers,
  });
  const exchanges = new Counter({
    name: "gateway_exchanges_total",
    help: "Tries at exchanges by what became of the entry",
    labelNames: ["platform", "state"],
    registers,
  });
  const takenOver = new Counter({
    name: "gateway_taken_over_total",
    help: "Entries taken over from a process that died",
    labelNames: ["platform"],
    registers,
  });
  const limitedCalls = new Counter({
    name: "gateway_client_limited_total",
    help: "Calls refused for their client's own limit",
    labelNames: ["client"],
    registers,
  });
  const unsettled = new Gauge({
    name: "gateway_ledger_unsettled",
    help: "Unsettled entries of the whole deployment",
    labelNames: ["platform", "state"],
    registers,
  });
  const oldest = new Gauge({
    name: "gateway_ledger_oldest_seconds",
    help: "Age of the oldest unsettled entry of the whole deployment",
    labelNames: ["platform", "state"],
    registers,
  });
  const imbalance = new Gauge({
    name: "gateway_ledger_imbalance",
    help: "Entries accepted less what became of them, of the whole deployment: 0 while the ledger's books agree",
    labelNames: ["direction", "platform"],
    registers,
  });
  const standing = new Gauge({
    name: "gateway_alarm",
    help: "Alarms of the whole deployment that stand",
    labelNames: ["kind", "severity", "subject"],
    registers,
  });
  return {
    served: ({ method, route, status, seconds }) => requests.observe({ method, route, status }, seconds),
    settled: (platform, settlements) => {
      for (const { next, attempts: made } of settlements) {
        exchanges.inc({ platform, state: next.state });
        for (const { kind, outcome, durationMs } of made) {
          attempts.observe({ platform, kind, outcome }, durationMs / 1000);
        }
      }
    },
    tookOver: (platform, count) => takenOver.inc({ platform }, count),
    limited: (client) => limitedCalls.inc({ client }),
    exposition: async (backlog, alarms, imbalances) => {
      imbalance.reset();
      for (const { direction, platform, by } of imbalances) imbalance.set({ direction, platform }, by);
      standing.reset();
      for (const { kind, severity, subject } of alarms) standing.set({ kind, severity, subject }, 1);
      unsettled.reset();
      oldest.reset();
      for (const { platform, state, count, oldestSeconds } of backlog) {
        unsettled.set({ platform, state }, count);
        oldest.set({ platform, state }, oldestSeconds);
      }
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
};
