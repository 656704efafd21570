import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Comparison, compareHeld, type ShownPortal } from "./demo/compare-held.ts";
import { type DemoSettings, readDemoSettings } from "./demo/demo-settings.ts";
import { createGatewayClient, type GatewayClient } from "./demo/gateway-client.ts";
import { mirrorCatalogue } from "./demo/mirror-catalogue.ts";
import { noticesOf, withPortalCodes } from "./demo/portal-born.ts";
import { createProgress } from "./demo/progress.ts";
import { findByOrigin, readDigitisation } from "./demo/read-findings.ts";
import { type PushFinding, type RefusedCall, reportOf } from "./demo/report.ts";
import { callsOf, readSample, type SampleDossier } from "./demo/sample-month.ts";
import { sendInOrder } from "./demo/send-in-order.ts";
import { readUndelivered, waitUntilAtRest } from "./demo/watch-ledger.ts";

const USAGE = `usage: npm run demo [-- --limit N]

Makes the simulator of the national portal push the notices that were filed there, sends a month of dossiers to a running
gateway (npm start), waits until the ledger has nothing on its way, and compares what the simulator holds with what was sent.
It may be run again: nothing is sent twice.

  --limit N                       only the first N dossiers
  GATEWAY_URL                     default http://127.0.0.1:8080
  GATEWAY_CLIENT, GATEWAY_SECRET  default: the demo client of npm start
  NATIONAL_PORTAL_SIMULATOR_URL   default http://127.0.0.1:8091
  NATIONAL_PORTAL_PUSH_KEY        default: the portal's key of npm start`;

const SAMPLE = new URL("./samples/bac-giang-2025-04.jsonl", import.meta.url);
const DOSSIERS_AT_ONCE = 16;
const LEDGER_PAUSE_MS = 250;
const LEDGER_PATIENCE_MS = 120_000;

const elapsed = (): number => performance.now();
const wait = (ms: number): Promise<void> => delay(ms);
const screen = { interactive: process.stderr.isTTY, write: (text: string) => void process.stderr.write(text) };

/** The portal pushes what was filed there before the province's software puts it. Null: there is no simulator to do so. */
const pushFiled = async (settings: DemoSettings, sample: readonly SampleDossier[]): Promise<PushFinding | null> => {
  const notices = noticesOf(sample);
  const { gatewayUrl: gateway, pushKey: key, simulatorUrl } = settings;
  if (notices.length === 0) return { taken: [], known: [], notTaken: [] };
  try {
    const answer = await fetch(`${simulatorUrl}/__simulator/notices`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ gateway, key, notices }),
    });
    return answer.ok ? ((await answer.json()) as PushFinding) : null;
  } catch {
    return null;
  }
};

const sendSample = async (gateway: GatewayClient, sample: readonly SampleDossier[]) => {
  const calls = sample.map(callsOf);
  const total = calls.flat().length;
  const progress = createProgress("calls", screen);
  const refused: RefusedCall[] = [];
  let sent = 0;
  let replayed = 0;
  await sendInOrder(calls, DOSSIERS_AT_ONCE, async (call) => {
    const answer = await gateway.call(call);
    if (!answer.taken) refused.push({ code: call.code, cause: `${call.method} ${answer.cause}` });
    else if (answer.replayed) replayed += 1;
    else sent += 1;
    progress.show(sent + replayed, total);
    return answer.taken;
  });
  progress.end();
  return { calls: total, sent, replayed, refused };
};

const settle = async (gateway: GatewayClient, codes: ReadonlySet<string>) => {
  const progress = createProgress("settled", screen);
  const onSums = ({ accepted, pending }: { accepted: number; pending: number }): void =>
    progress.show(accepted - pending, accepted);
  const watch = { pauseMs: LEDGER_PAUSE_MS, patienceMs: LEDGER_PATIENCE_MS, wait, elapsed, onSums };
  const sums = await waitUntilAtRest(gateway, codes, watch);
  progress.end();
  return { sums, unsettled: await readUndelivered(gateway, codes) };
};

const askSimulator = async (url: string, sample: readonly SampleDossier[]): Promise<Comparison | null> => {
  try {
    const answer = await fetch(`${url}/__simulator/state`);
    return compareHeld(sample, (await answer.json()) as ShownPortal);
  } catch {
    return null;
  }
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { limit: { type: "string" }, help: { type: "boolean" } } });
  const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : Number(values.limit);
  if (values.help === true || !(limit >= 1)) {
    console.log(USAGE);
    if (values.help !== true) process.exitCode = 1;
    return;
  }
  const settings = readDemoSettings(process.env);
  const sample = withPortalCodes(readSample(readFileSync(SAMPLE, "utf8"), limit));
  const onTrouble = (cause: string): void => screen.write(`${settings.gatewayUrl}: ${cause}; trying again\n`);
  const gateway = createGatewayClient(settings, { fetch, wait, elapsed, onTrouble });
  const procedures = await mirrorCatalogue(gateway, { wait, elapsed });
  const pushes = await pushFiled(settings, sample);
  const begun = elapsed();
  const sending = await sendSample(gateway, sample);
  const sentAt = elapsed();
  const settled = await settle(gateway, new Set(sample.map(({ code }) => code)));
  const settledAt = elapsed();
  const { lines, well } = reportOf({
    dossiers: sample.length,
    procedures,
    pushes,
    ...sending,
    ...settled,
    repeated: gateway.repeated,
    comparison: await askSimulator(settings.simulatorUrl, sample),
    origin: await findByOrigin(gateway, sample),
    digitisation: await readDigitisation(gateway, sample),
    sendSeconds: (sentAt - begun) / 1000,
    settleSeconds: (settledAt - sentAt) / 1000,
  });
  console.log(lines.join("\n"));
  if (!well) process.exitCode = 1;
};

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
