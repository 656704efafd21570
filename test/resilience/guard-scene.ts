import type { Adapter, CallContext, Fault, Reading, WireCall } from "../../contracts/adapter.ts";
import type { ClaimedEntry } from "../../contracts/ledger.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { claimEntries } from "../../src/ledger/claim-entries.ts";
import type { GuardSettings } from "../../src/resilience/guard-settings.ts";
import { createPlatformGuards } from "../../src/resilience/platform-guards.ts";
import { type PlatformFacts, readPlatformFacts } from "../../src/resilience/read-platform-facts.ts";
import { openLedgerScene, settlementOf } from "../ledger/ledger-scene.ts";

/** Guards that never interfere by themselves; parts are replaced by tests. */
export const SETTINGS: GuardSettings = {
  timeoutMs: 2000,
  concurrency: 8,
  budget: {},
  breakerErrorPercent: 50,
  breakerResetMs: 10_000,
  windows: [],
};

/** A platform away. */
export const AWAY: Fault = { outcome: "transient", code: "upstream_unavailable", message: "transport: connect" };

const PLATFORM = "national-portal";

const WIRE: WireCall<null> = {
  kind: "send",
  request: { method: "POST", url: "http://portal.invalid/", headers: {} },
  evidence: "",
  read: () => ({ ok: true, value: null }),
};

/** An adapter that makes `calls` calls and ends as the last one did. */
export const adapterOf = (calls = 1): Adapter => ({
  platform: PLATFORM,
  profile: "test",
  operations: {},
  publicFields: new Set(),
  check: () => [],
  perform: async (_message, call) => {
    let reading: Reading<null> = { ok: true, value: null };
    for (let made = 0; made < calls && reading.ok; made += 1)
      reading = await call.attempt({ ...WIRE, request: { ...WIRE.request } });
    return reading.ok ? { delivered: true } : { delivered: false, fault: reading.fault };
  },
});

/** Several processes before one database, each with guards of its own. */
export const openGuardScene = async () => {
  const ledger = await openLedgerScene(8);
  const { database } = ledger;

  const asProcess = (owner: string, parts: Partial<GuardSettings> = {}, adapter = adapterOf(), most = 1) => {
    const settings = { ...SETTINGS, ...parts };
    const changes: string[] = [];
    let skipped = 0;
    const guards = createPlatformGuards({
      database,
      tenant: "H04",
      platform: PLATFORM,
      settings,
      elapsed: () => performance.now() + skipped,
      onBreaker: (change) => changes.push(change),
      claim: (executor, limit) =>
        claimEntries(executor, "H04", { owner, seconds: 60 }, PLATFORM, limit, undefined, most),
    });
    const guarded = guards.adapter(adapter);
    const port = guards.ledger(ledger.dispatchLedger(owner));
    const callBy = async (times: number, attempt: CallContext["attempt"]): Promise<void> => {
      const context = { correlationId: "test", attempt } as Partial<CallContext> as CallContext;
      for (let made = 0; made < times; made += 1) await guarded.perform({} as never, context);
    };
    return {
      transport: guards.transport,
      callBy,
      /** Makes one call with several messages. */
      callPacket: (attempt: CallContext["attempt"]) =>
        guarded.packets?.perform([], { correlationId: "test", attempt } as Partial<CallContext> as CallContext),
      /** What this process was told about the breaker. */
      changes,
      claim: port.claim,
      settle: port.settle,
      /** What it read of the database is out of date: the next claim reads again. */
      forgetFacts: () => {
        skipped += 300;
      },
      /** Makes calls that end like this, one exchange after the other. */
      call: (times: number, fault?: Fault): Promise<void> =>
        callBy(times, (async () =>
          fault ? { ok: false, fault } : { ok: true, value: null }) as CallContext["attempt"]),
      /** Tries a claimed entry; it ends as told. */
      attemptEntry: (entry: ClaimedEntry, outcome: "delivered" | "refused" | "transient") =>
        guards.perform(async () => settlementOf(entry, outcome))(entry, new AbortController().signal),
      /** Tries a claimed entry, and never comes back. */
      hang: (entry: ClaimedEntry) =>
        void guards.perform(() => new Promise(() => undefined))(entry, new AbortController().signal),
    };
  };

  const facts = async (): Promise<PlatformFacts> => {
    const [found] = await readPlatformFacts(database, "H04", [PLATFORM]);
    if (found === undefined) throw new Error("no facts");
    return found;
  };

  return {
    ...ledger,
    asProcess,
    facts,
    /** As if the breaker had opened, and a try begun, so much earlier. */
    letPass: (seconds: number) =>
      database.execute(
        sql`update platform_states set opened_at = opened_at - make_interval(secs => ${seconds}),
                   try_until = try_until - make_interval(secs => ${seconds})`,
      ),
    /** As if the budget had been used so much earlier. */
    refill: (seconds: number) =>
      database.execute(sql`update platform_budgets set refilled_at = refilled_at - make_interval(secs => ${seconds})`),
    /** As if what was used today had been used yesterday. */
    nextDay: () => database.execute(sql`update platform_budgets set day = day - 1`),
    acceptMany: async (count: number): Promise<string[]> => {
      const ids: string[] = [];
      for (let n = 0; n < count; n += 1) ids.push(await ledger.accept(`H04.15-261120-${String(n).padStart(4, "0")}`));
      return ids;
    },
    states: () =>
      rows<{ state: string; attempts: number; count: number }>(
        database,
        sql`select state, attempts, count(*)::int as count from pending group by state, attempts order by state, attempts`,
      ),
  };
};

/** Several processes before one database. */
export type GuardScene = Awaited<ReturnType<typeof openGuardScene>>;
