/** One call as it was answered. */
export interface Call {
  /** Number of the call, from 1. */
  readonly n: number;
  readonly at: string;
  /** A service of the portal, `login`, or `?` for anything else. */
  readonly service: string;
  /** The dossier or procedure that it was about. */
  readonly subject: string;
  /** `ok` or the refusal rule that spoke; empty when a fault of the dial came first. */
  readonly outcome: string;
  /** The fault of the dial that spoiled the answer, if any. */
  readonly fault?: string;
}

/** The last calls, and how all of them ended. */
export interface CallLog {
  readonly total: number;
  /** Number of calls by service and ending (`ok`, a refusal rule, or `fault:<name>`). */
  readonly byEnding: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The calls still remembered, oldest first. */
  recent(): Call[];
  /** How many calls ended so; all services when none is named. */
  count(ending: string, service?: string): number;
  record(call: Omit<Call, "n">): void;
  clear(): void;
}

/** Makes a log that remembers the last `capacity` calls: memory stays bounded whatever the load. */
export const createCallLog = (capacity = 1000): CallLog => {
  let ring: Call[] = [];
  let total = 0;
  let byEnding: Record<string, Record<string, number>> = {};

  const record = (call: Omit<Call, "n">) => {
    ring[total % capacity] = { n: total + 1, ...call };
    total += 1;
    byEnding[call.service] ??= {};
    const counts = byEnding[call.service] as Record<string, number>;
    const ending = call.fault === undefined ? call.outcome : `fault:${call.fault}`;
    counts[ending] = (counts[ending] ?? 0) + 1;
  };

  const recent = () => {
    const oldest = total > capacity ? total % capacity : 0;
    return [...ring.slice(oldest), ...ring.slice(0, oldest)];
  };

  const count = (ending: string, service?: string) => {
    const services = service === undefined ? Object.values(byEnding) : [byEnding[service] ?? {}];
    return services.reduce((sum, counts) => sum + (counts[ending] ?? 0), 0);
  };

  const clear = () => {
    ring = [];
    total = 0;
    byEnding = {};
  };

  return {
    get total() {
      return total;
    },
    get byEnding() {
      return byEnding;
    },
    recent,
    count,
    record,
    clear,
  };
};
