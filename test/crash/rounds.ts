import { setTimeout as delay } from "node:timers/promises";
import type { LedgerSummary } from "../../contracts/services/ledger.ts";
import { connect } from "../../src/runtime/database-connection.ts";
import { seededRandom } from "../ledger/ledger-scene.ts";
import { tokenOf } from "../processes/gateway-child.ts";
import { type DatabaseServer, startDatabaseServer } from "./database-server.ts";
import { type Fleet, openFleet } from "./fleet.ts";
import { createInsistentClient, type InsistentClient } from "./insistent-client.ts";
import { checkInvariants } from "./invariants.ts";
import { type Load, startLoad } from "./load.ts";
import type { RoundPlan } from "./plan-round.ts";
import { comeToRest } from "./quiet.ts";
import { emptyReport, type Report } from "./report.ts";
import { openWitnessPortal, type WitnessPortal } from "./witness-portal.ts";

/** What to run. */
export interface CrashOptions {
  readonly seed: number;
  readonly gateways: number;
  /** Rounds between two moments of rest, at which everything is checked. */
  readonly checkEvery: number;
  readonly plans: readonly RoundPlan[] | ((random: () => number, round: number) => RoundPlan | undefined);
  readonly say: (line: string) => void;
}

/** Design section 6, "Leases": while there is a database and another gateway. */
export const TAKE_OVER_MS = 15_000;

/** Calls before and after the event of a round. */
const CALLS = { before: 25, after: 25 };
const AWAY_MS = 100;

/** What one run is made of. */
interface Run {
  readonly server: DatabaseServer;
  readonly portal: WitnessPortal;
  readonly fleet: Fleet;
  readonly client: InsistentClient;
  readonly load: Load;
  readonly report: Report;
  readonly random: () => number;
  /** Up to where all was checked: the last entry, and how many had been accepted. */
  checked: { readonly entry: string; readonly accepted: number };
}

/** At every moment the sums of the ledger balance, whoever is asked. */
const checkBalance = async ({ client, report }: Run): Promise<void> => {
  const { text } = await client.call({ method: "GET", path: "/v1/ledger/summary" });
  for (const line of (JSON.parse(text) as LedgerSummary).items) {
    const { accepted, delivered, failed, cancelled, superseded, pending } = line;
    report.balances++;
    if (accepted !== delivered + failed + cancelled + superseded + pending) {
      report.faults.push(`the sums do not balance: ${JSON.stringify(line)}`);
    }
  }
};

/** Work for the replays: what failed again, or some updates once more that were delivered since the last check. */
const startReplay = async ({ load, random, checked }: Run): Promise<void> => {
  const recent = [
    ...new Set(
      load.accepted
        .slice(checked.accepted)
        .slice(-60)
        .map(({ dossier }) => dossier),
    ),
  ].slice(0, 4);
  const filter =
    random() < 0.5 ? { state: "failed" } : { state: "delivered", operation: "dossier.put", dossierCode: recent };
  const body = { filter, dryRun: false, canary: 0, ratePerSecond: 200, stopAtFailureShare: 1, reason: "Gửi lại" };
  await load.call({ method: "POST", path: "/v1/ledger/replays", body });
};

const restartDatabase = async ({ server, report, load }: Run, how: RoundPlan["database"]): Promise<void> => {
  if (how === undefined) return;
  await load.progress(10, 3000);
  await server.restart(how);
  report.restarts[how]++;
};

const goAway = async ({ portal }: Run, away: boolean): Promise<void> => {
  if (!away) return;
  await portal.served.refuse(true);
  await delay(AWAY_MS);
  await portal.served.refuse(false);
};

/** Keeps replays going until those died that are to die at one: any gateway may take the next step of a replay. */
const replayUntil = async (run: Run, { victims }: RoundPlan, over: { yes: boolean }): Promise<void> => {
  await startReplay(run);
  if (!victims.some(({ how }) => how.startsWith("replay."))) return;
  for (; !over.yes; await startReplay(run)) await run.load.progress(5, 1000);
};

const playRound = async (run: Run, plan: RoundPlan): Promise<void> => {
  const { portal, fleet, load, report } = run;
  portal.portal.dial.set(plan.faults);
  await load.progress(CALLS.before);
  const over = { yes: false };
  const replaying = replayUntil(run, plan, over);
  // Looked at below; until then it must not count as unhandled.
  replaying.catch(() => undefined);
  const killing = plan.victims.map((victim) => fleet.kill(victim, (calls) => load.progress(calls, 3000)));
  const deaths = await Promise.all([...killing, restartDatabase(run, plan.database), goAway(run, plan.away)]);
  over.yes = true;
  for (const death of deaths) if (death !== undefined) report.kills.set(death, (report.kills.get(death) ?? 0) + 1);
  await fleet.fill();
  await replaying;
  await load.progress(CALLS.after);
  await checkBalance(run);
  report.rounds++;
};

/** Lets everything come to rest, looks at all of it, and goes on. */
const checkAll = async (run: Run, sql: ReturnType<typeof connect>): Promise<void> => {
  const { portal, client, load, report, checked } = run;
  await load.rest();
  portal.portal.dial.clear();
  report.cancelled += await comeToRest(sql, client, () => `rest-${crypto.randomUUID()}`);
  await checkBalance(run);
  const accepted = load.accepted.slice(checked.accepted);
  const found = await checkInvariants(sql, checked.entry, accepted, portal.arrivals);
  report.faults.push(
    ...found.faults,
    ...load.faults.splice(0),
    ...client.faults.splice(0),
    ...run.fleet.faults.splice(0),
  );
  report.accepted += accepted.length;
  report.delivered += found.delivered;
  report.repeated += found.repeated;
  report.replayed += found.replays;
  report.checks++;
  run.checked = { entry: found.last, accepted: load.accepted.length };
};

/**
 * Plays rounds of kills, restarts and bad weather over gateways under load, all on one database that lives through all of it, and
 * checks at every moment of rest what the ledger promises (design section 6). Stops at the first rest that finds a fault.
 */
export const runRounds = async ({ seed, gateways, checkEvery, plans, say }: CrashOptions): Promise<Report> => {
  const random = seededRandom(seed);
  const report = emptyReport(seed);
  const begun = Date.now();
  const server = await startDatabaseServer();
  const sql = connect(server.url, { max: 2 });
  const portal = await openWitnessPortal();
  const fleet = await openFleet({ ...portal.settings, DATABASE_URL: server.url }, gateways, sql);
  const token = await tokenOf(fleet.urls()[0] ?? "");
  const client = createInsistentClient(fleet.urls, async () => token);
  const bear = (code: string) => portal.portal.addPortalDossier({ MaHoSo: code, MaTTHC: "2.000591" });
  const load = startLoad({ client, random: seededRandom(seed + 1), lanes: 8, bear });
  const checked = { entry: "0", accepted: 0 };
  const run: Run = { server, portal, fleet, client, load, report, random, checked };
  const planOf = (round: number) => (typeof plans === "function" ? plans(random, round) : plans[round]);
  try {
    let plan = planOf(0);
    for (let round = 0; plan !== undefined && report.faults.length === 0; round++) {
      await playRound(run, plan);
      plan = planOf(round + 1);
      if ((round + 1) % checkEvery === 0 || plan === undefined) {
        await checkAll(run, sql);
        say(
          `round ${round + 1}: ${report.accepted} accepted, ${report.delivered} delivered, faults ${report.faults.length}`,
        );
        if (plan !== undefined) load.resume();
      }
    }
  } finally {
    await load.rest();
    report.seconds = Math.round((Date.now() - begun) / 1000);
    report.callsRepeated = client.repeats;
    report.takeOvers.push(...fleet.takeOvers);
    await fleet.close();
    await portal.served.close();
    await sql.end({ timeout: 1 });
    await server.stop();
  }
  return report;
};
